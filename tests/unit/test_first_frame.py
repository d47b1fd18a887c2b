"""The first frame fits, or nothing is printed: told by all that decides how the dashboard starts."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.support.builders import KEY
from tui import first_frame
from tui.config import paths
from tui.first_frame import Start, packed, unpacked

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
        {"OPENAI_BASE_URL": "http://127.0.0.1:1/v1"},
        {"OAI_USAGE_PROFILE": "lab"},
        {"TEXTUAL_DRIVER": "textual.drivers.headless_driver:HeadlessDriver"},
        {"XDG_CONFIG_HOME": "/etc/anna"},
    ],
    ids=str,
)
def test_each_thing_that_changes_the_start_is_told(other):
    assert facts(**other) != facts()


def test_what_changes_nothing_is_not_told():
    assert facts(SSH_TTY="/dev/pts/7", PWD="/tmp", SHLVL="3") == facts()


def test_another_version_is_told(monkeypatch):
    before = facts()
    monkeypatch.setattr(first_frame, "__version__", "9.9.9")
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
    assert start.profile == profile
    assert (start.path is None) == (not profile)


def test_where_there_is_no_home_there_is_no_place():
    assert Start([], {"TERM": "xterm"}).path is None


def test_the_key_is_in_no_file_even_as_a_hash_that_is_always_the_same():
    one, other = (packed(facts(), DAY, FRAMES) for _ in range(2))
    assert KEY.encode() not in one
    assert one.split(b"\n")[1] != other.split(b"\n")[1]


@pytest.mark.parametrize("way", ["for all to read", "a link"])
def test_a_file_that_is_not_this_users_own_is_not_printed(way, tmp_path, monkeypatch):
    monkeypatch.setattr(os, "get_terminal_size", lambda _: SIZE)
    monkeypatch.setattr("time.time", lambda: DAY * 86_400.0)
    start, path = Start([], ENVIRONMENT), tmp_path / "first-frame"
    path.write_bytes(packed(start.facts(SIZE), DAY, FRAMES))
    path.chmod(0o600)
    found = first_frame._read(str(path), start)
    assert found is not None
    assert found.frame == FRAMES[0]
    if way == "a link":
        link = tmp_path / "link"
        link.symlink_to(path)
        with pytest.raises(OSError, match="symbolic"):
            first_frame._read(str(link), start)
    else:
        path.chmod(0o644)
        assert first_frame._read(str(path), start) is None


def test_it_loads_sys_and_os_and_little_else():
    code = "import sys; before = set(sys.modules); import tui.first_frame; print(*(set(sys.modules) - before))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert set(loaded) <= {"tui", "tui.first_frame"}
