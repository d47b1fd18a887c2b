"""Charts that are kept from one start to the next: a file that may be lost, and can do no harm."""

from __future__ import annotations

import asyncio

import pytest

from tests.screen import dashboard
from tests.served import Served
from tests.test_live import served
from tests.test_read_through import archive
from tests.world import NOW
from tui.archive.read_through import Offline
from tui.config import drawings
from tui.domain.window import last_days
from tui.session.recall import recall
from tui.session.state import State
from tui.ui import chart
from tui.ui.readings import Readings


@pytest.fixture
def path(tmp_path):
    return tmp_path / "cache" / "charts.json"


def test_what_was_drawn_is_there_at_the_next_start_for_this_user_only(path):
    drawings.save(path, {"a": "▁▂▃", "b": "x\ny"})
    assert drawings.load(path) == {"a": "▁▂▃", "b": "x\ny"}
    assert path.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in path.parent.iterdir()] == ["charts.json"]


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[" * 100_000, b"\xff\xfe", b'{"format": 1}', b'{"format": "1 of another", "drawn": {}}',
     b'{"format": "x", "drawn": {"a": 5}}', b" " * (2**20 + 1)],
    ids=["nothing", "cut", "deep", "no text", "other shape", "other version", "other values", "large"],
)  # fmt: skip
def test_a_file_that_cannot_be_used_is_as_none(path, content):
    path.parent.mkdir()
    path.write_bytes(content)
    assert drawings.load(path) == {}


def test_what_cannot_be_written_is_not(path):
    path.parent.write_text("no folder")
    drawings.save(path, {"a": "b"})
    drawings.save(path.with_name("there") / "charts.json", {"a": "\ud800"})
    assert path.parent.read_text() == "no folder"


def test_of_what_is_kept_only_text_is_taken_and_not_more_than_is_of_use(monkeypatch):
    monkeypatch.setattr(chart, "_DRAWN", type(chart._DRAWN)())
    chart.begin_with({"bad": "\x1b[2J", "good": "▁▂", **{str(number): "x" for number in range(1_000)}})
    assert "bad" not in chart.drawn()
    assert len(chart.drawn()) == chart._MOST


def test_a_chart_that_is_kept_is_not_drawn_again(monkeypatch):
    monkeypatch.setattr(chart, "_DRAWN", type(chart._DRAWN)())
    first = chart.columns((1, 2, 3), ("a", "b"), 20, 6)
    monkeypatch.setattr(chart, "_figure", lambda *_: pytest.fail("drawn again"))
    assert chart.columns((1, 2, 3), ("a", "b"), 20, 6) == first


@pytest.mark.parametrize("when", ["before", "between", "after", "never"])
async def test_what_is_looked_up_while_the_screen_loads_is_shown_whenever_it_is_there(tmp_path, monkeypatch, when):
    with Served() as api:
        async with served(api, tmp_path) as (board, _):
            rows = board.rows()
    kept = archive(tmp_path)
    alone = Offline(kept, kept.last_owner())
    query = State.initial(last_days(NOW, 14), None).query(last_days(NOW, 14))
    found, first = recall(alone, query, NOW), asyncio.get_running_loop().create_future()
    if when == "before":
        first.set_result(found)
    if when == "after":
        asyncio.get_running_loop().call_later(0.3, first.set_result, found)
    begin = Readings.begin

    def then(self) -> None:
        begin(self)
        if when == "between":  # a moment after it was looked for
            first.set_result(found)

    monkeypatch.setattr(Readings, "begin", then)
    options = {} if when == "never" else {"first": first}
    async with dashboard(alone, memory=alone, offline=True, place="offline", days=14, **options) as board:
        assert board.rows() == rows
