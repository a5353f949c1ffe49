"""The one-on-one page: what each role reads on it, and how it is carried into the session that follows."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from streamlit.testing.v1 import AppTest

from coaching.sessions import SessionDraft
from data_access.commands import agenda, sessions
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


def arrows(app: AppTest) -> list[str]:
    """Where the arrows behind the facts lead."""
    texts = [element.value for element in app.markdown] + [box.label for box in app.checkbox]
    return [part.split(" ")[0] for text in texts for part in text.split("[\u2197](")[1:]]


def test_every_fact_leads_to_an_address_of_its_own_on_this_page_and_the_rows_are_listed_below(
    company: sa.Engine,
) -> None:
    app = page(company)
    links = arrows(app)
    found = brief_of(company)
    assert found is not None
    marks = [mark for section in found.sections for mark, _ in section.marked()]
    assert sorted(parse_qs(urlsplit(link).query)["fact"][0] for link in links) == sorted(marks)
    assert len(marks) == len(set(marks)) > 20
    assert {urlsplit(link).path for link in links} == {"rep-one_on_one"}
    assert {name for link in links for name in parse_qs(urlsplit(link).query)} == {"as", "rep", "fact"}
    [table] = app.dataframe
    assert set(table.value["row"]) >= {"deal 8", "commitment 1"}
    assert set(table.value["row"]) == {source.replace(":", " ").replace("_", " ") for source in found.source_ids()}
    assert not any("tired" in text for text in [*table.value["name"], *table.value["details"]])


def mark_of(engine: sa.Engine, section: str, beginning: str) -> tuple[str, tuple[str, ...]]:
    """What an address calls the fact of a section that begins so, and its rows; the same whoever reads."""
    found = brief_of(engine)
    assert found is not None
    [told] = [
        (mark, fact.source_ids)
        for mark, fact in found.section(section).marked()
        if f"{fact.label} {fact.text}".lstrip().startswith(beginning)
    ]
    return told


@pytest.mark.parametrize("who", ["Maya", "Dana", "Ravi"])
def test_the_address_of_a_fact_opens_exactly_its_rows(company: sa.Engine, who: str) -> None:
    mark, sources = mark_of(company, "since_last_time", "Pushed")
    name, now, small, then_name, then, then_small = row_lines(page(company, who, fact=mark))
    assert [name, then_name] == [
        "- **Deal: bridge · Quay Ltd**",
        "- **Deal as known on 6 Nov 2026: bridge · Quay Ltd**",
    ]
    assert "$30 k · opened 5 Oct 2026 · to close 19 Jan 2027" in now
    assert "to close 30 Nov 2026" in then
    for line, known in ((small, "19 Nov 2026"), (then_small, "6 Nov 2026")):
        assert line.strip().startswith(f":small[:gray[{sources[0].replace(':', ' ')}, known since {known}, out of ")
        assert "[Open the progress page](rep-progress?" in line


def test_a_promise_opens_with_the_way_to_the_session_it_was_made_in(company: sa.Engine) -> None:
    mark, _ = mark_of(company, "promises", "Ravi Draw the map")
    name, details, small = row_lines(page(company, fact=mark))
    assert name == "- **Promise: Ravi Nair to Maya Lindgren**"
    assert details.strip() == "Draw the map of the buyers · due 26 Nov 2026 · open"
    link = small.partition("[Open the session](")[2].rstrip(")")
    assert urlsplit(link).path == "record-session"
    assert parse_qs(urlsplit(link).query)["session"] == ["1"]
    assert "written down here" in small


def row_lines(app: AppTest) -> list[str]:
    """The rows that the address asks for: name, what it says, and where it comes from, each in a line."""
    [text] = [
        element.value for element in app.markdown if element.value.startswith("- **") and "known since" in element.value
    ]
    return [plain(line).replace("\\", "").replace("\u2060", "") for line in text.splitlines()]


def test_the_rows_of_a_fact_are_left_by_a_button_and_the_address_says_so(company: sa.Engine) -> None:
    found = brief_of(company)
    assert found is not None
    mark = found.section("focus").marked()[0][0]
    app = page(company, fact=mark)
    assert said(app, "fact") == mark
    app.button(key="fact_close").click().run()
    assert not app.exception
    assert said(app, "fact") is None
    assert len(app.dataframe) == 1


@pytest.mark.parametrize("mark", ["promises-00000000", "x", "", "deal-1 OR 1", "<b>"])
def test_an_address_of_no_fact_says_that_it_is_said_no_more(company: sa.Engine, mark: str) -> None:
    assert "says this no more" in words(page(company, fact=mark))


def test_another_page_does_not_inherit_the_fact(company: sa.Engine) -> None:
    found = brief_of(company)
    assert found is not None
    app = page(company, "Ravi", fact=found.section("focus").marked()[0][0])
    [link] = [each for each in app.get("page_link") if each.proto.label == "Prepare"]
    assert link.proto.query_string
    assert "fact=" not in link.proto.query_string


def test_before_the_first_day_the_page_says_that_nobody_was_there_yet(company: sa.Engine) -> None:
    assert "Not here yet on 1 Dec 2023" in plain(words(page(company, as_of="2023-12-01")))


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


def test_a_box_is_named_in_plain_words_and_what_is_read_stands_beside_it(company: sa.Engine) -> None:
    with writing(company) as connection:
        agenda.add_item(
            someone(company, "ravi"), connection, rep_id=id_of(company, "ravi"), kind="topic",
            body="![x](//evil) **Prices** from $5: what `now`?", now=NOW,
        )  # fmt: skip
    app = page(company)
    labels = [box.label for box in app.checkbox if "|topic_" in str(box.key)]
    assert len(labels) == 3
    assert all(label.startswith("Talk about topic ") for label in labels)
    assert not any(sign in label.partition(": ")[2] for label in labels for sign in "\\[]*`:$/_\u2060")
    assert any("Prices from 5 what now" in label for label in labels)
    assert "evil" in everything(app)


def test_ravis_own_page_counts_what_he_put_on_the_list_of_the_planned_session(company: sa.Engine) -> None:
    plan = SessionDraft(id_of(company, "ravi"), status="planned", planned_on=TODAY)
    with writing(company) as connection:
        number = sessions.plan_session(someone(company, "maya"), connection, plan, NOW)
        sessions.add_topic(someone(company, "ravi"), connection, number, "From the list", NOW)
    assert "2 topics" in plain(words(page(company)))
    assert "Ready for the next one-on-one: 2 topics" in plain(words(opened(MY_COACHING, "Ravi")))


def test_a_form_without_a_brief_has_no_questions_in_it(company: sa.Engine) -> None:
    app = opened(SESSION, "Maya", rep=id_of(company, "ravi"))
    assert not [box for box in app.checkbox if "asked" in str(box.key)]


# ---- Papers ----------------------------------------------------------------------------------------------------


def fetched(engine: sa.Engine, first_name: str, kind: str, rep: str = "ravi") -> downloads.Answer:
    asked = {"rep_id": id_of(engine, rep), "as_of": TODAY.isoformat(), "address": "http://127.0.0.1:8501"}
    asked |= {"at": "2026-11-24T15:30:00"} if kind == "brief_invite" else {}
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
    assert "DTSTART:20261124T" in text
    for secret in ("price list", "tunnel", "territory", "Practise"):
        assert secret not in text


def test_the_day_and_time_of_the_calendar_entry_are_chosen_and_the_proposal_says_where_it_comes_from(
    company: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(downloads._route, "is_served", True)
    app = page(company)
    rep = id_of(company, "ravi")
    day_ = app.date_input(key=f"invite_on_{rep}")
    # One one-on-one is on record, so its time is known and no weekday: the next working day.
    assert isinstance(day_.value, dt.date)
    assert day_.value > TODAY
    assert "Nothing is planned; the last one-on-ones were mostly at" in words(app)
    day_.set_value(TODAY + dt.timedelta(days=12)).run()
    app.time_input(key=f"invite_at_{rep}").set_value(dt.time(16, 15)).run()
    assert not app.exception
    [link] = [each for each in app.get("link_button") if each.proto.label.startswith("Save for")]
    assert plain(link.proto.label) == "Save for 2 Dec 2026, 16:15"
    token = parse_qs(urlsplit(link.proto.url).query)["token"][0]
    answer = downloads.answer("one-on-one.ics", token, "127.0.0.1", {"host": "127.0.0.1:8501"})
    assert answer.status == 200
    zone = ZoneInfo(sight_of("Maya").company.calendar.time_zone)
    starts = dt.datetime(2026, 12, 2, 16, 15, tzinfo=zone).astimezone(dt.UTC)
    assert f"DTSTART:{starts:%Y%m%dT%H%M%SZ}" in answer.body.decode()


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
