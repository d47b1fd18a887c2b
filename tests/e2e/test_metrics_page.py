"""What docs/prometheus.md and docs/grafana.json say holds, with the tools that they name where there are any."""

from __future__ import annotations

import contextlib
import json
import re
import shlex
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

import pytest

from tests.support import processes
from tests.support.builders import TODAY
from tests.support.cli import run
from tests.support.demo_api import Served, afternoon
from tests.support.metrics import DOCS, NAMED, PAGE, address_of, block, free_port, names_of, scraped, serve
from tui.domain.kinds import Kind
from tui.domain.metrics import usual_metrics
from tui.domain.rows import Sums
from tui.output.groups import Group
from tui.output.openmetrics import openmetrics

PACKAGES = {
    "promtool": "prometheus",
    "prometheus": "prometheus",
    "prometheus-node-exporter": "prometheus-node-exporter",
}
"""Tools, and the Debian packages that have them."""

PANELS = json.loads((DOCS / "grafana.json").read_text(encoding="utf-8"))["panels"]
ASKED = [target["expr"] for panel in PANELS for target in panel["targets"]]
LARGE = {"pool": "large"}


def tool(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed: the Debian package {PACKAGES[name]} has it")
    return found


def test_the_documents_name_the_metrics_that_there_are():
    source = (DOCS.parent / "tui" / "output" / "gauges.py").read_text(encoding="utf-8")
    group, metrics = Group(TODAY, ("a",), Sums()), usual_metrics(Kind.COMPLETIONS)
    counted = {line.split("{")[0] for line in openmetrics([group], Kind.COMPLETIONS, ("model",), metrics)}
    counted = {name for name in counted if not name.startswith("#")}
    assert set(re.findall(r'"(openai_\w+)"', source)) | counted == NAMED
    assert {name for asked in ASKED for name in re.findall(r"openai_\w+", asked)} <= NAMED
    assert set(re.findall(r"openai_\w+", PAGE)) == NAMED


def commands() -> list[list[str]]:
    """The words of each line for cron and for systemd that writes a file, after the program's name."""
    lines = [line for line in PAGE.splitlines() if "--output" in line and "bin/oai-usage-tui export" in line]
    found = [shlex.split(line.partition("oai-usage-tui ")[2]) for line in lines if "`" not in line]
    assert len(found) == 2
    return found


@pytest.mark.parametrize("words", commands())
def test_what_cron_and_systemd_write_has_all_of_it_but_how_the_reading_goes(words, tmp_path):
    path = tmp_path / Path(words[-1]).name
    done = run(*words[:-1], str(path), "--demo")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert names_of(path.read_text(encoding="utf-8")) == NAMED - {"openai_up"}
    assert list(tmp_path.iterdir()) == [path]


def test_node_exporter_takes_the_file():
    exporter, port = tool("prometheus-node-exporter"), free_port()
    with tempfile.TemporaryDirectory() as folder:
        run("export", "--demo", "--format", "openmetrics", "--output", f"{folder}/openai.prom")
        words = [exporter, "--collector.disable-defaults", "--collector.textfile"]
        words += [f"--collector.textfile.directory={folder}", f"--web.listen-address=127.0.0.1:{port}"]
        with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as exporting:

            def served() -> str:
                with contextlib.suppress(OSError):
                    return scraped(f"http://127.0.0.1:{port}/metrics")
                return ""

            try:
                assert processes.eventually(lambda: "node_textfile_scrape_error 0" in served())
                assert {line.split("{")[0].split(" ")[0] for line in served().splitlines()} > NAMED - {"openai_up"}
            finally:
                exporting.terminate()


def checked(folder: Path, kind: str, text: str) -> None:
    """Have promtool check a file of this kind."""
    path = folder / f"{kind}.yml"
    path.write_text(text)
    subprocess.run([tool("promtool"), "check", kind, str(path)], check=True, timeout=60)


def test_prometheus_takes_the_rules_the_configuration_and_what_the_dashboard_asks(tmp_path):
    checked(tmp_path, "rules", block("yaml", "groups:"))
    checked(tmp_path, "config", block("yaml", "scrape_configs:"))
    asked = [{"record": f"asked:{place}", "expr": each} for place, each in enumerate(ASKED)]
    checked(tmp_path, "rules", json.dumps({"groups": [{"name": "asked", "rules": asked}]}))


def test_prometheus_takes_the_metrics():
    promtool = tool("promtool")
    with Served(afternoon()) as api, serve(api, "--metrics", "127.0.0.1:0") as served:
        address = address_of(served)
        assert processes.eventually(lambda: "openai_pool_data_through" in scraped(address))
        text = scraped(address)
        served.send_signal(signal.SIGTERM)
        served.communicate(timeout=30)
    # promtool reads the older text format: no units, no end, and a counter is called as its samples are.
    plain = "".join(line + "\n" for line in text.splitlines() if not line.startswith(("# UNIT", "# EOF")))
    plain = re.sub(r"^(# \w+ openai_completions_\w+)", r"\1_total", plain, flags=re.MULTILINE)
    subprocess.run([promtool, "check", "metrics"], input=plain.encode(), check=True, timeout=60)


def run_rules(promtool: str, folder: Path, tests: dict[str, object]) -> None:
    """Have promtool run tests of rules: JSON is YAML."""
    path = folder / "tests.yml"
    path.write_text(json.dumps({"evaluation_interval": "1m", **tests}))
    done = subprocess.run(
        [promtool, "test", "rules", str(path)], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


ALERTS = {
    "OpenAIPoolRunsOut": [
        # At the second hour, an estimate that comes after five minutes and holds: it is told of ten minutes later.
        (
            {'openai_pool_runs_out_timestamp_seconds{pool="large"}': "_x5 7200x200"},
            {"14m": 0, "16m": 1, "121m": 0},
            LARGE,
        ),
    ],
    "OpenAIPoolSpent": [({'openai_pool_spent{pool="large"}': "0x4 1x5 0x5"}, {"4m": 0, "5m": 1, "11m": 0}, LARGE)],
    "OpenAISpendLimitNear": [
        (
            {"openai_costs_month_dollars": "80 80.01 0", "openai_costs_month_limit_dollars": "100x2"},
            {"0m": 0, "1m": 1, "2m": 0},
            {},
        ),
        ({"openai_costs_month_dollars": "80x9"}, {"5m": 0}, {}),  # no limit is known
    ],
    "OpenAIUsageDown": [
        ({"openai_up": "1 0x20 1x9"}, {"15m": 0, "16m": 1, "22m": 0}, {}),
        ({'up{job="openai"}': "0x20"}, {"14m": 0, "15m": 1}, {"job": "openai"}),
        ({'up{job="another"}': "0x20"}, {"20m": 0}, {}),
    ],
    "OpenAIUsageStale": [({"openai_last_success_timestamp_seconds": "0x40"}, {"30m": 0, "31m": 1}, {})],
}
"""Of each alert: series from minute to minute, at which of them it fires, and with which labels."""


@pytest.mark.parametrize("alert", re.findall(r"- alert: (\w+)", PAGE))
def test_each_alert_fires_when_it_is_time_and_not_before(alert, tmp_path):
    promtool, rules = tool("promtool"), tmp_path / "rules.yml"
    rules.write_text(block("yaml", "groups:"))
    summary = re.search(rf"- alert: {alert}\n.*?summary: \"(.*?)\"", PAGE, re.DOTALL)[1]
    said = {"summary": summary.replace("{{ $labels.pool }}", "large")}
    tests = [
        {
            "interval": "1m",
            "input_series": [{"series": name, "values": values} for name, values in series.items()],
            "alert_rule_test": [
                {
                    "eval_time": at,
                    "alertname": alert,
                    "exp_alerts": [{"exp_labels": labels, "exp_annotations": said}] * count,
                }
                for at, count in moments.items()
            ],
        }
        for series, moments, labels in ALERTS[alert]
    ]
    run_rules(promtool, tmp_path, {"rule_files": [str(rules)], "tests": tests})


def test_the_dashboard_has_the_tokens_a_minute_of_each_model_over_midnight(tmp_path):
    (asked,) = [each for each in ASKED if "rate(" in each]
    series = {"input": "0+40x15 0+40x15", "output": "0+2x15 0+2x15"}  # at the 16th minute they begin again
    names = {f'openai_completions_{each}_tokens_total{{model="a"}}': values for each, values in series.items()}
    test = {
        "interval": "1m",
        "input_series": [{"series": name, "values": values} for name, values in names.items()],
        "promql_expr_test": [
            {"expr": f"round({asked})", "eval_time": at, "exp_samples": [{"labels": '{model="a"}', "value": value}]}
            for at, value in {"15m": 42, "22m": 39}.items()
        ],
    }
    run_rules(tool("promtool"), tmp_path, {"tests": [test]})


def test_a_real_prometheus_scrapes_it(tmp_path):
    prometheus = tool("prometheus")
    port = free_port()
    with Served(afternoon()) as api, serve(api, "--metrics", "127.0.0.1:0") as served:
        target = address_of(served).removeprefix("http://").removesuffix("/metrics")
        settings = tmp_path / "prometheus.yml"
        settings.write_text(block("yaml", "scrape_configs:").replace("127.0.0.1:9464", target).replace("60s", "1s"))
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
