"""The sentences over the overview's figures."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import pytest

from coaching import numbers, overview_sentences
from coaching.cadence import DEFAULT_CADENCE, Cadence

ON_PACE: dict[str, Any] = {"quota_attainment": 0.6, "gap_to_date": -5_000.0, "days_since_last_session": 9.0}
BEHIND: dict[str, Any] = {"quota_attainment": 0.2, "gap_to_date": 35_000.0, "days_since_last_session": 50.0}


def plain(text: str) -> str:
    return text.replace(numbers.SPACE, " ")


def test_the_executive_hears_where_the_company_stands_and_how_many_teams_rose() -> None:
    totals = {"quota_attainment": 0.44, "quota": 1000.0, "gap_to_date": 120.0, "won_amount": 440.0}
    teams = pl.DataFrame({"value": [0.5, 0.4, None], "before": [0.4, 0.5, 0.3]})
    assert [plain(sentence) for sentence in overview_sentences.team_verdict("Company", totals, teams)] == [
        "Company has won 44 % of its quota, behind pace (56 % would be pace today).",
        "1 of 2 teams stands above the period before.",
    ]


def test_without_quotas_a_team_is_told_by_its_win_rate_and_without_deals_by_that() -> None:
    rates = {"win_rate_count": 0.63, "win_rate_count_low": 0.6, "win_rate_count_high": 0.66, "win_rate_count_n": 400.0}
    assert [plain(text) for text in overview_sentences.team_verdict("East", rates)] == [
        "East wins 63 % of the deals it closes (60–66 %)."
    ]
    assert overview_sentences.team_verdict("East", {}) == ["East: no deal was won or lost in this period."]


def test_the_pace_is_the_part_of_the_quota_that_is_due_by_the_day() -> None:
    assert overview_sentences.pace_share({"quota": 1000.0, "gap_to_date": 120.0, "won_amount": 440.0}) == pytest.approx(
        0.56
    )
    assert overview_sentences.pace_share({"quota": None, "gap_to_date": None, "won_amount": 440.0}) is None
    assert overview_sentences.pace_share({"quota": 0.0, "gap_to_date": 0.0, "won_amount": 0.0}) is None


def months(*amounts: float | None, running: bool = True) -> pl.DataFrame:
    starts = [dt.date(2026, month, 1) for month in range(1, len(amounts) + 1)]
    last = [False] * (len(amounts) - 1) + [running]
    return pl.DataFrame(
        {"period_start": starts, "won_amount": list(amounts), "is_running": last},
        schema={"period_start": pl.Date, "won_amount": pl.Float64, "is_running": pl.Boolean},
    )


def test_the_best_whole_month_is_named_and_a_running_month_cannot_be_it() -> None:
    assert plain(overview_sentences.won_sentence(months(10_000, 30_000, 20_000, 90_000), "USD", "month")) == (
        "Feb 2026 was the best of the last 3 months: $30 k won"
    )
    assert (
        plain(overview_sentences.won_sentence(months(0, 0, 0), "USD", "month"))
        == "Nothing was won in the last 2 months"
    )
    assert overview_sentences.won_sentence(months(None, None), "USD", "month") == "Amount won by month"


def sentence(*reps: dict[str, Any], runs: bool = True, cadence: Cadence = DEFAULT_CADENCE) -> str:
    frame = pl.DataFrame(list(reps), schema=dict.fromkeys(ON_PACE, pl.Float64))
    return plain(overview_sentences.quadrant_sentence(frame, runs=runs, cadence=cadence))


def test_the_quadrants_title_counts_who_is_both_behind_and_not_coached_lately() -> None:
    both = "1 of 2 reps is below the quota to date and without a session for 17 days"
    assert sentence(BEHIND, ON_PACE) == both
    assert sentence(ON_PACE, ON_PACE) == "2 of 2 reps are at or ahead of the quota to date"
    assert sentence(ON_PACE, BEHIND, runs=False) == both.replace(" to date", "")


def test_the_quadrants_title_names_the_limit_of_the_policy_in_force() -> None:
    lately = BEHIND | {"days_since_last_session": 12.0}
    assert sentence(lately, ON_PACE) == "1 of 2 reps is at or ahead of the quota to date"
    assert sentence(lately, ON_PACE, cadence=Cadence(7, 2)).endswith("without a session for 9 days")


def test_where_no_session_is_recorded_the_quadrants_speak_of_the_quota_alone() -> None:
    never = {"days_since_last_session": None}
    assert sentence(BEHIND | never, ON_PACE | never) == "1 of 2 reps is at or ahead of the quota to date"
    assert sentence({"quota_attainment": None} | never) == "Attainment and coaching, rep by rep"
