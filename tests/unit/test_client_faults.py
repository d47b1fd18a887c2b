"""What the client makes of refusals, faults and odd answers."""

import pytest

from tests.support.builders import KEY, NOW, QUICK, TODAY, bucket, gathered, page, result
from tests.support.loopback import Reply, refusal
from tui.domain.time import last_days
from tui.errors import (
    ApiError,
    KeyRefused,
    NotFound,
    RateLimited,
    Redirected,
    RequestRefused,
    ScopeMissing,
    ServerFailed,
    Unreadable,
)
from tui.sources.base import Query

TWO_WEEKS = Query(last_days(NOW, 13))

TWO_WEEKS = Query(last_days(NOW, 13))


@pytest.mark.parametrize(
    ("reply", "kind", "words"),
    [
        (refusal(401), KeyRefused, "admin-keys"),
        (refusal(403), ScopeMissing, "api.usage.read"),
        (
            refusal(401, "You have insufficient permissions. Missing scopes: api.usage.read."),
            ScopeMissing,
            "api.usage",
        ),
        (refusal(400), RequestRefused, "refused the request"),
        (refusal(418), RequestRefused, "418"),
        (refusal(404), NotFound, "base URL"),
        (refusal(429), RateLimited, "no more requests"),
        (refusal(500), ServerFailed, "trouble"),
        (refusal(503), ServerFailed, "503"),
        (Reply(b"", 302, {"location": "https://elsewhere.example/"}), Redirected, "redirect"),
    ],
)
async def test_each_refusal_is_one_kind_of_error_with_a_sentence(serve, reply, kind, words):
    async with serve(lambda _: reply) as (client, _):
        with pytest.raises(kind, match=words) as caught:
            await gathered(client.pages(TWO_WEEKS))
    assert caught.value.status == reply.status
    if kind is not Redirected:
        assert caught.value.request_id == "req_42"
        assert "req_42" in caught.value.sentence
        assert reply.body["error"]["message"].rstrip(".") in caught.value.sentence


async def test_an_error_that_is_a_plain_string_is_quoted_too(serve):
    async with serve(lambda _: Reply({"error": "You have insufficient permissions"}, 403)) as (client, _):
        with pytest.raises(ScopeMissing, match="You have insufficient permissions"):
            await gathered(client.pages(TWO_WEEKS))


async def test_what_the_api_says_is_made_inert_and_the_key_is_taken_out(serve):
    hostile = f"bad \x1b[31m key {KEY} given\n" + "x" * 5_000
    async with serve(lambda _: refusal(401, hostile)) as (client, _):
        with pytest.raises(KeyRefused) as caught:
            await gathered(client.pages(TWO_WEEKS))
    assert KEY not in caught.value.sentence
    assert caught.value.sentence.isprintable()
    assert len(caught.value.sentence) < 800


@pytest.mark.parametrize("body", [b"<html>It works</html>", b'{"data": [', b'{"object": "list"}', b"null", b""])
async def test_a_success_that_is_no_page_is_unreadable(serve, body):
    async with serve(lambda _: Reply(body)) as (client, _):
        with pytest.raises(Unreadable):
            await gathered(client.pages(TWO_WEEKS))


@pytest.mark.parametrize("status", [429, 500, 502, 503])
async def test_passing_errors_are_tried_again(serve, status):
    replies = iter([refusal(status), refusal(status), page(bucket(0, result()))])
    async with serve(lambda _: next(replies)) as (client, asked):
        found, _ = await gathered(client.pages(TWO_WEEKS))
    assert found[TODAY].rows
    assert len(asked) == 3


@pytest.mark.parametrize("status", [400, 401, 403, 404])
async def test_lasting_errors_are_not_tried_again(serve, status):
    async with serve(lambda _: refusal(status)) as (client, asked):
        with pytest.raises(ApiError):
            await gathered(client.pages(TWO_WEEKS))
    assert len(asked) == 1


async def test_tries_are_capped(serve):
    async with serve(lambda _: refusal(500)) as (client, asked):
        with pytest.raises(ServerFailed):
            await gathered(client.pages(TWO_WEEKS))
    assert len(asked) == QUICK.attempts


@pytest.mark.parametrize(
    "headers",
    [
        {"retry-after": "3600"},
        {
            "date": "Fri, 20 Nov 2026 14:03:00 GMT",
            "retry-after": "Fri, 20 Nov 2026 15:03:00 GMT",
        },
    ],
)
async def test_a_wait_longer_than_the_time_left_is_not_slept(serve, headers):
    async with serve(lambda _: refusal(429, **headers)) as (client, asked):
        with pytest.raises(RateLimited, match="1h00m") as caught:
            await gathered(client.pages(TWO_WEEKS))
    assert caught.value.retry_after == 3_600
    assert len(asked) == 1


@pytest.mark.parametrize(
    "headers",
    [
        {"retry-after": "0"},
        {"retry-after-ms": "1"},
        {"retry-after": "Fri, 20 Nov 2026 14:02:00 GMT", "date": "Fri, 20 Nov 2026 14:03:00 GMT"},
        {"retry-after": "soon"},
    ],
)
async def test_a_short_wait_is_obeyed_and_nonsense_passed_over(serve, headers):
    replies = iter([refusal(429, **headers), page(bucket(0, result()))])
    async with serve(lambda _: next(replies)) as (client, asked):
        await gathered(client.pages(TWO_WEEKS))
    assert len(asked) == 2


async def test_retries_say_nothing_on_stderr(serve, capfd):
    async with serve(lambda _: refusal(500)) as (client, _):
        with pytest.raises(ServerFailed):
            await gathered(client.pages(TWO_WEEKS))
    assert capfd.readouterr() == ("", "")
