"""The pulse: which means may be shown without telling what anybody answered."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coaching.pulse import ANSWER_SUMS, SMALLEST_GROUP, PulseAnswer, last_day, shown_means, wave_of


def sums(answers: dict[int, int]) -> pl.DataFrame:
    rows = [("2026-10", team, count, count * 4, count * 3, count * 5) for team, count in answers.items()]
    return pl.DataFrame(rows, schema=ANSWER_SUMS, orient="row")


def shown(answers: dict[int, int], parents: dict[int, int | None]) -> dict[int | None, int | None]:
    return dict(shown_means(sums(answers), parents).select("team_id", "answer_count").iter_rows())


def test_five_answers_are_shown_and_four_are_not() -> None:
    assert shown({1: 5, 2: 4}, {1: None, 2: None}) == {1: 5, 2: None, None: None}


def test_a_mean_is_the_sum_over_the_answers() -> None:
    row = shown_means(sums({1: 5}), {1: None}).filter(pl.col("team_id") == 1).row(0, named=True)
    assert (row["useful_mean"], row["heard_mean"], row["clear_mean"]) == (4.0, 3.0, 5.0)


def test_a_parent_is_hidden_where_taking_away_a_shown_child_would_leave_fewer_than_five() -> None:
    tree: dict[int, int | None] = {10: None, 1: 10, 2: 10}
    assert shown({1: 6, 2: 3}, tree)[10] is None
    assert shown({1: 6, 2: 5}, tree)[10] == 11
    assert shown({1: 3, 2: 3}, tree)[10] == 6
    assert shown({1: 6, 2: 3, 10: 2}, tree)[10] == 11


def test_what_is_hidden_in_one_team_does_not_come_out_two_levels_up() -> None:
    tree: dict[int, int | None] = {20: None, 10: 20, 11: 20, 1: 10, 2: 10}
    found = shown({1: 6, 2: 3, 11: 7}, tree)
    assert found == {1: 6, 2: None, 10: None, 11: 7, 20: None, None: None}


def test_nobody_answered_means_no_row() -> None:
    assert shown({}, {1: None}) == {}


TREES = st.dictionaries(st.integers(2, 12), st.none() | st.integers(1, 11), max_size=11).map(
    # Above every team stands one with a lower number, so that there is no circle.
    lambda tree: {team: None if parent is None else 1 + parent % (team - 1) for team, parent in tree.items()}
)
ANSWERS = st.dictionaries(st.integers(1, 12), st.integers(1, 9), max_size=12)


@given(TREES, ANSWERS)
def test_no_difference_of_shown_figures_speaks_of_fewer_than_five(
    parents: dict[int, int | None], answers: dict[int, int]
) -> None:
    """Shown figures are sums over branches of a tree, so whatever can be worked out of them is a sum of what is left of
    each branch without the shown ones inside it."""
    found = shown(answers, parents)
    branches = {
        frozenset(team for team in answers if _is_below(team, node, parents)): count
        for node, count in found.items()
        if count is not None
    }
    for branch, count in branches.items():
        assert count == sum(answers[team] for team in branch)
        left = branch - frozenset().union(*(other for other in branches if other < branch))
        people = sum(answers[team] for team in left)
        assert people == 0 or people >= SMALLEST_GROUP
    assert set(found) >= set(answers)


@given(st.dictionaries(st.integers(1, 6), st.none() | st.integers(1, 6)), ANSWERS)
def test_in_a_tree_with_circles_each_answer_still_counts_once(
    parents: dict[int, int | None], answers: dict[int, int]
) -> None:
    found = shown(answers, parents)
    assert set(found) >= set(answers)
    assert found.get(None) in {None, sum(answers.values())}
    assert all(count is None or SMALLEST_GROUP <= count <= sum(answers.values()) for count in found.values())


def _is_below(team: int, node: int | None, parents: dict[int, int | None]) -> bool:
    here: int | None = team
    while here is not None and here != node:
        here = parents.get(here)
    return here == node


def test_a_round_is_a_month() -> None:
    assert wave_of(dt.date(2026, 11, 20)) == "2026-11"
    assert last_day("2026-02") == dt.date(2026, 2, 28)
    assert last_day("9999-12") == dt.date(9999, 12, 31)
    assert last_day("2026-13") is None
    assert last_day("2025-Q4") is None
    assert last_day("0000-01") is None


@pytest.mark.parametrize("taps", [(0, 3, 3), (3, 6, 3), (3, 3, True), (3, 3, 2.5)])
def test_an_answer_is_three_whole_numbers_from_one_to_five(taps: tuple[int, int, int]) -> None:
    assert len(PulseAnswer(*taps).problems()) == 1
    assert PulseAnswer(1, 5, 3).problems() == []
