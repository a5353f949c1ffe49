"""Panels for the tests: the small one that lies beside, those of the shared data, and estimates the long way round."""

from __future__ import annotations

import functools
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from coaching.roi.panel import Panel
from data_access.roi_panel import Columns, panel_of, read_rows

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

SMALL = Path(__file__).with_name("panel_60.csv")
"""companies(DIP, 1, 60, 24, seed=5) of coaching.roi.simulation, to one decimal: effect 8, coached after bad months."""
COLUMNS = Columns("rep", "month", "bookings", "coached_from", "team")
SHARED_COLUMNS = Columns("rep_id", "month", "bookings_k", "coached_from", "team_id")
COUNTIES = Columns("countyreal", "year", "lemp", "first.treat")
STATES = Columns("State", "Quarter", "Rate", "Q32011", treated_unit="California")
CASES = ("dip_effect8_200", "dip_zero_200", "lottery_effect8_200", "team_effect8_200", "noise_free_40")


@functools.cache
def small_panel() -> Panel:
    """The panel in SMALL."""
    return panel_of(read_rows(SMALL), COLUMNS)


@functools.cache
def shared_case(shared: Path, name: str) -> Panel:
    """One of CASES."""
    return panel_of(read_rows(shared / "data" / "roi_cases" / f"{name}.csv"), SHARED_COLUMNS)


@functools.cache
def counties(shared: Path) -> Panel:
    """mpdta: teen employment in 500 counties, 2003 to 2007."""
    return panel_of(read_rows(shared / "data" / "causal" / "mpdta.csv"), COUNTIES)


def even_panel(
    coached: int = 24, never: int = 26, months: int = 24, start: int = 12, noise: float = 20.0, seed: int = 3
) -> Panel:
    """Reps of which ``coached`` start around ``start`` with an effect of 10, and ``never`` do not; no teams, no gaps.

    Starts lie one after the other, so that errors are by rep.
    """
    random = np.random.default_rng(seed)
    reps = coached + never
    begins = np.full(reps, np.inf)
    begins[:coached] = start + np.arange(coached) % 3
    outcome = 100 + random.normal(0, 10, (reps, 1)) + random.normal(0, noise, (reps, months))
    outcome += 10.0 * (np.arange(months) >= begins[:, None])
    return Panel(outcome, begins)


def dummies(cells: Bools) -> Floats:
    """One row per cell: rep dummies, then those of the months, the first left out."""
    rep, month = np.nonzero(cells)
    design = np.zeros((len(rep), cells.shape[0] + cells.shape[1] - 1))
    design[np.arange(len(rep)), rep] = 1
    later = month > 0
    design[np.flatnonzero(later), cells.shape[0] + month[later] - 1] = 1
    return design


def imputed_the_long_way(panel: Panel, skip: int, fewest: int) -> float:
    """The headline by least squares with a column per rep and month, cell by cell."""
    clean = panel.observed & (panel.since < -skip)
    clean &= (clean.sum(axis=1) >= fewest)[:, None]
    found = np.linalg.lstsq(dummies(clean), panel.outcome[clean], rcond=None)[0]
    levels, months = found[: panel.reps], np.concatenate([[0.0], found[panel.reps :]])
    effects = [
        panel.outcome[rep, month] - levels[rep] - months[month]
        for rep in range(panel.reps)
        for month in range(panel.months)
        if panel.observed[rep, month]
        and panel.since[rep, month] >= 0
        and clean[rep].any()
        and clean[:, month].sum() > 1
    ]
    return float(np.mean(effects))


def regressed_the_long_way(panel: Panel) -> float:
    """Two-way fixed effects by least squares with a column for coached and one per rep and month."""
    coached = (panel.since >= 0)[panel.observed].astype(float)
    design = np.column_stack([coached, dummies(panel.observed)])
    return float(np.linalg.lstsq(design, panel.outcome[panel.observed], rcond=None)[0][0])
