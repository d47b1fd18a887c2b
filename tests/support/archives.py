"""Archives in a folder of the test, alone and in front of an API."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

from tests.support.builders import NOW, QUICK, TODAY, loopback, row
from tests.support.demo_api import Served
from tui.domain.time import Width, Window, last_days
from tui.domain.usage import Bucket
from tui.engine.fetch import read
from tui.sources.archive.buckets import Archive, Identity
from tui.sources.archive.database import File
from tui.sources.archive.read_through import ReadThrough
from tui.sources.base import Query
from tui.sources.openai.api import Api
from tui.sources.openai.client import Client

KEY = "sk-admin-one"
IDENTITY = Identity("https://api.openai.com/v1", "sk-admin-secret-0123456789")
WEEK = Query(last_days(NOW, 6))
HOURS = Query(Window(TODAY, TODAY + timedelta(hours=100_000), Width.HOUR))


def archive(tmp_path, now=NOW):
    return Archive(File(tmp_path / "data" / "archive.db", lambda: now, is_own_place=True))


@contextlib.asynccontextmanager
async def through(api: Served, tmp_path, key=KEY) -> AsyncIterator[ReadThrough]:
    async with Client(Api(loopback(api.port), key, retry_policy=QUICK)) as client:
        identity = Identity(api.base_url, key)
        yield ReadThrough(client, archive(tmp_path, api.now), identity, lambda: api.now)


async def everything(source, query):
    pages = []
    await read(source, query, pages.append)
    return {bucket.start: bucket for page in pages for bucket in page.buckets}


def archive_at(path: Path, *, is_own_place: bool = True) -> Archive:
    return Archive(File(path, lambda: NOW, is_own_place=is_own_place))


def hour_bucket(number: int) -> Bucket:
    return Bucket(TODAY + timedelta(hours=number), (row(f"model-{number}", number), row("x" * 2_000)))
