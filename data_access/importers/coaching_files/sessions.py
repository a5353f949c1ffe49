"""Sessions from a file: matched, checked by the draft of the form, added or brought up to date."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import polars as pl
import sqlalchemy as sa

from coaching.sessions import SessionDraft
from data_access.bulk import insert_frame
from data_access.importers.coaching_files.company import Company, RowRejected
from data_access.importers.coaching_files.rows import (
    SQL_LIST_LIMIT,
    Compared,
    Prepared,
    Schema,
    checked,
    compare,
    of_import,
    refuse,
    update_rows,
    without_twins,
)
from data_access.importers.schemas import INSTANT
from data_access.tables import session, trigger_use

ROWS: Schema = {
    "source_key": pl.String,
    "rep_id": pl.Int64,
    "coach_id": pl.Int64,
    "kind": pl.String,
    "usual_kind": pl.String,
    "planned_on": pl.Date,
    "held_at": INSTANT,
    "held_on": pl.Date,
    "status": pl.String,
    "missed_by": pl.String,
    "minutes": pl.Int64,
    "method": pl.String,
    "angle": pl.String,
    "skill_id": pl.Int64,
    "trigger": pl.String,
    "tone": pl.String,
    "questions": pl.Int64,
    "instructions": pl.Int64,
}
COLUMN_OF = {"skill": ("skill_id",), "held_at": ("held_at", "held_on")}
"""Plain fields that are stored in columns of other names."""


def prepare(connection: sa.Connection, company: Company, records: pl.DataFrame, provided: Collection[str]) -> Prepared:
    """What loading these sessions will do. Known by id, else by rep, coach and the day planned for (or held at)."""
    prepared = Prepared()
    rows = checked(prepared, records, ROWS, lambda row: _values(company, row))
    rows = without_twins(prepared, rows, ["source_key"], "session")
    prepared.reps.update(rows["rep_id"])
    compared = compare(
        connection,
        prepared,
        company,
        session,
        rows,
        ["source_key"],
        silent=_silent(provided),
        defaults={"kind": "usual_kind"},
    )
    fresh, changed = compared.fresh, _consistent(compared.changed)
    prepared.reps.update(_reps_before(connection, changed))
    prepared.steps.append(lambda c, import_id: _store(c, company, Compared(fresh, changed), import_id))
    return prepared


def _values(company: Company, row: dict[str, Any]) -> dict[str, Any]:
    """A session's columns. Raises RowRejected."""
    rep_id, coach_id = company.person("rep", row["rep"]), company.person("coach", row["coach"])
    if rep_id is None or coach_id is None:
        raise RowRejected("The row names no rep or no coach; add them.")
    skill = company.skill(row["skill"])
    usual = "own_manager" if company.manager_of.get(rep_id) == coach_id else "other_coach"
    draft = SessionDraft(
        rep_id=rep_id,
        coach_id=coach_id,
        kind=row["kind"] or usual,
        planned_on=row["planned_on"],
        held_at=row["held_at"],
        status=row["status"],
        missed_by=row["missed_by"],
        minutes=row["minutes"],
        method=row["method"],
        angle=row["angle"],
        skill=skill[1] if skill else None,
        questions=row["questions"],
        instructions=row["instructions"],
        trigger=row["trigger"],
        tone=row["tone"],
    )
    refuse(draft.problems(company.now, company.today))
    day = row["planned_on"] or row["held_at"]
    return {
        **{name: row[name] for name in ROWS if name in row},
        "source_key": f"id:{row['id']}" if row["id"] else f"{rep_id}|{coach_id}|{day.isoformat()}",
        "rep_id": rep_id,
        "coach_id": coach_id,
        "usual_kind": usual,
        "held_on": draft.held_on(company.time_zone),
        "skill_id": skill[0] if skill else None,
    }


def _silent(provided: Collection[str]) -> set[str]:
    fields = ("planned_on", "held_at", "missed_by", "minutes", "method", "angle", "skill", "trigger", "tone",
              "questions", "instructions")  # fmt: skip
    return {column for name in fields if name not in provided for column in COLUMN_OF.get(name, (name,))}


def _consistent(rows: pl.DataFrame) -> pl.DataFrame:
    """What was known before and no longer fits the new status is taken away."""
    held, missed = pl.col("status") == "held", pl.col("status") == "missed"
    return rows.with_columns(
        *(pl.when(held).then(name).alias(name) for name in ("held_at", "held_on", "trigger")),
        pl.when(missed).then("missed_by").alias("missed_by"),
    )


def _reps_before(connection: sa.Connection, changed: pl.DataFrame) -> set[int]:
    """Whose sessions the changed rows were so far: an id may move to another rep."""
    found: set[int] = set()
    ids = changed["row_id"].to_list()
    for start in range(0, len(ids), SQL_LIST_LIMIT):
        some = ids[start : start + SQL_LIST_LIMIT]
        found.update(connection.scalars(sa.select(session.c.rep_id).where(session.c.id.in_(some))))
    return found


def _store(connection: sa.Connection, company: Company, compared: Compared, import_id: int) -> None:
    rows = of_import(compared.fresh, import_id, company, "recorded_at")
    insert_frame(connection, session, rows.with_columns(pl.lit("shared").alias("visibility")))
    update_rows(connection, session, compared.changed, import_id)
    _store_triggers(connection, import_id, compared.changed["row_id"].to_list())


def _store_triggers(connection: sa.Connection, import_id: int, changed: list[int]) -> None:
    """What was used to move somebody, of the sessions just added or changed; what followed stays where it stood."""
    for start in range(0, len(changed), SQL_LIST_LIMIT):
        some = changed[start : start + SQL_LIST_LIMIT]
        connection.execute(sa.delete(trigger_use).where(trigger_use.c.session_id.in_(some), ~_still_so()))
        _insert_triggers(connection, session.c.id.in_(some))
    _insert_triggers(connection, session.c.import_id == import_id)


def _still_so() -> sa.ColumnElement[bool]:
    """Whether a noted use is still the one that its session names."""
    return sa.exists().where(
        session.c.id == trigger_use.c.session_id,
        session.c.rep_id == trigger_use.c.rep_id,
        session.c.coach_id == trigger_use.c.coach_id,
        sa.cast(session.c.trigger, sa.Text) == sa.cast(trigger_use.c.trigger, sa.Text),
        session.c.held_on == trigger_use.c.used_on,
        sa.func.coalesce(session.c.tone, "") == sa.func.coalesce(trigger_use.c.tone, ""),
    )


def _insert_triggers(connection: sa.Connection, which: sa.ColumnElement[bool]) -> None:
    noted = sa.exists().where(trigger_use.c.session_id == session.c.id)
    used = sa.select(
        session.c.id, session.c.rep_id, session.c.coach_id, session.c.trigger, session.c.tone, session.c.held_on
    ).where(which, session.c.trigger.is_not(None), session.c.held_on.is_not(None), ~noted)
    columns = ["session_id", "rep_id", "coach_id", "trigger", "tone", "used_on"]
    connection.execute(sa.insert(trigger_use).from_select(columns, used))
