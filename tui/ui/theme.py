"""The colours. Meaning never rests on them alone: each stands beside a glyph or a word."""

from __future__ import annotations

from textual.theme import Theme

INPUT, OUTPUT = "#6cb2eb", "#f2a65a"
"""Blue and orange, which every kind of colour vision tells apart."""

DARK = Theme(
    name="usage-dark",
    dark=True,
    primary="#6cb2eb",
    secondary="#8b98a9",
    accent="#6cb2eb",
    foreground="#d7dde5",
    background="#11151b",
    surface="#11151b",
    panel="#1b222b",
    boost="#1b222b",
    success="#7cc48d",
    warning="#e8c268",
    error="#ef8a80",
    variables={
        "border": "#34404d",
        "border-blurred": "#34404d",
        "block-cursor-background": "#2a4257",
        "block-cursor-foreground": "#ffffff",
        "block-cursor-text-style": "none",
        "block-cursor-blurred-background": "#243341",
        "block-cursor-blurred-foreground": "#d7dde5",
        "footer-background": "#1b222b",
        "footer-key-foreground": "#6cb2eb",
        "footer-description-foreground": "#a9b4c1",
        "scrollbar": "#34404d",
        "scrollbar-background": "#11151b",
        "scrollbar-hover": "#4a5a6b",
        "scrollbar-active": "#6cb2eb",
    },
)

DIM = "#7f8b99"
QUIET = "#a9b4c1"
WARNING, ERROR, GOOD = "#e8c268", "#ef8a80", "#7cc48d"
TRACK = "#27303b"
CHANGED = "#b9e3c6 underline"
"""A number that is another than at the refresh before."""

CHOSEN = "on #2a4257"
"""The background of what the cursor is on."""
