"""Costs of coaching from a file, also in the reporting currency. Known by days, kind, rep, coach and programme."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import sqlalchemy as sa

from coaching.costs import CostDraft
from data_access.bulk import insert_frame
from data_access.importers.coaching_files.company import Company
from data_access.importers.coaching_files.rows import (
    Prepared,
    Schema,
    checked,
    compare,
    of_import,
    refuse,
    update_rows,
    without_twins,
)
from data_access.importers.names import normalised
from data_access.settings import minor_digits
from data_access.tables import programme, programme_cost

ROWS: Schema = {
    "starts_on": pl.Date,
    "ends_on": pl.Date,
    "kind": pl.String,
    "rep_id": pl.Int64,
    "coach_id": pl.Int64,
    "programme": pl.String,
    "amount": pl.Int64,
    "currency": pl.String,
    "reporting_amount": pl.Int64,
}
IDENTITY = ["starts_on", "ends_on", "kind", "rep_id", "coach_id", "programme_id"]


def prepare(
    connection: sa.Connection, company: Company, records: pl.DataFrame, reporting_currency: str, rates: dict[str, float]
) -> Prepared:
    """What loading these costs will do. ``rates``: what one unit of a currency is worth in the reporting currency."""
    prepared = Prepared(reporting_currency=reporting_currency if records.height else None)
    factors = _factors(reporting_currency, rates)
    rows = checked(prepared, records, ROWS, lambda row: _values(company, row, reporting_currency, factors))
    ids, new = _programmes(connection, company, rows)
    numbered = pl.col("programme").replace_strict(ids, default=None, return_dtype=pl.Int64)
    rows = rows.with_columns(numbered.alias("programme_id")).drop("programme")
    rows = without_twins(prepared, rows, IDENTITY, "cost (same days, kind and people; add them up)")
    found = compare(connection, prepared, company, programme_cost, rows, IDENTITY)
    used = set(found.fresh["programme_id"])
    new = {row_id: values for row_id, values in new.items() if row_id in used}
    prepared.notes += [f"The programme “{values['name']}” is new." for values in new.values()]
    prepared.steps.append(lambda c, import_id: _store(c, company, found.fresh, new, import_id))
    prepared.steps.append(lambda c, import_id: update_rows(c, programme_cost, found.changed, import_id))
    return prepared


def _factors(reporting_currency: str, rates: dict[str, float]) -> dict[str, float]:
    """Minor units of the reporting currency for one minor unit of each currency."""
    into = 10 ** minor_digits(reporting_currency)
    found = {code: rate * into / 10 ** minor_digits(code) for code, rate in rates.items()}
    return {**found, reporting_currency: 1.0}


def _values(
    company: Company, row: dict[str, Any], reporting_currency: str, factors: dict[str, float]
) -> dict[str, Any]:
    """A cost's columns. Raises RowRejected."""
    draft = CostDraft(
        starts_on=row["from"],
        ends_on=row["to"],
        kind=row["kind"],
        amount=row["amount"],
        currency=row["currency"] or reporting_currency,
        rep_id=company.person("rep", row["rep"]),
        coach_id=company.person("coach", row["coach"]),
        programme=row["programme"],
    )
    refuse(draft.problems())
    currency, amount = draft.currency or reporting_currency, row["amount"]
    return {
        **{name: getattr(draft, name) for name in ROWS if hasattr(draft, name)},
        "reporting_amount": amount if currency == reporting_currency else round(amount * factors[currency]),
    }


def _programmes(
    connection: sa.Connection, company: Company, rows: pl.DataFrame
) -> tuple[dict[str, int], dict[int, dict[str, Any]]]:
    """Text -> row of the programme it names; programmes that nobody knows yet get numbers below zero."""
    p = programme.c
    stored = [] if company.replaces_demo else connection.execute(sa.select(p.id, p.slug, p.name).order_by(p.id)).all()
    known = {normalised(text) or text: row_id for row_id, slug, name in stored for text in (name, slug)}
    ids: dict[str, int] = {}
    new: dict[int, dict[str, Any]] = {}
    first_days: dict[str, dt.date] = dict(rows.group_by("programme").agg(pl.col("starts_on").min()).iter_rows())
    for text in sorted(rows["programme"].drop_nulls().unique()):
        key = normalised(text) or text
        if key not in known:
            known[key] = -len(new) - 1
            new[known[key]] = {"slug": key, "name": text, "starts_on": first_days[text]}
        ids[text] = known[key]
    return ids, new


def _store(
    connection: sa.Connection, company: Company, fresh: pl.DataFrame, new: dict[int, dict[str, Any]], import_id: int
) -> None:
    numbers = {}
    for placeholder, values in new.items():
        numbers[placeholder] = connection.scalar(sa.insert(programme).values(values).returning(programme.c.id))
    rows = fresh.with_columns(pl.col("programme_id").replace(numbers))
    insert_frame(connection, programme_cost, of_import(rows, import_id, company))
