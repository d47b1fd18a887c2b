"""The scripts of docs/runs-and-alerts.md do what they say, with the tools that they name."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from tests.support.builders import TODAY
from tui.domain.alerts import Alert, Crossing
from tui.domain.what import What
from tui.output import alerts, json_text

PAGE = (Path(__file__).parent.parent.parent / "docs" / "runs-and-alerts.md").read_text(encoding="utf-8")
ALERT = Alert(Crossing(What.RUNS_OUT, TODAY, "large"), 56, 108_368, ends=TODAY.replace(hour=18, minute=5))
FACTS = alerts.facts(ALERT, "default")


def script(heading: str) -> str:
    """The script that stands below this word."""
    found = re.search(rf"^{heading}.*?:\n\n```sh\n(.*?)```", PAGE, re.MULTILINE | re.DOTALL)
    assert found is not None, heading
    return found[1]


@contextmanager
def listening() -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """A loopback server that notes what is posted: the head `Title`, and the body."""
    posted: list[tuple[str, str]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            posted.append((self.headers.get("Title", ""), body))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/", posted
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def told(text: str, folder: Path, **environment: str) -> None:
    """Run a script as `on_event` runs it."""
    place = folder / "tell"
    place.write_text(text)
    place.chmod(0o755)
    path = f"{folder}:/usr/local/bin:/usr/bin:/bin"
    told = {"PATH": path, **alerts.environment(FACTS), **environment}
    subprocess.run([str(place)], env=told, input=json_text.line(FACTS).encode(), check=True, timeout=30)


def needs(*tools: str) -> None:
    for tool in tools:
        if shutil.which(tool) is None:
            pytest.skip(f"{tool} is not installed")


def test_ntfy(tmp_path):
    needs("curl")
    with listening() as (url, posted):
        told(script("ntfy"), tmp_path, NTFY_URL=url)
    assert posted == [("OpenAI runs-out", FACTS["message"])]


def test_slack(tmp_path):
    needs("curl", "jq")
    with listening() as (url, posted):
        told(script("Slack"), tmp_path, SLACK_WEBHOOK_URL=url)
    assert [json.loads(body) for _, body in posted] == [{"text": FACTS["message"]}]


@pytest.mark.parametrize(("heading", "tool"), [("Mail", "mail"), ("Only some events", "notify-send")])
def test_tools_of_the_desktop_and_of_mail_are_given_the_sentence(heading, tool, tmp_path):
    said = tmp_path / "said"
    stand_in = tmp_path / tool  # neither is on a test machine: what they are given is what counts
    stand_in.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > {said}; [ {tool} = mail ] && cat >> {said}; exit 0\n')
    stand_in.chmod(0o755)
    told(script(heading), tmp_path)
    assert FACTS["message"] in said.read_text()


def test_the_unit_names_a_command_that_there_is_and_keeps_the_key_out_of_its_arguments():
    unit = PAGE[PAGE.index("[Unit]") : PAGE.index("[Install]")]
    assert "oai-usage-tui watch\n" in unit
    assert "LoadCredential=admin-key:" in unit
    assert "sk-admin" not in PAGE
