"""Benefit, return and chances: the worked example of roi.md 4.3 and the cases that have no number (T7)."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coaching.numbers import MINUS
from coaching.roi import money
from coaching.roi.clustering import Estimate
from coaching.roi.money import Inputs

EXAMPLE = Inputs(effect=6.2, se=2.96, df=199, rep_months=900, cost=1800, margin=0.60)
"""Amounts in thousands."""


def known(found: money.Range | None) -> tuple[float, float, float]:
    assert found is not None
    return found.value, found.low, found.high


def test_the_worked_example() -> None:
    assert known(money.benefit(EXAMPLE)) == pytest.approx((3348.0, 196.02, 6499.98), abs=0.006)
    assert known(money.net(EXAMPLE))[0] == pytest.approx(1548)
    assert known(money.roi(EXAMPLE)) == pytest.approx((86.0, -89.11, 261.11), abs=0.006)
    assert money.benefit_cost_ratio(EXAMPLE) == pytest.approx(1.86)
    assert money.break_even_effect(EXAMPLE) == pytest.approx(3.3333, abs=5e-5)
    assert money.chance_of_gain(EXAMPLE) == pytest.approx(0.8330, abs=5e-5)
    assert money.payback_months(EXAMPLE) == pytest.approx(6.4516, abs=5e-5)


def test_the_sceptical_version() -> None:
    found = money.sceptical(EXAMPLE, prior_sd=5)
    assert (found.effect, found.sd) == pytest.approx((4.5910, 2.5471), abs=5e-05)
    assert found.roi == pytest.approx(37.7, abs=0.05)
    assert found.chance_of_gain == pytest.approx(0.6893, abs=5e-5)


def test_cancellations_and_uncertain_margins() -> None:
    kept = dataclasses.replace(EXAMPLE, realisation=0.95)
    assert known(money.benefit(kept))[0] == pytest.approx(3180.6)
    assert known(money.roi(kept)) == pytest.approx((76.7, -89.7, 243.1), abs=0.06)
    assert money.break_even_effect(kept) == pytest.approx(3.5088, abs=5e-5)
    unsure = dataclasses.replace(kept, margin_sd=0.03, realisation_sd=0.0217)
    assert known(money.benefit(unsure))[1:] == pytest.approx((166, 6195), abs=0.5)
    assert known(money.roi(unsure))[1:] == pytest.approx((-90.8, 244.2), abs=0.06)
    drawn = np.quantile(money.roi_draws(kept), [0.025, 0.975])
    assert drawn == pytest.approx([-89.6, 259.7], abs=6)
    assert (money.roi_draws(kept) == money.roi_draws(kept)).all()


def test_what_drives_the_answer_is_the_effect() -> None:
    kept = dataclasses.replace(EXAMPLE, realisation=0.95)
    bars = money.tornado(kept, benefit_without_last=1800 * 1.53)
    assert [(bar.what, round(bar.low), round(bar.high)) for bar in bars] == [
        ("Effect", -90, 243),
        ("Cost", 46, 116),
        ("Margin", 59, 94),
        ("Last three months left out", 53, 77),
        ("Realisation", 67, 83),
    ]
    assert [round(bar.width) for bar in bars] == [333, 70, 35, 24, 16]
    assert money.tornado(dataclasses.replace(EXAMPLE, cost=0)) == []


def test_a_ratio_of_three_is_a_return_of_two_hundred() -> None:
    three = Inputs(effect=3, se=0, df=10, rep_months=100, cost=100)
    assert money.benefit_cost_ratio(three) == 3
    assert known(money.roi(three)) == (200, 200, 200)


def test_nations_hotel() -> None:
    hotel = Inputs(effect=1_861_158, se=0, df=10, rep_months=1, cost=579_800)
    ratio, found = money.benefit_cost_ratio(hotel), money.roi(hotel)
    assert ratio == pytest.approx(3.2100, abs=5e-5)
    assert known(found)[0] == pytest.approx(221.0, abs=0.05)


def test_without_a_cost_there_is_no_return_and_it_is_not_infinite() -> None:
    free = dataclasses.replace(EXAMPLE, cost=0)
    assert (money.roi(free), money.benefit_cost_ratio(free)) == (None, None)
    assert money.percent_words(None) == "n/a"
    assert money.sceptical(free, 5).roi is None
    assert money.roi_draws(free).size == 0
    assert money.break_even_effect(free) == 0


def test_without_a_benefit_nothing_is_ever_paid_back() -> None:
    for effect in (-6.2, 0.0):
        assert money.payback_months(dataclasses.replace(EXAMPLE, effect=effect)) is None
    assert money.payback_words(None) == "never"
    assert money.payback_words(6.4516) == "6.5 months"
    nobody = dataclasses.replace(EXAMPLE, rep_months=0)
    assert money.break_even_effect(nobody) is None
    assert money.sceptical(nobody, 5).chance_of_gain == 0


def test_the_honest_payback_is_the_first_month_that_covers_what_was_spent() -> None:
    assert money.first_month_paid_back([0, 10, 30, 40], [30, 10, 10, 10]) == 4
    assert money.first_month_paid_back([40, 0], [30, 0]) == 1
    assert money.first_month_paid_back([1, 1], [30, 0]) is None
    assert money.first_month_paid_back([], []) is None


def test_a_month_that_covers_the_cost_by_luck_and_loses_it_again_has_paid_nothing_back() -> None:
    assert money.first_month_paid_back([50, -40, 10, 30], [30, 5, 5, 5]) == 4
    assert money.first_month_paid_back([50, -40, 10, 10], [30, 5, 5, 5]) is None


def test_no_time_of_paying_back_is_told_where_the_interval_includes_no_gain() -> None:
    """The worked example returns 86 %, and its interval begins at -89 %."""
    assert money.payback_months(EXAMPLE) == pytest.approx(6.4516, abs=5e-5)
    assert not money.has_sure_gain(EXAMPLE)
    assert money.payback_range(EXAMPLE) is None
    assert money.payback_said(EXAMPLE) == money.NOT_SAID
    sharp = dataclasses.replace(EXAMPLE, se=1.0)
    found, gained = money.payback_range(sharp), money.benefit(sharp)
    assert found is not None
    assert (found.value, found.low, found.high) == pytest.approx(
        (6.4516, 12 * 1_800 / gained.high, 12 * 1_800 / gained.low), abs=5e-5
    )
    assert found.low < found.value < found.high < 12
    assert money.payback_said(sharp) == f"6.5 months (between {found.low:.1f} and {found.high:.1f})"
    assert money.payback_said(dataclasses.replace(sharp, effect=-6.2)) == money.NEVER


def test_retention_stands_by_itself_and_later_years_are_discounted() -> None:
    assert money.retention_value(-0.01, 500, 80) == pytest.approx(400)
    assert money.net_present_value([100, 110], 0.10) == pytest.approx(200)


def test_the_inputs_come_from_the_first_year() -> None:
    given = money.inputs(Estimate(6.2, 2.96, 200, 900), cost=1800, margin=0.6)
    assert given == EXAMPLE


def test_words() -> None:
    assert money.percent_words(86.04) == "+86\u00a0%"
    assert money.percent_words(-89.1) == f"{MINUS}89\u00a0%"
    assert money.percent_words(0.3) == "0\u00a0%"
    assert [money.chance_words(chance) for chance in (0.833, 0.0, 1.0)] == ["83 in 100", "1 in 100", "99 in 100"]


amounts = st.floats(0.1, 1e6)


@given(st.floats(-50, 50), st.floats(0.01, 50), st.integers(1, 500), amounts, amounts, st.floats(0.05, 1))
def test_return_ratio_break_even_and_payback_say_the_same(
    effect: float, se: float, df: int, rep_months: float, cost: float, margin: float
) -> None:
    given_inputs = Inputs(effect, se, df, rep_months, cost, margin)
    percent, ratio, even = money.roi(given_inputs), money.benefit_cost_ratio(given_inputs), None
    even = money.break_even_effect(given_inputs)
    assert percent is not None
    assert ratio is not None
    assert even is not None
    assert percent.value == pytest.approx(100 * (ratio - 1), rel=1e-9, abs=1e-7)
    assert (percent.value > 1e-6) <= (effect > even)
    assert (money.chance_of_gain(given_inputs) > 0.5) == (money.net(given_inputs).value > 0)
    assert percent.low <= percent.value <= percent.high
    paid = money.payback_months(given_inputs)
    assert (paid is None) == (effect <= 0)
    if paid is not None:
        assert (paid < 12) == (cost < money.benefit(given_inputs).value)
    weight_of_nothing = money.sceptical(given_inputs, 1e-9)
    assert abs(weight_of_nothing.effect) <= abs(effect)
