"""Figures of the coaches page: skill by volume, shares by name, the pulse of teams.

Frames in, figures out. Nothing is summed here; names stand in the order given and nobody has a colour of their own.
"""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go
import polars as pl

from charts import canvas, labels, palette, units
from coaching import coaches, numbers
from coaching.metrics import Unit
from coaching.pulse import ENDS, HIGHEST, LOWEST
from coaching.skills import COMPETENT

PLOT = labels.Box(0, 330, 0, 270)
"""The smallest plot that names have to fit into: a phone's; on a wider one they only gain room."""
RADIUS = 7.0
LEVELS = (-14.0, 112.0)
"""A level goes from 0 to 100; above and below is room for the names of the quarters."""
PULSE = {
    "useful": ("useful", "circle", palette.OWN),
    "heard": ("felt heard", "square", palette.SKILLS[0]),
    "clear": ("clear what is next", "diamond", palette.SKILLS[1]),
}
"""Name, symbol and colour of each question of the pulse."""


def skill_by_volume(rows: pl.DataFrame, *, sentence: str, scope: str, often: float, often_words: str) -> go.Figure:
    """Each coach's level over one-on-ones per rep and month, with the level's interval; pale = few cases.

    ``rows``: person_id, name, level, level_low, level_high, level_n, per_rep_month, one_on_one_count, rep_count,
    rep_months. Who has no level or no volume is not drawn.
    """
    drawn = coaches.placed(rows).sort("name", "person_id").to_dicts()
    if not drawn:
        words = "A point needs an observation of the coach's own coaching, scored and shown, and reps of their own."
        return go.Figure(data=[], layout=canvas.empty(sentence, scope, words))
    xs, ys = [row["per_rep_month"] for row in drawn], [row["level"] for row in drawn]
    ticks = units.ticks(0.0, max(*xs, often, 0.5) * 1.15, Unit.TIMES)
    ticks["ticktext"] = [f"{value:.1f}" for value in ticks["tickvals"]]
    right = ticks["range"][1]
    learning = [y < COMPETENT for y in ys]
    much = [x >= often for x in xs]
    sides = _sides(drawn, right, often, learning)
    trace = {
        "type": "scatter",
        "mode": "markers+text",
        "x": xs,
        "y": ys,
        "text": [canvas.text(row["name"], 24) if side else "" for row, side in zip(drawn, sides, strict=True)],
        "textposition": [side or "middle right" for side in sides],
        "textfont": {"size": canvas.SMALL, "color": palette.MUTED},
        "hovertext": [_coach_in_words(row) for row in drawn],
        "hoverinfo": "text",
        "cliponaxis": False,
        "marker": {
            "size": 2 * RADIUS,
            "color": [palette.WATCH if low and more else palette.OWN for low, more in zip(learning, much, strict=True)],
            "symbol": ["diamond" if low and more else "circle" for low, more in zip(learning, much, strict=True)],
            "opacity": [0.4 if _is_pale(row) else 0.95 for row in drawn],
            "line": {"width": 1, "color": palette.PAPER},
        },
    }
    return go.Figure(
        data=[_whiskers(drawn), trace],
        layout=canvas.layout(
            sentence,
            scope,
            height=460,
            xaxis=canvas.axis("one-on-ones per rep and month", **ticks),
            yaxis=canvas.value_axis(
                "level on the coaching scorecard",
                {"tickvals": [0, 25, 50, 75, 100], "ticktext": ["0", "25", "50", "75", "100"], "range": list(LEVELS)},
            ),
            shapes=[
                _line(x0=often, x1=often, yref="paper", y0=0, y1=1),
                _line(xref="paper", x0=0, x1=1, y0=COMPETENT, y1=COMPETENT),
            ],
            annotations=_quarters(often, often_words, right),
        ),
    )


def _is_pale(row: dict[str, Any]) -> bool:
    return row["level_n"] < coaches.SMALLEST_LEVEL_N or row["rep_months"] < coaches.SMALLEST_REP_MONTHS


def _whiskers(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """The intervals of the levels, behind the points and as pale as they are wide."""
    xs: list[float | None] = []
    ys: list[float | None] = []
    for row in rows:
        if row["level_low"] is not None:
            xs += [row["per_rep_month"], row["per_rep_month"], None]
            ys += [max(row["level_low"], 0.0), min(row["level_high"], 100.0), None]
    return {
        "type": "scatter",
        "mode": "lines",
        "x": xs,
        "y": ys,
        "line": {"width": 1.5, "color": palette.PEERS},
        "opacity": 0.45,
        "hoverinfo": "skip",
    }


def _line(**where: Any) -> dict[str, Any]:
    return {"type": "line", "line": {"color": palette.MUTED, "width": 1, "dash": "dot"}} | where


def _quarters(often: float, often_words: str, right: float) -> list[dict[str, Any]]:
    """What each quarter means, and the names of the two lines."""
    places = {
        "left": {"x": 0.01, "xanchor": "left", "align": "left"},
        "right": {"x": 0.99, "xanchor": "right", "align": "right"},
        "top": {"y": 0.99, "yanchor": "top"},
        "bottom": {"y": 0.01, "yanchor": "bottom"},
    }
    corners = [
        ("well, less often", "left", "top"),
        ("well and often", "right", "top"),
        ("learning, less often", "left", "bottom"),
        ("often, still learning:<br>help first", "right", "bottom"),
    ]
    notes = [
        canvas.note(words, xref="paper", yref="paper", **places[side], **places[end]) for words, side, end in corners
    ]
    near_right = often > right * 0.6
    return [
        *notes,
        canvas.note("competent", xref="paper", x=1, xanchor="right", y=COMPETENT, yanchor="bottom"),
        canvas.note(
            f"{often_words}: {often:.1f}",
            x=often,
            xanchor="right" if near_right else "left",
            xshift=-4 if near_right else 4,
            y=8,
            yanchor="bottom",
        ),
    ]


def _sides(rows: list[dict[str, Any]], right: float, often: float, learning: list[bool]) -> list[str | None]:
    """Names where they fit; those for whom help comes first get theirs first."""
    points = [
        (
            row["per_rep_month"] / right * PLOT.right,
            (row["level"] - LEVELS[0]) / (LEVELS[1] - LEVELS[0]) * PLOT.top,
        )
        for row in rows
    ]
    order = sorted(
        range(len(rows)), key=lambda i: (not (learning[i] and rows[i]["per_rep_month"] >= often), rows[i]["name"])
    )
    found = labels.sides(
        [points[i] for i in order],
        [RADIUS] * len(rows),
        [numbers.plain_name(rows[i]["name"], 24) for i in order],
        PLOT,
    )
    sides: list[str | None] = [None] * len(rows)
    for place, side in zip(order, found, strict=True):
        sides[place] = side
    return sides


def _coach_in_words(row: dict[str, Any]) -> str:
    spread = ""
    if row["level_low"] is not None:
        spread = f", 95 % interval {coaches.level_interval(row['level_low'], row['level_high'])}"
    return canvas.hover(
        [
            f"<b>{canvas.text(row['name'])}</b>",
            f"level {row['level']:.0f} of 100 from {numbers.plural(row['level_n'], 'observation')}{spread}",
            f"{coaches.per_month(row['per_rep_month'])} one-on-ones per rep and month"
            f" ({numbers.count(row['one_on_one_count'])} with {numbers.plural(row['rep_count'], 'rep')})",
        ]
    )


def shares(rows: pl.DataFrame, *, sentence: str, scope: str, axis_name: str) -> go.Figure:
    """A dot per name in the order given, its interval where there is one, what it is made of at the right.

    ``rows`` as coaching.coaches.SHARES; a row without a value says why in its words.
    """
    points = rows.to_dicts()
    if not any(point["value"] is not None for point in points):
        return go.Figure(data=[], layout=canvas.empty(sentence, scope, "Nothing was counted in this period."))
    known = [(place, point) for place, point in enumerate(points) if point["value"] is not None]
    trace = {
        "type": "scatter",
        "mode": "markers",
        "x": [point["value"] for _, point in known],
        "y": [place for place, _ in known],
        "marker": {
            "size": 11,
            "color": palette.OWN,
            "opacity": [1.0 if (point["n"] or 0) >= coaches.SMALLEST_N else 0.45 for _, point in known],
        },
        "error_x": canvas.whiskers([point for _, point in known], "value"),
        "hovertext": [_share_in_words(point) for _, point in known],
        "hoverinfo": "text",
        "cliponaxis": False,
    }
    return go.Figure(
        data=[trace],
        layout=canvas.layout(
            sentence,
            scope,
            height=canvas.title_height(sentence) + 62 + 30 * max(len(points), 3),
            margin={"l": 8, "r": 92, "t": canvas.title_height(sentence), "b": 8},
            xaxis=canvas.axis(
                axis_name,
                range=[-0.02, 1.03],
                tickvals=[0, 0.25, 0.5, 0.75, 1],
                ticktext=[numbers.share(value) for value in (0, 0.25, 0.5, 0.75, 1)],
                showgrid=True,
                gridcolor=palette.GRID,
            ),
            yaxis=_names(points),
            annotations=_words_at_the_right([point["words"] for point in points]),
        ),
    )


def _share_in_words(point: dict[str, Any]) -> str:
    spread = numbers.interval(point["low"], point["high"])
    return canvas.hover(
        [
            f"<b>{canvas.text(point['name'])}</b>",
            numbers.share(point["value"]) + (f" (95 % interval {spread})" if spread else ""),
            canvas.text(point["words"]),
        ]
    )


def _names(points: list[dict[str, Any]]) -> dict[str, Any]:
    return canvas.axis(
        range=[len(points) - 0.5, -0.5],
        tickvals=list(range(len(points))),
        ticktext=[canvas.text(point["name"], 22) for point in points],
    )


def _words_at_the_right(words: list[str]) -> list[dict[str, Any]]:
    return [
        canvas.note(canvas.text(text), xref="paper", x=1, y=place, xanchor="left", yanchor="middle", xshift=6)
        for place, text in enumerate(words)
    ]


def effects(rows: pl.DataFrame, *, sentence: str, scope: str, currency: str) -> go.Figure:
    """What coaches' reps gained beyond expected: a dot with its 90 % interval per name, in the order given.

    ``rows`` as coaching.coaches.EFFECTS.
    """
    points = rows.to_dicts()
    if not points:
        words = "It takes three coaches with three coached reps each in one segment."
        return go.Figure(data=[], layout=canvas.empty(sentence, scope, words))
    trace = {
        "type": "scatter",
        "mode": "markers",
        "x": [point["expected"] for point in points],
        "y": list(range(len(points))),
        "marker": {"size": 9, "color": palette.OWN},
        "error_x": canvas.whiskers(points, "expected"),
        "hovertext": [_effect_in_words(point, currency) for point in points],
        "hoverinfo": "text",
        "cliponaxis": False,
    }
    lowest, highest = min(point["low"] for point in points), max(point["high"] for point in points)
    return go.Figure(
        data=[trace],
        layout=canvas.layout(
            sentence,
            scope,
            height=canvas.title_height(sentence) + 74 + 28 * max(len(points), 3),
            margin={"l": 8, "r": 64, "t": canvas.title_height(sentence), "b": 8},
            xaxis=canvas.axis(
                "per rep and month beyond what was expected",
                showgrid=True,
                gridcolor=palette.GRID,
                **units.ticks(min(lowest, 0.0), max(highest, 0.0), Unit.MONEY, currency, 4),
            ),
            yaxis=_names(points),
            shapes=[_line(x0=0, x1=0, yref="paper", y0=0, y1=1)],
            annotations=_words_at_the_right([numbers.plural(point["rep_count"], "rep") for point in points]),
        ),
    )


def _effect_in_words(point: dict[str, Any], currency: str) -> str:
    said = coaches.effect_amounts(point, currency)
    return canvas.hover(
        [
            f"<b>{canvas.text(point['name'])}</b>",
            f"{said['expected']} to be expected (90 % interval {said['interval']})",
            f"their own figure {said['own']} from {coaches.effect_n(point)}",
        ]
    )


def pulse(rows: pl.DataFrame, *, sentence: str, scope: str) -> go.Figure:
    """Three marks per team on the scale of the pulse, by name; a team that is not shown has a row without marks.

    ``rows`` as coaching.coaches.PULSE_ROWS.
    """
    points = rows.to_dicts()
    known = [(place, point) for place, point in enumerate(points) if point["n"] is not None]
    if not known:
        words = "Means are shown when a month is over and five or more of a team have answered."
        return go.Figure(data=[], layout=canvas.empty(sentence, scope, words))
    data = [
        {
            "type": "scatter",
            "mode": "markers",
            "name": name,
            "x": [point[key] for _, point in known],
            # A little apart, so that equal means do not hide each other.
            "y": [place + shift for place, _ in known],
            "marker": {"size": 11, "symbol": symbol, "color": colour, "opacity": 0.9},
            "hovertext": [
                canvas.hover([f"<b>{canvas.text(point['name'])}</b>", f"{name}: {point[key]:.1f} of {HIGHEST}"])
                for _, point in known
            ],
            "hoverinfo": "text",
            "cliponaxis": False,
        }
        for shift, (key, (name, symbol, colour)) in zip((-0.2, 0.0, 0.2), PULSE.items(), strict=True)
    ]
    counts = [f"n = {numbers.count(point['n'])}" if point["n"] is not None else "not shown" for point in points]
    return go.Figure(
        data=data,
        layout=canvas.layout(
            sentence,
            scope,
            height=canvas.title_height(sentence) + 100 + 30 * max(len(points), 3),
            margin={"l": 8, "r": 76, "t": canvas.title_height(sentence), "b": 64},
            showlegend=True,
            legend=canvas.LEGEND_BELOW,
            xaxis=canvas.axis(
                f"{LOWEST} = {ENDS[0]}, {HIGHEST} = {ENDS[1]}",
                range=[LOWEST - 0.1, HIGHEST + 0.15],
                tickvals=list(range(LOWEST, HIGHEST + 1)),
                showgrid=True,
                gridcolor=palette.GRID,
            ),
            yaxis=_names(points),
            annotations=_words_at_the_right(counts),
        ),
    )
