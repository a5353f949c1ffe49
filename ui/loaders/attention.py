"""Cached reads of what the rules of attention find; what a viewer put off is read anew, since it changes no figure."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl

from coaching.attention.order import Listing, Weights, listing
from data_access.engine import reading
from data_access.queries import attention as queries
from ui import loaders
from ui.loaders import Sight, read


def found(sight: Sight, *, as_of: dt.date, team_id: int | None = None) -> dict[str, pl.DataFrame]:
    """Frames "alerts" and "people"; see data_access.queries.attention. Empty for whoever coaches nobody."""
    asked: dict[str, Any] = {"as_of": as_of, "team_id": team_id}
    today = sight.company.today
    # How long deals usually take is read once for this list, the brief and the deals to look at.
    won = loaders.won_times(sight, as_of) if sight.viewer.coaches else None
    return read("attention", sight, asked, lambda c: queries.attention(sight.viewer, c, today=today, won=won, **asked))


def weights(sight: Sight) -> Weights:
    """What the company set about the order of the list."""
    return read("attention_weights", sight, {}, lambda c: queries.attention_weights(sight.viewer, c))


def weight_changes(sight: Sight) -> pl.DataFrame:
    """Who set the weights of the list when, the latest first; see coaching.attention.weighing.CHANGES."""
    return read("attention_weight_changes", sight, {}, lambda c: queries.weight_changes(sight.viewer, c))


def listed(sight: Sight, *, as_of: dt.date, team_id: int | None = None) -> Listing:
    """Who needs the viewer, the good news, and what they put off, as of a day."""
    frames = found(sight, as_of=as_of, team_id=team_id)
    with reading(loaders.engine()) as connection:
        snoozes = queries.snoozes(sight.viewer, connection, as_of=as_of)
    return listing(frames["alerts"], frames["people"], snoozes, weights(sight), as_of)


def put_off_lately(sight: Sight) -> dict[str, Any] | None:
    """What the viewer put off last, within a day: snooze_id, name, rule, until_on; None where nothing."""
    with reading(loaders.engine()) as connection:
        return queries.put_off_lately(sight.viewer, connection, now=loaders.now(), today=sight.company.today)
