"""Estimates and their intervals as traces: points with whiskers, pale where they rest on little. Knows no layout."""

from __future__ import annotations

from typing import Any

from charts import canvas, palette

PALE, FULL = 0.4, 1.0


def points(rows: list[dict[str, Any]], x: str) -> list[dict[str, Any]]:
    """Estimates with their whiskers, pale where they rest on little; the line between them leads the eye."""
    line = {
        "type": "scatter",
        "mode": "lines",
        "x": [row[x] for row in rows],
        "y": [row["estimate"] for row in rows],
        "line": {"color": palette.OWN, "width": 1},
        "hoverinfo": "skip",
        "showlegend": False,
        "name": "line",
    }
    return [line] + [
        {
            "type": "scatter",
            "mode": "markers",
            "x": [row[x] for row in mine],
            "y": [row["estimate"] for row in mine],
            "opacity": strength,
            "marker": {"size": 9, "color": palette.OWN},
            "error_y": canvas.whiskers(mine, "estimate"),
            "hovertext": [canvas.text(row["says"], 140) for row in mine],
            "hoverinfo": "text",
            "name": name,
        }
        for name, strength, mine in (
            ("each point by itself", FULL, [row for row in rows if not row["is_thin"]]),
            ("few rep-months", PALE, [row for row in rows if row["is_thin"]]),
        )
        if mine
    ]


def reach_of_points(rows: list[dict[str, Any]]) -> tuple[float, float]:
    """The span of what is not thin: one point of two rep-months would flatten all others."""
    wide = [row for row in rows if not row["is_thin"]] or rows
    ends = [row[key] for row in wide for key in ("low", "high", "estimate") if row[key] is not None]
    return min(0.0, *ends) * 1.1, max(0.0, *ends) * 1.1
