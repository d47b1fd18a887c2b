"""The list of the organizations of all profiles."""

from __future__ import annotations

from textual.content import Content

from tui.domain import sanitize
from tui.engine import select
from tui.engine.engine import Engine
from tui.engine.organizations import Organizations
from tui.output import organizations as report
from tui.output.organizations import Organization
from tui.ui import theme
from tui.ui.memo import Memo
from tui.ui.tones import coloured
from tui.ui.views.list_view import ListView


class OrganizationsView(ListView):
    """A line for each profile; the one that the rest of the screen is about is that of `engine`."""

    def __init__(self, organizations: Organizations, engine: Engine) -> None:
        super().__init__(id="organizations")
        self._organizations, self._engine = organizations, engine
        self._memos: dict[str, Memo] = {}
        self.place = organizations.names.index(organizations.shown)

    @property
    def count(self) -> int:
        """How many profiles there are."""
        return len(self._organizations.names)

    @property
    def profile(self) -> str:
        """The one under the cursor."""
        return self._organizations.names[self.place]

    def on_mount(self) -> None:
        """Show what is known."""
        self.entitle("Organizations")
        super().on_mount()

    def drawn(self, width: int) -> Content:
        """Return the list."""
        known = [self._organization(name) for name in self._organizations.names]
        pools = tuple(self._engine.session.catalogue.pools)
        head, *rows = map(coloured, report.lines(known, pools, width))
        listed = self.with_cursor(head, rows, width)
        problem = known[self.place].problem
        if problem is None:
            return listed
        return Content("\n\n").join([listed, Content.styled(sanitize.clean(problem), theme.WARNING)])

    def _organization(self, name: str) -> Organization:
        """Return what is known of a profile's organization."""
        if name in self._organizations.problems:
            return Organization(name, problem=self._organizations.problems[name])
        engine = self._engine if name == self._organizations.shown else self._organizations.engines.get(name)
        if engine is None:
            return Organization(name)
        state, now = engine.state, engine.session.clock()
        memo = self._memos.setdefault(name, Memo(engine.session.budget))
        failure = state.days.failure
        problem = state.key_problem or (None if failure is None else failure.sentence)
        return Organization(
            name,
            state.snapshot.organization,
            select.pools_of_today(state, now),
            None if state.costs.read_at is None else memo.month(state, now),
            state.days.fetched_at,
            problem if engine.fault is None else engine.fault.sentence,
        )
