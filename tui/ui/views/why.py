"""Why tokens were billed: the answer for one day, or one model on it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.widgets import Static

from tui.domain import formatting, sanitize, shutdowns
from tui.domain.admin_settings import AdminSettings, Question
from tui.domain.agreement import Disagreement
from tui.domain.costs import UNREAD, Costs
from tui.domain.diagnosis import Diagnosis
from tui.domain.time import DAY, Window
from tui.engine import agreement, select
from tui.engine.admin_settings import for_diagnosis
from tui.engine.engine import Engine
from tui.engine.events import SettingsWanted
from tui.engine.session import Session
from tui.engine.state import State
from tui.errors import InternalError, TuiError
from tui.output import why as report
from tui.ui import theme
from tui.ui.actions import bindings
from tui.ui.dialogs.text import TextBox, TextDialog, title
from tui.ui.workers import reports_faults


class WhyView(TextDialog):
    """Reads the day by the hour, and says what was free, what was billed, and why."""

    BINDINGS: ClassVar[list[BindingType]] = bindings({"why": "dismiss"})

    def __init__(
        self,
        engine: Engine,
        day: datetime,
        model: str | None,
        costs: Costs = UNREAD,
    ) -> None:
        super().__init__()
        self._engine, self._day, self._model, self._costs = engine, day, model, costs
        self._diagnosis: Diagnosis | None = None
        self._differing: tuple[Disagreement, ...] = ()

    def compose(self) -> ComposeResult:
        """Lay out one scrollable box."""
        name = "all models" if self._model is None else sanitize.elide(sanitize.clean(self._model), 50)
        with TextBox(id="why") as box:
            box.border_title = title(self._engine.session, "Why", formatting.day(self._day), name)
            box.border_subtitle = "Esc closes"
            yield Static(Content.styled("reading the day by the hour", theme.FAINT), id="answer")

    def on_mount(self) -> None:
        """Ask."""
        self._read()

    @work(exclusive=True, group="why", exit_on_error=False)
    @reports_faults
    async def _read(self) -> None:
        try:
            diagnosis = await self._engine.diagnose(self._day, self._model)
        except TuiError as error:
            answer = Content.styled(sanitize.clean(error.sentence), f"bold {theme.ERROR}")
        except Exception as error:  # noqa: BLE001  a fault of ours must not leave a screen that waits for ever
            answer = Content.styled(sanitize.clean(InternalError.of(error).sentence), f"bold {theme.ERROR}")
        else:
            self._diagnosis = diagnosis
            self._show()
            self._engine.dispatch(SettingsWanted(self.questions()))
            self._differing = await self._compared()
            self._show()
            return
        self.query_one("#answer", Static).update(answer)

    def questions(self) -> tuple[Question, ...]:
        """Return which settings can prove what is shown."""
        return () if self._diagnosis is None else for_diagnosis(self._diagnosis)

    def know(self, state: State) -> None:
        """Show what the project's settings prove, as it becomes known."""
        if self.is_mounted and self._diagnosis is not None:
            known, session = self._diagnosis, self._engine.session
            again = select.diagnosis(state, session.clock(), known.day, known.model, session.prices)
            self._diagnosis = replace(again, notes=known.notes)
            self._show()

    def _show(self) -> None:
        if self._diagnosis is None:
            return
        answer = _answer(self._diagnosis, self._engine.session, self._engine.state.admin_settings)
        for line in report.disagreement(self._differing):
            answer = answer.append_text(f"\n{line}", theme.WARNING)
        self.query_one("#answer", Static).update(answer)

    async def _compared(self) -> tuple[Disagreement, ...]:
        """Return where the archive and the costs that were read disagree on this day."""

        async def known(_: Window) -> Costs:
            return self._costs

        session, window = self._engine.session, Window(self._day, self._day + DAY)
        return await agreement.compared(session.memory, known, session.catalogue, session.clock(), window)


def _answer(diagnosis: Diagnosis, session: Session, settings: AdminSettings) -> Content:
    answer = Content()
    answer = answer.append_text(f"{report.total(diagnosis)}\n", "bold")
    for line in report.spent_pools(diagnosis):
        answer = answer.append_text(f"{line}\n", theme.WARNING)
    for reason in diagnosis.reasons:
        answer = answer.append_text(f"\n{formatting.full(reason.tokens)} billed", f"bold {theme.OUTPUT}")
        answer = answer.append_text(f"{report.cost(reason)}  {report.words(reason)}\n")
        answer = answer.append_text(f"{report.proof(reason)}\n", theme.MUTED)
        for _, line in report.proofs(reason, settings):
            answer = answer.append_text(f"{line}\n", theme.WARNING)
        answer = answer.append_text(f"→ {report.advice(reason, settings)}\n", theme.INPUT)
    for line in report.of_all(diagnosis, settings):
        answer = answer.append_text(f"\n{line}", theme.WARNING)
    ending = session.ending(diagnosis.models if diagnosis.model is None else (diagnosis.model,))
    for line in shutdowns.words(ending, session.clock().date()):
        answer = answer.append_text(f"\n{line}", theme.WARNING)
    for line in report.notes(diagnosis, session.catalogue):
        answer = answer.append_text(f"\n{line}", theme.FAINT)
    return answer
