"""Machines that are not as the program would like them: no home, no user, no room, an archive that is locked."""

from __future__ import annotations

import sqlite3
from contextlib import closing

from tests.support.archives import archive
from tests.support.builders import NOW, Memory, day, row
from tests.support.doctor_api import KEY, Api, folder, say
from tui.domain.time import last_days
from tui.sources.archive.buckets import Identity
from tui.sources.archive.read_through import ReadThrough
from tui.sources.base import Query


async def test_the_doctor_tells_of_a_home_that_takes_no_files():
    status, found, _ = await say(Api(), HOME="/proc/self")
    assert (status, found["archive"]["state"], found["folders"]["state"]) == (0, "warn", "warn")
    assert "cannot be written" in found["folders"]["words"]
    assert "forgotten at its end" in found["folders"]["advice"]
    status, found, _ = await say(Api(), XDG_CACHE_HOME="/proc/self")
    assert (found["archive"]["state"], found["folders"]["state"]) == ("ok", "warn")
    assert "pools --oneline" in found["folders"]["advice"]


async def test_the_doctor_warns_of_an_archive_that_is_locked(tmp_path):
    path = tmp_path / "archive.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as holder:
        holder.execute("CREATE TABLE x (y)")
        holder.execute("BEGIN EXCLUSIVE")
        status, found, _ = await say(Api(), "--archive", str(path))
    assert (status, found["archive"]["state"]) == (0, "warn")
    assert "locked" in found["archive"]["words"]


async def test_the_doctor_warns_of_a_link_to_nowhere_and_of_a_folder_that_is_one(tmp_path):
    link = tmp_path / "archive.db"
    link.symlink_to("away/archive.db")
    status, found, _ = await say(Api(), "--archive", str(link))
    assert (status, found["archive"]["state"]) == (0, "warn")
    assert "which is not there" in found["archive"]["words"]
    folder(".local", "share", "oai-usage-tui").rmdir()
    folder(".local", "share").joinpath("oai-usage-tui").symlink_to("/nowhere/at/all")
    status, found, _ = await say(Api())
    assert (status, found["archive"]["state"]) == (0, "warn")
    assert "is a link to /nowhere/at/all, which is not there" in found["archive"]["words"]


async def test_what_fails_is_said_once_until_it_has_worked_again(tmp_path, monkeypatch):
    monkeypatch.setattr("tui.sources.archive.database._LOCK_TIMEOUT", 0.05)
    kept_in = archive(tmp_path)
    source = ReadThrough(Memory(day(0, row())), kept_in, Identity("https://one", KEY), lambda: NOW)

    async def notes() -> int:
        return len([page async for page in source.pages(Query(last_days(NOW, 1))) if page.note])

    said = [await notes()]
    with closing(sqlite3.connect(kept_in.file.path, isolation_level=None)) as holder:
        for _ in range(2):
            holder.execute("BEGIN IMMEDIATE")
            said += [await notes(), await notes()]
            holder.execute("ROLLBACK")
            said.append(await notes())
    assert said == [0, 1, 0, 0, 1, 0, 0]
