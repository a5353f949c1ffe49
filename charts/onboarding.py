"""The ten shadowed cycles by stage: a filled mark for what was seen, an open one for what is still to see."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go
import polars as pl

from charts import canvas, palette
from coaching import numbers
from coaching.onboarding import CYCLES, STAGES


def cycles(grid: pl.DataFrame, *, sentence: str, scope: str) -> go.Figure:
    """Stages by cycle. ``grid``: number, stage, seen_on, noticed, seller_name for every cycle and stage."""
    rows = grid.to_dicts()
    seen = [row for row in rows if row["seen_on"] is not None]
    missing = [row for row in rows if row["seen_on"] is None]
    data = [
        _marks(missing, "circle-open", palette.GRID, [f"{_place(row)}: not seen yet" for row in missing]),
        _marks(seen, "circle", palette.OWN, [_in_words(row) for row in seen]),
    ]
    names = list(STAGES.values())
    return go.Figure(
        data=data,
        layout=canvas.layout(
            sentence,
            scope,
            height=340,
            xaxis=canvas.axis("cycle", tickvals=list(range(1, CYCLES + 1)), range=[0.4, CYCLES + 0.6]),
            yaxis=canvas.axis(
                type="category",
                categoryorder="array",
                categoryarray=names[::-1],
                range=[-0.6, len(names) - 0.4],
            ),
        ),
    )


def _marks(rows: list[dict[str, Any]], symbol: str, colour: str, words: list[str]) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [row["number"] for row in rows],
        "y": [STAGES[row["stage"]] for row in rows],
        "marker": {"symbol": symbol, "size": 16, "color": colour, "line": {"width": 2, "color": colour}},
        "hovertext": words,
        "hoverinfo": "text",
    }


def _place(row: dict[str, Any]) -> str:
    return f"<b>Cycle {row['number']}, {STAGES[row['stage']].lower()}</b>"


def _in_words(row: dict[str, Any]) -> str:
    with_whom = f" with {canvas.text(row['seller_name'])}" if row["seller_name"] else ""
    return canvas.hover([_place(row), f"{numbers.day(row['seen_on'])}{with_whom}", canvas.text(row["noticed"], 120)])
