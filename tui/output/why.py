"""Why tokens of a day were billed: the whole answer in lines of text, and as a document for JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from tui.domain import formatting, percent, sanitize
from tui.domain.admin_settings import NO_SETTINGS, AdminSettings, Question, Topic
from tui.domain.agreement import Disagreement
from tui.domain.catalogue import Catalogue
from tui.domain.diagnosis import Diagnosis, Reason
from tui.domain.standouts import StandOut
from tui.output import standouts
from tui.output.reasons import advice, by_reason, cost, cost_of, proof, proofs, words
from tui.output.spans import Spans

_DISAGREEMENTS = 5
"""So many disagreements are named at most."""

_BAR = 16
"""Cells of the bar of a reason."""


@dataclass(frozen=True, slots=True)
class Answer:
    """All that there is to say of a day: why, where archive and costs differ, which models end, what settings prove.

    `label` tells what a project is called; `beside_filter` says that lines are filtered, which holds nothing here.
    `stands_out` is what stands out on the day.
    """

    diagnosis: Diagnosis
    catalogue: Catalogue
    differing: Sequence[Disagreement] = ()
    ending: Sequence[str] = ()
    settings: AdminSettings = NO_SETTINGS
    label: Callable[[str], str] = str
    beside_filter: bool = False
    stands_out: Sequence[StandOut] = ()


def lines(known: Answer) -> Iterator[Spans]:
    """Yield the answer as a person reads it, line by line in spans; each reason is said once, with its projects."""
    diagnosis, settings = known.diagnosis, known.settings
    of = "" if diagnosis.model is None else f" of {sanitize.clean(diagnosis.model)}"
    yield ((f"{when(diagnosis)} (UTC){of}: {total(diagnosis)}", "strong"),)
    if diagnosis.free or diagnosis.billed:
        yield from (((line, "warning"),) for line in spent_pools(diagnosis))
    for each in known.stands_out:
        said = f"{standouts.MARKS[each.what]} {_sentence(standouts.sentence(each))}"
        yield (said, "warning"), (f" Rule: {standouts.RULES[each.what]}.", "faint")
    for same in by_reason(diagnosis.reasons):
        yield ()
        yield from _reason(same, known)
    yield ()
    for line in (
        *of_all(diagnosis, settings),
        *disagreement(known.differing),
        *(f"{each}." for each in known.ending),
    ):
        yield ((line, "warning"),)
    if known.beside_filter:
        yield (("The filter does not hold here: this is about all of the organization.", "faint"),)
    yield from (((line, "faint"),) for line in notes(diagnosis, known.catalogue))


def _reason(same: Sequence[Reason], known: Answer) -> Iterator[Spans]:
    """Yield one reason: how much of what was billed, what it cost, its projects, and what to do about it."""
    tokens, whole = sum(reason.tokens for reason in same), known.diagnosis.billed
    cells = max(1, round(tokens * _BAR / whole)) if whole else 0
    share = f"{percent.whole(tokens, whole)}%" if whole else ""
    dear = f"{formatting.full(tokens)} billed{cost_of(same)}"
    yield (("░" * cells + " " * (_BAR - cells + 1), "billed"), (f"{share:>4}  ", "faint"), (dear, "billed"))
    yield ((_sentence(words(same[0])), "plain"),)
    usual = Counter(advice(reason, known.settings) for reason in same).most_common(1)[0][0]
    for reason in same:
        alone = "" if len(same) == 1 else f"{formatting.full(reason.tokens)} billed{cost(reason)}: "
        yield ((f"  {alone}{proof(reason, known.label)}", "muted"),)
        yield from (((f"  {line}", "warning"),) for _, line in proofs(reason, known.settings))
        if advice(reason, known.settings) != usual:
            yield ((f"  → {advice(reason, known.settings)}", "plain"),)
    yield ((f"→ {usual}", "plain"),)


def _sentence(half: str) -> str:
    return f"{half[:1].upper()}{half[1:]}."


def when(diagnosis: Diagnosis) -> str:
    """Return which day, or which hour of it, the answer is about."""
    hour = diagnosis.hour
    return formatting.day(diagnosis.day) + ("" if hour is None else f" {hour:%H}:00-{hour.hour + 1:02d}:00")


def spent_pools(diagnosis: Diagnosis) -> Iterator[str]:
    """Yield when pools were spent."""
    for spent in diagnosis.spent:
        mark = " (est.)" if spent.is_estimate else ""
        end = spent.hour.hour + 1
        yield f"The {spent.pool} pool was spent{mark} between {spent.hour:%H}:00 and {end:02d}:00 UTC."


def notes(diagnosis: Diagnosis, catalogue: Catalogue) -> Iterator[str]:
    """Yield what the answer rests upon, and what could not be read."""
    if not diagnosis.complete:
        yield "Only a part of the day could be read, so the answer may be wrong."
    if diagnosis.hours_not_kept:
        hours = formatting.count(diagnosis.hours_not_kept, "hour")
        yield f"The API does not keep {hours} of the day any more, so the answer is about the others."
    if not diagnosis.tools_kept:
        yield "Whether hosted tools were used is not known: the API does not keep it any more."
    if not diagnosis.tools_known:
        yield "Whether hosted tools were used could not be read."
    yield f"The lists of free models are of {catalogue.as_of}: {catalogue.source}."


def disagreement(found: Sequence[Disagreement]) -> Iterator[str]:
    """Yield of which days the archive and costs tell different things, and how to read them anew."""
    if not found:
        return
    days = tuple(dict.fromkeys(each.day for each in found))
    yield f"The archive and costs disagree on {formatting.days_named(days)}: these days may have been revised."
    for each in found[:_DISAGREEMENTS]:
        yield f"  {formatting.day(each.day)}: {sanitize.clean(each.words)}."
    if len(found) > _DISAGREEMENTS:
        yield f"  and {formatting.full(len(found) - _DISAGREEMENTS)} more."
    yield f"  To read them anew: oai-usage-tui archive refresh --since {formatting.day(days[0])}"


def of_all(diagnosis: Diagnosis, settings: AdminSettings) -> Iterator[str]:
    """Yield what settings say of all tokens of the organization, or of a project."""
    if settings.keeps_no_data():
        yield "The organization has zero data retention: such organizations cannot enrol for free tokens."
    projects = dict.fromkeys(each.project_id for each in diagnosis.reasons if each.project_id is not None)
    for project in projects:
        region = settings.region(project)
        if region is not None:
            where = f"Project {sanitize.clean(project)} is processed in {sanitize.clean(region)} only"
            yield f"{where}: 1.1 times the list price, with models since 2026-03-05."


def total(diagnosis: Diagnosis) -> str:
    """Return the sums in words."""
    whole = diagnosis.free + diagnosis.billed
    if not whole:
        return "no usage"
    share = percent.whole(diagnosis.free, whole)
    return f"{formatting.full(diagnosis.free)} tokens free ({share}%), {formatting.full(diagnosis.billed)} billed"


def document(
    diagnosis: Diagnosis,
    catalogue: Catalogue,
    differing: Sequence[Disagreement] = (),
    ending: Mapping[str, date] | None = None,
    settings: AdminSettings = NO_SETTINGS,
    label: Callable[[str], str] = str,
    stands_out: Sequence[StandOut] = (),
) -> dict[str, Any]:
    """Return what `why --json` prints; `ending` are the models that end soon, `label` tells a project's name."""
    return {
        "date": formatting.day(diagnosis.day),
        "model": diagnosis.model,
        "free_tokens": diagnosis.free,
        "billed_tokens": diagnosis.billed,
        "complete": diagnosis.complete,
        "stands_out": standouts.document(stands_out),
        "pools_spent": [
            {"pool": spent.pool, "hour": formatting.instant(spent.hour), "is_estimate": spent.is_estimate}
            for spent in diagnosis.spent
        ],
        "reasons": [
            {
                "why": reason.why.value,
                "billed_tokens": reason.tokens,
                "estimated_cost": None if reason.cost is None else float(reason.cost),
                "tokens_without_price": reason.unpriced,
                "project_id": reason.project_id,
                "project": None if reason.project_id is None else label(reason.project_id),
                "models": list(reason.models),
                "first_hour": formatting.instant(reason.first_hour),
                "last_hour": formatting.instant(reason.last_hour),
                "about": reason.detail,
                "hosted_tool_calls": dict(reason.calls),
                "from_config": reason.said,
                "explanation": words(reason),
                "proofs": [{"proof": name, "explanation": line} for name, line in proofs(reason, settings)],
                "advice": advice(reason, settings),
            }
            for reason in diagnosis.reasons
        ],
        "archive_and_costs_disagree": [
            {
                "date": formatting.day(each.day),
                "model": each.model,
                "archive_tokens": each.tokens,
                "archive_billed_tokens": each.billed,
                "costs_tokens": each.counted,
                "costs_dollars": None if each.charged is None else str(each.charged),
            }
            for each in differing
        ],
        "shutdowns": [{"model": model, "date": day.isoformat()} for model, day in (ending or {}).items()],
        "zero_data_retention": settings.keeps_no_data() if settings.tells(Question(Topic.RETENTION)) else None,
        "hosted_tools_known": diagnosis.tools_known and diagnosis.tools_kept,
        "hours_not_kept": diagnosis.hours_not_kept,
        "list_date": catalogue.as_of.isoformat(),
        "list_source": catalogue.source,
    }
