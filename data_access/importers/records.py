"""From a file to typed records: the public door of the importers. No database, no Streamlit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from data_access.importers import deals, events, people, reference
from data_access.importers.coaching_files.readers import READERS
from data_access.importers.files import read_sheet
from data_access.importers.findings import cannot_compute
from data_access.importers.headers import check_fields, guess, header_score, wanted_positions
from data_access.importers.identity import with_keys, without_repeats
from data_access.importers.mapping import Mapping, check_time_zone
from data_access.importers.reading import Reading
from data_access.importers.refusal import ImportRefused, Question, Questions
from data_access.importers.schemas import KINDS, RECORD_SCHEMAS, REJECTION_SCHEMA, plain_fields
from data_access.importers.sheet import Sheet

__all__ = ["KINDS", "RECORD_SCHEMAS", "ImportRefused", "Preview", "Question", "Records", "preview", "read_records"]

Progress = Callable[[int, int | None], None]
_Columns = tuple[dict[str, pl.Series], frozenset[str]]

_READERS: dict[str, Callable[[Reading], _Columns]] = {
    "people": people.read_people,
    "deals": deals.read_deals,
    "accounts": reference.read_accounts,
    "products": reference.read_products,
    "stage-history": events.read_stage_history,
    "activities": events.read_activities,
    "calls": events.read_calls,
    **READERS,
}


@dataclass(frozen=True)
class Records:
    """What one file holds.

    - ``frame``: the accepted rows, schema exactly ``RECORD_SCHEMAS[kind]``, one per ``key``; of calls one per ``key``,
      supervisor and mode.
    - ``rejections``: line, reason (a sentence that says how to mend the row), raw text.
    - ``stage_entries``: for deals with HubSpot's "Date entered" columns, in the schema of stage history; else empty.
    - ``read = accepted + rejections.height + ignored``, always; ``frame.height = accepted - duplicates``.
    - ``provided``: the plain fields that the file supplies; a column that is there but blank counts.
    - ``currency``: that of all amounts, or the one the mapping's rates lead to (the amounts keep their own); None where
      there are no amounts or nothing names one.
    - ``mapping``: what was used, after guessing. ``notes``: sentences about what was assumed.
    - ``cannot_compute``: keys of metrics that these deals cannot support.
    """

    kind: str
    frame: pl.DataFrame
    rejections: pl.DataFrame
    stage_entries: pl.DataFrame
    read: int
    accepted: int
    ignored: int
    duplicates: int
    provided: frozenset[str]
    currency: str | None
    mapping: Mapping
    notes: tuple[str, ...]
    cannot_compute: tuple[str, ...]


@dataclass(frozen=True)
class Preview:
    """What the upload page shows before an import.

    ``rows``: the first rows as text, one column per header (a blank header is "column N"). ``questions``: what the file
    leaves open and the mapping key that settles it; an import would be refused with the first of them.
    """

    kind: str
    headers: tuple[str, ...]
    mapping: Mapping
    rows: pl.DataFrame
    questions: tuple[Question, ...]
    notes: tuple[str, ...]


def read_records(
    kind: str,
    path: Path,
    *,
    mapping: Mapping | None = None,
    time_zone: str = "UTC",
    default_currency: str | None = None,
    fiscal_year_starts_in: int = 1,
    progress: Progress | None = None,
) -> Records:
    """Read a file into typed records.

    ``time_zone`` is the company's: dates are taken in it, and times without a zone are its own unless the mapping
    names another. ``default_currency`` is used where the file names none; ``fiscal_year_starts_in`` (month 1..12) for
    periods that say FY. ``progress(done, total)`` is called with the rows converted so far. Raises ImportRefused where
    the file cannot be read as it is; then nothing may be written.
    """
    told = progress or _silent
    reading = _reading(kind, path, mapping or Mapping(), time_zone, default_currency, Questions(), _of_interest)
    rows_in_file = reading.height + reading.sheet.rejections.height + reading.sheet.ignored
    told(0, rows_in_file)
    columns, provided = _columns(reading, fiscal_year_starts_in)
    told(rows_in_file // 2, rows_in_file)
    reading.forget(*columns)
    records = _collect(reading, columns, provided)
    told(rows_in_file, rows_in_file)
    return records


def preview(
    kind: str, path: Path, mapping: Mapping | None = None, rows: int = 20, fiscal_year_starts_in: int = 1
) -> Preview:
    """Return headers, the guessed mapping, the first rows and what is still open.

    Does not raise for what a mapping can settle: it lists the questions. Raises ImportRefused for a file that is no
    table at all, and for a mapping that does not fit the file.
    """
    questions = Questions(strict=False)
    reading = _reading(kind, path, mapping or Mapping(), "UTC", None, questions, _everything)
    sheet = reading.sheet
    columns, provided = _columns(reading, fiscal_year_starts_in)
    collected = _collect(reading, columns, provided)
    headers = sheet.headers
    shown = sheet.cells.head(rows).select(
        pl.col(str(position)).alias(name) for position, name in enumerate(_shown_names(headers))
    )
    return Preview(kind, headers, reading.mapping, shown, tuple(questions.asked), collected.notes)


def _columns(reading: Reading, fiscal_year_starts_in: int) -> _Columns:
    if reading.kind == "quotas":
        return reference.read_quotas(reading, fiscal_year_starts_in)
    return _READERS[reading.kind](reading)


def _silent(done: int, total: int | None) -> None:
    del done, total


def _shown_names(headers: Sequence[str]) -> list[str]:
    taken = set(headers)
    names = []
    for position, header in enumerate(headers):
        name = header or f"column {position + 1}"
        while not header and name in taken:
            name += " "
        taken.add(name)
        names.append(name)
    return names


_Chooser = Callable[[str, tuple[str, ...], Mapping], Sequence[int]]


def _of_interest(kind: str, headers: tuple[str, ...], mapping: Mapping) -> Sequence[int]:
    return wanted_positions(kind, headers, mapping) or range(len(headers))


def _everything(kind: str, headers: tuple[str, ...], mapping: Mapping) -> Sequence[int]:
    wanted_positions(kind, headers, mapping)  # a mapping that names a missing column is refused here as well
    return range(len(headers))


def _reading(
    kind: str,
    path: Path,
    mapping: Mapping,
    time_zone: str,
    default_currency: str | None,
    questions: Questions,
    choose: _Chooser,
) -> Reading:
    """Read the file into texts and settle what its columns mean."""
    if kind not in KINDS:
        raise ImportRefused(f'"{kind}" is not a kind of import; use one of: {", ".join(KINDS)}.')
    check_time_zone(time_zone, "time_zone")
    check_fields(kind, mapping)
    sheet = read_sheet(path, kind, mapping, header_score(kind, mapping), lambda headers: choose(kind, headers, mapping))
    if sheet.cells.is_empty() and sheet.rejections.is_empty():
        questions.ask("The file holds a header and no rows: there is nothing to import.")
    guessed, notes = guess(kind, sheet.headers, sheet.cells, mapping, questions)
    guessed = replace(guessed, delimiter=sheet.delimiter, encoding=sheet.encoding, sheet=_sheet_name(sheet))
    reading = Reading(kind, sheet, guessed, time_zone, default_currency, questions)
    reading.notes += [*sheet.notes, *notes]
    return reading


def _sheet_name(sheet: Sheet) -> str | None:
    return sheet.sheet if sheet.delimiter is None and sheet.sheet != "Parquet" else None


def _collect(reading: Reading, columns: dict[str, pl.Series], provided: frozenset[str]) -> Records:
    """Sort the rows into accepted, rejected and ignored, give them keys and count."""
    kind, sheet = reading.kind, reading.sheet
    fields = plain_fields(kind)
    frame = pl.DataFrame({name: columns[name] for name in fields}).with_columns(
        line=sheet.cells["line"], raw=sheet.cells["raw"]
    )
    ignored = reading.ignored
    bad = reading.reason.is_not_null() & ~ignored
    rejected = [sheet.rejections]
    if bad.any():
        rejected.append(
            frame.select("line", "raw").with_columns(reason=reading.reason).filter(bad).select(REJECTION_SCHEMA.names())
        )
    good = frame.filter(~(bad | ignored)) if bad.any() or ignored.any() else frame
    good = with_keys(reading, good)
    schema = RECORD_SCHEMAS[kind]
    good = good.select(pl.col(name).cast(dtype) for name, dtype in schema.items())
    listeners = ("supervisor", "mode") if kind == "calls" else ()
    kept, duplicates, differing = without_repeats(good, list(fields), listeners)
    rejections = pl.concat([*rejected, differing]).sort("line")
    all_ignored = sheet.ignored + int(ignored.sum())
    accepted = kept.height + duplicates
    read = sheet.cells.height + sheet.rejections.height + sheet.ignored
    # Counted twice on purpose: a row that is neither accepted nor told of would be lost without a word.
    assert read == accepted + rejections.height + all_ignored, "rows were lost"
    unable, why = cannot_compute(kept, provided) if kind == "deals" else ((), ())
    entries = (
        deals.stage_entries(reading, kept) if kind == "deals" else pl.DataFrame(schema=RECORD_SCHEMAS["stage-history"])
    )
    return Records(
        kind=kind,
        frame=kept,
        rejections=rejections,
        stage_entries=entries,
        read=read,
        accepted=accepted,
        ignored=all_ignored,
        duplicates=duplicates,
        provided=provided,
        currency=reading.currency,
        mapping=reading.mapping,
        notes=tuple(dict.fromkeys([*reading.notes, *why])),
        cannot_compute=unable,
    )
