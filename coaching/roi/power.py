"""What could have been seen: the smallest effect that this many reps and months can show, before any data."""

from __future__ import annotations

import dataclasses

import numpy as np

from coaching.roi.imputation import headline
from coaching.roi.panel import CannotEstimate, Panel
from coaching.roi.simulation import LOTTERY, Scenario, companies

COMPANIES = 20
SEED = 7
USUAL_CARRY = 0.5


def calibrated(panel: Panel, scenario: Scenario = LOTTERY) -> Scenario:
    """``scenario`` with the mean, the spread of reps, the monthly spread and its lag-1 correlation of ``panel``.

    From the months before coaching, beside the mean of the month. Raises CannotEstimate with fewer than two months of
    two reps.
    """
    clean = panel.observed & (panel.since < 0)
    clean &= (clean.sum(axis=1) >= 2)[:, None]
    per_month = clean.sum(axis=0)
    months, reps = float(clean.sum(axis=1)[clean.any(axis=1)].mean()) if clean.any() else 0.0, int(clean.any(1).sum())
    if reps < 2 or months < 2:
        raise CannotEstimate("Two reps with two months each are needed to know how much results vary.")
    season = np.where(clean, panel.known, 0.0).sum(axis=0) / np.maximum(per_month, 1)
    apart = np.where(clean, panel.known - season, 0.0)
    level = apart.sum(axis=1) / np.maximum(clean.sum(axis=1), 1)
    rest = np.where(clean, apart - level[:, None], 0.0)
    variance = float((rest**2).sum()) / max(int(clean.sum()) - reps, 1)
    next_to = clean[:, 1:] & clean[:, :-1]
    lag = float((rest[:, 1:] * rest[:, :-1])[next_to].mean()) / variance if variance and next_to.any() else 0.0
    # A rep's own mean takes part of the correlation away: the usual correction.
    lag = min(max(lag + (1 + 4 * lag) / months, 0.0), 0.9 * USUAL_CARRY)
    lasting = lag / USUAL_CARRY
    between = max(float(level[clean.any(axis=1)].var(ddof=1)) - variance / months, 0.0)
    return dataclasses.replace(
        scenario,
        mean=panel.mean(),
        rep_sd=between**0.5,
        luck_sd=(variance * lasting) ** 0.5,
        luck_carry=USUAL_CARRY,
        lumps_sd=(variance * (1 - lasting)) ** 0.5,
    )


def smallest_visible(
    reps: int, months: int, scenario: Scenario = LOTTERY, count: int = COMPANIES, seed: int = SEED
) -> float | None:
    """The effect that would be found in 80 of 100 cases, as a share of the mean outcome.

    The mean of 2.8 standard errors over ``count`` made-up companies; None where none of them has anything to compare.
    """
    found = []
    for company in companies(scenario, count, reps, months, seed):
        try:
            found.append(headline(company.panel).by_rep().mde80)
        except CannotEstimate:
            continue
    return float(np.mean(found)) / abs(scenario.mean) if found else None
