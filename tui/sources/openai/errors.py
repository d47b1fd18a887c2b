"""What went wrong, from httpx's words and HTTP's numbers to sentences for the user."""

from __future__ import annotations

import email.utils
import errno
import math
import os
import ssl
from datetime import UTC, datetime, timedelta

import httpx

from tui.domain import formatting, sanitize
from tui.errors import (
    ApiError,
    KeyRefused,
    NotFound,
    NotKept,
    RateLimited,
    Redirected,
    RequestRefused,
    ScopeMissing,
    ServerFailed,
    TimedOut,
    TlsFailed,
    Unreachable,
    Unreadable,
)
from tui.sources.openai import lookback, wire
from tui.sources.openai.proxy import Proxy

KEYS_PAGE = "platform.openai.com/settings/organization/admin-keys"
_LONGEST_QUOTE = 300
_A_DAY = 86_400.0
_YEARS = range(2020, 2200)
"""Before, there was no API."""

_SCOPE_WORDS = ("missing scopes", "insufficient permissions")


_BROKEN_OFF = ("peer closed connection", "Server disconnected")
"""How httpx begins to say that a connection ended too early."""


def from_response(response: httpx.Response, body: bytes) -> ApiError:
    """Return the error for an answer that is not a success."""
    status = response.status_code
    message, code = wire.api_message(body), wire.api_code(body)
    quote = quoted(message, response, _LONGEST_QUOTE) if message else ""
    request_id = _request_id(response)
    of = f"{status}, request {request_id}" if request_id else f"{status}"
    host = sanitize.clean(response.request.url.host)
    asked = retry_after(response)

    if lookback.is_refusal(status, message, code):
        return _not_kept(response, message, quote, of)
    kind: type[ApiError]
    if 300 <= status < 400:
        kind, quote = Redirected, ""
        problem = (
            f"{host} answered with a redirect ({status}), which is not followed, since the admin key would go along."
        )
        advice = "Set the address that it should be asked at with --base-url."
    elif status in {401, 403} and (status == 403 or any(words in quote.lower() for words in _SCOPE_WORDS)):
        kind = ScopeMissing
        what = "costs" if response.request.url.path.endswith("/costs") else "usage"
        problem = f"The key may not read {what} ({of})."
        advice = f"It needs the scope api.usage.read: an owner of the organization sets it at {KEYS_PAGE}."
    elif status == 401:
        kind = KeyRefused
        problem = f"The key was refused ({of})."
        advice = (
            f"Make an admin key at {KEYS_PAGE} and put it in the place of this one. "
            "A new key can take minutes to work."
        )
    elif status == 404:
        kind = NotFound
        problem = f"Nothing is at this address of {host} ({of})."
        advice = "Check the base URL: for OpenAI it is https://api.openai.com/v1."
        if response.request.url.path.rpartition("/")[2] not in {"completions", "costs"}:
            advice = f"The API may not offer it, or not to this key. Else: {advice[0].lower()}{advice[1:]}"
    elif status == 429:
        kind = RateLimited
        problem = f"{host} takes no more requests for now ({of})."
        pause = "a minute" if asked is None else formatting.duration(timedelta(seconds=asked))
        advice = f"Wait {pause}, then try again."
    elif status >= 500:
        kind = ServerFailed
        problem = f"{host} is in trouble ({of})."
        known = "; status.openai.com says what OpenAI knows of it" if host.endswith("openai.com") else ""
        advice = f"Try again in a while{known}."
    else:
        kind = RequestRefused
        problem = f"{host} refused the request ({of})."
        advice = "If the base URL is right, this is worth reporting to the makers of oai-usage-tui."
    return kind(problem, advice, status=status, code=code, request_id=request_id, retry_after=asked, quoted=quote)


def management_scope(error: ScopeMissing) -> str:
    """Return what a key needs that may not read names, limits and settings, whatever the error is about."""
    return (
        f"The key may not read them ({error.status}): it needs the scope api.management.read, which an owner of the "
        f"organization sets at {KEYS_PAGE}."
    )


def _not_kept(response: httpx.Response, message: str | None, quote: str, of: str) -> NotKept:
    """Return the error for a request that begins before what the API keeps."""
    start = response.request.url.params.get("start_time", "")
    asked_from = datetime.fromtimestamp(int(start), UTC) if start.isdecimal() else None
    earliest = lookback.earliest(message, asked_from, _answered_at(response))
    since = "later days" if earliest is None else f"days from {formatting.day(earliest)} on"
    error = NotKept(
        f"{sanitize.clean(response.request.url.host)} does not keep what is so old any more ({of}).",
        f"Ask for {since}.",
        status=response.status_code,
        code=lookback.CODE,
        request_id=_request_id(response),
        quoted=quote,
    )
    error.earliest = earliest
    return error


def unreadable(response: httpx.Response, body: bytes, why: object, what: str = "usage") -> Unreadable:
    """Return the error for a success that is no page of what was asked for: which host, and what it sent instead."""
    host = sanitize.clean(response.request.url.host)
    page = "a web page, as a login or a proxy would" if body.lstrip()[:1] == b"<" else "something else"
    request_id = _request_id(response)
    reference = f", request {request_id}" if request_id else ""
    return Unreadable(
        f"{host} was asked for {what} and answered with {page} ({why}{reference}).",
        "Check the base URL, and what stands between.",
        status=response.status_code,
        request_id=request_id,
    )


def _request_id(response: httpx.Response) -> str | None:
    name = response.headers.get("x-request-id")
    return quoted(name, response, 80) if name else None


def quoted(words: str, response: httpx.Response, cells: int) -> str:
    """Return words of the other side, inert, cut, and without the key, should they hold what was sent."""
    key = response.request.headers.get("authorization", "").removeprefix("Bearer ")
    return sanitize.truncate(sanitize.clean(words.replace(key, "sk-admin-…") if key else words), cells)


def from_exception(error: Exception, url: httpx.URL, proxy: Proxy | None = None) -> ApiError:
    """Return the error for a request that got no answer, or not all of one; `proxy` is what it went through."""
    host = url.host if url.port is None else f"{url.host}:{url.port}"
    if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in _causes(error)):
        return TlsFailed(
            f"{host} could not prove who it is ({_root(error)}). The key was not sent.",
            "If a proxy of your own opens TLS, name its certificates in SSL_CERT_FILE.",
        )
    if isinstance(error, TimeoutError | httpx.TimeoutException):
        through = "" if proxy is None else f" through {proxy}"
        return TimedOut(f"{host} did not answer in time{through}.", "Check the network, then try again.")
    if isinstance(error, httpx.DecodingError):
        return Unreadable(f"What {host} sent cannot be unpacked ({_root(error)}).", "Check what stands between.")
    if proxy is not None and isinstance(error, httpx.ProxyError):
        return Unreachable(
            f"The proxy {proxy.name} ({proxy.variable}) did not connect to {host}: {_root(error)}.",
            f"Check {proxy.variable}, or except {url.host} with NO_PROXY.",
        )
    if proxy is not None and isinstance(error, httpx.ConnectError):
        return Unreachable(
            f"No connection to {host} through {proxy}: {_root(error)}.",
            f"Check {proxy.variable}, or except {url.host} with NO_PROXY.",
        )
    if isinstance(error, httpx.ConnectError):
        return Unreachable(f"No connection to {host} ({_root(error)}).", "Check the network and the base URL.")
    if isinstance(error, httpx.RemoteProtocolError) and not str(error).startswith(_BROKEN_OFF):
        # Its words quote what was sent, which may be what was asked, the key with it.
        return Unreachable(f"What {host} sent is not HTTP.", "Check the base URL, and what stands between.")
    through = "" if proxy is None else f" through {proxy}"
    return Unreachable(f"The connection to {host}{through} broke ({_root(error)}).", "Refresh to try again.")


def _causes(error: BaseException) -> list[BaseException]:
    found: list[BaseException] = []
    following: BaseException | None = error
    while following is not None and following not in found:
        found.append(following)
        following = following.__cause__ or following.__context__
    return found


def _root(error: BaseException) -> str:
    """Return the most telling words in a chain of errors: the operating system's, where there are any."""
    causes = _causes(error)
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return sanitize.clean(cause.verify_message)
        if isinstance(cause, OSError) and cause.errno is not None and cause.errno in errno.errorcode:
            return os.strerror(cause.errno)
        if isinstance(cause, OSError) and cause.strerror:
            return sanitize.clean(cause.strerror)
    words = sanitize.clean(str(causes[0]))
    return sanitize.truncate(words, 120) if words else type(causes[0]).__name__


def retry_after(response: httpx.Response) -> float | None:
    """Return how many seconds the server asks to wait (RFC 9110, 10.2.3: seconds or a date), or None.

    More than a day is a day, and nonsense is nothing.
    """
    value = response.headers.get("retry-after", "")
    seconds = _number(response.headers.get("retry-after-ms", ""), 1 / 1000)
    if seconds is None:
        seconds = _number(value, 1)
    if seconds is None:
        there = _date(value)
        seconds = None if there is None else (there - _answered_at(response)).total_seconds()
    return None if seconds is None else min(max(0.0, seconds), _A_DAY)


def _number(value: str, unit: float) -> float | None:
    try:
        number = float(value) * unit
    except ValueError:
        return None
    return None if math.isnan(number) else number


def _date(value: str) -> datetime | None:
    try:
        date = email.utils.parsedate_to_datetime(value)
    except (ValueError, TypeError, OverflowError):
        return None
    return date if date.tzinfo is not None else date.replace(tzinfo=UTC)


def _answered_at(response: httpx.Response) -> datetime:
    """Return the server's own time of the answer, so that a wrong clock here does no harm."""
    return date(response) or datetime.now(UTC)


def date(response: httpx.Response) -> datetime | None:
    """Return the time of the answer as the server has it, where it says one that makes sense."""
    found = _date(response.headers.get("date", ""))
    return found if found is not None and found.year in _YEARS else None
