"""Runs are kept from their start on: what goes on, and what nobody saw end."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import msgspec
import pytest

from tests.support.archives import IDENTITY, archive
from tests.support.builders import NOW
from tests.support.live import Time
from tests.support.runs import Late, opened, over
from tui.commands import run as command
from tui.commands import runs as listed
from tui.domain.runs import LATEST
from tui.domain.time import Width
from tui.output import runs as report
from tui.sources.archive.database import Nowhere
from tui.sources.archive.runs import KeptRuns
from tui.system.child import NotStartedError

MINUTE = timedelta(minutes=1)


def store_in(tmp_path) -> KeptRuns:
    return KeptRuns(archive(tmp_path), IDENTITY)


def begun():
    return replace(over(), ended=None, status=None)


def killed(store: KeptRuns, seen) -> None:
    """Leave what a wrapper leaves that was killed just after its last beat."""
    with store.going_on(begun(), lambda: seen):
        store.keep(begun())


def files(tmp_path) -> set[str]:
    return {path.name for path in (tmp_path / "data").iterdir()}


def test_what_goes_on_is_seen_by_others(tmp_path):
    ours, theirs = store_in(tmp_path), store_in(tmp_path)
    with ours.going_on(begun(), lambda: NOW):
        ours.keep(begun())
        (seen,) = theirs.runs()
        assert seen.is_running
        assert not seen.is_over
        ours.keep(over())
    assert theirs.runs() == (over(),)
    assert files(tmp_path) == {"archive.db"}, "nothing else is left"


def test_the_end_of_what_was_killed_is_unknown_and_it_ran_until_its_last_sign_at_least(tmp_path):
    store = store_in(tmp_path)
    killed(store, NOW - MINUTE)
    (found,) = store.runs()
    assert (found.ended, found.last_seen) == (None, NOW - MINUTE)
    assert found.is_end_unknown
    assert found.minutes(NOW + 60 * MINUTE).end == NOW - MINUTE
    store.keep(found)
    assert store.runs() == (found,)
    assert files(tmp_path) == {"archive.db"}


def test_without_a_sign_it_is_known_only_to_have_begun(tmp_path):
    store = store_in(tmp_path)
    store.keep(begun())
    assert store.runs()[0].last_seen == begun().started


def test_an_end_that_is_noted_while_somebody_looks_is_seen(tmp_path, monkeypatch):
    store, other = store_in(tmp_path), store_in(tmp_path)
    killed(store, NOW)

    def ends_now(_) -> bool:
        other.keep(over())
        return False

    monkeypatch.setattr("tui.sources.archive.heartbeats.is_alive", ends_now)
    assert store.runs() == (over(),)


def test_a_cleared_archive_leaves_no_sign_but_of_what_goes_on(tmp_path):
    store, other = store_in(tmp_path), replace(begun(), id="other")
    killed(store, NOW)
    with store.going_on(other, lambda: NOW):
        archive(tmp_path).clear()
        assert files(tmp_path) == {"archive.db", "archive.db.run-other.lock"}


def test_an_archive_without_a_place_sees_nothing(tmp_path):
    kept_in = archive(tmp_path)
    kept_in.file = Nowhere("There is no home.", lambda: NOW)
    with KeptRuns(kept_in, IDENTITY).going_on(begun(), lambda: NOW) as beat:
        beat()


def test_what_an_earlier_version_wrote_is_read(tmp_path):
    store = store_in(tmp_path)
    store.keep(over())
    earlier = {name: value for name, value in msgspec.to_builtins(over()).items() if name != "last_seen"}
    content = msgspec.json.encode(earlier)
    archive(tmp_path).file.write(lambda connection: connection.execute("UPDATE run SET content = ?", (content,)))
    assert store.runs() == (over(),)


def test_a_run_is_kept_while_it_runs_and_with_its_status_at_its_end(tmp_path):
    store, clock = store_in(tmp_path), Time()
    run = command.begun("a job", (), clock)
    ended = command.start(["true"], {"PATH": "/usr/bin:/bin"}, run, clock, Watching(store))
    assert store.runs() == (ended,)
    assert ended.status == 0
    assert files(tmp_path) == {"archive.db"}


class Watching:
    """A store that looks at what is kept each time."""

    def __init__(self, store: KeptRuns) -> None:
        self.store = store

    def __getattr__(self, name):
        return getattr(self.store, name)

    def keep(self, run):
        self.store.keep(run)
        (found,) = self.store.runs()
        assert found.is_running is (run.ended is None)


def test_what_could_not_be_started_leaves_no_trace(tmp_path):
    store = store_in(tmp_path)
    with pytest.raises(NotStartedError):
        command.start([str(tmp_path / "none")], {}, command.begun("x", (), Time()), Time(), store)
    assert store.runs() == ()
    assert files(tmp_path) == {"archive.db"}


async def test_runs_measures_what_was_killed_until_its_last_sign_and_does_not_ask_for_ever(tmp_path, capsys):
    store = store_in(tmp_path)
    killed(store, NOW - MINUTE)
    clock, source, engine = opened(late=2)
    assert isinstance(source, Late)
    clock.now += LATEST + MINUTE
    assert await listed.runs(engine, store) == 0
    line = capsys.readouterr().out.splitlines()[1]
    assert "2m or more" in line
    assert "220" in line
    assert line.endswith("end unknown, complete")
    (kept,) = store.runs()
    assert kept.is_complete
    assert kept.status is None
    source.queries.clear()
    assert await listed.runs(engine, store, as_json=True) == 0
    assert not [query for query in source.queries if query.window.width is Width.MINUTE]
    (document,) = msgspec.json.decode(capsys.readouterr().out)["runs"]
    assert (document["ended"], document["last_seen"]) == (None, "2026-11-20T14:02:00Z")


async def test_runs_shows_what_runs_and_keeps_nothing_of_it(tmp_path, capsys):
    store = store_in(tmp_path)
    _, _, engine = opened(late=1)
    with store.going_on(begun(), lambda: NOW):
        store.keep(begun())
        assert await listed.runs(engine, store) == 0
        assert store.runs() == (begun(),)
    assert capsys.readouterr().out.splitlines()[1].endswith("running")
    assert report.document(begun(), NOW)["last_seen"] is None
