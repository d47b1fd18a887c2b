"""What free tokens are worth, in sentences."""

from __future__ import annotations

from tui.domain import formatting, sanitize
from tui.domain.costs import dollars
from tui.domain.prices import Prices, Worth
from tui.domain.prices import worth as value
from tui.domain.usage import Report
from tui.output.spans import Span


def worth(found: Worth, prices: Prices, when: str = "this month") -> str:
    """Return what a month's free tokens would have cost."""
    whose = f"at base list prices of {prices.as_of}"
    if found.own:
        most = "" if found.own >= found.tokens else f", and {whose} where these do not tell"
        whose = f"at the prices in your own costs{most}"
    line = f"Free tokens {when}: {formatting.full(found.tokens)}, worth est. {dollars(found.amount)} {whose}."
    if found.unpriced:
        some = ", ".join(map(sanitize.clean, found.models[:3])) + (", …" if len(found.models) > 3 else "")
        line += f" {formatting.full(found.unpriced)} more are of models without a price there: {some}."
    return line


def free_tokens(usage: Report, prices: Prices, problem: str | None = None, when: str = "this month") -> Span:
    """Return what a month's free tokens are worth, as far as its usage could be read; `problem` says why not."""
    if problem is not None:
        return f"What free tokens are worth is not known. {sanitize.clean(problem)}", "warning"
    words, missing, gone = worth(value(usage, prices), prices, when), len(usage.unread()), len(usage.not_kept)
    words += f" Of {formatting.count(missing, 'day')} nothing could be read." if missing else ""
    words += f" Of {formatting.count(gone, 'day')} the API keeps nothing any more." if gone else ""
    return words, "free"
