"""Cached reads about what the programme changed: frozen results, each parsed once, and what they were computed from."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

import polars as pl

from coaching.roi.guardrails import Guardrails
from data_access.queries import programme as programme_queries
from data_access.queries import roi as queries
from data_access.settings import guardrails_of, settings
from ui.loaders import Sight, read


def frozen(sight: Sight) -> pl.DataFrame:
    """data_access.queries.roi.FROZEN, latest first; empty for whoever sees no programme."""
    return read("frozen", sight, {}, lambda c: queries.frozen(sight.viewer, c))


def result(sight: Sight, frozen_id: int) -> dict[str, Any] | None:
    """A frozen result as it was written (coaching.roi.findings and more). Shared: nobody changes it."""
    return read(
        "frozen_result", sight, {"frozen_id": frozen_id}, lambda c: queries.frozen_result(sight.viewer, c, frozen_id)
    )


def changes(sight: Sight, frozen_id: int) -> list[str]:
    """What a frozen result says that the one before did not, a sentence each; empty for the first one."""
    return read(
        "changed_since_frozen",
        sight,
        {"frozen_id": frozen_id},
        lambda c: queries.changed_since_frozen(sight.viewer, c, frozen_id),
    )


def is_due(sight: Sight) -> bool:
    """Whether the last fiscal quarter that is over has no frozen result, although somebody was enrolled in it."""
    today = sight.company.today
    return read("freeze_is_due", sight, {}, lambda c: queries.freeze_is_due(sight.viewer, c, today=today))


def enrolled_count(sight: Sight) -> int:
    """How many people have been enrolled by today; 0 for whoever sees no programme."""
    if not sight.viewer.sees_programme:
        return 0
    today = sight.company.today
    found = read("programme_starts", sight, {}, lambda c: programme_queries.starts(sight.viewer, c, as_of=today))
    return int(found.height)


def limits(sight: Sight) -> Guardrails:
    """The thresholds of the verdict, as they are set now. Nothing about anybody: every viewer gets the same."""
    return read("programme_guardrails", sight, {}, lambda c: guardrails_of(settings(c)["programme_guardrails"]))


def hurdle(sight: Sight) -> float | None:
    """The return on cost in per cent that a programme has to bring, as set now; None without one."""
    return read("programme_hurdle", sight, {}, lambda c: settings(c)["programme_hurdle_percent"])


def definitions_now(sight: Sight) -> dict[str, Any]:
    """What the next result would be computed with: thresholds and settings by the names of a result's definitions."""
    return read("programme_definitions", sight, {}, lambda c: _definitions(settings(c)))


def _definitions(values: dict[str, Any]) -> dict[str, Any]:
    # The outcome is left out: where it is set to "auto", the data decide with the next result.
    kept = {name: values[f"programme_{name}"] for name in ("margin", "realisation", "assumed_minutes")}
    return {**kept, **dataclasses.asdict(guardrails_of(values["programme_guardrails"]))}


def panel(sight: Sight, *, as_of: dt.date) -> pl.DataFrame:
    """data_access.queries.roi.PANEL_ROWS as known on the day, for a download; nobody is named."""
    today = sight.company.today
    return read(
        "panel_rows", sight, {"as_of": as_of}, lambda c: queries.panel_rows(sight.viewer, c, as_of=as_of, today=today)
    )
