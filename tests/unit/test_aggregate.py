"""What is counted of buckets is theirs, whoever else counts and forgets meanwhile."""

from __future__ import annotations

from tests.support.builders import CATALOGUE, day, row
from tui.domain.aggregate import Aggregate
from tui.domain.counted import Counted


def test_what_is_forgotten_while_it_is_counted_is_never_that_of_another_bucket(monkeypatch):
    """A thread counts a bucket that has gone, and another bucket may come to stand at its address."""
    whole = Aggregate(CATALOGUE)
    gone = day(0, row("gpt-5", 1_000_000))
    sums = Counted.sums

    def then_forgotten(self, bucket):
        found = sums(self, bucket)
        whole.retain(())
        return found

    monkeypatch.setattr(Counted, "sums", then_forgotten)
    assert whole.sums(gone)[0].input == 1_000_000
    monkeypatch.undo()
    del gone
    for _ in range(200):
        new = day(0, row("gpt-5", 7))
        assert whole.sums(new)[0].input == 7
        del new
