"""A past of which there is no row is said to be one: a table without lines, or a pool that is full, tells nobody."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.support.builders import CATALOGUE, DAY, NOW, TODAY, Memory, day, row
from tui.commands import pools
from tui.commands.export import table
from tui.commands.export_request import Export
from tui.domain.time import Window, last_days
from tui.domain.view import View
from tui.engine.engine import Engine
from tui.engine.session import Session

SAYS = "nothing was used"


def engine_of(*buckets) -> Engine:
    return Engine(Session(Memory(*buckets), lambda: NOW, 0, CATALOGUE))


def past(days: int) -> Window:
    return Window(TODAY - days * DAY, TODAY - DAY)


@pytest.mark.parametrize(
    ("buckets", "window", "view", "is_said"),
    [
        ([], past(5), View(), True),
        ([day(3, row(tokens=1))], past(5), View(), False),
        ([], last_days(NOW, 0), View(), False),
        ([], past(5), View(only=(("model", "gpt-x"),)), False),
    ],
)
async def test_an_export_of_a_past_without_use_says_so(buckets, window, view, is_said, capsys):
    assert await table(engine_of(*buckets), lambda: window, Export(view)) == 0
    assert (SAYS in capsys.readouterr().err) == is_said


@pytest.mark.parametrize(
    ("age", "buckets", "is_said"), [(9, [], True), (0, [], False), (3, [day(3, row(tokens=1))], False)]
)
async def test_pools_of_a_day_without_use_say_so(age, buckets, is_said, capsys):
    assert await pools.pools(engine_of(*buckets), day=TODAY - timedelta(days=age) if age else None) == 0
    assert (SAYS in capsys.readouterr().err) == is_said
