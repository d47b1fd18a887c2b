"""`oai-usage-tui why`: why tokens of a day were billed."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import datetime
from functools import partial

from tui.commands.messages import tell
from tui.domain import formatting, shutdowns
from tui.domain.time import DAY, Window
from tui.engine import agreement, standouts
from tui.engine.admin_settings import for_diagnosis
from tui.engine.engine import Engine
from tui.engine.unmatched import sentence
from tui.errors import PARTIAL
from tui.output import json_text
from tui.output import why as report
from tui.output.spans import plain


async def why(engine: Engine, *, day: datetime | None = None, model: str | None = None, as_json: bool = False) -> int:
    """Print the answer for a day, or today, and return the exit status.

    Where there is an archive, its settled days are compared with what the costs tell of them.

    Raises:
        TuiError: where the day cannot be read.
    """
    diagnosis, catalogue = await engine.diagnose(day, model), engine.session.catalogue
    differing = await agreement.read(engine, day)
    await engine.read_settings(for_diagnosis(diagnosis))
    if any(reason.unpriced for reason in diagnosis.reasons) and engine.state.costs.of(diagnosis.day) is None:
        await engine.read_costs_if_any(Window(diagnosis.day, diagnosis.day + DAY))
    again = engine.diagnosed(engine.session.clock(), diagnosis.day, model)  # a region makes it dearer
    diagnosis = replace(again, notes=diagnosis.notes)
    settings, label = engine.state.admin_settings, partial((await engine.read_names()).label, "project")
    stands_out = standouts.of_day(engine.state, engine.session.clock(), diagnosis.day)
    ending = engine.session.ending(diagnosis.models if model is None else (model,))
    if as_json:
        found = report.document(diagnosis, catalogue, differing, ending, settings, label, stands_out)
        sys.stdout.write(json_text.line(found))
    else:
        said = shutdowns.words(ending, engine.session.clock().date())
        answer = report.Answer(diagnosis, catalogue, differing, tuple(said), settings, label, stands_out=stands_out)
        sys.stdout.write(plain(report.lines(answer)))
    tell(*diagnosis.notes, engine.scope_problem)
    if model is not None and model not in diagnosis.models:
        tell(sentence("model", model, diagnosis.models, f"on {formatting.day(diagnosis.day)}"))
    return 0 if diagnosis.complete else PARTIAL
