"""What `export` prints and what the key `e` writes: the same lines, costs and names, each in its own order."""

from __future__ import annotations

from decimal import Decimal
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.builders import CATALOGUE, NOW, TODAY, day, row
from tests.support.strategies import BUCKETS, WINDOW
from tui.domain.aggregate import Aggregate
from tui.domain.costs import Cost, Costs
from tui.domain.dimensions import Grouping
from tui.domain.directory import Directory
from tui.domain.kinds import HOSTED_TOOLS, Kind
from tui.domain.metrics import metrics, usual_metrics
from tui.domain.rows import Sums
from tui.domain.table import TableInput
from tui.domain.usage import Report
from tui.domain.view import View
from tui.output.groups import as_shown, groups

GROUPINGS = st.sampled_from([(), ("model",), ("pool",), ("project",), ("pool", "model"), ("project", "model")])
COSTS = st.dictionaries(
    st.sampled_from(list(WINDOW.starts())),
    st.lists(
        st.builds(
            partial(Cost),
            st.integers(-5, 50).map(Decimal),
            st.sampled_from(["gpt-6-sol, input", "gpt-6-luna, output", "storage", None]),
            st.sampled_from([None, "proj_a", "proj_b"]),
        ),
        max_size=4,
    ).map(tuple),
)


def selected(report: Report, dimensions, costs: Costs, directory=None):
    view = View(grouping=Grouping(dimensions))
    aggregate = Aggregate(CATALOGUE, dimensions, **({} if directory is None else {"directory": directory}))
    table_input = TableInput(report, costs=costs)
    return list(groups(table_input, view, aggregate)), list(as_shown(table_input, view, aggregate))


@given(BUCKETS, GROUPINGS, COSTS)
def test_both_are_the_same_lines_and_add_up_to_the_same(buckets, dimensions, costs):
    printed, shown = selected(Report(WINDOW).with_buckets(buckets), dimensions, Costs(costs, NOW))

    def key(group):
        return (group.start, group.names)

    assert sorted(printed, key=key) == sorted(shown, key=key)
    assert [group.start for group in printed] == sorted(group.start for group in printed)
    assert [group.start for group in shown] == sorted((group.start for group in shown), reverse=True)


def test_what_cost_something_and_used_nothing_is_a_line_where_costs_are_asked_for():
    report = Report(WINDOW).with_buckets([day(0, row("gpt-6-sol"))])
    costs = Costs({TODAY: (Cost(Decimal(2), "gpt-6-sol, input"), Cost(Decimal(5), "storage"))}, NOW)
    printed, _ = selected(report, ("model",), costs)
    assert {group.names: group.cost for group in printed} == {("gpt-6-sol",): 2, ("(other costs)",): 5}
    assert [group.names for group in selected(report, ("model",), Costs())[0]] == [("gpt-6-sol",)]


def test_ids_are_called_by_their_names_where_these_are_known():
    report = Report(WINDOW).with_buckets([day(0, row(project_id="proj_a"), row(project_id="proj_b"))])
    found, _ = selected(report, ("project",), Costs(), Directory({"project": {"proj_a": "web"}}))
    assert [group.names for group in found] == [("web",), ("proj_b",)]


@pytest.mark.parametrize(
    ("name", "sums", "cost", "exact", "read"),
    [
        ("cost", Sums(1, 1, 4), Decimal("1.5"), Decimal("1.5"), Decimal("1.5")),
        ("cost", Sums(1, 1, 4), None, None, None),
        ("cost_per_request", Sums(1, 1, 3), Decimal(1), Decimal("0.333333333333"), Decimal("0.333333333333")),
        ("cost_per_request", Sums(1, 1, 0), Decimal(1), None, None),
        ("cost_per_request", Sums(1, 1, 3), None, None, None),
        ("cache_hit_rate", Sums(1000, 1, 1, cached=666), None, 66.6, 67),
        ("cache_hit_rate", Sums(1000, 1, 1, cached=999), None, 99.9, 99),
        ("cache_hit_rate", Sums(0, 1, 1), None, None, None),
    ],
)
def test_metrics_of_costs_and_of_the_cache(name, sums, cost, exact, read):
    metric = metrics(Kind.COMPLETIONS)[name]
    assert metric.value(sums, cost) == exact
    assert metric.as_read(sums, cost) == read


@pytest.mark.parametrize("kind", Kind)
def test_what_is_new_is_shown_where_it_is_asked_for_only(kind):
    has_costs = kind not in {Kind.VECTOR_STORES, Kind.DECISIONS, *HOSTED_TOOLS}
    has_more = has_costs or kind is Kind.DECISIONS
    assert (set(usual_metrics(kind)) < set(metrics(kind)) - {"delta"}) is has_more
    assert "delta" in metrics(kind)
    assert not {"cost", "cost_per_request", "cache_hit_rate", "delta"} & set(usual_metrics(kind))
    assert ("cost" in metrics(kind)) is has_costs, "tools have line items of their own"
    assert ("cost_per_request" in metrics(kind)) is has_costs
