"""The session page: planning, writing up, promises, topics, the pulse, and a form that survives a reload."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
import sqlalchemy as sa
from streamlit.testing.v1 import AppTest

from coaching.sessions import CommitmentDraft, SessionDraft
from data_access.commands import sessions as commands
from data_access.default_scorecard import ensure_default_scorecard
from data_access.engine import reading, writing
from data_access.tables import commitment, draft, pulse, pulse_wave, session, session_topic
from tests.companies import NOW, PEOPLE, TODAY, load, someone
from tests.copies import sqlite_copies_of
from tests.pages.opening import SESSION, opened, said, words
from ui import loaders
from ui.empty_states import NO_SUCH_PERSON

NEXT_WEEK = TODAY + dt.timedelta(days=7)
TRANSCRIPT = """Maya: How did it go? Tell me about the opening.
Ravi: It went well.
Maya: You should call them tomorrow."""


def founded(engine: sa.Engine) -> None:
    """Maya, Omar, Dana, Eve, Ravi and the others, and the default scorecard."""
    load(engine, "people", PEOPLE)
    with writing(engine) as connection:
        ensure_default_scorecard(connection)


copy = sqlite_copies_of(founded)


@pytest.fixture
def company(copy: sa.Engine, fresh_caches: None, monkeypatch: pytest.MonkeyPatch) -> sa.Engine:
    """What the pages look at and may write to."""
    monkeypatch.setenv("COACHING_DATABASE_URL", str(copy.url))
    return copy


def id_of(engine: sa.Engine, who: str) -> int:
    person_id = someone(engine, who).person_id
    assert person_id is not None
    return person_id


def run(engine: sa.Engine, command: Any, who: str, *args: Any, **more: Any) -> Any:
    with writing(engine) as connection:
        return command(someone(engine, who), connection, *args, NOW, **more)


def planned(engine: sa.Engine, day: dt.date = TODAY, **more: Any) -> int:
    what = SessionDraft(id_of(engine, "ravi"), status="planned", planned_on=day, **more)
    return int(run(engine, commands.plan_session, "maya", what))


def held(engine: sa.Engine, **more: Any) -> int:
    what = SessionDraft(id_of(engine, "ravi"), held_at=NOW - dt.timedelta(hours=2), **more)
    return int(run(engine, commands.record_session, "maya", what))


def rows(engine: sa.Engine, table: sa.Table) -> list[dict[str, Any]]:
    with reading(engine) as connection:
        return [dict(row) for row in connection.execute(sa.select(table).order_by(next(iter(table.c)))).mappings()]


def page(engine: sa.Engine, who: str = "Maya", **address: object) -> AppTest:
    if who == "Maya":
        address = {"rep": id_of(engine, "ravi"), **address}
    return opened(SESSION, who, **address)


def sound(app: AppTest) -> AppTest:
    assert not app.exception, app.exception[0].stack_trace
    return app


def widget(elements: Any, field: str) -> Any:
    """The one widget of the form's field, whoever's form it is."""
    found = [element for element in elements if str(element.key).endswith(f"|{field}")]
    assert len(found) == 1, f"{len(found)} widgets of {field}"
    return found[0]


def button(app: AppTest, label: str) -> Any:
    found = [element for element in app.button if element.label == label]
    assert len(found) == 1, f"{len(found)} buttons say {label}"
    return found[0]


def warnings(app: AppTest) -> str:
    return " ".join(element.value for element in app.warning).replace("\\", "").replace("\u2060", "")


def saved(app: AppTest) -> AppTest:
    return sound(widget(app.button, "save").click().run())


# ---- Maya writes -------------------------------------------------------------------------------------------------


def test_maya_writes_up_a_session_and_sees_it_below_with_its_promises(company: sa.Engine) -> None:
    app = page(company)
    assert "no session was held yet; none is planned" in words(app).lower()
    widget(app.number_input, "minutes").set_value(30).run()
    widget(app.text_area, "topics").set_value("Opening\nPipeline\n\nOpening").run()
    widget(app.text_input, "coach_0").set_value("Ask marketing").run()
    widget(app.text_input, "rep_0").set_value("Call five customers").run()
    widget(app.selectbox, "skill").set_value("opening").run()
    widget(app.text_area, "note").set_value("A good start").run()
    app = saved(app)
    assert not warnings(app)
    [row] = rows(company, session)
    assert (row["status"], row["minutes"], row["note"], row["kind"]) == ("held", 30, "A good start", "own_manager")
    assert row["held_at"] == NOW
    assert [topic["topic"] for topic in rows(company, session_topic)] == ["Opening", "Pipeline"]
    text = words(app)
    assert "The session is written down: 2 promises, 3 topics." in text
    assert "2 promises open, 1 of them yours." in text
    assert "Held 20 Nov 2026 with Ravi Nair" in " ".join(box.label for box in app.expander).replace(
        "\u00a0", " "
    ).replace("\\", "")
    assert rows(company, draft) == []
    assert widget(app.text_area, "note").value == ""


def test_the_last_step_is_taken_back_with_one_tap(company: sa.Engine) -> None:
    app = saved(page(company))
    assert len(rows(company, session)) == 1
    app = sound(button(app, "Undo").click().run())
    assert rows(company, session) == []
    assert "Taken back." in words(app)


def test_the_way_back_outlives_a_reload_for_as_long_as_it_is_allowed(
    company: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved(page(company))
    fresh = page(company)
    assert "The session with Ravi Nair is written down." in words(fresh)
    for who in ("Dana", "Omar"):
        assert not [each for each in opened(SESSION, who).button if each.label == "Undo"]
    assert not [each for each in page(company, rep=id_of(company, "rosa")).button if each.label == "Undo"]
    monkeypatch.setattr(loaders, "now", lambda: NOW + dt.timedelta(hours=25))
    assert not [each for each in page(company).button if each.label == "Undo"]
    monkeypatch.setattr(loaders, "now", lambda: NOW + dt.timedelta(hours=23))
    app = sound(button(page(company), "Undo").click().run())
    assert rows(company, session) == []
    assert "Taken back." in words(app)
    assert not [each for each in page(company).button if each.label == "Undo"]


def test_who_says_that_it_is_fine_is_not_told_again_and_of_the_next_step_they_are(company: sa.Engine) -> None:
    app = saved(page(company))
    sound(button(app, "Fine").click().run())
    assert not [each for each in page(company).button if each.label == "Undo"]
    planned(company, NEXT_WEEK)
    fresh = page(company)
    assert "The session with Ravi Nair is planned." in words(fresh)
    sound(button(fresh, "Undo").click().run())
    assert [row["status"] for row in rows(company, session)] == ["held"]


def test_a_step_that_cannot_be_taken_back_any_more_offers_no_way_back(company: sa.Engine) -> None:
    number = held(company)
    with writing(company) as connection:
        record = SessionDraft(id_of(company, "ravi"), held_at=NOW - dt.timedelta(hours=2), minutes=20)
        commands.record_session(someone(company, "maya"), connection, record, NOW, session_id=number, version=1)
    assert not [each for each in page(company).button if each.label == "Undo"]


def test_a_half_filled_form_is_there_again_in_a_new_session(company: sa.Engine) -> None:
    app = page(company)
    widget(app.number_input, "minutes").set_value(45).run()
    widget(app.text_area, "note").set_value("Half a thought").run()
    widget(app.text_input, "rep_0").set_value("Call").run()
    widget(app.date_input, "rep_0_due").set_value(NEXT_WEEK).run()
    fresh = page(company)
    assert "Your draft is still here" in words(fresh)
    assert widget(fresh.number_input, "minutes").value == 45
    assert widget(fresh.text_area, "note").value == "Half a thought"
    assert widget(fresh.date_input, "rep_0_due").value == NEXT_WEEK
    saved(fresh)
    assert [row["promise"] for row in rows(company, commitment)] == ["Call"]
    assert "Half a thought" not in str([box.value for box in page(company).text_area])


def test_a_draft_is_its_writers_alone_also_in_one_browser(company: sa.Engine) -> None:
    app = page(company)
    widget(app.text_area, "note").set_value("Only Maya knows").run()
    app.query_params["as"] = str(id_of(company, "dana"))
    app.query_params["rep"] = str(id_of(company, "ravi"))
    sound(app.run())
    assert widget(app.text_area, "note").value == ""


def test_what_was_typed_outlives_a_look_at_another_status(company: sa.Engine) -> None:
    app = page(company)
    widget(app.text_area, "note").set_value("Do not lose me").run()
    widget(app.radio, "status").set_value("missed").run()
    assert not [box for box in app.text_area if str(box.key).endswith("|note")]
    widget(app.radio, "status").set_value("excused").run()
    widget(app.radio, "status").set_value("held").run()
    assert widget(app.text_area, "note").value == "Do not lose me"


def test_a_session_is_planned_and_then_opened_by_its_address(company: sa.Engine) -> None:
    app = page(company)
    widget(app.radio, "status").set_value("planned").run()
    app = saved(app)
    assert "Say for which day" in warnings(app)
    widget(app.date_input, "planned_on").set_value(NEXT_WEEK).run()
    widget(app.text_area, "topics").set_value("Pipeline").run()
    app = saved(app)
    [row] = rows(company, session)
    assert (row["status"], row["planned_on"]) == ("planned", NEXT_WEEK)
    app = sound(button(app, "Move it or write it up").click().run())
    assert said(app, "session") == str(row["id"])
    assert "The session planned for 27 Nov 2026" in words(app)
    assert widget(app.text_area, "topics").value == "Pipeline"


def test_a_planned_session_is_moved_and_settled(company: sa.Engine) -> None:
    first = planned(company)
    app = page(company, session=first)
    widget(app.radio, "status").set_value("moved").run()
    app = saved(app)
    assert "Choose the day" in warnings(app)
    widget(app.date_input, "planned_on").set_value(NEXT_WEEK).run()
    saved(app)
    moved, second = rows(company, session)
    assert (moved["status"], second["status"], second["moved_from_id"]) == ("moved", "planned", first)


def test_a_fourth_topic_brings_the_hint(company: sa.Engine) -> None:
    app = page(company)
    widget(app.text_area, "topics").set_value("a\nb\nc").run()
    assert "More than three topics" not in words(app)
    widget(app.text_area, "topics").set_value("a\nb\nc\nd").run()
    assert "More than three topics: pick what matters most." in words(app)


def test_the_second_save_is_told_what_changed_and_loses_nothing(company: sa.Engine) -> None:
    session_id = planned(company)
    app = page(company, session=session_id)
    widget(app.text_area, "note").set_value("From the laptop").run()
    elsewhere = SessionDraft(id_of(company, "ravi"), held_at=NOW - dt.timedelta(hours=1), note="From the phone")
    run(company, commands.record_session, "maya", elsewhere, session_id=session_id, version=1)
    app = saved(app)
    assert "Somebody saved this while you were writing" in warnings(app)
    assert "it says “From the phone” now; yours says “From the laptop”" in words(app)
    assert widget(app.text_area, "note").value == "From the laptop"
    assert rows(company, session)[0]["note"] == "From the phone"
    app = sound(widget(app.button, "mine").click().run())
    saved(app)
    assert rows(company, session)[0]["note"] == "From the laptop"


def test_a_transcript_gives_counts_with_the_sentences_behind_them_and_is_not_kept(company: sa.Engine) -> None:
    app = page(company)
    paste = next(box for box in app.text_area if box.label == "Or paste it")
    app = sound(paste.set_value(TRANSCRIPT).run())
    text = words(app)
    assert "2 questions and 1 instruction." in text
    assert "The coach said 82 % of 17 words." in text
    assert "You should call them tomorrow." in text
    app = sound(button(app, "Take over 2\u00a0questions and 1\u00a0instruction").click().run())
    assert widget(app.number_input, "questions").value == 2
    assert next(box for box in app.text_area if box.label == "Or paste it").value == ""
    saved(app)
    [row] = rows(company, session)
    assert (row["questions"], row["instructions"]) == (2, 1)
    with reading(company) as connection:
        dump = " ".join(
            str(tuple(line))
            for table in session.metadata.sorted_tables
            for line in connection.execute(sa.select(table))
        )
    assert "call them tomorrow" not in dump


@pytest.mark.parametrize(
    "text", ["nobody speaks here", "<script>alert(1)</script>", "00:00:01.000 --> 00:00:02.000\nx"]
)
def test_a_text_without_speakers_is_refused_kindly(company: sa.Engine, text: str) -> None:
    app = page(company)
    paste = next(box for box in app.text_area if box.label == "Or paste it")
    assert "No speaker is named" in warnings(sound(paste.set_value(text).run()))


def test_an_uploaded_transcript_is_read_too(company: sa.Engine) -> None:
    app = page(company)
    app = sound(app.file_uploader[0].set_value(("call.txt", TRANSCRIPT.encode("utf-16"), "text/plain")).run())
    assert "2 questions and 1 instruction." in words(app)


def test_hostile_words_are_shown_and_not_obeyed(company: sa.Engine) -> None:
    bad = "![x](http://127.0.0.1:9/p.png) <b>bold</b> :red[boss]"
    held(company, topics=(bad,), note=bad, commitments=(CommitmentDraft("rep", bad),), trigger="praise", tone=bad)
    for who in ("Maya", "Ravi"):
        app = page(company, who)
        for element in [*app.markdown, *app.caption]:
            assert not re.search(r"(?<!\\)!\[x|(?<!\\)<b>|(?<!\\):red\[", element.value), element.value


# ---- Promises ----------------------------------------------------------------------------------------------------


def test_one_tap_ticks_a_promise_off_and_another_opens_it_again(company: sa.Engine) -> None:
    held(company, commitments=(CommitmentDraft("rep", "Call"), CommitmentDraft("coach", "Ask marketing")))
    app = page(company)
    first = next(box for box in app.button if box.label == "Done")
    assert words(app).index("Ask marketing") < words(app).index("Call")
    app = sound(first.click().run())
    kept = {row["promise"]: row["done_on"] for row in rows(company, commitment)}
    assert kept == {"Call": None, "Ask marketing": TODAY}
    app = page(company, "Ravi")
    sound(button(app, "Done").click().run())
    assert {row["done_on"] for row in rows(company, commitment)} == {TODAY}
    app = page(company, "Ravi")
    sound(next(box for box in app.button if box.label == "Open again").click().run())
    assert sorted(str(row["done_on"]) for row in rows(company, commitment)) == ["2026-11-20", "None"]


# ---- Ravi's own side ---------------------------------------------------------------------------------------------


def test_ravi_adds_a_topic_and_maya_finds_it(company: sa.Engine) -> None:
    session_id = planned(company, NEXT_WEEK)
    app = page(company, "Ravi")
    assert "1 session is planned." in words(app)
    app.text_input(key=f"topic_{session_id}").set_value("My large deal").run()
    app = sound(button(app, "Add").click().run())
    assert "My large deal" in words(app)
    assert "My large deal" in words(page(company))
    sound(button(app, "Take it off").click().run())
    assert rows(company, session_topic) == []


def test_ravi_answers_the_pulse_once_a_month_without_a_name(company: sa.Engine) -> None:
    assert "Three taps" not in words(page(company, "Ravi"))
    held(company)
    app = page(company, "Ravi")
    assert "your manager included" in words(app)
    for name, tap in (("useful", 5), ("heard", 4), ("clear", 3)):
        app.radio(key=f"pulse_{name}").set_value(tap).run()
    app = sound(button(app, "Send without my name").click().run())
    assert "Nobody can tell which answer is yours" in words(app)
    assert "Three taps" not in words(page(company, "Ravi"))
    [row] = rows(company, pulse)
    assert (row["useful"], row["heard"], row["clear"]) == (5, 4, 3)


def test_the_first_visit_after_the_month_destroys_the_key_of_its_pulse(company: sa.Engine) -> None:
    with writing(company) as connection:
        row = {"wave": "2026-10", "secret": "00" * 32, "closes_on": dt.date(2026, 10, 31)}
        connection.execute(sa.insert(pulse_wave).values(**row))
    page(company, "Omar")
    assert rows(company, pulse_wave)[0]["secret"] is None


def test_ravi_writes_down_that_he_met_rosa(company: sa.Engine) -> None:
    app = page(company, "Ravi")
    app = saved(app)
    assert "Choose the colleague" in warnings(app)
    widget(app.selectbox, "partner").set_value(id_of(company, "rosa")).run()
    widget(app.text_area, "topics").set_value("Openings").run()
    saved(app)
    [row] = rows(company, session)
    assert (row["kind"], row["coach_id"], row["rep_id"]) == ("peer", id_of(company, "ravi"), id_of(company, "rosa"))
    assert "with Ravi Nair" in " ".join(box.label for box in page(company, "Rosa").expander)


# ---- Who sees what -----------------------------------------------------------------------------------------------


def test_a_private_note_is_shown_to_maya_and_to_nobody_else(company: sa.Engine) -> None:
    held(company, note="Only Maya knows", visibility="private")
    everybody = [
        page(company),
        *(opened(SESSION, who, rep=id_of(company, "ravi")) for who in ("Ravi", "Dana", "Omar", "Eve", "Ada")),
    ]
    read = ["Only Maya knows" in " ".join([words(app), *(str(text.value) for text in app.text)]) for app in everybody]
    assert read == [True, False, False, False, False, False]


@pytest.mark.parametrize("who", ["Omar", "Wim", "Eve", "Ada"])
def test_a_session_out_of_view_reads_like_one_that_does_not_exist(company: sa.Engine, who: str) -> None:
    session_id = planned(company, topics=("Secret deal",))
    ravi = id_of(company, "ravi")
    foreign, unknown = (
        words(opened(SESSION, who, rep=rep, session=number)) for rep, number in ((ravi, session_id), (999_999, 999_999))
    )
    assert foreign == unknown
    assert NO_SUCH_PERSON in foreign
    assert "Secret deal" not in words(opened(SESSION, who, session=session_id))


def test_dana_may_settle_mayas_planned_session_and_gets_no_form_to_write_it_up(company: sa.Engine) -> None:
    session_id = planned(company)
    app = opened(SESSION, "Dana", rep=id_of(company, "ravi"), session=session_id)
    assert "Maya Lindgren holds this session and writes it up" in words(app)
    assert not [box for box in app.text_area if str(box.key).endswith("|note")]
    widget(app.radio, "status").set_value("excused").run()
    saved(app)
    assert rows(company, session)[0]["status"] == "excused"


def test_garbage_in_the_address_is_answered_with_a_page(demo: str) -> None:
    app = opened(SESSION, "Maya")
    for name in ("rep", "session"):
        for garbage in ("0", "-1", "999999", "1 or 1=1", "<script>", "\u202e1", "9" * 40, ""):
            app.query_params[name] = garbage
            app.run()
            assert app.title
            assert not app.exception, garbage


@pytest.mark.parametrize("who", ["Maya", "Dana", "Ravi"])
def test_in_the_demo_company_the_page_is_full(demo: str, who: str) -> None:
    app = opened(SESSION, who)
    text = words(app)
    assert "planned" in text
    assert "What we promised" in text
