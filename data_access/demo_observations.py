"""Who watched whom sell in the demo company and what was scored, the reps' own views and second raters included."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
import sqlalchemy as sa

from data_access import demo_words as words
from data_access.default_scorecard import COACH_SKILLS, REP_SKILLS
from data_access.demo_deals import drawn, picked
from data_access.demo_roster import Cards, Phrases, Roster, RowNumbers
from data_access.demo_timeline import (
    NEVER,
    Days,
    Flags,
    Floats,
    date_column,
    instant_column,
    on_weekday,
    reference_column,
)
from data_access.tables import CHANNELS, LIVE_MODES, observation, score, second_rating

COACH, SELF, SECOND, COACH_THE_COACH = range(4)
KINDS = ("coach", "self", "second_rater", "coach_the_coach")
CHANNEL_SHARES = np.array([0.25, 0.25, 0.25, 0.15, 0.10])
FIELD, PHONE, VIDEO = 0, 1, 2
LIVE_SHARES = np.array([0.55, 0.3, 0.1, 0.05])
SCORE_NOISE, SELF_BIAS, SELF_NOISE = 0.42, 0.25, 0.5
SELF_SHARE, SECOND_SHARE, EXAMPLE_SHARE = 0.3, 0.05, 0.25
ALONE_SHARE, ASKED_SHARE = 0.15, 0.3
"""Reps who scored a call of the last days before their coach did; observations of the last days that wait for another
coach's blind scores."""
DAYS_OPEN, DAYS_ASKED = 7, 14
"""What is younger may still wait: for the rep's own view, or for the rep's consent and a second coach's scores."""
SKILLS = len(REP_SKILLS)


def _evidence() -> list[Phrases]:
    """Sentences per band of levels; within a band skill after skill, two each."""
    bands = (words.EVIDENCE_LOW, words.EVIDENCE_MIDDLE, words.EVIDENCE_HIGH)
    return [Phrases.of([sentence for pair in band for sentence in pair]) for band in bands]


EVIDENCE = _evidence()
ONE_THING = Phrases.of(words.ONE_THING)
WENT_WELL = Phrases.of([sentence for pair in words.WENT_WELL for sentence in pair])
COACH_EVIDENCE = (
    "Two closed questions, then the answer",
    "Waited until the rep had finished and asked once more",
    "Named the moment in the call and asked how it looked from the other side",
    "One action, with a date, in the rep's words",
    "Began with the promises of the last session",
)


@dataclass(frozen=True)
class Observations:
    """One entry per observation of a rep in a block; those that others refer to come first."""

    ids: Days
    rep: Days
    observer: Days
    """Person ids."""
    leniency: Floats
    kind: Days
    pair: Days
    """Row number of the observation of the same call; 0 = none."""
    day: Days
    minute: Days
    channel: Days
    live: Days
    deal: Days
    """Position in the deal sample; -1 = none."""
    call: Days
    """Position in the block's calls; -1 = none."""
    skills: Days
    """Observation x 3..4, positions of the skills scored; -1 = one less."""


def planned_observations(roster: Roster, numbers: RowNumbers) -> Observations:
    """What coaches saw, what the reps thought of the same calls, and second raters."""
    own = _by_coaches(roster, numbers)
    views = _again(roster, numbers, own, SELF, SELF_SHARE)
    seconds = _again(roster, numbers, own, SECOND, SECOND_SHARE)
    parts = (own, views, seconds, _before_the_coach(roster, numbers))
    names = Observations.__dataclass_fields__
    return Observations(**{name: np.concatenate([getattr(part, name) for part in parts]) for name in names})


def _by_coaches(roster: Roster, numbers: RowNumbers) -> Observations:
    random, calls = roster.random, roster.facts.calls
    rep, day = _moments(roster)
    seen = np.flatnonzero((random.random(len(calls.day)) < 0.5) & roster.is_there(calls.person, calls.day))
    rep, day = np.concatenate([rep, calls.person[seen]]), np.concatenate([day, calls.day[seen]])
    call = np.concatenate([np.full(len(rep) - len(seen), -1), seen])
    order = np.argsort(day, kind="stable")
    rep, day, call = rep[order], day[order], call[order]
    count, on_call = len(rep), call >= 0
    team = roster.team_of(rep, day)
    other = random.integers(0, len(roster.teams.names), count)
    by_other = ~on_call & (random.random(count) < 0.1)
    watcher = np.where(by_other, other, team)
    observer = roster.teams.manager_ids[watcher]
    by_leader = ~on_call & ~by_other & (random.random(count) < 0.06)
    channel = np.where(on_call, PHONE, drawn(random, CHANNEL_SHARES, count))
    is_live = (channel == PHONE) | (channel == VIDEO)
    live = np.where(is_live, drawn(random, LIVE_SHARES, count), 0)
    # The telephone system knows how the coach took part; its "unknown" says as little as none.
    mode = calls.mode[np.maximum(call, 0)] + 1 if len(calls.mode) else np.zeros(count, dtype=np.int64)
    live = np.where(on_call, np.where(mode > 3, 0, mode), live)
    return Observations(
        ids=numbers.take("observation", count),
        rep=rep,
        observer=np.where(by_leader, roster.teams.leader_ids[team], observer),
        leniency=np.where(by_leader, 0.0, roster.teams.leniency[watcher]),
        kind=np.full(count, COACH),
        pair=np.zeros(count, dtype=np.int64),
        day=day,
        minute=np.where(on_call, _of(calls.minute, call), 15 * random.integers(34, 64, count)),
        channel=channel,
        live=live,
        deal=np.where(on_call, -1, roster.deal_on(rep, day)),
        call=call,
        skills=_scored_skills(roster, rep),
    )


def _of(column: Days, positions: Days) -> Days:
    """``column`` at positions; 0 for -1."""
    if not len(column):
        return np.zeros(len(positions), dtype=np.int64)
    return np.where(positions >= 0, column[np.maximum(positions, 0)], 0)


def _moments(roster: Roster) -> tuple[Days, Days]:
    """Rep and day of observations: often for newcomers and the enrolled, now and then for the others."""
    line, random = roster.line, roster.random
    months = np.arange(line.shown, line.current + 1)
    middle = np.tile(line.starts[months] + 15, (len(roster), 1))
    rows = np.repeat(np.arange(len(roster)), len(months))
    day = middle.ravel()
    rate = np.where(roster.is_coached(rows, day), 1.3, 0.4)
    rate = np.where(day - roster.reps.started[rows] < 180, 1.6, rate)
    rate = rate * (0.6 + 0.7 * roster.teams.diligence[roster.team_of(rows, day)])
    rate = np.where(day >= roster.forgotten_from[rows] - 20, 0.0, rate)
    many = random.poisson(rate)
    rep = np.repeat(rows, many)
    start = np.repeat(np.tile(line.starts[months], len(roster)), many)
    when = on_weekday(start + random.integers(0, 28, len(rep)))
    kept = roster.is_there(rep, when) & ~roster.is_away(rep, when)
    return rep[kept], when[kept]


def _scored_skills(roster: Roster, rep: Days) -> Days:
    """The focus skill most of the time, and two or three others."""
    random, count = roster.random, len(rep)
    order = random.random((count, SKILLS))
    focused = random.random(count) < 0.75
    order[np.flatnonzero(focused), roster.focus[rep[focused]]] = -1
    chosen = np.argsort(order, axis=1)[:, :4]
    chosen[random.random(count) < 0.5, 3] = -1
    return chosen


def _again(roster: Roster, numbers: RowNumbers, own: Observations, kind: int, share: float) -> Observations:
    """The same calls, scored by the rep or blind by another manager."""
    random = roster.random
    rows = np.flatnonzero(random.random(len(own.ids)) < share)
    count = len(rows)
    other = (roster.team_of(own.rep[rows], own.day[rows]) + 1) % len(roster.teams.names)
    is_self = kind == SELF
    return Observations(
        ids=numbers.take("observation", count),
        rep=own.rep[rows],
        observer=roster.person_ids[own.rep[rows]] if is_self else roster.teams.manager_ids[other],
        leniency=np.full(count, SELF_BIAS) if is_self else roster.teams.leniency[other],
        kind=np.full(count, kind),
        pair=own.ids[rows],
        day=own.day[rows],
        minute=own.minute[rows],
        channel=own.channel[rows],
        live=np.zeros(count, dtype=np.int64),
        deal=own.deal[rows],
        call=own.call[rows],
        skills=own.skills[rows],
    )


def _before_the_coach(roster: Roster, numbers: RowNumbers) -> Observations:
    """Calls of the last days that a rep scored and nobody else has scored yet."""
    random = roster.random
    rep = np.flatnonzero(random.random(len(roster)) < ALONE_SHARE)
    day = on_weekday(roster.line.today - random.integers(2, 10, len(rep)))
    kept = roster.is_there(rep, day) & ~roster.is_away(rep, day)
    rep, day = rep[kept], day[kept]
    count = len(rep)
    return Observations(
        ids=numbers.take("observation", count),
        rep=rep,
        observer=roster.person_ids[rep],
        leniency=np.full(count, SELF_BIAS),
        kind=np.full(count, SELF),
        pair=np.zeros(count, dtype=np.int64),
        day=day,
        minute=15 * random.integers(34, 64, count),
        channel=drawn(random, CHANNEL_SHARES, count),
        live=np.zeros(count, dtype=np.int64),
        deal=roster.deal_on(rep, day),
        call=np.full(count, -1),
        skills=_scored_skills(roster, rep),
    )


# ---- Rows ----------------------------------------------------------------------------------------------------------


def observation_frames(
    roster: Roster, found: Observations, cards: Cards, import_id: int
) -> list[tuple[sa.Table, pl.DataFrame]]:
    """The observations of reps, their scores, and who was asked to score a call blind."""
    scores, best = _score_frame(roster, found, cards)
    return [
        (observation, _observation_frame(roster, found, cards, best, import_id)),
        (score, scores),
        (second_rating, _asked_frame(roster, found)),
    ]


def _asked_frame(roster: Roster, found: Observations) -> pl.DataFrame:
    """Second coaches who have scored a call, and some of the last days who have not come to it yet."""
    rated = np.flatnonzero(found.kind == SECOND)
    first = np.searchsorted(found.ids, found.pair[rated])
    young = (found.kind == COACH) & (found.day > roster.line.today - DAYS_ASKED) & ~np.isin(found.ids, found.pair)
    waits = np.flatnonzero(young & (roster.random.random(len(found.ids)) < ASKED_SHARE))
    other = (roster.team_of(found.rep[waits], found.day[waits]) + 1) % len(roster.teams.names)
    rater = roster.teams.manager_ids[other]
    free = rater != found.observer[waits]
    row = np.concatenate([first, waits[free]])
    return pl.DataFrame(
        {
            "observation_id": found.ids[row],
            "rater_id": np.concatenate([found.observer[rated], rater[free]]),
            "asked_by": found.observer[row],
            "asked_at": instant_column(found.day[row], found.minute[row] + 60),
        }
    )


def _score_frame(roster: Roster, found: Observations, cards: Cards) -> tuple[pl.DataFrame, Flags]:
    """The scores, and which observations hold a level of 4 or more with evidence."""
    random = roster.random
    row, column = np.nonzero(found.skills >= 0)
    skill = found.skills[row, column]
    true = roster.skill_level(found.rep[row], skill, found.day[row])
    noise = np.where(found.kind[row] == SELF, SELF_NOISE, SCORE_NOISE) * random.normal(0, 1, len(row))
    level = np.clip(np.round(true + found.leniency[row] + noise), 1, 5).astype(np.int64)
    band = np.where(level <= 2, 0, np.where(level == 3, 1, 2))
    sentence = skill * 2 + random.integers(0, 2, len(row))
    is_said = (found.kind[row] != SELF) & (random.random(len(row)) < 0.8)
    evidence = pl.Series([None] * len(row), dtype=pl.String)
    for number, phrases in enumerate(EVIDENCE):
        mine = (band == number) & is_said
        evidence = evidence.fill_null(phrases.pick(np.where(mine, sentence, -1), random))
    strong = np.zeros(len(found.ids), dtype=bool)
    strong[row[is_said & (level >= 4)]] = True
    frame = pl.DataFrame(
        {
            "observation_id": found.ids[row],
            "scorecard_item_id": cards.rep_items[skill],
            "level": level,
            "evidence": evidence,
        }
    )
    return frame, strong


def _observation_frame(
    roster: Roster, found: Observations, cards: Cards, strong: Flags, import_id: int
) -> pl.DataFrame:
    random, sample, calls = roster.random, roster.facts.sample, roster.facts.calls
    count, by_self = len(found.ids), found.kind == SELF
    private = ~by_self & (random.random(count) < 0.06)
    is_young = found.day > roster.line.today - DAYS_OPEN
    # Some calls of the last days wait for the rep's own view, some own views for the coach.
    waits = is_young & (found.kind == COACH) & ~np.isin(found.ids, found.pair[by_self]) & (random.random(count) < 0.75)
    kept_back = waits | np.isin(found.pair, found.ids[waits]) | (by_self & (found.pair == 0))
    offered = strong & (found.kind == COACH) & ~private & ~kept_back & (random.random(count) < EXAMPLE_SHARE)
    is_new = found.day > roster.line.today - DAYS_ASKED
    consented = offered & ~is_new & (random.random(count) < 0.8)
    # Older offers have been answered: what the rep did not want to share is no example any more.
    example = consented | (offered & is_new)
    last, first = found.skills[:, 2], found.skills[:, 0]
    deal = np.where(found.call >= 0, _of(calls.deal_id, found.call), roster.sampled(sample.deal_id, found.deal))
    account = np.where(
        found.call >= 0, _of(calls.account_id, found.call), roster.sampled(sample.account_id, found.deal)
    )
    written = found.minute + np.where(by_self, 30, 50)
    return pl.DataFrame(
        {
            "id": found.ids,
            "person_id": roster.person_ids[found.rep],
            "observer_id": found.observer,
            "kind": picked(KINDS, found.kind),
            "paired_observation_id": reference_column(found.pair),
            "observed_at": instant_column(found.day, found.minute),
            "observed_on": date_column(found.day),
            "channel": picked(CHANNELS, found.channel),
            "live_mode": picked(LIVE_MODES, found.live),
            "deal_id": reference_column(deal),
            "account_id": reference_column(account),
            "call_id": reference_column(_of(calls.call_id, found.call)),
            "scorecard_version_id": np.full(count, cards.rep_version),
            "went_well": WENT_WELL.pick(np.where(by_self, -1, last * 2 + random.integers(0, 2, count)), random),
            "one_thing": ONE_THING.pick(
                np.where((random.random(count) < 0.85) & (found.kind == COACH), first, -1), random
            ),
            "visibility": picked(("shared", "private"), private.astype(np.int64)),
            "released_at": instant_column(np.where(kept_back, NEVER, found.day), written + 20),
            "is_example": example,
            "consented_at": instant_column(np.where(consented, found.day + 2, NEVER), written),
            "recorded_at": instant_column(found.day, written),
            "import_id": np.full(count, import_id),
        }
    )


def coach_observation_frames(
    roster: Roster, numbers: RowNumbers, cards: Cards, import_id: int
) -> list[tuple[sa.Table, pl.DataFrame]]:
    """Leaders sat in on managers' sessions, about once a quarter, and scored the coaching."""
    random, line, teams = roster.random, roster.line, roster.teams
    here = np.unique(roster.reps.team)
    quarters = np.array([max(quarter, line.first_day) for quarter in line.quarter_starts()])
    team = np.repeat(here, len(quarters))
    day = on_weekday(np.tile(quarters, len(here)) + random.integers(5, 85, len(team)))
    kept = (day < line.today) & (day >= line.first_day) & (random.random(len(team)) < 0.75)
    # Teams of which only a transferred rep sits here belong to another block.
    first, end = roster.facts.seats
    own = np.isin(team, roster.company.seat_team[first:end])
    team, day = team[kept & own], day[kept & own]
    ids = numbers.take("observation", len(team))
    minute = 30 * random.integers(18, 32, len(team))
    frame = pl.DataFrame(
        {
            "id": ids,
            "person_id": teams.manager_ids[team],
            "observer_id": teams.leader_ids[team],
            "kind": picked(KINDS, np.full(len(team), COACH_THE_COACH)),
            "observed_at": instant_column(day, minute),
            "observed_on": date_column(day),
            "channel": picked(CHANNELS, drawn(random, np.array([0.4, 0.0, 0.6]), len(team))),
            "live_mode": picked(LIVE_MODES, np.ones(len(team), dtype=np.int64)),
            "scorecard_version_id": np.full(len(team), cards.coach_version),
            "went_well": picked(COACH_EVIDENCE, random.integers(1, len(COACH_EVIDENCE), len(team))),
            "visibility": picked(("shared",), np.zeros(len(team), dtype=np.int64)),
            "released_at": instant_column(day, minute + 90),
            "recorded_at": instant_column(day, minute + 70),
            "import_id": np.full(len(team), import_id),
        }
    )
    row = np.repeat(np.arange(len(team)), len(COACH_SKILLS))
    item = np.tile(np.arange(len(COACH_SKILLS)), len(team))
    level = np.clip(np.round(1.3 + 3.2 * teams.skill[team[row]] + random.normal(0, 0.5, len(row))), 1, 5)
    fits = np.where(item == 0, level <= 2, level >= 4)
    scores = pl.DataFrame(
        {
            "observation_id": ids[row],
            "scorecard_item_id": cards.coach_items[item],
            "level": level.astype(np.int64),
            "evidence": picked(COACH_EVIDENCE, np.where(fits, item, -1)),
        }
    )
    return [(observation, frame), (score, scores)]
