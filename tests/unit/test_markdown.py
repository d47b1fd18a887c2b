import re

from hypothesis import given
from hypothesis import strategies as st

from tests.support.builders import DAY, TODAY, day, row, selected
from tests.support.strategies import BUCKETS, WINDOW
from tui.domain import sanitize
from tui.domain.dimensions import Grouping
from tui.domain.kinds import Kind
from tui.domain.metrics import metrics
from tui.domain.rows import add_up
from tui.domain.usage import Report
from tui.output.markdown import COLUMNS, markdown

HEADER = ("UTC Date", "Model", "Input", "Output", "Total", "Requests")

BY_MODEL = Grouping()


def printed(report: Report, by: Grouping = BY_MODEL, **options) -> list[str]:
    columns = {name: metrics(Kind.COMPLETIONS)[name] for name in COLUMNS}
    return list(markdown(selected(report, by), by.titles, columns, **options))


def table(*buckets, **options) -> list[str]:
    return printed(Report(WINDOW).with_buckets(buckets), **options)


def cells(line: str) -> list[str]:
    """Cut as Markdown does: a backslash escapes what follows it, a bar or another backslash."""
    return [cell.strip() for cell in re.sub(r"\\(.)", "_", line).strip("|").split("|")]


def test_the_whole_table():
    lines = table(
        day(0, row("gpt-6-sol", 1_204_113, 310_442, 412), row("gpt-5-mini", 9, 1, 2)),
        day(1, row("o3", 5, 5, 1)),
        day(2),
        day(3, row(None, 7, 0, 1)),
    )
    assert lines == [
        "| UTC Date   | Model        |   Input | Output |   Total | Requests |",
        "|:-----------|:-------------|--------:|-------:|--------:|---------:|",
        "| 2026-11-17 | (all models) |       7 |      0 |       7 |        1 |",
        "| 2026-11-19 | o3           |       5 |      5 |      10 |        1 |",
        "| 2026-11-20 | gpt-6-sol    | 1204113 | 310442 | 1514555 |      412 |",
        "|            | gpt-5-mini   |       9 |      1 |      10 |        2 |",
    ]


def test_an_empty_window_is_a_table_without_lines():
    assert len(table()) == 2


def test_models_stand_in_the_order_of_the_api():
    assert [cells(line)[1] for line in table(day(0, row("b", 1), row("a", 9), row("b", 1)))[2:]] == ["b", "a"]


def test_without_grouping_a_day_is_one_line():
    lines = table(day(0, row("b", 1, 0, 1), row("a", 9, 0, 1)), by=Grouping(()))
    assert [cells(line)[1:] for line in lines[2:]] == [["(all models)", "10", "0", "10", "2"]]


def test_long_names_are_cut_unless_told_not_to():
    name = "ft:gpt-4.1-mini-2025-04-14:acme:[prod]:Ab12"
    assert cells(table(day(0, row(name)))[2])[1] == name[:29] + "…"
    assert cells(table(day(0, row(name)), max_length=0)[2])[1] == name
    assert cells(table(day(0, row(name)), max_length=3)[2])[1] == "ft…"


def test_hostile_names_stay_in_their_cell():
    for name in ("a|b", "a\nb", "\x1b[31m", "x\u202ey", "`[x](y)`", "=cmd|' /C calc'!A0", "a\\|b", "a\\\\|b"):
        (line,) = table(day(0, row(name)), max_length=0)[2:]
        assert len(cells(line)) == 6
        assert line.isprintable()


@given(BUCKETS, st.sampled_from(["gpt", "模型", "e\u0301"]), st.integers(0, 12))
def test_every_line_is_as_wide_as_the_header_and_the_sums_are_those_of_the_rows(buckets, name, length):
    buckets = [*buckets, day(0, row(name))]
    report = Report(WINDOW).with_buckets(buckets)
    lines = printed(report, max_length=length)
    assert len({sanitize.width(line) for line in lines}) == 1
    assert sum(int(cells(line)[4]) for line in lines[2:]) == add_up(report.rows()).total
    assert cells(lines[0]) == list(HEADER)


def test_oldest_day_first():
    lines = table(day(0, row()), day(2, row()))
    assert [cells(line)[0] for line in lines[2:]] == [f"{TODAY - 2 * DAY:%Y-%m-%d}", f"{TODAY:%Y-%m-%d}"]
