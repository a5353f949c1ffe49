"""Development plans and objectives as they stood on a day, and whether plans are their own and alive."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from collections import defaultdict
from typing import Any

import polars as pl
import sqlalchemy as sa
from polars._typing import SchemaDict

from coaching import frames
from coaching.people import Viewer
from coaching.plans import is_stale, last_touched_on, normalised, personalisation
from data_access.knowledge import LATEST, recorded_by
from data_access.queries.baselines import Baseline, baseline, metric_series
from data_access.scope import reps_in_scope
from data_access.settings import company_calendar
from data_access.tables import (
    import_run,
    objective,
    objective_response,
    person,
    plan,
    plan_action,
    plan_revision,
    plan_signature,
    resistance_step,
    session,
    skill,
)

__all__ = [
    "Baseline",
    "actions",
    "actions_elsewhere",
    "answers_and_steps",
    "baseline",
    "metric_series",
    "objectives",
    "plan_quality",
    "plans",
    "revisions",
    "signatures",
    "skills_for_actions",
    "waiting",
]

STATUS_OF_ANSWER = {"accept": "accepted", "counter": "countered", "object": "objected"}


# ---- Plans -------------------------------------------------------------------------------------------------------


def plans(
    viewer: Viewer, connection: sa.Connection, *, as_of: dt.date, today: dt.date, rep_id: int | None = None
) -> pl.DataFrame:
    """frames.PLANS in scope, as known on ``as_of``; of one rep or of all."""
    rep, coach = person.alias("rep"), person.alias("coach")
    statement = (
        sa.select(
            plan.c.id.label("plan_id"),
            plan.c.rep_id,
            rep.c.name.label("rep_name"),
            plan.c.coach_id,
            coach.c.name.label("coach_name"),
            plan.c.starts_on,
            plan.c.ends_on,
            plan.c.status,
            plan.c.version,
        )
        .join(rep, rep.c.id == plan.c.rep_id)
        .join(coach, coach.c.id == plan.c.coach_id)
        .where(*_visible(viewer, as_of, today, rep_id))
        .order_by(plan.c.starts_on.desc(), plan.c.id.desc())
    )
    rows = [dict(row._mapping) for row in connection.execute(statement)]
    signed = _signed(connection, [row["plan_id"] for row in rows], as_of, _zone(connection))
    for row in rows:
        row.update(_ended(row, signed.get(row["plan_id"], []), as_of))
    return pl.DataFrame(rows, schema=frames.PLANS)


def _visible(viewer: Viewer, as_of: dt.date, today: dt.date, rep_id: int | None) -> list[sa.ColumnElement[bool]]:
    return [
        plan.c.rep_id.in_(reps_in_scope(viewer, today)),
        sa.true() if rep_id is None else plan.c.rep_id == rep_id,
        plan.c.starts_on <= as_of,
        _known(plan, as_of),
    ]


def _known(table: sa.Table, as_of: dt.date) -> sa.ColumnElement[bool]:
    """What people wrote is known from the row's own date; out of a file from the file's, the first one since ever."""
    runs = import_run.c
    files = sa.select(runs.id).where(
        runs.published_at.is_not(None), sa.or_(runs.is_base.is_(True), runs.as_of <= as_of)
    )
    return sa.or_(table.c.import_id.is_(None), table.c.import_id.in_(files))


def _zone(connection: sa.Connection) -> str:
    return company_calendar(connection).time_zone


def _end_of(day: dt.date, zone: str) -> dt.datetime:
    """The first moment after a day where the company is."""
    after = day + dt.timedelta(days=1) if day < LATEST else day
    return dt.datetime.combine(after, dt.time(), zoneinfo.ZoneInfo(zone)).astimezone(dt.UTC)


def _day_of(moment: dt.datetime, zone: str) -> dt.date:
    return moment.astimezone(zoneinfo.ZoneInfo(zone)).date()


def _signed(
    connection: sa.Connection, plan_ids: list[int], as_of: dt.date, zone: str
) -> dict[int, list[tuple[str, dt.date]]]:
    """Verdict and day of the signatures known on ``as_of``, in order."""
    found: dict[int, list[tuple[str, dt.date]]] = defaultdict(list)
    statement = (
        sa.select(plan_signature.c.plan_id, plan_signature.c.verdict, plan_signature.c.signed_at)
        .where(plan_signature.c.plan_id.in_(plan_ids), plan_signature.c.signed_at < _end_of(as_of, zone))
        .order_by(plan_signature.c.signed_at, plan_signature.c.id)
    )
    for row in connection.execute(statement):
        found[row.plan_id].append((row.verdict, _day_of(row.signed_at, zone)))
    return found


def _ended(row: dict[str, Any], signed: list[tuple[str, dt.date]], as_of: dt.date) -> dict[str, Any]:
    """Whether a plan was closed on a day: by its second signature, else by its end."""
    if row["status"] != "closed":
        return {"closed_on": None, "verdict": None}
    if len(signed) > 1:
        return {"closed_on": signed[1][1], "verdict": signed[1][0]}
    if row["ends_on"] is not None and row["ends_on"] < as_of:
        return {"closed_on": row["ends_on"], "verdict": None}
    # It was closed after the day that is looked at.
    return {"closed_on": None, "verdict": None, "status": "active"}


def revisions(
    viewer: Viewer, connection: sa.Connection, *, rep_id: int, as_of: dt.date, today: dt.date
) -> pl.DataFrame:
    """frames.PLAN_REVISIONS of a rep's plans, in order; no words for an operator."""
    statement = (
        sa.select(
            plan_revision.c.id.label("revision_id"),
            plan_revision.c.plan_id,
            plan_revision.c.number,
            plan_revision.c.reason,
            plan_revision.c.summary,
            plan_revision.c.recorded_by,
            person.c.name.label("recorded_by_name"),
            plan_revision.c.recorded_at,
        )
        .join(plan, plan.c.id == plan_revision.c.plan_id)
        .outerjoin(person, person.c.id == plan_revision.c.recorded_by)
        .where(*_visible(viewer, as_of, today, rep_id), _revision_known(connection, as_of))
        .order_by(plan_revision.c.plan_id, plan_revision.c.number)
    )
    frame = pl.read_database(statement, connection, schema_overrides=frames.PLAN_REVISIONS)
    return _worded(viewer, frame, frames.PLAN_REVISIONS, "reason", "summary")


def _revision_known(connection: sa.Connection, as_of: dt.date) -> sa.ColumnElement[bool]:
    """For statements that join ``plan``. The first version of a plan out of a file is known with the plan."""
    from_a_file = sa.and_(plan.c.import_id.is_not(None), plan_revision.c.number == 1)
    return sa.or_(from_a_file, plan_revision.c.recorded_at < _end_of(as_of, _zone(connection)))


def _worded(viewer: Viewer, frame: pl.DataFrame, schema: SchemaDict, *columns: str) -> pl.DataFrame:
    """The frame's words for whoever may read words; an operator gets figures only."""
    if not viewer.reads_words:
        frame = frame.with_columns(pl.lit(None, pl.String).alias(name) for name in columns)
    # Instants come without a zone from SQLite and with one from PostgreSQL.
    return frame.select(list(schema)).cast(pl.Schema(schema))


def actions(
    viewer: Viewer, connection: sa.Connection, *, as_of: dt.date, today: dt.date, rep_id: int | None = None
) -> pl.DataFrame:
    """frames.PLAN_ACTIONS of every revision known on ``as_of``, in order; no words for an operator."""
    return _worded(viewer, _actions(viewer, connection, as_of, today, rep_id), frames.PLAN_ACTIONS, "action")


def _actions(
    viewer: Viewer, connection: sa.Connection, as_of: dt.date, today: dt.date, rep_id: int | None
) -> pl.DataFrame:
    statement = (
        sa.select(
            plan_action.c.id.label("action_id"),
            plan_revision.c.plan_id,
            plan_revision.c.number,
            plan_action.c.skill_id,
            skill.c.slug.label("skill"),
            skill.c.name.label("skill_name"),
            plan_action.c.method,
            plan_action.c.action,
            plan_action.c.repetitions,
            plan_action.c.due_on,
            sa.case((plan_action.c.done_on <= as_of, plan_action.c.done_on), else_=sa.null()).label("done_on"),
            plan_action.c.version,
        )
        .join(plan_revision, plan_revision.c.id == plan_action.c.plan_revision_id)
        .join(plan, plan.c.id == plan_revision.c.plan_id)
        .outerjoin(skill, skill.c.id == plan_action.c.skill_id)
        .where(*_visible(viewer, as_of, today, rep_id), _revision_known(connection, as_of))
        .order_by(plan_revision.c.plan_id, plan_revision.c.number, plan_action.c.id)
    )
    schema = {name: kind for name, kind in frames.PLAN_ACTIONS.items() if name != "held_count"}
    frame = pl.read_database(statement, connection, schema_overrides=schema)
    held = _sessions_on_actions(connection, as_of, _plan_ids(viewer, as_of, today, rep_id))
    counts: dict[tuple[int, str], int] = defaultdict(int)
    for row in held.iter_rows(named=True):
        counts[row["plan_id"], normalised(row["action"])] += row["held_count"]
    held_counts = [counts[plan_id, normalised(text)] for plan_id, text in frame.select("plan_id", "action").iter_rows()]
    return frame.with_columns(pl.Series("held_count", held_counts, dtype=pl.Int64)).select(list(frames.PLAN_ACTIONS))


def _plan_ids(viewer: Viewer, as_of: dt.date, today: dt.date, rep_id: int | None) -> sa.Select[tuple[int]]:
    return sa.select(plan.c.id).where(*_visible(viewer, as_of, today, rep_id))


def _sessions_on_actions(connection: sa.Connection, as_of: dt.date, plan_ids: sa.Select[tuple[int]]) -> pl.DataFrame:
    """plan_id, action, held_count, last_on: sessions held on the actions of these plans, as known on ``as_of``."""
    statement = (
        sa.select(
            plan_revision.c.plan_id,
            plan_action.c.action,
            sa.func.count().label("held_count"),
            sa.func.max(session.c.held_on).label("last_on"),
        )
        .join(plan_action, plan_action.c.id == session.c.plan_action_id)
        .join(plan_revision, plan_revision.c.id == plan_action.c.plan_revision_id)
        .where(
            plan_revision.c.plan_id.in_(plan_ids),
            session.c.status == "held",
            session.c.held_on <= as_of,
            recorded_by(session, as_of, _zone(connection)),
        )
        .group_by(plan_revision.c.plan_id, plan_action.c.action)
    )
    schema = {"plan_id": pl.Int64, "action": pl.String, "held_count": pl.Int64, "last_on": pl.Date}
    return pl.read_database(statement, connection, schema_overrides=schema)


def signatures(
    viewer: Viewer, connection: sa.Connection, *, rep_id: int, as_of: dt.date, today: dt.date
) -> pl.DataFrame:
    """plan_id, person_id, name, verdict, signed_at of a rep's plans, in order."""
    schema: SchemaDict = {
        "plan_id": pl.Int64,
        "person_id": pl.Int64,
        "name": pl.String,
        "verdict": pl.String,
        "signed_at": pl.Datetime("us", "UTC"),
    }
    statement = (
        sa.select(
            plan_signature.c.plan_id,
            plan_signature.c.person_id,
            person.c.name,
            plan_signature.c.verdict,
            plan_signature.c.signed_at,
        )
        .join(plan, plan.c.id == plan_signature.c.plan_id)
        .join(person, person.c.id == plan_signature.c.person_id)
        .where(
            *_visible(viewer, as_of, today, rep_id),
            plan_signature.c.signed_at < _end_of(as_of, _zone(connection)),
        )
        .order_by(plan_signature.c.plan_id, plan_signature.c.signed_at, plan_signature.c.id)
    )
    frame = pl.read_database(statement, connection, schema_overrides=schema)
    return frame.cast(pl.Schema(schema))


# ---- Objectives --------------------------------------------------------------------------------------------------


def objectives(
    viewer: Viewer, connection: sa.Connection, *, as_of: dt.date, today: dt.date, rep_id: int | None = None
) -> pl.DataFrame:
    """frames.OBJECTIVES in scope as they stood on ``as_of``, by plan and id; no words for an operator.

    A new target or due date is a new row with the old baseline: the latest row of a plan's metric holds, and its
    ``since_on`` is the day of the first with that baseline. Proposals that were withdrawn never existed.
    """
    standing = {
        row["plan_id"]: row for row in plans(viewer, connection, as_of=as_of, today=today, rep_id=rep_id).to_dicts()
    }
    statement = (
        sa.select(
            objective.c.id.label("objective_id"),
            objective.c.plan_id,
            objective.c.metric_key,
            objective.c.baseline_value,
            objective.c.baseline_count,
            objective.c.baseline_as_of,
            objective.c.baseline_basis,
            objective.c.target_value,
            objective.c.target_kind,
            objective.c.agreed_on,
            objective.c.due_on,
            objective.c.why_business,
            objective.c.why_rep,
            objective.c.status,
            objective.c.version,
            plan.c.status.label("final_plan_status"),
        )
        .join(plan, plan.c.id == objective.c.plan_id)
        .where(*_visible(viewer, as_of, today, rep_id), _known(objective, as_of))
        .order_by(objective.c.plan_id, objective.c.metric_key, objective.c.agreed_on, objective.c.id)
    )
    rows = [dict(row._mapping) for row in connection.execute(statement)]
    answers = _answers(connection, viewer, as_of, today, rep_id)
    chains: dict[tuple[int, str], list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        chains[row["plan_id"], row["metric_key"]].append(row)
    found = []
    for (plan_id, _), chain in chains.items():
        current = _current(chain, as_of)
        if current is not None:
            found.append(_stood(current, chain, standing[plan_id], answers.get(current["objective_id"], []), as_of))
    frame = pl.DataFrame(found, schema=frames.OBJECTIVES).sort("plan_id", "objective_id")
    return _worded(viewer, frame, frames.OBJECTIVES, "why_business", "why_rep", "answer_reason")


def _current(chain: list[dict[str, Any]], as_of: dt.date) -> dict[str, Any] | None:
    """The row of a plan's metric that held on a day; None before the first, or where the last was withdrawn."""
    upto = [row for row in chain if row["agreed_on"] <= as_of]
    if not upto:
        return None
    row = upto[-1]
    is_replaced_later = row is not chain[-1]
    is_withdrawn = row["status"] == "closed" and row["final_plan_status"] != "closed" and not is_replaced_later
    return None if is_withdrawn else row


def _stood(
    row: dict[str, Any],
    chain: list[dict[str, Any]],
    standing: dict[str, Any],
    answers: list[dict[str, Any]],
    as_of: dt.date,
) -> dict[str, Any]:
    """An objective as it stood: who is behind it, since when, and what the rep had answered by then."""
    last = next((answer for answer in reversed(answers) if answer["day"] <= as_of), None)
    if standing["status"] == "closed":
        status = "closed"
    elif last is not None:
        is_taken_back = last["response"] == "counter" and last["counter_value"] is None
        status = "proposed" if is_taken_back else STATUS_OF_ANSWER[last["response"]]
    elif answers:
        status = "proposed"
    else:
        # Never answered: from a file, or a counter of the rep's that the coach took over. Closed since then or not.
        status = row["status"] if row["status"] != "closed" else "accepted"
    names = ("rep_id", "rep_name", "coach_id", "coach_name")
    return {
        **{name: row[name] for name in row if name not in {"status", "final_plan_status"}},
        **{name: standing[name] for name in names},
        "since_on": min(other["agreed_on"] for other in chain if other["baseline_as_of"] == row["baseline_as_of"]),
        "status": status,
        "plan_status": standing["status"],
        "plan_version": standing["version"],
        "counter_value": last["counter_value"] if last else None,
        "answer_reason": last["reason"] if last else None,
        "answered_at": last["answered_at"] if last else None,
    }


def _answers(
    connection: sa.Connection, viewer: Viewer, as_of: dt.date, today: dt.date, rep_id: int | None
) -> dict[int, list[dict[str, Any]]]:
    """Every answer to each objective in view, in order, later ones than ``as_of`` included, with its day."""
    zone = _zone(connection)
    statement = (
        sa.select(objective_response)
        .join(objective, objective.c.id == objective_response.c.objective_id)
        .join(plan, plan.c.id == objective.c.plan_id)
        .where(*_visible(viewer, as_of, today, rep_id))
        .order_by(objective_response.c.answered_at, objective_response.c.id)
    )
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in connection.execute(statement):
        found[row.objective_id].append({**row._mapping, "day": _day_of(row.answered_at, zone)})
    return found


def answers_and_steps(
    viewer: Viewer, connection: sa.Connection, *, rep_id: int, as_of: dt.date, today: dt.date
) -> pl.DataFrame:
    """How objectives of a rep were answered and how resistance was met: objective_id, happened_on, kind, counter_value,
    words, name; in order. kind: accept, counter, object, or a step. No words for an operator.
    """
    schema: SchemaDict = {
        "objective_id": pl.Int64,
        "happened_on": pl.Date,
        "kind": pl.String,
        "counter_value": pl.Float64,
        "words": pl.String,
        "name": pl.String,
    }
    found = [
        (
            objective_id,
            answer["day"],
            answer["response"],
            answer["counter_value"],
            answer["reason"],
            answer["person_id"],
        )
        for objective_id, rows in _answers(connection, viewer, as_of, today, rep_id).items()
        for answer in rows
        if answer["day"] <= as_of
    ]
    steps = (
        sa.select(resistance_step)
        .join(objective, objective.c.id == resistance_step.c.objective_id)
        .join(plan, plan.c.id == objective.c.plan_id)
        .where(*_visible(viewer, as_of, today, rep_id), resistance_step.c.taken_on <= as_of)
        .order_by(resistance_step.c.taken_on, resistance_step.c.id)
    )
    found += [
        (row.objective_id, row.taken_on, row.step, None, row.note, row.recorded_by) for row in connection.execute(steps)
    ]
    people = {row[5] for row in found}
    names = dict(connection.execute(sa.select(person.c.id, person.c.name).where(person.c.id.in_(people))).all())
    rows = [(*row[:5], names.get(row[5])) for row in found]
    # The order in which rows of one day were written stays.
    frame = pl.DataFrame(rows, schema=schema, orient="row").sort("objective_id", "happened_on", maintain_order=True)
    return _worded(viewer, frame, schema, "words")


# ---- Are plans their own, and alive? -----------------------------------------------------------------------------


def plan_quality(
    viewer: Viewer, connection: sa.Connection, *, as_of: dt.date, today: dt.date, coach_id: int | None = None
) -> pl.DataFrame:
    """frames.PLAN_QUALITY of the current plans in scope, of all coaches or one, by coach and rep.

    Copied = the same normalised words stand in another current plan of the same coach; stale = no revision and no
    session on the plan for coaching.plans.STALE_AFTER_DAYS.
    """
    current = plans(viewer, connection, as_of=as_of, today=today).filter(pl.col("status") == "active")
    every = _actions(viewer, connection, as_of, today, None)
    latest = every.filter(pl.col("number") == pl.col("number").max().over("plan_id"))
    whose = latest.join(current.select("plan_id", "coach_id", "rep_id"), on="plan_id", maintain_order="left")
    own = personalisation(whose.select("plan_id", "coach_id", "rep_id", "action"))
    frame = current.join(own, on="plan_id", how="left", maintain_order="left")
    revised = _days(
        connection,
        sa.select(plan_revision.c.plan_id, sa.func.max(plan_revision.c.recorded_at))
        .join(plan, plan.c.id == plan_revision.c.plan_id)
        .where(plan_revision.c.plan_id.in_(current["plan_id"].to_list()), _revision_known(connection, as_of))
        .group_by(plan_revision.c.plan_id),
    )
    held = _sessions_on_actions(connection, as_of, _plan_ids(viewer, as_of, today, None))
    worked = dict(held.group_by("plan_id").agg(pl.col("last_on").max()).iter_rows())
    names = dict(current.select("rep_id", "rep_name").iter_rows())
    rows = []
    for row in frame.iter_rows(named=True):
        touched = last_touched_on(revised.get(row["plan_id"]), worked.get(row["plan_id"]))
        rows.append(
            {
                **{name: row[name] for name in frames.PLAN_QUALITY if name in row},
                "revised_on": revised.get(row["plan_id"]),
                "worked_on": worked.get(row["plan_id"]),
                "touched_on": touched,
                "is_stale": is_stale(touched, as_of),
                "action_count": row["action_count"] or 0,
                "copied_count": row["copied_count"] or 0,
                "copied_from": sorted(names[rep] for rep in row["copied_from"] or []),
            }
        )
    found = pl.DataFrame(rows, schema=frames.PLAN_QUALITY).sort("coach_name", "rep_name", "plan_id")
    return found if coach_id is None else found.filter(pl.col("coach_id") == coach_id)


def _days(connection: sa.Connection, statement: sa.Select[Any]) -> dict[int, dt.date]:
    zone = _zone(connection)
    return {key: _day_of(moment, zone) for key, moment in connection.execute(statement) if moment is not None}


def actions_elsewhere(
    viewer: Viewer, connection: sa.Connection, *, rep_id: int, as_of: dt.date, today: dt.date
) -> pl.DataFrame:
    """rep_name and action of the current plans of other reps in view whom the viewer coaches, by name: what a plan is
    compared with so that it does not become a copy. Empty for whoever coaches nobody.
    """
    schema = {"rep_name": pl.String, "action": pl.String}
    current = plans(viewer, connection, as_of=as_of, today=today).filter(
        (pl.col("status") == "active") & (pl.col("coach_id") == viewer.person_id) & (pl.col("rep_id") != rep_id)
    )
    if current.is_empty():
        return pl.DataFrame(schema=schema)
    every = _actions(viewer, connection, as_of, today, None)
    latest = every.filter(pl.col("number") == pl.col("number").max().over("plan_id"))
    whose = latest.join(current.select("plan_id", "rep_name"), on="plan_id", maintain_order="left")
    return whose.select("rep_name", "action").sort("rep_name", maintain_order=True)


def waiting(viewer: Viewer, connection: sa.Connection, *, as_of: dt.date, today: dt.date) -> pl.DataFrame:
    """frames.OBJECTIVES that wait for the viewer's own word: for a rep those to answer, for a coach those that the rep
    counters or objects to. In current plans only.
    """
    rows = objectives(viewer, connection, as_of=as_of, today=today).filter(pl.col("plan_status") == "active")
    mine = (pl.col("rep_id") == viewer.person_id) & (pl.col("status") == "proposed")
    theirs = (pl.col("coach_id") == viewer.person_id) & pl.col("status").is_in(["countered", "objected"])
    return rows.filter(mine | theirs)


def skills_for_actions(viewer: Viewer, connection: sa.Connection) -> dict[str, str]:
    """Short names and names of the skills of reps, by name. The same for every viewer."""
    rows = connection.execute(sa.select(skill.c.slug, skill.c.name).where(skill.c.kind == "rep").order_by(skill.c.name))
    return dict(rows.all())
