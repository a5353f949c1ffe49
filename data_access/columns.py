"""Column types and shorthands that the tables share. Holds no table and no query."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa

BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
"""Row ids. SQLite only numbers rows by itself in a column typed INTEGER."""

Money = sa.BigInteger()
"""Integer minor units (cents); negative for credit notes. SQLite would store decimals as floats."""


class UtcDateTime(sa.TypeDecorator[dt.datetime]):
    """An instant. Refuses naive values and always answers in UTC: SQLite drops the offset without converting."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: sa.Dialect) -> dt.datetime | None:
        """UTC on the way in. Raises ValueError for a naive datetime."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        value = value.astimezone(dt.UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: dt.datetime | None, dialect: sa.Dialect) -> dt.datetime | None:
        """UTC on the way out."""
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)


def identity() -> sa.Column[Any]:
    """The row's own number."""
    return sa.Column("id", BigId, primary_key=True, doc="row number")


def reference(name: str, target: str, doc: str, *, required: bool = False, index: bool = True) -> sa.Column[Any]:
    """A foreign key to ``target`` ("person" or "person.id"), indexed because SQLite does not do so by itself."""
    target = target if "." in target else f"{target}.id"
    return sa.Column(name, BigId, sa.ForeignKey(target), nullable=not required, index=index, doc=doc)


def word(name: str, doc: str, *, required: bool = False, **options: Any) -> sa.Column[Any]:
    """A text column."""
    return sa.Column(name, sa.Text, nullable=not required, doc=doc, **options)


def choice(name: str, values: tuple[str, ...], doc: str, *, required: bool = True) -> sa.Column[Any]:
    """A text column limited to ``values`` by a named check on both databases."""
    kind = sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32, validate_strings=True)
    return sa.Column(name, kind, nullable=not required, doc=f"{doc}: {', '.join(values)}")


def day(name: str, doc: str, *, required: bool = False, **options: Any) -> sa.Column[Any]:
    """A date in the company time zone."""
    return sa.Column(name, sa.Date, nullable=not required, doc=doc, **options)


def instant(name: str, doc: str, *, required: bool = False, **options: Any) -> sa.Column[Any]:
    """A moment, stored in UTC."""
    return sa.Column(name, UtcDateTime, nullable=not required, doc=doc, **options)


def money(name: str, doc: str, *, required: bool = False) -> sa.Column[Any]:
    """An amount in integer minor units; the currency stands beside it."""
    return sa.Column(name, Money, nullable=not required, doc=f"{doc}, integer minor units")


def number(name: str, doc: str, *, required: bool = False, default: int | None = None) -> sa.Column[Any]:
    """A whole number."""
    server_default = None if default is None else str(default)
    return sa.Column(name, sa.Integer, nullable=not required, server_default=server_default, doc=doc)


def real(name: str, doc: str, *, required: bool = False) -> sa.Column[Any]:
    """A real number; never money."""
    return sa.Column(name, sa.Float, nullable=not required, doc=doc)


def flag(name: str, doc: str, *, default: bool = False) -> sa.Column[Any]:
    """Yes or no."""
    return sa.Column(
        name,
        sa.Boolean(create_constraint=False),
        nullable=False,
        server_default=sa.true() if default else sa.false(),
        doc=doc,
    )


def version() -> sa.Column[Any]:
    """Counts edits, so that the second of two people saving is told instead of overwriting."""
    return number("version", "edits so far; a save names the version it read", required=True, default=1)
