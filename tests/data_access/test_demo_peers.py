"""Peer pairs of the demo company: every kind of them, within the rules, and gone with the first import."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest
import sqlalchemy as sa

from coaching import pairing
from coaching.people import Viewer
from data_access.checks import faults
from data_access.default_scorecard import REP_SKILLS
from data_access.demo import fill_demo
from data_access.demo_peers import WORDS
from data_access.engine import open_engine, reading
from data_access.queries import pairs as queries
from data_access.queries.skills import skill_report
from data_access.scope import load_viewer
from data_access.tables import demo_truth, peer_capacity, peer_meeting, peer_pair, person
from tests.companies import PEOPLE, TODAY, load
from tests.databases import sqlite_url


@pytest.fixture(scope="module")
def demo(sqlite_template: object, tmp_path_factory: pytest.TempPathFactory) -> sa.Engine:
    file = tmp_path_factory.mktemp("peers") / "demo.sqlite3"
    file.write_bytes(sqlite_template.read_bytes())  # type: ignore[attr-defined]
    engine = open_engine(sqlite_url(file))
    fill_demo(engine, reps=21, months=14, seed=7, today=TODAY)
    return engine


def viewer(engine: sa.Engine, first_name: str) -> Viewer:
    with reading(engine) as connection:
        number = connection.scalar(sa.select(person.c.id).where(person.c.name.startswith(f"{first_name} ")))
        found = load_viewer(connection, int(number or 0), TODAY)
    assert found is not None
    return found


def test_there_is_a_pair_of_every_kind_and_ravi_works_in_one(demo: sa.Engine) -> None:
    with reading(demo) as connection:
        found = queries.pairs(viewer(demo, "Dana"), connection, as_of=TODAY, today=TODAY)
        mine = queries.pairs(viewer(demo, "Ravi"), connection, as_of=TODAY, today=TODAY)
    assert set(found["status"]) == {"proposed", "accepted", "closed"}
    assert mine.filter((pl.col("status") == "accepted") & (pl.col("learner_name") == "Ravi Menon")).height == 1
    assert found["is_led"].all()
    begun = found.filter(pl.col("status") != "proposed")
    assert begun["meeting_count"].min() >= 1  # type: ignore[operator]
    assert found.filter(pl.col("status") == "proposed")["meeting_count"].sum() == 0


def test_nobody_is_in_more_pairs_than_they_take_and_no_two_meet_again_too_soon(demo: sa.Engine) -> None:
    with reading(demo) as connection:
        rows = connection.execute(sa.select(peer_pair).order_by(peer_pair.c.starts_on)).mappings().all()
        limits = dict(connection.execute(sa.select(peer_capacity.c.person_id, peer_capacity.c.pairs_at_most)).all())
    still_open = [row for row in rows if row["status"] != "closed"]
    people = [row[side] for row in still_open for side in ("strong_id", "learner_id")]
    assert limits
    assert max(people.count(number) for number in people) <= 2
    assert all(people.count(number) <= limit for number, limit in limits.items())
    ended: dict[tuple[int, int], dt.date] = {}
    for row in rows:
        assert row["strong_id"] != row["learner_id"]
        key = pairing.key_of(row["strong_id"], row["learner_id"])
        assert key not in ended or row["starts_on"] >= ended[key] + dt.timedelta(weeks=pairing.REST_WEEKS)
        ended[key] = row["ends_on"] or TODAY


def test_worksheets_lie_within_their_pairs_time_and_one_of_the_two_wrote_them(demo: sa.Engine) -> None:
    statement = sa.select(peer_meeting, peer_pair.c.starts_on, peer_pair.c.ends_on, peer_pair.c.strong_id,
        peer_pair.c.learner_id).join(peer_pair, peer_pair.c.id == peer_meeting.c.peer_pair_id)  # fmt: skip
    with reading(demo) as connection:
        rows = connection.execute(statement).mappings().all()
    assert rows
    for row in rows:
        assert row["starts_on"] <= row["met_on"] <= (row["ends_on"] or TODAY)
        assert row["written_by"] in {row["strong_id"], row["learner_id"]}
        assert all(row[name] for name in ("tried", "strong_tried", "worked", "next_step"))
    assert len(WORDS) == len(REP_SKILLS)


def test_skills_grow_in_closed_pairs_as_they_truly_did(demo: sa.Engine) -> None:
    """Who was chosen for having grown most shows it, over all of them: the scores come from the same truth."""
    dana = viewer(demo, "Dana")
    with reading(demo) as connection:
        found = queries.pairs(dana, connection, as_of=TODAY, today=TODAY).filter(pl.col("status") == "closed")
        ids = found["pair_id"].to_list()
        scores = queries.pair_scores(dana, connection, pair_ids=ids, as_of=TODAY, today=TODAY)
        report = skill_report(dana, connection, at=TODAY, as_of=TODAY, today=TODAY)
        assert connection.scalar(sa.select(sa.func.count()).select_from(demo_truth))
    rows = pairing.results(found, scores, report["spread"], report["agreement"]["reliability"][0], TODAY)
    learners = rows.filter(pl.col("side") == "learner").drop_nulls(["before", "after"])
    assert learners.height >= 1
    assert (learners["after"] - learners["before"]).mean() > 0  # type: ignore[operator]


def test_the_same_demo_has_the_same_pairs(demo: sa.Engine, sqlite_engine: sa.Engine) -> None:
    fill_demo(sqlite_engine, reps=21, months=14, seed=7, today=TODAY)
    for table in (peer_pair, peer_meeting, peer_capacity):
        found = []
        for engine in (demo, sqlite_engine):
            with reading(engine) as connection:
                found.append(connection.execute(sa.select(table).order_by(table.c.id)).all())
        assert found[0] == found[1]


def test_the_first_import_takes_the_pairs_along(sqlite_engine: sa.Engine) -> None:
    fill_demo(sqlite_engine, reps=8, months=12, seed=3, today=TODAY)
    assert load(sqlite_engine, "people", PEOPLE).demo_removed
    with reading(sqlite_engine) as connection:
        for table in (peer_pair, peer_meeting, peer_capacity):
            assert connection.scalar(sa.select(sa.func.count()).select_from(table)) == 0
        assert faults(connection) == []
