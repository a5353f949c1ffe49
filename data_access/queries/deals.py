"""Deals as known on an as-of date: closed or opened in a period, open at a moment, and what deserves a look."""

from __future__ import annotations

import datetime as dt

import polars as pl
import sqlalchemy as sa

from coaching import frames
from coaching.people import Viewer
from data_access.knowledge import Knowledge, exists_for_readers, knowledge, version_on
from data_access.openings import last_dated_owner, opening_owner, told_by
from data_access.scope import attributable_reps, reps_in_scope
from data_access.tables import account, deal, deal_version, product, stage_entry

V = deal_version.c
LIFE = {"since_on": pl.Date, "until_on": pl.Date, "status": pl.String}


def _in_scope(
    viewer: Viewer, column: sa.ColumnElement[int | None], today: dt.date, for_totals: bool
) -> sa.ColumnElement[bool]:
    """Rows of people the viewer may open, or (``for_totals``) whose events may count in sums the viewer sees.

    A viewer of everything also gets deals without an owner.
    """
    people = attributable_reps(viewer, today) if for_totals else reps_in_scope(viewer, today)
    inside = column.in_(people)
    everything = viewer.person_id is None or viewer.role == "executive"
    return sa.or_(inside, column.is_(None)) if for_totals and everything and viewer.sees_teams else inside


def _only(column: sa.ColumnElement[int | None], rep_ids: list[int] | None) -> sa.ColumnElement[bool]:
    return sa.true() if rep_ids is None else column.in_(rep_ids)


def closed_deals(
    viewer: Viewer,
    connection: sa.Connection,
    *,
    start: dt.date,
    end: dt.date,
    as_of: dt.date,
    today: dt.date,
    for_totals: bool = False,
    rep_ids: list[int] | None = None,
) -> pl.DataFrame:
    """frames.CLOSED_DEALS closed from ``start`` to ``end`` and by ``as_of``, as known then."""
    known = knowledge(connection, "deals", as_of)
    columns = [
        V.deal_id,
        V.owner_id,
        V.account_id,
        V.product_id,
        V.status,
        V.opened_on,
        V.closed_on,
        V.reporting_amount.label("amount"),
        V.reporting_cost.label("cost"),
        V.reporting_list_amount.label("list_amount"),
        V.lost_reason,
        V.competitor,
    ]
    statement = sa.select(*columns).where(
        version_on(deal_version, known.known_on),
        V.is_deleted.is_(False),
        V.status.in_(["won", "lost"]),
        V.closed_on.between(start, min(end, as_of)),
        _in_scope(viewer, V.owner_id, today, for_totals),
        _only(V.owner_id, rep_ids),
    )
    return pl.read_database(statement, connection, schema_overrides=frames.CLOSED_DEALS)


def opened_deals(
    viewer: Viewer,
    connection: sa.Connection,
    *,
    start: dt.date,
    end: dt.date,
    as_of: dt.date,
    today: dt.date,
    for_totals: bool = False,
    rep_ids: list[int] | None = None,
) -> pl.DataFrame:
    """frames.OPENED_DEALS opened from ``start`` to ``end`` and by ``as_of``, with the owner at opening.

    That is the owner whom stage history dates there, else the first one an export named. Where history is rebuilt, a
    deal still open on ``as_of`` brings neither amount nor owner that stage history does not date: they are younger.
    """
    known, history = knowledge(connection, "deals", as_of), knowledge(connection, "stage-history", as_of)
    first_named: sa.ColumnElement[int | None] = V.opening_owner_id
    amount: sa.ColumnElement[int | None] = V.reporting_amount
    if known.is_rebuilt:
        first_named, amount = _if_closed(known, first_named), _if_closed(known, amount)
    owner = opening_owner(connection, history, first_named)
    statement = sa.select(V.deal_id, owner.label("owner_id"), V.opened_on, amount.label("amount")).where(
        version_on(deal_version, known.known_on),
        V.is_deleted.is_(False),
        V.opened_on.between(start, min(end, as_of)),
        _in_scope(viewer, owner, today, for_totals),
        _only(owner, rep_ids),
    )
    frame = pl.read_database(statement, connection, schema_overrides=frames.OPENED_DEALS)
    return _with_dated_history(connection, frame, history) if known.is_rebuilt else frame


def _if_closed(known: Knowledge, value: sa.ColumnElement[int | None]) -> sa.ColumnElement[int | None]:
    closed = sa.and_(V.status.in_(["won", "lost"]), V.closed_on <= known.as_of)
    return sa.case((closed, value), else_=sa.null())


def open_deals(
    viewer: Viewer,
    connection: sa.Connection,
    *,
    start: dt.date,
    end: dt.date,
    as_of: dt.date,
    today: dt.date,
    for_totals: bool = False,
    rep_ids: list[int] | None = None,
    described: bool = True,
) -> pl.DataFrame:
    """frames.OPEN_DEALS open at any moment from ``start`` to ``end``, with since_on, until_on (exclusive) and status.

    A deal without an open date is open from its first export on. Where history is rebuilt, a deal still open on
    ``as_of`` takes no later amount, stage or owner unless stage history dates it. Sums need no names: without
    ``described`` titles, accounts and products stay null and are not even read.
    """
    known, history = knowledge(connection, "deals", as_of), knowledge(connection, "stage-history", as_of)
    owner: sa.ColumnElement[int | None] = V.owner_id
    amount: sa.ColumnElement[int | None] = V.reporting_amount
    stage: sa.ColumnElement[str | None] = V.stage
    expected, step, rival = V.expected_close_on, V.next_step, V.competitor
    if known.is_rebuilt:
        owner = sa.func.coalesce(_if_closed(known, owner), last_dated_owner(connection, history))
        amount = _if_closed(known, amount)
        stage, step, rival, expected = sa.null(), sa.null(), sa.null(), sa.null()  # type: ignore[assignment]
    since = sa.func.coalesce(V.opened_on, V.first_known_on)
    closed = V.status.in_(["won", "lost"])
    until = sa.case((closed, sa.func.coalesce(V.closed_on, V.first_known_on)), else_=sa.null())
    statement = (
        sa.select(
            V.deal_id,
            (deal.c.external_id if described else sa.null()).label("external_id"),
            (V.name if described else sa.null()).label("name"),
            owner.label("owner_id"),
            V.account_id,
            (account.c.name if described else sa.null()).label("account_name"),
            (product.c.name if described else sa.null()).label("product_name"),
            stage.label("stage"),
            V.opened_on,
            expected.label("expected_close_on"),
            amount.label("amount"),
            step.label("next_step"),
            rival.label("competitor"),
            V.status,
            since.label("since_on"),
            until.label("until_on"),
        )
        .select_from(_described() if described else deal_version)
        .where(
            version_on(deal_version, known.known_on),
            V.is_deleted.is_(False),
            since <= min(end, as_of),
            # Three plain conditions instead of one coalesce: each of them finds an index.
            sa.or_(
                V.status == "open",
                sa.and_(V.status.in_(["won", "lost"]), V.closed_on > start),
                sa.and_(V.status.in_(["won", "lost"]), V.closed_on.is_(None), V.first_known_on > start),
            ),
            _in_scope(viewer, owner, today, for_totals),
            _only(owner, rep_ids),
        )
    )
    frame = pl.read_database(statement, connection, schema_overrides={**frames.OPEN_DEALS, **LIFE})
    return _with_dated_history(connection, frame, history) if known.is_rebuilt else frame


def _described() -> sa.FromClause:
    return (
        deal_version.join(deal, deal.c.id == V.deal_id)
        .outerjoin(account, account.c.id == V.account_id)
        .outerjoin(product, product.c.id == V.product_id)
    )


def _with_dated_history(connection: sa.Connection, rows: pl.DataFrame, history: Knowledge) -> pl.DataFrame:
    """Rebuilt deals with what stage history dates up to the as-of date: stage and amount at that moment.

    Owners are no part of it: they decide who may see a row, so the statement that reads the rows looks them up.
    """
    entries = pl.read_database(
        sa.select(
            stage_entry.c.deal_id,
            stage_entry.c.entered_at,
            stage_entry.c.stage.label("dated_stage"),
            stage_entry.c.reporting_amount.label("dated_amount"),
        ).where(exists_for_readers(stage_entry), told_by(history), stage_entry.c.entered_on <= history.as_of),
        connection,
        schema_overrides={
            "deal_id": pl.Int64,
            "entered_at": pl.Datetime("us", "UTC"),
            "dated_stage": pl.String,
            "dated_amount": pl.Int64,
        },
    )
    latest = (
        entries.sort("deal_id", "entered_at")
        .group_by("deal_id", maintain_order=True)
        .agg(pl.col("dated_stage").last(), pl.col("dated_amount").drop_nulls().last())
    )
    joined = rows.join(latest, on="deal_id", how="left", maintain_order="left")
    values = [pl.coalesce("amount", "dated_amount").alias("amount")]
    if "stage" in rows.columns:
        values.append(pl.coalesce("stage", "dated_stage").alias("stage"))
    return joined.with_columns(values).select(rows.columns)


def deal_names(viewer: Viewer, connection: sa.Connection, deal_ids: list[int]) -> dict[int, str]:
    """Latest titles of deals; the ids come from rows that the viewer was allowed to read. Untitled ones are missing."""
    if not deal_ids or not viewer.sees_reps:
        return {}
    rows = connection.execute(
        sa.select(V.deal_id, V.name)
        .where(V.deal_id.in_(deal_ids), V.name.is_not(None), exists_for_readers(deal_version))
        .order_by(V.known_from, V.id)
    )
    return dict(rows.all())


def account_names(viewer: Viewer, connection: sa.Connection, account_ids: list[int]) -> dict[int, str]:
    """Names of accounts; the ids come from rows that the viewer was allowed to read."""
    if not account_ids or not (viewer.sees_reps or viewer.sees_teams):
        return {}
    rows = connection.execute(
        sa.select(account.c.id, account.c.name).where(account.c.id.in_(account_ids), exists_for_readers(account))
    )
    return dict(rows.all())
