"""What the demo's usage costs: daily, by line item and project; amounts are strings, as the live API sends them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from starlette.requests import Request

from tui.sources.demo import parameters
from tui.sources.demo.organization import INCENTIVIZED, Organization, Record
from tui.sources.demo.workloads import TOOL_PRICES, Stream

FIELDS = ("project_id", "line_item", "user_id", "api_key_id", "api_source")
_DEFAULT, _MAXIMUM = 7, 180
_MILLION = 1_000_000
_TIERS = {"flex": Decimal("0.5"), "priority": Decimal(2), "fast": Decimal(2)}
_HALF = Decimal("0.5")
_IN_TOKENS = {"completions", "decisions", "embeddings", "moderations"}
_TOOLS = {
    "web_search_calls": "web search tool calls",
    "file_search_calls": "file search tool calls",
    "code_interpreter_sessions": "code interpreter sessions",
}


def costs(request: Request, organization: Organization, now: datetime) -> dict[str, object]:
    """Return one page of costs."""
    parameters.one_of(request, "bucket_width", {"1d": (timedelta(days=1), _DEFAULT, _MAXIMUM)}, "1d")
    most = parameters.limit(request, _DEFAULT, _MAXIMUM)
    group_by = parameters.grouping(request, FIELDS)
    projects = set(parameters.values(request, "project_ids"))

    def results(begin: datetime, end: datetime) -> list[object]:
        groups: dict[tuple[str | None, ...], list[Charge]] = {}
        for record in organization.records(begin, end, now):
            if projects and record.stream.project not in projects:
                continue
            for charge in _charged(record):
                told = _values(record.stream, charge)
                group = tuple(told[name] if name in group_by else None for name in FIELDS)
                groups.setdefault(group, []).append(charge)
        if begin.day == _CREDIT_DAY and end <= now and not projects:
            words = _CREDIT.line_item
            group = tuple(words if name == "line_item" and name in group_by else None for name in FIELDS)
            groups.setdefault(group, []).append(_CREDIT)
        return [_result(dict(zip(FIELDS, values, strict=True)), group) for values, group in groups.items()]

    return parameters.page(request, now, timedelta(days=1), most, results)


class Charge(NamedTuple):
    """A part of what a record costs, in dollars, and what it counts: `unit` has a name for tokens only."""

    line_item: str
    amount: Decimal
    quantity: int
    unit: str | None = None


_CREDIT_DAY, _CREDIT = 3, Charge("Promotional credit", Decimal(-5), 1)
"""A promotional credit is taken off on the third of each month."""


def _values(stream: Stream, charge: Charge) -> dict[str, str]:
    return {
        "project_id": stream.project,
        "line_item": charge.line_item,
        "user_id": stream.user,
        "api_key_id": stream.key,
        "api_source": stream.api_source,
    }


def _result(values: dict[str, str | None], group: list[Charge]) -> dict[str, object]:
    line_item = values["line_item"]
    return {
        "object": "organization.costs.result",
        "amount": {"value": str(sum((charge.amount for charge in group), Decimal(0))), "currency": "usd"},
        **values,
        "quantity": sum(charge.quantity for charge in group) if line_item is not None else None,
        "quantity_unit": group[0].unit if line_item is not None else None,
    }


def _charged(record: Record) -> Iterator[Charge]:
    """Yield the line items of a record. What is free costs nothing."""
    stream = record.stream
    if stream.tool is not None:
        yield Charge(_TOOLS[stream.tool], TOOL_PRICES[stream.tool] * record.requests, record.requests)
    factor = _factor(stream, record.service_tier)
    price_in, price_cached, price_out = stream.prices
    if stream.kind == "vector_stores":
        yield Charge("vector store storage", Decimal(record.input) * price_in / _MILLION, record.input)
        return
    cached = record.cached if stream.kind in {"completions", "decisions"} else 0
    parts = (
        ("input", record.input - cached, price_in),
        ("cached input", cached, price_cached),
        ("output", record.output, price_out),
    )
    tier = f"{record.service_tier} | " if record.service_tier in {"priority", "fast"} else ""
    unit = "tokens" if stream.kind in _IN_TOKENS else None
    for part, quantity, price in parts:
        if quantity:
            amount = Decimal(quantity) * price * factor / _MILLION
            yield Charge(f"{tier}{stream.model}, {part}", amount, quantity, unit)


def _factor(stream: Stream, tier: str) -> Decimal:
    if tier == INCENTIVIZED:
        return Decimal(0)
    return _TIERS.get(tier, Decimal(1)) * (_HALF if stream.batch else 1)
