"""How much of a recovery comes by itself where people are picked after bad months (Barnett and others 2005)."""

from __future__ import annotations

import math

from coaching.roi.distributions import normal_below


def expected_recovery(mean: float, sd: float, cut: float, correlation: float, months: int = 1) -> float:
    """By how much reps picked because the mean of ``months`` months lies below ``cut`` come back on average, uncoached.

    ``sd``: of single months over all reps; ``correlation``: between two months of a rep. Both spreads, the one of the
    cut too, are those of the mean of the months: keeping the single month's there gives 5.5056 instead of 6.2845 for
    mean 60, sd 15, correlation .5, cut 40, three months. 0 where nothing varies within reps.
    """
    between, within = correlation * sd**2, (1 - correlation) * sd**2 / months
    spread = math.sqrt(between + within)
    if within == 0 or spread == 0:
        return 0.0
    z = (mean - cut) / spread
    density = math.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)
    return within / spread * density / normal_below(-z)
