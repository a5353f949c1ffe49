"""Loading a file: the same steps for the command line and the upload page."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import sqlalchemy as sa

from coaching.people import Viewer
from data_access.engine import reading
from data_access.importers.coaching_files.loading import load_coaching
from data_access.importers.mapping import Mapping, check_time_zone
from data_access.importers.publish import ImportResult, Loading, clear_abandoned, load_records
from data_access.importers.records import Preview, preview, read_records
from data_access.importers.schemas import COACHING_KINDS
from data_access.scope import NotPermitted
from data_access.settings import company_today, settings

Progress = Callable[[str, int, int | None], None]


@dataclass(frozen=True)
class Order:
    """What to load and how."""

    kind: str
    path: Path
    file_name: str
    mapping: Mapping | None = None
    as_of: dt.date | None = None
    """Date of the export; None = today where the company is."""
    time_zone: str | None = None
    """Zone of times in the file that name none; None = the mapping's, else the company's."""
    replace_demo: bool = False
    dry_run: bool = False


def import_file(viewer: Viewer, engine: sa.Engine, order: Order, now: dt.datetime, progress: Progress) -> ImportResult:
    """Load a file, all of it or nothing; every row is accepted, rejected with a reason or ignored.

    Raises ImportRefused (nothing written; the message names what to do) and NotPermitted.
    """
    if not viewer.loads_data:
        raise NotPermitted("Only an admin loads files.")
    with reading(engine) as connection:
        values = settings(connection)
    mapping = order.mapping or Mapping()
    if order.time_zone:
        check_time_zone(order.time_zone, "time_zone")
        mapping = replace(mapping, time_zone=order.time_zone)
    records = read_records(
        order.kind,
        order.path,
        mapping=mapping,
        time_zone=str(values["time_zone"]),
        default_currency=values["reporting_currency"],
        fiscal_year_starts_in=int(values["fiscal_year_starts_in"]),
        progress=lambda done, total: progress("reading", done, total),
    )
    loading = Loading(
        file_name=order.file_name,
        fingerprint=_fingerprint(order.path),
        as_of=order.as_of or company_today(values, now),
        now=now,
        replace_demo=order.replace_demo,
        dry_run=order.dry_run,
    )
    load = load_coaching if order.kind in COACHING_KINDS else load_records
    return load(engine, viewer, records, loading, progress)


def clear_abandoned_imports(viewer: Viewer, engine: sa.Engine) -> int:
    """Remove what killed imports left behind; the number of imports cleared, 0 while another import is running.

    For the start of the application: nobody sees the leftovers, but they take room and ``check`` reports them. Raises
    NotPermitted.
    """
    if not viewer.loads_data:
        raise NotPermitted("Only an admin clears up after imports.")
    return clear_abandoned(engine)


def preview_file(
    viewer: Viewer, kind: str, path: Path, mapping: Mapping | None = None, fiscal_year_starts_in: int = 1
) -> Preview:
    """What a file holds and how its columns are understood so far; writes nothing. Raises NotPermitted.

    ``fiscal_year_starts_in`` (month 1..12) is what periods that say FY are read by.
    """
    if not viewer.loads_data:
        raise NotPermitted("Only an admin loads files.")
    return preview(kind, path, mapping, fiscal_year_starts_in=fiscal_year_starts_in)


def _fingerprint(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
