"""The line under the title: the verdict on today."""

from __future__ import annotations

from textual.content import Content

from tui.domain.today import Today
from tui.output.verdict import verdict
from tui.ui import theme
from tui.ui.tones import TONES
from tui.ui.widgets.fitted import FittedText

_BOLD = {tone: f"bold {style}" if tone in {"good", "warning"} else style for tone, style in TONES.items()}

NOT_READ = "Today is not read yet"


class VerdictLine(FittedText):
    """One sentence, which is never cut: what does not fit is left out whole."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._today: Today | None = None
        self._why = ""

    def show(self, today: Today | None, why: str) -> None:
        """Show what is known of today, None for nothing; the key `why` says more of what was billed."""
        self._today, self._why = today, why
        self.draw()

    def fitted(self, width: int) -> Content:
        """Return the sentence in so many cells."""
        line = Content(" ")
        if self._today is None:
            return line.append_text(NOT_READ, theme.FAINT)
        for place, (words, tone) in enumerate(verdict(self._today, width - 2, self._why)):
            line = line.append_text(" · " if place else "", theme.FAINT).append_text(words, _BOLD[tone])
        return line
