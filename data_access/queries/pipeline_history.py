"""The open pipeline of several reps at many moments, each as known on a day of its own, in one read.

What ``metric_values`` answers moment by moment: the same rules over the same versions, so that a page with many
objectives need not ask dozens of times. Not for days before the first export, whose history is rebuilt.
"""

from __future__ import annotations

import datetime as dt

import polars as pl
import sqlalchemy as sa

from coaching.people import Viewer
from data_access.knowledge import exists_for_readers, unpublished, version_on
from data_access.scope import reps_in_scope
from data_access.settings import minor_digits, settings
from data_access.tables import deal_version

V = deal_version.c
VERSIONS = {
    "rep_id": pl.Int64,
    "amount": pl.Int64,
    "since_on": pl.Date,
    "until_on": pl.Date,
    "known_from": pl.Date,
    "known_to": pl.Date,
}
PIPELINES = {"rep_id": pl.Int64, "at": pl.Date, "value": pl.Float64}


def open_pipelines(
    viewer: Viewer,
    connection: sa.Connection,
    *,
    rep_ids: list[int],
    moments: list[tuple[dt.date, dt.date]],
    today: dt.date,
) -> pl.DataFrame:
    """rep_id, at and value (open_pipeline in major units) of reps in scope at each of ``moments``: (at, known on).

    Null where open deals carry no amount, or where the company's open deals carry none at all.
    """
    if not moments or not rep_ids:
        return pl.DataFrame(schema=PIPELINES)
    days = [known_on for _, known_on in moments]
    inside = sa.select(V.owner_id).where(V.owner_id.in_(rep_ids), V.owner_id.in_(reps_in_scope(viewer, today)))
    reps = sorted(set(connection.scalars(inside.distinct())))
    versions = _versions(connection, reps, min(days), max(days))
    priced = {known_on: _holds_open_amounts(connection, known_on) for known_on in set(days)}
    asked = pl.DataFrame(
        [(at, known_on, priced[known_on]) for at, known_on in moments],
        schema={"at": pl.Date, "known_on": pl.Date, "is_priced": pl.Boolean},
        orient="row",
    )
    standing = (
        versions.join(asked, how="cross")
        .filter(
            (pl.col("known_from") <= pl.col("known_on"))
            & (pl.col("known_to").is_null() | (pl.col("known_to") > pl.col("known_on")))
            & (pl.col("since_on") <= pl.col("at"))
            & (pl.col("until_on").is_null() | (pl.col("until_on") > pl.col("at")))
        )
        .group_by("rep_id", "at")
        .agg(pl.col("amount").sum(), pl.col("amount").count().alias("priced_count"), pl.len().alias("open_count"))
    )
    minor = 10 ** minor_digits(settings(connection)["reporting_currency"])
    every = pl.DataFrame({"rep_id": reps}, schema={"rep_id": pl.Int64}).join(asked, how="cross")
    is_none = pl.col("open_count").is_null() & pl.col("is_priced")
    return (
        every.join(standing, on=["rep_id", "at"], how="left", maintain_order="left")
        .with_columns(
            pl.when(pl.col("priced_count") > 0).then(pl.col("amount") / minor).when(is_none).then(0.0).alias("value")
        )
        .select(list(PIPELINES))
    )


def _versions(connection: sa.Connection, reps: list[int], first: dt.date, last: dt.date) -> pl.DataFrame:
    """VERSIONS of the deals of these reps that held on some day from ``first`` to ``last``."""
    ended = sa.case((V.ended_by.in_(unpublished()), sa.null()), else_=V.known_to)
    closed_on = sa.case((V.status.in_(["won", "lost"]), sa.func.coalesce(V.closed_on, V.first_known_on)))
    statement = sa.select(
        V.owner_id.label("rep_id"),
        V.reporting_amount.label("amount"),
        sa.func.coalesce(V.opened_on, V.first_known_on).label("since_on"),
        closed_on.label("until_on"),
        V.known_from,
        ended.label("known_to"),
    ).where(
        V.owner_id.in_(reps),
        exists_for_readers(deal_version),
        V.is_deleted.is_(False),
        V.known_from <= last,
        sa.or_(V.known_to.is_(None), V.known_to > first, V.ended_by.in_(unpublished())),
    )
    return pl.read_database(statement, connection, schema_overrides=VERSIONS)


def _holds_open_amounts(connection: sa.Connection, known_on: dt.date) -> bool:
    """Whether any open deal of the company carries an amount: only then is none of a rep's worth nothing."""
    statement = sa.select(V.id).where(
        version_on(deal_version, known_on),
        V.is_deleted.is_(False),
        V.status == "open",
        V.reporting_amount.is_not(None),
    )
    return connection.execute(statement.limit(1)).first() is not None
