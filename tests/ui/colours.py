"""Colour arithmetic for tests: WCAG contrast, and how far apart two colours look, also to colour-blind eyes."""

from __future__ import annotations

import math

Colour = tuple[float, float, float]
"""Linear red, green and blue, 0..1."""

# Machado, Oliveira and Fernandes 2009, severity 1: what is left of linear RGB.
EYES: dict[str, tuple[Colour, Colour, Colour]] = {
    "full colour vision": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "red-blind": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "green-blind": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
}


def linear(code: str) -> Colour:
    """#rrggbb as linear light."""
    parts = [int(code[index : index + 2], 16) / 255 for index in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return red, green, blue


def contrast(one: str, other: str) -> float:
    """WCAG 2 contrast of two colours: 1 to 21."""
    light, dark = sorted((_luminance(linear(one)), _luminance(linear(other))), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def mixed(code: str, below: str, share: float) -> str:
    """``code`` drawn with an opacity of ``share`` on top of ``below``."""
    parts = []
    for index in (1, 3, 5):
        upper, lower = int(code[index : index + 2], 16), int(below[index : index + 2], 16)
        parts.append(round(share * upper + (1 - share) * lower))
    return "#" + "".join(f"{part:02x}" for part in parts)


def distance(one: str, other: str, eyes: str) -> float:
    """CIEDE2000 of two colours as ``eyes`` see them: 1 is hardly seen, 10 at a glance."""
    return _ciede2000(_lab(_seen(linear(one), eyes)), _lab(_seen(linear(other), eyes)))


def _luminance(colour: Colour) -> float:
    return 0.2126 * colour[0] + 0.7152 * colour[1] + 0.0722 * colour[2]


def _seen(colour: Colour, eyes: str) -> Colour:
    red, green, blue = (
        min(max(sum(weight * part for weight, part in zip(row, colour, strict=True)), 0.0), 1.0) for row in EYES[eyes]
    )
    return red, green, blue


def _lab(colour: Colour) -> Colour:
    red, green, blue = colour
    x = (0.4124564 * red + 0.3575761 * green + 0.1804375 * blue) / 0.95047
    y = 0.2126729 * red + 0.7151522 * green + 0.0721750 * blue
    z = (0.0193339 * red + 0.1191920 * green + 0.9503041 * blue) / 1.08883
    fx, fy, fz = (part ** (1 / 3) if part > 0.008856 else 7.787 * part + 16 / 116 for part in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def _ciede2000(one: Colour, other: Colour) -> float:
    chroma = (math.hypot(*one[1:]) + math.hypot(*other[1:])) / 2
    stretch = 1 + 0.5 * (1 - math.sqrt(chroma**7 / (chroma**7 + 25**7)))
    (l1, a1, b1), (l2, a2, b2) = (one[0], one[1] * stretch, one[2]), (other[0], other[1] * stretch, other[2])
    c1, c2 = math.hypot(a1, b1), math.hypot(a2, b2)
    h1, h2 = math.degrees(math.atan2(b1, a1)) % 360, math.degrees(math.atan2(b2, a2)) % 360
    turn = (h2 - h1 + 180) % 360 - 180
    hue = (h1 + turn / 2) % 360
    middle, mean = (l1 + l2) / 2, (c1 + c2) / 2
    weight = (
        1
        - 0.17 * math.cos(math.radians(hue - 30))
        + 0.24 * math.cos(math.radians(2 * hue))
        + 0.32 * math.cos(math.radians(3 * hue + 6))
        - 0.20 * math.cos(math.radians(4 * hue - 63))
    )
    lightness = (l2 - l1) / (1 + 0.015 * (middle - 50) ** 2 / math.sqrt(20 + (middle - 50) ** 2))
    saturation = (c2 - c1) / (1 + 0.045 * mean)
    rotation = 2 * math.sqrt(c1 * c2) * math.sin(math.radians(turn / 2)) / (1 + 0.015 * mean * weight)
    cross = -2 * math.sqrt(mean**7 / (mean**7 + 25**7))
    cross *= math.sin(math.radians(60 * math.exp(-(((hue - 275) / 25) ** 2))))
    return math.sqrt(lightness**2 + saturation**2 + rotation**2 + cross * saturation * rotation)
