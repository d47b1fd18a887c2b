"""What the user chose in the dashboard, from one start to the next: `state.toml` in the platform's state folder."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec

from tui.config.schema import Preferences
from tui.errors import BadSettings
from tui.system import files, toml_file


def load(path: Path | None) -> Preferences:
    """Return what was chosen; a file that cannot be read, or that is not understood, says nothing."""
    try:
        said = None if path is None else toml_file.table(path)
    except BadSettings:
        return Preferences()
    if said is None:
        return Preferences()
    understood = {}
    for name in Preferences.__struct_fields__:
        with suppress(msgspec.ValidationError, TypeError):  # TypeError: a list of lists cannot be checked
            value = getattr(msgspec.convert({name: said.get(name)}, Preferences), name)
            if not isinstance(value, tuple) or len(set(value)) == len(value):
                understood[name] = value
    return Preferences(**understood)


def remember(path: Path, name: str, value: Any) -> None:  # noqa: ANN401  whatever TOML and JSON write alike
    """Write down one choice, None to forget it; the others stay. Where it cannot be written, it is not."""
    chosen = {**msgspec.to_builtins(load(path)), name: value}
    lines = [f"{key} = {json.dumps(each)}\n" for key, each in chosen.items() if each is not None]
    with suppress(OSError):
        files.keep(path, ("# Written by oai-usage-tui; delete it to begin anew.\n" + "".join(lines)).encode())
