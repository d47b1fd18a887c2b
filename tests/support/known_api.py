"""An organization with known numbers, served on a loopback port and asked by the real program."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from tests.support.builders import DAY, FREE, KEY, result
from tests.support.cli import run
from tests.support.loopback import Asked, Loopback, refusal

YESTERDAY = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0) - DAY


class Organization:
    """Known usage: rows by the hour of one UTC day, answered at every width, and hosted tools' calls."""

    def __init__(self, *rows: tuple[int, dict], day: datetime = YESTERDAY, tools: dict | None = None) -> None:
        self.rows, self.day, self.tools = rows, day, tools or {}

    def __call__(self, asked: Asked) -> object:
        kind = asked.path.rpartition("/")[2]
        if asked.one("start_time") is None:
            return refusal(404)  # no limits, no settings
        start = datetime.fromtimestamp(int(asked.one("start_time")), UTC)
        end = int(asked.one("end_time") or 0)
        end = datetime.fromtimestamp(end, UTC) if end else YESTERDAY + 2 * DAY
        span = {"1d": DAY, "1h": timedelta(hours=1), "1m": timedelta(minutes=1)}[asked.one("bucket_width")]
        fields = asked.all("group_by")
        buckets: dict[datetime, list[dict]] = {}
        if kind != "completions":
            calls = [{"object": "x", "project_id": p, "num_requests": n} for p, n in self.tools.get(kind, {}).items()]
            buckets[self.day] = calls
        for hour, values in self.rows if kind == "completions" else ():
            moment = self.day + timedelta(hours=hour)
            known = {"model", "service_tier", "project_id", "batch"} - set(fields)
            buckets.setdefault(self.day + (moment - self.day) // span * span, []).append(
                {**values, **dict.fromkeys(known)}
            )
        starts = [start + number * span for number in range(-(-(end - start) // span))]
        data = [
            {
                "start_time": int(at.timestamp()),
                "end_time": int((at + span).timestamp()),
                "results": buckets.get(at, []),
            }
            for at in starts
        ]
        return {"object": "page", "data": data, "has_more": False, "next_page": None}


def used(hour: int, tokens: int, tier: str = FREE, model: str = "gpt-6-sol", project: str = "proj_a", **fields):
    values = result(model, tokens - 10, 10, service_tier=tier, project_id=project, batch=False)
    return hour, {**values, **fields}


async def say(organization, *arguments: str, **environment: str):
    """Run the program against the organization: its result and the requests that it made."""
    async with Loopback(organization) as api:
        told = {"OPENAI_ADMIN_KEY": KEY, "OPENAI_BASE_URL": f"http://127.0.0.1:{api.port}/v1", **environment}
        done = await asyncio.to_thread(run, *arguments, **told)
    return done, api.asked


DATE = f"{YESTERDAY:%Y-%m-%d}"
