"""Tables about skills: columns, widths and headings. No computation."""

from __future__ import annotations

import datetime as dt

import polars as pl
import streamlit as st

from coaching import numbers, skill_words
from ui import tables


def levels(frame: pl.DataFrame, skill_list: pl.DataFrame, *, key: str, first: str) -> None:
    """The heatmap as text: ``first`` ("Rep" or "Team") and a column per skill. ``frame``: skill_words.table_rows."""
    columns = {
        slug: st.column_config.TextColumn(skill_words.short_name(slug), width=150) for slug in skill_list["slug"]
    }
    tables.plain(
        frame,
        key=key,
        alt=f"One row per {first.lower()}, {frame.height} in all, with level, n and last score per skill.",
        columns={"name": st.column_config.TextColumn(first, pinned=True, width=150), **columns},
    )


def raters(frame: pl.DataFrame, *, key: str) -> None:
    """The leniency figure as text. ``frame``: frames.RATERS with name."""
    tables.plain(
        skill_words.rater_rows(frame),
        key=key,
        alt=f"One row per rater, {frame.height} in all.",
        columns={
            "name": st.column_config.TextColumn("Rater", pinned=True, width=160),
            "leniency": st.column_config.TextColumn("Leniency", alignment="right"),
            "interval": st.column_config.TextColumn("95 % interval", alignment="right"),
            "score_count": st.column_config.NumberColumn("Scores", format="%d"),
            "shared_count": st.column_config.NumberColumn("Scored by others too", format="%d"),
        },
    )


def by_skill(frame: pl.DataFrame, *, key: str, middle: str, between: str) -> None:
    """Strengths, gaps and growth as text. ``frame``: skill_words.skill_rows."""
    tables.plain(
        frame,
        key=key,
        alt="One row per skill: level, spread, growth.",
        columns={
            "skill": st.column_config.TextColumn("Skill", pinned=True, width=190),
            "middle": st.column_config.TextColumn(middle, alignment="right"),
            "between": st.column_config.TextColumn(between, alignment="right"),
            "n": st.column_config.TextColumn("n", alignment="right"),
            "growth": st.column_config.TextColumn("Growth, 95 % interval", alignment="right", width=190),
            "growth_n": st.column_config.TextColumn("n of growth", alignment="right"),
        },
    )


def states(frame: pl.DataFrame, *, key: str, since: dt.date, is_plan: bool) -> None:
    """Where a rep stands in each skill. ``frame``: skill_words.state_rows; ``since``: from when on a change counts.

    ``is_plan``: a plan began on that day.
    """
    tables.plain(
        frame,
        key=key,
        alt=f"{frame.height} skills with level, state, repetitions, growth and the gap to the rep's own view.",
        columns={
            "skill": st.column_config.TextColumn("Skill", pinned=True, width=190),
            "level": st.column_config.TextColumn(
                "Level", width=116, help="Mean of the last 3 released scores by others, 0 to 100; 95 % interval and n."
            ),
            "state": st.column_config.TextColumn("State", width=90, help="Competent from 50, mastery from 87.5."),
            "repetitions": st.column_config.TextColumn(
                "Seen in this state", width=180, help="Scores since, and with, the one that brought the state."
            ),
            "change": st.column_config.TextColumn(
                f"Since {numbers.day(since)}",
                width=150,
                help=f"Change of the level since {'the latest plan began' if is_plan else 'then'}. "
                " More than chance: more than 1.96 times the error of the difference of two"
                " levels (reliable change).",
            ),
            "growth": st.column_config.TextColumn(
                "Growth", width=190, help="Points a month with the 95 % interval; needs 4 scores over 60 days."
            ),
            "mastery": st.column_config.TextColumn(
                "To mastery",
                width=110,
                help="80 % of what is possible at the present growth. Too early: fewer than 4 scores over 60 days, or"
                " growth that is not likely (P of at least 0.8) yet.",
            ),
            "gap": st.column_config.TextColumn(
                "Own view less observer",
                width=150,
                help="Mean over the last 3 calls that both the rep and a coach scored: above 0 the rep saw more in it.",
            ),
        },
    )


def tried(frame: pl.DataFrame, *, key: str) -> None:
    """What was tried per skill. ``frame``: skill_words.work_rows."""
    tables.plain(
        frame,
        key=key,
        alt="One row per skill: sessions, methods and angles tried.",
        columns={
            "skill": st.column_config.TextColumn("Skill", pinned=True, width=190),
            "sessions": st.column_config.NumberColumn("Sessions", format="%d", width=80),
            "methods": st.column_config.TextColumn("Methods tried", width=280),
            "angles": st.column_config.TextColumn("Angles tried", width=380),
            "last_on": st.column_config.DateColumn("Last", format="D MMM YYYY", width=110),
        },
    )


def scores(frame: pl.DataFrame, *, key: str) -> None:
    """Every score of a rep. ``frame``: skill_words.score_rows."""
    tables.plain(
        frame,
        key=key,
        alt=f"{frame.height} scores, the latest first.",
        columns={
            "observed_on": st.column_config.DateColumn("Observed", format="D MMM YYYY", pinned=True, width=110),
            "skill": st.column_config.TextColumn("Skill", width=190),
            "level": st.column_config.NumberColumn("Level given", format="%d", width=90),
            "scaled": st.column_config.NumberColumn("Of 100", format="%d", width=70),
            "by": st.column_config.TextColumn("By", width=160),
            "channel": st.column_config.TextColumn("Channel", width=90),
            "marked": st.column_config.TextColumn("Mark", width=140),
        },
    )
