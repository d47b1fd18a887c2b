"""Limits and settings, from the endpoints that the official client 3.57.0 (2026-11-20) has for them.

They most likely need the scope `api.management.read`, which is not documented for each. How the API answers where no
limit of spend is set is not documented either: 404, null and an empty object count as none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import quote

import msgspec

from tui.domain.admin_settings import Answer, Question, RateLimit, SpendLimit, Topic
from tui.errors import NotFound, RequestRefused, ScopeMissing, Unreadable
from tui.sources.openai import errors as failures
from tui.sources.openai.api import Params
from tui.sources.openai.client import Client
from tui.sources.openai.numbers import count, flag, word
from tui.sources.openai.retry import RetryPolicy

_LIMIT = 100
_MOST_PAGES = 5
_LISTS = {Topic.RATE_LIMITS, Topic.SPEND_ALERTS, Topic.RESIDENCY}
_CENTS = 100

_SOON = RetryPolicy(attempts=2, total=5.0)
"""Nobody waits for a setting: without it less is known."""

_Document = dict[str, Any]


class AdminSettingsClient:
    """The settings of one organization, as of the time that `clock` says."""

    def __init__(self, client: Client, clock: Callable[[], datetime]) -> None:
        self._api, self._clock = client.api, clock

    async def setting(self, question: Question) -> Answer:
        """Return what is answered; see `domain.admin_settings.AdminSettingsSource`."""
        now = self._clock()
        try:
            if question.topic not in _LISTS:
                return Answer(_READ[question.topic](await self._read(_path(question), [])), now)
            entries, requests = await self._list(question)
            return Answer(_READ[question.topic](entries), now, requests=requests)
        except NotFound:
            return Answer(None, now)
        except ScopeMissing as error:
            words = f"Limits and settings are not known. {failures.management_scope(error)}"
            return Answer(None, now, words, lacks_scope=True)
        except (RequestRefused, Unreadable) as error:
            return Answer(None, now, error.sentence)
        except (ValueError, TypeError, AttributeError, KeyError):
            return Answer(None, now, f"The API's answer on {question.topic.value} could not be read.")

    async def kept(self, _: Question) -> Answer | None:
        """Return nothing: the API is asked, or not."""
        return None

    async def _list(self, question: Question) -> tuple[list[_Document], int]:
        """Return the entries of a list, and how many requests that took."""
        entries: list[_Document] = []
        after: list[tuple[str, str | int | float | bool | None]] = []
        for requests in range(1, _MOST_PAGES + 1):
            page = await self._read(_path(question), [("limit", _LIMIT), *after])
            entries += page.get("data") or []
            last = page.get("last_id")
            if not page.get("has_more") or not isinstance(last, str) or after == [("after", last)]:
                return entries, requests
            after = [("after", last)]
        return entries, _MOST_PAGES

    async def _read(self, path: str, params: Params) -> _Document:
        body, response = await self._api.get(path, params, retry_policy=_SOON)
        try:
            return msgspec.json.decode(body, type=dict[str, Any] | None) or {}
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise failures.unreadable(response, body, error, "settings") from error


def _path(question: Question) -> str:
    topic, project_id = question
    if topic is Topic.RESIDENCY:
        return "projects"
    return topic.value if project_id is None else f"projects/{quote(project_id, safe='')}/{topic.value}"


def _spend_limit(found: _Document) -> SpendLimit | None:
    """Return the limit; amounts are in cents, and another currency than the dollar is no limit in dollars."""
    amount = count(found.get("threshold_amount"))
    if amount is None or (word(found.get("currency")) or "usd").lower() != "usd":
        return None
    status = (found.get("enforcement") or {}).get("status")
    return SpendLimit(Decimal(amount) / _CENTS, enforced=status == "enforcing")


def _alerts(entries: list[_Document]) -> tuple[Decimal, ...]:
    limits = [_spend_limit(entry) for entry in entries]
    return tuple(sorted(limit.amount for limit in limits if limit is not None))


def _rate_limits(entries: list[_Document]) -> dict[str, RateLimit]:
    found: dict[str, RateLimit] = {}
    for entry in entries:
        model = word(entry.get("model"))
        requests, tokens = (count(entry.get(f"max_{what}_per_1_minute")) for what in ("requests", "tokens"))
        if model and requests is not None and tokens is not None:
            found[model] = RateLimit(requests, tokens)
    return found


def _tools(found: _Document) -> dict[str, bool]:
    tools = {name: flag(value.get("enabled")) for name, value in found.items() if isinstance(value, Mapping)}
    return {name: is_on for name, is_on in tools.items() if is_on is not None}


def _residencies(entries: list[_Document]) -> dict[str, str]:
    found = ((word(each.get("id")), word(each.get("residency"))) for each in entries)
    return {project: residency for project, residency in found if project and residency}


def _named(field: str) -> Callable[[_Document], str | None]:
    return lambda found: word(found.get(field))


_READ: dict[Topic, Callable[[Any], Any]] = {
    Topic.SPEND_LIMIT: _spend_limit,
    Topic.SPEND_ALERTS: _alerts,
    Topic.RATE_LIMITS: _rate_limits,
    Topic.RETENTION: _named("type"),
    Topic.RESIDENCY: _residencies,
    Topic.HOSTED_TOOLS: _tools,
    Topic.SERVICE_TIER: _named("default"),
}
