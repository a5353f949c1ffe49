"""How much coaching goes with how much more. An association, always: hours go to reps in trouble."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from coaching.roi.clustering import Estimate, Scored
from coaching.roi.imputation import Expected, mean_effect, weighted_effect
from coaching.roi.panel import Bools, CannotEstimate, Floats, Places

WATERMARK = "association"
WARNING = (
    "More hours go to reps in trouble, so this line understates, or may even reverse, the effect of more coaching."
)
EDGES = (0.0, 0.5, 1.0, 2.0, 4.0)
"""Hours a month at which bins begin; the last is open."""


@dataclass(frozen=True)
class Bin:
    """Coached rep-months with ``low`` to ``high`` hours (high excluded; inf = open)."""

    low: float
    high: float
    hours: float
    """Mean hours in the bin."""
    estimate: Estimate


@dataclass(frozen=True)
class Dose:
    """Actual minus expected by hours of coaching in the month, and the slope per hour."""

    slope: Estimate
    bins: list[Bin]


def dose_association(
    model: Expected, hours: Floats, edges: tuple[float, ...] = EDGES, team: Places | None = None
) -> Dose:
    """Beside each other: hours per coached rep-month (reps × months) and actual minus expected.

    Errors by rep or by ``team``. Raises CannotEstimate where the hours do not vary.
    """
    targets = model.window(0) & ~np.isnan(hours)
    if targets.sum() < 3 or np.ptp(hours[targets]) == 0:
        raise CannotEstimate("Every coached rep had the same hours, so there is nothing to compare.")
    bins = []
    for low, high in zip(edges, (*edges[1:], np.inf), strict=True):
        chosen = targets & (hours >= low) & (hours < high)
        if chosen.any():
            bins.append(Bin(low, high, float(hours[chosen].mean()), _clustered(mean_effect(model, chosen), team)))
    return Dose(_clustered(_slope(model, hours, targets), team), bins)


def _slope(model: Expected, hours: Floats, targets: Bools) -> Scored:
    apart = np.where(targets, hours - hours[targets].mean(), 0.0)
    weights = apart / (apart**2).sum()
    slope = float((weights * model.effect).sum())
    rest = np.where(targets, model.effect - model.effect[targets].mean() - slope * apart, 0.0)
    return weighted_effect(model, weights, rest)


def _clustered(scored: Scored, team: Places | None) -> Estimate:
    return scored.by_rep() if team is None else scored.by(team)
