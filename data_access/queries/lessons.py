"""Lost deals with what the rep concludes, and the list of what could not be answered yet."""

from __future__ import annotations

import datetime as dt

import polars as pl
import sqlalchemy as sa

from coaching import lessons
from coaching.people import Viewer
from data_access.knowledge import end_of_day, knowledge, version_on
from data_access.queries.deals import deal_names
from data_access.scope import reps_in_scope
from data_access.settings import company_calendar
from data_access.tables import account, deal_lesson, deal_version, knowledge_gap, person


def lost_deals(
    viewer: Viewer, connection: sa.Connection, *, rep_id: int, since: dt.date, as_of: dt.date, today: dt.date
) -> pl.DataFrame:
    """lessons.LOST_DEALS of one rep, lost from ``since`` to ``as_of``, the latest first; empty out of scope."""
    if not viewer.reads_words:
        return pl.DataFrame(schema=lessons.LOST_DEALS)
    version, lesson = deal_version.c, deal_lesson.c
    known = knowledge(connection, "deals", as_of)
    before = end_of_day(as_of, company_calendar(connection).time_zone)
    written = sa.and_(lesson.deal_id == version.deal_id, lesson.rep_id == rep_id, lesson.recorded_at < before)
    statement = (
        sa.select(
            version.deal_id,
            version.name,
            account.c.name.label("account_name"),
            version.closed_on,
            version.reporting_amount.label("amount"),
            version.lost_reason,
            version.competitor,
            lesson.id.label("lesson_id"),
            lesson.conclusion,
            lesson.coach_question,
            lesson.version,
        )
        .select_from(
            deal_version.outerjoin(account, version.account_id == account.c.id).outerjoin(deal_lesson, written)
        )
        .where(
            version_on(deal_version, known.known_on),
            version.is_deleted.is_(False),
            version.status == "lost",
            version.owner_id == rep_id,
            version.owner_id.in_(reps_in_scope(viewer, today)),
            version.closed_on.between(since, as_of),
        )
        .order_by(version.closed_on.desc(), version.deal_id)
    )
    return pl.read_database(statement, connection, schema_overrides=lessons.LOST_DEALS)


def knowledge_gaps(
    viewer: Viewer, connection: sa.Connection, *, rep_id: int, as_of: dt.date, today: dt.date
) -> pl.DataFrame:
    """lessons.GAPS of one rep as they stood on ``as_of``: the open ones first, the latest first; empty out of scope."""
    if not viewer.reads_words:
        return pl.DataFrame(schema=lessons.GAPS)
    gap = knowledge_gap.c
    before = end_of_day(as_of, company_calendar(connection).time_zone)
    is_closed = gap.closed_at < before
    statement = (
        sa.select(
            gap.id.label("gap_id"),
            gap.deal_id,
            sa.literal(None, sa.Text).label("deal_name"),
            gap.question,
            gap.where_to_look,
            gap.noted_at,
            person.c.name.label("noted_by"),
            sa.case((is_closed, gap.answer)).label("answer"),
            sa.case((is_closed, gap.closed_at)).label("closed_at"),
        )
        .select_from(knowledge_gap.outerjoin(person, gap.noted_by == person.c.id))
        .where(gap.rep_id == rep_id, gap.rep_id.in_(reps_in_scope(viewer, today)), gap.noted_at < before)
        .order_by(sa.case((is_closed, 1), else_=0), gap.noted_at.desc(), gap.id.desc())
    )
    found = pl.read_database(statement, connection, schema_overrides=lessons.GAPS).cast(pl.Schema(lessons.GAPS))
    titles = deal_names(viewer, connection, found["deal_id"].drop_nulls().unique().to_list())
    named = pl.col("deal_id").replace_strict(titles, default=None, return_dtype=pl.String)
    return found.with_columns(named.alias("deal_name"))
