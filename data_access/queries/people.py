"""People and teams that a viewer may see, on a day."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import sqlalchemy as sa

from coaching import frames
from coaching.attribution import SINCE_EVER, team_closure
from coaching.people import SMALLEST_TEAM, Role, Viewer
from data_access.importers.matching import name_key
from data_access.knowledge import exists_for_readers, knowledge
from data_access.scope import attributable_reps, holds_on, load_viewer, reps_in_scope, teams_in_scope
from data_access.tables import deal_version, membership, person, person_record, team, team_placement


def people_in_scope(viewer: Viewer, connection: sa.Connection, on: dt.date, today: dt.date) -> pl.DataFrame:
    """frames.PEOPLE by name: whoever the viewer may open today, with their home team on the day ``on``.

    Empty for executives and admins: they see teams or nothing.
    """
    home = (
        sa.select(membership.c.person_id, sa.func.min(membership.c.team_id).label("team_id"))
        .where(membership.c.is_home.is_(True), holds_on(membership, on))
        .group_by(membership.c.person_id)
        .subquery()
    )
    manager = person.alias("manager")
    above = _manager_ids(on)
    sells = sa.or_(person.c.role == "rep", _owns_deals())
    statement = (
        sa.select(
            person.c.id.label("person_id"),
            person.c.external_id,
            person.c.name,
            person.c.role,
            person.c.started_on,
            person.c.left_on,
            person.c.region,
            person.c.segment,
            home.c.team_id,
            team.c.name.label("team_name"),
            manager.c.id.label("manager_id"),
            manager.c.name.label("manager_name"),
            sells.label("sells"),
        )
        .select_from(person)
        .outerjoin(home, home.c.person_id == person.c.id)
        .outerjoin(team, team.c.id == home.c.team_id)
        .outerjoin(above, above.c.person_id == person.c.id)
        .outerjoin(manager, manager.c.id == above.c.manager_id)
        .where(person.c.id.in_(reps_in_scope(viewer, today)), exists_for_readers(person))
        .order_by(person.c.name, person.c.id)
    )
    return pl.read_database(statement, connection, schema_overrides=frames.PEOPLE)


def _manager_ids(on: dt.date) -> sa.Subquery:
    """Whom each person reports to, as the latest people file dated up to ``on`` (or the first one) says."""
    latest = (
        sa.select(person_record.c.person_id, sa.func.max(person_record.c.id).label("record_id"))
        .where(exists_for_readers(person_record), sa.or_(person_record.c.known_from <= on, ~_is_earlier(on)))
        .group_by(person_record.c.person_id)
        .subquery()
    )
    return (
        sa.select(person_record.c.person_id, person_record.c.manager_id)
        .join(latest, latest.c.record_id == person_record.c.id)
        .subquery()
    )


def _is_earlier(on: dt.date) -> sa.ColumnElement[bool]:
    earlier = person_record.alias("earlier")
    return sa.exists().where(earlier.c.person_id == person_record.c.person_id, earlier.c.known_from <= on)


def _owns_deals(known_on: dt.date | None = None) -> sa.ColumnElement[bool]:
    since = sa.true() if known_on is None else deal_version.c.known_from <= known_on
    return sa.exists().where(deal_version.c.owner_id == person.c.id, exists_for_readers(deal_version), since)


def sellers(viewer: Viewer, connection: sa.Connection, as_of: dt.date, today: dt.date) -> pl.DataFrame:
    """Everyone in scope who sells: person_id, external_id, name; by name. Only people known by ``as_of``.

    Whoever is called a rep, and whoever owns a deal.
    """
    by_files = knowledge(connection, "people", as_of).known_on
    by_deals = knowledge(connection, "deals", as_of).known_on
    record = sa.exists().where(person_record.c.person_id == person.c.id, exists_for_readers(person_record))
    known = sa.or_(
        record.where(person_record.c.known_from <= by_files),
        _owns_deals(by_deals),
        sa.and_(~record, ~_owns_deals()),
    )
    statement = (
        sa.select(person.c.id.label("person_id"), person.c.external_id, person.c.name)
        .where(
            person.c.id.in_(reps_in_scope(viewer, today)),
            exists_for_readers(person),
            sa.or_(person.c.role == "rep", _owns_deals()),
            known,
        )
        .order_by(person.c.name, person.c.id)
    )
    schema = {"person_id": pl.Int64, "external_id": pl.String, "name": pl.String}
    return pl.read_database(statement, connection, schema_overrides=schema)


def all_teams(viewer: Viewer, connection: sa.Connection, on: dt.date, today: dt.date) -> pl.DataFrame:
    """frames.TEAMS in scope with the tree as it stood ``on``; a parent outside the scope is null. By name."""
    scope = teams_in_scope(viewer, today)
    placed = (
        sa.select(team_placement.c.team_id, sa.func.max(team_placement.c.parent_id).label("parent_id"))
        .where(holds_on(team_placement, on), exists_for_readers(team_placement))
        .group_by(team_placement.c.team_id)
        .subquery()
    )
    statement = (
        sa.select(team.c.id.label("team_id"), team.c.external_id, team.c.name, placed.c.parent_id, team.c.leader_id)
        .outerjoin(placed, placed.c.team_id == team.c.id)
        .where(team.c.id.in_(scope), exists_for_readers(team))
        .order_by(team.c.name, team.c.id)
    )
    frame = pl.read_database(statement, connection, schema_overrides=frames.TEAMS)
    visible = frame["team_id"].to_list()
    return frame.with_columns(
        pl.when(pl.col("parent_id").is_in(visible)).then(pl.col("parent_id")).otherwise(None).alias("parent_id")
    )


def teams(viewer: Viewer, connection: sa.Connection, on: dt.date, today: dt.date) -> pl.DataFrame:
    """``all_teams``; for an executive only where neither a team nor what is left of its parent counts fewer than five.

    Smaller teams are folded into the one above: their figures count there and nowhere else.
    """
    frame = all_teams(viewer, connection, on, today)
    if viewer.role is not Role.EXECUTIVE or frame.is_empty():
        return frame
    sizes = _team_sizes(connection, on)
    hidden = _hidden_teams(frame, sizes)
    return frame.filter(~pl.col("team_id").is_in(list(hidden)))


def _team_sizes(connection: sa.Connection, on: dt.date) -> dict[int, int]:
    rows = connection.execute(
        sa.select(membership.c.team_id, sa.func.count(sa.distinct(membership.c.person_id)))
        .join(person, person.c.id == membership.c.person_id)
        .where(membership.c.is_home.is_(True), holds_on(membership, on), person.c.role == "rep")
        .group_by(membership.c.team_id)
    )
    return dict(rows.all())


def _hidden_teams(frame: pl.DataFrame, sizes: dict[int, int]) -> set[int]:
    """Teams whose own total, or whose parent's total less its published children, would speak of fewer than five."""
    closure = team_closure(frame)
    totals = {
        row_id: sum(sizes.get(team_id, 0) for team_id in closure.filter(pl.col("row_id") == row_id)["team_id"])
        for row_id in frame["team_id"]
    }
    hidden = {row_id for row_id, total in totals.items() if total < SMALLEST_TEAM}
    # The company is the parent of the top teams: what it holds beside them must not be a handful either.
    company = 0
    totals[company] = sum(sizes.values())
    children: dict[int, list[int]] = {}
    for child, parent in frame.select("team_id", "parent_id").iter_rows():
        children.setdefault(company if parent is None else parent, []).append(child)
    changed = True
    while changed:
        changed = False
        for parent, below in children.items():
            shown = [child for child in below if child not in hidden]
            rest = totals[parent] - sum(totals[child] for child in shown)
            if shown and 0 < rest < SMALLEST_TEAM:
                # What is left of the parent would be a handful of people: hide the smallest shown child as well.
                smallest = min(shown, key=lambda child: (totals[child], child))
                hidden |= {smallest, *closure.filter(pl.col("row_id") == smallest)["team_id"].to_list()}
                changed = True
    return hidden


def person_card(
    viewer: Viewer, connection: sa.Connection, person_id: int, on: dt.date, today: dt.date
) -> dict[str, Any] | None:
    """One row of ``people_in_scope``; None where there is no such person or they are out of scope: both look alike."""
    found = people_in_scope(viewer, connection, on, today).filter(pl.col("person_id") == person_id)
    return found.to_dicts()[0] if found.height else None


def home_spans(viewer: Viewer, connection: sa.Connection, as_of: dt.date, today: dt.date) -> pl.DataFrame:
    """frames.MEMBERSHIPS of everybody whose events may count in totals the viewer sees, as known on ``as_of``."""
    known = knowledge(connection, "people", as_of)
    statement = sa.select(
        membership.c.person_id, membership.c.team_id, membership.c.starts_on, membership.c.ends_on
    ).where(
        membership.c.is_home.is_(True),
        membership.c.known_from <= known.known_on,
        membership.c.person_id.in_(attributable_reps(viewer, today)),
    )
    frame = pl.read_database(statement, connection, schema_overrides=frames.MEMBERSHIPS)
    # A move that a younger file tells was not known then: neither its start nor the end it put to the span before.
    starts, ends = pl.col("starts_on").fill_null(SINCE_EVER), pl.col("ends_on")
    return (
        frame.with_columns(starts, pl.when(ends <= known.known_on).then(ends).alias("ends_on"))
        .filter(pl.col("starts_on") <= known.known_on)
        .sort("person_id", "starts_on")
    )


def viewer_named(viewer: Viewer, connection: sa.Connection, text: str, today: dt.date) -> Viewer | None:
    """The viewer with this id or name; None for nobody or several. Only the operator may look as somebody else.

    An id of the files comes before a name, and a name before the id that addresses of pages use.
    """
    if viewer.role is not Role.OPERATOR:
        return None
    found = _named(connection, text)
    return load_viewer(connection, found[0], today) if len(found) == 1 else None


def person_named(viewer: Viewer, connection: sa.Connection, text: str, today: dt.date) -> int | None:
    """The database id of the person in scope with this id or name, as ``viewer_named`` reads it; None for nobody or
    several. Out of scope reads like nobody."""
    inside = sa.select(person.c.id).where(person.c.id.in_(reps_in_scope(viewer, today)))
    found = [
        person_id for person_id in _named(connection, text) if connection.scalar(inside.where(person.c.id == person_id))
    ]
    return found[0] if len(found) == 1 else None


def _named(connection: sa.Connection, text: str) -> list[int]:
    readers = exists_for_readers(person)
    by_file = connection.scalars(sa.select(person.c.id).where(person.c.external_id == text, readers)).all()
    by_name = connection.scalars(sa.select(person.c.id).where(person.c.name_key == name_key(text), readers)).all()
    if by_file or by_name or not (text.isascii() and text.isdecimal() and len(text) < 19):
        return list(by_file or by_name)
    return list(connection.scalars(sa.select(person.c.id).where(person.c.id == int(text), readers)))
