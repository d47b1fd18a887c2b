"""The pane beside the table without a screen: what it is about, and what it says of a line."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from textual.content import Content

from tests.support.builders import CATALOGUE, DAY, FREE, NOW, TODAY, day, row
from tui.domain.aggregate import Aggregate
from tui.domain.costs import UNREAD, Costs
from tui.domain.dimensions import Grouping
from tui.domain.kinds import Kind
from tui.domain.line import Line
from tui.domain.table import TableInput, lines
from tui.domain.time import last_days
from tui.domain.usage import Report
from tui.domain.view import USUAL, Order, View
from tui.ui.widgets import facts
from tui.ui.widgets.drawings import Shown
from tui.ui.widgets.facts import Beside
from tui.ui.widgets.subject import Subject

USED = day(0, row("gpt-6-sol", 900, 100, service_tier=FREE), row("gpt-5-nano", 500, 0), row("text-x", 70, 0))
REPORT = Report(last_days(NOW, 1)).with_buckets([USED])


def subject(view: View = USUAL, costs: Costs = UNREAD, coarse: frozenset[datetime] = frozenset()) -> Subject:
    aggregate = Aggregate(CATALOGUE, view.grouping.dimensions)
    return Subject.of(TableInput(REPORT, {TODAY}, coarse=coarse, costs=costs), view, aggregate)


def said(line: Line, about: Subject, **beside) -> str:
    known = {"through": None, "change": Content(), "headroom": None, "ending": "", **beside}
    return facts.of_line(line, about, CATALOGUE.pool_name, Beside(**known)).plain


def lines_of(about: Subject) -> list[Line]:
    return list(lines(TableInput(about.report, {TODAY}), about.view, about.aggregate))


def test_another_order_or_other_columns_are_the_tables_alone_and_another_breakdown_is_not():
    about = subject()
    assert replace(about, view=replace(USUAL, order=Order("input"), columns=("input",))).is_same(about)
    assert not replace(about, view=View(grouping=Grouping(("project",)))).is_same(about)
    assert not replace(about, report=REPORT.with_buckets([day(1, row())])).is_same(about)
    assert not replace(about, coarse=frozenset({TODAY})).is_same(about)
    assert not replace(about, costs=Costs({TODAY: ()})).is_same(about)


def test_only_completions_can_be_free_and_costs_are_shown_where_they_are_read():
    assert subject().choices == (Shown.TOKENS, Shown.PAID, Shown.POOLS)
    assert Shown.COST in subject(costs=Costs({TODAY: ()})).choices
    assert subject(View(Kind.EMBEDDINGS)).choices == (Shown.TOKENS,)


def test_a_days_line_has_the_parts_of_both_pools_and_a_models_line_only_its_own():
    whole, *of_models = lines_of(subject())
    text = said(whole, subject(), change=Content("+12% than a week ago\n"))
    assert [each.split()[:2] for each in text.splitlines()[:3]] == [["20", "Nov"], ["●", "large"], ["○", "small"]]
    assert " 1k free" in text
    assert text.endswith("+12% than a week ago\n")
    assert of_models
    for line in of_models:
        assert len(said(line, subject()).splitlines()) == 1, "it is of one pool"


def test_a_day_that_is_not_broken_down_by_model_names_no_pools():
    whole = lines_of(subject())[0]
    assert "large" not in said(whole, subject(coarse=frozenset({TODAY})))


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (Line(TODAY - DAY), "not read"),
        (Line(TODAY - DAY, not_kept=True), "not kept by the API"),
        (Line(TODAY - DAY, awaited=True), "not counted yet"),
    ],
)
def test_what_is_not_known_is_said_and_not_added_up(line, words):
    assert said(line, subject()) == f"19 Nov {words}"


def test_what_a_model_ends_at_is_the_last_thing_that_is_said():
    line = lines_of(subject())[1]
    assert said(line, subject(), ending="ends in 9 days").endswith("\nends in 9 days")
