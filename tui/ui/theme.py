"""The colours. Meaning never rests on them alone: each stands beside a glyph or a word.

What a colour is for has one name in all themes: `theme.INPUT`, `theme.WARNING`. What it looks like is that of the
theme in use, in Rich's words for styles; so a part that is drawn once asks anew when the theme changes.
"""

from __future__ import annotations

from typing import NamedTuple

from textual.color import Color, ColorParseError
from textual.theme import BUILTIN_THEMES, Theme


class Palette(NamedTuple):
    """What is drawn how. Input and output are blue and orange where there are colours: every eye tells them apart.

    `track` is the background of a gauge; `changed` marks a number that is another than at the refresh before, and
    `chosen` what the cursor is on.
    """

    input: str
    output: str
    dim: str
    quiet: str
    warning: str
    error: str
    good: str
    track: str
    changed: str
    chosen: str


_DARK = Palette(
    input="#6cb2eb",
    output="#f2a65a",
    dim="#7f8b99",
    quiet="#a9b4c1",
    warning="#e8c268",
    error="#ef8a80",
    good="#7cc48d",
    track="on #27303b",
    changed="#b9e3c6 underline",
    chosen="on #2a4257",
)
_LIGHT = Palette(
    input="#1a66a8",
    output="#a34f00",
    dim="#66707c",
    quiet="#48525e",
    warning="#7d5a00",
    error="#b3261e",
    good="#1f7a3f",
    track="on #d5dbe2",
    changed="#0f6b39 underline",
    chosen="on #cde1f4",
)
_ANSI = Palette(
    input="cyan",
    output="magenta",
    dim="bright_black",
    quiet="",
    warning="yellow",
    error="red",
    good="green",
    track="",
    changed="green underline",
    chosen="reverse",
)
MONOCHROME = Palette("", "", "dim", "", "bold", "bold", "", "", "underline", "reverse")
"""For those who want no colours (`NO_COLOR`)."""


def _theme(name: str, palette: Palette, *, dark: bool, ground: str, panel: str, text: str, border: str) -> Theme:
    cursor = palette.chosen.removeprefix("on ")
    return Theme(
        name=name,
        dark=dark,
        primary=palette.input,
        secondary=palette.dim,
        accent=palette.input,
        foreground=text,
        background=ground,
        surface=ground,
        panel=panel,
        boost=panel,
        success=palette.good,
        warning=palette.warning,
        error=palette.error,
        variables={
            "border": border,
            "border-blurred": border,
            "block-cursor-background": cursor,
            "block-cursor-foreground": "#ffffff" if dark else "#000000",
            "block-cursor-text-style": "none",
            "block-cursor-blurred-background": cursor,
            "block-cursor-blurred-foreground": text,
            "footer-background": panel,
            "footer-key-foreground": palette.input,
            "footer-description-foreground": palette.quiet,
            "scrollbar": border,
            "scrollbar-background": ground,
            "scrollbar-hover": palette.dim,
            "scrollbar-active": palette.input,
        },
    )


DARK = _theme("dark", _DARK, dark=True, ground="#11151b", panel="#1b222b", text="#d7dde5", border="#34404d")
LIGHT = _theme("light", _LIGHT, dark=False, ground="#fbfbfa", panel="#eceff3", text="#1c232d", border="#b4bec9")
ANSI = Theme(
    name="ansi",
    ansi=True,
    foreground="ansi_default",
    background="ansi_default",
    surface="ansi_default",
    panel="ansi_default",
    boost="ansi_default",
    primary="ansi_cyan",
    secondary="ansi_bright_black",
    accent="ansi_cyan",
    success="ansi_green",
    warning="ansi_yellow",
    error="ansi_red",
    variables={
        **BUILTIN_THEMES["ansi-dark"].variables,
        "border": "ansi_bright_black",
        "border-blurred": "ansi_bright_black",
        "block-cursor-text-style": "reverse",
        "block-cursor-background": "ansi_default",
        "block-cursor-foreground": "ansi_default",
        "block-cursor-blurred-background": "ansi_default",
        "block-cursor-blurred-foreground": "ansi_default",
        "block-cursor-blurred-text-style": "reverse",
        "footer-background": "ansi_default",
        "footer-key-foreground": "ansi_cyan",
        "footer-description-foreground": "ansi_default",
        "scrollbar": "ansi_bright_black",
        "scrollbar-background": "ansi_default",
        "scrollbar-hover": "ansi_cyan",
        "scrollbar-active": "ansi_cyan",
        "scrollbar-corner-color": "ansi_default",
        "scrollbar-background-hover": "ansi_default",
        "scrollbar-background-active": "ansi_default",
    },
)
"""The terminal's own 16 colours, on its own background."""

OWN = {DARK.name: (DARK, _DARK), LIGHT.name: (LIGHT, _LIGHT), ANSI.name: (ANSI, _ANSI)}

NAMES = (*OWN, *sorted(name for name, theme in BUILTIN_THEMES.items() if not theme.ansi))
"""The themes that can be chosen: the program's own, then those that come with Textual."""

_now = _DARK


def use(palette: Palette) -> None:
    """Draw in these colours from now on."""
    global _now  # noqa: PLW0603  a terminal has one theme at a time
    _now = palette


def palette(theme: Theme) -> Palette:
    """Return the colours of a theme, made from its own where it is not one of ours."""
    if theme.name in OWN:
        return OWN[theme.name][1]
    colours = theme.to_color_system().generate()
    ground, text = Color.parse(colours["background"]), Color.parse(colours["foreground"])
    own = {name: colours[name] for name in ("primary", "warning", "error", "success", "panel")}
    return Palette(
        input=own["primary"],
        output=_other(colours, own["primary"]),
        dim=text.blend(ground, 0.45).hex6,
        quiet=text.blend(ground, 0.2).hex6,
        warning=own["warning"],
        error=own["error"],
        good=own["success"],
        track=f"on {ground.blend(text, 0.15).hex6}",
        changed=f"{own['success']} underline",
        chosen=f"on {ground.blend(Color.parse(own['primary']), 0.35).hex6}",
    )


def _other(colours: dict[str, str], one: str) -> str:
    """Return a colour of the theme that is least like this one."""

    def unlike(name: str) -> float:
        try:
            first, second = Color.parse(colours[name]), Color.parse(one)
        except (KeyError, ColorParseError):
            return -1.0
        return sum(abs(a - b) for a, b in zip(first.rgb, second.rgb, strict=True))

    return colours[max(("accent", "secondary", "warning"), key=unlike)]


def on_track(colour: str) -> str:
    """Return the style of a gauge's filled part in this colour."""
    return f"{colour} {_now.track}".strip()


def __getattr__(name: str) -> str:
    """Return how what is called so is drawn in the theme in use: `INPUT`, `OUTPUT`, `DIM` and their sisters."""
    found = getattr(_now, name.lower(), None) if name.isupper() else None
    if found is None:
        raise AttributeError(name)
    return str(found)
