"""The period, the as-of date and what a trend compares with."""

from __future__ import annotations

import datetime as dt

import pytest

from coaching.numbers import SPACE
from coaching.periods import Calendar, Period, named_period
from ui.filters import Span

TODAY = dt.date(2026, 11, 22)


def span(key: str = "this_quarter", as_of: dt.date = TODAY) -> Span:
    return Span(key, named_period(key, as_of, Calendar()), as_of, TODAY)


def test_half_a_quarter_is_compared_with_half_a_quarter() -> None:
    quarter = span()
    assert quarter.runs
    assert quarter.before == Period(dt.date(2026, 7, 1), dt.date(2026, 9, 30))
    assert quarter.before_as_of == dt.date(2026, 8, 22)
    assert quarter.before_words == "the period before at its day 53"


def test_a_whole_quarter_is_compared_with_a_whole_quarter() -> None:
    quarter = span("last_quarter")
    assert not quarter.runs
    assert quarter.before_as_of == dt.date(2026, 6, 30)
    assert quarter.before_words == "the period before"


def test_the_last_day_of_a_long_month_does_not_leave_the_shorter_month_before() -> None:
    month = span("this_month", dt.date(2026, 3, 30))
    assert month.before == Period(dt.date(2026, 2, 1), dt.date(2026, 2, 28))
    assert month.before_as_of == dt.date(2026, 2, 28)


def test_a_period_in_the_future_has_not_begun_to_run() -> None:
    future = Span("custom", Period(dt.date(2027, 1, 1), dt.date(2027, 3, 31)), TODAY, TODAY)
    assert not future.runs
    assert future.until == TODAY
    assert future.before_as_of == future.before.end


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (span(), "Needs you now"),
        (span("last_quarter"), "Stood out on 30 Sep 2026"),
        (span(as_of=dt.date(2026, 3, 10)), "Stood out on 10 Mar 2026"),
    ],
)
def test_who_stood_out_in_a_period_that_is_over_is_not_said_to_need_anybody_now(made: Span, words: str) -> None:
    assert made.need_words.replace(SPACE, " ") == words


def test_the_span_says_its_dates_and_its_day() -> None:
    assert span().words.replace(SPACE, " ") == "This quarter (1 Oct – 31 Dec 2026)"
    assert span().as_of_words == "as of today"
    assert span(as_of=dt.date(2026, 3, 12)).as_of_words.replace(SPACE, " ") == "as of 12 Mar 2026"
