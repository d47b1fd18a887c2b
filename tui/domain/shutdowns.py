"""Which models are switched off soon (developers.openai.com/api/docs/deprecations, read 2026-11-25)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from tui.domain import formatting, sanitize
from tui.domain.dimensions import without_date

_SOON = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Shutdowns:
    """The UTC day on which a model ends, by its name."""

    days: Mapping[str, date] = field(default_factory=dict)

    def day(self, model: str) -> date | None:
        """Return when a model ends: by its exact name, or by its name without a date."""
        return self.days.get(model) or self.days.get(without_date(model))

    def soon(self, models: Iterable[str], today: date) -> dict[str, date]:
        """Return those of the models that end within 60 days, with the day, the next one first."""
        found = {name: day for name in models if (day := self.day(name)) and today <= day <= today + _SOON}
        return dict(sorted(found.items(), key=lambda each: (each[1], each[0])))


NO_SHUTDOWNS = Shutdowns()
"""Where none are announced."""


def words(soon: Mapping[str, date], today: date) -> tuple[str, ...]:
    """Return a line for each day on which models end, as in `gpt-5 ends 2026-12-11, 16 days`."""
    models: dict[date, list[str]] = {}
    for name, day in soon.items():
        models.setdefault(day, []).append(sanitize.clean(name))
    return tuple(_line(names, day, today) for day, names in models.items())


def when(day: date, today: date) -> str:
    """Return a day and how far away it is: `2026-12-11, 16 days`."""
    return f"{day}, {'today' if day == today else formatting.count((day - today).days, 'day')}"


def _line(names: Collection[str], day: date, today: date) -> str:
    return f"{', '.join(names)} {'ends' if len(names) == 1 else 'end'} {when(day, today)}"
