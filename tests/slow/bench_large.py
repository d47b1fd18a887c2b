"""Organizations of the benchmark, up to 31 days x 5,000 rows, 65 MB of JSON, sent as fast as they are read.

`python -m tests.slow.bench_large` measures them alone: how cost grows, and how the largest one is borne.
"""

from __future__ import annotations

import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from tests.support.cli import COMMAND
from tests.support.timed_terminal import TimedTerminal

USUAL, DAY = 50, 86_400
"""Rows a day of the usual organization, by key and model."""

SIZES = (1, 10, 100)
ROWS = USUAL * SIZES[-1]
_NAMES = ("model", "service_tier", "project_id", "api_key_id", "user_id", "batch")


_rows_a_day = ROWS


@cache
def _rows(group_by: tuple[str, ...]) -> bytes:
    """Return one day's rows as the API breaks them down, as JSON."""
    count = _rows_a_day if "api_key_id" in group_by else min(600, _rows_a_day) if "project_id" in group_by else 30
    return json.dumps([
        {
            "object": "organization.usage.completions.result",
            **dict.fromkeys(_NAMES),
            **{name: f"{name}-of-some-length-{number % 200 if name != 'api_key_id' else number:06}"
               for name in group_by if name != "service_tier"},
            **({"model": f"gpt-model-{number % 30}-2026-03-05"} if "model" in group_by else {}),
            **({"service_tier": "default"} if "service_tier" in group_by else {}),
            "input_tokens": 1_000_003 + number * 17, "output_tokens": 70_001 + number * 13,
            "num_model_requests": 300 + number, "input_cached_tokens": 500_000 + number,
            "input_cache_write_tokens": 0, "input_audio_tokens": 0, "output_audio_tokens": 0,
        }
        for number in range(count)
    ]).encode()  # fmt: skip


class _Api(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        said = parse_qs(url.query)
        body = _page(said) if url.path.endswith("/usage/completions") else b'{"data": [], "has_more": false}'
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("openai-organization", "org-large")
        self.end_headers()
        try:
            self.wfile.write(body)
        except OSError:  # the client found the page too large
            self.close_connection = True
        else:
            os.write(sys.stdout.fileno(), f"{time.time()} {len(body)}\n".encode())

    def log_message(self, *_: object) -> None: ...


class _Server(ThreadingHTTPServer):
    def handle_error(self, *_: object) -> None:
        """Say nothing of connections that are closed early."""


def _page(said: dict[str, list[str]]) -> bytes:
    if said["bucket_width"] != ["1d"]:
        return b'{"data": [], "has_more": false}'
    rows = _rows(tuple(said.get("group_by", ())))
    first, limit = int(said.get("page", said["start_time"])[0]), int(said["limit"][0])
    end = int(said.get("end_time", [str(int(time.time()))])[0])
    starts = [start for start in range(first, first + limit * DAY, DAY) if start < end]
    after = starts[-1] + DAY if starts else end
    days = b",".join(
        b'{"object": "bucket", "start_time": %d, "end_time": %d, "results": %s}' % (start, start + DAY, rows)
        for start in starts
    )
    more = b"true" if after < end else b"false"
    follows = b'"%d"' % after if after < end else b"null"
    return b'{"object": "page", "data": [%s], "has_more": %s, "next_page": %s}' % (days, more, follows)


def serve(rows: int) -> None:
    """Serve it on a port of this machine, and print that, and then when each answer was sent, and its bytes."""
    globals()["_rows_a_day"] = rows
    server = _Server(("127.0.0.1", 0), _Api)
    print(server.server_address[1], flush=True)
    server.serve_forever()


@contextmanager
def large_organization(log: Path, rows: int = ROWS) -> Iterator[str]:
    """Serve it from a process of its own, which writes to `log`, and yield the base URL."""
    command = [sys.executable, "-m", "tests.slow.bench_large", "--serve", str(rows)]
    with log.open("w") as file, subprocess.Popen(command, stdout=file) as server:
        try:
            while not log.read_text().endswith("\n"):
                time.sleep(0.05)
            yield f"http://127.0.0.1:{log.read_text().split()[0]}/v1"
        finally:
            server.terminate()


_BARE = """
import sys, time
import httpx, msgspec
decoder = msgspec.json.Decoder()
start = int(time.time()) // 86400 * 86400 - 30 * 86400
params = [("start_time", start), ("bucket_width", "1d"), ("limit", 1)]
params += [("group_by", name) for name in ("model", "service_tier", "api_key_id")]
url = sys.argv[1] + "/organization/usage/completions"
with httpx.Client(headers={"Authorization": "Bearer sk-admin-bench"}) as client:
    page = {"has_more": True, "next_page": None}
    while page["has_more"]:
        more = [("page", page["next_page"])] if page["next_page"] else []
        page = decoder.decode(client.get(url, params=params + more).content)
"""
"""What reads the same pages and does nothing with them."""


def grow(folder: Path) -> None:
    """Print what organizations of each size cost: time, memory, bytes; and what bare httpx and msgspec take."""
    folder.mkdir()
    print(
        f"{'rows a day':>10}{'bytes':>10}{'loaded':>9}{'bare':>8}{'ratio':>8}{'memory':>9}"
        f"{'sent to the terminal':>22}"
    )
    for times in SIZES:
        home = folder / str(times)
        home.mkdir()
        with large_organization(home / "log", USUAL * times) as base_url:
            began = time.perf_counter()
            subprocess.run([sys.executable, "-c", _BARE, base_url], check=True)
            bare = time.perf_counter() - began
            before = len((home / "log").read_text().splitlines())
            told = {"HOME": str(home), "OPENAI_ADMIN_KEY": "sk-admin-bench", "OPENAI_BASE_URL": base_url}
            with TimedTerminal([COMMAND, "--days", "30", "--by", "key,model", "--no-live"], **told) as program:
                while not _is_read(program):
                    program.read(0.05)
                loaded = time.perf_counter() - program.began
                program.quiet(2)
                sizes = [int(line.split()[1]) for line in (home / "log").read_text().splitlines()[before:]]
                memory, sent = program.kilobytes("VmHWM") >> 10, len(program.received)
        megabytes = sum(sizes) / 2**20
        print(
            f"{USUAL * times:>10,}{megabytes:>7.1f} MB{loaded:>7.1f} s{bare:>6.1f} s{loaded / bare:>6.1f} x"
            f"{memory:>6} MB{sent / 1000:>19.0f} kB"
        )


def measure(folder: Path) -> None:
    """Print how the program bears it: keys pressed while it loads, until when, and in how much memory."""
    folder.mkdir()
    with large_organization(folder / "log") as base_url:
        told = {"HOME": str(folder), "OPENAI_ADMIN_KEY": "sk-admin-bench", "OPENAI_BASE_URL": base_url}
        with TimedTerminal([COMMAND, "--days", "30", "--by", "key,model", "--no-live"], **told) as program:
            program.seconds_until("Output")
            waits = []
            while not _is_read(program):
                for key in "jk":
                    began = time.perf_counter()
                    program.press(key)
                    program.read(1)
                    waits.append(1000 * (time.perf_counter() - began))
                    until = time.perf_counter() + 0.1
                    while time.perf_counter() < until:
                        program.read(0.02)
            done = time.time()
            sent = [line.split() for line in (folder / "log").read_text().splitlines()[1:]]
            megabytes, last = sum(int(size) for _, size in sent) >> 20, max(float(at) for at, size in sent)
            late = sorted(waits)
            middle, most, slowest = statistics.median(waits), late[int(0.99 * (len(late) - 1))], late[-1]
            print(
                f"{len(waits)} keys while {megabytes} MB load: {middle:.0f} ms, 99 % within {most:.0f} ms, "
                f"at most {slowest:.0f} ms   bars 60 and 150 ms"
            )
            print(f"loaded {done - last:.1f} s after the last byte   bar 5 s")
            program.quiet(3)
            print(f"memory at most {program.kilobytes('VmHWM') >> 10} MB   bar 200 MB")
            keys = [program.answer(key)[0] for key in "jkjkj"]
            print(f"arrow to first byte, with {31 * ROWS:,} rows: {1000 * statistics.median(keys):.0f} ms")


def _is_read(program: TimedTerminal) -> bool:
    plain = re.sub(rb"\x1b\[[\d;]*[A-Za-z]", b"", bytes(program.received))
    return re.search(rb"read \d\d:\d\d:\d\d UTC", plain) is not None


if __name__ == "__main__":
    if "--serve" in sys.argv:
        serve(int(sys.argv[-1]))
    else:
        with tempfile.TemporaryDirectory() as place:
            grow(Path(place) / "sizes")
            measure(Path(place) / "large")
