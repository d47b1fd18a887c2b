"""`oai-usage-tui completion`: the values that flags take and that are slow to look up."""

from __future__ import annotations

from argparse import ArgumentParser

from tui.cli.flags import DAYS_AGO
from tui.domain.grouping import DIMENSIONS
from tui.domain.kinds import Kind
from tui.domain.measures import measures
from tui.domain.view import COST


def run(parser: ArgumentParser, shell: str) -> int:
    """Print a script for the shell and return the exit status."""
    from tui.cli.completion import completion
    from tui.ui import theme

    columns = dict.fromkeys((*(name for kind in Kind for name in measures(kind)), COST))
    values = {
        "theme": theme.NAMES,
        "by": (*DIMENSIONS, "none"),
        "columns": tuple(columns),
        **dict.fromkeys(("date", "since", "until"), tuple(DAYS_AGO)),
    }
    return completion(parser, shell, values)
