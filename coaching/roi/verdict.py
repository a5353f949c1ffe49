"""The verdict: a colour, a badge, one sentence, the reasons, and what may not be claimed. No stars, no p values.

Grey hides the estimate, amber shows its interval and no money, green and blue show both.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from coaching import numbers
from coaching.roi.clustering import Estimate
from coaching.roi.evidence import Evidence
from coaching.roi.gate import Case, Colour, Context, Rule, broken, is_told
from coaching.roi.guardrails import DEFAULTS, Guardrails
from coaching.roi.rounding import Amounts

Effect = Literal["raised", "none", "lowered"]

LIKELY = "Likely caused by coaching"
NO_EFFECT = "No clear effect yet"
UNKNOWN = "Moves together, cause unknown"
NOT_ENOUGH = "Not enough evidence"
TESTED = "Tested by lottery"

OF_COACH = "Which coach caused it, where the coach is also the manager: the two cannot be told apart."
YEAR_TWO = "What happens in the second year: benefits are counted for twelve months."
MORE_HOURS = "What more hours would do: hours go to reps in trouble, so hours and results go together either way."
ONE_REP = "What coaching did for one named rep: a single rep's results vary far more than the effect."
EVERYBODY = "What would happen if everybody had been coached at once: the market is finite."
PIPELINE = "That coaching caused a doubled pipeline: only closed deals are counted here."


@dataclass(frozen=True)
class Verdict:
    """What may be said, and how."""

    colour: Colour
    effect: Effect
    """From the interval; "none" where grey, because nothing is claimed then."""
    badge: str
    sentence: str
    reasons: tuple[str, ...]
    """Keys of the rules that are broken, in order; none in green and blue."""
    reason_sentences: tuple[str, ...]
    """One for each of them; empty where another one's says it already."""
    cannot_claim: tuple[str, ...]
    shows_estimate: bool
    shows_money: bool
    """Whether ROI may be shown: in green, and in blue where the effect is not too blurred."""


def verdict(
    evidence: Evidence,
    context: Context | None = None,
    guardrails: Guardrails = DEFAULTS,
    amounts: Amounts | None = None,
) -> Verdict:
    """The verdict on ``evidence``. ``amounts``: how figures are written; plain numbers by default."""
    context, amounts = context or Context(), amounts or Amounts()
    case = Case(evidence, context, guardrails)
    rules = broken(case)
    colour = _colour(rules, context)
    headline = evidence.of("headline")
    effect = "none" if headline is None or colour == "grey" else effect_of(headline)
    visible = evidence.visible_share
    is_sharp = visible is not None and visible <= guardrails.visible_amber
    return Verdict(
        colour=colour,
        effect=effect,
        badge=_badge(colour, effect),
        sentence=_sentence(colour, effect, headline, amounts),
        reasons=tuple(rule.key for rule in rules),
        reason_sentences=tuple(rule.says(case) if is_told(rule, case) else "" for rule in rules),
        cannot_claim=_cannot_claim([rule for rule in rules if is_told(rule, case)], case),
        shows_estimate=colour != "grey",
        shows_money=colour == "green" or (colour == "blue" and is_sharp),
    )


def effect_of(estimate: Estimate) -> Effect:
    """raised or lowered where the interval leaves out 0, otherwise none."""
    return "raised" if estimate.low > 0 else "lowered" if estimate.high < 0 else "none"


def _colour(rules: list[Rule], context: Context) -> Colour:
    """Grey beats amber beats green; a drawn start order turns green into blue."""
    colours = {rule.colour for rule in rules}
    if "grey" in colours:
        return "grey"
    if "amber" in colours:
        return "amber"
    return "blue" if context.drawn else "green"


def _badge(colour: Colour, effect: Effect) -> str:
    if colour == "green":
        return NO_EFFECT if effect == "none" else LIKELY
    return {"grey": NOT_ENOUGH, "amber": UNKNOWN, "blue": TESTED}[colour]


def _sentence(colour: Colour, effect: Effect, headline: Estimate | None, amounts: Amounts) -> str:
    if colour == "grey" or headline is None:
        return "There is not enough evidence yet to say what coaching changed."
    if colour == "amber":
        return (
            f"Coaching and results moved together, and the cause is not known: {amounts.say_range(headline)}"
            " per rep and month."
        )
    return f"Coaching {effect_words(headline, amounts)}."


def effect_words(headline: Estimate, amounts: Amounts) -> str:
    """raised results by about 9.4 per rep and month (between 3.5 and 15.4); had no clear effect: anywhere from ..."""
    effect = effect_of(headline)
    if effect == "none":
        return f"had no clear effect: anywhere from {amounts.say_range(headline)}"
    size, se = abs(headline.value), headline.se
    ends = sorted((abs(headline.low), abs(headline.high)))
    return (
        f"{effect} results by about {amounts.say(size, se)} per rep and month"
        f" (between {amounts.say(ends[0], se)} and {amounts.say(ends[1], se)})"
    )


def _cannot_claim(rules: list[Rule], case: Case) -> tuple[str, ...]:
    """What the broken rules forbid, then what no panel of this kind can show."""
    context = case.context
    found = [rule.cannot_claim for rule in rules]
    if context.coach_is_manager is not False:
        found.append(OF_COACH)
    new = case.evidence.reps_without_level
    hired = numbers.plural(new, "rep was", "reps were") if new else ""
    found.append(
        "The effect on reps coached since they were hired: they have no time before to compare with"
        + (f" ({hired} left out for too few months before the start)." if new else ".")
    )
    found.append(YEAR_TWO)
    found += [MORE_HOURS, ONE_REP, EVERYBODY, PIPELINE]
    return tuple(found)


def visible_words(evidence: Evidence, people: int | None = None) -> str:
    """What this many reps and months can show, to stand before any result. ``people``: how many there are, where a row
    of the panel is a rep in one team and not a rep."""
    sizes, share = evidence.sizes, evidence.visible_share
    reps = sizes.reps if people is None else people
    how_many = f"{numbers.plural(reps, 'rep')} and {numbers.plural(sizes.months, 'month')}"
    if share is None or not math.isfinite(share):
        return f"With {how_many} no effect could be seen yet, whatever its size."
    if share < 0.01:
        return f"With {how_many} even effects of 1{numbers.SPACE}% of the average can be seen."
    return f"With {how_many} only effects above {numbers.share(share)} of the average can be seen."


def placebo_words(evidence: Evidence, amounts: Amounts | None = None) -> str:
    """What the months before the dip say, and what they could have missed; empty where they cannot be estimated."""
    found, amounts = evidence.of("placebo_clean"), amounts or Amounts()
    if found is None:
        return ""
    is_near = found.low <= 0 <= found.high
    start = "stayed together" if is_near else "already drifted apart"
    return (
        f"Four to six months before the start coached reps and the others {start}: {amounts.say_range(found)}."
        f" This check could have missed drifts up to {amounts.say(found.mde80, found.se)}."
    )


def before_after_words(evidence: Evidence, amounts: Amounts | None = None) -> str:
    """Why the simple before/after figure is not used; empty where it cannot be estimated."""
    found, usual, amounts = evidence.of("before_after"), evidence.usual_recovery, amounts or Amounts()
    if found is None:
        return ""
    words = f"Simple before/after: {amounts.say(found.value, found.se)}. We do not use it"
    if usual is None or usual <= found.se:
        return f"{words}: it counts everything else that changed in the same months."
    return f"{words}: about {amounts.say(usual, found.se)} is normal recovery after bad months."


def dip_words(evidence: Evidence) -> str:
    """Whether reps were picked after bad months; empty where the months before the start show no dip."""
    dip = evidence.of("placebo_dip")
    if dip is None or dip.high >= 0:
        return ""
    return "Reps were picked after bad months. We leave those months out."


def lottery_words(p: float) -> str:
    """What drawing the order again says, to stand beside the badge of a lottery."""
    often = max(round(1000 * p), 1)
    return (
        f"If coaching did nothing, drawing the start order again would show an effect at least as large in {often} of"
        " 1,000 cases."
    )


def breakdown_words(evidence: Evidence) -> str:
    """How large a drift would have to be to undo the effect; empty without a clear effect or a month to judge by."""
    times = evidence.breakdown
    if not times > 0 or not math.isfinite(times):
        return ""
    if times < 1:
        part = "less than a tenth" if times < 0.05 else f"{times:.1f} times"
        return (
            f"A drift after the start of {part} the largest wobble before it would be enough to undo the effect: so"
            " small a drift cannot be ruled out."
        )
    how_many = "ten" if times >= 10 else f"{times:.1f}"
    return (
        f"The effect survives unless the drift after the start was more than {how_many} times the largest wobble before"
        " it."
    )
