"""What is asked of the queries that compute figures from recorded coaching."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from coaching.measures import Grouping
from coaching.periods import Period


@dataclass(frozen=True)
class CoachingAsked:
    """Keys of the registry for the rows of a grouping, per period, as known on a day."""

    keys: list[str]
    grouping: Grouping
    periods: list[Period]
    as_of: dt.date
    today: dt.date
    rep_ids: list[int] | None
