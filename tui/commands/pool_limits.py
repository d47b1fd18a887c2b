"""How large the pools are, for those who only compare with it."""

from __future__ import annotations

from tui.domain.pools import Limit
from tui.engine.engine import Engine
from tui.engine.plan import PoolParts
from tui.errors import TuiError

_ONLY_LIMITS = PoolParts(minutes=False, hours=False)


async def pool_limits(engine: Engine) -> dict[str, Limit]:
    """Return the limits of today's pools by name, none where they cannot be read."""
    try:
        answer = await engine.read_pools(parts=_ONLY_LIMITS)
    except TuiError:
        return {}
    return {pool.name: pool.limit for pool in answer.pool_inputs.pools(engine.state.catalogue)}
