"""A small world for tests: a moment, rows, pages of the API, and sources that answer from memory."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterable
from datetime import UTC, datetime, timedelta

from tui.bootstrap import sources
from tui.config.catalogue import effective_catalogue
from tui.config.schema import Config
from tui.domain.aggregate import Aggregate
from tui.domain.costs import UNREAD, Costs
from tui.domain.dimensions import Grouping
from tui.domain.line import Line
from tui.domain.rows import Row
from tui.domain.table import TableInput, lines
from tui.domain.usage import Bucket, Report
from tui.domain.view import USUAL, View
from tui.engine.engine import Engine
from tui.engine.session import Session
from tui.output.groups import Group, groups
from tui.sources.base import Page, Query
from tui.sources.openai.client import Client
from tui.sources.openai.endpoint import Endpoint, Origin, endpoint
from tui.sources.openai.retry import RetryPolicy

NOW = datetime(2026, 11, 20, 14, 3, tzinfo=UTC)
"""A Friday afternoon."""

TODAY = datetime(2026, 11, 20, tzinfo=UTC)
DAY = timedelta(days=1)
KEY = "sk-admin-test-0123456789abcdef"
FREE = "incentivized-tier"
QUICK = RetryPolicy(attempts=3, total=5.0, attempt=5.0, pause=0.001, longest_pause=0.002)
"""Retries without waiting."""


def row(model: str | None = "gpt-6-sol", tokens: int = 100, output: int = 10, requests: int = 1, **fields) -> Row:
    return Row(model=model, input_tokens=tokens, output_tokens=output, requests=requests, **fields)


def day(ago: int, *rows: Row) -> Bucket:
    return Bucket(TODAY - ago * DAY, rows)


def result(model: str | None = "gpt-6-sol", tokens: int = 100, output: int = 10, requests: int = 1, **fields) -> dict:
    return {
        "object": "organization.usage.completions.result",
        "input_tokens": tokens,
        "output_tokens": output,
        "num_model_requests": requests,
        "model": model,
        **fields,
    }


def bucket(ago: int, *results: dict, **fields) -> dict:
    start = int((TODAY - ago * DAY).timestamp())
    return {"object": "bucket", "start_time": start, "end_time": start + 86_400, "results": list(results), **fields}


def page(*buckets: dict, next_page: str | None = None, **fields) -> dict:
    return {
        "object": "page",
        "data": list(buckets),
        "has_more": next_page is not None,
        "next_page": next_page,
        **fields,
    }


def demo_client() -> Client:
    """The real client, over an in-process transport to the demo's API."""
    return sources.demo_client(lambda: NOW)


def loopback(port: int = 1) -> Endpoint:
    return endpoint(f"http://127.0.0.1:{port}/v1", Origin.FLAG)


class Memory:
    """A source that answers from a list of buckets; it can wait, and it can fail."""

    def __init__(self, *buckets: Bucket) -> None:
        self.buckets = list(buckets)
        self.queries: list[Query] = []
        self.error: Exception | None = None
        self.warning: str | None = None
        self.organization: str | None = "org-test"
        self.open = asyncio.Event()
        self.open.set()

    async def pages(self, query: Query) -> AsyncIterator[Page]:
        self.queries.append(query)
        await self.open.wait()
        if self.error is not None:
            raise self.error
        known = {each.start: each for each in self.buckets}
        found = tuple(known.get(start, Bucket(start)) for start in query.window.starts())
        yield Page(found, self.warning, self.organization)


CATALOGUE = effective_catalogue(Config())


def shown(report: Report, opened: set[datetime], view: View = USUAL, **table_input) -> tuple[Line, ...]:
    """The lines of a report."""
    aggregate = Aggregate(CATALOGUE, view.grouping.dimensions, view.row_filter, merged=view.merged)
    return lines(TableInput(report, opened, **table_input), view, aggregate)


def selected(report: Report, grouping: Grouping = USUAL.grouping, costs: Costs = UNREAD) -> list[Group]:
    """The groups of a report, as `export` prints them."""
    view, aggregate = View(grouping=grouping), Aggregate(CATALOGUE, grouping.dimensions)
    return list(groups(TableInput(report, costs=costs), view, aggregate))


async def gathered(pages: AsyncIterator[Page]) -> tuple[dict[datetime, Bucket], list[str]]:
    """Everything that a source yields: the last of each bucket, and the warnings."""
    buckets: dict[datetime, Bucket] = {}
    warnings: list[str] = []
    async for each in pages:
        buckets.update({one.start: one for one in each.buckets})
        warnings += [each.warning] if each.warning else []
    return buckets, warnings


def dumped(pages: Iterable[dict]) -> str:
    return "".join(json.dumps(each) + "\n" for each in pages)


def source() -> Memory:
    """Four days of usage, today in part free."""
    return Memory(
        day(0, row("gpt-6-sol", 413_759, 142_723, 14, service_tier=FREE), row("ft:gpt:acme:[prod]:x", 1_000, 0, 3)),
        day(1, row("gpt-6-sol", 9_000, 1_000, 2), row("gpt-5-nano", 500, 20, 1), row("o3", 20_000, 1, 1)),
        day(2),
        day(3, row("o3", 7, 7, 7)),
    )


def engine(source, catalogue=None, now: datetime = NOW) -> Engine:
    """The engine without a screen, at a time that stands still."""
    return Engine(Session(source, lambda: now, 6, catalogue or CATALOGUE))
