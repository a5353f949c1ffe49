"""What else belongs to coaching in the demo company: motivation, onboarding, lessons, questions, absences, and
what the generator knows about each person."""

from __future__ import annotations

import numpy as np
import polars as pl
import sqlalchemy as sa

from data_access import demo_words as words
from data_access.demo_deals import picked
from data_access.demo_market import EFFECT, LEVERS, LOST, planted_factor
from data_access.demo_people import ACCOUNTS_PER_REP
from data_access.demo_roster import Phrases, Roster, RowNumbers
from data_access.demo_timeline import NEVER, Days, date_column, day_of, instant_column, on_weekday, reference_column
from data_access.tables import (
    SALES_STAGES,
    TRIGGERS,
    absence,
    deal_lesson,
    demo_truth,
    knowledge_gap,
    motivation_preference,
    note,
    programme_enrolment,
    shadowed_cycle,
    shadowed_stage,
    sign_off,
)

Rows = list[tuple[sa.Table, pl.DataFrame]]
TEN = 10 * 60
CYCLES = 10
SHADOW_DAYS = 4
"""Days from one shadowed cycle to the next."""
LESSON_DAYS = 180
LESSONS, LESSON_QUESTIONS = Phrases.of(words.LESSONS), Phrases.of(words.LESSON_QUESTIONS)


def growth_frames(roster: Roster, numbers: RowNumbers, programme: int, import_id: int) -> Rows:
    """All rows of this module for one block, in the order in which they refer to each other."""
    return [
        (absence, _absences(roster, import_id)),
        (programme_enrolment, _enrolments(roster, programme, import_id)),
        (motivation_preference, _preferences(roster)),
        *_shadowing(roster, numbers),
        (deal_lesson, _lessons(roster)),
        (knowledge_gap, _gaps(roster)),
        (note, _notes(roster)),
        (demo_truth, _truth(roster)),
    ]


def _absences(roster: Roster, import_id: int) -> pl.DataFrame:
    rep, quarter = np.nonzero(roster.absence_starts < NEVER)
    return pl.DataFrame(
        {
            "person_id": roster.person_ids[rep],
            "starts_on": date_column(roster.absence_starts[rep, quarter]),
            "ends_on": date_column(roster.absence_ends[rep, quarter]),
            "reason": picked(words.ABSENCES, roster.absence_kinds[rep, quarter]),
            "import_id": np.full(len(rep), import_id),
        }
    )


def _enrolments(roster: Roster, programme: int, import_id: int) -> pl.DataFrame:
    rep = np.flatnonzero(roster.coached_on < roster.until)
    return pl.DataFrame(
        {
            "programme_id": np.full(len(rep), programme),
            "person_id": roster.person_ids[rep],
            "starts_on": date_column(roster.coached_on[rep]),
            "reason": picked(("chosen",), np.zeros(len(rep), dtype=np.int64)),
            "import_id": np.full(len(rep), import_id),
        }
    )


def _preferences(roster: Roster) -> pl.DataFrame:
    """What everybody said at first, and what a few said anew later."""
    random, count = roster.random, len(roster)
    rep = np.repeat(np.arange(count), len(TRIGGERS))
    trigger = np.tile(np.arange(len(TRIGGERS)), count)
    weight = roster.weights[rep, trigger]
    day = roster.first[rep] + np.repeat(random.integers(1, 25, count), len(TRIGGERS))
    again = np.flatnonzero(random.random(len(rep)) < 0.12)
    later = day[again] + random.integers(90, 400, len(again))
    rep, trigger = np.concatenate([rep, rep[again]]), np.concatenate([trigger, trigger[again]])
    weight = np.concatenate([weight, np.clip(weight[again] + random.choice([-1, 1], len(again)), 0, 4)])
    day = np.concatenate([day, later])
    with_words = (weight >= 3) & (random.random(len(rep)) < 0.6)
    frame = pl.DataFrame(
        {
            "person_id": roster.person_ids[rep],
            "trigger": picked(TRIGGERS, trigger),
            "weight": weight,
            "words": picked(words.MOTIVATION_WORDS, np.where(with_words, trigger, -1)),
            "stated_at": instant_column(day, np.full(len(rep), TEN)),
        }
    )
    return frame.filter(pl.Series(day < roster.until[rep]))


def _shadowing(roster: Roster, numbers: RowNumbers) -> Rows:
    """New hires sit in on ten sales cycles; who has finished is signed off, newer ones are on the way."""
    line, random = roster.line, roster.random
    new = np.flatnonzero(roster.reps.started >= line.first_day)
    rep = np.repeat(new, CYCLES)
    number = np.tile(np.arange(1, CYCLES + 1), len(new))
    pace = np.repeat(random.integers(SHADOW_DAYS - 1, SHADOW_DAYS + 3, len(new)), CYCLES)
    start = roster.reps.started[rep] + 2 + (number - 1) * pace
    begun = start < roster.until[rep]
    rep, number, start = rep[begun], number[begun], start[begun]
    ids = numbers.take("shadowed_cycle", len(rep))
    seller = _colleague(roster, rep, number)
    account = roster.reps.seat[np.maximum(seller, 0)] * ACCOUNTS_PER_REP + number
    cycles = pl.DataFrame(
        {
            "id": ids,
            "rep_id": roster.person_ids[rep],
            "seller_id": reference_column(np.where(seller >= 0, roster.person_ids[np.maximum(seller, 0)], 0)),
            "number": number,
            "account_id": reference_column(np.where(seller >= 0, account, 0)),
        }
    )
    row = np.repeat(np.arange(len(rep)), len(SALES_STAGES))
    stage = np.tile(np.arange(len(SALES_STAGES)), len(rep))
    seen = on_weekday(start[row] + stage)
    seen = np.maximum(seen, roster.reps.started[rep[row]])
    noticed = np.where(random.random(len(row)) < 0.7, random.integers(0, len(words.NOTICED), len(row)), -1)
    stages = pl.DataFrame(
        {
            "shadowed_cycle_id": ids[row],
            "stage": picked(SALES_STAGES, stage),
            "seen_on": date_column(seen),
            "noticed": picked(words.NOTICED, noticed),
        }
    ).filter(pl.Series(seen < roster.until[rep[row]]))
    return [(shadowed_cycle, cycles), (shadowed_stage, stages), (sign_off, _sign_offs(roster, new))]


def _sign_offs(roster: Roster, new: Days) -> pl.DataFrame:
    day = on_weekday(roster.reps.started[new] + CYCLES * (SHADOW_DAYS + 2) + 12)
    kept = day < roster.until[new]
    rep, day = new[kept], day[kept]
    return pl.DataFrame(
        {
            "rep_id": roster.person_ids[rep],
            "signed_by": roster.manager_of(rep, day),
            "signed_at": instant_column(day, np.full(len(rep), TEN)),
            "note": picked(("Ten cycles seen, first own calls sound prepared",), np.zeros(len(rep), dtype=np.int64)),
        }
    )


def _colleague(roster: Roster, rep: Days, step: Days) -> Days:
    """Somebody of the same team who was there on the rep's first day, another one for another step; -1 = nobody."""
    found = np.full(len(rep), -1)
    reps = roster.reps
    for position in np.unique(rep):
        day = int(reps.started[position])
        there = (roster.reps.team_on(day) == reps.team[position]) & (reps.started < day - 90) & (reps.left > day + 60)
        candidates = np.flatnonzero(there)
        mine = rep == position
        if len(candidates):
            found[mine] = candidates[step[mine] % len(candidates)]
    return found


def _lessons(roster: Roster) -> pl.DataFrame:
    """What reps concluded from some of the deals lost in the last months."""
    random, sample, line = roster.random, roster.facts.sample, roster.line
    share = random.random(len(sample.person))
    recent = (sample.status == LOST) & (sample.end >= line.today - LESSON_DAYS) & (share < 0.2)
    row = np.flatnonzero(recent)
    day = sample.end[row] + random.integers(1, 6, len(row))
    kept = day < roster.until[sample.person[row]]
    row, day = row[kept], day[kept]
    asked = np.where(random.random(len(row)) < 0.6, random.integers(0, len(words.LESSON_QUESTIONS), len(row)), -1)
    return pl.DataFrame(
        {
            "deal_id": sample.deal_id[row],
            "rep_id": roster.person_ids[sample.person[row]],
            "conclusion": LESSONS.pick(random.integers(0, len(words.LESSONS), len(row)), random),
            "coach_question": LESSON_QUESTIONS.pick(asked, random),
            "recorded_at": instant_column(day, random.integers(540, 1000, len(row))),
        }
    )


def _gaps(roster: Roster) -> pl.DataFrame:
    random, line = roster.random, roster.line
    rep = np.repeat(np.arange(len(roster)), random.poisson(1.2, len(roster)))
    day = line.today - random.integers(2, 200, len(rep))
    kept = roster.is_there(rep, day)
    rep, day = rep[kept], day[kept]
    question = random.integers(0, len(words.GAP_QUESTIONS), len(rep))
    closed = day + random.integers(2, 30, len(rep))
    is_closed = (random.random(len(rep)) < 0.6) & (closed < roster.until[rep])
    deal = roster.sampled(roster.facts.sample.deal_id, roster.deal_on(rep, day))
    answer = np.where(is_closed, random.integers(0, len(words.GAP_ANSWERS), len(rep)), -1)
    return pl.DataFrame(
        {
            "rep_id": roster.person_ids[rep],
            "deal_id": reference_column(deal),
            "question": picked(words.GAP_QUESTIONS, question),
            "where_to_look": picked(words.GAP_PLACES, question),
            "noted_at": instant_column(day, np.full(len(rep), TEN)),
            "answer": picked(words.GAP_ANSWERS, answer),
            "closed_at": instant_column(np.where(is_closed, closed, NEVER), np.full(len(rep), TEN)),
        }
    )


def _notes(roster: Roster) -> pl.DataFrame:
    random, line = roster.random, roster.line
    rep = np.flatnonzero((random.random(len(roster)) < 0.7) & (roster.reps.left == NEVER))
    day = np.maximum(line.today - random.integers(1, 150, len(rep)), roster.first[rep])
    return pl.DataFrame(
        {
            "about_id": roster.person_ids[rep],
            "author_id": roster.manager_of(rep, day),
            "visibility": picked(("shared", "private"), (random.random(len(rep)) < 0.4).astype(np.int64)),
            "body": picked(words.NOTES, random.integers(0, len(words.NOTES), len(rep))),
            "recorded_at": instant_column(np.minimum(day, line.today - 1), np.full(len(rep), TEN)),
        }
    )


def _truth(roster: Roster) -> pl.DataFrame:
    """Enrolment, effect, planted problem and trigger responses of each person."""
    parts = [_truth_part(roster, np.arange(len(roster)), "ability", roster.reps.ability, None)]
    enrolled = np.flatnonzero(roster.coached_on < roster.until)
    days = [day_of(day) for day in roster.coached_on[enrolled]]
    dates = [day.isoformat() for day in days]
    as_numbers = np.array([day.year * 10_000 + day.month * 100 + day.day for day in days])
    parts.append(_truth_part(roster, enrolled, "coached_from", as_numbers, dates))
    skill = roster.teams.skill[roster.team_of(enrolled, roster.coached_on[enrolled])]
    parts.append(_truth_part(roster, enrolled, "coaching_effect", EFFECT * (0.5 + skill), None))
    planted = np.flatnonzero(roster.reps.planted >= 0)
    levers = [LEVERS[code] for code in roster.reps.planted[planted]]
    factors = np.array([planted_factor(lever) for lever in levers])
    parts.append(_truth_part(roster, planted, "planted_problem", factors, levers))
    everybody = np.arange(len(roster))
    for position, trigger in enumerate(TRIGGERS):
        response = roster.response[:, position]
        parts.append(_truth_part(roster, everybody, f"trigger_response:{trigger}", response, None))
    return pl.concat(parts)


def _truth_part(roster: Roster, rep: Days, key: str, value: np.ndarray, detail: list[str] | None) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "person_id": roster.person_ids[rep],
            "key": pl.Series([key] * len(rep), dtype=pl.String),
            "value": pl.Series(np.asarray(value, dtype=np.float64)),
            "detail": pl.Series(detail if detail is not None else [None] * len(rep), dtype=pl.String),
        }
    )
