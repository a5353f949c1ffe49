"""The sentences of a diagnosis: about the task, good news first, and noise called noise. Pure; computes nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from coaching import numbers
from coaching.diagnosis.definitions import DEFINITIONS, LeverDefinition
from coaching.diagnosis.evidence import RAMP_DAYS
from coaching.diagnosis.result import LayerFinding, LayerMeasure, Lever
from coaching.metrics import Unit

STILL_RAMPING = (
    f"Still ramping: the first {RAMP_DAYS} days say how ramping goes, not how selling does. They are compared later."
)
NOT_COMPARED = "Not compared: "
"""In front of why a figure stands beside no peers."""
DAYS_OF_A_MONTH = 365.25 / 12
RARE = 1000
"""Rarer than once in so many is only called that."""


def figure(value: float | None, unit: str, currency: str, n: int | None = None) -> str:
    """A figure in its unit; a share with a decimal where small shares are compared."""
    kind = Unit(unit)
    if kind is Unit.SHARE and value is not None and abs(value) < 0.2:
        return f"{value * 100:.1f}{numbers.SPACE}%"
    if kind is Unit.COUNT and value is not None and abs(value) < 20:
        return f"{value:.1f}".removesuffix(".0")
    if kind is Unit.DAYS and value is not None:
        return f"{value:.0f}{numbers.SPACE}days"
    return numbers.value(value, kind, currency, n)


def months_of(since: dt.date, until: dt.date) -> str:
    """24 months"""
    return numbers.plural(max(round(((until - since).days + 1) / DAYS_OF_A_MONTH), 1), "month")


def span_words(since: dt.date | None, until: dt.date | None, as_of: dt.date) -> str:
    """Over which time cases count: over the last 24 months; over the 9 months to 30 Sep 2026 where the data end
    earlier than the day that is asked about. Empty without a span."""
    if since is None or until is None or until < since:
        return ""
    months = months_of(since, until)
    if (as_of - until).days > DAYS_OF_A_MONTH:
        return f"over the {months} to {numbers.day(until)}"
    return f"over the last {months.removeprefix('1' + numbers.SPACE)}"


def amount(price: float | None, currency: str) -> str:
    """A price a quarter."""
    return f"{numbers.money(price, currency)} a quarter"


def odds(chance: float) -> str:
    """How rarely a peer stands so far off: about once in 400."""
    if chance <= 0 or 1 / chance > RARE:
        return f"less than once in {RARE:,}"
    return f"about once in {round(1 / chance):,}"


def gap_words(definition: LeverDefinition, is_below: bool) -> str:
    """Short of the median or beyond it, in the lever's own direction."""
    return "below" if is_below == definition.is_good_up else "above"


def lever_sentence(lever: Lever, definition: LeverDefinition, currency: str, chance: float, tried: int) -> str:
    """What a lever's node says: the figure, the peers' figures, and whether the gap is more than noise."""
    peers = (
        f"{own_words(lever, currency)}. Cleaned of chance {figure(lever.shrunk, lever.unit, currency)} "
        f"({figure(lever.low, lever.unit, currency)} to {figure(lever.high, lever.unit, currency)}); median of "
        f"{numbers.plural(lever.peer_count, 'peer')} {figure(lever.peers_median, lever.unit, currency)}, top quartile "
        f"{figure(lever.peers_top, lever.unit, currency)}."
    )
    if lever.is_reliable or lever.is_strength:
        side = gap_words(definition, lever.is_reliable)
        return (
            f"{peers} It stands out: one of the peers would be this far {side} the median {odds(chance)}, "
            f"and {looked_at(tried, 'lever')} looked at."
        )
    return f"{peers} The difference is within noise: chance and the usual differences between peers explain it."


def looked_at(count: int, what: str) -> str:
    """1 lever was, 8 levers were."""
    return f"{numbers.plural(count, what)} {'was' if count == 1 else 'were'}"


def own_words(lever: Lever, currency: str) -> str:
    """A lever's figure with what it was counted on: 36 % of 221 lost deals with a reason.

    Where other cases are compared, both: $9.3 k over 160 won deals, compared over 373 closed deals.
    """
    definition = DEFINITIONS[lever.key]
    own = counted_on(lever.value, definition, lever.n, currency)
    if definition.kind == "count" or (lever.compared_n == lever.n and not definition.own_cases):
        return own
    return f"{own}, compared over {cases_words(lever.compared_n, definition.cases)}"


def counted_on(value: float | None, definition: LeverDefinition, n: int, currency: str) -> str:
    """A figure and the cases that it is counted on; that there are none."""
    cases = cases_words(n, definition.own_cases or definition.cases)
    if value is None:
        return cases
    own = figure(value, str(definition.unit), currency)
    if definition.kind == "count":
        return f"{own} a quarter, {numbers.count(n)} in all"
    return f"{own} {'of' if definition.kind == 'share' else 'over'} {cases}"


def cases_words(n: int, cases: str) -> str:
    """1 won deal with an amount, 12 won deals with an amount."""
    return f"{numbers.count(n)} {cases.replace('deals', 'deal', 1) if n == 1 else cases}"


def too_few_cases(n: int, cases: str, needed: int) -> str:
    """Why somebody cannot be compared although there may be peers."""
    if n < needed:
        return f"too few cases: {cases_words(n, cases)}, {needed} are needed"
    return f"too few cases to go by: of {cases_words(n, cases)} peers have too few of the same kind and time"


def why_not(why: str) -> str:
    """Why a layer was not evaluated, as a sentence of its own."""
    whole = f"there are {why}" if why.startswith("too few peers") else why
    return f"{whole[:1].upper()}{whole[1:].rstrip('.')}."


def not_compared(value: float | None, definition: LeverDefinition, n: int, currency: str, why: str) -> str:
    """A lever without a comparison."""
    own = f"{counted_on(value, definition, n, currency)}. " if value is not None else ""
    return f"{own}{NOT_COMPARED}{why}."


def price_words(lever: Lever, currency: str) -> str:
    """What moving a lever would be worth, with its interval; why there is no price."""
    if lever.price is None:
        return "No price: the data do not say what it is worth."
    goal = f"the peers' {lever.target}"
    if lever.price == 0 and lever.price_high == 0:
        return f"Already at or beyond {goal}."
    between = f"{numbers.money(lever.price_low, currency)} to {numbers.money(lever.price_high, currency)}"
    if not lever.is_reliable and numbers.money(abs(lever.price)) == "0":
        return f"Next to nothing to gain by reaching {goal} ({between} a quarter)."
    if not lever.is_reliable and not lever.is_strength:
        # What is within noise is worth nothing for sure, however narrow the interval of its price.
        return (
            f"If the difference is real, reaching {goal} would be worth about {amount(lever.price, currency)} "
            f"({between}); if not, nothing."
        )
    unsure = " It may be worth nothing." if may_be_nothing(lever) else ""
    return f"Reaching {goal} would be worth about {amount(lever.price, currency)} ({between}).{unsure}"


def may_be_nothing(lever: Lever) -> bool:
    """Whether the interval of a price reaches down to nothing."""
    return lever.price is not None and lever.price_low is not None and lever.price_low <= 0


def strength_words(strengths: Sequence[str], levers: Sequence[Lever]) -> str:
    """What is strong, named first; without anything certain the lever that is furthest on the good side."""
    if strengths:
        return f"Strong: {listed([inside(name) for name in strengths])}, beyond what chance explains."
    best = _best(levers)
    if best is None:
        return ""
    return f"Best beside peers: {inside(best.label)}, though that may be chance."


def _best(levers: Sequence[Lever]) -> Lever | None:
    ahead = []
    for lever in levers:
        if lever.shrunk is None or not lever.peers_median:
            continue
        gain = lever.shrunk / lever.peers_median - 1
        ahead.append((gain if DEFINITIONS[lever.key].is_good_up else -gain, lever))
    good = [(gain, lever) for gain, lever in ahead if gain > 0]
    return max(good, key=lambda pair: pair[0])[1] if good else None


def focus_words(lever: Lever, currency: str, span: str) -> str:
    """The focus in a sentence with its figures, their span (see ``span_words``) and its price."""
    median = figure(lever.peers_median, lever.unit, currency)
    return (
        f"Worth working on: {inside(lever.label)}. {_begun(span)}{own_words(lever, currency)}; the median of "
        f"{numbers.plural(lever.peer_count, 'like-for-like peer')} is {median}. {price_words(lever, currency)}"
    )


def _begun(span: str) -> str:
    """Over the last 24 months: ..."""
    return f"{span[:1].upper()}{span[1:]}: " if span else ""


def skill_words(measure: LayerMeasure) -> str:
    """A skill as the focus."""
    name = inside(measure.label)
    level, median = numbers.count(measure.value), numbers.count(measure.peers_median)
    return (
        f"Worth working on: {name}. Level {level} of 100 over the last {numbers.plural(measure.n, 'score')}; the "
        f"median of {numbers.plural(measure.peer_count, 'like-for-like peer')} is {median}. A skill has no price of "
        "its own."
    )


def reason_for(lever: Lever, chance: float, rivals: int, tried: int, currency: str) -> str:
    """Why this lever and no other, and that it may be worth nothing where its price does not exclude that."""
    why = (
        f"{lever.label}: more than noise, although {looked_at(tried, 'lever')} looked at. One of "
        f"{numbers.plural(lever.peer_count, 'like-for-like peer')} would be so far "
        f"{gap_words(DEFINITIONS[lever.key], True)} the median {odds(chance)}."
    )
    beside = f"Of {rivals + 1} levers that stand out it has the highest reliable value."
    return f"{why} {beside if rivals else 'No other lever stands out.'}{_unsure(lever, currency)}"


def _unsure(lever: Lever, currency: str) -> str:
    if lever.price is None:
        return " What it is worth is not known."
    if not may_be_nothing(lever):
        return ""
    low, high = (numbers.money(end, currency) for end in (lever.price_low, lever.price_high))
    return f" That it is no accident does not say how large it is: it may be worth nothing ({low} to {high} a quarter)."


def reason_for_skill(measure: LayerMeasure, chance: float, tried: int) -> str:
    """Why this skill."""
    return (
        f"{measure.label}: more than noise, although {looked_at(tried, 'skill')} looked at, and no lever is. "
        f"One of {numbers.plural(measure.peer_count, 'like-for-like peer')} would be so far below the median "
        f"{odds(chance)}."
    )


def counted(figures: int, levers: int, skills: int) -> str:
    """How many figures were compared, one count wherever it is told: 18 figures (8 levers and 8 skills among them)."""
    parts = [numbers.plural(count, what) for count, what in ((levers, "lever"), (skills, "skill")) if count]
    whole = numbers.plural(figures, "figure")
    return f"{whole} ({listed(parts)} among them)" if parts and sum((levers, skills)) < figures else whole


def no_focus(figures: str, usual: int, compared: int, peers: int, span: str) -> str:
    """Nothing falls short of the peers: news as good as any. ``figures``: see ``counted``; ``usual``: how many of the
    ``compared`` lie within noise, the others being strong."""
    whose = f"compared with up to {numbers.plural(peers, 'like-for-like peer')}"
    when = f" {span}" if span else ""
    if usual == compared:
        lie = "lies" if compared == 1 else "lie"
        return (
            f"Nothing stands out from noise: {figures}{when}, {whose}, {lie} within what chance and the usual "
            "differences explain."
        )
    return (
        f"Nothing short of the peers stands out from noise: of {figures}{when}, {whose}, {numbers.count(usual)} "
        f"{'lies' if usual == 1 else 'lie'} within what chance and the usual differences explain and the rest beyond "
        "the peers."
    )


def still_open(findings: Sequence[LayerFinding], figures: str, span: str, unknown: str) -> str:
    """Why there is no focus although a layer is not passed yet: what is open there, and that no lever or skill is.
    ``unknown``: why nothing could be compared, for where there are no ``figures``."""
    open_ones = [f"{finding.layer.capitalize()}: not yet. {finding.reason}" for finding in findings]
    if not figures:
        return f"{' '.join(open_ones)} Nothing could be compared yet, so there is no focus. {unknown}"
    among = f"Of {figures}{f' {span}' if span else ''}, no"
    return f"{' '.join(open_ones)} {among} lever or skill is short of the peers by more than noise: there is no focus."


def outside_noise(measure: LayerMeasure) -> int:
    """1 = beyond the peers by more than noise, -1 = short of them, 0 = within noise or not compared: the one judgement
    that sentence, mark and strengths go by."""
    share = measure.noise_share or 0.0
    return (share > 1) - (share < -1)


def measure_sentence(measure: LayerMeasure, currency: str) -> str:
    """What a layer's own measure says beside the peers."""
    own = figure(measure.value, measure.unit, currency)
    beside = (
        f"; median of {numbers.plural(measure.peer_count, 'peer')} "
        f"{figure(measure.peers_median, measure.unit, currency)}, top quartile "
        f"{figure(measure.peers_top, measure.unit, currency)}"
    )
    if measure.peers_median is None:
        return f"{own}. {NOT_COMPARED}{measure.says}."
    noise = "more than noise" if outside_noise(measure) else "within noise"
    return f"{own}{beside}. The difference is {noise}."


def layer_reason(layer: str, status: str, measures: Sequence[LayerMeasure], off: Sequence[str]) -> str:
    """Why a layer that was evaluated has its status."""
    if status == "not_yet":
        return f"{'; '.join(off)}."
    compared = sum(measure.peers_median is not None for measure in measures)
    noun = "figure" if layer != "skill" else "skill"
    return f"{numbers.plural(compared, noun)} compared with like-for-like peers: none falls short by more than noise."


def listed(names: Sequence[str]) -> str:
    """Win rate, deal size and pipeline."""
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else "".join(names)


def inside(label: str) -> str:
    """A label inside a sentence; a word in capitals keeps them."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]
