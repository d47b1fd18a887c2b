"""The order of models under their days."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.screen import dashboard
from tests.world import FREE, TODAY, Memory, day, row
from tui.domain.kinds import Kind
from tui.domain.measures import measures
from tui.domain.usage import Report, Sums
from tui.domain.view import LARGEST_FIRST, NAME, ORDERS, Order, lines
from tui.domain.window import last_days

MODELS = st.dictionaries(
    st.sampled_from("abcdefgh"), st.builds(Sums, *(st.integers(0, 50),) * 3, st.integers(0, 9)), max_size=8
)
ANY = st.builds(Order, st.sampled_from([*ORDERS, NAME]), st.booleans())


@given(MODELS, ANY)
def test_an_order_loses_nothing_and_its_reverse_has_the_numbers_backwards(models, order):
    there, back = order.sorted(models), order.then(order.by).sorted(models)
    assert dict(there) == dict(back) == models
    if order.by != NAME:
        number = measures(Kind.COMPLETIONS)[order.by].value
        assert [number(sums) for _, sums in there] == [number(sums) for _, sums in back][::-1]


def test_equal_models_stand_by_name_and_days_stay_newest_first():
    report = Report(last_days(TODAY, 1)).with_buckets([day(0, row("b"), row("a"), row("c", 500)), day(1, row("z"))])
    found = lines(report, {TODAY}, order=LARGEST_FIRST)
    assert [(line.start == TODAY, line.model) for line in found] == [
        (True, None), (True, "c"), (True, "a"), (True, "b"), (False, None),
    ]  # fmt: skip


async def test_s_chooses_the_order_and_the_same_again_reverses_it():
    memory = Memory(day(0, row("few", 900, 0, 1), row("many", 10, 0, 50, service_tier=FREE)))
    async with dashboard(memory) as board:

        def models() -> list[str]:
            return [line.model for line in board.table.lines if line.model]

        assert models() == ["few", "many"]
        await board.press("s")
        assert "share of free tokens" in board.text()
        await board.press("j", "j", "j", "j", "j", "j", "enter")
        assert models() == ["many", "few"]
        assert "Usage, largest requests first" in board.text()
        await board.press("j", "s", "enter")
        assert models() == ["few", "many"]
        assert board.table.line.model == "many", "the cursor stays on its line"
        assert "Usage, smallest requests first" in board.text()
        await board.press("s", "escape")
        assert models() == ["few", "many"]
        await board.press("s", "j", "enter")
        assert "Usage, by name" in board.text()
