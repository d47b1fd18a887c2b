"""Commands where another disk is mounted, in a namespace of their own."""

from __future__ import annotations

import os
import shlex
import subprocess
from pathlib import Path

import pytest

from tests.support.cli import COMMAND

ARGUMENTS = ("export", "--demo", "--since", "2026-10-03", "--until", "2026-10-03", "--format", "csv")

NEEDS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount, or be somebody else for a while")


def mounted(tmp_path: Path, command: str, *mounts: str) -> subprocess.CompletedProcess[bytes]:
    """Run a command where more is mounted, in a namespace of its own: nothing stays."""
    script = " && ".join(["cd " + shlex.quote(str(tmp_path)), *mounts, command])
    inner = ["unshare", "--mount", "--propagation", "private", "bash", "-c"]
    try:
        can = subprocess.run([*inner, "mount -t tmpfs none /mnt"], capture_output=True, check=False)
    except FileNotFoundError:
        pytest.skip("there is no unshare")
    if can.returncode:
        pytest.skip("nothing can be mounted here")
    program = shlex.join([COMMAND, *ARGUMENTS])
    return subprocess.run([*inner, script.replace("PROGRAM", program)], capture_output=True, timeout=50, check=False)
