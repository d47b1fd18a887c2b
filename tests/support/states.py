"""States of the engine that tests begin with."""

from tests.support.builders import CATALOGUE, NOW, day, row
from tui.domain.time import last_days
from tui.engine.events import Arrived, Finished, PoolsRead, Started
from tui.engine.reduce import reduce
from tui.engine.state import State
from tui.sources.base import Page, Query

WINDOW = last_days(NOW, 6)


def turned(*events, state: State | None = None) -> State:
    state = state or State.initial(WINDOW, CATALOGUE)
    for event in events:
        state, _ = reduce(state, event)
    return state


QUERY = Query(WINDOW)

LOADED = turned(
    Started(WINDOW, NOW),
    Arrived(Page(tuple(day(ago, row(tokens=ago)) for ago in range(7)), organization="org-test"), QUERY),
    PoolsRead(NOW),
    Finished(NOW),
)
