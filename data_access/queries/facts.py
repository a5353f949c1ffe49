"""The facts, scoped: whole atoms of additive parts, read where only sums are asked for."""

from __future__ import annotations

import datetime as dt

import polars as pl
import sqlalchemy as sa

from coaching import frames
from coaching.people import Viewer
from data_access.scope import attributable_reps, reps_in_scope
from data_access.tables import fact_rep_period, import_run

LATEST_OF = ("deals", "people", "stage-history")


def facts(
    viewer: Viewer,
    connection: sa.Connection,
    *,
    start: dt.date,
    end: dt.date,
    today: dt.date,
    for_totals: bool = False,
    rep_ids: list[int] | None = None,
    by_atom: bool = True,
) -> pl.DataFrame:
    """frames.FACTS of the atoms that start from ``start`` to ``end``; the caller asks for whole atoms.

    Without ``by_atom`` the span is added up by the database: one row per rep and team, dated with its first atom.

    Of people the viewer may open, or (``for_totals``) whose events may count in sums the viewer sees; rep 0 (deals
    without an owner) only for a viewer of everything.
    """
    f = fact_rep_period.c
    people = attributable_reps(viewer, today) if for_totals else reps_in_scope(viewer, today)
    everything = viewer.person_id is None or viewer.role == "executive"
    inside: sa.ColumnElement[bool] = f.rep_key.in_(people)
    if for_totals and everything and viewer.sees_teams:
        inside = sa.or_(inside, f.rep_key == 0)
    wanted = [f.atom_on.between(start, end), inside, sa.true() if rep_ids is None else f.rep_key.in_(rep_ids)]
    if by_atom:
        statement = sa.select(*(f[name] for name in frames.FACTS)).where(*wanted)
    else:
        sums = (sa.cast(sa.func.sum(f[name]), sa.BigInteger).label(name) for name in frames.FACT_PARTS)
        keys = [f.rep_key, f.team_key, sa.func.min(f.atom_on).label("atom_on")]
        statement = sa.select(*keys, *sums).where(*wanted).group_by(f.rep_key, f.team_key)
    return pl.read_database(statement, connection, schema_overrides=frames.FACTS)


def facts_speak_for(viewer: Viewer, connection: sa.Connection, as_of: dt.date) -> bool:
    """Whether the facts hold what was known on ``as_of``: no file dated later has been loaded."""
    runs = import_run.c
    latest = connection.scalar(
        sa.select(sa.func.max(runs.as_of)).where(runs.kind.in_(LATEST_OF), runs.published_at.is_not(None))
    )
    return latest is not None and latest <= as_of
