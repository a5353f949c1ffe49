"""The tables of the coaches page: columns, widths, what each figure is. No computation."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from coaching import coaches
from coaching.metrics import metric
from coaching.pulse import QUESTIONS
from ui import tables, tiles


def by_coach(frame: pl.DataFrame, *, key: str) -> None:
    """One row per coach, by name. ``frame`` as coaching.coaches.table gives it."""
    tables.plain(
        frame,
        key=key,
        alt=f"One row per coach, {frame.height} in all, by name: volume, level, asking, promises, cadence, plans.",
        columns={
            "name": st.column_config.TextColumn("Coach", pinned=True, width=128),
            "team": _words("Leads", 80),
            "volume": _words("Per rep and month", 146, coaches.VOLUME_MADE),
            "level": _words("Level", 148, coaches.LEVEL_MADE),
            "asks": _words("Asks", 124, coaches.ASK_MADE),
            "kept": _words("Promises kept", 140, coaches.KEPT_MADE),
            "adherence": _words("Team's cadence", 144, tiles.definition(metric("cadence_adherence"))),
            "plans": _words("Plans", 190, coaches.PLANS_MADE),
        },
    )


def by_skill(frame: pl.DataFrame, skills: list[str], *, key: str) -> None:
    """Coaches by coaching skill. ``frame``: name and s0, s1, ... in the order of ``skills``."""
    columns: dict[str, Any] = {"name": st.column_config.TextColumn("Coach", pinned=True, width=140)}
    columns |= {f"s{place}": st.column_config.TextColumn(name, width=140) for place, name in enumerate(skills)}
    tables.plain(
        frame, key=key, alt="Level of each coach in each coaching skill with the scores behind it.", columns=columns
    )


def by_team(frame: pl.DataFrame, *, key: str) -> None:
    """One row per team, by name. ``frame`` as coaching.coaches.team_rows gives it."""
    tables.plain(
        frame,
        key=key,
        alt=f"One row per team, {frame.height} in all, by name.",
        columns={
            "name": st.column_config.TextColumn("Team", pinned=True, width=140),
            "adherence": _metric("cadence_adherence", "Cadence kept", 150),
            "coverage": _metric("coaching_coverage", "Reps coached", 150),
            "kept": _metric("coach_commitments_kept", "Promises kept", 150),
            "asks": _metric("ask_share", "Asks", 70),
            "minutes": _metric("coaching_minutes", "Minutes", 90),
        },
    )


def plans(frame: pl.DataFrame, *, key: str) -> None:
    """Copied and stale plans, by rep; a click opens the rep. ``frame`` as coaching.coaches.PLAN_ROWS."""
    tables.openable(
        frame.drop("rep_id"),
        frame["rep_id"].to_list(),
        key=key,
        alt=f"{frame.height} plans that share actions with another plan or that nobody has worked on, with the reason.",
        columns={
            "coach": st.column_config.TextColumn("Plan with", width=150),
            "why": st.column_config.TextColumn("Why it is here", width=560),
        },
    )


def pulse(frame: pl.DataFrame, *, key: str) -> None:
    """The pulse by team. ``frame`` as coaching.coaches.PULSE_ROWS."""
    tables.plain(
        frame,
        key=key,
        alt="Answers and means of the three questions by team; empty where fewer than five would be told apart.",
        columns={
            "name": st.column_config.TextColumn("Team", pinned=True, width=150),
            "n": st.column_config.NumberColumn("Answers"),
            **{name: st.column_config.NumberColumn(question, format="%.1f") for name, question in QUESTIONS.items()},
        },
    )


def effects(frame: pl.DataFrame, *, key: str) -> None:
    """What coaches' reps gained. ``frame`` as coaching.coaches.effect_table gives it."""
    columns: dict[str, Any] = {
        "name": st.column_config.TextColumn("Coach", pinned=True, width=140),
        "expected": _words("To be expected", 120, coaches.EXPECTED_MADE),
        "interval": _words("9 of 10 true values", 160),
        "own": _words("Their own figure", 130, coaches.OWN_MADE),
        "reps": _words("From", 150),
    }
    if coaches.BEST_THIRD in frame.columns:
        columns[coaches.BEST_THIRD] = _words("Among the best third", 150, coaches.BEST_THIRD_MADE)
    tables.plain(
        frame,
        key=key,
        alt=f"One row per coach, {frame.height} in all, by name: what their reps gained beyond what was expected.",
        columns=columns,
    )


def _metric(key: str, label: str, width: int) -> Any:
    return _words(label, width, tiles.definition(metric(key)))


def _words(label: str, width: int, made: str | None = None) -> Any:
    return st.column_config.TextColumn(label, width=width, help=made)
