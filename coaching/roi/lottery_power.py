"""What a planned lottery could show before it is drawn: the smallest visible effect of just these waves.

Everybody starts sooner or later, so a month is compared only while somebody still waits: what counts is the time from
the first wave to the last, not how long one goes on looking.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence

import numpy as np

from coaching.roi.guardrails import DEFAULTS, Guardrails
from coaching.roi.imputation import headline
from coaching.roi.panel import CannotEstimate, Panel
from coaching.roi.power import COMPANIES, SEED
from coaching.roi.simulation import LOTTERY, Scenario, companies

REP_COMPANIES, MOST_COMPANIES = 4_000, 100
"""Small companies differ more from each other, and cost less to make."""
SHORTEST_HISTORY, LONGEST_HISTORY = 6, 24
"""Months before the first start that are looked at, whatever the data hold."""


def starting_months(reps: int, first_days: Sequence[dt.date], per_wave: int) -> tuple[int, ...]:
    """For each of ``reps`` the months from the first wave's to their own; empty where the days do not reach for all."""
    if not first_days or per_wave < 1 or len(first_days) * per_wave < reps:
        return ()
    first = first_days[0]
    offsets = [(day.year - first.year) * 12 + day.month - first.month for day in first_days]
    return tuple(offsets[place // per_wave] for place in range(reps))


def smallest_visible_by_plan(
    starts: Sequence[int],
    months: int,
    history: int,
    scenario: Scenario = LOTTERY,
    limits: Guardrails = DEFAULTS,
    count: int | None = None,
    seed: int = SEED,
) -> float | None:
    """The effect that would be found in 80 of 100 cases, as a share of the mean outcome.

    ``starts``: per rep the months from the first wave's; ``months``: of results from the first start on; ``history``:
    months before it. The mean of 2.8 standard errors over ``count`` made-up companies (None = more of them where they
    are small) that behave like ``scenario`` and start as planned; None where nothing could be compared in any of them.
    """
    count = count or min(max(COMPANIES, REP_COMPANIES // max(len(starts), 1)), MOST_COMPANIES)
    before = min(max(history, SHORTEST_HISTORY), LONGEST_HISTORY)
    nobody = dataclasses.replace(scenario, effect=0.0, start_chance=0.0, start_chance_after_dip=0.0)
    planned = np.array(starts, dtype=np.float64) + before
    found = []
    for company in companies(nobody, count, len(starts), before + months, seed):
        panel = Panel(company.panel.outcome, planned)
        try:
            found.append(headline(panel, limits.skip_when_drawn, limits.fewest_clean_months).by_rep().mde80)
        except CannotEstimate:
            continue
    shown = [one for one in found if np.isfinite(one)]
    return float(np.mean(shown)) / abs(scenario.mean) if shown and scenario.mean else None
