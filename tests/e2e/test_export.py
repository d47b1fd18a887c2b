"""`export`, as a program: data on stdout, everything else on stderr, exit statuses."""

import asyncio
import json
import subprocess
from pathlib import Path
from time import time

import pytest

from tests.support.builders import KEY, bucket, dumped, page, result
from tests.support.cli import COMMAND, demo_server, run
from tests.support.loopback import Asked, Loopback, Reply

HOSTILE = "gpt\x1b[2Jx|y\u202ez"


def days_in(table: str, *, of: int) -> bool:
    """Whether these are all days of the demo; in the first minutes of a day, today has no usage yet."""
    return sum(line.startswith("| 20") for line in table.splitlines()) in {of - 1, of}


def replayed(tmp_path: Path, *pages: dict) -> str:
    path = tmp_path / "pages.json"
    path.write_text(dumped(pages))
    return str(path)


def test_the_demo_is_printed_as_a_table_and_nothing_is_on_stderr():
    done = run("export", "--demo", "--days", "2")
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert [cell.strip() for cell in lines[0].strip("|").split("|")] == [
        "UTC Date",
        "Model",
        "Input",
        "Output",
        "Total",
        "Requests",
    ]
    assert days_in(done.stdout, of=3)
    assert len({len(line) for line in lines}) == 1


def test_stdout_in_a_pipe_is_an_export(tmp_path):
    file = replayed(tmp_path, page(bucket(0, result("gpt-6-sol", 1, 2, 3))))
    piped, said = run("--replay", file), run("export", "--replay", file)
    assert piped.stdout == said.stdout != ""
    assert piped.stdout.splitlines()[-1] == "| 2026-11-20 | gpt-6-sol |     1 |      2 |     3 |        3 |"


@pytest.mark.parametrize(
    "order",
    [
        ("--by", "none", "export", "--replay", "FILE", "--max-model-length", "5"),
        ("--replay", "FILE", "--max-model-length", "5", "export", "--by", "none"),
        ("export", "--max-model-length", "5", "--by", "none", "--replay", "FILE", "--format", "markdown"),
    ],
)
def test_flags_work_before_and_after_the_subcommand(tmp_path, order):
    file = replayed(tmp_path, page(bucket(0, result("a", 1), result("b", 2))))
    done = run(*(file if word == "FILE" else word for word in order))
    assert done.returncode == 0
    assert [cell.strip() for cell in done.stdout.splitlines()[2].split("|")][1:4] == ["2026-11-20", "(all…", "3"]


def test_days_before_the_subcommand_are_not_dropped(tmp_path):
    file = replayed(tmp_path, page(*(bucket(ago, result("a")) for ago in (9, 5, 1, 0))))
    assert len(run("--days", "1", "export", "--replay", file).stdout.splitlines()) == 4
    assert len(run("export", "--replay", file).stdout.splitlines()) == 6


def test_names_of_the_api_reach_a_pipe_inert(tmp_path):
    done = run("export", "--replay", replayed(tmp_path, page(bucket(0, result(HOSTILE)))), "--max-model-length", "0")
    assert done.returncode == 0
    assert "gpt�[2Jx\\|y�z" in done.stdout
    assert "\x1b" not in done.stdout


@pytest.mark.slow
def test_raw_pages_replay_to_the_same_table(tmp_path):
    with demo_server() as address:
        raw = run("export", "--raw", "--days", "40", "--base-url", address, OPENAI_ADMIN_KEY=KEY)
    assert raw.returncode == 0
    lines = raw.stdout.splitlines()
    assert [len(json.loads(line)["data"]) for line in lines] == [31, 10]
    path = tmp_path / "raw.json"
    path.write_text(raw.stdout)
    backwards = tmp_path / "backwards.json"
    backwards.write_text("\n".join(reversed(lines)))
    table = run("export", "--replay", str(path))
    assert table.returncode == 0
    assert table.stdout == run("export", "--replay", str(backwards)).stdout
    assert days_in(table.stdout, of=41)


def asked_of(api: Loopback, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return run("export", *arguments, OPENAI_BASE_URL=f"http://127.0.0.1:{api.port}/v1", **environment)


async def over(handler, *arguments: str, **environment: str) -> tuple[subprocess.CompletedProcess[str], list[Asked]]:
    async with Loopback(handler) as api:
        done = await asyncio.to_thread(asked_of, api, *arguments, **{"OPENAI_ADMIN_KEY": KEY, **environment})
    return done, api.asked


async def test_by_none_asks_without_any_grouping():
    def all_of_it(asked: Asked) -> object:
        start, end = int(asked.one("start_time")), int(asked.one("end_time") or time())
        starts = range(start, end, 86_400)
        return page(
            *({"start_time": each, "end_time": each + 86_400, "results": [result(None, 5)]} for each in starts)
        )

    done, asked = await over(all_of_it, "--by", "none", "--days", "365")
    assert done.returncode == 0
    assert {tuple(one.all("group_by")) for one in asked} == {()}
    assert len(asked) == 13, "twelve pages, the newest in two: whose key it is, shows in the first answer"
    assert sum(one.one("end_time") is None for one in asked) == 1


async def test_a_refused_key_ends_with_3_and_the_apis_words():
    done, asked = await over(
        lambda _: Reply({"error": {"message": "Incorrect API key provided"}}, 401), "--days", "0"
    )
    assert (done.returncode, done.stdout, len(asked)) == (3, "", 1)
    assert "Incorrect API key provided" in done.stderr
    assert KEY not in done.stderr


async def test_an_api_that_says_no_ends_with_4():
    done, _ = await over(lambda _: Reply({"error": {"message": "bad"}}, 400), "--days", "0")
    assert (done.returncode, done.stdout) == (4, "")
    assert "bad" in done.stderr


async def test_a_part_is_printed_the_rest_is_named_and_the_status_is_4():
    def broken(asked: Asked) -> object:
        if asked.one("page"):
            return Reply({"error": {"message": "The page token is invalid, have you modified the query?"}}, 400)
        start = int(asked.one("start_time"))
        first = {"start_time": start, "end_time": start + 86_400, "results": [result("gpt-6-sol", 41)]}
        return page(first, next_page="page_2")

    done, _ = await over(broken, "--days", "2")
    assert done.returncode == 4
    assert len(done.stdout.splitlines()) == 3
    assert "page token is invalid" in done.stderr
    assert "2 days not read" in done.stderr


def test_a_closed_pipe_is_no_error():
    command = f"'{COMMAND}' export --demo --days 365 | head -n 1; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=50, check=False)
    assert done.stdout.splitlines()[1:] == ["0"]
    assert done.stderr == ""


def test_a_pipe_that_is_not_utf8_gets_what_it_can_take():
    done = run("export", "--demo", "--days", "1", PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stderr) == (0, "")
    assert "gpt-6-sol" in done.stdout


@pytest.mark.parametrize(("redirection", "status"), [(">/dev/full", 2), (">&-", 2), ("2>&-", 0)])
def test_an_output_that_cannot_be_written_is_no_traceback(redirection, status):
    command = f"'{COMMAND}' export --demo --days 1 {redirection}"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=50, check=False)
    assert done.returncode == status
    assert "Traceback" not in done.stderr


async def test_raw_names_what_is_missing():
    def broken(asked: Asked) -> object:
        if asked.one("page"):
            return Reply({"error": {"message": "The page token is invalid"}}, 400)
        start = int(asked.one("start_time"))
        return page({"start_time": start, "end_time": start + 86_400, "results": []}, next_page="page_2")

    done, _ = await over(broken, "--raw", "--days", "2")
    assert done.returncode == 4
    assert "2 days not read" in done.stderr


def test_by_pool_gives_the_sums_of_each_day_and_pool_and_what_was_free(tmp_path):
    free = result("gpt-6-sol", 100, 10, 2, service_tier="incentivized-tier")
    rows = (
        result("gpt-9", 1, 0),
        result("gpt-4-0613", 2, 0),
        result("gpt-5-nano", 50, 0),
        result("gpt-6-luna", 7, 0),
        free,
    )
    done = run("export", "--by", "pool", "--replay", replayed(tmp_path, page(bucket(0, *rows))))
    assert [[cell.strip() for cell in line.strip("|").split("|")] for line in done.stdout.splitlines()[2:]] == [
        ["2026-11-20", "large", "107", "10", "117", "3", "110", "7"],
        ["", "small", "50", "0", "50", "1", "0", "50"],
        ["", "unknown", "1", "0", "1", "1", "0", "1"],
        ["", "none", "2", "0", "2", "1", "0", "2"],
    ]


def test_costs_are_printed_where_their_columns_are_named():
    done = run("export", "--demo", "--days", "1", "--columns", "total,cost,cost_per_request", "--format", "csv")
    assert (done.returncode, done.stderr) == (0, "")
    head, *rows = (line.split(",") for line in done.stdout.splitlines())
    assert head == ["date", "model", "total", "cost", "cost_per_request"]
    assert any(float(row[3]) > 0 and float(row[4]) > 0 for row in rows if row[3] and row[4])
    assert any(row[1] == "(other costs)" and row[4] == "" for row in rows), "tools are no model's"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--width", "1h"), "Costs are known by the day"),
        (("--by", "tier"), "Costs are known by key, model, pool, project, source, user only"),
        (("--model", "gpt-6-sol"), "Costs cannot be asked for by one model"),
        (("--kind", "images", "--by", "none"), "Costs of images are known by model only"),
        (("--kind", "images", "--by", "project"), "Costs of images are known by model only"),
        (("--kind", "web_search_calls"), "There is no column cost of web_search_calls"),
        (("--format", "openmetrics", "--columns", "input,cost"), "leave out cost."),
    ],
)
def test_costs_that_cannot_be_known_are_refused(arguments, words):
    done = run("export", "--demo", *(() if "--columns" in arguments else ("--columns", "cost")), *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert words in done.stderr


def test_names_are_printed_where_they_are_asked_for():
    by_id = run("export", "--demo", "--days", "1", "--by", "project", "--format", "csv").stdout
    by_name = run("export", "--demo", "--days", "1", "--by", "project", "--format", "csv", "--names").stdout
    assert "proj_" in by_id
    assert "proj_" not in by_name
    assert "Research" in by_name
    assert len(by_id.splitlines()) == len(by_name.splitlines())


async def test_names_that_were_printed_once_are_known_offline_and_where_none_are_it_is_said(tmp_path):
    command = ("export", "--days", "1", "--by", "project", "--format", "csv", "--names")
    with demo_server() as base_url:
        told = {"HOME": str(tmp_path), "OPENAI_ADMIN_KEY": KEY, "OPENAI_BASE_URL": base_url}
        online = run(*command, **told)
        offline = run(*command, "--offline", **told)
        by_user = run(*command, "--offline", "--by", "user", **told)
    assert "Research" in online.stdout
    assert (offline.stdout, offline.returncode) == (online.stdout, 0)
    assert "ids are shown instead of names. Names were not read before" in by_user.stderr


@pytest.mark.parametrize(("width", "days", "least"), [("1h", "1", 24), ("1m", "0", 1)])
def test_hours_and_minutes_are_printed_and_add_up_to_their_days(width, days, least):
    asked = ("export", "--demo", "--by", "none", "--columns", "total", "--format", "csv", "--days", days)
    whole, parts = (run(*asked, *more).stdout.splitlines()[1:] for more in ((), ("--width", width)))
    assert len(parts) >= least
    assert parts[0].startswith(whole[0][:10] + "T")
    yesterday = [int(line.split(",")[1]) for line in parts if line.startswith(whole[0][:10])]
    assert width == "1m" or sum(yesterday) == int(whole[0].split(",")[1])


@pytest.mark.parametrize("arguments", [("--width", "1h", "--days", "31"), ("--width", "1m", "--days", "1")])
def test_more_hours_or_minutes_than_anybody_wants_are_refused(arguments):
    done = run("export", "--demo", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert "at most 31 days, minutes of one" in done.stderr
