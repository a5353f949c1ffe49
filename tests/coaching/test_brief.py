"""What a brief says and in which order: changes of deals, three topics at most, praise, and papers that obey nobody."""

from __future__ import annotations

import datetime as dt
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coaching import brief as briefs
from coaching import frames, lessons, motivation, my_coaching, numbers
from coaching.brief import CHANGES, Brief, Fact, Material, Reader, Section, Since, Site
from coaching.brief.assembly import BROUGHT_ROOM, MOST_PRAISED
from coaching.brief.documents import escaped
from coaching.brief.topics import LONG_AGO_DAYS
from coaching.diagnosis import Diagnosis
from coaching.diagnosis.result import person_source
from coaching.objectives import Assessment

TODAY = dt.date(2026, 11, 20)
DAY = dt.timedelta(days=1)
SINCE = TODAY - 14 * DAY
NOW = dt.datetime(2026, 11, 20, 9, 0, tzinfo=dt.UTC)
MAYA, RAVI, DANA = 5, 14, 3
CARD = {"person_id": RAVI, "name": "Ravi Nair", "role": "rep", "team_name": "East", "manager_name": "Maya Lindgren"}
BEFORE = {"deal_id": pl.Int64, "expected_close_on": pl.Date}
AFTER = {**frames.OPEN_DEALS, "since_on": pl.Date, "until_on": pl.Date, "status": pl.String}


def rows(schema: Any, *given_rows: dict[str, Any]) -> pl.DataFrame:
    """A frame with these columns; what a row does not say is null."""
    return pl.DataFrame([{name: row.get(name) for name in schema} for row in given_rows], schema=schema)


def material(viewer_id: int = MAYA, **more: Any) -> Material:
    reader = Reader(viewer_id, RAVI, "Ravi Nair", TODAY, "USD", 2)
    return Material(reader, {**CARD, "started_on": None}, Since(SINCE, 1, "since then"), **more)


def promise(number: int, side: str = "coach", **more: Any) -> dict[str, Any]:
    by, to = (MAYA, RAVI) if side == "coach" else (RAVI, MAYA)
    names = {MAYA: "Maya Lindgren", RAVI: "Ravi Nair"}
    said = {"commitment_id": number, "by_id": by, "by_name": names[by], "to_id": to, "to_name": names[to]}
    return {**said, "side": side, "promise": f"Promise {number}", "made_on": SINCE, **more}


def topic(number: int, body: str, by: int = RAVI) -> dict[str, Any]:
    who = {RAVI: "Ravi Nair", MAYA: "Maya Lindgren"}[by]
    return {"item_id": number, "rep_id": RAVI, "kind": "topic", "body": body, "added_by": by, "added_by_name": who}


def goal(number: int, verdict: str = "too_early", **more: Any) -> tuple[dict[str, Any], Assessment]:
    row = dict.fromkeys(frames.OBJECTIVES)
    row |= {"objective_id": number, "metric_key": "won_count", "target_value": 5.0, "target_kind": "absolute"}
    row |= {"status": "accepted", "due_on": TODAY + 90 * DAY, "rep_id": RAVI, **more}
    empty = frames.empty(frames.METRIC_SERIES)
    found = Assessment(verdict, "", 3.0, TODAY - DAY, 3.0, 5.0, 0.5, None, None, None, empty, "")
    return row, found


def to_look_at(*kinds: str) -> pl.DataFrame:
    return rows(
        briefs.REVIEWED,
        *(
            {"deal_id": 10 + n, "name": f"Deal {n}", "kind": kind, "reason": "Was to close 5 days ago", "amount": 100}
            for n, kind in enumerate(kinds)
        ),
    )


def diagnosed(**more: Any) -> Diagnosis:
    about: dict[str, Any] = {"focus": "cycle", "focus_kind": "lever", "focus_label": "time to close"}
    about |= {"source_ids": ("deal:1",), "sentence": "Strong in discovery. Most to gain: time to close"}
    return Diagnosis(RAVI, TODAY, (), (), **about | more)


# ---- What became of deals ----------------------------------------------------------------------------------------

FEW_DAYS = st.integers(-30, 30).map(lambda days: TODAY + days * DAY)
MAYBE_DAY = st.one_of(st.none(), FEW_DAYS)


@st.composite
def two_days(draw: st.DrawFn) -> dict[str, Any]:
    """What two exports say of up to eight deals; nothing is assumed about what a CRM writes into them."""
    before, after = [], []
    for number in range(draw(st.integers(0, 8))):
        if draw(st.booleans()):
            before.append({"deal_id": number, "expected_close_on": draw(MAYBE_DAY)})
        status = draw(st.sampled_from(["open", "won", "lost"]))
        row = {"deal_id": number, "status": status, "since_on": draw(FEW_DAYS), "expected_close_on": draw(MAYBE_DAY)}
        row["until_on"] = None if status == "open" else draw(FEW_DAYS)
        row["amount"] = draw(st.one_of(st.none(), st.integers(-100, 100)))
        after.append(row)
    ids = st.sets(st.integers(0, 8))
    return {
        "before": rows(BEFORE, *before),
        "after": rows(AFTER, *after),
        "known_before": draw(ids),
        "stalled_before": draw(ids),
        "stalled_after": draw(ids),
    }


@given(two_days())
def test_a_deal_stands_in_exactly_one_group_or_in_none(told: dict[str, Any]) -> None:
    before, after = told.pop("before"), told.pop("after")
    found = briefs.deal_changes(before, after, since=SINCE, as_of=TODAY, **told)
    assert found["deal_id"].is_unique().all()
    assert set(found["change"]) <= set(CHANGES)
    assert set(found["deal_id"]) <= set(after["deal_id"])
    state = {row["deal_id"]: row for row in after.iter_rows(named=True)}
    for row in found.iter_rows(named=True):
        now = state[row["deal_id"]]
        is_open = now["until_on"] is None or now["until_on"] > TODAY
        assert (row["change"] in {"won", "lost"}) is not is_open
        if not is_open:
            assert row["change"] == now["status"]
        if row["change"] == "slipped":
            assert now["expected_close_on"] < TODAY
        if row["change"] == "new":
            assert now["since_on"] > SINCE or row["deal_id"] not in told["known_before"]
    # Whatever is open and was not known last time is told.
    fresh = {n for n, now in state.items() if now["until_on"] is None and n not in told["known_before"]}
    assert fresh <= set(found["deal_id"])


@given(two_days())
def test_the_same_exports_in_another_order_tell_the_same_in_the_same_order(told: dict[str, Any]) -> None:
    before, after = told.pop("before"), told.pop("after")
    found = briefs.deal_changes(before, after, since=SINCE, as_of=TODAY, **told)
    turned = briefs.deal_changes(before.reverse(), after.reverse(), since=SINCE, as_of=TODAY, **told)
    assert found.equals(turned)


@pytest.mark.parametrize(
    ("was", "now", "change"),
    [
        # Known on the earlier day as (expected close), now as (status, opened, expected, closed).
        ((20,), ("won", -60, 20, -1), "won"),
        ((20,), ("won", -60, 20, -20), "won"),
        (None, ("won", -60, 20, -20), None),
        (None, ("won", -60, 20, -14), None),
        (None, ("won", -3, 20, -1), "won"),
        ((20,), ("lost", -60, 20, 0), "lost"),
        ((-5,), ("open", -60, -5, None), "slipped"),
        ((-1,), ("open", -60, -1, None), "slipped"),
        ((0,), ("open", -60, 0, None), None),
        ((-20,), ("open", -60, -20, None), None),
        ((-20,), ("open", -60, 5, None), "pushed"),
        ((5,), ("open", -60, 6, None), "pushed"),
        ((5,), ("open", -60, 4, None), None),
        ((-20,), ("open", -60, -3, None), "slipped"),
        (None, ("open", -3, 30, None), "new"),
        (None, ("open", -14, 30, None), "new"),
        (None, ("open", -60, 30, None), "new"),
        (None, ("open", -3, -1, None), "slipped"),
        ((None,), ("open", -60, 30, None), None),
    ],
)
def test_what_became_of_one_deal(was: tuple[int | None] | None, now: tuple[Any, ...], change: str | None) -> None:
    status, opened, expected, closed = now

    def at(days: int | None) -> dt.date | None:
        return None if days is None else TODAY + days * DAY

    before = rows(BEFORE, *([] if was is None else [{"deal_id": 1, "expected_close_on": at(was[0])}]))
    row = {"deal_id": 1, "status": status, "since_on": at(opened), "expected_close_on": at(expected)}
    after = rows(AFTER, {**row, "until_on": at(closed)})
    known = before["deal_id"].to_list()
    found = briefs.deal_changes(
        before, after, since=SINCE, as_of=TODAY, known_before=known, stalled_before=(), stalled_after=()
    )
    assert found["change"].to_list() == ([change] if change else [])


def test_a_deal_became_stalled_only_if_it_was_open_and_moving_on_the_earlier_day() -> None:
    before = rows(BEFORE, {"deal_id": 1}, {"deal_id": 2})
    after = rows(AFTER, *({"deal_id": n, "status": "open", "since_on": TODAY - 60 * DAY} for n in (1, 2, 3)))
    # The third was known then, but somebody else's.
    known = [1, 2, 3]
    found = briefs.deal_changes(
        before, after, since=SINCE, as_of=TODAY, known_before=known, stalled_before=[2], stalled_after=[1, 2, 3]
    )
    assert found.select("deal_id", "change").rows() == [(1, "stalled")]


def test_more_than_three_deals_are_counted_and_every_one_of_them_is_named_as_a_source() -> None:
    changes = rows(
        briefs.DEAL_CHANGES,
        *({"deal_id": n, "change": "won", "name": f"Deal {n}", "amount": 100_000} for n in range(1, 16)),
    )
    [fact] = briefs.brief(material(changes=changes)).section("since_last_time").facts
    assert fact.text.replace("\u00a0", " ") == ("15 deals, $15 k: Deal 1 ($1.0 k), Deal 2 ($1.0 k) and 13 more")
    assert fact.source_ids == tuple(f"deal:{n}" for n in range(1, 16))


# ---- Since when --------------------------------------------------------------------------------------------------


def session(number: int, days_ago: int, **more: Any) -> dict[str, Any]:
    held = {"session_id": number, "rep_id": RAVI, "coach_id": MAYA, "coach_name": "Maya Lindgren", "status": "held"}
    held |= {"kind": "own_manager", "held_on": TODAY - days_ago * DAY, "is_mine": True}
    return {**held, **more}


def test_last_time_is_the_last_one_on_one_with_the_own_manager() -> None:
    held = rows(
        frames.SESSION_RECORDS,
        session(1, 20),
        session(2, 9),
        session(3, 2, kind="other_coach", coach_name="Dana Whitfield", is_mine=False),
        session(4, 1, kind="group"),
        session(5, 1, status="missed"),
    )
    found = briefs.since_of(held, RAVI, TODAY, is_own=False)
    assert (found.on, found.session_id) == (TODAY - 9 * DAY, 2)
    assert found.words.startswith("since your one-on-one of")
    assert "Dana" in briefs.since_of(held.filter(pl.col("session_id") == 3), RAVI, TODAY, is_own=False).words


def test_without_a_one_on_one_the_last_14_days_are_told_and_it_says_so() -> None:
    found = briefs.since_of(frames.empty(frames.SESSION_RECORDS), RAVI, TODAY, is_own=False)
    assert (found.on, found.session_id) == (TODAY - 14 * DAY, None)
    assert found.words == "in the last 14 days; no one-on-one is written down yet"


# ---- Topics ------------------------------------------------------------------------------------------------------

EVERYTHING: dict[str, Any] = {
    "commitments": rows(
        frames.COMMITMENTS,
        promise(1, due_on=TODAY - 3 * DAY),
        promise(2, "rep", due_on=TODAY - 2 * DAY),
        promise(3, due_on=TODAY),
        promise(4, "rep", due_on=TODAY - (LONG_AGO_DAYS + 1) * DAY),
    ),
    "agenda": rows(frames.AGENDA, topic(7, "Mine", MAYA), topic(8, "The territory")),
    "goals": (goal(1, "off_path"), goal(2, status="countered"), goal(3, due_on=TODAY + 14 * DAY)),
    "diagnosis": diagnosed(),
    "to_look_at": to_look_at("slipped"),
    "actions": ({"action_id": 4, "action": "Practise", "due_on": TODAY - DAY, "done_on": None},),
}
IN_ORDER = ["commitment:1", "agenda_item:8", "objective:2", "objective:1", "objective:3", "agenda_item:7", "deal:1"]
IN_ORDER += ["commitment:2", "deal:10", "plan_action:4"]


def first_sources(found: Brief) -> list[str]:
    return [fact.source_ids[0] for fact in found.section("topics").facts]


def actions(*given_rows: dict[str, Any]) -> tuple[dict[str, Any], ...]:
    empty = dict.fromkeys(frames.PLAN_ACTIONS)
    return tuple({**empty, "held_count": 0, **row} for row in given_rows)


def complete(**more: Any) -> dict[str, Any]:
    told = {**EVERYTHING, **more}
    return {**told, "actions": actions(*told["actions"])}


def test_topics_stand_in_the_order_that_is_written_beside_them() -> None:
    """Taking the first away brings the next one up, until nothing is left."""
    left = complete()
    seen: list[str] = []
    for _ in range(len(IN_ORDER)):
        found = briefs.brief(material(**left))
        topics = first_sources(found)
        assert len(topics) <= 3
        assert topics == IN_ORDER[len(seen) : len(seen) + 3]
        seen.append(topics[0])
        left = without(left, topics[0])
    assert seen == IN_ORDER
    assert first_sources(briefs.brief(material(**left))) == []


def without(told: dict[str, Any], source: str) -> dict[str, Any]:
    table, _, number = source.partition(":")
    match table, int(number):
        case "commitment", key:
            return {**told, "commitments": told["commitments"].filter(pl.col("commitment_id") != key)}
        case "agenda_item", key:
            return {**told, "agenda": told["agenda"].filter(pl.col("item_id") != key)}
        case "objective", key:
            return {**told, "goals": tuple(pair for pair in told["goals"] if pair[0]["objective_id"] != key)}
        case "deal", 1:
            return {**told, "diagnosis": None}
        case "deal", _:
            return {**told, "to_look_at": to_look_at()}
        case _:
            return {**told, "actions": ()}


def test_a_promise_due_today_is_not_overdue_and_one_left_long_ago_is_counted_not_talked_about() -> None:
    commitments = EVERYTHING["commitments"]
    edge = rows(frames.COMMITMENTS, promise(9, due_on=TODAY - LONG_AGO_DAYS * DAY))
    assert first_sources(briefs.brief(material(commitments=commitments.filter(pl.col("commitment_id") > 2)))) == []
    assert first_sources(briefs.brief(material(commitments=edge))) == ["commitment:9"]
    said = briefs.brief(material(commitments=commitments)).section("promises").facts
    assert said[-1].text.replace("\u00a0", " ") == "1 open promise of Ravi due more than 60 days ago: keep or let go"


def test_a_coachs_own_promise_does_not_grow_old_by_waiting() -> None:
    old = rows(frames.COMMITMENTS, promise(11, due_on=TODAY - 400 * DAY))
    found = briefs.brief(material(commitments=old))
    assert first_sources(found) == ["commitment:11"]
    assert [fact.source_ids for fact in found.section("promises").facts] == [("commitment:11",)]


def test_the_session_takes_over_words_that_read_the_same_for_both_sides() -> None:
    maya, ravi = (briefs.brief(material(who, **complete())) for who in (MAYA, RAVI))
    assert maya.section("topics").facts[0].text == "Your promise: “Promise 1”"
    assert ravi.section("topics").facts[0].text == "Maya’s promise: “Promise 1”"
    assert maya.carried.topics == ravi.carried.topics
    assert maya.carried.topics[0] == ("Maya’s promise: “Promise 1”", ())
    assert maya.carried.topics[1] == ("The territory", (8,))


# ---- What the rep brings ----------------------------------------------------------------------------------------


def meeting(number: int, days: int, **more: Any) -> dict[str, Any]:
    ahead = {"session_id": number, "rep_id": RAVI, "kind": "own_manager", "status": "planned", "is_mine": True}
    return {**ahead, "planned_on": TODAY + days * DAY, **more}


def on_list(number: int, words: str, by: int = RAVI) -> dict[str, Any]:
    return {"session_id": number, "position": 1, "topic": words, "added_by": by, "added_by_name": "Ravi Nair"}


def test_a_topic_on_the_list_of_the_planned_session_is_brought_in_the_head_and_in_the_section() -> None:
    told: dict[str, Any] = {
        "sessions": rows(frames.SESSION_RECORDS, meeting(7, 3)),
        "session_topics": rows(
            frames.SESSION_TOPICS, on_list(7, "Pipeline for next quarter"), on_list(7, "Hers", MAYA)
        ),
    }
    found = briefs.brief(material(**told))
    assert plain(found.preparation) == "Ravi has prepared: 1 topic."
    brought = [(fact.label, fact.text) for fact in found.section("preparation").facts]
    assert brought == [("Topic", "Pipeline for next quarter"), ("Topic, from you", "Hers")]
    assert {fact.source_ids for fact in found.section("preparation").facts} == {("session:7",)}
    own = briefs.brief(material(RAVI, **told))
    assert plain(own.preparation) == "You have prepared: 1 topic."


def test_what_was_left_over_from_last_time_is_not_called_nothing() -> None:
    left = {**topic(1, "Old one"), "added_at": NOW - 20 * DAY}
    told: dict[str, Any] = {"agenda": rows(frames.AGENDA, left)}
    held = rows(frames.SESSION_RECORDS, {**session(1, 3), "held_at": NOW - 3 * DAY})
    assert briefs.brief(material(**told, sessions=held)).preparation == (
        "Ravi has added nothing since the last one-on-one."
    )


ASKED = "In which conversation of this week could you try something new in the opening?"
ANSWER = "In the call on Thursday with the plant manager, who asked for it himself"


def answer(**more: Any) -> dict[str, Any]:
    return {**topic(3, ANSWER), "kind": "answer", "question": ASKED, "question_key": "skill_gap.try", **more}


def test_topics_and_answers_stand_whole_and_an_answer_apart_from_its_question() -> None:
    long = ("A topic of a hundred characters " * 4)[:100].strip()
    found = briefs.brief(material(agenda=rows(frames.AGENDA, topic(1, long), answer())))
    assert [fact.text for fact in found.section("preparation").facts] == [long, f"“{ASKED}” – {ANSWER}"]
    longer = ("A topic of two hundred characters " * 8)[:199].strip()
    found = briefs.brief(material(agenda=rows(frames.AGENDA, topic(1, longer))))
    assert [found.section(key).facts[0].text for key in ("topics", "preparation")] == [longer, longer]


def test_more_than_fits_is_cut_evenly_and_what_is_short_stays_whole() -> None:
    body = "Everything that was said about the price " * 40
    items = rows(frames.AGENDA, topic(1, "Short"), topic(2, body[:199]), answer(body=body))
    texts = [fact.text for fact in briefs.brief(material(agenda=items)).section("preparation").facts]
    assert texts[0] == "Short"
    assert sum(map(len, texts)) <= BROUGHT_ROOM
    assert texts[2].startswith(f"“{ASKED}” – Everything")


def gap(number: int, question: str, **more: Any) -> dict[str, Any]:
    return {"gap_id": number, "question": question, "noted_at": NOW - 20 * DAY, **more}


def test_open_questions_name_their_deal_and_how_it_ended_and_are_said_once() -> None:
    same = "How does the buying process change?"
    gaps = rows(
        lessons.GAPS,
        gap(6, same, deal_id=1, deal_name="Harbour"),
        gap(7, same, deal_id=2, deal_name="Quarry"),
        gap(8, "What does this customer fear?", deal_id=3, deal_name="Dock"),
        gap(9, "What does this customer fear?", deal_id=3, deal_name="Dock"),
    )
    found = briefs.brief(material(gaps=gaps, gone={3: ("lost", TODAY - 4 * DAY)}))
    [fact] = found.section("since_last_time").facts
    assert plain(fact.text) == f"“{same}” (Harbour; Quarry) and “What does this customer fear?” (Dock, lost 16 Nov)"
    assert len(fact.source_ids) == 4


# ---- Focus, deal, praise, what moves ------------------------------------------------------------------------------


def test_without_a_focus_the_brief_says_so_kindly_and_still_names_its_rows() -> None:
    told = {"source_ids": (person_source(RAVI),), "sentence": "Nothing stands out"}
    found = diagnosed(focus=None, focus_kind=None, focus_label="", **told)
    section = briefs.brief(material(diagnosis=found)).section("focus")
    assert section.title == "One focus"
    assert [(fact.text, fact.source_ids) for fact in section.facts] == [("Nothing stands out.", ("person:14",))]
    assert briefs.brief(material()).section("focus").facts == ()


def test_the_one_deal_is_the_largest_open_one_with_its_weak_spots() -> None:
    deals = to_look_at("lost_to_competitor", "slipped", "stalled")
    section = briefs.brief(material(to_look_at=deals, notes_next_steps=True)).section("deal")
    assert {fact.source_ids for fact in section.facts} == {("deal:11",)}
    assert section.facts[1].text == "No next step, no day to close."
    # Where no deal says what happens next the CRM holds no such field, so its absence is no weakness.
    assert briefs.brief(material(to_look_at=deals)).section("deal").facts[1].text == "No day to close."
    assert briefs.brief(material(to_look_at=to_look_at("lost_to_competitor"))).section("deal").facts[0].source_ids == (
        "deal:10",
    )


def use(number: int, trigger: str, followed: bool | None, days_ago: int) -> dict[str, Any]:
    used = {"use_id": number, "rep_id": RAVI, "trigger": trigger, "followed": followed}
    return {**used, "used_on": TODAY - days_ago * DAY}


def test_praise_is_owed_for_what_happened_after_it_was_last_given() -> None:
    kept = rows(
        frames.COMMITMENTS, promise(1, "rep", done_on=TODAY - 5 * DAY), promise(2, "rep", done_on=TODAY - 2 * DAY)
    )

    def owed(*uses: dict[str, Any]) -> list[str]:
        found = briefs.brief(material(commitments=kept, uses=rows(motivation.USES, *uses)))
        return [fact.source_ids[0] for fact in found.section("praise_owed").facts]

    assert owed() == ["commitment:2", "commitment:1"]
    assert owed(use(1, "praise", None, 4)) == ["commitment:2"]
    assert owed(use(1, "recognition", None, 2)) == []
    assert owed(use(1, "competition", None, 0)) == ["commitment:2", "commitment:1"]


def test_three_things_to_praise_are_enough() -> None:
    many = rows(frames.COMMITMENTS, *(promise(n, "rep", done_on=TODAY) for n in range(1, 9)))
    assert len(briefs.brief(material(commitments=many)).section("praise_owed").facts) == MOST_PRAISED


def test_what_the_rep_says_is_told_whole_as_on_their_own_page_and_the_doubting_challenge_is_never_suggested() -> None:
    uses = rows(
        motivation.USES, use(1, "challenge_negative", True, 9), use(2, "praise", True, 9), use(3, "praise", False, 20)
    )
    said = rows(
        briefs.PREFERENCES,
        {"preference_id": 1, "trigger": "challenge_negative", "weight": 4},
        {"preference_id": 2, "trigger": "money", "weight": 3},
        {"preference_id": 3, "trigger": "praise", "weight": 2},
    )
    facts = briefs.brief(material(uses=uses, preferences=said)).section("motivation").facts
    assert [fact.text.replace("\u00a0", " ") for fact in facts] == [
        "Ravi says that doubting challenge and money move them.",
        "Something followed: praise 1 of 2 times.",
    ]
    assert [fact.source_ids for fact in facts] == [
        ("motivation_preference:1", "motivation_preference:2"),
        ("trigger_use:2", "trigger_use:3"),
    ]


def test_of_six_things_that_move_somebody_brief_and_own_page_name_the_same() -> None:
    names = list(motivation.TRIGGER_NAMES)[:6]
    said = rows(
        briefs.PREFERENCES, *({"preference_id": n, "trigger": name, "weight": 4} for n, name in enumerate(names))
    )
    [fact] = briefs.brief(material(RAVI, preferences=said)).section("motivation").facts
    assert plain(fact.text) == plain(my_coaching.moved_sentence(said))


def test_private_words_stand_on_no_paper_not_even_their_writers() -> None:
    released = dt.datetime(2026, 11, 18, tzinfo=dt.UTC)
    view = {"observation_id": 1, "kind": "coach", "observed_at": released, "observed_on": TODAY - 2 * DAY}
    view |= {
        "released_at": released,
        "words_shown": True,
        "went_well": "Secret",
        "one_thing": "Secret",
        "is_mine": True,
    }
    for visibility, is_said in (("private", False), ("shared", True)):
        views = rows(frames.OBSERVATIONS, {**view, "visibility": visibility})
        found = briefs.brief(material(views=views))
        assert ("Secret" in briefs.as_json(found)) is is_said
        assert [fact.source_ids[0] for fact in found.section("since_last_time").facts] == ["observation:1"]


# ---- Papers -------------------------------------------------------------------------------------------------------

HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(1)> [link](http://evil.example) ![x](//evil) **b** `c` | # &amp;"
)
TEXT = st.text(min_size=1, max_size=60)


def one_fact(text: str) -> Brief:
    fact = Fact(text, ("deal:1",), label=text[:20], why=text)
    section = Section("topics", text, (fact,), about=text)
    found = briefs.brief(material())
    named = tuple(replace(section, key=each.key) for each in found.sections)
    return replace(found, rep_name=text, about=text, preparation=text, sections=named)


class Tags(HTMLParser):
    """Which tags and attributes a document holds."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen |= {tag, *(name for name, _ in attrs)}


def tags(document: str) -> set[str]:
    parser = Tags()
    parser.feed(document)
    return parser.seen


def test_text_from_the_database_is_text_in_the_html() -> None:
    harmless = tags(briefs.as_html(one_fact("plain"), Site("https://coach.example", "5")))
    assert tags(briefs.as_html(one_fact(HOSTILE), Site("https://coach.example", "5"))) == harmless
    assert not harmless & {"script", "img", "iframe", "onerror", "onclick"}
    assert "src=" not in briefs.as_html(one_fact("plain"))


@given(TEXT)
def test_no_text_whatever_adds_a_tag_to_the_html(text: str) -> None:
    assert tags(briefs.as_html(one_fact(text))) <= tags(briefs.as_html(one_fact("plain")))


def test_text_from_the_database_is_text_in_the_markdown() -> None:
    paper = briefs.as_markdown(one_fact(HOSTILE))
    for mark in ("<s", "<i", "![x]", "**b**", " `c`", "http://", " &amp;"):
        assert mark not in paper
    assert not re.search(r"(?<!\\)\]\(", paper)
    for beginning in ("- x", "1. x", "# x", "+ x", "2) x", "=== x"):
        assert not escaped(beginning).startswith(beginning[:2]), beginning


def test_the_json_is_a_list_of_text_and_source_ids_per_section() -> None:
    said = json.loads(briefs.as_json(briefs.brief(material(**complete()))))
    assert list(said) == [*briefs.LEFT, *briefs.RIGHT]
    for facts in said.values():
        for fact in facts:
            assert set(fact) == {"text", "source_ids"}
            assert fact["text"]
            assert fact["source_ids"]


def test_the_json_says_why_what_is_withheld_is_empty_and_says_nothing_where_there_is_nothing() -> None:
    told = material(**complete())
    withheld = replace(told, reader=replace(told.reader, viewer_id=None, reads_words=False))
    said = json.loads(briefs.as_json(briefs.brief(withheld)))
    assert said["praise_owed"] == said["motivation"] == []
    reasons = [each["text"] for each in said["not_shown"]]
    for key in ("praise_owed", "motivation", "since_last_time"):
        assert any(reason.split(":")[0].split(" and ")[0] == key for reason in reasons), key
    assert all(set(each) == {"text", "source_ids"} and each["source_ids"] for each in said["not_shown"])
    assert "not_shown" not in json.loads(briefs.as_json(briefs.brief(material())))
    gone = json.loads(briefs.as_json(briefs.brief(with_days(started_on=TODAY + DAY))))
    assert [plain(each["text"]) for each in gone["not_shown"]] == [
        "Not here yet on 20 Nov 2026: Ravi’s first day is 21 Nov 2026."
    ]


def test_praise_is_owed_to_no_reader_who_cannot_know_whether_it_was_given() -> None:
    won = rows(briefs.DEAL_CHANGES, {"deal_id": 1, "change": "won", "name": "Deal 1", "happened_on": TODAY})
    told = material(changes=won)
    assert briefs.brief(told).section("praise_owed").facts
    withheld = replace(told, reader=replace(told.reader, viewer_id=None, reads_words=False))
    assert briefs.brief(withheld).section("praise_owed").facts == ()


def test_links_name_ids_and_stand_only_where_an_address_is_known() -> None:
    found = briefs.brief(material(**complete()))
    assert "href" not in tags(briefs.as_html(found))
    here = "https://coach.example/sideline/rep-one_on_one?rep=14&as_of=2026-11-20&fact="
    paper, plain = briefs.as_html(found, Site("https://coach.example/sideline/")), Site("https://coach.example", "5")
    for section in found.sections:
        for mark, _ in section.marked():
            assert f'href="{here.replace("&", "&amp;")}{mark}"' in paper
            assert f"rep-one_on_one?as=5&rep=14&as_of=2026-11-20&fact={mark})" in briefs.as_markdown(found, plain)


def test_the_invite_holds_the_link_and_not_a_word_of_the_brief() -> None:
    found = replace(briefs.brief(material(**complete())), next_on=TODAY + 3 * DAY)
    site = Site("https://coach.example", "5")
    chosen = dt.datetime(2026, 11, 23, 15, 30, tzinfo=ZoneInfo("Europe/Berlin"))
    text = briefs.invite(found, site, NOW, chosen).decode().replace("\r\n ", "")
    assert "SUMMARY:One-on-one with Ravi Nair" in text
    assert "DESCRIPTION:Brief: https://coach.example/rep-one_on_one?as=5&rep=14" in text
    assert "DTSTART:20261123T143000Z" in text
    for _, fact in found.facts():
        assert fact.text not in text


# ---- Where a fact leads ------------------------------------------------------------------------------------------


def marks(found: Brief) -> dict[str, tuple[str, ...]]:
    """What each fact is called by in an address, with its rows."""
    return {mark: fact.source_ids for section in found.sections for mark, fact in section.marked()}


def test_every_fact_has_an_address_of_its_own_that_is_the_same_for_both_sides_and_holds_no_word() -> None:
    maya, ravi = (briefs.brief(material(who, **complete())) for who in (MAYA, RAVI))
    assert marks(maya) == marks(ravi)
    assert len(marks(maya)) == sum(1 for _ in maya.facts())
    for mark, sources in marks(maya).items():
        fact = maya.marked(mark)
        assert fact is not None
        assert fact.source_ids == sources
        assert re.fullmatch(r"[a-z_]+-[0-9a-f]{8}(-\d+)?", mark)
    assert maya.marked("promises-00000000") is None
    # Three things are said of the one deal to look at: each has its own address.
    deal = [mark for mark in marks(maya) if mark.startswith("deal-")]
    assert len(deal) == len(maya.section("deal").facts) > 1


def test_an_address_of_a_fact_outlives_what_else_is_said() -> None:
    before = marks(briefs.brief(material(**complete())))
    more = briefs.brief(material(**complete(agenda=rows(frames.AGENDA, topic(99, "Another")))))
    kept = set(before) & set(marks(more))
    assert {mark for mark in before if mark.startswith(("promises-", "deal-", "plan-"))} <= kept


# ---- Whoever is not there ----------------------------------------------------------------------------------------


def with_days(viewer_id: int = MAYA, **days: dt.date | None) -> Material:
    told = material(viewer_id)
    return replace(told, card={**told.card, **days})


def test_before_somebodys_first_day_the_brief_says_that_they_were_not_there_yet() -> None:
    first = TODAY + 40 * DAY
    found = briefs.brief(with_days(started_on=first))
    assert plain(found.notice) == "Not here yet on 20 Nov 2026: Ravi’s first day is 30 Dec 2026."
    assert {section.otherwise for section in found.sections if not section.facts} == {"Not here on that day."}
    assert plain(briefs.brief(with_days(RAVI, started_on=first)).notice).endswith("your first day is 30 Dec 2026.")
    for paper in (briefs.as_markdown(found), briefs.as_html(found)):
        assert "Not here yet on" in paper
    gone = briefs.brief(with_days(started_on=None, left_on=TODAY - DAY))
    assert plain(gone.notice) == "Not here any more on 20 Nov 2026: Ravi’s last day was 19 Nov 2026."
    for there in ({"started_on": TODAY}, {"left_on": TODAY}, {"started_on": None, "left_on": None}):
        assert briefs.brief(with_days(**there)).notice == ""


def plain(text: str) -> str:
    """With spaces that may break."""
    return text.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("status", "to_maya", "to_ravi"),
    [
        ("objected", "Deals won: Ravi objects", "Deals won: you object"),
        ("countered", "Deals won: Ravi proposes another target", "Deals won: you propose another target"),
        ("proposed", "Deals won: waiting for Ravi’s answer", "Deals won: waiting for your answer"),
    ],
)
def test_nobody_reads_about_themselves_as_the_rep(status: str, to_maya: str, to_ravi: str) -> None:
    found = [briefs.brief(material(who, goals=(goal(1, status=status),))) for who in (MAYA, RAVI)]
    assert [brief.section("topics").facts[0].text for brief in found] == [to_maya, to_ravi]
    # What goes into the session reads the same for both.
    assert {brief.carried.topics for brief in found} == {((to_maya, ()),)}


# ---- The text of the Markdown ------------------------------------------------------------------------------------


@pytest.mark.parametrize("said", ["$80 k and $40 k", "< 1 %", "R&D & Co", "a > b", "Really!", "Deal #12", "48–62 %"])
def test_what_markdown_would_not_obey_stands_there_as_it_is(said: str) -> None:
    assert escaped(said) == said


MARKUP = st.text(alphabet="ab1 $<>&;#!@*_`[]()~|\\:/.-+=\n", min_size=1, max_size=30)


@given(st.lists(st.one_of(TEXT, MARKUP), min_size=1, max_size=3))
def test_no_text_whatever_is_markup_in_the_markdown(texts: list[str]) -> None:
    reading = pytest.importorskip("markdown_it").MarkdownIt("commonmark").enable(["table", "strikethrough"])
    # As every text of the database comes onto a brief: one clean line.
    facts = tuple(Fact(numbers.plain_name(text) or "x", (f"deal:{n}",)) for n, text in enumerate(texts))
    written = [f"- {escaped(fact.text)} (deal {n})" for n, fact in enumerate(facts)]
    tokens = reading.parse("\n".join(written))
    inside = [token for token in tokens if token.type == "inline"]
    assert len(inside) == len(facts)
    assert {token.type for token in tokens} <= {
        "bullet_list_open", "bullet_list_close", "list_item_open", "list_item_close",
        "paragraph_open", "paragraph_close", "inline",
    }  # fmt: skip
    for token, fact, number in zip(inside, facts, range(len(facts)), strict=True):
        children = token.children or []
        assert {child.type for child in children} <= {"text", "text_special"}
        said = "".join(child.content for child in children).replace("\u2060", "")
        assert said == f"{fact.text} (deal {number})".replace("\u2060", "")


@given(st.text(alphabet="$1 .ak,()", max_size=20))
def test_no_two_dollar_signs_enclose_a_formula(text: str) -> None:
    # What ends a formula is a sign that no digit follows: of those none is left without its backslash.
    assert not re.search(r"(?<!\\)\$(?!\d)", escaped(text))


# ---- When to meet ------------------------------------------------------------------------------------------------


def held_at(number: int, moment: dt.datetime, **more: Any) -> dict[str, Any]:
    return {**session(number, 0), "held_at": moment, "held_on": moment.date(), **more}


BERLIN = ZoneInfo("Europe/Berlin")


def test_the_usual_weekday_and_time_of_past_one_on_ones_are_proposed() -> None:
    tuesdays = [dt.datetime(2026, 11, day, 9, 37, tzinfo=BERLIN) for day in (3, 10, 17)]
    others = [dt.datetime(2026, 11, 19, 16, 0, tzinfo=BERLIN)]
    held = rows(frames.SESSION_RECORDS, *(held_at(n, each) for n, each in enumerate([*tuesdays, *others])))
    usual = briefs.usual_time(held, RAVI, BERLIN)
    assert usual == briefs.Usual(1, dt.time(9, 30), 3, 4)
    found = briefs.proposed(usual, None, TODAY)
    assert (found.on, found.at) == (dt.date(2026, 11, 24), dt.time(9, 30))
    assert found.why == "Nothing is planned; 3 of the last 4 one-on-ones were on a Tuesday, mostly at 09:30."
    # A week later, never today.
    assert briefs.proposed(usual, None, dt.date(2026, 11, 24)).on == dt.date(2026, 12, 1)
    planned = briefs.proposed(usual, TODAY + 3 * DAY, TODAY)
    assert (planned.on, planned.at) == (TODAY + 3 * DAY, dt.time(9, 30))
    assert planned.why.startswith("Planned for that day")


def test_without_a_meeting_on_record_the_next_working_morning_is_proposed_and_says_so() -> None:
    nothing = frames.empty(frames.SESSION_RECORDS)
    dated = rows(frames.SESSION_RECORDS, held_at(1, dt.datetime(2026, 11, 3, tzinfo=BERLIN)))
    for held in (nothing, dated):
        assert briefs.usual_time(held, RAVI, BERLIN) is None
    found = briefs.proposed(None, None, TODAY)
    # TODAY is a Friday.
    assert (found.on, found.at) == (dt.date(2026, 11, 23), dt.time(9))
    assert found.why == "Nothing is planned and no time is on record: the next working day at 09:00."


def test_one_meeting_tells_a_time_and_no_weekday_and_group_sessions_tell_nothing() -> None:
    once = dt.datetime(2026, 11, 3, 14, 10, tzinfo=BERLIN)
    alone = rows(frames.SESSION_RECORDS, held_at(1, once), held_at(2, once + DAY, kind="group"))
    assert briefs.usual_time(alone, RAVI, BERLIN) == briefs.Usual(None, dt.time(14, 0), 1, 1)
    assert briefs.proposed(briefs.usual_time(alone, RAVI, BERLIN), None, TODAY).on == dt.date(2026, 11, 23)


def test_a_weekday_of_half_the_meetings_or_fewer_is_no_usual_day() -> None:
    mondays = [dt.datetime(2026, 11, day, 9, 30, tzinfo=BERLIN) for day in (2, 9, 16)]
    others = [dt.datetime(2026, 10, day, 9, 30, tzinfo=BERLIN) for day in (6, 8, 15)]
    held = rows(frames.SESSION_RECORDS, *(held_at(n, each) for n, each in enumerate([*mondays, *others])))
    usual = briefs.usual_time(held, RAVI, BERLIN)
    assert usual is not None
    assert (usual.weekday, usual.count, usual.total) == (None, 3, 6)
    assert "Monday" not in briefs.proposed(usual, None, TODAY).why
