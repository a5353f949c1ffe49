"""How much of the effect hangs on a handful of deals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from coaching.roi.clustering import Estimate, Scored
from coaching.roi.imputation import FEWEST_CLEAN, SKIP, Expected, expected, mean_effect
from coaching.roi.panel import CannotEstimate, Floats, Panel, Places

COUNT = 5


@dataclass(frozen=True)
class LargestDeals:
    """The headline without the largest deals of the coached months, and the share of the effect they make up."""

    without: Estimate
    share: float | None
    """None where there is no effect to have a share of, or one that the deals work against."""


def without_largest_deals(
    panel: Panel,
    rep: Places,
    month: Places,
    amount: Floats,
    count: int = COUNT,
    skip: int = SKIP,
    fewest: int = FEWEST_CLEAN,
    team: Places | None = None,
) -> LargestDeals:
    """``rep`` and ``month`` (row and column of the panel) and ``amount`` per closed deal, in the unit of the outcome.

    Takes the ``count`` largest deals out of the rep-months that the effect is a mean over. Errors by rep or ``team``.
    Raises CannotEstimate where there is no effect to estimate, or no deal in those months.
    """
    model = expected(panel, -skip, fewest)
    whole = mean_effect(model, model.window(0))
    inside = np.flatnonzero(model.window(0)[rep, month])
    if not len(inside):
        raise CannotEstimate("No deal closed in the coached months.")
    largest = inside[np.argsort(-amount[inside], kind="stable")[:count]]
    outcome = panel.outcome.copy()
    np.subtract.at(outcome, (rep[largest], month[largest]), amount[largest])
    scored = _again(panel.with_outcome(outcome), model, skip, fewest)
    share = 1 - scored.value / whole.value if whole.value > 0 else None
    return LargestDeals(scored.by_rep() if team is None else scored.by(team), share)


def _again(panel: Panel, model: Expected, skip: int, fewest: int) -> Scored:
    return mean_effect(expected(panel, -skip, fewest), model.window(0))
