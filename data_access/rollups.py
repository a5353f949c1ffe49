"""The facts: additive parts of the latest knowledge per rep, team of the event's date and atom, kept current by every
write in the writer's own transaction. Medians, stocks, partial atoms and earlier as-of dates come from rows instead."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import polars as pl
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from coaching import frames
from coaching.attribution import with_team
from coaching.periods import Calendar
from data_access.bulk import CHUNK_ROWS, insert_frame
from data_access.knowledge import LATEST, Knowledge, exists_for_readers, version_on
from data_access.openings import opening_owner, owners_are_dated
from data_access.organisation import home_memberships
from data_access.settings import company_calendar
from data_access.tables import deal_version, fact_rep_period, membership, observation, session, stage_entry

KEYS = ["rep_key", "team_key", "atom_on"]
SQL_LIST_LIMIT = 5_000
"""Above this many reps a full pass is cheaper than a long list in SQL."""
EVERYTHING = Knowledge(LATEST, LATEST)
"""What facts are made of, of every kind of file."""


def stored_memberships(connection: sa.Connection) -> pl.DataFrame:
    """Home memberships as frames.MEMBERSHIPS."""
    columns = membership.c
    frame = pl.read_database(
        sa.select(columns.person_id, columns.team_id, columns.is_home, columns.starts_on, columns.ends_on),
        connection,
        schema_overrides={**frames.MEMBERSHIPS, "is_home": pl.Boolean},
    )
    return home_memberships(frame)


def computed_facts(connection: sa.Connection, reps: Collection[int] | None = None) -> pl.DataFrame:
    """The facts of ``reps`` (None = everybody; 0 = deals without an owner) from the rows, as frames.FACTS."""
    homes = stored_memberships(connection)
    calendar = company_calendar(connection)
    coached = [_sessions_by_day(connection, reps), _observations_by_day(connection, reps)]
    facts = _summed([*_deal_days(_latest_deals(connection, reps)), *coached], homes, calendar)
    return facts if reps is None else facts.filter(pl.col("rep_key").is_in(list(reps)))


def coaching_facts(connection: sa.Connection, reps: Collection[int]) -> pl.DataFrame:
    """What the sessions and observations of ``reps`` add to the facts, as frames.FACTS."""
    parts = [_sessions_by_day(connection, reps), _observations_by_day(connection, reps)]
    return _summed(parts, stored_memberships(connection), company_calendar(connection))


def deal_facts(connection: sa.Connection, deals: pl.DataFrame) -> pl.DataFrame:
    """What these versions of deals add to the facts, as frames.FACTS. ``deals`` has at least the columns DEAL_PARTS."""
    return _summed(_deal_days(deals), stored_memberships(connection), company_calendar(connection))


def _summed(parts: list[pl.DataFrame], homes: pl.DataFrame, calendar: Calendar) -> pl.DataFrame:
    """Events by day added up per rep, team of the day and atom."""
    placed = [with_team(part, homes, "person_id", "on_date") for part in parts]
    days = pl.concat([frames.empty(frames.FACTS).select(frames.FACT_PARTS), *placed], how="diagonal")
    facts = (
        days.with_columns(
            calendar.atom_expression("on_date").alias("atom_on"),
            pl.col("person_id").fill_null(0).alias("rep_key"),
            pl.col("team_id").alias("team_key"),
        )
        .group_by(KEYS)
        .agg(pl.col(name).sum().cast(pl.Int64) for name in frames.FACT_PARTS)
    )
    return facts.select(list(frames.FACTS)).sort(KEYS)


def _deal_days(deals: pl.DataFrame) -> list[pl.DataFrame]:
    """Deals as events by owner and day: closed ones, and opened ones for the owner at opening."""
    there = deals.filter(~pl.col("is_deleted"))
    return [_closed_days(there), _opened_days(there)]


def _closed_days(deals: pl.DataFrame) -> pl.DataFrame:
    won, lost = pl.col("status") == "won", pl.col("status") == "lost"
    amount, cost, listed = (pl.col(f"reporting_{name}") for name in ("amount", "cost", "list_amount"))
    priced, lost_priced = won & amount.is_not_null(), lost & amount.is_not_null()
    with_cost, with_list = priced & cost.is_not_null(), priced & listed.is_not_null()
    rivalled = lost & pl.col("competitor").is_not_null()
    reasoned = lost & (pl.col("lost_reason").is_not_null() | pl.col("competitor").is_not_null())
    closed = deals.filter((won | lost) & pl.col("closed_on").is_not_null())
    return (
        closed.group_by(pl.col("owner_id").alias("person_id"), pl.col("closed_on").alias("on_date"))
        .agg(
            won.sum().alias("won_count"),
            priced.sum().alias("won_amount_count"),
            amount.filter(priced).sum().alias("won_amount"),
            lost.sum().alias("lost_count"),
            lost_priced.sum().alias("lost_amount_count"),
            amount.filter(lost_priced).sum().alias("lost_amount"),
            with_cost.sum().alias("margin_count"),
            amount.filter(with_cost).sum().alias("margin_amount"),
            cost.filter(with_cost).sum().alias("margin_cost"),
            with_list.sum().alias("discount_count"),
            amount.filter(with_list).sum().alias("discount_amount"),
            listed.filter(with_list).sum().alias("discount_list_amount"),
            reasoned.sum().alias("lost_reason_count"),
            rivalled.sum().alias("lost_competitor_count"),
        )
        .cast({pl.UInt32: pl.Int64})
    )


def _opened_days(deals: pl.DataFrame) -> pl.DataFrame:
    amount = pl.col("reporting_amount")
    opened = deals.filter(pl.col("opened_on").is_not_null())
    return (
        opened.group_by(pl.col("opening_owner_id").alias("person_id"), pl.col("opened_on").alias("on_date"))
        .agg(
            pl.len().alias("opened_count"),
            amount.count().alias("opened_amount_count"),
            amount.sum().alias("opened_amount"),
        )
        .cast({pl.UInt32: pl.Int64})
    )


DEAL_PARTS: dict[str, type[pl.DataType]] = {
    "owner_id": pl.Int64,
    "opening_owner_id": pl.Int64,
    "status": pl.String,
    "opened_on": pl.Date,
    "closed_on": pl.Date,
    "reporting_amount": pl.Int64,
    "reporting_cost": pl.Int64,
    "reporting_list_amount": pl.Int64,
    "lost_reason": pl.String,
    "competitor": pl.String,
    "is_deleted": pl.Boolean,
}
"""What facts need to know of a version of a deal."""


def _parts(connection: sa.Connection, including: int | None = None) -> list[sa.ColumnElement[Any]]:
    """The columns DEAL_PARTS of deal_version, with the owner at opening as stage history dates it."""
    owner = opening_owner(connection, EVERYTHING, including=including).label("opening_owner_id")
    return [owner if name == "opening_owner_id" else deal_version.c[name] for name in DEAL_PARTS]


def _latest_deals(connection: sa.Connection, reps: Collection[int] | None) -> pl.DataFrame:
    v = deal_version.c
    concerned = [_of(v.owner_id, reps), _of(v.opening_owner_id, reps)]
    if reps is not None and owners_are_dated(connection, EVERYTHING):
        dated = sa.select(stage_entry.c.deal_id).where(_of(stage_entry.c.owner_id, [rep for rep in reps if rep]))
        concerned.append(v.deal_id.in_(dated))
    statement = sa.select(*_parts(connection)).where(version_on(deal_version, LATEST), sa.or_(*concerned))
    return pl.read_database(statement, connection, schema_overrides=DEAL_PARTS)


def versions_of_deals(connection: sa.Connection, version_ids: list[int]) -> pl.DataFrame:
    """Stored versions by their row numbers, with the columns DEAL_PARTS."""
    columns = _parts(connection)
    parts = [pl.DataFrame(schema=DEAL_PARTS)]
    for start in range(0, len(version_ids), SQL_LIST_LIMIT):
        some = version_ids[start : start + SQL_LIST_LIMIT]
        statement = sa.select(*columns).where(deal_version.c.id.in_(some))
        parts.append(pl.read_database(statement, connection, schema_overrides=DEAL_PARTS))
    return pl.concat(parts)


def versions_written_by(connection: sa.Connection, import_id: int, written: pl.DataFrame) -> pl.DataFrame:
    """The versions that an import has ``written``, with the columns DEAL_PARTS and the owner at opening as dated."""
    if not owners_are_dated(connection, EVERYTHING):
        return written
    statement = sa.select(*_parts(connection)).where(deal_version.c.import_id == import_id)
    return pl.read_database(statement, connection, schema_overrides=DEAL_PARTS)


def moved_openings(connection: sa.Connection, import_id: int) -> pl.DataFrame:
    """What the owners that an unpublished stage history dates change in the facts, as frames.FACTS."""
    entries = stage_entry.c
    dated = sa.select(entries.deal_id).where(entries.import_id == import_id, entries.owner_id.is_not(None))
    latest = [version_on(deal_version, LATEST), deal_version.c.deal_id.in_(dated)]
    before, after = (
        pl.read_database(
            sa.select(*_parts(connection, including)).where(*latest), connection, schema_overrides=DEAL_PARTS
        )
        for including in (None, import_id)
    )
    return difference(deal_facts(connection, after), deal_facts(connection, before))


def _of(column: sa.ColumnElement[int | None], reps: Collection[int] | None) -> sa.ColumnElement[bool]:
    if reps is None or len(reps) > SQL_LIST_LIMIT:
        return sa.true()
    owners = column.in_([rep for rep in reps if rep])
    return sa.or_(owners, column.is_(None)) if 0 in reps else owners


def _frame(connection: sa.Connection, statement: sa.Select[Any]) -> pl.DataFrame:
    names = [column.name for column in statement.selected_columns]
    schema = dict.fromkeys(names, pl.Int64) | {"on_date": pl.Date}
    return pl.read_database(statement, connection, schema_overrides=schema)


def _minutes(value: sa.ColumnElement[int | None]) -> sa.ColumnElement[int]:
    # PostgreSQL sums integers as a wider kind; a cast keeps whole numbers whole.
    return sa.cast(sa.func.coalesce(sa.func.sum(value), 0), sa.BigInteger)


def _sessions_by_day(connection: sa.Connection, reps: Collection[int] | None) -> pl.DataFrame:
    s = session.c
    statement = (
        sa.select(
            s.rep_id.label("person_id"),
            s.held_on.label("on_date"),
            sa.func.count().label("session_count"),
            _minutes(s.minutes).label("session_minutes"),
        )
        .where(s.status == "held", s.held_on.is_not(None), exists_for_readers(session), _of(s.rep_id, reps))
        .group_by(s.rep_id, s.held_on)
    )
    return _frame(connection, statement)


def _observations_by_day(connection: sa.Connection, reps: Collection[int] | None) -> pl.DataFrame:
    o = observation.c
    statement = (
        sa.select(
            o.person_id.label("person_id"),
            o.observed_on.label("on_date"),
            sa.func.count().label("observation_count"),
        )
        .where(
            o.kind.in_(["coach", "second_rater"]),
            o.released_at.is_not(None),
            exists_for_readers(observation),
            _of(o.person_id, reps),
        )
        .group_by(o.person_id, o.observed_on)
    )
    return _frame(connection, statement)


def store_facts(connection: sa.Connection, facts: pl.DataFrame, reps: Collection[int] | None = None) -> None:
    """Replace the facts of ``reps`` (None = all) by ``facts``, within the caller's transaction."""
    statement = sa.delete(fact_rep_period)
    if reps is None:
        connection.execute(statement)
    else:
        listed = sorted(reps)
        for start in range(0, len(listed), SQL_LIST_LIMIT):
            some = listed[start : start + SQL_LIST_LIMIT]
            connection.execute(statement.where(fact_rep_period.c.rep_key.in_(some)))
    insert_frame(connection, fact_rep_period, facts)


def add_to_facts(connection: sa.Connection, delta: pl.DataFrame) -> None:
    """Add ``delta`` (frames.FACTS, negative parts allowed) to the stored facts, within the caller's transaction."""
    parts = frames.FACT_PARTS
    delta = delta.filter(pl.any_horizontal(pl.col(parts) != 0))
    if delta.is_empty():
        return
    kind = postgresql if connection.dialect.name == "postgresql" else sqlite
    insert = kind.insert(fact_rep_period)
    columns = fact_rep_period.c
    statement = insert.on_conflict_do_update(
        index_elements=KEYS, set_={name: columns[name] + insert.excluded[name] for name in parts}
    )
    for chunk in delta.iter_slices(CHUNK_ROWS):
        connection.execute(statement, chunk.to_dicts())
    # What was taken back to nothing must not stay behind: facts are the same rows as after a rebuild.
    connection.execute(sa.delete(fact_rep_period).where(*(columns[name] == 0 for name in parts)))


def difference(new: pl.DataFrame, old: pl.DataFrame) -> pl.DataFrame:
    """``new`` less ``old``, both frames.FACTS."""
    parts = frames.FACT_PARTS
    signed = pl.concat([new, old.with_columns(-pl.col(name) for name in parts)])
    return signed.group_by(KEYS).agg(pl.col(name).sum() for name in parts).select(list(frames.FACTS)).sort(KEYS)


def refresh(connection: sa.Connection, reps: Collection[int]) -> None:
    """Recompute and store the facts of ``reps``: what a command calls after it wrote, in its own transaction."""
    store_facts(connection, computed_facts(connection, reps), reps)


def rebuild(connection: sa.Connection) -> int:
    """Recompute and store every fact; the number of rows. Needed after the week's start was changed."""
    facts = computed_facts(connection)
    store_facts(connection, facts)
    return facts.height


def stored_facts(connection: sa.Connection) -> pl.DataFrame:
    """Every stored fact as frames.FACTS."""
    columns = [fact_rep_period.c[name] for name in frames.FACTS]
    return pl.read_database(sa.select(*columns), connection, schema_overrides=frames.FACTS).sort(KEYS)


def differences(connection: sa.Connection) -> pl.DataFrame:
    """Facts that do not equal what the rows say: keys, part, stored, computed. Empty = all is well."""
    stored, computed = stored_facts(connection), computed_facts(connection)
    long = [
        frame.unpivot(on=frames.FACT_PARTS, index=KEYS, variable_name="part", value_name=name).filter(pl.col(name) != 0)
        for frame, name in ((stored, "stored"), (computed, "computed"))
    ]
    both = long[0].join(long[1], on=[*KEYS, "part"], how="full", coalesce=True)
    return both.filter(pl.col("stored").fill_null(0) != pl.col("computed").fill_null(0)).sort([*KEYS, "part"])
