"""What a run used, in words, as a list, and as a document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from tui.domain import formatting, percent, sanitize
from tui.domain.costs import dollars
from tui.domain.pools import Limit
from tui.domain.rows import Sums
from tui.domain.runs import ModelUsage, Run, RunUsage, whole_minutes

_HEADS = ("model", "requests", "input", "cached", "output", "free", "billed", "est.")


def lines(run: Run, now: datetime, limits: Mapping[str, Limit], why: str = "") -> Iterator[str]:
    """Yield what there is to say of a run at its end: how long it was, what it used, and what that rests on.

    `why` is a sentence that says why not all of it was read.
    """
    usage = run.usage or RunUsage()
    window = run.minutes(now)
    status = "" if run.status is None else f", status {run.status}"
    yield f"{title(run)}: {formatting.duration(run.until(now) - run.started)}, {_when(run, now)} UTC{status}"
    yield state(run, now, why)
    if usage.models:
        yield from _table(usage)
    for name, tokens in usage.pools.items():
        yield f"{name} pool: {_share(tokens, limits.get(name))}"
    whose = f"Only {_only(run)}" if run.only else "All of the organization"
    yield (
        f"{whose}, in the whole minutes {window.start:%H:%M} to {window.end:%H:%M} UTC: what else ran in the first "
        "and the last of them, before and after, is in it."
    )


def title(run: Run) -> str:
    """Return what a run is called, fit for the screen."""
    return sanitize.elide(sanitize.clean(run.name), 60)


def _only(run: Run) -> str:
    return ", ".join(f"{name} {sanitize.clean(value)}" for name, value in run.only)


def _when(run: Run, now: datetime) -> str:
    end = run.until(now)
    is_same_day = end.date() == run.started.date()
    last = formatting.clock(end) if is_same_day else f"{formatting.weekday(end)} {formatting.clock(end)}"
    return f"{formatting.weekday(run.started)} {formatting.clock(run.started)} to {last}"


def state(run: Run, now: datetime, why: str = "") -> str:
    """Return in a sentence what is known of a run, and whether that is all; or why nothing is."""
    usage = run.usage
    if usage is None or not run.is_read(now):
        return "not kept by the API any more" if run.is_complete else f"not read{why and f': {why}'}"
    doubts = []
    if usage.not_kept:
        doubts.append(f"{formatting.duration(usage.not_kept)} are not kept by the API any more")
    if usage.unread > usage.not_kept:
        doubts.append(f"{formatting.duration(usage.unread - usage.not_kept)} could not be read")
    if not run.is_complete and usage.through is not None:
        doubts.append(f"the API has counted through {usage.through:%H:%M}")
    elif not run.is_complete:
        doubts.append("the API has not come to it yet")
    why = f" ({'; '.join(doubts)})" if doubts else ""
    return f"{'complete' if run.is_complete else 'so far'}{why}: {summary(usage)}"


def since(mark: Run, usage: RunUsage, now: datetime, key: str) -> tuple[str, ...]:
    """Return what was used since a mark, in parts that matter less and less; the last names the key that ends it."""
    begun = (
        f"since {mark.started:%H:%M}" if mark.started.date() == now.date() else f"since {mark.started:%a %d %b %H:%M}"
    )
    lasted = now - mark.started
    sums = usage.sums
    counted = None if usage.through is None else usage.through - whole_minutes(mark.started, now).start
    minutes = 0 if counted is None else int(counted.total_seconds() // 60)
    rate = (f"{formatting.short(sums.total / minutes)}/min",) if sums and minutes > 0 else ()
    through = () if usage.through is None else (f"counted through {usage.through:%H:%M}",)
    return f"{begun} ({formatting.duration(lasted)})", *summary(usage).split(", "), *rate, *through, f"{key} ends it"


def summary(usage: RunUsage) -> str:
    """Return the sums in a few words."""
    sums = usage.sums
    if not sums:
        return "nothing was used" if usage.complete else "nothing is counted yet"
    share = f", {sums.whole_share}% free" if sums.whole_share is not None else ""
    return (
        f"{formatting.full(sums.total)} tokens in {formatting.count(sums.requests, 'request')}{share}, {cost(usage)}"
    )


def cost(usage: RunUsage) -> str:
    """Return what billed tokens cost, est., and whether a price is missing."""
    more = " and what has no price" if usage.unpriced else ""
    return f"est. {dollars(usage.cost)}{more}"


def _known_cost(usage: RunUsage) -> str:
    """Return what billed tokens cost, with a sign where the price of some is not known."""
    return dollars(usage.cost) + ("+" if usage.unpriced else "")


def _table(usage: RunUsage) -> Iterator[str]:
    rows = [_HEADS, *(_row(each) for each in usage.models)]
    if len(usage.models) > 1:
        rows.append(("all", *_counts(usage.sums), _known_cost(usage)))
    widths = [max(len(row[place]) for row in rows) for place in range(len(_HEADS))]
    for row in rows:
        first, *rest = row
        yield "  ".join(
            [f"{first:<{widths[0]}}", *(f"{cell:>{width}}" for cell, width in zip(rest, widths[1:], strict=True))]
        )


def _row(used: ModelUsage) -> tuple[str, ...]:
    amount = "no price" if used.cost is None else dollars(used.cost)
    return (sanitize.elide(sanitize.clean(used.model), 40), *_counts(used.sums), amount)


def _counts(sums: Sums) -> tuple[str, ...]:
    return tuple(map(formatting.full, (sums.requests, sums.input, sums.cached, sums.output, sums.free, sums.billed)))


def _share(tokens: int, limit: Limit | None) -> str:
    if limit is None or not limit.tokens:
        return f"{formatting.full(tokens)} free tokens"
    mark = "?" if limit.source == "assumed" else ""
    of = f"{formatting.full(limit.tokens)}{mark}"
    return f"{formatting.full(tokens)} free tokens, {percent.tenths(tokens, limit.tokens)}% of a day's {of}"


_LIST = ("started (UTC)", "name", "lasted", "tokens", "free", "billed", "est.", "")
_LEAST_NAME, _LEAST_STATE, _GAP = 16, len("not counted yet"), 2
_GIVE_WAY = ("est.", "free", "billed", "lasted")
"""Columns of the list that are left out where names have too little room, in order."""


def list_lines(runs: Sequence[Run], now: datetime, width: int | None = None) -> Iterator[str]:
    """Yield a line for each run, the newest first, under a line of heads; in at most so many cells."""
    if not runs:
        yield "No runs are kept: oai-usage-tui run -- COMMAND measures one."
        return
    rows = [dict(zip(_LIST, _list_row(run, now), strict=True)) for run in runs]
    widths = {head: max(len(head), *(sanitize.width(row[head]) for row in rows)) for head in _LIST}
    for head in ("", *_GIVE_WAY):
        if head:
            del widths[head]
        room = None if width is None else width - sum(each + _GAP for name, each in widths.items() if name != "name")
        if room is None or room >= min(widths["name"], _LEAST_NAME):
            break
    if room is not None:
        given = min(max(0, min(widths["name"], _LEAST_NAME) - room), widths[""] - min(widths[""], _LEAST_STATE))
        widths[""] -= given
        widths["name"] = max(1, min(widths["name"], room + given))
    for row in [dict(zip(_LIST, _LIST, strict=True)), *rows]:
        yield (" " * _GAP).join(_aligned(head, row[head], cells) for head, cells in widths.items()).rstrip()


def _aligned(head: str, words: str, cells: int) -> str:
    if not head and len(words) > cells:
        words = words.partition(",")[0]  # that an end is unknown comes first
    words = sanitize.elide(words, cells)
    blanks = " " * (cells - sanitize.width(words))
    return words + blanks if head in {"started (UTC)", "name", ""} else blanks + words


def _list_row(run: Run, now: datetime) -> Iterable[str]:
    """Return the cells of a run in the list."""
    usage = run.usage
    numbers: Iterable[str] = ("", "", "", "")
    if usage is not None and run.is_read(now) and (usage.sums or usage.complete):
        sums = usage.sums
        numbers = (*map(formatting.full, (sums.total, sums.free, sums.billed)), _known_cost(usage))
    begun = f"{formatting.weekday(run.started)} {run.started:%H:%M}"
    lasted = formatting.duration(run.until(now) - run.started)
    return (begun, title(run), f"{lasted} or more" if run.is_end_unknown else lasted, *numbers, _state(run, now))


def _state(run: Run, now: datetime) -> str:
    """Return in a few words whether all is known of a run."""
    if not run.is_over:
        return "running" if run.is_running else "goes on"
    if run.usage is None:
        counted = "not read yet"
    elif not run.is_read(now):
        counted = "not kept" if run.is_complete else "not read"
    elif run.is_complete:
        counted = "complete"
    else:
        counted = "so far" if run.usage.sums else "not counted yet"
    return f"end unknown, {counted}" if run.is_end_unknown else counted


def document(run: Run, now: datetime, limits: Mapping[str, Limit] | None = None) -> dict[str, Any]:
    """Return a run as a document for JSON: instants RFC 3339 in UTC, dollars as numbers, the unknown is null."""
    usage, window = run.usage, run.minutes(now)
    return {
        "id": run.id,
        "name": run.name,
        "kind": run.kind,
        "started": formatting.instant(run.started),
        "ended": formatting.instant(run.ended),
        "last_seen": formatting.instant(run.last_seen) if run.is_end_unknown else None,
        "status": run.status,
        "only": [{"dimension": name, "value": value} for name, value in run.only],
        "minutes": {"start": formatting.instant(window.start), "end": formatting.instant(window.end)},
        "complete": run.is_complete,
        **_usage_document(usage, limits or {}, is_read=run.is_read(now)),
    }


def _usage_document(usage: RunUsage | None, limits: Mapping[str, Limit], *, is_read: bool) -> dict[str, Any]:
    if usage is None:
        return dict.fromkeys(
            ("read_at", "data_through", "unread_seconds", "not_kept_seconds", "totals", "models", "pools")
        )
    found = {
        "read_at": formatting.instant(usage.read_at),
        "data_through": formatting.instant(usage.through),
        "unread_seconds": int(usage.unread.total_seconds()),
        "not_kept_seconds": int(usage.not_kept.total_seconds()),
    }
    if not is_read or not (usage.sums or usage.complete):  # the API has not come to it: that is not nothing
        return {**found, **dict.fromkeys(("totals", "models", "pools"))}
    return {
        **found,
        "totals": {**_sums(usage.sums), "est_cost": float(usage.cost), "models_without_price": list(usage.unpriced)},
        "models": [
            {"model": each.model, **_sums(each.sums), "est_cost": None if each.cost is None else float(each.cost)}
            for each in usage.models
        ],
        "pools": [
            {
                "pool": name,
                "free": tokens,
                "limit": limits[name].tokens if name in limits else None,
                "limit_source": limits[name].source if name in limits else None,
            }
            for name, tokens in usage.pools.items()
        ],
    }


def _sums(sums: Sums) -> dict[str, int]:
    return {
        "requests": sums.requests,
        "input": sums.input,
        "cached": sums.cached,
        "output": sums.output,
        "total": sums.total,
        "free": sums.free,
        "billed": sums.billed,
    }
