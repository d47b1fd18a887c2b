"""What ids are called: read in pages, kept in the archive, said on the command line."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.support.archives import IDENTITY, WEEK, archive_at
from tests.support.builders import KEY, NOW, QUICK, day, demo_client, loopback, row
from tests.support.demo_api import Served
from tui.domain.directory import NO_NAMES, Directory
from tui.engine.resolve_names import resolved
from tui.errors import BadSettings, NameUnread
from tui.sources.archive.directory import KEPT_FOR, CachedDirectory
from tui.sources.openai.api import Api
from tui.sources.openai.client import Client
from tui.sources.openai.names import DirectoryClient


class DirectorySource:
    """Names from memory that counts how often it is asked."""

    def __init__(self, directory: Directory) -> None:
        self.directory_now, self.times = directory, 0

    async def directory(self, _):
        self.times += 1
        return self.directory_now


ACME = Directory({"project": {"proj_1": "Web", "proj_2": "web", "proj_3": "\x1b[2JLab"}}, NOW)


async def test_projects_users_and_keys_are_read_page_by_page():
    with Served() as api:
        async with Client(Api(loopback(api.port), KEY, retry_policy=QUICK)) as client:
            found = await DirectoryClient(client, lambda: NOW).directory(["project", "user", "key"])
        assert found.label("project", "proj_Reports0Mv7KgXe2Ua") == "Reports (2024)", "an archived one"
        assert found.label("user", "user-lin4Xw8") == "Lin Wei"
        assert found.label("key", "key_lab07") == "notebook"
        assert found.label("key", "key_none") == "key_none"
        asked = api.take()
        assert asked[0].one("include_archived") == "true"
        assert sum("api_keys" in each.path for each in asked) == 5


async def test_lists_go_on_as_long_as_there_are_more():
    import httpx

    from tui.sources.demo import large_organization, server
    from tui.sources.openai import endpoint as address

    organization = large_organization.organization(1, projects=230, models=3, keys=1)
    here = address.endpoint("http://127.0.0.1/v1", address.Origin.DEFAULT)
    app = server.application(organization, lambda: NOW)
    async with Client(Api(here, KEY, in_process=httpx.ASGITransport(app))) as client:
        found = await DirectoryClient(client, lambda: NOW).directory(["project"])
    assert len(found.names["project"]) == 235


async def test_a_key_that_may_not_shows_ids_and_says_why():
    with Served() as api:
        api.refuses = {"projects": 403}
        async with Client(Api(loopback(api.port), KEY, retry_policy=QUICK)) as client:
            found = await DirectoryClient(client, lambda: NOW).directory(["project"])
    assert "api.management.read" in found.problem
    assert found.notice == f"Ids are shown instead of names. {found.problem}"
    assert found.label("project", "proj_x") == "proj_x"


async def test_names_are_kept_for_a_day_and_cleared_with_the_rest(tmp_path):
    path, now, directory_source = tmp_path / "a.db", [NOW], DirectorySource(ACME)
    kept = archive_at(path)
    names = CachedDirectory(directory_source, kept, IDENTITY, lambda: now[0])
    assert (await names.directory(["project"])).label("project", "proj_1") == "Web"
    assert directory_source.times == 1
    await names.directory(["project"])
    assert directory_source.times == 2, "nobody knew yet whose they are"
    kept.keep(IDENTITY, "org-acme", WEEK, [day(0, row())], NOW)
    await names.directory(["project"])
    now[0] = NOW + KEPT_FOR - timedelta(minutes=1)
    assert (await names.directory(["project"])).names == ACME.names
    assert directory_source.times == 3
    offline = CachedDirectory(None, kept, kept.last_owner(), lambda: now[0])
    assert (await offline.directory(["project"])).names == ACME.names
    now[0] = NOW + KEPT_FOR
    await names.directory(["project"])
    assert directory_source.times == 4
    kept.clear()
    assert (await offline.directory(["project"])).names == {}


async def test_what_cannot_be_read_now_is_what_was_kept(tmp_path):
    kept, directory_source = archive_at(tmp_path / "a.db"), DirectorySource(ACME)
    kept.keep(IDENTITY, "org-acme", WEEK, [day(0, row())], NOW)
    await CachedDirectory(directory_source, kept, IDENTITY, lambda: NOW).directory(["project"])
    directory_source.directory_now = Directory(problem="no (403).")
    later = await CachedDirectory(directory_source, kept, IDENTITY, lambda: NOW + KEPT_FOR).directory(["project"])
    assert later.label("project", "proj_1") == "Web"
    assert later.problem == "no (403)."


async def test_names_on_the_command_line_become_ids_all_that_are_called_so():
    directory_source = DirectorySource(ACME)
    only = (("project", "WEB"), ("project", "proj_9"), ("model", "gpt-6-sol"))
    assert await resolved(only, directory_source) == (
        ("project", "proj_1"), ("project", "proj_2"), ("project", "proj_9"), ("model", "gpt-6-sol"),
    )  # fmt: skip
    assert await resolved((("model", "x"), ("project", "proj_9")), directory_source) == (
        ("model", "x"),
        ("project", "proj_9"),
    )
    assert directory_source.times == 1, "ids need nobody"
    with pytest.raises(BadSettings, match=r"no project called moon.*Web, web"):
        await resolved((("project", "moon"),), directory_source)


async def test_a_name_is_unknown_only_where_all_names_were_read():
    web, moon = (("project", "web"),), (("project", "moon"),)
    some = DirectorySource(replace(ACME, problem="No connection."))
    assert len(await resolved(web, some)) == 2
    for directory_source in (some, DirectorySource(NO_NAMES)):
        with pytest.raises(NameUnread, match="project called moon could not be read"):
            await resolved(moon, directory_source)


async def test_the_demo_has_names():
    async with demo_client() as client:
        found = await DirectoryClient(client, lambda: NOW).directory(["key"])
    assert set(found.names) == {"key", "project"}
