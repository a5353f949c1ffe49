"""The one-on-one page: what each role reads on it, and how it is carried into the session that follows."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import sqlalchemy as sa
from streamlit.testing.v1 import AppTest

from coaching.sessions import SessionDraft
from data_access.commands import sessions
from data_access.engine import reading, writing
from data_access.tables import agenda_item, audit_entry, draft, knowledge_gap, question_asked, record_look, session
from tests.companies import NOW, TODAY, someone
from tests.demo import sight_of
from tests.one_on_ones import LAST_TIME, SECRET, brief_of, id_of
from tests.pages.opening import MY_COACHING, ONE_ON_ONE, PROGRESS, SESSION, figures, opened, said, words
from ui import downloads
from ui.empty_states import NO_SUCH_PERSON


@pytest.fixture
def company(own_story: sa.Engine, own_story_url: str, fresh_caches: None, monkeypatch: pytest.MonkeyPatch) -> sa.Engine:
    monkeypatch.setenv("COACHING_DATABASE_URL", own_story_url)
    return own_story


def page(engine: sa.Engine, who: str = "Maya", rep: str = "ravi", **address: object) -> AppTest:
    return opened(ONE_ON_ONE, who, rep=id_of(engine, rep), **address)


def everything(app: AppTest) -> str:
    return words(app) + " ".join(box.label.replace("\\", "").replace("\u2060", "") for box in app.checkbox)


def widget(elements: Any, field: str) -> Any:
    """The one widget of a form's field, whoever's form it is."""
    found = [element for element in elements if str(element.key).endswith(f"|{field}")]
    assert len(found) == 1, f"{len(found)} widgets of {field}"
    return found[0]


def rows(engine: sa.Engine, table: sa.Table) -> list[dict[str, Any]]:
    with reading(engine) as connection:
        return [dict(row) for row in connection.execute(sa.select(table).order_by(table.c.id)).mappings()]


# ---- What stands on it -----------------------------------------------------------------------------------------


def test_maya_reads_the_whole_paper_and_her_own_promise_comes_first(company: sa.Engine) -> None:
    app = page(company)
    assert [title.value for title in app.title] == ["Ravi Nair"]
    text = everything(app)
    for said_ in ("What moved since your one-on-one of 6 Nov 2026", "One focus", "Topics, in this order", "Promises"):
        assert said_ in text
    assert "Won:** tunnel (Quay Ltd, $21 k)" in text
    assert "Your promise: “Bring the price list”" in text
    assert "Ravi has prepared: 1 topic." in text
    assert text.index("Bring the price list") < text.index("Draw the map of the buyers")
    assert SECRET not in text
    assert [button.label for button in app.button if button.key == "start_session"] == ["Start session"]


def test_ravi_reads_the_same_page_in_his_own_words_without_buttons_of_a_coach(company: sa.Engine) -> None:
    app = opened(ONE_ON_ONE, "Ravi")
    text = everything(app)
    assert "Maya’s promise: “Bring the price list”" in text
    assert "What went well" in text
    assert "Praise owed" not in text
    assert "You have prepared: 1 topic." in text
    assert not app.checkbox
    assert not [button for button in app.button if button.key == "start_session"]
    assert SECRET not in text


def test_dana_reads_it_too_and_eve_ada_and_omar_do_not(company: sa.Engine) -> None:
    assert "Maya’s promise" in everything(page(company, "Dana"))
    for who in ("Eve", "Ada", "Omar"):
        text = everything(page(company, who))
        assert NO_SUCH_PERSON in text
        assert "price list" not in text


def test_an_earlier_day_is_shown_as_it_was_and_nothing_can_be_started_on_it(company: sa.Engine) -> None:
    app = page(company, as_of=LAST_TIME.isoformat())
    assert "Won:" not in words(app)
    assert not app.checkbox
    assert not [button for button in app.button if button.key == "start_session"]


def test_before_a_rep_is_chosen_the_page_says_whom_to_meet_and_who_has_prepared(company: sa.Engine) -> None:
    text = words(opened(ONE_ON_ONE, "Maya"))
    assert "Whom do you meet next?" in text
    assert "has prepared (1 item)" in text
    assert "has not prepared yet" in text


def test_a_look_at_the_brief_is_noted_for_the_rep(company: sa.Engine) -> None:
    page(company)
    assert [look["page"] for look in rows(company, record_look)] == ["rep-one_on_one"]


def test_every_fact_leads_to_a_page_that_names_ids_and_the_rows_are_listed_below(company: sa.Engine) -> None:
    app = page(company)
    marks = [element.value for element in app.markdown if "##### " in element.value]
    links = [part.split(")")[0] for text in marks for part in text.split("](")[1:]]
    assert len(links) > 15
    pages = {urlsplit(link).path for link in links}
    assert pages <= {"rep-progress", "record-session", "record-plan", "record-observation", "rep-motivation"}
    names = {name for link in links for name in parse_qs(urlsplit(link).query)}
    assert names <= {"as", "rep", "observation"}
    [table] = app.dataframe
    assert set(table.value["row"]) >= {"deal 8", "commitment 1"}
    assert not any("tired" in text for text in table.value["words"])


def test_the_progress_page_leads_to_the_brief(company: sa.Engine) -> None:
    links = [link.proto.label for link in opened(PROGRESS, "Maya", rep=id_of(company, "ravi")).get("page_link")]
    assert "Prepare one-on-one" in links
    own = [link.proto.label for link in opened(PROGRESS, "Ravi").get("page_link")]
    assert "My next one-on-one" in own


# ---- Into the session ----------------------------------------------------------------------------------------------


def started(engine: sa.Engine, who: str = "Maya", *, works_on_the_plan: bool = True) -> AppTest:
    """Somebody ticked two of three topics, a question and the plan's action, and started the session."""
    app = page(engine, who)
    if works_on_the_plan:
        [box] = [each for each in app.checkbox if str(each.key).endswith("|worked_on")]
        box.check().run()
    for name, number, tick in (("topic", 2, False), ("asked", 0, True), ("gap", 1, True)):
        box = [each for each in app.checkbox if f"|{name}_" in str(each.key)][number]
        box.set_value(tick).run()
    widget(app.text_area, "notes").set_value("Begin with the tunnel").run()
    app.button(key="start_session").click().run()
    assert not app.exception, app.exception[0].stack_trace
    return app


def form_after_the_brief(engine: sa.Engine) -> AppTest:
    """The session's form in a browser that was loaded anew: what the test's browser does after a switch of pages."""
    started(engine)
    return opened(SESSION, "Maya", rep=id_of(engine, "ravi"))


def test_what_nobody_ticked_is_not_filled_in(company: sa.Engine) -> None:
    app = started(company, works_on_the_plan=False)
    assert widget(app.selectbox, "skill").value is None
    assert widget(app.selectbox, "plan_action_id").value is None


def test_what_was_ticked_on_the_brief_is_filled_into_the_session(company: sa.Engine) -> None:
    app = started(company)
    assert [title.value for title in app.title] == ["Session"]
    assert said(app, "rep") == str(id_of(company, "ravi"))
    topics = widget(app.text_area, "topics").value.splitlines()
    assert topics == ["Maya’s promise: “Bring the price list”", "The new territory"]
    assert widget(app.selectbox, "skill").value == "discovery"
    assert widget(app.selectbox, "plan_action_id").value == 1
    assert [widget(app.checkbox, f"asked_{n}").value for n in range(3)] == [True, False, False]
    assert [widget(app.checkbox, f"gap_{n}").value for n in range(3)] == [False, True, False]
    note = widget(app.text_area, "note").value, widget(app.radio, "visibility").value
    assert note == ("Begin with the tunnel", "private")


def test_a_reload_loses_nothing_of_what_was_carried_over(company: sa.Engine) -> None:
    app = form_after_the_brief(company)
    assert "Your draft is still here." in words(app)
    assert "The new territory" in widget(app.text_area, "topics").value
    assert widget(app.checkbox, "asked_0").value is True
    assert widget(app.checkbox, "gap_1").value is True


def test_what_stood_in_the_form_already_is_kept(company: sa.Engine) -> None:
    app = opened(SESSION, "Maya", rep=id_of(company, "ravi"))
    widget(app.text_area, "topics").set_value("My own\nThe new territory").run()
    widget(app.selectbox, "skill").set_value("objections").run()
    widget(app.text_area, "note").set_value("Written before").run()
    app = started(company)
    topics = widget(app.text_area, "topics").value.splitlines()
    assert topics == ["My own", "The new territory", "Maya’s promise: “Bring the price list”"]
    assert widget(app.selectbox, "skill").value == "objections"
    assert widget(app.text_area, "note").value == "Written before"


def test_saving_notes_questions_as_asked_gaps_and_the_reps_topic_as_taken_up(company: sa.Engine) -> None:
    app = form_after_the_brief(company)
    widget(app.button, "save").click().run()
    assert not app.exception
    assert "2 questions noted as asked" in words(app)
    [written] = [row for row in rows(company, session) if row["held_on"] == TODAY]
    assert (written["note"], written["visibility"]) == ("Begin with the tunnel", "private")
    asked = rows(company, question_asked)
    assert [row["session_id"] for row in asked] == [written["id"]] * 2
    assert [row["session_id"] for row in rows(company, agenda_item)] == [written["id"]]
    noted = [row["question"] for row in rows(company, knowledge_gap)]
    assert len(noted) == 3
    # Both drafts have done their work; the next brief starts afresh and asks something else.
    assert not [row for row in rows(company, draft) if row["form"].startswith(("session:", "brief:"))]
    text = everything(page(company))
    assert "The new territory" not in text
    assert "not prepared anything yet" in text


def test_a_topic_that_is_taken_out_of_the_form_is_not_taken_up(company: sa.Engine) -> None:
    app = form_after_the_brief(company)
    widget(app.text_area, "topics").set_value("Something else").run()
    for field in ("asked_0", "gap_1"):
        widget(app.checkbox, field).uncheck().run()
    widget(app.button, "save").click().run()
    assert [row["session_id"] for row in rows(company, agenda_item)] == [None]
    assert rows(company, question_asked) == []


def test_a_planned_session_is_the_one_that_is_written_up_and_its_list_is_talked_about(company: sa.Engine) -> None:
    plan = SessionDraft(id_of(company, "ravi"), status="planned", planned_on=TODAY)
    with writing(company) as connection:
        number = sessions.plan_session(someone(company, "maya"), connection, plan, NOW)
        for topic in ("From the list", "Also from the list"):
            sessions.add_topic(someone(company, "ravi"), connection, number, topic, NOW)
    app = page(company)
    topics = [box.label for box in app.checkbox if "|topic_" in str(box.key)]
    assert len(topics) == 3
    assert "From the list" in topics[2]
    app.button(key="start_session").click().run()
    assert not app.exception
    assert said(app, "session") == str(number)
    assert "The new territory" in widget(app.text_area, "topics").value


def test_a_form_without_a_brief_has_no_questions_in_it(company: sa.Engine) -> None:
    app = opened(SESSION, "Maya", rep=id_of(company, "ravi"))
    assert not [box for box in app.checkbox if "asked" in str(box.key)]


# ---- Papers ----------------------------------------------------------------------------------------------------


def fetched(engine: sa.Engine, first_name: str, kind: str, rep: str = "ravi") -> downloads.Answer:
    asked = {"rep_id": id_of(engine, rep), "as_of": TODAY.isoformat(), "address": "http://127.0.0.1:8501"}
    address = downloads.address_of(sight_of(first_name), kind, "one-on-one.html", **asked, look_as=None)
    token = parse_qs(urlsplit(address).query)["token"][0]
    return downloads.answer("one-on-one.html", token, "127.0.0.1", {"host": "127.0.0.1:8501"})


@pytest.mark.parametrize("kind", ["brief_html", "brief_markdown", "brief_invite", "brief_paper"])
def test_papers_are_for_whoever_reads_the_page_and_leave_an_entry(company: sa.Engine, kind: str) -> None:
    answer = fetched(company, "Maya", kind)
    assert answer.status == 200
    shown = "inline" if kind == "brief_paper" else "attachment"
    assert answer.headers["content-disposition"].startswith(shown)
    assert SECRET.encode() not in answer.body
    for who in ("Omar", "Eve", "Ada"):
        assert fetched(company, who, kind).status == 403
    with reading(company) as connection:
        statement = sa.select(audit_entry.c.detail).where(audit_entry.c.subject == kind)
        [detail] = connection.scalars(statement).all()
    assert json.loads(detail)["rows"] >= 1


def test_only_the_page_to_print_holds_a_script_and_that_is_one_of_the_servers_own(company: sa.Engine) -> None:
    assert b"<script" not in fetched(company, "Maya", "brief_html").body
    assert b'<script src="print.js" defer></script>' in fetched(company, "Maya", "brief_paper").body


def test_the_calendar_entry_holds_the_link_and_no_word_of_the_brief(company: sa.Engine) -> None:
    text = fetched(company, "Maya", "brief_invite").body.decode().replace("\r\n ", "")
    assert f"rep-one_on_one?rep={id_of(company, 'ravi')}" in text
    for secret in ("price list", "tunnel", "territory", "Practise"):
        assert secret not in text


# ---- The same numbers on both sides -----------------------------------------------------------------------------


def test_what_the_brief_says_of_objectives_and_promises_stands_on_ravis_own_page_to_the_digit(
    company: sa.Engine,
) -> None:
    own = opened(MY_COACHING, "Ravi")
    titles = " ".join(str(figure["layout"]["title"]["text"]) for figure in figures(own)).replace("<br>", " ")
    found = brief_of(company)
    assert found is not None
    objectives = [fact.text.rstrip(".") for fact in found.section("plan").facts if fact.key == "objective"]
    assert objectives
    for text in objectives:
        assert plain(text) in plain(titles)
    for words_ in ("Bring the price list", "Draw the map of the buyers"):
        assert words_ in words(own)
        assert words_ in everything(page(company))


def plain(text: str) -> str:
    """With spaces that may break, one at a time."""
    return " ".join(text.replace("\u00a0", " ").split())
