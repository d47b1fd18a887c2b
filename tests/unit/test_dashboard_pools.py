"""The dashboard on free and billed tokens: columns, facts, the pool bar, alerts, and why."""

from __future__ import annotations

from dataclasses import replace

from tests.support.builders import FREE, Memory, day, engine, row


async def test_a_history_that_is_not_whole_costs_nothing_once_a_day_of_it_proves_the_limit(catalogue):
    proof = day(1, row("gpt-6-sol", 400_000, 0, service_tier=FREE))

    class Short(Memory):
        async def pages(self, query):
            async for each in super().pages(query):
                yield replace(each, buckets=each.buckets[-3:])

    pool_inputs = (await engine(Short(proof), catalogue).read_pools()).pool_inputs
    assert not pool_inputs.history_complete
    assert pool_inputs.knows_limits(catalogue)
    assert not (await engine(Short(), catalogue).read_pools()).pool_inputs.knows_limits(catalogue)
