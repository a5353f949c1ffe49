"""Looking into figures: traces by name of their type, and every text that a reader could meet in one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import plotly.graph_objects as go


def as_dict(figure: go.Figure) -> dict[str, Any]:
    """The figure without Streamlit's or Plotly's template: what the chart itself says."""
    whole: dict[str, Any] = figure.to_plotly_json()
    whole["layout"].pop("template", None)
    return whole


def texts(figure: go.Figure) -> list[str]:
    """Titles, labels, ticks, notes and hover texts."""
    return [text for key, text in _strings("", as_dict(figure)) if key in {"text", "hovertext", "ticktext", "name"}]


def colours(figure: go.Figure) -> set[str]:
    """Every colour that the figure names."""
    keys = {"color", "fillcolor", "gridcolor", "bgcolor", "fgcolor"}
    return {text for key, text in _strings("", as_dict(figure)) if key in keys}


def _strings(key: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield key, value
    elif isinstance(value, dict):
        for name, part in value.items():
            yield from _strings(name, part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _strings(key, part)


def title(figure: go.Figure) -> str:
    """The title on one line."""
    found: str = figure.layout.title.text
    return found.replace("<br>", " ")


def notes(figure: go.Figure) -> list[str]:
    """The small labels inside the plot."""
    return [annotation.text for annotation in figure.layout.annotations]
