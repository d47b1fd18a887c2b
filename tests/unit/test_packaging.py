"""What a release is made of: addresses, classifiers, workflows, forms. Nothing here asks the network."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from ruamel.yaml import YAML

from tests.support.paths import ROOT
from tui import __version__
from tui.config.subcommands import DOCTOR

GITHUB = ROOT / ".github"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
REPOSITORY = PROJECT["project"]["urls"]["Repository"]
PLACEHOLDERS = {"https://repository.invalid/oai-usage-tui", "security@reports.invalid"}
"""What stands in the place of the addresses until they are known."""
WORKFLOWS = sorted((GITHUB / "workflows").glob("*.yml"))
SCHEMAS = {
    **{path.relative_to(GITHUB).as_posix(): "vendor.github-workflows" for path in WORKFLOWS},
    "ISSUE_TEMPLATE/bug.yml": "vendor.github-issue-forms",
    "ISSUE_TEMPLATE/idea.yml": "vendor.github-issue-forms",
    "ISSUE_TEMPLATE/config.yml": "vendor.github-issue-config",
    "dependabot.yml": "vendor.dependabot",
}


def loaded(path: Path):
    return YAML(typ="safe").load(path)


def jobs():
    for path in WORKFLOWS:
        for name, job in loaded(path)["jobs"].items():
            yield f"{path.name}: {name}", job


def commands():
    for name, job in jobs():
        for step in job.get("steps", ()):
            if "run" in step:
                yield name, step["run"]


def test_what_is_not_known_is_one_marked_address_each_and_nothing_is_invented():
    urls = PROJECT["project"]["urls"]
    assert all(url.startswith(REPOSITORY) for url in urls.values())
    files = [ROOT / "pyproject.toml", *(ROOT / "docs").glob("*.md"), *GITHUB.rglob("*.yml"), ROOT / "README.md"]
    address = r"(?:https?://[\w.-]+|\b[a-z]+@\w+)\.invalid(?:/[\w-]+)?"
    found = {each for path in files for each in re.findall(address, path.read_text(encoding="utf-8"))}
    assert found in (PLACEHOLDERS, set()), "all of them go when the addresses are known"


def test_the_places_that_the_addresses_lead_to_are_there():
    texts = (path.read_text(encoding="utf-8") for path in (ROOT / "pyproject.toml", *GITHUB.rglob("*.yml")))
    named = {name for text in texts for name in re.findall(rf"{re.escape(REPOSITORY)}/blob/main/([\w./-]+)", text)}
    assert len(named) >= 4
    assert all((ROOT / name).is_file() for name in named)


def test_a_release_is_refused_while_a_placeholder_stands_or_the_changelog_has_no_day(tmp_path):
    for name in (".ci", ".github", "docs", "tui"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "CHANGELOG.md"):
        shutil.copy(ROOT / name, tmp_path)
    changelog = tmp_path / "CHANGELOG.md"
    changelog.write_text(re.sub(r"(?m)^(## \[[\d.]+\]) - .*", r"\1 - not released yet", changelog.read_text("utf-8")))

    def said() -> tuple[int, str]:
        command = [str(tmp_path / ".ci" / "package"), "--release"]
        environment = {**os.environ, "PYTHON": sys.executable}
        done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
        return done.returncode, done.stdout + done.stderr

    report = tmp_path / "docs" / "SECURITY.md"
    report.write_text(report.read_text("utf-8") + "\nTo report: nobody@reports.invalid\n", encoding="utf-8")
    status, words = said()
    assert status == 1
    assert "are placeholders" in words
    assert words.count("nobody@reports.invalid") == 1
    for path in (
        tmp_path / "pyproject.toml",
        *(tmp_path / "docs").glob("*.md"),
        *(tmp_path / ".github").rglob("*.yml"),
    ):
        text = path.read_text(encoding="utf-8").replace(".invalid", ".example")
        path.write_text(text.replace("OWNER/NAME", "me/x").replace("PLACEHOLDER", "note"), encoding="utf-8")
    status, words = said()
    assert status == 1
    assert f"does not say when {__version__} was released" in words
    assert ".ci/package --release" in [line for _, line in commands()]


def test_the_classifiers_name_the_pythons_that_are_tested():
    versions = {name.rpartition(" ")[2] for name in PROJECT["project"]["classifiers"] if ":: Python :: 3." in name}
    matrix = next(job for name, job in jobs() if name == "ci.yml: test")["strategy"]["matrix"]
    assert versions == set(matrix["python"])
    assert PROJECT["project"]["requires-python"] == f">={min(versions, key=lambda each: int(each[2:]))}"
    assert {name.partition("-")[0] for name in matrix["os"]} == {"ubuntu", "macos"}


def test_what_builds_the_package_is_what_the_tests_build_it_with():
    names = {re.match(r"[\w-]+", each)[0] for each in PROJECT["build-system"]["requires"]}
    tools = {re.match(r"[\w-]+", each)[0] for each in PROJECT["project"]["optional-dependencies"]["test"]}
    assert names <= tools


def held() -> dict[str, str]:
    """The versions that `.ci/build.txt` holds."""
    lines = (ROOT / ".ci" / "build.txt").read_text(encoding="utf-8").splitlines()
    said = (line.split("==") for line in lines if line and not line.startswith("#"))
    return {canonicalize_name(name): version for name, version in said}


def needed(name: str) -> set[str]:
    """The packages that one needs here."""
    wanted = [Requirement(each) for each in metadata.requires(name) or ()]
    return {canonicalize_name(each.name) for each in wanted if each.marker is None or each.marker.evaluate()}


def test_all_that_makes_the_packages_is_held_at_one_version_which_pyproject_takes():
    made_with = [Requirement(each) for each in PROJECT["build-system"]["requires"]]
    looks = "twine"
    assert {canonicalize_name(each.name) for each in made_with} | {"build", looks} <= set(held())
    for name in held().keys() - {looks}:  # of another version than is held, what it needs is not known here
        assert metadata.version(name) != held()[name] or needed(name) <= set(held()), name
    tests = [Requirement(each) for each in PROJECT["project"]["optional-dependencies"]["test"]]
    for each in (*made_with, *tests):
        version = held().get(canonicalize_name(each.name))
        assert version is None or version in each.specifier
    script = (ROOT / ".ci" / "package").read_text(encoding="utf-8")
    assert re.findall(r"pip\S* install (.*)", script) == ["-q -r .ci/build.txt"]
    assert "-m build --no-isolation " in script, "else it is made with what the index has just now"


def test_a_release_is_started_by_a_tag_of_a_version_and_by_nothing_else():
    release = ROOT / ".github" / "workflows" / "release.yml"
    assert loaded(release)["on"] == {"push": {"tags": ["v[0-9]+.[0-9]+.[0-9]+"]}}
    whole = loaded(release)["jobs"]
    assert whole["tag"]["steps"][0]["with"]["fetch-depth"] == 0, "main has to be there to be looked at"
    assert whole["tag"]["steps"][1]["run"] == '.ci/tag "$GITHUB_REF_NAME"'
    waits_for = {
        name: {job.get("needs", ())} if isinstance(job.get("needs"), str) else {*job.get("needs", ())}
        for name, job in whole.items()
    }
    assert waits_for == {
        "tag": set(),
        "ci": {"tag"},
        "build": {"tag"},
        "publish": {"ci", "build"},
        "announce": {"publish"},
    }


@pytest.mark.skipif(not shutil.which("git"), reason="there is no git here")
def test_a_tag_is_refused_that_is_not_the_version_or_not_of_a_commit_on_main(tmp_path):
    for name in (".ci", "tui"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))

    def git(*words: str) -> None:
        who = ("-c", "user.name=x", "-c", "user.email=x@example.org")
        subprocess.run(["git", *who, *words], cwd=tmp_path, check=True, capture_output=True)

    def said(tag: str) -> tuple[int, str]:
        command, environment = [str(tmp_path / ".ci" / "tag"), tag], {**os.environ, "PYTHON": sys.executable}
        done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
        return done.returncode, done.stderr

    git("init", "-q", "-b", "main")
    git("add", ".ci", "tui/__init__.py")
    git("commit", "-qm", "one")
    git("tag", "-a", "-m", "released", f"v{__version__}")
    git("tag", "v99.0.0")
    assert said(f"v{__version__}") == (0, "")
    assert said("v99.0.0") == (
        1,
        f".ci/tag: the tag is v99.0.0, and tui/__init__.py says {__version__}: a tag is v{__version__}.\n",
    )
    git("switch", "-qc", "aside")
    git("commit", "-q", "--allow-empty", "-m", "two")
    assert said(f"v{__version__}")[1] == f".ci/tag: what is checked out is not the commit of v{__version__}.\n"
    git("tag", "-f", f"v{__version__}")
    assert said(f"v{__version__}") == (1, f".ci/tag: the commit of v{__version__} is not on main.\n")


@pytest.mark.parametrize("name", SCHEMAS)
def test_what_the_forge_reads_is_as_its_schema_says(name):
    check = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", SCHEMAS[name], str(GITHUB / name)]
    done = subprocess.run(check, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_file_that_the_forge_reads_is_checked():
    assert {path.relative_to(GITHUB).as_posix() for path in GITHUB.rglob("*.yml")} == set(SCHEMAS)


@pytest.mark.skipif(not shutil.which("actionlint"), reason="there is no actionlint here")
def test_actionlint_has_nothing_to_say():
    done = subprocess.run(["actionlint", *map(str, WORKFLOWS)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_every_command_of_the_workflows_names_what_there_is():
    scripts = Path(sys.executable).parent
    for name, text in commands():
        for word in re.findall(r"(?<!\S)\.venv/bin/([\w-]+)", text):
            assert (scripts / word).exists(), f"{name}: {word}"
        for word in re.findall(r"(?<!\S)\.ci/\w+", text):
            assert (ROOT / word).stat().st_mode & 0o100, f"{name}: {word}"
    tested = [text for name, text in commands() if name == "ci.yml: test"]
    assert tested[0] in (ROOT / "README.md").read_text(encoding="utf-8").splitlines()


def test_actions_are_pinned_and_jobs_may_no_more_than_they_need():
    for path in WORKFLOWS:
        for used in re.findall(r"uses: (.*)", path.read_text(encoding="utf-8")):
            assert re.fullmatch(r"\./\.github/workflows/\w+\.yml|[\w./-]+@[0-9a-f]{40} # v[\d.]+", used)
        assert loaded(path)["permissions"] in ({}, {"contents": "read"})
    writing = {name: job["permissions"] for name, job in jobs() if "write" in job.get("permissions", {}).values()}
    assert writing == {
        "release.yml: publish": {"id-token": "write"},
        "release.yml: announce": {"contents": "write", "id-token": "write", "attestations": "write"},
    }


def test_a_report_of_a_bug_needs_what_doctor_says_and_warns_of_the_key():
    form = loaded(GITHUB / "ISSUE_TEMPLATE" / "bug.yml")["body"]
    (doctor,) = [part for part in form if part.get("id") == "doctor"]
    assert f"oai-usage-tui {DOCTOR} --json" in doctor["attributes"]["description"]
    assert doctor["validations"] == {"required": True}
    assert "admin key" in form[0]["attributes"]["value"]


def test_the_image_is_not_root_has_certificates_and_is_told_to_end_by_a_signal():
    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    assert "USER 10001" in lines
    assert any(line.startswith("FROM python:3.13-slim") for line in lines)
    assert any("ca-certificates" in line for line in lines)
    assert "STOPSIGNAL SIGTERM" in lines
    assert lines.index("USER 10001") < lines.index('ENTRYPOINT ["oai-usage-tui"]')


def test_the_image_is_made_from_what_the_wheel_needs():
    kept = [line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")]
    wheel = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert {*wheel["packages"], *wheel["shared-data"], "pyproject.toml", "README.md", "LICENSE"} == set(kept)
