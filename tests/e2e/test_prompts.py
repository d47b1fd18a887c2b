"""The lines for prompts and status lines that the documentation has, as they are written there."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tomllib
import uuid
from pathlib import Path

import pytest

from tests.support.builders import KEY
from tests.support.cli import COMMAND
from tests.support.demo_api import Served, afternoon
from tests.support.terminal import Terminal

PAGE = (
    (Path(__file__).parent.parent.parent / "docs" / "scripts.md")
    .read_text(encoding="utf-8")
    .partition("## Prompts and status lines\n")[2]
)
FIRST, WITH_WORDS = re.findall(r"```tmux\n(.*?)```", PAGE, re.DOTALL)
PERCENT = r"large [\d.]+%"


@pytest.fixture
def environment():
    with Served(afternoon()) as api:
        path = f"{Path(COMMAND).parent}:{os.environ['PATH']}"
        yield {"OPENAI_ADMIN_KEY": KEY, "OPENAI_BASE_URL": api.base_url, "PATH": path}


@pytest.mark.skipif(shutil.which("tmux") is None, reason="there is no tmux here")
@pytest.mark.parametrize("lines", [FIRST, FIRST + WITH_WORDS])
def test_tmux_shows_its_status_line(tmp_path, environment, lines):
    settings, name = tmp_path / "tmux.conf", f"oai-usage-test-{uuid.uuid4().hex}"
    settings.write_text(lines.replace("status-interval 60", "status-interval 1"))
    try:
        with Terminal(
            ["tmux", "-L", name, "-f", str(settings), "new-session", "cat"], TMUX="", **environment
        ) as terminal:
            terminal.until(lambda text: re.search(PERCENT, text.splitlines()[-1]))
    finally:
        subprocess.run(["tmux", "-L", name, "kill-server"], check=False, capture_output=True)


def test_the_commands_for_other_prompts_print_one_line(environment):
    starship = tomllib.loads(re.search(r"```toml\n(.*?)```", PAGE, re.DOTALL)[1])["custom"]["openai"]
    bash = re.search(r"\$\((.*?)\)", re.search(r"```sh\n(.*?)```", PAGE, re.DOTALL)[1])[1]
    for shell, command in ((starship["shell"], starship["command"]), (["sh"], bash)):
        done = subprocess.run(
            [*shell, "-c", command], capture_output=True, text=True, check=True, env={**os.environ, **environment}
        )
        assert re.fullmatch(rf"{PERCENT}.*\n?", done.stdout)
        assert KEY not in done.stdout
