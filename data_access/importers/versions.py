"""Turns what a file says about many things into new versions, only where something changed.

An export dated after all others ends the versions it contradicts while it is still unpublished: readers ignore an
ending until its import is published. An older export loaded late lands in its own place: it holds from its own date to
the next snapshot and leaves everything later alone.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl
import sqlalchemy as sa

from data_access.bulk import insert_frame
from data_access.importers.matching import not_from
from data_access.knowledge import exists_for_readers
from data_access.tables import import_run

NEW, CHANGED, UNCHANGED, STALE = "new", "changed", "unchanged", "stale"


@dataclass(frozen=True)
class Snapshot:
    """The file being loaded among the snapshots of its kind."""

    import_id: int
    as_of: dt.date
    next_as_of: dt.date | None
    """Date of the next published snapshot of the kind; None = this is the latest."""
    ignoring: frozenset[int] = frozenset()
    """Imports whose rows are about to go (the demo company's)."""

    @property
    def is_late(self) -> bool:
        """A later snapshot has been loaded already."""
        return self.next_as_of is not None


def next_snapshot(connection: sa.Connection, kind: str, as_of: dt.date, ignoring: frozenset[int]) -> dt.date | None:
    """The date of the earliest published snapshot of ``kind`` after ``as_of``."""
    runs = import_run.c
    return connection.scalar(
        sa.select(sa.func.min(runs.as_of)).where(
            runs.kind == kind, runs.published_at.is_not(None), runs.as_of > as_of, runs.id.not_in(ignoring or {-1})
        )
    )


def row_hashes(frame: pl.DataFrame, columns: list[str]) -> pl.Series:
    """A fingerprint per row over ``columns``, the same in every process and release."""
    text = frame.select(
        pl.concat_str([pl.col(name).cast(pl.String).fill_null("\x00") for name in columns], separator="\x1f").alias(
            "text"
        )
    )["text"]
    digest = hashlib.blake2b
    hashes = [digest(line.encode(), digest_size=12).hexdigest() for line in text]
    return pl.Series("row_hash", hashes, dtype=pl.String)


@dataclass(frozen=True)
class VersionPlan:
    """What has to be written: rows to insert, versions to end, and what the file's rows turned out to be."""

    inserts: pl.DataFrame
    """The file's columns plus known_from, known_to, import_id and the carried ones."""
    endings: pl.DataFrame
    """version_id of versions that end on the snapshot's date."""
    reinstated: pl.DataFrame
    """Late files only: version_id and known_to of versions that hold again from the next snapshot on."""
    verdicts: pl.DataFrame
    """entity columns and verdict: new, changed, unchanged, stale."""
    previous: pl.DataFrame
    """entity columns with the columns asked for of the version that held before; for what depends on the change."""


def existing_versions(
    connection: sa.Connection,
    table: sa.Table,
    entity: list[str],
    also: Mapping[str, pl.DataType | type[pl.DataType]],
    ignoring: frozenset[int],
) -> pl.DataFrame:
    """Every published version: version_id, entity columns, known_from, known_to, row_hash and ``also``."""
    names = [*entity, "known_from", "known_to", "row_hash", *also]
    kinds: dict[str, pl.DataType | type[pl.DataType]] = {
        name: pl.Date if name.endswith("_on") or name.startswith("known") else pl.Int64 for name in names
    }
    kinds |= {name: pl.String for name in names if name in {"row_hash", "source_key"}} | dict(also)
    return pl.read_database(
        sa.select(table.c.id.label("version_id"), *(table.c[name] for name in names)).where(
            exists_for_readers(table), not_from(table, set(ignoring))
        ),
        connection,
        schema_overrides={"version_id": pl.Int64, **kinds},
    )


def planned_versions(
    rows: pl.DataFrame, existing: pl.DataFrame, entity: list[str], snapshot: Snapshot, carried: list[str]
) -> VersionPlan:
    """Compare a file's ``rows`` (one per entity, with row_hash) with the ``existing`` versions.

    ``carried`` columns keep the value of the version before, where there is one.
    """
    at = pl.lit(snapshot.as_of)
    before = (
        existing.filter(pl.col("known_from") <= at)
        .sort("known_from", "version_id")
        .group_by(entity, maintain_order=True)
        .last()
        .rename({name: f"{name}_before" for name in existing.columns if name not in entity})
    )
    compared = rows.join(before, on=entity, how="left", maintain_order="left")
    holds = pl.col("version_id_before").is_not_null() & (
        pl.col("known_to_before").is_null() | (pl.col("known_to_before") > at)
    )
    same = holds & (pl.col("row_hash_before") == pl.col("row_hash"))
    seen = pl.col("version_id_before").is_not_null()
    verdict = (
        pl.when(same)
        .then(pl.lit(UNCHANGED))
        .when(pl.lit(snapshot.is_late))
        .then(pl.lit(STALE))
        .when(seen)
        .then(pl.lit(CHANGED))
        .otherwise(pl.lit(NEW))
    )
    compared = compared.with_columns(verdict.alias("verdict"), holds.alias("holds"))
    written = compared.filter(pl.col("verdict") != UNCHANGED).with_columns(
        at.alias("known_from"),
        pl.lit(snapshot.next_as_of, pl.Date).alias("known_to"),
        pl.lit(snapshot.import_id, pl.Int64).alias("import_id"),
        *(pl.coalesce(f"{name}_before", name).alias(name) for name in carried),
    )
    endings = written.filter("holds").select(pl.col("version_id_before").alias("version_id"), "known_to_before")
    again = pl.col("known_to_before").is_null() | (pl.col("known_to_before") > pl.lit(snapshot.next_as_of, pl.Date))
    reinstated = endings.filter(again) if snapshot.is_late else endings.clear()
    return VersionPlan(
        written.drop([name for name in written.columns if name.endswith("_before")], "verdict", "holds"),
        endings.select("version_id"),
        reinstated.select("version_id", pl.col("known_to_before").alias("known_to")),
        compared.select(*entity, "verdict"),
        compared.filter(seen).select(*entity, pl.col("^.*_before$")),
    )


def verdict_counts(verdicts: pl.DataFrame) -> dict[str, int]:
    """How many of the file's things were new, changed, unchanged and stale."""
    counted = dict(verdicts.group_by("verdict").len().iter_rows())
    return {name: int(counted.get(name, 0)) for name in (NEW, CHANGED, UNCHANGED, STALE)}


def end_versions(connection: sa.Connection, table: sa.Table, version_ids: list[int], snapshot: Snapshot) -> None:
    """Let versions end on the snapshot's date."""
    if not version_ids:
        return
    statement = (
        sa.update(table)
        .where(table.c.id == sa.bindparam("version_id"))
        .values(known_to=snapshot.as_of, ended_by=snapshot.import_id)
    )
    connection.execute(statement, [{"version_id": version_id} for version_id in version_ids])


def reinstate_versions(
    connection: sa.Connection, table: sa.Table, reinstated: pl.DataFrame, snapshot: Snapshot
) -> None:
    """Copies of versions that a late file interrupted, from the next snapshot on. Before ``end_versions``."""
    columns = [column.name for column in table.columns if column.name != "id"]
    for version_id in reinstated["version_id"].to_list():
        values = [
            sa.literal(snapshot.next_as_of, sa.Date) if name == "known_from"
            else sa.literal(snapshot.import_id) if name == "import_id"
            else table.c[name]
            for name in columns
        ]  # fmt: skip
        connection.execute(sa.insert(table).from_select(columns, sa.select(*values).where(table.c.id == version_id)))


def insert_versions(connection: sa.Connection, table: sa.Table, frame: pl.DataFrame) -> None:
    """Append versions; columns that the table does not have are left out."""
    insert_frame(connection, table, frame.select(name for name in frame.columns if name in table.c))
