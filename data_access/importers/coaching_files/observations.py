"""Observations from a file, a row per score: rows that share rep, observer, time and scorecard are one observation.

Scores are only ever added. What was given once stays: a row that says otherwise is rejected.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl
import sqlalchemy as sa

from coaching.observations import ObservationDraft, ScoreDraft
from coaching.observations import clean as clean_words
from data_access.bulk import insert_frame
from data_access.importers.coaching_files.company import Company, RowRejected, skill_of
from data_access.importers.coaching_files.rows import Prepared, Schema, checked, of_import, refuse, without_twins
from data_access.importers.schemas import INSTANT
from data_access.knowledge import exists_for_readers
from data_access.tables import observation, score

CALL: Schema = {
    "source_key": pl.String,
    "person_id": pl.Int64,
    "observer_id": pl.Int64,
    "kind": pl.String,
    "observed_at": INSTANT,
    "observed_on": pl.Date,
    "scorecard_version_id": pl.Int64,
    "channel": pl.String,
    "live_mode": pl.String,
    "visibility": pl.String,
}
"""What the rows of one observation share."""
SCORE = ("source_key", "scorecard_item_id", "skill", "level", "evidence")
ROWS: Schema = {**CALL, "scorecard_item_id": pl.Int64, "skill": pl.String, "level": pl.Int64, "evidence": pl.String}
WORDS = {
    "person_id": "rep",
    "observer_id": "observer",
    "observed_at": "time",
    "scorecard_version_id": "scorecard",
    "channel": "channel",
    "live_mode": "mode",
    "visibility": "visibility",
}
"""What rows of one observation have to agree on, in the words of the file. An empty cell agrees with everything."""


@dataclass
class Call:
    """One observation as far as it is known: a stored one, or what the rows so far say."""

    values: dict[str, Any]
    line: int | None = None
    """The row of the file that it comes from; None = stored before."""
    row_id: int | None = None
    scores: dict[int, tuple[int, str | None]] = field(default_factory=dict)
    """Item -> level and evidence, of a stored one."""


def prepare(
    connection: sa.Connection, company: Company, records: pl.DataFrame, time_zone: str | None = None
) -> Prepared:
    """What loading these scores will do. ``time_zone``: in which the file tells times; None = the company's."""
    prepared = Prepared()
    rows = checked(prepared, records, ROWS, lambda row: _values(company, row))
    stored = _stored(connection, company)
    calls = dict(stored)
    rows = _agreeing(prepared, calls, rows).select(*SCORE, "line", "raw")
    rows = without_twins(prepared, rows, ["source_key", "scorecard_item_id"], "skill in the same observation")
    rows = _new_scores(prepared, stored, rows)
    fresh = [call.values for call in calls.values() if call.row_id is None]
    prepared.reps.update(values["person_id"] for values in fresh)
    frame = pl.DataFrame(fresh, schema=CALL, orient="row").with_columns(
        pl.lit(time_zone, pl.String).alias("time_zone"), pl.col("visibility").fill_null("shared")
    )
    frame = frame.filter(pl.col("source_key").is_in(rows["source_key"].to_list()))
    known = {key: call.row_id for key, call in stored.items() if call.row_id is not None}
    prepared.steps.append(lambda c, import_id: _store(c, company, frame, rows, known, import_id))
    return prepared


def _values(company: Company, row: dict[str, Any]) -> dict[str, Any]:
    """A score and the observation it belongs to, as columns. Raises RowRejected."""
    person_id, observer_id = company.person("rep", row["rep"]), company.person("observer", row["observer"])
    if person_id is None or observer_id is None:
        raise RowRejected("The row names no rep or no observer; add them.")
    on = row["observed_at"].astimezone(company.zone).date()
    card = company.card(row["scorecard"], on)
    item = skill_of(card, row["skill"])
    draft = ObservationDraft(
        person_id=person_id,
        observer_id=observer_id,
        observed_at=row["observed_at"],
        kind=_kind(card.kind, is_own=person_id == observer_id),
        channel=row["channel"],
        live_mode=row["mode"],
        scorecard=card.slug,
        scores=(ScoreDraft(item.skill, row["level"], clean_words(row["evidence"])),),
        visibility=row["visibility"] or "shared",
    )
    refuse(draft.problems(card, company.now, joined_on=company.joined_on.get(person_id), time_zone=company.time_zone))
    key = f"{person_id}|{observer_id}|{row['observed_at'].isoformat()}|{card.slug}"
    return {
        "source_key": f"id:{row['id']}" if row["id"] else key,
        "person_id": person_id,
        "observer_id": observer_id,
        "kind": draft.kind,
        "observed_at": row["observed_at"],
        "observed_on": on,
        "scorecard_version_id": card.version_id,
        "channel": row["channel"],
        "live_mode": row["mode"],
        "visibility": row["visibility"],
        "scorecard_item_id": item.item_id,
        "skill": item.skill,
        "level": row["level"],
        "evidence": draft.scores[0].evidence or None,
    }


def _kind(card: str, *, is_own: bool) -> str:
    if is_own:
        return "self"
    return "coach" if card == "rep" else "coach_the_coach"


def _stored(connection: sa.Connection, company: Company) -> dict[str, Call]:
    """Every observation that a file has brought, by its key, with its scores."""
    if company.replaces_demo:
        return {}
    known = sa.and_(observation.c.source_key.is_not(None), exists_for_readers(observation))
    columns = [observation.c[name] for name in CALL]
    found = {
        row.source_key: Call(dict(zip(CALL, row[:-1], strict=True)), row_id=row.id)
        for row in connection.execute(sa.select(*columns, observation.c.id).where(known))
    }
    by_id = {call.row_id: call for call in found.values()}
    scores = sa.select(score.c.observation_id, score.c.scorecard_item_id, score.c.level, score.c.evidence)
    for row_id, item_id, level, evidence in connection.execute(
        scores.join(observation, observation.c.id == score.c.observation_id).where(known)
    ):
        by_id[row_id].scores[item_id] = (level, evidence)
    return found


def _agreeing(prepared: Prepared, calls: dict[str, Call], rows: pl.DataFrame) -> pl.DataFrame:
    """The rows that do not contradict their observation; ``calls`` gains the new ones."""
    kept = []
    for row in rows.iter_rows(named=True):
        call = calls.get(row["source_key"])
        if call is None:
            calls[row["source_key"]] = Call({name: row[name] for name in CALL}, line=row["line"])
        elif (problem := _contradiction(call, row)) is not None:
            prepared.reject(row, problem)
            continue
        elif call.row_id is None:
            call.values |= {name: row[name] for name in WORDS if call.values[name] is None}
        kept.append(row["line"])
    return rows.filter(pl.col("line").is_in(kept))


def _contradiction(call: Call, row: Mapping[str, Any]) -> str | None:
    """A sentence where a row says something else about its observation than what is known of it."""
    for name, word in WORDS.items():
        if row[name] is None or row[name] == call.values[name]:
            continue
        if call.values[name] is None and call.row_id is None:
            continue
        if call.row_id is None:
            return f"The row says another {word} than line {call.line} of the same observation; correct one of them."
        return (
            f"The observation has been loaded with another {word}, and observations stay as they were written down; "
            "record a new one instead."
        )
    return None


def _new_scores(prepared: Prepared, stored: Mapping[str, Call], rows: pl.DataFrame) -> pl.DataFrame:
    """The scores nobody has loaded yet. Known ones are counted, and rejected where they differ."""
    fresh = []
    for row in rows.iter_rows(named=True):
        call = stored.get(row["source_key"])
        known = call.scores.get(row["scorecard_item_id"]) if call else None
        if known is None:
            prepared.counts["new"] += 1
            fresh.append(row["line"])
        elif known[0] != row["level"]:
            prepared.reject(
                row,
                f"{row['skill']} was given another level in this observation before, and scores stay as they were "
                "given; record a new observation instead.",
            )
        elif row["evidence"] not in (None, known[1]):
            prepared.reject(
                row,
                f"The evidence for {row['skill']} was written down in other words before, and stays as it was; record "
                "a new observation instead.",
            )
        else:
            prepared.counts["unchanged"] += 1
    return rows.filter(pl.col("line").is_in(fresh))


def _store(
    connection: sa.Connection,
    company: Company,
    calls: pl.DataFrame,
    scores: pl.DataFrame,
    known: Mapping[str, int],
    import_id: int,
) -> None:
    # Open to the rep since the call itself: from which day on it is known is for the file's own date to say.
    opened = calls.with_columns(pl.col("observed_at").alias("released_at"))
    insert_frame(connection, observation, of_import(opened, import_id, company, "recorded_at"))
    mine = sa.select(observation.c.source_key, observation.c.id).where(observation.c.import_id == import_id)
    numbers = {**known, **dict(connection.execute(mine).all())}
    of_observation = pl.col("source_key").replace_strict(numbers, default=None, return_dtype=pl.Int64)
    insert_frame(
        connection,
        score,
        scores.select(of_observation.alias("observation_id"), "scorecard_item_id", "level", "evidence"),
    )
