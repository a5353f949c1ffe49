"""The figures of the programme's page, each beside the picture of its name in coaching.programme_view.

Frames in, figures out. Nothing is estimated here, nobody is named, and an empty frame is an empty, labelled space.
"""

from __future__ import annotations

import datetime as dt
import math
import textwrap
from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go
import polars as pl

from charts import canvas, palette, units
from coaching import numbers
from coaching.metrics import Unit
from coaching.roi import money

NOTHING = "There is nothing to show here yet."
ROW_HEIGHT = 44
"""Of a row whose name stands above its mark: a phone has no room for both side by side."""
NAME_ABOVE, MARK_BELOW = 0.2, 0.2
"""How far a row's name stands above the middle of its row, and its mark below."""
PALE, FULL = 0.4, 1.0
LAST_TICK = 26
"""Pixels right of a horizontal scale, so that its last figure is not cut off and dropped."""
MONTH_NAMES = 6
"""As many fit side by side on a phone."""
CELLS = {"not coached yet": palette.GRID, "coached": palette.OWN}
SCALE = [
    [0, palette.PAPER],
    [0.25, palette.PAPER],
    [0.25, palette.GRID],
    [0.75, palette.GRID],
    [0.75, palette.OWN],
    [1, palette.OWN],
]
"""Of a rep's month: 0 not there, 1 not coached yet, 2 the same but left out (striped on top), 3 coached."""
LOWEST_MAP, HIGHEST_MAP, LINE_OF_MAP = 190, 420, 6
GROUP_STYLES = ((palette.OWN, FULL), (palette.OWN, PALE), (palette.PEERS, FULL), (palette.PEERS, PALE))
"""Colour and strength of the parts of the cost: time, then what is paid for."""
LEGEND: dict[str, Any] = {
    "orientation": "h",
    "x": 0,
    "xref": "container",
    "xanchor": "left",
    "y": 0,
    "yref": "container",
    "yanchor": "bottom",
    "font": {"size": canvas.SMALL},
    "itemclick": False,
    "itemdoubleclick": False,
    "traceorder": "normal",
}


def visible(
    frame: pl.DataFrame, *, sentence: str, scope: str, share: float | None = None, outcome: str = ""
) -> go.Figure:
    """The measured effect, with its interval, against the band of what is too small to be seen.

    ``frame``: programme_view.VISIBLE; without a row the band alone. ``share``: half of the band.
    """
    if share is None:
        return _nothing(sentence, scope)
    rows = frame.to_dicts()
    reach = max([share, *(abs(row[end]) for row in rows for end in ("low", "high"))]) * 1.12
    ticks = units.ticks(-reach, reach, Unit.SHARE, wanted=6)
    return go.Figure(
        data=[_measured(row) for row in rows],
        layout=canvas.layout(
            sentence,
            scope,
            height=canvas.title_height(sentence) + 170,
            margin=_row_margin(sentence),
            xaxis=canvas.axis(f"share of the average {outcome} per rep and month", **ticks),
            yaxis=canvas.axis(range=[-1, 1], showticklabels=False),
            shapes=[
                _band(-share, share, palette.PEERS, 0.2),
                _upright(0.0),
            ],
            annotations=[
                canvas.note(
                    "too small to be seen", x=-share, xanchor="left", xshift=4, y=1, yref="paper", yanchor="top"
                ),
                *(
                    canvas.note(
                        f"<b>{canvas.text(row['label'])}</b>",
                        x=row["value"],
                        y=0.2,
                        yanchor="bottom",
                        font={"size": canvas.SMALL, "color": palette.TEXT},
                    )
                    for row in rows
                ),
            ],
        ),
    )


def _measured(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "bar",
        "orientation": "h",
        "x": [row["value"]],
        "y": [-0.2],
        "width": 0.6,
        "marker": {"color": palette.OWN},
        "opacity": 0.75,
        "error_x": _whisker([row], "value", palette.TEXT),
        "hovertext": [f"measured {canvas.text(row['label'])}, n = {numbers.count(row['n'])} rep-months"],
        "hoverinfo": "text",
        "textposition": "none",
        "name": "measured",
    }


def start_map(
    frame: pl.DataFrame,
    *,
    sentence: str,
    scope: str,
    months: Sequence[str] = (),
    stripes: Sequence[dict[str, int]] = (),
    says: Sequence[str] = (),
) -> go.Figure:
    """Lines of reps by months: not coached yet, left out (striped), coached; nobody is named.

    ``frame``: programme_view.START_MAP; ``stripes``: blocks of lines and months; ``says``: a sentence per month.
    """
    if frame.is_empty() or not months:
        return _nothing(sentence, scope)
    count = frame.height
    first = [dt.date.fromisoformat(month) for month in months]
    plot = min(max(count * LINE_OF_MAP, LOWEST_MAP), HIGHEST_MAP)
    return go.Figure(
        data=[
            _cells(frame["cells"], len(months)),
            *_keys(),
            *([_striped(stripes)] if stripes else []),
            _month_touch(says),
        ],
        layout=canvas.layout(
            sentence,
            scope,
            height=canvas.title_height(sentence) + plot + 78,
            margin={"l": 8, "r": 12, "t": canvas.title_height(sentence), "b": 64},
            showlegend=True,
            legend=LEGEND,
            barmode="overlay",
            bargap=0,
            xaxis=_month_axis(first),
            yaxis=canvas.axis("reps, by start", range=[count - 0.5, -0.5], showticklabels=False),
            yaxis2=canvas.axis(range=[0, 1], overlaying="y", showticklabels=False),
        ),
    )


def _cells(cells: pl.Series, months: int) -> dict[str, Any]:
    """All lines as one small array of bytes: a thousand reps weigh no more than a picture."""
    return {
        "type": "heatmap",
        "z": cells.list.to_array(months).to_numpy(),
        "zmin": 0,
        "zmax": 3,
        "colorscale": SCALE,
        "showscale": False,
        "hoverinfo": "skip",
        "name": "reps",
    }


def _keys() -> list[dict[str, Any]]:
    """What the colours mean, for the legend: a heatmap has no place in it."""
    return [
        {
            "type": "bar",
            "x": [None],
            "y": [None],
            "marker": {"color": colour},
            "name": name,
            "hoverinfo": "skip",
            "showlegend": True,
        }
        for name, colour in CELLS.items()
    ]


def _striped(stripes: Sequence[dict[str, int]]) -> dict[str, Any]:
    """Blocks of months that are left out, one bar each: a heatmap has no pattern."""
    return {
        "type": "bar",
        "orientation": "h",
        "y": [(block["first_row"] + block["last_row"]) / 2 for block in stripes],
        "width": [block["last_row"] - block["first_row"] + 1 for block in stripes],
        "base": [block["first"] - 0.5 for block in stripes],
        "x": [block["last"] - block["first"] + 1 for block in stripes],
        "marker": {
            "color": palette.PAPER,
            "line": {"width": 0},
            "pattern": {"shape": "/", "fgcolor": palette.PEERS, "bgcolor": palette.PAPER, "size": 5, "solidity": 0.35},
        },
        "name": "left out of every comparison",
        "hoverinfo": "skip",
        "showlegend": True,
    }


def _month_touch(says: Sequence[str]) -> dict[str, Any]:
    """What the pointer finds in a month: how many were what. One bar per month, however many reps there are."""
    return {
        "type": "bar",
        "x": list(range(len(says))),
        "y": [1] * len(says),
        "yaxis": "y2",
        "width": 1,
        "marker": {"opacity": 0},
        "hovertext": [canvas.text(line, 120) for line in says],
        "hoverinfo": "text",
        "textposition": "none",
        "showlegend": False,
        "name": "months",
    }


def actual_and_expected(
    frame: pl.DataFrame, *, sentence: str, scope: str, currency: str = "", outcome: str = ""
) -> go.Figure:
    """What coached reps brought in and what was expected of them, by month; the difference is filled.

    ``frame``: programme_view.LINES.
    """
    rows = frame.to_dicts()
    if not rows:
        return _nothing(sentence, scope)
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
            margin=_margin(sentence, 40),
            showlegend=True,
            legend=LEGEND,
            xaxis=canvas.axis(type="date", tickformat="%b\n%Y", tickangle=0, nticks=7),
            yaxis=canvas.value_axis("", ticks),
            shapes=_between(
                [(row["month"].isoformat(), row["expected"], row["actual"]) for row in rows],
                palette.OWN,
                0.22,
                "difference",
            ),
            annotations=[_unit(f"{outcome} per coached rep and month")],
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
        return _nothing(sentence, scope)
    ticks = units.ticks(*_reach_of_points(rows), Unit.MONEY, currency)
    start, end = rows[0]["first"] - 0.7, rows[-1]["last"] + 0.7
    step = math.ceil(len(rows) / 7)
    # Thinned out from the start on, so that the month of the start has its name.
    zero = next((place for place, row in enumerate(rows) if row["first"] >= 0), 0)
    named = [row for place, row in enumerate(rows) if (place - zero) % step == 0]
    dip = [_band(dip_from - 0.5, -0.5, palette.WATCH, 0.16)] if dip_from < 0 else []
    label = canvas.note("left out", x=(dip_from - 1) / 2, y=1, yref="paper", yanchor="top")
    return go.Figure(
        data=_points(rows, "at"),
        layout=canvas.layout(
            sentence,
            scope,
            height=430,
            margin=_margin(sentence, 40),
            showlegend=True,
            legend=LEGEND,
            xaxis=canvas.axis(
                "months since the start; below, rep-months",
                range=[start, end],
                tickvals=[row["at"] for row in named],
                ticktext=[f"{_months_of(row)}<br>n {numbers.count(row['n'])}" for row in named],
                tickangle=0,
            ),
            yaxis=canvas.value_axis("", ticks),
            shapes=[*_whole_curve(rows), *dip, _level(0.0)],
            annotations=[_unit(f"{outcome} above or below expected"), *([label] if dip else [])],
        ),
    )


def _months_of(row: dict[str, Any]) -> str:
    ends = [f"{numbers.MINUS if end < 0 else ''}{abs(end)}" for end in (row["first"], row["last"])]
    return ends[0] if row["first"] == row["last"] else f"{ends[0]} to {ends[1]}"


def _reach_of_points(rows: list[dict[str, Any]]) -> tuple[float, float]:
    """The span of what is not thin: one point of two rep-months would flatten all others."""
    wide = [row for row in rows if not row["is_thin"]] or rows
    ends = [row[key] for row in wide for key in ("low", "high", "estimate") if row[key] is not None]
    return min(0.0, *ends) * 1.1, max(0.0, *ends) * 1.1


def _whole_curve(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    ends = [(row["at"], row["band_low"], row["band_high"]) for row in rows]
    return _between(ends, palette.PEERS, 0.22, "whole curve at once (approximate)")


def _points(rows: list[dict[str, Any]], x: str) -> list[dict[str, Any]]:
    """Estimates with their whiskers, pale where they rest on little; the line between them leads the eye."""
    line = {
        "type": "scatter",
        "mode": "lines",
        "x": [row[x] for row in rows],
        "y": [row["estimate"] for row in rows],
        "line": {"color": palette.OWN, "width": 1},
        "hoverinfo": "skip",
        "showlegend": False,
        "name": "line",
    }
    return [line] + [
        {
            "type": "scatter",
            "mode": "markers",
            "x": [row[x] for row in mine],
            "y": [row["estimate"] for row in mine],
            "opacity": strength,
            "marker": {"size": 9, "color": palette.OWN},
            "error_y": _whisker(mine, "estimate", palette.OWN),
            "hovertext": [canvas.text(row["says"], 140) for row in mine],
            "hoverinfo": "text",
            "name": name,
        }
        for name, strength, mine in (
            ("each point by itself", FULL, [row for row in rows if not row["is_thin"]]),
            ("few rep-months", PALE, [row for row in rows if row["is_thin"]]),
        )
        if mine
    ]


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
        return _nothing(sentence, scope)
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
            shapes=[_upright(0.0)],
            annotations=[
                *_row_names([(row["label"], row["own"] or "not known", row["mark"] == "headline") for row in rows]),
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


MARKS = {
    "headline": ("diamond", palette.OWN, 13, 3.0),
    "check": ("circle", palette.PEERS, 9, 1.5),
    "placebo": ("circle-open", palette.WATCH, 10, 1.5),
}
"""Shape, colour and size of a check's mark, and the width of its interval."""


def _forest(rows: list[dict[str, Any]], mark: str) -> dict[str, Any]:
    symbol, colour, size, width = MARKS[mark]
    mine = [(place, row) for place, row in enumerate(rows) if row["mark"] == mark and row["estimate"] is not None]
    return _dots(mine, {"symbol": symbol, "color": colour, "size": size}, width) | {
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


def _dots(rows: list[tuple[int, dict[str, Any]]], marker: dict[str, Any], width: float) -> dict[str, Any]:
    """Estimates with their intervals, each a little below the middle of its row: the row's name stands above."""
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [row["estimate"] for _, row in rows],
        "y": [place + MARK_BELOW for place, _ in rows],
        "marker": marker,
        "error_x": _whisker([row for _, row in rows], "estimate", marker["color"]) | {"thickness": width},
        "hoverinfo": "text",
        "cliponaxis": False,
    }


def _row_names(rows: Sequence[tuple[str, str, bool]]) -> list[dict[str, Any]]:
    """Above each row's mark its name on the left and its figure on the right; the third says whether it is bold."""
    found = []
    for place, (name, figure, is_bold) in enumerate(rows):
        for words, x, side in ((name, 0, "left"), (figure, 1, "right")):
            shown = canvas.text(words)
            found.append(
                canvas.note(
                    f"<b>{shown}</b>" if is_bold else shown,
                    xref="paper",
                    x=x,
                    xanchor=side,
                    y=place - NAME_ABOVE,
                    yanchor="middle",
                    # Names cross the lines of the scale; a little paper behind them keeps them readable.
                    bgcolor=palette.PAPER,
                    borderpad=0,
                    font={"size": canvas.SMALL, "color": palette.TEXT},
                )
            )
    return found


def bridge(frame: pl.DataFrame, *, sentence: str, scope: str, currency: str = "") -> go.Figure:
    """From extra results step by step to what is left, with the interval of that. ``frame``: programme_view.BRIDGE."""
    rows = frame.to_dicts()
    if not rows:
        return _nothing(sentence, scope)
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
            margin=_row_margin(sentence),
            xaxis=canvas.axis(
                "all coached reps together",
                showgrid=True,
                gridcolor=palette.GRID,
                **units.ticks(min(ends), max(ends), Unit.MONEY, currency, 4),
            ),
            yaxis=canvas.axis(range=[len(rows) - 0.5, -0.6], showticklabels=False),
            shapes=[_upright(0.0)],
            annotations=_row_names([(row["what"], row["own"], row["is_total"]) for row in rows]),
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
        "error_x": _whisker([net], "amount", palette.TEXT),
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
        return _nothing(sentence, scope)
    first, last, most = rows[0]["low"], rows[-1]["high"], max(row["share"] for row in rows)
    ticks = list(range(int(first), int(last) + 1, 100))
    shown = [row for row in rows if row["share"] > 0]
    lines = [(0.0, "pays for itself"), *([] if hurdle is None else [(hurdle, "hurdle rate")])]
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
            margin=_margin(sentence, 8),
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
            shapes=[_upright(at) for at, _ in lines],
            annotations=[
                _unit("chance"),
                *(
                    canvas.note(words, x=at, xanchor="left", xshift=4, y=1, yref="paper", yanchor="top")
                    for at, words in lines
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
        return _nothing(sentence, scope)
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
            margin=_row_margin(sentence),
            xaxis=canvas.axis("return on cost", showgrid=True, gridcolor=palette.GRID, **ticks),
            yaxis=canvas.axis(range=[len(rows) - 0.4, -0.9], showticklabels=False),
            shapes=[_upright(0.0), _upright(base / 100) | {"line": {"color": palette.TEXT, "width": 1.5}}],
            annotations=[
                *_row_names(
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


def coverage(frame: pl.DataFrame, *, sentence: str, scope: str) -> go.Figure:
    """Hours per coached rep and month by how well reps did before. ``frame``: programme_view.COVERAGE."""
    rows = frame.to_dicts()
    if not rows:
        return _nothing(sentence, scope)
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
        return _nothing(sentence, scope)
    ends = [row[key] for row in rows for key in ("low", "high", "estimate") if row[key] is not None]
    ticks = units.ticks(min(0.0, *ends), max(0.0, *ends), Unit.MONEY, currency, 4)
    dots = _dots(list(enumerate(rows)), {"symbol": "circle", "color": palette.OWN, "size": 11}, 2.0)
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
        margin=_row_margin(sentence),
        xaxis=canvas.axis(name, showgrid=True, gridcolor=palette.GRID, **ticks),
        yaxis=canvas.axis(range=[len(rows) - 0.5, -0.6], showticklabels=False),
        shapes=[_upright(0.0)],
        annotations=_row_names(
            [(f"{row['tier']} ({numbers.plural(row['reps'], 'rep')})", row["own"], False) for row in rows]
        ),
    )


def dose(frame: pl.DataFrame, *, sentence: str, scope: str, currency: str = "", watermark: str = "") -> go.Figure:
    """Actual minus expected by hours of coaching in the month, marked as an association across the picture.

    ``frame``: programme_view.DOSE.
    """
    rows = frame.to_dicts()
    if not rows:
        return _nothing(sentence, scope)
    ticks = units.ticks(*_reach_of_points(rows), Unit.MONEY, currency)
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
        data=_points(rows, "hours"),
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
            margin=_margin(sentence, 8),
            yaxis=canvas.value_axis("", ticks),
            shapes=[_level(0.0)],
            annotations=[words, _unit("actual minus expected, per rep and month")],
        ),
    )


def cost(
    frame: pl.DataFrame, *, sentence: str, scope: str, currency: str = "", groups: Sequence[str] = ()
) -> go.Figure:
    """What coaching cost by month, stacked by ``groups``; months in which a part is not known have a cross.

    ``frame``: programme_view.COST.
    """
    if frame.is_empty():
        return _nothing(sentence, scope)
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
            margin=_margin(sentence, 64),
            barmode="relative",
            bargap=0.25,
            showlegend=True,
            legend=LEGEND,
            xaxis=_month_axis(months),
            yaxis=canvas.value_axis("", units.ticks(min(least), max(*totals, 1.0), Unit.MONEY, currency, 4)),
            annotations=[_unit("cost in the month")],
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


# ---- Parts ---------------------------------------------------------------------------------------------------------


def _nothing(sentence: str, scope: str) -> go.Figure:
    return go.Figure(data=[], layout=canvas.empty(sentence, scope, NOTHING))


def _month_axis(months: Sequence[dt.date]) -> dict[str, Any]:
    """A place per month; every few of them are named, with the year where it is another than that of the name before.

    (A year that stands at its January alone would be lost where January is left out.)
    """
    step = math.ceil(len(months) / MONTH_NAMES)
    shown = list(range(0, len(months), step))
    names = []
    for before, place in zip([None, *shown], shown, strict=False):
        is_new = before is None or months[before].year != months[place].year
        names.append(numbers.month(months[place])[:3] + (f"<br>{months[place].year}" if is_new else ""))
    return canvas.axis(range=[-0.5, len(months) - 0.5], tickvals=shown, ticktext=names, tickangle=0)


def _margin(sentence: str, bottom: int) -> dict[str, int]:
    """With room above the plot for the name of its unit."""
    return {"l": 8, "r": 12, "t": canvas.title_height(sentence) + 20, "b": bottom}


def _row_margin(sentence: str) -> dict[str, int]:
    return {"l": 8, "r": LAST_TICK, "t": canvas.title_height(sentence), "b": 8}


def _unit(words: str) -> dict[str, Any]:
    """What a vertical axis counts, above its upper end: beside it a phone has no room."""
    return canvas.note(canvas.text(words), xref="paper", x=0, xanchor="left", yref="paper", y=1, yanchor="bottom")


def _between(
    ends: Sequence[tuple[Any, float | None, float | None]], colour: str, strength: float, name: str
) -> list[dict[str, Any]]:
    """The area between two lines, as a shape: a filled line has one strength only. Empty where there is none."""
    known = [(x, low, high) for x, low, high in ends if low is not None and high is not None]
    if len(known) < 2:
        return []
    there = [f"{x},{low}" for x, low, _ in known]
    back = [f"{x},{high}" for x, _, high in reversed(known)]
    return [
        {
            "type": "path",
            "path": f"M{'L'.join(there + back)}Z",
            "fillcolor": colour,
            "opacity": strength,
            "line": {"width": 0},
            "layer": "below",
            "name": name,
            "showlegend": True,
        }
    ]


def _whisker(rows: list[dict[str, Any]], middle: str, colour: str) -> dict[str, Any]:
    """Intervals as distances from their estimates; none where there is none."""
    return {
        "type": "data",
        "symmetric": False,
        "array": [_distance(row["high"], row[middle]) for row in rows],
        "arrayminus": [_distance(row[middle], row["low"]) for row in rows],
        "color": colour,
        "thickness": 1.5,
        "width": 4,
    }


def _distance(upper: float | None, lower: float | None) -> float:
    return 0.0 if upper is None or lower is None else max(upper - lower, 0.0)


def _band(start: float, end: float, colour: str, strength: float) -> dict[str, Any]:
    return {
        "type": "rect",
        "xref": "x",
        "yref": "paper",
        "x0": start,
        "x1": end,
        "y0": 0,
        "y1": 1,
        "fillcolor": colour,
        "opacity": strength,
        "line": {"width": 0},
        "layer": "below",
    }


def _upright(at: float) -> dict[str, Any]:
    return {
        "type": "line",
        "xref": "x",
        "x0": at,
        "x1": at,
        "yref": "paper",
        "y0": 0,
        "y1": 1,
        "line": {"color": palette.MUTED, "width": 1, "dash": "dot"},
        "layer": "below",
    }


def _level(at: float) -> dict[str, Any]:
    return {
        "type": "line",
        "xref": "paper",
        "x0": 0,
        "x1": 1,
        "yref": "y",
        "y0": at,
        "y1": at,
        "line": {"color": palette.MUTED, "width": 1, "dash": "dot"},
        "layer": "below",
    }
