"""Adds the man page to the wheel. It is made while building, from the command line's own description."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class ManPage(BuildHookInterface):
    """Makes the page in a folder of its own, for as long as the wheel is being built."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002  hatchling's own
        """Write the page, and tell where it goes: below the environment, where `man` looks for it."""
        sys.path.insert(0, self.root)
        from tui import PROGRAM
        from tui.cli import main as cli
        from tui.cli import man

        self._folder = tempfile.TemporaryDirectory()
        page = Path(self._folder.name) / f"{PROGRAM}.1"
        page.write_text(man.page(*cli.parser()), encoding="ascii")
        build_data["shared_data"][str(page)] = f"share/man/man1/{page.name}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002
        """Remove the folder."""
        self._folder.cleanup()
