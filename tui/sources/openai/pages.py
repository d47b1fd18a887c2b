"""One chain of pages: each names the cursor of the next, and some never come to an end."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Protocol, TypeVar

import httpx

from tui.errors import ApiError, NotKept, RequestRefused
from tui.sources.openai import errors as failures
from tui.sources.openai.wire import Malformed

_MOST_EMPTY = 3
"""Pages in a row that hold nothing new, after which no more are asked for."""


class Paged(Protocol):
    """A page that says whether another one follows, and where."""

    @property
    def has_more(self) -> bool:
        """Return whether another page follows."""

    @property
    def next_page(self) -> str | None:
        """Return its cursor."""


_P = TypeVar("_P", bound=Paged)


class ChainBroken(Exception):
    """The way to the next page is lost; `error` is for those who have nothing to show without it."""

    def __init__(self, sentence: str, error: ApiError) -> None:
        super().__init__(sentence)
        self.sentence, self.error = sentence, error


class Chain:
    """The pages of one answer, at most so many (`most`). Whoever takes one says of it whether it `is_new`."""

    def __init__(self, most: int, what: str = "usage") -> None:
        self.is_new = True
        self._most, self._what = most, what
        self._used: set[str] = set()
        self._empty = 0

    async def pages(
        self,
        get: Callable[[str | None], Awaitable[tuple[bytes, httpx.Response]]],
        read: Callable[[bytes], Awaitable[_P]],
    ) -> AsyncGenerator[tuple[bytes, httpx.Response, _P], None]:
        """Yield each page as it came and as it was read; `get` asks for the one at a cursor, None for the first.

        Raises:
            ApiError: where a page cannot be had or read.
            ChainBroken: where there should be another page, and it cannot be found.
        """
        cursor: str | None = None
        while True:
            try:
                body, response = await get(cursor)
            except RequestRefused as error:
                if cursor is None or isinstance(error, NotKept) or error.status != httpx.codes.BAD_REQUEST:
                    raise
                raise ChainBroken(f"The API handed out a page and then refused it. {error}", error) from error
            try:
                page = await read(body)
            except Malformed as error:
                raise failures.unreadable(response, body, error, self._what) from error
            yield body, response, page
            if not page.has_more:
                return
            problem = self._follow(page.next_page)
            if problem is not None:
                raise ChainBroken(problem, failures.unreadable(response, body, problem[:-1], self._what))
            cursor = page.next_page

    def _follow(self, next_page: str | None) -> str | None:
        """Take note of the next page, or return why it will not come."""
        self._empty = 0 if self.is_new else self._empty + 1
        if next_page is None:
            return "The API said that there is more and did not say where."
        if next_page in self._used:
            return "The API sent the same page again and again."
        if self._empty >= _MOST_EMPTY:
            return "The API sent pages that hold nothing new and said that there is more."
        if len(self._used) >= self._most:
            return "The API sent page after page without coming to an end."
        self._used.add(next_page)
        return None
