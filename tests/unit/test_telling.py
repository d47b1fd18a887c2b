"""What follows from an event and needs the terminal, of this organization and of others."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from tests.support.builders import TODAY
from tui.domain.alerts import Alert, Crossing
from tui.domain.what import What
from tui.engine.effects import YOUR_COMMAND, Notify, Ring, Tell
from tui.ui import telling


class Screen:
    """Notes what is told."""

    def __init__(self, *, bell: bool = True, profile: str = "") -> None:
        self.session = SimpleNamespace(bell=bell, profile=profile, clock=lambda: TODAY)
        self.app = SimpleNamespace(bell=lambda: self.rung.append(True))
        self.rung: list[bool] = []
        self.notes: list[tuple[str, str]] = []
        self.told: list[str] = []

    def notify(self, words: str, *, title: str, **_: Any) -> None:
        self.notes.append((title, words))

    def post_message(self, words: str) -> None:
        self.told.append(words)

    Told = staticmethod(lambda words: words)


@pytest.mark.parametrize("bell", [True, False])
def test_the_bell_rings_where_it_is_wanted(bell):
    screen = Screen(bell=bell)
    telling.perform(screen, Ring())
    assert screen.rung == [True] * bell


def test_what_goes_wrong_is_noted_and_of_others_only_the_users_command():
    screen = Screen()
    telling.perform(screen, Notify("Costs", "refused\x1b[2J"))
    telling.perform(screen, Notify("Costs", "refused"), "acme")
    telling.perform(screen, Notify(YOUR_COMMAND, "failed"), "acme")
    titles, words = zip(*screen.notes, strict=True)
    assert titles == ("Costs", f"acme: {YOUR_COMMAND}"), "the list of organizations says the rest"
    assert "\x1b" not in words[0]


def alert(what: What) -> Alert:
    return Alert(Crossing(what, TODAY, "large", project="p"), tokens=5, usual=1)


@pytest.mark.parametrize("what", What)
def test_everything_is_told_where_nobody_looks_and_what_no_part_of_the_screen_says_is_noted_too(what):
    screen = Screen()
    telling.perform(screen, Tell(alert(what)))
    assert len(screen.told) == 1
    noted = {What.NOTHING_FREE, What.PROJECT_BILLED, What.SPIKE}
    assert [words for _, words in screen.notes] == screen.told * (what in noted)


def test_another_organization_is_named():
    screen = Screen(profile="work")
    telling.perform(screen, Tell(alert(What.SPENT)))
    telling.perform(screen, Tell(alert(What.SPENT)), "acme")
    assert [words.partition(":")[0] for words in screen.told] == ["work", "acme"]
