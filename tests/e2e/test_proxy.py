"""Proxies: which one is used for an address, what excepts it, and what is said when one does not do its work."""

from __future__ import annotations

import asyncio

import pytest

from tests.support.builders import KEY
from tests.support.cli import run
from tests.support.loopback import Asked, Loopback


@pytest.mark.parametrize("exceptions", ["localhost,fd00::/8", "[::1]", "fe80::1%eth0", "10.0.0.0/8,a;b", "*"])
async def test_the_program_asks_this_machine_whatever_is_excepted(exceptions):
    def api(asked: Asked) -> object:
        return {"object": "page", "data": [], "has_more": False, "next_page": None}

    async with Loopback(api) as served:
        told = {"OPENAI_ADMIN_KEY": KEY, "OPENAI_BASE_URL": f"http://127.0.0.1:{served.port}/v1"}
        told |= {"HTTPS_PROXY": "http://127.0.0.1:1", "HTTP_PROXY": "http://127.0.0.1:1", "NO_PROXY": exceptions}
        done = await asyncio.to_thread(run, "export", "--days", "0", "--no-archive", **told)
    assert "proxy" not in done.stderr.lower()
    assert served.asked
