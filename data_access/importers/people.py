"""What makes a person of a row. Knows nothing of teams as such: they are names here, matched later."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from data_access.importers.reading import Reading
from data_access.importers.schemas import plain_fields


def read_people(reading: Reading) -> tuple[dict[str, pl.Series], frozenset[str]]:
    """Return the plain columns of people and which of them the file supplies.

    Asks for ``columns.name`` where there is neither a name nor an id.
    """
    _settle_first_and_last_name(reading)
    reading.ask_for("names the people", "name", "id", "first_name", "last_name")
    columns = {name: reading.text(name) for name in ("name", "role", "region", "segment")}
    columns["id"] = reading.identifier()
    columns["email"] = reading.text("email").str.to_lowercase()
    columns["manager"] = reading.reference("manager")
    columns["team"] = reading.reference("team")
    columns["active"] = reading.flag("active")
    rows = reading.date_rows(("started_on", "left_on"))
    columns["started_on"] = reading.days(rows, "started_on")
    columns["left_on"] = reading.days(rows, "left_on")
    columns["name"] = columns["name"].fill_null(_joined_name(reading)).alias("name")
    reading.reject(
        columns["name"].is_null() & columns["id"].is_null(), "The row has neither a name nor an id; add one of them."
    )
    provided = {name for name in plain_fields("people") if reading.has(name)}
    if reading.has("first_name", "last_name"):
        provided.add("name")
    return columns, frozenset(provided)


def _settle_first_and_last_name(reading: Reading) -> None:
    """Beside a column of last names, "Nombre" holds first names only; beside "Prénom", "Nom" holds last names."""
    columns = dict(reading.mapping.columns)
    first, last, name = (bool(columns.get(each)) for each in ("first_name", "last_name", "name"))
    if name and first != last:
        columns["last_name" if first else "first_name"] = columns.pop("name")
        reading.mapping = replace(reading.mapping, columns=columns)


def _joined_name(reading: Reading) -> pl.Series:
    frame = pl.DataFrame({"first": reading.text("first_name"), "last": reading.text("last_name")})
    joined = pl.concat_str("first", "last", separator=" ", ignore_nulls=True)
    return frame.select(pl.when(joined != "").then(joined)).to_series()
