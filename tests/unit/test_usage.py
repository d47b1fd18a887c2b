from hypothesis import given
from hypothesis import strategies as st

from tests.support.builders import CATALOGUE, DAY, TODAY, day, row, shown
from tests.support.strategies import BUCKETS, ROWS, WINDOW
from tui.domain.aggregate import Aggregate
from tui.domain.rows import EVERY_MODEL, Sums, add_up, by_model
from tui.domain.series import chart_series
from tui.domain.usage import Report
from tui.sources.base import Query


@given(st.lists(ROWS))
def test_models_add_up_to_the_sum_of_their_rows(rows):
    total = Sums()
    for sums in by_model(rows).values():
        total += sums
    assert total == add_up(rows)


@given(BUCKETS, st.sets(st.sampled_from(list(WINDOW.starts()))))
def test_the_lines_of_a_fold_add_up_to_the_rows_of_its_day(buckets, open_days):
    report = Report(WINDOW).with_buckets(buckets)
    found = shown(report, open_days)
    for line in found:
        if line.is_bucket and line.sums is not None:
            models = [each.sums for each in found if each.start == line.start and not each.is_bucket]
            assert line.sums == add_up(report.buckets[line.start].rows)
            if line.open:
                assert sum((each.total for each in models), 0) == line.sums.total
                assert len(models) == line.groups
            else:
                assert models == []


@given(BUCKETS)
def test_tracks_add_up_to_the_whole(buckets):
    report = Report(WINDOW).with_buckets(buckets)
    found = chart_series(report, Aggregate(CATALOGUE))
    each, whole = found.largest, found.chosen
    assert sum(track.total for track in each) == whole.total == add_up(report.rows()).total
    assert found.more == 0
    for place, start in enumerate(WINDOW.starts()):
        unread = start not in report.buckets
        assert all((track.input[place] is None) == unread for track in (*each, whole))


def test_lines_are_newest_day_first_and_models_largest_first():
    report = Report(WINDOW).with_buckets([day(0, row("a", 1), row("b", 5), row("c", 5)), day(1, row("a", 9))])
    found = [line.key for line in shown(report, {TODAY})][:5]
    assert found == [(TODAY, ()), (TODAY, ("b",)), (TODAY, ("c",)), (TODAY, ("a",)), (TODAY - DAY, ())]


def test_a_day_that_was_not_read_is_unread_and_not_zero():
    report = Report(WINDOW).with_buckets([day(0)])
    today, yesterday = shown(report, set())[:2]
    assert today.sums == Sums()
    assert yesterday.sums is None
    assert report.unread() == tuple(WINDOW.starts())[:-1]


def test_rows_of_one_model_are_one_line_whatever_their_tier_and_a_null_model_has_a_name():
    rows = [row("gpt-6-sol", 1, service_tier="a"), row(None, 5), row("gpt-6-sol", 2, service_tier="b")]
    assert {name: sums.input for name, sums in by_model(rows).items()} == {"gpt-6-sol": 3, EVERY_MODEL: 5}


def test_models_without_any_usage_have_no_line():
    report = Report(WINDOW).with_buckets([day(0, row("used"), row("idle", 0, 0, 0))])
    assert [line.names for line in shown(report, {TODAY}) if line.start == TODAY] == [(), ("used",)]


def test_a_newer_bucket_takes_the_place_of_an_older_one_and_others_stay():
    report = Report(WINDOW).with_buckets([day(0, row(tokens=1)), day(1, row(tokens=2))])
    report = report.with_buckets([day(0, row(tokens=7)), day(40, row(tokens=9))])
    assert [each.input_tokens for each in report.rows()] == [2, 7]


def test_a_query_is_grouped_by_model_and_tier():
    assert Query(WINDOW).group_by == ("model", "service_tier")
