"""Where names beside points go so that none covers another. Knows pixels, not meaning."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

LETTER_WIDTH = 6.6
LINE_HEIGHT = 15.0
# On which side of a point its name may stand, with the direction of the name's middle from it.
SIDES = {
    "middle right": (1.0, 0.0),
    "middle left": (-1.0, 0.0),
    "top center": (0.0, 1.0),
    "bottom center": (0.0, -1.0),
}


@dataclass(frozen=True)
class Box:
    """A rectangle in pixels."""

    left: float
    right: float
    bottom: float
    top: float

    def meets(self, other: Box) -> bool:
        """Whether the two share any area."""
        return (
            self.left < other.right and other.left < self.right and self.bottom < other.top and other.bottom < self.top
        )

    def inside(self, other: Box) -> bool:
        """Whether it lies wholly within the other."""
        return (
            self.left >= other.left
            and self.right <= other.right
            and self.bottom >= other.bottom
            and self.top <= other.top
        )


def sides(
    points: Sequence[tuple[float, float]], radii: Sequence[float], names: Sequence[str], plot: Box
) -> list[str | None]:
    """For each point the side its name goes on, None where it would cover something; points and plot in pixels.

    Earlier names are placed first, so pass the important ones first. An empty name takes no room.
    """
    taken = [Box(x - r, x + r, y - r, y + r) for (x, y), r in zip(points, radii, strict=True)]
    placed: list[str | None] = []
    for index, name in enumerate(names):
        side, box = _free_side(points[index], radii[index], name, plot, taken, index) if name else (None, None)
        placed.append(side)
        if box is not None:
            taken.append(box)
    return placed


def _free_side(
    point: tuple[float, float], radius: float, name: str, plot: Box, taken: list[Box], own: int
) -> tuple[str | None, Box | None]:
    width = LETTER_WIDTH * len(name)
    for side, (right, up) in SIDES.items():
        x = point[0] + right * (radius + 4 + width / 2)
        y = point[1] + up * (radius + 2 + LINE_HEIGHT / 2)
        box = Box(x - width / 2, x + width / 2, y - LINE_HEIGHT / 2, y + LINE_HEIGHT / 2)
        if box.inside(plot) and not any(box.meets(other) for index, other in enumerate(taken) if index != own):
            return side, box
    return None, None
