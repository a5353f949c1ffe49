"""The rep concludes from a lost deal and closes knowledge gaps; the coach asks."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from coaching.lessons import GapDraft, answer_problems, conclusion_problems, question_problems
from coaching.people import Viewer
from data_access.knowledge import LATEST, exists_for_readers, version_on
from data_access.scope import NotPermitted
from data_access.tables import deal_lesson, deal_version, knowledge_gap
from data_access.writes import (
    CommandRefused,
    EditedMeanwhile,
    finish,
    refuse_unless,
    require_coach_of,
    require_rep,
)


def write_lesson(
    viewer: Viewer, connection: sa.Connection, deal_id: int, conclusion: str, version: int | None, now: dt.datetime
) -> int:
    """The rep writes what they conclude from a deal of theirs that was lost; the lesson's row number.

    ``version``: of the lesson that was read, None where there was none. Raises CommandRefused, EditedMeanwhile and,
    for a deal that is not the viewer's own lost deal, NotPermitted.
    """
    _require_own_lost_deal(viewer, connection, deal_id)
    refuse_unless(conclusion_problems(conclusion))
    here = (deal_lesson.c.deal_id == deal_id, deal_lesson.c.rep_id == viewer.person_id)
    stored = connection.execute(sa.select(deal_lesson.c.id, deal_lesson.c.version).where(*here)).first()
    if (stored.version if stored else None) != version:
        raise EditedMeanwhile(["The lesson was changed in another window."])
    if stored:
        values = {"conclusion": conclusion.strip(), "version": stored.version + 1}
        connection.execute(sa.update(deal_lesson).where(deal_lesson.c.id == stored.id).values(values))
        number = int(stored.id)
    else:
        row = {"deal_id": deal_id, "rep_id": viewer.person_id, "conclusion": conclusion.strip(), "recorded_at": now}
        number = int(connection.execute(sa.insert(deal_lesson).values(row).returning(deal_lesson.c.id)).scalar_one())
    finish(viewer, connection, "write lesson", f"deal_lesson {number}", now=now)
    return number


def _require_own_lost_deal(viewer: Viewer, connection: sa.Connection, deal_id: int) -> None:
    known = deal_version.c
    own = sa.select(known.id).where(
        known.deal_id == deal_id,
        known.owner_id == viewer.person_id,
        known.status == "lost",
        version_on(deal_version, LATEST),
    )
    if viewer.person_id is None or connection.scalar(own) is None:
        raise NotPermitted("Only the rep who lost a deal writes what follows from it.")


def ask_about_lesson(
    viewer: Viewer, connection: sa.Connection, lesson_id: int, question: str, now: dt.datetime
) -> None:
    """The coach adds a question to a lesson, in place of an earlier one. Raises CommandRefused and NotPermitted."""
    rep_id = connection.scalar(sa.select(deal_lesson.c.rep_id).where(deal_lesson.c.id == lesson_id))
    if rep_id is None:
        raise NotPermitted("There is no such lesson in your view.")
    require_coach_of(viewer, connection, rep_id, now)
    refuse_unless(question_problems(question))
    connection.execute(
        sa.update(deal_lesson)
        .where(deal_lesson.c.id == lesson_id)
        .values(coach_question=question.strip(), version=deal_lesson.c.version + 1)
    )
    finish(viewer, connection, "ask about lesson", f"deal_lesson {lesson_id}", now=now)


def note_gap(viewer: Viewer, connection: sa.Connection, rep_id: int, draft: GapDraft, now: dt.datetime) -> int:
    """The rep, or who coaches them, notes what could not be answered; the row number.

    The same open question about the same deal is noted once. Raises CommandRefused, and NotPermitted for a deal that
    is not the rep's.
    """
    require_rep(viewer, connection, rep_id, now)
    refuse_unless(draft.problems())
    if draft.deal_id is not None:
        _require_deal_of(connection, rep_id, draft.deal_id)
    gap = knowledge_gap.c
    standing = sa.select(gap.id).where(
        gap.rep_id == rep_id,
        gap.question == draft.question.strip(),
        gap.deal_id == draft.deal_id if draft.deal_id is not None else gap.deal_id.is_(None),
        gap.closed_at.is_(None),
    )
    if connection.scalar(standing.limit(1)) is not None:
        raise CommandRefused(["This question is on the list of open questions already."])
    row = {
        "rep_id": rep_id,
        "deal_id": draft.deal_id,
        "question": draft.question.strip(),
        "where_to_look": draft.where_to_look.strip() or None,
        "noted_by": viewer.person_id,
        "noted_at": now,
    }
    number = int(connection.execute(sa.insert(knowledge_gap).values(row).returning(knowledge_gap.c.id)).scalar_one())
    finish(viewer, connection, "note knowledge gap", f"knowledge_gap {number}", now=now)
    return number


def _require_deal_of(connection: sa.Connection, rep_id: int, deal_id: int) -> None:
    """A deal that is the rep's or was: a question about it does not go away with the deal."""
    known = deal_version.c
    own = sa.select(known.id).where(
        known.deal_id == deal_id, known.owner_id == rep_id, exists_for_readers(deal_version)
    )
    if connection.scalar(own.limit(1)) is None:
        raise NotPermitted("There is no such deal of theirs.")


def close_gap(viewer: Viewer, connection: sa.Connection, gap_id: int, answer: str, now: dt.datetime) -> None:
    """The rep closes a gap with what they found. Raises CommandRefused and NotPermitted."""
    refuse_unless(answer_problems(answer))
    _set_closed(viewer, connection, gap_id, answer.strip(), now)
    finish(viewer, connection, "close knowledge gap", f"knowledge_gap {gap_id}", now=now)


def reopen_gap(viewer: Viewer, connection: sa.Connection, gap_id: int, now: dt.datetime) -> None:
    """Undo of closing: the answer goes back to being open. Raises NotPermitted."""
    _set_closed(viewer, connection, gap_id, None, None)
    finish(viewer, connection, "reopen knowledge gap", f"knowledge_gap {gap_id}", now=now)


def _set_closed(
    viewer: Viewer, connection: sa.Connection, gap_id: int, answer: str | None, at: dt.datetime | None
) -> None:
    own = (knowledge_gap.c.id == gap_id, knowledge_gap.c.rep_id == viewer.person_id)
    if not connection.execute(sa.update(knowledge_gap).where(*own).values(answer=answer, closed_at=at)).rowcount:
        raise NotPermitted("Only the rep closes an open question of theirs.")
