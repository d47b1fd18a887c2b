"""Whose days they are: organizations in the archive are kept apart, and keys come and go."""

from __future__ import annotations

from tests.support.archives import KEY, archive, everything
from tests.support.builders import NOW, Memory, day, row
from tests.support.dashboard import dashboard
from tui.domain.time import last_days
from tui.sources.archive.owners import Identity
from tui.sources.archive.read_through import ReadThrough
from tui.sources.base import Query


async def test_the_dashboard_shows_nothing_of_another_organization_and_all_of_one_that_is_renamed(tmp_path):
    kept = archive(tmp_path)
    mine, theirs = (Memory(*(day(ago, row(name)) for ago in range(7))) for name in ("mine", "theirs"))
    mine.organization, theirs.organization = "org-a", "org-b"
    for source, key in ((mine, KEY), (theirs, "another")):
        await everything(ReadThrough(source, kept, Identity("u", key), lambda: NOW), Query(last_days(NOW, 6)))
    through = ReadThrough(mine, kept, Identity("u", KEY), lambda: NOW)
    async with dashboard(through, memory=through) as board:
        mine.organization = "org-c"
        await board.press("r", "a")
        assert "org-c" in board.text()
        assert "is called org-c now, and org-a before" in " ".join(board.text().split())
        assert sum("mine" in cells[1] for cells in board.rows()) == 7
        mine.organization, mine.buckets = "org-b", theirs.buckets
        await board.press("r")
        assert "org-b" in board.text()
        assert sum("theirs" in cells[1] for cells in board.rows()) == 7
        assert not any("mine" in cells[1] for cells in board.rows())
