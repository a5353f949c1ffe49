"""Keeping the coaching calendar: absences, holidays, policies."""

from __future__ import annotations

from coaching.cadence import AbsenceDraft, HolidayDraft, PolicyDraft
from data_access.commands import calendar as commands
from ui.actions import Refused, carry_out


def add_absence(draft: AbsenceDraft) -> int | Refused:
    """Record days away; the id of the entry."""
    return carry_out(lambda viewer, connection, now: commands.add_absence(viewer, connection, draft, now))


def remove_absence(entry_id: int) -> Refused | None:
    """Take days away back."""
    return carry_out(lambda viewer, connection, now: commands.remove_absence(viewer, connection, entry_id, now))


def add_holiday(draft: HolidayDraft) -> int | Refused:
    """Record a holiday; the id of the entry."""
    return carry_out(lambda viewer, connection, now: commands.add_holiday(viewer, connection, draft, now))


def remove_holiday(entry_id: int) -> Refused | None:
    """Take a holiday back."""
    return carry_out(lambda viewer, connection, now: commands.remove_holiday(viewer, connection, entry_id, now))


def set_policy(draft: PolicyDraft) -> int | Refused:
    """Set how often a role is coached; the id of the entry."""
    return carry_out(lambda viewer, connection, now: commands.set_policy(viewer, connection, draft, now))


def remove_policy(entry_id: int) -> Refused | None:
    """Take a policy back."""
    return carry_out(lambda viewer, connection, now: commands.remove_policy(viewer, connection, entry_id, now))
