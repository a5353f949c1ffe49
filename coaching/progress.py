"""One rep over time: which metrics the page offers, over which span, and the frames its figure and tables draw."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl

from coaching import numbers
from coaching.metrics import Metric, metric
from coaching.periods import Calendar, Every, Period, add_months

MONTHS_SHOWN = 18
QUARTERS_SHOWN = 8

CHART_KEYS = {
    "quota_attainment": "month",
    "open_pipeline": "month",
    "pipeline_generated": "month",
    "win_rate_count": "quarter",
    "average_deal_size": "quarter",
    "margin": "quarter",
    "sales_cycle_days": "quarter",
}
"""What can be followed over time, and the step it starts with: rates of few deals say nothing month by month."""
DEFAULT_KEY = "quota_attainment"
KEY_WITHOUT_QUOTA = "win_rate_count"
STEPS: dict[Every, str] = {"month": "By month", "quarter": "By quarter"}

TILE_KEYS = [
    "quota_attainment",
    "open_pipeline",
    "pipeline_coverage",
    "pipeline_generated",
    "win_rate_count",
    "average_deal_size",
    "margin",
    "sales_cycle_days",
]
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
    "days_since_last_session",
    "days_since_last_observation",
    "accounts_lost",
    "stalled_count",
]

KINDS = {"stalled": "Stalled", "slipped": "Slipped", "lost_to_competitor": "Lost to a competitor"}
"""Why a deal is listed, in two words."""


def window(as_of: dt.date, every: Every, calendar: Calendar) -> Period:
    """The span of the figure: whole months or fiscal quarters, the one of the as-of date the last."""
    end = calendar.period_end(as_of, every)
    start = calendar.period_start(as_of, every)
    back = MONTHS_SHOWN - 1 if every == "month" else 3 * (QUARTERS_SHOWN - 1)
    return Period(add_months(start, -back), end)


def line(values: pl.DataFrame, key: str, every: Every, calendar: Calendar, started_on: dt.date | None) -> pl.DataFrame:
    """A metric per period for the figure: period_start, period_end, value and, for a counted share, low, high, n.

    Periods before the first value are left out, and those that ended before the rep started: they would only push the
    others together.
    """
    ends = [calendar.period_end(start, every) for start in values["period_start"]]
    parts = [pl.col(f"{key}_{part}").alias(part) for part in ("low", "high", "n") if f"{key}_{part}" in values.columns]
    rows = values.select(
        "period_start", pl.Series("period_end", ends, dtype=pl.Date), pl.col(key).alias("value"), *parts
    ).sort("period_start")
    known = rows.filter(pl.col("value").is_not_null())
    if known.is_empty():
        return rows
    rows = rows.filter(pl.col("period_start") >= known["period_start"][0])
    if started_on is None:
        return rows
    return rows.filter((pl.col("period_end") >= started_on) | pl.col("value").is_not_null())


def line_sentence(
    rows: pl.DataFrame, peers: pl.DataFrame, key: str, currency: str, every: Every, as_of: dt.date
) -> str:
    """The figure's title: the last whole period (a stock: now), beside the peers' median or else the first value."""
    entry = metric(key)
    known = rows.filter(pl.col("value").is_not_null() & (pl.col("period_start") <= as_of))
    if known.is_empty():
        return f"{entry.label}: no data yet"
    whole = known if entry.is_stock else known.filter(pl.col("period_end") <= as_of)
    last = (whole if whole.height else known).row(-1, named=True)
    now = numbers.value(last["value"], entry.unit, currency, last.get("n"))
    start = f"{entry.label} {_when(last, entry, every, as_of).format(now)}"
    beside = peers.filter((pl.col("period_start") == last["period_start"]) & pl.col("median").is_not_null())
    if beside.height:
        return f"{start}; the median of like-for-like peers {numbers.value(beside['median'][0], entry.unit, currency)}"
    first = known.row(0, named=True)
    if first["period_start"] == last["period_start"]:
        return start
    return f"{start}, {numbers.value(first['value'], entry.unit, currency)} in {_named(first['period_start'], every)}"


def _when(row: dict[str, Any], entry: Metric, every: Every, as_of: dt.date) -> str:
    if row["period_end"] > as_of:
        return "is {} now" if entry.is_stock else f"is {{}} this {every} so far"
    return f"was {{}} in {_named(row['period_start'], every)}"


def _named(start: dt.date, every: Every) -> str:
    return numbers.month(start) if every == "month" else f"the quarter from {numbers.month(start)}"


def reference(key: str) -> tuple[float, str] | None:
    """The level a metric is held against, with its name."""
    return (1.0, "quota") if key == "quota_attainment" else None


def header_words(card: dict[str, Any], as_of: dt.date) -> list[str]:
    """What stands below a rep's name; parts that are not known are left out."""
    words = [str(card["role"]).capitalize()]
    if card["left_on"] is not None and card["left_on"] < as_of:
        words.append(f"left on {numbers.day(card['left_on'])}")
    elif card["started_on"] is not None:
        words.append(f"here for {numbers.tenure(card['started_on'], as_of)}, since {numbers.day(card['started_on'])}")
    if card["team_name"]:
        words.append(f"team {numbers.plain_name(card['team_name'])}")
    if card["manager_name"]:
        words.append(f"reports to {numbers.plain_name(card['manager_name'])}")
    return words


def coaching_words(values: dict[str, Any]) -> str:
    """When the rep was last coached and observed."""
    session, seen = values.get("days_since_last_session"), values.get("days_since_last_observation")
    last = "No session recorded yet" if session is None else f"Last session {_days_ago(session)}"
    observed = "not observed yet" if seen is None else f"last observed {_days_ago(seen)}"
    return f"{last}, {observed}."


def _days_ago(days: float) -> str:
    return {0: "today", 1: "yesterday"}.get(round(days), f"{numbers.days(days)} ago")


def deal_rows(deals: pl.DataFrame, minor_digits: int) -> pl.DataFrame:
    """Deals to look at for a table: reason, deal, account, amount (major units), expected_close_on."""
    return deals.select(
        _clean("reason", 200),
        pl.coalesce(_clean("name"), _clean("external_id")).alias("deal"),
        _clean("account_name").alias("account"),
        (pl.col("amount") / 10**minor_digits).alias("amount"),
        "expected_close_on",
    )


def deals_sentence(deals: pl.DataFrame) -> str:
    """How many of which kind: 3 deals to look at: 2 stalled, 1 slipped."""
    parts = []
    for kind, words in KINDS.items():
        found = deals.filter(pl.col("kind") == kind).height
        if found:
            parts.append(f"{numbers.count(found)} {words.lower()}")
    return f"{numbers.plural(deals.height, 'deal')} to look at: {', '.join(parts)}"


def account_rows(accounts: pl.DataFrame, minor_digits: int) -> pl.DataFrame:
    """Customers defecting for a table: account, reason, last_won_on, last_won_amount (major units)."""
    return accounts.select(
        _clean("account_name").fill_null("an account without a name").alias("account"),
        _clean("reason", 200),
        "last_won_on",
        (pl.col("last_won_amount") / 10**minor_digits).alias("last_won_amount"),
    )


def _clean(column: str, longest: int = 80) -> pl.Expr:
    return pl.col(column).map_elements(lambda text: numbers.plain_name(text, longest), return_dtype=pl.String)


def band_words(peers: pl.DataFrame) -> str:
    """What the band stands for, or why there is none."""
    counts = peers.filter(pl.col("median").is_not_null())["n"].to_list()
    if not counts:
        return "No band: fewer than five colleagues of the same role, segment and tenure have this figure."
    people = numbers.plural(max(counts), "colleague")
    return f"Band: median to top quartile of up to {people} of the same role, segment and tenure, not a ranking."


def events_words(events: pl.DataFrame) -> str:
    """How much coaching is marked below the line."""
    if events.is_empty():
        return "No coaching session and no observation is recorded in this span."
    parts = [
        numbers.plural(found, kind)
        for kind in ("session", "observation")
        if (found := events.filter(pl.col("kind") == kind).height)
    ]
    return f"Marked below: {' and '.join(parts)}."


def no_deals_words(values: dict[str, Any]) -> str:
    """Why no deal is listed: none needs a look, or what would tell has not been loaded."""
    late = "No open deal is past its close date, and none was lost to a competitor in the last 90 days."
    if values.get("stalled_count") is None:
        missing = metric("stalled_count").no_data
        return f"{late} Whether deals are stalled cannot be told: {missing[0].lower()}{missing[1:]}."
    return f"No open deal is stalled. {late}"


def no_accounts_words(values: dict[str, Any]) -> str:
    """Why no customer is listed: none is lost, or the deals name no accounts."""
    if values.get("accounts_lost") is None:
        missing = metric("accounts_lost").no_data
        return f"No data: {missing[0].lower()}{missing[1:]}."
    return "No earlier customer went to a competitor or fell silent for 180 days."


def table_rows(rows: pl.DataFrame, peers: pl.DataFrame, key: str, currency: str) -> pl.DataFrame:
    """The figure as text: period, value, interval, n, peers' median and top quartile."""
    entry = metric(key)
    joined = rows.join(
        peers.select("period_start", "median", "top_quartile"), on="period_start", how="left", maintain_order="left"
    )
    return pl.DataFrame(
        [
            {
                "period": numbers.span(row["period_start"], row["period_end"]),
                "value": numbers.value(row["value"], entry.unit, currency, row.get("n")),
                "interval": numbers.interval(row.get("low"), row.get("high")),
                "n": numbers.count(row.get("n")) if row.get("n") is not None else "",
                "median": numbers.value(row["median"], entry.unit, currency),
                "top_quartile": numbers.value(row["top_quartile"], entry.unit, currency),
            }
            for row in joined.iter_rows(named=True)
        ],
        schema=dict.fromkeys(("period", "value", "interval", "n", "median", "top_quartile"), pl.String),
    )
