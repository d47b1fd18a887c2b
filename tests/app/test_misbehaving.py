"""The dashboard in front of a server that misbehaves: what it knows stays, it says what is wrong, and it recovers."""

from __future__ import annotations

import contextlib
import sys
import tracemalloc
from collections.abc import AsyncIterator
from dataclasses import replace

import httpx
import pytest

from tests.support.api_faults import FAULTS, Misbehaving
from tests.support.archives import archive
from tests.support.builders import KEY, NOW, QUICK, bucket, gathered, loopback, page, result
from tests.support.dashboard import Dashboard, dashboard
from tests.support.live import Time
from tui.domain.time import last_days
from tui.engine.clock import Clock
from tui.errors import Unreadable
from tui.sources.archive.buckets import Identity
from tui.sources.archive.read_through import ReadThrough
from tui.sources.base import Query
from tui.sources.openai.api import LARGE_PAGE, LARGEST_PAGE, Api
from tui.sources.openai.client import Client

MEGABYTE = 2**20

ENDLESS = {"slow headers", "no answer", "stalled body"}
"""Faults during which no answer ever ends."""

IMPATIENT = replace(QUICK, attempts=2, attempt=0.3)

SAID = {
    "429": "takes no more requests for now (429",
    "429 for a moment": "takes no more requests for now (429",
    "429 for an hour": "Wait 1h00m",
    "401": "The key was refused (401",
    "500": "is in trouble (500",
    "502 of a proxy": "is in trouble (502)",
    "503": "is in trouble (503",
    "error is a string": 'is in trouble (500): "The sky is falling"',
    "error with status 200": "missing required field `data`",
    "web page": "answered with a web page, as a login or a proxy would",
    "nothing": "answered with something else (Input data was truncated)",
    "truncated JSON": "answered with something else (Input data was truncated)",
    "a list": "Expected `object`, got `array`",
    "deep nesting": "maximum recursion depth exceeded" if sys.version_info < (3, 14) else "Input data was truncated",
    "not UTF-8": "JSON is malformed",
    "wrong type of data": "data). Check the base URL",
    "wrong type of start_time": "a bucket of it cannot be read: start_time is no time). Check the base URL",
    "wrong type of results": "a bucket of it cannot be read: Expected `array | null`, got `str`, in results)",
    "slow headers": "did not answer in time",
    "no answer": "did not answer in time",
    "stalled body": "did not answer in time",
    "body cut short": "broke (peer closed connection without sending complete message body",
    "reset on accept": "broke (Connection reset by peer)",
    "reset before the headers": "broke (Connection reset by peer)",
    "reset in the headers": "broke (Connection reset by peer)",
    "reset in the body": "broke (Connection reset by peer)",
    "not HTTP": "sent is not HTTP",
    "redirect to another host": "answered with a redirect (302), which is not followed",
    "65 MB page": "sent a page of more than 64 MB",
    "broken gzip": "cannot be unpacked (Error -3 while decompressing data",
    "gzip that is none": "cannot be unpacked (Error -3 while decompressing data",
    "gzip cut short": "answered with something else (Input data was truncated)",
}
"""What the state line says of the faults that leave nothing of an answer."""

SAID_OF_NO_DAY = {
    "times that are none": "a bucket whose start is not a time",
    "times before the window": "answered without a single bucket",
    "empty pages for ever": "sent pages that hold nothing new and said that there is more",
    "no buckets": "answered without a single bucket",
}
"""What it says of answers that can be read, and hold none of the days that were asked for."""

SAID_OF_THE_REST = {
    "wrong type of has_more": "said that there is more and did not say where",
    "repeated cursor": "sent the same page again and again",
    "missing cursor": "said that there is more and did not say where",
    "refused cursor": "handed out a page and then refused it",
    "more for ever": "sent pages that hold nothing new and said that there is more",
    "more for ever, always different": "sent page after page without coming to an end",
}
"""What it says of those that leave the beginning of an answer."""

ROWS_LEFT_OUT = {
    "wrong type of input_tokens",
    "wrong type of output_tokens",
    "wrong type of num_model_requests",
    "wrong type of input_cached_tokens",
    "wrong type of service_tier",
    "wrong type of project_id",
    "negative numbers",
    "huge numbers",
}
"""Faults of every row, of which none can be read."""

BORNE = {
    "wrong type of next_page",
    "wrong type of end_time",
    "wrong type of batch",
    "burst of 429",
    "burst of 500",
    "burst of 502",
    "burst of 503",
    "one bucket a page",
    "empty pages in between",
    "duplicated buckets",
    "unordered buckets",
}
"""Faults that cost nothing: there is nothing to say."""


class Watched:
    """A dashboard of the API, and the clock of both."""

    def __init__(self, api: Misbehaving, client: Client, board: Dashboard, time: Time) -> None:
        self.api, self.client, self.board, self.time = api, client, board, time

    async def next_beat(self) -> None:
        """Let time pass until the dashboard asks again by itself. Nobody presses a key."""
        until = self.board.screen.state.timer.until
        asked = self.api.asked
        del asked[:]
        self.time.now = until
        self.board.screen._tick()
        assert self.board.screen.state.timer.until == until

    async def read(self) -> None:
        """Wait until the answer is there, or why there is none."""
        while any(level.loading for level in self.board.screen.state.levels):
            await self.board.pilot.pause()
        await self.board.settle()

    @property
    def words(self) -> str:
        return " ".join(self.board.text().split())

    def begin(self, fault: str, tokens: int) -> None:
        self.api.fault, self.api.tokens = fault, tokens
        if fault in ENDLESS:
            self.client._retry_policy = IMPATIENT

    def end(self, tokens: int) -> None:
        self.api.fault, self.api.tokens = None, tokens
        self.client._retry_policy = QUICK


@contextlib.asynccontextmanager
async def watched(tmp_path) -> AsyncIterator[Watched]:
    """The dashboard of the API, with everything in between as the program puts it together, after its first load."""
    time = Time()
    clock = Clock(time)
    async with (
        Misbehaving(time) as api,
        Client(Api(loopback(api.port), KEY, retry_policy=QUICK, on_date=clock.on_date)) as client,
    ):
        through = ReadThrough(client, archive(tmp_path), Identity(api.base_url, KEY), clock)
        async with dashboard(through, clock=clock, memory=through, ahead=lambda: clock.ahead) as board:
            watch = Watched(api, client, board, time)
            await watch.read()
            assert "51,000" in board.rows()[0], "1,000 and 50,000"
            yield watch


async def moves(board: Dashboard) -> bool:
    """Whether keys move the cursor."""
    await board.pilot.press("G")
    was_last = board.table.cursor_row == board.table.row_count - 1
    await board.pilot.press("g")
    return was_last and board.table.cursor_row == 0


def test_it_is_known_what_to_say_of_each_fault():
    of_its_own = {"wrong type of model"}
    assert {*SAID, *SAID_OF_NO_DAY, *SAID_OF_THE_REST, *ROWS_LEFT_OUT, *BORNE, *of_its_own} == set(FAULTS)


async def suffers_and_recovers(watch: Watched, fault: str) -> None:
    """Let the API misbehave for one beat, and behave again for the next."""
    board, before = watch.board, watch.board.rows()
    watch.begin(fault, tokens=2_000)
    await watch.next_beat()
    assert await moves(board), "while nothing is known of the answer yet"
    await watch.read()
    assert await moves(board), "while the fault lasts"
    assert board.rows() == before
    assert SAID[fault] in watch.words
    assert "backing off until" in watch.words
    assert "stale since" in watch.words
    await recovers(watch)
    assert SAID[fault] not in watch.words


async def recovers(watch: Watched) -> None:
    """Let the API behave again for the next beat."""
    watch.end(tokens=3_000)
    await watch.next_beat()
    await watch.read()
    assert "53,000" in watch.board.rows()[0]
    assert "● live, every 60 s · read" in watch.words
    assert "!" not in watch.words
    # A comparison with yesterday asks for the hour that has ended meanwhile, where the fault took so long.
    polled = [each for each in watch.api.asked if each.one("bucket_width") != "1h"]
    assert len(polled) == 2, "nothing is left of the fault"


@pytest.mark.slow
@pytest.mark.parametrize("fault", SAID)
async def test_a_fault_takes_nothing_away_is_told_of_and_passes_by_itself(fault, tmp_path):
    async with watched(tmp_path) as watch:
        await suffers_and_recovers(watch, fault)


@pytest.mark.parametrize("fault", sorted(ROWS_LEFT_OUT))
async def test_rows_that_cannot_be_read_leave_what_was_known_and_mark_their_days(fault, tmp_path):
    async with watched(tmp_path) as watch:
        before = watch.board.rows()
        watch.begin(fault, tokens=2_000)
        await watch.next_beat()
        await watch.read()
        rows = watch.board.rows()
        assert [cells[2:] for cells in rows] == [cells[2:] for cells in before]
        marked = [cells[1] for cells in rows if "incomplete" in cells[1]]
        assert marked == ["▾ 2 models, incomplete", "▸ 2 models, incomplete", "▸ 2 models, incomplete"]
        assert "6 rows of 2026-11-18 to 2026-11-20 could not be read and are left out" in watch.words
        assert "● live, every 60 s" in watch.words
        await recovers(watch)


@pytest.mark.parametrize("fault", SAID_OF_NO_DAY)
async def test_an_answer_without_the_days_that_were_asked_for_leaves_what_was_known(fault, tmp_path):
    async with watched(tmp_path) as watch:
        before = watch.board.rows()
        watch.begin(fault, tokens=2_000)
        await watch.next_beat()
        await watch.read()
        assert watch.board.rows() == before
        assert "The usage of 2026-11-20 could not be read: the answer does not hold it." in watch.words
        assert SAID_OF_NO_DAY[fault] in watch.words
        assert "● live, every 60 s · read 14:03:00" in watch.words, "as of the reading before"
        await recovers(watch)


async def test_a_model_whose_name_is_a_number_is_called_so(tmp_path):
    async with watched(tmp_path) as watch:
        watch.begin("wrong type of model", tokens=2_000)
        await watch.next_beat()
        await watch.read()
        assert watch.board.rows()[1][:3] == ["", "· 6", "52,000"]


@pytest.mark.slow
@pytest.mark.parametrize("fault", SAID_OF_THE_REST)
async def test_of_an_answer_that_breaks_off_no_day_is_lost(fault, tmp_path):
    async with watched(tmp_path) as watch:
        board = watch.board
        days = [cells[0] for cells in board.rows()]
        watch.begin(fault, tokens=2_000)
        await watch.next_beat()
        assert await moves(board)
        await watch.read()
        assert await moves(board)
        assert [cells[0] for cells in board.rows()] == days
        assert board.screen.state.days.report.unread() == ()
        assert SAID_OF_THE_REST[fault] in watch.words
        watch.end(tokens=3_000)
        await watch.next_beat()
        await watch.read()
        assert "53,000" in board.rows()[0]
        assert "!" not in watch.words
        assert "● live, every 60 s · read" in watch.words
        assert len(watch.api.asked) == 2


@pytest.mark.slow
@pytest.mark.parametrize("fault", sorted(BORNE))
async def test_what_can_be_put_right_is_shown_right_and_not_a_word_is_said(fault, tmp_path):
    async with watched(tmp_path) as watch:
        board = watch.board
        watch.begin(fault, tokens=2_000)
        await watch.next_beat()
        assert await moves(board)
        await watch.read()
        rows = board.rows()
        assert rows[0] == ["Fri 20 Nov", "▾ 2 models", "52,000", "20", "52,020", "4%", "2"]
        assert rows[1:3] == [
            ["", "● o3", "50,000", "10", "50,010", "0%", "1"],
            ["", "● gpt-6-sol", "2,000", "10", "2,010", "100%", "1"],
        ]
        assert [cells[2] for cells in rows[3:5]] == ["52,002", "52,004"], "the days of a beat"
        assert [cells[2] for cells in rows[5:]] == ["51,006", "51,008", "51,010", "51,012"], "settled before"
        assert "● live, every 60 s · read 14:04:00 UTC" in watch.words
        assert "!" not in watch.words


@pytest.mark.slow
@pytest.mark.parametrize("fault", ["500", "no answer", "more for ever", "web page"])
async def test_asked_for_by_hand_a_fault_takes_nothing_away_either(fault, tmp_path):
    async with watched(tmp_path) as watch:
        board = watch.board
        days = [cells[:2] for cells in board.rows()]
        watch.begin(fault, tokens=1_000)
        await board.pilot.press("r")
        assert await moves(board)
        await watch.read()
        assert [cells[:2] for cells in board.rows()] == days
        assert {**SAID, **SAID_OF_THE_REST}[fault] in watch.words


async def test_a_page_without_an_end_takes_no_more_memory_than_the_largest_page():
    sent = 0

    class Endless(httpx.AsyncByteStream):
        async def __aiter__(self):
            nonlocal sent
            while True:
                sent += MEGABYTE
                yield bytes(MEGABYTE)

    transport = httpx.MockTransport(lambda _: httpx.Response(200, stream=Endless()))
    async with Client(Api(loopback(), KEY, in_process=transport, retry_policy=QUICK)) as client:
        tracemalloc.start()
        try:
            with pytest.raises(Unreadable, match="more than 64 MB"):
                await gathered(client.pages(Query(last_days(NOW, 13))))
            kept, most = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert sent <= LARGE_PAGE + LARGEST_PAGE + 2 * MEGABYTE
    assert most < 2 * LARGEST_PAGE
    assert kept < LARGEST_PAGE / 8


async def test_what_was_learned_of_large_pages_is_forgotten_when_they_are_small_again(serve):
    large = page(bucket(0, *(result(f"model-{n}") for n in range(500))))
    answers = [large, large, page(bucket(0)), page(bucket(0))]
    async with serve(lambda _: answers.pop(0), large_page=20_000) as (client, asked):
        for _ in range(3):
            await gathered(client.pages(Query(last_days(NOW, 0))))
    assert [one.one("limit") for one in asked] == ["31", "1", "1", "31"]
