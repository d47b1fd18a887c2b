"""What happens is told without a screen: a line an event, to a program or to the user's own command, once."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from tests.support import processes
from tests.support.builders import KEY
from tests.support.cli import COMMAND
from tests.support.demo_api import Served


def settings(folder, *lines: str) -> dict[str, str]:
    place = folder / ".config" / "oai-usage-tui"
    place.mkdir(parents=True, exist_ok=True)
    (place / "config.toml").write_text("\n".join((*lines, "[limits]", "large = 1", "small = 1000000000")))
    return {"PATH": os.environ["PATH"], "HOME": str(folder), "OPENAI_ADMIN_KEY": KEY}


def watch(api: Served, told: dict[str, str], *arguments: str, **options) -> subprocess.Popen[str]:
    command = [COMMAND, "watch", "--base-url", api.base_url, *arguments]
    return subprocess.Popen(command, env=told, text=True, stderr=subprocess.PIPE, **options)


def test_each_event_is_a_line_of_json_and_sigterm_ends_it_cleanly(tmp_path):
    with Served(datetime.now(UTC)) as api:
        told = settings(tmp_path)
        with watch(api, told, "--json", "--events", "spent,threshold", stdout=subprocess.PIPE) as watched:
            lines = [json.loads(watched.stdout.readline()) for _ in range(2)]
            watched.send_signal(signal.SIGTERM)
            rest, errors = watched.communicate(timeout=30)
    assert watched.returncode == 0
    assert rest == ""
    assert errors == ""
    assert [(line["event"], line["pool"], line["schema_version"]) for line in lines] == [
        ("threshold", "large", 1),
        ("spent", "large", 1),
    ]
    assert KEY not in json.dumps(lines)


def test_a_command_of_the_users_own_is_run_once_for_an_event_by_whoever_sees_it_first(tmp_path):
    seen = tmp_path / "seen"
    script = tmp_path / "say.py"
    script.write_text(
        "import os, sys\n"
        f"with open({str(seen)!r}, 'a') as file:\n"
        "    file.write(os.environ['OAI_USAGE_EVENT'] + ' ' + sys.stdin.read().replace('\\n', '') + '\\n')\n"
        f"    assert 'OPENAI_ADMIN_KEY' not in os.environ\n"
    )
    with Served(datetime.now(UTC)) as api:
        told = settings(tmp_path, f'on_event = ["{sys.executable}", "{script}"]')
        for _ in range(2):
            with watch(api, told, "--events", "spent", stdout=subprocess.PIPE) as watched:
                assert "spent" in watched.stdout.readline()
                assert processes.eventually(lambda: seen.exists() and seen.read_text().count("\n") == 2)
                watched.send_signal(signal.SIGINT)
                _, errors = watched.communicate(timeout=30)
                assert (watched.returncode, errors) == (0, "")
    happened = [line.split(" ", 1) for line in seen.read_text().splitlines()]
    assert sorted(name for name, _ in happened) == ["spent", "threshold"]
    assert all(json.loads(facts)["event"] == name for name, facts in happened)
    assert KEY not in seen.read_text()


def test_it_ends_where_nobody_reads_any_more(tmp_path):
    reader, writer = os.pipe()
    os.close(reader)
    with Served(datetime.now(UTC)) as api, watch(api, settings(tmp_path), stdout=writer) as watched:
        os.close(writer)
        _, errors = watched.communicate(timeout=30)
    assert (watched.returncode, errors) == (0, "")


def test_a_reader_who_takes_nothing_does_not_keep_it_from_ending(tmp_path):
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    while True:
        try:
            os.write(writer, b"x" * 4096)
        except BlockingIOError:
            break
    os.set_blocking(writer, True)
    with Served(datetime.now(UTC)) as api, watch(api, settings(tmp_path), stdout=writer) as watched:
        assert processes.eventually(lambda: len(api.asked) > 2)
        watched.send_signal(signal.SIGTERM)
        watched.communicate(timeout=30)
    os.close(reader)
    os.close(writer)
    assert watched.returncode == 0


def test_an_event_that_there_is_not_is_refused_with_those_that_there_are(tmp_path):
    told = settings(tmp_path)
    with Served(datetime.now(UTC)) as api:
        found = watch(api, told, "--events", "fire", stdout=subprocess.PIPE)
        _, errors = found.communicate(timeout=30)
    assert found.returncode == 2
    assert "must be of threshold, runs-out" in errors


def test_a_command_that_ends_with_us_is_run_again_by_the_next_one(tmp_path):
    seen = tmp_path / "seen"
    script = tmp_path / "say.sh"
    script.write_text(f"echo begun >> {seen}; test -e {tmp_path}/quick || sleep 600; echo done >> {seen}\n")
    with Served(datetime.now(UTC)) as api:
        told = settings(tmp_path, f'on_event = ["sh", "{script}"]', "thresholds = [100]")
        with watch(api, told, "--events", "spent", stdout=subprocess.PIPE) as watched:
            assert processes.eventually(lambda: seen.exists() and seen.read_text().count("begun") == 2)
            watched.send_signal(signal.SIGTERM)
            watched.communicate(timeout=30)
        (tmp_path / "quick").touch()
        with watch(api, told, "--events", "spent", stdout=subprocess.PIPE) as watched:
            assert processes.eventually(lambda: seen.read_text().count("done") == 2)
            watched.send_signal(signal.SIGTERM)
            watched.communicate(timeout=30)
    assert seen.read_text().count("begun") == 4


def test_it_ends_where_the_reader_is_gone_before_anything_happens(tmp_path):
    with (
        Served(datetime.now(UTC)) as api,
        watch(api, settings(tmp_path), "--events", "reset", stdout=subprocess.PIPE) as watched,
    ):
        watched.stdout.close()
        assert watched.wait(timeout=30) == 0


def test_what_cannot_be_written_is_said_and_is_no_success(tmp_path):
    with (
        Served(datetime.now(UTC)) as api,
        Path("/dev/full").open("w") as full,
        watch(api, settings(tmp_path), "--events", "spent", stdout=full) as watched,
    ):
        _, errors = watched.communicate(timeout=30)
    assert watched.returncode == 2
    assert "The output cannot be written (No space left on device)." in errors
