"""Today's groups as OpenMetrics, for Prometheus: counters since 00:00 UTC, when they begin again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from tui.domain import text
from tui.domain.kinds import Kind
from tui.domain.measures import Measure
from tui.domain.usage import Sums
from tui.report.groups import Group

_COUNTED = ("input", "cached", "cache_writes", "output", "free", "requests")


def openmetrics(
    groups: Iterable[Group], kind: Kind, dimensions: Sequence[str], measures: Mapping[str, Measure]
) -> Iterator[str]:
    """Yield the lines of an exposition; the groups are those of one day.

    Names follow Prometheus' rules: a prefix, what is counted, its unit, `_total`.
    """
    labelled: dict[str, Sums] = {}  # names that look alike once they are inert are one series
    for group in groups:
        labels = ",".join(f'{key}="{_escaped(name)}"' for key, name in zip(dimensions, group.names, strict=True))
        labelled[labels] = labelled.get(labels, Sums()) + group.sums
    for name, measure in counters(kind, measures).items():
        family = _family(name, measure, kind)
        yield f"# TYPE {family} counter"
        yield f"# UNIT {family} {measure.unit}"
        yield f"# HELP {family} {kind.description.words}: {measure.title.lower()} since 00:00 UTC."
        for labels, sums in labelled.items():
            yield f"{family}_total{{{labels}}} {measure.value(sums)}"
    yield "# EOF"


def counters(kind: Kind, measures: Mapping[str, Measure]) -> dict[str, Measure]:
    """Return the measures that only grow in the course of a day."""
    counted = (*_COUNTED, kind.description.unit)
    return {name: measure for name, measure in measures.items() if name in counted}


def _family(name: str, measure: Measure, kind: Kind) -> str:
    words = [] if name == measure.unit else [name]
    unit = [] if kind.value.endswith(measure.unit) and not words else [measure.unit]
    return "_".join(["openai", kind.value, *words, *unit])


def _escaped(name: str) -> str:
    return text.inert(name).replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
