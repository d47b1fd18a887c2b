"""What was said on the command line. What was not said is None, False or empty."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from msgspec import Struct

from tui.domain.dimensions import Grouping
from tui.domain.what import What


class Options(Struct, frozen=True, kw_only=True):
    """What nothing but the command line can say: it is about this one run of one command."""

    action: str = "info"
    check_month: bool = False
    command_line: Sequence[str] = ()
    date: datetime | None = None
    events: tuple[What, ...] = ()
    form: str | None = None
    format: str | None = None
    json: bool = False
    keys: int | None = None
    max_age: int | None = None
    max_model_length: int | None = None
    max_percent: float | None = None
    metrics: tuple[str, int] = ("127.0.0.1", 9464)
    min_left: int | None = None
    models: int | None = None
    month: datetime | None = None
    names: bool = False
    oneline: bool = False
    output: Path | None = None
    pool: str = ""
    port: int | None = None
    projects: int | None = None
    raw: bool = False
    report: Path | None = None
    run_name: str | None = None
    seed: int | None = None
    shell: str = ""
    since: datetime | None = None
    until: datetime | None = None
    until_reset: bool = False
    wait: bool = False
    wait_minutes: int | None = None
    window: str | None = None
    yes: bool = False


class Args(Options, frozen=True, kw_only=True):
    """All that was said: the subcommand (None for the dashboard), and each flag under its own name."""

    command: str | None = None
    archive: Path | None = None
    ascii: bool = False
    base_url: str | None = None
    by: Grouping | None = None
    columns: tuple[str, ...] | None = None
    days: int | None = None
    demo: bool = False
    excel: bool = False
    key: Sequence[str] = ()
    kind: str | None = None
    live: int | None = None
    model: Sequence[str] = ()
    no_archive: bool = False
    no_bell: bool = False
    no_live: bool = False
    no_mouse: bool = False
    now: bool = False
    offline: bool = False
    pause_unfocused: bool = False
    period: str | None = None
    plain_driver: bool = False
    profile: str | None = None
    project: Sequence[str] = ()
    replay: Path | None = None
    theme: str | None = None
    user: Sequence[str] = ()
    width: str | None = None
