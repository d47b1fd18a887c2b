"""Lines of costs as they are held: nothing of them is lost, and what they come to is the same."""

from __future__ import annotations

import sys
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from tui.domain.cost_lines import Cost, CostLines, CostsTogether, sums_of

AMOUNTS = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**15), max_value=10**15)
NAMES = st.none() | st.sampled_from(["", "gpt-6-sol, input", "Promotional credit", "proj_a"])
COSTS = st.builds(
    Cost,
    AMOUNTS,
    NAMES,
    NAMES,
    st.sampled_from(["usd", "eur", "chf"]),
    st.none() | st.integers(-(10**18), 10**18),
    NAMES,
    NAMES,
    NAMES,
)


@given(st.lists(COSTS, max_size=8))
def test_lines_come_back_as_they_were(lines):
    held = CostLines(lines)
    assert [str(line.amount) for line in held] == [str(line.amount) for line in lines], "digits and exponents too"
    assert tuple(held) == tuple(lines)
    assert held == tuple(lines)
    assert held == CostLines(lines)
    assert (len(held), bool(held)) == (len(lines), bool(lines))
    assert CostsTogether([held, held]) == (*lines, *lines)


@given(st.lists(COSTS, max_size=8), st.lists(COSTS, max_size=8))
def test_held_lines_come_to_what_the_lines_come_to(some, others):
    assert sums_of(CostLines(some)) == sums_of(some)
    assert sums_of(CostsTogether([CostLines(some), others])) == sums_of(some) + sums_of(others)


def test_what_lines_of_several_days_are_about_is_one_object():
    shared: dict = {}
    lines = [Cost(Decimal(number), "gpt-6-sol, input", f"proj_{number}") for number in range(50)]
    one, other = CostLines(lines, shared), CostLines(lines, shared)
    assert len(shared) == 50
    assert all(ours is theirs for (ours, _), (theirs, _) in zip(one.amounts(), other.amounts(), strict=True))


def test_amounts_of_other_digits_are_the_same_amounts():
    assert CostLines([Cost(Decimal("1.0"))]) == CostLines([Cost(Decimal(1))])
    assert CostLines([Cost(Decimal(1))]) != CostLines([Cost(Decimal(2))])
    assert CostLines([Cost(Decimal(1))]) != CostLines([Cost(Decimal(1), "storage")])


def test_a_line_is_held_in_less_than_a_tenth_of_what_it_takes_as_an_object():
    lines = [Cost(Decimal(number) / 1000, "gpt-6-sol, input", "proj_a", tokens=number) for number in range(1_000)]
    held = CostLines(lines)
    bytes_held = sys.getsizeof(held._abouts) + sys.getsizeof(held._amounts) + sys.getsizeof(held._tokens)
    alone = sum(sys.getsizeof(line) + sys.getsizeof(line.amount) + sys.getsizeof(line.tokens) for line in lines)
    assert bytes_held * 10 < alone
