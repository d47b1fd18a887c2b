"""Several organizations with the program itself: each key goes to its own address, and one that fails is alone."""

from __future__ import annotations

import json

import pytest

from tests.support.builders import KEY
from tests.support.cli import COMMAND, run
from tests.support.demo_api import Served, afternoon
from tests.support.doctor_api import config
from tests.support.terminal import Terminal
from tui.config.paths import config_path

WORK, LAB = "sk-admin-work0123456789", "sk-admin-lab0123456789"


@pytest.fixture
def served():
    """Two organizations in profiles, and a third one in the environment."""
    now = afternoon()
    with Served(now) as work, Served(now, seed=5) as lab, Served(now) as outer:
        config(
            f"""
[profiles.work]
admin_key_command = ["printf", "{WORK}\\n"]
base_url = "{work.base_url}"
[profiles.lab]
admin_key_command = ["printf", "{LAB}\\n"]
base_url = "{lab.base_url}"
[profiles.bare]
"""
        )
        yield work, lab, outer


def keys_of(api) -> set[str]:
    told = (asked.headers.get("authorization") for asked in api.asked)
    return {each.removeprefix("Bearer ") for each in told if each is not None}


def environment(outer) -> dict[str, str]:
    return {"OPENAI_ADMIN_KEY": KEY, "OPENAI_BASE_URL": outer.base_url}


def test_each_command_is_about_its_profile_and_no_key_reaches_anothers_address(served):
    work, lab, outer = served
    results = {
        "work": run("pools", "--json", "--profile", "work", **environment(outer)),
        "lab": run("pools", "--json", **environment(outer), OAI_USAGE_PROFILE="lab"),
        "default": run("pools", "--json", **environment(outer)),
    }
    used = {name: json.loads(done.stdout)["pools"] for name, done in results.items()}
    assert used["work"] != used["lab"]
    assert (keys_of(work), keys_of(lab), keys_of(outer)) == ({WORK}, {LAB}, {KEY})
    bare = run("pools", "--profile", "bare", **environment(outer))
    assert bare.returncode == 3
    assert "under [profiles.bare] in" in bare.stderr
    assert keys_of(outer) == {KEY}
    for done in (*results.values(), bare):
        assert not any(key in done.stdout + done.stderr for key in (WORK, LAB, KEY))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ("pools", "--profile", "fool"),
            "There is no profile fool in config.toml. There are: default, work, lab, bare.",
        ),
        (("pools", "--profile", "work", "--base-url", "http://127.0.0.1:1/v1"), "not allowed with"),
        (("pools", "--profile", "work", "--demo"), "not allowed with"),
        (("archive", "--profile", "work"), ""),
    ],
)
def test_what_does_not_go_with_a_profile_is_refused(served, arguments, said):
    done = run(*arguments)
    assert said in done.stderr
    assert done.returncode == (2 if said else 0)


def test_the_doctor_looks_at_a_profile_and_tries_no_other_key_where_there_is_no_such(served):
    work, _, outer = served
    found = {each["name"]: each for each in doctor("work", outer)}
    assert (found["key"]["state"], found["usage"]["state"]) == ("ok", "ok")
    assert keys_of(work) == {WORK}
    outer.take()
    found = {each["name"]: each for each in doctor("fool", outer)}
    assert found["config"]["state"] == "fail"
    assert "no profile fool" in found["config"]["words"]
    assert found["base URL"]["state"] == "skip", "nobody knows whom to ask"
    assert not outer.asked


def doctor(profile, outer):
    done = run("doctor", "--json", "--profile", profile, **environment(outer))
    assert not any(key in done.stdout for key in (WORK, KEY))
    return json.loads(done.stdout)["findings"]


def test_the_dashboard_lists_them_all_and_goes_from_one_to_another(served):
    work, lab, outer = served
    lab.fails = 403
    with Terminal([COMMAND, "--profile", "work"], **environment(outer)) as terminal:
        terminal.until("· read ")
        assert not lab.asked
        terminal.press("6")
        text = terminal.until(lambda text: "read " in text.partition("│ work")[2] and "403" in text)
        assert "no admin key" in text.lower()
        terminal.press("O")
        terminal.until("Enter chooses")
        terminal.press("g")
        terminal.press("\r")
        terminal.until(
            lambda text: "· read " in text and f":{outer.port}" in text.splitlines()[0] and "3 Why" in text
        )
        terminal.press("q")
        assert terminal.wait() == 0
        assert terminal.gives_back
        assert not any(key.encode() in terminal.received for key in (WORK, LAB, KEY))
    assert (keys_of(work), keys_of(lab), keys_of(outer)) == ({WORK}, {LAB}, {KEY})


def test_ctrl_c_where_another_key_is_asked_for_leads_back_and_a_key_is_asked_for_once(served, tmp_path):
    work, _, outer = served
    asked = tmp_path / "asked"
    place = config_path()
    told = place.read_text().replace(
        f'["printf", "{WORK}\\n"]', f"""["sh", "-c", "echo x >> {asked}; echo {WORK}"]"""
    )
    secret = (
        """\n[profiles.secret]\nadmin_key_command = ["sh", "-c", "printf secret: >/dev/tty; read x </dev/tty"]\n"""
    )
    place.write_text(told + secret)
    with Terminal([COMMAND], **environment(outer)) as terminal:
        terminal.until("· read ")
        for name, key in (("work", "g\x1b[B\r"), ("default", "g\r"), ("work", "g\x1b[B\r")):
            go(terminal, key)
            place_of = work if name == "work" else outer
            terminal.until(lambda text, api=place_of: f":{api.port}" in text.splitlines()[0] and "· read " in text)
        go(terminal, "G\r")
        terminal.until(lambda _: b"secret:" in bytes(terminal.received))
        terminal.press("\x03")
        text = terminal.until(lambda text: "Ctrl+C ended the command" in text)
        assert f":{work.port}" in text.splitlines()[0], "back to where it was"
        terminal.press("q")
        assert terminal.wait() == 0
    assert asked.read_text() == "x\n"


def go(terminal, keys: str) -> None:
    """Choose another organization."""
    terminal.press("O")
    terminal.until("Enter chooses")
    terminal.press(keys)


def test_offline_an_organization_without_an_archive_leads_back(served):
    outer = served[2]
    assert run("pools", **environment(outer)).returncode == 0
    with Terminal([COMMAND, "--offline"], **environment(outer)) as terminal:
        terminal.until("offline")
        go(terminal, "G\r")
        terminal.until(lambda text: "bare: There is nothing in the archive" in " ".join(text.split()))
        terminal.press("\x03")
        assert terminal.wait() == 0
