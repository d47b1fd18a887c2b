"""Whose days they are: organizations in the archive are kept apart, and keys come and go."""

from __future__ import annotations

import shutil

import pytest

from tests.support.archives import KEY, archive, everything, through
from tests.support.builders import DAY, NOW, TODAY, Memory, day, gathered, row
from tests.support.demo_api import Served
from tests.support.paths import DATA
from tui.domain.time import Window, last_days
from tui.engine.fetch import read
from tui.sources.archive.buckets import Archive
from tui.sources.archive.database import File
from tui.sources.archive.owners import Identity
from tui.sources.archive.read_through import ReadThrough
from tui.sources.base import Query


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


@pytest.mark.parametrize("before", ["org-a", None])
async def test_an_organization_that_is_called_otherwise_keeps_its_days(tmp_path, before):
    kept, week = archive(tmp_path), Query(last_days(NOW, 6))
    source = Memory(*(day(ago, row(tokens=ago)) for ago in range(7)))
    source.organization = before
    first = await everything(ReadThrough(source, kept, Identity("u", KEY), lambda: NOW), week)
    source.organization = "org-b"
    source.queries.clear()
    through = ReadThrough(source, kept, Identity("u", KEY), lambda: NOW)
    pages = []
    await read(through, week, pages.append)
    assert {bucket.start: bucket for page in pages for bucket in page.buckets} == first
    assert [query.window for query in source.queries] == [last_days(NOW, 2)], "the others are in the archive"
    assert not any(page.is_another for page in pages)
    assert through.organization == "org-b"
    assert {each.owner for each in kept.contents()} == {"org-b of u"}
    again, _ = await gathered(ReadThrough(source, kept, Identity("u", KEY), lambda: NOW).pages(week))
    assert again == first


async def test_another_name_for_the_same_days_is_told_of_once(tmp_path):
    kept, week = archive(tmp_path), Query(last_days(NOW, 6))
    source = Memory(day(5, row()))
    notes = []
    for source.organization in ("org-a", "org-b", "org-b"):
        through = ReadThrough(source, kept, Identity("u", KEY), lambda: NOW)
        for _ in range(2):
            async for page in through.pages(week):
                notes += [page.note] if page.note else []
    assert notes == ["The organization is called org-b now, and org-a before. What was read of it stays."]


async def test_all_keys_of_an_organization_follow_its_new_name(tmp_path):
    kept, week = archive(tmp_path), Query(last_days(NOW, 6))
    source = Memory(*(day(ago, row(tokens=ago)) for ago in range(7)))
    for key, source.organization in (("one", "org-a"), ("two", "org-a"), ("one", "org-b"), ("two", "org-b")):
        source.queries.clear()
        await everything(ReadThrough(source, kept, Identity("u", key), lambda: NOW), week)
    assert [query.window for query in source.queries] == [last_days(NOW, 2)]


async def test_a_key_that_answers_for_another_known_organization_mixes_nothing(tmp_path):
    kept, week = archive(tmp_path), Query(last_days(NOW, 6))
    mine, theirs = (Memory(*(day(ago, row(name)) for ago in range(7))) for name in ("mine", "theirs"))
    mine.organization, theirs.organization = "org-a", "org-b"
    first = await everything(ReadThrough(mine, kept, Identity("u", KEY), lambda: NOW), week)
    other = await everything(ReadThrough(theirs, kept, Identity("u", "another"), lambda: NOW), week)
    through, pages = ReadThrough(theirs, kept, Identity("u", KEY), lambda: NOW), []
    await read(through, week, pages.append)
    last = max(place for place, page in enumerate(pages) if page.is_another)
    assert {bucket.start: bucket for page in pages[last:] for bucket in page.buckets} == other
    assert through.organization == "org-b"
    mine.queries.clear()
    assert await everything(ReadThrough(mine, kept, Identity("u", "third"), lambda: NOW), week) == first
    assert len(mine.queries) == 1
    assert mine.queries[0].window == last_days(NOW, 2), "its days are still there"


OLD = DATA / "archive-0.1.0.db"
"""Written by the first version: an organization with a name, one without, and one that lost its days by a name."""

_OPENAI = "https://api.openai.com/v1"


@pytest.mark.parametrize(
    ("key", "organization", "model"),
    [
        ("sk-admin-named", "org-acme", "gpt-6-sol"),
        ("sk-admin-named", "org-renamed", "gpt-6-sol"),
        ("sk-admin-unnamed", None, "gpt-5-nano"),
        ("sk-admin-unnamed", "org-new", "gpt-5-nano"),
    ],
)
async def test_an_archive_of_the_first_version_is_read_and_carried_on(tmp_path, key, organization, model):
    path = tmp_path / "archive.db"
    shutil.copy(OLD, path)
    kept = Archive(File(path, lambda: NOW, is_own_place=False))
    source = Memory(*(day(ago, row(model, 7, 7)) for ago in range(3)))
    source.organization = organization
    month = Query(last_days(NOW, 30))
    for _ in range(2):
        found = await everything(ReadThrough(source, kept, Identity(_OPENAI, key), lambda: NOW), month)
        tokens = {(TODAY - start) // DAY: bucket.rows[0].input_tokens % 1_000 for start, bucket in found.items()}
        assert tokens == {ago: 7 if ago < 3 else ago for ago in range(31)}
        assert {each.rows[0].model for each in found.values()} == {model}
    assert {query.window for query in source.queries} == {last_days(NOW, 2)}


async def test_days_that_the_first_version_lost_with_a_name_are_found_again(tmp_path):
    path = tmp_path / "archive.db"
    shutil.copy(OLD, path)
    kept, today = Archive(File(path, lambda: NOW, is_own_place=False)), Query(last_days(NOW, 0))
    identity = Identity(_OPENAI, "sk-admin-lost")
    assert len(kept.cached(kept.owner(identity), Query(last_days(NOW, 30)))) == 5
    kept.keep(identity, "org-lost", today, [], NOW)
    assert len(kept.cached(kept.owner(identity), Query(last_days(NOW, 30)))) == 31


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
