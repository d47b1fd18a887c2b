"""The configuration and what was chosen: every setting, and what is said of one that cannot be used."""

import os
from datetime import date
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest

from tests.support.builders import KEY
from tui.cli import main as cli
from tui.config import preferences
from tui.config.load import load
from tui.config.paths import config_path, state_path
from tui.config.schema import ALLOWED, Config, Limits, Pools, Preferences
from tui.errors import BadSettings
from tui.facts import prices


def written(tmp_path: Path, content: str) -> Path:
    path = tmp_path / "config.toml"
    path.write_text(content)
    return path


def test_without_a_file_everything_is_the_default(tmp_path):
    config = load(tmp_path / "nothing.toml")
    assert config == Config()
    assert (config.days, config.mouse, config.base_url) == (14, True, None)


def test_every_setting_is_read(tmp_path):
    config = load(
        written(
            tmp_path,
            'admin_key_command = ["pass", "show", "openai/admin"]\nbase_url = "https://gateway.example/v1"\n'
            "days = 30\nmouse = false\nusage_tier = 3\nsharing_projects = ['p']\nbell = false\nthresholds = [50]\n"
            "on_threshold = ['say']\n[limits]\nlarge = 1\nsmall = 2\n[pools]\nlarge = ['a']\nnone = ['b']\n",
        )
    )
    assert config == Config(
        admin_key_command=("pass", "show", "openai/admin"),
        base_url="https://gateway.example/v1",
        days=30,
        mouse=False,
        usage_tier=3,
        limits=Limits(large=1, small=2),
        pools=Pools(large=("a",), none=("b",)),
        sharing_projects=("p",),
        bell=False,
        thresholds=(50,),
        on_threshold=("say",),
    )


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("dayz = 3", "no setting `dayz`. There are: admin_key_command, base_url, days,"),
        ("admin_key = 'sk-admin-secret'", "no setting `admin_key`"),
        ("[limits]\nhuge = 1", "no setting `limits.huge`. There are: limits.large, limits.small"),
        ("days = 400", "`days` must be a whole number from 0 to 365"),
        ("window = 'last-year'", "`window` must be one of today, 7d, 14d, 30d, 90d, 1y, this-week, last-week,"),
        ("window = '367d'", "last-week, this-month, last-month; or so many days, 1d to 366d."),
        ("window = 'today'\ndays = 3", "`days` and `window` both say what is shown first. Leave one of them out."),
        ("days = '7'", "`days` must be a whole number from 0 to 365"),
        ("usage_tier = 0", '`usage_tier` must be "build", "launch" or "grow"'),
        ("admin_key_command = 'pass show'", "`admin_key_command` must be a list of words"),
        ("admin_key_command = ['pass', 1]", "`admin_key_command` must be a list of words"),
        ("admin_key_command = []", "`admin_key_command` must be a list of words"),
        ("[limits]\nlarge = 'x'", "`limits.large` must be a whole number of tokens"),
        ("limits = 3", "`limits` must be a table"),
        ("thresholds = [0]", "`thresholds` must be a list of whole numbers of percent from 1 to 100"),
        ("thresholds = [200]", "`thresholds` must be a list of whole numbers of percent from 1 to 100"),
        ("thresholds = [80, 101]", "from 1 to 100, like [80, 95, 100]"),
        ("[pools]\nlarge = 'x'", "`pools.large` must be a list of models"),
        ("[pools]\nmedium = ['x']", "no setting `pools.medium`"),
        ("mouse = 1", "`mouse` must be true or false"),
        ("days = ", "is not TOML"),
    ],
)
def test_a_wrong_setting_is_named_with_its_file_and_what_is_allowed(tmp_path, content, words):
    path = written(tmp_path, content)
    with pytest.raises(BadSettings) as caught:
        load(path)
    assert words in caught.value.sentence
    assert str(path) in caught.value.sentence
    assert "sk-admin-secret" not in caught.value.sentence


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("theme = 'sepia'", "the setting `theme`: there is no theme sepia. There are: dark, "),
        ("[keys]\nrefrsh = 'R'", "[keys] names `refrsh`, and there is no such action. Did you mean `refresh`?"),
        ("[keys]\nrefresh = 'nokey'", "and there is no such key"),
        ("[keys]\nrefresh = 'R'\nlive = 'R'", "gives the key `R` to two actions"),
        ("[pools]\nlarge = ['x']\nsmall = ['x']", "[pools] names x more than once"),
        ("thresholds = [200]", "`thresholds` must be"),
    ],
)
@pytest.mark.parametrize(
    "line",
    [
        "",
        "export",
        "pools",
        "pools --oneline",
        "check --pool large --max-percent 90",
        "why",
        "archive",
        "doctor",
        "--offline",
        "export --replay pages.json",
    ],
)
def test_what_one_command_refuses_all_refuse_in_a_pipe_too(content, words, line, capsys, monkeypatch):
    monkeypatch.setenv("OPENAI_ADMIN_KEY", KEY)
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:1/v1")  # nobody listens there
    config_path().parent.mkdir(parents=True, exist_ok=True)
    config_path().write_text(content)
    assert cli.run(line.split(), os.environ) == 2 or line == "doctor"
    told = capsys.readouterr()
    if line == "doctor":  # which says what to do on a line of its own
        assert words.partition(". ")[0] in told.out
    else:
        assert words in told.err
        assert told.out == ""


def test_a_theme_that_is_chosen_does_not_hide_that_the_configured_one_is_none(capsys):
    preferences.remember(state_path(), "theme", "light")
    config_path().parent.mkdir(parents=True, exist_ok=True)
    config_path().write_text("theme = 'sepia'")
    assert cli.run(["export"], os.environ) == 2
    assert "no theme sepia" in capsys.readouterr().err


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    with pytest.raises(BadSettings, match="cannot be read"):
        load(tmp_path)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("days = " + "9" * 5_000, "a number of too many digits (at line 1)"),
        ("mouse = true\nlive = " + "1_" * 5_000 + "1", "a number of too many digits (at line 2)"),
        ("days = 0x" + "f" * 5_000, "`days` must be a whole number"),
        ("live = 18446744073709551616", "`live` must be 0, or a whole number"),
        ("by = " + "[" * 3_000, "nested too deeply"),
        ("by = " + "[" * 3_000 + "]" * 3_000, "nested too deeply"),
        ("keys = " + "{a=" * 3_000 + "1" + "}" * 3_000, "nested too deeply"),
        ("a." * 300 + "b = 1", "there is no setting `a`"),
        ("limits." + "a." * 300 + "b = 1", "there is no setting `limits.a`"),
        ('archive = "a\\u0000b"', "`archive` must be a path"),
        ('archive = ""', "`archive` must be a path"),
        ('admin_key_command = ["pass", "\\u0000"]', "`admin_key_command` must be a list of words"),
        ('on_threshold = ["\\u0000"]', "`on_threshold` must be a list of words"),
        ("monthly_budget = nan", "`monthly_budget` must be an amount"),
        ("monthly_budget = 1e999", "`monthly_budget` must be an amount"),
        ("days = 2026-11-20", "`days` must be a whole number"),
        ("thresholds = [07:30:00]", "`thresholds` must be a list"),
        ("days = 2026-13-45", "is not TOML"),
        ("days = 1\ndays = 2", "is not TOML"),
        ("[limits]\nlarge = 1\n[limits]\nsmall = 1", "is not TOML"),
        ('theme = "\\ud800"', "is not TOML"),
        ('"\\u001b[2J" = 1', "there is no setting"),
        ("# " + "x" * 2**20, "larger than a megabyte"),
    ],
    ids=lambda value: value[:24],
)  # fmt: skip
def test_whatever_stands_in_the_file_it_is_a_sentence(tmp_path, content, says):
    path = written(tmp_path, content)
    with pytest.raises(BadSettings) as caught:
        load(path)
    assert says in caught.value.sentence
    assert len(caught.value.sentence) < 600
    assert caught.value.sentence.isprintable()


def test_dotted_names_without_end_are_a_sentence_whatever_this_python_takes(tmp_path):
    with pytest.raises(BadSettings, match=r"there is no setting `a`|nested too deeply"):
        load(written(tmp_path, "a." * 3_000 + "b = 1"))


def test_a_byte_order_mark_and_the_line_ends_of_windows_are_no_obstacle(tmp_path):
    path = tmp_path / "config.toml"
    path.write_bytes(b"\xef\xbb\xbfdays = 3\r\nmouse = false\r\n")
    assert (load(path).days, load(path).mouse) == (3, False)
    path.write_bytes(b"\xef\xbb\xbf")
    assert load(path) == Config()


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le"])
def test_a_file_in_utf_16_says_how_to_save_it(tmp_path, encoding):
    path = tmp_path / "config.toml"
    path.write_bytes("days = 3\n".encode(encoding))
    with pytest.raises(BadSettings, match=r"is in UTF-16, and TOML is UTF-8\. Save it as UTF-8"):
        load(path)


def test_a_file_in_another_encoding_says_at_which_line(tmp_path):
    path = tmp_path / "config.toml"
    path.write_bytes("days = 3\n# Zürich\n".encode("latin-1"))
    with pytest.raises(BadSettings, match=r"is not UTF-8 \(at line 2\)"):
        load(path)


def test_what_is_no_file_is_refused_and_never_waited_for(tmp_path):
    pipe = tmp_path / "config.toml"
    os.mkfifo(pipe)
    with pytest.raises(BadSettings, match="is a pipe"):
        load(pipe)
    with pytest.raises(BadSettings, match="cannot be read"):
        load(tmp_path)
    with pytest.raises(BadSettings, match="larger than"):
        load(Path("/dev/zero"))
    assert load(Path(os.devnull)) == Config(), "as people link a file that is to say nothing"
    assert load(Path(os.devnull) / "config.toml") == Config(), "a home that is no folder"


@pytest.mark.parametrize(
    "content", [b"as_of = " + b"9" * 5_000, b"x = " + b"[" * 3_000, "ä".encode("utf-16"), b"a = 1"]
)
def test_prices_of_ones_own_are_read_with_the_same_care(tmp_path, content):
    path = tmp_path / "prices.toml"
    path.write_bytes(content)
    with pytest.raises(BadSettings, match=r"prices\.toml"):
        prices.prices(path)


def test_a_list_of_ones_own_is_read_in_the_form_of_before_and_with_days(tmp_path):
    path = tmp_path / "prices.toml"
    own = 'as_of = 2026-01-01\nsource = "contract"\n[models]\nm = { input = "1", cached = "0.5", output = "2" }\n'
    path.write_text(own + 'n = [{ input = "2", output = "3", since = 2026-02-01 }, { input = "4", output = "5" }]\n')
    found = prices.prices(path)
    day = date(2026, 1, 31)
    assert (found.of("m", day).cached, found.of("n", day).input) == (Decimal("0.5"), 4)
    assert (found.of("n", date(2026, 2, 1)).input, found.of("n", date(2026, 2, 1)).cached) == (2, 2)
    for bad in ('n = [{ input = "-1", output = "3" }]', '[factors]\nflex = [{ factor = "NaN" }]'):
        path.write_text(own + bad)
        with pytest.raises(BadSettings, match=r"prices\.toml"):
            prices.prices(path)


@pytest.mark.parametrize(
    "content", [b"days = " + b"9" * 5_000, b"x = " + b"[" * 3_000, b"\xff\xfed\0", b"\0", b"a=1\na=2"]
)
def test_choices_that_cannot_be_understood_say_nothing(tmp_path, content):
    path = tmp_path / "state.toml"
    path.write_bytes(content)
    assert preferences.load(path) == Preferences()
    preferences.remember(path, "days", 3)
    assert preferences.load(path) == Preferences(days=3)
    assert path.stat().st_mode & 0o777 in {0o644, 0o664, 0o600}


def test_what_is_allowed_is_written_for_every_setting():
    names = {field.name for field in msgspec.structs.fields(Config)}
    names |= {f"limits.{field.name}" for field in msgspec.structs.fields(Limits)}
    names |= {f"pools.{field.name}" for field in msgspec.structs.fields(Pools)}
    assert set(ALLOWED) == names


def test_the_config_is_in_the_platforms_folder_under_the_users_home():
    assert config_path().is_relative_to(Path.home())
    assert config_path().name == "config.toml"
