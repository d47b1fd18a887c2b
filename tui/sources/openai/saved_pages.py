"""Pages that were saved to a file, in any of the forms in which people save JSON.

That is UTF-8 or UTF-16, with a byte order mark or without (Windows PowerShell's `>` writes UTF-16), one page a line
or over many lines, one behind the other or in an array, and buckets without a page around them.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

from tui.domain.rows import GROUPED_BY
from tui.sources.openai import wire

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark is its beginning
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_BETWEEN = re.compile(r"[\s,\ufeff\x1e]*")
"""What can stand between two pages: white space, commas, marks of files that were put together, RFC 7464's mark."""

_LONGEST = 366 * 86_400
"""Seconds; no bucket is so long."""

_BEGINNING = re.compile(r"^[\[{]", re.MULTILINE)
_OBJECT = re.compile(rb'"object"\s*:\s*"organization\.(?:usage\.)?(\w+)\.result"')


@dataclass(frozen=True)
class SavedPage:
    """A page, the line of the file that it begins in, and the kinds of usage that its results say they are."""

    line: int
    answer: wire.WirePage
    kinds: frozenset[str]

    @cached_property
    def fields(self) -> frozenset[str]:
        """The fields that its rows are broken down by."""
        rows = [row for span in self.answer.spans for row in span.rows]
        return frozenset(name for name in GROUPED_BY if any(getattr(row, name) is not None for row in rows))

    @cached_property
    def width(self) -> timedelta | None:
        """How long its buckets are; the first and the last can be shorter."""
        lengths = [span.end - span.start for span in self.answer.spans if span.end is not None]
        return timedelta(seconds=min(max(lengths), _LONGEST)) if lengths else None


@dataclass(frozen=True, slots=True)
class Unknown:
    """A part of the file that is no page: the line that it begins in, and why."""

    line: int
    why: str


def read(content: bytes) -> tuple[Sequence[SavedPage], Sequence[Unknown]]:
    """Return the pages in the content of a file, and what of it is none."""
    text = _text(content)
    found: list[SavedPage | Unknown] = [*_quickly(text)]
    found = found or [*_carefully(text)]
    return (
        [each for each in found if isinstance(each, SavedPage)],
        [each for each in found if isinstance(each, Unknown)],
    )


def _text(content: bytes) -> str:
    """Return the text; bytes that are none become marks, which cost what they stand in."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return content[len(mark) :].decode(encoding, "replace")
    if content[1:2] == b"\0":  # every page begins with a character of ASCII
        return content.decode("utf-16-le", "replace")
    if content[:1] == b"\0":
        return content.decode("utf-16-be", "replace")
    return content.decode("utf-8", "replace")


def _page(line: int, body: bytes) -> SavedPage:
    kinds = frozenset(found.decode() for found in _OBJECT.findall(body))
    return SavedPage(line, wire.decode(body), kinds)


def _quickly(text: str) -> Iterator[SavedPage]:
    """Yield the pages of a file that is one page, or has one a line; nothing where it is another form."""
    for parts in ([text], text.split("\n")):
        pages = []
        try:
            for line, part in enumerate(parts, 1):
                if part.strip():
                    pages.append(_page(line, part.encode("utf-8", "replace")))
        except wire.Malformed:
            continue
        yield from pages
        return


def _carefully(text: str) -> Iterator[SavedPage | Unknown]:
    """Yield what stands in the file, one value of JSON after the other."""
    decoder = json.JSONDecoder(strict=False, parse_constant=str)
    line, counted, place = 1, 0, 0
    while True:
        between = _BETWEEN.match(text, place)
        place = place if between is None else between.end()
        if place == len(text):
            return
        line, counted = line + text.count("\n", counted, place), place
        try:
            document, end = decoder.raw_decode(text, place)
        except (ValueError, RecursionError):
            yield Unknown(line, "it is no JSON")
            beginning = _BEGINNING.search(text, place + 1)
            place = len(text) if beginning is None else beginning.start()
        else:
            yield from _pages(line, document, text[place:end])
            place = end


def _pages(line: int, document: object, text: str | None = None) -> Iterator[SavedPage | Unknown]:
    """Yield the pages in a value of JSON: itself, or those in an array. `text` is how it is written, where known."""
    if isinstance(document, list):
        buckets = [each for each in document if _is_bucket(each)]
        if buckets:
            yield from _pages(line, {"data": buckets})
        for each in document:
            if not _is_bucket(each):
                yield from _pages(line, each)
    elif _is_bucket(document):
        yield from _pages(line, {"data": [document]})
    elif isinstance(document, dict):
        body = json.dumps(document, ensure_ascii=False) if text is None else text
        try:
            yield _page(line, body.encode("utf-8", "replace"))
        except wire.Malformed as error:
            yield Unknown(line, str(error))
    else:
        yield Unknown(line, "it is no page")


def _is_bucket(document: object) -> bool:
    return isinstance(document, dict) and "start_time" in document and "data" not in document
