"""Colours have a meaning, and the theme's list is in the order of those meanings."""

from __future__ import annotations

from streamlit.elements.lib import streamlit_plotly_theme as streamlit_theme

from charts import palette


def test_the_placeholders_are_those_that_streamlit_replaces_by_the_themes_colours() -> None:
    named = [getattr(streamlit_theme, f"CATEGORY_{index}") for index in range(10)]
    assert list(palette.CATEGORIES) == named
    assert list(palette.SEQUENTIAL) == [getattr(streamlit_theme, f"SEQUENTIAL_{index}") for index in range(10)]
    assert list(palette.DIVERGING) == [getattr(streamlit_theme, f"DIVERGING_{index}") for index in range(10)]
    assert (palette.TEXT, palette.PAPER, palette.GRID) == (
        streamlit_theme.GRAY_90,
        streamlit_theme.BG_COLOR,
        streamlit_theme.FADED_TEXT_05,
    )


def test_no_two_meanings_share_a_colour() -> None:
    assert len(set(palette.CATEGORIES)) == 10
