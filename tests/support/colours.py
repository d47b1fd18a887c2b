"""How far apart colours are, for eyes that see all of them and for the three common kinds of colour blindness."""

from __future__ import annotations

from textual.color import Color

Matrix = tuple[tuple[float, float, float], ...]

EYES: dict[str, Matrix] = {
    "normal": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.01182, 0.04294, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.3039)),
}
"""What of linear red, green and blue arrives: Machado, Oliveira and Fernandes 2009, severity 1."""


def _linear(part: int) -> float:
    share = part / 255
    return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4


def _seen(colour: Color, eye: Matrix) -> tuple[float, float, float]:
    parts = [_linear(part) for part in colour.rgb]
    red, green, blue = (min(1.0, max(0.0, sum(a * b for a, b in zip(row, parts, strict=True)))) for row in eye)
    return red, green, blue


def _lab(red: float, green: float, blue: float) -> tuple[float, float, float]:
    x = (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.9505
    y = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    z = (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.089
    fx, fy, fz = (t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116 for t in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def distance(one: Color, other: Color, eye: Matrix = EYES["normal"]) -> float:
    """Return CIE76's difference of two colours as this eye sees them; about 2 can just be told apart."""
    a, b = _lab(*_seen(one, eye)), _lab(*_seen(other, eye))
    return sum((m - n) ** 2 for m, n in zip(a, b, strict=True)) ** 0.5


def contrast(one: Color, other: Color) -> float:
    """Return the contrast of WCAG 2: 4.5 is wanted of text, 3 of what is drawn."""
    a, b = (
        0.2126 * r + 0.7152 * g + 0.0722 * b for r, g, b in (_seen(each, EYES["normal"]) for each in (one, other))
    )
    return (max(a, b) + 0.05) / (min(a, b) + 0.05)
