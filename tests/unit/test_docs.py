"""The documentation and the program agree: pages, links, commands, settings, keys."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shlex
import subprocess
import tomllib
from collections import Counter, defaultdict
from itertools import takewhile
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from ruamel.yaml import YAML

from tests.support.paths import ROOT
from tests.support.scripts import script
from tui.cli import main as cli
from tui.config.load import load
from tui.config.schema import ALLOWED
from tui.config.subcommands import EXPORT, MONEY, POOLS, RUNS, WHY
from tui.ui import actions
from tui.ui.actions.keymap import remapped

DOCS = ROOT / "docs"
PAGES = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *DOCS.rglob("*.md"), ROOT / "tests/slow/README.md"])
REFERENCE = script("reference", "docs")
ENDS = set("|&;()<>")
"""What a shell ends a command with."""


RUN = {EXPORT, POOLS, WHY, MONEY, RUNS}
"""What needs no screen and comes to an end."""


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def by_hand(text: str) -> str:
    """What of a page is not generated."""
    return re.sub(f"{REFERENCE.BEGIN}.*?{REFERENCE.END}", "", text, flags=re.DOTALL)


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def without_blocks(text: str) -> str:
    return re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("name", REFERENCE.PAGES)
def test_what_is_generated_is_what_the_program_says_of_itself(name):
    text = text_of(DOCS / name)
    assert REFERENCE.page(name, text) == text, "python docs/reference.py"
    intro, found, _ = text.partition(REFERENCE.BEGIN)
    assert found
    assert len(intro.splitlines()) > 3, "each has an intro by hand"


def test_every_setting_is_described():
    tables = {name.partition(".")[0] for name in ALLOWED if "." in name}
    assert list(REFERENCE.SETTINGS) == [name for name in ALLOWED if name not in tables]
    assert REFERENCE.DEFAULTS.keys() <= REFERENCE.SETTINGS.keys()


def test_the_settings_that_messages_name_exist():
    named_there = {
        name
        for path in (ROOT / "tui").rglob("*.py")
        for name in re.findall(r"\b(\w+_\w+) in config\.toml", text_of(path).replace('"\n    "', ""))
    }
    assert "monthly_budget" in named_there
    assert named_there <= set(ALLOWED)


def test_every_key_is_in_the_table_with_what_it_does_and_the_name_of_its_action():
    table = text_of(DOCS / "keys.md").partition(REFERENCE.BEGIN)[2]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines() if line[:3] == "| `"]
    told = {cells[1]: cells for cells in rows}
    assert set(told) == {action.help for action in actions.ACTIONS}
    for action in actions.ACTIONS:
        keys, _, name = told[action.help]
        assert re.findall(r"`([^`]+)`", keys) == action.all_keys
        assert name == f"`{action.name}`"


def test_the_example_of_keys_is_one():
    own = tomllib.loads(blocks(text_of(DOCS / "keys.md"), "toml")[0])["keys"]
    changed = {action.name for action in remapped(own)} - {
        action.name for action in set(remapped(own)) & set(actions.ACTIONS)
    }
    assert changed == set(own)


def slugs(text: str) -> set[str]:
    """The places that a forge makes of headings."""
    headings = re.findall(r"^#+ (.+)$", without_blocks(text), re.MULTILINE)
    plain = (re.sub(r"[^\w\- ]", "", re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", each).lower()) for each in headings)
    return {each.replace(" ", "-") for each in plain}


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_every_link_leads_somewhere(path):
    text = without_blocks(text_of(path))
    links = re.findall(r'\]\(([^)\s]+)\)|(?:src|srcset)="([^"]+)"', text)
    for link in filter(None, (one or other for one, other in links)):
        if link.startswith("https://"):
            continue
        place, _, anchor = link.partition("#")
        target = path.parent / place if place else path
        assert target.exists(), link
        assert not anchor or anchor in slugs(text_of(target)), link


ELSEWHERE = {"platform.openai.com", "community.openai.com", "github.com", "keepachangelog.com", "semver.org"}
"""The sites that pages lead to. A person looks at the links before a release: CONTRIBUTING says how to list them."""


def test_links_to_other_sites_are_https_lead_to_known_ones_and_are_listed_by_the_command_for_it():
    links = {
        link
        for path in PAGES
        for link in re.findall(r"\]\(([a-z]+:[^)\s]+)\)|<([a-z]+:[^>\s]+)>", without_blocks(text_of(path)))
        for link in filter(None, link)
    }
    assert len(links) >= 6
    assert {urlsplit(link).scheme for link in links} == {"https"}
    assert {urlsplit(link).hostname for link in links} == ELSEWHERE
    (command,) = re.findall(r"`(grep -ohE [^`]+)`", text_of(DOCS / "CONTRIBUTING.md"))
    listed = subprocess.run(command, shell=True, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert {line.removeprefix("(") for line in listed.splitlines()} >= links


def snippets(text: str) -> list[str]:
    """Each line for a shell that a page shows, in blocks and in the middle of a sentence, without its remark."""
    shell = "\n".join(block for language in ("sh", "tmux", "crontab") for block in blocks(text, language))
    lines = shell.replace("\\\n", " ").splitlines()
    lines += re.findall(r"^\$ (.*)", "\n".join(blocks(text, "console")), re.MULTILINE)
    lines += re.findall(r"^ExecStart=(.*)", text, re.MULTILINE)
    lines += [each.replace("\\|", "|") for each in re.findall(r"`(oai-usage-tui [^`]+)`", without_blocks(text))]
    return [re.sub(r"\s# .*", "", line) for line in lines if not line.startswith("docker build")]


def arguments(line: str) -> list[list[str]]:
    """What is said to each start of the program in this line."""
    line = re.sub(r"(?:/usr/local/bin/|\.venv/bin/)oai-usage-tui", "oai-usage-tui", line).replace("…", "x")
    found = []
    for start in re.finditer(r"(?<![\w/.])oai-usage-tui(?![\w[/.])", line):
        words = []
        try:
            lexer = shlex.shlex(line[start.end() :], posix=True, punctuation_chars=True)
            lexer.whitespace_split = True
            words += takewhile(lambda word: not set(word) <= ENDS, lexer)
        except ValueError:  # it stands in quotes, which end behind it
            words = re.split("['\")]", line[start.end() :])[0].split()
        found.append(words)
    return found


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_no_shell_takes_a_part_of_an_example_for_its_own(path):
    """What zsh, bash or fish would expand stands in quotes: `[` and `{`, `*` and `?`, and a leading `=`."""
    for line in snippets(text_of(path)):
        bare = re.sub(r"'[^']*'|\"[^\"]*\"|^([*/\d]+ ){5}", "", line)  # a line of cron begins with its times
        assert not re.search(r"[\[\]{}*?]|(?<=\s)=", bare), line


def shown(path: Path) -> list[list[str]]:
    return [words for line in snippets(text_of(path)) for words in arguments(line)]


@pytest.mark.parametrize("path", [path for path in PAGES if any(shown(path))], ids=named)
def test_every_command_can_be_said(path, capsys):
    for words in shown(path):
        if "--help" not in words:
            try:
                cli.parse(words, piped=False)
            except SystemExit:
                pytest.fail(f"oai-usage-tui {shlex.join(words)}\n{capsys.readouterr().err}")


def shown_anywhere() -> list[list[str]]:
    """Each command that needs neither screen nor key, once, of the demo; a day that has a date is one day too old."""
    every = {tuple(words) for path in PAGES for words in shown(path)}
    runs = (words for words in every if words and words[0] in RUN)
    plain = sorted(words for words in runs if not re.search(r"--replay|/|\d{4}-", " ".join(words)))
    return [[*words, *(() if "--demo" in words else ("--demo",))] for words in plain]


@pytest.mark.parametrize("words", shown_anywhere(), ids=" ".join)
def test_it_does_what_is_said_on_the_demo(words, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert cli.run(words, os.environ) == 0, capsys.readouterr().err


@pytest.mark.parametrize("path", [path for path in PAGES if blocks(text_of(path), "toml")], ids=named)
def test_every_piece_of_configuration_can_be_used(path, tmp_path):
    for block in blocks(text_of(path), "toml"):
        if "[custom.openai]" in block:  # starship's, see tests/e2e/test_prompts.py
            continue
        file = tmp_path / "config.toml"
        file.write_text(block, encoding="utf-8")
        load(file)


def test_the_rules_for_prometheus_are_yaml_and_the_dashboard_is_json():
    text = text_of(DOCS / "prometheus.md")
    assert {key for block in blocks(text, "yaml") for key in YAML(typ="safe").load(block)} == {
        "scrape_configs",
        "groups",
    }
    assert json.loads(text_of(DOCS / "grafana.json"))["panels"]


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_what_developers_are_told_to_run_is_there(path):
    text = text_of(path)
    for module in re.findall(r"\bpython3? -m ((?:tests|tui)[\w.]*)", text):
        assert importlib.util.find_spec(module), module
    told = re.findall(r"\b(?:python|pytest) [^`|\n]*?((?:tests|screenshots|docs)/[\w./-]+)", text)
    for place in [*told, *re.findall(r"(?<![\w/])\.ci/[\w.]+", text)]:
        assert (ROOT / place.rstrip(".")).exists(), place


def test_every_flag_that_is_named_exists():
    main, parsers = cli.parser()
    known = {name for each in (main, *parsers.values()) for action in each._actions for name in action.option_strings}
    others = {"--env-file", "--from", "--release", "--film", "--repo", "--minutes", "--rm", "--no-install-recommends"}
    for path in PAGES:
        if path.name in {"CONTRIBUTING.md", "CHANGELOG.md"}:
            continue
        text = re.sub(r"^.*(?:docker |curl |pip ).*$", "", text_of(path), flags=re.MULTILINE)
        assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", text)) - others <= known, named(path)


def test_no_sentence_stands_twice():
    seen: Counter[str] = Counter()
    for path in PAGES:
        text = re.sub(r"[`*|]", "", without_blocks(by_hand(text_of(path))))
        plain = " ".join(re.sub(r"\]\([^)]*\)|[\[\]]", "", text).split())
        seen.update(each for each in re.split(r"(?<=[.?!:;])\s", plain) if len(each) > 60)
    assert [sentence for sentence, times in seen.items() if times > 1] == []


MOST_WORDS = 8
"""So many words in a row may stand on two pages: a term, a setting's name. More is something said twice."""


def test_no_page_says_what_another_one_says_in_the_same_words():
    """CHANGELOG tells again what is new."""
    places: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for path in PAGES:
        if path.name != "CHANGELOG.md":
            text = re.sub(r"\]\([^)]*\)|[\[\]`*]", "", without_blocks(by_hand(text_of(path))))
            words = re.findall(r"[\w'$-]+", text.lower())
            for at in range(len(words) - MOST_WORDS):
                places[tuple(words[at : at + MOST_WORDS + 1])].add(named(path))
    assert {" ".join(words): where for words, where in places.items() if len(where) > 1} == {}


def test_every_picture_is_shown_somewhere():
    text = "".join(map(text_of, PAGES))
    for picture in (ROOT / "screenshots").glob("*.svg"):
        assert f"screenshots/{picture.name}" in text
