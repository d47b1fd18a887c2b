"""The base URL, and who named it. The rules for where the key may be sent are in `sources/openai/endpoint.py`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

DEFAULT = "https://api.openai.com/v1"


class Origin(Enum):
    """Who named the base URL."""

    DEFAULT = "the default"
    CONFIG = "base_url in config.toml"
    FLAG = "--base-url"
    ENVIRONMENT = "OPENAI_BASE_URL"


@dataclass(frozen=True, slots=True)
class BaseUrl:
    """An address as it was named; `confirmed` is the one in the config file, which vouches for the environment's."""

    address: str = DEFAULT
    origin: Origin = Origin.DEFAULT
    confirmed: str | None = None
