"""Writing a session down together with what it took up of its brief: all of it, or nothing."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from coaching.brief import Asking, Taken
from coaching.lessons import GapDraft
from coaching.people import Viewer
from coaching.sessions import SessionDraft
from data_access.commands.agenda import settle_items
from data_access.commands.lessons import note_gap
from data_access.commands.questions import note_asked
from data_access.commands.sessions import record_session
from data_access.scope import NotPermitted
from data_access.tables import agenda_item
from data_access.writes import CommandRefused


def record_from_brief(
    viewer: Viewer,
    connection: sa.Connection,
    draft: SessionDraft,
    taken: Taken,
    now: dt.datetime,
    *,
    session_id: int | None = None,
    version: int | None = None,
) -> int:
    """Write up a session as ``record_session`` does and, where it was held, note what it took up; its id.

    Questions are noted as asked, those that could not be answered become open questions of the rep, items of the
    agenda are settled. Raises NotPermitted, CommandRefused, EditedMeanwhile: nothing is written then.
    """
    written = record_session(viewer, connection, draft, now, session_id=session_id, version=version)
    if draft.status != "held":
        return written
    if taken.asked:
        note_asked(
            viewer,
            connection,
            rep_id=draft.rep_id,
            session_id=written,
            question_keys=[each.key for each in taken.asked],
            about={each.key: each.source_ids for each in taken.asked},
            now=now,
        )
    for each in taken.unanswered:
        _note_gap(viewer, connection, draft.rep_id, each, now)
    # What the rep has taken back meanwhile is theirs to take back.
    standing = sa.select(agenda_item.c.id).where(
        agenda_item.c.id.in_(taken.item_ids), agenda_item.c.rep_id == draft.rep_id, agenda_item.c.withdrawn_at.is_(None)
    )
    items = list(connection.scalars(standing))
    if items:
        settle_items(viewer, connection, session_id=written, item_ids=items, now=now)
    return written


def _note_gap(viewer: Viewer, connection: sa.Connection, rep_id: int, asked: Asking, now: dt.datetime) -> None:
    # A deal that somebody else owns by now is no reason to lose the question.
    for deal_id in dict.fromkeys((asked.deal_id, None)):
        try:
            note_gap(viewer, connection, rep_id, GapDraft(asked.text, "", deal_id), now)
        except NotPermitted:
            continue
        except CommandRefused:
            # It stands on the list already, and one line about it is enough.
            return
        return
