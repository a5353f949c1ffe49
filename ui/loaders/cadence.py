"""What is read about the cadence of coaching: slots, spread, calendar entries."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl

from coaching.cadence import Cadence, cadence_on
from coaching.people import Role
from data_access.queries import cadence as cadence_queries
from data_access.queries import cadence_bands as band_queries
from data_access.queries.coaching_events import holds_coaching
from ui.loaders import Sight, read


def policy_on(sight: Sight, on: dt.date, role: Role = Role.REP) -> Cadence:
    """The cadence that holds for a role on a day; the default where none is set."""
    rows = read("cadence_policies", sight, {}, lambda c: cadence_queries.policies(sight.viewer, c))
    return cadence_on(rows, role, on)


def sessions_known(sight: Sight, as_of: dt.date) -> bool:
    """Whether any coaching session has been recorded by the day."""
    known = read("holds_coaching", sight, {"as_of": as_of}, lambda c: holds_coaching(sight.viewer, c, as_of))
    return "sessions" in known


def slots_in_view(
    sight: Sight, *, start: dt.date, end: dt.date, as_of: dt.date, team_id: int | None = None
) -> dict[str, pl.DataFrame]:
    """Frames "people", "slots" and "sessions"; see data_access.queries.cadence. Empty where no rep rows are seen."""
    asked: dict[str, Any] = {"start": start, "end": end, "as_of": as_of, "team_id": team_id}
    today = sight.company.today
    return read(
        "slots_in_view",
        sight,
        asked,
        lambda c: cadence_queries.slots_in_view(sight.viewer, c, today=today, **asked),
    )


def coaching_mix(
    sight: Sight, *, start: dt.date, end: dt.date, as_of: dt.date, team_id: int | None = None
) -> pl.DataFrame:
    """what ("channel", "method", "kind"), word and count."""
    asked: dict[str, Any] = {"start": start, "end": end, "as_of": as_of, "team_id": team_id}
    today = sight.company.today
    return read(
        "coaching_mix", sight, asked, lambda c: cadence_queries.coaching_mix(sight.viewer, c, today=today, **asked)
    )


def coverage_by_band(
    sight: Sight, *, start: dt.date, end: dt.date, as_of: dt.date, team_id: int | None = None
) -> pl.DataFrame:
    """coaching.cadence_view.BAND_COLUMNS."""
    asked: dict[str, Any] = {"start": start, "end": end, "as_of": as_of, "team_id": team_id}
    today = sight.company.today
    return read(
        "coverage_by_band",
        sight,
        asked,
        lambda c: band_queries.coverage_by_band(sight.viewer, c, today=today, **asked),
    )


def team_leaders(sight: Sight) -> pl.DataFrame:
    """team_id and leader_name of the teams whose totals the viewer sees."""
    today = sight.company.today
    return read("team_leaders", sight, {}, lambda c: cadence_queries.team_leaders(sight.viewer, c, today=today))


def holidays(sight: Sight) -> pl.DataFrame:
    """frames.HOLIDAYS."""
    return read("holidays", sight, {}, lambda c: cadence_queries.holidays(sight.viewer, c))


def absences(sight: Sight, *, since: dt.date) -> pl.DataFrame:
    """entry_id, person_id, name, starts_on, ends_on, reason of the viewer's people, by name."""
    today = sight.company.today
    return read(
        "absences",
        sight,
        {"since": since},
        lambda c: cadence_queries.absence_entries(sight.viewer, c, since=since, today=today),
    )


def holiday_entries(sight: Sight, *, since: dt.date) -> pl.DataFrame:
    """entry_id, on_date, region, name, for whoever keeps them."""
    return read(
        "holiday_entries",
        sight,
        {"since": since},
        lambda c: cadence_queries.holiday_entries(sight.viewer, c, since=since),
    )


def policy_entries(sight: Sight) -> pl.DataFrame:
    """entry_id, role, every_days, tolerance_days, starts_on, for whoever keeps them."""
    return read("policy_entries", sight, {}, lambda c: cadence_queries.policy_entries(sight.viewer, c))
