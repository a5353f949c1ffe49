"""Student's t distribution: tail and quantile, for intervals of few values. Only what the product needs of it."""

from __future__ import annotations

import math

_STEPS = 300
_SMALL = 1e-300
_PRECISE = 1e-15


def tail(t: float, df: float) -> float:
    """The chance that a t-distributed value with ``df`` degrees of freedom exceeds ``t``.

    By the incomplete beta function: P(T > t) = I(df / (df + t²); df/2, 1/2) / 2 for t ≥ 0. Raises ValueError where
    ``df`` is not positive.
    """
    if df <= 0:
        raise ValueError("Student's t needs at least one degree of freedom")
    if math.isinf(t):
        return 0.0 if t > 0 else 1.0
    half = incomplete_beta(df / 2, 0.5, df / (df + t * t)) / 2
    return half if t >= 0 else 1 - half


def quantile(p: float, df: float) -> float:
    """The value that a t-distributed one stays below with the chance ``p``; bisection on ``tail``.

    Raises ValueError for p outside of 0 to 1 (both excluded) or df ≤ 0.
    """
    if not 0 < p < 1:
        raise ValueError("a quantile lies between 0 and 1")
    if p < 0.5:
        return -quantile(1 - p, df)
    low, high = 0.0, 1.0
    while tail(high, df) > 1 - p:
        low, high = high, high * 2
    while high - low > 1e-12 * max(1.0, high):
        middle = (low + high) / 2
        low, high = (middle, high) if tail(middle, df) > 1 - p else (low, middle)
        if middle in (low, high) and high - low <= math.ulp(high) * 2:
            break
    return (low + high) / 2


def incomplete_beta(a: float, b: float, x: float) -> float:
    """The regularised incomplete beta function I(x; a, b) for a, b > 0 and x from 0 to 1.

    By its continued fraction (Abramowitz & Stegun 26.5.8, evaluated after Lentz), on the side where that converges.
    """
    if x <= 0:
        return 0.0
    if x >= 1:
        return 1.0
    if x > (a + 1) / (a + b + 2):
        return 1 - incomplete_beta(b, a, 1 - x)
    front = math.exp(math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x))
    return front / a / _fraction(a, b, x)


def _fraction(a: float, b: float, x: float) -> float:
    """1 + d1/(1 + d2/(1 + ...)) with the odd and even terms of the expansion."""
    value = ratio = 1.0
    inverse = 0.0
    for step in range(1, _STEPS):
        m = step // 2
        if step % 2:
            term = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        else:
            term = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        inverse = 1 + term * inverse
        inverse = 1 / (inverse if abs(inverse) > _SMALL else _SMALL)
        ratio = 1 + term / ratio
        ratio = ratio if abs(ratio) > _SMALL else _SMALL
        value *= ratio * inverse
        if abs(ratio * inverse - 1) < _PRECISE:
            break
    return value
