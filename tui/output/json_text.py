"""Documents for programs: what is promised of them is the number of their form, `schema_version`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

SCHEMA_VERSION = 1
"""Fields may be added to a document; it changes where one is renamed, removed, or means something else."""


def versioned(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return a document with the number of its form in front."""
    return {"schema_version": SCHEMA_VERSION, **document}


def line(document: Mapping[str, Any]) -> str:
    """Return a document on one line, with its end; amounts of dollars become numbers."""
    return json.dumps(versioned(document), default=float) + "\n"
