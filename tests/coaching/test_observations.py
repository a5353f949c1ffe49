"""What an observation has to hold: each rule with a case that keeps it and one that breaks it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coaching import library
from coaching.observation_words import call_words, count_sentence, gap_sentence, saved_sentence
from coaching.observations import Card, CardItem, ObservationDraft, Rating, ScoreDraft, clean

NOW = dt.datetime(2026, 11, 20, 9, 0, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)
ITEMS = (
    CardItem(1, "discovery", "Finding out what matters", 1, 5, ((1, "Asks from a list"), (4, "The customer counts"))),
    CardItem(2, "objections", "Meeting objections", 0, 3),
)
CARD = Card("selling", 7, "Selling conversation", "rep", ITEMS)
GOOD = ObservationDraft(
    person_id=1,
    observer_id=2,
    observed_at=NOW - 60 * MINUTE,
    channel="phone",
    live_mode="listen",
    scores=(ScoreDraft("discovery", 4, "Waited for the figure"),),
)


def problems(card: Card | None = CARD, joined_on: dt.date | None = None, **changes: Any) -> str:
    return " ".join(replace(GOOD, **changes).problems(card, NOW, joined_on=joined_on, time_zone="Europe/Berlin"))


def test_a_plain_observation_has_no_problems() -> None:
    assert problems() == ""
    assert problems(joined_on=dt.date(2026, 11, 20)) == ""


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"scores": ()}, "at least one skill"),
        ({"scores": (ScoreDraft("discovery", 6),)}, "from 1 to 5"),
        ({"scores": (ScoreDraft("discovery", 0),)}, "from 1 to 5"),
        ({"scores": (ScoreDraft("objections", 4),)}, "from 0 to 3"),
        ({"scores": (ScoreDraft("discovery", True),)}, "whole number"),
        ({"scores": (ScoreDraft("juggling", 3),)}, "not a skill on the scorecard"),
        ({"scores": (ScoreDraft("discovery", 3), ScoreDraft("discovery", 4))}, "scored twice"),
        ({"scores": (ScoreDraft("discovery", 3, "x" * 2_001),)}, "Shorten"),
        ({"went_well": "x" * 2_001}, "Shorten"),
        ({"one_thing": "x" * 2_001}, "Shorten"),
        ({"observed_at": NOW + 6 * MINUTE}, "in the future"),
        ({"observed_at": NOW.replace(tzinfo=None)}, "needs a time zone"),
        ({"time_zone": "Mars/Olympus"}, "not a time zone"),
        ({"channel": "pigeon"}, "not a channel"),
        ({"channel": "field"}, "need a live call"),
        ({"channel": None}, "need a live call"),
        ({"live_mode": "shout"}, "not a live mode"),
        ({"visibility": "everybody"}, "shared or private"),
        ({"kind": "gossip"}, "not a kind"),
        ({"kind": "self"}, "one's own"),
        ({"observer_id": 1}, "one's own"),
        ({"kind": "coach_the_coach"}, "scorecard for reps"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(changes: dict[str, Any], said: str) -> None:
    assert said in problems(**changes)


@pytest.mark.parametrize(
    "changes",
    [
        {"observed_at": NOW + 5 * MINUTE},
        {"scores": (ScoreDraft("discovery", 5, "x" * 2_000), ScoreDraft("objections", 0))},
        {"channel": "field", "live_mode": "none"},
        {"channel": None, "live_mode": None},
        {"channel": "video", "live_mode": "barge"},
        {"kind": "self", "observer_id": 1},
        {"observer_id": None},
        {"time_zone": "Asia/Kolkata", "visibility": "private"},
    ],
)
def test_what_is_at_the_edge_is_still_right(changes: dict[str, Any]) -> None:
    assert problems(**changes) == ""


def test_an_unknown_scorecard_and_a_day_before_the_first_are_refused() -> None:
    assert "no scorecard 'selling'" in problems(card=None)
    assert "first day in the company, 21" in problems(joined_on=dt.date(2026, 11, 21)).replace("\u00a0", " ")
    # Late in the evening in UTC is the next day in Berlin, which is the day that counts.
    late = dt.datetime(2026, 11, 18, 23, 30, tzinfo=dt.UTC)
    assert problems(observed_at=late, joined_on=dt.date(2026, 11, 19)) == ""


def test_coaches_are_scored_on_their_own_card() -> None:
    coaching = replace(CARD, kind="coach")
    assert problems(card=coaching, kind="coach_the_coach") == ""
    assert "scorecard for coaches" in problems(card=coaching)


@given(st.text())
def test_cleaned_words_hold_nothing_that_a_database_refuses(text: str) -> None:
    kept = clean(text)
    assert "\x00" not in kept
    kept.encode()
    assert clean(kept) == kept


def test_a_rating_changes_the_view_and_not_the_call() -> None:
    rated = GOOD.rated(Rating((ScoreDraft("objections", 2),), "a", "b", "private"))
    assert (rated.scores[0].skill, rated.went_well, rated.one_thing, rated.visibility) == (
        "objections",
        "a",
        "b",
        "private",
    )
    assert (rated.observed_at, rated.channel, rated.person_id) == (GOOD.observed_at, GOOD.channel, GOOD.person_id)


# ---- Sentences -------------------------------------------------------------------------------------------------


CALL = {
    "observed_at": dt.datetime(2026, 11, 19, 14, 30, tzinfo=dt.UTC),
    "time_zone": None,
    "channel": "phone",
    "live_mode": "listen",
    "deal_name": "Harbour cranes",
    "account_name": "Quay Ltd",
}


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def test_a_call_is_told_by_when_how_and_about_whom() -> None:
    assert plain(call_words(CALL, "UTC")) == "19 Nov 2026, 14:30 · phone, listened in · Harbour cranes (Quay Ltd)"
    there = CALL | {"time_zone": "America/New_York", "channel": None, "deal_name": None}
    assert plain(call_words(there, "UTC")) == "19 Nov 2026, 09:30 (America/New York) · Quay Ltd"


def pairs(*gaps: int) -> pl.DataFrame:
    rows = [{"skill_name": f"Skill {number}", "gap": gap} for number, gap in enumerate(gaps)]
    return pl.DataFrame(rows, schema={"skill_name": pl.String, "gap": pl.Int64})


def test_a_gap_is_told_by_its_widest_skill_and_never_as_somebodys_fault() -> None:
    assert plain(gap_sentence(pairs(0, 0))) == "Both views give the same level on all 2 skills."
    assert "on “Skill 1” the own view is 2 levels lower" in plain(gap_sentence(pairs(1, -2, 0)))
    assert "agree on 1 of 3 skills" in plain(gap_sentence(pairs(1, -2, 0)))
    assert "nothing to compare" in gap_sentence(pairs())


def test_what_saving_changed_names_who_reads_it_and_when() -> None:
    view = {
        "person_name": "Ravi Nair",
        "kind": "coach",
        "visibility": "shared",
        "released_at": None,
        "recorded_at": NOW,
    }
    waiting = plain(saved_sentence(view, 2, "UTC", NOW.date()))
    assert "2 skills scored for Ravi Nair" in waiting
    assert "at the latest on 27 Nov 2026 (in 7 days)" in waiting
    assert "can read it now" in saved_sentence(view | {"released_at": NOW}, 1, "UTC", NOW.date())
    private = saved_sentence(view | {"released_at": NOW, "visibility": "private"}, 1, "UTC", NOW.date())
    assert "yours alone" in private
    assert "can read it" not in private


def test_conversations_are_counted_once_however_many_saw_them() -> None:
    rows = [("coach", 1, 1), ("self", 2, 1), ("second_rater", 3, 1), ("coach", 4, 4), ("self", 5, 5)]
    views = pl.DataFrame(rows, schema=["kind", "observation_id", "root_id"], orient="row")
    assert plain(count_sentence(views, "May")) == "2 conversations observed in May, 1 of them with an own view"
    assert count_sentence(views.clear(), "May") == ""


# ---- The library -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moments", "changes", "said"),
    [
        ([(4, 5, "Waited")], {}, ""),
        ([(3, 5, "Waited"), (5, 5, None)], {}, "two highest levels"),
        ([(2, 3, "Waited")], {}, ""),
        ([(4, 5, "Waited")], {"visibility": "private"}, "private"),
        ([(4, 5, "Waited")], {"is_released": False}, "not seen it yet"),
        ([(4, 5, "Waited")], {"is_about_a_rep": False}, "between the two of you"),
    ],
)
def test_only_strong_moments_with_words_that_both_read_are_offered(
    moments: list[tuple[int, int, str | None]], changes: dict[str, Any], said: str
) -> None:
    asked: dict[str, Any] = {"visibility": "shared", "is_released": True, "is_about_a_rep": True, **changes}
    found = " ".join(library.problems_of_offer(moments, **asked))
    assert (found == "") if not said else (said in found)


def test_a_search_finds_every_word_in_any_text_and_takes_nothing_for_a_pattern() -> None:
    rows = pl.DataFrame(
        {"skill": ["a", "b"], "evidence": ["Waited for the figure", "Named the (next) step"], "level": [4, 5]}
    )
    assert library.found(rows, "WAITED figure")["skill"].to_list() == ["a"]
    assert library.found(rows, "(next)")["skill"].to_list() == ["b"]
    assert library.found(rows, "waited step").is_empty()
    assert library.found(rows, ".*").is_empty()
    assert library.found(rows, "", "b")["skill"].to_list() == ["b"]
    assert library.found(rows.clear(), "waited").is_empty()
