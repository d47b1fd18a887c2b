"""A project by whose id the API refuses to be asked is read out of the whole."""

from __future__ import annotations

import pytest

from tests.support.archives import everything
from tests.support.builders import NOW, bucket, page, result
from tests.support.loopback import Reply
from tui.domain.time import last_days
from tui.errors import RequestRefused
from tui.sources.base import Query

ARCHIVED = Query(last_days(NOW, 2), ("model",), filters=(("project_ids", "proj_old"),))


def archived(status: int):
    """An API that refuses to be asked about a project by its id, as it does where that is archived."""

    def handler(asked):
        if asked.all("project_ids"):
            return Reply({"error": {"message": "The project is archived."}}, status)
        mine = result(tokens=5, project_id="proj_old"), result(tokens=7, project_id="proj_old")
        return page(*(bucket(ago, *mine, result(tokens=1_000, project_id="proj_new")) for ago in (2, 1, 0)))

    return handler


@pytest.mark.parametrize("status", [400, 403, 404])
async def test_a_project_that_may_not_be_asked_about_is_read_out_of_the_whole(serve, status):
    async with serve(archived(status)) as (api, asked):
        found = await everything(api, ARCHIVED)
        assert [each.sums.input for each in found.values()] == [12, 12, 12]
        assert {each.project_id for day in found.values() for each in day.rows} == {None}
        assert len(asked) == 2
        await everything(api, ARCHIVED)
        assert len(asked) == 3, "it is refused once"


async def test_rows_that_are_left_out_of_the_whole_are_left_out_of_the_project(serve):
    whole = archived(400)

    def handler(asked):
        found = whole(asked)
        if isinstance(found, dict):
            found["data"][0]["results"][0]["input_tokens"] = -5
        return found

    async with serve(handler) as (api, _):
        found = await everything(api, ARCHIVED)
    assert [each.left_out for each in found.values()] == [1, 1, 1]
    assert [each.sums.input for each in found.values()] == [7, 7, 7]


async def test_where_the_whole_is_refused_as_well_the_first_refusal_is_told(serve):
    def handler(asked):
        return Reply({"error": {"message": "scoped" if asked.all("project_ids") else "whole"}}, 400)

    async with serve(handler) as (api, _):
        with pytest.raises(RequestRefused, match="scoped"):
            await everything(api, ARCHIVED)
