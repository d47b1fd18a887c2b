"""The store: each bucket once, the newest reading that tells enough."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.builders import DAY, NOW, TODAY, day, row
from tui.domain.kinds import Kind
from tui.domain.time import Width, Window, last_days
from tui.domain.usage import Bucket, Report
from tui.engine.store import EMPTY, Series
from tui.sources.base import Page, Query

WEEK = last_days(NOW, 6)

FIELDS = ("model", "service_tier", "project_id")


def by(*fields: str, window: Window = WEEK, **other) -> Query:
    return Query(window, fields, **other)


def at(minute: int):
    return NOW + timedelta(minutes=minute)


def read(tokens: int, minute: int | None = None, **fields) -> Bucket:
    """Today as it was read at this minute, or at a time that is not known."""
    return replace(day(0, row(tokens=tokens, **fields)), read_at=None if minute is None else at(minute))


def test_a_finer_answer_answers_a_coarser_question_and_not_the_other_way():
    fine = EMPTY.put(by(*FIELDS), [read(1, project_id="p")])
    assert list(fine.get(by("model"))) == [TODAY]
    coarse = EMPTY.put(by("model"), [read(1)])
    assert coarse.get(by(*FIELDS)) == {}
    report, insufficient = coarse.report(by(*FIELDS))
    assert (list(report.buckets), insufficient) == ([TODAY], {TODAY})


def test_a_newer_coarse_answer_is_used_where_it_is_enough_and_the_finer_one_where_it_is_needed():
    old, new = read(1, 0, project_id="p"), read(2, 1)
    store = EMPTY.put(by(*FIELDS), [old]).put(by("model"), [new])
    assert store.get(by("model"))[TODAY] is new
    assert store.get(by(*FIELDS))[TODAY] is old


def test_an_older_answer_that_arrives_late_changes_nothing():
    new, old = read(2, 1), read(1, 0)
    store = EMPTY.put(by("model"), [new]).put(by("model"), [old])
    assert store.get(by("model"))[TODAY] is new


@pytest.mark.parametrize("minute", [None, 0])
def test_of_two_answers_of_one_moment_the_one_that_arrives_later_holds(minute):
    first, second = read(1, minute), read(2, minute)
    store = EMPTY.put(by("model"), [first]).put(by("model"), [second])
    assert store.get(by("model"))[TODAY] is second


def test_an_answer_of_which_rows_are_left_out_takes_nothing_away_whatever_it_is_broken_down_by():
    whole, spoiled = read(1_000, 0), replace(read(10, 1), left_out=2)
    for fields in (("model",), FIELDS):
        store = EMPTY.put(by("model"), [whole]).put(by(*fields), [spoiled])
        found = store.get(by("model"))[TODAY]
        assert (found.sums.input, found.left_out) == (1_000, 2)


def test_kinds_widths_and_filters_are_kept_apart():
    store = EMPTY.put(by("model"), [read(1)])
    hours = Window(TODAY, TODAY + DAY, Width.HOUR)
    for other in (
        by("model", kind=Kind.IMAGES),
        by("model", filters=(("models", "o3"),)),
        by("model", window=hours),
    ):
        assert store.get(other) == {}
        assert store.report(other) == (Report(other.window), frozenset())


def test_what_an_answer_does_not_hold_is_known_and_marked_until_it_is_named_again():
    store = EMPTY.take(by("model"), Page((read(1),)))
    left_out = store.take(by(*FIELDS), Page((), missing=(TODAY,)))
    assert (left_out.get(by("model"))[TODAY].sums.input, left_out.unnamed(by("model"))) == (1, {TODAY})
    kept = left_out.take(by("model"), Page((read(1),), missing=(TODAY,)))
    assert kept.unnamed(by("model")) == {TODAY}, "the archive gave it, the API did not"
    assert kept.take(by("model"), Page((read(2),))).unnamed(by("model")) == set()


def test_what_is_not_kept_any_more_and_known_all_the_same_is_known():
    store = EMPTY.take(by("model"), Page((), not_kept=(TODAY - DAY, TODAY - 2 * DAY)))
    store = store.take(by("model"), Page((replace(read(1), start=TODAY - DAY),)))
    report, _ = store.report(by("model"))
    assert (list(report.buckets), report.not_kept) == ([TODAY - DAY], {TODAY - 2 * DAY})


def test_another_organization_leaves_nothing_of_the_one_before():
    store = EMPTY.put(by(kind=Kind.IMAGES), [read(1)]).take(by("model"), Page((read(2),), is_another=True))
    assert store.get(by(kind=Kind.IMAGES)) == {}
    assert store.get(by("model"))[TODAY].sums.input == 2


def test_series_that_are_left_can_be_dropped():
    images = by(kind=Kind.IMAGES)
    store = EMPTY.put(by("model"), [read(1)]).put(images, [read(1)]).only([Series.of(by("model"))])
    assert not store.get(images)
    assert store.get(by("model"))


groupings = st.sets(st.sampled_from(FIELDS)).map(lambda names: tuple(sorted(names)))


@given(st.lists(st.tuples(groupings, st.integers(0, 5)), max_size=12), groupings)
def test_it_always_answers_with_the_newest_of_all_answers_that_tell_enough(answers, asked):
    store = EMPTY
    for number, (fields, minute) in enumerate(answers):
        store = store.put(by(*fields), [read(number, minute)])
    enough = [(minute, number) for number, (fields, minute) in enumerate(answers) if set(asked) <= set(fields)]
    found = store.get(by(*asked)).get(TODAY)
    if not enough:
        assert found is None
    else:
        assert found is not None
        newest = max(minute for minute, _ in enough)
        assert found.read_at == at(newest)
        assert (newest, found.rows[0].input_tokens) in enough


@given(st.lists(st.tuples(groupings, st.integers(0, 5)), max_size=20))
def test_it_never_holds_a_reading_that_no_question_would_get(answers):
    store = EMPTY
    for fields, minute in answers:
        store = store.put(by(*fields), [read(1, minute)])
    for known in store._series.values():
        for each in known.readings.get(TODAY, ()):
            assert not any(other is not each and other.replaces(each) for other in known.readings[TODAY])


def test_an_older_answer_that_misses_a_bucket_does_not_mark_what_a_newer_one_named():
    store = EMPTY.take(by("model"), Page((read(2, 1),)))
    other = replace(read(1, 0), start=TODAY - DAY)
    late = store.take(by("model"), Page((other,), missing=(TODAY,)))
    assert late.unnamed(by("model")) == set()
    newer = store.take(by("model"), Page((replace(other, read_at=at(2)),), missing=(TODAY,)))
    assert newer.unnamed(by("model")) == {TODAY}
