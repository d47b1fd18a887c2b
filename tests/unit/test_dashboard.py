"""The dashboard, driven with keys."""

from __future__ import annotations

from tui.ui import actions


def test_every_action_has_a_name_keys_and_a_function_of_its_own():
    for each in (
        [action.name for action in actions.ACTIONS],
        [key for action in actions.ACTIONS for key in action.keys],
        [action.run for action in actions.ACTIONS],
    ):
        assert len(each) == len(set(each))
