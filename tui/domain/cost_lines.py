"""Lines of costs as they are held: a large organization has 15,000 a day, and a month of them.

Held as objects they take some 300 bytes each; here it is 30: what a line is about is one object for all days, amounts
are text, which is exact, and tokens are numbers of eight bytes. Lines are made of them as they are gone through.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from itertools import chain
from typing import NamedTuple, overload

from tui.domain.line_items import LineItem, parse

NOTHING = Decimal(0)
DOLLARS = "usd"
_UNTOLD = -(2**63)
"""What stands for tokens that are not told."""


class Cost(NamedTuple):
    """One line of a day's costs: what it was for, in which project, and how much; a credit is below zero.

    `line_item` is the API's own text. `tokens` is how many the line counts, where the API says that it counts tokens.
    Whose it is, and which of OpenAI's products asked (`api_source`), is told where costs are broken down so.
    """

    amount: Decimal
    line_item: str | None = None
    project_id: str | None = None
    currency: str = DOLLARS
    tokens: int | None = None
    user_id: str | None = None
    api_key_id: str | None = None
    api_source: str | None = None

    @property
    def item(self) -> LineItem:
        """Return what the line item says."""
        return parse(self.line_item)

    @property
    def is_in_dollars(self) -> bool:
        """Return whether the amount may be added to dollars."""
        return self.currency == DOLLARS

    @property
    def about(self) -> About:
        """Return what tells the line from others of its day, in which it has no second one as a rule."""
        return About(self.line_item, self.project_id, self.currency, self.user_id, self.api_key_id, self.api_source)


class About(NamedTuple):
    """What a line of costs is about."""

    line_item: str | None = None
    project_id: str | None = None
    currency: str = DOLLARS
    user_id: str | None = None
    api_key_id: str | None = None
    api_source: str | None = None


class _Lines(Sequence[Cost]):
    """Lines of costs that are made when they are gone through; they are like any other sequence of the same ones."""

    @overload
    def __getitem__(self, place: int) -> Cost: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[Cost]: ...

    def __getitem__(self, place: int | slice) -> Cost | Sequence[Cost]:
        return tuple(self)[place]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(tuple(self))


class CostLines(_Lines):
    """The lines of a day. They do not change."""

    def __init__(self, lines: Iterable[Cost], shared: dict[About, About] | None = None) -> None:
        """Take the lines; what they are about is the one object that days have `shared` so far."""
        every = list(lines)
        shared = {} if shared is None else shared
        abouts = (line.about for line in every)
        self._abouts = tuple(shared.setdefault(about, about) for about in abouts)
        self._amounts = " ".join(str(line.amount) for line in every).encode()
        self._tokens = array("q", (_UNTOLD if line.tokens is None else line.tokens for line in every))

    def __len__(self) -> int:
        return len(self._abouts)

    def __iter__(self) -> Iterator[Cost]:
        for about, amount, tokens in zip(self._abouts, self._decimals(), self._tokens, strict=True):
            item, project, currency, user, key, source = about
            yield Cost(amount, item, project, currency, None if tokens == _UNTOLD else tokens, user, key, source)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, CostLines):
            ours, others = (self._amounts, self._tokens, self._abouts), (other._amounts, other._tokens, other._abouts)
            return ours == others or tuple(self) == tuple(other)  # $1 and $1.0 are the same amount
        return super().__eq__(other)

    __hash__ = _Lines.__hash__

    def __repr__(self) -> str:
        return f"CostLines({tuple(self)!r})"

    def _decimals(self) -> Iterator[Decimal]:
        return map(Decimal, self._amounts.decode().split())

    def amounts(self) -> Iterator[tuple[About, Decimal]]:
        """Yield what each line is about, and its amount."""
        return zip(self._abouts, self._decimals(), strict=True)

    @cached_property
    def sums(self) -> CostSums:
        """What the lines come to, added up once."""
        return _added(self.amounts())


class CostsTogether(_Lines):
    """The lines of several days, a week's or a month's, which are not held once more."""

    def __init__(self, parts: Iterable[Sequence[Cost]]) -> None:
        self.parts = tuple(parts)

    def __len__(self) -> int:
        return sum(map(len, self.parts))

    def __iter__(self) -> Iterator[Cost]:
        return chain.from_iterable(self.parts)


@dataclass(frozen=True, slots=True)
class CostSums:
    """What lines come to in dollars: charges, credits (below zero), and what is in other currencies, by these."""

    charged: Decimal = NOTHING
    credited: Decimal = NOTHING
    others: Mapping[str, Decimal] = field(default_factory=dict)

    @property
    def total(self) -> Decimal:
        """Return charges and credits together."""
        return self.charged + self.credited

    def __add__(self, other: CostSums) -> CostSums:
        others = dict(self.others)
        for currency, amount in other.others.items():
            others[currency] = others.get(currency, NOTHING) + amount
        return CostSums(self.charged + other.charged, self.credited + other.credited, others)


def sums_of(lines: Iterable[Cost]) -> CostSums:
    """Return what these lines come to; of lines that are held compactly that is added up once."""
    if isinstance(lines, CostLines):
        return lines.sums
    if isinstance(lines, CostsTogether):
        return sum(map(sums_of, lines.parts), CostSums())
    return _added(amounts_of(lines))


def amounts_of(lines: Iterable[Cost]) -> Iterator[tuple[About, Decimal]]:
    """Yield what each line is about, and its amount."""
    return lines.amounts() if isinstance(lines, CostLines) else ((line.about, line.amount) for line in lines)


def _added(amounts: Iterable[tuple[About, Decimal]]) -> CostSums:
    charged = credited = NOTHING
    others: dict[str, Decimal] = {}
    for about, amount in amounts:
        if about.currency != DOLLARS:
            others[about.currency] = others.get(about.currency, NOTHING) + amount
        elif amount > 0:
            charged += amount
        else:
            credited += amount
    return CostSums(charged, credited, others)
