"""Which questions were put to whom, and what an admin changes in the bank. Both are only ever added to."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Mapping

import sqlalchemy as sa

from coaching import questions
from coaching.people import Viewer
from data_access.knowledge import exists_for_readers
from data_access.queries.questions import bank_on
from data_access.scope import NotPermitted
from data_access.tables import question_asked, question_edit, session, skill
from data_access.writes import CommandRefused, EditedMeanwhile, finish, refuse_unless, require_coach_of, today_of

Q = question_asked.c
E = question_edit.c


def note_asked(
    viewer: Viewer,
    connection: sa.Connection,
    *,
    rep_id: int,
    session_id: int | None,
    question_keys: Collection[str],
    about: Mapping[str, Collection[str]] | None = None,
    now: dt.datetime,
) -> int:
    """Note that the coach put questions to a rep, in a session or (None) today; how many were new.

    The same question in the same session (or on the same day) is noted once. ``about``: the rows that led to each, as
    in "deal:12". Raises NotPermitted, also for a session with somebody else, and CommandRefused for a key that the
    bank does not know.
    """
    coach_id = require_coach_of(viewer, connection, rep_id, now)
    today = today_of(connection, now)
    day = _day_of_session(connection, session_id, rep_id, today) if session_id is not None else today
    keys, rows_of = list(dict.fromkeys(question_keys)), about or {}
    unknown = set(keys) - {each.key for each in bank_on(viewer, connection, today)}
    if unknown:
        raise CommandRefused([f"The bank knows no question '{key}'." for key in sorted(unknown)])
    where = Q.session_id == session_id if session_id is not None else sa.and_(Q.session_id.is_(None), Q.asked_on == day)
    noted = set(connection.scalars(sa.select(Q.question_key).where(Q.rep_id == rep_id, where)))
    rows = [
        {
            "rep_id": rep_id,
            "session_id": session_id,
            "question_key": key,
            "asked_on": day,
            "asked_by": coach_id,
            "about": ",".join(rows_of.get(key, ())) or None,
            "recorded_at": now,
        }
        for key in keys
        if key not in noted
    ]
    if rows:
        connection.execute(sa.insert(question_asked), rows)
        detail = {"questions": [row["question_key"] for row in rows], "session": session_id}
        finish(viewer, connection, "note questions", f"person {rep_id}", now=now, detail=detail)
    return len(rows)


def _day_of_session(connection: sa.Connection, session_id: int, rep_id: int, today: dt.date) -> dt.date:
    row = connection.execute(
        sa.select(session.c.rep_id, session.c.held_on, session.c.planned_on).where(
            session.c.id == session_id, exists_for_readers(session)
        )
    ).first()
    if row is None or row.rep_id != rep_id:
        raise NotPermitted("There is no such session in your view.")
    return row.held_on or today


def edit_question(
    viewer: Viewer,
    connection: sa.Connection,
    *,
    situation: str,
    text: str,
    now: dt.datetime,
    key: str | None = None,
    about_skill: str | None = None,
    is_active: bool = True,
    seen_edit_id: int | None = None,
) -> str:
    """Change, retire or bring back a question, or (without ``key``) add one; its key.

    Appends to the history, so nothing that was asked loses its words; what says the same already is no change.
    ``seen_edit_id``: the edit that the form showed (None = as delivered). Raises NotPermitted for whoever does not keep
    the data, CommandRefused for a question that is not open (``questions.problems``) and EditedMeanwhile where somebody
    saved after the form was opened.
    """
    if not viewer.loads_data:
        raise NotPermitted("Only an admin changes the question bank.")
    text = " ".join(text.split())
    bank = bank_on(viewer, connection, today_of(connection, now))
    standing = {each.key: each for each in bank}
    if key is None:
        key = questions.own_key(situation, text)
        seen_edit_id = standing[key].edit_id if key in standing and not standing[key].is_active else seen_edit_id
    elif key not in standing:
        raise CommandRefused(["There is no such question any more. Add it as a new one."])
    before = standing.get(key)
    if (before.edit_id if before else None) != seen_edit_id:
        raise EditedMeanwhile([_now_reads(before)])
    if before is not None and _says(before) == (situation, text, about_skill, is_active):
        return key
    others = [each.text for each in bank if each.is_active and each.key != key]
    if is_active:
        found = questions.problems(text, situation, others)
    else:
        # Retired is retired: the question keeps the words and the situation it stands with.
        if before is None:
            raise CommandRefused(["There is no such question to retire."])
        found, situation, text, about_skill = [], before.situation, before.text, before.about_skill
    if about_skill is not None and not connection.scalar(
        sa.select(skill.c.id).where(skill.c.slug == about_skill, skill.c.kind == "rep")
    ):
        found.append("There is no such skill. Choose one from the list, or none.")
    refuse_unless(found)
    row = {
        "question_key": key,
        "situation": situation,
        "about_skill": about_skill,
        "body": text,
        "is_active": is_active,
        "edited_by": viewer.person_id,
        "recorded_at": now,
    }
    number = int(connection.execute(sa.insert(question_edit).values(row).returning(E.id)).scalar_one())
    finish(viewer, connection, "edit question", f"question_edit {number}", now=now, detail={"key": key})
    return key


def _says(question: questions.Question) -> tuple[str, str, str | None, bool]:
    return question.situation, question.text, question.about_skill, question.is_active


def _now_reads(question: questions.Question | None) -> str:
    if question is None:
        return "The question has gone."
    state = "" if question.is_active else " It is retired."
    return f"It now reads: {json.dumps(question.text, ensure_ascii=False)}.{state}"
