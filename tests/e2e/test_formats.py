"""Exports as CSV, JSON, a JSON a line, OpenMetrics, in files, by any breakdown."""

from __future__ import annotations

import os
import subprocess

import pytest

from tests.support.builders import TODAY, Memory, bucket, day, dumped, gathered, page, result
from tests.support.cli import COMMAND, run
from tui.domain.kinds import Kind
from tui.domain.metrics import usual_metrics
from tui.domain.time import last_days
from tui.sources.base import Query

WINDOW = last_days(TODAY, 2)


@pytest.mark.parametrize("kind", list(Kind))
async def test_each_kind_is_asked_for_by_fields_that_it_has(kind):
    source = Memory(day(0))
    usual_fields = {"model", "project_id"}
    done = run("export", "--demo", "--kind", kind.value, "--days", "3", "--format", "csv")
    assert (done.returncode, done.stderr) == (0, "")
    head, *lines = done.stdout.splitlines()
    assert head.split(",")[1] in {"model", "project"}
    assert head.split(",")[2:] == list(usual_metrics(kind))
    assert lines, "the demo uses everything"
    assert usual_fields & set(kind.description.fields)
    buckets, _ = await gathered(source.pages(Query(WINDOW, kind=kind)))
    assert len(buckets) == 3


def test_by_project_and_model_in_markdown():
    done = run("export", "--demo", "--days", "1", "--by", "project,model", "--columns", "total,share")
    head = [cell.strip() for cell in done.stdout.splitlines()[0].strip("|").split("|")]
    assert head == ["UTC Date", "Project", "Model", "Total", "Free%"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--by", "moon"), "model, pool, project"),
        (("--by", "model,pool,user"), "one or two"),
        (("--columns", "moons"), "There is no column moons of completions"),
        (("--kind", "vector_stores", "--by", "model"), "no breakdown of vector stores by model"),
        (("--kind", "moons"), "invalid choice"),
        (("--until", "2026-11-01"), "--until needs --since"),
        (("--since", "2026-11-02", "--until", "2026-11-01"), "--until must be a day from --since on"),
        (("--since", "2026-11-02", "--days", "3"), "--since: not allowed with argument --days"),
        (("--window", "7d", "--days", "3"), "--window: not allowed with argument --days"),
        (("--window", "last-week", "--since", "2026-11-02"), "--since: not allowed with argument --window"),
        (("--window", "last-year"), "must be one of today, 7d,"),
        (("--format", "openmetrics", "--window", "last-week"), "openmetrics is about today"),
        (("--since", "2199-01-01"), "has not begun yet"),
        (("--kind", "vector_stores", "--model", "x"), "Vector stores cannot be looked for by model"),
        (("--columns", "total,total"), "must be different names"),
        (("--columns", ""), "must be different names"),
        (("--format", "openmetrics", "--columns", "share"), "leave out share"),
        (("--format", "openmetrics", "--since", "2026-11-01"), "openmetrics is about today"),
        (("--since", "2024-01-01"), "say --until"),
        (("--output", "/"), "is a folder"),
        (("--output", "/nowhere/at/all.csv"), "cannot be written"),
    ],
)
def test_what_cannot_be_is_refused_with_what_can(arguments, says):
    done = run("export", "--demo", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert says in " ".join(done.stderr.split())


def test_from_one_day_to_another():
    done = run(
        "export", "--demo", "--since", "2026-10-03", "--until", "2026-10-05", "--by", "none", "--format", "csv"
    )
    assert [line.partition(",")[0] for line in done.stdout.splitlines()[1:]] == [
        "2026-10-03",
        "2026-10-04",
        "2026-10-05",
    ]


def test_a_file_is_written_whole(tmp_path):
    path = tmp_path / "usage.csv"
    path.write_text("of old")
    arguments = ("export", "--demo", "--since", "2026-10-03", "--until", "2026-10-05", "--format", "csv")
    done = run(*arguments, "--output", str(path))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert path.read_text() == run(*arguments).stdout
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.slow
def test_csv_for_excel_begins_with_a_byte_order_mark_and_no_other_does(tmp_path):
    file = tmp_path / "pages.json"
    file.write_text(dumped([page(bucket(0, result("Zürich")))]))
    path = tmp_path / "usage.csv"
    words = [COMMAND, "export", "--replay", str(file), "--excel"]
    assert subprocess.run([*words, "--output", str(path)], check=False).returncode == 0
    content = path.read_bytes()
    assert content.startswith(b"\xef\xbb\xbfdate,model,")
    assert content.count(b"\xef\xbb\xbf") == 1
    assert "Zürich" in content.decode("utf-8-sig")
    for encoding in ("utf-8", "latin-1", "ascii"):
        told = {**os.environ, "PYTHONIOENCODING": encoding}
        for more in ([], ["--format", "csv"], ["--output", "-"]):
            done = subprocess.run([*words, *more], capture_output=True, env=told, check=False)
            assert (done.returncode, done.stdout) == (0, content), "whatever the locale says"
    plain = subprocess.run([*words[:-1], "--format", "csv"], capture_output=True, check=False)
    assert plain.stdout == content[3:]


@pytest.mark.parametrize("more", [("--format", "json"), ("--format", "markdown"), ("--raw",)])
def test_what_is_no_csv_is_not_for_excel(more):
    done = run("export", "--demo", "--excel", *more)
    assert (done.returncode, done.stdout) == (2, "")
    assert "--excel" in done.stderr


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_shells_learn_every_command_and_flag(shell):
    done = run("completion", shell)
    assert (done.returncode, done.stderr) == (0, "")
    for word in ("export", "demo-server", "oneline", "openmetrics"):
        assert word in done.stdout


def test_bash_completes_with_what_is_printed(tmp_path):
    script = tmp_path / "completion.bash"
    script.write_text(run("completion", "bash").stdout)
    ask = (
        f"source {script}; COMP_WORDS=(oai-usage-tui exp); COMP_CWORD=1; _shtab_oai_usage_tui; echo ${{COMPREPLY[@]}}"
    )
    done = subprocess.run(["bash", "-c", ask], capture_output=True, text=True, check=False)
    assert done.stdout.split() == ["export"]


def test_the_api_is_asked_for_what_is_looked_for_only():
    days = ("--since", "2026-10-03", "--until", "2026-10-05", "--format", "csv", "--by", "project,model")
    wanted = "proj_Research8Wd3TzHn5P"
    whole = run("export", "--demo", *days)
    only = run("export", "--demo", *days, "--project", wanted, "--model", "gpt-6-sol", "--model", "gpt-6-astra")
    head, *lines = whole.stdout.splitlines()
    chosen = [line for line in lines if wanted in line and (",gpt-6-sol," in line or ",gpt-6-astra," in line)]
    assert only.stdout.splitlines() == [head, *chosen]
    assert chosen


def test_why_takes_one_model():
    done = run("why", "--demo", "--model", "a", "--model", "b")
    assert done.returncode == 2
    assert "say --model once" in done.stderr


def test_a_link_keeps_its_place_a_file_its_mode_and_a_pipe_is_written_to(tmp_path):
    target, link, pipe = tmp_path / "target", tmp_path / "link", tmp_path / "pipe"
    target.write_text("of old")
    target.chmod(0o600)
    link.symlink_to(target)
    arguments = ("export", "--demo", "--since", "2026-10-03", "--until", "2026-10-03", "--format", "csv")
    wanted = run(*arguments).stdout
    assert run(*arguments, "--output", str(link)).returncode == 0
    assert link.is_symlink()
    assert target.read_text() == wanted
    assert target.stat().st_mode & 0o777 == 0o600
    os.mkfifo(pipe)
    reader = subprocess.Popen(["cat", str(pipe)], stdout=subprocess.PIPE, text=True)
    assert run(*arguments, "--output", str(pipe)).returncode == 0
    assert reader.communicate(timeout=20)[0] == wanted
