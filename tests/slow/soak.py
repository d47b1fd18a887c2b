"""Let the program live in front of a server that misbehaves: `python -m tests.slow.soak --minutes 10`.

The installed command runs in a pseudo-terminal, live at the shortest interval, while faults come and go, keys are
pressed and the terminal is resized, all at random; there are two profiles, and runs are measured. First every fault
has its turn, so that all that is loaded late is there; in the last third of the time memory, open files and threads
may not grow. Linux only, for what is in /proc.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import signal
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.api_faults import FAULTS, Misbehaving
from tests.support.builders import KEY
from tests.support.cli import COMMAND
from tests.support.terminal import PATIENCE, Terminal
from tui.domain.bounds import LEAST_LIVE as LEAST

ESCAPE, ENTER, TAB, UP, PAGE_DOWN, PALETTE, REPAINT = "\x1b", "\r", "\t", "\x1b[A", "\x1b[6~", "\x10", "\x0c"
KEYS = (
    *("j", "k", "G", "g", "[", "]", UP, PAGE_DOWN, TAB, " ", ENTER, ENTER, "a", "p", "w", "s", "f", "b", "c", "u"),
    *("i", "$", "?", "/", "mini", "y", "Y", "r", "r", "r", "ll", "+-", PALETTE, REPAINT, ESCAPE, ESCAPE, ESCAPE),
    *("m", "1", "2", "3", "5", "6", "O"),
)
"""Neither what ends the program or stops it, nor what writes files."""

USUAL_SIZE = (120, 40)
LONG = 1_200.0
"""Seconds from which on caches are full when the counting begins."""

MOST_GROWTH, MOST_GROWTH_AT_FIRST = 0.03, 0.20
MOST_IDLE = 4
"""Connections that may wait for the next request, which closes those that waited for too long."""

MOST_THREADS = 4
"""Threads that may be begun later: those for reading and counting come when they are needed first, and stay."""

_OURS = "A fault of oai-usage-tui"


@dataclass
class Outcome:
    """What happened, and what the program held after the first turn of all faults and in the end."""

    seed: int
    seconds: float = 0.0
    faults: Counter[str] = field(default_factory=Counter)
    requests: int = 0
    keys: int = 0
    resizes: int = 0
    bytes_before: int = 0
    bytes_after: int = 0
    files_before: int = 0
    files_after: int = 0
    threads_before: int = 0
    threads_after: int = 0
    by_minute: list[int] = field(default_factory=list)
    status: int | None = None
    problem: str | None = None

    @property
    def growth(self) -> float:
        return self.bytes_after / self.bytes_before - 1 if self.bytes_before else 0.0

    @property
    def most_growth(self) -> float:
        return MOST_GROWTH if self.seconds >= LONG else MOST_GROWTH_AT_FIRST

    @property
    def problems(self) -> list[str]:
        return [
            *([self.problem] if self.problem else []),
            *([f"it ended with {self.status}"] if self.status != 0 else []),
            *([f"memory grew by {self.growth:.1%}"] if self.growth >= self.most_growth else []),
            *(["open files became more"] if self.files_after > self.files_before + MOST_IDLE else []),
            *(["threads became more"] if self.threads_after > self.threads_before + MOST_THREADS else []),
        ]

    def table(self) -> str:
        lines = {
            "faults": f"{self.faults.total()}, {len(self.faults)} of {len(FAULTS)} kinds",
            "requests": self.requests,
            "keys and resizes": f"{self.keys}, {self.resizes}",
            "memory": f"{self.bytes_before >> 20} MB, then {self.bytes_after >> 20} MB ({self.growth:+.1%})",
            "by the minute": " ".join(str(size >> 20) for size in self.by_minute),
            "open files": f"{self.files_before}, then {self.files_after}",
            "threads": f"{self.threads_before}, then {self.threads_after}",
            "exit status": self.status,
            "seed": self.seed,
            "verdict": "; ".join(self.problems) or "good",
        }
        return "\n".join(f"{name:<18}{value}" for name, value in lines.items())


class Soak:
    """One run of the program, and the hand that shakes it."""

    def __init__(self, terminal: Terminal, api: Misbehaving, outcome: Outcome) -> None:
        self._terminal, self._api, self._outcome = terminal, api, outcome
        self._random = random.Random(outcome.seed)
        self._began = time.monotonic()

    def run(self, seconds: float) -> None:
        """Give every fault its turn, then choose among them until the time is over; count in its last third."""
        began = self._began
        self._terminal.until("· read ")
        for fault in self._random.sample(list(FAULTS), len(FAULTS)):
            self._begin(fault)
            self._press("r")
            self._shake(seconds / 2 / len(FAULTS) if seconds < 120 else 1.0)
        self._choose_until(began + seconds * 2 / 3)
        outcome = self._outcome
        outcome.bytes_before, outcome.files_before, outcome.threads_before = self._at_rest()
        self._choose_until(began + seconds)
        outcome.bytes_after, outcome.files_after, outcome.threads_after = self._at_rest()
        self._press("q")
        self._outcome.status = self._terminal.wait()

    def _choose_until(self, deadline: float) -> None:
        while time.monotonic() < deadline:
            self._begin(self._random.choice(list(FAULTS)) if self._random.random() < 0.8 else None)
            self._press(self._random.choice(["r", "ll"]))
            self._shake(min(self._random.uniform(0.2, 8.0), max(0.0, deadline - time.monotonic())))

    def _begin(self, fault: str | None) -> None:
        self._api.fault = fault
        self._api.tokens = self._random.randrange(1_000_000)
        if fault is not None:
            self._outcome.faults[fault] += 1

    def _shake(self, seconds: float) -> None:
        """Press keys and resize the terminal for so long."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            if self._random.random() < 0.1:
                self._resize(self._random.randint(40, 200), self._random.randint(8, 60))
            self._press(self._random.choice(KEYS))
            self._look(min(self._random.uniform(0.05, 0.5), left))

    def _press(self, keys: str) -> None:
        self._terminal.press(keys)
        self._outcome.keys += 1
        if keys in {ESCAPE, PALETTE}:  # Esc alone is told from the beginning of a key by what does not follow
            self._look(0.15)
        if keys == PALETTE:
            self._press(ESCAPE)

    def _resize(self, columns: int, lines: int) -> None:
        self._terminal.resize(columns, lines)
        self._outcome.resizes += 1

    def _look(self, seconds: float) -> None:
        self._terminal.received.clear()
        self._terminal.look(seconds)
        self._requests()
        if time.monotonic() - self._began > 60 * (len(self._outcome.by_minute) + 1):
            self._outcome.by_minute.append(_resident(self._terminal.pid))
        assert _OURS not in self._terminal.text, self._terminal.text
        assert _is_running(self._terminal.pid), f"it ended\n{self._terminal.text}"
        if _state(self._terminal.pid) == "T":  # it was suspended from the list of commands: fg
            os.kill(self._terminal.pid, signal.SIGCONT)

    def _requests(self) -> None:
        asked, self._api.asked = self._api.asked, []
        self._outcome.requests += len(asked)

    def _at_rest(self) -> tuple[int, int, int]:
        """Return memory, open files and threads when nothing is under way and nothing is wrong."""
        self._api.fault = None
        self._resize(*USUAL_SIZE)
        for _ in range(8):
            self._press(ESCAPE)
        self._terminal.overwrite("\x1b[2J")
        self._press(REPAINT)
        self._press("r")
        self._terminal.until(lambda text: f"● live, every {LEAST} s · read" in " ".join(text.split()))
        self._look(1.0)
        deadline = time.monotonic() + PATIENCE
        while self._api.open and time.monotonic() < deadline:  # what stalled in the background
            self._look(0.2)
        process = Path(f"/proc/{self._terminal.pid}")
        files, threads = (len(list((process / name).iterdir())) for name in ("fd", "task"))
        return _resident(self._terminal.pid), files, threads


def _resident(pid: int) -> int:
    found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) * 1024 if found else 0


def _state(pid: int) -> str:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0]


def _is_running(pid: int) -> bool:
    return _state(pid) not in "ZX"


def soak(minutes: float, seed: int) -> Outcome:
    """Let the program live for so long, and return what became of it."""
    outcome = Outcome(seed, minutes * 60)
    with tempfile.TemporaryDirectory() as home, Misbehaving.parts() as api:
        folders = {f"XDG_{name}_HOME": f"{home}/{name.lower()}" for name in ("CONFIG", "DATA", "STATE", "CACHE")}
        config = Path(f"{home}/config/oai-usage-tui/config.toml")
        config.parent.mkdir(parents=True)
        settings = f'admin_key_command = ["echo", "{KEY}"]\nbase_url = "{api.base_url}"\n'
        config.write_text("".join(f"[profiles.{name}]\n{settings}" for name in ("lab", "work")))
        command = [COMMAND, "--profile", "lab", "--days", "6", "--live", str(LEAST)]
        with Terminal(command, USUAL_SIZE, HOME=home, OPENAI_ADMIN_KEY=KEY, **folders) as terminal:
            try:
                Soak(terminal, api, outcome).run(minutes * 60)
            except AssertionError as error:
                outcome.problem = str(error)
    return outcome


def main() -> int:
    """Say what became of it; the status is 1 where that is not good."""
    parser = argparse.ArgumentParser(prog="python -m tests.slow.soak")
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--seed", type=int, default=None)
    said = parser.parse_args()
    outcome = soak(said.minutes, random.SystemRandom().randrange(2**32) if said.seed is None else said.seed)
    print(outcome.table())
    return 1 if outcome.problems else 0


if __name__ == "__main__":
    sys.exit(main())
