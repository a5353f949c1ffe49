"""What may be brought to a one-on-one, and how far preparation is, in words."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import pytest

from coaching import agenda, frames
from coaching.agenda import AgendaDraft, answered_key, answered_parts

TODAY = dt.date(2026, 11, 20)


def said(text: str) -> str:
    return text.replace("\u00a0", " ")


def test_a_topic_is_one_clean_line_and_an_answer_keeps_its_lines() -> None:
    topic = AgendaDraft("topic", "  The\nrenewal \u202e talk ", "steady.me", "deal:1").tidy()
    assert (topic.body, topic.question_key, topic.about, topic.answers) == ("The renewal talk", None, None, None)
    answer = AgendaDraft("answer", " First\u0007\n\nthen \n", "steady.me", "deal:1").tidy()
    assert (answer.body, answer.answers) == ("First\n\nthen", "steady.me@deal:1")
    assert topic.problems() == answer.problems() == []


@pytest.mark.parametrize(
    ("draft", "words"),
    [
        (AgendaDraft("topic", "   "), "Say what you want to talk about"),
        (AgendaDraft("answer", "", "steady.me"), "A few are enough"),
        (AgendaDraft("answer", "Yes"), "which question it answers"),
        (AgendaDraft("answer", "Yes", "steady.me", "deal:12; drop"), "such as deal:12"),
        (AgendaDraft("wish", "More"), "no kind of item"),
        (AgendaDraft("topic", "x" * 201), "Shorten it to 200"),
        (AgendaDraft("answer", "x" * 2_001, "steady.me"), "Shorten it to 2,000"),
        (AgendaDraft("topic", "The renewal"), "on the list already"),
    ],
)
def test_what_cannot_be_brought_is_refused_in_words(draft: AgendaDraft, words: str) -> None:
    assert words in " ".join(draft.problems(("The renewal",)))


def test_ten_topics_are_enough_and_an_answer_more_is_fine() -> None:
    standing = tuple(f"Topic {number}" for number in range(agenda.MOST_TOPICS))
    assert "Three are plenty" in " ".join(AgendaDraft("topic", "One more").problems(standing))
    assert AgendaDraft("topic", "One more").problems(standing[:-1]) == []
    assert AgendaDraft("answer", "One more", "steady.me").problems(standing) == []


def test_question_and_row_go_into_one_word_and_come_out_again() -> None:
    for key, about in (("stalled.waits", "deal:12"), ("steady.me", None)):
        assert answered_parts(answered_key(key, about)) == (key, about)


def items(*kinds: str, **more: Any) -> pl.DataFrame:
    rows = [{**dict.fromkeys(frames.AGENDA), "rep_id": 4, "kind": kind, "added_by": 4, **more} for kind in kinds]
    return pl.DataFrame(rows, schema=frames.AGENDA)


def test_the_preparation_says_what_the_rep_has_ready_and_what_others_added_does_not_count() -> None:
    for none in (items(), items("topic", added_by=2), items("topic", session_id=9)):
        assert "Nothing is prepared yet" in agenda.preparation_sentence(none)
    both = agenda.preparation_sentence(items("topic", "answer", "answer"))
    assert said(both) == "Ready for the next one-on-one: 1 topic and 2 answers"
    assert said(agenda.preparation_sentence(items("answer"))).endswith(": 1 answer")


def test_topics_on_the_list_of_the_planned_session_are_ready_as_well() -> None:
    assert said(agenda.preparation_sentence(items(), on_list=1)) == "Ready for the next one-on-one: 1 topic"
    assert said(agenda.preparation_sentence(items("topic"), on_list=1)).endswith(": 2 topics")


def meetings(*rows: tuple[int, str, str, int]) -> pl.DataFrame:
    """Sessions by number, kind, status and days from today."""
    told = [
        {
            **dict.fromkeys(frames.SESSION_RECORDS), "session_id": number, "kind": kind, "status": status,
            "held_on" if status == "held" else "planned_on": TODAY + dt.timedelta(days=days),
        }
        for number, kind, status, days in rows
    ]  # fmt: skip
    return pl.DataFrame(told, schema=frames.SESSION_RECORDS)


def test_the_next_meeting_is_the_first_one_on_one_ahead_else_the_last_that_nobody_wrote_up() -> None:
    mine, group = "own_manager", "group"
    for rows, numbers in (
        (((1, mine, "planned", 9), (2, mine, "planned", 2), (3, group, "planned", 1)), [2]),
        (((1, mine, "planned", 0), (2, "other_coach", "planned", 0), (3, mine, "planned", -3)), [1, 2]),
        (((1, mine, "planned", -3), (2, mine, "planned", -8), (3, mine, "held", -9)), [1]),
        (((1, mine, "planned", -3), (2, mine, "held", -2)), []),
        ((), []),
    ):
        assert agenda.next_meeting(meetings(*rows), TODAY)["session_id"].to_list() == numbers


def prepared(*people: tuple[str, int, int, dt.date | None]) -> pl.DataFrame:
    names = ("name", "topic_count", "answer_count", "next_on")
    rows = [dict.fromkeys(frames.PREPARED) | dict(zip(names, person, strict=True)) for person in people]
    return pl.DataFrame(rows, schema=frames.PREPARED)


def test_who_has_prepared_is_said_and_listed_by_name() -> None:
    soon, later = TODAY + dt.timedelta(days=1), TODAY + dt.timedelta(days=9)
    found = prepared(("Ann", 0, 0, later), ("Bo", 2, 1, None), ("Cy", 0, 0, soon))
    assert said(agenda.who_sentence(found)) == "1 of 3 reps have prepared since their last one-on-one"
    rows = agenda.who_rows(found, TODAY)
    assert rows["name"].to_list() == ["Ann", "Bo", "Cy"]
    assert [said(each) for each in rows["next"]] == ["29 Nov 2026 (in 9 days)", "not planned", "21 Nov 2026 (tomorrow)"]
    assert [said(each) if each else each for each in rows["brought"]] == [None, "2 topics, 1 answer", None]


def test_nobody_and_everybody_are_said_as_such() -> None:
    assert "Nobody has prepared" in agenda.who_sentence(prepared(("Ann", 0, 0, None)))
    assert "Everybody has prepared" in agenda.who_sentence(prepared(("Ann", 0, 1, None), ("Bo", 1, 0, None)))
    assert agenda.who_sentence(prepared()) == "You coach nobody today"
