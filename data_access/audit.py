"""The audit trail: who did what to whose record, each entry chained to the one before. Ids only, no bodies."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import Any

import sqlalchemy as sa

from data_access.tables import audit_entry

START = "0" * 64


def record(
    connection: sa.Connection,
    actor_id: int | None,
    action: str,
    *,
    subject: str | None = None,
    detail: dict[str, Any] | None = None,
    now: dt.datetime,
) -> None:
    """Append an entry, within the caller's transaction. ``actor_id`` None = the operator at the command line."""
    if connection.dialect.name == "postgresql":
        # Two writers must not chain to the same entry; SQLite writers already take turns.
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(7401)"))
    previous = connection.scalar(sa.select(audit_entry.c.hash).order_by(audit_entry.c.id.desc()).limit(1)) or START
    row = {
        "happened_at": now.astimezone(dt.UTC).replace(microsecond=0),
        "actor_id": actor_id,
        "action": action,
        "subject": subject,
        "detail": json.dumps(detail, sort_keys=True) if detail else None,
    }
    connection.execute(sa.insert(audit_entry).values(**row, previous_hash=previous, hash=_hash(previous, row)))


def _hash(previous: str, row: dict[str, Any]) -> str:
    text = json.dumps([previous, *[str(row[name]) for name in sorted(row)]])
    return hashlib.sha256(text.encode()).hexdigest()


def first_broken_entry(connection: sa.Connection) -> int | None:
    """The id of the first entry that was changed or follows a removed one; None where the chain holds.

    A tail that was cut off leaves a shorter chain that still holds: compare the last hash with one kept elsewhere.
    """
    previous = START
    for row in connection.execute(sa.select(audit_entry).order_by(audit_entry.c.id)).mappings():
        values = {name: row[name] for name in ("happened_at", "actor_id", "action", "subject", "detail")}
        if row["previous_hash"] != previous or row["hash"] != _hash(previous, values):
            return int(row["id"])
        previous = row["hash"]
    return None
