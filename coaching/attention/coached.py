"""What coaching says: skills, cadence, objectives, plans, promises, onboarding. One function per rule."""

from __future__ import annotations

import math
from typing import Any

from coaching import numbers
from coaching.attention.cases import LOWEST_SCORES, Around, Case, days_unseen
from coaching.attention.rule import Found, days_since, level_of, named
from coaching.attention.selling import behind_pace
from coaching.cadence_view import DUE, PAST, RUNNING
from coaching.onboarding import CYCLES
from coaching.skills import COMPETENT, MASTERY

DAYS_AHEAD = 7
UNOBSERVED_DAYS = 14
UNANSWERED_DAYS = 7
UNWRITTEN_DAYS = 3
OLD_PROMISE_DAYS = 60
"""A rep's promise due longer ago is no longer what the next meeting is about; a coach's does not grow old."""
PROMISES_OF_A_REP = 2
COPIED_AT_LEAST, COPIED_SHARE = 2, 1 / 2
STUCK_DAYS = 21
"""Without a newly shadowed stage, and since the start where there is none at all."""
SCORE_DAYS = 60
"""A level whose last score is older says nothing about now."""
NEWS_DAYS = 28
PRAISE_DAYS = 14
LONGEST_PROMISE = 60


# ---- Skills ------------------------------------------------------------------------------------------------------


def skill_drop(case: Case, around: Around) -> Found | None:
    """A level fell by more than levels differ by chance: compared with 90 days ago, three other scores on each side."""
    fallen = [
        row
        for row in case.rows.get("skills", [])
        if row["before_level"] is not None
        and row["noise"] is not None
        and row["before_level"] - row["level"] > row["noise"]
        and days_since(row["last_on"], around) <= SCORE_DAYS
    ]
    known = [row for row in fallen if _score_count(row) >= LOWEST_SCORES] or fallen
    if not known:
        return None
    first = max(known, key=lambda row: (row["before_level"] - row["level"], row["skill"]))
    fall = first["before_level"] - first["level"]
    words = (
        f"{numbers.plain_name(first['skill_name'], 40)} at {numbers.count(first['level'])} of 100,"
        f" {numbers.count(first['before_level'])} three months ago (more than chance){_and_more(known, 'skill')}"
    )
    sources = [source for row in known for source in named("observation", row["observation_ids"] or [])]
    sources = sources or [f"metric:skill_level:{first['skill']}"]
    # Two and a half times what chance brings is as sure as such a comparison gets.
    sure = min(fall / first["noise"] / 2.5, 1.0) if first["noise"] else 1.0
    return Found(words, -1, _score_count(first), level_of(len(known), 2, 3), None, sure, tuple(dict.fromkeys(sources)))


def skill_reached(case: Case, around: Around) -> Found | None:
    """Competent or mastery for the first time in three months, within the last four weeks."""
    limits = {"competent": COMPETENT, "mastery": MASTERY}
    risen = [
        row
        for row in case.rows.get("skills", [])
        if row["state"] in limits
        and row["before_level"] is not None
        and row["before_level"] < limits[row["state"]]
        and days_since(row["state_since_on"], around) <= NEWS_DAYS
    ]
    known = [row for row in risen if row["level_n"] >= LOWEST_SCORES] or risen
    if not known:
        return None
    first = max(known, key=lambda row: (row["level"], row["skill"]))
    state = "Mastery" if first["state"] == "mastery" else "Competent"
    words = (
        f"{state} in {numbers.plain_name(first['skill_name'], 40).lower()} since"
        f" {numbers.day_and_month(first['state_since_on'])}, level {numbers.count(first['level'])} of 100"
        f"{_and_more(known, 'skill')}"
    )
    sources = [source for row in known for source in named("observation", row["observation_ids"] or [])]
    sources = sources or [f"metric:skill_level:{first['skill']}"]
    return Found(words, +1, first["level_n"], sources=tuple(dict.fromkeys(sources)))


def _score_count(row: dict[str, Any]) -> int:
    """Scores on the thinner side of the comparison, counting only those that are not on both."""
    return int(min(row["level_n"], row["before_n"] or 0, row["new_count"] or 0))


def unobserved_below(case: Case, around: Around) -> Found | None:
    """Behind pace, and nobody has watched for 14 days: more observation when quota is missed."""
    rep = case.rep
    if not around.observations_known or not behind_pace(rep):
        return None
    days = rep["days_since_last_observation"]
    if days is not None and days <= UNOBSERVED_DAYS:
        return None
    seen = "not observed yet" if days is None else f"not observed for {numbers.days(days)}"
    # A quota of the first days of a quarter is a handful of dollars: being behind it says nothing.
    passed = (around.as_of - around.quarter.start).days + 1
    if rep["started_on"] is not None:
        passed = min(passed, days_since(rep["started_on"], around))
    return Found(
        f"Below the quota to date ({numbers.share(rep['quota_attainment'])} won) and {seen}",
        +1,
        passed,
        3 if days is None else level_of(days, 30, 60),
        sources=("metric:days_since_last_observation", "metric:gap_to_date"),
    )


# ---- Cadence -----------------------------------------------------------------------------------------------------


def cadence_breach(case: Case, around: Around) -> Found | None:
    """A slot went by without a one-on-one, its tolerance too, and none was held since."""
    rep = case.rep
    if not around.sessions_known or rep["standing"] != PAST:
        return None
    words = f"One-on-one was due by {numbers.day_and_month(rep['due_on'])} ({numbers.ago(rep['due_on'], around.as_of)})"
    words += f", last one {numbers.day_and_month(rep['last_on'])}" if rep["last_on"] else ", none held yet"
    if rep["planned_on"]:
        words += f", planned for {numbers.day_and_month(rep['planned_on'])}"
    missed = rep["missed_count"] or 0
    return Found(words, -1, rep["slot_count"] or 0, level_of(missed, 2, 3), sources=_cadence_sources(rep))


def cadence_ahead(case: Case, around: Around) -> Found | None:
    """A slot ends within a week, or has just ended and still counts, and nothing is planned."""
    rep = case.rep
    if not around.sessions_known or rep["standing"] not in {DUE, RUNNING} or rep["planned_on"] or not rep["due_on"]:
        return None
    if days_since(rep["due_on"], around) < -DAYS_AHEAD:
        return None
    verb = "was due by" if rep["due_on"] <= around.as_of else "is due by"
    words = f"Next one-on-one {verb} {numbers.day_and_month(rep['due_on'])}, none is planned"
    return Found(words, -1, (rep["slot_count"] or 0) + 1, sources=_cadence_sources(rep))


def _cadence_sources(rep: dict[str, Any]) -> tuple[str, ...]:
    last = named("session", [rep["last_session_id"]]) if rep["last_session_id"] else ()
    return (*last, "metric:next_due_on")


def not_written_up(case: Case, around: Around) -> Found | None:
    """A planned one-on-one whose day has passed is neither written up nor moved nor excused."""
    waiting = [row for row in case.rows.get("sessions", []) if days_since(row["planned_on"], around) >= UNWRITTEN_DAYS]
    if not waiting:
        return None
    first = min(waiting, key=lambda row: (row["planned_on"], row["session_id"]))
    words = f"The one-on-one planned for {numbers.day_and_month(first['planned_on'])} is not written up"
    words += _and_more(waiting, "session")
    sources = named("session", [row["session_id"] for row in waiting])
    return Found(words, +1, len(waiting), level_of(len(waiting), 2, 3), sources=sources)


def not_seen(case: Case, around: Around) -> Found | None:
    """Neither coached nor observed by anybody for the set number of weeks, whatever the figures: the floor."""
    rep = case.rep
    days = days_unseen(rep, around)
    limit = around.floor_weeks * 7
    if days is None or days <= limit:
        return None
    words = f"Neither coached nor observed for {numbers.days(days)}, everybody is to be within {numbers.days(limit)}"
    there = days if rep["started_on"] is None else days_since(rep["started_on"], around)
    sources = ("metric:days_since_last_session", "metric:days_since_last_observation")
    return Found(words, +1, there, level_of(days / limit, 2, 3), sources=sources)


# ---- Objectives and plans ----------------------------------------------------------------------------------------


def objective_off_path(case: Case, around: Around) -> Found | None:
    """An agreed objective that the forecast hardly reaches, or that its due date has left short."""
    off = case.each("objectives", status="accepted", verdict="off_path")
    if not off:
        return None
    # The one that is surest to be missed.
    first = min(off, key=lambda row: (row["chance"] or 0.0, row["objective_id"]))
    is_over = any(row["due_on"] <= around.as_of for row in off)
    return Found(
        first["words"] + _and_more(off, "objective"),
        -1,
        first["value_count"],
        2 if is_over else 1,
        None,
        1 - (first["chance"] or 0.0),
        named("objective", [row["objective_id"] for row in off]),
    )


def objective_met(case: Case, around: Around) -> Found | None:
    """An agreed objective is reached, and its plan waits for both signatures."""
    met = case.each("objectives", status="accepted", verdict="met")
    if not met:
        return None
    words = met[0]["words"] + _and_more(met, "objective")
    return Found(words, +1, met[0]["value_count"], sources=named("objective", [row["objective_id"] for row in met]))


def objection_unanswered(case: Case, around: Around) -> Found | None:
    """The rep objected or proposed another target a week ago, and nothing was written down about it since."""
    waiting = [
        row
        for row in case.rows.get("objectives", [])
        if row["status"] in {"objected", "countered"}
        and row["answered_on"] is not None
        and (row["step_on"] is None or row["step_on"] < row["answered_on"])
        and days_since(row["answered_on"], around) >= UNANSWERED_DAYS
    ]
    if not waiting:
        return None
    first = min(waiting, key=lambda row: (row["answered_on"], row["objective_id"]))
    what = "An objection" if first["status"] == "objected" else "Another target, proposed"
    days = days_since(first["answered_on"], around)
    words = f"{what} on {numbers.day_and_month(first['answered_on'])} has waited {numbers.days(days)} for an answer"
    words += _and_more(waiting, "objective")
    sources = named("objective", [row["objective_id"] for row in waiting])
    return Found(words, +1, len(waiting), level_of(days, 21, 45), sources=sources)


def stale_plan(case: Case, around: Around) -> Found | None:
    """Nobody has revised or worked on the current plan for two months."""
    stale = case.each("plans", is_stale=True)
    if not stale:
        return None
    first = stale[0]
    since = first["touched_on"] or first["starts_on"]
    days = days_since(since, around)
    words = f"Nobody has worked on the plan since {numbers.day_and_month(since)}, {numbers.days(days)} ago"
    return Found(words, +1, first["action_count"], level_of(days, 120, 180), sources=named("plan", [first["plan_id"]]))


def copied_plan(case: Case, around: Around) -> Found | None:
    """Half of the plan's actions and two at least stand word for word in another plan of the same coach."""
    copied = [
        row
        for row in case.rows.get("plans", [])
        if row["copied_count"] >= COPIED_AT_LEAST and row["copied_count"] >= COPIED_SHARE * row["action_count"]
    ]
    if not copied:
        return None
    first = copied[0]
    whose = first["copied_from"][0] if first["copied_from"] else ""
    where = f"{numbers.plain_name(whose, 40)}'s plan" if len(first["copied_from"]) == 1 else "other plans"
    words = (
        f"{numbers.count(first['copied_count'])} of {numbers.plural(first['action_count'], 'action')} of the plan"
        f" stand word for word in {where}"
    )
    return Found(words, +1, first["action_count"], sources=named("plan", [first["plan_id"]]))


# ---- Promises and praise -----------------------------------------------------------------------------------------


def promise_overdue(case: Case, around: Around) -> Found | None:
    """What a coach promised the rep is past its day and not kept: the coach's own debts come first."""
    overdue = _overdue(case, around, is_reps=False)
    if not overdue:
        return None
    first = min(overdue, key=lambda row: (row["by_id"] != around.viewer_id, row["due_on"], row["commitment_id"]))
    who = "You" if first["by_id"] == around.viewer_id else numbers.plain_name(first["by_name"], 40)
    promise = numbers.plain_name(first["promise"], LONGEST_PROMISE)
    on = first["due_on"]
    day = numbers.day_and_month(on) if on.year == around.as_of.year else numbers.day(on)
    due = f"by {day} ({numbers.ago(on, around.as_of)})"
    words = f"{who} promised “{promise}” {due}{_and_more(overdue, 'promise')}"
    longest = max(days_since(row["due_on"], around) for row in overdue)
    sources = named("commitment", [row["commitment_id"] for row in overdue])
    return Found(words, -1, len(overdue), level_of(longest, 14, 30), sources=sources)


def rep_promises_open(case: Case, around: Around) -> Found | None:
    """Two or more promises of the rep are past their day."""
    overdue = _overdue(case, around, is_reps=True)
    if not overdue:
        return None
    first = min(overdue, key=lambda row: (row["due_on"], row["commitment_id"]))
    words = (
        f"{numbers.plural(len(overdue), 'promise')} past the day agreed, the first due by"
        f" {numbers.day_and_month(first['due_on'])}: ask what is in the way"
    )
    sources = named("commitment", [row["commitment_id"] for row in overdue])
    return Found(words, -1, len(overdue), level_of(len(overdue), 4, 6), sources=sources)


def _overdue(case: Case, around: Around, *, is_reps: bool) -> list[dict[str, Any]]:
    longest = OLD_PROMISE_DAYS if is_reps else math.inf
    return [
        row
        for row in case.each("promises", is_reps=is_reps, done_on=None)
        if row["due_on"] is not None and 0 < days_since(row["due_on"], around) <= longest
    ]


def record_win(case: Case, around: Around) -> Found | None:
    """The largest deal in a year was won within 14 days, and no praise is noted since."""
    rep = case.rep
    if rep["best_win_on"] is None or not _is_fresh(rep["best_win_on"], rep["praised_on"], around):
        return None
    name = numbers.plain_name(rep["best_win_name"], 40)
    deal = f"{name}, " if name else ""
    words = (
        f"Largest win in a year, not yet praised: {deal}{numbers.money(rep['best_win_amount'], around.currency)}"
        f" on {numbers.day_and_month(rep['best_win_on'])}"
    )
    return Found(words, +1, rep["priced_win_count"] or 0, sources=named("deal", [rep["best_win_id"]]))


def praise_owed(case: Case, around: Around) -> Found | None:
    """A promise of the rep's was kept in time within 14 days, and no praise is noted since."""
    kept = [
        row
        for row in case.each("promises", is_reps=True)
        if row["done_on"] is not None
        and row["due_on"] is not None
        and row["done_on"] <= row["due_on"]
        and _is_fresh(row["done_on"], case.rep["praised_on"], around)
    ]
    if not kept:
        return None
    first = max(kept, key=lambda row: (row["done_on"], row["commitment_id"]))
    promise = numbers.plain_name(first["promise"], LONGEST_PROMISE)
    words = (
        f"Kept “{promise}” on {numbers.day_and_month(first['done_on'])}, in time and not yet praised"
        f"{_and_more(kept, 'promise')}"
    )
    sources = named("commitment", [row["commitment_id"] for row in kept])
    return Found(words, +1, len(kept), sources=sources)


def _is_fresh(day: Any, praised_on: Any, around: Around) -> bool:
    return 0 <= days_since(day, around) <= PRAISE_DAYS and (praised_on is None or praised_on < day)


# ---- Onboarding --------------------------------------------------------------------------------------------------


def onboarding_stuck(case: Case, around: Around) -> Found | None:
    """Somebody new, not yet signed off, with cycles still to shadow and none noted for three weeks."""
    rep = case.rep
    if rep["cycle_count"] is None or rep["is_signed_off"] or rep["started_on"] is None:
        return None
    since = rep["last_stage_on"] or rep["started_on"]
    days = days_since(since, around)
    if days < STUCK_DAYS:
        return None
    done = f"{numbers.count(rep['cycle_count'])} of {CYCLES} sales cycles shadowed"
    words = f"{done}, nothing noted for {numbers.days(days)}, not yet signed off to sell"
    sources = named("shadowed_cycle", [rep["last_cycle_id"]]) if rep["last_cycle_id"] else ()
    sources = sources or named("person", [rep["rep_id"]])
    here = days_since(rep["started_on"], around)
    return Found(words, +1, here, level_of(days, 42, 84), sources=sources)


def _and_more(rows: list[dict[str, Any]], thing: str) -> str:
    return f"; and {numbers.plural(len(rows) - 1, f'more {thing}')}" if len(rows) > 1 else ""
