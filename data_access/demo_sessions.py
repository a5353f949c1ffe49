"""The coaching sessions of the demo company, and what comes with them: topics, promises, triggers used, their cost."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
import sqlalchemy as sa

from data_access import demo_words as words
from data_access.default_scorecard import REP_SKILLS
from data_access.demo_deals import drawn, picked
from data_access.demo_plans import Plans
from data_access.demo_roster import Cards, Phrases, Roster, RowNumbers
from data_access.demo_timeline import (
    NEVER,
    Days,
    Floats,
    date_column,
    instant_column,
    on_weekday,
    reference_column,
)
from data_access.tables import (
    METHODS,
    TRIGGERS,
    commitment,
    session,
    session_participant,
    session_topic,
    trigger_use,
)

EVERY_DAYS = 14
GROUP_EVERY_DAYS = 42
PLANNED, HELD, MOVED, MISSED, EXCUSED = range(5)
STATUSES = ("planned", "held", "moved", "missed", "excused")
OWN_MANAGER, OTHER_COACH, GROUP = range(3)
KINDS = ("own_manager", "other_coach", "group")
TRIGGER_USED = 0.55
DAYS_LATE = 35
"""Between so many days and twice as many after its day a coach does what was not done in time."""
ANSWER_DAYS = 14
"""After so many days it is known whether something followed a trigger."""
TOPIC_DAYS = 120
SKILL_NAMES = [skill.name.lower() for skill in REP_SKILLS]
SESSION_NOTES = Phrases.of(words.SESSION_NOTES, SKILL_NAMES)
TOPICS = Phrases.of(words.TOPICS, SKILL_NAMES)
REP_PROMISES, COACH_PROMISES = Phrases.of(words.REP_PROMISES), Phrases.of(words.COACH_PROMISES)


@dataclass(frozen=True)
class Sessions:
    """One entry per session of a block, sorted by the planned day."""

    ids: Days
    rep: Days
    coach: Days
    team: Days
    kind: Days
    planned: Days
    held: Days
    """NEVER where it was not held."""
    status: Days
    missed_by_rep: Days
    minutes: Days
    preparation: Days
    skill: Days
    trigger: Days
    """Position in TRIGGERS; -1 = none."""


def planned_sessions(roster: Roster, numbers: RowNumbers) -> Sessions:
    """What became of every two-week slot, group sessions included."""
    rep, planned, status, kind = _one_on_ones(roster)
    group_rep, group_day = _group_days(roster)
    rep = np.concatenate([rep, group_rep])
    planned = np.concatenate([planned, group_day])
    status = np.concatenate([status, np.where(group_day < roster.line.today, HELD, PLANNED)])
    kind = np.concatenate([kind, np.full(len(group_rep), GROUP)])
    order = np.lexsort((rep, planned))
    return _detailed(roster, numbers, rep[order], planned[order], status[order], kind[order])


def _one_on_ones(roster: Roster) -> tuple[Days, Days, Days, Days]:
    line, random, reps = roster.line, roster.random, roster.reps
    first = -(-(roster.first - reps.started) // EVERY_DAYS)
    last_day = np.minimum(reps.left, line.today + EVERY_DAYS - 1)
    slots = np.maximum((last_day - reps.started) // EVERY_DAYS - first + 1, 0)
    rep = np.repeat(np.arange(len(roster)), slots)
    number = np.arange(len(rep)) - np.repeat(np.cumsum(slots) - slots, slots) + first[rep]
    start = reps.started[rep] + EVERY_DAYS * number
    planned = np.maximum(on_weekday(start + random.integers(1, 13, len(rep))), start)
    scheduled = random.random(len(rep)) < _planning_rate(roster, rep, planned)
    kept = scheduled & (planned <= last_day[rep]) & (planned >= line.first_day)
    rep, planned = rep[kept], planned[kept]
    fate = drawn(random, np.array([0.82, 0.08, 0.10]), len(rep)) + HELD
    status = np.where(roster.is_away(rep, planned), EXCUSED, fate)
    status = np.where(planned >= line.today, PLANNED, status)
    again = np.flatnonzero(status == MOVED)
    later = on_weekday(planned[again] + random.integers(3, 8, len(again)))
    held_later = (later > planned[again]) & (later < roster.until[rep[again]])
    kind = np.where((status == HELD) & (random.random(len(rep)) < 0.05), OTHER_COACH, OWN_MANAGER)
    extra = again[held_later]
    return (
        np.concatenate([rep, rep[extra]]),
        np.concatenate([planned, later[held_later]]),
        np.concatenate([status, np.full(len(extra), HELD)]),
        np.concatenate([kind, np.full(len(extra), OWN_MANAGER)]),
    )


def _planning_rate(roster: Roster, rep: Days, day: Days) -> Floats:
    """The chance that a slot gets a date at all: by manager, by programme, for newcomers, hardly for the forgotten."""
    diligence = roster.teams.diligence[roster.team_of(rep, day)]
    rate = np.where(roster.is_coached(rep, day), 0.72 + 0.28 * diligence, 0.15 + 0.6 * diligence)
    rate = np.where(day - roster.reps.started[rep] < 90, np.maximum(rate, 0.85), rate)
    return np.where(day >= roster.forgotten_from[rep], 0.0, rate)


def _group_days(roster: Roster) -> tuple[Days, Days]:
    """Every team meets once in six weeks; the rep named first stands for the group."""
    line, days, reps = roster.line, [], []
    for team in np.unique(roster.reps.team):
        for day in range(line.first_day + 9 + int(team) % 5 * 7, line.today + EVERY_DAYS, GROUP_EVERY_DAYS):
            meeting = int(on_weekday(np.array([day]))[0])
            present = _present(roster, int(team), meeting)
            if len(present) >= 3:
                reps.append(int(present[0]))
                days.append(meeting)
    return np.array(reps, dtype=np.int64), np.array(days, dtype=np.int64)


def _present(roster: Roster, team: int, day: int) -> Days:
    reps = roster.reps
    there = (roster.reps.team_on(day) == team) & (reps.started <= day) & (day <= reps.left)
    return np.flatnonzero(there & ~roster.is_away(np.arange(len(roster)), np.full(len(roster), day)))


def _detailed(roster: Roster, numbers: RowNumbers, rep: Days, planned: Days, status: Days, kind: Days) -> Sessions:
    random, count = roster.random, len(rep)
    team = roster.team_of(rep, planned)
    held = np.where(status == HELD, planned, NEVER)
    coach = np.where(kind == OTHER_COACH, roster.teams.leader_ids[team], roster.teams.manager_ids[team])
    focused = random.random(count) < 0.6
    skill = np.where(focused, roster.focus[rep], random.integers(0, len(REP_SKILLS), count))
    one_on_one = (status == HELD) & (kind != GROUP)
    return Sessions(
        ids=numbers.take("session", count),
        rep=rep,
        coach=coach,
        team=team,
        kind=kind,
        planned=planned,
        held=held,
        status=status,
        missed_by_rep=(random.random(count) < 0.35).astype(np.int64),
        minutes=np.where(kind == GROUP, 60, 5 * random.integers(4, 11, count)),
        preparation=5 * random.integers(0, 5, count),
        skill=skill,
        trigger=np.where(one_on_one & (random.random(count) < TRIGGER_USED), _triggers(roster, rep), -1),
    )


def _triggers(roster: Roster, rep: Days) -> Days:
    """What managers try: mostly what the rep has said, sometimes anything, rarely the negative challenge."""
    weights = 0.35 + roster.weights[rep] * 0.65
    weights[:, TRIGGERS.index("challenge_negative")] *= 0.3
    edges = np.cumsum(weights, axis=1)
    point = roster.random.random(len(rep)) * edges[:, -1]
    return (edges < point[:, None]).sum(axis=1)


# ---- Rows ----------------------------------------------------------------------------------------------------------


def session_frames(
    roster: Roster, sessions: Sessions, plans: Plans, cards: Cards, import_id: int
) -> list[tuple[sa.Table, pl.DataFrame]]:
    """The rows of the session tables, in the order in which they refer to each other."""
    return [
        (session, _session_frame(roster, sessions, plans, cards, import_id)),
        (session_participant, _participants(roster, sessions)),
        (session_topic, _topics(roster, sessions)),
        (trigger_use, _trigger_uses(roster, sessions)),
        (commitment, _promises(roster, sessions)),
    ]


def _session_frame(roster: Roster, sessions: Sessions, plans: Plans, cards: Cards, import_id: int) -> pl.DataFrame:
    random, count = roster.random, len(sessions.ids)
    is_held = sessions.status == HELD
    minute = 30 * random.integers(17, 33, count)
    said = random.integers(12, 27, count)
    asked = np.clip(0.25 + 0.5 * roster.teams.skill[sessions.team] + random.normal(0, 0.08, count), 0.05, 0.95)
    questions = np.round(said * asked).astype(np.int64)
    action = plans.action_on(sessions.rep, sessions.planned, random)
    with_action = is_held & (sessions.kind == OWN_MANAGER) & (random.random(count) < 0.6)
    note = np.where(is_held & (random.random(count) < 0.75), random.integers(0, len(words.SESSION_NOTES), count), -1)
    note = np.where(note >= 0, note * len(SKILL_NAMES) + sessions.skill, -1)
    written = np.where(is_held, sessions.held, np.minimum(sessions.planned, roster.line.today) - 1)
    return pl.DataFrame(
        {
            "id": sessions.ids,
            "rep_id": roster.person_ids[sessions.rep],
            "coach_id": sessions.coach,
            "kind": picked(KINDS, sessions.kind),
            "planned_on": date_column(sessions.planned),
            "held_at": instant_column(sessions.held, minute),
            "held_on": date_column(sessions.held),
            "status": picked(STATUSES, sessions.status),
            "missed_by": picked(("coach", "rep"), np.where(sessions.status == MISSED, sessions.missed_by_rep, -1)),
            "minutes": _where(is_held, sessions.minutes),
            "preparation_minutes": _where(is_held, sessions.preparation),
            "method": picked(METHODS, np.where(is_held, random.integers(0, len(METHODS), count), -1)),
            "angle": picked(words.ANGLES, np.where(is_held, random.integers(0, len(words.ANGLES), count), -1)),
            "skill_id": reference_column(np.where(is_held, cards.rep_skills[sessions.skill], 0)),
            "plan_action_id": reference_column(np.where(with_action, action, 0)),
            "questions": _where(is_held, questions),
            "instructions": _where(is_held, said - questions),
            "trigger": picked(TRIGGERS, sessions.trigger),
            "tone": picked(words.TONES, np.where(sessions.trigger >= 0, _tones(sessions), -1)),
            "note": SESSION_NOTES.pick(note, random),
            "visibility": picked(("shared", "private"), (random.random(count) < 0.15).astype(np.int64)),
            "recorded_at": instant_column(written, minute + 65),
            "import_id": np.full(count, import_id),
        }
    )


def _where(condition: np.ndarray, values: Days) -> pl.Series:
    return pl.Series(values).set(pl.Series(~condition), None)


def _tones(sessions: Sessions) -> Days:
    return (sessions.ids + sessions.trigger) % len(words.TONES)


def _participants(roster: Roster, sessions: Sessions) -> pl.DataFrame:
    """Who else was in the group sessions."""
    found: dict[str, list[int]] = {"session_id": [], "person_id": []}
    for row in np.flatnonzero(sessions.kind == GROUP):
        present = _present(roster, int(sessions.team[row]), int(sessions.planned[row]))
        others = present[present != sessions.rep[row]]
        found["session_id"] += [int(sessions.ids[row])] * len(others)
        found["person_id"] += [int(number) for number in roster.person_ids[others]]
    return pl.DataFrame(found, schema={"session_id": pl.Int64, "person_id": pl.Int64})


def _topics(roster: Roster, sessions: Sessions) -> pl.DataFrame:
    """One to four topics for the sessions of the last months and the coming ones."""
    random, line = roster.random, roster.line
    recent = np.flatnonzero((sessions.planned >= line.today - TOPIC_DAYS) & (sessions.status <= HELD))
    counts = random.integers(1, 5, len(recent))
    row = np.repeat(recent, counts)
    position = np.arange(len(row)) - np.repeat(np.cumsum(counts) - counts, counts)
    # Neighbouring positions get different topics because the step shares no factor with the number of topics.
    topic = (sessions.ids[row] * 5 + position * 2) % len(words.TOPICS)
    by_rep = random.random(len(row)) < 0.4
    return pl.DataFrame(
        {
            "session_id": sessions.ids[row],
            "position": position + 1,
            "topic": TOPICS.pick(topic * len(SKILL_NAMES) + sessions.skill[row], random),
            "added_by": np.where(by_rep, roster.person_ids[sessions.rep[row]], sessions.coach[row]),
        }
    )


def _trigger_uses(roster: Roster, sessions: Sessions) -> pl.DataFrame:
    random = roster.random
    row = np.flatnonzero(sessions.trigger >= 0)
    used = sessions.held[row]
    followed = random.random(len(row)) < roster.response[sessions.rep[row], sessions.trigger[row]]
    is_known = used + ANSWER_DAYS < roster.line.today
    later = used + np.where(followed, random.integers(2, ANSWER_DAYS, len(row)), ANSWER_DAYS)
    return pl.DataFrame(
        {
            "session_id": sessions.ids[row],
            "rep_id": roster.person_ids[sessions.rep[row]],
            "coach_id": sessions.coach[row],
            "trigger": picked(TRIGGERS, sessions.trigger[row]),
            "tone": picked(words.TONES, _tones(sessions)[row]),
            "used_on": date_column(used),
            "followed": pl.Series(followed).set(pl.Series(~is_known), None),
            "followed_on": date_column(np.where(is_known, later, NEVER)),
        }
    )


def _promises(roster: Roster, sessions: Sessions) -> pl.DataFrame:
    """What rep and coach promised each other, and whether it was kept."""
    random, line = roster.random, roster.line
    held = np.flatnonzero((sessions.status == HELD) & (sessions.kind == OWN_MANAGER))
    by_rep = held[random.random(len(held)) < 0.8]
    by_coach = held[random.random(len(held)) < 0.45]
    row = np.concatenate([by_rep, by_coach])
    is_rep = np.arange(len(row)) < len(by_rep)
    made = sessions.held[row]
    due = on_weekday(made + random.integers(7, 22, len(row)))
    keeps = np.where(is_rep, 0.74, 0.5 + 0.45 * roster.teams.diligence[sessions.team[row]])
    done = np.maximum(due - random.integers(-3, 7, len(row)), made)
    is_kept = random.random(len(row)) < keeps
    # What a coach did not keep in time is done weeks late: it stands in front of them until then.
    late = due + DAYS_LATE + np.arange(len(row)) % DAYS_LATE
    done = np.where(is_kept | is_rep, done, late)
    is_done = (is_kept | ~is_rep) & (done < line.today)
    rep_text = REP_PROMISES.pick(np.where(is_rep, random.integers(0, len(words.REP_PROMISES), len(row)), -1), random)
    coach_text = COACH_PROMISES.pick(
        np.where(is_rep, -1, random.integers(0, len(words.COACH_PROMISES), len(row))), random
    )
    person, coach = roster.person_ids[sessions.rep[row]], sessions.coach[row]
    return pl.DataFrame(
        {
            "session_id": sessions.ids[row],
            "by_id": np.where(is_rep, person, coach),
            "to_id": np.where(is_rep, coach, person),
            "promise": rep_text.fill_null(coach_text),
            "made_on": date_column(made),
            "due_on": date_column(due),
            "done_on": date_column(np.where(is_done, done, NEVER)),
        }
    )


def coaching_minutes(roster: Roster, sessions: Sessions) -> Floats:
    """Kind x team x month: minutes of coaches, of reps and of preparation in sessions with the enrolled."""
    months, teams = roster.line.current + 1, len(roster.teams.names)
    row = np.flatnonzero((sessions.status == HELD) & roster.is_coached(sessions.rep, sessions.planned))
    cell = sessions.team[row] * months + roster.line.month_of(sessions.held[row])
    return np.stack(
        [
            np.bincount(cell, weights=weights, minlength=teams * months).reshape(teams, months)
            for weights in (sessions.minutes[row], sessions.minutes[row], sessions.preparation[row])
        ]
    )
