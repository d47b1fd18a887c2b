"""How another package gets beside the program."""

from __future__ import annotations

import sys

import pytest

from tui.bootstrap import commands
from tui.config.args import Args
from tui.errors import BadSettings
from tui.system.installed import how_to_add


@pytest.mark.parametrize(
    ("prefix", "command"),
    [
        ("/home/me/.local/share/pipx/venvs/oai-usage-tui", "pipx inject oai-usage-tui uvicorn"),
        ("/home/me/.local/pipx/venvs/oai-usage-tui-2", "pipx inject oai-usage-tui-2 uvicorn"),
        ("/home/me/.local/share/uv/tools/oai-usage-tui", "uv pip install --python '/a b/python' uvicorn"),
        ("/home/me/.cache/uv/archive-v0/x3", "uvx --with uvicorn and the rest as you said it"),
        ("/home/me/oai-usage-tui/.venv", "'/a b/python' -m pip install uvicorn"),
    ],
)
def test_the_command_is_that_of_how_the_program_is_installed(prefix, command):
    assert how_to_add("uvicorn", prefix, "/a b/python") == command


def test_demo_server_without_its_package_says_how_to_add_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    with pytest.raises(BadSettings) as refused:
        commands.run(Args(command="demo-server"), {})
    assert refused.value.advice == f"To install it: {how_to_add('uvicorn')}"
