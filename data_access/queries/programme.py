"""What a coaching programme took: who was enrolled when, hours, what an hour costs, entered costs, drawn orders.

Known on a day: a cost counts from the day it was entered until the day it was taken back, a file's from its own date.
"""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import polars as pl
import sqlalchemy as sa

from coaching.people import Viewer
from coaching.roi.programme_cost import LINES, RATES, TIMES
from data_access.knowledge import LATEST, end_of_day, exists_for_readers, recorded_by
from data_access.scope import reps_in_scope
from data_access.settings import company_calendar, settings
from data_access.tables import (
    call,
    deal_version,
    hour_rate,
    observation,
    person,
    programme,
    programme_cost,
    programme_enrolment,
    session,
    session_participant,
    start_lottery,
)

COSTS = {
    "cost_id": pl.Int64,
    "programme": pl.String,
    "kind": pl.String,
    "starts_on": pl.Date,
    "ends_on": pl.Date,
    "amount": pl.Int64,
    "currency": pl.String,
    "reporting_amount": pl.Int64,
    "entered_by": pl.String,
    "is_imported": pl.Boolean,
}
HOUR_RATES = {
    "rate_id": pl.Int64,
    "who": pl.String,
    "starts_on": pl.Date,
    "amount": pl.Int64,
    "currency": pl.String,
    "reporting_amount": pl.Int64,
    "basis": pl.String,
}
PROGRAMMES = {"programme_id": pl.Int64, "slug": pl.String, "name": pl.String, "starts_on": pl.Date}
ENROLLED = {"person_id": pl.Int64, "name": pl.String, "starts_on": pl.Date, "reason": pl.String}
ELIGIBLE = {"person_id": pl.Int64, "key": pl.String, "name": pl.String}
STARTS = {"person_id": pl.Int64, "starts_on": pl.Date, "reason": pl.String}
SINCE_EVER = dt.date(1, 1, 1)
OWN_KEY = "person-"
"""What somebody without an id of the files is called in a draw, before their row number."""


def programmes(viewer: Viewer, connection: sa.Connection) -> pl.DataFrame:
    """PROGRAMMES by first day; empty for whoever sees no programme."""
    p = programme.c
    statement = sa.select(p.id.label("programme_id"), p.slug, p.name, p.starts_on).order_by(p.starts_on, p.id)
    if not viewer.sees_programme:
        statement = statement.where(sa.false())
    return pl.read_database(statement, connection, schema_overrides=PROGRAMMES)


# ---- Costs ---------------------------------------------------------------------------------------------------------


def costs(viewer: Viewer, connection: sa.Connection, *, as_of: dt.date) -> pl.DataFrame:
    """COSTS as known on ``as_of``, latest days first; for which rep or coach is nobody's business here. Minor units."""
    c = programme_cost.c
    entered = person.alias("entered")
    statement = (
        sa.select(
            c.id.label("cost_id"),
            programme.c.name.label("programme"),
            c.kind,
            c.starts_on,
            c.ends_on,
            c.amount,
            c.currency,
            c.reporting_amount,
            entered.c.name.label("entered_by"),
            c.import_id.is_not(None).label("is_imported"),
        )
        .outerjoin(programme, programme.c.id == c.programme_id)
        .outerjoin(entered, entered.c.id == c.entered_by)
        .where(_cost_is_known(connection, as_of), sa.true() if viewer.sees_programme else sa.false())
        .order_by(c.starts_on.desc(), c.id.desc())
    )
    return pl.read_database(statement, connection, schema_overrides=COSTS)


def _cost_is_known(connection: sa.Connection, as_of: dt.date) -> sa.ColumnElement[bool]:
    zone = company_calendar(connection).time_zone
    gone = programme_cost.c.withdrawn_at
    still = sa.or_(gone.is_(None), gone >= end_of_day(as_of, zone))
    return sa.and_(recorded_by(programme_cost, as_of, zone), still)


def cost_lines(viewer: Viewer, connection: sa.Connection, *, as_of: dt.date) -> pl.DataFrame:
    """LINES in minor units of the reporting currency, as known on ``as_of``."""
    c = programme_cost.c
    statement = (
        sa.select(c.kind, c.starts_on, c.ends_on, c.reporting_amount.label("amount"))
        .where(_cost_is_known(connection, as_of), sa.true() if viewer.sees_programme else sa.false())
        .order_by(c.starts_on, c.kind, c.id)
    )
    return pl.read_database(statement, connection, schema_overrides={**LINES, "amount": pl.Int64}).cast(
        {"amount": pl.Float64}
    )


def hour_rates(viewer: Viewer, connection: sa.Connection, *, as_of: dt.date) -> pl.DataFrame:
    """HOUR_RATES as known on ``as_of``: of several with one first day the latest holds. Null first day = since ever."""
    r = hour_rate.c
    zone = company_calendar(connection).time_zone
    statement = (
        sa.select(r.id.label("rate_id"), r.who, r.starts_on, r.amount, r.currency, r.reporting_amount, r.basis)
        .where(
            r.recorded_at < end_of_day(as_of, zone),
            sa.true() if viewer.sees_programme else sa.false(),
        )
        .order_by(r.id)
    )
    frame = pl.read_database(statement, connection, schema_overrides=HOUR_RATES)
    return frame.unique(["who", "starts_on"], keep="last", maintain_order=True).sort(
        "who", "starts_on", nulls_last=False
    )


def rates(viewer: Viewer, connection: sa.Connection, *, as_of: dt.date) -> pl.DataFrame:
    """RATES in minor units of the reporting currency."""
    found = hour_rates(viewer, connection, as_of=as_of)
    return found.select(
        pl.col("who").alias("role"),
        pl.col("starts_on").fill_null(SINCE_EVER).alias("valid_from"),
        pl.col("reporting_amount").cast(pl.Float64).alias("hourly"),
    ).cast(dict(RATES))  # type: ignore[arg-type]


# ---- Enrolment -----------------------------------------------------------------------------------------------------


def starts(viewer: Viewer, connection: sa.Connection, *, as_of: dt.date) -> pl.DataFrame:
    """STARTS: everybody's first enrolment in any programme as known on ``as_of``, for sums over the company alone."""
    e = programme_enrolment.c
    zone = company_calendar(connection).time_zone
    statement = (
        sa.select(e.person_id, e.starts_on, e.reason)
        .where(recorded_by(programme_enrolment, as_of, zone), sa.true() if viewer.sees_programme else sa.false())
        .order_by(e.person_id, e.starts_on, e.id)
    )
    frame = pl.read_database(statement, connection, schema_overrides=STARTS)
    return frame.unique("person_id", keep="first", maintain_order=True)


def enrolled(viewer: Viewer, connection: sa.Connection, *, as_of: dt.date, today: dt.date) -> pl.DataFrame:
    """ENROLLED: people in scope who are enrolled, as known on ``as_of``, by first day and name."""
    e = programme_enrolment.c
    zone = company_calendar(connection).time_zone
    statement = (
        sa.select(e.person_id, person.c.name, e.starts_on, e.reason)
        .join(person, person.c.id == e.person_id)
        .where(
            recorded_by(programme_enrolment, as_of, zone),
            _may_enrol(viewer, e.person_id, today),
            exists_for_readers(person),
        )
        .order_by(e.starts_on, person.c.name, e.id)
    )
    return pl.read_database(statement, connection, schema_overrides=ENROLLED)


def eligible(viewer: Viewer, connection: sa.Connection, *, today: dt.date) -> pl.DataFrame:
    """ELIGIBLE: who is in scope, sells, is there today and in no programme yet; by key. Key = the id of the files."""
    taken = sa.exists().where(programme_enrolment.c.person_id == person.c.id, exists_for_readers(programme_enrolment))
    owns = sa.exists().where(deal_version.c.owner_id == person.c.id, exists_for_readers(deal_version))
    sells = sa.or_(person.c.role == "rep", sa.and_(person.c.role.in_(["manager", "leader"]), owns))
    statement = (
        sa.select(person.c.id.label("person_id"), person.c.external_id.label("key"), person.c.name)
        .where(
            exists_for_readers(person),
            sells,
            ~taken,
            sa.or_(person.c.started_on.is_(None), person.c.started_on <= today),
            sa.or_(person.c.left_on.is_(None), person.c.left_on >= today),
            person.c.id != (viewer.person_id or 0),
            _may_enrol(viewer, person.c.id, today),
        )
        .order_by(person.c.id)
    )
    frame = pl.read_database(statement, connection, schema_overrides=ELIGIBLE)
    own = pl.format(OWN_KEY + "{}", "person_id")
    return frame.with_columns(pl.col("key").fill_null(own)).sort("key")


def _may_enrol(viewer: Viewer, column: sa.ColumnElement[int], today: dt.date) -> sa.ColumnElement[bool]:
    """A leader for the people below them; whoever keeps the company's data for everybody."""
    if viewer.loads_data:
        return sa.true()
    if viewer.sees_programme and viewer.coaches:
        return column.in_(reps_in_scope(viewer, today))
    return sa.false()


def lotteries(
    viewer: Viewer, connection: sa.Connection, *, today: dt.date, as_of: dt.date = LATEST
) -> list[dict[str, Any]]:
    """Drawn orders that were locked by ``as_of``, oldest first: lottery_id, programme_id, seed, hypothesis, terms (a
    dictionary), order (a list of person_id, key, wave, starts_on), locked_at. Empty for whoever sees no programme.

    Only people in scope stand in the order; the list that was drawn from is told to those who may see all of it.
    """
    if not viewer.sees_programme:
        return []
    s = start_lottery.c
    zone = company_calendar(connection).time_zone
    rows = connection.execute(
        sa.select(s.id, s.programme_id, s.seed, s.hypothesis, s.terms, s.drawn_order, s.locked_at)
        .where(s.locked_at < end_of_day(as_of, zone))
        .order_by(s.id)
    ).mappings()
    mine = set(connection.scalars(sa.select(person.c.id).where(_may_enrol(viewer, person.c.id, today))))
    found = []
    for row in rows:
        order = json.loads(row["drawn_order"])
        shown = [one for one in order if one["person_id"] in mine]
        terms = json.loads(row["terms"] or "{}")
        if len(shown) < len(order):
            terms.pop("eligible", None)
        found.append(
            {
                "lottery_id": row["id"],
                "programme_id": row["programme_id"],
                "seed": row["seed"],
                "hypothesis": row["hypothesis"],
                "terms": terms,
                "order": shown,
                "locked_at": row["locked_at"],
            }
        )
    return found


def drawn_starts(viewer: Viewer, connection: sa.Connection, *, as_of: dt.date) -> dict[int, tuple[int, dt.date]]:
    """Person -> lottery and drawn first day; for sums alone."""
    if not viewer.sees_programme:
        return {}
    s = start_lottery.c
    zone = company_calendar(connection).time_zone
    rows = connection.execute(
        sa.select(s.id, s.drawn_order).where(s.locked_at < end_of_day(as_of, zone)).order_by(s.id)
    )
    return {
        int(one["person_id"]): (row.id, dt.date.fromisoformat(one["starts_on"]))
        for row in rows
        for one in json.loads(row.drawn_order)
    }


# ---- Hours ---------------------------------------------------------------------------------------------------------


def _first_enrolment(viewer: Viewer, connection: sa.Connection, as_of: dt.date) -> sa.Subquery:
    e = programme_enrolment.c
    zone = company_calendar(connection).time_zone
    return (
        sa.select(e.person_id, sa.func.min(e.starts_on).label("enrolled_on"))
        .where(recorded_by(programme_enrolment, as_of, zone), sa.true() if viewer.sees_programme else sa.false())
        .group_by(e.person_id)
        .subquery()
    )


def times(viewer: Viewer, connection: sa.Connection, *, until: dt.date, as_of: dt.date) -> pl.DataFrame:
    """TIMES of sessions and observations with enrolled reps from their first day to ``until``, added up by day.

    What nobody wrote the length of counts with the minutes that the settings assume. An observation within a session
    is in that session; one of a call takes as long as the call, and no time of the rep, who sells anyway.
    """
    assumed = int(settings(connection)["programme_assumed_minutes"])
    since = _first_enrolment(viewer, connection, as_of)
    zone = company_calendar(connection).time_zone
    s, o = session.c, observation.c
    others = (
        sa.select(session_participant.c.session_id, sa.func.count().label("others"))
        .group_by(session_participant.c.session_id)
        .subquery()
    )
    together = (1 + sa.func.coalesce(others.c.others, 0)).label("rep_count")
    minutes = sa.func.sum(sa.func.coalesce(s.minutes, assumed))
    held = (
        sa.select(
            s.held_on,
            sa.cast(minutes, sa.BigInteger).label("minutes"),
            sa.cast(sa.func.sum(sa.func.coalesce(s.preparation_minutes, 0)), sa.BigInteger).label(
                "preparation_minutes"
            ),
            together,
        )
        .select_from(session.join(since, since.c.person_id == s.rep_id).outerjoin(others, others.c.session_id == s.id))
        .where(
            s.status == "held",
            s.held_on >= since.c.enrolled_on,
            s.held_on <= min(until, as_of),
            recorded_by(session, as_of, zone),
        )
        .group_by(s.held_on, together)
    )
    watched = sa.func.sum(sa.func.coalesce(call.c.seconds, assumed * 60))
    seen = (
        sa.select(o.observed_on, sa.cast(watched, sa.BigInteger).label("seconds"))
        .select_from(observation.join(since, since.c.person_id == o.person_id).outerjoin(call, call.c.id == o.call_id))
        .where(
            o.kind.in_(["coach", "second_rater"]),
            o.session_id.is_(None),
            o.observed_on >= since.c.enrolled_on,
            o.observed_on <= min(until, as_of),
            recorded_by(observation, as_of, zone),
        )
        .group_by(o.observed_on)
    )
    whole = dict.fromkeys(("minutes", "preparation_minutes", "rep_count", "seconds"), pl.Int64)
    sessions = pl.read_database(held, connection, schema_overrides={"held_on": pl.Date, **whole})
    watching = pl.read_database(seen, connection, schema_overrides={"observed_on": pl.Date, **whole}).select(
        pl.col("observed_on").alias("held_on"),
        (pl.col("seconds") / 60).alias("minutes"),
        pl.lit(0.0).alias("preparation_minutes"),
        pl.lit(0, pl.Int64).alias("rep_count"),
    )
    numbers = dict(TIMES)
    return pl.concat([sessions.cast(numbers), watching.cast(numbers)]).sort("held_on", "rep_count", "minutes")  # type: ignore[arg-type]


def session_hours(viewer: Viewer, connection: sa.Connection, *, until: dt.date, as_of: dt.date) -> pl.DataFrame:
    """person_id, month, hours, sessions: sessions held with everybody by ``until``, for sums over the company alone."""
    assumed = int(settings(connection)["programme_assumed_minutes"])
    s = session.c
    zone = company_calendar(connection).time_zone
    year, month = sa.extract("year", s.held_on), sa.extract("month", s.held_on)
    statement = (
        sa.select(
            s.rep_id.label("person_id"),
            sa.cast(year, sa.Integer).label("year"),
            sa.cast(month, sa.Integer).label("number"),
            sa.cast(sa.func.sum(sa.func.coalesce(s.minutes, assumed)), sa.BigInteger).label("minutes"),
            sa.func.count().label("sessions"),
        )
        .where(
            s.status == "held",
            s.held_on <= min(until, as_of),
            recorded_by(session, as_of, zone),
            sa.true() if viewer.sees_programme else sa.false(),
        )
        .group_by(s.rep_id, year, month)
    )
    schema = dict.fromkeys(("person_id", "year", "number", "minutes", "sessions"), pl.Int64)
    frame = pl.read_database(statement, connection, schema_overrides=schema)
    return frame.select(
        "person_id",
        pl.date("year", "number", 1).alias("month"),
        (pl.col("minutes") / 60).alias("hours"),
        "sessions",
    ).sort("person_id", "month")
