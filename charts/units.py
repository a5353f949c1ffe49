"""How a metric's unit looks on an axis. Values stay as they are; only their ticks are written."""

from __future__ import annotations

import math
from typing import Any

from coaching import numbers
from coaching.metrics import Unit

STEPS = (1, 2, 2.5, 5, 10)
SMALLEST_STEPS = {Unit.SHARE: 0.001, Unit.TIMES: 0.1, Unit.MONTHS: 0.5}
"""What two neighbouring ticks have to differ by to read differently; 1 where nothing else is said."""


def axis_name(unit: Unit, currency: str = "") -> str:
    """The unit in words, for an axis title."""
    return {
        Unit.MONEY: currency,
        Unit.MONEY_PER_DAY: f"{currency} a day".strip(),
        Unit.SHARE: "%",
        Unit.TIMES: "times",
        Unit.DAYS: "days",
        Unit.MONTHS: "months",
        Unit.MINUTES: "minutes",
    }.get(unit, "count")


def ticks(low: float, high: float, unit: Unit, currency: str = "", wanted: int = 5) -> dict[str, Any]:
    """Round tick values from ``low`` to ``high`` with the product's own number wording, and the range they span."""
    step = _round_step(max((high - low) / wanted, SMALLEST_STEPS.get(unit, 1.0)))
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    values = [index * step for index in range(first, max(last, first + 1) + 1)]
    return {
        "tickvals": values,
        "ticktext": [tick(value, unit, currency, step) for value in values],
        "range": [values[0], values[-1]],
    }


def tick(value: float, unit: Unit, currency: str = "", step: float = 1.0) -> str:
    """One tick: as short as the unit allows, and with a decimal only where neighbours would read alike."""
    if unit is Unit.SHARE:
        return f"{value * 100:.{0 if math.isclose(step * 100, round(step * 100)) else 1}f}{numbers.SPACE}%".replace(
            "-", numbers.MINUS
        )
    if unit in {Unit.MONEY, Unit.MONEY_PER_DAY}:
        return _money_tick(value, currency, step)
    if unit is Unit.TIMES:
        return numbers.times(value)
    return f"{value:.{0 if float(step).is_integer() else 1}f}".replace("-", numbers.MINUS)


def _money_tick(value: float, currency: str, step: float) -> str:
    for size, letter in ((1e9, "bn"), (1e6, "M"), (1e3, "k")):
        if abs(value) >= size:
            digits = 0 if (step / size).is_integer() else 1 if (step * 10 / size).is_integer() else 2
            written = numbers.money(0, currency).removesuffix("0") + f"{abs(value) / size:.{digits}f}"
            return f"{numbers.MINUS if value < 0 else ''}{written}{numbers.SPACE}{letter}"
    return numbers.money(value, currency)


def _round_step(rough: float) -> float:
    magnitude = 10.0 ** math.floor(math.log10(rough))
    return next((step * magnitude for step in STEPS if step * magnitude >= rough * 0.999), 10 * magnitude)
