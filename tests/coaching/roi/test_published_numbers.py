"""The estimates on data that others published numbers for: the county panel mpdta, organ donation, df_het."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Literal

import numpy as np
import polars as pl
import pytest

from coaching.roi.callaway_santanna import group_time_effects
from coaching.roi.clustering import Estimate
from coaching.roi.imputation import headline
from coaching.roi.panel import Panel
from coaching.roi.twfe import two_way_fixed_effects
from coaching.roi.two_way import two_way
from data_access.roi_panel import panel_of, read_rows
from tests.availability import not_available
from tests.coaching.roi.panels import STATES, Bools, Floats, counties

FIRST_YEAR = 2003


def near(value: float, se: float) -> tuple[object, object]:
    """Both published figures, to the digits that are printed."""
    return pytest.approx(value, abs=1e-6), pytest.approx(se, abs=1e-6)


def both(estimate: Estimate) -> tuple[float, float]:
    return estimate.value, estimate.se


@pytest.mark.parametrize(("control", "file"), [("never", "nevertreated"), ("notyet", "notyettreated")])
def test_the_twelve_effects_of_the_counties_are_the_published_ones(
    shared: Path, control: Literal["never", "notyet"], file: str
) -> None:
    expected = pl.read_csv(shared / "data" / "causal" / f"mpdta_expected_attgt_{file}.csv")
    found = {
        (cell.cohort + FIRST_YEAR, cell.month + FIRST_YEAR): cell
        for cell in group_time_effects(counties(shared), control=control, with_before=True).cells
    }
    assert len(found) == expected.height == 12
    for group, time, effect, error in expected.iter_rows():
        assert found[group, time].effect == pytest.approx(effect, abs=1e-6)
        assert found[group, time].se == pytest.approx(error, abs=1e-6)


def test_the_simple_mean_of_the_counties_is_the_published_one(shared: Path) -> None:
    panel = counties(shared)
    assert both(group_time_effects(panel, control="never").simple().by_rep()) == near(-0.0399513, 0.0120340)
    assert both(group_time_effects(panel, control="notyet").simple().by_rep()) == near(-0.0397636, 0.0120524)
    assert both(two_way_fixed_effects(panel)) == near(-0.036549, 0.013265)


def test_imputation_on_the_counties_hangs_on_how_many_years_before_are_asked_for(shared: Path) -> None:
    panel = counties(shared)
    assert both(headline(panel, skip=0, fewest=1).by_rep()) == near(-0.0477099, 0.0134919)
    assert headline(panel, skip=0, fewest=2).value == pytest.approx(-0.033716, abs=1e-6)


def test_the_aggregates_of_the_counties_are_the_published_ones(shared: Path) -> None:
    found = group_time_effects(counties(shared), control="never", with_before=True)
    dynamic = found.by_event_time()
    published = {
        -3: (0.030507, 0.015034),
        -2: (-0.000563, 0.013292),
        -1: (-0.024459, 0.014236),
        0: (-0.019932, 0.011826),
        1: (-0.050957, 0.016893),
        2: (-0.137259, 0.036436),
        3: (-0.100811, 0.034359),
    }
    assert {since: both(one.by_rep()) for since, one in dynamic.items()} == {k: near(*v) for k, v in published.items()}
    assert both(found.over_event_times().by_rep()) == near(-0.0772398, 0.0199650)
    groups = {int(cohort) + FIRST_YEAR: both(one.by_rep()) for cohort, one in found.by_cohort().items()}
    assert groups == {
        2004: near(-0.079749, 0.026368),
        2006: near(-0.022910, 0.016703),
        2007: near(-0.026054, 0.016655),
    }
    assert both(found.over_cohorts().by_rep()) == near(-0.0310183, 0.0124461)
    calendar = [one.value for one in found.by_month().values()]
    assert calendar == pytest.approx([-0.0105, -0.0704, -0.0488, -0.0371], abs=5e-5)
    assert both(found.over_months().by_rep()) == near(-0.0417004, 0.0159719)
    assert found.pretest() == pytest.approx(0.16812, abs=5e-6)


def test_one_treated_state_has_the_published_effect(shared: Path) -> None:
    panel = panel_of(read_rows(shared / "data" / "causal" / "organ_donation.csv"), STATES)
    assert both(two_way_fixed_effects(panel)) == near(-0.022459, 0.006131)
    assert headline(panel, skip=0, fewest=1).value == pytest.approx(-0.022459, abs=1e-6)


# ---- df_het comes with a package that is no requirement of the product ----------------------------------------------


@pytest.fixture(scope="module")
def heterogeneous() -> pl.DataFrame:
    """46,500 made-up rows that the did2s packages print their results for.

    Read as a file out of the wheel of pyfixest, which requirements-data.txt names; nothing of it is imported. With all
    that it depends on it would be 650 MB, so that stays out.
    """
    found = importlib.util.find_spec("pyfixest")
    if found is None or found.origin is None:
        not_available("df_het is read from the wheel of pyfixest: requirements-data.txt is not installed")
    return pl.read_csv(Path(found.origin).parent / "did" / "data" / "df_het.csv")


def unit_panel(rows: pl.DataFrame) -> Panel:
    """Units by years; g = 0 means never."""
    wide = rows.pivot("year", index=["unit", "g", "state"], values="dep_var").sort("unit")
    years = sorted(int(name) for name in wide.columns[3:])
    start = np.where(wide["g"] > 0, wide["g"] - years[0], np.inf).astype(np.float64)
    return Panel(wide.select(str(year) for year in years).to_numpy(), start, wide["state"].to_numpy())


def test_df_het_with_levels_of_units(heterogeneous: pl.DataFrame) -> None:
    panel = unit_panel(heterogeneous)
    assert headline(panel, skip=0, fewest=1).value == pytest.approx(2.230482, abs=1e-6)
    assert two_way_fixed_effects(panel).value == pytest.approx(1.982540, abs=1e-6)


def test_df_het_with_levels_of_states(heterogeneous: pl.DataFrame) -> None:
    """The core takes counts of cells as well: states stand for reps, several units of a state and year for one cell."""
    states, state = np.unique(heterogeneous["state"].to_numpy(), return_inverse=True)
    years, year = np.unique(heterogeneous["year"].to_numpy(), return_inverse=True)
    outcome, treated = heterogeneous["dep_var"].to_numpy(), heterogeneous["treat"].to_numpy() == 1

    def sums(values: Floats, chosen: Bools) -> Floats:
        cell = (state * len(years) + year)[chosen]
        return np.bincount(cell, values[chosen], len(states) * len(years)).reshape(-1, len(years)).astype(np.float64)

    ones = np.ones(len(outcome))
    core = two_way(sums(ones, ~treated))
    clean = sums(outcome, ~treated)
    of_states, of_years = core.solve(clean.sum(axis=1), clean.sum(axis=0))
    rest = outcome - of_states[state] - of_years[year]
    effect = float(rest[treated].mean())
    targets = sums(ones, treated)
    states_too, years_too = core.solve(targets.sum(axis=1), targets.sum(axis=0))
    score = np.where(treated, rest - effect, -(states_too[state] + years_too[year]) * rest)
    by_state = np.bincount(state, score)
    assert effect == pytest.approx(2.152214, abs=1e-6)
    # The printed error has no G/(G-1), which ours always has.
    assert np.sqrt((by_state**2).sum()) / treated.sum() == pytest.approx(0.047607, abs=1e-6)
