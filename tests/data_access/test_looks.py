"""Who looked at whose record."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from coaching.people import Viewer
from data_access import audit
from data_access.commands.looks import note_download, note_look
from data_access.engine import reading, writing
from data_access.queries.looks import looks_at_me
from data_access.scope import data_version
from tests.companies import NOW, PEOPLE, TODAY, load, someone
from tests.copies import copies_of


def founded(engine: sa.Engine) -> None:
    load(engine, "people", PEOPLE)


company = copies_of(founded)


def looks(company: sa.Engine, viewer: Viewer) -> list[tuple[str | None, str]]:
    with reading(company) as connection:
        frame = looks_at_me(viewer, connection, since=TODAY - dt.timedelta(days=90))
    return list(frame.select("viewer_name", "page").iter_rows())


def look(company: sa.Engine, viewer: Viewer, name: str, page: str, now: dt.datetime = NOW) -> None:
    rep_id = someone(company, name).person_id
    assert rep_id is not None
    with writing(company) as connection:
        note_look(viewer, connection, rep_id, page, now)


def test_ravi_reads_that_maya_and_dana_opened_his_progress_once_a_day_and_page(company: sa.Engine) -> None:
    maya, dana, ravi = (someone(company, name) for name in ("maya", "dana", "ravi"))
    for minutes in (0, 5, 10):
        look(company, maya, "ravi", "rep-progress", NOW + dt.timedelta(minutes=minutes))
    look(company, dana, "ravi", "rep-progress", NOW + dt.timedelta(hours=1))
    assert looks(company, ravi) == [("Dana Whitfield", "rep-progress"), ("Maya Lindgren", "rep-progress")]


def test_nobody_else_reads_who_looked_at_ravi(company: sa.Engine) -> None:
    look(company, someone(company, "maya"), "ravi", "rep-progress")
    for name in ("maya", "dana", "rosa", "eve", "ada"):
        assert looks(company, someone(company, name)) == []


def test_looking_at_oneself_or_at_somebody_out_of_view_leaves_no_note(company: sa.Engine) -> None:
    ravi = someone(company, "ravi")
    look(company, ravi, "ravi", "rep-progress")
    look(company, someone(company, "omar"), "ravi", "rep-progress")
    look(company, someone(company, "eve"), "ravi", "rep-progress")
    assert looks(company, ravi) == []


def test_a_look_moves_no_data_version_and_a_download_stands_in_the_audit_trail(company: sa.Engine) -> None:
    with reading(company) as connection:
        before = data_version(connection)
    look(company, someone(company, "maya"), "ravi", "rep-progress")
    with writing(company) as connection:
        note_download(someone(company, "maya"), connection, "reps", 2, NOW)
    with reading(company) as connection:
        assert data_version(connection) == before
        actions = list(connection.scalars(sa.text("SELECT action FROM audit_entry")))
        assert actions[-1] == "download as manager"
        assert audit.first_broken_entry(connection) is None
