"""Whom an event counts for: the rep who owned it, and the team the rep was in on the event's own date."""

from __future__ import annotations

import datetime as dt

import polars as pl

SINCE_EVER = dt.date(1, 1, 1)
NO_TEAM = 0
"""Stands for "unassigned": no owner, or an owner in no team on that date."""


def with_team(events: pl.DataFrame, memberships: pl.DataFrame, person: str, on: str) -> pl.DataFrame:
    """``events`` with ``team_id``: the home team of ``person`` on the date ``on``, NO_TEAM where there is none.

    ``memberships`` as frames.MEMBERSHIPS, not overlapping per person. Order of rows is not kept.
    """
    if events.is_empty() or memberships.is_empty():
        return events.with_columns(pl.lit(NO_TEAM, pl.Int64).alias("team_id"))
    spans = memberships.select(
        pl.col("person_id").alias(person), pl.col("starts_on").alias(on), "team_id", "ends_on"
    ).sort(on)
    matched = events.sort(on, nulls_last=True).join_asof(
        spans, on=on, by=person, strategy="backward", check_sortedness=False
    )
    inside = pl.col("ends_on").is_null() | (pl.col(on) < pl.col("ends_on"))
    return matched.with_columns(
        pl.when(inside).then(pl.col("team_id")).otherwise(None).fill_null(NO_TEAM).alias("team_id")
    ).drop("ends_on")


def team_closure(teams: pl.DataFrame) -> pl.DataFrame:
    """Every team under each of its ancestors and itself: columns ``row_id`` (ancestor) and ``team_id``.

    ``teams`` as frames.TEAMS. A circle in the tree ends where it closes.
    """
    parents: dict[int, int | None] = dict(teams.select("team_id", "parent_id").iter_rows())
    pairs = [(ancestor, team) for team in parents for ancestor in _line_above(team, parents)]
    return pl.DataFrame(pairs, schema={"row_id": pl.Int64, "team_id": pl.Int64}, orient="row")


def _line_above(team: int, parents: dict[int, int | None]) -> list[int]:
    line: list[int] = []
    current: int | None = team
    while current is not None and current in parents and current not in line:
        line.append(current)
        current = parents[current]
    return line
