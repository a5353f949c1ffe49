"""The team overview's frames: what its table, figures and sentences are made of. Pure; shapes, no new numbers."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl

from coaching import numbers
from coaching.metrics import metric
from coaching.periods import Calendar, Period, add_months

WEEKS_OF_PIPELINE = 12
MONTHS_SHOWN = 12

TILE_KEYS = [
    "quota_attainment",
    "at_quota_share",
    "pipeline_coverage",
    "open_pipeline",
    "win_rate_count",
    "average_deal_size",
    "sales_cycle_days",
    "pipeline_generated",
]
"""The tiles, in order: where the period stands, then what it is made of."""

TOTAL_KEYS = [
    *TILE_KEYS,
    "won_amount",
    "won_count",
    "lost_count",
    "opened_count",
    "open_count",
    "quota",
    "gap_to_date",
    "needed_coverage",
    "median_deal_size",
]
"""The tiles and what stands behind them."""

MONTH_KEYS = [
    "won_amount",
    "won_count",
    "quota",
    "quota_attainment",
    "win_rate_count",
    "average_deal_size",
    "sales_cycle_days",
    "pipeline_generated",
]
TREND_KEYS = ["win_rate_count", "average_deal_size", "sales_cycle_days", "pipeline_generated"]
"""Tiles that also show their last months: those that mean the same in a month and in a quarter."""

TEAM_KEYS = ["quota_attainment", "at_quota_share", "win_rate_count", "average_deal_size", "pipeline_coverage"]
REP_TABLE_KEYS = [
    "won_amount",
    "won_count",
    "quota",
    "quota_attainment",
    "gap_to_date",
    "win_rate_count",
    "average_deal_size",
    "open_pipeline",
    "pipeline_coverage",
    "needed_coverage",
    "days_since_last_session",
    "days_since_last_observation",
]
"""A rep's row in the table and point in the figure."""
REP_EXPORT_KEYS = [*REP_TABLE_KEYS, "open_count", "stalled_count"]
"""The table in full, as it is downloaded."""


def weeks_until(as_of: dt.date, calendar: Calendar) -> Period:
    """The last 12 weeks, the one of the as-of date included."""
    this_week = calendar.week_start(as_of)
    return Period(this_week - dt.timedelta(weeks=WEEKS_OF_PIPELINE - 1), this_week + dt.timedelta(days=6))


def months_until(as_of: dt.date, months: int = MONTHS_SHOWN) -> Period:
    """Whole months, the one of the as-of date the last."""
    month = as_of.replace(day=1)
    return Period(add_months(month, 1 - months), add_months(month, 1) - dt.timedelta(days=1))


def with_period_ends(values: pl.DataFrame, every: str, calendar: Calendar, as_of: dt.date) -> pl.DataFrame:
    """``values`` with period_end and is_running (the period has not ended by the as-of date), in order of time."""
    ends = [calendar.period_end(start, every) for start in values["period_start"]]
    return (
        values.with_columns(pl.Series("period_end", ends, dtype=pl.Date))
        .with_columns((pl.col("period_end") > as_of).alias("is_running"))
        .sort("period_start")
    )


def with_pipeline_lines(reps: pl.DataFrame, weekly: pl.DataFrame) -> pl.DataFrame:
    """``reps`` with pipeline_line: each rep's open pipeline week by week, in order; null without a present value.

    ``weekly``: row_id, period_start, open_pipeline. Where open deals carry no amounts, the past would be drawn from
    what later won deals turned out to be worth: a line that falls to nothing and means nothing. Weeks without data are
    left out, never drawn as zero.
    """
    lines = (
        weekly.sort("row_id", "period_start")
        .group_by("row_id", maintain_order=True)
        .agg(pl.col("open_pipeline").alias("pipeline_line"))
        .with_columns(
            pl.when(pl.col("pipeline_line").list.last().is_not_null())
            .then(pl.col("pipeline_line").list.drop_nulls())
            .otherwise(None)
            .alias("pipeline_line")
        )
    )
    return reps.join(lines, on="row_id", how="left", maintain_order="left")


def with_win_rate_words(rows: pl.DataFrame) -> pl.DataFrame:
    """``rows`` with win_rate_words: the interval and n of the win rate; null without closed deals."""
    words = []
    for row in rows.iter_rows(named=True):
        spread = numbers.interval(row["win_rate_count_low"], row["win_rate_count_high"])
        words.append(f"{spread}, n {numbers.count(row['win_rate_count_n'])}" if spread else None)
    return rows.with_columns(pl.Series("win_rate_words", words, dtype=pl.String))


def compared(now: pl.DataFrame, before: pl.DataFrame, key: str) -> pl.DataFrame:
    """Teams side by side: row_id, name, people_count, value, before and, for a counted share, low and high; by name."""
    bounds = [pl.col(f"{key}_{end}").alias(end) for end in ("low", "high") if f"{key}_{end}" in now.columns]
    return (
        now.select(
            "row_id", "name", pl.col("at_quota_share_n").alias("people_count"), pl.col(key).alias("value"), *bounds
        )
        .join(before.select("row_id", pl.col(key).alias("before")), on="row_id", how="left", maintain_order="left")
        .sort("name", "row_id")
    )


def past_values(monthly: pl.DataFrame) -> dict[str, list[float]]:
    """For each trend key its known values month by month, for the small line in a tile."""
    whole = monthly.filter(~pl.col("is_running"))
    return {key: whole[key].drop_nulls().to_list() for key in TREND_KEYS}


def single(values: pl.DataFrame, row_id: int | None = None) -> dict[str, Any]:
    """The one row asked for as a dict; an empty one where it is not there."""
    rows = values if row_id is None else values.filter(pl.col("row_id") == row_id)
    return rows.row(0, named=True) if rows.height else {}


def below(values: pl.DataFrame, teams: pl.DataFrame) -> pl.DataFrame:
    """Of the values by team those right below the team shown, by name. ``teams``: frames.TEAMS."""
    return values.filter(pl.col("row_id").is_in(teams["team_id"].to_list())).sort("name", "row_id")


def compared_key(rows: pl.DataFrame) -> str:
    """What teams are compared by: attainment, or the win rate where no quota has been loaded."""
    return "quota_attainment" if rows["quota_attainment"].drop_nulls().len() else "win_rate_count"


def trend_rows(monthly: pl.DataFrame, key: str) -> pl.DataFrame:
    """A counted share month by month for a figure: period_start, period_end, value, low, high, n."""
    return monthly.select(
        "period_start",
        "period_end",
        pl.col(key).alias("value"),
        *(pl.col(f"{key}_{part}").alias(part) for part in ("low", "high", "n")),
    )


def trend_sentence(rows: pl.DataFrame, key: str, as_of: dt.date) -> str:
    """The figure's title: the last whole month with its interval. ``rows``: trend_rows."""
    whole = rows.filter((pl.col("period_end") <= as_of) & pl.col("value").is_not_null()).sort("period_start")
    if whole.is_empty():
        return f"{label(key)} by month"
    last = whole.row(-1, named=True)
    spread = numbers.interval(last["low"], last["high"])
    value = numbers.share(last["value"], last["n"])
    return f"{label(key)} was {value} in {numbers.month(last['period_start'])} ({spread})"


def label(key: str) -> str:
    """A metric's name as the registry writes it."""
    return metric(key).label
