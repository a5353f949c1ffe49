"""Writing development plans: propose, answer, meet resistance, revise, act, sign. What was agreed is never overwritten.

A revision is a new row with the whole list of actions; a new target or due date is a new objective with the old, frozen
baseline. Only these change in place: where an objective or a plan stands, and whether an action is done.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from coaching import numbers
from coaching.metrics import metric
from coaching.observations import clean
from coaching.people import Viewer
from coaching.plans import (
    FIRST_REASON,
    LONGEST_WORDS,
    RESISTANCE_STEPS,
    STEPS_BEFORE_ESCALATION,
    VERDICTS,
    ActionDraft,
    ObjectiveDraft,
    PlanDraft,
    action_changes,
    normalised,
    revision_problems,
    target_words,
    usable_metric,
)
from data_access.queries.baselines import baseline
from data_access.scope import NotPermitted
from data_access.settings import settings
from data_access.tables import (
    objective,
    objective_response,
    person,
    plan,
    plan_action,
    plan_revision,
    plan_signature,
    resistance_step,
    skill,
)
from data_access.writes import (
    CommandRefused,
    EditedMeanwhile,
    finish,
    refuse_unless,
    require_coach_of,
    require_rep,
    today_of,
)

ANSWERS = ("accept", "counter", "object", "withdraw")
OPEN = ("proposed", "countered", "objected")
"""Where an objective stands before both agree."""


# ---- Proposing ---------------------------------------------------------------------------------------------------


def propose_plan(viewer: Viewer, connection: sa.Connection, draft: PlanDraft, *, now: dt.datetime) -> int:
    """A new plan of one of the viewer's reps, from today on, with its objectives waiting for the rep; the plan's id.

    Baselines are computed here and frozen, whatever the draft says. Raises NotPermitted, or CommandRefused where the
    draft has problems or the rep has a current plan already.
    """
    coach_id = require_coach_of(viewer, connection, draft.rep_id, now)
    today = today_of(connection, now)
    draft = replace(draft.tidy(), coach_id=coach_id, starts_on=today, reason=FIRST_REASON)
    goals = [_frozen(viewer, connection, goal, draft.rep_id, coach_id, today) for goal in draft.objectives]
    refuse_unless(replace(draft, objectives=tuple(goal for goal, _ in goals)).problems(_skills(connection)))
    there = connection.scalar(sa.select(plan.c.id).where(plan.c.rep_id == draft.rep_id, plan.c.status == "active"))
    if there is not None:
        raise CommandRefused(["There is a current plan. Revise it, or sign its verdict before a new one begins."])
    row = {
        "rep_id": draft.rep_id,
        "coach_id": coach_id,
        "starts_on": today,
        "ends_on": draft.ends_on,
        "status": "active",
    }
    plan_id = int(connection.execute(sa.insert(plan).values(row).returning(plan.c.id)).scalar_one())
    _append(connection, plan_id, 1, draft.reason, draft.summary, draft.actions, viewer, now)
    for goal, basis in goals:
        _insert_objective(connection, plan_id, goal, basis)
    finish(viewer, connection, "propose plan", f"plan {plan_id}", now=now)
    return plan_id


def propose_objective(
    viewer: Viewer, connection: sa.Connection, plan_id: int, draft: ObjectiveDraft, *, now: dt.datetime
) -> int:
    """One more objective in a current plan, waiting for the rep; its id. The baseline is computed here and frozen.

    Raises NotPermitted, or CommandRefused where the draft has problems or the metric has an open objective already.
    """
    held, coach_id = _plan_of_coach(viewer, connection, plan_id, now)
    today = today_of(connection, now)
    goal, basis = _frozen(viewer, connection, draft.tidy(), held["rep_id"], coach_id, today)
    refuse_unless(goal.problems())
    twice = sa.select(objective.c.id).where(
        objective.c.plan_id == plan_id, objective.c.metric_key == goal.metric_key, objective.c.status != "closed"
    )
    if connection.scalar(twice) is not None:
        raise CommandRefused(
            [f"The plan has an objective on {metric(goal.metric_key).label.lower()}. Change that one instead."]
        )
    objective_id = _insert_objective(connection, plan_id, goal, basis)
    finish(viewer, connection, "propose objective", f"objective {objective_id}", now=now)
    return objective_id


def _frozen(
    viewer: Viewer, connection: sa.Connection, draft: ObjectiveDraft, rep_id: int, coach_id: int, today: dt.date
) -> tuple[ObjectiveDraft, dict[str, Any]]:
    """The draft with the baseline of today, and the columns that keep it."""
    found = None
    if usable_metric(draft.metric_key) is not None:
        found = baseline(viewer, connection, rep_id=rep_id, metric_key=draft.metric_key, agreed_on=today, today=today)
    goal = replace(draft, rep_id=rep_id, coach_id=coach_id, agreed_on=today, baseline=found.value if found else None)
    kept = {
        "baseline_value": found.value if found else None,
        "baseline_count": found.count if found else None,
        "baseline_as_of": today,
        "baseline_basis": found.basis if found else None,
    }
    return goal, kept


def _insert_objective(
    connection: sa.Connection, plan_id: int, goal: ObjectiveDraft, kept: dict[str, Any], status: str = "proposed"
) -> int:
    row = {
        "plan_id": plan_id,
        "metric_key": goal.metric_key,
        "target_value": goal.target,
        "target_kind": goal.target_kind,
        "agreed_on": goal.agreed_on,
        "due_on": goal.due_on,
        "why_business": goal.why_business or None,
        "why_rep": goal.why_rep or None,
        "status": status,
        **kept,
    }
    return int(connection.execute(sa.insert(objective).values(row).returning(objective.c.id)).scalar_one())


def _skills(connection: sa.Connection) -> dict[str, int]:
    return dict(connection.execute(sa.select(skill.c.slug, skill.c.id)).all())


# ---- The rep answers ---------------------------------------------------------------------------------------------


def answer_objective(
    viewer: Viewer,
    connection: sa.Connection,
    objective_id: int,
    version: int,
    answer: str,
    *,
    now: dt.datetime,
    counter_value: float | None = None,
    reason: str = "",
) -> None:
    """The rep accepts, counters (another target of the same kind, with a reason), objects (with a reason) or withdraws
    a counter. Every answer is appended; a later one takes the place of an earlier one.

    Raises NotPermitted for anybody but the rep, CommandRefused with sentences, EditedMeanwhile where it has changed.
    """
    row = _objective(viewer, connection, objective_id, now)
    if viewer.person_id != row["rep_id"]:
        raise NotPermitted("Only the rep answers an objective.")
    reason = clean(reason)
    _require_version(connection, row, version)
    refuse_unless(_answer_problems(row, answer, counter_value, reason))
    status = {"accept": "accepted", "counter": "countered", "object": "objected", "withdraw": "proposed"}[answer]
    _move(connection, row, status)
    kept = {
        "objective_id": objective_id,
        "person_id": viewer.person_id,
        # A counter without a value takes the counter before it back.
        "response": "counter" if answer == "withdraw" else answer,
        "counter_value": counter_value if answer == "counter" else None,
        "reason": reason or None,
        "answered_at": now,
    }
    connection.execute(sa.insert(objective_response).values(kept))
    finish(viewer, connection, f"{answer} objective", f"objective {objective_id}", now=now)


def _answer_problems(row: dict[str, Any], answer: str, counter_value: float | None, reason: str) -> list[str]:
    if answer not in ANSWERS:
        return ["An objective is accepted, countered or objected to; a counter can be withdrawn."]
    if row["plan_status"] != "active" or row["status"] == "closed":
        return ["This objective is closed. Open the plan to see what holds now."]
    if answer == "accept" and row["status"] == "accepted":
        return ["You have accepted this objective already."]
    if answer == "withdraw" and row["status"] != "countered":
        return ["There is no counter to withdraw."]
    if len(reason) > LONGEST_WORDS:
        return [f"The reason is longer than {LONGEST_WORDS} letters. Shorten it."]
    if answer in {"counter", "object"} and not reason:
        return ["Say why: a reason is what the two of you can talk about."]
    if answer != "counter":
        return []
    if counter_value is not None and counter_value == row["target_value"]:
        return ["Your counter is the target itself: accept it, or propose another one."]
    return replace(_as_draft(row), target=counter_value).problems()


def _as_draft(row: dict[str, Any]) -> ObjectiveDraft:
    return ObjectiveDraft(
        rep_id=row["rep_id"],
        coach_id=row["coach_id"],
        metric_key=row["metric_key"],
        baseline=row["baseline_value"],
        target=row["target_value"],
        target_kind=row["target_kind"],
        agreed_on=row["agreed_on"],
        due_on=row["due_on"],
        why_business=row["why_business"] or "",
        why_rep=row["why_rep"] or "",
    )


# ---- The coach goes on -------------------------------------------------------------------------------------------


def take_counter(
    viewer: Viewer, connection: sa.Connection, objective_id: int, version: int, *, now: dt.datetime
) -> int:
    """The coach agrees to the target that the rep proposed: both have said yes. The new objective's id.

    The old one is closed and stays as it was; the baseline stays frozen. Raises NotPermitted, CommandRefused where
    there is no counter, EditedMeanwhile where it has changed.
    """
    row = _objective(viewer, connection, objective_id, now)
    require_coach_of(viewer, connection, row["rep_id"], now)
    _require_version(connection, row, version)
    value = _standing_counter(connection, objective_id)
    if row["status"] != "countered" or value is None:
        raise CommandRefused(["There is no counter to take over. Look at what the rep has answered."])
    entry, currency = metric(row["metric_key"]), str(settings(connection)["reporting_currency"] or "USD")
    new, old = (target_words(target, row["target_kind"], entry, currency) for target in (value, row["target_value"]))
    reason = f"{entry.label}: the rep's counter is taken over, {new} instead of {old}"
    new_id = _replaced(viewer, connection, row, {"target": value}, "accepted", reason, now)
    finish(viewer, connection, "take counter", f"objective {new_id}", now=now)
    return new_id


def move_due_date(
    viewer: Viewer,
    connection: sa.Connection,
    objective_id: int,
    version: int,
    due_on: dt.date,
    reason: str,
    *,
    now: dt.datetime,
) -> int:
    """Another due date, with a reason that the plan keeps; the rep has to agree to it. The new objective's id.

    Raises NotPermitted, CommandRefused with sentences, EditedMeanwhile where it has changed.
    """
    row = _objective(viewer, connection, objective_id, now)
    require_coach_of(viewer, connection, row["rep_id"], now)
    _require_version(connection, row, version)
    reason = clean(reason)
    if row["plan_status"] != "active" or row["status"] == "closed":
        raise CommandRefused(["This objective is closed. Open the plan to see what holds now."])
    if not reason:
        raise CommandRefused(["Say why the due date moves: the plan keeps the reason."])
    if due_on == row["due_on"]:
        raise CommandRefused(["This is the due date already. Choose another day."])
    if due_on <= today_of(connection, now):
        raise CommandRefused(["The new due date has to lie after today. To end it now, sign the verdict."])
    refuse_unless(replace(_as_draft(row), due_on=due_on).problems())
    words = f"{metric(row['metric_key']).label}: due {numbers.day(due_on)} instead of {numbers.day(row['due_on'])}"
    new_id = _replaced(viewer, connection, row, {"due_on": due_on}, "proposed", f"{words}. {reason}", now)
    finish(viewer, connection, "move due date", f"objective {new_id}", now=now)
    return new_id


def withdraw_objective(
    viewer: Viewer, connection: sa.Connection, objective_id: int, version: int, *, now: dt.datetime
) -> None:
    """The coach takes back a proposal that the rep has not accepted. Raises like the others."""
    row = _objective(viewer, connection, objective_id, now)
    require_coach_of(viewer, connection, row["rep_id"], now)
    _require_version(connection, row, version)
    if row["status"] not in OPEN:
        raise CommandRefused(["Both have agreed to this objective. It ends with the plan's verdict, or is revised."])
    _move(connection, row, "closed")
    finish(viewer, connection, "withdraw objective", f"objective {objective_id}", now=now)


def meet_resistance(
    viewer: Viewer, connection: sa.Connection, objective_id: int, step: str, note: str, *, now: dt.datetime
) -> None:
    """How the coach met a counter or an objection, dated today, with what came of it. Append-only.

    Raises NotPermitted, CommandRefused with sentences: escalating comes after two other steps.
    """
    row = _objective(viewer, connection, objective_id, now)
    require_coach_of(viewer, connection, row["rep_id"], now)
    note = clean(note)
    if step not in RESISTANCE_STEPS:
        raise CommandRefused([f"There is no such step. Use one of: {', '.join(RESISTANCE_STEPS)}."])
    if row["status"] not in {"countered", "objected"}:
        raise CommandRefused(["The rep has no open counter or objection, so there is nothing to meet."])
    if not note:
        raise CommandRefused(["Say what came of it: the next step builds on it."])
    if len(note) > LONGEST_WORDS:
        raise CommandRefused([f"The note is longer than {LONGEST_WORDS} letters. Shorten it."])
    if step == "escalate":
        _refuse_early_escalation(connection, objective_id)
    kept = {
        "objective_id": objective_id,
        "step": step,
        "recorded_by": viewer.person_id,
        "taken_on": today_of(connection, now),
        "note": note,
    }
    connection.execute(sa.insert(resistance_step).values(kept))
    finish(viewer, connection, "meet resistance", f"objective {objective_id}", now=now)


def _refuse_early_escalation(connection: sa.Connection, objective_id: int) -> None:
    others = connection.scalar(
        sa.select(sa.func.count()).where(
            resistance_step.c.objective_id == objective_id, resistance_step.c.step != "escalate"
        )
    )
    if (others or 0) < STEPS_BEFORE_ESCALATION:
        raise CommandRefused(
            [
                f"Pulling rank is the last resort: record at least {STEPS_BEFORE_ESCALATION} other steps first"
                f" ({others or 0} so far), such as listening again or another angle."
            ]
        )


# ---- Revising and acting -----------------------------------------------------------------------------------------


def revise_plan(
    viewer: Viewer,
    connection: sa.Connection,
    plan_id: int,
    version: int,
    *,
    seen_revision: int,
    reason: str,
    actions: Sequence[ActionDraft],
    now: dt.datetime,
    summary: str | None = None,
) -> int:
    """What the plan says from now on: a new revision with its reason and the whole list of actions; its number.

    Actions of the same words stay done. ``summary`` None = as before. Raises NotPermitted, CommandRefused with
    sentences, EditedMeanwhile where somebody revised since ``version``; ``seen_revision`` says what the changes are
    told against.
    """
    held, _ = _plan_of_coach(viewer, connection, plan_id, now)
    reason, tidy = clean(reason), [action.tidy() for action in actions]
    refuse_unless(revision_problems(reason, tidy, _skills(connection), held["starts_on"]))
    moved = connection.execute(
        sa.update(plan)
        .where(plan.c.id == plan_id, plan.c.version == version, plan.c.status == "active")
        .values(version=version + 1)
    )
    if not moved.rowcount:
        raise EditedMeanwhile(_changes_since(connection, plan_id, seen_revision))
    last = _latest_revision(connection, plan_id)
    words = clean(summary) if summary is not None else (last["summary"] if last else "")
    number = int(last["number"]) + 1 if last else 1
    _append(connection, plan_id, number, reason, words, tidy, viewer, now)
    finish(viewer, connection, "revise plan", f"plan {plan_id}", now=now)
    return number


def set_action_done(
    viewer: Viewer, connection: sa.Connection, action_id: int, version: int, done: bool, *, now: dt.datetime
) -> None:
    """The rep or the coach marks an action of the current revision as done today, or takes that back.

    Raises NotPermitted, CommandRefused, EditedMeanwhile where somebody else marked it.
    """
    row = connection.execute(
        sa.select(plan_action, plan_revision.c.plan_id, plan_revision.c.number, plan.c.rep_id, plan.c.status)
        .join(plan_revision, plan_revision.c.id == plan_action.c.plan_revision_id)
        .join(plan, plan.c.id == plan_revision.c.plan_id)
        .where(plan_action.c.id == action_id)
    ).first()
    if row is None:
        raise NotPermitted("There is no such action in your view.")
    require_rep(viewer, connection, row.rep_id, now)
    latest = _latest_revision(connection, row.plan_id)
    if row.status != "active" or latest is None or latest["number"] != row.number:
        raise CommandRefused(["The plan has been revised or closed since. Open it again to see its current actions."])
    done_on = today_of(connection, now) if done else None
    marked = connection.execute(
        sa.update(plan_action)
        .where(plan_action.c.id == action_id, plan_action.c.version == version)
        .values(done_on=done_on, version=version + 1)
    )
    if not marked.rowcount:
        state = f"done on {numbers.day(row.done_on)}" if row.done_on else "not done"
        raise EditedMeanwhile([f"The action is {state} now: {numbers.plain_name(row.action, 200)}"])
    finish(viewer, connection, "mark action", f"plan_action {action_id}", now=now)


# ---- Signing -----------------------------------------------------------------------------------------------------


def sign_verdict(viewer: Viewer, connection: sa.Connection, plan_id: int, verdict: str, *, now: dt.datetime) -> bool:
    """The rep or a coach signs the verdict on a plan; whether that closed it.

    The first signature proposes; the second, of somebody else with the same verdict, closes the plan and its
    objectives. Raises NotPermitted, or CommandRefused with sentences.
    """
    held = _plan(viewer, connection, plan_id, now)
    if viewer.person_id != held["rep_id"]:
        require_coach_of(viewer, connection, held["rep_id"], now)
    if verdict not in VERDICTS:
        raise CommandRefused([f"A verdict is one of: {', '.join(VERDICTS)}."])
    _lock(connection, plan_id)
    signed = _signatures(connection, plan_id)
    if viewer.person_id in {row.person_id for row in signed}:
        raise CommandRefused(["You have signed already; it takes somebody else now. You can withdraw yours."])
    if signed and signed[0].verdict != verdict:
        raise CommandRefused(
            [
                f"{numbers.plain_name(signed[0].name)} signed '{signed[0].verdict}'. Talk about it: sign the same,"
                " or they withdraw theirs."
            ]
        )
    connection.execute(
        sa.insert(plan_signature).values(plan_id=plan_id, person_id=viewer.person_id, verdict=verdict, signed_at=now)
    )
    if signed:
        connection.execute(sa.update(plan).where(plan.c.id == plan_id).values(status="closed"))
        standing = sa.and_(objective.c.plan_id == plan_id, objective.c.status != "closed")
        connection.execute(
            sa.update(objective).where(standing).values(status="closed", version=objective.c.version + 1)
        )
    finish(viewer, connection, "sign verdict", f"plan {plan_id}", now=now)
    return bool(signed)


def withdraw_signature(viewer: Viewer, connection: sa.Connection, plan_id: int, *, now: dt.datetime) -> None:
    """Take one's own signature back, as long as nobody else has signed. Raises NotPermitted or CommandRefused."""
    _plan(viewer, connection, plan_id, now)
    _lock(connection, plan_id)
    signed = _signatures(connection, plan_id)
    if viewer.person_id not in {row.person_id for row in signed}:
        raise CommandRefused(["You have not signed this plan."])
    connection.execute(
        sa.delete(plan_signature).where(
            plan_signature.c.plan_id == plan_id, plan_signature.c.person_id == viewer.person_id
        )
    )
    finish(viewer, connection, "withdraw signature", f"plan {plan_id}", now=now)


def _lock(connection: sa.Connection, plan_id: int) -> None:
    """Signatures of one plan come one after the other. Raises CommandRefused where it is closed."""
    held = connection.execute(
        sa.update(plan).where(plan.c.id == plan_id, plan.c.status == "active").values(version=plan.c.version + 1)
    )
    if not held.rowcount:
        raise CommandRefused(["This plan is closed: two people have signed its verdict, or it ran out."])


def _signatures(connection: sa.Connection, plan_id: int) -> Sequence[Any]:
    return connection.execute(
        sa.select(plan_signature.c.person_id, plan_signature.c.verdict, person.c.name)
        .join(person, person.c.id == plan_signature.c.person_id)
        .where(plan_signature.c.plan_id == plan_id)
        .order_by(plan_signature.c.signed_at, plan_signature.c.id)
    ).all()


# ---- Rows --------------------------------------------------------------------------------------------------------


def _plan(viewer: Viewer, connection: sa.Connection, plan_id: int, now: dt.datetime) -> dict[str, Any]:
    """The plan's row, once the rep is known to be in scope."""
    row = connection.execute(sa.select(plan).where(plan.c.id == plan_id)).first()
    if row is None:
        raise NotPermitted("There is no such plan in your view.")
    require_rep(viewer, connection, row.rep_id, now)
    return dict(row._mapping)


def _plan_of_coach(
    viewer: Viewer, connection: sa.Connection, plan_id: int, now: dt.datetime
) -> tuple[dict[str, Any], int]:
    held = _plan(viewer, connection, plan_id, now)
    coach_id = require_coach_of(viewer, connection, held["rep_id"], now)
    if held["status"] != "active":
        raise CommandRefused(["This plan is closed. Begin a new one."])
    return held, coach_id


def _objective(viewer: Viewer, connection: sa.Connection, objective_id: int, now: dt.datetime) -> dict[str, Any]:
    """The objective's row with its rep, coach and plan, once the rep is known to be in scope."""
    row = connection.execute(
        sa.select(objective, plan.c.rep_id, plan.c.coach_id, plan.c.status.label("plan_status"))
        .join(plan, plan.c.id == objective.c.plan_id)
        .where(objective.c.id == objective_id)
    ).first()
    if row is None:
        raise NotPermitted("There is no such objective in your view.")
    require_rep(viewer, connection, row.rep_id, now)
    return dict(row._mapping)


def _require_version(connection: sa.Connection, row: dict[str, Any], version: int) -> None:
    """Raise EditedMeanwhile where the objective is not what the viewer had read, saying what it is now."""
    if row["version"] == version:
        return
    label = metric(row["metric_key"]).label
    last = connection.execute(
        sa.select(objective_response.c.response, objective_response.c.reason, person.c.name)
        .join(person, person.c.id == objective_response.c.person_id)
        .where(objective_response.c.objective_id == row["id"])
        .order_by(objective_response.c.answered_at.desc(), objective_response.c.id.desc())
    ).first()
    changes = [f"{label} is {row['status']} now."]
    if last is not None:
        reason = f": {numbers.plain_name(last.reason, 200)}" if last.reason else "."
        changes.append(f"{numbers.plain_name(last.name)} answered '{last.response}'{reason}")
    raise EditedMeanwhile(changes)


def _move(connection: sa.Connection, row: dict[str, Any], status: str) -> None:
    moved = connection.execute(
        sa.update(objective)
        .where(objective.c.id == row["id"], objective.c.version == row["version"])
        .values(status=status, version=row["version"] + 1)
    )
    if not moved.rowcount:
        raise EditedMeanwhile([f"{metric(row['metric_key']).label} was answered or changed a moment ago."])


def _standing_counter(connection: sa.Connection, objective_id: int) -> float | None:
    last = connection.execute(
        sa.select(objective_response.c.response, objective_response.c.counter_value)
        .where(objective_response.c.objective_id == objective_id)
        .order_by(objective_response.c.answered_at.desc(), objective_response.c.id.desc())
    ).first()
    return last.counter_value if last is not None and last.response == "counter" else None


def _replaced(
    viewer: Viewer,
    connection: sa.Connection,
    row: dict[str, Any],
    changes: dict[str, Any],
    status: str,
    reason: str,
    now: dt.datetime,
) -> int:
    """Close an objective and write it anew with ``changes`` and its frozen baseline; the plan keeps the reason."""
    _move(connection, row, "closed")
    today = today_of(connection, now)
    goal = replace(_as_draft(row), agreed_on=today, **changes)
    refuse_unless(goal.problems())
    kept = {name: row[name] for name in ("baseline_value", "baseline_count", "baseline_as_of", "baseline_basis")}
    new_id = _insert_objective(connection, row["plan_id"], goal, kept, status)
    connection.execute(sa.update(plan).where(plan.c.id == row["plan_id"]).values(version=plan.c.version + 1))
    last = _latest_revision(connection, row["plan_id"])
    actions = _actions_of(connection, last["id"]) if last else []
    number = int(last["number"]) + 1 if last else 1
    summary = last["summary"] if last else None
    _append(connection, row["plan_id"], number, reason, summary, actions, viewer, now)
    return new_id


def _latest_revision(connection: sa.Connection, plan_id: int) -> dict[str, Any] | None:
    row = connection.execute(
        sa.select(plan_revision)
        .where(plan_revision.c.plan_id == plan_id)
        .order_by(plan_revision.c.number.desc())
        .limit(1)
    ).first()
    return dict(row._mapping) if row else None


def _actions_of(connection: sa.Connection, revision_id: int) -> list[ActionDraft]:
    rows = connection.execute(
        sa.select(plan_action, skill.c.slug)
        .outerjoin(skill, skill.c.id == plan_action.c.skill_id)
        .where(plan_action.c.plan_revision_id == revision_id)
        .order_by(plan_action.c.id)
    )
    return [ActionDraft(row.slug, row.method, row.action, row.repetitions, row.due_on) for row in rows]


def _append(
    connection: sa.Connection,
    plan_id: int,
    number: int,
    reason: str,
    summary: str | None,
    actions: Sequence[ActionDraft],
    viewer: Viewer,
    now: dt.datetime,
) -> None:
    """Write a revision with its whole list of actions; what was done already stays done."""
    before = _latest_revision(connection, plan_id)
    done: dict[str, dt.date | None] = {}
    if before is not None:
        rows = connection.execute(
            sa.select(plan_action.c.action, plan_action.c.done_on).where(plan_action.c.plan_revision_id == before["id"])
        )
        done = {normalised(row.action): row.done_on for row in rows}
    row = {
        "plan_id": plan_id,
        "number": number,
        "reason": reason,
        "summary": summary or None,
        "recorded_by": viewer.person_id,
        "recorded_at": now,
    }
    revision_id = connection.execute(sa.insert(plan_revision).values(row).returning(plan_revision.c.id)).scalar_one()
    skills = _skills(connection)
    for action in actions:
        connection.execute(
            sa.insert(plan_action).values(
                plan_revision_id=revision_id,
                skill_id=skills.get(action.skill) if action.skill else None,
                method=action.method or None,
                action=action.action,
                repetitions=action.repetitions,
                due_on=action.due_on,
                done_on=done.get(normalised(action.action)),
            )
        )


def _changes_since(connection: sa.Connection, plan_id: int, seen_revision: int) -> list[str]:
    """What others wrote since a revision, in words: who, when, why, and which actions came or went."""
    rows = connection.execute(
        sa.select(plan_revision, person.c.name)
        .outerjoin(person, person.c.id == plan_revision.c.recorded_by)
        .where(plan_revision.c.plan_id == plan_id, plan_revision.c.number >= seen_revision)
        .order_by(plan_revision.c.number)
    ).all()
    changes = []
    for row in rows:
        if row.number > seen_revision:
            who, day = numbers.plain_name(row.name) or "Somebody", today_of(connection, row.recorded_at)
            changes.append(f"{who} revised the plan on {numbers.day(day)}: {numbers.plain_name(row.reason, 300)}")
    if connection.scalar(sa.select(plan.c.status).where(plan.c.id == plan_id)) == "closed":
        changes.append("Two people have signed the verdict: the plan is closed.")
    if rows:
        old, new = ([action.action for action in _actions_of(connection, row.id)] for row in (rows[0], rows[-1]))
        changes += action_changes(old, new)
    return changes or ["The plan was signed or changed a moment ago; its actions are the same."]
