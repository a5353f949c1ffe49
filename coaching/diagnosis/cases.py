"""The cases behind each lever, the figure as the registry counts it, and the latest rows that show it. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from coaching.diagnosis.evidence import QUARTER_DAYS, Evidence
from coaching.diagnosis.measuring import CASES
from coaching.pooling import sums

MOST_SOURCES = 5
VALUES = {"person_id": pl.Int64, "value": pl.Float64, "n": pl.Int64}
"""A figure per person as counted; n = cases behind it."""
TOTALS = {
    "person_id": pl.Int64,
    "quarters": pl.Float64,
    "won_count": pl.Int64,
    "closed_count": pl.Int64,
    "priced_count": pl.Int64,
    "won_amount": pl.Int64,
    "won_square": pl.Float64,
    "list_amount": pl.Int64,
    "listed_amount": pl.Int64,
    "lost_reason_count": pl.Int64,
    "lost_other_count": pl.Int64,
    "stepped_count": pl.Int64,
}
"""What a quarter's money is made of, over the days that count; amounts in minor units."""


@dataclass(frozen=True)
class Rows:
    """Rows that count: of people who are compared, from their first day that counts on, in a fixed order."""

    closed: pl.DataFrame
    opened: pl.DataFrame
    steps: pl.DataFrame

    def only(self, person_ids: list[int]) -> Rows:
        """The rows of some people."""
        inside = pl.col("person_id").is_in(person_ids)
        return Rows(self.closed.filter(inside), self.opened.filter(inside), self.steps.filter(inside))


def counted(evidence: Evidence) -> Rows:
    """The rows of ``evidence`` that count. Their order decides nothing: here they get the one that is used."""
    first = evidence.people.select("person_id", "measured_from")

    def kept(rows: pl.DataFrame, on: str) -> pl.DataFrame:
        inside = rows.join(first, on="person_id", how="inner")
        return inside.filter(
            (pl.col(on) >= pl.col("measured_from")) & pl.col(on).is_between(evidence.window.start, evidence.window.end)
        ).drop("measured_from")

    return Rows(
        closed=kept(evidence.closed, "closed_on").sort("person_id", "closed_on", "deal_id"),
        opened=kept(evidence.opened, "opened_on").sort("person_id", "opened_on", "deal_id"),
        steps=kept(evidence.steps, "seen_on").sort("person_id", "seen_on", "deal_id", "stage"),
    )


WON, LOST = pl.col("status") == "won", pl.col("status") == "lost"
PRICED = pl.col("amount").is_not_null() & (pl.col("amount") > 0)
LISTED = PRICED & pl.col("list_amount").is_not_null() & (pl.col("list_amount") > 0)
DAYS = (pl.col("closed_on") - pl.col("opened_on")).dt.total_days()
TIMED = pl.col("opened_on").is_not_null() & (DAYS >= 0)
BLAMED = LOST & pl.col("has_reason")


def cases_of(key: str, rows: Rows, evidence: Evidence) -> pl.DataFrame:
    """CASES of a lever (all but deals opened, which are counted against days). Raises KeyError for another key."""
    closed = rows.closed
    match key:
        case "win_rate":
            return _cases(closed, WON)
        case "deal_size":
            return _cases(closed.filter(PRICED), pl.col("amount").cast(pl.Float64).log(), "status")
        case "cycle":
            # A deal that closes on the day it is opened took part of a day, not none.
            return _cases(closed.filter(TIMED), DAYS.clip(lower_bound=1).cast(pl.Float64).log(), "status")
        case "discounting":
            return _cases(closed.filter(LISTED), 1 - pl.col("amount") / pl.col("list_amount"), "status")
        case "competitor_losses":
            return _cases(closed.filter(BLAMED), pl.col("to_competitor"))
        case "qualified_share":
            return _cases(_with_stages(closed, evidence), WON | pl.col("is_qualified"))
        case "no_next_step":
            steps = rows.steps.with_columns(pl.col("seen_on").alias("closed_on"))
            return _cases(steps, pl.col("missing_share"), id_of="deal_id")
    raise KeyError(key)


def _with_stages(closed: pl.DataFrame, evidence: Evidence) -> pl.DataFrame:
    return closed.join(evidence.stages, on="deal_id", how="inner", maintain_order="left")


def _cases(rows: pl.DataFrame, value: pl.Expr, stratum: str | None = None, id_of: str = "deal_id") -> pl.DataFrame:
    kind = pl.col(stratum) if stratum else pl.lit("")
    return rows.select(
        pl.col(id_of).alias("case_id"),
        "person_id",
        pl.col("closed_on").alias("on"),
        kind.cast(pl.String).alias("stratum"),
        value.cast(pl.Float64).alias("value"),
    ).cast(CASES)  # type: ignore[arg-type]


def values_of(key: str, rows: Rows, evidence: Evidence, totals: pl.DataFrame) -> pl.DataFrame:
    """VALUES of a lever: the figure as the registry counts it, money in major units, deals opened a quarter."""
    closed = rows.closed
    match key:
        case "pipeline":
            return _opened_a_quarter(rows, totals)
        case "win_rate":
            return _values(closed, WON.sum() / pl.len(), pl.len())
        case "deal_size":
            won = closed.filter(WON & PRICED)
            return _values(won, pl.col("amount").sum() / pl.len() / evidence.minor, pl.len())
        case "cycle":
            return _values(closed.filter(WON & TIMED), DAYS.median(), pl.len())
        case "discounting":
            won = closed.filter(WON & LISTED)
            return _values(won, 1 - pl.col("amount").sum() / pl.col("list_amount").sum(), pl.len())
        case "competitor_losses":
            return _values(closed.filter(BLAMED), pl.col("to_competitor").sum() / pl.len(), pl.len())
        case "qualified_share":
            return _values(_with_stages(closed, evidence), (WON | pl.col("is_qualified")).sum() / pl.len(), pl.len())
        case "no_next_step":
            return _mean_share(rows.steps)
    raise KeyError(key)


def _mean_share(steps: pl.DataFrame) -> pl.DataFrame:
    counts = steps.group_by("person_id").agg(pl.len().alias("n"))
    sums = _added(steps, "missing_share").join(counts, on="person_id", how="inner", maintain_order="left")
    return sums.select("person_id", (pl.col("missing_share") / pl.col("n")).alias("value"), "n").cast(VALUES)  # type: ignore[arg-type]


def _added(rows: pl.DataFrame, column: str) -> pl.DataFrame:
    """``column`` added up per person in the order of the rows: fractions added in another order give other digits."""
    person_ids, person = np.unique(rows["person_id"].to_numpy(), return_inverse=True)
    total = sums(person, rows[column].to_numpy(), len(person_ids))
    return pl.DataFrame({"person_id": person_ids, column: total}, schema={"person_id": pl.Int64, column: pl.Float64})


def _values(rows: pl.DataFrame, value: pl.Expr, n: pl.Expr) -> pl.DataFrame:
    found = rows.group_by("person_id", maintain_order=True).agg(
        value.cast(pl.Float64).alias("value"), n.cast(pl.Int64).alias("n")
    )
    return found.select(list(VALUES))


def _opened_a_quarter(rows: Rows, totals: pl.DataFrame) -> pl.DataFrame:
    counts = rows.opened.group_by("person_id").agg(pl.len().cast(pl.Int64).alias("n"))
    joined = counts.join(totals.select("person_id", "quarters"), on="person_id", how="inner").sort("person_id")
    return joined.filter(pl.col("quarters") > 0).select(
        "person_id", (pl.col("n") / pl.col("quarters")).alias("value"), "n"
    )


def totals_of(rows: Rows, evidence: Evidence) -> pl.DataFrame:
    """TOTALS of everybody who is compared, by id."""
    end = pl.lit(evidence.window.end)
    from_on = pl.max_horizontal(pl.col("measured_from"), pl.lit(evidence.from_on))
    days = (pl.min_horizontal(end, pl.col("left_on").fill_null(evidence.window.end)) - from_on).dt.total_days() + 1
    people = evidence.people.select(
        "person_id", (days.clip(lower_bound=0) / QUARTER_DAYS).cast(pl.Float64).alias("quarters")
    )
    won_listed = WON & LISTED
    sums = rows.closed.group_by("person_id", maintain_order=True).agg(
        WON.sum().alias("won_count"),
        pl.len().alias("closed_count"),
        (WON & PRICED).sum().alias("priced_count"),
        pl.col("amount").filter(WON & PRICED).sum().alias("won_amount"),
        pl.col("list_amount").filter(won_listed).sum().alias("list_amount"),
        pl.col("amount").filter(won_listed).sum().alias("listed_amount"),
        BLAMED.sum().alias("lost_reason_count"),
        (LOST & ~(pl.col("has_reason") & pl.col("to_competitor"))).sum().alias("lost_other_count"),
    )
    stepped = (
        rows.closed.join(rows.steps.select("deal_id").unique(), on="deal_id", how="semi")
        .group_by("person_id")
        .agg(pl.len().alias("stepped_count"))
    )
    joined = people.join(sums, on="person_id", how="left").join(stepped, on="person_id", how="left")
    won = rows.closed.filter(WON & PRICED).select("person_id", pl.col("amount").cast(pl.Float64) ** 2)
    joined = joined.join(_added(won, "amount").rename({"amount": "won_square"}), on="person_id", how="left")
    return joined.with_columns(pl.exclude("person_id", "quarters").fill_null(0)).cast(TOTALS).sort("person_id")  # type: ignore[arg-type]


def worth_of_a_next_step(rows: Rows) -> tuple[float, float] | None:
    """How much more often deals with a next step were won than those without, within each rep, and its error.

    Differences of shares per rep, weighted as by Mantel and Haenszel; a deal counts as it was last seen while open.
    None where no rep has both kinds.
    """
    last = rows.steps.sort("deal_id", "last_on", "stage").group_by("deal_id", maintain_order=True).last()
    joined = rows.closed.join(last.select("deal_id", "missing_share"), on="deal_id", how="inner")
    halves = joined.group_by("person_id").agg(
        (pl.col("missing_share") < 0.5).sum().cast(pl.Float64).alias("with"),
        ((pl.col("missing_share") < 0.5) & WON).sum().cast(pl.Float64).alias("with_won"),
        (pl.col("missing_share") >= 0.5).sum().cast(pl.Float64).alias("without"),
        ((pl.col("missing_share") >= 0.5) & WON).sum().cast(pl.Float64).alias("without_won"),
    )
    both = halves.filter((pl.col("with") > 0) & (pl.col("without") > 0)).sort("person_id")
    if both.is_empty():
        return None
    has, has_won, lacks, lacks_won = (both[name].to_numpy() for name in ("with", "with_won", "without", "without_won"))
    weight = has * lacks / (has + lacks)
    difference = float((weight * (has_won / has - lacks_won / lacks)).sum() / weight.sum())
    # The variance of each share with a half success and failure more, so that no small rep counts as certain.
    p, q = (has_won + 0.5) / (has + 1), (lacks_won + 0.5) / (lacks + 1)
    square = (weight**2 * (p * (1 - p) / has + q * (1 - q) / lacks)).sum() / weight.sum() ** 2
    return difference, float(square) ** 0.5


def sources_of(key: str, rows: Rows, evidence: Evidence) -> dict[int, tuple[str, ...]]:
    """Per person the latest rows that show a lever, as "table:id", the latest first; at most MOST_SOURCES."""
    closed = rows.closed.reverse()
    match key:
        case "pipeline":
            found = rows.opened.reverse()
        case "win_rate":
            found = closed.filter(LOST)
        case "deal_size":
            found = closed.filter(WON & PRICED)
        case "cycle":
            found = _latest(closed.filter(WON & TIMED), 4).sort(DAYS, "deal_id", descending=True)
        case "discounting":
            given = 1 - pl.col("amount") / pl.col("list_amount")
            found = _latest(closed.filter(WON & LISTED), 4).sort(given, "deal_id", descending=True)
        case "competitor_losses":
            found = closed.filter(BLAMED & pl.col("to_competitor"))
        case "qualified_share":
            found = _with_stages(closed.filter(LOST), evidence).filter(~pl.col("is_qualified"))
        case "no_next_step":
            steps = rows.steps.sort("last_on", "deal_id", "stage")
            latest = steps.unique("deal_id", keep="last", maintain_order=True).reverse()
            still = latest.join(closed.select("deal_id"), on="deal_id", how="anti", maintain_order="left")
            found = still.filter(pl.col("missing_share") >= 0.5)
        case _:
            raise KeyError(key)
    named = _latest(found, 1).group_by("person_id", maintain_order=True).agg("deal_id")
    return {person: tuple(f"deal:{deal_id}" for deal_id in deals) for person, deals in named.iter_rows()}


def _latest(rows: pl.DataFrame, times: int) -> pl.DataFrame:
    """Of rows in order the first few of each person."""
    return rows.filter(pl.int_range(pl.len()).over("person_id") < times * MOST_SOURCES)
