"""The admin key: where it comes from. It is held here, shown nowhere, and stored never."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from tui import first_frame
from tui.config.paths import DEFAULT_PROFILE
from tui.domain import sanitize
from tui.domain.secret import Secret
from tui.errors import KeyCommandFailed, KeyMissing
from tui.system import user_command

VARIABLE = "OPENAI_ADMIN_KEY"
_PATIENCE = 120.0


def find(
    given: Secret | None,
    command: Sequence[str] | None,
    config: Path | None,
    profile: str = DEFAULT_PROFILE,
    environment: Mapping[str, str] | None = None,
) -> Secret:
    """Return the admin key: the one that the environment gives, or the first line that `command` prints.

    The command is run without a shell; it may ask for a passphrase, so it must run before the screen is taken.
    `config` is where the command can be set, for a profile in its own part; `environment` is the command's, None for
    our own.

    Raises:
        KeyMissing: where there is none, or what there is is plainly no admin key.
        KeyCommandFailed: where the command gives none, and it must be looked at instead of a key.

    """
    if given is None and command is None:
        how_to = _how_to(config) if profile == DEFAULT_PROFILE else _how_to_in_profile(config, profile)
        raise KeyMissing("There is no admin key.", how_to)
    if given is not None:
        return _checked(given.reveal(), f"The key in {VARIABLE}", f"Then: export {VARIABLE}=sk-admin-…")
    where = "" if profile == DEFAULT_PROFILE else f" under [profiles.{profile}]"
    then = f"Then: let admin_key_command{where} in {_place(config)} print that."
    return _checked(_first_line(command or (), environment), "What admin_key_command printed", then)


_MADE_BY = (
    "An owner of the organization makes an admin key at platform.openai.com/settings/organization/admin-keys "
    "(the scope api.usage.read is enough). "
)


def _how_to(config: Path | None) -> str:
    """Return how to make a key, where to put it, and how to do without."""
    return (
        f"{_MADE_BY}Then: export {VARIABLE}=sk-admin-…, or set admin_key_command in {_place(config)}. "
        "To look around without a key: oai-usage-tui --demo"
    )


def _how_to_in_profile(config: Path | None, profile: str) -> str:
    return (
        f"{_MADE_BY}Then: set admin_key_command under [profiles.{profile}] in {_place(config)}. "
        f"{VARIABLE} holds only without a profile."
    )


def _place(config: Path | None) -> str:
    return "config.toml" if config is None else sanitize.clean(str(config))


def _failed(problem: str) -> KeyCommandFailed:
    """Return what went wrong with the command. It is set already: how to make a key would be no advice."""
    return KeyCommandFailed(problem, "Run the command by hand, and see what it says itself.")


def _first_line(command: Sequence[str], environment: Mapping[str, str] | None) -> str:
    name = sanitize.clean(command[0])
    if " " in name:  # a whole line, perhaps with a secret in it
        raise KeyCommandFailed('admin_key_command must be a list of words, like ["pass", "show", "openai/admin"].')
    try:
        with first_frame.Lent():
            output = user_command.first_line(command, _PATIENCE, environment)
    except (OSError, ValueError) as error:
        words = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise _failed(f"admin_key_command could not be run: {name}: {sanitize.clean(words)}.") from None
    except user_command.TooLongError:
        raise _failed(f"admin_key_command took longer than {_PATIENCE:.0f} seconds: {name} was stopped.") from None
    if output.status:
        raise _failed(f"admin_key_command failed: {name} ended with status {output.status}.")
    if not output.is_whole:
        raise _failed(f"What admin_key_command printed is no key: the first line of {name} has no end.")
    line = output.line.decode("utf-8", "replace").strip()
    if not line:
        raise _failed(f"What admin_key_command printed is empty: the first line of {name} has nothing in it.")
    return line


def _checked(value: str, what: str, then: str) -> Secret:
    """Return the key, if it can be one. What stands around it is named, and not taken away in silence.

    `then` is what to do with another key.

    Raises:
        KeyMissing: with what is wrong, and nothing of the key itself.
    """
    bare, wrong = _bare(value)
    if not bare:
        raise KeyMissing(f"{what} is empty.", f"{_MADE_BY}{then}")
    if re.match(r"sk-(?!admin\b)", bare):
        raise KeyMissing(
            f"{what} is not an admin key but a project or service key: admin keys begin with sk-admin-, "
            "and the usage API takes no others.",
            f"{_MADE_BY}{then}",
        )
    wrong += [words for pattern, words in _WITHIN if pattern.search(bare)]
    if wrong:
        raise KeyMissing(f"{what} is not an admin key as it stands: it {', and '.join(wrong)}.", "Take that away.")
    return Secret(bare)


_QUOTES = "\"'`“”„‘’«»"
_BEFORE = (
    (re.compile("\ufeff"), "begins with a byte order mark"),
    (re.compile(r"(?:authorization\s*:\s*)?bearer\b", re.IGNORECASE), "begins with `Bearer`, which is sent anyway"),
    (re.compile(r"(?:export\s+)?[A-Z_]+="), "begins with the name of a variable"),
)
_WITHIN = (
    (re.compile(r"^\$"), "is the name of a variable, instead of what is in it"),
    (re.compile(r"[\r\n]"), "holds the end of a line"),
    (re.compile(r"[^\S\r\n]"), "holds a blank"),
    (re.compile(r"[\x00-\x08\x0e-\x1b\x7f]"), "holds control characters"),
    (re.compile(r"[^\x00-\x7f]"), "holds characters that no key has, like … or a long dash"),
)


def _bare(value: str) -> tuple[str, list[str]]:
    """Return the key without what stands around it, and what that is."""
    wrong: list[str] = []
    while True:
        value = value.strip()
        if value.strip(_QUOTES) != value:
            value = value.strip(_QUOTES)
            wrong.append("is in quotes, which `--env-file` and its like keep")
            continue
        for pattern, words in _BEFORE:
            if found := pattern.match(value):
                value = value[found.end() :]
                wrong.append(words)
                break
        else:
            return value, list(dict.fromkeys(wrong))
