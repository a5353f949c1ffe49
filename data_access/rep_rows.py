"""Whether a row named in words ("deal:12") exists and is one rep's own: what somebody writes about it must not reach
further than what they may read. Answers yes or no; nothing of the row leaves this module."""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa

from data_access.knowledge import exists_for_readers
from data_access.tables import (
    commitment,
    deal_version,
    knowledge_gap,
    objective,
    observation,
    person,
    plan,
    quota,
    session,
    stage_entry,
)

Statements = list[sa.Select[tuple[int]]]


def is_reps_own(connection: sa.Connection, rep_id: int, row: str) -> bool:
    """Whether ``row`` ("table:id") is there for readers and about the rep; False for a table that no question names."""
    table, _, number = row.partition(":")
    found = _OWNED.get(table)
    if found is None or not number.isdecimal():
        return False
    return any(connection.scalar(statement.limit(1)) is not None for statement in found(rep_id, int(number)))


def _deal(rep_id: int, number: int) -> Statements:
    """Owned by the rep now or once: a deal that moved on still shows how it was opened."""
    v, entry = deal_version.c, stage_entry.c
    owned = sa.or_(v.owner_id == rep_id, v.opening_owner_id == rep_id)
    return [
        sa.select(v.deal_id).where(v.deal_id == number, owned, exists_for_readers(deal_version)),
        sa.select(entry.deal_id).where(
            entry.deal_id == number, entry.owner_id == rep_id, exists_for_readers(stage_entry)
        ),
    ]


def _observation(rep_id: int, number: int) -> Statements:
    o = observation.c
    seen = (o.id == number, o.person_id == rep_id, o.released_at.is_not(None), exists_for_readers(observation))
    return [sa.select(o.id).where(*seen)]


def _commitment(rep_id: int, number: int) -> Statements:
    c = commitment.c
    return [sa.select(c.id).where(c.id == number, sa.or_(c.by_id == rep_id, c.to_id == rep_id))]


def _objective(rep_id: int, number: int) -> Statements:
    o = objective.c
    return [sa.select(o.id).join(plan, plan.c.id == o.plan_id).where(o.id == number, plan.c.rep_id == rep_id)]


def _person(rep_id: int, number: int) -> Statements:
    return [sa.select(person.c.id).where(person.c.id == number, person.c.id == rep_id)]


def _with_column(table: sa.Table, whose: str) -> Callable[[int, int], Statements]:
    """For a table in which one column says whose a row is."""

    def found(rep_id: int, number: int) -> Statements:
        visible = exists_for_readers(table) if "import_id" in table.c else sa.true()
        return [sa.select(table.c.id).where(table.c.id == number, table.c[whose] == rep_id, visible)]

    return found


_OWNED: dict[str, Callable[[int, int], Statements]] = {
    "deal": _deal,
    "observation": _observation,
    "commitment": _commitment,
    "objective": _objective,
    "person": _person,
    "plan": _with_column(plan, "rep_id"),
    "knowledge_gap": _with_column(knowledge_gap, "rep_id"),
    "quota": _with_column(quota, "person_id"),
    "session": _with_column(session, "rep_id"),
}
"""Per table that a question can be about: the statements of which one has to find the row."""
