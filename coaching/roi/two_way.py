"""Rep and month effects by least squares over a set of cells. One core for everything; leading axes are batches.

The months are solved by the Schur complement of the reps without a reference month. Never by a pseudo-inverse: its
decision on the rank was wrong in the third digit at 1,000 reps. Sums go through einsum and not through BLAS: its
threads made a sum over 1,000 × 24 cells two hundred times slower on a busy machine.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from coaching.roi.panel import Bools, Floats


@dataclass(frozen=True)
class TwoWay:
    """The normal equations of rep and month dummies over ``cells``, ready for any number of right-hand sides."""

    cells: Floats
    """... × reps × months: how often a cell counts. They have to be connected: see ``largest_connected``."""
    size: Floats
    """... × reps: cells per rep, 1 where there are none."""
    inner: Floats
    """... × months × months: the Schur complement, the identity at the reference and at months without a cell."""
    free: Bools
    """... × months: whose effect is estimated (used and not the reference)."""

    def solve(self, of_reps: Floats, of_months: Floats) -> tuple[Floats, Floats]:
        """Effects of reps and of months for sums over the cells by rep and by month.

        The reference month and months without a cell have 0, and so have reps without a cell.
        """
        right = of_months - np.einsum("...i,...it->...t", of_reps / self.size, self.cells)
        months = np.linalg.solve(self.inner, np.where(self.free, right, 0.0)[..., None])[..., 0]
        taken = np.einsum("...it,...t->...i", self.cells, months)
        reps = np.where(self.cells.any(axis=-1), (of_reps - taken) / self.size, 0.0)
        return reps.astype(np.float64), months.astype(np.float64)


def two_way(cells: Bools | Floats) -> TwoWay:
    """The equations for ``cells`` (... × reps × months: which count, or how often), which have to be connected."""
    weights = cells.astype(np.float64)
    size = np.maximum(weights.sum(axis=-1), 1.0)
    per_month = weights.sum(axis=-2)
    used = per_month > 0
    is_reference = np.arange(cells.shape[-1]) == used.argmax(axis=-1)[..., None]
    free = used & ~is_reference
    by_month = np.ascontiguousarray(np.swapaxes(weights, -1, -2))
    inner = -np.einsum("...ti,...si->...ts", by_month, by_month / size[..., None, :])
    diagonal = np.arange(cells.shape[-1])
    inner[..., diagonal, diagonal] += per_month
    inner = np.where(free[..., :, None] & free[..., None, :], inner, 0.0)
    inner[..., diagonal, diagonal] += ~free
    return TwoWay(weights, size, inner, free)


def largest_connected(cells: Bools) -> Bools:
    """The cells of the largest part in which reps connect all months; of equally large parts the earlier one.

    Two parts without a common rep or month have no common scale: their effects cannot be told apart.
    """
    if not cells.any():
        return cells
    used = cells.any(axis=-2)
    # A rep who was there in every used month connects them all; most panels have one.
    if ((cells.sum(axis=-1) == used.sum(axis=-1)[..., None]).any(axis=-1)).all():
        return cells
    by_month = np.ascontiguousarray(np.swapaxes(cells, -1, -2)).astype(np.float32)
    reach = np.einsum("...ti,...si->...ts", by_month, by_month) > 0
    while True:
        step = reach.astype(np.float32)
        further = np.einsum("...ts,...su->...tu", step, step) > 0
        if (further == reach).all():
            break
        reach = further
    cells_in_reach = (reach * by_month.sum(axis=-1)[..., None, :]).sum(axis=-1)
    largest = cells_in_reach.argmax(axis=-1)
    part = np.take_along_axis(reach, largest[..., None, None], axis=-2)
    return np.asarray(cells & part, dtype=np.bool_)
