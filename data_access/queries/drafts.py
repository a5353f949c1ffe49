"""The viewer's own half-filled forms."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import sqlalchemy as sa

from coaching.people import Viewer
from data_access.tables import draft


def kept_draft(viewer: Viewer, connection: sa.Connection, form: str) -> tuple[dict[str, Any], dt.datetime] | None:
    """The viewer's draft of ``form`` and when it was saved; None where there is none. Nobody reads another's."""
    row = connection.execute(
        sa.select(draft.c.body, draft.c.saved_at).where(draft.c.author_id == viewer.person_id, draft.c.form == form)
    ).first()
    return (json.loads(row.body), row.saved_at) if row else None
