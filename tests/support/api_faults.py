"""An API that serves small, correct pages of usage, and misbehaves in a named way for as long as it is told to.

async with Misbehaving(clock) as api:
    api.fault = "broken gzip"
    api.fault = None
"""

from __future__ import annotations

import asyncio
import contextlib
import copy
import gzip
import json
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from tests.support.builders import FREE
from tests.support.loopback import Asked, Loopback, Reply, refusal, reset
from tui.domain.time import Width

LONG = 10.0
"""Seconds that no test waits."""

HUGE = 65 * 2**20

Fault = Callable[[Asked, dict[str, Any]], Any]
"""What is answered in the place of a correct page."""


class Misbehaving(Loopback):
    """`clock` is the time over there, `tokens` today's input of the first model, `fault` one of FAULTS or None.

    `open` is how many connections there are.
    """

    def __init__(self, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        super().__init__(self._answer)
        self._clock = clock
        self.tokens = 1_000
        self.open = 0
        self._fault: str | None = None

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    @property
    def fault(self) -> str | None:
        return self._fault

    @fault.setter
    def fault(self, name: str | None) -> None:
        self._now_wrong = None if name is None else FAULTS[name]
        self._fault = name

    def _answer(self, asked: Asked) -> Any:
        wrong = None if self._fault is None else self._now_wrong
        good = self._page(asked)
        answer = good if wrong is None else wrong(asked, good)
        reply = answer if isinstance(answer, Reply) else Reply(answer)
        reply.headers = {"openai-organization": "org-test", **reply.headers}
        return reply

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.open += 1
        try:
            if self._fault == ON_ACCEPT:
                reset(writer)
            else:
                await super()._serve(reader, writer)
        finally:
            self.open -= 1

    def _page(self, asked: Asked) -> dict[str, Any]:
        """Return the whole of a correct answer on one page; nothing costs anything, and nothing has a name."""
        if "/usage/" not in asked.path:
            return {"object": "page", "data": [], "has_more": False, "next_page": None}
        width, now = Width(asked.one("bucket_width")), self._clock()
        begins = width.floor(datetime.fromtimestamp(int(asked.one("start_time")), UTC))
        end = asked.one("end_time")
        ends = now if end is None else datetime.fromtimestamp(int(end), UTC)
        steps = range(-((begins - ends) // width.span))
        starts = [begins + step * width.span for step in steps if asked.path.endswith("/completions")]
        return _page([self._bucket(start, width, asked.all("group_by"), now) for start in starts])

    def _bucket(self, start: datetime, width: Width, group_by: list[str], now: datetime) -> dict[str, Any]:
        ago = (now.date() - start.date()).days
        parts = timedelta(days=1) // width.span
        rows = [
            ("gpt-6-sol", self.tokens + ago, FREE),
            ("o3", 50_000 + ago, "default"),
        ]
        first = int(start.timestamp())
        return {
            "object": "bucket",
            "start_time": first,
            "end_time": first + int(width.span.total_seconds()),
            "results": [_row(model, tokens // parts, tier, group_by) for model, tokens, tier in rows],
        }

    @classmethod
    @contextlib.contextmanager
    def parts(cls) -> Iterator[Misbehaving]:
        """Serve in a thread, for a test that waits for another program."""
        started: list[Misbehaving] = []
        ready, over = threading.Event(), asyncio.Event()
        loop = asyncio.new_event_loop()

        async def serve() -> None:
            async with cls() as api:
                started.append(api)
                ready.set()
                await over.wait()

        def work() -> None:
            with asyncio.Runner(loop_factory=lambda: loop) as runner:
                runner.run(serve())

        thread = threading.Thread(target=work)
        thread.start()
        ready.wait()
        try:
            yield started[0]
        finally:
            loop.call_soon_threadsafe(over.set)
            thread.join()


def _row(model: str, tokens: int, tier: str, group_by: list[str]) -> dict[str, Any]:
    groups = {"model": model, "service_tier": tier, "project_id": "proj_a", "batch": False}
    return {
        "object": "organization.usage.completions.result",
        "input_tokens": tokens,
        "output_tokens": 10,
        "num_model_requests": 1,
        "input_cached_tokens": 0,
        **{name: groups.get(name) if name in group_by else None for name in groups},
    }


def _page(buckets: list[dict[str, Any]], next_page: str | None = None) -> dict[str, Any]:
    return {"object": "page", "data": buckets, "has_more": next_page is not None, "next_page": next_page}


def _each_row(good: dict[str, Any], **change: Any) -> dict[str, Any]:
    wrong = copy.deepcopy(good)
    for bucket in wrong["data"]:
        for row in bucket["results"]:
            row.update(change)
    return wrong


def _each_bucket(good: dict[str, Any], **change: Any) -> dict[str, Any]:
    return {**good, "data": [{**bucket, **change} for bucket in good["data"]]}


def _at(asked: Asked) -> int:
    """Return which page of a chain is asked for."""
    return int((asked.one("page") or "page_0").removeprefix("page_").split("-")[0])


def _burst(status: int) -> Fault:
    """Fail twice each request, then answer it."""
    failed: Counter[str | None] = Counter()

    def fault(asked: Asked, good: dict[str, Any]) -> Any:
        failed[asked.one("bucket_width")] += 1
        return good if failed[asked.one("bucket_width")] % 3 == 0 else refusal(status)

    return fault


def _first_of(good: dict[str, Any], next_page: str | None) -> dict[str, Any]:
    """Return a page of the first bucket, with more to come."""
    return {**_page(good["data"][:1], next_page), "has_more": True}


def _page_by_page(asked: Asked, good: dict[str, Any], *, empty: Callable[[int], bool]) -> dict[str, Any]:
    """One bucket a page; before each, one that is empty where `empty` says so of its number."""
    place, data = _at(asked), good["data"]
    pages = [part for number, bucket in enumerate(data) for part in ([[]] if empty(number) else []) + [[bucket]]]
    more = place + 1 < len(pages)
    return _page(pages[place] if pages else [], f"page_{place + 1}" if more else None)


def _no_end(asked: Asked, good: dict[str, Any], *, growing: bool) -> dict[str, Any]:
    """One bucket after another, and then the last again and again, `growing` or not, always with more to come."""
    place = _at(asked)
    bucket = good["data"][min(place, len(good["data"]) - 1)] if good["data"] else None
    page = _page([bucket] if bucket else [], f"page_{place + 1}")
    return _each_row(page, input_tokens=place) if growing else page


def _refused_cursor(asked: Asked, good: dict[str, Any]) -> Any:
    if asked.one("page") is not None:
        return refusal(400, "The page token is invalid")
    return _first_of(good, "page_1")


def _zipped(good: dict[str, Any], *, truncate: int | None = None, spoiled: bool = False) -> Reply:
    content = gzip.compress(json.dumps(good).encode())[:truncate]
    if spoiled:
        content = content[:12] + bytes(len(content) - 12)
    return Reply(content, headers={"content-encoding": "gzip"})


_HEADERS_ONLY = 60
"""Bytes of an answer that end within its headers."""

_AND_SOME_BODY = 400
"""Bytes of an answer that end within its body."""

ON_ACCEPT = "reset on accept"

_FIELDS_OF_A_PAGE: dict[str, Any] = {"data": "none", "has_more": "yes", "next_page": 5}
_FIELDS_OF_A_BUCKET: dict[str, Any] = {"start_time": "noon", "end_time": [], "results": "none"}
_FIELDS_OF_A_ROW: dict[str, Any] = {
    "input_tokens": "many",
    "output_tokens": 1.5,
    "num_model_requests": True,
    "input_cached_tokens": {},
    "model": 6,
    "service_tier": ["default"],
    "project_id": {"id": "proj_a"},
    "batch": 5,
}
WRONG_TYPES = {
    **{f"wrong type of {name}": lambda _, good, c={name: v}: {**good, **c} for name, v in _FIELDS_OF_A_PAGE.items()},
    **{
        f"wrong type of {name}": lambda _, good, c={name: v}: _each_bucket(good, **c)
        for name, v in _FIELDS_OF_A_BUCKET.items()
    },
    **{
        f"wrong type of {name}": lambda _, good, c={name: v}: _each_row(good, **c)
        for name, v in _FIELDS_OF_A_ROW.items()
    },
}

FAULTS: dict[str, Fault] = {
    "429": lambda *_: refusal(429),
    "429 for a moment": lambda *_: refusal(429, **{"retry-after": "0.2"}),
    "429 for an hour": lambda *_: refusal(429, **{"retry-after": "3600"}),
    "401": lambda *_: refusal(401),
    "500": lambda *_: refusal(500),
    "502 of a proxy": lambda *_: Reply(b"<html>Bad Gateway</html>", 502, {"content-type": "text/html"}),
    "503": lambda *_: refusal(503),
    "burst of 500": _burst(500),
    "burst of 502": _burst(502),
    "burst of 503": _burst(503),
    "burst of 429": _burst(429),
    "error is a string": lambda *_: Reply({"error": "The sky is falling"}, 500),
    "error with status 200": lambda *_: Reply({"error": {"message": "not today"}}),
    "web page": lambda *_: Reply(b"<!doctype html><html>Log in</html>", headers={"content-type": "text/html"}),
    "nothing": lambda *_: Reply(b""),
    "truncated JSON": lambda _, good: Reply(json.dumps(good).encode()[:-40]),
    "a list": lambda *_: Reply([]),
    "deep nesting": lambda *_: Reply(b'{"data":' + b"[" * 100_000),
    "not UTF-8": lambda _, good: Reply(json.dumps(good).replace("o3", "\x00").encode("utf-16")),
    **WRONG_TYPES,
    "negative numbers": lambda _, good: _each_row(good, input_tokens=-5),
    "huge numbers": lambda _, good: _each_row(good, input_tokens=2**63),
    "times that are none": lambda _, good: _each_bucket(good, start_time=2**62),
    "times before the window": lambda _, good: _each_bucket(good, start_time=-1),
    "slow headers": lambda _, good: Reply(good, drip=0.1),
    "no answer": lambda _, good: Reply(good, hang=LONG),
    "stalled body": lambda _, good: Reply(good, truncate=30, stall=LONG),
    "body cut short": lambda _, good: Reply(good, truncate=30),
    ON_ACCEPT: lambda _, good: Reply(good, reset=0),
    "reset before the headers": lambda _, good: Reply(good, reset=0),
    "reset in the headers": lambda _, good: Reply(good, reset=_HEADERS_ONLY),
    "reset in the body": lambda _, good: Reply(good, reset=_AND_SOME_BODY),
    "not HTTP": lambda *_: Reply(b"", 999_999),
    "repeated cursor": lambda _, good: _first_of(good, "page_0"),
    "missing cursor": lambda _, good: _first_of(good, None),
    "refused cursor": _refused_cursor,
    "more for ever": partial(_no_end, growing=False),
    "more for ever, always different": partial(_no_end, growing=True),
    "empty pages for ever": lambda asked, _: _page([], f"page_{_at(asked) + 1}"),
    "no buckets": lambda *_: _page([]),
    "empty pages in between": partial(_page_by_page, empty=lambda number: number % 2 == 1),
    "one bucket a page": partial(_page_by_page, empty=lambda _: False),
    "duplicated buckets": lambda _, good: {**good, "data": [*good["data"], *good["data"]]},
    "unordered buckets": lambda _, good: {**good, "data": good["data"][::2] + good["data"][1::2][::-1]},
    "redirect to another host": lambda asked, _: Reply(
        b"", 302, {"location": f"https://elsewhere.example{asked.path}"}
    ),
    "65 MB page": lambda *_: Reply(b'{"data": [], "padding": "' + b"x" * HUGE + b'"}'),
    "broken gzip": lambda _, good: _zipped(good, spoiled=True),
    "gzip that is none": lambda _, good: Reply(good, headers={"content-encoding": "gzip"}),
    "gzip cut short": lambda _, good: _zipped(good, truncate=-20),
}
"""Every way to misbehave, by its name."""
