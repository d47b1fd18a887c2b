"""Metrics are served from one engine, for as long as it is wanted, whatever becomes of the streams."""

from __future__ import annotations

import contextlib
import os
import shlex
import signal
import socket
import subprocess
import time
from datetime import UTC, datetime

import pytest

from tests.support import processes
from tests.support.builders import KEY
from tests.support.cli import COMMAND
from tests.support.demo_api import Served, afternoon
from tests.support.metrics import NAMED, TOLD, address_of, free_port, names_of, scraped, serve


def test_scrapes_ask_the_api_nothing_and_sigterm_ends_it_cleanly():
    with Served(afternoon()) as api, serve(api, "--metrics", "127.0.0.1:0") as served:
        address = address_of(served)
        assert processes.eventually(lambda: "openai_costs_month_dollars" in scraped(address))
        assert processes.eventually(lambda: "openai_pool_data_through" in scraped(address))
        counts = [-1, -2]

        def has_settled() -> bool:
            time.sleep(1)
            counts.append(len(api.asked))
            return counts[-1] == counts[-2] == counts[-3]

        assert processes.eventually(has_settled)
        texts = [scraped(address) for _ in range(30)]
        assert len(api.asked) == counts[-1]
        served.send_signal(signal.SIGTERM)
        _, errors = served.communicate(timeout=30)
    assert served.returncode == 0
    assert KEY not in texts[-1] + errors
    assert names_of(texts[-1]) <= NAMED
    assert {"openai_up", "openai_pool_used_tokens", "openai_completions_requests_total"} <= names_of(texts[-1])


def test_an_address_that_is_taken_is_a_sentence():
    with socket.create_server(("127.0.0.1", 0)) as taken, Served(datetime.now(UTC)) as api:
        served = serve(api, "--metrics", f"127.0.0.1:{taken.getsockname()[1]}")
        _, errors = served.communicate(timeout=30)
    assert served.returncode == 2
    assert "Nothing can be served at 127.0.0.1:" in errors
    assert "Traceback" not in errors


@pytest.mark.parametrize("command", ["serve", "watch"])
def test_costs_that_are_refused_are_said_once_with_what_to_do(command):
    with Served(afternoon()) as api:
        api.refuses["costs"] = 403
        more = ["--metrics", "127.0.0.1:0"] if command == "serve" else []
        words = [COMMAND, command, "--base-url", api.base_url, *more]
        with subprocess.Popen(
            words, env=TOLD, text=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        ) as served:
            said = next(line for line in served.stderr if "costs" in line)
            served.send_signal(signal.SIGTERM)
            rest = served.stderr.read()
    assert "The key may not read costs (403)" in said
    assert "api.usage.read" in said
    assert "costs" not in rest
    assert served.returncode == 0


def test_a_scrape_works_beside_500_connections_that_say_nothing():
    with Served(afternoon()) as api, contextlib.ExitStack() as silent:
        words = shlex.join([COMMAND, "serve", "--base-url", api.base_url, "--metrics", "127.0.0.1:0"])
        limited = ["bash", "-c", f"ulimit -n 128; exec {words}"]
        served = subprocess.Popen(limited, env=TOLD, text=True, stderr=subprocess.PIPE)
        address = address_of(served)
        port = int(address.removesuffix("/metrics").rpartition(":")[2])
        for _ in range(500):
            silent.enter_context(socket.create_connection(("127.0.0.1", port)))
        assert processes.eventually(lambda: "openai_up 1" in scraped(address))
        served.send_signal(signal.SIGTERM)
        _, errors = served.communicate(timeout=30)
    assert (served.returncode, errors) == (0, "")


@pytest.mark.parametrize("redirection", ["", ">&- 2>&-", ">/dev/full 2>/dev/full"])
def test_it_goes_on_where_nobody_hears_what_it_says(redirection):
    reader, broken = os.pipe()
    os.close(reader)
    port = free_port()
    with Served(afternoon()) as api:
        api.refuses["costs"] = 403  # which it says, and more than the address
        words = shlex.join([COMMAND, "serve", "--base-url", api.base_url, "--metrics", f"127.0.0.1:{port}"])
        served = subprocess.Popen(
            ["bash", "-c", f"exec {words} {redirection}"], env=TOLD, stdout=broken, stderr=broken
        )
        os.close(broken)

        def has_pools() -> bool:
            with contextlib.suppress(OSError):
                return "openai_pool_data_through" in scraped(f"http://127.0.0.1:{port}/metrics")
            return False

        assert processes.eventually(has_pools)
        assert served.poll() is None
        served.send_signal(signal.SIGTERM)
        assert served.wait(timeout=30) == 0


@pytest.mark.parametrize("address", ["9464", "127.0.0.1:", "127.0.0.1:99999", ":9464"])
def test_what_is_no_address_is_refused(address):
    with Served(datetime.now(UTC)) as api:
        served = serve(api, "--metrics", address)
        _, errors = served.communicate(timeout=30)
    assert served.returncode == 2
    assert "must be an address like 127.0.0.1:9464" in errors
