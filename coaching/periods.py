"""Days, weeks, fiscal quarters and atoms. Time is a parameter here: nothing in this module asks the clock."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

Every = str
"""``week``, ``month`` or ``quarter``."""


@dataclass(frozen=True)
class Calendar:
    """The company's own calendar, from its settings."""

    time_zone: str = "UTC"
    week_starts_on: int = 0
    """0 = Monday .. 6 = Sunday."""
    fiscal_year_starts_in: int = 1
    """Month 1..12."""

    def week_start(self, day: dt.date) -> dt.date:
        """First day of the week that holds ``day``."""
        return day - dt.timedelta(days=(day.weekday() - self.week_starts_on) % 7)

    def atom_start(self, day: dt.date) -> dt.date:
        """First day of the atom (week within a month) that holds ``day``; atoms nest into weeks and into months."""
        return max(self.week_start(day), day.replace(day=1))

    def next_atom(self, day: dt.date) -> dt.date:
        """First day of the atom after the one that holds ``day``."""
        week_after = self.week_start(day) + dt.timedelta(days=7)
        return min(week_after, add_months(day.replace(day=1), 1))

    def quarter_start(self, day: dt.date) -> dt.date:
        """First day of the fiscal quarter that holds ``day``."""
        months_in = (day.month - self.fiscal_year_starts_in) % 3
        return add_months(day.replace(day=1), -months_in)

    def year_start(self, day: dt.date) -> dt.date:
        """First day of the fiscal year that holds ``day``."""
        return add_months(day.replace(day=1), -((day.month - self.fiscal_year_starts_in) % 12))

    def fiscal_year(self, year: int) -> Period:
        """The fiscal year that is called ``year``: named by the calendar year it ends in.

        One that starts in January is that calendar year. Raises ValueError for a year that dates cannot hold.
        """
        first = dt.date(year, self.fiscal_year_starts_in, 1)
        start = first if self.fiscal_year_starts_in == 1 else add_months(first, -12)
        return Period(start, add_months(start, 12) - dt.timedelta(days=1))

    def period_start(self, day: dt.date, every: Every) -> dt.date:
        """First day of the week, month or fiscal quarter that holds ``day``. Raises ValueError for another word."""
        if every == "week":
            return self.week_start(day)
        if every == "month":
            return day.replace(day=1)
        if every == "quarter":
            return self.quarter_start(day)
        raise ValueError(f"'{every}' is none of week, month, quarter")

    def period_end(self, day: dt.date, every: Every) -> dt.date:
        """Last day of the week, month or fiscal quarter that holds ``day``."""
        start = self.period_start(day, every)
        if every == "week":
            return start + dt.timedelta(days=6)
        return add_months(start, 1 if every == "month" else 3) - dt.timedelta(days=1)

    def atom_expression(self, column: str) -> pl.Expr:
        """``atom_start`` for a whole column of dates; null stays null."""
        date = pl.col(column)
        back = (date.dt.weekday().cast(pl.Int32) - 1 - self.week_starts_on) % 7
        week = date.cast(pl.Int32) - back
        month = date.dt.month_start().cast(pl.Int32)
        return pl.max_horizontal(week, month).cast(pl.Date)


def add_months(day: dt.date, months: int) -> dt.date:
    """``day`` moved by whole months; the 31st becomes the last day of a shorter month."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


@dataclass(frozen=True)
class Period:
    """A span of days, both ends included. Raises ValueError where it ends before it starts."""

    start: dt.date
    end: dt.date

    def __post_init__(self) -> None:
        """Refuse a period that ends before it starts."""
        if self.end < self.start:
            raise ValueError(f"the period ends on {self.end}, before it starts on {self.start}")

    def split(self, every: Every, calendar_: Calendar) -> Iterator[Period]:
        """The weeks, months or fiscal quarters that the period touches, cut to the period."""
        start = self.start
        while start <= self.end:
            end = min(calendar_.period_end(start, every), self.end)
            yield Period(start, end)
            start = end + dt.timedelta(days=1)

    def previous(self) -> Period:
        """The same number of days right before; for whole months the same number of whole months."""
        if self.start.day == 1 and (self.end + dt.timedelta(days=1)).day == 1:
            months = (self.end.year - self.start.year) * 12 + self.end.month - self.start.month + 1
            return Period(add_months(self.start, -months), self.start - dt.timedelta(days=1))
        days = (self.end - self.start).days + 1
        return Period(self.start - dt.timedelta(days=days), self.start - dt.timedelta(days=1))

    def without_atoms(self, calendar_: Calendar) -> tuple[Period | None, list[Period]]:
        """The whole atoms inside the period as one span (None where there are none), and the days left over."""
        one_day = dt.timedelta(days=1)
        first = calendar_.atom_start(self.start)
        while first < self.start:
            first = calendar_.next_atom(first)
        after = calendar_.atom_start(self.end + one_day)
        if after <= first:
            return None, [self]
        rest = []
        if self.start < first:
            rest.append(Period(self.start, first - one_day))
        if after <= self.end:
            rest.append(Period(after, self.end))
        return Period(first, after - one_day), rest


NAMED_PERIODS = {
    "this_quarter": "This quarter",
    "last_quarter": "Last quarter",
    "this_month": "This month",
    "last_month": "Last month",
    "last_90_days": "Last 90 days",
    "this_year": "This fiscal year",
    "last_year": "Last fiscal year",
}


def named_period(key: str, on: dt.date, calendar_: Calendar) -> Period:
    """The period that ``key`` means on a day. Raises KeyError for an unknown key."""
    quarter, year, month = calendar_.quarter_start(on), calendar_.year_start(on), on.replace(day=1)
    one_day = dt.timedelta(days=1)
    spans = {
        "this_quarter": (quarter, add_months(quarter, 3) - one_day),
        "last_quarter": (add_months(quarter, -3), quarter - one_day),
        "this_month": (month, add_months(month, 1) - one_day),
        "last_month": (add_months(month, -1), month - one_day),
        "last_90_days": (on - dt.timedelta(days=89), on),
        "this_year": (year, add_months(year, 12) - one_day),
        "last_year": (add_months(year, -12), year - one_day),
    }
    return Period(*spans[key])
