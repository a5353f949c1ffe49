"""One wording for numbers and dates."""

from __future__ import annotations

import datetime as dt
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coaching import numbers
from coaching.metrics import Unit

TODAY = dt.date(2026, 11, 22)


def spaced(text: str) -> str:
    return text.replace(numbers.SPACE, " ")


@pytest.mark.parametrize("missing", [None, math.nan, math.inf])
@pytest.mark.parametrize("unit", list(Unit))
def test_a_missing_value_is_no_data_in_every_unit_and_never_a_zero(unit: Unit, missing: float | None) -> None:
    assert numbers.value(missing, unit, "USD") == "no data"


@pytest.mark.parametrize(
    ("amount", "written"),
    [
        (0, "$0"),
        (842, "$842"),
        (2360.9, "$2.4 k"),
        (9_949, "$9.9 k"),
        (9_951, "$10 k"),
        (34_200, "$34 k"),
        (999_400, "$999 k"),
        (999_600, "$1.0 M"),
        (1_234_567, "$1.2 M"),
        (2_000_000_000, "$2.0 bn"),
        (-3_400, "−$3.4 k"),
    ],
)
def test_an_amount_is_written_with_two_digits_that_matter(amount: float, written: str) -> None:
    assert spaced(numbers.money(amount, "USD")) == written


def test_a_currency_without_a_sign_of_its_own_is_named_by_its_code() -> None:
    assert spaced(numbers.money(1_200_000, "CHF")) == "CHF 1.2 M"


def test_a_share_has_a_decimal_only_on_more_than_500_cases() -> None:
    assert spaced(numbers.share(0.63150052, 500)) == "63 %"
    assert spaced(numbers.share(0.63150052, 6_711)) == "63.2 %"


def test_a_share_short_of_everything_never_reads_as_everything_and_a_small_one_never_as_none() -> None:
    assert spaced(numbers.share(0.999)) == "> 99 %"
    assert spaced(numbers.share(0.001)) == "< 1 %"
    assert spaced(numbers.share(1.0)) == "100 %"
    assert spaced(numbers.share(0.0)) == "0 %"
    assert spaced(numbers.share(1.29)) == "129 %"


@pytest.mark.parametrize(
    ("difference", "unit", "written"),
    [
        (0.034, Unit.SHARE, "+3 points"),
        (-0.011, Unit.SHARE, "−1 point"),
        (0.004, Unit.SHARE, "unchanged"),
        (-34_000.0, Unit.MONEY, "−$34 k"),
        (-6.0, Unit.DAYS, "−6 days"),
        (1.0, Unit.DAYS, "+1 day"),
        (0.4, Unit.TIMES, "+0.4×"),
        (0.01, Unit.TIMES, "unchanged"),
        (None, Unit.MONEY, "no data"),
    ],
)
def test_a_change_carries_its_sign_and_says_unchanged_where_it_rounds_to_nothing(
    difference: float | None, unit: Unit, written: str
) -> None:
    assert spaced(numbers.change(difference, unit, "USD")) == written


def test_intervals_are_written_as_one_span_and_left_out_where_there_is_none() -> None:
    assert spaced(numbers.interval(0.2131, 0.3449)) == "21–34 %"
    assert numbers.interval(None, 0.3) == ""


@pytest.mark.parametrize(
    ("days", "written"),
    [
        (0, "today"),
        (1, "yesterday"),
        (-1, "tomorrow"),
        (9, "9 days ago"),
        (-3, "in 3 days"),
        (150, "5 months ago"),
        (3250, "8.9 years ago"),
    ],
)
def test_a_date_is_also_said_as_a_distance(days: int, written: str) -> None:
    assert spaced(numbers.ago(TODAY - dt.timedelta(days=days), TODAY)) == written


def test_dates_name_the_month_so_that_nobody_mixes_up_day_and_month() -> None:
    assert spaced(numbers.day(dt.date(2026, 3, 12))) == "12 Mar 2026"
    assert spaced(numbers.span(dt.date(2026, 10, 1), dt.date(2026, 12, 31))) == "1 Oct – 31 Dec 2026"
    assert spaced(numbers.span(dt.date(2025, 10, 1), dt.date(2026, 3, 31))) == "1 Oct 2025 – 31 Mar 2026"
    assert numbers.day(None) == "no data"


@pytest.mark.parametrize(
    ("started_on", "written"),
    [
        (dt.date(2026, 11, 1), "3 weeks"),
        (dt.date(2026, 4, 20), "7 months"),
        (dt.date(2024, 5, 22), "2.5 years"),
        (dt.date(2027, 1, 1), "no data"),
        (None, "no data"),
    ],
)
def test_tenure_is_told_in_the_unit_one_would_say(started_on: dt.date | None, written: str) -> None:
    assert spaced(numbers.tenure(started_on, TODAY)) == written


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("Ravi\u202egnp.exe", "Ravignp.exe"),
        ("Rosa\u200b\u0000 \t\n Marin", "Rosa Marin"),
        ("Zoe\u0308", "Zoë"),
        ("  Ravi  ", "Ravi"),
        (None, ""),
        ("x" * 100, "x" * 79 + "…"),
    ],
)
def test_a_name_becomes_one_clean_line(stored: str | None, shown: str) -> None:
    assert numbers.plain_name(stored) == shown


@given(st.text(max_size=300))
def test_whatever_stands_in_the_database_a_name_is_printable_and_short(stored: str) -> None:
    shown = numbers.plain_name(stored)
    assert shown.isprintable()
    assert len(shown) <= 80
    assert numbers.plain_name(shown) == shown


@given(
    st.floats(-1e15, 1e15) | st.sampled_from([math.nan, math.inf, -math.inf]),
    st.sampled_from(list(Unit)),
)
def test_no_number_is_ever_written_as_nan_or_infinite(number: float, unit: Unit) -> None:
    written = numbers.value(number, unit, "EUR").casefold()
    assert "nan" not in written
    assert "inf" not in written
