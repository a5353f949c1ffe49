"""Topics and answers for the next one-on-one: who adds, who reads, what a session takes up, who has prepared."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import pytest
import sqlalchemy as sa

from coaching import frames
from coaching.people import Role
from coaching.plans import ObjectiveDraft, PlanDraft
from coaching.sessions import SessionDraft
from data_access.commands import plans, sessions
from data_access.commands.agenda import add_item, settle_items, withdraw_item
from data_access.engine import reading, writing
from data_access.queries.agenda import agenda, prepared
from data_access.scope import NotPermitted, operator, stand_in
from data_access.tables import agenda_item, audit_entry, deal_version, objective
from data_access.writes import CommandRefused
from tests.companies import NOW, PEOPLE, TODAY, deal, load, someone

DAY = dt.timedelta(days=1)


def filled(engine: sa.Engine) -> sa.Engine:
    """The company of these stories in an empty database."""
    load(engine, "people", PEOPLE)
    load(engine, "deals", [deal("pumps", "ravi", name="Pumps"), deal("pipes", "wim", name="Pipes")])
    return engine


@pytest.fixture
def company(sqlite_engine: sa.Engine) -> sa.Engine:
    """For stories to which the kind of database does not matter."""
    return filled(sqlite_engine)


@pytest.fixture
def both(engine: sa.Engine) -> sa.Engine:
    """On SQLite and on PostgreSQL in turn."""
    return filled(engine)


def id_of(company: sa.Engine, name: str) -> int:
    found = someone(company, name).person_id
    assert found is not None
    return found


def bring(company: sa.Engine, body: str, who: str = "ravi", about: str = "ravi", **more: Any) -> int:
    said: dict[str, Any] = {"rep_id": id_of(company, about), "kind": "topic", "body": body, "now": NOW, **more}
    with writing(company) as connection:
        return add_item(someone(company, who), connection, **said)


def bring_answer(company: sa.Engine, body: str, key: str = "steady.me", row: str | None = None) -> int:
    with writing(company) as connection:
        return add_item(
            someone(company, "ravi"), connection, rep_id=id_of(company, "ravi"), kind="answer", body=body,
            question_key=key, about=row, now=NOW,
        )  # fmt: skip


def listed(company: sa.Engine, who: str = "ravi", as_of: dt.date = TODAY) -> pl.DataFrame:
    with reading(company) as connection:
        return agenda(someone(company, who), connection, rep_id=id_of(company, "ravi"), as_of=as_of, today=TODAY)


def held(company: sa.Engine, days_ago: float = 0, rep: str = "ravi", coach: str = "maya") -> int:
    at = NOW - days_ago * DAY
    with writing(company) as connection:
        draft = SessionDraft(id_of(company, rep), held_at=at)
        return sessions.record_session(someone(company, coach), connection, draft, at)


def settle(company: sa.Engine, session_id: int, *items: int, who: str = "maya") -> int:
    with writing(company) as connection:
        return settle_items(someone(company, who), connection, session_id=session_id, item_ids=items, now=NOW)


def test_ravi_and_maya_both_add_topics_and_both_see_them_all(both: sa.Engine) -> None:
    bring(both, "The renewal")
    bring(both, "The price list", "maya", now=NOW + dt.timedelta(minutes=1))
    for who, mine in (("ravi", [True, False]), ("maya", [False, True]), ("dana", [False, False])):
        found = listed(both, who)
        assert found["body"].to_list() == ["The renewal", "The price list"]
        assert found["added_by_name"].to_list() == ["Ravi Nair", "Maya Lindgren"]
        assert found["is_mine"].to_list() == mine
    assert listed(both).schema == frames.empty(frames.AGENDA).schema


def test_nobody_else_reads_or_adds(company: sa.Engine) -> None:
    bring(company, "The renewal")
    for who in ("omar", "rosa", "wim", "eve", "ada"):
        assert listed(company, who).is_empty()
        with pytest.raises(NotPermitted):
            bring(company, "Mine", who)
    with reading(company) as connection:
        for viewer in (operator(), stand_in(Role.EXECUTIVE), stand_in(Role.ADMIN)):
            assert agenda(viewer, connection, rep_id=id_of(company, "ravi"), as_of=TODAY, today=TODAY).is_empty()


def test_ravi_alone_answers_and_a_second_answer_takes_the_place_of_the_first(company: sa.Engine) -> None:
    bring_answer(company, "More time in the field")
    bring_answer(company, "Sit in on the next call")
    [row] = listed(company, "maya").to_dicts()
    assert (row["kind"], row["body"]) == ("answer", "Sit in on the next call")
    assert row["question"] == "What could I do differently as your coach?"
    with pytest.raises(NotPermitted):
        bring(company, "He should call", "maya", kind="answer", question_key="steady.me")
    with pytest.raises(CommandRefused, match="no such question"):
        bring_answer(company, "What?", "unheard.of")


def test_an_answer_about_an_objective_keeps_the_name_of_the_objective(company: sa.Engine) -> None:
    maya, ravi = someone(company, "maya"), id_of(company, "ravi")
    with writing(company) as connection:
        aim = ObjectiveDraft(ravi, 0, "won_count", None, 5, "absolute", TODAY, TODAY + 90 * DAY, "Because", "By asking")
        draft = PlanDraft(ravi, 0, TODAY, TODAY + 90 * DAY, "More", objectives=(aim,))
        plans.propose_plan(maya, connection, draft, now=NOW)
        goal = connection.scalar(sa.select(objective.c.id))
    bring_answer(company, "Well enough", "resistant_objective.matter", f"objective:{goal}")
    for who in ("ravi", "maya"):
        assert "the objective on deals won" in listed(company, who)["question"][0]


def deals_of(company: sa.Engine) -> dict[str, int]:
    """A deal of each, by first name."""
    with reading(company) as connection:
        rows = connection.execute(sa.select(deal_version.c.owner_id, deal_version.c.deal_id)).all()
    numbers = {row.owner_id: row.deal_id for row in rows}
    return {who: numbers[id_of(company, who)] for who in ("ravi", "wim")}


def test_an_answer_names_a_deal_of_the_rep_and_about_no_row_of_somebody_else(both: sa.Engine) -> None:
    numbers = deals_of(both)
    bring_answer(both, "The buyer", "stalled.waits", f"deal:{numbers['ravi']}")
    bring_answer(both, "More time", "steady.me", f"person:{id_of(both, 'ravi')}")
    found = listed(both, "maya")
    assert found["about"].to_list() == [f"deal:{numbers['ravi']}", f"person:{id_of(both, 'ravi')}"]
    assert found["question"].to_list()[0] == "Who is waiting for whom in Pumps, and for what?"
    of_wim = (f"deal:{numbers['wim']}", f"person:{id_of(both, 'wim')}")
    # What is not the rep's and what is not there read alike.
    for row in (*of_wim, "deal:999999", "observation:1", "commitment:1", "audit_entry:1", "setting:1"):
        with pytest.raises(NotPermitted, match="no such row"):
            bring_answer(both, "Whose?", "stalled.waits", row)
    assert listed(both, "maya").height == 2


def test_an_answer_whose_deal_went_to_somebody_else_reads_in_general_words(company: sa.Engine) -> None:
    number = deals_of(company)["ravi"]
    bring_answer(company, "The buyer", "stalled.waits", f"deal:{number}")
    with writing(company) as connection:
        v = deal_version.c
        connection.execute(sa.update(deal_version).where(v.deal_id == number).values(owner_id=id_of(company, "wim")))
    assert listed(company, "maya")["question"].to_list() == ["Who is waiting for whom in the deal, and for what?"]


@pytest.mark.parametrize("body", ["\u200b\u200b\u200b", "\u202e\u202c", "\x00\x01", "\u3164", " \u2060 "])
def test_words_that_nobody_sees_are_no_words(company: sa.Engine, body: str) -> None:
    with pytest.raises(CommandRefused, match="no words"):
        bring(company, body)
    with pytest.raises(CommandRefused, match="no words"):
        bring_answer(company, body)
    bring(company, "\u202eThe\u200b renewal\x00")
    assert listed(company)["body"].to_list() == ["The renewal"]


def test_the_same_topic_in_other_capitals_and_spaces_is_on_the_list_already(company: sa.Engine) -> None:
    bring(company, "The price  list")
    for again in ("the price list", " THE PRICE LIST ", "The\u00a0price\u200b list"):
        with pytest.raises(CommandRefused, match="on the list already"):
            bring(company, again, "maya")


def test_only_its_author_takes_an_item_off_and_yesterday_it_still_stood_there(company: sa.Engine) -> None:
    yesterday = NOW - DAY
    number = bring(company, "The renewal", now=yesterday)
    with writing(company) as connection, pytest.raises(NotPermitted):
        withdraw_item(someone(company, "maya"), connection, item_id=number, now=NOW)
    for _ in range(2):
        with writing(company) as connection:
            withdraw_item(someone(company, "ravi"), connection, item_id=number, now=NOW)
    assert listed(company).is_empty()
    assert listed(company, as_of=TODAY - DAY)["body"].to_list() == ["The renewal"]
    assert listed(company, as_of=TODAY - 2 * DAY).is_empty()
    assert bring(company, "The renewal") > number


def test_a_session_takes_items_up_once_and_they_go_behind_what_is_still_to_come(both: sa.Engine) -> None:
    first, second = bring(both, "The renewal"), bring(both, "The price")
    session = held(both)
    assert settle(both, session, first, first) == 1
    assert settle(both, session, first) == 0
    assert settle(both, held(both, 0.1), first) == 0
    found = listed(both)
    assert found.select("item_id", "session_id", "taken_up_on").rows() == [
        (second, None, None),
        (first, session, TODAY),
    ]
    with writing(both) as connection, pytest.raises(CommandRefused, match="stays with that session"):
        withdraw_item(someone(both, "ravi"), connection, item_id=first, now=NOW)


def test_items_are_settled_by_who_coaches_the_rep_in_a_session_with_that_rep(company: sa.Engine) -> None:
    mine, session = bring(company, "The renewal"), held(company)
    rosas = bring(company, "My quota", "rosa", "rosa")
    for who in ("ravi", "omar", "eve", "ada"):
        with pytest.raises(NotPermitted):
            settle(company, session, mine, who=who)
    with pytest.raises(NotPermitted):
        settle(company, session, rosas)
    with pytest.raises(NotPermitted):
        settle(company, 999_999, mine)
    assert settle(company, session, mine, who="dana") == 1


def test_a_session_that_is_taken_back_opens_its_items_again(company: sa.Engine) -> None:
    number, session = bring(company, "The renewal"), held(company)
    settle(company, session, number)
    with writing(company) as connection:
        sessions.undo_session(someone(company, "maya"), connection, session, NOW)
    assert listed(company)["session_id"].to_list() == [None]


def test_no_word_of_an_item_gets_into_the_audit_trail(company: sa.Engine) -> None:
    number = bring(company, "My secret renewal")
    settle(company, held(company), number)
    with reading(company) as connection:
        trail = " ".join(map(str, connection.execute(sa.select(audit_entry)).all()))
    assert "secret" not in trail
    assert f"agenda_item {number}" in trail


def test_maya_sees_who_has_prepared_since_the_last_one_on_one(both: sa.Engine) -> None:
    def who() -> dict[str, tuple[Any, ...]]:
        with reading(both) as connection:
            found = prepared(someone(both, "maya"), connection, today=TODAY)
        assert found.schema == frames.empty(frames.PREPARED).schema
        return {
            row["name"]: (row["topic_count"], row["answer_count"], row["last_on"], row["next_on"])
            for row in found.to_dicts()
        }

    assert who() == {"Ravi Nair": (0, 0, None, None), "Rosa Marin": (0, 0, None, None)}
    bring(both, "Left over", now=NOW - 3 * DAY)
    bring(both, "From the coach", "maya")
    held(both, 2)
    bring(both, "The renewal", now=NOW - DAY)
    bring_answer(both, "Sit in")
    with writing(both) as connection:
        planned = SessionDraft(id_of(both, "ravi"), status="planned", planned_on=TODAY + 4 * DAY)
        number = sessions.plan_session(someone(both, "maya"), connection, planned, NOW)
    assert who()["Ravi Nair"] == (1, 1, TODAY - 2 * DAY, TODAY + 4 * DAY)
    with writing(both) as connection:
        sessions.add_topic(someone(both, "ravi"), connection, number, "On the list", NOW)
        sessions.add_topic(someone(both, "maya"), connection, number, "Hers", NOW)
    assert who()["Ravi Nair"][0] == 2
    # What a session has taken up is not waiting for the next one.
    with reading(both) as connection:
        renewal = connection.scalar(sa.select(agenda_item.c.id).where(agenda_item.c.body == "The renewal"))
    settle(both, held(both, 0.05), int(renewal or 0))
    # His answer came after that session, so it is for the one to come.
    assert who()["Ravi Nair"] == (1, 1, TODAY, TODAY + 4 * DAY)


def test_nobody_but_a_coach_sees_who_has_prepared(company: sa.Engine) -> None:
    with reading(company) as connection:
        for name in ("ravi", "eve", "ada"):
            assert prepared(someone(company, name), connection, today=TODAY).is_empty()
        for viewer in (operator(), stand_in(Role.ADMIN), stand_in(Role.EXECUTIVE)):
            assert prepared(viewer, connection, today=TODAY).is_empty()
        danas = prepared(someone(company, "dana"), connection, today=TODAY)
    assert set(danas["name"]) >= {"Ravi Nair", "Wim de Boer", "Maya Lindgren"}
