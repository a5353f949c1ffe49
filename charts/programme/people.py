"""Who got the hours, who gained, and results by hours: groups of reps, never one of them."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go
import polars as pl

from charts import canvas, palette, units
from charts.programme.marks import points, reach_of_points
from charts.programme.rows import MARK_BELOW, ROW_HEIGHT, row_dots, row_margin, row_names
from charts.programme.shapes import level, upright
from charts.programme.surroundings import margin, nothing, unit_name
from coaching import numbers
from coaching.metrics import Unit


def coverage(frame: pl.DataFrame, *, sentence: str, scope: str) -> go.Figure:
    """Hours per coached rep and month by how well reps did before. ``frame``: programme_view.COVERAGE."""
    rows = frame.to_dicts()
    if not rows:
        return nothing(sentence, scope)
    ticks = units.ticks(0.0, max(*(row["hours"] for row in rows), 0.5), Unit.TIMES, wanted=4)
    ticks["ticktext"] = [f"{value:.1f}" for value in ticks["tickvals"]]
    return go.Figure(
        data=[
            {
                "type": "bar",
                "orientation": "h",
                "x": [row["hours"] for row in rows],
                "y": [place + MARK_BELOW for place in range(len(rows))],
                "width": 0.32,
                "marker": {"color": palette.OWN},
                "hovertext": [f"{_tier_name(row)}: {canvas.text(row['own'])} a month" for row in rows],
                "hoverinfo": "text",
                "textposition": "none",
                "name": "hours",
            }
        ],
        layout=_by_tier(rows, sentence, scope, "hours per coached rep and month", ticks),
    )


def tiers(frame: pl.DataFrame, *, sentence: str, scope: str, currency: str = "") -> go.Figure:
    """The effect with its interval by how well reps did before. ``frame``: programme_view.TIERS."""
    rows = frame.to_dicts()
    if not rows:
        return nothing(sentence, scope)
    ends = [row[key] for row in rows for key in ("low", "high", "estimate") if row[key] is not None]
    ticks = units.ticks(min(0.0, *ends), max(0.0, *ends), Unit.MONEY, currency, 4)
    dots = row_dots(list(enumerate(rows)), {"symbol": "circle", "color": palette.OWN, "size": 11}, 2.0)
    dots |= {"hovertext": [f"{_tier_name(row)}: {canvas.text(row['own'])}" for row in rows], "name": "effect"}
    return go.Figure(data=[dots], layout=_by_tier(rows, sentence, scope, "effect per rep and month", ticks))


def _tier_name(row: dict[str, Any]) -> str:
    return f"{canvas.text(row['tier'])} ({numbers.plural(row['reps'], 'rep')})"


def _by_tier(rows: list[dict[str, Any]], sentence: str, scope: str, name: str, ticks: dict[str, Any]) -> dict[str, Any]:
    """The same rows at the same height in both pictures, which stand side by side."""
    return canvas.layout(
        sentence,
        scope,
        height=canvas.title_height(sentence) + 62 + ROW_HEIGHT * len(rows),
        margin=row_margin(sentence),
        xaxis=canvas.axis(name, showgrid=True, gridcolor=palette.GRID, **ticks),
        yaxis=canvas.axis(range=[len(rows) - 0.5, -0.6], showticklabels=False),
        shapes=[upright(0.0)],
        annotations=row_names(
            [(f"{row['tier']} ({numbers.plural(row['reps'], 'rep')})", row["own"], False) for row in rows]
        ),
    )


def dose(frame: pl.DataFrame, *, sentence: str, scope: str, currency: str = "", watermark: str = "") -> go.Figure:
    """Actual minus expected by hours of coaching in the month, marked as an association across the picture.

    ``frame``: programme_view.DOSE.
    """
    rows = frame.to_dicts()
    if not rows:
        return nothing(sentence, scope)
    ticks = units.ticks(*reach_of_points(rows), Unit.MONEY, currency)
    words = canvas.note(
        canvas.text(watermark),
        xref="paper",
        x=0.5,
        yref="paper",
        y=0.5,
        textangle=-18,
        font={"size": 44, "color": palette.PEERS},
        opacity=0.22,
    )
    return go.Figure(
        data=points(rows, "hours"),
        layout=canvas.layout(
            sentence,
            scope,
            height=380,
            xaxis=canvas.axis(
                "hours of coaching in the month; below, rep-months",
                tickvals=[row["hours"] for row in rows],
                ticktext=[f"{canvas.text(row['label'])}<br>n {numbers.count(row['n'])}" for row in rows],
                tickangle=0,
            ),
            margin=margin(sentence, 8),
            yaxis=canvas.value_axis("", ticks),
            shapes=[level(0.0)],
            annotations=[words, unit_name("actual minus expected, per rep and month")],
        ),
    )
