"""A value over time with its interval as a band. Frame in, figure out; nothing is summed here."""

from __future__ import annotations

import datetime as dt
from typing import Any

import plotly.graph_objects as go
import polars as pl

from charts import canvas, palette, units
from coaching import numbers
from coaching.metrics import metric


def trend(
    periods: pl.DataFrame, *, sentence: str, scope: str, key: str, currency: str, every: str, as_of: dt.date
) -> go.Figure:
    """A metric per period: a line, the interval behind it, pale points where few cases stand behind a value.

    ``periods``: period_start, period_end, value and, for counted shares, low, high, n; null = no data.
    """
    entry = metric(key)
    drawn = periods.filter(pl.col("period_start") <= as_of).sort("period_start")
    if drawn.get_column("value").drop_nulls().is_empty():
        return go.Figure(data=[], layout=canvas.empty(sentence, scope, f"{entry.no_data}."))
    rows = drawn.to_dicts()
    starts = [row["period_start"] for row in rows]
    names = canvas.period_names(starts, every)
    places = [str(index) for index in range(len(rows))]
    data: list[dict[str, Any]] = []
    banded = [
        (place, row)
        for place, row in zip(places, rows, strict=True)
        if row.get("low") is not None and row["high"] is not None
    ]
    if banded:
        edge = {"type": "scatter", "mode": "lines", "line": {"width": 0}, "hoverinfo": "skip"}
        data.append(edge | {"x": [place for place, _ in banded], "y": [row["low"] for _, row in banded]})
        data.append(
            edge
            | {
                "x": [place for place, _ in banded],
                "y": [row["high"] for _, row in banded],
                "fill": "tonexty",
                "fillcolor": palette.SEQUENTIAL[1],
            }
        )
    data.append(
        {
            "type": "scatter",
            "mode": "lines+markers",
            "x": places,
            "y": [row["value"] for row in rows],
            "connectgaps": False,
            "line": {"color": palette.OWN, "width": 2.5},
            "marker": {
                "size": 8,
                "color": palette.OWN,
                "opacity": [0.45 if (row.get("n") or entry.smallest_n) < entry.smallest_n else 1.0 for row in rows],
            },
            "hovertext": [_in_words(row, name, key, currency) for row, name in zip(rows, names, strict=True)],
            "hoverinfo": "text",
        }
    )
    reach = [row[name] for row in rows for name in ("value", "low", "high") if row.get(name) is not None]
    return go.Figure(
        data=data,
        layout=canvas.layout(
            sentence,
            scope,
            height=400,
            xaxis=canvas.period_axis(starts, every),
            yaxis=canvas.value_axis("", units.ticks(min(0.0, *reach), max(reach) * 1.06, entry.unit, currency)),
        ),
    )


def _in_words(row: dict[str, Any], name: str, key: str, currency: str) -> str:
    entry = metric(key)
    n = row.get("n")
    spread = numbers.interval(row.get("low"), row.get("high"))
    return canvas.hover(
        [
            f"<b>{entry.label}</b>, {name.replace('<br>', ' ')}",
            numbers.value(row["value"], entry.unit, currency, n) + (f" (95 % interval {spread})" if spread else ""),
            f"n = {numbers.count(n)}" if n is not None else "",
        ]
    )
