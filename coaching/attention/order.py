"""In which order people are listed: expected value × confidence × neglect, the sum kept, and a floor for all tiers.

It is an order of what to look at next. It says nothing about who is better, and no part of it is shown as a grade.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import polars as pl
from polars._typing import SchemaDict

from coaching.attention.cases import Around, Case, days_unseen
from coaching.attention.rule import SEVERITY_SHARES
from coaching.attention.rules import BY_KEY, RULES
from coaching.typed_words import line

FIRST_ROWS = 5
"""So many are shown before "show all", on the page and by the floor's count."""
MOST_NEGLECTED = 3.0
"""Neglect counts up to three times the days after which a session is due: beyond that, longer is not worse."""
LARGEST_WEIGHT = 5.0
LONGEST_FLOOR = 52
FEWEST_FOR_TIERS = 6
PLACES_FOR_TIERS = 3
LONGEST_SNOOZE_DAYS = 90
SHORTEST_REASON, LONGEST_REASON = 5, 300

PEOPLE: SchemaDict = {
    "rep_id": pl.Int64,
    "name": pl.String,
    "unseen_days": pl.Float64,
    "due_after_days": pl.Float64,
    "tier": pl.Int64,
}
"""Everybody in view by name. tier: third by attainment of the last whole quarter, 0 = lower, null = not known; it only
makes sure that no third is forgotten, and is shown to nobody."""

KNOWN: SchemaDict = {"has_quotas": pl.Boolean, "has_sessions": pl.Boolean}
"""One row: whether quotas of the quarter and coaching sessions have been loaded at all by the day."""

SNOOZES: SchemaDict = {
    "snooze_id": pl.Int64,
    "rule": pl.String,
    "level": pl.Int64,
    "rep_id": pl.Int64,
    "reason": pl.String,
    "until_on": pl.Date,
    "put_off_on": pl.Date,
}
"""What the viewer put off and not taken back. level: how far the fact had gone in kind by then."""


@dataclass(frozen=True)
class Weights:
    """What the company set about the order: one for all viewers."""

    rules: Mapping[str, float] = field(default_factory=dict)
    """By rule; 1 where nothing is said, 0 = the rule lists nobody."""
    neglect: float = 1.0
    """How strongly it counts that somebody was not met for long; 0 = not at all."""
    floor_weeks: int = 4
    """Within so many weeks everybody is coached or observed, or listed for that reason."""

    def of(self, rule: str) -> float:
        """The weight of a rule."""
        return float(self.rules.get(rule, 1.0))


@dataclass(frozen=True)
class Reason:
    """One thing about a rep, with its part of the sum."""

    rule: str
    words: str
    level: int
    n: float
    value: float | None
    """Money in major units; None where nothing in the company has an amount."""
    is_measured: bool
    confidence: float
    weight: float
    share: float
    """value × confidence × weight, 0 where another reason of the same topic counts already."""
    is_counted: bool
    source_ids: tuple[str, ...]


@dataclass(frozen=True)
class Entry:
    """A rep on the list."""

    rep_id: int
    name: str
    reasons: tuple[Reason, ...]
    """The largest part first."""
    expected: float
    """Sum of the parts."""
    neglect: float
    """What the sum is multiplied by, 1 or more."""
    unseen_days: float | None
    due_after_days: float
    is_for_floor: bool = False
    """Stands among the first because somebody of each third does who has not been seen for too long."""

    @property
    def priority(self) -> float:
        """What the list is ordered by."""
        return self.expected * self.neglect


@dataclass(frozen=True)
class PutOff:
    """A reason that the viewer put off, with what was said about it."""

    snooze_id: int
    rep_id: int
    name: str
    rule: str
    words: str
    reason: str
    until_on: dt.date


@dataclass(frozen=True)
class Listing:
    """Everything a page or a digest shows of the alerts."""

    needs: tuple[Entry, ...]
    news: tuple[Entry, ...]
    put_off: tuple[PutOff, ...]
    people_count: int


def people(cases: Sequence[Case], around: Around) -> pl.DataFrame:
    """PEOPLE of all cases."""
    tiers = thirds({case.rep["rep_id"]: case.rep["last_quarter_attainment"] for case in cases})
    rows = [
        {
            "rep_id": case.rep["rep_id"],
            "name": case.rep["name"],
            "unseen_days": days_unseen(case.rep, around),
            "due_after_days": float(around.cadence.due_after_days),
            "tier": tiers.get(case.rep["rep_id"]),
        }
        for case in cases
    ]
    return pl.DataFrame(rows, schema=PEOPLE)


def thirds(attainment: Mapping[int, float | None]) -> dict[int, int]:
    """0, 1 or 2 by the tertiles of what is known; empty where fewer than six have a value."""
    known = pl.Series([value for value in attainment.values() if value is not None], dtype=pl.Float64)
    if known.len() < FEWEST_FOR_TIERS:
        return {}
    lower, upper = known.quantile(1 / 3, "linear"), known.quantile(2 / 3, "linear")
    if lower is None or upper is None:
        return {}
    return {key: int(value > lower) + int(value > upper) for key, value in attainment.items() if value is not None}


def listing(
    alerts: pl.DataFrame, everybody: pl.DataFrame, snoozes: pl.DataFrame, weights: Weights, as_of: dt.date
) -> Listing:
    """The lists made of ALERTS, PEOPLE and the viewer's SNOOZES: what needs them, good news, what they put off."""
    told = [row for row in alerts.iter_rows(named=True) if weights.of(row["rule"]) > 0]
    held = {(row["rule"], row["rep_id"]): row for row in snoozes.iter_rows(named=True) if as_of < row["until_on"]}
    open_rows, put_off = [], []
    for row in told:
        snooze = held.get((row["rule"], row["rep_id"]))
        # What went further in kind than when it was put off is another fact.
        if snooze is None or row["level"] > snooze["level"]:
            open_rows.append(row)
        else:
            put_off.append(_put_off(row, snooze))
    bad = _entries([row for row in open_rows if not row["is_good"]], everybody, weights)
    good = _entries([row for row in open_rows if row["is_good"]], everybody, weights)
    tiers = dict(everybody.select("rep_id", "tier").iter_rows())
    return Listing(with_floor(bad, tiers), good, tuple(put_off), everybody.height)


def _put_off(row: dict[str, Any], snooze: dict[str, Any]) -> PutOff:
    return PutOff(
        snooze["snooze_id"],
        row["rep_id"],
        row["name"],
        row["rule"],
        row["words"],
        snooze["reason"],
        snooze["until_on"],
    )


def _entries(rows: list[dict[str, Any]], everybody: pl.DataFrame, weights: Weights) -> tuple[Entry, ...]:
    by_rep: dict[int, list[dict[str, Any]]] = {}
    for row in rows:
        by_rep.setdefault(row["rep_id"], []).append(row)
    found = [
        _entry(person, by_rep[person["rep_id"]], weights)
        for person in everybody.iter_rows(named=True)
        if person["rep_id"] in by_rep
    ]
    # Equal sums: whoever was not met for longer, then by name. Rounded, so that a hair's breadth orders nobody.
    return tuple(
        sorted(
            found, key=lambda entry: (-round(entry.priority, 6), -(entry.unseen_days or 0.0), entry.name, entry.rep_id)
        )
    )


def _entry(person: dict[str, Any], rows: list[dict[str, Any]], weights: Weights) -> Entry:
    reasons = sorted(_reasons(rows, weights), key=lambda reason: (-reason.share, -_worth(reason), _place(reason.rule)))
    return Entry(
        person["rep_id"],
        person["name"],
        tuple(reasons),
        sum(reason.share for reason in reasons),
        neglect(person["unseen_days"], person["due_after_days"], weights.neglect),
        person["unseen_days"],
        person["due_after_days"],
    )


def _reasons(rows: list[dict[str, Any]], weights: Weights) -> list[Reason]:
    """The rows of one rep as reasons; of each topic the largest counts, the others are told with it."""
    found = []
    for row in rows:
        weight = weights.of(row["rule"])
        # Without a single amount in the company, only how grave things are can order them.
        value = SEVERITY_SHARES[BY_KEY[row["rule"]].severity] if row["value"] is None else row["value"]
        share = value * row["confidence"] * weight
        found.append(
            Reason(
                row["rule"],
                row["words"],
                row["level"],
                row["n"],
                row["value"],
                row["is_measured"],
                row["confidence"],
                weight,
                share,
                True,
                tuple(row["source_ids"]),
            )
        )
    largest: dict[str, Reason] = {}
    for reason in found:
        topic = BY_KEY[reason.rule].topic
        if topic not in largest or reason.share > largest[topic].share:
            largest[topic] = reason
    return [
        reason if largest[BY_KEY[reason.rule].topic] is reason else replace(reason, share=0.0, is_counted=False)
        for reason in found
    ]


def _worth(reason: Reason) -> float:
    return (reason.value or 0.0) * reason.confidence * reason.weight


def _place(rule: str) -> int:
    return next(place for place, entry in enumerate(RULES) if entry.key == rule)


def neglect(unseen_days: float | None, due_after_days: float, weight: float) -> float:
    """1 + weight × (days since somebody was met ÷ days after which a session is due), the ratio up to 3.

    1 where nothing of that is recorded.
    """
    if unseen_days is None:
        return 1.0
    return 1.0 + weight * min(unseen_days / due_after_days, MOST_NEGLECTED)


def with_floor(entries: Sequence[Entry], tiers: Mapping[int, int | None]) -> tuple[Entry, ...]:
    """``entries`` with a place among the first five for each third of which somebody was not seen for too long.

    Only where none of the first five is such a one already; whoever was not seen longest gets the place, the last
    ones first, and never more than three of five.
    """
    late = [entry for entry in entries if any(reason.rule == "not_seen" for reason in entry.reasons)]
    first = list(entries[:FIRST_ROWS])
    chosen: list[Entry] = []
    for tier in sorted({tiers.get(entry.rep_id) for entry in late}, key=lambda tier: -1 if tier is None else -2 - tier):
        of_tier = [entry for entry in late if tiers.get(entry.rep_id) == tier]
        if any(entry in of_tier for entry in first) or len(chosen) == PLACES_FOR_TIERS:
            continue
        chosen.append(max(of_tier, key=lambda entry: (entry.unseen_days or 0.0, -entry.rep_id)))
    if not chosen:
        return tuple(entries)
    kept = first[: FIRST_ROWS - len(chosen)]
    rest = [entry for entry in entries if entry not in kept and entry not in chosen]
    return (*kept, *(replace(entry, is_for_floor=True) for entry in chosen), *rest)


# ---- Putting off -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class SnoozeDraft:
    """Somebody wants to see an alert again on a day, not before, and says why. Not checked yet."""

    rule: str
    level: int
    rep_id: int
    reason: str
    until_on: dt.date | None

    def tidy(self) -> SnoozeDraft:
        """The same with a reason in one clean line."""
        return replace(self, reason=line(self.reason))

    def problems(self, today: dt.date) -> list[str]:
        """Sentences that say how to mend it; empty = it can be kept."""
        found = []
        if self.rule not in BY_KEY:
            found.append("Choose which reason to put off.")
        if not 1 <= self.level <= 3:
            found.append("How far the fact has gone is 1, 2 or 3: reload the page.")
        words = line(self.reason)
        if len(words) < SHORTEST_REASON:
            found.append("Say in a few words why it can wait: you will read it when it comes back.")
        if len(words) > LONGEST_REASON:
            found.append(f"Keep the reason within {LONGEST_REASON} characters.")
        if self.until_on is None:
            found.append("Say until when.")
        elif not today < self.until_on <= today + dt.timedelta(days=LONGEST_SNOOZE_DAYS):
            found.append(f"Choose a day from tomorrow on, {LONGEST_SNOOZE_DAYS} days ahead at most.")
        return found


def weight_problems(values: Any) -> list[str]:
    """Why weights by rule cannot be stored as they are; empty = they can."""
    if not isinstance(values, dict):
        return ['Weights are pairs of a rule and a number, such as {"stalled_deals": 2}.']
    found = [f"There is no rule '{key}'. Known: {', '.join(BY_KEY)}." for key in values if key not in BY_KEY]
    for key, value in values.items():
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if not is_number or not 0 <= value <= LARGEST_WEIGHT:
            found.append(f"The weight of '{key}' is a number from 0 (never) to {LARGEST_WEIGHT:.0f}, not '{value}'.")
    return found
