"""The pulse: three taps about being coached, and which means may be shown without telling what anybody answered.

Knows no database, no screen, no clock.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields

import polars as pl

from coaching import frames
from coaching.periods import add_months

QUESTIONS = {
    "useful": "Was it useful?",
    "heard": "Did you feel heard?",
    "clear": "Is it clear what comes next?",
}
LOWEST, HIGHEST = 1, 5
ENDS = ("not at all", "very much")
"""What the lowest and the highest tap mean."""
SMALLEST_GROUP = 5
"""Means of fewer answers are not shown."""
DAYS_TO_ANSWER = 14
"""A session held in so many days (today included) can be answered about."""
_WAVE = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")

ANSWER_SUMS = {
    "wave": pl.String,
    "team_id": pl.Int64,
    "answer_count": pl.Int64,
    "useful_sum": pl.Int64,
    "heard_sum": pl.Int64,
    "clear_sum": pl.Int64,
}
"""Answers of a team and a round, added up; a row per team whose people answered."""


@dataclass(frozen=True)
class PulseAnswer:
    """Three taps, 1 (not at all) to 5 (very much)."""

    useful: int
    heard: int
    clear: int

    def problems(self) -> list[str]:
        """Why this is no answer, each a sentence that says how to mend it."""
        found = []
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, bool) or not isinstance(value, int) or not LOWEST <= value <= HIGHEST:
                found.append(f"“{QUESTIONS[field.name]}” takes a whole number from {LOWEST} to {HIGHEST}.")
        return found


def wave_of(day: dt.date) -> str:
    """The round that a day belongs to: its month, 2026-11."""
    return f"{day:%Y-%m}"


def last_day(wave: str) -> dt.date | None:
    """The last day of a round; None for a word that names none."""
    found = _WAVE.fullmatch(wave)
    if found is None or int(found[1]) == 0:
        return None
    first = dt.date(int(found[1]), int(found[2]), 1)
    return dt.date.max if first >= dt.date(9999, 12, 1) else add_months(first, 1) - dt.timedelta(days=1)


def shown_means(sums: pl.DataFrame, parents: Mapping[int, int | None]) -> pl.DataFrame:
    """What may be shown of one round: team_id (null = company), answer_count and three means, by team_id.

    ``sums``: ANSWER_SUMS of the round. ``parents``: the org tree on the round's last day, team to the team above. A
    team counts with all below it. Every team with answers has a row; its count and means are null unless there are at
    least five, and unless what is left after taking away every shown team below it is nobody or at least five: else a
    parent minus its shown children would tell what a few answered. Since the shown teams form a tree, each figure that
    can be derived from them is a sum of such remainders, so none speaks of fewer than five (complementary suppression).
    """
    own = {row["team_id"]: row for row in sums.iter_rows(named=True)}
    below = _children(parents, own)
    totals: dict[int | None, list[int]] = {}
    covered: dict[int | None, int] = {}
    rows = []
    for node in _bottom_up(below):
        values = own.get(node) if node is not None else None
        total = [values[name] if values else 0 for name in list(ANSWER_SUMS)[2:]]
        for child in below.get(node, []):
            total = [one + other for one, other in zip(total, totals[child], strict=True)]
        shown_below = sum(covered[child] for child in below.get(node, []))
        left = total[0] - shown_below
        is_shown = total[0] >= SMALLEST_GROUP and (left == 0 or left >= SMALLEST_GROUP)
        totals[node], covered[node] = total, total[0] if is_shown else shown_below
        if total[0]:
            means = [value / total[0] if is_shown else None for value in total[1:]]
            rows.append((node, total[0] if is_shown else None, *means))
    schema = {
        name: frames.PULSES[name] for name in ("team_id", "answer_count", "useful_mean", "heard_mean", "clear_mean")
    }
    return pl.DataFrame(rows, schema=schema, orient="row").sort("team_id", nulls_last=False)


def _children(parents: Mapping[int, int | None], own: Mapping[int, object]) -> dict[int | None, list[int]]:
    """Each team below exactly one other or the company; a circle in an imported tree is cut where it closes."""
    below: dict[int | None, list[int]] = {None: []}
    above: dict[int, int | None] = {}
    named = {parent for parent in parents.values() if parent is not None}
    for team in sorted({*parents, *own, *named}):
        parent = parents.get(team)
        seen, here = {team}, parent
        while here is not None and here not in seen:
            seen.add(here)
            # Teams that have been placed answer for themselves: their circles are cut already.
            here = above[here] if here in above else parents.get(here)
        above[team] = None if here is not None else parent
        below.setdefault(above[team], []).append(team)
    return below


def _bottom_up(below: Mapping[int | None, list[int]]) -> list[int | None]:
    order: list[int | None] = []
    waiting: list[int | None] = [None]
    while waiting:
        node = waiting.pop()
        order.append(node)
        waiting += below.get(node, [])
    return order[::-1]
