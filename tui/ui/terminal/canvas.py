"""The cells of a terminal: what a program draws, and the fewest bytes that make them so. Pure: text in, text out.

A frame is what Textual's compositor writes: cursor positions, colours and attributes, text, line feeds; or what a
canvas does. Everything else is not understood, and said to be so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from rich.cells import split_graphemes

from tui.ui.terminal.sgr import PLAIN, SEEN_ON_BLANKS, Style, blank, change, styled

_TOKEN = re.compile(
    r"\x1b\[(?P<row>\d+)(?:;(?P<column>\d+))?H|\x1b\[(?P<gap>\d*)C|\x1b\[(?P<sgr>[\d;]*)m|(?P<feed>\n)"
    r"|(?P<text>[^\x00-\x1f\x7f-\x9f]+)"
)

_NEAR = 4
"""Cells that are written again rather than jumped over: a jump takes as many bytes."""


class Canvas:
    """What is to be on the terminal, and what is there as far as that is known.

    A cell holds a character with all that stands on it; the second cell of a wide one holds nothing, "". A cell is
    None where nobody knows what it shows.
    """

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self._texts: list[list[str | None]] = [[None] * width for _ in range(height)]
        self._styles: list[list[Style]] = [[PLAIN] * width for _ in range(height)]
        self._touched: set[int] = set()
        self.forget()

    def forget(self) -> None:
        """Take for unknown what is on the terminal: the next difference is all that was ever drawn."""
        self._sent_texts: list[list[str | None]] = [[None] * self.width for _ in range(self.height)]
        self._sent_styles: list[list[Style]] = [[PLAIN] * self.width for _ in range(self.height)]
        self._touched.update(range(self.height))
        self.lose_pen()

    def lose_pen(self) -> None:
        """Take for unknown in which style the terminal writes, and where."""
        self._pen: Style | None = None

    def adopt(self, frame: str) -> bool:
        """Take a frame that the terminal shows already, and return whether all cells are known then."""
        if self.draw(frame) is None:
            return False
        self._sent_texts = [texts.copy() for texts in self._texts]
        self._sent_styles = [styles.copy() for styles in self._styles]
        self._touched.clear()
        return not any(None in texts for texts in self._sent_texts)

    def doubt(self, row: int, columns: int) -> None:
        """Take for unknown what the terminal shows in the first cells of a row, and in which style it writes."""
        self._sent_texts[row][:columns] = [None] * min(columns, self.width)
        self._touched.add(row)
        self.lose_pen()

    def shown(self) -> Canvas | None:
        """Return a canvas on which is drawn what the terminal shows; None where that is not known of every cell."""
        if any(None in texts for texts in self._sent_texts):
            return None
        other = Canvas(self.width, self.height)
        other._texts = [texts.copy() for texts in self._sent_texts]
        other._styles = [styles.copy() for styles in self._sent_styles]
        return other

    def last_style(self, row: int) -> Style:
        """Return the style of the last word that is drawn in a row."""
        texts, styles = self._texts[row], self._styles[row]
        return next(
            (style for text, style in reversed([*zip(texts, styles, strict=True)]) if text != " "), styles[-1]
        )

    def draw(self, frame: str) -> tuple[int, int] | None:
        """Take a frame, and return where it leaves the cursor; None where it is not understood, and not taken."""
        tokens = list(_TOKEN.finditer(frame))
        if sum(len(token[0]) for token in tokens) != len(frame):
            return None
        row, column, style = 0, 0, PLAIN
        work: list[tuple[int, int, str, Style]] = []
        for token in tokens:
            kind = token.lastgroup
            if kind == "text":
                if not (0 <= row < self.height and 0 <= column < self.width):
                    return None
                work.append((row, column, token[0], style))
                column += _length(token[0])
            elif kind == "sgr":
                found = styled(style, token["sgr"])
                if found is None:
                    return None
                style = found
            elif kind == "feed":
                row, column = row + 1, 0
            elif kind == "gap":
                column += int(token["gap"] or 1)
            else:
                row, column = int(token["row"]) - 1, int(token["column"] or 1) - 1
        for each in work:
            self._put(*each)
        return row, column

    def _put(self, row: int, column: int, text: str, style: Style) -> None:
        texts, styles = self._texts[row], self._styles[row]
        cells = list(text) if text.isascii() else _cells(text)
        end = min(column + len(cells), self.width)
        cells = cells[: end - column]
        if texts[column] == "" and column:  # the second half of a wide character goes, and takes the first along
            texts[column - 1] = " "
        if end < self.width and texts[end] == "":
            texts[end] = " "
        texts[column:end] = cells
        styles[column:end] = [style] * len(cells)
        seen = blank(style)
        if seen != style:
            for place, cell in enumerate(cells, column):
                if cell == " ":
                    styles[place] = seen
        self._touched.add(row)

    def difference(self) -> str:
        """Return what to send so that the terminal shows what was drawn; from then on it is taken to do so."""
        runs: list[_Run] = []
        for row in sorted(self._touched):
            texts, styles, sent, sent_styles = (
                self._texts[row], self._styles[row], self._sent_texts[row], self._sent_styles[row],
            )  # fmt: skip
            if texts == sent and styles == sent_styles:
                continue
            self._row(row, runs)
            self._sent_texts[row], self._sent_styles[row] = texts.copy(), styles.copy()
        self._touched.clear()
        ways = [_sent(runs, self._pen)]
        # To jump takes fewer bytes than to change colours, unless the next cell is the next one to write. Where a
        # character may be drawn too wide, what stands behind it is written after it.
        if all(run.is_of_sure_width for run in runs):
            places = {run.style: place for place, run in reversed(list(enumerate(runs)))}
            ways.append(_sent(sorted(runs, key=lambda run: places[run.style]), self._pen))
        out, self._pen = min(ways, key=lambda way: len(way[0]))
        return out

    def _row(self, row: int, runs: list[_Run]) -> None:
        """Append what makes one row as it was drawn."""
        texts, styles = self._texts[row], self._styles[row]
        sent, sent_styles = self._sent_texts[row], self._sent_styles[row]
        run: _Run | None = None
        doubtful = 0  # up to where a character that stood or stands before may have been drawn
        for column in range(self.width):
            text, style = texts[column], styles[column]
            is_same = text == sent[column] and style == sent_styles[column] and column >= doubtful
            if not is_same:
                doubtful = max(doubtful, column + _reach(text), column + _reach(sent[column]))
            if not text or (is_same and not self._is_torn(row, column)):
                continue
            between = None if run is None else self._between(row, run, column)
            if run is None or between is None or not run.suits(text, style):
                run = _Run(row, column, style)
                runs.append(run)
            else:
                run.texts += between
            run.texts.append(text)
            is_wide = column + 1 < self.width and texts[column + 1] == ""
            run.end = column + (2 if is_wide else 1)
            run.is_of_sure_width = text.isascii() or text in _SURE
            if not run.is_of_sure_width or run.end >= self.width:
                run.is_sure = False
                run = None

    def _is_torn(self, row: int, column: int) -> bool:
        """Return whether the second half of a wide character is to be sent, which goes with the first."""
        after = column + 1
        return (
            after < self.width
            and self._texts[row][after] == ""
            and (self._sent_texts[row][after] != "" or self._styles[row][after] != self._sent_styles[row][after])
        )

    def _between(self, row: int, run: _Run, column: int) -> list[str] | None:
        """Return the cells from the end of a run to a column, where writing them takes fewer bytes than a jump."""
        texts, styles = self._texts[row][run.end : column], self._styles[row][run.end : column]
        if len(texts) > _NEAR:
            return None
        known = [text for text in texts if text and text.isascii()]
        is_like = all(run.suits(text, style) for text, style in zip(known, styles, strict=False))
        return known if len(known) == len(texts) and is_like else None


@dataclass(slots=True)
class _Run:
    """Cells beside each other, written in one style.

    Behind one that is not `is_sure`, the cursor may be anywhere: terminals disagree about what follows the last
    column, and about the widths of characters.
    """

    row: int
    column: int
    style: Style
    texts: list[str] = field(default_factory=list)
    end: int = 0
    is_sure: bool = True
    is_of_sure_width: bool = True

    def suits(self, text: str, style: Style) -> bool:
        """Return whether a cell looks as it should when it is written in this run's style."""
        return style == (blank(self.style) if text == " " else self.style)


def _sent(runs: Iterable[_Run], pen: Style | None) -> tuple[str, Style | None]:
    """Return what writes these runs in this order, and the style that the terminal is left with."""
    out: list[str] = []
    row = column = -1  # unknown
    for run in runs:
        if (row, column) != (run.row, run.column):
            out.append(_move(run, row, column))
        style = run.style
        if pen is not None and not style.attributes and all(text == " " for text in run.texts):
            style = Style(pen.fore, style.back, pen.attributes - SEEN_ON_BLANKS)
        out.append(change(pen, style))
        out += run.texts
        pen = style
        row, column = (run.row, run.end) if run.is_sure else (-1, -1)
    return "".join(out), pen


def _move(run: _Run, row: int, column: int) -> str:
    gap = run.column - column
    if row != run.row or column < 0 or gap < 0:
        return f"\x1b[{run.row + 1};{run.column + 1}H" if run.column else f"\x1b[{run.row + 1}H"
    return f"\x1b[{gap}C" if gap > 1 else "\x1b[C"


_SURE = frozenset("─│╭╮╰╯┌┐└┘├┤┬┴┼▁▂▃▄▅▆▇█▏▎▍▌▋▊▉▕▔━╸╌┊░»●○·▸▾▲▼◌‖✗⊘…→↑↓✓⏎¶")
"""Characters beyond ASCII that every terminal draws one cell wide, in any locale but an East Asian one."""


def _reach(text: str | None) -> int:
    """Return over how many cells a terminal may draw a character: each of its parts may be given its own."""
    return 0 if not text or text.isascii() or text in _SURE else 2 * len(text)


def _length(text: str) -> int:
    return len(text) if text.isascii() else len(_cells(text))


@lru_cache(maxsize=2048)
def _cells_of(text: str) -> tuple[str, ...]:
    cells: list[str] = []
    spans, _ = split_graphemes(text)
    for start, end, width in spans:
        if width == 0:
            if cells:
                cells[-1 if cells[-1] else -2] += text[start:end]
            continue
        cells.append(text[start:end])
        cells.extend([""] * (width - 1))
    return tuple(cells)


def _cells(text: str) -> list[str]:
    return list(_cells_of(text))
