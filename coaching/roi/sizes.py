"""How much there is to compare: the counts that the guardrails look at before any estimate."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from coaching.roi.guardrails import Guardrails
from coaching.roi.panel import Panel, Places
from coaching.roi.spill_over import teams_without_coaching


@dataclass(frozen=True)
class Sizes:
    """Counts of one panel; shares are nan where there is nothing to take them of."""

    reps: int
    months: int
    rep_months: int
    mean: float
    """Mean outcome over all observed rep-months."""
    coached: int
    coached_rep_months: int
    coached_with_after: int
    """Coached reps with enough months from the start on."""
    share_with_history: float
    """Share of the coached with enough months before the start."""
    comparison: int
    """Reps not coached yet in the month in the middle of all starts."""
    thin_share: float
    """Share of coached rep-months in months with few reps not coached yet."""
    missing_share: float
    """Share of the months in which reps were there without an outcome."""
    teams: int
    unstarted_teams: int
    """Teams in which nobody was coached."""

    @property
    def started_teams(self) -> int:
        """Teams in which somebody was coached."""
        return self.teams - self.unstarted_teams


def sizes(panel: Panel, guardrails: Guardrails) -> Sizes:
    """The counts of ``panel``; months before and after count where they are observed."""
    coached = panel.is_coached
    cells = panel.observed & (panel.since >= 0)
    before = (panel.observed & (panel.since < 0)).sum(axis=1)[coached]
    not_yet = (panel.observed & (panel.since < 0)).sum(axis=0)
    there = int(panel.there.sum())
    return Sizes(
        reps=panel.reps,
        months=panel.months,
        rep_months=int(panel.observed.sum()),
        mean=panel.mean(),
        coached=int(coached.sum()),
        coached_rep_months=int(cells.sum()),
        coached_with_after=int((cells.sum(axis=1) >= guardrails.months_after).sum()),
        share_with_history=float((before >= guardrails.months_before).mean()) if coached.any() else math.nan,
        comparison=_at_the_middle(panel, not_yet),
        thin_share=float(cells[:, not_yet < guardrails.thin_month_reps].sum() / cells.sum())
        if cells.any()
        else math.nan,
        missing_share=float((panel.there & ~panel.observed).sum() / there) if there else math.nan,
        teams=0 if panel.team is None else len(np.unique(panel.team)),
        unstarted_teams=teams_without_coaching(panel),
    )


def _at_the_middle(panel: Panel, not_yet: Places) -> int:
    """Reps observed and not coached yet in the (lower) median month of the starts; 0 without a coached rep."""
    starts = np.sort(panel.start[panel.is_coached])
    if not len(starts):
        return 0
    middle = starts[(len(starts) - 1) // 2]
    return int(not_yet[int(max(middle, 0))])
