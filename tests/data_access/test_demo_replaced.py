"""Demo and real rows never coexist: the first import removes the demo, but never somebody's work."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from data_access.checks import faults
from data_access.default_scorecard import ensure_default_scorecard
from data_access.demo import DemoRefused, fill_demo
from data_access.engine import reading, writing
from data_access.importers.refusal import ImportRefused
from data_access.queries.settings import company
from data_access.scope import operator
from data_access.tables import commitment, deal_version, person, scorecard, session
from tests.companies import NOW, PEOPLE, TODAY, deal, load, measure, value
from tests.copies import copies_of


def filled(engine: sa.Engine) -> None:
    fill_demo(engine, reps=6, months=6, seed=3, today=TODAY)


demo = copies_of(filled)


def count(engine: sa.Engine, table: sa.Table) -> int:
    with reading(engine) as connection:
        return connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def test_the_first_import_removes_the_demo_and_says_so(demo: sa.Engine) -> None:
    result = load(demo, "people", PEOPLE)
    assert result.demo_removed
    assert [count(demo, table) for table in (person, deal_version, session)] == [len(PEOPLE), 0, 0]
    with reading(demo) as connection:
        assert not company(operator(), connection, NOW).is_demo
        assert faults(connection) == []
    assert not load(demo, "deals", [deal("a", status="won", closed="2026-02-01", amount=70)]).demo_removed
    assert value(measure(demo, "won_amount"), "won_amount") == 70


def test_the_scorecard_that_ships_outlives_the_demo(demo: sa.Engine) -> None:
    load(demo, "people", PEOPLE)
    assert count(demo, scorecard) > 0
    with writing(demo) as connection:
        ensure_default_scorecard(connection)


def test_a_deals_file_never_matches_people_of_the_demo(demo: sa.Engine) -> None:
    with reading(demo) as connection:
        rep = connection.scalar(sa.select(person.c.name).where(person.c.role == "rep").limit(1))
    result = load(demo, "deals", [deal("a", str(rep))])
    assert result.unmatched == {"owner": [rep]}
    assert count(demo, person) == 1


def test_ids_of_the_demo_may_come_again_in_real_files(demo: sa.Engine) -> None:
    with reading(demo) as connection:
        taken = connection.scalar(sa.text("SELECT external_id FROM deal LIMIT 1"))
        rep = connection.scalar(sa.select(person.c.external_id).where(person.c.role == "rep").limit(1))
    assert load(demo, "deals", [deal(str(taken), "Ravi")], dry_run=True).new == 1
    assert load(demo, "people", [{"id": rep, "name": "Somebody else"}]).demo_removed
    assert load(demo, "deals", [deal(str(taken), str(rep))]).new == 1
    assert count(demo, person) == 1


def test_a_refused_file_leaves_the_demo_as_it_was(demo: sa.Engine) -> None:
    before = count(demo, deal_version)
    with pytest.raises(ImportRefused):
        load(demo, "deals", b"a,b\n1,2\n")
    dry = load(demo, "people", PEOPLE, dry_run=True)
    assert dry.demo_removed
    assert count(demo, deal_version) == before
    with reading(demo) as connection:
        assert company(operator(), connection, NOW).is_demo


def test_once_coaching_was_recorded_the_import_refuses_and_names_the_way(demo: sa.Engine) -> None:
    with writing(demo) as connection:
        someone = connection.scalar(sa.select(person.c.id).limit(1))
        connection.execute(
            sa.insert(commitment).values(
                by_id=someone, to_id=someone, promise="Call the customer", made_on=dt.date(2026, 11, 1)
            )
        )
    with pytest.raises(ImportRefused, match="--replace-demo"):
        load(demo, "people", PEOPLE)
    assert load(demo, "people", PEOPLE, replace_demo=True).demo_removed
    assert count(demo, commitment) == 0


def test_the_demo_is_refused_where_there_is_data(engine: sa.Engine) -> None:
    load(engine, "people", PEOPLE)
    with pytest.raises(DemoRefused):
        fill_demo(engine, reps=6, months=6, seed=3, today=TODAY)
    assert count(engine, person) == len(PEOPLE)
