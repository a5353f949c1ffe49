"""When the order of starting was drawn: how often would a drawing by itself show an effect as large as this one?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from coaching.roi.panel import Bools, CannotEstimate, Floats, Panel, Places, numbered
from coaching.roi.two_way import largest_connected, two_way

DRAWS = 999
SEED = 20_260_101
CELLS_AT_ONCE = 1_000_000


@dataclass(frozen=True)
class Permuted:
    """The effect as it is, and the share of drawings (the real one counted) with one at least as large either way."""

    value: float
    p: float
    draws: int


def permutation(
    panel: Panel,
    drawn: Bools | None = None,
    group: Places | None = None,
    stratum: Places | None = None,
    skip: int = 0,
    fewest: int = 1,
    draws: int = DRAWS,
    seed: int = SEED,
) -> Permuted:
    """The start order drawn again ``draws`` times; the same arguments give the same p value.

    ``drawn``: reps who took part in the drawing (None = everybody). ``group``: who was drawn together, such as a team
    (None = each rep alone). ``stratum``: drawings were made within these. The effect is the headline with ``skip``
    months left out: none, because a drawing knows no dip. Drawings in which nothing can be compared do not count.
    Raises CannotEstimate where the real one cannot, or where there is nothing to exchange.
    """
    taking_part = np.ones(panel.reps, dtype=np.bool_) if drawn is None else drawn
    label, _ = numbered(np.arange(panel.reps, dtype=np.int64) if group is None else group)
    layer = np.zeros(panel.reps, dtype=np.int64) if stratum is None else stratum
    # One place to be exchanged per group, at its first rep.
    place = np.unique(np.where(taking_part, label, -1), return_index=True)
    groups, first = (place[0][1:], place[1][1:]) if place[0][0] < 0 else place
    if len(np.unique(panel.start[first])) < 2:
        raise CannotEstimate("Everybody was drawn for the same month, so there is no order to test.")
    random = np.random.default_rng(seed)
    orders = np.tile(panel.start, (draws + 1, 1))
    for row in range(1, draws + 1):
        shuffled = panel.start[first].copy()
        for one in np.unique(layer[first]):
            inside = np.flatnonzero(layer[first] == one)
            shuffled[inside] = shuffled[random.permutation(inside)]
        orders[row, taking_part] = shuffled[np.searchsorted(groups, label[taking_part])]
    values = _values(panel, orders, skip, fewest)
    if np.isnan(values[0]):
        raise CannotEstimate("No coached month can be compared.")
    other = values[1:][~np.isnan(values[1:])]
    extreme = int((np.abs(other) >= abs(values[0]) * (1 - 1e-12)).sum())
    return Permuted(float(values[0]), (1 + extreme) / (1 + len(other)), len(other))


def _values(panel: Panel, orders: Floats, skip: int, fewest: int) -> Floats:
    """The headline for each order of starts; nan where nothing can be compared."""
    at_once = max(1, CELLS_AT_ONCE // panel.outcome.size)
    parts = [
        _values_at_once(panel, orders[from_row : from_row + at_once], skip, fewest)
        for from_row in range(0, len(orders), at_once)
    ]
    return np.concatenate(parts)


def _values_at_once(panel: Panel, orders: Floats, skip: int, fewest: int) -> Floats:
    since = np.arange(panel.months) - orders[..., None]
    clean = panel.observed & (since < -skip)
    cells = largest_connected(clean & (clean.sum(axis=-1) >= fewest)[..., None])
    outcome = np.where(cells, panel.known, 0.0)
    of_reps, of_months = two_way(cells).solve(outcome.sum(axis=-1), outcome.sum(axis=-2))
    months, reps = (cells.sum(axis=-2) > 1)[..., None, :], cells.sum(axis=-1)[..., None] > 0
    targets = np.logical_and(panel.observed, since >= 0) & months & reps
    effect = np.where(targets, panel.known - of_reps[..., None] - of_months[..., None, :], 0.0)
    count = targets.sum(axis=(-1, -2))
    return np.where(count > 0, effect.sum(axis=(-1, -2)) / np.maximum(count, 1), np.nan)
