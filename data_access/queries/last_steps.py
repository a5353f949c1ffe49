"""The last thing that somebody saved and may still take back, out of the audit trail: what a reload must not lose."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import sqlalchemy as sa

from coaching.people import Viewer
from coaching.sessions import HOURS_TO_UNDO
from data_access.knowledge import exists_for_readers
from data_access.scope import reps_in_scope
from data_access.tables import audit_entry, person, session

STEPS = ("plan_session", "record_session", "settle_session", "move_session")
"""What can be taken back of a session."""
TAKING_UP = "settle agenda items"
"""Belongs to writing a session down, so it is no step of its own."""
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
