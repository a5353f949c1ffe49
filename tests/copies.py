"""Companies that many tests begin with: built once for each kind of database and copied for each test, which costs a
tenth of building them."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from data_access.engine import open_engine
from tests.databases import PostgresServer, settle_sqlite, sqlite_url

Build = Callable[[sa.Engine], object]
Fixture = Callable[..., Iterator[sa.Engine]]


def copies_of(build: Build) -> Fixture:
    """A fixture: an engine on a copy of what ``build`` makes of a migrated database, SQLite and PostgreSQL in turn."""

    @pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
    def company(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[sa.Engine]:
        with copy_of(build, request.param, request, tmp_path) as engine:
            yield engine

    return company


def sqlite_copies_of(build: Build) -> Fixture:
    """The same on SQLite, for tests to which the kind of database does not matter."""

    @pytest.fixture
    def company(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[sa.Engine]:
        with copy_of(build, "sqlite", request, tmp_path) as engine:
            yield engine

    return company


@contextlib.contextmanager
def copy_of(build: Build, kind: str, request: pytest.FixtureRequest, folder: Path) -> Iterator[sa.Engine]:
    """For fixtures that do more: an engine on a copy of its own, in ``folder`` where the kind is "sqlite"."""
    built: dict[tuple[str, Build], str] = request.getfixturevalue("built_databases")
    source = built.get((kind, build)) or built.setdefault((kind, build), _built(build, kind, request))
    with contextlib.ExitStack() as stack:
        if kind == "sqlite":
            file = folder / "company.sqlite3"
            shutil.copyfile(source, file)
            url = sqlite_url(file)
        else:
            server: PostgresServer = request.getfixturevalue("postgresql")
            url = stack.enter_context(server.copy(of=source))
        engine = open_engine(url)
        stack.callback(engine.dispose)
        yield engine


def _built(build: Build, kind: str, request: pytest.FixtureRequest) -> str:
    """The file or the name of a database that nobody opens any more."""
    if kind == "sqlite":
        factory: pytest.TempPathFactory = request.getfixturevalue("tmp_path_factory")
        file = factory.mktemp("built") / "company.sqlite3"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), file)
        _build(build, sqlite_url(file))
        settle_sqlite(file)
        return str(file)
    server: PostgresServer = request.getfixturevalue("postgresql")
    name = server.keep()
    _build(build, server.url_of(name))
    return name


def _build(build: Build, url: str) -> None:
    engine = open_engine(url)
    try:
        build(engine)
    finally:
        engine.dispose()
