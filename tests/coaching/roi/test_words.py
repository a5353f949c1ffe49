"""What is said about the evidence: digits that the error allows, plain sentences, nothing for what is not known."""

from __future__ import annotations

import dataclasses
import re

import numpy as np
import pytest

from coaching.numbers import MINUS, NO_DATA
from coaching.roi.clustering import Estimate
from coaching.roi.evidence import Evidence, Finding, evidence
from coaching.roi.gate import RULES, Context
from coaching.roi.ladder import Step, ladder
from coaching.roi.panel import Panel
from coaching.roi.rounding import Amounts, decimals, rounded, spoken
from coaching.roi.verdict import (
    before_after_words,
    breakdown_words,
    dip_words,
    effect_words,
    lottery_words,
    placebo_words,
    verdict,
    visible_words,
)
from tests.coaching.roi.panels import even_panel, small_panel

DOLLARS = Amounts("$", "k")


@pytest.mark.parametrize(
    ("se", "expected"), [(3.264, 1), (32.6, 0), (0.46, 2), (326.0, -1), (9.99, 1), (10.0, 0), (0.0, 2)]
)
def test_the_second_figure_of_the_error_is_the_last_digit(se: float, expected: int) -> None:
    assert decimals(se) == expected


def test_estimates_and_bounds_have_the_same_digits() -> None:
    found = Estimate(6.360704, 3.264009, 200, 1279)
    assert DOLLARS.say(found.value, found.se) == "$6.4k"
    assert DOLLARS.say_range(found) == f"{MINUS}$0.1k to $12.8k"
    assert spoken(63607.04, 326.4) == "63,610"
    assert spoken(-0.004, 0.46) == "0.00"
    assert rounded(-0.004, 0.46) == 0
    assert Amounts().say(float("nan"), 1) == NO_DATA


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (9.4, "raised results by about $9.4k per rep and month (between $3.4k and $15.4k)"),
        (-9.4, "lowered results by about $9.4k per rep and month (between $3.4k and $15.4k)"),
        (5.0, f"had no clear effect: anywhere from {MINUS}$1.0k to $11.0k"),
    ],
)
def test_the_verb_comes_from_the_interval(value: float, expected: str) -> None:
    assert effect_words(Estimate(value, 3.04, 200, 1000), DOLLARS) == expected


def test_no_verdict_has_a_star_or_a_p_value() -> None:
    for panel in (small_panel(), even_panel(), even_panel(coached=5, never=3)):
        for context in (Context(), Context(drawn=True), Context(definition_changed=True, largest_deals_share=0.9)):
            said = verdict(evidence(panel), context, amounts=DOLLARS)
            told = " ".join([said.badge, said.sentence, *said.reason_sentences, *said.cannot_claim])
            assert not re.search(r"\*|\bp\s*[=<]|significan", told)


def test_where_nothing_is_enough_no_amount_is_named() -> None:
    said = verdict(evidence(even_panel(coached=5, never=3)), amounts=DOLLARS)
    assert said.colour == "grey"
    assert "$" not in " ".join([said.sentence, *said.reason_sentences])


def test_what_no_panel_can_show_is_always_among_what_cannot_be_claimed() -> None:
    found = evidence(even_panel(coached=40, never=40))
    said = verdict(found, Context(coach_is_manager=False))
    assert len(said.cannot_claim) == 6
    assert verdict(found).cannot_claim[0].startswith("Which coach caused it")
    broken = verdict(found, Context(definition_changed=True)).cannot_claim
    assert broken[0] == next(rule.cannot_claim for rule in RULES if rule.key == "definition_changed")


def test_what_could_have_been_seen_stands_before_any_result() -> None:
    assert visible_words(evidence(small_panel())) == (
        "With 60\u00a0reps and 24\u00a0months only effects above 12\u00a0% of the average can be seen."
    )
    nothing = evidence(Panel(np.full((3, 4), 1.0), np.full(3, np.inf)))
    assert visible_words(nothing) == (
        "With 3\u00a0reps and 4\u00a0months no effect could be seen yet, whatever its size."
    )
    sharp = evidence(even_panel(coached=40, never=40, noise=0.1))
    assert "even effects of 1\u00a0% of the average can be seen" in visible_words(sharp)


def changed(**findings: Estimate) -> Evidence:
    found = evidence(small_panel())
    return dataclasses.replace(
        found, findings={**found.findings, **{key: Finding(one, one) for key, one in findings.items()}}
    )


def test_the_dip_is_named_only_where_it_is_clear() -> None:
    assert dip_words(changed(placebo_dip=Estimate(-9.8, 2.8, 60, 100))) == (
        "Reps were picked after bad months. We leave those months out."
    )
    assert dip_words(changed(placebo_dip=Estimate(-4.8, 5.3, 60, 100))) == ""


def test_before_and_after_is_told_with_what_comes_back_by_itself() -> None:
    found = dataclasses.replace(changed(before_after=Estimate(13.7, 3.1, 60, 60)), usual_recovery=7.9)
    assert before_after_words(found, DOLLARS) == (
        "Simple before/after: $13.7k. We do not use it: about $7.9k is normal recovery after bad months."
    )
    assert before_after_words(dataclasses.replace(found, usual_recovery=None), DOLLARS).endswith(
        "it counts everything else that changed in the same months."
    )


def test_the_placebo_says_what_it_could_have_missed() -> None:
    assert placebo_words(changed(placebo_clean=Estimate(1.4, 3.5, 60, 100)), DOLLARS) == (
        "Four to six months before the start coached reps and the others stayed together:"
        f" {MINUS}$5.6k to $8.4k. This check could have missed drifts up to $9.8k."
    )
    assert "already drifted apart" in placebo_words(changed(placebo_clean=Estimate(9.0, 3.0, 60, 100)))


def test_the_drift_that_would_undo_the_effect_is_named_where_there_is_one() -> None:
    found = evidence(small_panel())
    assert "more than 1.4 times the largest wobble" in breakdown_words(dataclasses.replace(found, breakdown=1.4))
    assert "more than ten times" in breakdown_words(dataclasses.replace(found, breakdown=1478.0))
    fragile = breakdown_words(dataclasses.replace(found, breakdown=0.3))
    assert fragile.startswith("A drift after the start of 0.3 times the largest wobble before it would be enough")
    assert "survives" not in fragile
    assert "0.0" not in breakdown_words(dataclasses.replace(found, breakdown=0.01))
    for unknown in (0.0, float("nan"), float("inf")):
        assert breakdown_words(dataclasses.replace(found, breakdown=unknown)) == ""


def test_the_drawing_is_told_as_cases_and_never_as_none() -> None:
    assert "in 13 of 1,000 cases" in lottery_words(0.013)
    assert "in 1 of 1,000 cases" in lottery_words(0.0001)


def test_a_level_without_data_stays_on_the_ladder_and_is_empty() -> None:
    rungs = ladder([Step(0, "Sessions", "412", n=412), Step(5, "ROI", "+86 %")], 0.8, 0.6)
    assert [rung.level for rung in rungs] == [0, 1, 2, 3, 4, 5]
    assert [bool(rung.steps) for rung in rungs] == [True, False, False, False, False, True]
    assert rungs[1].note == "Nothing collected yet."
    assert rungs[5].note == ""


def test_a_return_is_withheld_where_the_levels_below_were_hardly_collected() -> None:
    top = ladder([Step(5, "ROI", "+86 %")], 0.49, None)[5]
    assert top.steps == ()
    assert top.note == (
        "A return is not shown before the levels below it are known: learning of 49\u00a0% of the coached reps and"
        " application of 0\u00a0% of the coached reps, 50\u00a0% are needed."
    )
    assert ladder([Step(5, "ROI", "+86 %")], 0.5, 0.5)[5].steps
