"""A disk that is full, at each byte at which it can be: an error is a sentence, and what was kept before stays."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.mounts import NEEDS_ROOT

_STEP, _ENOUGH = 4, 400
"""Kilobytes: a page of the file system, and a disk that has room for all."""

_AT_EACH_SIZE = f"""
import json, subprocess, sys
from dataclasses import replace
from pathlib import Path

from tests.support.archives import HOURS, IDENTITY, archive_at, hour_bucket
from tests.support.builders import NOW
from tests.support.runs import over
from tui.config import preferences
from tui.errors import TuiError
from tui.sources.archive.runs import KeptRuns
from tui.system import files

disk, failed = Path(sys.argv[1]), 0

def mount(*words):
    subprocess.run(["mount", *words, str(disk)], check=True)

for size in range({_STEP}, {_ENOUGH}, {_STEP}):
    mount("-t", "tmpfs", "-o", f"size={{size}}k", "none")
    archive, state, written = disk / "a" / "archive.db", disk / "s" / "state.toml", disk / "out.csv"
    kept, runs = archive_at(archive), KeptRuns(archive_at(archive), IDENTITY)
    told, sentences = set(), []
    for number in range(12):
        work = {{
            "bucket": lambda: kept.keep(IDENTITY, "org-acme", HOURS, [hour_bucket(number)], NOW),
            "run": lambda: runs.keep(replace(over(), id=f"run-{{number}}")),
            "file": lambda: files.write(written, (f"{{number}}," * 2_000).encode()),
        }}
        for name, each in work.items():
            try:
                each()
                told.add((name, number))
            except (TuiError, OSError) as error:
                assert isinstance(error, TuiError) or error.errno == 28, error
                assert not isinstance(error, TuiError) or error.sentence.endswith("."), error.sentence
                sentences.append(str(error))
        preferences.remember(state, "columns", ("total",))
    assert preferences.load(state).columns in {{None, ("total",)}}
    if written.exists() and ("file", 0) in told:
        last = max(number for name, number in told if name == "file")
        assert written.read_text() == f"{{last}}," * 2_000, "whole, or as it was"
    mount("-o", "remount,size=10m")
    again = archive_at(archive)
    owner = again.owner(IDENTITY)
    buckets = again.cached(owner, HOURS).values() if owner else ()
    found = {{("bucket", each.bucket.rows[0].input_tokens) for each in buckets}}
    found |= {{("run", int(run.id[4:])) for run in KeptRuns(again, IDENTITY).runs()}}
    lost = {{each for each in told if each[0] != "file"}} - found
    assert not lost, (size, lost)
    again.keep(IDENTITY, "org-acme", HOURS, [hour_bucket(99)], NOW)
    assert again.file.take_notices() == [], size
    assert not list(disk.rglob(".oai-usage-tui.*")), "nothing half written stays"
    failed += bool(sentences)
    subprocess.run(["umount", str(disk)], check=True)
print(json.dumps(failed))
"""


@NEEDS_ROOT
@pytest.mark.endurance
@pytest.mark.timeout(300)
def test_whatever_write_finds_the_disk_full_what_was_kept_stays(tmp_path: Path):
    disk = tmp_path / "disk"
    disk.mkdir()
    inner = ["unshare", "--mount", "--propagation", "private"]
    if subprocess.run([*inner, "mount", "-t", "tmpfs", "none", "/mnt"], capture_output=True, check=False).returncode:
        pytest.skip("nothing can be mounted here")
    done = subprocess.run(
        [*inner, sys.executable, "-c", _AT_EACH_SIZE, str(disk)],
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 10, "many of them were too small"
