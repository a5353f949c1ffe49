"""A robust line through the values of a metric, and how far it may be off on a later day. No database, no clock.

Theil-Sen slope and intercept (Sen 1968), a spread that outliers hardly move, and an allowance for values that hang
together from one to the next; t with n - 2 degrees of freedom. What its intervals cover is simulated in the tests.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from coaching import student

FEWEST_POINTS = 6
"""Forecasts from fewer points are wrong too often to be shown: at four, "80 %" hit in 68 to 71 % of cases."""
PRIOR_CORRELATION = 0.3
PRIOR_WEIGHT = 8.0
"""The correlation from value to value is pulled towards 0.3 as if eight more points had said so."""
LARGEST_CORRELATION = 0.95
WIDENING = 1.1
FAN = 0.8
"""Share of the outcomes that the drawn fan is to hold."""

Values = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Trend:
    """A line in days since ``first_on``, with what its error is made of."""

    first_on: dt.date
    slope: float
    """Change per day."""
    intercept: float
    spread: float
    correlation: float
    n: int
    mean_day: float
    squares: float
    """Sum of squared distances of the days from their mean."""

    def value(self, on: dt.date) -> float:
        """The line on a day."""
        return self.intercept + self.slope * self._day(on)

    def error(self, on: dt.date) -> float:
        """Standard error of a single value on a day: s · sqrt(1 + 1.1 (1+ρ)/(1−ρ) (1/n + (T − t̄)²/Sxx))."""
        correlated = WIDENING * (1 + self.correlation) / (1 - self.correlation)
        distance = (self._day(on) - self.mean_day) ** 2 / self.squares
        return self.spread * math.sqrt(1 + correlated * (1 / self.n + distance))

    def interval(self, on: dt.date, share: float = FAN) -> tuple[float, float]:
        """Between what the value on a day is expected with the chance ``share``."""
        half = student.quantile(0.5 + share / 2, self.n - 2) * self.error(on)
        return self.value(on) - half, self.value(on) + half

    def chance(self, on: dt.date, target: float, upwards: bool) -> float:
        """The chance that the value on a day reaches ``target``, coming from below (``upwards``) or from above."""
        ahead = self.value(on) - target if upwards else target - self.value(on)
        error = self.error(on)
        if error <= abs(ahead) * 1e-12:
            return 1.0 if ahead >= 0 else 0.0
        return student.tail(-ahead / error, self.n - 2)

    def _day(self, on: dt.date) -> float:
        return float((on - self.first_on).days)


def trend(days: Sequence[dt.date], values: Sequence[float]) -> Trend | None:
    """The line through values on days, in any order; None below three different days, where no error can be told."""
    points = sorted(zip(days, values, strict=True))
    if len({day for day, _ in points}) < 3 or len(points) < 3:
        return None
    first = points[0][0]
    t = np.array([(day - first).days for day, _ in points], dtype=np.float64)
    y = np.array([value for _, value in points], dtype=np.float64)
    slope = theil_sen(t, y)
    # Theil-Sen's own intercept: the median of what is left, not the median minus the slope times the median.
    intercept = float(np.median(y - slope * t))
    rest = y - intercept - slope * t
    return Trend(
        first_on=first,
        slope=slope,
        intercept=intercept,
        spread=_spread(rest),
        correlation=_correlation(rest),
        n=len(y),
        mean_day=float(t.mean()),
        squares=float(((t - t.mean()) ** 2).sum()),
    )


def theil_sen(t: Values, y: Values) -> float:
    """The median of the slopes between all pairs of points that differ in ``t``."""
    first, second = np.triu_indices(len(t), k=1)
    apart = t[second] != t[first]
    return float(np.median((y[second] - y[first])[apart] / (t[second] - t[first])[apart]))


def slope_interval(t: Values, y: Values, share: float = 0.95) -> tuple[float, float]:
    """Between which of the slopes of pairs the true one lies with the chance ``share`` (Sen 1968), by Kendall's normal.

    ``t`` without ties. Raises ValueError below three points, where no order can be told from chance.
    """
    n = len(t)
    if n < 3:
        raise ValueError("a slope's interval needs three points")
    first, second = np.triu_indices(n, k=1)
    slopes = np.sort((y[second] - y[first]) / (t[second] - t[first]))
    reach = NormalDist().inv_cdf(0.5 + share / 2) * math.sqrt(n * (n - 1) * (2 * n + 5) / 18)
    low, high = round((len(slopes) - reach) / 2) - 1, round((len(slopes) + reach) / 2)
    return float(slopes[max(low, 0)]), float(slopes[min(high, len(slopes) - 1)])


def _spread(rest: Values) -> float:
    """s = the larger of the scaled median absolute deviation and the standard deviation, both for n - 2."""
    n = len(rest)
    robust = 1.4826 * float(np.median(np.abs(rest - np.median(rest)))) * math.sqrt(n / (n - 2))
    return max(robust, math.sqrt(float((rest**2).sum()) / (n - 2)))


def _correlation(rest: Values) -> float:
    """Correlation of neighbouring rests: corrected by (1 + 4ρ)/n for its bias, then pulled towards 0.3."""
    n, centred = len(rest), rest - rest.mean()
    squares = float((centred**2).sum())
    found = float((centred[1:] * centred[:-1]).sum()) / squares if squares > 0 else 0.0
    found += (1 + 4 * found) / n
    pulled = (n * found + PRIOR_WEIGHT * PRIOR_CORRELATION) / (n + PRIOR_WEIGHT)
    return min(max(pulled, -LARGEST_CORRELATION), LARGEST_CORRELATION)


def chance_range(
    days: Sequence[dt.date], values: Sequence[float], on: dt.date, target: float, upwards: bool
) -> tuple[float, float] | None:
    """The lowest and the highest chance when any single value is left out; None where too few would be left.

    How much the chance hangs on one week, in the unit of the chance itself.
    """
    chances = []
    for index in range(len(values)):
        line = trend([*days[:index], *days[index + 1 :]], [*values[:index], *values[index + 1 :]])
        if line is None:
            return None
        chances.append(line.chance(on, target, upwards))
    return (min(chances), max(chances)) if chances else None
