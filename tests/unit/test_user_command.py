"""The user's own commands: what they may do to us, and that nothing of them is left."""

from __future__ import annotations

import os
import shlex
import sys

import pytest

from tui.system.user_command import MOST, Output, first_line, run_apart

LONG = 60.0


def sh(script: str) -> tuple[str, str, str]:
    return ("/bin/sh", "-c", script)


@pytest.mark.parametrize(
    ("script", "line", "status"),
    [
        ("echo key", b"key", 0),
        ("printf key", b"key", 0),
        ("printf '\\nkey\\n'", b"", 0),
        ("echo key; echo more; seq 100000", b"key", None),
        ("echo key; exec yes", b"key", None),
        ("echo key; exec >&-; exec sleep 50", b"key", None),
        ("printf key; exec >&-; exec sleep 50", b"key", None),
        ("printf key; sleep 50 &", b"key", 0),
        ("echo key; sleep 50 & exit 3", b"key", 3),
        ("exit 3", b"", 3),
        ("printf ke; sleep 0.1; printf 'y\\nmore'", b"key", 0),
    ],
)
def test_the_first_line_is_taken_as_soon_as_it_is_there(script, line, status):
    assert first_line(sh(script), LONG) == Output(line, status)


@pytest.mark.parametrize("script", ["exec tr '\\0' x < /dev/zero", f"head -c {MOST} /dev/zero | tr '\\0' x"])
def test_of_a_line_without_an_end_a_few_kilobytes_are_read(script):
    output = first_line(sh(script), LONG)
    assert (len(output.line), output.is_whole) == (MOST, False)


TELLS = f"{shlex.quote(sys.executable)} -c 'import os; print(os.getsid(0) == os.getppid())'"


async def test_a_command_apart_has_no_terminal_and_nothing_to_read(tmp_path):
    seen = tmp_path / "seen"
    script = f"{{ cat; {TELLS}; (: < /dev/tty) 2> /dev/null && echo tty; echo end; }} > {seen}"
    assert await run_apart(sh(script), os.environ, LONG) == 0
    assert seen.read_text().split() == ["True", "end"]
