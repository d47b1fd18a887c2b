"""The order of models under their days."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.support.builders import FREE, TODAY, day, row, shown
from tui.domain.kinds import Kind
from tui.domain.line import Line
from tui.domain.metrics import metrics
from tui.domain.time import last_days
from tui.domain.usage import Report
from tui.domain.view import COST, NAME, Order, View
from tui.ui import sorting

MODELS = st.lists(
    st.builds(
        row, st.sampled_from("abcdefgh"), *(st.integers(0, 50),) * 3, service_tier=st.sampled_from([None, FREE])
    ),
    max_size=8,
)

ANY = st.builds(Order, st.sampled_from([name for name, _ in sorting.choices(Kind.COMPLETIONS)]), st.booleans())


@given(MODELS, ANY)
def test_an_order_loses_nothing_and_its_reverse_has_the_numbers_backwards(rows, order):
    report = Report(last_days(TODAY, 0)).with_buckets([day(0, *rows)])

    def models(by: Order) -> list[Line]:
        return [line for line in shown(report, {TODAY}, View(order=by)) if line.names]

    there, back = models(order), models(order.then(order.by))
    assert sorted(line.names for line in there) == sorted(line.names for line in back)
    if order.by == NAME:
        assert [line.names for line in there] == [line.names for line in back][::-1]
    elif order.by != COST:
        number = metrics(Kind.COMPLETIONS)[order.by].value
        assert [number(line.sums) for line in there] == [number(line.sums) for line in back][::-1]


def test_equal_models_stand_by_name_and_days_stay_newest_first():
    report = Report(last_days(TODAY, 1)).with_buckets([day(0, row("b"), row("a"), row("c", 500)), day(1, row("z"))])
    assert [(line.start == TODAY, *line.names) for line in shown(report, {TODAY})] == [
        (True,), (True, "c"), (True, "a"), (True, "b"), (False,),
    ]  # fmt: skip
