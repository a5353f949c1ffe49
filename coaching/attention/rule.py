"""What a rule is: its number, its threshold in code, the least data it speaks on, and which way is good news."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from coaching.attention.cases import Around, Case
from coaching.metrics import TEMPLATES, Direction, metric

SEVERITY_SHARES = {1: 0.02, 2: 0.05, 3: 0.10}
"""What a reason without an amount of its own counts for: this part of what the rep wins in a usual quarter.

A convention, not a measurement: it says how soon a coach looks at a missed promise beside a stalled deal.
"""


@dataclass(frozen=True)
class Found:
    """What a rule found about one rep."""

    words: str
    """A sentence without the rep's name, without a full stop."""
    change: int
    """+1 = the rule's number rose or stands above, -1 = it fell or stands below."""
    n: float
    """How many cases it rests on; below the rule's smallest n it is not told."""
    level: int = 1
    """How far it has gone in kind, 1 to 3: what was put off comes back when it goes further."""
    amount: float | None = None
    """Money at stake in major units; None = the rule's severity decides."""
    confidence: float = 1.0
    """1 = a fact; less for an estimate."""
    sources: tuple[str, ...] = ()
    """Rows it was taken from, "table:id", or "metric:key"."""


Find = Callable[[Case, Around], Found | None]


@dataclass(frozen=True)
class Rule:
    """One kind of reason. A new one needs an entry in RULES, a function that finds it, and its test."""

    key: str
    flag: str
    """Two words for a table."""
    sentence: str
    """When it holds, in general words."""
    severity: int
    """1 to 3: what it counts for where it has no amount."""
    number: str
    """The number it watches: a key of the metric registry, or, where the registry has none, its name in words."""
    smallest_n: int
    counts: str
    """What n counts."""
    rests_on: str
    """What a reason rests on, with {n} or, for days as a length of time, {time}; "one|many" where both occur."""
    resolved: str
    """What makes it go away."""
    reads: tuple[str, ...]
    """Tables it is taken from."""
    topic: str
    """Reasons of one topic often speak of the same money: only the largest of them counts in the sum."""
    place: str
    """Where something can be done about it: progress, plan, session, observation, onboarding."""
    find: Find
    stake: str = ""
    """What the amount at stake is; empty for a rule that never has one of its own."""
    own_direction: Direction | None = None
    """Which way is good, for a number that the registry does not hold."""

    @property
    def direction(self) -> Direction:
        """Which way the rule's number is good: the registry decides where it holds the number."""
        if self.own_direction is not None:
            return self.own_direction
        return TEMPLATES[self.number].direction if self.number in TEMPLATES else metric(self.number).direction

    def is_good(self, found: Found) -> bool:
        """Whether what was found is good news."""
        return (found.change > 0) == (self.direction is Direction.UP)

    def ask(self, case: Case, around: Around) -> Found | None:
        """What the rule finds, if it rests on enough."""
        found = self.find(case, around)
        return found if found is not None and found.n >= self.smallest_n else None


def trust(n: float, half_at: float) -> float:
    """How much an estimate from ``n`` cases is worth: n / (n + half_at), so a half at ``half_at`` cases."""
    return n / (n + half_at) if n > 0 else 0.0


def level_of(value: float, second: float, third: float) -> int:
    """1, 2 from ``second`` on, 3 from ``third`` on."""
    return 1 + int(value >= second) + int(value >= third)


def named(table: str, ids: list[int]) -> tuple[str, ...]:
    """Sources by table and id."""
    return tuple(f"{table}:{row_id}" for row_id in ids)


def days_since(day: dt.date, around: Around) -> int:
    """Days from ``day`` to the day looked at."""
    return (around.as_of - day).days
