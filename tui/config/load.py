"""Reads `config.toml`."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path

import msgspec

from tui.config.schema import ALLOWED, Config
from tui.domain import sanitize
from tui.domain.bounds import LEAST_LIVE
from tui.domain.kinds import Kind
from tui.domain.metrics import metrics
from tui.errors import BadSettings
from tui.system import toml_file

_BUILTIN = (date, datetime, time)
"""Types of TOML that are no settings, so that one of them is refused by the name of its setting."""


def load(path: Path | None) -> Config:
    """Return what the file says; a file that does not exist says nothing.

    Raises:
        BadSettings: where it cannot be read, or holds a setting that is unknown or of the wrong type; the text names
            the file, the setting and what is allowed.

    """
    found = None if path is None else toml_file.table(path)
    if found is None:
        return Config()
    try:
        config = msgspec.convert(found, Config, builtin_types=_BUILTIN, str_keys=True)
    except msgspec.ValidationError as error:
        problem, advice = _explained(error)
        raise BadSettings(f"{path}: {problem}", advice) from error
    for problem, advice in _wrong(config):
        raise BadSettings(f"{path}: {problem}", advice)
    return config


def _wrong(config: Config) -> Iterator[tuple[str, str]]:
    """Yield what types do not tell: which setting cannot be what it is, and what it can be."""
    can_be = {
        **{name: _holds_no_nul(getattr(config, name)) for name in ("admin_key_command", "on_threshold", "on_event")},
        "archive": _holds_no_nul(config.archive) and config.archive != "",
        "monthly_budget": math.isfinite(config.monthly_budget or 0),
        "live": config.live == 0 or config.live >= LEAST_LIVE,
        "kind": config.kind in {kind.value for kind in Kind},
    }
    yield from (_must(name) for name, can in can_be.items() if not can)
    known = {name for kind in Kind for name in metrics(kind)}
    if not known.issuperset(config.columns or ()):
        yield _must("columns", f"There are: {', '.join(sorted(known))}.")
    for name, chosen in (("by", config.by), ("columns", config.columns or ())):
        if len(set(chosen)) < len(chosen):
            yield f"the setting `{name}` must be {ALLOWED[name]}, each once.", ""


def _must(name: str, advice: str = "") -> tuple[str, str]:
    return f"the setting `{name}` must be {ALLOWED[name]}.", advice


def _holds_no_nul(value: object) -> bool:
    """Return whether the texts of a setting can be handed to the system."""
    texts = (value,) if isinstance(value, str) else value if isinstance(value, tuple) else ()
    return not any("\0" in word for word in texts)


def _explained(error: msgspec.ValidationError) -> tuple[str, str]:
    """Return msgspec's words as the name of the setting and what it takes, and what settings there are."""
    words, _, where = sanitize.clean(str(error)).partition(" - at `$.")
    setting = where.rstrip("`").partition("[")[0]
    if "unknown field" not in words:
        return _must(setting)
    inside = f"{setting}." if setting else ""
    known = [name for name in ALLOWED if name.startswith(inside) and "." not in name.removeprefix(inside)]
    name = words.rpartition("unknown field ")[2].strip("`")
    return f"there is no setting `{inside}{name}`.", f"There are: {', '.join(known)}."
