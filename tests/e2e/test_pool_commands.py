"""`pools`, `check` and `why` against a server with known numbers, over a real loopback port."""

from __future__ import annotations

import json

import pytest

from tests.support.builders import DAY, KEY
from tests.support.cli import demo_server, run
from tests.support.known_api import DATE, YESTERDAY, Organization, say, used
from tests.support.loopback import Asked, Reply


async def test_pools_json_gives_exactly_the_numbers_of_the_day():
    organization = Organization(
        used(9, 195_310),
        used(10, 1_000, "default"),
        used(11, 40_000, model="gpt-5-nano"),
        used(11, 500, model="gpt-9"),
    )
    done, _ = await say(organization, "pools", "--json", "--date", DATE)
    assert (done.returncode, done.stderr) == (0, "")
    document = json.loads(done.stdout)
    common = {
        "limit_source": "assumed",
        "limit_inferred_from": None,
        "left_is_estimate": True,
        "at_least": True,
        "spent": False,
        "measured": True,
    }
    unknown = dict.fromkeys(["pace_per_minute", "projected_percent", "runs_out_earliest", "runs_out_latest"])
    assert document["pools"] == [
        {"name": "large", "limit": 250_000, "free_tokens": 195_310, "eligible_billed_tokens": 1_000, "left": 54_690,
         "percent": 78.1, "unlisted": ["gpt-9"], **common, **unknown},
        {"name": "small", "limit": 2_500_000, "free_tokens": 40_000, "eligible_billed_tokens": 0, "left": 2_460_000,
         "percent": 1.6, "unlisted": ["gpt-9"], **common, **unknown},
    ]  # fmt: skip
    assert document["date"] == DATE
    assert document["resets_at"] == f"{YESTERDAY + DAY:%Y-%m-%d}T00:00:00Z"
    assert document["as_of"].endswith("Z")
    assert document["data_through"] is None


async def test_a_pool_that_is_stuck_is_spent_as_an_estimate():
    organization = Organization(used(9, 242_000), used(12, 9_000, "default"))
    done, asked = await say(organization, "pools", "--json", "--date", DATE)
    large = json.loads(done.stdout)["pools"][0]
    assert (large["percent"], large["spent"], large["left"], large["left_is_estimate"]) == (96.8, True, 8_000, True)
    assert "1h" in [one.one("bucket_width") for one in asked], "the hours are asked for, since they decide"


async def test_below_85_percent_the_hours_are_not_asked_for():
    _, asked = await say(Organization(used(9, 1_000), used(12, 9_000, "default")), "pools", "--date", DATE)
    assert "1h" not in [one.one("bucket_width") for one in asked]


async def test_an_unmeasured_day_is_marked():
    done, _ = await say(Organization(used(9, 30_000, "default")), "pools", "--json", "--date", DATE)
    large = json.loads(done.stdout)["pools"][0]
    assert (large["measured"], large["free_tokens"], large["eligible_billed_tokens"]) == (False, 0, 30_000)
    assert (large["left"], large["left_is_estimate"], large["percent"]) == (250_000, True, 0)
    text, _ = await say(Organization(used(9, 30_000, "default")), "pools", "--date", DATE)
    assert "large    0%              0 / 250,000\n" in text.stdout, "what was billed is not counted as used as well"
    assert "no free usage seen: not enrolled, or not shared" in text.stdout
    assert "30,000 tokens of its models were billed" in text.stdout


async def test_limits_are_inferred_from_the_month_before_by_every_command_alike():
    organization = Organization(used(9, 275_011))
    done, asked = await say(organization, "pools", "--json", "--date", DATE)
    assert {(p["limit"], p["limit_source"]) for p in json.loads(done.stdout)["pools"]} == {
        (1_000_000, "inferred"), (10_000_000, "inferred"),
    }  # fmt: skip
    checked, _ = await say(organization, "check", "--pool", "large", "--max-percent", "90")
    assert "inferred limit" in checked.stderr
    assert min(int(one.one("start_time")) for one in asked) == int((YESTERDAY + DAY - 30 * DAY).timestamp())


async def test_a_limit_that_is_set_needs_no_history(tmp_path):
    folder = tmp_path / ".config" / "oai-usage-tui"
    folder.mkdir(parents=True)
    (folder / "config.toml").write_text('usage_tier = "grow"\n[pools]\nsmall = ["gpt-9"]\n')
    done, asked = await say(
        Organization(used(9, 275_011), used(9, 50, model="gpt-9")),
        "pools",
        "--json",
        HOME=str(tmp_path),
    )
    assert json.loads(done.stdout)["pools"][0]["limit_source"] == "config"
    assert sum(one.one("bucket_width") == "1d" for one in asked) == 1


@pytest.mark.parametrize(
    ("free", "bound", "status"),
    [
        (200_000, ("--max-percent", "90"), 0),
        (225_000, ("--max-percent", "90"), 1),
        (250_000, ("--max-percent", "150"), 1),
        (200_000, ("--min-left", "50000"), 0),
        (200_000, ("--min-left", "50001"), 1),
    ],
)
async def test_check_tells_by_its_exit_status(free, bound, status):
    today = YESTERDAY + DAY
    done, asked = await say(Organization(used(0, free), day=today), "check", "--pool", "large", *bound)
    assert (done.returncode, done.stdout) == (status, "")
    assert len(done.stderr.splitlines()) == 1
    assert "1m" not in [one.one("bucket_width") for one in asked], "a check needs no pace"


@pytest.mark.slow
async def test_check_cannot_tell_an_unmeasured_day_or_a_part():
    unmeasured = Organization(used(0, 900, "default"), day=YESTERDAY + DAY)
    done, _ = await say(unmeasured, "check", "--pool", "large", "--max-percent", "90")
    assert done.returncode == 5
    other, _ = await say(unmeasured, "check", "--pool", "small", "--max-percent", "90")
    assert other.returncode == 5, "the organization may not be enrolled: the small pool may not exist either"

    def partly(asked: Asked) -> object:
        whole = Organization(used(0, tokens), day=YESTERDAY + DAY)(asked)
        return {**whole, "data": whole["data"][-1:], "has_more": True}

    tokens = 240_000
    part, _ = await say(partly, "check", "--pool", "large", "--max-percent", "90")
    assert part.returncode == 5, "it may be the larger pool"
    assert "only a part of the days from which its size is inferred could be read" in part.stderr
    tokens = 900
    part, _ = await say(partly, "check", "--pool", "large", "--max-percent", "90")
    assert part.returncode == 0, "it is below in the larger one too"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("free", "status", "words"),
    [
        (200_000, 5, "large: it cannot be told: marked as free and in no list: gpt-9."),
        (240_000, 1, "large: at least 96% used (marked as free and in no list: gpt-9), at most 10,000 of"),
    ],
)
async def test_check_cannot_tell_where_free_tokens_are_of_a_model_that_no_list_names(free, status, words):
    organization = Organization(used(0, free), used(0, 500, model="gpt-9"), day=YESTERDAY + DAY)
    done, _ = await say(organization, "check", "--pool", "large", "--max-percent", "90")
    assert done.returncode == status
    assert words in done.stderr
    line, _ = await say(organization, "pools", "--oneline")
    assert line.stdout.startswith(f"large {free * 100 // 250_000}%+")
    assert " | small 0%+" in line.stdout, "it may have taken from either"
    text, _ = await say(organization, "pools")
    assert f"{free * 100 // 250_000}%+" in text.stdout
    assert "at least so much: marked as free and in no list: gpt-9" in text.stdout


async def test_a_model_of_the_users_own_list_leaves_nothing_to_doubt(tmp_path):
    folder = tmp_path / ".config" / "oai-usage-tui"
    folder.mkdir(parents=True)
    (folder / "config.toml").write_text('[pools]\nsmall = ["gpt-9"]\n')
    organization = Organization(used(0, 200_000), used(0, 500, model="gpt-9"), day=YESTERDAY + DAY)
    done, _ = await say(organization, "check", "--pool", "large", "--max-percent", "90", HOME=str(tmp_path))
    assert done.returncode == 0


@pytest.mark.parametrize(
    ("day", "arguments"), [(YESTERDAY, ("--date", DATE)), (YESTERDAY + DAY, ()), (YESTERDAY + DAY, ("--oneline",))]
)
async def test_tokens_of_a_day_without_free_ones_are_billed_and_not_used(day, arguments):
    organization = Organization(used(0, 300_000, "default"), used(0, 60_000, "default", model="gpt-5-nano"), day=day)
    done, _ = await say(organization, "pools", *arguments)
    assert done.returncode == 0
    if arguments == ("--oneline",):
        assert done.stdout == "large 0 free, 300k billed | small 0 free, 60k billed\n"
        return
    for name, limit, billed in (("large", "250,000", "300,000"), ("small", "2,500,000", "60,000")):
        used_of_it = next(line for line in done.stdout.splitlines() if line.split()[:1] == [name])
        assert used_of_it.split() == [name, "0%", "0", "/", limit]
        assert f"{billed} tokens of its models were billed" in done.stdout
    why, _ = await say(organization, "why", "--date", f"{day:%Y-%m-%d}")
    assert "0 tokens free (0%), 360,000 billed" in why.stdout


@pytest.mark.parametrize(
    "command", [("pools",), ("pools", "--json"), ("why",), ("check", "--pool", "large", "--min-left", "1")]
)
async def test_a_day_that_did_not_come_is_not_shown_as_nothing(command):
    for data in ({"data": [], "has_more": True, "next_page": None}, {"data": [], "has_more": False}):
        done, _ = await say(lambda _, data=data: {"object": "page", **data}, *command)
        assert (done.returncode, done.stdout) == (4, "")
        assert "could not be read" in done.stderr


async def test_a_day_of_long_ago_has_pools_as_well():
    done, _ = await say(
        Organization(used(9, 100), day=YESTERDAY - 90 * DAY), "pools", "--date", f"{YESTERDAY - 90 * DAY:%Y-%m-%d}"
    )
    assert done.returncode == 0
    assert "100 / 250,000" in done.stdout


async def test_check_ends_with_3_and_4_as_everywhere():
    for status, code in ((401, 3), (400, 4)):
        reply = Reply({"error": {"message": "no"}}, status)
        done, _ = await say(lambda _, reply=reply: reply, "check", "--pool", "large", "--max-percent", "90")
        assert done.returncode == code


async def test_why_json_gives_exactly_the_reasons_with_their_numbers():
    organization = Organization(
        used(8, 700, "default", project="proj_closed"),
        used(9, 250_000),
        used(10, 4_000, "default"),
        used(10, 30, "default", model="ft:gpt-4o:acme::x"),
        used(11, 50, "flex"),
        used(11, 60, "default", batch=True),
        used(12, 70, "default", model="gpt-5-nano"),
        tools={"web_search_calls": {"proj_a": 3}},
    )
    done, _ = await say(organization, "why", "--json", "--date", DATE)
    document = json.loads(done.stdout)
    assert (document["date"], document["free_tokens"], document["billed_tokens"]) == (DATE, 250_000, 4_910)
    assert document["pools_spent"] == [{"pool": "large", "hour": f"{DATE}T09:00:00Z", "is_estimate": False}]
    assert document["complete"]
    assert [(r["why"], r["billed_tokens"], r["project_id"]) for r in document["reasons"]] == [
        ("pool_spent", 4_000, "proj_a"),
        ("not_shared", 700, "proj_closed"),
        ("hosted_tools", 70, "proj_a"),
        ("batch", 60, "proj_a"),
        ("service_tier", 50, "proj_a"),
        ("fine_tuned", 30, "proj_a"),
    ]
    assert document["reasons"][2]["hosted_tool_calls"] == {"web search": 3}
    assert document["list_date"] == "2026-09-28"


@pytest.mark.parametrize(
    ("model", "words"),
    [("gpt-4-0613", "in no list of free models"), ("gpt-9", "newer than the list of 2026-09-28")],
)
async def test_why_of_a_model_is_about_that_model(model, words):
    organization = Organization(used(9, 100), used(9, 40, "default", model=model))
    done, _ = await say(organization, "why", "--date", DATE, "--model", model)
    assert "0 tokens free (0%), 40 billed" in done.stdout
    assert words in done.stdout
    assert "of 2026-09-28" in done.stdout


async def test_why_goes_on_where_hosted_tools_cannot_be_read():
    organization = Organization(used(9, 100), used(9, 40, "default"))

    def without_tools(asked: Asked) -> object:
        if not asked.path.endswith("completions"):
            return Reply({"error": {"message": "no"}}, 403)
        return organization(asked)

    done, _ = await say(without_tools, "why", "--date", DATE)
    assert done.returncode == 0
    assert "could not be read" in done.stdout


def test_a_usage_tier_by_its_old_name_holds_and_is_said_to_have_another(tmp_path):
    folder = tmp_path / ".config" / "oai-usage-tui"
    folder.mkdir(parents=True)
    (folder / "config.toml").write_text("usage_tier = 3\n")
    with demo_server() as base_url:
        told = {"HOME": str(tmp_path), "OPENAI_ADMIN_KEY": KEY, "OPENAI_BASE_URL": base_url}
        text, document = run("pools", **told), run("pools", "--json", **told)
    assert "1,000,000" in text.stdout
    assert "Usage tier 3 is called launch or grow since 2026-10-06" in text.stderr
    assert document.stderr == ""
