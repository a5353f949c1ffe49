"""The brief out of a real database: what happened since last time, the same for everybody, every fact with its rows."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import sqlalchemy as sa

from coaching.brief import Brief, Fact, Taken, as_html, as_json, as_markdown
from coaching.brief.facts import Row
from coaching.lessons import GapDraft
from coaching.objectives import assess, headline
from coaching.people import Viewer
from coaching.sessions import SessionDraft
from data_access import audit, brief
from data_access.__main__ import DONE, REFUSED, main
from data_access.commands import agenda as agenda_commands
from data_access.commands import brief as commands
from data_access.commands import lessons as lesson_commands
from data_access.commands import sessions as session_commands
from data_access.engine import open_engine, reading, writing
from data_access.queries import agenda, lessons, plans
from data_access.queries import brief as queries
from data_access.queries.brief import material
from data_access.queries.brief_rows import rows_behind
from data_access.queries.deal_review import deals_to_look_at
from data_access.queries.diagnosis import diagnoses, peers
from data_access.queries.people import person_named
from data_access.queries.skills import skill_report
from data_access.scope import NotPermitted, operator
from data_access.tables import audit_entry, commitment, metadata, question_asked, session
from data_access.tables import deal as deal_table
from data_access.writes import CommandRefused
from tests.companies import NOW, TODAY, deal, load, someone
from tests.databases import sqlite_url
from tests.one_on_ones import DAY, LAST_TIME, SECRET, THEN, brief_of, company, exports, id_of, met, people_and_deals

READERS = ("maya", "dana", "ravi")


@pytest.fixture(scope="module")
def story(story_file: Path) -> Iterator[sa.Engine]:
    """The whole story, read by many tests and changed by none."""
    engine = open_engine(sqlite_url(story_file))
    yield engine
    engine.dispose()


def told(engine: sa.Engine, who: str | Viewer = "maya", **more: Any) -> Brief:
    found = brief_of(engine, who, **more)
    assert found is not None
    return found


def numbers_in(found: Brief) -> dict[str, list[tuple[tuple[str, ...], list[str]]]]:
    """The digits of every fact with its rows, by section."""
    said: dict[str, list[tuple[tuple[str, ...], list[str]]]] = {}
    for key, fact in found.facts():
        said.setdefault(key, []).append((fact.source_ids, re.findall(r"\d+", f"{fact.label} {fact.text} {fact.why}")))
    return said


def labels(found: Brief, key: str = "since_last_time") -> dict[str, Fact]:
    return {fact.label: fact for fact in found.section(key).facts}


def plain(text: str) -> str:
    """With spaces that may break."""
    return text.replace("\u00a0", " ")


# ---- What moved ----------------------------------------------------------------------------------------------------


def test_every_kind_of_news_since_the_last_one_on_one_is_told_once(engine: sa.Engine) -> None:
    found = told(company(engine))
    assert (found.since.on, found.since.session_id is not None) == (LAST_TIME, True)
    facts = found.section("since_last_time").facts
    said = {plain(fact.label): plain(fact.text) for fact in facts}
    assert said["Won"] == "tunnel (Quay Ltd, $21 k)"
    assert said["Lost"] == "dock (Quay Ltd, $10 k, to Rival)"
    assert said["Slipped"] == "quarry (Quay Ltd, $40 k, was to close 15 Nov)"
    assert said["Pushed"] == "bridge (Quay Ltd, $30 k, 30 Nov → 19 Jan)"
    assert said["New"] == "fresh (Quay Ltd, $15 k)"
    assert said["Stalled"] == "mill (Quay Ltd, $60 k, in Discovery)"
    assert (
        said["Seen 14 Nov, phone".replace(" ", " ")] == "Finding out what matters 4 of 5. One thing: Ask for the date"
    )
    assert said["Found out"] == "“Who signs at the harbour?”"
    assert said["To find out"] == "“What does a day of delay cost?”"
    sources = [source for fact in facts for source in fact.source_ids]
    assert len(sources) == len(set(sources))


def test_without_a_one_on_one_the_last_two_weeks_are_told(sqlite_engine: sa.Engine) -> None:
    found = told(people_and_deals(sqlite_engine))
    assert (found.since.on, found.since.session_id) == (TODAY - 14 * DAY, None)
    assert "no one-on-one is written down yet" in found.section("since_last_time").title
    assert {"Won", "Lost", "Slipped", "Pushed", "New", "Stalled"} <= set(labels(found))


def test_a_deal_that_nobody_knew_last_time_is_new_whatever_day_it_says_it_was_opened_on(own_story: sa.Engine) -> None:
    late = [
        deal(key, opened=(LAST_TIME - days * DAY).isoformat(), amount=500) for key, days in (("late", 3), ("same", 0))
    ]
    load(own_story, "deals", [*exports()[TODAY - DAY], *late], TODAY)
    text = labels(told(own_story))["New"].text
    assert all(name in text for name in ("fresh", "late", "same"))


def test_a_meeting_of_today_leaves_nothing_to_tell_and_says_so(sqlite_engine: sa.Engine) -> None:
    people_and_deals(sqlite_engine)
    met(sqlite_engine, on=NOW)
    section = told(sqlite_engine).section("since_last_time")
    assert section.facts == ()
    assert section.otherwise == "No deal was won, lost, opened or moved, and nothing was observed."


def test_a_day_in_the_past_is_told_as_it_was_known_and_no_later_file_changes_it(own_story: sa.Engine) -> None:
    then = TODAY - 2 * DAY
    before = as_json(told(own_story, as_of=then))
    assert "Won" not in before
    later = [{**row, "amount": 1, "name": "renamed"} for row in exports()[TODAY - DAY]]
    load(own_story, "deals", later, TODAY)
    assert as_json(told(own_story, as_of=then)) == before


# ---- The same for everybody ----------------------------------------------------------------------------------------


def test_maya_dana_and_ravi_read_the_same_numbers_to_the_digit(story: sa.Engine) -> None:
    maya, dana, ravi = (told(story, who) for who in READERS)
    assert numbers_in(maya) == numbers_in(dana) == numbers_in(ravi)
    assert maya.source_ids() == dana.source_ids() == ravi.source_ids()
    assert maya.carried.topics == ravi.carried.topics


def test_the_same_words_turn_to_whoever_reads(story: sa.Engine) -> None:
    maya, ravi = told(story, "maya"), told(story, "ravi")
    assert "Bring the price list" in labels(maya, "promises")["You"].text
    assert "Bring the price list" in labels(ravi, "promises")["Maya"].text
    assert (maya.section("praise_owed").title, ravi.section("praise_owed").title) == ("Praise owed", "What went well")
    assert plain(maya.preparation) == "Ravi has prepared: 1 topic."
    assert plain(ravi.preparation) == "You have prepared: 1 topic."


def test_objectives_and_deals_are_those_of_the_other_pages(story: sa.Engine) -> None:
    """The brief reads several objectives at once, the pages one by one."""
    rep = id_of(story, "ravi")
    asked: dict[str, Any] = {"rep_id": rep, "as_of": TODAY, "today": TODAY}
    for who in READERS:
        with reading(story) as connection:
            viewer = someone(story, who)
            found = material(viewer, connection, **asked)
            assert found is not None
            goals = plans.objectives(viewer, connection, **asked).to_dicts()
            [(goal, verdict)] = found.goals
            series = plans.metric_series(
                viewer, connection, metric_key="won_count", since=goals[0]["since_on"], **asked
            )
            assert headline(goal, verdict, "USD") == headline(goals[0], assess(goals[0], series, TODAY, "USD"), "USD")
            assert found.to_look_at.equals(deals_to_look_at(viewer, connection, **asked))
    looks = []
    for who in READERS:
        with reading(story) as connection:
            looks.append(deals_to_look_at(someone(story, who), connection, **asked).to_dicts())
    assert looks[0] == looks[1] == looks[2]


def test_private_words_are_on_nobodys_brief(story: sa.Engine) -> None:
    for who in READERS:
        found = told(story, who)
        for paper in (as_json(found), as_markdown(found), as_html(found)):
            assert SECRET not in paper
            assert "tired" not in paper
        assert not any("tired" in row.words for row in rows_of(story, found, who))


@pytest.mark.parametrize("who", ["omar", "eve", "ada", "wim", "rosa"])
def test_whoever_may_not_open_ravi_reads_nothing_as_if_he_did_not_exist(story: sa.Engine, who: str) -> None:
    assert brief_of(story, who) is None
    with reading(story) as connection:
        viewer, missing = someone(story, who), 999_999
        assert material(viewer, connection, rep_id=missing, as_of=TODAY, today=TODAY) is None
        assert (
            rows_behind(
                viewer,
                connection,
                rep_id=id_of(story, "ravi"),
                source_ids=told(story).source_ids(),
                as_of=TODAY,
                today=TODAY,
            )
            == []
        )


def test_the_operator_reads_figures_and_no_word_about_the_person(story: sa.Engine) -> None:
    found = told(story, operator())
    assert {"Won", "Lost", "Slipped", "Pushed", "New", "Stalled"} <= set(labels(found))
    for key in ("promises", "questions", "motivation", "preparation", "praise_owed"):
        for fact in found.section(key).facts:
            assert fact.source_ids[0].startswith(("deal:", "objective:")), fact
    paper = as_json(found)
    # Won, and whether Maya has praised it already the operator may not know.
    assert found.section("praise_owed").facts == ()
    reasons = [each["text"] for each in json.loads(paper)["not_shown"]]
    for key in ("promises", "questions", "motivation", "preparation", "praise_owed"):
        assert any(reason.startswith(f"{key}: Not shown in this view") for reason in reasons)
    for words in (
        "price list",
        "Call five",
        "He waited",
        "Ask for the date",
        "Say it at once",
        "new territory",
        "signs",
    ):
        assert words not in paper


# ---- What is brought -----------------------------------------------------------------------------------------------


def planned(engine: sa.Engine, days: int, **topics: str) -> int:
    """Maya plans a one-on-one with Ravi; what each puts on its list."""
    draft = SessionDraft(id_of(engine, "ravi"), status="planned", planned_on=TODAY + days * DAY)
    with writing(engine) as connection:
        number = session_commands.plan_session(someone(engine, "maya"), connection, draft, NOW)
        for who, words in topics.items():
            session_commands.add_topic(someone(engine, who), connection, number, words, NOW)
    return number


def test_the_list_of_the_next_meeting_counts_wherever_it_is_told_and_no_other_list(own_story: sa.Engine) -> None:
    planned(own_story, 12, ravi="For the one after", maya="Later")
    soon = planned(own_story, 5, ravi="Next quarter", maya="The forecast")
    with reading(own_story) as connection:
        ready = agenda.prepared(someone(own_story, "maya"), connection, today=TODAY)
    assert ready.filter(pl.col("name") == "Ravi Nair").row(0, named=True)["topic_count"] == 2
    for who in READERS:
        found = told(own_story, who)
        assert found.next_on == TODAY + 5 * DAY
        assert plain(found.preparation).endswith("prepared: 2 topics.")
        brought = {fact.text: fact.source_ids for fact in found.section("preparation").facts}
        assert list(brought) == ["The new territory", "Next quarter", "The forecast"]
        assert brought["Next quarter"] == (f"session:{soon}",)
        assert "For the one after" not in as_json(found)


def test_an_open_question_about_a_deal_that_was_lost_says_so(own_story: sa.Engine) -> None:
    with reading(own_story) as connection:
        dock = connection.scalar(sa.select(deal_table.c.id).where(deal_table.c.external_id == "dock"))
    with writing(own_story) as connection:
        draft = GapDraft("What does this customer fear?", deal_id=dock)
        lesson_commands.note_gap(someone(own_story, "maya"), connection, id_of(own_story, "ravi"), draft, THEN)
    assert "“What does this customer fear?” (dock, lost 12 Nov)" in plain(labels(told(own_story))["To find out"].text)


# ---- Every fact has its rows -----------------------------------------------------------------------------------


def rows_of(engine: sa.Engine, found: Brief, who: str = "maya") -> list[Row]:
    with reading(engine) as connection:
        return rows_behind(
            someone(engine, who),
            connection,
            rep_id=found.rep_id,
            source_ids=found.source_ids(),
            as_of=TODAY,
            today=TODAY,
        )


@pytest.mark.parametrize("who", READERS)
def test_every_fact_names_rows_that_exist_and_whoever_reads_it_can_read_them(story: sa.Engine, who: str) -> None:
    found = told(story, who)
    facts = [fact for _, fact in found.facts()]
    assert len(facts) > 20
    assert all(fact.source_ids for fact in facts)
    with reading(story) as connection:
        for source in found.source_ids():
            table, _, number = source.partition(":")
            row = metadata.tables[table]
            assert connection.scalar(sa.select(row.c.id).where(row.c.id == int(number))) is not None, source
    rows = rows_of(story, found, who)
    assert [row.source_id for row in rows] == found.source_ids()
    assert all(row.words and row.kind for row in rows)
    # Of each it is said since when it is known; of a person as a whole there is no such day.
    assert all(row.known_on is not None for row in rows if not row.source_id.startswith("person:"))


def behind(engine: sa.Engine, fact: Fact, who: str = "maya", since: dt.date | None = LAST_TIME) -> list[Row]:
    """What "Where this comes from" lists of one fact."""
    with reading(engine) as connection:
        return rows_behind(
            someone(engine, who),
            connection,
            rep_id=id_of(engine, "ravi"),
            source_ids=fact.source_ids,
            as_of=TODAY,
            today=TODAY,
            since=since,
        )


def test_each_fact_leads_to_its_own_rows_and_no_other_bullet_shares_its_address(story: sa.Engine) -> None:
    found = told(story)
    marks = [mark for section in found.sections for mark, _ in section.marked()]
    assert len(marks) == len(set(marks)) == sum(1 for _ in found.facts())
    for section in found.sections:
        for mark, fact in section.marked():
            assert found.marked(mark) == fact
            assert [row.source_id for row in behind(story, fact, since=None)] == list(fact.source_ids)


def test_a_pushed_deal_shows_both_versions_with_stage_amount_days_and_file(story: sa.Engine) -> None:
    now, then = behind(story, labels(told(story))["Pushed"])
    assert (now.kind, plain(now.name)) == ("Deal", "bridge · Quay Ltd")
    assert "$30 k" in plain(now.details)
    assert "to close 19 Jan 2027" in plain(now.details)
    assert "next: Call the buyer" in plain(now.details)
    assert (plain(then.kind), now.source_id) == ("Deal as known on 6 Nov 2026", then.source_id)
    assert "to close 30 Nov 2026" in plain(then.details)
    assert (now.known_on, then.known_on) == (TODAY - DAY, LAST_TIME)
    assert now.origin
    assert then.origin
    # What was known of it then and is known still is one row.
    [mill] = behind(story, labels(told(story))["Stalled"])
    assert "40 days in Discovery; won deals usually spend 22" in plain(mill.details)


def test_a_row_leads_to_the_form_that_holds_it(story: sa.Engine) -> None:
    found, rep = told(story), id_of(story, "ravi")
    links = {row.source_id.split(":")[0]: row.link for row in rows_of(story, found)}
    assert links["deal"] == ("rep-progress", {"rep": rep})
    assert links["objective"] == ("record-plan", {"rep": rep})
    with reading(story) as connection:
        for promise in (row for row in rows_of(story, found) if row.kind == "Promise"):
            number = int(promise.source_id.split(":")[1])
            made_in = connection.scalar(sa.select(commitment.c.session_id).where(commitment.c.id == number))
            assert promise.link == ("record-session", {"rep": rep, "session": made_in})
    seen = next(row for row in rows_of(story, found) if row.kind == "Observation")
    assert seen.link == ("record-observation", {"rep": rep, "observation": int(seen.source_id.split(":")[1])})
    assert plain(seen.details) == "Finding out what matters 4 of 5"
    [topic] = [row for row in rows_of(story, found, "ravi") if row.kind == "Topic"]
    assert topic.link == ("me-my-coaching", {})


def test_what_an_earlier_owner_had_is_nobody_elses_to_read(sqlite_engine: sa.Engine) -> None:
    people_and_deals(sqlite_engine)
    # Wim's deal, of the other team, comes to Ravi: Maya reads it from then on, and not what it was before.
    load(sqlite_engine, "deals", [deal("wims", "ravi", amount=9_000)], TODAY)
    with reading(sqlite_engine) as connection:
        number = connection.scalar(sa.select(deal_table.c.id).where(deal_table.c.external_id == "wims"))
    rows = behind(sqlite_engine, Fact("wims", (f"deal:{number}",)))
    assert [row.kind for row in rows] == ["Deal"]


def test_the_focus_names_the_rows_that_the_diagnosis_names(story: sa.Engine) -> None:
    rep = id_of(story, "ravi")
    for who in READERS:
        with reading(story) as connection:
            [diagnosed] = diagnoses(someone(story, who), connection, rep_ids=[rep], as_of=TODAY, today=TODAY)
        [fact] = told(story, who).section("focus").facts
        # What the customer pays for a day of delay has been open for 14 days.
        assert fact.source_ids == diagnosed.source_ids == ("knowledge_gap:2",)


def test_skills_and_peers_given_or_read_make_the_same_brief(story: sa.Engine) -> None:
    rep: dict[str, Any] = {"rep_id": id_of(story, "ravi"), "as_of": TODAY, "today": TODAY}
    for who in READERS:
        viewer = someone(story, who)
        with reading(story) as connection:
            own = skill_report(viewer, connection, at=TODAY, as_of=TODAY, today=TODAY)["standings"]
            known = peers(viewer, connection, as_of=TODAY, today=TODAY)
            of_everybody = known.skills["standings"]
            mine = of_everybody.filter(pl.col("person_id") == rep["rep_id"])
            assert mine.equals(own.filter(pl.col("person_id") == rep["rep_id"]))
            briefs = [queries.brief(viewer, connection, **rep, standings=each) for each in (own, of_everybody, None)]
        assert briefs[0] == briefs[1] == briefs[2]


def test_before_a_reps_first_day_the_brief_says_so_and_asks_nothing(story: sa.Engine) -> None:
    found = told(story, as_of=dt.date(2023, 12, 1))
    assert plain(found.notice) == "Not here yet on 1 Dec 2023: Ravi’s first day is 8 Jan 2024."
    assert (found.section("questions").facts, found.carried.questions) == ((), ())
    assert told(story).notice == ""


def test_the_usual_time_is_that_of_the_meetings_on_record(story: sa.Engine) -> None:
    for who in READERS:
        usual = told(story, who).usual
        assert usual is not None
        assert (usual.weekday, usual.count, usual.total) == (None, 1, 1)


def test_the_sections_name_the_tables_that_their_facts_live_in(story: sa.Engine) -> None:
    kinds = {key: {source.split(":")[0] for source in fact.source_ids} for key, fact in told(story).facts()}
    assert kinds["promises"] == {"commitment"}
    assert kinds["deal"] == {"deal"}
    assert kinds["motivation"] == {"motivation_preference"}
    assert kinds["preparation"] == {"agenda_item"}
    assert kinds["plan"] == {"objective"}


def test_two_reps_with_different_rows_get_different_briefs(story: sa.Engine) -> None:
    ravi, rosa = told(story), told(story, rep="rosa")
    assert not {s for s in rosa.source_ids() if s.startswith(("deal:", "commitment:", "observation:"))}
    assert ravi.section("questions").facts != rosa.section("questions").facts


def test_somebody_who_does_not_sell_has_a_brief_without_sales(story: sa.Engine) -> None:
    found = told(story, "dana", rep="maya")
    assert found.section("since_last_time").facts == ()
    assert all(fact.source_ids for _, fact in found.facts())


# ---- The command line ----------------------------------------------------------------------------------------------


def printed(engine: sa.Engine, who: str | None = "maya", rep: str = "ravi", form: str = "json") -> str:
    viewer = operator() if who is None else someone(engine, who)
    return brief.printed(viewer, engine, rep=rep, as_of=TODAY, today=TODAY, form=form, now=NOW)


def test_the_command_prints_the_brief_and_leaves_an_entry_without_words(own_story: sa.Engine) -> None:
    rep = id_of(own_story, "ravi")
    said = json.loads(printed(own_story))
    assert said == json.loads(as_json(told(own_story)))
    assert printed(own_story, rep="Ravi Nair", form="md").startswith("# One-on-one with Ravi Nair")
    assert printed(own_story, rep=str(rep), form="html").startswith("<!doctype html>")
    with reading(own_story) as connection:
        statement = sa.select(audit_entry).where(audit_entry.c.action == "read brief as manager")
        entries = connection.execute(statement.order_by(audit_entry.c.id)).all()
        assert [entry.subject for entry in entries] == [f"person {rep}"] * 3
        assert json.loads(entries[0].detail) == {"as_of": TODAY.isoformat(), "format": "json"}
        assert audit.first_broken_entry(connection) is None


def test_the_command_line_prints_json_and_refuses_whoever_is_out_of_view_with_exit_code_2(
    own_story_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COACHING_DATABASE_URL", own_story_url)
    asked = ["brief", "--rep", "ravi", "--as-of", TODAY.isoformat(), "--format", "json", "--viewer"]
    assert main([*asked, "maya"]) == DONE
    said = json.loads(capsys.readouterr().out)
    assert len(said["topics"]) == 3
    assert all(set(fact) == {"text", "source_ids"} for facts in said.values() for fact in facts)
    assert main([*asked, "omar"]) == REFUSED
    printed_ = capsys.readouterr()
    assert printed_.out == ""
    assert "There is no such person in this view" in printed_.err


@pytest.mark.parametrize("who", ["omar", "eve", "ada", "wim"])
def test_the_command_refuses_a_rep_out_of_view_like_one_who_does_not_exist(story: sa.Engine, who: str) -> None:
    reasons = []
    for rep in ("ravi", "nobody"):
        with pytest.raises(NotPermitted) as refusal:
            printed(story, who, rep)
        reasons.append(str(refusal.value).replace(rep, "X"))
    assert reasons[0] == reasons[1]


def test_an_id_of_the_files_comes_before_a_name_and_a_name_before_a_row_number(sqlite_engine: sa.Engine) -> None:
    people_and_deals(sqlite_engine)
    dana = someone(sqlite_engine, "dana")
    rosa = id_of(sqlite_engine, "rosa")
    with reading(sqlite_engine) as connection:
        for text in ("rosa", "Rosa Marin", str(rosa)):
            assert person_named(dana, connection, text, TODAY) == rosa
        assert person_named(dana, connection, "999999", TODAY) is None
        assert person_named(someone(sqlite_engine, "omar"), connection, "rosa", TODAY) is None


# ---- The session that takes it up ------------------------------------------------------------------------------


def take_up(engine: sa.Engine, who: str = "maya", status: str = "held", **more: Any) -> int:
    """Write up a session of now that took up the whole brief."""
    carried = told(engine, who).carried
    taken = Taken(
        carried.questions, carried.questions[:1], tuple(item for _, items in carried.topics for item in items)
    )
    when: dict[str, Any] = {"held_at": NOW} if status == "held" else {"planned_on": TODAY}
    draft = SessionDraft(
        id_of(engine, "ravi"), status=status, topics=tuple(w for w, _ in carried.topics), **when, **more
    )
    with writing(engine) as connection:
        return commands.record_from_brief(someone(engine, who), connection, draft, taken, NOW)


def standing(engine: sa.Engine) -> tuple[list[str], int, list[str]]:
    """Questions noted as asked, open topics on the agenda, open questions of Ravi."""
    who: dict[str, Any] = {"rep_id": id_of(engine, "ravi"), "as_of": TODAY, "today": TODAY}
    with reading(engine) as connection:
        maya = someone(engine, "maya")
        asked = connection.scalars(sa.select(question_asked.c.question_key).order_by(question_asked.c.id)).all()
        items = agenda.agenda(maya, connection, **who).filter(pl.col("session_id").is_null())
        gaps = lessons.knowledge_gaps(maya, connection, **who).filter(pl.col("closed_at").is_null())
    return list(asked), items.height, sorted(gaps["question"])


def test_a_session_takes_up_topics_questions_and_what_could_not_be_answered(engine: sa.Engine) -> None:
    company(engine)
    questions = told(engine).carried.questions
    before = standing(engine)
    assert (before[0], before[1], len(questions)) == ([], 1, 3)
    written = take_up(engine)
    asked, items, gaps = standing(engine)
    assert asked == [each.key for each in questions]
    assert items == 0
    assert gaps == sorted([*before[2], questions[0].text])
    with reading(engine) as connection:
        rows = connection.execute(sa.select(question_asked.c.session_id, question_asked.c.about)).all()
        assert {row.session_id for row in rows} == {written}
        assert [row.about for row in rows] == [",".join(each.source_ids) for each in questions]
    # Asked means at rest: the next brief asks something else.
    assert not {each.key for each in told(engine).carried.questions} & set(asked)


def test_taking_the_session_back_takes_back_what_it_took_up(engine: sa.Engine) -> None:
    company(engine)
    before = standing(engine)
    written = take_up(engine)
    with writing(engine) as connection:
        session_commands.undo_session(someone(engine, "maya"), connection, written, NOW + dt.timedelta(minutes=1))
    asked, items, gaps = standing(engine)
    assert (asked, items) == (before[0], before[1])
    # What could not be answered stays on the list: it is the rep's to close.
    assert set(before[2]) < set(gaps)


def test_a_planned_session_that_was_written_up_from_the_brief_can_be_taken_back_as_well(own_story: sa.Engine) -> None:
    maya = someone(own_story, "maya")
    with writing(own_story) as connection:
        plan = SessionDraft(id_of(own_story, "ravi"), status="planned", planned_on=TODAY)
        number = session_commands.plan_session(maya, connection, plan, NOW)
    carried = told(own_story).carried
    assert carried.session_id == number
    draft = SessionDraft(id_of(own_story, "ravi"), held_at=NOW, planned_on=TODAY)
    taken = Taken(asked=carried.questions, item_ids=(1,))
    with writing(own_story) as connection:
        commands.record_from_brief(maya, connection, draft, taken, NOW, session_id=number, version=1)
    assert standing(own_story)[1] == 0
    with writing(own_story) as connection:
        session_commands.undo_session(maya, connection, number, NOW)
        assert connection.scalar(sa.select(session.c.status).where(session.c.id == number)) == "planned"
    assert standing(own_story)[:2] == ([], 1)


def test_a_session_that_was_missed_takes_nothing_up(own_story: sa.Engine) -> None:
    before = standing(own_story)
    take_up(own_story, status="missed", missed_by="rep")
    assert standing(own_story) == before


def test_where_the_session_is_refused_nothing_of_the_brief_is_written(own_story: sa.Engine) -> None:
    before = standing(own_story)
    with pytest.raises(CommandRefused):
        take_up(own_story, minutes=9_999)
    assert standing(own_story) == before


def test_a_topic_that_was_taken_back_meanwhile_stops_nothing(own_story: sa.Engine) -> None:
    carried = told(own_story).carried
    [item] = [number for _, items in carried.topics for number in items]
    with writing(own_story) as connection:
        agenda_commands.withdraw_item(someone(own_story, "ravi"), connection, item_id=item, now=NOW)
    draft = SessionDraft(id_of(own_story, "ravi"), held_at=NOW)
    with writing(own_story) as connection:
        commands.record_from_brief(someone(own_story, "maya"), connection, draft, Taken(item_ids=(item,)), NOW)
    assert standing(own_story)[1] == 0


def test_a_deal_that_changed_hands_is_told_to_nobody_as_news_of_its_new_owner(sqlite_engine: sa.Engine) -> None:
    people_and_deals(sqlite_engine)
    load(sqlite_engine, "deals", [deal("wims", "ravi", amount=9_000)], TODAY)
    assert not any("wims" in fact.text for fact in told(sqlite_engine).section("since_last_time").facts)
