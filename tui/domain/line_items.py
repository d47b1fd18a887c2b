"""The line items of costs: which model they are about, in which service tier, and which kind of tokens.

No document defines their form. Seen are `gpt-5.4-2026-03-05, input`, `gpt-6-astra, input_tokens`,
`priority | gpt-5.6-sol, output, long context`, `gpt-5.6-sol, cache writes - 12hr`,
`gpt-audio-mini-2025-12-15 audio, input`, `evals | gpt-4o-mini, input`, and lines about no model:
`web search tool calls`, `assistants api | file search`, `Promotional credit` (public code and issue threads, read
2026-11-25).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

OTHER = "(other costs)"
"""The name of what no model was charged for: tools, storage, credits, and line items of an unknown form."""

_FORM = re.compile(
    r"(?:(?P<tier>[\w.-]+)\s*\|\s*)?"
    r"(?P<model>(?=[^\s,|]*[\d:-])[^\s,|]++)(?:\s+(?P<medium>audio|image|text|video))?"
    r"(?P<parts>(?:,[^,|]*)*)",
    re.IGNORECASE,
)
"""Names of models have a digit, a hyphen or a colon in them: `storage, 1 GB` is about none."""

_MODEL_ALONE = re.compile(r".*\d.*")
"""Without a kind of tokens, a name is a model's where it has a digit: `whisper-1`."""


@dataclass(frozen=True, slots=True)
class LineItem:
    """What a line item says. What is not understood has no model and is `other`; its `words` stay as they are.

    `service_tier` is what stands before the bar; without one the API does not tell. `token_kind` is what was counted:
    `input`, `cached input`, `output, long context`, `audio input`.
    """

    words: str
    model: str | None = None
    service_tier: str | None = None
    token_kind: str | None = None


@lru_cache(maxsize=50_000)
def parse(words: str | None) -> LineItem:
    """Return what a line item is about."""
    if words is None or not words.strip():
        return LineItem("(not itemized)")
    found = _FORM.fullmatch(words.strip())
    if found is None:
        return LineItem(words)
    parts = [part.strip() for part in found["parts"].split(",") if part.strip()]
    if not parts and (found["medium"] or not _MODEL_ALONE.fullmatch(found["model"])):
        return LineItem(words)
    kind = " ".join(filter(None, (found["medium"], ", ".join(parts))))
    return LineItem(words, found["model"], found["tier"], kind or None)
