"""docs/data-model.md is what the tables say."""

from __future__ import annotations

import sqlalchemy as sa

from data_access.data_model import data_model_document
from data_access.tables import metadata
from tests.availability import PROJECT


def test_the_document_is_current() -> None:
    stored = (PROJECT / "docs" / "data-model.md").read_text(encoding="utf-8")
    assert stored == data_model_document(), "run: python -m data_access data-model > docs/data-model.md"


def test_every_table_and_column_says_what_it_is() -> None:
    silent = [str(column) for table in metadata.sorted_tables for column in table.columns if not column.doc]
    assert silent == []
    assert all(table.info["about"].endswith(".") for table in metadata.sorted_tables)


def test_money_is_never_a_float() -> None:
    floats = [
        str(column)
        for table in metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, sa.Float) and "amount" in column.name
    ]
    assert floats == []
