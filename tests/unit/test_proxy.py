"""Proxies: which one is used for an address, what excepts it, and what is said when one does not do its work."""

from __future__ import annotations

import contextlib
import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.support.builders import KEY, NOW, QUICK
from tests.support.doctor_api import Api, say
from tests.support.loopback import Loopback, Reply
from tui.domain.time import last_days
from tui.errors import BadSettings, Unreachable
from tui.sources.base import Query
from tui.sources.openai import api as openai
from tui.sources.openai.client import Client
from tui.sources.openai.endpoint import Endpoint, Origin, endpoint
from tui.sources.openai.proxy import route

OPENAI = endpoint("https://api.openai.com/v1", Origin.DEFAULT)

SIX = endpoint("https://[fd12::7]/v1", Origin.FLAG)

FOUR = endpoint("https://10.1.2.3:8443/v1", Origin.FLAG)

SCOPED = endpoint("https://[fe80::1]/v1", Origin.FLAG)

INNER = endpoint("https://gateway/v1", Origin.FLAG)

BOOKS = endpoint("https://bücher.example/v1", Origin.FLAG)


@pytest.fixture
def behind(monkeypatch):
    """Say what NO_PROXY is, with a proxy for everything."""

    def set_to(exceptions: str, name: str = "NO_PROXY") -> None:
        monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example:3128")
        monkeypatch.setenv(name, exceptions)

    return set_to


@pytest.mark.parametrize("name", ["NO_PROXY", "no_proxy"])
@pytest.mark.parametrize(
    ("exceptions", "target"),
    [
        ("*", OPENAI),
        ("localhost, * ,x", OPENAI),
        ("api.openai.com", OPENAI),
        ("API.OpenAI.com", OPENAI),
        ("api.openai.com.", OPENAI),
        ("openai.com", OPENAI),
        (".openai.com", OPENAI),
        ("*.openai.com", OPENAI),
        ("localhost .openai.com", OPENAI),
        ("localhost,\topenai.com,", OPENAI),
        ("api.openai.com:443", OPENAI),
        ("https://api.openai.com", OPENAI),
        ("https://api.openai.com/", OPENAI),
        ("all://openai.com", OPENAI),
        ("api.*.com", OPENAI),
        ("fd00::/8", SIX),
        ("[fd00::]/8", SIX),
        ("fd12::7", SIX),
        ("FD12:0::7", SIX),
        ("[fd12::7]", SIX),
        ("[fd12::7]:443", SIX),
        ("fe80::1%eth0", SCOPED),
        ("[fe80::1%eth0]", SCOPED),
        ("fe80::%eth0/10", SCOPED),
        ("10.0.0.0/8", FOUR),
        ("10.1.2.3/8", FOUR),
        ("10.1.2.3", FOUR),
        ("10.1.2.3:8443", FOUR),
        ("10.1.*", FOUR),
        ("<local>", INNER),
        ("bücher.example", BOOKS),
        (".BÜCHER.example", BOOKS),
        ("xn--bcher-kva.example", BOOKS),
    ],
)
def test_an_address_that_is_excepted_is_asked_directly(behind, name, exceptions, target):
    behind(exceptions, name)
    assert route(target).proxy is None
    assert route(target).exception
    assert route(target).passed_over == ()


@pytest.mark.parametrize(
    ("exceptions", "target"),
    [
        ("", OPENAI),
        ("localhost,127.0.0.1,::1,[::1],169.254.0.0/16", OPENAI),
        ("fd00::/8,fe80::1%eth0,10.0.0.0/8", OPENAI),
        ("pi.openai.com", OPENAI),
        ("penai.com", OPENAI),
        ("api.openai.com.evil.example", OPENAI),
        ("com.openai.api", OPENAI),
        ("api.openai.com:8443", OPENAI),
        ("http://api.openai.com", OPENAI),
        ("10.0.0.0/8", SIX),
        ("fd13::/16", SIX),
        ("10.1.2.30", FOUR),
        ("10.1.2.3:443", FOUR),
        ("11.0.0.0/8", FOUR),
        ("<local>", OPENAI),
    ],
)
def test_an_address_that_is_not_excepted_goes_through_the_proxy(behind, exceptions, target):
    behind(exceptions)
    found = route(target)
    assert found.proxy is not None
    assert (found.proxy.name, found.proxy.variable) == ("proxy.example:3128", "HTTPS_PROXY")
    assert found.passed_over == ()


@pytest.mark.parametrize(
    "entry",
    ["[::1", "::1]", "10.0.0.0/99", "10.", "192.168", "fe80::1/x", "a;b", "http://", "://", "[]", "%", "host:port",
     "\x1b[2J", "²", "ü" * 70 + ".example", "-://x", "a b".replace(" ", "\xa0") + "?"],
)  # fmt: skip
def test_what_is_not_understood_is_passed_over_and_the_rest_holds(behind, entry):
    behind(f"{entry},openai.com")
    found = route(OPENAI)
    assert (found.proxy, found.exception) == (None, "openai.com")
    assert found.passed_over
    assert "\x1b" not in "".join(found.passed_over)
    behind(entry)
    assert route(OPENAI).proxy is not None


@given(st.text("ab.*:/[]%0f1,- \t<>é²\u3002", max_size=40), st.sampled_from([OPENAI, SIX, FOUR, INNER, BOOKS]))
@example("[::1],fe80::1%eth0", OPENAI)
def test_no_exception_keeps_the_program_from_asking(exceptions, target):
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example:3128")
        monkeypatch.setenv("NO_PROXY", exceptions)
        found = route(target)
    assert (found.proxy is None) == bool(found.exception)


@pytest.mark.parametrize(
    ("variables", "variable"),
    [
        ({"HTTPS_PROXY": "p:1"}, "HTTPS_PROXY"),
        ({"https_proxy": "http://p:1", "HTTPS_PROXY": "http://q:2"}, "https_proxy"),
        ({"ALL_PROXY": "http://p:1", "HTTP_PROXY": "http://q:2"}, "ALL_PROXY"),
        ({"HTTPS_PROXY": " http://me:secret@p:1 ", "ALL_PROXY": "http://q:2"}, "HTTPS_PROXY"),
    ],
)
def test_the_proxy_is_the_one_for_the_scheme_or_for_all_and_its_password_is_not_shown(
    monkeypatch, variables, variable
):
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    proxy = route(OPENAI).proxy
    assert proxy is not None
    assert str(proxy) == f"the proxy p:1 ({variable})"
    assert "secret" not in repr(route(OPENAI))


@pytest.mark.parametrize(
    "address", ["gopher://me:secret@p:1", "http://", '"http://me:secret@p:1"', "http://me:secret@p:port"]
)
def test_an_address_that_is_none_of_a_proxy_is_refused_by_the_name_of_its_variable(monkeypatch, address):
    monkeypatch.setenv("HTTPS_PROXY", address)
    with pytest.raises(BadSettings, match="What HTTPS_PROXY names") as caught:
        route(OPENAI)
    assert "secret" not in caught.value.sentence
    with contextlib.suppress(BadSettings):
        monkeypatch.setenv("NO_PROXY", "openai.com")
        assert route(OPENAI).proxy is None


def test_this_machine_is_never_behind_a_proxy(behind):
    behind("")
    for address in ("http://127.0.0.1:1/v1", "http://localhost/v1", "http://[::1]:8/v1"):
        assert route(endpoint(address, Origin.FLAG)).proxy is None


async def asked_through(monkeypatch, proxy: str, target: Endpoint = OPENAI) -> str:
    """What is said of a request through the proxy."""
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    async with Client(openai.Api(target, KEY, retry_policy=QUICK)) as client:
        with pytest.raises(Unreachable) as caught:
            async for _ in client.pages(Query(last_days(NOW, 0))):
                pass
    return caught.value.sentence


@pytest.mark.parametrize("status", [403, 407, 502])
async def test_a_proxy_that_refuses_is_named_and_gets_no_key(monkeypatch, status):
    async with Loopback(lambda _: Reply(b"", status)) as proxy:
        said = await asked_through(monkeypatch, f"http://me:secret@127.0.0.1:{proxy.port}")
    assert f"The proxy 127.0.0.1:{proxy.port} (HTTPS_PROXY) did not connect to api.openai.com" in said
    assert str(status) in said
    assert "secret" not in said
    assert proxy.asked
    assert all(KEY not in json.dumps(one.headers) for one in proxy.asked)


async def test_a_proxy_where_nobody_is_is_named(monkeypatch):
    said = await asked_through(monkeypatch, "http://127.0.0.1:1")
    assert "No connection to api.openai.com through the proxy 127.0.0.1:1 (HTTPS_PROXY): Connection refused" in said


async def test_a_connection_that_a_proxy_breaks_off_names_it(monkeypatch):
    async with Loopback(lambda _: Reply(b"", reset=0)) as proxy:
        said = await asked_through(monkeypatch, f"http://127.0.0.1:{proxy.port}")
    assert f"127.0.0.1:{proxy.port} (HTTPS_PROXY)" in said


@pytest.mark.slow
async def test_the_doctor_names_the_proxy_and_what_was_passed_over():
    _, found, _ = await say(Api())
    assert (found["proxy"]["state"], found["proxy"]["words"][:8]) == ("ok", "none for")
    _, found, _ = await say(Api(), NO_PROXY="localhost,[::1,10.0.0.0/8,a;b")
    assert (found["proxy"]["state"], found["base URL"]["state"]) == ("warn", "ok")
    assert found["proxy"]["words"].endswith("passed over: [::1, a;b")
    away = ("--base-url", "https://gateway.invalid/v1")
    told = {"HTTPS_PROXY": "http://me:secret@127.0.0.1:1"}
    status, found, _ = await say(Api(), *away, **told)
    assert (status, found["proxy"]["state"], found["proxy"]["words"]) == (4, "ok", "127.0.0.1:1, from HTTPS_PROXY")
    assert "through the proxy 127.0.0.1:1 (HTTPS_PROXY)" in found["base URL"]["words"]
    assert "secret" not in json.dumps(found)
    _, found, _ = await say(Api(), *away, **told, NO_PROXY=".invalid")
    assert found["proxy"]["words"] == "not used for gateway.invalid: NO_PROXY says .invalid"
    status, found, _ = await say(Api(), *away, HTTPS_PROXY="gopher://x")
    assert (status, found["proxy"]["state"], found["base URL"]["state"]) == (2, "skip", "fail")
    assert "HTTPS_PROXY" in found["base URL"]["words"]
