"""Reads for what people bring to one-on-ones."""

from __future__ import annotations

import datetime as dt

import polars as pl

from data_access.queries import agenda as queries
from ui import loaders
from ui.loaders import Sight


def agenda(sight: Sight, *, rep_id: int, as_of: dt.date) -> pl.DataFrame:
    """frames.AGENDA of one rep, what is still to come first."""
    today = sight.company.today
    return loaders.read(
        "agenda",
        sight,
        {"rep_id": rep_id, "as_of": as_of},
        lambda c: queries.agenda(sight.viewer, c, rep_id=rep_id, as_of=as_of, today=today),
    )


def prepared(sight: Sight) -> pl.DataFrame:
    """frames.PREPARED: the reps whom the viewer coaches, by name."""
    today = sight.company.today
    return loaders.read("prepared", sight, {}, lambda c: queries.prepared(sight.viewer, c, today=today))
