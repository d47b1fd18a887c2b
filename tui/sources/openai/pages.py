"""One chain of pages: each names the cursor of the next, and some never come to an end."""

from __future__ import annotations

_MOST_EMPTY = 3
"""Pages in a row that hold nothing new, after which no more are asked for."""


class Chain:
    """The cursors of at most so many pages (`most`); `cursor` is that of the page to ask for, None for the first."""

    def __init__(self, most: int) -> None:
        self.cursor: str | None = None
        self._most = most
        self._used: set[str] = set()
        self._empty = 0

    def go_on(self, next_page: str | None, *, is_new: bool) -> str | None:
        """Turn to the next page, or return why it will not come; `is_new`, this one held something new."""
        self._empty = 0 if is_new else self._empty + 1
        if next_page is None:
            return "The API said that there is more and did not say where."
        if next_page in self._used:
            return "The API sent the same page again and again."
        if self._empty >= _MOST_EMPTY:
            return "The API sent pages that hold nothing new and said that there is more."
        if len(self._used) >= self._most:
            return "The API sent page after page without coming to an end."
        self._used.add(next_page)
        self.cursor = next_page
        return None
