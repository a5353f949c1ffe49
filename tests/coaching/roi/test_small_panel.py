"""The panel that lies beside: pinned numbers that two other programs gave as well, and the long way round."""

from __future__ import annotations

import numpy as np
import pytest

from coaching.roi.before_after import before_after
from coaching.roi.callaway_santanna import callaway_santanna, group_time_effects, symmetric
from coaching.roi.clustering import jackknife, started_by_team
from coaching.roi.evidence import evidence
from coaching.roi.history import expected_from_history
from coaching.roi.imputation import headline, placebo
from coaching.roi.panel import Panel, fingerprint, winsorised
from coaching.roi.twfe import two_way_fixed_effects
from coaching.roi.verdict import verdict
from tests.coaching.roi.panels import imputed_the_long_way, regressed_the_long_way, small_panel


@pytest.mark.parametrize(("skip", "fewest"), [(3, 2), (0, 1), (4, 3)])
def test_the_headline_is_that_of_a_regression_with_a_column_per_rep_and_month(skip: int, fewest: int) -> None:
    panel = small_panel()
    assert headline(panel, skip, fewest).value == pytest.approx(imputed_the_long_way(panel, skip, fewest), abs=1e-9)


def test_the_usual_regression_is_that_with_a_column_per_rep_and_month() -> None:
    panel = small_panel()
    assert two_way_fixed_effects(panel).value == pytest.approx(regressed_the_long_way(panel), abs=1e-9)


def test_the_numbers_are_those_of_two_other_programs() -> None:
    """pyfixest 0.60.0 (two-way) and diff-diff 3.13.0 (TwoStageDiD with G/(G-1); CallawaySantAnna on complete reps)."""
    panel = small_panel()
    two_way = two_way_fixed_effects(panel)
    assert (two_way.value, two_way.se) == pytest.approx((13.189383, 3.624738), abs=1e-06)
    for skip, value, error in ((0, 16.060698, 3.935398), (3, 13.633909, 4.433737)):
        found = headline(panel, skip).by_rep()
        assert (found.value, found.se) == pytest.approx((value, error), abs=1e-6)
    complete = panel.of(np.flatnonzero(panel.observed.all(axis=1)))
    notyet, never = callaway_santanna(complete), callaway_santanna(complete, "never")
    assert (notyet.value, notyet.se) == pytest.approx((17.596668, 7.948186), abs=1e-06)
    assert (never.value, never.se) == pytest.approx((22.251666, 7.661067), abs=1e-06)


def test_the_checks_keep_their_numbers() -> None:
    """Where no other program has the estimator: as they were when all figures of the shared panels were met."""
    panel = small_panel()
    found = {
        "symmetric": symmetric(panel).by_rep(),
        "history": expected_from_history(panel).by_rep(),
        "before_after": before_after(panel),
        "dip": placebo(panel, -3, -1).by_rep(),
        "clean": placebo(panel, -6, -4).by_rep(),
    }
    assert {key: (round(one.value, 4), round(one.se, 4), one.clusters) for key, one in found.items()} == PINNED


PINNED = {
    "symmetric": (11.5018, 4.4651, 60),
    "history": (13.9413, 4.5646, 52),
    "before_after": (6.4608, 5.5235, 37),
    "dip": (-4.834, 5.3222, 60),
    "clean": (5.7415, 5.6351, 55),
}


def test_history_is_a_regression_with_a_column_per_month() -> None:
    panel, ahead, rows = small_panel(), 6, []
    for month in range(6, panel.months - ahead + 1):
        for rep in range(panel.reps):
            y = panel.outcome[rep]
            is_new = panel.start[rep] == month
            if np.isnan(y[: month + ahead]).any() or not (is_new or panel.start[rep] > month + ahead - 1):
                continue
            own = [float(is_new), y[month - 3 : month].mean(), y[: month - 3].mean()]
            rows.append((y[month : month + ahead].mean(), *own, *(float(month == other) for other in range(6, 19))))
    table = np.array(rows)
    expected = np.linalg.lstsq(table[:, 1:], table[:, 0], rcond=None)[0][0]
    assert expected_from_history(panel).value == pytest.approx(expected, abs=1e-9)


def test_a_cell_of_callaway_and_santanna_is_a_difference_of_two_differences() -> None:
    panel = small_panel()
    cell = next(cell for cell in group_time_effects(panel, 3).cells if cell.treated > 2)
    base, month = int(cell.cohort) - 4, cell.month
    change = panel.outcome[:, month] - panel.outcome[:, base]
    treated, controls = change[panel.start == cell.cohort], change[panel.start > month + 3]
    assert cell.effect == pytest.approx(np.nanmean(treated) - np.nanmean(controls))
    assert cell.treated == (~np.isnan(treated)).sum()


def test_leaving_out_each_team_by_hand_gives_the_jackknife() -> None:
    panel = small_panel()
    assert panel.team is not None
    whole = headline(panel).by(panel.team)
    without = np.array([headline(panel.of(panel.team != team)).value for team in range(8)])
    found = jackknife(panel, lambda part: headline(part).value, whole)
    assert found.se == pytest.approx(np.sqrt(7 / 8 * ((without - without.mean()) ** 2).sum()))
    assert (found.value, found.df) == (whole.value, 7)


def test_starts_count_as_by_team_where_nine_of_ten_teams_share_a_month() -> None:
    team = np.repeat(np.arange(20), 3)
    start = np.repeat(np.arange(20) % 5 + 8.0, 3)
    outcome = np.zeros((60, 24))
    assert started_by_team(Panel(outcome, start, team))
    start[[0, 3]] += 1
    assert started_by_team(Panel(outcome, start, team))
    start[6] += 1
    assert not started_by_team(Panel(outcome, start, team))


def test_starts_do_not_count_as_by_team_without_teams_or_with_one_coached_rep_each() -> None:
    outcome, start = np.zeros((6, 24)), np.array([8.0, np.inf, 9, np.inf, 10, np.inf])
    assert not started_by_team(Panel(outcome, start))
    assert not started_by_team(Panel(outcome, start, np.repeat(np.arange(3), 2)))
    assert not started_by_team(Panel(outcome, np.full(6, np.inf), np.repeat(np.arange(3), 2)))


def test_the_fingerprint_changes_with_every_part_of_the_panel_and_with_nothing_else() -> None:
    panel = small_panel()
    assert panel.team is not None
    again = Panel(panel.outcome.copy(), panel.start.copy(), panel.team.copy())
    gap = panel.outcome.copy()
    gap[0, 0] = np.nan
    others = [
        panel.with_outcome(panel.outcome + 1e-5),
        panel.with_outcome(gap),
        Panel(panel.outcome, panel.start + 1, panel.team),
        Panel(panel.outcome, panel.start),
    ]
    assert fingerprint(again) == fingerprint(panel)
    assert len({fingerprint(panel), *map(fingerprint, others)}) == 5


def test_the_last_bits_of_another_processor_change_no_fingerprint_and_no_figure_that_is_told() -> None:
    panel = winsorised(small_panel())
    bits = np.random.default_rng(3).choice([-1, 0, 1], panel.outcome.shape) * np.spacing(panel.outcome)
    other = panel.with_outcome(panel.outcome + bits)
    assert (other.known != panel.known).any()
    assert fingerprint(other) == fingerprint(panel)
    nothing, less_than_nothing = panel.outcome.copy(), panel.outcome.copy()
    nothing[0, 0], less_than_nothing[0, 0] = 0.0, -0.0
    assert fingerprint(panel.with_outcome(nothing)) == fingerprint(panel.with_outcome(less_than_nothing))
    one, two = evidence(panel), evidence(other)
    assert verdict(one) == verdict(two)
    for key, finding in one.findings.items():
        assert two.findings[key].by_rep.value == pytest.approx(finding.by_rep.value, rel=1e-9, abs=1e-9), key
        assert two.findings[key].by_rep.se == pytest.approx(finding.by_rep.se, rel=1e-9, abs=1e-9), key


def test_winsorising_cuts_the_largest_rep_months_alone() -> None:
    panel = small_panel()
    cut = winsorised(panel)
    changed = panel.observed & (cut.known != panel.known)
    assert 0 < changed.sum() <= 0.01 * panel.observed.sum() + 1
    assert (cut.outcome[changed] < panel.outcome[changed]).all()
    assert np.nanmax(cut.outcome) == pytest.approx(np.quantile(panel.outcome[panel.observed], 0.99))
