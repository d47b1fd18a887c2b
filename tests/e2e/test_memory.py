"""What the user chose is there at the next start; what a flag says is for its run only."""

from __future__ import annotations

import pytest

from tests.support.cli import COMMAND
from tests.support.demo_api import Served
from tests.support.terminal import Terminal


@pytest.mark.slow
def test_the_dashboard_remembers_and_begins_as_it_is_told_to():
    with Served() as api:
        told = {"OPENAI_ADMIN_KEY": "sk-admin-x", "OPENAI_BASE_URL": api.base_url}
        with Terminal([COMMAND, "--days", "1", "--by", "project,model"], **told) as terminal:
            terminal.until("b model within project")
            terminal.until("Assistant")
            terminal.press("f")
            terminal.until(", merged")
            terminal.press("w")
            terminal.until("[7d]")
            terminal.press("q")
            assert terminal.wait() == 0
        with Terminal([COMMAND, "--days", "1", "--project", "research"], **told) as terminal:
            terminal.until("b model, merged")
            terminal.until("project: Research")
            terminal.until("[2d]")
            terminal.press("q")
            assert terminal.wait() == 0
        with Terminal([COMMAND], **told) as terminal:
            terminal.until("[7d]")
            terminal.press("q")
            assert terminal.wait() == 0
