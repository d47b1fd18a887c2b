"""What is shipped: the source package, the wheel that is made from it, and the program that it installs."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from email.parser import Parser
from pathlib import Path

import pytest

from tests.support.paths import ROOT
from tests.support.terminal import Terminal
from tui import PROGRAM, __version__
from tui.cli import main as cli
from tui.cli import man


def outside(command: list[str], folder: Path, **environment: str) -> str:
    """What a command prints that is run in a folder which has nothing to do with the source."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        timeout=50,
        cwd=folder,
        env={**kept, **environment},
        stdin=subprocess.DEVNULL,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def packages(tmp_path_factory):
    """The source package, and the wheel that was made from it, without a package index."""
    folder = tmp_path_factory.mktemp("packages")
    outside([sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT)], folder)
    (source,), (wheel,) = folder.glob("*.tar.gz"), folder.glob("*.whl")
    return source, wheel


def test_the_wheel_carries_all_that_the_program_needs_and_nothing_else(packages):
    with zipfile.ZipFile(packages[1]) as wheel:
        names = set(wheel.namelist())
        [page] = [name for name in names if name.endswith(f".data/data/share/man/man1/{PROGRAM}.1")]
        assert wheel.read(page).decode() == man.page(*cli.parser())
        [metadata] = [name for name in names if name.endswith(".dist-info/METADATA")]
        told = Parser().parsestr(wheel.read(metadata).decode())
    of_the_source = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "tui").rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }
    assert {name for name in names if name.startswith("tui/")} == of_the_source
    facts = {f"tui/facts/{name}.toml" for name in ("catalogue", "prices", "shutdowns")}
    assert {"tui/ui/app.tcss", "tui/py.typed", *facts} <= names
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names)
    assert {name.partition("/")[0].rpartition(".")[2] for name in names} == {"tui", "data", "dist-info"}
    assert told["Version"] == __version__


def test_the_source_package_holds_what_building_and_testing_need(packages):
    with tarfile.open(packages[0]) as source:
        names = {name.partition("/")[2] for name in source.getnames()}
    assert {"pyproject.toml", "docs/oai-usage-tui.1", "README.md", "CHANGELOG.md", "LICENSE", ".ci/run"} <= names
    assert {"Dockerfile", ".dockerignore", ".ci/package", ".github/workflows/release.yml"} <= names
    assert {path.relative_to(ROOT).as_posix() for path in (ROOT / "tests").rglob("*.py")} <= names
    assert {f"screenshots/{path.name}" for path in (ROOT / "screenshots").iterdir() if path.is_file()} <= names


def test_pypi_can_show_what_it_is_told(packages, tmp_path):
    told = outside([sys.executable, "-m", "twine", "check", "--strict", *map(str, packages)], tmp_path)
    assert told.count("PASSED") == 2
    with zipfile.ZipFile(packages[1]) as wheel:
        [metadata] = [name for name in wheel.namelist() if name.endswith(".dist-info/METADATA")]
        text = Parser().parsestr(wheel.read(metadata).decode()).get_payload()
    addresses = re.findall(r'(?:src="|\]\()([^")]+)', text)
    assert len(addresses) > 10
    assert all(address.startswith(("https://", "#")) for address in addresses)
    places = re.findall(rf"/(?:raw|blob)/v{re.escape(__version__)}/([^#\s\")]+)", text)
    assert len(places) > 10
    assert all((ROOT / place).exists() for place in places)
    assert "not on PyPI yet" not in text, "whoever reads it there has found it"


@pytest.mark.slow
def test_built_again_elsewhere_and_later_it_is_the_same_byte_for_byte(packages, tmp_path):
    kept = shutil.ignore_patterns(".git", ".venv", "dist", "__pycache__", ".*_cache", ".hypothesis")
    copy, again = tmp_path / "copy", tmp_path / "again"
    shutil.copytree(ROOT, copy, ignore=kept, copy_function=shutil.copyfile)
    for path in (copy / ".ci").iterdir():
        path.chmod((ROOT / ".ci" / path.name).stat().st_mode)
    build = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(again), str(copy)]
    outside(build, tmp_path, TZ="Pacific/Auckland", PYTHONHASHSEED="7", LC_ALL="C")
    assert {path.name for path in again.iterdir()} == {path.name for path in packages}
    for path in packages:
        assert (again / path.name).read_bytes() == path.read_bytes()


@pytest.mark.slow
def test_the_wheel_installs_a_program_that_runs_without_the_source(packages, tmp_path):
    fresh, folder = tmp_path / "fresh", tmp_path / "elsewhere"
    folder.mkdir()
    venv.create(fresh, symlinks=True)
    python, command = str(fresh / "bin" / "python"), str(fresh / "bin" / PROGRAM)
    install = ["-m", "pip", "--python", python, "install", "--quiet", "--no-index", "--no-deps", str(packages[1])]
    outside([sys.executable, *install], folder)
    # What the program depends on is borrowed from the environment of the tests, behind what was installed.
    inside = Path(outside([python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], folder).strip())
    (inside / "borrowed.pth").write_text(f"{sysconfig.get_path('purelib')}\n{sysconfig.get_path('platlib')}\n")

    told = outside([python, "-c", "import tui; print(tui.__file__)"], folder)
    assert told.strip() == str(inside / "tui" / "__init__.py")
    assert outside([command, "--version"], folder) == f"{PROGRAM} {__version__}\n"
    assert outside([command, "export", "--demo", "--days", "1"], folder).startswith("| UTC Date")
    page = fresh / "share" / "man" / "man1" / f"{PROGRAM}.1"
    assert page.read_text() == man.page(*cli.parser())
    if shutil.which("man"):
        found = outside(["man", "-w", PROGRAM], folder, PATH=f"{fresh / 'bin'}:{os.environ['PATH']}", MANPATH="")
        assert found.strip() == str(page)

    with Terminal(["/bin/sh", "-c", f"cd '{folder}' && exec '{command}' --demo"]) as terminal:
        terminal.until(lambda text: "· read " in text and "b model" in text and "large ━" in text)
        terminal.press("q")
        assert terminal.wait() == 0
        assert terminal.gives_back
    assert list(folder.iterdir()) == []
