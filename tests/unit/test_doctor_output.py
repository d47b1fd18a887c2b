"""`doctor`: what it tells of the terminal, how it is printed, and what is never in it."""

from __future__ import annotations

import getpass
from pathlib import Path

from tui.commands.doctor import Finding, State, doctor, failed
from tui.doctor import machine
from tui.doctor.redaction import Redactor
from tui.errors import KeyMissing, ScopeMissing


def test_discretion_hides_what_others_need_not_see():
    home = str(Path.home())
    user = getpass.getuser()
    redactor = Redactor.of(None, ["https://x.example/hidden/v1"])
    assert redactor.redact(f"{home}/a and {home}-b") == f"~/a and {home}-b"
    assert redactor.redact(f"/srv/{user}/a.db") == "/srv/…/a.db"
    assert redactor.redact("at https://x.example/hidden/v1") == "at https://x.example…"
    assert redactor.redact("key sk-admi************************cdef of org-AbC123456789") == "key … of …"
    assert redactor.redact("keys begin with sk-admin-, as sk-admin-… does") == (
        "keys begin with sk-admin-, as sk-admin-… does"
    )
    assert redactor.redact("proxy http://me:pass@host:1") == "proxy http://…@host:1"
    assert redactor.redact("a\x1b[31m\nb") == "a\N{REPLACEMENT CHARACTER}[31m b"


def test_an_error_is_told_without_what_a_server_said_of_it():
    told = KeyMissing("No key. None.", "Make one.")
    assert failed("key", told) == Finding("key", State.FAIL, "No key. None.", "Make one.", 3)
    error = ScopeMissing("It may not (403).", "Ask.", status=403, quoted="No. Never")
    assert error.sentence == str(error) == 'It may not (403): "No. Never". Ask.'
    assert failed("usage", error) == Finding("usage", State.FAIL, "It may not (403).", "Ask.", 3)


def test_text_has_a_line_for_each_finding_and_one_for_what_to_do(capsys):
    findings = [
        Finding("a", State.OK, "fine"),
        Finding("longer", State.WARN, "hm", "do"),
        Finding("c", State.SKIP, ""),
    ]
    assert doctor(findings, as_json=False) == 0
    assert capsys.readouterr().out == "ok    a       fine\nwarn  longer  hm\n              - do\nskip  c       \n"


def test_a_package_that_is_not_installed_is_told_of(monkeypatch):
    assert machine.versions().state is State.OK
    monkeypatch.setattr(machine, "_PACKAGES", ("textual", "no-such-package-here"))
    found = machine.versions()
    assert found.state is State.WARN
    assert found.words.endswith("not installed: no-such-package-here")
