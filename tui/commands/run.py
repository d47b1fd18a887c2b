"""`oai-usage-tui run -- CMD`: runs a command, and tells what was used between its start and its end."""

from __future__ import annotations

import asyncio
import json
import sys
import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from tui.commands.messages import tell
from tui.commands.pool_limits import pool_limits
from tui.domain import sanitize
from tui.domain.pools import Limit
from tui.domain.runs import Run, RunStore
from tui.domain.secret import without_keys
from tui.engine.engine import Engine
from tui.errors import BadSettings, TuiError
from tui.output import json_text
from tui.output import runs as report
from tui.system import child, files, streams

EVERY = timedelta(seconds=60)
"""How often it is asked whether the API has counted past the end."""

USUAL_WAIT = timedelta(minutes=20)
"""How long that is waited for where somebody sits before it."""


@dataclass(frozen=True, slots=True)
class Report:
    """How to tell of a run: how long to wait for the rest of it, and a file for the same as JSON."""

    wait: timedelta | None = None
    file: Path | None = None


def start(
    words: Sequence[str],
    environment: Mapping[str, str],
    run: Run,
    clock: Callable[[], datetime],
    store: RunStore | None = None,
) -> Run:
    """Run the command to its end, and return the run with its exit status.

    The run is kept from its start on, so that there is a trace of it whatever becomes of us. Where it cannot be kept,
    that is said once it is told of.

    Raises:
        NotStartedError: where it cannot be started.
    """
    if store is None:
        return replace(run, status=child.run(words, environment), ended=clock())
    with store.going_on(run, clock) as sign:
        with suppress(TuiError):
            store.keep(run)
        try:
            status = child.run(words, environment, sign)
        except child.NotStartedError:
            with suppress(TuiError):
                store.forget(run)
            raise
        ended = replace(run, status=status, ended=clock())
        with suppress(TuiError):
            store.keep(ended)
    return ended


def begun(name: str, only: tuple[tuple[str, str], ...], clock: Callable[[], datetime]) -> Run:
    """Return a run that begins now; a key in its name is left out, for it is kept. Bytes of no text become signs."""
    text = name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return Run(uuid.uuid4().hex, without_keys(text), "command", clock(), only=only)


async def tell_of(
    engine: Engine,
    run: Run,
    store: RunStore | None,
    how: Report,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> None:
    """Tell on stderr what was used in a run that is over; so far, and again once all of it was counted.

    Whatever goes wrong is said, and nothing else follows from it: the command's exit status is what counts.
    """
    limits: dict[str, Limit] = {}
    wait = how.wait if how.wait is not None else USUAL_WAIT if sys.stderr.isatty() else timedelta()
    until = engine.session.clock() + wait
    is_told = False
    while True:
        found = await engine.measure(run)
        run = found.run
        _keep(store, run)
        if found.problem is None:
            limits = limits or await pool_limits(engine)
        why = "" if found.problem is None else sanitize.clean(found.problem.sentence)
        _print(run, engine.session.clock(), limits, how.file, why)
        is_hopeless = isinstance(found.problem, BadSettings)  # nothing is called so
        if is_told or is_hopeless or run.is_complete or engine.session.clock() >= until:
            return
        tell(f"waiting until {until:%H:%M} UTC for the API to count all of it; ctrl+c ends only the waiting.")
        is_told = True
        await _until_counted(engine, run, until, sleep)


async def _until_counted(
    engine: Engine, run: Run, until: datetime, sleep: Callable[[float], Awaitable[None]]
) -> None:
    """Wait until the API has counted past the end, asking for nothing but that."""
    while (left := until - engine.session.clock()) > timedelta():
        await sleep(min(EVERY, left).total_seconds())
        if await engine.is_counted(run):
            return


def _print(run: Run, now: datetime, limits: Mapping[str, Limit], file: Path | None, why: str) -> None:
    for line in report.lines(run, now, limits, why):
        streams.warn(line)
    if why and run.is_read(now):  # else the report says it
        tell(why)
    if file is None:
        return
    document = json_text.versioned(report.document(run, now, limits))
    try:
        files.write_at_once(file, (json.dumps(document, indent=2) + "\n").encode())
    except OSError as error:
        tell(f"{file} could not be written: {error.strerror or error}.")


def _keep(store: RunStore | None, run: Run) -> None:
    try:
        if store is not None:
            store.keep(run)
    except TuiError as error:
        tell(error.sentence)
