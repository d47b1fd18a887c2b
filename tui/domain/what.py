"""What can happen that is told without being asked for."""

from __future__ import annotations

from enum import Enum


class What(Enum):
    """What can happen, by the name that users and their commands know it by."""

    THRESHOLD = "threshold"
    RUNS_OUT = "runs-out"
    RECOVERED = "recovered"
    SPENT = "spent"
    RESET = "reset"
    SPEND_LIMIT = "spend-limit"
    NOTHING_FREE = "nothing-free"
    PROJECT_BILLED = "project-billed"
    SPIKE = "spike"
