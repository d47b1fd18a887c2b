"""The admin key stays where it belongs: a planted one is looked for wherever the program leaves anything."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import dataclasses
import gc
import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from rich import pretty

from tests.support import processes
from tests.support.builders import NOW, QUICK, gathered
from tests.support.cli import COMMAND
from tests.support.dashboard import dashboard
from tests.support.demo_api import Served
from tests.support.terminal import Terminal
from tui.bootstrap import sources
from tui.config.args import Args
from tui.config.resolve import resolve
from tui.config.schema import Config, Preferences
from tui.domain.secret import Secret
from tui.domain.time import last_days
from tui.errors import TuiError
from tui.sources.base import Query
from tui.sources.openai.api import Api
from tui.sources.openai.client import Client
from tui.sources.openai.endpoint import Origin, endpoint

MARK = "PLANTEDb7f31c29e0aa4d55"

KEY = f"sk-admin-{MARK}-{'0123456789abcdef' * 8}"
"""As long as real ones are, so that what is cut shows as well."""

READ = "· read "


class Echo(Served):
    """Answers everything with the key it was asked with: in the message, the request's name, the reason."""

    status = 401

    async def _application(
        self, scope: dict[str, Any], receive: Callable[..., Any], send: Callable[..., Any]
    ) -> None:
        given = dict(scope["headers"])[b"authorization"].removeprefix(b"Bearer ")
        headers = [
            (b"x-request-id", given),
            (b"openai-organization", given),
            (b"location", b"http://127.0.0.1:9/" + given),
        ]
        body = b'{"error": {"message": "Incorrect API key provided: %s (%s)"}}' % (given, given)
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": body})


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home to look through afterwards, which is also where the program is started."""
    home = tmp_path / "home"
    (home / ".config" / "oai-usage-tui").mkdir(parents=True)
    monkeypatch.chdir(home)
    monkeypatch.setenv("HOME", str(home))
    return home


def config(place: Path, *lines: str) -> None:
    (place / ".config" / "oai-usage-tui" / "config.toml").write_text("".join(f"{line}\n" for line in lines))


def left_in(place: Path, *written: bytes | str) -> list[str]:
    """Where the key can be found: the files below, and what else was written."""
    found = {str(path): path.read_bytes() for path in place.rglob("*") if path.is_file()}
    found |= {
        f"output {number}": each if isinstance(each, bytes) else each.encode() for number, each in enumerate(written)
    }
    encoded = [base64.b64encode(KEY.encode()[start:])[4:28] for start in range(3)]
    needles = [MARK.encode(), MARK.encode().hex().encode(), MARK[::-1].encode(), *encoded]
    return [name for name, content in found.items() if any(needle in content for needle in needles)]


def ran(*arguments: str, before: str = "", **environment: str) -> subprocess.CompletedProcess[bytes]:
    """The program run to its end, with Python code that comes first."""
    code = f"{before}\nimport sys\nsys.argv[1:] = {[*arguments]!r}\nfrom tui.__main__ import main\nmain()\n"
    return subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        timeout=50,
        stdin=subprocess.DEVNULL,
        env={**os.environ, **environment},
        check=False,
    )


@pytest.mark.slow
@pytest.mark.parametrize("origin", ["environment", "command"])
def test_a_session_in_which_everything_is_taken_away_leaves_no_key_anywhere(origin, place, tmp_path):
    told, environment = (
        [],
        {"TEXTUAL": "debug,devtools", "TEXTUAL_LOG": str(place / "log"), "PYTHONASYNCIODEBUG": "1"},
    )
    if origin == "environment":
        environment["OPENAI_ADMIN_KEY"] = KEY
    else:
        (tmp_path / "key").write_text(KEY + "\n")
        told = [f'admin_key_command = ["cat", "{tmp_path / "key"}"]']
    said = place / "said"
    command = [
        "sh",
        "-c",
        f"env > {said}; cat /proc/[0-9]*/cmdline >> {said}; cat /proc/$PPID/cmdline >> {said}; echo >> {said}.end",
    ]
    with Served() as api:
        listed = ", ".join(f'"{word}"' for word in command)
        config(place, *told, "thresholds = [1]", f"on_threshold = [{listed}]", "[limits]", "large = 1")
        with Terminal([COMMAND, "--base-url", api.base_url], **environment) as terminal:
            terminal.until(lambda text: READ in text and "spent" in text)
            for keys, words in (("S", "Saved"), ("e", "Saved"), ("y", "Copied"), ("Y", "Copied"), ("?", "─ Keys")):
                terminal.press(keys)
                terminal.until(words)
            seen = processes.arguments()
            assert b"oai-usage-tui" in seen
            for keys in ("\x1b", "i", "\x1b", "$", "\x1b", "b", "\x1b", "\x10key", "\x1b", "/sk-admin\r", "\x1b"):
                terminal.press(keys)
                terminal.shows("nothing that is ever shown", 0.3)
            terminal.until(lambda _: Path(f"{said}.end").exists())
            terminal.press("\x03")
            assert terminal.wait() == 0
        assert {asked.headers["authorization"] for asked in api.asked} == {f"Bearer {KEY}"}
    endings = {path.suffix for path in place.rglob("*")}
    assert {".svg", ".csv", ".db", ".end"} <= endings, endings
    assert left_in(place, bytes(terminal.received), seen) == []


LOUD = "import logging; logging.basicConfig(level=0); import faulthandler; faulthandler.enable()"


@pytest.mark.slow
def test_no_command_prints_or_keeps_the_key_however_loud_its_parts_are(place):
    commands = [
        *(
            ["export", "--days", "2", "--format", name]
            for name in ("markdown", "csv", "json", "ndjson", "openmetrics")
        ),
        ["export", "--days", "1", "--raw"],
        ["export", "--days", "1", "-o", "table.md"],
        ["pools", "--json"],
        ["pools", "--oneline"],
        ["why", "--json"],
        ["check", "--pool", "large", "--max-percent", "1"],
        ["archive", "info"],
    ]
    with Served() as api:
        for command in commands:
            where = [] if command[0] == "archive" else ["--base-url", api.base_url]
            done = ran(*command, *where, before=LOUD, OPENAI_ADMIN_KEY=KEY, PYTHONASYNCIODEBUG="1")
            assert done.stdout or command[0] == "check" or "-o" in command, done.stderr.decode()
            assert left_in(place, done.stdout, done.stderr) == [], command
        assert api.asked


@pytest.mark.parametrize("status", [200, 302, 400, 401, 403, 404])
def test_an_api_that_quotes_the_key_is_quoted_without_it(status, place):
    with Echo() as api:
        api.status = status
        done = ran("export", "--days", "1", "--base-url", api.base_url, OPENAI_ADMIN_KEY=KEY)
        assert done.returncode in {3, 4}
        assert b"Traceback" not in done.stderr
        with Terminal([COMMAND, "--base-url", api.base_url], OPENAI_ADMIN_KEY=KEY) as terminal:
            terminal.until(lambda text: str(status) in text or "✗" in text)
            terminal.press("i")
            terminal.shows("a wait", 0.3)
            terminal.press("\x03")
            terminal.wait()
    assert left_in(place, done.stdout, done.stderr, bytes(terminal.received)) == []


@pytest.mark.parametrize(
    "answer", [b"HTTP/1.1 200 OK\r\n%s\r\n\r\n", b"%s HTTP/1.1\r\n\r\n", b"HTTP/1.1 200 %s\r\n\r\n{}"]
)
async def test_what_is_no_http_is_not_quoted(answer):
    def echo(head: bytes) -> bytes:
        return answer % next(line for line in head.split(b"\r\n") if b"BearerAuth" in line)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(echo(await reader.readuntil(b"\r\n\r\n")))
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        here = endpoint(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1", Origin.FLAG)
        async with Client(Api(here, KEY, retry_policy=QUICK)) as client:
            with pytest.raises(TuiError) as caught:
                await gathered(client.pages(Query(last_days(NOW, 2))))
    assert KEY not in caught.value.sentence


def test_a_secret_is_what_it_is_and_is_not_written_down():
    assert Secret("a") == Secret("a") != Secret("b")
    assert len({Secret("a"), Secret("a")}) == 1
    with pytest.raises(TypeError):
        pickle.dumps(Secret("a"))


FAULTS = {
    "the client is made": "import tui.sources.openai.api as of; name = 'connect'",
    "the key is put on": "from tui.sources.openai.transport import BearerAuth as of; name = 'auth_flow'",
    "the request is built": "import h11._writers as of; name = 'write_headers'",
    "the request is sent": "from httpcore._async.http11 import AsyncHTTP11Connection as of; name = '_send_event'",
    "the answer is read": "import tui.sources.openai.wire as of; name = 'decode'",
    "the archive is written": "from tui.sources.archive.buckets import Identity as of; name = 'fingerprint'",
    "the screen is drawn": "from tui.ui.widgets.pool_bar import PoolBar as of; name = 'show'",
    "the key is found": "import tui.bootstrap.sources as of; name = '_answering'",
}

BREAK = "\ndef fails(*_, **__): raise RuntimeError('a fault put in by a test')\nsetattr(of, name, fails)\n"


@pytest.mark.parametrize("fault", FAULTS)
def test_a_crash_shows_where_and_not_the_key(fault, place):
    code = f"import sys\n{FAULTS[fault]}{BREAK}from tui.__main__ import main\nmain()\n"
    with (
        Served() as api,
        Terminal(
            [sys.executable, "-c", code, "--base-url", api.base_url], OPENAI_ADMIN_KEY=KEY, TEXTUAL="debug"
        ) as terminal,
    ):
        if fault in {"the screen is drawn", "the key is found"}:
            assert terminal.wait() == 1
            assert "a fault put in by a test" in terminal.text
            assert "locals" not in terminal.text
        else:  # what goes wrong while reading is told of, and ends nothing
            terminal.until("A fault of oai-usage-tui")
            terminal.press("\x03")
            assert terminal.wait() == 0
    assert left_in(place, bytes(terminal.received)) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    "fault", [name for name in FAULTS if name not in {"the request is built", "the request is sent"}]
)
def test_a_trace_with_all_values_of_variables_shows_no_key_as_far_as_the_code_is_the_programs(fault, place):
    """Deep inside httpcore and h11 the header itself is a value; nobody but a debugger prints those."""
    loud = "import rich.traceback; rich.traceback.install(show_locals=True, locals_max_string=999)"
    with Served() as api:
        before = f"{loud}\n{FAULTS[fault]}{BREAK}"
        told = {"OPENAI_ADMIN_KEY": KEY, "PYTHONDEVMODE": "1"}  # else there is a sentence, and no trace
        done = ran("export", "--days", "1", "--base-url", api.base_url, before=before, **told)
    if fault != "the screen is drawn":
        assert b"a fault put in by a test" in done.stderr
        assert b"locals" in done.stderr
    assert left_in(place, done.stdout, done.stderr) == []


def planted(root: object) -> Iterator[tuple[str, object]]:
    """Everything of the program that can be reached from here, with the way to it."""
    ways, seen = [(type(root).__name__, root)], set()
    while ways:
        way, each = ways.pop()
        if id(each) in seen or len(way) > 400:
            continue
        seen.add(id(each))
        yield way, each
        if type(each).__module__.partition(".")[0] in {"tui", "httpx", "httpcore", "builtins", "asyncio", "_asyncio"}:
            ways += [
                (f"{way} > {type(other).__name__}", other)
                for other in gc.get_referents(each)
                if not isinstance(other, type | type(os)) and other is not os.environ._data
            ]


@pytest.mark.slow
async def test_nothing_that_the_program_holds_shows_the_key_when_it_is_printed(place, monkeypatch):
    monkeypatch.setenv("OPENAI_ADMIN_KEY", KEY)
    with Served() as api:
        settings = resolve(Args(base_url=api.base_url), os.environ, Preferences(), Config())
        assert MARK not in repr(settings)
        opened = sources.opened(settings.source, later=True)
        async with (
            opened,
            dashboard(opened.source, clock=lambda: api.now, directory_source=opened.directory_source) as board,
        ):
            assert api.asked
            kinds = set()
            for way, each in planted(board.screen.session):
                kinds.add(type(each).__name__)
                if type(each).__module__.startswith(("tui", "httpx", "httpcore")):
                    shown = [repr(each), str(each), f"{each}", pretty.pretty_repr(each)]
                    if dataclasses.is_dataclass(each):
                        with contextlib.suppress(TypeError):  # a lock cannot be copied
                            shown.append(repr(dataclasses.asdict(each)))
                    assert MARK not in "".join(shown), way
            assert {"Client", "BearerAuth", "Secret", "Identity", "AsyncClient", "ReadThrough", "LazyClient"} <= kinds
