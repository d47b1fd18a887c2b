"""Files of saved pages, as people have them: other encodings and forms, broken ones, others that do not match."""

from __future__ import annotations

import codecs
import json
import os
from datetime import timedelta

import pytest

from tests.support.builders import DAY, TODAY, bucket, dumped, gathered, page, result
from tests.support.cli import run
from tests.support.dashboard import dashboard
from tui.domain.rows import add_up
from tui.domain.time import Width, inside, last_days
from tui.errors import BadSettings
from tui.sources.base import Query
from tui.sources.openai import replay

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)

OLDER, NEWER = page(bucket(2, result(tokens=3)), bucket(1, result(tokens=1))), page(bucket(0, result(tokens=2)))

LINES = dumped([OLDER, NEWER])


def written(tmp_path, content: str | bytes, at=TODAY + 5 * DAY):
    path = tmp_path / "pages.json"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    os.utime(path, (at.timestamp(), at.timestamp()))
    return path


async def tokens(path) -> dict[int, int]:
    pages = replay.load(path)
    found, _ = await gathered(pages.pages(Query(last_days(pages.now, pages.days))))
    return {(TODAY - start) // DAY: add_up(each.rows).input for start, each in found.items()}


def pieces(*rows, width: timedelta, places) -> dict:
    """A page of the hours or minutes at these places of today."""
    starts = [int((TODAY + place * width).timestamp()) for place in places]
    seconds = int(width.total_seconds())
    return page(*({"start_time": each, "end_time": each + seconds, "results": list(rows)} for each in starts))


@pytest.mark.parametrize(
    "content",
    [
        LINES.encode("utf-16"),
        LINES.encode("utf-16-le"),
        LINES.encode("utf-16-be"),
        codecs.BOM_UTF16_BE + LINES.encode("utf-16-be"),
        LINES.encode("utf-32"),
        LINES.replace("\n", "\r\n").encode("utf-16"),
        LINES.encode("utf-8-sig"),
        LINES.replace("\n", "\r\n"),
        "\n\n" + LINES + "\n",
        json.dumps(OLDER, indent=2) + "\n" + json.dumps(NEWER, indent=2),
        json.dumps(OLDER, indent="\t").replace("\n", "\r\n") + json.dumps(NEWER),
        json.dumps(OLDER) + json.dumps(NEWER),
        json.dumps([OLDER, NEWER]),
        json.dumps([[OLDER], [NEWER]], indent=1),
        json.dumps([OLDER], indent=2) + "\n\ufeff" + json.dumps([NEWER], indent=2),
        LINES.replace("\n", ",\n"),
        "\x1e" + LINES.replace("\n", "\n\x1e"),
        dumped([*OLDER["data"], *NEWER["data"]]),
        json.dumps([*OLDER["data"], *NEWER["data"]], indent=2),
        dumped([NEWER, OLDER, NEWER]),
    ],
    ids=lambda content: repr(content[:12]),
)
async def test_a_file_is_read_in_every_form_in_which_it_is_saved(tmp_path, content):
    assert await tokens(written(tmp_path, content)) == {2: 3, 1: 1, 0: 2}


async def test_a_page_that_breaks_off_costs_itself_and_is_named(tmp_path):
    whole, broken = json.dumps(OLDER, indent=2), json.dumps(NEWER, indent=2)
    for content, line in (
        (LINES + "oops\n", 3),
        (dumped([OLDER]) + dumped([NEWER])[:90], 2),
        (broken[:90] + "\n" + whole, 1),
        (whole + "\n" + broken[:90], whole.count("\n") + 2),
        (dumped([OLDER]) + '{"error": "no"}\n' + dumped([NEWER]), 2),
    ):
        pages = replay.load(written(tmp_path, content))
        found, warnings = await gathered(pages.pages(Query(last_days(TODAY, 2))))
        assert add_up(found[TODAY - DAY].rows).input == 1
        assert f"line {line} of" in warnings[0]
        assert "is no page of the API" in warnings[0]


async def test_what_of_a_page_cannot_be_read_costs_only_itself(tmp_path):
    bad_row = page(bucket(1, result(tokens=-5), result(tokens=5)), bucket(0, result(tokens=6)))
    found, warnings = await gathered(
        replay.load(written(tmp_path, dumped([bad_row]))).pages(Query(last_days(TODAY, 1)))
    )
    assert ([row.input_tokens for row in found[TODAY - DAY].rows], found[TODAY - DAY].left_out) == ([5], 1)
    assert (found[TODAY].left_out, warnings) == (0, [])
    bad_bucket = page(bucket(3, result()), {"start_time": "noon", "results": []}, bucket(0, result()))
    found, warnings = await gathered(
        replay.load(written(tmp_path, dumped([bad_bucket]))).pages(Query(last_days(TODAY, 3)))
    )
    assert sorted(found) == [TODAY - 3 * DAY, TODAY], "what is not named may be the one that could not be read"
    assert "1 bucket in" in warnings[0]


def test_a_part_is_printed_and_the_rest_named(tmp_path):
    bad = page(bucket(1, result(tokens=-5), result(tokens=5)), bucket(0, result(tokens=6)))
    done = run("export", "--replay", str(written(tmp_path, dumped([bad]) + '{"data": [')), "--format", "csv")
    assert (done.returncode, len(done.stdout.splitlines())) == (4, 3)
    assert "1 row of 2026-11-19 could not be read and is left out" in done.stderr
    assert "line 2" in done.stderr
    assert done.stderr.count("left out:") == 1


@pytest.mark.parametrize(
    ("pages", "words"),
    [
        (
            [OLDER, page(bucket(0, {"object": "organization.usage.images.result", "images": 3}))],
            "completions and images",
        ),
        (
            [OLDER, page(bucket(0, {"object": "organization.costs.result", "amount": {"value": 1}}))],
            "completions and costs",
        ),
        ([page(bucket(0, {"object": "organization.usage.web_searches.result", "num_requests": 3}))], "web_searches"),
        ([page(bucket(0, result(), {"images": 3}))], "not counted in tokens"),
        ([page(bucket(0, result(None))), page(bucket(0, result("a")))], "by nothing and by model"),
        (
            [page(bucket(0, result("a", service_tier="x"))), page(bucket(0, result("a", project_id="p")))],
            r"by model, service_tier and by model, project_id \(lines 1 and 2\)",
        ),
        ([page(bucket(1, result("a"))), page(bucket(0, result("a", project_id="p")))], "by model, project_id"),
        (
            [page(bucket(0, result())), pieces(result(), width=MINUTE, places=[5])],
            "2026-11-20 in days and in minutes",
        ),
        ([page(bucket(0, result())), pieces(result(), width=HOUR, places=range(3))], "in days and in hours"),
        (
            [pieces(result(), width=HOUR, places=[0]), pieces(result(), width=MINUTE, places=[0])],
            "hours and in minutes",
        ),
        (
            [page(bucket(0, result())), page(bucket(0, result(), start_time=int((TODAY + 3 * HOUR).timestamp())))],
            "of 2026-11-20 that overlap",
        ),
    ],
)
def test_pages_that_do_not_go_together_are_refused_by_name(tmp_path, pages, words):
    path = written(tmp_path, dumped(pages))
    with pytest.raises(BadSettings, match=words):
        replay.load(path)
    assert run("export", "--replay", str(path)).returncode == 2
    with pytest.raises(BadSettings, match="The replay file"):
        replay.load(written(tmp_path, dumped(reversed(pages))))


async def test_pages_that_only_seem_not_to_go_together_are_read(tmp_path):
    """Older days without a service tier, hours of one day beside the days before, a day that was saved twice."""
    tiers = [page(bucket(1, result("a", 1))), page(bucket(0, result("a", 2, service_tier="default")))]
    assert await tokens(written(tmp_path, dumped(tiers))) == {1: 1, 0: 2}
    widths = [page(bucket(1, result("a", 1))), pieces(result("a", 2), width=HOUR, places=range(5))]
    assert await tokens(written(tmp_path, dumped(widths))) == {1: 1, 0: 10}
    early = page(bucket(0, result("a", 1), end_time=int((TODAY + 2 * HOUR + MINUTE).timestamp())))
    assert await tokens(written(tmp_path, dumped([early, page(bucket(0, result("a", 7)))]))) == {0: 7}


def test_a_file_is_as_of_when_it_was_saved_or_its_last_bucket_ended(tmp_path):
    early = TODAY + 2 * HOUR + 21 * MINUTE
    assert replay.load(written(tmp_path, LINES, early)).now == early
    assert replay.load(written(tmp_path, LINES, TODAY + DAY)).now == TODAY + DAY - timedelta(seconds=1)
    assert replay.load(written(tmp_path, LINES, TODAY - 9 * DAY)).now == TODAY + DAY - timedelta(seconds=1)
    hours = dumped([pieces(result(), width=HOUR, places=range(4))])
    assert replay.load(written(tmp_path, hours)).now == TODAY + 4 * HOUR
    assert replay.load(written(tmp_path, hours, early)).now == early


async def test_hours_after_a_file_was_saved_are_not_counted_yet(tmp_path):
    early = TODAY + 2 * HOUR + 21 * MINUTE
    hours = dumped(
        [pieces(result("gpt-6-sol", 5), width=HOUR, places=[0, 2]), page(bucket(1, result("gpt-6-sol", 1)))]
    )
    pages = replay.load(written(tmp_path, hours, early))
    found, _ = await gathered(pages.pages(Query(inside(TODAY, Width.HOUR, TODAY + DAY))))
    assert [place for place in range(24) if found[TODAY + place * HOUR].rows] == [0, 2]
    async with dashboard(pages, clock=lambda: pages.now, days=1, is_static=True) as board:
        assert "as of 2026-11-20 02:21:00 UTC" in board.text()
        await board.press("enter")
        words = [cells[1].strip() for cells in board.rows() if cells[0]]
    assert words[:21] == ["not counted yet"] * 21
    assert words[22] == "no usage"
    assert "model" in words[21]
    assert "model" in words[23]
