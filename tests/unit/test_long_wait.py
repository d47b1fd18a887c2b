"""Somebody at a terminal is told which host is waited for; a file or a service never."""

from __future__ import annotations

import sys

import pytest

from tests.support.builders import KEY, NOW, QUICK, gathered, loopback, page
from tests.support.loopback import Loopback, Reply
from tui.commands.messages import of_long_waits
from tui.domain.time import last_days
from tui.errors import TimedOut
from tui.sources.base import Query
from tui.sources.openai import health, long_wait
from tui.sources.openai.api import Api
from tui.sources.openai.client import Client

IMPATIENT = type(QUICK)(attempts=2, total=5.0, attempt=0.05, pause=0.001, longest_pause=0.002)


async def hosts_told(reply: Reply, monkeypatch, long: float) -> list[str]:
    monkeypatch.setattr(long_wait, "LONG", long)
    told: list[str] = []
    async with (
        Loopback(lambda _: reply) as api,
        Client(Api(loopback(api.port), KEY, retry_policy=IMPATIENT, on_long_wait=told.append)) as client,
    ):
        try:
            await gathered(client.pages(Query(last_days(NOW, 13))))
        except TimedOut:
            told.append("timed out")
    return [each.replace(str(api.port), "PORT") for each in told]


async def test_a_request_whose_answer_is_long_in_coming_tells_once_retries_included(monkeypatch):
    assert await hosts_told(Reply(page(), hang=5), monkeypatch, 0.01) == ["127.0.0.1:PORT", "timed out"]


async def test_a_request_that_is_done_tells_nothing(monkeypatch):
    assert await hosts_told(Reply(page()), monkeypatch, 5.0) == []


async def test_doctor_tells_as_well(monkeypatch):
    monkeypatch.setattr(long_wait, "LONG", 0.01)
    told: list[str] = []
    async with Loopback(lambda _: Reply(page(), hang=0.1)) as api:
        assert (await health.reach(loopback(api.port), told.append)).status == 200
    assert told == [f"127.0.0.1:{api.port}"]


@pytest.mark.parametrize("is_terminal", [True, False])
def test_each_host_is_said_once_where_stderr_is_a_terminal(is_terminal, monkeypatch, capsys):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: is_terminal)
    tell = of_long_waits()
    if not is_terminal:
        assert tell is None
        return
    for host in ("api.openai.com", "api.openai.com"):
        tell(host)
    assert capsys.readouterr().err == "oai-usage-tui: waiting for api.openai.com. Ctrl+C ends it.\n"
