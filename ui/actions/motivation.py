"""A person says what moves them."""

from __future__ import annotations

from collections.abc import Sequence

from coaching.motivation import PreferenceDraft
from data_access.commands.motivation import state_preferences
from ui.actions import Refused, carry_out


def state(drafts: Sequence[PreferenceDraft]) -> Refused | None:
    """Append what the person looking says about each trigger."""
    return carry_out(lambda viewer, connection, now: state_preferences(viewer, connection, drafts, now))
