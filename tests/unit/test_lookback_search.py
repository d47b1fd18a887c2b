"""How the first day that the API keeps is found: in a few requests, or in the words of a refusal."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.builders import DAY, NOW, TODAY
from tui.domain.lookback import MOST_HALVINGS, Lookback, Search
from tui.domain.time import Window, last_days
from tui.sources.openai import lookback as words
from tui.sources.openai.lookback import CODE


def searched(window: Window, kept_from: datetime, *, names: bool = True, memory: Lookback | None = None):
    """What a search finds where a start before `kept_from` is refused: buckets read, buckets gone, requests."""
    search, found, gone, asked = Search(window, memory or Lookback()), set(), [], []
    while (part := search.window) is not None:
        asked.append(part)
        if part.start < kept_from:
            search.refused(part, kept_from if names else None)
        else:
            assert not found & set(part.starts()), "nothing is read twice"
            found |= set(part.starts())
            search.answered(part)
        gone += search.not_kept()
    return found, gone + list(search.not_kept()), asked


@given(st.integers(0, 364), st.integers(0, 40), st.integers(0, 86_399), st.booleans(), st.booleans())
def test_a_page_is_divided_where_the_limit_lies_in_a_few_requests(days, ago, seconds, names, running):
    window = Window(TODAY - min(days, 30) * DAY, TODAY + DAY, running=running)
    kept_from = TODAY - ago * DAY - timedelta(seconds=seconds)
    found, gone, asked = searched(window, kept_from, names=names)
    assert found == {start for start in window.starts() if start >= kept_from}
    assert sorted([*found, *gone]) == list(window.starts()), "each bucket is one or the other"
    assert len(asked) <= 2 if names else len(asked) <= 2 + MOST_HALVINGS


def test_the_limit_of_one_window_is_that_of_all_that_follow():
    memory = Lookback()
    searched(last_days(NOW, 30), TODAY - 5 * DAY, memory=memory)
    older = Window(TODAY - 60 * DAY, TODAY - 30 * DAY)
    assert searched(older, TODAY - 5 * DAY, memory=memory) == (set(), list(older.starts()), [])


def test_without_a_day_in_the_words_fifteen_days_are_divided_in_five_requests():
    for ago in range(16):
        found, _, asked = searched(last_days(NOW, 15), TODAY - ago * DAY, names=False)
        assert len(found) == ago + 1
        assert len(asked) <= 5


def test_a_year_whose_oldest_page_is_refused_is_asked_newest_first_after_that():
    memory, kept_from, found, refused = Lookback(), TODAY - 100 * DAY, set(), 0
    newest, *older = last_days(NOW, 365).pieces()
    for piece in (newest, older[-1], *older[:-1]):
        read_now, _, asked = searched(piece, kept_from, names=False, memory=memory)
        found |= read_now
        refused += sum(1 for part in asked if part.start < kept_from)
    assert found == set(last_days(NOW, 100).starts())
    assert refused <= 3 + MOST_HALVINGS


@pytest.mark.parametrize("step", [0, 1])
def test_a_limit_that_moves_while_it_is_looked_for_costs_one_more_request(step):
    """The named day is itself refused, since midnight has passed, or because it is the last that is gone."""
    search, tries = Search(last_days(NOW, 30), Lookback()), 0
    while (part := search.window) is not None and part.start <= TODAY - 10 * DAY:
        search.refused(part, TODAY - 10 * DAY + min(tries, 1) * step * DAY)
        tries += 1
    assert part.start == TODAY - 9 * DAY
    assert tries == 2


def test_today_is_asked_for_whatever_was_learned_and_a_refusal_of_it_is_an_error():
    memory = Lookback(kept_from=TODAY + DAY)
    search = Search(last_days(NOW, 30), memory)
    assert search.window.start == TODAY
    search.refused(search.window, None)
    assert search.window is None
    assert search.has_failed


THERE = datetime(2025, 11, 25, tzinfo=UTC)


@pytest.mark.parametrize(
    ("message", "found"),
    [
        (
            "Usage and cost data are available for the past year. Earliest supported start date: 2025-11-25 (UTC).",
            THERE,
        ),
        ("earliest supported start is 2025-11-25T00:00:00Z", THERE),
        ("Earliest: 2025-11-25 09:30:00+02:00", THERE.replace(hour=7, minute=30)),
        ("earliest available: 2025-11-25T08:15:30.123456Z", THERE.replace(hour=8, minute=15, second=30)),
        ("the earliest allowed start date is Nov 25, 2025", THERE),
        ("the earliest allowed start date is November 25th, 2025.", THERE),
        ("only available from 25 Nov 2025", THERE),
        ("only available since 25th of November, 2025", THERE),
        ("earliest: 2025/11/25", THERE),
        ("earliest: 25.11.2025", THERE),
        ("earliest: 11/25/2025", THERE),
        ("earliest: 20251125", THERE),
        ("earliest start_time is 1764028800", THERE),
        ("earliest start_time is 1764028800000 ms", THERE),
        ("start_time 2025-10-01 is too old; the earliest is 2025-11-25", THERE),
        ("2025-11-25 is the first day that can be had, 2025-10-01 is before it", THERE),
        ("earliest is 03/04/2026", datetime(2026, 3, 4, tzinfo=UTC)),
        ("Data are available for the past 90 days.", TODAY - 90 * DAY),
        ("start_time is older than the maximum of 12 weeks", TODAY - 84 * DAY),
        ("data are kept for a year", None),  # 366 days ago is no later than what was asked for
        ("too far back", None),
        ("earliest: 2025-13-45", None),
        ("earliest: 9999999999999999999999", None),
        ("start_time 2025-10-01 is too old", None),
        ("a new limit holds from 2027-01-01 on; look-back exceeded", None),
        ("past 99999999999999999999 years", None),
        ("", None),
        (None, None),
    ],
)
def test_the_first_day_that_is_kept_is_found_in_many_words(message, found):
    least = datetime(2025, 11, 19, 23, tzinfo=UTC) if message == "data are kept for a year" else THERE - 55 * DAY
    assert words.earliest(message, least, NOW) == found


@given(st.text())
def test_no_words_break_the_search_for_a_day(message):
    assert words.is_refusal(400, message, words.CODE), "the code decides"
    assert not words.is_refusal(503, message, None)
    words.is_refusal(400, message, None)
    found = words.earliest(message, None, NOW)
    assert found is None or found <= NOW


@pytest.mark.parametrize(
    ("status", "message", "code", "expected"),
    [
        (400, "anything", CODE, True),
        (422, None, CODE, True),
        (400, "Earliest supported start date: 2025-11-25 (UTC).", None, True),
        (400, "The lookback window is exceeded.", "invalid_request_error", True),
        (400, "start_time is too far in the past", None, True),
        (400, "Usage before this date is no longer available after 90 days.", None, True),
        (410, "Data are available for the past year.", None, True),
        (500, "Earliest supported start date: 2025-11-25", CODE, False),
        (429, "Earliest supported start date: 2025-11-25", None, False),
        (400, "Invalid 'end_time': must be after 'start_time'.", None, False),
        (400, "Invalid 'limit': must be between 1 and 31 for this bucket_width.", None, False),
        (400, "The page token is invalid, have you modified the query parameters?", None, False),
        (400, "Invalid value: 'api_key_id'. Supported values are: line_item, project_id.", None, False),
        (400, "The project is archived.", None, False),
        (404, "Invalid URL (GET /v1/organization/usage/decisions)", None, False),
        (400, None, None, False),
    ],
)
def test_the_code_decides_and_words_where_there_is_none(status, message, code, expected):
    assert words.is_refusal(status, message, code) is expected
