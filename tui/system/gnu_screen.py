"""What GNU screen cannot do of what the terminal around it promises."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping


def is_around(environment: Mapping[str, str]) -> bool:
    """Return whether the program runs in a window of screen. In a tmux inside of it, tmux is the terminal.

    There is no mouse in one: once it is asked for, screen 4 keeps the Escape key until another key follows.
    """
    is_here = environment.get("STY") and not environment.get("TMUX")
    return bool(is_here) and environment.get("TERM", "").startswith("screen")


def forget_true_colour(environment: MutableMapping[str, str]) -> None:
    """Take COLORTERM away inside screen, which inherits it from the terminal around it.

    Screen 4 reads the three numbers of a true colour as attributes of their own: dim, blinking, any background. Its
    256 colours are right, and those TERM tells of.
    """
    if is_around(environment):
        environment.pop("COLORTERM", None)
