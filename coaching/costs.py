"""What a line of the costs of coaching has to hold before it is kept. Knows no clock, no database and no rates."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from coaching import numbers

KINDS = {
    "coach hours": "Hours of coaches",
    "rep hours": "Hours of reps",
    "preparation": "Preparation",
    "tools": "Tools and licences",
    "training": "Training of coaches",
    "travel": "Travel",
    "management": "Running the programme",
    "evaluation": "Evaluation",
    "other": "Other",
}
"""What money is spent on, in the words of a page."""
EARLIEST = dt.date(1990, 1, 1)
LONGEST_SPAN_DAYS = 5 * 366
MOST_MINOR_UNITS = 10**15


@dataclass(frozen=True)
class CostDraft:
    """What coaching cost in a span of days, the first and the last included, before anybody checked it.

    ``amount`` in minor units of ``currency``, above 0: a credit would make a return look larger than it is. For one rep
    or one coach, or for a programme or the company as a whole.
    """

    starts_on: dt.date | None
    ends_on: dt.date | None
    kind: str | None
    amount: int | None
    currency: str | None
    rep_id: int | None = None
    coach_id: int | None = None
    programme: str | None = None

    def problems(self) -> list[str]:
        """Sentences that say how to mend it; empty = it can be kept."""
        return [*self._problems_of_when(), *self._problems_of_what(), *self._problems_of_whom()]

    def _problems_of_when(self) -> list[str]:
        if self.starts_on is None or self.ends_on is None:
            return ["Give the first and the last day that the cost is for."]
        if self.ends_on < self.starts_on:
            return ["The last day lies before the first: swap the two."]
        if self.starts_on < EARLIEST:
            return [f"The cost lies before {numbers.day(EARLIEST)}. Correct the year."]
        if (self.ends_on - self.starts_on).days >= LONGEST_SPAN_DAYS:
            return ["The cost is spread over more than five years. Are its dates right?"]
        return []

    def _problems_of_what(self) -> list[str]:
        found = []
        if self.kind not in KINDS:
            found.append(f"Say what the money was spent on: {', '.join(KINDS)}.")
        if self.amount is None:
            found.append("Give the amount.")
        elif self.amount == 0:
            found.append("The amount is 0: enter what was paid, or leave this cost out.")
        elif self.amount < 0:
            found.append(
                "The amount is below zero. Where money came back, enter what the cost was in the end, without a minus."
            )
        elif self.amount > MOST_MINOR_UNITS:
            found.append("The amount is too large to be one. Correct it.")
        if not self.currency:
            found.append("Say in which currency the amount is.")
        return found

    def _problems_of_whom(self) -> list[str]:
        if self.rep_id is not None and self.rep_id == self.coach_id:
            return ["Rep and coach are the same person. Name one of them."]
        return []
