"""Several organizations: a line for each, an engine for each, and the way from one to another."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.support.builders import CATALOGUE, NOW, TODAY, Memory, day, row, source
from tests.support.dashboard import dashboard
from tests.support.live import Time
from tui.domain.alerts import Crossing
from tui.domain.what import What
from tui.engine.organizations import Organizations
from tui.engine.session import Session
from tui.engine.state import Told
from tui.errors import ApiError, KeyMissing
from tui.ui.actions.profiles import ShowInstead
from tui.ui.app import UsageApp


def refusing() -> Memory:
    """An organization of which nothing is told."""
    memory = source()
    memory.error = ApiError("The API is out of order.")
    return memory


def session(data, clock=lambda: NOW, **options):
    return Session(data, clock, 6, CATALOGUE, live=60, **options)


class Openers:
    """Makes sessions, and counts how often."""

    def __init__(self, **data):
        self.data, self.opened = data, []

    def of(self, name):
        def open_():
            self.opened.append(name)
            found = self.data[name]
            if isinstance(found, BaseException):
                raise found
            return found

        return open_

    def organizations(self, shown="here"):
        names = ("here", *(name for name in self.data if name != "here"))
        return Organizations(shown, {name: self.of(name) for name in names})


def listed(board):
    text = board.text().splitlines()
    start = next(place for place, line in enumerate(text) if "profile" in line)
    return [line.strip("│").split() for line in text[start + 1 : start + 5]]


async def test_each_organization_has_a_line_and_a_failing_one_disturbs_none():
    openers = Openers(
        lab=session(source()), locked=KeyMissing("The vault is locked.", "Unlock it."), down=session(refusing())
    )
    async with dashboard(source(), organizations=openers.organizations()) as board:
        assert openers.opened == [], "the others are read when they are looked at"
        await board.press("6")
        await board.settle()
        here, lab, locked, down = listed(board)
        assert here[0] == "here"
        assert lab[0] == "lab"
        assert "read" in here
        assert "read" in lab
        assert locked[0] == "locked"
        assert "vault" in locked
        assert down[0] == "down"
        assert "order." in down
        await board.press("j", "j")
        assert "The vault is locked. Unlock it." in board.text()
        await board.press("escape")
        assert "Usage" in board.text()
        await board.press("6")
        assert openers.opened == ["lab", "locked", "down", "locked"], "what is read already is not begun again"


async def test_each_is_read_on_its_own_beat_and_all_are_closed():
    clock = Time()
    known = [day(ago, row()) for ago in range(7)]
    lab = Memory(*known)
    openers = Openers(lab=session(lab, clock))
    organizations = openers.organizations()
    async with dashboard(Memory(*known), clock=clock, organizations=organizations) as board:
        await clock.goes(board, minutes=5)
        assert not lab.queries
        await board.press("6")
        assert lab.queries
        for _ in range(3):
            lab.queries.clear()
            await clock.goes(board, minutes=1)
            assert 0 < len(lab.queries) <= 2, "two requests a minute and profile"
        (engine,) = organizations.engines.values()
    assert not engine._performer._background


@pytest.mark.parametrize("keys", [("6", "j", "enter"), ("O", "j", "enter")])
async def test_another_organization_is_gone_to(keys):
    openers = Openers(lab=session(source()))
    async with dashboard(source(), organizations=openers.organizations()) as board:
        await board.press(*keys)
        assert board.app.return_value == ShowInstead("lab")


async def test_to_go_where_one_is_changes_nothing():
    openers = Openers(lab=session(source()))
    async with dashboard(source(), organizations=openers.organizations()) as board:
        await board.press("O", "enter")
        await board.press("6", "enter")
        assert board.app.return_value is None
        assert board.screen.view_shown == "usage"


async def test_with_one_organization_the_keys_say_how_to_set_up_others():
    async with dashboard(source()) as board:
        assert "Organizations" not in board.text()
        for key in ("6", "O"):
            await board.press(key)
            assert "[profiles.NAME] in config.toml sets up others" in board.text()
            await board.press("escape")


async def test_what_turns_in_another_organization_is_said_with_its_name(monkeypatch):
    from tui.engine.effects import Notify, Ring

    rung = []
    openers = Openers(lab=session(source()))
    organizations = openers.organizations()
    async with dashboard(source(), organizations=organizations) as board:
        monkeypatch.setattr(board.app, "bell", lambda: rung.append(1))
        await board.press("6")
        engine = organizations.engines["lab"]
        engine._do(Notify("Your command", "it failed."))
        engine._do(Ring())
        await board.settle()
        assert "lab: Your command: it failed." in board.text()
        assert rung == [1]


async def test_who_lacks_a_key_can_go_to_another_organization():
    openers = Openers(lab=session(source()))
    app = UsageApp(None, "There is no admin key.", organizations=openers.organizations("broken"), profile="broken")
    async with app.run_test(size=(80, 30)) as pilot:
        await pilot.pause()
        await pilot.press("O", "g", "down", "enter")
        await pilot.pause()
        assert app.return_value == ShowInstead("lab")


@pytest.mark.parametrize("size", [(60, 15), (80, 24), (120, 40), (200, 60)])
async def test_whose_numbers_these_are_is_said_at_every_width(size):
    openers = Openers(lab=session(source()))
    async with dashboard(source(), size=size, place="work", organizations=openers.organizations()) as board:
        assert "work" in board.text().splitlines()[0]
        await board.press("6")
        assert "work" in board.text().splitlines()[0]
        assert all(len(line) <= size[0] for line in board.text().splitlines())


async def test_pools_of_yesterday_are_not_shown_as_todays():
    openers = Openers(lab=session(Memory(), lambda: NOW + timedelta(days=1)))
    organizations = openers.organizations()
    async with dashboard(source(), organizations=organizations) as board:
        await board.press("6")
        engine = organizations.engines["lab"]
        found = board.screen.engine.state.snapshot
        assert found.pool_inputs.today.start == TODAY
        engine.state = replace(engine.state, snapshot=found)
        board.screen.query_one("#organizations").draw_soon()
        await board.settle()
        _, lab, *_ = listed(board)
        assert "%" not in " ".join(lab)


async def test_ctrl_c_at_anothers_passphrase_ends_nothing_else():
    openers = Openers(lab=KeyboardInterrupt(), other=session(source()))
    async with dashboard(source(), organizations=openers.organizations()) as board:
        await board.press("6", "j")
        assert "Ctrl+C ended the command that gives its key." in board.text()
        _, _, other, *_ = listed(board)
        assert "read" in other


async def test_what_was_told_is_not_told_again_by_the_next_session_of_the_same_organization():
    kept = []
    before = Crossing(What.THRESHOLD, TODAY, "large", 80)
    async with dashboard(source(), told=Told(frozenset({before})), keep_told=kept.append) as board:
        assert before in board.screen.state.told
        known = board.screen.state.told
    assert kept[-1].told == known
    assert kept[-1].told
