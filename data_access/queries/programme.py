"""What a coaching programme took: who was enrolled when, hours, what an hour costs, entered costs, drawn orders.

Known on a day: a cost counts from the day it was entered until the day it was taken back, a file's from its own date.
"""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import polars as pl
import sqlalchemy as sa
from polars._typing import SchemaDict

from coaching.people import Viewer
from coaching.periods import add_months
from coaching.roi import lottery_draw
from coaching.roi.guardrails import DEFAULTS as GUARDRAILS
from coaching.roi.guardrails import Guardrails
from coaching.roi.programme_cost import LINES, RATES, TIMES
from data_access.knowledge import LATEST, end_of_day, exists_for_readers, knowledge, recorded_by, version_on
from data_access.scope import reps_in_scope
from data_access.settings import company_calendar, guardrails_of, minor_digits, settings
from data_access.tables import (
    audit_entry,
    call,
    currency_rate,
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
HOUR_RATES: SchemaDict = {
    "rate_id": pl.Int64,
    "who": pl.String,
    "starts_on": pl.Date,
    "amount": pl.Int64,
    "currency": pl.String,
    "reporting_amount": pl.Int64,
    "basis": pl.String,
    "set_by": pl.String,
    "recorded_at": pl.Datetime("us", "UTC"),
}
CURRENCY_RATES = {"currency": pl.String, "starts_on": pl.Date, "worth": pl.Float64}
PROGRAMMES = {"programme_id": pl.Int64, "slug": pl.String, "name": pl.String, "starts_on": pl.Date}
ENROLLED: SchemaDict = {
    "person_id": pl.Int64,
    "name": pl.String,
    "starts_on": pl.Date,
    "reason": pl.String,
    "enrolment_id": pl.Int64,
    "key": pl.String,
    "programme": pl.String,
    "enrolled_by": pl.String,
    "recorded_at": pl.Datetime("us", "UTC"),
    "is_imported": pl.Boolean,
}
ELIGIBLE = {"person_id": pl.Int64, "key": pl.String, "name": pl.String}
STARTS = {"person_id": pl.Int64, "starts_on": pl.Date, "reason": pl.String}
DRAWN = {
    "place": pl.Int64,
    "key": pl.String,
    "person_id": pl.Int64,
    "name": pl.String,
    "wave": pl.Int64,
    "starts_on": pl.Date,
    "begun_on": pl.Date,
    "left_on": pl.Date,
}
WAVES = {
    "lottery_id": pl.Int64,
    "wave": pl.Int64,
    "starts_on": pl.Date,
    "reps": pl.Int64,
    "begun": pl.Int64,
    "left": pl.Int64,
}
CHANGES: SchemaDict = {
    "name": pl.String,
    "changed_by": pl.String,
    "changed_at": pl.Datetime("us", "UTC"),
}
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
        sa.select(
            r.id.label("rate_id"),
            r.who,
            r.starts_on,
            r.amount,
            r.currency,
            r.reporting_amount,
            r.basis,
            person.c.name.label("set_by"),
            r.recorded_at,
        )
        .outerjoin(person, person.c.id == r.set_by)
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


def currency_rates(viewer: Viewer, connection: sa.Connection) -> pl.DataFrame:
    """CURRENCY_RATES for whoever keeps the company's data: what one unit is worth in the reporting currency, by
    currency, the latest first day first; null first day = since ever. Major units."""
    if not viewer.loads_data:
        return pl.DataFrame(schema=CURRENCY_RATES)
    r = currency_rate.c
    into = minor_digits(settings(connection)["reporting_currency"])
    rows = connection.execute(
        sa.select(r.currency, r.starts_on, r.rate)
        .where(exists_for_readers(currency_rate))
        .order_by(r.currency, r.starts_on.is_(None), r.starts_on.desc(), r.id)
    )
    worth = [(code, day, rate * 10 ** minor_digits(code) / 10**into) for code, day, rate in rows]
    return pl.DataFrame(worth, schema=CURRENCY_RATES, orient="row")


def margin_is_known(viewer: Viewer, connection: sa.Connection, *, as_of: dt.date) -> bool:
    """Whether a margin can be told: the settings name one, or a deal won by an enrolled rep has its cost (F3)."""
    if not viewer.sees_programme:
        return False
    if settings(connection)["programme_margin"] is not None:
        return True
    v, e = deal_version.c, programme_enrolment.c
    known = version_on(deal_version, knowledge(connection, "deals", as_of).known_on)
    found = (
        sa.select(v.id)
        .join(programme_enrolment, e.person_id == v.owner_id)
        .where(
            known,
            v.status == "won",
            v.reporting_cost.is_not(None),
            v.closed_on >= e.starts_on,
            v.closed_on <= as_of,
            exists_for_readers(programme_enrolment),
        )
    )
    return connection.execute(found.limit(1)).first() is not None


# ---- Settings ------------------------------------------------------------------------------------------------------


def programme_settings(viewer: Viewer, connection: sa.Connection) -> dict[str, Any]:
    """The settings ``programme_*`` with their values; empty for whoever does not keep them."""
    if not viewer.loads_data:
        return {}
    return {key: value for key, value in settings(connection).items() if key.startswith("programme_")}


def guardrails(viewer: Viewer, connection: sa.Connection) -> Guardrails:
    """The thresholds of the verdict as set; those delivered for whoever sees no programme."""
    return guardrails_of(settings(connection)["programme_guardrails"] if viewer.sees_programme else {})


def setting_changes(viewer: Viewer, connection: sa.Connection) -> pl.DataFrame:
    """CHANGES: who changed a programme setting or a threshold of the guardrails last, and when, by name.

    From the audit trail; changed_by is null for the operator at the command line and for a stand-in. Empty for whoever
    does not keep the settings.
    """
    a = audit_entry.c
    statement = (
        sa.select(a.subject, a.detail, a.happened_at, person.c.name)
        .outerjoin(person, person.c.id == a.actor_id)
        .where(
            a.action == "change setting",
            a.subject.like("programme\\_%", escape="\\"),
            sa.true() if viewer.loads_data else sa.false(),
        )
        .order_by(a.id)
    )
    last: dict[str, tuple[str | None, dt.datetime]] = {}
    before: dict[str, Any] = {}
    for subject, detail, moment, name in connection.execute(statement):
        value = json.loads(detail or "{}").get("value")
        if subject != "programme_guardrails":
            last[subject] = (name, moment)
            continue
        # The whole dictionary is stored each time: what differs from the one before was meant.
        after = value or {}
        for key in {*before, *after}:
            if before.get(key, getattr(GUARDRAILS, key, None)) != after.get(key, getattr(GUARDRAILS, key, None)):
                last[key] = (name, moment)
        before = after
    rows = [(key, *found) for key, found in sorted(last.items())]
    return pl.DataFrame(rows, schema=CHANGES, orient="row")


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
    """ENROLLED: people in scope who are enrolled, as known on ``as_of``, by first day and name.

    Whoever sees no rep (an admin) gets the ids of the files and no name.
    """
    e = programme_enrolment.c
    zone = company_calendar(connection).time_zone
    by = person.alias("by")
    statement = (
        sa.select(
            e.person_id,
            _name(viewer),
            e.starts_on,
            e.reason,
            e.id.label("enrolment_id"),
            person.c.external_id.label("key"),
            programme.c.name.label("programme"),
            by.c.name.label("enrolled_by"),
            e.recorded_at,
            e.import_id.is_not(None).label("is_imported"),
        )
        .join(person, person.c.id == e.person_id)
        .join(programme, programme.c.id == e.programme_id)
        .outerjoin(by, by.c.id == e.enrolled_by)
        .where(
            recorded_by(programme_enrolment, as_of, zone),
            _may_enrol(viewer, e.person_id, today),
            exists_for_readers(person),
        )
        .order_by(e.starts_on, person.c.name, e.id)
    )
    return _with_keys(pl.read_database(statement, connection, schema_overrides=ENROLLED))


def eligible(viewer: Viewer, connection: sa.Connection, *, today: dt.date) -> pl.DataFrame:
    """ELIGIBLE: who is in scope, sells, is there today and in no programme yet; by key. Key = the id of the files.

    Whoever sees no rep (an admin) gets the ids of the files and no name.
    """
    statement = (
        sa.select(person.c.id.label("person_id"), person.c.external_id.label("key"), _name(viewer))
        .where(_is_eligible(today), person.c.id != (viewer.person_id or 0), _may_enrol(viewer, person.c.id, today))
        .order_by(person.c.id)
    )
    return _with_keys(pl.read_database(statement, connection, schema_overrides=ELIGIBLE)).sort("key")


def not_enrolled_count(viewer: Viewer, connection: sa.Connection, *, today: dt.date) -> int:
    """How many in the whole company could still be enrolled; 0 for whoever sees no programme."""
    if not viewer.sees_programme:
        return 0
    return int(connection.scalar(sa.select(sa.func.count()).select_from(person).where(_is_eligible(today))) or 0)


def _is_eligible(today: dt.date) -> sa.ColumnElement[bool]:
    taken = sa.exists().where(programme_enrolment.c.person_id == person.c.id, exists_for_readers(programme_enrolment))
    owns = sa.exists().where(deal_version.c.owner_id == person.c.id, exists_for_readers(deal_version))
    return sa.and_(
        exists_for_readers(person),
        sa.or_(person.c.role == "rep", sa.and_(person.c.role.in_(["manager", "leader"]), owns)),
        ~taken,
        sa.or_(person.c.started_on.is_(None), person.c.started_on <= today),
        sa.or_(person.c.left_on.is_(None), person.c.left_on >= today),
    )


def _with_keys(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(pl.col("key").fill_null(pl.format(OWN_KEY + "{}", "person_id")))


def _name(viewer: Viewer) -> sa.ColumnElement[Any]:
    """A rep's name for whoever sees reps."""
    return person.c.name if viewer.sees_reps else sa.cast(sa.null(), sa.Text).label("name")


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
    dictionary), order (a list of place, person_id, key, wave, starts_on), reps (how many were drawn), is_repeatable
    (the seed and the list give just this order again), drawn_by, locked_at. Empty for whoever sees no programme.

    Only people in scope stand in the order; the list that was drawn from is told to those who may see all of it, and
    to whoever drew.
    """
    if not viewer.sees_programme:
        return []
    s = start_lottery.c
    zone = company_calendar(connection).time_zone
    rows = connection.execute(
        sa.select(s.id, s.programme_id, s.seed, s.hypothesis, s.terms, s.drawn_order, s.locked_at, s.drawn_by)
        .add_columns(person.c.name.label("drawn_by_name"))
        .outerjoin(person, person.c.id == s.drawn_by)
        .where(s.locked_at < end_of_day(as_of, zone))
        .order_by(s.id)
    ).mappings()
    mine = set(connection.scalars(sa.select(person.c.id).where(_may_enrol(viewer, person.c.id, today))))
    found = []
    for row in rows:
        order = json.loads(row["drawn_order"])
        shown = [{"place": place, **one} for place, one in enumerate(order, 1) if one["person_id"] in mine]
        terms = json.loads(row["terms"] or "{}")
        again = lottery_draw.drawn_order(terms.get("eligible", []), row["seed"])
        # Whoever drew has seen the list, also where somebody on it has left since.
        drew_it = viewer.person_id is not None and row["drawn_by"] == viewer.person_id
        if len(shown) < len(order) and not drew_it:
            terms.pop("eligible", None)
        found.append(
            {
                "lottery_id": row["id"],
                "programme_id": row["programme_id"],
                "seed": row["seed"],
                "hypothesis": row["hypothesis"],
                "terms": terms,
                "order": shown,
                "reps": len(order),
                "is_repeatable": again == [one["key"] for one in order],
                "drawn_by": row["drawn_by_name"],
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


def drawn_people(
    viewer: Viewer, connection: sa.Connection, *, as_of: dt.date, today: dt.date
) -> dict[int, pl.DataFrame]:
    """Lottery -> DRAWN, in the drawn order, of the people in scope. begun_on: their first session held since their
    first day, as known on ``as_of``; null before one. Names and sessions only for whoever sees reps."""
    found = lotteries(viewer, connection, today=today, as_of=as_of)
    ids = [one["person_id"] for drawn in found for one in drawn["order"]]
    if not ids:
        return {}
    people = connection.execute(sa.select(person.c.id, person.c.name, person.c.left_on).where(person.c.id.in_(ids)))
    known = {row.id: row for row in people}
    first = _first_sessions(connection, as_of) if viewer.sees_reps else {}
    frames = {}
    for drawn in found:
        rows = [
            (
                one["place"],
                one["key"],
                one["person_id"],
                known[one["person_id"]].name if viewer.sees_reps else None,
                one["wave"],
                dt.date.fromisoformat(one["starts_on"]),
                first.get(one["person_id"]),
                known[one["person_id"]].left_on,
            )
            for one in drawn["order"]
            if one["person_id"] in known
        ]
        frames[int(drawn["lottery_id"])] = pl.DataFrame(rows, schema=DRAWN, orient="row")
    return frames


def wave_progress(viewer: Viewer, connection: sa.Connection, *, as_of: dt.date) -> pl.DataFrame:
    """WAVES of every drawn order, as counts for sums alone: how many were drawn, have had a session since their first
    day, and had left before it. Empty for whoever sees no programme."""
    if not viewer.sees_programme:
        return pl.DataFrame(schema=WAVES)
    s = start_lottery.c
    zone = company_calendar(connection).time_zone
    drawn = connection.execute(
        sa.select(s.id, s.drawn_order).where(s.locked_at < end_of_day(as_of, zone)).order_by(s.id)
    ).all()
    places = [(row.id, one) for row in drawn for one in json.loads(row.drawn_order)]
    if not places:
        return pl.DataFrame(schema=WAVES)
    first = _first_sessions(connection, as_of)
    gone = dict(connection.execute(sa.select(person.c.id, person.c.left_on).where(person.c.left_on.is_not(None))).all())
    counts: dict[tuple[int, int, dt.date], list[int]] = {}
    for lottery_id, one in places:
        starts_on = dt.date.fromisoformat(one["starts_on"])
        counted = counts.setdefault((lottery_id, one["wave"], starts_on), [0, 0, 0])
        counted[0] += 1
        counted[1] += one["person_id"] in first
        counted[2] += one["person_id"] in gone and gone[one["person_id"]] < starts_on
    rows = [(*wave, *counted) for wave, counted in counts.items()]
    return pl.DataFrame(rows, schema=WAVES, orient="row")


def _first_sessions(connection: sa.Connection, as_of: dt.date) -> dict[int, dt.date]:
    """Person drawn by lot -> day of their first session held since their first day; the callers check who looks."""
    e, s = programme_enrolment.c, session.c
    zone = company_calendar(connection).time_zone
    rows = connection.execute(
        sa.select(e.person_id, sa.func.min(s.held_on))
        .join(session, sa.and_(s.rep_id == e.person_id, s.held_on >= e.starts_on))
        .where(
            e.reason == lottery_draw.REASON,
            s.status == "held",
            s.held_on <= as_of,
            recorded_by(session, as_of, zone),
            recorded_by(programme_enrolment, as_of, zone),
        )
        .group_by(e.person_id)
    )
    return {int(row[0]): row[1] for row in rows}


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


def times(
    viewer: Viewer, connection: sa.Connection, *, until: dt.date, as_of: dt.date, months: int | None = None
) -> pl.DataFrame:
    """TIMES of sessions and observations with enrolled reps from their first day to ``until``, added up by day.

    ``months``: only those in each rep's first so many calendar months, the one of the first day counted.
    What nobody wrote the length of counts with the minutes that the settings assume. An observation within a session
    is in that session; one of a call takes as long as the call, and no time of the rep, who sells anyway.
    """
    assumed = int(settings(connection)["programme_assumed_minutes"])
    since = _first_enrolment(viewer, connection, as_of)
    ends = None if months is None else _end_of_months(viewer, connection, since.c.enrolled_on, months, as_of)
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
            s.held_on < ends if ends is not None else sa.true(),
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
            o.observed_on < ends if ends is not None else sa.true(),
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


def _end_of_months(
    viewer: Viewer, connection: sa.Connection, enrolled_on: sa.ColumnElement[dt.date], months: int, as_of: dt.date
) -> sa.ColumnElement[dt.date]:
    """The first day after somebody's first ``months`` calendar months. Both databases compare days alike and reckon
    with them differently, so the few months in which anybody began are reckoned here."""
    begun = starts(viewer, connection, as_of=as_of)["starts_on"].dt.month_start().unique().sort(descending=True)
    ends = [(enrolled_on >= month, add_months(month, months)) for month in begun.to_list()]
    return sa.case(*ends, else_=SINCE_EVER) if ends else sa.literal(SINCE_EVER, sa.Date)


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
