"""One result of the API's usage, to a row of the domain.

`Result` is the documented shape (OpenAI's OpenAPI document of 2026-08-21, its client library 3.57.0 of 2026-11-20),
and the quick way. What it refuses goes through `lenient`, which costs more and takes all that is unambiguous.
"""

from __future__ import annotations

from collections.abc import Callable
from sys import intern
from typing import Annotated, Any

import msgspec

from tui.domain.rows import Row
from tui.sources.openai.numbers import MOST, amount, count, flag, word

_Count = Annotated[int, msgspec.Meta(ge=0, le=MOST)]
_Seconds = Annotated[float, msgspec.Meta(ge=0, le=MOST)]


class Result(msgspec.Struct, gc=False):
    """The counts of one combination of the grouped fields, as the API sends them."""

    input_tokens: _Count | None = None
    output_tokens: _Count | None = None
    num_model_requests: _Count | None = None
    input_cached_tokens: _Count | None = None
    input_cache_write_tokens: _Count | None = None
    input_cache_write_30m_tokens: _Count | None = None
    input_cache_write_12h_tokens: _Count | None = None
    input_uncached_tokens: _Count | None = None
    input_audio_tokens: _Count | None = None
    input_cached_audio_tokens: _Count | None = None
    output_audio_tokens: _Count | None = None
    input_image_tokens: _Count | None = None
    input_cached_image_tokens: _Count | None = None
    output_image_tokens: _Count | None = None
    num_requests: _Count | None = None
    num_sessions: _Count | None = None
    images: _Count | None = None
    characters: _Count | None = None
    seconds: _Count | _Seconds | None = None
    usage_bytes: _Count | None = None
    model: str | None = None
    service_tier: str | None = None
    project_id: str | None = None
    user_id: str | None = None
    api_key_id: str | None = None
    batch: bool | str | None = None
    size: str | None = None
    source: str | None = None
    vector_store_id: str | None = None
    context_level: str | None = None
    api_source: str | None = None

    @property
    def lacks_tokens(self) -> bool:
        """Return whether how many tokens went in or came out is not told, which completions always tell."""
        return self.input_tokens is None or self.output_tokens is None

    def row(self) -> Row | None:
        """Return the row, or None where the result holds no number at all."""
        if self.input_tokens is None and all(getattr(self, name) is None for name in _NUMBERS):
            return None
        tokens_in = self.input_tokens or 0
        cached = self.input_cached_tokens or 0
        writes = self.input_cache_write_tokens or 0
        if self.input_cache_write_12h_tokens or self.input_cache_write_30m_tokens:
            writes = self._cache_writes(tokens_in - cached)
        uncached = self.input_uncached_tokens
        if uncached is not None and uncached == max(0, tokens_in - cached - writes):
            uncached = None  # nothing that the others do not say
        return Row(
            _one(self.model) or None,
            _one(self.service_tier),
            _one(self.project_id),
            _one(self.user_id),
            _one(self.api_key_id),
            _batch(self.batch) if isinstance(self.batch, str) else self.batch,
            self.size,
            self.source,
            self.vector_store_id,
            self.context_level,
            _one(self.api_source),
            tokens_in,
            self.output_tokens or 0,
            self.num_model_requests or 0,
            cached,
            writes,
            min(self.input_cache_write_12h_tokens or 0, writes),
            self.input_audio_tokens or 0,
            self.input_cached_audio_tokens or 0,
            self.output_audio_tokens or 0,
            self.input_image_tokens or 0,
            self.input_cached_image_tokens or 0,
            self.output_image_tokens or 0,
            self._amount(),
            uncached,
        )

    def _cache_writes(self, not_cached: int) -> int:
        """Return the tokens written to the cache, for 30 minutes and for 12 hours.

        `input_cache_write_tokens` is documented as the sum of both (client library 3.57.0), and comes as those for 30
        minutes alone too. What the uncached tokens leave of the input tells which of the two it is.
        """
        total, short = self.input_cache_write_tokens or 0, self.input_cache_write_30m_tokens
        long = self.input_cache_write_12h_tokens or 0
        if short is not None:
            return max(total, short + long)
        if self.input_uncached_tokens is not None and not_cached - self.input_uncached_tokens in {
            total,
            total + long,
        }:
            return not_cached - self.input_uncached_tokens
        return total if total >= long else total + long  # a sum is no less than its part

    def _amount(self) -> int:
        """Return what a kind of usage that is not counted in tokens counts; seconds are rounded."""
        amounts = (
            self.images, self.characters, self.seconds, self.usage_bytes, self.num_sessions, self.num_requests,
        )  # fmt: skip
        return next((round(amount) for amount in amounts if amount), 0)


def _one(name: str | None) -> str | None:
    """Return the one object for a name that comes in thousands of rows."""
    return None if name is None else intern(name)


_NAMES = Result.__struct_fields__
_NUMBERS = _NAMES[: _NAMES.index("model")]

_NOW = {
    "sessions": "num_sessions",
    "n_requests": "num_model_requests",
    "n_context_tokens_total": "input_tokens",
    "n_generated_tokens_total": "output_tokens",
    "snapshot_id": "model",
}
"""How fields are called now, by the names that they had in the document of 2024-12 and at `/v1/usage` before it."""


def _batch(value: object) -> bool | None:
    """Return whether it was a batch; a word that says neither is not known."""
    try:
        return flag(value)
    except ValueError:
        return {"batch": True, "batched": True}.get(str(value).strip().lower())


_TYPES: dict[str, Callable[[object], Any]] = {
    **dict.fromkeys(_NUMBERS, count),
    **dict.fromkeys(_NAMES[len(_NUMBERS) :], word),
    "seconds": amount,
    "batch": _batch,
}

_DECODER = msgspec.json.Decoder(Result)


def lenient(result: msgspec.Raw) -> Result | None:
    """Return the result in this JSON, with numbers, ids and names taken as they are meant; None for none."""
    try:
        found = _DECODER.decode(result)
        if found.row() is not None:
            return found
    except msgspec.ValidationError:
        pass
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    try:
        return _meant(msgspec.json.decode(result))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def _meant(result: object) -> Result | None:
    if not isinstance(result, dict):
        return None
    values: dict[str, Any] = {}
    try:
        for name, value in result.items():
            known = _NOW.get(name, name)
            if known in _TYPES and (name not in _NOW or known not in result):
                values[known] = _TYPES[known](value)
    except ValueError:
        return None
    found = Result(**values)
    return None if found.row() is None else found
