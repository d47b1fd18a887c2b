"""JSON of the API to records of the domain, typed and tolerant.

Shapes are OpenAI's OpenAPI document of 2026-08-21 and its client library 3.54.0. Unknown fields are passed over,
`result` is taken for `results` (an old slip of the document), and `batch` may be a word.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from sys import intern
from typing import Annotated, Any

import msgspec

from tui.domain.kinds import Kind
from tui.domain.usage import Row
from tui.errors import Unreadable

_MOST = 10**18
"""Nothing counts so much; where it is exceeded, as where it is negative, a number was spoiled on its way."""

_Count = Annotated[int, msgspec.Meta(ge=0, le=_MOST)]
_Seconds = Annotated[float, msgspec.Meta(ge=0, le=_MOST)]


class _Result(msgspec.Struct):
    input_tokens: _Count | None = None
    output_tokens: _Count | None = None
    num_model_requests: _Count | None = None
    input_cached_tokens: _Count | None = None
    input_cache_write_tokens: _Count | None = None
    input_audio_tokens: _Count | None = None
    input_cached_audio_tokens: _Count | None = None
    output_audio_tokens: _Count | None = None
    input_image_tokens: _Count | None = None
    input_cached_image_tokens: _Count | None = None
    output_image_tokens: _Count | None = None
    num_requests: _Count | None = None
    num_sessions: _Count | None = None
    images: _Count | None = None
    characters: _Count | None = None
    seconds: _Count | _Seconds | None = None
    usage_bytes: _Count | None = None
    model: str | None = None
    service_tier: str | None = None
    project_id: str | None = None
    user_id: str | None = None
    api_key_id: str | None = None
    batch: bool | str | None = None
    size: str | None = None
    source: str | None = None
    vector_store_id: str | None = None
    context_level: str | None = None

    def row(self) -> Row:
        if all(getattr(self, name) is None for name in _NUMBERS):
            raise Unreadable("A row of usage holds no number.")
        batch = self.batch.lower() == "true" if isinstance(self.batch, str) else self.batch
        return Row(
            model=_one(self.model) or None,
            service_tier=_one(self.service_tier),
            project_id=_one(self.project_id),
            user_id=_one(self.user_id),
            api_key_id=_one(self.api_key_id),
            batch=batch,
            size=self.size,
            source=self.source,
            vector_store_id=self.vector_store_id,
            context_level=self.context_level,
            input_tokens=self.input_tokens or 0,
            output_tokens=self.output_tokens or 0,
            requests=self.num_model_requests or 0,
            input_cached_tokens=self.input_cached_tokens or 0,
            input_cache_write_tokens=self.input_cache_write_tokens or 0,
            input_audio_tokens=self.input_audio_tokens or 0,
            input_cached_audio_tokens=self.input_cached_audio_tokens or 0,
            output_audio_tokens=self.output_audio_tokens or 0,
            input_image_tokens=self.input_image_tokens or 0,
            input_cached_image_tokens=self.input_cached_image_tokens or 0,
            output_image_tokens=self.output_image_tokens or 0,
            amount=self._amount(),
        )

    def _amount(self) -> int:
        """Return what a kind of usage that is not counted in tokens counts; seconds are rounded."""
        amounts = (
            self.images, self.characters, self.seconds, self.usage_bytes, self.num_sessions, self.num_requests,
        )  # fmt: skip
        return next((round(amount) for amount in amounts if amount), 0)


def _one(name: str | None) -> str | None:
    """Return the one object for a name that comes in thousands of rows."""
    return None if name is None else intern(name)


_NUMBERS = _Result.__struct_fields__[: _Result.__struct_fields__.index("model")]


class _Bucket(msgspec.Struct):
    start_time: int
    end_time: int | None = None
    results: list[_Result] | None = None
    result: list[_Result] | None = None


class _Page(msgspec.Struct):
    data: list[_Bucket]
    has_more: bool | None = None
    next_page: str | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """One interval as the API sent it: Unix seconds, and its rows."""

    start: int
    end: int | None
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """One page of the API."""

    spans: tuple[Span, ...]
    has_more: bool = False
    next_page: str | None = None


_KNOWN = tuple(
    f"organization.usage.{name}.result"
    for name in (
        *(kind.value for kind in Kind if kind not in {Kind.FILE_SEARCHES, Kind.WEB_SEARCHES}),
        *("file_searches", "web_searches"),  # whose objects are not called like their paths
    )
)

_DECODER = msgspec.json.Decoder(_Page)


def decode(body: bytes) -> Answer:
    """Return the page that `body` holds.

    Raises:
        Unreadable: where it is no JSON, or not of the documented shape; the text names the field.

    """
    try:
        page = _decoded(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Unreadable(f"{_plain(error)}.") from error
    return Answer(
        spans=tuple(
            Span(bucket.start_time, bucket.end_time, _rows(bucket.results or bucket.result or ()))
            for bucket in page.data
        ),
        has_more=page.next_page is not None if page.has_more is None else page.has_more,
        next_page=page.next_page or None,
    )


def _decoded(body: bytes) -> _Page:
    """Return the page; results of objects that are not known and have other shapes are left out."""
    try:
        return _DECODER.decode(body)
    except msgspec.ValidationError:
        without = _without_strangers(body)
        if without is None:
            raise
        return msgspec.convert(without, _Page)


def _without_strangers(body: bytes) -> object | None:
    """Return the page without results of unknown objects, or None where there are none."""
    try:
        page = msgspec.json.decode(body, type=dict[str, Any])
        buckets = msgspec.convert(page.get("data"), list[dict[str, Any]])
    except (msgspec.DecodeError, msgspec.ValidationError):
        return None
    before = msgspec.json.encode(buckets)
    for bucket in buckets:
        for name in ("results", "result"):
            bucket[name] = [each for each in bucket.get(name) or () if not _is_strange(each)]
    page["data"] = buckets
    return page if len(msgspec.json.encode(buckets)) < len(before) else None


def _is_strange(result: object) -> bool:
    return not isinstance(result, dict) or result.get("object", _KNOWN[0]) not in _KNOWN


def _plain(error: Exception) -> str:
    """Return msgspec's words without its shorthand for places."""
    words, _, place = str(error).partition(" - at `$.")
    return f"{words}, in {place.rstrip('`')}" if place else words


def _rows(results: Sequence[_Result]) -> tuple[Row, ...]:
    return tuple(result.row() for result in results)


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
