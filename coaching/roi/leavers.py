"""Reps who left: does it happen more often with coaching, and what if all their missing months had no effect?"""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass

import numpy as np

from coaching.roi.clustering import Estimate
from coaching.roi.distributions import normal_below
from coaching.roi.imputation import Expected
from coaching.roi.panel import Panel


@dataclass(frozen=True)
class Leaving:
    """How many left out of how many rep-months at risk, coached and not."""

    coached_left: int
    coached_months: int
    other_left: int
    other_months: int
    p: float
    """Two-sided, of a two-proportion z test."""

    @property
    def left(self) -> int:
        """Everybody who left."""
        return self.coached_left + self.other_left

    @property
    def difference(self) -> float:
        """Monthly share that leaves among the coached minus among the others."""
        return self.coached_left / self.coached_months - self.other_left / self.other_months


def leaving(panel: Panel) -> Leaving | None:
    """Who left, by whether they were coached in their last month; None where one of the two groups has no month.

    The last month of the panel is no month at risk: nobody can be seen leaving in it.
    """
    there = panel.there
    at_risk = there[:, :-1]
    goes = at_risk & ~np.maximum.accumulate(there[:, ::-1], axis=1)[:, ::-1][:, 1:]
    coached = panel.since[:, :-1] >= 0
    months = int((at_risk & coached).sum()), int((at_risk & ~coached).sum())
    left = int((goes & coached).sum()), int((goes & ~coached).sum())
    if not months[0] or not months[1]:
        return None
    pooled = sum(left) / sum(months)
    error = math.sqrt(pooled * (1 - pooled) * (1 / months[0] + 1 / months[1]))
    apart = left[0] / months[0] - left[1] / months[1]
    p = 2 * normal_below(-abs(apart) / error) if error > 0 else 1.0
    return Leaving(left[0], months[0], left[1], months[1], p)


def worst_case(model: Expected, estimate: Estimate) -> Estimate:
    """``estimate`` if every coached month that was not observed had no effect at all; its error is left as it is.

    Phillips' rule 6: no data, no improvement. Of reps with a level of their own, until the end of the panel.
    """
    observed = int(model.window(0).sum())
    coached = (model.panel.since >= 0) & model.has_level[:, None] & model.compared[None, :]
    missing = int((coached & ~model.panel.observed).sum())
    share = observed / (observed + missing) if observed else 1.0
    return dataclasses.replace(estimate, value=estimate.value * share)
