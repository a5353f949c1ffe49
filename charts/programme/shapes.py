"""Lines and areas below the marks, as shapes of a layout. Reads no frame."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from charts import palette

DOTTED: dict[str, Any] = {
    "type": "line",
    "line": {"color": palette.MUTED, "width": 1, "dash": "dot"},
    "layer": "below",
}


def between(
    ends: Sequence[tuple[Any, float | None, float | None]], colour: str, strength: float, name: str
) -> list[dict[str, Any]]:
    """The area between two lines, as a shape: a filled line has one strength only. Empty where there is none."""
    known = [(x, low, high) for x, low, high in ends if low is not None and high is not None]
    if len(known) < 2:
        return []
    there = [f"{x},{low}" for x, low, _ in known]
    back = [f"{x},{high}" for x, _, high in reversed(known)]
    return [
        {
            "type": "path",
            "path": f"M{'L'.join(there + back)}Z",
            "fillcolor": colour,
            "opacity": strength,
            "line": {"width": 0},
            "layer": "below",
            "name": name,
            "showlegend": True,
        }
    ]


def band(start: float, end: float, colour: str, strength: float) -> dict[str, Any]:
    """From ``start`` to ``end`` of the horizontal axis, over the whole height."""
    return {
        "type": "rect",
        "xref": "x",
        "yref": "paper",
        "x0": start,
        "x1": end,
        "y0": 0,
        "y1": 1,
        "fillcolor": colour,
        "opacity": strength,
        "line": {"width": 0},
        "layer": "below",
    }


def upright(at: float) -> dict[str, Any]:
    """A dotted line at a place of the horizontal axis."""
    return DOTTED | {"xref": "x", "x0": at, "x1": at, "yref": "paper", "y0": 0, "y1": 1}


def level(at: float) -> dict[str, Any]:
    """A dotted line at a height of the vertical axis."""
    return DOTTED | {"xref": "paper", "x0": 0, "x1": 1, "yref": "y", "y0": at, "y1": at}
