"""The tails that the programme's evidence needs beside those of ``coaching.student``."""

from __future__ import annotations

import math


def normal_below(z: float) -> float:
    """The chance that a standard normal value lies below ``z``."""
    return 0.5 * math.erfc(-z / math.sqrt(2))


def chi_square_tail(x: float, df: int) -> float:
    """The chance that a chi-square value with ``df`` degrees of freedom exceeds ``x``.

    By the finite sums for whole degrees of freedom (Abramowitz & Stegun 26.4.4, 26.4.5). Raises ValueError for df < 1.
    """
    if df < 1:
        raise ValueError("chi-square needs at least one degree of freedom")
    if x <= 0:
        return 1.0
    half = x / 2
    if df % 2 == 0:
        term = total = math.exp(-half)
        first = 1
    else:
        total = math.erfc(math.sqrt(half))
        term = math.exp(-half) * math.sqrt(half) / math.gamma(1.5)
        first = 0
        if df > 1:
            total += term
            first = 1
    for step in range(first, (df - 1) // 2 if df % 2 else df // 2):
        term *= half / (step if df % 2 == 0 else step + 0.5)
        total += term
    return min(total, 1.0)
