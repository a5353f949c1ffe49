"""When the next one-on-one could be: the planned day, else when the two usually meet, else the next working morning.

A proposal and no more: whoever puts it into a calendar says the day and the time. Knows no clock and no database.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass

import polars as pl

from coaching.calendar_file import FIRST_START, WORKING_DAYS
from coaching.sessions import ONE_ON_ONE

LOOKED_AT = 8
"""So many of the last one-on-ones say when the two meet."""
FEWEST = 2
"""Fewer meetings on one weekday are no habit of that weekday, and neither are half of them or fewer."""
STEP_MINUTES = 15
MIDNIGHT = dt.time(0)
"""What stands there where a file held a day and no time."""
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True)
class Usual:
    """When somebody's one-on-ones usually are, where the company is."""

    weekday: int | None
    """0 = Monday; None = no weekday comes again."""
    at: dt.time
    count: int
    """Of the ``total`` last meetings so many were on that weekday."""
    total: int


@dataclass(frozen=True)
class Proposal:
    """A day and a time for the next one-on-one, and where they come from in a sentence."""

    on: dt.date
    at: dt.time
    why: str


def usual_time(sessions: pl.DataFrame, rep_id: int, zone: dt.tzinfo) -> Usual | None:
    """When the last one-on-ones of a rep were held; None without one whose time is known.

    ``sessions``: frames.SESSION_RECORDS. Those with the own manager count, where there are any.
    """
    held = sessions.filter(
        (pl.col("rep_id") == rep_id)
        & (pl.col("status") == "held")
        & pl.col("kind").is_in(ONE_ON_ONE)
        & pl.col("held_at").is_not_null()
    ).sort("held_at", "session_id", descending=True)
    own = held.filter(pl.col("kind") == "own_manager")
    moments = [moment.astimezone(zone) for moment in (own if own.height else held)["held_at"]]
    moments = [moment for moment in moments if moment.time() != MIDNIGHT][:LOOKED_AT]
    if not moments:
        return None
    # Counter keeps the order of first sight, so of equally many the latest decides.
    weekday, times = Counter(moment.weekday() for moment in moments).most_common(1)[0]
    is_habit = times >= FEWEST and 2 * times > len(moments) and weekday < WORKING_DAYS
    told = [moment for moment in moments if moment.weekday() == weekday] if is_habit else moments
    at, _ = Counter(_rounded(moment) for moment in told).most_common(1)[0]
    return Usual(weekday if is_habit else None, at, times, len(moments))


def _rounded(moment: dt.datetime) -> dt.time:
    return dt.time(moment.hour, moment.minute // STEP_MINUTES * STEP_MINUTES)


def proposed(usual: Usual | None, planned_on: dt.date | None, today: dt.date) -> Proposal:
    """A day after ``today`` and a time. ``planned_on``: the next planned one-on-one."""
    at = usual.at if usual else FIRST_START
    hour = f"{at:%H:%M}"
    if planned_on is not None and planned_on > today:
        habit = f"the last one-on-ones were mostly at {hour}" if usual else f"no time is on record, so {hour}"
        return Proposal(planned_on, at, f"Planned for that day; {habit}.")
    tomorrow = today + dt.timedelta(days=1)
    if usual is not None and usual.weekday is not None:
        on = tomorrow + dt.timedelta(days=(usual.weekday - tomorrow.weekday()) % 7)
        often = f"{usual.count} of the last {usual.total} one-on-ones were on a {WEEKDAYS[usual.weekday]}"
        return Proposal(on, at, f"Nothing is planned; {often}, mostly at {hour}.")
    on = next(day for day in (tomorrow + dt.timedelta(days=n) for n in range(7)) if day.weekday() < WORKING_DAYS)
    if usual is not None:
        return Proposal(on, at, f"Nothing is planned; the last one-on-ones were mostly at {hour}.")
    return Proposal(on, at, f"Nothing is planned and no time is on record: the next working day at {hour}.")
