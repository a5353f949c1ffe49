"""Coaching sessions held and observations made: dates and kinds, never words."""

from __future__ import annotations

import datetime as dt

import polars as pl
import sqlalchemy as sa

from coaching import frames
from coaching.people import Viewer
from data_access.knowledge import end_of_day, recorded_by
from data_access.scope import attributable_reps, reps_in_scope
from data_access.settings import company_calendar
from data_access.tables import observation, session


def coaching_events(
    viewer: Viewer,
    connection: sa.Connection,
    *,
    start: dt.date,
    end: dt.date,
    as_of: dt.date,
    today: dt.date,
    for_totals: bool = False,
    rep_id: int | None = None,
) -> pl.DataFrame:
    """frames.COACHING_EVENTS from ``start`` to ``end`` as known on ``as_of``, in order of their dates.

    Of the people the viewer may open, or (``for_totals``) of those whose events may count in sums the viewer sees.
    """
    people = attributable_reps(viewer, today) if for_totals else reps_in_scope(viewer, today)
    zone = company_calendar(connection).time_zone
    held = sa.select(
        session.c.rep_id.label("person_id"),
        session.c.held_on.label("happened_on"),
        sa.literal("session").label("kind"),
        # The two halves of the union know different words, so both go as plain text.
        sa.cast(sa.func.coalesce(session.c.method, session.c.kind), sa.Text).label("label"),
    ).where(
        session.c.status == "held",
        session.c.held_on.between(start, end),
        session.c.rep_id.in_(people),
        recorded_by(session, as_of, zone),
        sa.true() if rep_id is None else session.c.rep_id == rep_id,
    )
    seen = sa.select(
        observation.c.person_id,
        observation.c.observed_on,
        sa.literal("observation"),
        sa.cast(observation.c.channel, sa.Text),
    ).where(
        observation.c.kind.in_(["coach", "second_rater"]),
        observation.c.released_at < end_of_day(as_of, zone),
        observation.c.observed_on.between(start, end),
        observation.c.person_id.in_(people),
        recorded_by(observation, as_of, zone),
        sa.true() if rep_id is None else observation.c.person_id == rep_id,
    )
    frame = pl.read_database(held.union_all(seen), connection, schema_overrides=frames.COACHING_EVENTS)
    return frame.sort("happened_on", "kind", "person_id")


def holds_coaching(viewer: Viewer, connection: sa.Connection, as_of: dt.date) -> frozenset[str]:
    """Which of "sessions" and "observations" have been recorded at all by ``as_of``. The same for every viewer."""
    found, zone = set(), company_calendar(connection).time_zone
    for name, table, day, happened in (
        # Also one that was missed: who holds none of the expected sessions has held none, which is not "no data".
        ("sessions", session, sa.func.coalesce(session.c.held_on, session.c.planned_on), session.c.status != "planned"),
        ("observations", observation, observation.c.observed_on, sa.true()),
    ):
        known = sa.select(table.c.id).where(day <= as_of, happened, recorded_by(table, as_of, zone))
        if connection.execute(known.limit(1)).first():
            found.add(name)
    return frozenset(found)
