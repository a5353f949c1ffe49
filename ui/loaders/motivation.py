"""Reads for the motivation page."""

from __future__ import annotations

import datetime as dt

import polars as pl

from data_access.queries import motivation as queries
from ui import loaders
from ui.loaders import Sight


def preferences(sight: Sight, *, rep_id: int, as_of: dt.date) -> pl.DataFrame:
    """trigger, weight, words, stated_at: the latest the rep said about each."""
    today = sight.company.today
    return loaders.read(
        "motivation_preferences",
        sight,
        {"rep_id": rep_id, "as_of": as_of},
        lambda c: queries.preferences(sight.viewer, c, rep_id=rep_id, as_of=as_of, today=today),
    )


def trigger_uses(sight: Sight, *, rep_id: int, as_of: dt.date) -> pl.DataFrame:
    """motivation.USES of one rep with outcomes, the latest first."""
    today = sight.company.today
    return loaders.read(
        "trigger_uses",
        sight,
        {"rep_id": rep_id, "as_of": as_of},
        lambda c: queries.trigger_uses(sight.viewer, c, rep_id=rep_id, as_of=as_of, today=today),
    )


def trigger_responses(sight: Sight, *, rep_id: int, as_of: dt.date) -> pl.DataFrame:
    """TRIGGER_RESPONSE of one rep with everybody_share and everybody_count."""
    today = sight.company.today
    return loaders.read(
        "trigger_responses",
        sight,
        {"rep_id": rep_id, "as_of": as_of},
        lambda c: queries.trigger_responses(sight.viewer, c, rep_id=rep_id, as_of=as_of, today=today),
    )
