"""How the admin key travels: TLS, proxies, redirects.

Where it may go is decided in `endpoint`. Loopback is never sent through a proxy; redirects are not followed.
"""

from __future__ import annotations

import platform
import ssl
from collections.abc import Awaitable, Callable, Generator

import httpx

from tui import __version__
from tui.domain import sanitize
from tui.domain.secret import Secret
from tui.errors import BadSettings
from tui.sources.openai.endpoint import Endpoint
from tui.sources.openai.proxy import route
from tui.system.installed import how_to_add

USER_AGENT = f"oai-usage-tui/{__version__} (python {platform.python_version()}; httpx {httpx.__version__})"
_TIMEOUT = httpx.Timeout(30.0, connect=10.0, pool=60.0)


class BearerAuth(httpx.Auth):
    """Puts the key on a request as it leaves; it stands in no header that a client keeps, and in no `repr`."""

    __slots__ = ("_key",)

    def __init__(self, key: Secret | str) -> None:
        self._key = Secret(key)

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Yield the request with its credentials."""
        request.headers["Authorization"] = f"Bearer {self._key.reveal()}"
        yield request


def in_process(application: Callable[..., Awaitable[None]]) -> httpx.AsyncBaseTransport:
    """Return a network that reaches nothing but an ASGI application."""
    return httpx.ASGITransport(application)


def connect(
    target: Endpoint, key: BearerAuth | None, in_process: httpx.AsyncBaseTransport | None = None
) -> httpx.AsyncClient:
    """Return the one client of the program, or one that has no key. `in_process` stands in for the network.

    Raises:
        BadSettings: where the environment asks for a proxy that cannot be used.

    """
    _agreed(target)
    proxy = None if in_process is not None else route(target).proxy
    try:
        return httpx.AsyncClient(
            auth=key,
            headers={"User-Agent": USER_AGENT, "Accept": "application/json"},
            timeout=_TIMEOUT,
            follow_redirects=False,
            transport=in_process,
            proxy=None if proxy is None else proxy.address,
            trust_env=False,  # what the environment says of proxies is read in `proxy`
            verify=_trust(target),
        )
    except ImportError as error:
        raise BadSettings(
            "The environment asks for a SOCKS proxy (ALL_PROXY or HTTPS_PROXY), which needs one more package.",
            f"To install it: {how_to_add('httpx[socks]')}. To go without the proxy, unset that variable.",
        ) from error


def _agreed(target: Endpoint) -> None:
    """Refuse an address that httpx would understand in another way than the rules for it were checked."""
    try:
        url = httpx.URL(target.url)
        found = (url.scheme, url.raw_host.decode("ascii"), url.port, url.userinfo)
    except (httpx.InvalidURL, ValueError):
        found = None
    if found != (target.scheme, target.name.strip("[]"), target.port, b""):
        raise BadSettings(f"The base URL {sanitize.clean(target.url)} is not an address that can be asked.")


def _trust(target: Endpoint) -> ssl.SSLContext:
    """Return who is believed to be who they say: the usual authorities, or those of SSL_CERT_FILE."""
    if target.scheme != "https":
        return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # trusts nobody, and costs nothing to make
    try:
        return httpx.create_ssl_context()
    except OSError as error:
        raise BadSettings(
            f"The certificates that SSL_CERT_FILE or SSL_CERT_DIR names cannot be read ({error.strerror or error})."
        ) from error
