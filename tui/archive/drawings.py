"""The charts as they were last drawn, so that the next start can show them at once: a small file that may be lost."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from tui import __version__


def load(path: Path) -> dict[str, str]:
    """Return what was drawn by this version of the program; where that cannot be read, nothing was."""
    try:
        kept = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    if not isinstance(kept, dict) or kept.get("version") != __version__ or not isinstance(kept.get("drawn"), dict):
        return {}
    return {name: text for name, text in kept["drawn"].items() if isinstance(text, str)}


def save(path: Path, drawn: Mapping[str, str]) -> None:
    """Keep what was drawn, for this user only; where it cannot be written, it is not."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    with suppress(OSError):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            json.dump({"version": __version__, "drawn": drawn}, file, ensure_ascii=False)
        fresh.replace(path)
