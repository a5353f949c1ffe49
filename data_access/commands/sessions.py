"""Planning, writing up, moving and taking back sessions; topics before a meeting; promises kept.

Who may write: a one-on-one is written by the coach who held it, with a person in their scope; a group likewise, with
everybody in it in scope; a meeting between colleagues by a rep, with somebody of the same team. Somebody else who
coaches the person may settle a planned session (moved, missed, excused), so that no date stays open while a coach is
away, and never touches words. The rep adds topics and ticks off promises.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from coaching import numbers
from coaching.people import Role, Viewer
from coaching.sessions import (
    HOURS_TO_UNDO,
    LONGEST_LINE,
    METHODS,
    MOST_TOPICS,
    ONE_ON_ONE,
    STATUSES,
    TRIGGERS,
    SessionDraft,
)
from data_access.knowledge import exists_for_readers
from data_access.scope import NotPermitted, holds_on, reps_in_scope
from data_access.session_rows import (
    insert_session,
    session_values,
    write_commitments,
    write_participants,
    write_topics,
    write_trigger_uses,
)
from data_access.settings import settings
from data_access.tables import (
    agenda_item,
    audit_entry,
    commitment,
    membership,
    observation,
    person,
    question_asked,
    session,
    session_participant,
    session_topic,
    skill,
    trigger_use,
)
from data_access.writes import (
    CommandRefused,
    EditedMeanwhile,
    finish,
    refuse_unless,
    require_coach_of,
    require_rep,
    today_of,
)

NO_SUCH_SESSION = "There is no such session in your view."
NO_SUCH_PROMISE = "There is no such promise in your view."
WRITTEN_UP = ("held", "missed", "excused")
TAKING_UP = "settle agenda items"
"""What the audit trail calls it when a session takes up what somebody brought."""


# ---- Planning and writing up -----------------------------------------------------------------------------------


def plan_session(viewer: Viewer, connection: sa.Connection, draft: SessionDraft, now: dt.datetime) -> int:
    """Plan a session for today or later; its id.

    Whether it is a one-on-one with the own manager or with another coach follows from the teams of today, not from
    the draft. Raises NotPermitted, CommandRefused.
    """
    author = _author(viewer, connection, draft, now)
    today = today_of(connection, now)
    draft = replace(draft, status="planned", kind=_kind(connection, draft, author, today)).tidy()
    draft = replace(draft, coach_id=author)
    problems = [*_group_problems(draft), *draft.problems(now, today)]
    if draft.planned_on is not None and draft.planned_on < today:
        problems.append("A session is planned for today or later. Choose a later day, or write up one that was held.")
    refuse_unless(problems)
    _refuse_twice(connection, draft, author, session.c.status == "planned", session.c.planned_on == draft.planned_on)
    session_id = insert_session(connection, draft, author, now, _zone(connection))
    finish(viewer, connection, "plan_session", f"session {session_id}", now=now, detail={"from": "new"})
    return session_id


def record_session(
    viewer: Viewer,
    connection: sa.Connection,
    draft: SessionDraft,
    now: dt.datetime,
    *,
    session_id: int | None = None,
    version: int | None = None,
) -> int:
    """Write up what became of a session (held, missed, excused): a new one, or ``session_id`` as read at ``version``.

    Only its own coach writes it up, also to correct it later. Person, kind and planned day of an existing one stay,
    and so do promises made in it and topics of others. Returns the id. Raises NotPermitted, CommandRefused, and
    EditedMeanwhile where somebody saved after ``version`` was read.
    """
    if session_id is not None:
        return _write_up(viewer, connection, draft, now, session_id, version)
    author = _author(viewer, connection, draft, now)
    today = today_of(connection, now)
    draft = replace(draft.tidy(), coach_id=author, kind=_kind(connection, draft, author, today))
    refuse_unless([*_status_problems(draft), *_group_problems(draft), *draft.problems(now, today)])
    day = session.c.held_at == draft.held_at if draft.held_at else session.c.planned_on == draft.planned_on
    _refuse_twice(connection, draft, author, session.c.status == draft.status, day)
    session_id = insert_session(connection, draft, author, now, _zone(connection))
    _finish(viewer, connection, "record_session", session_id, now, reps=[draft.rep_id], detail={"from": "new"})
    return session_id


def _write_up(
    viewer: Viewer,
    connection: sa.Connection,
    draft: SessionDraft,
    now: dt.datetime,
    session_id: int,
    version: int | None,
) -> int:
    row = _own_session(viewer, connection, session_id, now)
    if draft.rep_id != row.rep_id:
        raise NotPermitted(NO_SUCH_SESSION)
    today, zone = today_of(connection, now), _zone(connection)
    draft = replace(draft.tidy(), coach_id=row.coach_id, kind=row.kind, planned_on=row.planned_on)
    if row.kind == "group":
        # Whoever sat in it stays written down, also after moving to a team out of view.
        for person_id in set(draft.participant_ids) - set(_participants(connection, session_id)):
            require_coach_of(viewer, connection, person_id, now)
    elif draft.participant_ids:
        draft = replace(draft, participant_ids=())
    if row.status == "moved":
        raise EditedMeanwhile([_moved_words(connection, row)])
    if row.version != version:
        raise EditedMeanwhile(_differences(connection, row, draft))
    refuse_unless([*_status_problems(draft), *draft.problems(now, today)])
    changed = connection.execute(
        sa.update(session)
        .where(session.c.id == session_id, session.c.version == version)
        .values(**session_values(connection, draft, zone), recorded_at=now, version=session.c.version + 1)
    )
    if not changed.rowcount:
        # Only where two transactions overlap: the first one's words are not to be read here yet.
        raise EditedMeanwhile(["The other save is only a moment old. Look again to see it."])
    if row.kind == "group":
        write_participants(connection, session_id, draft)
    write_topics(connection, session_id, draft.topics, row.coach_id)
    write_commitments(connection, session_id, draft, row.coach_id, zone)
    write_trigger_uses(connection, session_id, draft, row.coach_id, zone)
    _finish(viewer, connection, "record_session", session_id, now, reps=[row.rep_id], detail={"from": row.status})
    return session_id


def settle_session(
    viewer: Viewer,
    connection: sa.Connection,
    session_id: int,
    status: str,
    now: dt.datetime,
    *,
    version: int,
    missed_by: str | None = None,
) -> None:
    """Say of a planned session that it was missed or excused: its coach, or somebody else who coaches the person.

    Raises NotPermitted, CommandRefused, EditedMeanwhile.
    """
    row = _coached_session(viewer, connection, session_id, now)
    _refuse_unless_planned(connection, row, version)
    if status not in {"missed", "excused"}:
        raise CommandRefused(["A planned session is settled as missed or as excused. To move it, choose the new day."])
    today = today_of(connection, now)
    settled = SessionDraft(row.rep_id, planned_on=row.planned_on, status=status, missed_by=missed_by)
    refuse_unless(settled.problems(now, today))
    _update(connection, row, now, status=status, missed_by=missed_by)
    _finish(viewer, connection, "settle_session", session_id, now, detail={"from": "planned"})


def move_session(
    viewer: Viewer, connection: sa.Connection, session_id: int, to_day: dt.date, now: dt.datetime, *, version: int
) -> int:
    """Move a planned session: it stays as moved, and a new one is planned with its topics; the new one's id.

    Raises NotPermitted, CommandRefused, EditedMeanwhile.
    """
    row = _coached_session(viewer, connection, session_id, now)
    _refuse_unless_planned(connection, row, version)
    today = today_of(connection, now)
    problems = []
    if to_day < today:
        problems.append("A session is moved to today or later. Choose a later day.")
    if to_day == row.planned_on:
        problems.append(f"The session is planned for {numbers.day(to_day)} already. Choose another day.")
    people = _participants(connection, session_id)
    draft = SessionDraft(
        row.rep_id, row.coach_id, row.kind, planned_on=to_day, status="planned", participant_ids=people
    )
    refuse_unless([*problems, *draft.problems(now, today)])
    _update(connection, row, now, status="moved")
    zone = _zone(connection)
    new_id = insert_session(connection, draft, row.coach_id, now, zone, moved_from_id=session_id)
    kept = {name: row._mapping[name] for name in ("method", "angle", "skill_id", "plan_action_id")}
    connection.execute(sa.update(session).where(session.c.id == new_id).values(**kept))
    t = session_topic.c
    connection.execute(
        sa.insert(session_topic).from_select(
            ["session_id", "position", "topic", "added_by"],
            sa.select(sa.literal(new_id), t.position, t.topic, t.added_by).where(t.session_id == session_id),
        )
    )
    _finish(viewer, connection, "move_session", session_id, now, detail={"from": "planned", "to": new_id})
    return new_id


# ---- Taking back -----------------------------------------------------------------------------------------------


def undo_session(viewer: Viewer, connection: sa.Connection, session_id: int, now: dt.datetime) -> None:
    """Take back the last step on a session, by whoever took it, within 24 hours and while nobody has added to it.

    What was written down anew goes; what was planned before is planned again, without the promises made since. The
    audit trail says what the last step was. Raises NotPermitted, CommandRefused.
    """
    row = _visible_session(viewer, connection, session_id, now)
    a = audit_entry.c
    last = connection.execute(
        sa.select(a.actor_id, a.action, a.happened_at, a.detail)
        # Taking items of an agenda up is part of writing the session down, and goes with it.
        .where(a.subject == f"session {session_id}", a.action != TAKING_UP)
        .order_by(a.id.desc())
        .limit(1)
    ).first()
    if last is None or last.actor_id != viewer.person_id:
        raise CommandRefused(
            ["Only the last step on a session can be taken back, by whoever took it. Correct it instead."]
        )
    if now - last.happened_at > dt.timedelta(hours=HOURS_TO_UNDO):
        raise CommandRefused([f"It was written down more than {HOURS_TO_UNDO} hours ago. Correct it instead."])
    detail = json.loads(last.detail or "{}")
    came_from = detail.get("from")
    if last.action not in {"plan_session", "record_session", "settle_session", "move_session"} or came_from not in {
        "new",
        "planned",
    }:
        raise CommandRefused(["This step cannot be taken back. Correct the session instead."])
    if last.action == "move_session":
        _undo_move(connection, detail["to"])
    _refuse_kept_promises(connection, session_id)
    connection.execute(sa.delete(commitment).where(commitment.c.session_id == session_id))
    connection.execute(sa.delete(trigger_use).where(trigger_use.c.session_id == session_id))
    _undo_what_was_brought(viewer, connection, session_id)
    if came_from == "new":
        _delete(connection, session_id)
    else:
        emptied = dict.fromkeys(
            (
                *("held_at", "held_on", "missed_by", "minutes", "preparation_minutes", "method", "angle", "skill_id"),
                *("plan_action_id", "questions", "instructions", "trigger", "tone", "note"),
            )
        )
        emptied = emptied if last.action == "record_session" else {"missed_by": None}
        _update(connection, row, now, status="planned", **emptied)
    _finish(viewer, connection, "undo_session", session_id, now, reps=[row.rep_id], detail={"from": row.status})


def _undo_move(connection: sa.Connection, new_id: int) -> None:
    new = connection.execute(sa.select(session).where(session.c.id == new_id)).first()
    touched = connection.scalar(
        sa.select(sa.func.count()).select_from(audit_entry).where(audit_entry.c.subject == f"session {new_id}")
    )
    if new is None or new.status != "planned" or new.version != 1 or touched:
        raise CommandRefused(["The session has been worked on at its new day. Move it once more instead."])
    _delete(connection, new_id)


def _undo_what_was_brought(viewer: Viewer, connection: sa.Connection, session_id: int) -> None:
    """Questions that the writer noted as asked in it are not asked yet, and the agenda's items are open again."""
    q = question_asked.c
    connection.execute(sa.delete(question_asked).where(q.session_id == session_id, q.asked_by == viewer.person_id))
    connection.execute(
        sa.update(agenda_item)
        .where(agenda_item.c.session_id == session_id)
        .values(session_id=None, version=agenda_item.c.version + 1)
    )


def _refuse_kept_promises(connection: sa.Connection, session_id: int) -> None:
    c = commitment.c
    if connection.scalar(sa.select(c.id).where(c.session_id == session_id, c.done_on.is_not(None)).limit(1)):
        raise CommandRefused(["A promise made in it has been kept already. Open that promise again first."])


def _delete(connection: sa.Connection, session_id: int) -> None:
    for table in (observation, question_asked):
        if connection.scalar(sa.select(table.c.id).where(table.c.session_id == session_id).limit(1)):
            raise CommandRefused(["Something else was written down about this session. Correct it instead."])
    connection.execute(sa.delete(session_topic).where(session_topic.c.session_id == session_id))
    connection.execute(sa.delete(session_participant).where(session_participant.c.session_id == session_id))
    connection.execute(sa.delete(session).where(session.c.id == session_id))


# ---- Topics ----------------------------------------------------------------------------------------------------


def add_topic(viewer: Viewer, connection: sa.Connection, session_id: int, topic: str, now: dt.datetime) -> int:
    """Put a topic on the list of a planned session, last in order; its id.

    By anybody who will sit in it, or who coaches the person. Raises NotPermitted, CommandRefused.
    """
    row = _visible_session(viewer, connection, session_id, now)
    if viewer.role not in {Role.REP, Role.MANAGER, Role.LEADER}:
        raise NotPermitted(NO_SUCH_SESSION)
    [words] = SessionDraft(row.rep_id, topics=(topic,)).tidy().topics or ("",)
    t = session_topic.c
    standing = list(connection.scalars(sa.select(t.topic).where(t.session_id == session_id)))
    problems = []
    if row.status != "planned":
        problems.append("Topics are collected before a session. Put this one on the list of the next.")
    if not words:
        problems.append("The topic has no words. Say what you want to talk about.")
    if len(words) > LONGEST_LINE:
        problems.append(f"The topic has {len(words):,} characters. Say it in {LONGEST_LINE} or fewer.")
    if words in standing:
        problems.append("This topic is on the list already.")
    if len(standing) >= MOST_TOPICS:
        problems.append(f"{MOST_TOPICS} topics are on the list. Three are plenty: take one off first.")
    refuse_unless(problems)
    position = (connection.scalar(sa.select(sa.func.max(t.position)).where(t.session_id == session_id)) or 0) + 1
    values = {"session_id": session_id, "position": position, "topic": words, "added_by": viewer.person_id}
    inserted = connection.execute(sa.insert(session_topic).values(**values)).inserted_primary_key
    assert inserted is not None
    _finish(viewer, connection, "add_topic", session_id, now)
    return int(inserted[0])


def remove_topic(viewer: Viewer, connection: sa.Connection, session_id: int, topic: str, now: dt.datetime) -> None:
    """Take one's own topic off the list of a planned session. Raises NotPermitted, CommandRefused."""
    row = _visible_session(viewer, connection, session_id, now)
    if row.status != "planned":
        raise CommandRefused(["The session is over, so its topics stay as they were."])
    t = session_topic.c
    mine = sa.delete(session_topic).where(
        t.session_id == session_id, t.topic == topic, t.added_by == viewer.person_id, t.added_by.is_not(None)
    )
    if not connection.execute(mine).rowcount:
        raise CommandRefused(["Only whoever put a topic on the list takes it off."])
    _finish(viewer, connection, "remove_topic", session_id, now)


# ---- Promises --------------------------------------------------------------------------------------------------


def keep_commitment(
    viewer: Viewer, connection: sa.Connection, commitment_id: int, done_on: dt.date, now: dt.datetime
) -> None:
    """Tick off a promise as kept on a day: by either of the two people it binds.

    Nothing happens where it is ticked off already: the other one was a moment faster, and both are right. Raises
    NotPermitted, CommandRefused.
    """
    row = _own_commitment(viewer, connection, commitment_id, now)
    if row.done_on is not None:
        return
    today = today_of(connection, now)
    if not row.made_on <= done_on <= today:
        raise CommandRefused(
            [f"A promise is kept between {numbers.day(row.made_on)}, when it was made, and today. Correct the day."]
        )
    _tick(connection, row, done_on)
    finish(viewer, connection, "keep_commitment", f"commitment {commitment_id}", now=now)


def reopen_commitment(viewer: Viewer, connection: sa.Connection, commitment_id: int, now: dt.datetime) -> None:
    """Open a promise again that was ticked off; nothing happens where it is open. Raises NotPermitted."""
    row = _own_commitment(viewer, connection, commitment_id, now)
    if row.done_on is None:
        return
    _tick(connection, row, None)
    finish(viewer, connection, "reopen_commitment", f"commitment {commitment_id}", now=now)


def _tick(connection: sa.Connection, row: sa.Row[Any], done_on: dt.date | None) -> None:
    c = commitment.c
    changed = connection.execute(
        sa.update(commitment)
        .where(c.id == row.id, c.version == row.version)
        .values(done_on=done_on, version=c.version + 1)
    )
    if not changed.rowcount:
        raise EditedMeanwhile(["The other one of you ticked this promise at the same moment."])


def _own_commitment(viewer: Viewer, connection: sa.Connection, commitment_id: int, now: dt.datetime) -> sa.Row[Any]:
    row = connection.execute(sa.select(commitment).where(commitment.c.id == commitment_id)).first()
    if row is None or viewer.person_id is None or viewer.person_id not in {row.by_id, row.to_id}:
        raise NotPermitted(NO_SUCH_PROMISE)
    if viewer.role is not Role.REP:
        # A coach reaches it as long as the session, or whoever it binds, is in view today.
        if row.session_id is not None:
            _visible_session(viewer, connection, row.session_id, now)
        else:
            require_rep(viewer, connection, row.to_id if row.by_id == viewer.person_id else row.by_id, now)
    return row


# ---- Who may, and what stands there ----------------------------------------------------------------------------


def _author(viewer: Viewer, connection: sa.Connection, draft: SessionDraft, now: dt.datetime) -> int:
    """Who writes a new session down: the viewer, as its coach. Raises NotPermitted."""
    if draft.coach_id not in {None, viewer.person_id}:
        raise NotPermitted("Everybody writes down their own sessions: the coach is whoever records it.")
    if draft.kind == "peer":
        if viewer.role is not Role.REP or viewer.person_id is None:
            raise NotPermitted("Meetings between colleagues are written down by the reps themselves.")
        if not _are_colleagues(connection, viewer.person_id, draft.rep_id, today_of(connection, now)):
            raise NotPermitted("There is no such person in your team.")
        return viewer.person_id
    author = require_coach_of(viewer, connection, draft.rep_id, now)
    for person_id in draft.participant_ids:
        require_coach_of(viewer, connection, person_id, now)
    return author


def _are_colleagues(connection: sa.Connection, one: int, other: int, today: dt.date) -> bool:
    def home_of(person_id: int) -> sa.Select[tuple[int]]:
        m = membership.c
        return sa.select(m.team_id).where(
            m.person_id == person_id, m.kind == "member", m.is_home.is_(True), holds_on(membership, today)
        )

    works_here = sa.select(person.c.id).where(
        person.c.id == other, sa.or_(person.c.left_on.is_(None), person.c.left_on >= today)
    )
    shared = connection.scalar(home_of(one).where(membership.c.team_id.in_(home_of(other))).limit(1))
    return one != other and shared is not None and connection.scalar(works_here) is not None


def _kind(connection: sa.Connection, draft: SessionDraft, author: int, today: dt.date) -> str:
    """Own manager or other coach, as the teams say; other kinds as given."""
    if draft.kind not in ONE_ON_ONE:
        return draft.kind
    m, led = membership.c, membership.alias("led")
    leads = (
        sa.select(led.c.id)
        .join(membership, m.team_id == led.c.team_id)
        .where(
            led.c.person_id == author, led.c.kind == "leader", holds_on(led, today),
            m.person_id == draft.rep_id, m.kind == "member", m.is_home.is_(True), holds_on(membership, today),
        )
    )  # fmt: skip
    return "own_manager" if connection.scalar(leads.limit(1)) else "other_coach"


def _visible_session(viewer: Viewer, connection: sa.Connection, session_id: int, now: dt.datetime) -> sa.Row[Any]:
    """The session's row where the viewer sits in it or has its person in scope. Raises NotPermitted."""
    if viewer.person_id is None or viewer.role in {Role.EXECUTIVE, Role.ADMIN, Role.OPERATOR}:
        raise NotPermitted(NO_SUCH_SESSION)
    inside = reps_in_scope(viewer, today_of(connection, now))
    s, p = session.c, session_participant.c
    seen = sa.or_(
        s.rep_id.in_(inside),
        sa.and_(s.kind == "peer", s.coach_id == viewer.person_id),
        sa.exists().where(p.session_id == s.id, p.person_id == viewer.person_id),
    )
    row = connection.execute(sa.select(session).where(s.id == session_id, seen, exists_for_readers(session))).first()
    if row is None:
        raise NotPermitted(NO_SUCH_SESSION)
    return row


def _own_session(viewer: Viewer, connection: sa.Connection, session_id: int, now: dt.datetime) -> sa.Row[Any]:
    """A visible session of which the viewer is the coach. Raises NotPermitted."""
    row = _visible_session(viewer, connection, session_id, now)
    if row.coach_id != viewer.person_id:
        raise NotPermitted("A session is written up by the coach who held it.")
    return row


def _coached_session(viewer: Viewer, connection: sa.Connection, session_id: int, now: dt.datetime) -> sa.Row[Any]:
    """A visible session that the viewer holds, or whose person they coach. Raises NotPermitted."""
    row = _visible_session(viewer, connection, session_id, now)
    if row.coach_id != viewer.person_id:
        require_coach_of(viewer, connection, row.rep_id, now)
    return row


def _refuse_unless_planned(connection: sa.Connection, row: sa.Row[Any], version: int) -> None:
    if row.status == "moved":
        raise EditedMeanwhile([_moved_words(connection, row)])
    if row.status != "planned":
        raise EditedMeanwhile(
            [f"The session is {STATUSES[row.status].lower()} now; only a planned one can be changed so."]
        )
    if row.version != version:
        raise EditedMeanwhile(["The session was changed a moment ago. Look at it again, then decide."])


def _update(connection: sa.Connection, row: sa.Row[Any], now: dt.datetime, **values: Any) -> None:
    s = session.c
    changed = connection.execute(
        sa.update(session)
        .where(s.id == row.id, s.version == row.version)
        .values(**values, recorded_at=now, version=s.version + 1)
    )
    if not changed.rowcount:
        raise EditedMeanwhile(["The session was changed a moment ago. Look at it again, then decide."])


def _refuse_twice(connection: sa.Connection, draft: SessionDraft, author: int, *same: sa.ColumnElement[bool]) -> None:
    """A second click, or a form sent again after a lost connection, writes nothing twice."""
    s = session.c
    twice = sa.select(s.id).where(s.rep_id == draft.rep_id, s.coach_id == author, s.kind == draft.kind, *same)
    if connection.scalar(twice.limit(1)) is not None:
        day = draft.held_at.date() if draft.held_at else draft.planned_on
        words = "planned" if draft.status == "planned" else "written down"
        raise CommandRefused([f"This session of {numbers.day(day)} is {words} already. Open it below to change it."])


def _status_problems(draft: SessionDraft) -> list[str]:
    if draft.status in WRITTEN_UP or draft.status not in STATUSES:
        return []
    return ["A session is written up as held, missed or excused. Plan one, or move a planned one, with its own button."]


def _group_problems(draft: SessionDraft) -> list[str]:
    if draft.kind == "group" and not draft.participant_ids:
        return ["A group has more than one person in it. Name the others, or choose a one-on-one."]
    return []


def _participants(connection: sa.Connection, session_id: int) -> tuple[int, ...]:
    p = session_participant.c
    return tuple(connection.scalars(sa.select(p.person_id).where(p.session_id == session_id).order_by(p.person_id)))


def _zone(connection: sa.Connection) -> str:
    return str(settings(connection)["time_zone"])


def _finish(
    viewer: Viewer,
    connection: sa.Connection,
    action: str,
    session_id: int,
    now: dt.datetime,
    *,
    reps: Iterable[int] = (),
    detail: dict[str, Any] | None = None,
) -> None:
    finish(viewer, connection, action, f"session {session_id}", now=now, reps=list(reps), detail=detail)


# ---- What changed, in words ------------------------------------------------------------------------------------


def _moved_words(connection: sa.Connection, row: sa.Row[Any]) -> str:
    later = connection.scalar(sa.select(session.c.planned_on).where(session.c.moved_from_id == row.id).limit(1))
    return f"The session was moved to {numbers.day(later)}." if later else "The session was moved to another day."


def _differences(connection: sa.Connection, row: sa.Row[Any], draft: SessionDraft) -> list[str]:
    """Where what stands there now differs from the draft of the second who saves."""
    slug = connection.scalar(sa.select(skill.c.name).where(skill.c.id == row.skill_id))
    mine = connection.scalar(sa.select(skill.c.name).where(skill.c.slug == draft.skill))
    pairs = (
        ("Status", STATUSES[row.status], STATUSES.get(draft.status)),
        ("Missed by", row.missed_by, draft.missed_by),
        ("Held", _moment(row.held_at), _moment(draft.held_at)),
        ("Minutes", row.minutes, draft.minutes),
        ("Preparation", row.preparation_minutes, draft.preparation_minutes),
        ("Method", METHODS.get(row.method), METHODS.get(draft.method or "")),
        ("Angle", row.angle, draft.angle),
        ("Skill", slug, mine),
        ("Questions", row.questions, draft.questions),
        ("Instructions", row.instructions, draft.instructions),
        ("Trigger", TRIGGERS.get(row.trigger), TRIGGERS.get(draft.trigger or "")),
        ("Note", row.note, draft.note),
        ("Note for", row.visibility, draft.visibility),
    )
    changes = [
        f"{title}: it says {_said(there)} now; yours says {_said(here)}."
        for title, there, here in pairs
        if there != here
    ]
    t = session_topic.c
    topics = connection.scalars(sa.select(t.topic).where(t.session_id == row.id).order_by(t.position, t.id))
    changes += [f"Topic on the list now: {_said(topic)}." for topic in topics if topic not in draft.topics]
    promises = connection.scalars(
        sa.select(commitment.c.promise).where(commitment.c.session_id == row.id).order_by(commitment.c.id)
    )
    changes += [f"Promise written down meanwhile: {_said(promise)}." for promise in promises]
    return changes or ["What was saved says the same as yours."]


def _said(value: object) -> str:
    return "nothing" if value is None else f"“{numbers.plain_name(str(value), 120)}”"


def _moment(moment: dt.datetime | None) -> str | None:
    return None if moment is None else f"{moment.astimezone(dt.UTC):%Y-%m-%d %H:%M} UTC"
