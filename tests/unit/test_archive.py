"""The archive's file: what it holds, who may read it, and what becomes of one that cannot be used."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import stat
import tempfile
import zlib
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.archives import IDENTITY, WEEK, archive_at
from tests.support.builders import DAY, FREE, NOW, TODAY, day, row
from tui.domain.rows import Row
from tui.domain.time import last_days
from tui.domain.usage import Bucket
from tui.errors import ArchiveFailed
from tui.sources.archive.buckets import Archive, Identity
from tui.sources.archive.rows import BadRows, decode_rows, encode_rows
from tui.sources.base import Query


@pytest.fixture
def path(tmp_path) -> Path:
    return tmp_path / "data" / "archive.db"


def filled(path: Path) -> Archive:
    kept = archive_at(path)
    kept.keep(IDENTITY, "org-acme", WEEK, [day(ago, row(tokens=ago)) for ago in range(7)], NOW)
    return kept


def tokens(kept: Archive) -> dict:
    owner = kept.owner(IDENTITY)
    found = {} if owner is None else kept.cached(owner, WEEK)
    return {(TODAY - start) // DAY: each.bucket.rows[0].input_tokens for start, each in found.items()}


rows = st.builds(
    partial(Row),
    model=st.none() | st.text(),
    service_tier=st.none() | st.sampled_from([FREE, "default", "flex"]),
    project_id=st.none() | st.text(),
    batch=st.none() | st.booleans(),
    input_tokens=st.integers(-(2**63), 2**64),
    output_tokens=st.integers(0, 2**63),
    requests=st.integers(0, 2**40),
    input_uncached_tokens=st.none() | st.integers(0, 2**40),
)


@given(st.lists(rows, max_size=5), st.integers(0, 3))
def test_rows_come_back_as_they_were_and_how_many_were_left_out(given, left_out):
    assert decode_rows(NOW, encode_rows(Bucket(NOW, tuple(given), left_out))) == Bucket(NOW, tuple(given), left_out)


def test_fields_that_no_row_has_are_at_their_default():
    written = zlib.compress(json.dumps([["model"], [["gpt-6-sol"]]]).encode())
    assert decode_rows(NOW, written) == Bucket(NOW, (Row(model="gpt-6-sol"),))


@pytest.mark.parametrize("content", [[], [["model"]], [[], [], "many"], [[], [], 1, 2], {"model": 1}])
def test_bytes_of_another_shape_hold_no_rows(content):
    with pytest.raises(BadRows):
        decode_rows(NOW, zlib.compress(json.dumps(content).encode()))


def test_what_was_kept_is_found_again_and_only_for_its_owner(path):
    kept = filled(path)
    assert tokens(kept) == {ago: ago for ago in range(7)}
    assert kept.owner(Identity(IDENTITY.endpoint, "another")) is None
    other = kept.keep(Identity("https://elsewhere/v1", "another"), "org-acme", Query(last_days(NOW, 0)), [], NOW)
    assert kept.cached(other, WEEK) == {}, "the same name at another address is another organization"
    assert kept.last_owner() is not None


def test_nothing_is_known_of_a_file_that_is_not_there_and_none_is_made(path):
    kept = archive_at(path)
    assert (kept.owner(IDENTITY), kept.last_owner(), kept.contents()) == (None, None, [])
    assert not path.parent.exists()


def test_the_file_is_for_its_owner_only_and_holds_no_key(path):
    before = os.umask(0)
    try:
        filled(path)
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert b"sk-admin" not in path.read_bytes()
    path.chmod(0o644)
    filled(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_later_copy_of_a_bucket_takes_the_place_of_the_one_before(path):
    kept = filled(path)
    owner = kept.owner(IDENTITY)
    kept.keep(IDENTITY, None, WEEK, [day(0, row(tokens=99))], NOW + DAY)
    assert tokens(kept)[0] == 99
    assert kept.cached(owner, WEEK)[TODAY].read_at == NOW + DAY


def test_clear_forgets_everything(path):
    kept = filled(path)
    kept.clear()
    assert kept.contents() == []
    assert kept.last_owner() is None
    assert tokens(filled(path)) == {ago: ago for ago in range(7)}


def test_contents_say_what_there_is(path):
    (only,) = filled(path).contents()
    assert (only.owner, only.kind, only.width, only.buckets) == (
        "org-acme of https://api.openai.com/v1", "completions", "1d", 7
    )  # fmt: skip
    assert (only.first, only.last, only.read_at) == (TODAY - 6 * DAY, TODAY, NOW)


@pytest.mark.parametrize("part", [0.5, 0.9])
def test_a_file_cut_off_is_set_aside_with_a_message_and_a_new_one_begins(path, part):
    kept = filled(path)
    kept.keep(IDENTITY, None, WEEK, [day(0, *(row(f"m{i}") for i in range(5_000)))], NOW)
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * part)])
    assert tokens(archive_at(path)) == {}
    (aside,) = path.parent.glob("archive.db.damaged-*")
    assert aside.read_bytes() == content[: int(len(content) * part)]
    again = filled(path)
    assert tokens(again) == {ago: ago for ago in range(7)}


def test_a_damage_is_told_of_and_never_hides_an_earlier_one(path):
    for times in (1, 2):
        kept = filled(path)
        path.write_bytes(path.read_bytes()[:5_000])
        assert kept.owner(IDENTITY) is None
        (words,) = kept.file.take_notices()
        assert kept.file.take_notices() == []
        assert "damaged" in words
        assert "20261120T140300" in words
        assert len(list(path.parent.glob("archive.db.damaged-*"))) == times


def test_writing_to_a_damaged_file_begins_a_new_one(path):
    filled(path)
    path.write_bytes(os.urandom(10_000))
    kept = filled(path)
    assert tokens(kept) == {ago: ago for ago in range(7)}
    assert len(kept.file.take_notices()) == 1


def test_a_row_that_this_program_did_not_write_is_a_damage(path):
    kept = filled(path)
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE bucket SET rows = x'00'")
    connection.close()
    assert tokens(kept) == {}
    assert kept.file.take_notices()


@pytest.mark.parametrize("content", [b"my notes, all of them\n" * 50, None])
def test_a_file_of_somebody_else_is_left_alone(tmp_path, content):
    path = tmp_path / "notes"
    if content is None:
        with sqlite3.connect(path) as connection:
            connection.execute("CREATE TABLE notes (words)")
        connection.close()
    else:
        path.write_bytes(content)
    before = path.read_bytes()
    kept = archive_at(path, is_own_place=False)
    with pytest.raises(ArchiveFailed, match="is not an archive of oai-usage-tui, and is left alone"):
        kept.owner(IDENTITY)
    with pytest.raises(ArchiveFailed, match="left alone"):
        kept.keep(IDENTITY, "org", WEEK, [], NOW)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_of_a_later_version_is_left_alone(path):
    kept = filled(path)
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    before = path.read_bytes()
    for work in (lambda: kept.owner(IDENTITY), lambda: kept.keep(IDENTITY, "org", WEEK, [], NOW), kept.clear):
        with pytest.raises(ArchiveFailed, match="later version"):
            work()
    assert path.read_bytes() == before


def test_an_empty_file_is_a_new_one(path):
    path.parent.mkdir()
    path.touch()
    assert tokens(filled(path)) == {ago: ago for ago in range(7)}


def test_a_folder_in_the_place_of_the_file_is_said_to_be_one(path):
    path.mkdir(parents=True)
    with pytest.raises(ArchiveFailed, match="cannot be used now"):
        filled(path)


def _as_nobody(work) -> str:
    """Do work in a process without the rights to write everywhere, and return what it says."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:  # pragma: no cover
        try:
            if os.getuid() == 0:
                os.setgid(65534)
                os.setuid(65534)
            os.write(writer, work().encode())
        finally:
            os._exit(0)
    os.close(writer)
    os.waitpid(child, 0)
    with os.fdopen(reader) as said:
        return said.read()


@pytest.fixture
def public():
    """A folder that everybody may enter."""
    folder = Path(tempfile.mkdtemp())
    yield folder
    folder.chmod(0o700)
    shutil.rmtree(folder)


def test_in_a_read_only_folder_the_archive_is_read_and_the_rest_is_said(public):
    filled(public / "archive.db")
    (public / "archive.db").chmod(0o444)
    public.chmod(0o555)

    def work() -> str:
        kept = archive_at(public / "archive.db", is_own_place=False)
        found = tokens(kept)
        try:
            filled(public / "archive.db")
        except ArchiveFailed as error:
            return f"{len(found)} days; {error}"
        return "it was written"

    said = _as_nobody(work)
    assert said.startswith("7 days; The archive ")
    assert "cannot be used now" in said


def test_in_a_folder_that_cannot_be_entered_nothing_is_kept(public):
    (public / "inner").mkdir(mode=0o700)

    def work() -> str:
        try:
            filled(public / "inner" / "archive.db")
        except ArchiveFailed as error:
            return str(error)
        return "it was written"

    assert "cannot be used now" in _as_nobody(work)
