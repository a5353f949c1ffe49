"""The ladder of evidence, level 0 to 5 (Phillips, Kirkpatrick): what was put in, liked, learnt, used, moved, worth it.

A level without data stays on the ladder and is empty; the fifth is withheld where the lower ones were hardly collected.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from coaching import numbers

LEVELS = {
    0: ("Input", "What did we put in?"),
    1: ("Reaction", "Did reps find it worth it?"),
    2: ("Learning", "Did skills grow?"),
    3: ("Application", "Is it used on the job?"),
    4: ("Impact", "Did results move because of it?"),
    5: ("Return", "Was it worth it?"),
}
LOWEST_COVERAGE = 0.5
"""Share of coached reps with data on levels 2 and 3 below which no return is shown (Phillips' rules 1 and 2)."""
TOP = 5


@dataclass(frozen=True)
class Step:
    """One figure of a level, written out by whoever knows its unit."""

    level: int
    what: str
    value: str
    interval: str = ""
    n: int | None = None


@dataclass(frozen=True)
class Rung:
    """A level of the ladder with what is known on it."""

    level: int
    name: str
    question: str
    steps: tuple[Step, ...]
    note: str
    """Why it is empty, or withheld; empty where it is neither."""


def ladder(steps: Iterable[Step], learning_coverage: float | None, application_coverage: float | None) -> list[Rung]:
    """All six rungs. Coverages: share of the coached reps with data on level 2 and 3, None = nothing collected."""
    given = list(steps)
    withheld = _withheld(learning_coverage, application_coverage)
    rungs = []
    for level, (name, question) in LEVELS.items():
        known = tuple(step for step in given if step.level == level)
        note = withheld if level == TOP else ""
        if note:
            known = ()
        elif not known:
            note = "Nothing collected yet."
        rungs.append(Rung(level, name, question, known, note))
    return rungs


def _withheld(learning: float | None, application: float | None) -> str:
    low = [
        f"{name} of {numbers.share(share or 0.0)} of the coached reps"
        for name, share in (("learning", learning), ("application", application))
        if (share or 0.0) < LOWEST_COVERAGE
    ]
    if not low:
        return ""
    return (
        f"A return is not shown before the levels below it are known: {' and '.join(low)},"
        f" {numbers.share(LOWEST_COVERAGE)} are needed."
    )
