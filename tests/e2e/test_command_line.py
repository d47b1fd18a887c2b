"""What is said on the command line and cannot be done: a sentence on stderr, an exit status, and nothing asked."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.support.builders import KEY
from tests.support.cli import demo_server, run
from tui import __version__


def test_without_a_key_it_ends_with_3_and_says_how_to_get_one():
    done = run("export")
    assert (done.returncode, done.stdout) == (3, "")
    assert "admin-keys" in done.stderr
    assert "--demo" in done.stderr


def test_a_project_key_is_refused_before_anything_is_asked():
    done = run("export", OPENAI_ADMIN_KEY="sk-proj-abcdef", OPENAI_BASE_URL="http://127.0.0.1:9/v1")
    assert done.returncode == 3
    assert "sk-proj-abcdef" not in done.stderr


def test_the_key_can_come_from_a_command_in_the_config_file(tmp_path):
    folder = Path(os.environ["HOME"]) / ".config" / "oai-usage-tui"
    folder.mkdir(parents=True)
    with demo_server() as address:
        (folder / "config.toml").write_text(
            f'admin_key_command = ["echo", "{KEY}"]\nbase_url = "{address}"\ndays = 1\n'
        )
        done = run("export")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("\n| 20") in {1, 2}, "in the first minutes of a day, today has no usage yet"


def test_a_wrong_config_file_ends_with_2_and_does_not_bother_the_demo():
    folder = Path(os.environ["HOME"]) / ".config" / "oai-usage-tui"
    folder.mkdir(parents=True)
    (folder / "config.toml").write_text("dayz = 1\n")
    assert run("export", OPENAI_ADMIN_KEY=KEY).returncode == 2
    assert run("export", "--demo", "--days", "0").returncode == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("export", "--days", "366"), "0 to 365"),
        (("export", "--days", "-1"), ""),
        (("export", "--days", "1.5"), "0 to 365"),
        (("export", "--format", "yaml"), "markdown"),
        (("export", "--demo", "--replay", "x"), "not allowed with argument --demo"),
        (
            ("--demo", "export", "--base-url", "https://api.openai.com/v1"),
            "not allowed with argument --demo",
        ),
        (("demo-server", "--port", "99999"), "0 to 65535"),
        (("--days", "3", "demo-server"), "belongs to the dashboard, export"),
        (
            ("check", "--pool", "large"),
            "one of the arguments --max-percent --min-left --until-reset --month is required",
        ),
        (("check", "--max-percent", "5"), "say which pool: --pool large or --pool small"),
        (("check", "--pool", "large", "--month"), "--month stands without --pool"),
        (("pools", "--json", "--oneline"), "not allowed with argument --json"),
        (("pools", "--date", "20-11-2026"), "must be a date like 2026-11-20, or today or yesterday"),
        (("why", "--date", "tomorrow"), "today or yesterday"),
        (("export", "--since", "yesterday", "--until", "2020-01-01"), "from --since on"),
        (("--port", "1", "export"), "--port belongs to demo-server"),
        (("--json",), "--json belongs to pools, why, money, runs, watch, doctor"),
        (("--live", "30", "--no-live"), "not allowed with argument --live"),
        (("--raw", "--columns", "total"), "--columns: not allowed with argument --raw"),
        (("export", "--nonsense"), "unrecognized arguments: --nonsense"),
        (("archive", "--since", "2026-11-01"), "--since belongs to archive refresh"),
        (("archive", "--window", "last-month"), "--window belongs to archive refresh"),
        (("nonsense",), "nonsense"),
        (("export", "--replay", "/nowhere/pages.json"), "No such file"),
    ],
)
def test_wrong_usage_ends_with_2_and_a_sentence(arguments, words):
    done = run(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_an_address_from_the_environment_must_be_confirmed():
    done = run("export", OPENAI_ADMIN_KEY=KEY, OPENAI_BASE_URL="https://gateway.example/v1")
    assert done.returncode == 2
    assert "--base-url https://gateway.example/v1" in done.stderr


def test_a_port_that_is_taken_gets_a_sentence():
    with demo_server() as address:
        done = run("demo-server", "--port", address.rpartition(":")[2].removesuffix("/v1"))
    assert done.returncode == 2
    assert "Port" in done.stderr


def test_help_and_version():
    assert run("--version").stdout == f"oai-usage-tui {__version__}\n"
    for words in (run("--help").stdout, run("export", "--help").stdout):
        assert "examples:" in words
        assert "exit status" in words
        assert max(len(line) for line in words.splitlines()) <= 80


@pytest.mark.parametrize("address", ["http://127.0.0.1:99999/v1", "https://xn--/v1", "https://a b/v1", ""])
def test_an_address_that_is_none_gets_a_sentence(address):
    done = run("export", "--base-url", address, OPENAI_ADMIN_KEY=KEY)
    assert done.returncode == 2
    assert "The base URL from --base-url" in done.stderr


def test_usage_errors_show_the_usage_of_the_subcommand():
    assert "usage: oai-usage-tui export" in run("export", "--demo", "--replay", "x").stderr
    assert run("export", "--version").stdout == f"oai-usage-tui {__version__}\n"
