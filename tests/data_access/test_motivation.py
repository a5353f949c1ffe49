"""Who may read what moves somebody, and what followed which trigger in the record."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest
import sqlalchemy as sa

from coaching.motivation import PreferenceDraft
from coaching.people import Viewer
from data_access.commands.motivation import state_preferences
from data_access.engine import reading, writing
from data_access.queries.motivation import preferences, trigger_responses, trigger_uses
from data_access.scope import NotPermitted, operator, stand_in
from data_access.tables import commitment, session, trigger_use
from data_access.writes import CommandRefused
from tests.companies import NOW, PEOPLE, TODAY, load, someone
from tests.copies import copies_of


def founded(engine: sa.Engine) -> None:
    load(engine, "people", PEOPLE)


company = copies_of(founded)


def say(company: sa.Engine, viewer: Viewer, *drafts: PreferenceDraft, now: dt.datetime = NOW) -> None:
    with writing(company) as connection:
        state_preferences(viewer, connection, drafts, now)


def said(company: sa.Engine, viewer: Viewer, name: str = "ravi", as_of: dt.date = TODAY) -> list[tuple[str, int]]:
    rep_id = someone(company, name).person_id
    assert rep_id is not None
    with reading(company) as connection:
        frame = preferences(viewer, connection, rep_id=rep_id, as_of=as_of, today=TODAY)
    return list(frame.select("trigger", "weight").iter_rows())


def used(company: sa.Engine, rep: str, coach: str, trigger: str, day: dt.date, done: dt.date | None) -> None:
    """A held session with a trigger and one promise of the rep."""
    rep_id, coach_id = someone(company, rep).person_id, someone(company, coach).person_id
    with writing(company) as connection:
        row = {
            "rep_id": rep_id,
            "coach_id": coach_id,
            "kind": "own_manager",
            "held_on": day,
            "held_at": dt.datetime.combine(day, dt.time(9), dt.UTC),
            "status": "held",
            "trigger": trigger,
            "visibility": "shared",
            "recorded_at": dt.datetime.combine(day, dt.time(10), dt.UTC),
        }
        held = connection.execute(sa.insert(session).values(row).returning(session.c.id)).scalar_one()
        shared = {"session_id": held, "rep_id": rep_id, "coach_id": coach_id}
        connection.execute(sa.insert(trigger_use).values(**shared, trigger=trigger, used_on=day))
        connection.execute(
            sa.insert(commitment).values(
                session_id=held, by_id=rep_id, to_id=coach_id, promise="Call back", made_on=day, done_on=done
            )
        )


def test_ravi_says_what_moves_him_and_maya_and_dana_read_the_latest_of_it(company: sa.Engine) -> None:
    ravi = someone(company, "ravi")
    say(company, ravi, PreferenceDraft("praise", 4, "In front of the team"), PreferenceDraft("money", 1))
    say(company, ravi, PreferenceDraft("praise", 2), now=NOW + dt.timedelta(minutes=5))
    for name in ("ravi", "maya", "dana"):
        assert said(company, someone(company, name)) == [("praise", 2), ("money", 1)]


def test_a_past_day_shows_what_had_been_said_by_then(company: sa.Engine) -> None:
    ravi = someone(company, "ravi")
    say(company, ravi, PreferenceDraft("praise", 4), now=NOW - dt.timedelta(days=30))
    say(company, ravi, PreferenceDraft("praise", 1))
    assert said(company, ravi, as_of=TODAY - dt.timedelta(days=1)) == [("praise", 4)]
    assert said(company, ravi, as_of=TODAY - dt.timedelta(days=40)) == []


def test_nobody_else_reads_what_moves_ravi(company: sa.Engine) -> None:
    say(company, someone(company, "ravi"), PreferenceDraft("praise", 4))
    used(company, "ravi", "maya", "praise", dt.date(2026, 3, 2), dt.date(2026, 3, 4))
    rep_id = someone(company, "ravi").person_id
    assert rep_id is not None
    outsiders = [someone(company, name) for name in ("omar", "rosa", "wim", "eve", "ada")]
    for viewer in (*outsiders, operator(), stand_in(outsiders[3].role)):
        assert said(company, viewer) == []
        with reading(company) as connection:
            asked = {"rep_id": rep_id, "as_of": TODAY, "today": TODAY}
            assert trigger_uses(viewer, connection, **asked).is_empty()  # type: ignore[arg-type]
            assert trigger_responses(viewer, connection, **asked).is_empty()  # type: ignore[arg-type]


def test_maya_cannot_say_for_ravi_what_moves_him_and_a_stand_in_says_nothing(company: sa.Engine) -> None:
    say(company, someone(company, "maya"), PreferenceDraft("money", 4))
    assert said(company, someone(company, "maya"), "ravi") == []
    with pytest.raises(NotPermitted), writing(company) as connection:
        state_preferences(operator(), connection, [PreferenceDraft("money", 4)], NOW)


@pytest.mark.parametrize(
    "draft", [PreferenceDraft("chocolate", 2), PreferenceDraft("praise", 5), PreferenceDraft("praise", 1, "x" * 501)]
)
def test_what_cannot_be_meant_is_refused_with_a_sentence_and_nothing_is_kept(
    company: sa.Engine, draft: PreferenceDraft
) -> None:
    ravi = someone(company, "ravi")
    with pytest.raises(CommandRefused) as refusal, writing(company) as connection:
        state_preferences(ravi, connection, [PreferenceDraft("money", 1), draft], NOW)
    assert all(problem.endswith(".") for problem in refusal.value.problems)
    assert said(company, ravi) == []


def test_what_followed_is_read_from_the_promises_of_the_session(company: sa.Engine) -> None:
    used(company, "ravi", "maya", "praise", dt.date(2026, 3, 2), dt.date(2026, 3, 10))
    used(company, "ravi", "maya", "money", dt.date(2026, 4, 2), None)
    used(company, "ravi", "maya", "praise", TODAY - dt.timedelta(days=3), None)
    used(company, "wim", "omar", "praise", dt.date(2026, 3, 2), dt.date(2026, 3, 3))
    maya, ravi = someone(company, "maya"), someone(company, "ravi")
    assert ravi.person_id is not None
    with reading(company) as connection:
        uses = trigger_uses(maya, connection, rep_id=ravi.person_id, as_of=TODAY, today=TODAY)
        found = trigger_responses(maya, connection, rep_id=ravi.person_id, as_of=TODAY, today=TODAY)
        earlier = trigger_uses(maya, connection, rep_id=ravi.person_id, as_of=dt.date(2026, 3, 31), today=TODAY)
    assert uses.select("trigger", "followed").rows() == [("praise", None), ("money", False), ("praise", True)]
    assert earlier.select("trigger", "followed").rows() == [("praise", True)]
    tried = dict(found.select("trigger", "try_count").iter_rows())
    assert (tried["praise"], tried["money"], tried["competition"]) == (1, 1, 0)
    # Two people are no crowd: what everybody does would tell what the other one did.
    assert found["everybody_share"].null_count() == found.height
    assert set(found["rep_id"]) == {ravi.person_id}
    assert found["expected_share"].is_between(0, 1).all()
    assert isinstance(found, pl.DataFrame)
