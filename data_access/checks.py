"""Finds faults in the database: broken references, overlapping versions, wrong facts, a changed audit trail."""

from __future__ import annotations

import sqlalchemy as sa

from data_access import audit, rollups
from data_access.knowledge import exists_for_readers
from data_access.tables import deal_version, import_run


def faults(connection: sa.Connection) -> list[str]:
    """A sentence per fault; empty = all is well."""
    found = []
    if connection.dialect.name == "sqlite":
        state = connection.exec_driver_sql("PRAGMA integrity_check").scalar()
        if state != "ok":
            found.append(f"SQLite's own check says: {state}. Restore a backup.")
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if broken:
            found.append(f"{len(broken)} rows refer to rows that are gone, the first in {broken[0][0]}.")
    overlapping = _overlapping_versions(connection)
    if overlapping:
        found.append(f"{overlapping} deals have versions that overlap in time.")
    wrong = rollups.differences(connection).height
    if wrong:
        found.append(f"{wrong} facts differ from the rows: run python -m data_access rollups rebuild.")
    entry = audit.first_broken_entry(connection)
    if entry is not None:
        found.append(f"The audit trail was changed at or before entry {entry}.")
    unfinished = connection.scalar(
        sa.select(sa.func.count()).select_from(import_run).where(import_run.c.published_at.is_(None))
    )
    if unfinished:
        found.append(f"{unfinished} unfinished imports: running, or left-overs that the next import clears.")
    return found


def _overlapping_versions(connection: sa.Connection) -> int:
    one, other = deal_version.alias("one"), deal_version.alias("other")
    statement = (
        sa.select(sa.func.count(sa.distinct(one.c.deal_id)))
        .join(other, sa.and_(other.c.deal_id == one.c.deal_id, other.c.id != one.c.id))
        .where(
            exists_for_readers(one),
            exists_for_readers(other),
            one.c.known_from <= other.c.known_from,
            sa.or_(one.c.known_to.is_(None), one.c.known_to > other.c.known_from),
            sa.or_(other.c.known_to.is_(None), other.c.known_to > other.c.known_from),
        )
    )
    return int(connection.scalar(statement) or 0)
