"""The year in words: what its levels mean, a day of it in full, and its totals."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal

from tui.domain import formatting, sanitize
from tui.domain.costs import dollars
from tui.domain.rows import Sums
from tui.domain.standouts import StandOut
from tui.domain.year import TOP, Amount, Day, Gap, Measure, Scale, Totals
from tui.output import standouts
from tui.output.spans import Span, Spans

LEVELS = "·░▒▓█"
"""The signs of the levels, from nothing on; in ASCII they are five others."""

GAPS = {Gap.UNREAD: "?", Gap.NOT_KEPT: "⊘", Gap.NOT_COUNTED: "~"}
"""The signs of days of which nothing is known."""

Number = Callable[[int], str]
"""How tokens are written."""

_RULE = "quarters of the days with usage"

_MODELS = 8
"""How many models of a day are named at most."""


def amount(known: Amount, measure: Measure) -> str:
    """Return an amount in few characters."""
    return dollars(Decimal(known)) if measure is Measure.DOLLARS else formatting.short(int(known))


def legend(scale: Scale, measure: Measure, gaps: Sequence[Gap], width: int) -> Spans:
    """Return what the signs mean, in so many cells: the rule goes first, then what can be guessed."""
    nothing = "$0 or less" if measure is Measure.DOLLARS else "0"
    levels: list[Span] = [(LEVELS[0], "plain"), (f" {nothing}  ", "muted")]
    for level in range(scale.lowest, TOP + 1):
        place = level - scale.lowest
        bound = f"to {amount(scale.bounds[place], measure)}" if place < len(scale.bounds) else "more"
        levels += [(LEVELS[level], "plain"), (f" {bound}  ", "muted")]
    signs: list[Span] = [(f"{GAPS[gap]} {gap.value}  ", "muted") for gap in gaps]
    head: Span = (f"{measure.value} a day: ", "plain")
    forms: tuple[Spans, ...] = (
        (head, *levels, *signs, (f"({_RULE})", "faint")),
        (head, *levels, *signs),
        ((f"{measure.value}: ", "plain"), *levels[2:], *signs),
        (*levels, *signs),
    )
    return next((form for form in forms if _width(form) <= width), forms[-1])


def day(known: Day, measure: Measure, width: int) -> Spans:
    """Return the figures of a day: in full, or where that has no room, rounded."""
    forms = [
        _day(known, measure, number, is_brief=is_brief)
        for number, is_brief in ((formatting.full, False), (formatting.short, False), (formatting.short, True))
    ]
    return next((form for form in forms if _width(form) <= width), forms[-1])


def _day(known: Day, measure: Measure, number: Number, *, is_brief: bool) -> Spans:
    head: Span = (f"{formatting.weekday(known.start)}{'' if is_brief else f'{known.start: %Y}'}: ", "strong")
    if known.sums is None:
        cost: Spans = () if known.cost is None else ((f", {_cost(known)}", "plain"),)
        return head, (f"tokens {known.gap.value}", "warning"), *cost
    sums = known.sums
    tokens = f"{number(sums.total)} tokens" if sums.total else "no tokens"
    parts: list[Span] = [head, (("at least " if known.incomplete else "") + tokens, "plain")]
    if sums.total:
        share = "" if is_brief else f" ({sums.whole_share}%)"
        parts += [(f", {number(sums.free)} free{share}", "free"), (f", {number(sums.billed)} billed", "billed")]
    if known.cost is not None:
        parts += [(f", {_cost(known)}", "plain")]
    elif measure is Measure.DOLLARS:
        parts += [(f", dollars {known.cost_gap.value}", "warning")]
    return tuple(parts)


def _cost(known: Day) -> str:
    return f"{dollars(known.cost or Decimal(0))}{'+' if known.cost_at_least else ''}"


def models(known: Day, width: int) -> Spans:
    """Return the largest models of a day, as many as have room."""
    largest = sorted(known.models.items(), key=lambda item: (-item[1].total, item[0]))
    named = [f"{sanitize.clean(name)} {formatting.short(sums.total)}" for name, sums in largest if sums.total]
    for count in range(min(len(named), _MODELS), 0, -1):
        more = f" · and {len(named) - count} more" if len(named) > count else ""
        words = f"  {' · '.join(named[:count])}{more}"
        if sanitize.width(words) <= width:
            return ((words, "muted"),)
    return ()


def of_day(found: Sequence[StandOut]) -> Iterator[Spans]:
    """Yield what stands out on a day, a line each."""
    for each in found:
        yield ((f"  {standouts.MARKS[each.what]} {standouts.sentence(each)}", "warning"),)


def total(whole: Totals, weeks: int, width: int) -> Spans:
    """Return the totals of what is shown, and of how many days they are where that is not all of them."""
    forms = [_total(whole, weeks, number) for number in (formatting.full, formatting.short)]
    return next((form for form in forms if _width(form) <= width), forms[-1])


def _total(whole: Totals, weeks: int, number: Number) -> Spans:
    sums: Sums = whole.sums
    days = "" if whole.read == whole.days else f" ({whole.read} of {whole.days} days known)"
    parts: list[Span] = [(f"{weeks} weeks{days}: ", "strong"), (f"{number(sums.total)} tokens", "plain")]
    if sums.total:
        parts += [(f", {number(sums.free)} free ({sums.whole_share}%)", "free")]
        parts += [(f", {number(sums.billed)} billed", "billed")]
    if whole.costed:
        days = "" if whole.costed == whole.days else f" on {whole.costed} of {whole.days} days"
        parts += [(f", {dollars(whole.cost)}{days}", "plain")]
    return tuple(parts)


def _width(spans: Spans) -> int:
    return sum(sanitize.width(words) for words, _ in spans)
