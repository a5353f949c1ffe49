"""My coaching: Ravi reads, answers and ticks off what is about himself, and who looked."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
import sqlalchemy as sa

from coaching.observations import ObservationDraft, ScoreDraft
from coaching.plans import ActionDraft, ObjectiveDraft, PlanDraft
from coaching.sessions import CommitmentDraft, SessionDraft
from data_access.commands import looks
from data_access.commands import observations as observation_commands
from data_access.commands import plans as plan_commands
from data_access.commands import sessions as session_commands
from data_access.default_scorecard import ensure_default_scorecard
from data_access.engine import reading, writing
from data_access.tables import agenda_item, commitment, knowledge_gap, objective, pulse
from tests.companies import NOW, PEOPLE, TODAY, deal, load, someone
from tests.copies import sqlite_copies_of
from tests.demo import id_of, names_of, sight_of
from tests.pages.opening import MY_COACHING, PROGRESS, figures, opened, words
from ui.loaders import lessons as lesson_loads


def founded(engine: sa.Engine) -> None:
    load(engine, "people", PEOPLE)
    load(engine, "deals", [deal("r1", status="won", closed="2026-09-01"), deal("r2"), deal("r3")])
    with writing(engine) as connection:
        ensure_default_scorecard(connection)


copy = sqlite_copies_of(founded)


@pytest.fixture
def company(copy: sa.Engine, fresh_caches: None, monkeypatch: pytest.MonkeyPatch) -> sa.Engine:
    """What the pages look at and may write to."""
    monkeypatch.setenv("COACHING_DATABASE_URL", str(copy.url))
    return copy


def number(engine: sa.Engine, who: str) -> int:
    found = someone(engine, who).person_id
    assert found is not None
    return found


def run(engine: sa.Engine, command: Any, who: str, *args: Any, **more: Any) -> Any:
    with writing(engine) as connection:
        return command(someone(engine, who), connection, *args, **more)


def one(engine: sa.Engine, statement: sa.Select[Any]) -> Any:
    with reading(engine) as connection:
        return connection.execute(statement).one()


def test_ravi_agrees_to_an_objective_where_he_finds_it(company: sa.Engine) -> None:
    goal = ObjectiveDraft(
        number(company, "ravi"), number(company, "maya"), "open_pipeline", None, 1.0, "relative", TODAY,
        TODAY + dt.timedelta(days=90), "Fewer thin months", "Wants larger deals",
    )  # fmt: skip
    plan = PlanDraft(
        number(company, "ravi"), number(company, "maya"), TODAY, objectives=(goal,),
        actions=(ActionDraft(None, None, "Two new conversations a week"),),
    )  # fmt: skip
    run(company, plan_commands.propose_plan, "maya", plan, now=NOW)
    app = opened(MY_COACHING, "Ravi")
    assert "Maya Lindgren proposes an objective" in words(app)
    assert "1 thing waits for your word." in words(app)
    next(button for button in app.button if button.label == "I agree").click().run()
    assert not app.exception
    assert one(company, sa.select(objective.c.status)).status == "accepted"
    assert "proposes an objective" not in words(app)
    assert any("Agreed." in element.value for element in app.success)


def test_promises_of_both_sides_stand_there_and_his_own_is_ticked_off_with_one_tap(company: sa.Engine) -> None:
    promises = (
        CommitmentDraft("rep", "Write the summary", TODAY + dt.timedelta(days=3)),
        CommitmentDraft("coach", "Sit in on the next call", TODAY + dt.timedelta(days=5)),
    )
    draft = SessionDraft(number(company, "ravi"), held_at=NOW - dt.timedelta(hours=2), commitments=promises)
    run(company, session_commands.record_session, "maya", draft, NOW)
    app = opened(MY_COACHING, "Ravi")
    assert "Write the summary" in words(app)
    assert "Sit in on the next call" in words(app)
    own = one(company, sa.select(commitment.c.id).where(commitment.c.promise == "Write the summary")).id
    app.button(key=f"tick_{own}").click().run()
    assert one(company, sa.select(commitment.c.done_on).where(commitment.c.id == own)).done_on == TODAY


def test_the_pulse_is_three_taps_after_a_session(company: sa.Engine) -> None:
    run(
        company,
        session_commands.record_session,
        "maya",
        SessionDraft(number(company, "ravi"), held_at=NOW - dt.timedelta(hours=2)),
        NOW,
    )
    app = opened(MY_COACHING, "Ravi")
    for name, tap in (("useful", 5), ("heard", 4), ("clear", 3)):
        app.radio(key=f"pulse_{name}").set_value(tap)
    app.run()
    app.button(key="pulse_send").click().run()
    assert not app.exception
    found = one(company, sa.select(pulse.c.useful, pulse.c.heard, pulse.c.clear))
    assert (found.useful, found.heard, found.clear) == (5, 4, 3)
    assert "Nobody can tell which answer is yours" in words(app)


def test_what_ravi_prepares_stands_right_below_his_next_session_and_before_promises_and_taps(demo: str) -> None:
    headings = [heading.value for heading in opened(MY_COACHING, "Ravi").subheader]
    place = headings.index("Next session")
    assert re.match("Nothing is prepared yet|Ready for the next one-on-one", headings[place + 1])
    assert place + 1 < headings.index("What we promised")
    assert headings.index("What we promised") < next(i for i, text in enumerate(headings) if "objective" in text)


def test_every_lesson_that_was_written_can_be_read_again_however_long_ago_the_deal_was_lost(demo: str) -> None:
    sight = sight_of("Ravi")
    deals = lesson_loads.lost_deals(sight, rep_id=int(id_of("Ravi")), as_of=sight.company.today)
    written = deals["conclusion"].drop_nulls().len()
    assert written
    for page, who in ((MY_COACHING, "Ravi"), (PROGRESS, "Maya")):
        assert words(opened(page, who, rep=id_of("Ravi"))).count("**Concludes:**") == written


def test_a_topic_for_the_next_one_on_one_is_added_here_beside_those_of_the_planned_session(company: sa.Engine) -> None:
    draft = SessionDraft(
        number(company, "ravi"), status="planned", planned_on=TODAY + dt.timedelta(days=7), topics=("The forecast",)
    )
    run(company, session_commands.plan_session, "maya", draft, NOW)
    app = opened(MY_COACHING, "Ravi")
    assert "27 Nov 2026, in 7 days, with Maya Lindgren" in words(app)
    assert "The forecast" in words(app)
    ravi = number(company, "ravi")
    app.text_input(key=f"agenda_topic_{ravi}").input("The [price](http://a.example) talk").run()
    app.button(key=f"add_topic_{ravi}").click().run()
    assert not app.exception
    assert one(company, sa.select(agenda_item.c.body)).body == "The [price](http://a.example) talk"
    assert "The topic is on the list" in words(app)
    assert "Ready for the next one-on-one: 1 topic" in words(app)
    assert not any("](http" in element.value for element in app.markdown)
    app.button(key="undo_agenda").click().run()
    assert "price" not in words(app)
    app.text_input(key=f"agenda_topic_{ravi}").input("The forecast talk").run()
    app.button(key=f"add_topic_{ravi}").click().run()
    next(button for button in app.button if str(button.key).startswith("off_item_")).click().run()
    assert "The forecast talk" not in words(app)
    app.button(key="undo_agenda").click().run()
    assert "The forecast talk" in words(app)


def test_ravi_answers_one_of_his_questions_and_maya_finds_the_answer(company: sa.Engine) -> None:
    app = opened(MY_COACHING, "Ravi")
    assert "Nothing is prepared yet" in words(app)
    asked = [text for text in app.text_area if str(text.key).startswith("answer:")]
    assert len(asked) == 3
    asked[0].input("More time in the field").run()
    next(button for button in app.button if button.key == f"keep_{str(asked[0].key).partition('|')[0]}").click().run()
    assert not app.exception
    found = one(company, sa.select(agenda_item.c.kind, agenda_item.c.body, agenda_item.c.question_key))
    assert (found.kind, found.body) == ("answer", "More time in the field")
    assert "@" in found.question_key
    assert "You: More time in the field" in words(app)
    assert "Ready for the next one-on-one: 1 answer" in words(app)
    # The same three questions as before.
    assert [text.key for text in app.text_area if str(text.key).startswith("answer:")] == [text.key for text in asked]
    back = next(button for button in app.button if str(button.key).startswith("back_answer:"))
    back.click().run()
    assert "Nothing is prepared yet" in words(app)


def test_what_ravi_cannot_answer_yet_becomes_an_open_question_with_its_words(company: sa.Engine) -> None:
    app = opened(MY_COACHING, "Ravi")
    where = next(field for field in app.text_input if str(field.key).startswith("gap-of:"))
    form = str(where.key).partition("|")[0]
    where.input("The account team").run()
    app.button(key=f"note_{form}").click().run()
    assert not app.exception
    noted = one(company, sa.select(knowledge_gap.c.question, knowledge_gap.c.where_to_look))
    assert noted.where_to_look == "The account team"
    assert noted.question.endswith(("?", "."))
    assert "Noted as an open question" in words(app)


def test_the_past_shows_its_questions_and_offers_nothing_to_write(company: sa.Engine) -> None:
    app = opened(MY_COACHING, "Ravi", as_of="2026-11-01")
    assert not [text for text in app.text_area if str(text.key).startswith("answer:")]
    assert not [field for field in app.text_input if str(field.key).startswith("agenda_topic")]


def test_a_call_that_waits_for_his_own_view_is_linked_and_says_nothing_of_the_scores(company: sa.Engine) -> None:
    draft = ObservationDraft(
        number(company, "ravi"),
        None,
        NOW - dt.timedelta(hours=3),
        channel="phone",
        scores=(ScoreDraft("discovery", 4, "Asked what the delay costs"),),
        went_well="The opening",
        ask_own_view=True,
    )
    run(company, observation_commands.record_observation, "maya", draft, NOW)
    app = opened(MY_COACHING, "Ravi")
    assert "Your view first, then your coach's" in words(app)
    assert "The opening" not in words(app)
    links = [str(link.proto) for link in app.get("page_link")]
    assert any("observation=" in link and "record-observation" in link for link in links)


def test_ravi_reads_who_opened_his_record_and_when_and_maya_does_not_read_it_about_him(company: sa.Engine) -> None:
    run(company, looks.note_look, "maya", number(company, "ravi"), "rep-progress", NOW)
    written = words(opened(MY_COACHING, "Ravi"))
    assert "Maya Lindgren opened Progress on 20 Nov" in written
    assert "once a day" in written
    assert "opened Progress" not in words(opened(MY_COACHING, "Maya"))


def test_a_new_rep_finds_a_next_step_in_every_part(company: sa.Engine) -> None:
    written = words(opened(MY_COACHING, "Rosa"))
    for sentence in (
        "Nothing is agreed at the moment",
        "No session is planned",
        "Nothing has been promised yet",
        "Your coach proposes one and you answer it",
        "Not enough observations yet",
        "Ask for one",
        "You have not said yet what moves you",
        "Nobody else opened your record",
    ):
        assert sentence in written, sentence


def test_a_manager_reads_about_herself_and_nothing_of_her_reps(demo: str) -> None:
    app = opened(MY_COACHING, "Maya")
    reps = names_of("rep")
    assert not [name for name in reps if name in words(app)]


@pytest.mark.parametrize("who", ["Eve", "Ada", "executive", "admin"])
def test_whoever_is_not_coached_here_gets_a_sentence_and_the_way_to_their_page(demo: str, who: str) -> None:
    app = opened(MY_COACHING, who)
    assert "This page is for whoever is coached" in words(app)
    assert not figures(app)


def test_ravi_sees_the_verdicts_and_skills_that_maya_sees_on_his_progress_page(demo: str) -> None:
    own, progress = opened(MY_COACHING, "Ravi"), opened(PROGRESS, "Maya", rep=id_of("Ravi"))
    headings = {header.value for header in own.subheader}
    same = [header.value for header in progress.subheader if "objective" in header.value or "Skills" in header.value]
    assert len(same) == 2
    assert set(same) <= headings
    drawn = [figure["data"] for figure in figures(progress)]
    assert figures(own)
    assert all(figure["data"] in drawn for figure in figures(own))


def test_as_of_an_earlier_day_nothing_is_offered_to_answer(demo: str) -> None:
    app = opened(MY_COACHING, "Ravi", as_of="2026-08-01")
    assert "What we promised" not in words(app)
    assert "wait for your word" not in words(app)
    assert not [button for button in app.button if button.label == "I agree"]
