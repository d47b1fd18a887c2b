"""`oai-usage-tui pools`: how much of a day's free tokens is used."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import datetime

from tui.commands import oneline
from tui.commands.messages import tell
from tui.domain.catalogue import Catalogue
from tui.domain.pool_status import pool_statuses
from tui.domain.time import DAY
from tui.engine.engine import Engine
from tui.engine.session import Session
from tui.errors import PARTIAL
from tui.output import pools as report
from tui.sources.base import Source


async def brief(source: Source, catalogue: Catalogue, clock: Callable[[], datetime]) -> oneline.Brief:
    """Return today's pools on one line.

    Raises:
        TuiError: where they cannot be read.
    """
    answer = await Engine(Session(source, clock, 0, catalogue)).read_pools()
    pool_inputs = answer.pool_inputs
    for note in pool_inputs.notes:
        tell(note)
    line, reset = report.oneline(pool_statuses(pool_inputs, catalogue, answer.at)), pool_inputs.today.start + DAY
    return oneline.Brief(line, reset, "" if pool_inputs.whole else report.missing(pool_inputs.today.left_out))


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
    answer = await Engine(Session(source, clock, 0, catalogue)).read_pools(day)
    pool_inputs, now = answer.pool_inputs, answer.at
    found = pool_statuses(pool_inputs, catalogue, now)
    if as_json:
        sys.stdout.write(json.dumps(report.document(pool_inputs, found, now)) + "\n")
    else:
        sys.stdout.writelines(line + "\n" for line in report.lines(pool_inputs, found, now))
    for note in pool_inputs.notes:
        tell(note)
    if answer.problem is not None:
        tell(answer.problem.sentence)
    if not pool_inputs.knows_limits(catalogue):
        tell(report.UNSURE)
    if pool_inputs.whole:
        return 0
    tell(report.missing(pool_inputs.today.left_out if pool_inputs.complete else 0))
    return PARTIAL
