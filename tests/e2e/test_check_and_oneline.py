"""`check --wait` and `pools --oneline`: patience, locks and what is kept."""

from __future__ import annotations

import asyncio
import os
import subprocess

import pytest

from tests.support.builders import DAY, KEY
from tests.support.cli import COMMAND, run
from tests.support.known_api import DATE, YESTERDAY, Organization, say, used
from tests.support.loopback import Asked, Loopback, Reply


async def test_oneline_asks_once_however_many_prompts_are_open(tmp_path):
    organization = Organization(used(0, 100_000), day=YESTERDAY + DAY)
    async with Loopback(organization) as api:
        told = {"OPENAI_ADMIN_KEY": KEY, "OPENAI_BASE_URL": f"http://127.0.0.1:{api.port}/v1", "HOME": str(tmp_path)}
        prompts = [asyncio.to_thread(run, "pools", "--oneline", **told) for _ in range(4)]
        done = await asyncio.gather(*prompts)
        asked_once = len(api.asked)
        again = await asyncio.to_thread(run, "pools", "--oneline", "--max-age", "0", **told)
    assert {each.stdout for each in done} == {again.stdout}
    assert again.stdout.startswith("large 40%")
    assert asked_once in {3, 4}, "one prompt asked; the days before in one or two pieces, as they tell whose they are"
    assert len(api.asked) == asked_once + 2, "and the one that wanted it fresh; days of old are kept"
    kept = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(kept) == 3
    assert all(KEY.encode() not in path.read_bytes() for path in kept)


async def test_oneline_keeps_a_failure_too_and_survives_a_broken_file(tmp_path):
    reply = Reply({"error": {"message": "no"}}, 401)
    async with Loopback(lambda _: reply) as api:
        told = {"OPENAI_ADMIN_KEY": KEY, "OPENAI_BASE_URL": f"http://127.0.0.1:{api.port}/v1", "HOME": str(tmp_path)}
        first = await asyncio.to_thread(run, "pools", "--oneline", **told)
        before = len(api.asked)
        second = await asyncio.to_thread(run, "pools", "--oneline", **told)
        assert (first.returncode, second.returncode, second.stdout) == (3, 3, "")
        assert len(api.asked) == before
        for path in tmp_path.rglob("*.json"):
            path.write_text('{"at": "noon", "status"')
        third = await asyncio.to_thread(run, "pools", "--oneline", **told)
        assert third.returncode == 3
        assert len(api.asked) > before


def test_the_demo_keeps_nothing():
    assert run("pools", "--oneline", "--demo").stdout.startswith("large ")
    assert [name for _, _, names in os.walk(os.environ["HOME"]) for name in names] == []


@pytest.mark.parametrize("nobody", ["2> >(exec true)", "2>&-", ">&- 2>&-", "2> /dev/full"])
async def test_a_check_answers_by_its_status_even_if_nobody_hears_its_words(nobody):
    organization = Organization(used(0, 250_000), day=YESTERDAY + DAY)
    async with Loopback(organization) as api:
        command = f"'{COMMAND}' check --pool large --max-percent 90 {nobody}"
        done = await asyncio.to_thread(
            subprocess.run, ["bash", "-c", command], check=False, timeout=50, stdin=subprocess.DEVNULL,
            env={**os.environ, "OPENAI_ADMIN_KEY": KEY, "OPENAI_BASE_URL": f"http://127.0.0.1:{api.port}/v1"},
        )  # fmt: skip
    assert done.returncode == 1


@pytest.mark.parametrize("date", ["9999-12-31", "0001-01-01", "2100-01-01"])
@pytest.mark.parametrize("command", ["pools", "why"])
def test_days_that_cannot_be_are_refused(command, date):
    done = run(command, "--demo", "--date", date)
    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr


async def test_why_that_read_a_part_only_says_so():
    def partly(asked: Asked) -> object:
        if asked.one("bucket_width") == "1h":
            whole = Organization(used(9, 100))(asked)
            return {**whole, "data": whole["data"][:10], "has_more": True}
        return Organization(used(9, 100))(asked)

    done, _ = await say(partly, "why", "--date", DATE)
    assert done.returncode == 4
    assert "Only a part of the day" in done.stdout
