"""Estimates of many alike things, each of few cases: what each one's own figure and the others' say together.

Normal-normal with the spread between them integrated out, and t quantiles for means of few values. Pure.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coaching import student

Numbers = NDArray[np.float64]
Places = NDArray[np.int64]

Z95 = 1.959963984540054
FEWEST_TO_POOL = 3
"""Two things say nothing about how far things of their kind lie apart."""
GRID = 60


def t95(df: float | Numbers) -> Numbers:
    """The 97.5 % point of Student's t for ``df`` degrees of freedom, each; nan below 1."""
    degrees = np.asarray(df, dtype=np.float64)
    different, place = np.unique(degrees, return_inverse=True)
    return np.array([_t95(float(value)) for value in different])[place].reshape(degrees.shape)


@functools.lru_cache(maxsize=4096)
def _t95(df: float) -> float:
    return student.quantile(0.975, df) if df >= 1 else math.nan


@dataclass(frozen=True)
class Pooled:
    """What is known of each of several alike things, per point of the grid of the spread between them."""

    weight: Numbers
    """How likely each spread is; sums to 1."""
    centre: Numbers
    """Where the things lie together, per spread."""
    centre_variance: Numbers
    pull: Numbers
    """Spread x thing: the part of the centre in each estimate, 0 (its own figure) to 1."""
    own: Numbers
    variance: Numbers
    """Spread x thing: what stays unknown of the thing if the centre were known."""

    def of_each(self) -> tuple[Numbers, Numbers]:
        """Mean and standard deviation of each thing."""
        mean = (1 - self.pull) * self.own + self.pull * self.centre[:, None]
        within = self.variance + self.pull**2 * self.centre_variance[:, None]
        return self._over_spreads(mean, within)

    def of_groups(self, group: Places, thing: Places, count: int) -> tuple[Numbers, Numbers]:
        """Mean and standard deviation of the average over each of ``count`` groups; ``group`` and ``thing`` are pairs.

        Things that share the uncertain centre are not independent, so groups are not sums of ``of_each``.
        A group without things has nan.
        """
        size = np.bincount(group, minlength=count).astype(np.float64)
        size = np.where(size > 0, size, np.nan)
        means, withins = [], []
        for spread in range(len(self.weight)):
            pull = self.pull[spread, thing]
            mean = (1 - pull) * self.own[thing] + pull * self.centre[spread]
            shared = np.bincount(group, pull, count) / size
            alone = np.bincount(group, self.variance[spread, thing], count) / size**2
            means.append(np.bincount(group, mean, count) / size)
            withins.append(alone + shared**2 * self.centre_variance[spread])
        return self._over_spreads(np.array(means), np.array(withins))

    def draws(self, count: int, seed: int) -> Numbers:
        """``count`` draws of all things at once (draws × things), for medians and chances. Same seed, same draws."""
        random = np.random.default_rng(seed)
        spread = random.choice(len(self.weight), count, p=self.weight)
        centre = random.normal(self.centre[spread], np.sqrt(self.centre_variance[spread]))
        mean = (1 - self.pull[spread]) * self.own + self.pull[spread] * centre[:, None]
        return np.asarray(random.normal(mean, np.sqrt(self.variance[spread])), dtype=np.float64)

    def _over_spreads(self, mean: Numbers, within: Numbers) -> tuple[Numbers, Numbers]:
        average = self.weight @ mean
        between = self.weight @ (mean - average) ** 2
        return average, np.sqrt(self.weight @ within + between)


def pooled(own: Numbers, variance: Numbers) -> Pooled:
    """Estimates with their squared errors, pooled: theta_j ~ N(centre, spread²), own_j ~ N(theta_j, variance_j).

    Flat priors on centre and spread, the spread integrated on a grid (Gelman et al., Bayesian Data Analysis, 5.4).
    Fewer than three are left as they are. Variances have to be above 0.
    """
    own, variance = np.asarray(own, dtype=np.float64), np.asarray(variance, dtype=np.float64)
    if len(own) < FEWEST_TO_POOL:
        zero = np.zeros(1)
        return Pooled(np.ones(1), zero, zero, np.zeros((1, len(own))), own, variance[None, :])
    widest = 3 * max(float(np.std(own, ddof=1)), float(np.sqrt(np.median(variance))))
    # Midpoints, so that a spread of exactly 0 is no point of its own.
    spread = (np.arange(GRID) + 0.5) / GRID * widest
    total = variance[None, :] + spread[:, None] ** 2
    precision = (1 / total).sum(axis=1)
    centre = (own[None, :] / total).sum(axis=1) / precision
    misfit = ((own[None, :] - centre[:, None]) ** 2 / total).sum(axis=1)
    log_weight = -0.5 * (np.log(precision) + np.log(total).sum(axis=1) + misfit)
    weight = np.exp(log_weight - log_weight.max())
    pull = variance[None, :] / total
    return Pooled(weight / weight.sum(), centre, 1 / precision, pull, own, spread[:, None] ** 2 * pull)


@dataclass(frozen=True)
class Spread:
    """How far several estimates lie apart beyond their errors, without any prior (DerSimonian & Laird 1986)."""

    centre: float
    """Mean weighted by precision, as if they were all the same."""
    centre_error: float
    q: float
    """Cochran's Q: about the number of estimates less one where they differ by chance alone."""
    variance: float
    """Between the things; 0 where chance explains it all."""


def spread_between(own: Numbers, variance: Numbers) -> Spread:
    """Whether alike things differ at all: say this before any of them is named. Variances have to be above 0."""
    weight = 1 / np.asarray(variance, dtype=np.float64)
    total = float(weight.sum())
    centre = float(weight @ own) / total
    q = float(weight @ (own - centre) ** 2)
    scale = total - float((weight**2).sum()) / total
    between = max(0.0, (q - (len(weight) - 1)) / scale) if scale > 0 else 0.0
    return Spread(centre, 1 / math.sqrt(total), q, between)


def shrink_factor(shares: Numbers, trials: int) -> float:
    """The part of each share's distance from their mean that is kept, for equal ``trials`` (Efron & Morris 1975).

    1 - (k - 3) · m(1-m)/trials / Σ(p - m)², not below 0: how to explain on a page why raw rates lie. 0 with fewer than
    four shares or where they do not differ.
    """
    mean = float(shares.mean())
    apart = float(((shares - mean) ** 2).sum())
    if len(shares) < 4 or apart == 0:
        return 0.0
    return max(0.0, 1 - (len(shares) - 3) * mean * (1 - mean) / trials / apart)


def positions(values: Sequence[int]) -> tuple[Places, Places]:
    """The different values in order, and for each value its position among them."""
    different, place = np.unique(np.asarray(values, dtype=np.int64), return_inverse=True)
    return different, place.astype(np.int64)


def sums(place: Places, values: Numbers, count: int) -> Numbers:
    """``values`` added up per position, 0 where nothing stands."""
    return np.asarray(np.bincount(place, values, count), dtype=np.float64)
