"""The columns and types that cross layers. Names follow one grammar: _on date, _at UTC timestamp, _count, _share
(0..1), _days, _id, _amount (integer minor units of the reporting currency). Holds no computation."""

from __future__ import annotations

import polars as pl
from polars._typing import SchemaDict

PEOPLE: SchemaDict = {
    "person_id": pl.Int64,
    "external_id": pl.String,
    "name": pl.String,
    "role": pl.String,
    "started_on": pl.Date,
    "left_on": pl.Date,
    "region": pl.String,
    "segment": pl.String,
    "team_id": pl.Int64,
    "team_name": pl.String,
    "manager_id": pl.Int64,
    "manager_name": pl.String,
    "sells": pl.Boolean,
}
"""People in scope with their home team on the day asked for."""

TEAMS: SchemaDict = {
    "team_id": pl.Int64,
    "external_id": pl.String,
    "name": pl.String,
    "parent_id": pl.Int64,
    "leader_id": pl.Int64,
}

MEMBERSHIPS: SchemaDict = {
    "person_id": pl.Int64,
    "team_id": pl.Int64,
    "starts_on": pl.Date,
    "ends_on": pl.Date,
}
"""Home teams; starts_on is never null (0001-01-01 = open-ended backwards), ends_on exclusive, null = still so."""

CLOSED_DEALS: SchemaDict = {
    "deal_id": pl.Int64,
    "owner_id": pl.Int64,
    "account_id": pl.Int64,
    "product_id": pl.Int64,
    "status": pl.String,
    "opened_on": pl.Date,
    "closed_on": pl.Date,
    "amount": pl.Int64,
    "cost": pl.Int64,
    "list_amount": pl.Int64,
    "lost_reason": pl.String,
    "competitor": pl.String,
}

OPENED_DEALS: SchemaDict = {
    "deal_id": pl.Int64,
    "owner_id": pl.Int64,
    "opened_on": pl.Date,
    "amount": pl.Int64,
}
"""Deals opened in a period with the owner at opening."""

OPEN_DEALS: SchemaDict = {
    "deal_id": pl.Int64,
    "external_id": pl.String,
    "name": pl.String,
    "owner_id": pl.Int64,
    "account_id": pl.Int64,
    "account_name": pl.String,
    "product_name": pl.String,
    "stage": pl.String,
    "opened_on": pl.Date,
    "expected_close_on": pl.Date,
    "amount": pl.Int64,
    "next_step": pl.String,
    "competitor": pl.String,
}

STAGE_ENTRIES: SchemaDict = {
    "deal_id": pl.Int64,
    "stage": pl.String,
    "entered_on": pl.Date,
    "entered_at": pl.Datetime("us", "UTC"),
}

QUOTAS: SchemaDict = {
    "person_id": pl.Int64,
    "starts_on": pl.Date,
    "ends_on": pl.Date,
    "amount": pl.Int64,
    "started_on": pl.Date,
    "left_on": pl.Date,
}

FACTS: SchemaDict = {
    "rep_key": pl.Int64,
    "team_key": pl.Int64,
    "atom_on": pl.Date,
    "opened_count": pl.Int64,
    "opened_amount_count": pl.Int64,
    "opened_amount": pl.Int64,
    "won_count": pl.Int64,
    "won_amount_count": pl.Int64,
    "won_amount": pl.Int64,
    "lost_count": pl.Int64,
    "lost_amount_count": pl.Int64,
    "lost_amount": pl.Int64,
    "margin_count": pl.Int64,
    "margin_amount": pl.Int64,
    "margin_cost": pl.Int64,
    "discount_count": pl.Int64,
    "discount_amount": pl.Int64,
    "discount_list_amount": pl.Int64,
    "lost_reason_count": pl.Int64,
    "lost_competitor_count": pl.Int64,
    "session_count": pl.Int64,
    "session_minutes": pl.Int64,
    "observation_count": pl.Int64,
}
"""Additive parts of the latest knowledge; 0 in a key = no owner, no team."""

FACT_PARTS = [name for name in FACTS if name not in {"rep_key", "team_key", "atom_on"}]

COACHING_EVENTS: SchemaDict = {
    "person_id": pl.Int64,
    "happened_on": pl.Date,
    "kind": pl.String,
    "label": pl.String,
}
"""Sessions held and observations released, for marks on a time axis."""

LOOKS: SchemaDict = {
    "looked_on": pl.Date,
    "first_at": pl.Datetime("us", "UTC"),
    "viewer_name": pl.String,
    "page": pl.String,
}
"""Who opened which page about somebody; a null name = somebody without a name of their own."""

CADENCE_PEOPLE: SchemaDict = {
    "person_id": pl.Int64,
    "name": pl.String,
    "role": pl.String,
    "region": pl.String,
    "started_on": pl.Date,
    "left_on": pl.Date,
}
"""Who is to be coached, with first and last day (both included) as known."""

CADENCE_POLICIES: SchemaDict = {
    "role": pl.String,
    "every_days": pl.Int64,
    "tolerance_days": pl.Int64,
    "starts_on": pl.Date,
}
"""Null start = since ever; of several rows with one start the last one holds."""

HOLIDAYS: SchemaDict = {"on_date": pl.Date, "region": pl.String}
"""Null region = everywhere."""

ABSENCES: SchemaDict = {"person_id": pl.Int64, "starts_on": pl.Date, "ends_on": pl.Date}
"""First and last day away."""

CADENCE_SESSIONS: SchemaDict = {
    "session_id": pl.Int64,
    "person_id": pl.Int64,
    "kind": pl.String,
    "status": pl.String,
    "planned_on": pl.Date,
    "held_on": pl.Date,
    "missed_by": pl.String,
    "minutes": pl.Int64,
    "method": pl.String,
    "questions": pl.Int64,
    "instructions": pl.Int64,
}
"""Coaching sessions without a word of what was said."""

PROMISES: SchemaDict = {
    "person_id": pl.Int64,
    "is_reps": pl.Boolean,
    "due_on": pl.Date,
    "done_on": pl.Date,
}
"""Promises of a rep (is_reps) or to a rep, without their words."""

SLOTS: SchemaDict = {
    "person_id": pl.Int64,
    "starts_on": pl.Date,
    "ends_on": pl.Date,
    "tolerance_days": pl.Int64,
    "is_excused": pl.Boolean,
    "has_ended": pl.Boolean,
    "met_on": pl.Date,
}
"""Spans in which a one-on-one is to be held, both days included; met_on = when the one that meets it was held."""

ACCOUNTS_LOST: SchemaDict = {
    "account_id": pl.Int64,
    "account_name": pl.String,
    "owner_id": pl.Int64,
    "last_won_on": pl.Date,
    "last_won_amount": pl.Int64,
    "lost_on": pl.Date,
    "competitor": pl.String,
    "reason": pl.String,
}

OBSERVATIONS: SchemaDict = {
    "observation_id": pl.Int64,
    "root_id": pl.Int64,
    "person_id": pl.Int64,
    "person_name": pl.String,
    "observer_id": pl.Int64,
    "observer_name": pl.String,
    "kind": pl.String,
    "observed_at": pl.Datetime("us", "UTC"),
    "observed_on": pl.Date,
    "time_zone": pl.String,
    "channel": pl.String,
    "live_mode": pl.String,
    "deal_name": pl.String,
    "account_name": pl.String,
    "session_id": pl.Int64,
    "scorecard": pl.String,
    "scorecard_name": pl.String,
    "scorecard_version_id": pl.Int64,
    "visibility": pl.String,
    "is_mine": pl.Boolean,
    "words_shown": pl.Boolean,
    "went_well": pl.String,
    "one_thing": pl.String,
    "released_at": pl.Datetime("us", "UTC"),
    "recorded_at": pl.Datetime("us", "UTC"),
    "is_imported": pl.Boolean,
    "is_example": pl.Boolean,
    "consented_at": pl.Datetime("us", "UTC"),
}
"""Observations that a viewer may read. root_id: the coach's view of the same call, which the rep's own view and second
coaches' point to. Words (and evidence) are null where words_shown is false: they are their author's alone."""

OBSERVATION_SCORES: SchemaDict = {
    "observation_id": pl.Int64,
    "skill": pl.String,
    "skill_name": pl.String,
    "position": pl.Int64,
    "level": pl.Int64,
    "lowest": pl.Int64,
    "highest": pl.Int64,
    "evidence": pl.String,
}

CALLS_TO_SCORE: SchemaDict = {
    "observation_id": pl.Int64,
    "as_kind": pl.String,
    "person_id": pl.Int64,
    "person_name": pl.String,
    "other_name": pl.String,
    "observed_at": pl.Datetime("us", "UTC"),
    "observed_on": pl.Date,
    "time_zone": pl.String,
    "channel": pl.String,
    "live_mode": pl.String,
    "deal_name": pl.String,
    "account_name": pl.String,
    "scorecard_name": pl.String,
    "scorecard_version_id": pl.Int64,
    "asked_on": pl.Date,
    "opens_on": pl.Date,
}
"""Calls that wait for the viewer's scores: the facts of the call and nobody's scores or words. as_kind: "self" for the
own view, "second_rater", or "coach" where the rep scored the call first. other_name: who asks or scored. opens_on: when
the rep sees the coach's scores anyway."""

EXAMPLES: SchemaDict = {
    "observation_id": pl.Int64,
    "person_id": pl.Int64,
    "person_name": pl.String,
    "skill": pl.String,
    "skill_name": pl.String,
    "level": pl.Int64,
    "highest": pl.Int64,
    "anchor": pl.String,
    "evidence": pl.String,
    "observed_on": pl.Date,
    "channel": pl.String,
    "observer_name": pl.String,
    "consented_at": pl.Datetime("us", "UTC"),
}
"""Strong moments shared with the rep's consent: a row per skill and observation."""

PAIRED_SCORES: SchemaDict = {
    "root_id": pl.Int64,
    "observed_on": pl.Date,
    "skill": pl.String,
    "skill_name": pl.String,
    "other_kind": pl.String,
    "level": pl.Int64,
    "other_level": pl.Int64,
    "gap": pl.Int64,
}
"""Two views of one call, skill by skill: the coach's level beside the rep's own ("self") or a second coach's
("second_rater"); gap = other_level - level."""


SESSION_RECORDS: SchemaDict = {
    "session_id": pl.Int64,
    "rep_id": pl.Int64,
    "rep_name": pl.String,
    "coach_id": pl.Int64,
    "coach_name": pl.String,
    "kind": pl.String,
    "planned_on": pl.Date,
    "held_at": pl.Datetime("us", "UTC"),
    "held_on": pl.Date,
    "status": pl.String,
    "missed_by": pl.String,
    "moved_from_id": pl.Int64,
    "minutes": pl.Int64,
    "preparation_minutes": pl.Int64,
    "method": pl.String,
    "angle": pl.String,
    "skill": pl.String,
    "skill_name": pl.String,
    "plan_action_id": pl.Int64,
    "plan_action": pl.String,
    "questions": pl.Int64,
    "instructions": pl.Int64,
    "trigger": pl.String,
    "tone": pl.String,
    "note": pl.String,
    "visibility": pl.String,
    "participant_count": pl.Int64,
    "version": pl.Int64,
    "is_mine": pl.Boolean,
}
"""Sessions as one viewer may read them. angle, trigger, tone, note and plan_action are null where the viewer has no
right to words; note also where it is private to somebody else. participant_count: people in a group beside the rep.
is_mine: the viewer is its coach, who alone writes it down."""

SESSION_TOPICS: SchemaDict = {
    "session_id": pl.Int64,
    "position": pl.Int64,
    "topic": pl.String,
    "added_by": pl.Int64,
    "added_by_name": pl.String,
}

COMMITMENTS: SchemaDict = {
    "commitment_id": pl.Int64,
    "session_id": pl.Int64,
    "by_id": pl.Int64,
    "by_name": pl.String,
    "to_id": pl.Int64,
    "to_name": pl.String,
    "side": pl.String,
    "promise": pl.String,
    "made_on": pl.Date,
    "due_on": pl.Date,
    "done_on": pl.Date,
    "is_mine": pl.Boolean,
    "version": pl.Int64,
}
"""Promises of both sides. side: who made it, "rep" or "coach". done_on null = open. is_mine: by the viewer."""

PULSES: SchemaDict = {
    "team_id": pl.Int64,
    "team_name": pl.String,
    "parent_id": pl.Int64,
    "wave": pl.String,
    "closes_on": pl.Date,
    "answer_count": pl.Int64,
    "useful_mean": pl.Float64,
    "heard_mean": pl.Float64,
    "clear_mean": pl.Float64,
}
"""The pulse of a team with all below it and a round (a month); team_id null = the whole company. Counts and means are
null where they would speak of fewer than five answers. Means of 1 to 5."""


SKILLS: SchemaDict = {
    "skill_id": pl.Int64,
    "slug": pl.String,
    "name": pl.String,
    "position": pl.Int64,
}
"""The skills of reps in the order of their scorecard; position = 0, 1, 2, ... decides the colour."""

SCORES: SchemaDict = {
    "observation_id": pl.Int64,
    "person_id": pl.Int64,
    "observer_id": pl.Int64,
    "kind": pl.String,
    "paired_observation_id": pl.Int64,
    "observed_at": pl.Datetime("us", "UTC"),
    "observed_on": pl.Date,
    "skill_id": pl.Int64,
    "version_id": pl.Int64,
    "level": pl.Int64,
    "scaled": pl.Float64,
    "step": pl.Float64,
}
"""Released scores; scaled = 0 (lowest level) .. 100 (highest), step = how much one level is on that scale."""

SKILL_STANDINGS: SchemaDict = {
    "person_id": pl.Int64,
    "skill_id": pl.Int64,
    "level": pl.Float64,
    "level_low": pl.Float64,
    "level_high": pl.Float64,
    "level_n": pl.Int64,
    "adjusted": pl.Float64,
    "last_on": pl.Date,
    "version_count": pl.Int64,
    "score_count": pl.Int64,
    "state": pl.String,
    "state_since_on": pl.Date,
    "repetition_count": pl.Int64,
    "growth": pl.Float64,
    "growth_low": pl.Float64,
    "growth_high": pl.Float64,
    "growth_n": pl.Int64,
}
"""Where a person stands in a skill; growth per month, null where too few scores."""

RATERS: SchemaDict = {
    "observer_id": pl.Int64,
    "leniency": pl.Float64,
    "leniency_low": pl.Float64,
    "leniency_high": pl.Float64,
    "score_count": pl.Int64,
    "shared_count": pl.Int64,
}
"""How much more (+) or less than others a rater gives the same reps; null where nobody else scored them."""

OBJECTIVES: SchemaDict = {
    "objective_id": pl.Int64,
    "plan_id": pl.Int64,
    "rep_id": pl.Int64,
    "rep_name": pl.String,
    "coach_id": pl.Int64,
    "coach_name": pl.String,
    "metric_key": pl.String,
    "baseline_value": pl.Float64,
    "baseline_count": pl.Int64,
    "baseline_as_of": pl.Date,
    "baseline_basis": pl.String,
    "target_value": pl.Float64,
    "target_kind": pl.String,
    "since_on": pl.Date,
    "agreed_on": pl.Date,
    "due_on": pl.Date,
    "why_business": pl.String,
    "why_rep": pl.String,
    "status": pl.String,
    "version": pl.Int64,
    "plan_status": pl.String,
    "plan_version": pl.Int64,
    "counter_value": pl.Float64,
    "answer_reason": pl.String,
    "answered_at": pl.Datetime("us", "UTC"),
}
"""Objectives as they stood on a day. target_value is the target as given (see target_kind); since_on the day on which
the first of its versions was agreed; the last three: the rep's latest answer. Words are null for an operator."""

PLANS: SchemaDict = {
    "plan_id": pl.Int64,
    "rep_id": pl.Int64,
    "rep_name": pl.String,
    "coach_id": pl.Int64,
    "coach_name": pl.String,
    "starts_on": pl.Date,
    "ends_on": pl.Date,
    "status": pl.String,
    "closed_on": pl.Date,
    "verdict": pl.String,
    "version": pl.Int64,
}
"""Plans as they stood on a day, the latest first; verdict = what two people signed."""

PLAN_REVISIONS: SchemaDict = {
    "revision_id": pl.Int64,
    "plan_id": pl.Int64,
    "number": pl.Int64,
    "reason": pl.String,
    "summary": pl.String,
    "recorded_by": pl.Int64,
    "recorded_by_name": pl.String,
    "recorded_at": pl.Datetime("us", "UTC"),
}

PLAN_ACTIONS: SchemaDict = {
    "action_id": pl.Int64,
    "plan_id": pl.Int64,
    "number": pl.Int64,
    "skill_id": pl.Int64,
    "skill": pl.String,
    "skill_name": pl.String,
    "method": pl.String,
    "action": pl.String,
    "repetitions": pl.Int64,
    "held_count": pl.Int64,
    "due_on": pl.Date,
    "done_on": pl.Date,
    "version": pl.Int64,
}
"""Actions of every revision (``number``); held_count = sessions held on the action, in whichever revision it stood."""

PLAN_QUALITY: SchemaDict = {
    "plan_id": pl.Int64,
    "rep_id": pl.Int64,
    "rep_name": pl.String,
    "coach_id": pl.Int64,
    "coach_name": pl.String,
    "starts_on": pl.Date,
    "revised_on": pl.Date,
    "worked_on": pl.Date,
    "touched_on": pl.Date,
    "is_stale": pl.Boolean,
    "action_count": pl.Int64,
    "copied_count": pl.Int64,
    "personal_share": pl.Float64,
    "copied_from": pl.List(pl.String),
}
"""Current plans: how much of each is its own, and when somebody last worked on it. copied_from: names of reps."""

METRIC_SERIES: SchemaDict = {"at": pl.Date, "value": pl.Float64, "n": pl.Float64}
"""A metric at moments (a stock) or over the three months up to them (a flow), in order; null = no data."""


COACHES: SchemaDict = {
    "person_id": pl.Int64,
    "name": pl.String,
    "team_names": pl.List(pl.String),
    "rep_count": pl.Int64,
    "rep_months": pl.Float64,
    "one_on_one_count": pl.Int64,
    "session_count": pl.Int64,
    "minutes": pl.Int64,
    "minutes_count": pl.Int64,
    "questions": pl.Int64,
    "instructions": pl.Int64,
    "counted_count": pl.Int64,
    "promises_due": pl.Int64,
    "promises_kept": pl.Int64,
    "level": pl.Float64,
    "level_low": pl.Float64,
    "level_high": pl.Float64,
    "level_n": pl.Int64,
    "level_on": pl.Date,
}
"""How each coach coached in a span. rep_months: months, summed over the reps of the teams they led; one_on_one_count:
one-on-ones held with those reps; session_count: everything held but sessions among colleagues, of which minutes_count
have minutes and counted_count counted questions and instructions. level: on the coaching scorecard, null = no score."""

AGENDA: SchemaDict = {
    "item_id": pl.Int64,
    "rep_id": pl.Int64,
    "kind": pl.String,
    "question_key": pl.String,
    "about": pl.String,
    "question": pl.String,
    "body": pl.String,
    "added_by": pl.Int64,
    "added_by_name": pl.String,
    "added_at": pl.Datetime("us", "UTC"),
    "session_id": pl.Int64,
    "taken_up_on": pl.Date,
    "is_mine": pl.Boolean,
}
"""What was brought to one-on-ones with a rep. kind: "topic" or "answer"; question_key, about and question: which
question is answered, about which row ("deal:12") and in which words, as far as they can still be told. session_id and
taken_up_on: the session that took it up, null = still to come. is_mine: added by the viewer."""

PREPARED: SchemaDict = {
    "rep_id": pl.Int64,
    "name": pl.String,
    "last_on": pl.Date,
    "next_on": pl.Date,
    "topic_count": pl.Int64,
    "answer_count": pl.Int64,
    "prepared_at": pl.Datetime("us", "UTC"),
}
"""What each rep has brought since their last one-on-one (last_on), by their own hand; next_on: the next planned one.
prepared_at: when they last added something, null = nothing yet."""


def empty(schema: SchemaDict) -> pl.DataFrame:
    """A frame with the columns and no row: what "nothing there" looks like in every layer."""
    return pl.DataFrame(schema=schema)
