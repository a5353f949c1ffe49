"""The rep concludes from a lost deal, the coach asks; open questions are closed by the rep."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest
import sqlalchemy as sa

from coaching.lessons import GapDraft
from coaching.people import Viewer
from data_access.commands.lessons import ask_about_lesson, close_gap, note_gap, reopen_gap, write_lesson
from data_access.engine import reading, writing
from data_access.queries.lessons import knowledge_gaps, lost_deals
from data_access.scope import NotPermitted, operator
from data_access.writes import CommandRefused, EditedMeanwhile
from tests.companies import NOW, PEOPLE, TODAY, deal, load, someone
from tests.copies import copies_of

SINCE = dt.date(2026, 1, 1)


def founded(engine: sa.Engine) -> None:
    load(engine, "people", PEOPLE)
    lost = deal("lost", "ravi", status="lost", closed="2026-05-04", competitor="Northwind", name="Renewal")
    load(
        engine,
        "deals",
        [
            lost,
            deal("won", "ravi", status="won", closed="2026-05-04"),
            deal("rosas", "rosa", status="lost", closed="2026-05-05"),
        ],
    )


company = copies_of(founded)


def id_of(company: sa.Engine, name: str) -> int:
    found = someone(company, name).person_id
    assert found is not None
    return found


def lost(company: sa.Engine, viewer: Viewer, name: str = "ravi") -> pl.DataFrame:
    with reading(company) as connection:
        return lost_deals(viewer, connection, rep_id=id_of(company, name), since=SINCE, as_of=TODAY, today=TODAY)


def gaps(company: sa.Engine, viewer: Viewer, as_of: dt.date = TODAY) -> pl.DataFrame:
    with reading(company) as connection:
        return knowledge_gaps(viewer, connection, rep_id=id_of(company, "ravi"), as_of=as_of, today=TODAY)


def test_ravi_writes_what_he_concludes_and_maya_asks_a_question(company: sa.Engine) -> None:
    ravi, maya = someone(company, "ravi"), someone(company, "maya")
    row = lost(company, ravi).row(0, named=True)
    assert (row["name"], row["competitor"], row["conclusion"]) == ("Renewal", "Northwind", None)
    with writing(company) as connection:
        lesson = write_lesson(ravi, connection, row["deal_id"], "Meet the buyer before the offer.", None, NOW)
        ask_about_lesson(maya, connection, lesson, "Who else should have been in the room?", NOW)
    seen = lost(company, maya).row(0, named=True)
    assert seen["conclusion"] == "Meet the buyer before the offer."
    assert seen["coach_question"] == "Who else should have been in the room?"


def test_a_coach_asks_and_gives_no_verdict(company: sa.Engine) -> None:
    ravi, maya = someone(company, "ravi"), someone(company, "maya")
    deal_id = lost(company, ravi)["deal_id"][0]
    with writing(company) as connection:
        lesson = write_lesson(ravi, connection, deal_id, "Ask earlier.", None, NOW)
    with pytest.raises(CommandRefused, match="question mark"), writing(company) as connection:
        ask_about_lesson(maya, connection, lesson, "You should have called earlier.", NOW)
    with pytest.raises(NotPermitted), writing(company) as connection:
        ask_about_lesson(someone(company, "omar"), connection, lesson, "Why?", NOW)


def test_nobody_writes_a_lesson_about_somebody_elses_deal_or_a_deal_that_was_won(company: sa.Engine) -> None:
    ravi = someone(company, "ravi")
    mine, hers = lost(company, ravi)["deal_id"][0], lost(company, someone(company, "rosa"), "rosa")["deal_id"][0]
    with reading(company) as connection:
        won = connection.scalar(sa.text("SELECT id FROM deal WHERE source_key LIKE '%won%'"))
    for viewer, deal_id in ((ravi, hers), (someone(company, "maya"), mine), (operator(), mine), (ravi, won)):
        with pytest.raises(NotPermitted), writing(company) as connection:
            write_lesson(viewer, connection, int(deal_id or 0), "So it goes.", None, NOW)


def test_the_second_of_two_windows_is_told_and_loses_nothing(company: sa.Engine) -> None:
    ravi = someone(company, "ravi")
    deal_id = lost(company, ravi)["deal_id"][0]
    with writing(company) as connection:
        write_lesson(ravi, connection, deal_id, "First window.", None, NOW)
    with pytest.raises(EditedMeanwhile), writing(company) as connection:
        write_lesson(ravi, connection, deal_id, "Second window.", None, NOW)
    assert lost(company, ravi)["conclusion"][0] == "First window."


@pytest.mark.parametrize("name", ["omar", "rosa", "eve", "ada"])
def test_nobody_outside_the_line_reads_lessons_or_open_questions(company: sa.Engine, name: str) -> None:
    ravi = someone(company, "ravi")
    with writing(company) as connection:
        note_gap(ravi, connection, id_of(company, "ravi"), GapDraft("What does the buyer measure?"), NOW)
    assert lost(company, someone(company, name)).is_empty()
    assert gaps(company, someone(company, name)).is_empty()
    assert gaps(company, operator()).is_empty()
    with pytest.raises(NotPermitted), writing(company) as connection:
        note_gap(someone(company, name), connection, id_of(company, "ravi"), GapDraft("Why?"), NOW)


def test_maya_notes_an_open_question_and_only_ravi_closes_it_and_can_open_it_again(company: sa.Engine) -> None:
    ravi, maya = someone(company, "ravi"), someone(company, "maya")
    with writing(company) as connection:
        draft = GapDraft("What does the buyer measure?", "Ask the plant manager")
        number = note_gap(maya, connection, id_of(company, "ravi"), draft, NOW)
    with pytest.raises(NotPermitted), writing(company) as connection:
        close_gap(maya, connection, number, "Scrap rate.", NOW)
    with pytest.raises(CommandRefused), writing(company) as connection:
        close_gap(ravi, connection, number, "  ", NOW)
    with writing(company) as connection:
        close_gap(ravi, connection, number, "Scrap rate.", NOW)
    closed = gaps(company, maya).row(0, named=True)
    assert (closed["noted_by"], closed["answer"]) == ("Maya Lindgren", "Scrap rate.")
    with writing(company) as connection:
        reopen_gap(ravi, connection, number, NOW)
    assert gaps(company, maya)["closed_at"].null_count() == 1


def test_a_past_day_shows_a_question_as_it_stood_then(company: sa.Engine) -> None:
    ravi = someone(company, "ravi")
    with writing(company) as connection:
        number = note_gap(ravi, connection, id_of(company, "ravi"), GapDraft("Why now?"), NOW - dt.timedelta(days=9))
        close_gap(ravi, connection, number, "The old contract ends.", NOW)
    then = gaps(company, ravi, as_of=TODAY - dt.timedelta(days=5)).row(0, named=True)
    assert (then["closed_at"], then["answer"]) == (None, None)
    assert gaps(company, ravi, as_of=TODAY - dt.timedelta(days=20)).is_empty()


def test_a_gap_names_the_deal_it_is_about_and_never_that_of_a_colleague(company: sa.Engine) -> None:
    maya, ravi = someone(company, "maya"), id_of(company, "ravi")
    number = lost(company, maya)["deal_id"][0]
    with writing(company) as connection:
        note_gap(maya, connection, ravi, GapDraft("Who signs?", "", number), NOW)
        note_gap(maya, connection, ravi, GapDraft("Who signs?"), NOW)
    assert gaps(company, maya).select("deal_id", "deal_name").rows() == [(None, None), (number, "Renewal")]
    rosas = lost(company, maya, "rosa")["deal_id"][0]
    for foreign in (rosas, 999_999):
        with writing(company) as connection, pytest.raises(NotPermitted):
            note_gap(maya, connection, ravi, GapDraft("Who signs?", "", foreign), NOW)


def test_the_same_open_question_about_the_same_deal_is_noted_once_and_again_once_it_is_closed(
    company: sa.Engine,
) -> None:
    ravi = someone(company, "ravi")
    number = lost(company, ravi)["deal_id"][0]
    draft = GapDraft("Who signs?", "", number)
    with writing(company) as connection:
        first = note_gap(ravi, connection, id_of(company, "ravi"), draft, NOW)
    with writing(company) as connection, pytest.raises(CommandRefused, match="already"):
        note_gap(ravi, connection, id_of(company, "ravi"), draft, NOW)
    with writing(company) as connection:
        close_gap(ravi, connection, first, "The plant manager.", NOW)
        assert note_gap(ravi, connection, id_of(company, "ravi"), draft, NOW) != first
