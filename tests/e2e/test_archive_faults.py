"""The archive under real processes: killed while writing, two at once, no room left."""

from __future__ import annotations

import os
import random
import resource
import signal
import sqlite3
import subprocess
import sys
import time
from datetime import timedelta

import pytest

from tests.support.archives import HOURS, IDENTITY, archive_at, hour_bucket
from tests.support.builders import NOW, TODAY
from tui.errors import ArchiveFailed

_WRITER = """
import sys
from datetime import timedelta
from pathlib import Path
from tests.support.archives import IDENTITY, archive_at
from tests.support.archives import HOURS, hour_bucket
from tests.support.builders import NOW

kept = archive_at(Path(sys.argv[1]))
for number in range(int(sys.argv[2]), int(sys.argv[3])):
    kept.keep(IDENTITY, "org-acme", HOURS, [hour_bucket(number)], NOW)
    print(number, flush=True)
"""


def writer(path, first: int, last: int, code: str = _WRITER, **options) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code, str(path), str(first), str(last)],
        stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": "."}, **options,
    )  # fmt: skip


def numbers(kept) -> set[int]:
    found = kept.cached(kept.owner(IDENTITY), HOURS)
    assert all(
        each.bucket.rows[0].input_tokens == (start - TODAY) // timedelta(hours=1) for start, each in found.items()
    )
    return {each.bucket.rows[0].input_tokens for each in found.values()}


def _killer(path, first: int) -> None:
    """Write until killed, and say each number once it is kept: a fork, so that 50 of them take no 50 starts."""
    kept = archive_at(path)
    for number in range(first, first + 10_000):
        kept.keep(IDENTITY, "org-acme", HOURS, [hour_bucket(number)], NOW)
        os.write(1, f"{number}\n".encode())


@pytest.mark.slow
def test_killed_fifty_times_while_writing_nothing_that_was_kept_is_lost(tmp_path):
    path, chance, acknowledged, first = tmp_path / "archive.db", random.Random(4), set(), 0
    for _ in range(50):
        reader, end = os.pipe()
        child = os.fork()
        if child == 0:  # pragma: no cover
            os.dup2(end, 1)
            try:
                _killer(path, first)
            finally:
                os._exit(1)
        os.close(end)
        said = os.read(reader, 100)  # it has begun to write
        time.sleep(chance.uniform(0, 0.03))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        with os.fdopen(reader, "rb") as rest:
            said += rest.read()
        lines = {int(line) for line in said.split(b"\n")[:-1]}
        assert lines, "it wrote before it was killed"
        acknowledged |= lines
        first = max(acknowledged) + 2
        kept = archive_at(path)
        assert acknowledged <= numbers(kept)
        assert kept.file.take_notices() == []
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()


def test_two_processes_write_at_once_and_both_are_kept(tmp_path):
    path = tmp_path / "archive.db"
    writers = [writer(path, 0, 150), writer(path, 1_000, 1_150)]
    for each in writers:
        out, _ = each.communicate(timeout=40)
        assert each.returncode == 0
        assert len(out.split()) == 150
    assert numbers(archive_at(path)) == {*range(150), *range(1_000, 1_150)}


def test_a_full_disk_costs_nothing_that_was_written_before(tmp_path):
    path = tmp_path / "archive.db"

    def quota() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))

    full = writer(path, 0, 10_000, preexec_fn=quota, stderr=subprocess.PIPE)
    out, problem = full.communicate(timeout=40)
    assert full.returncode != 0
    assert "cannot be used now" in problem
    written = {int(number) for number in out.split()}
    assert len(written) > 5
    kept = archive_at(path)
    assert numbers(kept) == written
    kept.keep(IDENTITY, None, HOURS, [hour_bucket(9_999)], NOW)
    assert numbers(kept) == written | {9_999}
    assert kept.file.take_notices() == []


def test_a_file_that_is_replaced_while_it_is_in_use_is_read_anew(tmp_path):
    path = tmp_path / "archive.db"
    kept = archive_at(path)
    kept.keep(IDENTITY, "org-acme", HOURS, [hour_bucket(1)], NOW)
    path.unlink()
    assert kept.owner(IDENTITY) is None
    kept.keep(IDENTITY, "org-acme", HOURS, [hour_bucket(2)], NOW)
    assert numbers(archive_at(path)) == {2}


def test_a_writer_waits_for_another_and_says_so_when_it_takes_too_long(tmp_path, monkeypatch):
    monkeypatch.setattr("tui.sources.archive.database._LOCK_TIMEOUT", 0.1)
    path = tmp_path / "archive.db"
    kept = archive_at(path)
    kept.keep(IDENTITY, "org-acme", HOURS, [], NOW)
    with sqlite3.connect(path, isolation_level=None) as holder:
        holder.execute("BEGIN IMMEDIATE")
        with pytest.raises(ArchiveFailed, match="locked"):
            kept.keep(IDENTITY, None, HOURS, [hour_bucket(1)], NOW)
        holder.execute("ROLLBACK")
    holder.close()
    kept.keep(IDENTITY, None, HOURS, [hour_bucket(1)], NOW)
    assert numbers(kept) == {1}


def test_many_threads_of_many_processes_write_and_no_lock_is_lost(tmp_path):
    path = tmp_path / "archive.db"
    code = """
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tests.support.archives import IDENTITY, archive_at
from tests.support.archives import HOURS, hour_bucket
from tests.support.builders import NOW
from tui.sources.archive import database

database._LOCK_TIMEOUT = 30.0  # a machine that is busy otherwise is not what this is about
kept, first = archive_at(Path(sys.argv[1])), int(sys.argv[2])
with ThreadPoolExecutor(4) as pool:
    work = [pool.submit(kept.keep, IDENTITY, "org", HOURS, [hour_bucket(first + n)], NOW) for n in range(60)]
    problems = [each.exception() for each in work if each.exception()]
sys.exit(str(problems + kept.file.take_notices()) if problems or kept.file.take_notices() else 0)
"""
    processes = [writer(path, first, 0, code=code) for first in (0, 1_000, 2_000)]
    for each in processes:
        each.communicate(timeout=50)
    assert [each.returncode for each in processes] == [0, 0, 0]
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("SELECT count(*) FROM bucket").fetchone() == (180,)
    connection.close()
