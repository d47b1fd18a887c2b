"""Profiles: what is one organization's reaches no other."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.builders import KEY
from tui.bootstrap.screen_settings import check
from tui.config import key, load, paths, profiles
from tui.config.args import Args
from tui.config.resolve import resolve
from tui.config.schema import Config, Limits, Pools, Preferences, Profile
from tui.domain.base_url import DEFAULT, BaseUrl, Origin
from tui.errors import BadSettings, KeyMissing

ENVIRONMENT = {"OPENAI_ADMIN_KEY": KEY, "OPENAI_BASE_URL": "https://variable.example/v1"}
FILE = Config(
    admin_key_command=("outer",),
    base_url="https://outer.example/v1",
    monthly_budget=5.0,
    limits=Limits(large=7),
    sharing_projects=("proj_outer",),
    days=3,
    profiles={"bare": Profile(), "full": Profile(admin_key_command=("inner",), base_url="https://inner.example/v1")},
)


def settings(name, file=FILE, environment=ENVIRONMENT, **flags):
    return resolve(Args(profile=name, **flags), environment, Preferences(), file)


def test_a_named_profile_takes_nothing_of_an_organization_from_elsewhere():
    bare = settings("bare")
    assert bare.source.key is None
    assert bare.source.key_command is None
    assert bare.source.base_url == BaseUrl(DEFAULT, Origin.DEFAULT)
    assert bare.budget is None
    assert not bare.catalogue.limits
    assert bare.catalogue.sharing_projects is None
    assert bare.days == 3, "what is about the program holds for all"


def test_a_profile_has_its_own_key_and_address():
    full = settings("full").source
    assert (full.key, full.key_command) == (None, ("inner",))
    assert full.base_url == BaseUrl("https://inner.example/v1", Origin.CONFIG, "https://inner.example/v1")


def test_the_default_profile_is_what_stands_outside_and_the_environment():
    default = settings("default").source
    assert default.key.reveal() == KEY
    assert default.base_url.address == "https://variable.example/v1"


def test_an_address_on_the_command_line_is_refused_with_a_profile_of_the_environment():
    with pytest.raises(BadSettings, match="does not go with the profile bare"):
        settings(None, environment={"OAI_USAGE_PROFILE": "bare"}, base_url="https://elsewhere.example/v1")


def test_a_profile_that_there_is_not_is_refused_with_a_list():
    with pytest.raises(BadSettings) as refused:
        settings("fool\x1b[2J")
    assert "There are: default, bare, full." in refused.value.sentence
    assert "\x1b" not in refused.value.sentence


def test_each_has_files_of_its_own():
    for path in (paths.archive_path, paths.state_path, paths.claims_path):
        places = {path(), path("bare"), path("full")}
        assert len(places) == 3
        assert path() == path("default")
        assert path("bare").parent.name == "bare"


def test_an_archive_with_a_place_in_the_file_is_one_for_each():
    file = Config(archive="~/kept/a.db", profiles=FILE.profiles)
    assert settings("bare", file).source.archive == Path("~/kept/a-bare.db")
    assert settings("default", file).source.archive == Path("~/kept/a.db")
    assert settings("bare", file, archive=Path("b.db")).source.archive == Path("b.db")


@pytest.mark.parametrize(
    ("environment", "file", "now", "there"),
    [
        ({}, FILE, "bare", ("default", "bare", "full")),
        (ENVIRONMENT, Config(profiles=FILE.profiles), "bare", ("default", "bare", "full")),
        ({}, Config(profiles=FILE.profiles), "bare", ("bare", "full")),
        ({}, Config(profiles=FILE.profiles), "default", ("default", "bare", "full")),
        ({}, Config(), "default", ("default",)),
    ],
)
def test_the_default_one_is_there_where_it_has_a_key(environment, file, now, there):
    assert profiles.names(file, environment, now) == there


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("[profiles.default]", "[profiles.default] cannot be called so"),
        ('[profiles."../x"]', "cannot be called so"),
        (
            "[profiles.x]\ndays = 3",
            "[profiles.x]: there is no setting `days`. There are: admin_key_command, base_url",
        ),
        ("[profiles.x]\nbase_url = 3", "[profiles.x]: the setting `base_url` must be an address"),
        ("[profiles.x.limits]\nlarge = 0", "[profiles.x]: the setting `limits.large` must be"),
        ('[profiles.x]\nadmin_key_command = ["a\\u0000"]', "[profiles.x]: the setting `admin_key_command` must be"),
        ("[profiles.x]\nmonthly_budget = nan", "[profiles.x]: the setting `monthly_budget` must be"),
        ("[profiles.a]\n[profiles.A]", "[profiles.A] differs from another by capitals alone"),
        ("profiles = 3", "the setting `profiles` must be tables"),
        ("profiles.x = 3", "the setting `profiles` must be tables"),
    ],
)
def test_what_is_wrong_with_a_profile_is_said_with_its_name(tmp_path, words, said):
    path = tmp_path / "config.toml"
    path.write_text(words)
    with pytest.raises(BadSettings) as refused:
        load.load(path)
    assert said in refused.value.sentence


def test_a_model_in_two_pools_of_a_profile_is_refused():
    twice = Config(profiles={"x": Profile(pools=Pools(large=("m",), none=("m",)))})
    with pytest.raises(BadSettings, match=r"\[profiles\.x\.pools\] names m more than once"):
        check(None, twice)


def test_who_lacks_a_key_is_told_where_it_goes(tmp_path):
    with pytest.raises(KeyMissing) as missing:
        key.find(None, None, tmp_path / "config.toml", "work")
    assert "under [profiles.work] in" in missing.value.sentence
    assert "OPENAI_ADMIN_KEY holds only without a profile" in missing.value.sentence
    assert "export" not in missing.value.sentence


def test_the_command_of_a_profile_does_not_get_the_default_ones_key():
    source = settings("full").source
    seen = key.find(None, ("sh", "-c", "echo key-${OPENAI_ADMIN_KEY:-none}"), None, "full", source.environment)
    assert seen.reveal() == "key-none"


def test_an_archive_must_have_a_name(tmp_path):
    path = tmp_path / "config.toml"
    path.write_text('archive = "."')
    with pytest.raises(BadSettings, match="`archive` must be a path"):
        load.load(path)
