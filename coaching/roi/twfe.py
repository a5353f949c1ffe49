"""The regression that is usually run: one dummy for "coached", rep and month effects. Shown beside, never the headline.

It uses reps coached already as comparison for those coached later, so a growing effect comes out too small.
"""

from __future__ import annotations

import math

import numpy as np

from coaching.roi.clustering import Estimate
from coaching.roi.panel import CannotEstimate, Panel, numbered
from coaching.roi.two_way import largest_connected, two_way


def two_way_fixed_effects(panel: Panel) -> Estimate:
    """τ = <rd, ry>/<rd, rd> over all observed cells, error clustered by rep with G/(G-1) · (N-1)/(N-1-T).

    Raises CannotEstimate where coaching does not vary beside reps and months.
    """
    cells = largest_connected(panel.observed)
    if not cells.any():
        raise CannotEstimate("There is no outcome at all.")
    coached = (cells & (panel.since >= 0)).astype(np.float64)
    outcome = np.where(cells, panel.known, 0.0)
    equations = two_way(cells)
    rests = []
    for values in (coached, outcome):
        of_reps, of_months = equations.solve(values.sum(axis=1), values.sum(axis=0))
        rests.append(np.where(cells, values - of_reps[:, None] - of_months[None, :], 0.0))
    rest_coached, rest_outcome = rests
    power = float((rest_coached**2).sum())
    count, months = int(cells.sum()), int(cells.any(axis=0).sum())
    if power <= 1e-9 * max(count, 1):
        raise CannotEstimate("Everybody was coached in the same months, or nobody was.")
    value = float((rest_coached * rest_outcome).sum()) / power
    score = (rest_coached * (rest_outcome - value * rest_coached)).sum(axis=1) / power
    groups = numbered(np.flatnonzero(cells.any(axis=1)))[1]
    if groups < 2 or count - 1 - months <= 0:
        raise CannotEstimate("There are too few rep-months for a regression.")
    factor = groups / (groups - 1) * (count - 1) / (count - 1 - months)
    return Estimate(value, math.sqrt(float(score @ score) * factor), groups, int(coached.sum()))
