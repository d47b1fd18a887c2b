"""The man page, made from the command line's own description.

`python -m tui.cli.man > docs/oai-usage-tui.1` makes it anew; a test compares it with what is committed.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator, Mapping

from tui import PROGRAM, __version__
from tui.cli.help import COMMANDS, ENVIRONMENT, FILES, MAIN
from tui.cli.help_text import HelpText

_ESCAPES = str.maketrans(
    {"\\": r"\(rs", "-": r"\-", "'": r"\(aq", "`": r"\(ga", "^": r"\(ha", "~": r"\(ti", '"': r"\(dq"}
)
"""What roff would take for its own, or set as another character: a dash that cannot be pasted, a curly quote."""


def escaped(text: str) -> str:
    """Return text as roff that shows exactly this text, each line of which stays a line."""
    lines = (line.translate(_ESCAPES) for line in text.splitlines())
    safe = "\n".join(rf"\&{line}" if line.startswith(".") else line for line in lines)
    return "".join(char if char.isascii() else rf"\[u{ord(char):04X}]" for char in safe)


def page(main: argparse.ArgumentParser, commands: Mapping[str, argparse.ArgumentParser]) -> str:
    """Return the page of a command line and its subcommands, in the macros of man(7)."""
    return "\n".join(_lines(main, commands)) + "\n"


def _lines(main: argparse.ArgumentParser, commands: Mapping[str, argparse.ArgumentParser]) -> Iterator[str]:
    name = escaped(PROGRAM)
    # No date: the same source makes the same page.
    yield f'.TH {name.upper()} 1 "" "{name} {escaped(__version__)}" "User Commands"'
    yield ".nh"  # a flag that is broken at a hyphen is another flag
    yield from (".SH NAME", rf"{name} \- {escaped(MAIN.words)}")
    yield from (".SH SYNOPSIS", rf"\fB{name}\fR [\fIoptions\fR]")
    for command, parser in commands.items():
        places = [title for title, _ in _options(parser) if r"\fB" not in title]
        yield from (".br", " ".join([rf"\fB{name} {escaped(command)}\fR", r"[\fIoptions\fR]", *places]))
    yield ".SH DESCRIPTION"
    yield from _paragraphs(main.description or "", MAIN.notes)
    yield ".SH OPTIONS"
    told = dict(_options(main))
    for title, words in told.items():
        yield from _item(title, words)
    yield ".SH COMMANDS"
    for command, parser in commands.items():
        yield f'.SS "{name} {escaped(command)}"'
        yield from _command(parser, COMMANDS[command], told)
    yield from (".SH EXAMPLES", *_examples(MAIN))
    for heading, facts in (("ENVIRONMENT", ENVIRONMENT), ("FILES", FILES)):
        yield f".SH {heading}"
        for title, words in facts.items():
            yield from _item(rf"\fB{escaped(title)}\fR", words)
    yield ".SH EXIT STATUS"
    for status, meaning in MAIN.statuses.items():
        yield from _item(rf"\fB{status}\fR", meaning)
    yield from _item(
        r"\fB128\fR + \fIn\fR", "ended by signal n, with the terminal given back; 129 also where it is gone"
    )
    others = [name for name, texts in COMMANDS.items() if not texts.statuses.keys() <= MAIN.statuses.keys()]
    yield from _paragraphs(f"What else {' and '.join(others)} can end with is told there.")


def _command(parser: argparse.ArgumentParser, texts: HelpText, told: Mapping[str, str]) -> Iterator[str]:
    """Tell of one subcommand: what it has in common with the program is only named."""
    yield from _paragraphs(parser.description or "")
    common = []
    for title, words in _options(parser):
        if told.get(title) == words:
            common.append(title)
        else:
            yield from _item(title, words)
    if common:
        yield from (".PP", f"As above: {', '.join(common)}.")
    if texts.notes:
        yield from (".PP", *_as_it_stands(texts.notes))
    yield from _examples(texts)
    if texts.statuses != MAIN.statuses:
        ends = ", ".join(f"{status} {meaning}" for status, meaning in texts.statuses.items())
        yield from _paragraphs(f"Exit status: {ends}.")


def _options(parser: argparse.ArgumentParser) -> Iterator[tuple[str, str]]:
    """Each argument that help shows, as roff, and what it does."""
    for action in parser._actions:  # noqa: SLF001  argparse has no other way to its own declaration
        if action.help in (None, argparse.SUPPRESS) or isinstance(action, argparse._SubParsersAction):  # noqa: SLF001
            continue
        names = ", ".join(rf"\fB{escaped(name)}\fR" for name in action.option_strings)
        value = ""
        if action.nargs != 0:
            choices = "|".join(map(str, action.choices or ()))
            value = rf"\fI{escaped(str(action.metavar or choices or action.dest))}\fR"
            value = f"[{value}]" if action.nargs == "?" else value
        yield " ".join(filter(None, (names, value))), str(action.help) % {"prog": parser.prog, **vars(action)}


def _item(title: str, words: str) -> Iterable[str]:
    return ".TP", title, escaped(words)


def _paragraphs(*texts: str) -> Iterator[str]:
    for text in filter(None, texts):
        yield from (".PP", escaped(f"{text[:1].upper()}{text[1:]}"))


def _examples(texts: HelpText) -> Iterator[str]:
    for line, remark in texts.examples:
        if remark:
            yield from _paragraphs(f"{remark}:")
        else:
            yield ".PP"
        yield from (".RS 4", *_as_it_stands(line), ".RE")


def _as_it_stands(text: str) -> Iterable[str]:
    return ".nf", escaped(text), ".fi"


if __name__ == "__main__":
    from tui.cli.flags import parser as whole

    sys.stdout.write(page(*whole()))
