"""Figure of the peer pairs: where everybody's level in one skill likely lies, by name. Frame in, figure out."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go
import polars as pl

from charts import canvas, palette
from coaching import numbers, pair_words
from coaching.pairing import BETWEEN, GAINS, STRONG

ROW_HEIGHT = 24
LOOKS: dict[str, tuple[str, str, int]] = {
    STRONG: ("diamond", palette.OWN, 11),
    GAINS: ("circle-open", palette.WATCH, 11),
    BETWEEN: ("circle", palette.PEERS, 7),
}
"""Symbol, colour and size of a part."""


def compared(rows: pl.DataFrame, *, sentence: str, scope: str) -> go.Figure:
    """Likely level and its range of everybody with three scores, by name; a dotted line at the middle.

    ``rows``: pairing.COMPARED of one skill. Who has too few scores is not drawn.
    """
    drawn = rows.filter(pl.col("likely").is_not_null()).sort("name", "person_id").to_dicts()
    if not drawn:
        words = "It takes three released scores to compare somebody."
        return go.Figure(data=[], layout=canvas.empty(sentence, scope, words, height=220))
    middle = drawn[0]["middle"]
    top = canvas.title_height(sentence) + 18
    return go.Figure(
        data=[_ranges(drawn), *(_points(drawn, part) for part in LOOKS)],
        layout=canvas.layout(
            sentence,
            scope,
            height=top + 44 + ROW_HEIGHT * max(len(drawn), 2),
            margin={"l": 8, "r": 12, "t": top, "b": 8},
            xaxis=canvas.axis(
                "likely level, 0 to 100",
                range=[-2, 102],
                tickvals=[0, 25, 50, 75, 100],
                showgrid=True,
                gridcolor=palette.GRID,
            ),
            yaxis=canvas.axis(
                range=[len(drawn) - 0.5, -0.5],
                tickvals=list(range(len(drawn))),
                ticktext=[canvas.text(row["name"], 22) + numbers.SPACE for row in drawn],
            ),
            shapes=[
                {
                    "type": "line",
                    "x0": middle,
                    "x1": middle,
                    "yref": "paper",
                    "y0": 0,
                    "y1": 1,
                    "layer": "below",
                    "line": {"color": palette.MUTED, "width": 1, "dash": "dot"},
                }
            ],
            annotations=[canvas.note("middle", x=middle, y=1, yref="paper", yanchor="bottom", xanchor="center")],
        ),
    )


def _ranges(drawn: list[dict[str, Any]]) -> dict[str, Any]:
    xs: list[float | None] = []
    ys: list[int | None] = []
    for place, row in enumerate(drawn):
        xs += [row["likely_low"], row["likely_high"], None]
        ys += [place, place, None]
    return {
        "type": "scatter",
        "mode": "lines",
        "x": xs,
        "y": ys,
        "line": {"width": 2, "color": palette.PEERS},
        "opacity": 0.45,
        "hoverinfo": "skip",
    }


def _points(drawn: list[dict[str, Any]], part: str) -> dict[str, Any]:
    symbol, colour, size = LOOKS[part]
    mine = [(place, row) for place, row in enumerate(drawn) if row["part"] == part]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [row["likely"] for _, row in mine],
        "y": [place for place, _ in mine],
        "marker": {"symbol": symbol, "size": size, "color": colour, "line": {"width": 2, "color": colour}},
        "hovertext": [
            canvas.hover([canvas.text(row["name"], 40), f"{pair_words.PARTS[part]}: {pair_words.compared_words(row)}"])
            for _, row in mine
        ],
        "hoverinfo": "text",
        "cliponaxis": False,
    }
