"""`oai-usage-tui runs`: lists what was measured, and completes what was not counted as a whole yet."""

from __future__ import annotations

import sys

from tui.commands.messages import tell
from tui.commands.pool_limits import pool_limits
from tui.domain.runs import Run, RunStore
from tui.engine.engine import Engine
from tui.errors import PARTIAL, BadSettings
from tui.output import json_text
from tui.output import runs as report


async def runs(engine: Engine, store: RunStore, *, as_json: bool = False) -> int:
    """Print the runs that are kept, and return the exit status.

    Raises:
        ArchiveFailed: where they cannot be read.
    """
    found, problem = await completed(engine, store)
    now = engine.session.clock()
    if as_json:
        has_pools = any(run.usage is not None and run.usage.pools for run in found)
        limits = await pool_limits(engine) if has_pools and problem is None else {}
        documents = [report.document(run, now, limits) for run in found]
        sys.stdout.write(json_text.line({"runs": documents}))
    else:
        sys.stdout.writelines(line + "\n" for line in report.list_lines(found, now))
    if problem is not None:
        tell(problem)
    return 0 if problem is None else PARTIAL


async def completed(engine: Engine, store: RunStore) -> tuple[list[Run], str | None]:
    """Return all runs, those that are not complete read once more, and why that did not go on to the end.

    Of what goes on nothing is kept: who measures it knows more of it.
    """
    found, problem, problems = list(store.runs()), None, []
    for place, run in enumerate(found):
        if run.is_complete or problem is not None:
            continue
        measured = await engine.measure(run)
        if isinstance(measured.problem, BadSettings):  # a name that nobody has: the others are none of it
            problems.append(f"{run.name}: {measured.problem.sentence}")
        elif measured.problem is not None:
            problem = measured.problem.sentence
        if measured.run != run:
            found[place] = measured.run
            if run.is_over:
                store.keep(measured.run)
    said = [*problems, *([] if problem is None else [problem])]
    return found, " ".join(said) or None
