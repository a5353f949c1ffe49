"""Partial pooling and t quantiles against numbers from books and by hand."""

from __future__ import annotations

import numpy as np
import pytest

from coaching.pooling import pooled, t95


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
