"""The lines over the charts: what of the highlighted line was free and billed, and each pool's part in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from textual.content import Content

from tui.domain import formatting
from tui.domain.admin_settings import Headroom
from tui.domain.aggregate import Aggregate
from tui.domain.catalogue import NO_POOL
from tui.domain.dimensions import Names
from tui.domain.kinds import Kind
from tui.domain.line import Line
from tui.domain.metrics import usual_metrics
from tui.domain.periods import Period
from tui.domain.rows import Sums, grouped
from tui.domain.time import Width
from tui.domain.usage import Bucket
from tui.domain.year import Gap
from tui.ui import theme
from tui.ui.gaps import gap_of
from tui.ui.pool_glyphs import POOL_GLYPHS
from tui.ui.widgets.subject import Subject


@dataclass(frozen=True, slots=True)
class Beside:
    """What is known beside a line's own numbers: how far the API has counted, and what is to be said of the line.

    `change` compares it, `headroom` says how near it came to its rate limit, `ending` when its model ends.
    """

    through: datetime | None
    change: Content
    headroom: Headroom | None
    ending: str


def of_line(line: Line, subject: Subject, pool_name: Callable[[str | None], str], known: Beside) -> Content:
    """Return what of a line was free and billed, how that compares, and of a day each pool's part in it."""
    width, bucket, kind = subject.report.unit, subject.report.buckets.get(line.start), subject.view.kind
    if bucket is None or line.sums is None:
        return nothing(line, width, gap_of(line).value)
    if not line.sums and known.through is not None and line.start >= known.through:
        return nothing(line, width, Gap.NOT_COUNTED.value)
    if kind is not Kind.COMPLETIONS:
        return amounts(line, width, kind).append_text("\n").append(known.change)
    if line.rest:
        return of_pools(line, width, {NO_POOL: line.sums}, knows_pools=False)
    pools = _pools_of(subject.aggregate, bucket, line.names, pool_name)
    knows_pools = line.start not in subject.coarse and "model" in subject.view.fields
    named = max(len(line.names), len(subject.aggregate.within))
    is_of_a_model = "model" in subject.view.grouping.dimensions[:named]
    said = of_pools(line, width, pools, knows_pools=knows_pools and not is_of_a_model).append(known.change)
    if known.headroom is not None:
        said = said.append(busiest_minute(known.headroom))
    return said.append_text(known.ending, theme.WARNING)


def _pools_of(
    breakdown: Aggregate, bucket: Bucket, names: Names, pool_name: Callable[[str | None], str]
) -> dict[str, Sums]:
    """Return what was used of each pool in a line, by its models: a bucket may have thousands of rows."""
    if not names and breakdown.is_whole:
        of_models: dict[str, Sums] = bucket.models
    else:
        of_models = grouped(breakdown.rows(bucket, names), lambda row: row.name)
    found: dict[str, Sums] = {}
    for model, sums in of_models.items():
        pool = pool_name(model)
        found[pool] = found[pool] + sums if pool in found else sums
    return found


def stamp(line: Line, width: Width | Period) -> str:
    """Return which bucket a line is about, in at most seven cells."""
    if isinstance(width, Period):
        return f"{line.start:%b '%y}" if width is Period.MONTH else f"{line.start:W%V}"
    return f"{line.start:%d %b}" if width is Width.DAY else formatting.bucket(line.start, width)


def nothing(line: Line, width: Width | Period, words: str) -> Content:
    """Return why nothing can be said of a line: what is not known is never shown as 0."""
    return Content.styled(f"{stamp(line, width)} {words}", theme.FAINT)


def amounts(line: Line, width: Width | Period, kind: Kind) -> Content:
    """Return what was used of a kind that is never free."""
    facts, sums = Content().append_text(f"{stamp(line, width):<8}", "bold"), line.sums or Sums()
    for each in usual_metrics(kind).values():
        value = each.value(sums)
        number = formatting.full(0 if value is None or value == "new" else round(value))
        facts = facts.append_text(f" {number} {each.title.lower()} ", theme.MUTED)
    return facts


def of_pools(line: Line, width: Width | Period, pools: Mapping[str, Sums], *, knows_pools: bool) -> Content:
    """Return three lines: the sums of free and billed tokens, and each pool's part in them."""
    facts = Content()
    parts = [(stamp(line, width), sum(pools.values(), Sums()))]
    if knows_pools:
        parts += [(f"{POOL_GLYPHS[pool]} {pool}", pools.get(pool, Sums())) for pool in ("large", "small")]
    for name, sums in parts:
        share = "" if sums.whole_share is None else f"{sums.whole_share:>4}%"
        facts = facts.append_text(f"{name:<8}", "bold")
        facts = facts.append_text(f"{formatting.short(sums.free):>5} free", theme.FREE)
        facts = facts.append_text(f"{formatting.short(sums.billed):>6} billed", theme.BILLED)
        facts = facts.append_text(share, theme.FAINT).append_text("\n")
    return facts


def busiest_minute(found: Headroom) -> Content:
    """Return the highest minute of the last hour beside the limits, which the API counts late."""
    tokens, limit = formatting.short(found.tokens), found.limit
    percent = max(found.tokens / max(1, limit.tokens), found.requests / max(1, limit.requests)) * 100
    share = "<1%" if 0 < percent < 1 else f"{int(percent)}%"
    words = f"busiest min est. {tokens} of {formatting.short(limit.tokens)}, {share}"
    return Content.styled(f"{words}\n", theme.MUTED)
