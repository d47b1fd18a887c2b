"""Rooms stay apart at run time as well: what is not needed is not loaded."""

from __future__ import annotations

import re

from tests.support.paths import PACKAGE


def test_the_environment_and_the_arguments_are_read_in_one_place():
    """Proxies are an exception, as for urllib, which looks for them itself; what Textual is to see is written."""
    package = PACKAGE
    reading = {
        path.relative_to(package).as_posix()
        for path in package.rglob("*.py")
        if re.search(r"os\.environ|os\.getenv|sys\.argv|import environ", path.read_text(encoding="utf-8"))
    }
    assert reading == {"__main__.py", "sources/openai/proxy.py", "bootstrap/terminal.py"}


def test_what_is_said_is_typed_behind_the_command_line():
    package = PACKAGE
    for path in (*(package / "bootstrap").rglob("*.py"), *(package / "commands").rglob("*.py")):
        assert not re.search(r"Mapping\[str, Any\]|\bsaid\[", path.read_text(encoding="utf-8")), path.name
