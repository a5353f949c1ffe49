"""What every command that records coaching shares: how it refuses, and what it does after it wrote."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any

import sqlalchemy as sa

from coaching.people import Role, Viewer
from data_access import audit, rollups
from data_access.pulse_rounds import close_past_rounds
from data_access.scope import NotPermitted, reps_in_scope
from data_access.settings import company_today, settings, touch
from data_access.tables import person


class CommandRefused(ValueError):
    """Nothing was written; each problem is a sentence that says how to mend it."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = list(problems)


class EditedMeanwhile(CommandRefused):
    """Somebody else saved first. ``changes`` says in words what they changed; the draft of the second is not lost."""

    def __init__(self, changes: Sequence[str]) -> None:
        super().__init__(
            ["Somebody saved this while you were writing. Nothing of yours is lost: look at what changed."]
        )
        self.changes = list(changes)


def refuse_unless(problems: Sequence[str]) -> None:
    """Raise CommandRefused where a draft has problems."""
    if problems:
        raise CommandRefused(problems)


def today_of(connection: sa.Connection, now: dt.datetime) -> dt.date:
    """Today where the company is: access follows today's membership."""
    return company_today(settings(connection), now)


def require_rep(viewer: Viewer, connection: sa.Connection, person_id: int, now: dt.datetime) -> None:
    """Raise NotPermitted unless the person is in the viewer's scope; nobody writes as the operator or a stand-in."""
    if viewer.person_id is None:
        raise NotPermitted("Only somebody with a name of their own records coaching.")
    inside = reps_in_scope(viewer, today_of(connection, now))
    if connection.scalar(sa.select(person.c.id).where(person.c.id == person_id, person.c.id.in_(inside))) is None:
        raise NotPermitted("There is no such person in your view.")


def require_coach_of(viewer: Viewer, connection: sa.Connection, person_id: int, now: dt.datetime) -> int:
    """The viewer's own id. Raises NotPermitted unless they lead somebody and have that other person in scope."""
    require_rep(viewer, connection, person_id, now)
    if viewer.role not in {Role.MANAGER, Role.LEADER} or viewer.person_id in {None, person_id}:
        raise NotPermitted("Only somebody who coaches this person can do that.")
    return int(viewer.person_id or 0)


def _take_turns(connection: sa.Connection, reps: Collection[int]) -> None:
    """Two writers about one rep at the same moment would each count without the other; SQLite's take turns anyway."""
    if connection.dialect.name == "postgresql":
        ids = sa.select(person.c.id).where(person.c.id.in_(reps)).order_by(person.c.id)
        connection.execute(ids.with_for_update(key_share=True)).all()


def finish(
    viewer: Viewer,
    connection: sa.Connection,
    action: str,
    subject: str,
    *,
    now: dt.datetime,
    reps: Collection[int] = (),
    detail: dict[str, Any] | None = None,
) -> None:
    """After a write, in its transaction: facts of ``reps``, the audit entry (ids only), the data's version, and the
    keys of pulse rounds that are over are destroyed.

    ``subject`` = table and id, as in "observation 17". ``reps``: whose sessions or observations changed.
    """
    close_past_rounds(connection, now)
    if reps:
        _take_turns(connection, reps)
        rollups.refresh(connection, reps)
    audit.record(connection, viewer.person_id, action, subject=subject, detail=detail, now=now)
    touch(connection)
