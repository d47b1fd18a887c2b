"""Today's groups as OpenMetrics, for Prometheus: counters since 00:00 UTC, when they begin again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from tui.domain import sanitize
from tui.domain.kinds import Kind
from tui.domain.metrics import Metric
from tui.domain.rows import Sums
from tui.output.groups import Group

_COUNTED = ("input", "cached", "cache_writes", "output", "free", "requests")


def openmetrics(
    groups: Iterable[Group],
    kind: Kind,
    dimensions: Sequence[str],
    metrics: Mapping[str, Metric],
    gauges: Iterable[str] = (),
) -> Iterator[str]:
    """Yield the lines of an exposition: those of gauges, then counters of the groups, which are of one day.

    Names follow Prometheus' rules: a prefix, what is counted, its unit, `_total`.
    """
    yield from gauges
    labelled: dict[str, Sums] = {}  # names that look alike once they are inert are one series
    for group in groups:
        labels = ",".join(f'{key}="{escaped(name)}"' for key, name in zip(dimensions, group.names, strict=True))
        labelled[labels] = labelled.get(labels, Sums()) + group.sums
    for name, metric in counters(kind, metrics).items():
        family = _family(name, metric, kind)
        yield f"# TYPE {family} counter"
        yield f"# UNIT {family} {metric.unit}"
        yield f"# HELP {family} {kind.description.words}: {metric.title.lower()} since 00:00 UTC."
        for labels, sums in labelled.items():
            yield f"{family}_total{{{labels}}} {metric.value(sums)}"
    yield "# EOF"


def counters(kind: Kind, metrics: Mapping[str, Metric]) -> dict[str, Metric]:
    """Return the metrics that only grow in the course of a day."""
    counted = (*_COUNTED, kind.description.unit)
    return {name: metric for name, metric in metrics.items() if name in counted}


def _family(name: str, metric: Metric, kind: Kind) -> str:
    words = [] if name == metric.unit else [name]
    unit = [] if kind.value.endswith(metric.unit) and not words else [metric.unit]
    return "_".join(["openai", kind.value, *words, *unit])


def escaped(name: str) -> str:
    """Return a name as the value of a label."""
    return sanitize.clean(name).replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
