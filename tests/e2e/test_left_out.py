"""Answers that leave out buckets which the API named before: what was known stays, and is marked."""

from __future__ import annotations

import asyncio
from datetime import datetime

import pytest

from tests.support.builders import DAY, KEY
from tests.support.cli import run
from tests.support.known_api import YESTERDAY, Organization, used
from tests.support.loopback import Asked, Loopback

TODAY_THERE = YESTERDAY + DAY


class Forgetful:
    """An organization whose API leaves out some days from now on."""

    def __init__(self, organization: Organization) -> None:
        self.organization = organization
        self.left_out: set[datetime] = set()

    def __call__(self, asked: Asked) -> object:
        whole = self.organization(asked)
        gone = {int(each.timestamp()) for each in self.left_out}
        kept = [each for each in whole["data"] if each["start_time"] not in gone or asked.one("bucket_width") != "1d"]
        return {**whole, "data": kept}


async def run_on(api: Loopback, *arguments: str):
    told = {"OPENAI_ADMIN_KEY": KEY, "OPENAI_BASE_URL": f"http://127.0.0.1:{api.port}/v1"}
    return await asyncio.to_thread(run, *arguments, **told)


@pytest.mark.slow
@pytest.mark.parametrize(("free", "status"), [(240_000, 1), (100_000, 5)])
async def test_todays_pool_does_not_fall_when_today_is_left_out(free, status):
    forgetful = Forgetful(Organization(used(0, free), day=TODAY_THERE))
    check = ("check", "--pool", "large", "--max-percent", "90")
    async with Loopback(forgetful) as api:
        assert (await run_on(api, *check)).returncode == (1 if status == 1 else 0)
        forgetful.left_out = {TODAY_THERE}
        done = await run_on(api, *check)
        pools = await run_on(api, "pools")
        line = await run_on(api, "pools", "--oneline")
    assert done.returncode == status
    assert "only a part of the day could be read" in done.stderr
    percent = free * 100 // 250_000
    assert pools.returncode == line.returncode == 4
    assert f"{percent}%+" in pools.stdout
    assert f"The API left out {TODAY_THERE:%Y-%m-%d}. What was read of it before" in pools.stderr
    assert line.stdout.startswith(f"large {percent}%+")


async def test_a_day_of_which_nothing_is_known_is_an_error_and_no_zero():
    forgetful = Forgetful(Organization(used(0, 240_000), day=TODAY_THERE))
    forgetful.left_out = {TODAY_THERE}
    async with Loopback(forgetful) as api:
        done = await run_on(api, "check", "--pool", "large", "--max-percent", "90")
        table = await run_on(api, "export", "--days", "2", "--no-archive")
    assert done.returncode == 4
    assert "could not be read" in done.stderr
    assert table.returncode == 4
    assert f"1 day not read, and not printed: {TODAY_THERE:%Y-%m-%d}." in table.stderr


async def test_a_closed_day_that_is_left_out_is_printed_as_it_was_read():
    closed = YESTERDAY - DAY
    forgetful = Forgetful(Organization(used(9, 1_002), day=closed))
    async with Loopback(forgetful) as api:
        first = await run_on(api, "export", "--days", "3", "--by", "model")
        forgetful.left_out = {closed}
        again = await run_on(api, "export", "--days", "3", "--by", "model")
    assert "1002" in first.stdout
    assert again.stdout == first.stdout
    assert again.returncode == 4, "it is not settled, and may have grown"
    assert f"The API left out {closed:%Y-%m-%d}" in again.stderr
