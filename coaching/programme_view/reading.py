"""What several pictures read from the findings: months, estimates as written, and why one is kept back.

The findings (``coaching.roi.findings``) come as plain data, frozen or fresh. Grey hides every estimate, amber shows
intervals and no money; what the company spent is no estimate.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from coaching import numbers
from coaching.periods import add_months
from coaching.roi.rounding import Amounts

WITHHELD = "Not shown: there is not enough evidence yet to say what coaching changed."
PLACEBO = "placebo_clean"
THIN_POINT = 20
"""Points of fewer rep-months are pale."""


def why_withheld(found: dict[str, Any]) -> str:
    """Why no estimate may be shown; empty where the verdict allows it."""
    return "" if found["said"]["shows_estimate"] else WITHHELD


def why_not_estimated(found: dict[str, Any], key: str) -> str:
    """The findings' reason for an estimate that is missing."""
    return str(found["not_estimated"].get(key, "")) or "There is nothing to compare yet."


def estimate_of(found: dict[str, Any], key: str) -> dict[str, Any] | None:
    """The estimate of a check as the verdict uses it, None where it is not known."""
    return next((check["estimate"] for check in found["checks"] if check["key"] == key), None)


def headline(found: dict[str, Any]) -> dict[str, Any] | None:
    """The figure that is reported, None where it is not known."""
    return estimate_of(found, "headline")


def written(amounts: Amounts, one: dict[str, Any], key: str = "estimate") -> str:
    """A figure of an estimate with the digits that its error allows; "no data" where it has no error."""
    return numbers.NO_DATA if one[key] is None or one["se"] is None else amounts.say(one[key], one["se"])


def interval_words(amounts: Amounts, one: dict[str, Any]) -> str:
    """Both ends with the digits of the estimate, or that there is no interval."""
    if one["low"] is None or one["high"] is None or one["se"] is None:
        return "no interval"
    return f"{written(amounts, one, 'low')} to {written(amounts, one, 'high')}"


def holds_zero(one: dict[str, Any]) -> bool:
    """Whether zero lies within the interval; also where there is none: nothing is clear then."""
    return one["low"] is None or one["high"] is None or bool(one["low"] <= 0 <= one["high"])


def months_of(found: dict[str, Any]) -> list[dt.date]:
    """First days of the months of the panel."""
    given = found["months"]
    if not given["count"]:
        return []
    return [add_months(dt.date.fromisoformat(given["first"]), later) for later in range(given["count"])]
