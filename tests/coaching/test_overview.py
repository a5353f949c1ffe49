"""The frames and sentences of the team overview."""

from __future__ import annotations

import datetime as dt

import polars as pl

from coaching import numbers, overview, progress
from coaching.metrics import BY_KEY
from coaching.periods import Calendar, Period

CALENDAR = Calendar()
TODAY = dt.date(2026, 11, 22)


def plain(text: str) -> str:
    return text.replace(numbers.SPACE, " ")


def test_the_pages_ask_for_metrics_of_the_registry_only() -> None:
    asked = {*overview.TOTAL_KEYS, *overview.MONTH_KEYS, *overview.TREND_KEYS, *progress.TOTAL_KEYS}
    assert asked | set(progress.CHART_KEYS) <= set(BY_KEY)
    assert set(overview.TREND_KEYS) <= set(overview.MONTH_KEYS)


def test_the_pipeline_line_spans_twelve_weeks_that_end_with_the_one_of_the_as_of_date() -> None:
    weeks = overview.weeks_until(TODAY, CALENDAR)
    assert weeks == Period(dt.date(2026, 8, 31), dt.date(2026, 11, 22))
    assert len(list(weeks.split("week", CALENDAR))) == 12


def test_months_are_whole_and_end_with_the_one_of_the_as_of_date() -> None:
    assert overview.months_until(TODAY) == Period(dt.date(2025, 12, 1), dt.date(2026, 11, 30))


def test_a_rep_without_open_amounts_has_no_line_and_a_week_without_data_is_left_out() -> None:
    reps = pl.DataFrame({"row_id": [1, 2, 3], "name": ["Ravi", "Rosa", "Wim"]})
    weekly = pl.DataFrame(
        {
            "row_id": [2, 1, 1, 2],
            "period_start": [dt.date(2026, 1, 12), dt.date(2026, 1, 12), dt.date(2026, 1, 5), dt.date(2026, 1, 5)],
            "open_pipeline": [None, 20.0, None, None],
        }
    )
    lines = overview.with_pipeline_lines(reps, weekly)
    assert lines["name"].to_list() == ["Ravi", "Rosa", "Wim"]
    assert lines["pipeline_line"].to_list() == [[20.0], None, None]


def test_the_win_rate_comes_with_its_interval_and_n_or_not_at_all() -> None:
    rows = pl.DataFrame(
        {
            "win_rate_count": [0.25, None],
            "win_rate_count_low": [0.1119, None],
            "win_rate_count_high": [0.4687, None],
            "win_rate_count_n": [20.0, 0.0],
        }
    )
    words = overview.with_win_rate_words(rows)["win_rate_words"].to_list()
    assert [plain(word) if word else word for word in words] == ["11–47 %, n 20", None]


def test_teams_are_compared_by_attainment_and_by_win_rate_where_no_quota_is_loaded() -> None:
    assert overview.compared_key(pl.DataFrame({"quota_attainment": [None, 0.4]})) == "quota_attainment"
    assert overview.compared_key(
        pl.DataFrame({"quota_attainment": [None, None]}, schema={"quota_attainment": pl.Float64})
    ) == ("win_rate_count")


def test_a_team_that_did_not_exist_before_is_compared_with_no_data() -> None:
    now = pl.DataFrame(
        {"row_id": [2, 1], "name": ["West", "East"], "at_quota_share_n": [5.0, 6.0], "quota_attainment": [0.5, 0.6]}
    )
    before = pl.DataFrame({"row_id": [1], "quota_attainment": [0.4]})
    rows = overview.compared(now, before, "quota_attainment")
    assert rows.select("name", "value", "before").rows() == [("East", 0.6, 0.4), ("West", 0.5, None)]


def test_the_running_month_is_left_out_of_a_tiles_small_line() -> None:
    monthly = pl.DataFrame(
        {"is_running": [False, False, True], **{key: [1.0, None, 9.0] for key in overview.TREND_KEYS}}
    )
    assert overview.past_values(monthly)["win_rate_count"] == [1.0]


def test_a_row_that_is_not_there_is_an_empty_one() -> None:
    assert overview.single(pl.DataFrame({"row_id": [1]}), 2) == {}
