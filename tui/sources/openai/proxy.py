"""Which proxy the environment names for an address, and whether it excepts that address (NO_PROXY).

There is no standard for the exceptions; every program reads them a little differently. Here, whatever one of the
common programs understands is understood, and what none does is passed over and can be told: an entry that is meant
for another program must not keep this one from asking.
"""

from __future__ import annotations

import fnmatch
import ipaddress
import os
import re
import urllib.request

import httpx
from msgspec import Struct

from tui.domain import sanitize
from tui.errors import BadSettings
from tui.sources.openai.endpoint import Endpoint

_SCHEMES = ("http", "https", "socks5", "socks5h")
_USUAL_PORTS = {"http": 80, "https": 443}
_IN_BRACKETS = re.compile(r"\[([^\]]*)\](/\d+)?(?::(\d+))?")
_WITH_PORT = re.compile(r"([^:]*):(\d+)")
_NAME = re.compile(r"[a-z0-9_*-][a-z0-9_.*-]*")
_ZONE = re.compile(r"%[\w.-]+")
"""The interface in an address like fe80::1%eth0."""


class Proxy(Struct, frozen=True):
    """A proxy: its address, which may hold a password, how it is shown, and which variable names it."""

    address: httpx.Proxy
    name: str
    variable: str

    def __str__(self) -> str:
        return f"the proxy {self.name} ({self.variable})"


class Route(Struct, frozen=True):
    """How an address is reached: through a proxy, or directly, since `exception` says so or nothing else does.

    `passed_over` are exceptions that are not understood.
    """

    proxy: Proxy | None = None
    exception: str = ""
    passed_over: tuple[str, ...] = ()


def route(target: Endpoint) -> Route:
    """Return how the environment wants an address to be reached. This machine's own are never behind a proxy.

    Raises:
        BadSettings: where it names a proxy that cannot be used.
    """
    proxies = urllib.request.getproxies()
    kind = next((kind for kind in (target.scheme, "all") if proxies.get(kind, "").strip()), None)
    entries = [entry for entry in re.split(r"[\s,]+", proxies.get("no", "")) if entry]
    found = {entry: _is_meant(entry.lower(), target) for entry in entries}
    passed_over = tuple(sanitize.clean(entry) for entry, is_meant in found.items() if is_meant is None)
    if target.is_loopback or kind is None:
        return Route(passed_over=passed_over)
    exception = next((entry for entry, is_meant in found.items() if is_meant), "")
    if exception:
        return Route(exception=sanitize.clean(exception), passed_over=passed_over)
    return Route(_proxy(proxies[kind].strip(), _variable(kind)), passed_over=passed_over)


def _variable(kind: str) -> str:
    """Return the name of the variable that names the proxy: a small one wins, as in urllib."""
    names = (f"{kind}_proxy", f"{kind.upper()}_PROXY")
    return next((name for name in names if os.environ.get(name)), "the system's settings")


def _proxy(address: str, variable: str) -> Proxy:
    try:
        url = httpx.URL(address if "://" in address else f"http://{address}")
    except (httpx.InvalidURL, ValueError):
        url = httpx.URL()
    if url.scheme not in _SCHEMES or not url.host:
        # The address itself is not shown: it may hold a password.
        raise BadSettings(
            f"What {variable} names is not the address of a proxy.",
            f"It looks like http://proxy.example:3128, and begins with one of {', '.join(_SCHEMES)}.",
        )
    port = "" if url.port is None else f":{url.port}"
    return Proxy(httpx.Proxy(url), sanitize.clean(f"{url.host}{port}"), variable)


def _is_meant(entry: str, target: Endpoint) -> bool | None:
    """Return whether an exception is about the address; None where it is not understood."""
    scheme, separator, rest = entry.partition("://")
    if separator:
        entry = rest.rstrip("/")
    if separator and scheme not in {"all", target.scheme}:
        return False if scheme.isalnum() and entry else None
    if entry in {"*", "<local>"}:
        return entry == "*" or not re.search(r"[.:]", target.name)
    host, port = entry, ""
    if brackets := _IN_BRACKETS.fullmatch(entry):
        host, port = brackets[1] + (brackets[2] or ""), brackets[3] or ""
    elif with_port := _WITH_PORT.fullmatch(entry):
        host, port = with_port[1], with_port[2]
    asked = str(target.port or _USUAL_PORTS[target.scheme])
    is_meant = _is_address(host, target) if _looks_like_address(host) else _is_name(host, target)
    return is_meant and port in {"", asked} if is_meant else is_meant


def _looks_like_address(host: str) -> bool:
    return ":" in host or "/" in host or re.fullmatch(r"[\d.]+", host) is not None


def _is_address(host: str, target: Endpoint) -> bool | None:
    """Return whether the target is this address, or in this network."""
    try:
        network = ipaddress.ip_network(_ZONE.sub("", host), strict=False)
    except ValueError:
        return None
    try:
        return ipaddress.ip_address(target.name.strip("[]")) in network
    except ValueError:
        return False  # a name: what its address is, the proxy may know better


def _is_name(host: str, target: Endpoint) -> bool | None:
    """Return whether the target has this name, is below it, or fits its pattern."""
    if not host.isascii():
        import idna  # httpx's own reading of such names

        try:
            host = idna.encode(host.removeprefix(".")).decode("ascii")
        except ValueError:
            return None
    host, name = host.removeprefix(".").rstrip("."), target.name.rstrip(".")
    if not _NAME.fullmatch(host):
        return None
    return fnmatch.fnmatchcase(name, host) or ("*" not in host and name.endswith(f".{host}"))
