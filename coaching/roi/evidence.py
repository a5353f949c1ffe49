"""Everything that is known about the programme's effect, from one panel: estimates, checks, and what they rest on.

Computes; says nothing. What cannot be estimated is missing, with a sentence that says why.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from coaching.roi.before_after import before_after
from coaching.roi.callaway_santanna import SYMMETRIC_MONTHS, Control, callaway_santanna, symmetric
from coaching.roi.clustering import Estimate, Scored, jackknife, started_by_team
from coaching.roi.event_curve import FEWEST_PER_POINT, Curve, base_of_curve, breakdown, event_curve
from coaching.roi.guardrails import DEFAULTS, Guardrails
from coaching.roi.history import expected_from_history, plan_gains
from coaching.roi.imputation import Expected, expected, headline, mean_effect, placebo
from coaching.roi.leavers import Leaving, leaving, worst_case
from coaching.roi.panel import CannotEstimate, Floats, Panel, Places
from coaching.roi.sizes import Sizes, sizes
from coaching.roi.spill_over import without_exposed
from coaching.roi.tiers import TierEffect, effect_by_tier
from coaching.roi.twfe import two_way_fixed_effects

Made = TypeVar("Made")

FIRST_YEAR = 11
"""Benefits count in the months 0..11 only (Phillips' rule 9)."""
DIP = (-3, -1)
CLEAN = (-6, -4)
OTHER_SKIPS = (2, 4, 6)
LAST_MONTHS = 3
NOBODY = (
    "Nobody has started coaching in the months that are compared: there is nothing to see before somebody is enrolled"
    " and a whole month of theirs is over."
)


@dataclass(frozen=True)
class Finding:
    """One figure with its error by rep, and by what was assigned (the same where reps start one by one).

    ``assigned`` is None where the error by team cannot be told.
    """

    by_rep: Estimate
    assigned: Estimate | None


@dataclass(frozen=True)
class Evidence:
    """Figures in the unit of the outcome per rep and month.

    ``findings`` by key: headline, first_year (months 0..11: what enters money; its ``n`` are the rep-months counted),
    first_year_without_last (without the panel's last three months), early (months 0..8, to set beside symmetric),
    symmetric, history, placebo_dip, placebo_clean, twfe, callaway_santanna, before_after, skip_2, skip_4, skip_6,
    balanced (reps with an outcome in every month), unexposed (without months of reps whose team-mates were coached).
    """

    sizes: Sizes
    by_team: bool
    """Whether whole teams started together, so that errors are by team."""
    findings: dict[str, Finding]
    missing: dict[str, str]
    """By key, why something cannot be estimated."""
    headline_by_team: Estimate | None
    """The sandwich by team; the headline itself has the jackknife where starts are by team and teams are few."""
    worst_case: Estimate | None
    """The headline if coached months without data had no effect."""
    leaving: Leaving | None
    curve: Curve | None
    """By what was assigned, thin points by quarter."""
    curve_by_rep: Curve | None
    """Every month by itself."""
    breakdown: float
    """How many times the largest wobble before the dip a later drift would have to be to undo the effect."""
    usual_recovery: float | None
    """What three months usually bring over the three before, uncoached, after months like those before the starts."""
    tiers: list[TierEffect]
    reps_without_level: int
    """Coached reps left out because they have too few clean months, such as those coached since they were hired."""
    reps_unconnected: int
    """Reps left out because nobody shares their clean months."""
    actual: Floats
    """By month of the panel: mean outcome of the coached rep-months that are compared; nan without one."""
    expected: Floats
    """The same without coaching."""

    def of(self, key: str) -> Estimate | None:
        """A figure with the error by what was assigned; None where it cannot be estimated."""
        return self.findings[key].assigned if key in self.findings else None

    def by_rep(self, key: str) -> Estimate | None:
        """A figure with the error by rep; None where it cannot be estimated."""
        return self.findings[key].by_rep if key in self.findings else None

    @property
    def mde80(self) -> float | None:
        """The smallest effect that would be found in 80 of 100 cases."""
        found = self.of("headline")
        return None if found is None else found.mde80

    @property
    def visible_share(self) -> float | None:
        """``mde80`` as a share of the mean outcome."""
        if self.mde80 is None:
            return None
        return self.mde80 / abs(self.sizes.mean) if self.sizes.mean else math.inf


def evidence(
    panel: Panel, guardrails: Guardrails = DEFAULTS, drawn: bool = False, control: Control = "notyet"
) -> Evidence:
    """All of it. ``drawn``: the start order was drawn by lot for all who are coached (for some: ``Panel.as_drawn``).
    ``control``: of ``callaway_santanna`` alone.

    Raises nothing for a thin, an empty or a one-sided panel.
    """
    return _Gathering(panel, guardrails, guardrails.skip_when_drawn if drawn else guardrails.skip).all(control)


class _Gathering:
    """Collects findings and the reasons why others are missing."""

    def __init__(self, panel: Panel, guardrails: Guardrails, skip: int) -> None:
        self.panel, self.guardrails, self.skip = panel, guardrails, skip
        self.fewest = guardrails.fewest_clean_months
        self.by_team = started_by_team(panel, guardrails.same_start_share)
        self.findings: dict[str, Finding] = {}
        self.missing: dict[str, str] = {}

    @property
    def team(self) -> Places | None:
        """What errors are clustered by; None = by rep."""
        return self.panel.team if self.by_team else None

    def all(self, control: Control) -> Evidence:
        """The estimates one after the other."""
        panel, skip, fewest = self.panel, self.skip, self.fewest
        model = self._tried("headline", lambda: expected(panel, -panel.skips(skip), fewest))
        by_team = self._headlines(model)
        self._scored("symmetric", lambda: symmetric(panel, skip))
        self._scored("history", lambda: expected_from_history(panel))
        self._scored("placebo_dip", lambda: placebo(panel, *DIP, fewest))
        self._scored("placebo_clean", lambda: placebo(panel, *CLEAN, fewest))
        self._scored("unexposed", lambda: without_exposed(panel, skip, fewest, self.guardrails.fewest_clean_teams))
        complete = panel.of(np.flatnonzero(panel.observed.all(axis=1)))
        self._scored("balanced", lambda: headline(complete, skip, fewest), complete.team if self.by_team else None)
        for other in OTHER_SKIPS:
            self._skipping(other)
        self._plain("twfe", lambda: two_way_fixed_effects(panel))
        self._plain("callaway_santanna", lambda: callaway_santanna(panel, control))
        self._plain("before_after", lambda: before_after(panel))
        whole = self.findings["headline"].assigned if "headline" in self.findings else None
        curve, curve_by_rep = self._curves()
        actual, without = _by_month(model)
        return Evidence(
            sizes=sizes(panel, self.guardrails),
            by_team=self.by_team,
            findings=self.findings,
            missing=self.missing,
            headline_by_team=by_team,
            worst_case=None if model is None or whole is None else worst_case(model, whole),
            leaving=leaving(panel),
            curve=curve,
            curve_by_rep=curve_by_rep,
            breakdown=math.nan if whole is None or curve is None else breakdown(whole, curve, skip),
            usual_recovery=_usual_recovery(panel),
            tiers=self._tried("tiers", lambda: effect_by_tier(panel, skip=skip, fewest=fewest, team=self.team)) or [],
            reps_without_level=0 if model is None else model.reps_without_level,
            reps_unconnected=0 if model is None else model.reps_unconnected,
            actual=actual if model is not None else np.full(panel.months, np.nan),
            expected=without if model is not None else np.full(panel.months, np.nan),
        )

    def _headlines(self, model: Expected | None) -> Estimate | None:
        """The headline over all months, the first year and the first nine; returns its sandwich error by team."""
        self._window("headline", model, math.inf)
        self._window("first_year", model, FIRST_YEAR)
        self._window("early", model, SYMMETRIC_MONTHS)
        until = max(self.panel.months - LAST_MONTHS, 0)
        earlier = np.arange(self.panel.months) < until
        if model is not None:
            self._scored("first_year_without_last", lambda: mean_effect(model, model.window(0, FIRST_YEAR) & earlier))
        team = self.panel.team
        if team is None:
            self.missing["headline_by_team"] = "No teams are known."
            return None
        if model is None:
            self.missing["headline_by_team"] = self.missing["headline"]
            return None
        return self._tried("headline_by_team", lambda: mean_effect(model, model.window(0)).by(team))

    def _window(self, key: str, model: Expected | None, last: float) -> None:
        """The headline over the months 0..``last``, with the jackknife where starts are by team and teams are few."""
        if model is None:
            self.missing[key] = self.missing["headline"]
            return
        scored = self._tried(key, lambda: mean_effect(model, model.window(0, last)))
        if scored is None:
            return
        self._found(key, scored, self.team)
        whole = self.findings[key].assigned if key in self.findings else None
        if self.by_team and whole is not None and whole.clusters < self.guardrails.jackknife_below:
            without_one = self._tried(
                key,
                lambda: jackknife(self.panel, lambda part: headline(part, self.skip, self.fewest, last).value, whole),
            )
            self.findings[key] = Finding(self.findings[key].by_rep, without_one)

    def _curves(self) -> tuple[Curve | None, Curve | None]:
        """By what was assigned with thin points by quarter, and by rep with every month by itself."""
        base = self._tried("event_curve", lambda: base_of_curve(self.panel, self.skip, self.fewest))
        if base is None:
            return None, None
        shown = self._tried("event_curve", lambda: event_curve(*base, self.team, FEWEST_PER_POINT))
        return shown, self._tried("event_curve", lambda: event_curve(*base, with_band=False))

    def _skipping(self, other: int) -> None:
        # What if months before a start had to be left out, drawn or not?
        panel = dataclasses.replace(self.panel, own_skip=None)
        self._scored(f"skip_{other}", lambda: headline(panel, other, self.fewest))

    def _scored(self, key: str, make: Callable[[], Scored], team: Places | None = None) -> None:
        scored = self._tried(key, make)
        if scored is not None:
            self._found(key, scored, self.team if team is None else team)

    def _found(self, key: str, scored: Scored, team: Places | None) -> None:
        by_rep = self._tried(key, scored.by_rep)
        if by_rep is not None:
            assigned = by_rep if team is None else self._tried(key, lambda: scored.by(team))
            self.findings[key] = Finding(by_rep, assigned)

    def _plain(self, key: str, make: Callable[[], Estimate]) -> None:
        """Figures shown only beside: by rep."""
        found = self._tried(key, make)
        if found is not None:
            self.findings[key] = Finding(found, found)

    def _tried(self, key: str, make: Callable[[], Made]) -> Made | None:
        try:
            return make()
        except CannotEstimate as reason:
            self.missing[key] = str(reason) if self.panel.is_coached.any() else NOBODY
            return None


def _usual_recovery(panel: Panel) -> float | None:
    gains = plan_gains(panel)
    return float(np.mean([gain.usual for gain in gains.values()])) if gains else None


def _by_month(model: Expected | None) -> tuple[Floats, Floats]:
    """Mean outcome of the coached rep-months compared, by month: as it was, and as it would have been expected."""
    if model is None:
        return np.zeros(0), np.zeros(0)
    targets = model.window(0)
    count = targets.sum(axis=0)
    size = np.where(count > 0, count, np.nan)
    actual = np.where(targets, model.panel.known, 0.0).sum(axis=0) / size
    return actual, actual - np.where(targets, model.effect, 0.0).sum(axis=0) / size
