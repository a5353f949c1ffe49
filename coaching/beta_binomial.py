"""A rate among alike rates, as if everybody had M sessions more at the usual rate: the explanation on the page.

Good for the rate of a team and for explaining; its intervals are far too narrow for one rep and one trigger (22 % held
what 90 % should), for which ``trigger_response`` is there.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coaching.student import incomplete_beta

Floats = NDArray[np.float64]

LARGEST = 1e4
"""A prior worth more tries than this says that all rates are the same."""


@dataclass(frozen=True)
class Beta:
    """A Beta distribution of a rate: worth ``a`` successes and ``b`` failures."""

    a: float
    b: float

    @property
    def mean(self) -> float:
        """The rate to be expected."""
        return self.a / (self.a + self.b)

    @property
    def sd(self) -> float:
        """Standard deviation of the rate."""
        total = self.a + self.b
        return math.sqrt(self.a * self.b / (total**2 * (total + 1)))

    @property
    def worth(self) -> float:
        """How many tries it is worth."""
        return self.a + self.b

    def after(self, worked: float, tried: float) -> Beta:
        """What is known after ``worked`` of ``tried``."""
        return Beta(self.a + worked, self.b + tried - worked)

    def quantile(self, p: float) -> float:
        """The rate that lies above with the chance 1 - ``p``; bisection."""
        low, high = 0.0, 1.0
        for _ in range(60):
            middle = (low + high) / 2
            low, high = (middle, high) if incomplete_beta(self.a, self.b, middle) < p else (low, middle)
        return (low + high) / 2


def by_moments(worked: Floats, tried: Floats) -> Beta | None:
    """From mean and spread of the raw rates; None where they do not differ, or differ more than any Beta would."""
    rates = worked / tried
    mean, variance = float(rates.mean()), float(rates.var(ddof=1)) if len(rates) > 1 else 0.0
    worth = mean * (1 - mean) / variance - 1 if variance > 0 else 0.0
    return Beta(mean * worth, (1 - mean) * worth) if worth > 0 and 0 < mean < 1 else None


def by_likelihood(worked: Floats, tried: Floats) -> Beta | None:
    """The Beta under which the counts are the most likely; None without successes or without failures.

    Rates that differ by chance alone have no best Beta: then the one worth 10,000 tries, which is their common rate.
    """
    if not 0 < worked.sum() < tried.sum():
        return None
    # log of mean odds and of the worth: both free of limits and hardly related.
    start = by_moments(worked, tried) or Beta(worked.sum() / tried.sum() * 10, 10 - worked.sum() / tried.sum() * 10)
    point = np.array([math.log(start.a / start.b), math.log(min(start.worth, LARGEST))])
    best, step = _log_likelihood(point, worked, tried), np.array([0.5, 0.5])
    while step.max() > 1e-10:
        for axis in (0, 1):
            moved = False
            for side in (1.0, -1.0):
                there = point.copy()
                there[axis] += side * step[axis]
                there[1] = min(there[1], math.log(LARGEST))
                value = _log_likelihood(there, worked, tried)
                if value > best:
                    point, best, moved = there, value, True
                    break
            step[axis] *= 1.5 if moved else 0.5
    return _beta(point)


def _beta(point: Floats) -> Beta:
    mean, worth = 1 / (1 + math.exp(-point[0])), math.exp(point[1])
    return Beta(mean * worth, (1 - mean) * worth)


def _log_likelihood(point: Floats, worked: Floats, tried: Floats) -> float:
    prior = _beta(point)
    whole = sum(
        math.lgamma(prior.a + y) + math.lgamma(prior.b + n - y) - math.lgamma(prior.worth + n)
        for y, n in zip(worked.tolist(), tried.tolist(), strict=True)
    )
    return whole - len(worked) * (math.lgamma(prior.a) + math.lgamma(prior.b) - math.lgamma(prior.worth))
