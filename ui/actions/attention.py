"""Putting alerts off, and the company's weights of the list."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from coaching.attention.order import SnoozeDraft
from coaching.people import Viewer
from data_access.commands.attention import lift_snooze, snooze_alert
from data_access.commands.settings import change_setting
from data_access.settings import SettingRefused
from ui.actions import Refused, carry_out


def put_off(draft: SnoozeDraft) -> int | Refused:
    """Put a reason off for whoever is looking; the number to take it back by."""
    return carry_out(lambda viewer, connection, now: snooze_alert(viewer, connection, draft, now))


def take_back(snooze_id: int) -> Refused | None:
    """List again what whoever is looking had put off."""
    return carry_out(lambda viewer, connection, now: lift_snooze(viewer, connection, snooze_id, now))


def set_weights(values: Mapping[str, Any]) -> Refused | None:
    """Change company-wide settings of the list, all of them or none."""

    def change(viewer: Viewer, connection: Any, now: dt.datetime) -> None:
        for key, value in values.items():
            change_setting(viewer, connection, key, value, now)

    try:
        return carry_out(change)
    except SettingRefused as refusal:
        return Refused((str(refusal),))
