"""Three open questions that the data chooses, the same for rep and coach; which were asked, and a bank that can be
edited."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from coaching import questions
from coaching.lessons import GapDraft
from coaching.observations import ObservationDraft, Rating, ScoreDraft
from coaching.people import Role, Viewer
from coaching.plans import ActionDraft, ObjectiveDraft, PlanDraft
from coaching.questions import Chosen, Situation
from coaching.sessions import CommitmentDraft, SessionDraft
from data_access.commands import lessons, observations, plans, sessions
from data_access.commands.agenda import add_item, settle_items
from data_access.commands.questions import edit_question, note_asked
from data_access.default_scorecard import ensure_default_scorecard
from data_access.engine import open_engine, reading, writing
from data_access.queries.questions import asked, bank_on, question_edits, questions_for, rest_sessions, situations
from data_access.scope import NotPermitted, operator, stand_in
from data_access.settings import store_setting
from data_access.tables import question_asked, question_edit
from data_access.writes import CommandRefused, EditedMeanwhile
from tests.companies import NOW, PEOPLE, TODAY, deal, load, someone
from tests.databases import sqlite_url

DAY = dt.timedelta(days=1)
DEALS = [
    deal("pumps", "ravi", opened="2026-10-01", name="Pumps", next_step="Send the offer"),
    deal("valves", "ravi", opened="2026-10-01", name="Valves [x](http://a.example)", amount=900),
    deal("lost", "ravi", status="lost", opened="2026-05-01", closed="2026-11-01", competitor="Northwind", name="Tanks"),
    deal("filters", "rosa", opened="2026-10-01", name="Filters", next_step="Visit"),
    deal("west", "wim", opened="2026-10-01", name="Pipes"),
]


def filled(engine: sa.Engine) -> sa.Engine:
    """The company of these stories in an empty database."""
    load(engine, "people", PEOPLE)
    load(engine, "deals", DEALS)
    with writing(engine) as connection:
        ensure_default_scorecard(connection)
    return engine


@pytest.fixture(scope="module")
def filled_file(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The company in a file that is copied and never opened."""
    file = tmp_path_factory.mktemp("questions") / "company.sqlite3"
    file.write_bytes(sqlite_template.read_bytes())
    made = open_engine(sqlite_url(file))
    filled(made)
    made.dispose()
    return file


@pytest.fixture
def company(filled_file: Path, tmp_path: Path) -> Iterator[sa.Engine]:
    """The company on SQLite, for stories to which the kind of database does not matter."""
    file = tmp_path / "company.sqlite3"
    file.write_bytes(filled_file.read_bytes())
    engine = open_engine(sqlite_url(file))
    yield engine
    engine.dispose()


def id_of(company: sa.Engine, name: str) -> int:
    found = someone(company, name).person_id
    assert found is not None
    return found


def standing(
    company: sa.Engine, who: str | Viewer = "maya", about: str = "ravi", as_of: dt.date = TODAY, **more: Any
) -> list[Situation]:
    viewer = someone(company, who) if isinstance(who, str) else who
    with reading(company) as connection:
        return situations(viewer, connection, rep_id=id_of(company, about), as_of=as_of, today=TODAY, **more)


def three(
    company: sa.Engine, who: str | Viewer = "maya", about: str = "ravi", as_of: dt.date = TODAY, **more: Any
) -> list[Chosen]:
    viewer = someone(company, who) if isinstance(who, str) else who
    with reading(company) as connection:
        return questions_for(viewer, connection, rep_id=id_of(company, about), as_of=as_of, today=TODAY, **more)


def kinds(found: list[Situation]) -> set[str]:
    return {each.key for each in found}


def only(found: list[Situation], key: str) -> Situation:
    [each] = [each for each in found if each.key == key]
    return each


def late_promise(company: sa.Engine, rep: str, coach: str = "maya") -> None:
    promise = CommitmentDraft("rep", "Call the buyer", TODAY - 10 * DAY)
    draft = SessionDraft(id_of(company, rep), held_at=NOW - 20 * DAY, commitments=(promise,))
    with writing(company) as connection:
        sessions.record_session(someone(company, coach), connection, draft, NOW - 20 * DAY)


def observe(company: sa.Engine, level: int, days_ago: int, skill: str = "discovery", **more: Any) -> int:
    ravi, at = id_of(company, "ravi"), NOW - days_ago * DAY
    draft = ObservationDraft(ravi, None, at, scores=(ScoreDraft(skill, level, ""),), went_well="The silence", **more)
    with writing(company) as connection:
        return observations.record_observation(someone(company, "maya"), connection, draft, NOW - days_ago * DAY)


# ---- Lost deals ------------------------------------------------------------------------------------------------------


def of_loss(company: sa.Engine, as_of: dt.date = TODAY) -> set[int | None]:
    """The deals whose loss may be asked about."""
    return {each.deal_id for each in standing(company, as_of=as_of) if each.key == "lost_to_competitor"}


def tanks(company: sa.Engine) -> int:
    number = only(standing(company), "lost_to_competitor").deal_id
    assert number is not None
    return number


def test_a_loss_of_which_something_could_not_be_answered_does_not_come_back(company: sa.Engine) -> None:
    number = tanks(company)
    with writing(company) as connection:
        draft = GapDraft("How was it decided?", "", number)
        lessons.note_gap(someone(company, "ravi"), connection, id_of(company, "ravi"), draft, NOW)
    assert of_loss(company) == set()
    assert not any(each.situation.deal_id == number for each in three(company) if each.question.is_information)
    assert of_loss(company, TODAY - DAY) == {number}


def test_a_loss_that_was_asked_about_or_concluded_from_does_not_come_back(company: sa.Engine) -> None:
    number = tanks(company)
    rows = {"lost_to_competitor.saw": [f"deal:{number}"]}
    with writing(company) as connection:
        note_asked(
            someone(company, "maya"), connection, rep_id=id_of(company, "ravi"), session_id=None,
            question_keys=list(rows), about=rows, now=NOW,
        )  # fmt: skip
    assert of_loss(company) == set()


def test_what_the_rep_concluded_from_a_loss_settles_it(company: sa.Engine) -> None:
    number = tanks(company)
    with writing(company) as connection:
        lessons.write_lesson(someone(company, "ravi"), connection, number, "Ask for the yardstick.", None, NOW)
    assert of_loss(company) == set()


def test_an_answer_about_a_loss_stays_until_the_meeting_and_settles_it_there(company: sa.Engine) -> None:
    number = tanks(company)
    first = next(each for each in three(company) if each.situation.deal_id == number)
    with writing(company) as connection:
        item = add_item(
            someone(company, "ravi"), connection, rep_id=id_of(company, "ravi"), kind="answer", body="The price",
            question_key=first.question.key, about=f"deal:{number}", now=NOW,
        )  # fmt: skip
    assert first.text in {each.text for each in three(company)}
    with writing(company) as connection:
        maya = someone(company, "maya")
        held = sessions.record_session(maya, connection, SessionDraft(id_of(company, "ravi"), held_at=NOW), NOW)
        settle_items(maya, connection, session_id=held, item_ids=[item], now=NOW)
    assert of_loss(company) == set()


def test_what_was_asked_while_the_deal_was_open_says_nothing_about_its_loss(company: sa.Engine) -> None:
    number = tanks(company)
    rows = {"stalled.waits": [f"deal:{number}"]}
    long_ago = NOW - 60 * DAY
    with writing(company) as connection:
        note_asked(
            someone(company, "maya"), connection, rep_id=id_of(company, "ravi"), session_id=None,
            question_keys=list(rows), about=rows, now=long_ago,
        )  # fmt: skip
    assert of_loss(company) == {number}


# ---- What holds ----------------------------------------------------------------------------------------------------


def test_ravis_deals_bring_situations_that_name_their_rows(company: sa.Engine) -> None:
    found = standing(company)
    assert kinds(found) == {"lost_to_competitor", "no_next_step", "steady"}
    lost = only(found, "lost_to_competitor")
    assert lost.fills["competitor"] == "Northwind"
    assert lost.says == "Tanks: lost to Northwind 19 days ago"
    assert lost.source_ids == (f"deal:{lost.deal_id}",)
    assert only(found, "no_next_step").fills["deal"].startswith("Valves")


def test_where_no_file_brought_next_steps_or_activities_no_deal_lacks_one(sqlite_engine: sa.Engine) -> None:
    load(sqlite_engine, "people", PEOPLE)
    load(sqlite_engine, "deals", [deal("pumps", "ravi", name="Pumps")])
    assert kinds(standing(sqlite_engine)) == {"steady"}


def test_an_activity_that_is_planned_is_a_next_step(company: sa.Engine) -> None:
    row = {"id": "a1", "deal": "valves", "owner": "ravi", "date": "2026-11-25", "type": "call", "status": "planned"}
    load(company, "activities", [row])
    assert "no_next_step" not in kinds(standing(company))


def test_a_low_level_an_own_view_above_it_an_open_question_and_a_late_promise_hold(company: sa.Engine) -> None:
    for days in (9, 6):
        number = observe(company, 2, days, ask_own_view=True)
        with writing(company) as connection:
            rating = Rating((ScoreDraft("discovery", 4, ""),))
            observations.record_self_view(someone(company, "ravi"), connection, number, rating, NOW - (days - 1) * DAY)
    late_promise(company, "ravi")
    with writing(company) as connection:
        draft = GapDraft("What does a stop cost them?")
        gap = lessons.note_gap(someone(company, "ravi"), connection, id_of(company, "ravi"), draft, NOW - 2 * DAY)
    found = standing(company)
    assert {"skill_gap", "self_above", "knowledge_gap", "missed_commitment"} <= kinds(found)
    assert only(found, "skill_gap").skill == "discovery"
    assert only(found, "skill_gap").source_ids[0] == f"observation:{number}"
    assert only(found, "knowledge_gap").source_ids == (f"knowledge_gap:{gap}",)
    assert only(found, "missed_commitment").fills == {"days": "10"}
    assert "steady" not in kinds(found)


def test_an_observation_of_one_contact_in_an_open_deal_holds_and_of_a_closed_one_does_not(company: sa.Engine) -> None:
    tanks, valves = only(standing(company), "lost_to_competitor"), only(standing(company), "no_next_step")
    observe(company, 1, 3, "decision", deal_id=tanks.deal_id)
    assert "single_contact" not in kinds(standing(company))
    observe(company, 3, 2, "decision", deal_id=valves.deal_id)
    assert "single_contact" not in kinds(standing(company))
    number = observe(company, 1, 1, "decision", deal_id=valves.deal_id)
    found = only(standing(company), "single_contact")
    assert found.source_ids == (f"observation:{number}", f"deal:{valves.deal_id}")
    assert "one contact" in found.says


def test_an_objection_holds_until_it_is_answered(company: sa.Engine) -> None:
    maya, ravi = someone(company, "maya"), someone(company, "ravi")
    due = TODAY + 90 * DAY
    goal = ObjectiveDraft(
        id_of(company, "ravi"), id_of(company, "maya"), "won_count", None, 5, "absolute", TODAY, due, "It pays", "Pay"
    )
    with writing(company) as connection:
        action = ActionDraft(None, None, "Two new conversations a week")
        draft = PlanDraft(id_of(company, "ravi"), 0, TODAY, due, "Ask more", (action,))
        plan = plans.propose_plan(maya, connection, draft, now=NOW)
        number = plans.propose_objective(maya, connection, plan, goal, now=NOW)
    assert "resistant_objective" not in kinds(standing(company))
    with writing(company) as connection:
        plans.answer_objective(ravi, connection, number, 1, "object", now=NOW, reason="Not mine")
    found = only(standing(company), "resistant_objective")
    assert found.source_ids == (f"objective:{number}",)
    assert "Not mine" not in found.says


def test_who_reached_their_quota_last_quarter_is_asked_as_somebody_strong(company: sa.Engine) -> None:
    load(
        company,
        "quotas",
        [{"rep": "ravi", "from": "2026-07-01", "to": "2026-09-30", "amount": 1000, "currency": "USD"}],
    )
    assert "top_performer" not in kinds(standing(company))
    more = [deal(f"w{n}", "ravi", status="won", opened="2026-05-01", closed="2026-08-01", amount=600) for n in range(2)]
    load(company, "deals", [*DEALS, *more])
    found = only(standing(company), "top_performer")
    assert found.fills == {"share": "120\u00a0%"}
    assert "too few peers" in found.says
    assert [row.partition(":")[0] for row in found.source_ids] == ["deal", "deal", "quota"]


def test_what_the_diagnosis_points_to_comes_first_and_a_skill_only_once(company: sa.Engine) -> None:
    number = observe(company, 1, 9)
    observe(company, 1, 4)
    focus = ("discovery", (f"observation:{number}",), "Finding out what matters has most to gain.")
    found = standing(company, focus=focus)
    assert found[0].key == "skill_gap"
    assert found[0].says == "Finding out what matters has most to gain"
    assert len([each for each in found if each.key == "skill_gap"]) == 1
    lever = standing(company, focus=("win_rate", ("deal:1",), "Win rate"))
    assert lever[0].key == "focus_win_rate"


# ---- Who gets which ------------------------------------------------------------------------------------------------


def test_two_reps_with_different_data_get_different_questions_each_with_its_row(company: sa.Engine) -> None:
    late_promise(company, "rosa")
    of_ravi, of_rosa = three(company), three(company, about="rosa")
    assert len(of_ravi) == len(of_rosa) == questions.MOST
    assert not {each.question.key for each in of_ravi} & {each.question.key for each in of_rosa}
    for each in [*of_ravi, *of_rosa]:
        assert each.source_ids
        assert questions.row_words(each.source_ids[0]) in each.why
    assert {row for each in of_ravi for row in each.source_ids}.isdisjoint(
        {row for each in of_rosa for row in each.source_ids}
    )


def test_ravi_maya_and_dana_get_the_same_questions_for_ravi(company: sa.Engine) -> None:
    late_promise(company, "ravi")
    observe(company, 1, 9)
    observe(company, 2, 4)
    mayas = three(company)
    assert three(company, "ravi") == mayas
    assert three(company, "dana") == mayas
    assert standing(company, "ravi") == standing(company) == standing(company, "dana")


@pytest.mark.parametrize("who", ["omar", "rosa", "eve", "ada", "operator", "executive", "admin"])
def test_nobody_else_gets_a_question_about_ravi(company: sa.Engine, who: str) -> None:
    nameless = {"operator": operator(), "executive": stand_in(Role.EXECUTIVE), "admin": stand_in(Role.ADMIN)}
    viewer: str | Viewer = nameless.get(who, who)
    assert standing(company, viewer) == []
    assert three(company, viewer) == []
    seen = someone(company, who) if isinstance(viewer, str) else viewer
    with reading(company) as connection:
        assert asked(seen, connection, rep_id=id_of(company, "ravi"), as_of=TODAY, today=TODAY).is_empty()


def test_the_name_of_a_deal_is_text_and_stays_within_its_question(company: sa.Engine) -> None:
    texts = " ".join(each.text for each in three(company))
    assert "[x](http://a.example)" in texts


def test_a_question_as_of_an_earlier_day_knows_nothing_later(company: sa.Engine) -> None:
    before = standing(company, as_of=TODAY - DAY)
    late_promise(company, "ravi")
    with writing(company) as connection:
        lessons.note_gap(someone(company, "ravi"), connection, id_of(company, "ravi"), GapDraft("Why now?"), NOW)
    assert "knowledge_gap" in kinds(standing(company))
    assert "knowledge_gap" not in kinds(standing(company, as_of=TODAY - DAY))
    assert {key for key in kinds(before) if key != "missed_commitment"} <= kinds(standing(company, as_of=TODAY - DAY))


# ---- Asked ---------------------------------------------------------------------------------------------------------


def hold(company: sa.Engine, days_ago: int, keys: list[str] | None = None, kind: str = "ravi") -> int:
    """A one-on-one of Maya and Ravi in which these questions were asked."""
    maya, at = someone(company, "maya"), NOW - days_ago * DAY
    with writing(company) as connection:
        number = sessions.record_session(maya, connection, SessionDraft(id_of(company, kind), held_at=at), at)
        if keys:
            note_asked(maya, connection, rep_id=id_of(company, kind), session_id=number, question_keys=keys, now=at)
    return number


def test_no_question_comes_back_within_six_one_on_ones(company: sa.Engine) -> None:
    late_promise(company, "ravi")
    heard: list[set[str]] = []
    for days_ago in range(18, 0, -1):
        keys = {each.question.key for each in three(company, as_of=TODAY - days_ago * DAY)}
        for before in heard[-6:]:
            assert not keys & before
        heard.append(keys)
        hold(company, days_ago, sorted(keys))
    assert len(set().union(*heard)) > 10


def test_the_company_may_let_questions_rest_shorter(company: sa.Engine) -> None:
    with writing(company) as connection:
        assert rest_sessions(operator(), connection) == 6
        store_setting(connection, "question_rest_sessions", 1, NOW)
    late_promise(company, "ravi")
    first = three(company, as_of=TODAY - 3 * DAY)
    hold(company, 3, [each.question.key for each in first])
    resting = {each.question.key for each in three(company)}
    assert not resting & {each.question.key for each in first}
    hold(company, 2)
    with reading(company) as connection:
        ago = asked(someone(company, "maya"), connection, rep_id=id_of(company, "ravi"), as_of=TODAY, today=TODAY)
    assert ago["sessions_ago"].to_list() == [1, 1, 1]


def test_a_group_or_a_session_with_somebody_else_wakes_no_question(company: sa.Engine) -> None:
    hold(company, 5, ["steady.me"])
    hold(company, 3, kind="rosa")
    with writing(company) as connection:
        group = SessionDraft(
            id_of(company, "ravi"), kind="group", held_at=NOW - DAY, participant_ids=(id_of(company, "rosa"),)
        )
        sessions.record_session(someone(company, "maya"), connection, group, NOW)
        ago = asked(someone(company, "maya"), connection, rep_id=id_of(company, "ravi"), as_of=TODAY, today=TODAY)
    assert ago.rows() == [("steady.me", 0)]


def test_noting_the_same_question_in_the_same_session_twice_is_noting_it_once(company: sa.Engine) -> None:
    maya, ravi = someone(company, "maya"), id_of(company, "ravi")
    number = hold(company, 1)
    note: dict[str, Any] = {"rep_id": ravi, "question_keys": ["steady.me", "steady.proud"], "now": NOW}
    about = {"steady.me": ("person:4", "deal:1")}
    with writing(company) as connection:
        assert note_asked(maya, connection, session_id=number, about=about, **note) == 2
        assert note_asked(maya, connection, session_id=number, **note) == 0
        assert note_asked(maya, connection, session_id=None, **note) == 2
        assert note_asked(maya, connection, session_id=None, **note) == 0
        rows = connection.execute(sa.select(question_asked).order_by(question_asked.c.id)).all()
    assert [row.about for row in rows] == ["person:4,deal:1", None, None, None]
    assert {row.asked_by for row in rows} == {maya.person_id}
    assert [row.asked_on for row in rows] == [TODAY - DAY, TODAY - DAY, TODAY, TODAY]


def test_a_question_nobody_knows_or_a_session_with_another_rep_is_refused(company: sa.Engine) -> None:
    maya, ravi = someone(company, "maya"), id_of(company, "ravi")
    rosas = hold(company, 1, kind="rosa")
    with writing(company) as connection:
        with pytest.raises(CommandRefused, match="unheard"):
            note_asked(maya, connection, rep_id=ravi, session_id=None, question_keys=["unheard.of"], now=NOW)
        for number in (rosas, 999_999):
            with pytest.raises(NotPermitted):
                note_asked(maya, connection, rep_id=ravi, session_id=number, question_keys=["steady.me"], now=NOW)


def test_a_session_that_is_taken_back_takes_its_questions_back(company: sa.Engine) -> None:
    number = hold(company, 0, ["steady.me"])
    with writing(company) as connection:
        sessions.undo_session(someone(company, "maya"), connection, number, NOW)
        assert connection.scalar(sa.select(sa.func.count()).select_from(question_asked)) == 0


# ---- The bank ------------------------------------------------------------------------------------------------------


def change(company: sa.Engine, who: str = "ada", now: dt.datetime = NOW, **said: Any) -> str:
    asked_for = {"situation": "steady", "text": "What would you like to try next?", **said}
    with writing(company) as connection:
        return edit_question(someone(company, who), connection, now=now, **asked_for)


def in_bank(company: sa.Engine, key: str, as_of: dt.date = TODAY) -> questions.Question | None:
    with reading(company) as connection:
        return next((each for each in bank_on(operator(), connection, as_of) if each.key == key), None)


def test_what_says_the_same_already_is_no_change_and_the_last_one_can_be_undone_for_a_day(company: sa.Engine) -> None:
    key = change(company)
    first = in_bank(company, key)
    assert first is not None
    change(company, key=key, text=f" {first.text} ", seen_edit_id=first.edit_id)
    assert in_bank(company, key) == first
    with pytest.raises(EditedMeanwhile):
        change(company, key=key, text=first.text, seen_edit_id=None)
    ada = someone(company, "ada").person_id
    with reading(company) as connection:
        edits = question_edits(operator(), connection)
    undone = questions.to_undo(edits, ada, NOW + dt.timedelta(hours=23))
    assert undone is not None
    assert (undone.edit_id, undone.now, undone.before) == (first.edit_id, first, None)
    for by, later in ((ada, DAY), (None, dt.timedelta())):
        assert questions.to_undo(edits, by, NOW + later) is None
    change(company, key=key, text="What would you like to try?", seen_edit_id=first.edit_id)
    with reading(company) as connection:
        again = questions.to_undo(question_edits(operator(), connection), ada, NOW)
    assert again is not None
    assert again.before is not None
    assert again.before.text == first.text


def test_ada_adds_changes_retires_and_brings_back_and_every_step_stays_in_the_history(company: sa.Engine) -> None:
    key = change(company)
    first = in_bank(company, key)
    assert first is not None
    assert first.is_edited
    change(company, key=key, text="What would you like to try?", seen_edit_id=first.edit_id)
    second = in_bank(company, key)
    assert second is not None
    change(company, key=key, text=second.text, is_active=False, seen_edit_id=second.edit_id)
    retired = in_bank(company, key)
    assert retired is not None
    assert not retired.is_active
    change(company, key=key, text="What would you try?", seen_edit_id=retired.edit_id)
    with reading(company) as connection:
        history = question_edits(someone(company, "ada"), connection)
        assert history["body"].to_list() == [first.text, second.text, second.text, "What would you try?"]
        assert history["is_active"].to_list() == [True, True, False, True]
        assert set(history["edited_by_name"]) == {"Ada Brook"}
        assert set(question_edits(someone(company, "ravi"), connection)["edited_by_name"]) == {None}


def test_a_delivered_question_is_changed_under_its_key_and_as_of_yesterday_it_still_reads_as_before(
    company: sa.Engine,
) -> None:
    change(company, key="steady.me", text="What would help you most from me?")
    now, before = in_bank(company, "steady.me"), in_bank(company, "steady.me", TODAY - DAY)
    assert now is not None
    assert before is not None
    assert now.text == "What would help you most from me?"
    assert (now.is_edited, before.is_edited) == (True, False)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"text": "Do you like it?"}, "yes or no"),
        ({"text": "Why did you wait?"}, "What led to"),
        ({"text": "What about {deal}?"}, "cannot be filled in"),
        ({"text": "What could I do differently as your coach?"}, "in the bank already"),
        ({"text": ""}, "Write the question"),
        ({"situation": "unheard_of"}, "Choose the situation"),
        ({"about_skill": "unheard_of"}, "no such skill"),
        ({"about_skill": "asks_first"}, "no such skill"),
        ({"key": "steady.unheard"}, "no such question"),
    ],
)
def test_what_is_no_open_question_is_refused_in_words_and_nothing_is_written(
    company: sa.Engine, said: dict[str, Any], words: str
) -> None:
    with pytest.raises(CommandRefused, match=words):
        change(company, **said)
    with reading(company) as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(question_edit)) == 0


def test_of_two_admins_the_second_is_told_what_the_first_wrote(company: sa.Engine) -> None:
    change(company, key="steady.me", text="What would help you most from me?")
    with pytest.raises(EditedMeanwhile) as refusal:
        change(company, key="steady.me", text="What should I do more of?")
    assert "What would help you most from me?" in refusal.value.changes[0]
    with pytest.raises(EditedMeanwhile):
        change(company, key="steady.me", text="What should I do more of?", seen_edit_id=999)


def test_the_same_question_added_twice_is_refused_and_a_retired_one_comes_back_under_its_key(
    company: sa.Engine,
) -> None:
    key = change(company)
    with pytest.raises(CommandRefused):
        change(company)
    found = in_bank(company, key)
    assert found is not None
    change(company, key=key, text=found.text, is_active=False, seen_edit_id=found.edit_id)
    assert change(company) == key
    again = in_bank(company, key)
    assert again is not None
    assert again.is_active


@pytest.mark.parametrize("who", ["maya", "ravi", "dana", "eve"])
def test_only_who_keeps_the_data_changes_the_bank(company: sa.Engine, who: str) -> None:
    with pytest.raises(NotPermitted):
        change(company, who)


def test_an_edit_shows_in_the_choice(company: sa.Engine) -> None:
    for each in questions.bank():
        if each.situation in {"no_next_step", "steady", "information"} or each.key == "lost_to_competitor.saw":
            continue
        if each.situation in {"lost_to_competitor", "information_lost"}:
            change(company, key=each.key, situation=each.situation, text=each.text, is_active=False)
    text = "What does {competitor} do better than we do?"
    change(company, key="lost_to_competitor.saw", situation="lost_to_competitor", text=text)
    assert "What does Northwind do better than we do?" in {each.text for each in three(company)}


def test_both_kinds_of_database_tell_the_same_story(engine: sa.Engine) -> None:
    """Everything once: scores, an open question, a late promise, what was asked, an edit."""
    filled(engine)
    observe(engine, 1, 9)
    observe(engine, 2, 4)
    late_promise(engine, "ravi")
    with writing(engine) as connection:
        lessons.note_gap(someone(engine, "ravi"), connection, id_of(engine, "ravi"), GapDraft("Why now?"), NOW)
    change(engine, key="steady.me", text="What would help you most from me?")
    first = three(engine, as_of=TODAY - 2 * DAY)
    hold(engine, 1, [each.question.key for each in first])
    found = standing(engine)
    expected = {"lost_to_competitor", "no_next_step", "skill_gap", "missed_commitment", "knowledge_gap"}
    assert kinds(found) == expected
    now = three(engine)
    assert now == three(engine, "ravi")
    assert not {each.question.key for each in now} & {each.question.key for each in first}
