"""Where the admin key may go: hosts, TLS, proxies, redirects.

The key reads a whole organization, so the rules are strict: https, or plain http to this machine; a host that only
an environment variable names must be OpenAI's or this machine, for gateways for inference are often set there;
loopback is never sent through a proxy; redirects are not followed.
"""

from __future__ import annotations

import ipaddress
import platform
import re
import ssl
from collections.abc import Generator
from dataclasses import dataclass
from enum import Enum

import httpx

from tui import __version__
from tui.api import DEFAULT_BASE_URL
from tui.domain import text
from tui.errors import BadSettings

USER_AGENT = f"oai-usage-tui/{__version__} (python {platform.python_version()}; httpx {httpx.__version__})"
_HOST = re.compile(r"[A-Za-z0-9._-]+|[0-9A-Fa-f:.]+")
_TIMEOUT = httpx.Timeout(30.0, connect=10.0, pool=60.0)


class Origin(Enum):
    """Who named the base URL."""

    DEFAULT = "the default"
    CONFIG = "base_url in config.toml"
    FLAG = "--base-url"
    ENVIRONMENT = "OPENAI_BASE_URL"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A base URL that the key may be sent to."""

    url: httpx.URL

    @property
    def host(self) -> str:
        """Return the host and port as they are shown."""
        return text.inert(self.url.netloc.decode("ascii", "replace"))

    @property
    def is_openai(self) -> bool:
        """Return whether the host is OpenAI's."""
        return _is_openai(self.url.host)

    @property
    def is_loopback(self) -> bool:
        """Return whether requests stay on this machine."""
        return _is_loopback(self.url.host)


def endpoint(base_url: str, origin: Origin, confirmed: str | None = None) -> Endpoint:
    """Return where to ask, or refuse to.

    `confirmed` is the base URL in the config file, which makes a host of the environment acceptable.

    Raises:
        BadSettings: with a sentence that says what is wrong and how to go on.

    """
    url = _parsed(base_url, origin)
    host = text.inert(url.host)
    if url.scheme == "http" and not _is_loopback(url.host):
        raise BadSettings(
            f"The base URL from {origin.value} is plain http to {host}: the admin key would cross the network "
            "unencrypted. Use https, or an address of this machine."
        )
    named_by_user = origin is not Origin.ENVIRONMENT or _same_host(url, confirmed)
    if not (named_by_user or _is_openai(url.host) or _is_loopback(url.host)):
        raise BadSettings(
            f"OPENAI_BASE_URL leads to {host}, which is not OpenAI's. An admin key reads the whole organization, "
            f"so it is not sent there unasked. To confirm that host, pass --base-url {text.inert(str(url))} or set "
            f"base_url in config.toml; to ask OpenAI, pass --base-url {DEFAULT_BASE_URL}."
        )
    return Endpoint(url)


def _parsed(base_url: str, origin: Origin) -> httpx.URL:
    try:
        url = httpx.URL(base_url.strip())
        host, port = url.host, url.port
    except (httpx.InvalidURL, ValueError) as error:  # idna's errors are ValueErrors
        words = text.inert(str(error))
        raise BadSettings(f"The base URL from {origin.value} is not an address: {words}.") from error
    if url.scheme not in {"http", "https"} or not host:
        raise BadSettings(
            f"The base URL from {origin.value} must begin with https:// and a host, like {DEFAULT_BASE_URL}."
        )
    if not _HOST.fullmatch(url.raw_host.decode("ascii")) or not 0 < (port or 443) < 65_536:
        raise BadSettings(f"The base URL from {origin.value} is not an address: no host can be called that.")
    if url.userinfo or url.query or url.fragment:
        raise BadSettings(
            f"The base URL from {origin.value} may hold no user name, password, query or fragment; "
            f"it looks like {DEFAULT_BASE_URL}."
        )
    return url.copy_with(path=url.path.rstrip("/") or "/")


def _same_host(url: httpx.URL, confirmed: str | None) -> bool:
    if confirmed is None:
        return False
    other = _parsed(confirmed, Origin.CONFIG)
    return (other.scheme, other.host, other.port) == (url.scheme, url.host, url.port)


def _is_openai(host: str) -> bool:
    return host == "openai.com" or host.endswith(".openai.com")


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


class Bearer(httpx.Auth):
    """Puts the key on a request as it leaves; it stands in no header that a client keeps, and in no `repr`."""

    __slots__ = ("_key",)

    def __init__(self, key: str) -> None:
        self._key = key

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Yield the request with its credentials."""
        request.headers["Authorization"] = f"Bearer {self._key}"
        yield request

    def redact(self, words: str) -> str:
        """Return the words without the key, should a server have quoted it."""
        return words.replace(self._key, "sk-admin-…") if self._key else words


def connect(target: Endpoint, key: Bearer, in_process: httpx.AsyncBaseTransport | None = None) -> httpx.AsyncClient:
    """Return the one client of the program. `in_process` stands in for the network (the demo, tests).

    Raises:
        BadSettings: where the environment asks for a proxy that cannot be used.

    """
    try:
        return httpx.AsyncClient(
            auth=key,
            headers={"User-Agent": USER_AGENT, "Accept": "application/json"},
            timeout=_TIMEOUT,
            follow_redirects=False,
            transport=in_process,
            trust_env=in_process is None and not target.is_loopback,  # the environment may name a proxy
            verify=_trust(target),
        )
    except ImportError as error:
        raise BadSettings(
            "The environment asks for a SOCKS proxy (ALL_PROXY or HTTPS_PROXY), which needs one more package: "
            "pip install 'httpx[socks]', next to oai-usage-tui. To go without the proxy, unset that variable."
        ) from error
    except (ValueError, httpx.InvalidURL) as error:  # httpx's word for a proxy address of no kind that it knows
        raise BadSettings(
            f"The proxy that the environment names cannot be used ({text.inert(str(error))}). "
            "Check HTTPS_PROXY, HTTP_PROXY and ALL_PROXY."
        ) from error


def _trust(target: Endpoint) -> ssl.SSLContext:
    """Return who is believed to be who they say: the usual authorities, or those of SSL_CERT_FILE."""
    if target.url.scheme != "https":
        return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # trusts nobody, and costs nothing to make
    try:
        return httpx.create_ssl_context()
    except OSError as error:
        raise BadSettings(
            f"The certificates that SSL_CERT_FILE or SSL_CERT_DIR names cannot be read ({error.strerror or error})."
        ) from error
