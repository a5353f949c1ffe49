"""Cached reads of development plans, objectives and the values they are judged by."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl

from data_access.queries import plans as queries
from data_access.queries.plans import Baseline
from ui.loaders import Sight, read

__all__ = ["Baseline", "actions_elsewhere", "baseline", "quality", "series", "skills", "standing", "waiting"]


def standing(sight: Sight, *, rep_id: int, as_of: dt.date) -> dict[str, pl.DataFrame]:
    """Everything about a rep's plans as of a day: plans, revisions, actions, signatures, objectives, history.

    history = answers to objectives and steps of resistance. Empty frames where the rep is out of scope.
    """
    asked: dict[str, Any] = {"rep_id": rep_id, "as_of": as_of, "today": sight.company.today}

    def fetch(connection: Any) -> dict[str, pl.DataFrame]:
        return {
            "plans": queries.plans(sight.viewer, connection, **asked),
            "revisions": queries.revisions(sight.viewer, connection, **asked),
            "actions": queries.actions(sight.viewer, connection, **asked),
            "signatures": queries.signatures(sight.viewer, connection, **asked),
            "objectives": queries.objectives(sight.viewer, connection, **asked),
            "history": queries.answers_and_steps(sight.viewer, connection, **asked),
        }

    return read("plans_standing", sight, asked, fetch)


def series(sight: Sight, *, rep_id: int, metric_key: str, since: dt.date, as_of: dt.date) -> pl.DataFrame:
    """frames.METRIC_SERIES of a rep's metric, from a year before ``since`` on."""
    asked: dict[str, Any] = {"rep_id": rep_id, "metric_key": metric_key, "since": since, "as_of": as_of}
    today = sight.company.today
    return read("plans_series", sight, asked, lambda c: queries.metric_series(sight.viewer, c, today=today, **asked))


def baseline(sight: Sight, *, rep_id: int, metric_key: str) -> Baseline | None:
    """What a baseline agreed today would be; None = no data."""
    today = sight.company.today
    asked: dict[str, Any] = {"rep_id": rep_id, "metric_key": metric_key, "agreed_on": today}
    return read("plans_baseline", sight, asked, lambda c: queries.baseline(sight.viewer, c, today=today, **asked))


def actions_elsewhere(sight: Sight, *, rep_id: int) -> pl.DataFrame:
    """rep_name and action of the viewer's current plans with others."""
    today = sight.company.today
    asked: dict[str, Any] = {"rep_id": rep_id, "as_of": today}
    return read(
        "plans_elsewhere", sight, asked, lambda c: queries.actions_elsewhere(sight.viewer, c, today=today, **asked)
    )


def waiting(sight: Sight) -> pl.DataFrame:
    """frames.OBJECTIVES that wait for the viewer's own word today: to answer as a rep, to meet as a coach."""
    today = sight.company.today
    return read("plans_waiting", sight, {}, lambda c: queries.waiting(sight.viewer, c, as_of=today, today=today))


def quality(sight: Sight, *, as_of: dt.date) -> pl.DataFrame:
    """frames.PLAN_QUALITY of the current plans in scope."""
    today = sight.company.today
    return read(
        "plans_quality",
        sight,
        {"as_of": as_of},
        lambda c: queries.plan_quality(sight.viewer, c, as_of=as_of, today=today),
    )


def skills(sight: Sight) -> dict[str, str]:
    """Short names and names of the skills an action can be tied to."""
    return read("plans_skills", sight, {}, lambda c: queries.skills_for_actions(sight.viewer, c))
