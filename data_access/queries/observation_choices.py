"""What the form of an observation offers: people, deals, accounts, calls, sessions, and coaches to ask for scores."""

from __future__ import annotations

import datetime as dt

import polars as pl
import sqlalchemy as sa
from polars._typing import SchemaDict

from coaching import frames
from coaching.people import Role, Viewer
from data_access.knowledge import LATEST, exists_for_readers, knowledge, version_on
from data_access.observation_scope import ROOT_KINDS, O, readable, reads_any
from data_access.scope import holds_on, reps_in_scope
from data_access.tables import (
    account,
    call,
    deal,
    deal_version,
    membership,
    observation,
    person,
    second_rating,
    session,
    team,
)

RECENT_DAYS = 60
CALL_DAYS = 14
MOST_DEALS, MOST_CALLS = 100, 30
DEALS: SchemaDict = {"deal_id": pl.Int64, "name": pl.String, "account_name": pl.String, "status": pl.String}
ACCOUNTS: SchemaDict = {"account_id": pl.Int64, "name": pl.String}
CALLS: SchemaDict = {
    "call_id": pl.Int64,
    "started_at": pl.Datetime("us", "UTC"),
    "seconds": pl.Int64,
    "account_name": pl.String,
    "deal_name": pl.String,
}
TO_OBSERVE: SchemaDict = {"person_id": pl.Int64, "name": pl.String, "team_name": pl.String, "leads": pl.Boolean}
RATERS: SchemaDict = {"person_id": pl.Int64, "name": pl.String, "team_name": pl.String}


def people_to_observe(viewer: Viewer, connection: sa.Connection, today: dt.date) -> pl.DataFrame:
    """Whom the viewer may observe: person_id, name, team_name, leads (a team of their own); by name. Not oneself."""
    if not viewer.coaches or viewer.person_id is None:
        return frames.empty(TO_OBSERVE)
    return _people(
        connection,
        today,
        TO_OBSERVE,
        person.c.id.in_(reps_in_scope(viewer, today)),
        person.c.id != viewer.person_id,
    )


def second_raters(viewer: Viewer, connection: sa.Connection, observation_id: int, today: dt.date) -> pl.DataFrame:
    """Coaches of the whole company whom the viewer may ask to score a call blind: person_id, name, team_name; by name.

    Not its author, not the person observed, nobody who was asked before. Empty where the viewer may not ask.
    """
    if not viewer.coaches:
        return frames.empty(RATERS)
    asked = sa.select(second_rating.c.rater_id).where(second_rating.c.observation_id == observation_id)
    row = connection.execute(
        sa.select(O.person_id, O.observer_id).where(
            O.id == observation_id,
            O.kind.in_(ROOT_KINDS),
            O.person_id != viewer.person_id,
            O.person_id.in_(reps_in_scope(viewer, today)),
            readable(viewer, today),
        )
    ).first()
    if row is None:
        return frames.empty(RATERS)
    found = _people(
        connection, today, TO_OBSERVE, person.c.id.not_in([row.person_id, row.observer_id]), person.c.id.not_in(asked)
    )
    return found.filter(pl.col("leads")).select(list(RATERS))


def asked_raters(viewer: Viewer, connection: sa.Connection, observation_id: int, today: dt.date) -> pl.DataFrame:
    """Who was asked to score a call blind: name, has_declined, has_scored; by name. For those who may read the call."""
    mine = observation.alias("theirs")
    scored = sa.exists().where(
        mine.c.paired_observation_id == second_rating.c.observation_id,
        mine.c.observer_id == second_rating.c.rater_id,
        mine.c.kind == "second_rater",
    )
    call_of = sa.select(O.id).where(O.id == observation_id, readable(viewer, today))
    statement = (
        sa.select(
            person.c.name,
            second_rating.c.declined_at.is_not(None).label("has_declined"),
            scored.label("has_scored"),
        )
        .join(person, person.c.id == second_rating.c.rater_id)
        .where(second_rating.c.observation_id.in_(call_of))
        .order_by(person.c.name, person.c.id)
    )
    schema = {"name": pl.String, "has_declined": pl.Boolean, "has_scored": pl.Boolean}
    return pl.read_database(statement, connection, schema_overrides=schema)


def _people(
    connection: sa.Connection, today: dt.date, schema: SchemaDict, *conditions: sa.ColumnElement[bool]
) -> pl.DataFrame:
    home = (
        sa.select(membership.c.person_id, sa.func.min(membership.c.team_id).label("team_id"))
        .where(membership.c.is_home.is_(True), holds_on(membership, today))
        .group_by(membership.c.person_id)
        .subquery()
    )
    leads = sa.exists().where(
        membership.c.person_id == person.c.id, membership.c.kind == "leader", holds_on(membership, today)
    )
    statement = (
        sa.select(person.c.id.label("person_id"), person.c.name, team.c.name.label("team_name"), leads.label("leads"))
        .select_from(person)
        .outerjoin(home, home.c.person_id == person.c.id)
        .outerjoin(team, team.c.id == home.c.team_id)
        .where(exists_for_readers(person), sa.or_(person.c.left_on.is_(None), person.c.left_on >= today), *conditions)
        .order_by(person.c.name, person.c.id)
    )
    return pl.read_database(statement, connection, schema_overrides=schema)


def what_it_was_about(
    viewer: Viewer, connection: sa.Connection, person_id: int, today: dt.date
) -> dict[str, pl.DataFrame]:
    """What a conversation of this person can have been about: "deals" (open, or closed in the last 60 days), "accounts"
    of these, "calls" of the last 14 days, the latest first. Empty where the person is out of scope.
    """
    inside = reads_any(viewer) and connection.scalar(_inside(viewer, person_id, today)) is not None
    if not inside:
        return {
            "deals": frames.empty(DEALS),
            "accounts": frames.empty(ACCOUNTS),
            "calls": frames.empty(CALLS),
        }
    return {
        "deals": _deals_of(connection, person_id, today),
        "accounts": _accounts_of(connection, person_id, today),
        "calls": _calls_of(connection, person_id, today),
    }


def _inside(viewer: Viewer, person_id: int, today: dt.date) -> sa.Select[tuple[int]]:
    return sa.select(person.c.id).where(person.c.id == person_id, person.c.id.in_(reps_in_scope(viewer, today)))


def _recent_deals(connection: sa.Connection, person_id: int, today: dt.date) -> sa.ColumnElement[bool]:
    v = deal_version.c
    return sa.and_(
        v.owner_id == person_id,
        version_on(deal_version, knowledge(connection, "deals", today).known_on),
        v.is_deleted.is_(False),
        sa.or_(v.status == "open", v.closed_on >= today - dt.timedelta(days=RECENT_DAYS)),
    )


def _deals_of(connection: sa.Connection, person_id: int, today: dt.date) -> pl.DataFrame:
    v = deal_version.c
    name = sa.func.coalesce(v.name, deal.c.external_id)
    statement = (
        sa.select(v.deal_id, name.label("name"), account.c.name.label("account_name"), v.status)
        .join(deal, deal.c.id == v.deal_id)
        .outerjoin(account, account.c.id == v.account_id)
        .where(_recent_deals(connection, person_id, today))
        .order_by(sa.case((v.status == "open", 0), else_=1), account.c.name, name, v.deal_id)
        .limit(MOST_DEALS)
    )
    return pl.read_database(statement, connection, schema_overrides=DEALS)


def _accounts_of(connection: sa.Connection, person_id: int, today: dt.date) -> pl.DataFrame:
    v = deal_version.c
    statement = (
        sa.select(account.c.id.label("account_id"), account.c.name)
        .where(
            account.c.id.in_(sa.select(v.account_id).where(_recent_deals(connection, person_id, today))),
            exists_for_readers(account),
        )
        .order_by(account.c.name, account.c.id)
        .limit(MOST_DEALS)
    )
    return pl.read_database(statement, connection, schema_overrides=ACCOUNTS)


def _calls_of(connection: sa.Connection, person_id: int, today: dt.date) -> pl.DataFrame:
    v = deal_version.c
    title = (
        sa.select(sa.func.coalesce(v.name, deal.c.external_id))
        .join(deal, deal.c.id == v.deal_id)
        .where(v.deal_id == call.c.deal_id, version_on(deal_version, knowledge(connection, "deals", today).known_on))
        .limit(1)
        .correlate(call)
        .scalar_subquery()
    )
    statement = (
        sa.select(
            call.c.id.label("call_id"),
            call.c.started_at,
            call.c.seconds,
            account.c.name.label("account_name"),
            title.label("deal_name"),
        )
        .select_from(call.outerjoin(account, account.c.id == call.c.account_id))
        .where(
            call.c.person_id == person_id,
            call.c.started_on > today - dt.timedelta(days=CALL_DAYS),
            version_on(call, LATEST),
        )
        .order_by(call.c.started_at.desc(), call.c.id)
        .limit(MOST_CALLS)
    )
    return pl.read_database(statement, connection, schema_overrides=CALLS)


def sessions_to_sit_in(viewer: Viewer, connection: sa.Connection, coach_id: int, today: dt.date) -> pl.DataFrame:
    """Sessions that a coach below the leader held in the last 14 days, to be scored: session_id, held_on, rep_name."""
    schema = {"session_id": pl.Int64, "held_on": pl.Date, "rep_name": pl.String}
    if viewer.role is not Role.LEADER:
        return frames.empty(schema)
    statement = (
        sa.select(session.c.id.label("session_id"), session.c.held_on, person.c.name.label("rep_name"))
        .join(person, person.c.id == session.c.rep_id)
        .where(
            session.c.coach_id == coach_id,
            session.c.status == "held",
            session.c.held_on.between(today - dt.timedelta(days=CALL_DAYS), today),
            session.c.rep_id.in_(reps_in_scope(viewer, today)),
            session.c.coach_id.in_(reps_in_scope(viewer, today)),
            exists_for_readers(session),
        )
        .order_by(session.c.held_on.desc(), session.c.id)
    )
    return pl.read_database(statement, connection, schema_overrides=schema)
