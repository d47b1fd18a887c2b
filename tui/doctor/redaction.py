"""What a report must not hold, since it is for the eyes of others: keys, names, the folders of a person."""

from __future__ import annotations

import getpass
import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace

from tui.commands.doctor import Finding
from tui.config import paths
from tui.domain import sanitize
from tui.domain.secret import Secret

_HIDDEN = "…"
_TELLING = re.compile(r"\b(?:sk|org|proj)[-_][\w*-]{8,}|\bft:[^\s,;\"'`]+|[\w.-]*\*{3,}[\w.*-]*")
"""Keys and ids, and what the API's messages show of a key: its first and last characters, and stars between."""

_USER_IN_ADDRESS = re.compile(r"(?<=://)[^/\s@]+@")


@dataclass(frozen=True)
class Redactor:
    """Takes these texts out of every finding, and the folder of the user's own, whose name is `~`."""

    hidden: tuple[str, ...]
    home: str
    user: str

    @classmethod
    def of(cls, key: Secret | None, addresses: Iterable[str] = ()) -> Redactor:
        """Return that of the user who runs the program, and was told these base URLs."""
        user = ""
        with suppress(OSError, KeyError, ImportError):  # nobody that this machine knows
            user = getpass.getuser()
        hidden = () if key is None else (key.reveal(), key.reveal()[:16])
        place = paths.home()
        home = "" if place is None else str(place)
        hidden_paths = map(_path, addresses)
        return cls((*hidden, *filter(None, hidden_paths)), "" if home == "/" else home.rstrip("/"), user)

    def redacted(self, finding: Finding) -> Finding:
        """Return the finding without any of these."""
        return replace(finding, words=self.redact(finding.words), advice=self.redact(finding.advice))

    def redact(self, words: str) -> str:
        """Return a text without any of these, on one line, with nothing that a terminal would act upon."""
        for each in self.hidden:
            words = words.replace(each, _HIDDEN)
        words = _USER_IN_ADDRESS.sub(f"{_HIDDEN}@", words)
        words = _TELLING.sub(_HIDDEN, words)
        if self.home:
            words = re.sub(rf"{re.escape(self.home)}(?![\w.-])", "~", words)
        if self.user:
            words = re.sub(rf"(?<=[/\\]){re.escape(self.user)}(?![\w.-])", _HIDDEN, words)
        return sanitize.clean(words)


def _path(address: str) -> str:
    """Return the path of an address, where it is not the usual one: gateways put keys there."""
    found = re.fullmatch(r"\w+://[^/]+(/.+?)/*", address.strip())
    return "" if found is None or found[1] == "/v1" else found[1]
