"""How coaching is spread over performance tiers and tenure: counts of people, nobody's own value."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import sqlalchemy as sa

from coaching.cadence_view import BAND_COLUMNS, BAND_KEYS, bands, last_full_quarter, without_small_bands
from coaching.people import Role, Viewer
from data_access.queries.cadence import dated_sellers
from data_access.queries.measures import metric_values
from data_access.queries.people import teams
from data_access.scope import operator
from data_access.settings import company_calendar


def coverage_by_band(
    viewer: Viewer,
    connection: sa.Connection,
    *,
    start: dt.date,
    end: dt.date,
    as_of: dt.date,
    today: dt.date,
    team_id: int | None = None,
) -> pl.DataFrame:
    """coaching.cadence_view.BAND_COLUMNS of the reps in view, in the order of the bands.

    Tiers are thirds by attainment of the last full quarter before the earlier of ``end`` and ``as_of``. An executive
    gets counts only, of bands of five and more. Empty for viewers without team totals and where no session is recorded.
    """
    nothing = pl.DataFrame(schema=BAND_COLUMNS)
    is_executive = viewer.role is Role.EXECUTIVE
    until = min(end, as_of)
    if not viewer.sees_teams or until < start:
        return nothing
    if is_executive and team_id is not None and team_id not in teams(viewer, connection, until, today)["team_id"]:
        return nothing
    # An executive opens no rep rows: the rows behind their counts stay in this function.
    reader = operator() if is_executive else viewer
    asked: dict[str, Any] = {"by": "rep", "as_of": as_of, "today": today, "team_id": team_id}
    values = metric_values(reader, connection, keys=BAND_KEYS, start=start, end=end, **asked)
    quarter = last_full_quarter(until, company_calendar(connection))
    quota = metric_values(reader, connection, keys=["quota_attainment"], start=quarter.start, end=quarter.end, **asked)
    found = bands(values, quota, dated_sellers(reader, connection, as_of=as_of, today=today), until)
    if found["people"].sum() == 0:
        return nothing
    return without_small_bands(found) if is_executive else found
