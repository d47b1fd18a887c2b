"""Limits and settings in the archive: how long an answer is good, and what is known offline."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from tests.support.admin_settings import RATES, Asked
from tests.support.archives import IDENTITY, archive
from tests.support.builders import NOW, TODAY
from tui.domain.admin_settings import (
    Answer,
    Question,
    RateLimit,
    SpendLimit,
    Topic,
)
from tui.domain.time import Width, Window
from tui.domain.usage import Bucket
from tui.errors import NotKept
from tui.sources.archive.admin_settings import CachedAdminSettings
from tui.sources.base import BY_MODEL, Query

VALUES = {
    Question(Topic.SPEND_LIMIT): SpendLimit(Decimal("12.34"), enforced=True),
    Question(Topic.SPEND_ALERTS): (Decimal(1), Decimal("2.5")),
    RATES: {"gpt-6-sol": RateLimit(1, 2)},
    Question(Topic.RETENTION, "proj_a"): "none",
    Question(Topic.RESIDENCY): {"proj_a": "GLOBAL"},
    Question(Topic.HOSTED_TOOLS, "proj_a"): {"web_search": False},
    Question(Topic.SERVICE_TIER, "proj_a"): Answer(None, NOW, "It was refused.", lacks_scope=True),
}


def begun(tmp_path):
    """An archive that knows whose key it is."""
    kept_in = archive(tmp_path)
    query = Query(Window(TODAY, TODAY + timedelta(days=1), Width.DAY), BY_MODEL)
    kept_in.keep(IDENTITY, "acme", query, [Bucket(TODAY)], NOW)
    return kept_in


async def test_answers_and_refusals_are_kept_a_day_and_those_of_spending_an_hour(tmp_path):
    source, kept_in = Asked(VALUES), begun(tmp_path)
    cached = CachedAdminSettings(source, kept_in, IDENTITY, lambda: source.now)
    first = [await cached.setting(question) for question in VALUES]
    again = [await cached.setting(question) for question in VALUES]
    assert [each.value for each in first] == [getattr(value, "value", value) for value in VALUES.values()]
    assert again == [replace(each, read_at=each.read_at.replace(microsecond=0)) for each in first]
    assert len(source.asked) == len(VALUES)
    source.now = NOW + timedelta(hours=2)
    for question in VALUES:
        await cached.setting(question)
    assert {each.topic for each in source.asked[len(VALUES) :]} == {Topic.SPEND_LIMIT, Topic.SPEND_ALERTS}
    assert await cached.kept(RATES) is not None
    source.now = NOW + timedelta(days=1)
    assert await cached.kept(RATES) is None


async def test_offline_knows_what_was_kept_however_old_and_asks_nobody(tmp_path):
    kept_in = begun(tmp_path)
    await CachedAdminSettings(Asked(VALUES), kept_in, IDENTITY, lambda: NOW).setting(RATES)
    alone = CachedAdminSettings(None, kept_in, kept_in.last_owner(), lambda: NOW + timedelta(days=9))
    assert (await alone.setting(RATES)).value == VALUES[RATES]
    with pytest.raises(NotKept):
        await alone.setting(Question(Topic.SPEND_LIMIT))
    kept_in.clear()
    assert await alone.kept(RATES) is None


async def test_what_another_version_kept_is_asked_for_again_and_the_archive_stays(tmp_path):
    kept_in, source = begun(tmp_path), Asked({RATES: {"gpt-6-sol": RateLimit(1, 2)}})
    cached = CachedAdminSettings(source, kept_in, IDENTITY, lambda: NOW)
    await cached.setting(RATES)
    kept_in.file.write(lambda connection: connection.execute("UPDATE setting SET value = ?", (b'{"x": {"r": 1}}',)))
    assert (await cached.setting(RATES)).value == {"gpt-6-sol": RateLimit(1, 2)}
    assert len(source.asked) == 2
    assert kept_in.contents()
    assert not kept_in.file.take_notices()
