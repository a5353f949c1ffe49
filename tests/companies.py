"""Small companies that tests tell stories about: Maya manages East, Omar manages West, Dana leads both, Eve is the
executive, Ravi is a rep of Maya's, Ada loads the data. Everything is loaded from files, as a customer would."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl
import sqlalchemy as sa

from coaching.people import Viewer
from data_access.commands.imports import Order, import_file
from data_access.engine import reading
from data_access.importers.mapping import Mapping
from data_access.importers.publish import ImportResult, no_progress
from data_access.queries.measures import metric_values
from data_access.queries.people import viewer_named
from data_access.scope import operator

TODAY = dt.date(2026, 11, 20)
NOW = dt.datetime(2026, 11, 20, 9, 0, tzinfo=dt.UTC)

PEOPLE = [
    {"id": "eve", "name": "Eve Castellan", "role": "Executive", "manager": "", "team": ""},
    {"id": "ada", "name": "Ada Brook", "role": "Admin", "manager": "", "team": ""},
    {"id": "dana", "name": "Dana Whitfield", "role": "Sales leader", "manager": "", "team": ""},
    {"id": "maya", "name": "Maya Lindgren", "role": "Manager", "manager": "dana", "team": "East"},
    {"id": "omar", "name": "Omar Haddad", "role": "Manager", "manager": "dana", "team": "West"},
    {"id": "ravi", "name": "Ravi Nair", "role": "Rep", "manager": "maya", "team": "East"},
    {"id": "rosa", "name": "Rosa Marin", "role": "Rep", "manager": "maya", "team": "East"},
    {"id": "wim", "name": "Wim de Boer", "role": "Rep", "manager": "omar", "team": "West"},
    {"id": "wanda", "name": "Wanda Król", "role": "Rep", "manager": "omar", "team": "West"},
]


def csv_bytes(rows: Sequence[dict[str, Any]]) -> bytes:
    """Rows as a CSV file with the columns of all of them."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def load(
    engine: sa.Engine,
    kind: str,
    rows: Sequence[dict[str, Any]] | bytes,
    as_of: dt.date = TODAY,
    *,
    viewer: Viewer | None = None,
    mapping: Mapping | None = None,
    now: dt.datetime = NOW,
    **options: Any,
) -> ImportResult:
    """Load rows (or a file's bytes) as an export dated ``as_of``."""
    content = rows if isinstance(rows, bytes) else csv_bytes(rows)
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"{kind}.csv"
        path.write_bytes(content)
        order = Order(kind, path, path.name, mapping=mapping, as_of=as_of, **options)
        return import_file(viewer or operator(), engine, order, now, no_progress)


def deal(
    key: str,
    owner: str = "ravi",
    *,
    status: str = "open",
    opened: str = "2026-01-10",
    closed: str = "",
    amount: float | str = 100,
    **more: Any,
) -> dict[str, Any]:
    """One row of a deals file."""
    stage = {"open": "Discovery", "won": "Closed Won", "lost": "Closed Lost"}[status]
    row = {"id": key, "owner": owner, "stage": stage, "status": status, "opened_on": opened, "closed_on": closed}
    return {**row, "amount": amount, "currency": "USD", **more}


def someone(engine: sa.Engine, name: str, today: dt.date = TODAY) -> Viewer:
    """The viewer with this id."""
    with reading(engine) as connection:
        viewer = viewer_named(operator(), connection, name, today)
    assert viewer is not None, f"there is no {name}"
    return viewer


def measure(
    engine: sa.Engine,
    keys: str,
    by: str = "company",
    start: dt.date | str = "2026-01-01",
    end: dt.date | str = "2026-12-31",
    *,
    as_of: dt.date | str = TODAY,
    viewer: Viewer | None = None,
    today: dt.date = TODAY,
    **options: Any,
) -> pl.DataFrame:
    """Metric values as the operator or ``viewer`` sees them."""
    with reading(engine) as connection:
        return metric_values(
            viewer or operator(),
            connection,
            by=by,
            keys=keys.split(),
            start=_day(start),
            end=_day(end),
            as_of=_day(as_of),
            today=today,
            **options,
        )


def _day(value: dt.date | str) -> dt.date:
    return dt.date.fromisoformat(value) if isinstance(value, str) else value


def value(frame: pl.DataFrame, column: str, row_id: str | None = None) -> Any:
    """One cell: of the only row, or of the row with this id."""
    rows = frame if row_id is None else frame.filter(pl.col("id") == row_id)
    assert rows.height == 1, f"{rows.height} rows for {row_id}"
    return rows[column][0]
