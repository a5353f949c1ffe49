"""Like-for-like peers: the same role, segment and tenure band. A band to look along, never a ranking."""

from __future__ import annotations

import datetime as dt

import polars as pl

SMALLEST_GROUP = 5
TENURE_BANDS = ((0, "first year"), (365, "second year"), (730, "longer"))


def tenure_band(started_on: pl.Expr, at: dt.date) -> pl.Expr:
    """The band a person is in on ``at``; without a start date "longer", as those were here before records began."""
    days = (pl.lit(at) - started_on).dt.total_days()
    band = pl.when(days < TENURE_BANDS[1][0]).then(pl.lit("first year"))
    return band.when(days < TENURE_BANDS[2][0]).then(pl.lit("second year")).otherwise(pl.lit("longer"))


def peers_of(people: pl.DataFrame, person_id: int, at: dt.date) -> list[int]:
    """Who is like ``person_id`` on ``at``: person ids of the same role, segment and tenure band, without the person.

    ``people``: person_id, role, segment, started_on, left_on. Empty where the person is not among them.
    """
    present = people.filter(pl.col("left_on").is_null() | (pl.col("left_on") >= at)).with_columns(
        tenure_band(pl.col("started_on"), at).alias("band"), pl.col("segment").fill_null("")
    )
    own = present.filter(pl.col("person_id") == person_id)
    if own.is_empty():
        return []
    alike = present.join(own.select("role", "segment", "band"), on=["role", "segment", "band"], how="semi")
    return sorted(set(alike["person_id"].to_list()) - {person_id})


def band(values: pl.DataFrame, key: str, direction_up: bool) -> pl.DataFrame:
    """Median and top quartile of ``key`` per period: period_start, median, top_quartile, n.

    ``values``: period_start and ``key``, one row per peer; null values do not count. Below five values median and top
    quartile are null: too few peers to speak of. The top quartile is the good side, whichever way is up.
    """
    quartile = 0.75 if direction_up else 0.25
    enough = pl.col(key).count() >= SMALLEST_GROUP
    return (
        values.group_by("period_start")
        .agg(
            pl.when(enough).then(pl.col(key).median()).alias("median"),
            pl.when(enough).then(pl.col(key).quantile(quartile, interpolation="linear")).alias("top_quartile"),
            pl.col(key).count().cast(pl.Int64).alias("n"),
        )
        .sort("period_start")
    )
