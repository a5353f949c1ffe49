"""What followed which trigger: the estimates of a made-up truth, and what may be said of them."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from coaching.trigger_response import DRAWS, TRIGGER_RESPONSE, _drawn_shares, trigger_response

TRIGGERS = ("praise", "recognition", "relationships", "money", "competition", "challenge_positive")


def uses(tried: np.ndarray, worked: np.ndarray) -> pl.DataFrame:
    rows = [
        (rep, TRIGGERS[trigger], attempt < worked[rep, trigger])
        for rep in range(tried.shape[0])
        for trigger in range(tried.shape[1])
        for attempt in range(int(tried[rep, trigger]))
    ]
    return pl.DataFrame(rows, schema={"rep_id": pl.Int64, "trigger": pl.String, "followed": pl.Boolean}, orient="row")


def made_up(reps: int, per_cell: int, seed: int) -> tuple[pl.DataFrame, np.ndarray]:
    """Uses with a known truth: logit p = 0.3 + a + b + c with spreads 0.6, 0.3 and 0.5."""
    random = np.random.default_rng(seed)
    logit = (
        0.3
        + random.normal(0, 0.6, (reps, 1))
        + random.normal(0, 0.3, (1, len(TRIGGERS)))
        + random.normal(0, 0.5, (reps, len(TRIGGERS)))
    )
    truth = 1 / (1 + np.exp(-logit))
    tried = np.full(truth.shape, per_cell)
    return uses(tried, random.binomial(per_cell, truth)), truth


def test_nothing_tried_gives_no_row_and_unknown_outcomes_do_not_count() -> None:
    empty = pl.DataFrame(schema={"rep_id": pl.Int64, "trigger": pl.String, "followed": pl.Boolean})
    assert trigger_response(empty, TRIGGERS).schema == pl.Schema(TRIGGER_RESPONSE)
    assert trigger_response(empty, TRIGGERS).is_empty()
    open_yet = empty.vstack(pl.DataFrame([(1, "praise", None)], schema=empty.schema, orient="row"))
    assert trigger_response(open_yet, TRIGGERS).is_empty()


def test_the_same_uses_in_another_order_give_the_same_numbers_to_the_digit() -> None:
    frame, _ = made_up(12, 3, seed=1)
    assert trigger_response(frame, TRIGGERS).equals(trigger_response(frame.reverse(), TRIGGERS))


def test_a_rate_on_few_tries_is_pulled_towards_what_works_for_everybody() -> None:
    tried, worked = np.zeros((20, 6)), np.zeros((20, 6))
    tried[:, 0], worked[:, 0] = 10, 5
    tried[0, 1], worked[0, 1] = 1, 1
    found = trigger_response(uses(tried, worked), TRIGGERS)
    once = found.filter((pl.col("rep_id") == 0) & (pl.col("trigger") == "recognition")).row(0, named=True)
    assert 0.5 < once["expected_share"] < 0.75
    assert once["expected_low"] < 0.45
    assert once["expected_high"] > 0.7


def test_chances_of_being_best_add_up_and_intervals_hold_their_estimate() -> None:
    frame, _ = made_up(15, 4, seed=2)
    found = trigger_response(frame, TRIGGERS)
    sums = found.group_by("rep_id").agg(pl.col("best_share").sum())["best_share"]
    assert np.allclose(sums, 1, atol=1 / DRAWS)
    inside = found.filter(pl.col("expected_share").is_between("expected_low", "expected_high"))
    assert inside.height == found.height == 15 * 6


def test_what_clearly_works_better_for_one_rep_is_named_for_that_rep() -> None:
    tried = np.full((10, 6), 12.0)
    worked = np.full((10, 6), 6.0)
    worked[3, 2] = 12
    found = trigger_response(uses(tried, worked), TRIGGERS)
    best = found.filter(pl.col("rep_id") == 3).sort("best_share").row(-1, named=True)
    assert best["trigger"] == "relationships"
    assert best["best_share"] > 0.6
    other = found.filter(pl.col("rep_id") == 5)
    assert max(other["best_share"].to_list()) < 0.5


@pytest.mark.slow
@pytest.mark.parametrize(("reps", "per_cell"), [(20, 2), (60, 2), (60, 12)])
def test_intervals_hold_the_truth_about_as_often_as_they_say(reps: int, per_cell: int) -> None:
    inside, wide, gain, total = 0.0, 0.0, 0.0, 0
    for seed in range(12):
        frame, truth = made_up(reps, per_cell, seed=100 + seed)
        found = trigger_response(frame, TRIGGERS)
        tried, worked = (found[name].to_numpy().reshape(truth.shape) for name in ("try_count", "worked_count"))
        ends = np.quantile(_drawn_shares(tried, worked), [0.05, 0.95], axis=0)
        wide += float(((truth >= ends[0]) & (truth <= ends[1])).mean())
        low, high = (found[name].to_numpy().reshape(truth.shape) for name in ("expected_low", "expected_high"))
        inside += float(((truth >= low) & (truth <= high)).mean())
        raw = (found["worked_count"] / found["try_count"]).to_numpy().reshape(truth.shape)
        expected = found["expected_share"].to_numpy().reshape(truth.shape)
        gain += float(np.sqrt(((expected - truth) ** 2).mean()) / np.sqrt(((raw - truth) ** 2).mean()))
        total += 1
    assert 0.72 <= inside / total <= 0.88
    print(f"{reps} reps, {per_cell} tries: {inside / total:.0%} of 80 %, {wide / total:.0%} of 90 %")
    # The 90 % interval of the same draws, as roi.md 6.1 measured it.
    assert 0.85 <= wide / total <= 0.97
    # The raw rate on few tries is the worse guess.
    assert gain / total < (0.6 if per_cell == 2 else 0.9)
