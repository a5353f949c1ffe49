"""How like-for-like peers did: two lines and a count, nobody's own value."""

from __future__ import annotations

import datetime as dt

import polars as pl
import sqlalchemy as sa

from coaching.metrics import Direction, metric
from coaching.peers import SMALLEST_GROUP, band, peers_of
from coaching.people import Viewer
from data_access.knowledge import exists_for_readers
from data_access.queries.measures import metric_values
from data_access.queries.people import person_card
from data_access.scope import operator
from data_access.tables import person

BAND = {"period_start": pl.Date, "median": pl.Float64, "top_quartile": pl.Float64, "n": pl.Int64}


def peer_band(
    viewer: Viewer,
    connection: sa.Connection,
    *,
    rep_id: int,
    keys: list[str],
    start: dt.date,
    end: dt.date,
    as_of: dt.date,
    today: dt.date,
    every: str | None = None,
) -> dict[str, pl.DataFrame]:
    """Per metric: period_start, median, top_quartile, n of the company's reps of the same role, segment and tenure.

    Median and top quartile are null below five peers, so that no single peer can be read off. No rows for a rep out of
    the viewer's scope or without enough peers.
    """
    nothing = {key: pl.DataFrame(schema=BAND) for key in keys}
    if person_card(viewer, connection, rep_id, as_of, today) is None:
        return nothing
    alike = peers_of(_everybody(connection), rep_id, min(as_of, today))
    if len(alike) < SMALLEST_GROUP:
        return nothing
    # The peers' own rows stay here: only two quantiles over at least five people leave this function.
    values = metric_values(
        operator(),
        connection,
        by="rep",
        keys=keys,
        start=start,
        end=end,
        as_of=as_of,
        today=today,
        every=every,
        rep_ids=alike,
    )
    return {key: band(values, key, metric(key).direction is not Direction.DOWN) for key in keys}


def _everybody(connection: sa.Connection) -> pl.DataFrame:
    columns = person.c
    statement = sa.select(
        columns.id.label("person_id"), columns.role, columns.segment, columns.started_on, columns.left_on
    ).where(exists_for_readers(person))
    schema = {
        "person_id": pl.Int64,
        "role": pl.String,
        "segment": pl.String,
        "started_on": pl.Date,
        "left_on": pl.Date,
    }
    return pl.read_database(statement, connection, schema_overrides=schema)
