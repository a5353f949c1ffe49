"""The tables of the motivation page. No computation."""

from __future__ import annotations

import polars as pl
import streamlit as st

from ui import tables


def said(frame: pl.DataFrame, *, key: str) -> None:
    """What the person says. ``frame``: trigger, weight, words, stated_on."""
    tables.plain(
        frame,
        key=key,
        alt="What the person says moves them, one row per trigger.",
        columns={
            "trigger": st.column_config.TextColumn("Trigger", pinned=True, width=170),
            "weight": st.column_config.TextColumn("Moves them", width=110),
            "words": st.column_config.TextColumn("In their own words", width=420),
            "stated_on": st.column_config.DateColumn("Said on", format="D MMM YYYY", width=110),
        },
    )


def responses(frame: pl.DataFrame, *, key: str) -> None:
    """What followed. ``frame``: trigger, words, everybody."""
    tables.plain(
        frame,
        key=key,
        alt="What followed each trigger, one row per trigger.",
        columns={
            "trigger": st.column_config.TextColumn("Trigger", pinned=True, width=170),
            "words": st.column_config.TextColumn("What followed", width=460),
            "everybody": st.column_config.TextColumn("Everybody, on average", width=160),
        },
    )


def uses(frame: pl.DataFrame, *, key: str) -> None:
    """Every try. ``frame``: used_on, trigger, tone, followed."""
    tables.plain(
        frame,
        key=key,
        alt="Every session in which a trigger was noted, the latest first.",
        columns={
            "used_on": st.column_config.DateColumn("Session", format="D MMM YYYY", width=120),
            "trigger": st.column_config.TextColumn("Trigger", width=190),
            "tone": st.column_config.TextColumn("Tone", width=140),
            "followed": st.column_config.TextColumn("What followed", width=300),
        },
    )
