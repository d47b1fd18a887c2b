"""Paging loses nothing and counts nothing twice."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from tests.support.builders import DAY, NOW, TODAY, row
from tui.domain.rows import add_up
from tui.domain.time import Window, last_days
from tui.sources.openai.merge import PageMerger
from tui.sources.openai.wire import WireBucket, WirePage

WINDOW = last_days(NOW, 5)

MODELS = st.sampled_from(["a", "b", "c", None])

ROWS = st.lists(st.builds(row, MODELS, st.integers(0, 99), st.integers(0, 99)), max_size=5).map(tuple)


def span(ago: int, *rows, hours: int = 0) -> WireBucket:
    start = int((TODAY - ago * DAY + timedelta(hours=hours)).timestamp())
    return WireBucket(start, start + 86_400, rows)


def taken(*answers: WirePage, window: Window = WINDOW):
    merger = PageMerger(window)
    found = {}
    for answer in answers:
        found.update({bucket.start: bucket for bucket in merger.take(answer)})
    return found


@given(st.dictionaries(st.integers(0, 5), ROWS), st.data())
def test_any_cut_and_order_of_pages_gives_the_same_buckets(days, data):
    spans = [span(ago, *rows) for ago, rows in days.items()]
    shuffled = data.draw(st.permutations(spans + spans[:2]))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(shuffled)), max_size=4)))
    pages = [shuffled[a:b] for a, b in zip([0, *cuts], [*cuts, len(shuffled)], strict=True)]
    found = taken(*(WirePage(tuple(part)) for part in pages))
    assert {start: add_up(bucket.rows) for start, bucket in found.items()} == {
        TODAY - ago * DAY: add_up(rows) for ago, rows in days.items()
    }


def test_a_bucket_that_comes_again_replaces_the_groups_it_names_and_keeps_the_others():
    found = taken(WirePage((span(0, row("a", 1), row("b", 2)),)), WirePage((span(0, row("b", 5), row("c", 3)),)))
    assert {each.model: each.input_tokens for each in found[TODAY].rows} == {"a": 1, "b": 5, "c": 3}


def test_two_rows_of_one_group_in_one_delivery_both_count():
    assert add_up(taken(WirePage((span(0, row("a", 1), row("a", 2)),)))[TODAY].rows).input == 3


def test_parts_of_a_day_are_added_and_belong_to_it():
    found = taken(WirePage((span(1, row("a", 1), hours=3), span(1, row("a", 2), hours=15))))
    assert add_up(found[TODAY - DAY].rows).input == 3


def test_a_page_that_repeats_what_is_known_changes_nothing():
    merger = PageMerger(WINDOW)
    answer = WirePage((span(0, row("a")), span(1)))
    assert len(merger.take(answer)) == 2
    assert merger.take(answer) == ()


def test_buckets_outside_the_window_are_left_out():
    assert taken(WirePage((span(6, row()), span(-1, row())))) == {}


def test_days_that_a_complete_answer_did_not_name_are_missing():
    merger = PageMerger(WINDOW)
    merger.take(WirePage((span(2, row()),)))
    assert set(merger.missing()) == set(WINDOW.starts()) - {TODAY - 2 * DAY}


def test_the_rest_spans_what_has_not_come_and_runs_only_if_it_reaches_the_end():
    merger = PageMerger(WINDOW)
    merger.take(WirePage((span(5), span(3))))
    assert merger.rest() == Window(TODAY - 4 * DAY, WINDOW.end, running=True)
    merger.take(WirePage((span(0), span(1))))
    assert merger.rest() == Window(TODAY - 4 * DAY, TODAY - DAY)
    merger.take(WirePage((span(4), span(2))))
    assert merger.rest() is None


def test_a_start_that_is_no_time_costs_its_bucket_and_makes_no_blank():
    merger = PageMerger(WINDOW)
    (found,) = merger.take(WirePage((WireBucket(10**18, None, ()), span(0, row("a")))))
    assert found.start == TODAY
    assert "not a time" in merger.problem
    assert merger.missing() == tuple(WINDOW.starts())[:-1]


def test_rows_that_were_left_out_are_known_of_the_bucket_however_it_comes():
    def lacking(left_out: int, **where) -> WireBucket:
        return structs.replace(span(0, row("a"), **where), left_out=left_out)

    def left_out(*spans: WireBucket) -> int:
        return taken(*(WirePage((each,)) for each in spans))[TODAY].left_out

    assert left_out(lacking(2)) == 2
    assert left_out(lacking(1), lacking(0)) == 1, "what comes again does not make whole what was not"
    assert left_out(lacking(0), lacking(1)) == 1
    assert left_out(lacking(1), lacking(2, hours=5)) == 3, "parts of one day"
    assert left_out(lacking(0), span(1)) == 0


def test_what_follows_a_page_that_was_lost_begins_behind_its_buckets():
    merger = PageMerger(WINDOW)
    assert merger.beyond(WINDOW, 2) == Window(TODAY - 3 * DAY, WINDOW.end, running=True)
    merger.take(WirePage((span(5), span(4))))
    assert merger.beyond(WINDOW, 2) == Window(TODAY - DAY, WINDOW.end, running=True)
    assert merger.beyond(WINDOW, 4) is None
