"""Changing company-wide settings."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa

from coaching.people import Viewer
from data_access import audit, rollups
from data_access.scope import NotPermitted
from data_access.settings import checked, store_setting, touch


def change_setting(viewer: Viewer, connection: sa.Connection, key: str, value: Any, now: dt.datetime) -> Any:
    """Set ``key`` within the caller's transaction; the value as stored.

    Another week start moves every atom, so the facts are rebuilt. Raises SettingRefused and NotPermitted.
    """
    if not viewer.loads_data:
        raise NotPermitted("Only an admin changes settings.")
    stored = checked(key, value)
    store_setting(connection, key, stored, now)
    if key == "week_starts_on":
        rollups.rebuild(connection)
    audit.record(connection, viewer.person_id, "change setting", subject=key, detail={"value": stored}, now=now)
    touch(connection)
    return stored
