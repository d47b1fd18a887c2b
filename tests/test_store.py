"""The store: each bucket once, the newest reading that tells enough."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.world import DAY, NOW, TODAY, day, row
from tui.domain.kinds import Kind
from tui.domain.source import Query
from tui.domain.window import Width, Window, last_days
from tui.session.store import Store

WEEK = last_days(NOW, 6)
FIELDS = ("model", "service_tier", "project_id")


def by(*fields: str, window: Window = WEEK, **other) -> Query:
    return Query(window, fields, **other)


def at(minute: int):
    return NOW + timedelta(minutes=minute)


def test_a_finer_answer_answers_a_coarser_question_and_not_the_other_way():
    fine = Store().put(by(*FIELDS), [day(0, row(project_id="p"))], NOW)
    assert list(fine.get(by("model"))) == [TODAY]
    coarse = Store().put(by("model"), [day(0, row())], NOW)
    assert coarse.get(by(*FIELDS)) == {}
    assert list(coarse.coarse(by(*FIELDS))) == [TODAY]


def test_a_newer_coarse_answer_is_used_where_it_is_enough_and_the_finer_one_where_it_is_needed():
    old, new = day(0, row(tokens=1, project_id="p")), day(0, row(tokens=2))
    store = Store().put(by(*FIELDS), [old], at(0)).put(by("model"), [new], at(1))
    assert store.get(by("model"))[TODAY].bucket is new
    assert store.get(by(*FIELDS))[TODAY].bucket is old


def test_an_older_answer_that_arrives_late_changes_nothing():
    new, old = day(0, row(tokens=2)), day(0, row(tokens=1))
    store = Store().put(by("model"), [new], at(1)).put(by("model"), [old], at(0))
    assert store.get(by("model"))[TODAY].bucket is new


def test_of_two_answers_of_one_moment_the_one_that_arrives_later_holds():
    first, second = day(0, row(tokens=1)), day(0, row(tokens=2))
    store = Store().put(by("model"), [first], NOW).put(by("model"), [second], NOW)
    assert store.get(by("model"))[TODAY].bucket is second


def test_kinds_widths_and_filters_are_kept_apart():
    store = Store().put(by("model"), [day(0, row())], NOW)
    hours = Window(TODAY, TODAY + DAY, Width.HOUR)
    for other in (
        by("model", kind=Kind.IMAGES),
        by("model", filters=(("models", "o3"),)),
        by("model", window=hours),
    ):
        assert store.get(other) == {}
        assert store.missing(other) == tuple(other.window.starts())


def test_missing_are_the_buckets_that_nobody_read_finely_enough():
    store = Store().put(by("model"), [day(1), day(3)], NOW)
    assert store.missing(by("model")) == tuple(TODAY - n * DAY for n in (6, 5, 4, 2, 0))
    assert store.missing(by(*FIELDS)) == tuple(WEEK.starts())


def test_series_that_are_left_can_be_dropped():
    from tui.session.store import Series

    images = by(kind=Kind.IMAGES)
    store = Store().put(by("model"), [day(0)], NOW).put(images, [day(0)], NOW)
    kept = store.only([Series.of(by("model"))])
    assert kept.missing(images)
    assert not kept.missing(by("model", window=last_days(NOW, 0)))


groupings = st.sets(st.sampled_from(FIELDS)).map(lambda names: tuple(sorted(names)))


@given(st.lists(st.tuples(groupings, st.integers(0, 5)), max_size=12), groupings)
def test_it_always_answers_with_the_newest_of_all_answers_that_tell_enough(answers, asked):
    store = Store()
    for number, (fields, minute) in enumerate(answers):
        store = store.put(by(*fields), [day(0, row(tokens=number))], at(minute))
    enough = [(minute, number) for number, (fields, minute) in enumerate(answers) if set(asked) <= set(fields)]
    found = store.get(by(*asked)).get(TODAY)
    if not enough:
        assert found is None
    else:
        assert found is not None
        newest = max(minute for minute, _ in enough)
        assert found.asked_at == at(newest)
        assert (newest, found.bucket.rows[0].input_tokens) in enough


@given(st.lists(st.tuples(groupings, st.integers(0, 5)), max_size=20))
def test_it_never_holds_a_reading_that_no_question_would_get(answers):
    store = Store()
    for fields, minute in answers:
        store = store.put(by(*fields), [day(0)], at(minute))
    for readings in store._series.values():
        for each in readings.get(TODAY, ()):
            assert not any(other is not each and other.replaces(each) for other in readings[TODAY])
