"""The start-order lottery: who starts when, drawn so that anybody with the list and the seed gets the same order.

The order is that of sha256("<seed>:<id>") as hexadecimal text, lowest first; the first wave takes the first of it. In
a shell: printf '%s:%s' SEED ID | sha256sum.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass

from coaching import numbers
from coaching.periods import add_months

REASON = "lottery"
"""Why somebody starts on their day, where the lot decided it."""
ALGORITHM = 'order of sha256("<seed>:<id>") in hexadecimal, lowest first'
LONGEST_HYPOTHESIS = 1_000
LONGEST_SEED = 64
MOST_WAVES = 24
FURTHEST_DAYS = 2 * 366
HYPOTHESIS = (
    "In the twelve months after their start, coached reps earn more margin than they would have without coaching."
)
"""A sentence to begin with; whoever draws says it in their own words."""
USUAL_MONTHS, SHORTEST_MONTHS, LONGEST_MONTHS = 24, 6, 60
"""For how many months after the first start the smallest visible effect is worked out."""
USUAL_MONTHS_BETWEEN, MOST_MONTHS_BETWEEN = 3, 6
"""Months from one wave to the next: a wave can be compared with the next only while that one waits."""
USUAL_WAVES = 4
USUAL_HOURS_PER_REP = 4.0
"""A one-on-one a fortnight with its preparation, and an observation or two: hours a month."""


@dataclass(frozen=True)
class LotteryDraft:
    """What is fixed before the order is drawn.

    ``coach_hours``: hours a month that coaches have for reps who start; ``hours_per_rep``: what one rep takes a month.
    ``first_days``: of the waves, in order.
    """

    hypothesis: str
    coach_hours: float
    hours_per_rep: float
    first_days: tuple[dt.date, ...]
    seed: str

    @property
    def reps_per_wave(self) -> int:
        """How many reps coaches have hours for in a wave; 0 where they have none for a single one."""
        return int(self.coach_hours / self.hours_per_rep + 1e-9) if self.hours_per_rep > 0 else 0

    def waves_needed(self, reps: int) -> int:
        """How many waves it takes until everybody has started; 0 where nobody can."""
        return math.ceil(reps / self.reps_per_wave) if self.reps_per_wave else 0

    def problems(self, reps: int, today: dt.date) -> list[str]:
        """Sentences that say how to mend it; empty = it can be drawn. ``reps``: how many are eligible."""
        found = []
        if not numbers.plain_name(self.hypothesis, LONGEST_HYPOTHESIS):
            found.append("Write down what you expect before the draw: coached reps sell more within six months, say.")
        elif len(self.hypothesis) > LONGEST_HYPOTHESIS:
            found.append(f"The hypothesis is longer than {LONGEST_HYPOTHESIS} characters: shorten it.")
        if not self.seed.strip() or len(self.seed) > LONGEST_SEED or ":" in self.seed or not self.seed.isprintable():
            found.append(f"Give a seed of 1 to {LONGEST_SEED} characters without a colon, such as a number.")
        if reps < 2:
            found.append("A draw takes two reps or more who are not enrolled yet.")
        return [*found, *self._problems_of_waves(reps, today)]

    def _problems_of_waves(self, reps: int, today: dt.date) -> list[str]:
        if not (0 < self.hours_per_rep <= 200 and 0 < self.coach_hours <= 100_000):
            return ["Give the hours a month that coaches have, and the hours that one rep takes: more than 0."]
        if not self.reps_per_wave:
            return ["Coaches have too few hours for a single rep: raise their hours, or give a rep fewer."]
        needed = self.waves_needed(reps)
        if reps >= 2 and needed < 2:
            return ["Coaches have hours for everybody at once, so there is no order to draw. Enrol them all, or not."]
        if needed > MOST_WAVES:
            return [f"It would take {needed} waves until everybody has started; {MOST_WAVES} are the most."]
        found = []
        if len(self.first_days) < needed:
            found.append(
                f"{numbers.plural(reps, 'rep')} in waves of {self.reps_per_wave} take {needed} first days;"
                f" {len(self.first_days)} given."
            )
        if list(self.first_days) != sorted(set(self.first_days)):
            found.append("Give the first days of the waves in order, each later than the one before.")
        elif len({(day.year, day.month) for day in self.first_days}) < len(self.first_days):
            found.append("Let each wave start in a month of its own: results are compared month by month.")
        if self.first_days and self.first_days[0] <= today:
            found.append("The first wave has to start after today: the order is locked before anybody starts.")
        if self.first_days and (self.first_days[-1] - today).days > FURTHEST_DAYS:
            found.append("The last wave starts more than two years from now. Is its date right?")
        return found


def proposed_hours(reps: int, hours_per_rep: float = USUAL_HOURS_PER_REP) -> float:
    """Hours a month with which ``reps`` start in four waves: something to begin with, never what coaches have."""
    return hours_per_rep * max(math.ceil(reps / USUAL_WAVES), 1)


def proposed_first_days(today: dt.date, waves: int, months_between: int = 1) -> tuple[dt.date, ...]:
    """The first weekday of the coming month, and of every ``months_between`` months after it, for ``waves`` waves."""
    firsts = (add_months(today.replace(day=1), 1 + place * months_between) for place in range(waves))
    # Saturday and Sunday move on to Monday.
    return tuple(day + dt.timedelta(days=max(7 - day.weekday(), 0) if day.weekday() > 4 else 0) for day in firsts)


def proposed_seed(today: dt.date) -> str:
    """The day itself: a number that nobody picked."""
    return today.isoformat()


def list_code(keys: Sequence[str]) -> str:
    """Twelve letters that stand for a list of ids, whatever its order: the same list, the same letters."""
    return hashlib.sha256("\n".join(sorted(keys)).encode()).hexdigest()[:12]


def drawn_order(keys: Sequence[str], seed: str) -> list[str]:
    """``keys`` (external ids, each once) in the order in which they start. Their own order makes no difference."""
    return sorted(keys, key=lambda key: (digest(seed, key), key))


def digest(seed: str, key: str) -> str:
    """What an id is sorted by: the SHA-256 of seed, colon and id, in hexadecimal."""
    return hashlib.sha256(f"{seed}:{key}".encode()).hexdigest()


def waves(order: Sequence[str], draft: LotteryDraft) -> list[tuple[str, int, dt.date]]:
    """Key, wave (from 1) and first day for each place of a drawn order."""
    size = draft.reps_per_wave
    return [(key, place // size + 1, draft.first_days[place // size]) for place, key in enumerate(order)]
