"""Does coaching spread to team-mates who are not coached? Then they are bad controls: the effect looks too small."""

from __future__ import annotations

import numpy as np

from coaching.roi.clustering import Scored
from coaching.roi.imputation import FEWEST_CLEAN, SKIP, expected, mean_effect
from coaching.roi.panel import Bools, CannotEstimate, Panel, numbered

FEWEST_CLEAN_TEAMS = 8


def exposed(panel: Panel) -> Bools:
    """Rep-months of reps not coached yet in whose team somebody is. All False without teams."""
    if panel.team is None:
        return np.zeros(panel.outcome.shape, dtype=np.bool_)
    place, count = numbered(panel.team)
    first = np.full(count, np.inf)
    np.minimum.at(first, place, panel.start)
    return np.asarray((np.arange(panel.months) >= first[place][:, None]) & (panel.since < 0), dtype=np.bool_)


def teams_without_coaching(panel: Panel) -> int:
    """Teams in which nobody was coached."""
    if panel.team is None:
        return 0
    return len(np.unique(panel.team)) - len(np.unique(panel.team[panel.is_coached]))


def without_exposed(
    panel: Panel, skip: int = SKIP, fewest: int = FEWEST_CLEAN, fewest_teams: int = FEWEST_CLEAN_TEAMS
) -> Scored:
    """The headline with only unexposed months as the base.

    Raises CannotEstimate with fewer than ``fewest_teams`` teams without coaching, which the comparison would rest on.
    """
    clean = teams_without_coaching(panel)
    if clean < fewest_teams:
        raise CannotEstimate(
            f"Whether coaching spreads to team-mates takes {fewest_teams} teams without coaching; there are {clean}."
        )
    model = expected(panel, -panel.skips(skip), fewest, leave_out=exposed(panel))
    return mean_effect(model, model.window(0))
