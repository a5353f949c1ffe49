"""Check 2: what usually follows such months without coaching. For the programme, and for one rep's plan.

A regression over reps not coached yet: the next months on the last three and on all earlier ones, by calendar month.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from coaching import student
from coaching.roi.clustering import Scored
from coaching.roi.panel import CannotEstimate, Floats, Panel, Places

AHEAD = 6
"""Months whose mean is the outcome of the programme's check."""
RECENT = 3
FIRST_MONTH = 6
PLAN_AHEAD = 3
FEWEST_WINDOWS = 100
"""Uncoached windows needed before one rep's plan is compared with them."""
SMALLEST = 1e-9
"""What is smaller than this share of a column is rounding."""
NOBODY_BESIDE = "All starting reps have nobody to be compared with in the same month."
NO_DIFFERENCES = "Results of the months before differ too little from rep to rep to expect anything from them."
TOO_SHORT = "No rep has six months before the start and six after it, all of them observed."


@dataclass(frozen=True)
class _Windows:
    """One row per rep and month that something could start in."""

    rep: Places
    month: Places
    after: Floats
    is_new: Floats
    recent: Floats
    earlier: Floats

    def regressors(self) -> Floats:
        """new, recent and earlier, rows × 3."""
        return np.column_stack([self.is_new, self.recent, self.earlier])


def expected_from_history(panel: Panel) -> Scored:
    """Mean of six months from the start on against what the months before let expect, at equal calendar months.

    Rows: reps that start in a month and reps that start more than five months later, with every month observed.
    Raises CannotEstimate where nobody starts with enough months around.
    """
    found = _windows(panel, AHEAD)
    if not found.is_new.any():
        raise CannotEstimate(TOO_SHORT)
    regressors, outcome = _scaled(found.regressors(), found.month), _within_month(found.after, found.month)
    basis, upper = _decomposed(regressors.columns)
    slopes = np.linalg.solve(upper, basis.T @ outcome)
    rest = outcome - regressors.columns @ slopes
    # The row of (Z'Z)⁻¹Z' that gives the effect of starting.
    pick = np.linalg.solve(upper, basis.T)[0] / regressors.size[0]
    score: Floats = np.bincount(found.rep, pick * rest, panel.reps).astype(np.float64)
    member = np.bincount(found.rep, minlength=panel.reps) > 0
    rows, effects = len(outcome), 3 + len(np.unique(found.month))
    if rows <= effects:
        raise CannotEstimate(TOO_SHORT)
    # (N-1)/(N-k); the factor for the clusters is added with them.
    score *= math.sqrt((rows - 1) / (rows - effects))
    return Scored(float(slopes[0] / regressors.size[0]), score, member, int(found.is_new.sum()))


def _windows(panel: Panel, ahead: int) -> _Windows:
    """Windows with every month up to ``ahead`` after observed: reps that start there, reps not coached by then."""
    complete = np.cumprod(panel.observed, axis=1).astype(np.bool_)
    total = np.concatenate([np.zeros((panel.reps, 1)), np.cumsum(panel.known, axis=1)], axis=1)
    parts = []
    for month in range(FIRST_MONTH, panel.months - ahead + 1):
        is_new = panel.start == month
        rep = np.flatnonzero(complete[:, month + ahead - 1] & (is_new | (panel.start > month + ahead - 1)))
        recent = (total[rep, month] - total[rep, month - RECENT]) / RECENT
        earlier = total[rep, month - RECENT] / (month - RECENT)
        after = (total[rep, month + ahead] - total[rep, month]) / ahead
        parts.append((rep, np.full(len(rep), month), after, is_new[rep].astype(np.float64), recent, earlier))
    if not parts:
        raise CannotEstimate(TOO_SHORT)
    return _Windows(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


def _within_month(values: Floats, month: Places) -> Floats:
    """``values`` (rows, or rows × columns) minus their mean in the month."""
    _, place = np.unique(month, return_inverse=True)
    count = np.bincount(place).astype(np.float64)
    if values.ndim == 1:
        return np.asarray(values - (np.bincount(place, values) / count)[place], dtype=np.float64)
    return np.column_stack([_within_month(column, month) for column in values.T])


@dataclass(frozen=True)
class _Scaled:
    """Columns without their mean in the month, each divided by its size, so that no unit of the outcome matters."""

    columns: Floats
    size: Floats
    """Powers of two, so that nothing but the exponent of a figure changes."""


def _scaled(columns: Floats, month: Places) -> _Scaled:
    """Raises CannotEstimate where a column says nothing within months: its rounding errors would be told as figures."""
    centred = _within_month(columns, month)
    whole, size = np.linalg.norm(columns, axis=0), np.linalg.norm(centred, axis=0)
    if (size[:-2] <= SMALLEST * whole[:-2]).any():
        raise CannotEstimate(NOBODY_BESIDE)
    if (size <= SMALLEST * whole).any():
        raise CannotEstimate(NO_DIFFERENCES)
    unit = 2.0 ** np.round(np.log2(size))
    return _Scaled(centred / unit, unit)


def _decomposed(columns: Floats) -> tuple[Floats, Floats]:
    """Q and R. Raises CannotEstimate where a column follows from the others."""
    basis, upper = np.linalg.qr(columns)
    diagonal = np.abs(np.diag(upper))
    if len(diagonal) < columns.shape[1] or diagonal.min() <= SMALLEST * diagonal.max():
        raise CannotEstimate(NO_DIFFERENCES)
    return basis, upper


@dataclass(frozen=True)
class PlanGain:
    """What became of one rep's plan, in the unit of the outcome per month."""

    raw: float
    """Three months from the start on minus the three before."""
    usual: float
    """The part of it that usually follows such months without coaching."""
    above: float
    """What is above (or below) that."""
    low: float
    high: float
    """95 % interval of what is above, for one rep."""
    windows: int
    """Uncoached windows it is compared with."""

    @property
    def standing(self) -> str:
        """above, within or below what was to be expected."""
        return "above" if self.low > 0 else "below" if self.high < 0 else "within"


def plan_gains(panel: Panel, share: float = 0.95, fewest: int = FEWEST_WINDOWS) -> dict[int, PlanGain]:
    """By row of the panel: every coached rep's gain beside what usually happens after such months (roi.md 1.4).

    Reps without complete months before the start and three after it are left out; so is everybody where fewer than
    ``fewest`` uncoached windows are there to learn from, or these do not differ. ``share``: of the interval.
    """
    try:
        found = _windows(panel, PLAN_AHEAD)
    except CannotEstimate:
        return {}
    pool = found.is_new == 0
    if int(pool.sum()) < fewest:
        return {}
    both = np.column_stack([found.recent, found.earlier])
    outcome = _within_month(found.after[pool], found.month[pool])
    try:
        regressors = _scaled(both[pool], found.month[pool])
        basis, upper = _decomposed(regressors.columns)
    except CannotEstimate:
        return {}
    slopes = np.linalg.solve(upper, basis.T @ outcome)
    rest = outcome - regressors.columns @ slopes
    slopes = slopes / regressors.size
    months = np.unique(found.month[pool])
    freedom = len(outcome) - 2 - len(months)
    spread = math.sqrt(float(rest @ rest) / freedom)
    reach = student.quantile(0.5 + share / 2, freedom) * spread
    gains = {}
    for row in np.flatnonzero(~pool & np.isin(found.month, months)):
        same = pool & (found.month == found.month[row])
        level = found.after[same].mean() - both[same].mean(axis=0) @ slopes
        usual = float(level + both[row] @ slopes - found.recent[row])
        raw = float(found.after[row] - found.recent[row])
        above = raw - usual
        gains[int(found.rep[row])] = PlanGain(raw, usual, above, above - reach, above + reach, int(pool.sum()))
    return gains
