"""Company-wide settings and the state of the data, private to data_access. Pages read them through queries/settings."""

from __future__ import annotations

import datetime as dt
import json
import zoneinfo
from typing import Any

import sqlalchemy as sa

from coaching.periods import Calendar
from data_access.importers.currencies import EXPONENTS
from data_access.tables import data_state, setting

DEFAULTS: dict[str, Any] = {
    "time_zone": "UTC",
    "week_starts_on": 0,
    "fiscal_year_starts_in": 1,
    "reporting_currency": None,
}


class SettingRefused(ValueError):
    """A setting that does not exist or a value it cannot take; the message says what it takes."""


def settings(connection: sa.Connection) -> dict[str, Any]:
    """Every setting with its value or its default."""
    stored = {key: json.loads(value) for key, value in connection.execute(sa.select(setting.c.key, setting.c.value))}
    return {**DEFAULTS, **stored}


def calendar_of(values: dict[str, Any]) -> Calendar:
    """The company's calendar."""
    return Calendar(str(values["time_zone"]), int(values["week_starts_on"]), int(values["fiscal_year_starts_in"]))


def company_calendar(connection: sa.Connection) -> Calendar:
    """The company's calendar as set."""
    return calendar_of(settings(connection))


def checked(key: str, value: Any) -> Any:
    """``value`` as ``key`` stores it. Raises SettingRefused with a sentence."""
    if key == "time_zone":
        if str(value) not in zoneinfo.available_timezones():
            raise SettingRefused(f"'{value}' is not a time zone. Use a name such as Europe/Berlin.")
        return str(value)
    if key in {"week_starts_on", "fiscal_year_starts_in"}:
        low, high = (0, 6) if key == "week_starts_on" else (1, 12)
        try:
            number = int(value)
        except (TypeError, ValueError):
            number = -1
        if not low <= number <= high:
            raise SettingRefused(f"{key} takes a number from {low} to {high}, not '{value}'.")
        return number
    if key == "reporting_currency":
        code = str(value).upper()
        if len(code) != 3 or not code.isalpha():
            raise SettingRefused(f"'{value}' is not a currency code such as EUR.")
        return code
    raise SettingRefused(f"There is no setting '{key}'. Known: {', '.join(DEFAULTS)}.")


def store_setting(connection: sa.Connection, key: str, value: Any, now: dt.datetime) -> None:
    """Set ``key``, within the caller's transaction."""
    row = {"key": key, "value": json.dumps(value), "changed_at": now}
    changed = connection.execute(
        sa.update(setting).where(setting.c.key == key).values(value=row["value"], changed_at=now)
    )
    if not changed.rowcount:
        connection.execute(sa.insert(setting).values(row))


def touch(connection: sa.Connection) -> None:
    """Let every cache know that something was written, within the caller's transaction."""
    bumped = connection.execute(sa.update(data_state).values(data_version=data_state.c.data_version + 1))
    if not bumped.rowcount:
        connection.execute(sa.insert(data_state).values(id=1, data_version=1))


def demo_state(connection: sa.Connection) -> dict[str, Any] | None:
    """How the demo company was made and what it held then; None where the data is real or there is none."""
    text = connection.scalar(sa.select(data_state.c.demo))
    return json.loads(text) if text else None


def set_demo_state(connection: sa.Connection, state: dict[str, Any] | None) -> None:
    """Remember (or forget) that the company is the demo, within the caller's transaction."""
    touch(connection)
    connection.execute(sa.update(data_state).values(demo=json.dumps(state) if state else None))


def company_today(values: dict[str, Any], now: dt.datetime) -> dt.date:
    """Today's date where the company is."""
    return now.astimezone(zoneinfo.ZoneInfo(str(values["time_zone"]))).date()


def minor_digits(currency: str | None) -> int:
    """Digits after the decimal point of a currency (ISO 4217); 2 where none is set."""
    return EXPONENTS.get(currency or "", 2)
