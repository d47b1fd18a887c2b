"""Models that end soon: which, when, and how that is said."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.support.archives import IDENTITY, archive
from tests.support.builders import row
from tui.config.args import Args
from tui.doctor import machine
from tui.doctor.settings import settings
from tui.domain.shutdowns import Shutdowns, words
from tui.domain.time import Window, midnight
from tui.domain.usage import Bucket
from tui.facts.shutdowns import shutdowns
from tui.sources.base import BY_MODEL, Query

TODAY = date(2026, 11, 25)


def test_the_list_has_the_days_of_openais_page_as_read_on_2026_11_25():
    found = shutdowns().soon(["gpt-5", "gpt-5-mini-2025-08-07", "gpt-4o", "gpt-5.1", "o1", "gpt-6-sol"], TODAY)
    assert found == {
        "gpt-5": date(2026, 12, 11),
        "gpt-5-mini-2025-08-07": date(2026, 12, 11),
        "gpt-4o": date(2027, 1, 14),
    }, "o1 has ended already, gpt-5.1 ends after more than 60 days, and nothing is said of the others"


@pytest.mark.parametrize(("days", "is_said"), [(-1, False), (0, True), (60, True), (61, False)])
def test_soon_is_from_today_to_60_days_from_now(days, is_said):
    assert bool(Shutdowns({"m": TODAY + timedelta(days=days)}).soon(["m"], TODAY)) is is_said


def test_an_exact_name_comes_before_the_one_without_a_date_and_a_prefix_says_nothing():
    found = Shutdowns({"gpt-4o": date(2027, 1, 14), "gpt-4o-2024-05-13": date(2026, 10, 23)})
    assert found.day("gpt-4o-2024-05-13") == date(2026, 10, 23)
    assert found.day("gpt-4o-2024-08-06") == date(2027, 1, 14)
    assert found.day("gpt-4o-audio-preview") is None


def test_it_is_said_in_one_line_a_day_without_control_characters():
    soon = {"gpt-5": date(2026, 12, 11), "o3\x1b": date(2026, 12, 11), "gpt-4o": date(2026, 11, 26), "x": TODAY}
    assert words(soon, TODAY)[0] == "gpt-5, o3\ufffd end 2026-12-11, 16 days"
    assert words(soon, TODAY)[1:] == ("gpt-4o ends 2026-11-26, 1 day", "x ends 2026-11-25, today")


def test_doctor_names_those_that_the_archive_has_of_the_last_two_weeks(monkeypatch, tmp_path):
    kept_in, now = archive(tmp_path), datetime.now(UTC)
    yesterday = midnight(now) - timedelta(days=1)
    bucket = Bucket(yesterday, (row("gpt-5", 10), row("gpt-6-sol", 10), row("unused", 0, 0)))
    kept_in.keep(IDENTITY, "acme", Query(Window(yesterday, midnight(now)), BY_MODEL), [bucket], now)
    ends = Shutdowns(dict.fromkeys(("gpt-5", "unused"), now.date() + timedelta(days=16)))
    monkeypatch.setattr("tui.doctor.machine.published", lambda: ends)
    found = settings(Args(command="doctor", archive=kept_in.file.path), {})
    told = machine.models(found)
    assert (told.state.value, told.words) == ("warn", f"gpt-5 ends {now.date() + timedelta(days=16)}, 16 days")
    monkeypatch.setattr("tui.doctor.machine.published", Shutdowns)
    assert machine.models(found).state.value == "ok"
