"""Text of the API is data: whatever it holds, a terminal gets the program's own sequences, and a file whole rows.

The real client reads an API that gives hostile names to everything, the real application shows them, and each byte
that would go to the terminal is looked at."""

from __future__ import annotations

import asyncio
import contextlib
import csv
import io
import json
import os
import re
import unicodedata
import zlib
from dataclasses import dataclass, replace

import httpx
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from prometheus_client.openmetrics.parser import text_string_to_metric_families
from rich.cells import split_graphemes
from textual import events

from tests.support.builders import CATALOGUE, KEY, NOW, QUICK, loopback
from tests.support.recorder import Recorder
from tui.commands import export
from tui.commands.export_request import Export
from tui.domain import sanitize
from tui.domain.dimensions import Grouping
from tui.domain.kinds import Kind
from tui.domain.time import last_days
from tui.domain.usage import Report
from tui.domain.view import View
from tui.engine.session import Session
from tui.sources.base import Query
from tui.sources.demo import server
from tui.sources.demo.organization import Organization
from tui.sources.openai.api import Api
from tui.sources.openai.client import Client
from tui.sources.openai.costs import CostClient
from tui.sources.openai.names import DirectoryClient
from tui.ui.actions.view import set_view
from tui.ui.app import UsageApp
from tui.ui.widgets.usage_table import UsageTable

PARTS = 2

SESSIONS = int(os.environ.get("HOSTILE_SESSIONS", "4"))
"""How many sessions are looked through: `HOSTILE_SESSIONS=100 pytest tests/app/test_hostile.py` for more."""

PIECES = [
    *("[bold]", "[/]", "[/x]", "[link=javascript:x]", "[@click=app.bell]a[/]", "\\[", "$x", "{x}", "%s", ":boom:"),
    *(
        "\x1b[2J",
        "\x1b[31m",
        "\x1b]52;c;aGk=\x07",
        "\x1b]0;title\x1b\\",
        "\x1bP1$r\x1b\\",
        "\x1b[6n",
        "\x1bc",
        "\x1b",
    ),
    *(
        "\x9b2J",
        "\x9d0;title\x9c",
        "\x90q\x9c",
        "\x85",
        "\x00",
        "\x07",
        "\x08" * 9,
        "\x7f",
        "\r",
        "\n",
        "\t",
        "\x0b\x0c",
    ),
    *(
        "\u202eabc",
        "\u2066x\u2069",
        "\u200b",
        "\u200d",
        "\u200f",
        "\ufeff",
        "\u2028",
        "\u2029",
        "\u00ad",
        "\U000e0041",
    ),
    *("👩‍👩‍👧‍👦", "❤️", "🇩🇪", "👍🏽", "漢字", "e\u0301", "\u0301", "a" + "\u0301" * 40, "ﷺ", "𒐫", "\ue000", "\ufffe"),
    *(
        "|",
        "\\|",
        '"',
        "'",
        ",",
        "=1+1",
        "@x",
        "`",
        "<b>",
        "gpt-6-sol",
        "│",
        "─",
        " ",
        "",
        "x" * 10_000,
        "漢" * 5_000,
    ),
]

NAMES = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=6)), min_size=1, max_size=4).map("".join)

MESSAGES = st.one_of(NAMES, st.sampled_from(["\ud800", "\udc9b2J"]))

OWN = re.compile(
    r"(?:\x1b\[\d+(?:;\d+)?H|\x1b\[\d*C|\x1b\[[\d;]*m|\n"  # places, colours, the next row
    r"|\x1b\[\?(?:7|25|1000|1003|1004|1006|1015|1016|1049|2004|2026|2048)[hl]|\x1b\[\?(?:2026|2048)\$p"
    r"|\x1b\[>\d+u|\x1b\[<u|\x07|\x1b\]52;c;[A-Za-z0-9+/=]*\x07"  # keyboard, bell, clipboard
    r"|\x1b\]22;[a-z-]+\x07"  # the pointer's shape
    r"|(?P<text>[^\x00-\x1f\x7f-\x9f]+))"
)

UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}

NAMED = ("model", "name", "email", "line_item", "user_id", "api_key_id", "service_tier")


def not_own(data: str) -> list[str]:
    """What a program that shows this text has no reason to send."""
    rest = OWN.sub("", data)
    texts = "".join(found["text"] for found in OWN.finditer(data) if found["text"])
    return [repr(data)] * bool(rest) + [char for char in texts if unicodedata.category(char) in UNSEEN]


@dataclass
class Hostile(httpx.AsyncBaseTransport):
    """The demo's API, with these names for models, people, keys and line items; or a refusal in these words."""

    names: list[str]
    refusal: str | None = None

    def __post_init__(self) -> None:
        self._demo = httpx.ASGITransport(server.application(Organization(), lambda: NOW))

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if self.refusal is not None:
            status = 400 + zlib.crc32(request.url.path.encode()) % 3
            return httpx.Response(status, json={"error": {"message": self.refusal}}, request=request)
        response = await self._demo.handle_async_request(request)
        answer = self._changed(json.loads(await response.aread()))
        return httpx.Response(response.status_code, json=answer, request=request)

    def _changed(self, value: object, field: str = "") -> object:
        if isinstance(value, dict):
            return {name: self._changed(each, name) for name, each in value.items()}
        if isinstance(value, list):
            return [self._changed(each, field) for each in value]
        if isinstance(value, str) and field in NAMED:
            chosen = zlib.crc32(value.encode()) % (len(self.names) + 1)
            return [*self.names, value][chosen]
        return value


class TableInput(Recorder):
    """A terminal whose every byte is kept."""

    def begin(self) -> None:
        super().begin()
        self.written: list[str] = []

    def write(self, data: str) -> None:
        self.written.append(data)
        super().write(data)

    def difference_is_own(self) -> list[str]:
        """What a driver that sends differences would send now, where it is not the program's own."""
        self.canvas.forget()
        return not_own(self.canvas.difference())


def cells(line: str) -> list[str]:
    """A line's cells as a terminal has them; the second of a wide character is empty."""
    found: list[str] = []
    for start, end, width in split_graphemes(line)[0]:
        found += [line[start:end], *[""] * (width - 1)] if width else []
    return found


def crooked(app: UsageApp) -> list[str]:
    """The table's lines whose numbers do not end under the titles of their columns, or that end elsewhere."""
    table = app.screen.query_one(UsageTable)
    left, top, right, bottom = table.region.corners
    strips = app.screen._compositor.render_strips()
    head, *body = [
        cells("".join(segment.text for segment in strips[y]))[left:right] for y in range(top + 1, bottom - 1)
    ]
    ends = [found.end() for found in re.finditer(r"(?:Input|Output|Total|Free%?|Reqs)[↓↑]?(?=\s)", "".join(head))]
    assert len(ends) >= 3, "".join(head)
    return [
        "".join(line)
        for line in body
        if len(line) != right - left
        or line[-1] != head[-1]
        or any(line[end].isalnum() or line[end - 1] not in " 0123456789%—·?k M" for end in ends)
    ]


async def shown(names: list[str], message: str) -> None:
    """Look at everything, and at every byte."""
    api = Hostile(names)
    saved: dict[str, str] = {}
    async with Client(Api(loopback(), KEY, in_process=api, retry_policy=QUICK)) as client:
        clock = lambda: NOW  # noqa: E731
        run = Session(
            client,
            clock,
            6,
            CATALOGUE,
            names[0],
            directory_source=DirectoryClient(client, clock),
            cost_source=CostClient(client),
            save=lambda ending, content: saved.update({ending: content}) or names[0],
        )
        app = UsageApp(run)
        app.driver_class = TableInput
        done: list[bool] = []

        async def drive(pilot) -> None:
            driver: TableInput = app._driver  # type: ignore[assignment]

            async def look(*keys: str) -> None:
                for key in keys:
                    await pilot.press(key)
                for _ in range(2):
                    with contextlib.suppress(Exception):
                        await asyncio.wait_for(app.workers.wait_for_complete(), 1)
                    await pilot.pause()
                bad = [piece for data in driver.written for piece in not_own(data)] + driver.difference_is_own()
                assert not bad, (keys, bad)
                assert driver.not_understood == [], (keys, driver.not_understood)
                driver.written.clear()
                is_covered = bool(app._notifications) or bool(app.screen.query("Toast"))  # which goes a moment later
                if app.screen is app.screen_stack[0] and app.screen.view_shown != "money" and not is_covered:
                    bad = crooked(app)
                    assert not bad, (keys, "\n".join(bad))

            await look()
            screen = app.screen_stack[0]
            for by in ("key", "user", "tier", "model"):
                set_view(
                    screen, replace(screen.state.view, grouping=Grouping((by, "project") if by == "user" else (by,)))
                )
                await look("j", "a")
            await look("e", "S", "y", "Y", "i")
            await look("escape", "dollar_sign")
            await look("escape", "c")
            await look("escape", "ctrl+p")
            await look("escape", "slash")
            app.post_message(events.Paste(names[-1]))
            await look()
            await look("enter", "escape", "enter")
            api.refusal = message
            await look("escape", "r")
            await look("i")
            await look("escape", "dollar_sign")
            done.append(True)
            app.exit()

        await app.run_async(headless=False, auto_pilot=drive)
        assert done
    assert {".csv", ".svg"} <= saved.keys()
    assert_whole_csv(saved[".csv"])
    assert all(unicodedata.category(char) not in UNSEEN for char in saved[".svg"].replace("\n", ""))


def assert_whole_csv(content: str) -> None:
    assert all(unicodedata.category(char) not in UNSEEN for char in content.replace("\n", ""))
    widths = {len(record) for record in csv.reader(io.StringIO(content))}
    assert len(widths) == 1
    assert content.count("\n") == len(content.splitlines())


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("part", range(PARTS))
@settings(
    max_examples=SESSIONS // PARTS,
    phases=[Phase.generate],  # each takes seconds: what fails is told as it is
    suppress_health_check=list(HealthCheck),
)
@given(names=st.lists(NAMES, min_size=4, max_size=6), message=MESSAGES)
def test_the_terminal_gets_the_programs_own_sequences_only_and_columns_stay_in_line(part, names, message):
    asyncio.run(shown([*PIECES[part::PARTS], *names], message))


@pytest.mark.slow
@settings(max_examples=40, suppress_health_check=list(HealthCheck))
@given(names=st.lists(NAMES, min_size=3, max_size=9))
def test_no_export_holds_what_a_terminal_acts_upon_and_each_has_whole_rows(names):
    async def report() -> Report:
        window = last_days(NOW, 1)
        async with Client(Api(loopback(), KEY, in_process=Hostile(names), retry_policy=QUICK)) as client:
            query = Query(window, ("model", "user_id", "api_key_id", "project_id"), Kind.COMPLETIONS)
            return Report(window, {each.start: each async for page in client.pages(query) for each in page.buckets})

    found = asyncio.run(report())
    wanted = Export(View(grouping=Grouping(("model", "user", "key"))))
    lines = {
        name: list(export._lines(export._Found(found), replace(wanted, format=name), CATALOGUE))
        for name in ("markdown", "csv", "json", "ndjson", "openmetrics")
    }
    for name, each in lines.items():
        assert [line for line in each for char in line if unicodedata.category(char) in UNSEEN] == [], name
    assert_whole_csv("".join(f"{line}\n" for line in lines["csv"]))
    records = [json.loads(line) for line in lines["ndjson"]]
    assert records == json.loads("".join(lines["json"]))["rows"]
    assert len(records) == len(lines["csv"]) - 1
    bars = {len(re.findall(r"(?<!\\)(?:\\\\)*\|", line)) for line in lines["markdown"]}
    assert len(bars) == 1
    assert list(text_string_to_metric_families("".join(f"{line}\n" for line in lines["openmetrics"])))


async def test_text_that_is_no_text_is_read_with_signs_in_the_place_of_what_it_is_not():
    class Broken(Hostile):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            body = (await super().handle_async_request(request)).content
            return httpx.Response(200, content=body.replace(b'"x-"', b'"\\ud800\xff\x9b"'), request=request)

    names = set()
    async with Client(Api(loopback(), KEY, in_process=Broken(["x-"]), retry_policy=QUICK)) as client:
        async for answer in client.pages(Query(last_days(NOW, 1), ("model",), Kind.COMPLETIONS)):
            names |= {row.model for bucket in answer.buckets for row in bucket.rows}
    assert names
    for name in names:
        assert name.encode(), "no half of a character is left"
        assert not_own(sanitize.clean(name)) == []
