"""Where an objective stands: progress, the five verdicts with their reasons, and the words for all of it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coaching import forecast, frames, objectives
from coaching.numbers import SPACE
from coaching.periods import Calendar, Period

SINCE, DUE = dt.date(2026, 7, 1), dt.date(2026, 12, 31)


def goal(**more: Any) -> dict[str, Any]:
    """Double the open pipeline of 100 within half a year."""
    return {
        "metric_key": "open_pipeline",
        "baseline_value": 100.0,
        "baseline_count": 3,
        "baseline_as_of": SINCE,
        "baseline_basis": "Mean of the last 3 exports",
        "target_value": 1.0,
        "target_kind": "relative",
        "since_on": SINCE,
        "agreed_on": SINCE,
        "due_on": DUE,
        "status": "accepted",
        **more,
    }


def weekly(*values: float | None, first: dt.date = SINCE) -> pl.DataFrame:
    rows = [(first + dt.timedelta(days=7 * index), value, None) for index, value in enumerate(values)]
    return pl.DataFrame(rows, schema=frames.METRIC_SERIES, orient="row")


def monthly(*values: float | None, last: dt.date = dt.date(2026, 10, 31)) -> pl.DataFrame:
    ends = objectives.month_ends(dt.date(2024, 1, 1), last)[-len(values) :]
    rows = [(end, value, 20.0) for end, value in zip(ends, values, strict=True)]
    return pl.DataFrame(rows, schema=frames.METRIC_SERIES, orient="row")


def judged(series: pl.DataFrame, as_of: dt.date, **more: Any) -> objectives.Assessment:
    return objectives.assess(goal(**more), series, as_of, "USD")


def plain(words: str) -> str:
    return words.replace(SPACE, " ")


# ---- What is measured when ---------------------------------------------------------------------------------------


def test_the_baseline_of_a_flow_is_the_last_whole_fiscal_quarter() -> None:
    assert objectives.baseline_period(dt.date(2026, 11, 20), Calendar()) == Period(
        dt.date(2026, 7, 1), dt.date(2026, 9, 30)
    )
    # A fiscal year from February has quarters from November, February, May and August.
    assert objectives.baseline_period(dt.date(2026, 11, 20), Calendar(fiscal_year_starts_in=2)) == Period(
        dt.date(2026, 8, 1), dt.date(2026, 10, 31)
    )


@given(st.dates(dt.date(2000, 1, 1), dt.date(2100, 1, 1)), st.integers(0, 800))
def test_month_ends_are_ends_of_months_inside_the_span_and_none_is_missing(first: dt.date, length: int) -> None:
    last = first + dt.timedelta(days=length)
    ends = objectives.month_ends(first, last)
    every = [first + dt.timedelta(days=day) for day in range(length + 1)]
    assert ends == [day for day in every if (day + dt.timedelta(days=1)).day == 1]


def test_a_flow_is_taken_over_three_whole_months() -> None:
    assert objectives.flow_period(dt.date(2026, 2, 28)) == Period(dt.date(2025, 12, 1), dt.date(2026, 2, 28))


# ---- Progress ----------------------------------------------------------------------------------------------------


def test_progress_is_the_share_of_the_way_from_baseline_to_target() -> None:
    assert objectives.progress(100, 150, 200) == 0.5
    assert objectives.progress(100, 90, 200) == pytest.approx(-0.1)
    # Downwards is the good way for a discount: 9 % to 6 % with 8 % today is a third of the way.
    assert objectives.progress(0.09, 0.08, 0.06) == pytest.approx(1 / 3)


@pytest.mark.parametrize("values", [(None, 1, 2), (1, None, 2), (1, 2, None), (2, 1, 2)])
def test_without_one_of_the_three_values_there_is_no_progress(values: tuple[Any, Any, Any]) -> None:
    assert objectives.progress(*values) is None


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_the_baseline_is_no_progress_and_the_target_all_of_it(baseline: float, reach: float) -> None:
    if abs(baseline - reach) > 1e-3:
        assert objectives.progress(baseline, baseline, reach) == 0
        assert objectives.progress(baseline, reach, reach) == pytest.approx(1)


# ---- Verdicts ----------------------------------------------------------------------------------------------------


def test_a_stock_that_reaches_its_target_is_met_at_once() -> None:
    found = judged(weekly(100, 150, 200), dt.date(2026, 7, 15))
    assert found.verdict == "met"
    assert plain(found.reason) == "$200 on 15 Jul 2026 reaches $200."
    assert found.progress == 1


def test_a_stock_that_has_fallen_back_is_not_met_any_more() -> None:
    assert judged(weekly(100, 210, 150), dt.date(2026, 7, 15)).verdict == "too_early"


def test_before_six_values_it_is_too_early() -> None:
    due = dt.date(2026, 8, 10)
    five = judged(weekly(100, 110, 120, 130, 140), dt.date(2026, 7, 29), due_on=due)
    assert five.verdict == "too_early"
    assert five.reason == "A forecast needs 6 weekly values since the agreement; there are 5 so far."
    six = judged(weekly(100, 110, 120, 130, 140, 150), dt.date(2026, 8, 5), due_on=due)
    assert six.verdict != "too_early"


def test_before_a_third_of_the_time_it_is_too_early() -> None:
    # 183 days; a third of them is the 61st.
    series = weekly(*range(100, 111))
    assert plain(judged(series, SINCE + dt.timedelta(days=60)).reason) == (
        "A third of the time has to pass first, on 31 Aug 2026."
    )
    assert judged(series, SINCE + dt.timedelta(days=61)).verdict == "off_path"


def test_a_steady_climb_is_on_path_and_a_standstill_is_off_path() -> None:
    climb = weekly(*[100 + 5 * week + (-1) ** week for week in range(14)])
    found = judged(climb, SINCE + dt.timedelta(days=7 * 13))
    assert (found.verdict, found.chance is not None and found.chance > 0.99) == ("on_path", True)
    still = judged(weekly(*[100 + (-1) ** week for week in range(14)]), SINCE + dt.timedelta(days=7 * 13))
    assert (still.verdict, still.chance is not None and still.chance < 0.01) == ("off_path", True)


def test_a_climb_towards_the_target_itself_could_go_either_way() -> None:
    # 100 on the first day, 200 on the due date, with noise around the line.
    noise = [9, -12, 4, -3, 11, -8, 2, -6, 7, -9, 5, -2, 8, -6]
    series = weekly(*[100 + 100 * 7 * week / 183 + extra for week, extra in enumerate(noise)])
    found = judged(series, SINCE + dt.timedelta(days=7 * 13))
    assert found.verdict == "could_go_either_way"
    assert found.chance_range is not None
    assert found.chance is not None
    assert found.chance_range[0] <= found.chance <= found.chance_range[1]


@pytest.mark.parametrize(
    ("chance", "verdict"),
    [(0.75, "on_path"), (0.7499, "could_go_either_way"), (0.2501, "could_go_either_way"), (0.25, "off_path")],
)
def test_the_thresholds_of_the_chance_are_included(
    chance: float, verdict: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forecast.Trend, "chance", lambda *_: chance)
    found = judged(weekly(*range(100, 114)), SINCE + dt.timedelta(days=7 * 13))
    assert (found.verdict, found.chance) == (verdict, chance)


def test_after_the_due_date_it_is_met_or_off_path_and_later_values_change_nothing() -> None:
    rise = weekly(*[100 + 3 * week for week in range(40)])
    short = judged(rise, DUE + dt.timedelta(days=60))
    assert short.verdict == "off_path"
    assert plain(short.reason) == "The due date has passed at $178, short of $200."
    assert short.now_on is not None
    assert short.now_on <= DUE
    reached = judged(weekly(*[100 + 4 * week for week in range(40)]), DUE + dt.timedelta(days=60))
    assert reached.verdict == "met"


def test_months_from_before_the_agreement_are_not_counted_as_its_success() -> None:
    rates = monthly(*[0.30] * 12, 0.41)
    share = {"metric_key": "win_rate_count", "baseline_value": 0.30, "target_value": 0.10, "target_kind": "points"}
    agreed_later = judged(rates, dt.date(2026, 11, 20), since_on=dt.date(2026, 9, 10), **share)
    assert agreed_later.verdict != "met"
    assert agreed_later.reason.startswith("The last three months reach it already, but began before the agreement.")
    agreed_earlier = judged(rates, dt.date(2026, 11, 20), since_on=dt.date(2026, 8, 10), **share)
    assert agreed_earlier.verdict == "met"
    assert plain(agreed_earlier.reason) == "41 % over the three months up to 31 Oct 2026 reaches 40 %."


def test_at_the_due_date_a_flow_is_judged_by_its_last_whole_months_whenever_they_began() -> None:
    rates = monthly(*[0.30] * 12, 0.41)
    share = {"metric_key": "win_rate_count", "baseline_value": 0.30, "target_value": 0.10, "target_kind": "points"}
    late = {"since_on": dt.date(2026, 9, 10), "due_on": dt.date(2026, 11, 15)}
    assert judged(rates, dt.date(2026, 11, 20), **late, **share).verdict == "met"


def test_downwards_is_the_good_way_for_a_discount() -> None:
    less = {"metric_key": "discount", "baseline_value": 0.10, "target_value": -0.02, "target_kind": "points"}
    falling = monthly(*[0.12, 0.118, 0.115, 0.11, 0.11, 0.105, 0.10, 0.095, 0.09, 0.09, 0.088, 0.085, 0.08])
    assert judged(falling, dt.date(2026, 11, 20), **less).verdict == "met"
    rising = monthly(*[0.08 + 0.003 * month + 0.001 * (-1) ** month for month in range(13)])
    assert judged(rising, dt.date(2026, 11, 20), **less).verdict == "off_path"


def test_without_any_value_there_is_no_verdict_and_the_reason_says_what_is_missing() -> None:
    found = judged(weekly(None, None), dt.date(2026, 9, 20))
    assert (found.verdict, found.now, found.progress) == ("too_early", None, None)
    assert found.reason == "There is no value to judge by: the open deals carry no amount."


def test_without_a_baseline_an_absolute_target_is_judged_by_the_good_way_of_the_metric() -> None:
    given_: dict[str, Any] = {"baseline_value": None, "target_value": 150.0, "target_kind": "absolute"}
    found = judged(weekly(100, 160), dt.date(2026, 7, 8), **given_)
    assert (found.verdict, found.progress) == ("met", None)


def test_only_values_since_the_agreement_make_a_stocks_trend() -> None:
    before = weekly(*range(500, 400, -10), first=SINCE - dt.timedelta(days=70))
    after = weekly(*[100 + 5 * week for week in range(14)])
    found = judged(pl.concat([before, after]), SINCE + dt.timedelta(days=7 * 13))
    assert found.points["at"][0] == SINCE
    assert found.points.height == 14
    assert found.trend is not None
    assert found.trend.slope * 7 == pytest.approx(5)


def test_a_flows_trend_takes_the_last_twelve_months() -> None:
    share = {"metric_key": "win_rate_count", "baseline_value": 0.3, "target_value": 0.1, "target_kind": "points"}
    found = judged(monthly(*[0.3 + 0.001 * month for month in range(20)]), dt.date(2026, 11, 20), **share)
    assert found.points.height == 12


def test_a_baseline_from_a_weak_spell_is_named_and_a_usual_one_is_not() -> None:
    year = weekly(*[150.0] * 50, first=SINCE - dt.timedelta(days=350))
    note = plain(judged(year, dt.date(2026, 7, 2)).note)
    assert note.startswith(
        "The baseline of $100 was taken in a weak spell: the median of the 12 months before is $150."
    )
    assert "would come by itself" in note
    assert judged(year, dt.date(2026, 7, 2), baseline_value=150.0).note == ""
    # For a discount more is worse: a baseline below the median is no weak one.
    less = {"metric_key": "discount", "baseline_value": 0.10, "target_value": -0.02, "target_kind": "points"}
    assert judged(monthly(*[0.15] * 12, last=dt.date(2026, 6, 30)), dt.date(2026, 7, 2), **less).note == ""
    assert judged(monthly(*[0.05] * 12, last=dt.date(2026, 6, 30)), dt.date(2026, 7, 2), **less).note


def test_a_few_values_are_no_median() -> None:
    assert judged(weekly(150, 150, 150, first=SINCE - dt.timedelta(days=30)), dt.date(2026, 7, 2)).note == ""


# ---- Words -------------------------------------------------------------------------------------------------------


def test_the_headline_states_the_verdict_in_words() -> None:
    climb = judged(weekly(*[100 + 5 * week + (-1) ** week for week in range(14)]), SINCE + dt.timedelta(days=91))
    words = plain(objectives.headline(goal(), climb, "USD"))
    assert words.startswith("Open pipeline is 1.6× the baseline; double by 31 Dec 2026 is on path (")
    met = judged(weekly(100, 220), dt.date(2026, 7, 8))
    assert plain(objectives.headline(goal(), met)) == "Open pipeline is 2.2× the baseline: double is met"
    early = judged(weekly(100, 120), dt.date(2026, 7, 8))
    assert plain(objectives.headline(goal(), early)) == (
        "Open pipeline is 1.2× the baseline; whether it gets to double is too early to say"
    )
    late = judged(weekly(*[100.0] * 30), DUE + dt.timedelta(days=9))
    assert plain(objectives.headline(goal(), late)).endswith("double by 31 Dec 2026 was not reached")


def test_a_share_is_told_in_points_and_its_target_as_it_was_given() -> None:
    share = {"metric_key": "margin", "baseline_value": 0.30, "target_value": 0.07, "target_kind": "points"}
    found = judged(monthly(*[0.30] * 12, 0.33), dt.date(2026, 11, 20), **share)
    assert plain(objectives.standing_words(goal(**share), found)) == "Margin is 33 %, +3 points"
    assert plain(objectives.goal_words(goal(**share))) == "+7 points"


def test_baseline_and_now_name_n_date_and_basis() -> None:
    assert plain(objectives.baseline_words(goal(), "USD")) == (
        "$100, n = 3, as of 1 Jul 2026. Mean of the last 3 exports."
    )
    assert "no data when it was agreed" in objectives.baseline_words(goal(baseline_value=None))
    share = {"metric_key": "margin", "baseline_value": 0.30, "target_value": 0.07, "target_kind": "points"}
    found = judged(monthly(*[0.30] * 13), dt.date(2026, 11, 20), **share)
    assert plain(objectives.now_words(goal(**share), found)) == "30 % (three months up to 31 Oct 2026, n = 20)"


def test_the_summary_counts_verdicts_and_says_nothing_about_nobody() -> None:
    met = judged(weekly(100, 220), dt.date(2026, 7, 8))
    early = judged(weekly(100, 120), dt.date(2026, 7, 8))
    three = [goal()] * 3
    assert plain(objectives.summary_words(three, [met, early, early])) == "3 objectives: 1 met, 2 too early to say"
    assert plain(objectives.summary_words([goal()], [met])) == "1 objective: met"
    assert objectives.summary_words([], []) == ""


@pytest.mark.parametrize("status", ["proposed", "countered", "objected"])
def test_what_is_not_agreed_is_counted_as_that_and_never_called_agreed(status: str) -> None:
    met = judged(weekly(100, 220), dt.date(2026, 7, 8))
    open_one = goal(status=status)
    found = objectives.summary_words([goal(), open_one], [met, met])
    assert plain(found) == "2 objectives: 1 met, 1 not agreed yet"
    assert plain(objectives.summary_words([open_one], [met])) == "1 objective: not agreed yet"
    assert plain(objectives.since_words(goal())) == "agreed 1 Jul 2026"
    later = goal(status=status, agreed_on=dt.date(2026, 8, 3))
    assert plain(objectives.since_words(later)) == "proposed 3 Aug 2026, not agreed"


def test_how_many_are_agreed_by_both_is_said_in_words() -> None:
    said = [
        plain(objectives.agreed_words([goal(status=status) for status in found]))
        for found in (
            [],
            ["accepted"],
            ["proposed"],
            ["accepted", "accepted"],
            ["accepted", "objected", "countered"],
        )
    ]
    assert said == [
        "no objective yet",
        "1 objective, agreed by both",
        "1 objective, not agreed by both yet",
        "2 objectives, agreed by both",
        "3 objectives, 2 of them not agreed by both yet",
    ]


def test_the_metric_beside_a_pipeline_says_now_and_then() -> None:
    series = monthly(*[0.25] * 10, 0.25, 0.28, 0.31)
    words = plain(objectives.beside_words("win_rate_count", series, dt.date(2026, 9, 1)))
    assert words == "Win rate beside it: 31 % (n = 20), 25 % at the agreement."
    assert objectives.beside_words("win_rate_count", monthly(None), SINCE) == "Win rate beside it: no data."


def test_the_fan_begins_at_the_last_value_and_ends_on_the_due_date() -> None:
    found = judged(weekly(*[100 + 5 * week + (-1) ** week for week in range(14)]), SINCE + dt.timedelta(days=91))
    fan = objectives.fan(goal(), found)
    assert fan["at"][-1] == DUE
    assert fan["low"].null_count() == 1
    measured = fan.filter(pl.col("low").is_not_null())
    assert measured["at"][0] == found.now_on
    widths = (measured["high"] - measured["low"]).to_list()
    assert widths == sorted(widths)
    early = judged(weekly(100, 120), dt.date(2026, 7, 8))
    assert objectives.fan(goal(), early).is_empty()


def test_an_action_says_where_it_stands() -> None:
    action = {"done_on": None, "due_on": dt.date(2026, 8, 1), "held_count": 2, "repetitions": 6}
    assert plain(objectives.action_state(action, SINCE)) == (
        "due on 1 Aug 2026, 6 times planned, worked on in 2 sessions"
    )
    assert plain(objectives.action_state(action, DUE)).startswith("was due on 1 Aug 2026")
    done = action | {"done_on": dt.date(2026, 7, 30), "repetitions": None, "held_count": 0}
    assert plain(objectives.action_state(done, DUE)) == "done on 30 Jul 2026"
    assert objectives.action_state({**done, "done_on": None, "due_on": None}, DUE) == "no due date"
