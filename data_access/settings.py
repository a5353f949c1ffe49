"""Company-wide settings and the state of the data, private to data_access. Pages read them through queries/settings."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import math
import zoneinfo
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa

from coaching.attention.order import LARGEST_WEIGHT, LONGEST_FLOOR, weight_problems
from coaching.pairing import LONGEST_REST_WEEKS, MOST_PAIRS_EACH, PAIRS_AT_MOST, REST_WEEKS
from coaching.periods import Calendar
from coaching.roi.guardrails import DEFAULTS as GUARDRAILS
from coaching.roi.guardrails import Guardrails
from coaching.roi.outcomes import OUTCOMES
from data_access.importers.currencies import EXPONENTS
from data_access.tables import data_state, setting

DEFAULTS: dict[str, Any] = {
    "time_zone": "UTC",
    "week_starts_on": 0,
    "fiscal_year_starts_in": 1,
    "reporting_currency": None,
    "question_rest_sessions": 6,
    "attention_weights": {},
    "attention_neglect": 1.0,
    "attention_floor_weeks": 4,
    "product_address": None,
    "pairs_at_most": PAIRS_AT_MOST,
    "pair_rest_weeks": REST_WEEKS,
    "programme_outcome": "auto",
    "programme_margin": None,
    "programme_realisation": 1.0,
    "programme_assumed_minutes": 30,
    "programme_replacement_cost": None,
    "programme_hurdle_percent": None,
    "programme_guardrails": {},
}


MOST_OF_PROGRAMME = {"programme_margin": 1.0, "programme_hurdle_percent": 1_000.0}


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
        return _whole(key, value, *((0, 6) if key == "week_starts_on" else (1, 12)))
    if key == "question_rest_sessions":
        return _whole(key, value, 1, 52)
    if key == "pairs_at_most":
        return _whole(key, value, 0, MOST_PAIRS_EACH)
    if key == "pair_rest_weeks":
        return _whole(key, value, 0, LONGEST_REST_WEEKS)
    if key == "attention_weights":
        return _weights(value)
    if key == "attention_neglect":
        return _number(key, value, 0.0, LARGEST_WEIGHT)
    if key == "attention_floor_weeks":
        return _whole(key, value, 1, LONGEST_FLOOR)
    if key == "product_address":
        return _address(value)
    if key.startswith("programme_") and key in DEFAULTS:
        return _of_programme(key, value)
    if key == "reporting_currency":
        code = str(value).upper()
        if len(code) != 3 or not code.isalpha():
            raise SettingRefused(f"'{value}' is not a currency code such as EUR.")
        return code
    raise SettingRefused(f"There is no setting '{key}'. Known: {', '.join(DEFAULTS)}.")


def _whole(key: str, value: Any, low: int, high: int) -> int:
    try:
        number = int(value)
    except (TypeError, ValueError):
        number = low - 1
    if not low <= number <= high:
        raise SettingRefused(f"{key} takes a number from {low} to {high}, not '{value}'.")
    return number


def _number(key: str, value: Any, low: float, high: float) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = low - 1
    if not low <= number <= high:
        raise SettingRefused(f"{key} takes a number from {low:g} to {high:g}, not '{value}'.")
    return number


def _weights(value: Any) -> dict[str, float]:
    """Weights by rule, as a dictionary or as its JSON text; those that weigh 1 are left out."""
    try:
        values = json.loads(value) if isinstance(value, str) else value
    except ValueError:
        values = None
    problems = weight_problems(values)
    if problems:
        raise SettingRefused(" ".join(problems))
    return {key: float(weight) for key, weight in values.items() if weight != 1}


def _of_programme(key: str, value: Any) -> Any:
    """What the evidence about the programme rests on; an empty text takes a value back that may be missing."""
    if key == "programme_outcome":
        if str(value) not in {"auto", *OUTCOMES}:
            raise SettingRefused(f"{key} takes auto, {' or '.join(OUTCOMES)}, not '{value}'.")
        return str(value)
    if key == "programme_assumed_minutes":
        return _whole(key, value, 1, 480)
    if key == "programme_realisation":
        return _number(key, value, 0.01, 1.0)
    if key == "programme_guardrails":
        return _guardrails(value)
    if value is None or str(value).strip() == "":
        return None
    return _number(key, value, 0.0, MOST_OF_PROGRAMME.get(key, 1e12))


def _guardrails(value: Any) -> dict[str, float]:
    """Thresholds by name, as a dictionary or as its JSON text; those that are as delivered are left out."""
    try:
        values = json.loads(value) if isinstance(value, str) else value
        chosen = guardrails_of(values)
    except (ValueError, TypeError, AttributeError) as problem:
        raise SettingRefused(f"programme_guardrails takes thresholds by name as JSON: {problem}") from None
    if problems := chosen.problems():
        raise SettingRefused(" ".join(problems))
    delivered = dataclasses.asdict(GUARDRAILS)
    return {key: number for key, number in dataclasses.asdict(chosen).items() if number != delivered[key]}


def guardrails_of(values: dict[str, Any]) -> Guardrails:
    """The thresholds with ``values`` in place of those delivered. Raises ValueError for an unknown name or value."""
    kinds = {field.name: field.type for field in dataclasses.fields(GUARDRAILS)}
    unknown = sorted(set(values) - set(kinds))
    if unknown:
        raise ValueError(f"there is no '{unknown[0]}'; known: {', '.join(kinds)}")
    for key, number in values.items():
        whole = kinds[key] == "int"
        is_number = isinstance(number, int if whole else (int, float)) and not isinstance(number, bool)
        if not is_number or not math.isfinite(number):
            raise ValueError(f"'{key}' takes a {'whole ' if whole else ''}number, not '{number}'")
    return dataclasses.replace(GUARDRAILS, **values)


def _address(value: Any) -> str | None:
    """Where the product is reached, for links in what is sent around; empty = nowhere."""
    text = str(value or "").strip().rstrip("/")
    if not text:
        return None
    parts = urlsplit(text)
    is_plain = parts.scheme in {"http", "https"} and parts.hostname and not parts.username and not parts.query
    if not is_plain or any(character.isspace() or character in "<>\"'" for character in text):
        raise SettingRefused(f"'{value}' is not an address such as https://coaching.example.com.")
    return text


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
