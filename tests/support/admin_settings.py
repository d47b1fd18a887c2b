"""Limits and settings for tests: some that are known, and a source of them."""

from __future__ import annotations

from tests.support.builders import NOW, TODAY
from tui.domain.admin_settings import (
    AdminSettings,
    Answer,
    Question,
    Topic,
)
from tui.domain.diagnosis import Reason, Why

RATES = Question(Topic.RATE_LIMITS, "proj_a")


def known(values: dict[Question, object]) -> AdminSettings:
    return AdminSettings({question: Answer(value, NOW) for question, value in values.items()})


class Asked:
    """Answers what it has, and counts."""

    def __init__(self, values=None) -> None:
        self.values, self.asked, self.now = values or {}, [], NOW

    async def setting(self, question: Question) -> Answer:
        self.asked.append(question)
        if isinstance(value := self.values.get(question), Exception):
            raise value
        return value if isinstance(value, Answer) else Answer(value, self.now)

    async def kept(self, _: Question) -> Answer | None:
        return None


def reason(why: Why, **others) -> Reason:
    return Reason(why, 10, ("gpt-5",), "proj_a", TODAY, TODAY, **others)
