"""Who looked at whose record, and who took a copy: noted for the person whose record it is.

A look changes no figure, so the data's version stays: pages that were read once remain remembered.
"""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from coaching.people import Viewer
from data_access import audit
from data_access.scope import reps_in_scope
from data_access.tables import person, record_look
from data_access.writes import today_of


def note_look(viewer: Viewer, connection: sa.Connection, rep_id: int, page: str, now: dt.datetime) -> None:
    """Note once a day and page that the viewer opened a page about ``rep_id``.

    A look at oneself and a look at somebody out of scope (who read nothing) leave no note.
    """
    today = today_of(connection, now)
    inside = sa.select(person.c.id).where(person.c.id == rep_id, person.c.id.in_(reps_in_scope(viewer, today)))
    if viewer.person_id == rep_id or connection.scalar(inside) is None:
        return
    kind = postgresql if connection.dialect.name == "postgresql" else sqlite
    row = {"rep_id": rep_id, "viewer_id": viewer.person_id, "page": page, "looked_on": today, "first_at": now}
    connection.execute(kind.insert(record_look).values(row).on_conflict_do_nothing())


def note_download(viewer: Viewer, connection: sa.Connection, kind: str, row_count: int, now: dt.datetime) -> None:
    """Put a download into the audit trail: who, which kind, how many rows."""
    audit.record(
        connection, viewer.person_id, f"download as {viewer.role}", subject=kind, detail={"rows": row_count}, now=now
    )
