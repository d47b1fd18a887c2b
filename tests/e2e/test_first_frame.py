"""The last screen stands before the program is loaded, is taken over as it is, and given back whatever happens."""

from __future__ import annotations

import os
import re
import signal
import stat
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.e2e.test_ends import FAULTS, TOLD, broken
from tests.support import processes
from tests.support.builders import KEY
from tests.support.cli import COMMAND, run
from tests.support.demo_api import Served
from tests.support.terminal import Terminal
from tui.first_frame_file import Start, packed

STARTING = "starting"
ENTER = b"\x1b[?1049h"
LEAVE = b"\x1b[m\x1b[?7h\x1b[?1049l\x1b[?25h"


NOW = datetime.now(UTC).replace(hour=14, minute=0, second=0, microsecond=0)

_WITH_A_STILL_CLOCK = (
    "import sys\n"
    "from datetime import UTC, datetime\n"
    "from tui import __main__, first_frame\n"
    "sys.argv[0] = 'oai-usage-tui'\n"
    "begin = first_frame.begin\n"
    "def begin_and_stop_the_clock(*given):\n"
    "    begin(*given)\n"
    "    from tui.bootstrap import sources\n"
    f"    sources.utc_now = lambda: datetime.fromtimestamp({NOW.timestamp()}, UTC)\n"
    "first_frame.begin = begin_and_stop_the_clock\n"
    "__main__.main()\n"
)
STILL = [sys.executable, "-c", _WITH_A_STILL_CLOCK]
"""The program with a clock that stands: two screens of it are the same at any time of any day, to the last second."""


def is_read(text: str) -> bool:
    return "· read " in text and STARTING not in text


@pytest.fixture(scope="module")
def api():
    with Served(NOW) as served:
        yield served


@pytest.fixture
def told(api, tmp_path):
    return {"HOME": str(tmp_path), "OPENAI_ADMIN_KEY": KEY, "OPENAI_BASE_URL": api.base_url}


@pytest.fixture
def kept(told):
    """A screen that was kept, in a home of its own."""
    with Terminal([COMMAND], **told) as terminal:
        terminal.until(lambda text: is_read(text) and "(other costs)" in text)
        terminal.look(0.5)
        terminal.press("q")
        assert terminal.wait() == 0
    return Path(told["HOME"]) / ".cache/oai-usage-tui/first-frame"


def shown_after(told: dict[str, str]) -> tuple[str, bytes]:
    """What stands when all is read, and all that was sent until then."""
    with Terminal(STILL, **told) as terminal:
        terminal.until(lambda text: is_read(text) and "(other costs)" in text)
        terminal.look(0.5)
        text, sent = terminal.text, bytes(terminal.received)
        terminal.press("q")
        assert terminal.wait() == 0
        assert terminal.kept == {}
    return text, sent


def table(text: str) -> list[str]:
    """The screen without the title and the state, which say what time it is."""
    return [line for line in text.splitlines()[1:] if "· read " not in line]


def test_it_stands_at_once_and_is_taken_over_without_a_second_frame(kept, told):
    with Terminal([COMMAND], **told) as terminal:
        terminal.until("q quit")
        first = terminal.text
        length = len(terminal.received)
        terminal.until(is_read)
        terminal.look(0.5)
        sent = bytes(terminal.received)
        assert terminal.text.splitlines()[-1] == first.splitlines()[-1]
        terminal.press("q")
        assert terminal.wait() == 0
        assert terminal.kept == {}
    title, *_, state, _ = first.splitlines()
    assert re.search(r"as of \d\d:\d\d, starting", title)
    assert re.search(r"as of \d\d:\d\d, starting", state)
    assert "$ month" in first
    assert sent.startswith(ENTER)
    assert sent.count(ENTER) == 1
    assert b"\x1b[2J" not in sent
    assert len(sent) - length <= 4_000
    kept.unlink()
    without, sent = shown_after(told)
    assert STARTING.encode() not in sent
    with_frame, sent = shown_after(told)
    assert STARTING.encode() in sent
    assert table(with_frame) == table(without)


def test_it_is_this_users_own_and_holds_no_key(kept):
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert KEY.encode() not in kept.read_bytes()


@pytest.mark.parametrize(("keys", "seen"), [("?", "Keys"), ("\r", "hour")])
def test_keys_that_are_typed_meanwhile_are_kept_and_not_echoed(kept, told, keys, seen):
    with Terminal([COMMAND], **told) as terminal:
        terminal.until("q quit")
        terminal.press(keys)
        terminal.until(seen)
        terminal.press("\x03")
        assert terminal.wait() == 0
        assert terminal.kept == {}


def test_a_terminal_that_changes_its_size_meanwhile_is_drawn_anew(kept, told):
    with Terminal(STILL, **told) as terminal:
        terminal.until("q quit")
        terminal.resize(100, 30)
        terminal.until(lambda text: is_read(text) and "q quit" in text.splitlines()[-1])
        terminal.look(0.5)
        changed = table(terminal.text)
        terminal.press("q")
        assert terminal.wait() == 0
        assert terminal.kept == {}
    with Terminal(STILL, (100, 30), **told) as terminal:
        terminal.until(lambda text: is_read(text) and "q quit" in text.splitlines()[-1])
        terminal.look(0.5)
        assert table(terminal.text) == changed
        terminal.kill(signal.SIGKILL)


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo, "a link"])
def test_what_is_in_the_way_of_the_file_is_in_nobodys_way(told, make, tmp_path):
    kept, target = Path(told["HOME"]) / ".cache/oai-usage-tui/first-frame", tmp_path / "target"
    kept.parent.mkdir(parents=True)
    target.write_text("of another program")
    if callable(make):
        make(kept)
    else:
        kept.symlink_to(target)
    _, sent = shown_after(told)
    assert STARTING.encode() not in sent
    assert target.read_text() == "of another program"
    assert kept.is_dir() or (kept.is_file() and not kept.is_symlink())


MOMENTS = (0.0, 0.05, 0.1, 0.2, 0.3)
"""Seconds after the frame stands: while the program is loaded, and while it takes over."""


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("number", [*TOLD, signal.SIGQUIT, "ctrl+c"])
def test_ended_at_any_moment_it_gives_the_terminal_back(kept, told, number, moment):
    with Terminal([COMMAND], **told) as terminal:
        terminal.until(STARTING)
        time.sleep(moment)
        if number == "ctrl+c":
            terminal.press("\x03")
        else:
            terminal.kill(number)
        status = terminal.wait()
        assert terminal.kept == {}
        allowed = {0, 130} if number == "ctrl+c" else {128 + number, -number}
        assert status in allowed, terminal.text


@pytest.mark.parametrize("moment", [0.0, 0.1, 0.2])
def test_stopped_while_it_stands_the_terminal_is_the_shells_until_it_goes_on(kept, told, moment):
    with Terminal(["/bin/bash", "--norc", "-i"], PS1="$ ", **told) as terminal:
        terminal.until("$")
        terminal.press(f"'{COMMAND}'\n")
        terminal.until(STARTING)
        time.sleep(moment)
        terminal.press("\x1a")
        terminal.until("Stopped")
        assert not {"?1049", "?25", "?7"} & terminal.kept.keys()
        terminal.press("fg\n")
        terminal.until(lambda text: is_read(text) and "q quit" in text)
        terminal.press("q")
        terminal.until(lambda _: not {"?1049", "?25", "?7"} & terminal.kept.keys())


@pytest.mark.parametrize("fault", [*FAULTS, "while it is loaded"])
def test_a_fault_gives_the_terminal_back_and_is_told(kept, told, fault, monkeypatch):
    faults = {"while it is loaded": "from tui.bootstrap import dashboard as of; name = '_run'"}
    monkeypatch.setitem(FAULTS, fault, faults.get(fault) or FAULTS[fault])
    with Terminal(broken(fault), **told) as terminal:
        terminal.until(STARTING)
        if fault in {"at a key", "at the keyboard"}:
            terminal.press("?")
        assert terminal.wait() == 1
        assert terminal.kept == {}
        assert b"a fault put in by a test" in bytes(terminal.received).rpartition(b"\x1b[?1049l")[2]


def test_what_is_wrong_with_the_settings_is_said_where_it_is_seen(kept, told, tmp_path):
    """What is not among those that the frame rests on: here a catalogue that cannot be read."""
    code = (
        "import sys\nsys.argv[1:] = []\nfrom tui.config import load\nfrom tui.errors import BadSettings\n"
        "def fails(_): raise BadSettings('There is a comma too many.', 'Take it away.')\n"
        "load.load = fails\nfrom tui.__main__ import main\nmain()\n"
    )
    with Terminal([sys.executable, "-c", code], **told) as terminal:
        assert terminal.wait() == 2
        assert STARTING.encode() in terminal.received
        assert terminal.kept == {}
        assert b"There is a comma too many." in terminal.received


@pytest.mark.parametrize(
    "other",
    [
        {"size": (119, 40)},
        {"TERM": "xterm"},
        {"COLORTERM": ""},
        {"NO_COLOR": "1"},
        {"OPENAI_ADMIN_KEY": f"{KEY}1"},
        {"STY": "4711.pts-0.host"},
        {"arguments": ["--days", "3"]},
        {"damaged": True},
        {"config": True},
    ],
    ids=str,
)
def test_nothing_is_printed_where_it_does_not_fit(kept, told, other):
    before = kept.read_bytes()
    if other.pop("damaged", False):
        kept.write_bytes(before[:-1] + b"?")
    if other.pop("config", False):
        folder = Path(told["HOME"]) / ".config/oai-usage-tui"
        folder.mkdir(parents=True)
        (folder / "config.toml").write_text('theme = "light"\n')
    arguments, size = other.pop("arguments", []), other.pop("size", (120, 40))
    with Terminal([COMMAND, *arguments], size, **{**told, **other}) as terminal:
        terminal.until(lambda text: is_read(text) and "q quit" in text)
        assert STARTING.encode() not in terminal.received
        terminal.kill(signal.SIGKILL)


@pytest.mark.parametrize("arguments", [["--no-archive"], ["--demo"], ["--plain-driver"]])
def test_what_is_not_archived_is_not_kept(told, arguments):
    with Terminal([COMMAND, *arguments], **told) as terminal:
        terminal.until(lambda text: is_read(text) and "q quit" in text)
        terminal.look(0.5)
        terminal.press("q")
        assert terminal.wait() == 0
    assert not (Path(told["HOME"]) / ".cache/oai-usage-tui/first-frame").exists()


@pytest.mark.parametrize("keys", ["?", "2", "\r", "/"])
def test_a_screen_that_no_start_begins_with_is_not_kept(told, keys):
    """A dialog, another view, the hours of a day, a filter that is being typed."""
    with Terminal([COMMAND], **told) as terminal:
        terminal.until(lambda text: is_read(text) and "(other costs)" in text)
        terminal.look(0.3)
        terminal.press(keys)
        terminal.look(0.5)
        terminal.press("\x03")
        assert terminal.wait() == 0
    assert not (Path(told["HOME"]) / ".cache/oai-usage-tui/first-frame").exists()


def test_on_another_day_the_pools_are_unread_and_the_day_is_told(kept, told):
    start = Start([], {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor", **told})
    head, _, frames = kept.read_bytes().split(b"frame 1\n", 1)[1][48:].partition(b"\n")
    day, length = map(int, head.split())
    today, later = frames[:length].decode(), frames[length:].decode()
    kept.write_bytes(packed(start.facts((120, 40)), day - 1, (today, later)))
    with Terminal([COMMAND], **told) as terminal:
        terminal.until("q quit")
        first = terminal.text.splitlines()
        terminal.until(is_read)
        terminal.press("q")
        assert terminal.wait() == 0
    assert re.search(r"as of \w{3} \d+ \w{3} \d\d:\d\d", first[0])
    assert re.search(r"as of \w{3} \d+ \w{3} \d\d:\d\d, starting", first[-2])
    assert first[1].strip() == "Today is not read yet"
    pools = [line.split() for line in first if line.startswith((" ● large", " ○ small", " $ month"))]
    assert [line[2:] for line in pools] == [["not", "read", "yet"]] * 3


def test_archive_clear_forgets_it_and_says_so(kept, told):
    run("pools", "--oneline", **told)
    assert [*kept.parent.glob("pools-*.lock")]
    done = run("archive", "clear", "--yes", **told)
    assert done.returncode == 0
    assert [*kept.parent.iterdir()] == []
    assert "what pools --oneline found" in done.stderr
    assert str(kept) in done.stderr


def test_archive_clear_forgets_it_where_the_archive_was_switched_off_since(told):
    kept, config = (
        Path(told["HOME"]) / name for name in (".cache/oai-usage-tui/first-frame", ".config/oai-usage-tui")
    )
    kept.parent.mkdir(parents=True)
    kept.write_text("a screen")
    config.mkdir(parents=True)
    (config / "config.toml").write_text("archive = false\n")
    done = run("archive", "clear", "--yes", **told)
    assert not kept.exists()
    assert str(kept) in done.stderr
    assert "switched off" in done.stderr


def test_archive_clear_says_what_is_in_the_way_of_the_screen_alone(told):
    kept = Path(told["HOME"]) / ".cache/oai-usage-tui/first-frame"
    kept.mkdir(parents=True)
    run("export", "--format", "csv", **told)
    done = run("archive", "clear", "--yes", **told)
    assert done.returncode == 2
    assert f"The last screen cannot be taken away: {kept} (Is a directory)." in done.stderr
    assert "Nothing is kept yet." in run("archive", "info", **told).stdout


def test_it_is_kept_while_it_runs_as_well(told):
    code = (
        "import sys\nsys.argv[1:] = []\nfrom tui.ui import app\napp.SOON, app.EVERY = 1.0, 0.5\n"
        "from tui.__main__ import main\nmain()\n"
    )
    kept = Path(told["HOME"]) / ".cache/oai-usage-tui/first-frame"
    with Terminal([sys.executable, "-c", code], **told) as terminal:
        terminal.until(is_read)
        assert processes.eventually(lambda: terminal.look(0.1) or kept.exists())
        terminal.kill(signal.SIGKILL)


def commanded(told: dict[str, str], command: str) -> dict[str, str]:
    """The same with a command that gives the key."""
    folder = Path(told["HOME"]) / ".config/oai-usage-tui"
    folder.mkdir(parents=True)
    (folder / "config.toml").write_text(f"admin_key_command = {command}\n")
    return {name: value for name, value in told.items() if name != "OPENAI_ADMIN_KEY"}


@pytest.mark.parametrize("seconds", [0, 0.6])
def test_a_command_that_gives_the_key_has_the_terminal_as_it_was_before(told, seconds):
    """It may ask for a login, with an address that is longer than a line, and say what is wrong."""
    words = "https://" + 30 * "login."
    told = commanded(told, f'["sh", "-c", "echo {words} >&2; sleep {seconds}; echo {KEY}"]')
    shown_after(told)
    text, sent = shown_after(told)
    before, _, after = sent.partition(words.encode())
    assert STARTING.encode() in before
    assert before.endswith(LEAVE)
    assert after.removeprefix(b"\r\n").startswith(ENTER)
    assert sent.count(ENTER) == 2
    assert b"\x1b[2J" not in sent
    assert "q quit" in text


def alone(code: str) -> list[str]:
    """A program that has nothing but a frame, with this code: `stand` prints one."""
    begin = (
        "import os, signal, sys, termios, time\n"
        "from tui import first_frame as frame\n"
        "def stand(letters=9): frame._stand(frame.Standing(letters * 'x', (120, 40)))\n"
        "set_line = termios.tcsetattr\n"
        "def told_before(number):\n"
        "    def told(*given):\n"
        "        termios.tcsetattr = set_line\n"
        "        os.kill(os.getpid(), number)\n"
        "        set_line(*given)\n"
        "    termios.tcsetattr = told\n"
    )
    return [sys.executable, "-c", begin + code]


MANY = 1_000_000
"""Letters that no terminal holds when nobody reads."""


@pytest.mark.parametrize(("number", "status"), [(signal.SIGTERM, -signal.SIGTERM), (signal.SIGTSTP, 7)])
def test_where_nobody_reads_what_a_signal_does_is_done_before_long(number, status):
    """A group without a shell is not stopped, so it goes on."""
    with Terminal(alone(f"stand({MANY})\nos._exit(7)")) as terminal:
        while ENTER not in terminal.received:
            terminal.read(1)
        time.sleep(0.2)  # until the terminal holds no more
        terminal.kill(number)
        found: list[int] = []

        def has_ended() -> bool:
            done, code = os.waitpid(terminal.pid, os.WNOHANG)
            found.extend([os.waitstatus_to_exitcode(code)] if done else [])
            return bool(done)

        ended = processes.eventually(has_ended)
        terminal.status = found[0] if ended else None
        assert terminal.status == status


@pytest.mark.parametrize("number", [signal.SIGCONT, signal.SIGTSTP])
def test_given_back_while_it_is_written_the_rest_of_it_is_dropped(number):
    with Terminal(alone(f"stand({MANY})\nprint('goes on')")) as terminal:
        while ENTER not in terminal.received:
            terminal.read(1)
        time.sleep(0.2)  # it waits for somebody to read
        terminal.kill(number)
        assert terminal.wait() == 0
        assert terminal.received.count(b"x") < MANY
        assert LEAVE in terminal.received
        assert terminal.received.endswith(b"goes on\r\n")
        assert terminal.kept == {}


@pytest.mark.parametrize("number", ["SIGCONT", "SIGTSTP"])
def test_told_while_the_terminal_is_taken_it_is_not_taken(number):
    with Terminal(alone(f"told_before(signal.{number})\nstand()\nprint('goes on')")) as terminal:
        assert terminal.wait() == 0
        assert b"xxx" not in terminal.received
        assert terminal.kept == {}


def test_ctrl_c_while_the_terminal_is_given_back_comes_after_that():
    code = "stand()\ntold_before(signal.SIGINT)\ntry: frame.give_back()\nexcept KeyboardInterrupt: print('told')"
    with Terminal(alone(code)) as terminal:
        assert terminal.wait() == 0
        assert terminal.received.endswith(LEAVE + b"told\r\n")
        assert terminal.kept == {}


def test_a_signal_that_is_ignored_stays_so():
    code = "signal.signal(signal.SIGHUP, signal.SIG_IGN)\nstand()\nos.kill(os.getpid(), signal.SIGHUP)\nos._exit(7)"
    with Terminal(alone(code)) as terminal:
        assert terminal.wait() == 7


def test_what_is_said_meanwhile_is_said_where_it_stays():
    with Terminal(alone("from tui.system import streams\nstand()\nstreams.warn('a word')")) as terminal:
        assert terminal.wait() == 0
        assert terminal.received.endswith(LEAVE + b"a word\r\n")


def test_a_terminal_that_was_made_smaller_by_a_command_is_not_printed_on_again():
    code = (
        "stand()\nimport fcntl, struct\nwith frame.Lent():\n"
        "    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack('HHHH', 30, 90, 0, 0))\nprint(frame.standing())"
    )
    with Terminal(alone(code)) as terminal:
        assert terminal.wait() == 0
        assert terminal.received.count(ENTER) == 1
        assert terminal.received.endswith(b"None\r\n")
