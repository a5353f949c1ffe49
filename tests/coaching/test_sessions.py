"""What a session has to hold before it is written down, from the form or from a file."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coaching import frames, sessions
from coaching.sessions import CommitmentDraft, SessionDraft

NOW = dt.datetime(2026, 11, 20, 9, 0, tzinfo=dt.UTC)
TODAY = NOW.date()
AN_HOUR_AGO = NOW - dt.timedelta(hours=1)


def held(**more: Any) -> SessionDraft:
    return SessionDraft(**{"rep_id": 1, "coach_id": 2, "status": "held", "held_at": AN_HOUR_AGO, **more})


def problems(draft: SessionDraft) -> str:
    return " ".join(draft.problems(NOW, TODAY))


def test_a_session_with_who_and_when_is_enough() -> None:
    assert problems(held()) == ""
    assert problems(SessionDraft(1, 2, status="planned", planned_on=TODAY)) == ""
    assert problems(SessionDraft(1, 2, status="missed", missed_by="coach", planned_on=TODAY)) == ""
    assert problems(SessionDraft(1, 2, status="excused", planned_on=TODAY + dt.timedelta(days=3))) == ""


@pytest.mark.parametrize(
    ("draft", "says"),
    [
        (held(status="perhaps"), "not a status"),
        (held(kind="chat"), "not a kind"),
        (held(held_at=None), "Say when the session was held"),
        (held(held_at=NOW + dt.timedelta(hours=1)), "lies in the past"),
        (held(held_at=dt.datetime(2026, 11, 20, 8, 0)), "needs a time zone"),
        (held(held_at=dt.datetime(1026, 11, 20, tzinfo=dt.UTC)), "Correct the year"),
        (SessionDraft(1, 2, status="planned"), "for which day"),
        (SessionDraft(1, 2, status="planned", planned_on=dt.date(2926, 1, 1)), "Correct the year"),
        (SessionDraft(1, 2, status="planned", planned_on=TODAY, held_at=AN_HOUR_AGO), "Only a held session"),
        (SessionDraft(1, 2, status="missed", planned_on=TODAY), "who missed"),
        (SessionDraft(1, 2, status="missed", planned_on=TODAY, missed_by="weather"), "Use rep or coach"),
        (SessionDraft(1, 2, status="missed", planned_on=dt.date(2026, 11, 21), missed_by="rep"), "missed it yet"),
        (held(missed_by="rep"), "Only a missed session"),
        (held(coach_id=1), "Nobody coaches themselves"),
        (held(minutes=0), "from 1 to 600"),
        (held(minutes=601), "from 1 to 600"),
        (held(minutes=True), "from 1 to 600"),
        (held(questions=-1), "from 0"),
        (held(instructions=2.5), "whole number"),
        (held(method="magic"), "not a method"),
        (held(trigger="fear"), "not a trigger"),
        (SessionDraft(1, 2, status="planned", planned_on=TODAY, trigger="praise"), "Leave it out until then"),
        (held(kind="peer", trigger="praise"), "not to those with a colleague"),
        (held(visibility="public"), "shared or private"),
        (held(note="x" * 5_001), "Shorten it to 5,000"),
        (held(topics=("x" * 301,)), "Put the details into the note"),
        (held(participant_ids=(3,)), "Choose the kind group"),
        (held(kind="group", participant_ids=(1,)), "Name only the others"),
        (held(commitments=(CommitmentDraft("boss", "Call"),)), "by the rep or by the coach"),
        (held(commitments=(CommitmentDraft("rep", " \x00 "),)), "no words"),
        (held(commitments=(CommitmentDraft("rep", "Call", dt.date(2026, 1, 1)),)), "Choose a later day"),
        (
            SessionDraft(1, 2, status="planned", planned_on=TODAY, commitments=(CommitmentDraft("rep", "Call"),)),
            "Leave them out until then",
        ),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence_that_mends_it(draft: SessionDraft, says: str) -> None:
    assert says in problems(draft)
    assert all(problem.endswith(".") for problem in draft.problems(NOW, TODAY))


def test_a_note_of_exactly_five_thousand_and_a_length_of_exactly_ten_hours_are_fine() -> None:
    assert problems(held(note="x" * 5_000, minutes=600)) == ""


def test_a_provoking_challenge_can_be_recorded_and_is_never_suggested() -> None:
    assert problems(held(trigger="challenge_negative")) == ""
    assert "challenge_negative" not in sessions.SUGGESTED_TRIGGERS
    assert len(sessions.SUGGESTED_TRIGGERS) == len(sessions.TRIGGERS) - 1


def test_the_fourth_topic_brings_a_hint_and_no_refusal() -> None:
    three, four = held(topics=("a", "b", "c")), held(topics=("a", "b", "c", "d"))
    assert three.hints() == []
    assert four.hints() == ["More than three topics: pick what matters most."]
    assert problems(four) == ""


def test_words_are_tidied_and_empty_ones_go() -> None:
    tidy = held(note="  a\x00b\r\nc ", topics=(" x ", "", "x", "y\nz"), tone=" ", angle="\x07").tidy()
    assert (tidy.note, tidy.topics, tidy.tone, tidy.angle) == ("ab\nc", ("x", "y z"), None, None)


def test_the_day_is_the_companys() -> None:
    late = held(held_at=dt.datetime(2026, 11, 19, 23, 30, tzinfo=dt.UTC))
    assert late.held_on("UTC") == dt.date(2026, 11, 19)
    assert late.held_on("Europe/Berlin") == dt.date(2026, 11, 20)


@given(
    st.builds(
        SessionDraft,
        rep_id=st.integers(1, 3),
        coach_id=st.none() | st.integers(1, 3),
        kind=st.sampled_from([*sessions.KINDS, "?"]),
        planned_on=st.none() | st.dates(),
        held_at=st.none() | st.datetimes(timezones=st.just(dt.UTC)),
        status=st.sampled_from([*sessions.STATUSES, "?"]),
        missed_by=st.sampled_from([None, "rep", "coach", "?"]),
        minutes=st.none() | st.integers(),
        topics=st.lists(st.text(max_size=20), max_size=5).map(tuple),
        trigger=st.sampled_from([None, *sessions.TRIGGERS, "?"]),
        note=st.none() | st.text(max_size=50),
        participant_ids=st.lists(st.integers(1, 5), max_size=3).map(tuple),
    )
)
def test_any_draft_is_judged_without_a_fault_and_alike_after_tidying(draft: SessionDraft) -> None:
    found = draft.problems(NOW, TODAY)
    assert draft.tidy().tidy() == draft.tidy()
    if not found:
        assert not draft.tidy().problems(NOW, TODAY)
        assert (draft.status == "missed") == (draft.missed_by is not None)
        assert (draft.status == "held") == (draft.held_at is not None)
        assert draft.held_at is None or draft.held_at <= NOW + dt.timedelta(minutes=5)


# ---- In words --------------------------------------------------------------------------------------------------


def planned(*days: dt.date) -> pl.DataFrame:
    rows = [{"planned_on": day, "status": "planned"} for day in days]
    return pl.DataFrame(rows, schema=frames.SESSION_RECORDS)


def test_planned_sessions_are_counted_apart_from_those_that_wait() -> None:
    yesterday, tomorrow = TODAY - dt.timedelta(days=1), TODAY + dt.timedelta(days=1)
    assert sessions.planned_sentence(planned(), TODAY) == "No session is planned."
    assert "1\u00a0session is planned" in sessions.planned_sentence(planned(TODAY), TODAY)
    both = sessions.planned_sentence(planned(yesterday, tomorrow, tomorrow), TODAY)
    assert both == "2\u00a0sessions are planned; 1\u00a0session waits to be written up."
    assert "no session was held yet; none is planned" in sessions.rhythm_sentence(planned(), TODAY).lower()


def promises(*rows: tuple[bool, dt.date | None, dt.date | None]) -> pl.DataFrame:
    listed = [{"is_mine": mine, "due_on": due, "done_on": done} for mine, due, done in rows]
    return pl.DataFrame(listed, schema=frames.COMMITMENTS)


def test_open_promises_name_ones_own_and_the_late_ones() -> None:
    late, later = TODAY - dt.timedelta(days=1), TODAY + dt.timedelta(days=1)
    assert "Nothing has been promised" in sessions.promises_sentence(promises(), TODAY)
    assert "kept" in sessions.promises_sentence(promises((True, late, late)), TODAY).lower()
    said = sessions.promises_sentence(promises((True, late, None), (False, later, None), (False, None, None)), TODAY)
    assert said == "3\u00a0promises open, 1 of them yours; 1 past the day they were due."


def test_a_promise_says_when_it_is_due_or_was_kept() -> None:
    day = dt.date(2026, 11, 23)
    assert sessions.due_words(day, None, TODAY) == "due in 3\u00a0days, 23\u00a0Nov\u00a02026"
    assert sessions.due_words(day, day, TODAY) == "kept 23\u00a0Nov\u00a02026"
    assert sessions.due_words(day, None, dt.date(2026, 12, 1)).startswith("was due")
    assert sessions.due_words(None, None, TODAY) == "no day agreed"
