"""The demo company's frozen results: what its executive would have frozen, from nothing but what was known then."""

from __future__ import annotations

import datetime as dt
import json

import pytest
import sqlalchemy as sa

from coaching.periods import Calendar
from data_access.demo import fill_demo
from data_access.demo_evidence import freezing_days
from data_access.engine import reading
from data_access.queries import roi
from data_access.scope import operator
from tests.companies import TODAY

CALENDAR = Calendar()


@pytest.mark.parametrize(
    ("today", "first_start", "days"),
    [
        ("2026-11-20", "2025-06-01", ["2026-07-05", "2026-10-05"]),
        # Nobody had started in the earlier quarter, or in either.
        ("2026-11-20", "2026-07-01", ["2026-10-05"]),
        ("2026-11-20", "2026-10-01", []),
        # The quarter ended yesterday: the result speaks for today.
        ("2026-10-01", "2025-06-01", ["2026-07-05", "2026-10-01"]),
    ],
)
def test_results_are_frozen_some_days_after_the_last_two_quarters(
    today: str, first_start: str, days: list[str]
) -> None:
    found = freezing_days(dt.date.fromisoformat(today), dt.date.fromisoformat(first_start), CALENDAR)
    assert [day.isoformat() for day in found] == days


def test_the_demos_results_are_the_executives_and_can_be_computed_again(sqlite_engine: sa.Engine) -> None:
    made = fill_demo(sqlite_engine, reps=30, months=14, seed=7, today=TODAY)
    assert made.rows["frozen_evidence"] == 2
    with reading(sqlite_engine) as connection:
        rows = roi.frozen(operator(), connection)
        assert rows["as_of"].to_list() == [dt.date(2026, 10, 5), dt.date(2026, 7, 5)]
        assert rows["frozen_at"].dt.date().to_list() == rows["as_of"].to_list()
        assert {name.split()[0] for name in rows["frozen_by"]} == {"Eve"}
        latest = roi.frozen_result(operator(), connection, rows["frozen_id"][0])
        again = roi.evidence(operator(), connection, as_of=dt.date(2026, 10, 5), today=TODAY)
        assert json.loads(json.dumps(again)) == latest
        assert latest is not None
        assert latest["months"]["last"] == "2026-09-01"
        assert roi.changed_since_frozen(operator(), connection, rows["frozen_id"][0])
        assert not roi.freeze_is_due(operator(), connection, today=TODAY)
