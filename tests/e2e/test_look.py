"""Themes, terminals without colours, and terminals without blocks and lines."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.support.builders import NOW, source
from tests.support.cli import COMMAND, run
from tests.support.terminal import Terminal
from tui.config.catalogue import effective_catalogue
from tui.config.schema import Config
from tui.domain.time import last_days
from tui.domain.usage import Bucket, Report
from tui.engine.level import Failure, Loading
from tui.engine.notes import Notes
from tui.engine.session import Session
from tui.engine.state import Snapshot
from tui.engine.timer import RefreshTimer
from tui.ui.widgets import status_line

STYLES = re.compile(rb"\x1b\[([\d;]*)m")

COLOURS = {*range(30, 39), *range(40, 49), *range(90, 98), *range(100, 108)}


def colours(received: bytes) -> set[int]:
    return {int(code or 0) for codes in STYLES.findall(received) for code in codes.split(b";")} & COLOURS


def test_without_colours_no_colour_is_sent():
    with Terminal([COMMAND, "--demo", "--no-live"], NO_COLOR="1") as terminal:
        terminal.until("all models")
        terminal.until("small")
        terminal.press("T")
        terminal.until("NO_COLOR is set")
        terminal.press("?")
        terminal.until("─ Keys ─")
        assert not colours(terminal.received)
        assert b"\x1b[7m" in terminal.received or b";7m" in terminal.received, "the cursor is reversed"


def test_an_empty_no_color_says_nothing():
    with Terminal([COMMAND, "--demo", "--no-live"], NO_COLOR="") as terminal:
        terminal.until("all models")
        assert colours(terminal.received)


@pytest.mark.parametrize("driver", [[], ["--plain-driver"]])
def test_ascii_is_all_that_is_sent_where_that_was_asked_for(driver):
    with Terminal(
        [COMMAND, "--demo", "--no-live", "--ascii", *driver], LC_ALL="C", LANG="C", PYTHONUTF8="0"
    ) as terminal:
        terminal.until("all models")
        terminal.until("o small =")
        terminal.press("?")
        terminal.until("- Keys -")
        assert terminal.received.isascii()


def test_a_theme_that_there_is_not_is_refused_by_name():
    done = run("--demo", "--theme", "sepia")
    assert (done.returncode, done.stdout) == (2, ""), "an export has no theme, and a typing error is one all the same"
    assert "--theme: there is no theme sepia. There are: dark, light, ansi, " in done.stderr
    with Terminal([COMMAND, "--demo", "--theme", "sepia"]) as terminal:
        assert terminal.wait() == 2
        assert "no theme sepia" in terminal.text
        assert "gruvbox" in terminal.text


def said(**changes) -> str:
    """The state line of a run, in words and signs only."""
    run = Session(source(), lambda: NOW, 6, effective_catalogue(Config()), live=60)
    at = NOW - timedelta(minutes=1)
    level = replace(run.initial().days, fetched_at=at, fresh=True, report=source_report(run))
    state = replace(run.initial(), levels=(replace(level, **changes.pop("level", {})),), **changes)
    return status_line.words(state, run, NOW, (), "r").plain


def source_report(run: Session) -> Report:
    return run.initial().days.report.with_buckets([Bucket(NOW.replace(hour=0, minute=0))])


def test_without_colours_every_state_of_the_data_can_be_told_from_the_others():
    timer = RefreshTimer(60)
    lines = [
        said(timer=timer),
        said(timer=replace(timer, on=False)),
        said(timer=replace(timer, asleep=True)),
        said(level={"failure": Failure("no", NOW)}),
        said(level={"fresh": False}),
        said(level={"loading": Loading(NOW, Report(last_days(NOW, 6)))}),
        said(level={"loading": Loading(NOW - timedelta(seconds=5), Report(last_days(NOW, 6)))}),
        said(level={"loading": Loading(NOW, Report(last_days(NOW, 6))), "fresh": False}),
        said(snapshot=Snapshot(notes=Notes(others=("something",)))),
    ]
    assert len({line.strip() for line in lines}) == len(lines)


def test_the_demo_from_the_screen_without_a_key_looks_as_was_wanted(tmp_path, monkeypatch):
    config = tmp_path / "config" / "oai-usage-tui" / "config.toml"
    config.parent.mkdir(parents=True)
    config.write_text("ascii = true\nmouse = false\n")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.delenv("OPENAI_ADMIN_KEY", raising=False)
    with Terminal([COMMAND], LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0") as terminal:
        terminal.until("An admin key is needed")
        terminal.press("d")
        terminal.until("o small =")
        assert terminal.received.isascii()
        assert b"?1000h" not in terminal.received
        terminal.press("q")
        assert terminal.wait() == 0
