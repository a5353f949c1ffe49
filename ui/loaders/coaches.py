"""Cached reads about how coaching is done: coaches in view, their levels skill by skill, the company's mean."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl

from data_access.queries import coaches as queries
from data_access.queries.coaching_events import holds_coaching
from ui.loaders import Sight, read


def coaches(sight: Sight, *, start: dt.date, end: dt.date, as_of: dt.date, team_id: int | None = None) -> pl.DataFrame:
    """frames.COACHES by name; see data_access.queries.coaches."""
    asked: dict[str, Any] = {"start": start, "end": end, "as_of": as_of, "team_id": team_id}
    today = sight.company.today
    return read("coaches", sight, asked, lambda c: queries.coaches(sight.viewer, c, today=today, **asked))


def typical_volume(sight: Sight, *, start: dt.date, end: dt.date, as_of: dt.date) -> pl.DataFrame:
    """data_access.queries.coaches.TYPICAL: the median of the company's coaches, one row or none."""
    asked: dict[str, Any] = {"start": start, "end": end, "as_of": as_of}
    today = sight.company.today
    return read("typical_volume", sight, asked, lambda c: queries.typical_volume(sight.viewer, c, today=today, **asked))


def levels_by_skill(sight: Sight, *, as_of: dt.date) -> pl.DataFrame:
    """data_access.queries.coaches.COACH_SKILLS, by name and in the order of the coaching scorecard."""
    today = sight.company.today
    return read(
        "coach_levels_by_skill",
        sight,
        {"as_of": as_of},
        lambda c: queries.levels_by_skill(sight.viewer, c, as_of=as_of, today=today),
    )


def company_level(sight: Sight, *, as_of: dt.date) -> dict[str, Any]:
    """The mean level of all coaches with interval and n, for an executive; empty below five scored coaches."""
    today = sight.company.today
    found = read(
        "coach_level_of_company",
        sight,
        {"as_of": as_of},
        lambda c: queries.company_level(sight.viewer, c, as_of=as_of, today=today),
    )
    return found.row(0, named=True) if found.height else {}


def effects_of_coaches(sight: Sight, *, as_of: dt.date) -> dict[str, Any] | None:
    """What coaches' reps gained beyond what was expected; see data_access.queries.roi. None for all but leaders."""
    from data_access.queries import roi  # the estimates come with it, and most who open the page may not see them

    today = sight.company.today
    return read(
        "effects_of_coaches",
        sight,
        {"as_of": as_of},
        lambda c: roi.effects_of_coaches(sight.viewer, c, as_of=as_of, today=today),
    )


def sessions_known(sight: Sight, *, as_of: dt.date) -> bool:
    """Whether any coaching session has been recorded by the day: else "none" is no data and not zero."""
    held = read("holds_coaching", sight, {"as_of": as_of}, lambda c: holds_coaching(sight.viewer, c, as_of))
    return "sessions" in held
