"""Why tokens were billed: the answer for the day, the hour or the model that the cursor is on."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

from textual import events, work
from textual.content import Content

from tui.domain import formatting, sanitize, shutdowns
from tui.domain.admin_settings import Question
from tui.domain.agreement import Disagreement
from tui.domain.costs import Costs
from tui.domain.diagnosis import Diagnosis
from tui.domain.time import DAY, Window
from tui.engine import agreement, standouts
from tui.engine.admin_settings import for_diagnosis
from tui.engine.engine import Engine
from tui.engine.events import SettingsWanted
from tui.engine.state import State
from tui.errors import InternalError, TuiError
from tui.output import why as report
from tui.ui import theme
from tui.ui.tones import coloured_lines
from tui.ui.views.text_view import TextView
from tui.ui.workers import reports_faults

_A_MOMENT = 0.15
"""Seconds: whoever goes on to the next line does not want to know of this one."""

_FRESH = timedelta(minutes=5)
"""So long the hours of a day are told of again without being read again."""

Subject = tuple[datetime, datetime | None, str | None]
"""A UTC day, an hour of it or all of it, and a model or all of them."""


class WhyView(TextView):
    """Reads a day by the hour, and says what was free, what was billed, and why."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(id="why")
        self._engine = engine
        self._subject: Subject | None = None
        self._nothing = ""
        self._read_at = datetime.min.replace(tzinfo=UTC)
        self._diagnosis: Diagnosis | None = None
        self._differing: tuple[Disagreement, ...] = ()

    def on_mount(self) -> None:
        """Show what was asked for meanwhile."""
        if self._subject is not None:
            self._begin(self._subject)
        else:
            self.put(Content.styled(self._nothing, theme.FAINT))

    def ask(self, subject: Subject, *, anew: bool = False) -> None:
        """Say why tokens of this were billed; read it `anew`, or unless that is what is told already."""
        if anew:
            self._diagnosis = None
        elif subject == self._subject:
            return
        self._subject = subject
        if self.is_mounted:
            self._begin(subject)

    def say(self, words: str) -> None:
        """Say why there is nothing to tell of the line under the cursor."""
        self.workers.cancel_group(self, "why")
        self._subject, self._diagnosis, self._nothing = None, None, words
        self.entitle("Why")
        if self.is_mounted:
            self.put(Content.styled(words, theme.FAINT))

    def _begin(self, subject: Subject) -> None:
        day, hour, model = subject
        name = "all models" if model is None else sanitize.elide(sanitize.clean(model), 50)
        when = formatting.weekday(day) + ("" if hour is None else f" {hour:%H}:00-{hour.hour + 1:02d}:00")
        self.entitle(f"Why ─ {when} ─ {name}")
        self._read(subject)

    @work(exclusive=True, group="why", exit_on_error=False)
    @reports_faults
    async def _read(self, subject: Subject) -> None:
        day, hour, model = subject
        try:
            diagnosis = self._known(subject)
            if diagnosis is None:
                self._diagnosis = None  # what is learned meanwhile must not bring back another day
                self.put(Content.styled("reading the day by the hour", theme.FAINT))
                await asyncio.sleep(_A_MOMENT)
                diagnosis = await self._engine.diagnose(day, model, hour)
                self._read_at = self._engine.session.clock()
        except TuiError as error:
            self._fail(error.sentence)
            return
        except Exception as error:  # noqa: BLE001  a fault of ours must not leave a text that waits for ever
            self._fail(InternalError.of(error).sentence)
            return
        if subject != self._subject:
            return
        self._diagnosis, self._differing = diagnosis, ()
        self.scroll_home(animate=False)
        self._show()
        self._engine.dispatch(SettingsWanted(self.questions()))
        differing = await self._compared(day, self._engine.state.costs)
        if subject == self._subject:
            self._differing = differing
            self._show()

    def _fail(self, words: str) -> None:
        self._subject = self._diagnosis = None
        self.put(Content.styled(sanitize.clean(words), f"bold {theme.ERROR}"))

    def _known(self, subject: Subject) -> Diagnosis | None:
        """Return the answer where the hours of the day were read for another line of it just now."""
        before, (day, hour, model), now = self._diagnosis, subject, self._engine.session.clock()
        if before is None or before.day != day or now - self._read_at > _FRESH:
            return None
        again = self._engine.diagnosed(self._engine.session.clock(), day, model, hour)
        return replace(again, notes=before.notes)

    def questions(self) -> tuple[Question, ...]:
        """Return which settings can prove what is shown."""
        return () if self._diagnosis is None else for_diagnosis(self._diagnosis)

    def know(self, _: State) -> None:
        """Show names, and what the projects' settings prove, as it becomes known."""
        known = self._diagnosis
        if not self.is_mounted or known is None:
            return
        try:
            again = self._engine.diagnosed(self._engine.session.clock(), known.day, known.model, known.hour)
        except TuiError as error:  # another organization answers now, of which no hours were read
            self._fail(error.sentence)
            return
        self._diagnosis = replace(again, notes=known.notes)
        self._show()

    def on_resize(self, _: events.Resize) -> None:
        """Use the new width."""
        self._show()

    def _show(self) -> None:
        diagnosis, session, state = self._diagnosis, self._engine.session, self._engine.state
        if diagnosis is None:
            return
        ending = session.ending(diagnosis.models if diagnosis.model is None else (diagnosis.model,))
        known = report.Answer(
            diagnosis,
            session.catalogue,
            self._differing,
            tuple(shutdowns.words(ending, session.clock().date())),
            state.admin_settings,
            partial(state.directory.label, "project"),
            beside_filter=bool(state.view.row_filter) or bool(state.view.only),
            stands_out=standouts.of_day(state, session.clock(), diagnosis.day),
        )
        self.put(coloured_lines(report.lines(known), self.scrollable_content_region.width or self.app.size.width))

    async def _compared(self, day: datetime, costs: Costs) -> tuple[Disagreement, ...]:
        """Return where the archive and the costs that were read disagree on this day."""

        async def known(_: Window) -> Costs:
            return costs

        session, window = self._engine.session, Window(day, day + DAY)
        return await agreement.compared(session.memory, known, session.catalogue, session.clock(), window)
