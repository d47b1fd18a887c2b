"""The program as `doctor`, in front of an API that does as it is told."""

from __future__ import annotations

import asyncio
import json
import os
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

from tests.support.cli import run
from tests.support.loopback import Asked, Loopback, Reply

MARK = "PLANTED7c1e50ab93"
KEY = f"sk-admin-{MARK}-0123456789abcdef"
PLAIN = {"TMUX": "", "STY": "", "TERM_PROGRAM": "", "COLORTERM": ""}
"""A terminal with nothing between."""


class Api:
    """Answers as the API does; `replies` are others, by the end of a path; `ahead` is how wrong its clock is."""

    def __init__(self, ahead: float = 0.0, **replies: Reply) -> None:
        self.replies, self.ahead = replies, ahead

    def __call__(self, asked: Asked) -> Reply:
        date = format_datetime(datetime.now(UTC) + timedelta(seconds=self.ahead), usegmt=True)
        if "authorization" not in asked.headers:
            return Reply({"error": {"message": "no key"}}, 401, {"date": date})
        kind = asked.path.rpartition("/")[2]
        page = {"object": "page", "data": [], "has_more": False, "next_page": None}
        return self.replies.get(kind, Reply(page, headers={"date": date}))


def folder(*parts: str) -> Path:
    place = Path(os.environ["HOME"]).joinpath(*parts)
    place.mkdir(parents=True, exist_ok=True)
    return place


def config(words: str) -> None:
    (folder(".config", "oai-usage-tui") / "config.toml").write_text(words)


async def say(api, *arguments: str, **environment: str):
    """The exit status, the findings by their names, and the requests."""
    async with Loopback(api) as served:
        told = {"OPENAI_ADMIN_KEY": KEY, "OPENAI_BASE_URL": f"http://127.0.0.1:{served.port}/v1"}
        done = await asyncio.to_thread(run, "doctor", "--json", *arguments, **{**PLAIN, **told, **environment})
    assert done.stderr == ""
    assert MARK not in done.stdout
    document = json.loads(done.stdout)
    assert document["exit_status"] == done.returncode
    return done.returncode, {each["name"]: each for each in document["findings"]}, served.asked
