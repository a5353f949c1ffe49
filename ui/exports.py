"""What can be downloaded, as CSV: each export reads through loaders for one viewer and knows its own columns.

Text cells that a spreadsheet would run as a formula get a leading apostrophe; numbers stay numbers, dates ISO.
"""

from __future__ import annotations

import datetime as dt
import zoneinfo
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from coaching import cadence_view
from coaching.attention import words
from coaching.brief import Brief, Site, as_html, as_markdown, invite
from coaching.calendar_file import CONTENT_TYPE, calendar_file
from coaching.metrics import DEFINED
from coaching.overview import REP_EXPORT_KEYS
from ui import loaders
from ui.loaders import Sight
from ui.loaders import attention as attention_loaders
from ui.loaders import brief as brief_loaders
from ui.loaders import cadence as cadence_loaders

# Also the full-width twins that some spreadsheets read as the plain sign, and whitespace before any of them.
_FORMULA = r"^[\s\x00]*[=+\-@\t\r\x00＝＋－＠]"

Parameters = dict[str, Any]
PRINT_SCRIPT = "print.js"
"""Beside the downloads: opens the print dialogue, since a page may not hold a script of its own."""


@dataclass(frozen=True)
class Document:
    """A download that is no table: a calendar file, a page of text."""

    body: bytes
    content_type: str
    row_count: int
    is_shown: bool = False
    """Opens in the browser instead of being saved: a page to print."""


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
    values = _values(sight, "rep", REP_EXPORT_KEYS, asked)
    until = min(dt.date.fromisoformat(asked[name]) for name in ("end", "as_of"))
    found = attention_loaders.found(sight, as_of=until, team_id=asked.get("team_id"))
    flagged = words.with_flags(values, found["alerts"], attention_loaders.weights(sight))
    return flagged.select("id", "name", *_columns(values), "flags")


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


def brief_html(sight: Sight, asked: Parameters) -> Document | None:
    """The brief of a rep as HTML that stands alone; None for whoever may not read it."""
    return _brief_document(sight, asked, "text/html", as_html)


def brief_paper(sight: Sight, asked: Parameters) -> Document | None:
    """The same, opened in the browser and handed to its print dialogue."""
    made = _brief_document(
        sight, asked, "text/html", lambda found, site: as_html(found, site, print_script=PRINT_SCRIPT)
    )
    return None if made is None else replace(made, is_shown=True)


def brief_markdown(sight: Sight, asked: Parameters) -> Document | None:
    """The brief of a rep as Markdown; None for whoever may not read it."""
    return _brief_document(sight, asked, "text/markdown", as_markdown)


def brief_invite(sight: Sight, asked: Parameters) -> Document | None:
    """The next one-on-one with a rep as a calendar file with the way to the brief; None for whoever may not read it."""
    found, today = _brief(sight, asked), sight.company.today
    if found is None:
        return None
    zone = zoneinfo.ZoneInfo(sight.company.calendar.time_zone)
    return Document(invite(found, _site(asked), loaders.now(), today, zone), CONTENT_TYPE, 1)


def _brief(sight: Sight, asked: Parameters) -> Brief | None:
    if not sight.viewer.reads_words:
        return None
    return brief_loaders.brief(sight, rep_id=int(asked["rep_id"]), as_of=dt.date.fromisoformat(asked["as_of"]))


def _brief_document(
    sight: Sight, asked: Parameters, content_type: str, made: Callable[[Brief, Site], str]
) -> Document | None:
    found = _brief(sight, asked)
    if found is None:
        return None
    body = made(found, _site(asked)).encode()
    return Document(body, f"{content_type}; charset=utf-8", sum(1 for _ in found.facts()))


def _site(asked: Parameters) -> Site:
    return Site(asked.get("address") or "", asked.get("look_as"))


EXPORTS: dict[str, Callable[[Sight, Parameters], pl.DataFrame | Document | None]] = {
    "reps": reps,
    "teams": teams,
    "definitions": definitions,
    "rejections": rejections,
    "sessions_due": sessions_due,
    "brief_html": brief_html,
    "brief_paper": brief_paper,
    "brief_markdown": brief_markdown,
    "brief_invite": brief_invite,
}
"""One entry per kind of download. None means: not for this viewer."""
