"""What the effect is worth and what it cost: benefit, ROI, break-even, payback, chances (roi.md 4.3, F1 to F12).

One formula: benefit = effect × coached rep-months × margin × realisation. All amounts in one unit; no clock, no rates.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from coaching import student
from coaching.beta_binomial import Beta
from coaching.numbers import MINUS, SPACE, count
from coaching.pooling import Z95
from coaching.roi.clustering import Estimate
from coaching.roi.distributions import normal_below
from coaching.roi.panel import Floats

NOT_APPLICABLE = "n/a"
NEVER = "never"
NOT_SAID = "cannot be told while the interval includes no gain"
YEAR_MONTHS = 12
DRAWS = 20_000
SEED = 20_260_101
COST_SPREAD = 0.10
"""Log standard deviation of the cost in the tornado and the drawn ROI."""


@dataclass(frozen=True)
class Inputs:
    """What the money rests on. Amounts in the unit of the effect.

    ``effect``, ``se`` and ``df`` are those of the first year (months 0..11) and ``rep_months`` the coached rep-months
    it is a mean over. ``margin`` is 1 where the effect is one on margin already; ``realisation``: invoiced of booked.
    """

    effect: float
    se: float
    df: float
    rep_months: float
    cost: float
    margin: float = 1.0
    margin_sd: float = 0.0
    realisation: float = 1.0
    realisation_sd: float = 0.0

    @property
    def per_effect(self) -> float:
        """What one unit of effect per rep-month is worth in all."""
        return self.rep_months * self.margin * self.realisation


def inputs(first_year: Estimate, cost: float, margin: float = 1.0, realisation: float = 1.0) -> Inputs:
    """Inputs from the effect over months 0..11 (``Evidence.of("first_year")``)."""
    return Inputs(
        first_year.value,
        first_year.se,
        first_year.df,
        first_year.n,
        cost,
        margin=margin,
        realisation=realisation,
    )


@dataclass(frozen=True)
class Range:
    """A figure with its 95 % interval."""

    value: float
    low: float
    high: float


def benefit_error(given: Inputs) -> float:
    """Standard error of the benefit (F5), in the form that does not divide by the effect."""
    return given.rep_months * math.hypot(
        given.margin * given.realisation * given.se,
        given.effect * given.realisation * given.margin_sd,
        given.effect * given.margin * given.realisation_sd,
    )


def benefit(given: Inputs) -> Range:
    """F5: effect × rep-months × margin × realisation, with a t interval."""
    value = given.effect * given.per_effect
    reach = student.quantile(0.975, given.df) * benefit_error(given)
    return Range(value, value - reach, value + reach)


def net(given: Inputs) -> Range:
    """F7: benefit minus cost."""
    found = benefit(given)
    return Range(found.value - given.cost, found.low - given.cost, found.high - given.cost)


def roi(given: Inputs) -> Range | None:
    """F7: 100 · (benefit - cost) / cost, in per cent; None without a cost, where no return on it exists."""
    if given.cost <= 0:
        return None
    found = net(given)
    return Range(*(100 * part / given.cost for part in (found.value, found.low, found.high)))


def benefit_cost_ratio(given: Inputs) -> float | None:
    """F7: benefit / cost; 3 is an ROI of 200 %, never 300 %. None without a cost."""
    return benefit(given).value / given.cost if given.cost > 0 else None


def payback_months(given: Inputs) -> float | None:
    """F8: 12 · cost / benefit of the year; None = never, where there is no benefit."""
    found = benefit(given).value
    return YEAR_MONTHS * given.cost / found if found > 0 else None


def has_sure_gain(given: Inputs) -> bool:
    """Whether the whole interval of the benefit lies above the cost: otherwise no time of paying back is told."""
    return net(given).low > 0


def payback_range(given: Inputs) -> Range | None:
    """F8 with its interval, in months; None where the interval includes no gain."""
    if not has_sure_gain(given):
        return None
    found = benefit(given)
    return Range(*(YEAR_MONTHS * given.cost / part for part in (found.value, found.high, found.low)))


def first_month_paid_back(benefits: Sequence[float], costs: Sequence[float]) -> int | None:
    """F8, the honest version: the first month (from 1) from which on the cumulative benefit covers the cumulative cost.

    ``benefits`` and ``costs`` by month since the start. From which on: single months are noisy, and one that reaches
    the cost by luck and loses it again has paid nothing back. None where the last month does not cover it.
    """
    short = np.cumsum(benefits) < np.cumsum(costs)
    if not len(short) or short[-1]:
        return None
    return int(np.flatnonzero(short).max(initial=-1)) + 2


def break_even_effect(given: Inputs) -> float | None:
    """F9: the effect per rep-month that pays the cost exactly; None where nothing is coached or kept."""
    return given.cost / given.per_effect if given.per_effect > 0 else None


def chance_of_gain(given: Inputs) -> float:
    """F10: the chance that the benefit exceeds the cost, if the comparison is fair; 0 to 1."""
    ahead, error = benefit(given).value - given.cost, benefit_error(given)
    if error == 0:
        return 1.0 if ahead > 0 else 0.0
    return student.tail(-ahead / error, given.df)


@dataclass(frozen=True)
class Sceptical:
    """The same for somebody who starts out expecting effects near 0."""

    effect: float
    sd: float
    roi: float | None
    """In per cent; None without a cost."""
    chance_of_gain: float


def sceptical(given: Inputs, prior_sd: float) -> Sceptical:
    """F10: a prior effect ~ N(0, prior_sd²), usually 5 % of bookings; normal, not t. Against the winner's curse."""
    weight = prior_sd**2 / (prior_sd**2 + given.se**2) if prior_sd > 0 else 0.0
    effect, sd = weight * given.effect, math.sqrt(weight) * given.se
    even = break_even_effect(given)
    if even is None:
        chance = 0.0
    elif sd == 0:
        chance = 1.0 if effect > even else 0.0
    else:
        chance = normal_below((effect - even) / sd)
    worth = effect * given.per_effect
    return Sceptical(effect, sd, 100 * (worth - given.cost) / given.cost if given.cost > 0 else None, chance)


def retention_value(leaving_difference: float, reps_at_risk: float, replacement_cost: float) -> float:
    """F11: what fewer (or more) leaving reps are worth; above 0 where fewer of the coached leave.

    ``leaving_difference``: monthly share that leaves, coached minus others; ``reps_at_risk``: coached rep-months. Shown
    as a bar of its own and never added to the benefit.
    """
    return -leaving_difference * reps_at_risk * replacement_cost


def net_present_value(flows: Sequence[float], yearly_rate: float) -> float:
    """F12: benefit minus cost by year, the first year not discounted, later ones at ``yearly_rate`` (0.08 = 8 %)."""
    return float(sum(flow / (1 + yearly_rate) ** year for year, flow in enumerate(flows)))


# ---- What drives the answer ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Bar:
    """One input at its low and its high end, everything else as it is: the ROI in per cent that follows."""

    what: str
    low: float
    high: float

    @property
    def width(self) -> float:
        """Points of ROI between the two ends."""
        return abs(self.high - self.low)


def tornado(
    given: Inputs,
    margin_sd: float = 0.03,
    realisation_counts: tuple[float, float] | None = (95.0, 5.0),
    cost_spread: float = COST_SPREAD,
    benefit_without_last: float | None = None,
) -> list[Bar]:
    """Bars, widest first: each input at its 2.5 and 97.5 % point. Empty without a cost.

    ``realisation_counts``: the two parameters of its Beta distribution; None = taken as known.
    ``benefit_without_last``: the benefit without the last three months of the panel.
    """
    if given.cost <= 0:
        return []
    base = benefit(given).value
    reach = student.quantile(0.975, given.df) * given.se
    found = [_bar("Effect", given.cost, *((given.effect + side) * given.per_effect for side in (-reach, reach)))]
    dear, cheap = (_cost_quantile(given.cost, cost_spread, z) for z in (Z95, -Z95))
    found.append(Bar("Cost", _percent(base, dear), _percent(base, cheap)))
    if given.margin:
        ends = [base * (given.margin + z * margin_sd) / given.margin for z in (-Z95, Z95)]
        found.append(_bar("Margin", given.cost, *ends))
    if realisation_counts is not None and given.realisation:
        ends = [base * Beta(*realisation_counts).quantile(p) / given.realisation for p in (0.025, 0.975)]
        found.append(_bar("Realisation", given.cost, *ends))
    if benefit_without_last is not None:
        found.append(_bar("Last three months left out", given.cost, *sorted((base, benefit_without_last))))
    return sorted(found, key=lambda bar: -bar.width)


def _bar(what: str, cost: float, low: float, high: float) -> Bar:
    """From two benefits."""
    return Bar(what, _percent(low, cost), _percent(high, cost))


def _percent(worth: float, cost: float) -> float:
    return 100 * (worth - cost) / cost


def _cost_quantile(cost: float, spread: float, z: float) -> float:
    """Of a lognormal cost whose mean is ``cost``."""
    return cost * math.exp(spread * z - spread**2 / 2)


def roi_draws(
    given: Inputs,
    margin_sd: float = 0.03,
    realisation_counts: tuple[float, float] | None = (95.0, 5.0),
    cost_spread: float = COST_SPREAD,
    draws: int = DRAWS,
    seed: int = SEED,
) -> Floats:
    """ROI in per cent, drawn with every input uncertain at once; empty without a cost. Same seed, same draws."""
    if given.cost <= 0:
        return np.zeros(0)
    random = np.random.default_rng(seed)
    effect = given.effect + given.se * random.standard_t(given.df, draws)
    margin = random.normal(given.margin, margin_sd, draws)
    realisation = given.realisation if realisation_counts is None else random.beta(*realisation_counts, draws)
    cost = given.cost * np.exp(random.normal(-(cost_spread**2) / 2, cost_spread, draws))
    return np.asarray(100 * (effect * given.rep_months * margin * realisation / cost - 1), dtype=np.float64)


# ---- Words --------------------------------------------------------------------------------------------------------


def percent_words(percent: float | None) -> str:
    """An ROI: +86 %, -89 %; n/a without a cost."""
    if percent is None or not math.isfinite(percent):
        return NOT_APPLICABLE
    sign = MINUS if round(percent) < 0 else "+" if round(percent) > 0 else ""
    return f"{sign}{count(abs(round(percent)))}{SPACE}%"


def payback_words(months: float | None) -> str:
    """6.5 months; never where there is no benefit."""
    return NEVER if months is None else f"{months:.1f} months"


def payback_said(given: Inputs) -> str:
    """6.5 months (between 4.1 and 9.8); never where even the best case loses; else that it is not said, and why."""
    found = payback_range(given)
    if found is not None:
        return f"{payback_words(found.value)} (between {found.low:.1f} and {found.high:.1f})"
    return NEVER if net(given).high <= 0 else NOT_SAID


def chance_words(chance: float) -> str:
    """83 in 100, never certain."""
    return f"{min(max(round(100 * chance), 1), 99)} in 100"
