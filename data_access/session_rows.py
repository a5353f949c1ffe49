"""The rows of a session: what the form's commands and the file import write alike. Checks no rights and no draft."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa

from coaching.sessions import SessionDraft
from data_access.tables import (
    commitment,
    plan,
    plan_action,
    plan_revision,
    session,
    session_participant,
    session_topic,
    skill,
    trigger_use,
)
from data_access.writes import CommandRefused


def insert_session(
    connection: sa.Connection,
    draft: SessionDraft,
    coach_id: int,
    now: dt.datetime,
    time_zone: str,
    *,
    import_id: int | None = None,
    source_key: str | None = None,
    moved_from_id: int | None = None,
) -> int:
    """Write a checked and tidied draft with everything that belongs to it; the new session's id.

    Raises CommandRefused for a skill or a plan action that does not exist.
    """
    row = {
        **session_values(connection, draft, time_zone),
        "rep_id": draft.rep_id,
        "coach_id": coach_id,
        "kind": draft.kind,
        "recorded_at": now,
        "import_id": import_id,
        "source_key": source_key,
        "moved_from_id": moved_from_id,
    }
    inserted = connection.execute(sa.insert(session).values(**row)).inserted_primary_key
    assert inserted is not None
    session_id = int(inserted[0])
    write_participants(connection, session_id, draft)
    if draft.topics:
        rows = [
            {"session_id": session_id, "position": position, "topic": topic, "added_by": coach_id}
            for position, topic in enumerate(draft.topics, start=1)
        ]
        connection.execute(sa.insert(session_topic), rows)
    write_commitments(connection, session_id, draft, coach_id, time_zone)
    write_trigger_uses(connection, session_id, draft, coach_id, time_zone)
    return session_id


def session_values(connection: sa.Connection, draft: SessionDraft, time_zone: str) -> dict[str, Any]:
    """The columns of ``session`` that a draft fills, apart from who met and where the row comes from."""
    return {
        "planned_on": draft.planned_on,
        "held_at": draft.held_at,
        "held_on": draft.held_on(time_zone),
        "status": draft.status,
        "missed_by": draft.missed_by,
        "minutes": draft.minutes,
        "preparation_minutes": draft.preparation_minutes,
        "method": draft.method,
        "angle": draft.angle,
        "skill_id": _skill_id(connection, draft.skill),
        "plan_action_id": _plan_action_id(connection, draft),
        "questions": draft.questions,
        "instructions": draft.instructions,
        "trigger": draft.trigger,
        "tone": draft.tone if draft.trigger else None,
        "note": draft.note,
        "visibility": draft.visibility,
    }


def _skill_id(connection: sa.Connection, slug: str | None) -> int | None:
    if slug is None:
        return None
    found = connection.scalar(sa.select(skill.c.id).where(skill.c.slug == slug))
    if found is None:
        known = ", ".join(connection.scalars(sa.select(skill.c.slug).where(skill.c.kind == "rep").order_by(skill.c.id)))
        raise CommandRefused([f"There is no skill '{slug[:40]}'. Use one of: {known}."])
    return int(found)


def _plan_action_id(connection: sa.Connection, draft: SessionDraft) -> int | None:
    if draft.plan_action_id is None:
        return None
    theirs = (
        sa.select(plan_action.c.id)
        .join(plan_revision, plan_revision.c.id == plan_action.c.plan_revision_id)
        .join(plan, plan.c.id == plan_revision.c.plan_id)
        .where(plan_action.c.id == draft.plan_action_id, plan.c.rep_id == draft.rep_id)
    )
    if connection.scalar(theirs) is None:
        raise CommandRefused(["The action is not part of a plan of this rep. Choose one from the list, or none."])
    return draft.plan_action_id


def write_participants(connection: sa.Connection, session_id: int, draft: SessionDraft) -> None:
    """Who else sat in the session, in place of whoever stood there before."""
    connection.execute(sa.delete(session_participant).where(session_participant.c.session_id == session_id))
    if draft.participant_ids:
        rows = [{"session_id": session_id, "person_id": person_id} for person_id in draft.participant_ids]
        connection.execute(sa.insert(session_participant), rows)


def write_topics(connection: sa.Connection, session_id: int, topics: tuple[str, ...], author_id: int) -> None:
    """The topics in the author's order. What others have added stays, behind those that the author put in order."""
    t = session_topic.c
    standing = connection.execute(sa.select(t.id, t.topic, t.added_by).where(t.session_id == session_id)).all()
    by_words = {row.topic: row.id for row in standing}
    gone = [row.id for row in standing if row.topic not in topics and row.added_by == author_id]
    others = [row.id for row in standing if row.topic not in topics and row.added_by != author_id]
    connection.execute(sa.delete(session_topic).where(t.id.in_(gone)))
    for position, topic in enumerate(topics, start=1):
        if topic in by_words:
            connection.execute(sa.update(session_topic).where(t.id == by_words[topic]).values(position=position))
        else:
            row = {"session_id": session_id, "position": position, "topic": topic, "added_by": author_id}
            connection.execute(sa.insert(session_topic).values(**row))
    for position, topic_id in enumerate(sorted(others), start=len(topics) + 1):
        connection.execute(sa.update(session_topic).where(t.id == topic_id).values(position=position))


def write_commitments(
    connection: sa.Connection, session_id: int, draft: SessionDraft, coach_id: int, time_zone: str
) -> None:
    """The promises made in a held session, beside those that stand there already."""
    if not draft.commitments:
        return
    made_on = draft.held_on(time_zone)
    rows = [
        {
            "session_id": session_id,
            "by_id": coach_id if each.by == "coach" else draft.rep_id,
            "to_id": draft.rep_id if each.by == "coach" else coach_id,
            "promise": each.promise,
            "made_on": made_on,
            "due_on": each.due_on,
        }
        for each in draft.commitments
    ]
    connection.execute(sa.insert(commitment), rows)


def write_trigger_uses(
    connection: sa.Connection, session_id: int, draft: SessionDraft, coach_id: int, time_zone: str
) -> None:
    """That a trigger was used, with everybody in the session; what followed is computed later and is left open here.

    A use that stands there unchanged keeps what is known to have followed.
    """
    t = trigger_use.c
    used_on = draft.held_on(time_zone)
    wanted = set()
    if draft.trigger is not None and used_on is not None:
        wanted = {
            (rep_id, coach_id, draft.trigger, draft.tone, used_on) for rep_id in (draft.rep_id, *draft.participant_ids)
        }
    columns = (t.id, t.rep_id, t.coach_id, t.trigger, t.tone, t.used_on)
    for row in connection.execute(sa.select(*columns).where(t.session_id == session_id)).all():
        if tuple(row[1:]) in wanted:
            wanted.remove(tuple(row[1:]))
        else:
            connection.execute(sa.delete(trigger_use).where(t.id == row.id))
    for rep_id, by_id, trigger, tone, day in sorted(wanted, key=lambda use: use[0]):
        use = {"session_id": session_id, "rep_id": rep_id, "coach_id": by_id, "trigger": trigger}
        connection.execute(sa.insert(trigger_use).values(**use, tone=tone, used_on=day))
