"""What stands out among days, by rules that look back only."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.builders import CATALOGUE, DAY, FREE, TODAY, row
from tui.domain.standouts import (
    DAYS_BEFORE,
    FLOOR,
    WEEKS_COMPARED,
    StandOut,
    What,
    stand_outs,
)
from tui.domain.usage import Bucket
from tui.output import standouts as words

USUAL = 1_000_000


def used(ago: int, tokens: int = USUAL, *, model: str = "gpt-6-sol", tier: str = FREE) -> Bucket:
    return Bucket(TODAY - ago * DAY, (row(model, tokens, 0, service_tier=tier),))


def known(*buckets: Bucket) -> dict[datetime, Bucket]:
    return {bucket.start: bucket for bucket in buckets}


def usual(*, days: int = 70, first: int = 1) -> dict[datetime, Bucket]:
    """Days alike, up to yesterday."""
    return known(*(used(ago) for ago in range(first, first + days)))


def found(days: dict[datetime, Bucket]) -> dict[datetime, tuple[StandOut, ...]]:
    return dict(stand_outs(days, CATALOGUE.pool_of, TODAY))


def test_days_that_are_alike_do_not_stand_out():
    assert not found(usual())


def test_a_day_far_above_its_weekday_stands_out_with_how_far():
    (stand_out,) = found(usual() | known(used(0, 3_100_000)))[TODAY]
    assert stand_out == StandOut(TODAY, What.FAR_ABOVE, 3_100_000, USUAL, 3.1)
    assert words.sentence(stand_out) == "3.1 times a usual Friday: 3.1M tokens, median 1M"
    assert words.times(stand_out) == "3.1x a usual Fri"


def test_it_is_its_own_weekday_that_counts():
    """Weekends are quiet: a working day's tokens on a Sunday stand out, and on a Monday they do not."""
    days = known(*(used(ago, 20_000 if (TODAY - ago * DAY).weekday() >= 5 else USUAL) for ago in range(70)))
    sunday = TODAY - 5 * DAY
    assert sunday.weekday() == 6
    assert not found(days)
    assert set(found(days | known(used(5)))) == {sunday}


@pytest.mark.parametrize("weeks", range(WEEKS_COMPARED + 2))
def test_nothing_is_said_where_too_few_of_its_weekdays_are_known(weeks):
    days = known(used(0, 9 * USUAL), *(used(7 * week) for week in range(1, weeks + 1)))
    assert (What.FAR_ABOVE in kinds(found(days))) is (weeks >= WEEKS_COMPARED)


def test_a_day_of_few_tokens_does_not_stand_out_however_little_is_usual():
    quiet = known(*(used(ago, 100) for ago in range(1, 70)))
    assert not found(quiet | known(used(0, FLOOR - 1)))
    assert kinds(found(quiet | known(used(0, FLOOR)))) == {What.FAR_ABOVE}


def test_a_day_where_nothing_is_usual_has_no_factor():
    quiet = known(used(69), *(replace(used(ago), rows=()) for ago in range(1, 69)))
    above = next(each for each in found(quiet | known(used(0)))[TODAY] if each.what is What.FAR_ABOVE)
    assert above.factor is None
    assert words.sentence(above) == "1M tokens, where a usual Friday has none"


def test_a_day_of_which_rows_were_left_out_is_no_measure_for_others():
    days = usual() | {start: replace(each, left_out=1) for start, each in usual().items()}
    assert not found(days | known(used(0, 9 * USUAL)))


@pytest.mark.parametrize(
    ("bucket", "is_told"),
    [
        (used(1, tier="default"), True),
        (used(1), False),
        (used(0, tier="default"), False),
        (used(1, tier="default", model="ft:gpt:acme::x"), False),
        (replace(used(1, tier="default"), left_out=1), False),
        (Bucket(TODAY - DAY), False),
    ],
)
def test_a_day_on_which_models_of_pools_were_billed_and_nothing_was_free(bucket, is_told):
    assert (What.NOTHING_FREE in kinds(found(known(bucket)))) is is_told


def test_a_model_is_new_on_its_first_day_only():
    days = usual() | known(*(used(ago, model="gpt-5.4-mini") for ago in (2, 1)))
    assert {day: each[0].model for day, each in found(days).items()} == {TODAY - 2 * DAY: "gpt-5.4-mini"}
    assert words.sentence(found(days)[TODAY - 2 * DAY][0]) == "a new model: gpt-5.4-mini, 1M tokens on its first day"


@pytest.mark.parametrize("missing", [1, DAYS_BEFORE, DAYS_BEFORE + 1])
def test_nobody_knows_whether_a_model_is_new_where_days_before_are_not_known(missing):
    days = usual() | known(used(0, model="gpt-5.4-mini"))
    del days[TODAY - missing * DAY]
    assert (What.NEW_MODEL in kinds(found(days))) is (missing > DAYS_BEFORE)


def test_to_an_organization_that_has_just_begun_everything_is_new_and_nothing_is_said():
    empty = known(*(replace(used(ago), rows=()) for ago in range(1, 70)))
    assert not found(empty | known(used(0, 9 * USUAL), used(1, 5)))


def test_the_first_days_of_what_is_known_do_not_shout():
    assert not found(usual(days=DAYS_BEFORE))


DAYS = st.dictionaries(
    st.integers(0, 100),
    st.tuples(
        st.integers(0, 9 * USUAL), st.sampled_from(["gpt-6-sol", "o3", "x"]), st.sampled_from([FREE, "default"])
    ),
    max_size=100,
)


def built(days: dict[int, tuple[int, str, str]]) -> dict[datetime, Bucket]:
    return known(*(used(ago, tokens, model=model, tier=tier) for ago, (tokens, model, tier) in days.items()))


@given(DAYS, st.integers(0, 100))
def test_what_is_learned_of_later_days_changes_nothing_before_them(days, cut):
    before = {ago: what for ago, what in days.items() if ago > cut}
    whole, part = found(built(days)), found(built(before))
    assert part == {day: each for day, each in whole.items() if day < TODAY - cut * DAY}


@given(DAYS)
def test_what_stands_out_is_of_days_that_are_known_and_keeps_its_rule(days):
    known_days = built(days)
    for day, each in found(known_days).items():
        assert each
        for one in each:
            assert one.day == day
            assert day in known_days
            assert one.factor is None or one.factor >= 2.5
            assert words.sentence(one)
    assert What.NOTHING_FREE not in {each.what for each in found(known_days).get(TODAY, ())}, "it is not over"


@given(st.integers(0, 3 * 7 + 6), st.integers(FLOOR, 9 * USUAL))
def test_less_than_four_weeks_tell_nothing_of_what_is_usual(days, tokens):
    assert What.FAR_ABOVE not in kinds(found(usual(days=days) | known(used(0, tokens))))


def test_days_without_anything_free_that_follow_each_other_are_one_line():
    days = {ago: used(ago, tier="default" if ago in {1, 2, 3, 6} else FREE) for ago in range(10)}
    lines = list(words.by_day(found(known(*days.values()))))
    assert [when for _, _, when, _ in lines] == ["Thu 19 Nov", "Sat 14 Nov"]
    assert lines[0][3] == "nothing was free on 3 days from Tue 17 Nov on: 3M tokens billed"
    assert lines[1][3] == "nothing was free: 1M tokens billed"


def test_models_that_are_new_on_one_day_are_one_line():
    new = replace(used(0), rows=(row("a", 5), row("b", 5), row("gpt-6-sol", 5, service_tier=FREE)))
    ((_, what, _, sentence),) = words.by_day(found(usual() | known(new)))
    assert (what, sentence) == (What.NEW_MODEL, "2 new models: a, b")


def test_every_kind_has_a_sign_a_rule_and_words_for_programs():
    assert set(words.MARKS) == set(words.RULES) == set(What)
    assert len(set(words.MARKS.values())) == len(What)
    (stand_out,) = found(usual() | known(used(0, 3_100_000)))[TODAY]
    (said,) = words.document([stand_out])
    assert (said["what"], said["factor"], said["usual_tokens"]) == ("far_above", 3.1, USUAL)
    assert said["rule"].startswith("a day with 2.5 times the tokens of the median of its weekday")


def kinds(found: dict[datetime, tuple[StandOut, ...]]) -> set[What]:
    return {one.what for each in found.values() for one in each}
