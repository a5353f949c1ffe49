"""Keeping a half-filled form. A draft is its author's alone: no audit entry, no other reader, no new data version."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import sqlalchemy as sa

from coaching.people import Viewer
from data_access.scope import NotPermitted
from data_access.tables import draft

LARGEST_BODY = 200_000
"""Characters. More is no form that somebody typed."""


def keep_draft(viewer: Viewer, connection: sa.Connection, form: str, body: dict[str, Any], now: dt.datetime) -> None:
    """Remember ``body`` (JSON values) as the author's draft of ``form``, in place of an earlier one.

    Raises NotPermitted for a viewer without a name of their own, ValueError for a body that no form can have.
    """
    if viewer.person_id is None:
        raise NotPermitted("Only somebody with a name of their own writes drafts.")
    text = json.dumps(body)
    if len(text) > LARGEST_BODY:
        raise ValueError("The draft is too long to be kept.")
    mine = (draft.c.author_id == viewer.person_id, draft.c.form == form)
    saved = connection.execute(sa.update(draft).where(*mine).values(body=text, saved_at=now))
    if not saved.rowcount:
        connection.execute(sa.insert(draft).values(author_id=viewer.person_id, form=form, body=text, saved_at=now))


def discard_draft(viewer: Viewer, connection: sa.Connection, form: str) -> None:
    """Forget the author's draft of ``form``; nothing happens where there is none."""
    connection.execute(sa.delete(draft).where(draft.c.author_id == viewer.person_id, draft.c.form == form))
