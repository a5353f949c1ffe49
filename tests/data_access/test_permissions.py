"""One matrix over every command and everybody: who may carry it out, and that nobody else leaves a trace.

Maya coaches Ravi and Rosa, Omar coaches Wim and Wanda, Dana leads both; Eve is the executive, Ada the admin. Beside
them stand those without a name: the operator at the command line and the stand-ins of local mode.
"""

from __future__ import annotations

import datetime as dt
import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa

from coaching.attention.order import SnoozeDraft
from coaching.brief import Taken
from coaching.cadence import AbsenceDraft, HolidayDraft, PolicyDraft
from coaching.costs import CostDraft
from coaching.lessons import GapDraft
from coaching.motivation import PreferenceDraft
from coaching.observations import ObservationDraft, Rating, ScoreDraft
from coaching.onboarding import ShadowedStageDraft
from coaching.pairing import MeetingDraft, PairDraft
from coaching.people import Role, Viewer
from coaching.plans import ActionDraft, ObjectiveDraft, PlanDraft
from coaching.programme import CurrencyRateDraft, EnrolmentDraft, RateDraft
from coaching.pulse import PulseAnswer
from coaching.roi.lottery_draw import LotteryDraft
from coaching.sessions import CommitmentDraft, SessionDraft
from data_access import commands
from data_access.commands import (
    agenda,
    attention,
    brief,
    calendar,
    drafts,
    imports,
    lessons,
    library,
    looks,
    motivation,
    observations,
    onboarding,
    pairs,
    plans,
    programme,
    pulse,
    questions,
    sessions,
    settings,
)
from data_access.default_scorecard import ensure_default_scorecard
from data_access.engine import writing
from data_access.scope import NotPermitted, operator, stand_in
from data_access.tables import (
    absence,
    cadence_policy,
    commitment,
    deal,
    holiday,
    knowledge_gap,
    metadata,
    objective,
    peer_pair,
    plan_action,
    session,
    skill,
)
from data_access.writes import CommandRefused
from tests.companies import NOW, PEOPLE, TODAY, load, someone
from tests.companies import deal as deal_row

DAY = dt.timedelta(days=1)
NAMES = ("ravi", "rosa", "wim", "maya", "omar", "dana", "eve", "ada")
NAMELESS = ("operator", "executive", "admin")
LINE = {"maya", "dana"}
"""Who coaches Ravi today."""
OWN_AND_LINE = LINE | {"ravi"}
LOADS = {"ada", "operator", "admin"}
NAMED = set(NAMES)
CITIZENS = NAMED | set(NAMELESS)

World = SimpleNamespace


@pytest.fixture(scope="module")
def world(sqlite_template: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Ravi's record with something of everything in it, and everybody who may or may not touch it."""
    from data_access.engine import open_engine
    from tests.databases import sqlite_url

    file = tmp_path_factory.mktemp("permissions") / "company.sqlite3"
    file.write_bytes(sqlite_template.read_bytes())
    engine = open_engine(sqlite_url(file))
    load(engine, "people", PEOPLE)
    won = [deal_row(f"w{n}", "ravi", status="won", opened="2026-05-01", closed="2026-08-01") for n in range(6)]
    lost = [deal_row(f"l{n}", "ravi", status="lost", opened="2026-05-01", closed="2026-08-02") for n in range(4)]
    load(engine, "deals", [*won, *lost])
    found = World(engine=engine, viewers={name: someone(engine, name) for name in NAMES})
    found.viewers |= {
        "operator": operator(),
        "executive": stand_in(Role.EXECUTIVE),
        "admin": stand_in(Role.ADMIN),
    }
    found.id = {name: viewer.person_id for name, viewer in found.viewers.items() if viewer.person_id is not None}
    found.id["wanda"] = someone(engine, "wanda").person_id
    with writing(engine) as connection:
        ensure_default_scorecard(connection)
        _coach(found, connection)
        _plan(found, connection)
        _onboard(found, connection)
        found.snooze = attention.snooze_alert(found.viewers["maya"], connection, put_off(found), NOW)
        _pair(found, connection)
        _programme(found, connection)
    yield found
    engine.dispose()


def _scores(level: int = 5) -> tuple[ScoreDraft, ...]:
    return (ScoreDraft("discovery", level, "Asked what happens if nothing changes."),)


def observed(world: World, days_ago: int, **more: Any) -> ObservationDraft:
    at = NOW - days_ago * DAY - dt.timedelta(hours=1)
    return ObservationDraft(world.id["ravi"], None, at, scores=_scores(), went_well="The silence.", **more)


def _coach(world: World, connection: sa.Connection) -> None:
    maya, ravi = world.viewers["maya"], world.viewers["ravi"]
    record = observations.record_observation
    world.waiting = record(maya, connection, observed(world, 2, ask_own_view=True), NOW)
    world.asked = record(maya, connection, observed(world, 3), NOW)
    observations.ask_second_rating(maya, connection, world.asked, world.id["omar"], NOW)
    world.open = record(maya, connection, observed(world, 4), NOW)
    world.offered = record(maya, connection, observed(world, 5), NOW)
    library.offer_example(maya, connection, world.offered, NOW)
    world.mine = record(ravi, connection, observed(world, 6, kind="self"), NOW)
    world.planned = sessions.plan_session(maya, connection, planned(world, 3), NOW)
    sessions.add_topic(ravi, connection, world.planned, "The renewal", NOW)
    world.held = sessions.record_session(maya, connection, held(world, 1), NOW)
    world.fresh = sessions.record_session(maya, connection, held(world, 2), NOW)
    promise = sa.select(commitment.c.id).where(commitment.c.session_id == world.held)
    world.promise = connection.scalar(promise.where(commitment.c.by_id == world.id["ravi"]))
    world.kept = connection.scalar(promise.where(commitment.c.by_id == world.id["maya"]))
    sessions.keep_commitment(maya, connection, world.kept, TODAY, NOW)


def planned(world: World, days: int) -> SessionDraft:
    return SessionDraft(world.id["ravi"], planned_on=TODAY + days * DAY, status="planned")


def held(world: World, days_ago: int) -> SessionDraft:
    promises = (
        CommitmentDraft("rep", "Call the buyer", TODAY + 5 * DAY),
        CommitmentDraft("coach", "Bring the price list", TODAY + 5 * DAY),
    )
    return SessionDraft(world.id["ravi"], held_at=NOW - days_ago * DAY, status="held", minutes=30, commitments=promises)


def goal(world: World, metric_key: str) -> ObjectiveDraft:
    due = TODAY + 120 * DAY
    ravi, maya = world.id["ravi"], world.id["maya"]
    return ObjectiveDraft(ravi, maya, metric_key, None, 0.3, "relative", TODAY, due, "It pays the plant", "Commission")


def plan_of(world: World, rep: str) -> PlanDraft:
    action = ActionDraft("discovery", "role_play", "Practise three openings", 3, TODAY + 30 * DAY)
    return PlanDraft(world.id[rep], 0, TODAY, TODAY + 120 * DAY, "Ask more", (action,))


def _plan(world: World, connection: sa.Connection) -> None:
    maya, ravi = world.viewers["maya"], world.viewers["ravi"]
    world.plan = plans.propose_plan(maya, connection, plan_of(world, "ravi"), now=NOW)
    world.action = connection.scalar(sa.select(plan_action.c.id))
    world.goals = {}
    names = ("proposed", "countered", "objected", "accepted")
    for name, key in zip(names, ("win_rate_count", "average_deal_size", "won_count", "won_amount"), strict=True):
        world.goals[name] = plans.propose_objective(maya, connection, world.plan, goal(world, key), now=NOW)
    answer = plans.answer_objective
    answer(ravi, connection, world.goals["countered"], 1, "counter", now=NOW, counter_value=0.1, reason="Too much")
    answer(ravi, connection, world.goals["objected"], 1, "object", now=NOW, reason="Not mine to move")
    answer(ravi, connection, world.goals["accepted"], 1, "accept", now=NOW)


def _onboard(world: World, connection: sa.Connection) -> None:
    maya, ravi, admin = (world.viewers[name] for name in ("maya", "ravi", "ada"))
    rows = connection.execute(sa.select(deal.c.source_key, deal.c.id)).all()
    by_key = {row.source_key.split(":")[-1]: row.id for row in rows}
    world.lost_deal = next(number for key, number in by_key.items() if "l1" in key)
    lost = next(number for key, number in by_key.items() if "l0" in key)
    world.lesson = lessons.write_lesson(ravi, connection, lost, "Ask for the budget first.", None, NOW)
    world.gap = lessons.note_gap(ravi, connection, world.id["ravi"], GapDraft("What do they measure?"), NOW)
    world.closed_gap = lessons.note_gap(ravi, connection, world.id["ravi"], GapDraft("Who signs?"), NOW)
    lessons.close_gap(ravi, connection, world.closed_gap, "The plant manager.", NOW)
    world.item = agenda.add_item(ravi, connection, rep_id=world.id["ravi"], kind="topic", body="The renewal", now=NOW)
    world.sign_off = onboarding.sign_off_to_sell(maya, connection, world.id["ravi"], "Seen in the field twice", NOW)
    away = AbsenceDraft(world.id["ravi"], TODAY + 40 * DAY, TODAY + 44 * DAY, "Leave")
    calendar.add_absence(maya, connection, away, NOW)
    world.absence = connection.scalar(sa.select(absence.c.id))
    calendar.set_policy(admin, connection, PolicyDraft("rep", 21, 3, dt.date(2026, 1, 1)), NOW)
    calendar.add_holiday(admin, connection, HolidayDraft(dt.date(2026, 12, 25), None, "Christmas"), NOW)
    world.policy = connection.scalar(sa.select(cadence_policy.c.id))
    world.holiday = connection.scalar(sa.select(holiday.c.id))


def pair_of(world: World, about: int) -> PairDraft:
    """Rosa helps Ravi with one of the skills."""
    return PairDraft(world.skills[about], world.id["rosa"], world.id["ravi"])


def _pair(world: World, connection: sa.Connection) -> None:
    """Ravi's pairs with Rosa one after the other, since two people rest: one closed today, one under way."""
    maya, ravi = world.viewers["maya"], world.viewers["ravi"]
    world.skills = list(connection.scalars(sa.select(skill.c.id).where(skill.c.kind == "rep").order_by(skill.c.id)))
    settings.change_setting(world.viewers["ada"], connection, "pair_rest_weeks", 0, NOW)
    settings.change_setting(world.viewers["ada"], connection, "pairs_at_most", 3, NOW)
    [world.closed_pair] = pairs.propose_pairs(maya, connection, [pair_of(world, 0)], NOW)
    pairs.accept_pair(maya, connection, world.closed_pair, 1, NOW)
    pairs.close_pair(maya, connection, world.closed_pair, 2, NOW)
    [world.pair] = pairs.propose_pairs(maya, connection, [pair_of(world, 1)], NOW - DAY)
    pairs.accept_pair(maya, connection, world.pair, 1, NOW - DAY)
    pairs.write_meeting(ravi, connection, world.pair, MeetingDraft(TODAY - DAY, tried="Waited"), NOW)
    # The others are between Ravi and Wim, whom Dana alone leads both.
    dana = world.viewers["dana"]
    across = PairDraft(world.skills[2], world.id["wim"], world.id["ravi"])
    [world.proposed_pair] = pairs.propose_pairs(dana, connection, [across], NOW)
    wanda = PairDraft(world.skills[2], world.id["wanda"], world.id["rosa"])
    [world.fresh_pair] = pairs.propose_pairs(dana, connection, [wanda], NOW)
    pairs.accept_pair(dana, connection, world.fresh_pair, 1, NOW)


def _programme(world: World, connection: sa.Connection) -> None:
    """A cost, one that was taken back today, a rate, and Wanda enrolled just now."""
    ada = world.viewers["ada"]
    world.cost = programme.enter_cost(ada, connection, cost(1), NOW)
    world.withdrawn_cost = programme.enter_cost(ada, connection, cost(3), NOW)
    programme.withdraw_cost(ada, connection, world.withdrawn_cost, NOW)
    world.rate = programme.set_hour_rate(ada, connection, RateDraft("rep", "USD", hourly=70.0), NOW)
    enrolled = EnrolmentDraft(world.id["wanda"], TODAY, "chosen")
    world.enrolment = programme.enrol_rep(world.viewers["dana"], connection, enrolled, NOW)


def cost(months: int) -> CostDraft:
    return CostDraft(dt.date(2026, 1, 1), dt.date(2026, months, 28), "tools", 600_00, "USD")


def lots() -> LotteryDraft:
    return LotteryDraft("Coached reps sell more.", 8.0, 4.0, (dt.date(2026, 12, 1), dt.date(2027, 1, 1)), "4711")


def put_off(world: World) -> SnoozeDraft:
    return SnoozeDraft("stale_plan", 1, world.id["ravi"], "He is away", TODAY + 7 * DAY)


def version(connection: sa.Connection, table: sa.Table, row_id: int) -> int:
    return int(connection.scalar(sa.select(table.c.version).where(table.c.id == row_id)) or 0)


Attempt = Callable[[Viewer, sa.Connection, World], object]


def _goal(name: str, call: Callable[..., object]) -> Attempt:
    def attempt(v: Viewer, c: sa.Connection, w: World) -> object:
        return call(v, c, w.goals[name], version(c, objective, w.goals[name]))

    return attempt


def stage(world: World) -> ShadowedStageDraft:
    return ShadowedStageDraft(1, "discovery", TODAY, world.id["rosa"], "Waited for the answer")


MATRIX: dict[str, tuple[set[str], Attempt]] = {
    # --- observations and the library
    "observations.record_observation": (
        LINE,
        lambda v, c, w: observations.record_observation(v, c, observed(w, 1), NOW),
    ),
    "observations.record_self_view": (
        {"ravi"},
        lambda v, c, w: observations.record_self_view(v, c, w.waiting, Rating(_scores(3)), NOW),
    ),
    "observations.skip_own_view": ({"ravi"}, lambda v, c, w: observations.skip_own_view(v, c, w.waiting, NOW)),
    "observations.undo_observation": ({"maya"}, lambda v, c, w: observations.undo_observation(v, c, w.open, NOW)),
    "observations.ask_second_rating": (
        LINE,
        lambda v, c, w: observations.ask_second_rating(v, c, w.open, w.id["omar"], NOW),
    ),
    "observations.record_second_rating": (
        {"omar"},
        lambda v, c, w: observations.record_second_rating(v, c, w.asked, Rating(_scores(2)), NOW),
    ),
    "observations.decline_second_rating": (
        {"omar"},
        lambda v, c, w: observations.decline_second_rating(v, c, w.asked, NOW),
    ),
    "library.offer_example": ({"maya"}, lambda v, c, w: library.offer_example(v, c, w.open, NOW)),
    "library.agree_to_example": ({"ravi"}, lambda v, c, w: library.agree_to_example(v, c, w.offered, NOW)),
    "library.take_back_example": (
        {"ravi", "maya"},
        lambda v, c, w: library.take_back_example(v, c, w.offered, NOW),
    ),
    # --- sessions and the pulse
    "sessions.plan_session": (LINE, lambda v, c, w: sessions.plan_session(v, c, planned(w, 9), NOW)),
    "sessions.record_session": (LINE, lambda v, c, w: sessions.record_session(v, c, held(w, 3), NOW)),
    "brief.record_from_brief": (
        LINE,
        lambda v, c, w: brief.record_from_brief(v, c, held(w, 3), Taken(), NOW),
    ),
    "sessions.settle_session": (
        LINE,
        lambda v, c, w: sessions.settle_session(
            v, c, w.planned, "excused", NOW, version=version(c, session, w.planned)
        ),
    ),
    "sessions.move_session": (
        LINE,
        lambda v, c, w: sessions.move_session(
            v, c, w.planned, TODAY + 8 * DAY, NOW, version=version(c, session, w.planned)
        ),
    ),
    "sessions.undo_session": ({"maya"}, lambda v, c, w: sessions.undo_session(v, c, w.fresh, NOW)),
    "sessions.add_topic": (OWN_AND_LINE, lambda v, c, w: sessions.add_topic(v, c, w.planned, "The forecast", NOW)),
    "sessions.remove_topic": ({"ravi"}, lambda v, c, w: sessions.remove_topic(v, c, w.planned, "The renewal", NOW)),
    "sessions.keep_commitment": (
        {"ravi", "maya"},
        lambda v, c, w: sessions.keep_commitment(v, c, w.promise, TODAY, NOW),
    ),
    "sessions.reopen_commitment": (
        {"ravi", "maya"},
        lambda v, c, w: sessions.reopen_commitment(v, c, w.kept, NOW),
    ),
    "pulse.answer_pulse": ({"ravi"}, lambda v, c, w: pulse.answer_pulse(v, c, PulseAnswer(4, 4, 5), NOW)),
    # --- plans
    "plans.propose_plan": (LINE, lambda v, c, w: plans.propose_plan(v, c, plan_of(w, "rosa"), now=NOW)),
    "plans.propose_objective": (
        LINE,
        lambda v, c, w: plans.propose_objective(v, c, w.plan, goal(w, "median_deal_size"), now=NOW),
    ),
    "plans.answer_objective": (
        {"ravi"},
        _goal("proposed", lambda v, c, n, k: plans.answer_objective(v, c, n, k, "accept", now=NOW)),
    ),
    "plans.take_counter": (LINE, _goal("countered", lambda v, c, n, k: plans.take_counter(v, c, n, k, now=NOW))),
    "plans.move_due_date": (
        LINE,
        _goal(
            "accepted",
            lambda v, c, n, k: plans.move_due_date(v, c, n, k, TODAY + 150 * DAY, "The buyer moved", now=NOW),
        ),
    ),
    "plans.withdraw_objective": (
        LINE,
        _goal("proposed", lambda v, c, n, k: plans.withdraw_objective(v, c, n, k, now=NOW)),
    ),
    "plans.meet_resistance": (
        LINE,
        _goal("objected", lambda v, c, n, _k: plans.meet_resistance(v, c, n, "listen_again", "He is right", now=NOW)),
    ),
    "plans.revise_plan": (
        LINE,
        lambda v, c, w: plans.revise_plan(
            v,
            c,
            w.plan,
            _plan_version(c, w),
            seen_revision=1,
            reason="New focus",
            actions=[ActionDraft("discovery", None, "Write down three questions")],
            now=NOW,
        ),
    ),
    "plans.set_action_done": (
        OWN_AND_LINE,
        lambda v, c, w: plans.set_action_done(v, c, w.action, version(c, plan_action, w.action), True, now=NOW),
    ),
    "plans.sign_verdict": (OWN_AND_LINE, lambda v, c, w: plans.sign_verdict(v, c, w.plan, "adjusted", now=NOW)),
    "plans.withdraw_signature": (OWN_AND_LINE, lambda v, c, w: _sign_and_withdraw(v, c, w)),
    # --- motivation, onboarding, lessons
    "motivation.state_preferences": (
        NAMED,
        lambda v, c, w: motivation.state_preferences(v, c, [PreferenceDraft("praise", 3)], NOW),
    ),
    "onboarding.note_shadowed_stage": (
        OWN_AND_LINE,
        lambda v, c, w: onboarding.note_shadowed_stage(v, c, w.id["ravi"], stage(w), NOW),
    ),
    "onboarding.sign_off_to_sell": (
        LINE,
        lambda v, c, w: onboarding.sign_off_to_sell(v, c, w.id["ravi"], "Seen in the field twice", NOW),
    ),
    "onboarding.take_back_sign_off": ({"maya"}, lambda v, c, w: onboarding.take_back_sign_off(v, c, w.sign_off, NOW)),
    "lessons.write_lesson": (
        {"ravi"},
        lambda v, c, w: lessons.write_lesson(v, c, w.lost_deal, "Meet the buyer earlier.", None, NOW),
    ),
    "lessons.ask_about_lesson": (LINE, lambda v, c, w: lessons.ask_about_lesson(v, c, w.lesson, "Who else?", NOW)),
    "lessons.note_gap": (
        OWN_AND_LINE,
        lambda v, c, w: lessons.note_gap(v, c, w.id["ravi"], GapDraft("Why now?"), NOW),
    ),
    "lessons.close_gap": ({"ravi"}, lambda v, c, w: lessons.close_gap(v, c, w.gap, "The old contract ends.", NOW)),
    "lessons.reopen_gap": ({"ravi"}, lambda v, c, w: lessons.reopen_gap(v, c, w.closed_gap, NOW)),
    # --- peer pairs
    "pairs.propose_pairs": (
        {"dana"},
        lambda v, c, w: pairs.propose_pairs(v, c, [PairDraft(w.skills[4], w.id["wim"], w.id["rosa"])], NOW),
    ),
    "pairs.change_pair": (
        {"dana"},
        lambda v, c, w: pairs.change_pair(v, c, w.proposed_pair, 1, w.id["wanda"], NOW),
    ),
    "pairs.accept_pair": ({"dana"}, lambda v, c, w: pairs.accept_pair(v, c, w.proposed_pair, 1, NOW)),
    "pairs.withdraw_pair": ({"dana"}, lambda v, c, w: pairs.withdraw_pair(v, c, w.proposed_pair, 1, NOW)),
    "pairs.take_back_start": ({"dana"}, lambda v, c, w: pairs.take_back_start(v, c, w.fresh_pair, 2, NOW)),
    "pairs.close_pair": (
        OWN_AND_LINE | {"rosa"},
        lambda v, c, w: pairs.close_pair(v, c, w.pair, version(c, peer_pair, w.pair), NOW),
    ),
    "pairs.reopen_pair": (OWN_AND_LINE | {"rosa"}, lambda v, c, w: pairs.reopen_pair(v, c, w.closed_pair, 3, NOW)),
    "pairs.set_pair_limit": (OWN_AND_LINE, lambda v, c, w: pairs.set_pair_limit(v, c, w.id["ravi"], 1, NOW)),
    "pairs.write_meeting": (
        {"ravi", "rosa"},
        lambda v, c, w: pairs.write_meeting(v, c, w.pair, MeetingDraft(TODAY, tried="Asked"), NOW),
    ),
    # --- questions and what is brought to a one-on-one
    "agenda.add_item": (
        OWN_AND_LINE,
        lambda v, c, w: agenda.add_item(v, c, rep_id=w.id["ravi"], kind="topic", body="The forecast", now=NOW),
    ),
    "agenda.withdraw_item": ({"ravi"}, lambda v, c, w: agenda.withdraw_item(v, c, item_id=w.item, now=NOW)),
    "agenda.settle_items": (
        LINE,
        lambda v, c, w: agenda.settle_items(v, c, session_id=w.held, item_ids=[w.item], now=NOW),
    ),
    "questions.note_asked": (
        LINE,
        lambda v, c, w: questions.note_asked(
            v, c, rep_id=w.id["ravi"], session_id=w.held, question_keys=["steady.me"], now=NOW
        ),
    ),
    "questions.edit_question": (
        LOADS,
        lambda v, c, w: questions.edit_question(v, c, situation="steady", text="What would you like to try?", now=NOW),
    ),
    # --- the calendar and settings
    "calendar.add_absence": (
        LINE | {"ada", "admin"},
        lambda v, c, w: calendar.add_absence(
            v, c, AbsenceDraft(w.id["ravi"], TODAY + 80 * DAY, TODAY + 84 * DAY, "Leave"), NOW
        ),
    ),
    "calendar.remove_absence": (
        LINE | {"ada", "admin"},
        lambda v, c, w: calendar.remove_absence(v, c, w.absence, NOW),
    ),
    "calendar.set_policy": (
        LOADS,
        lambda v, c, w: calendar.set_policy(v, c, PolicyDraft("manager", 30, 5, None), NOW),
    ),
    "calendar.remove_policy": (LOADS, lambda v, c, w: calendar.remove_policy(v, c, w.policy, NOW)),
    "calendar.add_holiday": (
        LOADS,
        lambda v, c, w: calendar.add_holiday(v, c, HolidayDraft(dt.date(2027, 1, 1), None, "New year"), NOW),
    ),
    "calendar.remove_holiday": (LOADS, lambda v, c, w: calendar.remove_holiday(v, c, w.holiday, NOW)),
    "settings.change_setting": (LOADS, lambda v, c, w: settings.change_setting(v, c, "week_starts_on", 6, NOW)),
    # --- the programme
    "programme.enter_cost": (LOADS, lambda v, c, w: programme.enter_cost(v, c, cost(2), NOW)),
    "programme.withdraw_cost": (LOADS, lambda v, c, w: programme.withdraw_cost(v, c, w.cost, NOW)),
    "programme.restore_cost": (LOADS, lambda v, c, w: programme.restore_cost(v, c, w.withdrawn_cost, NOW)),
    "programme.undo_hour_rate": (LOADS, lambda v, c, w: programme.undo_hour_rate(v, c, w.rate, NOW)),
    "programme.set_currency_rate": (
        LOADS,
        lambda v, c, w: programme.set_currency_rate(v, c, CurrencyRateDraft("EUR", 1.1), NOW),
    ),
    "programme.set_guardrail": (LOADS, lambda v, c, w: programme.set_guardrail(v, c, "skip", 4, NOW)),
    "programme.set_programme_settings": (
        LOADS,
        lambda v, c, w: programme.set_programme_settings(v, c, {"programme_margin": 0.5}, NOW),
    ),
    "programme.set_hour_rate": (
        LOADS,
        lambda v, c, w: programme.set_hour_rate(v, c, RateDraft("coach", "USD", hourly=90.0), NOW),
    ),
    "programme.enrol_rep": (
        LOADS | {"dana"},
        lambda v, c, w: programme.enrol_rep(v, c, EnrolmentDraft(w.id["ravi"], TODAY, "chosen"), NOW),
    ),
    "programme.enrol_reps": (
        LOADS | {"dana"},
        lambda v, c, w: programme.enrol_reps(
            v, c, [EnrolmentDraft(w.id[name], TODAY, "all at once") for name in ("ravi", "rosa")], NOW
        ),
    ),
    "programme.undo_enrolments": (
        LOADS | {"dana"},
        lambda v, c, w: programme.undo_enrolments(v, c, [w.enrolment], NOW),
    ),
    "programme.draw_lottery": (LOADS | {"dana"}, lambda v, c, w: programme.draw_lottery(v, c, lots(), NOW)),
    "programme.freeze_evidence": (
        {"eve", "dana", "operator", "executive"},
        lambda v, c, w: programme.freeze_evidence(v, c, as_of=TODAY, reason="The quarter is over", now=NOW),
    ),
    # --- one's own
    "attention.snooze_alert": (LINE, lambda v, c, w: attention.snooze_alert(v, c, put_off(w), NOW)),
    "attention.lift_snooze": ({"maya"}, lambda v, c, w: attention.lift_snooze(v, c, w.snooze, NOW)),
    "drafts.keep_draft": (NAMED, lambda v, c, w: drafts.keep_draft(v, c, "observation:1", {"words": "half"}, NOW)),
}

WITHOUT_A_LIMIT = {
    "drafts.discard_draft": "forgets the viewer's own draft, where there is one",
    "looks.note_look": "leaves a note only of a look that somebody in scope could take (test_looks)",
    "looks.note_download": "an entry about oneself",
    "observations.release_overdue": "opens what is due to be opened, whoever passes by",
    "pulse.close_waves": "destroys the keys of past rounds, whoever passes by",
}


def _plan_version(connection: sa.Connection, world: World) -> int:
    from data_access.tables import plan

    return version(connection, plan, world.plan)


def _sign_and_withdraw(viewer: Viewer, connection: sa.Connection, world: World) -> None:
    """Only one's own signature can be withdrawn, so whoever may sign signs first."""
    plans.sign_verdict(viewer, connection, world.plan, "adjusted", now=NOW)
    plans.withdraw_signature(viewer, connection, world.plan, now=NOW)


def every_command() -> set[str]:
    """Module and name of every public function in data_access/commands."""
    found = set()
    for info in pkgutil.iter_modules(commands.__path__):
        module = importlib.import_module(f"data_access.commands.{info.name}")
        for name, member in inspect.getmembers(module, inspect.isfunction):
            if not name.startswith("_") and member.__module__ == module.__name__:
                found.add(f"{info.name}.{name}")
    return found


def test_the_matrix_holds_every_command() -> None:
    files = {"imports.import_file", "imports.preview_file", "imports.clear_abandoned_imports"}
    assert set(MATRIX) | set(WITHOUT_A_LIMIT) | files == every_command()
    assert not set(MATRIX) & set(WITHOUT_A_LIMIT)


@pytest.mark.parametrize("who", sorted(CITIZENS))
@pytest.mark.parametrize("command", sorted(MATRIX))
def test_a_command_is_carried_out_for_those_who_may_and_leaves_no_trace_of_others(
    world: World, command: str, who: str
) -> None:
    allowed, attempt = MATRIX[command]
    with world.engine.execution_options(writes=True).connect() as connection, connection.begin() as transaction:
        before = _everything(connection)
        if who in allowed:
            attempt(world.viewers[who], connection, world)
            assert _everything(connection) != before or command in {"plans.withdraw_signature"}
        else:
            with pytest.raises((NotPermitted, CommandRefused)):
                attempt(world.viewers[who], connection, world)
            assert _everything(connection) == before
        transaction.rollback()


def _everything(connection: sa.Connection) -> dict[str, list[Any]]:
    """Every row of every table, for telling whether anything was written."""
    return {
        table.name: sorted(map(repr, connection.execute(sa.select(table)).all())) for table in metadata.sorted_tables
    }


@pytest.mark.parametrize("who", sorted(CITIZENS))
def test_only_those_who_load_data_read_or_load_a_file(world: World, who: str, tmp_path: Any) -> None:
    file = tmp_path / "people.csv"
    file.write_text("id,name\nx,Xenia Frost\n")
    order = imports.Order("people", file, file.name, as_of=TODAY, dry_run=True)
    viewer = world.viewers[who]
    if who in LOADS:
        assert imports.preview_file(viewer, "people", file).headers == ("id", "name")
        imports.import_file(viewer, world.engine, order, NOW, lambda *_: None)
        imports.clear_abandoned_imports(viewer, world.engine)
        return
    with pytest.raises(NotPermitted):
        imports.clear_abandoned_imports(viewer, world.engine)
    with pytest.raises(NotPermitted):
        imports.preview_file(viewer, "people", file)
    with pytest.raises(NotPermitted):
        imports.import_file(viewer, world.engine, order, NOW, lambda *_: None)


def test_what_nobody_is_kept_from_changes_nothing_about_somebody_else(world: World) -> None:
    """The commands outside the matrix, carried out by Omar about Ravi: his record stays as it was."""
    omar = world.viewers["omar"]
    with world.engine.execution_options(writes=True).connect() as connection, connection.begin() as transaction:
        before = _everything(connection)
        drafts.discard_draft(omar, connection, "observation:1")
        looks.note_look(omar, connection, world.id["ravi"], "rep-progress", NOW)
        observations.release_overdue(omar, connection, NOW)
        pulse.close_waves(omar, connection, NOW)
        assert _everything(connection) == before
        transaction.rollback()


def test_a_gap_of_ravis_is_still_his_after_all_of_this(world: World) -> None:
    """The matrix rolls everything back: what was set up is what is left."""
    with world.engine.connect() as connection:
        assert (
            connection.scalar(sa.select(knowledge_gap.c.rep_id).where(knowledge_gap.c.id == world.gap))
            == (world.id["ravi"])
        )
        connection.rollback()
