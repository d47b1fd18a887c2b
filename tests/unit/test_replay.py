import json
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.support.builders import DAY, TODAY, bucket, dumped, gathered, page, result
from tui.domain.kinds import Kind
from tui.domain.rows import add_up
from tui.domain.time import Width, last_days
from tui.errors import BadSettings, RequestRefused
from tui.sources.base import Query
from tui.sources.openai import replay


async def read(path, days=None):
    pages = replay.load(path)
    return await gathered(pages.pages(Query(last_days(pages.now, pages.days if days is None else days))))


async def test_saved_pages_in_any_order_are_the_same_buckets(tmp_path):
    path = tmp_path / "pages.json"
    path.write_text(
        dumped(
            [
                page(bucket(1, result(tokens=1)), bucket(0, result(tokens=2))),
                page(bucket(2), bucket(1, result(tokens=1))),
            ]
        )
    )
    found, _ = await read(path)
    assert {start: add_up(each.rows).input for start, each in found.items()} == {
        TODAY - 2 * DAY: 0,
        TODAY - DAY: 1,
        TODAY: 2,
    }


def test_the_last_day_of_the_file_is_today(tmp_path):
    path = tmp_path / "pages.json"
    path.write_text(json.dumps(page(bucket(3), bucket(0)), indent=2))
    pages = replay.load(path)
    assert pages.days == 3
    assert pages.now == TODAY + DAY - timedelta(seconds=1)


def test_a_last_bucket_that_ends_early_says_when_the_file_was_saved(tmp_path):
    path = tmp_path / "pages.json"
    path.write_text(dumped([page(bucket(0, end_time=int(TODAY.timestamp()) + 3_600))]))
    assert replay.load(path).now == TODAY + timedelta(hours=1)


async def test_days_inside_a_page_that_it_does_not_name_had_no_usage(tmp_path):
    path = tmp_path / "pages.json"
    path.write_text(dumped([page(bucket(5, result()), bucket(0, result()))]))
    found, _ = await read(path)
    assert len(found) == 6


async def test_days_after_a_page_whose_successor_is_missing_are_unread(tmp_path):
    path = tmp_path / "pages.json"
    path.write_text(
        dumped([page(bucket(1, result()), bucket(0, result())), page(bucket(5, result()), next_page="lost")])
    )
    found, _ = await read(path)
    assert sorted(found) == [TODAY - 5 * DAY, TODAY - DAY, TODAY]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "holds no bucket"),
        ("{}\n", "Line 1"),
        (json.dumps(page()), "holds no bucket"),
        ("<html>", "Line 1"),
        ("\n[7]\n", "Line 2"),
        ("[]", "holds no bucket"),
        ('{"data": [7]}', "holds no bucket"),
        ('{"data": [{"start_time": 1e17, "results": []}]}', "holds no bucket"),
    ],
)
def test_a_file_that_holds_no_pages_is_told_of(tmp_path, content, words):
    path = tmp_path / "pages.json"
    path.write_text(content)
    with pytest.raises(BadSettings, match=words):
        replay.load(path)


def test_a_file_that_is_not_there_is_told_of(tmp_path):
    with pytest.raises(BadSettings, match="No such file"):
        replay.load(tmp_path / "nothing.json")


async def test_a_file_of_days_holds_no_hours_and_no_tool_calls(tmp_path):
    path = tmp_path / "pages.json"
    path.write_text(dumped([page(bucket(0, result()))]))
    pages = replay.load(path)
    window = last_days(pages.now, 0)
    for query in (Query(replace(window, width=Width.HOUR)), Query(window, (), Kind.WEB_SEARCHES)):
        with pytest.raises(RequestRefused, match="does not hold"):
            await gathered(pages.pages(query))


def test_a_last_bucket_without_an_end_is_still_today(tmp_path):
    path = tmp_path / "pages.json"
    path.write_text(dumped([page(bucket(4), bucket(0, end_time=None))]))
    assert replay.load(path).now == TODAY + DAY - timedelta(seconds=1)


def test_a_file_of_many_years_is_cut_to_the_last_one(tmp_path):
    path = tmp_path / "pages.json"
    path.write_text(dumped([page(bucket(20_000), bucket(0))]))
    assert replay.load(path).days == 365


def test_pages_of_another_kind_are_not_taken_for_completions(tmp_path):
    path = tmp_path / "pages.json"
    path.write_text(dumped([page(bucket(0, {"object": "organization.usage.images.result", "images": 3}))]))
    with pytest.raises(BadSettings, match="holds images"):
        replay.load(path)


async def test_what_the_file_is_not_broken_down_by_is_refused(tmp_path):
    path = tmp_path / "pages.json"
    path.write_text(dumped([page(bucket(0, result()))]))
    with pytest.raises(RequestRefused, match="not broken down by project_id"):
        await gathered(replay.load(path).pages(Query(last_days(TODAY, 0), ("project_id", "service_tier"))))
