"""Since when a brief tells, and what became of deals since: each deal stands in one group or in none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

import polars as pl
from polars._typing import SchemaDict

from coaching import numbers
from coaching.brief.facts import Since
from coaching.sessions import ONE_ON_ONE

DAYS_WITHOUT_A_SESSION = 14
CHANGES = ("won", "lost", "slipped", "pushed", "new", "stalled")
"""In this order: a deal that is new and won is won."""

DEAL_CHANGES: SchemaDict = {
    "deal_id": pl.Int64,
    "change": pl.String,
    "name": pl.String,
    "account_name": pl.String,
    "external_id": pl.String,
    "stage": pl.String,
    "amount": pl.Int64,
    "was_close_on": pl.Date,
    "expected_close_on": pl.Date,
    "happened_on": pl.Date,
    "competitor": pl.String,
}
"""A deal that changed between two days. was_close_on: expected close as known on the earlier day; happened_on: closed,
opened or due to close. Amounts in minor units."""


def since_of(sessions: pl.DataFrame, rep_id: int, as_of: dt.date, is_own: bool) -> Since:
    """From the last one-on-one with the rep's own manager held by ``as_of`` (else with another coach), else the last
    14 days. ``sessions``: frames.SESSION_RECORDS. ``is_own``: whether the rep reads."""
    held = sessions.filter(
        (pl.col("status") == "held")
        & (pl.col("rep_id") == rep_id)
        & (pl.col("held_on") <= as_of)
        & pl.col("kind").is_in(ONE_ON_ONE)
    ).sort(pl.col("kind") == "own_manager", "held_on", "held_at", "session_id", descending=True, nulls_last=True)
    if held.is_empty():
        start = as_of - dt.timedelta(days=DAYS_WITHOUT_A_SESSION)
        return Since(start, None, f"in the last {DAYS_WITHOUT_A_SESSION} days; no one-on-one is written down yet")
    row = held.row(0, named=True)
    if row["is_mine"]:
        whose = "your one-on-one"
    elif is_own:
        whose = f"your one-on-one with {numbers.plain_name(row['coach_name'], 40)}"
    else:
        whose = f"the one-on-one with {numbers.plain_name(row['coach_name'], 40)}"
    on = row["held_on"]
    return Since(on, row["session_id"], f"since {whose} of {numbers.day(on)}, {numbers.ago(on, as_of)}")


def deal_changes(
    before: pl.DataFrame,
    after: pl.DataFrame,
    *,
    since: dt.date,
    as_of: dt.date,
    known_before: Collection[int],
    stalled_before: Collection[int],
    stalled_after: Collection[int],
) -> pl.DataFrame:
    """DEAL_CHANGES of one rep, by group and then the largest first; deals of which nothing is to be told are left out.

    ``before``: deal_id and expected_close_on of the deals open on ``since`` as known on that day. ``after``: the rep's
    deals as known on ``as_of`` (frames.OPEN_DEALS with since_on, until_on and status), those closed meanwhile included.
    won, lost: closed after ``since``, or still open as known then. slipped: open, and its expected close date has
    passed meanwhile. pushed: open, and the date lies later than it did. new: open, and opened after ``since`` or not
    known on that day, whoever had it then: ``known_before`` holds the ids that were. stalled: open on both days and
    stalled only on the later one.
    """
    known = before.select("deal_id", pl.col("expected_close_on").alias("was_close_on"), pl.lit(True).alias("was_open"))
    rows = after.join(known, on="deal_id", how="left", maintain_order="left").with_columns(
        pl.col("was_open").fill_null(False)
    )
    was, now, until = pl.col("was_close_on"), pl.col("expected_close_on"), pl.col("until_on")
    is_open = until.is_null() | (until > as_of)
    closed = ~is_open & (pl.col("was_open") | (until > since))
    slipped = is_open & (now < as_of) & ((now >= since) | (was >= since))
    pushed = is_open & (now > was)
    is_new = is_open & ((pl.col("since_on") > since) | ~pl.col("deal_id").is_in(list(known_before)))
    stalled = (
        is_open
        & pl.col("was_open")
        & pl.col("deal_id").is_in(list(stalled_after))
        & ~pl.col("deal_id").is_in(list(stalled_before))
    )
    change = (
        pl.when(closed & (pl.col("status") == "won"))
        .then(pl.lit("won"))
        .when(closed & (pl.col("status") == "lost"))
        .then(pl.lit("lost"))
        .when(slipped.fill_null(False))
        .then(pl.lit("slipped"))
        .when(pushed.fill_null(False))
        .then(pl.lit("pushed"))
        .when(is_new)
        .then(pl.lit("new"))
        .when(stalled)
        .then(pl.lit("stalled"))
    )
    happened = (
        pl.when(pl.col("change").is_in(["won", "lost"])).then(until).when(pl.col("change") == "new").then("since_on")
    )
    found = rows.with_columns(change.alias("change")).filter(pl.col("change").is_not_null())
    return (
        found.with_columns(pl.coalesce(happened, now).alias("happened_on"))
        .select(pl.col(name).cast(kind) for name, kind in DEAL_CHANGES.items())
        .sort(
            pl.col("change").cast(pl.Enum(CHANGES)),
            "amount",
            "deal_id",
            descending=[False, True, False],
            nulls_last=True,
        )
    )
