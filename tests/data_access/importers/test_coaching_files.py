"""Coaching that was recorded elsewhere: what is matched, what is rejected and why; a second load is no news."""

from __future__ import annotations

import datetime as dt
import io
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from coaching.people import Role, Viewer
from coaching.sessions import SessionDraft
from data_access import __main__ as command_line
from data_access import audit
from data_access.checks import faults
from data_access.commands.imports import Order, import_file
from data_access.commands.sessions import record_session
from data_access.demo import fill_demo
from data_access.engine import reading, writing
from data_access.importers.mapping import mapping_from
from data_access.importers.publish import ImportResult
from data_access.importers.refusal import ImportRefused
from data_access.importers.schemas import COACHING_KINDS, KINDS
from data_access.queries.imports import rejections
from data_access.scope import NotPermitted, operator
from data_access.settings import demo_state, touch
from data_access.settings import settings as company_settings
from data_access.tables import (
    absence,
    audit_entry,
    cadence_policy,
    holiday,
    import_run,
    objective,
    observation,
    person,
    plan,
    plan_revision,
    programme,
    programme_cost,
    score,
    session,
    trigger_use,
)
from tests.companies import NOW, PEOPLE, TODAY, csv_bytes, deal, load, measure, someone, value
from tests.copies import copies_of

D = dt.date
MARCH, APRIL = D(2026, 3, 31), D(2026, 4, 30)
Row = dict[str, Any]


def rows(engine: sa.Engine, *columns: sa.ColumnElement[Any]) -> list[tuple[Any, ...]]:
    """The columns of a table in order of its rows; what a later file corrected aside."""
    with reading(engine) as connection:
        table = columns[0].table
        now = table.c.superseded_by.is_(None) if "superseded_by" in table.c else sa.true()
        return [tuple(row) for row in connection.execute(sa.select(*columns).where(now).order_by(table.c.id))]


def count(engine: sa.Engine, table: sa.Table) -> int:
    with reading(engine) as connection:
        return connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def number_of(engine: sa.Engine, name: str) -> int:
    return someone(engine, name).person_id or 0


def verdicts(result: ImportResult) -> tuple[int, int, int, int, int]:
    """New, changed, unchanged, older than what is known, rejected."""
    return result.new, result.changed, result.unchanged, result.stale, result.rejected


def reasons(result: ImportResult) -> dict[int, str]:
    return {row["line"]: row["reason"] for row in result.rejections}


def sound(engine: sa.Engine) -> None:
    with reading(engine) as connection:
        assert faults(connection) == []


def founded(engine: sa.Engine) -> None:
    """East and West with their people, known since January."""
    load(engine, "people", PEOPLE, D(2026, 1, 1))


company = copies_of(founded)


def met(rep: str = "ravi", coach: str = "maya", **more: Any) -> Row:
    """A session that was held."""
    return {"rep": rep, "coach": coach, "planned_on": "2026-03-10", "held_at": "2026-03-10", "status": "held", **more}


def scored(skill: str = "opening", level: Any = 3, **more: Any) -> Row:
    """A score of Ravi's."""
    row = {"rep": "ravi", "observer": "maya", "observed_at": "2026-03-05T10:00:00Z", "skill": skill, "level": level}
    return {**row, **more}


def agreed(metric: str = "win_rate_count", target: Any = "0.4", **more: Any) -> Row:
    """An objective of Ravi's."""
    days = {"agreed_on": "2026-04-01", "due_on": "2026-09-30"}
    return {"rep": "ravi", "coach": "maya", "metric": metric, "target": target, **days, **more}


# ---- Sessions --------------------------------------------------------------------------------------------------


def test_sessions_count_for_the_rep_and_the_team_and_a_second_load_changes_nothing(company: sa.Engine) -> None:
    file = [met(minutes=30), met("rosa", held_at="2026-03-11 14:30", minutes="0:45"), met("wim", "omar")]
    assert verdicts(load(company, "sessions", file, MARCH)) == (3, 0, 0, 0, 0)
    assert verdicts(load(company, "sessions", file, MARCH)) == (0, 0, 3, 0, 0)
    by_rep = measure(company, "session_count coaching_minutes", "rep", start="2026-03-01", end="2026-03-31")
    assert [value(by_rep, "session_count", rep) for rep in ("ravi", "rosa", "wim", "wanda")] == [1, 1, 1, 0]
    assert rows(company, session.c.minutes) == [(30,), (45,), (None,)]
    assert value(measure(company, "session_count"), "session_count") == 3
    sound(company)


def test_a_planned_session_that_was_held_by_the_next_file_is_brought_up_to_date(company: sa.Engine) -> None:
    planned = met(status="", held_at="", minutes="")
    assert load(company, "sessions", [planned], MARCH).new == 1
    # Nobody has held a session: that is no data, not zero.
    assert value(measure(company, "session_count"), "session_count") is None
    held = met(minutes=40, trigger="praise", tone="warm")
    assert verdicts(load(company, "sessions", [held], APRIL)) == (0, 1, 0, 0, 0)
    assert rows(company, session.c.status, session.c.minutes, session.c.version) == [("held", 40, 2)]
    assert rows(company, trigger_use.c.trigger, trigger_use.c.used_on) == [("praise", D(2026, 3, 10))]
    assert value(measure(company, "session_count"), "session_count") == 1
    # It was another trigger after all, and the rep was not there.
    load(company, "sessions", [held | {"trigger": "money"}], APRIL)
    assert rows(company, trigger_use.c.trigger) == [("money",)]
    missed = met(status="missed", held_at="", missed_by="rep")
    assert load(company, "sessions", [missed], APRIL).changed == 1
    assert rows(company, trigger_use.c.trigger) == []
    assert rows(company, session.c.held_on, session.c.missed_by, session.c.trigger) == [(None, "rep", None)]
    sound(company)


def test_an_older_file_adds_sessions_and_undoes_none(company: sa.Engine) -> None:
    load(company, "sessions", [met()], APRIL)
    older = load(company, "sessions", [met(status="planned", held_at=""), met("rosa")], MARCH)
    assert verdicts(older) == (1, 0, 0, 1, 0)
    assert rows(company, session.c.status) == [("held",), ("held",)]
    assert any("later file" in note for note in older.notes)


def test_what_somebody_wrote_up_since_the_export_is_left_alone(company: sa.Engine) -> None:
    load(company, "sessions", [met(status="planned", held_at="", planned_on="2026-11-19")], D(2026, 11, 10))
    [(row_id,)] = rows(company, session.c.id)
    with writing(company) as connection:
        maya = someone(company, "maya")
        held = SessionDraft(number_of(company, "ravi"), planned_on=D(2026, 11, 19), held_at=NOW, minutes=25)
        record_session(maya, connection, held, NOW, session_id=row_id, version=1)
    missed = met(status="missed", missed_by="coach", held_at="", planned_on="2026-11-19")
    assert verdicts(load(company, "sessions", [missed], TODAY)) == (0, 0, 0, 1, 0)
    assert verdicts(load(company, "sessions", [missed], D(2026, 11, 21))) == (0, 1, 0, 0, 0)


def test_an_id_stays_the_same_session_though_day_and_rep_are_corrected(company: sa.Engine) -> None:
    load(company, "sessions", [met(id="S1"), met("rosa", id="S2")], MARCH)
    moved = [met("rosa", id="S1", planned_on="2026-03-12"), met("rosa", id="S2")]
    assert verdicts(load(company, "sessions", moved, APRIL)) == (0, 1, 1, 0, 0)
    by_rep = measure(company, "session_count", "rep")
    assert [value(by_rep, "session_count", rep) for rep in ("ravi", "rosa")] == [0, 2]
    sound(company)


def test_people_are_named_by_id_address_or_name(engine: sa.Engine) -> None:
    load(engine, "people", [person | {"email": f"{person['id']}@example.com"} for person in PEOPLE])
    file = [
        met("Ravi Nair", "maya@example.com", planned_on="2026-03-01"),
        met("RAVI  NAIR", "Maya Lindgren", planned_on="2026-03-02"),
        met("ravi", "maya", planned_on="2026-03-03"),
    ]
    assert load(engine, "sessions", file).new == 3
    assert set(rows(engine, session.c.rep_id, session.c.coach_id)) == {
        (number_of(engine, "ravi"), number_of(engine, "maya"))
    }
    # By another name the same row is still the same session.
    assert load(engine, "sessions", [met("ravi", "Maya Lindgren", planned_on="2026-03-01")]).unchanged == 1


def test_nobody_and_a_shared_name_are_rejected_with_what_to_do(engine: sa.Engine) -> None:
    twins = [{"id": str(n), "name": "Sam Lee", "manager": "maya", "team": "East"} for n in (1, 2)]
    load(engine, "people", [*PEOPLE, *twins])
    before = count(engine, person)
    result = load(engine, "sessions", [met("Sam Lee"), met("Nobody"), met("ravi", "Somebody"), met("2")])
    assert verdicts(result) == (1, 0, 0, 0, 3)
    assert "Several people" in reasons(result)[2]
    assert "id or email address" in reasons(result)[2]
    assert "load a people file" in reasons(result)[3]
    assert '"Somebody"; correct the coach' in reasons(result)[4]
    assert count(engine, person) == before


NO_SESSIONS: list[tuple[Row, str]] = [
    ({"rep": ""}, "rep is empty"),
    ({"planned_on": "", "held_at": "", "status": ""}, "no date"),
    ({"planned_on": "TBD"}, "not a date"),
    ({"coach": "ravi"}, "Nobody coaches themselves"),
    ({"status": "held", "held_at": ""}, "when the session was held"),
    ({"status": "missed", "held_at": ""}, "who missed"),
    ({"held_at": "2027-01-01"}, "lies in the past"),
    ({"minutes": "many"}, "not a number"),
    ({"minutes": "700"}, "from 1 to 600"),
    ({"questions": "3.5"}, "not a whole number"),
    ({"method": "hypnosis"}, "use one of: training"),
    ({"status": "perhaps"}, "use one of: planned"),
    ({"skill": "juggling"}, "the skills are: "),
    ({"trigger": "threats"}, "use one of: praise"),
    ({"kind": "peer", "trigger": "praise"}, "Triggers belong"),
    ({"angle": "x" * 400}, "Shorten it"),
]


def test_a_session_that_cannot_be_is_rejected_in_a_sentence(company: sa.Engine) -> None:
    result = load(company, "sessions", [met("rosa"), *(met(**row) for row, _ in NO_SESSIONS)])
    assert (result.new, result.rejected) == (1, len(NO_SESSIONS))
    assert result.import_id is not None
    with reading(company) as connection:
        kept = rejections(operator(), connection, result.import_id)
    for line, (row, words) in enumerate(NO_SESSIONS, start=3):
        assert words in kept.filter(pl.col("line") == line)["reason"].item(), row
    assert kept["raw"].str.contains(r"\S").all()


def test_empty_cells_follow_from_the_company_and_stay_when_it_changes(company: sa.Engine) -> None:
    file = [
        met(status="", planned_on=""),
        met("ravi", "omar"),
        met("wim", "omar", kind="1:1"),
        met("rosa", kind="group"),
    ]
    load(company, "sessions", file, MARCH)
    kinds = [("own_manager",), ("other_coach",), ("own_manager",), ("group",)]
    assert rows(company, session.c.kind) == kinds
    # A day without a time is its noon.
    assert rows(company, session.c.held_at, session.c.held_on)[0] == (
        dt.datetime(2026, 3, 10, 12, tzinfo=dt.UTC),
        D(2026, 3, 10),
    )
    load(company, "people", [row | {"manager": "omar"} if row["id"] == "ravi" else row for row in PEOPLE], APRIL)
    assert verdicts(load(company, "sessions", file, APRIL)) == (0, 0, 4, 0, 0)
    assert rows(company, session.c.kind) == kinds


def test_one_date_column_is_the_day_held_or_planned_by_the_status(company: sa.Engine) -> None:
    file = [
        {"rep": "ravi", "coach": "maya", "date": "2026-03-01", "status": "completed"},
        {"rep": "rosa", "coach": "maya", "date": "2026-03-02", "status": "no show", "missed by": "rep"},
        {"rep": "rosa", "coach": "maya", "date": "2026-12-02", "status": "scheduled"},
    ]
    assert load(company, "sessions", file).new == 3
    assert rows(company, session.c.planned_on, session.c.held_on, session.c.status) == [
        (None, D(2026, 3, 1), "held"),
        (D(2026, 3, 2), None, "missed"),
        (D(2026, 12, 2), None, "planned"),
    ]


def test_a_column_that_a_later_file_does_not_have_stays_as_it_was(company: sa.Engine) -> None:
    load(company, "sessions", [met(method="role-play", minutes=30, angle="From a strength")], MARCH)
    assert load(company, "sessions", [met(minutes=35)], APRIL).changed == 1
    assert rows(company, session.c.method, session.c.minutes, session.c.angle) == [("role_play", 35, "From a strength")]


def test_equal_rows_count_once_and_differing_ones_are_rejected_by_line(company: sa.Engine) -> None:
    result = load(company, "sessions", [met(minutes=30), met("Ravi Nair", minutes=30), met(minutes=50)])
    assert (result.new, result.unchanged, result.duplicates, result.rejected) == (1, 1, 1, 1)
    assert reasons(result) == {4: "Line 2 is about the same session and says something else; keep one."}


GERMAN = """Mitarbeiter;Führungskraft;Geplant am;Durchgeführt am;Status;Dauer in Minuten;Methode;Anzahl Fragen
Ravi Nair;Maya Lindgren;13.03.2026;13.03.2026 09:30;durchgeführt;45 min;Rollenspiel;12
Rosa Marin;Maya Lindgren;04.03.2026;;verschoben;;;
"""


def test_a_german_file_is_understood_times_and_all(company: sa.Engine) -> None:
    said = mapping_from({"time_zone": "Europe/Berlin"})
    result = load(company, "sessions", GERMAN.encode("cp1252"), mapping=said)
    assert (result.new, result.rejected) == (2, 0)
    assert rows(company, session.c.status, session.c.minutes, session.c.method, session.c.questions) == [
        ("held", 45, "role_play", 12),
        ("moved", None, None, None),
    ]
    assert rows(company, session.c.held_at)[0] == (dt.datetime(2026, 3, 13, 8, 30, tzinfo=dt.UTC),)


def test_ambiguous_dates_are_asked_about_and_nothing_is_written(company: sa.Engine) -> None:
    file = [met(planned_on="03/04/2026", held_at="")]
    with pytest.raises(ImportRefused) as refused:
        load(company, "sessions", file)
    assert refused.value.mapping_key == "date_formats.planned_on"
    assert count(company, session) == 0
    said = mapping_from({"date_format": "day first"})
    load(company, "sessions", [met(planned_on="03/04/2026", held_at="", status="planned")], mapping=said)
    assert rows(company, session.c.planned_on) == [(D(2026, 4, 3),)]


def test_a_workbook_loads_as_well(company: sa.Engine, tmp_path: Path) -> None:
    file = io.BytesIO()
    frame = pl.DataFrame(
        {
            "Rep": ["ravi", "rosa"],
            "Coach": ["maya", "maya"],
            "Held on": [D(2026, 3, 3), D(2026, 3, 4)],
            "Minutes": [30, 45],
        }
    )
    frame.write_excel(file)
    assert load(company, "sessions", file.getvalue()).new == 2
    assert rows(company, session.c.held_on, session.c.minutes) == [(D(2026, 3, 3), 30), (D(2026, 3, 4), 45)]
    assert rows(company, session.c.held_at)[0] == (dt.datetime(2026, 3, 3, 12, tzinfo=dt.UTC),)


# ---- Observations ----------------------------------------------------------------------------------------------


def test_rows_of_one_call_are_one_observation_with_its_scores(company: sa.Engine) -> None:
    file = [
        scored("opening", 3, evidence="Named the goal", channel="ride-along"),
        scored("Preparing the conversation", 4),
        scored("opening", 2, observed_at="2026-03-06T10:00:00Z"),
    ]
    assert verdicts(load(company, "observations", file, MARCH)) == (3, 0, 0, 0, 0)
    assert rows(company, observation.c.kind, observation.c.channel, observation.c.visibility) == [
        ("coach", "field", "shared"),
        ("coach", None, "shared"),
    ]
    assert [row[0] is not None for row in rows(company, observation.c.released_at)] == [True, True]
    assert rows(company, score.c.observation_id, score.c.level, score.c.evidence) == [
        (1, 3, "Named the goal"),
        (1, 4, None),
        (2, 2, None),
    ]
    assert verdicts(load(company, "observations", file, APRIL)) == (0, 0, 3, 0, 0)
    by_rep = measure(company, "observation_count", "rep")
    assert value(by_rep, "observation_count", "ravi") == 2
    sound(company)


def test_a_score_given_once_stays_and_a_new_skill_may_be_added(company: sa.Engine) -> None:
    load(company, "observations", [scored("opening", 3, evidence="First words")], MARCH)
    file = [scored("opening", 5), scored("discovery", 4), scored("opening", 3, evidence="Other words")]
    result = load(company, "observations", file[:2], APRIL)
    assert verdicts(result) == (1, 0, 0, 0, 1)
    assert "record a new observation" in reasons(result)[2]
    # What was given is nobody's business who loads files.
    assert "3" not in reasons(result)[2]
    reworded = load(company, "observations", file[2:], APRIL)
    assert "written down in other words" in reasons(reworded)[2]
    assert rows(company, score.c.level, score.c.evidence) == [(3, "First words"), (4, None)]
    assert value(measure(company, "observation_count", "rep"), "observation_count", "ravi") == 1


def test_rows_that_contradict_their_observation_are_rejected(company: sa.Engine) -> None:
    file = [
        scored("opening", 3, id="O1", channel="phone"),
        scored("discovery", 3, id="O1", channel="video"),
        scored("presenting", 3, id="O1", observer="dana"),
        scored("decision", 3, id="O1"),
    ]
    result = load(company, "observations", file)
    assert verdicts(result) == (2, 0, 0, 0, 2)
    assert reasons(result)[3].startswith("The row says another channel than line 2")
    assert reasons(result)[4].startswith("The row says another observer than line 2")
    later = load(company, "observations", [scored("objections", 3, id="O1", channel="field")])
    assert "stay as they were written down" in reasons(later)[2]


NO_SCORES: list[tuple[Row, str]] = [
    ({"level": 6}, "whole number from 1 to 5"),
    ({"level": "3.5"}, "not a whole number"),
    ({"level": ""}, "level is empty"),
    ({"skill": "juggling"}, "the skills on it are: preparing, opening"),
    ({"scorecard": "mine"}, "there are: coaching, selling"),
    ({"observed_at": "2027-01-01"}, "in the future"),
    ({"mode": "whisper"}, "choose phone or video"),
    ({"channel": "telepathy"}, "use one of: field"),
    ({"observer": "nobody"}, "correct the observer"),
    ({"scorecard": "coaching"}, "not on the scorecard"),
    ({"evidence": "x" * 3000}, "Shorten it"),
]


def test_a_score_that_cannot_be_is_rejected_in_a_sentence(company: sa.Engine) -> None:
    result = load(company, "observations", [scored("discovery"), *(scored(**row) for row, _ in NO_SCORES)])
    assert (result.new, result.rejected) == (1, len(NO_SCORES))
    assert result.import_id is not None
    with reading(company) as connection:
        kept = rejections(operator(), connection, result.import_id)
    for line, (row, words) in enumerate(NO_SCORES, start=3):
        assert words in kept.filter(pl.col("line") == line)["reason"].item(), row
    assert kept["raw"].str.contains(r"\S").all()


def test_who_observed_whom_says_which_kind_it_is(company: sa.Engine) -> None:
    on_card = {"scorecard": "Coaching conversation", "skill": "listens"}
    with_card = load(company, "observations", [scored("opening")])
    assert with_card.new == 1
    with reading(company) as connection:
        skills = connection.scalars(sa.text("SELECT slug FROM skill WHERE kind = 'coach' ORDER BY slug")).all()
    file = [
        scored(observer="ravi"),
        scored(**{**on_card, "rep": "maya", "observer": "dana", "skill": skills[0]}),
        scored(skills[0], scorecard="coaching", observer="dana"),
    ]
    result = load(company, "observations", file)
    assert (result.new, result.rejected) == (3, 0)
    assert rows(company, observation.c.kind)[1:] == [("self",), ("coach_the_coach",), ("coach_the_coach",)]
    assert value(measure(company, "observation_count", "rep"), "observation_count", "ravi") == 1


def test_a_private_observation_stays_private_and_its_zone_is_kept(company: sa.Engine) -> None:
    said = mapping_from({"time_zone": "America/New_York"})
    load(company, "observations", [scored(visibility="private", observed_at="2026-03-05 21:30")], mapping=said)
    assert rows(company, observation.c.visibility, observation.c.time_zone, observation.c.observed_on) == [
        ("private", "America/New_York", D(2026, 3, 6))
    ]


# ---- Plans -----------------------------------------------------------------------------------------------------


def test_objectives_of_one_day_make_one_plan_that_a_later_row_adds_to(company: sa.Engine) -> None:
    file = [agreed(baseline="0.3", why="Fewer, better deals"), agreed("margin", "0.35", baseline="0.3")]
    assert verdicts(load(company, "plans", file, APRIL)) == (2, 0, 0, 0, 0)
    assert rows(company, plan.c.status, plan.c.starts_on, plan.c.ends_on) == [("active", D(2026, 4, 1), D(2026, 9, 30))]
    assert rows(company, plan_revision.c.number, plan_revision.c.reason) == [(1, "Imported")]
    assert rows(company, objective.c.status, objective.c.baseline_basis) == [("accepted", "Given in the file")] * 2
    assert verdicts(load(company, "plans", file, APRIL)) == (0, 0, 2, 0, 0)
    more = agreed("won_amount", "50000", baseline="30,000", due_on="2026-12-31")
    assert verdicts(load(company, "plans", [*file, more], APRIL)) == (1, 0, 2, 0, 0)
    assert rows(company, plan.c.ends_on) == [(D(2026, 12, 31),)]
    assert rows(company, objective.c.plan_id) == [(1,)] * 3
    assert count(company, plan_revision) == 1
    sound(company)


def test_what_was_agreed_is_never_rewritten_by_a_file(company: sa.Engine) -> None:
    load(company, "plans", [agreed(baseline="0.3", why="Growth")], APRIL)
    changed = [
        agreed(target="0.5", baseline="0.3"),
        agreed(due_on="2026-10-31"),
        agreed(coach="dana", baseline="0.3"),
        agreed(baseline="0.2"),
        agreed(target_kind="points", target="0.4"),
    ]
    for row in changed:
        result = load(company, "plans", [row], APRIL)
        assert verdicts(result) == (0, 0, 0, 0, 1)
        assert "revise it in the product" in reasons(result)[2]
        assert "0.4" not in reasons(result)[2]
    assert load(company, "plans", [agreed(why="Growth in the East")], APRIL).changed == 1
    assert rows(company, objective.c.target_value, objective.c.why_business) == [(0.4, "Growth in the East")]


def test_an_empty_baseline_is_computed_as_of_the_day_of_agreement(company: sa.Engine) -> None:
    deals = [
        deal(f"w{n}", status="won" if n < 3 else "lost", opened="2026-01-01", closed=f"2026-02-{n + 1:02}")
        for n in range(10)
    ]
    load(company, "deals", deals, MARCH)
    file = [agreed(), agreed("margin", "0.3"), agreed("won_amount", "+20 %"), agreed("discount", "-2 points")]
    result = load(company, "plans", file, APRIL)
    stored = objective.c
    found = rows(company, stored.metric_key, stored.baseline_value, stored.target_value, stored.target_kind)
    assert found == [
        ("win_rate_count", pytest.approx(0.3), 0.4, "absolute"),
        ("margin", None, 0.3, "absolute"),
        ("won_amount", pytest.approx(300), 0.2, "relative"),
    ]
    # There is no discount to change from.
    assert "no baseline to change from" in reasons(result)[5]
    load(company, "deals", [row | {"status": "won"} for row in deals], APRIL)
    assert load(company, "plans", file, D(2026, 5, 31)).unchanged == 3
    assert rows(company, stored.baseline_value)[0] == (pytest.approx(0.3),)


NO_OBJECTIVES: list[tuple[Row, str]] = [
    ({"metric": "happiness"}, "No objective can follow"),
    ({"target": "more"}, "not a number"),
    ({"target": "35", "baseline": "0.3"}, "35 % is written 0.35"),
    ({"target": "20", "target_kind": "relative", "baseline": "0.3"}, "a share: 0.2 is +20 %"),
    ({"due_on": "2026-03-01"}, "due date has to lie after"),
    ({"coach": "ravi"}, "the same person"),
    ({"agreed_on": "2026-12-01", "due_on": "2027-02-01", "baseline": "0.3"}, "lies in the future"),
    ({"target_kind": "maybe"}, "use one of: relative"),
    ({"rep": "nobody"}, "load a people file"),
]


def test_an_objective_that_cannot_be_is_rejected_in_a_sentence(company: sa.Engine) -> None:
    result = load(
        company, "plans", [agreed("margin", "0.3", baseline="0.2"), *(agreed(**row) for row, _ in NO_OBJECTIVES)]
    )
    assert (result.new, result.rejected) == (1, len(NO_OBJECTIVES))
    assert result.import_id is not None
    with reading(company) as connection:
        kept = rejections(operator(), connection, result.import_id)
    for line, (row, words) in enumerate(NO_OBJECTIVES, start=3):
        assert words in kept.filter(pl.col("line") == line)["reason"].item(), row
    assert kept["raw"].str.contains(r"\S").all()


def test_metrics_may_be_named_as_they_are_shown_and_shares_in_per_cent(company: sa.Engine) -> None:
    file = csv_bytes([{**agreed("Win rate", "35 %", target_kind="absolute"), "Ausgangswert": "31 %"}])
    assert load(company, "plans", file).new == 1
    assert rows(company, objective.c.metric_key, objective.c.baseline_value, objective.c.target_value) == [
        ("win_rate_count", pytest.approx(0.31), 0.35)
    ]


@pytest.mark.parametrize("target", ["7", "0.07", "7 points", "7 %"])
def test_seven_points_of_margin_are_seven_points_however_they_are_written(company: sa.Engine, target: str) -> None:
    result = load(company, "plans", [agreed("margin", target, baseline="0.2", target_kind="points")])
    assert result.new == 1
    assert rows(company, objective.c.target_kind, objective.c.target_value) == [("points", pytest.approx(0.07))]


def test_two_ids_for_one_metric_of_a_plan_are_one_too_many(company: sa.Engine) -> None:
    result = load(company, "plans", [agreed(id="1", baseline="0.3"), agreed(id="2", target="0.5", baseline="0.3")])
    assert verdicts(result) == (1, 0, 0, 0, 1)
    assert "make it one" in reasons(result)[3]


# ---- Absences, holidays, policy, costs -------------------------------------------------------------------------


def test_absences_are_known_by_person_and_days(company: sa.Engine) -> None:
    file = [
        {"rep": "ravi", "from": "2026-08-03", "to": "2026-08-14", "reason": "Vacation"},
        {"rep": "Rosa Marin", "from": "2026-08-03", "to": "", "reason": ""},
        {"rep": "rosa", "from": "2026-08-14", "to": "2026-08-03", "reason": ""},
    ]
    result = load(company, "absences", file)
    assert verdicts(result) == (2, 0, 0, 0, 1)
    assert "swap the two" in reasons(result)[4]
    assert rows(company, absence.c.starts_on, absence.c.ends_on)[1] == (D(2026, 8, 3), D(2026, 8, 3))
    file[0]["reason"] = "Parental leave"
    assert verdicts(load(company, "absences", file[:2])) == (0, 1, 1, 0, 0)
    assert rows(company, absence.c.reason)[0] == ("Parental leave",)


def test_holidays_hold_everywhere_or_in_a_region_and_meet_those_typed_in(company: sa.Engine) -> None:
    with writing(company) as connection:
        connection.execute(sa.insert(holiday).values(on_date=D(2026, 12, 25), name="Christmas"))
    file = "Datum;Bundesland;Feiertag\n25.12.2026;;Weihnachten\n06.01.2026;BY;Heilige Drei Könige\n".encode()
    assert verdicts(load(company, "holidays", file)) == (1, 1, 0, 0, 0)
    assert verdicts(load(company, "holidays", file)) == (0, 0, 2, 0, 0)
    assert rows(company, holiday.c.on_date, holiday.c.region, holiday.c.name) == [
        (D(2026, 12, 25), None, "Weihnachten"),
        (D(2026, 1, 6), "BY", "Heilige Drei Könige"),
    ]


def test_a_policy_holds_for_a_role_from_a_day_on(company: sa.Engine) -> None:
    file = [
        {"role": "Sales rep", "every_days": 14, "tolerance_days": "", "from": ""},
        {"role": "rep", "every_days": 7, "tolerance_days": 2, "from": "2026-07-01"},
        {"role": "admin", "every_days": 7, "tolerance_days": 2, "from": ""},
        {"role": "manager", "every_days": 0, "tolerance_days": 2, "from": ""},
    ]
    result = load(company, "policy", file)
    assert verdicts(result) == (2, 0, 0, 0, 2)
    assert "use one of: rep" in reasons(result)[4]
    assert "from 1 to" in reasons(result)[5]
    file[0]["every_days"] = 21
    assert verdicts(load(company, "policy", file[:2])) == (0, 1, 1, 0, 0)
    assert rows(company, cadence_policy.c.every_days, cadence_policy.c.tolerance_days) == [(21, 3), (7, 2)]


def cost(amount: Any = "1,200.50", **more: Any) -> Row:
    """Tools in January."""
    row = {"from": "2026-01-01", "to": "2026-01-31", "kind": "Licences", "amount": amount, "currency": "USD"}
    return {"coach": "", "rep": "", "programme": "", **row, **more}


def test_costs_are_for_a_coach_a_rep_a_programme_or_the_company(company: sa.Engine) -> None:
    file = [cost(), cost(coach="maya", kind="coach hours"), cost(rep="ravi", kind="travel"), cost(programme="Rise")]
    result = load(company, "costs", file)
    assert verdicts(result) == (4, 0, 0, 0, 0)
    assert "The programme “Rise” is new." in result.notes
    assert rows(company, programme_cost.c.kind, programme_cost.c.amount, programme_cost.c.currency)[:2] == [
        ("tools", 120050, "USD"),
        ("coach hours", 120050, "USD"),
    ]
    assert rows(company, programme.c.name, programme.c.starts_on) == [("Rise", D(2026, 1, 1))]
    assert verdicts(load(company, "costs", file)) == (0, 0, 4, 0, 0)
    dearer = [cost("1300"), *file[1:]]
    assert verdicts(load(company, "costs", dearer)) == (0, 1, 3, 0, 0)
    assert count(company, programme) == 1


def test_costs_in_another_currency_need_a_rate(company: sa.Engine) -> None:
    load(company, "deals", [deal("a")], MARCH)
    with pytest.raises(ImportRefused, match=r"rates\.EUR"):
        load(company, "costs", [cost(currency="EUR")], MARCH)
    with pytest.raises(ImportRefused, match="several currencies"):
        load(company, "costs", [cost(currency="EUR"), cost(rep="ravi")], MARCH)
    assert count(company, programme_cost) == 0
    rates = mapping_from({"rates": {"EUR": 1.1}})
    load(company, "costs", [cost("100", currency="EUR"), cost("7", currency="JPY", rep="ravi")], MARCH,
         mapping=mapping_from({"rates": {"EUR": 1.1, "JPY": 0.01}}))  # fmt: skip
    assert rows(company, programme_cost.c.amount, programme_cost.c.reporting_amount) == [(10000, 11000), (7, 7)]
    assert load(company, "costs", [cost("100", currency="EUR")], MARCH, mapping=rates).unchanged == 1


def test_the_first_costs_settle_what_the_company_reports_in(company: sa.Engine) -> None:
    load(company, "costs", [cost(currency="EUR")], MARCH)
    with reading(company) as connection:
        assert company_settings(connection)["reporting_currency"] == "EUR"
    with pytest.raises(ImportRefused, match=r"rates\.USD"):
        load(company, "deals", [deal("a")], MARCH)


NO_COSTS: list[tuple[Row, str]] = [
    ({"kind": "champagne"}, "use one of: coach hours"),
    ({"amount": ""}, "amount is empty"),
    ({"amount": "-500"}, "The amount is below zero"),
    ({"amount": "(500.00)"}, "The amount is below zero"),
    ({"amount": "0.00"}, "The amount is 0"),
    ({"to": "2025-01-01"}, "swap the two"),
    ({"coach": "nobody"}, "correct the coach"),
    ({"coach": "ravi", "rep": "ravi"}, "the same person"),
]


def test_a_cost_that_cannot_be_is_rejected_in_a_sentence(company: sa.Engine) -> None:
    result = load(company, "costs", [cost(), *(cost(**row) for row, _ in NO_COSTS)])
    assert (result.new, result.rejected) == (1, len(NO_COSTS))
    assert result.import_id is not None
    with reading(company) as connection:
        kept = rejections(operator(), connection, result.import_id)
    for line, (row, words) in enumerate(NO_COSTS, start=3):
        assert words in kept.filter(pl.col("line") == line)["reason"].item(), row
    assert kept["raw"].str.contains(r"\S").all()


# ---- What all kinds have in common -----------------------------------------------------------------------------

SMALL: dict[str, list[Row]] = {
    "sessions": [met(trigger="praise")],
    "observations": [scored()],
    "plans": [agreed(baseline="0.3")],
    "absences": [{"rep": "ravi", "from": "2026-08-03", "to": "2026-08-14"}],
    "holidays": [{"date": "2026-12-25", "region": "BY"}],
    "policy": [{"role": "rep", "every_days": 7, "tolerance_days": 2, "from": "2026-01-01"}],
    "costs": [cost()],
}
TABLES = {
    "sessions": (session, trigger_use),
    "observations": (observation, score),
    "plans": (plan, plan_revision, objective),
    "absences": (absence,),
    "holidays": (holiday,),
    "policy": (cadence_policy,),
    "costs": (programme_cost,),
}


def test_a_dry_run_says_what_would_happen_and_writes_nothing(company: sa.Engine) -> None:
    for kind in COACHING_KINDS:
        result = load(company, kind, SMALL[kind], dry_run=True)
        assert (result.new, result.dry_run, result.import_id) == (1, True, None), kind
        assert [count(company, table) for table in TABLES[kind]] == [0] * len(TABLES[kind])
    assert [name for (name,) in rows(company, import_run.c.kind)] == ["people"]


def test_only_who_loads_data_loads_coaching(company: sa.Engine) -> None:
    others, ada = [someone(company, name) for name in ("maya", "dana", "eve", "ravi")], someone(company, "ada")
    entry = audit_entry.c
    for kind in COACHING_KINDS:
        for viewer in others:
            with pytest.raises(NotPermitted):
                load(company, kind, SMALL[kind], viewer=viewer)
        assert load(company, kind, SMALL[kind], viewer=ada).new == 1, kind
        assert rows(company, entry.action, entry.actor_id)[-1] == ("import", ada.person_id)
    with reading(company) as connection:
        assert audit.first_broken_entry(connection) is None


def test_a_load_that_dies_in_the_middle_leaves_nothing_behind(company: sa.Engine) -> None:
    def die(connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        if statement.upper().startswith("INSERT INTO AUDIT_ENTRY"):
            raise ConnectionAbortedError

    for number, kind in enumerate(COACHING_KINDS, start=1):
        sa.event.listen(company, "before_cursor_execute", die)
        with pytest.raises(ConnectionAbortedError):
            load(company, kind, SMALL[kind])
        sa.event.remove(company, "before_cursor_execute", die)
        assert [count(company, table) for table in TABLES[kind]] == [0] * len(TABLES[kind]), kind
        assert count(company, import_run) == number
        assert load(company, kind, SMALL[kind]).new == 1
    sound(company)


def test_rows_written_by_somebody_else_meanwhile_are_taken_into_account(company: sa.Engine, tmp_path: Path) -> None:
    file = tmp_path / "holidays.csv"
    file.write_bytes(csv_bytes([{"date": "2026-12-25"}, {"date": "2026-12-26"}]))

    def meanwhile(what: str, done: int, total: int | None) -> None:
        if what == "writing":
            with writing(company) as connection:
                connection.execute(sa.insert(holiday).values(on_date=D(2026, 12, 25)))
                touch(connection)

    result = import_file(operator(), company, Order("holidays", file, "holidays.csv", as_of=MARCH), NOW, meanwhile)
    assert verdicts(result) == (1, 0, 1, 0, 0)
    assert count(company, holiday) == 2


def test_the_first_file_speaks_for_all_time_and_later_ones_from_their_own_date(company: sa.Engine) -> None:
    load(company, "sessions", [met(planned_on="2026-02-10", held_at="2026-02-10")], MARCH)
    load(company, "sessions", [met(planned_on="2026-02-20", held_at="2026-02-20")], D(2026, 5, 31))
    asked: dict[str, Any] = {"start": "2026-02-01", "end": "2026-02-28"}
    found = [value(measure(company, "session_count", as_of=day, **asked), "session_count") for day in (
        D(2026, 2, 28), APRIL, TODAY)]  # fmt: skip
    assert found == [1, 1, 2]
    assert rows(company, import_run.c.kind, import_run.c.is_base)[1:] == [("sessions", True), ("sessions", False)]


def test_observations_of_the_first_file_are_known_since_ever_like_its_sessions(company: sa.Engine) -> None:
    load(company, "sessions", [met()], TODAY)
    load(company, "observations", [scored("discovery", 4)], TODAY)
    keys = "session_count observation_count skill_level:discovery days_since_last_observation"
    then = measure(company, keys, "rep", "2026-01-01", "2026-05-30", as_of=D(2026, 5, 30))
    assert [value(then, key, "ravi") for key in keys.split()] == [1, 1, 75, 86]


KEYS = "session_count coaching_minutes expected_slots met_slots next_due_on longest_gap_days"
PLANNED = {"rep": "ravi", "coach": "maya", "planned_on": "2026-03-20", "status": "planned"}
CORRECTIONS: list[tuple[str, Row, Row]] = [
    ("sessions", met(minutes=30), met(minutes=60)),
    ("sessions", met(minutes=30), {**met(), "held_at": "", "status": "missed", "missed_by": "rep"}),
    ("sessions", PLANNED, {**PLANNED, "status": "held", "held_at": "2026-03-12"}),
    (
        "policy",
        {"role": "rep", "every_days": 14, "tolerance_days": 3},
        {"role": "rep", "every_days": 7, "tolerance_days": 3},
    ),
]


@pytest.mark.parametrize(("kind", "first", "second"), CORRECTIONS)
def test_a_correction_in_a_later_file_holds_from_that_file_on_and_leaves_earlier_days_as_they_were(
    engine: sa.Engine, kind: str, first: Row, second: Row
) -> None:
    load(engine, "people", [row | {"started_on": "2026-01-01"} for row in PEOPLE], D(2026, 1, 1))
    load(engine, "sessions", [met("rosa", planned_on="2026-02-02", held_at="2026-02-02", minutes=20)], D(2026, 2, 28))
    load(engine, kind, [first], MARCH)
    span: Row = {"by": "rep", "start": "2026-01-01", "end": "2026-03-31"}
    days = [D(2026, 3, 11), D(2026, 3, 31), D(2026, 4, 15)]
    before = [measure(engine, KEYS, as_of=day, **span) for day in days]
    result = load(engine, kind, [second], APRIL)
    assert (result.changed, result.new) == (1, 0)
    for day, then in zip(days, before, strict=True):
        assert measure(engine, KEYS, as_of=day, **span).equals(then), day
    now = measure(engine, KEYS, as_of=TODAY, **span)
    assert not now.equals(measure(engine, KEYS, as_of=MARCH, **span))
    assert load(engine, kind, [second], APRIL).unchanged == 1
    sound(engine)


def test_who_holds_none_of_the_expected_sessions_has_held_none_and_is_not_without_data(engine: sa.Engine) -> None:
    load(engine, "people", [row | {"started_on": "2026-01-01"} for row in PEOPLE], D(2026, 1, 1))
    missed = {"rep": "ravi", "coach": "maya", "planned_on": "2026-01-08", "status": "missed", "missed_by": "coach"}
    load(engine, "sessions", [missed], TODAY)
    found = measure(engine, "expected_slots met_slots cadence_adherence", "rep", "2026-01-01", "2026-02-15")
    assert [value(found, key, "ravi") for key in ("expected_slots", "met_slots", "cadence_adherence")] == [3, 0, 0]


def test_a_result_names_counts_and_no_words_about_people(company: sa.Engine) -> None:
    file = [scored(evidence="He never listens"), scored("discovery", 2, evidence="Lazy")]
    text = load(company, "observations", file).as_text()
    assert "2 new" in text
    assert "listens" not in text
    assert "Ravi" not in text


# ---- The demo company ------------------------------------------------------------------------------------------


def filled(engine: sa.Engine) -> None:
    """A small demo company."""
    fill_demo(engine, reps=8, months=6, seed=3, today=TODAY)


demo = copies_of(filled)


def test_holidays_as_the_first_file_of_ones_own_remove_the_demo(demo: sa.Engine) -> None:
    result = load(demo, "holidays", SMALL["holidays"])
    assert (result.new, result.demo_removed) == (1, True)
    assert rows(demo, holiday.c.region) == [("BY",)]
    assert [count(demo, table) for table in (person, session, observation, plan)] == [0] * 4
    with reading(demo) as connection:
        assert demo_state(connection) is None
    sound(demo)


def test_sessions_of_people_who_go_with_the_demo_are_refused_before_it_goes(demo: sa.Engine) -> None:
    before = count(demo, person)
    with pytest.raises(ImportRefused, match="people file first"):
        load(demo, "sessions", SMALL["sessions"])
    assert count(demo, person) == before


def test_a_demo_in_which_coaching_was_recorded_goes_only_when_told(demo: sa.Engine) -> None:
    with writing(demo) as connection:
        rep, coach = connection.execute(sa.select(session.c.rep_id, session.c.coach_id).limit(1)).one()
        values = {"rep_id": rep, "coach_id": coach, "kind": "own_manager", "status": "held", "visibility": "shared"}
        connection.execute(sa.insert(session).values(**values, held_at=NOW, held_on=TODAY, recorded_at=NOW))
    with pytest.raises(ImportRefused, match="--replace-demo"):
        load(demo, "policy", SMALL["policy"])
    assert load(demo, "policy", SMALL["policy"], replace_demo=True).demo_removed


def test_the_demo_goes_also_after_people_of_it_have_read_figures_and_the_trail_of_that_stays(demo: sa.Engine) -> None:
    with writing(demo) as connection:
        manager = connection.scalar(sa.select(person.c.id).where(person.c.role == "manager").limit(1))
        audit.record(connection, manager, "read metrics as manager", now=NOW)
    assert load(demo, "people", PEOPLE).demo_removed
    with reading(demo) as connection:
        assert manager in set(connection.scalars(sa.select(audit_entry.c.actor_id)))
        assert audit.first_broken_entry(connection) is None
    sound(demo)


# ---- Anything at all -------------------------------------------------------------------------------------------

WHO = ("ravi", "Rosa Marin", "maya", "Omar Haddad", "nobody", "", "Sam Lee")
DAYS = ("2026-03-01", "2026-03-02T09:30:00Z", "2026-02-31", "2027-05-01", "", "soon")
NUMBERS = ("3", "4", "0.35", "-1", "9999999", "x", "")
CELLS: dict[str, Sequence[str]] = {
    "rep": WHO,
    "coach": WHO,
    "observer": WHO,
    "programme": ("Rise", "rise", ""),
    **dict.fromkeys(("planned_on", "held_at", "observed_at", "agreed_on", "due_on", "from", "to", "date"), DAYS),
    **dict.fromkeys(
        ("minutes", "questions", "instructions", "level", "every_days", "tolerance_days", "amount"), NUMBERS
    ),
    **dict.fromkeys(("baseline", "target"), (*NUMBERS, "20 %", "double")),
    "currency": ("USD",),
    "metric": ("win_rate_count", "Margin", "joy", ""),
    "kind": ("own_manager", "tools", "travel", "group", "?", ""),
    "status": ("held", "planned", "no show", "?", ""),
    "missed_by": ("rep", ""),
    "method": ("test", "?", ""),
    "skill": ("opening", "Discovery", "juggling", ""),
    "trigger": ("praise", ""),
    "channel": ("phone", "field", ""),
    "mode": ("listen", ""),
    "scorecard": ("selling", "coaching", "mine", ""),
    "visibility": ("shared", "private", ""),
    "target_kind": ("absolute", "relative", ""),
    "role": ("rep", "manager", "king"),
    "region": ("BY", "", "NW"),
    "id": ("1", "2", ""),
}
COLUMNS = {
    "sessions": "id rep coach kind planned_on held_at status missed_by minutes method skill trigger questions tone",
    "observations": "id rep observer observed_at channel mode scorecard skill level evidence visibility",
    "plans": "id rep coach metric baseline target target_kind agreed_on due_on why",
    "absences": "rep from to reason",
    "holidays": "date region name",
    "policy": "role every_days tolerance_days from",
    "costs": "from to kind amount currency rep coach programme",
}
TEXTS = ("", "Größe", "=1+1", "x" * 400, "🙂")


@st.composite
def dirty_rows(draw: st.DrawFn, kind: str) -> list[Row]:
    names = COLUMNS[kind].split()
    return [
        {name: draw(st.sampled_from(CELLS.get(name, TEXTS))) for name in names} for _ in range(draw(st.integers(1, 12)))
    ]


@pytest.fixture
def shared_company(sqlite_engine: sa.Engine) -> Iterator[sa.Engine]:
    """One company for all examples, with a name that two people share."""
    twins = [{"id": str(n), "name": "Sam Lee", "manager": "maya", "team": "East"} for n in (1, 2)]
    load(sqlite_engine, "people", [*PEOPLE, *twins])
    yield sqlite_engine
    sound(sqlite_engine)


@pytest.mark.parametrize("kind", COACHING_KINDS)
def test_every_row_is_accepted_or_rejected_and_a_second_load_is_no_news(shared_company: sa.Engine, kind: str) -> None:
    @settings(
        max_examples=15,
        phases=(Phase.explicit, Phase.reuse, Phase.generate),
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )
    @given(dirty_rows(kind))
    def hold(file: list[Row]) -> None:
        first = load(shared_company, kind, file)
        again = load(shared_company, kind, file)
        for result in (first, again):
            assert result.read == result.accepted + result.rejected + result.ignored
            assert result.accepted == result.new + result.changed + result.unchanged + result.stale
            assert result.import_id is not None
            with reading(shared_company) as connection:
                kept = rejections(operator(), connection, result.import_id)
            assert kept.height == result.rejected
            assert kept["reason"].str.ends_with(".").all()
        assert (again.new, again.changed, again.accepted) == (0, 0, first.accepted)

    hold()


def test_the_command_line_loads_them_and_says_so_as_json(
    shared_company: sa.Engine, sqlite_database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    assert set(command_line.KINDS) == set(KINDS)
    monkeypatch.setenv("COACHING_DATABASE_URL", sqlite_database_url)
    file = tmp_path / "absences.csv"
    file.write_bytes(csv_bytes([*SMALL["absences"], {"rep": "nobody", "from": "2026-08-03", "to": "2026-08-14"}]))
    assert command_line.main(["import", "absences", str(file), "--format", "json"]) == command_line.DONE
    printed = json.loads(capsys.readouterr().out)
    assert {name: printed[name] for name in ("kind", "read", "accepted", "rejected", "new", "unchanged")} == {
        "kind": "absences",
        "read": 2,
        "accepted": 1,
        "rejected": 1,
        "new": 1,
        "unchanged": 0,
    }
    file.write_bytes(b"name\nravi\n")
    assert command_line.main(["import", "absences", str(file)]) == command_line.REFUSED
    assert "Mapping key: columns.from" in capsys.readouterr().err


def test_an_admin_without_a_name_of_their_own_may_load_too(company: sa.Engine) -> None:
    assert load(company, "policy", SMALL["policy"], viewer=Viewer(None, Role.ADMIN, "admin")).new == 1
