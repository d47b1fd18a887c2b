"""`oai-usage-tui completion`: what a shell needs to know to complete the command line."""

from __future__ import annotations

import sys
from argparse import ArgumentParser


def completion(parser: ArgumentParser, shell: str) -> int:
    """Print a script for the shell, made from the command line's own description, and return the exit status."""
    import shtab

    sys.stdout.write(shtab.complete(parser, shell))
    return 0
