"""What must hold for every panel (roi.md T6): units, levels, order, gaps, and panels with nothing to compare."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coaching.roi.clustering import started_by_team
from coaching.roi.evidence import NOBODY, Evidence, evidence
from coaching.roi.gate import Context
from coaching.roi.imputation import expected, headline
from coaching.roi.lottery import permutation
from coaching.roi.panel import CannotEstimate, Panel
from coaching.roi.two_way import largest_connected
from coaching.roi.verdict import verdict
from tests.coaching.roi.panels import Floats, small_panel

KEYS = ("headline", "first_year", "symmetric", "history", "placebo_dip", "placebo_clean", "twfe", "callaway_santanna")


@st.composite
def panels(draw: st.DrawFn) -> Panel:
    """Panels of few reps with gaps, leavers, starts before, in and after the panel, and teams."""
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    reps, months = draw(st.integers(8, 24)), draw(st.integers(14, 26))
    outcome = 100 + random.normal(0, 20, (reps, 1)) + random.normal(0, 30, (reps, months))
    outcome[random.random((reps, months)) < draw(st.sampled_from([0.0, 0.05]))] = np.nan
    left = random.integers(4, 2 * months, reps)
    outcome[np.arange(months) >= left[:, None]] = np.nan
    start = random.integers(-1, months + 3, reps).astype(np.float64)
    start[random.random(reps) < 0.4] = np.inf
    return Panel(outcome, start, random.integers(0, 5, reps))


def figures(found: Evidence) -> dict[str, tuple[float, float] | None]:
    return {key: None if (one := found.by_rep(key)) is None else (one.value, one.se) for key in KEYS}


def assert_same(found: Evidence, other: Evidence, times: float = 1.0) -> None:
    before, after = figures(found), figures(other)
    for key, one in before.items():
        two = after[key]
        assert (one is None) == (two is None), key
        if one is not None and two is not None:
            assert two == pytest.approx((one[0] * times, one[1] * abs(times)), rel=1e-7, abs=1e-7 * abs(times)), key


few = settings(max_examples=15)


@few
@given(panels(), st.sampled_from([0.001, 2.0, 1000.0, 1e9]))
def test_in_another_unit_effects_and_errors_are_multiplied(panel: Panel, times: float) -> None:
    assert_same(evidence(panel), evidence(panel.with_outcome(panel.outcome * times)), times)


@few
@given(panels(), st.integers(0, 1000))
def test_another_level_of_a_rep_or_of_a_month_changes_nothing(panel: Panel, seed: int) -> None:
    """Of the check by history only the month: it compares levels of reps on purpose."""
    random = np.random.default_rng(seed)
    of_months = panel.outcome + random.normal(0, 50, panel.months)
    assert_same(evidence(panel), evidence(panel.with_outcome(of_months)))
    moved = evidence(panel.with_outcome(of_months + random.normal(0, 50, (panel.reps, 1))))
    kept = evidence(panel)
    for key in set(KEYS) - {"history"}:
        one, two = kept.by_rep(key), moved.by_rep(key)
        assert (one is None) == (two is None)
        if one is not None and two is not None:
            assert (two.value, two.se) == pytest.approx((one.value, one.se), rel=1e-6, abs=1e-6)


@few
@given(panels(), st.integers(0, 1000))
def test_whatever_stands_in_the_dip_the_headline_is_the_same_to_the_last_digit(panel: Panel, seed: int) -> None:
    dip = panel.observed & (panel.since >= -3) & (panel.since <= -1)
    changed = panel.outcome.copy()
    changed[dip] = np.random.default_rng(seed).normal(0, 1e4, int(dip.sum()))
    try:
        before = headline(panel).by_rep()
    except CannotEstimate:
        return
    after = headline(panel.with_outcome(changed)).by_rep()
    assert (after.value, after.se) == (before.value, before.se)


@few
@given(panels(), st.integers(0, 1000))
def test_drawing_who_starts_after_the_panel_changes_no_figure(panel: Panel, seed: int) -> None:
    """A lot picks nobody after bad months, so their last months say what they said before."""
    random = np.random.default_rng(seed)
    drawn = np.isinf(panel.start) & (random.random(panel.reps) < 0.5)
    start = np.where(drawn, panel.months + random.integers(0, 4, panel.reps), panel.start)
    assert_same(evidence(panel), evidence(dataclasses.replace(panel, start=start).as_drawn(drawn, 0)))


def test_drawn_reps_keep_the_months_before_their_start_and_others_do_not() -> None:
    panel = small_panel()
    coached = np.flatnonzero(panel.is_coached)
    drawn = np.isin(np.arange(panel.reps), coached[::2])
    some = panel.as_drawn(drawn, 0)
    skipped = panel.since < -np.where(drawn, 0, 3)[:, None]
    assert (expected(some, -some.skips(3)).cells == (panel.observed & skipped)).all()
    # T6c: whatever stands in the three months before a start that nobody drew, the headline is the same.
    outcome = panel.outcome.copy()
    outcome[(panel.since >= -3) & (panel.since < 0) & ~drawn[:, None]] = 9_999.0
    assert headline(some.with_outcome(outcome)).value == headline(some).value
    outcome[coached[0], int(panel.start[coached[0]]) - 1] += 100
    assert headline(some.with_outcome(outcome)).value != headline(some).value
    # All of them drawn is what it was, and so is nobody.
    everybody = panel.as_drawn(np.ones(panel.reps, dtype=np.bool_), 0)
    assert headline(everybody).value == headline(panel, 0).value
    assert headline(panel.as_drawn(np.zeros(panel.reps, dtype=np.bool_), 0)).value == headline(panel).value
    assert headline(some.of(drawn)).value == headline(panel.of(drawn), 0).value


@few
@given(panels(), st.integers(0, 1000))
def test_the_order_of_reps_does_not_matter(panel: Panel, seed: int) -> None:
    mixed = np.random.default_rng(seed).permutation(panel.reps)
    found, other = evidence(panel), evidence(panel.of(mixed))
    assert_same(found, other)
    assert dataclasses.replace(other.sizes, mean=0) == dataclasses.replace(found.sizes, mean=0)


@few
@given(panels(), st.integers(0, 1000))
def test_other_names_of_teams_change_nothing(panel: Panel, seed: int) -> None:
    assert panel.team is not None
    names = np.random.default_rng(seed).permutation(1000)[:5]
    renamed = dataclasses.replace(panel, team=names[panel.team])
    assert started_by_team(panel) == started_by_team(renamed)
    one, two = evidence(panel).headline_by_team, evidence(renamed).headline_by_team
    assert (one is None) == (two is None)
    if one is not None and two is not None:
        assert (two.value, two.se, two.clusters) == pytest.approx((one.value, one.se, one.clusters))


@few
@given(panels(), st.booleans())
def test_every_panel_gets_a_verdict(panel: Panel, drawn: bool) -> None:
    found = evidence(panel, drawn=drawn)
    said = verdict(found, Context(drawn=drawn))
    assert said.colour in {"grey", "amber", "green", "blue"}
    assert said.shows_estimate == (said.colour != "grey")
    assert bool(said.reasons) == (said.colour in {"grey", "amber"})
    assert len(said.reasons) == len(said.reason_sentences)
    for key, finding in found.findings.items():
        assert finding.by_rep.low <= finding.by_rep.value <= finding.by_rep.high, key


def with_rep(outcome: Floats, start: float) -> Panel:
    """The small panel and one rep more."""
    panel = small_panel()
    assert panel.team is not None
    return Panel(
        np.vstack([panel.outcome, outcome]), np.append(panel.start, start), np.append(panel.team, panel.team[0])
    )


def test_a_rep_coached_from_the_first_month_has_no_effect_and_is_counted() -> None:
    alone, both = evidence(small_panel()), evidence(with_rep(np.full(24, 500.0), 0))
    assert figures(both)["headline"] == pytest.approx(figures(alone)["headline"])
    assert (alone.reps_without_level, both.reps_without_level) == (0, 1)
    assert both.sizes.coached_rep_months == alone.sizes.coached_rep_months + 24
    claims = " ".join(verdict(both).cannot_claim)
    assert "1\u00a0rep was left out for too few months before the start" in claims


def test_a_rep_with_one_clean_month_is_dropped_and_counted() -> None:
    outcome = np.full(24, 500.0)
    alone, both = evidence(small_panel()), evidence(with_rep(outcome, 4))
    assert figures(both)["headline"] == pytest.approx(figures(alone)["headline"])
    assert both.reps_without_level == 1
    assert evidence(with_rep(outcome, 5)).reps_without_level == 0


def test_nobody_uncoached_is_grey_and_no_error() -> None:
    panel = small_panel()
    for start in (np.zeros(60), np.full(60, 10.0), np.full(60, -5.0)):
        said = verdict(evidence(dataclasses.replace(panel, start=start)))
        assert (said.colour, said.effect, said.shows_money) == ("grey", "none", False)
        assert "no_estimate" in said.reasons
        assert "There is no one left to compare with. A trend is not evidence." in said.reason_sentences


def test_nobody_coached_is_grey_and_no_error() -> None:
    said = verdict(evidence(dataclasses.replace(small_panel(), start=np.full(60, np.inf))))
    assert said.colour == "grey"
    assert {"no_estimate", "few_coached", "few_comparison", "short_history"} <= set(said.reasons)
    # One sentence says it, and nothing is told about the starts of nobody.
    assert [sentence for sentence in said.reason_sentences if sentence] == [NOBODY]


@pytest.mark.parametrize("shape", [(0, 0), (0, 12), (1, 1), (1, 24), (5, 1), (40, 24)])
def test_an_empty_panel_is_grey_and_no_error(shape: tuple[int, int]) -> None:
    panel = Panel(np.full(shape, np.nan), np.full(shape[0], np.inf), np.zeros(shape[0], dtype=np.int64))
    assert verdict(evidence(panel)).colour == "grey"
    assert verdict(evidence(Panel(np.full(shape, 3.0), np.full(shape[0], 6.0)))).colour == "grey"


def test_months_of_leavers_may_be_empty() -> None:
    panel = small_panel()
    gone = panel.outcome.copy()
    gone[:5, 10:] = np.nan
    found = evidence(panel.with_outcome(gone))
    assert found.sizes.missing_share == 0
    assert found.of("headline") is not None


def test_of_two_parts_without_a_common_month_the_larger_is_used() -> None:
    """Ten reps in the first year alone, coached in month 9, and forty in the second with starts of their own."""
    random = np.random.default_rng(4)
    outcome = 100 + random.normal(0, 10, (50, 24))
    outcome[:10, 12:] = np.nan
    outcome[10:, :12] = np.nan
    start = np.full(50, np.inf)
    start[:5], start[10:30] = 9, 20
    panel = Panel(outcome, start)
    model = expected(panel)
    assert model.reps_unconnected == 10
    assert not model.has_level[:10].any()
    larger = panel.of(np.arange(10, 50))
    assert headline(panel).value == pytest.approx(headline(larger).value)
    assert evidence(panel).reps_unconnected == 10


@given(st.integers(0, 10_000))
@settings(max_examples=40)
def test_the_largest_part_is_found_whatever_the_order_of_reps_and_months(seed: int) -> None:
    random = np.random.default_rng(seed)
    cells = np.zeros((12, 9), dtype=bool)
    cells[:8, :5] = random.random((8, 5)) < 0.8
    cells[:8, 0] = True
    cells[8:, 5:] = random.random((4, 4)) < 0.5
    rows, columns = random.permutation(12), random.permutation(9)
    part = largest_connected(cells)
    assert (part == np.where(np.arange(12)[:, None] < 8, cells, False)).all()
    assert (largest_connected(cells[rows][:, columns]) == part[rows][:, columns]).all()
    batch = largest_connected(np.stack([cells, cells[rows]]))
    assert (batch == np.stack([part, part[rows]])).all()


def test_shapes_that_do_not_fit_are_refused() -> None:
    for arguments in (
        (np.zeros(3), np.zeros(3)),
        (np.zeros((3, 4)), np.zeros(4)),
        (np.zeros((3, 4)), np.zeros(3), np.zeros(4, dtype=np.int64)),
        (np.zeros((3, 4)), np.zeros(3), None, np.zeros((3, 3), dtype=np.bool_)),
    ):
        with pytest.raises(ValueError, match=r"has to be|one number per rep|reps × months"):
            Panel(*arguments)


def test_the_first_of_the_drawings_is_the_headline_itself() -> None:
    panel = small_panel()
    found = permutation(panel, draws=20, fewest=2)
    assert found.value == pytest.approx(headline(panel, skip=0).value, abs=1e-9)
