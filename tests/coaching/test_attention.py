"""Every rule of attention: a case where it fires, one where it just does not, and one with too little data."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coaching import numbers
from coaching.attention import cases, levels, words
from coaching.attention.cases import Around, Case
from coaching.attention.order import SNOOZES, Weights, listing, people
from coaching.attention.rule import Found, Rule, level_of, trust
from coaching.attention.rules import ALERTS, BY_KEY, RULES, alerts
from coaching.frames import SKILL_STANDINGS, SKILLS
from coaching.metrics import BY_KEY as METRICS
from coaching.metrics import TEMPLATES, Direction
from coaching.periods import Period
from tests.availability import PROJECT

TODAY = dt.date(2026, 11, 20)
QUARTER = Period(dt.date(2026, 10, 1), dt.date(2026, 12, 31))
MAYA = 5
HERE = Around(
    TODAY,
    QUARTER,
    "USD",
    needed_coverage=2.9,
    win_rate=0.4,
    closed_count=300,
    usual_quarter=50_000.0,
    rival_losses={"Acme": 15},
    recent_count=200,
    viewer_id=MAYA,
)

FINE: dict[str, Any] = dict.fromkeys(cases.REPS) | {
    "rep_id": 14,
    "name": "Ravi Nair",
    "started_on": dt.date(2024, 3, 1),
    "won_amount": 60_000.0,
    "quota": 100_000.0,
    "quota_attainment": 0.6,
    "gap_to_quota": 40_000.0,
    "gap_to_date": -5_000.0,
    "pipeline_coverage": 4.0,
    "needed_coverage": 3.0,
    "days_since_last_session": 6.0,
    "days_since_last_observation": 9.0,
    "earlier_on": dt.date(2026, 10, 23),
    "earlier_gap": -3_000.0,
    "earlier_won": 30_000.0,
    "year_won": 240_000.0,
    "year_won_count": 40.0,
    "year_win_rate": 0.4,
    "year_closed_count": 100.0,
    "last_quarter_attainment": 1.0,
    "priced_win_count": 40,
    "open_count": 12,
    "dated_count": 12,
    "recent_count": 25,
    "standing": "running",
    "due_on": dt.date(2026, 12, 4),
    "last_on": dt.date(2026, 11, 14),
    "last_session_id": 7,
    "slot_count": 30,
    "missed_count": 0,
    "praised_on": dt.date(2026, 11, 19),
}
"""Ravi, with whom all is well."""

BEHIND: dict[str, Any] = {
    "won_amount": 20_000.0,
    "quota_attainment": 0.2,
    "gap_to_date": 35_000.0,
    "gap_to_quota": 80_000.0,
}
"""35 of the 55 thousand that are due by now are missing."""


def ago(days: int) -> dt.date:
    return TODAY - dt.timedelta(days=days)


def deals(kind: str, count: int, **more: Any) -> list[dict[str, Any]]:
    row = dict.fromkeys(cases.DEALS) | {"rep_id": 14, "kind": kind, "amount": 10_000.0, "since_days": 40, **more}
    return [row | {"deal_id": number, "name": f"Deal {number}"} for number in range(1, count + 1)]


def account(**changes: Any) -> list[dict[str, Any]]:
    row = {"account_id": 3, "account_name": "Blue Mill", "won_count": 2, "last_won_amount": 8_000.0}
    return [{"rep_id": 14, "competitor": "Acme", "gone_on": ago(89), **row, **changes}]


def skill(**changes: Any) -> list[dict[str, Any]]:
    row = {"skill": "discovery", "skill_name": "Discovery", "level": 40.0, "level_n": 3, "before_level": 66.0}
    more = {"before_n": 3, "new_count": 3, "noise": 25.0, "state": "novice", "state_since_on": ago(200)}
    return [{"rep_id": 14, **row, **more, "last_on": ago(5), "observation_ids": [31, 32, 33], **changes}]


def reached(**changes: Any) -> list[dict[str, Any]]:
    return skill(**({"level": 58.0, "before_level": 49.0, "state": "competent", "state_since_on": ago(28)} | changes))


def goal(**changes: Any) -> list[dict[str, Any]]:
    row = {
        "objective_id": 4,
        "status": "accepted",
        "verdict": "off_path",
        "words": "Open pipeline is 0.9× the baseline",
    }
    more = {"chance": 0.1, "value_count": 6, "due_on": dt.date(2027, 3, 31), "answered_on": ago(60), "step_on": None}
    return [{"rep_id": 14, **row, **more, **changes}]


def plan(**changes: Any) -> list[dict[str, Any]]:
    row = {"plan_id": 8, "starts_on": dt.date(2026, 6, 1), "touched_on": ago(61), "is_stale": False}
    return [{"rep_id": 14, **row, "action_count": 4, "copied_count": 0, "copied_from": ["Rosa Marin"], **changes}]


def promise(*rows: dict[str, Any]) -> list[dict[str, Any]]:
    base = {
        "rep_id": 14,
        "is_reps": False,
        "by_id": MAYA,
        "by_name": "Maya Lindgren",
        "promise": "Bring the price list",
    }
    whole = {**base, "due_on": ago(1), "done_on": None}
    return [whole | {"commitment_id": number} | row for number, row in enumerate(rows, 1)]


def months(*amounts: float | None) -> list[dict[str, Any]]:
    first = 11 - len(amounts)
    return [{"rep_id": 14, "month": dt.date(2026, first + n, 1), "won_amount": won} for n, won in enumerate(amounts)]


NEW: dict[str, Any] = {"cycle_count": 4, "stage_count": 22, "is_signed_off": False, "last_cycle_id": 9}
NEVER: dict[str, Any] = {"days_since_last_session": None, "days_since_last_observation": None}
LATE: dict[str, Any] = {"days_since_last_session": 29.0, "days_since_last_observation": 40.0}
WON: dict[str, Any] = {"best_win_id": 77, "best_win_amount": 90_000.0, "best_win_name": "Mill line", "praised_on": None}
UNPRAISED: dict[str, Any] = {"praised_on": None}
KEPT: dict[str, Any] = {"is_reps": True, "due_on": ago(10), "done_on": ago(14)}

Change = dict[str, Any]
"""Columns of the rep that differ, lists of rows by their name, and under "around" what all reps share."""

TABLE: dict[str, tuple[Change, Change, Change]] = {
    "gap_widening": (
        BEHIND | {"earlier_gap": 24_999.0},
        BEHIND | {"earlier_gap": 25_000.0},
        BEHIND | {"earlier_gap": 0.0, "earlier_on": ago(13)},
    ),
    "thin_pipeline": (
        {"pipeline_coverage": 2.9},
        {"pipeline_coverage": 3.0},
        {"pipeline_coverage": 2.9, "year_closed_count": 4.0},
    ),
    "stalled_deals": (
        {"deals": deals("stalled", 6)},
        {"deals": deals("stalled", 6), "open_count": 13},
        {"deals": deals("stalled", 4), "open_count": 4},
    ),
    "slipped_deals": (
        {"deals": deals("slipped", 3, since_days=7)},
        {"deals": deals("slipped", 3, since_days=6)},
        {"deals": deals("slipped", 3), "dated_count": 3},
    ),
    "competitor_losses": (
        {"deals": deals("lost_to_competitor", 5, competitor="Acme")},
        {"deals": deals("lost_to_competitor", 3, competitor="Acme")},
        {"deals": deals("lost_to_competitor", 5, competitor="Acme"), "recent_count": 9},
    ),
    "customer_defecting": (
        {"accounts": account()},
        {"accounts": account(gone_on=ago(90))},
        {"accounts": account(won_count=1)},
    ),
    "skill_drop": ({"skills": skill()}, {"skills": skill(before_level=65.0)}, {"skills": skill(new_count=2)}),
    "unobserved_below": (
        BEHIND | {"days_since_last_observation": 15.0},
        BEHIND | {"days_since_last_observation": 14.0},
        BEHIND | {"days_since_last_observation": 15.0, "started_on": ago(13)},
    ),
    "cadence_breach": (
        {"standing": "past", "due_on": ago(4), "missed_count": 1},
        {"standing": "due", "due_on": ago(3), "missed_count": 1, "planned_on": TODAY},
        {"standing": "past", "due_on": ago(4), "slot_count": 0},
    ),
    "cadence_ahead": (
        {"due_on": ago(-7)},
        {"due_on": ago(-8)},
        {"due_on": ago(-7), "around": {"sessions_known": False}},
    ),
    "not_written_up": (
        {"sessions": [{"rep_id": 14, "session_id": 6, "planned_on": ago(3)}]},
        {"sessions": [{"rep_id": 14, "session_id": 6, "planned_on": ago(2)}]},
        {"sessions": []},
    ),
    "not_seen": (LATE, LATE | {"days_since_last_session": 28.0}, NEVER | {"started_on": None}),
    "objective_off_path": (
        {"objectives": goal()},
        {"objectives": goal(verdict="could_go_either_way", chance=0.26)},
        {"objectives": goal(value_count=5)},
    ),
    "objection_unanswered": (
        {"objectives": goal(status="objected", verdict=None, answered_on=ago(7))},
        {"objectives": goal(status="objected", verdict=None, answered_on=ago(6))},
        {"objectives": goal(status="objected", verdict=None, answered_on=None)},
    ),
    "stale_plan": ({"plans": plan(is_stale=True)}, {"plans": plan()}, {"plans": plan(is_stale=True, action_count=0)}),
    "copied_plan": (
        {"plans": plan(copied_count=2)},
        {"plans": plan(copied_count=2, action_count=5)},
        {"plans": plan(copied_count=1, action_count=1)},
    ),
    "promise_overdue": (
        {"promises": promise({})},
        {"promises": promise({"due_on": TODAY})},
        {"promises": promise({"due_on": None})},
    ),
    "rep_promises_open": (
        {"promises": promise({"is_reps": True}, {"is_reps": True})},
        {"promises": promise({"is_reps": True, "due_on": TODAY}, {"is_reps": True, "due_on": TODAY})},
        {"promises": promise({"is_reps": True})},
    ),
    "onboarding_stuck": (
        NEW | {"last_stage_on": ago(21)},
        NEW | {"last_stage_on": ago(20)},
        NEW | {"cycle_count": None, "last_stage_on": None, "started_on": ago(30)},
    ),
    "record_month": (
        {"months": months(10.0, 20.0, 5.0, 7.0, 19.0, 21.0)},
        {"months": months(10.0, 21.0, 5.0, 7.0, 19.0, 21.0)},
        {"months": months(20.0, 5.0, 7.0, 19.0, 21.0)},
    ),
    "quota_met": (
        {"quota_attainment": 1.0, "won_amount": 100_000.0},
        {"quota_attainment": 0.999, "won_amount": 99_900.0},
        {"quota_attainment": None, "won_amount": 100_000.0},
    ),
    "back_on_pace": (
        {"earlier_gap": 20_000.0, "gap_to_date": 0.0},
        {"earlier_gap": 20_000.0, "gap_to_date": 1.0},
        {"earlier_gap": 20_000.0, "gap_to_date": 0.0, "earlier_on": ago(13)},
    ),
    "record_win": (
        WON | {"best_win_on": ago(14), "priced_win_count": 5},
        WON | {"best_win_on": ago(15), "priced_win_count": 5},
        WON | {"best_win_on": ago(14), "priced_win_count": 4},
    ),
    "skill_reached": (
        {"skills": reached()},
        {"skills": reached(state_since_on=ago(29))},
        {"skills": reached(level_n=2)},
    ),
    "objective_met": (
        {"objectives": goal(verdict="met", value_count=1)},
        {"objectives": goal(verdict="on_path", value_count=1)},
        {"objectives": goal(verdict="met", value_count=0)},
    ),
    "praise_owed": (
        UNPRAISED | {"promises": promise(KEPT)},
        UNPRAISED | {"promises": promise(KEPT | {"done_on": ago(15)})},
        UNPRAISED | {"promises": promise(KEPT | {"due_on": None})},
    ),
}
"""By rule: it fires, it just does not, there is too little to tell."""
GOOD = {"record_month", "quota_met", "back_on_pace", "record_win", "skill_reached", "objective_met", "praise_owed"}


def situation(change: Change) -> tuple[Case, Around]:
    """Ravi with something different."""
    around = replace(HERE, **change.get("around", {}))
    rep = FINE | {name: value for name, value in change.items() if name in cases.REPS}
    return Case(rep, {name: rows for name, rows in change.items() if name in cases.LISTS}), around


def asked(rule: str, change: Change) -> Found | None:
    return BY_KEY[rule].ask(*situation(change))


def plain(text: str) -> str:
    return text.replace(numbers.SPACE, " ")


# ---- Three cases per rule ----------------------------------------------------------------------------------------


UNKNOWN = {
    "cadence_ahead", "not_written_up", "not_seen", "objection_unanswered", "copied_plan", "promise_overdue",
    "onboarding_stuck", "quota_met", "praise_owed",
}  # fmt: skip
"""Their third case lacks a fact altogether, since a single one is enough for them to speak. All others have one case
less than their smallest n."""


def untested(rules: Sequence[Rule], table: Mapping[str, Sequence[Change]]) -> dict[str, str]:
    """Rules without their three cases, and what is wrong with them; a case must be one of its kind to count."""
    found = {}
    for rule in rules:
        cases_of = table.get(rule.key, ())
        if len(cases_of) != 3:
            found[rule.key] = "three cases"
            continue
        fires, below, few = (rule.find(*situation(change)) for change in cases_of)
        if fires is None or fires.n < rule.smallest_n:
            found[rule.key] = "a case where it fires"
        elif below is not None:
            # Held back by its own threshold, not by the smallest n.
            found[rule.key] = "a case where it just does not"
        elif few is not None and few.n >= rule.smallest_n:
            found[rule.key] = "a case with too little data"
        elif (few is None) is not (rule.key in UNKNOWN):
            found[rule.key] = "a case with too little data, of the right kind"
    return found


def test_every_rule_has_a_case_where_it_fires_one_just_below_and_one_with_too_little_data() -> None:
    assert untested(RULES, TABLE) == {}
    assert set(TABLE) == set(BY_KEY)


def test_a_rule_that_is_added_without_its_three_cases_is_found() -> None:
    new = replace(RULES[0], key="new")
    fires, below, few = TABLE[RULES[0].key]
    assert untested([*RULES, new], TABLE) == {"new": "three cases"}
    for cases_of, missing in (
        ((below, below, few), "a case where it fires"),
        ((fires, fires, few), "a case where it just does not"),
        ((fires, few, few), "a case where it just does not"),
        ((fires, below, fires), "a case with too little data"),
        ((fires, below, below), "a case with too little data, of the right kind"),
    ):
        assert untested([new], {"new": cases_of}) == {"new": missing}


def test_there_are_enough_rules_of_both_kinds() -> None:
    assert len(RULES) == len(BY_KEY) >= 20
    assert set(GOOD) < set(BY_KEY)


def test_with_ravi_all_is_well_and_no_rule_says_anything() -> None:
    assert [rule.key for rule in RULES if rule.ask(*situation({}))] == []


@pytest.mark.parametrize("rule", sorted(BY_KEY))
def test_a_rule_fires_on_its_case_with_words_its_rows_and_the_right_colour(rule: str) -> None:
    found = asked(rule, TABLE[rule][0])
    assert found is not None
    assert found.n >= BY_KEY[rule].smallest_n
    assert BY_KEY[rule].is_good(found) is (rule in GOOD)
    assert found.words
    assert not found.words.endswith(".")
    assert "None" not in found.words
    assert "no data" not in found.words
    assert found.sources
    assert all(source.partition(":")[0] in {*BY_KEY[rule].reads, "metric", "person"} for source in found.sources)
    assert 0 < found.confidence <= 1
    assert 1 <= found.level <= 3


@pytest.mark.parametrize("rule", sorted(BY_KEY))
def test_a_rule_just_does_not_fire_on_the_next_case(rule: str) -> None:
    assert asked(rule, TABLE[rule][1]) is None


@pytest.mark.parametrize("rule", sorted(BY_KEY))
def test_a_rule_says_nothing_on_too_little_data(rule: str) -> None:
    assert asked(rule, TABLE[rule][2]) is None


@pytest.mark.parametrize("rule", sorted(BY_KEY))
def test_nothing_known_raises_nothing(rule: str) -> None:
    nothing = dict.fromkeys(cases.REPS) | {"rep_id": 14, "name": "Ravi Nair"}
    assert BY_KEY[rule].ask(Case(nothing), replace(HERE, sessions_known=False, observations_known=False)) is None


SENTENCES = {
    "gap_widening": "$35 k behind pace, $10 k more than on 23 Oct",
    "thin_pipeline": "Coverage 2.9×, needs 3.0× for the $40 k still to win",
    "stalled_deals": "6 of 12 open deals stalled, the largest Deal 1 ($10 k)",
    "competitor_losses": "5 of 25 deals closed in 90 days lost to Acme (6 % elsewhere), the largest Deal 1 ($10 k)",
    "customer_defecting": "Blue Mill went to Acme",
    "skill_drop": "Discovery at 40 of 100, 66 three months ago (more than chance)",
    "unobserved_below": "Below the quota to date (20 % won) and not observed for 15 days",
    "cadence_breach": "One-on-one was due by 16 Nov (4 days ago), last one 14 Nov",
    "cadence_ahead": "Next one-on-one is due by 27 Nov, none is planned",
    "not_seen": "Neither coached nor observed for 29 days, everybody is to be within 28 days",
    "objection_unanswered": "An objection on 13 Nov has waited 7 days for an answer",
    "copied_plan": "2 of 4 actions of the plan stand word for word in Rosa Marin's plan",
    "promise_overdue": "You promised “Bring the price list” by 19 Nov (yesterday)",
    "onboarding_stuck": "4 of 10 sales cycles shadowed, nothing noted for 21 days, not yet signed off to sell",
    "record_month": "Oct 2026 was the best of the last 6 months: $21 won",
    "record_win": "Largest win in a year, not yet praised: Mill line, $90 k on 6 Nov",
    "skill_reached": "Competent in discovery since 23 Oct, level 58 of 100",
    "praise_owed": "Kept “Bring the price list” on 6 Nov, in time and not yet praised",
}


@pytest.mark.parametrize("rule", sorted(SENTENCES))
def test_the_sentence_names_the_facts(rule: str) -> None:
    found = asked(rule, TABLE[rule][0])
    assert found is not None
    assert plain(found.words) == SENTENCES[rule]


# ---- What single rules mind --------------------------------------------------------------------------------------


def test_a_gap_that_stands_still_is_no_news_however_large_it_is() -> None:
    assert asked("gap_widening", BEHIND | {"gap_to_date": 50_000.0, "earlier_gap": 45_000.0}) is None


def test_back_on_pace_says_both_gaps_so_that_two_who_were_behind_alike_read_differently() -> None:
    told = []
    for gap in (0.0, -7_104.0, -45_211.0):
        found = asked("back_on_pace", {"earlier_gap": 7_820.0, "earlier_won": 38_000.0, "gap_to_date": gap})
        assert found is not None
        told.append(plain(found.words))
    assert told == [
        "Back on pace: on it now, $7.8 k behind it on 23 Oct",
        "Back on pace: $7.1 k ahead of it now, $7.8 k behind it on 23 Oct",
        "Back on pace: $45 k ahead of it now, $7.8 k behind it on 23 Oct",
    ]


def test_who_was_ahead_and_fell_behind_hears_that() -> None:
    found = asked("gap_widening", BEHIND | {"earlier_gap": -4_000.0})
    assert found is not None
    assert plain(found.words) == "$35 k behind pace, ahead of it on 23 Oct"


def test_the_needed_coverage_of_the_team_serves_who_has_none_of_their_own() -> None:
    own_unknown = {"needed_coverage": None, "year_closed_count": 0.0}
    assert asked("thin_pipeline", own_unknown | {"pipeline_coverage": 2.8}) is not None
    assert asked("thin_pipeline", own_unknown | {"pipeline_coverage": 2.9}) is None
    assert asked("thin_pipeline", {"pipeline_coverage": 1.0, "gap_to_quota": 0.0}) is None


def test_what_is_at_stake_in_deals_are_the_three_largest_times_the_own_win_rate() -> None:
    few = asked("stalled_deals", {"deals": deals("stalled", 6)})
    many = asked("stalled_deals", {"deals": deals("stalled", 9)})
    unknown = asked("stalled_deals", {"deals": deals("stalled", 6, amount=None)})
    assert few is not None
    assert many is not None
    assert unknown is not None
    assert few.amount == many.amount == pytest.approx(3 * 10_000 * 0.4)
    assert unknown.amount is None


def test_without_colleagues_a_third_of_the_losses_to_competitors_is_enough() -> None:
    alone = {"around": {"recent_count": 25, "rival_losses": {"Acme": 3}}}
    three = deals("lost_to_competitor", 3, competitor="Acme")
    others = [row | {"deal_id": row["deal_id"] + 10} for row in deals("lost_to_competitor", 7, competitor="Bolt")]
    assert asked("competitor_losses", alone | {"deals": three}) is not None
    found = asked("competitor_losses", alone | {"deals": [*three, *others]})
    assert found is not None
    assert "Bolt" in found.words


def test_losses_to_several_competitors_are_not_losses_to_one() -> None:
    mixed = [row | {"competitor": f"Rival {number}"} for number, row in enumerate(deals("lost_to_competitor", 6))]
    assert asked("competitor_losses", {"deals": mixed}) is None


def test_a_quiet_customer_is_told_without_a_competitor_and_others_are_counted() -> None:
    rows = [*account(competitor=None, last_won_amount=90_000.0), *account(account_id=4)]
    found = asked("customer_defecting", {"accounts": rows})
    assert found is not None
    assert plain(found.words) == (
        "Blue Mill has neither bought nor had an open deal for half a year, and 1 more customer gone"
    )
    assert found.sources == ("account:3", "account:4")


def test_an_old_score_says_nothing_about_now() -> None:
    assert asked("skill_drop", {"skills": skill(last_on=ago(60))}) is not None
    assert asked("skill_drop", {"skills": skill(last_on=ago(61))}) is None


def test_falling_from_mastery_to_competent_is_no_good_news() -> None:
    assert asked("skill_reached", {"skills": reached(level=60.0, before_level=90.0)}) is None


def test_a_promise_of_somebody_else_names_them_and_ones_own_comes_first() -> None:
    of_dana = {"by_id": 3, "by_name": "Dana Whitfield", "due_on": ago(20)}
    found = asked("promise_overdue", {"promises": promise(of_dana)})
    both = asked("promise_overdue", {"promises": promise(of_dana, {})})
    assert found is not None
    assert both is not None
    assert found.words.startswith("Dana Whitfield promised")
    assert both.words.startswith("You promised")
    assert both.words.endswith("and 1\u00a0more promise")
    assert both.sources == ("commitment:1", "commitment:2")


def test_a_coachs_promise_does_not_vanish_by_waiting_and_a_reps_is_left_behind_after_60_days() -> None:
    told = []
    for days in (60, 61, 400):
        found = asked("promise_overdue", {"promises": promise({"due_on": ago(days)})})
        assert found is not None
        assert found.level == 3
        told.append(found.words)
    assert "by 16\u00a0Oct\u00a02025 (13\u00a0months ago)" in told[-1]
    assert asked("promise_overdue", {"promises": promise({"done_on": TODAY})}) is None
    for days, is_told in ((60, True), (61, False)):
        both = promise({"is_reps": True, "due_on": ago(days)}, {"is_reps": True, "due_on": ago(3)})
        assert (asked("rep_promises_open", {"promises": both}) is not None) is is_told


def test_an_objection_is_answered_by_a_step_on_the_same_day_or_later() -> None:
    waits = {"status": "countered", "verdict": None, "answered_on": ago(20)}
    assert asked("objection_unanswered", {"objectives": goal(**waits, step_on=ago(20))}) is None
    found = asked("objection_unanswered", {"objectives": goal(**waits, step_on=ago(21))})
    assert found is not None
    assert found.words.startswith("Another target, proposed on 31\u00a0Oct")


def test_who_is_signed_off_is_not_stuck_and_who_never_sat_in_counts_from_the_start() -> None:
    assert asked("onboarding_stuck", NEW | {"last_stage_on": ago(40), "is_signed_off": True}) is None
    never = NEW | {"cycle_count": 0, "last_stage_on": None, "last_cycle_id": None}
    assert asked("onboarding_stuck", never | {"started_on": ago(20)}) is None
    found = asked("onboarding_stuck", never | {"started_on": ago(21)})
    assert found is not None
    assert found.sources == ("person:14",)


def test_praise_since_then_ends_the_debt() -> None:
    assert asked("praise_owed", {"praised_on": ago(13), "promises": promise(KEPT)}) is None
    assert asked("praise_owed", {"praised_on": ago(15), "promises": promise(KEPT)}) is not None
    assert asked("record_win", WON | {"best_win_on": ago(5), "praised_on": ago(5)}) is None


def test_an_objective_past_its_due_date_has_gone_further_than_one_off_path() -> None:
    ahead = asked("objective_off_path", {"objectives": goal()})
    over = asked("objective_off_path", {"objectives": goal(due_on=ago(1), chance=None)})
    assert ahead is not None
    assert over is not None
    assert (ahead.level, over.level) == (1, 2)
    assert ahead.confidence == pytest.approx(0.9)
    assert over.confidence == 1.0


def test_an_objective_nobody_agreed_to_is_neither_off_path_nor_met() -> None:
    for rule, verdict in (("objective_off_path", "off_path"), ("objective_met", "met")):
        assert asked(rule, {"objectives": goal(status="proposed", verdict=verdict)}) is None


# ---- Good and bad ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.key)
def test_the_registry_tells_good_from_bad_wherever_it_holds_the_number(rule: Rule) -> None:
    if rule.number in METRICS:
        assert rule.own_direction is None
        assert rule.direction is METRICS[rule.number].direction
    elif rule.number in TEMPLATES:
        assert rule.direction is TEMPLATES[rule.number].direction
    else:
        assert rule.own_direction is not None
    assert rule.direction is not Direction.NONE


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.key)
def test_the_same_number_moving_the_other_way_would_be_the_other_news(rule: Rule) -> None:
    up, down = Found("", +1, 9), Found("", -1, 9)
    assert rule.is_good(up) is not rule.is_good(down)
    assert rule.is_good(up) is (rule.direction is Direction.UP)


def test_every_rule_says_when_it_holds_what_ends_it_and_what_it_counts() -> None:
    for rule in RULES:
        assert len(rule.sentence) > 20
        assert rule.resolved.endswith(".")
        assert rule.counts
        assert "{n}" in rule.rests_on or "{time}" in rule.rests_on or rule.smallest_n == 1
        assert rule.smallest_n >= 1
        assert rule.reads
    assert len({rule.flag for rule in RULES}) == len(RULES)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.key)
def test_every_rule_stands_in_the_documentation_as_it_is(rule: Rule) -> None:
    rows = (PROJECT / "docs" / "attention.md").read_text().splitlines()
    [row] = [row for row in rows if row.startswith(f"| **{rule.flag}** (`{rule.key}`)")]
    for told in (rule.sentence, str(rule.severity), f"{rule.smallest_n} {rule.counts}", rule.resolved):
        assert f"| {told} |" in row


# ---- All rules together ------------------------------------------------------------------------------------------


def test_an_alert_without_an_amount_counts_for_its_part_of_a_usual_quarter() -> None:
    found = alerts([situation({"promises": promise({})})[0]], HERE)
    assert found.schema == pl.Schema(ALERTS)
    row = found.row(0, named=True)
    assert (row["rule"], row["value"], row["is_measured"]) == ("promise_overdue", pytest.approx(6_000.0), False)


RESTS_ON = {
    "gap_widening": "rests on two gaps 28 days apart",
    "unobserved_below": "rests on the first 51 days of the quarter",
    "not_seen": "rests on 2.7 years with the company",
    "onboarding_stuck": "rests on 2.7 years with the company",
    "promise_overdue": "rests on 1 promise past its day",
    "rep_promises_open": "rests on 2 promises past their day",
    "cadence_breach": "rests on 30 one-on-ones expected in a year",
    "stalled_deals": "rests on 12 open deals",
}
STAKES = {
    "gap_widening": "$10 k (the part of the gap that is new since) × 67 % sure = $6.7 k",
    "thin_pipeline": "$1.3 k (still to win, not covered by the pipeline) × 95 % sure = $1.3 k",
    "stalled_deals": "$12 k (the three largest of them × the win rate) × 95 % sure = $11 k",
    "customer_defecting": "$3.2 k (the last purchases, three at most, × the win rate) × 95 % sure = $3.0 k",
    "promise_overdue": "$6.0 k (10 % of what is won in a usual quarter) × a fact = $6.0 k",
}


@pytest.mark.parametrize("rule", sorted({*RESTS_ON, *STAKES}))
def test_a_reason_says_in_words_what_it_rests_on_and_what_its_amount_is(rule: str) -> None:
    case, around = situation(TABLE[rule][0])
    told = alerts([case], around)
    everybody = people([case], around)
    snoozes = pl.DataFrame(schema=SNOOZES)
    found = listing(told.filter(pl.col("rule") == rule), everybody, snoozes, Weights(), TODAY)
    reason = found.needs[0].reasons[0]
    if rule in RESTS_ON:
        assert plain(words.n_words(reason)) == RESTS_ON[rule]
    if rule in STAKES:
        assert plain(words.reason_sum_words(reason, "USD")) == STAKES[rule]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.key)
def test_only_rules_with_amounts_of_their_own_say_what_these_are(rule: Rule) -> None:
    found = asked(rule.key, TABLE[rule.key][0])
    assert found is not None
    assert (found.amount is not None) is bool(rule.stake)


def test_where_nobody_won_anything_such_an_alert_has_no_value() -> None:
    poor = situation({"promises": promise({}), "year_won": None})[0]
    assert alerts([poor], replace(HERE, usual_quarter=None))["value"].to_list() == [None]


def test_somebody_new_counts_like_the_middle_of_the_others() -> None:
    new = FINE | {"started_on": ago(89)}
    assert cases.usual_quarter(new, HERE) == 50_000.0
    assert cases.usual_quarter(FINE | {"started_on": ago(100)}, HERE) == pytest.approx(240_000 * 365 / 100 / 4)
    assert cases.usual_quarter(FINE, HERE) == pytest.approx(60_000.0)


@given(st.floats(0, 1e6), st.floats(0.1, 1e3))
def test_trust_grows_with_the_cases_and_is_a_half_at_its_mark(n: float, mark: float) -> None:
    assert 0 <= trust(n, mark) <= 1
    assert trust(n + 1, mark) >= trust(n, mark)
    assert trust(mark, mark) == pytest.approx(0.5)


@given(st.floats(0, 10), st.floats(0, 10))
def test_a_fact_that_goes_further_never_has_a_lower_level(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert 1 <= level_of(low, 2, 3) <= level_of(high, 2, 3) <= 3


# ---- Levels of skills --------------------------------------------------------------------------------------------

DISCOVERY = pl.DataFrame([(1, "discovery", "Discovery", 0), (2, "closing", "Closing", 1)], schema=SKILLS, orient="row")


def standing(level: float, count: int, *, n: int = 3, state: str = "novice", skill_id: int = 1) -> dict[str, Any]:
    row = dict.fromkeys(SKILL_STANDINGS) | {"person_id": 14, "skill_id": skill_id, "level": level, "level_n": n}
    return row | {"score_count": count, "state": state, "state_since_on": ago(9), "last_on": ago(9)}


def compared(now: list[dict[str, Any]], before: list[dict[str, Any]]) -> pl.DataFrame:
    frames = [pl.DataFrame(rows, schema=SKILL_STANDINGS) for rows in (now, before)]
    return levels.skill_rows(frames[0], frames[1], {1: 20.0, 2: 20.0}, 0.7, DISCOVERY)


def test_a_level_is_compared_with_the_one_three_months_ago_by_scores_that_are_not_in_both() -> None:
    row = compared([standing(30.0, 9)], [standing(70.0, 6)]).row(0, named=True)
    assert (row["before_level"], row["new_count"], row["skill"]) == (70.0, 3, "discovery")
    # 1.96 · 20 · sqrt(0.3 · 2/3)
    assert row["noise"] == pytest.approx(17.53, abs=0.01)


def test_looking_at_more_skills_asks_for_a_larger_fall_in_each() -> None:
    one = compared([standing(30.0, 9)], [standing(70.0, 6)])["noise"][0]
    both = compared(
        [standing(30.0, 9), standing(60.0, 9, skill_id=2)], [standing(70.0, 6), standing(60.0, 6, skill_id=2)]
    )["noise"][0]
    assert both == pytest.approx(one * 2.2414 / 1.96, rel=1e-3)


def test_only_a_fall_beyond_chance_or_a_higher_state_is_spoken_of() -> None:
    fell = compared([standing(52.0, 9)], [standing(70.0, 6)])
    stayed = compared([standing(53.0, 9)], [standing(70.0, 6)])
    rose = compared([standing(51.0, 9, state="competent")], [standing(49.0, 6)])
    new = compared([standing(51.0, 3, state="competent")], [])
    assert [levels.moved(rows).height for rows in (fell, stayed, rose, new)] == [1, 0, 1, 0]


# ---- Cases -------------------------------------------------------------------------------------------------------


def test_the_middle_of_what_was_won_leaves_out_who_won_nothing() -> None:
    assert cases.middle_quarter(pl.Series([0.0, None, 40.0, 80.0, 400.0])) == 20.0
    assert cases.middle_quarter(pl.Series([0.0, None], dtype=pl.Float64)) is None


def test_cases_come_by_name_each_with_the_rows_of_their_own() -> None:
    reps = [FINE | {"rep_id": 2, "name": "Wim"}, FINE | {"rep_id": 1, "name": "Ada"}]
    rows = [row | {"rep_id": 2} for row in deals("stalled", 3)]
    facts = {"reps": pl.DataFrame(reps, schema=cases.REPS), "deals": pl.DataFrame(rows, schema=cases.DEALS)}
    found = cases.cases(facts)
    assert [(case.rep["name"], len(case.each("deals", kind="stalled"))) for case in found] == [("Ada", 0), ("Wim", 3)]
