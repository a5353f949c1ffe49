"""What followed which trigger: a dot with its 80 % interval per trigger, and what to expect on average beside it.

Frames in, a figure out. The order is that of the triggers, never that of the results.
"""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go
import polars as pl

from charts import canvas, palette
from coaching import numbers
from coaching.motivation import TRIGGER_NAMES, response_words
from coaching.trigger_response import SMALLEST_N

ROW = 44


def responses(rows: pl.DataFrame, *, sentence: str, scope: str) -> go.Figure:
    """One line per trigger that was tried. ``rows``: TRIGGER_RESPONSE with everybody_share of one rep.

    Below the smallest n only how often it was tried is written: no dot, no interval.
    """
    by_name = {row["trigger"]: row for row in rows.iter_rows(named=True)}
    shown = [by_name[name] for name in TRIGGER_NAMES if name in by_name and by_name[name]["try_count"]]
    height = canvas.title_height(sentence) + ROW * max(len(shown), 1) + 64
    if not shown:
        return go.Figure(
            data=[], layout=canvas.empty(sentence, scope, "No trigger was noted in a session yet.", height=300)
        )
    names = [TRIGGER_NAMES[row["trigger"]] for row in shown]
    known = [row for row in shown if row["try_count"] >= SMALLEST_N]
    few = [row for row in shown if row["try_count"] < SMALLEST_N]
    data = [_dots(known), *_averages(shown)]
    return go.Figure(
        data=data,
        layout=canvas.layout(
            sentence,
            scope,
            height=height,
            xaxis=canvas.axis(
                "something followed, % of tries",
                range=[0, 1.04],
                tickvals=[0, 0.25, 0.5, 0.75, 1],
                ticktext=["0 %", "25 %", "50 %", "75 %", "100 %"],
                showgrid=True,
                gridcolor=palette.GRID,
            ),
            yaxis=canvas.axis(
                type="category", categoryorder="array", categoryarray=names[::-1], range=[-0.5, len(names) - 0.5]
            ),
            annotations=[
                canvas.note(
                    f"{row['try_count']} of {SMALLEST_N} tries so far",
                    x=0.01,
                    y=TRIGGER_NAMES[row["trigger"]],
                    xanchor="left",
                    yanchor="middle",
                )
                for row in few
            ],
        ),
    )


def _dots(rows: list[dict[str, Any]]) -> dict[str, Any]:
    expected = [row["expected_share"] for row in rows]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": expected,
        "y": [TRIGGER_NAMES[row["trigger"]] for row in rows],
        "error_x": canvas.whiskers(rows, "expected_share", "expected_low", "expected_high", thickness=2, width=5),
        "marker": {"size": 12, "color": palette.OWN},
        "hovertext": [
            canvas.hover([f"<b>{TRIGGER_NAMES[row['trigger']]}</b>", canvas.text(response_words(row), 120)])
            for row in rows
        ],
        "hoverinfo": "text",
    }


def _averages(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    known = [row for row in rows if row["everybody_share"] is not None]
    if not known:
        return []
    return [
        {
            "type": "scatter",
            "mode": "markers",
            "x": [row["everybody_share"] for row in known],
            "y": [TRIGGER_NAMES[row["trigger"]] for row in known],
            "marker": {"symbol": "line-ns-open", "size": 20, "color": palette.PEERS, "line": {"width": 2}},
            "hovertext": [
                canvas.hover(
                    [
                        f"Everybody, {TRIGGER_NAMES[row['trigger']].lower()}",
                        f"{numbers.share(row['everybody_share'])} on average of {row['everybody_count']} people",
                    ]
                )
                for row in known
            ],
            "hoverinfo": "text",
        }
    ]
