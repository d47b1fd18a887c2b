"""What is counted: the kinds of usage that the API knows, in which units, and by which fields it breaks them down."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

_ANYBODY = ("project_id", "user_id", "api_key_id")


_OF_TOKENS = (*_ANYBODY, "model", "batch", "service_tier", "api_source")


class Description(NamedTuple):
    """One kind of usage: its name for people, what its `amount` is, its fields, and its metrics, the first of all.

    `metrics` and `more` are names in `domain.metrics`; those of `more` are shown where they are asked for. What tools
    cost is a line item of its own, and says neither the model nor the project's calls: they have no costs. Nor have
    decisions, whose line items nobody has told from those of completions of the same model (2026-11-25).
    """

    words: str
    unit: str
    fields: tuple[str, ...]
    metrics: tuple[str, ...]
    more: tuple[str, ...] = ()


_TOKENS = (
    "input",
    "cached",
    "uncached",
    "cache_writes",
    "audio",
    "image",
    "output",
    "total",
    "requests",
    "per_request",
    "free",
    "billed",
    "share",
)

_COST = ("cost", "cost_per_request")


class Kind(Enum):
    """A kind of usage; the value is the last part of the API's path, `/organization/usage/...`."""

    COMPLETIONS = "completions"
    EMBEDDINGS = "embeddings"
    MODERATIONS = "moderations"
    IMAGES = "images"
    SPEECHES = "audio_speeches"
    TRANSCRIPTIONS = "audio_transcriptions"
    VECTOR_STORES = "vector_stores"
    CODE_INTERPRETER = "code_interpreter_sessions"
    FILE_SEARCHES = "file_search_calls"
    WEB_SEARCHES = "web_search_calls"
    DECISIONS = "decisions"

    @property
    def description(self) -> Description:
        """Return what is counted."""
        return _DESCRIPTIONS[self]


_DESCRIPTIONS = {
    Kind.COMPLETIONS: Description("completions", "tokens", _OF_TOKENS, _TOKENS, ("cache_hit_rate", *_COST)),
    Kind.EMBEDDINGS: Description("embeddings", "tokens", (*_ANYBODY, "model"), ("input", "requests"), _COST),
    Kind.MODERATIONS: Description("moderations", "tokens", (*_ANYBODY, "model"), ("input", "requests"), _COST),
    Kind.IMAGES: Description(
        "images", "images", (*_ANYBODY, "model", "size", "source"), ("amount", "requests"), _COST
    ),
    Kind.SPEECHES: Description("audio speeches", "characters", (*_ANYBODY, "model"), ("amount", "requests"), _COST),
    Kind.TRANSCRIPTIONS: Description(
        "audio transcriptions", "seconds", (*_ANYBODY, "model"), ("amount", "requests"), _COST
    ),
    Kind.VECTOR_STORES: Description("vector stores", "bytes", ("project_id",), ("amount",)),
    Kind.CODE_INTERPRETER: Description("code interpreter sessions", "sessions", ("project_id",), ("amount",)),
    Kind.FILE_SEARCHES: Description("file search calls", "calls", (*_ANYBODY, "vector_store_id"), ("amount",)),
    Kind.WEB_SEARCHES: Description(
        "web search calls", "calls", (*_ANYBODY, "model", "context_level", "api_source"), ("amount", "requests")
    ),
    Kind.DECISIONS: Description(
        "decisions", "tokens", _OF_TOKENS, ("input", "output", "total", "requests"), ("cached", "uncached")
    ),
}
"""Fields and counts as in the official client 3.57.0 (2026-11-20) and the OpenAPI document of 2026-08-21."""

HOSTED_TOOLS = {
    Kind.FILE_SEARCHES: "file search",
    Kind.WEB_SEARCHES: "web search",
    Kind.CODE_INTERPRETER: "code interpreter",
}
"""Tools that run at OpenAI. Requests that use them are never free (help article 10306912, read 2026-09-28)."""
