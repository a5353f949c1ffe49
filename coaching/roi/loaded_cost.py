"""The cost of a programme where hours are counted and costs are entered as well: nothing twice, nothing for free."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import polars as pl

from coaching.periods import Calendar, Period, add_months
from coaching.roi.programme_cost import AMORTISED_DAYS, BREAKDOWN, of_hours, of_lines

HOUR_KINDS = ("coach hours", "preparation", "rep hours")
EVALUATION = "evaluation"
FIRST_YEAR_MONTHS = 12
"""Benefits are counted for these months of each rep, and so are hours (Phillips' rule 9)."""
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
    later: float = 0.0
    """What was spent and is not charged, because its benefit is not counted either (see ``loaded_cost``)."""
    later_hours: float = 0.0
    """Hours of coaches in it."""


def loaded_cost(
    times: pl.DataFrame,
    rates: pl.DataFrame,
    lines: pl.DataFrame,
    first: dt.date,
    last: dt.date,
    *,
    first_year: pl.DataFrame | None = None,
    charged_until: dt.date | None = None,
) -> LoadedCost:
    """``times``: TIMES, ``rates``: RATES, ``lines``: LINES; days from ``first`` to ``last``.

    Per month and kind of hours: hours counted from sessions win where each of them has a rate; otherwise what was
    entered for that kind in the month; otherwise the cost is not known. Other kinds are what was entered.

    Benefits are counted for a rep's first twelve months, so hours are too. ``first_year``: the part of ``times`` that
    falls into them (None = all). What cannot be told apart by rep is charged in full until ``charged_until``, the last
    day on which anybody is in their first year (None = ``last``), and evaluation to the end: it is of this result. An
    amount entered for hours is such a cost: it pays for all hours of its kind and month, and they stand beside it.
    """
    year = times if first_year is None else first_year
    until = last if charged_until is None else charged_until
    every, own = _by_month(times, first, last), _by_month(year, first, last)
    rows: list[tuple[dt.date, str, float | None, float | None, str]] = []
    left_out = later = later_hours = 0.0
    # One kind of cost over many months is read once: only lines that touch a month are spread in it.
    for part in Period(first, last).split("month", Calendar()) if first <= last else ():
        month = part.start.replace(day=1)
        counted = _hours(every.get(month, times.clear()), rates)
        charged = counted if first_year is None else _hours(own.get(month, times.clear()), rates)
        touching = lines.filter(_reaches(part.start, part.end))
        entered = {kind: amount for kind, _, amount in of_lines(touching, part.start, part.end).iter_rows()}
        for kind in HOUR_KINDS:
            (hours, amount), (hours_charged, amount_charged) = counted[kind], charged[kind]
            said = entered.pop(kind, None)
            is_entered = not (hours and amount is not None) and said is not None and part.start <= until
            if kind != "rep hours" and not is_entered:
                later_hours += hours - hours_charged
            if hours and amount is not None:
                if hours_charged:
                    rows.append((month, kind, hours_charged, amount_charged, COUNTED))
                later += amount - (amount_charged or 0.0)
                left_out += said or 0.0
            elif is_entered:
                rows.append((month, kind, hours or None, said, ENTERED))
            elif hours_charged:
                rows.append(
                    (month, kind, hours_charged, amount_charged, UNKNOWN if amount_charged is None else COUNTED)
                )
            else:
                later += said or 0.0
        for kind, amount in entered.items():
            if part.start <= until or kind == EVALUATION:
                rows.append((month, kind, None, amount, ENTERED))
            else:
                later += amount
    monthly = pl.DataFrame(rows, schema=MONTHLY, orient="row")
    breakdown = _by_kind(monthly)
    note = _note(monthly)
    total = None if note else float(breakdown["amount"].sum())
    return LoadedCost(first, last, monthly, breakdown, total, note, left_out, later, later_hours)


def _by_month(times: pl.DataFrame, first: dt.date, last: dt.date) -> dict[object, pl.DataFrame]:
    inside = times.filter(pl.col("held_on").is_between(first, last))
    return {key[0]: part for key, part in inside.group_by(pl.col("held_on").dt.month_start(), maintain_order=True)}


def _hours(times: pl.DataFrame, rates: pl.DataFrame) -> dict[str, tuple[float, float | None]]:
    """By kind of hours: how many, and what they cost (None = one of them has no rate)."""
    if times.is_empty():
        return dict.fromkeys(HOUR_KINDS, (0.0, 0.0))
    return {kind: (hours, amount) for kind, hours, amount in of_hours(times, rates).iter_rows()}


def charged_until(starts: pl.Series, last: dt.date) -> dt.date:
    """The last day, ``last`` at most, on which somebody who had started by then is in their first twelve months.

    ``starts``: first days. ``last`` where nobody had started.
    """
    begun = starts.filter(starts <= last)
    latest = begun.max()
    if not isinstance(latest, dt.date):
        return last
    return min(last, add_months(latest.replace(day=1), FIRST_YEAR_MONTHS) - dt.timedelta(days=1))


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
