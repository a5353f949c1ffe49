"""Quotas as known on an as-of date."""

from __future__ import annotations

import datetime as dt

import polars as pl
import sqlalchemy as sa

from coaching import frames
from coaching.people import Viewer
from data_access.knowledge import knowledge, version_on
from data_access.scope import attributable_reps, reps_in_scope
from data_access.tables import person_record, quota


def quotas(
    viewer: Viewer,
    connection: sa.Connection,
    *,
    start: dt.date,
    end: dt.date,
    as_of: dt.date,
    today: dt.date,
    for_totals: bool = False,
    rep_ids: list[int] | None = None,
) -> pl.DataFrame:
    """frames.QUOTAS that touch ``start`` to ``end``, whole as they were set, with the person's first and last day."""
    known = knowledge(connection, "quotas", as_of)
    # When somebody joined or left is taken from what people files had said by then, not from today's row.
    since = knowledge(connection, "people", as_of).known_on
    told = sa.select(person_record).where(version_on(person_record, since)).subquery()
    people = attributable_reps(viewer, today) if for_totals else reps_in_scope(viewer, today)
    statement = (
        sa.select(
            quota.c.person_id,
            quota.c.starts_on,
            quota.c.ends_on,
            quota.c.reporting_amount.label("amount"),
            told.c.started_on,
            told.c.left_on,
        )
        .outerjoin(told, told.c.person_id == quota.c.person_id)
        .where(
            version_on(quota, known.known_on),
            quota.c.starts_on <= end,
            quota.c.ends_on >= start,
            quota.c.person_id.in_(people),
            sa.true() if rep_ids is None else quota.c.person_id.in_(rep_ids),
        )
        .order_by(quota.c.person_id, quota.c.starts_on)
    )
    return pl.read_database(statement, connection, schema_overrides=frames.QUOTAS)
