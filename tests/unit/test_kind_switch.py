"""From one kind of usage to another and back: a breakdown that the other does not have comes back."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.domain.dimensions import Grouping, dimensions_of, usual
from tui.domain.kinds import Kind
from tui.domain.metrics import metrics
from tui.domain.view import LARGEST_FIRST, View
from tui.ui.kind_switch import KindSwitch

BY_TIER = View(grouping=Grouping(("tier",)))


@pytest.mark.parametrize("kind", [kind for kind in Kind if "tier" not in dimensions_of(kind)])
def test_a_breakdown_that_a_kind_does_not_have_comes_back_with_the_next_that_has_it(kind):
    switch = KindSwitch(())
    other = switch.changed(BY_TIER, kind)
    assert other.grouping == usual(kind)
    assert switch.changed(other, Kind.COMPLETIONS) == BY_TIER


def test_one_that_was_chosen_meanwhile_is_the_users_word():
    switch = KindSwitch(())
    other = switch.changed(BY_TIER, Kind.EMBEDDINGS)
    chosen = replace(other, grouping=Grouping(("project",)))
    assert switch.changed(chosen, Kind.COMPLETIONS).grouping == Grouping(("project",))


def test_what_was_asked_for_at_the_start_is_looked_for_as_far_as_a_kind_knows_it():
    only = (("model", "o3"), ("project", "p"))
    switch, view = KindSwitch(only), View(only=only)
    costs_no_model = next(kind for kind in Kind if "model" not in dimensions_of(kind))
    other = switch.changed(view, costs_no_model)
    assert other.only == (("project", "p"),)
    assert switch.changed(other, Kind.COMPLETIONS).only == only


@given(st.lists(st.sampled_from(Kind), max_size=8))
def test_whatever_kinds_are_gone_through_the_view_is_one_that_there_is(kinds):
    switch, view = KindSwitch(()), BY_TIER
    for kind in kinds:
        view = switch.changed(view, kind)
        assert view.kind is kind
        assert set(view.grouping.dimensions) <= set(dimensions_of(kind))
        assert view.order == LARGEST_FIRST or view.order.by in metrics(kind)
