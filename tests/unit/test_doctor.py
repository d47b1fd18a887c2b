"""`doctor`: settings, key, API, clock and archive, each as it should be and as it should not."""

from __future__ import annotations

import json
import sqlite3

import pytest

from tests.support.doctor_api import KEY, MARK, Api, config, folder, say
from tests.support.loopback import Reply, refusal

NAMES = [
    "config", "key", "proxy", "base URL", "usage", "names", "clock", "archive", "models", "folders",
    "terminal", "terminal size", "colours", "UTF-8", "character widths", "synchronised output", "clipboard",
    "versions",
]  # fmt: skip


async def test_where_all_is_well_every_finding_says_so_in_order():
    status, found, asked = await say(Api(), LANG="C.UTF-8")
    assert status == 0
    assert list(found) == NAMES
    states = {name: each["state"] for name, each in found.items()}
    unasked = {"terminal", "terminal size", "colours", "character widths", "synchronised output", "clipboard"}
    assert states == {name: "skip" if name in unasked else "ok" for name in NAMES}, "the output is a pipe"
    assert all(set(each) == {"name", "state", "words", "advice"} for each in found.values())
    assert "from OPENAI_ADMIN_KEY" in found["key"]["words"]
    assert found["base URL"]["words"].endswith("answers (with 401, asked without the key)")
    paths = [one.path.rpartition("/")[2] for one in asked]
    assert paths == ["completions", "completions", "projects"]
    assert ["authorization" in one.headers for one in asked] == [False, True, True]
    assert {(one.one("limit"), one.one("bucket_width")) for one in asked[1:]} == {("1", "1d"), ("1", None)}


async def test_a_config_file_that_is_broken_is_a_finding_and_the_key_stays_here():
    config("days = 'many'\n")
    status, found, asked = await say(Api())
    assert (status, found["config"]["state"]) == (2, "fail")
    assert "~/.config/oai-usage-tui/config.toml: the setting `days` must be" in found["config"]["words"]
    assert found["key"]["state"] == found["base URL"]["state"] == "ok"
    assert {found[name]["state"] for name in ("usage", "names", "archive")} == {"skip"}
    assert not any("authorization" in one.headers for one in asked), "it may say where else the key belongs"


async def test_lists_that_contradict_each_other_are_the_configs_finding():
    config('[pools]\nlarge = ["m"]\nsmall = ["m"]\n')
    status, found, _ = await say(Api())
    assert (status, found["config"]["state"], found["usage"]["state"]) == (2, "fail", "ok")
    config("days = 3\n")
    status, found, _ = await say(Api())
    assert (status, found["config"]["words"]) == (0, "~/.config/oai-usage-tui/config.toml can be used")


async def test_without_a_key_the_api_is_still_looked_for():
    status, found, asked = await say(Api(), OPENAI_ADMIN_KEY="")
    assert (status, found["key"]["state"]) == (3, "fail")
    assert "An owner of the organization makes an admin key" in found["key"]["advice"]
    assert found["base URL"]["state"] == "ok"
    assert found["usage"]["words"] == found["names"]["words"] == "not asked: there is no key"
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("key", "status", "state", "says"),
    [
        (f"sk-proj-{MARK}", 3, "fail", "not an admin key but a project or service key"),
        (f"gateway-{MARK}", 0, "warn", "does not begin with sk-admin-"),
        (f"sk-admin {MARK}", 3, "fail", "it holds a blank"),
        (f'"{KEY}"', 3, "fail", "it is in quotes"),
    ],
)
async def test_a_key_of_another_kind_is_told_of(key, status, state, says):
    ended, found, _ = await say(Api(), OPENAI_ADMIN_KEY=key)
    assert (ended, found["key"]["state"]) == (status, state)
    assert says in found["key"]["words"]


async def test_the_key_command_is_run_once_and_its_failure_told(tmp_path):
    counted = tmp_path / "count"
    script = tmp_path / "print-key"
    script.write_text(f"#!/bin/sh\necho once >> {counted}\necho {KEY}\n")
    script.chmod(0o700)
    config(f'admin_key_command = ["{script}"]\n')
    status, found, _ = await say(Api(), OPENAI_ADMIN_KEY="")
    assert (status, counted.read_text()) == (0, "once\n")
    assert "from admin_key_command" in found["key"]["words"]
    config('admin_key_command = ["false"]\n')
    status, found, _ = await say(Api(), OPENAI_ADMIN_KEY="")
    assert (status, found["key"]["words"]) == (3, "admin_key_command failed: false ended with status 1.")


async def test_a_base_url_where_nobody_answers_fails_and_nothing_else_is_asked_there():
    status, found, _ = await say(Api(), "--base-url", "http://127.0.0.1:1/v1")
    assert (status, found["base URL"]["state"]) == (4, "fail")
    assert "No connection to 127.0.0.1:1" in found["base URL"]["words"]
    assert "Check the network" in found["base URL"]["advice"]
    assert {found[name]["words"] for name in ("usage", "names", "clock")} == {"not asked: see the base URL"}


async def test_a_base_url_that_may_not_be_asked_is_told_without_its_path():
    place = "https://gateway.example/t0ken-in-the-path/v1"
    status, found, asked = await say(Api(), OPENAI_BASE_URL=place)
    assert (status, found["base URL"]["state"], asked) == (2, "fail", [])
    assert "gateway.example, which is not OpenAI's" in found["base URL"]["words"]
    assert "t0ken" not in json.dumps(found)


@pytest.mark.parametrize(("code", "status"), [(401, 3), (404, 4), (429, 4), (500, 4)])
async def test_usage_that_cannot_be_read_fails_with_the_status_of_its_kind(code, status):
    ended, found, _ = await say(Api(completions=refusal(code, f"Incorrect key {KEY[:20]}****cdef of Acme Corp")))
    assert (ended, found["usage"]["state"]) == (status, "fail")
    assert found["usage"]["advice"]
    assert "Acme" not in json.dumps(found), "what the server says is not repeated"
    assert (found["names"]["state"], found["names"]["words"]) == ("skip", "not asked: see the usage")


async def test_a_key_that_may_not_read_usage_is_asked_for_names_all_the_same():
    status, found, _ = await say(Api(completions=refusal(403, "Missing scopes: api.usage.read")))
    assert (status, found["usage"]["state"], found["names"]["state"]) == (3, "fail", "ok")
    assert "api.usage.read" in found["usage"]["advice"]


async def test_a_web_page_is_no_usage():
    status, found, _ = await say(Api(completions=Reply(b"<html>Log in</html>")))
    assert (status, found["usage"]["state"]) == (4, "fail")
    assert "a web page" in found["usage"]["words"]


@pytest.mark.parametrize(("code", "says"), [(403, "api.management.read"), (404, "base URL"), (503, "Try again")])
async def test_names_that_cannot_be_read_are_a_warning(code, says):
    status, found, _ = await say(Api(projects=refusal(code)))
    assert (status, found["usage"]["state"], found["names"]["state"]) == (0, "ok", "warn")
    assert found["names"]["words"].startswith("names stay ids: ")
    assert says in found["names"]["advice"]


@pytest.mark.parametrize(
    ("ahead", "state", "says"),
    [(0, "ok", "within 5 s"), (30, "ok", "behind"), (-3_600, "warn", "ahead of the API's"), (90, "warn", "behind")],
)
async def test_a_clock_that_is_a_minute_off_is_a_warning(ahead, state, says):
    status, found, _ = await say(Api(ahead))
    assert (status, found["clock"]["state"]) == (0, state)
    assert says in found["clock"]["words"]


async def test_an_api_that_does_not_say_the_time_leaves_the_clock_unchecked():
    _, found, _ = await say(lambda _: refusal(401))
    assert found["clock"]["state"] == "skip"


async def test_an_archive_that_cannot_be_used_fails(tmp_path):
    strange = tmp_path / "strange.db"
    with sqlite3.connect(strange) as connection:
        connection.execute("CREATE TABLE mine (x)")
    connection.close()
    status, found, _ = await say(Api(), "--archive", str(strange))
    assert (status, found["archive"]["state"]) == (2, "fail")
    assert "is not an archive of oai-usage-tui" in found["archive"]["words"]
    (tmp_path / "file").write_text("")
    status, found, _ = await say(Api(), "--archive", str(tmp_path / "file" / "a.db"))
    assert (status, found["archive"]["state"]) == (2, "fail")


async def test_a_damaged_archive_is_a_warning_that_says_where_it_is():
    place = folder(".local", "share", "oai-usage-tui") / "archive.db"
    place.write_bytes(b"not a database at all" * 100)
    status, found, _ = await say(Api())
    assert (status, found["archive"]["state"]) == (0, "warn")
    assert "kept as ~/.local/share/oai-usage-tui/archive.db.damaged-" in found["archive"]["words"]


async def test_the_worst_kind_is_the_exit_status(tmp_path):
    (tmp_path / "file").write_text("")
    archive = ("--archive", str(tmp_path / "file" / "a.db"))
    assert (await say(Api(), *archive))[0] == 2
    assert (await say(Api(), *archive, OPENAI_ADMIN_KEY=""))[0] == 3
    assert (await say(Api(), *archive, "--base-url", "http://127.0.0.1:1/v1", OPENAI_ADMIN_KEY=""))[0] == 4
