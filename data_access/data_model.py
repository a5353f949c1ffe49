"""Writes docs/data-model.md from the tables, so that the document cannot drift from the code."""

from __future__ import annotations

import sqlalchemy as sa

from data_access.tables import metadata

INTRODUCTION = """# The data model

Generated from `data_access/tables.py` by `python -m data_access data-model`; a test holds that it is current.

Four habits run through it:

- **Versions.** What a CRM export says is kept with `known_from` (included) and `known_to` (not included), both dates of
  exports. As of a date, the version that holds on that date is read. A later export ends a version only where something
  changed.
- **Effective dates.** Who belongs where, who owes what and which policy holds runs from `starts_on` (included) to
  `ends_on` (not included, except for quotas, absences and costs, which name their last day). An empty start is
  open-ended backwards.
- **Nothing is overwritten silently.** What people write is append-only or carries a `version` that a save must name.
- **Imports are published.** Rows name the import that wrote them; rows of an import without `published_at` do not exist
  for readers.

Money is in integer minor units beside its ISO currency; `reporting_` columns hold the same amount in the reporting
currency. Instants are UTC; dates are dates in the company time zone.
"""


def data_model_document() -> str:
    """The whole document: one heading, sentence and column table per table, in the order of tables.py."""
    parts = [INTRODUCTION]
    for table in metadata.tables.values():
        parts.append(f"## {table.name}\n\n{table.info['about']}\n\n{_columns(table)}")
    return "\n".join(parts)


def _columns(table: sa.Table) -> str:
    lines = ["| column | type | required | what |", "|---|---|---|---|"]
    for column in table.columns:
        target = next((key.target_fullname for key in column.foreign_keys), None)
        kind = f"→ {target}" if target else _kind(column)
        required = "yes" if not column.nullable else ""
        lines.append(f"| {column.name} | {kind} | {required} | {column.doc} |")
    return "\n".join(lines) + "\n"


def _kind(column: sa.Column[object]) -> str:
    kinds: list[tuple[type[object], str]] = [
        (sa.Enum, "choice"),
        (sa.Boolean, "yes or no"),
        (sa.Date, "date"),
        (sa.Float, "number"),
        (sa.Integer, "whole number"),
        (sa.Text, "text"),
    ]
    return next((name for kind, name in kinds if isinstance(column.type, kind)), "instant")
