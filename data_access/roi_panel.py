"""``roi --panel FILE``: the engine of the programme's effect on any CSV of units and periods, so that it can be checked
against published data. Reads a file and no database."""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from coaching.roi.evidence import Evidence, evidence
from coaching.roi.guardrails import Guardrails
from coaching.roi.panel import Floats, Panel
from coaching.roi.period_axis import NotAPeriod, is_never, kind_of, place_of
from coaching.roi.report import report
from coaching.roi.verdict import Verdict, verdict, visible_words
from data_access.importers.decoding import decode
from data_access.importers.numbers import evidence as evidence_of_numbers
from data_access.importers.numbers import numbers as parsed
from data_access.importers.numbers import take_apart
from data_access.importers.refusal import ImportRefused

MISSING = ("", "NA", "NaN", "nan", "null", "None", ".")
MOST_CELLS = 5_000_000
NO_ROWS = "The file has a header and no rows."
SEPARATORS = (",", ";", "\t", "|")
LINE = "line of the file"
"""A column that numbers the lines; no export calls one of its columns so."""


@dataclass(frozen=True)
class Columns:
    """What the columns of the file are called. ``start``: a column, or a period together with ``treated_unit``."""

    unit: str
    period: str
    outcome: str
    start: str
    team: str | None = None
    treated_unit: str | None = None


def run(arguments: argparse.Namespace) -> str:
    """What ``roi --panel`` prints. Raises ImportRefused with a sentence where the file cannot be a panel."""
    columns = Columns(
        arguments.unit, arguments.period, arguments.outcome, arguments.start, arguments.team, arguments.treated_unit
    )
    panel = panel_of(read_rows(arguments.panel), columns)
    guardrails = Guardrails(skip=arguments.skip, fewest_clean_months=arguments.min_pre)
    found = evidence(panel, guardrails, control=arguments.control)
    said = verdict(found, guardrails=guardrails)
    if arguments.format == "text":
        return _text(found, said)
    return json.dumps(report(found, said), indent=1, allow_nan=False) + "\n"


def _text(found: Evidence, said: Verdict) -> str:
    lines = [visible_words(found), f"{said.badge}. {said.sentence}", *filter(None, said.reason_sentences)]
    return "\n".join([*lines, "", "What we cannot claim:", *(f"- {claim}" for claim in said.cannot_claim)]) + "\n"


def read_rows(file: Path) -> pl.DataFrame:
    """The file as text columns. Raises ImportRefused where it is not there, empty, or no table."""
    try:
        data = file.read_bytes()
    except OSError as problem:
        raise ImportRefused(f"{file} cannot be read: {problem.strerror}.") from None
    text = decode(data, None).data
    if not text.strip():
        raise ImportRefused(f"{file.name} is empty.")
    first = text.split(b"\n", 1)[0].decode()
    separator = max(SEPARATORS, key=first.count)
    try:
        # Read as rows without a header: two columns of one name would be renamed silently.
        rows = pl.read_csv(text, separator=separator, infer_schema=False, has_header=False)
    except pl.exceptions.PolarsError as problem:
        raise ImportRefused(f"{file.name} is no table: {str(problem).splitlines()[0]}") from None
    names = [(name or "").strip() for name in rows.row(0)]
    twice = sorted({name for name in names if name and names.count(name) > 1})
    if twice:
        raise ImportRefused(f"The column '{twice[0]}' stands twice in the header. Give each its own name.")
    kept = {old: new for old, new in zip(rows.columns, names, strict=True) if new}
    return rows[1:].select(pl.col(old).alias(new) for old, new in kept.items())


def panel_of(rows: pl.DataFrame, columns: Columns) -> Panel:
    """The panel in ``rows`` (text columns). Raises ImportRefused with what is wrong and in which line of the file."""
    treated = columns.start in rows.columns
    _require(rows, [columns.unit, columns.period, columns.outcome, *([columns.team] if columns.team else [])])
    if treated and columns.treated_unit is not None:
        raise ImportRefused(f"'{columns.start}' is a column, so --treated-unit is not needed. Leave one of them out.")
    if not treated and columns.treated_unit is None:
        raise ImportRefused(
            f"There is no column '{columns.start}'. Name a column for --start, or a period with --treated-unit."
        )
    _refuse_twice(columns)
    filled = rows.with_row_index(LINE, 2).filter(~pl.all_horizontal(pl.col(rows.columns).is_null()))
    if filled.is_empty():
        raise ImportRefused(NO_ROWS)
    clean = filled.with_columns(pl.col(columns.unit).str.strip_chars(), pl.col(columns.period).str.strip_chars())
    _refuse_empty(clean, columns)
    try:
        return _built(clean, columns, treated)
    except NotAPeriod as problem:
        raise ImportRefused(str(problem)) from None


def _refuse_twice(columns: Columns) -> None:
    """A unit, its period and its outcome are three things. A team may be told by its start."""
    options = {"--unit": columns.unit, "--period": columns.period, "--outcome": columns.outcome}
    others = {"--team": columns.team, "--start": columns.start}
    for place, (option, name) in enumerate(options.items()):
        later = dict(list(options.items())[place + 1 :]) | others
        for other, same in later.items():
            if same == name:
                raise ImportRefused(f"{option} and {other} both name the column '{name}'. Name a column of its own.")


def _require(rows: pl.DataFrame, names: list[str]) -> None:
    for name in names:
        if name not in rows.columns:
            raise ImportRefused(f"There is no column '{name}'. The columns are: {', '.join(rows.columns)}.")
    if rows.is_empty():
        raise ImportRefused(NO_ROWS)


def _refuse_empty(rows: pl.DataFrame, columns: Columns) -> None:
    for name in (columns.unit, columns.period):
        empty = rows.filter(pl.col(name).fill_null("") == "")
        if empty.height:
            raise ImportRefused(f"Line {empty[LINE][0]} has no '{name}'.")
    twice = rows.filter(pl.struct(columns.unit, columns.period).is_duplicated())
    if twice.height:
        unit, period = twice[columns.unit][0], twice[columns.period][0]
        raise ImportRefused(f"'{unit}' has {period} more than once. Give one row per unit and period.")


def _built(rows: pl.DataFrame, columns: Columns, starts_in_column: bool) -> Panel:
    kind = kind_of(rows[columns.period].unique().to_list())
    places = {label: place_of(label, kind) for label in rows[columns.period].unique().to_list()}
    first, months = min(places.values()), max(places.values()) - min(places.values()) + 1
    units = rows[columns.unit].unique(maintain_order=True).to_list()
    if len(units) * months > MOST_CELLS:
        raise ImportRefused(
            f"{len(units):,} units over {months:,} periods are more than this takes ({MOST_CELLS:,} cells)."
            " Are the periods whole numbers in a row?"
        )
    row_of = {unit: place for place, unit in enumerate(units)}
    row = rows[columns.unit].replace_strict(row_of, return_dtype=pl.Int64).to_numpy()
    column = rows[columns.period].replace_strict(places, return_dtype=pl.Int64).to_numpy() - first
    if len(np.unique(row * months + column)) < len(row):
        raise ImportRefused("A unit has the same period twice, written in two ways. Give one row per unit and period.")
    outcome, start = np.full((len(units), months), np.nan), np.full(len(units), np.inf)
    outcome[row, column] = _numbers(rows, columns.outcome)
    for unit, place in _starts(rows, columns, starts_in_column, kind).items():
        if unit not in row_of:
            raise ImportRefused(f"There is no unit '{unit}' in '{columns.unit}'.")
        if place is not None:
            start[row_of[unit]] = place - first
    if columns.team is None:
        return Panel(outcome, start)
    teams = _one_each(rows, columns.unit, columns.team)
    # A unit without a team shares nothing with others without one.
    labels = [(True, teams[unit]) if teams[unit] else (False, unit) for unit in units]
    number = {label: place for place, label in enumerate(dict.fromkeys(labels))}
    return Panel(outcome, start, np.array([number[label] for label in labels], dtype=np.int64))


def _starts(rows: pl.DataFrame, columns: Columns, starts_in_column: bool, kind: str) -> dict[str, int | None]:
    """The first treated period by unit, as a number; None = never. An empty start and 0 are the same."""
    if not starts_in_column:
        if is_never(columns.start):
            raise ImportRefused(f"--start {columns.start} means never: give the period from which on it was treated.")
        return {str(columns.treated_unit).strip(): place_of(columns.start, kind)}
    given = rows.select(columns.unit, pl.col(columns.start).fill_null("").str.strip_chars()).unique(maintain_order=True)
    labels = given[columns.start].unique().to_list()
    places = {label: None if is_never(label) else place_of(label, kind) for label in labels}
    found: dict[str, int | None] = {}
    said: dict[str, str] = {}
    for unit, label in given.iter_rows():
        if found.setdefault(unit, places[label]) != places[label]:
            both = " and ".join(f"'{word}'" if word else "empty" for word in (said[unit], label))
            raise ImportRefused(
                f"'{unit}' has more than one '{columns.start}' ({both}). A unit keeps one; what changes it begins a new"
                " unit."
            )
        said.setdefault(unit, label)
    return found


def _numbers(rows: pl.DataFrame, name: str) -> Floats:
    """The outcome; nan where it is missing. Raises ImportRefused for what is no number, or for one of two."""
    text = rows[name].str.strip_chars()
    known = text.is_not_null() & ~text.is_in(list(MISSING))
    values = text.cast(pl.Float64, strict=False)
    if (known & values.is_null()).any():
        values = _as_people_write(text, known, name)
    wrong = rows.filter(known & (values.is_null() | ~values.is_finite()))
    if wrong.height:
        raise ImportRefused(f"Line {wrong[LINE][0]}: '{wrong[name][0]}' in '{name}' is not a number such as 1234.5.")
    return np.asarray(pl.select(pl.when(known).then(values).otherwise(float("nan"))).to_series().to_numpy())


def _as_people_write(text: pl.Series, known: pl.Series, name: str) -> pl.Series:
    """Numbers with separators between thousands or a decimal comma, where the column leaves no doubt which is which.

    As the files of the product are read; null for what is no number. Raises ImportRefused where 1,234 may be either.
    """
    column = take_apart(pl.select(pl.when(known).then(text)).to_series())
    found = evidence_of_numbers(column)
    open_ones = text.filter(known & text.str.contains(r"^-?\d{1,3},\d{3}$").fill_null(value=False))
    if found.sign is None and len(open_ones):
        raise ImportRefused(
            f"'{open_ones[0]}' in '{name}' can be read in two ways. Write it without a separator between thousands."
        )
    return parsed(column, found.sign or ".")["value"]


def _one_each(rows: pl.DataFrame, unit: str, name: str) -> dict[str, str]:
    """The value of ``name`` per unit. Raises ImportRefused where a unit has several."""
    values = rows.select(unit, pl.col(name).fill_null("").str.strip_chars()).unique(maintain_order=True)
    several = values.filter(pl.col(unit).is_duplicated())
    if several.height:
        raise ImportRefused(
            f"'{several[unit][0]}' has more than one '{name}'. A unit keeps one; what changes it begins a new unit."
        )
    return dict(values.iter_rows())
