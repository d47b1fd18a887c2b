"""`oai-usage-tui pools`: how much of a day's free tokens is used."""

from __future__ import annotations

import sys
from datetime import datetime

from tui.commands import oneline
from tui.commands.messages import NOTHING_USED, tell
from tui.domain.pool_status import pool_statuses
from tui.domain.time import DAY
from tui.engine.engine import Engine
from tui.errors import PARTIAL
from tui.output import json_text, pool_format
from tui.output import pools as report


async def brief(engine: Engine, form: str | None = None) -> oneline.Brief:
    """Return today's pools on one line, or in a form of the user's own.

    Raises:
        TuiError: where they cannot be read.
    """
    answer = await engine.read_pools()
    pool_inputs, catalogue = answer.pool_inputs, engine.state.catalogue
    tell(*pool_inputs.notes)
    found, reset = pool_statuses(pool_inputs, catalogue, answer.at), pool_inputs.today.start + DAY
    line = report.oneline(found) if form is None else pool_format.formatted(form, found, answer.at)
    return oneline.Brief(line, reset, "" if pool_inputs.whole else report.missing(pool_inputs.today.left_out))


async def pools(engine: Engine, *, day: datetime | None = None, as_json: bool = False) -> int:
    """Print the pools of today, or of a past day, and return the exit status.

    Raises:
        TuiError: where they cannot be read.
    """
    answer = await engine.read_pools(day, ask_limits=True)
    pool_inputs, now, catalogue = answer.pool_inputs, answer.at, engine.state.catalogue
    found = pool_statuses(pool_inputs, catalogue, now)
    if as_json:
        sys.stdout.write(json_text.line(report.document(pool_inputs, found, now)))
    else:
        sys.stdout.writelines(line + "\n" for line in report.lines(pool_inputs, found, now))
    tell(*pool_inputs.notes, engine.scope_problem, None if answer.problem is None else answer.problem.sentence)
    if pool_inputs.whole and not pool_inputs.today.rows and pool_inputs.today.start + DAY <= now:
        tell(NOTHING_USED.format("on that day"))
    if not pool_inputs.knows_limits(catalogue):
        tell(report.UNSURE)
    if pool_inputs.whole:
        return 0
    tell(report.missing(pool_inputs.today.left_out if pool_inputs.complete else 0))
    return PARTIAL
