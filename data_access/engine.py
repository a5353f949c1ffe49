"""The one way to the database: engines, reading and writing transactions, migrations. Holds no query.

SQLite and PostgreSQL are equal citizens. Out of the box SQLAlchemy loses concurrent updates on SQLite without an error
(its driver opens the transaction only at the first write), hence the recipe in ``_prepare_sqlite``.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

import alembic.command
import alembic.config
import alembic.runtime.migration
import alembic.script
import sqlalchemy as sa

PROJECT = Path(__file__).resolve().parent.parent
URL_VARIABLE = "COACHING_DATABASE_URL"
BUSY_MILLISECONDS = 30_000


class NotMigrated(Exception):
    """The database has no tables yet or older ones; the message says which command mends it."""


def database_url() -> str:
    """The shared database's address: COACHING_DATABASE_URL or the embedded file below the project."""
    named = os.environ.get(URL_VARIABLE, "").strip()
    if named:
        # SQLAlchemy 2.1 reads postgresql:// as psycopg 3; the old short form is still common in environments.
        return named.replace("postgres://", "postgresql://", 1) if named.startswith("postgres://") else named
    return f"sqlite:///{PROJECT / 'data' / 'sideline.sqlite3'}"


def open_engine(url: str | None = None) -> sa.Engine:
    """An engine for ``url`` (default: ``database_url()``) with the writing discipline of docs/operations.md."""
    address = sa.make_url(url or database_url())
    if address.get_backend_name() == "sqlite":
        if address.database and address.database != ":memory:":
            Path(address.database).parent.mkdir(parents=True, exist_ok=True)
        engine = sa.create_engine(address)
        _prepare_sqlite(engine)
        return engine
    return sa.create_engine(
        address,
        pool_pre_ping=True,
        connect_args={"connect_timeout": 5, "options": "-c timezone=UTC -c statement_timeout=600000"},
    )


def _prepare_sqlite(engine: sa.Engine) -> None:
    """WAL, foreign keys, and a write lock taken at BEGIN so that read-then-write transactions lose nothing."""

    @sa.event.listens_for(engine, "connect")
    def on_connect(connection, _record) -> None:  # type: ignore[no-untyped-def]
        connection.isolation_level = None
        for pragma in (
            f"busy_timeout={BUSY_MILLISECONDS}",
            "journal_mode=WAL",
            "synchronous=NORMAL",
            "foreign_keys=ON",
            "secure_delete=ON",
            "cache_size=-65536",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @sa.event.listens_for(engine, "begin")
    def on_begin(connection: sa.Connection) -> None:
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextlib.contextmanager
def reading(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A connection with one consistent view of the data. Nothing written on it is kept."""
    if engine.dialect.name == "postgresql":
        engine = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    with engine.connect() as connection:
        yield connection
        connection.rollback()


@contextlib.contextmanager
def writing(engine: sa.Engine, *, removes_whole_imports: bool = False) -> Iterator[sa.Connection]:
    """A transaction that is kept whole or not at all. Keep it short: on SQLite one writer works at a time.

    ``removes_whole_imports``: children go with their parents, so SQLite need not search all children for each parent
    (which takes minutes where a reference has no index); references are looked at once before the end instead.
    """
    with engine.execution_options(writes=True).connect() as connection:
        unchecked = removes_whole_imports and connection.dialect.name == "sqlite"
        if unchecked:
            _foreign_keys(connection, "OFF")
        try:
            with connection.begin():
                yield connection
                if unchecked and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
                    raise RuntimeError("rows would refer to rows that are gone; nothing was written")
        finally:
            if unchecked:
                _foreign_keys(connection, "ON")


def _foreign_keys(connection: sa.Connection, state: str) -> None:
    """Outside a transaction, hence past SQLAlchemy, which would begin one."""
    driver = connection.connection.driver_connection
    if driver is not None:
        driver.execute(f"PRAGMA foreign_keys={state}")


def alembic_config(url: str | None = None) -> alembic.config.Config:
    """What Alembic needs to know to work on the database at ``url``."""
    config = alembic.config.Config()
    config.set_main_option("script_location", str(PROJECT / "data_access" / "migrations"))
    # Alembic reads the option with %-interpolation, so a per cent sign in a password has to be doubled.
    config.set_main_option("sqlalchemy.url", (url or database_url()).replace("%", "%%"))
    return config


def migrate(url: str | None = None, revision: str = "head") -> None:
    """Bring the database at ``url`` to ``revision``. Rows are kept; a filled SQLite file is backed up first."""
    address = sa.make_url(url or database_url())
    if address.get_backend_name() == "sqlite" and address.database:
        Path(address.database).parent.mkdir(parents=True, exist_ok=True)
    alembic.command.upgrade(alembic_config(url), revision)


def schema_state(engine: sa.Engine) -> tuple[str | None, str]:
    """The revision the database is at (None = no tables) and the one this code expects."""
    script = alembic.script.ScriptDirectory.from_config(alembic_config())
    with engine.connect() as connection:
        current = alembic.runtime.migration.MigrationContext.configure(connection).get_current_revision()
        connection.rollback()
    return current, str(script.get_current_head())


def require_migrated(engine: sa.Engine) -> None:
    """Raise NotMigrated unless the database is at the revision that this code expects."""
    current, expected = schema_state(engine)
    if current != expected:
        raise NotMigrated(
            "The database has no tables yet." if current is None else "The database is at an older version."
        )


def backup(engine: sa.Engine, target: Path) -> None:
    """A consistent copy of the embedded database while others use it. Copying the file by hand breaks it."""
    with engine.connect() as connection:
        connection.commit()
        driver = connection.connection.driver_connection
        if driver is None:
            raise RuntimeError("the connection was closed")
        driver.execute("VACUUM INTO ?", (str(target),))
