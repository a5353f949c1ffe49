"""Dates and instants in every format that was seen, and the order of day and month of a whole column."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_access.importers import dates
from data_access.importers.refusal import ImportRefused, Questions

UTC = dt.UTC


def read_days(
    texts: list[str | None], date_format: str | None = None, *, file_zone: str = "UTC", zone: str = "UTC"
) -> list[dt.date | None]:
    return [value for value, _ in _rows(texts, date_format, file_zone, zone)]


def _rows(
    texts: list[str | None], date_format: str | None, file_zone: str, zone: str
) -> list[tuple[dt.date | None, str | None]]:
    pattern = date_format if date_format and "%" in date_format else None
    column = dates.read_dates(pl.Series("closed_on", texts, dtype=pl.String), pattern)
    rows, _ = dates.settle_orders([column], {"closed_on": date_format} if date_format else {}, Questions())
    return dates.days(rows["closed_on"], "closed_on", file_zone, zone).rows()


def read_instants(texts: list[str | None], *, file_zone: str = "UTC", zone: str = "UTC") -> list[dt.datetime | None]:
    column = dates.read_dates(pl.Series("at", texts, dtype=pl.String), None)
    rows, _ = dates.settle_orders([column], {}, Questions())
    return dates.instants(rows["at"], "at", file_zone, zone)["value"].to_list()


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2018-08-22 00:00:00", dt.date(2018, 8, 22)),
        ("2018-10-13 17:16:45", dt.date(2018, 10, 13)),
        ("02/23/26 08:55 PM", dt.date(2026, 2, 23)),
        ("3/14/2025, 10:22 AM", dt.date(2025, 3, 14)),
        ("2025-03-04T10:22:00Z", dt.date(2025, 3, 4)),
        ("2026-03-05T14:15:33+01:00", dt.date(2026, 3, 5)),
        ("2026-03-05T14:15:33.123-0500", dt.date(2026, 3, 5)),
        ("05-Mar-2026", dt.date(2026, 3, 5)),
        ("21-Sep-22", dt.date(2022, 9, 21)),
        ("26-02-2018 19:58", dt.date(2018, 2, 26)),
        ("45631", dt.date(2024, 12, 5)),
        ("45631.75", dt.date(2024, 12, 5)),
        ("1598518960", dt.date(2020, 8, 27)),
        ("1598518960123", dt.date(2020, 8, 27)),
        ("20260305", dt.date(2026, 3, 5)),
        ("2026/3/5", dt.date(2026, 3, 5)),
        ("2026年3月5日", dt.date(2026, 3, 5)),
        ("Mar 5, 2026", dt.date(2026, 3, 5)),
        ("March 5th, 2026", dt.date(2026, 3, 5)),
        ("5. März 2026", dt.date(2026, 3, 5)),
        ("1 déc. 2025", dt.date(2025, 12, 1)),
        ("5 de marzo de 2026", dt.date(2026, 3, 5)),
        ("Wed, 19 Sep 2018 20:00:00 +0000", dt.date(2018, 9, 19)),
        ("31.01.2026", dt.date(2026, 1, 31)),
        ("Wed Mar 04 2026 10:00:00 GMT+0100 (CET)", dt.date(2026, 3, 4)),
    ],
)
def test_a_date_is_read_whatever_its_format(text: str, day: dt.date) -> None:
    assert read_days([text]) == [day]


@pytest.mark.parametrize(
    "text", ["TBD", "31/02/2026", "2026-02-30", "2026-13-01", "12", "13:00", "2026-03-05 25:00", "0206-01-01", "99999"]
)
def test_what_is_no_date_is_named_and_not_bent(text: str) -> None:
    (value, reason) = _rows(["2026-01-31", text], None, "UTC", "UTC")[1]
    assert value is None
    assert reason is not None
    assert text in reason


@pytest.mark.parametrize("text", ["", "-", "n/a", "0000-00-00", "9999-12-31", None])
def test_no_date_is_no_fault(text: str | None) -> None:
    assert _rows(["2026-01-31", text], None, "UTC", "UTC")[1] == (None, None)


@pytest.mark.parametrize("separator", ["/", "-", "."])
def test_a_column_in_which_every_day_could_be_a_month_asks(separator: str) -> None:
    texts: list[str | None] = [text.replace("/", separator) for text in ("01/02/2026", "03/04/2026 10:00")]
    with pytest.raises(ImportRefused) as refused:
        read_days(texts)
    assert refused.value.mapping_key == "date_format"
    assert "date_format" in str(refused.value)
    assert read_days(texts, "day first") == [dt.date(2026, 2, 1), dt.date(2026, 4, 3)]
    assert read_days(texts, "month first") == [dt.date(2026, 1, 2), dt.date(2026, 3, 4)]
    assert read_days(texts, f"%d{separator}%m{separator}%Y") == [dt.date(2026, 2, 1), dt.date(2026, 4, 3)]


def test_one_day_beyond_twelve_settles_the_column() -> None:
    assert read_days(["01/02/2026", "13/04/2026"]) == [dt.date(2026, 2, 1), dt.date(2026, 4, 13)]
    assert read_days(["01/02/2026", "04/13/2026"]) == [dt.date(2026, 1, 2), dt.date(2026, 4, 13)]


def test_dates_that_are_the_same_in_both_orders_need_no_answer() -> None:
    assert read_days(["04/04/2026", "12/12/2025"]) == [dt.date(2026, 4, 4), dt.date(2025, 12, 12)]


def test_formats_may_be_mixed_where_each_date_can_be_read_in_one_way() -> None:
    texts: list[str | None] = ["2026-11-15", "10/31/2026", "05-Mar-2026", "45631"]
    expected = [dt.date(2026, 11, 15), dt.date(2026, 10, 31), dt.date(2026, 3, 5), dt.date(2024, 12, 5)]
    assert read_days(texts) == expected
    assert read_days(["13/04/2026", "04/14/2026"]) == [dt.date(2026, 4, 13), dt.date(2026, 4, 14)]


def test_a_mixed_column_with_open_dates_asks() -> None:
    with pytest.raises(ImportRefused, match="01/02/2026"):
        read_days(["13/04/2026", "04/14/2026", "01/02/2026"])


def test_one_slip_in_a_long_column_rejects_its_row_only() -> None:
    texts = [f"12/{day:02}/2025" for day in range(1, 29)] * 2
    days = read_days([*texts, "31/12/2025"])
    assert days[:28] == [dt.date(2025, 12, day) for day in range(1, 29)]
    assert days[-1] is None


def test_another_column_with_the_same_separator_settles_an_open_one() -> None:
    opened = dates.read_dates(pl.Series("opened_on", ["25/02/2026"]), None)
    closed = dates.read_dates(pl.Series("closed_on", ["01/03/2026"]), None)
    rows, notes = dates.settle_orders([opened, closed], {}, Questions())
    assert dates.days(rows["closed_on"], "closed_on", "UTC", "UTC")["value"].to_list() == [dt.date(2026, 3, 1)]
    assert any("closed_on" in note for note in notes)


def test_another_column_with_another_separator_settles_nothing() -> None:
    opened = dates.read_dates(pl.Series("opened_on", ["25.02.2026"]), None)
    closed = dates.read_dates(pl.Series("closed_on", ["01/03/2026"]), None)
    with pytest.raises(ImportRefused) as refused:
        dates.settle_orders([opened, closed], {}, Questions())
    assert refused.value.mapping_key == "date_formats.closed_on"


def test_a_two_digit_year_may_come_first_and_the_whole_column_decides() -> None:
    assert read_days(["20-10-16", "21-11-02", "19-12-30"])[0] == dt.date(2020, 10, 16)
    assert read_days(["20-10-16", "02-10-16", "30-11-16"])[0] == dt.date(2016, 10, 20)
    with pytest.raises(ImportRefused):
        read_days(["20-10-16"])


def test_an_instant_is_converted_before_its_date_is_taken() -> None:
    assert read_days(["2026-03-31T23:30:00Z"], zone="Pacific/Auckland") == [dt.date(2026, 4, 1)]
    assert read_days(["2026-04-01T03:30:00Z"], zone="America/Los_Angeles") == [dt.date(2026, 3, 31)]


def test_a_time_without_a_zone_is_the_companys_unless_the_file_has_another() -> None:
    assert read_days(["2026-03-31 23:30"], file_zone="Asia/Tokyo", zone="Asia/Tokyo") == [dt.date(2026, 3, 31)]
    assert read_days(["2026-03-31 23:30"], file_zone="UTC", zone="Asia/Tokyo") == [dt.date(2026, 4, 1)]


def test_dates_written_as_midnights_stay_on_their_day() -> None:
    assert read_days(["2026-03-31 00:00:00"], file_zone="UTC", zone="America/New_York") == [dt.date(2026, 3, 31)]


def test_the_two_nights_of_the_clock_change_have_an_answer() -> None:
    read = read_instants(
        ["2025-03-30 02:30:00", "2025-10-26 02:30:00"], file_zone="Europe/Berlin", zone="Europe/Berlin"
    )
    assert read == [dt.datetime(2025, 3, 30, 1, 30, tzinfo=UTC), dt.datetime(2025, 10, 26, 0, 30, tzinfo=UTC)]


def test_a_date_without_a_time_is_midnight_in_the_company() -> None:
    assert read_instants(["2026-07-01"], zone="Europe/Berlin") == [dt.datetime(2026, 6, 30, 22, tzinfo=UTC)]


FORMATS = [
    "%Y-%m-%d",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M:%SZ",
    "%d/%m/%Y",
    "%m/%d/%Y",
    "%m/%d/%y %I:%M %p",
    "%d.%m.%Y",
    "%d-%m-%Y %H:%M",
    "%d-%b-%Y",
    "%d-%b-%y",
    "%B %d, %Y",
    "%a, %d %b %Y %H:%M:%S +0000",
    "%Y/%m/%d",
    "%Y%m%d",
]
DAYS = st.dates(min_value=dt.date(1990, 1, 1), max_value=dt.date(2060, 12, 31))


@given(st.lists(DAYS, min_size=1, max_size=30), st.sampled_from(FORMATS))
def test_dates_survive_being_written_in_any_format(days: list[dt.date], date_format: str) -> None:
    # The 25th keeps the order from being open.
    days = [*days, dt.date(2024, 5, 25)]
    assert read_days([f"{day:{date_format}}" for day in days]) == days


@given(
    st.lists(
        st.datetimes(min_value=dt.datetime(1990, 1, 1), max_value=dt.datetime(2060, 12, 31)), min_size=1, max_size=20
    ),
    st.sampled_from([-570, -300, 0, 60, 345, 765]),
)
def test_instants_survive_with_any_offset(moments: list[dt.datetime], minutes: int) -> None:
    zone = dt.timezone(dt.timedelta(minutes=minutes))
    instants = [moment.replace(tzinfo=UTC) for moment in moments]
    assert read_instants([instant.astimezone(zone).isoformat() for instant in instants]) == instants


def test_no_dates_at_all_are_no_dates() -> None:
    assert read_days([]) == []
    assert read_days([None, ""]) == [None, None]


def test_an_unknown_directive_is_no_pattern() -> None:
    from data_access.importers.mapping import Mapping

    with pytest.raises(ImportRefused, match="date_format"):
        Mapping(date_format="%Q/%d")
