"""Figures of the team overview: performance by coaching, amount won by period, teams side by side.

Frames in, figures out. Nothing is summed here, and no rep gets a colour of their own.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import plotly.graph_objects as go
import polars as pl

from charts import canvas, labels, palette, units
from coaching import numbers
from coaching.metrics import Unit, metric

SMALL_N = 5
"""Below this many closed deals a rep's point is pale."""
LONGEST_DAYS = 90
NEVER = 104
"""Where reps without any session stand on the axis of days."""
SHADOW = " ".join(f"{x}px {y}px 2px {palette.PAPER}," for x in (-1, 0, 1) for y in (-1, 0, 1)).rstrip(",")
"""Around a name, so that a line of the quarters behind it does not cross it out."""
PLOT = labels.Box(0, 420, 0, 250)
"""The smallest plot that names have to fit into; on a wider one they only gain room."""


def performance_by_coaching(
    reps: pl.DataFrame,
    *,
    sentence: str,
    scope: str,
    currency: str,
    pace_share: float | None,
    overdue_days: int,
) -> go.Figure:
    """Each rep's attainment over the days since their last session; size = open pipeline, pale = few closed deals.

    ``reps``: row_id, name, quota_attainment, days_since_last_session (null = never), open_pipeline, win_rate_count_n.
    ``pace_share``: the attainment that is on pace on the as-of date. Reps without a quota are not drawn.
    A point's ``customdata`` is the rep's row_id.
    """
    drawn = reps.filter(pl.col("quota_attainment").is_not_null()).sort("name")
    if drawn.is_empty():
        words = "No rep has a quota in this period, so there is no attainment to show."
        return go.Figure(data=[], layout=canvas.empty(sentence, scope, words))
    rows = drawn.to_dicts()
    xs = [_days_on_axis(row["days_since_last_session"]) for row in rows]
    ys = [row["quota_attainment"] for row in rows]
    radii = _radii([row["open_pipeline"] for row in rows])
    pace = pace_share if pace_share is not None else 1.0
    y_ticks = units.ticks(min(0.0, *ys), max(1.0, pace, *ys) * 1.06, Unit.SHARE)
    # Room at the top and at the bottom for the names of the quarters.
    span = y_ticks["range"][1] - y_ticks["range"][0]
    y_ticks["range"] = [y_ticks["range"][0] - 0.16 * span, y_ticks["range"][1] + 0.12 * span]
    behind = [y < pace for y in ys]
    overdue = [x > overdue_days for x in xs]
    sides = _name_sides(rows, xs, ys, radii, behind, overdue, y_ticks["range"])
    trace = {
        "type": "scatter",
        "mode": "markers+text",
        "x": xs,
        "y": ys,
        "text": [canvas.text(row["name"], 28) if side else "" for row, side in zip(rows, sides, strict=True)],
        "textposition": [side or "middle right" for side in sides],
        "textfont": {"size": canvas.SMALL, "color": palette.MUTED, "shadow": SHADOW},
        "customdata": [row["row_id"] for row in rows],
        "hovertext": [_rep_in_words(row, currency) for row in rows],
        "hoverinfo": "text",
        "cliponaxis": False,
        "marker": {
            "size": [2 * radius for radius in radii],
            "sizemode": "diameter",
            "color": [_colour(late, due) for late, due in zip(behind, overdue, strict=True)],
            "symbol": [_symbol(late, due) for late, due in zip(behind, overdue, strict=True)],
            "opacity": [0.9 if _enough(row) else 0.4 for row in rows],
            "line": {"width": 1, "color": palette.PAPER},
        },
        # Selecting a point opens the rep; the others must not fade while that happens.
        "unselected": {"marker": {"opacity": 0.9}},
    }
    x_values = [0, 15, 30, 45, 60, 75, LONGEST_DAYS, NEVER]
    return go.Figure(
        data=[trace],
        layout=canvas.layout(
            sentence,
            scope,
            height=540,
            xaxis=canvas.axis(
                "days since last session",
                tickvals=x_values,
                ticktext=["0", "15", "30", "45", "60", "75", f"{LONGEST_DAYS}+", "never"],
                range=[-4, NEVER + 7],
            ),
            yaxis=canvas.value_axis("quota attainment", y_ticks),
            shapes=_quadrant_lines(overdue_days, pace),
            annotations=_quadrant_names(overdue_days, pace, pace_share is not None),
        ),
    )


def _days_on_axis(days: float | None) -> float:
    return NEVER if days is None else min(days, LONGEST_DAYS)


def _radii(pipelines: list[float | None]) -> list[float]:
    largest = max((value for value in pipelines if value), default=0.0)
    return [5 + (9 * (value / largest) ** 0.5 if value and largest else 0.0) for value in pipelines]


def _enough(row: dict[str, Any]) -> bool:
    return (row.get("win_rate_count_n") or 0) >= SMALL_N


def _colour(behind: bool, overdue: bool) -> str:
    if behind and overdue:
        return palette.ALERT
    return palette.WATCH if behind or overdue else palette.OWN


def _symbol(behind: bool, overdue: bool) -> str:
    if behind and overdue:
        return "diamond"
    return "square" if behind or overdue else "circle"


def _name_sides(
    rows: list[dict[str, Any]],
    xs: list[float],
    ys: list[float],
    radii: list[float],
    behind: list[bool],
    overdue: list[bool],
    y_range: list[float],
) -> list[str | None]:
    """Names where they fit, those that need a look first."""
    width, height = PLOT.right, PLOT.top
    points = [
        ((x + 4) / (NEVER + 11) * width, (y - y_range[0]) / (y_range[1] - y_range[0]) * height)
        for x, y in zip(xs, ys, strict=True)
    ]
    order = sorted(range(len(rows)), key=lambda i: (-(behind[i] + overdue[i]), rows[i]["name"]))
    placed = labels.sides(
        [points[i] for i in order],
        [radii[i] for i in order],
        [numbers.plain_name(rows[i]["name"], 28) for i in order],
        PLOT,
    )
    sides: list[str | None] = [None] * len(rows)
    for index, side in zip(order, placed, strict=True):
        sides[index] = side
    return sides


def _rep_in_words(row: dict[str, Any], currency: str) -> str:
    days = row["days_since_last_session"]
    n = row.get("win_rate_count_n")
    return canvas.hover(
        [
            f"<b>{canvas.text(row['name'])}</b>",
            f"{numbers.share(row['quota_attainment'])} of quota won",
            "no session recorded" if days is None else f"last session {numbers.days(days)} ago",
            f"{numbers.money(row['open_pipeline'], currency)} in open pipeline"
            if row["open_pipeline"] is not None
            else "open pipeline: no data",
            f"{numbers.plural(round(n or 0), 'closed deal')} in the period",
        ]
    )


def _quadrant_lines(overdue_days: int, pace: float) -> list[dict[str, Any]]:
    line = {"color": palette.MUTED, "width": 1, "dash": "dot"}
    return [
        {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": pace, "y1": pace, "line": line, "layer": "below"},
        {
            "type": "line",
            "yref": "paper",
            "y0": 0,
            "y1": 1,
            "x0": overdue_days,
            "x1": overdue_days,
            "line": line,
            "layer": "below",
        },
    ]


def _quadrant_names(overdue_days: int, pace: float, is_pace: bool) -> list[dict[str, Any]]:
    """What each quarter of the plot means: the situation, never a label on a person."""
    left, right = {"x": 0.0, "xanchor": "left"}, {"x": 1.0, "xanchor": "right"}
    top, bottom = {"y": 1.0, "yanchor": "top"}, {"y": 0.0, "yanchor": "bottom"}
    above, below = ("on pace", "behind pace") if is_pace else ("quota met", "short of quota")
    corners = [
        (f"{above},<br>session lately", left | top),
        (f"{above},<br>no session for {overdue_days} days", right | top | {"align": "right"}),
        (f"{below},<br>session lately", left | bottom),
        (f"{below},<br>no session for {overdue_days} days", right | bottom | {"align": "right"}),
    ]
    # On paper of their own: on a narrow plot they reach over the line between the quarters.
    names = [
        canvas.note(words, xref="x domain", yref="y domain", bgcolor=palette.PAPER, **place) for words, place in corners
    ]
    line = canvas.note(
        f"pace {numbers.share(pace)}" if is_pace else "quota",
        xref="x domain",
        x=1.0,
        xanchor="right",
        y=pace,
        yanchor="bottom",
    )
    return [*names, line]


def won_by_period(
    periods: pl.DataFrame, *, sentence: str, scope: str, currency: str, every: str, as_of: dt.date
) -> go.Figure:
    """Bars of the amount won with the quota of each period as a line; the period that still runs is pale.

    ``periods``: period_start, period_end, won_amount, quota, quota_attainment, won_count, in order of time; null = no
    data.
    """
    if not any(periods["won_amount"].drop_nulls()):
        return go.Figure(data=[], layout=canvas.empty(sentence, scope, "No amount was won in this span."))
    rows = periods.to_dicts()
    starts = [row["period_start"] for row in rows]
    names = canvas.period_names(starts, every)
    places = [str(index) for index in range(len(rows))]
    quotas = [row["quota"] for row in rows]
    top = max([row["won_amount"] or 0 for row in rows] + [quota or 0 for quota in quotas])
    bottom = min(0.0, *[row["won_amount"] or 0 for row in rows])
    running = [row["period_end"] > as_of for row in rows]
    bars = {
        "type": "bar",
        "x": places,
        "y": [row["won_amount"] for row in rows],
        "hovertext": [_period_in_words(row, name, currency, as_of) for row, name in zip(rows, names, strict=True)],
        "hoverinfo": "text",
        "marker": {
            "color": palette.OWN,
            "opacity": [0.45 if still else 0.9 for still in running],
            "line": {"width": 0},
        },
        "textposition": "none",
    }
    data: list[dict[str, Any]] = [bars]
    annotations = []
    if any(quota is not None for quota in quotas):
        data.append(
            {
                "type": "scatter",
                "mode": "lines",
                "x": places,
                "y": quotas,
                "hoverinfo": "skip",
                "line": {"shape": "hvh", "width": 1.8, "color": palette.TEXT},
            }
        )
        last = max(index for index, quota in enumerate(quotas) if quota is not None)
        annotations.append(
            canvas.note("quota", x=places[last], y=quotas[last], yanchor="bottom", yshift=8, xanchor="center")
        )
    return go.Figure(
        data=data,
        layout=canvas.layout(
            sentence,
            scope,
            height=400,
            bargap=0.35,
            xaxis=canvas.period_axis(starts, every),
            yaxis=canvas.value_axis("", units.ticks(bottom, top, Unit.MONEY, currency)),
            annotations=annotations,
        ),
    )


def _period_in_words(row: dict[str, Any], name: str, currency: str, as_of: dt.date) -> str:
    attained = row["quota_attainment"]
    of_quota = f", {numbers.share(attained)} of {numbers.money(row['quota'], currency)}" if attained is not None else ""
    return canvas.hover(
        [
            f"<b>{name.replace('<br>', ' ')}</b>",
            f"{numbers.money(row['won_amount'], currency)} won{of_quota}",
            numbers.plural(round(row["won_count"]), "deal") + " won" if row["won_count"] is not None else "",
            f"still running on {numbers.day(as_of)}" if row["period_end"] > as_of else "",
        ]
    )


def teams_compared(
    teams: pl.DataFrame,
    *,
    sentence: str,
    scope: str,
    key: str,
    currency: str,
    before_words: str,
    reference: float | None = None,
    reference_words: str = "",
) -> go.Figure:
    """One bar per team in the order given, with the value of the period before as a tick.

    ``teams``: name, people_count, value, before and, for counted shares, low, high (drawn as whiskers).
    """
    entry = metric(key)
    known = teams.filter(pl.col("value").is_not_null())
    if known.is_empty():
        return go.Figure(data=[], layout=canvas.empty(sentence, scope, f"{entry.no_data}."))
    rows = known.reverse().to_dicts()
    names = [canvas.text(row["name"], 28) for row in rows]
    # Two teams may share a name; the axis has to keep them apart.
    places = [str(index) for index in range(len(rows))]
    bars: dict[str, Any] = {
        "type": "bar",
        "orientation": "h",
        "y": places,
        "x": [row["value"] for row in rows],
        "text": [f" {numbers.value(row['value'], entry.unit, currency)}" for row in rows],
        "textposition": "outside",
        "textfont": {"size": canvas.SMALL, "color": palette.TEXT},
        "width": [0.4 if len(rows) < 4 else 0.6] * len(rows),
        "cliponaxis": False,
        "marker": {"color": palette.OWN, "opacity": 0.9, "line": {"width": 0}},
        "hovertext": [_team_in_words(row, key, currency, before_words) for row in rows],
        "hoverinfo": "text",
    }
    if "low" in known.columns:
        bars["error_x"] = canvas.whiskers(rows, "value", colour=palette.MUTED, thickness=1.2, width=3)
        # The whiskers take the place at the bar's end.
        bars |= {"textposition": "inside", "insidetextanchor": "start"}
        bars["textfont"] = {"size": canvas.SMALL, "color": palette.PAPER}
    before = {
        "type": "scatter",
        "mode": "markers",
        "y": places,
        "x": [row["before"] for row in rows],
        "hoverinfo": "skip",
        "marker": {"symbol": "line-ns", "size": 20, "line": {"width": 2.5, "color": palette.TEXT}},
    }
    reach = [row[name] for row in rows for name in ("value", "before", "high") if row.get(name) is not None]
    ticks = units.ticks(min(0.0, *reach), max([*reach, reference or 0.0]) * 1.12, entry.unit, currency, wanted=4)
    shapes, annotations = [], []
    if reference is not None:
        shapes.append(
            {
                "type": "line",
                "x0": reference,
                "x1": reference,
                "yref": "paper",
                "y0": 0,
                "y1": 1,
                "line": {"color": palette.MUTED, "width": 1, "dash": "dot"},
            }
        )
        annotations.append(canvas.note(reference_words, x=reference, yref="paper", y=1, yanchor="bottom"))
    annotations.append(
        canvas.note(
            f"bar: this period<br>upright tick: {before_words}",
            xref="paper",
            x=0,
            yref="paper",
            y=-0.02,
            yanchor="top",
            yshift=-24,
        )
    )
    return go.Figure(
        data=[bars, before],
        layout=canvas.layout(
            sentence,
            scope,
            height=max(150 + 36 * len(rows), 400),
            margin={"l": 8, "r": 40, "t": canvas.title_height(sentence) + 10, "b": 70},
            xaxis=canvas.axis(showgrid=True, gridcolor=palette.GRID, **ticks),
            yaxis=canvas.axis(type="category", tickvals=places, ticktext=names),
            shapes=shapes,
            annotations=annotations,
        ),
    )


def _team_in_words(row: dict[str, Any], key: str, currency: str, before_words: str) -> str:
    entry = metric(key)
    spread = numbers.interval(row.get("low"), row.get("high"))
    return canvas.hover(
        [
            f"<b>{canvas.text(row['name'])}</b> ({numbers.plural(row['people_count'], 'person', 'people')})",
            f"{entry.label}: {numbers.value(row['value'], entry.unit, currency)}" + (f" ({spread})" if spread else ""),
            f"{before_words}: {numbers.value(row['before'], entry.unit, currency)}",
        ]
    )
