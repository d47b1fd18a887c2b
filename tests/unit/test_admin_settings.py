"""Limits and settings that the admin API tells: how they are read, and how seldom asked for."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from tests.support.admin_settings import RATES, Asked, reason
from tests.support.builders import CATALOGUE, NOW, QUICK, TODAY, Memory, loopback
from tests.support.loopback import Loopback, Reply, refusal
from tui.domain.admin_settings import (
    NO_SETTINGS,
    Answer,
    Question,
    RateLimit,
    SpendLimit,
    Topic,
)
from tui.domain.diagnosis import Diagnosis, Why
from tui.domain.time import Window
from tui.engine.admin_settings import MOST_A_MINUTE, AdminSettingsReader, for_diagnosis
from tui.engine.engine import Engine
from tui.engine.session import Session
from tui.engine.state import State
from tui.errors import ServerFailed
from tui.sources.openai.admin_settings import AdminSettingsClient
from tui.sources.openai.api import Api
from tui.sources.openai.client import Client

# What is asked, and what is answered.


async def ask(question: Question, reply) -> tuple[Answer, list[str]]:
    async with (
        Loopback(reply if callable(reply) else lambda _: reply) as served,
        Client(Api(loopback(served.port), "sk-admin-x", retry_policy=QUICK)) as client,
    ):
        answer = await AdminSettingsClient(client, lambda: NOW).setting(question)
    return answer, [each.path.partition("/organization/")[2] for each in served.asked]


LIMIT = {"threshold_amount": 25_050, "currency": "USD", "interval": "month", "enforcement": {"status": "enforcing"}}


@pytest.mark.parametrize(
    ("question", "path", "answer", "value"),
    [
        (Question(Topic.SPEND_LIMIT), "spend_limit", LIMIT, SpendLimit(Decimal("250.50"), enforced=True)),
        (Question(Topic.SPEND_LIMIT), "spend_limit", None, None),
        (Question(Topic.SPEND_LIMIT), "spend_limit", {}, None),
        (Question(Topic.SPEND_LIMIT), "spend_limit", {**LIMIT, "currency": "EUR"}, None),
        (
            Question(Topic.SPEND_LIMIT, "proj_a"),
            "projects/proj_a/spend_limit",
            {"threshold_amount": "100", "currency": "usd", "enforcement": {"status": "inactive"}, "new": 1},
            SpendLimit(Decimal(1)),
        ),
        (
            Question(Topic.SPEND_ALERTS),
            "spend_alerts",
            {"data": [LIMIT, {"threshold_amount": 100}], "has_more": False},
            (Decimal(1), Decimal("250.5")),
        ),
        (Question(Topic.SPEND_ALERTS), "spend_alerts", {"data": []}, ()),
        (Question(Topic.RETENTION), "data_retention", {"type": "zero_data_retention"}, "zero_data_retention"),
        (Question(Topic.RETENTION, "p/1"), "projects/p%2F1/data_retention", {"type": "none"}, "none"),
        (
            Question(Topic.RESIDENCY),
            "projects",
            {"data": [{"id": "proj_a", "residency": "EU_STORAGE"}, {"id": "proj_b", "residency": None}]},
            {"proj_a": "EU_STORAGE"},
        ),
        (Question(Topic.SERVICE_TIER, "p"), "projects/p/service_tier_settings", {"default": "fast"}, "fast"),
        (
            Question(Topic.HOSTED_TOOLS, "p"),
            "projects/p/hosted_tool_permissions",
            {"web_search": {"enabled": False}, "mcp": {"enabled": True}, "object": "x"},
            {"web_search": False, "mcp": True},
        ),
    ],
)
async def test_each_setting_is_read_as_the_official_client_has_it(question, path, answer, value):
    found, asked = await ask(question, Reply(answer))
    assert (found.value, found.refused, asked) == (value, None, [path])


async def test_rate_limits_are_read_page_by_page_and_an_entry_that_says_too_little_is_left_out():
    def answer(asked):
        entry = {"model": "gpt-6-sol", "max_requests_per_1_minute": 1, "max_tokens_per_1_minute": 2}
        if asked.one("after") is None:
            return Reply({"data": [entry], "has_more": True, "last_id": "rl-1"})
        return Reply({"data": [{"model": "o9"}, {**entry, "model": "gpt-5"}], "has_more": False})

    found, asked = await ask(RATES, answer)
    assert found.value == {"gpt-6-sol": RateLimit(1, 2), "gpt-5": RateLimit(1, 2)}
    assert asked == ["projects/proj_a/rate_limits"] * 2


@pytest.mark.parametrize(
    ("reply", "lacks_scope", "is_refused"),
    [
        (refusal(404), False, False),
        (refusal(400, "The project is archived."), False, True),
        (refusal(403, "Missing scopes: api.management.read"), True, True),
        (Reply(b"<html>"), False, True),
        (Reply({"threshold_amount": "much"}), False, True),
        (Reply({"threshold_amount": 5, "enforcement": 7}), False, True),
    ],
)
async def test_a_refusal_is_an_answer_and_404_says_that_nothing_is_set(reply, lacks_scope, is_refused):
    found, _ = await ask(Question(Topic.SPEND_LIMIT), reply)
    assert (found.value, found.lacks_scope, found.refused is not None) == (None, lacks_scope, is_refused)
    if lacks_scope:
        assert "api.management.read" in found.refused


async def test_an_api_in_trouble_may_answer_another_time():
    with pytest.raises(ServerFailed):
        await ask(Question(Topic.SPEND_LIMIT), refusal(503))


# How seldom it is asked.


def state() -> State:
    return State.initial(Window(TODAY, TODAY + timedelta(days=1), running=True), CATALOGUE)


async def test_ten_settings_a_minute_are_asked_for_at_most():
    source = Asked()
    reader, questions = AdminSettingsReader(source), [Question(Topic.RATE_LIMITS, f"p{n}") for n in range(30)]

    async def burst(now) -> None:
        while (question := reader.next(questions, state(), now)) is not None:
            await reader.read(question, now)

    await burst(NOW)
    assert source.asked == questions[:MOST_A_MINUTE]
    await burst(NOW + timedelta(seconds=59))
    assert len(source.asked) == MOST_A_MINUTE
    await burst(NOW + timedelta(seconds=60))
    assert source.asked == questions[: 2 * MOST_A_MINUTE]


async def test_what_is_answered_is_not_asked_for_again_and_what_failed_only_after_ten_minutes():
    source = Asked({RATES: ServerFailed("It is in trouble.")})
    reader = AdminSettingsReader(source)
    assert reader.next([RATES], state(), NOW) == RATES
    assert await reader.read(RATES, NOW) is None
    assert reader.next([RATES], state(), NOW + timedelta(minutes=9)) is None
    assert reader.next([RATES], state(), NOW + timedelta(minutes=10)) == RATES
    answered = replace(state(), admin_settings=NO_SETTINGS.updated(RATES, Answer({}, NOW)))
    assert reader.next([RATES], answered, NOW + timedelta(minutes=30)) is None
    assert reader.next([RATES], answered, NOW + timedelta(days=1)) == RATES


async def test_for_a_command_no_more_is_asked_than_in_a_minute_may_be():
    reasons = tuple(replace(reason(Why.NOT_SHARED), project_id=f"proj_{number}") for number in range(20))
    source = Asked()
    await watching(source).read_settings(for_diagnosis(Diagnosis(TODAY, None, 0, 10, reasons, ())))
    assert len(source.asked) == MOST_A_MINUTE
    assert source.asked[:2] == [Question(Topic.RETENTION), Question(Topic.RESIDENCY)]


def watching(source) -> Engine:
    return Engine(Session(Memory(), lambda: NOW, 1, CATALOGUE, settings_source=source))


async def test_a_key_that_lacks_the_scope_is_asked_no_more_and_told_so():
    source = Asked({RATES: Answer(None, NOW, "It lacks the scope.", lacks_scope=True)})
    engine = watching(source)
    await engine.read_settings((RATES, Question(Topic.RETENTION)))
    await engine.read_settings((Question(Topic.SPEND_LIMIT),))
    assert source.asked[0] == RATES
    assert Question(Topic.SPEND_LIMIT) not in source.asked
    assert engine.scope_problem == "It lacks the scope."
    known_before = watching(Asked({RATES: Answer(None, NOW, "It lacks the scope.", lacks_scope=True, requests=0)}))
    await known_before.read_settings((RATES,))
    assert known_before.scope_problem is None, "that was told when it was asked"


async def test_each_page_of_a_list_counts_as_a_request():
    source = Asked({RATES: Answer({}, NOW, requests=MOST_A_MINUTE)})
    reader = AdminSettingsReader(source)
    await reader.read(RATES, NOW)
    assert reader.next([Question(Topic.RETENTION)], state(), NOW) is None
    kept = AdminSettingsReader(Asked({RATES: Answer({}, NOW, requests=0)}))
    await kept.read(RATES, NOW)
    assert kept.next([Question(Topic.RETENTION)], state(), NOW) is not None


async def test_where_one_setting_cannot_be_had_now_nobody_waits_for_the_others():
    questions = [Question(Topic.RATE_LIMITS, f"p{number}") for number in range(5)]
    trouble = Asked({questions[0]: ServerFailed("It is in trouble.")})
    alone = watching(trouble)
    await alone.read_settings(questions)
    assert trouble.asked == questions[:1]
    well = Asked()
    other = watching(well)
    await other.read_settings(questions)
    assert well.asked == questions
    assert set(other.state.admin_settings.answers) == set(questions)
