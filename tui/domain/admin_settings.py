"""What the admin API tells of an organization's limits and settings, and of its projects': each asked for alone.

Sources are the official client 3.57.0 of 2026-11-20 for the shapes, and help article 10306912 as read 2026-10-07 for
what they mean for free tokens.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from enum import Enum
from typing import NamedTuple, Protocol

from tui.domain.dimensions import without_date
from tui.domain.rows import Row
from tui.domain.usage import Bucket


class Topic(Enum):
    """One setting; the value is its name in the archive."""

    SPEND_LIMIT = "spend_limit"
    SPEND_ALERTS = "spend_alerts"
    RATE_LIMITS = "rate_limits"
    RETENTION = "data_retention"
    RESIDENCY = "residency"
    HOSTED_TOOLS = "hosted_tool_permissions"
    SERVICE_TIER = "service_tier_settings"

    @property
    def kept_for(self) -> timedelta:
        """Return how long an answer holds."""
        return timedelta(hours=1) if self in {Topic.SPEND_LIMIT, Topic.SPEND_ALERTS} else timedelta(days=1)


class Question(NamedTuple):
    """One setting, of the organization (None) or of a project; where projects reside is one answer for all."""

    topic: Topic
    project_id: str | None = None


@dataclass(frozen=True, slots=True)
class SpendLimit:
    """What may be spent in a month, in dollars. One that is `enforced` stops requests now."""

    amount: Decimal
    enforced: bool = False


@dataclass(frozen=True, slots=True)
class RateLimit:
    """The most requests and tokens in a minute that a project may use of one model."""

    requests: int
    tokens: int


Setting = (
    SpendLimit | tuple[Decimal, ...] | Mapping[str, RateLimit] | Mapping[str, bool] | Mapping[str, str] | str | None
)
"""What is answered; None for a setting that is not there, or not told."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered to a question, and when.

    `refused` is why the API will not answer it, in a sentence: it is not asked again for as long as answers are kept.
    It can be that the key `lacks_scope`. It took so many `requests`: none where it was kept.
    """

    value: Setting
    read_at: datetime
    refused: str | None = None
    lacks_scope: bool = False
    requests: int = field(default=1, compare=False)

    def holds(self, topic: Topic, now: datetime) -> bool:
        """Return whether the answer need not be asked for again; a clock that was set back makes it so."""
        return timedelta() <= now - self.read_at < topic.kept_for


BUILD_TOKENS = 1_000_000
"""The most tokens a minute that the usage tier Build allows of the models below (rate limits as of 2026-11-25)."""

_FAMILIES = ("-astra", "-sol", "-terra")


@dataclass(frozen=True, slots=True)
class AdminSettings:
    """All answers, by their question. What was not asked is not known."""

    answers: Mapping[Question, Answer] = field(default_factory=dict)

    def updated(self, question: Question, answer: Answer) -> AdminSettings:
        """Return the settings with one more answer."""
        return replace(self, answers={**self.answers, question: answer})

    def value(self, topic: Topic, project_id: str | None = None) -> Setting:
        """Return a setting, or None where it is not there or not known."""
        answer = self.answers.get(Question(topic, project_id))
        return None if answer is None else answer.value

    def lack_scope(self, now: datetime) -> bool:
        """Return whether the key was found to lack the scope for all of this, so lately that it still holds."""
        return any(each.lacks_scope and each.holds(at.topic, now) for at, each in self.answers.items())

    def knows(self, question: Question, now: datetime) -> bool:
        """Return whether a question need not be asked."""
        answer = self.answers.get(question)
        return answer is not None and answer.holds(question.topic, now)

    def tells(self, question: Question) -> bool:
        """Return whether a question was answered, be it with nothing, and not refused."""
        answer = self.answers.get(question)
        return answer is not None and answer.refused is None

    @property
    def spend_limit(self) -> SpendLimit | None:
        """Return the organization's limit a month."""
        found = self.value(Topic.SPEND_LIMIT)
        return found if isinstance(found, SpendLimit) else None

    @property
    def project_limits(self) -> dict[str, SpendLimit]:
        """Return the limits of the projects that have one."""
        return {
            each.project_id: answer.value
            for each, answer in self.answers.items()
            if each.project_id is not None and isinstance(answer.value, SpendLimit)
        }

    @property
    def alerts(self) -> tuple[Decimal, ...]:
        """Return the amounts of dollars at which the organization's owners are told."""
        found = self.value(Topic.SPEND_ALERTS)
        return found if isinstance(found, tuple) else ()

    def rate_limit(self, project_id: str | None, model: str) -> RateLimit | None:
        """Return how much of a model a project may use in a minute, where that is known."""
        found = self.value(Topic.RATE_LIMITS, project_id)
        limits = found if isinstance(found, Mapping) else {}
        limit = limits.get(model) or limits.get(without_date(model))
        return limit if isinstance(limit, RateLimit) else None

    @property
    def proves_larger_pools(self) -> bool:
        """Return whether a rate limit is above what the usage tier Build allows, so that it is Launch or Grow.

        A project can be limited below its organization, so a small one proves nothing. `*-pro` has limits of its own.
        """
        return any(
            isinstance(limit, RateLimit) and limit.tokens > BUILD_TOKENS and without_date(model).endswith(_FAMILIES)
            for answer in self.answers.values()
            if isinstance(answer.value, Mapping)
            for model, limit in answer.value.items()
        )

    def keeps_no_data(self, project_id: str | None = None) -> bool:
        """Return whether zero data retention is set, which excludes free tokens."""
        return "zero_data_retention" in self._word(Topic.RETENTION, project_id)

    def region(self, project_id: str) -> str | None:
        """Return where a project's requests are processed, where that is one region and costs more: `EU`."""
        found = self.value(Topic.RESIDENCY)
        residency = str(found.get(project_id, "")) if isinstance(found, Mapping) else ""
        return residency.partition("_")[0] if residency.endswith("_PROCESSING") else None

    def tools_off(self, project_id: str) -> frozenset[str]:
        """Return the hosted tools that are switched off in a project, by the names in the API."""
        found = self.value(Topic.HOSTED_TOOLS, project_id)
        tools = found.items() if isinstance(found, Mapping) else ()
        return frozenset(name for name, is_on in tools if is_on is False)

    def service_tier(self, project_id: str) -> str | None:
        """Return the service tier of a project's requests that ask for none, where that is known."""
        return self._word(Topic.SERVICE_TIER, project_id) or None

    def _word(self, topic: Topic, project_id: str | None) -> str:
        found = self.value(topic, project_id)
        return found if isinstance(found, str) else ""


NO_SETTINGS = AdminSettings()
"""Before anything was asked."""


class AdminSettingsSource(Protocol):
    """Something that knows settings."""

    async def setting(self, question: Question) -> Answer:
        """Return what is answered; a refusal is an answer too.

        Raises:
            TuiError: where it may be answered another time.
        """
        ...

    async def kept(self, question: Question) -> Answer | None:
        """Return what was answered before and still holds, and ask nobody."""
        ...


MOST_PROJECTS = 10
"""Of so many projects at most the rate limits are asked for to learn the usage tier: they mostly have the same."""


def for_pools(settings: AdminSettings, today: Bucket) -> tuple[Question, ...]:
    """Return the next question whose answer may prove the larger pools, of the projects that were used most today."""
    if settings.proves_larger_pools:
        return ()
    tokens: dict[str, int] = {}
    for row in today.rows:
        if row.project_id is not None:
            tokens[row.project_id] = tokens.get(row.project_id, 0) + row.tokens
    largest = sorted(tokens, key=lambda name: (-tokens[name], name))[:MOST_PROJECTS]
    return tuple(Question(Topic.RATE_LIMITS, name) for name in largest)


@dataclass(frozen=True, slots=True)
class Headroom:
    """The highest minute of the last hour beside the limit, an estimate: the API counts late."""

    tokens: int
    requests: int
    limit: RateLimit


def headroom(settings: AdminSettings, project_id: str, model: str, minutes: Iterable[Bucket]) -> Headroom | None:
    """Return how near a project came to its limit of a model; None where the limit is not known."""
    limit = settings.rate_limit(project_id, model)
    if limit is None:
        return None
    rows = [[row for row in minute.rows if _is_of(row, project_id, model)] for minute in minutes]
    tokens = max((sum(row.tokens for row in of) for of in rows), default=0)
    requests = max((sum(row.requests for row in of) for of in rows), default=0)
    return Headroom(tokens, requests, limit)


def _is_of(row: Row, project_id: str, model: str) -> bool:
    return row.project_id == project_id and row.model is not None and without_date(row.model) == without_date(model)
