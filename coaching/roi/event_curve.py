"""The effect by months since the start, both sides of it estimated out of sample: so the curve has no made-up kink.

(Roth 2024 shows that the usual curves have one: they estimate the months before from themselves.)
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from coaching.pooling import t95
from coaching.roi.clustering import Estimate, Scored
from coaching.roi.imputation import FEWEST_CLEAN, SKIP, Expected, expected, mean_effects
from coaching.roi.panel import CannotEstimate, Floats, Panel, Places, numbered

CLEAN_MONTHS = 3
"""Clean months before the dip that are shown and so not used as a base."""
FEWEST_PER_POINT = 20
"""Points of fewer rep-months are drawn together by quarter."""
QUARTER = 3
DRAWS = 2_000
SEED = 20_260_101


@dataclass(frozen=True)
class Point:
    """The effect in the months ``first`` to ``last`` since the start."""

    first: int
    last: int
    estimate: Estimate


@dataclass(frozen=True)
class Curve:
    """Points by time since the start."""

    points: list[Point]
    base_before: int
    """Months earlier than this are the base; none of them is shown."""
    band: float
    """Standard errors by which the whole curve may be off at once (sup-t, approximate); nan where not asked for."""


def base_of_curve(panel: Panel, skip: int = SKIP, fewest: int = FEWEST_CLEAN) -> tuple[Expected, int]:
    """What the curve compares with, and the month (since the start) that it begins with: ``skip`` + 3 before the start.

    Where fewer than half of the reps have months as early as that, the curve begins with the dip. Raises CannotEstimate
    without any clean month.
    """
    usual = expected(panel, -skip, fewest)
    reps = (usual.has_level & panel.is_coached).sum()
    early = -(skip + CLEAN_MONTHS)
    try:
        model = expected(panel, early, fewest)
    except CannotEstimate:
        return usual, -skip
    return (model, early) if 2 * (model.has_level & panel.is_coached).sum() >= reps > 0 else (usual, -skip)


def event_curve(
    model: Expected, base: int, team: Places | None = None, fewest_per_point: int | None = None, with_band: bool = True
) -> Curve:
    """The effect by months since the start, from ``base`` on (see ``base_of_curve``); errors by rep or by ``team``.

    With ``fewest_per_point`` points of fewer rep-months are put together by quarter. There is no point without a
    rep-month; raises CannotEstimate without any point.
    """
    shown = model.usable & (model.panel.since >= base)
    since = model.panel.since[shown].astype(np.int64)
    if not len(since):
        raise CannotEstimate("No month around the start can be compared.")
    spans = _spans(np.unique(since, return_counts=True), fewest_per_point)
    targets = np.array([shown & (model.panel.since >= first) & (model.panel.since <= last) for first, last in spans])
    scored = mean_effects(model, targets)
    points = [
        Point(first, last, one.by_rep() if team is None else one.by(team))
        for (first, last), one in zip(spans, scored, strict=True)
    ]
    return Curve(points, base, _band(scored, points, team) if with_band else math.nan)


def _spans(counted: tuple[Places, Places], fewest: int | None) -> list[tuple[int, int]]:
    """Every month by itself, or from the first thin one on quarters counted from the start (0..2, 3..5; -3..-1)."""
    size = dict(zip(counted[0].tolist(), counted[1].tolist(), strict=True))
    if fewest is None:
        return [(since, since) for since in size]
    quarters: dict[int, list[int]] = {}
    for since in size:
        quarters.setdefault(since // QUARTER, []).append(since)
    spans: list[tuple[int, int]] = []
    for months in quarters.values():
        if min(size[since] for since in months) < fewest:
            spans.append((min(months), max(months)))
        else:
            spans += [(since, since) for since in months]
    return sorted(spans)


def _band(scored: list[Scored], points: list[Point], team: Places | None) -> float:
    """The 95 % point of the largest |t| of all points at once, drawn from their correlations."""
    sums = np.array([_by_cluster(one.score, team) for one in scored])
    spread = np.sqrt((sums**2).sum(axis=1))
    varying = spread > 0
    clusters = max(point.estimate.clusters for point in points)
    pointwise = float(t95(clusters - 1))
    if varying.sum() < 2:
        return pointwise
    scaled = sums[varying] / spread[varying, None]
    values, directions = np.linalg.eigh(np.einsum("ki,li->kl", scaled, scaled))
    root = directions * np.sqrt(np.clip(values, 0, None))
    drawn = np.einsum("ds,ks->dk", np.random.default_rng(SEED).standard_normal((DRAWS, len(root))), root)
    normal = float(np.quantile(np.abs(drawn).max(axis=1), 0.95))
    return normal * pointwise / 1.959963984540054


def _by_cluster(score: Floats, team: Places | None) -> Floats:
    if team is None:
        return score
    place, count = numbered(team)
    return np.asarray(np.bincount(place, score, count), dtype=np.float64)


def largest_wobble(curve: Curve, skip: int = SKIP) -> float:
    """The largest distance from 0 among the clean months shown (before the dip); nan where none is shown."""
    clean = [abs(point.estimate.value) for point in curve.points if point.last < -skip]
    return max(clean, default=math.nan)


def breakdown(effect: Estimate, curve: Curve, skip: int = SKIP) -> float:
    """How many times the largest wobble before the start a drift after it would have to be to undo the effect.

    0 where the interval holds 0 anyway; nan where no clean month is shown.
    """
    wobble = largest_wobble(curve, skip)
    sure = max(effect.low, -effect.high, 0.0)
    return math.inf if wobble == 0 and sure > 0 else sure / wobble if wobble else 0.0
