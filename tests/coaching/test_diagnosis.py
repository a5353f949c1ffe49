"""What a diagnosis finds, what it leaves alone, and the arithmetic under it."""

from __future__ import annotations

import datetime as dt
import math
import re
from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coaching.diagnosis import LAYERS, LEVERS, Diagnosis, view
from coaching.diagnosis import evidence as shapes
from coaching.diagnosis.cases import TOTALS
from coaching.diagnosis.definitions import DEFINITIONS
from coaching.diagnosis.engine import diagnosed
from coaching.diagnosis.evidence import LARGEST_GROUP, Evidence, compared, whole_quarters, window_until
from coaching.diagnosis.pricing import Price, price
from coaching.diagnosis.standing import Measured, Standing, _shrunk, critical, spread_of, standings
from coaching.periods import Period
from tests.coaching.sold import AS_OF, Habits, alike, company, levels, quotas

YEAR = Period(dt.date(2025, 10, 1), dt.date(2026, 9, 30))


def one(evidence: Evidence, rep_id: int = 1) -> Diagnosis:
    return diagnosed(evidence, [rep_id])[0]


# ---- What is found -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lever", "habits"),
    [
        ("win_rate", Habits(wins=0.22)),
        ("deal_size", Habits(size=700_000)),
        ("pipeline", Habits(deals=9.5)),
        ("cycle", Habits(days=62)),
        ("no_next_step", Habits(missing=0.35)),
        ("competitor_losses", Habits(rival=0.45)),
        ("discounting", Habits(discount=0.13)),
        ("qualified_share", Habits(early=0.55)),
    ],
)
def test_whoever_is_far_behind_the_peers_in_one_lever_is_told_so_and_what_it_is_worth(
    lever: str, habits: Habits
) -> None:
    found = one(company(alike(20, p1=habits)))
    assert (found.focus, found.focus_kind) == (lever, "lever")
    assert (found.layer, found.status) == (DEFINITIONS[lever].layer, "not_yet")
    assert f"Worth working on: {DEFINITIONS[lever].label.lower()}" in found.sentence
    assert found.source_ids
    assert all(source.startswith("deal:1") for source in found.source_ids)
    stood = found.lever(lever)
    assert stood is not None
    assert stood.is_reliable
    assert stood.peer_count == 19
    if lever != "no_next_step":
        # Steps are made up here without any bearing on who wins, so they are worth nothing.
        assert found.price is not None
        assert found.low is not None
        assert found.high is not None
        assert found.low <= found.price <= found.high
        assert found.price > 0


def test_among_people_who_differ_by_luck_alone_hardly_anybody_is_told_anything() -> None:
    found = [one for seed in range(6) for one in diagnosed(company(alike(14), seed=seed), list(range(1, 15)))]
    focused = [diagnosis for diagnosis in found if diagnosis.focus is not None]
    assert len(focused) / len(found) <= 0.12
    calm = next(diagnosis for diagnosis in found if diagnosis.focus is None)
    assert "Nothing stands out from noise" in calm.sentence
    assert (calm.price, calm.low, calm.high) == (None, None, None)
    assert calm.source_ids == (f"person:{calm.rep_id}",)


def test_what_is_strong_is_named_before_what_is_to_be_worked_on() -> None:
    found = one(company(alike(20, p1=Habits(wins=0.22, size=1_500_000))))
    assert found.strengths == ("Deal size",)
    assert found.sentence.index("Strong: deal size") < found.sentence.index("Worth working on: win rate")


def test_of_two_levers_that_stand_out_the_one_with_the_highest_reliable_value_is_the_focus() -> None:
    found = one(company(alike(20, p1=Habits(wins=0.2, discount=0.14))))
    out = {lever.key: lever for lever in found.levers if lever.is_reliable}
    assert {"win_rate", "discounting"} <= set(out)
    assert found.focus == "win_rate"
    assert "Of 2 levers that stand out it has the highest reliable value" in found.reason


def test_two_people_with_different_data_get_different_words() -> None:
    evidence = company(alike(20, p1=Habits(wins=0.22), p2=Habits(deals=9)))
    first, second = diagnosed(evidence, [1, 2])
    assert (first.focus, second.focus) == ("win_rate", "pipeline")
    assert first.sentence != second.sentence


def test_all_four_layers_and_all_levers_are_there_whatever_is_known() -> None:
    found = one(company(alike(3)))
    assert tuple(finding.layer for finding in found.layers) == LAYERS
    assert tuple(lever.key for lever in found.levers) == LEVERS
    with pytest.raises(KeyError, match="no layer 'luck'"):
        found.finding("luck")


# ---- What cannot be compared ---------------------------------------------------------------------------------------


def test_with_five_peers_there_is_a_comparison_and_with_four_the_reason_why_not() -> None:
    enough, few = one(company(alike(6))), one(company(alike(5)))
    assert enough.finding("results").status == "pass"
    for layer in ("results", "effort"):
        assert few.finding(layer).status == "not_evaluated"
        assert few.finding(layer).reason.startswith("There are too few peers (4 of the same role, segment and tenure")
    assert (few.focus, few.layer, few.status) == (None, None, "not_evaluated")
    assert all(lever.peers_median is None and lever.price is None for lever in few.levers)
    won = few.lever("win_rate")
    assert won is not None
    assert won.value is not None


def test_peers_are_of_the_same_segment_and_tenure_only() -> None:
    small = {number: Habits(segment="Small business", size=100_000) for number in range(7, 14)}
    new = {number: Habits(started_on=AS_OF - dt.timedelta(days=500)) for number in range(14, 18)}
    found = one(company(alike(6) | small | new))
    size = found.lever("deal_size")
    assert size is not None
    assert size.peer_count == 5
    assert size.peers_median is not None
    assert size.peers_median > 8_000
    assert "too few peers (3" in one(company(alike(6) | new), 14).finding("results").reason


def test_the_first_months_after_joining_are_not_held_against_anybody() -> None:
    people = alike(12, p1=Habits(started_on=AS_OF - dt.timedelta(days=100), deals=2, wins=0.05))
    found = one(company(people))
    assert found.focus is None
    assert found.sentence.startswith("Still ramping")
    # Somebody with half a year behind them counts, but only from then on: a slow start is over.
    slow = company({number: Habits(started_on=AS_OF - dt.timedelta(days=330)) for number in range(1, 12)})
    early = slow.people.filter(pl.col("person_id") == 1)["measured_from"][0]
    mine = (pl.col("person_id") == 1) & (pl.col("closed_on") < early)
    worse = replace(slow, closed=slow.closed.filter(~mine))
    assert one(worse).lever("win_rate") == one(slow).lever("win_rate")


def test_deals_without_amounts_are_said_to_be_missing_and_never_count_as_nothing() -> None:
    whole = company(alike(12, p1=Habits(wins=0.2)))
    bare = replace(
        whole, closed=whole.closed.with_columns(amount=pl.lit(None, pl.Int64), list_amount=pl.lit(None, pl.Int64))
    )
    found = one(bare)
    size = found.lever("deal_size")
    assert size is not None
    assert size.value is None
    assert "no won deal carries an amount" in size.says
    assert found.focus == "win_rate"
    assert found.price is None
    assert "No price" in found.sentence
    some = replace(whole, closed=whole.closed.with_columns(amount=pl.when(pl.col("deal_id") % 10 > 0).then("amount")))
    kept = one(some).lever("deal_size")
    before = one(whole).lever("deal_size")
    assert kept is not None
    assert before is not None
    assert kept.value is not None
    assert before.value is not None
    assert kept.value == pytest.approx(before.value, rel=0.1)


def test_a_company_without_next_steps_stages_scores_or_gaps_is_diagnosed_by_the_rest() -> None:
    whole = company(alike(12, p1=Habits(wins=0.2)))
    found = one(replace(whole, steps=whole.steps.clear(), stages=whole.stages.clear()))
    assert found.focus == "win_rate"
    for key in ("no_next_step", "qualified_share"):
        lever = found.lever(key)
        assert lever is not None
        assert lever.value is None
        assert "Not compared: " in lever.says
    assert [found.finding(layer).status for layer in ("knowledge", "skill")] == ["not_evaluated"] * 2
    assert found.finding("skill").reason == "No released score by a coach yet."


def test_nobody_is_diagnosed_who_is_not_there() -> None:
    evidence = company(alike(8, p1=Habits(left_on=AS_OF - dt.timedelta(days=30))))
    assert one(evidence).status == "not_evaluated"
    assert 1 not in evidence.people["person_id"]
    assert one(evidence, 99).reason == "Nothing says that this person sells on that day."
    assert one(evidence, 99).source_ids == ("person:99",)


def test_an_empty_company_says_so_without_an_error() -> None:
    window = window_until(AS_OF)
    people = compared(pl.DataFrame(schema=shapes.DIAGNOSED), AS_OF, window)
    assert diagnosed(Evidence(AS_OF, window, people), []) == []
    lonely = company({1: Habits(deals=0.0)})
    assert one(lonely).status == "not_evaluated"


# ---- Layers --------------------------------------------------------------------------------------------------------


def test_results_are_not_yet_there_for_whoever_is_below_quota_by_more_than_luck() -> None:
    evidence = company(alike(12))
    usual = dict.fromkeys(range(1, 13), 50000000)
    easy, hard = (
        replace(evidence, quotas=quotas({**usual, 1: amount}, YEAR), quota_period=YEAR)
        for amount in (40_000_000, 400_000_000)
    )
    assert one(easy).finding("results").status == "pass"
    found = one(hard).finding("results")
    assert found.status == "not_yet"
    assert "Quota attainment" in found.reason
    measure = found.measures[0]
    assert measure.key == "quota_attainment"
    assert measure.peer_count == 11
    won = hard.closed.filter(
        (pl.col("person_id") == 1) & (pl.col("status") == "won") & pl.col("closed_on").is_between(YEAR.start, YEAR.end)
    )
    assert measure.value == pytest.approx(won["amount"].sum() / 400_000_000)


def test_a_company_without_quotas_has_no_attainment_and_everything_else() -> None:
    keys = [measure.key for measure in one(company(alike(8))).finding("results").measures]
    assert "quota_attainment" not in keys
    assert "win_rate" in keys


def test_a_skill_is_the_focus_only_where_no_lever_stands_out() -> None:
    of_each = {number: 60.0 + number for number in range(1, 21)} | {1: 5.0}
    calm = company(alike(20), seed=4, levels=levels(of_each))
    found = one(calm)
    assert (found.focus, found.focus_kind, found.layer) == ("discovery", "skill", "skill")
    assert (found.price, found.n) == (None, 3)
    assert "A skill has no price of its own" in found.sentence
    assert found.finding("skill").status == "not_yet"
    behind = company(alike(20, p1=Habits(wins=0.2)), seed=4, levels=levels(of_each))
    assert one(behind).focus == "win_rate"
    assert one(behind).finding("skill").status == "not_yet"


def test_levels_that_differ_no_more_than_scores_do_are_passed() -> None:
    of_each = {number: 60.0 + number % 7 for number in range(1, 21)}
    found = one(company(alike(20), levels=levels(of_each))).finding("skill")
    assert found.status == "pass"
    assert found.measures[0].key == "skill_level:discovery"
    assert "within noise" in found.measures[0].says


@pytest.mark.parametrize(("days", "status"), [(13, "pass"), (14, "not_yet")])
def test_a_knowledge_gap_may_stay_open_for_two_weeks(days: int, status: str) -> None:
    gaps = pl.DataFrame([(1, 7, AS_OF - dt.timedelta(days=days), True)], schema=shapes.GAPS, orient="row")
    evidence = company(alike(8), gaps=gaps)
    assert one(evidence).finding("knowledge").status == status
    closed = replace(evidence, gaps=gaps.with_columns(is_open=pl.lit(False)))
    assert one(closed).finding("knowledge").status == "pass"
    assert one(evidence, 2).finding("knowledge").status == "not_evaluated"


def test_too_few_activities_make_the_effort_not_yet_but_are_no_lever() -> None:
    done = [(person, block, 10 if person == 1 else 40) for person in range(1, 16) for block in (0, 1)]
    evidence = company(alike(15), activities=pl.DataFrame(done, schema=shapes.ACTIVITIES, orient="row"))
    found = one(evidence)
    assert found.finding("effort").status == "not_yet"
    assert "Activities" in found.finding("effort").reason
    assert found.focus is None
    assert found.layer == "effort"


def test_a_figure_is_told_with_the_n_it_was_counted_on_and_the_cases_it_was_compared_over() -> None:
    evidence = company(alike(20, p1=Habits(size=700_000)))
    found = one(evidence)
    closed = evidence.closed.filter(
        (pl.col("person_id") == 1) & (pl.col("closed_on") >= evidence.people["measured_from"][0])
    )
    for key, column in (("deal_size", "amount"), ("cycle", "opened_on"), ("discounting", "list_amount")):
        lever = found.lever(key)
        assert lever is not None
        rows = closed.filter(pl.col(column).is_not_null())
        won = rows.filter(pl.col("status") == "won")
        assert (lever.n, lever.compared_n) == (won.height, rows.height)
        assert won.height < rows.height
        definition = DEFINITIONS[key]
        told = f"over {won.height} {definition.own_cases}, compared over {rows.height} {definition.cases}"
        assert told in plain(lever.says)
    size = found.lever("deal_size")
    assert size is not None
    won = closed.filter((pl.col("status") == "won") & pl.col("amount").is_not_null())
    assert size.value == pytest.approx(won["amount"].mean() / 100)  # type: ignore[operator]
    assert (found.focus, found.n) == ("deal_size", won.height)
    assert f"over {won.height} won deals with an amount, compared over" in plain(found.sentence)
    share = found.lever("win_rate")
    assert share is not None
    assert share.n == share.compared_n == closed.height
    assert "compared over" not in share.says


def test_whoever_won_hardly_anything_is_compared_over_all_closed_deals_and_told_the_few_won() -> None:
    evidence = company(alike(12))
    mine = (pl.col("person_id") == 1) & (pl.col("status") == "won")
    first = evidence.closed.filter(mine)["deal_id"][0]
    for kept, said in ((pl.col("deal_id") == first, " over 1 won deal with an amount"), (pl.lit(False), "0 won deals")):
        size = one(replace(evidence, closed=evidence.closed.filter(~mine | kept))).lever("deal_size")
        assert size is not None
        assert size.peers_median is not None
        assert said in plain(size.says)
        assert size.n < 10 < size.compared_n


def test_too_few_cases_are_the_cases_that_would_be_compared() -> None:
    evidence = company(alike(12))
    mine = evidence.closed.filter((pl.col("person_id") == 1) & (pl.col("closed_on") > dt.date(2025, 10, 1)))
    few = pl.concat([mine.filter(pl.col("status") == "won").head(4), mine.filter(pl.col("status") == "lost").head(5)])
    found = one(replace(evidence, closed=pl.concat([evidence.closed.filter(pl.col("person_id") != 1), few])))
    size = found.lever("deal_size")
    assert size is not None
    assert "Not compared: too few cases: 9 closed deals with an amount, 10 are needed." in plain(size.says)


def test_what_is_called_strong_is_not_called_noise_in_the_same_breath() -> None:
    evidence = company(alike(12))
    easy = replace(
        evidence, quotas=quotas({**dict.fromkeys(range(1, 13), 50_000_000), 1: 12_000_000}, YEAR), quota_period=YEAR
    )
    found = one(easy)
    assert "Quota attainment" in found.strengths
    [attained] = [one for one in found.finding("results").measures if one.key == "quota_attainment"]
    assert "The difference is more than noise." in attained.says
    done = [(person, block, 160 if person == 1 else 40) for person in range(1, 16) for block in (0, 1)]
    busy = one(company(alike(15), activities=pl.DataFrame(done, schema=shapes.ACTIVITIES, orient="row")))
    assert "Activities a week" in busy.strengths
    for diagnosis in (found, busy):
        for measure in (measure for finding in diagnosis.layers for measure in finding.measures):
            mark = view.mark_of(diagnosis, measure)
            assert (measure.label in diagnosis.strengths) == (mark == "strong")
            assert ("within noise" in measure.says) == (mark == "usual")


def test_where_nothing_could_be_compared_no_sentence_says_that_nothing_is_short() -> None:
    new = one(company(alike(12, p1=Habits(started_on=AS_OF - dt.timedelta(days=100))), gaps=LATE))
    assert view.title(new) == "Not compared with peers yet"
    assert (new.layer, new.status) == ("knowledge", "not_yet")
    assert "Nothing could be compared yet, so there is no focus. Still ramping" in new.sentence
    few = one(company(alike(4), gaps=LATE))
    assert "Nothing could be compared yet, so there is no focus. There are too few peers (3" in plain(few.sentence)
    for found in (new, few):
        assert "short of the peers" not in found.sentence


def test_without_a_focus_n_is_that_of_the_layer_that_is_open() -> None:
    late = one(company(alike(12), gaps=LATE))
    assert (late.focus, late.layer, late.n) == (None, "knowledge", 1)
    done = [(person, block, 10 if person == 1 else 40) for person in range(1, 16) for block in (0, 1)]
    slow = one(company(alike(15), activities=pl.DataFrame(done, schema=shapes.ACTIVITIES, orient="row")))
    assert (slow.focus, slow.layer, slow.n) == (None, "effort", 20)


def test_somebody_without_a_single_closed_deal_is_told_so_and_not_that_a_file_is_missing() -> None:
    evidence = company(alike(12))
    idle = replace(
        evidence,
        closed=evidence.closed.filter(pl.col("person_id") != 1),
        opened=evidence.opened.filter(pl.col("person_id") != 1),
        stages=evidence.stages.clear(),
        steps=evidence.steps.clear(),
    )
    found = one(idle)
    assert plain(found.finding("results").reason) == "Too few cases: 0 closed deals, 10 are needed."
    assert plain(found.finding("effort").reason) == "Too few cases: 0 deals opened, 10 are needed."
    nothing = one(replace(idle, closed=idle.closed.clear(), opened=idle.opened.clear()))
    assert nothing.finding("results").reason == "No deal was won or lost."


# ---- What it says --------------------------------------------------------------------------------------------------

LATE = pl.DataFrame([(1, 7, AS_OF - dt.timedelta(days=30), True)], schema=shapes.GAPS, orient="row")


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def test_without_a_focus_the_reason_says_what_is_open_and_names_its_rows() -> None:
    found = one(company(alike(12), gaps=LATE))
    assert (found.focus, found.layer, found.status) == (None, "knowledge", "not_yet")
    assert plain(found.reason) == (
        "Knowledge: not yet. 1 knowledge gap open for more than 14 days. Of 8 figures over the last 24 months, no "
        "lever or skill is short of the peers by more than noise: there is no focus."
    )
    assert found.source_ids == found.finding("knowledge").source_ids == ("knowledge_gap:7",)
    done = [(person, block, 10 if person == 1 else 40) for person in range(1, 16) for block in (0, 1)]
    slow = one(company(alike(15), activities=pl.DataFrame(done, schema=shapes.ACTIVITIES, orient="row")))
    assert slow.reason.startswith("Effort: not yet. Activities: below the peers by more than noise.")
    assert slow.source_ids == ("person:1",)


def test_a_focus_that_may_be_worth_nothing_says_so_in_its_reason() -> None:
    found = one(company(alike(20, p1=Habits(missing=0.35))))
    assert found.focus == "no_next_step"
    assert found.low is not None
    assert found.low <= 0
    assert "it may be worth nothing (" in found.reason
    sure = one(company(alike(20, p1=Habits(wins=0.2))))
    assert sure.low is not None
    assert sure.low > 0
    assert "worth nothing" not in sure.reason


def test_a_focus_without_a_row_of_its_own_names_the_person() -> None:
    evidence = company(alike(20, p1=Habits(missing=0.35)))
    # All of the deals without a next step have been decided since: the habit stands, no open row shows it.
    decided = evidence.steps.filter(pl.col("person_id") == 1)
    rows = decided.select(
        "deal_id",
        "person_id",
        pl.lit("lost").alias("status"),
        pl.col("seen_on").alias("opened_on"),
        pl.col("last_on").alias("closed_on"),
        pl.lit(None, pl.Int64).alias("amount"),
        pl.lit(None, pl.Int64).alias("list_amount"),
        pl.lit(False).alias("has_reason"),
        pl.lit(False).alias("to_competitor"),
    )
    closed = pl.concat([evidence.closed, rows.join(evidence.closed, on="deal_id", how="anti")], how="diagonal_relaxed")
    found = one(replace(evidence, closed=closed))
    lever = found.lever("no_next_step")
    assert lever is not None
    assert lever.source_ids == ()
    assert found.source_ids != ()
    if found.focus == "no_next_step":
        assert found.source_ids == ("person:1",)


@pytest.mark.parametrize("people", [3, 6, 14])
@pytest.mark.parametrize("layers", [{}, {"gaps": LATE}])
def test_no_sentence_says_a_word_twice_or_ends_twice(people: int, layers: dict[str, pl.DataFrame]) -> None:
    for found in diagnosed(company(alike(people, p2=Habits(wins=0.2)), **layers), list(range(1, people + 1))):  # type: ignore[arg-type]
        said = [found.sentence, found.reason]
        said += [f"{finding.layer}: not evaluated. {finding.reason}" for finding in found.layers]
        said += [measure.says for finding in found.layers for measure in finding.measures]
        for text in map(plain, said):
            assert ".." not in text, text
            assert not re.search(r"\b(\w+ \w+)[.:]? \1\b", text, re.IGNORECASE), text
            assert not re.search(r"\b1 \w+ were\b", text), text


def test_one_lever_was_looked_at() -> None:
    whole = company(alike(14, p1=Habits(wins=0.15)))
    bare = whole.closed.with_columns(
        amount=pl.lit(None, pl.Int64), list_amount=pl.lit(None, pl.Int64), opened_on=pl.lit(None, pl.Date),
        has_reason=pl.lit(False), to_competitor=pl.lit(False),
    )  # fmt: skip
    opened, steps, stages = whole.opened.clear(), whole.steps.clear(), whole.stages.clear()
    found = one(replace(whole, closed=bare, opened=opened, steps=steps, stages=stages))
    assert found.focus == "win_rate"
    assert "although 1 lever was looked at" in plain(found.reason)


def test_figures_are_counted_once_for_the_sentence_and_the_title_of_the_tree() -> None:
    of_each = {number: 60.0 + number % 7 for number in range(1, 15)}
    done = [(person, block, 40) for person in range(1, 15) for block in (0, 1)]
    activities = pl.DataFrame(done, schema=shapes.ACTIVITIES, orient="row")
    evidence = company(alike(14), levels=levels(of_each), activities=activities)
    calm = next(
        found for found in diagnosed(evidence, list(range(1, 15))) if found.status == "pass" and not found.strengths
    )
    assert "10 figures (8 levers and 1 skill among them)" in plain(calm.sentence)
    assert plain(view.tree_title(calm)).startswith("All 10 figures lie")


# ---- What must not matter ------------------------------------------------------------------------------------------

COMPANY = company(alike(12, p1=Habits(wins=0.22), p2=Habits(discount=0.14), p3=Habits(days=64)))
EVERYBODY = list(range(1, 13))
TOLD = diagnosed(COMPANY, EVERYBODY)


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=5)
def test_the_order_of_the_rows_decides_no_digit(seed: int) -> None:
    def mixed(frame: pl.DataFrame) -> pl.DataFrame:
        return frame.sample(fraction=1.0, shuffle=True, seed=seed)

    # People come by id out of ``compared``.
    shuffled = replace(
        COMPANY,
        closed=mixed(COMPANY.closed),
        opened=mixed(COMPANY.opened),
        steps=mixed(COMPANY.steps),
        stages=mixed(COMPANY.stages),
    )
    assert diagnosed(shuffled, EVERYBODY) == TOLD


@given(st.sampled_from([2, 3, 7, 10, 100]))
@settings(max_examples=5)
def test_money_in_another_unit_changes_the_prices_in_proportion_and_no_finding(factor: int) -> None:
    closed = COMPANY.closed.with_columns(pl.col("amount", "list_amount") * factor)
    for before, after in zip(TOLD, diagnosed(replace(COMPANY, closed=closed), EVERYBODY), strict=True):
        assert (before.focus, before.layer, before.strengths) == (after.focus, after.layer, after.strengths)
        for first, second in zip(before.levers, after.levers, strict=True):
            assert first.is_reliable == second.is_reliable
            for name in ("price", "price_low", "price_high"):
                assert getattr(second, name) == pytest.approx(factor * getattr(first, name), rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("asked", [[1], [3, 1], EVERYBODY[::-1]])
def test_who_else_is_asked_about_changes_nothing(asked: list[int]) -> None:
    assert diagnosed(COMPANY, asked) == [TOLD[rep_id - 1] for rep_id in asked]


@given(st.integers(4, 12))
@settings(max_examples=4)
def test_one_more_peer_who_sells_exactly_as_usual_invents_nothing_and_hides_nothing(copied: int) -> None:
    def with_twin(frame: pl.DataFrame) -> pl.DataFrame:
        shift = [pl.col("deal_id") + 50_000_000] if "deal_id" in frame.columns else []
        twin = frame.filter(pl.col("person_id") == copied).with_columns(*shift, person_id=pl.lit(99, pl.Int64))
        return pl.concat([frame, twin])

    stages = COMPANY.stages.with_columns(pl.col("deal_id") + 50_000_000)
    more = replace(
        COMPANY,
        people=with_twin(COMPANY.people),
        closed=with_twin(COMPANY.closed),
        opened=with_twin(COMPANY.opened),
        steps=with_twin(COMPANY.steps),
        stages=pl.concat([COMPANY.stages, stages]),
    )
    for before, after in zip(TOLD[:3], diagnosed(more, [1, 2, 3]), strict=True):
        assert after.focus == before.focus
        for first, second in zip(before.levers, after.levers, strict=True):
            assert second.peer_count == first.peer_count + 1
            assert second.value == first.value


def test_a_quarter_in_which_nobody_closes_anything_is_held_against_nobody() -> None:
    late = AS_OF - dt.timedelta(days=45)
    running = replace(
        COMPANY,
        closed=COMPANY.closed.filter(pl.col("closed_on") <= late),
        opened=COMPANY.opened.filter(pl.col("opened_on") <= late),
    )
    found = diagnosed(running, EVERYBODY)
    assert [one.focus for one in found[:3]] == [one.focus for one in TOLD[:3]]
    assert sum(one.focus is not None for one in found[3:]) <= 1


def test_a_colleagues_open_deals_taken_over_do_not_look_like_deals_opened_as_a_habit() -> None:
    evidence = company(alike(12), seed=3)
    week = dt.date(2026, 2, 2)
    taken = pl.DataFrame([(9_000_000 + number, 2, week) for number in range(25)], schema=shapes.OPENED, orient="row")
    before, after = one(evidence, 2), one(replace(evidence, opened=pl.concat([evidence.opened, taken])), 2)
    plain, helped = before.lever("pipeline"), after.lever("pipeline")
    assert plain is not None
    assert helped is not None
    assert plain.noise_share is not None
    assert helped.noise_share is not None
    assert helped.noise_share - plain.noise_share < 0.35
    assert not helped.is_strength


# ---- The arithmetic ------------------------------------------------------------------------------------------------

GAPS = st.floats(-3, 3, allow_nan=False)
SQUARES = st.floats(1e-4, 4, allow_nan=False)


@given(GAPS, SQUARES, SQUARES, SQUARES)
def test_a_gap_is_pulled_towards_the_peers_and_never_across_them(
    gap: float, variance: float, spread: float, usual: float
) -> None:
    mean, low, high = _shrunk(gap, variance, 0.0, spread, spread + usual)
    assert abs(mean) <= abs(gap) + 1e-12
    assert mean * gap >= 0
    assert low - 1e-6 <= mean <= high + 1e-6


def test_the_fewer_cases_the_more_of_a_gap_is_taken_for_noise() -> None:
    kept = [_shrunk(0.2, 2.5 / cases, 0.0, 0.0025, 0.02)[0] for cases in (10, 50, 250, 1_250, 100_000)]
    assert kept == sorted(kept)
    assert kept[0] < 0.02 < 0.19 < kept[-1]


def test_an_unusual_gap_keeps_more_of_its_size_than_a_usual_one() -> None:
    kept = [_shrunk(gap, 0.01, 0.0, 0.0025, 0.0125)[0] / gap for gap in (0.05, 0.5)]
    assert kept[0] < 0.35 < 0.7 < kept[1]


def test_without_any_error_a_gap_is_what_it_is() -> None:
    assert _shrunk(0.3, 0.0, 0.0, 0.01, 0.01) == (0.3, 0.3, 0.3)


def test_the_spread_between_people_is_found_and_a_few_outliers_do_not_widen_it() -> None:
    random = np.random.default_rng(3)
    variance = np.full(400, 0.01)
    gap = random.normal(0, math.sqrt(0.01 + 0.04), 400)
    sizes = np.full(400, 1e9)
    plain = spread_of(gap, variance, sizes)
    assert plain == pytest.approx(0.04, rel=0.3)
    gap[:16] = 2.0
    assert spread_of(gap, variance, sizes) == pytest.approx(plain, rel=0.15)
    assert spread_of(random.normal(0, 0.1, 400), np.full(400, 0.02), sizes) == 0.0
    assert spread_of(np.zeros(0), np.zeros(0), np.zeros(0)) == 0.0


@given(st.lists(st.floats(-1, 1), min_size=7, max_size=30), st.floats(0.1, 10))
@settings(max_examples=30)
def test_where_somebody_stands_does_not_depend_on_the_scale(values: list[float], factor: float) -> None:
    ids = np.arange(len(values), dtype=np.int64)
    groups, reference = dict.fromkeys(ids.tolist(), "a"), frozenset(ids.tolist())

    def stand(scale: float) -> Standing | None:
        measured = Measured(ids, np.full(len(ids), 50), np.array(values) * scale, np.full(len(ids), (0.3 * scale) ** 2))
        return standings(measured, groups, reference, True).of(0)

    plain, scaled = stand(1.0), stand(factor)
    assert plain is not None
    assert scaled is not None
    assert scaled.shrunk == pytest.approx(factor * plain.shrunk, rel=1e-6, abs=1e-9)
    assert scaled.chance_bad == pytest.approx(plain.chance_bad, abs=1e-6)
    assert plain.chance_bad + plain.chance_good == pytest.approx(1)


def test_looking_at_more_levers_asks_more_of_each() -> None:
    assert critical(0.12 / 1, 40) < critical(0.12 / 4, 40) < critical(0.12 / 8, 40)


def stood(own: float, median: float, top: float, *, shrunk: float | None = None, half: float = 0.05) -> Standing:
    middle = own if shrunk is None else shrunk
    return Standing(100, own, middle, middle - half, middle + half, median, top, tuple(range(9)), 0.01, 0.99, 0.05, 30)


def totals(**more: float) -> dict[str, float]:
    row = dict.fromkeys(TOTALS, 0) | {
        "quarters": 4.0,
        "won_count": 40,
        "priced_count": 40,
        "closed_count": 100,
        "won_amount": 40_000_00,
        "won_square": 40 * 1000_00.0**2,
        "list_amount": 50_000_00,
        "lost_reason_count": 60,
        "lost_other_count": 40,
        "stepped_count": 80,
    }
    return row | more


def priced(key: str, standing: Standing, base: float = 1.0, worth: tuple[float, float] | None = None) -> Price:
    found = price(DEFINITIONS[key], standing, totals(), base, worth, 2.0, 100)
    assert found is not None
    return found


def test_prices_can_be_redone_by_hand() -> None:
    # 40,000 won in four quarters are 10,000 a quarter, with a win rate a fifth below the peers' median.
    behind = priced("win_rate", stood(-0.2, 0.0, 0.1))
    assert behind.target == "median"
    assert behind.value == pytest.approx(10_000 / 0.8 * 0.2)
    # Of the gap of 0.2 only what exceeds twice 0.05 is certain.
    assert behind.reliable == pytest.approx(10_000 / 0.8 * 0.1)
    ahead = priced("win_rate", stood(0.05, 0.0, 0.1))
    assert ahead.target == "top quartile"
    assert ahead.value == pytest.approx(10_000 / 1.05 * 0.05)
    beyond = priced("win_rate", stood(0.3, 0.0, 0.1))
    assert (beyond.value, beyond.low, beyond.high, beyond.reliable) == (0, 0, 0, 0)
    # A cycle a quarter longer: in the same time a fifth fewer deals.
    assert priced("cycle", stood(math.log(1.25), 0.0, -0.1)).value == pytest.approx(2_500)
    # Five points of discount on a list of 12,500 a quarter.
    assert priced("discounting", stood(0.5, 0.0, -0.1), base=0.1).value == pytest.approx(0.05 * 12_500)
    # Ten points of 15 lost deals a quarter; the others are won in 40 of 80 cases, at 1,000 each.
    assert priced("competitor_losses", stood(0.5, 0.0, -0.1), base=0.2).value == pytest.approx(0.1 * 15 * 0.5 * 1_000)
    # Ten points of 20 deals a quarter, won 5 points more often with a next step.
    step = priced("no_next_step", stood(0.5, 0.0, -0.1), base=0.2, worth=(0.05, 0.01))
    assert step.value == pytest.approx(0.1 * 20 * 0.05 * 1_000)
    nothing = priced("no_next_step", stood(0.5, 0.0, -0.1), base=0.2, worth=(0.05, 0.2))
    assert nothing.low < 0 < nothing.high


@given(st.floats(-0.6, 0.6), st.floats(-0.3, 0.3), st.floats(0, 0.3), st.sampled_from(LEVERS))
def test_a_price_lies_in_its_interval_and_nobody_is_asked_to_pay_for_getting_better(
    own: float, median: float, more: float, key: str
) -> None:
    sign = 1 if DEFINITIONS[key].is_good_up else -1
    found = price(DEFINITIONS[key], stood(own, median, median + sign * more), totals(), 0.2, (0.04, 0.01), 2.0, 100)
    assert found is not None
    assert found.low <= found.value <= found.high
    assert found.value >= 0


@pytest.mark.parametrize("missing", [{"won_amount": 0}, {"priced_count": 0}, {"quarters": 0.0}])
def test_without_what_a_price_is_made_of_there_is_none(missing: dict[str, float]) -> None:
    assert price(DEFINITIONS["win_rate"], stood(-0.2, 0, 0.1), totals(**missing), 1.0, None, 2.0, 100) is None


def test_without_a_known_worth_a_next_step_has_no_price() -> None:
    assert price(DEFINITIONS["no_next_step"], stood(0.5, 0, -0.1), totals(), 0.2, None, 2.0, 100) is None


# ---- Who is compared ----------------------------------------------------------------------------------------------


def test_a_large_group_is_compared_with_the_same_few_whoever_looks() -> None:
    people = [(number, "rep", "A", dt.date(2020, 1, 1), None) for number in range(1, 900)]
    told = pl.DataFrame(people, schema=shapes.DIAGNOSED, orient="row")
    window = window_until(AS_OF)
    found = compared(told, AS_OF, window)
    chosen = found.filter("is_reference")["person_id"].to_list()
    assert LARGEST_GROUP <= len(chosen) <= 240
    assert compared(told.sample(fraction=1.0, shuffle=True, seed=2), AS_OF, window).equals(found)
    # They are not simply the oldest.
    assert sum(number > 450 for number in chosen) > len(chosen) / 3


def test_only_whole_quarters_count_for_attainment() -> None:
    starts = [dt.date(2025, 7, 1), dt.date(2025, 10, 1), dt.date(2026, 1, 1), dt.date(2026, 4, 1), dt.date(2026, 7, 1)]
    assert whole_quarters(Period(dt.date(2025, 7, 1), dt.date(2026, 8, 15)), starts) == Period(
        dt.date(2025, 7, 1), dt.date(2026, 6, 30)
    )
    assert whole_quarters(Period(dt.date(2026, 7, 2), dt.date(2026, 8, 15)), starts) is None
