"""What was known when: which rows exist for readers, and which version of a row holds on an as-of date.

Four rules, used by every query:
1. Rows of an import that is not published do not exist; neither do the endings it has prepared.
2. As of D a row's version is the one with known_from <= D < known_to.
3. Before the first snapshot of a kind, history is rebuilt from that snapshot alone (``knowledge``). The first
   snapshot is the one loaded first and stays so: an older file loaded late changes only the as-of dates from its own
   date to the next snapshot.
4. What people write down is known from the day they wrote it (``recorded_by``).
"""

from __future__ import annotations

import datetime as dt
import zoneinfo
from dataclasses import dataclass

import sqlalchemy as sa

from data_access.tables import import_run

LATEST = dt.date(9999, 12, 31)


@dataclass(frozen=True)
class Knowledge:
    """From which day's knowledge a question as of ``as_of`` is answered."""

    as_of: dt.date
    known_on: dt.date
    """Versions valid on this day are read; later than ``as_of`` where history is rebuilt."""

    @property
    def is_rebuilt(self) -> bool:
        """The first snapshot is younger than the as-of date: its history is rebuilt from its own dates."""
        return self.known_on > self.as_of


def knowledge(connection: sa.Connection, kind: str, as_of: dt.date) -> Knowledge:
    """The knowledge of ``kind`` ("deals", "people", ...) that a question as of ``as_of`` is answered from."""
    runs = import_run.c
    published = sa.and_(runs.kind == kind, runs.published_at.is_not(None))
    earlier = connection.scalar(sa.select(sa.func.count()).where(published, runs.as_of <= as_of))
    if earlier:
        return Knowledge(as_of, as_of)
    base = connection.scalar(sa.select(sa.func.min(runs.as_of)).where(published, runs.is_base.is_(True)))
    return Knowledge(as_of, base or as_of)


def unpublished(including: int | None = None) -> sa.Select[tuple[int]]:
    """Ids of imports that readers must not see yet; ``including`` = an import that counts as published already."""
    statement = sa.select(import_run.c.id).where(import_run.c.published_at.is_(None))
    return statement if including is None else statement.where(import_run.c.id != including)


def exists_for_readers(table: sa.FromClause, including: int | None = None) -> sa.ColumnElement[bool]:
    """Rule 1 for a table with an ``import_id``; a row that a later file corrected exists for earlier days only."""
    published = sa.or_(table.c.import_id.is_(None), table.c.import_id.not_in(unpublished(including)))
    return sa.and_(published, table.c.superseded_by.is_(None)) if "superseded_by" in table.c else published


def files_known_by(as_of: dt.date) -> sa.Select[tuple[int]]:
    """Ids of the files that a question as of ``as_of`` is answered from: those dated by then, and each kind's first."""
    runs = import_run.c
    return sa.select(runs.id).where(runs.published_at.is_not(None), sa.or_(runs.is_base.is_(True), runs.as_of <= as_of))


def not_yet_corrected(table: sa.FromClause, as_of: dt.date) -> sa.ColumnElement[bool]:
    """Whether no file known by ``as_of`` has corrected a row (true where rows of the table are never kept that way)."""
    if "superseded_by" not in table.c:
        return sa.true()
    return sa.or_(table.c.superseded_by.is_(None), table.c.superseded_by.not_in(files_known_by(as_of)))


def known_by(table: sa.FromClause, known_on: dt.date, including: int | None = None) -> sa.ColumnElement[bool]:
    """Rules 1 and 2 for a table that only grows (``known_from`` without ``known_to``)."""
    return sa.and_(exists_for_readers(table, including), table.c.known_from <= known_on)


def end_of_day(day: dt.date, time_zone: str) -> dt.datetime:
    """The first moment that is not ``day`` any more, where the company is; in UTC."""
    day_after = day + dt.timedelta(days=1) if day < LATEST else day
    return dt.datetime.combine(day_after, dt.time(), zoneinfo.ZoneInfo(time_zone)).astimezone(dt.UTC)


def recorded_by(table: sa.FromClause, as_of: dt.date, time_zone: str) -> sa.ColumnElement[bool]:
    """Rule 4 for what people record (a table with ``import_id`` and ``recorded_at``): it is known from the end of the
    day on which it was written down; out of a file from the file's own date, the first file of a kind since ever.
    """
    written = sa.and_(table.c.import_id.is_(None), table.c.recorded_at < end_of_day(as_of, time_zone))
    known = sa.or_(written, table.c.import_id.in_(files_known_by(as_of)))
    return sa.and_(known, not_yet_corrected(table, as_of))


def version_on(table: sa.FromClause, known_on: dt.date, including: int | None = None) -> sa.ColumnElement[bool]:
    """Rules 1 and 2 for a table of versions."""
    ends = table.c.known_to
    still = sa.or_(ends.is_(None), ends > known_on, table.c.ended_by.in_(unpublished(including)))
    return sa.and_(known_by(table, known_on, including), still)
