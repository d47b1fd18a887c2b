"""Answers that leave out buckets which the API named before: what was known stays, and is marked."""

from __future__ import annotations

from tests.support.archives import archive
from tests.support.builders import DAY, KEY, NOW, TODAY, Memory, day, gathered, row
from tui.domain.time import Window
from tui.sources.archive.owners import Identity
from tui.sources.archive.read_through import ReadThrough
from tui.sources.base import Page, Query


async def test_a_settled_day_that_is_left_out_costs_a_note(tmp_path):
    kept, day_of_old = archive(tmp_path), Window(TODAY - 9 * DAY, TODAY - 7 * DAY)

    class LeavesOut(Memory):
        async def pages(self, query):
            async for each in super().pages(query):
                yield Page(each.buckets[1:], "The API left out a day.", "org-test", missing=(query.window.start,))

    whole = Memory(day(9, row(tokens=7)), day(8, row(tokens=8)))
    await gathered(ReadThrough(whole, kept, Identity("u", KEY), lambda: NOW).pages(Query(day_of_old)))
    wider = Query(Window(day_of_old.start, TODAY - 5 * DAY))
    through = ReadThrough(LeavesOut(*whole.buckets), kept, Identity("u", KEY), lambda: NOW)
    pages = [page async for page in through.pages(wider)]
    found = {bucket.start: bucket for page in pages for bucket in page.buckets}
    assert found[TODAY - 9 * DAY].rows[0].input_tokens == 7
    unread = {start for page in pages for start in page.missing}
    assert unread == {TODAY - 7 * DAY}, "of which nothing was known"
