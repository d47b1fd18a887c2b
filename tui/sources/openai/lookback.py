"""The refusal of a start that lies before what the API keeps: telling it from others, and the day that it names.

It is a 400 with the code `reporting_lookback_exceeded` and the words "Usage and cost data are available for the past
year. Earliest supported start date: 2025-11-25 (UTC)." (public clients that met it, October 2026). The code decides.
Where it is missing, as behind a gateway that rewrites errors, words that cannot mean anything else do.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
from contextlib import aclosing, asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta

from tui.domain.lookback import Lookback, Search
from tui.domain.time import DAY, Window, midnight
from tui.errors import NotKept
from tui.sources.base import Page

CODE = "reporting_lookback_exceeded"

_STATUSES = {400, 404, 410, 416, 422}
"""Those of which the words are looked at where there is no code."""

_WORDS = re.compile(
    r"look-?back|retention (period|window|limit|policy)"
    r"|(earliest|oldest) (supported|available|allowed|possible|valid|permitted)"
    r"|start[_ ]?(time|date)?\b.{0,60}\b(too old|too far|older than|further back|before the (earliest|oldest|first))"
    r"|(no longer|only) (available|kept|stored|retained|supported)"
    r".{0,40}\b(day|month|year|since|from|after|past|last)"
    r"|available (only )?(for|since|from) .{0,20}\b(past|last|\d{4})",
    re.IGNORECASE,
)

_MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}
_TIME = r"(?:[T ]+(?P<H>\d{2}):(?P<M>\d{2})(?::(?P<S>\d{2})(?:\.\d+)?)?(?P<zone>[+-]\d{2}:?\d{2})?)?"
_MONTH = rf"(?P<month>{'|'.join(_MONTHS)})[a-z]*\.?"
_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"\b(?P<y>\d{{4}})[-/.](?P<m>\d{{1,2}})[-/.](?P<d>\d{{1,2}}){_TIME}",
        r"\b(?P<y>20\d{2})(?P<m>\d{2})(?P<d>\d{2})\b",
        rf"\b(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?: of)?[ -]{_MONTH},?[ -](?P<y>\d{{4}})",
        rf"\b{_MONTH} (?P<d>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<y>\d{{4}})",
        r"\b(?P<d>\d{1,2})[/.](?P<m>\d{1,2})[/.](?P<y>\d{4})",
        r"\b(?P<m>\d{1,2})/(?P<d>\d{1,2})/(?P<y>\d{4})",
        r"\b(?P<ms>1\d{12})\b",
        r"\b(?P<s>1\d{9})\b",
    )
)
_SPAN = re.compile(
    r"\b(?:past|last|previous|up to|most|than|of|within|for)(?: the| a| an| one)? ?(?P<n>\d+)?[ -]?"
    r"(?P<unit>day|week|month|year)s?\b",
    re.IGNORECASE,
)
_SPANS = {"day": 1, "week": 7, "month": 31, "year": 366}
"""Days, rather too many: a day too far back is refused and costs a request, one too few would go unread."""


def is_refusal(status: int, message: str | None, code: str | None) -> bool:
    """Return whether a failed answer says that what was asked for begins before what is kept."""
    if code == CODE:
        return 400 <= status < 500
    return status in _STATUSES and message is not None and _WORDS.search(message) is not None


def earliest(message: str | None, asked_from: datetime | None, now: datetime) -> datetime | None:
    """Return the first moment that is kept, as far as the message names one that can be true.

    It lies after what was asked for, and not in the future. What stands behind the word "earliest" is looked at
    first; a date that can be read in two ways is the older one, since a start that is too early is refused again.
    """
    if message is None:
        return None
    least = datetime.min.replace(tzinfo=UTC) if asked_from is None else asked_from
    for words in (message[place:] if (place := message.lower().find("earliest")) >= 0 else "", message):
        found = [moment for moment in _dates(words) if least < moment <= now]
        if found:
            return min(found)
    spans = (midnight(now) - DAY * _SPANS[each["unit"].lower()] * int(each["n"] or 1) for each in _spans(message))
    return min((start for start in spans if start > least), default=None)


def _spans(message: str) -> Iterator[re.Match[str]]:
    return (each for each in _SPAN.finditer(message) if len(each["n"] or "") <= 4)


def _dates(words: str) -> Iterator[datetime]:
    """Yield every moment that is written in the words, in any of the usual forms."""
    for form in _FORMS:
        for found in form.finditer(words):
            with suppress(ValueError, OverflowError):
                yield _moment(found.groupdict())


def _moment(parts: dict[str, str | None]) -> datetime:
    if parts.get("s"):
        return datetime.fromtimestamp(int(parts["s"] or 0), UTC)
    if parts.get("ms"):
        return datetime.fromtimestamp(int(parts["ms"] or 0) // 1000, UTC)
    month = _MONTHS[(parts.get("month") or "").lower()] if parts.get("month") else int(parts["m"] or 0)
    hour, minute, second = (int(parts.get(name) or 0) for name in ("H", "M", "S"))
    moment = datetime(int(parts["y"] or 0), month, int(parts["d"] or 0), hour, minute, second, tzinfo=UTC)
    zone = parts.get("zone")
    if zone:
        east = timedelta(hours=int(zone[1:3]), minutes=int(zone[-2:]))
        moment -= east if zone[0] == "+" else -east
    return moment


Answered = tuple[bytes | None, Page]
"""A page as it was sent, and what it says."""

_PATIENCE = 5.0
"""Seconds that a request waits for another which tells whether it makes sense."""


class Depth:
    """How far back one endpoint answers, and whose turn it is to ask further back than was answered.

    One at a time does, so that the limit is met once and not by all pieces of a long window at the same time.
    """

    def __init__(self) -> None:
        self.lookback = Lookback()
        self._lock = asyncio.Lock()

    async def pages(
        self, window: Window, ask: Callable[[Window], AsyncGenerator[Answered, None]]
    ) -> AsyncIterator[Answered]:
        """Yield what is answered of the part that is kept, and a page that names the rest.

        Raises:
            NotKept: where not even the present is kept, which cannot be.
        """
        search = Search(window, self.lookback)
        while (part := search.window) is not None:
            async with aclosing(ask(part)) as answer:
                try:
                    async with self.turn(part):
                        if search.window != part:
                            continue  # while this one waited, another has met the limit
                        first = await anext(answer, None)
                        self.lookback.answers(part.start)
                    if first is not None:
                        yield first
                    async for page in answer:
                        yield page
                except NotKept as error:
                    search.refused(part, error.earliest)
                    if search.has_failed:
                        raise
                else:
                    search.answered(part)
            if not_kept := search.not_kept():
                yield None, Page(not_kept=not_kept)
        if not_kept := search.not_kept():
            yield None, Page(not_kept=not_kept)

    @asynccontextmanager
    async def turn(self, window: Window) -> AsyncIterator[None]:
        """Wait until this window may be asked for: not at all for the present, and never for long."""
        if self.lookback.is_told(window.start) or (window.running and self._lock.locked()):
            yield
            return
        try:
            async with asyncio.timeout(_PATIENCE):
                await self._lock.acquire()
        except TimeoutError:
            yield
            return
        try:
            yield
        finally:
            self._lock.release()
