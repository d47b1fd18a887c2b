"""A client that is made when it is first asked, which several share."""

from __future__ import annotations

import asyncio
import threading

import pytest

from tests.support.builders import NOW, demo_client, gathered
from tui.bootstrap.lazy_client import LazyClient
from tui.domain.time import last_days
from tui.errors import TlsFailed
from tui.sources.base import Query

WEEK = Query(last_days(NOW, 6))


@pytest.mark.parametrize("cancelled", [0, 1])
async def test_one_who_stops_waiting_for_it_does_not_stop_it_for_the_others(cancelled):
    made, may_go_on = [], threading.Event()

    def make():
        may_go_on.wait(5)
        made.append(demo_client())
        return made[-1]

    later = LazyClient(make, lambda: NOW)
    asking = [asyncio.create_task(gathered(later.pages(WEEK))) for _ in range(3)]
    await asyncio.sleep(0.01)
    leaving = asking.pop(cancelled)
    leaving.cancel()
    await asyncio.wait([leaving])
    assert leaving.cancelled()
    may_go_on.set()
    assert [len(found) for found, _ in await asyncio.gather(*asking)] == [7, 7]
    assert len(made) == 1
    await later.aclose()


async def test_where_it_could_not_be_made_the_next_who_asks_tries_again():
    faults = [TlsFailed("no certificates"), TlsFailed("no certificates yet")]

    def make():
        if faults:
            raise faults.pop(0)
        return demo_client()

    later = LazyClient(make, lambda: NOW)
    for sentence in ("no certificates", "no certificates yet"):
        with pytest.raises(TlsFailed, match=sentence):
            await gathered(later.pages(WEEK))
    found, _ = await gathered(later.pages(WEEK))
    assert len(found) == 7
    await later.aclose()


async def test_what_was_never_made_is_closed_without_ado():
    def make():
        raise TlsFailed("no certificates")

    later = LazyClient(make, lambda: NOW)
    await later.aclose()
    with pytest.raises(TlsFailed):
        await gathered(later.pages(WEEK))
    await later.aclose()
