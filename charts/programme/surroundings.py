"""What stands around the marks: margins, months, the unit's name, the legend, or words where there is nothing."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from charts import canvas
from coaching import numbers

NOTHING = "There is nothing to show here yet."
MONTH_NAMES = 6
"""As many fit side by side on a phone."""


def nothing(sentence: str, scope: str) -> go.Figure:
    """The empty, labelled space of a picture without data."""
    return go.Figure(data=[], layout=canvas.empty(sentence, scope, NOTHING))


def month_axis(months: Sequence[dt.date]) -> dict[str, Any]:
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


def margin(sentence: str, bottom: int) -> dict[str, int]:
    """With room above the plot for the name of its unit."""
    return {"l": 8, "r": 12, "t": canvas.title_height(sentence) + 20, "b": bottom}


def unit_name(words: str) -> dict[str, Any]:
    """What a vertical axis counts, above its upper end: beside it a phone has no room."""
    return canvas.note(canvas.text(words), xref="paper", x=0, xanchor="left", yref="paper", y=1, yanchor="bottom")
