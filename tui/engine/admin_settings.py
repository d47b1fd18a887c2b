"""Limits and settings that the API tells: which are wanted, and how seldom it is asked for them."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from datetime import datetime, timedelta

from tui.domain.admin_settings import AdminSettingsSource, Answer, Question, Topic, for_pools
from tui.domain.diagnosis import Diagnosis, Why
from tui.engine.state import State
from tui.errors import TuiError

A_MINUTE = timedelta(minutes=1)
MOST_A_MINUTE = 10
"""So many settings are asked for in a minute at most: usage and costs matter more."""

_PAUSE = timedelta(minutes=10)
"""How long one that could not be had is left alone."""

OF_SPENDING = (Question(Topic.SPEND_LIMIT), Question(Topic.SPEND_ALERTS))


def wanted(state: State) -> tuple[Question, ...]:
    """Return what the screen wants to know: what is looked at, then limits of spending, then the pools' size."""
    found = [*state.settings_wanted, *OF_SPENDING]
    pool_inputs = state.snapshot.pool_inputs
    if pool_inputs is not None and any(status.pool.limit.source == "assumed" for status in state.snapshot.pools):
        found += for_pools(state.admin_settings, pool_inputs.today)
    return tuple(dict.fromkeys(found))


_ABOUT = {
    Why.NOT_ENROLLED: (Topic.RETENTION,),
    Why.NOT_SHARED: (Topic.RETENTION, Topic.HOSTED_TOOLS),
    Why.UNKNOWN: (Topic.HOSTED_TOOLS,),
    Why.SERVICE_TIER: (Topic.SERVICE_TIER,),
}
"""Which of a project's settings can prove why its tokens were billed."""


def for_diagnosis(diagnosis: Diagnosis) -> tuple[Question, ...]:
    """Return what can prove a diagnosis, or rule out what it supposes: about the most tokens first."""
    found = [Question(Topic.RETENTION), Question(Topic.RESIDENCY)]
    for reason in diagnosis.reasons:
        if reason.project_id is not None:
            found += [Question(topic, reason.project_id) for topic in _ABOUT.get(reason.why, ())]
    return tuple(dict.fromkeys(found))


def for_projects(projects: Iterable[str]) -> tuple[Question, ...]:
    """Return the questions about limits of spending: the organization's, and those of these projects."""
    return (*OF_SPENDING, *(Question(Topic.SPEND_LIMIT, project) for project in projects))


class AdminSettingsReader:
    """Asks for settings one after the other, and remembers what it asked, and when."""

    def __init__(self, source: AdminSettingsSource | None) -> None:
        self._source = source
        self._times: deque[datetime] = deque(maxlen=MOST_A_MINUTE)
        self._asked: dict[Question, datetime] = {}

    def next(self, questions: Iterable[Question], state: State, now: datetime) -> Question | None:
        """Return the first question that may be asked now, and is not answered; None where there is none."""
        is_full = len(self._times) == MOST_A_MINUTE and timedelta() <= now - self._times[0] < A_MINUTE
        if self._source is None or is_full or state.admin_settings.lack_scope(now):
            return None
        return next((each for each in questions if self._is_due(each, state, now)), None)

    def _is_due(self, question: Question, state: State, now: datetime) -> bool:
        asked = self._asked.get(question)
        if state.admin_settings.knows(question, now):
            return False
        return asked is None or not timedelta() <= now - asked < _PAUSE

    async def read(self, question: Question, now: datetime) -> Answer | None:
        """Return the answer, or None where there is none now."""
        if self._source is None:
            return None
        self._asked[question] = now
        try:
            answer = await self._source.setting(question)
        except TuiError:
            self._times.append(now)
            return None  # nothing is wrong: less is known
        self._times.extend([now] * answer.requests)
        return answer

    async def kept(self, question: Question) -> Answer | None:
        """Return an answer that holds, and ask nobody."""
        return None if self._source is None else await self._source.kept(question)
