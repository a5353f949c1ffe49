"""What a file of deals cannot support: the keys of metrics that will say "no data". Looks at accepted rows only."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

_BY_REP = ("quota_attainment", "gap_to_quota", "at_quota_share", "ramp_months")
_BY_WON_AMOUNT = (
    "won_amount",
    "average_deal_size",
    "median_deal_size",
    "quota_attainment",
    "gap_to_quota",
    "win_rate_value",
)
_BY_CLOSE = (
    *("won_count", "lost_count", "win_rate_count", "sales_cycle_days", "won_amount", "lost_amount", "win_rate_value"),
    *("average_deal_size", "median_deal_size", "quota_attainment", "gap_to_quota"),
)

_COUNTED = ("amount", "closed_on", "opened_on", "cost", "list_amount", "owner", "account", "competitor")


@dataclass(frozen=True)
class _Filled:
    """How many deals there are, and in how many of them each column is filled."""

    deals: int
    filled: dict[str, int]

    def none(self, column: str) -> bool:
        return self.filled[column] == 0


def _filled(counts: pl.DataFrame, *statuses: str) -> _Filled:
    rows = counts.filter(pl.col("status").is_in(statuses))
    return _Filled(int(rows["deals"].sum()), {name: int(rows[name].sum()) for name in _COUNTED})


def cannot_compute(deals: pl.DataFrame, provided: frozenset[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the keys of the metrics that these deals cannot support, in order, and sentences that say why."""
    counts = (
        deals.lazy()
        .filter(~pl.col("deleted").fill_null(value=False))
        .group_by("status")
        .agg(pl.len().alias("deals"), *(pl.col(name).count() for name in _COUNTED))
        .collect()
    )
    won, lost, still_open = (_filled(counts, status) for status in ("won", "lost", "open"))
    closed, live = _filled(counts, "won", "lost"), _filled(counts, "won", "lost", "open")
    keys: list[str] = []
    notes: list[str] = []

    def cannot(metrics: tuple[str, ...], because: str) -> None:
        keys.extend(metrics)
        notes.append(because)

    if not lost.deals:
        cannot(("win_rate_count", "win_rate_value", "lost_amount"), "No deal is lost, so no win rate can be computed.")
    elif lost.none("amount"):
        cannot(("win_rate_value", "lost_amount"), "Lost deals carry no amount: there is no win rate by value.")
    if won.deals and won.none("amount"):
        cannot(_BY_WON_AMOUNT, "Won deals carry no amount.")
    if still_open.none("amount"):
        cannot(("open_pipeline", "pipeline_coverage"), "Open deals carry no amount: there is no pipeline to sum up.")
    if live.none("amount"):
        cannot(("pipeline_generated",), "No deal carries an amount.")
    if closed.deals and closed.none("closed_on"):
        cannot(_BY_CLOSE, "No closed deal has a date of closing.")
    elif undated := closed.deals - closed.filled["closed_on"]:
        notes.append(f"{undated} closed deals have no date of closing; they count in no period.")
    if live.none("opened_on"):
        cannot(("sales_cycle_days", "pipeline_generated"), "No deal has an opening date.")
    if won.none("cost"):
        cannot(("margin",), "Won deals carry no cost: there is no margin.")
    if won.none("list_amount"):
        cannot(("discount",), "Won deals carry no list amount: there is no discount.")
    if live.none("owner"):
        cannot(_BY_REP, "No deal names its owner: nothing can be shown by rep or team.")
    if not {"next_step", "expected_close_on"} <= provided:
        cannot(("crm_hygiene",), "The file has no next steps or no expected dates: hygiene cannot be judged.")
    if live.none("account"):
        cannot(("accounts_lost",), "No deal names its account.")
    if live.none("competitor"):
        cannot(("competitor_loss_share",), "No deal names a competitor.")
    return tuple(dict.fromkeys(keys)), tuple(notes)
