"""Metrics are served from one engine, and the documents name what there is."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import time
import urllib.request
from datetime import UTC, datetime
from pathlib import Path

import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families as parsed

from tests.support import processes
from tests.support.builders import KEY, TODAY
from tests.support.cli import COMMAND, run
from tests.support.demo_api import Served
from tui.domain.kinds import Kind
from tui.domain.metrics import usual_metrics
from tui.domain.usage import Sums
from tui.output.groups import Group
from tui.output.openmetrics import openmetrics

DOCS = Path(__file__).parent.parent.parent / "docs"
PAGE = (DOCS / "metrics.md").read_text(encoding="utf-8")
NAMED = set(re.findall(r"^\| `(openai_\w+)`", PAGE, re.MULTILINE))
TOLD = {"OPENAI_ADMIN_KEY": KEY, "HOME": "/nonexistent"}


def serve(api: Served, *arguments: str) -> subprocess.Popen[str]:
    command = [COMMAND, "serve", "--base-url", api.base_url, *arguments]
    return subprocess.Popen(command, env=TOLD, text=True, stderr=subprocess.PIPE)


def names_of(exposition: str) -> set[str]:
    return {sample.name for family in parsed(exposition) for sample in family.samples}


def scraped(address: str) -> str:
    with urllib.request.urlopen(address, timeout=30) as answer:
        return answer.read().decode()


def address_of(served: subprocess.Popen[str]) -> str:
    return served.stderr.readline().split()[-1]


def test_scrapes_ask_the_api_nothing_and_sigterm_ends_it_cleanly():
    with Served(datetime.now(UTC).replace(hour=14)) as api, serve(api, "--metrics", "127.0.0.1:0") as served:
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
    with Served(datetime.now(UTC).replace(hour=14)) as api:
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


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


@pytest.mark.parametrize("redirection", ["", ">&- 2>&-", ">/dev/full 2>/dev/full"])
def test_it_goes_on_where_nobody_hears_what_it_says(redirection):
    reader, broken = os.pipe()
    os.close(reader)
    port = free_port()
    with Served(datetime.now(UTC).replace(hour=14)) as api:
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


def test_the_documents_name_the_metrics_that_there_are():
    source = (DOCS.parent / "tui" / "output" / "gauges.py").read_text(encoding="utf-8")
    group, metrics = Group(TODAY, ("a",), Sums()), usual_metrics(Kind.COMPLETIONS)
    counted = {line.split("{")[0] for line in openmetrics([group], Kind.COMPLETIONS, ("model",), metrics)}
    counted = {name for name in counted if not name.startswith("#")}
    assert set(re.findall(r'"(openai_\w+)"', source)) | counted == NAMED
    dashboard = json.loads((DOCS / "grafana.json").read_text(encoding="utf-8"))
    used = {
        name
        for panel in dashboard["panels"]
        for target in panel["targets"]
        for name in re.findall(r"openai_\w+", target["expr"])
    }
    assert used <= NAMED
    assert set(re.findall(r"openai_\w+", PAGE)) == NAMED


def test_an_export_of_the_demo_has_all_of_it_but_how_the_reading_goes():
    done = run("export", "--demo", "--format", "openmetrics", "--days", "0")
    assert (done.returncode, done.stderr) == (0, "")
    assert names_of(done.stdout) == NAMED - {"openai_up"}


def test_prometheus_takes_the_rules_and_the_metrics(tmp_path):
    promtool = shutil.which("promtool")
    if promtool is None:
        pytest.skip("promtool is not installed: the Debian package prometheus has it")
    rules = tmp_path / "rules.yml"
    rules.write_text(re.search(r"```yaml\n(groups:.*?)```", PAGE, re.DOTALL)[1])
    subprocess.run([promtool, "check", "rules", str(rules)], check=True, timeout=60)
    settings = tmp_path / "prometheus.yml"
    settings.write_text(re.search(r"```yaml\n(scrape_configs:.*?)```", PAGE, re.DOTALL)[1])
    subprocess.run([promtool, "check", "config", str(settings)], check=True, timeout=60)
    with Served(datetime.now(UTC).replace(hour=14)) as api, serve(api, "--metrics", "127.0.0.1:0") as served:
        address = address_of(served)
        assert processes.eventually(lambda: "openai_pool_data_through" in scraped(address))
        text = scraped(address)
        served.send_signal(signal.SIGTERM)
        served.communicate(timeout=30)
    # promtool reads the older text format: no units, no end, and a counter is called as its samples are.
    plain = "".join(line + "\n" for line in text.splitlines() if not line.startswith(("# UNIT", "# EOF")))
    plain = re.sub(r"^(# \w+ openai_completions_\w+)", r"\1_total", plain, flags=re.MULTILINE)
    subprocess.run([promtool, "check", "metrics"], input=plain.encode(), check=True, timeout=60)


def test_a_real_prometheus_scrapes_it(tmp_path):
    prometheus = shutil.which("prometheus")
    if prometheus is None:
        pytest.skip("prometheus is not installed: the Debian package prometheus has it")
    port = free_port()
    with Served(datetime.now(UTC).replace(hour=14)) as api, serve(api, "--metrics", "127.0.0.1:0") as served:
        target = address_of(served).removeprefix("http://").removesuffix("/metrics")
        settings = tmp_path / "prometheus.yml"
        found = re.search(r"```yaml\n(scrape_configs:.*?)```", PAGE, re.DOTALL)
        settings.write_text(found[1].replace("127.0.0.1:9464", target).replace("60s", "1s"))
        command = [prometheus, f"--config.file={settings}", f"--storage.tsdb.path={tmp_path / 'data'}"]
        command.append(f"--web.listen-address=127.0.0.1:{port}")
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:

            def result(query: str) -> list[dict]:
                with contextlib.suppress(OSError):
                    address = f"http://127.0.0.1:{port}/api/v1/query?query={query}"
                    return json.loads(scraped(address))["data"]["result"]
                return []

            try:
                assert processes.eventually(lambda: len(result("openai_pool_used_tokens")) == 2)
                assert [each["value"][1] for each in result("openai_up")] == ["1"]
                assert len({each["metric"]["model"] for each in result("openai_completions_requests_total")}) > 5
                assert {each["metric"]["pool"] for each in result("openai_pool_limit_tokens")} == {"large", "small"}
            finally:
                server.terminate()
        served.send_signal(signal.SIGTERM)
        served.communicate(timeout=30)
