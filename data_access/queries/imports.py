"""What has been loaded, and the rows that were not."""

from __future__ import annotations

import json
from typing import Any

import polars as pl
import sqlalchemy as sa

from coaching.people import Viewer
from data_access.tables import import_rejection, import_run

RUNS: dict[str, pl.DataType | type[pl.DataType]] = {
    "import_id": pl.Int64,
    "kind": pl.String,
    "file_name": pl.String,
    "as_of": pl.Date,
    "published_at": pl.Datetime("us", "UTC"),
    "read_count": pl.Int64,
    "accepted_count": pl.Int64,
    "rejected_count": pl.Int64,
    "ignored_count": pl.Int64,
}


def import_runs(viewer: Viewer, connection: sa.Connection) -> pl.DataFrame:
    """Published imports, the latest first: import_id, kind, file_name, as_of, published_at and the four counts.

    Empty for whoever does not load data.
    """
    runs = import_run.c
    statement = (
        sa.select(runs.id.label("import_id"), *(runs[name] for name in RUNS if name != "import_id"))
        .where(runs.published_at.is_not(None), sa.true() if viewer.loads_data else sa.false())
        .order_by(runs.published_at.desc(), runs.id.desc())
    )
    return pl.read_database(statement, connection, schema_overrides=RUNS)


def import_result(viewer: Viewer, connection: sa.Connection, import_id: int) -> dict[str, Any] | None:
    """The stored result of an import; None for an unknown one and for whoever does not load data."""
    if not viewer.loads_data:
        return None
    text = connection.scalar(
        sa.select(import_run.c.result).where(import_run.c.id == import_id, import_run.c.published_at.is_not(None))
    )
    return json.loads(text) if text else None


def rejections(viewer: Viewer, connection: sa.Connection, import_id: int) -> pl.DataFrame:
    """line, reason and raw of the rows an import rejected, in the file's order; empty for others than admins."""
    rows = import_rejection.c
    statement = (
        sa.select(rows.line, rows.reason, rows.raw)
        .join(import_run, import_run.c.id == rows.import_id)
        .where(
            rows.import_id == import_id,
            import_run.c.published_at.is_not(None),
            sa.true() if viewer.loads_data else sa.false(),
        )
        .order_by(rows.line)
    )
    schema = {"line": pl.Int64, "reason": pl.String, "raw": pl.String}
    return pl.read_database(statement, connection, schema_overrides=schema)
