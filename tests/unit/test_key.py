"""The admin key: where it comes from, what is none, and that it does not show itself."""

from __future__ import annotations

import contextlib
import stat
import sys
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.support.builders import KEY
from tui.config import key
from tui.config.args import Args
from tui.config.resolve import resolve
from tui.config.schema import Config, Preferences
from tui.domain.secret import Secret
from tui.errors import KeyCommandFailed, KeyMissing

PATH = Path("/home/somebody/.config/oai-usage-tui/config.toml")


def find(environment: dict[str, str], command: tuple[str, ...] | None) -> Secret:
    """The key that the program would use."""
    source = resolve(Args(), environment, Preferences(), Config(admin_key_command=command)).source
    return key.find(source.key, source.key_command, PATH)


def script(tmp_path: Path, body: str) -> tuple[str, ...]:
    path = tmp_path / "print-key"
    path.write_text(f"#!{sys.executable}\n{body}\n")
    path.chmod(path.stat().st_mode | stat.S_IEXEC)
    return (str(path), "openai admin")


def test_the_key_comes_from_the_environment_before_the_command(tmp_path):
    command = script(tmp_path, "print('sk-admin-other')")
    assert find({"OPENAI_ADMIN_KEY": f" {KEY}\n"}, command).reveal() == KEY


def test_the_key_is_the_first_line_that_the_command_prints(tmp_path):
    command = script(tmp_path, f"import sys; assert sys.argv[1:] == ['openai admin']; print('{KEY}\\nnotes')")
    assert find({}, command).reveal() == KEY


@pytest.mark.parametrize(
    ("body", "words"),
    [("print()", "empty"), ("raise SystemExit(3)", "status 3"), ("print('sk-proj-abc')", "project or service key")],
)
def test_a_command_that_prints_no_key_is_told_of(tmp_path, body, words):
    with pytest.raises(KeyMissing, match=words):
        find({}, script(tmp_path, body))


@pytest.mark.parametrize("body", ["raise SystemExit(3)", "print()", "import os; os.close(1)"])
def test_of_a_command_that_fails_it_is_said_to_look_at_it_and_not_how_to_make_a_key(tmp_path, body):
    with pytest.raises(KeyCommandFailed) as failed:
        find({}, script(tmp_path, body))
    assert "Run the command by hand" in failed.value.advice
    assert "admin-keys" not in failed.value.sentence


def test_where_a_command_prints_another_kind_of_key_it_is_told_what_to_let_it_print(tmp_path):
    with pytest.raises(KeyMissing) as wrong:
        find({}, script(tmp_path, "print('sk-proj-abc')"))
    assert "makes an admin key at" in wrong.value.advice
    assert "Then: let admin_key_command in" in wrong.value.advice
    assert "export" not in wrong.value.advice


def test_a_command_that_does_not_exist_is_told_of():
    with pytest.raises(KeyMissing, match="No such file"):
        find({}, ("/nowhere/print-key",))


@pytest.mark.parametrize(
    "value", ["sk-proj-abc", "sk-svcacct-abc", "sk-abc", "sk-admin-ab c", "sk-admin-ä", "sk-\x1b"]
)
def test_what_is_plainly_no_admin_key_is_refused_without_showing_it(value):
    with pytest.raises(KeyMissing, match="not an admin key") as caught:
        find({"OPENAI_ADMIN_KEY": value}, None)
    assert value not in caught.value.sentence
    assert caught.value.exit_status == 3


@pytest.mark.parametrize(
    ("value", "says"),
    [
        (f'"{KEY}"', "is in quotes"),
        (f"'{KEY}'", "is in quotes"),
        (f'"{KEY}"\r', "is in quotes"),
        (f'" {KEY} "', "is in quotes"),
        (f"“{KEY}”", "is in quotes"),
        (f'{KEY}"', "is in quotes"),
        (f"Bearer {KEY}", "begins with `Bearer`"),
        (f"bearer  {KEY}", "begins with `Bearer`"),
        (f"Authorization: Bearer {KEY}", "begins with `Bearer`"),
        (f"Bearer\t{KEY}", "begins with `Bearer`"),
        (f'"Bearer {KEY}"', "is in quotes, which `--env-file` and its like keep, and begins with `Bearer`"),
        (f"OPENAI_ADMIN_KEY={KEY}", "begins with the name of a variable"),
        (f"export OPENAI_ADMIN_KEY='{KEY}'", "begins with the name of a variable"),
        (f"\ufeff{KEY}", "begins with a byte order mark"),
        ("$OPENAI_ADMIN_KEY", "is the name of a variable"),
        (f"{KEY} {KEY}", "holds a blank"),
        (f"{KEY[:20]}\r\n{KEY[20:]}", "holds the end of a line"),
        (f"{KEY}\x00", "holds control characters"),
        (f"{KEY}\x1b[2J", "holds control characters"),
        ("sk-admin-…", "holds characters that no key has"),
        (f"{KEY[:20]}\u200b{KEY[20:]}", "holds characters that no key has"),
    ],
)
def test_what_is_wrong_with_a_key_is_said_before_it_is_sent(value, says):
    with pytest.raises(KeyMissing, match="not an admin key") as caught:
        find({"OPENAI_ADMIN_KEY": value}, None)
    assert says in caught.value.problem
    assert KEY not in caught.value.sentence
    assert caught.value.sentence.isprintable()


@pytest.mark.parametrize("value", ['"sk-proj-abc"', "Bearer sk-proj-abc", " 'sk-abc'\r\n", "KEY=sk-svcacct-abc"])
def test_a_project_key_is_told_as_one_whatever_stands_around_it(value):
    with pytest.raises(KeyMissing, match="a project or service key"):
        find({"OPENAI_ADMIN_KEY": value}, None)


@pytest.mark.parametrize("value", ['""', "''", "Bearer", '"Bearer "', "KEY=", "\r\n"])
def test_nothing_is_no_key_whatever_stands_around_it(value):
    with pytest.raises(KeyMissing, match=r"is empty|no admin key"):
        find({"OPENAI_ADMIN_KEY": value}, None)


@pytest.mark.parametrize("value", [f"{KEY}\r", f"\t{KEY} \n", f" {KEY}\r\n"])
def test_blanks_and_line_ends_around_a_key_are_no_part_of_it(value):
    assert find({"OPENAI_ADMIN_KEY": value}, None).reveal() == KEY


@given(st.text(max_size=60))
@example("sk-admin-" + "a" * 50)
def test_whatever_is_taken_for_a_key_can_be_sent(value):
    with contextlib.suppress(KeyMissing):
        sent = find({"OPENAI_ADMIN_KEY": value}, None).reveal()
        assert sent.isascii()
        assert sent.isprintable()
        assert " " not in sent


def test_without_a_key_the_sentence_says_how_to_get_one_and_how_to_do_without():
    with pytest.raises(KeyMissing) as caught:
        find({"OPENAI_ADMIN_KEY": "  "}, None)
    for words in ("admin-keys", "api.usage.read", "OPENAI_ADMIN_KEY", str(PATH), "--demo"):
        assert words in caught.value.sentence


def test_a_key_does_not_show_itself():
    held = find({"OPENAI_ADMIN_KEY": KEY}, None)
    assert KEY not in f"{held} {held!r}"
