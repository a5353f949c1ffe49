"""What the programme cost: hours at the rates of their day, entered costs by the days they are for."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from coaching.roi.programme_cost import BREAKDOWN, LINES, RATES, TIMES, hourly_rate, of_hours, of_lines, programme_cost

JANUARY, MARCH = dt.date(2026, 1, 1), dt.date(2026, 3, 1)


def times(*rows: tuple[dt.date, float, float | None, int]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=TIMES, orient="row")


def rates(*rows: tuple[str, dt.date, float]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=RATES, orient="row")


def lines(*rows: tuple[str, dt.date, dt.date, float]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=LINES, orient="row")


def amounts(frame: pl.DataFrame) -> dict[str, float | None]:
    return dict(frame.select("kind", "amount").iter_rows())


def test_rates_are_loaded_with_benefits_over_productive_hours() -> None:
    assert hourly_rate(140_000, 0.25, 1_800) == pytest.approx(97.22, abs=0.005)
    assert hourly_rate(110_000, 0.25, 1_800) == pytest.approx(76.39, abs=0.005)
    with pytest.raises(ValueError, match="hours"):
        hourly_rate(100_000, 0.25, 0)


def test_each_hour_costs_the_rate_of_its_day() -> None:
    """An hour at 100 and 50 in February, half an hour with two reps and 30 minutes of preparation in April at 120."""
    given = times((dt.date(2026, 4, 2), 30, 30, 2), (dt.date(2026, 2, 1), 60, None, 1))
    known = rates(("coach", JANUARY, 100), ("coach", MARCH, 120), ("rep", JANUARY, 50))
    found = of_hours(given, known)
    assert found.schema == pl.Schema(BREAKDOWN)
    assert amounts(found) == pytest.approx({"coach hours": 160, "preparation": 60, "rep hours": 100})
    assert dict(found.select("kind", "hours").iter_rows()) == {"coach hours": 1.5, "preparation": 0.5, "rep hours": 2}


def test_hours_before_the_first_rate_have_no_amount_and_so_has_the_whole() -> None:
    hours = of_hours(times((dt.date(2025, 12, 31), 60, None, 1)), rates(("coach", JANUARY, 100), ("rep", JANUARY, 50)))
    assert amounts(hours)["coach hours"] is None
    breakdown, total = programme_cost(hours, of_lines(lines(("tools", JANUARY, JANUARY, 10.0)), JANUARY, MARCH))
    assert total is None
    assert amounts(breakdown)["tools"] == 10


def test_costs_are_spread_over_their_days_and_training_over_three_years() -> None:
    """59 of 365 days are January and February; training of 1,095 costs one a day."""
    given = lines(
        ("tools", JANUARY, dt.date(2026, 12, 31), 3_650),
        ("training", dt.date(2025, 12, 1), dt.date(2025, 12, 3), 1_095),
        ("travel", dt.date(2026, 2, 1), dt.date(2026, 2, 2), 80),
        ("travel", dt.date(2026, 3, 1), dt.date(2026, 3, 2), 900),
        ("evaluation", dt.date(2025, 1, 1), dt.date(2025, 1, 1), 77),
    )
    found = of_lines(given, JANUARY, dt.date(2026, 2, 28))
    assert found.schema == pl.Schema(BREAKDOWN)
    assert amounts(found) == pytest.approx({"tools": 590, "training": 59, "travel": 80})


def test_everything_together() -> None:
    hours = of_hours(times((JANUARY, 60, 60, 1)), rates(("coach", JANUARY, 100), ("rep", JANUARY, 50)))
    entered = of_lines(lines(("preparation", JANUARY, JANUARY, 7), ("tools", JANUARY, JANUARY, 3)), JANUARY, JANUARY)
    breakdown, total = programme_cost(hours, entered)
    assert amounts(breakdown) == {"coach hours": 100, "preparation": 107, "rep hours": 50, "tools": 3}
    assert total == 260


def test_nothing_costs_nothing() -> None:
    breakdown, total = programme_cost(of_hours(times(), rates()), of_lines(lines(), JANUARY, MARCH))
    assert breakdown["hours"].null_count() == breakdown.height
    assert total == 0
