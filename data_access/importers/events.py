"""What makes a stage entry, an activity or a call of a row. Every instant leaves in UTC."""

from __future__ import annotations

import polars as pl

from data_access.importers import phone, words
from data_access.importers.names import normalised
from data_access.importers.reading import Reading
from data_access.importers.reference import Columns
from data_access.importers.schemas import plain_fields

_STAGE_FIELDS = ("stage", "stagename", "dealstage", "opportunitystage", "phase")


def _supplied(reading: Reading, *derived: str) -> frozenset[str]:
    return frozenset({name for name in plain_fields(reading.kind) if reading.has(name)} | set(derived))


def _nothing(reading: Reading, name: str, dtype: type[pl.DataType] = pl.String) -> pl.Series:
    return pl.Series(name, [None], dtype=dtype).new_from_index(0, reading.height)


# ---- Stage history ---------------------------------------------------------------------------------------------


def read_stage_history(reading: Reading) -> Columns:
    """Return the plain columns of stage entries and which of them the file supplies.

    A list of changed fields is reduced to those of the stage; the other rows count as ignored. A row that repeats the
    stage the deal was already in (an edit of its amount or date) stays: it dates the amount. The entry into a stage is
    the first of such a run, see ``first_of_each_stage``.
    """
    reading.ask_for("says which deal moved", "deal")
    reading.ask_for("says which stage it moved to", "stage")
    reading.ask_for("says when", "entered_at")
    columns = {"deal": reading.reference("deal"), "owner": reading.reference("owner"), "stage": reading.text("stage")}
    rows = reading.date_rows(("entered_at",))
    if reading.has("field"):
        changed = reading.text("field")
        known = {text: _is_stage_field(text) for text in changed.drop_nulls().unique()}
        other = ~changed.replace_strict(known, default=False, return_dtype=pl.Boolean)
        left_out = reading.ignore(other)
        if left_out:
            reading.notes.append(f"{left_out} rows are about other fields than the stage and were left out.")
    columns["entered_at"] = reading.instants(rows, "entered_at")
    columns["status"] = _status(reading, columns["stage"])
    amounts, columns["currency"] = reading.money("amount")
    columns |= amounts
    for name in ("deal", "stage", "entered_at"):
        reading.require(columns[name], f"The stage entry's {name}")
    return columns, _supplied(reading, *(("currency",) if reading.currency is not None else ()))


def _is_stage_field(text: str) -> bool:
    return (normalised(text) or "") in _STAGE_FIELDS


def _status(reading: Reading, stage: pl.Series) -> pl.Series:
    """Return open, won or lost for each stage: by the mapping, by a known word in status or stage, else open."""
    said = {normalised(text): status for text, status in reading.mapping.status.items()}
    told = reading.text("status")

    def meaning(text: str) -> str | None:
        return said.get(normalised(text)) or words.status_of_word(text)

    found = [
        texts.replace_strict(
            {text: meaning(text) for text in texts.drop_nulls().unique()}, default=None, return_dtype=pl.String
        )
        for texts in (told, stage)
    ]
    return found[0].fill_null(found[1]).fill_null("open")


def first_of_each_stage(entries: pl.DataFrame) -> pl.DataFrame:
    """Return the entries at which a deal really changed its stage: the first of every run of the same stage.

    ``entries`` has the schema of stage history. Rows of one instant keep their order in the file.
    """
    ordered = entries.sort("deal", "entered_at", "line", maintain_order=True)
    before = pl.col("stage").shift(1).over("deal")
    return ordered.filter(before.is_null() | (pl.col("stage") != before))


# ---- Activities ------------------------------------------------------------------------------------------------


def read_activities(reading: Reading) -> Columns:
    """Return the plain columns of activities and which of them the file supplies.

    ``planned`` is its own column, else the opposite of one that says what is done; null where neither says.
    """
    reading.ask_for("says when the activities took place", "at")
    reading.ask_for("says whose activities they are or which deal they are about", "rep", "deal")
    columns = {"id": reading.identifier(), "kind": reading.text("kind"), "rep": reading.reference("rep")}
    columns["deal"] = _first_of_several(reading, reading.reference("deal"))
    rows = reading.date_rows(("at",))
    columns["at"] = reading.instants(rows, "at")
    planned, done = reading.flag("planned"), words.done_values(reading.text("done"))
    columns["planned"] = planned.fill_null(~done)
    reading.require(columns["at"], "The activity's time")
    reading.reject(
        columns["rep"].is_null() & columns["deal"].is_null(), "The row names neither a rep nor a deal; add one of them."
    )
    return columns, _supplied(reading, *(("planned",) if reading.has("done") else ()))


def _first_of_several(reading: Reading, deals: pl.Series) -> pl.Series:
    """Return the first of several associated ids ("123;456"): an activity is counted once."""
    several = deals.str.contains(r"^\d+\s*;").fill_null(value=False)
    if several.any():
        reading.notes.append(f"{int(several.sum())} rows name several deals; the first is taken.")
    return deals.str.replace(r"^(\d+)\s*;.*$", "${1}")


# ---- Calls -----------------------------------------------------------------------------------------------------


def read_calls(reading: Reading) -> Columns:
    """Return the plain columns of calls and which of them the file supplies.

    Where no column names the rep, the rep is one of the two ends of the line. Asks for ``columns.rep`` and
    ``columns.started_at``.
    """
    reading.ask_for("says when the calls began", "started_at")
    ends = reading.has("caller") or reading.has("callee")
    if not ends:
        reading.ask_for("says who made the calls", "rep")
    if reading.has("record_type"):
        _only_calls(reading)
    columns = {"id": reading.identifier(), "account": reading.reference("account")}
    columns["deal"] = _first_of_several(reading, reading.reference("deal"))
    rows = reading.date_rows(("started_at", "ended_at"))
    columns["started_at"] = reading.instants(rows, "started_at")
    columns["seconds"] = _seconds(reading, columns["started_at"], rows)
    direction = words.spoken(reading.text("direction"), words.DIRECTIONS).alias("direction")
    caller, callee = reading.reference("caller"), reading.reference("callee")
    rep, supervisor = reading.reference("rep"), reading.reference("supervisor")
    mode = _mode(reading)
    if reading.has("application"):
        spy, spied, how = phone.asterisk_supervision(
            reading.text("application"), reading.text("application_data"), caller
        )
        supervisor, rep, mode = supervisor.fill_null(spy), rep.fill_null(spied), mode.fill_null(how)
    elif ends and not reading.has("supervisor"):
        # Who listens in calls the one who is coached.
        supervisor = _where(mode.is_not_null(), caller)
        rep = rep.fill_null(_where(mode.is_not_null(), callee)) if not reading.has("rep") else rep
    end, told = phone.rep_of_line(caller, callee, direction)
    # A record of somebody listening in has no direction of its own; a call that names its supervisor has.
    is_call = supervisor.is_null() | pl.Series([reading.has("supervisor")]).new_from_index(0, reading.height)
    columns["direction"] = _where(is_call, direction if reading.has("direction") else told)
    columns["rep"] = rep if reading.has("rep") else rep.fill_null(_where(supervisor.is_null(), end))
    columns["supervisor"] = supervisor
    columns["mode"] = mode.fill_null(
        _where(supervisor.is_not_null(), pl.Series(["unknown"]).new_from_index(0, mode.len()))
    )
    reading.require(columns["rep"], "The call's rep")
    reading.require(columns["started_at"], "The call's start")
    derived = {"rep"}
    if reading.has("minutes", "milliseconds", "ended_at"):
        derived.add("seconds")
    if reading.has("mode", "application"):
        derived |= {"mode", "supervisor"}
    if ends:
        derived.add("direction")
    return columns, _supplied(reading, *derived)


def _where(condition: pl.Series, values: pl.Series) -> pl.Series:
    return pl.DataFrame({"c": condition, "v": values}).select(pl.when("c").then("v").alias(values.name)).to_series()


def _mode(reading: Reading) -> pl.Series:
    """Return listen, whisper, barge or unknown; null where the text is about something else ("Phone Call")."""
    return words.spoken(reading.text("mode"), words.MODES)


def _only_calls(reading: Reading) -> None:
    """Leave out the tasks and meetings of a list that holds calls among them."""
    left_out = reading.ignore(~words.is_call(reading.text("record_type")))
    if left_out:
        reading.notes.append(f"{left_out} rows are no calls and were left out.")


def _seconds(reading: Reading, started: pl.Series, rows: dict[str, pl.DataFrame]) -> pl.Series:
    """Return the length of the calls: as seconds or h:mm:ss, minutes or milliseconds, else end minus start."""
    result = _nothing(reading, "seconds", pl.Int64)
    if reading.has("seconds"):
        result = _clock_or_number(reading, "seconds", 1)
    if reading.has("minutes"):
        result = result.fill_null(_clock_or_number(reading, "minutes", 60))
    if reading.has("milliseconds"):
        result = result.fill_null(reading.number("milliseconds", times=0.001))
    if reading.has("ended_at"):
        span = (reading.instants(rows, "ended_at") - started).dt.total_seconds()
        result = result.fill_null(_where(span >= 0, span))
    reading.reject(result < 0, "The call lasts less than nothing; correct its length.")
    return result.alias("seconds")


def _clock_or_number(reading: Reading, name: str, unit: int) -> pl.Series:
    """Read 05:32 and 1:05:32 as a clock does, everything else as a number of ``unit`` seconds; both may stand mixed."""
    texts = reading.text(name)
    clock = texts.str.extract_groups(r"^(?:(?P<h>\d{1,3}):)?(?P<m>\d{1,3}):(?P<s>[0-5]\d)(?:\.\d+)?$").struct.unnest()
    hours, minutes, seconds = (clock[part].cast(pl.Int64) for part in "hms")
    on_the_clock = hours.fill_null(0) * 3600 + minutes * 60 + seconds
    return on_the_clock.fill_null(reading.number(name, times=unit, besides=on_the_clock.is_not_null())).alias(name)
