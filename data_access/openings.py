"""Whose a deal was on a day, as SQL: what stage history dates, else what exports say. Reads no rows itself."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa

from data_access.knowledge import Knowledge
from data_access.tables import deal_version, import_run, stage_entry

V, E = deal_version.c, stage_entry.c
Owner = sa.ColumnElement[int | None]


def owners_are_dated(connection: sa.Connection, history: Knowledge, including: int | None = None) -> bool:
    """Whether any stage history known by then names owners. Most name none, and then nothing has to be looked up."""
    return connection.execute(_histories(history, including).limit(1)).first() is not None


def opening_owner(
    connection: sa.Connection,
    history: Knowledge,
    first_named: Owner = V.opening_owner_id,
    including: int | None = None,
) -> Owner:
    """Who owned a row of deal_version when the deal was opened, as known by ``history`` ("stage-history").

    In this order: the owner that stage history dates on the day of opening (the first of that day) or last before it;
    the first owner that it dates before any export held the deal; ``first_named``, the first owner an export named.
    ``including`` = an import that counts as published already.
    """
    if not owners_are_dated(connection, history, including):
        return first_named
    dated = _dated(history, including)
    at_opening = dated.where(E.entered_on == V.opened_on).order_by(E.entered_at, E.id)
    before_it = dated.where(E.entered_on < V.opened_on).order_by(E.entered_at.desc(), E.id)
    before_exports = dated.where(E.entered_on < V.first_known_on).order_by(E.entered_at, E.id)
    return sa.func.coalesce(_one(at_opening), _one(before_it), _one(before_exports), first_named)


def last_dated_owner(connection: sa.Connection, history: Knowledge) -> Owner:
    """The owner that stage history dates last up to ``history.as_of``, for a row of deal_version; null without one."""
    if not owners_are_dated(connection, history):
        return sa.null()  # type: ignore[return-value]
    return _one(_dated(history, None).order_by(E.entered_at.desc(), E.id.desc()))


def told_by(history: Knowledge) -> sa.ColumnElement[bool]:
    """Stage entries known by ``history``: before the first snapshot that one alone speaks, none loaded late."""
    return E.known_from == history.known_on if history.is_rebuilt else E.known_from <= history.known_on


def _histories(history: Knowledge, including: int | None) -> sa.Select[tuple[int]]:
    """Imports of stage history that name owners. Moves seen between two exports are none: they date no opening."""
    runs = import_run.c
    return sa.select(runs.id).where(
        runs.kind == "stage-history",
        runs.provided.contains('"owner"'),
        runs.as_of == history.known_on if history.is_rebuilt else runs.as_of <= history.known_on,
        sa.or_(runs.published_at.is_not(None), runs.id == including),
    )


def _dated(history: Knowledge, including: int | None) -> sa.Select[Any]:
    """Owners dated for the enclosing row of deal_version."""
    upto: dt.date = history.as_of
    return sa.select(E.owner_id).where(
        E.deal_id == V.deal_id,
        E.owner_id.is_not(None),
        E.entered_on <= upto,
        E.import_id.in_(_histories(history, including)),
    )


def _one(owners: sa.Select[Any]) -> sa.ScalarSelect[Any]:
    return owners.limit(1).correlate(deal_version).scalar_subquery()
