"""Where the admin key may go."""

import contextlib
import sys

import httpx
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.support.builders import KEY
from tui.errors import BadSettings
from tui.sources.openai.endpoint import Endpoint, Origin, endpoint
from tui.sources.openai.transport import BearerAuth, connect


@pytest.mark.parametrize(
    ("address", "origin", "confirmed"),
    [
        ("https://api.openai.com/v1", Origin.DEFAULT, None),
        ("https://eu.api.openai.com/v1", Origin.ENVIRONMENT, None),
        ("http://127.0.0.1:8765/v1", Origin.ENVIRONMENT, None),
        ("http://localhost:8765/v1", Origin.ENVIRONMENT, None),
        ("http://[::1]:8765/v1", Origin.FLAG, None),
        ("https://gateway.example/v1", Origin.FLAG, None),
        ("https://gateway.example/v1", Origin.CONFIG, None),
        ("https://gateway.example/v1", Origin.ENVIRONMENT, "https://gateway.example/other"),
    ],
)
def test_the_key_may_go_here(address, origin, confirmed):
    assert endpoint(address, origin, confirmed).url == address


@pytest.mark.parametrize(
    ("address", "origin", "confirmed", "words"),
    [
        ("https://gateway.example/v1", Origin.ENVIRONMENT, None, "--base-url https://gateway.example/v1"),
        ("https://gateway.example/v1", Origin.ENVIRONMENT, "https://other.example/v1", "not OpenAI's"),
        ("https://gateway.example:444/v1", Origin.ENVIRONMENT, "https://gateway.example/v1", "not OpenAI's"),
        ("https://notopenai.com/v1", Origin.ENVIRONMENT, None, "not OpenAI's"),
        ("https://openai.com.evil.example/v1", Origin.ENVIRONMENT, None, "not OpenAI's"),
        ("https://127.0.0.1.evil.example/v1", Origin.ENVIRONMENT, None, "not OpenAI's"),
        ("http://api.openai.com/v1", Origin.FLAG, None, "unencrypted"),
        ("http://10.0.0.8/v1", Origin.CONFIG, None, "unencrypted"),
        ("http://0.0.0.0/v1", Origin.FLAG, None, "unencrypted"),
        ("ftp://api.openai.com/v1", Origin.FLAG, None, "must begin with https://"),
        ("api.openai.com/v1", Origin.FLAG, None, "must begin with https://"),
        ("https://", Origin.FLAG, None, "must begin with https://"),
        ("https://me:secret@api.openai.com/v1", Origin.FLAG, None, "no user name"),
        ("https://api.openai.com/v1?x=1", Origin.FLAG, None, "query"),
        ("https://api.openai.com:port/v1", Origin.FLAG, None, "not an address"),
        ("http://[::1%@evil.example]/v1", Origin.ENVIRONMENT, None, "not an address"),
        ("http://[::1%25@evil.example]/v1", Origin.ENVIRONMENT, None, "not an address"),
        ("https://[fe80::1%\x1bc]/v1", Origin.FLAG, None, "not an address"),
        ("https://256.1.1.1/v1", Origin.FLAG, None, "not an address"),
        ("https://evil.example\\@api.openai.com/v1", Origin.ENVIRONMENT, None, "not|user name"),
    ],
)
def test_the_key_may_not_go_here(address, origin, confirmed, words):
    with pytest.raises(BadSettings, match=words) as caught:
        endpoint(address, origin, confirmed)
    assert caught.value.exit_status == 2
    assert "secret" not in caught.value.sentence


@given(
    st.text("htps:/@[]#?%.\\1:aZ\u212a\u3002 \t-_é0x", max_size=30).map("https://{}".format) | st.text(max_size=40)
)
@example("https://[::1]:8/v1")
@example("https://xn--/v1")
@example("https://xn--bcher-kva.example:8443/v1")
@example("https://BÜCHER.example/ü")
@example("https://[fe80::1%25eth0]/")
@example("https://a.example:0443//v1//")
def test_what_is_accepted_means_the_same_to_the_http_client(address):
    with contextlib.suppress(BadSettings):
        accepted(endpoint(address, Origin.FLAG))


def accepted(found: Endpoint) -> None:
    url = httpx.URL(f"{found.url}/organization/costs")
    assert (url.scheme, url.raw_host.decode(), url.port) == (found.scheme, found.name.strip("[]"), found.port)
    assert (url.userinfo, url.query, url.fragment) == (b"", b"", "")
    assert endpoint(found.url, Origin.FLAG) == found


def test_the_refusal_names_where_the_address_came_from():
    with pytest.raises(BadSettings, match=r"base_url in config\.toml"):
        endpoint("http://gateway.example", Origin.CONFIG)


def test_hosts_are_told_apart():
    assert endpoint("https://api.openai.com/v1/", Origin.FLAG).is_openai
    other = endpoint("https://gateway.example:444/v1", Origin.FLAG)
    assert not other.is_openai
    assert other.host == "gateway.example:444"


def test_a_socks_proxy_without_its_package_gets_a_sentence(monkeypatch):
    monkeypatch.setenv("ALL_PROXY", "socks5://127.0.0.1:1080")
    monkeypatch.setitem(sys.modules, "socksio", None)
    with pytest.raises(BadSettings, match=r"httpx\[socks\]"):
        connect(endpoint("https://api.openai.com/v1", Origin.DEFAULT), BearerAuth(KEY))


def test_a_proxy_of_no_known_kind_gets_a_sentence(monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "gopher://127.0.0.1:70")
    with pytest.raises(BadSettings, match="HTTPS_PROXY"):
        connect(endpoint("https://api.openai.com/v1", Origin.DEFAULT), BearerAuth(KEY))


def test_certificates_that_cannot_be_read_get_a_sentence(monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", "/nowhere/ca.pem")
    with pytest.raises(BadSettings, match="SSL_CERT_FILE"):
        connect(endpoint("https://api.openai.com/v1", Origin.DEFAULT), BearerAuth(KEY))


async def test_the_key_stands_in_no_header_that_the_client_keeps():
    async with connect(endpoint("https://api.openai.com/v1", Origin.DEFAULT), BearerAuth(KEY)) as http:
        assert KEY not in repr(http.headers) + str(dict(http.headers)) + repr(vars(http))
