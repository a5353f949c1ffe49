"""The frames and sentences of a rep's progress page."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import pytest

from coaching import frames, numbers, progress
from coaching.periods import Calendar, Period

CALENDAR = Calendar()
TODAY = dt.date(2026, 11, 22)


def plain(text: str) -> str:
    return text.replace(numbers.SPACE, " ")


def test_the_window_of_the_figure_is_made_of_whole_periods() -> None:
    assert progress.window(TODAY, "month", CALENDAR) == Period(dt.date(2025, 6, 1), dt.date(2026, 11, 30))
    assert progress.window(TODAY, "quarter", CALENDAR) == Period(dt.date(2025, 1, 1), dt.date(2026, 12, 31))
    fiscal = Calendar(fiscal_year_starts_in=2)
    assert progress.window(TODAY, "quarter", fiscal) == Period(dt.date(2025, 2, 1), dt.date(2027, 1, 31))


def monthly(key: str, *points: float | None) -> pl.DataFrame:
    starts = [dt.date(2026, 12 - len(points) + index, 1) for index in range(len(points))]
    return pl.DataFrame({"period_start": starts, key: list(points)}, schema={"period_start": pl.Date, key: pl.Float64})


def test_months_before_a_rep_started_are_left_out_unless_they_hold_something() -> None:
    values = monthly("won_amount", None, 5.0, None, 7.0)
    rows = progress.line(values, "won_amount", "month", CALENDAR, dt.date(2026, 10, 15))
    assert rows["value"].to_list() == [5.0, None, 7.0]


def test_the_figure_starts_with_the_first_value_so_that_years_without_data_take_no_room() -> None:
    rows = progress.line(monthly("margin", None, None, 0.3, None), "margin", "month", CALENDAR, None)
    assert rows["value"].to_list() == [0.3, None]
    assert progress.line(monthly("margin", None, None), "margin", "month", CALENDAR, None).height == 2


def peers(start: dt.date, median: float | None) -> pl.DataFrame:
    schema = {"period_start": pl.Date, "median": pl.Float64, "top_quartile": pl.Float64, "n": pl.Int64}
    return pl.DataFrame(
        {"period_start": [start], "median": [median], "top_quartile": [median], "n": [7 if median else 3]},
        schema=schema,
    )


def sentence(key: str, values: pl.DataFrame, band: pl.DataFrame) -> str:
    rows = progress.line(values, key, "month", CALENDAR, None)
    return plain(progress.line_sentence(rows, band, key, "USD", "month", TODAY))


def test_the_title_tells_the_last_whole_month_beside_the_peers_median() -> None:
    values = monthly("quota_attainment", 0.8, 0.59, 0.2)
    assert sentence("quota_attainment", values, peers(dt.date(2026, 10, 1), 0.75)) == (
        "Quota attainment was 59 % in Oct 2026; the median of like-for-like peers 75 %"
    )


def test_without_peers_the_title_looks_back_to_the_first_value() -> None:
    values = monthly("quota_attainment", 0.8, 0.59, 0.2)
    assert sentence("quota_attainment", values, peers(dt.date(2026, 10, 1), None)) == (
        "Quota attainment was 59 % in Oct 2026, 80 % in Sep 2026"
    )


def test_a_stock_is_told_as_of_now_and_a_first_month_as_still_running() -> None:
    nobody = peers(dt.date(2026, 10, 1), None)
    assert sentence("open_pipeline", monthly("open_pipeline", 10_000.0, 30_000.0), nobody) == (
        "Open pipeline is $30 k now, $10 k in Oct 2026"
    )
    assert sentence("quota_attainment", monthly("quota_attainment", None, 0.2), nobody) == (
        "Quota attainment is 20 % this month so far"
    )
    assert sentence("margin", monthly("margin", None, None), nobody) == "Margin: no data yet"


CARD: dict[str, Any] = {
    "name": "Ravi Nair",
    "role": "rep",
    "started_on": dt.date(2024, 5, 22),
    "left_on": None,
    "team_name": "East",
    "manager_name": "Maya Lindgren",
}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({}, "Rep, here for 2.5 years, since 22 May 2024, team East, reports to Maya Lindgren"),
        ({"started_on": None, "team_name": None, "manager_name": None}, "Rep"),
        ({"left_on": dt.date(2026, 6, 30), "manager_name": None}, "Rep, left on 30 Jun 2026, team East"),
    ],
)
def test_the_head_of_the_page_leaves_out_what_is_not_known(change: dict[str, Any], words: str) -> None:
    assert plain(", ".join(progress.header_words(CARD | change, TODAY))) == words


def test_deals_and_accounts_become_rows_with_amounts_in_major_units_and_one_clean_line_of_text() -> None:
    deals = pl.DataFrame(
        {
            "kind": ["stalled"],
            "reason": ["53 days in\nDiscovery"],
            "name": [None],
            "external_id": ["D-1"],
            "account_name": ["Globex\u202e"],
            "amount": [123_456],
            "expected_close_on": [TODAY],
        },
        schema_overrides={"name": pl.String},
    )
    assert progress.deal_rows(deals, 2).row(0) == ("53 days in Discovery", "D-1", "Globex", 1234.56, TODAY)
    accounts = pl.DataFrame(
        {"account_name": [None], "reason": ["r"], "last_won_on": [TODAY], "last_won_amount": [500]},
        schema_overrides={"account_name": pl.String},
    )
    assert progress.account_rows(accounts, 0).row(0) == ("an account without a name", "r", TODAY, 500.0)


def test_deals_to_look_at_are_counted_by_their_kind() -> None:
    deals = pl.DataFrame({"kind": ["stalled", "slipped", "stalled"]})
    assert plain(progress.deals_sentence(deals)) == "3 deals to look at: 2 stalled, 1 slipped"


def test_whether_deals_are_stalled_is_not_claimed_where_nothing_would_tell() -> None:
    assert "cannot be told" in progress.no_deals_words({"stalled_count": None})
    assert progress.no_deals_words({"stalled_count": 0.0}).startswith("No open deal is stalled.")


def test_customers_defecting_are_not_denied_where_the_deals_name_no_accounts() -> None:
    assert progress.no_accounts_words({"accounts_lost": None}) == "No data: the deals name no accounts."
    assert "No earlier customer" in progress.no_accounts_words({"accounts_lost": 0.0})


def test_the_band_and_the_marks_are_explained_in_words() -> None:
    assert progress.band_words(peers(TODAY, None)).startswith("No band: fewer than five")
    assert "up to 7 colleagues" in plain(progress.band_words(peers(TODAY, 0.5)))
    none = frames.empty(frames.COACHING_EVENTS)
    assert "No coaching session" in progress.events_words(none)
    some = pl.DataFrame({"kind": ["session", "session", "observation"]})
    assert plain(progress.events_words(some)) == "Marked below: 2 sessions and 1 observation."


def test_the_figures_table_says_no_data_in_words() -> None:
    rows = progress.line(monthly("margin", 0.29, None, 0.31), "margin", "month", CALENDAR, None)
    table = progress.table_rows(rows, peers(dt.date(2026, 11, 1), 0.4), "margin", "USD")
    assert [plain(cell) for cell in table["value"]] == ["29 %", "no data", "31 %"]
    assert [plain(cell) for cell in table["median"]] == ["no data", "no data", "40 %"]


@pytest.mark.parametrize(
    ("session", "seen", "told"),
    [
        (0, 1, "Last session today, last observed yesterday."),
        (1, 2, "Last session yesterday, last observed 2 days ago."),
        (None, None, "No session recorded yet, not observed yet."),
    ],
)
def test_the_last_session_and_observation_are_told_as_people_say_it(
    session: int | None, seen: int | None, told: str
) -> None:
    values = {"days_since_last_session": session, "days_since_last_observation": seen}
    assert plain(progress.coaching_words(values)) == told
