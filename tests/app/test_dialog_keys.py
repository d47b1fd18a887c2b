"""Keys that help lists work in dialogs and in the list of models as they do in the table."""

from __future__ import annotations

import pytest
from textual import events
from textual.css.query import NoMatches
from textual.widgets import OptionList
from textual.worker import WorkerFailed

from tests.support.builders import Memory, day, demo_client, row, source
from tests.support.dashboard import dashboard
from tui.sources.openai.costs import CostClient
from tui.ui.actions.keymap import remapped
from tui.ui.app import UsageApp
from tui.ui.dashboard import DashboardScreen
from tui.ui.dialogs.text import TextBox
from tui.ui.widgets.charts import ModelList
from tui.ui.workers import is_of_a_closed_screen

SMALL = (80, 24)

BOXES = {"help": "question_mark"}

TEXTS = {"why": ("i", "tab"), "money": ("dollar_sign",), "help": ("question_mark",)}

LISTS = {"sort": "s", "columns": "c", "kind": "u", "theme": "T", "group": "b"}


def many_models() -> Memory:
    """Enough models to scroll, and enough reasons to be billed for."""
    return Memory(day(0, *(row(f"model-{number:02d}", 100, project_id=f"proj_{number}") for number in range(40))))


SCROLLING = (
    (("G",), ("g",)),
    (("end",), ("home",)),
    (("ctrl+f",), ("ctrl+b",)),
    (("pagedown",), ("pageup",)),
    (("space",), ("ctrl+b",)),
    (("j", "j"), ("k", "k")),
    (("down", "down"), ("up", "up")),
)


@pytest.mark.parametrize("name", TEXTS)
async def test_a_text_is_scrolled_by_the_keys_of_the_table(name):
    async with (
        demo_client() as client,
        dashboard(client, size=(80, 21), days=1, cost_source=CostClient(client)) as board,
    ):
        await board.press(*TEXTS[name])
        shown = board.app.screen.query_one(TextBox if name == "help" else f"#{name}")
        assert shown.max_scroll_y > 0
        for forth, back in SCROLLING:
            await board.press(*forth)
            assert shown.scroll_y > 0, forth
            assert not board.app.animator.is_being_animated(shown, "scroll_y")
            assert shown.scroll_y == shown.max_scroll_y or forth not in {("G",), ("end",)}, forth
            await board.press(*back)
            assert shown.scroll_y == 0, back


@pytest.mark.parametrize("listed", LISTS)
async def test_a_list_is_walked_by_the_keys_of_the_table(listed):
    async with dashboard(source(), size=SMALL) as board:
        await board.press(LISTS[listed])
        options = board.app.screen.query_one(OptionList)
        await board.press("g")
        assert options.highlighted == 0
        await board.press("G")
        last = options.highlighted
        assert last == options.option_count - 1
        await board.press("k")
        assert options.highlighted == last - 1
        await board.press("g", "ctrl+f")
        assert options.highlighted > 0
        await board.press("ctrl+b")
        assert options.highlighted == 0
        await board.press("j", "q")
        assert isinstance(board.app.screen, DashboardScreen)


@pytest.mark.parametrize("opened", {**BOXES, **LISTS}.values())
async def test_a_picture_is_taken_of_every_dialog(opened):
    saved = []

    def save(ending: str, content: str) -> str:
        saved.append((ending, content))
        return "picture.svg"

    async with dashboard(source(), save=save) as board:
        await board.press(opened, "S")
        assert [ending for ending, _ in saved] == [".svg"]
        assert board.app.screen.__class__ is not DashboardScreen, "the dialog stays"


async def test_a_picture_is_taken_of_the_screen_that_asks_for_a_key():
    saved = []
    app = UsageApp(None, "There is no admin key.", save=lambda ending, content: saved.append(content) or "x.svg")
    async with app.run_test() as pilot:
        await pilot.press("S")
    assert "admin" in saved[0]


async def test_a_text_can_be_copied_and_written():
    saved = []
    async with dashboard(source(), save=lambda ending, content: saved.append((ending, content)) or "x.txt") as board:
        await board.press("i", "tab", "y")
        assert "Why" in board.app.clipboard
        assert "billed" in board.app.clipboard
        await board.press("e")
        assert saved == [(".txt", board.app.clipboard)]


async def test_the_users_own_keys_hold_in_dialogs():
    actions = remapped({"down": "n", "bottom": "B", "group": "x", "picture": "P"})
    saved = []
    async with dashboard(
        source(), actions=actions, save=lambda *what: saved.append(what) or "x", size=SMALL
    ) as board:
        await board.press("s", "g", "n")
        options = board.app.screen.query_one(OptionList)
        assert options.highlighted == 1
        await board.press("B")
        assert options.highlighted == options.option_count - 1
        await board.press("P", "escape", "escape")
        assert len(saved) == 1
        await board.press("question_mark", "B")
        assert board.app.screen.query_one(TextBox).scroll_y > 0


@pytest.mark.slow
@pytest.mark.parametrize(
    ("forth", "back"),
    [("G", "g"), ("end", "home"), ("ctrl+f", "ctrl+b"), ("pagedown", "pageup"), ("j", "k"), ("down", "up")],
)
async def test_after_tab_they_scroll_the_list_and_the_table_stays(forth, back):
    async with dashboard(many_models()) as board:
        await board.press("j", "tab")
        models, place = board.screen.query_one(ModelList), board.table.place
        top = models.scroll_y
        await board.press(forth)
        assert models.scroll_y > top
        assert board.table.place == place
        await board.press(back)
        assert models.scroll_y == top
        await board.press("G", "r")
        assert models.scroll_y > top, "a refresh does not take the list from under the reader"
        await board.press("tab", "j")
        assert board.table.place == place + 1


async def test_tab_says_where_the_list_is_when_it_is_not_shown():
    async with dashboard(many_models(), size=SMALL) as board:
        await board.press("tab")
        assert "The list of models is not shown" in board.text()
        await board.press("p", "p", "tab")
        assert isinstance(board.screen.focused, ModelList)


@pytest.mark.parametrize("opened_by", ["?", "ctrl+p", "T", "b", "c", "s", "u", "D"])
@pytest.mark.parametrize("key", ["escape", "enter"])
async def test_keys_that_close_a_dialog_twice_in_one_go_close_it_once(opened_by, key):
    """On a slow line both are there before the first one is done: the second is for a dialog that has gone."""
    async with dashboard(source()) as board:
        await board.press_only(opened_by)
        assert len(board.app.screen_stack) == 2
        for _ in range(3):
            board.app.post_message(events.Key(key, None))
        for _ in range(4):
            await board.pilot.pause()
        await board.settle()
        assert board.app.is_running
        assert len(board.app.screen_stack) <= 2
        assert board.screen is board.app.screen_stack[0]


@pytest.mark.parametrize("is_of_a_worker", [False, True])
async def test_what_a_closed_list_of_commands_misses_is_no_fault(is_of_a_worker):
    """As on a slow machine, where it is asked to show its lines after they are gone; of one that is open it is."""
    async with dashboard(source()) as board:
        await board.press_only("ctrl+p")
        palette = board.app.screen
        await board.press_only("escape")
        with pytest.raises(NoMatches) as caught:
            palette.query_one("#gone").focus()
        error = WorkerFailed(caught.value) if is_of_a_worker else caught.value
        board.app._handle_exception(error)
        assert board.app.is_running
        with pytest.raises(NoMatches) as caught:
            board.screen.query_one("#gone")
        assert not is_of_a_closed_screen(caught.value, board.app.screen_stack)


@pytest.mark.parametrize("keys", ["mini", "m\x1b", "mini\x1b", "d\r\x1b", "d\r\r\r", "\x1b\x1bmini", "w\rq"])
async def test_the_list_of_commands_takes_what_is_typed_while_it_closes(keys):
    names = {"\x1b": "escape", "\r": "enter"}
    async with dashboard(source()) as board:
        for _ in range(3):
            await board.press_only("ctrl+p")
            typed = [events.Key(names.get(key, key), key if key.isprintable() else None) for key in keys]
            for key in (*typed, events.Key("escape", None)):
                board.app.post_message(key)
            for _ in range(4):
                await board.pilot.pause()
            await board.press_only("escape", "escape", "escape")
        await board.settle()
        assert board.app.is_running
        assert board.screen in board.app.screen_stack
