"""Intervals around counted shares. Wilson, because it holds for few deals and for shares near 0 and 1."""

from __future__ import annotations

import math

import polars as pl

Z95 = 1.959963984540054


def wilson(hits: int, trials: int) -> tuple[float, float] | None:
    """The 95 % interval (low, high) of ``hits`` out of ``trials``; None without trials.

    Source: Wilson 1927, without continuity correction. 5 of 20 gives 0.1119 to 0.4687.
    """
    if trials <= 0:
        return None
    share = hits / trials
    square = Z95 * Z95
    centre = (share + square / (2 * trials)) / (1 + square / trials)
    half = Z95 / (1 + square / trials) * math.sqrt(share * (1 - share) / trials + square / (4 * trials * trials))
    # At the ends the formula is 0 and 1 exactly, and rounding would print 0.9999999999999999.
    return 0.0 if hits <= 0 else max(0.0, centre - half), 1.0 if hits >= trials else min(1.0, centre + half)


def wilson_bounds(hits: str, trials: str) -> tuple[pl.Expr, pl.Expr]:
    """The same as two expressions over columns; null where there are no trials."""
    n = pl.when(pl.col(trials) > 0).then(pl.col(trials)).cast(pl.Float64)
    share = pl.col(hits).cast(pl.Float64) / n
    square = Z95 * Z95
    centre = (share + square / (2 * n)) / (1 + square / n)
    half = Z95 / (1 + square / n) * (share * (1 - share) / n + square / (4 * n * n)).sqrt()
    low = pl.when(share <= 0).then(0.0).otherwise((centre - half).clip(lower_bound=0.0))
    high = pl.when(share >= 1).then(1.0).otherwise((centre + half).clip(upper_bound=1.0))
    return pl.when(n.is_not_null()).then(low), pl.when(n.is_not_null()).then(high)
