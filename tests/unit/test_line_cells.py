"""What stands in a line of the table, without a table: how bright it is, its marks, and the sums on the frame."""

from __future__ import annotations

from datetime import datetime

import pytest

from tests.support.builders import CATALOGUE, DAY, TODAY
from tui.domain.line import Line
from tui.domain.rows import Sums
from tui.domain.standouts import StandOut, What
from tui.domain.time import Width
from tui.domain.view import USUAL
from tui.ui import columns, pool_glyphs, theme
from tui.ui.widgets.inline_bar import BILLED, FREE
from tui.ui.widgets.line_cells import NEW, LineCells, Look
from tui.ui.widgets.totals import totals

USED = Sums(input=1_000, output=100, free=600)


def cells(*lines: Line, width: int = 100, **look) -> list[dict[str, object]]:
    """The cells of each line by the name of its column."""
    seen = Look(**look)
    layout = columns.fit(lines, width, seen.unit, seen.view, seen.label, costs=seen.costs)
    names, made = [name for name, _ in layout.widths], LineCells(lines, seen, CATALOGUE.pool_name)
    return [dict(zip(names, made.of(line, layout), strict=True)) for line in lines]


def names_of(line: Line, **look) -> str:
    return cells(line, **look)[0][columns.NAMES].plain


def model(name: str, start: datetime = TODAY) -> Line:
    return Line(start, (name,), USED)


def test_what_still_grows_is_bright_and_what_is_closed_recedes():
    today, yesterday = cells(Line(TODAY, (), USED), Line(TODAY - DAY, (), USED))
    assert today["total"].style == "bold"
    assert yesterday["total"].style == theme.MUTED
    (over,) = cells(Line(TODAY - DAY, (), USED), today=TODAY, is_over=True)
    assert over["total"].style == theme.MUTED, "in a window that is over nothing grows"


def test_the_largest_day_has_the_longest_bar():
    large, small = cells(Line(TODAY, (), USED, groups=2), Line(TODAY - DAY, (), Sums(input=110), groups=2))
    large, small = large[columns.NAMES].plain, small[columns.NAMES].plain
    assert large.count(FREE) + large.count(BILLED) > small.count(FREE) + small.count(BILLED) > 0


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (Line(TODAY), "not read"),
        (Line(TODAY, awaited=True), "not counted yet"),
        (Line(TODAY, not_kept=True), "not kept by the API"),
        (Line(TODAY, (), Sums()), "no usage"),
        (Line(TODAY, (), Sums(), incomplete=True), "incomplete"),
    ],
)
def test_what_is_not_known_has_a_word_and_no_number(line, words):
    (found,) = cells(line)
    assert found[columns.NAMES].plain.strip() == words
    assert found["total"].plain == ""


def test_an_hour_that_is_not_counted_is_not_one_without_usage():
    hour = Line(TODAY, (), Sums())
    assert names_of(hour, unit=Width.HOUR, through=TODAY).strip() == "not counted yet"
    assert names_of(hour, unit=Width.HOUR, through=TODAY + DAY).strip() == "no usage"


def test_a_model_that_no_day_before_has_is_marked_and_others_are_not():
    found = {TODAY: (StandOut(TODAY, What.NEW_MODEL, 1_100, model="o3"),)}
    new, known = cells(model("o3"), model("o4-mini"), stand_outs=found)
    assert new[columns.NAMES].plain.endswith(NEW)
    assert not known[columns.NAMES].plain.endswith(NEW)


def test_a_day_of_which_nothing_was_free_says_so_and_which_key_tells_why():
    (found,) = cells(Line(TODAY, (), USED, groups=1), width=140, nothing_free=frozenset({TODAY}), why="i")
    assert "! nothing free: i why" in found[columns.NAMES].plain
    assert found[columns.SHARE].style == theme.WARNING


def test_a_model_has_the_mark_of_its_pool_and_anything_else_none():
    assert pool_glyphs.of("model", "gpt-6-sol", CATALOGUE.pool_name) == pool_glyphs.POOL_GLYPHS["large"]
    assert pool_glyphs.of("pool", "small", CATALOGUE.pool_name) == pool_glyphs.POOL_GLYPHS["small"]
    assert pool_glyphs.of("project", "large", CATALOGUE.pool_name) == " "


def test_the_sums_on_the_frame_are_those_of_days_and_each_form_is_shorter():
    lines = [Line(TODAY, (), USED), model("o3"), Line(TODAY - DAY, (), USED), Line(TODAY - 2 * DAY)]
    forms = totals(lines, USUAL, Width.DAY, has_legend=False)
    assert forms[0].startswith("2 days: 2.2k tokens")
    assert sorted(forms, key=len, reverse=True) == list(forms)
    legend = totals(lines, USUAL, Width.DAY, has_legend=True)
    assert legend[0].startswith(forms[0])
    assert legend[1:] == forms
