"""Absences from a file. Known by person and days."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import polars as pl
import sqlalchemy as sa

from coaching.cadence import AbsenceDraft
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
from data_access.tables import absence

ROWS: Schema = {"person_id": pl.Int64, "starts_on": pl.Date, "ends_on": pl.Date, "reason": pl.String}
IDENTITY = ["person_id", "starts_on", "ends_on"]


def prepare(connection: sa.Connection, company: Company, records: pl.DataFrame, provided: Collection[str]) -> Prepared:
    """What loading these absences will do."""
    prepared = Prepared()
    rows = checked(prepared, records, ROWS, lambda row: _values(company, row))
    rows = without_twins(prepared, rows, IDENTITY, "absence")
    silent = {"reason"} - set(provided)
    store(prepared, absence, compare(connection, prepared, company, absence, rows, IDENTITY, silent=silent))
    return prepared


def _values(company: Company, row: dict[str, Any]) -> dict[str, Any]:
    draft = AbsenceDraft(company.person("rep", row["rep"]), row["from"], row["to"], row["reason"])
    refuse(draft.problems())
    return {
        "person_id": draft.person_id,
        "starts_on": draft.starts_on,
        "ends_on": draft.ends_on,
        "reason": draft.reason,
    }
