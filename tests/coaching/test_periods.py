"""Weeks, fiscal quarters and atoms."""

from __future__ import annotations

import datetime as dt
import itertools

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coaching.periods import NAMED_PERIODS, Calendar, Period, add_months, named_period

days = st.dates(dt.date(1990, 1, 1), dt.date(2090, 12, 31))
calendars = st.builds(Calendar, st.just("UTC"), st.integers(0, 6), st.integers(1, 12))
words = st.sampled_from(["week", "month", "quarter"])


@given(days, calendars)
def test_an_atom_lies_within_one_week_and_one_month(day: dt.date, calendar: Calendar) -> None:
    start = calendar.atom_start(day)
    assert start <= day
    assert calendar.week_start(start) == calendar.week_start(day)
    assert (start.year, start.month) == (day.year, day.month)


@given(st.lists(days, min_size=1, max_size=30), calendars)
def test_the_atom_of_a_column_is_the_atom_of_each_day(values: list[dt.date], calendar: Calendar) -> None:
    found = pl.DataFrame({"d": values}).select(calendar.atom_expression("d"))["d"].to_list()
    assert found == [calendar.atom_start(day) for day in values]


@given(days, calendars, words)
def test_a_period_starts_and_ends_around_its_day(day: dt.date, calendar: Calendar, every: str) -> None:
    start, end = calendar.period_start(day, every), calendar.period_end(day, every)
    assert start <= day <= end
    assert calendar.period_start(end, every) == start
    assert calendar.period_start(end + dt.timedelta(days=1), every) == end + dt.timedelta(days=1)


@given(days, st.integers(0, 500), calendars, words)
def test_a_split_covers_every_day_exactly_once(start: dt.date, length: int, calendar: Calendar, every: str) -> None:
    whole = Period(start, start + dt.timedelta(days=length))
    parts = list(whole.split(every, calendar))
    assert parts[0].start == whole.start
    assert parts[-1].end == whole.end
    for earlier, later in itertools.pairwise(parts):
        assert later.start == earlier.end + dt.timedelta(days=1)


@given(days, st.integers(-40, 40))
def test_months_forward_and_back_lead_to_the_same_month(day: dt.date, months: int) -> None:
    there = add_months(day, months)
    assert (there.year * 12 + there.month) - (day.year * 12 + day.month) == months
    assert there.day <= day.day


@given(days, calendars, st.sampled_from(sorted(NAMED_PERIODS)))
def test_every_named_period_is_a_period(day: dt.date, calendar: Calendar, key: str) -> None:
    period = named_period(key, day, calendar)
    assert period.start <= period.end
    if key.startswith("this") or key == "last_90_days":
        assert period.start <= day <= period.end


def test_a_fiscal_year_that_starts_in_february_has_quarters_from_february() -> None:
    calendar = Calendar(fiscal_year_starts_in=2)
    assert calendar.quarter_start(dt.date(2026, 1, 31)) == dt.date(2025, 11, 1)
    assert calendar.quarter_start(dt.date(2026, 2, 1)) == dt.date(2026, 2, 1)
    assert calendar.year_start(dt.date(2026, 1, 31)) == dt.date(2025, 2, 1)


def test_a_fiscal_year_is_named_by_the_calendar_year_it_ends_in_unless_it_starts_in_january() -> None:
    assert Calendar(fiscal_year_starts_in=2).fiscal_year(2026) == Period(dt.date(2025, 2, 1), dt.date(2026, 1, 31))
    assert Calendar(fiscal_year_starts_in=12).fiscal_year(2026) == Period(dt.date(2025, 12, 1), dt.date(2026, 11, 30))
    assert Calendar(fiscal_year_starts_in=1).fiscal_year(2026) == Period(dt.date(2026, 1, 1), dt.date(2026, 12, 31))


@given(st.integers(1950, 2150), calendars)
def test_fiscal_years_follow_each_other_and_each_ends_in_the_year_of_its_name(year: int, calendar: Calendar) -> None:
    found, after = calendar.fiscal_year(year), calendar.fiscal_year(year + 1)
    assert found.end.year == year
    assert after.start == found.end + dt.timedelta(days=1)
    assert found.start == calendar.year_start(found.start) == calendar.year_start(found.end)


def test_the_period_before_a_quarter_is_the_quarter_before() -> None:
    quarter = Period(dt.date(2026, 4, 1), dt.date(2026, 6, 30))
    assert quarter.previous() == Period(dt.date(2026, 1, 1), dt.date(2026, 3, 31))


def test_the_period_before_some_days_is_as_many_days() -> None:
    assert Period(dt.date(2026, 4, 3), dt.date(2026, 4, 9)).previous() == Period(
        dt.date(2026, 3, 27), dt.date(2026, 4, 2)
    )


def test_a_period_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(ValueError, match="before it starts"):
        Period(dt.date(2026, 2, 1), dt.date(2026, 1, 31))


def test_a_quarter_is_whole_atoms_and_a_cut_week_leaves_days_over() -> None:
    calendar = Calendar()
    quarter = Period(dt.date(2026, 4, 1), dt.date(2026, 6, 30))
    assert quarter.without_atoms(calendar) == (quarter, [])
    whole, rest = Period(dt.date(2026, 4, 3), dt.date(2026, 4, 14)).without_atoms(calendar)
    assert whole == Period(dt.date(2026, 4, 6), dt.date(2026, 4, 12))
    assert rest == [
        Period(dt.date(2026, 4, 3), dt.date(2026, 4, 5)),
        Period(dt.date(2026, 4, 13), dt.date(2026, 4, 14)),
    ]
