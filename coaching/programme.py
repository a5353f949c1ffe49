"""What has to hold before an hour's cost, a currency's worth or an enrolment is kept, and what is missing for a return.

Knows no clock, no database and no rates.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from coaching import numbers
from coaching.costs import EARLIEST
from coaching.roi.programme_cost import hourly_rate

WHO = {"coach": "Coach", "rep": "Rep"}
MOST_PER_HOUR = 100_000.0
REASONS = {"chosen": "Chosen by whoever leads them", "all at once": "Everybody started at once"}
"""Why somebody was enrolled by hand; "lottery" is written by a draw alone."""
FURTHEST_DAYS = 366
HOURS_TO_UNDO = 24
"""How long a slip (a rate, an enrolment) can be taken out again."""
MOST_WORTH = 1_000_000.0
SETTINGS = {
    "programme_outcome": "Measured on",
    "programme_margin": "Margin",
    "programme_realisation": "Invoiced of what is booked",
    "programme_assumed_minutes": "Minutes of a session or observation without a length",
    "programme_replacement_cost": "Cost of replacing a rep who leaves",
    "programme_hurdle_percent": "Return that a programme has to bring (hurdle)",
}
"""Settings of the evidence beside the thresholds of the verdict, in the words of a page."""


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


@dataclass(frozen=True)
class CurrencyRateDraft:
    """What one unit of a currency is worth in the reporting currency, from a day on (None = since ever)."""

    currency: str
    worth: float | None
    starts_on: dt.date | None = None

    def problems(self) -> list[str]:
        """Sentences that say how to mend it; empty = it can be kept."""
        found = []
        code = self.currency.strip()
        if len(code) != 3 or not (code.isascii() and code.isalpha()):
            found.append("Give the currency by its code of three letters, such as EUR.")
        if self.worth is None or not math.isfinite(self.worth) or not 0 < self.worth <= MOST_WORTH:
            found.append(f"Say what one unit is worth: more than 0 and at most {MOST_WORTH:,.0f}.")
        if self.starts_on is not None and self.starts_on < EARLIEST:
            found.append("The first day lies too far back. Correct the year.")
        return found


# ---- What is missing for a return ----------------------------------------------------------------------------------

ENROLMENTS, RATES, COSTS, RULES = "enrolments", "rates", "costs", "rules"
PARTS = {
    ENROLMENTS: "Who and since when",
    RATES: "What an hour costs",
    COSTS: "Costs",
    RULES: "Settings and thresholds",
}
"""Parts of the page, by what they are called in its address."""
_HOURS = {"coach": "coach hours", "rep": "rep hours"}


@dataclass(frozen=True)
class Step:
    """One thing that a return needs. ``is_done`` None = worth a look, but nothing waits for it."""

    key: str
    title: str
    is_done: bool | None
    words: str
    section: str


def steps_to_a_return(
    *,
    first_starts: Sequence[dt.date],
    rate_since: Mapping[str, dt.date | None],
    entered_kinds: Collection[str],
    margin_is_known: bool,
) -> list[Step]:
    """What a return needs, in the order in which it is done.

    ``first_starts``: everybody's first day; ``rate_since``: coach and rep -> first day of their first rate (date.min =
    since ever; left out = no rate); ``entered_kinds``: kinds of cost that have been entered.
    """
    first = min(first_starts, default=None)
    return [
        _enrolled(first_starts, first),
        *(_rate(who, rate_since.get(who), first, entered_kinds) for who in WHO),
        _other_costs(entered_kinds),
        _margin(margin_is_known, bool(first_starts)),
    ]


def _enrolled(first_starts: Sequence[dt.date], first: dt.date | None) -> Step:
    title = "Who is coached since when"
    if first is None:
        return Step(
            "enrolled", title, False, "Nobody is enrolled: without a first day nothing can be compared.", ENROLMENTS
        )
    many = numbers.plural(len(first_starts), "rep is", "reps are")
    return Step("enrolled", title, True, f"{many} enrolled, the first from {numbers.day(first)}.", ENROLMENTS)


def _rate(who: str, since: dt.date | None, first: dt.date | None, entered_kinds: Collection[str]) -> Step:
    title, key = f"What an hour of a {who} costs", f"{who}_rate"
    is_entered = _HOURS[who] in entered_kinds
    if since is not None and (first is None or since <= first):
        words = "A rate holds since ever." if since.year == 1 else f"A rate holds from {numbers.day(since)}."
        return Step(key, title, True, words, RATES)
    if since is not None and first is not None:
        words = f"The first rate holds from {numbers.day(since)}, and the first rep started on {numbers.day(first)}."
        if is_entered:
            return Step(key, title, True, f"{words} Before that the entered costs hold.", RATES)
        return Step(key, title, False, f"{words} Hours before have no cost: enter a rate that reaches back.", RATES)
    if is_entered:
        words = f"There is no rate; what was entered as {_HOURS[who]} holds, month by month."
        return Step(key, title, True, words, RATES)
    return Step(
        key, title, False, "There is no rate, and hours without a rate are not free: no return is shown.", RATES
    )


def _other_costs(entered_kinds: Collection[str]) -> Step:
    title = "What else it costs"
    other = sorted(set(entered_kinds) - {*_HOURS.values(), "preparation"})
    if other:
        return Step("costs", title, True, f"Entered: {', '.join(other)}.", COSTS)
    words = (
        "No tools, training, travel or running costs are entered. A cost that is left out makes a return look larger."
    )
    return Step("costs", title, None, words, COSTS)


def _margin(is_known: bool, anybody: bool) -> Step:
    title = "What is earned on what is sold"
    if is_known:
        words = "The margin is set, or follows from what won deals cost."
        return Step("margin", title, True, words, RULES)
    words = "Deals carry no cost and no margin is set, so an effect on sales cannot be turned into money."
    return Step(
        "margin", title, False, words if anybody else f"{words} It is looked for once somebody is enrolled.", RULES
    )


def steps_sentence(steps: Sequence[Step]) -> str:
    """How much is missing, as the page's first sentence."""
    missing = [step for step in steps if step.is_done is False]
    if not missing:
        return "Everything that a return needs has been entered. Whether one may be shown is for the verdict to say."
    many = numbers.plural(len(missing), "thing is", "things are")
    return f"{many} missing before a return can be shown."
