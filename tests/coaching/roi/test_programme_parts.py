"""Costs that are counted once, orders that anybody can draw again, and what changed between two frozen results."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coaching.periods import Calendar
from coaching.programme import EnrolmentDraft, RateDraft
from coaching.roi.freezing import changes, closed_quarter_end, freeze_problems, is_due
from coaching.roi.loaded_cost import NO_COST, charged_until, loaded_cost
from coaching.roi.lottery_draw import LotteryDraft, drawn_order, waves
from coaching.roi.programme_cost import LINES, RATES, TIMES

JANUARY, MARCH_END = dt.date(2026, 1, 1), dt.date(2026, 3, 31)
TODAY = dt.date(2026, 11, 20)


def times(*rows: tuple[dt.date, float, float, int]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=TIMES, orient="row")


def rates(*rows: tuple[str, dt.date, float]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=RATES, orient="row")


def lines(*rows: tuple[str, dt.date, dt.date, float]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=LINES, orient="row")


BOTH = rates(("coach", JANUARY, 100.0), ("rep", JANUARY, 50.0))
SESSION = (dt.date(2026, 2, 10), 60.0, 30.0, 2)
ENTERED = ("coach hours", dt.date(2026, 2, 1), dt.date(2026, 2, 28), 900.0)


def test_hours_that_are_counted_are_not_charged_again_as_entered() -> None:
    found = loaded_cost(times(SESSION), BOTH, lines(ENTERED), JANUARY, MARCH_END)
    kinds = dict(found.breakdown.select("kind", "amount").iter_rows())
    assert kinds == {"coach hours": 100.0, "preparation": 50.0, "rep hours": 100.0}
    assert (found.total, found.left_out, found.note) == (250.0, 900.0, "")


def test_without_a_rate_what_was_entered_counts_and_the_rest_is_not_known() -> None:
    found = loaded_cost(times(SESSION), rates(), lines(ENTERED), JANUARY, MARCH_END)
    kinds = dict(found.breakdown.select("kind", "amount").iter_rows())
    assert kinds == {"coach hours": 900.0, "preparation": None, "rep hours": None}
    assert found.total is None
    assert "preparation, rep hours" in found.note
    assert found.left_out == 0


def test_months_without_sessions_keep_what_was_entered_for_them() -> None:
    earlier = ("coach hours", dt.date(2026, 1, 1), dt.date(2026, 1, 31), 700.0)
    found = loaded_cost(times(SESSION), BOTH, lines(ENTERED, earlier), JANUARY, MARCH_END)
    assert found.total == 950.0
    assert found.left_out == 900.0


def test_a_rate_that_begins_after_an_hour_leaves_it_without_a_cost() -> None:
    late = rates(("coach", dt.date(2026, 3, 1), 100.0), ("rep", JANUARY, 50.0))
    found = loaded_cost(times(SESSION), late, lines(), JANUARY, MARCH_END)
    assert found.total is None


def test_no_hours_and_nothing_entered_is_no_cost_known_and_never_nothing() -> None:
    found = loaded_cost(times(), BOTH, lines(), JANUARY, MARCH_END)
    assert (found.total, found.note) == (None, NO_COST)
    assert loaded_cost(times(SESSION), BOTH, lines(), MARCH_END, JANUARY).total is None


def test_training_is_spread_over_three_years_and_the_parts_of_months_add_up() -> None:
    course = ("training", dt.date(2025, 6, 1), dt.date(2025, 6, 3), 1095.0)
    found = loaded_cost(times(), BOTH, lines(course), JANUARY, MARCH_END)
    assert found.total == pytest.approx(90.0)
    assert found.monthly["amount"].to_list() == pytest.approx([31.0, 28.0, 31.0])


SECOND_YEAR = (dt.date(2026, 2, 20), 120.0, 0.0, 1)


def test_hours_after_a_reps_first_year_are_not_charged_because_their_benefit_is_not_counted() -> None:
    whole = times(SESSION, SECOND_YEAR)
    found = loaded_cost(whole, BOTH, lines(ENTERED), JANUARY, MARCH_END, first_year=times(SESSION))
    assert (found.total, found.later, found.later_hours) == (250.0, 300.0, 2.0)
    # What was entered for the month is for hours that are counted, whoever's they are.
    assert found.left_out == 900.0
    assert loaded_cost(whole, BOTH, lines(ENTERED), JANUARY, MARCH_END).total == 550.0
    # Hours without a rate: what was entered cannot be told apart by rep and is charged in full.
    entered = loaded_cost(whole, rates(BOTH.row(1)), lines(ENTERED), JANUARY, MARCH_END, first_year=times(SESSION))
    assert dict(entered.breakdown.select("kind", "amount").iter_rows())["coach hours"] == 900.0
    # That amount pays for the hours of the second year too: they stand beside it and are not told as left out.
    assert dict(entered.breakdown.select("kind", "hours").iter_rows())["coach hours"] == 3.0
    # Hours of reps have a rate, so they are counted one by one, and those of the second year are left out.
    assert (entered.later, entered.later_hours) == (100.0, 0.0)
    # Nothing is charged for hours of a second year, so nothing has to be known about them.
    only = loaded_cost(times(SECOND_YEAR), rates(), lines(("tools", JANUARY, JANUARY, 9.0)), JANUARY, MARCH_END)
    assert only.total is None
    of_nobody = loaded_cost(
        times(SECOND_YEAR), rates(), lines(("tools", JANUARY, JANUARY, 9.0)), JANUARY, MARCH_END, first_year=times()
    )
    assert (of_nobody.total, of_nobody.later_hours) == (9.0, 2.0)


def test_what_is_of_no_single_rep_is_charged_until_the_last_first_year_ends_and_evaluation_to_the_end() -> None:
    entered = lines(
        ("tools", JANUARY, MARCH_END, 90.0),
        ("evaluation", dt.date(2026, 3, 1), MARCH_END, 31.0),
        ("coach hours", dt.date(2026, 3, 1), MARCH_END, 500.0),
    )
    found = loaded_cost(times(), BOTH, entered, JANUARY, MARCH_END, charged_until=dt.date(2026, 2, 28))
    assert found.total == pytest.approx(59.0 + 31.0)
    assert found.later == pytest.approx(31.0 + 500.0)
    assert loaded_cost(times(), BOTH, entered, JANUARY, MARCH_END).total == pytest.approx(621.0)


@pytest.mark.parametrize(
    ("starts", "until"),
    [
        ([dt.date(2024, 1, 31)], dt.date(2024, 12, 31)),
        ([dt.date(2024, 1, 31), dt.date(2024, 5, 1)], dt.date(2025, 4, 30)),
        ([dt.date(2025, 9, 1)], MARCH_END),
        ([dt.date(2024, 1, 31), dt.date(2026, 9, 1)], dt.date(2024, 12, 31)),
        ([], MARCH_END),
    ],
)
def test_the_last_first_year_is_that_of_whoever_began_last_in_the_data(starts: list[dt.date], until: dt.date) -> None:
    assert charged_until(pl.Series(starts, dtype=pl.Date), MARCH_END) == until


# ---- The draw ------------------------------------------------------------------------------------------------------


def draft(**more: Any) -> LotteryDraft:
    usual: dict[str, Any] = {
        "hypothesis": "Coached reps sell more within six months.",
        "coach_hours": 8.0,
        "hours_per_rep": 4.0,
        "first_days": (dt.date(2026, 12, 1), dt.date(2027, 1, 1)),
        "seed": "4711",
    }
    return LotteryDraft(**{**usual, **more})


def test_anybody_with_the_list_and_the_seed_draws_the_same_order() -> None:
    keys = ["ravi", "rosa", "wim", "wanda"]
    by_hand = sorted(keys, key=lambda key: hashlib.sha256(f"4711:{key}".encode()).hexdigest())
    assert drawn_order(keys, "4711") == by_hand
    assert drawn_order(keys[::-1], "4711") == by_hand
    assert [(key, wave) for key, wave, _ in waves(by_hand, draft())] == list(zip(by_hand, (1, 1, 2, 2), strict=True))
    assert draft().problems(4, TODAY) == []


@given(st.sets(st.text("abcdef", min_size=1, max_size=6), max_size=30), st.text("0123456789", min_size=1, max_size=5))
def test_a_draw_is_an_order_of_everybody(keys: set[str], seed: str) -> None:
    order = drawn_order(sorted(keys), seed)
    assert sorted(order) == sorted(keys)


@pytest.mark.parametrize("first", range(4))
def test_everybody_is_as_likely_to_start_first(first: int) -> None:
    keys = ["ravi", "rosa", "wim", "wanda"]
    won = sum(drawn_order(keys, str(seed))[0] == keys[first] for seed in range(2_000))
    assert 420 < won < 580


@pytest.mark.parametrize(
    ("more", "reps", "words"),
    [
        ({"hypothesis": " "}, 4, "what you expect"),
        ({"seed": "a:b"}, 4, "without a colon"),
        ({}, 1, "two reps or more"),
        ({"coach_hours": 3.0}, 4, "too few hours for a single rep"),
        ({"coach_hours": 100.0}, 4, "no order to draw"),
        ({"hours_per_rep": 0.0}, 4, "more than 0"),
        ({}, 5, "take 3 first days; 2 given"),
        ({"first_days": (dt.date(2027, 1, 1), dt.date(2026, 12, 1))}, 4, "in order"),
        ({"first_days": (dt.date(2026, 12, 1), dt.date(2026, 12, 8))}, 4, "a month of its own"),
        ({"first_days": (TODAY, dt.date(2027, 1, 1))}, 4, "after today"),
        ({"first_days": (dt.date(2027, 1, 1), dt.date(2036, 1, 1))}, 4, "two years from now"),
    ],
)
def test_what_cannot_be_drawn_is_told_in_a_sentence(more: dict[str, Any], reps: int, words: str) -> None:
    [problem] = [text for text in draft(**more).problems(reps, TODAY) if words in text]
    assert problem.endswith((".", "?"))


# ---- Rates and enrolments ------------------------------------------------------------------------------------------


def test_an_hour_costs_salary_and_benefits_over_the_hours_worked() -> None:
    rate = RateDraft("coach", "USD", salary=140_000, benefits_share=0.25, productive_hours=1_800)
    assert rate.amount == pytest.approx(97.22, abs=0.005)
    assert rate.problems() == []
    assert len(RateDraft("boss", None, salary=1.0, productive_hours=0).problems()) == 4
    assert RateDraft("rep", "USD", hourly=float("nan")).problems()


def test_a_drawn_start_is_never_written_by_hand() -> None:
    assert EnrolmentDraft(1, TODAY, "chosen").problems(TODAY) == []
    assert "draw" in EnrolmentDraft(1, TODAY, "lottery").problems(TODAY)[0]
    assert len(EnrolmentDraft(1, None, "").problems(TODAY)) == 2
    assert EnrolmentDraft(1, TODAY + dt.timedelta(days=400), "chosen").problems(TODAY)


# ---- Freezing ------------------------------------------------------------------------------------------------------


def test_one_result_a_quarter_needs_no_reason_and_every_other_one_does() -> None:
    calendar = Calendar()
    assert closed_quarter_end(TODAY, calendar) == dt.date(2026, 9, 30)
    assert is_due([dt.date(2026, 6, 30)], TODAY, calendar)
    assert freeze_problems(TODAY, None, [], TODAY, calendar) == []
    assert freeze_problems(dt.date(2026, 9, 30), None, [], TODAY, calendar) == []
    assert "write down why" in freeze_problems(TODAY, " ", [dt.date(2026, 10, 1)], TODAY, calendar)[0]
    assert freeze_problems(TODAY, "Costs corrected", [dt.date(2026, 10, 1)], TODAY, calendar) == []
    # A day before the quarter's end is no result for the quarter.
    assert freeze_problems(dt.date(2026, 8, 31), None, [], TODAY, calendar)
    early = freeze_problems(TODAY + dt.timedelta(days=1), None, [TODAY], TODAY, calendar)
    assert early == ["A result cannot speak for a day that has not come yet: choose today or an earlier day."]
    assert "write down why" in freeze_problems(TODAY, "\u200b\u2060", [TODAY], TODAY, calendar)[0]
    assert closed_quarter_end(TODAY, Calendar(fiscal_year_starts_in=2)) == dt.date(2026, 10, 31)


def result(**more: Any) -> dict[str, Any]:
    said = {"badge": "Not enough evidence", "shows_estimate": True, "reason_sentences": ["Too few reps."]}
    usual: dict[str, Any] = {
        "definition_version": "1-a",
        "definitions": {"skip": 3},
        "data_hash": "x",
        "months": {"last": "2026-09-01", "count": 20},
        "sizes": {"coached": 20, "comparison": 30},
        "said": said,
        "reasons": ["few_coached"],
        "words": {"effect": "$100"},
        "cost": {"total": 1000.0},
        "currency": "USD",
    }
    return {**usual, **more}


def test_what_changed_is_told_in_sentences() -> None:
    assert changes(result(), result()) == ["Nothing has changed."]
    assert changes(result(), result(data_hash="y")) == [
        "Some results in the data were corrected; no figure that is shown moved."
    ]
    said = {"badge": "Likely caused by coaching", "shows_estimate": True, "reason_sentences": []}
    found = changes(
        result(),
        result(
            definition_version="1-b",
            definitions={"skip": 4},
            months={"last": "2026-10-01", "count": 21},
            sizes={"coached": 25, "comparison": 30},
            said=said,
            reasons=[],
            words={"effect": "$120"},
            cost={"total": None},
        ),
    )
    assert found == [
        "The definitions are others, so the two results cannot be compared figure by figure.",
        "“Months before the start left out” was 3 and is 4.",
        "The verdict was “Not enough evidence” and is now “Likely caused by coaching”.",
        "The data now reach to Oct 2026 (+1 month in the comparison).".replace("Oct 2026", "Oct\u00a02026"),
        "There are 25 coached reps; there were 20.",
        "The effect was $100 and is $120 per rep and month.",
        "The cost is not known any more.",
        "1\u00a0check that did not hold before holds now.",
    ]
    assert "New: Too few reps." in changes(result(reasons=[]), result())


@pytest.mark.parametrize(
    ("gone", "come", "more", "count"),
    [
        (["visible_amber"], ["visible_grey"], {}, 0),
        (["visible_amber", "few_coached"], ["visible_grey"], {}, 1),
        (["visible_grey"], ["visible_amber"], {}, 1),
        (["visible_amber", "placebo"], ["no_estimate"], {}, 0),
        (["placebo"], [], {}, 0),
        (["placebo"], [], {"checks": [{"key": "placebo_clean", "estimate": {"estimate": 1.0}}]}, 1),
        (["few_coached", "leavers"], [], {"drawn": True}, 0),
        (["few_coached"], ["no_estimate"], {"sizes": {"coached": 0, "comparison": 30}}, 0),
    ],
)
def test_a_check_holds_again_only_where_it_was_made(
    gone: list[str], come: list[str], more: dict[str, Any], count: int
) -> None:
    said = {"badge": "Not enough evidence", "shows_estimate": False, "reason_sentences": ["Now this."] * len(come)}
    found = changes(result(reasons=gone), result(reasons=come, said=said, **more))
    held = [sentence for sentence in found if "did not hold before" in sentence]
    assert held == ([f"{count}\u00a0check that did not hold before holds now."] if count else [])


def test_another_definition_is_told_in_the_words_of_its_page() -> None:
    old = {"visible_grey": 0.25, "visible_amber": 0.15, "agreement_errors": 2.0, "margin": None, "odd_one": 1}
    new = {"visible_grey": 0.2, "visible_amber": 0.1, "agreement_errors": 3.0, "margin": 0.6, "odd_one": 2}
    found = changes(result(definitions=old), result(definition_version="1-b", definitions=new))
    assert found[1:] == [
        "“How far two methods may be apart” (amber) was 2× and is 3×.",
        "The margin was not set and is 60\u00a0%.",
        "“odd one” was 1 and is 2.",
        "“Smallest visible effect” (amber) was 15\u00a0% and is 10\u00a0%.",
        "“Smallest visible effect” (grey) was 25\u00a0% and is 20\u00a0%.",
    ]
