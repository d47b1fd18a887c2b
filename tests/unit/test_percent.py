"""Shares are rounded to the nearest, and 0 and 100 are only said where they are exact."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.builders import FREE, NOW, TODAY, Memory, day, row, selected
from tui.domain import percent
from tui.domain.dimensions import Grouping
from tui.domain.kinds import Kind
from tui.domain.metrics import metrics
from tui.domain.rows import Sums
from tui.domain.time import last_days
from tui.domain.usage import Report
from tui.output import markdown, records


@pytest.mark.parametrize(
    ("part", "of", "whole", "tenths"),
    [
        (666, 1_000, 67, 66.6),
        (6_366, 10_000, 64, 63.7),
        (665, 1_000, 67, 66.5),
        (664, 1_000, 66, 66.4),
        (0, 7, 0, 0.0),
        (7, 7, 100, 100.0),
        (1, 10**9, 1, 0.1),
        (10**9 - 1, 10**9, 99, 99.9),
        (2, 3, 67, 66.7),
    ],
)
def test_shares_are_rounded(part, of, whole, tenths):
    assert (percent.whole(part, of), percent.tenths(part, of)) == (whole, tenths)


@given(st.integers(0, 10**18), st.integers(1, 10**18))
def test_a_share_is_the_nearest_and_its_ends_are_exact(part, of):
    part = min(part, of)
    exact = Fraction(100 * part, of)
    for found, step in ((Fraction(percent.whole(part, of)), Fraction(1)),
                        (Fraction(round(percent.tenths(part, of) * 10), 10), Fraction(1, 10))):  # fmt: skip
        assert abs(found - exact) <= step / 2 or found in {step, 100 - step}
        assert (found == 0) == (part == 0)
        assert (found == 100) == (part == of)


def two_thirds() -> Memory:
    return Memory(day(0, row("gpt-6-sol", 666, 0, service_tier=FREE), row("gpt-6-sol", 334, 0)))


def test_people_read_whole_percent_and_programs_get_a_decimal():
    columns = {name: each for name, each in metrics(Kind.COMPLETIONS).items() if name in {"total", "share"}}
    report = Report(last_days(NOW, 6)).with_buckets(two_thirds().buckets)
    found = selected(report, Grouping())
    assert list(records.as_csv(found, ("model",), columns))[1] == f"{TODAY:%Y-%m-%d},gpt-6-sol,1000,66.6"
    assert json.loads(next(records.as_ndjson(found, ("model",), columns)))["share"] == 66.6
    assert list(markdown.markdown(found, ("Model",), columns))[-1].split()[-2] == "67"
    assert (Sums().share, Sums().whole_share) == (None, None)
