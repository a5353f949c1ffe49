"""What moving a lever from where somebody stands to where peers stand would be worth a quarter. Pure.

One quarter's won amount is deals opened × win rate × deal size over the cycle, and the win rate holds the qualified
share: moved alone, each of them moves the whole in proportion. The side levers are priced by the deals they touch.
Intervals by the delta method: the 95 % interval of where the rep stands, and the error of what a quarter brings.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from coaching.diagnosis.definitions import LeverDefinition
from coaching.diagnosis.standing import Z95, Standing

Move = Callable[[float, float], float]
"""Worth of a move (from, to), both relative deviations; major units a quarter."""
SMALLEST_LEVEL = 0.05


@dataclass(frozen=True)
class Price:
    """Major units per quarter."""

    target: str
    value: float
    low: float
    high: float
    reliable: float
    """Worth of that part of the gap which neither chance nor usual differences explain; 0 or less = none of it."""


def level(definition: LeverDefinition, deviation: float) -> float:
    """What a relative deviation multiplies the usual by; kept above nothing."""
    raw = math.exp(deviation) if definition.kind == "log" else 1 + deviation
    return max(raw, SMALLEST_LEVEL)


def price(
    definition: LeverDefinition,
    standing: Standing,
    totals: dict[str, Any],
    base: float,
    step_worth: tuple[float, float] | None,
    critical: float,
    minor: int,
) -> Price | None:
    """The price of a lever; None where it has none: nothing was won, or what it needs is not known.

    ``totals``: a row of cases.TOTALS. ``base``: what the lever comes to at a deviation of 0, in its unit.
    ``step_worth``: see cases.worth_of_a_next_step. ``critical``: deviations that a gap has to exceed to stand out.
    """
    found = _worth(definition, standing, totals, base, step_worth, minor)
    if found is None:
        return None
    move, own_error = found
    target, goal = _goal(definition, standing)
    if goal is None:
        return Price(target, 0.0, 0.0, 0.0, 0.0)
    value = move(standing.shrunk, goal)
    ends = (move(standing.low, goal), move(standing.high, goal))
    low, high = _widened(value, min(ends), max(ends), own_error)
    return Price(target, value, low, high, move(_certain(definition, standing, critical), standing.median))


def _goal(definition: LeverDefinition, standing: Standing) -> tuple[str, float | None]:
    """The peers' median for whoever is short of it, else their top quartile; None where that is reached too."""
    sign = 1 if definition.is_good_up else -1
    if sign * (standing.median - standing.shrunk) > 0:
        return "median", standing.median
    if sign * (standing.top - standing.shrunk) > 0:
        return "top quartile", standing.top
    return "top quartile", None


def _certain(definition: LeverDefinition, standing: Standing, critical: float) -> float:
    """Where somebody would stand if of their gap only the part were real that stands out."""
    sign = 1 if definition.is_good_up else -1
    gap = sign * (standing.median - standing.own)
    return standing.median - sign * max(gap - critical * standing.deviation, 0.0)


def _widened(value: float, low: float, high: float, error: float) -> tuple[float, float]:
    """The interval with another, independent error of ``value`` added: their squares add up."""
    more = Z95 * error * abs(value)
    return value - math.hypot(value - low, more), value + math.hypot(high - value, more)


def _worth(
    definition: LeverDefinition,
    standing: Standing,
    totals: dict[str, Any],
    base: float,
    step_worth: tuple[float, float] | None,
    minor: int,
) -> tuple[Move, float] | None:
    quarters, won = totals["quarters"], totals["won_amount"]
    if not quarters or not totals["priced_count"] or won <= 0:
        return None
    bookings = won / minor / quarters
    error = math.sqrt(totals["won_square"]) / won
    size = won / minor / totals["priced_count"]

    def unit(deviation: float) -> float:
        return base * level(definition, deviation)

    own = level(definition, standing.own)
    match definition.key:
        case "no_next_step":
            if step_worth is None or step_worth[0] == 0 or not totals["stepped_count"]:
                return None
            difference, uncertain = step_worth
            deals = totals["stepped_count"] / quarters
            own_error = math.hypot(error, uncertain / difference)
            return lambda start, end: (unit(start) - unit(end)) * deals * difference * size, own_error
        case "competitor_losses":
            others = totals["won_count"] + totals["lost_other_count"]
            if not others or not totals["lost_reason_count"]:
                return None
            worth = totals["lost_reason_count"] / quarters * totals["won_count"] / others * size
            return lambda start, end: (unit(start) - unit(end)) * worth, error
        case "discounting":
            listed = totals["list_amount"] / minor / quarters
            return lambda start, end: (unit(start) - unit(end)) * listed, error
        case "cycle":
            return (
                lambda start, end: bookings * own * (1 / level(definition, end) - 1 / level(definition, start)),
                error,
            )
        case _:
            return lambda start, end: bookings / own * (level(definition, end) - level(definition, start)), error
