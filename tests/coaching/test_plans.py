"""What may be agreed in a plan, in which words, and whether a plan is its own."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coaching import plans
from coaching.metrics import BY_KEY, metric
from coaching.numbers import SPACE
from coaching.plans import ActionDraft, ObjectiveDraft, PlanDraft
from data_access import tables

DAY = dt.date(2026, 11, 20)


def objective(**more: Any) -> ObjectiveDraft:
    """Double the open pipeline of 100 k until the end of March."""
    draft = ObjectiveDraft(
        1, 2, "open_pipeline", 100_000.0, 1.0, "relative", DAY, dt.date(2027, 3, 31), "A fuller quarter", "Calmer weeks"
    )
    return replace(draft, **more)


def action(text: str = "Ask for the cost of the problem", **more: Any) -> ActionDraft:
    return replace(ActionDraft("discovery", "role_play", text, 3, dt.date(2026, 12, 15)), **more)


def plan(**more: Any) -> PlanDraft:
    return replace(PlanDraft(1, 2, DAY, None, "", (action(),), (objective(),)), **more)


def test_the_words_of_the_database_are_the_words_of_the_drafts() -> None:
    for table, column, words in (
        (tables.objective, "target_kind", plans.TARGET_KINDS),
        (tables.resistance_step, "step", plans.RESISTANCE_STEPS),
    ):
        assert set(table.c[column].type.enums) == set(words)  # type: ignore[attr-defined]


def test_a_usual_objective_and_plan_have_no_problem() -> None:
    assert objective().problems() == []
    assert objective().warnings() == []
    assert plan().problems({"discovery"}) == []


def test_only_outcomes_with_a_good_direction_can_be_followed() -> None:
    keys = {entry.key for entry in plans.usable_metrics()}
    assert {"open_pipeline", "win_rate_count", "average_deal_size", "margin", "pipeline_generated"} <= keys
    assert not keys & {"quota", "open_count", "at_quota_share", "session_count", "cadence_adherence", "next_due_on"}
    for key in ("quota", "nonsense", "skill_level:discovery", "session_count"):
        [problem] = objective(metric_key=key).problems()
        assert "No objective can follow" in problem
        assert "win_rate_count" in problem


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"coach_id": 1}, "same person"),
        ({"due_on": DAY}, "after 20 Nov 2026"),
        ({"due_on": dt.date(2062, 1, 1)}, "more than 5 years"),
        ({"due_on": None}, "until when"),
        ({"target_kind": "percent"}, "no kind of target"),
        ({"target": None}, "as a number"),
        ({"target": float("nan")}, "as a number"),
        ({"target": 20.0}, "0.2 is +20 %"),
        ({"target": 0.0}, "equals the baseline"),
        ({"baseline": None}, "no baseline to change from"),
        ({"baseline": 0.0}, "baseline is 0"),
        ({"target": 100_000.0, "target_kind": "absolute"}, "equals the baseline"),
        ({"why_rep": "x" * 2001}, "Shorten"),
    ],
)
def test_what_cannot_be_agreed_is_refused_with_a_sentence_that_mends_it(change: dict[str, Any], words: str) -> None:
    [problem] = objective(**change).problems()
    assert words in problem.replace(SPACE, " ")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"target": 7.0, "target_kind": "points"}, "7 points are 0.07"),
        ({"target": 35.0, "target_kind": "absolute"}, "written 0.35"),
        ({"target": 0.8, "target_kind": "points"}, "cannot leave 0 to 100 %"),
    ],
)
def test_shares_are_shares(change: dict[str, Any], words: str) -> None:
    [problem] = objective(metric_key="win_rate_count", baseline=0.3, **change).problems()
    assert words in problem


def test_a_target_may_be_absolute_where_there_is_no_baseline() -> None:
    assert objective(baseline=None, target=50_000.0, target_kind="absolute").problems() == []


def test_the_wrong_way_and_a_missing_why_are_warned_of_and_not_refused() -> None:
    down = objective(target=-0.2)
    assert down.problems() == []
    assert "goes the other way" in down.warnings()[0]
    discount = objective(metric_key="discount", baseline=0.1, target=-0.02, target_kind="points")
    assert discount.warnings() == []
    assert "goes the other way" in replace(discount, target=0.02).warnings()[0]
    assert "without a why" in objective(why_rep=" ").warnings()[0]


def test_the_value_to_reach_follows_the_kind() -> None:
    assert objective().value_to_reach == 200_000
    assert objective(target=0.2).value_to_reach == pytest.approx(120_000)
    assert objective(target=150_000.0, target_kind="absolute").value_to_reach == 150_000
    assert objective(metric_key="margin", baseline=0.3, target=0.07, target_kind="points").value_to_reach == (
        pytest.approx(0.37)
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("double", (1.0, "relative")),
        (" Double ", (1.0, "relative")),
        ("+20 %", (0.2, "relative")),
        ("20%", (0.2, "relative")),
        ("-5 percent", (-0.05, "relative")),
        ("+7 points", (0.07, "points")),
        ("−2 pts", (-0.02, "points")),
        ("7,5 points", (0.075, "points")),
        ("120000", (120_000.0, None)),
        ("0.2", (0.2, None)),
        ("much more", None),
        ("", None),
        ("1e5", None),
    ],
)
def test_targets_are_read_as_people_write_them(text: str, expected: tuple[float, str | None] | None) -> None:
    found = plans.read_target(text)
    assert (found is None) == (expected is None)
    if found is not None and expected is not None:
        assert found[0] == pytest.approx(expected[0])
        assert found[1] == expected[1]


@pytest.mark.parametrize(
    ("target", "kind", "key", "words"),
    [
        (1.0, "relative", "open_pipeline", "double"),
        (0.2, "relative", "average_deal_size", "+20 %"),
        (-0.1, "relative", "sales_cycle_days", "−10 %"),
        (0.07, "points", "margin", "+7 points"),
        (-0.01, "points", "discount", "−1 point"),
        (120_000.0, "absolute", "open_pipeline", "to $120 k"),
        (0.35, "absolute", "win_rate_count", "to 35 %"),
    ],
)
def test_targets_are_written_as_people_say_them(target: float, kind: str, key: str, words: str) -> None:
    assert plans.target_words(target, kind, metric(key), "USD").replace(SPACE, " ") == words


@given(
    st.sampled_from(sorted(BY_KEY)),
    st.none() | st.floats(-1e9, 1e9),
    st.none() | st.floats(),
    st.sampled_from([*plans.TARGET_KINDS, "x"]),
    st.none() | st.dates(),
)
def test_no_input_breaks_the_rules(
    key: str, baseline: float | None, target: float | None, kind: str, due: dt.date | None
) -> None:
    draft = objective(metric_key=key, baseline=baseline, target=target, target_kind=kind, due_on=due)
    problems = draft.problems()
    assert all(problem.endswith((".", "?")) for problem in problems)
    if not problems:
        assert draft.value_to_reach is not None
        assert draft.value_to_reach != baseline
        draft.warnings()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"action": "  "}, "needs words"),
        ({"action": "x" * 301}, "longer than 300"),
        ({"skill": "juggling"}, "does not exist"),
        ({"method": "shouting"}, "Use one of: training"),
        ({"repetitions": 0}, "at least once"),
        ({"due_on": dt.date(2026, 11, 1)}, "before the plan starts"),
    ],
)
def test_an_action_is_refused_with_a_sentence(change: dict[str, Any], words: str) -> None:
    [problem] = action(**change).problems({"discovery"}, DAY)
    assert words in problem


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"coach_id": 1, "objectives": ()}, "same person"),
        ({"ends_on": DAY}, "end after it starts"),
        ({"actions": (), "objectives": ()}, "at least one objective or one action"),
        ({"reason": " "}, "Say why the plan changes"),
        ({"actions": (action(), action("ask for the COST of the problem!"))}, "stands there twice"),
        ({"objectives": (objective(), objective(target=0.5))}, "Open pipeline stands in two objectives"),
        ({"actions": tuple(action(f"Step {n}") for n in range(13))}, "a list, not a plan"),
        ({"objectives": (objective(target=20.0),)}, "0.2 is +20 %"),
    ],
)
def test_a_plan_is_refused_with_a_sentence(change: dict[str, Any], words: str) -> None:
    [problem] = plan(**change).problems()
    assert words in problem


def test_a_revision_needs_a_reason_and_keeps_an_action() -> None:
    assert plans.revision_problems("The calls moved to video", [action()], None, DAY) == []
    assert "without a reason" in plans.revision_problems("", [action()], None, DAY)[0]
    assert "without any action" in plans.revision_problems("Done", [], None, DAY)[0]


def test_a_draft_is_kept_with_clean_words() -> None:
    dirty = plan(summary=" a\x00b ", actions=(action(" Call\x07 "),), objectives=(objective(why_rep="x\x00 "),))
    tidy = dirty.tidy()
    assert (tidy.summary, tidy.actions[0].action, tidy.objectives[0].why_rep) == ("ab", "Call", "x")


# ---- Is a plan its own? ------------------------------------------------------------------------------------------


def actions_of(*rows: tuple[int, int, int, str]) -> pl.DataFrame:
    schema = {"plan_id": pl.Int64, "coach_id": pl.Int64, "rep_id": pl.Int64, "action": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row")


def test_the_same_words_in_two_plans_of_one_coach_are_copied() -> None:
    found = plans.personalisation(
        actions_of(
            (1, 9, 11, "Call three customers a day"),
            (1, 9, 11, "Read the notes of the last visit"),
            (2, 9, 12, "call THREE customers, a day!"),
            # Another coach may well have the same idea.
            (3, 8, 13, "Read the notes of the last visit"),
        )
    )
    rows = {row["plan_id"]: row for row in found.to_dicts()}
    assert (rows[1]["personal_share"], rows[1]["copied_count"], rows[1]["copied_from"]) == (0.5, 1, [12])
    assert (rows[2]["personal_share"], rows[2]["copied_from"]) == (0.0, [11])
    assert (rows[3]["personal_share"], rows[3]["copied_from"]) == (1.0, [])


def test_no_plan_is_no_row() -> None:
    assert plans.personalisation(actions_of()).is_empty()


texts = st.lists(st.sampled_from(["a", "b", "c", "d"]), min_size=1, max_size=4)


@given(st.lists(texts, min_size=1, max_size=5))
def test_a_copy_is_seen_from_both_sides_and_shares_stay_between_none_and_all(holders: list[list[str]]) -> None:
    rows = [(number, 9, 100 + number, text) for number, held in enumerate(holders) for text in held]
    found = {row["plan_id"]: row for row in plans.personalisation(actions_of(*rows)).to_dicts()}
    for number, row in found.items():
        assert 0 <= row["personal_share"] <= 1
        for other in row["copied_from"]:
            assert 100 + number in found[other - 100]["copied_from"]


def test_a_plan_is_stale_from_the_sixtieth_day_without_a_revision_or_session() -> None:
    touched = plans.last_touched_on(dt.date(2026, 9, 1), None, dt.date(2026, 9, 21))
    assert touched == dt.date(2026, 9, 21)
    assert not plans.is_stale(touched, dt.date(2026, 11, 19))
    assert plans.is_stale(touched, dt.date(2026, 11, 20))
    assert plans.is_stale(None, DAY)
    assert plans.last_touched_on(None, None) is None


def test_changes_between_two_versions_are_told_and_spelling_is_none() -> None:
    assert plans.action_changes(["Call more", "Read notes"], ["call more!", "Ask for the cost"]) == [
        "Added: Ask for the cost",
        "Taken out: Read notes",
    ]
    assert plans.action_changes(["Call more"], ["CALL more"]) == []


def test_a_stale_or_copied_plan_is_named_in_words_and_a_fine_one_is_not() -> None:
    row: dict[str, Any] = {
        "is_stale": True, "touched_on": dt.date(2026, 9, 1), "copied_count": 1, "action_count": 3,
        "copied_from": ["Rosa Marin"],
    }  # fmt: skip
    stale, copied = (words.replace(SPACE, " ") for words in plans.quality_words(row, DAY))
    assert stale.startswith("Nobody has revised this plan or worked on it in a session for 80 days")
    assert copied == "1 of 3 actions also stands in the plan of Rosa Marin. What is this person's own?"
    assert plans.quality_words(row | {"is_stale": False, "copied_count": 0}, DAY) == []
    assert "in a session yet" in plans.quality_words(row | {"touched_on": None}, DAY)[0]
