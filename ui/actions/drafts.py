"""Keeping and forgetting half-filled forms."""

from __future__ import annotations

from typing import Any

from data_access.commands.drafts import discard_draft, keep_draft
from ui.actions import Refused, carry_out


def keep(form: str, body: dict[str, Any]) -> Refused | None:
    """Remember a half-filled form."""
    return carry_out(lambda viewer, connection, now: keep_draft(viewer, connection, form, body, now))


def discard(form: str) -> Refused | None:
    """Forget it."""
    return carry_out(lambda viewer, connection, _now: discard_draft(viewer, connection, form))
