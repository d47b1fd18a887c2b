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


def wanted(state: State, *, has_budget: bool) -> tuple[Question, ...]:
    """Return what the screen wants to know: first what is looked at, then limits of spending, then the pools' size.

    A budget of the user's own comes before the limit that the API knows, which is then not asked for.
    """
    found = [*state.settings_wanted, *(() if has_budget else OF_SPENDING)]
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
    found = [Question(Topic.RETENTION)]
    for reason in diagnosis.reasons:
        if reason.project_id is not None:
            found += [Question(topic, reason.project_id) for topic in _ABOUT.get(reason.why, ())]
    projects = dict.fromkeys(reason.project_id for reason in diagnosis.reasons if reason.project_id is not None)
    found += [Question(Topic.RESIDENCY, project) for project in projects]
    return tuple(dict.fromkeys(found))[:MOST_A_MINUTE]


def for_projects(projects: Iterable[str]) -> tuple[Question, ...]:
    """Return the questions about limits of spending: the organization's, and those of the first of these projects."""
    of_projects = [Question(Topic.SPEND_LIMIT, project) for project in projects]
    return (*OF_SPENDING, *of_projects)[:MOST_A_MINUTE]


class AdminSettingsReader:
    """Asks for settings one after the other, and remembers what it asked, and when."""

    def __init__(self, source: AdminSettingsSource | None) -> None:
        self._source = source
        self._times: deque[datetime] = deque(maxlen=MOST_A_MINUTE)
        self._asked: dict[Question, datetime] = {}

    def next(self, questions: Iterable[Question], state: State, now: datetime) -> Question | None:
        """Return the first question that may be asked now, and is not answered; None where there is none."""
        is_full = len(self._times) == MOST_A_MINUTE and timedelta() <= now - self._times[0] < A_MINUTE
        if self._source is None or is_full:
            return None
        return next((each for each in questions if self._is_due(each, state, now)), None)

    def _is_due(self, question: Question, state: State, now: datetime) -> bool:
        answer, asked = state.admin_settings.answers.get(question), self._asked.get(question)
        if answer is not None and answer.holds(question.topic, now):
            return False
        return asked is None or not timedelta() <= now - asked < _PAUSE

    async def read(self, question: Question, now: datetime) -> Answer | None:
        """Return the answer, or None where there is none now."""
        if self._source is None:
            return None
        self._times.append(now)
        self._asked[question] = now
        try:
            return await self._source.setting(question)
        except TuiError:
            return None  # nothing is wrong: less is known

    async def kept(self, question: Question) -> Answer | None:
        """Return an answer that holds, and ask nobody."""
        return None if self._source is None else await self._source.kept(question)
