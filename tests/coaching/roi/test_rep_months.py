"""From what was recorded to rep spells and months: who stands in which row, and since when."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import polars as pl
import pytest

from coaching import frames
from coaching.roi.evidence import evidence
from coaching.roi.panel import fingerprint
from coaching.roi.rep_months import PLACED, SELLERS, WON, RepMonths, people_leaving, rep_months, whole_months

UNTIL = dt.date(2026, 8, 31)
RAVI, ROSA, WIM = 1, 2, 3
EAST, WEST = 10, 20


def month(number: int, year: int = 2026) -> dt.date:
    return dt.date(year, number, 1)


def won(rows: list[tuple[int, dt.date, int]], costs: float | None = 0.4) -> pl.DataFrame:
    """Person, month, amount in cents; one won deal each, with ``costs`` of it as cost."""
    known = [
        (person, on, 1, 1, 1, amount, int(costs is not None), amount if costs is not None else 0, round(amount * costs))
        if costs is not None
        else (person, on, 1, 1, 1, amount, 0, 0, 0)
        for person, on, amount in rows
    ]
    return pl.DataFrame(known, schema=WON, orient="row")


def steady(*people: int, first: int = 1, last: int = 8) -> list[tuple[int, dt.date, int]]:
    return [(person, month(number), 100_00) for person in people for number in range(first, last + 1)]


def built(deals: pl.DataFrame, sellers: list[dict[str, Any]], **more: Any) -> RepMonths:
    homes = more.pop("homes", [(person, EAST, dt.date(1, 1, 1), None) for person in (RAVI, ROSA, WIM)])
    given = {
        "until": UNTIL,
        "scale": 100,
        "outcome": None,
        "most_missing": 0.1,
        "leads": pl.DataFrame(schema=frames.MEMBERSHIPS),
        "placed": pl.DataFrame(schema=PLACED),
        **more,
    }
    return rep_months(
        deals,
        pl.DataFrame(sellers, schema=SELLERS),
        homes=pl.DataFrame(homes, schema=frames.MEMBERSHIPS, orient="row"),
        **given,
    )


def seller(person: int, started: dt.date | None = dt.date(2020, 1, 1), **more: Any) -> dict[str, Any]:
    return {"person_id": person, "started_on": started, "left_on": None, "seen_on": None, "coached_on": None, **more}


def test_a_month_without_a_deal_is_a_month_of_nothing_and_margin_is_what_is_left() -> None:
    found = built(won([*steady(RAVI), (ROSA, month(2), 50_00)]), [seller(RAVI), seller(ROSA)])
    assert found.outcome == "margin"
    assert found.months == [month(number) for number in range(1, 9)]
    assert found.raw.outcome[0].tolist() == [60.0] * 8
    assert found.raw.outcome[1].tolist() == [0, 30.0, 0, 0, 0, 0, 0, 0]
    assert found.bookings.outcome[0].tolist() == [100.0] * 8


def test_without_costs_of_deals_the_outcome_is_bookings() -> None:
    found = built(won(steady(RAVI), costs=None), [seller(RAVI)])
    assert found.outcome == "bookings"
    assert found.margin_missing_share == 1.0
    assert built(won(steady(RAVI), costs=None), [seller(RAVI)], outcome="margin").raw.observed.sum() == 0


def test_another_team_on_the_15th_begins_a_new_spell_and_nobody_has_left() -> None:
    homes = [(RAVI, EAST, dt.date(1, 1, 1), dt.date(2026, 4, 10)), (RAVI, WEST, dt.date(2026, 4, 10), None)]
    homes.append((ROSA, EAST, dt.date(1, 1, 1), None))
    sellers = [seller(RAVI, coached_on=dt.date(2026, 6, 20)), seller(ROSA)]
    found = built(won(steady(RAVI, ROSA)), sellers, homes=homes)
    assert found.units.select("person_id", "team_id", "first_month", "last_month").rows() == [
        (RAVI, EAST, month(1), month(3)),
        (RAVI, WEST, month(4), month(8)),
        (ROSA, EAST, month(1), month(8)),
    ]
    assert found.panel.start.tolist() == [5, 5, np.inf]
    assert found.panel.team is not None
    assert found.panel.team.tolist() == [0, 1, 0]
    leaving = people_leaving(found)
    assert leaving is not None
    assert leaving.left == 0
    assert evidence(found.panel).leaving.left == 1  # type: ignore[union-attr]


def test_another_segment_begins_a_new_spell_too() -> None:
    placed = [(RAVI, dt.date(2026, 2, 1), "Large / North"), (RAVI, dt.date(2026, 5, 1), "Small / North")]
    found = built(won(steady(RAVI)), [seller(RAVI)], placed=pl.DataFrame(placed, schema=PLACED, orient="row"))
    # What was first known about the segment holds before, too.
    assert found.units.select("segment", "first_month").rows() == [
        ("Large / North", month(1)),
        ("Small / North", month(5)),
    ]


def test_the_first_six_months_the_month_of_leaving_and_months_of_leading_are_out() -> None:
    leads = [(WIM, EAST, dt.date(2026, 3, 1), None)]
    sellers = [seller(RAVI, dt.date(2025, 10, 15)), seller(ROSA, left_on=dt.date(2026, 5, 20)), seller(WIM)]
    found = built(
        won(steady(RAVI, ROSA, WIM)),
        sellers,
        leads=pl.DataFrame(leads, schema=frames.MEMBERSHIPS, orient="row"),
    )
    spans = dict(zip(found.units["person_id"], found.units.select("first_month", "last_month").rows(), strict=True))
    assert spans == {RAVI: (month(5), month(8)), ROSA: (month(1), month(4)), WIM: (month(1), month(2))}


def test_somebody_without_a_first_day_counts_from_the_first_deal_and_without_a_deal_not_at_all() -> None:
    sellers = [seller(RAVI), seller(ROSA, None, seen_on=dt.date(2026, 3, 20)), seller(WIM, None)]
    found = built(won(steady(RAVI)), sellers)
    assert dict(found.units.select("person_id", "first_month").iter_rows()) == {RAVI: month(1), ROSA: month(3)}


def test_only_whole_months_in_a_row_with_deals_count() -> None:
    rows = [(RAVI, month(3, 2009), 100_00), *steady(RAVI, first=2)]
    assert whole_months(won(rows), UNTIL)[0] == month(2)
    assert whole_months(won(rows), dt.date(2026, 8, 30))[-1] == month(7)
    assert whole_months(won(rows), dt.date(2027, 1, 31)) == []


@pytest.mark.parametrize("start", [None, dt.date(2019, 3, 3), dt.date(2026, 12, 1)])
def test_nothing_at_all_is_an_empty_panel_and_grey(start: dt.date | None) -> None:
    found = built(won([]), [seller(RAVI, coached_on=start)])
    assert found.panel.outcome.shape == (0, 0)
    assert evidence(found.panel).missing["headline"]


def test_row_numbers_of_a_database_do_not_enter_the_fingerprint() -> None:
    deals = won([*steady(RAVI), *steady(ROSA, last=5)])
    moved = deals.with_columns(pl.col("person_id") + 100)
    one = built(deals, [seller(RAVI), seller(ROSA)])
    other = built(
        moved,
        [seller(RAVI + 100), seller(ROSA + 100)],
        homes=[(person + 100, WEST, dt.date(1, 1, 1), None) for person in (RAVI, ROSA)],
    )
    assert fingerprint(one.panel) == fingerprint(other.panel)
    assert fingerprint(one.panel) != fingerprint(one.bookings)


def test_events_find_their_row_and_column() -> None:
    homes = [(RAVI, EAST, dt.date(1, 1, 1), dt.date(2026, 4, 10)), (RAVI, WEST, dt.date(2026, 4, 10), None)]
    found = built(won(steady(RAVI)), [seller(RAVI)], homes=homes)
    people, days = (
        pl.Series([RAVI, RAVI, WIM]),
        pl.Series([dt.date(2026, 3, 9), dt.date(2026, 5, 9), dt.date(2026, 3, 9)]),
    )
    row, column, inside = found.cell_of(people, days)
    assert inside.tolist() == [True, True, False]
    assert (row[:2].tolist(), column[:2].tolist()) == ([0, 1], [2, 4])
    hours = pl.DataFrame({"person_id": [RAVI, RAVI], "month": [month(3), month(5)], "hours": [2.0, 1.5]})
    laid = found.matrix(hours, "hours")
    assert laid[0, 2] == 2.0
    assert laid[1, 4] == 1.5
    assert np.isnan(laid[1, 2])
    assert np.nansum(laid) == 3.5
