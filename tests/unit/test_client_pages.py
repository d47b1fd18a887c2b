"""The client with pages that are too large, raw pages, and connections that fail."""

import asyncio
import json
import ssl
from datetime import UTC, datetime, timedelta

import httpx
import pytest
import trustme

from tests.support.builders import DAY, KEY, NOW, QUICK, TODAY, bucket, gathered, loopback, page, result
from tests.support.loopback import Asked, Loopback, Reply, refusal
from tui.domain.rows import add_up
from tui.domain.time import last_days
from tui.errors import (
    RateLimited,
    Redirected,
    TimedOut,
    TlsFailed,
    Unreachable,
    Unreadable,
)
from tui.sources.base import Query
from tui.sources.openai.api import Api
from tui.sources.openai.client import Client
from tui.sources.openai.endpoint import Origin, endpoint

TWO_WEEKS = Query(last_days(NOW, 13))

TWO_WEEKS = Query(last_days(NOW, 13))

TWO_WEEKS = Query(last_days(NOW, 13))


async def test_a_page_that_grows_too_large_is_asked_for_in_smaller_parts(serve):
    """The server fills 31 days with 300 rows each; a page may hold some of them only."""
    days = {ago: bucket(ago, *(result(f"model-{n}", ago, 1) for n in range(300))) for ago in range(31)}

    def handler(asked: Asked) -> dict:
        start = int(asked.one("start_time") or 0)
        wanted = [each for ago, each in sorted(days.items(), reverse=True) if each["start_time"] >= start]
        limit = int(asked.one("limit") or 7)
        at = int((asked.one("page") or "page_0").removeprefix("page_"))
        more = at + limit < len(wanted)
        return page(*wanted[at : at + limit], next_page=f"page_{at + limit}" if more else None)

    size = len(json.dumps(days[0]))
    async with serve(handler, large_page=5 * size) as (client, asked):
        found, warnings = await gathered(client.pages(Query(last_days(NOW, 30))))
        limits = [int(one.one("limit")) for one in asked]
        await gathered(client.pages(Query(last_days(NOW, 1))))
    assert {start: add_up(each.rows).input for start, each in found.items()} == {
        TODAY - ago * DAY: 300 * ago for ago in range(31)
    }
    assert warnings == []
    assert limits[0] == 31
    assert all(1 <= limit <= 5 for limit in limits[1:])
    assert int(asked[len(limits)].one("limit")) <= 5, "what was learned is kept"


async def test_a_single_bucket_may_be_as_large_as_it_is(serve):
    large = bucket(0, *(result(f"model-{n}") for n in range(500)))
    async with serve(lambda asked: page(large), large_page=1_000) as (client, asked):
        found, _ = await gathered(client.pages(Query(last_days(NOW, 0))))
    assert len(found[TODAY].rows) == 500
    assert [one.one("limit") for one in asked] == ["31", "1"]


@pytest.mark.slow
async def test_large_pages_are_decoded_beside_the_event_loop(serve):
    """While a large page is read, other work goes on."""
    large = page(*(bucket(ago, *(result(f"model-{n}-{ago}") for n in range(3_000))) for ago in range(13, -1, -1)))
    turns = 0

    async def other_work() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    async with serve(lambda _: large) as (client, _):
        work = asyncio.create_task(other_work())
        found, _ = await gathered(client.pages(TWO_WEEKS))
        work.cancel()
    assert sum(len(each.rows) for each in found.values()) == 14 * 3_000
    assert turns > 10


async def test_the_organization_is_named_by_the_answer(serve):
    async with serve(lambda _: Reply(page(), headers={"openai-organization": "org-acme"})) as (client, _):
        pages = [each async for each in client.pages(TWO_WEEKS)]
    assert [each.organization for each in pages] == ["org-acme"]


async def test_raw_pages_are_the_apis_own_words(serve):
    odd = page(bucket(0, result("m\u009b", unheard_of=[1.50])))
    async with serve(lambda _: Reply(json.dumps(odd, indent=2, ensure_ascii=False).encode())) as (client, _):
        (raw,) = [each async for each in client.raw_pages(TWO_WEEKS)]
    assert json.loads(raw.line) == odd
    assert raw.line.isprintable()


async def test_a_refused_connection_is_unreachable_after_all_tries():
    async with Client(Api(loopback(9), KEY, retry_policy=QUICK)) as client:
        with pytest.raises(Unreachable, match=r"No connection to 127\.0\.0\.1:9"):
            await gathered(client.pages(TWO_WEEKS))


async def test_a_connection_that_breaks_in_the_body_is_tried_again():
    replies = iter([Reply(page(bucket(0, result())), truncate=20), Reply(page(bucket(0, result())))])
    async with (
        Loopback(lambda _: next(replies)) as api,
        Client(Api(loopback(api.port), KEY, retry_policy=QUICK)) as client,
    ):
        found, _ = await gathered(client.pages(TWO_WEEKS))
    assert found[TODAY].rows
    assert len(api.asked) == 2


async def test_no_answer_in_time_is_timed_out():
    impatient = type(QUICK)(attempts=2, total=5.0, attempt=0.05, pause=0.001, longest_pause=0.002)
    async with (
        Loopback(lambda _: Reply(page(), hang=5)) as api,
        Client(Api(loopback(api.port), KEY, retry_policy=impatient)) as client,
    ):
        with pytest.raises(TimedOut, match="did not answer in time"):
            await gathered(client.pages(TWO_WEEKS))


async def test_a_certificate_of_nobody_is_refused_and_the_key_stays_here():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1", "localhost").configure_cert(context)
    async with Loopback(lambda _: page(), tls=context) as api:
        target = endpoint(f"https://127.0.0.1:{api.port}/v1", Origin.FLAG)
        async with Client(Api(target, KEY, retry_policy=QUICK)) as client:
            with pytest.raises(TlsFailed, match="could not prove who it is"):
                await gathered(client.pages(TWO_WEEKS))
    assert api.asked == []


async def test_a_trusted_certificate_is_accepted(monkeypatch, tmp_path):
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1", "localhost").configure_cert(context)
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    async with Loopback(lambda _: page(), tls=context) as api:
        target = endpoint(f"https://127.0.0.1:{api.port}/v1", Origin.FLAG)
        async with Client(Api(target, KEY, retry_policy=QUICK)) as client:
            await gathered(client.pages(TWO_WEEKS))
    assert len(api.asked) == 1


async def test_loopback_is_never_sent_through_a_proxy(monkeypatch):
    async with Loopback(lambda _: page()) as proxy, Loopback(lambda _: page()) as api:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "HTTPS_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        async with Client(Api(loopback(api.port), KEY, retry_policy=QUICK)) as client:
            await gathered(client.pages(TWO_WEEKS))
    assert len(api.asked) == 1
    assert proxy.asked == []


async def test_a_redirect_is_not_followed_with_the_key():
    async with Loopback(lambda _: page()) as elsewhere:
        location = f"http://127.0.0.1:{elsewhere.port}/v1/organization/usage/completions"
        async with (
            Loopback(lambda _: Reply(b"", 307, {"location": location})) as api,
            Client(Api(loopback(api.port), KEY, retry_policy=QUICK)) as client,
        ):
            with pytest.raises(Redirected):
                await gathered(client.pages(TWO_WEEKS))
    assert elsewhere.asked == []


def test_the_window_of_a_wrong_clock_still_has_whole_days():
    ahead = datetime(2026, 11, 20, 23, 59, 59, tzinfo=UTC) + timedelta(seconds=1)
    assert last_days(ahead, 0).start == TODAY + DAY


@pytest.mark.parametrize(
    "value", ["inf", "1e300", "99999999999999999", "nan", "-5", "Fri, 20 Nov 2026 15:03:00 -0000"]
)
async def test_odd_waits_are_no_fault_of_the_program(serve, value):
    async with serve(lambda _: refusal(429, **{"retry-after": value})) as (client, _):
        with pytest.raises(RateLimited) as caught:
            await gathered(client.pages(TWO_WEEKS))
    assert caught.value.retry_after is None or 0 <= caught.value.retry_after <= 86_400


async def test_a_web_page_in_the_place_of_usage_is_called_one(serve):
    async with serve(lambda _: Reply(b"<!doctype html>", headers={"x-request-id": "req_7"})) as (client, _):
        with pytest.raises(Unreadable, match=r"127\.0\.0\.1 .* a web page, .*req_7"):
            await gathered(client.pages(TWO_WEEKS))


async def test_more_is_to_come_where_a_next_page_is_named(serve):
    pages = iter(
        [{**page(bucket(13, result())), "has_more": None, "next_page": "page_2"}, page(bucket(12, result()))]
    )
    async with serve(lambda _: next(pages)) as (client, asked):
        await gathered(client.pages(TWO_WEEKS))
    assert len(asked) == 2


async def test_results_of_unknown_objects_and_other_shapes_are_left_out(serve):
    strange = {"object": "organization.usage.dreams.result", "model": {"deep": 1}, "input_tokens": "many"}
    async with serve(lambda _: page(bucket(0, result(tokens=7), strange))) as (client, _):
        found, _ = await gathered(client.pages(TWO_WEEKS))
    assert add_up(found[TODAY].rows).input == 7


async def test_all_tries_together_take_no_longer_than_patience():
    patience = type(QUICK)(attempts=50, total=0.3, attempt=5.0, pause=0.001, longest_pause=0.002)
    async with (
        Loopback(lambda _: Reply(page(), hang=5)) as api,
        Client(Api(loopback(api.port), KEY, retry_policy=patience)) as client,
    ):
        with pytest.raises(TimedOut):
            await gathered(client.pages(TWO_WEEKS))
    assert len(api.asked) == 1


async def test_a_handshake_that_breaks_is_tried_again_and_no_certificates_fault():
    asked = []

    def broken(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        raise httpx.ConnectError("EOF occurred in violation of protocol") from ssl.SSLEOFError(8, "EOF occurred")

    async with Client(Api(loopback(), KEY, in_process=httpx.MockTransport(broken), retry_policy=QUICK)) as client:
        with pytest.raises(Unreachable, match="No connection"):
            await gathered(client.pages(TWO_WEEKS))
    assert len(asked) == QUICK.attempts


async def test_an_answer_without_a_single_bucket_is_no_knowledge(serve):
    async with serve(lambda _: page()) as (client, _):
        buckets, warnings = await gathered(client.pages(TWO_WEEKS))
    assert buckets == {}
    assert warnings == ["The API answered without a single bucket."]
