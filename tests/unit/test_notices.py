"""Notes: one at a time, where nothing is read, gone with Escape, and never over a dialog."""

from __future__ import annotations

from tui.ui.notices import Notice, Notices


class Shelf:
    """What is shown, and the timers that were set; those that still run can be let pass."""

    def __init__(self) -> None:
        self.shown: list[str | None] = []
        self.timers: list[list] = []
        self.notices = Notices(lambda notice: self.shown.append(notice and notice.words), self.later)

    def later(self, seconds, then):
        timer = [True, then]
        self.timers.append(timer)

        class Stops:
            def stop(self) -> None:
                timer[0] = False

        return Stops()

    def passes(self) -> None:
        running = [then for is_running, then in self.timers if is_running]
        self.timers.clear()
        for then in running:
            then()


def note(words: str) -> Notice:
    return Notice(words, "information", 5.0)


def test_the_answer_to_a_key_replaces_what_stands_and_what_it_is_not_about_waits():
    shelf = Shelf()
    shelf.notices.add(note("copied"))
    shelf.notices.add(note("no costs"), waits=True)
    shelf.notices.add(note("no costs"), waits=True)
    shelf.notices.add(note("saved"))
    assert shelf.shown == ["copied", "saved"]
    shelf.passes()
    assert shelf.shown[-1] == "no costs"
    shelf.passes()
    assert shelf.shown[-1] is None
    assert not shelf.notices.dismiss()


def test_a_note_that_is_repeated_stands_once_and_as_long_as_a_new_one():
    shelf = Shelf()
    shelf.notices.add(note("no costs"), waits=True)
    shelf.notices.add(note("no costs"), waits=True)
    assert sum(is_running for is_running, _ in shelf.timers) == 1
    assert shelf.notices.dismiss()
    assert shelf.shown[-1] is None
