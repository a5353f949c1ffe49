"""An opening counts for whoever owned the deal then: whom stage history dates, else the first owner known."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa

from data_access import rollups
from data_access.engine import reading, writing
from data_access.queries.deals import opened_deals
from data_access.scope import operator
from data_access.tables import person
from tests.companies import PEOPLE, TODAY, deal, load, measure, someone, value

D = dt.date
FIRST, SECOND, THIRD = D(2026, 3, 1), D(2026, 4, 1), D(2026, 5, 1)


def owned(at: str, owner: str, stage: str = "Discovery", key: str = "a") -> dict[str, Any]:
    """One row of a stage history."""
    return {"deal": key, "stage": stage, "entered_at": at, "owner": owner}


def openers(engine: sa.Engine, as_of: dt.date = TODAY) -> list[str]:
    """Whose the openings of the year are, by rows and, as of today, by facts, which must say the same."""
    year: dict[str, Any] = {"start": D(2026, 1, 1), "end": D(2026, 12, 31), "as_of": as_of, "today": TODAY}
    with reading(engine) as connection:
        frame = opened_deals(operator(), connection, for_totals=True, **year)
        names = dict(connection.execute(sa.select(person.c.id, person.c.name_key)).all())
        assert rollups.differences(connection).is_empty()
    found = sorted(names.get(owner, "nobody") for owner in frame["owner_id"])
    if as_of == TODAY:
        table = measure(engine, "opened_count", "rep").filter(opened_count=1)
        assert found == sorted(names_of(table["name"].to_list()))
    return found


def names_of(names: list[str]) -> list[str]:
    return [name.lower().replace(" ", "") for name in names]


def test_an_opening_counts_for_rosa_who_opened_the_deal_though_ravi_was_the_first_an_export_named(
    engine: sa.Engine,
) -> None:
    load(engine, "people", PEOPLE, FIRST)
    load(engine, "deals", [deal("a", "ravi", opened="2026-01-10")], FIRST)
    assert openers(engine) == ["ravinair"]
    load(engine, "stage-history", [owned("2026-01-10", "rosa"), owned("2026-02-01", "ravi", "Offer")], FIRST)
    assert openers(engine) == ["rosamarin"]


@pytest.mark.parametrize(
    ("entries", "opener"),
    [
        ([owned("2026-01-10T09:00", "rosa"), owned("2026-01-10T17:00", "wim", "Offer")], "rosamarin"),
        ([owned("2026-01-04", "wim"), owned("2026-01-08T09:00", "ravi"), owned("2026-01-08T17:00", "rosa", "Offer")],
         "rosamarin"),
        ([owned("2026-01-20", "rosa"), owned("2026-02-01", "wim", "Offer")], "rosamarin"),
        ([owned("2026-03-20", "rosa")], "ravinair"),
        ([owned("2026-01-10", "")], "ravinair"),
    ],
    ids=["first of the day", "last before it", "before any export", "after the first export", "nobody named"],
)  # fmt: skip
def test_the_owner_nearest_to_the_opening_is_taken(
    engine: sa.Engine, entries: list[dict[str, Any]], opener: str
) -> None:
    load(engine, "people", PEOPLE, FIRST)
    load(engine, "deals", [deal("a", "ravi", opened="2026-01-10")], FIRST)
    load(engine, "stage-history", entries, SECOND)
    assert openers(engine) == [opener]


def test_it_does_not_matter_whether_the_deals_or_their_history_come_first(engine: sa.Engine) -> None:
    load(engine, "people", PEOPLE, FIRST)
    load(engine, "stage-history", [owned("2026-01-10", "rosa"), owned("2026-01-12", "wim", key="b")], FIRST)
    load(engine, "deals", [deal("a", "ravi", opened="2026-01-10"), deal("b", "ravi", opened="2026-01-11")], FIRST)
    assert openers(engine) == ["rosamarin", "wimdeboer"]
    load(engine, "deals", [deal("a", "wanda", opened="2026-01-10"), deal("b", "ravi", opened="2026-01-12")], SECOND)
    assert openers(engine) == ["rosamarin", "wimdeboer"]
    with writing(engine) as connection:
        ids = dict(connection.execute(sa.select(person.c.external_id, person.c.id)).all())
        rollups.refresh(connection, [ids["rosa"], ids["ravi"]])
    assert openers(engine) == ["rosamarin", "wimdeboer"]


def test_before_the_first_export_the_opening_counts_for_the_first_owner_and_not_the_last(engine: sa.Engine) -> None:
    load(engine, "people", PEOPLE, THIRD)
    load(engine, "deals", [deal("a", "wim", opened="2026-01-10")], THIRD)
    load(engine, "stage-history", [owned("2026-01-10", "rosa"), owned("2026-02-15", "ravi", "Offer")], THIRD)
    assert openers(engine, as_of=D(2026, 3, 1)) == ["rosamarin"]
    assert value(measure(engine, "open_count", "rep", as_of="2026-03-01"), "open_count", "ravi") == 1


def test_an_opening_before_the_first_export_is_nobodys_until_history_dates_an_owner(engine: sa.Engine) -> None:
    load(engine, "people", PEOPLE, THIRD)
    load(engine, "deals", [deal("a", "wim", opened="2026-01-10")], THIRD)
    load(engine, "stage-history", [owned("2026-02-15", "rosa")], THIRD)
    assert openers(engine, as_of=D(2026, 2, 1)) == ["nobody"]
    assert openers(engine, as_of=D(2026, 2, 15)) == ["rosamarin"]


def test_omar_sees_what_only_history_gives_his_team_and_maya_no_longer(engine: sa.Engine) -> None:
    load(engine, "people", PEOPLE, FIRST)
    load(engine, "deals", [deal("a", "ravi", opened="2026-01-10")], FIRST)
    load(engine, "stage-history", [owned("2026-01-10", "wim")], FIRST)
    year: dict[str, Any] = {"start": D(2026, 1, 1), "end": D(2026, 12, 31), "today": TODAY}
    with reading(engine) as connection:
        seen = {
            (name, as_of): opened_deals(someone(engine, name), connection, as_of=as_of, **year).height
            for name in ("omar", "maya")
            for as_of in (TODAY, D(2026, 2, 1))
        }
    assert seen == {("omar", TODAY): 1, ("omar", D(2026, 2, 1)): 1, ("maya", TODAY): 0, ("maya", D(2026, 2, 1)): 0}


def test_a_history_loaded_later_does_not_change_whose_opening_it_was_known_to_be(engine: sa.Engine) -> None:
    load(engine, "people", PEOPLE, FIRST)
    load(engine, "deals", [deal("a", "ravi", opened="2026-01-10")], FIRST)
    load(engine, "stage-history", [owned("2026-01-11", "wim", key="z")], FIRST)
    load(engine, "stage-history", [owned("2026-01-10", "rosa")], THIRD)
    assert [openers(engine, as_of=day) for day in (SECOND, THIRD)] == [["ravinair"], ["rosamarin"]]


def test_a_history_that_was_only_tried_changes_nothing(engine: sa.Engine) -> None:
    load(engine, "people", PEOPLE, FIRST)
    load(engine, "deals", [deal("a", "ravi", opened="2026-01-10")], FIRST)
    load(engine, "stage-history", [owned("2026-01-10", "rosa")], FIRST, dry_run=True)
    assert openers(engine) == ["ravinair"]


def test_a_past_page_that_adds_up_facts_keeps_the_opener_it_knew_when_a_later_history_names_another(
    engine: sa.Engine,
) -> None:
    load(engine, "people", PEOPLE, FIRST)
    load(engine, "deals", [deal("a", "ravi", opened="2026-03-10"), deal("b", "wim")], FIRST)
    # The first history is known since ever; what counts here is a later one.
    load(engine, "stage-history", [owned("2026-01-10", "wim", key="b")], FIRST)
    quarter: dict[str, Any] = {"start": D(2026, 3, 1), "end": D(2026, 3, 31), "as_of": SECOND}
    before = measure(engine, "opened_count", "rep", **quarter)
    assert value(before, "opened_count", "ravi") == 1
    load(engine, "stage-history", [owned("2026-03-10", "rosa")], THIRD)
    assert measure(engine, "opened_count", "rep", **quarter).equals(before)
