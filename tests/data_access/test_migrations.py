"""Upgrading keeps rows, on both databases; the tables of the code are the tables of the migrations."""

from __future__ import annotations

import alembic.autogenerate
import alembic.command
import alembic.runtime.migration
import alembic.script
import pytest
import sqlalchemy as sa

from data_access.engine import NotMigrated, alembic_config, migrate, open_engine, require_migrated, schema_state
from data_access.tables import deal_version, metadata, person
from tests.companies import PEOPLE, deal, load, measure, value

BOTH = pytest.mark.parametrize(
    "empty_database_url", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True
)


@BOTH
def test_the_migrations_lead_to_the_tables_of_the_code(empty_database_url: str) -> None:
    migrate(empty_database_url)
    engine = open_engine(empty_database_url)
    with engine.connect() as connection:
        context = alembic.runtime.migration.MigrationContext.configure(connection)
        differences = alembic.autogenerate.compare_metadata(context, metadata)
        connection.rollback()
    engine.dispose()
    assert differences == []


@BOTH
def test_a_database_without_tables_says_which_command_mends_it(empty_database_url: str) -> None:
    engine = open_engine(empty_database_url)
    with pytest.raises(NotMigrated):
        require_migrated(engine)
    migrate(empty_database_url)
    require_migrated(engine)
    engine.dispose()


def test_migrating_a_filled_database_again_keeps_every_row(database_url: str) -> None:
    engine = open_engine(database_url)
    load(engine, "people", PEOPLE)
    load(engine, "deals", [deal("a"), deal("b", status="won", closed="2026-02-01", amount=250)])
    migrate(database_url)
    current, expected = schema_state(engine)
    assert current == expected
    assert value(measure(engine, "won_amount"), "won_amount") == 250
    engine.dispose()


def test_every_revision_can_be_applied_to_a_filled_database_and_keeps_its_rows(database_url: str) -> None:
    """Each revision after the first runs on a database that holds rows; the first makes the tables."""
    engine = open_engine(database_url)
    load(engine, "people", PEOPLE)
    load(engine, "deals", [deal("a")])
    script = alembic.script.ScriptDirectory.from_config(alembic_config(database_url))
    later = [revision for revision in script.walk_revisions() if revision.down_revision is not None]
    for revision in later:
        alembic.command.downgrade(alembic_config(database_url), str(revision.down_revision))
    for _ in later:
        alembic.command.upgrade(alembic_config(database_url), "+1")
    with engine.connect() as connection:
        kept = [connection.scalar(sa.select(sa.func.count()).select_from(t)) for t in (person, deal_version)]
        connection.rollback()
    engine.dispose()
    assert kept == [len(PEOPLE), 1]


def test_checks_and_references_hold_after_the_migrations(engine: sa.Engine) -> None:
    for values in ({"name": "x", "name_key": "x", "role": "emperor"}, {"name": "x", "name_key": "x", "role": None}):
        with pytest.raises((sa.exc.IntegrityError, sa.exc.StatementError, LookupError)), engine.begin() as connection:
            connection.execute(sa.insert(person).values(**values))
    with pytest.raises(sa.exc.IntegrityError), engine.begin() as connection:
        connection.execute(sa.text("INSERT INTO person_login (person_id, issuer, subject) VALUES (999999, 'x', 'y')"))
