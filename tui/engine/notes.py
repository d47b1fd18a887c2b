"""What is said of what was read: that something is missing, or that something went wrong."""

from __future__ import annotations

from msgspec import Struct

from tui.sources.base import Page


class Notes(Struct, frozen=True):
    """Sentences, each of them once: `warnings` say what is missing, `others` what went wrong and cost no data."""

    warnings: tuple[str, ...] = ()
    others: tuple[str, ...] = ()

    @property
    def all(self) -> tuple[str, ...]:
        """Return what is missing, then what went wrong otherwise."""
        return tuple(dict.fromkeys((*self.warnings, *self.others)))

    def with_all(self, more: Notes) -> Notes:
        """Return these and more of them."""
        return self.warned(*more.warnings).noted(*more.others)

    def of_page(self, page: Page) -> Notes:
        """Return them with what is said of a page."""
        return self.warned(page.warning).noted(page.note)

    def warned(self, *sentences: str | None) -> Notes:
        """Return them with sentences, if any, on what is missing."""
        return Notes(_each_once(self.warnings, sentences), self.others) if any(sentences) else self

    def noted(self, *sentences: str | None) -> Notes:
        """Return them with sentences, if any, on what went wrong and cost no data."""
        return Notes(self.warnings, _each_once(self.others, sentences)) if any(sentences) else self


NO_NOTES = Notes()


def _each_once(known: tuple[str, ...], more: tuple[str | None, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*known, *filter(None, more))))
