"""Cells of coaching files as typed columns: choices, whole and real numbers, moments. Knows no kind of file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from data_access.importers import numbers
from data_access.importers.names import normalised
from data_access.importers.reading import Reading
from data_access.importers.refusal import Questions
from data_access.importers.schemas import INSTANT

NOON = pl.duration(hours=12)


def choice(reading: Reading, name: str, table: Mapping[str, str], values: Sequence[str]) -> pl.Series:
    """Return what the words of a field mean; a word that means nothing rejects the row, naming the ``values``."""
    texts = reading.text(name)
    meanings = {text: table.get(normalised(text) or "") for text in texts.drop_nulls().unique()}
    found = texts.replace_strict(meanings, default=None, return_dtype=pl.String).alias(name)
    known = ", ".join(values)
    reading.reject(texts.is_not_null() & found.is_null(), _said(name, texts, f"is not known; use one of: {known}."))
    return found


def _said(name: str, texts: pl.Series, what: str) -> pl.Series:
    shown = pl.col("text").str.slice(0, 60)
    return pl.DataFrame({"text": texts}).select(pl.format('{} "{}" {}', pl.lit(name), shown, pl.lit(what))).to_series()


def whole_number(reading: Reading, name: str, cells: pl.Series | None = None) -> pl.Series:
    """Return a field as whole numbers; 3.5 rejects the row, it is never rounded. ``cells``: instead of the file's."""
    column = numbers.take_apart((reading.raw(name) if cells is None else cells).alias(name))
    # A whole number has no decimal sign to ask about.
    signs, _ = numbers.decimal_signs({name: column}, reading.mapping.decimal, Questions(strict=False))
    values = _sound(reading, column, signs[name] or ".")
    broken = values.is_not_null() & (values != values.round())
    reading.reject(broken, _said(name, column.text, "is not a whole number; correct it."))
    whole = pl.DataFrame({"value": values, "broken": broken}).select(pl.when(~pl.col("broken")).then("value"))
    return whole.to_series().cast(pl.Int64, strict=False).alias(name)


def real_numbers(reading: Reading, cells: Mapping[str, pl.Series]) -> dict[str, pl.Series]:
    """Return columns of texts as real numbers; together they settle the decimal sign. Asks for ``decimal``."""
    columns = {name: numbers.take_apart(column.alias(name)) for name, column in cells.items()}
    signs, notes = numbers.decimal_signs(columns, reading.mapping.decimal, reading.questions)
    reading.notes += notes
    return {name: _sound(reading, column, signs[name]) for name, column in columns.items()}


def _sound(reading: Reading, column: numbers.NumberColumn, sign: str | None) -> pl.Series:
    read = numbers.numbers(column, sign)
    reading.reject(read["reason"].is_not_null(), read["reason"])
    return read["value"].alias(column.name)


def minutes(reading: Reading, name: str) -> pl.Series:
    """Return a length in minutes: 45, "45 min", "1 h", 0:45 and 1:30 (hours and minutes) may stand mixed."""
    texts = reading.text(name).str.to_lowercase()
    clock = texts.str.extract_groups(r"^(?P<h>\d{1,2}):(?P<m>[0-5]\d)(?::[0-5]\d)?(?:\s*h)?$").struct.unnest()
    on_the_clock = clock["h"].cast(pl.Int64) * 60 + clock["m"].cast(pl.Int64)
    hours = texts.str.extract(r"^(\d{1,2}(?:[.,]\d+)?)\s*(?:h|hours?|hrs?|stunden?|std\.?|heures?|horas?|uur|ore?)$", 1)
    in_hours = (hours.str.replace(",", ".", literal=True).cast(pl.Float64, strict=False) * 60).round().cast(pl.Int64)
    plain = texts.str.replace(r"\s*(?:min(?:s|utes?|uten|utos|uti|uut|\.)?|')$", "")
    told = on_the_clock.fill_null(in_hours)
    rest = pl.DataFrame({"text": plain, "told": told}).select(pl.when(pl.col("told").is_null()).then("text"))
    return told.fill_null(whole_number(reading, name, rest.to_series().alias(name))).alias(name)


def moment(reading: Reading, rows: Mapping[str, pl.DataFrame], name: str) -> pl.Series:
    """Return an instant in UTC; a day without a time is its noon where the company is.

    So are the times of a column that are midnight throughout: those are days that a system wrote as times.
    """
    found = reading.instants(dict(rows), name)
    if name not in rows:
        return found
    told = rows[name].select("timed", "zoned", "moment")
    unzoned = told.filter(~pl.col("zoned") & pl.col("moment").is_not_null())["moment"]
    only_days = bool((unzoned == unzoned.dt.truncate("1d")).all())
    is_day = ~pl.col("zoned") & (pl.lit(only_days) | ~pl.col("timed"))
    wall = pl.col("moment").dt.truncate("1d") + NOON
    noon = wall.dt.replace_time_zone(reading.time_zone, ambiguous="earliest", non_existent="null")
    at_noon = pl.when(is_day & pl.col("found").is_not_null()).then(noon.dt.convert_time_zone("UTC"))
    return (
        told.with_columns(found=found).select(at_noon.fill_null(pl.col("found")).cast(INSTANT).alias(name)).to_series()
    )
