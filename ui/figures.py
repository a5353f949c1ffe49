"""How a figure is put on a page: full width, with a plain-text alternative, and only the download in its toolbar."""

from __future__ import annotations

from typing import Any

import streamlit as st

from coaching.numbers import plain_name

_CONFIG: dict[str, Any] = {
    "displaylogo": False,
    "displayModeBar": "hover",
    "modeBarButtons": [["toImage"]],
    "showSendToCloud": False,
    "scrollZoom": False,
    "doubleClick": False,
    "showTips": False,
}


def show(figure: Any, *, key: str, alt: str) -> None:
    """Draw the figure."""
    st.plotly_chart(figure, key=key, config=_config(key), alt=alt)


def show_and_pick(figure: Any, *, key: str, alt: str) -> int:
    """Draw the figure; the id (``customdata``) of a point that was clicked in this run, 0 for none. Not yet checked."""
    event = st.plotly_chart(figure, key=key, config=_config(key), alt=alt, on_select="rerun", selection_mode="points")
    points = event["selection"]["points"] if event else []
    picked = points[0].get("customdata") if points else None
    picked = picked[0] if isinstance(picked, list) and picked else picked
    return picked if isinstance(picked, int) else 0


def _config(key: str) -> dict[str, Any]:
    return {**_CONFIG, "toImageButtonOptions": {"filename": plain_name(f"sideline-{key}"), "scale": 2}}
