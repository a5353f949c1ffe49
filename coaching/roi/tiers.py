"""For whom did it work? The effect by how well reps did before, without mistaking the swing back to normal for it.

Tiers from the same clean months that a rep's level is estimated from are wrong: whoever was lucky in them stands in the
top tier with too high a level, and the top tier seems to lose what the bottom tier seems to gain. So every other clean
month gives the tier and the rest the level, then the other way round, and the two are averaged.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from coaching.roi.clustering import Estimate, Scored
from coaching.roi.imputation import FEWEST_CLEAN, SKIP, Expected, expected, mean_effects
from coaching.roi.panel import Bools, CannotEstimate, Floats, Panel, Places

CUTS = (0.2, 0.8)
"""Bottom fifth, middle three fifths, top fifth."""
NO_TIER = -1


@dataclass(frozen=True)
class TierEffect:
    """The effect on reps of one tier, 0 = the lowest."""

    tier: int
    reps: int
    estimate: Estimate
    p_holm: float
    """p value after Holm's correction for looking at several tiers."""


def tier_of(panel: Panel, cuts: tuple[float, ...] = CUTS, skip: int = SKIP, months: Bools | None = None) -> Places:
    """The tier of each rep by its average over clean months, each beside the clean reps of that month; -1 without one.

    ``months``: which cells may count. Tiers run from 0 (lowest) to ``len(cuts)``.
    """
    clean = panel.observed & (panel.since < -panel.skips(skip))
    size = clean.sum(axis=0)
    level = np.where(clean, panel.known, 0.0).sum(axis=0) / np.maximum(size, 1)
    counted = clean & (size > 1) if months is None else clean & (size > 1) & months
    count = counted.sum(axis=1)
    average = np.where(counted, panel.known - level, 0.0).sum(axis=1) / np.maximum(count, 1)
    known = count > 0
    if not known.any():
        return np.full(panel.reps, NO_TIER, dtype=np.int64)
    edges = np.quantile(average[known], cuts)
    return np.where(known, (average[:, None] > edges).sum(axis=1), NO_TIER).astype(np.int64)


def effect_by_tier(
    panel: Panel,
    cuts: tuple[float, ...] = CUTS,
    skip: int = SKIP,
    fewest: int = FEWEST_CLEAN,
    team: Places | None = None,
) -> list[TierEffect]:
    """The mean effect per coached rep-month in each tier, lowest first; errors by rep, or by ``team``.

    A tier in which nobody can be compared is missing. Raises CannotEstimate where that is so for all.
    """
    odd = np.zeros(panel.outcome.shape, dtype=np.bool_)
    odd[:, 1::2] = True
    before = -panel.skips(skip)
    halves = [
        (tier_of(panel, cuts, skip, of_tier), expected(panel, before, fewest, of_tier)) for of_tier in (odd, ~odd)
    ]
    found: list[tuple[int, int, Estimate]] = []
    for tier in range(len(cuts) + 1):
        scored = _averaged([_in_tier(model, tiers == tier) for tiers, model in halves])
        if scored is not None:
            reps = max(int((model.window(0).any(axis=1) & (tiers == tier)).sum()) for tiers, model in halves)
            found.append((tier, reps, scored.by_rep() if team is None else scored.by(team)))
    if not found:
        raise CannotEstimate("No coached rep has four clean months before the start.")
    corrected = holm(np.array([estimate.p for _, _, estimate in found]))
    return [TierEffect(*parts, float(p)) for parts, p in zip(found, corrected, strict=True)]


def _in_tier(model: Expected, chosen: Bools) -> Scored | None:
    targets = model.window(0) & chosen[:, None]
    return mean_effects(model, targets[None])[0] if targets.any() else None


def _averaged(parts: list[Scored | None]) -> Scored | None:
    known = [part for part in parts if part is not None]
    if not known:
        return None
    return Scored(
        float(np.mean([part.value for part in known])),
        np.mean([part.score for part in known], axis=0),
        np.any([part.member for part in known], axis=0),
        round(float(np.mean([part.n for part in known]))),
    )


def holm(p: Floats) -> Floats:
    """p values after Holm's step-down correction, in the order given."""
    order = np.argsort(p, kind="stable")
    stepped = np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1))
    corrected = np.empty(len(p))
    corrected[order] = np.minimum(stepped, 1.0)
    return corrected


def tier_sentence(effects: list[TierEffect], mean: float, visible: float) -> str:
    """What may be said about tiers: nothing beyond an association unless each is sharp enough and two lie apart.

    ``mean``: of the outcome; ``visible``: the largest share of it that the smallest visible effect may be
    (``Guardrails.visible_tier``).
    """
    if len(effects) < 2:
        return "There is only one tier with reps to compare, so tiers cannot be set beside each other."
    if any(one.estimate.mde80 > visible * abs(mean) for one in effects):
        return "There are too few reps in a tier to say for whom it worked."
    return "Some tiers gain more than others." if is_apart(effects) else "We cannot say that one tier gains more."


def is_apart(effects: list[TierEffect]) -> bool:
    """Whether any two tiers have intervals that do not overlap; otherwise no tier may be said to gain more."""
    return any(one.estimate.low > other.estimate.high for one in effects for other in effects)
