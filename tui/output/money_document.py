"""A month's money as a document for JSON."""

from __future__ import annotations

from typing import Any

from tui.domain import formatting
from tui.domain.admin_settings import Question, SpendLimit, Topic
from tui.domain.compare import MonthBefore
from tui.domain.costs import Month, by_item, by_model, by_project, charges, month_of, total
from tui.domain.prices import Worth
from tui.output.money import Money, this_month


def document(known: Money, found: Worth | None) -> dict[str, Any]:
    """Return a month's money as a document for JSON: amounts are numbers of dollars, what is not known is null."""
    costs, at, month = known.costs, known.at, known.month
    sums = {name: by(charges(this_month(costs, at))).items() for name, by in _BY.items()}
    return {
        "month": f"{at:%Y-%m}",
        **_sums_of(month),
        "month_before": _before(known.before),
        "days": [
            {"date": formatting.day(day), "cost": float(total(lines))}
            for day, lines in sorted(costs.days.items())
            if day in month_of(at)
        ],
        "models": [{"model": name, "cost": float(amount)} for name, amount in sums["model"]],
        "line_items": [{"line_item": name, "cost": float(amount)} for name, amount in sums["item"]],
        "projects": [
            {"project": id_, "name": known.directory.label("project", id_), "cost": float(amount)}
            for id_, amount in sums["project"]
        ],
        "spend_limit_known": known.settings.tells(Question(Topic.SPEND_LIMIT)),
        "spend_limit": None if known.settings.spend_limit is None else _limit_of(known.settings.spend_limit),
        "spend_alerts": [float(each) for each in known.settings.alerts],
        "project_limits": [
            {"project": id_, **_limit_of(limit)} for id_, limit in known.settings.project_limits.items()
        ],
        "free_tokens": None if found is None else _worth_of(found),
        "read_at": formatting.instant(costs.read_at),
    }


_BY = {"model": by_model, "item": by_item, "project": by_project}


def _sums_of(month: Month | None) -> dict[str, Any]:
    if month is None:
        return dict.fromkeys(("so_far", "charged", "credited", "expected", "budget"))
    return {
        "is_over": month.is_over,
        "so_far": float(month.so_far),
        "charged": float(month.charged),
        "credited": float(-month.credited),
        "expected": None if month.expected is None else float(month.expected),
        "budget": None if month.budget is None else float(month.budget),
        "unknown_days": [formatting.day(day) for day in month.unnamed],
        "incomplete_days": [formatting.day(day) for day in month.at_least],
        "other_currencies": {name: float(amount) for name, amount in month.other_currencies.items()},
    }


def _before(found: MonthBefore | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "to_day": formatting.day(found.last),
        "cost": float(found.now),
        "cost_before": float(found.before),
        "change_percent": found.percent,
    }


def _limit_of(limit: SpendLimit) -> dict[str, Any]:
    return {"amount": float(limit.amount), "enforced": limit.enforced}


def _worth_of(found: Worth) -> dict[str, Any]:
    return {
        "tokens": found.tokens,
        "worth": float(found.amount),
        "tokens_without_price": found.unpriced,
        "tokens_at_own_prices": found.own,
    }
