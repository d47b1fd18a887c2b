"""Whether the files of settings can be read, and whether there is an admin key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from msgspec import structs

from tui.bootstrap import screen_settings
from tui.commands.doctor import Finding, State, failed
from tui.config import catalogue, key, load, paths, profiles
from tui.config.args import Args
from tui.config.resolve import resolve
from tui.config.schema import Config, Preferences
from tui.config.settings import Settings, SourceSettings
from tui.domain.secret import Secret
from tui.errors import BadSettings, KeyMissing
from tui.facts import prices

CONFIG, KEY = "config", "key"
_ADMIN = "sk-admin-"


@dataclass(frozen=True)
class Found:
    """The findings, the settings as far as they can be told, and the key, None where none can be used.

    `addresses` are all base URLs that were named. What only the file can say is not known where it cannot be read:
    for which host the key is meant, and where the archive is. Of a profile that there is not, nothing is.
    """

    findings: tuple[Finding, Finding]
    settings: Settings
    key: Secret | None
    addresses: tuple[str, ...] = ()
    knows_host: bool = True
    knows_archive: bool = True
    knows_profile: bool = True


def settings(args: Args, environment: Mapping[str, str]) -> Found:
    """Return what the user set. A command that prints the key is run, once."""
    if args.demo:
        words = "not read: the demo shows the program as it comes", "the demo needs none"
        unread, unneeded = (Finding(name, State.SKIP, each) for name, each in zip((CONFIG, KEY), words, strict=True))
        return Found((unread, unneeded), resolve(args, environment, Preferences(), Config()), None)
    file, first = _file()
    knows_profile = True
    try:
        profiles.of(file or Config(), profiles.chosen(args, environment))
    except BadSettings as error:  # nothing is known of what was meant, and another one's key is not tried
        knows_profile = False
        first = first if file is None else failed(CONFIG, error)
        file, args, environment = None, structs.replace(args, profile=None), {}
    found = resolve(args, environment, Preferences(), file or Config())
    admin_key, second = _key(found.source, is_file_read=file is not None)
    own = () if file is None else (file.base_url, *(each.base_url for each in file.profiles.values()))
    named = (args.base_url, environment.get("OPENAI_BASE_URL"), *own)
    return Found(
        (first, second),
        found,
        admin_key,
        tuple(filter(None, named)),
        knows_host=file is not None or args.base_url is not None,
        knows_archive=file is not None or args.archive is not None or args.no_archive,
        knows_profile=knows_profile,
    )


def _file() -> tuple[Config | None, Finding]:
    path = paths.config_path()
    try:
        config = load.load(path)
    except BadSettings as error:
        return None, failed(CONFIG, error)
    try:
        prices.prices(paths.prices_path())
        screen_settings.check(None, config)
    except BadSettings as error:
        return config, failed(CONFIG, error)
    if path is None:
        words, advice = f"{paths.NO_HOME} The defaults hold.", "Set HOME, or XDG_CONFIG_HOME."
        return config, Finding(CONFIG, State.WARN, words, advice)
    try:
        path.stat()
    except PermissionError:
        advice = "Set HOME to a folder of this user's own."
        return config, Finding(CONFIG, State.WARN, f"{path} cannot be reached; the defaults hold", advice)
    except OSError:
        return config, Finding(CONFIG, State.OK, f"there is no {path}; the defaults hold")
    renamed = catalogue.old_usage_tier(config)
    if renamed is not None:
        problem, _, advice = renamed.partition(": ")
        return config, Finding(CONFIG, State.WARN, problem, f"{advice[0].upper()}{advice[1:]}")
    return config, Finding(CONFIG, State.OK, f"{path} can be used")


def _key(source: SourceSettings, *, is_file_read: bool) -> tuple[Secret | None, Finding]:
    if source.key is None and not is_file_read:
        words = f"{key.VARIABLE} is not set, and whether there is an admin_key_command is not known"
        return None, Finding(KEY, State.SKIP, words, "Put the config file right first.")
    try:
        found = key.find(
            source.key, source.key_command, paths.config_path(), source.profile, source.environment or None
        )
    except KeyMissing as error:
        return None, failed(KEY, error)
    origin = "admin_key_command" if source.key is None else key.VARIABLE
    if found.reveal().startswith(_ADMIN):
        return found, Finding(KEY, State.OK, f"there is an admin key, from {origin}")
    advice = "A gateway may have keys of its own kind. OpenAI takes no others for usage."
    return found, Finding(KEY, State.WARN, f"what {origin} gives does not begin with {_ADMIN}", advice)
