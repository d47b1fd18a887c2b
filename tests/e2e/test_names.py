"""What ids are called: read in pages, kept in the archive, said on the command line."""

from __future__ import annotations

from tests.support.cli import run


def test_export_takes_names_and_refuses_strangers():
    days = ("--since", "2026-10-03", "--until", "2026-10-05", "--format", "csv", "--by", "project")
    named = run("export", "--demo", *days, "--project", "research", "--user", "Sam Okoye")
    by_id = run("export", "--demo", *days, "--project", "proj_Research8Wd3TzHn5P", "--user", "user-sam1Pz6")
    assert named.stdout == by_id.stdout
    assert len(named.stdout.splitlines()) == 4
    stranger = run("export", "--demo", "--project", "moon")
    assert stranger.returncode == 2
    assert "There is no project called moon. There are: Assistant, Contracts, Labelling" in stranger.stderr
