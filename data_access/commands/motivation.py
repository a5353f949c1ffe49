"""A person says what moves them. Only they themselves; what they said before stays in the record."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import sqlalchemy as sa

from coaching.motivation import PreferenceDraft
from coaching.people import Viewer
from data_access.scope import NotPermitted
from data_access.tables import motivation_preference
from data_access.writes import finish, refuse_unless


def state_preferences(
    viewer: Viewer, connection: sa.Connection, drafts: Sequence[PreferenceDraft], now: dt.datetime
) -> None:
    """Append what the viewer says about each trigger. Raises CommandRefused and NotPermitted."""
    if viewer.person_id is None:
        raise NotPermitted("Only somebody with a name of their own says what moves them.")
    refuse_unless([problem for draft in drafts for problem in draft.problems()] or _emptiness(drafts))
    connection.execute(
        sa.insert(motivation_preference),
        [
            {
                "person_id": viewer.person_id,
                "trigger": draft.trigger,
                "weight": draft.weight,
                "words": draft.words.strip() or None,
                "stated_at": now,
            }
            for draft in drafts
        ],
    )
    finish(viewer, connection, "state preferences", f"person {viewer.person_id}", now=now)


def _emptiness(drafts: Sequence[PreferenceDraft]) -> list[str]:
    return [] if drafts else ["Say something about at least one of them."]
