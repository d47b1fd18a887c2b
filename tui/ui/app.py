"""The application: which screen stands, and how the program ends."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from rich.console import RenderableType
from rich.theme import Theme as RichTheme
from rich.theme import ThemeStackError
from textual import events, work
from textual.app import App, ScreenStackError, SystemCommand
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.css.query import NoMatches
from textual.driver import Driver
from textual.screen import Screen
from textual.widget import MountError
from textual.widgets import Input
from textual.worker import WorkerFailed

from tui.domain import sanitize
from tui.engine.organizations import Organizations
from tui.engine.session import Session
from tui.ui import exporting, gc_tuning, layout, theme
from tui.ui.actions import ACTIONS
from tui.ui.actions.action import Action
from tui.ui.actions.keymap import displaced
from tui.ui.actions.profiles import ShowInstead
from tui.ui.beginning import FirstFrame
from tui.ui.dashboard import DashboardScreen
from tui.ui.dialogs.key import KeyDialog
from tui.ui.last_screen import EVERY, SOON, Keep, LastScreen, last_screen
from tui.ui.notices import Notice, Notices, Severity
from tui.ui.terminal import driver_choice
from tui.ui.terminal.notification import Notifications
from tui.ui.terminal.standing import Standing
from tui.ui.workers import is_of_a_closed_screen, report_lost_faults, reports_faults

_EVERYWHERE = {"suspend": "suspend_process", "repaint": "repaint", "palette": "command_palette"}
"""Actions that work in dialogs too, and what Textual calls them."""


@dataclass(frozen=True, slots=True)
class Appearance:
    """How the dashboard looks: the name of its theme, whether in ASCII, whether in colours, sent as Textual does."""

    theme: str = theme.DARK.name
    ascii: bool = False
    colours: bool = True
    plain_driver: bool = False


class _Dashboard(DashboardScreen):
    """The dashboard, which draws nothing as long as nothing is sent: all of it would be drawn again."""

    def _compositor_refresh(self) -> None:
        if not getattr(self.app._driver, "is_held", False):  # noqa: SLF001  Textual names no other way
            super()._compositor_refresh()


class UsageApp(App[ShowInstead], inherit_bindings=False):
    """The dashboard of one session, or, without one, what is missing for it; it returns what is wanted instead."""

    TITLE = "oai-usage-tui"
    CSS_PATH = "app.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+c,ctrl+q", "quit", show=False, priority=True)]
    ENABLE_COMMAND_PALETTE = False  # with a key of Textual's; it is opened by an action of ours

    _is_ready = False
    last: LastScreen | None = None
    """What was shown at the end."""

    ended_by: int | None = None
    """The signal that told it to end."""

    def __init__(
        self,
        session: Session | None,
        problem: str = "",
        config: str = "config.toml",
        appearance: Appearance = Appearance(),
        *,
        actions: Sequence[Action] = ACTIONS,
        save: exporting.Save | None = None,
        organizations: Organizations | None = None,
        profile: str = "",
        notifications: Notifications | None = None,
        notice: str = "",
        standing: Standing | None = None,
        keep: Keep | None = None,
    ) -> None:
        self._plain_driver = appearance.plain_driver  # asked for while the application is made
        self._notices = Notices(self._show_notice, self.set_timer)
        self.is_ascii = self._is_ascii_wanted = appearance.ascii
        super().__init__(ansi_color=None if appearance.colours else True)
        self.animation_level = "none"  # each step of it would be sent
        self.use_command_palette = True
        self.actions, self._config = actions, config
        self._organizations, self._profile = organizations, profile
        self._outside = notifications or Notifications()
        self.terminal_name, self._notice = "", notice
        self._standing, self._keep = standing, keep
        self._first_frame = FirstFrame(lambda: self._driver, over_a_frame=standing is not None)
        self.save = save if session is None else session.save
        self._everywhere = {
            key: _EVERYWHERE[action.name] for action in actions if action.name in _EVERYWHERE for key in action.keys
        }
        changed = (own for own, usual in zip(actions, ACTIONS, strict=True) if own.keys != usual.keys)
        self.set_keymap({action.name: ",".join(action.keys) for action in changed})
        self._first = (
            KeyDialog(problem, config, actions, organizations, profile)
            if session is None
            else _Dashboard(session, actions, organizations)
        )
        for own in (*theme.OWN.values(), theme.MONOCHROME):
            self.register_theme(own)
        self.theme = appearance.theme if appearance.colours else theme.MONOCHROME.name
        self.watch_theme()

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Return what the themes that come with Textual lack."""
        return theme.variables_of(self.current_theme)

    def watch_theme(self) -> None:
        """Let what is drawn by Rich, the cells of the table, follow the theme as all else does by itself."""
        with suppress(ThemeStackError):  # the first one replaces none
            self.console.pop_theme()
        self.console.push_theme(RichTheme(theme.rich_styles(self.get_css_variables()), inherit=False))

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: Severity = "information",
        timeout: float | None = None,
        markup: bool = True,
    ) -> None:
        """Show a note. One with a title is about something else than the key that was pressed last: it waits."""
        message = Content.from_markup(message).plain if markup else message
        words = f"{title}: {message}" if title else message
        seconds = self.NOTIFICATION_TIMEOUT if timeout is None else timeout
        self._notices.add(Notice(words, severity, seconds), waits=bool(title))

    def _show_notice(self, notice: Notice | None) -> None:
        """Put a note on the last line of the frames, or below a dialog."""
        self.clear_notifications()
        if notice is not None:
            layout.place_note(self.screen)
            super().notify(notice.words, severity=notice.severity, timeout=notice.seconds + 1, markup=False)

    def take_standing(self) -> Standing | None:
        """Return what stands on the terminal before the first frame, once."""
        standing, self._standing = self._standing, None
        return standing

    def exit(
        self, result: ShowInstead | None = None, return_code: int = 0, message: RenderableType | None = None
    ) -> None:
        """End, and keep what is shown for the next start, unless it ends by a fault."""
        if return_code != 1:
            self.last = self._last_screen() or self.last
        super().exit(result, return_code, message)

    def _last_screen(self) -> LastScreen | None:
        """Return what is shown, where the next start begins so: no dialog, and no note."""
        shown = getattr(self._driver, "shown", None)
        is_wanted = self._keep is not None and shown is not None and self._is_ready and not self._notices.stands
        return last_screen(self.screen, shown(), is_ascii=self.is_ascii) if is_wanted and shown is not None else None

    @work(exit_on_error=False)
    @reports_faults
    async def _keep_what_is_shown(self) -> None:
        found = self._last_screen()
        if found is not None and self._keep is not None:
            await asyncio.to_thread(self._keep, found)

    def get_driver_class(self) -> type[Driver]:
        """Return the driver for this platform."""
        return driver_choice.chosen(super().get_driver_class(), is_plain=self._plain_driver)

    def draw_in_ascii(self) -> None:
        """Draw with what every terminal draws in one cell: this one takes two for the rest, and figures vanish."""
        self.is_ascii = True
        if self._is_ready:
            self.on_ready()

    def on_ready(self) -> None:
        """Say how it is drawn, where the terminal has told why: it may do so before there is a screen."""
        if not self._is_ready:
            if self._notice:
                self.notify(sanitize.clean(self._notice), title="Organization", timeout=15, markup=False)
            for words in displaced(self.actions):
                self.notify(words, title="Keys", markup=False)
        is_told, self._is_ready = self.is_ascii and not self._is_ascii_wanted, True
        if is_told:
            self.action_repaint()
            words = "This terminal draws ● and █ in two cells each, so all is drawn in ASCII (as with --ascii)."
            self.notify(words, title="Drawing", timeout=10, markup=False)

    @work(exit_on_error=False)
    @reports_faults
    async def notify_outside(self, words: str) -> None:
        """Let the terminal itself show this, where it can: it is seen though nobody looks here, and through SSH."""
        found = await self._outside.sequence(words, self.terminal_name)
        if found is not None and self._driver is not None:
            self._driver.write(found)

    def action_picture(self) -> None:
        """Save the screen as it is as a picture."""
        exporting.save(self.screen, ".svg", self.export_screenshot)

    def on_dashboard_screen_told(self, event: DashboardScreen.Told) -> None:
        """Tell it in the terminal's own way."""
        self.notify_outside(event.words)

    def on_dashboard_screen_drawn(self, event: DashboardScreen.Drawn) -> None:
        """Let the terminal show what was drawn."""
        self._first_frame.drawn(is_read=event.is_read)

    def action_command_palette(self) -> None:
        """Open the list of commands."""
        from tui.ui.dialogs.palette import Palette

        if not isinstance(self.screen, Palette):
            self.push_screen(Palette())

    def action_repaint(self) -> None:
        """Draw everything again: something else has written to the terminal."""
        forget = getattr(self._driver, "forget", None)
        if forget is not None:
            forget()
        self.screen.refresh(layout=True)

    def _handle_exception(self, error: Exception) -> None:
        """End at a fault, unless parts only miss others that are gone: at the end, or when a dialog was closed."""
        cause = error.error if isinstance(error, WorkerFailed) else error
        is_missing = isinstance(cause, NoMatches | ScreenStackError | MountError)
        if not (is_missing and (self._exit or is_of_a_closed_screen(cause, self.screen_stack))):
            super()._handle_exception(error)

    def _fatal_error(self) -> None:
        """Show where the fault is, and no values of variables, as Textual would: the admin key may be among them."""
        from rich.traceback import Traceback

        self.panic(Traceback(show_locals=False, width=None))

    def panic(self, *renderables: RenderableType) -> None:
        """End with what went wrong on the screen, and a status that says so."""
        self.exit(return_code=1)
        super().panic(*renderables)

    def on_dashboard_screen_key_pressed(self, event: DashboardScreen.KeyPressed) -> None:
        """Say what is wrong with the key, and how to make another, until it is accepted."""
        is_told = isinstance(self.screen, KeyDialog)
        if event.problem is None and is_told:
            self.pop_screen()
        elif event.problem is not None and not is_told:
            self.push_screen(KeyDialog(event.problem, self._config, self.actions, self._organizations, self._profile))

    def get_default_screen(self) -> Screen[None]:
        """Return the screen to begin with."""
        return self._first

    def on_mount(self) -> None:
        """Draw everything again after a suspension: the shell has written over it. Report what breaks anywhere."""
        report_lost_faults(self)
        if isinstance(self._first, DashboardScreen):
            self._first_frame.hold(self._first)
        self._first.screen_layout_refresh_signal.subscribe(self, layout.place_note)
        self.app_resume_signal.subscribe(self, lambda _: self.screen.refresh(layout=True))
        self.call_after_refresh(gc_tuning.begin)
        self.set_interval(gc_tuning.SELDOM, gc_tuning.seldom)
        if self._keep is not None:
            self.set_timer(SOON, self._keep_what_is_shown)
            self.set_interval(EVERY, self._keep_what_is_shown)

    async def on_event(self, event: events.Event) -> None:
        """Let Escape take away a note first, and what is pasted be one line of plain text.

        An input would send it to the terminal as it is.
        """
        if isinstance(event, events.Key):
            self._first_frame.key_pressed()
        if isinstance(event, events.Key) and event.key == "escape" and self._notices.dismiss():
            return
        if isinstance(event, events.Paste):
            event.text = sanitize.clean(event.text)
        await super().on_event(event)

    async def on_key(self, event: events.Key) -> None:
        """Do what keys do everywhere. Give what was typed right after `/` to the filter: it was on its way before.

        An input takes its own keys, so one that comes up to here while it has the focus was sent elsewhere.
        """
        if isinstance(self.focused, Input) and event.is_printable and event.character:
            event.prevent_default()
            self.focused.insert_text_at_cursor(event.character)
        elif event.key in self._everywhere:
            event.prevent_default()
            await self.run_action(self._everywhere[event.key])

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Yield the palette's commands: those that the screen can do, as long as no other one stands over it."""

        async def run(action: str) -> None:
            if screen.is_active:
                await screen.run_action(action)

        here: Mapping[str, str] = getattr(screen, "ACTIONS_HERE", {})
        for action in self.actions:
            if action.name in here and action.name != "palette":  # which is open already
                keys = f"  {', '.join(action.all_keys)}" if action.keys else ""
                yield SystemCommand(f"{action.help}{keys}", "", partial(run, here[action.name]))
