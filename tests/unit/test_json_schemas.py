"""What documents for programs promise: each is as its schema in `docs/schema` says, which leaves out no field."""

from __future__ import annotations

import json
import os
from decimal import Decimal
from typing import Any

import jsonschema
import pytest

from tests.support.builders import TODAY
from tests.support.paths import ROOT
from tui.cli import main as cli
from tui.domain.alerts import Alert, Crossing
from tui.domain.what import What
from tui.output import alerts, json_text

FOLDER = ROOT / "docs" / "schema"
COMMANDS = {
    "pools": [["pools", "--json"], ["pools", "--json", "--date", "yesterday"]],
    "why": [["why", "--json"], ["why", "--json", "--date", "yesterday"]],
    "money": [["money", "--json"]],
    "doctor": [["doctor", "--json"]],
    "runs": [["runs", "--json"]],
    "export": [["export", "--format", "json", "--days", "1"], ["export", "--format", "json", "--by", "none"]],
}


def schema(name: str) -> dict[str, Any]:
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def strict(node: Any) -> Any:
    """The schema where a field that it does not name is a mistake: what is printed is described."""
    if isinstance(node, list):
        return [strict(each) for each in node]
    if not isinstance(node, dict):
        return node
    found = {key: strict(value) for key, value in node.items()}
    return {**found, "additionalProperties": False} if "properties" in node else found


@pytest.mark.parametrize(("name", "words"), [(name, words) for name, each in COMMANDS.items() for words in each])
def test_what_is_printed_is_as_its_schema_says(name, words, capsys):
    cli.run([*words, "--demo"], os.environ)
    document = json.loads(capsys.readouterr().out)
    known = schema(name)
    jsonschema.validate(document, known if name == "export" else strict(known))


def test_a_report_of_a_run_is_as_its_schema_says(tmp_path):
    file = tmp_path / "used.json"
    cli.run(["run", "--demo", "--report", str(file), "--", "true"], os.environ)
    jsonschema.validate(json.loads(file.read_text()), strict(schema("run")))


@pytest.mark.parametrize("what", What)
def test_an_event_is_as_its_schema_says_for_a_command_and_in_watch(what):
    known, alert = schema("event"), Alert(Crossing(what, TODAY, "large", 80, "proj_a"), 81, 1, cost=Decimal(1))
    printed = json_text.line({"at": "2026-11-20T14:03:00Z", **alerts.facts(alert, "work")})
    jsonschema.validate(json.loads(printed), strict(known))
    jsonschema.validate(json.loads(json_text.line(alerts.facts(alert, "work"))), strict(known))
    assert set(known["properties"]["event"]["enum"]) == {each.value for each in What}


def test_each_schema_is_one_and_is_listed_with_what_prints_it():
    listed = (FOLDER / "README.md").read_text(encoding="utf-8")
    for path in FOLDER.glob("*.json"):
        jsonschema.Draft202012Validator.check_schema(schema(path.stem))
        assert path.stem in {*COMMANDS, "run", "event"}
        assert f"\n| [{path.name}]({path.name}) | `oai-usage-tui " in listed
