"""The cost of a programme where hours are counted and costs are entered as well: nothing twice, nothing for free."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import polars as pl

from coaching.periods import Calendar, Period
from coaching.roi.programme_cost import AMORTISED_DAYS, BREAKDOWN, of_hours, of_lines

HOUR_KINDS = ("coach hours", "preparation", "rep hours")
MONTHLY = {"month": pl.Date, **BREAKDOWN, "source": pl.String}
COUNTED, ENTERED, UNKNOWN = "counted", "entered", "unknown"
NO_COST = "No cost is known yet: enter costs, or say what an hour of a coach and of a rep costs."


@dataclass(frozen=True)
class LoadedCost:
    """What the programme cost in a span of days, in the unit of the rates and lines."""

    first: dt.date
    last: dt.date
    monthly: pl.DataFrame
    """MONTHLY: by month and kind; source: counted from hours, entered, or unknown (amount null)."""
    breakdown: pl.DataFrame
    """BREAKDOWN by kind."""
    total: float | None
    """None where any part of it is not known: a cost without a rate is no cost of 0."""
    note: str
    """Why there is no total; empty where there is one."""
    left_out: float
    """What was entered for hours that are counted from sessions already."""


def loaded_cost(
    times: pl.DataFrame, rates: pl.DataFrame, lines: pl.DataFrame, first: dt.date, last: dt.date
) -> LoadedCost:
    """``times``: TIMES, ``rates``: RATES, ``lines``: LINES; days from ``first`` to ``last``.

    Per month and kind of hours: hours counted from sessions win where each of them has a rate; otherwise what was
    entered for that kind in the month; otherwise the cost is not known. Other kinds are what was entered.
    """
    rows: list[tuple[dt.date, str, float | None, float | None, str]] = []
    left_out = 0.0
    inside = times.filter(pl.col("held_on").is_between(first, last))
    by_month = {key[0]: part for key, part in inside.group_by(pl.col("held_on").dt.month_start())}
    # One kind of cost over many months is read once: only lines that touch a month are spread in it.
    for part in Period(first, last).split("month", Calendar()) if first <= last else ():
        month = part.start.replace(day=1)
        counted = {
            kind: (hours, amount)
            for kind, hours, amount in of_hours(by_month.get(month, inside.clear()), rates).iter_rows()
        }
        touching = lines.filter(_reaches(part.start, part.end))
        entered = {kind: amount for kind, _, amount in of_lines(touching, part.start, part.end).iter_rows()}
        for kind in HOUR_KINDS:
            hours, amount = counted[kind]
            said = entered.pop(kind, None)
            if hours and amount is not None:
                rows.append((month, kind, hours, amount, COUNTED))
                left_out += said or 0.0
            elif said is not None:
                rows.append((month, kind, hours or None, said, ENTERED))
            elif hours:
                rows.append((month, kind, hours, None, UNKNOWN))
        rows += [(month, kind, None, amount, ENTERED) for kind, amount in entered.items()]
    monthly = pl.DataFrame(rows, schema=MONTHLY, orient="row")
    breakdown = _by_kind(monthly)
    note = _note(monthly)
    total = None if note else float(breakdown["amount"].sum())
    return LoadedCost(first, last, monthly, breakdown, total, note, left_out)


def _reaches(start: dt.date, end: dt.date) -> pl.Expr:
    longer = pl.when(pl.col("kind") == "training").then(AMORTISED_DAYS).otherwise(0)
    until = pl.max_horizontal("ends_on", pl.col("starts_on") + pl.duration(days=longer))
    return (pl.col("starts_on") <= end) & (until >= start)


def _by_kind(monthly: pl.DataFrame) -> pl.DataFrame:
    """BREAKDOWN of all months; the amount of a kind is null where a month of it is not known."""
    summed = monthly.group_by("kind", maintain_order=True).agg(
        pl.when(pl.col("hours").count() > 0).then(pl.col("hours").sum()).alias("hours"),
        pl.when(pl.col("amount").null_count() == 0).then(pl.col("amount").sum()).alias("amount"),
    )
    return summed.select(list(BREAKDOWN)).sort("kind")


def _note(monthly: pl.DataFrame) -> str:
    if monthly.is_empty():
        return NO_COST
    unknown = monthly.filter(pl.col("source") == UNKNOWN)["kind"].unique().sort().to_list()
    if not unknown:
        return ""
    return (
        f"The cost of {', '.join(unknown)} is not known in some months: say what an hour costs, or enter those costs."
        " Hours without a rate are not free."
    )
