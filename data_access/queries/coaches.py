"""How coaching is done, coach by coach: how much, how well, asking, promises. Figures only, never a word of a session.

A coach's figures are the same whoever looks, so that two people never bring different numbers to one conversation:
scope decides which coaches the viewer reads, not which of their sessions count.
"""

from __future__ import annotations

import datetime as dt

import polars as pl
import sqlalchemy as sa

from coaching import frames
from coaching.attribution import SINCE_EVER, team_closure
from coaching.cadence import ONE_ON_ONES
from coaching.coaches import shown, tallied
from coaching.people import SMALLEST_TEAM, Role, Viewer
from coaching.skills import grouped_levels
from data_access.knowledge import exists_for_readers, knowledge, recorded_by
from data_access.queries.cadence import dated_sellers
from data_access.queries.people import all_teams, home_spans
from data_access.queries.skills import coach_skill_levels, coach_skills, skill_list
from data_access.scope import operator, reps_in_scope
from data_access.settings import company_calendar
from data_access.tables import commitment, membership, person, session, team

COACH_SKILLS = {
    "person_id": pl.Int64,
    "name": pl.String,
    "skill": pl.String,
    "position": pl.Int64,
    "level": pl.Float64,
    "level_n": pl.Int64,
}
COMPANY_LEVEL = {
    "level": pl.Float64,
    "level_low": pl.Float64,
    "level_high": pl.Float64,
    "level_n": pl.Int64,
}
TYPICAL = {"per_rep_month": pl.Float64, "coach_count": pl.Int64}
_LED = {
    "coach_id": pl.Int64,
    "team_id": pl.Int64,
    "team_name": pl.String,
    "starts_on": pl.Date,
    "ends_on": pl.Date,
}


def coaches(
    viewer: Viewer,
    connection: sa.Connection,
    *,
    start: dt.date,
    end: dt.date,
    as_of: dt.date,
    today: dt.date,
    team_id: int | None = None,
) -> pl.DataFrame:
    """frames.COACHES by name: who leads reps, holds coaching sessions or was scored as a coach, in the viewer's scope.

    A manager reads their own row, a leader everybody below and themselves; nobody else gets a row. Counts run from
    ``start`` to the earlier of ``end`` and ``as_of``, as known on ``as_of``; the level is the one of ``as_of``.
    ``team_id`` keeps coaches who lead that team or one below it, or belong there, on the last day.
    """
    until = min(end, as_of)
    ids = _coaches_in_scope(viewer, connection, today)
    if not ids or until < start:
        return frames.empty(frames.COACHES)
    if team_id is not None:
        ids = _placed(viewer, connection, ids, team_id, until, as_of, today)
    found = _counted(connection, ids, start, until, as_of, today)
    levels = coach_skill_levels(viewer, connection, as_of=as_of, today=today).select(
        "person_id", "level", "level_low", "level_high", "level_n", "last_on"
    )
    rows = found.join(levels, on="person_id", how="left", maintain_order="left").rename({"last_on": "level_on"})
    is_coach = (pl.col("rep_months") > 0) | (pl.col("session_count") > 0) | pl.col("level").is_not_null()
    return rows.filter(is_coach).select(list(frames.COACHES)).sort("name", "person_id")


def typical_volume(
    viewer: Viewer, connection: sa.Connection, *, start: dt.date, end: dt.date, as_of: dt.date, today: dt.date
) -> pl.DataFrame:
    """TYPICAL, one row: the median of one-on-ones per rep and month over all coaches of the company who lead reps.

    The same for every coach and leader, whatever part of the company they see; no row below five such coaches, and
    none for anybody else.
    """
    until = min(end, as_of)
    if not _coaches_in_scope(viewer, connection, today) or until < start:
        return pl.DataFrame(schema=TYPICAL)
    leaders = list(
        connection.scalars(sa.select(membership.c.person_id).where(membership.c.kind == "leader").distinct())
    )
    rows = shown(_counted(connection, sorted(leaders), start, until, as_of, today))
    volumes = rows["per_rep_month"].drop_nulls()
    found = [(volumes.median(), volumes.len())] if volumes.len() >= SMALLEST_TEAM else []
    return pl.DataFrame(found, schema=TYPICAL, orient="row")


def levels_by_skill(viewer: Viewer, connection: sa.Connection, *, as_of: dt.date, today: dt.date) -> pl.DataFrame:
    """COACH_SKILLS: what leaders scored, skill by skill of the coaching scorecard, of the coaches in ``coaches``.

    By name, then in the order of the scorecard; a skill without a score has no row.
    """
    ids = _coaches_in_scope(viewer, connection, today)
    if not ids:
        return pl.DataFrame(schema=COACH_SKILLS)
    skills = skill_list(viewer, connection, "coach").select("skill_id", pl.col("name").alias("skill"), "position")
    found = coach_skills(viewer, connection, as_of=as_of, today=today).filter(pl.col("person_id").is_in(ids))
    rows = found.join(skills, on="skill_id", how="inner")
    return rows.select(list(COACH_SKILLS)).sort("name", "person_id", "position")


def company_level(viewer: Viewer, connection: sa.Connection, *, as_of: dt.date, today: dt.date) -> pl.DataFrame:
    """COMPANY_LEVEL: the mean of all coaches' levels with its t interval; one row, for an executive alone.

    No row below five scored coaches: a mean of fewer says too much about each of them.
    """
    schema = pl.DataFrame(schema=COMPANY_LEVEL)
    if viewer.role is not Role.EXECUTIVE:
        return schema
    levels = coach_skill_levels(operator(), connection, as_of=as_of, today=today)
    if levels.height < SMALLEST_TEAM:
        return schema
    whole = grouped_levels(levels.with_columns(pl.lit(0, pl.Int64).alias("company")), ["company"])
    return whole.select(pl.col(name).cast(dtype) for name, dtype in COMPANY_LEVEL.items())


def _coaches_in_scope(viewer: Viewer, connection: sa.Connection, today: dt.date) -> list[int]:
    """Whose row the viewer may read: a manager's own, a leader's own and everybody's below, nobody's otherwise."""
    if viewer.role is Role.MANAGER and viewer.person_id is not None:
        return [viewer.person_id]
    if viewer.role is not Role.LEADER:
        return []
    inside = sa.select(person.c.id).where(person.c.id.in_(reps_in_scope(viewer, today)), exists_for_readers(person))
    return sorted(connection.scalars(inside))


def _counted(
    connection: sa.Connection, ids: list[int], start: dt.date, until: dt.date, as_of: dt.date, today: dt.date
) -> pl.DataFrame:
    """frames.COACHES of these people without the level; callers see to whose rows leave this module."""
    return tallied(
        _named(connection, ids),
        _led(connection, ids, as_of),
        home_spans(operator(), connection, as_of, today),
        dated_sellers(operator(), connection, as_of=as_of, today=today),
        _sessions(connection, ids, start, until, as_of),
        _promises(connection, ids, start, until, as_of),
        start,
        until,
    )


def _named(connection: sa.Connection, ids: list[int]) -> pl.DataFrame:
    statement = sa.select(person.c.id.label("person_id"), person.c.name).where(person.c.id.in_(ids))
    return pl.read_database(statement, connection, schema_overrides={"person_id": pl.Int64, "name": pl.String})


def _led(connection: sa.Connection, ids: list[int], as_of: dt.date) -> pl.DataFrame:
    """Which teams these people led from when to when (the end excluded), as known on ``as_of``."""
    known_on = knowledge(connection, "people", as_of).known_on
    m = membership.c
    statement = (
        sa.select(m.person_id.label("coach_id"), m.team_id, team.c.name.label("team_name"), m.starts_on, m.ends_on)
        .join(team, team.c.id == m.team_id)
        .where(m.kind == "leader", m.person_id.in_(ids), m.known_from <= known_on, exists_for_readers(membership))
        .order_by(team.c.name, m.id)
    )
    frame = pl.read_database(statement, connection, schema_overrides=_LED)
    # A change that a younger file tells was not known then.
    ends = pl.col("ends_on")
    return frame.with_columns(
        pl.col("starts_on").fill_null(SINCE_EVER), pl.when(ends <= known_on).then(ends).alias("ends_on")
    ).filter(pl.col("starts_on") <= known_on)


def _placed(
    viewer: Viewer,
    connection: sa.Connection,
    ids: list[int],
    team_id: int,
    until: dt.date,
    as_of: dt.date,
    today: dt.date,
) -> list[int]:
    """Of ``ids`` those who lead the team or one below it on the day, or have their home there."""
    closure = team_closure(all_teams(viewer, connection, until, today)).filter(pl.col("row_id") == team_id)
    inside = closure["team_id"].to_list()
    homes = home_spans(viewer, connection, as_of, today).rename({"person_id": "coach_id"})
    led = _led(connection, ids, as_of)
    spans = pl.concat([frame.select("coach_id", "team_id", "starts_on", "ends_on") for frame in (led, homes)])
    holds = (pl.col("starts_on") <= until) & (pl.col("ends_on").is_null() | (pl.col("ends_on") > until))
    there = set(spans.filter(holds & pl.col("team_id").is_in(inside))["coach_id"])
    return [coach for coach in ids if coach in there]


def _sessions(
    connection: sa.Connection, ids: list[int], start: dt.date, until: dt.date, as_of: dt.date
) -> pl.DataFrame:
    """What these coaches held in the span; sessions among colleagues are nobody's coaching."""
    s = session.c
    statement = sa.select(
        s.id.label("session_id"),
        s.coach_id,
        s.rep_id.label("person_id"),
        s.held_on,
        s.kind.in_(ONE_ON_ONES).label("is_one_on_one"),
        s.minutes,
        s.questions,
        s.instructions,
    ).where(
        s.coach_id.in_(ids),
        s.kind != "peer",
        s.status == "held",
        s.held_on.between(start, until),
        recorded_by(session, as_of, company_calendar(connection).time_zone),
    )
    schema = {
        "session_id": pl.Int64,
        "coach_id": pl.Int64,
        "person_id": pl.Int64,
        "held_on": pl.Date,
        "is_one_on_one": pl.Boolean,
        "minutes": pl.Int64,
        "questions": pl.Int64,
        "instructions": pl.Int64,
    }
    frame = pl.read_database(statement, connection, schema_overrides=schema)
    return frame.with_columns(pl.col("is_one_on_one").cast(pl.Boolean)).sort("session_id")


def _promises(
    connection: sa.Connection, ids: list[int], start: dt.date, until: dt.date, as_of: dt.date
) -> pl.DataFrame:
    """coach_id, due_on, done_on of promises that these people made as the coach of a session, due in the span."""
    c, s = commitment.c, session.c
    statement = (
        sa.select(c.by_id.label("coach_id"), c.due_on, c.done_on)
        .join(session, s.id == c.session_id)
        .where(
            c.by_id.in_(ids),
            s.coach_id == c.by_id,
            s.kind != "peer",
            c.due_on.between(start, until),
            recorded_by(session, as_of, company_calendar(connection).time_zone),
        )
    )
    schema = {"coach_id": pl.Int64, "due_on": pl.Date, "done_on": pl.Date}
    return pl.read_database(statement, connection, schema_overrides=schema)
