"""What GNU screen can show of the colours that the terminal around it promises."""

from __future__ import annotations

from collections.abc import MutableMapping


def forget_true_colour(environment: MutableMapping[str, str]) -> None:
    """Take COLORTERM away inside screen, which inherits it from the terminal around it and promises what it cannot.

    Screen 4 reads the three numbers of a true colour as attributes of their own: dim, blinking, any background. Its
    256 colours are right, and those TERM tells of. tmux inside of it keeps its own promises.
    """
    is_screen = "STY" in environment and environment.get("TERM", "").startswith("screen")
    if is_screen and "TMUX" not in environment:
        environment.pop("COLORTERM", None)
