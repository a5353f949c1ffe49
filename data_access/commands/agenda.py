"""What people bring to the next one-on-one: added, taken back, and taken up in a session."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

import sqlalchemy as sa

from coaching.agenda import AgendaDraft
from coaching.people import Viewer
from data_access.knowledge import exists_for_readers
from data_access.queries.questions import bank_on
from data_access.rep_rows import is_reps_own
from data_access.scope import NotPermitted
from data_access.tables import agenda_item, session
from data_access.writes import CommandRefused, finish, refuse_unless, require_coach_of, require_rep, today_of

A = agenda_item.c
NO_SUCH_ITEM = "There is no such item in your view."


def add_item(
    viewer: Viewer,
    connection: sa.Connection,
    *,
    rep_id: int,
    kind: str,
    body: str,
    now: dt.datetime,
    question_key: str | None = None,
    about: str | None = None,
) -> int:
    """Bring a topic, or an answer to a question, to the rep's next one-on-one; the item's id.

    Topics come from the rep and from whoever coaches them, answers from the rep alone; a second answer to the same
    question takes the place of the first. ``about``: the row that led to the question, as in "deal:12"; one that is not
    the rep's reads like one that does not exist. Raises NotPermitted and CommandRefused.
    """
    require_rep(viewer, connection, rep_id, now)
    if not viewer.reads_words:
        raise NotPermitted("Only a rep and whoever coaches them prepare a one-on-one.")
    if kind == "answer" and viewer.person_id != rep_id:
        raise NotPermitted("Only the rep answers a question of theirs.")
    draft = AgendaDraft(kind, body, question_key, about).tidy()
    open_ones = (A.rep_id == rep_id, A.session_id.is_(None), A.withdrawn_at.is_(None))
    topics = connection.scalars(sa.select(A.body).where(*open_ones, A.kind == "topic"))
    refuse_unless(draft.problems(tuple(topics)))
    if draft.question_key is not None:
        if draft.question_key not in {each.key for each in bank_on(viewer, connection, today_of(connection, now))}:
            raise CommandRefused(["There is no such question any more. Answer one of those shown."])
        if draft.about is not None and not is_reps_own(connection, rep_id, draft.about):
            raise NotPermitted("There is no such row in your view.")
        earlier = (*open_ones, A.kind == "answer", A.question_key == draft.answers)
        connection.execute(sa.update(agenda_item).where(*earlier).values(withdrawn_at=now, version=A.version + 1))
    row = {
        "rep_id": rep_id,
        "kind": draft.kind,
        "question_key": draft.answers,
        "body": draft.body,
        "added_by": viewer.person_id,
        "recorded_at": now,
    }
    number = int(connection.execute(sa.insert(agenda_item).values(row).returning(A.id)).scalar_one())
    finish(viewer, connection, "add agenda item", f"agenda_item {number}", now=now)
    return number


def withdraw_item(viewer: Viewer, connection: sa.Connection, *, item_id: int, now: dt.datetime) -> None:
    """Take back an item of one's own that no session has taken up; taking back twice is the same as once.

    Raises NotPermitted for somebody else's and CommandRefused for one that was taken up.
    """
    row = connection.execute(sa.select(A.added_by, A.rep_id, A.session_id).where(A.id == item_id)).first()
    if row is None or viewer.person_id is None or row.added_by != viewer.person_id:
        raise NotPermitted(NO_SUCH_ITEM)
    require_rep(viewer, connection, row.rep_id, now)
    if row.session_id is not None:
        raise CommandRefused(["A session has taken it up already, so it stays with that session."])
    changed = connection.execute(
        sa.update(agenda_item)
        .where(A.id == item_id, A.session_id.is_(None), A.withdrawn_at.is_(None))
        .values(withdrawn_at=now, version=A.version + 1)
    )
    if changed.rowcount:
        finish(viewer, connection, "withdraw agenda item", f"agenda_item {item_id}", now=now)


def settle_items(
    viewer: Viewer, connection: sa.Connection, *, session_id: int, item_ids: Collection[int], now: dt.datetime
) -> int:
    """Note that a session took items up: how many. Of its rep alone; what was withdrawn or settled meanwhile stays so.

    By whoever coaches the rep. Raises NotPermitted for a session or an item out of view.
    """
    rep_id = connection.scalar(
        sa.select(session.c.rep_id).where(session.c.id == session_id, exists_for_readers(session))
    )
    if rep_id is None:
        raise NotPermitted("There is no such session in your view.")
    require_coach_of(viewer, connection, rep_id, now)
    ids = sorted(set(item_ids))
    known = connection.scalars(sa.select(A.id).where(A.id.in_(ids), A.rep_id == rep_id)).all()
    if len(known) != len(ids):
        raise NotPermitted(NO_SUCH_ITEM)
    settled = connection.execute(
        sa.update(agenda_item)
        .where(A.id.in_(ids), A.session_id.is_(None), A.withdrawn_at.is_(None))
        .values(session_id=session_id, version=A.version + 1)
    ).rowcount
    if settled:
        finish(viewer, connection, "settle agenda items", f"session {session_id}", now=now, detail={"items": ids})
    return settled
