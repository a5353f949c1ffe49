"""What makes a session, an observation, an objective ... of a row: typed columns, no database. People stay texts."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from coaching import costs, observations, sessions
from coaching.metrics import METRICS
from coaching.plans import TARGET_KINDS, read_target
from data_access.importers.coaching_files import words
from data_access.importers.coaching_files.cells import choice, minutes, moment, real_numbers, whole_number
from data_access.importers.names import normalised
from data_access.importers.reading import Reading
from data_access.importers.schemas import plain_fields

Columns = tuple[dict[str, pl.Series], frozenset[str]]


def _supplied(reading: Reading, *derived: str) -> frozenset[str]:
    return frozenset({name for name in plain_fields(reading.kind) if reading.has(name)} | set(derived))


def _case(condition: pl.Series, values: pl.Series) -> pl.Series:
    frame = pl.DataFrame({"condition": condition, "value": values})
    return frame.select(pl.when(pl.col("condition").fill_null(False)).then("value").alias(values.name)).to_series()


# ---- Sessions --------------------------------------------------------------------------------------------------


def read_sessions(reading: Reading) -> Columns:
    """Return the plain columns of sessions and which of them the file supplies.

    A single date column (``on``) is when a session was held, or planned for where its status says that it was not held.
    Asks for ``columns.rep``, ``columns.coach`` and ``columns.held_at``.
    """
    reading.ask_for("says whom the sessions were with", "rep")
    reading.ask_for("says who coached", "coach")
    reading.ask_for("says when the sessions were held or planned for", "held_at", "planned_on", "on")
    columns = {"id": reading.identifier(), "rep": reading.reference("rep"), "coach": reading.reference("coach")}
    rows = reading.date_rows(("planned_on", "held_at", "on"))
    columns["planned_on"] = reading.days(rows, "planned_on")
    columns["held_at"] = moment(reading, rows, "held_at")
    kind = choice(reading, "kind", words.SESSION_KINDS, tuple(sessions.KINDS))
    columns["kind"] = _case(kind != words.AS_IN_COMPANY, kind)
    status = choice(reading, "status", words.STATUSES, tuple(sessions.STATUSES))
    _settle_single_date(reading, rows, columns, status)
    derived = pl.Series(["planned"]).new_from_index(0, reading.height)
    held = pl.Series(["held"]).new_from_index(0, reading.height)
    columns["status"] = status.fill_null(_case(columns["held_at"].is_not_null(), held)).fill_null(derived)
    columns["missed_by"] = choice(reading, "missed_by", words.MISSED_BY, sessions.MISSED_BY)
    columns["minutes"] = minutes(reading, "minutes")
    columns["method"] = choice(reading, "method", words.METHODS, tuple(sessions.METHODS))
    columns["trigger"] = choice(reading, "trigger", words.TRIGGERS, tuple(sessions.TRIGGERS))
    columns |= {name: reading.text(name) for name in ("angle", "skill", "tone")}
    columns |= {name: whole_number(reading, name) for name in ("questions", "instructions")}
    for name in ("rep", "coach"):
        reading.require(columns[name], f"The session's {name}")
    undated = columns["planned_on"].is_null() & columns["held_at"].is_null()
    reading.reject(undated, "The session has no date; say when it was held or planned for.")
    return columns, _supplied(reading, "status", *(("planned_on", "held_at") if reading.has("on") else ()))


def _settle_single_date(
    reading: Reading, rows: dict[str, pl.DataFrame], columns: dict[str, pl.Series], status: pl.Series
) -> None:
    """Take ``on`` for the time a session was held, or the day it was planned for, where nothing else dates it."""
    if not reading.has("on"):
        return
    undated = columns["held_at"].is_null() & columns["planned_on"].is_null()
    was_held = status.fill_null("held") == "held"
    columns["held_at"] = columns["held_at"].fill_null(_case(undated & was_held, moment(reading, rows, "on")))
    columns["planned_on"] = columns["planned_on"].fill_null(_case(undated & ~was_held, reading.days(rows, "on")))


# ---- Observations ----------------------------------------------------------------------------------------------


def read_observations(reading: Reading) -> Columns:
    """Return the plain columns of observations, a row per score, and which of them the file supplies.

    Asks for ``columns.rep``, ``columns.observer``, ``columns.observed_at``, ``columns.skill`` and ``columns.level``.
    """
    reading.ask_for("says who was observed", "rep")
    reading.ask_for("says who observed", "observer")
    reading.ask_for("says when", "observed_at")
    reading.ask_for("names the skills that were scored", "skill")
    reading.ask_for("holds the levels", "level")
    columns = {"id": reading.identifier(), "rep": reading.reference("rep"), "observer": reading.reference("observer")}
    columns["observed_at"] = moment(reading, reading.date_rows(("observed_at",)), "observed_at")
    columns["channel"] = choice(reading, "channel", words.CHANNELS, tuple(observations.CHANNELS))
    columns["mode"] = choice(reading, "mode", words.LIVE_MODES, tuple(observations.LIVE_MODES))
    columns |= {name: reading.text(name) for name in ("scorecard", "skill", "evidence")}
    columns["level"] = whole_number(reading, "level")
    columns["visibility"] = choice(reading, "visibility", words.VISIBILITIES, observations.VISIBILITIES)
    for name in ("rep", "observer", "observed_at", "skill", "level"):
        reading.require(columns[name], f"The observation's {name}")
    return columns, _supplied(reading)


# ---- Plans -----------------------------------------------------------------------------------------------------

_METRICS = {normalised(text) or text: entry.key for entry in METRICS for text in (entry.label, entry.key)}


def read_plans(reading: Reading) -> Columns:
    """Return the plain columns of objectives and which of them the file supplies.

    A target may be written as "+20 %", "7 points" or "double", which say by themselves how they are meant unless
    ``target_kind`` does; plain numbers are values to reach. Asks for ``columns.rep``, ``columns.coach``,
    ``columns.metric``, ``columns.target``, ``columns.agreed_on`` and ``columns.due_on``.
    """
    for what, name in (
        ("says whose plan it is", "rep"),
        ("says who agreed it with the rep", "coach"),
        ("names the metric of the objectives", "metric"),
        ("holds the targets", "target"),
        ("says when the objectives were agreed", "agreed_on"),
        ("says until when", "due_on"),
    ):
        reading.ask_for(what, name)
    columns = {"id": reading.identifier(), "rep": reading.reference("rep"), "coach": reading.reference("coach")}
    columns |= {"metric": _metric_keys(reading.text("metric")), "why": reading.text("why")}
    rows = reading.date_rows(("agreed_on", "due_on"))
    columns |= {name: reading.days(rows, name) for name in ("agreed_on", "due_on")}
    said = choice(reading, "target_kind", words.TARGET_KINDS, tuple(TARGET_KINDS))
    target, kind = _spoken_targets(reading.text("target"))
    plain = {"target": _case(target.is_null(), reading.text("target")), "baseline": _without_percent(reading)}
    read = real_numbers(reading, plain)
    columns["target"] = target.fill_null(read["target"]).alias("target")
    columns["baseline"] = read["baseline"] / _hundreds(reading.text("baseline"))
    columns["target_kind"] = said.fill_null(kind).fill_null(pl.Series(["absolute"]).new_from_index(0, reading.height))
    for name in ("rep", "coach", "metric", "target", "agreed_on", "due_on"):
        reading.require(columns[name], f"The objective's {name}")
    return columns, _supplied(reading, "target_kind")


def _metric_keys(texts: pl.Series) -> pl.Series:
    """Return keys of the registry for keys and labels; any other text stays, to be refused by name."""
    known = {text: _METRICS.get(normalised(text) or "", text) for text in texts.drop_nulls().unique()}
    return texts.replace_strict(known, default=None, return_dtype=pl.String)


def _spoken_targets(texts: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Return the value and the kind of targets that carry words or a per cent sign; null for plain numbers."""
    spoken = {text: read_target(text) for text in texts.drop_nulls().unique()}
    told = {text: read for text, read in spoken.items() if read is not None and read[1] is not None}
    value = texts.replace_strict({t: r[0] for t, r in told.items()}, default=None, return_dtype=pl.Float64)
    kind = texts.replace_strict({t: r[1] for t, r in told.items()}, default=None, return_dtype=pl.String)
    return value.alias("target"), kind.alias("target_kind")


def _without_percent(reading: Reading) -> pl.Series:
    return reading.text("baseline").str.replace(r"\s*(?:%|percent|per cent|Prozent)$", "")


def _hundreds(texts: pl.Series) -> pl.Series:
    """100 where a text is in per cent, else 1."""
    return texts.str.contains(r"(?:%|percent|per cent|Prozent)$").fill_null(False).cast(pl.Float64) * 99 + 1


# ---- Absences, holidays, policy, costs -------------------------------------------------------------------------


def read_absences(reading: Reading) -> Columns:
    """Return the plain columns of absences; without a last day they are one day long. Asks for ``columns.rep`` and
    ``columns.from``."""
    reading.ask_for("says who was absent", "rep")
    reading.ask_for("says from when", "from")
    columns = {"rep": reading.reference("rep"), "reason": reading.text("reason")}
    rows = reading.date_rows(("from", "to"))
    columns["from"] = reading.days(rows, "from")
    columns["to"] = reading.days(rows, "to").fill_null(columns["from"]).alias("to")
    for name in ("rep", "from"):
        reading.require(columns[name], f"The absence's {name}")
    return columns, _supplied(reading)


def read_holidays(reading: Reading) -> Columns:
    """Return the plain columns of holidays; without a region they hold everywhere. Asks for ``columns.date``."""
    reading.ask_for("holds the days", "date")
    columns = {"date": reading.days(reading.date_rows(("date",)), "date")}
    columns |= {name: reading.text(name) for name in ("region", "name")}
    reading.require(columns["date"], "The holiday's date")
    return columns, _supplied(reading)


def read_policy(reading: Reading) -> Columns:
    """Return the plain columns of cadence policies; without a first day one holds since ever. Asks for
    ``columns.role`` and ``columns.every_days``."""
    reading.ask_for("says for which role it holds", "role")
    reading.ask_for("says after how many days a session is expected again", "every_days")
    columns = {"role": choice(reading, "role", words.ROLES, ("rep", "manager", "leader"))}
    columns |= {name: whole_number(reading, name) for name in ("every_days", "tolerance_days")}
    columns["from"] = reading.days(reading.date_rows(("from",)), "from")
    for name in ("role", "every_days"):
        reading.require(columns[name], f"The policy's {name}")
    return columns, _supplied(reading)


def read_costs(reading: Reading) -> Columns:
    """Return the plain columns of costs. Asks for ``columns.from``, ``columns.to``, ``columns.kind`` and
    ``columns.amount``, and for ``rates`` where amounts are in several currencies."""
    reading.ask_for("says from when the cost is", "from")
    reading.ask_for("says until when the cost is", "to")
    reading.ask_for("says what the money was spent on", "kind")
    reading.ask_for("holds the amounts", "amount")
    columns = {name: reading.reference(name) for name in ("rep", "coach")}
    rows = reading.date_rows(("from", "to"))
    columns |= {name: reading.days(rows, name) for name in ("from", "to")}
    columns["kind"] = choice(reading, "kind", words.COST_KINDS, tuple(costs.KINDS))
    columns["programme"] = reading.text("programme")
    amounts, columns["currency"] = reading.money("amount")
    columns |= amounts
    for name in ("from", "to", "kind", "amount"):
        reading.require(columns[name], f"The cost's {name}")
    return columns, _supplied(reading, *(("currency",) if reading.currency is not None else ()))


READERS: dict[str, Callable[[Reading], Columns]] = {
    "sessions": read_sessions,
    "observations": read_observations,
    "plans": read_plans,
    "absences": read_absences,
    "holidays": read_holidays,
    "policy": read_policy,
    "costs": read_costs,
}
