"""What has to hold before an hour's cost or an enrolment is kept. Knows no clock, no database and no rates."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass

from coaching.costs import EARLIEST
from coaching.roi.programme_cost import hourly_rate

WHO = {"coach": "Coach", "rep": "Rep"}
MOST_PER_HOUR = 100_000.0
REASONS = {"chosen": "Chosen by whoever leads them", "all at once": "Everybody started at once"}
"""Why somebody was enrolled by hand; "lottery" is written by a draw alone."""
FURTHEST_DAYS = 366


@dataclass(frozen=True)
class RateDraft:
    """What an hour of a coach or a rep costs from a day on: an amount, or what it follows from. Major units."""

    who: str
    currency: str | None
    starts_on: dt.date | None = None
    hourly: float | None = None
    salary: float | None = None
    benefits_share: float | None = None
    productive_hours: float | None = None

    @property
    def amount(self) -> float | None:
        """The cost of an hour; None where it does not follow from what was given."""
        if self.hourly is not None:
            return self.hourly
        if self.salary is None or not self.productive_hours or self.productive_hours <= 0:
            return None
        return hourly_rate(self.salary, self.benefits_share or 0.0, self.productive_hours)

    def problems(self) -> list[str]:
        """Sentences that say how to mend it; empty = it can be kept."""
        found = []
        if self.who not in WHO:
            found.append("Say whose hour it is: a coach's or a rep's.")
        amount = self.amount
        if amount is None:
            found.append("Give the cost of an hour, or the yearly salary with the hours a year that are worked.")
        elif not math.isfinite(amount) or not 0 < amount <= MOST_PER_HOUR:
            found.append(f"An hour costs more than 0 and at most {MOST_PER_HOUR:,.0f}. Correct the amount.")
        if self.benefits_share is not None and not 0 <= self.benefits_share <= 3:
            found.append("Benefits are a share of the salary, such as 0.25 for 25 %.")
        if self.productive_hours is not None and not 0 < self.productive_hours <= 8784:
            found.append("A year has at most 8,784 hours; about 1,800 of them are worked.")
        if self.starts_on is not None and self.starts_on < EARLIEST:
            found.append("The first day lies too far back. Correct the year.")
        if not self.currency:
            found.append("Say in which currency the amount is.")
        return found


@dataclass(frozen=True)
class EnrolmentDraft:
    """Somebody is assigned to be coached from a day on. It stays so, also if coaching lapses."""

    person_id: int
    starts_on: dt.date | None
    reason: str

    def problems(self, today: dt.date) -> list[str]:
        """Sentences that say how to mend it; empty = it can be kept."""
        found = []
        if self.starts_on is None:
            found.append("Give the first day.")
        elif self.starts_on < EARLIEST:
            found.append("The first day lies too far back. Correct the year.")
        elif (self.starts_on - today).days > FURTHEST_DAYS:
            found.append("The first day lies more than a year ahead. Is it right?")
        if self.reason not in REASONS:
            found.append(f"Say why they start then: {' or '.join(REASONS)}. A drawn start is written by the draw.")
        return found
