"""Is everyone being coached?"""

from __future__ import annotations

import datetime as dt
import re
import shutil
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import polars as pl
import pytest
import sqlalchemy as sa
from streamlit.testing.v1 import AppTest

from coaching import cadence_view
from tests.coaching.test_cadence import parsed
from tests.companies import PEOPLE, load
from tests.databases import sqlite_url
from tests.demo import TODAY, id_of, sight_of
from tests.pages.opening import CADENCE, figures, opened, said, tile, words
from ui import cadence_table, downloads, drafts, loaders
from ui.loaders import cadence as reads

QUARTER: dict[str, Any] = {"start": dt.date(2026, 10, 1), "end": dt.date(2026, 12, 31), "as_of": TODAY}


@pytest.fixture
def own_demo(demo: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A copy of the demo company that a test may write to."""
    file = tmp_path / "own.sqlite3"
    shutil.copyfile(demo.removeprefix("sqlite:///"), file)
    monkeypatch.setenv("COACHING_DATABASE_URL", sqlite_url(file))
    return sqlite_url(file)


def table(app: AppTest, column: str) -> list[Any]:
    return list(app.dataframe[0].value[column])


def team_of(who: str) -> int:
    return int(loaders.teams(sight_of(who), TODAY)["team_id"][0])


def test_maya_sees_her_reps_by_name_and_the_tiles_hold_the_values_of_the_data_layer(demo: str) -> None:
    app = opened(CADENCE, "Maya")
    names = [str(name) for name in table(app, "name")]
    assert "Ravi Menon" in names
    assert names == sorted(names)
    values = loaders.team_totals(
        sight_of("Maya"), team_id=team_of("Maya"), keys=["cadence_adherence", "longest_gap_days"], **QUARTER
    ).row(0, named=True)
    assert tile(app, "Cadence adherence") == f"{values['cadence_adherence'] * 100:.0f} %"
    assert tile(app, "Longest gap") == f"{values['longest_gap_days']:.0f} days"
    assert len(app.metric) == 8


def test_the_verdict_counts_the_same_reps_as_the_table(demo: str) -> None:
    app = opened(CADENCE, "Maya")
    past = table(app, "standing").count(cadence_view.STANDING_WORDS[cadence_view.PAST])
    said_first = words(app)
    if past:
        assert f"{past} of " in said_first
        assert "past their next session; longest gap" in said_first
    else:
        assert "Nobody is past their next session" in said_first


def test_the_picture_names_maya_s_reps_and_nobody_else_s(demo: str) -> None:
    names = figures(opened(CADENCE, "Maya"))[0]["layout"]["yaxis"]["ticktext"]
    own = set(loaders.people(sight_of("Maya"), TODAY)["name"])
    assert {name.replace("<i>", "").replace("</i>", "") for name in names} <= own
    assert not set(names) & set(loaders.people(sight_of("Omar"), TODAY)["name"])


def test_who_has_left_stands_in_the_past_and_can_no_longer_be_opened_or_sent_on_leave(demo: str) -> None:
    found = reads.slots_in_view(
        sight_of("Dana"), start=dt.date(2025, 11, 1), end=dt.date(2026, 11, 20), as_of=TODAY, team_id=None
    )["people"]
    gone = found.filter(pl.col("left_on") < TODAY)
    assert gone.height
    address = {"period": "custom", "from_": "2025-11-01", "to": "2026-11-20", "shown": "all"}
    app = opened(CADENCE, "Dana", **address)
    rows = dict(zip(table(app, "name"), table(app, "standing"), strict=True))
    assert {rows[name] for name in gone["name"]} == {"has left"}
    offered = app.selectbox(key=drafts.key("absence", "person_id")).options
    assert not set(gone["name"]) & set(offered)


@pytest.mark.parametrize("who", ["Eve", "executive"])
def test_an_executive_sees_managers_teams_and_no_row_about_a_rep(demo: str, who: str) -> None:
    app = opened(CADENCE, who)
    assert not app.dataframe
    assert "expected sessions were held" in words(app)
    reps = set(loaders.people(sight_of("Dana"), TODAY).filter(pl.col("role") == "rep")["name"])
    written = str(figures(app)) + words(app)
    assert not [name for name in reps if name in written]
    assert not [button for button in app.button if str(button.key).startswith("absence")]


def test_ravi_finds_no_figures_here_and_ada_only_what_she_keeps(demo: str) -> None:
    ravi, ada = opened(CADENCE, "Ravi"), opened(CADENCE, "Ada")
    for app in (ravi, ada):
        assert not figures(app)
        assert not app.metric
        assert not app.dataframe
    assert not ravi.number_input
    assert [element.value for element in ada.number_input] == [14, 3]
    assert "Reps: every 14 days" in words(ada)


def test_the_address_opens_the_same_view_and_another_teams_id_shows_the_own_one(demo: str) -> None:
    app = opened(CADENCE, "Dana", team=team_of("Maya"), period="last_quarter")
    assert app.selectbox(key="period_choice").value == "last_quarter"
    assert "Ravi Menon" in table(app, "name")
    strange = opened(CADENCE, "Maya", team=team_of("Omar"))
    assert "There is no such team in your view" in words(strange)
    assert "Ravi Menon" in table(strange, "name")


def test_a_past_day_knows_nothing_of_what_was_held_later(demo: str) -> None:
    app = opened(CADENCE, "Maya", as_of="2026-08-14", period="this_quarter")
    assert max(str(day)[:10] for day in table(app, "last_on") if day is not None) <= "2026-08-14"
    assert "Put them into a calendar" not in words(app)


def test_a_large_team_starts_with_those_past_or_due_and_the_choice_stands_in_the_address(
    demo: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not opened(CADENCE, "Dana").radio
    monkeypatch.setattr(cadence_table, "MOST_AT_ONCE", 5)
    app = opened(CADENCE, "Dana", period="this_year")
    first = figures(app)[0]["layout"]["yaxis"].get("ticktext", [])
    app.radio(key="shown_choice").set_value("all").run()
    assert said(app, "shown") == "all"
    assert len(figures(app)[0]["layout"]["yaxis"]["ticktext"]) == len(table(app, "name")) > len(first)
    app.radio(key="shown_choice").set_value("due").run()
    assert said(app, "shown") is None


def test_the_calendar_file_holds_a_half_hour_for_everybody_who_is_due_and_not_planned(demo: str) -> None:
    sight = sight_of("Dana")
    found = reads.slots_in_view(sight, start=TODAY, end=TODAY, as_of=TODAY)
    stands = cadence_view.standing(found["people"], found["slots"], found["sessions"], TODAY)
    missing = cadence_view.to_book(found["people"], stands)
    assert missing.height
    events = calendar_of("Dana")
    assert [event["SUMMARY"] for event in events] == [f"One-on-one with {name}" for name in missing["name"]]
    assert len({event["UID"] for event in events}) == len({event["DTSTART"] for event in events}) == len(events)
    starts = [dt.datetime.strptime(event["DTSTART"], "%Y%m%dT%H%M%SZ") for event in events]
    assert min(starts).date() > TODAY
    assert all(start.weekday() < 5 for start in starts)
    assert {event["UID"] for event in calendar_of("Maya")} <= {event["UID"] for event in events}


def calendar_of(who: str) -> list[dict[str, str]]:
    address = downloads.address_of(sight_of(who), "sessions_due", "one-on-ones.ics", team_id=None)
    token = parse_qs(urlsplit(address).query)["token"][0]
    answer = downloads.answer("one-on-ones.ics", token, "127.0.0.1", {"host": "127.0.0.1:8501"})
    assert answer.status == 200
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    return parsed(answer.body)


@pytest.mark.parametrize("who", ["Eve", "Ravi", "Ada"])
def test_nobody_else_gets_a_calendar_file(demo: str, who: str) -> None:
    address = downloads.address_of(sight_of(who), "sessions_due", "one-on-ones.ics", team_id=None)
    token = parse_qs(urlsplit(address).query)["token"][0]
    assert downloads.answer("x.ics", token, "127.0.0.1", {"host": "127.0.0.1:8501"}).status == 403


def test_maya_sends_ravi_on_leave_and_takes_it_back(own_demo: str) -> None:
    ravi = int(id_of("Ravi"))

    def expected() -> float:
        values = loaders.metric_values(sight_of("Maya"), by="rep", keys=["expected_slots"], rep_ids=[ravi], **QUARTER)
        return float(values["expected_slots"][0])

    before = expected()
    app = opened(CADENCE, "Maya")
    app.selectbox(key=drafts.key("absence", "person_id")).set_value(ravi)
    app.date_input(key=drafts.key("absence", "first")).set_value(dt.date(2026, 9, 1))
    app.date_input(key=drafts.key("absence", "last")).set_value(dt.date(2026, 11, 20))
    app.text_input(key=drafts.key("absence", "reason")).set_value("*leave*")
    app.run()
    app.button(key="absence_save").click().run()
    assert not app.exception
    assert [element.value for element in app.success] == ["Saved. It stands below, with a way to take it back."]
    assert "Ravi Menon, 1 Sep – 20 Nov 2026 · *leave*" in words(app)
    assert expected() == 0 < before
    own = reads.absences(sight_of("Maya"), since=dt.date(2026, 10, 1)).filter(pl.col("reason") == "*leave*")
    app.button(key=f"absence_remove_{own['entry_id'][0]}").click().run()
    assert not app.exception
    assert expected() == before


def test_an_absence_without_a_rep_is_refused_in_words_and_the_form_keeps_what_was_typed(own_demo: str) -> None:
    app = opened(CADENCE, "Maya")
    app.text_input(key=drafts.key("absence", "reason")).set_value("leave").run()
    app.button(key="absence_save").click().run()
    assert [element.value.replace("\\", "") for element in app.warning] == ["Say who is away."]
    assert app.text_input(key=drafts.key("absence", "reason")).value == "leave"


def past_their_next(overview: AppTest) -> int:
    """How many reps the overview's first sentence says are past their next session; 0 where it says nothing of it."""
    found = re.search(r"(\d+) of \d+ reps (?:is|are) past their next session", words(overview))
    return int(found[1]) if found else 0


def test_ada_sets_a_policy_and_the_managers_page_follows_it(own_demo: str) -> None:
    before = tile(opened(CADENCE, "Maya"), "Cadence adherence")
    late_before = past_their_next(opened("pages/team/overview.py", "Maya"))
    app = opened(CADENCE, "Ada")
    app.number_input(key=drafts.key("cadence_policy", "every")).set_value(7)
    app.date_input(key=drafts.key("cadence_policy", "first")).set_value(dt.date(2026, 9, 1))
    app.run()
    app.button(key="cadence_policy_save").click().run()
    assert not app.exception
    assert "every 7 days" in words(app)
    assert tile(opened(CADENCE, "Maya"), "Cadence adherence") != before
    assert past_their_next(opened("pages/team/overview.py", "Maya")) > late_before


def test_a_company_whose_people_are_loaded_and_whose_sessions_are_not_is_told_so(
    fresh_caches: None, sqlite_database_url: str, sqlite_engine: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COACHING_DATABASE_URL", sqlite_database_url)
    load(sqlite_engine, "people", [{**row, "started_on": "2026-01-05"} for row in PEOPLE])
    for who in ("Maya", "Dana", "Eve", "Ravi", "Ada"):
        app = opened(CADENCE, who)
        assert not app.error
    written = words(opened(CADENCE, "Maya"))
    assert "No session has been recorded yet, so nothing can be said about the cadence." in written
    assert "load a file of sessions" in written
    assert not app_with_numbers()


def app_with_numbers() -> list[Any]:
    """Whatever on Maya's page could be read as a number about somebody."""
    app = opened(CADENCE, "Maya")
    return [*figures(app), *app.metric, *app.dataframe]
