"""The databases that the other tests stand on: migrated, and nobody else's rows in them."""

from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa

from data_access.engine import open_engine, require_migrated, writing
from tests.companies import PEOPLE, load
from tests.copies import copies_of
from tests.databases import PostgresServer, make_sqlite_template, sqlite_url

ROUNDS = [1, 2]


@pytest.mark.parametrize("round_", ROUNDS)
def test_every_test_gets_a_migrated_database_of_its_own(engine: sa.Engine, round_: int) -> None:
    require_migrated(engine)
    with writing(engine) as connection:
        # Fails in the second round if both got the same database.
        connection.execute(sa.text("CREATE TABLE only_here (round_ integer)"))


def founded(engine: sa.Engine) -> None:
    load(engine, "people", PEOPLE)


company = copies_of(founded)


@pytest.mark.parametrize("round_", ROUNDS)
def test_every_test_gets_a_copy_of_its_own_of_what_was_built_once(company: sa.Engine, round_: int) -> None:
    with writing(company) as connection:
        # Fails in the second round if both got the same database, or if it was built without the people.
        assert connection.scalar(sa.text("SELECT count(*) FROM person")) == len(PEOPLE)
        connection.execute(sa.text("CREATE TABLE only_here (round_ integer)"))


def test_both_kinds_of_database_take_part(engine: sa.Engine, database_url: str) -> None:
    assert engine.dialect.name == sa.make_url(database_url).get_backend_name()


def test_a_template_that_is_still_open_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "template.sqlite3"
    make_sqlite_template(file)
    held = open_engine(sqlite_url(file))
    with held.connect() as connection:
        connection.execute(sa.text("SELECT count(*) FROM alembic_version"))
        with pytest.raises(RuntimeError, match="still has template"):
            make_sqlite_template(file)
    held.dispose()


def test_a_postgresql_database_is_gone_after_its_test_even_if_somebody_forgot_to_leave(
    postgresql: PostgresServer,
) -> None:
    with postgresql.empty() as url:
        address = sa.make_url(url).set(drivername="postgresql").render_as_string()
        forgotten = psycopg.connect(address)
        counted = forgotten.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
        assert counted == (0,)
    forgotten.close()
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        psycopg.connect(address)
