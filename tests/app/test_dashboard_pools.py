"""The dashboard on free and billed tokens: columns, facts, the pool bar, alerts, and why."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.support.archives import archive
from tests.support.builders import FREE, KEY, NOW, Memory, day, demo_client, row, source
from tests.support.dashboard import dashboard
from tests.support.live import Time
from tui.config.catalogue import effective_catalogue
from tui.config.schema import Config, Limits
from tui.domain.usage import Bucket
from tui.domain.what import What
from tui.errors import ServerFailed
from tui.sources.archive.owners import Identity
from tui.sources.archive.read_through import ReadThrough
from tui.ui.app import UsageApp
from tui.ui.dashboard import DashboardScreen


async def test_the_day_under_the_cursor_shows_each_pools_part():
    async with dashboard(source()) as board:
        facts = [line[81:] for line in board.text().splitlines()[3:6]]
        assert [line.split()[:5] for line in facts] == [
            ["││20", "Nov", "556k", "free", "1k"],
            ["││●", "large", "556k", "free", "0"],
            ["││○", "small", "0", "free", "0"],
        ]


async def test_without_the_pane_there_is_room_for_the_tokens_that_were_free_and_billed():
    async with dashboard(source()) as board:
        await board.press("p")
        assert board.rows()[0][2:] == ["414,759", "142,723", "557,482", "556,482", "1,000", "99%", "17", "18x"]
        assert "Billed" in board.text()


async def test_the_totals_of_the_window_are_told():
    async with dashboard(source()) as board:
        assert "7 days: 588k tokens, ▇ 556k free (95%), ░ 31.5k billed" in board.text()


async def test_i_says_why_tokens_of_the_day_or_the_model_were_billed():
    async with demo_client() as client, dashboard(client, days=14) as board:
        await board.press("]", "i")
        assert "Why ─ Thu 19 Nov ─ all models" in board.text()
        assert "The large pool was spent (est.) between" in board.text()
        await board.press("escape", "[", "j", "j", "j", "j", "j", "j", "i")
        assert "ft:gpt-4.1-mini-2025-04-14:acme:[prod]:Ab12" in board.text()
        assert "Fine-tuned models are never free" in board.text()
        await board.press("escape")
        assert isinstance(board.app.screen, DashboardScreen)


async def test_why_that_cannot_be_read_says_so():
    memory = source()
    async with dashboard(memory) as board:
        memory.error = ServerFailed("api.openai.com is in trouble (503).")
        await board.press("i")
        assert "in trouble (503)" in board.text()


async def test_pace_and_outlook_come_from_the_last_hour():
    async with demo_client() as client, dashboard(client) as board:
        large = board.text().splitlines()[-4]
        assert "56%  runs out  142k / 250k?  108k left  est. 433/min, may use 179/min" in large
        assert "»" in large, "it goes beyond the end"
        assert "large runs out in 4h02m (18:05-18:40), before the reset" in board.text()
        assert "data through 13:57 (6m behind)" in board.text()


async def test_a_threshold_rings_once_and_runs_the_users_command_once(monkeypatch):
    told, rung = [], []

    async def on_alert(alert):
        if alert.what is What.THRESHOLD:
            told.append((alert.crossing.pool, alert.crossing.threshold, alert.percent, alert.left))
        return "say ended with status 3." if alert.crossing.threshold == 100 else None

    memory = Memory(day(0, row("gpt-6-sol", 150_000, 0, service_tier=FREE)))
    async with dashboard(memory, on_alert=on_alert) as board:
        monkeypatch.setattr(board.app, "bell", lambda: rung.append("ding"))
        for used in (160_000, 201_000, 202_000, 260_000, 261_000):
            memory.buckets[0] = day(0, row("gpt-6-sol", used, 0, service_tier=FREE))
            await board.press("r")
        assert told == [("large", 80, 80, 49_000), ("large", 100, 104, 0)]
        assert rung == ["ding", "ding"]
        problems = [each.message for each in board.app._notifications]
        assert problems == ["Your command: say ended with status 3."], (
            "a failure of the command is told and harms nothing"
        )


async def test_no_bell_is_no_bell(monkeypatch):
    rung = []
    monkeypatch.setattr(UsageApp, "bell", lambda _: rung.append("ding"))
    async with dashboard(source(), bell=False):
        pass
    assert rung == []


@pytest.mark.parametrize(("used", "word"), [(1_000, "lasts"), (249_999, "lasts"), (250_000, "spent")])
async def test_the_bar_says_in_a_word_how_it_goes_on_however_much_is_used(used, word):
    async with dashboard(Memory(day(0, row("gpt-6-sol", used, 0, service_tier=FREE)))) as board:
        large = board.text().splitlines()[-4]
        assert [each for each in ("low", "runs out", "lasts", "spent") if each in large] == [word]


async def test_it_is_told_once_that_a_pool_runs_out_and_once_that_it_lasts_again():
    """Told on the second reading in a row that says so; the first reading of all is on the screen already."""

    def used(a_minute: int) -> list[Bucket]:
        minutes = (NOW - timedelta(minutes=ago) for ago in range(80))
        return [
            day(0, row("gpt-6-sol", 100_000, 0, service_tier=FREE)),
            *(Bucket(start, (row("gpt-6-sol", a_minute, 0, service_tier=FREE),)) for start in minutes),
        ]

    told, memory = [], Memory(*used(1))
    async with dashboard(memory) as board:
        board.screen.notify = lambda message, **_: told.append(message)
        for a_minute in (1, 900, 1, 900, 900, 900, 1, 900, 1, 1, 1):
            memory.buckets = used(a_minute)
            await board.press("r")
    assert [message.split(" in ")[0] for message in told] == ["large runs out", "large lasts"]


async def test_unread_days_are_no_zeros_in_the_charts():
    memory = source()
    memory.error = ServerFailed("no")
    async with dashboard(memory) as board:
        assert "input: not read yet" in board.text()
        assert "input 0" not in board.text()


@pytest.mark.parametrize("part", ["columns", "load"])
async def test_a_chart_that_cannot_be_drawn_leaves_the_numbers(monkeypatch, part):
    def broken(*_):
        raise ImportError("no wheel for this machine")

    monkeypatch.setattr(f"tui.ui.plot.{part}", broken)
    monkeypatch.setattr("tui.ui.plot.is_loaded", lambda: part != "load")  # whatever another test has loaded
    # As if the archive knew of the days: then plotting is loaded before anything is read.
    monkeypatch.setattr("tui.engine.state.State.has_data", property(lambda _: True))
    async with dashboard(source()) as board:
        assert "No chart: ImportError" in board.text()
        assert "557,482" in board.text()


async def test_tab_goes_to_the_models_and_back():
    async with dashboard(source()) as board:
        await board.press("tab")
        assert board.screen.focused.id == "models"
        await board.press("tab")
        assert board.screen.focused is board.table


@pytest.mark.parametrize(
    "config", [Config(usage_tier=3), Config(limits=Limits(large=250_000, small=2_500_000)), Config()]
)
async def test_a_second_start_has_nothing_to_warn_of_whatever_the_limits_are(tmp_path, config):
    memory, time = Memory(day(0, row("gpt-6-sol", 1_000, 0, service_tier=FREE))), Time()
    for _ in range(2):
        through = ReadThrough(memory, archive(tmp_path), Identity("u", KEY), time)
        async with dashboard(through, clock=time, memory=through, catalogue=effective_catalogue(config)) as board:
            for _ in range(3):
                assert "only a part" not in " ".join(board.text().split())
                await time.goes(board, seconds=61)
            await board.press("r")
            assert "!" not in board.text()
