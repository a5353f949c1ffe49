"""What tells whether a deal stands still: its own stages and activities, and how long won deals usually took.

How long is usual is the whole company's, so the same deal stands still whoever looks. No row of another person's deal
leaves this module but through that median.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import polars as pl
import sqlalchemy as sa

from coaching.measures import stalled_deals
from coaching.people import Viewer
from data_access.knowledge import exists_for_readers, knowledge, known_by, version_on
from data_access.scope import attributable_reps, reps_in_scope
from data_access.tables import activity, deal_version, stage_entry

V, E, A = deal_version.c, stage_entry.c, activity.c
_ENTRIES = {"deal_id": pl.Int64, "stage": pl.String, "entered_on": pl.String}
_WON = {"deal_id": pl.Int64, "closed_on": pl.String}
_ACTIVITIES = {"deal_id": pl.Int64, "happens_on": pl.Date, "is_planned": pl.Boolean}


@dataclass(frozen=True)
class WonTimes:
    """How won deals of the whole company went through their stages, as known on a day."""

    entries: pl.DataFrame
    """deal_id, stage, entered_on, entered_at (only for the order)."""
    deals: pl.DataFrame
    """deal_id, closed_on."""


@dataclass(frozen=True)
class StageTimes:
    """What ``coaching.measures.stalled_deals`` takes."""

    won: WonTimes
    entries: pl.DataFrame
    """Of the deals asked for."""
    activities: pl.DataFrame
    """On the deals asked for; empty where the company has loaded none."""

    def stalled(self, standing: pl.DataFrame, at: dt.date) -> pl.DataFrame:
        """Which of ``standing`` are stalled at ``at``: deal_id, days_in_stage, usual_days, idle_days, why."""
        own = self.entries.join(self.won.entries.select("deal_id").unique(), on="deal_id", how="anti")
        entries = pl.concat([self.won.entries, own])
        deals = self.won.deals.filter(pl.col("closed_on") <= at)
        return stalled_deals(standing, entries, deals, self.activities, at)


def stage_times(
    viewer: Viewer,
    connection: sa.Connection,
    *,
    as_of: dt.date,
    today: dt.date,
    deal_ids: list[int] | None = None,
    won: WonTimes | None = None,
) -> StageTimes:
    """What is known on ``as_of`` about these deals, or (None) about every deal whose owner counts for the viewer.

    ``deal_ids`` come from rows that the viewer was allowed to read. ``won``: for whoever has read it already.
    """
    asked = _asked(viewer, today) if deal_ids is None else deal_ids
    return StageTimes(
        won or won_times(viewer, connection, as_of=as_of),
        _entries(connection, asked, as_of),
        _activities(connection, asked, as_of),
    )


def won_times(viewer: Viewer, connection: sa.Connection, *, as_of: dt.date) -> WonTimes:
    """The company's won deals as known on ``as_of``: the same for every viewer, to be told as a median only."""
    deals = sa.select(V.deal_id, sa.cast(V.closed_on, sa.Text).label("closed_on")).where(
        version_on(deal_version, knowledge(connection, "deals", as_of).known_on),
        V.is_deleted.is_(False),
        V.status == "won",
        V.closed_on <= as_of,
    )
    return WonTimes(
        _entries(connection, deals.with_only_columns(V.deal_id), as_of),
        _read(connection, deals, _WON).with_columns(_as_day("closed_on")),
    )


def _entries(connection: sa.Connection, asked: sa.Select[tuple[int]] | list[int], as_of: dt.date) -> pl.DataFrame:
    known_on = knowledge(connection, "stage-history", as_of).known_on
    # Days as text: 100,000 of them are read in a third of the time, and polars makes days of them at once.
    statement = (
        sa.select(E.deal_id, E.stage, sa.cast(E.entered_on, sa.Text).label("entered_on"))
        .where(known_by(stage_entry, max(known_on, as_of)), E.entered_on <= as_of, E.deal_id.in_(asked))
        .order_by(E.deal_id, E.entered_at, E.id)
    )
    return _in_order(_read(connection, statement, _ENTRIES))


def _read(connection: sa.Connection, statement: sa.Select[Any], schema: dict[str, Any]) -> pl.DataFrame:
    """Numbers and text as the driver gives them: hundreds of thousands of rows in six tenths of the time that it takes
    to make a row object of each.
    """
    found = connection.execute(statement)
    try:
        return pl.DataFrame(found.cursor.fetchall(), schema=schema, orient="row")
    finally:
        found.close()


def _as_day(column: str) -> pl.Expr:
    return pl.col(column).str.head(10).str.to_date("%Y-%m-%d")


def _asked(viewer: Viewer, today: dt.date) -> sa.Select[tuple[int]]:
    everything = viewer.person_id is None or viewer.role == "executive"
    owners = sa.or_(V.owner_id.in_(attributable_reps(viewer, today)), V.owner_id.in_(reps_in_scope(viewer, today)))
    return sa.select(V.deal_id).where(sa.or_(owners, V.owner_id.is_(None)) if everything else owners)


def _in_order(entries: pl.DataFrame) -> pl.DataFrame:
    """The rows as they came, numbered: ``entered_at`` only has to tell which of two was first."""
    return entries.with_columns(
        _as_day("entered_on"),
        pl.int_range(pl.len(), dtype=pl.Int64).alias("entered_at"),
    )


def _activities(connection: sa.Connection, asked: sa.Select[tuple[int]] | list[int], as_of: dt.date) -> pl.DataFrame:
    known = version_on(activity, knowledge(connection, "activities", as_of).known_on)
    columns = (A.deal_id, A.happens_on, A.is_planned)
    rows = pl.read_database(
        sa.select(*columns).where(known, A.deal_id.in_(asked)), connection, schema_overrides=_ACTIVITIES
    )
    if rows.height:
        return rows
    # Nothing on these deals means silence only where the company loads activities at all.
    other = sa.select(*columns).where(known, A.deal_id.is_not(None), exists_for_readers(activity)).limit(1)
    return pl.read_database(other, connection, schema_overrides=_ACTIVITIES)
