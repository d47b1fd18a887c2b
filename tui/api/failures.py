"""What went wrong, from httpx's words and HTTP's numbers to sentences for the user."""

from __future__ import annotations

import email.utils
import ssl
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import httpx

from tui.api import wire
from tui.domain import humanize, text
from tui.errors import (
    ApiError,
    KeyRefused,
    NotFound,
    RateLimited,
    Redirected,
    RequestRefused,
    ScopeMissing,
    ServerFailed,
    TimedOut,
    TlsFailed,
    Unreachable,
)

KEYS_PAGE = "platform.openai.com/settings/organization/admin-keys"
_LONGEST_QUOTE = 300
_SCOPE_WORDS = ("missing scopes", "insufficient permissions")


def from_response(response: httpx.Response, body: bytes, redact: Callable[[str], str]) -> ApiError:
    """Return the error for an answer that is not a success. `redact` takes the key out of quoted words."""
    status = response.status_code
    message = wire.api_message(body)
    quote = f': "{text.cut(text.inert(redact(message)), _LONGEST_QUOTE)}"' if message else ""
    request_id = response.headers.get("x-request-id")
    request_id = text.cut(text.inert(redact(request_id)), 80) if request_id else None
    reference = f" (request {request_id})" if request_id else ""
    host = text.inert(response.request.url.host)

    kind: type[ApiError]
    if 300 <= status < 400:
        kind = Redirected
        what = (
            f"{host} answered with a redirect ({status}), which is not followed, since the admin key would go along"
        )
        advice = "Set the address that it should be asked at with --base-url."
    elif status in {401, 403} and (status == 403 or any(words in quote.lower() for words in _SCOPE_WORDS)):
        kind = ScopeMissing
        what = f"The key may not read usage ({status}){quote}{reference}"
        advice = f"It needs the scope api.usage.read: an owner of the organization sets it at {KEYS_PAGE}."
    elif status == 401:
        kind = KeyRefused
        what = f"The key was refused (401){quote}{reference}"
        advice = (
            f"Make an admin key at {KEYS_PAGE} and set OPENAI_ADMIN_KEY to it. A new key can take minutes to work."
        )
    elif status == 404:
        kind = NotFound
        what = f"Nothing is at this address of {host} (404){quote}{reference}"
        advice = "Check the base URL: for OpenAI it is https://api.openai.com/v1."
    elif status == 429:
        kind = RateLimited
        what = f"{host} takes no more requests for now (429){quote}{reference}"
        asked = retry_after(response)
        pause = "a minute" if asked is None else humanize.duration(timedelta(seconds=asked))
        advice = f"Wait {pause}, then refresh."
    elif status >= 500:
        kind = ServerFailed
        what = f"{host} is in trouble ({status}){quote}{reference}"
        advice = "Refresh in a while; status.openai.com says what OpenAI knows of it."
    else:
        kind = RequestRefused
        what = f"{host} refused the request ({status}){quote}{reference}"
        advice = "If the base URL is right, this is worth reporting to the makers of oai-usage-tui."
    return kind(f"{what}. {advice}", status=status, request_id=request_id, retry_after=retry_after(response))


def from_exception(error: Exception, url: httpx.URL) -> ApiError:
    """Return the error for a request that got no answer."""
    host = url.host if url.port is None else f"{url.host}:{url.port}"
    if _is_tls(error):
        return TlsFailed(
            f"{host} could not prove who it is ({_root(error)}). The key was not sent. If a proxy of your own "
            "opens TLS, name its certificates in SSL_CERT_FILE."
        )
    if isinstance(error, TimeoutError | httpx.TimeoutException):
        return TimedOut(f"{host} did not answer in time. Check the network, then refresh.")
    if isinstance(error, httpx.ProxyError):
        return Unreachable(f"The proxy did not connect to {host} ({_root(error)}). Check HTTPS_PROXY and NO_PROXY.")
    if isinstance(error, httpx.ConnectError):
        return Unreachable(f"No connection to {host} ({_root(error)}). Check the network and the base URL.")
    return Unreachable(f"The connection to {host} broke ({_root(error)}). Refresh to try again.")


def _causes(error: BaseException) -> list[BaseException]:
    found: list[BaseException] = []
    following: BaseException | None = error
    while following is not None and following not in found:
        found.append(following)
        following = following.__cause__ or following.__context__
    return found


def _is_tls(error: BaseException) -> bool:
    return any(isinstance(cause, ssl.SSLError) for cause in _causes(error))


def _root(error: BaseException) -> str:
    """Return the most telling words in a chain of errors: the operating system's, where there are any."""
    causes = _causes(error)
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return text.inert(cause.verify_message)
        if isinstance(cause, OSError) and cause.strerror:
            return text.inert(cause.strerror)
    words = text.inert(str(causes[0]))
    return text.cut(words, 120) if words else type(causes[0]).__name__


def retry_after(response: httpx.Response) -> float | None:
    """Return how many seconds the server asks to wait (RFC 9110, 10.2.3: seconds or a date), or None."""
    milliseconds = response.headers.get("retry-after-ms")
    with suppress(TypeError, ValueError):
        return max(0.0, float(milliseconds) / 1000)
    value = response.headers.get("retry-after", "")
    with suppress(ValueError):
        return max(0.0, float(value))
    with suppress(ValueError):
        there = email.utils.parsedate_to_datetime(value)
        return max(0.0, (there - _answered_at(response)).total_seconds())
    return None


def _answered_at(response: httpx.Response) -> datetime:
    """Return the server's own time of the answer, so that a wrong clock here does no harm."""
    with suppress(ValueError):
        return email.utils.parsedate_to_datetime(response.headers.get("date", ""))
    return datetime.now(UTC)
