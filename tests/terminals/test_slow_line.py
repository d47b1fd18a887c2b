"""Over SSH on a slow line: keys, ticks, another size, a line that stands still, one that drops, and a return."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import processes
from tests.support.terminal import Terminal
from tests.terminals import demo_at
from tests.terminals.places import ENVIRONMENT, InPty, in_pty, needs, same
from tests.terminals.sessions import ThroughScreen, sshd
from tests.terminals.slow_line import slow_line
from tui.domain.bounds import LEAST_LIVE

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300), needs("sshd", "ssh", "ssh-keygen")]


def both(pair: tuple[InPty, InPty], *keys: str) -> None:
    for place in pair:
        for key in keys:
            place.press(key)


def test_a_slow_line_shows_in_the_end_what_the_plain_driver_shows_here(tmp_path: Path):
    clock = tmp_path / "clock"
    demo_at.put(clock)
    live = ("--live", str(LEAST_LIVE))
    with (
        sshd(tmp_path / "sshd") as server,
        slow_line(server.port) as line,
        in_pty(server.client(demo_at.command(clock, *live), line.port), tmp_path) as far,
        in_pty(demo_at.command(clock, *live, "--plain-driver"), tmp_path) as near,
    ):
        pair = (far, near)
        same(far, near, "read 14:00:00", "the start")
        both(pair, "G", "k", "space")
        same(far, near, "Sat 07 Nov ▾", "a day unfolded")
        both(pair, *("j",) * 20, *("k",) * 20)
        same(far, near, "Sat 07 Nov ▾", "many keys at once")
        demo_at.put(clock, "2026-11-20T14:01:00")
        same(far, near, "read 14:01:00", "a tick")
        for place in pair:
            place.resize(90, 30)
        same(far, near, lambda text: text.rstrip().splitlines()[-1].startswith(" Enter open"), "another size")
        line.stop()
        both(pair, "question")
        near.terminal.until("─ Keys")
        demo_at.put(clock, "2026-11-20T14:02:00")
        assert not far.terminal.shows("─ Keys", 2.0)
        line.go_on()
        same(far, near, "─ Keys", "after the line stood still")
        both(pair, "Escape")
        same(far, near, "read 14:02:00", "a tick behind the dialog")
        line.drop()
        assert far.terminal.wait() == 255
        own = str(clock).encode() + b" --live"
        assert processes.eventually(lambda: processes.arguments().count(own) == 1), "the one on this line has ended"
        with (
            in_pty(server.client(demo_at.command(clock, *live), line.port), tmp_path) as again,
            in_pty(demo_at.command(clock, *live, "--plain-driver"), tmp_path) as beside,
        ):
            same(again, beside, "read 14:00:00", "a return")


@needs("screen")
def test_what_runs_in_screen_outlives_the_line_and_is_whole_when_one_returns(tmp_path: Path):
    clock, sockets = tmp_path / "clock", tmp_path / "sockets"
    demo_at.put(clock)
    sockets.mkdir(mode=0o700)
    screen = ["env", f"SCREENDIR={sockets}", "screen", "-U", "-T", "screen-256color", "-c", "/dev/null"]
    begin = [*screen, "-S", "far", *demo_at.command(clock, "--no-live")]
    near = in_pty([*screen, "-S", "near", *demo_at.command(clock, "--no-live", "--plain-driver")], tmp_path)
    with sshd(tmp_path / "sshd") as server, slow_line(server.port) as line, near as plain:
        beside = ThroughScreen(plain.terminal)
        try:
            with in_pty(server.client(begin, line.port), tmp_path) as far:
                same(ThroughScreen(far.terminal), beside, "read 14:00:00", "the start")
                line.drop()
                assert far.terminal.wait() == 255
            with in_pty(server.client([*screen, "-D", "-r", "far"], line.port), tmp_path) as far:
                both((far, beside), "G", "space")
                same(ThroughScreen(far.terminal), beside, "Fri 06 Nov ▾", "a return")
        finally:
            for name in ("far", "near"):
                with Terminal([*screen, "-S", name, "-X", "quit"], **ENVIRONMENT) as ended:
                    ended.wait()
