"""What `run` tells at the end, how it waits for the API, and what `runs` completes later."""

from __future__ import annotations

import json
import os
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.support.archives import IDENTITY, archive
from tests.support.builders import NOW
from tests.support.live import Time
from tests.support.runs import MINUTE, Kept, opened, over, sleeping
from tui.commands import run as command
from tui.commands import runs as listed
from tui.commands.run import Report
from tui.domain.runs import RunUsage
from tui.domain.secret import without_keys
from tui.domain.time import Width
from tui.errors import ServerFailed
from tui.output import runs as report
from tui.sources.archive.runs import KeptRuns
from tui.sources.base import Page, Query


async def test_it_waits_until_the_api_has_counted_past_the_end(capsys, tmp_path):
    clock, source, engine = opened()
    store = KeptRuns(archive(tmp_path), IDENTITY)
    file = tmp_path / "used.json"
    await command.tell_of(engine, over(), store, Report(timedelta(minutes=40), file), sleeping(clock))
    said = capsys.readouterr().err
    assert said.count("so far") == 1
    assert "so far (the API has not come to it yet): nothing is counted yet" in said
    assert "complete: 330 tokens in 6 requests, 91% free" in said
    assert clock() - NOW == 21 * MINUTE
    (kept,) = store.runs()
    assert kept.is_complete
    assert kept.usage.sums.free == 300
    document = json.loads(file.read_text())
    assert document["complete"] is True
    assert document["totals"]["billed"] == 30
    assert document["schema_version"] == 1
    asked = [query for query in source.queries if query.window.width is Width.MINUTE]
    assert len(asked) <= 24, "one question a minute while it waits"


async def test_without_waiting_it_tells_what_is_known_so_far_and_runs_completes_it(capsys, tmp_path):
    clock, _, engine = opened(late=2)
    store = KeptRuns(archive(tmp_path), IDENTITY)
    await command.tell_of(engine, over(), store, Report(timedelta()), sleeping(clock))
    assert "so far (the API has counted through 14:01): 110 tokens" in capsys.readouterr().err
    clock.now += 5 * MINUTE
    assert await listed.runs(engine, store) == 0
    out = capsys.readouterr().out
    assert "make eval" in out
    assert "complete" in out
    assert "330" in out
    assert store.runs()[0].is_complete


async def test_a_run_of_which_nothing_comes_is_whole_after_half_an_hour():
    clock, _, engine = opened(late=10**6)
    clock.now += 31 * MINUTE
    store = Kept()
    await command.tell_of(engine, over(), store, Report(timedelta()), sleeping(clock))
    assert store.kept[-1].is_complete
    assert not store.kept[-1].usage.sums


async def test_a_long_run_across_midnight_is_read_in_few_questions_and_adds_up(capsys):
    clock, source, engine = opened(late=0)
    run = replace(over(), started=NOW - timedelta(days=2, hours=5, minutes=7))
    clock.now += 40 * MINUTE
    store = Kept()
    await command.tell_of(engine, run, store, Report(timedelta()), sleeping(clock))
    minutes = (2 * 24 + 5) * 60 + 7
    assert store.kept[-1].usage.sums.requests == 2 * minutes
    assert len(source.queries) <= 8
    assert "complete" in capsys.readouterr().err


async def test_an_api_that_fails_costs_the_answer_and_nothing_else(capsys):
    clock, source, engine = opened()
    source.error = ServerFailed("The API does not answer.")
    store = Kept()
    await command.tell_of(engine, over(), store, Report(timedelta()), sleeping(clock))
    said = capsys.readouterr().err
    assert said.count("The API does not answer.") == 1
    assert "\nnot read: The API does not answer.\n" in said
    assert "counted" not in said
    assert await listed.runs(engine, store) == 4
    assert capsys.readouterr().out.splitlines()[1].endswith("not read")
    assert not store.runs()[0].is_complete


async def test_a_part_that_could_not_be_read_is_said_beside_what_was(capsys):
    clock, source, engine = opened(late=0)
    clock.now += 40 * MINUTE
    run = replace(over(), started=NOW - timedelta(hours=4, minutes=7))
    whole = source.pages

    async def pages(query: Query) -> AsyncIterator[Page]:
        source.error = ServerFailed("The API does not answer.") if query.window.width is Width.HOUR else None
        async for page in whole(query):
            yield page

    source.pages = pages
    await command.tell_of(engine, run, Kept(), Report(timedelta()), sleeping(clock))
    said = capsys.readouterr().err
    assert "so far (" in said
    assert "could not be read" in said
    assert "oai-usage-tui: The API does not answer." in said


def test_what_the_api_does_not_keep_any_more_is_no_run_without_use():
    usage = RunUsage(unread=3 * MINUTE, not_kept=3 * MINUTE, read_at=NOW, complete=True)
    run = over(usage=usage)
    _, line = report.list_lines([run], NOW)
    assert line.endswith("not kept")
    assert "$0" not in line
    assert "not kept by the API any more" in list(report.lines(run, NOW, {}))
    assert report.document(run, NOW)["totals"] is None


async def test_a_report_never_waits_for_a_reader(capsys, tmp_path):
    clock, _, engine = opened()
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    await command.tell_of(engine, over(), None, Report(timedelta(), pipe), sleeping(clock))
    assert "pipe could not be written" in capsys.readouterr().err
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    await command.tell_of(engine, over(), None, Report(timedelta(), pipe), sleeping(clock))
    assert json.loads(os.read(reader, 100_000))["name"] == "make eval"
    os.close(reader)


async def test_a_report_that_cannot_be_written_is_said(capsys, tmp_path):
    clock, _, engine = opened()
    missing = tmp_path / "none" / "used.json"
    await command.tell_of(engine, over(), None, Report(timedelta(), missing), sleeping(clock))
    assert "used.json could not be written" in capsys.readouterr().err


async def test_what_is_not_counted_yet_is_said_to_be_so_and_is_null_for_programs(capsys, tmp_path):
    file = tmp_path / "report.json"
    _, _, engine = opened(late=60)
    await command.tell_of(engine, over(), None, Report(timedelta(), file))
    said = capsys.readouterr().err
    assert "nothing is counted yet" in said
    assert "nothing was used" not in said
    document = json.loads(file.read_text())
    unknown = [document[name] for name in ("totals", "models", "pools")]
    assert (document["complete"], unknown) == (False, [None] * 3)


def test_a_name_of_bytes_that_are_no_text_can_be_kept_and_told(tmp_path):
    named = command.begun("bad\udcff", (), lambda: NOW)
    KeptRuns(archive(tmp_path), IDENTITY).keep(named)
    assert "\ufffd" in named.name


def test_runs_are_kept_by_organization_and_forgotten(tmp_path):
    kept_in = archive(tmp_path)
    ours, theirs = KeptRuns(kept_in, IDENTITY), KeptRuns(kept_in, replace(IDENTITY, key="sk-admin-other"))
    assert ours.runs() == ()
    first, second = over(), replace(over(5), id="r2", name="other")
    for run in (first, second):
        ours.keep(run)
    assert ours.runs() == (first, second)
    assert theirs.runs() == ()
    kept_in.keep(IDENTITY, "org-a", Query(over().minutes(NOW)), [], NOW)  # it has a name from now on
    assert ours.runs() == (first, second)
    ours.forget(first)
    assert ours.runs() == (second,)
    kept_in.clear()
    assert ours.runs() == ()


def test_what_a_later_version_wrote_is_passed_over(tmp_path):
    kept_in = archive(tmp_path)
    store = KeptRuns(kept_in, IDENTITY)
    store.keep(over())
    kept_in.file.write(lambda connection: connection.execute("UPDATE run SET content = ?", (b'{"kind": 7}',)))
    assert store.runs() == ()


def test_a_key_on_its_command_line_is_not_written_down():
    run = command.begun("curl -H 'Authorization: Bearer sk-proj-abc_123-DEF' x", (), Time())
    assert run.name == "curl -H 'Authorization: Bearer …' x"


async def test_runs_for_programs_know_how_large_the_pools_are(capsys):
    clock, source, engine = opened(late=0)
    store = Kept()
    store.keep(over())
    clock.now += 40 * MINUTE
    assert await listed.runs(engine, store, as_json=True) == 0
    (pool,) = json.loads(capsys.readouterr().out)["runs"][0]["pools"]
    assert (pool["pool"], pool["limit"], pool["limit_source"]) == ("large", 250_000, "assumed")
    source.queries.clear()
    assert await listed.runs(engine, Kept(), as_json=True) == 0
    assert not source.queries, "without a run nothing is compared"


async def test_limits_that_cannot_be_read_are_null_for_programs(capsys):
    clock, source, engine = opened(late=0)
    store = Kept()
    clock.now += 40 * MINUTE
    await command.tell_of(engine, over(), store, Report(timedelta()), sleeping(clock))
    capsys.readouterr()
    source.error = ServerFailed("The API does not answer.")
    _, _, new = opened(late=0)
    new.session.source.error = source.error
    assert await listed.runs(new, store, as_json=True) == 0
    (pool,) = json.loads(capsys.readouterr().out)["runs"][0]["pools"]
    assert (pool["limit"], pool["limit_source"]) == (None, None)


async def test_no_runs_are_said_to_be_none(capsys):
    _, _, engine = opened()
    assert await listed.runs(engine, Kept()) == 0
    assert "No runs are kept" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("eval --api-key abc123 x", "eval --api-key … x"),
        ("eval --api-key=abc123 x", "eval --api-key=… x"),
        ("env OPENAI_API_KEY=abc123 make", "env OPENAI_API_KEY=… make"),
        ("curl -H Authorization: Bearer abc123", "curl -H Authorization: Bearer …"),
        ("curl -H X-Api-Key: topsecret1 x", "curl -H X-Api-Key: … x"),
        ("curl -u user:hunter2 x", "curl -u user:… x"),
        ("curl --user=user:hunter2 x", "curl --user=user:… x"),
        ("curl http://u:pw@127.0.0.1:1/?token=abc123", "curl http://…@127.0.0.1:1/?token=…"),
        ("curl -H Authorization: Basic dTpw", "curl -H Authorization: Basic …"),
        ("git clone https://example.com/a@b", "git clone https://example.com/a@b"),
        ("sort -u file:1", "sort -u file:…"),
        ("make keys", "make keys"),
        ("python monkey.py --days 3", "python monkey.py --days 3"),
    ],
)
def test_what_is_called_a_key_is_not_written_down_either(line, kept):
    assert without_keys(line) == kept
