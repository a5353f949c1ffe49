"""Who is coached by whom in a block of the demo company, and what is true about it: skills, moods of the calendar,
what moves whom. The other coaching modules of the demo turn this into rows. Knows no table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from data_access import demo_words as words
from data_access.default_scorecard import REP_SKILLS
from data_access.demo_deals import Sample, picked
from data_access.demo_market import LEVERS, Reps
from data_access.demo_people import COACHING, Company
from data_access.demo_timeline import NEVER, Days, Flags, Floats, day_number, on_weekday
from data_access.tables import TRIGGERS

SKILL_OF_LEVER = {
    "win_rate": "discovery",
    "deal_size": "presenting",
    "pipeline": "opening",
    "cycle": "decision",
    "no_next_step": "next_steps",
    "competitor_losses": "objections",
    "discounting": "negotiating",
}
SKILL_SLUGS = [skill.slug for skill in REP_SKILLS]
GROWTH_PER_MONTH, COACHED_GROWTH, FOCUS_GROWTH = 0.008, 0.035, 0.05
FORGOTTEN = 0.06
TRIGGER_LEVEL, TRIGGER_REP, TRIGGER_COMMON, TRIGGER_OWN = 0.2, 0.5, 0.3, 0.6
ABSENT_PER_QUARTER = 0.62
ABSENCE_DAYS = (0, 1, 2, 4, 4, 9)
"""Days between the first and the last day of an absence, in the order of demo_words.ABSENCES."""


@dataclass
class RowNumbers:
    """The next free row number of each table."""

    following: dict[str, int] = field(default_factory=dict)

    def take(self, table: str, count: int) -> Days:
        """``count`` numbers nobody else gets."""
        first = self.following.get(table, 1)
        self.following[table] = first + count
        return np.arange(first, first + count)

    def peek(self, table: str) -> int:
        """The next number of a table."""
        return self.following.get(table, 1)


@dataclass(frozen=True)
class Cards:
    """Row numbers of the default scorecards: versions, and items and skills in the order of default_scorecard."""

    rep_version: int
    rep_items: Days
    rep_skills: Days
    coach_version: int
    coach_items: Days


@dataclass(frozen=True)
class Calls:
    """Calls on which a manager sat in."""

    call_id: Days
    person: Days
    day: Days
    minute: Days
    mode: Days
    deal_id: Days
    account_id: Days


@dataclass(frozen=True)
class BlockFacts:
    """What is kept of a block once its deals are written."""

    seats: tuple[int, int]
    first_person: int
    reps: Reps
    sums: dict[str, Floats]
    sample: Sample
    calls: Calls


class Roster:
    """A block's reps with everything that coaching depends on."""

    def __init__(self, company: Company, facts: BlockFacts) -> None:
        """Draw the truth about the block's people."""
        self.company, self.facts, self.reps = company, facts, facts.reps
        self.line, self.teams = company.timeline, company.teams
        self.random = company.request.stream(COACHING, facts.seats[0])
        count = len(self.reps)
        self.person_ids = facts.first_person + np.arange(count)
        self.first = np.maximum(self.reps.started, self.line.first_day)
        self.until = np.minimum(np.where(self.reps.left < NEVER, self.reps.left + 1, NEVER), self.line.today)
        """First day no longer there, today at the latest: what is recorded lies before it."""
        self.coached_on = self._coached_days()
        self.focus = self._focus()
        self.skill_start = self._skills()
        self.response = self._responses()
        self.weights = self._weights()
        self.forgotten_from = self._forgotten()
        self.absence_starts, self.absence_ends, self.absence_kinds = self._absences()
        self.holidays = holiday_days(company)

    def __len__(self) -> int:
        """Number of reps."""
        return len(self.reps)

    def _coached_days(self) -> Days:
        months = np.minimum(self.reps.coached_from, self.line.current)
        return np.where(self.reps.coached_from < NEVER, self.line.starts[months], NEVER)

    def _focus(self) -> Days:
        """Position of the skill that is worked on: the one behind a planted problem, else any."""
        focus = self.random.integers(0, len(SKILL_SLUGS), len(self))
        of_lever = np.array([SKILL_SLUGS.index(SKILL_OF_LEVER[lever]) for lever in LEVERS])
        return np.where(self.reps.planted >= 0, of_lever[self.reps.planted], focus)

    def _skills(self) -> Floats:
        level = self.random.normal(2.9, 0.55, (len(self), len(SKILL_SLUGS)))
        level += 1.5 * self.reps.ability[:, None]
        new = self.reps.started >= self.line.first_day
        level[new] -= 0.4
        level[np.arange(len(self)), self.focus] -= np.where(self.reps.planted >= 0, 0.7, 0.25)
        return np.clip(level, 1.2, 4.4)

    def _responses(self) -> Floats:
        """The chance that an agreed action follows, per rep and trigger."""
        common = self.company.request.stream(COACHING, 2**31 - 1).normal(0, TRIGGER_COMMON, len(TRIGGERS))
        odds = TRIGGER_LEVEL + common + self.random.normal(0, TRIGGER_REP, (len(self), 1))
        odds = odds + self.random.normal(0, TRIGGER_OWN, (len(self), len(TRIGGERS)))
        return 1 / (1 + np.exp(-odds))

    def _weights(self) -> Days:
        """What people say moves them, 0..4: near the truth, not equal to it."""
        said = 5 * self.response + self.random.normal(0, 1.0, self.response.shape) - 0.6
        return np.clip(np.round(said), 0, 4).astype(np.int64)

    def _forgotten(self) -> Days:
        """Day from which nobody plans anything with a rep any more; NEVER for nearly everybody."""
        since = self.line.today - self.random.integers(50, 150, len(self))
        hit = (self.random.random(len(self)) < FORGOTTEN) & (self.coached_on == NEVER)
        hit &= self.reps.started < since - 60
        return np.where(hit, since, NEVER)

    def _absences(self) -> tuple[Days, Days, Days]:
        """At most one absence per rep and quarter: first and last days (NEVER = none) and the reason's position."""
        quarters = np.array(self.line.quarter_starts())
        shape = (len(self), len(quarters))
        starts = quarters + self.random.integers(0, 80, shape)
        starts = np.where((starts + 3) % 7 >= 5, starts + 2, starts)
        kinds = self.random.integers(0, len(words.ABSENCES) - 1, shape)
        kinds = np.where(self.random.random(shape) < 0.01, len(words.ABSENCES) - 1, kinds)
        ends = on_weekday(starts + np.array([*ABSENCE_DAYS[:-1], 60])[kinds])
        there = (starts >= self.first[:, None]) & (ends < self.until[:, None] + 30)
        there &= self.random.random(shape) < ABSENT_PER_QUARTER
        # Vacation may be entered ahead, sickness not.
        there &= (starts < self.line.today) | (kinds < 4)
        there &= starts <= self.reps.left[:, None]
        return np.where(there, starts, NEVER), np.where(there, np.maximum(ends, starts), NEVER), kinds

    # ---- answers ----

    def team_of(self, rep: Days, day: Days) -> Days:
        """The team of each rep on each day."""
        return np.where(day < self.reps.transferred[rep], self.reps.team[rep], self.reps.later_team[rep])

    def manager_of(self, rep: Days, day: Days) -> Days:
        """Person id of each rep's manager on each day."""
        return self.teams.manager_ids[self.team_of(rep, day)]

    def is_coached(self, rep: Days, day: Days) -> Flags:
        """Whether each rep was enrolled by the day."""
        return self.coached_on[rep] <= day

    def is_there(self, rep: Days, day: Days) -> Flags:
        """Whether the day lies in the months shown, before today, and each rep belonged to the company on it."""
        return (day >= self.first[rep]) & (day < self.until[rep])

    def is_away(self, rep: Days, day: Days) -> Flags:
        """Whether each rep is absent, or everybody on holiday, on the day."""
        within = (self.absence_starts[rep] <= day[:, None]) & (day[:, None] <= self.absence_ends[rep])
        return within.any(axis=1) | np.isin(day, self.holidays)

    def skill_level(self, rep: Days, skill: Days, day: Days) -> Floats:
        """The true level, 1..5: grows slowly by itself and faster under coaching, most in the focus skill."""
        months = np.clip(day - self.first[rep], 0, None) / 30.4
        coached = np.clip(day - self.coached_on[rep], 0, None) / 30.4
        rate = COACHED_GROWTH + FOCUS_GROWTH * (skill == self.focus[rep])
        rate = rate * (0.5 + self.teams.skill[self.team_of(rep, day)])
        grown = self.skill_start[rep, skill] + GROWTH_PER_MONTH * months + rate * coached
        return np.minimum(grown, 5.0)

    def deal_on(self, rep: Days, day: Days) -> Days:
        """Position in the sample of a deal of the rep that was open on the day; -1 = none in the sample."""
        sample = self.facts.sample
        if not len(sample.person):
            return np.full(len(rep), -1)
        found = np.searchsorted(sample.person * NEVER + sample.opened, rep * NEVER + day, side="right") - 1
        place = np.maximum(found, 0)
        fits = (found >= 0) & (sample.person[place] == rep) & (sample.end[place] >= day)
        return np.where(fits, place, -1)

    def sampled(self, column: Days, positions: Days) -> Days:
        """``column`` of the sample at positions; 0 for -1."""
        if not len(column):
            return np.zeros(len(positions), dtype=np.int64)
        return np.where(positions >= 0, column[np.maximum(positions, 0)], 0)


def holiday_days(company: Company) -> Days:
    """The company's holidays, from the year of the first month shown to this one."""
    today = company.request.today
    first = company.timeline.first_day
    years = range(1970 + first // 366, today.year + 1)
    days = [day_number(today.replace(year, month, day)) for year in years for month, day, _ in words.HOLIDAYS]
    return np.array(days, dtype=np.int64)


@dataclass(frozen=True)
class Phrases:
    """Sentences with their blanks filled in every way, so that one is a lookup."""

    texts: list[str]
    fillings: int

    @classmethod
    def of(cls, templates: Sequence[str], skills: Sequence[str] = ("",)) -> Phrases:
        """Every template with every customer role and skill name."""
        filled = [
            template.format(who=who, skill=skill, count=3 + index % 6)
            for template in templates
            for skill in skills
            for index, who in enumerate(words.CUSTOMER_ROLES)
        ]
        return cls(
            [f"{text[0].upper()}{text[1:]}" for text in filled],
            len(words.CUSTOMER_ROLES),
        )

    def pick(self, positions: Days, random: np.random.Generator) -> pl.Series:
        """The template (or template and skill) at each position with any customer role; null for -1."""
        role = random.integers(0, self.fillings, len(positions))
        return picked(self.texts, np.where(positions >= 0, positions * self.fillings + role, -1))
