"""Levels, growth and standings by numbers that can be redone by hand, and rules that hold for any scores."""

from __future__ import annotations

import datetime as dt

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coaching import calibration, frames, skills
from tests.coaching.scored import START, company, scores

LEVELS = st.lists(st.sampled_from([0.0, 25.0, 50.0, 75.0, 100.0]), min_size=1, max_size=12)


def last_level(frame: pl.DataFrame) -> dict[str, object]:
    return skills.running_levels(frame).row(-1, named=True)


def test_a_level_is_the_mean_of_the_last_three_scores_with_their_t_interval() -> None:
    row = last_level(scores(*({"day": 10 * n, "scaled": v} for n, v in enumerate([0.0, 50.0, 75.0, 100.0]))))
    # 50, 75, 100: mean 75, standard deviation 25, 4.3027 * 25 / sqrt(3) = 62.1.
    assert row["level"] == pytest.approx(75.0)
    assert row["level_n"] == 3
    assert row["level_low"] == pytest.approx(75 - 62.10, abs=0.01)
    assert row["level_high"] == 100.0
    assert row["state"] == "competent"


def test_one_score_is_a_level_without_an_interval_and_no_score_is_no_level() -> None:
    row = last_level(scores({"scaled": 25.0}))
    assert (row["level"], row["level_n"], row["level_low"], row["level_high"]) == (25.0, 1, None, None)
    nothing = skills.running_levels(frames.empty(frames.SCORES))
    assert nothing.is_empty()
    assert skills.levels_at(nothing, [START]).is_empty()
    assert skills.standings(nothing, {}).schema == pl.Schema(frames.SKILL_STANDINGS)


def test_two_scores_of_the_same_day_count_in_the_order_in_which_they_were_given() -> None:
    row = last_level(scores(*({"day": 0, "scaled": v} for v in (0.0, 25.0, 50.0, 100.0))))
    assert row["level"] == pytest.approx((25 + 50 + 100) / 3)


def test_only_scores_by_others_make_a_level() -> None:
    row = last_level(
        scores(
            {"scaled": 25.0},
            {"day": 1, "scaled": 100.0, "kind": "self"},
            {"day": 2, "scaled": 50.0, "kind": "second_rater"},
        )
    )
    assert (row["level"], row["level_n"]) == (37.5, 2)


@given(LEVELS)
def test_every_level_lies_on_the_scale_and_inside_its_interval(values: list[float]) -> None:
    running = skills.running_levels(scores(*({"day": n, "scaled": v} for n, v in enumerate(values))))
    for row in running.iter_rows(named=True):
        assert 0 <= row["level"] <= 100
        assert (row["level_low"] is None) == (row["level_n"] == 1)
        if row["level_low"] is not None:
            assert 0 <= row["level_low"] <= row["level"] + 1e-9
            assert row["level"] - 1e-9 <= row["level_high"] <= 100
    assert running["level_n"].to_list() == [min(n, 3) for n in range(1, len(values) + 1)]


@given(LEVELS, st.integers(0, 15))
def test_a_level_at_a_moment_knows_nothing_of_later_scores(values: list[float], day: int) -> None:
    rows = [{"day": n, "scaled": v} for n, v in enumerate(values)]
    moment = START + dt.timedelta(days=day)
    whole = skills.levels_at(skills.running_levels(scores(*rows)), [moment])
    cut = skills.levels_at(skills.running_levels(scores(*rows[: day + 1])), [moment])
    assert whole.equals(cut)


def test_states_change_at_fifty_and_at_87_and_a_half() -> None:
    assert [skills.state_of(level) for level in (None, 49.99, 50.0, 87.49, 87.5)] == [
        None,
        "novice",
        "competent",
        "competent",
        "mastery",
    ]


def test_repetitions_count_the_scores_since_the_state_changed() -> None:
    frame = scores(*({"day": 30 * n, "scaled": v} for n, v in enumerate([0.0, 0.0, 50.0, 100.0, 50.0, 50.0])))
    # Levels 0, 0, 17, 50, 67, 67: competent with the fourth score.
    row = skills.standings(skills.running_levels(frame), {}).row(0, named=True)
    assert (row["state"], row["repetition_count"], row["score_count"]) == ("competent", 3, 6)
    assert row["state_since_on"] == START + dt.timedelta(days=90)
    assert row["growth"] is None


def test_the_growth_of_a_single_person_is_their_least_squares_slope() -> None:
    frame = scores(*({"day": day, "scaled": value} for day, value in ((0, 0.0), (61, 25.0), (122, 25.0), (183, 75.0))))
    found = skills.growth(frame)[1].of_each().row(0, named=True)
    months = np.array([0, 61, 122, 183]) / (365.25 / 12)
    slope = np.polyfit(months, [0, 25, 25, 75], 1)[0]
    assert found["growth"] == pytest.approx(slope)
    assert found["growth_n"] == 4
    # Two degrees of freedom: 4.3027 standard errors; residuals 3.75 -3.75... give s² = 109.375 (above 25²/12).
    missed = np.array([0, 25, 25, 75]) - np.polyval(np.polyfit(months, [0, 25, 25, 75], 1), months)
    error = np.sqrt((missed**2).sum() / 2 / ((months - months.mean()) ** 2).sum())
    assert found["growth_high"] - found["growth"] == pytest.approx(4.3027 * error, rel=1e-3)


@pytest.mark.parametrize(
    ("days", "has_growth"), [((0, 20, 40, 59), False), ((0, 20, 40, 60), True), ((0, 60, 90), False)]
)
def test_growth_needs_four_scores_over_sixty_days(days: tuple[int, ...], has_growth: bool) -> None:
    found = skills.growth(scores(*({"day": day, "scaled": 25.0 * (day > 30)} for day in days)))
    assert bool(found) is has_growth


def test_a_person_of_few_scores_is_pulled_towards_the_others() -> None:
    rows = []
    for person in range(1, 7):
        rows += [{"person_id": person, "day": 30 * n, "scaled": 25.0 * min(n // 3, 4)} for n in range(12)]
    rows += [
        {"person_id": 9, "day": day, "scaled": value} for day, value in ((0, 100.0), (20, 75.0), (40, 50.0), (61, 0.0))
    ]
    slopes = dict(skills.growth(scores(*rows))[1].of_each().select("person_id", "growth").iter_rows())
    alone = skills.growth(scores(*rows[-4:]))[1].of_each()["growth"][0]
    assert alone < slopes[9] < slopes[1]


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [(0.1, 2.0, "up"), (-2.0, -0.1, "down"), (-0.9, 0.9, "flat"), (-1.1, 0.5, "unclear"), (None, None, "unclear")],
)
def test_growth_has_a_direction_only_where_its_interval_allows_it(
    low: float | None, high: float | None, expected: str
) -> None:
    assert skills.direction(low, high) == expected


def test_reliable_change_is_that_of_jacobson_and_truax_and_less_for_means() -> None:
    assert skills.reliable_difference(20, 0.7) == pytest.approx(1.96 * 20 * np.sqrt(0.6))
    assert skills.reliable_difference(20, 0.7, 3, 3) == pytest.approx(1.96 * 20 * np.sqrt(0.6) / np.sqrt(3))
    # From 47.5 to 32.5 with a deviation of 10 and a reliability of .8 is an index of -2.3717: reliable.
    assert (32.5 - 47.5) / (skills.reliable_difference(10, 0.8) / 1.96) == pytest.approx(-2.3717, abs=5e-5)


def standing(**more: object) -> dict[str, object]:
    return {"level": 60.0, "growth": 2.0, "growth_low": 1.0, "growth_high": 3.0, **more}


def test_months_to_mastery_are_the_way_over_the_slope_and_only_where_growth_is_likely() -> None:
    found = skills.months_to_mastery(standing())
    assert found is not None
    middle, low, high = found
    assert middle == pytest.approx(27.5 / 2, rel=0.03)
    assert low < middle < high
    assert skills.months_to_mastery(standing(growth_low=-3.0, growth_high=7.0)) is None
    assert skills.months_to_mastery(standing(growth=None, growth_low=None, growth_high=None)) is None
    assert skills.months_to_mastery(standing(level=90.0)) is None
    assert skills.months_to_mastery(standing()) == found


def test_the_perception_gap_takes_calls_that_both_have_scored_whichever_side_points_to_the_other() -> None:
    frame = scores(
        {"scaled": 50.0},
        {"scaled": 75.0, "kind": "self", "paired_observation_id": 1},
        {"day": 9, "scaled": 25.0, "paired_observation_id": 4},
        {"day": 9, "scaled": 100.0, "kind": "self"},
        {"day": 20, "scaled": 0.0, "kind": "self"},
    )
    row = skills.perception_gaps(frame).row(0, named=True)
    assert (row["gap"], row["n"]) == (50.0, 2)
    assert (row["self_level"], row["observer_level"]) == (87.5, 37.5)
    assert skills.perception_gaps(frames.empty(frames.SCORES)).is_empty()


def test_scores_of_a_coach_after_their_own_session_on_the_skill_are_marked() -> None:
    worked = pl.DataFrame(
        {
            "person_id": [1],
            "coach_id": [100],
            "skill_id": [1],
            "held_on": [START + dt.timedelta(days=5)],
        }
    )
    frame = scores(
        {"day": 4, "scaled": 25.0},
        {"day": 5, "scaled": 25.0},
        {"day": 6, "scaled": 25.0, "observer_id": 200},
        {"day": 6, "scaled": 25.0, "skill_id": 2},
    )
    assert skills.with_coaching_before(frame, worked)["after_own_coaching"].to_list() == [False, True, False, False]


def test_a_value_is_withheld_for_a_handful_and_for_what_would_be_left_of_a_parent() -> None:
    parents = {1: None, 2: 1, 3: 1, 4: 1}
    assert skills.withheld({1: 12, 2: 6, 3: 6}, parents, 12, 5) == set()
    assert skills.withheld({1: 12, 2: 6, 3: 4, 4: 2}, parents, 12, 5) == {3, 4}
    # 12 less 8 would be a team of four.
    assert skills.withheld({1: 12, 2: 8, 3: 4}, parents, 12, 5) == {2, 3}
    assert skills.withheld({1: 12}, parents, 14, 5) == {1}
    assert skills.withheld({}, {}, 0, 5) == set()


@given(st.dictionaries(st.integers(2, 8), st.integers(0, 12), max_size=6), st.integers(0, 6))
def test_what_is_shown_never_speaks_of_fewer_than_five(sizes: dict[int, int], beside: int) -> None:
    whole = sum(sizes.values()) + beside
    hidden = skills.withheld(sizes, dict.fromkeys(sizes), whole, 5)
    shown = [size for group, size in sizes.items() if group not in hidden]
    assert all(size >= 5 for size in shown)
    if shown:
        assert whole - sum(shown) not in range(1, 5)


@pytest.mark.slow
def test_the_interval_of_growth_holds_the_truth_about_as_often_as_it_says() -> None:
    # 12 companies with 40 people and 3 skills each; rounding to five levels costs a little.
    inside = []
    for seed in range(12):
        frame, _, truth = company(seed)
        adjusted = calibration.adjusted(frame, calibration.leniency(frame))
        for skill_id, found in skills.growth(adjusted).items():
            for row in found.of_each().iter_rows(named=True):
                inside.append(row["growth_low"] <= truth[row["person_id"], skill_id] <= row["growth_high"])
    assert len(inside) > 1_000
    assert 0.87 <= np.mean(inside) <= 0.97
