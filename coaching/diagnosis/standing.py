"""Where people stand among like-for-like peers in one figure: how far off, how sure, how much of it is noise.

Pure. A figure is a relative deviation from what the same cases brought others: -0.2 = a fifth less. What is compared
is the person's own deviation with the median of at least five peers, in units of everything that makes peers differ:
chance in the cases and the usual differences between people.
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coaching import student
from coaching.peers import SMALLEST_GROUP

Numbers = NDArray[np.float64]
Places = NDArray[np.int64]

MEDIAN_COST = math.pi / 2
"""A median of normal values is this much more variable than their mean."""
ROUGH, FAR = 1.5, 2.25
"""Standard deviations: what counts in full in a first, rough look at the spread, and who is left out of the second."""
OUTLIER_SHARE = 0.05
"""Chance, before looking, that somebody lies outside of what usual differences between people explain."""
OUTLIER_FACTOR = 3.0
"""How much wider those few lie."""
Z95 = 1.959963984540054
HALVINGS = 30
"""Of an interval in the search for a quantile: to a billionth of it."""


@dataclass(frozen=True)
class Measured:
    """One figure of many people; equal lengths, in the order of the ids."""

    person_id: Places
    n: Places
    own: Numbers
    """Relative deviation from what the same cases brought others."""
    variance: Numbers
    """Its squared error."""

    def of(self, person_id: int) -> int | None:
        """The person's position; None where they have too few cases."""
        place = int(np.searchsorted(self.person_id, person_id))
        return place if place < len(self.person_id) and self.person_id[place] == person_id else None


@dataclass(frozen=True)
class Standing:
    """One person in one figure. Everything relative, in the figure's own direction."""

    n: int
    own: float
    shrunk: float
    low: float
    high: float
    """95 % interval of ``shrunk``."""
    median: float
    top: float
    """The peers' good quartile, after shrinking theirs too."""
    peer_ids: tuple[int, ...]
    chance_bad: float
    """How likely one of the peers would stand as badly as this."""
    chance_good: float
    deviation: float
    """Standard deviation of what makes one of the peers differ from their median."""
    freedom: float
    """Degrees of freedom of that standard deviation."""

    def noise_share(self, is_good_up: bool, critical: float) -> float | None:
        """The gap to the median, good is positive, over ``critical`` deviations; None where nothing varies."""
        if self.deviation <= 0:
            return None
        gap = (self.own - self.median) / (critical * self.deviation)
        return gap if is_good_up else -gap


@functools.lru_cache(maxsize=2048)
def critical(chance: float, freedom: float) -> float:
    """Deviations that a gap has to exceed to be rarer than ``chance`` among peers, on one side."""
    return student.quantile(1 - chance, freedom)


def spread_of(gap: Numbers, variance: Numbers, sizes: Numbers) -> float:
    """Squared spread between people that their squared errors leave, without those who lie far out.

    ``gap``: distances from the median of each one's group of ``sizes`` people. Estimated twice: roughly, with squared
    standardised distances above ROUGH² counting as that (after Huber's second proposal), then exactly over those who
    lie within FAR of the rough one, allowing for the cut. So a few with a problem of their own do not widen what counts
    as usual, and everybody else counts in full.
    """
    if not len(gap):
        return 0.0
    square = gap**2 * sizes / (sizes - 1)
    rough = _solved(square, variance, ROUGH, _mean_of_capped(ROUGH))
    near = square < FAR**2 * (variance + rough)
    if not near.any():
        return rough
    return _solved(square[near], variance[near], FAR, _mean_of_cut(FAR))


def _solved(square: Numbers, variance: Numbers, cap: float, mean: float) -> float:
    """The spread at which the capped, standardised squares have this mean; 0 where their errors explain them all."""

    def excess(spread: float) -> float:
        return float(np.minimum(square / (variance + spread), cap**2).mean()) - mean

    low, high = 0.0, float(square.max()) * 4
    if not high or (variance.all() and excess(0.0) <= 0):
        return 0.0
    for _ in range(2 * HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if excess(middle) > 0 else (low, middle)
    return (low + high) / 2


def _mean_of_capped(cap: float) -> float:
    """The mean of a squared standard normal value of which no more than ``cap``² counts."""
    inside = 1 - 2 * _normal(-cap)
    return inside - 2 * cap * _density(cap) + cap**2 * (1 - inside)


def _mean_of_cut(cut: float) -> float:
    """The mean of a squared standard normal value that is known to lie within ``cut``."""
    return 1 - 2 * cut * _density(cut) / (1 - 2 * _normal(-cut))


def standings(measured: Measured, groups: dict[int, str], reference: frozenset[int], is_good_up: bool) -> Standings:
    """``measured`` made ready to be asked about people one by one; ``groups`` = who is like whom."""
    keys = np.array([groups[int(person)] for person in measured.person_id], dtype=object)
    is_peer = np.array([int(person) in reference for person in measured.person_id], dtype=bool)
    by_group = {key: np.flatnonzero((keys == key) & is_peer) for key in dict.fromkeys(keys.tolist())}
    judged = [rows for rows in by_group.values() if len(rows) > SMALLEST_GROUP]
    rows = np.concatenate(judged) if judged else np.zeros(0, dtype=np.int64)
    medians = np.concatenate([np.full(len(part), np.median(measured.own[part])) for part in judged]) if judged else 0.0
    sizes = np.concatenate([np.full(len(part), float(len(part))) for part in judged]) if judged else np.ones(0)
    variance = measured.variance[rows]
    spread = spread_of(measured.own[rows] - medians, variance, sizes)
    usual = float(np.median(variance)) if len(rows) else 0.0
    return Standings(measured, keys, by_group, spread, usual, float(len(rows) - len(judged)), is_good_up)


@dataclass(frozen=True)
class Standings:
    """One figure of everybody, with what peers' differences come to."""

    measured: Measured
    keys: NDArray[np.object_]
    by_group: dict[str, Places]
    spread: float
    usual_variance: float
    freedom: float
    is_good_up: bool

    def peer_count(self, person_id: int, group: str) -> int:
        """How many peers have enough cases."""
        rows = self.by_group.get(group, np.zeros(0, dtype=np.int64))
        return int((self.measured.person_id[rows] != person_id).sum())

    def of(self, person_id: int) -> Standing | None:
        """Where somebody stands; None with too few cases of their own or fewer than five peers."""
        place = self.measured.of(person_id)
        if place is None:
            return None
        found = self.by_group[self.keys[place]]
        peers = found[found != place]
        if len(peers) < SMALLEST_GROUP:
            return None
        return self._standing(place, peers)

    def _standing(self, place: int, peers: Places) -> Standing:
        own, variance = float(self.measured.own[place]), float(self.measured.variance[place])
        theirs, errors = self.measured.own[peers], self.measured.variance[peers]
        median = float(np.median(theirs))
        of_median = MEDIAN_COST / float((1 / (errors + self.spread)).sum()) if (errors + self.spread).all() else 0.0
        deviation = math.sqrt(variance + self.spread + of_median)
        gap = own - median
        score = gap / deviation if deviation > 0 else 0.0
        freedom = max(self.freedom, 1.0)
        below, above = student.tail(-score, freedom), student.tail(score, freedom)
        shrunk, low, high = _shrunk(gap, variance, of_median, self.spread, self.spread + self.usual_variance)
        pulled = np.where(errors + self.spread > 0, self.spread / np.maximum(errors + self.spread, 1e-300), 1.0)
        top = float(np.quantile(median + pulled * (theirs - median), 0.75 if self.is_good_up else 0.25))
        return Standing(
            n=int(self.measured.n[place]),
            own=own,
            shrunk=median + shrunk,
            low=median + low,
            high=median + high,
            median=median,
            top=top,
            peer_ids=tuple(int(person) for person in self.measured.person_id[peers]),
            chance_bad=below if self.is_good_up else above,
            chance_good=above if self.is_good_up else below,
            deviation=deviation,
            freedom=freedom,
        )


def _shrunk(gap: float, variance: float, of_median: float, spread: float, visible: float) -> tuple[float, float, float]:
    """Empirical Bayes: the gap as likely as not, with the 2.5 % and 97.5 % points of what it may be.

    Most people lie within the peers' ``spread``, a few (OUTLIER_SHARE) lie OUTLIER_FACTOR times as wide as peers
    ``visible``-ly do: a usual gap is pulled in strongly, one that hardly any peer shows keeps most of its size.
    """
    if variance <= 0:
        return gap, gap, gap
    wide = OUTLIER_FACTOR**2 * visible
    parts = []
    for share, prior in ((1 - OUTLIER_SHARE, spread), (OUTLIER_SHARE, wide)):
        total = variance + of_median + prior
        weight = share * math.exp(-0.5 * gap * gap / total) / math.sqrt(total)
        kept = prior / (prior + variance)
        parts.append((weight, kept * gap, kept * variance + (1 - kept) ** 2 * of_median))
    whole = sum(weight for weight, _, _ in parts)
    if whole <= 0:
        parts, whole = [(1.0, *parts[1][1:])], 1.0
    mixture = [(weight / whole, mean, math.sqrt(square)) for weight, mean, square in parts]
    mean = sum(weight * middle for weight, middle, _ in mixture)
    # The few who lie far out pull the mean more than its quantiles: it is never told outside its own interval.
    return mean, min(_quantile(mixture, 0.025), mean), max(_quantile(mixture, 0.975), mean)


def _quantile(mixture: list[tuple[float, float, float]], p: float) -> float:
    """The point below which a mixture of normals (weight, mean, deviation) lies with the chance ``p``."""

    def below(x: float) -> float:
        return sum(weight * _normal((x - mean) / size if size else x - mean) for weight, mean, size in mixture)

    low = min(mean - 6 * size for _, mean, size in mixture)
    high = max(mean + 6 * size for _, mean, size in mixture)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if below(middle) < p else (low, middle)
    return (low + high) / 2


def _normal(z: float) -> float:
    return 0.5 * math.erfc(-z / math.sqrt(2))


def _density(z: float) -> float:
    return math.exp(-0.5 * z * z) / math.sqrt(2 * math.pi)
