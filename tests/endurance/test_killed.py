"""Killed at random moments of writing: what was said to be kept is there, and nothing is unreadable."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from tests.support.archives import HOURS, IDENTITY, archive_at, hour_bucket
from tests.support.builders import NOW
from tests.support.runs import over
from tui import first_frame_file
from tui.config import preferences
from tui.sources.archive.runs import KeptRuns
from tui.system import files

TIMES = int(os.environ.get("ENDURANCE_KILLS", "200"))


@dataclass(frozen=True)
class Kept:
    """Something that is written: `begin` returns what writes a number, `found` the numbers that are read again.

    Of what only the last one is kept, `is_last`.
    """

    begin: Callable[[Path], Callable[[int], None]]
    found: Callable[[Path], set[int]]
    is_last: bool = False


def _archive(path: Path) -> Callable[[int], None]:
    kept = archive_at(path)
    return lambda number: (kept.keep(IDENTITY, "org-acme", HOURS, [hour_bucket(number)], NOW), None)[1]


def _archived(path: Path) -> set[int]:
    kept = archive_at(path)
    owner = kept.owner(IDENTITY)
    assert owner is not None
    found = {each.bucket.rows[0].input_tokens for each in kept.cached(owner, HOURS).values()}
    assert kept.file.take_notices() == []
    _is_whole(path)
    return found


def _runs(path: Path) -> Callable[[int], None]:
    store = KeptRuns(archive_at(path), IDENTITY)
    return lambda number: store.keep(replace(over(), id=f"run-{number}"))


def _kept_runs(path: Path) -> set[int]:
    found = {int(run.id.removeprefix("run-")) for run in KeptRuns(archive_at(path), IDENTITY).runs()}
    _is_whole(path)
    return found


def _is_whole(path: Path) -> None:
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()


def _state(path: Path) -> Callable[[int], None]:
    return lambda number: preferences.remember(path, "columns", ("model", *("total",) * (number % 2), str(number)))


def _remembered(path: Path) -> set[int]:
    return {int(preferences.load(path).columns[-1])}


def _frame(path: Path) -> Callable[[int], None]:
    return lambda number: files.keep_anew(path, first_frame_file.packed(b"facts", 0, (f"{number}", "of another day")))


def _printed(path: Path) -> set[int]:
    frame = first_frame_file.unpacked(path.read_bytes(), b"facts", 0)
    assert frame is not None, "what is damaged would not be printed"
    return {int(frame)}


KINDS = {
    "archive": Kept(_archive, _archived),
    "runs": Kept(_runs, _kept_runs),
    "state": Kept(_state, _remembered, is_last=True),
    "frame": Kept(_frame, _printed, is_last=True),
}


def _write(kept: Kept, path: Path, first: int) -> None:
    """Write until killed, and say each number once it is kept."""
    write = kept.begin(path)
    for number in range(first, first + 1_000_000):
        write(number)
        os.write(1, f"{number}\n".encode())


@pytest.mark.endurance
@pytest.mark.timeout(0)
@pytest.mark.parametrize("name", KINDS)
def test_killed_at_random_moments_nothing_that_was_kept_is_lost(name, tmp_path):
    kept, path, seed = KINDS[name], tmp_path / f"{name}.kept", random.SystemRandom().randrange(2**32)
    chance, acknowledged = random.Random(seed), -1
    for _ in range(TIMES):
        reader, end = os.pipe()
        child = os.fork()  # and no new process, so that so many of them take no minutes
        if child == 0:  # pragma: no cover
            os.dup2(end, 1)
            try:
                _write(kept, path, acknowledged + 1)
            finally:
                os._exit(1)
        os.close(end)
        with os.fdopen(reader, "rb") as told:
            said = told.readline()  # it has begun
            time.sleep(chance.uniform(0, 0.02))
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            said += told.read()
        lines = [int(line) for line in said.split(b"\n")[:-1]]
        assert lines, "it wrote before it was killed"
        before, acknowledged = acknowledged, max(lines)
        found = kept.found(path)
        assert acknowledged in found or acknowledged + 1 in found, f"seed {seed}"
        if not kept.is_last:
            assert set(range(before + 1, acknowledged + 1)) <= found, f"seed {seed}"
            # The one under way may have been kept without being told; the next writer writes it again.
            assert found <= set(range(acknowledged + 2)), f"seed {seed}"
    for each in tmp_path.iterdir():
        os.utime(each, (1, 1))
    kept.begin(path)(acknowledged + 2)
    assert [each.name for each in tmp_path.iterdir()] == [path.name], "what the killed left behind is taken away"
