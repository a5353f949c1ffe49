"""Student's t against its closed forms and printed tables."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coaching.student import incomplete_beta, quantile, tail


@pytest.mark.parametrize("t", [0.0, 0.3, 1.0, 2.5, 40.0])
def test_few_degrees_of_freedom_have_closed_forms(t: float) -> None:
    assert tail(t, 1) == pytest.approx(0.5 - math.atan(t) / math.pi, abs=1e-13)
    assert tail(t, 2) == pytest.approx(0.5 - t / (2 * math.sqrt(2 + t * t)), abs=1e-13)
    inner = t / math.sqrt(1 + t * t / 4)
    assert tail(t, 4) == pytest.approx(0.5 - 0.375 * inner * (1 - t * t / (12 * (1 + t * t / 4))), abs=1e-13)


@pytest.mark.parametrize(
    ("p", "df", "printed"),
    [(0.975, 10, 2.228), (0.9, 4, 1.533), (0.975, 1, 12.706), (0.9, 24, 1.318), (0.995, 2, 9.925), (0.95, 120, 1.658)],
)
def test_quantiles_are_those_of_the_printed_table(p: float, df: float, printed: float) -> None:
    assert quantile(p, df) == pytest.approx(printed, abs=5e-4)


@given(st.floats(0.001, 0.999), st.integers(1, 400))
def test_a_quantile_leaves_its_share_above_it_and_is_symmetric(p: float, df: int) -> None:
    assert tail(quantile(p, df), df) == pytest.approx(1 - p, abs=1e-9)
    assert quantile(1 - p, df) == pytest.approx(-quantile(p, df), abs=1e-6)


def test_the_incomplete_beta_function_of_whole_numbers_is_a_sum_of_binomial_chances() -> None:
    # I(x; a, b) = P(at least a successes in a + b - 1 trials).
    for a, b, x in ((2, 3, 0.4), (5, 1, 0.9), (1, 6, 0.05)):
        n = a + b - 1
        chance = sum(math.comb(n, k) * x**k * (1 - x) ** (n - k) for k in range(a, n + 1))
        assert incomplete_beta(a, b, x) == pytest.approx(chance, abs=1e-13)


def test_ends_of_the_scale_and_nonsense() -> None:
    assert tail(math.inf, 3) == 0
    assert tail(-math.inf, 3) == 1
    assert quantile(0.5, 3) == pytest.approx(0, abs=1e-9)
    with pytest.raises(ValueError, match="degree"):
        tail(1.0, 0)
    for p in (0.0, 1.0):
        with pytest.raises(ValueError, match="between 0 and 1"):
            quantile(p, 5)
