"""The last thing that somebody saved and may still take back, out of the audit trail: what a reload must not lose."""

from __future__ import annotations

import datetime as dt
import json
import zoneinfo
from collections.abc import Collection
from typing import Any

import sqlalchemy as sa

from coaching.people import Viewer
from coaching.programme import SETTINGS
from coaching.sessions import HOURS_TO_UNDO
from data_access.knowledge import exists_for_readers
from data_access.queries.pairs import pairs
from data_access.scope import reps_in_scope
from data_access.settings import company_calendar
from data_access.tables import audit_entry, person, session

STEPS = ("plan_session", "record_session", "settle_session", "move_session")
"""What can be taken back of a session."""
TAKING_UP = "settle agenda items"
"""Belongs to writing a session down, so it is no step of its own."""
ENTER, WITHDRAW, RESTORE = "enter programme cost", "withdraw programme cost", "restore programme cost"
CHANGE_SETTING = "change setting"
START_PAIR, CLOSE_PAIR = "start peer pair", "close peer pair"
PAIR_STEPS = (START_PAIR, CLOSE_PAIR)
MOST = 50
"""So many of somebody's steps of a day are looked at."""


def session_to_undo(
    viewer: Viewer, connection: sa.Connection, *, rep_id: int | None, now: dt.datetime, today: dt.date
) -> dict[str, Any] | None:
    """The session of the viewer's last step that ``undo_session`` takes back, within its 24 hours: session_id, step_id
    (of the audit trail), action, status and name (of the other person); None where there is none.

    ``rep_id``: of one rep only. A step is the last one on its session by anybody.
    """
    if viewer.person_id is None or not viewer.reads_words:
        return None
    a = audit_entry.c
    earliest = now - dt.timedelta(hours=HOURS_TO_UNDO)
    steps = connection.execute(
        sa.select(a.id, a.action, a.subject, a.detail)
        .where(a.actor_id == viewer.person_id, a.action.in_(STEPS), a.happened_at >= earliest, a.happened_at <= now)
        .order_by(a.id.desc())
        .limit(MOST)
    ).all()
    for step in steps:
        if json.loads(step.detail or "{}").get("from") not in {"new", "planned"} or _was_followed(connection, step):
            continue
        row = _seen(viewer, connection, int(step.subject.removeprefix("session ")), rep_id, today)
        if row is not None:
            return {**row, "step_id": step.id, "action": step.action}
    return None


def _was_followed(connection: sa.Connection, step: Any) -> bool:
    a = audit_entry.c
    later = sa.select(a.id).where(a.subject == step.subject, a.id > step.id, a.action != TAKING_UP).limit(1)
    return connection.scalar(later) is not None


def _seen(
    viewer: Viewer, connection: sa.Connection, session_id: int, rep_id: int | None, today: dt.date
) -> dict[str, Any] | None:
    """The session, where it is there and the viewer holds it or has its rep in scope."""
    s = session.c
    coach, rep = person.alias("coach"), person.alias("rep")
    is_coach = s.coach_id == viewer.person_id
    statement = (
        sa.select(s.id.label("session_id"), s.status, sa.case((is_coach, rep.c.name), else_=coach.c.name).label("name"))
        .select_from(session)
        .join(rep, rep.c.id == s.rep_id)
        .outerjoin(coach, coach.c.id == s.coach_id)
        .where(
            s.id == session_id,
            sa.true() if rep_id is None else s.rep_id == rep_id,
            sa.or_(is_coach, s.rep_id.in_(reps_in_scope(viewer, today))),
            exists_for_readers(session),
        )
    )
    row = connection.execute(statement).mappings().first()
    return None if row is None else dict(row)


# ---- Peer pairs ----------------------------------------------------------------------------------------------------


def pair_to_undo(
    viewer: Viewer, connection: sa.Connection, *, now: dt.datetime, today: dt.date
) -> dict[str, Any] | None:
    """The peer pair that the viewer closed (within 24 hours) or started (today, nothing written down since) last, while
    nobody did anything to it since: step_id, action, pair_id, version, skill_name, strong_name, learner_name; None
    where there is none.
    """
    if viewer.person_id is None:
        return None
    a = audit_entry.c
    earliest = now - dt.timedelta(hours=HOURS_TO_UNDO)
    steps = connection.execute(
        sa.select(a.id, a.action, a.subject)
        .where(a.actor_id == viewer.person_id, a.action.in_(PAIR_STEPS), a.happened_at > earliest, a.happened_at <= now)
        .order_by(a.id.desc())
        .limit(MOST)
    ).all()
    for step in steps:
        if _was_followed(connection, step):
            continue
        pair_id = int(step.subject.removeprefix("peer_pair "))
        for row in pairs(viewer, connection, as_of=today, today=today, pair_id=pair_id).iter_rows(named=True):
            is_fresh = row["is_led"] and row["starts_on"] == today and not row["meeting_count"]
            if step.action == CLOSE_PAIR or is_fresh:
                names = ("pair_id", "version", "skill_name", "strong_name", "learner_name")
                return {"step_id": step.id, "action": step.action, **{name: row[name] for name in names}}
    return None


# ---- The programme's data ------------------------------------------------------------------------------------------


def cost_to_undo(viewer: Viewer, connection: sa.Connection, *, now: dt.datetime) -> dict[str, Any] | None:
    """The cost that the viewer entered (within 24 hours) or took back (today) last, while nobody did anything to it
    since: step_id, action, cost_id; None where there is none, or the viewer let one count again after it.
    """
    step = _last_of(viewer, connection, (ENTER, WITHDRAW, RESTORE), now)
    if step is None or step.action == RESTORE or _was_followed(connection, step):
        return None
    zone = zoneinfo.ZoneInfo(company_calendar(connection).time_zone)
    if step.action == WITHDRAW and step.happened_at.astimezone(zone).date() < now.astimezone(zone).date():
        return None
    return {"step_id": step.id, "action": step.action, "cost_id": int(step.subject.removeprefix("programme_cost "))}


def settings_to_undo(viewer: Viewer, connection: sa.Connection, *, now: dt.datetime) -> dict[str, Any] | None:
    """The settings of the programme that the viewer saved last, within 24 hours, while nobody changed one of them
    since: step_id and before (setting -> what it was); None where there is none."""
    step = _last_of(viewer, connection, (CHANGE_SETTING,), now, tuple(SETTINGS))
    if step is None:
        return None
    a = audit_entry.c
    rows = connection.execute(
        sa.select(a.id, a.subject, a.detail)
        .where(
            a.action == CHANGE_SETTING,
            a.actor_id == viewer.person_id,
            a.happened_at == step.happened_at,
            a.subject.in_(SETTINGS),
        )
        .order_by(a.id)
    )
    saved_together = {row.subject: row for row in rows}
    details = {subject: json.loads(row.detail or "{}") for subject, row in saved_together.items()}
    if any("before" not in detail for detail in details.values()):
        return None
    if any(_was_followed(connection, row) for row in saved_together.values()):
        return None
    return {"step_id": step.id, "before": {subject: detail["before"] for subject, detail in details.items()}}


def _last_of(
    viewer: Viewer,
    connection: sa.Connection,
    actions: Collection[str],
    now: dt.datetime,
    subjects: Collection[str] | None = None,
) -> Any:
    """The latest of the viewer's own steps of these kinds within 24 hours, for whoever keeps the company's data."""
    if viewer.person_id is None or not viewer.loads_data:
        return None
    a = audit_entry.c
    return connection.execute(
        sa.select(a.id, a.action, a.subject, a.happened_at)
        .where(
            a.actor_id == viewer.person_id,
            a.action.in_(actions),
            sa.true() if subjects is None else a.subject.in_(subjects),
            a.happened_at >= now - dt.timedelta(hours=HOURS_TO_UNDO),
            a.happened_at <= now,
        )
        .order_by(a.id.desc())
        .limit(1)
    ).first()
