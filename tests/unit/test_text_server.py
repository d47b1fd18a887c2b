"""One page over HTTP: who asks for it gets it, and who dawdles is left."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import pytest

from tui.errors import BadSettings
from tui.system.text_server import Page, serving

HOST = "127.0.0.1"
PAGE = Page("/metrics", "text/x; charset=utf-8", lambda: "é 1\n")


async def asked(port, request):
    reader, writer = await asyncio.open_connection(HOST, port)
    writer.write(request)
    answer = await reader.read()
    writer.close()
    return answer.decode()


def answer_to(request, patience=60.0, host=HOST, page=PAGE):
    async def answered():
        async with serving(page, host, 0, patience) as port:
            return await asked(port, request)

    return asyncio.run(answered())


def test_get_has_the_page_and_head_its_length_only():
    got, head = (answer_to(f"{method} /metrics?x=1 HTTP/1.1\r\n\r\n".encode()) for method in ("GET", "HEAD"))
    assert got.startswith("HTTP/1.1 200 OK\r\nContent-Type: text/x; charset=utf-8\r\nContent-Length: 5\r\n")
    assert got.endswith("\r\n\r\né 1\n")
    assert head == got.removesuffix("é 1\n")


@pytest.mark.parametrize(("line", "status"), [("GET / HTTP/1.1", 404), ("POST /metrics HTTP/1.1", 405), ("", 405)])
def test_nothing_else_is_served(line, status):
    assert answer_to(f"{line}\r\n\r\n\r\n".encode()).startswith(f"HTTP/1.1 {status} ")


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.0.0.1:9464", "localhost", "LocalHost:80", "[::1]:9464", "[::1]", "127.1.2.3"]
)
def test_a_loopback_address_is_served_under_names_of_this_machine_only(host):
    assert answer_to(f"GET /metrics HTTP/1.1\r\nHost: {host}\r\n\r\n".encode()).startswith("HTTP/1.1 200 ")


@pytest.mark.parametrize(
    "fields",
    [
        "Host: rebound.example:9464",
        "host:rebound.example",
        "Host: localhost.rebound.example",
        "Host: 192.0.2.1",
        "Host:",
        "Host: localhost\r\nHost: rebound.example",
    ],
)
def test_who_was_led_to_a_loopback_address_by_another_name_is_refused(fields):
    answer = answer_to(f"GET /metrics HTTP/1.1\r\nAccept: */*\r\n{fields}\r\n\r\n".encode())
    assert answer.startswith("HTTP/1.1 403 ")
    assert "é 1" not in answer


def test_an_older_request_names_no_host_and_is_answered():
    assert answer_to(b"GET /metrics HTTP/1.0\r\n\r\n").startswith("HTTP/1.1 200 ")


def test_an_address_that_others_reach_is_served_under_any_name():
    request = b"GET /metrics HTTP/1.1\r\nHost: metrics.example\r\n\r\n"
    assert answer_to(request, host="0.0.0.0").startswith("HTTP/1.1 200 ")


def test_a_page_that_cannot_be_made_is_a_fault_of_the_server():
    broken = Page("/metrics", "text/x", lambda: f"{1 // 0}")
    assert answer_to(b"GET /metrics HTTP/1.1\r\n\r\n", page=broken).startswith("HTTP/1.1 500 ")


@pytest.mark.parametrize("request_", [b"GET /met", b"GET /" + b"x" * 70_000])
def test_who_does_not_ask_or_asks_too_much_is_left(request_):
    with suppress(ConnectionError):
        assert answer_to(request_, patience=0.05) == ""


def test_who_says_nothing_makes_room_for_who_asks():
    async def scraped():
        async with serving(PAGE, HOST, 0, 3_600, most=3) as port:
            silent = [await asyncio.open_connection(HOST, port) for _ in range(20)]
            answer = await asked(port, b"GET /metrics HTTP/1.1\r\n\r\n")
            for reader, _ in silent[:18]:  # there is room for three, of whom one has asked
                with suppress(ConnectionError):
                    assert await reader.read() == b""
            assert not any(reader.at_eof() for reader, _ in silent[18:])
            for _, writer in silent:
                writer.close()
            return answer

    assert asyncio.run(scraped()).endswith("é 1\n")


def test_who_does_not_read_makes_room_as_well():
    long = Page("/metrics", "text/x", lambda: "x" * 50_000_000)

    async def scraped():
        async with serving(long, HOST, 0, 3_600, most=1) as port:
            reader, writer = await asyncio.open_connection(HOST, port, limit=1)
            writer.write(b"GET /metrics HTTP/1.1\r\n\r\n")
            await reader.readexactly(1)  # it was heard, and is not silent any more
            answer = await asked(port, b"GET / HTTP/1.1\r\n\r\n")
            writer.transport.abort()
            return answer

    assert asyncio.run(scraped()).startswith("HTTP/1.1 404 ")


def test_the_end_does_not_wait_for_who_is_still_connected():
    async def ended():
        async with serving(PAGE, HOST, 0, 3_600) as port:
            reader, writer = await asyncio.open_connection(HOST, port)
            await asked(port, b"GET /metrics HTTP/1.1\r\n\r\n")
        with suppress(ConnectionError):
            assert await reader.read() == b""
        writer.close()

    asyncio.run(ended())


def test_a_port_in_use_is_a_sentence():
    async def twice():
        async with serving(PAGE, HOST, 0) as port, serving(PAGE, HOST, port):
            pass

    with pytest.raises(BadSettings, match="Nothing can be served"):
        asyncio.run(twice())
