"""The demo company as pages show it: made once per run, looked at on the day it ends."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
import streamlit as st

from tests.availability import PROJECT
from tests.databases import sqlite_url
from ui import loaders
from ui.loaders import Sight

TODAY = dt.date(2026, 11, 20)
NOW = dt.datetime(2026, 11, 20, 9, 0, tzinfo=dt.UTC)


def make_demo(file: Path, *, reps: int = 40, months: int = 14, today: dt.date = TODAY) -> str:
    """Fill a migrated file with the demo company; its address. A process of its own, as anybody would."""
    url = sqlite_url(file)
    arguments = ["--reps", str(reps), "--months", str(months), "--seed", "7", "--today", today.isoformat()]
    subprocess.run(
        [sys.executable, "-m", "data_access", "demo", *arguments],
        cwd=PROJECT,
        env={**os.environ, "COACHING_DATABASE_URL": url},
        check=True,
        capture_output=True,
    )
    return url


@pytest.fixture(scope="session")
def demo_url(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of the demo company's database. Nobody writes to it."""
    file = tmp_path_factory.mktemp("demo") / "demo.sqlite3"
    file.write_bytes(sqlite_template.read_bytes())
    return make_demo(file)


@pytest.fixture
def fresh_caches(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nothing is remembered from another test, and the pages' clock stands still."""
    monkeypatch.setattr(loaders, "now", lambda: NOW)
    st.cache_resource.clear()
    yield
    st.cache_resource.clear()


@pytest.fixture
def demo(demo_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The pages look at the demo company, on its last day. Nobody writes, so what was read once stays cached."""
    monkeypatch.setattr(loaders, "now", lambda: NOW)
    monkeypatch.setenv("COACHING_DATABASE_URL", demo_url)
    return demo_url


def names_of(role: str) -> list[str]:
    """Everybody of a role (as local mode tells roles), by name."""
    anybody = loaders.sight_of(None)
    assert anybody is not None
    people = loaders.local_viewers(anybody)
    return sorted(people.filter(pl.col("role") == role)["name"])


def sight_of(first_name: str) -> Sight:
    """What somebody of the company sees, by first name or stand-in."""
    found = loaders.sight_of(id_of(first_name))
    assert found is not None
    return found


def id_of(first_name: str) -> str:
    """The id that the address names somebody by: Maya, Omar, Dana, Eve, Ravi, Ada, or a stand-in's role."""
    if first_name in {"executive", "admin"}:
        return first_name
    anybody = loaders.sight_of(None)
    assert anybody is not None
    named = loaders.local_viewers(anybody).filter(pl.col("name").str.starts_with(f"{first_name} "))
    assert named.height == 1, f"{named.height} people are called {first_name}"
    return str(named["person_id"][0])
