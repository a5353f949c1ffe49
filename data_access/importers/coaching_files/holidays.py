"""Holidays from a file. Known by day and region."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import polars as pl
import sqlalchemy as sa

from coaching.cadence import HolidayDraft
from data_access.importers.coaching_files.company import Company
from data_access.importers.coaching_files.rows import (
    Prepared,
    Schema,
    checked,
    compare,
    refuse,
    store,
    without_twins,
)
from data_access.tables import holiday

ROWS: Schema = {"on_date": pl.Date, "region": pl.String, "name": pl.String}
IDENTITY = ["on_date", "region"]


def prepare(connection: sa.Connection, company: Company, records: pl.DataFrame, provided: Collection[str]) -> Prepared:
    """What loading these holidays will do."""
    prepared = Prepared()
    rows = without_twins(prepared, checked(prepared, records, ROWS, _values), IDENTITY, "holiday")
    silent = {"name"} - set(provided)
    store(prepared, holiday, compare(connection, prepared, company, holiday, rows, IDENTITY, silent=silent))
    return prepared


def _values(row: dict[str, Any]) -> dict[str, Any]:
    draft = HolidayDraft(row["date"], row["region"], row["name"])
    refuse(draft.problems())
    return {"on_date": draft.on_date, "region": draft.region, "name": draft.name}
