"""The reference company: a real practice set that nobody here wrote, against published figures and a plain recount."""

from __future__ import annotations

import csv
import datetime as dt
import statistics
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from data_access.engine import migrate, open_engine
from tests.companies import load, measure, value
from tests.databases import sqlite_url

SNAPSHOT = dt.date(2017, 12, 31)
Row = dict[str, str]


@pytest.fixture(scope="module")
def folder(shared: Path) -> Path:
    return shared / "data" / "maven_crm"


@pytest.fixture(scope="module")
def maven(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[sa.Engine]:
    url = sqlite_url(tmp_path_factory.mktemp("maven") / "maven.sqlite3")
    migrate(url)
    engine = open_engine(url)
    # The deals come first on purpose: people and products are matched later.
    for kind, name in (
        ("deals", "sales_pipeline"),
        ("products", "products"),
        ("accounts", "accounts"),
        ("people", "sales_teams"),
    ):
        result = load(engine, kind, (folder / f"{name}.csv").read_bytes(), SNAPSHOT)
        assert result.read == result.accepted
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def deals(folder: Path) -> list[Row]:
    with (folder / "sales_pipeline.csv").open() as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def places(folder: Path) -> dict[str, Row]:
    with (folder / "sales_teams.csv").open() as file:
        return {row["sales_agent"]: row for row in csv.DictReader(file)}


WHOLE: dict[str, Any] = {"start": dt.date(2016, 1, 1), "end": SNAPSHOT}
OVERALL = (
    "won_count lost_count open_count won_amount lost_amount win_rate_count win_rate_value average_deal_size "
    "median_deal_size sales_cycle_days open_pipeline"
)


def test_the_overall_figures_equal_the_published_ones(maven: sa.Engine, folder: Path) -> None:
    with (folder / "expected_overall.csv").open() as file:
        expected = {name: float(text) for name, text in next(csv.DictReader(file)).items()}
    found = measure(maven, OVERALL, **WHOLE).to_dicts()[0]
    assert found["won_count"] == expected["won_count"]
    assert found["lost_count"] == expected["lost_count"]
    assert found["open_count"] == expected["engaging_count"] + expected["prospecting_count"]
    assert found["won_amount"] == pytest.approx(expected["won_value"], abs=1e-6)
    assert found["win_rate_count"] == pytest.approx(expected["win_rate_pct"] / 100, abs=1e-6)
    assert found["average_deal_size"] == pytest.approx(expected["avg_won_deal"], abs=1e-6)
    assert found["median_deal_size"] == expected["median_won_deal"]
    assert found["sales_cycle_days"] == expected["median_cycle_days_won"]
    assert [found[key] for key in ("lost_amount", "win_rate_value", "open_pipeline")] == [None, None, None]


def test_what_the_export_cannot_tell_is_empty_for_every_rep_too(maven: sa.Engine) -> None:
    found = measure(maven, "lost_amount win_rate_value open_pipeline margin discount quota crm_hygiene", "rep", **WHOLE)
    for key in ("lost_amount", "win_rate_value", "open_pipeline", "margin", "discount", "quota", "crm_hygiene"):
        assert found[key].null_count() == found.height


def test_all_35_people_appear_and_the_6_managers_do_not(maven: sa.Engine, places: dict[str, Row]) -> None:
    found = measure(maven, "won_count win_rate_count", "rep", **WHOLE)
    assert sorted(found["id"]) == sorted(places)
    idle = found.filter(win_rate_count_n=0)
    assert idle.height == 5
    assert idle["won_count"].to_list() == [0.0] * 5
    assert idle["win_rate_count"].null_count() == 5


SPANS = [
    (dt.date(2017, 3, 1), dt.date(2017, 3, 31)),
    (dt.date(2017, 4, 1), dt.date(2017, 6, 30)),
    (dt.date(2017, 5, 17), dt.date(2017, 8, 2)),
    (dt.date(2016, 1, 1), dt.date(2017, 12, 31)),
]
GROUPS: list[tuple[str, Callable[[Row], str]]] = [
    ("company", lambda place: "company"),
    ("rep", lambda place: place["sales_agent"]),
    ("team", lambda place: place["manager"]),
    ("team", lambda place: place["regional_office"]),
]


@pytest.mark.parametrize("span", SPANS, ids=lambda span: f"{span[0]} to {span[1]}")
@pytest.mark.parametrize(("by", "group"), GROUPS, ids=["company", "rep", "manager", "office"])
def test_any_period_and_grouping_equals_a_recount_of_the_file(
    maven: sa.Engine,
    deals: list[Row],
    places: dict[str, Row],
    span: tuple[dt.date, dt.date],
    by: str,
    group: Callable[[Row], str],
) -> None:
    keys = (
        "won_count lost_count open_count won_amount win_rate_count average_deal_size median_deal_size "
        "sales_cycle_days opened_count"
    )
    found = measure(maven, keys, by, *span)
    for name in sorted({group(place) for place in places.values()}):
        rows = [row for row in deals if group(places[row["sales_agent"]]) == name]
        for key, expected in recount(rows, *span).items():
            cell = value(found, key, name)
            assert cell == (None if expected is None else pytest.approx(expected, abs=1e-6)), f"{key} of {name}"


def recount(rows: list[Row], start: dt.date, end: dt.date) -> dict[str, float | None]:
    """What the file itself says, counted with nothing but loops."""
    inside = [row for row in rows if row["close_date"] and start <= dt.date.fromisoformat(row["close_date"]) <= end]
    won = [row for row in inside if row["deal_stage"] == "Won"]
    lost = [row for row in inside if row["deal_stage"] == "Lost"]
    values = [float(row["close_value"]) for row in won]
    cycles = [days_between(row) for row in won]
    return {
        "won_count": len(won),
        "lost_count": len(lost),
        "open_count": sum(is_open(row, min(end, SNAPSHOT)) for row in rows),
        "won_amount": sum(values),
        "win_rate_count": len(won) / len(inside) if inside else None,
        "average_deal_size": statistics.mean(values) if values else None,
        "median_deal_size": statistics.median(values) if values else None,
        "sales_cycle_days": statistics.median(cycles) if cycles else None,
        "opened_count": sum(
            start <= dt.date.fromisoformat(row["engage_date"]) <= end for row in rows if row["engage_date"]
        ),
    }


def days_between(row: Row) -> int:
    return (dt.date.fromisoformat(row["close_date"]) - dt.date.fromisoformat(row["engage_date"])).days


def is_open(row: Row, on: dt.date) -> bool:
    """Undated deals count as open from their first snapshot on."""
    opened = dt.date.fromisoformat(row["engage_date"]) if row["engage_date"] else SNAPSHOT
    closed = dt.date.fromisoformat(row["close_date"]) if row["close_date"] else None
    return opened <= on and (closed is None or closed > on)


def test_misspelt_products_find_their_partner_and_no_amount_vanishes(maven: sa.Engine) -> None:
    with maven.connect() as connection:
        rows: dict[str, Any] = dict(
            connection.execute(
                sa.text(
                    "SELECT p.name, count(*) FROM deal_version v JOIN product p ON p.id = v.product_id GROUP BY p.name"
                )
            ).all()
        )
    assert rows["GTX Pro"] == 1480
    assert "GTXPro" not in rows
    assert sum(rows.values()) == 8800


def test_before_the_first_export_the_history_is_rebuilt_from_it(maven: sa.Engine, deals: list[Row]) -> None:
    as_of = dt.date(2017, 6, 30)
    found = measure(maven, "won_count open_count open_pipeline", as_of=as_of, start=dt.date(2016, 1, 1), end=as_of)
    closed_by_then = [r for r in deals if r["deal_stage"] == "Won" and r["close_date"] <= as_of.isoformat()]
    assert value(found, "won_count") == len(closed_by_then)
    assert value(found, "open_count") == sum(is_open(row, as_of) for row in deals)
    assert value(found, "open_pipeline") is None
