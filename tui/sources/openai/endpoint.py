"""Which addresses the admin key may be sent to.

The key reads a whole organization, so the rules are strict: https, or plain http to this machine; a host that only
an environment variable names must be OpenAI's or this machine, for gateways for inference are often set there. An
address is read here, put together again from what was read, and only then handed to the HTTP client: two readers
that understand it differently would be a way around the rules.
"""

from __future__ import annotations

import ipaddress
import re

from msgspec import Struct

from tui.domain import sanitize
from tui.domain.base_url import DEFAULT as DEFAULT_BASE_URL
from tui.domain.base_url import Origin
from tui.errors import BadSettings

_ADDRESS = re.compile(
    r"(?P<scheme>https?)://(?:(?P<user>[^/?#]*)@)?(?P<host>\[[^\]/?#]*\]|[^/?#:@\[\]\\]*)(?::(?P<port>[^/?#@]*))?"
    r"(?P<path>/[^?#]*)?(?P<rest>[?#].*)?",
    re.IGNORECASE | re.DOTALL,
)
_NAME = re.compile(r"[A-Za-z0-9._-]+")
_SIX, _FOUR = re.compile(r"\[[0-9A-Fa-f:.]+\]"), re.compile(r"[0-9.]+")
_PATH = re.compile(r"(?:[A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-Fa-f]{2})*")
_PORTS = range(1, 65_536)
_USUAL_PORTS = {"http": 80, "https": 443}


class Endpoint(Struct, frozen=True):
    """A base URL that the key may be sent to: `port` is None for the scheme's own, `path` does not end with `/`."""

    scheme: str
    name: str
    port: int | None
    path: str

    @property
    def url(self) -> str:
        """Return the whole address."""
        return f"{self.scheme}://{self.host}{self.path}"

    @property
    def host(self) -> str:
        """Return the host and port as they are shown."""
        return self.name if self.port is None else f"{self.name}:{self.port}"

    @property
    def is_openai(self) -> bool:
        """Return whether the host is OpenAI's."""
        return self.name == "openai.com" or self.name.endswith(".openai.com")

    @property
    def is_loopback(self) -> bool:
        """Return whether requests stay on this machine."""
        if self.name == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.name.strip("[]")).is_loopback
        except ValueError:
            return False


def endpoint(base_url: str, origin: Origin, confirmed: str | None = None) -> Endpoint:
    """Return where to ask, or refuse to.

    `confirmed` is the base URL in the config file, which makes a host of the environment acceptable.

    Raises:
        BadSettings: with a sentence that says what is wrong and how to go on.
    """
    found = _parsed(base_url, origin)
    if found.scheme == "http" and not found.is_loopback:
        raise BadSettings(
            f"The base URL from {origin.value} is plain http to {found.name}: the admin key would cross the network "
            "unencrypted.",
            "Use https, or an address of this machine.",
        )
    named_by_user = origin is not Origin.ENVIRONMENT or _same_host(found, confirmed)
    if not (named_by_user or found.is_openai or found.is_loopback):
        raise BadSettings(
            f"OPENAI_BASE_URL leads to {found.name}, which is not OpenAI's. An admin key reads the whole "
            "organization, so it is not sent there unasked.",
            "To confirm that host, pass "
            f"--base-url {found.url} or set base_url in config.toml; to ask OpenAI, pass "
            f"--base-url {DEFAULT_BASE_URL}.",
        )
    return found


def _parsed(base_url: str, origin: Origin) -> Endpoint:
    parts = _ADDRESS.fullmatch(base_url.strip())
    if parts is None or not parts["host"]:
        raise BadSettings(
            f"The base URL from {origin.value} must begin with https:// and a host, like {DEFAULT_BASE_URL}."
        )
    if parts["user"] is not None or parts["rest"] is not None:
        raise BadSettings(
            f"The base URL from {origin.value} may hold no user name, password, query or fragment; "
            f"it looks like {DEFAULT_BASE_URL}."
        )
    scheme = parts["scheme"].lower()
    try:
        name, port, path = _name(parts["host"]), _port(parts["port"]), _path(parts["path"] or "")
    except ValueError as error:  # codecs' errors are ValueErrors
        words = sanitize.clean(str(error))
        raise BadSettings(f"The base URL from {origin.value} is not an address: {words}.") from error
    return Endpoint(scheme, name, None if port == _USUAL_PORTS[scheme] else port, path)


def _name(host: str) -> str:
    """Return a host as it is asked for: in small ASCII letters, or a number in its usual form."""
    if host.startswith("["):
        if not _SIX.fullmatch(host):  # a scope would be a place for anything
            raise ValueError("no host can be called that")
        return f"[{ipaddress.IPv6Address(host[1:-1]).compressed}]"
    if _FOUR.fullmatch(host):
        return str(ipaddress.IPv4Address(host))
    name = host.lower()
    if not name.isascii() or "xn--" in name:
        import idna  # httpx's own reading of such names

        name = idna.encode(name).decode("ascii")
    if not _NAME.fullmatch(name):
        raise ValueError("no host can be called that")
    return name


def _port(digits: str | None) -> int | None:
    if not digits:
        return None
    if not (digits.isascii() and digits.isdigit() and len(digits) < 6 and int(digits) in _PORTS):
        raise ValueError("its port is no number from 1 to 65535")
    return int(digits)


def _path(path: str) -> str:
    if not _PATH.fullmatch(path):
        raise ValueError("some characters of its path need to be written as %20 and the like")
    return path.rstrip("/")


def _same_host(found: Endpoint, confirmed: str | None) -> bool:
    if confirmed is None:
        return False
    other = _parsed(confirmed, Origin.CONFIG)
    return (other.scheme, other.name, other.port) == (found.scheme, found.name, found.port)
