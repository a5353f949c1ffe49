"""Peer pairs as they stood on a day, their worksheets, and who can be put together. Words for the two people and the
managers above them; a proposal for those who coach both.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import polars as pl
import sqlalchemy as sa

from coaching import pairing
from coaching.people import Viewer
from data_access.knowledge import end_of_day
from data_access.pair_places import takes_place
from data_access.queries.people import people_in_scope
from data_access.queries.skills import scores_of
from data_access.scope import reps_in_scope
from data_access.settings import company_calendar, settings
from data_access.tables import peer_capacity, peer_meeting, peer_pair, person, skill

P, M = peer_pair.c, peer_meeting.c


def pairs(
    viewer: Viewer, connection: sa.Connection, *, as_of: dt.date, today: dt.date, pair_id: int | None = None
) -> pl.DataFrame:
    """pairing.PAIRS as they stood on ``as_of``, by skill, learner and start; all that the viewer may read, or one.

    The two people read a pair once it has begun, who coaches one of them as well; a proposal only who coaches both.
    Empty for executives, admins and the operator.
    """
    if not viewer.reads_words or viewer.person_id is None:
        return pl.DataFrame(schema=pairing.PAIRS)
    before = end_of_day(as_of, company_calendar(connection).time_zone)
    strong, learner, proposer = person.alias("strong"), person.alias("learner"), person.alias("proposer")
    status = _status(as_of, before)
    met = _meetings_by_pair(as_of, before)
    statement = (
        sa.select(
            P.id.label("pair_id"),
            P.skill_id,
            skill.c.name.label("skill_name"),
            P.strong_id,
            strong.c.name.label("strong_name"),
            P.learner_id,
            learner.c.name.label("learner_name"),
            P.starts_on,
            sa.case((status == "closed", P.ends_on)).label("ends_on"),
            status.label("status"),
            proposer.c.name.label("proposed_by_name"),
            sa.case((status == "closed", P.closed_at)).label("closed_at"),
            P.version,
            _is_mine(viewer).label("is_mine"),
            _is_led(viewer, today).label("is_led"),
            sa.func.coalesce(met.c.meeting_count, 0).label("meeting_count"),
            met.c.last_met_on,
        )
        .select_from(peer_pair)
        .join(skill, skill.c.id == P.skill_id)
        .join(strong, strong.c.id == P.strong_id)
        .join(learner, learner.c.id == P.learner_id)
        .outerjoin(proposer, proposer.c.id == P.proposed_by)
        .outerjoin(met, met.c.peer_pair_id == P.id)
        .where(
            _known(peer_pair, P.starts_on, as_of, before),
            _readable(viewer, today, status),
            sa.true() if pair_id is None else P.id == pair_id,
        )
        .order_by(skill.c.name, learner.c.name, P.starts_on, P.id)
    )
    return pl.read_database(statement, connection, schema_overrides=pairing.PAIRS)


def _known(table: sa.Table, day: sa.ColumnElement[Any], as_of: dt.date, before: dt.datetime) -> sa.ColumnElement[bool]:
    """Written down by the end of ``as_of``; rows from before that was noted count from their own ``day``."""
    at = table.c.recorded_at
    return sa.or_(at < before, sa.and_(at.is_(None), day <= as_of))


def _status(as_of: dt.date, before: dt.datetime) -> sa.ColumnElement[str]:
    closed = sa.or_(P.closed_at < before, sa.and_(P.closed_at.is_(None), P.ends_on <= as_of))
    return sa.case(
        (sa.and_(P.status == "closed", closed), "closed"),
        (sa.and_(P.status != "proposed", P.starts_on <= as_of), "accepted"),
        else_="proposed",
    )


def _is_mine(viewer: Viewer) -> sa.ColumnElement[bool]:
    return sa.or_(P.strong_id == viewer.person_id, P.learner_id == viewer.person_id)


def _is_led(viewer: Viewer, today: dt.date) -> sa.ColumnElement[bool]:
    """Whether the viewer coaches both; nobody coaches themselves."""
    if not viewer.coaches:
        return sa.false()
    inside = reps_in_scope(viewer, today)
    return sa.and_(P.strong_id.in_(inside), P.learner_id.in_(inside), ~_is_mine(viewer))


def _readable(viewer: Viewer, today: dt.date, status: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
    inside = reps_in_scope(viewer, today)
    near = sa.or_(P.strong_id.in_(inside), P.learner_id.in_(inside))
    return sa.or_(sa.and_(status != "proposed", near), _is_led(viewer, today))


def _meetings_by_pair(as_of: dt.date, before: dt.datetime) -> sa.Subquery:
    return (
        sa.select(
            M.peer_pair_id,
            sa.func.count(M.id).label("meeting_count"),
            sa.func.max(M.met_on).label("last_met_on"),
        )
        .where(_known(peer_meeting, M.met_on, as_of, before))
        .group_by(M.peer_pair_id)
        .subquery()
    )


def meetings(
    viewer: Viewer, connection: sa.Connection, *, pair_ids: Sequence[int], as_of: dt.date, today: dt.date
) -> pl.DataFrame:
    """pairing.MEETINGS of some pairs, the latest first; nothing of a pair that the viewer may not read."""
    if not viewer.reads_words or viewer.person_id is None:
        return pl.DataFrame(schema=pairing.MEETINGS)
    before = end_of_day(as_of, company_calendar(connection).time_zone)
    writer = person.alias("writer")
    statement = (
        sa.select(
            M.id.label("meeting_id"),
            M.peer_pair_id.label("pair_id"),
            M.met_on,
            M.strong_tried,
            M.tried,
            M.worked,
            M.next_step,
            writer.c.name.label("written_by_name"),
            M.version,
        )
        .select_from(peer_meeting)
        .join(peer_pair, P.id == M.peer_pair_id)
        .outerjoin(writer, writer.c.id == M.written_by)
        .where(
            M.peer_pair_id.in_(pair_ids),
            _known(peer_meeting, M.met_on, as_of, before),
            _readable(viewer, today, _status(as_of, before)),
        )
        .order_by(M.met_on.desc(), M.id.desc())
    )
    return pl.read_database(statement, connection, schema_overrides=pairing.MEETINGS)


def pair_scores(
    viewer: Viewer, connection: sa.Connection, *, pair_ids: Sequence[int], as_of: dt.date, today: dt.date
) -> pl.DataFrame:
    """frames.SCORES of the people of some pairs in the pairs' skills, as far as the viewer may see those people."""
    rows = connection.execute(sa.select(P.strong_id, P.learner_id, P.skill_id).where(P.id.in_(pair_ids))).all()
    people = sorted({person_id for row in rows for person_id in (row.strong_id, row.learner_id)})
    about = sorted({row.skill_id for row in rows})
    return scores_of(viewer, connection, rep_ids=people, skill_ids=about, as_of=as_of, today=today)


def basis(viewer: Viewer, connection: sa.Connection, *, today: dt.date) -> dict[str, Any]:
    """What decides today who of the viewer's people can be put together.

    ``people``: pairing.PEOPLE who sell and have not left, by name. ``pairs``: pairing.PAIRS among them. ``at_work``:
    person_id, skill_id of those who work on a skill in a pair (or are proposed for one), whoever proposed it.
    ``rest_weeks`` and ``pairs_at_most``: the company's settings. Nobody and nothing for whoever coaches nobody.
    """
    values = settings(connection)
    usual = int(values["pairs_at_most"])
    there = people_in_scope(viewer, connection, today, today).filter(
        pl.col("sells")
        & (pl.col("left_on").is_null() | (pl.col("left_on") >= today))
        & (pl.col("person_id") != (viewer.person_id or 0))
    )
    if not viewer.coaches:
        there = there.clear()
    loads, at_work = _open_places(viewer, connection, today)
    limits = _own_limits(viewer, connection, today)
    people = (
        there.join(loads, on="person_id", how="left", maintain_order="left")
        .join(limits, on="person_id", how="left", maintain_order="left")
        .with_columns(
            pl.col("load_count").fill_null(0),
            pl.col("pairs_at_most").is_not_null().alias("is_own_limit"),
            pl.col("pairs_at_most").fill_null(usual),
        )
    )
    return {
        "people": people.select(pl.col(name).cast(dtype) for name, dtype in pairing.PEOPLE.items()),
        "pairs": pairs(viewer, connection, as_of=today, today=today),
        "at_work": at_work,
        "rest_weeks": int(values["pair_rest_weeks"]),
        "pairs_at_most": usual,
    }


def _open_places(viewer: Viewer, connection: sa.Connection, today: dt.date) -> tuple[pl.DataFrame, pl.DataFrame]:
    """In how many pairs each person in scope is, and who works on which skill; whoever coaches the other one.

    A proposal takes a place as well: otherwise one evening of proposing could fill it twice.
    """
    places = sa.union_all(
        sa.select(P.strong_id.label("person_id"), sa.literal(0).label("learns"), P.skill_id).where(takes_place(today)),
        sa.select(P.learner_id.label("person_id"), sa.literal(1).label("learns"), P.skill_id).where(takes_place(today)),
    ).subquery()
    statement = sa.select(places.c.person_id, places.c.learns, places.c.skill_id).where(
        places.c.person_id.in_(reps_in_scope(viewer, today))
    )
    schema = {"person_id": pl.Int64, "learns": pl.Int64, "skill_id": pl.Int64}
    rows = pl.read_database(statement, connection, schema_overrides=schema)
    loads = rows.group_by("person_id").agg(pl.len().cast(pl.Int64).alias("load_count"))
    at_work = rows.filter(pl.col("learns") == 1).select("person_id", "skill_id").unique().sort("person_id", "skill_id")
    return loads, at_work


def _own_limits(viewer: Viewer, connection: sa.Connection, today: dt.date) -> pl.DataFrame:
    limit = peer_capacity.c
    statement = sa.select(limit.person_id, limit.pairs_at_most).where(limit.person_id.in_(reps_in_scope(viewer, today)))
    schema = {"person_id": pl.Int64, "pairs_at_most": pl.Int64}
    return pl.read_database(statement, connection, schema_overrides=schema)


def own_limit(viewer: Viewer, connection: sa.Connection) -> tuple[int | None, int]:
    """In how many pairs the viewer takes part at a time (None = as usual), and what is usual in the company."""
    limit = peer_capacity.c
    usual = int(settings(connection)["pairs_at_most"])
    own = connection.scalar(sa.select(limit.pairs_at_most).where(limit.person_id == viewer.person_id))
    return (None if own is None else int(own)), usual
