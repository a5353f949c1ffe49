"""Deals that deserve a look and customers that are being lost, each with the reason in a sentence."""

from __future__ import annotations

import datetime as dt

import polars as pl
import sqlalchemy as sa
from polars._typing import SchemaDict

from coaching import frames
from coaching.measures import DEFECTED_DAYS, defected_accounts
from coaching.people import Viewer
from data_access.knowledge import knowledge
from data_access.queries.deals import account_names, closed_deals, deal_names, open_deals
from data_access.queries.stalling import WonTimes, stage_times

SINCE_EVER = dt.date(1, 1, 1)
LOST_DAYS = 90
TO_LOOK_AT: SchemaDict = {
    **frames.OPEN_DEALS,
    "kind": pl.String,
    "reason": pl.String,
    "since_days": pl.Int64,
}


def deals_to_look_at(
    viewer: Viewer,
    connection: sa.Connection,
    *,
    rep_id: int,
    as_of: dt.date,
    today: dt.date,
    won: WonTimes | None = None,
) -> pl.DataFrame:
    """frames.OPEN_DEALS with kind (stalled, slipped, lost_to_competitor), reason and since_days; largest amount first.

    Stalled and slipped deals are open on ``as_of``; losses to a named competitor are those of the last 90 days. A deal
    appears once, with the first of these that holds. Empty for a rep out of scope. ``won``: what
    ``stalling.won_times`` gives, for whoever has read it already.
    """
    who = {"today": today, "rep_ids": [rep_id]}
    standing = open_deals(viewer, connection, start=as_of, end=as_of, as_of=as_of, **who)  # type: ignore[arg-type]
    standing = standing.filter(pl.col("until_on").is_null() | (pl.col("until_on") > as_of))
    stalled = _stalled_reasons(viewer, connection, standing, as_of, today, won)
    slipped = _slipped_reasons(standing, as_of)
    lost = _lost_reasons(viewer, connection, rep_id, as_of, today)
    rows = pl.concat([_as_rows(part) for part in (stalled, slipped, lost)])
    return rows.unique("deal_id", keep="first", maintain_order=True).sort(
        "amount", descending=True, nulls_last=True, maintain_order=True
    )


def _as_rows(frame: pl.DataFrame) -> pl.DataFrame:
    """``frame`` with the columns TO_LOOK_AT; what a part does not know is null."""
    known = [name for name in TO_LOOK_AT if name in frame.columns]
    return pl.concat([frames.empty(TO_LOOK_AT), frame.select(known)], how="diagonal_relaxed")


def _stalled_reasons(
    viewer: Viewer,
    connection: sa.Connection,
    standing: pl.DataFrame,
    as_of: dt.date,
    today: dt.date,
    won: WonTimes | None,
) -> pl.DataFrame:
    asked = standing["deal_id"].to_list()
    times = stage_times(viewer, connection, as_of=as_of, today=today, deal_ids=asked, won=won)
    found = times.stalled(standing, as_of)
    rows = standing.join(found, on="deal_id", how="inner", maintain_order="left")
    slow = pl.format(
        "{} days in {}; won deals usually spend {}",
        pl.col("days_in_stage"),
        pl.col("stage").fill_null("this stage"),
        pl.col("usual_days").round().cast(pl.Int64),
    )
    idle = pl.format("Nothing done for {} days and nothing planned", pl.col("idle_days"))
    by_stage = pl.col("why") == "stage"
    return rows.with_columns(
        pl.lit("stalled").alias("kind"),
        pl.when(by_stage).then(slow).otherwise(idle).alias("reason"),
        pl.when(by_stage).then(pl.col("days_in_stage")).otherwise(pl.col("idle_days")).alias("since_days"),
    )


def _slipped_reasons(standing: pl.DataFrame, as_of: dt.date) -> pl.DataFrame:
    late = standing.filter(pl.col("expected_close_on") < as_of)
    days = (pl.lit(as_of) - pl.col("expected_close_on")).dt.total_days()
    return late.with_columns(
        pl.lit("slipped").alias("kind"),
        pl.format("Was to close {} days ago and is still open", days).alias("reason"),
        days.alias("since_days"),
    )


def _lost_reasons(
    viewer: Viewer, connection: sa.Connection, rep_id: int, as_of: dt.date, today: dt.date
) -> pl.DataFrame:
    lost = closed_deals(
        viewer,
        connection,
        start=as_of - dt.timedelta(days=LOST_DAYS),
        end=as_of,
        as_of=as_of,
        today=today,
        rep_ids=[rep_id],
    ).filter((pl.col("status") == "lost") & pl.col("competitor").is_not_null())
    names = account_names(viewer, connection, lost["account_id"].drop_nulls().to_list())
    titles = deal_names(viewer, connection, lost["deal_id"].to_list())
    days = (pl.lit(as_of) - pl.col("closed_on")).dt.total_days()
    # "Lost to Acme: lost to competitor" says one thing twice.
    says_more = pl.col("lost_reason").is_not_null() & ~pl.col("lost_reason").str.contains("(?i)competit")
    return lost.with_columns(
        pl.col("deal_id").replace_strict(titles, default=None, return_dtype=pl.String).alias("name"),
        pl.col("account_id").replace_strict(names, default=None, return_dtype=pl.String).alias("account_name"),
        pl.lit("lost_to_competitor").alias("kind"),
        pl.format(
            "Lost to {} {} days ago{}",
            pl.col("competitor"),
            days,
            pl.when(says_more).then(": " + pl.col("lost_reason")).otherwise(pl.lit("")),
        ).alias("reason"),
        days.alias("since_days"),
    )


def accounts_lost(
    viewer: Viewer, connection: sa.Connection, *, rep_id: int, as_of: dt.date, today: dt.date
) -> pl.DataFrame:
    """frames.ACCOUNTS_LOST of a rep on ``as_of`` with the reason in a sentence, the latest first.

    An account is the rep's who last won a deal with it. Empty for a rep out of scope and without account names.
    """
    # Another rep's later deal keeps a customer, so all deals in the viewer's sight are looked at.
    who = {"today": today, "for_totals": viewer.sees_teams}
    closed = closed_deals(viewer, connection, start=SINCE_EVER, end=as_of, as_of=as_of, **who)  # type: ignore[arg-type]
    standing = open_deals(viewer, connection, start=as_of, end=as_of, as_of=as_of, **who)  # type: ignore[arg-type]
    standing = standing.filter(pl.col("until_on").is_null() | (pl.col("until_on") > as_of))
    mine = closed_deals(viewer, connection, start=SINCE_EVER, end=as_of, as_of=as_of, today=today, rep_ids=[rep_id])[
        "account_id"
    ]
    rows = defected_accounts(closed, standing, as_of).filter(
        (pl.col("owner_id") == rep_id) & pl.col("account_id").is_in(mine.drop_nulls().to_list())
    )
    names = account_names(viewer, connection, rows["account_id"].to_list())
    days = (pl.lit(as_of) - pl.col("lost_on")).dt.total_days()
    reason = (
        pl.when(pl.col("why") == "competitor")
        .then(pl.format("Latest deal lost to {} {} days ago", pl.col("competitor"), days))
        .otherwise(pl.format("No win and no open deal for {} days (limit {})", days, pl.lit(DEFECTED_DAYS)))
    )
    return (
        rows.with_columns(
            pl.col("account_id").replace_strict(names, default=None, return_dtype=pl.String).alias("account_name"),
            reason.alias("reason"),
        )
        .select(list(frames.ACCOUNTS_LOST))
        .sort("lost_on", "account_id", descending=[True, False])
    )


def is_rebuilt(viewer: Viewer, connection: sa.Connection, as_of: dt.date) -> bool:
    """Whether deals as of ``as_of`` are rebuilt from a younger first snapshot: pages then say "reconstructed"."""
    return knowledge(connection, "deals", as_of).is_rebuilt
