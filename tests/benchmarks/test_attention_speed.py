"""How long the list of who needs somebody now takes, cold: a company of 60 and one of 1,000 reps."""

from __future__ import annotations

import datetime as dt
import time
from pathlib import Path

import pytest
import sqlalchemy as sa

from coaching.people import Viewer
from data_access.demo import fill_demo
from data_access.engine import migrate, open_engine, reading
from data_access.queries.attention import attention
from data_access.queries.people import people_in_scope
from data_access.scope import load_viewer, local_viewers
from tests.databases import sqlite_url

TODAY = dt.date(2026, 11, 20)


@pytest.mark.parametrize(("reps", "most"), [(60, 1.5), (1000, 60.0)])
def test_the_list_of_a_leader(reps: int, most: float, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    url = sqlite_url(tmp_path / "company.sqlite3")
    migrate(url)
    engine = open_engine(url)
    fill_demo(engine, reps=reps, months=18, seed=7, today=TODAY)
    took, people = [], 0
    with reading(engine) as connection:
        leader = _leader_of_most(connection)
        for _ in range(3):
            started = time.process_time()
            people = attention(leader, connection, as_of=TODAY, today=TODAY)["people"].height
            took.append(time.process_time() - started)
    engine.dispose()
    with capsys.disabled():
        print(f"\n  {people} of {reps} reps: {min(took):.2f} s CPU", end="", flush=True)
    assert min(took) < most


def _leader_of_most(connection: sa.Connection) -> Viewer:
    """The leader with the most reps below."""
    leaders = local_viewers(connection, TODAY)
    ids = leaders.filter(leaders["role"] == "leader")["person_id"].to_list()
    found = [viewer for key in ids if (viewer := load_viewer(connection, key, TODAY))]
    return max(found, key=lambda viewer: people_in_scope(viewer, connection, TODAY, TODAY).height)
