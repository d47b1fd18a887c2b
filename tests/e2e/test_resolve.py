"""Whose word holds: flags come before the environment, that before preferences, and those before the file."""

from __future__ import annotations

import subprocess
import sys


def test_what_was_chosen_is_read_once_a_start_and_only_by_the_dashboard():
    counting = (
        "import os, sys\n"
        "opened = []\n"
        "sys.addaudithook(lambda event, args: opened.append(str(args[0])) if event == 'open' else None)\n"
        "from tui.config.args import Args\n"
        "from tui.errors import TuiError\n"
        "from tui.bootstrap import commands\n"
        "for args in (Args(), Args(command='export', columns=('moons',)), Args(demo=True)):\n"
        "    try: commands.run(args, os.environ)\n"
        "    except TuiError: pass\n"
        "print(sum(path.endswith('state.toml') for path in opened))\n"
    )
    done = subprocess.run([sys.executable, "-c", counting], capture_output=True, text=True, timeout=50, check=True,
                          stdin=subprocess.DEVNULL)  # fmt: skip
    assert done.stdout == "1\n"
