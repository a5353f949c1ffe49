"""Partial pooling and t quantiles against numbers from books and by hand."""

from __future__ import annotations

import numpy as np
import pytest

from coaching.pooling import pooled, shrink_factor, spread_between, t95


@pytest.mark.parametrize(("df", "expected"), [(1, 12.7062), (2, 4.3027), (3, 3.1824), (10, 2.2281), (120, 1.9799)])
def test_t_quantiles_are_those_of_the_tables(df: int, expected: float) -> None:
    assert float(t95(df)) == pytest.approx(expected, abs=1e-4)


def test_there_is_no_t_quantile_of_a_single_value() -> None:
    assert np.isnan(t95(np.array([0.0]))[0])


def test_the_eight_schools_come_out_as_in_the_book() -> None:
    # Gelman et al., Bayesian Data Analysis, table 5.2 and section 5.5: means about 8 (5 to 11), A about 11.
    effects = np.array([28.0, 8, -3, 7, -1, 1, 18, 12])
    errors = np.array([15.0, 10, 16, 11, 9, 11, 10, 18])
    mean, deviation = pooled(effects, errors**2).of_each()
    assert mean[0] == pytest.approx(11.4, abs=0.8)
    assert mean[4] == pytest.approx(5.1, abs=0.8)
    assert mean[6] == pytest.approx(10.6, abs=0.8)
    assert deviation[0] == pytest.approx(8.2, abs=1.0)
    assert (mean.argsort() == np.argsort(mean)).all()
    assert mean.min() > -1
    assert mean.max() < 13


def test_drawn_medians_and_intervals_of_the_eight_schools_are_those_of_the_book() -> None:
    effects = np.array([28.0, 8, -3, 7, -1, 1, 18, 12])
    errors = np.array([15.0, 10, 16, 11, 9, 11, 10, 18])
    drawn = pooled(effects, errors**2).draws(40_000, seed=1)
    assert np.median(drawn[:, [0, 2]], axis=0) == pytest.approx([10.2, 6.7], abs=0.7)
    assert np.quantile(drawn[:, 0], [0.025, 0.975]) == pytest.approx([-2, 31], abs=0.7)
    mean, deviation = pooled(effects, errors**2).of_each()
    assert drawn.mean(axis=0) == pytest.approx(mean, abs=0.2)
    assert drawn.std(axis=0) == pytest.approx(deviation, abs=0.2)


def test_the_eight_schools_do_not_differ_by_more_than_chance() -> None:
    effects = np.array([28.0, 8, -3, 7, -1, 1, 18, 12])
    errors = np.array([15.0, 10, 16, 11, 9, 11, 10, 18])
    found = spread_between(effects, errors**2)
    assert (found.centre, found.centre_error) == pytest.approx((7.6856, 4.0719), abs=5e-05)
    assert (found.q, found.variance) == pytest.approx((4.7071, 0), abs=5e-5)


def test_things_further_apart_than_their_errors_have_a_spread() -> None:
    """Equal errors of 1 around 0 and 10: Q = 50, so 49 beyond chance over the scale 2 - 2/2 = 1."""
    found = spread_between(np.array([0.0, 10.0]), np.array([1.0, 1.0]))
    assert (found.centre, found.q, found.variance) == pytest.approx((5, 50, 49))


def test_the_batters_are_shrunk_as_published() -> None:
    """Efron & Morris 1975: 18 batters after 45 times at bat, factor .212; Clemente's .400 becomes .294."""
    hits = np.array([18, 17, 16, 15, 14, 14, 13, 12, 11, 11, 10, 10, 10, 10, 10, 9, 8, 7]) / 45
    kept = shrink_factor(hits, 45)
    assert (hits.mean(), kept) == pytest.approx((0.2654, 0.2117), abs=5e-05)
    assert hits.mean() + kept * (0.400 - hits.mean()) == pytest.approx(0.2939, abs=5e-5)
    assert shrink_factor(np.full(9, 0.3), 45) == 0
    assert shrink_factor(np.array([0.1, 0.5, 0.9]), 45) == 0


def test_two_things_are_left_as_they_are() -> None:
    mean, deviation = pooled(np.array([1.0, 9.0]), np.array([4.0, 9.0])).of_each()
    assert mean.tolist() == [1.0, 9.0]
    assert deviation.tolist() == [2.0, 3.0]


def test_an_estimate_moves_towards_the_others_and_the_less_is_known_of_it_the_more() -> None:
    own = np.array([0.0, 10.0, 10.0, 0.0, 5.0])
    variance = np.array([1.0, 1.0, 50.0, 50.0, 1.0])
    mean, deviation = pooled(own, variance).of_each()
    assert own.mean() < mean[2] < mean[1] < 10
    assert deviation[2] > deviation[1]
    assert deviation[2] < np.sqrt(50)


def test_a_group_of_one_is_that_one_and_a_group_is_surer_than_its_members() -> None:
    pool = pooled(np.array([1.0, 2.0, 4.0, 8.0]), np.array([4.0, 4.0, 4.0, 4.0]))
    mean, deviation = pool.of_each()
    group, thing = np.array([0, 1, 1, 1, 1]), np.array([2, 0, 1, 2, 3])
    group_mean, group_deviation = pool.of_groups(group, thing, 3)
    assert group_mean[0] == pytest.approx(mean[2])
    assert group_deviation[0] == pytest.approx(deviation[2])
    assert group_mean[1] == pytest.approx(mean.mean())
    assert group_deviation[1] < deviation.min()
    assert np.isnan(group_mean[2])


@pytest.mark.slow
def test_nine_of_ten_intervals_of_few_coaches_hold_the_truth() -> None:
    """Eight coaches, spread 3, errors 4: 90 % intervals hold 85 to 97 %, and the raw figures err by a third more."""
    random, inside, raw, shrunk = np.random.default_rng(8), [], [], []
    for seed in range(400):
        truth = random.normal(5, 3, 8)
        own = truth + random.normal(0, 4, 8)
        drawn = pooled(own, np.full(8, 16.0)).draws(1_000, seed)
        low, high = np.quantile(drawn, [0.05, 0.95], axis=0)
        inside.append((low <= truth) & (truth <= high))
        raw.append((own - truth) ** 2)
        shrunk.append((drawn.mean(axis=0) - truth) ** 2)
    assert 0.85 <= np.mean(inside) <= 0.97
    assert np.sqrt(np.mean(raw)) / np.sqrt(np.mean(shrunk)) > 1.3
