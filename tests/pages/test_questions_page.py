"""The question bank on its page: coaches read, an admin changes, retires, adds and takes back."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from streamlit.testing.v1 import AppTest

from coaching.questions import SITUATIONS, bank
from data_access.commands.agenda import add_item
from data_access.default_scorecard import ensure_default_scorecard
from data_access.engine import reading, writing
from data_access.tables import question_edit
from tests.companies import NOW, PEOPLE, load, someone
from tests.pages.opening import QUESTIONS, SESSION, opened, said, words

FORM = "question:steady.me"
BEFORE = "What could I do differently as your coach?"


@pytest.fixture
def company(
    sqlite_engine: sa.Engine, sqlite_database_url: str, fresh_caches: None, monkeypatch: pytest.MonkeyPatch
) -> sa.Engine:
    monkeypatch.setenv("COACHING_DATABASE_URL", sqlite_database_url)
    load(sqlite_engine, "people", PEOPLE)
    with writing(sqlite_engine) as connection:
        ensure_default_scorecard(connection)
    return sqlite_engine


def history(company: sa.Engine) -> list[tuple[str, bool]]:
    with reading(company) as connection:
        rows = connection.execute(sa.select(question_edit).order_by(question_edit.c.id)).all()
    return [(row.body, row.is_active) for row in rows]


def rewrite(app: AppTest, text: str) -> AppTest:
    app.text_area(key=f"{FORM}|text").input(text).run()
    return app.button(key=f"save_{FORM}").click().run()


def folds(app: AppTest) -> list[str]:
    """The situations that are folded on the page, in order."""
    return [block.label.replace("\u00a0", " ") for block in app.expander if str(block.label).endswith(")")]


def test_how_questions_are_chosen_stands_above_them_and_all_are_folded(company: sa.Engine) -> None:
    app = opened(QUESTIONS, "Ada")
    shown = words(app)
    assert shown.index("are chosen by what the rep's data shows") < shown.index(bank()[0].text)
    assert not any(block.proto.expanded for block in app.expander)
    assert not app.text_area
    app.button(key="change_steady").click().run()
    assert said(app, "situation") == "steady"
    assert app.text_area(key=f"{FORM}|text").value == BEFORE


def test_maya_reads_every_situation_and_changes_nothing(company: sa.Engine) -> None:
    app = opened(QUESTIONS, "Maya")
    shown = words(app)
    assert f"{len(bank())} open questions for {len(SITUATIONS)} situations." in shown
    assert "after 6 one-on-ones" in shown
    labels = folds(app)
    assert [label.rpartition(" (")[0] for label in labels] == [kind.title for kind in SITUATIONS.values()]
    assert BEFORE in shown
    for situation in (None, "steady"):
        app = opened(QUESTIONS, "Maya", **({"situation": situation} if situation else {}))
        assert not app.text_area
        assert not [button for button in app.button if str(button.key).startswith(("save_", "retire_"))]


@pytest.mark.parametrize("who", ["Ravi", "Eve", "executive"])
def test_the_bank_is_for_those_who_coach_and_those_who_keep_the_data(company: sa.Engine, who: str) -> None:
    app = opened(QUESTIONS, who)
    assert "The question bank is for those who coach" in words(app)
    assert BEFORE not in words(app)


def test_a_situation_and_words_narrow_the_bank(company: sa.Engine) -> None:
    app = opened(QUESTIONS, "Maya")
    app.selectbox(key="bank_situation").set_value("steady").run()
    assert said(app, "situation") == "steady"
    assert SITUATIONS["stalled"].title not in [heading.value for heading in app.subheader]
    app.selectbox(key="bank_situation").set_value("all").run()
    app.text_input(key="bank_words").input("CURIOUS").run()
    assert folds(app) == [f"{SITUATIONS['steady'].title} (1)"]
    assert [block.proto.expanded for block in app.expander] == [True]
    app.text_input(key="bank_words").input("xylophone").run()
    assert "No question has these words" in words(app)


@pytest.mark.parametrize("who", ["Ada", "admin"])
def test_an_admin_changes_a_question_sees_it_marked_and_takes_it_back(company: sa.Engine, who: str) -> None:
    app = rewrite(opened(QUESTIONS, who, situation="steady"), "What would help you most from me?")
    assert not app.exception
    shown = words(app)
    assert "The question is saved." in shown
    assert "1 of them edited here" in shown
    assert "edited" in shown
    assert "Changed 1 time" in " ".join(expander.label for expander in app.expander).replace("\u00a0", " ")
    app.button(key="undo_bank").click().run()
    assert not app.exception
    assert BEFORE in words(app)
    assert "edited here" not in words(app)
    assert history(company) == [("What would help you most from me?", True), (BEFORE, True)]


@pytest.mark.parametrize(
    ("text", "why"),
    [("Do you like it?", "yes or no"), ("Why do you wait?", "What led to"), ("What of {deal}?", "cannot be filled in")],
)
def test_a_closed_question_is_refused_in_words_and_what_was_typed_stays(
    company: sa.Engine, text: str, why: str
) -> None:
    app = rewrite(opened(QUESTIONS, "Ada", situation="steady"), text)
    assert why in " ".join(warning.value for warning in app.warning)
    assert app.text_area(key=f"{FORM}|text").value == text
    assert history(company) == []


def told(elements: Any) -> str:
    return " ".join(element.value for element in elements).replace("\\", "").replace("\u2060", "")


def part(app: AppTest) -> Any:
    return next(block for block in app.expander if any(area.key == f"{FORM}|text" for area in block.text_area))


def inside(app: AppTest) -> str:
    return told(part(app).warning)


def test_a_refusal_stands_at_the_form_which_stays_open_until_it_is_mended(company: sa.Engine) -> None:
    app = opened(QUESTIONS, "Ada", situation="steady")
    assert not part(app).proto.expanded
    rewrite(app, "Do you like it?")
    assert "yes or no" in inside(app)
    assert part(app).proto.expanded
    rewrite(app, "What do you like?")
    assert not app.warning
    assert not part(app).proto.expanded
    app.text_area(key="new-question:steady|text").input("Is it new?").run()
    app.button(key="save_new-question:steady").click().run()
    new = next(block for block in app.expander if block.label == "Add a question")
    assert new.proto.expanded
    assert "yes or no" in new.warning[0].value


def test_saving_the_same_words_is_no_change(company: sa.Engine) -> None:
    app = rewrite(opened(QUESTIONS, "Ada", situation="steady"), BEFORE)
    assert "nothing is changed" in told(app.success)
    assert history(company) == []
    rewrite(app, "What would help you most from me?")
    rewrite(app, " What would help  you most from me? ")
    assert len(history(company)) == 1


def test_a_second_tab_that_would_overwrite_a_change_is_told_and_keeps_its_words(company: sa.Engine) -> None:
    first, second = (opened(QUESTIONS, "Ada", situation="steady") for _ in range(2))
    second.text_area(key=f"{FORM}|text").input("What do you wish for?").run()
    rewrite(first, "What would help you most from me?")
    # What is typed after the other tab has saved was begun from the earlier words all the same.
    rewrite(second, "What do you wish for now?")
    assert "What would help you most from me?" in inside(second)
    assert second.text_area(key=f"{FORM}|text").value == "What do you wish for now?"
    assert len(history(company)) == 1
    second.button(key=f"mine_{FORM}").click().run()
    second.button(key=f"save_{FORM}").click().run()
    assert history(company)[-1] == ("What do you wish for now?", True)
    # A form in which nothing was typed follows.
    first.run()
    assert first.text_area(key=f"{FORM}|text").value == "What do you wish for now?"
    rewrite(first, "What do you wish for today?")
    assert len(history(company)) == 3


@pytest.mark.parametrize("who", ["Ada", "admin"])
def test_the_way_back_from_a_change_outlives_a_reload_and_takes_nobody_elses_back(company: sa.Engine, who: str) -> None:
    rewrite(opened(QUESTIONS, who, situation="steady"), "What would help you most from me?")
    assert not [button for button in opened(QUESTIONS, "Maya").button if button.key == "undo_bank"]
    again = opened(QUESTIONS, who)
    assert "The question is saved." in words(again)
    again.button(key="undo_bank").click().run()
    assert history(company)[-1] == (BEFORE, True)
    assert not [button for button in again.button if button.key == "undo_bank"]
    app = rewrite(opened(QUESTIONS, who, situation="steady"), "What would you like from me?")
    other = "admin" if who == "Ada" else "Ada"
    rewrite(opened(QUESTIONS, other, situation="steady"), "What would you want from me?")
    app.button(key="undo_bank").click().run()
    assert "What would you want from me?" in told(app.warning)
    assert history(company)[-1] == ("What would you want from me?", True)
    mine = opened(QUESTIONS, other)
    mine.button(key="bank_fine").click().run()
    assert not [button for button in mine.button if button.key == "undo_bank"]


def test_a_change_by_an_admin_without_a_name_is_an_admins(company: sa.Engine) -> None:
    app = rewrite(opened(QUESTIONS, "admin", situation="steady"), "What would help you most from me?")
    assert ", an admin: What would help you most from me?" in words(app)


def test_a_question_is_retired_as_it_stands_and_brought_back(company: sa.Engine) -> None:
    app = opened(QUESTIONS, "Ada", situation="steady")
    app.text_area(key=f"{FORM}|text").input("Half a thought").run()
    app.button(key=f"retire_{FORM}").click().run()
    assert history(company) == [(BEFORE, False)]
    assert "1 retired" in words(app)
    app.button(key=f"retire_{FORM}").click().run()
    assert not app.exception
    assert history(company)[-1] == (BEFORE, True)
    assert "retired." not in words(app)


def test_a_new_question_is_added_to_its_situation_with_a_skill_and_undone(company: sa.Engine) -> None:
    app = opened(QUESTIONS, "Ada", situation="skill_gap")
    app.text_area(key="new-question:skill_gap|text").input("What does a quiet customer tell you?").run()
    app.selectbox(key="new-question:skill_gap|skill").set_value("discovery").run()
    app.button(key="save_new-question:skill_gap").click().run()
    assert not app.exception
    assert "What does a quiet customer tell you?" in words(app)
    assert history(company) == [("What does a quiet customer tell you?", True)]
    app.button(key="undo_bank").click().run()
    assert history(company)[-1] == ("What does a quiet customer tell you?", False)


def test_hostile_words_in_a_question_are_shown_and_never_obeyed(company: sa.Engine) -> None:
    bad = "What about ![x](http://a.example/x.png) <b>it</b> :red[now]?"
    app = rewrite(opened(QUESTIONS, "Ada", situation="steady"), bad)
    assert bad in words(app)
    assert not any("](http" in element.value for element in app.markdown)


def test_maya_sees_on_the_sessions_page_who_has_prepared(company: sa.Engine) -> None:
    app = opened(SESSION, "Maya")
    assert "Nobody has prepared since their last one-on-one" in words(app)
    assert any("Ravi Nair" in table.value.to_csv() for table in app.dataframe)
    assert "prepared since" not in words(opened(SESSION, "Ravi"))


def test_maya_adds_a_topic_for_ravi_beside_what_he_has_answered(company: sa.Engine) -> None:
    ravi = someone(company, "ravi")
    assert ravi.person_id is not None
    with writing(company) as connection:
        add_item(
            ravi, connection, rep_id=ravi.person_id, kind="answer", question_key="steady.me",
            about=f"person:{ravi.person_id}",
            body="More time in the field", now=NOW,
        )  # fmt: skip
    app = opened(SESSION, "Maya", rep=ravi.person_id)
    assert "More time in the field" in words(app)
    assert BEFORE in words(app)
    app.text_input(key=f"agenda_topic_{ravi.person_id}").input("The price list").run()
    app.button(key=f"add_topic_{ravi.person_id}").click().run()
    assert not app.exception
    assert "The topic is on the list" in words(app)
    assert "from you" in words(app)
