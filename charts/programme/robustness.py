"""The figure beside other ways of counting the same effect. Judges none of them."""

from __future__ import annotations

import textwrap
from typing import Any

import plotly.graph_objects as go
import polars as pl

from charts import canvas, palette, units
from charts.programme.rows import LAST_TICK, ROW_HEIGHT, row_dots, row_names
from charts.programme.shapes import upright
from charts.programme.surroundings import nothing
from coaching import numbers
from coaching.metrics import Unit

MARKS = {
    "headline": ("diamond", palette.OWN, 13, 3.0),
    "check": ("circle", palette.PEERS, 9, 1.5),
    "placebo": ("circle-open", palette.WATCH, 10, 1.5),
}
"""Shape, colour and size of a check's mark, and the width of its interval."""


def checks(
    frame: pl.DataFrame,
    *,
    sentence: str,
    scope: str,
    currency: str = "",
    struck: str = "",
    reason: str = "",
    outcome: str = "",
) -> go.Figure:
    """The figure beside other ways of counting it, name above mark; the simple figure struck through below.

    ``frame``: programme_view.CHECKS, in order. What is not known keeps its row.
    """
    rows = frame.to_dicts()
    if not rows:
        return nothing(sentence, scope)
    ends = [row[key] for row in rows for key in ("low", "high", "estimate") if row[key] is not None]
    below = _struck_lines(struck, reason)
    return go.Figure(
        data=[_forest(rows, mark) for mark in ("headline", "check", "placebo")],
        layout=canvas.layout(
            sentence,
            scope,
            height=canvas.title_height(sentence) + 60 + ROW_HEIGHT * len(rows) + 17 * len(below),
            margin={"l": 8, "r": LAST_TICK, "t": canvas.title_height(sentence), "b": 60 + 17 * len(below)},
            xaxis=canvas.axis(
                f"{outcome} per rep and month",
                showgrid=True,
                gridcolor=palette.GRID,
                **units.ticks(min(0.0, *ends), max(0.0, *ends), Unit.MONEY, currency, 4),
            ),
            yaxis=canvas.axis(range=[len(rows) - 0.5, -0.6], showticklabels=False),
            shapes=[upright(0.0)],
            annotations=[
                *row_names([(row["label"], row["own"] or "not known", row["mark"] == "headline") for row in rows]),
                *([_below(below)] if below else []),
            ],
        ),
    )


def _struck_lines(struck: str, reason: str) -> list[str]:
    if not struck:
        return []
    lines = [canvas.text(line) for line in textwrap.wrap(numbers.plain_name(reason, 200), canvas.TITLE_WIDTH + 6)]
    return [f"<s>{canvas.text(struck)}</s>", *lines]


def _below(lines: list[str]) -> dict[str, Any]:
    return canvas.note(
        "<br>".join(lines), xref="paper", x=0, xanchor="left", yref="paper", y=0, yanchor="top", yshift=-54
    )


def _forest(rows: list[dict[str, Any]], mark: str) -> dict[str, Any]:
    symbol, colour, size, width = MARKS[mark]
    mine = [(place, row) for place, row in enumerate(rows) if row["mark"] == mark and row["estimate"] is not None]
    return row_dots(mine, {"symbol": symbol, "color": colour, "size": size}, width) | {
        "hovertext": [
            canvas.hover(
                [
                    f"<b>{canvas.text(row['label'])}</b>",
                    f"{canvas.text(row['own'])} ({canvas.text(row['interval'])})",
                    f"n = {numbers.count(row['n'])}",
                ]
            )
            for _, row in mine
        ],
        "name": mark,
    }
