"""Rows of a coaching file on their way into a table: checked, freed of repeats, compared with what is there."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl
import sqlalchemy as sa

from data_access.bulk import insert_frame
from data_access.importers.coaching_files.company import Company, RowRejected
from data_access.knowledge import exists_for_readers
from data_access.tables import audit_entry

Schema = Mapping[str, pl.DataType | type[pl.DataType]]
Step = Callable[[sa.Connection, int], object]
"""What is left to do in the transaction that loads the file: given the connection and the import's number."""
SQL_LIST_LIMIT = 5_000
PLACE = ("line", "raw")


@dataclass
class Prepared:
    """What loading a file will do. accepted rows = the sum of ``counts``, repeats included."""

    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(("new", "changed", "unchanged", "stale"), 0))
    duplicates: int = 0
    rejections: list[tuple[int, str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    reps: set[int] = field(default_factory=set)
    """Whose facts may change."""
    reporting_currency: str | None = None
    """What amounts are added up in, where the file holds any."""

    def reject(self, row: Mapping[str, Any], reason: str) -> None:
        """Keep a row for mending."""
        self.rejections.append((row["line"], reason, row["raw"]))


@dataclass(frozen=True)
class Compared:
    """Rows that nobody knows yet, and known ones that say something else now (with ``row_id``)."""

    fresh: pl.DataFrame
    changed: pl.DataFrame


def checked(
    prepared: Prepared, records: pl.DataFrame, schema: Schema, values_of: Callable[[dict[str, Any]], dict[str, Any]]
) -> pl.DataFrame:
    """The sound rows with the columns of ``schema``, line and raw. ``values_of`` raises RowRejected for the others."""
    found = []
    for row in records.iter_rows(named=True):
        try:
            values = values_of(row)
        except RowRejected as reason:
            prepared.reject(row, str(reason))
            continue
        found.append([values[name] for name in schema] + [row["line"], row["raw"]])
    return pl.DataFrame(found, schema={**schema, "line": pl.Int64, "raw": pl.String}, orient="row")


def refuse(problems: list[str]) -> None:
    """Raise RowRejected where a draft has problems."""
    if problems:
        raise RowRejected(" ".join(problems))


def without_twins(prepared: Prepared, rows: pl.DataFrame, identity: list[str], what: str) -> pl.DataFrame:
    """The first row of each identity. Equal ones are counted, differing ones rejected: ``what`` the rows are about."""
    twin = pl.struct(identity).is_duplicated()
    if not rows.select(twin.any()).item():
        return rows
    first = rows.unique(identity, keep="first", maintain_order=True)
    others = rows.join(first.select("line"), on="line", how="anti", maintain_order="left").join(
        first, on=identity, how="left", suffix="_first", nulls_equal=True, maintain_order="left"
    )
    said = [name for name in rows.columns if name not in (*identity, *PLACE)]
    equal = pl.all_horizontal(pl.lit(True), *(pl.col(name).eq_missing(pl.col(f"{name}_first")) for name in said))
    for row in others.filter(~equal).iter_rows(named=True):
        prepared.reject(row, f"Line {row['line_first']} is about the same {what} and says something else; keep one.")
    prepared.duplicates += others.filter(equal).height
    return first


def known_rows(connection: sa.Connection, table: sa.Table, columns: Schema, company: Company) -> pl.DataFrame:
    """row_id and ``columns`` of every row of a table; nothing where the demo company is about to go."""
    schema = {"row_id": pl.Int64, **columns}
    if company.replaces_demo:
        return pl.DataFrame(schema=schema)
    statement = sa.select(table.c.id.label("row_id"), *(table.c[name] for name in columns))
    rows = pl.read_database(statement.where(exists_for_readers(table)), connection, schema_overrides=schema)
    return rows.select(pl.col(name).cast(kind) for name, kind in schema.items())


def compare(
    connection: sa.Connection,
    prepared: Prepared,
    company: Company,
    table: sa.Table,
    rows: pl.DataFrame,
    identity: list[str],
    *,
    silent: Collection[str] = (),
    defaults: Mapping[str, str] | None = None,
) -> Compared:
    """Compare rows with those of ``table`` that have the same ``identity``, and count them.

    ``silent``: columns that the file does not have; what is known of them stays. ``defaults``: columns whose empty
    cells keep what is known, and for new rows take the value of another column. A known row is left alone (stale) where
    a later file has been loaded, or where somebody has edited it since the file was exported.
    """
    defaults = defaults or {}
    extra = {*PLACE, *defaults.values()}
    said = [name for name in rows.columns if name not in {*identity, *extra}]
    stored: Schema = {name: rows.schema[name] for name in (*identity, *said)}
    known = known_rows(connection, table, stored, company)
    joined = rows.join(
        known.unique(identity, keep="first"),
        on=identity,
        how="left",
        suffix="_known",
        nulls_equal=True,
        maintain_order="left",
    )
    is_known = pl.col("row_id").is_not_null()
    joined = joined.with_columns(
        *(pl.when(is_known).then(f"{name}_known").otherwise(name).alias(name) for name in said if name in silent),
        *(
            pl.coalesce(name, pl.when(is_known).then(f"{name}_known").otherwise(other)).alias(name)
            for name, other in defaults.items()
        ),
    )
    differs = pl.any_horizontal(pl.lit(False), *(pl.col(name).ne_missing(pl.col(f"{name}_known")) for name in said))
    columns = [*identity, *said]
    fresh = joined.filter(~is_known).select(columns)
    changed = joined.filter(is_known & differs)
    kept_ids = _not_to_be_changed(connection, company, table, changed["row_id"].to_list())
    stale = changed.filter(pl.col("row_id").is_in(kept_ids))
    changed = changed.filter(~pl.col("row_id").is_in(kept_ids))
    prepared.counts["new"] += fresh.height
    prepared.counts["changed"] += changed.height
    prepared.counts["stale"] += stale.height
    prepared.counts["unchanged"] += joined.height - fresh.height - changed.height - stale.height
    return Compared(fresh, changed.select("row_id", *columns))


def _not_to_be_changed(connection: sa.Connection, company: Company, table: sa.Table, row_ids: list[int]) -> list[int]:
    """Of these rows, those that the file is too old for."""
    if company.is_late:
        return row_ids
    exported = dt.datetime.combine(company.as_of, dt.time(), zoneinfo.ZoneInfo(company.time_zone))
    found: set[str] = set()
    for start in range(0, len(row_ids), SQL_LIST_LIMIT):
        subjects = [f"{table.name} {row_id}" for row_id in row_ids[start : start + SQL_LIST_LIMIT]]
        found.update(
            connection.scalars(
                sa.select(audit_entry.c.subject).where(
                    audit_entry.c.subject.in_(subjects), audit_entry.c.happened_at >= exported.astimezone(dt.UTC)
                )
            )
        )
    return [int(subject.rpartition(" ")[2]) for subject in found]


def update_rows(connection: sa.Connection, table: sa.Table, changed: pl.DataFrame, import_id: int) -> None:
    """Write the columns of ``changed`` into the rows ``row_id``; forms that read them before are told.

    Where the table can hold it, what was known before stays beside the corrected row, for days before the file's own.
    """
    if changed.is_empty():
        return
    if "superseded_by" in table.c:
        _keep_as_it_was(connection, table, changed["row_id"].to_list(), import_id)
    names = [name for name in changed.columns if name != "row_id"]
    values: dict[str, Any] = {name: sa.bindparam(f"v_{name}", type_=table.c[name].type) for name in names}
    if "version" in table.c:
        values["version"] = table.c.version + 1
    if "superseded_by" in table.c:
        values["import_id"] = import_id
    statement = sa.update(table).where(table.c.id == sa.bindparam("row_id")).values(values)
    connection.execute(statement, changed.rename({name: f"v_{name}" for name in names}).to_dicts())


def _keep_as_it_was(connection: sa.Connection, table: sa.Table, row_ids: list[int], import_id: int) -> None:
    """A copy of each row under a number of its own. The row itself keeps its number: others refer to it."""
    instead = {"source_key": sa.null(), "superseded_by": sa.literal(import_id)}
    columns = [column for column in table.c if column.name != "id"]
    copied = [instead.get(column.name, column) for column in columns]
    for start in range(0, len(row_ids), SQL_LIST_LIMIT):
        some = table.c.id.in_(row_ids[start : start + SQL_LIST_LIMIT])
        rows = sa.select(*copied).where(some, table.c.superseded_by.is_(None)).order_by(table.c.id)
        connection.execute(sa.insert(table).from_select(columns, rows))


def store(prepared: Prepared, table: sa.Table, compared: Compared) -> None:
    """Leave it to the transaction to add what is new and to update what has changed."""
    prepared.steps.append(
        lambda connection, import_id: insert_frame(
            connection, table, compared.fresh.with_columns(pl.lit(import_id, pl.Int64).alias("import_id"))
        )
    )
    prepared.steps.append(lambda connection, import_id: update_rows(connection, table, compared.changed, import_id))


def of_import(frame: pl.DataFrame, import_id: int, company: Company, *moments: str) -> pl.DataFrame:
    """``frame`` with import_id, and with the present moment in the columns ``moments``."""
    now = pl.lit(company.now).dt.convert_time_zone("UTC").cast(pl.Datetime("us", "UTC"))
    return frame.with_columns(pl.lit(import_id, pl.Int64).alias("import_id"), *(now.alias(name) for name in moments))
