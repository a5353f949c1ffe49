"""How long a diagnosis takes in a company of usual size."""

from __future__ import annotations

import datetime as dt
import time
from pathlib import Path

from data_access.demo import fill_demo
from data_access.engine import open_engine, reading
from data_access.queries.diagnosis import diagnoses, peers
from data_access.scope import operator
from tests.databases import make_sqlite_template, sqlite_url

TODAY = dt.date(2026, 11, 20)


def test_sixty_reps_take_less_than_two_seconds_one_less_than_one_and_one_more_next_to_nothing(tmp_path: Path) -> None:
    file = tmp_path / "demo.sqlite3"
    make_sqlite_template(file)
    engine = open_engine(sqlite_url(file))
    fill_demo(engine, reps=60, months=24, seed=7, today=TODAY)
    best: dict[str, float] = {}
    with reading(engine) as connection:
        everybody = diagnoses(operator(), connection, as_of=TODAY, today=TODAY)
        assert len(everybody) >= 55
        for name, rep_ids in (("all", None), ("one", [everybody[0].rep_id])):
            for _ in range(3):
                started = time.perf_counter()
                diagnoses(operator(), connection, rep_ids=rep_ids, as_of=TODAY, today=TODAY)
                best[name] = min(best.get(name, 60.0), time.perf_counter() - started)
        known = peers(operator(), connection, as_of=TODAY, today=TODAY)
        started = time.perf_counter()
        diagnoses(operator(), connection, rep_ids=[everybody[0].rep_id], as_of=TODAY, today=TODAY, known=known)
        best["one more"] = time.perf_counter() - started
    engine.dispose()
    print(best)
    assert best["all"] < 2.0
    assert best["one"] < 1.0
    assert best["one more"] < best["one"] / 4
