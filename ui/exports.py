"""What can be downloaded, as CSV: each export reads through loaders for one viewer and knows its own columns.

Text cells that a spreadsheet would run as a formula get a leading apostrophe; numbers stay numbers, dates ISO.
"""

from __future__ import annotations

import datetime as dt
import json
import zoneinfo
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from coaching import cadence_view, skill_words
from coaching.attention import words
from coaching.brief import Brief, Site, as_html, as_markdown, invite
from coaching.calendar_file import CONTENT_TYPE, calendar_file
from coaching.coaches import shown as with_shares
from coaching.metrics import DEFINED
from coaching.overview import REP_EXPORT_KEYS
from coaching.roi.lottery_words import repeat_rows
from coaching.roi.method_text import method_text
from ui import loaders
from ui.loaders import Sight
from ui.loaders import attention as attention_loaders
from ui.loaders import brief as brief_loaders
from ui.loaders import cadence as cadence_loaders
from ui.loaders import coaches as coach_loaders
from ui.loaders import lottery as lottery_loaders
from ui.loaders import programme as programme_loaders
from ui.loaders import skills as skill_loaders

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


def skill_levels(sight: Sight, asked: Parameters) -> pl.DataFrame | None:
    """Levels by rep and skill on the day ``at``; None for whoever reads no single person's scores."""
    if not sight.viewer.reads_words:
        return None
    at, as_of = (dt.date.fromisoformat(asked[name]) for name in ("at", "as_of"))
    people = skill_words.members(loaders.people(sight, at), loaders.teams(sight, at), asked.get("team_id"))
    standings = skill_loaders.report(sight, at=at, as_of=as_of)["standings"]
    return skill_words.level_rows(people, skill_loaders.skill_list(sight), standings)


def coaches(sight: Sight, asked: Parameters) -> pl.DataFrame | None:
    """How each coach in view coached in a span, every count with what it is out of; None for whoever coaches nobody."""
    if not sight.viewer.coaches:
        return None
    start, end, as_of = (dt.date.fromisoformat(asked[name]) for name in ("start", "end", "as_of"))
    rows = coach_loaders.coaches(sight, start=start, end=end, as_of=as_of, team_id=asked.get("team_id"))
    is_known = coach_loaders.sessions_known(sight, as_of=as_of)
    # Where nobody has recorded sessions, none is no data and not zero.
    counts = [name for name in rows.columns if name.endswith("_count") and name != "rep_count"]
    unknown = [] if is_known else [*counts, "minutes", "questions", "instructions", "promises_due", "promises_kept"]
    return (
        with_shares(rows, is_known)
        .with_columns(pl.col("team_names").list.join("; "), *(pl.lit(None).alias(name) for name in unknown))
        .rename({"person_id": "id", "team_names": "teams", "level_on": "last_observed_on"})
    )


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
    found = _brief(sight, asked)
    if found is None:
        return None
    zone = zoneinfo.ZoneInfo(sight.company.calendar.time_zone)
    # As chosen beside the link, where the company is.
    starts_at = dt.datetime.fromisoformat(asked["at"]).replace(tzinfo=zone)
    return Document(invite(found, _site(asked), loaders.now(), starts_at), CONTENT_TYPE, 1)


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


def programme_panel(sight: Sight, asked: Parameters) -> pl.DataFrame | None:
    """The panel behind a frozen result, nobody named; None for whoever sees no programme."""
    row = _frozen(sight, asked)
    return None if row is None else programme_loaders.panel(sight, as_of=row["as_of"])


def programme_result(sight: Sight, asked: Parameters) -> Document | None:
    """A frozen result as it was written, with who froze it and why; None for whoever sees no programme."""
    row = _frozen(sight, asked)
    found = None if row is None else programme_loaders.result(sight, row["frozen_id"])
    if row is None or found is None:
        return None
    told = {"frozen": {name: row[name] for name in ("frozen_id", "frozen_at", "frozen_by", "reason")}, **found}
    return Document(json.dumps(told, indent=1, default=str).encode() + b"\n", "application/json; charset=utf-8", 1)


def programme_method(sight: Sight, asked: Parameters) -> Document | None:
    """How a frozen result was made; None for whoever sees no programme."""
    row = _frozen(sight, asked)
    found = None if row is None else programme_loaders.result(sight, row["frozen_id"])
    if row is None or found is None:
        return None
    return Document(method_text(found, row).encode(), "text/markdown; charset=utf-8", 1)


def _frozen(sight: Sight, asked: Parameters) -> dict[str, Any] | None:
    if not sight.viewer.sees_programme:
        return None
    rows = programme_loaders.frozen(sight).filter(pl.col("frozen_id") == int(asked["frozen_id"]))
    return next(rows.iter_rows(named=True), None)


def lottery_ids(sight: Sight, asked: Parameters) -> Document | None:
    """The list that a starting order was drawn from, an id a line; None for whoever may not see all of it."""
    drawn = _whole_draw(sight, asked)
    if drawn is None:
        return None
    keys = drawn["terms"]["eligible"]
    return Document("".join(f"{key}\n" for key in keys).encode(), "text/plain; charset=utf-8", len(keys))


def lottery_order(sight: Sight, asked: Parameters) -> pl.DataFrame | None:
    """A drawn starting order with what it was sorted by; None for whoever may not see all of it."""
    drawn = _whole_draw(sight, asked)
    return None if drawn is None else repeat_rows(drawn["seed"], drawn["terms"])


def _whole_draw(sight: Sight, asked: Parameters) -> dict[str, Any] | None:
    found = [one for one in lottery_loaders.lotteries(sight) if one["lottery_id"] == asked["lottery_id"]]
    return found[0] if found and "eligible" in found[0]["terms"] else None


EXPORTS: dict[str, Callable[[Sight, Parameters], pl.DataFrame | Document | None]] = {
    "reps": reps,
    "teams": teams,
    "skill_levels": skill_levels,
    "coaches": coaches,
    "definitions": definitions,
    "rejections": rejections,
    "sessions_due": sessions_due,
    "brief_html": brief_html,
    "brief_paper": brief_paper,
    "brief_markdown": brief_markdown,
    "brief_invite": brief_invite,
    "lottery_ids": lottery_ids,
    "lottery_order": lottery_order,
    "programme_panel": programme_panel,
    "programme_result": programme_result,
    "programme_method": programme_method,
}
"""One entry per kind of download. None means: not for this viewer."""
