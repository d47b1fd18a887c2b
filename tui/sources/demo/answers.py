"""What the demo's API answers: one description for each endpoint, with the fields and counts that are documented."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from msgspec import Struct

from tui.sources.demo.organization import Record

Result = dict[str, object]


class Answers(Struct, frozen=True):
    """One usage endpoint: its results' `object`, the fields to group by, which records count, and what is counted."""

    name: str
    fields: tuple[str, ...]
    counts: Callable[[Record], bool]
    metrics: Callable[[list[Record]], Result]

    def results(
        self, records: Iterable[Record], group_by: list[str], wanted: Mapping[str, set[str]]
    ) -> Iterator[Result]:
        """Yield one result a group of the records that the filters let through."""
        groups: dict[tuple[object, ...], list[Record]] = {}
        for record in filter(self.counts, records):
            values = _values(record)
            if all(str(values[field]).lower() in allowed for field, allowed in wanted.items()):
                key = tuple(values[field] if field in group_by else None for field in self.fields)
                groups.setdefault(key, []).append(record)
        for key, group in groups.items():
            yield {"object": self.name, **self.metrics(group), **dict(zip(self.fields, key, strict=True))}


def _values(record: Record) -> Result:
    stream = record.stream
    return {
        "project_id": stream.project,
        "user_id": stream.user,
        "api_key_id": stream.key,
        "model": stream.model,
        "batch": stream.batch,
        "service_tier": record.service_tier,
        "vector_store_id": "vs_handbook",
        "context_level": "medium",
        "size": "1024x1024",
        "source": "image.generation",
        "api_source": stream.api_source,
    }


def _tokens(group: list[Record]) -> Result:
    tokens_in, cached = sum(r.input for r in group), sum(r.cached for r in group)
    tokens_out = sum(r.output for r in group)
    return {
        "input_tokens": tokens_in,
        "input_cached_tokens": cached,
        "input_cache_write_tokens": 0,
        "input_uncached_tokens": tokens_in - cached,
        "output_tokens": tokens_out,
        "input_text_tokens": tokens_in - cached,
        "output_text_tokens": tokens_out,
        "input_cached_text_tokens": cached,
        "input_audio_tokens": 0,
        "input_cached_audio_tokens": 0,
        "output_audio_tokens": 0,
        "input_image_tokens": 0,
        "input_cached_image_tokens": 0,
        "output_image_tokens": 0,
        "num_model_requests": sum(r.requests for r in group),
    }


def _of(kind: str) -> Callable[[Record], bool]:
    return lambda record: record.stream.kind == kind


def _counted(name: str) -> Callable[[list[Record]], Result]:
    """Return how an endpoint counts whose units are in the records' input."""
    return lambda group: {name: sum(record.input for record in group), "num_model_requests": _requests(group)}


def _calls_of(tool: str) -> Callable[[Record], bool]:
    return lambda record: record.stream.tool == tool


def _requests(group: list[Record]) -> int:
    return sum(record.requests for record in group)


_BY_MODEL = ("project_id", "user_id", "api_key_id", "model")
_OF_TOKENS = (*_BY_MODEL, "batch", "service_tier", "api_source")

ENDPOINTS = {
    "completions": Answers(
        "organization.usage.completions.result",
        _OF_TOKENS,
        _of("completions"),
        _tokens,
    ),
    "decisions": Answers("organization.usage.decisions.result", _OF_TOKENS, _of("decisions"), _tokens),
    "embeddings": Answers(
        "organization.usage.embeddings.result", _BY_MODEL, _of("embeddings"), _counted("input_tokens")
    ),
    "moderations": Answers(
        "organization.usage.moderations.result", _BY_MODEL, _of("moderations"), _counted("input_tokens")
    ),
    "images": Answers(
        "organization.usage.images.result", (*_BY_MODEL, "size", "source"), _of("images"), _counted("images")
    ),
    "audio_speeches": Answers(
        "organization.usage.audio_speeches.result", _BY_MODEL, _of("audio_speeches"), _counted("characters")
    ),
    "audio_transcriptions": Answers(
        "organization.usage.audio_transcriptions.result", _BY_MODEL, _of("audio_transcriptions"), _counted("seconds")
    ),
    "vector_stores": Answers(
        "organization.usage.vector_stores.result",
        ("project_id",),
        _of("vector_stores"),
        lambda group: {"usage_bytes": sum(record.input for record in group)},
    ),
    "file_search_calls": Answers(
        "organization.usage.file_searches.result",
        ("project_id", "user_id", "api_key_id", "vector_store_id"),
        _calls_of("file_search_calls"),
        lambda group: {"num_requests": _requests(group)},
    ),
    "web_search_calls": Answers(
        "organization.usage.web_searches.result",
        (*_BY_MODEL, "context_level", "api_source"),
        _calls_of("web_search_calls"),
        lambda group: {"num_model_requests": _requests(group), "num_requests": _requests(group)},
    ),
    "code_interpreter_sessions": Answers(
        "organization.usage.code_interpreter_sessions.result",
        ("project_id",),
        _calls_of("code_interpreter_sessions"),
        lambda group: {"num_sessions": _requests(group)},
    ),
}
"""By the last part of the path."""
