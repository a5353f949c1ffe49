"""The days, months and CRM snapshots that the demo company's story runs over. Holds no random number and no query.

Days are whole numbers since 1970-01-01 here, because the simulation computes with whole columns of them.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from coaching.periods import add_months

Days = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]

NEVER = 10**6
"""A day that never comes: no handover, not closed, has not left."""
WARM_UP_MONTHS = 6
"""Months simulated before the first one shown, so that the company starts with a full pipeline."""
MONTHS_AHEAD = 12
"""Month starts known past today: deals still open are planned to close there."""
WEEKLY_SNAPSHOTS = 12
EPOCH = dt.date(1970, 1, 1)


def day_number(day: dt.date) -> int:
    """Days since 1970-01-01."""
    return (day - EPOCH).days


def day_of(number: int) -> dt.date:
    """The date of a day number."""
    return EPOCH + dt.timedelta(days=int(number))


def on_weekday(days: Days) -> Days:
    """Saturdays and Sundays moved back to Friday."""
    return days - np.maximum((days + 3) % 7 - 4, 0)


def date_column(days: Any) -> pl.Series:
    """Day numbers as dates; NEVER and negative numbers are null."""
    numbers = np.asarray(days, dtype=np.int64)
    known = (numbers >= 0) & (numbers < NEVER)
    return pl.Series(np.where(known, numbers, 0).astype(np.int32)).cast(pl.Date).set(pl.Series(~known), None)


def instant_column(days: Any, minutes: Any) -> pl.Series:
    """Day numbers and minutes of the day as UTC instants; null where the day is NEVER or negative."""
    numbers = np.asarray(days, dtype=np.int64)
    known = (numbers >= 0) & (numbers < NEVER)
    microseconds = (np.where(known, numbers, 0) * 1440 + np.asarray(minutes, dtype=np.int64)) * 60_000_000
    return pl.Series(microseconds).cast(pl.Datetime("us", "UTC")).set(pl.Series(~known), None)


def reference_column(ids: Any) -> pl.Series:
    """Row numbers; 0 and less are null."""
    numbers = np.asarray(ids, dtype=np.int64)
    return pl.Series(numbers).set(pl.Series(numbers <= 0), None)


@dataclass(frozen=True)
class Timeline:
    """When the demo company's months begin and when its CRM was exported."""

    today: int
    """The day of the last export; what happened before it is known, what happens from it on is still to come."""
    starts: Days
    """First days of the months: the warm-up, the months shown, the current one and some ahead."""
    shown: int
    """Index of the first month shown."""
    current: int
    """Index of the month that holds today."""
    snapshots: Days
    """Days of the exports, ascending; the last one is today."""

    @classmethod
    def ending(cls, today: dt.date, months: int) -> Timeline:
        """The timeline of a company that shows ``months`` full months and the current one up to ``today``.

        The first export lies in the middle: what came before is rebuilt from it, what came after is known as it was.
        """
        month = today.replace(day=1)
        first = add_months(month, -months - WARM_UP_MONTHS)
        count = WARM_UP_MONTHS + months + 1 + MONTHS_AHEAD
        starts = np.array([day_number(add_months(first, index)) for index in range(count)], dtype=np.int64)
        last = day_number(today)
        weekly = [last - 7 * back for back in range(WEEKLY_SNAPSHOTS)]
        base = day_number(add_months(month, -max(months // 2, 1)))
        monthly = [int(start) for start in starts if base <= start < min(weekly)]
        snapshots = np.array(sorted({base, *monthly, *(day for day in weekly if day > base)}), dtype=np.int64)
        current = WARM_UP_MONTHS + months
        return cls(last, starts, WARM_UP_MONTHS, current, snapshots)

    @property
    def base(self) -> int:
        """Day of the first export."""
        return int(self.snapshots[0])

    @property
    def first_day(self) -> int:
        """First day shown."""
        return int(self.starts[self.shown])

    def month_of(self, days: Days) -> Days:
        """Index of the month that holds each day."""
        return np.searchsorted(self.starts, days, side="right") - 1

    def calendar_month(self, index: int) -> int:
        """1..12 of the month at an index."""
        return day_of(int(self.starts[index])).month

    def first_export_after(self, days: Days) -> Days:
        """Index of the first export that holds what happened on each day: exports run before a day's work begins."""
        return np.searchsorted(self.snapshots, days, side="right")

    def first_export_from(self, days: Days) -> Days:
        """Index of the first export on each day or later."""
        return np.searchsorted(self.snapshots, days, side="left")

    def quarter_starts(self) -> list[int]:
        """First days of the calendar quarters from the one of the first month shown to the current one."""
        first = day_of(self.first_day)
        quarter = add_months(first.replace(day=1), -((first.month - 1) % 3))
        found = []
        while day_number(quarter) <= self.today:
            found.append(day_number(quarter))
            quarter = add_months(quarter, 3)
        return found
