"""What the command line says of itself, for `--help` and the man page: descriptions, examples, exit statuses."""

from __future__ import annotations

from tui.cli.help_text import HelpText
from tui.config.subcommands import (
    ARCHIVE,
    CHECK,
    COMPLETION,
    DEMO_SERVER,
    DOCTOR,
    EXPORT,
    MONEY,
    POOLS,
    RUN,
    RUNS,
    SERVE,
    WATCH,
    WHY,
)

_ASKED = {0: "done", 2: "wrong usage", 3: "key missing or refused", 4: "API or network failed"}
_IN_PARTS = {**_ASKED, 4: "API or network failed, or only a part could be read"}

MAIN = HelpText(
    "a terminal dashboard for the usage of an OpenAI organization",
    """\
A terminal dashboard for an OpenAI organization: tokens per UTC day and model,
charts of input and output, and how much of today's free pools is used. With
its output in a pipe it prints the same data as a Markdown table. In the
dashboard, ? shows all keys.""",
    (
        ("oai-usage-tui --demo", "look around, without a key"),
        ("oai-usage-tui --days 30", "today and the 30 days before it"),
        ("oai-usage-tui --window last-month", "the whole month before this one"),
        ("oai-usage-tui --by project,model", "models within projects"),
        ("oai-usage-tui export > usage.md", "the same data as a Markdown table"),
        ("oai-usage-tui export --raw > pages.json", "the API's own answers"),
        ("oai-usage-tui --replay pages.json", "look at them again, offline"),
        ("oai-usage-tui --offline", "what is on disk, asking nobody"),
    ),
    _IN_PARTS,
    """\
the admin key comes from OPENAI_ADMIN_KEY, or from admin_key_command in
config.toml; never from a flag. Each command tells more with --help.""",
)

COMMANDS = {
    EXPORT: HelpText(
        "print the window as a table or as data",
        """\
Print the window as a table or as data. Where only a part of the window could
be read, that part is printed, the missing days are named on stderr, and the
exit status is 4.""",
        (
            ("oai-usage-tui export --window last-week", "from Monday to Sunday"),
            ("oai-usage-tui export --by pool --days 30", "free and billed tokens by pool"),
            ("oai-usage-tui export --by project,model --format csv --output usage.csv", ""),
            ("oai-usage-tui export --kind images --since 2026-11-01", ""),
            ("oai-usage-tui export --replay pages.json", "what export --raw saved"),
        ),
        _IN_PARTS,
    ),
    POOLS: HelpText(
        "print how much of a day's free tokens is used",
        """\
Print how much of a day's free tokens is used in each pool, what is left, how
fast it goes, and when it runs out. The pools are new at 00:00 UTC.""",
        (
            ("oai-usage-tui pools", "today's, as text"),
            ("oai-usage-tui pools --json --date yesterday", "a day's, as JSON"),
            ("oai-usage-tui pools --format '{large.left}'", "as you like"),
            ("set -g status-right '#(oai-usage-tui pools --oneline)'", "in tmux.conf"),
        ),
        _IN_PARTS,
    ),
    CHECK: HelpText(
        "tell by the exit status whether a pool has room",
        """\
Tell by the exit status whether a pool of free tokens has room today. It needs
--pool, and one of --max-percent, --min-left and --until-reset; or --month,
which is about costs. It says one line on stderr and nothing on stdout.""",
        (
            ("while oai-usage-tui check --pool large --max-percent 90; do work; done", ""),
            ("oai-usage-tui check --pool small --min-left 100000 --wait && work", ""),
            ("oai-usage-tui check --pool large --until-reset || echo 'it runs out'", ""),
            ("oai-usage-tui check --month || echo 'over the limit'", ""),
        ),
        {
            0: "below the bound",
            1: "at or above it, or the pool is spent or runs out",
            **{status: _ASKED[status] for status in (2, 3, 4)},
            5: "it cannot be told",
        },
    ),
    WHY: HelpText(
        "print why tokens of a day were billed",
        """\
Print why tokens of a day were billed, with the models, projects, hours and
amounts of each reason, and what to do about it.""",
        (
            ("oai-usage-tui why", "today's"),
            ("oai-usage-tui why --date 2026-11-20 --model gpt-5.4-2026-03-05", ""),
            ("oai-usage-tui why --json | jq '.reasons[].why'", "the reasons only"),
        ),
        _ASKED,
    ),
    MONEY: HelpText(
        "print what a month cost, and what free tokens are worth",
        """\
Print what a month cost so far and what is expected at its end, by model, line
item and project, and what its free tokens would have cost: what the key $
shows. Costs are the API's own, and follow usage by hours.""",
        (
            ("oai-usage-tui money", "this month's"),
            ("oai-usage-tui money --month 2026-10 --json", "a month that is over, as JSON"),
        ),
        _IN_PARTS,
    ),
    RUN: HelpText(
        "run a command, and tell what was used meanwhile",
        """\
Run a command, which has the terminal, the streams and the signals as without
us, and whose exit status becomes ours. At its end, tell on stderr what was
used between its start and its end, by model, free and billed. The API counts
minutes late: on a terminal that is waited for, and what is missing then is
read by the command runs. The command does not get OPENAI_ADMIN_KEY.""",
        (
            ("oai-usage-tui run -- python eval.py", ""),
            ("oai-usage-tui run --project Research -- make eval", "of one project"),
            ("oai-usage-tui run --wait 0 --report used.json -- ./job", "so far, and as JSON"),
        ),
        {
            125: "nothing was started: no key, nothing of that name, or wrong usage",
            126: "the command cannot be run",
            127: "it is not there",
        },
        """\
The whole minutes of the run are counted: its first and its last one are shared
with what else ran in them. Without a filter it is all of the organization.
Any other exit status is the command's own, 128 + n where signal n ended it.""",
    ),
    RUNS: HelpText(
        "list the runs that were measured",
        """\
List the runs that were measured, the newest first, and read what is missing of
those that were not counted as a whole yet.""",
        (
            ("oai-usage-tui runs", ""),
            ("oai-usage-tui runs --json | jq '.runs[0].totals'", "what the newest one used"),
        ),
        _IN_PARTS,
    ),
    WATCH: HelpText(
        "print a line for each thing that happens to pools and money",
        """\
Read as the dashboard does, without a screen, and print a line when a threshold
is crossed, when a pool runs out before the reset, lasts again or is spent,
when a new day begins, and when the month comes near its limit. It ends at
SIGTERM, or when nobody reads it. on_event in config.toml runs a command of
yours.""",
        (
            ("oai-usage-tui watch", ""),
            ("oai-usage-tui watch --events runs-out,spent --json", "for a program"),
        ),
        {0: "it was ended", 2: "wrong usage, or wrong settings", 3: _ASKED[3]},
    ),
    SERVE: HelpText(
        "serve pools, money and usage to Prometheus",
        """\
Read as the dashboard does, without a screen, and serve the pools, the money,
and today's tokens and requests by model as OpenMetrics at /metrics. The API is
asked on a beat of its own, however many scrapes come. At a loopback address a
request must name one as its host. It ends at SIGTERM.""",
        (
            ("oai-usage-tui serve", "http://127.0.0.1:9464/metrics"),
            ("oai-usage-tui serve --metrics '[::1]:9100'", "at another address"),
        ),
        {0: "it was ended", 2: "wrong usage, or the address cannot be had", 3: _ASKED[3]},
    ),
    ARCHIVE: HelpText(
        "tell what is kept on disk, read it anew, or forget it",
        """\
Tell what is kept on disk of what was read, read it anew, or forget it. What is
kept is not asked for again 48 hours after its end; should OpenAI revise older
days, refresh asks for them.""",
        (
            ("oai-usage-tui archive", "where it is, what it holds"),
            ("oai-usage-tui archive clear --yes", "forget everything, unasked"),
            ("oai-usage-tui archive vacuum --archive usage.db", "of another file"),
        ),
        {
            0: "done",
            1: "not cleared",
            2: "wrong usage, or the archive cannot be used",
            3: _ASKED[3],
            4: _IN_PARTS[4],
        },
        """\
info     where it is, how large, and what it holds
refresh  ask the API anew for the settled days that are kept: all, or a window
clear    forget everything, the last screen and lines for prompts too; days
         that the API no longer offers are lost
vacuum   give back room that is not needed any more""",
    ),
    DOCTOR: HelpText(
        "check what the program needs, and tell what to do",
        """\
Check what the program needs, a line each, and tell what to do: the
configuration, the key, whether the API can be reached and read, the clock, the
archive, the terminal, the versions. There is no key in it, no part of one, no
user name and no name of your organization.""",
        (
            ("oai-usage-tui doctor", ""),
            ("oai-usage-tui doctor --json > report.json", "for a bug report"),
        ),
        {
            0: "nothing fails",
            2: "the configuration, the archive or the terminal cannot be used",
            3: _ASKED[3],
            4: f"{_ASKED[4]}; of several, the highest",
        },
    ),
    COMPLETION: HelpText(
        "print what a shell needs to complete this command line",
        """\
Print what a shell needs to complete this command line. Where it goes is in the
examples; zsh looks in ~/.zfunc if that is in its fpath. A folder that is not
there yet has to be made first: `mkdir -p`.""",
        (
            ("oai-usage-tui completion bash > ~/.local/share/bash-completion/completions/oai-usage-tui", ""),
            ("oai-usage-tui completion zsh > ~/.zfunc/_oai-usage-tui", ""),
            ("oai-usage-tui completion fish > ~/.config/fish/completions/oai-usage-tui.fish", ""),
            ("oai-usage-tui completion tcsh > ~/.oai-usage-tui.tcsh", "source it in .tcshrc"),
        ),
        {0: "done", 2: "wrong usage"},
    ),
    DEMO_SERVER: HelpText(
        "serve the demo organization's API on this machine",
        """\
Serve the demo organization's API on this machine, until ctrl+c. It accepts any
key that begins with sk-admin-, and needs one more package, uvicorn: where that
is missing, it says how to install it.""",
        (
            ("oai-usage-tui demo-server", "on port 8765"),
            ("oai-usage-tui demo-server --port 0 --seed 2", "any free port"),
            ("oai-usage-tui demo-server --projects 200 --models 30", "a large one"),
        ),
        {0: "done", 2: "wrong usage, or the port is taken"},
    ),
}
"""Each subcommand, in the order in which they are told."""

ENVIRONMENT = {
    "OPENAI_ADMIN_KEY": "the admin key; it beats admin_key_command in config.toml",
    "OPENAI_BASE_URL": "where to ask; a host that is neither OpenAI's nor this machine must be confirmed with"
    " --base-url, or base_url in config.toml",
    "OAI_USAGE_PROFILE": "whose settings hold, as --profile says it",
    "NO_COLOR": "anything in it: no colours in the dashboard",
    "HTTPS_PROXY, NO_PROXY, SSL_CERT_FILE": "as usual; this machine's own addresses are never asked through a proxy",
}
"""The variables that are listened to."""

FILES = {
    "~/.config/oai-usage-tui/config.toml": "the configuration; it need not exist",
    "~/.config/oai-usage-tui/prices.toml": "prices of your own, instead of those that come with the program",
    "~/.local/state/oai-usage-tui/state.toml": "what you chose in the dashboard",
    "~/.local/share/oai-usage-tui/archive.db": "what was read before",
    "~/.cache/oai-usage-tui": "what pools --oneline found, and the last screen of the dashboard",
}
"""The files on Linux; elsewhere they are where the platform keeps such files."""
