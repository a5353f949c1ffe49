"""The calculation most reports make: three months after against three before. Shown struck through, never a claim."""

from __future__ import annotations

import math

import numpy as np

from coaching.roi.clustering import Estimate
from coaching.roi.panel import Bools, CannotEstimate, Floats, Panel

SPAN = 3


def before_after(panel: Panel, span: int = SPAN) -> Estimate:
    """Per coached rep the mean of months 0..2 minus that of -3..-1 (at least one observed each); mean over these reps.

    Wrong where reps are coached after bad months: it counts the normal recovery. Raises CannotEstimate with fewer than
    two such reps.
    """
    after = _means(panel, (panel.since >= 0) & (panel.since < span))
    before = _means(panel, (panel.since < 0) & (panel.since >= -span))
    gain = after - before
    gain = gain[~np.isnan(gain)]
    if len(gain) < 2:
        raise CannotEstimate("Fewer than two coached reps have months right before and after the start.")
    return Estimate(float(gain.mean()), float(gain.std(ddof=1)) / math.sqrt(len(gain)), len(gain), len(gain))


def _means(panel: Panel, cells: Bools) -> Floats:
    """Mean outcome per rep over its observed ``cells``; nan without one."""
    cells = cells & panel.observed
    count = cells.sum(axis=1)
    total = np.where(cells, panel.known, 0.0).sum(axis=1)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)
