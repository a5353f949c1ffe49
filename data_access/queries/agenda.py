"""What people bring to the next one-on-one, and who has prepared. Read by the rep and whoever coaches them."""

from __future__ import annotations

import datetime as dt

import polars as pl
import sqlalchemy as sa

from coaching import frames, questions
from coaching.agenda import answered_parts, next_meeting
from coaching.numbers import plain_name
from coaching.people import Viewer
from coaching.sessions import ONE_ON_ONE
from coaching.situations import objective_words
from data_access.knowledge import end_of_day, exists_for_readers
from data_access.queries.deals import deal_names
from data_access.queries.questions import bank_on
from data_access.scope import reps_in_scope
from data_access.settings import company_calendar
from data_access.tables import agenda_item, deal_version, objective, person, plan, session, session_topic

A = agenda_item.c
_PLANNED = {"rep_id": pl.Int64, "planned_on": pl.Date, "kind": pl.String, "status": pl.String, "more": pl.Int64}


def agenda(viewer: Viewer, connection: sa.Connection, *, rep_id: int, as_of: dt.date, today: dt.date) -> pl.DataFrame:
    """frames.AGENDA of one rep as it stood on ``as_of``: what is still to come first, each in the order of adding.

    Items that were withdrawn by then are left out. Empty out of scope and for whoever reads no words.
    """
    if not viewer.reads_words:
        return frames.empty(frames.AGENDA)
    before = end_of_day(as_of, company_calendar(connection).time_zone)
    taken_up = sa.and_(session.c.status == "held", session.c.held_on <= as_of)
    is_mine = A.added_by == viewer.person_id if viewer.person_id is not None else sa.false()
    statement = (
        sa.select(
            A.id.label("item_id"),
            A.rep_id,
            A.kind,
            A.question_key,
            sa.literal(None, sa.Text).label("about"),
            sa.literal(None, sa.Text).label("question"),
            A.body,
            A.added_by,
            person.c.name.label("added_by_name"),
            A.recorded_at.label("added_at"),
            sa.case((taken_up, A.session_id)).label("session_id"),
            sa.case((taken_up, session.c.held_on)).label("taken_up_on"),
            is_mine.label("is_mine"),
        )
        .select_from(agenda_item)
        .join(person, person.c.id == A.added_by)
        .outerjoin(session, session.c.id == A.session_id)
        .where(
            A.rep_id == rep_id,
            A.rep_id.in_(reps_in_scope(viewer, today)),
            A.recorded_at < before,
            sa.or_(A.withdrawn_at.is_(None), A.withdrawn_at >= before),
        )
        .order_by(sa.case((taken_up, 1), else_=0), session.c.held_on.desc(), A.recorded_at, A.id)
    )
    frame = pl.read_database(statement, connection, schema_overrides=frames.AGENDA).cast(pl.Schema(frames.AGENDA))
    return _with_questions(viewer, connection, frame, as_of) if frame["question_key"].count() else frame


def _with_questions(viewer: Viewer, connection: sa.Connection, items: pl.DataFrame, as_of: dt.date) -> pl.DataFrame:
    """Answers with key, row and words of their question; a blank that nobody can fill any more reads in general."""
    kept = [answered_parts(each) if each else (None, None) for each in items["question_key"]]
    rows = [about for _, about in kept if about]
    fills = _titles(viewer, connection, rows, items["rep_id"][0]) | _aims(connection, rows, items["rep_id"][0])
    texts = {each.key: each.text for each in bank_on(viewer, connection, as_of)}
    words = [questions.filled(texts[key], fills.get(about or "", {})) if key in texts else None for key, about in kept]
    return items.with_columns(
        pl.Series("question_key", [key for key, _ in kept], dtype=pl.String),
        pl.Series("about", [about for _, about in kept], dtype=pl.String),
        pl.Series("question", words, dtype=pl.String),
    )


def _titles(viewer: Viewer, connection: sa.Connection, rows: list[str], rep_id: int) -> dict[str, dict[str, str]]:
    """Blanks out of those deals among ``rows`` that are or were the rep's: an answer names whatever its author
    wrote."""
    numbers = [int(row.partition(":")[2]) for row in rows if row.startswith("deal:")]
    v = deal_version.c
    own = sa.select(v.deal_id).where(v.deal_id.in_(numbers), v.owner_id == rep_id, exists_for_readers(deal_version))
    found = deal_names(viewer, connection, list(connection.scalars(own.distinct()))) if numbers else {}
    return {f"deal:{number}": {"deal": plain_name(name, 60)} for number, name in found.items()}


def _aims(connection: sa.Connection, rows: list[str], rep_id: int) -> dict[str, dict[str, str]]:
    """Blanks out of those objectives among ``rows`` that are the rep's, whose items the viewer has read already."""
    numbers = [int(row.partition(":")[2]) for row in rows if row.startswith("objective:")]
    if not numbers:
        return {}
    own = (
        sa.select(objective.c.id, objective.c.metric_key)
        .join(plan, plan.c.id == objective.c.plan_id)
        .where(objective.c.id.in_(numbers), plan.c.rep_id == rep_id, exists_for_readers(plan))
    )
    return {f"objective:{row.id}": {"objective": objective_words(row.metric_key)} for row in connection.execute(own)}


def prepared(viewer: Viewer, connection: sa.Connection, *, today: dt.date) -> pl.DataFrame:
    """frames.PREPARED: a row for every rep whom the viewer coaches, by name; empty for whoever coaches nobody."""
    if not viewer.coaches:
        return frames.empty(frames.PREPARED)
    people = reps_in_scope(viewer, today)
    one_on_ones = sa.select(
        session.c.rep_id,
        sa.func.max(sa.case((session.c.status == "held", session.c.held_on))).label("last_on"),
        sa.func.max(sa.case((session.c.status == "held", session.c.held_at))).label("last_at"),
        sa.func.min(
            sa.case((sa.and_(session.c.status == "planned", session.c.planned_on >= today), session.c.planned_on))
        ).label("next_on"),
    )
    one_on_ones = one_on_ones.where(session.c.kind.in_(ONE_ON_ONE), exists_for_readers(session))
    last = one_on_ones.group_by(session.c.rep_id).subquery()
    # What was added before the last one-on-one and not taken up there was left over, not prepared for the next.
    since = sa.or_(last.c.last_at.is_(None), A.recorded_at > last.c.last_at)
    counted = sa.and_(A.session_id.is_(None), since)
    own = sa.and_(A.rep_id == person.c.id, A.added_by == person.c.id, A.withdrawn_at.is_(None))
    statement = (
        sa.select(
            person.c.id.label("rep_id"),
            person.c.name,
            last.c.last_on,
            last.c.next_on,
            sa.func.count(sa.case((sa.and_(counted, A.kind == "topic"), A.id))).label("topic_count"),
            sa.func.count(sa.case((sa.and_(counted, A.kind == "answer"), A.id))).label("answer_count"),
            sa.func.max(sa.case((counted, A.recorded_at))).label("prepared_at"),
        )
        .select_from(person)
        .outerjoin(last, last.c.rep_id == person.c.id)
        .outerjoin(agenda_item, own)
        .where(
            person.c.id.in_(people),
            person.c.id != viewer.person_id,
            sa.or_(person.c.left_on.is_(None), person.c.left_on >= today),
            exists_for_readers(person),
        )
        .group_by(person.c.id, person.c.name, last.c.last_on, last.c.next_on)
        .order_by(person.c.name, person.c.id)
    )
    frame = pl.read_database(statement, connection, schema_overrides=frames.PREPARED).cast(pl.Schema(frames.PREPARED))
    return _with_session_topics(connection, frame, today)


def _with_session_topics(connection: sa.Connection, prepared: pl.DataFrame, today: dt.date) -> pl.DataFrame:
    """Topics that a rep has put on the list of the next planned one-on-one were brought as well."""
    t, s = session_topic.c, session.c
    statement = (
        sa.select(s.rep_id, s.planned_on, s.kind, s.status, sa.func.count(t.id).label("more"))
        .select_from(session)
        .outerjoin(session_topic, sa.and_(t.session_id == s.id, t.added_by == s.rep_id))
        .where(
            s.rep_id.in_(prepared["rep_id"].to_list()),
            s.status == "planned",
            s.kind.in_(ONE_ON_ONE),
            exists_for_readers(session),
        )
        .group_by(s.id, s.rep_id, s.planned_on, s.kind, s.status)
        .order_by(s.rep_id, s.id)
    )
    planned = pl.read_database(statement, connection, schema_overrides=_PLANNED)
    held = prepared.select(
        "rep_id",
        pl.col("last_on").alias("held_on"),
        pl.lit("held").alias("status"),
        pl.lit(ONE_ON_ONE[0]).alias("kind"),
    )
    counts = [
        {"rep_id": rep_id, "more": next_meeting(of_rep, today)["more"].sum()}
        for (rep_id,), of_rep in pl.concat([planned, held], how="diagonal").group_by("rep_id")
    ]
    more = pl.DataFrame(counts, schema={"rep_id": pl.Int64, "more": pl.Int64})
    joined = prepared.join(more, on="rep_id", how="left", maintain_order="left")
    return joined.with_columns(pl.col("topic_count") + pl.col("more").fill_null(0)).drop("more")
