"""Limits and settings that the admin API tells: what they mean, how they are read and kept, and how seldom asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from tests.support.archives import IDENTITY, archive
from tests.support.builders import CATALOGUE, FREE, NOW, QUICK, TODAY, Memory, loopback, row
from tests.support.loopback import Loopback, Reply, refusal
from tui.domain.admin_settings import (
    NO_SETTINGS,
    AdminSettings,
    Answer,
    Question,
    RateLimit,
    SpendLimit,
    Topic,
    for_pools,
    headroom,
)
from tui.domain.diagnosis import Diagnosis, Reason, Why
from tui.domain.pools import limits
from tui.domain.time import Width, Window
from tui.domain.usage import Bucket
from tui.engine.admin_settings import MOST_A_MINUTE, AdminSettingsReader, for_diagnosis
from tui.engine.engine import Engine
from tui.engine.session import Session
from tui.engine.state import State
from tui.errors import NotKept, ServerFailed
from tui.output import reasons
from tui.output import why as report
from tui.sources.archive.admin_settings import CachedAdminSettings
from tui.sources.base import BY_MODEL, Query
from tui.sources.openai.admin_settings import AdminSettingsClient
from tui.sources.openai.api import Api
from tui.sources.openai.client import Client

RATES = Question(Topic.RATE_LIMITS, "proj_a")


def known(values: dict[Question, object]) -> AdminSettings:
    return AdminSettings({question: Answer(value, NOW) for question, value in values.items()})


def rates(model: str, tokens: int) -> AdminSettings:
    return known({RATES: {model: RateLimit(5_000, tokens)}})


@pytest.mark.parametrize(
    ("model", "tokens", "is_proof"),
    [
        ("gpt-6-sol", 4_000_000, True),
        ("gpt-5.6-terra", 1_000_001, True),
        ("gpt-6.2-astra-2026-11-17", 40_000_000, True),
        ("gpt-6-sol", 1_000_000, False),
        ("gpt-6-sol", 10_000, False),
        ("gpt-5.4-pro", 30_000_000, False),
        ("gpt-6-sol-pro", 30_000_000, False),
        ("gpt-5-mini", 180_000_000, False),
    ],
)
def test_a_rate_limit_above_that_of_build_proves_the_larger_pools_and_a_smaller_one_nothing(model, tokens, is_proof):
    """Build 1,000,000 tokens a minute of Astra, Sol and Terra, Launch 4,000,000 (rate limits of 2026-11-25)."""
    assert rates(model, tokens).proves_larger_pools is is_proof


def test_the_size_of_a_pool_is_the_users_then_of_rate_limits_then_of_history_then_assumed():
    full = Bucket(TODAY, (row("gpt-6-sol", 900_000, service_tier=FREE),))
    proved = replace(CATALOGUE, has_larger_pools=True)
    found = [limits(each, days)["large"] for each in (CATALOGUE, proved) for days in ((), (full,))]
    assert [(each.tokens, each.source, each.evidence) for each in found] == [
        (250_000, "assumed", None),
        (1_000_000, "inferred", "history"),
        (1_000_000, "inferred", "rate_limits"),
        (1_000_000, "inferred", "rate_limits"),
    ]
    own = limits(replace(proved, limits={"large": 500}), (full,))
    assert (own["large"].tokens, own["large"].source, own["small"].source) == (500, "config", "inferred")


def test_rate_limits_are_asked_of_the_projects_that_were_used_most_until_one_is_a_proof():
    rows = [row("m", tokens, project_id=f"proj_{tokens:02d}") for tokens in range(1, 15)]
    asked = for_pools(NO_SETTINGS, Bucket(TODAY, tuple(rows)))
    assert [each.project_id for each in asked] == [f"proj_{tokens:02d}" for tokens in range(14, 4, -1)]
    assert for_pools(rates("gpt-6-sol", 4_000_000), Bucket(TODAY, tuple(rows))) == ()


def test_the_headroom_is_the_highest_minute_of_one_project_and_model_beside_its_limit():
    minutes = [
        Bucket(
            NOW - timedelta(minutes=ago),
            (
                row("gpt-6-sol", tokens, 0, project_id="proj_a", requests=ago),
                row("gpt-6-sol", tokens, 0, project_id="proj_a", requests=ago, service_tier=FREE),
                row("gpt-6-sol", 10**6, 0, project_id="proj_b"),
                row("gpt-5", 10**6, 0, project_id="proj_a"),
            ),
        )
        for ago, tokens in ((1, 100), (2, 700), (3, 200))
    ]
    found = headroom(rates("gpt-6-sol", 1_000_000), "proj_a", "gpt-6-sol", minutes)
    assert (found.tokens, found.requests, found.limit.tokens) == (1_400, 6, 1_000_000)
    assert headroom(rates("gpt-5", 1), "proj_a", "gpt-6-sol", minutes) is None
    dated = rates("gpt-5.4", 500)
    assert dated.rate_limit("proj_a", "gpt-5.4-2026-03-05").tokens == 500


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


# What is kept.


class Asked:
    """Answers what it has, and counts."""

    def __init__(self, values=None) -> None:
        self.values, self.asked, self.now = values or {}, [], NOW

    async def setting(self, question: Question) -> Answer:
        self.asked.append(question)
        if isinstance(value := self.values.get(question), Exception):
            raise value
        return value if isinstance(value, Answer) else Answer(value, self.now)

    async def kept(self, _: Question) -> Answer | None:
        return None


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


# What they prove.


def reason(why: Why, **others) -> Reason:
    return Reason(why, 10, ("gpt-5",), "proj_a", TODAY, TODAY, **others)


def test_zero_data_retention_proves_that_a_project_shares_nothing():
    """It excludes an organization from the program (help article 10306912, read 2026-10-07)."""
    found = known({Question(Topic.RETENTION, "proj_a"): "zero_data_retention"})
    assert [name for name, _ in reasons.proofs(reason(Why.NOT_SHARED), found)] == ["zero_data_retention"]
    assert "may keep data" in reasons.advice(reason(Why.NOT_SHARED), found)
    assert "save its setting" in reasons.advice(reason(Why.NOT_SHARED), NO_SETTINGS)
    whole = Diagnosis(TODAY, None, 0, 10, (), ())
    for type_ in ("zero_data_retention", "enhanced_zero_data_retention"):
        assert list(report.of_all(whole, known({Question(Topic.RETENTION): type_})))
    assert not list(report.of_all(whole, known({Question(Topic.RETENTION): "modified_abuse_monitoring"})))


def test_tools_that_are_switched_off_rule_themselves_out_unless_they_were_called():
    off = dict.fromkeys(("web_search", "file_search", "code_interpreter"), False)
    found = known({Question(Topic.HOSTED_TOOLS, "proj_a"): off})
    assert [name for name, _ in reasons.proofs(reason(Why.UNKNOWN), found)] == ["hosted_tools_off"]
    assert not list(reasons.proofs(reason(Why.NOT_SHARED, calls=(("web search", 3),)), found))
    one_is_on = known({Question(Topic.HOSTED_TOOLS, "proj_a"): {**off, "web_search": True}})
    assert not list(reasons.proofs(reason(Why.UNKNOWN), one_is_on))


def test_the_default_tier_of_a_project_explains_requests_of_a_tier_that_nobody_asked_for():
    found = known({Question(Topic.SERVICE_TIER, "proj_a"): "fast"})
    billed = reason(Why.SERVICE_TIER, detail="fast")
    assert list(reasons.proofs(reason(Why.SERVICE_TIER, detail="priority"), found)), "its name before"
    assert not list(reasons.proofs(reason(Why.SERVICE_TIER, detail="flex"), found))
    assert "Leave service_tier out" in reasons.advice(reason(Why.SERVICE_TIER, detail="flex"), found)
    assert "fast is the project's default" in dict(reasons.proofs(billed, found))["default_tier"]
    assert "service tier default" in reasons.advice(billed, found)
    assert not list(reasons.proofs(billed, known({Question(Topic.SERVICE_TIER, "proj_a"): "standard"})))


def test_regional_processing_is_said_to_cost_more_and_regional_storage_is_not():
    whole = Diagnosis(TODAY, None, 0, 10, (reason(Why.BATCH),), ())
    residency = Question(Topic.RESIDENCY)
    said = list(report.of_all(whole, known({residency: {"proj_a": "EU_STORAGE_PROCESSING"}})))
    assert "processed in EU only: 1.1 times" in said[0]
    for values in ({"proj_a": "EU_STORAGE"}, {"proj_a": "GLOBAL"}, {"proj_b": "EU_STORAGE_PROCESSING"}):
        assert not list(report.of_all(whole, known({residency: values})))


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


async def test_what_another_version_kept_is_asked_for_again_and_the_archive_stays(tmp_path):
    kept_in, source = begun(tmp_path), Asked({RATES: {"gpt-6-sol": RateLimit(1, 2)}})
    cached = CachedAdminSettings(source, kept_in, IDENTITY, lambda: NOW)
    await cached.setting(RATES)
    kept_in.file.write(lambda connection: connection.execute("UPDATE setting SET value = ?", (b'{"x": {"r": 1}}',)))
    assert (await cached.setting(RATES)).value == {"gpt-6-sol": RateLimit(1, 2)}
    assert len(source.asked) == 2
    assert kept_in.contents()
    assert not kept_in.file.take_notices()


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
