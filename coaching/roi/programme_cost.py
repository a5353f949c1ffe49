"""What coaching cost in a span of days: hours at the rates of their day, entered costs by the days they are for (F6).

Fully loaded: coach time and preparation, rep time, travel, tools, training, management, evaluation. Selling time
lost is in the effect already (the rep sold less while being coached) and is never charged again as lost margin.
"""

from __future__ import annotations

import datetime as dt

import polars as pl
from polars._typing import SchemaDict

TIMES: SchemaDict = {
    "held_on": pl.Date,
    "minutes": pl.Float64,
    "preparation_minutes": pl.Float64,
    "rep_count": pl.Int64,
}
"""Sessions and observations: how long, how long to prepare, and how many reps took part."""
RATES: SchemaDict = {"role": pl.String, "valid_from": pl.Date, "hourly": pl.Float64}
"""role: coach or rep; hourly rates hold until the next one."""
LINES: SchemaDict = {"kind": pl.String, "starts_on": pl.Date, "ends_on": pl.Date, "amount": pl.Float64}
"""Entered costs (``coaching.costs.KINDS``), spread evenly over their days, both ends included."""
BREAKDOWN: SchemaDict = {"kind": pl.String, "hours": pl.Float64, "amount": pl.Float64}
"""hours is null for what is not counted in hours; amount is null where hours have no rate."""
AMORTISED_DAYS = 3 * 365
"""Training of coaches is spread over three years, or over its own days where these are more."""


def hourly_rate(salary: float, benefits_share: float, productive_hours: float) -> float:
    """salary · (1 + benefits) / productive hours: 140,000 with 25 % over 1,800 hours is 97.22.

    Raises ValueError where there are no productive hours.
    """
    if productive_hours <= 0:
        raise ValueError("Give the hours a year that are worked: more than 0.")
    return salary * (1 + benefits_share) / productive_hours


def of_hours(times: pl.DataFrame, rates: pl.DataFrame) -> pl.DataFrame:
    """BREAKDOWN of coach hours, preparation and rep hours; times: TIMES, rates: RATES.

    Each hour at the rate of its day. The amount of a kind is null where one of its hours lies before the first rate.
    """
    dated = times.with_row_index("row").sort("held_on")
    for role in ("coach", "rep"):
        of_role = rates.filter(pl.col("role") == role).select("valid_from", pl.col("hourly").alias(role))
        dated = dated.join_asof(
            of_role.sort("valid_from"), left_on="held_on", right_on="valid_from", strategy="backward"
        )
        dated = dated.drop("valid_from", strict=False)
    kinds = {
        "coach hours": (pl.col("minutes") / 60, "coach"),
        "preparation": (pl.col("preparation_minutes").fill_null(0) / 60, "coach"),
        "rep hours": (pl.col("minutes") * pl.col("rep_count") / 60, "rep"),
    }
    rows = []
    for kind, (hours, role) in kinds.items():
        counted = dated.select(hours.alias("hours"), pl.col(role).alias("rate")).filter(pl.col("hours") > 0)
        total = float(counted["hours"].sum())
        has_rates = counted["rate"].null_count() == 0
        rows.append((kind, total, float((counted["hours"] * counted["rate"]).sum()) if has_rates else None))
    return pl.DataFrame(rows, schema=BREAKDOWN, orient="row")


def of_lines(lines: pl.DataFrame, first: dt.date, last: dt.date) -> pl.DataFrame:
    """BREAKDOWN of entered costs (LINES): the part that falls on the days from ``first`` to ``last``, by kind."""
    longer = pl.when(pl.col("kind") == "training").then(pl.col("starts_on") + pl.duration(days=AMORTISED_DAYS - 1))
    until = pl.max_horizontal("ends_on", longer.cast(pl.Date))
    days = (until - pl.col("starts_on")).dt.total_days() + 1
    begins, ends = pl.max_horizontal("starts_on", pl.lit(first)), pl.min_horizontal(until, pl.lit(last))
    inside = ((ends - begins).dt.total_days() + 1).clip(lower_bound=0)
    return (
        lines.select("kind", (pl.col("amount") * inside / days).alias("amount"), inside.alias("inside"))
        .filter(pl.col("inside") > 0)
        .group_by("kind", maintain_order=True)
        .agg(pl.col("amount").sum())
        .sort("kind")
        .select("kind", pl.lit(None, pl.Float64).alias("hours"), "amount")
    )


def programme_cost(hours: pl.DataFrame, lines: pl.DataFrame) -> tuple[pl.DataFrame, float | None]:
    """BREAKDOWN by kind of both, and their sum; the sum is None where some hours have no rate."""
    both = (
        pl.concat([hours, lines])
        .group_by("kind", maintain_order=True)
        .agg(pl.col("hours").sum(), pl.col("amount").sum(), pl.col("amount").null_count().alias("unknown"))
    )
    breakdown = both.select(
        "kind",
        pl.when(pl.col("hours") > 0).then("hours").alias("hours"),
        pl.when(pl.col("unknown") == 0).then("amount").alias("amount"),
    )
    is_known = breakdown["amount"].null_count() == 0
    return breakdown, float(breakdown["amount"].sum()) if is_known else None
