"""Writes of whoever keeps the programme's data. Amounts come in major units, as people type them."""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
from collections.abc import Sequence
from typing import Any

from coaching.costs import CostDraft
from coaching.programme import CurrencyRateDraft, EnrolmentDraft, RateDraft
from data_access.commands import programme as commands
from data_access.settings import minor_digits
from ui.actions import Refused, carry_out


def enter_cost(draft: CostDraft, amount: float | None) -> int | Refused:
    """Enter a cost; ``amount`` in major units of the draft's currency takes the place of the draft's own."""
    code = (draft.currency or "").strip().upper()
    whole = None if amount is None or not math.isfinite(amount) else round(amount * 10 ** minor_digits(code))
    meant = dataclasses.replace(draft, amount=whole, currency=code or None)
    return carry_out(lambda viewer, connection, now: commands.enter_cost(viewer, connection, meant, now))


def withdraw_cost(cost_id: int) -> Refused | None:
    """Take a cost back."""
    return carry_out(lambda viewer, connection, now: commands.withdraw_cost(viewer, connection, cost_id, now))


def restore_cost(cost_id: int) -> Refused | None:
    """Let a cost count again that was taken back today."""
    return carry_out(lambda viewer, connection, now: commands.restore_cost(viewer, connection, cost_id, now))


def set_rate(draft: RateDraft) -> int | Refused:
    """Say what an hour costs."""
    return carry_out(lambda viewer, connection, now: commands.set_hour_rate(viewer, connection, draft, now))


def undo_rate(rate_id: int) -> Refused | None:
    """Take out a rate that was entered just now."""
    return carry_out(lambda viewer, connection, now: commands.undo_hour_rate(viewer, connection, rate_id, now))


def set_currency_rate(draft: CurrencyRateDraft) -> Refused | None:
    """Say what a currency is worth."""
    return carry_out(lambda viewer, connection, now: commands.set_currency_rate(viewer, connection, draft, now))


def enrol(
    people: Sequence[int], starts_on: dt.date | None, reason: str, programme_id: int | None
) -> list[int] | Refused:
    """Enrol several people from one day on; the numbers to take it back by."""
    drafts = [EnrolmentDraft(person_id, starts_on, reason) for person_id in people]
    return carry_out(lambda viewer, connection, now: commands.enrol_reps(viewer, connection, drafts, now, programme_id))


def undo_enrolments(enrolments: Sequence[int]) -> Refused | None:
    """Take out enrolments that were entered just now."""
    return carry_out(lambda viewer, connection, now: commands.undo_enrolments(viewer, connection, enrolments, now))


def set_guardrail(name: str, value: float | None) -> float | Refused:
    """Set a threshold (None = as delivered); the value that holds."""
    return carry_out(lambda viewer, connection, now: commands.set_guardrail(viewer, connection, name, value, now))


def set_settings(values: dict[str, Any]) -> dict[str, Any] | Refused:
    """Change settings of the programme; those that changed, with what they were."""
    return carry_out(lambda viewer, connection, now: commands.set_programme_settings(viewer, connection, values, now))
