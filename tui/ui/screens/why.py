"""Why tokens were billed: the answer for one day, or one model on it."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.widgets import Static

from tui.domain import humanize, text
from tui.domain.agreement import Disagreement
from tui.domain.diagnosis import Diagnosis
from tui.domain.money import UNREAD, Costs
from tui.domain.window import DAY, Window
from tui.errors import InternalError, TuiError
from tui.report import why as report
from tui.session import agreement
from tui.session.engine import Engine
from tui.session.run import Run
from tui.ui import theme
from tui.ui.actions import bindings
from tui.ui.screens.answer import AnswerBox, AnswerScreen, title
from tui.ui.workers import reports_faults


class WhyScreen(AnswerScreen):
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

    def compose(self) -> ComposeResult:
        """Lay out one scrollable box."""
        name = "all models" if self._model is None else text.cut_middle(text.inert(self._model), 50)
        with AnswerBox(id="why") as box:
            box.border_title = title(self._engine.run, "Why", humanize.day(self._day), name)
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
            answer = Content.styled(text.inert(error.sentence), f"bold {theme.ERROR}")
        except Exception as error:  # noqa: BLE001  a fault of ours must not leave a screen that waits for ever
            answer = Content.styled(text.inert(InternalError.of(error).sentence), f"bold {theme.ERROR}")
        else:
            answer = _answer(diagnosis, self._engine.run)
            for line in report.disagreement(await self._differing()):
                answer = answer.append_text(f"\n{line}", theme.WARNING)
        self.query_one("#answer", Static).update(answer)

    async def _differing(self) -> tuple[Disagreement, ...]:
        """Return where the archive and the costs that were read disagree on this day."""

        async def known(_: Window) -> Costs:
            return self._costs

        run, window = self._engine.run, Window(self._day, self._day + DAY)
        return await agreement.compared(run.memory, known, run.catalogue, run.clock(), window)


def _answer(diagnosis: Diagnosis, run: Run) -> Content:
    answer = Content()
    answer = answer.append_text(f"{report.total(diagnosis)}\n", "bold")
    for line in report.spent_pools(diagnosis):
        answer = answer.append_text(f"{line}\n", theme.WARNING)
    for reason in diagnosis.reasons:
        answer = answer.append_text(f"\n{humanize.full(reason.tokens)} billed", f"bold {theme.OUTPUT}")
        answer = answer.append_text(f"  {report.words(reason)}\n")
        answer = answer.append_text(f"{report.evidence(reason)}\n", theme.MUTED)
        answer = answer.append_text(f"→ {report.advice(reason)}\n", theme.INPUT)
    for line in report.notes(diagnosis, run.catalogue):
        answer = answer.append_text(f"\n{line}", theme.FAINT)
    return answer
