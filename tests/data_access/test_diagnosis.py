"""Diagnoses out of the database: who sees whose, the same for everybody, as it was known, and whatever is missing."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sqlalchemy as sa

from coaching.diagnosis import Diagnosis, Lever
from coaching.diagnosis import evidence as shapes
from coaching.people import Role, Viewer
from data_access.default_scorecard import ensure_default_scorecard
from data_access.engine import migrate, open_engine, reading, writing
from data_access.queries import diagnosis as queries
from data_access.queries.diagnosis import diagnoses
from data_access.scope import operator, stand_in
from data_access.tables import knowledge_gap
from tests.companies import PEOPLE, TODAY, deal, load, someone
from tests.data_access.test_skills import ids, observe
from tests.databases import sqlite_url

D = dt.date
FIRST, SECOND = D(2026, 6, 30), D(2026, 10, 31)
"""Days of the two exports."""
LIKE_RAVI = ("ravi", "rosa", "remo", "ruth", "rolf", "wim", "wanda", "wes", "wyn", "wolf")
TEAMS = {"r": ("maya", "East"), "w": ("omar", "West")}


def people() -> list[dict[str, Any]]:
    """The usual people, and more reps in East and West."""
    known = {row["id"] for row in PEOPLE}
    more = [
        {"id": name, "name": f"{name.capitalize()} Nyland", "role": "Rep", "manager": manager, "team": team}
        for name in LIKE_RAVI
        if name not in known
        for manager, team in [TEAMS[name[0]]]
    ]
    rows = [*PEOPLE, *more]
    return [{**row, "started_on": "2020-01-01", "segment": "Mid-market"} for row in rows]


def deals(until: dt.date, **habits: dict[str, Any]) -> list[dict[str, Any]]:
    """Two years of deals of everybody, as an export of ``until`` shows them; Ravi wins half as often."""
    rows = []
    for number, name in enumerate(LIKE_RAVI):
        random = np.random.default_rng([7, number])
        own = habits.get(name, {})
        wins = own.get("wins", 0.18 if name == "ravi" else 0.42)
        for month in range(26):
            for place in range(own.get("deals", 6)):
                opened = D(2024, 9, 1) + dt.timedelta(days=int(month * 30.4 + random.integers(0, 30)))
                closed = opened + dt.timedelta(days=int(random.integers(30, 80)))
                won, amount = random.random() < wins, int(random.lognormal(9, 0.4))
                missing = random.random() < 0.15
                if opened > until:
                    continue
                is_open = closed > until
                rows.append(
                    deal(
                        f"{name}-{month}-{place}",
                        name,
                        status="open" if is_open else "won" if won else "lost",
                        opened=opened.isoformat(),
                        closed="" if is_open else closed.isoformat(),
                        amount=amount,
                        next_step="" if missing else "Call back",
                        list_amount=round(amount * 1.1),
                        lost_reason="" if is_open or won else "Price",
                    )
                )
    return rows


def fill(engine: sa.Engine) -> None:
    load(engine, "people", people(), FIRST)
    load(engine, "deals", deals(FIRST), FIRST)
    load(engine, "deals", deals(SECOND), SECOND)


@pytest.fixture(scope="module")
def company(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[sa.Engine]:
    """The company on SQLite; nobody writes to it."""
    file = tmp_path_factory.mktemp("diagnosis") / "company.sqlite3"
    shutil.copyfile(sqlite_template, file)
    engine = open_engine(sqlite_url(file))
    fill(engine)
    yield engine
    engine.dispose()


def told(
    engine: sa.Engine,
    viewer: Viewer | str | None = None,
    reps: list[str] | None = None,
    as_of: dt.date = TODAY,
    today: dt.date = TODAY,
) -> dict[str, Diagnosis]:
    """Diagnoses by the id of the rep, as somebody sees them (None = the operator)."""
    looking = someone(engine, viewer) if isinstance(viewer, str) else viewer or operator()
    numbers = ids(engine)
    names = {number: name for name, number in numbers.items()}
    asked = None if reps is None else [numbers[name] for name in reps]
    with reading(engine) as connection:
        found = diagnoses(looking, connection, rep_ids=asked, as_of=as_of, today=today)
    return {names[one.rep_id]: one for one in found}


def lever(found: Diagnosis, key: str) -> Lever:
    one = found.lever(key)
    assert one is not None
    return one


def test_ravis_win_rate_is_named_with_its_rows_on_both_kinds_of_database(engine: sa.Engine) -> None:
    fill(engine)
    found = told(engine, "maya", ["ravi"])["ravi"]
    assert (found.focus, found.focus_kind, found.layer) == ("win_rate", "lever", "results")
    won = lever(found, "win_rate")
    assert won.peer_count == 9
    assert won.value is not None
    assert won.peers_median is not None
    assert won.value < 0.27 < 0.36 < won.peers_median
    assert found.price is not None
    with reading(engine) as connection:
        rows = queries.rows_behind(
            someone(engine, "maya"), connection, source_ids=list(found.source_ids), as_of=TODAY, today=TODAY
        )
    assert rows["source_id"].to_list() == list(found.source_ids)
    assert set(rows["status"]) == {"lost"}
    closed = rows["closed_on"].to_list()
    assert closed == sorted(closed, reverse=True)
    # Next steps are known from the first export on, and of open deals only.
    assert lever(found, "no_next_step").n >= 10
    assert found.until == SECOND


def test_maya_sees_ravis_diagnosis_omar_does_not_and_eve_and_ada_see_none(company: sa.Engine) -> None:
    assert set(told(company, "maya")) == {"ravi", "rosa", "remo", "ruth", "rolf"}
    assert set(told(company, "omar")) == {"wim", "wanda", "wes", "wyn", "wolf"}
    assert told(company, "omar", ["ravi"]) == {}
    assert told(company, "eve") == told(company, "ada") == {}
    assert told(company, stand_in(Role.EXECUTIVE)) == told(company, stand_in(Role.ADMIN)) == {}
    assert set(told(company, "ravi")) == {"ravi"}
    assert told(company, "rosa", ["ravi"]) == {}


def test_everybody_who_may_see_ravi_reads_the_same_to_the_digit(company: sa.Engine) -> None:
    mine = told(company, "ravi")["ravi"]
    assert mine == told(company, "maya")["ravi"] == told(company, "dana")["ravi"] == told(company)["ravi"]
    assert mine == told(company, "maya", ["ravi"])["ravi"] == told(company, "dana", ["wim", "ravi"])["ravi"]


def test_peers_read_before_change_no_digit_whoever_read_them(company: sa.Engine) -> None:
    for reader in ("dana", "eve", "ada"):
        with reading(company) as connection:
            known = queries.peers(someone(company, reader), connection, as_of=TODAY, today=TODAY)
        for name in ("ravi", "maya", "dana", "omar", "eve"):
            viewer = someone(company, name)
            with reading(company) as connection:
                fresh = diagnoses(viewer, connection, as_of=TODAY, today=TODAY)
                assert diagnoses(viewer, connection, as_of=TODAY, today=TODAY, known=known) == fresh
            assert bool(fresh) is (name != "eve")


def test_in_a_large_company_whoever_is_nobodys_peer_stands_beside_the_same_few(
    company: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = told(company)
    monkeypatch.setattr(shapes, "LARGEST_GROUP", 6)
    monkeypatch.setattr(shapes, "LARGEST_COMPANY", 6)
    with reading(company) as connection:
        known = queries.peers(operator(), connection, as_of=TODAY, today=TODAY)
    peers = set(known.people.filter("is_reference")["person_id"])
    assert len(peers) == 6
    found = told(company)
    names = {number: name for name, number in ids(company).items()}
    for number in known.people["person_id"]:
        name = names[number]
        assert lever(found[name], "win_rate").value == lever(whole[name], "win_rate").value
        assert lever(found[name], "win_rate").peer_count == (5 if number in peers else 6)
        # Alone or with others, and by whomever: the same.
        assert told(company, "dana", [name])[name] == found[name]


def test_the_rows_behind_it_stay_with_whoever_may_open_the_rep(company: sa.Engine) -> None:
    sources = list(told(company)["ravi"].source_ids)
    for name, seen in (("maya", 5), ("ravi", 5), ("dana", 5), ("omar", 0), ("rosa", 0), ("eve", 0), ("ada", 0)):
        with reading(company) as connection:
            rows = queries.rows_behind(someone(company, name), connection, source_ids=sources, as_of=TODAY, today=TODAY)
        assert rows.height == seen, name


def test_no_peer_is_named_and_no_peers_figure_leaves_the_query(company: sa.Engine) -> None:
    text = repr(told(company, "ravi")["ravi"]).casefold()
    for row in people():
        if row["id"] != "ravi":
            assert row["name"].casefold() not in text
    owned = [source for one in told(company, "ravi").values() for part in one.levers for source in part.source_ids]
    with reading(company) as connection:
        rows = queries.rows_behind(someone(company, "ravi"), connection, source_ids=owned, as_of=TODAY, today=TODAY)
    assert set(rows["source_id"]) == set(owned)


def test_a_load_that_is_dated_later_changes_no_earlier_diagnosis(sqlite_engine: sa.Engine) -> None:
    engine = sqlite_engine
    load(engine, "people", people(), FIRST)
    load(engine, "deals", deals(FIRST), FIRST)
    before = told(engine, as_of=D(2026, 7, 15))
    assert before["ravi"].focus == "win_rate"
    load(engine, "deals", deals(SECOND, ravi={"wins": 0.9}, wim={"wins": 0.05}), SECOND)
    # Somebody leaves, somebody changes the segment, and a rep becomes a manager.
    moved = [
        {**row, "segment": "Small business"} if row["id"] in {"wes", "wyn"} else row
        for row in people()
        if row["id"] != "wolf"
    ]
    promoted = [{**row, "manager": "rolf"} if row["id"] == "ruth" else row for row in moved]
    left = [{**row, "left_on": "2026-08-31"} for row in people() if row["id"] == "wolf"]
    load(engine, "people", [*promoted, *left], SECOND)
    after = told(engine, as_of=D(2026, 7, 15))
    assert {name: after[name] for name in before} == before
    now = told(engine)
    assert "wolf" not in now
    assert "rolf" not in now
    assert now["ravi"] != before["ravi"]


def test_as_of_a_day_before_the_first_export_next_steps_are_not_known(company: sa.Engine) -> None:
    found = told(company, "maya", ["ravi"], as_of=D(2026, 5, 31))["ravi"]
    assert "Not compared: " in lever(found, "no_next_step").says
    assert lever(found, "win_rate").peers_median is not None
    assert found.until == D(2026, 5, 31)


def test_files_without_a_column_of_next_steps_say_nothing_about_them(sqlite_engine: sa.Engine) -> None:
    load(sqlite_engine, "people", people(), SECOND)
    kept = ("id", "owner", "stage", "status", "opened_on", "closed_on", "amount", "currency")
    bare = [{name: row[name] for name in kept} for row in deals(SECOND)]
    load(sqlite_engine, "deals", bare, SECOND)
    found = told(sqlite_engine)["ravi"]
    assert found.focus == "win_rate"
    for key in ("no_next_step", "competitor_losses", "discounting"):
        assert lever(found, key).value is None
        assert "Not compared: " in lever(found, key).says


def test_a_company_of_nine_is_told_that_there_are_too_few_peers(sqlite_engine: sa.Engine) -> None:
    load(sqlite_engine, "people", PEOPLE, FIRST)
    load(
        sqlite_engine, "deals", [row for row in deals(FIRST) if row["owner"] in {"ravi", "rosa", "wim", "wanda"}], FIRST
    )
    found = told(sqlite_engine, "maya")
    assert set(found) == {"ravi", "rosa"}
    assert found["ravi"].focus is None
    assert "too few peers" in found["ravi"].finding("results").reason


def test_an_empty_database_has_no_diagnosis(sqlite_engine: sa.Engine) -> None:
    with reading(sqlite_engine) as connection:
        assert diagnoses(operator(), connection, as_of=TODAY, today=TODAY) == []


def test_a_weak_skill_names_the_observations_it_rests_on_and_a_gap_is_only_counted(sqlite_engine: sa.Engine) -> None:
    engine = sqlite_engine
    load(engine, "people", people(), FIRST)
    load(engine, "deals", deals(FIRST, ravi={"wins": 0.42}), FIRST)
    with writing(engine) as connection:
        ensure_default_scorecard(connection)
    seen = []
    for number, name in enumerate(LIKE_RAVI):
        random = np.random.default_rng([3, number])
        for week in range(3):
            level = 1 if name == "ravi" else int(random.integers(3, 5))
            by = "maya" if name[0] == "r" else "omar"
            found = observe(engine, name, D(2026, 6, 1) + dt.timedelta(weeks=week), by, discovery=level, opening=3)
            seen += [found] if name == "ravi" else []
    numbers = ids(engine)
    with engine.begin() as connection:
        noted = {
            "rep_id": numbers["ravi"],
            "question": "Who signs?",
            "noted_at": dt.datetime(2026, 5, 1, tzinfo=dt.UTC),
        }
        connection.execute(sa.insert(knowledge_gap).values(noted))
    found_now = told(engine, "maya", ["ravi"], as_of=D(2026, 7, 1), today=D(2026, 7, 1))["ravi"]
    assert (found_now.focus, found_now.focus_kind) == ("discovery", "skill")
    assert found_now.source_ids == tuple(f"observation:{number}" for number in reversed(seen))
    assert found_now.finding("knowledge").status == "not_yet"
    assert "Who signs" not in repr(found_now)
    with reading(engine) as connection:
        rows = queries.rows_behind(
            someone(engine, "maya"), connection, source_ids=list(found_now.source_ids), as_of=TODAY, today=TODAY
        )
    assert rows["what"].to_list() == ["Observation"] * 3
    # Before the first observation there was no skill to speak of.
    earlier = told(engine, "maya", ["ravi"], as_of=D(2026, 5, 30))["ravi"]
    assert earlier.finding("skill").status == "not_evaluated"


def test_the_reference_company_is_diagnosed_by_what_it_holds(
    shared: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    url = sqlite_url(tmp_path_factory.mktemp("maven") / "maven.sqlite3")
    migrate(url)
    engine, day = open_engine(url), D(2017, 12, 31)
    folder = shared / "data" / "maven_crm"
    load(engine, "deals", (folder / "sales_pipeline.csv").read_bytes(), day)
    load(engine, "people", (folder / "sales_teams.csv").read_bytes(), day)
    with reading(engine) as connection:
        found = diagnoses(operator(), connection, as_of=day, today=day)
    engine.dispose()
    assert len(found) == 35
    compared = [one for one in found if lever(one, "win_rate").peers_median is not None]
    assert len(compared) == 30  # five of them own no deals
    for one in found:
        assert [one.finding(layer).status for layer in ("knowledge", "skill")] == ["not_evaluated"] * 2
        for key in ("no_next_step", "competitor_losses", "discounting"):
            assert lever(one, key).value is None
    assert {lever(one, "deal_size").peer_count for one in compared} == {29}
