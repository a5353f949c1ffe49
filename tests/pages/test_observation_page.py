"""Recording what was seen, as coach, rep, second coach and leader; and the library that good moments end up in."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa
from streamlit.testing.v1 import AppTest

from coaching.observations import ObservationDraft, ScoreDraft
from coaching.people import Viewer
from data_access import tables
from data_access.commands import observations as commands
from data_access.default_scorecard import ensure_default_scorecard
from data_access.engine import reading, writing
from tests.companies import NOW, PEOPLE, TODAY, deal, load
from tests.copies import sqlite_copies_of
from tests.demo import id_of
from tests.pages.opening import LIBRARY, OBSERVATION, PROGRESS, opened, said, words
from tests.pages.test_every_page import GARBAGE
from ui import loaders
from ui.empty_states import NO_SUCH_PERSON
from ui.loaders import observations
from ui.observation_views import NO_SUCH_OBSERVATION

HOSTILE = "![x](http://127.0.0.1:8899/p.png) :red[boss] <b>bold</b> [link](http://127.0.0.1:8899)"


def founded(engine: sa.Engine) -> None:
    load(engine, "people", PEOPLE)
    load(engine, "deals", [deal("r1", "ravi", name="Harbour cranes", account="Quay Ltd")])
    with writing(engine) as connection:
        ensure_default_scorecard(connection)


copy = sqlite_copies_of(founded)


@pytest.fixture
def company(copy: sa.Engine, fresh_caches: None, monkeypatch: pytest.MonkeyPatch) -> sa.Engine:
    """A small company with scorecards, that the pages look at and may write to."""
    monkeypatch.setenv("COACHING_DATABASE_URL", str(copy.url))
    return copy


def viewer(first_name: str) -> Viewer:
    sight = loaders.sight_of(id_of(first_name))
    assert sight is not None
    return sight.viewer


def recorded(engine: sa.Engine, who: str, about: str, **more: Any) -> int:
    given = {"observed_at": NOW - dt.timedelta(hours=2), "channel": "phone", **more}
    given.setdefault("scores", (ScoreDraft("discovery", 5, "Waited for the figure"), ScoreDraft("objections", 2)))
    draft = ObservationDraft(person_id=int(id_of(about)), observer_id=None, **given)
    with writing(engine) as connection:
        return commands.record_observation(viewer(who), connection, draft, NOW)


def score(app: AppTest, skill: str, level: int) -> AppTest:
    """Tap a level of a skill."""
    item = item_of(skill)
    return app.button(key=f"level_{item}_{level}").click().run()


def item_of(skill: str) -> int:
    with reading(loaders.engine()) as connection:
        found = connection.scalar(
            sa.select(tables.scorecard_item.c.id)
            .join(tables.skill, tables.skill.c.id == tables.scorecard_item.c.skill_id)
            .where(tables.skill.c.slug == skill)
        )
    assert found is not None
    return int(found)


def area(app: AppTest, label: str) -> Any:
    return next(each for each in app.text_area if each.label == label)


def kept(engine: sa.Engine) -> int:
    with reading(engine) as connection:
        return int(connection.scalar(sa.select(sa.func.count()).select_from(tables.observation)) or 0)


def press(app: AppTest, label: str) -> AppTest:
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception
    return app


# ---- The coach -------------------------------------------------------------------------------------------------


def test_maya_chooses_ravi_scores_three_skills_and_saves(company: sa.Engine) -> None:
    app = opened(OBSERVATION, "Maya")
    app.selectbox(key="observe_choice").select(int(id_of("Ravi"))).run()
    assert said(app, "rep") == id_of("Ravi")
    for skill, level in (("discovery", 4), ("objections", 2), ("next_steps", 3)):
        score(app, skill, level)
    # What the level looks like stands under it, in words.
    assert "The customer puts a number on the problem" in words(app)
    assert "3 of 8 scored" in words(app)
    area(app, "What went well").set_value("You waited").run()
    press(app, "Save")
    assert "Saved: 3 skills scored for Ravi Nair" in words(app)
    assert "asked for their own view first" in words(app)
    assert "0 of 8 scored" in words(app)
    assert area(app, "What went well").value == ""
    assert kept(company) == 1
    press(app, "Undo")
    assert kept(company) == 0
    assert "Saved:" not in words(app)


def test_a_second_tap_takes_a_level_back(company: sa.Engine) -> None:
    app = opened(OBSERVATION, "Maya", rep=id_of("Ravi"))
    score(app, "discovery", 4)
    assert "1 of 8 scored" in words(app)
    score(app, "discovery", 4)
    assert "0 of 8 scored" in words(app)


def test_a_refusal_says_how_to_mend_it_and_loses_nothing(company: sa.Engine) -> None:
    app = opened(OBSERVATION, "Maya", rep=id_of("Ravi"))
    area(app, "The one thing").set_value("Let the doubt be spoken to the end").run()
    press(app, "Save")
    assert "Score at least one skill" in app.error[0].value
    assert area(app, "The one thing").value == "Let the doubt be spoken to the end"
    assert kept(company) == 0
    score(app, "discovery", 4)
    press(app, "Save")
    assert not app.error
    assert kept(company) == 1


def test_a_day_to_come_is_refused_even_if_the_widget_lets_it_through(company: sa.Engine) -> None:
    app = opened(OBSERVATION, "Maya", rep=id_of("Ravi"))
    score(app, "discovery", 4)
    app.date_input[0].set_value(TODAY + dt.timedelta(days=1)).run()
    press(app, "Save")
    assert "in the future" in app.error[0].value
    assert kept(company) == 0


def test_a_half_filled_form_survives_a_reload_and_another_page(company: sa.Engine) -> None:
    app = opened(OBSERVATION, "Maya", rep=id_of("Ravi"))
    score(app, "discovery", 4)
    area(app, "Evidence for “Finding out what matters”").set_value("Waited for the figure").run()
    area(app, "The one thing").set_value("Keep the last five minutes").run()
    again = opened(OBSERVATION, "Maya", rep=id_of("Ravi"))
    assert "Draft from 09:00 restored" in words(again)
    assert "1 of 8 scored" in words(again)
    assert area(again, "Evidence for “Finding out what matters”").value == "Waited for the figure"
    assert area(again, "The one thing").value == "Keep the last five minutes"
    again.switch_page(LIBRARY)
    again.run()
    again.switch_page(OBSERVATION)
    again.run()
    assert area(again, "The one thing").value == "Keep the last five minutes"
    # The draft is about Ravi, and Maya's alone.
    assert "restored" not in words(opened(OBSERVATION, "Maya", rep=id_of("Rosa")))
    assert "restored" not in words(opened(OBSERVATION, "Dana", rep=id_of("Ravi")))
    press(again, "Start anew")
    assert "0 of 8 scored" in words(again)
    assert area(again, "The one thing").value == ""
    assert "restored" not in words(opened(OBSERVATION, "Maya", rep=id_of("Ravi")))


def test_evidence_is_still_there_when_its_level_is_taken_back_and_given_again(company: sa.Engine) -> None:
    app = opened(OBSERVATION, "Maya", rep=id_of("Ravi"))
    score(app, "discovery", 4)
    area(app, "Evidence for “Finding out what matters”").set_value("Waited").run()
    score(app, "discovery", 4)
    score(app, "objections", 1)
    score(app, "discovery", 3)
    assert area(app, "Evidence for “Finding out what matters”").value == "Waited"


def test_the_live_mode_is_asked_only_where_a_call_is_live(company: sa.Engine) -> None:
    app = opened(OBSERVATION, "Maya", rep=id_of("Ravi"))
    assert "Your part in the call" not in [radio.label for radio in app.radio]
    channel = next(radio for radio in app.radio if radio.label == "How did you see it?")
    channel.set_value("phone").run()
    assert "Your part in the call" in [radio.label for radio in app.radio]


def test_the_deal_is_chosen_from_those_of_the_rep(company: sa.Engine) -> None:
    app = opened(OBSERVATION, "Maya", rep=id_of("Ravi"))
    about = next(box for box in app.selectbox if box.label.startswith("What was it about"))
    assert "Harbour cranes (Quay Ltd)" in about.options
    about.select_index(0).run()
    score(app, "discovery", 4)
    press(app, "Save")
    press(app, "Look at it")
    assert "Harbour cranes (Quay Ltd)" in words(app)


def test_somebody_out_of_view_reads_like_nobody(company: sa.Engine) -> None:
    for rep in (id_of("Wim"), 999_999):
        app = opened(OBSERVATION, "Maya", rep=rep)
        assert NO_SUCH_PERSON in words(app)
        assert not app.text_area


def test_words_of_others_are_shown_as_they_were_typed(company: sa.Engine) -> None:
    first = recorded(
        company, "Maya", "Ravi", went_well=HOSTILE, one_thing=HOSTILE, scores=(ScoreDraft("discovery", 4, HOSTILE),)
    )
    app = opened(OBSERVATION, "Ravi", observation=first)
    shown = [element.value for element in [*app.markdown, *app.caption] if "boss" in element.value]
    assert len(shown) == 3
    for text in shown:
        assert "![x](" not in text
        assert ":red[" not in text
        assert "<b>" not in text


# ---- The rep ---------------------------------------------------------------------------------------------------


def test_ravi_gives_his_own_view_before_he_sees_mayas(company: sa.Engine) -> None:
    first = recorded(company, "Maya", "Ravi", ask_own_view=True, went_well="You waited", one_thing="Slow down")
    app = opened(OBSERVATION, "Ravi")
    assert "1 conversation waits for your own view" in [
        each.label.strip("*").replace("\u00a0", " ") for each in app.expander
    ]
    app.button(key=f"own_{first}").click().run()
    assert said(app, "observation") == str(first)
    for secret in ("You waited", "Slow down", "Waited for the figure"):
        assert secret not in words(app)
    score(app, "discovery", 3)
    press(app, "Save")
    written = words(app)
    assert "You waited" in written
    assert "the own view is 2 levels lower" in written
    assert "Finding out what matters (1 to 5): Maya Lindgren 5, You 3" in written.replace("*", "")
    assert "Finding out what matters (1 to 5): You 5, Own view 3" in words(
        opened(OBSERVATION, "Maya", observation=first)
    ).replace("*", "")


def test_ravi_may_ask_to_be_shown_without(company: sa.Engine) -> None:
    first = recorded(company, "Maya", "Ravi", ask_own_view=True, went_well="You waited")
    app = opened(OBSERVATION, "Ravi")
    app.button(key=f"skip_{first}").click().run()
    assert "You waited" in words(app)


def test_after_seven_days_the_first_page_that_anybody_opens_has_opened_it(
    company: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = recorded(company, "Maya", "Ravi", ask_own_view=True, went_well="You waited")
    monkeypatch.setattr(loaders, "now", lambda: NOW + dt.timedelta(days=8))
    opened(PROGRESS, "Wim")
    assert "You waited" in words(opened(OBSERVATION, "Ravi", observation=first))


def test_ravi_goes_first_and_maya_answers_his_view_blind(company: sa.Engine) -> None:
    app = opened(OBSERVATION, "Ravi")
    assert "Look at a conversation of your own" in words(app)
    score(app, "objections", 2)
    area(app, "The one thing").set_value("I rushed it").run()
    press(app, "Save")
    assert "Saved: 1 skill scored" in words(app)
    answering = opened(OBSERVATION, "Maya")
    press(answering, "Score the same call")
    assert "I rushed it" not in words(answering)
    score(answering, "objections", 4)
    press(answering, "Save")
    assert "I rushed it" in words(answering)
    assert "the own view is 2 levels lower" in words(answering)


# ---- The second coach, the leader, the others ------------------------------------------------------------------


def test_omar_scores_blind_what_maya_asks_him_to(company: sa.Engine) -> None:
    first = recorded(company, "Maya", "Ravi", went_well="You waited")
    app = opened(OBSERVATION, "Maya", observation=first)
    app.selectbox(key=f"rater_{first}").select(int(id_of("Omar"))).run()
    app.button(key=f"ask_{first}").click().run()
    assert "Second coach: Omar Haddad has not scored yet" in words(app)
    his = opened(OBSERVATION, "Omar")
    his.button(key=f"second_{first}").click().run()
    assert "You waited" not in words(his)
    score(his, "discovery", 3)
    press(his, "Save")
    written = words(his).replace("*", "")
    assert "Maya Lindgren 5, You 3" in written
    # The words stay between Maya, Ravi and their line.
    assert "You waited" not in written
    assert "Waited for the figure" not in written


def test_omar_may_decline(company: sa.Engine) -> None:
    first = recorded(company, "Maya", "Ravi")
    with writing(company) as connection:
        commands.ask_second_rating(viewer("Maya"), connection, first, int(id_of("Omar")), NOW)
    app = opened(OBSERVATION, "Omar")
    app.button(key=f"decline_{first}").click().run()
    assert "wait" not in " ".join(each.label for each in app.expander)
    assert "has declined" in words(opened(OBSERVATION, "Maya", observation=first))


def test_dana_scores_how_maya_coaches_on_the_coaching_card(company: sa.Engine) -> None:
    app = opened(OBSERVATION, "Dana", rep=id_of("Maya"))
    assert "Asks before telling" in words(app)
    score(app, "asks_first", 3)
    press(app, "Save")
    assert "Saved: 1 skill scored for Maya Lindgren" in words(app)
    # Of Ravi she scores how he sells, and nobody asks her which.
    ravi = opened(OBSERVATION, "Dana", rep=id_of("Ravi"))
    assert "Finding out what matters" in words(ravi)
    assert "What did you see?" not in [radio.label for radio in ravi.radio]


@pytest.mark.parametrize("who", ["Eve", "Ada", "executive", "admin"])
def test_executives_and_admins_find_neither_forms_nor_words(company: sa.Engine, who: str) -> None:
    first = recorded(company, "Maya", "Ravi", went_well="You waited")
    for page in (OBSERVATION, LIBRARY):
        app = opened(page, who, observation=first, rep=id_of("Ravi"))
        assert not app.text_area
        assert "You waited" not in words(app)
        assert "Ravi" not in words(app)


def test_an_observation_out_of_view_reads_like_one_that_does_not_exist(company: sa.Engine) -> None:
    foreign = recorded(company, "Omar", "Wim")
    waiting = recorded(company, "Maya", "Rosa", ask_own_view=True)
    for who, number in (("Maya", foreign), ("Ravi", foreign), ("Ravi", waiting), ("Dana", waiting), ("Maya", 999_999)):
        app = opened(OBSERVATION, who, observation=number)
        assert NO_SUCH_OBSERVATION in words(app), (who, number)
        assert "Waited for the figure" not in words(app)


@pytest.mark.parametrize("name", ["observation", "deal", "skill", "rep"])
@pytest.mark.parametrize("page", [OBSERVATION, LIBRARY])
def test_garbage_in_the_address_is_answered_with_a_page(company: sa.Engine, page: str, name: str) -> None:
    app = opened(page, "Maya", rep=id_of("Ravi"))
    for garbage in GARBAGE:
        app.query_params[name] = garbage
        app.run()
        assert app.title
        assert not app.exception, garbage


# ---- The library -----------------------------------------------------------------------------------------------


def test_a_strong_moment_reaches_the_library_with_ravis_consent_and_leaves_it_again(company: sa.Engine) -> None:
    first = recorded(company, "Maya", "Ravi")
    press(opened(OBSERVATION, "Maya", observation=first), "Offer as an example")
    assert "Waited for the figure" not in words(opened(LIBRARY, "Wim"))
    press(opened(OBSERVATION, "Ravi"), "Share it")
    written = words(opened(LIBRARY, "Wim"))
    assert "Waited for the figure" in written
    assert "Ravi Nair" in written
    assert "1 moment from 1 person shows 1 skill at work" in written
    press(opened(OBSERVATION, "Ravi", observation=first), "Take it back")
    assert "Waited for the figure" not in words(opened(LIBRARY, "Wim"))


def test_the_library_is_searched_by_words_and_by_skill(demo: str) -> None:
    app = opened(LIBRARY, "Ravi")
    titles = [element.value for element in app.subheader]
    assert len(titles) >= 8
    assert "moments from" in words(app)
    app.selectbox(key="library_skill").select("negotiating").run()
    assert said(app, "skill") == "negotiating"
    assert [element.value for element in app.subheader] == ["Holding the price"]
    app.text_input(key="library_words").set_value("no such words anywhere").run()
    assert "Nothing here has these words" in words(app)


def test_the_demo_has_something_waiting_on_every_side(demo: str) -> None:
    names = ["own_view", "second_rating", "answer"]
    found = dict.fromkeys(names, 0)
    anybody = loaders.sight_of(None)
    assert anybody is not None
    for person_id in loaders.local_viewers(anybody)["person_id"]:
        sight = loaders.sight_of(str(person_id))
        assert sight is not None
        for name in names:
            found[name] += observations.waiting(sight)[name].height
    assert all(found.values()), found
