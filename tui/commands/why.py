"""`oai-usage-tui why`: why tokens of a day were billed."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import datetime

from tui.commands.narration import tell
from tui.domain import humanize
from tui.domain.catalogue import Catalogue
from tui.domain.source import Costing, Remembering, Source
from tui.errors import PARTIAL
from tui.report import why as report
from tui.session import agreement
from tui.session.engine import Engine
from tui.session.run import Run
from tui.session.unmatched import sentence


async def why(
    source: Source,
    catalogue: Catalogue,
    clock: Callable[[], datetime],
    *,
    day: datetime | None = None,
    model: str | None = None,
    as_json: bool = False,
    memory: Remembering | None = None,
    costing: Costing | None = None,
) -> int:
    """Print the answer for a day, or today, and return the exit status.

    Where there is an archive (`memory`), its settled days are compared with what `costing` tells of them.

    Raises:
        TuiError: where the day cannot be read.
    """
    diagnosis = await Engine(Run(source, clock, 0, catalogue)).diagnose(day, model)
    differing = await agreement.read(memory, costing, catalogue, clock(), day)
    if as_json:
        sys.stdout.write(json.dumps(report.document(diagnosis, catalogue, differing)) + "\n")
    else:
        sys.stdout.writelines(line + "\n" for line in report.lines(diagnosis, catalogue, differing))
    for note in diagnosis.notes:
        tell(note)
    if model is not None and model not in diagnosis.models:
        tell(sentence("model", model, diagnosis.models, f"on {humanize.day(diagnosis.day)}"))
    return 0 if diagnosis.complete else PARTIAL
