"""A process that goes on is seen, and one that does not is known to have had a last beat."""

from __future__ import annotations

import errno
import os
from datetime import UTC, datetime, timedelta

from tests.support.builders import NOW
from tests.support.live import Time
from tui.system.heartbeat import heartbeat, is_alive, last_beat


def test_it_is_seen_while_it_lasts_and_leaves_its_last_sign(tmp_path):
    path = tmp_path / "folder" / "a.lock"
    assert not is_alive(path)
    with heartbeat(path, lambda: NOW):
        assert is_alive(path)
        assert is_alive(path), "who looks does not disturb it"
    assert not is_alive(path)
    assert last_beat(path) == NOW


def test_signs_are_given_on_a_beat_however_often_it_is_called(tmp_path, monkeypatch):
    path, clock, seconds = tmp_path / "a.lock", Time(), [100.0]
    monkeypatch.setattr("tui.system.heartbeat.time.monotonic", lambda: seconds[0])
    with heartbeat(path, clock) as beat:
        clock.now += timedelta(seconds=10)
        seconds[0] += 10
        beat()
        assert last_beat(path) == NOW
        clock.now += timedelta(seconds=50)
        seconds[0] += 50
        beat()
        assert last_beat(path) == NOW + timedelta(minutes=1)


def test_what_cannot_be_written_or_read_is_no_error(tmp_path):
    (tmp_path / "file").touch()
    with heartbeat(tmp_path / "file" / "a.lock", lambda: NOW) as beat:
        beat()
    assert last_beat(tmp_path / "none") is None
    (tmp_path / "file").write_text("no number")
    assert last_beat(tmp_path / "file") is None
    assert not is_alive(tmp_path)


def test_where_there_are_no_locks_a_sign_of_late_counts(tmp_path, monkeypatch):
    path = tmp_path / "run.lock"

    def refused(*_):
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr("fcntl.flock", refused)
    with heartbeat(path, lambda: datetime.now(UTC)):
        assert is_alive(path)
    os.utime(path, (0, 0))
    assert not is_alive(path)
