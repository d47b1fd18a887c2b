"""JSON of the API to records of the domain, typed and tolerant.

Shapes are OpenAI's OpenAPI document of 2026-08-21 and its client library 3.57.0. Unknown fields are passed over, and
`result` is taken for `results` (an old slip of the document). A page that is as documented is decoded in one go; one
that is not is read in parts, so that a bad row costs that row, and a bad bucket that bucket.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import msgspec

from tui.domain.kinds import Kind
from tui.domain.rows import Row
from tui.sources.openai.numbers import count, flag, word
from tui.sources.openai.results import Result, lenient

T = TypeVar("T")


class _Bucket(msgspec.Struct):
    start_time: int
    end_time: int | None = None
    results: list[Result] | None = None
    result: list[Result] | None = None


class _Page(msgspec.Struct):
    data: list[_Bucket]
    has_more: bool | None = None
    next_page: str | None = None


class _BucketInParts(msgspec.Struct):
    start_time: Any = None
    end_time: Any = None
    results: list[msgspec.Raw] | None = None
    result: list[msgspec.Raw] | None = None


class _PageInParts(msgspec.Struct):
    data: list[msgspec.Raw]
    has_more: Any = None
    next_page: Any = None


class WireBucket(msgspec.Struct, frozen=True):
    """One interval as the API sent it: Unix seconds, its rows, and how many results could not be read as one."""

    start: int
    end: int | None
    rows: tuple[Row, ...]
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class WirePage:
    """One page of the API. `unreadable` counts its buckets that could not be read; `problem` says what is wrong."""

    spans: tuple[WireBucket, ...]
    has_more: bool = False
    next_page: str | None = None
    unreadable: int = 0
    problem: str = ""


_DECODER = msgspec.json.Decoder(_Page)
_BUCKET_DECODER = msgspec.json.Decoder(_Bucket)

_NO_JSON = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


class Malformed(Exception):
    """Bytes that are not what they should be; the text says why, and is no sentence."""


def decode(body: bytes, kind: Kind | None = None) -> WirePage:
    """Return the page that `body` holds. What of it cannot be read is left out and counted.

    Of completions, a result that does not tell its tokens counts as left out too: what it tells is at least so much.

    Raises:
        Malformed: where it is no JSON, or no page; the text names the field.

    """
    try:
        return _decoded(body, kind)
    except _NO_JSON as error:
        mended = _mended(body)
        if mended is None:
            raise Malformed(_plain(error)) from error
    try:
        return _decoded(mended, kind)
    except _NO_JSON as error:
        raise Malformed(_plain(error)) from error


def _decoded(body: bytes, kind: Kind | None) -> WirePage:
    try:
        page = _DECODER.decode(body)
    except msgspec.ValidationError:
        return _in_parts(body, kind)
    spans = [_span(bucket.start_time, bucket.end_time, _results(bucket), kind) for bucket in page.data]
    if any(span.left_out for span in spans) or any(_has_none(bucket) for bucket in page.data):
        return _in_parts(body, kind)
    return _answer(spans, page.has_more, page.next_page)


def _answer(spans: Sequence[WireBucket], has_more: bool | None, next_page: str | None) -> WirePage:  # noqa: FBT001
    return WirePage(tuple(spans), next_page is not None if has_more is None else has_more, next_page or None)


def _has_none(bucket: _Bucket | _BucketInParts) -> bool:
    """Return whether a bucket has no list of results, which is not the same as an empty one."""
    return bucket.results is None and bucket.result is None


def _results(bucket: _Bucket) -> Sequence[Result]:
    return bucket.results or bucket.result or ()


def _span(start: int, end: int | None, results: Sequence[Result | None], kind: Kind | None) -> WireBucket:
    rows = tuple(row for row in (None if each is None else each.row() for each in results) if row is not None)
    is_told = kind is not Kind.COMPLETIONS
    lacking = 0 if is_told else sum(1 for result in results if result is not None and result.lacks_tokens)
    return WireBucket(start, end, rows, len(results) - len(rows) + lacking)


def _in_parts(body: bytes, kind: Kind | None) -> WirePage:
    """Return the page read bucket by bucket, and where one is refused, row by row: what is bad costs only itself."""
    page = msgspec.json.decode(body, type=_PageInParts)
    spans, problems = [], []
    for bucket in page.data:
        try:
            spans.append(_lenient_span(bucket, kind))
        except (*_NO_JSON, ValueError) as error:
            problems.append(f"a bucket of it cannot be read: {_plain(error)}")
    answer = _answer(spans, _or_none(flag, page.has_more), _or_none(word, page.next_page))
    return replace(answer, unreadable=len(problems), problem=next(iter(problems), ""))


def _lenient_span(bucket: msgspec.Raw, kind: Kind | None) -> WireBucket:
    """Return the interval in this JSON.

    Raises:
        ValueError: where it has no start, or no list of results.
        msgspec.DecodeError: where it is no object.
    """
    parts = msgspec.json.decode(bucket, type=_BucketInParts)
    if _has_none(parts):
        raise ValueError("it has no list of results")
    try:
        whole = _BUCKET_DECODER.decode(bucket)
        span = _span(whole.start_time, whole.end_time, _results(whole), kind)
    except msgspec.ValidationError:
        pass
    else:
        if not span.left_out:
            return span
    try:
        start = count(parts.start_time)
    except ValueError:
        start = None
    if start is None:
        raise ValueError("start_time is no time")
    results = [lenient(result) for result in parts.results or parts.result or ()]
    return _span(start, _or_none(count, parts.end_time), results, kind)


def _or_none(read: Callable[[object], T], value: object) -> T | None:
    """Return a value that can be done without, or None where it cannot be read."""
    try:
        return read(value)
    except ValueError:
        return None


def _mended(body: bytes) -> bytes | None:
    """Return the same JSON without what only some writers of JSON allow, or None where it is none.

    That is a byte order mark, NaN and Infinity (which become words, so that they cost their row), bare control
    characters, and bytes and escapes that are no character.
    """
    try:
        document = json.loads(body.decode("utf-8-sig", "replace"), strict=False, parse_constant=str)
        return json.dumps(document, ensure_ascii=False).encode("utf-8", "replace")
    except (ValueError, RecursionError):
        return None


def _plain(error: Exception) -> str:
    """Return msgspec's words without its shorthand for places."""
    words, _, place = str(error).partition(" - at `$.")
    return f"{words}, in {place.rstrip('`')}" if place else words


def one_line(body: bytes) -> str:
    """Return the JSON on one line, in ASCII, with every value as the API wrote it.

    Characters beyond ASCII only occur inside strings, so each can be written as its escape; then nothing in the
    line can act upon a terminal.
    """
    line = msgspec.json.format(body, indent=-1).decode(errors="replace")
    return _NOT_PLAIN.sub(lambda found: _escape(found[0]), line)


_NOT_PLAIN = re.compile(r"[^ -~]")


def _escape(char: str) -> str:
    units = char.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[i] << 8 | units[i + 1]:04x}" for i in range(0, len(units), 2))


class _Reason(msgspec.Struct):
    message: str | None = None
    code: str | int | None = None


class _Failure(msgspec.Struct):
    error: _Reason | str | None = None


def api_message(body: bytes) -> str | None:
    """Return the API's own words from the body of a failed request, where there are any.

    `error` is an object with a `message`, or (seen in 403 answers) the message itself.
    """
    error = _api_error(body)
    return error if isinstance(error, str) else error.message if error else None


def api_code(body: bytes) -> str | None:
    """Return the API's name for what went wrong, where the body of a failed request has one."""
    error = _api_error(body)
    return error.code if isinstance(error, _Reason) and isinstance(error.code, str) else None


def _api_error(body: bytes) -> _Reason | str | None:
    try:
        return msgspec.json.decode(body, type=_Failure).error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
