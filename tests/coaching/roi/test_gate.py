"""Every rule of the verdict with one panel just inside its threshold and one just outside (roi.md T11)."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from coaching.roi.clustering import Estimate
from coaching.roi.evidence import Evidence, Finding, evidence
from coaching.roi.gate import RULES, Context
from coaching.roi.guardrails import DEFAULTS, Guardrails
from coaching.roi.leavers import Leaving
from coaching.roi.panel import Panel
from coaching.roi.verdict import LIKELY, NO_EFFECT, NOT_ENOUGH, TESTED, UNKNOWN, Verdict, verdict
from tests.coaching.roi.panels import even_panel

FINE = even_panel(coached=40, never=40)


def judged(panel: Panel, context: Context | None = None) -> Verdict:
    return verdict(evidence(panel), context)


def test_a_panel_that_breaks_no_rule_is_green_and_shows_money() -> None:
    said = judged(FINE)
    assert (said.colour, said.effect, said.badge, said.reasons) == ("green", "raised", LIKELY, ())
    assert said.shows_estimate
    assert said.shows_money


# ---- Grey ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("coached", "is_broken"), [(20, False), (19, True)])
def test_twenty_coached_reps_with_three_months_after_are_needed(coached: int, is_broken: bool) -> None:
    panel = even_panel(coached=40, never=40)
    outcome = panel.outcome.copy()
    for rep in range(coached, 40):
        outcome[rep, int(panel.start[rep]) + 2 :] = np.nan
    said = judged(panel.with_outcome(outcome))
    assert ("few_coached" in said.reasons) == is_broken
    if is_broken:
        assert said.colour == "grey"
        assert "19\u00a0coached reps with 3 months or more after the start; 20 are needed." in said.reason_sentences


@pytest.mark.parametrize(("never", "is_broken"), [(20, False), (19, True)])
def test_twenty_reps_to_compare_with_are_needed_in_the_middle_of_the_starts(never: int, is_broken: bool) -> None:
    panel = even_panel(coached=30, never=never)
    same = dataclasses.replace(panel, start=np.where(np.isinf(panel.start), np.inf, 12.0))
    said = judged(same)
    assert ("few_comparison" in said.reasons) == is_broken
    assert (said.colour == "grey") == is_broken


def test_reps_that_start_later_are_among_those_to_compare_with() -> None:
    panel = even_panel(coached=30, never=10)
    start = panel.start.copy()
    start[:20], start[20:30] = 12, 14
    assert evidence(dataclasses.replace(panel, start=start)).sizes.comparison == 20


@pytest.mark.parametrize(("with_history", "is_broken"), [(28, False), (27, True)])
def test_seven_of_ten_coached_reps_need_six_months_before(with_history: int, is_broken: bool) -> None:
    panel = even_panel(coached=40, never=40)
    outcome = panel.outcome.copy()
    for rep in range(with_history, 40):
        outcome[rep, : int(panel.start[rep]) - 5] = np.nan
    said = judged(panel.with_outcome(outcome))
    assert ("short_history" in said.reasons) == is_broken


@pytest.mark.parametrize(
    ("started", "unstarted", "is_broken"), [(6, 4, False), (5, 4, True), (6, 3, True), (10, 10, False)]
)
def test_six_started_and_four_unstarted_teams_are_needed_where_starts_are_by_team(
    started: int, unstarted: int, is_broken: bool
) -> None:
    random = np.random.default_rng(2)
    teams = started + unstarted
    team = np.repeat(np.arange(teams), 8)
    start = np.repeat(np.where(np.arange(teams) < started, 10.0 + np.arange(teams) % 4, np.inf), 8)
    outcome = 100 + random.normal(0, 10, (len(team), 24)) + 10 * (np.arange(24) >= start[:, None])
    found = evidence(Panel(outcome, start, team))
    assert found.by_team
    assert ("few_teams" in verdict(found).reasons) == is_broken


def test_teams_are_not_counted_where_reps_start_one_by_one() -> None:
    team = np.arange(80) // 40
    assert judged(dataclasses.replace(FINE, team=team)).reasons == ()


@pytest.mark.parametrize(("thin_months", "is_broken"), [(2, False), (3, True)])
def test_at_most_a_fifth_of_the_coached_months_may_lie_where_hardly_anybody_is_left(
    thin_months: int, is_broken: bool
) -> None:
    """All start in month 12, so a fifth of their twelve coached months are 2.4."""
    panel = even_panel(coached=40, never=40)
    outcome = panel.outcome.copy()
    outcome[44:, 24 - thin_months :] = np.nan
    same = Panel(outcome, np.where(np.isinf(panel.start), np.inf, 12.0))
    assert ("thin_months" in judged(same).reasons) == is_broken


def with_visible_share(panel: Panel, share: float) -> Panel:
    """The same panel at another level: errors stay, so what can be seen is another share of the mean."""
    mde = evidence(panel).mde80
    assert mde is not None
    return panel.with_outcome(panel.outcome - panel.mean() + mde / share)


@pytest.mark.parametrize(
    ("share", "colour", "reasons"),
    [
        (0.1499, "green", ()),
        (0.1501, "amber", ("visible_amber",)),
        (0.2499, "amber", ("visible_amber",)),
        (0.2501, "grey", ("visible_grey",)),
    ],
)
def test_what_can_be_seen_decides_on_amber_and_grey(share: float, colour: str, reasons: tuple[str, ...]) -> None:
    said = judged(with_visible_share(FINE, share))
    assert (said.colour, said.reasons) == (colour, reasons)


def test_a_mean_of_nothing_shows_no_effect_of_any_size() -> None:
    level = FINE.with_outcome(FINE.outcome - FINE.mean())
    balanced = level.with_outcome(np.round(level.outcome))
    zero = balanced.with_outcome(balanced.outcome - np.where(np.arange(24) == 0, balanced.outcome.sum() / 80, 0))
    assert abs(zero.mean()) < 1e-9
    assert "visible_grey" in judged(zero).reasons


@pytest.mark.parametrize(("gaps", "is_broken"), [(192, False), (193, True)])
def test_at_most_a_tenth_of_the_results_may_be_missing(gaps: int, is_broken: bool) -> None:
    """80 reps × 24 months are 1,920 rep-months; first and last months stay, so that everybody counts as there."""
    cells = [(rep, month) for month in (2, 4, 6) for rep in range(80)][:gaps]
    outcome = FINE.outcome.copy()
    for rep, month in cells:
        outcome[rep, month] = np.nan
    assert ("missing_outcome" in judged(FINE.with_outcome(outcome)).reasons) == is_broken


# ---- Amber: the figures of the fine panel with one of them moved ---------------------------------------------------


def moved(changes: dict[str, Estimate], worst: Estimate | None = None, leaving: Leaving | None = None) -> Evidence:
    found = evidence(FINE)
    findings = {**found.findings, **{key: Finding(one, one) for key, one in changes.items()}}
    return dataclasses.replace(
        found,
        findings=findings,
        worst_case=found.worst_case if worst is None else worst,
        leaving=found.leaving if leaving is None else leaving,
    )


HEADLINE = Estimate(8.0, 2.0, 80, 400)


@pytest.mark.parametrize(
    ("value", "se", "is_broken"),
    [(-2.1, 1.0, True), (2.1, 1.0, True), (-1.9, 1.0, False), (-2.1, 1.3, False), (-2.1, 1.25, True)],
)
def test_a_clean_placebo_matters_where_it_is_clear_and_a_quarter_of_the_effect(
    value: float, se: float, is_broken: bool
) -> None:
    """With 79 degrees of freedom p is .096 at 2.1/1.25 and .11 at 2.1/1.3."""
    found = moved({"headline": HEADLINE, "placebo_clean": Estimate(value, se, 80, 100)})
    assert ("placebo" in verdict(found).reasons) == is_broken


@pytest.mark.parametrize(
    ("symmetric", "history", "is_broken"),
    [(0.1, 0.1, False), (-0.1, 0.1, True), (0.1, -0.1, True), (-0.1, -0.1, True)],
)
def test_three_methods_have_to_agree_on_the_sign(symmetric: float, history: float, is_broken: bool) -> None:
    changes = {
        "headline": HEADLINE,
        "early": Estimate(8.0, 40.0, 80, 300),
        "symmetric": Estimate(symmetric, 2.0, 80, 300),
        "history": Estimate(history, 2.0, 80, 300),
    }
    assert ("methods_disagree" in verdict(moved(changes)).reasons) == is_broken


@pytest.mark.parametrize(("symmetric", "is_broken"), [(2.1, False), (1.9, True), (13.9, False), (14.1, True)])
def test_headline_and_symmetric_may_lie_two_errors_apart(symmetric: float, is_broken: bool) -> None:
    """Errors of 1.8 and 2.4 make 3.0 together; the early headline is 8."""
    changes = {
        "headline": HEADLINE,
        "early": Estimate(8.0, 1.8, 80, 300),
        "symmetric": Estimate(symmetric, 2.4, 80, 300),
    }
    assert ("methods_disagree" in verdict(moved(changes)).reasons) == is_broken


@pytest.mark.parametrize(
    ("p", "worst", "headline", "is_broken"),
    [
        (0.049, 3.9, 8.0, True),
        (0.051, 3.9, 8.0, False),
        (0.049, 4.1, 8.0, False),
        (0.049, 3.0, 3.9, False),
        (0.049, -3.9, -8.0, True),
    ],
)
def test_leavers_matter_where_rates_differ_and_the_worst_case_undoes_the_effect(
    p: float, worst: float, headline: float, is_broken: bool
) -> None:
    """An interval of 80 clusters reaches 1.99 errors of 2: 3.98."""
    found = moved(
        {"headline": Estimate(headline, 2.0, 80, 400)},
        worst=Estimate(worst, 2.0, 80, 400),
        leaving=Leaving(10, 400, 20, 1400, p),
    )
    assert ("leavers" in verdict(found).reasons) == is_broken


@pytest.mark.parametrize(("share", "is_broken"), [(0.50, False), (0.51, True), (None, False)])
def test_at_most_half_of_the_effect_may_come_from_five_deals(share: float | None, is_broken: bool) -> None:
    assert ("few_deals" in judged(FINE, Context(largest_deals_share=share)).reasons) == is_broken


def test_in_grey_nothing_is_said_about_the_size_of_what_hangs_on_few_deals() -> None:
    context = Context(largest_deals_share=2.74, without_largest_deals="Without them it would be −$189.")
    assert "Without them it would be −$189." in judged(FINE, context).reason_sentences
    hidden = verdict(evidence(FINE), context, Guardrails(fewest_coached=1_000))
    assert hidden.colour == "grey"
    assert "What can be seen hangs on the 5 largest deals." in hidden.reason_sentences
    assert not [one for one in hidden.reason_sentences if "274" in one or "189" in one]


@pytest.mark.parametrize(("value", "is_broken"), [(9.9, False), (10.1, True), (5.9, True)])
def test_the_effect_may_move_by_one_error_without_exposed_team_mates(value: float, is_broken: bool) -> None:
    found = moved({"headline": HEADLINE, "unexposed": Estimate(value, 2.5, 80, 400)})
    assert ("spill_over" in verdict(found).reasons) == is_broken


def test_a_changed_definition_is_amber() -> None:
    said = judged(FINE, Context(definition_changed=True))
    assert (said.colour, said.reasons, said.badge, said.shows_money) == (
        "amber",
        ("definition_changed",),
        UNKNOWN,
        False,
    )


# ---- Which colour wins ---------------------------------------------------------------------------------------------


def test_grey_beats_amber_beats_green() -> None:
    both = judged(with_visible_share(FINE, 0.26), Context(definition_changed=True))
    assert (both.colour, both.badge, both.reasons) == ("grey", NOT_ENOUGH, ("visible_grey", "definition_changed"))
    assert (both.effect, both.shows_estimate, both.shows_money) == ("none", False, False)
    assert judged(FINE, Context(definition_changed=True)).colour == "amber"
    assert judged(FINE).colour == "green"


def test_a_drawn_start_order_is_blue_whatever_its_size_and_shows_money_where_it_is_sharp() -> None:
    sharp = judged(FINE, Context(drawn=True))
    assert (sharp.colour, sharp.badge, sharp.shows_money) == ("blue", TESTED, True)
    small = even_panel(coached=8, never=8, noise=60)
    assert judged(small).colour == "grey"
    tested = judged(small, Context(drawn=True))
    assert (tested.colour, tested.shows_estimate, tested.shows_money) == ("blue", True, False)


def test_a_drawing_does_not_help_where_leaving_undoes_the_effect_or_results_are_missing() -> None:
    found = moved({"headline": HEADLINE}, worst=Estimate(3.9, 2.0, 80, 400), leaving=Leaving(10, 400, 20, 1400, 0.01))
    assert verdict(found, Context(drawn=True)).colour == "amber"
    outcome = FINE.outcome.copy()
    outcome[:, 3:6] = np.nan
    assert judged(FINE.with_outcome(outcome), Context(drawn=True)).colour == "grey"


@pytest.mark.parametrize(
    ("value", "effect", "badge"), [(1.0, "none", NO_EFFECT), (8.0, "raised", LIKELY), (-8.0, "lowered", LIKELY)]
)
def test_green_shows_money_whatever_the_interval_says(value: float, effect: str, badge: str) -> None:
    one = Estimate(value, 2.0, 80, 400)
    said = verdict(moved(dict.fromkeys(("headline", "early", "symmetric", "history"), one)))
    assert (said.colour, said.effect, said.badge, said.shows_money) == ("green", effect, badge, True)


def test_thresholds_are_settings() -> None:
    strict = Guardrails(fewest_coached=41)
    assert verdict(evidence(FINE, strict), guardrails=strict).reasons == ("few_coached",)
    lenient = Guardrails(visible_grey=0.5, visible_amber=0.4)
    assert verdict(evidence(with_visible_share(FINE, 0.3), lenient), guardrails=lenient).colour == "green"


def test_settings_that_cannot_be_are_named() -> None:
    assert DEFAULTS.problems() == []
    wrong = Guardrails(skip=-1, missing_share=12, visible_amber=0.3, fewest_clean_months=0)
    assert [problem.split("'")[1] for problem in wrong.problems()] == [
        "skip",
        "missing share",
        "visible amber",
        "fewest clean months",
    ]


def test_every_rule_has_a_key_of_its_own_and_words() -> None:
    assert len({rule.key for rule in RULES}) == len(RULES)
    assert [rule.colour for rule in RULES] == sorted((rule.colour for rule in RULES), key=["grey", "amber"].index)
    for rule in RULES:
        assert rule.cannot_claim.endswith(".")
