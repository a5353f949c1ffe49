"""Rows whose name stands above their mark, as a phone needs them. Knows places, not what a row is about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from charts import canvas, palette

ROW_HEIGHT = 44
"""Of a row whose name stands above its mark: a phone has no room for both side by side."""
NAME_ABOVE, MARK_BELOW = 0.2, 0.2
"""How far a row's name stands above the middle of its row, and its mark below."""
LAST_TICK = 26
"""Pixels right of a horizontal scale, so that its last figure is not cut off and dropped."""


def row_margin(sentence: str) -> dict[str, int]:
    """Of a picture of rows: its last figure on the scale has room."""
    return {"l": 8, "r": LAST_TICK, "t": canvas.title_height(sentence), "b": 8}


def row_names(rows: Sequence[tuple[str, str, bool]]) -> list[dict[str, Any]]:
    """Above each row's mark its name on the left and its figure on the right; the third says whether it is bold."""
    found = []
    for place, (name, figure, is_bold) in enumerate(rows):
        for words, x, side in ((name, 0, "left"), (figure, 1, "right")):
            shown = canvas.text(words)
            found.append(
                canvas.note(
                    f"<b>{shown}</b>" if is_bold else shown,
                    xref="paper",
                    x=x,
                    xanchor=side,
                    y=place - NAME_ABOVE,
                    yanchor="middle",
                    # Names cross the lines of the scale; a little paper behind them keeps them readable.
                    bgcolor=palette.PAPER,
                    borderpad=0,
                    font={"size": canvas.SMALL, "color": palette.TEXT},
                )
            )
    return found


def row_dots(rows: list[tuple[int, dict[str, Any]]], marker: dict[str, Any], width: float) -> dict[str, Any]:
    """Estimates with their intervals, each a little below the middle of its row: the row's name stands above."""
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [row["estimate"] for _, row in rows],
        "y": [place + MARK_BELOW for place, _ in rows],
        "marker": marker,
        "error_x": canvas.whiskers([row for _, row in rows], "estimate", colour=marker["color"], thickness=width),
        "hoverinfo": "text",
        "cliponaxis": False,
    }
