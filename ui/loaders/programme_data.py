"""Cached reads for whoever keeps the programme's data: costs, rates, enrolments, settings, what is still missing."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl

from coaching.programme import Step, steps_to_a_return
from data_access.queries import programme as queries
from ui.loaders import Sight, read


def costs(sight: Sight) -> pl.DataFrame:
    """programme.COSTS as known today, the latest days first; minor units."""
    today = sight.company.today
    return read("costs", sight, {}, lambda c: queries.costs(sight.viewer, c, as_of=today))


def hour_rates(sight: Sight) -> pl.DataFrame:
    """programme.HOUR_RATES as known today."""
    today = sight.company.today
    return read("hour_rates", sight, {}, lambda c: queries.hour_rates(sight.viewer, c, as_of=today))


def currency_rates(sight: Sight) -> pl.DataFrame:
    """programme.CURRENCY_RATES."""
    return read("currency_rates", sight, {}, lambda c: queries.currency_rates(sight.viewer, c))


def enrolled(sight: Sight) -> pl.DataFrame:
    """programme.ENROLLED of the people in view; without names for an admin."""
    today = sight.company.today
    return read("enrolled", sight, {}, lambda c: queries.enrolled(sight.viewer, c, as_of=today, today=today))


def settings(sight: Sight) -> dict[str, Any]:
    """The settings ``programme_*``; empty for whoever does not keep them."""
    return read("programme_settings", sight, {}, lambda c: queries.programme_settings(sight.viewer, c))


def changes(sight: Sight) -> dict[str, tuple[str | None, dt.datetime]]:
    """Setting or threshold -> who changed it last (None = nobody with a name of their own), and when."""
    found = read("setting_changes", sight, {}, lambda c: queries.setting_changes(sight.viewer, c))
    return {row["name"]: (row["changed_by"], row["changed_at"]) for row in found.iter_rows(named=True)}


def steps(sight: Sight) -> list[Step]:
    """What a return needs, and whether it is there."""
    today = sight.company.today

    def fetch(connection: Any) -> list[Step]:
        viewer = sight.viewer
        rates = queries.rates(viewer, connection, as_of=today)
        return steps_to_a_return(
            first_starts=queries.starts(viewer, connection, as_of=today)["starts_on"].to_list(),
            rate_since=dict(rates.group_by("role").agg(pl.col("valid_from").min()).iter_rows()),
            entered_kinds=set(queries.costs(viewer, connection, as_of=today)["kind"]),
            margin_is_known=queries.margin_is_known(viewer, connection, as_of=today),
        )

    return read("steps_to_a_return", sight, {}, fetch)
