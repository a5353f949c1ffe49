"""A rate among alike rates: rat tumours (Gelman et al., Bayesian Data Analysis, 5.3) and rates without spread."""

from __future__ import annotations

import numpy as np
import pytest

from coaching.beta_binomial import Beta, Floats, by_likelihood, by_moments

# 70 historical experiments: rats with a tumour, of how many rats. "14x0" is 0 fourteen times.
TUMOURS = (
    "14x0 8x1 9x2 1 5 2 5 3 2 7 7 3 3 2 9 10 7x4 10 4 4 4 5 11 12 5 5 6 5 6 6 6 6 16 15 15 9",
    "7x20 4x19 18 18 17 20 20 20 20 19 19 18 18 25 24 23 6x20 10 49 19 46 27 17 49 47 20 20 13 48 50 7x20 48 19 19 19"
    " 22 46 49 20 20 23 19 22 20 20 20 52 47 46 24",
)


def listed(text: str) -> Floats:
    parts = [word.split("x") if "x" in word else ["1", word] for word in text.split()]
    return np.array([float(value) for times, value in parts for _ in range(int(times))])


def test_the_rat_tumours_come_out_as_in_the_book() -> None:
    worked, tried = (listed(text) for text in TUMOURS)
    assert len(worked) == len(tried) == 70
    rates = worked / tried
    assert (rates.mean(), rates.std(ddof=1)) == pytest.approx((0.1360, 0.1035), abs=5e-05)
    moments, likelihood = by_moments(worked, tried), by_likelihood(worked, tried)
    assert moments is not None
    assert likelihood is not None
    assert (moments.a, moments.b) == pytest.approx((1.356, 8.615), abs=0.0005)
    assert (likelihood.a, likelihood.b) == pytest.approx((2.304768, 14.079707), abs=0.0005)


def test_four_of_fourteen_after_the_prior_of_the_book() -> None:
    found = Beta(1.4, 8.6).after(4, 14)
    assert (found.a, found.b, found.worth) == pytest.approx((5.4, 18.6, 24))
    assert (found.mean, found.sd) == pytest.approx((0.2250, 0.0835), abs=5e-05)
    assert [found.quantile(0.05), found.quantile(0.95)] == pytest.approx([0.102, 0.375], abs=5e-4)


def test_rates_that_differ_by_chance_alone_have_one_common_rate() -> None:
    worked, tried = np.full(30, 5.0), np.full(30, 10.0)
    assert by_moments(worked, tried) is None
    found = by_likelihood(worked, tried)
    assert found is not None
    assert found.mean == pytest.approx(0.5)
    assert found.worth == pytest.approx(10_000)
    assert found.after(5, 5).mean == pytest.approx(0.5, abs=0.001)


def test_without_a_success_or_without_a_failure_nothing_can_be_said() -> None:
    assert by_likelihood(np.zeros(5), np.full(5, 9.0)) is None
    assert by_likelihood(np.full(5, 9.0), np.full(5, 9.0)) is None
    assert by_moments(np.zeros(5), np.full(5, 9.0)) is None
    assert by_moments(np.array([3.0]), np.array([9.0])) is None
