"""Who looked at one's own record. Not cached: a look changes no figure, so it does not move the data's version."""

from __future__ import annotations

import datetime as dt

import polars as pl

from data_access.engine import reading
from data_access.queries import looks as look_queries
from ui import loaders
from ui.loaders import Sight


def at_me(sight: Sight, since: dt.date) -> pl.DataFrame:
    """frames.LOOKS at the viewer's own record, the latest first."""
    with reading(loaders.engine()) as connection:
        return look_queries.looks_at_me(sight.viewer, connection, since=since)
