"""Runs the user's own command when a pool crosses a threshold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tui.engine.alerts import Alert
from tui.system import user_command

_PATIENCE = 60.0


async def run(words: Sequence[str], alert: Alert, environment: Mapping[str, str]) -> str | None:
    """Run the command without a shell, and return what went wrong, in a sentence, or None.

    It finds what happened in OAI_USAGE_POOL, OAI_USAGE_PERCENT, OAI_USAGE_LEFT, OAI_USAGE_THRESHOLD and
    OAI_USAGE_SPENT, beside its `environment`. It does not get the terminal, and ends with us.
    """
    told = {
        **environment,
        "OAI_USAGE_POOL": alert.crossing.pool,
        "OAI_USAGE_PERCENT": str(alert.percent),
        "OAI_USAGE_LEFT": str(alert.left),
        "OAI_USAGE_THRESHOLD": str(alert.crossing.threshold),
        "OAI_USAGE_SPENT": "true" if alert.spent else "false",
    }
    try:
        status = await user_command.run_apart(words, told, _PATIENCE)
    except (OSError, ValueError) as error:
        return f"{words[0]} could not be run: {error}."
    except user_command.TooLongError:
        return f"{words[0]} took longer than {_PATIENCE:.0f} seconds and was stopped."
    return f"{words[0]} ended with status {status}." if status else None
