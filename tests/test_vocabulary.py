"""What the command line knows without loading the domain is what the domain knows."""

from __future__ import annotations

from tui.domain.grouping import DIMENSIONS
from tui.domain.kinds import Kind
from tui.domain.vocabulary import DIMENSION_NAMES, KIND_NAMES


def test_names_are_those_of_the_domain():
    assert tuple(DIMENSIONS) == DIMENSION_NAMES
    assert tuple(kind.value for kind in Kind) == KIND_NAMES
