"""Raters: leniency against a known truth, adjusted scores, kappa by hand."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coaching import calibration, frames, skills
from tests.coaching.scored import company, scores


def test_no_scores_are_no_raters_and_no_agreement() -> None:
    nothing = frames.empty(frames.SCORES)
    raters = calibration.leniency(nothing)
    assert raters.schema == pl.Schema(frames.RATERS)
    assert raters.is_empty()
    assert calibration.adjusted(nothing, raters)["adjusted"].to_list() == []
    found = calibration.agreement(calibration.rated_twice(nothing))
    assert (found.kappa, found.low, found.pair_count, found.call_count) == (None, None, 0, 0)
    assert (found.reliability, found.is_default) == (0.7, True)


def test_a_rater_with_whom_nobody_can_be_compared_has_no_leniency_and_their_scores_stay() -> None:
    frame = scores(
        {"scaled": 25.0},
        {"scaled": 75.0, "day": 9},
        {"scaled": 100.0, "person_id": 2, "observer_id": 200},
        {"scaled": 50.0, "person_id": 3, "observer_id": 300},
        {"scaled": 25.0, "person_id": 3, "observer_id": 400},
    )
    raters = calibration.leniency(frame)
    known = dict(raters.select("observer_id", "leniency").iter_rows())
    assert known[100] is None
    assert known[200] is None
    assert known[300] > 0 > known[400]
    adjusted = calibration.adjusted(frame, raters)
    assert adjusted["adjusted"].to_list()[:3] == [25.0, 75.0, 100.0]
    assert dict(raters.select("observer_id", "shared_count").iter_rows()) == {100: 0, 200: 0, 300: 1, 400: 1}


def balanced(shift: float, seed: int = 3) -> pl.DataFrame:
    """Twelve people, each scored equally often by the same three raters on the same days; rater 100 is shifted."""
    random = np.random.default_rng(seed)
    rows = []
    for person in range(1, 13):
        base = random.uniform(20, 60)
        for day in range(0, 360, 30):
            rater = 100 * (1 + day // 30 % 3)
            value = base + day / 60 + random.normal(0, 4) + (shift if rater == 100 else 0.0)
            rows.append({"person_id": person, "day": day, "observer_id": rater, "scaled": value})
    return scores(*rows)


def adjusted_levels(frame: pl.DataFrame) -> np.ndarray:
    adjusted = calibration.adjusted(frame, calibration.leniency(frame))
    return skills.standings(skills.running_levels(adjusted), {})["adjusted"].to_numpy()


@settings(max_examples=25)
@given(st.floats(-20, 20))
def test_a_constant_shift_of_one_rater_changes_no_difference_between_people_who_were_scored_alike(shift: float) -> None:
    before, after = adjusted_levels(balanced(0.0)), adjusted_levels(balanced(shift))
    assert after - after.mean() == pytest.approx(before - before.mean(), abs=1e-6)


def test_a_shift_of_one_rater_leaves_adjusted_levels_almost_where_they_were_and_raw_ones_not() -> None:
    # What is left: a third of the raters gave more, so the company's average is a third higher.
    before, after = adjusted_levels(balanced(0.0)), adjusted_levels(balanced(18.0))
    assert (after - before).mean() == pytest.approx(18 / 3, abs=1.0)
    raters = calibration.leniency(balanced(18.0))
    gap = raters["leniency"][0] - raters["leniency"][1:].mean()
    assert gap == pytest.approx(18, abs=3)


def test_leniency_is_found_although_strict_raters_see_other_people_and_people_grow() -> None:
    frame, truth, _ = company(5, people=60, raters=8, calls_a_month=1.0)
    raters = calibration.leniency(frame)
    expected = np.array([truth[rater] for rater in raters["observer_id"]])
    found = raters["leniency"].to_numpy()
    assert np.corrcoef(found, expected)[0, 1] > 0.93
    inside = (raters["leniency_low"].to_numpy() <= expected) & (expected <= raters["leniency_high"].to_numpy())
    assert inside.mean() >= 0.75
    assert ((raters["leniency_low"] <= raters["leniency"]) & (raters["leniency"] <= raters["leniency_high"])).all()


def test_few_shared_scores_are_pulled_towards_no_leniency_at_all() -> None:
    rows = []
    for person in range(1, 9):
        rows += [{"person_id": person, "day": 10 * n, "observer_id": 100, "scaled": 50.0} for n in range(6)]
        rows += [{"person_id": person, "day": 10 * n + 5, "observer_id": 200, "scaled": 75.0} for n in range(6)]
    rows += [{"person_id": 1, "day": 33, "observer_id": 300, "scaled": 100.0}]
    raters = {row["observer_id"]: row for row in calibration.leniency(scores(*rows)).iter_rows(named=True)}
    assert raters[200]["leniency"] - raters[100]["leniency"] == pytest.approx(25, abs=4)
    seldom, often = raters[300], raters[200]
    assert seldom["leniency_high"] - seldom["leniency_low"] > often["leniency_high"] - often["leniency_low"]
    # Given 100 where the person's line stands at about 62: pulled in, never further out.
    assert 0 < seldom["leniency"] < 100 - 62


# ---- Kappa -----------------------------------------------------------------------------------------------------------


def test_weighted_kappa_by_hand() -> None:
    # Levels 1..3, table rows = first, columns = second:  [[2,1,0],[0,2,1],[0,0,2]], n = 8.
    # Observed squared distances: 2 of 1 -> 2/8. Expected: margins first 3,3,2, second 2,3,3:
    # sum (i-j)² r_i c_j / 64 = (3*3*1 + 3*3*4 + 3*2*1 + 3*3*1 + 2*2*4 + 2*3*1) / 64 = 82/64.
    first = np.array([1.0, 1, 1, 2, 2, 2, 3, 3])
    second = np.array([1.0, 1, 2, 2, 2, 3, 3, 3])
    expected = 1 - (2 / 8) / (82 / 64)
    assert calibration.weighted_kappa(first, second) == pytest.approx(expected)
    # The same on any scale.
    assert calibration.weighted_kappa(first * 25 - 25, second * 25 - 25) == pytest.approx(expected)


def test_kappa_is_one_for_the_same_zero_for_chance_and_below_for_the_opposite() -> None:
    assert calibration.weighted_kappa(np.array([0.0, 50, 100]), np.array([0.0, 50, 100])) == pytest.approx(1.0)
    chance = calibration.weighted_kappa(np.array([0.0, 0, 100, 100]), np.array([0.0, 100, 0, 100]))
    assert chance == pytest.approx(0.0)
    opposite = calibration.weighted_kappa(np.array([0.0, 100]), np.array([100.0, 0]))
    assert opposite is not None
    assert opposite < 0


def test_kappa_has_no_value_without_pairs_or_where_everybody_always_gave_the_same() -> None:
    assert calibration.weighted_kappa(np.array([]), np.array([])) is None
    assert calibration.weighted_kappa(np.array([50.0, 50]), np.array([50.0, 50])) is None


def doubles(calls: int, noise: float, seed: int = 1) -> pl.DataFrame:
    random = np.random.default_rng(seed)
    rows = []
    for call in range(calls):
        truth = random.choice([0.0, 25, 50, 75, 100])
        other = float(np.clip(truth + 25 * np.round(random.normal(0, noise)), 0, 100))
        rows.append({"day": call, "scaled": truth})
        rows.append(
            {
                "day": call,
                "scaled": other,
                "kind": "second_rater",
                "observer_id": 200,
                "paired_observation_id": 2 * call + 1,
            }
        )
    return scores(*rows)


@pytest.mark.parametrize(("calls", "is_told"), [(4, False), (5, True)])
def test_agreement_is_told_from_five_pairs_on(calls: int, is_told: bool) -> None:
    found = calibration.agreement(calibration.rated_twice(doubles(calls, 0.6)))
    assert (found.kappa is not None) is is_told
    assert found.pair_count == calls


@pytest.mark.parametrize(("calls", "is_default"), [(19, True), (20, False)])
def test_reliability_is_assumed_until_twenty_calls_were_scored_twice(calls: int, is_default: bool) -> None:
    found = calibration.agreement(calibration.rated_twice(doubles(calls, 0.6)))
    assert found.is_default is is_default
    assert (found.reliability == 0.7) is is_default


@settings(max_examples=25)
@given(st.integers(5, 40), st.floats(0, 2), st.integers(0, 50))
def test_the_interval_of_kappa_holds_it(calls: int, noise: float, seed: int) -> None:
    found = calibration.agreement(calibration.rated_twice(doubles(calls, noise, seed)))
    if found.kappa is not None and found.low is not None and found.high is not None:
        assert -1 <= found.low <= found.kappa <= found.high <= 1 + 1e-9


def test_more_calls_make_the_interval_of_kappa_narrower_and_the_same_data_give_the_same_one() -> None:
    few, many = (calibration.agreement(calibration.rated_twice(doubles(n, 0.8))) for n in (12, 200))
    assert few.low is not None
    assert few.high is not None
    assert many.low is not None
    assert many.high is not None
    assert many.high - many.low < few.high - few.low
    assert calibration.agreement(calibration.rated_twice(doubles(12, 0.8))) == few


def test_only_a_second_rater_paired_with_the_coachs_scores_of_the_same_skill_makes_a_pair() -> None:
    frame = scores(
        {"scaled": 25.0},
        {"scaled": 50.0, "kind": "second_rater", "observer_id": 200, "paired_observation_id": 1},
        {"scaled": 50.0, "kind": "second_rater", "observer_id": 200, "paired_observation_id": 1, "skill_id": 2},
        {"scaled": 75.0, "kind": "self", "paired_observation_id": 1},
        {"scaled": 75.0, "kind": "second_rater", "observer_id": 300},
    )
    pairs = calibration.rated_twice(frame)
    assert pairs.select("observation_id", "first", "second").rows() == [(1, 25.0, 50.0)]
