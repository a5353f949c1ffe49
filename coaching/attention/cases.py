"""What the rules read: everything known about one rep on a day, and what all reps share. Frames in, no judgement."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl
from polars._typing import SchemaDict

from coaching.cadence import DEFAULT_CADENCE, Cadence
from coaching.periods import Period

WEEKS_BACK = 4
"""What a rep's gap is compared with: the gap so many weeks ago, within the same quarter."""
LOSS_DAYS = 90
"""Losses and customers lost count for so long."""
BEFORE_DAYS = 90
"""A skill's level is compared with the one so many days ago."""
LOWEST_SCORES = 3
"""Scores on each side of a comparison of levels, none of them on both."""

REPS: SchemaDict = {
    "rep_id": pl.Int64,
    "name": pl.String,
    "started_on": pl.Date,
    # The running quarter on the day.
    "won_amount": pl.Float64,
    "quota": pl.Float64,
    "quota_attainment": pl.Float64,
    "gap_to_quota": pl.Float64,
    "gap_to_date": pl.Float64,
    "pipeline_coverage": pl.Float64,
    "needed_coverage": pl.Float64,
    "days_since_last_session": pl.Float64,
    "days_since_last_observation": pl.Float64,
    # The same quarter some weeks earlier, as known then.
    "earlier_on": pl.Date,
    "earlier_gap": pl.Float64,
    "earlier_won": pl.Float64,
    # The last 12 whole months with the days of the running one, and the quarter before.
    "year_won": pl.Float64,
    "year_won_count": pl.Float64,
    "year_win_rate": pl.Float64,
    "year_closed_count": pl.Float64,
    "last_quarter_attainment": pl.Float64,
    "best_win_id": pl.Int64,
    "best_win_on": pl.Date,
    "best_win_name": pl.String,
    "best_win_amount": pl.Float64,
    "priced_win_count": pl.Int64,
    # Deals on the day: open, open with an expected close date, closed within 90 days.
    "open_count": pl.Int64,
    "dated_count": pl.Int64,
    "recent_count": pl.Int64,
    # One-on-ones.
    "standing": pl.String,
    "due_on": pl.Date,
    "planned_on": pl.Date,
    "last_on": pl.Date,
    "last_session_id": pl.Int64,
    "slot_count": pl.Int64,
    "missed_count": pl.Int64,
    "praised_on": pl.Date,
    # Onboarding; null for whoever is no newcomer.
    "cycle_count": pl.Int64,
    "stage_count": pl.Int64,
    "is_signed_off": pl.Boolean,
    "last_stage_on": pl.Date,
    "last_cycle_id": pl.Int64,
}
"""A row per rep in view. Amounts in major units; null = no data."""

DEALS: SchemaDict = {
    "rep_id": pl.Int64,
    "deal_id": pl.Int64,
    "kind": pl.String,
    "name": pl.String,
    "account_name": pl.String,
    "amount": pl.Float64,
    "competitor": pl.String,
    "since_days": pl.Int64,
}
"""Open deals that are stalled or slipped and deals lost to a competitor; a deal stands here once, largest first."""

ACCOUNTS: SchemaDict = {
    "rep_id": pl.Int64,
    "account_id": pl.Int64,
    "account_name": pl.String,
    "won_count": pl.Int64,
    "last_won_amount": pl.Float64,
    "competitor": pl.String,
    "gone_on": pl.Date,
}
"""Customers lost lately: gone_on = the day since when they count as lost."""

SKILLS: SchemaDict = {
    "rep_id": pl.Int64,
    "skill": pl.String,
    "skill_name": pl.String,
    "level": pl.Float64,
    "level_n": pl.Int64,
    "before_level": pl.Float64,
    "before_n": pl.Int64,
    "new_count": pl.Int64,
    "noise": pl.Float64,
    "state": pl.String,
    "state_since_on": pl.Date,
    "last_on": pl.Date,
    "observation_ids": pl.List(pl.Int64),
}
"""A skill now and 90 days ago; new_count = scores since, noise = how far two such levels lie apart by chance."""

OBJECTIVES: SchemaDict = {
    "rep_id": pl.Int64,
    "objective_id": pl.Int64,
    "status": pl.String,
    "verdict": pl.String,
    "words": pl.String,
    "chance": pl.Float64,
    "value_count": pl.Int64,
    "due_on": pl.Date,
    "answered_on": pl.Date,
    "step_on": pl.Date,
}
"""Objectives of current plans; step_on = the latest step that met the rep's answer."""

PLANS: SchemaDict = {
    "rep_id": pl.Int64,
    "plan_id": pl.Int64,
    "starts_on": pl.Date,
    "touched_on": pl.Date,
    "is_stale": pl.Boolean,
    "action_count": pl.Int64,
    "copied_count": pl.Int64,
    "copied_from": pl.List(pl.String),
}

PROMISES: SchemaDict = {
    "rep_id": pl.Int64,
    "commitment_id": pl.Int64,
    "is_reps": pl.Boolean,
    "by_id": pl.Int64,
    "by_name": pl.String,
    "promise": pl.String,
    "due_on": pl.Date,
    "done_on": pl.Date,
}
"""Promises between a rep and a coach that are open and due, or were kept lately."""

SESSIONS: SchemaDict = {"rep_id": pl.Int64, "session_id": pl.Int64, "planned_on": pl.Date}
"""Planned one-on-ones whose day has passed."""

MONTHS: SchemaDict = {"rep_id": pl.Int64, "month": pl.Date, "won_amount": pl.Float64}
"""Whole months, the last one the latest that is over."""

LISTS: dict[str, SchemaDict] = {
    "deals": DEALS,
    "accounts": ACCOUNTS,
    "skills": SKILLS,
    "objectives": OBJECTIVES,
    "plans": PLANS,
    "promises": PROMISES,
    "sessions": SESSIONS,
    "months": MONTHS,
}
"""Frames with several rows per rep, in the order in which rules are to see them."""


@dataclass(frozen=True)
class Around:
    """What all reps share. Of the whole company, so that the same rep reads the same whoever looks."""

    as_of: dt.date
    quarter: Period
    currency: str = ""
    needed_coverage: float | None = None
    """For a rep whose own is not known."""
    win_rate: float | None = None
    """Over a year, for the same reason."""
    closed_count: float = 0
    """Deals behind it."""
    usual_quarter: float | None = None
    """The median of what reps won a quarter in the last year, of those who won anything."""
    rival_losses: Mapping[str, int] = field(default_factory=dict)
    """Deals lost to each competitor within 90 days."""
    recent_count: int = 0
    """Deals closed within 90 days."""
    sessions_known: bool = True
    observations_known: bool = True
    cadence: Cadence = DEFAULT_CADENCE
    floor_weeks: int = 4
    viewer_id: int | None = None


@dataclass(frozen=True)
class Case:
    """One rep: a row of REPS and the rows of each of LISTS."""

    rep: dict[str, Any]
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def each(self, name: str, **wanted: Any) -> list[dict[str, Any]]:
        """The rows of one list whose columns have these values."""
        return [row for row in self.rows.get(name, []) if all(row[key] == value for key, value in wanted.items())]


def cases(facts: dict[str, pl.DataFrame]) -> list[Case]:
    """One per row of ``facts["reps"]``, by name; frames of LISTS that are missing are empty."""
    parts = {
        name: facts[name].partition_by("rep_id", as_dict=True, maintain_order=True)
        for name in LISTS
        if name in facts and facts[name].height
    }
    found = []
    for rep in facts["reps"].sort("name", "rep_id").iter_rows(named=True):
        key = (rep["rep_id"],)
        found.append(Case(rep, {name: part[key].to_dicts() for name, part in parts.items() if key in part}))
    return found


def days_unseen(rep: dict[str, Any], around: Around) -> float | None:
    """Days since the rep was last coached or observed, since their first day where they never were.

    None where nothing of that is recorded at all or no day is known.
    """
    known = [
        rep[name]
        for name, is_recorded in (
            ("days_since_last_session", around.sessions_known),
            ("days_since_last_observation", around.observations_known),
        )
        if is_recorded and rep[name] is not None
    ]
    if known:
        return float(min(known))
    if not (around.sessions_known or around.observations_known) or rep["started_on"] is None:
        return None
    return float(max((around.as_of - rep["started_on"]).days, 0))


def usual_quarter(rep: dict[str, Any], around: Around) -> float | None:
    """What the rep wins in a quarter: a fourth of the last year, or its share of the days they have been there.

    Somebody who is new or has won nothing counts like the middle of the company; None where nobody won anything.
    """
    days = 365 if rep["started_on"] is None else min((around.as_of - rep["started_on"]).days, 365)
    if not rep["year_won"] or days < 90:
        return around.usual_quarter
    return float(rep["year_won"]) * 365 / days / 4


def middle_quarter(year_won: pl.Series) -> float | None:
    """The median of a fourth of what reps won in a year, of those who won anything; None where nobody did."""
    median = year_won.filter(year_won > 0).median()
    return float(median) / 4 if isinstance(median, float) else None
