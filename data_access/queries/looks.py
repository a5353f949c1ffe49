"""Who looked at one's own record, and when."""

from __future__ import annotations

import datetime as dt

import polars as pl
import sqlalchemy as sa

from coaching import frames
from coaching.people import Viewer
from data_access.tables import person, record_look


def looks_at_me(viewer: Viewer, connection: sa.Connection, *, since: dt.date) -> pl.DataFrame:
    """frames.LOOKS at the viewer's own record since a day, the latest first. Nobody reads this about somebody else."""
    looks = record_look.c
    statement = (
        sa.select(looks.looked_on, looks.first_at, person.c.name.label("viewer_name"), looks.page)
        .select_from(record_look.outerjoin(person, looks.viewer_id == person.c.id))
        .where(looks.rep_id == viewer.person_id, looks.looked_on >= since)
        .order_by(looks.first_at.desc(), looks.id.desc())
    )
    return pl.read_database(statement, connection, schema_overrides=frames.LOOKS)
