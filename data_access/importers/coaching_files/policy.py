"""Cadence policies from a file. Known by role and first day."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import polars as pl
import sqlalchemy as sa

from coaching.cadence import DEFAULT_CADENCE, PolicyDraft
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
from data_access.tables import cadence_policy

ROWS: Schema = {"role": pl.String, "starts_on": pl.Date, "every_days": pl.Int64, "tolerance_days": pl.Int64}
IDENTITY = ["role", "starts_on"]


def prepare(connection: sa.Connection, company: Company, records: pl.DataFrame, provided: Collection[str]) -> Prepared:
    """What loading these policies will do."""
    prepared = Prepared()
    rows = without_twins(prepared, checked(prepared, records, ROWS, _values), IDENTITY, "role")
    silent = {"tolerance_days"} if "tolerance_days" not in provided else set()
    found = compare(connection, prepared, company, cadence_policy, rows, IDENTITY, silent=silent)
    store(prepared, cadence_policy, found)
    return prepared


def _values(row: dict[str, Any]) -> dict[str, Any]:
    tolerance = DEFAULT_CADENCE.tolerance_days if row["tolerance_days"] is None else row["tolerance_days"]
    draft = PolicyDraft(row["role"], row["every_days"], tolerance, row["from"])
    refuse(draft.problems())
    return {
        "role": draft.role,
        "starts_on": draft.starts_on,
        "every_days": draft.every_days,
        "tolerance_days": draft.tolerance_days,
    }
