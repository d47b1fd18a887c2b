"""The colours. Meaning never rests on them alone: each stands beside a glyph or a word.

What a colour is for has one name in all themes: `theme.INPUT`, `theme.WARNING`. Each is a variable of Textual's
theme, so what is drawn with it follows the theme by itself. A theme is a `Theme` in `OWN`, and nothing else.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from rich.style import Style as RichStyle
from textual.color import Color, ColorParseError
from textual.style import Style
from textual.theme import BUILTIN_THEMES, Theme

INPUT, OUTPUT = "$tokens-in", "$tokens-out"
"""Blue and orange in the program's own themes: every eye tells them apart."""

FREE, BILLED = "$tokens-free", "$tokens-billed"
"""Green and purple there: a pair of their own, which mean nothing else."""

FAINT, MUTED = "$faint", "$muted"
GOOD, WARNING, ERROR = "$good", "$caution", "$failure"
"""How a pool goes on, and what is right, doubtful or wrong: teal, yellow and red."""

CHANGED = "$changed"
"""A number that is another than at the refresh before."""

SELECTED = "$selection"
"""What the cursor is on."""

TRACK, ON_TRACK = "$gauge", "$on-gauge"
"""What of a gauge is not filled, as a line, and as the background of the filled part."""

HEAT = ("$heat-1", "$heat-2", "$heat-3", "$heat-4")
"""Shades of one hue for the levels of a day in the year, the faintest first; each level has a sign of its own too."""

_STYLES = (INPUT, OUTPUT, FREE, BILLED, TRACK, FAINT, MUTED, WARNING, ERROR, GOOD, CHANGED, SELECTED, ON_TRACK, *HEAT)


_SHADES = (0.55, 0.7, 0.85, 1.0)
"""How much of the hue is in each shade; the rest is the background."""


def _heat(ground: str, hue: str) -> dict[str, str]:
    """Return the shades between the background and this colour."""
    colour = Color.parse(ground)
    return {name: colour.blend(Color.parse(hue), share).hex6 for name, share in zip(HEAT, _SHADES, strict=True)}


def _theme(
    name: str, styles: dict[str, str], *, dark: bool, ground: str, panel: str, text: str, border: str
) -> Theme:
    cursor = styles[SELECTED].removeprefix("on ")
    return Theme(
        name=name,
        dark=dark,
        primary=styles[INPUT],
        secondary=styles[FAINT],
        accent=styles[MUTED],
        foreground=text,
        background=ground,
        surface=ground,
        panel=panel,
        boost=panel,
        success=styles[GOOD],
        warning=styles[WARNING],
        error=styles[ERROR],
        variables={
            **_variables(styles),
            "border": border,
            "border-blurred": border,
            "block-cursor-background": cursor,
            "block-cursor-foreground": "#ffffff" if dark else "#000000",
            "block-cursor-text-style": "none",
            "block-cursor-blurred-background": cursor,
            "block-cursor-blurred-foreground": text,
            "footer-background": panel,
            "footer-key-foreground": text,
            "footer-description-foreground": styles[MUTED],
            "scrollbar": border,
            "scrollbar-background": ground,
            "scrollbar-hover": styles[FAINT],
            "scrollbar-active": styles[MUTED],
        },
    )


def _variables(styles: dict[str, str]) -> dict[str, str]:
    return {name.removeprefix("$"): style for name, style in styles.items()}


DARK = _theme(
    "dark",
    {
        INPUT: "#6cb2eb",
        OUTPUT: "#f2a65a",
        FREE: "#8fc866",
        BILLED: "#d99be8",
        TRACK: "#45525f",
        FAINT: "#7f8b99",
        MUTED: "#a9b4c1",
        WARNING: "#ecd06f",
        ERROR: "#f0766c",
        GOOD: "#4fd0c0",
        CHANGED: "bold underline",
        SELECTED: "on #2a4257",
        ON_TRACK: "on #27303b",
        **_heat("#11151b", "#4fc3f7"),
    },
    dark=True,
    ground="#11151b",
    panel="#1b222b",
    text="#d7dde5",
    border="#34404d",
)
LIGHT = _theme(
    "light",
    {
        INPUT: "#1a66a8",
        OUTPUT: "#a34f00",
        FREE: "#3f7418",
        BILLED: "#8a35a8",
        TRACK: "#a9b4bf",
        FAINT: "#5f6974",
        MUTED: "#48525e",
        WARNING: "#826900",
        ERROR: "#a00c2b",
        GOOD: "#00706c",
        CHANGED: "bold underline",
        SELECTED: "on #cde1f4",
        ON_TRACK: "on #d5dbe2",
        **_heat("#fbfbfa", "#0a4f8f"),
    },
    dark=False,
    ground="#fbfbfa",
    panel="#eceff3",
    text="#1c232d",
    border="#b4bec9",
)
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
    accent="ansi_default",
    success="ansi_green",
    warning="ansi_yellow",
    error="ansi_red",
    variables={
        **BUILTIN_THEMES["ansi-dark"].variables,
        **_variables(
            {
                INPUT: "ansi_cyan",
                OUTPUT: "bold",
                FREE: "ansi_bright_blue",
                BILLED: "ansi_magenta",
                TRACK: "ansi_bright_black",
                FAINT: "ansi_bright_black",
                MUTED: "",
                WARNING: "ansi_yellow",
                ERROR: "ansi_red",
                GOOD: "ansi_green",
                CHANGED: "bold underline",
                SELECTED: "reverse",
                ON_TRACK: "",
                **dict.fromkeys(HEAT, "ansi_cyan"),
            }
        ),
        "border": "ansi_bright_black",
        "border-blurred": "ansi_bright_black",
        "block-cursor-text-style": "reverse",
        "block-cursor-background": "ansi_default",
        "block-cursor-foreground": "ansi_default",
        "block-cursor-blurred-background": "ansi_default",
        "block-cursor-blurred-foreground": "ansi_default",
        "block-cursor-blurred-text-style": "reverse",
        "footer-background": "ansi_default",
        "footer-key-foreground": "ansi_default",
        "footer-description-foreground": "ansi_default",
        "scrollbar": "ansi_bright_black",
        "scrollbar-background": "ansi_default",
        "scrollbar-hover": "ansi_default",
        "scrollbar-active": "ansi_default",
        "scrollbar-corner-color": "ansi_default",
        "scrollbar-background-hover": "ansi_default",
        "scrollbar-background-active": "ansi_default",
    },
)
"""The terminal's own 16 colours, on its own background."""

MONOCHROME = replace(
    ANSI,
    name="monochrome",
    variables=ANSI.variables
    | _variables(
        dict.fromkeys(_STYLES, "")
        | {FAINT: "dim", TRACK: "dim", WARNING: "bold", ERROR: "bold", CHANGED: "underline", SELECTED: "reverse"}
    ),
)
"""For those who want no colours (`NO_COLOR`)."""

OWN = {theme.name: theme for theme in (DARK, LIGHT, ANSI)}

NAMES = (*OWN, *sorted(name for name, theme in BUILTIN_THEMES.items() if not theme.ansi))
"""The themes that can be chosen: the program's own, then those that come with Textual."""


def variables_of(theme: Theme) -> dict[str, str]:
    """Return the variables that a theme of Textual's lacks, made from its own colours."""
    if OUTPUT.removeprefix("$") in theme.variables:
        return {}
    colours = theme.to_color_system().generate()
    ground, text = Color.parse(colours["background"]), Color.parse(colours["foreground"])
    primary = Color.parse(colours["primary"])
    own = DARK if theme.dark else LIGHT
    return _variables(
        {
            INPUT: colours["primary"],
            OUTPUT: _other(colours, primary, own.variables[OUTPUT.removeprefix("$")]),
            FREE: own.variables[FREE.removeprefix("$")],
            BILLED: own.variables[BILLED.removeprefix("$")],
            TRACK: text.blend(ground, 0.7).hex6,
            FAINT: text.blend(ground, 0.45).hex6,
            MUTED: text.blend(ground, 0.2).hex6,
            WARNING: colours["warning"],
            ERROR: colours["error"],
            GOOD: colours["success"],
            CHANGED: "bold underline",
            SELECTED: f"on {ground.blend(primary, 0.35).hex6}",
            ON_TRACK: f"on {ground.blend(text, 0.15).hex6}",
            **_heat(colours["background"], colours["primary"]),
        }
    )


_ALIKE = 60
"""So little apart, in the sum of red, green and blue, are two colours that are hard to tell."""


def _other(colours: dict[str, str], one: Color, usual: str) -> str:
    """Return the colour of the theme that is least like this one and means nothing else, or else the usual one."""
    taken = {Color.parse(colours[name]).hex6 for name in ("success", "warning", "error")}

    def unlike(colour: Color) -> float:
        return sum(abs(a - b) for a, b in zip(colour.rgb, one.rgb, strict=True))

    found = []
    for name in ("accent", "secondary"):
        with suppress(KeyError, ColorParseError):
            found.append(Color.parse(colours[name]))
    found = [colour for colour in found if colour.hex6 not in taken and unlike(colour) > _ALIKE]
    return max(found, key=unlike).hex6 if found else usual


def rich_styles(variables: dict[str, str]) -> dict[str, RichStyle]:
    """Return what the styles are in Rich's terms, by the same names: the cells of a DataTable are Rich's."""
    return {name: Style.parse(variables[name.removeprefix("$")], {}).rich_style for name in _STYLES}
