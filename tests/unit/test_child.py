"""A command in our place: its status, its signals, its environment."""

from __future__ import annotations

import os
import signal
import sys
import threading

import pytest

from tui.system import child

PYTHON = sys.executable


def status_of(program: str, **environment: str) -> int:
    return child.run([PYTHON, "-c", program], {**os.environ, **environment})


@pytest.mark.parametrize("status", [0, 1, 3, 255])
def test_its_status_is_ours(status):
    assert status_of(f"raise SystemExit({status})") == status


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGSEGV])
def test_a_signal_that_ends_it_is_told_as_a_shell_tells_it(number):
    assert status_of(f"import os, resource; resource.setrlimit(4, (0, 0)); os.kill(os.getpid(), {int(number)})") == (
        128 + number
    )


def test_what_is_not_there_and_what_cannot_be_run(tmp_path):
    with pytest.raises(child.NotStartedError) as missing:
        child.run([str(tmp_path / "none")], {})
    assert missing.value.status == 127
    (tmp_path / "text").write_text("no program")
    with pytest.raises(child.NotStartedError) as refused:
        child.run([str(tmp_path / "text")], {})
    assert refused.value.status == 126
    for words in (["", "x"], [""]):
        with pytest.raises(child.NotStartedError, match="name of the command is empty") as nameless:
            child.run(words, {"PATH": "/tmp"})
        assert nameless.value.status == 127
    with pytest.raises(child.NotStartedError, match=r"^' ': "):
        child.run([" "], {})
    with pytest.raises(child.NotStartedError) as nonsense:
        child.run(["a\0b"], {})
    assert nonsense.value.status == 126


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGUSR1, signal.SIGHUP])
def test_a_signal_that_only_we_are_sent_is_handed_on(number, tmp_path):
    ready = tmp_path / "ready"
    os.mkfifo(ready)
    program = f"""
import os, signal, sys, time
signal.signal({int(number)}, lambda *_: sys.exit(42))
open({str(ready)!r}, "w").close()
time.sleep(30)
"""

    def send():
        ready.open().close()
        os.kill(os.getpid(), number)

    thread = threading.Thread(target=send)
    thread.start()
    before = signal.getsignal(number)
    assert status_of(program) == 42
    thread.join()
    assert signal.getsignal(number) is before
    assert number not in signal.pthread_sigmask(signal.SIG_BLOCK, [])


def test_signals_are_for_the_command_as_they_were_for_us():
    program = "import signal; raise SystemExit(signal.getsignal(signal.SIGUSR1) is not signal.SIG_IGN)"
    blocked = "import signal; raise SystemExit(len(signal.pthread_sigmask(signal.SIG_BLOCK, [])))"
    before = signal.signal(signal.SIGUSR1, signal.SIG_IGN)
    try:
        assert status_of(program) == 0
    finally:
        signal.signal(signal.SIGUSR1, before)
    assert status_of(blocked) == 0
