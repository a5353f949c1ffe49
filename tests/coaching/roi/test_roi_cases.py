"""The panels made by somebody else, with the figures that their own program gave for them (roi.md T4 and T5)."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from coaching.numbers import MINUS
from coaching.roi.before_after import before_after
from coaching.roi.callaway_santanna import callaway_santanna, group_time_effects, symmetric
from coaching.roi.clustering import Estimate, Scored
from coaching.roi.evidence import evidence
from coaching.roi.history import expected_from_history
from coaching.roi.imputation import headline, placebo
from coaching.roi.panel import Panel
from coaching.roi.twfe import two_way_fixed_effects
from coaching.roi.verdict import verdict
from tests.coaching.roi.panels import CASES, shared_case


def by_team(scored: Scored, panel: Panel) -> Estimate:
    assert panel.team is not None
    return scored.by(panel.team)


ESTIMATES: dict[str, Callable[[Panel], Estimate]] = {
    "twfe_rep": two_way_fixed_effects,
    "imputation_skip0_rep": lambda panel: headline(panel, 0).by_rep(),
    "imputation_skip3_rep": lambda panel: headline(panel, 3).by_rep(),
    "imputation_skip3_team": lambda panel: by_team(headline(panel, 3), panel),
    "imputation_skip4_rep": lambda panel: headline(panel, 4).by_rep(),
    "cs_nyt_rep": callaway_santanna,
    "cs_nyt_skip3_rep": lambda panel: group_time_effects(panel, 3).simple().by_rep(),
    "cs_symmetric_e0_8": lambda panel: symmetric(panel).by_rep(),
    "lp_history_H5": lambda panel: expected_from_history(panel).by_rep(),
    "before_after_3m": before_after,
    "placebo_dip": lambda panel: placebo(panel, -3, -1).by_rep(),
    "placebo_clean": lambda panel: placebo(panel, -6, -4).by_rep(),
}


def written(shared: Path, case: str) -> dict[str, list[float]]:
    found: dict[str, list[float]] = json.loads((shared / "data" / "roi_cases" / f"{case}.json").read_text())
    return found


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("key", ESTIMATES)
def test_every_estimate_is_the_one_written_beside_the_panel(shared: Path, case: str, key: str) -> None:
    found = ESTIMATES[key](shared_case(shared, case))
    value, error, clusters = written(shared, case)[key]
    assert found.value == pytest.approx(value, abs=1e-4)
    assert found.se == pytest.approx(error, rel=1e-3, abs=1e-6)
    assert found.clusters == clusters


@pytest.mark.parametrize("case", CASES)
def test_interval_and_smallest_visible_effect_are_the_ones_written(shared: Path, case: str) -> None:
    found, expected = headline(shared_case(shared, case)).by_rep(), written(shared, case)
    assert [found.low, found.high] == pytest.approx(expected["ci95_skip3"], abs=1e-4)
    assert found.mde80 == pytest.approx(expected["mde80"], abs=1e-4)


def test_a_dip_with_an_effect_is_no_clear_effect_and_never_raised(shared: Path) -> None:
    found = evidence(shared_case(shared, "dip_effect8_200"))
    said = verdict(found)
    assert (said.colour, said.effect, said.badge) == ("green", "none", "No clear effect yet")
    assert f"no clear effect: anywhere from {MINUS}0.1 to 12.8" in said.sentence
    assert found.mde80 == pytest.approx(9.139, abs=1e-3)


def test_a_dip_without_an_effect_is_amber_and_no_larger_figure_is_claimed(shared: Path) -> None:
    found = evidence(shared_case(shared, "dip_zero_200"))
    said = verdict(found)
    assert [round(found.of(key).value, 2) for key in ("headline", "symmetric", "history")] == [-3.01, 0.10, 0.15]  # type: ignore[union-attr]
    assert (said.colour, said.reasons) == ("amber", ("methods_disagree",))
    assert not said.shows_money
    told = " ".join([said.sentence, *said.reason_sentences, *said.cannot_claim])
    assert "8.8" not in told
    assert "16.8" not in told


def test_a_lottery_with_an_effect_is_raised(shared: Path) -> None:
    found = evidence(shared_case(shared, "lottery_effect8_200"))
    said = verdict(found)
    assert (said.colour, said.effect, said.badge) == ("green", "raised", "Likely caused by coaching")
    assert said.shows_money
    assert "raised results by about 9.4 per rep and month (between 3.5 and 15.4)" in said.sentence
    headline_found = found.of("headline")
    assert headline_found is not None
    assert headline_found.low < 7.16 < headline_found.high


def test_whole_teams_that_start_together_have_the_jackknife_and_no_money(shared: Path) -> None:
    found = evidence(shared_case(shared, "team_effect8_200"))
    by_rep, sandwich, page = found.by_rep("headline"), found.headline_by_team, found.of("headline")
    assert found.by_team
    assert by_rep is not None
    assert sandwich is not None
    assert page is not None
    truth = 7.349033
    assert not by_rep.low < truth < by_rep.high
    assert (sandwich.se, sandwich.df) == pytest.approx((6.602532, 24), abs=1e-6)
    assert [sandwich.low, sandwich.high] == pytest.approx([7.02, 34.27], abs=0.005)
    assert (page.se, page.df) == pytest.approx((7.088890, 24), abs=1e-6)
    assert [page.low, page.high] == pytest.approx([6.01, 35.27], abs=0.005)
    assert page.low < truth < page.high
    assert found.visible_share == pytest.approx(0.199, abs=5e-4)
    said = verdict(found)
    assert (said.colour, said.reasons, said.shows_money) == ("amber", ("visible_amber",), False)


def test_without_noise_the_headline_is_the_truth_and_the_usual_regression_is_not(shared: Path) -> None:
    panel = shared_case(shared, "noise_free_40")
    assert headline(panel).value == pytest.approx(7.311457, abs=1e-6)
    assert headline(panel).value == pytest.approx(7.310861, abs=1e-3)
    assert two_way_fixed_effects(panel).value == pytest.approx(6.569469, abs=1e-6)


@pytest.mark.parametrize("case", CASES)
def test_what_is_counted_is_what_is_written(shared: Path, case: str) -> None:
    sizes, expected = evidence(shared_case(shared, case)).sizes, written(shared, case)
    counted: dict[str, object] = {
        "reps": sizes.reps,
        "rows": sizes.rep_months,
        "coached": sizes.coached,
        "coached_rep_months": sizes.coached_rep_months,
    }
    assert counted == {key: expected[key] for key in counted}


def test_no_figure_beside_the_panels_is_left_unchecked(shared: Path) -> None:
    counts = {"reps", "rows", "coached", "coached_rep_months"}
    for case in CASES:
        # What the generator put in can be estimated and not be read off.
        assert set(written(shared, case)) - set(ESTIMATES) - counts == {"true_att", "ci95_skip3", "mde80"}
