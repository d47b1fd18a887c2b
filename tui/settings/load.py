"""Reads `config.toml`: flags beat the environment, which beats the file, which beats the defaults."""

from __future__ import annotations

from pathlib import Path

import msgspec
import platformdirs

from tui.domain import text
from tui.domain.kinds import Kind
from tui.domain.measures import measures
from tui.domain.view import COST
from tui.errors import BadSettings
from tui.settings.bounds import LEAST
from tui.settings.schema import ALLOWED, Config

APP = "oai-usage-tui"


def config_path() -> Path:
    """Return where the platform keeps this program's configuration."""
    return platformdirs.user_config_path(APP, appauthor=False) / "config.toml"


def cache_path() -> Path:
    """Return where the platform keeps what can be had again."""
    return platformdirs.user_cache_path(APP, appauthor=False)


def archive_path() -> Path:
    """Return where the platform keeps what must not be lost."""
    return platformdirs.user_data_path(APP, appauthor=False) / "archive.db"


def state_path() -> Path:
    """Return where the platform keeps what this program remembers of its use."""
    return platformdirs.user_state_path(APP, appauthor=False) / "state.toml"


def load(path: Path) -> Config:
    """Return what the file says; a file that does not exist says nothing.

    Raises:
        BadSettings: where it cannot be read, or holds a setting that is unknown or of the wrong type; the text names
            the file, the setting and what is allowed.

    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return Config()
    except OSError as error:
        raise BadSettings(f"{path} cannot be read ({error.strerror or error}).") from error
    try:
        config = msgspec.toml.decode(content, type=Config)
    except msgspec.ValidationError as error:
        raise BadSettings(f"{path}: {_explained(error)}") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadSettings(f"{path} is not TOML: {text.inert(str(error))}.") from error
    if 0 < config.live < LEAST:
        raise BadSettings(f"{path}: the setting `live` must be {ALLOWED['live']}.")
    if config.kind not in {kind.value for kind in Kind}:
        raise BadSettings(f"{path}: the setting `kind` must be {ALLOWED['kind']}.")
    known = {COST, *(name for kind in Kind for name in measures(kind))}
    if not known.issuperset(config.columns or ()):
        there = ", ".join(sorted(known))
        raise BadSettings(f"{path}: the setting `columns` must be {ALLOWED['columns']}. There are: {there}.")
    for name, chosen in (("by", config.by), ("columns", config.columns or ())):
        if len(set(chosen)) < len(chosen):
            raise BadSettings(f"{path}: the setting `{name}` must be {ALLOWED[name]}, each once.")
    return config


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
