"""The company's coaching calendar: cadence policies, holidays and absences. Each function is one transaction's work."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from coaching.cadence import AbsenceDraft, HolidayDraft, PolicyDraft
from coaching.people import Role, Viewer
from data_access.knowledge import exists_for_readers
from data_access.scope import NotPermitted
from data_access.tables import absence, cadence_policy, holiday, person
from data_access.writes import CommandRefused, finish, refuse_unless, require_coach_of


def set_policy(viewer: Viewer, connection: sa.Connection, draft: PolicyDraft, now: dt.datetime) -> int:
    """How often a role is to be coached from a day on; the id of the row. Replaces what began on the same day.

    Raises NotPermitted for whoever does not keep the company's settings, CommandRefused for a draft with problems.
    """
    _require_settings(viewer)
    refuse_unless(draft.problems())
    values = {"every_days": draft.every_days, "tolerance_days": draft.tolerance_days}
    same = sa.and_(
        cadence_policy.c.role == draft.role,
        cadence_policy.c.starts_on.is_(None)
        if draft.starts_on is None
        else cadence_policy.c.starts_on == draft.starts_on,
        exists_for_readers(cadence_policy),
    )
    entry_id = connection.scalar(sa.select(sa.func.max(cadence_policy.c.id)).where(same))
    if entry_id is None:
        row = {"role": draft.role, "starts_on": draft.starts_on, **values}
        entry_id = connection.scalar(sa.insert(cadence_policy).values(**row).returning(cadence_policy.c.id))
    else:
        # Typed over what a file said: from now on it is nobody's but the admin's, known as typed rows are.
        typed = {**values, "import_id": None}
        connection.execute(sa.update(cadence_policy).where(cadence_policy.c.id == entry_id).values(**typed))
    finish(viewer, connection, "set cadence policy", f"cadence_policy {entry_id}", now=now)
    return int(entry_id or 0)


def remove_policy(viewer: Viewer, connection: sa.Connection, entry_id: int, now: dt.datetime) -> None:
    """Take a policy back: the one before it, or the default, holds again. Raises NotPermitted, CommandRefused."""
    _require_settings(viewer)
    _remove(connection, cadence_policy, entry_id, "This policy has been removed already: reload the page.")
    finish(viewer, connection, "remove cadence policy", f"cadence_policy {entry_id}", now=now)


def add_holiday(viewer: Viewer, connection: sa.Connection, draft: HolidayDraft, now: dt.datetime) -> int:
    """A day on which nobody (in a region) is expected to be coached; the id of the row.

    Raises NotPermitted for whoever does not keep the company's settings, CommandRefused for a draft with problems.
    """
    _require_settings(viewer)
    refuse_unless(draft.problems())
    region, name = _trimmed(draft.region), _trimmed(draft.name)
    there = sa.and_(
        holiday.c.on_date == draft.on_date,
        holiday.c.region.is_(None) if region is None else holiday.c.region == region,
        exists_for_readers(holiday),
    )
    if connection.scalar(sa.select(holiday.c.id).where(there)) is not None:
        raise CommandRefused(["This day is a holiday there already: choose another day or region."])
    row = {"on_date": draft.on_date, "region": region, "name": name}
    entry_id = connection.execute(sa.insert(holiday).values(**row).returning(holiday.c.id)).scalar_one()
    finish(viewer, connection, "add holiday", f"holiday {entry_id}", now=now)
    return int(entry_id)


def remove_holiday(viewer: Viewer, connection: sa.Connection, entry_id: int, now: dt.datetime) -> None:
    """Take a holiday back. Raises NotPermitted, and CommandRefused where it is gone already."""
    _require_settings(viewer)
    _remove(connection, holiday, entry_id, "This holiday has been removed already: reload the page.")
    finish(viewer, connection, "remove holiday", f"holiday {entry_id}", now=now)


def add_absence(viewer: Viewer, connection: sa.Connection, draft: AbsenceDraft, now: dt.datetime) -> int:
    """Days on which a rep is away, first and last included; the id of the row.

    Managers and leaders for the reps they coach, an admin for everybody; else NotPermitted. CommandRefused for a draft
    with problems.
    """
    refuse_unless(draft.problems())
    assert draft.person_id is not None
    _require_calendar_of(viewer, connection, draft.person_id, now)
    there = sa.and_(
        absence.c.person_id == draft.person_id,
        absence.c.starts_on == draft.starts_on,
        absence.c.ends_on == draft.ends_on,
        exists_for_readers(absence),
    )
    if connection.scalar(sa.select(absence.c.id).where(there)) is not None:
        raise CommandRefused(["Just these days away are recorded already: nothing has to be done."])
    row = {"starts_on": draft.starts_on, "ends_on": draft.ends_on, "reason": _trimmed(draft.reason)}
    adding = sa.insert(absence).values(person_id=draft.person_id, **row).returning(absence.c.id)
    entry_id = connection.execute(adding).scalar_one()
    finish(viewer, connection, "add absence", f"absence {entry_id}", now=now, detail={"rep": draft.person_id})
    return int(entry_id)


def remove_absence(viewer: Viewer, connection: sa.Connection, entry_id: int, now: dt.datetime) -> None:
    """Take an absence back: the slots count again. Raises NotPermitted out of scope, as for one that does not exist."""
    found = sa.select(absence.c.person_id).where(absence.c.id == entry_id, exists_for_readers(absence))
    person_id = connection.scalar(found)
    if person_id is None:
        raise NotPermitted("There is no such absence in your view.")
    _require_calendar_of(viewer, connection, person_id, now)
    connection.execute(sa.delete(absence).where(absence.c.id == entry_id))
    finish(viewer, connection, "remove absence", f"absence {entry_id}", now=now, detail={"rep": person_id})


def _require_settings(viewer: Viewer) -> None:
    if not viewer.loads_data:
        raise NotPermitted("Only an admin sets how often a role is coached, and the holidays.")


def _require_calendar_of(viewer: Viewer, connection: sa.Connection, person_id: int, now: dt.datetime) -> None:
    """Raise NotPermitted unless the viewer keeps this person's calendar."""
    if viewer.role is not Role.ADMIN:
        require_coach_of(viewer, connection, person_id, now)
        return
    there = sa.select(person.c.id).where(person.c.id == person_id, exists_for_readers(person))
    if connection.scalar(there) is None:
        raise NotPermitted("There is no such person in your view.")


def _remove(connection: sa.Connection, table: sa.Table, entry_id: int, gone: str) -> None:
    removed = connection.execute(sa.delete(table).where(table.c.id == entry_id, exists_for_readers(table)))
    if not removed.rowcount:
        raise CommandRefused([gone])


def _trimmed(words: str | None) -> str | None:
    return (words or "").strip() or None
