"""What the command line says of itself: descriptions, examples, exit statuses."""

from __future__ import annotations

EXPORT, POOLS, CHECK, WHY, ARCHIVE = "export", "pools", "check", "why", "archive"
DOCTOR, COMPLETION, DEMO_SERVER = "doctor", "completion", "demo-server"

DESCRIPTION = """\
A terminal dashboard for an OpenAI organization: tokens per UTC day and model,
charts of input and output, and how much of today's free pools is used. With
its output in a pipe it prints the same data as a Markdown table."""

EPILOG = """\
the admin key comes from OPENAI_ADMIN_KEY, or from admin_key_command in
config.toml; never from a flag.

examples:
  oai-usage-tui --demo                     look around, without a key
  oai-usage-tui --days 30                  today and the 30 days before it
  oai-usage-tui export > usage.md          the same data as a Markdown table
  oai-usage-tui export --raw > pages.json  the API's own answers
  oai-usage-tui --replay pages.json        look at them again, offline
  oai-usage-tui --offline                  what was read before, asking nobody

exit status: 0 done, 2 wrong usage, 3 key missing or refused, 4 API or network
failed, or only a part of the window could be read (see check --help for more)"""

_EXPORT_EPILOG = """\
data goes to stdout, everything else to stderr. Where only a part of the window
could be read, that part is printed, the missing days are named on stderr, and
the exit status is 4.

examples:
  oai-usage-tui export --days 6
  oai-usage-tui export --by none --max-model-length 0
  oai-usage-tui export --by pool --days 30
  oai-usage-tui export --by project,model --format csv --output usage.csv
  oai-usage-tui export --kind images --since 2026-11-01
  oai-usage-tui export --replay pages.json"""

_POOLS_EPILOG = """\
examples:
  oai-usage-tui pools
  oai-usage-tui pools --json --date 2026-11-20
  set -g status-right '#(oai-usage-tui pools --oneline)'     in tmux.conf

exit status: 0 done, 2 wrong usage, 3 key missing or refused, 4 API or network
failed, or only a part could be read"""

_CHECK_EPILOG = """\
says one line on stderr and nothing on stdout.

examples:
  while oai-usage-tui check --pool large --max-percent 90; do work; done
  oai-usage-tui check --pool small --min-left 100000 --wait && work

exit status: 0 below the bound, 1 at or above it, or the pool is spent, 2 wrong
usage, 3 key missing or refused, 4 API or network failed, 5 it cannot be told"""

_WHY_EPILOG = """\
examples:
  oai-usage-tui why
  oai-usage-tui why --date 2026-11-20 --model gpt-5.4-2026-03-05
  oai-usage-tui why --json | jq '.reasons[].why'

exit status: 0 done, 2 wrong usage, 3 key missing or refused, 4 API or network
failed"""

_ARCHIVE_EPILOG = """\
info     where it is, how large, and what it holds
clear    forget everything; days that the API no longer offers are lost
vacuum   give back room that is not needed any more

examples:
  oai-usage-tui archive
  oai-usage-tui archive clear --yes

exit status: 0 done, 1 not cleared, 2 wrong usage, or the archive cannot be used"""

_DOCTOR_EPILOG = """\
a line each, and what to do: the configuration, the key, whether the API can be
reached and read, the clock, the archive, the terminal, the versions. There is
no key in it, no part of one, no user name and no name of your organization.

examples:
  oai-usage-tui doctor
  oai-usage-tui doctor --json > report.json     for a bug report

exit status: 0 all is well, or there are warnings; else the highest of 2 the
configuration, the archive or the terminal, 3 key missing or refused, 4 API or
network failed"""

_COMPLETION_EPILOG = """\
bash   oai-usage-tui completion bash > ~/.local/share/bash-completion/completions/oai-usage-tui
zsh    oai-usage-tui completion zsh > ~/.zfunc/_oai-usage-tui    with ~/.zfunc in fpath
fish   oai-usage-tui completion fish > ~/.config/fish/completions/oai-usage-tui.fish"""

COMMANDS = {
    EXPORT: ("print the window as a table or as data", _EXPORT_EPILOG),
    POOLS: ("print how much of a day's free tokens is used", _POOLS_EPILOG),
    CHECK: ("tell by the exit status whether a pool has room", _CHECK_EPILOG),
    WHY: ("print why tokens of a day were billed", _WHY_EPILOG),
    ARCHIVE: ("tell what is kept on disk, or forget it", _ARCHIVE_EPILOG),
    DOCTOR: ("check what the program needs, and tell what to do", _DOCTOR_EPILOG),
    COMPLETION: ("print what a shell needs to complete this command line", _COMPLETION_EPILOG),
    DEMO_SERVER: (
        "serve the demo organization's API on this machine",
        "it accepts any key that begins with sk-admin-, and needs the extra:\npip install 'oai-usage-tui[server]'",
    ),
}
"""Each subcommand: what it does, and its examples."""
