"""Runs the user's own command when something happened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tui.domain import sanitize
from tui.output import alerts, json_text
from tui.system import user_command

_PATIENCE = 60.0


async def run(words: Sequence[str], facts: alerts.Facts, environment: Mapping[str, str]) -> str | None:
    """Run the command without a shell, and return what went wrong, in a sentence, or None.

    It finds the facts (`output.alerts.facts`) in OAI_USAGE_EVENT and others, beside its `environment`, and the same
    as JSON on stdin. It does not get the terminal, and ends with us.
    """
    told = {**environment, **alerts.environment(facts)}
    name = sanitize.clean(words[0])
    try:
        status = await user_command.run_apart(words, told, _PATIENCE, json_text.line(facts).encode())
    except (OSError, ValueError) as error:
        return f"{name} could not be run: {getattr(error, 'strerror', None) or error}."
    except user_command.TooLongError:
        return f"{name} took longer than {_PATIENCE:.0f} seconds and was stopped."
    if status < 0:
        return f"{name} was ended by signal {-status}."
    return f"{name} ended with status {status}." if status else None
