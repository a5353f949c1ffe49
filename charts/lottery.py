"""The waves of a drawn starting order: how many have begun, wait, are to come or have left. Sums nothing."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go
import polars as pl

from charts import canvas, palette
from coaching import numbers

STATES = {
    "begun": ("have begun", palette.OWN, ""),
    "waiting": ("day has come, no session yet", palette.WATCH, ""),
    "to_come": ("still to start", palette.GRID, ""),
    "left": ("left before their day", palette.PEERS, "/"),
}
"""Name, colour and pattern of each part of a wave."""
BAR = 34


def waves(frame: pl.DataFrame, *, sentence: str, scope: str) -> go.Figure:
    """A bar of reps per wave, the first on top. ``frame``: wave, starts_on, reps, begun, waiting, to_come, left."""
    rows = frame.sort("wave").to_dicts()
    names = [f"Wave {row['wave']}, {numbers.day(row['starts_on'])}" for row in rows]
    height = 130 + BAR * max(len(rows), 2)
    shown = [state for state in STATES if any(row[state] for row in rows)]
    return go.Figure(
        data=[_part(state, rows, names) for state in shown],
        layout=canvas.layout(
            sentence,
            scope,
            height=height,
            barmode="stack",
            bargap=0.35,
            showlegend=True,
            legend={"orientation": "h", "x": 0, "y": -0.12, "yanchor": "top", "traceorder": "normal"},
            margin={"l": 8, "r": 12, "t": canvas.title_height(sentence), "b": 36, "pad": 0, "autoexpand": True},
            xaxis=canvas.axis("", range=[0, max(row["reps"] for row in rows)], showticklabels=False),
            yaxis=canvas.axis(type="category", categoryorder="array", categoryarray=names[::-1]),
        ),
    )


def _part(state: str, rows: list[dict[str, Any]], names: list[str]) -> dict[str, Any]:
    words, colour, pattern = STATES[state]
    return {
        "type": "bar",
        "orientation": "h",
        "name": words,
        "x": [row[state] for row in rows],
        "y": names,
        "text": [str(row[state]) if row[state] else "" for row in rows],
        "textposition": "inside",
        "insidetextanchor": "middle",
        "insidetextfont": {"color": palette.TEXT if state == "to_come" else palette.PAPER, "size": 13},
        "textangle": 0,
        # An outline, since the fill of what is still to come is hardly darker than the page.
        "marker": {
            "color": colour,
            "pattern": {"shape": pattern, "solidity": 0.25},
            "line": {"color": palette.PEERS, "width": 1 if state == "to_come" else 0},
        },
        "hovertext": [
            f"<b>{name}</b><br>{numbers.plural(row[state], 'rep')}: {words}"
            for name, row in zip(names, rows, strict=True)
        ],
        "hoverinfo": "text",
    }
