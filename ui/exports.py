"""What can be downloaded, as CSV: each export reads through loaders for one viewer and knows its own columns.

Text cells that a spreadsheet would run as a formula get a leading apostrophe; numbers stay numbers, dates ISO.
"""

from __future__ import annotations

import datetime as dt
import zoneinfo
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import polars as pl

from coaching import cadence_view
from coaching.attention import REP_KEYS, surroundings, with_reasons
from coaching.calendar_file import CONTENT_TYPE, calendar_file
from coaching.metrics import DEFINED
from ui import loaders
from ui.loaders import Sight
from ui.loaders import cadence as cadence_loaders

# Also the full-width twins that some spreadsheets read as the plain sign, and whitespace before any of them.
_FORMULA = r"^[\s\x00]*[=+\-@\t\r\x00＝＋－＠]"

Parameters = dict[str, Any]


@dataclass(frozen=True)
class Document:
    """A download that is no table: a calendar file, a page of text."""

    body: bytes
    content_type: str
    row_count: int


def neutralised(frame: pl.DataFrame) -> pl.DataFrame:
    """``frame`` with text that starts like a formula kept as text."""
    texts = [name for name, dtype in frame.schema.items() if dtype == pl.String]
    return frame.with_columns(
        pl.when(pl.col(name).str.contains(_FORMULA))
        .then(pl.lit("'") + pl.col(name))
        .otherwise(pl.col(name))
        .alias(name)
        for name in texts
    )


def as_document(found: pl.DataFrame | Document) -> Document:
    """What an export found, ready to be sent: a table as CSV."""
    if isinstance(found, Document):
        return found
    return Document(as_csv(found), "text/csv; charset=utf-8", found.height)


def as_csv(frame: pl.DataFrame) -> bytes:
    """UTF-8 with the mark that spreadsheets look for."""
    return b"\xef\xbb\xbf" + neutralised(frame).write_csv().encode()


def reps(sight: Sight, asked: Parameters) -> pl.DataFrame | None:
    """The rep table of the overview in full precision; None for a viewer without reps."""
    if not sight.viewer.sees_reps:
        return None
    values = _values(sight, "rep", REP_KEYS, asked)
    start, end, as_of = (dt.date.fromisoformat(asked[name]) for name in ("start", "end", "as_of"))
    totals = loaders.team_totals(
        sight, team_id=asked.get("team_id"), keys=["needed_coverage"], start=start, end=end, as_of=as_of
    )
    needed = totals["needed_coverage"][0] if totals.height else None
    cadence = cadence_loaders.policy_on(sight, min(end, as_of))
    around = surroundings(values, sight.company.currency, needed, runs=start <= as_of < end, cadence=cadence)
    return with_reasons(values, around).select("id", "name", *_columns(values), "flags")


def teams(sight: Sight, asked: Parameters) -> pl.DataFrame | None:
    """The team table of the overview; None for a viewer without teams."""
    if not sight.viewer.sees_teams:
        return None
    values = _values(sight, "team", asked["keys"], asked)
    return values.select("id", "name", "parent_id", *_columns(values))


def _values(sight: Sight, by: str, keys: list[str], asked: Parameters) -> pl.DataFrame:
    return loaders.metric_values(
        sight,
        by=by,
        keys=keys,
        start=dt.date.fromisoformat(asked["start"]),
        end=dt.date.fromisoformat(asked["end"]),
        as_of=dt.date.fromisoformat(asked["as_of"]),
        team_id=asked.get("team_id"),
    )


def _columns(values: pl.DataFrame) -> list[str]:
    return [name for name, dtype in values.schema.items() if dtype == pl.Float64]


def definitions(_sight: Sight, _asked: Parameters) -> pl.DataFrame:
    """Every metric of the registry."""
    return pl.DataFrame(
        [
            {
                "key": entry.key,
                "label": entry.label,
                "unit": str(entry.unit),
                "formula": entry.formula,
                "numerator": entry.numerator,
                "denominator": entry.denominator,
                "date_basis": entry.date_basis,
                "good_direction": str(entry.direction),
                "smallest_n": entry.smallest_n,
                "no_data": entry.no_data,
                "also": entry.also,
            }
            for entry in DEFINED
        ]
    )


def rejections(sight: Sight, asked: Parameters) -> pl.DataFrame | None:
    """The rows an import rejected, with the reason; None for a viewer who loads no data."""
    return loaders.import_rejections(sight, asked["import_id"]) if sight.viewer.loads_data else None


def sessions_due(sight: Sight, asked: Parameters) -> Document | None:
    """A calendar file with the one-on-ones that are missing today; None for whoever coaches nobody."""
    viewer, today = sight.viewer, sight.company.today
    if not (viewer.sees_reps and viewer.sees_teams):
        return None
    # A calendar is for the days to come, whatever day the page looks at.
    found = cadence_loaders.slots_in_view(sight, start=today, end=today, as_of=today, team_id=asked.get("team_id"))
    people = found["people"]
    booked = cadence_view.to_book(people, cadence_view.standing(people, found["slots"], found["sessions"], today))
    away = cadence_view.days_off(people, cadence_loaders.holidays(sight), cadence_loaders.absences(sight, since=today))
    zone = zoneinfo.ZoneInfo(sight.company.calendar.time_zone)
    events = cadence_view.appointments(booked, away, today, zone)
    return Document(calendar_file(events, loaders.now()), CONTENT_TYPE, len(events))


EXPORTS: dict[str, Callable[[Sight, Parameters], pl.DataFrame | Document | None]] = {
    "reps": reps,
    "teams": teams,
    "definitions": definitions,
    "rejections": rejections,
    "sessions_due": sessions_due,
}
"""One entry per kind of download. None means: not for this viewer."""
