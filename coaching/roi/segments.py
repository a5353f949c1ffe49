"""The headline with months compared within each segment only: for segments whose seasons differ."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from coaching.roi.clustering import Scored
from coaching.roi.imputation import FEWEST_CLEAN, SKIP, expected, mean_effect
from coaching.roi.panel import CannotEstimate, Panel

FEWEST_REPS = 10
"""Reps not coached yet that every segment needs in every month, to have months of its own (roi.md 1.3)."""


def within_segments(
    panel: Panel,
    segment: Sequence[str],
    skip: int = SKIP,
    fewest: int = FEWEST_CLEAN,
    fewest_reps: int = FEWEST_REPS,
) -> Scored:
    """The mean effect with month effects of each segment (one label per row of the panel).

    Raises CannotEstimate with fewer than two segments, with a month in which a segment has too few reps not coached
    yet, and where nothing can be compared.
    """
    labels = np.asarray(segment, dtype=np.str_)
    names = np.unique(labels)
    if len(names) < 2:
        raise CannotEstimate("All reps are in one segment.")
    score, member = np.zeros(panel.reps), np.zeros(panel.reps, dtype=np.bool_)
    total, count = 0.0, 0
    for name in names:
        rows = np.flatnonzero(labels == name)
        part = panel.of(rows)
        not_yet = (part.observed & (part.since < 0)).sum(axis=0)
        if not_yet.min(initial=fewest_reps) < fewest_reps:
            raise CannotEstimate(
                f"Every segment needs {fewest_reps} reps not coached yet in every month, to be compared within itself."
            )
        model = expected(part, -part.skips(skip), fewest)
        targets = model.window(0)
        if not targets.any():
            continue
        scored = mean_effect(model, targets)
        score[rows] = scored.score * scored.n
        member[rows] = scored.member
        total, count = total + scored.value * scored.n, count + scored.n
    if not count:
        raise CannotEstimate("No coached month has a comparison in its own segment.")
    return Scored(total / count, score / count, member, count)
