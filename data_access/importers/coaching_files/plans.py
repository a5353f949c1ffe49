"""Objectives from a file: rows of one rep, coach and day of agreement make one plan.

What was agreed is never rewritten: a row that says otherwise is rejected, because revisions are made in the product,
with a reason.
"""

from __future__ import annotations

import datetime as dt
import functools
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl
import sqlalchemy as sa

from coaching import numbers
from coaching.metrics import BY_KEY, Unit
from coaching.plans import ObjectiveDraft, usable_metric
from data_access.bulk import insert_frame
from data_access.importers.coaching_files.company import Company, RowRejected
from data_access.importers.coaching_files.rows import Prepared, Schema, checked, refuse, without_twins
from data_access.knowledge import exists_for_readers
from data_access.queries.plans import baseline
from data_access.scope import operator
from data_access.tables import objective, plan, plan_revision

FIRST_REASON = "Imported"
ROWS: Schema = {
    "source_key": pl.String,
    "rep_id": pl.Int64,
    "coach_id": pl.Int64,
    "metric_key": pl.String,
    "given_baseline": pl.Float64,
    "target_value": pl.Float64,
    "target_kind": pl.String,
    "agreed_on": pl.Date,
    "due_on": pl.Date,
    "why_business": pl.String,
    "baseline_value": pl.Float64,
    "baseline_count": pl.Int64,
    "baseline_as_of": pl.Date,
    "baseline_basis": pl.String,
}
BASELINE = tuple(name for name in ROWS if name.startswith("baseline_"))
"""Filled for objectives that nobody knows yet."""
OBJECTIVE = (
    "plan_id", "source_key", "metric_key", "target_value", "target_kind", "agreed_on", "due_on", "why_business",
    *BASELINE,
)  # fmt: skip
PLAN = ["rep_id", "coach_id", "agreed_on"]
"""What rows of one plan share."""
AGREED = {
    "rep_id": "rep",
    "coach_id": "coach",
    "metric_key": "metric",
    "target_value": "target",
    "target_kind": "kind of target",
    "agreed_on": "day of agreement",
    "due_on": "due date",
    "baseline_value": "baseline",
}
"""What two people agreed on, in words."""


Take = Callable[[int, str, dt.date, float | None], dict[str, Any]]
"""Rep, metric, day and a given baseline -> the columns BASELINE."""


@dataclass
class Known:
    """Objectives and plans that are there already."""

    by_key: dict[str, dict[str, Any]] = field(default_factory=dict)
    by_metric: dict[tuple[int, str, dt.date], dict[str, Any]] = field(default_factory=dict)
    plans: dict[tuple[int, int, dt.date], tuple[int, str]] = field(default_factory=dict)
    """Rep, coach and first day -> row and status."""

    def objective(self, row: Mapping[str, Any]) -> dict[str, Any] | None:
        """The objective that a row is about."""
        found = self.by_key.get(row["source_key"])
        return found or self.by_metric.get((row["rep_id"], row["metric_key"], row["agreed_on"]))


def prepare(connection: sa.Connection, company: Company, records: pl.DataFrame) -> Prepared:
    """What loading these objectives will do. Known by id, else by rep, metric and day of agreement."""
    prepared = Prepared()
    known = _known(connection, company)
    take = functools.cache(functools.partial(_baseline, connection, company))
    rows = checked(prepared, records, ROWS, lambda row: _values(company, known, take, row))
    rows = without_twins(prepared, rows, ["source_key"], "objective")
    rows = _one_per_metric(prepared, rows)
    fresh = _new(prepared, company, known, rows)
    prepared.counts["new"] += fresh.height
    prepared.steps.append(lambda c, import_id: _store(c, company, known, fresh, import_id))
    return prepared


def _values(company: Company, known: Known, take: Take, row: dict[str, Any]) -> dict[str, Any]:
    """An objective's columns; those of a new one with its baseline. Raises RowRejected."""
    rep_id, coach_id = company.person("rep", row["rep"]), company.person("coach", row["coach"])
    if rep_id is None or coach_id is None:
        raise RowRejected("The row names no rep or no coach; add them.")
    key = f"{rep_id}|{row['metric']}|{row['agreed_on'].isoformat()}"
    values = {
        "source_key": f"id:{row['id']}" if row["id"] else key,
        "rep_id": rep_id,
        "coach_id": coach_id,
        "metric_key": row["metric"],
        "given_baseline": row["baseline"],
        "target_value": _target(row),
        "target_kind": row["target_kind"],
        "agreed_on": row["agreed_on"],
        "due_on": row["due_on"],
        "why_business": row["why"],
        **dict.fromkeys(BASELINE),
    }
    if known.objective(values) is None:
        if row["agreed_on"] > company.today:
            raise RowRejected("The day of agreement lies in the future; correct it.")
        values |= take(rep_id, row["metric"], row["agreed_on"], row["baseline"])
        refuse(_draft(values).problems())
        _refuse_closed(known, values)
    return values


def _target(row: dict[str, Any]) -> float | None:
    """The target as it is kept: 7 points of a share are 0.07, however the file writes them."""
    entry, target = BY_KEY.get(row["metric"] or ""), row["target"]
    is_share = row["target_kind"] == "points" and entry is not None and entry.unit is Unit.SHARE
    return target / 100 if is_share and target is not None and abs(target) >= 1 else target


def _draft(values: Mapping[str, Any]) -> ObjectiveDraft:
    return ObjectiveDraft(
        rep_id=values["rep_id"],
        coach_id=values["coach_id"],
        metric_key=values["metric_key"],
        baseline=values["baseline_value"],
        target=values["target_value"],
        target_kind=values["target_kind"],
        agreed_on=values["agreed_on"],
        due_on=values["due_on"],
        why_business=values["why_business"] or "",
    )


def _refuse_closed(known: Known, values: Mapping[str, Any]) -> None:
    _, status = known.plans.get((values["rep_id"], values["coach_id"], values["agreed_on"]), (0, "active"))
    if status == "closed":
        starts = numbers.day(values["agreed_on"])
        raise RowRejected(f"The plan of these two from {starts} is closed; agree the objective in a new plan.")


def _baseline(
    connection: sa.Connection,
    company: Company,
    rep_id: int,
    metric_key: str,
    agreed_on: dt.date,
    given: float | None,
) -> dict[str, Any]:
    """The columns BASELINE, as given or as of the day of agreement; empty where there are no data."""
    empty = dict.fromkeys(BASELINE)
    if given is not None:
        taken = {"baseline_value": given, "baseline_as_of": agreed_on, "baseline_basis": "Given in the file"}
        return {**empty, **taken}
    if usable_metric(metric_key) is None:
        return empty
    computed = baseline(
        operator(), connection, rep_id=rep_id, metric_key=metric_key, agreed_on=agreed_on, today=company.today
    )
    if computed is None:
        return {**empty, "baseline_as_of": agreed_on}
    return {
        "baseline_value": computed.value,
        "baseline_count": computed.count,
        "baseline_as_of": computed.as_of,
        "baseline_basis": computed.basis,
    }


def _one_per_metric(prepared: Prepared, rows: pl.DataFrame) -> pl.DataFrame:
    """Rows with ids of their own that name the same metric of one rep on one day: only the first is an objective."""
    first = rows.unique(["rep_id", "metric_key", "agreed_on"], keep="first", maintain_order=True)
    for row in rows.join(first.select("line"), on="line", how="anti").sort("line").iter_rows(named=True):
        prepared.reject(row, "Another row agrees on the same metric with this rep on the same day; make it one.")
    return first


def _known(connection: sa.Connection, company: Company) -> Known:
    found = Known()
    if company.replaces_demo:
        return found
    o, p = objective.c, plan.c
    columns = [o[name] for name in ROWS if name in o] + [p.rep_id, p.coach_id, o.id]
    statement = sa.select(*columns).join(plan, p.id == o.plan_id).where(exists_for_readers(objective)).order_by(o.id)
    for row in connection.execute(statement).mappings():
        if row["source_key"]:
            found.by_key[row["source_key"]] = dict(row)
        found.by_metric[row["rep_id"], row["metric_key"], row["agreed_on"]] = dict(row)
    plans = sa.select(p.rep_id, p.coach_id, p.starts_on, p.id, p.status).where(exists_for_readers(plan)).order_by(p.id)
    found.plans = {(rep, coach, starts): (row_id, status) for rep, coach, starts, row_id, status in
                   connection.execute(plans)}  # fmt: skip
    return found


def _new(prepared: Prepared, company: Company, known: Known, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows that nobody knows yet. Known ones are counted, and rejected where something else was agreed."""
    fresh, words = [], []
    for row in rows.iter_rows(named=True):
        stored = known.objective(row)
        if stored is None:
            fresh.append(row["line"])
        elif differing := [word for name, word in AGREED.items() if _differs(name, row, stored)]:
            prepared.reject(
                row,
                f"This objective was agreed with another {' and another '.join(differing)}; revise it in the product, "
                "with the reason.",
            )
        elif row["why_business"] in (None, stored["why_business"]):
            prepared.counts["unchanged"] += 1
        elif company.is_late:
            prepared.counts["stale"] += 1
        else:
            prepared.counts["changed"] += 1
            words.append({"row_id": stored["id"], "words": row["why_business"]})
    if words:
        prepared.steps.append(lambda connection, _: _store_words(connection, words))
    return rows.filter(pl.col("line").is_in(fresh))


def _differs(name: str, row: Mapping[str, Any], stored: Mapping[str, Any]) -> bool:
    said = row["given_baseline"] if name == "baseline_value" else row[name]
    if said is None and name == "baseline_value":
        return False
    if isinstance(said, float) and isinstance(stored[name], float):
        return not math.isclose(said, stored[name], rel_tol=1e-9, abs_tol=1e-12)
    return bool(said != stored[name])


def _store_words(connection: sa.Connection, words: list[dict[str, Any]]) -> None:
    statement = sa.update(objective).where(objective.c.id == sa.bindparam("row_id"))
    values = {"why_business": sa.bindparam("words"), "version": objective.c.version + 1}
    connection.execute(statement.values(values), words)


def _store(connection: sa.Connection, company: Company, known: Known, fresh: pl.DataFrame, import_id: int) -> None:
    """Write new plans with their first revision, then the objectives."""
    if fresh.is_empty():
        return
    numbered = {key: row_id for key, (row_id, _) in known.plans.items()}
    ends = fresh.group_by(PLAN, maintain_order=True).agg(pl.col("due_on").max().alias("ends_on"))
    is_known = pl.Series([row in numbered for row in ends.select(PLAN).iter_rows()], dtype=pl.Boolean)
    _store_plans(connection, company, ends.filter(~is_known), import_id)
    mine = sa.select(plan.c.rep_id, plan.c.coach_id, plan.c.starts_on, plan.c.id).where(plan.c.import_id == import_id)
    numbered |= {(rep, coach, starts): row_id for rep, coach, starts, row_id in connection.execute(mine)}
    _prolong(connection, [(numbered[row[:3]], row[3]) for row in ends.filter(is_known).iter_rows()])
    plan_ids = [numbered[row] for row in fresh.select(PLAN).iter_rows()]
    rows = fresh.with_columns(pl.Series("plan_id", plan_ids, dtype=pl.Int64)).select(OBJECTIVE)
    rows = rows.with_columns(pl.lit("accepted").alias("status"), pl.lit(import_id, pl.Int64).alias("import_id"))
    insert_frame(connection, objective, rows)


def _store_plans(connection: sa.Connection, company: Company, new: pl.DataFrame, import_id: int) -> None:
    key = pl.concat_str("rep_id", "coach_id", pl.col("agreed_on").dt.to_string("%Y-%m-%d"), separator="|")
    rows = new.select(
        key.alias("source_key"),
        "rep_id",
        "coach_id",
        pl.col("agreed_on").alias("starts_on"),
        "ends_on",
        pl.lit("active").alias("status"),
        pl.lit(import_id, pl.Int64).alias("import_id"),
    )
    insert_frame(connection, plan, rows)
    mine = sa.select(plan.c.id, plan.c.starts_on).where(plan.c.import_id == import_id)
    first = [
        # The plan says so from the day it was agreed; that the product knows it is a matter of the import.
        {"plan_id": row_id, "number": 1, "reason": FIRST_REASON, "recorded_at": min(_noon(company, day), company.now)}
        for row_id, day in connection.execute(mine)
    ]
    if first:
        connection.execute(sa.insert(plan_revision), first)


def _noon(company: Company, day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(12), company.zone)


def _prolong(connection: sa.Connection, ends: list[tuple[int, dt.date]]) -> None:
    """A plan lasts as long as its last objective."""
    for row_id, day in ends:
        connection.execute(
            sa.update(plan)
            .where(plan.c.id == row_id, plan.c.ends_on < day)
            .values(ends_on=day, version=plan.c.version + 1)
        )
