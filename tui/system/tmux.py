"""What tmux tells of the terminal that it runs in."""

from __future__ import annotations

import subprocess

_PATIENCE = 1.0


def outer_terminal() -> str | None:
    """Return the name of the terminal around tmux, None where nothing is passed on to it, or nobody says so."""
    asked = ("tmux", "display-message", "-p", "#{allow-passthrough} #{client_termtype} #{client_termname}")
    try:
        done = subprocess.run(
            asked, capture_output=True, text=True, timeout=_PATIENCE, check=True, stdin=subprocess.DEVNULL
        )
    except (OSError, ValueError, subprocess.SubprocessError):
        return None
    passes, _, names = done.stdout.strip().partition(" ")
    return names.strip().removeprefix("xterm-") if passes in {"on", "all", "1"} else None
