"""What shells complete, asked of the shells themselves where they are installed."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess

import pytest

from tui import PROGRAM
from tui.cli import main as cli
from tui.domain.dimensions import DIMENSIONS
from tui.domain.kinds import Kind
from tui.domain.windows import NAMED
from tui.ui import theme

DIMENSION_NAMES, KIND_NAMES = tuple(DIMENSIONS), tuple(kind.value for kind in Kind)

_ASK_BASH = """
compopt() { :; }
source ./script
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
_shtab_oai_usage_tui
printf '%s\\n' "${COMPREPLY[@]}"
"""


@pytest.fixture(params=["bash", "fish"])
def completed(request, tmp_path, capsys):
    """What the shell offers for the last word of a line."""
    shell = shutil.which(request.param)
    if shell is None:
        pytest.skip(f"{request.param} is not installed")
    assert cli.run(["completion", request.param], os.environ) == 0
    (tmp_path / "script").write_text(capsys.readouterr().out)
    (tmp_path / "pages one.json").touch()
    (tmp_path / "folder").mkdir()

    def offered(*words: str) -> list[str]:
        line = [PROGRAM, *words]
        asked = (
            [shell, "--norc", "--noprofile", "-c", _ASK_BASH, "bash", *line]
            if request.param == "bash"
            else [shell, "-c", f"source ./script; complete -C {shlex.quote(' '.join(line))}"]
        )
        path = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
        done = subprocess.run(
            asked, cwd=tmp_path, capture_output=True, text=True, check=True, env={**os.environ, "PATH": path}
        )
        return [line.partition("\t")[0].rstrip("/") for line in done.stdout.splitlines() if line]

    return offered


@pytest.mark.parametrize(
    "words",
    [
        ("--replay",),
        ("--archive",),
        ("export", "--output"),
        ("export", "--replay"),
        ("archive", "clear", "--archive"),
    ],
    ids=" ".join,
)
def test_files_are_completed(completed, words):
    assert {"folder", "pages one.json"} <= {name.replace("\\", "") for name in completed(*words, "")}
    assert completed(*words, "fol") == ["folder"]


@pytest.mark.parametrize(
    ("words", "values"),
    [
        (("--theme",), theme.NAMES),
        (("--by",), (*DIMENSION_NAMES, "none")),
        (("export", "--by"), (*DIMENSION_NAMES, "none")),
        (("--kind",), KIND_NAMES),
        (("export", "--format"), ("markdown", "csv", "json", "ndjson", "openmetrics")),
        (("pools", "--date"), ("today", "yesterday")),
        (("export", "--since"), ("today", "yesterday")),
        (("--window",), tuple(NAMED)),
        (("export", "--window"), tuple(NAMED)),
        (("check", "--pool"), ("large", "small")),
        (("archive",), ("info", "refresh", "clear", "vacuum")),
    ],
)
def test_values_are_completed(completed, words, values):
    assert sorted(completed(*words, "")) == sorted(values)
    assert completed(*words, values[0][:-1]) == [name for name in values if name.startswith(values[0][:-1])]


def test_names_behind_a_comma_are_completed(completed):
    assert "project" in completed("--by", "pro")
    assert "model,project" in completed("--by", "model,pr")
    assert {"total,input", "total,images"} <= set(completed("export", "--columns", "total,i"))
    assert "cost" in completed("--columns", "co")
