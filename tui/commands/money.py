"""`oai-usage-tui money`: what a month cost, and what its free tokens are worth."""

from __future__ import annotations

import sys
from datetime import datetime

from tui.commands.messages import tell
from tui.domain.costs import month, spending_projects
from tui.domain.prices import with_own, worth
from tui.engine.admin_settings import for_projects
from tui.engine.engine import Engine
from tui.engine.money import read_money
from tui.errors import PARTIAL
from tui.output import json_text, money_document
from tui.output import money as report
from tui.output.spans import plain
from tui.output.worth import free_tokens


async def money(engine: Engine, first: datetime | None = None, *, as_json: bool = False) -> int:
    """Print the costs of this month, or of the one that begins with the day `first`, and return the exit status.

    Raises:
        TuiError: where costs cannot be read.
    """
    answer, session = await read_money(engine, first), engine.session
    usage, prices, problem = answer.usage.report, session.prices, answer.usage.problem
    prices = None if prices is None else with_own(prices, answer.costs.days, usage)
    found = month(answer.costs, answer.at, None if answer.is_over else session.budget, is_over=answer.is_over)
    when = f"in {answer.at:%B %Y}" if answer.is_over else "this month"
    words = None if problem is None else problem.sentence
    free = None if prices is None else free_tokens(usage, prices, words, when)
    if not answer.is_over:
        await engine.read_settings(for_projects(spending_projects(answer.costs, answer.at)))
    settings = engine.state.admin_settings
    known = report.Money(answer.costs, answer.at, session.clock(), found, answer.directory, free, settings=settings)
    if as_json:
        value = None if prices is None or problem is not None else worth(usage, prices)
        sys.stdout.write(json_text.line(money_document.document(known, value)))
    else:
        sys.stdout.write(plain(report.lines(known)))
    tell(*answer.usage.notes.all, engine.scope_problem)
    if as_json:
        tell(answer.costs.problem, words)
    return PARTIAL if answer.costs.problem or problem is not None or usage.unread() else 0
