"""Figures of the cadence page: reps by weeks, adherence by manager, coverage by band, mixes.

Frames in, figures out. Nothing is summed here; reps stand by name and never have a colour of their own.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import plotly.graph_objects as go
import polars as pl

from charts import canvas, palette
from coaching import numbers

SHADES = {
    "met": (palette.OWN, 0.26),
    "not_met": (palette.WATCH, 0.42),
    "open": (palette.PEERS, 0.13),
    "excused": (palette.PEERS, 0.4),
}
"""Colour and strength of a week's shade."""
SYMBOLS = {
    "held": ("circle", palette.OWN),
    "not_held": ("x-thin", palette.ALERT),
    "missed": ("x", palette.ALERT),
    "moved": ("triangle-right-open", palette.TEXT),
    "planned": ("circle-open", palette.OWN),
    "excused": ("line-ew", palette.TEXT),
    "group": ("square", palette.TEXT),
    "peer": ("diamond", palette.TEXT),
}
"""Symbol and colour of what became of a session. The page's key writes the same shapes in words."""
ROW_HEIGHT = 24
SYMBOL_SIZE = 9
LONGEST_NAME = 22
CROWDED_WEEKS = 20
"""With more weeks the symbols are smaller."""


def reps_by_weeks(
    people: pl.DataFrame,
    cells: pl.DataFrame,
    marks: pl.DataFrame,
    notes: pl.DataFrame,
    *,
    sentence: str,
    scope: str,
    weeks: list[dt.date],
    at: dt.date,
) -> go.Figure:
    """Reps (rows, by name) by weeks: shade = what was expected of the week, symbol = what became of sessions.

    ``people``: person_id, name, left_on, in the order of the rows. ``cells``, ``marks`` and ``notes`` as
    coaching.cadence_view gives them. ``customdata`` of every point is the person's id.
    """
    if people.is_empty() or not weeks:
        return go.Figure(
            data=[],
            layout=canvas.empty(
                sentence, scope, "Nobody is past or due here, or nobody who sells was here in these weeks."
            ),
        )
    rows = people.to_dicts()
    height = canvas.title_height(sentence) + 54 + ROW_HEIGHT * len(rows)
    words = _words_by_place(cells, marks)
    data = [
        *(_shade(cells, state, len(rows), len(weeks)) for state in SHADES),
        _touch(rows, weeks, words),
        *(
            _symbols(marks, mark, SYMBOL_SIZE if len(weeks) <= CROWDED_WEEKS else 6)
            for mark in SYMBOLS
            if mark in marks["mark"].to_list()
        ),
    ]
    this_week = [number for number, start in enumerate(weeks) if start <= at < start + dt.timedelta(days=7)]
    shapes = []
    if this_week:
        day = this_week[0] - 0.5 + ((at - weeks[this_week[0]]).days + 1) / 7
        shapes = [
            {
                "type": "line",
                "xref": "x",
                "x0": day,
                "x1": day,
                "yref": "y",
                "y0": -0.5,
                "y1": len(rows) - 0.5,
                "line": {"color": palette.MUTED, "width": 1, "dash": "dot"},
            }
        ]
    axis = canvas.period_axis(weeks, "week", 5)
    return go.Figure(
        data=data,
        layout=canvas.layout(
            sentence,
            scope,
            height=height,
            xaxis=canvas.axis(
                range=[-0.5, len(weeks) - 0.5],
                tickvals=[int(value) for value in axis["tickvals"]],
                ticktext=axis["ticktext"],
                tickangle=0,
            ),
            yaxis=canvas.axis(
                range=[len(rows) - 0.5, -0.5],
                tickvals=list(range(len(rows))),
                ticktext=[_row_name(row, at) for row in rows],
            ),
            shapes=shapes,
            annotations=[_row_note(row, len(weeks)) for row in notes.iter_rows(named=True)],
        ),
    )


def _row_note(row: dict[str, Any], week_count: int) -> dict[str, Any]:
    """Why a row is empty, from the first empty week on; at the right end the words run up to the edge."""
    at_the_end = row["week"] >= week_count - 2
    x, anchor = (week_count - 0.55, "right") if at_the_end else (row["week"] - 0.45, "left")
    return canvas.note(canvas.text(row["words"]), x=x, y=row["row"], xanchor=anchor, yanchor="middle")


def _row_name(row: dict[str, Any], at: dt.date) -> str:
    name = canvas.text(row["name"], LONGEST_NAME)
    return f"<i>{name}</i>" if row["left_on"] is not None and row["left_on"] < at else name


def _shade(cells: pl.DataFrame, state: str, row_count: int, week_count: int) -> dict[str, Any]:
    """One state as a heatmap of its own: a shade is one colour of one strength in both themes."""
    colour, strength = SHADES[state]
    grid: list[list[int | None]] = [[None] * week_count for _ in range(row_count)]
    for row, week in cells.filter(pl.col("state") == state).select("row", "week").iter_rows():
        grid[row][week] = 1
    return {
        "type": "heatmap",
        "z": grid,
        "zmin": 0,
        "zmax": 1,
        "colorscale": [[0, colour], [1, colour]],
        "opacity": strength,
        "showscale": False,
        "xgap": 2,
        "ygap": 3,
        "hoverinfo": "skip",
        "name": state,
    }


def _words_by_place(cells: pl.DataFrame, marks: pl.DataFrame) -> dict[tuple[int, int], list[str]]:
    found: dict[tuple[int, int], list[str]] = {}
    for frame in (cells, marks.filter(pl.col("mark") != "not_held")):
        for row, week, words in frame.select("row", "week", "words").iter_rows():
            found.setdefault((row, week), []).append(words)
    return found


def _touch(rows: list[dict[str, Any]], weeks: list[dt.date], words: dict[tuple[int, int], list[str]]) -> dict[str, Any]:
    """What the pointer finds in each week that holds something: an invisible square with the whole story."""
    places = sorted(words)
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [week for _, week in places],
        "y": [row for row, _ in places],
        "customdata": [rows[row]["person_id"] for row, _ in places],
        "hovertext": [
            canvas.hover(
                [
                    f"<b>{canvas.text(rows[row]['name'])}</b>, week of {numbers.day(weeks[week])}",
                    *(canvas.text(line, 120) for line in words[row, week]),
                ]
            )
            for row, week in places
        ],
        "hoverinfo": "text",
        "marker": {"symbol": "square", "size": 20, "opacity": 0},
        "selected": {"marker": {"opacity": 0}},
        "unselected": {"marker": {"opacity": 0}},
    }


def _symbols(marks: pl.DataFrame, mark: str, size: int) -> dict[str, Any]:
    symbol, colour = SYMBOLS[mark]
    found = marks.filter(pl.col("mark") == mark)
    return {
        "type": "scatter",
        "mode": "markers",
        "x": found["place"].to_list(),
        "y": found["row"].to_list(),
        "customdata": found["person_id"].to_list(),
        "hoverinfo": "skip",
        "name": mark,
        "marker": {
            "symbol": symbol,
            "size": size,
            "color": colour,
            "line": {"width": 1.8 if symbol.endswith(("open", "thin", "ew")) else 0, "color": colour},
        },
        "unselected": {"marker": {"opacity": 1}},
    }


def adherence_by_manager(teams: pl.DataFrame, *, sentence: str, scope: str) -> go.Figure:
    """Adherence of each manager's team with its 95 % interval and n, by name; pale where few slots were expected.

    ``teams``: label, cadence_adherence with _low, _high, _n, expected_slots, met_slots, longest_gap_days.
    """
    rows = teams.to_dicts()
    if not any(row["cadence_adherence"] is not None for row in rows):
        return go.Figure(data=[], layout=canvas.empty(sentence, scope, "No session was expected in this period yet."))
    points = [
        {
            "name": row["label"],
            "value": row["cadence_adherence"],
            "low": row["cadence_adherence_low"],
            "high": row["cadence_adherence_high"],
            "n": row["cadence_adherence_n"],
            "detail": "no slot ended"
            if row["cadence_adherence"] is None
            else f"{numbers.count(row['met_slots'])} of {numbers.count(row['expected_slots'])}",
            "hover": [
                f"longest gap {numbers.days(row['longest_gap_days'])}" if row["longest_gap_days"] is not None else ""
            ],
        }
        for row in rows
    ]
    return _dots(points, sentence, scope, "expected sessions held", "slots")


def coverage_by_band(bands: pl.DataFrame, *, sentence: str, scope: str) -> go.Figure:
    """Share of reps with a one-on-one by performance tier and by tenure, with its interval and n; null = too few.

    ``bands`` as coaching.cadence_view.BAND_COLUMNS, in order.
    """
    rows = bands.to_dicts()
    if not any(row["people"] for row in rows):
        return go.Figure(data=[], layout=canvas.empty(sentence, scope, "Nobody who sells was here in this period."))
    points = [
        {
            "name": row["band"],
            "value": row["coverage"],
            "low": row["low"],
            "high": row["high"],
            "n": row["people"],
            "detail": _band_detail(row),
            "hover": [
                f"{numbers.count(row['met'])} of {numbers.count(row['expected'])} expected sessions held"
                if row["expected"]
                else ""
            ],
        }
        for row in rows
    ]
    return _dots(points, sentence, scope, "reps with a one-on-one", "reps")


def _band_detail(row: dict[str, Any]) -> str:
    if row["people"] is None:
        return "fewer than five"
    return f"{numbers.count(row['covered'])} of {numbers.count(row['people'])}" if row["people"] else "nobody"


def _dots(points: list[dict[str, Any]], sentence: str, scope: str, axis_name: str, things: str) -> go.Figure:
    """A dot with its interval per row, what it is made of at the right; an empty row says why it is empty."""
    places = list(range(len(points)))
    known = [(place, point) for place, point in zip(places, points, strict=True) if point["value"] is not None]
    values = [point["value"] for _, point in known]
    trace = {
        "type": "scatter",
        "mode": "markers",
        "x": values,
        "y": [place for place, _ in known],
        "cliponaxis": False,
        "marker": {
            "size": 11,
            "color": palette.OWN,
            "opacity": [1.0 if (point["n"] or 0) >= 5 else 0.45 for _, point in known],
        },
        "error_x": canvas.whiskers([point for _, point in known], "value"),
        "hovertext": [
            canvas.hover(
                [
                    f"<b>{canvas.text(point['name'])}</b>",
                    f"{numbers.share(point['value'], point['n'])} (95 % interval"
                    f" {numbers.interval(point['low'], point['high'])})",
                    f"{point['detail']} {things}",
                    *point["hover"],
                ]
            )
            for _, point in known
        ],
        "hoverinfo": "text",
    }
    return go.Figure(
        data=[trace],
        layout=canvas.layout(
            sentence,
            scope,
            height=canvas.title_height(sentence) + 62 + 30 * max(len(points), 3),
            margin={"l": 8, "r": 96, "t": canvas.title_height(sentence), "b": 8},
            xaxis=canvas.axis(
                axis_name,
                range=[-0.02, 1.03],
                tickvals=[0, 0.5, 1],
                ticktext=[numbers.share(value) for value in (0, 0.5, 1)],
                tickangle=0,
                showgrid=True,
                gridcolor=palette.GRID,
                gridwidth=1,
            ),
            yaxis=canvas.axis(
                range=[len(points) - 0.5, -0.5],
                tickvals=places,
                ticktext=["<br>".join(_wrapped(point["name"])) for point in points],
            ),
            annotations=[
                canvas.note(point["detail"], xref="paper", x=1, y=place, xanchor="left", yanchor="middle", xshift=6)
                for place, point in zip(places, points, strict=True)
            ],
        ),
    )


def _wrapped(name: str) -> list[str]:
    """A row's name on at most two lines, so that a phone keeps room for the dots."""
    first, dot, second = name.partition(" · ")
    if dot:
        return [canvas.text(first, 24), canvas.text(second, 24)]
    head, bracket, tail = name.partition(" (")
    return [canvas.text(head, 24), canvas.text(f"({tail}", 28)] if bracket else [canvas.text(name, 26)]


def mix(rows: pl.DataFrame, *, sentence: str, scope: str) -> go.Figure:
    """Bars of how often each word was chosen, the most frequent first. ``rows``: label, count, share."""
    if rows.is_empty():
        return go.Figure(data=[], layout=canvas.empty(sentence, scope, "Nothing was recorded in this period."))
    labels = [canvas.text(label) for label in rows["label"]]
    counts = rows["count"].to_list()
    trace = {
        "type": "bar",
        "orientation": "h",
        "x": counts,
        "y": labels,
        "marker": {
            "color": [palette.PEERS if label == "not written down" else palette.OWN for label in labels],
            "opacity": 0.85,
        },
        "text": [
            f"{numbers.count(n)} · {numbers.share(part)}" for n, part in rows.select("count", "share").iter_rows()
        ],
        "textposition": "outside",
        "cliponaxis": False,
        "hoverinfo": "skip",
    }
    return go.Figure(
        data=[trace],
        layout=canvas.layout(
            sentence,
            scope,
            height=canvas.title_height(sentence) + 24 + 30 * max(len(labels), 4),
            bargap=0.4,
            xaxis=canvas.axis(visible=False, range=[0, max(counts) * 1.3]),
            yaxis=canvas.axis(autorange="reversed"),
        ),
    )
