import stat
import sys
from pathlib import Path

import msgspec
import pytest

from tests.world import KEY
from tui import cli
from tui.errors import BadSettings, KeyMissing
from tui.settings import key, memory
from tui.settings.load import config_path, load, state_path
from tui.settings.schema import ALLOWED, Config, Limits, Pools

PATH = Path("/home/somebody/.config/oai-usage-tui/config.toml")


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
        ("days = '7'", "`days` must be a whole number from 0 to 365"),
        ("usage_tier = 0", "`usage_tier` must be a whole number from 1 to 5"),
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
        ("[keys]\nrefresh = 'q'", "leaves the key `q` to two actions"),
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
    config_path().parent.mkdir(parents=True)
    config_path().write_text(content)
    assert cli.run(line.split()) == 2 or line == "doctor"
    told = capsys.readouterr()
    if line == "doctor":  # which says what to do on a line of its own
        assert words.partition(". ")[0] in told.out
    else:
        assert words in told.err
        assert told.out == ""


def test_a_theme_that_is_chosen_does_not_hide_that_the_configured_one_is_none(capsys):
    memory.remember(state_path(), "theme", "light")
    config_path().parent.mkdir(parents=True)
    config_path().write_text("theme = 'sepia'")
    assert cli.run(["export"]) == 2
    assert "no theme sepia" in capsys.readouterr().err


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    with pytest.raises(BadSettings, match="cannot be read"):
        load(tmp_path)


def test_what_is_allowed_is_written_for_every_setting():
    names = {field.name for field in msgspec.structs.fields(Config)}
    names |= {f"limits.{field.name}" for field in msgspec.structs.fields(Limits)}
    names |= {f"pools.{field.name}" for field in msgspec.structs.fields(Pools)}
    assert set(ALLOWED) == names


def test_the_config_is_in_the_platforms_folder_under_the_users_home():
    assert config_path().is_relative_to(Path.home())
    assert config_path().name == "config.toml"


def script(tmp_path: Path, body: str) -> tuple[str, ...]:
    path = tmp_path / "print-key"
    path.write_text(f"#!{sys.executable}\n{body}\n")
    path.chmod(path.stat().st_mode | stat.S_IEXEC)
    return (str(path), "openai admin")


def test_the_key_comes_from_the_environment_before_the_command(tmp_path):
    command = script(tmp_path, "print('sk-admin-other')")
    assert key.find({"OPENAI_ADMIN_KEY": f" {KEY}\n"}, command, PATH).reveal() == KEY


def test_the_key_is_the_first_line_that_the_command_prints(tmp_path):
    command = script(tmp_path, f"import sys; assert sys.argv[1:] == ['openai admin']; print('{KEY}\\nnotes')")
    assert key.find({}, command, PATH).reveal() == KEY


@pytest.mark.parametrize(
    ("body", "words"),
    [("print()", "empty"), ("raise SystemExit(3)", "status 3"), ("print('sk-proj-abc')", "project or service key")],
)
def test_a_command_that_prints_no_key_is_told_of(tmp_path, body, words):
    with pytest.raises(KeyMissing, match=words):
        key.find({}, script(tmp_path, body), PATH)


def test_a_command_that_does_not_exist_is_told_of():
    with pytest.raises(KeyMissing, match="No such file"):
        key.find({}, ("/nowhere/print-key",), PATH)


@pytest.mark.parametrize(
    "value", ["sk-proj-abc", "sk-svcacct-abc", "sk-abc", "sk-admin-ab c", "sk-admin-ä", "sk-\x1b"]
)
def test_what_is_plainly_no_admin_key_is_refused_without_showing_it(value):
    with pytest.raises(KeyMissing, match="not an admin key") as caught:
        key.find({"OPENAI_ADMIN_KEY": value}, None, PATH)
    assert value not in caught.value.sentence
    assert caught.value.exit_status == 3


def test_without_a_key_the_sentence_says_how_to_get_one_and_how_to_do_without():
    with pytest.raises(KeyMissing) as caught:
        key.find({"OPENAI_ADMIN_KEY": "  "}, None, PATH)
    for words in ("admin-keys", "api.usage.read", "OPENAI_ADMIN_KEY", str(PATH), "--demo"):
        assert words in caught.value.sentence


def test_a_key_does_not_show_itself():
    held = key.find({"OPENAI_ADMIN_KEY": KEY}, None, PATH)
    assert KEY not in f"{held} {held!r}"
