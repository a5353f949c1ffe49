"""Peer pairs of the demo company: per team one that is over, one under way, now and then a proposal, and what the two
wrote. Levels are those of the roster's truth, so what followed a pair is what the skills did anyway.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
import polars as pl
import sqlalchemy as sa

from data_access.demo_roster import Cards, Roster, RowNumbers
from data_access.demo_timeline import NEVER, Days, Floats, date_column, instant_column, on_weekday
from data_access.tables import peer_capacity, peer_meeting, peer_pair

PEERS = 5
"""Purpose of the random stream: what happens to pairs changes nothing else."""
WEEKS = 12
BETWEEN_MEETINGS = 28
TENURE_DAYS, DAYS_BEFORE = 200, 90
"""How long everybody in a pair has been there, and how long there have been scores before one that is over began."""
FEWEST = 3
"""People of a team who can be in pairs: with fewer there is no choice."""
CLOSED_AGO, RUNNING_AGO, PROPOSED_AGO = (190, 230), (60, 80), (1, 6)
"""How many days before today the three kinds of pairs began."""
MORNING, EVENING = 9 * 60, 16 * 60

# Per skill, in the order of default_scorecard: what the strong one tried, the other one tried, what worked, what next.
WORDS: tuple[tuple[tuple[str, str, str, str], ...], ...] = (
    (
        (
            "Wrote the goal of two calls in one sentence and showed it",
            "Wrote a goal before three calls and read it out at the start",
            "With the goal said aloud, two customers added to the agenda",
            "Bring one question per call that only this customer can answer",
        ),
        (
            "Went through the last notes of a customer aloud before calling",
            "Read the last two notes before every call of the week",
            "Coming back to the last conversation saved the first five minutes",
            "Swap preparations for one call each and mark what is missing",
        ),
        (
            "Asked a colleague of the customer beforehand what the week is about",
            "Sent the goal of two calls to the customer the day before",
            "One customer moved the call, and came with the right person",
            "Send the goal ahead of the next call with somebody new",
        ),
    ),
    (
        (
            "Opened two calls with something seen on the customer's site",
            "Tried the same opening in four calls, one of them badly",
            "Stopping after the question brought a longer answer than going on",
            "Five openings each, and listen to one of them together",
        ),
        (
            "Asked a contact for a second name at the end of the call",
            "Asked three contacts for a second name",
            "Two of three named somebody, once the reason was said",
            "Say what the second conversation is for before asking for it",
        ),
        (
            "Called five customers about something they had published",
            "Called three with the same reason, and noted the first reply",
            "Half of them answered with a question of their own",
            "Keep a list of reasons that earned a second conversation",
        ),
    ),
    (
        (
            "Let the other listen to a call where the cost of the problem came up",
            "Asked what the problem costs in two calls and waited",
            "Ten seconds of silence, and the customer gave a figure",
            "Ask who else feels it, in the next two calls",
        ),
        (
            "Wrote the customer's problem back to them in one line",
            "Wrote it back after two calls",
            "One customer corrected the line, which was worth more than the call",
            "Put a number on the problem in one open deal each",
        ),
        (
            "Went back over an old call and marked where the follow-up was missing",
            "Followed up twice on the first answer in two calls",
            "The second follow-up brought the reason behind the reason",
            "Name a consequence the customer has not thought of, in one call",
        ),
    ),
    (
        (
            "Left out half of a demonstration and asked more",
            "Tied two parts of the demonstration to the customer's own figure",
            "The customer asked for the rest by themselves",
            "Start the next one with the figure instead of the agenda",
        ),
        (
            "Stopped after each part and asked what it would change",
            "Stopped twice in one demonstration",
            "The second stop brought the doubt that had been in the room",
            "Write down two problems before the next demonstration, and show nothing else",
        ),
        (
            "Showed a customer's own figure next to the product's",
            "Asked for a figure before the demonstration, and used it",
            "The figure was quoted by the customer in the next meeting",
            "Leave the slides closed for the first ten minutes",
        ),
    ),
    (
        (
            "Drew the steps of a decision together with a buyer",
            "Drew them alone for two deals and asked the customer to correct",
            "Both customers knew a step that nobody had written down",
            "Meet the person who signs in one deal each",
        ),
        (
            "Asked how the last purchase of this size went",
            "Asked the same in two deals",
            "The answer named finance, which was not on any list",
            "Agree a date for finance before the proposal goes out",
        ),
        (
            "Went through a lost deal to see which step was missed",
            "Compared two open deals with the list of steps",
            "The same step was missing in both",
            "Ask who has to agree, in the next first call",
        ),
    ),
    (
        (
            "Answered a doubt with a question in two calls",
            "Collected the three doubts that come most often",
            "Asking what makes it important showed another reason behind it",
            "Role-play the hardest of the three, each side once",
        ),
        (
            "Let a doubt stand for a moment and thanked for it",
            "Took up two doubts with a question first",
            "The customer answered one of them without help",
            "Check the answer with the customer before going on",
        ),
        (
            "Wrote down what lay behind five doubts of last month",
            "Asked what would have to be true for the doubt to go away",
            "The customer named a test, and the test was easy",
            "Try the same question when the doubt comes by mail",
        ),
    ),
    (
        (
            "Wrote down what to ask for before a price talk",
            "Planned one price talk with something to trade",
            "The price stood until the term was longer",
            "Return to the saving before any number moves, in the next talk",
        ),
        (
            "Let the other sit in on a talk about a discount",
            "Named the saving first in one talk",
            "Waiting after the price was harder than saying it, and it held",
            "Prepare two things to trade for the largest open deal",
        ),
        (
            "Counted how often the price moved without anything coming back",
            "Asked for a longer term before giving two per cent",
            "The customer agreed to the term and forgot the discount",
            "Practise silence after the price, five times in a row",
        ),
    ),
    (
        (
            "Ended every call of a week with a date on both sides",
            "Kept the last five minutes of three calls for the next step",
            "Two of three steps were in both calendars before the call ended",
            "Write the step into the CRM while still on the line",
        ),
        (
            "Asked the customer to say the next step in their words",
            "Asked the same in two calls",
            "One step became smaller and was kept",
            "Open each call with the step of the last one",
        ),
        (
            "Listened for the moment when a call should end",
            "Agreed a smaller step where the large one was refused",
            "The smaller step took place, the large one was postponed twice before",
            "Put a name on the customer's side next to every step",
        ),
    ),
)


@dataclass
class _Making:
    """One block's pairs while they are made up."""

    roster: Roster
    cards: Cards
    numbers: RowNumbers
    random: np.random.Generator
    pairs: list[tuple[Any, ...]] = field(default_factory=list)
    """Rows of PAIRS."""
    meetings: list[tuple[Any, ...]] = field(default_factory=list)
    """Rows of MEETINGS."""
    taken: dict[int, int] = field(default_factory=dict)
    """Open pairs of each rep's position."""

    def begun_on(self, ago: tuple[int, int]) -> int:
        """A day so many days before today."""
        return self.roster.line.today - int(self.random.integers(*ago))


PAIRS: dict[str, Any] = {
    **dict.fromkeys(("id", "skill_id", "strong_id", "learner_id", "starts_on", "ends_on"), pl.Int64),
    "status": pl.String,
    **dict.fromkeys(("proposed_by", "recorded_at", "closed_at"), pl.Int64),
}
MEETINGS: dict[str, Any] = {
    **dict.fromkeys(("peer_pair_id", "met_on"), pl.Int64),
    **dict.fromkeys(("strong_tried", "tried", "worked", "next_step"), pl.String),
    "written_by": pl.Int64,
}


def peer_frames(roster: Roster, cards: Cards, numbers: RowNumbers) -> list[tuple[sa.Table, pl.DataFrame]]:
    """Pairs, worksheets and own limits of one block, in the order in which they refer to each other."""
    random = roster.company.request.stream(PEERS, roster.facts.seats[0])
    making = _Making(roster, cards, numbers, random)
    teams = [int(team) for team in np.unique(roster.reps.team_on(roster.line.today - 1))]
    for team in teams:
        there = _members(roster, team)
        if len(there) >= FEWEST:
            _closed_pair(making, there)
            _running_pair(making, there)
            if team % 3 == 0:
                _proposed_pair(making, there)
    _across(making, teams)
    return [(peer_pair, _pair_frame(making)), (peer_meeting, _meeting_frame(making)), (peer_capacity, _limits(making))]


def _members(roster: Roster, team: int) -> Days:
    reps, today = roster.reps, roster.line.today - 1
    here = (reps.team_on(today) == team) & (reps.left == NEVER) & (reps.started < today - TENURE_DAYS)
    return np.flatnonzero(here)


def _levels(roster: Roster, there: Days, day: int) -> Floats:
    """Rep x skill: the true levels on a day."""
    count = len(WORDS)
    rep, about = np.repeat(there, count), np.tile(np.arange(count), len(there))
    return roster.skill_level(rep, about, np.full(len(rep), day)).reshape(len(there), count)


def _closed_pair(making: _Making, there: Days) -> None:
    """The one of the weaker half whose skill has grown most in its time, with the strongest of that day."""
    start = making.begun_on(CLOSED_AGO)
    if start < making.roster.line.first_day + DAYS_BEFORE:
        return
    then = _levels(making.roster, there, start)
    grown = _levels(making.roster, there, start + 7 * WEEKS + 40) - then
    grown = np.where(then <= np.median(then, axis=0), grown, -1.0)
    learner, about = _highest(grown)
    _add(making, there[_best(then[:, about], learner)], there[learner], about, start, "closed")


def _running_pair(making: _Making, there: Days) -> None:
    """Whoever has most to gain from a colleague; the rep of the stories, where they are in the team."""
    start = max(making.begun_on(RUNNING_AGO), making.roster.line.first_day + DAYS_BEFORE // 3)
    now = _levels(making.roster, there, start)
    behind = now.max(axis=0)[None, :] - now
    if making.roster.facts.seats[0] == 0 and there[0] == 0:
        behind[1:] = -1.0
    learner, about = _highest(behind)
    _add(making, there[_best(now[:, about], learner)], there[learner], about, start, "accepted")


def _proposed_pair(making: _Making, there: Days) -> None:
    """Proposed some days ago, between two who are in no pair yet."""
    start = making.begun_on(PROPOSED_AGO)
    free = there[[not making.taken.get(int(rep)) for rep in there]]
    if len(free) < 2:
        return
    now = _levels(making.roster, free, start)
    learner, about = _highest(now.max(axis=0)[None, :] - now)
    _add(making, free[_best(now[:, about], learner)], free[learner], about, start, "proposed")


def _across(making: _Making, teams: Sequence[int]) -> None:
    """One pair across the first two teams of the block that have the same leader, put together by that leader."""
    leaders = making.roster.teams.leader_ids
    found = [(one, other) for one, other in pairwise(teams) if leaders[one] == leaders[other]]
    if not found:
        return
    helping, working = (_members(making.roster, team) for team in found[0])
    # The first of the first team is the rep of the stories, who has a pair in the own team.
    helping = helping[1:][[making.taken.get(int(rep), 0) < 2 for rep in helping[1:]]]
    working = working[[making.taken.get(int(rep), 0) < 2 for rep in working]]
    if not len(helping) or len(working) < FEWEST:
        return
    start = making.roster.line.today - RUNNING_AGO[0] // 2
    ours, theirs = _levels(making.roster, helping, start), _levels(making.roster, working, start)
    learner, about = _highest(ours.max(axis=0)[None, :] - theirs)
    strong, leader = helping[int(np.argmax(ours[:, about]))], int(leaders[found[0][0]])
    _add(making, strong, working[learner], about, start, "accepted", by=leader)


def _highest(table: Floats) -> tuple[int, int]:
    row, column = np.unravel_index(int(np.argmax(table)), table.shape)
    return int(row), int(column)


def _best(levels: Floats, without: int) -> int:
    """Position of the highest level, somebody left out."""
    return int(np.argmax(np.where(np.arange(len(levels)) == without, -1.0, levels)))


def _add(
    making: _Making, helping: np.int64, working: np.int64, about: int, start: int, status: str, by: int | None = None
) -> None:
    strong, learner, roster = int(helping), int(working), making.roster
    first, end, asked = (int(day) for day in on_weekday(np.array([start, start + 7 * WEEKS, start - 3])))
    number = int(making.numbers.take("peer_pair", 1)[0])
    if by is None:
        by = int(roster.manager_of(np.array([learner]), np.array([first]))[0])
    closed = end if status == "closed" else NEVER
    about_id = int(making.cards.rep_skills[about])
    people = int(roster.person_ids[strong]), int(roster.person_ids[learner])
    if status == "proposed":
        asked = first
    making.pairs.append((number, about_id, *people, first, closed, status, by, asked, closed))
    if status != "closed":
        for rep in (strong, learner):
            making.taken[rep] = making.taken.get(rep, 0) + 1
    if status == "proposed":
        return
    days = on_weekday(np.arange(first + 8, min(end, roster.line.today - 1), BETWEEN_MEETINGS))
    for turn, day in enumerate(days):
        making.meetings.append((number, int(day), *WORDS[about][turn % len(WORDS[about])], people[turn % 2]))


def _pair_frame(making: _Making) -> pl.DataFrame:
    frame = pl.DataFrame(making.pairs, schema=PAIRS, orient="row")
    mornings = np.full(frame.height, MORNING)
    return frame.with_columns(
        *(date_column(frame[name].to_numpy()).alias(name) for name in ("starts_on", "ends_on")),
        *(instant_column(frame[name].to_numpy(), mornings).alias(name) for name in ("recorded_at", "closed_at")),
    )


def _meeting_frame(making: _Making) -> pl.DataFrame:
    frame = pl.DataFrame(making.meetings, schema=MEETINGS, orient="row")
    days = frame["met_on"].to_numpy()
    return frame.with_columns(
        date_column(days).alias("met_on"), instant_column(days, np.full(len(days), EVENING)).alias("recorded_at")
    )


def _limits(making: _Making) -> pl.DataFrame:
    """One of each block takes a single pair at a time: the last of those who are in one or none."""
    roster = making.roster
    there = np.flatnonzero(roster.reps.left == NEVER)
    there = there[[making.taken.get(int(rep), 0) <= 1 for rep in there]][-1:]
    day = np.full(len(there), roster.line.today - 30)
    return pl.DataFrame(
        {
            "person_id": roster.person_ids[there],
            "pairs_at_most": np.ones(len(there), dtype=np.int64),
            "set_by": roster.manager_of(there, day),
            "recorded_at": instant_column(day, np.full(len(there), MORNING)),
        }
    )
