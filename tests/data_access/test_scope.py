"""No viewer, no data: Maya sees East, Omar sees West, Dana both, Eve totals, Ravi himself, Ada nothing of it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa

from coaching.people import Role
from data_access.engine import reading
from data_access.queries.coaching_events import coaching_events
from data_access.queries.deals import closed_deals, open_deals
from data_access.queries.imports import import_runs, rejections
from data_access.queries.people import people_in_scope, person_card, viewer_named
from data_access.scope import NotPermitted, load_viewer, local_viewers, operator, stand_in
from tests.companies import NOW, PEOPLE, TODAY, deal, load, measure, someone, value
from tests.copies import copies_of

YEAR: dict[str, Any] = {"start": dt.date(2026, 1, 1), "end": dt.date(2026, 12, 31), "as_of": TODAY, "today": TODAY}


def founded(engine: sa.Engine) -> None:
    load(engine, "people", PEOPLE)
    load(
        engine,
        "deals",
        [
            deal("r1", "ravi", status="won", closed="2026-02-01", amount=100),
            deal("r2", "ravi"),
            deal("o1", "rosa", status="won", closed="2026-02-02", amount=200),
            deal("w1", "wim", status="won", closed="2026-02-03", amount=400),
            deal("w2", "wim"),
            deal("n1", "", status="won", closed="2026-02-04", amount=800),
        ],
    )


company = copies_of(founded)


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("maya", Role.MANAGER),
        ("omar", Role.MANAGER),
        ("dana", Role.LEADER),
        ("eve", Role.EXECUTIVE),
        ("ravi", Role.REP),
        ("ada", Role.ADMIN),
    ],
)
def test_everybody_looks_in_their_own_role(company: sa.Engine, name: str, role: Role) -> None:
    assert someone(company, name).role is role


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("maya", {"maya", "ravi", "rosa"}),
        ("omar", {"omar", "wim", "wanda"}),
        ("dana", {"dana", "maya", "omar", "ravi", "rosa", "wim", "wanda"}),
        ("ravi", {"ravi"}),
        ("eve", set()),
        ("ada", set()),
    ],
)
def test_each_opens_only_their_own_people(company: sa.Engine, name: str, seen: set[str]) -> None:
    viewer = someone(company, name)
    with reading(company) as connection:
        found = people_in_scope(viewer, connection, TODAY, TODAY)
    assert set(found["external_id"]) == seen


@pytest.mark.parametrize(
    ("name", "won"), [("maya", 300.0), ("omar", 400.0), ("dana", 700.0), ("eve", 1500.0), ("ravi", None), ("ada", None)]
)
def test_a_total_adds_up_what_the_viewer_may_see(company: sa.Engine, name: str, won: float | None) -> None:
    found = measure(company, "won_amount", viewer=someone(company, name))
    assert (value(found, "won_amount") if found.height else None) == won


def test_the_teams_of_a_leader_add_up_to_the_reps_below(company: sa.Engine) -> None:
    dana = someone(company, "dana")
    teams = measure(company, "won_amount open_count", "team", viewer=dana)
    reps = measure(company, "won_amount open_count", "rep", viewer=dana)
    assert value(teams, "won_amount", "dana") == reps["won_amount"].sum() == 700
    assert value(teams, "won_amount", "East") == 300
    assert value(teams, "open_count", "dana") == reps["open_count"].sum() == 2


def test_the_operator_finds_deals_without_an_owner_under_unassigned(company: sa.Engine) -> None:
    found = measure(company, "won_amount", "team")
    assert value(found, "won_amount", "unassigned") == 800
    top = found.filter(found["parent_id"].is_null())
    assert top["won_amount"].sum() == value(measure(company, "won_amount"), "won_amount") == 1500


def test_an_executive_gets_no_row_about_a_single_rep(company: sa.Engine) -> None:
    eve = someone(company, "eve")
    assert measure(company, "won_amount", "rep", viewer=eve).is_empty()
    with reading(company) as connection:
        assert closed_deals(eve, connection, **YEAR).is_empty()
        assert open_deals(eve, connection, **YEAR).is_empty()
        assert coaching_events(eve, connection, start=TODAY, end=TODAY, as_of=TODAY, today=TODAY).is_empty()


def test_an_executive_sees_no_team_of_fewer_than_five(company: sa.Engine) -> None:
    # East and West have two reps each, all of them together four.
    assert measure(company, "won_amount", "team", viewer=someone(company, "eve")).is_empty()


def test_an_executive_sees_teams_of_five_but_no_remainder_of_fewer(engine: sa.Engine) -> None:
    east = [{"id": f"e{n}", "name": f"E {n}", "role": "Rep", "manager": "maya", "team": "East"} for n in range(6)]
    west = [{"id": f"w{n}", "name": f"W {n}", "role": "Rep", "manager": "omar", "team": "West"} for n in range(5)]
    small = [{"id": f"s{n}", "name": f"S {n}", "role": "Rep", "manager": "sam", "team": "South"} for n in range(3)]
    heads = [
        {"id": who, "name": who.title(), "role": "Manager", "manager": "dana", "team": label}
        for who, label in (("maya", "East"), ("omar", "West"), ("sam", "South"))
    ]
    top = [row for row in PEOPLE if row["id"] in {"eve", "dana"}]
    load(engine, "people", [*top, *heads, *east, *west, *small])
    load(engine, "deals", [deal("a", "e1", status="won", closed="2026-02-01")])
    found = measure(engine, "won_count", "team", viewer=someone(engine, "eve"))
    # South has three; with East and West both shown, South would be what is left of Dana's total.
    assert set(found["id"]) == {"dana", "East"}


def test_out_of_scope_reads_like_does_not_exist(company: sa.Engine) -> None:
    maya, wim = someone(company, "maya"), someone(company, "wim")
    assert wim.person_id is not None
    with reading(company) as connection:
        assert person_card(maya, connection, wim.person_id, TODAY, TODAY) is None
        assert person_card(maya, connection, 999_999, TODAY, TODAY) is None
    assert measure(company, "won_amount", "rep", viewer=maya, rep_ids=[wim.person_id]).is_empty()


def test_a_moved_rep_leaves_each_team_its_own_events_and_only_the_new_manager_opens_them(company: sa.Engine) -> None:
    before = measure(company, "won_amount", "team", end="2026-03-31")
    moved = [dict(row) for row in PEOPLE]
    next(row for row in moved if row["id"] == "ravi").update(manager="omar", team="West")
    later = TODAY + dt.timedelta(days=1)
    load(company, "people", moved, later)
    after = measure(company, "won_amount", "team", end="2026-03-31", as_of=later, today=later)
    assert value(after, "won_amount", "East") == value(before, "won_amount", "East") == 300
    maya, omar = someone(company, "maya", later), someone(company, "omar", later)
    with reading(company) as connection:
        assert "ravi" not in set(people_in_scope(maya, connection, later, later)["external_id"])
        assert "ravi" in set(people_in_scope(omar, connection, later, later)["external_id"])
        # Looking at the past widens nothing.
        assert "ravi" not in set(people_in_scope(maya, connection, TODAY, later)["external_id"])
    assert "ravi" not in set(measure(company, "won_amount", "rep", viewer=maya, as_of=TODAY, today=later)["id"])


def test_somebody_who_has_left_cannot_look(company: sa.Engine) -> None:
    gone = [row | {"left_on": "2026-11-01" if row["id"] == "maya" else ""} for row in PEOPLE]
    load(company, "people", gone)
    with reading(company) as connection:
        assert viewer_named(operator(), connection, "maya", TODAY) is None
        assert load_viewer(connection, 999_999, TODAY) is None


def test_only_the_operator_looks_as_somebody_else(company: sa.Engine) -> None:
    with reading(company) as connection:
        assert viewer_named(someone(company, "maya"), connection, "omar", TODAY) is None


@pytest.mark.parametrize("name", ["maya", "dana", "eve", "ravi"])
def test_only_an_admin_loads_files_and_sees_what_was_loaded(company: sa.Engine, name: str) -> None:
    viewer = someone(company, name)
    with pytest.raises(NotPermitted):
        load(company, "deals", [deal("x")], viewer=viewer)
    with reading(company) as connection:
        assert import_runs(viewer, connection).is_empty()
        assert rejections(viewer, connection, 1).is_empty()
    assert load(company, "deals", [deal("x")], viewer=someone(company, "ada"), now=NOW).new == 1


def test_local_mode_offers_one_of_each_role_first(company: sa.Engine) -> None:
    with reading(company) as connection:
        offered = local_viewers(connection, TODAY)
    assert offered["role"].head(5).to_list() == ["manager", "leader", "executive", "rep", "admin"]
    assert offered.height == len(PEOPLE)


def test_only_executives_and_admins_are_stood_in_for() -> None:
    assert stand_in(Role.EXECUTIVE).role is Role.EXECUTIVE
    with pytest.raises(NotPermitted):
        stand_in(Role.LEADER)
