"""How long the evidence about the programme takes in a company of a thousand reps, from the database."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from pathlib import Path

from coaching.roi.evidence import evidence as estimates
from data_access.demo import fill_demo
from data_access.engine import open_engine, reading
from data_access.queries import roi
from data_access.scope import operator
from tests.databases import make_sqlite_template, sqlite_url

TODAY = dt.date(2026, 11, 20)


def quickest(work: Callable[[], object]) -> float:
    """Best CPU seconds of three."""
    taken = []
    for _ in range(3):
        began = time.process_time()
        work()
        taken.append(time.process_time() - began)
    return min(taken)


def test_a_thousand_reps_take_less_than_a_second_and_a_half_today_and_on_a_past_day(tmp_path: Path) -> None:
    file = tmp_path / "demo.sqlite3"
    make_sqlite_template(file)
    engine = open_engine(sqlite_url(file))
    fill_demo(engine, reps=1_000, months=24, seed=7, today=TODAY)
    found: dict[str, float] = {}
    with reading(engine) as connection:
        for name, day in (("today", TODAY), ("a past day", TODAY - dt.timedelta(days=50))):
            found[name] = quickest(lambda day=day: roi.evidence(operator(), connection, as_of=day, today=TODAY))  # type: ignore[misc]
        panel = roi._read(operator(), connection, TODAY).panel.panel
        found["the estimates alone"] = quickest(lambda: estimates(panel.of(panel.start > -1)))
    engine.dispose()
    print({name: round(seconds, 2) for name, seconds in found.items()})
    assert found["today"] < 1.5
    assert found["a past day"] < 2.0
    assert found["the estimates alone"] < 0.5
