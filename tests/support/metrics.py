"""`serve` as a process, what it serves, and what docs/prometheus.md says of that."""

from __future__ import annotations

import re
import socket
import subprocess
import urllib.request

from prometheus_client.openmetrics.parser import text_string_to_metric_families

from tests.support.builders import KEY
from tests.support.cli import COMMAND
from tests.support.demo_api import Served
from tests.support.paths import ROOT

DOCS = ROOT / "docs"
PAGE = (DOCS / "prometheus.md").read_text(encoding="utf-8")
NAMED = set(re.findall(r"^\| `(openai_\w+)`", PAGE, re.MULTILINE))
"""The metrics of the page's table."""

TOLD = {"OPENAI_ADMIN_KEY": KEY, "HOME": "/nonexistent"}


def block(language: str, begins: str = "") -> str:
    """The page's first block of code in this language that begins so."""
    found = re.search(rf"```{language}\n({begins}.*?)```", PAGE, re.DOTALL)
    assert found is not None, begins
    return found[1]


def serve(api: Served, *arguments: str) -> subprocess.Popen[str]:
    """Serve the metrics of this API."""
    command = [COMMAND, "serve", "--base-url", api.base_url, *arguments]
    return subprocess.Popen(command, env=TOLD, text=True, stderr=subprocess.PIPE)


def address_of(served: subprocess.Popen[str]) -> str:
    """Where it serves, as it says at first."""
    assert served.stderr is not None
    return served.stderr.readline().split()[-1]


def scraped(address: str) -> str:
    """What is served there."""
    with urllib.request.urlopen(address, timeout=30) as answer:
        return answer.read().decode()


def names_of(exposition: str) -> set[str]:
    """The names of all samples, as a program reads them."""
    return {sample.name for family in text_string_to_metric_families(exposition) for sample in family.samples}


def free_port() -> int:
    """A port of loopback that nobody has."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]
