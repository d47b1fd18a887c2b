"""The large organization of the benchmark: 31 days x 5,000 rows, 65 MB of JSON, sent as fast as they are read."""

from __future__ import annotations

import json
import os
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from tests.support.cli import COMMAND
from tests.support.timed_terminal import TimedTerminal

ROWS, DAY = 5_000, 86_400
_NAMES = ("model", "service_tier", "project_id", "api_key_id", "user_id", "batch")


@cache
def _rows(group_by: tuple[str, ...]) -> bytes:
    """Return one day's rows as the API breaks them down, as JSON."""
    count = ROWS if "api_key_id" in group_by else 600 if "project_id" in group_by else 30
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


def serve() -> None:
    """Serve it on a port of this machine, and print that, and then when each answer was sent, and its bytes."""
    server = _Server(("127.0.0.1", 0), _Api)
    print(server.server_address[1], flush=True)
    server.serve_forever()


@contextmanager
def large_organization(log: Path) -> Iterator[str]:
    """Serve it from a process of its own, which writes to `log`, and yield the base URL."""
    with (
        log.open("w") as file,
        subprocess.Popen([sys.executable, "-m", "tests.slow.bench_large"], stdout=file) as server,
    ):
        try:
            while not log.read_text().endswith("\n"):
                time.sleep(0.05)
            yield f"http://127.0.0.1:{log.read_text().split()[0]}/v1"
        finally:
            server.terminate()


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
            middle, slowest = statistics.median(waits), max(waits)
            print(
                f"{len(waits)} keys while {megabytes} MB load: {middle:.0f} ms, at most {slowest:.0f} ms   bar 100 ms"
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
    serve()
