"""The fixtures every test may use: fresh databases, the shared data, the served application and a browser."""

from __future__ import annotations

import re
import shutil
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa
from hypothesis import settings

from tests.availability import PROJECT, chromium_path, everything_is_required, not_available, shared_folder
from tests.browser.waiting import PATIENCE
from tests.databases import NoServer, PostgresServer, make_sqlite_template, postgres_server, sqlite_url
from tests.serving import serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ARTIFACTS = PROJECT / "tests" / "browser" / ".artifacts"
# Markers whose tests may be skipped on a newcomer's machine, but never where everything is required.
OPTIONAL = ("postgres", "browser", "shared")
FAILED = pytest.StashKey[bool]()

# How long one example takes says nothing on a shared machine.
settings.register_profile("sideline", deadline=None, print_blob=True)
settings.load_profile("sideline")


# ---- Databases -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite database in one file, to be copied and never opened."""
    file = tmp_path_factory.mktemp("template") / "template.sqlite3"
    make_sqlite_template(file)
    return file


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgresServer]:
    """A running PostgreSQL server for the whole session."""
    try:
        with postgres_server() as server:
            yield server
    except NoServer as reason:
        not_available(f"PostgreSQL tests need a server: {reason}")


@pytest.fixture(scope="session")
def built_databases() -> dict[object, str]:
    """What ``tests.copies`` has built in this process."""
    return {}


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a fresh migrated database: the test runs once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        file = tmp_path / "sideline.sqlite3"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), file)
        yield sqlite_url(file)
    else:
        with request.getfixturevalue("postgresql").copy() as url:
            yield url


@pytest.fixture
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Like ``database_url`` without the tables. Parametrise it indirectly with "sqlite" or "postgresql"."""
    if request.param == "sqlite":
        yield sqlite_url(tmp_path / "empty.sqlite3")
    else:
        with request.getfixturevalue("postgresql").empty() as url:
            yield url


@pytest.fixture
def engine(database_url: str) -> Iterator[sa.Engine]:
    """An engine on a fresh migrated database, SQLite and PostgreSQL in turn."""
    from data_access.engine import open_engine

    opened = open_engine(database_url)
    yield opened
    opened.dispose()


@pytest.fixture
def sqlite_database_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A fresh migrated SQLite database, for tests to which the kind of database does not matter."""
    file = tmp_path / "only.sqlite3"
    shutil.copyfile(sqlite_template, file)
    return sqlite_url(file)


@pytest.fixture
def sqlite_engine(sqlite_database_url: str) -> Iterator[sa.Engine]:
    """An engine on a fresh migrated SQLite database, for tests to which the kind of database does not matter."""
    from data_access.engine import open_engine

    opened = open_engine(sqlite_database_url)
    yield opened
    opened.dispose()


# ---- The shared example data -----------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of the shared example data (SIDELINE_SHARED)."""
    folder = shared_folder()
    if folder is None:
        not_available("no shared example data: set SIDELINE_SHARED to its folder")
    return folder


# ---- The served application and a browser ----------------------------------------------------------------------


@pytest.fixture(scope="module")
def app_database_url(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The database behind ``app_server``: migrated and empty. Redefine it in a module that needs rows."""
    file = tmp_path_factory.mktemp("app") / "sideline.sqlite3"
    shutil.copyfile(sqlite_template, file)
    return sqlite_url(file)


@pytest.fixture(scope="module")
def app_server(app_database_url: str) -> Iterator[str]:
    """The base address of the application, started once per test module. Restarts: ``tests.serving.serving``."""
    with serving(app_database_url) as address:
        yield address


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of the distribution's Chromium."""
    path = chromium_path()
    if path is None:
        not_available("browser tests need a Chromium on the path")
    return path


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """One Chromium for a module: while it is open, its event loop runs in the tests' thread."""
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]
        )
        yield opened
        opened.close()


@pytest.fixture
def browser_page(request: pytest.FixtureRequest, browser: Browser, app_server: str) -> Iterator[Page]:
    """A page whose relative addresses lead to ``app_server``; the test fails if it asks any other host for anything."""
    context = browser.new_context(
        base_url=app_server,
        viewport={"width": 1280, "height": 1800},
        locale="en-GB",
        timezone_id="Europe/Berlin",
        color_scheme="light",
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    elsewhere: list[str] = []

    def note(address: str) -> None:
        if urlsplit(address).hostname not in (None, "127.0.0.1", "localhost"):
            elsewhere.append(address)

    page.on("request", lambda asked: note(asked.url))
    page.on("websocket", lambda asked: note(asked.url))
    yield page
    if request.node.stash.get(FAILED, False):
        ARTIFACTS.mkdir(exist_ok=True)
        page.screenshot(path=ARTIFACTS / f"{re.sub(r'[^A-Za-z0-9_]+', '-', request.node.name)}.png")
    context.close()
    assert not elsewhere, f"The page asked other hosts: {elsewhere}"


# ---- Rules for the whole run -----------------------------------------------------------------------------------


def pytest_configure(config: pytest.Config) -> None:
    """Hand the files out by name in a parallel run. By their number of tests, which is pytest-xdist's own order, the
    one long story in the browser would come last, while the other processes have nothing left to do."""
    if hasattr(config.option, "loadscopereorder"):
        config.option.loadscopereorder = False


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests by folder and fixtures."""
    for item in items:
        if PROJECT / "tests" / "benchmarks" in item.path.parents:
            item.add_marker(pytest.mark.bench)
        fixtures = getattr(item, "fixturenames", ())
        if "chromium" in fixtures:
            item.add_marker(pytest.mark.browser)
        if "shared" in fixtures:
            item.add_marker(pytest.mark.shared)
        if "postgresql" in fixtures:
            item.add_marker(pytest.mark.postgres)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Remember failures for the screenshot; where everything is required, a skipped optional test has failed."""
    report = yield
    if report.failed:
        item.stash[FAILED] = True
    skipped = report.skipped and not hasattr(report, "wasxfail")
    if skipped and everything_is_required() and any(item.get_closest_marker(name) for name in OPTIONAL):
        report.outcome = "failed"
        report.longrepr = f"Skipped although REQUIRE_ALL=1: {report.longreprtext}"
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say in one line that the browser tests were not run."""
    skipped = [report for report in terminalreporter.getreports("skipped") if "browser" in report.keywords]
    if skipped and chromium_path() is None:
        terminalreporter.write_line(
            f"Browser tests were not run: no Chromium on the path ({len(skipped)} skipped).", yellow=True
        )
