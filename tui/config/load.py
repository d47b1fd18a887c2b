"""Reads `config.toml`."""

from __future__ import annotations

import math
from datetime import date, datetime, time
from pathlib import Path

import msgspec

from tui.config import toml
from tui.config.bounds import LEAST
from tui.config.schema import ALLOWED, Config
from tui.domain import text
from tui.domain.kinds import Kind
from tui.domain.measures import measures
from tui.domain.view import COST
from tui.errors import BadSettings

_BUILTIN = (date, datetime, time)
"""Types of TOML that are no settings, so that one of them is refused by the name of its setting."""


def load(path: Path | None) -> Config:
    """Return what the file says; a file that does not exist says nothing.

    Raises:
        BadSettings: where it cannot be read, or holds a setting that is unknown or of the wrong type; the text names
            the file, the setting and what is allowed.

    """
    found = None if path is None else toml.table(path)
    if found is None:
        return Config()
    try:
        config = msgspec.convert(found, Config, builtin_types=_BUILTIN, str_keys=True)
    except msgspec.ValidationError as error:
        raise BadSettings(f"{path}: {_explained(error)}") from error
    wrong = _wrong(config)
    if wrong:
        raise BadSettings(f"{path}: the setting {wrong}")
    return config


def _wrong(config: Config) -> str:
    """Return which setting cannot be what it is, and what it must be; or nothing."""
    paths = ("archive", "admin_key_command", "on_threshold")
    bad = [name for name in paths if any("\0" in word for word in _words(getattr(config, name)))]
    bad += ["archive"] if config.archive == "" else []
    bad += ["monthly_budget"] if not math.isfinite(config.monthly_budget or 0) else []
    bad += ["live"] if 0 < config.live < LEAST else []
    bad += ["kind"] if config.kind not in {kind.value for kind in Kind} else []
    if bad:
        return f"`{bad[0]}` must be {ALLOWED[bad[0]]}."
    known = {COST, *(name for kind in Kind for name in measures(kind))}
    if not known.issuperset(config.columns or ()):
        return f"`columns` must be {ALLOWED['columns']}. There are: {', '.join(sorted(known))}."
    for name, chosen in (("by", config.by), ("columns", config.columns or ())):
        if len(set(chosen)) < len(chosen):
            return f"`{name}` must be {ALLOWED[name]}, each once."
    return ""


def _words(value: object) -> tuple[str, ...]:
    """Return the texts of a setting."""
    return (value,) if isinstance(value, str) else value if isinstance(value, tuple) else ()


def _explained(error: msgspec.ValidationError) -> str:
    """Return msgspec's words as the name of the setting and what it takes."""
    words, _, where = text.inert(str(error)).partition(" - at `$.")
    setting = where.rstrip("`").partition("[")[0]
    if "unknown field" in words:
        inside = f"{setting}." if setting else ""
        known = [name for name in ALLOWED if name.startswith(inside) and "." not in name.removeprefix(inside)]
        name = words.rpartition("unknown field ")[2].strip("`")
        return f"there is no setting `{inside}{name}`. There are: {', '.join(known)}."
    return f"the setting `{setting}` must be {ALLOWED[setting]}."
