"""What coaching cost, month by month. A month that is not known in full is marked, never drawn as zero."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go
import polars as pl

from charts import canvas, palette, units
from charts.programme.marks import FULL, PALE
from charts.programme.surroundings import margin, month_axis, nothing, unit_name
from coaching.metrics import Unit

GROUP_STYLES = ((palette.OWN, FULL), (palette.OWN, PALE), (palette.PEERS, FULL), (palette.PEERS, PALE))
"""Colour and strength of the parts of the cost: time, then what is paid for."""


def cost(
    frame: pl.DataFrame, *, sentence: str, scope: str, currency: str = "", groups: Sequence[str] = ()
) -> go.Figure:
    """What coaching cost by month, stacked by ``groups``; months in which a part is not known have a cross.

    ``frame``: programme_view.COST.
    """
    if frame.is_empty():
        return nothing(sentence, scope)
    months = sorted(set(frame["month"].to_list()))
    places = {month: place for place, month in enumerate(months)}
    rows = frame.to_dicts()
    totals = [sum(max(row["amount"] or 0.0, 0.0) for row in rows if row["month"] == month) for month in months]
    least = [sum(min(row["amount"] or 0.0, 0.0) for row in rows if row["month"] == month) for month in months]
    unknown = [row for row in rows if row["amount"] is None]
    return go.Figure(
        data=[
            *(
                _stack([row for row in rows if row["group"] == group], places, group, style)
                for group, style in zip(groups, GROUP_STYLES, strict=False)
                if any(row["group"] == group for row in rows)
            ),
            *([_crosses(unknown, places)] if unknown else []),
        ],
        layout=canvas.layout(
            sentence,
            scope,
            height=400,
            margin=margin(sentence, 64),
            barmode="relative",
            bargap=0.25,
            showlegend=True,
            legend=canvas.LEGEND_BELOW,
            xaxis=month_axis(months),
            yaxis=canvas.value_axis("", units.ticks(min(least), max(*totals, 1.0), Unit.MONEY, currency, 4)),
            annotations=[unit_name("cost in the month")],
        ),
    )


def _stack(
    rows: list[dict[str, Any]], places: dict[dt.date, int], group: str, style: tuple[str, float]
) -> dict[str, Any]:
    known = [row for row in rows if row["amount"] is not None]
    colour, strength = style
    return {
        "type": "bar",
        "x": [places[row["month"]] for row in known],
        "y": [row["amount"] for row in known],
        "marker": {"color": colour},
        "opacity": strength,
        "hovertext": [canvas.text(row["says"], 200) for row in known],
        "hoverinfo": "text",
        "textposition": "none",
        "name": canvas.text(group),
    }


def _crosses(rows: list[dict[str, Any]], places: dict[dt.date, int]) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [places[row["month"]] for row in rows],
        "y": [0.0] * len(rows),
        "marker": {"symbol": "x", "size": 9, "color": palette.WATCH},
        "hovertext": [canvas.text(row["says"], 200) for row in rows],
        "hoverinfo": "text",
        "cliponaxis": False,
        "name": "not known in full",
    }
