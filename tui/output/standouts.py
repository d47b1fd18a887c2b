"""What stands out, in words, and the rules that it follows from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from tui.domain import formatting, sanitize
from tui.domain.standouts import (
    FAR_ABOVE,
    FLOOR,
    WEEKS_COMPARED,
    StandOut,
    StandOuts,
    What,
)
from tui.domain.time import DAY

MARKS: Mapping[What, str] = {What.FAR_ABOVE: "▲", What.NOTHING_FREE: "!", What.NEW_MODEL: "+"}
"""The sign of each, the most urgent first."""

RULES: Mapping[What, str] = {
    What.FAR_ABOVE: (
        f"a day with {FAR_ABOVE:g} times the tokens of the median of its weekday in the {WEEKS_COMPARED} weeks "
        f"before, where all of these are known, and with {formatting.short(FLOOR)} tokens or more"
    ),
    What.NOTHING_FREE: "a day that is over, on which models of the pools were used and all tokens were billed",
    What.NEW_MODEL: (f"a model that no day of the {WEEKS_COMPARED} weeks before has, where all of these are known"),
}
"""The rule of each: what is told of."""

RULE = (
    f"▲ {FAR_ABOVE:g}x the median of its weekday in {WEEKS_COMPARED} weeks, or more · ! nothing was free · "
    f"+ a model that no day of {WEEKS_COMPARED} weeks before has"
)
"""All of them in a line, for where there is no more room."""


def times(stand_out: StandOut) -> str:
    """Return how far above it is: `3.1x a usual Fri`."""
    weekday = f"a usual {stand_out.day:%a}"
    return f"{stand_out.factor:.1f}x {weekday}" if stand_out.factor is not None else f"nothing on {weekday}"


def sentence(stand_out: StandOut) -> str:
    """Return what stands out, as a sentence without its end."""
    tokens = formatting.short(stand_out.tokens)
    match stand_out.what:
        case What.FAR_ABOVE if stand_out.factor is None:
            return f"{tokens} tokens, where a usual {stand_out.day:%A} has none"
        case What.FAR_ABOVE:
            usual = formatting.short(stand_out.usual or 0)
            return f"{stand_out.factor:.1f} times a usual {stand_out.day:%A}: {tokens} tokens, median {usual}"
        case What.NOTHING_FREE:
            return f"nothing was free: {tokens} tokens billed"
        case What.NEW_MODEL:
            return f"a new model: {sanitize.clean(stand_out.model or '')}, {tokens} tokens on its first day"


def mark(on_day: Sequence[StandOut]) -> str:
    """Return the sign of the most urgent of what stands out on a day; nothing where nothing does."""
    present = {each.what for each in on_day}
    return next((sign for what, sign in MARKS.items() if what in present), "")


def by_day(found: StandOuts) -> Iterator[tuple[datetime, What, str, str]]:
    """Yield what stands out, the newest first: its day, what it is, when, and a sentence.

    Days on which nothing was free and that follow each other are one line, of the newest of them. So are the models
    that are new on one day.
    """
    silent: list[StandOut] = []
    for day in sorted(found, reverse=True):
        on_day = found[day]
        free = next((each for each in on_day if each.what is What.NOTHING_FREE), None)
        if silent and (free is None or silent[-1].day - day != DAY):
            yield _silent(silent)
            silent = []
        above = [each for each in on_day if each.what is What.FAR_ABOVE]
        yield from ((day, each.what, formatting.weekday(day), sentence(each)) for each in above)
        silent += [free] if free is not None else []
        models = [each for each in on_day if each.what is What.NEW_MODEL]
        if models:
            yield day, What.NEW_MODEL, formatting.weekday(day), _new(models)
    if silent:
        yield _silent(silent)


def _silent(days: Sequence[StandOut]) -> tuple[datetime, What, str, str]:
    newest, oldest = days[0], days[-1]
    when = formatting.weekday(newest.day)
    if newest is oldest:
        return newest.day, newest.what, when, sentence(newest)
    tokens = formatting.short(sum(each.tokens for each in days))
    words = f"nothing was free on {len(days)} days from {formatting.weekday(oldest.day)} on: {tokens} tokens billed"
    return newest.day, newest.what, when, words


def _new(models: Sequence[StandOut]) -> str:
    if len(models) == 1:
        return sentence(models[0])
    names = ", ".join(sanitize.clean(each.model or "") for each in models)
    return f"{len(models)} new models: {names}"


def document(found: Iterable[StandOut]) -> list[dict[str, Any]]:
    """Return what stands out on a day for JSON, each with the rule that it follows from."""
    return [
        {
            "what": each.what.value,
            "tokens": each.tokens,
            "usual_tokens": each.usual,
            "factor": None if each.factor is None else round(each.factor, 2),
            "model": each.model,
            "explanation": sentence(each),
            "rule": RULES[each.what],
        }
        for each in found
    ]
