"""The open pipeline at many moments in one read equals the metric asked for one by one."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from data_access.engine import reading
from data_access.queries.pipeline_history import open_pipelines
from tests.companies import PEOPLE, TODAY, deal, load, measure, someone, value

FIRST, SECOND = dt.date(2026, 10, 2), dt.date(2026, 10, 16)


@pytest.fixture
def company(engine: sa.Engine) -> sa.Engine:
    """Two exports that disagree: an amount grew, a deal was won, one moved to Rosa, one came anew, one went."""
    load(engine, "people", PEOPLE, dt.date(2026, 1, 1))
    first = [
        deal("grows", amount=100),
        deal("is won", amount=30, opened="2026-09-10"),
        deal("moves", amount=7),
        deal("goes", amount=11),
        deal("no amount", "wim", amount=""),
        deal("of wanda", "wanda", amount=5, opened="2026-10-05"),
    ]
    second = [
        deal("grows", amount=150),
        deal("is won", amount=30, opened="2026-09-10", status="won", closed="2026-10-10"),
        deal("moves", "rosa", amount=7),
        deal("new", amount=40, opened="2026-10-14"),
        deal("no amount", "wim", amount=""),
        deal("of wanda", "wanda", amount=5, opened="2026-10-05"),
    ]
    load(engine, "deals", first, FIRST)
    load(engine, "deals", second, SECOND)
    return engine


MOMENTS = [
    (dt.date(2026, 9, 1), FIRST),
    (dt.date(2026, 10, 2), FIRST),
    (dt.date(2026, 10, 9), dt.date(2026, 10, 15)),
    (dt.date(2026, 10, 11), SECOND),
    (dt.date(2026, 10, 16), SECOND),
    (dt.date(2026, 11, 20), dt.date(2026, 11, 20)),
]


def ids(engine: sa.Engine, *names: str) -> dict[str, int]:
    return {name: someone(engine, name).person_id or 0 for name in names}


def test_every_moment_reads_like_the_metric_as_known_on_its_own_day(company: sa.Engine) -> None:
    reps = ids(company, "ravi", "rosa", "wim", "wanda")
    dana = someone(company, "dana")
    with reading(company) as connection:
        rows = open_pipelines(dana, connection, rep_ids=list(reps.values()), moments=MOMENTS, today=TODAY)
    found = {(rep, at): told for rep, at, told in rows.iter_rows()}
    for at, known_on in MOMENTS:
        alone = measure(company, "open_pipeline", "rep", at, at, as_of=known_on, viewer=dana)
        for name, rep in reps.items():
            assert found[rep, at] == value(alone, "open_pipeline", name), (name, at)
    assert found[reps["ravi"], dt.date(2026, 10, 2)] == 148.0
    assert found[reps["rosa"], dt.date(2026, 10, 2)] == 0.0
    assert found[reps["wim"], dt.date(2026, 10, 2)] is None


def test_nobody_out_of_scope_has_a_row(company: sa.Engine) -> None:
    reps = ids(company, "ravi", "wim")
    with reading(company) as connection:
        for who, expected in (("maya", {reps["ravi"]}), ("ravi", {reps["ravi"]}), ("eve", set())):
            rows = open_pipelines(
                someone(company, who), connection, rep_ids=list(reps.values()), moments=MOMENTS, today=TODAY
            )
            assert set(rows["rep_id"]) == expected


def test_without_moments_or_reps_there_is_nothing(company: sa.Engine) -> None:
    with reading(company) as connection:
        dana = someone(company, "dana")
        assert open_pipelines(dana, connection, rep_ids=[], moments=MOMENTS, today=TODAY).is_empty()
        assert open_pipelines(dana, connection, rep_ids=[1], moments=[], today=TODAY).is_empty()
