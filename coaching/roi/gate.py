"""The rules of the verdict: which of them the evidence breaks, and what each means in plain words.

A new rule is one entry in RULES. Thresholds stand in ``guardrails``, colours and sentences in ``verdict``.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from coaching import numbers
from coaching.roi.evidence import Evidence
from coaching.roi.guardrails import Guardrails

Colour = Literal["grey", "amber", "green", "blue"]


@dataclass(frozen=True)
class Context:
    """What the panel does not say."""

    drawn: bool = False
    """The start order was drawn by lot in the product."""
    largest_deals_share: float | None = None
    """Share of the effect that comes from the largest deals; None = deals are not known."""
    definition_changed: bool = False
    """Since the last frozen result."""
    coach_is_manager: bool | None = None
    """None = not known."""
    without_largest_deals: str = ""
    """The effect and what it is without the largest deals, in words, where a share of it would mean nothing."""


@dataclass(frozen=True)
class Case:
    """What a rule looks at."""

    evidence: Evidence
    context: Context
    guardrails: Guardrails


@dataclass(frozen=True)
class Rule:
    """One thing that must not be so."""

    key: str
    colour: Colour
    is_broken: Callable[[Case], bool]
    says: Callable[[Case], str]
    """What is missing or wrong, and where possible what would mend it: one sentence."""
    cannot_claim: str
    """What may not be said because of it."""
    when_drawn: bool
    """Whether it also holds where the start order was drawn by lot."""


# ---- Grey: too little to show anything ---------------------------------------------------------------------------


def _no_estimate(case: Case) -> bool:
    return case.evidence.of("headline") is None


def _says_no_estimate(case: Case) -> str:
    if case.evidence.sizes.coached and not case.evidence.sizes.comparison:
        return "There is no one left to compare with. A trend is not evidence."
    return case.evidence.missing.get("headline", "There is nothing to compare.")


def _few_coached(case: Case) -> bool:
    return case.evidence.sizes.coached_with_after < case.guardrails.fewest_coached


def _says_few_coached(case: Case) -> str:
    found, limits = case.evidence.sizes.coached_with_after, case.guardrails
    return (
        f"{numbers.plural(found, 'coached rep')} with {limits.months_after} months or more after the start;"
        f" {limits.fewest_coached} are needed."
    )


def _few_comparison(case: Case) -> bool:
    return case.evidence.sizes.comparison < case.guardrails.fewest_comparison


def _says_few_comparison(case: Case) -> str:
    found = case.evidence.sizes.comparison
    return (
        f"In the month in the middle of all starts {numbers.plural(found, 'rep')} had not been coached yet;"
        f" {case.guardrails.fewest_comparison} are needed to compare with."
    )


def _short_history(case: Case) -> bool:
    return not case.evidence.sizes.share_with_history >= case.guardrails.share_with_history


def _says_short_history(case: Case) -> str:
    limits, share = case.guardrails, case.evidence.sizes.share_with_history
    return (
        f"{numbers.share(None if math.isnan(share) else share)} of the coached reps have {limits.months_before} months"
        f" before the start; {numbers.share(limits.share_with_history)} are needed."
    )


def _few_teams(case: Case) -> bool:
    sizes, limits = case.evidence.sizes, case.guardrails
    few = sizes.started_teams < limits.fewest_started_teams or sizes.unstarted_teams < limits.fewest_unstarted_teams
    return case.evidence.by_team and few


def _says_few_teams(case: Case) -> str:
    sizes, limits = case.evidence.sizes, case.guardrails
    return (
        f"Whole teams started together: {sizes.started_teams} started and {sizes.unstarted_teams} did not;"
        f" {limits.fewest_started_teams} and {limits.fewest_unstarted_teams} are needed."
    )


def _thin_months(case: Case) -> bool:
    return case.evidence.sizes.thin_share > case.guardrails.thin_share


def _says_thin_months(case: Case) -> str:
    return (
        f"{numbers.share(case.evidence.sizes.thin_share)} of the coached months lie where fewer than"
        f" {case.guardrails.thin_month_reps} reps were left to compare with."
    )


def _visible(case: Case) -> float:
    share = case.evidence.visible_share
    return math.nan if share is None else share


def _too_blurred(case: Case) -> bool:
    return _visible(case) > case.guardrails.visible_grey


def _says_blurred(case: Case) -> str:
    return (
        f"With this many reps and months only effects above {numbers.share(_visible(case))} of the average can be seen."
        " An effect may be real and still invisible; more reps or more months bring it into view."
    )


def _missing_outcome(case: Case) -> bool:
    return case.evidence.sizes.missing_share > case.guardrails.missing_share


def _says_missing_outcome(case: Case) -> str:
    return (
        f"Results are missing in {numbers.share(case.evidence.sizes.missing_share)} of the reps' months;"
        f" at most {numbers.share(case.guardrails.missing_share)} may be."
    )


# ---- Amber: results moved, but the cause is not known -------------------------------------------------------------


def _blurred(case: Case) -> bool:
    return case.guardrails.visible_amber < _visible(case) <= case.guardrails.visible_grey


def _placebo(case: Case) -> bool:
    found, effect = case.evidence.of("placebo_clean"), case.evidence.of("headline")
    if found is None or effect is None:
        return False
    return found.p < case.guardrails.placebo_p and abs(found.value) > case.guardrails.placebo_share * abs(effect.value)


def _says_placebo(case: Case) -> str:
    return "The coached reps were already drifting away from the others four to six months before the start."


def _signs_differ(case: Case) -> bool:
    found = [case.evidence.of(key) for key in ("headline", "symmetric", "history")]
    values = [one.value for one in found if one is not None]
    return min(values, default=0.0) < 0 < max(values, default=0.0)


def _far_apart(case: Case) -> bool:
    early, other = case.evidence.of("early"), case.evidence.of("symmetric")
    if early is None or other is None:
        return False
    return abs(early.value - other.value) > case.guardrails.agreement_errors * math.hypot(early.se, other.se)


def _says_disagree(case: Case) -> str:
    if _signs_differ(case):
        return "Three ways of making the comparison do not agree on whether results rose or fell."
    return "Two ways of making the comparison give effects that lie further apart than chance explains."


def _leavers(case: Case) -> bool:
    found, headline, worst = case.evidence.leaving, case.evidence.of("headline"), case.evidence.worst_case
    if found is None or headline is None or worst is None or found.p >= case.guardrails.leaving_p:
        return False
    return worst.low <= 0 <= worst.high and not headline.low <= 0 <= headline.high


def _says_leavers(case: Case) -> str:
    return (
        "Coached reps and others leave at different rates, and if the months of those who left had no effect,"
        " the effect would no longer be clear."
    )


def _few_deals(case: Case) -> bool:
    share = case.context.largest_deals_share
    return share is not None and share > case.guardrails.largest_deals_share


def _says_few_deals(case: Case) -> str:
    few = case.guardrails.largest_deals
    # Where the estimate is hidden, nothing may be said about its size either.
    if any(rule.colour == "grey" for rule in broken(case)):
        return f"What can be seen hangs on the {few} largest deals."
    if case.context.without_largest_deals:
        return case.context.without_largest_deals
    return f"{numbers.share(case.context.largest_deals_share)} of the effect comes from the {few} largest deals."


def _spill_over(case: Case) -> bool:
    other, headline = case.evidence.of("unexposed"), case.evidence.of("headline")
    if other is None or headline is None:
        return False
    return abs(other.value - headline.value) > case.guardrails.spill_over_errors * headline.se


def _says_spill_over(case: Case) -> str:
    return (
        "The effect changes by more than its error when team-mates of coached reps are left out of the comparison:"
        " coaching may spread to them."
    )


def _definition_changed(case: Case) -> bool:
    return case.context.definition_changed


def _says_definition_changed(case: Case) -> str:
    return "A definition has changed since the last frozen result, so the two cannot be compared."


RULES = (
    Rule(
        "no_estimate",
        "grey",
        _no_estimate,
        _says_no_estimate,
        "That anything changed because of coaching: there is nothing to compare with.",
        True,
    ),
    Rule(
        "few_coached",
        "grey",
        _few_coached,
        _says_few_coached,
        "An effect of the programme: too few reps have been coached for long enough.",
        False,
    ),
    Rule(
        "few_comparison",
        "grey",
        _few_comparison,
        _says_few_comparison,
        "An effect of the programme: too few reps are left to compare with.",
        False,
    ),
    Rule(
        "short_history",
        "grey",
        _short_history,
        _says_short_history,
        "How the coached reps would have gone on: too little is known from before the start.",
        False,
    ),
    Rule(
        "few_teams",
        "grey",
        _few_teams,
        _says_few_teams,
        "An effect of the programme: too few teams started, or too few did not.",
        False,
    ),
    Rule(
        "thin_months",
        "grey",
        _thin_months,
        _says_thin_months,
        "The effect in months in which hardly anybody was left to compare with.",
        False,
    ),
    Rule(
        "visible_grey",
        "grey",
        _too_blurred,
        _says_blurred,
        "That there is no effect: one of the usual size could not be seen here.",
        False,
    ),
    Rule(
        "missing_outcome",
        "grey",
        _missing_outcome,
        _says_missing_outcome,
        "Anything about results: too many of them are missing.",
        True,
    ),
    Rule(
        "visible_amber",
        "amber",
        _blurred,
        _says_blurred,
        "The size of the effect: with so few reps and months an estimate that stands out is likely to be too large.",
        False,
    ),
    Rule(
        "placebo",
        "amber",
        _placebo,
        _says_placebo,
        "That the difference began with coaching: it was there before.",
        False,
    ),
    Rule(
        "methods_disagree",
        "amber",
        lambda case: _signs_differ(case) or _far_apart(case),
        _says_disagree,
        "An effect that does not hang on the method: three methods do not agree.",
        False,
    ),
    Rule(
        "leavers",
        "amber",
        _leavers,
        _says_leavers,
        "That the effect is not one of who stayed.",
        True,
    ),
    Rule(
        "few_deals",
        "amber",
        _few_deals,
        _says_few_deals,
        "That coaching lifts results in general: a handful of deals decides.",
        True,
    ),
    Rule(
        "spill_over",
        "amber",
        _spill_over,
        _says_spill_over,
        "The full effect of the programme: team-mates seem to profit too.",
        True,
    ),
    Rule(
        "definition_changed",
        "amber",
        _definition_changed,
        _says_definition_changed,
        "A change since the last result: the definition is another one.",
        True,
    ),
)
"""In the order in which they are told; grey first."""
OF_THE_STARTED = {"few_coached", "few_comparison", "short_history", "few_teams", "thin_months"}
"""Rules about reps who have started."""


def broken(case: Case) -> list[Rule]:
    """The rules that the evidence breaks, in order. Where starts were drawn, some need not hold: see ``when_drawn``."""
    return [rule for rule in RULES if (rule.when_drawn or not case.context.drawn) and rule.is_broken(case)]


def is_told(rule: Rule, case: Case) -> bool:
    """Whether a broken rule has something to say: where nobody has started, one sentence says it for all of them."""
    return bool(case.evidence.sizes.coached) or rule.key not in OF_THE_STARTED
