"""`doctor`: settings, key, API, clock and archive, each as it should be and as it should not."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime

from tests.support.cli import run
from tests.support.doctor_api import KEY, Api, config, say
from tests.support.loopback import Loopback, Reply
from tui.config import paths


async def test_with_a_broken_config_file_and_a_base_url_that_is_said_the_key_is_tried(tmp_path):
    config("days = 'many'\n")
    async with Loopback(Api()) as served:
        address = f"http://127.0.0.1:{served.port}/v1"
        arguments = ("--base-url", address, "--archive", str(tmp_path / "a.db"))
        done = await asyncio.to_thread(run, "doctor", *arguments, OPENAI_ADMIN_KEY=KEY)
    assert done.returncode == 2
    lines = [line.split()[:2] for line in done.stdout.splitlines()]
    assert ["ok", "usage"] in lines
    assert ["ok", "archive"] in lines


async def test_the_archive_is_measured_and_never_made():
    place = paths.archive_path("default")
    _, found, _ = await say(Api())
    assert found["archive"]["words"] == f"{paths.shown(place)} will be made when something is read"
    assert not place.parent.exists()
    _, found, _ = await say(Api(), "--no-archive")
    assert found["archive"]["words"] == "switched off: nothing is kept"
    async with Loopback(Api()) as served:
        told = {"OPENAI_ADMIN_KEY": KEY, "OPENAI_BASE_URL": f"http://127.0.0.1:{served.port}/v1"}
        today = {"start_time": int(datetime.now(UTC).timestamp()) // 86_400 * 86_400, "results": []}
        today["end_time"] = today["start_time"] + 86_400
        page = {"object": "page", "data": [today], "has_more": False, "next_page": None}
        served._handler = Api(completions=Reply(page))
        exported = await asyncio.to_thread(run, "export", "--days", "0", **told)
    assert exported.returncode == 0
    _, found, _ = await say(Api())
    assert (found["archive"]["state"], found["archive"]["words"].partition("B, ")[2]) == ("ok", "1 bucket")


def test_the_demo_needs_nothing_and_is_read_as_the_api_is():
    config("broken")
    done = run("doctor", "--demo", "--json")
    assert done.returncode == 0
    found = {each["name"]: each["state"] for each in json.loads(done.stdout)["findings"]}
    assert {found[name] for name in ("config", "key", "base URL", "clock", "archive")} == {"skip"}
    assert found["usage"] == found["names"] == "ok"
