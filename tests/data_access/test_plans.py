"""Plans are agreed between two people: proposed, answered, met with patience, revised, acted on and signed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

import polars as pl
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from coaching.people import Viewer
from coaching.plans import ActionDraft, ObjectiveDraft, PlanDraft
from data_access import tables
from data_access.commands import plans as commands
from data_access.default_scorecard import ensure_default_scorecard
from data_access.engine import reading, writing
from data_access.queries import plans as queries
from data_access.scope import NotPermitted, operator
from data_access.tables import audit_entry, session
from data_access.writes import CommandRefused, EditedMeanwhile
from tests.companies import NOW, PEOPLE, TODAY, deal, load, someone
from tests.copies import copies_of, sqlite_copies_of

DUE = dt.date(2027, 3, 31)
CALL = ActionDraft("discovery", "role_play", "Ask for the cost of the problem", 6, dt.date(2026, 12, 20))
NOTES = ActionDraft(None, None, "Read the last two notes before each call")


def later(days: int = 0, minutes: int = 0) -> dt.datetime:
    return NOW + dt.timedelta(days=days, minutes=minutes)


def ready(engine: sa.Engine) -> sa.Engine:
    load(engine, "people", PEOPLE, dt.date(2026, 1, 1))
    rows = [deal(f"w{n}", status="won", closed="2026-08-10") for n in range(3)]
    rows += [deal(f"l{n}", status="lost", closed="2026-09-10") for n in range(7)]
    rows += [deal("open", amount=1000), deal("of rosa", "rosa", amount=500), deal("of wim", "wim", amount=500)]
    for day in (dt.date(2026, 11, 6), dt.date(2026, 11, 13), TODAY):
        load(engine, "deals", rows, day)
    with writing(engine) as connection:
        ensure_default_scorecard(connection)
    return engine


company = copies_of(ready)
small = sqlite_copies_of(ready)
"""The same company where the kind of database does not matter."""


def goal(key: str = "open_pipeline", target: float = 1.0, kind: str = "relative", **more: Any) -> ObjectiveDraft:
    words = {"why_business": "A fuller quarter", "why_rep": "Calmer weeks"} | more
    return ObjectiveDraft(0, 0, key, None, target, kind, TODAY, DUE, **words)


def propose(
    engine: sa.Engine,
    who: str = "maya",
    rep: str = "ravi",
    *,
    actions: Sequence[ActionDraft] = (CALL, NOTES),
    goals: Sequence[ObjectiveDraft] = (goal(),),
    now: dt.datetime = NOW,
) -> int:
    rep_id = id_of(engine, rep)
    draft = PlanDraft(rep_id, 0, TODAY, None, "Fewer deals, better known", tuple(actions), tuple(goals))
    return int(carried(engine, who, lambda viewer, c: commands.propose_plan(viewer, c, draft, now=now)))


def carried(engine: sa.Engine, who: str, command: Callable[[Viewer, sa.Connection], Any]) -> Any:
    with writing(engine) as connection:
        return command(someone(engine, who), connection)


def id_of(engine: sa.Engine, name: str) -> int:
    found = someone(engine, name).person_id
    assert found is not None
    return found


def seen(engine: sa.Engine, who: str = "maya", rep: str = "ravi", as_of: dt.date = TODAY) -> dict[str, pl.DataFrame]:
    viewer, asked = someone(engine, who), {"rep_id": id_of(engine, rep), "as_of": as_of, "today": TODAY}
    return seen_by(engine, viewer, asked)


def seen_by(engine: sa.Engine, viewer: Viewer, asked: dict[str, Any]) -> dict[str, pl.DataFrame]:
    with reading(engine) as connection:
        return {
            name: getattr(queries, name)(viewer, connection, **asked)
            for name in ("plans", "revisions", "actions", "signatures", "objectives", "answers_and_steps")
        }


def the_goal(engine: sa.Engine, **asked: Any) -> dict[str, Any]:
    [row] = seen(engine, **asked)["objectives"].to_dicts()
    return row


def answer(engine: sa.Engine, kind: str, who: str = "ravi", *, now: dt.datetime = NOW, **more: Any) -> None:
    row = the_goal(engine, who="maya", as_of=now.date())
    carried(
        engine,
        who,
        lambda viewer, c: commands.answer_objective(
            viewer, c, row["objective_id"], more.pop("version", row["version"]), kind, now=now, **more
        ),
    )


def problems_of(engine: sa.Engine, who: str, command: Callable[[Viewer, sa.Connection], Any]) -> list[str]:
    with pytest.raises(CommandRefused) as refusal:
        carried(engine, who, command)
    return refusal.value.problems


# ---- Proposing and answering -------------------------------------------------------------------------------------


def test_maya_proposes_a_plan_and_ravi_reads_every_word_of_it(company: sa.Engine) -> None:
    propose(company)
    for who in ("maya", "ravi", "dana"):
        held = seen(company, who)
        [plan] = held["plans"].to_dicts()
        assert (plan["coach_name"], plan["status"], plan["starts_on"]) == ("Maya Lindgren", "active", TODAY)
        [row] = held["objectives"].to_dicts()
        assert (row["status"], row["target_value"], row["baseline_value"], row["baseline_count"]) == (
            "proposed",
            1.0,
            1000.0,
            3,
        )
        assert (row["why_business"], row["why_rep"], row["since_on"]) == ("A fuller quarter", "Calmer weeks", TODAY)
        assert held["actions"]["action"].to_list() == [CALL.action, NOTES.action]
        assert held["actions"]["skill"].to_list() == ["discovery", None]
        assert held["revisions"]["reason"].to_list() == ["First version of the plan"]


def test_the_baseline_is_computed_here_whatever_the_draft_says(small: sa.Engine) -> None:
    generous = ObjectiveDraft(0, 0, "open_pipeline", 5.0, 1.0, "relative", dt.date(2020, 1, 1), DUE)
    propose(small, goals=[generous])
    row = the_goal(small)
    assert (row["baseline_value"], row["agreed_on"]) == (1000, TODAY)


def test_ravi_accepts_and_both_read_it(company: sa.Engine) -> None:
    propose(company)
    answer(company, "accept")
    assert the_goal(company)["status"] == "accepted"
    assert seen(company)["answers_and_steps"]["kind"].to_list() == ["accept"]


def test_ravi_counters_with_a_reason_and_can_withdraw_it(company: sa.Engine) -> None:
    propose(company)
    answer(company, "counter", counter_value=0.5, reason="Two of my accounts are closing")
    row = the_goal(company)
    assert (row["status"], row["counter_value"], row["answer_reason"]) == (
        "countered",
        0.5,
        "Two of my accounts are closing",
    )
    answer(company, "withdraw", now=later(minutes=5))
    row = the_goal(company)
    assert (row["status"], row["counter_value"]) == ("proposed", None)
    # Nothing is erased: both answers are kept.
    assert seen(company)["answers_and_steps"]["counter_value"].to_list() == [0.5, None]


@pytest.mark.parametrize(
    ("kind", "more", "words"),
    [
        ("object", {}, "Say why"),
        ("counter", {"counter_value": 0.5}, "Say why"),
        ("counter", {"reason": "Too much"}, "as a number"),
        ("counter", {"reason": "Too much", "counter_value": 1.0}, "is the target itself"),
        ("counter", {"reason": "Too much", "counter_value": 50.0}, "0.2 is +20 %"),
        ("withdraw", {}, "no counter to withdraw"),
        ("shrug", {}, "accepted, countered or objected"),
    ],
)
def test_an_answer_that_says_nothing_is_refused_with_a_sentence(
    small: sa.Engine, kind: str, more: dict[str, Any], words: str
) -> None:
    propose(small)
    with pytest.raises(CommandRefused, match=r".") as refusal:
        answer(small, kind, **more)
    assert words in refusal.value.problems[0]
    assert the_goal(small)["status"] == "proposed"


def test_a_second_plan_and_a_second_objective_on_a_metric_are_refused(small: sa.Engine) -> None:
    plan_id = propose(small)
    with pytest.raises(CommandRefused, match="There is a current plan"):
        propose(small)
    [problem] = problems_of(
        small, "maya", lambda viewer, c: commands.propose_objective(viewer, c, plan_id, goal(target=0.5), now=NOW)
    )
    assert "has an objective on open pipeline" in problem
    carried(
        small,
        "maya",
        lambda viewer, c: commands.propose_objective(
            viewer, c, plan_id, goal("win_rate_count", 0.05, "points"), now=NOW
        ),
    )
    assert seen(small)["objectives"]["metric_key"].to_list() == ["open_pipeline", "win_rate_count"]


def test_what_the_drafts_refuse_the_command_refuses_too(small: sa.Engine) -> None:
    with pytest.raises(CommandRefused, match=r"0\.2 is"):
        propose(small, goals=[goal(target=20.0)])
    with pytest.raises(CommandRefused, match="does not exist"):
        propose(small, actions=[ActionDraft("juggling", None, "Juggle")])
    with pytest.raises(CommandRefused, match="No objective can follow"):
        propose(small, goals=[goal("quota")])
    assert seen(small)["plans"].is_empty()


def test_hostile_words_are_kept_as_words(company: sa.Engine) -> None:
    text = "<b>'; drop table plan; --</b>\u0000 \U0001f600"
    propose(company, actions=[ActionDraft(None, None, text)])
    assert seen(company)["actions"]["action"].to_list() == ["<b>'; drop table plan; --</b> \U0001f600"]


# ---- Resistance --------------------------------------------------------------------------------------------------


def test_maya_takes_the_counter_over_and_both_have_said_yes(company: sa.Engine) -> None:
    propose(company)
    answer(company, "counter", counter_value=0.5, reason="Two of my accounts are closing")
    before = the_goal(company)
    carried(
        company,
        "maya",
        lambda viewer, c: commands.take_counter(
            viewer, c, before["objective_id"], before["version"], now=later(days=3)
        ),
    )
    after = the_goal(company, as_of=TODAY + dt.timedelta(days=3))
    assert (after["status"], after["target_value"]) == ("accepted", 0.5)
    # The baseline stays, and so does the beginning of the time.
    assert (after["baseline_value"], after["baseline_as_of"], after["since_on"]) == (1000, TODAY, TODAY)
    reasons = seen(company, as_of=TODAY + dt.timedelta(days=3))["revisions"]["reason"].to_list()
    assert reasons[-1] == "Open pipeline: the rep's counter is taken over, +50\u00a0% instead of double"
    # The page as of the day before still shows what stood there.
    assert the_goal(company, as_of=TODAY + dt.timedelta(days=2))["target_value"] == 1.0
    assert the_goal(company, as_of=TODAY + dt.timedelta(days=2))["status"] == "countered"


def test_there_is_nothing_to_take_over_without_a_counter(small: sa.Engine) -> None:
    propose(small)
    row = the_goal(small)
    [problem] = problems_of(
        small,
        "maya",
        lambda viewer, c: commands.take_counter(viewer, c, row["objective_id"], row["version"], now=NOW),
    )
    assert "no counter to take over" in problem


def test_pulling_rank_is_the_last_resort(company: sa.Engine) -> None:
    propose(company)
    answer(company, "object", reason="My market is shrinking")
    objective_id = the_goal(company)["objective_id"]

    def step(kind: str, note: str = "We looked at the numbers together", day: int = 0) -> None:
        carried(
            company,
            "maya",
            lambda viewer, c: commands.meet_resistance(viewer, c, objective_id, kind, note, now=later(day)),
        )

    for kind in ("listen_again", "other_angle"):
        with pytest.raises(CommandRefused, match="Pulling rank is the last resort"):
            step("escalate")
        step(kind)
    step("escalate", day=4)
    rows = seen(company, as_of=TODAY + dt.timedelta(days=4))["answers_and_steps"]
    assert rows["kind"].to_list() == ["object", "listen_again", "other_angle", "escalate"]
    assert rows["happened_on"][-1] == TODAY + dt.timedelta(days=4)
    assert rows["name"].to_list() == ["Ravi Nair", *["Maya Lindgren"] * 3]


def test_a_step_needs_a_note_a_known_name_and_resistance(small: sa.Engine) -> None:
    propose(small)
    objective_id = the_goal(small)["objective_id"]

    def refused(step: str, note: str) -> str:
        return problems_of(
            small, "maya", lambda viewer, c: commands.meet_resistance(viewer, c, objective_id, step, note, now=NOW)
        )[0]

    assert "nothing to meet" in refused("listen_again", "Words")
    answer(small, "object", reason="No")
    assert "what came of it" in refused("listen_again", " ")
    assert "no such step" in refused("shout", "Words")


def test_a_proposal_can_be_withdrawn_until_both_have_agreed(company: sa.Engine) -> None:
    propose(company)
    row = the_goal(company)

    def withdraw(version: int) -> Callable[[Viewer, sa.Connection], None]:
        return lambda viewer, c: commands.withdraw_objective(viewer, c, row["objective_id"], version, now=NOW)

    answer(company, "accept")
    assert "Both have agreed" in problems_of(company, "maya", withdraw(row["version"] + 1))[0]
    answer(company, "object", reason="On second thoughts", now=later(minutes=1))
    carried(company, "maya", withdraw(row["version"] + 2))
    assert seen(company)["objectives"].is_empty()


def test_a_due_date_moves_only_with_a_reason_and_ravi_agrees_anew(company: sa.Engine) -> None:
    propose(company)
    answer(company, "accept")
    row, new_due = the_goal(company), dt.date(2027, 6, 30)

    def move(due: dt.date, reason: str) -> Callable[[Viewer, sa.Connection], int]:
        return lambda viewer, c: commands.move_due_date(
            viewer, c, row["objective_id"], row["version"], due, reason, now=later(days=2)
        )

    assert "Say why" in problems_of(company, "maya", move(new_due, " "))[0]
    assert "already" in problems_of(company, "maya", move(DUE, "Parental leave"))[0]
    assert "after today" in problems_of(company, "maya", move(TODAY, "Parental leave"))[0]
    carried(company, "maya", move(new_due, "Parental leave"))
    after = the_goal(company, as_of=TODAY + dt.timedelta(days=2))
    assert (after["due_on"], after["status"], after["since_on"], after["baseline_value"]) == (
        new_due,
        "proposed",
        TODAY,
        1000,
    )
    reason = seen(company, as_of=TODAY + dt.timedelta(days=2))["revisions"]["reason"][-1].replace("\u00a0", " ")
    assert reason == "Open pipeline: due 30 Jun 2027 instead of 31 Mar 2027. Parental leave"
    assert the_goal(company)["due_on"] == DUE


# ---- Revising and acting -----------------------------------------------------------------------------------------


def revise(
    engine: sa.Engine,
    actions: Sequence[ActionDraft],
    *,
    who: str = "maya",
    version: int | None = None,
    seen_revision: int | None = None,
    reason: str = "The calls moved to video",
    now: dt.datetime = NOW,
) -> int:
    held = seen(engine, as_of=now.date())
    [plan] = held["plans"].to_dicts()
    return int(
        carried(
            engine,
            who,
            lambda viewer, c: commands.revise_plan(
                viewer,
                c,
                plan["plan_id"],
                plan["version"] if version is None else version,
                seen_revision=seen_revision if seen_revision is not None else held["revisions"]["number"][-1],
                reason=reason,
                actions=actions,
                now=now,
            ),
        )
    )


def test_a_revision_is_a_new_version_and_the_old_one_stays(company: sa.Engine) -> None:
    propose(company)
    before = written(company)
    assert revise(company, [CALL, ActionDraft("discovery", None, "End each call with a date")]) == 2
    after = written(company)
    assert before["plan_revision"] == after["plan_revision"][:1]
    assert before["plan_action"] == after["plan_action"][:2]
    held = seen(company)
    assert held["actions"].filter(pl.col("number") == 2)["action"].to_list() == [
        CALL.action,
        "End each call with a date",
    ]
    assert held["revisions"]["summary"].to_list() == ["Fewer deals, better known"] * 2


def test_two_people_revise_one_plan_and_the_second_is_told_what_the_first_one_changed(company: sa.Engine) -> None:
    propose(company)
    [plan] = seen(company)["plans"].to_dicts()
    revise(
        company, [CALL, ActionDraft(None, None, "End each call with a date")], who="dana", reason="One step each call"
    )
    mine = [CALL, NOTES, ActionDraft(None, None, "Ask for a second name")]
    with pytest.raises(EditedMeanwhile) as meanwhile:
        revise(company, mine, version=plan["version"], seen_revision=1)
    changes = [change.replace("\u00a0", " ") for change in meanwhile.value.changes]
    assert changes == [
        "Dana Whitfield revised the plan on 20 Nov 2026: One step each call",
        "Added: End each call with a date",
        "Taken out: Read the last two notes before each call",
    ]
    assert seen(company)["revisions"].height == 2
    # Having read that, Maya saves hers on top of it.
    assert revise(company, mine) == 3


def test_a_revision_without_a_reason_or_on_a_closed_plan_is_refused(small: sa.Engine) -> None:
    propose(small)
    with pytest.raises(CommandRefused, match="Say why the plan changes"):
        revise(small, [CALL], reason=" ")
    plan_id = seen(small)["plans"]["plan_id"][0]
    sign(small, "ravi", "met", plan_id)
    sign(small, "maya", "met", plan_id)
    with pytest.raises(CommandRefused, match="closed"):
        revise(small, [CALL])


def test_what_is_done_stays_done_in_the_next_version(company: sa.Engine) -> None:
    propose(company)
    action = seen(company)["actions"].row(0, named=True)
    mark(company, "ravi", action, True)
    revise(company, [CALL, ActionDraft(None, None, "Ask for a second name")], now=later(days=1))
    latest = seen(company, as_of=TODAY + dt.timedelta(days=1))["actions"].filter(pl.col("number") == 2)
    assert latest["done_on"].to_list() == [TODAY, None]


def mark(engine: sa.Engine, who: str, action: dict[str, Any], done: bool) -> None:
    carried(
        engine,
        who,
        lambda viewer, c: commands.set_action_done(viewer, c, action["action_id"], action["version"], done, now=NOW),
    )


def test_done_can_be_taken_back_and_the_second_click_is_told(company: sa.Engine) -> None:
    propose(company)
    first = seen(company)["actions"].row(0, named=True)
    mark(company, "ravi", first, True)
    with pytest.raises(EditedMeanwhile) as meanwhile:
        mark(company, "maya", first, True)
    assert "done on 20" in meanwhile.value.changes[0]
    mark(company, "maya", seen(company)["actions"].row(0, named=True), False)
    assert seen(company)["actions"]["done_on"][0] is None


def test_an_action_of_an_older_version_cannot_be_marked(small: sa.Engine) -> None:
    propose(small)
    old = seen(small)["actions"].row(0, named=True)
    revise(small, [CALL])
    with pytest.raises(CommandRefused, match="revised or closed since"):
        mark(small, "ravi", old, True)


def test_sessions_on_an_action_count_in_whichever_version_it_stood(company: sa.Engine) -> None:
    propose(company)
    first = seen(company)["actions"].row(0, named=True)
    held = {
        "rep_id": id_of(company, "ravi"),
        "coach_id": id_of(company, "maya"),
        "kind": "own_manager",
        "status": "held",
        "held_at": NOW,
        "held_on": TODAY,
        "visibility": "shared",
        "recorded_at": NOW,
        "plan_action_id": first["action_id"],
    }
    with writing(company) as connection:
        connection.execute(sa.insert(session).values(held))
    revise(company, [CALL])
    counts = seen(company)["actions"].select("number", "action", "held_count").rows()
    assert counts == [(1, CALL.action, 1), (1, NOTES.action, 0), (2, CALL.action, 1)]


# ---- Signing -----------------------------------------------------------------------------------------------------


def sign(engine: sa.Engine, who: str, verdict: str, plan_id: int, now: dt.datetime = NOW) -> bool:
    return bool(carried(engine, who, lambda viewer, c: commands.sign_verdict(viewer, c, plan_id, verdict, now=now)))


def test_two_people_sign_the_same_verdict_and_the_plan_is_closed(company: sa.Engine) -> None:
    plan_id = propose(company)
    answer(company, "accept")
    assert sign(company, "ravi", "met", plan_id) is False
    assert seen(company)["plans"]["status"].to_list() == ["active"]
    with pytest.raises(CommandRefused, match="Ravi Nair signed 'met'"):
        sign(company, "maya", "not met", plan_id)
    with pytest.raises(CommandRefused, match="You have signed already"):
        sign(company, "ravi", "met", plan_id)
    assert sign(company, "maya", "met", plan_id, later(days=1)) is True
    [plan] = seen(company, as_of=TODAY + dt.timedelta(days=1))["plans"].to_dicts()
    assert (plan["status"], plan["verdict"], plan["closed_on"]) == ("closed", "met", TODAY + dt.timedelta(days=1))
    assert the_goal(company, as_of=TODAY + dt.timedelta(days=1))["status"] == "closed"
    # As of the day before, it was still open.
    assert seen(company)["plans"]["status"].to_list() == ["active"]
    assert the_goal(company)["status"] == "accepted"
    # And a new one may begin.
    propose(company, now=later(days=2))


def test_a_coach_and_their_leader_can_sign_and_nobody_alone(small: sa.Engine) -> None:
    plan_id = propose(small)
    sign(small, "maya", "adjusted", plan_id)
    with pytest.raises(CommandRefused, match="somebody else"):
        sign(small, "maya", "adjusted", plan_id)
    assert sign(small, "dana", "adjusted", plan_id)


def test_a_first_signature_can_be_withdrawn(company: sa.Engine) -> None:
    plan_id = propose(company)
    sign(company, "maya", "not met", plan_id)
    carried(company, "maya", lambda viewer, c: commands.withdraw_signature(viewer, c, plan_id, now=NOW))
    assert seen(company)["signatures"].is_empty()
    assert problems_of(company, "maya", lambda viewer, c: commands.withdraw_signature(viewer, c, plan_id, now=NOW)) == [
        "You have not signed this plan."
    ]
    sign(company, "ravi", "met", plan_id)
    sign(company, "maya", "met", plan_id)
    with pytest.raises(CommandRefused, match="closed"):
        carried(company, "maya", lambda viewer, c: commands.withdraw_signature(viewer, c, plan_id, now=NOW))


# ---- Two answers at once, and nothing is overwritten -------------------------------------------------------------


def test_an_answer_to_what_has_changed_is_told_what_it_is_now(company: sa.Engine) -> None:
    propose(company)
    version = the_goal(company)["version"]
    answer(company, "object", reason="My market is shrinking")
    with pytest.raises(EditedMeanwhile) as meanwhile:
        answer(company, "accept", version=version)
    assert meanwhile.value.changes == [
        "Open pipeline is objected now.",
        "Ravi Nair answered 'object': My market is shrinking",
    ]


APPEND_ONLY = ("plan_revision", "plan_action", "objective_response", "resistance_step")
FROZEN = ("baseline_value", "baseline_count", "baseline_as_of", "baseline_basis", "target_value", "due_on", "agreed_on")


def written(engine: sa.Engine) -> dict[str, list[tuple[Any, ...]]]:
    with reading(engine) as connection:
        rows = {
            name: [tuple(row) for row in connection.execute(sa.select(table).order_by(table.c.id))]
            for name in APPEND_ONLY
            for table in [tables.metadata.tables[name]]
        }
        goals = tables.objective
        rows["objective"] = [
            tuple(row)
            for row in connection.execute(
                sa.select(goals.c.id, *[goals.c[name] for name in FROZEN]).order_by(goals.c.id)
            )
        ]
    return rows


steps = st.lists(
    st.sampled_from(["revise", "revise less", "counter", "object", "accept", "take", "move", "step", "withdraw"]),
    min_size=2,
    max_size=7,
)


@settings(
    max_examples=12,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(order=steps)
def test_whatever_two_people_do_no_earlier_row_changes(small: sa.Engine, order: list[str]) -> None:
    with writing(small) as connection:
        for table in ("resistance_step", "objective_response", "objective", "plan_action", "plan_revision", "plan"):
            connection.execute(sa.delete(tables.metadata.tables[table]))
    propose(small)
    before = written(small)
    for minute, step in enumerate(order):
        try:
            do(small, step, later(minutes=minute + 1))
        except CommandRefused:
            continue
        after = written(small)
        for name, rows in before.items():
            assert after[name][: len(rows)] == rows, name
        before = after


def do(engine: sa.Engine, step: str, now: dt.datetime) -> None:
    rows = seen(engine)["objectives"].to_dicts()
    if step.startswith("revise"):
        extra = [] if step == "revise less" else [ActionDraft(None, None, f"Step of {now:%H:%M}")]
        revise(engine, [CALL, *extra], now=now)
    elif rows:
        act_on(engine, step, rows[0], now)


def act_on(engine: sa.Engine, step: str, row: dict[str, Any], now: dt.datetime) -> None:
    number, version = row["objective_id"], row["version"]
    if step in {"counter", "object", "accept"}:
        value = row["target_value"] * 0.9 if step == "counter" else None
        answer(engine, step, now=now, counter_value=value, reason="" if step == "accept" else "Because")
        return
    by_maya: dict[str, Callable[[Viewer, sa.Connection], Any]] = {
        "take": lambda v, c: commands.take_counter(v, c, number, version, now=now),
        "move": lambda v, c: commands.move_due_date(
            v, c, number, version, row["due_on"] + dt.timedelta(days=9), "Because", now=now
        ),
        "step": lambda v, c: commands.meet_resistance(v, c, number, "listen_again", "We talked", now=now),
        "withdraw": lambda v, c: commands.withdraw_objective(v, c, number, version, now=now),
    }
    carried(engine, "maya", by_maya[step])


# ---- Who may what ------------------------------------------------------------------------------------------------

EVERY_WRITE: dict[str, Callable[[Viewer, sa.Connection, dict[str, Any]], Any]] = {
    "propose plan": lambda v, c, x: commands.propose_plan(
        v, c, PlanDraft(x["rep_id"], 0, TODAY, actions=(CALL,)), now=NOW
    ),
    "propose objective": lambda v, c, x: commands.propose_objective(
        v, c, x["plan_id"], goal("win_rate_count", 0.05, "points"), now=NOW
    ),
    "answer": lambda v, c, x: commands.answer_objective(v, c, x["objective_id"], x["version"], "accept", now=NOW),
    "take counter": lambda v, c, x: commands.take_counter(v, c, x["objective_id"], x["version"], now=NOW),
    "move due": lambda v, c, x: commands.move_due_date(
        v, c, x["objective_id"], x["version"], dt.date(2027, 6, 1), "Because", now=NOW
    ),
    "withdraw": lambda v, c, x: commands.withdraw_objective(v, c, x["objective_id"], x["version"], now=NOW),
    "meet": lambda v, c, x: commands.meet_resistance(v, c, x["objective_id"], "listen_again", "We talked", now=NOW),
    "revise": lambda v, c, x: commands.revise_plan(
        v, c, x["plan_id"], x["plan_version"], seen_revision=1, reason="Because", actions=[CALL], now=NOW
    ),
    "mark": lambda v, c, x: commands.set_action_done(v, c, x["action_id"], 1, True, now=NOW),
    "sign": lambda v, c, x: commands.sign_verdict(v, c, x["plan_id"], "met", now=NOW),
    "withdraw signature": lambda v, c, x: commands.withdraw_signature(v, c, x["plan_id"], now=NOW),
}
STRANGERS = ["omar", "wim", "rosa", "eve", "ada"]
THE_REPS_OWN = {"answer", "mark", "sign", "withdraw signature"}


def test_nobody_outside_touches_ravis_plan_and_nothing_of_it_can_be_told(small: sa.Engine) -> None:
    plan_id = propose(small)
    row = the_goal(small) | {"action_id": seen(small)["actions"]["action_id"][0]}
    missing = row | {"rep_id": 10**9, "plan_id": 10**9, "objective_id": 10**9, "action_id": 10**9}
    for who in STRANGERS:
        for name, write in EVERY_WRITE.items():
            said = []
            for aim in (row, missing):
                with pytest.raises(NotPermitted) as refusal, writing(small) as connection:
                    write(someone(small, who), connection, aim)
                said.append(str(refusal.value))
            # "plan", "objective" and "action" aside, somebody else's reads like none.
            assert "view" in said[0] or "name" in said[0] or "coach" in said[0], (who, name)
        assert all(frame.is_empty() for frame in seen(small, who).values())
    assert plan_id
    assert the_goal(small) == {name: value for name, value in row.items() if name != "action_id"}


def test_ravi_cannot_write_his_coachs_part(small: sa.Engine) -> None:
    propose(small)
    row = the_goal(small) | {"action_id": seen(small)["actions"]["action_id"][0]}
    for name in EVERY_WRITE.keys() - THE_REPS_OWN:
        with pytest.raises(NotPermitted), writing(small) as connection:
            EVERY_WRITE[name](someone(small, "ravi"), connection, row)


@pytest.mark.parametrize("who", ["maya", "dana", "rosa"])
def test_nobody_answers_for_ravi(small: sa.Engine, who: str) -> None:
    propose(small)
    with pytest.raises(NotPermitted):
        answer(small, "accept", who)
    assert the_goal(small)["status"] == "proposed"


def test_nobody_writes_as_the_operator(small: sa.Engine) -> None:
    propose(small)
    row = the_goal(small) | {"action_id": seen(small)["actions"]["action_id"][0]}
    for write in EVERY_WRITE.values():
        with pytest.raises(NotPermitted), writing(small) as connection:
            write(operator(), connection, row)


def test_the_operator_gets_figures_and_not_one_word(small: sa.Engine) -> None:
    propose(small)
    answer(small, "counter", counter_value=0.5, reason="Two of my accounts are closing")
    asked = {"rep_id": id_of(small, "ravi"), "as_of": TODAY, "today": TODAY}
    held = seen_by(small, operator(), asked)
    [row] = held["objectives"].to_dicts()
    assert (row["baseline_value"], row["counter_value"]) == (1000, 0.5)
    texts = " ".join(str(frame.to_dicts()) for frame in held.values())
    for words in ("accounts are closing", "fuller quarter", "Calmer", CALL.action, "better known", "First version"):
        assert words not in texts


def test_every_write_leaves_an_entry_with_ids_only(small: sa.Engine) -> None:
    propose(small)
    answer(small, "object", reason="My market is shrinking")
    with reading(small) as connection:
        entries = connection.execute(sa.select(audit_entry.c.action, audit_entry.c.subject, audit_entry.c.detail)).all()
    assert [row.action for row in entries][-2:] == ["propose plan", "object objective"]
    assert "shrinking" not in str(entries)


# ---- What waits, and whether plans are their own -----------------------------------------------------------------


def test_what_waits_for_whom(company: sa.Engine) -> None:
    propose(company)

    def waiting(who: str) -> list[str]:
        with reading(company) as connection:
            frame = queries.waiting(someone(company, who), connection, as_of=TODAY, today=TODAY)
        return frame["status"].to_list()

    assert (waiting("ravi"), waiting("maya"), waiting("rosa"), waiting("eve")) == (["proposed"], [], [], [])
    answer(company, "object", reason="My market is shrinking")
    assert (waiting("ravi"), waiting("maya"), waiting("dana")) == ([], ["objected"], [])


def quality(engine: sa.Engine, who: str, as_of: dt.date = TODAY) -> dict[str, dict[str, Any]]:
    with reading(engine) as connection:
        frame = queries.plan_quality(someone(engine, who), connection, as_of=as_of, today=TODAY)
    return {row["rep_name"]: row for row in frame.to_dicts()}


def test_copied_and_stale_plans_are_named_to_those_who_may_see_them(company: sa.Engine) -> None:
    propose(company)
    propose(company, rep="rosa", actions=[ActionDraft(None, None, "ask for the COST of the problem!")], goals=[])
    propose(company, "omar", "wim", actions=[CALL], goals=[])
    found = quality(company, "dana")
    assert {name: row["copied_count"] for name, row in found.items()} == {
        "Ravi Nair": 1,
        "Rosa Marin": 1,
        "Wim de Boer": 0,
    }
    assert (found["Ravi Nair"]["personal_share"], found["Ravi Nair"]["copied_from"]) == (0.5, ["Rosa Marin"])
    assert set(quality(company, "omar")) == {"Wim de Boer"}
    assert set(quality(company, "ravi")) == {"Ravi Nair"}
    assert quality(company, "eve") == quality(company, "ada") == {}
    assert not found["Ravi Nair"]["is_stale"]
    assert quality(company, "dana", TODAY + dt.timedelta(days=60))["Ravi Nair"]["is_stale"]
    assert not quality(company, "dana", TODAY + dt.timedelta(days=59))["Ravi Nair"]["is_stale"]


def test_the_same_words_in_another_plan_of_the_coach_are_found_while_writing(small: sa.Engine) -> None:
    propose(small, rep="rosa", goals=[])
    with reading(small) as connection:
        asked: dict[str, Any] = {"rep_id": id_of(small, "ravi"), "as_of": TODAY, "today": TODAY}
        found = queries.actions_elsewhere(someone(small, "maya"), connection, **asked)
        others = queries.actions_elsewhere(someone(small, "omar"), connection, **asked)
    assert found.rows() == [("Rosa Marin", CALL.action), ("Rosa Marin", NOTES.action)]
    assert others.is_empty()
