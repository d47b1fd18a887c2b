"""Today's groups as OpenMetrics, for Prometheus: counters since 00:00 UTC, when they begin again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from tui.domain import text
from tui.domain.kinds import Kind
from tui.domain.measures import Measure
from tui.report.groups import Group

_COUNTED = ("input", "cached", "cache_writes", "output", "free", "requests")


def openmetrics(
    groups: Iterable[Group], kind: Kind, dimensions: Sequence[str], measures: Mapping[str, Measure]
) -> Iterator[str]:
    """Yield the lines of an exposition; the groups are those of one day.

    Names follow Prometheus' rules: a prefix, what is counted, its unit, `_total`.
    """
    groups = tuple(groups)
    for name, measure in measures.items():
        if name not in _COUNTED and name != kind.description.unit:
            continue
        family = _family(name, measure, kind)
        yield f"# TYPE {family} counter"
        yield f"# UNIT {family} {measure.unit}"
        yield f"# HELP {family} {kind.description.words}: {measure.title.lower()} since 00:00 UTC."
        for group in groups:
            labels = ",".join(
                f'{dimension}="{_escaped(name)}"' for dimension, name in zip(dimensions, group.names, strict=True)
            )
            yield f"{family}_total{{{labels}}} {measure.value(group.sums)}"
    yield "# EOF"


def _family(name: str, measure: Measure, kind: Kind) -> str:
    words = [] if name == measure.unit else [name]
    return "_".join(["openai", kind.value, *words, measure.unit])


def _escaped(name: str) -> str:
    return text.inert(name).replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
