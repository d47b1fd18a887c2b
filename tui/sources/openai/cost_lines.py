"""A page of costs, read leniently: what is wrong with one line or bucket costs that one.

Amounts are documented as numbers and come as strings too, long and with exponents (seen 2026-05 to 2026-07 by several
clients); each is read as it is written, into Decimal.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from sys import intern

from msgspec import DecodeError, Raw, Struct
from msgspec.json import Decoder

from tui.domain.costs import DOLLARS, Cost
from tui.sources.openai.numbers import decimal
from tui.sources.openai.wire import Malformed

_MOST = Decimal(10**15)
"""No organization ever paid so much; beyond it sums would not be exact any more."""

_LONGEST_NUMBER = 100

_TOKENS_IN = {"tokens": 1, "1000_tokens": 1_000}
"""The units of a quantity that are tokens (OpenAPI document of 2026-08-21)."""


class CostBucket(Struct, frozen=True):
    """One interval as the API sent it: Unix seconds, its lines, and how many of these could not be read."""

    start: int
    lines: tuple[Cost, ...]
    left_out: int = 0


class CostPage(Struct, frozen=True):
    """One page of costs. `lost_buckets` counts those that could not be read at all."""

    buckets: tuple[CostBucket, ...]
    lost_buckets: int = 0
    has_more: bool = False
    next_page: str | None = None

    @property
    def names_buckets(self) -> bool:
        """Return whether there is any bucket on the page, readable or not."""
        return bool(self.buckets or self.lost_buckets)


class _Amount(Struct, gc=False):
    value: Raw
    currency: str | None = None


class _Result(Struct, gc=False):
    amount: _Amount
    line_item: str | None = None
    project_id: str | None = None
    quantity: Raw = Raw(b"null")
    quantity_unit: str | None = None
    user_id: str | None = None
    api_key_id: str | None = None
    api_source: str | None = None


class _Bucket(Struct):
    start_time: int
    results: list[_Result]


class _Page(Struct):
    data: list[_Bucket]
    has_more: bool | None = None
    next_page: str | None = None


_DECODER = Decoder(_Page)
_AMOUNT = re.compile(r'"?(-?[0-9]{1,40}(?:\.[0-9]{1,40})?(?:[eE][+-]?[0-9]{1,2})?)"?')
_QUANTITY = re.compile(r"-?[0-9]{1,15}")


def decode(body: bytes) -> CostPage:
    """Return the page that `body` holds.

    A page that is as documented, which is nearly every one, is decoded in one go, in a tenth of the time.

    Raises:
        Malformed: where it is no JSON, or no page.
    """
    try:
        page = _DECODER.decode(body)
        buckets = tuple(CostBucket(each.start_time, tuple(map(_line, each.results))) for each in page.data)
    except (DecodeError, ValueError, RecursionError):
        return _in_parts(body)
    next_page = page.next_page or None
    return CostPage(buckets, 0, next_page is not None if page.has_more is None else page.has_more, next_page)


def _line(result: _Result) -> Cost:
    """Return the cost in a result whose numbers are as usual.

    Raises:
        ValueError: where they are not.
    """
    written = _AMOUNT.fullmatch(bytes(result.amount.value).decode())
    if written is None or abs(value := Decimal(written[1])) > _MOST:
        raise ValueError("an amount is not as usual")
    factor = None if result.quantity_unit is None else _TOKENS_IN.get(result.quantity_unit)
    tokens = None
    if factor is not None:
        quantity = bytes(result.quantity).decode()
        if not _QUANTITY.fullmatch(quantity):
            raise ValueError("a quantity is not as usual")
        tokens = int(quantity) * factor
    return Cost(
        value,
        _name(result.line_item),
        _name(result.project_id),
        intern((result.amount.currency or DOLLARS).strip().lower()),
        tokens,
        _name(result.user_id),
        _name(result.api_key_id),
        _name(result.api_source),
    )


def _in_parts(body: bytes) -> CostPage:
    """Return the page read line by line: what is bad costs only itself.

    Raises:
        Malformed: where it is no JSON, or no page.
    """
    try:  # numbers stay exact, and one of 5,000 digits, or NaN, is the fault of its line alone; so is a bad character
        text = body.decode("utf-8-sig", "replace")
        page = json.loads(text, strict=False, parse_float=_number, parse_int=_number, parse_constant=_number)
    except (ValueError, RecursionError) as error:
        raise Malformed(f"it is no JSON: {error}") from error
    if not isinstance(page, dict) or not isinstance(page.get("data"), list):
        raise Malformed("it is no page of buckets")
    buckets = [_bucket(each) for each in page["data"]]
    following = page.get("next_page")
    next_page = following if isinstance(following, str) and following else None
    has_more = page.get("has_more")
    return CostPage(
        tuple(bucket for bucket in buckets if bucket is not None),
        buckets.count(None),
        next_page is not None if has_more is None else has_more is True,
        next_page,
    )


def _number(written: str) -> Decimal | None:
    """Return a number as it is written, or NaN where no amount is written so."""
    return Decimal(written) if len(written) <= _LONGEST_NUMBER else Decimal("NaN")


def _bucket(value: object) -> CostBucket | None:
    if not isinstance(value, Mapping):
        return None
    start = _whole(value.get("start_time"))
    results = value.get("results")
    if results is None:
        results = value.get("result")  # an empty list says that nothing was charged, none says nothing
    if start is None or not isinstance(results, list):
        return None
    lines: list[Cost] = []
    left_out = 0
    for each in results:
        try:
            cost = _cost(each)
        except (TypeError, ValueError, InvalidOperation):
            left_out += 1
        else:
            lines += [] if cost is None else [cost]
    return CostBucket(start, tuple(lines), left_out)


def _cost(result: object) -> Cost | None:
    """Return the cost in a result, or None where it has no amount.

    Raises:
        TypeError, ValueError, InvalidOperation: where it cannot be read.
    """
    if not isinstance(result, Mapping):
        raise TypeError("a result is no object")
    amount = result.get("amount")
    value, currency = (amount.get("value"), amount.get("currency")) if isinstance(amount, Mapping) else (amount, None)
    if value is None:
        return None
    if isinstance(value, str):
        value = decimal(value)
    if not isinstance(value, Decimal) or not value.is_finite() or abs(value) > _MOST:
        raise ValueError("an amount is no number of money")
    if currency is not None and not isinstance(currency, str):
        raise TypeError("a currency is no name")
    return Cost(
        value,
        _name(result.get("line_item")),
        _name(result.get("project_id")),
        intern((currency or DOLLARS).strip().lower()),
        _tokens(result.get("quantity"), result.get("quantity_unit")),
        *(_name(result.get(field)) for field in ("user_id", "api_key_id", "api_source")),
    )


def _name(value: object) -> str | None:
    """Return the one object for a name that comes in thousands of lines; what is no name costs no money."""
    return intern(value) if isinstance(value, str) else None


def _tokens(quantity: object, unit: object) -> int | None:
    factor = _TOKENS_IN.get(unit) if isinstance(unit, str) else None
    if factor is None or not isinstance(quantity, Decimal) or not quantity.is_finite() or abs(quantity) > _MOST:
        return None
    return round(quantity * factor)


def _whole(value: object) -> int | None:
    """Return a whole number that came as one, as `1730419200.0`, or as text."""
    if isinstance(value, str):
        try:
            value = _number(value.strip())
        except InvalidOperation:
            return None
    if not isinstance(value, Decimal) or not value.is_finite() or abs(value) > _MOST:
        return None
    return int(value) if value == value.to_integral_value() else None
