"""The tree of a diagnosis: layers, measures and levers, and beside each how far it is from what noise explains.

Frames in, a figure out; sums nothing. What stands out is told by shape and words as well as by colour.
"""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go
import polars as pl

from charts import canvas, palette

MARKERS: dict[str, tuple[str, str, int]] = {
    "focus": ("diamond", palette.ALERT, 12),
    "short": ("diamond", palette.WATCH, 10),
    "strong": ("triangle-up", palette.OWN, 11),
    "open": ("square-open", palette.WATCH, 9),
    "usual": ("circle", palette.PEERS, 8),
    "unknown": ("circle-open", palette.PEERS, 8),
}
"""Shape, colour and size of a node by its mark."""
ROW_HEIGHT = 25
ROOM_BELOW = 1.0
"""Rows kept free below the last one for the words that say which side is which."""
INDENT, GAP = 0.055, 0.04
"""From a node to those below it, and from a node to its name, as parts of the tree's width."""
TREE_WIDTH = 0.64
"""Share of the width that the tree takes; the rest shows distances."""
WIDEST = 1.9
"""Noise bands to either side; what is further out is drawn there."""
LONGEST_LABEL = 27


def tree(nodes: pl.DataFrame, *, sentence: str, scope: str) -> go.Figure:
    """``nodes``: coaching.diagnosis.view.NODES in order. ``customdata`` of every point is the node's number."""
    if nodes.is_empty():
        return go.Figure(data=[], layout=canvas.empty(sentence, scope, "Nothing has been compared yet."))
    rows = nodes.with_row_index("row").to_dicts()
    height = canvas.title_height(sentence) + 66 + round(ROW_HEIGHT * (len(rows) + ROOM_BELOW))
    return go.Figure(
        data=[_branches(rows), *_marks(rows, "x"), _labels(rows), *_marks(_placed(rows), "x2")],
        layout=canvas.layout(
            sentence,
            scope,
            height=height,
            xaxis=canvas.axis(range=[-0.03, 1], domain=[0, TREE_WIDTH], showticklabels=False),
            xaxis2=canvas.axis(
                range=[-WIDEST - 0.2, WIDEST + 0.2],
                domain=[TREE_WIDTH + 0.01, 1],
                tickvals=[-1, 0, 1],
                ticktext=["", "peers'<br>median", ""],
                side="top",
                anchor="y",
            ),
            yaxis=canvas.axis(range=[len(rows) - 0.4 + ROOM_BELOW, -0.6], showticklabels=False),
            shapes=_band(len(rows)),
            annotations=_sides(len(rows)),
        ),
    )


def _branches(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Lines from each node to its parent: down, then across."""
    by_node = {row["node"]: row for row in rows}
    x: list[float | None] = []
    y: list[float | None] = []
    for row in rows:
        above = by_node.get(row["parent"])
        if above is not None:
            start = above["depth"] * INDENT
            x += [start, start, row["depth"] * INDENT, None]
            y += [above["row"], row["row"], row["row"], None]
    return {
        "type": "scatter",
        "mode": "lines",
        "x": x,
        "y": y,
        "line": {"color": palette.GRID, "width": 1.5},
        "hoverinfo": "skip",
        "name": "branches",
    }


def _placed(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows that have a distance, with the place it is drawn at."""
    return [
        {**row, "x": max(-WIDEST, min(WIDEST, row["noise_share"]))} for row in rows if row["noise_share"] is not None
    ]


def _marks(rows: list[dict[str, Any]], axis: str) -> list[dict[str, Any]]:
    """One trace per mark: the nodes, or (axis x2) their distances."""
    traces = []
    for mark, (symbol, colour, size) in MARKERS.items():
        mine = [row for row in rows if row["mark"] == mark]
        if not mine:
            continue
        traces.append(
            {
                "type": "scatter",
                "mode": "markers",
                "x": [row["x"] if axis == "x2" else row["depth"] * INDENT for row in mine],
                "y": [row["row"] for row in mine],
                "xaxis": axis,
                "marker": {"symbol": symbol, "color": colour, "size": size, "line": {"color": colour, "width": 1.5}},
                "customdata": [row["node"] for row in mine],
                "hovertext": [_hover(row) for row in mine],
                "hoverinfo": "text",
                "name": mark,
            }
        )
    return traces


def _labels(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """The nodes' names with their figures; the focus is named as such."""
    return {
        "type": "scatter",
        "mode": "text",
        "x": [row["depth"] * INDENT + GAP for row in rows],
        "y": [row["row"] for row in rows],
        "text": [_label(row) for row in rows],
        "textposition": "middle right",
        "textfont": {"color": palette.TEXT, "size": canvas.SMALL},
        "customdata": [row["node"] for row in rows],
        "hovertext": [_hover(row) for row in rows],
        "hoverinfo": "text",
        "cliponaxis": False,
        "name": "labels",
    }


def _label(row: dict[str, Any]) -> str:
    between = " " if row["depth"] else ": "
    name = f"{canvas.text(row['label'], LONGEST_LABEL)}{between}{canvas.text(row['own'], 20)}"
    return f"<b>{name}</b>" if row["depth"] == 0 or row["mark"] == "focus" else name


def _hover(row: dict[str, Any]) -> str:
    words = canvas.text(row["says"], 400).split(". ")
    return canvas.hover([f"<b>{canvas.text(row['label'])}</b>", *(f"{part.rstrip('.')}." for part in words if part)])


def _band(count: int) -> list[dict[str, Any]]:
    """What noise explains, and the peers' median."""
    span = {"xref": "x2", "yref": "y", "y0": -0.6, "y1": count - 0.4, "layer": "below"}
    return [
        {**span, "type": "rect", "x0": -1, "x1": 1, "fillcolor": palette.PEERS, "opacity": 0.13, "line": {"width": 0}},
        {**span, "type": "line", "x0": 0, "x1": 0, "line": {"color": palette.MUTED, "width": 1, "dash": "dot"}},
    ]


def _sides(count: int) -> list[dict[str, Any]]:
    """Which side is which, below the last row; the band between needs no name of its own there."""
    place = {"xref": "x2", "yref": "y", "y": count - 0.4, "yanchor": "top"}
    return [
        canvas.note("short", x=-WIDEST - 0.2, xanchor="left", **place),
        canvas.note("beyond", x=WIDEST + 0.2, xanchor="right", **place),
    ]
