"""What every figure shares: title, margins, axes, hover, and how database text becomes figure text. Draws nothing."""

from __future__ import annotations

import datetime as dt
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from charts import palette
from coaching import numbers

TITLE_WIDTH = 48
"""Letters per title line: what fits on a phone, since Plotly does not wrap."""
FONT = "Source Sans, Source Sans Pro, system-ui, sans-serif"
SMALL = 12
TITLE_LINE = 21


def text(words: str | None, longest: int = 80) -> str:
    """Text from the database for a figure: one clean line, its markup shown and not obeyed."""
    line = numbers.plain_name(words, longest)
    return line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def title(sentence: str, scope: str = "", height: int = 380) -> dict[str, Any]:
    """A sentence that says what is seen, and below it whose numbers these are and when."""
    lines = _title_lines(sentence)
    return {
        "text": "<br>".join(text(line, 200) for line in lines),
        "font": {"size": 15},
        "x": 0,
        "xref": "container",
        "xanchor": "left",
        # Plotly centres several lines on the place of one: half of them would lie outside of the picture.
        "y": 1 - (len(lines) - 1) * TITLE_LINE / 2 / height,
        "yref": "container",
        "yanchor": "top",
        "pad": {"l": 0, "t": 4},
        "subtitle": {"text": text(scope, 110), "font": {"size": SMALL, "color": palette.MUTED}},
    }


def title_height(sentence: str) -> int:
    """Pixels kept for the title above the plot: two lines at least, so that figures side by side start level."""
    return 46 + TITLE_LINE * max(len(_title_lines(sentence)), 2)


def _title_lines(sentence: str) -> list[str]:
    """A number and its unit stay on one line: no line breaks at a space that holds two words together."""
    held = (numbers.plain_name(part, 200) for part in sentence.split(numbers.SPACE))
    return textwrap.wrap(numbers.SPACE.join(held)[:200], TITLE_WIDTH) or [""]


def layout(sentence: str, scope: str = "", *, height: int = 380, **more: Any) -> dict[str, Any]:
    """The layout of a figure; ``more`` adds axes, shapes, annotations or overrides."""
    base: dict[str, Any] = {
        "title": title(sentence, scope, height),
        "height": height,
        "margin": {"l": 8, "r": 12, "t": title_height(sentence), "b": 8, "pad": 0, "autoexpand": True},
        "font": {"family": FONT, "size": SMALL},
        "showlegend": False,
        "hovermode": "closest",
        "hoverlabel": {"align": "left", "font": {"size": 13}, "namelength": -1},
        "dragmode": False,
        "separators": ". ",
    }
    return base | more


def axis(name: str = "", **more: Any) -> dict[str, Any]:
    """An axis that says its unit; grid lines only where asked for."""
    # Room is kept for a title that is there and empty, and none for one that is not there.
    named = {"title": {"text": name, "font": {"size": SMALL, "color": palette.MUTED}, "standoff": 8}} if name else {}
    base: dict[str, Any] = {
        "tickfont": {"size": SMALL, "color": palette.MUTED},
        "showgrid": False,
        "zeroline": False,
        "automargin": True,
        "fixedrange": True,
        "ticks": "",
    }
    return named | base | more


def value_axis(name: str, unit_format: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A vertical axis with a light grid."""
    return axis(name, showgrid=True, gridcolor=palette.GRID, gridwidth=1, **unit_format, **more)


LEGEND_BELOW: dict[str, Any] = {
    "orientation": "h",
    "x": 0,
    "xref": "container",
    "xanchor": "left",
    "y": 0,
    "yref": "container",
    "yanchor": "bottom",
    "font": {"size": SMALL},
    "itemclick": False,
    "itemdoubleclick": False,
    "traceorder": "normal",
}
"""At the left below the plot; a click on it hides nothing, since a hidden line is a chart that says less."""


def whiskers(
    rows: Sequence[Mapping[str, Any]],
    middle: str,
    low: str = "low",
    high: str = "high",
    *,
    colour: str = palette.OWN,
    thickness: float = 1.5,
    width: int = 4,
) -> dict[str, Any]:
    """Intervals as error bars: from each row's ``low`` to its ``high`` around ``middle``; none where one is null."""
    return {
        "type": "data",
        "symmetric": False,
        "array": [_distance(row.get(high), row[middle]) for row in rows],
        "arrayminus": [_distance(row[middle], row.get(low)) for row in rows],
        "color": colour,
        "thickness": thickness,
        "width": width,
    }


def _distance(upper: float | None, lower: float | None) -> float:
    return 0.0 if upper is None or lower is None else max(upper - lower, 0.0)


def note(words: str, **where: Any) -> dict[str, Any]:
    """A small muted label inside the plot."""
    return {
        "text": words,
        "showarrow": False,
        "font": {"size": SMALL, "color": palette.MUTED},
        "align": "left",
    } | where


def vertical_line(on: dt.date, **more: Any) -> dict[str, Any]:
    """A dotted line on a date, over the whole height."""
    return {
        "type": "line",
        "x0": on.isoformat(),
        "x1": on.isoformat(),
        "yref": "paper",
        "y0": 0,
        "y1": 1,
        "line": {"color": palette.MUTED, "width": 1, "dash": "dot"},
    } | more


def empty(sentence: str, scope: str, words: str, height: int = 380) -> dict[str, Any]:
    """The layout of a figure without data: an empty, labelled space."""
    hidden = axis(visible=False)
    return layout(
        sentence,
        scope,
        height=height,
        xaxis=hidden,
        yaxis=hidden,
        annotations=[
            note(
                "<br>".join(textwrap.wrap(words, TITLE_WIDTH)),
                x=0.5,
                y=0.5,
                xref="paper",
                yref="paper",
                align="center",
                font={"size": 14, "color": palette.MUTED},
            )
        ],
    )


def hover(lines: Iterable[str]) -> str:
    """Lines of an already clean hover text."""
    return "<br>".join(line for line in lines if line)


def period_axis(starts: Sequence[dt.date], every: str, most: int = 13) -> dict[str, Any]:
    """A category axis of periods, one place ("0", "1", ...) each; names are thinned out to ``most``."""
    names = period_names(starts, every)
    step = -(-len(names) // most)
    shown = [index for index in range(len(names)) if index % step == 0]
    return axis(
        type="category",
        # Without it a place whose first bar or point is missing would move to the end.
        categoryorder="array",
        categoryarray=[str(index) for index in range(len(names))],
        range=[-0.5, len(names) - 0.5],
        tickangle=0,
        tickvals=[str(index) for index in shown],
        ticktext=[names[index] for index in shown],
    )


def _names_its_year(starts: Sequence[dt.date], index: int) -> bool:
    """Where the year changes; and at the very first, unless the change follows so soon that the two would touch."""
    if index:
        return starts[index - 1].year != starts[index].year
    return all(start.year == starts[0].year for start in starts[:3])


def period_names(starts: Sequence[dt.date], every: str) -> list[str]:
    """Short names of weeks, months or quarters; the year stands below the first and where it changes."""
    names = []
    for index, start in enumerate(starts):
        name = numbers.day_and_month(start) if every == "week" else numbers.month(start)[:3]
        if every == "quarter":
            last = (start.month + 1) % 12 + 1
            name += f"{numbers.DASH}{numbers.month(start.replace(month=last, day=1))[:3]}"
        if _names_its_year(starts, index):
            name += f"<br>{start.year}"
        names.append(name)
    return names
