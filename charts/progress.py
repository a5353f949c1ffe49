"""The figure of one rep over time: own line, like-for-like band, coaching marked below the axis.

Frames in, a figure out. Nothing is summed here; peers are a band, never names and never a rank.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import plotly.graph_objects as go
import polars as pl

from charts import canvas, palette, units
from coaching import numbers
from coaching.metrics import Metric, Unit, metric

MARK_ROWS = {"session": 1.0, "observation": 0.0}
MARK_NAMES = {"session": "sessions", "observation": "observations"}
MARKS_SHARE = 0.17
"""Share of the height that the coaching marks take below the lines."""


def over_time(
    own: pl.DataFrame,
    peers: pl.DataFrame,
    events: pl.DataFrame,
    *,
    sentence: str,
    scope: str,
    key: str,
    currency: str,
    every: str,
    as_of: dt.date,
    reference: float | None = None,
    reference_words: str = "",
) -> go.Figure:
    """One metric of one rep per period, with what their peers reach and when coaching happened.

    ``own``: period_start, period_end, value and, for counted shares, low, high, n. ``peers``: period_start, median,
    top_quartile, n (null where fewer than five). ``events``: happened_on, kind ("session" or "observation"), label.
    Every value stands at the end of its period, or at the as-of date while the period runs.
    """
    entry = metric(key)
    drawn = own.with_columns(pl.min_horizontal("period_end", pl.lit(as_of)).alias("at")).filter(
        pl.col("period_start") <= as_of
    )
    values = drawn.filter(pl.col("value").is_not_null())
    if values.is_empty():
        return go.Figure(data=[], layout=canvas.empty(sentence, scope, f"{entry.no_data}.", height=460))
    rows = drawn.to_dicts()
    ends = {row["period_start"]: row["at"] for row in rows}
    band = _band(peers, ends)
    data = [*_peer_traces(band, entry, currency), *_own_traces(rows, entry, currency, every), *_mark_traces(events)]
    reach = [row[name] for row in rows for name in ("value", "low", "high") if row.get(name) is not None]
    reach += [row[name] for row in band for name in ("median", "top_quartile")]
    reach += [reference] if reference is not None else []
    ticks = units.ticks(min(0.0, *reach), max(*reach, 0.01) * 1.08, entry.unit, currency)
    first, last = rows[0]["period_start"], max(rows[-1]["at"], as_of)
    room = dt.timedelta(days=max(round((last - first).days * 0.02), 3))
    shapes: list[dict[str, Any]] = [
        canvas.vertical_line(as_of, y0=MARKS_SHARE, layer="below"),
    ]
    annotations = [
        canvas.note(numbers.day_and_month(as_of), x=as_of.isoformat(), yref="paper", y=1, yanchor="bottom", yshift=2),
        *_line_names(rows, band, ticks["range"]),
    ]
    if reference is not None:
        shapes.append(_level(reference))
        annotations.append(
            canvas.note(reference_words, xref="x domain", x=0, y=reference, yref="y", yanchor="bottom", xanchor="left")
        )
    return go.Figure(
        data=data,
        layout=canvas.layout(
            sentence,
            scope,
            height=460,
            margin={"l": 8, "r": 96, "t": canvas.title_height(sentence) + 12, "b": 8},
            xaxis=canvas.axis(
                type="date",
                range=[first.isoformat(), (last + room).isoformat()],
                anchor="y2",
                tickformat="%b\n%Y",
                tickangle=0,
                dtick="M3" if (last - first).days < 600 else "M6",
            ),
            yaxis=canvas.value_axis(
                units.axis_name(entry.unit) if entry.unit in {Unit.DAYS, Unit.COUNT} else "",
                ticks,
                domain=[MARKS_SHARE + 0.06, 1],
            ),
            yaxis2=canvas.axis(
                domain=[0, MARKS_SHARE],
                range=[-0.7, 1.7],
                tickvals=list(MARK_ROWS.values()),
                ticktext=[MARK_NAMES[kind] for kind in MARK_ROWS],
            ),
            shapes=shapes,
            annotations=annotations,
        ),
    )


def _band(peers: pl.DataFrame, ends: dict[dt.date, dt.date]) -> list[dict[str, Any]]:
    known = peers.filter(pl.col("median").is_not_null() & pl.col("top_quartile").is_not_null()).sort("period_start")
    return [row | {"at": ends[row["period_start"]]} for row in known.to_dicts() if row["period_start"] in ends]


def _peer_traces(band: list[dict[str, Any]], entry: Metric, currency: str) -> list[dict[str, Any]]:
    if not band:
        return []
    xs = [row["at"].isoformat() for row in band]
    words = [
        canvas.hover(
            [
                f"<b>like-for-like peers</b>, {numbers.plural(round(row['n']), 'person', 'people')}",
                f"half of them reach {numbers.value(row['median'], entry.unit, currency)}",
                f"a quarter reach {numbers.value(row['top_quartile'], entry.unit, currency)}",
            ]
        )
        for row in band
    ]
    line = {"type": "scatter", "mode": "lines", "x": xs, "xaxis": "x", "yaxis": "y"}
    return [
        line
        | {
            "y": [row["median"] for row in band],
            "line": {"color": palette.PEERS, "width": 1.5, "dash": "dash"},
            "hovertext": words,
            "hoverinfo": "text",
        },
        line
        | {
            "y": [row["top_quartile"] for row in band],
            "line": {"color": palette.PEERS, "width": 1},
            "fill": "tonexty",
            "fillcolor": palette.GRID,
            "hoverinfo": "skip",
        },
    ]


def _own_traces(rows: list[dict[str, Any]], entry: Metric, currency: str, every: str) -> list[dict[str, Any]]:
    xs = [row["at"].isoformat() for row in rows]
    trace: dict[str, Any] = {
        "type": "scatter",
        "mode": "lines+markers",
        "x": xs,
        "y": [row["value"] for row in rows],
        "connectgaps": False,
        "line": {"color": palette.OWN, "width": 2.5},
        "marker": {
            "size": 8,
            "color": palette.OWN,
            "opacity": [1.0 if _is_enough(row, entry) else 0.45 for row in rows],
            "line": {"width": 1, "color": palette.PAPER},
        },
        "hovertext": [_point_in_words(row, entry, currency, every) for row in rows],
        "hoverinfo": "text",
    }
    if any(row.get("low") is not None for row in rows):
        trace["error_y"] = canvas.whiskers(rows, "value", thickness=1, width=3)
    return [trace]


def _is_enough(row: dict[str, Any], entry: Metric) -> bool:
    n = row.get("n")
    return n is None or n >= entry.smallest_n


def _point_in_words(row: dict[str, Any], entry: Metric, currency: str, every: str) -> str:
    spread = numbers.interval(row.get("low"), row.get("high"))
    n = row.get("n")
    return canvas.hover(
        [
            f"<b>{entry.label}</b>, {every} from {numbers.day(row['period_start'])}",
            numbers.value(row["value"], entry.unit, currency, n) + (f" (95 % interval {spread})" if spread else ""),
            f"n = {numbers.count(n)}" + ("" if _is_enough(row, entry) else ", too few to say much")
            if n is not None
            else "",
        ]
    )


def _mark_traces(events: pl.DataFrame) -> list[dict[str, Any]]:
    traces = []
    for kind, symbol, colour in (("session", "circle", palette.OWN), ("observation", "diamond-open", palette.TEXT)):
        rows = events.filter(pl.col("kind") == kind).sort("happened_on").to_dicts()
        traces.append(
            {
                "type": "scatter",
                "mode": "markers",
                "x": [row["happened_on"].isoformat() for row in rows],
                "y": [MARK_ROWS[kind]] * len(rows),
                "xaxis": "x",
                "yaxis": "y2",
                "marker": {"symbol": symbol, "size": 9, "color": colour, "line": {"width": 1.5, "color": colour}},
                "hovertext": [
                    canvas.hover([f"<b>{kind}</b>, {numbers.day(row['happened_on'])}", canvas.text(row["label"], 90)])
                    for row in rows
                ],
                "hoverinfo": "text",
            }
        )
    return traces


def _line_names(rows: list[dict[str, Any]], band: list[dict[str, Any]], y_range: list[float]) -> list[dict[str, Any]]:
    """The lines' names at their right ends, pushed apart where they would touch."""
    last = [row for row in rows if row["value"] is not None][-1]
    names = [(last["value"], "this rep", palette.OWN)]
    if band:
        names.append((band[-1]["median"], "peers' median", palette.MUTED))
        names.append((band[-1]["top_quartile"], "top quartile", palette.MUTED))
    gap = (y_range[1] - y_range[0]) * 0.06
    annotations: list[dict[str, Any]] = []
    floor = None
    for value, words, colour in sorted(names, key=lambda name: name[0]):
        place = value if floor is None else max(value, floor + gap)
        floor = place
        annotations.append(
            canvas.note(
                words,
                xref="paper",
                x=1,
                y=place,
                yref="y",
                xanchor="left",
                yanchor="middle",
                xshift=4,
                font={"size": canvas.SMALL, "color": colour},
            )
        )
    return annotations


def _level(value: float) -> dict[str, Any]:
    return {
        "type": "line",
        "xref": "paper",
        "x0": 0,
        "x1": 1,
        "yref": "y",
        "y0": value,
        "y1": value,
        "line": {"color": palette.TEXT, "width": 1, "dash": "dot"},
        "layer": "below",
    }
