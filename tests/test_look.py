"""Themes, terminals without colours, and terminals without blocks and lines."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from textual.color import Color
from textual.theme import BUILTIN_THEMES, Theme

from tests.program import COMMAND, run
from tests.screen import dashboard
from tests.terminal import Terminal
from tests.world import FREE, NOW, Memory, day, row, source
from tui.config.catalogue import effective_catalogue
from tui.config.schema import Config
from tui.domain.time import last_days
from tui.domain.usage import Bucket, Report
from tui.engine.session import Session
from tui.engine.state import Failure, Loading, Snapshot
from tui.engine.timer import RefreshTimer
from tui.errors import KeyRefused
from tui.ui import theme
from tui.ui.app import Appearance
from tui.ui.terminal.ascii import plain
from tui.ui.widgets import status_line

STYLES = re.compile(rb"\x1b\[([\d;]*)m")
COLOURS = {*range(30, 39), *range(40, 49), *range(90, 98), *range(100, 108)}
TEXT = (theme.INPUT, theme.OUTPUT, theme.FAINT, theme.MUTED, theme.WARNING, theme.ERROR, theme.GOOD)


def luminance(colour: Color) -> float:
    """As WCAG 2.1 has it."""
    parts = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour.normalized]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def seen_apart(one: Color, other: Color) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def colour(of: Theme, name: str) -> str:
    return of.variables[name.removeprefix("$")]


@pytest.mark.parametrize("own", [theme.DARK, theme.LIGHT])
def test_all_words_can_be_read_on_their_ground(own):
    for name in TEXT:
        for ground in (own.background, own.panel):
            contrast = seen_apart(Color.parse(colour(own, name)), Color.parse(ground))
            assert contrast >= 4.5 if name != theme.FAINT else contrast >= 4.0, (name, ground, contrast)


@pytest.mark.parametrize("name", theme.NAMES)
async def test_the_dashboard_is_drawn_in_each_theme(name):
    async with dashboard(source(), appearance=Appearance(theme=name)) as board:
        assert board.app.theme == name
        assert "gpt-6-sol" in board.text()


def test_a_strange_theme_has_a_style_for_everything():
    for strange in (each for each in BUILTIN_THEMES.values() if not each.ansi):
        styles = theme.rich_styles(theme.variables_of(strange))
        assert styles.keys() == theme.rich_styles(theme.DARK.variables).keys()
        assert all(styles[name].color for name in TEXT)


@pytest.mark.parametrize("name", ["light", "ansi", "gruvbox"])
async def test_what_is_on_the_screen_follows_the_theme_as_if_it_had_begun_in_it(name):
    async def picture(board) -> str:
        await board.settle()
        return re.sub(r"terminal-\d+-", "terminal-", board.app.export_screenshot())

    async with dashboard(source(), appearance=Appearance(theme=name)) as board:
        await board.press("j", "r")
        begun = await picture(board)
    async with dashboard(source()) as board:
        await board.press("j", "r")
        assert await picture(board) != begun
        board.app.theme = name
        assert await picture(board) == begun


async def test_a_theme_is_chosen_by_key_and_remembered_and_everything_is_drawn_in_it():
    remembered = []
    async with dashboard(source(), remember=lambda *what: remembered.append(what)) as board:
        before = board.app.export_screenshot()
        await board.press("T", "j", "enter")
        assert board.app.theme == "light"
        assert remembered == [("theme", "light")]
        after = board.app.export_screenshot()
        assert colour(theme.DARK, theme.INPUT) in before
        assert colour(theme.DARK, theme.INPUT) not in after
        assert colour(theme.LIGHT, theme.INPUT) in after


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
        terminal.until("o small [")
        terminal.press("?")
        terminal.until("- Keys -")
        assert terminal.received.isascii()


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=40))
def test_in_ascii_text_is_as_wide_as_before(text):
    assert plain(text).isascii()
    assert len(plain(text)) == cell_len(text)


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
        said(snapshot=Snapshot(notes=("something",))),
    ]
    assert len({line.strip() for line in lines}) == len(lines)


async def test_without_colours_pools_models_lines_and_changes_can_be_told_apart():
    sol, nano = "gpt-6-sol", "gpt-5-nano"
    found = {}
    for used in (0, 210_000, 240_000, 250_000):
        memory = Memory(day(0, row(sol, used, 0, 1, service_tier=FREE), row(nano, 5), row("other", 5)))
        async with dashboard(memory, appearance=Appearance(colours=False)) as board:
            bar = board.screen.query_one("#pools")._text.plain.splitlines()[0]
            found[used] = re.sub(r"[\d.,%k]+", "", bar)
            if used:
                glyphs = {cells[1].strip()[0] for cells in board.rows()[1:4]}
                assert glyphs == {"●", "○", "·"}
                memory.buckets[0] = day(0, row(sol, used + 1, 0, 1, service_tier=FREE), row(nano, 5), row("other", 5))
                assert "underline" not in board.app.export_screenshot()
                await board.press("r", "j")
                assert "underline" in board.app.export_screenshot()
    assert len(set(found.values())) == len(found), found


async def test_where_it_gets_too_small_what_is_typed_stays_where_it_was():
    async with dashboard(source()) as board:
        await board.press("slash", "m")
        for size in ((50, 10), (120, 40)):
            await board.pilot.resize_terminal(*size)
            await board.settle()
            await board.press("q")
            assert board.app.is_running
        assert board.screen.state.view.row_filter.words == "mqq"


async def test_where_it_gets_too_small_and_large_again_the_table_has_the_keys():
    async with dashboard(source()) as board:
        await board.pilot.resize_terminal(50, 10)
        await board.settle()
        assert "This terminal has 50 x 10." in board.text()
        await board.pilot.resize_terminal(120, 40)
        await board.settle()
        assert board.app.focused is board.table


def test_the_demo_from_the_screen_without_a_key_looks_as_was_wanted(tmp_path, monkeypatch):
    config = tmp_path / "config" / "oai-usage-tui" / "config.toml"
    config.parent.mkdir(parents=True)
    config.write_text("ascii = true\nmouse = false\n")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.delenv("OPENAI_ADMIN_KEY", raising=False)
    with Terminal([COMMAND], LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0") as terminal:
        terminal.until("An admin key is needed")
        terminal.press("d")
        terminal.until("o small [")
        assert terminal.received.isascii()
        assert b"?1000h" not in terminal.received
        terminal.press("q")
        assert terminal.wait() == 0


class Refusing:
    async def costs(self, window):
        raise KeyRefused("The key was refused (401).", status=401)


async def test_a_refused_key_gets_the_screen_that_says_how_to_make_one_and_data_stay_where_there_are_any():
    memory = source()
    memory.error = KeyRefused("The key was refused (401).", status=401)
    async with dashboard(memory, cost_source=Refusing()) as board:
        board.screen._tick()
        await board.settle()
        await board.settle()
        assert "No costs" not in board.text(), "which would say the same, over it"
        assert "An admin key is needed" in board.text()
        assert "The key was refused (401)" in board.text()
        assert "admin-keys" in board.text()
    memory = source()
    async with dashboard(memory) as board:
        memory.error = KeyRefused("The key was refused (401).", status=401)
        await board.press("r")
        assert "An admin key is needed" not in board.text()
        assert "557,482" in board.text()
