"""What it costs: this month, its end, the budget, line items, projects, and what free tokens would have cost."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.widgets import Static

from tui.domain import costs as money
from tui.domain import formatting, sanitize
from tui.domain.costs import dollars, month_of
from tui.domain.usage import Report
from tui.engine.fetch import read
from tui.engine.session import Session
from tui.engine.state import State
from tui.errors import TuiError
from tui.output import costs as report
from tui.sources.base import BY_MODEL, Page, Query
from tui.ui import theme
from tui.ui.actions import bindings
from tui.ui.dialogs.text import TextBox, TextDialog, title
from tui.ui.workers import reports_faults

_NAME, _LEAST_NAME, _AMOUNTS = 44, 16, 28
"""Cells for names, and what must be left for amounts, shares and the frame."""


class MoneyView(TextDialog):
    """Shows what is known of costs, and reads this month's free tokens to say what they are worth."""

    BINDINGS: ClassVar[list[BindingType]] = bindings({"money": "dismiss"})

    def __init__(self, session: Session, state: State) -> None:
        super().__init__()
        self._session, self._state = session, state
        self._worth: Content | None = None

    def compose(self) -> ComposeResult:
        """Lay out one scrollable box."""
        with TextBox(id="money") as box:
            box.border_title = title(self._session, "Money")
            box.border_subtitle = "Esc closes"
            yield Static(id="answer")

    def on_mount(self) -> None:
        """Show what is known, and ask for the rest."""
        self._show()
        if self._session.prices is not None:
            self._read()

    def know(self, state: State) -> None:
        """Show newer figures."""
        self._state = state
        if self.is_mounted:
            self._show()

    @work(exclusive=True, group="worth", exit_on_error=False)
    @reports_faults
    async def _read(self) -> None:
        session, window = self._session, month_of(self._session.clock())
        report_of_month, prices = Report(window), session.prices

        def arrived(page: Page) -> None:
            nonlocal report_of_month
            report_of_month = report_of_month.with_buckets(page.buckets, page.not_kept)

        try:
            await read(session.source, Query(window, BY_MODEL), arrived)
        except TuiError as error:
            self._worth = Content.styled(
                f"What free tokens are worth is not known. {sanitize.clean(error.sentence)}", theme.WARNING
            )
        else:
            if prices is not None:
                words = report.worth(money.worth(report_of_month.rows(), prices), prices)
                missing = len(report_of_month.unread())
                words += f" Of {formatting.count(missing, 'day')} nothing could be read." if missing else ""
                gone = len(report_of_month.not_kept)
                words += f" Of {formatting.count(gone, 'day')} the API keeps nothing any more." if gone else ""
                self._worth = Content.styled(words, theme.GOOD)
        self._show()

    def _show(self) -> None:
        self.query_one("#answer", Static).update(self._answer())

    def _answer(self) -> Content:
        costs, now = self._state.costs, self._session.clock()
        month = money.month(costs, now, self._session.budget)
        answer = Content()
        if month is None:
            nobody = (
                "No costs are known." if self._session.asks else f"No costs are known. {self._session.why_not_asked}"
            )
            missing = costs.problem or ("Costs are being read." if self._session.cost_source else nobody)
            answer = answer.append_text(f"{sanitize.clean(missing)}\n", theme.WARNING)
        else:
            answer = answer.append_text(f"{report.headline(month, now)}\n", "bold")
            line = report.budget(month)
            if line is not None:
                is_over = month.so_far > (month.budget or 0)
                answer = answer.append_text(f"{line}\n", f"bold {theme.ERROR}" if is_over else theme.SELECTED)
            for gap in (*report.gaps(month), *([] if costs.problem is None else [sanitize.clean(costs.problem)])):
                answer = answer.append_text(f"{gap}\n", theme.WARNING)
            if costs.kept_from is not None:
                answer = answer.append_text(
                    f"The API keeps costs from {formatting.day(costs.kept_from)} on.\n", theme.FAINT
                )
        if self._worth is not None:
            answer = answer.append(self._worth).append_text("\n")
        if month is not None:
            label = self._state.directory.label
            room = max(_LEAST_NAME, min(_NAME, self.app.size.width - _AMOUNTS))
            projects = report.projects(costs, now, lambda id_: label("project", id_))
            answer = _list(answer, "Charges by model, this month", report.models(costs, now), room)
            answer = _list(answer, "By line item", report.items(costs, now), room)
            answer = _list(answer, "By project", projects, room)
            credited = report.credited(costs, now)
            if credited:
                answer = _list(answer, "Credits, this month", credited, room, shares=False)
            answer = answer.append_text("\nThe last days\n", "bold")
            for day, amount in report.days(costs, now):
                answer = answer.append_text(f"  {day}  {amount}\n", theme.MUTED)
            answer = answer.append_text(f"\n{report.as_of(costs, now)}", theme.FAINT)
        return answer


def _list(
    answer: Content, title: str, found: Sequence[tuple[str, Decimal]], room: int, *, shares: bool = True
) -> Content:
    answer = answer.append_text(f"\n{title}\n", "bold")
    whole = sum((amount for _, amount in found), Decimal(0)) if shares else Decimal(0)
    for name, amount in found or [("nothing", Decimal(0))]:
        shown = sanitize.elide(sanitize.clean(name), room)
        space = " " * (room - sanitize.width(shown))
        share = f"{_share(amount, whole):>6}" if whole else ""
        line = ((f"  {shown}{space} ", theme.MUTED), f"{dollars(amount):>12}", (f" {share}\n", theme.FAINT))
        answer = Content.assemble(answer, *line)
    return answer


def _share(amount: Decimal, whole: Decimal) -> str:
    """Return a share in percent; 0.0 and 100.0 stand only where they are exact."""
    words = f"{amount * 100 / whole:.1f}%"
    if words == "0.0%" and amount:
        return "<0.1%"
    return ">99.9%" if words == "100.0%" and amount != whole else words
