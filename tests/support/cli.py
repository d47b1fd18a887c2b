"""The installed command, run as a user runs it."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

COMMAND = str(Path(sysconfig.get_path("scripts")) / "oai-usage-tui")


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run to the end, with stdout and stderr in pipes."""
    return subprocess.run(
        [COMMAND, *arguments],
        capture_output=True,
        text=True,
        timeout=50,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        check=False,
    )


@contextlib.contextmanager
def demo_server(*arguments: str) -> Iterator[str]:
    """Serve the demo on a free port, and give its base URL."""
    process = subprocess.Popen(
        [COMMAND, "demo-server", "--port", "0", *arguments],
        stdout=subprocess.PIPE,
        text=True,
        stdin=subprocess.DEVNULL,
    )
    try:
        assert process.stdout is not None
        found = re.search(r"http://127\.0\.0\.1:\d+/v1", process.stdout.readline())
        assert found, "the server says where it listens"
        yield found[0]
    finally:
        process.terminate()
        process.wait(timeout=60)  # an answer of a large organization takes it a while
        if process.stdout is not None:
            process.stdout.close()


def python(code: str) -> subprocess.CompletedProcess[str]:
    """Run Python code in a process of its own."""
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=50, check=False)
