"""Who could help whom with a skill, the pairs that together promise most, and what followed."""

from __future__ import annotations

import datetime as dt
import itertools
import random
import subprocess
import sys
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coaching import frames, pair_words, pairing
from coaching.pairing import BETWEEN, GAINS, STRONG, UNKNOWN, MeetingDraft, assigned, compared, key_of
from tests.availability import PROJECT
from tests.coaching.scored import START, scores

TODAY = dt.date(2026, 11, 20)
DAY = dt.timedelta(days=1)


# ---- Who is strong, who would gain -------------------------------------------------------------------------------


def people(*names: str, **more: Any) -> pl.DataFrame:
    rows = [
        {
            "person_id": number,
            "name": name,
            "team_id": 1,
            "team_name": "East",
            "load_count": 0,
            "pairs_at_most": 2,
            "is_own_limit": False,
            **more,
        }
        for number, name in enumerate(names, start=1)
    ]
    return pl.DataFrame(rows, schema=pairing.PEOPLE)


def standings(*levels: float | None, counts: tuple[int, ...] = (), leniency: float = 0.0) -> pl.DataFrame:
    rows = [
        {
            "person_id": number,
            "skill_id": 1,
            "level": level,
            "adjusted": level - leniency,
            "score_count": counts[number - 1] if counts else 3,
        }
        for number, level in enumerate(levels, start=1)
        if level is not None
    ]
    return pl.DataFrame(rows, schema=frames.SKILL_STANDINGS)


def parts(rows: pl.DataFrame) -> dict[str, str]:
    return dict(rows.select("name", "part").iter_rows())


def test_the_strong_stand_clear_of_the_middle_and_the_weak_are_below_competent_or_clear_of_it() -> None:
    names = ("Ann", "Ben", "Cid", "Dot", "Eva")
    rows = compared(people(*names), standings(100, 58, 50, 42, 0), 20.0, 0.7)
    assert parts(rows) == {"Ann": STRONG, "Ben": BETWEEN, "Cid": BETWEEN, "Dot": GAINS, "Eva": GAINS}
    assert rows["middle"].unique().to_list() == [50.0]


def test_the_likely_level_and_its_range_can_be_redone_by_hand() -> None:
    """r = 0.7, n = 3: R = 2.1 / 2.4 = 0.875; the range is 1.96 * 20 * sqrt(0.7 * 0.125) = 11.6 to each side."""
    row = compared(people("Ann", "Ben", "Cid"), standings(90, 50, 50), 20.0, 0.7).row(0, named=True)
    assert row["trust"] == pytest.approx(0.875)
    assert row["likely"] == pytest.approx(50 + 0.875 * 40)
    assert row["likely_high"] - row["likely"] == pytest.approx(11.5959, abs=1e-3)


def test_fewer_than_three_scores_make_nobody_strong_or_weak() -> None:
    rows = compared(people("Ann", "Ben", "Cid"), standings(100, 0, 50, counts=(2, 1, 3)), 20.0, 0.7)
    assert set(rows["part"]) == {UNKNOWN}
    rows = compared(people("Ann", "Ben", "Cid"), standings(100, 0, 50, counts=(2, 4, 3)), 20.0, 0.7)
    assert parts(rows) == {"Ann": UNKNOWN, "Ben": GAINS, "Cid": STRONG}
    assert rows.row(0, named=True)["likely"] is None


def test_without_a_score_in_the_company_everybody_is_unknown() -> None:
    rows = compared(people("Ann", "Ben"), standings(None, None), None, 0.7)
    assert parts(rows) == {"Ann": UNKNOWN, "Ben": UNKNOWN}
    assert pair_words.compared_sentence(rows, "Discovery").endswith("too few scores to tell who could help whom")


def test_a_team_that_is_strong_all_over_has_nobody_to_help() -> None:
    rows = compared(people("Ann", "Ben", "Cid"), standings(92, 90, 88), 20.0, 0.7)
    assert set(rows["part"]) == {BETWEEN}


def test_high_in_a_weak_team_but_below_competent_is_not_strong() -> None:
    rows = compared(people("Ann", "Ben", "Cid"), standings(45, 5, 0), 20.0, 0.7)
    assert parts(rows)["Ann"] == GAINS


def test_levels_less_leniency_are_compared_where_that_is_asked_for() -> None:
    given_level, less = (
        compared(people("Ann", "Ben"), standings(60, 20, leniency=15), 20.0, 0.7, adjusted=adjusted)
        for adjusted in (False, True)
    )
    assert given_level["level"].to_list() == [60.0, 20.0]
    assert less["level"].to_list() == [45.0, 5.0]
    assert parts(less)["Ann"] == GAINS


def test_the_skill_to_begin_with_is_the_one_in_which_most_can_be_helped() -> None:
    names = ("Ann", "Ben", "Cid", "Dot")
    none = compared(people(*names), standings(50, 50, 50, 50), 20.0, 0.7)
    one = compared(people(*names), standings(100, 55, 52, 10), 20.0, 0.7)
    two = compared(people(*names), standings(100, 60, 10, 10), 20.0, 0.7)
    assert pairing.most_promising({1: none, 2: one, 3: two}) == 3
    assert pairing.most_promising({1: none}) == 1
    assert pairing.most_promising({}) is None


# ---- Who meets whom ----------------------------------------------------------------------------------------------


def placed(*given_rows: tuple[int, str, float], team: int = 1, free: int = 2, **more: Any) -> pl.DataFrame:
    """COMPARED from (person_id, part, likely)."""
    rows = [
        {
            "person_id": number,
            "name": f"P{number:02d}",
            "team_id": team,
            "team_name": "East",
            "load_count": 0,
            "pairs_at_most": free,
            "level": likely,
            "score_count": 3,
            "likely": likely,
            "trust": 0.8,
            "middle": 50.0,
            "part": part,
            **more,
        }
        for number, part, likely in given_rows
    ]
    return pl.DataFrame(rows, schema=pairing.COMPARED)


def matched(plan: pairing.Assignment) -> set[tuple[int, int]]:
    return {(pair.strong_id, pair.learner_id) for pair in plan.pairs}


def test_everybody_who_would_gain_gets_one_strong_colleague() -> None:
    rows = placed((1, STRONG, 90.0), (2, STRONG, 85.0), (3, GAINS, 20.0), (4, GAINS, 30.0), (5, BETWEEN, 55.0))
    plan = assigned(rows, skill="Discovery")
    assert {pair.learner_id for pair in plan.pairs} == {3, 4}
    assert not plan.unmatched
    assert plan.gain == pytest.approx(0.8 * (90 - 20 + 85 - 30))


def test_helping_is_spread_over_more_people_unless_one_is_far_stronger() -> None:
    """The second pair of one helper counts a fifth less."""
    near = placed((1, STRONG, 85.0), (2, STRONG, 80.0), (3, GAINS, 20.0), (4, GAINS, 20.0))
    assert {pair.strong_id for pair in assigned(near, skill="Discovery").pairs} == {1, 2}
    far = placed((1, STRONG, 100.0), (2, STRONG, 60.0), (3, GAINS, 20.0), (4, GAINS, 20.0))
    assert {pair.strong_id for pair in assigned(far, skill="Discovery").pairs} == {1}


def test_who_gains_most_comes_first_where_places_are_few_and_the_others_learn_why() -> None:
    rows = placed((1, STRONG, 90.0), (3, GAINS, 20.0), (4, GAINS, 30.0), (5, GAINS, 10.0))
    plan = assigned(rows, skill="Holding the price")
    assert matched(plan) == {(1, 3), (1, 5)}
    assert plan.unmatched == {4: "those strong in Holding the price are suggested to others, who would gain more"}


def test_who_is_full_helps_nobody_and_that_is_said() -> None:
    rows = placed((1, STRONG, 90.0), (3, GAINS, 20.0))
    full = rows.with_columns(load_count=pl.when(pl.col("person_id") == 1).then(2).otherwise(0).cast(pl.Int64))
    plan = assigned(full, skill="Discovery")
    assert not plan.pairs
    assert plan.unmatched[3].replace("\u00a0", " ") == "everybody strong in Discovery is already in 2 pairs"
    none = rows.with_columns(pairs_at_most=pl.when(pl.col("person_id") == 1).then(0).otherwise(2).cast(pl.Int64))
    assert assigned(none, skill="Discovery").unmatched[3] == (
        "everybody strong in Discovery takes no pairs at the moment"
    )


def test_every_reason_for_having_no_pair_is_named() -> None:
    strong, weak = placed((1, STRONG, 90.0)), placed((3, GAINS, 20.0), team=2)
    both = pl.concat([strong, weak])
    assert "nobody here is clearly strong" in assigned(weak, skill="Discovery").unmatched[3]
    assert "in the same team" in assigned(both, skill="Discovery", across=False).unmatched[3]
    assert "in a pair already" in assigned(both, skill="Discovery", at_work=[3]).unmatched[3]
    rested = assigned(both, skill="Discovery", never={key_of(3, 1)}, rest_weeks=8).unmatched[3].replace("\u00a0", " ")
    assert "within the last 8 weeks" in rested
    full = both.with_columns(load_count=pl.lit(2, pl.Int64), pairs_at_most=pl.lit(2, pl.Int64))
    assert assigned(full, skill="Discovery").unmatched[3].replace("\u00a0", " ") == "is already in 2 pairs"
    mixed = pl.concat([placed((1, STRONG, 90.0), (2, STRONG, 90.0)), weak]).with_columns(
        pairs_at_most=pl.col("person_id"), load_count=pl.when(pl.col("part") == STRONG).then(2).otherwise(0)
    )
    assert assigned(mixed.cast(pairing.COMPARED), skill="Discovery").unmatched[3] == (  # type: ignore[arg-type]
        "everybody strong in Discovery is in as many pairs as they take"
    )


def test_a_pair_rests_from_its_end_on_whoever_helped_and_whatever_it_was_about() -> None:
    ended = TODAY - dt.timedelta(weeks=12)
    pairs = pl.DataFrame(
        [(2, 1, "closed", ended + DAY), (3, 4, "closed", ended), (5, 6, "accepted", None), (8, 7, "proposed", None)],
        schema={"strong_id": pl.Int64, "learner_id": pl.Int64, "status": pl.String, "ends_on": pl.Date},
        orient="row",
    )
    assert pairing.resting(pairs, TODAY, 12) == {(1, 2), (5, 6), (7, 8)}
    assert pairing.resting(pairs, TODAY, 0) == {(5, 6), (7, 8)}


def test_the_helpers_to_choose_from_are_those_who_could() -> None:
    rows = pl.concat(
        [placed((1, STRONG, 90.0), (2, STRONG, 70.0), (3, GAINS, 20.0)), placed((4, STRONG, 80.0), free=0)]
    )
    assert [row["person_id"] for row in pairing.helpers(rows, 3)] == [1, 2]
    assert [row["person_id"] for row in pairing.helpers(rows, 3, never={(1, 3)})] == [2]
    assert pairing.helpers(rows, 99) == []


@st.composite
def companies(draw: st.DrawFn) -> tuple[pl.DataFrame, set[tuple[int, int]], bool]:
    """COMPARED with some strong and some weak people, with loads, limits and teams; pairs that are excluded."""
    rows = []
    for number in range(1, draw(st.integers(2, 9)) + 1):
        part = draw(st.sampled_from([STRONG, GAINS, GAINS, BETWEEN]))
        likely = draw(st.integers(50, 100) if part == STRONG else st.integers(0, 60))
        load, limit = draw(st.integers(0, 2)), draw(st.integers(0, 3))
        team, trust = draw(st.integers(1, 2)), draw(st.sampled_from([0.5, 0.7, 0.875]))
        row = placed((number, part, float(likely)), team=team, free=limit, load_count=load, trust=trust)
        rows.append(row)
    frame = pl.concat(rows)
    everybody = [key_of(a, b) for a, b in itertools.combinations(frame["person_id"].to_list(), 2)]
    never = draw(st.sets(st.sampled_from(everybody), max_size=6))
    return frame, never, draw(st.booleans())


def allowed_gain(one: dict[str, Any], other: dict[str, Any], never: set[tuple[int, int]], across: bool) -> float:
    if key_of(one["person_id"], other["person_id"]) in never or not (across or one["team_id"] == other["team_id"]):
        return 0.0
    return pairing.gain_of(one, other)


def worth(gain: float, load: int) -> float:
    return round(gain * pairing.DIVIDED**load, 2)


def greedy(frame: pl.DataFrame, never: set[tuple[int, int]], across: bool, order: random.Random | None) -> float:
    """The gain of taking pairs one after the other: the best first, or in any order."""
    loads = {row["person_id"]: row["load_count"] for row in frame.to_dicts()}
    limits = {row["person_id"]: row["pairs_at_most"] for row in frame.to_dicts()}
    options = [
        (allowed_gain(one, other, never, across), one["person_id"], other["person_id"])
        for one in frame.filter(pl.col("part") == STRONG).to_dicts()
        for other in frame.filter(pl.col("part") == GAINS).to_dicts()
    ]
    options = sorted(options, key=lambda option: -option[0])
    if order is not None:
        order.shuffle(options)
    done: set[int] = set()
    total = 0.0
    for gain, strong, learner in options:
        if gain > 0 and learner not in done and loads[strong] < limits[strong] and loads[learner] < limits[learner]:
            total += worth(gain, loads[strong])
            done.add(learner)
            loads[strong] += 1
    return total


@settings(max_examples=120)
@given(companies(), st.randoms(use_true_random=False))
def test_no_limit_is_passed_nothing_excluded_is_chosen_and_no_other_way_brings_more(
    company: tuple[pl.DataFrame, set[tuple[int, int]], bool], order: random.Random
) -> None:
    frame, never, across = company
    plan = assigned(frame, skill="Discovery", never=never, across=across)
    by_id = {row["person_id"]: row for row in frame.to_dicts()}
    loads = {number: row["load_count"] for number, row in by_id.items()}
    for pair in plan.pairs:
        loads[pair.strong_id] += 1
        loads[pair.learner_id] += 1
        assert key_of(pair.strong_id, pair.learner_id) not in never
        assert 0 < pair.gain <= allowed_gain(by_id[pair.strong_id], by_id[pair.learner_id], never, across)
    assert all(loads[n] <= max(row["pairs_at_most"], row["load_count"]) for n, row in by_id.items())
    learners = [pair.learner_id for pair in plan.pairs]
    assert len(set(learners)) == len(learners)
    # Everybody who would gain has a pair or a reason, and nobody has both.
    assert sorted([*learners, *plan.unmatched]) == sorted(frame.filter(pl.col("part") == GAINS)["person_id"])
    assert plan.gain >= greedy(frame, never, across, None) - 1e-9
    assert plan.gain >= greedy(frame, never, across, order) - 1e-9
    shuffled = frame.sample(fraction=1.0, shuffle=True, seed=order.randint(0, 1000))
    assert assigned(shuffled, skill="Discovery", never=never, across=across) == plan


@settings(max_examples=40)
@given(companies())
def test_it_is_the_best_of_all_ways(company: tuple[pl.DataFrame, set[tuple[int, int]], bool]) -> None:
    """Against trying everything, where that is few enough."""
    frame, never, across = company
    strong = frame.filter(pl.col("part") == STRONG).to_dicts()
    able = [
        row for row in frame.filter(pl.col("part") == GAINS).to_dicts() if row["pairs_at_most"] > row["load_count"]
    ][:4]
    kept = [row["person_id"] for row in [*strong, *able]]
    rows = frame.filter(pl.col("person_id").is_in(kept))
    best, limits = 0.0, {row["person_id"]: row["pairs_at_most"] for row in strong}
    for choice in itertools.product([None, *strong], repeat=len(able)):
        helped: dict[int, list[float]] = {}
        for helper, learner in zip(choice, able, strict=True):
            if helper is not None:
                gain = allowed_gain(helper, learner, never, across)
                helped.setdefault(helper["person_id"], []).append(gain if gain > 0 else float("-inf"))
        loads = {row["person_id"]: row["load_count"] for row in strong}
        if any(loads[number] + len(gains) > limits[number] for number, gains in helped.items()):
            continue
        total = sum(
            worth(gain, loads[number] + turn)
            for number, gains in helped.items()
            for turn, gain in enumerate(sorted(gains, reverse=True))
        )
        best = max(best, total)
    assert assigned(rows, skill="Discovery", never=never, across=across).gain == pytest.approx(best)


def test_a_page_that_pairs_nobody_does_not_load_the_solver() -> None:
    """Half a second that only suggestions cost."""
    code = (
        "import sys; from coaching import pair_words, pairing; import polars as pl;"
        "pairing.assigned(pl.DataFrame(schema=pairing.COMPARED), skill='x');"
        "sys.exit('scipy' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=PROJECT, check=False).returncode == 0


# ---- What people write -------------------------------------------------------------------------------------------


def test_a_worksheet_needs_a_day_within_the_pairs_time_and_one_answer() -> None:
    start = TODAY - 30 * DAY
    fine = MeetingDraft(TODAY, tried="Waited after the price", next_step="Again on Tuesday")
    assert fine.problems(start, None, TODAY) == []
    assert "on which day" in " ".join(MeetingDraft(None, tried="x").problems(start, None, TODAY))
    for day in (start - DAY, TODAY + DAY):
        assert "outside" in " ".join(MeetingDraft(day, tried="x").problems(start, None, TODAY))
    assert "outside" in " ".join(MeetingDraft(TODAY, tried="x").problems(start, TODAY - DAY, TODAY))
    assert "at least one" in " ".join(MeetingDraft(TODAY, tried=" \n").tidy().problems(start, None, TODAY))
    assert "shorten it" in " ".join(MeetingDraft(TODAY, worked="x" * 2_001).problems(start, None, TODAY))


def test_what_somebody_changed_is_said_answer_by_answer() -> None:
    mine = {"met_on": TODAY, "strong_tried": None, "tried": "One", "worked": None, "next_step": "Two"}
    theirs = {**mine, "met_on": TODAY - DAY, "tried": "Three", "next_step": None}
    told = " ".join(pairing.meeting_changes(mine, theirs)).replace("\u00a0", " ")
    assert "19 Nov 2026" in told
    assert "Three" in told
    assert "What comes next: nothing any more" in told
    assert pairing.meeting_changes(mine, mine) == ["It was saved again without a change in words."]


# ---- What followed -----------------------------------------------------------------------------------------------


def pair_row(**more: Any) -> pl.DataFrame:
    row = {
        "pair_id": 1,
        "skill_id": 1,
        "skill_name": "Discovery",
        "strong_id": 2,
        "strong_name": "Ben Ode",
        "learner_id": 1,
        "learner_name": "Ann Ost",
        "starts_on": START + 100 * DAY,
        "ends_on": None,
        "status": "accepted",
        "meeting_count": 0,
        **more,
    }
    return pl.DataFrame([row], schema=pairing.PAIRS)


def outcome(pairs: pl.DataFrame, found: pl.DataFrame, as_of: dt.date = START + 400 * DAY) -> dict[str, dict[str, Any]]:
    deviations = pl.DataFrame({"skill_id": [1], "score_deviation": [20.0]})
    rows = pairing.results(pairs, found, deviations, 0.7, as_of)
    return {row["side"]: row for row in rows.iter_rows(named=True)}


def test_before_are_the_last_three_scores_before_the_start_and_after_the_last_three_since() -> None:
    days = ((0, 0), (50, 25), (60, 25), (99, 40), (100, 50), (120, 75), (140, 75), (160, 100))
    found = scores(*({"day": day, "scaled": float(scaled)} for day, scaled in days))
    row = outcome(pair_row(), found)["learner"]
    assert (row["before"], row["before_n"]) == (30.0, 3)
    assert row["after"] == pytest.approx(250 / 3)
    assert row["after_n"] == 3
    assert pairing.change_of(row) == "up"
    assert "more than chance" in pair_words.change_words(row)
    early = outcome(pair_row(), found, as_of=START + 100 * DAY)["learner"]
    assert (early["after"], early["after_n"]) == (50.0, 1)
    assert pairing.change_of(early) == "within chance"


def test_what_lies_long_after_the_end_is_not_put_down_to_the_pair() -> None:
    closed = pair_row(status="closed", ends_on=START + 150 * DAY)
    found = scores(
        {"day": 10, "scaled": 25.0},
        {"day": 140, "scaled": 50.0},
        {"day": 234, "scaled": 75.0},
        {"day": 235, "scaled": 0.0},
    )
    row = outcome(closed, found)["learner"]
    assert (row["after"], row["after_n"]) == (62.5, 2)


def test_both_people_have_their_row_and_no_score_is_no_data() -> None:
    found = scores({"day": 10, "scaled": 80.0, "person_id": 2}, {"day": 30, "scaled": 60.0, "kind": "self"})
    rows = outcome(pair_row(), found)
    assert rows["strong"]["before"] == 80.0
    assert rows["learner"]["before"] is None
    assert pair_words.change_words(rows["strong"]) == "no data yet"
    table = pair_words.result_rows(pair_row(), pairing.results(pair_row(), found, _none(), 0.7, TODAY), {2})
    assert table["name"].to_list() == ["Ann Ost", "Ben Ode"]
    assert table["before"].to_list() == ["not in your view", "80 (n\u00a01)"]
    assert table["after"].to_list() == ["not in your view", "no data yet"]
    assert pair_words.results_sentence(pairing.results(pair_row(), found, _none(), 0.7, TODAY)).startswith("Too early")


def _none() -> pl.DataFrame:
    return pl.DataFrame(schema={"skill_id": pl.Int64, "score_deviation": pl.Float64})


def test_a_proposal_has_no_results() -> None:
    assert pairing.results(pair_row(status="proposed"), scores({"scaled": 5.0}), _none(), 0.7, TODAY).is_empty()


def test_the_sentence_counts_both_sides_by_more_than_chance() -> None:
    rows = pl.concat([pairing.results(pair_row(), scores(*both_sides()), _one(), 0.7, TODAY)])
    sentence = pair_words.results_sentence(rows).replace("\u00a0", " ")
    assert sentence == (
        "Since their pairs began, the level has risen by more than chance for 1 of 1 person who worked on a skill"
        " and for none of 1 person who helped (and fallen for 1)"
    )


def both_sides() -> list[dict[str, Any]]:
    learner = [{"day": day, "scaled": 0.0 if day < 100 else 100.0} for day in (10, 20, 30, 110, 120, 130)]
    strong = [
        {"day": day, "scaled": 100.0 if day < 100 else 0.0, "person_id": 2} for day in (10, 20, 30, 110, 120, 130)
    ]
    return learner + strong


def _one() -> pl.DataFrame:
    return pl.DataFrame({"skill_id": [1], "score_deviation": [20.0]})


def test_the_words_about_a_pair_say_since_when_and_how_often() -> None:
    row = pair_row(meeting_count=2, last_met_on=TODAY - 9 * DAY, starts_on=dt.date(2026, 9, 3)).row(0, named=True)
    told = pair_words.pair_words(row, TODAY).replace("\u00a0", " ")
    assert told == "since 3 Sep 2026, 2 meetings written down, the last 9 days ago"
    fresh = pair_row().row(0, named=True)
    assert pair_words.pair_words(fresh, TODAY).endswith("no meeting written down yet")
    assert pair_words.own_heading(pair_row()) == "My peer pair"
    assert pair_words.own_heading(pair_row().clear()) == "No peer pair at the moment"


@pytest.mark.parametrize("words", ["\u200b\u200b", "\u202e \u202c", "\x00\x07", "\u3164", "\n \ufeff\n"])
def test_a_worksheet_of_words_that_nobody_sees_is_an_empty_one(words: str) -> None:
    on = dt.date(2026, 11, 20)
    sheet = MeetingDraft(on, tried=words, worked=words)
    assert sheet.tidy() == MeetingDraft(on)
    assert sheet.problems(on, None, on) == sheet.tidy().problems(on, None, on) != []
    written = MeetingDraft(on, tried=f" Waited\u200b ten\nseconds{words}").tidy()
    assert written.problems(on, None, on) == []
    assert written.tried.startswith("Waited ten\nseconds")
