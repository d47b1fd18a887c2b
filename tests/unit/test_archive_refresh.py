"""Settled days that were revised: `archive refresh` asks for them anew."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.builders import DAY, KEY, NOW, TODAY, Memory, day, row
from tui.domain.kinds import Kind
from tui.domain.time import Width, Window, last_days
from tui.domain.usage import Bucket
from tui.errors import KeyRefused, ServerFailed
from tui.sources.archive.buckets import Archive, Identity
from tui.sources.archive.database import File
from tui.sources.archive.refresh import refresh
from tui.sources.base import BY_MODEL, BY_PROJECT, Query

IDENTITY = Identity("https://api.openai.com/v1", KEY)

MONTH = Query(last_days(NOW, 40))


def archive(path: Path) -> Archive:
    return Archive(File(path / "archive.db", lambda: NOW, is_own_place=True))


@pytest.fixture
def kept(tmp_path) -> Archive:
    """41 days of 100 tokens, read when they were settled, or today."""
    found = archive(tmp_path)
    found.keep(IDENTITY, "org-test", MONTH, [day(ago, row()) for ago in range(41)], NOW)
    return found


def tokens(kept: Archive, query: Query = MONTH) -> dict[int, int]:
    owner = kept.owner(IDENTITY)
    return {(TODAY - start) // DAY: each.bucket.sums.input for start, each in kept.cached(owner, query).items()}


async def refreshed(kept: Archive, source: Memory, window: Window | None = None):
    return [each async for each in refresh(kept, IDENTITY, source, lambda: NOW, window)]


async def test_what_was_revised_is_read_anew_and_named(kept):
    source = Memory(*(day(ago, row(tokens=250 if ago in {5, 33} else 100)) for ago in range(41)))
    found = await refreshed(kept, source)
    assert tokens(kept) == {ago: 250 if ago in {5, 33} else 100 for ago in range(41)}
    assert [start for each in found for start in each.changed] == [TODAY - 33 * DAY, TODAY - 5 * DAY]
    assert [len(each.read) for each in found] == [31, 7], "a page's days at once, and only what is settled"


@pytest.mark.parametrize(
    ("window", "anew"),
    [
        (last_days(NOW, 10), range(3, 11)),
        (Window(TODAY - 10 * DAY, TODAY - 7 * DAY), range(8, 11)),
        (Window(TODAY - 90 * DAY, TODAY - 39 * DAY), range(40, 41)),
    ],
)
async def test_a_window_leaves_other_days_alone(window, anew, kept):
    await refreshed(kept, Memory(*(day(ago, row(tokens=250)) for ago in range(41))), window)
    assert {ago for ago, count in tokens(kept).items() if count == 250} == set(anew)


async def test_every_series_is_asked_for_as_it_was(kept):
    hours = Window(TODAY - 9 * DAY, TODAY - 8 * DAY, Width.HOUR)
    narrow = Query(last_days(NOW, 9), ("model",), Kind.IMAGES, (("models", "dall-e=3&50%26"),))
    kept.keep(IDENTITY, "org-test", Query(hours, BY_PROJECT), [Bucket(TODAY - 9 * DAY, (row(),))], NOW)
    kept.keep(IDENTITY, "org-test", narrow, [day(9, row())], NOW)
    source = Memory()
    await refreshed(kept, source)
    assert {(each.kind, each.window.width, frozenset(each.group_by), each.filters) for each in source.queries} == {
        (Kind.COMPLETIONS, Width.DAY, frozenset(BY_MODEL), ()),
        (Kind.COMPLETIONS, Width.HOUR, frozenset(BY_PROJECT), ()),
        (Kind.IMAGES, Width.DAY, frozenset({"model"}), (("models", "dall-e=3&50%26"),)),
    }


async def test_what_comes_empty_keeps_what_it_had(kept):
    found = await refreshed(kept, Memory(), last_days(NOW, 10))
    assert set(tokens(kept).values()) == {100}
    assert [len(each.kept) for each in found] == [8]


async def test_a_piece_that_fails_costs_itself(kept):
    source = Memory(*(day(ago, row(tokens=250)) for ago in range(41)))

    class Failing:
        async def pages(self, query):
            if query.window.end > TODAY - 20 * DAY:
                raise ServerFailed("in trouble (503).")
            async for page in source.pages(query):
                yield page

    found = await refreshed(kept, Failing())
    assert [each.problem for each in found] == ["in trouble (503).", None]
    assert {count for ago, count in tokens(kept).items() if ago > 33} == {250}


async def test_another_organizations_answers_are_not_mixed_in(kept):
    source = Memory(*(day(ago, row(tokens=250)) for ago in range(41)))
    source.organization = "org-other"
    other = replace(IDENTITY, key="sk-admin-another-0123456789abcdef")
    kept.keep(other, "org-other", MONTH, [day(1, row())], NOW)
    found = await refreshed(kept, source)
    assert all(each.problem == "Another organization answered." for each in found)
    assert set(tokens(kept).values()) == {100}


@pytest.mark.parametrize("before", [None, "org-test"])
async def test_the_name_of_an_organization_that_is_told_first_or_anew_is_taken(tmp_path, before):
    kept = archive(tmp_path)
    kept.keep(IDENTITY, before, MONTH, [day(ago, row()) for ago in range(41)], NOW)
    source = Memory(*(day(ago, row(tokens=250)) for ago in range(41)))
    source.organization = "org-new"
    found = await refreshed(kept, source)
    assert [each.problem for each in found] == [None, None]
    assert sum(len(each.changed) for each in found) == 38
    assert kept.owner(IDENTITY).name == "org-new"


async def test_a_new_key_of_the_same_organization_finds_the_days_of_the_old_one(kept):
    new = replace(IDENTITY, key="sk-admin-another-0123456789abcdef")
    source = Memory(*(day(ago, row(tokens=250)) for ago in range(41)))
    found = [each async for each in refresh(kept, new, source, lambda: NOW)]
    assert sum(len(each.changed) for each in found) == 38


async def test_a_refused_key_is_an_error(tmp_path):
    source = Memory()
    source.error = KeyRefused("refused (401).")
    with pytest.raises(KeyRefused):
        await refreshed(archive(tmp_path), source)
