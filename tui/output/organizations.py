"""The organizations of all profiles, a line each: their pools and their month, and never a sum of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from tui.domain import sanitize
from tui.domain.costs import Month, dollars
from tui.domain.outlook import Outlook
from tui.domain.pool_status import PoolStatus
from tui.output.spans import Span, Spans, Tone
from tui.output.verdict import TONES

_GAP, _MOST_NAME = 2, 24
_GIVE_WAY = ("organization", "month")
"""Columns that are left out where there is no room, in order; the state is cut after that."""


@dataclass(frozen=True, slots=True)
class Organization:
    """What is known of one: its pools of today and its month, as far as they are known, and when that was read.

    `problem` is why it was not read.
    """

    profile: str
    name: str | None = None
    pools: tuple[PoolStatus, ...] = ()
    month: Month | None = None
    read_at: datetime | None = None
    problem: str | None = None


def lines(organizations: Sequence[Organization], pools: Sequence[str], width: int | None = None) -> Iterator[Spans]:
    """Yield a line of heads, and one for each organization, in at most so many cells."""
    heads = ("profile", "organization", *pools, "month", "state")
    rows: list[dict[str, Span]] = [dict(zip(heads, _row(each, pools), strict=True)) for each in organizations]
    rows.insert(0, {head: (head, "muted") for head in heads})
    widths = {head: max(sanitize.width(row[head][0]) for row in rows) for head in heads}
    for head in (None, *_GIVE_WAY):
        if head is not None:
            del widths[head]
        room = None if width is None else width - sum(each + _GAP for name, each in widths.items() if name != "state")
        if room is None or room >= min(widths["state"], _LEAST_STATE):
            break
    if room is not None:
        widths["state"] = max(1, min(widths["state"], room))
    for row in rows:
        yield tuple((_cell(row[head][0], cells), row[head][1]) for head, cells in widths.items())


def _cell(words: str, cells: int) -> str:
    words = sanitize.truncate(words, cells)
    return words + " " * (cells + _GAP - sanitize.width(words))


_LEAST_STATE = 14


def _row(one: Organization, pools: Sequence[str]) -> Iterator[Span]:
    known = {status.pool.name: status for status in one.pools}
    yield one.profile, "strong"
    yield sanitize.truncate(sanitize.clean(one.name or "–"), _MOST_NAME), "plain" if one.name else "faint"
    for pool in pools:
        yield _pool(known.get(pool))
    yield _month(one.month)
    if one.problem is not None:
        yield sanitize.clean(one.problem), "warning"
    else:
        yield ("reading …" if one.read_at is None else f"read {one.read_at:%H:%M} UTC"), "muted"


def _pool(status: PoolStatus | None) -> Span:
    if status is None:
        return "–", "faint"
    tone: Tone = TONES[status.outlook]
    start = status.forecast.earliest
    word = {Outlook.SPENT: "spent", Outlook.LASTS: "lasts", Outlook.UNKNOWN: ""}.get(status.outlook, "runs out")
    when = f" {start:%H:%M}" if status.outlook is Outlook.RUNS_OUT and start is not None else ""
    percent = f"{status.pool.whole_percent}%" if status.pool.measured else "?"
    return f"{percent} {word}{when}".rstrip(), tone


def _month(month: Month | None) -> Span:
    if month is None:
        return "–", "faint"
    least = "≥" if month.at_least else ""
    share = "" if month.percent is None else f" {month.percent}%"
    is_over = month.budget is not None and month.so_far >= month.budget
    return f"{least}{dollars(month.so_far)}{share}", "over" if is_over else "plain"
