"""Rooms stay apart at run time as well: what is not needed is not loaded."""

from __future__ import annotations

import pytest

from tests.support.builders import bucket, dumped, page
from tests.support.cli import python
from tests.support.paths import PACKAGE

HEAVY = ("textual", "plotext")


def loaded_by(arguments: list[str]) -> set[str]:
    """The packages that running the command with these arguments loads."""
    code = (
        "import sys, io, contextlib\n"
        "from tui.cli.main import run\n"
        "with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):\n"
        f"    run({arguments!r}, {{}})\n"
        "print(*{name.partition('.')[0] for name in sys.modules})"
    )
    done = python(code)
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["export", "--help"]])
def test_help_and_version_load_next_to_nothing(arguments):
    assert not loaded_by(arguments) & {*HEAVY, "httpx", "rich", "msgspec", "asyncio", "starlette", "stamina"}


def test_an_export_loads_neither_textual_nor_plotext():
    loaded = loaded_by(["export", "--demo", "--days", "1"])
    assert "httpx" in loaded
    assert not loaded & {*HEAVY, "uvicorn"}


def test_a_replay_needs_no_network_client(tmp_path):
    path = tmp_path / "pages.json"
    path.write_text(dumped([page(bucket(0))]))
    assert not loaded_by(["export", "--replay", str(path)]) & {*HEAVY, "starlette", "stamina", "httpx"}


def test_the_program_that_is_tested_is_this_one():
    done = python("import tui; print(tui.__file__)")
    assert done.stdout.strip() == str(PACKAGE / "__init__.py")


def test_the_dashboard_loads_plotext_only_to_draw():
    done = python("import sys, tui.ui.app; print('plotext' in sys.modules, 'httpx' in sys.modules)")
    assert done.stdout.split() == ["False", "False"]


def test_the_domain_loads_the_standard_library_only():
    code = (
        "import sys, pkgutil, importlib, tui.domain\n"
        "for each in pkgutil.iter_modules(tui.domain.__path__): importlib.import_module('tui.domain.' + each.name)\n"
        "print(*{n.partition('.')[0] for n in sys.modules} - sys.stdlib_module_names)"
    )
    third_party = set(python(code).stdout.split()) - {"tui", "__main__"}
    assert not {name for name in third_party if not name.startswith(("_", "sitecustomize"))}
