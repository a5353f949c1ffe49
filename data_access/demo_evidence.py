"""The results that the demo company's executive would have frozen: one for each of the last two closed quarters."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from coaching.periods import Calendar, add_months
from coaching.roi.freezing import closed_quarter_end
from data_access.kept_evidence import keep
from data_access.queries import roi
from data_access.scope import operator
from data_access.tables import programme_enrolment

QUARTERS = 2
DAYS_AFTER = 5
"""By then the export with the quarter's last days has come."""
REASON = "End of the quarter"


def freezing_days(today: dt.date, first_start: dt.date, calendar: Calendar) -> list[dt.date]:
    """The days on which results were frozen, the earliest first; none for a quarter in which nobody had started."""
    last = closed_quarter_end(today, calendar)
    ends = [add_months(last + dt.timedelta(days=1), -3 * back) - dt.timedelta(days=1) for back in range(QUARTERS)]
    return [min(end + dt.timedelta(days=DAYS_AFTER), today) for end in reversed(ends) if first_start <= end]


def freeze(connection: sa.Connection, frozen_by: int, today: dt.date, calendar: Calendar) -> int:
    """Compute and keep the results as known on those days; how many. Everything else has to be published before."""
    first = connection.scalar(sa.select(sa.func.min(programme_enrolment.c.starts_on)))
    days = [] if first is None else freezing_days(today, first, calendar)
    for day in days:
        found = roi.evidence(operator(), connection, as_of=day, today=today)
        assert found is not None
        at = dt.datetime.combine(day, dt.time(5, 0), dt.UTC)
        keep(connection, found, as_of=day, reason=REASON, frozen_by=frozen_by, frozen_at=at)
    return len(days)
