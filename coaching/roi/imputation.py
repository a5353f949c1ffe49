"""The headline: actual minus expected, where what is expected comes from clean months before coaching alone.

Imputation (Borusyak, Jaravel & Spiess; Gardner) with the months of the dip left out (roi.md 2): reps are coached
after bad months, so the months right before the start are no base to compare with.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from coaching.roi.clustering import Scored
from coaching.roi.panel import Bools, CannotEstimate, Floats, Panel
from coaching.roi.two_way import TwoWay, largest_connected, two_way

SKIP = 3
"""Months before the start that are never a base."""
FEWEST_CLEAN = 2
"""A rep with fewer clean months has no level of their own to compare with."""
NO_COMPARISON = "No coached month has a clean month of the same rep and a comparison in the same month."


@dataclass(frozen=True)
class Expected:
    """What reps would have done without coaching, from the cells in which nobody was coached yet."""

    panel: Panel
    cells: Bools
    """The clean rep-months that rep and month effects are estimated from."""
    equations: TwoWay
    effect: Floats
    """Actual minus expected, reps × months; 0 where nothing was observed. To be read at targets only."""
    reps_without_level: int
    """Coached reps with coached months and too few clean ones: dropped."""
    reps_unconnected: int
    """Reps whose clean months hang together with nobody else's: dropped."""

    @cached_property
    def has_level(self) -> Bools:
        """Reps with an effect of their own."""
        return np.asarray(self.cells.any(axis=1), dtype=np.bool_)

    @cached_property
    def compared(self) -> Bools:
        """Months with more than one clean cell."""
        return np.asarray(self.cells.sum(axis=0) > 1, dtype=np.bool_)

    @cached_property
    def usable(self) -> Bools:
        """Observed rep-months for which an expectation exists."""
        return np.asarray(self.panel.observed & self.has_level[:, None] & self.compared[None, :], dtype=np.bool_)

    def window(self, low: float, high: float = np.inf) -> Bools:
        """Usable rep-months from ``low`` to ``high`` months since the start, both included."""
        return self.usable & (self.panel.since >= low) & (self.panel.since <= high)


def expected(
    panel: Panel, before: float | Floats = -SKIP, fewest: int = FEWEST_CLEAN, leave_out: Bools | None = None
) -> Expected:
    """Rep and month effects from the months earlier than ``before`` (in months since the start; never coached = all).

    ``before``: one for everybody, or reps × 1, as of ``panel.skips``.

    ``leave_out``: further cells that do not count as clean. Raises CannotEstimate without any clean cell.
    """
    clean = panel.observed & (panel.since < before)
    if leave_out is not None:
        clean &= ~leave_out
    enough = clean & (clean.sum(axis=1) >= fewest)[:, None]
    cells = largest_connected(enough)
    if not cells.any():
        raise CannotEstimate("There is no month in which somebody was not coached yet.")
    equations = two_way(cells)
    outcome = np.where(cells, panel.known, 0.0)
    of_reps, of_months = equations.solve(outcome.sum(axis=1), outcome.sum(axis=0))
    effect = np.where(panel.observed, panel.known - of_reps[:, None] - of_months[None, :], 0.0)
    has_coached_month = (panel.observed & (panel.since >= 0)).any(axis=1)
    return Expected(
        panel=panel,
        cells=cells,
        equations=equations,
        effect=effect,
        reps_without_level=int((has_coached_month & ~enough.any(axis=1)).sum()),
        reps_unconnected=int((enough.any(axis=1) & ~cells.any(axis=1)).sum()),
    )


def mean_effect(model: Expected, targets: Bools) -> Scored:
    """Mean of actual minus expected over ``targets`` (reps × months, part of ``model.usable``).

    Raises CannotEstimate without a target.
    """
    count = int(targets.sum())
    if not count:
        raise CannotEstimate(NO_COMPARISON)
    return mean_effects(model, targets[None])[0]


def mean_effects(model: Expected, targets: Bools) -> list[Scored]:
    """``mean_effect`` for several sets of targets (sets × reps × months) at once; each has to hold a cell."""
    chosen = targets.astype(np.float64)
    count = chosen.sum(axis=(1, 2))
    value = (chosen * model.effect).sum(axis=(1, 2)) / count
    own = (chosen * (model.effect - value[:, None, None])).sum(axis=2)
    score = (own - _of_first_stage(model, chosen)) / count[:, None]
    is_member = model.has_level | targets.any(axis=2)
    return [
        Scored(float(value[place]), score[place], is_member[place], int(count[place])) for place in range(len(count))
    ]


def weighted_effect(model: Expected, weights: Floats, rest: Floats) -> Scored:
    """Σ weights · (actual minus expected), for slopes; ``rest``: what each cell's effect leaves unexplained."""
    score = (weights * rest).sum(axis=1) - _of_first_stage(model, weights[None])[0]
    chosen = weights != 0
    value = float((weights * model.effect).sum())
    return Scored(value, score, model.has_level | chosen.any(axis=1), int(chosen.sum()))


def _of_first_stage(model: Expected, weights: Floats) -> Floats:
    """Sets × reps: what the uncertainty of the rep and month effects adds to each rep's score."""
    of_reps, of_months = model.equations.solve(weights.sum(axis=2), weights.sum(axis=1))
    rest = np.where(model.cells, model.effect, 0.0)
    return np.asarray(of_reps * rest.sum(axis=1) + np.einsum("kt,it->ki", of_months, rest), dtype=np.float64)


def headline(panel: Panel, skip: int = SKIP, fewest: int = FEWEST_CLEAN, last: float = np.inf) -> Scored:
    """The mean effect per coached rep-month, from the start to ``last`` months after it.

    Raises CannotEstimate where nothing can be compared.
    """
    model = expected(panel, -panel.skips(skip), fewest)
    return mean_effect(model, model.window(0, last))


def placebo(panel: Panel, low: int, high: int, fewest: int = FEWEST_CLEAN) -> Scored:
    """The "effect" in the months ``low`` to ``high`` before the start, expected from those before ``low``.

    -3..-1 shows a dip; -6..-4 has to be near 0 for the comparison to be fair. Raises CannotEstimate without them.
    """
    model = expected(panel, low, fewest)
    return mean_effect(model, model.window(low, high))
