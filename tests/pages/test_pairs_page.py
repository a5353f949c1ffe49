"""Peer pairs on the pages: Maya proposes and starts, Ravi and Rosa write on their own page, nobody else reads it."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from streamlit.testing.v1 import AppTest

from coaching.observations import ObservationDraft, ScoreDraft
from coaching.pairing import MeetingDraft, PairDraft
from data_access.commands import pairs as commands
from data_access.commands.observations import record_observation
from data_access.default_scorecard import ensure_default_scorecard
from data_access.engine import open_engine, reading, writing
from data_access.queries.last_steps import pair_to_undo
from data_access.tables import peer_capacity, peer_meeting, peer_pair, skill
from tests.companies import NOW, PEOPLE, TODAY, deal, load, someone
from tests.databases import sqlite_url
from tests.pages.opening import MY_COACHING, SKILLS, figures, opened, said, words

DAY = dt.timedelta(days=1)
LEVELS = {"ravi": 1, "rosa": 5, "wim": 5, "wanda": 1}


@pytest.fixture(scope="module")
def scored(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Rosa and Wim are strong at finding out what matters, Ravi and Wanda would gain; three scores each."""
    file = tmp_path_factory.mktemp("pairs") / "scored.sqlite3"
    shutil.copyfile(sqlite_template, file)
    engine = open_engine(sqlite_url(file))
    load(engine, "people", PEOPLE)
    load(engine, "deals", [deal("r1")])
    with writing(engine) as connection:
        ensure_default_scorecard(connection)
        for who, level in LEVELS.items():
            for days in (60, 50, 40):
                _observe(engine, connection, who, level, days)
    with engine.connect() as connection:
        # Everything into the one file that is copied.
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return file


@pytest.fixture
def company(scored: Path, tmp_path: Path, fresh_caches: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[sa.Engine]:
    """A company of one's own to write in."""
    shutil.copyfile(scored, tmp_path / "company.sqlite3")
    url = sqlite_url(tmp_path / "company.sqlite3")
    monkeypatch.setenv("COACHING_DATABASE_URL", url)
    engine = open_engine(url)
    yield engine
    engine.dispose()


def _observe(
    engine: sa.Engine, connection: sa.Connection, who: str, level: int, days: int, about: str = "discovery"
) -> None:
    at = NOW - days * DAY
    by = someone(engine, "dana")
    scores = (ScoreDraft(about, level, "Asked and waited." if level == 5 else "Told the price at once."),)
    record_observation(by, connection, ObservationDraft(number(engine, who), None, at, scores=scores), at)


def number(engine: sa.Engine, who: str) -> int:
    found = someone(engine, who).person_id
    assert found is not None
    return found


def run(engine: sa.Engine, command: Any, who: str, *args: Any, now: dt.datetime = NOW, **more: Any) -> Any:
    with writing(engine) as connection:
        return command(someone(engine, who), connection, *args, now=now, **more)


def started(engine: sa.Engine, who: str = "maya", strong: str = "rosa", now: dt.datetime = NOW) -> int:
    with reading(engine) as connection:
        about = connection.scalar(sa.select(skill.c.id).where(skill.c.slug == "discovery"))
    draft = PairDraft(int(about or 0), number(engine, strong), number(engine, "ravi"))
    [pair] = run(engine, commands.propose_pairs, who, [draft], now=now)
    run(engine, commands.accept_pair, who, pair, 1, now=now)
    return int(pair)


def one(engine: sa.Engine, statement: sa.Select[Any]) -> Any:
    with reading(engine) as connection:
        return connection.execute(statement).one()


def click(app: AppTest, label: str) -> AppTest:
    """The only button with this label, pressed; what the page says then stands in ``app``."""
    [button] = [button for button in app.button if button.label == label]
    button.click().run()
    assert not app.exception
    return app


def told(app: AppTest) -> str:
    return " ".join(str(element.value) for element in [*app.success, *app.warning]).replace("\\", "")


SHEET = MeetingDraft(TODAY, "Stopped after the question", "Asked what it costs", "Ten seconds of silence", "Two calls")


# ---- Maya -------------------------------------------------------------------------------------------------------


def test_maya_proposes_what_is_suggested_starts_it_and_both_people_find_it(company: sa.Engine) -> None:
    app = opened(SKILLS, "Maya")
    titles = [figure["layout"]["title"]["text"].replace("<br>", " ").replace("\u00a0", " ") for figure in figures(app)]
    assert "Finding out what matters: 1 of 2 reps is clearly strong, 1 would gain" in titles
    assert "Suggested: 1 pair" in words(app)
    assert "level 0, n 3" in words(app).replace("Level", "level")
    click(app, "Propose")
    assert one(company, sa.select(peer_pair.c.status)).status == "proposed"
    assert "Rosa Marin helps Ravi Nair" in words(app)
    assert "Suggested: 1 pair" not in words(app)
    assert "No peer pair at the moment" in words(opened(MY_COACHING, "Ravi"))
    click(app, "Start it")
    assert "The pair has begun" in told(app)
    assert "1 under way" in words(app)
    for who, other in (("Ravi", "Rosa Marin"), ("Rosa", "Ravi Nair")):
        written = words(opened(MY_COACHING, who))
        assert "My peer pair" in written
        assert other in written
    click(app, "Undo")
    assert "It is a proposal again." in told(app)
    click(app, "Take it back")
    assert "Suggested: 1 pair" in words(app)


def test_the_skill_that_is_shown_stays_until_somebody_chooses_another(company: sa.Engine) -> None:
    # Once both pairs about discovery are proposed, its helpers have no room left and opening promises more.
    for who in ("rosa", "wim"):
        run(company, commands.set_pair_limit, "dana", number(company, who), 1)
    with writing(company) as connection:
        for who, level in (("ravi", 1), ("wanda", 5)):
            for days in (30, 20, 10):
                _observe(company, connection, who, level, days, about="opening")
    app = opened(SKILLS, "Dana")
    assert app.selectbox(key="pair_skill").value == "discovery"
    click(app, "Propose all 2")
    assert "2\u00a0pairs are proposed" in told(app)
    assert app.selectbox(key="pair_skill").value == "discovery"
    app.run()
    assert app.selectbox(key="pair_skill").value == "discovery"
    app.selectbox(key="pair_skill").set_value("opening").run()
    assert app.selectbox(key="pair_skill").value == "opening"
    assert opened(SKILLS, "Dana").selectbox(key="pair_skill").value == "opening"


def test_a_pair_is_closed_with_a_click_and_with_another_one_it_is_open_again(company: sa.Engine) -> None:
    started(company)
    app = click(opened(SKILLS, "Maya"), "Close the pair")
    assert one(company, sa.select(peer_pair.c.status, peer_pair.c.ends_on)) == ("closed", TODAY)
    assert "1 closed" in words(app)
    click(app, "Undo")
    assert one(company, sa.select(peer_pair.c.status)).status == "accepted"


def test_the_way_back_from_closing_a_pair_outlives_a_reload_until_it_is_fine_or_the_day_is_over(
    company: sa.Engine,
) -> None:
    pair = started(company)
    click(opened(SKILLS, "Maya"), "Close the pair")
    assert not [button for button in opened(SKILLS, "Dana").button if button.label == "Undo"]
    assert not [button for button in opened(SKILLS, "Maya", as_of=TODAY - DAY).button if button.label == "Undo"]
    again = opened(SKILLS, "Maya")
    assert "You closed the pair of Rosa Marin and Ravi Nair, Finding out what matters." in words(again)
    click(again, "Undo")
    assert one(company, sa.select(peer_pair.c.status)).status == "accepted"
    click(opened(MY_COACHING, "Rosa"), "We are done: close it")
    assert not [button for button in opened(SKILLS, "Maya").button if button.label == "Undo"]
    rosa = opened(MY_COACHING, "Rosa")
    rosa.button(key="pair_fine").click().run()
    assert not [button for button in opened(MY_COACHING, "Rosa").button if button.key == "undo_pair"]
    with reading(company) as connection:
        for hours, found in ((23, pair), (25, None)):
            at = NOW + dt.timedelta(hours=hours)
            row = pair_to_undo(someone(company, "rosa"), connection, now=at, today=TODAY)
            assert (row and row["pair_id"]) == found


def test_who_would_gain_and_has_no_pair_is_named_with_the_reason(company: sa.Engine) -> None:
    run(company, commands.set_pair_limit, "maya", number(company, "rosa"), 0)
    written = words(opened(SKILLS, "Maya"))
    assert "Suggested" not in written
    assert "everybody strong in Finding out what matters takes no pairs at the moment" in written
    assert "Rosa Marin: None at the moment" in written


def test_a_manager_changes_how_many_pairs_somebody_takes(company: sa.Engine) -> None:
    app = opened(SKILLS, "Maya")
    ravi = number(company, "ravi")
    assert app.selectbox(key=f"pair_limit_{ravi}").value == "usual"
    app.selectbox(key=f"pair_limit_{ravi}").set_value("1").run()
    assert one(company, sa.select(peer_capacity.c.person_id, peer_capacity.c.pairs_at_most)) == (ravi, 1)
    app.selectbox(key=f"pair_limit_{ravi}").set_value("usual").run()
    with reading(company) as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(peer_capacity)) == 0


def test_dana_pairs_across_teams_or_within_and_the_address_says_which(company: sa.Engine) -> None:
    app = opened(SKILLS, "Dana", skill="discovery")
    assert "Suggested: 2 pairs" in words(app)
    app.radio(key="pair_teams").set_value("same_team").run()
    assert said(app, "pairs") == "same_team"
    helpers = [choice for choice in app.selectbox if str(choice.key).startswith("helper_")]
    options = {str(choice.key).split("_")[2]: choice.options for choice in helpers}
    assert options == {
        str(number(company, "ravi")): ["Rosa Marin"],
        str(number(company, "wanda")): ["Wim de Boer"],
    }
    click(app, "Propose all 2")
    assert "2 proposed" in words(app)
    app.selectbox(key="pair_skill").set_value("opening").run()
    assert said(app, "skill") == "opening"
    assert "too few scores" in words(app)


def test_a_proposal_gets_another_helper_by_choosing_one(company: sa.Engine) -> None:
    app = opened(SKILLS, "Dana", skill="discovery")
    helper = next(choice for choice in app.selectbox if str(choice.key).startswith("helper_"))
    helper.set_value(number(company, "rosa")).run()
    app.button(key=f"propose_{str(helper.key).split('_')[1]}_{number(company, 'ravi')}").click().run()
    pair = one(company, sa.select(peer_pair.c.id, peer_pair.c.strong_id))
    assert pair.strong_id == number(company, "rosa")
    app.selectbox(key=f"helps_{pair.id}").set_value(number(company, "wim")).run()
    assert one(company, sa.select(peer_pair.c.strong_id)).strong_id == number(company, "wim")
    assert "The proposal is changed." in told(app)


def test_of_a_pair_across_teams_maya_sees_her_own_reps_level_only(company: sa.Engine) -> None:
    pair = started(company, "dana", "wim", now=NOW - 30 * DAY)
    run(company, commands.write_meeting, "ravi", pair, SHEET)
    app = opened(SKILLS, "Maya")
    assert "Wim de Boer helps Ravi Nair" in words(app)
    assert "Ten seconds of silence" in words(app)
    assert not [button for button in app.button if button.label == "Start it"]
    table = next(found.value for found in app.dataframe if "before" in found.value.columns)
    assert table["name"].to_list() == ["Ravi Nair", "Wim de Boer"]
    assert table["before"].to_list() == ["0 (n\u00a03)", "not in your view"]
    assert "Too early to say what followed" in words(app)


def test_as_of_a_past_day_pairs_are_read_and_nothing_is_offered(company: sa.Engine) -> None:
    started(company, now=NOW - 5 * DAY)
    app = opened(SKILLS, "Maya", as_of=TODAY - 2 * DAY)
    assert "1 under way" in words(app)
    offered = {button.label for button in app.button}
    assert not offered & {"Propose", "Close the pair", "Start it"}
    assert "Suggested" not in words(app)
    assert "Peer pairs: who could help whom?" in words(opened(SKILLS, "Maya", as_of=TODAY - 6 * DAY))


def test_the_executive_the_admin_and_another_manager_see_no_pair(company: sa.Engine) -> None:
    started(company)
    for who in ("Eve", "Ada"):
        assert "pair" not in words(opened(SKILLS, who)).lower()
        assert "pair" not in words(opened(MY_COACHING, who)).lower()
    omar = words(opened(SKILLS, "Omar"))
    assert "Ravi" not in omar
    assert "Rosa" not in omar


# ---- Ravi and Rosa ----------------------------------------------------------------------------------------------


def test_ravi_writes_a_worksheet_that_survives_a_reload_and_rosa_and_maya_read(company: sa.Engine) -> None:
    pair = started(company)
    form = f"pair-meeting:{pair}:new"
    app = opened(MY_COACHING, "Ravi")
    assert "so do the managers above each of you" in words(app)
    app.text_area(key=f"{form}|tried").set_value("Asked what it costs").run()
    again = opened(MY_COACHING, "Ravi")
    assert again.text_area(key=f"{form}|tried").value == "Asked what it costs"
    again.text_area(key=f"{form}|worked").set_value("Ten seconds of *silence*").run()
    click(again, "Save the worksheet")
    assert "The worksheet is saved" in told(again)
    stored = one(company, sa.select(peer_meeting.c.tried, peer_meeting.c.worked, peer_meeting.c.met_on))
    assert stored == ("Asked what it costs", "Ten seconds of *silence*", TODAY)
    assert again.text_area(key=f"{form}|tried").value == ""
    assert "**You tried:** Asked what it costs" in words(again)
    for page, who in ((MY_COACHING, "Rosa"), (SKILLS, "Maya"), (SKILLS, "Dana")):
        assert "**Ravi tried:** Asked what it costs" in words(opened(page, who))
    for page, who in ((MY_COACHING, "Wim"), (SKILLS, "Omar"), (SKILLS, "Eve"), (MY_COACHING, "Wanda")):
        assert "Asked what it costs" not in words(opened(page, who))


def test_a_worksheet_without_an_answer_is_refused_in_a_sentence(company: sa.Engine) -> None:
    started(company)
    app = click(opened(MY_COACHING, "Ravi"), "Save the worksheet")
    assert "Answer at least one of the four questions." in told(app)


def test_the_second_of_the_two_who_changes_a_worksheet_is_told_and_loses_nothing(company: sa.Engine) -> None:
    pair = started(company)
    sheet = run(company, commands.write_meeting, "ravi", pair, SHEET)
    form = f"pair-meeting:{pair}:{sheet}"
    app = click(opened(MY_COACHING, "Rosa"), "Change it")
    app.text_area(key=f"{form}|worked").set_value("Waiting").run()
    his = MeetingDraft(TODAY, "Stopped after the question", "Asked twice", "Ten seconds of silence", "Two calls")
    run(company, commands.write_meeting, "ravi", pair, his, meeting_id=sheet, version=1)
    app.button(key=f"{form}|save").click().run()
    assert "Somebody saved this" in told(app)
    assert "Asked twice" in words(app)
    assert app.text_area(key=f"{form}|worked").value == "Waiting"
    click(app, "I have seen it: my version counts")
    app.button(key=f"{form}|save").click().run()
    assert one(company, sa.select(peer_meeting.c.worked, peer_meeting.c.version)) == ("Waiting", 3)


def test_the_second_of_the_two_who_writes_the_same_meeting_down_adds_to_what_the_first_has_saved(
    company: sa.Engine,
) -> None:
    pair = started(company)
    form = f"pair-meeting:{pair}:new"
    app = opened(MY_COACHING, "Rosa")
    app.text_area(key=f"{form}|worked").set_value("Waiting").run()
    run(company, commands.write_meeting, "ravi", pair, SHEET)
    click(app, "Save the worksheet")
    assert "Somebody saved this" in told(app)
    assert "is written down already, by Ravi Nair" in words(app).replace("\u00a0", " ")
    assert app.text_area(key=f"{form}|worked").value == "Waiting"
    click(app, "Add mine to it")
    assert app.text_area(key=f"{form}|worked").value == "Ten seconds of silence\nWaiting"
    # What was put together survives a reload as well.
    again = opened(MY_COACHING, "Rosa")
    assert again.date_input(key=f"{form}|met_on").disabled
    click(again, "Save the worksheet")
    assert "The worksheet is saved" in told(again)
    stored = one(company, sa.select(peer_meeting.c.worked, peer_meeting.c.tried, peer_meeting.c.version))
    assert stored == ("Ten seconds of silence\nWaiting", "Asked what it costs", 2)
    assert not again.date_input(key=f"{form}|met_on").disabled
    assert again.text_area(key=f"{form}|worked").value == ""


def test_each_of_the_two_sees_their_own_level_and_none_of_the_other(company: sa.Engine) -> None:
    started(company, now=NOW - 30 * DAY)
    with writing(company) as connection:
        _observe(company, connection, "ravi", 3, 2)
        _observe(company, connection, "rosa", 4, 2)
    ravi, rosa = words(opened(MY_COACHING, "Ravi")), words(opened(MY_COACHING, "Rosa"))
    assert "0 (n 3) before, 50 (n 1) since. +50" in ravi
    assert "100 (n 3) before, 75 (n 1) since." in rosa
    assert "100 (n 3)" not in ravi
    assert "0 (n 3) before, 50" not in rosa


def test_one_of_the_two_can_say_that_they_are_done(company: sa.Engine) -> None:
    started(company)
    app = click(opened(MY_COACHING, "Rosa"), "We are done: close it")
    assert one(company, sa.select(peer_pair.c.status)).status == "closed"
    assert "Earlier: 1 closed pair" in str([expander.label for expander in app.expander]).replace("\\xa0", " ")
    app = opened(MY_COACHING, "Ravi", as_of=TODAY - DAY)
    assert not [button for button in app.button if "close it" in button.label]


def test_a_rep_says_how_many_pairs_they_take(company: sa.Engine) -> None:
    app = opened(MY_COACHING, "Ravi")
    app.selectbox(key=f"pair_limit_{number(company, 'ravi')}").set_value("0").run()
    assert one(company, sa.select(peer_capacity.c.pairs_at_most, peer_capacity.c.set_by)) == (
        0,
        number(company, "ravi"),
    )


# ---- The demo ---------------------------------------------------------------------------------------------------


def test_the_demo_shows_pairs_of_every_kind_with_what_followed(demo: str) -> None:
    app = opened(SKILLS, "Dana")
    assert "under way" in words(app)
    assert "proposed" in words(app)
    assert "Since their pairs began" in words(app)
    assert "An association, not proof" in words(app)
    table = next(found.value for found in app.dataframe if "before" in found.value.columns)
    assert any(part.startswith("worked on it with ") for part in table["part"])
    assert any(part.startswith("helped ") for part in table["part"])
    ravi = words(opened(MY_COACHING, "Ravi"))
    assert "My peer pair" in ravi
    assert "**You tried:**" in ravi


def test_who_has_a_team_too_large_to_read_chooses_one_first(demo: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from ui import pair_suggestions

    monkeypatch.setattr(pair_suggestions, "MOST_ROWS", 5)
    written = words(opened(SKILLS, "Dana"))
    assert "too many to put together at once" in written
    assert "Suggested" not in written
    assert "under way" in written
