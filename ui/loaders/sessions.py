"""Sessions, promises and the pulse, as the viewer may read them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl

from data_access.queries import pulse as pulse_queries
from data_access.queries import sessions as queries
from ui.loaders import Sight, read

LATEST = 60
"""So many sessions of one rep are listed: more than two years of one every two weeks."""


def sessions(sight: Sight, rep_id: int, as_of: dt.date) -> pl.DataFrame:
    """frames.SESSION_RECORDS of one rep, latest first."""
    today = sight.company.today
    return read(
        "sessions",
        sight,
        {"rep_id": rep_id, "as_of": as_of},
        lambda c: queries.sessions(sight.viewer, c, rep_id=rep_id, as_of=as_of, today=today, limit=LATEST),
    )


def planned_sessions(sight: Sight, rep_id: int | None = None) -> pl.DataFrame:
    """frames.SESSION_RECORDS still planned: with one rep, or the viewer's own."""
    today = sight.company.today
    return read(
        "planned_sessions",
        sight,
        {"rep_id": rep_id},
        lambda c: queries.planned_sessions(sight.viewer, c, today=today, rep_id=rep_id),
    )


def session_record(sight: Sight, session_id: int) -> dict[str, Any] | None:
    """One session with its participants; None where there is none or it is out of scope: both look alike."""
    today = sight.company.today
    return read(
        "session_record",
        sight,
        {"session_id": session_id},
        lambda c: queries.session_record(sight.viewer, c, session_id, today),
    )


def session_topics(sight: Sight, session_ids: list[int]) -> pl.DataFrame:
    """frames.SESSION_TOPICS of these sessions."""
    today = sight.company.today
    return read(
        "session_topics",
        sight,
        {"session_ids": session_ids},
        lambda c: queries.session_topics(sight.viewer, c, session_ids=session_ids, today=today),
    )


def commitments(sight: Sight, rep_id: int | None, as_of: dt.date) -> pl.DataFrame:
    """frames.COMMITMENTS of one rep, both sides, or (None) all that bind the viewer."""
    today = sight.company.today
    return read(
        "commitments",
        sight,
        {"rep_id": rep_id, "as_of": as_of},
        lambda c: queries.commitments(sight.viewer, c, rep_id=rep_id, as_of=as_of, today=today),
    )


def plan_actions(sight: Sight, rep_id: int) -> pl.DataFrame:
    """What the rep's running plan says to do."""
    today = sight.company.today
    return read(
        "session_plan_actions",
        sight,
        {"rep_id": rep_id},
        lambda c: queries.plan_actions(sight.viewer, c, rep_id=rep_id, today=today),
    )


def rep_skills(sight: Sight) -> dict[str, str]:
    """Slug and name of what a rep can get better at."""
    found = read("rep_skills", sight, {}, lambda c: queries.rep_skills(sight.viewer, c))
    return dict(found.select("skill", "name").iter_rows())


def colleagues(sight: Sight) -> dict[int, str]:
    """Ids and names of a rep's own team today."""
    today = sight.company.today
    found = read("colleagues", sight, {}, lambda c: queries.colleagues(sight.viewer, c, today))
    return dict(found.select("person_id", "name").iter_rows())


def pulse_by_team(sight: Sight, start: dt.date, end: dt.date) -> pl.DataFrame:
    """frames.PULSES of rounds that ended from ``start`` to ``end``."""
    today = sight.company.today
    return read(
        "pulse_by_team",
        sight,
        {"start": start, "end": end},
        lambda c: pulse_queries.pulse_by_team(sight.viewer, c, start=start, end=end, today=today),
    )


def pulse_asked(sight: Sight) -> tuple[dt.date | None, bool]:
    """The day the viewer was last coached (None: not lately) and whether they have answered this month."""
    today = sight.company.today
    return read(
        "pulse_asked",
        sight,
        {},
        lambda c: (
            pulse_queries.latest_session(sight.viewer, c, today),
            pulse_queries.has_answered(sight.viewer, c, today),
        ),
    )


def has_round_to_close(sight: Sight) -> bool:
    """Whether a round of the pulse is over and its key not yet destroyed."""
    today = sight.company.today
    return read("pulse_to_close", sight, {}, lambda c: pulse_queries.has_round_to_close(sight.viewer, c, today))
