"""Sessions, their topics and the promises made in them, with the words that the viewer may read.

Words (notes, topics, promises, triggers, angles) reach the people in the session and the line above the rep. A private
note reaches its author, nobody else, ever. The operator gets figures; executives and admins get no row.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import sqlalchemy as sa

from coaching import frames
from coaching.people import Role, Viewer
from data_access.knowledge import exists_for_readers, recorded_by
from data_access.scope import holds_on, reps_in_scope
from data_access.settings import company_calendar
from data_access.tables import (
    commitment,
    membership,
    person,
    plan,
    plan_action,
    plan_revision,
    session,
    session_participant,
    session_topic,
    skill,
)

READERS = frozenset({Role.REP, Role.MANAGER, Role.LEADER})
"""Who reads words about the people in their scope."""


def sessions(
    viewer: Viewer,
    connection: sa.Connection,
    *,
    rep_id: int | None = None,
    start: dt.date | None = None,
    end: dt.date | None = None,
    as_of: dt.date,
    today: dt.date,
    limit: int | None = None,
) -> pl.DataFrame:
    """frames.SESSION_RECORDS as known on ``as_of``, latest day first: of one rep (groups they sat in included) or of
    everybody in scope.

    ``start`` and ``end`` bound the day it was held, else the planned day. A session is known from the day on which
    what became of it was written down; one held after ``as_of`` is not listed.
    """
    s = session.c
    day = sa.func.coalesce(s.held_on, s.planned_on)
    conditions = [
        recorded_by(session, as_of, company_calendar(connection).time_zone),
        sa.or_(s.held_on.is_(None), s.held_on <= as_of),
    ]
    if rep_id is not None:
        conditions.append(sa.or_(s.rep_id == rep_id, _sat_in(rep_id), _own_peer_session(viewer, rep_id)))
    if start is not None:
        conditions.append(day >= start)
    if end is not None:
        conditions.append(day <= end)
    statement = _records(viewer, today).where(*conditions).order_by(day.desc(), s.id.desc()).limit(limit)
    return pl.read_database(statement, connection, schema_overrides=frames.SESSION_RECORDS)


def planned_sessions(
    viewer: Viewer, connection: sa.Connection, *, today: dt.date, rep_id: int | None = None
) -> pl.DataFrame:
    """frames.SESSION_RECORDS that are still planned, earliest first; those before ``today`` wait to be written up.

    The viewer's own (as coach or as rep); with ``rep_id`` everything planned with that rep in scope.
    """
    s = session.c
    if rep_id is None:
        whose = sa.or_(s.coach_id == viewer.person_id, s.rep_id == viewer.person_id, _sat_in(viewer.person_id))
    else:
        whose = sa.or_(s.rep_id == rep_id, _sat_in(rep_id))
    statement = _records(viewer, today).where(s.status == "planned", whose).order_by(s.planned_on, s.id)
    return pl.read_database(statement, connection, schema_overrides=frames.SESSION_RECORDS)


def session_record(viewer: Viewer, connection: sa.Connection, session_id: int, today: dt.date) -> dict[str, Any] | None:
    """One row of frames.SESSION_RECORDS with "participants" (ids); None where there is none or it is out of scope."""
    statement = _records(viewer, today).where(session.c.id == session_id)
    frame = pl.read_database(statement, connection, schema_overrides=frames.SESSION_RECORDS)
    if not frame.height:
        return None
    p = session_participant.c
    people = sa.select(p.person_id).where(p.session_id == session_id).order_by(p.person_id)
    return {**frame.row(0, named=True), "participants": list(connection.scalars(people))}


def session_topics(
    viewer: Viewer, connection: sa.Connection, *, session_ids: list[int], today: dt.date
) -> pl.DataFrame:
    """frames.SESSION_TOPICS of those sessions that the viewer may read, in order."""
    t = session_topic.c
    readable = _seen(viewer, reps_in_scope(viewer, today)) if viewer.role in READERS else sa.false()
    statement = (
        sa.select(t.session_id, t.position, t.topic, t.added_by, person.c.name.label("added_by_name"))
        .join(session, session.c.id == t.session_id)
        .outerjoin(person, person.c.id == t.added_by)
        .where(t.session_id.in_(session_ids), readable, exists_for_readers(session))
        .order_by(t.session_id, t.position, t.id)
    )
    return pl.read_database(statement, connection, schema_overrides=frames.SESSION_TOPICS)


def commitments(
    viewer: Viewer,
    connection: sa.Connection,
    *,
    rep_id: int | None = None,
    as_of: dt.date,
    today: dt.date,
) -> pl.DataFrame:
    """frames.COMMITMENTS made by ``as_of`` and as they stood then: the viewer's own first, then by due date.

    Of one rep, both sides; without ``rep_id`` all that bind the viewer. Nobody who reads no words gets a row.
    """
    c, s = commitment.c, session.c
    me = viewer.person_id
    by, to = person.alias("by_person"), person.alias("to_person")
    if viewer.role is Role.REP:
        allowed: sa.ColumnElement[bool] = sa.or_(c.by_id == me, c.to_id == me)
    elif viewer.role in READERS:
        inside = reps_in_scope(viewer, today)
        # One without a session binds whoever of the two is not the viewer.
        other = sa.case((c.by_id == me, c.to_id), else_=c.by_id)
        allowed = sa.or_(s.rep_id.in_(inside), sa.and_(c.session_id.is_(None), other.in_(inside)))
    else:
        allowed = sa.false()
    whose = sa.or_(c.by_id == me, c.to_id == me) if rep_id is None else sa.or_(c.by_id == rep_id, c.to_id == rep_id)
    is_mine = c.by_id == me if me is not None else sa.false()
    statement = (
        sa.select(
            c.id.label("commitment_id"),
            c.session_id,
            c.by_id,
            by.c.name.label("by_name"),
            c.to_id,
            to.c.name.label("to_name"),
            sa.case((c.by_id == s.coach_id, "coach"), else_="rep").label("side"),
            c.promise,
            c.made_on,
            c.due_on,
            sa.case((c.done_on <= as_of, c.done_on)).label("done_on"),
            is_mine.label("is_mine"),
            c.version,
        )
        .select_from(commitment)
        .outerjoin(session, s.id == c.session_id)
        .join(by, by.c.id == c.by_id)
        .join(to, to.c.id == c.to_id)
        .where(allowed, whose, c.made_on <= as_of, sa.or_(s.id.is_(None), exists_for_readers(session)))
    )
    frame = pl.read_database(statement, connection, schema_overrides=frames.COMMITMENTS)
    return frame.sort(~pl.col("is_mine"), "due_on", "commitment_id", nulls_last=True, maintain_order=True).with_columns(
        pl.col("is_mine").cast(pl.Boolean)
    )


def plan_actions(viewer: Viewer, connection: sa.Connection, *, rep_id: int, today: dt.date) -> pl.DataFrame:
    """plan_action_id, action, skill (slug), due_on, done_on of what the rep's running plan says; open ones first."""
    latest = (
        sa.select(plan_revision.c.plan_id, sa.func.max(plan_revision.c.number).label("number"))
        .group_by(plan_revision.c.plan_id)
        .subquery()
    )
    a = plan_action.c
    statement = (
        sa.select(a.id.label("plan_action_id"), a.action, skill.c.slug.label("skill"), a.due_on, a.done_on)
        .join(plan_revision, plan_revision.c.id == a.plan_revision_id)
        .join(latest, sa.and_(latest.c.plan_id == plan_revision.c.plan_id, latest.c.number == plan_revision.c.number))
        .join(plan, plan.c.id == plan_revision.c.plan_id)
        .outerjoin(skill, skill.c.id == a.skill_id)
        .where(
            plan.c.rep_id == rep_id,
            plan.c.rep_id.in_(reps_in_scope(viewer, today)),
            plan.c.status == "active",
            exists_for_readers(plan),
            sa.true() if viewer.role in READERS else sa.false(),
        )
        .order_by(sa.case((a.done_on.is_(None), 0), else_=1), a.id)
    )
    schema = {
        "plan_action_id": pl.Int64,
        "action": pl.String,
        "skill": pl.String,
        "due_on": pl.Date,
        "done_on": pl.Date,
    }
    return pl.read_database(statement, connection, schema_overrides=schema)


def rep_skills(viewer: Viewer, connection: sa.Connection) -> pl.DataFrame:
    """skill (slug) and name of what a rep can get better at, in the scorecard's order. The same for every viewer."""
    statement = sa.select(skill.c.slug.label("skill"), skill.c.name).where(skill.c.kind == "rep").order_by(skill.c.id)
    return pl.read_database(statement, connection, schema_overrides={"skill": pl.String, "name": pl.String})


def colleagues(viewer: Viewer, connection: sa.Connection, today: dt.date) -> pl.DataFrame:
    """person_id and name of the other members of a rep's own team today, by name; nobody for other roles.

    Only names: with whom a rep may have met as a colleague.
    """
    m = membership.c
    home = sa.select(m.team_id).where(
        m.person_id == viewer.person_id, m.kind == "member", m.is_home.is_(True), holds_on(membership, today)
    )
    statement = (
        sa.select(person.c.id.label("person_id"), person.c.name)
        .join(membership, m.person_id == person.c.id)
        .where(
            m.team_id.in_(home),
            m.kind == "member",
            m.is_home.is_(True),
            holds_on(membership, today),
            person.c.id != viewer.person_id,
            sa.or_(person.c.left_on.is_(None), person.c.left_on >= today),
            exists_for_readers(person),
            sa.true() if viewer.role is Role.REP else sa.false(),
        )
        .distinct()
        .order_by(person.c.name, person.c.id)
    )
    return pl.read_database(statement, connection, schema_overrides={"person_id": pl.Int64, "name": pl.String})


# ---- The select behind all of them -----------------------------------------------------------------------------


def _sat_in(person_id: int | None) -> sa.ColumnElement[bool]:
    p = session_participant.c
    return sa.exists().where(p.session_id == session.c.id, p.person_id == person_id)


def _own_peer_session(viewer: Viewer, rep_id: int) -> sa.ColumnElement[bool]:
    if viewer.person_id != rep_id:
        return sa.false()
    return sa.and_(session.c.kind == "peer", session.c.coach_id == viewer.person_id)


def _seen(viewer: Viewer, inside: sa.SelectBase) -> sa.ColumnElement[bool]:
    """Sessions whose row the viewer gets: with somebody in scope, or one in which they sat themselves.

    ``inside``: the people in scope, made once per statement, since the same subquery cannot be named twice in it.
    """
    p, s = session_participant.c, session.c
    return sa.or_(
        s.rep_id.in_(inside),
        sa.exists().where(p.session_id == s.id, p.person_id.in_(inside)),
        sa.and_(s.kind == "peer", s.coach_id == viewer.person_id, sa.literal(viewer.role == Role.REP)),
    )


def _records(viewer: Viewer, today: dt.date) -> sa.Select[Any]:
    s, me = session.c, viewer.person_id
    inside = reps_in_scope(viewer, today)
    rep, coach = person.alias("rep"), person.alias("coach")
    # A group may hold somebody from a team out of view: then the row says that there was a group, and nothing of it.
    near = sa.or_(s.rep_id.in_(inside), _sat_in(me), s.coach_id == me)
    reads = sa.and_(near, sa.literal(viewer.role in READERS))
    is_mine: sa.ColumnElement[bool] = s.coach_id == me if me is not None else sa.false()
    reads_note = sa.or_(sa.and_(is_mine, reads), sa.and_(reads, s.visibility == "shared"))
    people = (
        sa.select(sa.func.count())
        .select_from(session_participant)
        .where(session_participant.c.session_id == s.id)
        .scalar_subquery()
    )

    def only(condition: sa.ColumnElement[bool], column: Any) -> sa.ColumnElement[Any]:
        return sa.case((condition, column)).label(column.key)

    return (
        sa.select(
            s.id.label("session_id"),
            s.rep_id,
            sa.case((near, rep.c.name)).label("rep_name"),
            s.coach_id,
            coach.c.name.label("coach_name"),
            s.kind,
            s.planned_on,
            s.held_at,
            s.held_on,
            s.status,
            s.missed_by,
            s.moved_from_id,
            s.minutes,
            s.preparation_minutes,
            s.method,
            only(reads, s.angle),
            skill.c.slug.label("skill"),
            skill.c.name.label("skill_name"),
            s.plan_action_id,
            sa.case((reads, plan_action.c.action)).label("plan_action"),
            s.questions,
            s.instructions,
            sa.case((reads, sa.cast(s.trigger, sa.Text))).label("trigger"),
            only(reads, s.tone),
            only(reads_note, s.note),
            sa.case((reads_note, sa.cast(s.visibility, sa.Text))).label("visibility"),
            people.label("participant_count"),
            s.version,
            is_mine.label("is_mine"),
        )
        .select_from(session)
        .join(rep, rep.c.id == s.rep_id)
        .join(coach, coach.c.id == s.coach_id)
        .outerjoin(skill, skill.c.id == s.skill_id)
        .outerjoin(plan_action, plan_action.c.id == s.plan_action_id)
        .where(_seen(viewer, inside), exists_for_readers(session))
    )
