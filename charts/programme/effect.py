"""Coached reps beside what was expected of them, by month and by months since the start. Estimates nothing."""

from __future__ import annotations

import math
from typing import Any

import plotly.graph_objects as go
import polars as pl

from charts import canvas, palette, units
from charts.programme.marks import points, reach_of_points
from charts.programme.shapes import band, between, level
from charts.programme.surroundings import margin, nothing, unit_name
from coaching import numbers
from coaching.metrics import Unit


def actual_and_expected(
    frame: pl.DataFrame, *, sentence: str, scope: str, currency: str = "", outcome: str = ""
) -> go.Figure:
    """What coached reps brought in and what was expected of them, by month; the difference is filled.

    ``frame``: programme_view.LINES.
    """
    rows = frame.to_dicts()
    if not rows:
        return nothing(sentence, scope)
    values = [row[key] for row in rows for key in ("actual", "expected") if row[key] is not None]
    spread = max(values) - min(values)
    ticks = units.ticks(
        max(min(values) - spread / 4, min(0.0, *values)), max(values) + spread / 8, Unit.MONEY, currency
    )
    return go.Figure(
        data=_two_lines(rows),
        layout=canvas.layout(
            sentence,
            scope,
            height=400,
            margin=margin(sentence, 40),
            showlegend=True,
            legend=canvas.LEGEND_BELOW,
            xaxis=canvas.axis(type="date", tickformat="%b\n%Y", tickangle=0, nticks=7),
            yaxis=canvas.value_axis("", ticks),
            shapes=between(
                [(row["month"].isoformat(), row["expected"], row["actual"]) for row in rows],
                palette.OWN,
                0.22,
                "difference",
            ),
            annotations=[unit_name(f"{outcome} per coached rep and month")],
        ),
    )


def _two_lines(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    months = [row["month"].isoformat() for row in rows]
    line = {"type": "scatter", "x": months}
    return [
        line
        | {
            "mode": "lines",
            "y": [row["expected"] for row in rows],
            "line": {"color": palette.PEERS, "width": 2, "dash": "dash"},
            "name": "expected without coaching",
            "hoverinfo": "skip",
        },
        line
        | {
            "mode": "lines+markers",
            "y": [row["actual"] for row in rows],
            "line": {"color": palette.OWN, "width": 2.5},
            "marker": {"size": 7, "color": palette.OWN},
            "name": "actual",
            "hovertext": [canvas.text(row["says"], 120) for row in rows],
            "hoverinfo": "text",
        },
    ]


def event_curve(
    frame: pl.DataFrame, *, sentence: str, scope: str, currency: str = "", dip_from: int = 0, outcome: str = ""
) -> go.Figure:
    """The distance to what was expected by months since the start; the months left out are shaded.

    ``frame``: programme_view.CURVE. Whiskers are of one point, the band is of the whole curve; pale = few rep-months.
    """
    rows = frame.to_dicts()
    if not rows:
        return nothing(sentence, scope)
    ticks = units.ticks(*reach_of_points(rows), Unit.MONEY, currency)
    start, end = rows[0]["first"] - 0.7, rows[-1]["last"] + 0.7
    step = math.ceil(len(rows) / 7)
    # Thinned out from the start on, so that the month of the start has its name.
    zero = next((place for place, row in enumerate(rows) if row["first"] >= 0), 0)
    named = [row for place, row in enumerate(rows) if (place - zero) % step == 0]
    dip = [band(dip_from - 0.5, -0.5, palette.WATCH, 0.16)] if dip_from < 0 else []
    label = canvas.note("left out", x=(dip_from - 1) / 2, y=1, yref="paper", yanchor="top")
    return go.Figure(
        data=points(rows, "at"),
        layout=canvas.layout(
            sentence,
            scope,
            height=430,
            margin=margin(sentence, 40),
            showlegend=True,
            legend=canvas.LEGEND_BELOW,
            xaxis=canvas.axis(
                "months since the start; below, rep-months",
                range=[start, end],
                tickvals=[row["at"] for row in named],
                ticktext=[f"{_months_of(row)}<br>n {numbers.count(row['n'])}" for row in named],
                tickangle=0,
            ),
            yaxis=canvas.value_axis("", ticks),
            shapes=[*_whole_curve(rows), *dip, level(0.0)],
            annotations=[unit_name(f"{outcome} above or below expected"), *([label] if dip else [])],
        ),
    )


def _months_of(row: dict[str, Any]) -> str:
    ends = [numbers.count(row[end]) for end in ("first", "last")]
    return ends[0] if row["first"] == row["last"] else f"{ends[0]} to {ends[1]}"


def _whole_curve(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    ends = [(row["at"], row["band_low"], row["band_high"]) for row in rows]
    return between(ends, palette.PEERS, 0.22, "whole curve at once (approximate)")
