"""Figures with no more digits than their error allows: the standard error's second significant figure is the last."""

from __future__ import annotations

import math
from dataclasses import dataclass

from coaching.numbers import MINUS, NO_DATA
from coaching.roi.clustering import Estimate


def decimals(se: float) -> int:
    """Decimals that an estimate with this error may have: 3.264 gives 1, 32.6 gives 0, .46 gives 2, 326 gives -1.

    An error of 0 or none says nothing about digits: 2.
    """
    if not math.isfinite(se) or se <= 0:
        return 2
    return 1 - math.floor(math.log10(se))


def rounded(value: float, se: float) -> float:
    """``value`` to the second significant figure of ``se``."""
    return round(value, decimals(se)) + 0.0


def spoken(value: float, se: float) -> str:
    """The same as text with a minus sign, and commas from a thousand on; "no data" where there is none."""
    if not math.isfinite(value):
        return NO_DATA
    text = f"{abs(rounded(value, se)):,.{max(decimals(se), 0)}f}"
    is_zero = not any(digit in text for digit in "123456789")
    return (MINUS if value < 0 and not is_zero else "") + text


@dataclass(frozen=True)
class Amounts:
    """How the unit of the outcome is written: "$9.4k" has before "$" and after "k"."""

    before: str = ""
    after: str = ""

    def say(self, value: float, se: float) -> str:
        """A figure with its unit."""
        text = spoken(value, se)
        if text == NO_DATA:
            return text
        sign, size = (MINUS, text[1:]) if text.startswith(MINUS) else ("", text)
        return f"{sign}{self.before}{size}{self.after}"

    def say_range(self, estimate: Estimate) -> str:
        """Both ends of the interval: "-$0.1k to $12.8k", bounds with the digits of the estimate."""
        return f"{self.say(estimate.low, estimate.se)} to {self.say(estimate.high, estimate.se)}"
