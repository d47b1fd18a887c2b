import unicodedata
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.builders import DAY, TODAY
from tui.domain import formatting, sanitize

ANY_TEXT = st.text(st.characters())


@given(ANY_TEXT)
def test_inert_text_is_one_line_without_control_or_invisible_characters(words):
    shown = sanitize.clean(words)
    assert not any(unicodedata.category(char) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for char in shown)
    assert len(shown) == len(words)


@pytest.mark.parametrize(
    ("hostile", "shown"),
    [
        ("\x1b[31mred", "�[31mred"),
        ("a\nb\tc", "a b c"),
        ("\x9b0m", "�0m"),
        ("abc\u202edef", "abc�def"),
        ("\x1b]52;c;aGk=\x07", "�]52;c;aGk=�"),
        ("ft:gpt:acme:[prod]:x", "ft:gpt:acme:[prod]:x"),
        ("模型", "模型"),
    ],
)
def test_what_a_terminal_would_act_upon_is_shown_as_a_sign(hostile, shown):
    assert sanitize.clean(hostile) == shown


@given(ANY_TEXT, st.integers(1, 40))
def test_cut_text_fits(words, cells):
    assert sanitize.width(sanitize.truncate(words, cells)) <= cells
    assert sanitize.width(sanitize.elide(words, cells)) <= cells
    if sanitize.width(words) <= cells:
        assert sanitize.truncate(words, cells) == sanitize.elide(words, cells) == words


def test_cutting_says_so_and_the_middle_goes_first_where_ends_differ():
    assert sanitize.truncate("abcdefgh", 5) == "abcd…"
    assert sanitize.elide("ft:gpt-4.1-mini:acme:[prod]:Ab12", 16) == "ft:gpt-4…d]:Ab12"


def test_wide_characters_take_two_cells_and_combining_ones_none():
    assert sanitize.width("模型") == 4
    assert sanitize.width("e\u0301") == 1


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "0"),
        (999, "999"),
        (1000, "1k"),
        (1234, "1.2k"),
        (54690, "54.7k"),
        (99960, "100k"),
        (250000, "250k"),
        (999499, "999k"),
        (999500, "1M"),
        (1204113, "1.2M"),
        (2**63, "9.2E"),
        (-1500, "-1.5k"),
    ],
)
def test_short_numbers(number, words):
    assert formatting.short(number) == words


@given(st.integers(0, 10**18))
def test_short_numbers_take_at_most_five_characters(number):
    assert len(formatting.short(number)) <= 5


def test_durations_and_counts():
    assert formatting.duration(timedelta(hours=9, minutes=57, seconds=59)) == "9h57m"
    assert formatting.duration(timedelta(minutes=57, seconds=1)) == "57m"
    assert formatting.duration(timedelta(seconds=12)) == "12s"
    assert formatting.duration(timedelta(days=2, hours=3)) == "2d03h"
    assert (formatting.count(1, "day"), formatting.count(2_000, "day")) == ("1 day", "2,000 days")


def test_days_are_named_as_ranges():
    days = tuple(TODAY - ago * DAY for ago in (9, 8, 7, 3, 1, 0))
    assert formatting.days_named(days) == "2026-11-11 to 2026-11-13, 2026-11-17, 2026-11-19 to 2026-11-20"


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (None, ""),
        (1234567, "1234567"),
        (52.5, "52.5"),
        (Decimal("0E-10"), "0.00"),
        (Decimal("4.2E-7"), "0.00000042"),
        (Decimal("1E+3"), "1000.00"),
        (Decimal("-12.5"), "-12.50"),
        (Decimal("0.0128400000000000000000000001"), "0.01284"),
    ],
)
def test_a_cell_has_no_exponent_and_dollars_no_more_decimals_than_they_need(number, shown):
    assert formatting.plain(number) == shown
