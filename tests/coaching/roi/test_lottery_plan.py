"""A lottery before and after its draw: proposals, what the planned waves could show, and what is said about them."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import itertools
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coaching import guardrail_words
from coaching.programme import steps_sentence, steps_to_a_return
from coaching.roi import lottery_draw, lottery_words
from coaching.roi.guardrails import DEFAULTS
from coaching.roi.lottery_draw import HYPOTHESIS, LotteryDraft
from coaching.roi.lottery_power import smallest_visible_by_plan, starting_months
from coaching.roi.verdict import NOT_ENOUGH, TESTED, UNKNOWN

TODAY = dt.date(2026, 11, 22)
WAVES = pl.DataFrame(
    [(1, 1, dt.date(2026, 10, 1), 4, 3, 1), (1, 2, dt.date(2027, 1, 4), 3, 0, 0)],
    schema={
        "lottery_id": pl.Int64,
        "wave": pl.Int64,
        "starts_on": pl.Date,
        "reps": pl.Int64,
        "begun": pl.Int64,
        "left": pl.Int64,
    },
    orient="row",
)


def said(text: str) -> str:
    return text.replace("\u00a0", " ")


# ---- What is proposed ----------------------------------------------------------------------------------------------


@given(
    today=st.dates(dt.date(2020, 1, 1), dt.date(2040, 1, 1)),
    waves=st.integers(1, lottery_draw.MOST_WAVES),
    between=st.integers(1, lottery_draw.MOST_MONTHS_BETWEEN),
)
def test_proposed_days_are_the_first_weekdays_of_months_to_come_and_pass_the_rules(
    today: dt.date, waves: int, between: int
) -> None:
    days = lottery_draw.proposed_first_days(today, waves, between)
    assert len(days) == waves
    assert days[0] > today
    for day in days:
        assert day.weekday() < 5
        weekdays = [date for date in (day.replace(day=n) for n in range(1, day.day)) if date.weekday() < 5]
        assert not weekdays, "an earlier weekday of the month was passed over"
    months = [day.year * 12 + day.month for day in days]
    assert {later - earlier for earlier, later in itertools.pairwise(months)} <= {between}


@given(reps=st.integers(2, 400))
def test_what_is_proposed_can_be_drawn_as_it_stands(reps: int) -> None:
    hours = lottery_draw.proposed_hours(reps)
    draft = LotteryDraft(HYPOTHESIS, hours, lottery_draw.USUAL_HOURS_PER_REP, (), lottery_draw.proposed_seed(TODAY))
    days = lottery_draw.proposed_first_days(TODAY, draft.waves_needed(reps), lottery_draw.USUAL_MONTHS_BETWEEN)
    assert dataclasses.replace(draft, first_days=days).problems(reps, TODAY) == []


@given(keys=st.lists(st.text(min_size=1), unique=True), seed=st.text(min_size=1))
def test_a_list_has_one_code_and_one_order_however_it_is_sorted(keys: list[str], seed: str) -> None:
    assert lottery_draw.list_code(keys) == lottery_draw.list_code(keys[::-1])
    assert lottery_draw.drawn_order(keys, seed) == lottery_draw.drawn_order(keys[::-1], seed)
    if keys:
        assert lottery_draw.list_code(keys) != lottery_draw.list_code(keys[1:])


def test_the_drawn_order_comes_with_what_it_was_sorted_by() -> None:
    terms = {"eligible": ["a", "b", "c"], "reps_per_wave": 2, "first_days": ["2026-12-01", "2027-03-01"]}
    rows = lottery_words.repeat_rows("4711", terms)
    assert rows["sha256"].to_list() == sorted(hashlib.sha256(f"4711:{key}".encode()).hexdigest() for key in "abc")
    assert rows["wave"].to_list() == [1, 1, 2]
    assert rows["starts_on"].to_list() == ["2026-12-01", "2026-12-01", "2027-03-01"]


# ---- What the planned waves could show -----------------------------------------------------------------------------


def test_reps_start_in_the_months_of_their_waves() -> None:
    days = (dt.date(2026, 12, 1), dt.date(2027, 3, 1), dt.date(2027, 6, 1))
    assert starting_months(5, days, 2) == (0, 0, 3, 3, 6)
    assert starting_months(7, days, 2) == ()
    assert starting_months(5, (), 2) == ()
    assert starting_months(5, days, 0) == ()


def shown(reps: int, waves: int, apart: int, months: int = 24) -> float:
    size = -(-reps // waves)
    found = smallest_visible_by_plan([place // size * apart for place in range(reps)], months, 18)
    assert found is not None
    return found


def test_smaller_effects_are_seen_with_more_reps_and_more_time_between_the_waves_and_not_by_looking_longer() -> None:
    usual = shown(40, 4, 3)
    assert shown(80, 4, 3) < usual * 0.85
    assert shown(40, 4, 6) < usual
    assert shown(40, 4, 1) > usual * 1.2
    # Nobody waits any more once the last wave has started.
    assert shown(40, 4, 3, months=48) == pytest.approx(usual, rel=0.15)
    assert shown(40, 4, 3) == usual


def test_where_everybody_starts_at_once_nothing_can_be_seen() -> None:
    assert smallest_visible_by_plan([0] * 20, 24, 18) is None


# ---- In words ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("share", "sentence", "means"),
    [
        (0.42, "effects of about 42 % of average results and larger can be seen", "only very large effects"),
        (0.2, "about 20 %", "money only below 15 %"),
        (0.1, "about 10 %", "fine enough"),
        (0.004, "even an effect of 1 %", "fine enough"),
        (None, "is not known yet", ""),
    ],
)
def test_the_smallest_visible_effect_is_said_with_what_it_means(share: float | None, sentence: str, means: str) -> None:
    assert sentence in said(lottery_words.visible_sentence(22, 4, 24, share))
    assert means in said(lottery_words.visible_means(share))


def test_a_small_draw_is_promised_an_answer_from_chance_and_threatened_with_no_verdict() -> None:
    means = said(lottery_words.visible_means(0.42))
    assert "how often chance alone does as well" in means
    assert "not enough evidence" not in means


def test_only_what_helps_is_said_to_make_it_better() -> None:
    both = said(lottery_words.better_sentence(0.4, (6, 0.3), 0.28))
    assert "6 months from wave to wave would bring it to 30 %; twice as many reps would bring it to 28 %." in both
    assert "twice as many" not in lottery_words.better_sentence(0.4, (6, 0.3), 0.41)
    assert lottery_words.better_sentence(0.4, None, 0.4).startswith("A wave can be compared only while")
    assert "Load a year of closed deals first" in lottery_words.better_sentence(None, None, None)


def test_the_waves_are_counted_by_what_became_of_them() -> None:
    found = lottery_words.with_state(WAVES, TODAY)
    assert found.select("begun", "waiting", "to_come", "left").rows() == [(3, 0, 0, 1), (0, 0, 3, 0)]
    sentence = said(lottery_words.progress_sentence(WAVES, TODAY))
    assert sentence == "7 reps in 2 waves: all 3 whose day has come have begun; the next wave starts on 4 Jan 2027"
    assert said(lottery_words.waves_sentence(WAVES, TODAY)) == "1 of 2 waves have started; 3 reps to come"
    before = dt.date(2026, 9, 1)
    assert "the first starts on 1 Oct 2026" in said(lottery_words.progress_sentence(WAVES, before))
    assert "No wave has started yet" in lottery_words.waves_sentence(WAVES, before)
    after = dt.date(2027, 2, 1)
    assert "3 of 6 whose day has come have begun" in said(lottery_words.progress_sentence(WAVES, after))
    assert "next wave" not in lottery_words.progress_sentence(WAVES, after)
    assert said(lottery_words.waves_sentence(WAVES, after)) == "All 2 waves have started"


def result(**more: Any) -> dict[str, Any]:
    return {"badge": TESTED, "words": "In 3 of 1,000 cases.", "p": 0.003, "why_not": "", **more}


def test_a_result_is_told_with_its_badge_and_grey_hides_the_figure() -> None:
    assert lottery_words.result_words(None)[0] == ""
    assert lottery_words.result_words(result()) == (TESTED, "In 3 of 1,000 cases. Chance alone hardly does that.")
    assert "no effect is shown yet" in lottery_words.result_words(result(p=0.4))[1]
    badge, sentence = lottery_words.result_words(result(badge=NOT_ENOUGH))
    assert badge == NOT_ENOUGH
    assert "1,000" not in sentence
    badge, sentence = lottery_words.result_words(result(badge=None, p=None, why_not="There is no month to compare."))
    assert (badge, "no month to compare" in sentence) == (NOT_ENOUGH, True)
    assert "one of the checks does not hold" in lottery_words.result_words(result(badge=UNKNOWN))[1]


# ---- Thresholds, and what is missing for a return ------------------------------------------------------------------


def test_every_threshold_is_explained_in_a_sentence_and_said_in_its_unit() -> None:
    names = [field.name for field in dataclasses.fields(DEFAULTS)]
    assert sorted(guardrail_words.WORDS) == sorted(names)
    titles = [(words.group, words.title) for words in guardrail_words.WORDS.values()]
    assert len(set(titles)) == len(titles)
    for name, words in guardrail_words.WORDS.items():
        assert words.explanation.endswith(".")
        is_share = isinstance(getattr(DEFAULTS, name), float) and not name.endswith("errors")
        assert (words.unit == guardrail_words.SHARE) is is_share, name
        assert guardrail_words.is_whole(name) is isinstance(getattr(DEFAULTS, name), int)
    assert said(guardrail_words.said("visible_grey", 0.25)) == "25 %"
    assert guardrail_words.said("skip", 3) == "3"
    assert guardrail_words.said("agreement_errors", 2.0) == "2×"


def test_what_is_missing_is_counted_and_what_is_only_worth_a_look_is_not() -> None:
    first = dt.date(2026, 3, 1)
    steps = steps_to_a_return(first_starts=[], rate_since={}, entered_kinds=[], margin_is_known=False)
    assert [step.is_done for step in steps] == [False, False, False, None, False]
    assert said(steps_sentence(steps)) == "4 things are missing before a return can be shown."
    steps = steps_to_a_return(
        first_starts=[first],
        rate_since={"coach": dt.date.min, "rep": first},
        entered_kinds=["tools"],
        margin_is_known=True,
    )
    assert all(step.is_done for step in steps)
    assert "since ever" in steps[1].words
    late = steps_to_a_return(
        first_starts=[first],
        rate_since={"coach": dt.date(2026, 3, 2), "rep": first},
        entered_kinds=[],
        margin_is_known=True,
    )
    assert [step.is_done for step in late] == [True, False, True, None, True]
    assert said(steps_sentence(late)) == "1 thing is missing before a return can be shown."
