"""Writing plans and objectives as whoever is looking now; each returns what the command returns, or why it refused."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from coaching.plans import ActionDraft, ObjectiveDraft, PlanDraft
from data_access.commands import plans as commands
from ui.actions import Refused, carry_out


def propose_plan(draft: PlanDraft) -> int | Refused:
    """A new plan; its id."""
    return carry_out(lambda viewer, connection, now: commands.propose_plan(viewer, connection, draft, now=now))


def propose_objective(plan_id: int, draft: ObjectiveDraft) -> int | Refused:
    """One more objective; its id."""
    return carry_out(
        lambda viewer, connection, now: commands.propose_objective(viewer, connection, plan_id, draft, now=now)
    )


def answer_objective(
    objective_id: int, version: int, answer: str, *, counter_value: float | None = None, reason: str = ""
) -> Refused | None:
    """The rep's answer."""
    return carry_out(
        lambda viewer, connection, now: commands.answer_objective(
            viewer, connection, objective_id, version, answer, counter_value=counter_value, reason=reason, now=now
        )
    )


def take_counter(objective_id: int, version: int) -> int | Refused:
    """The coach takes the rep's counter over."""
    return carry_out(
        lambda viewer, connection, now: commands.take_counter(viewer, connection, objective_id, version, now=now)
    )


def move_due_date(objective_id: int, version: int, due_on: dt.date, reason: str) -> int | Refused:
    """Another due date."""
    return carry_out(
        lambda viewer, connection, now: commands.move_due_date(
            viewer, connection, objective_id, version, due_on, reason, now=now
        )
    )


def withdraw_objective(objective_id: int, version: int) -> Refused | None:
    """The coach takes a proposal back."""
    return carry_out(
        lambda viewer, connection, now: commands.withdraw_objective(viewer, connection, objective_id, version, now=now)
    )


def meet_resistance(objective_id: int, step: str, note: str) -> Refused | None:
    """How the coach met a counter or an objection."""
    return carry_out(
        lambda viewer, connection, now: commands.meet_resistance(viewer, connection, objective_id, step, note, now=now)
    )


def revise_plan(
    plan_id: int, version: int, seen_revision: int, reason: str, summary: str, actions: Sequence[ActionDraft]
) -> int | Refused:
    """A new revision; its number."""
    return carry_out(
        lambda viewer, connection, now: commands.revise_plan(
            viewer,
            connection,
            plan_id,
            version,
            seen_revision=seen_revision,
            reason=reason,
            summary=summary,
            actions=actions,
            now=now,
        )
    )


def set_action_done(action_id: int, version: int, done: bool) -> Refused | None:
    """Whether an action is done."""
    return carry_out(
        lambda viewer, connection, now: commands.set_action_done(viewer, connection, action_id, version, done, now=now)
    )


def sign_verdict(plan_id: int, verdict: str) -> bool | Refused:
    """A signature; whether it closed the plan."""
    return carry_out(
        lambda viewer, connection, now: commands.sign_verdict(viewer, connection, plan_id, verdict, now=now)
    )


def withdraw_signature(plan_id: int) -> Refused | None:
    """Take one's own signature back."""
    return carry_out(lambda viewer, connection, now: commands.withdraw_signature(viewer, connection, plan_id, now=now))
