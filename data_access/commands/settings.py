"""Changing company-wide settings."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa

from coaching.people import AN_ADMIN, Role, Viewer
from data_access import audit, rollups
from data_access.scope import NotPermitted
from data_access.settings import SettingRefused, checked, minor_digits, settings, store_setting, touch
from data_access.tables import deal_version, hour_rate, programme_cost, quota


def _refuse_mixing(connection: sa.Connection, currency: str) -> None:
    """Amounts are stored in the reporting currency: another name for it would add up different currencies."""
    named = {
        code
        for table in (deal_version, quota, programme_cost, hour_rate)
        for code in connection.scalars(sa.select(table.c.currency).where(table.c.amount.is_not(None)).distinct())
    }
    if not named:
        return
    before = settings(connection)["reporting_currency"]
    if named - {None, currency} or minor_digits(before) != minor_digits(currency):
        raise SettingRefused(
            f"Amounts have been loaded and are reported in {before}. To report in {currency}, load them into a new "
            "database with rates in the mapping."
        )


def change_setting(viewer: Viewer, connection: sa.Connection, key: str, value: Any, now: dt.datetime) -> Any:
    """Set ``key`` within the caller's transaction; the value as stored.

    Another week start moves every atom, so the facts are rebuilt. Raises SettingRefused and NotPermitted.
    """
    if not viewer.loads_data:
        raise NotPermitted("Only an admin changes settings.")
    stored = checked(key, value)
    if key == "reporting_currency":
        _refuse_mixing(connection, stored)
    before = settings(connection)[key]
    store_setting(connection, key, stored, now)
    if key == "week_starts_on":
        rollups.rebuild(connection)
    detail = {"value": stored, "before": before}
    if viewer.person_id is None and viewer.role is Role.ADMIN:
        # Without a name of their own, and yet not the operator at the command line.
        detail["as"] = AN_ADMIN
    audit.record(connection, viewer.person_id, "change setting", subject=key, detail=detail, now=now)
    touch(connection)
    return stored
