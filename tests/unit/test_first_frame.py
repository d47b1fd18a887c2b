"""The first frame fits, or nothing is printed: told by all that decides how the dashboard starts."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.support.builders import KEY
from tui import first_frame, first_frame_file
from tui.config import paths
from tui.first_frame_file import Start, packed, unpacked

SIZE, DAY = (120, 40), 20_784
FACTS, FRAMES = b"all that has to be the same", ("as of 13:54 ●", "as of Thu 26 Nov 13:54")
KEPT = packed(FACTS, DAY, FRAMES)


@pytest.mark.parametrize(
    ("day", "printed"),
    [(DAY, FRAMES[0]), (DAY + 1, FRAMES[1]), (DAY + 30, FRAMES[1]), (DAY + 31, None), (DAY - 1, None)],
)
def test_another_day_has_a_frame_of_its_own_and_an_old_one_is_not_printed(day, printed):
    assert unpacked(KEPT, FACTS, day) == printed


@given(st.integers(0, len(KEPT) - 1), st.integers(1, 255))
@example(0, 1)
@example(len(KEPT) - 1, 1)
def test_a_byte_that_is_damaged_is_found(place, change):
    damaged = bytearray(KEPT)
    damaged[place] ^= change
    assert unpacked(bytes(damaged), FACTS, DAY) is None


@given(st.integers(0, len(KEPT) - 1), st.binary(min_size=1, max_size=9))
def test_a_file_that_is_cut_or_longer_is_found(length, more):
    assert unpacked(KEPT[:length], FACTS, DAY) is None
    assert unpacked(KEPT + more, FACTS, DAY) is None


@given(st.binary(max_size=200))
def test_what_is_no_such_file_says_nothing(data):
    assert unpacked(data, FACTS, DAY) is None


@given(st.binary(max_size=40).filter(lambda facts: facts != FACTS))
def test_other_facts_do_not_fit(facts):
    assert unpacked(KEPT, facts, DAY) is None


ENVIRONMENT = {
    "HOME": "/home/anna",
    "TERM": "xterm-256color",
    "COLORTERM": "truecolor",
    "LANG": "C.UTF-8",
    "OPENAI_ADMIN_KEY": KEY,
}


def facts(arguments=(), size=SIZE, **environment) -> bytes:
    changed = {name: value for name, value in (ENVIRONMENT | environment).items() if value is not None}
    return Start([*arguments], changed).facts(size)


@pytest.mark.parametrize(
    "other",
    [
        {"arguments": ["--days", "30"]},
        {"size": (119, 40)},
        {"size": (120, 39)},
        {"HOME": "/home/bert"},
        {"TERM": "screen-256color"},
        {"COLORTERM": None},
        {"NO_COLOR": "1"},
        {"LANG": "de_DE.UTF-8"},
        {"LC_ALL": "C"},
        {"OPENAI_ADMIN_KEY": f"{KEY}1"},
        {"OPENAI_ADMIN_KEY": None},
        {"STY": "4711.pts-0.host"},
        {"TMUX": "/tmp/tmux-1000/default,4711,0"},
        {"OPENAI_BASE_URL": "http://127.0.0.1:1/v1"},
        {"OAI_USAGE_PROFILE": "lab"},
        {"TEXTUAL_DRIVER": "textual.drivers.headless_driver:HeadlessDriver"},
        {"XDG_CONFIG_HOME": "/etc/anna"},
        {"XDG_DATA_HOME": "/srv/anna"},
    ],
    ids=str,
)
def test_each_thing_that_changes_the_start_is_told(other):
    assert facts(**other) != facts()


OF_ANOTHER_LOGIN = {
    "SSH_TTY": "/dev/pts/7",
    "PWD": "/tmp",
    "SHLVL": "3",
    "XDG_SESSION_ID": "c7",
    "TMUX_PANE": "%3",
    "_": "/usr/bin/env",
}


@pytest.mark.parametrize("key", [KEY, None])
def test_what_changes_nothing_is_not_told(key):
    assert facts(**OF_ANOTHER_LOGIN, OPENAI_ADMIN_KEY=key) == facts(OPENAI_ADMIN_KEY=key)
    one, other = ({"TMUX": f"/tmp/tmux-1000/default,{number},0"} for number in (1, 2))
    assert facts(**one, OPENAI_ADMIN_KEY=key) == facts(**other, OPENAI_ADMIN_KEY=key)


@pytest.mark.parametrize("way", [{"OPENAI_ADMIN_KEY": None}, {"OPENAI_ADMIN_KEY": " "}, {"OAI_USAGE_PROFILE": "lab"}])
def test_where_a_command_gives_the_key_whatever_it_may_depend_on_is_told(way):
    assert facts(**way, ORG="acme") != facts(**way, ORG="other")
    assert facts(ORG="acme") == facts(ORG="other")


def test_a_folder_that_is_deleted_is_no_place_that_an_archive_could_be_in(tmp_path, monkeypatch):
    folder = tmp_path / "gone"
    folder.mkdir()
    monkeypatch.chdir(folder)
    folder.rmdir()
    assert facts(["archive", "--archive", "/tmp/a.db"]) == facts(["archive", "--archive", "/tmp/a.db"])


def test_another_version_is_told(monkeypatch):
    before = facts()
    monkeypatch.setattr(first_frame_file, "__version__", "9.9.9")
    assert facts() != before


@pytest.mark.parametrize(
    ("folder", "name"), [(".config", "config.toml"), (".config", "prices.toml"), (".local/state", "state.toml")]
)
def test_a_file_of_settings_is_told_when_it_comes_changes_and_goes(folder, name, tmp_path):
    path, seen = tmp_path / folder / "oai-usage-tui" / name, []
    path.parent.mkdir(parents=True)
    for content in (None, "", "a = 1", "b = 1"):
        if content is not None:
            path.write_text(content)
            os.utime(path, ns=(len(seen), len(seen)))
        seen.append(facts(HOME=str(tmp_path)))
    assert len(set(seen)) == 4
    path.unlink()
    assert facts(HOME=str(tmp_path)) == seen[0]


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is no first frame")
@pytest.mark.parametrize("variables", [{}, {"XDG_CACHE_HOME": "/var/cache/anna"}, {"XDG_CACHE_HOME": "  "}])
@pytest.mark.parametrize("profile", ["default", "lab", "a-b_c"])
def test_it_is_where_platformdirs_would_look(variables, profile, monkeypatch):
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    arguments = [] if profile == "default" else ["--profile", profile]
    assert Start(arguments, dict(os.environ)).path == str(paths.first_frame_path(profile))


@pytest.mark.parametrize(
    ("arguments", "profile"),
    [(["--profile", "lab"], "lab"), (["--profile=lab"], "lab"), (["--profile"], ""), (["--profile", "../lab"], "")],
)
def test_a_flag_names_the_profile_and_no_other_folder(arguments, profile):
    start = Start(arguments, ENVIRONMENT | {"OAI_USAGE_PROFILE": "other"})
    path = f"/home/anna/.cache/oai-usage-tui/profiles/{profile}/first-frame"
    assert start.path == (path if profile else None)


def test_where_there_is_no_home_there_is_no_place():
    assert Start([], {"TERM": "xterm"}).path is None


def test_the_key_is_in_no_file_even_as_a_hash_that_is_always_the_same():
    one, other = (packed(facts(), DAY, FRAMES) for _ in range(2))
    assert KEY.encode() not in one
    assert one.split(b"\n")[1] != other.split(b"\n")[1]


@pytest.mark.parametrize("who", ["this dashboard", "another one", "another one before"])
def test_what_was_chosen_is_what_this_process_read_or_wrote_last(who, tmp_path):
    """What another one chose, a screen of this one does not show, though the file has both."""
    path = tmp_path / ".local/state/oai-usage-tui/state.toml"
    path.parent.mkdir(parents=True)
    path.write_text("")
    start = Start([], ENVIRONMENT | {"HOME": str(tmp_path)})
    if who == "another one before":
        path.write_text('theme = "light"\n')
    if who == "another one":
        path.write_text('theme = "light"\n')
    else:
        start.choose(lambda: path.write_text(path.read_text() + 'by = ["pool"]\n'))
    fits = start.facts(SIZE) == Start([], ENVIRONMENT | {"HOME": str(tmp_path)}).facts(SIZE)
    assert fits == (who == "this dashboard")


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is no first frame")
@pytest.mark.parametrize("is_ours", [True, False])
def test_in_the_background_the_terminal_is_anothers(is_ours, monkeypatch):
    asked: list[str] = []
    monkeypatch.setattr(first_frame, "start", None)
    monkeypatch.setattr(first_frame, "read", lambda path, *_: asked.append(path))
    monkeypatch.setattr(os, "isatty", lambda _: True)
    monkeypatch.setattr(os, "get_terminal_size", lambda _: SIZE)
    monkeypatch.setattr(os, "tcgetpgrp", lambda _: os.getpgrp() + (not is_ours))
    first_frame.begin([], ENVIRONMENT)
    assert bool(asked) == is_ours


@pytest.mark.parametrize("way", ["for all to read", "a link", "another's"])
def test_a_file_that_is_not_this_users_own_is_not_printed(way, tmp_path, monkeypatch):
    monkeypatch.setattr(os, "get_terminal_size", lambda _: SIZE)
    monkeypatch.setattr("time.time", lambda: DAY * 86_400.0)
    start, path = Start([], ENVIRONMENT), tmp_path / "first-frame"
    path.write_bytes(packed(start.facts(SIZE), DAY, FRAMES))
    path.chmod(0o600)
    assert first_frame_file.read(str(path), start, SIZE) == FRAMES[0]
    if way == "a link":
        link = tmp_path / "link"
        link.symlink_to(path)
        with pytest.raises(OSError, match="symbolic"):
            first_frame_file.read(str(link), start, SIZE)
    elif way == "another's":
        if os.getuid():
            pytest.skip("only root may give a file away")
        os.chown(path, 65_534, -1)
        assert first_frame_file.read(str(path), start, SIZE) is None
    else:
        path.chmod(0o644)
        assert first_frame_file.read(str(path), start, SIZE) is None


def test_it_loads_sys_and_os_and_little_else():
    code = "import sys; before = set(sys.modules); import tui.first_frame; print(*(set(sys.modules) - before))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert set(loaded) <= {"tui", "tui.first_frame", "tui.first_frame_file"}
