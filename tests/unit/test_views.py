"""What lines are broken down by, what a filter finds, and that nothing is lost on the way."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.builders import CATALOGUE, FREE, TODAY, day, row, shown
from tests.support.strategies import COUNTS
from tui.domain.aggregate import Aggregate
from tui.domain.dimensions import DIMENSIONS, Grouping, without_date
from tui.domain.directory import Directory
from tui.domain.filter import NO_FILTER, Filter
from tui.domain.filter_hint import filter_hint
from tui.domain.kinds import Kind
from tui.domain.line import REST
from tui.domain.rows import Row, Sums, add_up
from tui.domain.series import chart_series
from tui.domain.table import SHOWN_AT_FIRST
from tui.domain.time import last_days
from tui.domain.usage import Bucket, Report
from tui.domain.view import Order, View

NAMES = list(DIMENSIONS)

ANY_ROW = st.builds(
    partial(Row),
    model=st.sampled_from(["gpt-6-sol", "gpt-5.4-2026-03-05", "gpt-5.4-2026-05-01", "ft:x:[prod]", None]),
    service_tier=st.sampled_from([None, "default", FREE, "flex"]),
    project_id=st.sampled_from([None, "proj_a", "proj_b"]),
    user_id=st.sampled_from([None, "user-1", "user-2"]),
    api_key_id=st.sampled_from(["key_1", "key_2"]),
    batch=st.sampled_from([None, True, False]),
    input_tokens=COUNTS,
    output_tokens=COUNTS,
    requests=COUNTS,
    input_cached_tokens=COUNTS,
).map(lambda row: row._replace(input_cached_tokens=min(row.input_tokens, row.input_cached_tokens)))

GROUPINGS = st.lists(st.sampled_from(NAMES), max_size=2, unique=True).map(lambda names: Grouping(tuple(names)))

WORDS = st.sampled_from(
    (
        *("", "gpt", "sol", "!gpt", "project:a", "!project:proj_b", "tier:flex user:1", "pool:large", "key:2 batch"),
        *("model:5.4", "x", "!x", "no:thing", 'user:"user-1"', "!", "project:"),
    )
)

REPORT = Report(last_days(TODAY, 0))


@given(st.lists(ANY_ROW, max_size=12), GROUPINGS, WORDS, st.booleans(), st.sampled_from(["total", "share", "name"]))
def test_every_breakdown_and_filter_adds_up_to_its_rows(rows, grouping, words, merged, by):
    view = View(grouping=grouping, row_filter=Filter(words), merged=merged, order=Order(by))
    found = shown(REPORT.with_buckets([day(0, *rows)]), {TODAY}, view, listed={TODAY})
    aggregate = Aggregate(CATALOGUE, grouping.dimensions, view.row_filter, merged=merged)
    whole, *lines = found
    assert whole.sums == add_up(aggregate.rows(Bucket(TODAY, tuple(rows)), ()))
    depth = len(grouping.dimensions)
    for level in range(1, depth + 1):
        assert sum((line.sums for line in lines if len(line.names) == level), Sums()) == whole.sums
    for line in lines:
        assert line.sums == add_up(aggregate.rows(Bucket(TODAY, tuple(rows)), line.names))
    if not words:
        assert whole.sums == add_up(rows)


@given(st.lists(ANY_ROW, max_size=12), WORDS)
def test_a_filter_and_its_negation_part_the_rows(rows, words):
    if len(Filter(words).terms) != 1:
        return
    there = shown(REPORT.with_buckets([day(0, *rows)]), set(), View(row_filter=Filter(words)))[0].sums
    other = words[1:] if words.startswith("!") else "!" + words
    rest = shown(REPORT.with_buckets([day(0, *rows)]), set(), View(row_filter=Filter(other)))[0].sums
    assert there + rest == add_up(rows)


def test_inner_lines_stand_under_their_outer_one():
    rows = [row("a", 5, project_id="p"), row("b", 9, project_id="q"), row("b", 7, project_id="p")]
    found = shown(REPORT.with_buckets([day(0, *rows)]), {TODAY}, View(grouping=Grouping(("project", "model"))))
    assert [line.names for line in found] == [(), ("p",), ("p", "b"), ("p", "a"), ("q",), ("q", "b")]
    assert [line.groups for line in found] == [2, 2, 0, 0, 1, 0]


def test_long_days_end_in_a_line_for_the_rest_until_all_are_asked_for():
    rows = [row(f"m{number:04d}", number + 1, 0) for number in range(5_000)]
    report = REPORT.with_buckets([day(0, *rows)])
    found = shown(report, {TODAY})
    assert len(found) == SHOWN_AT_FIRST + 2
    assert found[-1].names == REST
    assert found[-1].rest == 5_000 - SHOWN_AT_FIRST
    assert sum((line.sums for line in found[1:]), Sums()) == found[0].sums
    assert len(shown(report, {TODAY}, listed={TODAY})) == 5_001


def test_the_rest_counts_inner_lines_too():
    rows = [row(f"m{number % 30}", 1, project_id=f"p{number}") for number in range(300)]
    found = shown(REPORT.with_buckets([day(0, *rows)]), {TODAY}, View(grouping=Grouping(("project", "model"))))
    assert found[-1].rest == 300 - sum(1 for line in found if len(line.names) == 2)
    assert sum((line.sums for line in found if len(line.names) == 2), Sums()) + found[-1].sums == found[0].sums


def test_what_is_not_broken_down_so_is_known_as_a_whole_and_says_nothing_of_a_filter():
    report = REPORT.with_buckets([day(0, row("a", 5))])
    (coarse,) = shown(report, {TODAY}, View(grouping=Grouping(("project",))), coarse={TODAY})
    assert (coarse.sums.input, coarse.coarse, coarse.open) == (5, True, False)
    (unknown,) = shown(report, {TODAY}, View(row_filter=Filter("project:x")), coarse={TODAY})
    assert unknown.sums is None


def test_snapshots_are_told_by_their_dates_and_fine_tuned_models_stay_apart():
    names = ["gpt-5.4-2026-03-05", "gpt-4-0613", "gpt-5.4", "ft:gpt-4.1-2025-04-14:acme::x", "gpt-4o-mini", "o3-2025"]
    assert [without_date(name) for name in names] == [
        "gpt-5.4", "gpt-4", "gpt-5.4", "ft:gpt-4.1-2025-04-14:acme::x", "gpt-4o-mini", "o3",
    ]  # fmt: skip


def test_names_are_looked_for_as_they_are_shown_and_by_their_ids():
    directory = Directory({"project": {"proj_1": "Web Shop", "proj_2": "Lab"}})
    rows = [row("a", 5, project_id="proj_1"), row("a", 7, project_id="proj_2")]
    for words, found in (('project:"web sh', 5), ("project:proj_2", 7), ("!project:LAB", 5)):
        aggregate = Aggregate(CATALOGUE, ("model",), Filter(words), directory=directory)
        assert aggregate.sums(Bucket(TODAY, tuple(rows)))[0].input == found
    assert Aggregate(CATALOGUE, ("project",), directory=directory).label(("proj_1",)) == ("Web Shop",)


def test_ids_of_the_same_name_are_told_apart_and_both_are_found_by_it():
    directory = Directory({"project": {"proj_a1": "x", "proj_b2": "X", "proj_b3": "x", "proj_c3": "Y"}})
    assert [directory.label("project", id_) for id_ in ("proj_a1", "proj_b3", "proj_c3")] == [
        "x (proj_a1)", "x (proj_b3)", "Y",
    ]  # fmt: skip
    assert directory.ids("project", "x") == ("proj_a1", "proj_b2", "proj_b3")


def test_what_was_counted_is_used_again_as_long_as_it_tells_enough():
    first, nobody, bucket = Aggregate(CATALOGUE, ("model",), Filter("project:a")), Directory(), day(0, row())
    first.sums(bucket)
    like_it = first.with_view(("model",), Filter("sol"), merged=False, directory=nobody)
    assert like_it.work_left([bucket]) == 0
    assert like_it.with_view(("model",), Filter("sol"), merged=False, directory=nobody) is like_it
    assert first.with_view(("model",), Filter("tier:x"), merged=False, directory=nobody).work_left([bucket]) == 1
    assert first.with_view(("project",), Filter("sol"), merged=False, directory=nobody).work_left([bucket]) == 1


def test_what_is_found_without_a_filter_is_kept_while_there_is_one_and_forgotten_with_its_buckets():
    nobody, old, new = Directory(), day(0, row("o3", 5)), day(0, row("o3", 7), row("gpt-6-sol", 9))
    whole = Aggregate(CATALOGUE, ("model",)).with_view(("model",), NO_FILTER, merged=False, directory=nobody)
    before = whole.groups(old)
    found = whole
    for words in ("o", "o3", "!o3"):
        found = found.with_view(("model",), Filter(words), merged=False, directory=nobody)
    left = found.with_view(("model",), NO_FILTER, merged=False, directory=nobody)
    assert left.groups(old) is before
    found.retain([new])
    assert left.work_left([old]) == 1
    assert set(left.groups(new)) == {("o3",), ("gpt-6-sol",)}
    assert left.groups(old) is not before, "it may be another bucket that has this one's id"
    named = Directory({"model": {"o3": "O3"}})
    assert found.with_view(("model",), NO_FILTER, merged=False, directory=named).label(("o3",)) == ("O3",)


def test_a_filter_that_comes_while_another_is_computed_is_not_mixed_with_it():
    bucket = Bucket(TODAY, tuple(row(f"m{number}") for number in range(20_000)))
    first = Aggregate(CATALOGUE, ("model",), Filter("m1"))
    with ThreadPoolExecutor(1) as thread:
        for words in ("nosuchthing", "m19999", "m"):
            found = thread.submit(chart_series, REPORT.with_buckets([bucket]), first)
            first = first.with_view(("model",), Filter(words), merged=False, directory=first.directory)
            count = first.sums(bucket)[1]
            found.result()
            assert (first.sums(bucket)[1], count) == ({"nosuchthing": 0, "m19999": 1, "m": 20_000}[words],) * 2


def test_prefixes_and_words_in_any_case_and_words_mean_models_where_nothing_is_shown():
    report = REPORT.with_buckets([day(0, row("gpt-6-sol", 5, project_id="proj_a"), row("o3", 7))])
    assert shown(report, set(), View(row_filter=Filter("Project:A")))[0].sums.input == 5
    assert shown(report, set(), View(grouping=Grouping(()), row_filter=Filter("SOL")))[0].sums.input == 5
    assert "model" in View(grouping=Grouping(()), row_filter=Filter("SOL")).fields


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("batch:yes", [True]),
        ("batch:y", [True]),
        ("batch:true", [True]),
        ("batch:batch", [True]),
        ("batch:no", [False]),
        ("batch:false", [False]),
        ("!batch:yes", [False, None]),
        ("batch:unknown", [None]),
        ("batch:maybe", []),
    ],
)
def test_a_batch_is_asked_for_as_people_say_it(words, found):
    rows = [row("x", 1, batch=each) for each in (True, False, None)]
    aggregate = Aggregate(CATALOGUE, ("model",), Filter(words))
    assert [each.batch for each in aggregate.rows(day(0, *rows), ())] == found


USED = day(
    0,
    row("ft:gpt-4.1:acme:[prod]:x", project_id="proj_a", batch=False, service_tier="default"),
    row("gpt-6-sol", project_id="proj_b", batch=True, service_tier="flex"),
)

CALLED = Directory({"project": {"proj_a": "Data lab", "proj_b": "Web"}})


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        ("projct:web", "There is no field projct:. Did you mean project:? There are: model, pool, project, user,"),
        ("colour:red", "There is no field colour:. There are: model, pool,"),
        ("batch:maybe", "Nothing has batch:maybe. There are: yes, no."),
        ("!tier:flx", "Nothing has tier:flx. There are: default, flex."),
        ("project:nowhere", "Nothing has project:nowhere. There are: Data lab, Web."),
        ('sol project:"data lib"', "Nothing has project:data lib. There are: Data lab, Web."),
        *((words, "") for words in ("", "ft:gpt", "sol", "nothing", "project:data", "project:proj_a", "tier:", "!")),
    ],
)
def test_a_filter_that_can_find_nothing_says_what_there_is(words, hint):
    aggregate = Aggregate(CATALOGUE, ("model",), Filter(words), directory=CALLED)
    aggregate.prepare([USED])
    told = filter_hint(View(row_filter=Filter(words)), aggregate)
    assert told.startswith(hint)
    assert bool(told) is bool(hint)


def test_a_field_that_a_kind_of_usage_does_not_have_is_said_so():
    view = View(Kind.IMAGES, row_filter=Filter("tier:flex"))
    aggregate = Aggregate(CATALOGUE, ("model",), view.row_filter)
    aggregate.prepare([day(0, row("gpt-image-1", 0, amount=3))])
    assert filter_hint(view, aggregate) == "Images are not counted by service tier."
