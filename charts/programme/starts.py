"""What could be seen at all with this many reps, and who was coached since when. Names nobody."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go
import polars as pl

from charts import canvas, palette, units
from charts.programme.rows import row_margin
from charts.programme.shapes import band, upright
from charts.programme.surroundings import month_axis, nothing
from coaching import numbers
from coaching.metrics import Unit

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


def visible(
    frame: pl.DataFrame, *, sentence: str, scope: str, share: float | None = None, outcome: str = ""
) -> go.Figure:
    """The measured effect, with its interval, against the band of what is too small to be seen.

    ``frame``: programme_view.VISIBLE; without a row the band alone. ``share``: half of the band.
    """
    if share is None:
        return nothing(sentence, scope)
    rows = frame.to_dicts()
    reach = max([share, *(abs(row[end]) for row in rows for end in ("low", "high"))]) * 1.12
    ticks = units.ticks(-reach, reach, Unit.SHARE, wanted=6)
    return go.Figure(
        data=[_measured(row) for row in rows],
        layout=canvas.layout(
            sentence,
            scope,
            height=canvas.title_height(sentence) + 185,
            margin=row_margin(sentence),
            xaxis=canvas.axis(f"share of the average {outcome} per rep and month", **ticks),
            yaxis=canvas.axis(range=[-1, 1], showticklabels=False),
            shapes=[
                band(-share, share, palette.PEERS, 0.2),
                upright(0.0),
            ],
            annotations=[
                canvas.note(
                    "too small to be seen", x=-share, xanchor="left", xshift=4, y=1, yref="paper", yanchor="top"
                ),
                *(
                    canvas.note(
                        f"<b>{canvas.text(row['label'])}</b>",
                        x=row["value"],
                        # Below the words of the band, which stand at the top.
                        y=0,
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
        "y": [-0.4],
        "width": 0.6,
        "marker": {"color": palette.OWN},
        "opacity": 0.75,
        "error_x": canvas.whiskers([row], "value", colour=palette.TEXT),
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
        return nothing(sentence, scope)
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
            legend=canvas.LEGEND_BELOW,
            barmode="overlay",
            bargap=0,
            xaxis=month_axis(first),
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
