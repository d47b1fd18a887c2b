"""Where things stand in the repository."""

from pathlib import Path

TESTS = Path(__file__).parent.parent
ROOT = TESTS.parent
PACKAGE = ROOT / "tui"
DATA = TESTS / "data"
SNAPSHOTS = TESTS / "snapshots"
