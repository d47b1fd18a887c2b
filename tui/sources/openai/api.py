"""Asks OpenAI's admin API: one answer at a time, with retries, and never more of it than can be kept."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime

import httpx

from tui.domain.secret import Secret
from tui.errors import Unreadable
from tui.sources.openai import errors as failures
from tui.sources.openai import long_wait
from tui.sources.openai.endpoint import Endpoint
from tui.sources.openai.proxy import route
from tui.sources.openai.retry import Attempts, RetryPolicy
from tui.sources.openai.transport import BearerAuth, connect

LARGE_PAGE = 2 * 2**20
"""Bytes of JSON from which on a page is asked for in smaller parts: decoding it would hold up the screen."""

LARGEST_PAGE = 64 * 2**20
"""Bytes of JSON that no page may exceed: some 200,000 rows of a single bucket."""


class TooMuch(Unreadable):
    """An answer that no usage fills: it is not the API that answers."""


_ENOUGH_WORDS = 64 * 2**10

Params = list[tuple[str, str | int | float | bool | None]]


class PageTooLarge(Exception):
    """A page grew beyond `LARGE_PAGE`; about `buckets` of it would have fitted in."""

    def __init__(self, buckets: int) -> None:
        super().__init__(buckets)
        self.buckets = buckets


class Api:
    """The endpoints below `/organization` that one key may read.

    `on_date` is told the time of each answer, as its `Date` header has it, and `on_long_wait` the host where one is
    not there after some seconds.
    """

    def __init__(
        self,
        target: Endpoint,
        key: Secret | str,
        *,
        in_process: httpx.AsyncBaseTransport | None = None,
        retry_policy: RetryPolicy | None = None,
        large_page: int = LARGE_PAGE,
        on_date: Callable[[datetime], None] | None = None,
        on_long_wait: long_wait.OnLongWait | None = None,
    ) -> None:
        self._base = target.url
        self._host = target.host
        self._on_long_wait = on_long_wait
        self._http = connect(target, BearerAuth(key), in_process)
        self._proxy = None if in_process is not None else route(target).proxy
        self._retry_policy = retry_policy or RetryPolicy()
        self.large_page = large_page
        self._on_date = on_date

    async def aclose(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def get(
        self, path: str, params: Params, *, can_shrink: bool = False, retry_policy: RetryPolicy | None = None
    ) -> tuple[bytes, httpx.Response]:
        """Return the body of a successful answer of `/organization/{path}`, and the answer.

        Raises:
            ApiError: one of its kinds, after as many attempts as the retry policy allows.
            PageTooLarge: where fewer buckets would make a smaller page (`can_shrink`).

        """
        url = f"{self._base}/organization/{path}"
        trial = Attempts(retry_policy or self._retry_policy)
        with long_wait.told(self._on_long_wait, self._host):
            async for attempt in trial.attempts():
                with attempt:
                    return await self._attempt(url, params, trial.time_left, can_shrink=can_shrink)
        raise AssertionError("the last attempt returns or raises")  # pragma: no cover

    async def _attempt(
        self, url: str, params: Params, seconds: float, *, can_shrink: bool
    ) -> tuple[bytes, httpx.Response]:
        try:
            async with (
                asyncio.timeout(seconds),
                self._http.stream("GET", url, params=params) as response,
            ):
                self._pass_date_on(response)
                if not response.is_success:
                    raise failures.from_response(response, await _first_bytes(response))
                body = await self._body(response, can_shrink=can_shrink)
        except (
            httpx.TransportError,
            httpx.DecodingError,
            OSError,
        ) as error:  # TimeoutError and SSLError are OSErrors
            raise failures.from_exception(error, httpx.URL(url), self._proxy) from error
        return body, response

    def _pass_date_on(self, response: httpx.Response) -> None:
        """Pass on what time it is where the answer comes from."""
        date = failures.date(response)
        if self._on_date is not None and date is not None:
            self._on_date(date)

    async def _body(self, response: httpx.Response, *, can_shrink: bool) -> bytes:
        body = bytearray()
        async for chunk in response.aiter_bytes():
            body += chunk
            if can_shrink and len(body) > self.large_page:
                begun = body.count(b'"start_time"')
                raise PageTooLarge(begun * self.large_page // len(body) - 1)
            if len(body) > LARGEST_PAGE:
                body.clear()  # else it stays for as long as the error does
                raise TooMuch(
                    f"{response.request.url.host} sent a page of more than {LARGEST_PAGE >> 20} MB, "
                    "which no usage fills.",
                    "Check the base URL, and what stands between.",
                )
        return bytes(body)


async def _first_bytes(response: httpx.Response) -> bytes:
    """Return the beginning of a failed answer: enough for the API's own words, and no more."""
    body = bytearray()
    async for chunk in response.aiter_bytes():
        body += chunk
        if len(body) > _ENOUGH_WORDS:
            break
    return bytes(body[:_ENOUGH_WORDS])
