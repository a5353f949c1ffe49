"""Which questions are chosen: variety, rest, information behind deals, and that nothing depends on any order."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import replace
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coaching import frames, questions
from coaching.questions import ASKED, EDITS, INFORMATION, Chosen, Question, Situation, bank, chosen, merged

NOBODY = frames.empty(ASKED)
BANK = bank()


def stalled(number: int = 12, weight: float = 0.7, name: str = "Pumps") -> Situation:
    fills = {"deal": name, "stage": "Discovery", "days": "40"}
    return Situation("stalled", (f"deal:{number}",), f"{name}: 40 days in Discovery", weight, fills, deal_id=number)


def gap_in(skill: str = "discovery", weight: float = 0.5) -> Situation:
    sources = ("observation:9", "observation:8")
    return Situation("skill_gap", sources, "Level 33 of 100", weight, {"skill": "finding out"}, skill=skill)


def promise(number: int = 7, weight: float = 0.8) -> Situation:
    return Situation("missed_commitment", (f"commitment:{number}",), "Due 1 Nov", weight, {"days": "19"})


STEADY = Situation("steady", ("person:4",), "Nothing stands out in the data", 0.05)


def heard(**sessions_ago: int) -> pl.DataFrame:
    rows = [(key.replace("__", "."), ago) for key, ago in sessions_ago.items()]
    return pl.DataFrame(rows, schema=ASKED, orient="row")


def keys(found: list[Chosen]) -> list[str]:
    return [each.question.key for each in found]


def test_three_situations_bring_three_questions_each_with_its_row_and_the_reason() -> None:
    found = chosen(BANK, [gap_in(), stalled(), promise()], NOBODY)
    assert [each.situation.key for each in found] == ["missed_commitment", "stalled", "skill_gap"]
    for each in found:
        assert each.source_ids == each.situation.source_ids
        assert each.situation.says in each.why
        assert questions.row_words(each.source_ids[0]) in each.why
        assert "not asked before" in each.why
        assert "{" not in each.text
    assert "deal 12" in found[1].why


def test_a_deal_brings_a_question_for_the_information_behind_it_and_nothing_else_does() -> None:
    with_deal = chosen(BANK, [stalled(), promise(), gap_in()], NOBODY)
    assert [each.situation.key for each in with_deal if each.question.is_information] == ["stalled"]
    without = chosen(BANK, [promise(), gap_in(), STEADY], NOBODY)
    assert not any(each.question.is_information for each in without)


def over(key: str) -> Situation:
    """A deal that is no longer open."""
    fills = {"deal": "Tanks", "competitor": "Northwind", "days": "3", "share": "12 %", "before": "4 %"}
    return Situation(key, ("deal:7",), "Tanks: over", 0.6, fills, deal_id=7)


@pytest.mark.parametrize(
    ("situation", "bank_key"), [("lost_to_competitor", "information_lost"), ("discount_creep", "information_won")]
)
def test_the_information_behind_a_deal_that_is_over_is_asked_for_in_words_of_its_own(
    situation: str, bank_key: str
) -> None:
    found = chosen(BANK, [over(situation)], NOBODY)
    assert {each.question.situation for each in found if each.question.is_information} == {bank_key}
    both = chosen(BANK, [over(situation), stalled()], NOBODY)
    for each in both:
        if each.question.is_information:
            of_open = each.situation.key == "stalled"
            assert each.question.situation == (INFORMATION if of_open else bank_key)


def test_an_open_question_about_a_deal_brings_no_other_question_about_the_same_deal() -> None:
    noted = Situation("knowledge_gap", ("knowledge_gap:3",), "Open since", 0.5, {"days": "4"}, deal_id=7)
    assert not any(each.question.is_information for each in chosen(BANK, [noted, promise(), STEADY], NOBODY))


def test_the_information_question_is_added_where_there_is_room() -> None:
    found = chosen(BANK, [stalled(), promise()], NOBODY)
    assert len(found) == questions.MOST
    assert sum(each.question.is_information for each in found) == 1
    assert {each.situation.key for each in found} == {"stalled", "missed_commitment"}


def test_one_situation_alone_brings_different_questions_about_it() -> None:
    found = chosen(BANK, [stalled()], NOBODY)
    assert len(set(keys(found))) == questions.MOST
    assert all(each.situation == stalled() for each in found)


def test_a_question_about_this_very_skill_comes_before_one_about_any() -> None:
    found = chosen(BANK, [gap_in("discovery")], NOBODY)
    assert {each.question.about_skill for each in found} == {"discovery"}
    general = chosen(BANK, [gap_in("a_skill_of_their_own")], NOBODY)
    assert {each.question.about_skill for each in general} == {None}
    assert len(general) == questions.MOST


def test_a_question_rests_for_six_sessions_and_then_says_when_it_was_asked() -> None:
    everything = {each.key.replace(".", "__"): 6 for each in BANK if each.situation == "missed_commitment"}
    found = chosen(BANK, [promise()], heard(**everything), most=1)
    assert "last asked 6" in found[0].why
    everything[found[0].question.key.replace(".", "__")] = 5
    again = chosen(BANK, [promise()], heard(**everything), most=1)
    assert keys(again) != keys(found)
    assert chosen(BANK, [promise()], heard(**dict.fromkeys(everything, 5)), most=1) == []
    shorter = chosen(BANK, [promise()], heard(**dict.fromkeys(everything, 5)), most=1, rest_sessions=5)
    assert len(shorter) == 1


def test_what_was_never_asked_comes_before_what_was_asked_long_ago() -> None:
    mine = [each.key for each in BANK if each.situation == "steady"]
    all_but_one = {key.replace(".", "__"): 20 for key in mine[1:]}
    assert keys(chosen(BANK, [STEADY], heard(**all_but_one), most=1)) == [mine[0]]


def test_a_situation_that_was_talked_about_last_time_steps_back() -> None:
    first = chosen(BANK, [promise(), gap_in(weight=0.7)], NOBODY, most=1)
    assert first[0].situation.key == "missed_commitment"
    asked = heard(**{first[0].question.key.replace(".", "__"): 0})
    assert chosen(BANK, [promise(), gap_in(weight=0.7)], asked, most=1)[0].situation.key == "skill_gap"
    later = heard(**{first[0].question.key.replace(".", "__"): 2})
    assert chosen(BANK, [promise(), gap_in(weight=0.7)], later, most=1)[0].situation.key == "missed_commitment"


def test_two_deals_bring_different_questions_about_the_same_kind_of_situation() -> None:
    found = {keys(chosen(BANK, [stalled(number)], NOBODY, most=1))[0] for number in range(40)}
    assert len(found) > 3


def test_a_blank_that_a_situation_leaves_empty_keeps_its_questions_out() -> None:
    without_stage = replace(stalled(), fills={"deal": "Pumps", "days": "40", "stage": ""})
    for each in chosen(BANK, [without_stage], NOBODY, most=10):
        assert "{stage}" not in each.question.text


def test_text_from_the_database_is_put_in_as_it_is_and_never_read_as_a_blank() -> None:
    hostile = "{days} **bold** {__class__}"
    found = chosen(BANK, [stalled(name=hostile)], NOBODY)
    assert any(hostile in each.text for each in found)


def test_nothing_is_chosen_where_nothing_holds() -> None:
    assert chosen(BANK, [], NOBODY) == []
    assert chosen((), [stalled()], NOBODY) == []
    assert chosen(BANK, [stalled()], NOBODY, most=0) == []


def test_general_words_stand_where_the_case_is_gone() -> None:
    assert questions.filled("What waits in {deal}?", {}) == "What waits in the deal?"
    assert questions.filled("What waits in {deal}?", {"deal": "Pumps"}) == "What waits in Pumps?"
    for kind in questions.SITUATIONS.values():
        assert set(kind.blanks) <= set(questions.GENERIC)


# ---- Edits ---------------------------------------------------------------------------------------------------------


def edit(key: str, body: str, **more: Any) -> dict[str, Any]:
    row = {"edit_id": 1, "question_key": key, "situation": "steady", "about_skill": None, "body": body}
    row |= {"is_active": True, "edited_by": None, "edited_by_name": None}
    return {**row, "recorded_at": dt.datetime(2026, 11, 1, tzinfo=dt.UTC), **more}


def edits(*rows: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=EDITS)


def named(found: tuple[Question, ...], key: str) -> Question:
    [question] = [each for each in found if each.key == key]
    return question


def test_the_latest_edit_of_a_key_holds_and_marks_the_question() -> None:
    later = dt.datetime(2026, 11, 2, tzinfo=dt.UTC)
    rows = [edit("steady.me", "What first?"), edit("steady.me", "What then?", edit_id=2, recorded_at=later)]
    for order in (rows, rows[::-1]):
        question = named(merged(edits(*order)), "steady.me")
        assert (question.text, question.edit_id, question.is_edited) == ("What then?", 2, True)
    assert not named(merged(edits()), "steady.me").is_edited
    assert merged(edits()) == BANK


def test_a_question_that_reads_as_delivered_again_is_not_marked() -> None:
    before = named(BANK, "steady.me")
    again = named(merged(edits(edit("steady.me", before.text))), "steady.me")
    assert (again.text, again.is_edited, again.edit_id) == (before.text, False, 1)


def test_a_retired_question_is_not_asked_and_a_new_one_is() -> None:
    retired = [
        edit(each.key, each.text, is_active=False, edit_id=place)
        for place, each in enumerate(BANK)
        if each.situation == "steady"
    ]
    own = edit("steady.own_1", "What would you like to try?", edit_id=99)
    found = chosen(merged(edits(*retired, own)), [STEADY], NOBODY)
    assert [each.text for each in found] == ["What would you like to try?"]
    about = edit("information.own_1", "Where does {deal} stand on paper?", situation=INFORMATION)
    assert named(merged(edits(about)), "information.own_1").is_information


def test_an_edit_in_a_situation_that_nobody_knows_any_more_changes_nothing() -> None:
    assert merged(edits(edit("steady.me", "What now?", situation="gone"))) == BANK


def test_the_bank_in_a_sentence_counts_what_was_edited_and_retired() -> None:
    rows = (edit("steady.me", "What then?"), edit("steady.proud", "What?", is_active=False))
    sentence = questions.bank_sentence(merged(edits(*rows))).replace("\u00a0", " ")
    count, situations = len(BANK) - 1, len(questions.SITUATIONS)
    assert sentence == f"{count} open questions for {situations} situations, 1 of them edited here, 1 retired."


def test_a_search_finds_every_word_in_any_case() -> None:
    found = questions.matching(BANK, "HOW know")
    assert found
    assert all("how" in each.text.casefold() and "know" in each.text.casefold() for each in found)
    assert {each.situation for each in questions.matching(BANK, "", "steady")} == {"steady"}
    assert questions.matching(BANK, "xylophone") == []


# ---- Properties ----------------------------------------------------------------------------------------------------

SMALL = tuple(
    each
    for each in BANK
    if each.situation in {"stalled", "missed_commitment", "steady", INFORMATION}
    or (each.situation == "skill_gap" and each.about_skill in {None, "discovery"})
)
NUMBERS = st.integers(1, 4)
WEIGHTS = st.sampled_from([0.1, 0.5, 0.5000001, 0.9])
SITUATION = st.one_of(
    st.builds(stalled, NUMBERS, WEIGHTS),
    st.builds(gap_in, st.sampled_from(["discovery", "unknown"]), WEIGHTS),
    st.builds(promise, NUMBERS, WEIGHTS),
    st.just(STEADY),
)
HELD = st.lists(SITUATION, max_size=6, unique_by=lambda each: (each.key, each.source_ids, each.skill))
HEARD = st.dictionaries(st.sampled_from([each.key for each in SMALL]), st.integers(0, 9), max_size=30).map(
    lambda found: pl.DataFrame(list(found.items()), schema=ASKED, orient="row")
)
FEW = settings(max_examples=60)


@FEW
@given(held=HELD, asked=HEARD, rest=st.integers(1, 9), most=st.integers(0, 5), seed=st.integers(0, 99))
def test_the_choice_keeps_its_promises_whatever_holds(
    held: list[Situation], asked: pl.DataFrame, rest: int, most: int, seed: int
) -> None:
    found = chosen(SMALL, held, asked, most=most, rest_sessions=rest)
    assert len(found) <= most
    assert len(set(keys(found))) == len(found)
    # Never again inside the rest.
    resting = set(asked.filter(pl.col("sessions_ago") < rest)["question_key"])
    assert not set(keys(found)) & resting
    # Every question names a row of a situation that holds.
    assert all(each.situation in held and each.source_ids for each in found)
    # A second question about one kind of situation only once no other kind has any left.
    possible = {each.situation.key for each in chosen(SMALL, held, asked, most=20, rest_sessions=rest)}
    assert len({each.situation.key for each in found}) == min(most, len(possible))
    # An information question wherever a deal is talked about and one is awake.
    awake = {each.key for each in SMALL if each.is_information} - resting
    if awake and any(each.situation.deal_id is not None for each in found):
        assert any(each.question.is_information for each in found)
    # The same for any order.
    shuffled = random.Random(seed)
    bank_order, order = shuffled.sample(SMALL, len(SMALL)), shuffled.sample(held, len(held))
    rows = asked.sample(fraction=1, shuffle=True, seed=seed) if asked.height else asked
    assert chosen(bank_order, order, rows, most=most, rest_sessions=rest) == found


@FEW
@given(held=HELD, asked=HEARD, mask=st.tuples(st.booleans(), st.booleans(), st.booleans()))
def test_answering_beforehand_changes_none_of_the_questions(
    held: list[Situation], asked: pl.DataFrame, mask: tuple[bool, bool, bool]
) -> None:
    found = chosen(SMALL, held, asked)
    answered = {pair(each) for each, is_answered in zip(found, mask, strict=False) if is_answered}
    assert chosen(SMALL, held, asked, answered=answered) == found


@FEW
@given(held=HELD, asked=HEARD, answered=st.sets(st.tuples(st.sampled_from([q.key for q in SMALL]), st.sampled_from(
    ["deal:1", "deal:2", "observation:9", "commitment:1", "person:4", "nothing:1"]
)), max_size=6))  # fmt: skip
def test_whatever_was_answered_no_question_comes_twice_or_out_of_its_rest(
    held: list[Situation], asked: pl.DataFrame, answered: set[tuple[str, str]]
) -> None:
    found = chosen(SMALL, held, asked, answered=answered)
    assert len(found) == len(chosen(SMALL, held, asked))
    assert len(set(keys(found))) == len(found)
    assert not set(keys(found)) & set(asked.filter(pl.col("sessions_ago") < questions.REST_SESSIONS)["question_key"])
    assert all(each.situation in held and "{" not in each.text for each in found)


def pair(each: Chosen) -> tuple[str, str]:
    return each.question.key, each.source_ids[0]


def test_an_answered_question_stays_when_something_weightier_turns_up() -> None:
    mine = pair(chosen(BANK, [gap_in(weight=0.2)], NOBODY)[0])
    now = [
        gap_in(weight=0.2),
        stalled(1),
        promise(),
        Situation("self_below", ("observation:2",), "", 0.9, {"skill": "x"}),
    ]
    before = chosen(BANK, now, NOBODY)
    assert mine not in {pair(each) for each in before}
    kept = chosen(BANK, now, NOBODY, answered={mine})
    assert mine in {pair(each) for each in kept}
    assert len(kept) == questions.MOST
    assert any(each.question.is_information for each in kept)


def test_an_answer_to_a_question_that_rests_or_about_a_row_that_is_gone_pins_nothing() -> None:
    mine = pair(chosen(BANK, [gap_in(weight=0.2)], NOBODY)[0])
    others = [stalled(1), promise(), promise(8), STEADY]
    assert chosen(BANK, others, NOBODY, answered={mine}) == chosen(BANK, others, NOBODY)
    asked = heard(**{mine[0].replace(".", "__"): 0})
    now = [gap_in(weight=0.2), *others]
    assert chosen(BANK, now, asked, answered={mine}) == chosen(BANK, now, asked)
