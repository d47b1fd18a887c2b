"""A large organization: many projects with some keys each, which use some of many models."""

from __future__ import annotations

import random

from tui.sources.demo.organization import Organization
from tui.sources.demo.workloads import PEOPLE, STREAMS, People, Stream

_MODELS_A_KEY = 5
_KNOWN = tuple(
    (stream.model, stream.pool)
    for stream in STREAMS
    if stream.kind == "completions" and not stream.model.startswith("ft:")
)
_WORDS = ("atlas", "billing", "canvas", "docs", "edge", "forms", "graph", "hub", "index", "jobs", "ledger", "wiki")
_NAMES = ("Ada", "Ben", "Chi", "Dara", "Eli", "Fay", "Gus", "Hana", "Ivo", "Jun", "Kai", "Lea", "Mio", "Nia", "Zoe")


def organization(seed: int, *, projects: int, models: int, keys: int) -> Organization:
    """Return an organization of so many projects, models, and keys a project; the same seed gives the same one.

    A key uses five of the models: 200 projects with 5 keys each are 5,000 rows a day.
    """
    chance = random.Random(f"{seed}:large")  # noqa: S311  a synthetic organization, not a secret
    names = _models(models)
    users = {
        f"user-{place:04d}": f"{_NAMES[place % len(_NAMES)]} {place:04d}" for place in range(max(1, projects // 2))
    }
    known_projects: dict[str, str] = {}
    known_keys: dict[str, tuple[str, str]] = {}
    streams = []
    for number in range(projects):
        project = f"proj_{chance.randrange(16**12):012x}"
        known_projects[project] = f"{_WORDS[number % len(_WORDS)]}-{number:03d}"
        is_shared = chance.random() < 0.7
        for place in range(keys):
            key = f"key_{chance.randrange(16**10):010x}"
            known_keys[key] = (f"{known_projects[project]}-{place}", project)
            user = chance.choice(list(users))
            for model, pool in chance.sample(names, min(_MODELS_A_KEY, len(names))):
                streams.append(
                    Stream(
                        model,
                        project,
                        user,
                        key,
                        chance.randrange(5, 60),
                        chance.randrange(100, 1_200),
                        chance.randrange(20, 400),
                        pool,
                        shared=is_shared,
                        peak=chance.uniform(6, 20),
                        weekend=0.4,
                    )
                )
    # Other usage than completions is that of the small organization.
    streams += [stream for stream in STREAMS if stream.kind != "completions" or stream.tool is not None]
    known_projects |= PEOPLE.projects
    known_keys |= PEOPLE.keys
    users |= PEOPLE.users
    archived = frozenset(list(known_projects)[::17])
    return Organization(seed, streams, People(known_projects, users, known_keys, archived))


def _models(count: int) -> list[tuple[str, str | None]]:
    """Return so many models: those that everybody knows, then invented ones, and the pools that they are in."""
    known = list(dict.fromkeys(_KNOWN))
    invented = [(f"ft:gpt-4.1-mini:acme:task-{number:02d}", None) for number in range(max(0, count - len(known)))]
    return [*known, *invented][:count]
