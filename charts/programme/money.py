"""Whether it paid: the steps to what is left, the return as drawn, what moves it. Adds nothing up."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go
import polars as pl

from charts import canvas, palette, units
from charts.programme.rows import MARK_BELOW, ROW_HEIGHT, row_margin, row_names
from charts.programme.shapes import upright
from charts.programme.surroundings import margin, nothing, unit_name
from coaching.metrics import Unit
from coaching.roi import money


def bridge(frame: pl.DataFrame, *, sentence: str, scope: str, currency: str = "") -> go.Figure:
    """From extra results step by step to what is left, with the interval of that. ``frame``: programme_view.BRIDGE."""
    rows = frame.to_dicts()
    if not rows:
        return nothing(sentence, scope)
    net = rows[-1]
    ends = [0.0, *(row["until"] for row in rows), *(net[end] for end in ("low", "high") if net[end] is not None)]
    place = len(rows) - 1
    return go.Figure(
        data=[_waterfall(rows), _net(net, place)],
        layout=canvas.layout(
            sentence,
            scope,
            height=canvas.title_height(sentence) + 62 + ROW_HEIGHT * len(rows),
            waterfallgap=0.3,
            margin=row_margin(sentence),
            xaxis=canvas.axis(
                "all coached reps together",
                showgrid=True,
                gridcolor=palette.GRID,
                **units.ticks(min(ends), max(ends), Unit.MONEY, currency, 4),
            ),
            yaxis=canvas.axis(range=[len(rows) - 0.5, -0.6], showticklabels=False),
            shapes=[upright(0.0)],
            annotations=row_names([(row["what"], row["own"], row["is_total"]) for row in rows]),
        ),
    )


def _waterfall(rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "type": "waterfall",
        "orientation": "h",
        "x": [row["amount"] for row in rows],
        "y": [place + MARK_BELOW for place in range(len(rows))],
        "measure": ["total" if row["is_total"] else "relative" for row in rows],
        "width": 0.32,
        "increasing": {"marker": {"color": palette.OWN}},
        "decreasing": {"marker": {"color": palette.PEERS}},
        "totals": {"marker": {"color": palette.OWN}},
        "connector": {"line": {"color": palette.GRID, "width": 1}},
        "hovertext": [f"<b>{canvas.text(row['what'])}</b>: {canvas.text(row['own'])}" for row in rows],
        "hoverinfo": "text",
        "textposition": "none",
        "name": "steps",
    }


def _net(net: dict[str, Any], place: int) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [net["amount"]],
        "y": [place + MARK_BELOW],
        "marker": {"symbol": "line-ns", "size": 10, "line": {"width": 2, "color": palette.TEXT}},
        "error_x": canvas.whiskers([net], "amount", colour=palette.TEXT),
        "hoverinfo": "skip",
        "name": "interval of what is left",
    }


def returns(
    frame: pl.DataFrame,
    *,
    sentence: str,
    scope: str,
    value: float = 0.0,
    low: float = 0.0,
    high: float = 0.0,
    hurdle: float | None = None,
) -> go.Figure:
    """How often which return was drawn, in per cent of the cost, with its interval above and lines at 0 and the hurdle.

    ``frame``: programme_view.RETURNS.
    """
    rows = frame.to_dicts()
    if not rows:
        return nothing(sentence, scope)
    first, last, most = rows[0]["low"], rows[-1]["high"], max(row["share"] for row in rows)
    ticks = list(range(int(first), int(last) + 1, 100))
    shown = [row for row in rows if row["share"] > 0]
    lines = [(0.0, "pays for itself"), *([(hurdle, "hurdle rate")] if hurdle else [])]
    return go.Figure(
        data=[
            _bars_of_draws([row for row in shown if row["high"] <= 0], "lost money", palette.PEERS),
            _bars_of_draws([row for row in shown if row["high"] > 0], "paid for itself", palette.OWN),
            _interval_above(value, low, high, (first, last), most * 1.12),
        ],
        layout=canvas.layout(
            sentence,
            scope,
            height=360,
            bargap=0.04,
            barmode="overlay",
            margin=margin(sentence, 8),
            xaxis=canvas.axis(
                "return on cost",
                range=[first - 20, last + 20],
                tickangle=0,
                tickvals=ticks,
                ticktext=[_return_tick(tick, (int(first), int(last))) for tick in ticks],
            ),
            yaxis=canvas.value_axis(
                "", units.ticks(0.0, most * 1.2, Unit.SHARE, wanted=4) | {"range": [0, most * 1.32]}
            ),
            shapes=[upright(at) for at, _ in lines],
            annotations=[
                unit_name("chance"),
                *(
                    canvas.note(
                        words, x=at, xanchor="left", xshift=4, y=1, yref="paper", yanchor="top", yshift=-15 * place
                    )
                    for place, (at, words) in enumerate(lines)
                ),
            ],
        ),
    )


def _return_tick(percent: int, ends: tuple[int, int]) -> str:
    """Draws beyond the ends count in the first and the last bar."""
    beyond = {ends[0]: "<br>or less", ends[1]: "<br>or more"}
    return f"{money.percent_words(percent)}{beyond.get(percent, '')}"


def _bars_of_draws(rows: list[dict[str, Any]], name: str, colour: str) -> dict[str, Any]:
    return {
        "type": "bar",
        "x": [(row["low"] + row["high"]) / 2 for row in rows],
        "y": [row["share"] for row in rows],
        "width": [(row["high"] - row["low"]) * 0.94 for row in rows],
        "marker": {"color": colour},
        "opacity": 0.85,
        "hovertext": [canvas.text(row["says"]) for row in rows],
        "hoverinfo": "text",
        "textposition": "none",
        "name": name,
    }


def _interval_above(value: float, low: float, high: float, edges: tuple[float, float], y: float) -> dict[str, Any]:
    """The estimate with its interval over the bars, cut at the ends of the picture."""
    at, left, right = (min(max(one, edges[0]), edges[1]) for one in (value, low, high))
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "x": [left, at, right],
        "y": [y, y, y],
        "line": {"color": palette.TEXT, "width": 2},
        "marker": {
            "symbol": ["line-ns", "diamond", "line-ns"],
            "size": 11,
            "color": palette.TEXT,
            "line": {"width": 2, "color": palette.TEXT},
        },
        "hovertext": [f"{money.percent_words(one)}" for one in (low, value, high)],
        "hoverinfo": "text",
        "name": "interval",
    }


def tornado(frame: pl.DataFrame, *, sentence: str, scope: str, base: float = 0.0, own: str = "") -> go.Figure:
    """How far each input alone moves the return from ``base``, widest first. ``frame``: programme_view.TORNADO."""
    rows = frame.to_dicts()
    if not rows:
        return nothing(sentence, scope)
    ends = [0.0, base, *(row[end] for row in rows for end in ("low", "high"))]
    ticks = units.ticks(min(ends) / 100, max(ends) / 100, Unit.SHARE, wanted=5)
    return go.Figure(
        data=[
            {
                "type": "bar",
                "orientation": "h",
                "y": [place + MARK_BELOW for place in range(len(rows))],
                "base": [min(row["low"], row["high"]) / 100 for row in rows],
                "x": [abs(row["high"] - row["low"]) / 100 for row in rows],
                "width": 0.32,
                "marker": {"color": [palette.OWN if not place else palette.PEERS for place in range(len(rows))]},
                "hovertext": [canvas.text(f"{row['what']}: {row['own_low']} to {row['own_high']}") for row in rows],
                "hoverinfo": "text",
                "textposition": "none",
                "name": "inputs",
            }
        ],
        layout=canvas.layout(
            sentence,
            scope,
            height=canvas.title_height(sentence) + 62 + ROW_HEIGHT * len(rows),
            margin=row_margin(sentence),
            xaxis=canvas.axis("return on cost", showgrid=True, gridcolor=palette.GRID, **ticks),
            yaxis=canvas.axis(range=[len(rows) - 0.4, -0.9], showticklabels=False),
            shapes=[upright(0.0), upright(base / 100) | {"line": {"color": palette.TEXT, "width": 1.5}}],
            annotations=[
                *row_names(
                    [
                        (row["what"], f"{row['own_low']} to {row['own_high']}", not place)
                        for place, row in enumerate(rows)
                    ]
                ),
                canvas.note(
                    canvas.text(f"as it is: {own}"),
                    x=base / 100,
                    xanchor="left",
                    xshift=4,
                    y=1,
                    yref="paper",
                    yanchor="top",
                ),
            ],
        ),
    )
