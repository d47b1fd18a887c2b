"""Whose days they are: organizations in the archive are kept apart, and keys come and go."""

from __future__ import annotations

from tests.served import Served
from tests.test_read_through import KEY, archive, everything, through
from tests.world import DAY, NOW, TODAY, Memory, day, row
from tui.archive.buckets import Identity
from tui.archive.read_through import ReadThrough
from tui.domain.source import Query
from tui.domain.window import Window, last_days


async def test_a_new_key_of_a_known_organization_finds_its_days(tmp_path):
    month = Query(last_days(NOW, 30))
    with Served() as api:
        async with through(api, tmp_path) as source:
            first = await everything(source, month)
        api.take()
        async with through(api, tmp_path, "sk-admin-two") as source:
            assert await everything(source, month) == first
        assert [api.days_asked(one) for one in api.take()] == [3]


async def test_organizations_are_kept_apart(tmp_path):
    mine, theirs = Memory(day(9, row("mine"))), Memory(day(9, row("theirs")))
    window = Query(Window(TODAY - 9 * DAY, TODAY - 8 * DAY))
    kept = archive(tmp_path)
    for source, endpoint in ((mine, "https://a/v1"), (theirs, "https://b/v1")):
        through = ReadThrough(source, kept, Identity(endpoint, KEY), lambda: NOW)
        found = await everything(through, window)
        assert found[TODAY - 9 * DAY].rows[0].model == ("mine" if source is mine else "theirs")
        assert await everything(ReadThrough(source, kept, Identity(endpoint, KEY), lambda: NOW), window) == found
        assert len(source.queries) == 1


async def test_without_a_name_the_key_stands_for_the_organization(tmp_path):
    kept, window = archive(tmp_path), Query(Window(TODAY - 9 * DAY, TODAY - 8 * DAY))
    for key, asked in (("one", 1), ("two", 1), ("one", 0)):
        source = Memory(day(9, row(key)))
        source.organization = None
        await everything(ReadThrough(source, kept, Identity("https://a/v1", key), lambda: NOW), window)
        assert len(source.queries) == asked
    assert {each.owner for each in kept.contents()} == {"a key of https://a/v1"}


async def test_an_organization_that_changes_behind_a_key_is_not_mixed_with_the_one_before(tmp_path):
    kept, week = archive(tmp_path), Query(last_days(NOW, 6))
    source = Memory(*(day(ago, row(tokens=ago)) for ago in range(7)))
    await everything(ReadThrough(source, kept, Identity("u", KEY), lambda: NOW), week)
    theirs = [day(ago, row("theirs")) if ago < 3 else day(ago) for ago in range(7)]
    source.organization, source.buckets = "org-b", theirs
    through = ReadThrough(source, kept, Identity("u", KEY), lambda: NOW)
    first = await everything(through, week)
    assert list(first.values()) == [theirs[(TODAY - start) // DAY] for start in first], "nothing of the other one"
    assert through.organization == "org-b"
    again = await everything(ReadThrough(source, kept, Identity("u", KEY), lambda: NOW), week)
    assert again == first


async def test_an_answer_without_a_name_does_not_take_a_key_from_its_organization(tmp_path):
    kept, week = archive(tmp_path), Query(last_days(NOW, 6))
    source = Memory(day(5, row()))
    first = await everything(ReadThrough(source, kept, Identity("u", KEY), lambda: NOW), week)
    source.organization = None
    for _ in range(2):
        through = ReadThrough(source, kept, Identity("u", KEY), lambda: NOW)
        assert await everything(through, week) == first
        assert source.queries[-1].window == last_days(NOW, 2)
        assert through.organization == "org-test"


async def test_a_file_cleared_by_another_process_mixes_nothing_up(tmp_path):
    kept, week = archive(tmp_path), Query(last_days(NOW, 6))
    mine, theirs = Memory(*(day(ago, row("mine")) for ago in range(7))), Memory(day(6, row("theirs")))
    theirs.organization = "org-b"
    through = ReadThrough(mine, kept, Identity("u", KEY), lambda: NOW)
    first = await everything(through, week)
    archive(tmp_path).clear()
    other = ReadThrough(theirs, archive(tmp_path), Identity("u", "another"), lambda: NOW)
    assert (await everything(other, week))[TODAY - 6 * DAY].rows[0].model == "theirs"
    assert await everything(through, week) == first
    assert (await everything(other, week))[TODAY - 6 * DAY].rows[0].model == "theirs"
    assert {each.owner for each in kept.contents()} == {"org-test of u", "org-b of u"}
