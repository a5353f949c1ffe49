"""The sentences of a diagnosis: about the task, good news first, and noise called noise. Pure; computes nothing."""

from __future__ import annotations

from collections.abc import Sequence

from coaching import numbers
from coaching.diagnosis.definitions import DEFINITIONS, LeverDefinition
from coaching.diagnosis.evidence import RAMP_DAYS
from coaching.diagnosis.result import LayerFinding, LayerMeasure, Lever
from coaching.metrics import Unit

STILL_RAMPING = (
    f"Still ramping: the first {RAMP_DAYS} days say how ramping goes, not how selling does. They are compared later."
)
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
            f"and {numbers.plural(tried, 'lever')} were looked at."
        )
    return f"{peers} The difference is within noise: chance and the usual differences between peers explain it."


def own_words(lever: Lever, currency: str) -> str:
    """A lever's figure with what it was counted on: 36 % of 221 lost deals with a reason."""
    definition, own = DEFINITIONS[lever.key], figure(lever.value, lever.unit, currency)
    if definition.kind == "count":
        return f"{own} a quarter, {numbers.count(lever.n)} in all"
    between = "of" if definition.kind == "share" else "over"
    return f"{own} {between} {numbers.count(lever.n)} {definition.cases}"


def not_compared(lever_value: float | None, unit: str, n: int, currency: str, why: str) -> str:
    """A lever without a comparison."""
    own = f"{figure(lever_value, unit, currency)} over {numbers.plural(n, 'case')}. " if lever_value is not None else ""
    return f"{own}Not evaluated: {why}."


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
    unsure = " It may be worth nothing." if lever.price_low is not None and lever.price_low <= 0 else ""
    return f"Reaching {goal} would be worth about {amount(lever.price, currency)} ({between}).{unsure}"


def strength_words(strengths: Sequence[str], levers: Sequence[Lever]) -> str:
    """What is strong, named first; without anything certain the lever that is furthest on the good side."""
    if strengths:
        return f"Strong: {listed(strengths)}, beyond what chance explains."
    best = _best(levers)
    if best is None:
        return ""
    return f"Best beside peers: {_small(best.label)}, though that may be chance."


def _best(levers: Sequence[Lever]) -> Lever | None:
    ahead = []
    for lever in levers:
        if lever.shrunk is None or not lever.peers_median:
            continue
        gain = lever.shrunk / lever.peers_median - 1
        ahead.append((gain if DEFINITIONS[lever.key].is_good_up else -gain, lever))
    good = [(gain, lever) for gain, lever in ahead if gain > 0]
    return max(good, key=lambda pair: pair[0])[1] if good else None


def focus_words(lever: Lever, currency: str) -> str:
    """The focus in a sentence with its figures and its price."""
    median = figure(lever.peers_median, lever.unit, currency)
    return (
        f"Worth working on: {_small(lever.label)}. {own_words(lever, currency)}; the median of "
        f"{numbers.plural(lever.peer_count, 'like-for-like peer')} is {median}. {price_words(lever, currency)}"
    )


def skill_words(measure: LayerMeasure) -> str:
    """A skill as the focus."""
    name = measure.label[:1].lower() + measure.label[1:]
    level, median = numbers.count(measure.value), numbers.count(measure.peers_median)
    return (
        f"Worth working on: {name}. Level {level} of 100 over the last {numbers.plural(measure.n, 'score')}; the "
        f"median of {numbers.plural(measure.peer_count, 'like-for-like peer')} is {median}. A skill has no price of "
        "its own."
    )


def reason_for(lever: Lever, chance: float, rivals: int, tried: int) -> str:
    """Why this lever and no other."""
    why = (
        f"{lever.label}: more than noise, although {numbers.plural(tried, 'lever')} were looked at. One of "
        f"{numbers.plural(lever.peer_count, 'like-for-like peer')} would be so far "
        f"{gap_words(DEFINITIONS[lever.key], True)} the median {odds(chance)}."
    )
    if rivals:
        return f"{why} Of {rivals + 1} levers that stand out it has the highest reliable value."
    return f"{why} No other lever stands out."


def reason_for_skill(measure: LayerMeasure, chance: float, tried: int) -> str:
    """Why this skill."""
    return (
        f"{measure.label}: more than noise, although {numbers.plural(tried, 'skill')} were looked at, and no lever is. "
        f"One of {numbers.plural(measure.peer_count, 'like-for-like peer')} would be so far below the median "
        f"{odds(chance)}."
    )


def no_focus(tried: int, peers: int) -> str:
    """Nothing stands out: news as good as any."""
    return (
        f"Nothing stands out from noise: {numbers.plural(tried, 'lever')} compared with up to "
        f"{numbers.plural(peers, 'like-for-like peer')} lie within what chance and the usual differences explain."
    )


def measure_sentence(measure: LayerMeasure, currency: str, is_off: bool) -> str:
    """What a layer's own measure says beside the peers."""
    own = figure(measure.value, measure.unit, currency)
    beside = (
        f"; median of {numbers.plural(measure.peer_count, 'peer')} "
        f"{figure(measure.peers_median, measure.unit, currency)}, top quartile "
        f"{figure(measure.peers_top, measure.unit, currency)}"
    )
    if measure.peers_median is None:
        return f"{own}. Not evaluated: {measure.says}."
    noise = "more than noise" if is_off else "within noise"
    return f"{own}{beside}. The difference is {noise}."


def layer_reason(layer: str, status: str, measures: Sequence[LayerMeasure], off: Sequence[str], missing: str) -> str:
    """Why a layer has its status."""
    if status == "not_evaluated":
        return f"Not evaluated: {missing}."
    if status == "not_yet":
        return f"{'; '.join(off)}."
    compared = sum(measure.peers_median is not None for measure in measures)
    noun = "measure" if layer != "skill" else "skill"
    return f"{numbers.plural(compared, noun)} compared with like-for-like peers: none is off by more than noise."


def listed(names: Sequence[str]) -> str:
    """Win rate, deal size and pipeline."""
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else "".join(names)


def first_open(findings: Sequence[LayerFinding]) -> LayerFinding | None:
    """The first layer, top-down, that is not passed."""
    return next((finding for finding in findings if finding.status == "not_yet"), None)


def _small(label: str) -> str:
    return label[:1].lower() + label[1:]
