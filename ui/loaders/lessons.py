"""Reads for lost-deal lessons and knowledge gaps."""

from __future__ import annotations

import datetime as dt

import polars as pl

from coaching.lessons import MONTHS_BACK
from coaching.periods import add_months
from data_access.queries import lessons as queries
from ui import loaders
from ui.loaders import Sight


def lost_deals(sight: Sight, *, rep_id: int, as_of: dt.date) -> pl.DataFrame:
    """lessons.LOST_DEALS of one rep over the last twelve months, the latest first."""
    today, since = sight.company.today, add_months(as_of, -MONTHS_BACK)
    return loaders.read(
        "lost_deals",
        sight,
        {"rep_id": rep_id, "as_of": as_of},
        lambda c: queries.lost_deals(sight.viewer, c, rep_id=rep_id, since=since, as_of=as_of, today=today),
    )


def knowledge_gaps(sight: Sight, *, rep_id: int, as_of: dt.date) -> pl.DataFrame:
    """lessons.GAPS of one rep, the open ones first."""
    today = sight.company.today
    return loaders.read(
        "knowledge_gaps",
        sight,
        {"rep_id": rep_id, "as_of": as_of},
        lambda c: queries.knowledge_gaps(sight.viewer, c, rep_id=rep_id, as_of=as_of, today=today),
    )
