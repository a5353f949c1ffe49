"""Cached reads about skills: where people stand, how raters score, what one rep was scored and coached on."""

from __future__ import annotations

import datetime as dt

import polars as pl

from data_access.queries import skills as skill_queries
from ui import loaders
from ui.loaders import Sight


def skill_list(sight: Sight) -> pl.DataFrame:
    """frames.SKILLS of reps in the order of the scorecard."""
    return loaders.read("skill_list", sight, {}, lambda c: skill_queries.skill_list(sight.viewer, c))


def report(sight: Sight, *, at: dt.date, as_of: dt.date) -> dict[str, pl.DataFrame]:
    """standings, raters, agreement and spread; see data_access.queries.skills.skill_report."""
    today = sight.company.today
    return loaders.read(
        "skill_report",
        sight,
        {"at": at, "as_of": as_of},
        lambda c: skill_queries.skill_report(sight.viewer, c, at=at, as_of=as_of, today=today),
    )


def history(sight: Sight, *, rep_id: int, as_of: dt.date) -> pl.DataFrame:
    """Every released score of one rep, their own included; see data_access.queries.skills.HISTORY."""
    today = sight.company.today
    return loaders.read(
        "skill_history",
        sight,
        {"rep_id": rep_id, "as_of": as_of},
        lambda c: skill_queries.skill_history(sight.viewer, c, rep_id=rep_id, at=as_of, as_of=as_of, today=today),
    )


def worked_on(sight: Sight, *, rep_id: int, as_of: dt.date) -> pl.DataFrame:
    """Sessions with one rep that name a skill; see data_access.queries.skills.WORK."""
    today = sight.company.today
    return loaders.read(
        "work_on_skills",
        sight,
        {"rep_id": rep_id, "as_of": as_of},
        lambda c: skill_queries.work_on_skills(sight.viewer, c, rep_id=rep_id, at=as_of, as_of=as_of, today=today),
    )


def plan_starts(sight: Sight, *, rep_id: int, as_of: dt.date) -> list[dt.date]:
    """First days of one rep's plans that have begun."""
    today = sight.company.today
    return loaders.read(
        "plan_starts",
        sight,
        {"rep_id": rep_id, "as_of": as_of},
        lambda c: skill_queries.plan_starts(sight.viewer, c, rep_id=rep_id, as_of=as_of, today=today),
    )


def scorecard_starts(sight: Sight, *, until: dt.date) -> pl.DataFrame:
    """When new versions of the reps' scorecards came into use; see data_access.queries.skills.VERSIONS."""
    return loaders.read(
        "scorecard_starts",
        sight,
        {"until": until},
        lambda c: skill_queries.scorecard_starts(sight.viewer, c, until),
    )
