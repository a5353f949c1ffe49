"""Who may see whom, as SQL. Every query and command builds on these subqueries; no page decides about access.

Access follows today's membership, never the as-of date: looking at the past widens nothing.
"""

from __future__ import annotations

import datetime as dt

import polars as pl
import sqlalchemy as sa

from coaching.people import Role, Viewer
from data_access.knowledge import exists_for_readers
from data_access.tables import data_state, membership, person, team, team_placement


class NotPermitted(Exception):
    """A command reached for something outside the viewer's scope. Says nothing about whether it exists."""


def operator() -> Viewer:
    """The person at the command line: every figure, no note, no observation text, no motivation data."""
    return Viewer(None, Role.OPERATOR, "operator")


def load_viewer(connection: sa.Connection, person_id: int, today: dt.date) -> Viewer | None:
    """The viewer as the database knows them now; None for nobody, for somebody who has left or is not published.

    A manager whose teams have teams below them is a leader, whatever the file called them.
    """
    row = connection.execute(
        sa.select(person.c.id, person.c.role, person.c.name, person.c.left_on).where(
            person.c.id == person_id, exists_for_readers(person)
        )
    ).first()
    if row is None or (row.left_on is not None and row.left_on < today):
        return None
    role = Role(row.role)
    if role in {Role.REP, Role.MANAGER, Role.LEADER}:
        role = _role_by_teams(connection, row.id, today)
    return Viewer(row.id, role, row.name)


def _role_by_teams(connection: sa.Connection, person_id: int, today: dt.date) -> Role:
    led = _led_teams(person_id, today)
    if not connection.scalar(sa.select(sa.func.count()).select_from(led.subquery())):
        return Role.REP
    below = sa.select(sa.func.count()).where(
        team_placement.c.parent_id.in_(led), holds_on(team_placement, today), exists_for_readers(team_placement)
    )
    return Role.LEADER if connection.scalar(below) else Role.MANAGER


def holds_on(table: sa.FromClause, day: dt.date) -> sa.ColumnElement[bool]:
    """Whether an effective-dated row holds on ``day``."""
    starts, ends = table.c.starts_on, table.c.ends_on
    return sa.and_(sa.or_(starts.is_(None), starts <= day), sa.or_(ends.is_(None), ends > day))


def _led_teams(person_id: int | None, today: dt.date) -> sa.Select[tuple[int]]:
    return sa.select(membership.c.team_id).where(
        membership.c.person_id == person_id, membership.c.kind == "leader", holds_on(membership, today)
    )


def teams_in_scope(viewer: Viewer, today: dt.date) -> sa.Select[tuple[int]]:
    """Ids of the teams whose totals the viewer may see: all, or those they lead and everything below."""
    if viewer.role in {Role.OPERATOR, Role.EXECUTIVE}:
        return sa.select(team.c.id)
    if viewer.role not in {Role.MANAGER, Role.LEADER}:
        return sa.select(team.c.id).where(sa.false())
    # Without a name of its own: a statement may ask for the scope in several places.
    below = _led_teams(viewer.person_id, today).cte(recursive=True)
    step = sa.select(team_placement.c.team_id).where(
        team_placement.c.parent_id == below.c.team_id, holds_on(team_placement, today)
    )
    # UNION, not UNION ALL: a circle in an imported tree must end.
    below = below.union(step)
    return sa.select(below.c.team_id)


def reps_in_scope(viewer: Viewer, today: dt.date) -> sa.SelectBase:
    """Ids of the people whose rows the viewer may open: oneself, and for managers today's members below them."""
    if viewer.role is Role.OPERATOR:
        return sa.select(person.c.id)
    if viewer.role is Role.REP:
        return sa.select(person.c.id).where(person.c.id == viewer.person_id)
    if viewer.role in {Role.MANAGER, Role.LEADER}:
        members = sa.select(membership.c.person_id).where(
            membership.c.team_id.in_(teams_in_scope(viewer, today)), holds_on(membership, today)
        )
        return members.union(sa.select(person.c.id).where(person.c.id == viewer.person_id))
    return sa.select(person.c.id).where(sa.false())


def attributable_reps(viewer: Viewer, today: dt.date) -> sa.Select[tuple[int]]:
    """People whose events may count in totals that the viewer sees: anybody who ever was in a team in scope.

    Only for sums: the rows behind them stay with ``reps_in_scope``.
    """
    if viewer.role in {Role.OPERATOR, Role.EXECUTIVE}:
        return sa.select(person.c.id)
    return sa.select(membership.c.person_id).where(membership.c.team_id.in_(teams_in_scope(viewer, today)))


def data_version(connection: sa.Connection) -> int:
    """A number that grows with every write: what caches are keyed on. 0 for an untouched database."""
    return connection.scalar(sa.select(data_state.c.data_version)) or 0


LOCAL_TITLES = {
    Role.MANAGER: "manager",
    Role.LEADER: "sales leader",
    Role.EXECUTIVE: "executive",
    Role.REP: "rep",
    Role.ADMIN: "admin",
}


def local_viewers(connection: sa.Connection, today: dt.date) -> pl.DataFrame:
    """Who can be looked as in local mode: person_id, name, role, title; one of each role first, then everybody by name.

    A company without an executive or admin of its own is offered stand-ins by the page (person_id null).
    """
    rows = connection.execute(
        sa.select(person.c.id, person.c.name, person.c.role)
        .where(exists_for_readers(person), sa.or_(person.c.left_on.is_(None), person.c.left_on >= today))
        .order_by(person.c.name, person.c.id)
    ).all()
    leads = set(
        connection.scalars(
            sa.select(membership.c.person_id).where(membership.c.kind == "leader", holds_on(membership, today))
        )
    )
    above = set(
        connection.scalars(
            sa.select(membership.c.person_id)
            .join(team_placement, team_placement.c.parent_id == membership.c.team_id)
            .where(membership.c.kind == "leader", holds_on(membership, today), holds_on(team_placement, today))
        )
    )
    listed = [(row.id, row.name, str(_shown_role(Role(row.role), row.id in leads, row.id in above))) for row in rows]
    frame = pl.DataFrame(
        listed, schema={"person_id": pl.Int64, "name": pl.String, "role": pl.String}, orient="row"
    ).with_columns(
        pl.col("role").replace_strict({str(k): v for k, v in LOCAL_TITLES.items()}, default="").alias("title")
    )
    first = frame.unique("role", keep="first", maintain_order=True)
    order = pl.Enum([str(role) for role in LOCAL_TITLES])
    first = first.sort(pl.col("role").cast(order))
    return pl.concat([first, frame.join(first, on="person_id", how="anti", maintain_order="left")])


def _shown_role(role: Role, leads: bool, leads_leaders: bool) -> Role:
    if role in {Role.EXECUTIVE, Role.ADMIN}:
        return role
    if leads_leaders:
        return Role.LEADER
    return Role.MANAGER if leads else Role.REP


def stand_in(role: Role) -> Viewer:
    """An executive or admin for local mode where the company loaded has none. Refuses every other role."""
    if role not in {Role.EXECUTIVE, Role.ADMIN}:
        raise NotPermitted("Only an executive or an admin can be stood in for.")
    return Viewer(None, role, LOCAL_TITLES[role])
