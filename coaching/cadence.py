"""The cadence of coaching: which one-on-ones were to be expected, which were held. Knows no clock and no database."""

from __future__ import annotations

import datetime as dt
import heapq
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from coaching import frames
from coaching.people import Role

LONGEST_EVERY_DAYS = 366
LONGEST_ABSENCE_DAYS = 3 * 366
EARLIEST_YEAR, LATEST_YEAR = 1990, 2100
LONGEST_WORDS = 200
COACHED_ROLES = (Role.REP, Role.MANAGER, Role.LEADER)
ONE_ON_ONES = ("own_manager", "other_coach")
"""Kinds of session that meet a slot; group and peer sessions are counted apart."""
FURTHER_DAYS = 60
"""How far past the as-of date slots are looked at for the next one that is due, absences skipped."""
WORKING_DAYS_A_WEEK = 5
SINCE_EVER = dt.date(1, 1, 1)

Days = npt.NDArray[np.int64]
"""Days since 1970-01-01."""


@dataclass(frozen=True)
class Cadence:
    """How often a role is to be coached, and from when on that is late. Raises ValueError for what is no cadence."""

    every_days: int = 14
    """Days from one slot to the next."""
    tolerance_days: int = 3
    """Days after a slot's end that still count."""

    def __post_init__(self) -> None:
        """Refuse slots without a day and a tolerance below none."""
        if self.every_days < 1 or self.tolerance_days < 0:
            raise ValueError(f"{self.every_days} days with {self.tolerance_days} days' tolerance are no cadence")

    @property
    def due_after_days(self) -> int:
        """With more days than these since the last session, the next one is due."""
        return self.every_days + self.tolerance_days

    @property
    def long_overdue_after_days(self) -> int:
        """With more days than these a second slot has gone by as well."""
        return 2 * self.due_after_days


DEFAULT_CADENCE = Cadence()
"""Where no policy has been set: a slot every two weeks, three days late at most."""


def cadence_on(policies: pl.DataFrame, role: str, on: dt.date) -> Cadence:
    """The cadence that holds for a role on a day: the latest that had begun by then; the default where none had.

    ``policies``: role, every_days, tolerance_days, starts_on (null = since ever), in any order.
    """
    begun = policies.filter(
        (pl.col("role") == role) & (pl.col("starts_on").is_null() | (pl.col("starts_on") <= on))
    ).sort("starts_on", nulls_last=False)
    if begun.is_empty():
        return DEFAULT_CADENCE
    latest = begun.row(-1, named=True)
    return Cadence(latest["every_days"], latest["tolerance_days"])


@dataclass(frozen=True)
class PolicyDraft:
    """How often a role is to be coached, from a day on (null = since ever), before anybody checked it."""

    role: str
    every_days: int | None
    tolerance_days: int | None
    starts_on: dt.date | None = None

    def problems(self) -> list[str]:
        """Sentences that say how to mend it; empty = it can be kept."""
        found = []
        if self.role not in COACHED_ROLES:
            found.append(f"A cadence holds for one of the roles {', '.join(COACHED_ROLES)}: choose one of them.")
        if self.every_days is None or not 1 <= self.every_days <= LONGEST_EVERY_DAYS:
            found.append(f"Say after how many days a one-on-one is expected again, from 1 to {LONGEST_EVERY_DAYS}.")
        if self.tolerance_days is None or not 0 <= self.tolerance_days <= LONGEST_EVERY_DAYS:
            found.append(f"Say how many days late a one-on-one still counts, from 0 to {LONGEST_EVERY_DAYS}.")
        return found + _day_problems("The first day", self.starts_on)


@dataclass(frozen=True)
class HolidayDraft:
    """A day on which nobody in a region (null = everywhere) is expected to be coached, before anybody checked it."""

    on_date: dt.date | None
    region: str | None = None
    name: str | None = None

    def problems(self) -> list[str]:
        """Sentences that say how to mend it; empty = it can be kept."""
        found = ["Give the day of the holiday."] if self.on_date is None else []
        found += _day_problems("The holiday", self.on_date)
        return found + _length_problems("region", self.region) + _length_problems("name of the holiday", self.name)


@dataclass(frozen=True)
class AbsenceDraft:
    """Days, the first and the last included, on which a person is not there to be coached; not checked yet."""

    person_id: int | None
    starts_on: dt.date | None
    ends_on: dt.date | None
    reason: str | None = None

    def problems(self) -> list[str]:
        """Sentences that say how to mend it; empty = it can be kept."""
        found = ["Say who is away."] if self.person_id is None else []
        if self.starts_on is None or self.ends_on is None:
            found.append("Give the first and the last day away.")
        elif self.ends_on < self.starts_on:
            found.append("The last day away lies before the first: swap the two.")
        elif (self.ends_on - self.starts_on).days >= LONGEST_ABSENCE_DAYS:
            found.append("That is more than three years away: check the two dates.")
        found += _day_problems("The first day away", self.starts_on)
        found += _day_problems("The last day away", self.ends_on)
        return found + _length_problems("reason", self.reason)


def _day_problems(what: str, day: dt.date | None) -> list[str]:
    if day is None or EARLIEST_YEAR <= day.year <= LATEST_YEAR:
        return []
    return [f"{what} lies outside {EARLIEST_YEAR} to {LATEST_YEAR}: check the year."]


def _length_problems(what: str, words: str | None) -> list[str]:
    if words is None or len(words) <= LONGEST_WORDS:
        return []
    return [f"Keep the {what} within {LONGEST_WORDS} characters."]


# ---- Which one-on-ones were to be expected -------------------------------------------------------------------------


def expectation(
    people: pl.DataFrame,
    policies: pl.DataFrame,
    holidays: pl.DataFrame,
    absences: pl.DataFrame,
    one_on_ones: pl.DataFrame,
    as_of: dt.date,
) -> pl.DataFrame:
    """frames.SLOTS of everybody from their first day on and some way past ``as_of``, in order of person and start.

    ``people`` as frames.CADENCE_PEOPLE (no first day, no slots), ``policies``, ``holidays`` and ``absences`` as their
    frames; ``one_on_ones``: person_id, held_on of the ones that were held, of which those after ``as_of`` do not count.
    Expected is a slot that has ended and is not excused; it is met where ``met_on`` is not null.
    """
    slots = policy_slots(people, policies, absences, as_of)
    slots = with_excuses(slots, people, holidays, absences)
    slots = slots.with_columns((pl.col("ends_on") <= as_of).alias("has_ended"))
    met = met_on(slots, one_on_ones.filter(pl.col("held_on") <= as_of))
    return slots.with_columns(met.alias("met_on")).select(list(frames.SLOTS))


def is_expected() -> pl.Expr:
    """Whether a slot of frames.SLOTS was expected: over, and nobody was away for half of it."""
    return pl.col("has_ended") & ~pl.col("is_excused")


def policy_slots(people: pl.DataFrame, policies: pl.DataFrame, absences: pl.DataFrame, as_of: dt.date) -> pl.DataFrame:
    """person_id, starts_on, ends_on, tolerance_days of slots that tile the time in the company, by person and start.

    A slot keeps the policy that holds on its first day and ends within the time in the company. Reps without a policy
    have the default one; other roles have slots from the first day of a policy of their own.
    """
    back = absences.group_by("person_id").agg(pl.col("ends_on").max().alias("back_on"))
    known = people.filter(pl.col("started_on").is_not_null()).join(back, on="person_id", how="left")
    parts = [pl.DataFrame(schema={name: frames.SLOTS[name] for name in _TILES})]
    for role in sorted(known["role"].drop_nulls().unique()):
        steps = _policy_steps(policies, role)
        if steps:
            parts.append(_tiled(known.filter(pl.col("role") == role), steps, as_of))
    return pl.concat(parts).sort("person_id", "starts_on")


_TILES = ("person_id", "starts_on", "ends_on", "tolerance_days")


@dataclass(frozen=True)
class _Step:
    """A policy from its first day to the day before the next one's."""

    first: int
    every: int
    tolerance: int


def _policy_steps(policies: pl.DataFrame, role: str) -> list[_Step]:
    """The policies of a role in order; the default before them where the role is coached without being told."""
    begin = _day_number(SINCE_EVER)
    found: dict[int, _Step] = {}
    if role == Role.REP:
        found[begin] = _Step(begin, DEFAULT_CADENCE.every_days, DEFAULT_CADENCE.tolerance_days)
    for row in policies.filter(pl.col("role") == role).iter_rows(named=True):
        first = begin if row["starts_on"] is None else _day_number(row["starts_on"])
        found[first] = _Step(first, row["every_days"], row["tolerance_days"])
    return [found[first] for first in sorted(found)]


def _tiled(people: pl.DataFrame, steps: list[_Step], as_of: dt.date) -> pl.DataFrame:
    horizon = FURTHER_DAYS + max(step.every for step in steps)
    last = people.select(pl.max_horizontal(pl.lit(as_of), "back_on").cast(pl.Int32).cast(pl.Int64)).to_series()
    leaves = people["left_on"].cast(pl.Int32).cast(pl.Int64).fill_null(_day_number(dt.date.max)).to_numpy()
    until = np.minimum(last.to_numpy() + horizon, leaves)
    place = people["started_on"].cast(pl.Int32).cast(pl.Int64).to_numpy()
    ids = people["person_id"].to_numpy()
    person, start, end, tolerance = [], [], [], []
    for step, after in zip(steps, [*(step.first for step in steps[1:]), None], strict=True):
        place = np.maximum(place, step.first)
        limit = until + 1 if after is None else np.minimum(until + 1, after)
        count = np.maximum(-(-(limit - place) // step.every), 0)
        number = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
        starts = np.repeat(place, count) + number * step.every
        ends = starts + step.every - 1
        inside = ends <= np.repeat(leaves, count)
        person.append(np.repeat(ids, count)[inside])
        start.append(starts[inside])
        end.append(ends[inside])
        tolerance.append(np.full(int(inside.sum()), step.tolerance))
        place = place + count * step.every
    return pl.DataFrame(
        {
            "person_id": np.concatenate(person),
            "starts_on": _dates(np.concatenate(start)),
            "ends_on": _dates(np.concatenate(end)),
            "tolerance_days": np.concatenate(tolerance).astype(np.int64),
        }
    )


def _day_number(day: dt.date) -> int:
    return (day - dt.date(1970, 1, 1)).days


def _dates(days: Days) -> pl.Series:
    return pl.Series(days, dtype=pl.Int64).cast(pl.Int32).cast(pl.Date)


def with_excuses(
    slots: pl.DataFrame, people: pl.DataFrame, holidays: pl.DataFrame, absences: pl.DataFrame
) -> pl.DataFrame:
    """``slots`` with is_excused: absent or on holiday for at least half of the working days, or no working day at all.

    ``slots``: person_id, starts_on, ends_on, not overlapping per person. Working days are Monday to Friday.
    """
    working = pl.business_day_count("starts_on", pl.col("ends_on") + dt.timedelta(days=1)).cast(pl.Int64)
    if slots.is_empty():
        return slots.with_columns(pl.lit(False).alias("is_excused"))
    away = _days_away(slots, people, holidays, absences)
    spans = slots.select("person_id", pl.col("starts_on").alias("day"), "starts_on", "ends_on").sort("day")
    placed = away.sort("day").join_asof(spans, on="day", by="person_id", strategy="backward", check_sortedness=False)
    counted = (
        placed.filter(pl.col("day") <= pl.col("ends_on"))
        .group_by("person_id", "starts_on")
        .agg(pl.len().cast(pl.Int64).alias("away"))
    )
    return (
        slots.join(counted, on=["person_id", "starts_on"], how="left", maintain_order="left")
        .with_columns((pl.col("away").fill_null(0) * 2 >= working).alias("is_excused"))
        .drop("away")
    )


def _days_away(
    slots: pl.DataFrame, people: pl.DataFrame, holidays: pl.DataFrame, absences: pl.DataFrame
) -> pl.DataFrame:
    """person_id and day, once each, of the working days that somebody is absent or on holiday."""
    first, last = slots["starts_on"].min(), slots["ends_on"].max()
    absent = (
        absences.select(
            "person_id",
            pl.max_horizontal("starts_on", pl.lit(first)).alias("first"),
            pl.min_horizontal("ends_on", pl.lit(last)).alias("last"),
        )
        .filter(pl.col("first") <= pl.col("last"))
        .select("person_id", pl.date_ranges("first", "last").alias("day"))
        .explode("day")
    )
    days = holidays.filter(pl.col("on_date").is_between(first, last)).rename({"on_date": "day"})
    here = people.select("person_id", "region")
    everywhere = here.select("person_id").join(days.filter(pl.col("region").is_null()).select("day"), how="cross")
    regional = here.join(days.filter(pl.col("region").is_not_null()), on="region").select("person_id", "day")
    both = pl.concat([absent.select("person_id", "day"), everywhere, regional])
    return both.filter(pl.col("day").dt.weekday() <= WORKING_DAYS_A_WEEK).unique()


def met_on(slots: pl.DataFrame, one_on_ones: pl.DataFrame) -> pl.Series:
    """When each slot was met, null where it was not; as many slots as possible, each session for one slot at most.

    ``slots`` in order of person and start; excused ones take no session. Each session in order of its day goes to the
    slot open on that day that closes first: among intervals and points that choice is never worse than another.
    Source: Glover 1967, maximum matching in a convex bipartite graph.
    """
    found: list[dt.date | None] = [None] * slots.height
    held = one_on_ones.drop_nulls(["person_id", "held_on"]).sort("person_id", "held_on")
    days = dict(held.group_by("person_id", maintain_order=True).agg("held_on").iter_rows())
    asked = slots.with_row_index("row").filter(~pl.col("is_excused") & pl.col("person_id").is_in(list(days)))
    closes = pl.col("ends_on") + pl.duration(days=pl.col("tolerance_days"))
    rows = asked.group_by("person_id", maintain_order=True).agg("starts_on", closes.alias("closes_on"), "row")
    for person_id, starts, ends, numbers in rows.iter_rows():
        for row, day in _matched(starts, ends, numbers, days[person_id]):
            found[row] = day
    return pl.Series("met_on", found, dtype=pl.Date)


def _matched(
    starts: list[dt.date], closes: list[dt.date], rows: list[int], days: list[dt.date]
) -> Iterator[tuple[int, dt.date]]:
    """Pairs of a slot's row and the day of the session that meets it."""
    waiting: list[tuple[dt.date, int]] = []
    place = 0
    for day in days:
        while place < len(starts) and starts[place] <= day:
            if closes[place] >= day:
                heapq.heappush(waiting, (closes[place], place))
            place += 1
        while waiting and waiting[0][0] < day:
            heapq.heappop(waiting)
        if waiting:
            yield rows[heapq.heappop(waiting)[1]], day


def next_due(slots: pl.DataFrame, at: dt.date) -> pl.DataFrame:
    """person_id and next_due_on: the last day of the first slot that has not ended ``at``, is not met and not excused.

    A session after ``at`` does not meet it. Nobody who has left has a row.
    """
    open_ = (pl.col("ends_on") > at) & ~pl.col("is_excused") & (pl.col("met_on").is_null() | (pl.col("met_on") > at))
    return slots.filter(open_).group_by("person_id").agg(pl.col("ends_on").min().alias("next_due_on")).sort("person_id")
