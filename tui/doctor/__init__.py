"""The doctor: puts together what the program needs, piece by piece, and goes on where a piece fails."""

from __future__ import annotations

import asyncio
import shutil
import sys
from collections.abc import Mapping

from tui.config.args import Args


def run(args: Args, environment: Mapping[str, str]) -> int:
    """Check everything, print what was found, and return the exit status."""
    from tui.commands import doctor
    from tui.doctor import api, machine, terminal
    from tui.doctor.redaction import Redactor
    from tui.doctor.settings import Found, settings

    found: Found = settings(args, environment)
    findings = [
        *found.findings,
        *asyncio.run(api.findings(found)),
        machine.archive(found),
        machine.models(found),
        machine.folders(found.settings.source),
        *terminal.findings(environment, is_ascii=found.settings.screen.ascii),
        machine.versions(),
    ]
    redactor = Redactor.of(found.key, found.addresses)
    columns = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    return doctor.doctor([redactor.redacted(each) for each in findings], as_json=args.json, columns=columns)
