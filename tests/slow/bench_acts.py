"""What is done in a large organization, timed: `python -m tests.slow.bench_acts`.

The demo of 200 projects, 30 models and 5 keys each, 31 days by key and model, its costs included; and a year of a
smaller one from the archive alone. Each figure stands beside its bar; the status is 1 where one is over it.
`--untuned` leaves the garbage collector to Python, to show what its tuning gains.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.support.cli import COMMAND, demo_server
from tests.support.timed_terminal import TimedTerminal

LARGE = ("--projects", "200", "--models", "30", "--keys", "5")
MIDDLE = ("--projects", "20", "--models", "25", "--keys", "1")
"""Some 500 rows a day."""

_UNTUNED = (
    "import sys; from tui import __main__, first_frame; begin = first_frame.begin\n"
    "def then(*given):\n"
    "    begin(*given)\n"
    "    from tui.ui import gc_tuning\n"
    "    gc_tuning.begin = lambda: None\n"
    "    gc_tuning.fit = lambda report: None\n"
    "first_frame.begin = then\n"
    "sys.argv[0] = 'oai-usage-tui'; __main__.main()\n"
)


class Bars:
    """What was measured, and whether all of it is within its bar."""

    def __init__(self) -> None:
        self.are_kept = True

    def say(self, words: str, value: float, bar: float, unit: str) -> None:
        """Print a figure beside its bar."""
        self.are_kept = self.are_kept and value <= bar
        verdict = "good" if value <= bar else "OVER"
        print(f"{words:58}{value:>9.0f} {unit:3}  {verdict}, bar {bar:.0f} {unit}", flush=True)


def plain(program: TimedTerminal) -> str:
    """Return all that was sent, without what moves and colours."""
    return re.sub(rb"\x1b\[[\d;?]*[A-Za-z]", b"", bytes(program.received)).decode(errors="replace")


def settled(program: TimedTerminal, keys: str) -> tuple[float, float]:
    """Press, and return after how many milliseconds the first byte came, and the last."""
    first, _, last = program.answer(keys)
    return 1000 * first, 1000 * last


def acts(program: TimedTerminal, bars: Bars) -> None:
    """Filter, order, unfold, save; and how soon a key is answered after the last of these."""
    program.press("/")
    program.quiet(1)
    letters = [settled(program, letter)[1] for letter in "mini"]
    bars.say("a letter of a filter, all of it shown, the slowest of four", max(letters), 100, "ms")
    bars.say("Esc out of the filter", settled(program, "\x1b")[1], 200, "ms")
    program.quiet(1)
    program.press("s")
    program.quiet(1)
    bars.say("another order", settled(program, "j\r")[1], 100, "ms")
    program.quiet(1)
    bars.say("a, all days unfolded", settled(program, "a")[1], 300, "ms")
    program.quiet(1)
    program.press("e")
    waits = []
    until = time.perf_counter() + 3
    while time.perf_counter() < until:
        waits += [answered(program, key) for key in "kj"]
    bars.say("keys while e writes, the slowest", max(waits), 150, "ms")
    program.quiet(3)


def answered(program: TimedTerminal, key: str) -> float:
    """Press, and return after how many milliseconds the first byte came."""
    began = time.perf_counter()
    program.press(key)
    program.read(15)
    waited = time.perf_counter() - began
    until = time.perf_counter() + 0.1
    while time.perf_counter() < until:
        program.read(0.02)
    return 1000 * waited


def large(folder: Path, bars: Bars, *, tuned: bool) -> None:
    """Load the large one, and do all that in it."""
    start = [COMMAND] if tuned else [sys.executable, "-c", _UNTUNED]
    with demo_server(*LARGE) as base_url:
        told = {"HOME": str(folder), "OPENAI_ADMIN_KEY": "sk-admin-bench", "OPENAI_BASE_URL": base_url}
        said = ["--days", "30", "--by", "key,model", "--no-live"]
        words = ["sh", "-c", f'cd "{folder}" && exec "$@"', "sh", *start, *said]
        with TimedTerminal(words, **told) as program:
            program.seconds_until("Output")
            waits = []
            while not re.search(r"read \d\d:\d\d:\d\d", plain(program)):
                waits += [answered(program, key) for key in "jk"]
            loaded = time.perf_counter() - program.began
            waits.sort()
            most = waits[int(0.99 * (len(waits) - 1))]
            bars.say(f"99 % of {len(waits)} keys while it loads ({loaded:.0f} s)", most, 60, "ms")
            bars.say("the slowest of them", waits[-1], 150, "ms")
            bars.say("memory at most, rows read", program.kilobytes("VmHWM") >> 10, 200, "MB")
            program.seconds_until("$")
            program.quiet(8)
            bars.say("memory at most, costs read", program.kilobytes("VmHWM") >> 10, 200, "MB")
            acts(program, bars)
            bars.say("memory at most, all of this done", program.kilobytes("VmHWM") >> 10, 200, "MB")


def year(folder: Path, bars: Bars) -> None:
    """Show a year of the archive: its newest screenful, and all of it."""
    with demo_server(*MIDDLE) as base_url:
        told = {"HOME": str(folder), "OPENAI_ADMIN_KEY": "sk-admin-bench", "OPENAI_BASE_URL": base_url}
        read = [COMMAND, "export", "--days", "364", "--by", "model,project"]
        subprocess.run(read, env={**os.environ, **told}, check=True, stdout=subprocess.DEVNULL)
        words = [COMMAND, "--days", "364", "--period", "day", "--by", "model,project", "--offline"]
        with TimedTerminal(words, **told) as program:
            frame = program.seconds_until("Output")
            newest = program.seconds_until("models") - frame
            program.quiet(4)
            whole = program.last_read - program.began - frame
        print(re.findall(r"\d+ days: [^─]*", plain(program))[-1:])
    bars.say("a year of the archive: the newest screenful", 1000 * newest, 300, "ms")
    bars.say("all of it", 1000 * whole, 2_000, "ms")


def main() -> int:
    """Print what was measured."""
    bars = Bars()
    with tempfile.TemporaryDirectory() as place:
        for name in ("large", "year"):
            (Path(place) / name).mkdir()
        large(Path(place) / "large", bars, tuned="--untuned" not in sys.argv)
        year(Path(place) / "year", bars)
    return 0 if bars.are_kept else 1


if __name__ == "__main__":
    sys.exit(main())
