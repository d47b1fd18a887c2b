"""In a container the program is the first process, which the kernel spares signals that it does not handle."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from pathlib import Path

import pytest

from tests.support.cli import COMMAND

ALONE = ["unshare", "--pid", "--fork"]


def can_be_first() -> bool:
    if shutil.which("unshare") is None or not Path("/proc/self/task").is_dir():
        return False
    return subprocess.run([*ALONE, "true"], capture_output=True, check=False).returncode == 0


@pytest.mark.skipif(not can_be_first(), reason="it takes a namespace of processes")
@pytest.mark.parametrize(
    ("words", "said"),
    [(["watch", "--demo"], b"runs-out"), (["serve", "--demo", "--metrics", "127.0.0.1:0"], b"/metrics")],
)
def test_what_the_image_runs_ends_at_sigterm_as_the_first_process(words, said):
    program = subprocess.Popen([*ALONE, COMMAND, *words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        assert program.stdout is not None
        assert said in program.stdout.readline()
        children = Path(f"/proc/{program.pid}/task/{program.pid}/children").read_text().split()
        status = Path(f"/proc/{children[0]}/status").read_text()
        assert next(line for line in status.splitlines() if line.startswith("NSpid")).split()[-1] == "1"
        os.kill(int(children[0]), signal.SIGTERM)
        assert program.wait(timeout=10) == 0
    finally:
        if program.poll() is None:
            program.kill()
        program.wait()
        program.stdout.close()
