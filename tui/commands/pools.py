"""`oai-usage-tui pools`: how much of a day's free tokens is used."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import datetime

from tui.commands import oneline
from tui.commands.narration import tell
from tui.domain.catalogue import Catalogue
from tui.domain.reading import readings
from tui.domain.source import Source
from tui.domain.window import DAY
from tui.errors import PARTIAL
from tui.report import pools as report
from tui.session.engine import Engine
from tui.session.run import Run


async def brief(source: Source, catalogue: Catalogue, clock: Callable[[], datetime]) -> oneline.Brief:
    """Return today's pools on one line.

    Raises:
        TuiError: where they cannot be read.
    """
    answer = await Engine(Run(source, clock, 0, catalogue)).read_pools()
    evidence = answer.evidence
    for note in evidence.notes:
        tell(note)
    line, reset = report.oneline(readings(evidence, catalogue, answer.at)), evidence.today.start + DAY
    return oneline.Brief(line, reset, "" if evidence.whole else report.missing(evidence.today.left_out))


async def pools(
    source: Source,
    catalogue: Catalogue,
    clock: Callable[[], datetime],
    *,
    day: datetime | None = None,
    as_json: bool = False,
) -> int:
    """Print the pools of today, or of a past day, and return the exit status.

    Raises:
        TuiError: where they cannot be read.
    """
    answer = await Engine(Run(source, clock, 0, catalogue)).read_pools(day)
    evidence, now = answer.evidence, answer.at
    found = readings(evidence, catalogue, now)
    if as_json:
        sys.stdout.write(json.dumps(report.document(evidence, found, now)) + "\n")
    else:
        sys.stdout.writelines(line + "\n" for line in report.lines(evidence, found, now))
    for note in evidence.notes:
        tell(note)
    if answer.problem is not None:
        tell(answer.problem.sentence)
    if not evidence.knows_limits(catalogue):
        tell(report.UNSURE)
    if evidence.whole:
        return 0
    tell(report.missing(evidence.today.left_out if evidence.complete else 0))
    return PARTIAL
