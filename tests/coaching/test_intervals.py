"""The Wilson interval, against published figures and its own invariants."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coaching.intervals import wilson, wilson_bounds


@pytest.mark.parametrize(
    ("hits", "trials", "low", "high"),
    [(5, 20, 0.1119, 0.4687), (2, 8, 0.0715, 0.5907), (25, 100, 0.1755, 0.3430)],
)
def test_the_interval_equals_the_published_figures(hits: int, trials: int, low: float, high: float) -> None:
    found = wilson(hits, trials)
    assert found is not None
    assert found == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize("trials", [1, 8, 13, 1000])
def test_all_and_none_end_exactly_at_1_and_0(trials: int) -> None:
    all_of_them, none_of_them = wilson(trials, trials), wilson(0, trials)
    assert all_of_them is not None
    assert none_of_them is not None
    assert (all_of_them[1], none_of_them[0]) == (1.0, 0.0)
    rows = pl.DataFrame({"hits": [trials, 0], "n": [trials, trials]}).select(
        **dict(zip(("low", "high"), wilson_bounds("hits", "n"), strict=True))
    )
    assert (rows[0, 1], rows[1, 0]) == (1.0, 0.0)


def test_without_trials_there_is_no_interval() -> None:
    assert wilson(0, 0) is None


@given(st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_contains_the_share_and_stays_within_0_and_1(case: tuple[int, int]) -> None:
    hits, trials = case
    found = wilson(hits, trials)
    assert found is not None
    low, high = found
    assert 0 <= low <= hits / trials + 1e-12
    assert hits / trials - 1e-12 <= high <= 1


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=1, max_size=20))
def test_the_expression_agrees_with_the_function(pairs: list[tuple[int, int]]) -> None:
    rows = [(min(pair), max(pair)) for pair in pairs]
    low, high = wilson_bounds("hits", "n")
    frame = pl.DataFrame(rows, schema={"hits": pl.Int64, "n": pl.Int64}, orient="row").select(low=low, high=high)
    for (hits, trials), found in zip(rows, frame.rows(), strict=True):
        expected = wilson(hits, trials)
        assert found == (pytest.approx(expected) if expected else (None, None))
