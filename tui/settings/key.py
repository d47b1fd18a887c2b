"""The admin key: where it comes from. It is held here, shown nowhere, and stored never."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from tui.domain import text
from tui.domain.secret import Secret
from tui.errors import KeyMissing

VARIABLE = "OPENAI_ADMIN_KEY"
_PATIENCE = 120.0


def find(environment: Mapping[str, str], command: Sequence[str] | None, config: Path | None) -> Secret:
    """Return the admin key: from the environment, else the first line that `command` prints.

    The command is run without a shell; it may ask for a passphrase, so it must run before the screen is taken.
    `config` is where the command can be set.

    Raises:
        KeyMissing: where there is none, or what there is is plainly no admin key.

    """
    value = environment.get(VARIABLE, "").strip()
    if not value and command is None:
        raise KeyMissing("There is no admin key.", how_to(config))
    try:
        if value or command is None:
            return _checked(value, f"The key in {VARIABLE}")
        return _checked(_first_line(command), "What admin_key_command printed")
    except KeyMissing as error:
        raise KeyMissing(error.problem, how_to(config)) from None


def how_to(config: Path | None) -> str:
    """Return how to make a key, where to put it, and how to do without."""
    place = "config.toml" if config is None else text.inert(str(config))
    return (
        "An owner of the organization makes one at platform.openai.com/settings/organization/admin-keys "
        "(the scope api.usage.read is enough). "
        f"Then: export {VARIABLE}=sk-admin-…, or set admin_key_command in {place}. "
        "To look around without a key: oai-usage-tui --demo"
    )


def _first_line(command: Sequence[str]) -> str:
    name = text.inert(command[0])
    if " " in name:  # a whole line, perhaps with a secret in it
        raise KeyMissing('admin_key_command must be a list of words, like ["pass", "show", "openai/admin"].')
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, check=True, timeout=_PATIENCE)
    except (OSError, ValueError) as error:
        words = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise KeyMissing(f"admin_key_command could not be run: {name}: {text.inert(words)}.") from None
    except subprocess.CalledProcessError as error:
        raise KeyMissing(f"admin_key_command failed: {name} ended with status {error.returncode}.") from None
    except subprocess.TimeoutExpired:
        raise KeyMissing(f"admin_key_command took longer than {_PATIENCE:.0f} seconds: {name} was stopped.") from None
    return done.stdout.partition(b"\n")[0].decode("utf-8", "replace").strip()


def _checked(value: str, what: str) -> Secret:
    if not value:
        raise KeyMissing(f"{what} is empty.")
    if not value.isascii() or not value.isprintable() or " " in value:
        raise KeyMissing(f"{what} is not an admin key: it holds characters that no key has.")
    if value.startswith("sk-") and not value.startswith("sk-admin-"):
        raise KeyMissing(
            f"{what} is not an admin key but a project or service key: admin keys begin with sk-admin-, "
            "and the usage API takes no others."
        )
    return Secret(value)
