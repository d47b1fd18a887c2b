"""Who uses what in the synthetic organization: one stream is one program with one key and one model."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from msgspec import Struct

LARGE, SMALL = "large", "small"


class People(Struct, frozen=True):
    """What ids are called: projects, users, and keys with their projects; and which projects are archived."""

    projects: Mapping[str, str]
    users: Mapping[str, str]
    keys: Mapping[str, tuple[str, str]]
    archived: frozenset[str] = frozenset()


POOLS = {LARGE: 250_000, SMALL: 2_500_000}
"""The organization is on the usage tier Build: tokens a UTC day."""

_ASSISTANT, _RESEARCH, _LABELS, _LEGACY, _CONTRACTS = (
    "proj_Assistant2kQ9xVb7Lm",
    "proj_Research8Wd3TzHn5P",
    "proj_Labelling4Rc6YsJf1",
    "proj_Reports0Mv7KgXe2Ua",
    "proj_Contracts9Yb3EwQn",
)


class Stream(Struct, frozen=True):
    """Requests of one kind. `requests` a weekday on average, tokens for one request, `peak` an hour in UTC.

    `pool` is the pool that its model belongs to; `shared` says that its project shares its traffic with OpenAI;
    `tool` is the hosted tool that each request calls. Only shared requests of the default tier, in no batch and
    without such tools, are ever free. `odd` ones are billed all the same, and nothing tells why. Another `kind` than
    completions counts its own units, and they stand in `input`.
    """

    model: str
    project: str
    user: str
    key: str
    requests: int
    input: int
    output: int
    pool: str | None = None
    shared: bool = True
    tier: str = "default"
    batch: bool = False
    tool: str | None = None
    odd: bool = False
    peak: float = 13.0
    weekend: float = 0.25
    cached: float = 0.3
    kind: str = "completions"
    api_source: str = "unlabeled"

    @property
    def prices(self) -> tuple[Decimal, Decimal, Decimal]:
        """Return what a million of its units cost in dollars: input, cached input, output."""
        if self.kind == "vector_stores":
            return Decimal("0.0002"), Decimal(0), Decimal(0)
        family = next((name for name in _PRICES if name in self.model), "")
        plain, cached, out = _PRICES.get(family, ("1", "0.1", "5"))
        return Decimal(plain), Decimal(cached), Decimal(out)

    @property
    def may_be_free(self) -> bool:
        """Return whether its requests are free while the pool lasts."""
        plain = self.tier == "default" and not self.batch and self.tool is None and not self.odd
        return self.shared and self.pool is not None and plain


_PRICES = {
    "gpt-5.4-pro": ("30", "30", "180"),
    "gpt-5.4-mini": ("0.75", "0.075", "4.5"),
    "gpt-5.4": ("2.5", "0.25", "15"),
    "gpt-6-astra": ("10", "1", "50"),
    "gpt-6-sol": ("2", "0.2", "10"),
    "gpt-6-luna": ("0.1", "0.01", "0.5"),
    "gpt-6.1-sol": ("2", "0.1", "10"),
    "gpt-5.6-terra": ("2", "0.2", "12"),
    "gpt-5-nano": ("0.05", "0.005", "0.4"),
    "gpt-4o-mini-tts": ("0.6", "0.6", "12"),
    "gpt-4o-mini": ("0.15", "0.075", "0.6"),
    "gpt-4.1-mini": ("0.8", "0.2", "3.2"),
    "gpt-4.1": ("2", "0.5", "8"),
    "text-embedding-3-large": ("0.13", "0.13", "0"),
    "text-embedding": ("0.02", "0.02", "0"),
    "omni-moderation": ("0", "0", "0"),
    "gpt-image": ("40000", "40000", "0"),
    "whisper": ("100", "100", "0"),
}
"""Dollars a million units, by a part of the model's name; the demo's own, near to real ones."""

TOOL_PRICES = {
    "web_search_calls": Decimal("0.01"),
    "file_search_calls": Decimal("0.0025"),
    "code_interpreter_sessions": Decimal("0.03"),
}
"""Dollars a call or session."""

_ADA, _LIN, _SAM, _CI = "user-ada7Bq2", "user-lin4Xw8", "user-sam1Pz6", "user-ci9Nd5"

STREAMS = (
    Stream("gpt-5.4-2026-03-05", _ASSISTANT, _ADA, "key_web31", 260, 430, 160, LARGE, peak=14.0, cached=0.55),
    Stream("gpt-6-sol", _ASSISTANT, _LIN, "key_web31", 120, 520, 210, LARGE, peak=12.5, cached=0.4),
    Stream("gpt-6-astra", _RESEARCH, _SAM, "key_lab07", 34, 1_350, 900, LARGE, peak=15.5, weekend=0.5),
    Stream("gpt-4.1-2025-04-14", _LEGACY, _CI, "key_rep12", 90, 610, 95, LARGE, shared=False, peak=6.0, weekend=1.0),
    Stream("gpt-5.6-terra", _ASSISTANT, _ADA, "key_web31", 640, 520, 140, SMALL, peak=13.5, cached=0.5),
    Stream("gpt-5.4-mini-2026-03-17", _ASSISTANT, _LIN, "key_web31", 910, 380, 75, SMALL, peak=12.0, cached=0.45),
    Stream("gpt-5.4-mini-2026-03-17", _LEGACY, _CI, "key_rep12", 120, 450, 60, SMALL, shared=False, peak=6.5),
    Stream("gpt-5-nano-2025-08-07", _LABELS, _CI, "key_lbl55", 1_900, 210, 18, SMALL, peak=3.0, weekend=1.0),
    Stream(
        "gpt-5-nano-2025-08-07", _LABELS, _CI, "key_lbl55", 800, 240, 20, SMALL, batch=True, peak=2.0, weekend=0.8
    ),
    Stream("gpt-4o-mini-2024-07-18", _RESEARCH, _SAM, "key_lab07", 260, 300, 85, SMALL, peak=16.0),
    Stream("gpt-6.1-sol", _RESEARCH, _SAM, "key_lab07", 48, 900, 420, None, peak=16.5),
    Stream("gpt-5.4-pro-2026-03-05", _RESEARCH, _LIN, "key_lab08", 9, 2_400, 1_900, None, peak=14.5),
    Stream(
        "gpt-6-sol",
        _RESEARCH,
        _LIN,
        "key_lab08",
        26,
        1_100,
        380,
        LARGE,
        tier="flex",
        peak=19.0,
        weekend=0.6,
        api_source="agents_api",
    ),
    Stream(
        "ft:gpt-4.1-mini-2025-04-14:acme:[prod]:Ab12", _ASSISTANT, _ADA, "key_web32", 210, 340, 60, None, peak=13.0
    ),
    Stream("gpt-5.6-terra", _RESEARCH, _SAM, "key_lab07", 44, 850, 240, SMALL, tool="web_search_calls", peak=15.0),
    Stream("gpt-5.6-terra", _RESEARCH, _LIN, "key_lab08", 12, 990, 180, SMALL, tool="file_search_calls", peak=11.0),
    Stream(
        "gpt-6-sol", _RESEARCH, _LIN, "key_lab08", 6, 640, 420, LARGE, tool="code_interpreter_sessions", peak=10.0
    ),
    Stream("gpt-4o-mini-2024-07-18", _ASSISTANT, _ADA, "key_web32", 14, 280, 40, SMALL, odd=True, peak=9.0),
    Stream("gpt-5.4-2026-03-05", _ASSISTANT, _LIN, "key_web31", 5, 500, 180, LARGE, tier="priority", peak=9.5),
    Stream("text-embedding-3-small", _ASSISTANT, _ADA, "key_web31", 700, 190, 0, kind="embeddings", peak=13.0),
    Stream("text-embedding-3-large", _RESEARCH, _SAM, "key_lab07", 120, 420, 0, kind="embeddings", peak=15.0),
    Stream("omni-moderation-latest", _ASSISTANT, _LIN, "key_web31", 400, 130, 0, kind="moderations", peak=13.5),
    Stream("gpt-image-1", _ASSISTANT, _ADA, "key_web32", 18, 2, 0, kind="images", peak=14.0),
    Stream("gpt-4o-mini-tts", _RESEARCH, _SAM, "key_lab07", 22, 900, 0, kind="audio_speeches", peak=16.0),
    Stream("whisper-1", _LEGACY, _CI, "key_rep12", 30, 75, 0, kind="audio_transcriptions", peak=7.0),
    Stream("", _RESEARCH, _LIN, "key_lab08", 4, 3_000_000, 0, kind="vector_stores", peak=11.0),
    Stream("gpt-5.4-mini-2026-03-17", _CONTRACTS, _SAM, "key_con03", 60, 1_900, 120, SMALL, shared=False, peak=10.0),
    Stream(
        "gpt-5.6-terra", _CONTRACTS, _SAM, "key_con03", 8, 1_400, 260, SMALL, shared=False, tier="fast", peak=11.0
    ),
    Stream("gpt-6-luna", _ASSISTANT, _ADA, "key_web31", 150, 240, 12, kind="decisions", peak=14.0),
)

PEOPLE = People(
    {
        _ASSISTANT: "Assistant",
        _RESEARCH: "Research",
        _LABELS: "Labelling",
        _LEGACY: "Reports (2024)",
        _CONTRACTS: "Contracts",
    },
    {_ADA: "Ada Byron", _LIN: "Lin Wei", _SAM: "Sam Okoye", _CI: "CI"},
    {
        "key_web31": ("web", _ASSISTANT),
        "key_web32": ("web-canary", _ASSISTANT),
        "key_lab07": ("notebook", _RESEARCH),
        "key_lab08": ("agents", _RESEARCH),
        "key_lbl55": ("labels", _LABELS),
        "key_rep12": ("nightly", _LEGACY),
        "key_con03": ("review", _CONTRACTS),
    },
    frozenset({_LEGACY}),
)
