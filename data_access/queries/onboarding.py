"""Shadowed sales cycles and sign-offs."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import sqlalchemy as sa

from coaching import onboarding
from coaching.people import Viewer
from data_access.knowledge import end_of_day, exists_for_readers
from data_access.scope import holds_on, reps_in_scope
from data_access.settings import company_calendar
from data_access.tables import (
    membership,
    person,
    shadowed_cycle,
    shadowed_stage,
    sign_off,
)

SIGNED: dict[str, Any] = {"signed_at": pl.Datetime("us", "UTC"), "signer_name": pl.String, "note": pl.String}
NEWCOMERS: dict[str, Any] = {
    "person_id": pl.Int64,
    "name": pl.String,
    "started_on": pl.Date,
    "complete_count": pl.Int64,
    "stage_count": pl.Int64,
    "signed_at": pl.Datetime("us", "UTC"),
}


def shadowed_stages(
    viewer: Viewer, connection: sa.Connection, *, rep_id: int, as_of: dt.date, today: dt.date
) -> pl.DataFrame:
    """onboarding.SHADOWED of one rep up to ``as_of``; empty out of scope and for roles that read no words."""
    if not viewer.reads_words:
        return pl.DataFrame(schema=onboarding.SHADOWED)
    cycle, stage = shadowed_cycle.c, shadowed_stage.c
    statement = (
        sa.select(
            cycle.number,
            sa.cast(stage.stage, sa.Text).label("stage"),
            stage.seen_on,
            stage.noticed,
            person.c.name.label("seller_name"),
        )
        .select_from(
            shadowed_stage.join(shadowed_cycle, stage.shadowed_cycle_id == cycle.id).outerjoin(
                person, cycle.seller_id == person.c.id
            )
        )
        .where(cycle.rep_id == rep_id, cycle.rep_id.in_(reps_in_scope(viewer, today)), stage.seen_on <= as_of)
        .order_by(cycle.number, stage.id)
    )
    return pl.read_database(statement, connection, schema_overrides=onboarding.SHADOWED)


def sign_offs(
    viewer: Viewer, connection: sa.Connection, *, rep_id: int, as_of: dt.date, today: dt.date
) -> pl.DataFrame:
    """signed_at, signer_name, note of one rep's sign-offs up to ``as_of``, the latest first."""
    if not viewer.reads_words:
        return pl.DataFrame(schema=SIGNED)
    signed = sign_off.c
    before = end_of_day(as_of, company_calendar(connection).time_zone)
    statement = (
        sa.select(signed.signed_at, person.c.name.label("signer_name"), signed.note)
        .join(person, signed.signed_by == person.c.id)
        .where(signed.rep_id == rep_id, signed.rep_id.in_(reps_in_scope(viewer, today)), signed.signed_at < before)
        .order_by(signed.signed_at.desc(), signed.id.desc())
    )
    return pl.read_database(statement, connection, schema_overrides=SIGNED)


def newcomers(
    viewer: Viewer, connection: sa.Connection, *, since: dt.date, as_of: dt.date, today: dt.date
) -> pl.DataFrame:
    """People in view who started from ``since`` to ``as_of``, by name: person_id, name, started_on, complete_count,
    stage_count, signed_at (null = not yet).
    """
    if not viewer.coaches:
        return pl.DataFrame(schema=NEWCOMERS)
    cycle, stage = shadowed_cycle.c, shadowed_stage.c
    of_cycle = (
        sa.select(cycle.rep_id, sa.func.count(stage.id).label("seen"))
        .join(shadowed_stage, stage.shadowed_cycle_id == cycle.id)
        .where(stage.seen_on <= as_of)
        .group_by(cycle.rep_id, cycle.id)
        .subquery()
    )
    whole = sa.case((of_cycle.c.seen == len(onboarding.STAGES), 1), else_=0)
    seen = (
        sa.select(
            of_cycle.c.rep_id,
            sa.cast(sa.func.sum(whole), sa.BigInteger).label("complete_count"),
            sa.cast(sa.func.sum(of_cycle.c.seen), sa.BigInteger).label("stage_count"),
        )
        .group_by(of_cycle.c.rep_id)
        .subquery()
    )
    before = end_of_day(as_of, company_calendar(connection).time_zone)
    signed = (
        sa.select(sign_off.c.rep_id, sa.func.max(sign_off.c.signed_at).label("signed_at"))
        .where(sign_off.c.signed_at < before)
        .group_by(sign_off.c.rep_id)
        .subquery()
    )
    statement = (
        sa.select(
            person.c.id.label("person_id"),
            person.c.name,
            person.c.started_on,
            sa.func.coalesce(seen.c.complete_count, 0).label("complete_count"),
            sa.func.coalesce(seen.c.stage_count, 0).label("stage_count"),
            signed.c.signed_at,
        )
        .select_from(
            person.outerjoin(seen, seen.c.rep_id == person.c.id).outerjoin(signed, signed.c.rep_id == person.c.id)
        )
        .where(
            person.c.id.in_(reps_in_scope(viewer, today)),
            person.c.id != viewer.person_id,
            person.c.role == "rep",
            person.c.started_on.between(since, as_of),
            sa.or_(person.c.left_on.is_(None), person.c.left_on >= as_of),
            exists_for_readers(person),
        )
        .order_by(person.c.name, person.c.id)
    )
    return pl.read_database(statement, connection, schema_overrides=NEWCOMERS)


def sellers_to_shadow(viewer: Viewer, connection: sa.Connection, *, rep_id: int, today: dt.date) -> pl.DataFrame:
    """Names of those in the rep's team today, leaders included, whom one can sit in with: person_id, name, by name."""
    schema: dict[str, Any] = {"person_id": pl.Int64, "name": pl.String}
    if not viewer.reads_words:
        return pl.DataFrame(schema=schema)
    own = sa.select(membership.c.team_id).where(
        membership.c.person_id == rep_id,
        membership.c.person_id.in_(reps_in_scope(viewer, today)),
        holds_on(membership, today),
    )
    colleagues = sa.select(membership.c.person_id).where(membership.c.team_id.in_(own), holds_on(membership, today))
    statement = (
        sa.select(person.c.id.label("person_id"), person.c.name)
        .where(person.c.id.in_(colleagues), person.c.id != rep_id, exists_for_readers(person))
        .order_by(person.c.name, person.c.id)
    )
    return pl.read_database(statement, connection, schema_overrides=schema)
