"""Who needs their manager now, and the sentences over figures."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coaching import attention, numbers
from coaching.attention import (
    DEFAULT_CADENCE,
    Cadence,
    Surroundings,
    cadence_on,
    needing_attention,
    surroundings,
    verdict,
    with_reasons,
)
from coaching.metrics import BY_KEY

FINE: dict[str, Any] = {
    "row_id": 1,
    "name": "Ravi Nair",
    "won_amount": 60_000.0,
    "won_count": 6.0,
    "quota": 100_000.0,
    "quota_attainment": 0.6,
    "gap_to_date": -5_000.0,
    "win_rate_count": 0.3,
    "average_deal_size": 10_000.0,
    "open_pipeline": 200_000.0,
    "open_count": 12.0,
    "stalled_count": 1.0,
    "pipeline_coverage": 4.0,
    "needed_coverage": None,
    "days_since_last_session": 9.0,
    "days_since_last_observation": 20.0,
}
WEEKLY = Cadence(every_days=7, tolerance_days=2)
BEHIND = {"won_amount": 20_000.0, "quota_attainment": 0.2, "gap_to_date": 35_000.0}


def team(*changes: dict[str, Any]) -> pl.DataFrame:
    """One rep per change: Ravi, who is fine, with something different."""
    rows = [FINE | {"row_id": index, "name": f"Rep {index:02}"} | change for index, change in enumerate(changes, 1)]
    schema = dict.fromkeys(FINE, pl.Float64) | {"row_id": pl.Int64, "name": pl.String}
    return pl.DataFrame(rows, schema=schema)


def plain(text: str) -> str:
    return text.replace(numbers.SPACE, " ")


def judged(
    *changes: dict[str, Any], needed: float | None = 2.9, runs: bool = True, cadence: Cadence = DEFAULT_CADENCE
) -> pl.DataFrame:
    reps = team(*changes)
    return with_reasons(reps, surroundings(reps, "USD", needed, runs, cadence))


def test_a_rep_for_whom_all_is_well_has_no_flag_and_is_not_listed() -> None:
    reps = judged({})
    assert reps["flags"].to_list() == [""]
    assert needing_attention(reps).is_empty()


@pytest.mark.parametrize(
    ("change", "flag", "sentence"),
    [
        (BEHIND, "below quota", "20 % of quota won, $35 k behind pace"),
        ({"days_since_last_session": 41.0}, "session due", "No session for 41 days"),
        ({"days_since_last_session": None}, "session due", "No session recorded yet"),
        ({"stalled_count": 5.0}, "stalled", "5 of 12 open deals stalled"),
        ({"pipeline_coverage": 1.2}, "thin pipeline", "Coverage 1.2×, needs 2.9×"),
        ({"days_since_last_observation": 75.0}, "observe", "Not observed for 75 days"),
        ({"days_since_last_observation": None}, "observe", "Not observed yet"),
    ],
)
def test_each_reason_is_told_in_a_sentence_with_its_numbers(change: dict[str, Any], flag: str, sentence: str) -> None:
    reps = judged(change, {})
    assert reps["flags"].to_list() == [flag, ""]
    assert plain(reps["reasons"][0]) == sentence


def test_a_small_gap_or_few_stalled_deals_are_noise_and_no_reason() -> None:
    reps = judged({"gap_to_date": 8_000.0}, {"stalled_count": 2.0, "open_count": 3.0})
    assert reps["flags"].to_list() == ["", ""]


@pytest.mark.parametrize(("cadence", "last_day"), [(DEFAULT_CADENCE, 17), (WEEKLY, 9), (Cadence(30, 0), 30)])
def test_a_session_is_due_once_the_slot_and_its_tolerance_are_over(cadence: Cadence, last_day: int) -> None:
    in_time = {"days_since_last_session": float(last_day), "days_since_last_observation": 0.0}
    reps = judged(in_time, in_time | {"days_since_last_session": last_day + 1.0}, cadence=cadence)
    assert reps["flags"].to_list() == ["", "session due"]


@pytest.mark.parametrize(("cadence", "last_day"), [(DEFAULT_CADENCE, 34), (Cadence(30, 0), 60)])
def test_an_observation_is_due_once_two_slots_have_gone_by_without_one(cadence: Cadence, last_day: int) -> None:
    in_time = {"days_since_last_session": 0.0, "days_since_last_observation": float(last_day)}
    reps = judged(in_time, in_time | {"days_since_last_observation": last_day + 1.0}, cadence=cadence)
    assert reps["flags"].to_list() == ["", "observe"]


def test_sentences_name_the_limit_of_the_policy_in_force() -> None:
    reps = judged(BEHIND | {"days_since_last_session": 12.0}, {"days_since_last_session": 3.0}, cadence=WEEKLY)
    around = surroundings(reps, "USD", cadence=WEEKLY)
    assert plain(verdict(reps, around)[1]) == "1 of 2 reps has had no session for 9 days."
    assert plain(attention.quadrant_sentence(reps, around)).endswith("without a session for 9 days")


days = st.dates(dt.date(2000, 1, 1), dt.date(2050, 12, 31))
POLICIES = {"role": pl.String, "every_days": pl.Int64, "tolerance_days": pl.Int64, "starts_on": pl.Date}


@given(st.lists(days, max_size=6, unique=True), days)
def test_the_policy_that_began_last_holds_from_its_first_day_on(starts: list[dt.date], on: dt.date) -> None:
    # Each policy has as many days as its place in time, so that the one found tells which it was.
    rows = [("rep", place, 0, start) for place, start in enumerate(sorted(starts), 1)]
    policies = pl.DataFrame([*reversed(rows), ("manager", 90, 0, None)], schema=POLICIES, orient="row")
    begun = sum(start <= on for start in starts)
    assert cadence_on(policies, "rep", on) == (Cadence(begun, 0) if begun else DEFAULT_CADENCE)
    assert cadence_on(policies, "manager", on) == Cadence(90, 0)


def test_a_policy_without_a_first_day_holds_since_ever_until_a_dated_one_begins() -> None:
    begins = dt.date(2026, 7, 1)
    policies = pl.DataFrame([("rep", 7, 1, begins), ("rep", 30, 5, None)], schema=POLICIES, orient="row")
    assert cadence_on(policies, "rep", begins - dt.timedelta(days=1)) == Cadence(30, 5)
    assert cadence_on(policies, "rep", begins) == Cadence(7, 1)


@pytest.mark.parametrize(("every", "tolerance"), [(0, 3), (14, -1)])
def test_a_slot_without_days_or_a_negative_tolerance_is_no_cadence(every: int, tolerance: int) -> None:
    with pytest.raises(ValueError, match="no cadence"):
        Cadence(every, tolerance)


def test_without_any_session_recorded_anywhere_nobody_is_called_due() -> None:
    reps = judged({"days_since_last_session": None}, {"days_since_last_session": None})
    assert reps["flags"].to_list() == ["", ""]


def test_without_a_quota_there_is_no_pace_to_be_behind() -> None:
    reps = judged({"quota": None, "quota_attainment": None, "gap_to_date": None})
    assert reps["flags"].to_list() == [""]
    assert reps["is_on_pace"].to_list() == [False]


def test_a_rep_needs_the_coverage_that_their_own_win_rate_asks_for_as_their_own_page_says() -> None:
    reps = judged(
        {"pipeline_coverage": 2.5, "needed_coverage": 2.1}, {"pipeline_coverage": 2.5, "needed_coverage": 2.7}
    )
    assert reps["flags"].to_list() == ["", "thin pipeline"]
    assert plain(reps["reasons"][1]) == "Coverage 2.5×, needs 2.7×"


def test_once_the_period_is_over_its_pipeline_cannot_be_thin_and_there_is_no_pace() -> None:
    reps = judged(BEHIND | {"pipeline_coverage": 0.1}, runs=False)
    assert reps["flags"].to_list() == ["below quota"]
    assert plain(reps["reasons"][0]) == "20 % of quota won, $35 k short"


def test_two_things_that_come_together_put_a_rep_on_the_list_and_one_small_thing_does_not() -> None:
    reps = judged({"stalled_count": 5.0}, {"stalled_count": 5.0, "pipeline_coverage": 1.0}, BEHIND, {})
    assert needing_attention(reps)["name"].to_list() == ["Rep 02", "Rep 03"]


def test_the_list_starts_with_most_reasons_then_longest_without_a_session_then_by_name() -> None:
    long_ago = {"days_since_last_session": 90.0, "stalled_count": 5.0}
    reps = judged(
        {"days_since_last_session": 40.0, "stalled_count": 5.0},
        long_ago,
        long_ago,
        BEHIND | long_ago,
    )
    assert needing_attention(reps)["name"].to_list() == ["Rep 04", "Rep 02", "Rep 03", "Rep 01"]


def test_the_verdict_tells_the_need_and_then_the_good_news() -> None:
    reps = judged(BEHIND, {"days_since_last_session": 41.0}, {"quota_attainment": 1.1, "gap_to_date": -60_000.0})
    sentences = [plain(sentence) for sentence in verdict(reps, surroundings(reps, "USD"))]
    assert sentences == [
        "1 of 3 reps is clearly below the quota to date.",
        "1 of 3 reps has had no session for 17 days.",
        "Good news: 1 rep has already met the quota.",
    ]


def test_a_team_in_which_all_is_well_hears_that_too() -> None:
    reps = judged({}, {})
    assert [plain(sentence) for sentence in verdict(reps, surroundings(reps, "USD"))] == [
        "Nobody is clearly below the quota to date.",
        "Everybody has had a session within 17 days.",
        "Good news: 2 reps are on or ahead of pace.",
    ]


def test_a_team_without_anybody_gets_no_verdict() -> None:
    reps = judged()
    assert verdict(reps, surroundings(reps, "USD")) == []


def test_the_executive_hears_where_the_company_stands_and_how_many_teams_rose() -> None:
    totals = {"quota_attainment": 0.44, "quota": 1000.0, "gap_to_date": 120.0, "won_amount": 440.0}
    teams = pl.DataFrame({"value": [0.5, 0.4, None], "before": [0.4, 0.5, 0.3]})
    assert [plain(sentence) for sentence in attention.team_verdict("Company", totals, teams)] == [
        "Company has won 44 % of its quota, behind pace (56 % would be pace today).",
        "1 of 2 teams stands above the period before.",
    ]


def test_without_quotas_a_team_is_told_by_its_win_rate_and_without_deals_by_that() -> None:
    rates = {"win_rate_count": 0.63, "win_rate_count_low": 0.6, "win_rate_count_high": 0.66, "win_rate_count_n": 400.0}
    assert [plain(text) for text in attention.team_verdict("East", rates)] == [
        "East wins 63 % of the deals it closes (60–66 %)."
    ]
    assert attention.team_verdict("East", {}) == ["East: no deal was won or lost in this period."]


def test_the_pace_is_the_part_of_the_quota_that_is_due_by_the_day() -> None:
    assert attention.pace_share({"quota": 1000.0, "gap_to_date": 120.0, "won_amount": 440.0}) == pytest.approx(0.56)
    assert attention.pace_share({"quota": None, "gap_to_date": None, "won_amount": 440.0}) is None
    assert attention.pace_share({"quota": 0.0, "gap_to_date": 0.0, "won_amount": 0.0}) is None


def months(*amounts: float | None, running: bool = True) -> pl.DataFrame:
    starts = [dt.date(2026, month, 1) for month in range(1, len(amounts) + 1)]
    last = [False] * (len(amounts) - 1) + [running]
    return pl.DataFrame(
        {"period_start": starts, "won_amount": list(amounts), "is_running": last},
        schema={"period_start": pl.Date, "won_amount": pl.Float64, "is_running": pl.Boolean},
    )


def test_the_best_whole_month_is_named_and_a_running_month_cannot_be_it() -> None:
    assert plain(attention.won_sentence(months(10_000, 30_000, 20_000, 90_000), "USD", "month")) == (
        "Feb 2026 was the best of the last 3 months: $30 k won"
    )
    assert plain(attention.won_sentence(months(0, 0, 0), "USD", "month")) == "Nothing was won in the last 2 months"
    assert attention.won_sentence(months(None, None), "USD", "month") == "Amount won by month"


def test_the_quadrants_title_counts_who_is_both_behind_and_not_coached_lately() -> None:
    reps = judged(BEHIND | {"days_since_last_session": 50.0}, {})
    around = surroundings(reps, "USD")
    assert plain(attention.quadrant_sentence(reps, around)) == (
        "1 of 2 reps is below the quota to date and without a session for 17 days"
    )
    fine = judged({}, {})
    assert plain(attention.quadrant_sentence(fine, around)) == "2 of 2 reps are at or ahead of the quota to date"


def test_the_rules_read_metrics_of_the_registry_only() -> None:
    assert set(attention.REP_KEYS) <= set(BY_KEY)


def test_every_rule_has_a_flag_of_its_own() -> None:
    flags = [rule.flag for rule in attention.RULES]
    assert len(set(flags)) == len(flags)


def test_a_team_where_all_columns_are_empty_raises_nothing() -> None:
    nothing: dict[str, Any] = {name: None for name in FINE if name not in {"row_id", "name"}}
    reps = judged(nothing)
    assert reps["flags"].to_list() == [""]
    assert verdict(reps, Surroundings("USD", sessions_known=False, observations_known=False)) == []
