"""From deals, quotas and activities to the registry's numbers, for any grouping and any run of periods.

Pure: frames in, one frame out. Money comes in as integer minor units and leaves in major units. "No data" is null.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

import polars as pl

from coaching import frames
from coaching.attribution import NO_TEAM, with_team
from coaching.intervals import wilson_bounds
from coaching.metrics import metric, output_columns
from coaching.periods import Period, add_months

GROUP = ["row_id", "period_start"]
STALLED_FACTOR = 1.5
STALLED_IDLE_DAYS = 30
DEFECTED_DAYS = 180
RAMPED_SHARE = 0.8
HYGIENE_FIELDS = frozenset({"amount", "expected_close_on", "next_step"})


@dataclass(frozen=True)
class Grouping:
    """How events become rows: each rep, each team with those below, or the company."""

    by: str
    rows: pl.DataFrame
    """row_id, id, name, parent_id: every row to print, in order."""
    memberships: pl.DataFrame = field(default_factory=lambda: frames.empty(frames.MEMBERSHIPS))
    closure: pl.DataFrame = field(
        default_factory=lambda: pl.DataFrame(schema={"row_id": pl.Int64, "team_id": pl.Int64})
    )

    def group(self, events: pl.DataFrame, person: str, on: str) -> pl.DataFrame:
        """``events`` with ``row_id``; an event counts once per row it belongs to, and not at all outside the rows."""
        if self.by == "company" and self.closure.is_empty():
            return events.with_columns(pl.lit(0, pl.Int64).alias("row_id"))
        if self.by == "rep":
            return events.with_columns(pl.col(person).alias("row_id")).filter(pl.col("row_id").is_not_null())
        placed = with_team(events, self.memberships, person, on)
        return placed.join(self.closure, on="team_id", how="inner")

    def facts(self, facts: pl.DataFrame) -> pl.DataFrame:
        """``facts`` with ``row_id``; they know the team of the event's date already."""
        if self.by == "company" and self.closure.is_empty():
            return facts.with_columns(pl.lit(0, pl.Int64).alias("row_id"))
        if self.by == "rep":
            return facts.with_columns(pl.col("rep_key").alias("row_id")).filter(pl.col("row_id") != 0)
        return facts.join(self.closure.rename({"team_id": "team_key"}), on="team_key", how="inner")


@dataclass(frozen=True)
class Evidence:
    """The rows the numbers come from, as known on the as-of date."""

    closed: pl.DataFrame = field(default_factory=lambda: frames.empty(frames.CLOSED_DEALS))
    opened: pl.DataFrame = field(default_factory=lambda: frames.empty(frames.OPENED_DEALS))
    open: pl.DataFrame = field(default_factory=lambda: frames.empty(frames.OPEN_DEALS))
    """Deals open at any moment asked for, in one of two shapes.

    With ``since_on`` and ``until_on`` (exclusive; null = still open): a row per deal, as it looks on the as-of date.
    With ``at`` and ``is_judged``: a row per deal and moment, as the deal looked then, by its owner then; judged = the
    exports by then held the deal and the fields of hygiene.
    """
    quotas: pl.DataFrame = field(default_factory=lambda: frames.empty(frames.QUOTAS))
    year_closed: pl.DataFrame = field(default_factory=lambda: frames.empty(frames.CLOSED_DEALS))
    year_facts: pl.DataFrame = field(default_factory=lambda: frames.empty(frames.FACTS))
    """Whole atoms of the year before the only moment; ``year_closed`` then holds only the days around them."""
    forecast: pl.DataFrame = field(default_factory=lambda: frames.empty(frames.OPEN_DEALS))
    """Deals open at a period's start with their expected close date as known then; plus ``period_start``."""
    stalled: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema={"deal_id": pl.Int64, "at": pl.Date}))
    accounts: pl.DataFrame = field(default_factory=lambda: frames.empty(frames.ACCOUNTS_LOST))
    ramps: pl.DataFrame = field(
        default_factory=lambda: pl.DataFrame(schema={"person_id": pl.Int64, "months": pl.Float64})
    )
    sessions: pl.DataFrame = field(default_factory=lambda: frames.empty(frames.COACHING_EVENTS))
    facts: pl.DataFrame = field(default_factory=lambda: frames.empty(frames.FACTS))
    """Whole atoms; ``closed`` and ``opened`` then hold only the days that no whole atom covers."""
    known: frozenset[str] = frozenset()
    """What the data holds at all as of the date: deals, lost_amounts, open_amounts, quotas, stages, sessions, ..."""


def measured(
    keys: list[str],
    grouping: Grouping,
    periods: list[Period],
    evidence: Evidence,
    as_of: dt.date,
    minor: int = 100,
) -> pl.DataFrame:
    """One row per group and period: row_id, id, name, parent_id, period_start and the metrics' columns as Float64.

    Periods that start after ``as_of`` carry no data. ``minor`` = minor units in a major one.
    """
    starts = pl.DataFrame({"period_start": [p.start for p in periods]}, schema={"period_start": pl.Date})
    base = grouping.rows.join(starts, how="cross")
    lived = [p for p in periods if p.start <= as_of]
    columns = output_columns(keys)
    if not lived or not columns:
        return base.with_columns(pl.lit(None, pl.Float64).alias(name) for name in columns)
    table = base
    for part in _parts(keys, grouping, lived, evidence, as_of):
        table = table.join(part, on=GROUP, how="left", maintain_order="left")
    table = _filled(table, evidence.known)
    table = _derived(table, evidence.known, minor)
    past = pl.col("period_start") <= as_of
    values = [
        pl.when(past).then(pl.col(name).cast(pl.Float64)).otherwise(None).alias(name)
        if name in table.columns
        else pl.lit(None, pl.Float64).alias(name)
        for name in columns
    ]
    return table.select([*base.columns, *values])


def _parts(
    keys: list[str], grouping: Grouping, periods: list[Period], evidence: Evidence, as_of: dt.date
) -> Iterable[pl.DataFrame]:
    closed = _in_periods(evidence.closed, "closed_on", periods)
    grouped = grouping.group(closed, "owner_id", "closed_on")
    facts = grouping.facts(_in_periods(evidence.facts, "atom_on", periods))
    opened = grouping.group(_in_periods(evidence.opened, "opened_on", periods), "owner_id", "opened_on")
    yield _with_facts(_closed_parts(grouped), facts, CLOSED_FACTS)
    yield _with_facts(_opened_parts(opened), facts, OPENED_FACTS)
    standing = _standing(evidence.open, periods, as_of)
    yield _open_parts(grouping.group(standing, "owner_id", "at"), evidence.stalled)
    wanted = set(keys)
    yield _quota_parts(grouping, evidence.quotas, periods, as_of, _won_by_rep(grouped, facts))
    if "needed_coverage" in wanted:
        yield _year_parts(grouping, evidence.year_closed, evidence.year_facts, periods, as_of)
    if "slipped_share" in wanted:
        yield _slipped_parts(grouping, evidence.forecast, evidence.closed, periods, as_of)
    if "accounts_lost" in wanted:
        yield _account_parts(grouping, evidence.accounts, periods, as_of)
    if "ramp_months" in wanted:
        yield _ramp_parts(grouping, evidence.ramps, periods, as_of)
    if wanted & {"days_since_last_session", "days_since_last_observation", "session_count", "observation_count"}:
        yield _session_parts(grouping, evidence.sessions, periods, as_of)


CLOSED_FACTS = {
    "won_count": "won_count",
    "lost_count": "lost_count",
    "won_amount_count": "won_amount_count",
    "won_amount": "won_minor",
    "lost_amount_count": "lost_amount_count",
    "lost_amount": "lost_minor",
    "margin_count": "margin_count",
    "margin_amount": "margin_amount",
    "margin_cost": "margin_cost",
    "discount_count": "discount_count",
    "discount_amount": "discount_amount",
    "discount_list_amount": "discount_list",
    "lost_reason_count": "lost_reason_count",
    "lost_competitor_count": "lost_competitor_count",
}
OPENED_FACTS = {
    "opened_count": "opened_count",
    "opened_amount_count": "opened_amount_count",
    "opened_amount": "opened_minor",
}
YEAR_FACTS = {
    "won_amount": "year_won_minor",
    "lost_amount": "year_lost_minor",
    "lost_amount_count": "year_lost_amount_count",
    "lost_count": "year_lost_count",
}
FROM_ROWS_ONLY = frozenset({"median_deal_size", "sales_cycle_days", "sales_velocity", "slipped_share"})
"""Metrics that sums cannot give: where one is asked for, the rows are read instead of the facts."""


def _with_facts(parts: pl.DataFrame, facts: pl.DataFrame, names: dict[str, str]) -> pl.DataFrame:
    """Parts counted from rows plus those that the facts hold already."""
    if facts.is_empty():
        return parts
    summed = facts.group_by(GROUP).agg(pl.col(name).sum().alias(part) for name, part in names.items())
    rest = [name for name in parts.columns if name not in {*GROUP, *names.values()}]
    return (
        pl.concat([parts, summed], how="diagonal_relaxed")
        .group_by(GROUP)
        .agg(*(pl.col(name).sum() for name in names.values()), *(pl.col(name).first() for name in rest))
    )


def _won_by_rep(closed: pl.DataFrame, facts: pl.DataFrame) -> pl.DataFrame:
    """Won amount per group, period and rep: what a quota is held against."""
    won = closed.filter((pl.col("status") == "won") & pl.col("amount").is_not_null())
    parts = [
        won.select(*GROUP, pl.col("owner_id").alias("person_id"), pl.col("amount").alias("rep_won_minor")),
        facts.select(*GROUP, pl.col("rep_key").alias("person_id"), pl.col("won_amount").alias("rep_won_minor")),
    ]
    return pl.concat(parts).group_by([*GROUP, "person_id"]).agg(pl.col("rep_won_minor").sum())


def _in_periods(events: pl.DataFrame, on: str, periods: list[Period]) -> pl.DataFrame:
    """``events`` dated in one of the periods (contiguous, in order), with ``period_start``."""
    starts = pl.DataFrame(
        {"period_start": [p.start for p in periods], on: [p.start for p in periods]},
        schema={"period_start": pl.Date, on: pl.Date},
    )
    inside = events.filter(pl.col(on).is_between(periods[0].start, periods[-1].end)).sort(on)
    return inside.join_asof(starts, on=on, strategy="backward")


def _moments(periods: list[Period], as_of: dt.date) -> pl.DataFrame:
    """The moment each period's stocks are taken at: its end or the as-of date."""
    return pl.DataFrame(
        {
            "period_start": [p.start for p in periods],
            "period_end": [p.end for p in periods],
            "at": [min(p.end, as_of) for p in periods],
        },
        schema={"period_start": pl.Date, "period_end": pl.Date, "at": pl.Date},
    )


def _standing(deals: pl.DataFrame, periods: list[Period], as_of: dt.date) -> pl.DataFrame:
    """The open deals at each moment, with ``at``, ``is_judged``, ``period_start`` and ``period_end``."""
    moments = _moments(periods, as_of)
    if "at" in deals.columns:
        return deals.join(moments, on="at", how="inner")
    rows = deals.join(moments, how="cross").filter(
        (pl.col("since_on") <= pl.col("at")) & (pl.col("until_on").is_null() | (pl.col("until_on") > pl.col("at")))
    )
    # These rows say how a deal looks on the as-of date. Whether it was tidy on an earlier day they cannot tell.
    return rows.with_columns((pl.col("at") == as_of).alias("is_judged"))


def _closed_parts(closed: pl.DataFrame) -> pl.DataFrame:
    won, lost = pl.col("status") == "won", pl.col("status") == "lost"
    amount, cost, listed = pl.col("amount"), pl.col("cost"), pl.col("list_amount")
    priced = won & amount.is_not_null()
    with_cost, with_list = priced & cost.is_not_null(), priced & listed.is_not_null()
    cycle = (pl.col("closed_on") - pl.col("opened_on")).dt.total_days()
    reason = lost & (pl.col("lost_reason").is_not_null() | pl.col("competitor").is_not_null())
    return closed.group_by(GROUP).agg(
        won.sum().cast(pl.Int64).alias("won_count"),
        lost.sum().cast(pl.Int64).alias("lost_count"),
        priced.sum().cast(pl.Int64).alias("won_amount_count"),
        amount.filter(priced).sum().alias("won_minor"),
        (lost & amount.is_not_null()).sum().cast(pl.Int64).alias("lost_amount_count"),
        amount.filter(lost).sum().alias("lost_minor"),
        with_cost.sum().cast(pl.Int64).alias("margin_count"),
        amount.filter(with_cost).sum().alias("margin_amount"),
        cost.filter(with_cost).sum().alias("margin_cost"),
        with_list.sum().cast(pl.Int64).alias("discount_count"),
        amount.filter(with_list).sum().alias("discount_amount"),
        listed.filter(with_list).sum().alias("discount_list"),
        reason.sum().cast(pl.Int64).alias("lost_reason_count"),
        (lost & pl.col("competitor").is_not_null()).sum().cast(pl.Int64).alias("lost_competitor_count"),
        amount.filter(priced).median().alias("won_median_minor"),
        cycle.filter(won & (cycle >= 0)).median().alias("cycle_median"),
    )


def _opened_parts(opened: pl.DataFrame) -> pl.DataFrame:
    return opened.group_by(GROUP).agg(
        pl.len().cast(pl.Int64).alias("opened_count"),
        pl.col("amount").count().cast(pl.Int64).alias("opened_amount_count"),
        pl.col("amount").sum().alias("opened_minor"),
    )


def _open_parts(standing: pl.DataFrame, stalled: pl.DataFrame) -> pl.DataFrame:
    amount, expected = pl.col("amount"), pl.col("expected_close_on")
    in_period = expected.is_between(pl.col("period_start"), pl.col("period_end"))
    judged = pl.col("is_judged")
    tidy = judged & amount.is_not_null() & (expected >= pl.col("at")) & pl.col("next_step").is_not_null()
    marked = standing.join(
        stalled.select("deal_id", "at", pl.lit(True).alias("is_stalled")), on=["deal_id", "at"], how="left"
    )
    return marked.group_by(GROUP).agg(
        pl.len().cast(pl.Int64).alias("open_count"),
        amount.count().cast(pl.Int64).alias("open_amount_count"),
        amount.sum().alias("open_minor"),
        (amount.is_not_null() & in_period).sum().cast(pl.Int64).alias("closing_count"),
        amount.filter(in_period).sum().alias("closing_minor"),
        judged.sum().cast(pl.Int64).alias("judged_count"),
        tidy.fill_null(False).sum().cast(pl.Int64).alias("tidy_count"),
        pl.col("is_stalled").fill_null(False).sum().cast(pl.Int64).alias("stalled_raw"),
    )


def prorated_quotas(quotas: pl.DataFrame, spans: pl.DataFrame) -> pl.DataFrame:
    """Quotas cut to spans: person_id, the spans' columns, ``quota_minor`` (Float64), by working days.

    ``spans`` has span_start and span_end (both included). A quota is spread evenly over the working days of its own
    days; days before joining and after leaving carry none. Working days are Monday to Friday.
    """
    one = pl.duration(days=1)
    rows = quotas.join_where(
        spans, pl.col("starts_on") <= pl.col("span_end"), pl.col("ends_on") >= pl.col("span_start")
    ).with_columns(
        pl.max_horizontal("starts_on", "span_start", pl.col("started_on")).alias("from_on"),
        pl.min_horizontal("ends_on", "span_end", pl.col("left_on")).alias("to_on"),
    )
    rows = rows.filter(pl.col("from_on") <= pl.col("to_on"))
    whole = pl.business_day_count("starts_on", pl.col("ends_on") + one)
    part = pl.business_day_count("from_on", pl.col("to_on") + one)
    whole_days = (pl.col("ends_on") - pl.col("starts_on")).dt.total_days() + 1
    part_days = (pl.col("to_on") - pl.col("from_on")).dt.total_days() + 1
    share = pl.when(whole > 0).then(part / whole).otherwise(part_days / whole_days)
    return rows.with_columns((pl.col("amount") * share).alias("quota_minor"))


def _quota_parts(
    grouping: Grouping, quotas: pl.DataFrame, periods: list[Period], as_of: dt.date, won: pl.DataFrame
) -> pl.DataFrame:
    """Quota, quota to date and reps at quota per group and period."""
    spans = _moments(periods, as_of).rename({"period_end": "span_end"})
    spans = spans.with_columns(pl.col("period_start").alias("span_start"))
    to_date = spans.with_columns(pl.col("at").alias("span_end"))
    whole = _grouped_quotas(grouping, prorated_quotas(quotas, spans))
    dated = _grouped_quotas(grouping, prorated_quotas(quotas, to_date))
    rep = [*GROUP, "person_id"]
    per_rep = whole.group_by(rep).agg(pl.col("quota_minor").sum())
    judged = per_rep.filter(pl.col("quota_minor") > 0).join(won, on=rep, how="left")
    reached = pl.col("rep_won_minor").fill_null(0) >= pl.col("quota_minor") - 1e-6
    return (
        judged.group_by(GROUP)
        .agg(
            pl.col("quota_minor").sum(),
            pl.len().cast(pl.Int64).alias("quota_rep_count"),
            reached.sum().cast(pl.Int64).alias("at_quota_count"),
        )
        .join(dated.group_by(GROUP).agg(pl.col("quota_minor").sum().alias("quota_to_date_minor")), on=GROUP, how="left")
    )


def _grouped_quotas(grouping: Grouping, rows: pl.DataFrame) -> pl.DataFrame:
    """Quota rows with ``row_id``: a rep who moved within the span leaves each team the working days spent there."""
    if grouping.by == "rep":
        return rows.with_columns(pl.col("person_id").alias("row_id"))
    if grouping.by == "company" and grouping.closure.is_empty():
        return rows.with_columns(pl.lit(0, pl.Int64).alias("row_id"))
    one = pl.duration(days=1)
    days = pl.business_day_count("from_on", pl.col("to_on") + one)
    spans = grouping.memberships.select(
        "person_id",
        "team_id",
        pl.col("starts_on").alias("member_from"),
        (pl.col("ends_on") - one).alias("member_to"),
    )
    parts = (
        rows.with_columns(days.alias("days"))
        .join(spans, on="person_id", how="inner")
        .with_columns(
            pl.max_horizontal("from_on", "member_from").alias("cut_from"),
            pl.min_horizontal("to_on", "member_to").alias("cut_to"),
        )
        .filter(pl.col("cut_from") <= pl.col("cut_to"))
        .with_columns(pl.business_day_count("cut_from", pl.col("cut_to") + one).alias("cut_days"))
    )
    share = pl.when(pl.col("days") > 0).then(pl.col("cut_days") / pl.col("days")).otherwise(1.0)
    placed = parts.with_columns((pl.col("quota_minor") * share).alias("quota_minor"))
    unplaced = _unplaced_quotas(rows, placed)
    every = pl.concat([placed.select(unplaced.columns), unplaced])
    return every.join(grouping.closure, on="team_id", how="inner")


def _unplaced_quotas(rows: pl.DataFrame, placed: pl.DataFrame) -> pl.DataFrame:
    """What of the quotas fell on days without a team: it belongs to "unassigned", never to nobody."""
    key = ["person_id", "starts_on", "ends_on", "period_start"]
    found = placed.group_by(key).agg(pl.col("quota_minor").sum().alias("placed_minor"))
    rest = rows.join(found, on=key, how="left").with_columns(
        (pl.col("quota_minor") - pl.col("placed_minor").fill_null(0.0)).alias("quota_minor"),
        pl.lit(NO_TEAM, pl.Int64).alias("team_id"),
    )
    return rest.filter(pl.col("quota_minor") > 1e-6).select([*key, "quota_minor", "team_id"])


def _year_parts(
    grouping: Grouping, closed: pl.DataFrame, facts: pl.DataFrame, periods: list[Period], as_of: dt.date
) -> pl.DataFrame:
    """Won and lost amounts of the 365 days up to each moment."""
    rows = grouping.group(closed, "owner_id", "closed_on").join(_moments(periods, as_of), how="cross")
    age = (pl.col("at") - pl.col("closed_on")).dt.total_days()
    rows = rows.filter(age.is_between(0, 364))
    won, lost = pl.col("status") == "won", pl.col("status") == "lost"
    parts = rows.group_by(GROUP).agg(
        pl.col("amount").filter(won).sum().alias("year_won_minor"),
        pl.col("amount").filter(lost).sum().alias("year_lost_minor"),
        pl.col("amount").filter(lost).count().cast(pl.Int64).alias("year_lost_amount_count"),
        lost.sum().cast(pl.Int64).alias("year_lost_count"),
    )
    dated = grouping.facts(facts.with_columns(pl.lit(periods[-1].start).alias("period_start")))
    return _with_facts(parts, dated, YEAR_FACTS)


def _slipped_parts(
    grouping: Grouping, forecast: pl.DataFrame, closed: pl.DataFrame, periods: list[Period], as_of: dt.date
) -> pl.DataFrame:
    """Deals due by each moment, and how many of them had not closed by then; a deal due later has not slipped yet."""
    due = forecast.join(_moments(periods, as_of), on="period_start", how="inner").filter(
        pl.col("expected_close_on") <= pl.col("at")
    )
    done = _in_periods(closed, "closed_on", periods).select("deal_id", "period_start", pl.lit(True).alias("is_closed"))
    # Whose they were at the period's start: the forecast was theirs.
    rows = grouping.group(due, "owner_id", "period_start")
    return (
        rows.join(done, on=["deal_id", "period_start"], how="left")
        .group_by(GROUP)
        .agg(
            pl.len().cast(pl.Int64).alias("forecast_count"),
            pl.col("is_closed").is_null().sum().cast(pl.Int64).alias("slipped_count"),
        )
    )


def _account_parts(grouping: Grouping, accounts: pl.DataFrame, periods: list[Period], as_of: dt.date) -> pl.DataFrame:
    last = _moments(periods, as_of).tail(1)
    rows = accounts.join(last, how="cross")
    return (
        grouping.group(rows, "owner_id", "at").group_by(GROUP).agg(pl.len().cast(pl.Int64).alias("accounts_lost_raw"))
    )


def _ramp_parts(grouping: Grouping, ramps: pl.DataFrame, periods: list[Period], as_of: dt.date) -> pl.DataFrame:
    last = _moments(periods, as_of).tail(1)
    rows = ramps.join(last, how="cross")
    return grouping.group(rows, "person_id", "at").group_by(GROUP).agg(pl.col("months").median().alias("ramp_months"))


def _session_parts(grouping: Grouping, events: pl.DataFrame, periods: list[Period], as_of: dt.date) -> pl.DataFrame:
    moments = _moments(periods, as_of)
    rows = grouping.group(events, "person_id", "happened_on").join(moments, how="cross")
    rows = rows.filter(pl.col("happened_on") <= pl.col("at"))
    held, seen = pl.col("kind") == "session", pl.col("kind") == "observation"
    within = pl.col("happened_on") >= pl.col("period_start")
    age = (pl.col("at") - pl.col("happened_on")).dt.total_days()
    return rows.group_by(GROUP).agg(
        (held & within).sum().cast(pl.Int64).alias("session_count_raw"),
        (seen & within).sum().cast(pl.Int64).alias("observation_count_raw"),
        age.filter(held).min().alias("days_since_last_session"),
        age.filter(seen).min().alias("days_since_last_observation"),
    )


_COUNTS = (
    "won_count", "lost_count", "won_amount_count", "won_minor", "lost_amount_count", "lost_minor",
    "margin_count", "margin_amount", "margin_cost", "discount_count", "discount_amount", "discount_list",
    "lost_reason_count", "lost_competitor_count", "opened_count", "opened_amount_count", "opened_minor",
    "open_count", "open_amount_count", "open_minor", "closing_count", "closing_minor", "judged_count",
    "tidy_count", "stalled_raw", "quota_rep_count", "at_quota_count", "quota_minor", "quota_to_date_minor",
    "year_won_minor", "year_lost_minor", "year_lost_amount_count", "year_lost_count", "forecast_count", "slipped_count",
    "accounts_lost_raw", "session_count_raw", "observation_count_raw",
)  # fmt: skip


def _filled(table: pl.DataFrame, known: frozenset[str]) -> pl.DataFrame:
    """Additive parts are 0 where nothing happened; whether that may be shown as 0 is decided in ``_derived``."""
    present = [name for name in _COUNTS if name in table.columns]
    missing = [name for name in _COUNTS if name not in table.columns]
    absent = ["ramp_months", "days_since_last_session", "days_since_last_observation"]
    return table.with_columns(
        *(pl.col(name).fill_null(0) for name in present),
        *(pl.lit(0, pl.Int64).alias(name) for name in missing),
        *(pl.lit(None, pl.Float64).alias(name) for name in absent if name not in table.columns),
    )


PLAIN_COUNTS = ("won_count", "lost_count", "open_count")


def _derived(table: pl.DataFrame, known: frozenset[str], minor: int) -> pl.DataFrame:
    """The registry's numbers from the parts."""

    def only(*facts: str) -> pl.Expr:
        return pl.lit(all(fact in known for fact in facts))

    def guarded(condition: pl.Expr, value: pl.Expr) -> pl.Expr:
        return pl.when(condition).then(value).otherwise(None)

    def share(top: str, bottom: str) -> pl.Expr:
        return guarded(pl.col(bottom) > 0, pl.col(top) / pl.col(bottom))

    def amount(total: str, priced: str, count: str, fact: str) -> pl.Expr:
        # Nothing happened is a true zero; something happened but carries no amount is no data.
        sayable = (pl.col(priced) > 0) | ((pl.col(count) == 0) & only(fact))
        return guarded(sayable & only("deals"), pl.col(total) / minor)

    closed_count = pl.col("won_count") + pl.col("lost_count")
    lost_unpriced = (pl.col("lost_count") > 0) & (pl.col("lost_amount_count") == 0)
    closed_minor = pl.col("won_minor") + pl.col("lost_minor")
    year_minor = pl.col("year_won_minor") + pl.col("year_lost_minor")
    year_unpriced = (pl.col("year_lost_count") > 0) & (pl.col("year_lost_amount_count") == 0)
    has_quota = pl.col("quota_rep_count") > 0
    table = table.with_columns(
        closed_count.alias("closed_count"),
        guarded(only("deals"), pl.col("opened_count")).alias("opened_count"),
        *(
            guarded(only("deals"), pl.col(name)).alias(f"{name}_out")
            for name in ("won_count", "lost_count", "open_count")
        ),
        amount("won_minor", "won_amount_count", "won_count", "deals").alias("won_amount"),
        amount("lost_minor", "lost_amount_count", "lost_count", "lost_amounts").alias("lost_amount"),
        amount("open_minor", "open_amount_count", "open_count", "open_amounts").alias("open_pipeline"),
        amount("opened_minor", "opened_amount_count", "opened_count", "deals").alias("pipeline_generated"),
        guarded(only("deals"), pl.col("open_count") - pl.col("open_amount_count")).alias("open_without_amount_count"),
        guarded((closed_minor > 0) & ~lost_unpriced, pl.col("won_minor") / closed_minor).alias("win_rate_value"),
        guarded(pl.col("won_amount_count") > 0, pl.col("won_minor") / pl.col("won_amount_count") / minor).alias(
            "average_deal_size"
        ),
        (pl.col("won_median_minor") / minor).alias("median_deal_size"),
        pl.col("cycle_median").alias("sales_cycle_days"),
        guarded(
            (pl.col("margin_count") > 0) & (pl.col("margin_amount") != 0),
            (pl.col("margin_amount") - pl.col("margin_cost")) / pl.col("margin_amount"),
        ).alias("margin"),
        guarded(
            (pl.col("discount_count") > 0) & (pl.col("discount_list") != 0),
            1 - pl.col("discount_amount") / pl.col("discount_list"),
        ).alias("discount"),
        guarded(has_quota, pl.col("quota_minor") / minor).alias("quota"),
        guarded(has_quota, pl.col("quota_to_date_minor") / minor).alias("quota_to_date"),
        guarded(
            (year_minor > 0) & ~year_unpriced & (pl.col("year_won_minor") > 0), year_minor / pl.col("year_won_minor")
        ).alias("needed_coverage"),
        guarded(only("stages_or_activities"), pl.col("stalled_raw")).alias("stalled_count"),
        guarded(only("account_names"), pl.col("accounts_lost_raw")).alias("accounts_lost"),
        guarded(only("sessions"), pl.col("session_count_raw")).alias("session_count"),
        guarded(only("observations"), pl.col("observation_count_raw")).alias("observation_count"),
        guarded(only("hygiene_fields"), pl.col("judged_count")).fill_null(0).alias("hygiene_n"),
    )
    table = table.with_columns(
        share("won_count", "closed_count").alias("win_rate_count"),
        share("at_quota_count", "quota_rep_count").alias("at_quota_share"),
        share("slipped_count", "forecast_count").alias("slipped_share"),
        share("lost_competitor_count", "lost_reason_count").alias("competitor_loss_share"),
        share("tidy_count", "hygiene_n").alias("crm_hygiene"),
        guarded((pl.col("quota") > 0) & only("deals"), pl.col("won_amount").fill_null(0.0) / pl.col("quota")).alias(
            "quota_attainment"
        ),
        guarded(only("deals"), pl.col("quota") - pl.col("won_amount").fill_null(0.0)).alias("gap_to_quota"),
        guarded(only("deals"), pl.col("quota_to_date") - pl.col("won_amount").fill_null(0.0)).alias("gap_to_date"),
    )
    for key, hits, trials in (
        ("win_rate_count", "won_count", "closed_count"),
        ("at_quota_share", "at_quota_count", "quota_rep_count"),
        ("slipped_share", "slipped_count", "forecast_count"),
        ("competitor_loss_share", "lost_competitor_count", "lost_reason_count"),
        ("crm_hygiene", "tidy_count", "hygiene_n"),
    ):
        low, high = wilson_bounds(hits, trials)
        table = table.with_columns(low.alias(f"{key}_low"), high.alias(f"{key}_high"), pl.col(trials).alias(f"{key}_n"))
    remaining = pl.col("gap_to_quota")
    velocity = pl.col("open_amount_count") * pl.col("win_rate_count") * pl.col("average_deal_size")
    return table.with_columns(
        guarded((remaining > 0) & (pl.col("closing_count") > 0), pl.col("closing_minor") / minor / remaining).alias(
            "pipeline_coverage"
        ),
        guarded(
            (pl.col("sales_cycle_days") > 0) & (pl.col("open_amount_count") > 0), velocity / pl.col("sales_cycle_days")
        ).alias("sales_velocity"),
        *(pl.col(f"{name}_out").alias(name) for name in PLAIN_COUNTS),
    )


def stalled_deals(
    standing: pl.DataFrame,
    entries: pl.DataFrame,
    won: pl.DataFrame,
    activities: pl.DataFrame,
    at: dt.date,
) -> pl.DataFrame:
    """Which of the deals open at ``at`` are stalled: deal_id, days_in_stage, usual_days, idle_days, why.

    ``entries`` as frames.STAGE_ENTRIES; ``won`` = won deals closed by then (deal_id, closed_on); ``activities``:
    deal_id, happens_on, is_planned; an empty frame = none have been loaded, so silence says nothing. Longer in the
    stage of that day than 1.5 × the median days of won deals in it, or nothing done for 30 days and nothing planned.
    """
    current, usual = _time_in_stage(standing, entries, won, at)
    rows = (
        standing.select("deal_id", "since_on")
        .join(current, on="deal_id", how="left")
        .join(usual, on="stage", how="left")
    )
    if activities.is_empty():
        rows = rows.with_columns(pl.lit(None, pl.Int64).alias("idle_days"), pl.lit(False).alias("has_next"))
    else:
        done = (~pl.col("is_planned")) & (pl.col("happens_on") <= at)
        spans = activities.group_by("deal_id").agg(
            pl.col("happens_on").filter(done).max().alias("last_on"),
            (pl.col("is_planned") & (pl.col("happens_on") >= at)).any().alias("has_next"),
        )
        rows = rows.join(spans, on="deal_id", how="left").with_columns(
            (pl.lit(at) - pl.coalesce("last_on", "since_on")).dt.total_days().alias("idle_days"),
            pl.col("has_next").fill_null(False),
        )
    slow = (pl.col("days_in_stage") > STALLED_FACTOR * pl.col("usual_days")).fill_null(False)
    idle = ((pl.col("idle_days") >= STALLED_IDLE_DAYS) & ~pl.col("has_next")).fill_null(False)
    return rows.filter(slow | idle).select(
        "deal_id",
        "days_in_stage",
        "usual_days",
        "idle_days",
        pl.when(slow).then(pl.lit("stage")).otherwise(pl.lit("idle")).alias("why"),
    )


def _time_in_stage(
    standing: pl.DataFrame, entries: pl.DataFrame, won: pl.DataFrame, at: dt.date
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Stage and days in it per deal, as of ``at``, and the median days of won deals per stage."""
    ordered = entries.filter(pl.col("entered_on") <= at).sort("deal_id", "entered_at", maintain_order=True)
    # An export writes a row for every edit: only a change of stage starts a new stay.
    previous = pl.col("stage").shift(1).over("deal_id")
    stays = ordered.filter(previous.is_null() | (previous != pl.col("stage"))).with_columns(
        pl.col("entered_on").shift(-1).over("deal_id").alias("left_on")
    )
    present = (
        stays.group_by("deal_id", maintain_order=True)
        .last()
        # The stage that history dates, not the deal's own: that may have come later.
        .select("deal_id", "stage", (pl.lit(at) - pl.col("entered_on")).dt.total_days().alias("days_in_stage"))
    )
    finished = stays.join(won.select("deal_id", "closed_on"), on="deal_id", how="inner").with_columns(
        pl.coalesce("left_on", "closed_on").alias("left_on")
    )
    days = (pl.col("left_on") - pl.col("entered_on")).dt.total_days()
    usual = (
        finished.group_by("deal_id", "stage")
        .agg(days.sum().alias("days"))
        .filter(pl.col("days") >= 0)
        .group_by("stage")
        .agg(pl.col("days").median().alias("usual_days"))
    )
    return present, usual


def ramp_months(won: pl.DataFrame, quotas: pl.DataFrame, people: pl.DataFrame, until: dt.date) -> pl.DataFrame:
    """Months from the start to the first of two months in a row at 80 % of full quota: person_id, months.

    ``won``: owner_id, closed_on, amount; ``quotas`` as frames.QUOTAS; ``people``: person_id, started_on. People
    without a start date, without quotas or not there yet are left out. Months not yet over by ``until`` do not count.
    """
    starters = people.filter(pl.col("started_on").is_not_null()).select("person_id", "started_on")
    if starters.is_empty() or quotas.is_empty():
        return pl.DataFrame(schema={"person_id": pl.Int64, "months": pl.Float64})
    first = starters["started_on"].min()
    assert isinstance(first, dt.date)
    spans = []
    month = first.replace(day=1)
    while add_months(month, 1) - dt.timedelta(days=1) <= until:
        spans.append((month, add_months(month, 1) - dt.timedelta(days=1)))
        month = add_months(month, 1)
    months = pl.DataFrame(spans, schema={"span_start": pl.Date, "span_end": pl.Date}, orient="row")
    # Full quota: the days before joining are not taken off here.
    full = quotas.with_columns(pl.lit(None, pl.Date).alias("started_on"), pl.lit(None, pl.Date).alias("left_on"))
    targets = (
        prorated_quotas(full, months)
        .group_by("person_id", "span_start")
        .agg(pl.col("quota_minor").sum())
        .rename({"span_start": "month"})
    )
    sold = (
        won.with_columns(pl.col("closed_on").dt.month_start().alias("month"))
        .group_by(pl.col("owner_id").alias("person_id"), "month")
        .agg(pl.col("amount").sum())
    )
    reached = (
        targets.filter(pl.col("quota_minor") > 0)
        .join(sold, on=["person_id", "month"], how="left")
        .join(starters, on="person_id", how="inner")
        .filter(pl.col("month") >= pl.col("started_on").dt.month_start())
        .with_columns((pl.col("amount").fill_null(0) >= RAMPED_SHARE * pl.col("quota_minor")).alias("there"))
        .sort("person_id", "month")
    )
    following = pl.col("month").shift(-1).over("person_id") == pl.col("month").dt.offset_by("1mo")
    both = pl.col("there") & pl.col("there").shift(-1).over("person_id") & following
    begun = (pl.col("month").dt.year() * 12 + pl.col("month").dt.month()).cast(pl.Int64)
    start = (pl.col("started_on").dt.year() * 12 + pl.col("started_on").dt.month()).cast(pl.Int64)
    return (
        reached.filter(both.fill_null(False))
        .group_by("person_id", maintain_order=True)
        .first()
        .select("person_id", (begun - start).cast(pl.Float64).alias("months"))
    )


def defected_accounts(closed: pl.DataFrame, open_accounts: pl.DataFrame, at: dt.date) -> pl.DataFrame:
    """Accounts with an earlier win that are lost by ``at``: account_id, owner_id, last_won_on, last_won_amount,
    lost_on, competitor, why ("competitor" or "quiet").

    ``closed`` as frames.CLOSED_DEALS up to ``at``; ``open_accounts``: account_id of deals open then. Lost = the latest
    closed deal went to a named competitor, or no deal is open and none was won or still open within 180 days.
    """
    rows = closed.filter(pl.col("account_id").is_not_null() & (pl.col("closed_on") <= at))
    ordered = rows.sort("account_id", "closed_on", "deal_id")
    won = pl.col("status") == "won"
    per_account = ordered.group_by("account_id", maintain_order=True).agg(
        pl.col("closed_on").filter(won).last().alias("last_won_on"),
        pl.col("amount").filter(won).last().alias("last_won_amount"),
        pl.col("owner_id").filter(won).last().alias("owner_id"),
        pl.col("closed_on").last().alias("lost_on"),
        pl.col("status").last().alias("last_status"),
        pl.col("competitor").last().alias("competitor"),
    )
    customers = per_account.filter(pl.col("last_won_on").is_not_null()).join(
        open_accounts.select("account_id").unique().with_columns(pl.lit(True).alias("has_open")),
        on="account_id",
        how="left",
    )
    to_competitor = (pl.col("last_status") == "lost") & pl.col("competitor").is_not_null()
    silent = (pl.lit(at) - pl.col("lost_on")).dt.total_days() >= DEFECTED_DAYS
    quiet = pl.col("has_open").is_null() & silent
    return (
        customers.filter(to_competitor | quiet)
        .with_columns(pl.when(to_competitor).then(pl.lit("competitor")).otherwise(pl.lit("quiet")).alias("why"))
        .select("account_id", "owner_id", "last_won_on", "last_won_amount", "lost_on", "competitor", "why")
        .sort("account_id")
    )


def known_keys(keys: Iterable[str]) -> list[str]:
    """``keys`` in order without repeats. Raises KeyError for one that the registry does not hold."""
    return [metric(key).key for key in dict.fromkeys(keys)]
