"""The figure of one objective: its metric over time, the agreed path to the target, and where the trend leads.

Frames in, a figure out. Nothing is summed or forecast here.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import plotly.graph_objects as go
import polars as pl

from charts import canvas, palette, units
from coaching import numbers
from coaching.metrics import Metric, Unit, metric

HEIGHT = 290
NEAR_ZERO = 0.4
"""From values that differ by more than this share of the largest, the axis begins at 0."""
SMALLEST_SPAN = 0.05


def path(
    series: pl.DataFrame,
    fan: pl.DataFrame,
    *,
    sentence: str,
    scope: str,
    key: str,
    currency: str,
    since_on: dt.date,
    due_on: dt.date,
    as_of: dt.date,
    baseline: float | None,
    reach: float | None,
    is_agreed: bool = True,
) -> go.Figure:
    """Values with the expected path from baseline to target, the target's line and an 80 % fan up to the due date.

    ``series``: frames.METRIC_SERIES; ``fan``: at, value, low, high (low and high null before the forecast). Values from
    before ``since_on`` are pale; ``is_agreed``: whether that day is the one of an agreement or of a
    proposal. Without a value the place stays empty and says why.
    """
    entry = metric(key)
    known = series.filter(pl.col("value").is_not_null() & (pl.col("at") <= as_of)).sort("at")
    if known.is_empty():
        return go.Figure(data=[], layout=canvas.empty(sentence, scope, f"{entry.no_data}.", height=HEIGHT))
    rows, ahead = known.to_dicts(), fan.filter(pl.col("low").is_not_null()).to_dicts()
    ticks = _ticks(rows, ahead, baseline, reach, entry, currency)
    first, last = min(rows[0]["at"], since_on), max(due_on, as_of)
    room = dt.timedelta(days=max(round((last - first).days * 0.03), 3))
    data = [
        *_fan_traces(ahead, entry, currency),
        *_line_trace(fan),
        *_path_trace(since_on, due_on, baseline, reach, entry, currency, "agreed" if is_agreed else "proposed"),
        _values_trace(rows, since_on, entry, currency),
    ]
    return go.Figure(
        data=data,
        layout=canvas.layout(
            sentence,
            scope,
            height=HEIGHT,
            margin={"l": 8, "r": 16, "t": canvas.title_height(sentence) + 16, "b": 8},
            xaxis=canvas.axis(
                type="date",
                range=[(first - room).isoformat(), (last + room).isoformat()],
                tickformat="%b\n%Y",
                tickangle=0,
                dtick="M3" if (last - first).days < 600 else "M6",
            ),
            yaxis=canvas.value_axis(
                units.axis_name(entry.unit) if entry.unit in {Unit.DAYS, Unit.COUNT} else "", ticks
            ),
            shapes=[canvas.vertical_line(as_of, layer="below"), *_level(reach)],
            annotations=_notes(as_of, due_on, first, baseline, reach, entry, currency),
        ),
    )


def _ticks(
    rows: list[dict[str, Any]],
    ahead: list[dict[str, Any]],
    baseline: float | None,
    reach: float | None,
    entry: Metric,
    currency: str,
) -> dict[str, Any]:
    """Round ticks over values, path and fan. A fan far wider than everything else is cut, not the values flattened."""
    core = [row["value"] for row in rows] + [value for value in (baseline, reach) if value is not None]
    low, high = min(core), max(core)
    # A line needs no zero; far from it, what changes would be flattened by what does not.
    if low > 0 and high - low > NEAR_ZERO * high:
        low = 0.0
    height = max(high - low, abs(high) * SMALLEST_SPAN, 1e-9)
    low -= height / 10 if low else 0.0
    high += height / 10
    edges = [row[name] for row in ahead for name in ("low", "high")]
    if edges:
        low = min(low, max(min(edges), low - height / 3)) if low else low
        high = max(high, min(max(edges), high + height / 2))
    return units.ticks(low, high, entry.unit, currency)


def _fan_traces(ahead: list[dict[str, Any]], entry: Metric, currency: str) -> list[dict[str, Any]]:
    if not ahead:
        return []
    xs = [row["at"].isoformat() for row in ahead]
    words = [
        canvas.hover(
            [
                f"<b>{numbers.day(row['at'])}</b>, if it goes on like this",
                f"{numbers.value(row['value'], entry.unit, currency)}"
                f" ({numbers.value(row['low'], entry.unit, currency)} to"
                f" {numbers.value(row['high'], entry.unit, currency)} in 4 of 5 cases)",
            ]
        )
        for row in ahead
    ]
    edge: dict[str, Any] = {"type": "scatter", "mode": "lines", "x": xs, "hoverinfo": "skip", "line": {"width": 0}}
    return [
        {**edge, "name": "low", "y": [row["low"] for row in ahead]},
        {
            **edge,
            "name": "high",
            "y": [row["high"] for row in ahead],
            "fill": "tonexty",
            "fillcolor": palette.GRID,
            "hoverinfo": "text",
            "hovertext": words,
        },
    ]


def _line_trace(fan: pl.DataFrame) -> list[dict[str, Any]]:
    if fan.is_empty():
        return []
    return [
        {
            "type": "scatter",
            "mode": "lines",
            "name": "trend",
            "x": [day.isoformat() for day in fan["at"]],
            "y": fan["value"].to_list(),
            "line": {"color": palette.PEERS, "width": 2},
            "hoverinfo": "skip",
        }
    ]


def _path_trace(
    since_on: dt.date,
    due_on: dt.date,
    baseline: float | None,
    reach: float | None,
    entry: Metric,
    currency: str,
    start: str,
) -> list[dict[str, Any]]:
    if baseline is None or reach is None:
        return []
    words = ((f"{start}, baseline", since_on, baseline), ("due, target", due_on, reach))
    return [
        {
            "type": "scatter",
            "mode": "lines+markers",
            "name": "expected path",
            "x": [since_on.isoformat(), due_on.isoformat()],
            "y": [baseline, reach],
            "line": {"color": palette.TEXT, "width": 1.5, "dash": "dash"},
            "marker": {"symbol": ["circle-open", "star"], "size": [9, 12], "color": palette.TEXT},
            "hoverinfo": "text",
            "hovertext": [
                canvas.hover([f"<b>{name}</b>, {numbers.day(day)}", numbers.value(value, entry.unit, currency)])
                for name, day, value in words
            ],
        }
    ]


def _values_trace(rows: list[dict[str, Any]], since_on: dt.date, entry: Metric, currency: str) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": "values",
        "x": [row["at"].isoformat() for row in rows],
        "y": [row["value"] for row in rows],
        "line": {"color": palette.OWN, "width": 2},
        "marker": {
            "color": palette.OWN,
            "size": 7,
            "opacity": [1.0 if row["at"] >= since_on else 0.4 for row in rows],
        },
        "hoverinfo": "text",
        "hovertext": [
            canvas.hover(
                [
                    f"<b>{entry.label}</b>, "
                    + (numbers.day(row["at"]) if entry.is_stock else f"three months up to {numbers.day(row['at'])}"),
                    numbers.value(row["value"], entry.unit, currency, row["n"]),
                    f"n = {numbers.count(row['n'])}" if row["n"] is not None else "",
                ]
            )
            for row in rows
        ],
    }


def _level(reach: float | None) -> list[dict[str, Any]]:
    if reach is None:
        return []
    line = {"color": palette.TEXT, "width": 1, "dash": "dot"}
    ends = {"xref": "paper", "x0": 0, "x1": 1, "yref": "y", "y0": reach, "y1": reach}
    return [{"type": "line", **ends, "line": line, "layer": "below"}]


def _notes(
    as_of: dt.date,
    due_on: dt.date,
    first: dt.date,
    baseline: float | None,
    reach: float | None,
    entry: Metric,
    currency: str,
) -> list[dict[str, Any]]:
    near_due = abs((due_on - as_of).days) < max((due_on - first).days, 1) / 6
    notes = [
        canvas.note(
            numbers.day_and_month(as_of),
            x=as_of.isoformat(),
            yref="paper",
            y=1,
            yanchor="bottom",
            yshift=2,
            xanchor="right" if near_due else "center",
        )
    ]
    if reach is not None:
        is_above = baseline is None or reach >= baseline
        notes.append(
            canvas.note(
                f"target {numbers.value(reach, entry.unit, currency)}",
                xref="x domain",
                x=0,
                y=reach,
                yref="y",
                yanchor="bottom" if is_above else "top",
                xanchor="left",
            )
        )
    return notes
