"""The doctor: puts together what the program needs, piece by piece, and goes on where a piece fails."""

from __future__ import annotations

import asyncio
import shutil
import sys

from tui.config.schema import Config
from tui.wiring.sources import Said


def run(said: Said) -> int:
    """Check everything, print what was found, and return the exit status."""
    from tui.commands import doctor
    from tui.wiring.doctor import api, machine, terminal
    from tui.wiring.doctor.discretion import Discretion
    from tui.wiring.doctor.settings import Found, settings

    found: Found = settings(said)
    findings = [
        *found.findings,
        *asyncio.run(api.findings(said, found)),
        machine.archive(said, found.config),
        machine.folders(said),
        *terminal.findings(is_ascii=bool(found.config and found.config.ascii)),
        machine.versions(),
    ]
    config = found.config or Config()
    discretion = Discretion.of(found.key, addresses=filter(None, (said.get("base_url"), config.base_url)))
    columns = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    return doctor.doctor([discretion.kept(each) for each in findings], as_json="json" in said, columns=columns)
