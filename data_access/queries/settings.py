"""What every page needs to know about the company loaded."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa

from coaching.people import Viewer
from coaching.periods import Calendar
from data_access.knowledge import exists_for_readers
from data_access.settings import calendar_of, company_today, demo_state, minor_digits, settings
from data_access.tables import deal, import_run, person


@dataclass(frozen=True)
class Company:
    """The company loaded: its calendar, currency and how fresh its data is."""

    calendar: Calendar
    currency: str
    minor_digits: int
    is_demo: bool
    has_people: bool
    has_deals: bool
    first_snapshot_on: dt.date | None
    """Date of the first deals export; earlier history is rebuilt from it."""
    last_snapshot_on: dt.date | None
    today: dt.date


def company(viewer: Viewer, connection: sa.Connection, now: dt.datetime) -> Company:
    """The company as it is ``now``. Holds nothing about people, so every viewer gets the same."""
    values = settings(connection)
    runs = import_run.c
    deals = sa.and_(runs.kind == "deals", runs.published_at.is_not(None))
    first = connection.scalar(sa.select(sa.func.min(runs.as_of)).where(deals, runs.is_base.is_(True)))
    last = connection.scalar(sa.select(sa.func.max(runs.as_of)).where(deals))
    currency = str(values["reporting_currency"] or "USD")
    return Company(
        calendar_of(values),
        currency,
        minor_digits(currency),
        demo_state(connection) is not None,
        _any(connection, person),
        _any(connection, deal),
        first,
        last,
        company_today(values, now),
    )


def _any(connection: sa.Connection, table: sa.Table) -> bool:
    return connection.execute(sa.select(table.c.id).where(exists_for_readers(table)).limit(1)).first() is not None
