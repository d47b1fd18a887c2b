"""The filter of a view: words that the names of a line must hold, or must not."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from tui.domain.dimensions import DIMENSIONS, Names

_TERM = re.compile(r'(?P<no>!?)(?:(?P<dimension>[A-Za-z]+):)?(?:"(?P<quoted>[^"]*)"?|(?P<word>\S*))')


@dataclass(frozen=True, slots=True)
class Term:
    """One word of a filter. Without a dimension it is looked for in all names of a line.

    `prefix` is what stands before a colon and is no dimension; it is a part of the word.
    """

    word: str
    dimension: str | None = None
    negated: bool = False
    prefix: str | None = None

    def matches(self, name: str, label: str) -> bool:
        """Return whether a name, which is shown as `label`, holds the word."""
        if self.dimension == "batch":
            return any(answer.startswith(self.word) for answer in _BATCH.get(name, ("unknown",)))
        return self.word in f"{name}\0{label}".lower()


_BATCH = {"batch": ("yes", "true", "batch"), "no batch": ("no batch", "false")}
"""What may be written for a batch, and for none; else it is not known."""


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter, as it was typed: `mini`, `project:web`, `!tier:flex`, `user:"Ada L"`; all of its terms must hold.

    Case does not matter. What stands before a colon and is no dimension is a part of the word.
    """

    words: str = ""

    @property
    def terms(self) -> tuple[Term, ...]:
        """Return what is looked for; a term that is not written to its end yet says nothing."""
        return _terms(self.words)

    @property
    def dimensions(self) -> tuple[str, ...]:
        """Return the dimensions that must be known to tell what fits, each once."""
        return tuple(dict.fromkeys(term.dimension for term in self.terms if term.dimension is not None))

    def needs(self, shown: Sequence[str]) -> tuple[str, ...]:
        """Return the dimensions that are needed beside those that are shown; where nothing is, words mean models."""
        has_plain_words = any(term.dimension is None for term in self.terms)
        return (*(("model",) if has_plain_words and not shown else ()), *self.dimensions)

    def __bool__(self) -> bool:
        return bool(self.terms)

    def matches(
        self, dimensions: Sequence[str], shown: int, label: Callable[[str, str], str]
    ) -> Callable[[Names], bool]:
        """Return what tells whether names in these dimensions fit; the first `shown` are those that are seen.

        `label` is how a name of a dimension is shown; it is looked at beside the name itself.
        """
        places = {name: place for place, name in enumerate(dimensions)}

        def looking(term: Term, place: int) -> tuple[int, Callable[[str], bool]]:
            of = dimensions[place]
            return place, cache(lambda name: term.matches(name, label(of, name)))  # names come again in many lines

        seen = range(max(shown, 1))
        terms = [
            ([looking(term, place) for place in (seen if of is None else (places[of],))], term.negated)
            for term in self.terms
            for of in (term.dimension,)
        ]

        def match(names: Names) -> bool:
            return all(
                any(is_found(names[place]) for place, is_found in among) is not negated for among, negated in terms
            )

        return match


@lru_cache(maxsize=100)
def _terms(words: str) -> tuple[Term, ...]:
    """Return what is looked for: each cell of a table asks whether anything is."""
    return tuple(term for found in _TERM.finditer(words) if (term := _term(found)).word)


def _term(found: re.Match[str]) -> Term:
    dimension, negated = found["dimension"], bool(found["no"])
    dimension = None if dimension is None else dimension.lower()
    quoted = found["quoted"]
    word = (found["word"] if quoted is None else quoted).lower()
    if dimension is not None and dimension not in DIMENSIONS:
        return Term(f"{dimension}:{word}", None, negated, prefix=dimension)
    return Term(word, dimension, negated)


NO_FILTER = Filter()
"""No filter."""
