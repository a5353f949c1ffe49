"""Sessions as stories: planned, written up, moved, taken back; who may write and who reads what."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import polars as pl
import pytest
import sqlalchemy as sa

from coaching import frames, sessions
from coaching.people import Role, Viewer
from coaching.sessions import CommitmentDraft, SessionDraft
from data_access import audit, tables
from data_access.commands import sessions as commands
from data_access.default_scorecard import ensure_default_scorecard
from data_access.engine import reading, writing
from data_access.queries import sessions as queries
from data_access.scope import NotPermitted, operator, stand_in
from data_access.writes import CommandRefused, EditedMeanwhile
from tests.companies import NOW, PEOPLE, TODAY, load, someone, value
from tests.copies import copies_of

AN_HOUR_AGO = NOW - dt.timedelta(hours=1)
NEXT_WEEK = TODAY + dt.timedelta(days=7)


def founded(engine: sa.Engine) -> None:
    load(engine, "people", PEOPLE)
    with writing(engine) as connection:
        ensure_default_scorecard(connection)


company = copies_of(founded)


def run(
    engine: sa.Engine, command: Callable[..., Any], who: str, *args: Any, now: dt.datetime = NOW, **more: Any
) -> Any:
    """A command as somebody, in one transaction."""
    viewer = someone(engine, who, now.date())
    with writing(engine) as connection:
        return command(viewer, connection, *args, now, **more)


def id_of(engine: sa.Engine, who: str) -> int:
    person_id = someone(engine, who).person_id
    assert person_id is not None
    return person_id


def held(engine: sa.Engine, who: str = "ravi", **more: Any) -> SessionDraft:
    return SessionDraft(**{"rep_id": id_of(engine, who), "held_at": AN_HOUR_AGO, "minutes": 30, **more})


def plan(engine: sa.Engine, who: str = "ravi", day: dt.date = NEXT_WEEK, by: str = "maya", **more: Any) -> int:
    draft = SessionDraft(id_of(engine, who), status="planned", planned_on=day, **more)
    return int(run(engine, commands.plan_session, by, draft))


def seen(engine: sa.Engine, who: str | Viewer, rep: str | None = "ravi", as_of: dt.date = TODAY) -> pl.DataFrame:
    viewer = someone(engine, who) if isinstance(who, str) else who
    rep_id = id_of(engine, rep) if rep else None
    with reading(engine) as connection:
        return queries.sessions(viewer, connection, rep_id=rep_id, as_of=as_of, today=TODAY)


def promised(engine: sa.Engine, who: str | Viewer, rep: str | None = "ravi", as_of: dt.date = TODAY) -> pl.DataFrame:
    viewer = someone(engine, who) if isinstance(who, str) else who
    rep_id = id_of(engine, rep) if rep else None
    with reading(engine) as connection:
        return queries.commitments(viewer, connection, rep_id=rep_id, as_of=as_of, today=TODAY)


def topics(engine: sa.Engine, who: str, session_id: int) -> list[str]:
    with reading(engine) as connection:
        found = queries.session_topics(someone(engine, who), connection, session_ids=[session_id], today=TODAY)
    return list(found["topic"])


def rows(engine: sa.Engine, table: sa.Table) -> int:
    with reading(engine) as connection:
        return int(connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0)


# ---- The words of the form are the words of the tables -----------------------------------------------------------


def offered(column: str) -> tuple[str, ...]:
    kind = tables.session.c[column].type
    assert isinstance(kind, sa.Enum)
    return tuple(kind.enums)


def test_the_form_knows_the_words_that_the_tables_take() -> None:
    assert tuple(sessions.TRIGGERS) == tables.TRIGGERS
    assert tuple(sessions.METHODS) == tables.METHODS
    assert tuple(sessions.STATUSES) == offered("status")
    assert tuple(sessions.KINDS) == offered("kind")
    assert tuple(sessions.MISSED_BY) == offered("missed_by")


# ---- Maya coaches Ravi -------------------------------------------------------------------------------------------


def test_maya_plans_a_session_ravi_adds_a_topic_and_she_writes_it_up(company: sa.Engine) -> None:
    session_id = plan(company, topics=("Pipeline",), day=TODAY)
    run(company, commands.add_topic, "ravi", session_id, "  My large deal ")
    draft = held(
        company,
        topics=("Opening", "Pipeline"),
        method="role_play",
        skill="opening",
        questions=6,
        instructions=2,
        trigger="praise",
        tone="warm",
        note="Went well",
        commitments=(
            CommitmentDraft("coach", "Ask marketing", NEXT_WEEK),
            CommitmentDraft("rep", "Call five customers", NEXT_WEEK),
        ),
    )
    assert run(company, commands.record_session, "maya", draft, session_id=session_id, version=1) == session_id

    row = seen(company, "ravi").row(0, named=True)
    assert (row["status"], row["kind"], row["planned_on"], row["held_on"]) == ("held", "own_manager", TODAY, TODAY)
    assert (row["skill"], row["questions"], row["note"], row["trigger"]) == ("opening", 6, "Went well", "praise")
    assert topics(company, "ravi", session_id) == ["Opening", "Pipeline", "My large deal"]
    both = promised(company, "maya")
    assert both.select("side", "promise", "is_mine").rows() == [
        ("coach", "Ask marketing", True),
        ("rep", "Call five customers", False),
    ]
    assert both.schema == frames.COMMITMENTS
    with reading(company) as connection:
        use = connection.execute(sa.select(tables.trigger_use)).one()
        fact = connection.execute(sa.select(tables.fact_rep_period)).one()
        assert audit.first_broken_entry(connection) is None
        actions = list(connection.scalars(sa.select(tables.audit_entry.c.action).order_by(tables.audit_entry.c.id)))
    assert (use.trigger, use.tone, use.used_on, use.followed) == ("praise", "warm", TODAY, None)
    assert (fact.session_count, fact.session_minutes) == (1, 30)
    assert actions[-3:] == ["plan_session", "add_topic", "record_session"]


def test_whether_it_is_the_own_manager_follows_from_the_teams_and_not_from_the_draft(company: sa.Engine) -> None:
    run(company, commands.record_session, "maya", held(company, kind="other_coach"))
    run(company, commands.record_session, "dana", held(company, kind="own_manager"))
    kinds = dict(seen(company, "ravi").select("coach_name", "kind").rows())
    assert kinds == {"Maya Lindgren": "own_manager", "Dana Whitfield": "other_coach"}


def test_a_moved_session_stays_as_moved_and_a_new_one_takes_its_topics_along(company: sa.Engine) -> None:
    first = plan(company, topics=("Pipeline",))
    run(company, commands.add_topic, "ravi", first, "Prices")
    later = NEXT_WEEK + dt.timedelta(days=3)
    second = run(company, commands.move_session, "maya", first, later, version=1)
    found = seen(company, "maya").sort("planned_on")
    assert found.select("session_id", "status", "planned_on", "moved_from_id").rows() == [
        (first, "moved", NEXT_WEEK, None),
        (second, "planned", later, first),
    ]
    assert topics(company, "ravi", second) == ["Pipeline", "Prices"]
    with reading(company) as connection:
        maya = queries.planned_sessions(someone(company, "maya"), connection, today=TODAY)
    assert maya["session_id"].to_list() == [second]


def test_planning_twice_or_sending_a_form_twice_writes_once(company: sa.Engine) -> None:
    plan(company)
    with pytest.raises(CommandRefused, match="planned already"):
        plan(company)
    run(company, commands.record_session, "maya", held(company))
    with pytest.raises(CommandRefused, match="written down already"):
        run(company, commands.record_session, "maya", held(company))
    assert rows(company, tables.session) == 2


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"held_at": None}, "when the session was held"),
        ({"minutes": 900}, "from 1 to 600"),
        ({"skill": "juggling"}, "There is no skill 'juggling'"),
        ({"plan_action_id": 4711}, "not part of a plan"),
        ({"status": "moved", "held_at": None, "planned_on": TODAY}, "with its own button"),
        ({"status": "planned", "held_at": None, "planned_on": TODAY}, "with its own button"),
        ({"kind": "group"}, "Name the others"),
    ],
)
def test_the_server_checks_again_and_writes_nothing_of_a_refused_draft(
    company: sa.Engine, changes: dict[str, Any], says: str
) -> None:
    with pytest.raises(CommandRefused, match=says):
        run(company, commands.record_session, "maya", held(company, **changes))
    assert rows(company, tables.session) == 0


def test_a_session_is_not_planned_for_yesterday(company: sa.Engine) -> None:
    with pytest.raises(CommandRefused, match="today or later"):
        plan(company, day=TODAY - dt.timedelta(days=1))


def test_correcting_a_session_changes_the_trigger_and_keeps_the_promises(company: sa.Engine) -> None:
    promise = (CommitmentDraft("rep", "Call", NEXT_WEEK),)
    draft = held(company, trigger="praise", commitments=promise, topics=("A", "B"))
    session_id = run(company, commands.record_session, "maya", draft)
    corrected = held(company, trigger="challenge_negative", minutes=45, topics=("B",))
    run(company, commands.record_session, "maya", corrected, session_id=session_id, version=1)
    row = seen(company, "maya").row(0, named=True)
    assert (row["minutes"], row["trigger"], row["version"]) == (45, "challenge_negative", 2)
    assert topics(company, "maya", session_id) == ["B"]
    assert promised(company, "maya").height == 1
    with reading(company) as connection:
        assert connection.scalars(sa.select(tables.trigger_use.c.trigger)).all() == ["challenge_negative"]
        assert connection.scalar(sa.select(tables.fact_rep_period.c.session_minutes)) == 45


def test_what_followed_a_trigger_survives_a_correction_of_other_things(company: sa.Engine) -> None:
    session_id = run(company, commands.record_session, "maya", held(company, trigger="praise"))
    with writing(company) as connection:
        connection.execute(sa.update(tables.trigger_use).values(followed=True))
    run(
        company,
        commands.record_session,
        "maya",
        held(company, trigger="praise", minutes=50),
        session_id=session_id,
        version=1,
    )
    with reading(company) as connection:
        assert connection.scalars(sa.select(tables.trigger_use.c.followed)).all() == [True]


# ---- Two people, one session -------------------------------------------------------------------------------------


def test_of_two_who_save_the_second_is_told_what_changed_and_nothing_is_lost(company: sa.Engine) -> None:
    session_id = plan(company, day=TODAY)
    on_the_phone = held(company, note="From the phone", minutes=20, commitments=(CommitmentDraft("rep", "Call"),))
    run(company, commands.record_session, "maya", on_the_phone, session_id=session_id, version=1)
    on_the_laptop = held(company, note="From the laptop", minutes=45)
    with pytest.raises(EditedMeanwhile) as refused:
        run(company, commands.record_session, "maya", on_the_laptop, session_id=session_id, version=1)
    said = " ".join(refused.value.changes)
    assert "Minutes: it says “20” now; yours says “45”." in said
    assert "“From the phone” now; yours says “From the laptop”" in said
    assert "Promise written down meanwhile: “Call”." in said
    assert value(seen(company, "maya"), "note") == "From the phone"
    run(company, commands.record_session, "maya", on_the_laptop, session_id=session_id, version=2)
    assert value(seen(company, "maya"), "note") == "From the laptop"
    assert promised(company, "maya").height == 1


def test_a_topic_that_ravi_adds_while_maya_writes_is_kept(company: sa.Engine) -> None:
    session_id = plan(company, day=TODAY, topics=("Pipeline",))
    run(company, commands.add_topic, "ravi", session_id, "Prices")
    run(company, commands.record_session, "maya", held(company, topics=("Opening",)), session_id=session_id, version=1)
    assert topics(company, "maya", session_id) == ["Opening", "Prices"]


def test_dana_moves_a_session_while_maya_writes_it_up(company: sa.Engine) -> None:
    session_id = plan(company)
    run(company, commands.move_session, "dana", session_id, NEXT_WEEK + dt.timedelta(days=1), version=1)
    with pytest.raises(EditedMeanwhile) as refused:
        run(company, commands.record_session, "maya", held(company), session_id=session_id, version=1)
    assert refused.value.changes == ["The session was moved to 28\u00a0Nov\u00a02026."]


# ---- Taking back -------------------------------------------------------------------------------------------------


def test_a_session_written_down_by_mistake_is_taken_back_with_all_that_came_with_it(company: sa.Engine) -> None:
    draft = held(company, trigger="praise", topics=("A",), commitments=(CommitmentDraft("rep", "Call"),))
    session_id = run(company, commands.record_session, "maya", draft)
    run(company, commands.undo_session, "maya", session_id, now=NOW + dt.timedelta(hours=23))
    for table in (tables.session, tables.session_topic, tables.commitment, tables.trigger_use, tables.fact_rep_period):
        assert rows(company, table) == 0, table.name


def test_what_was_planned_is_planned_again(company: sa.Engine) -> None:
    session_id = plan(company, day=TODAY, topics=("A",))
    run(
        company,
        commands.record_session,
        "maya",
        held(company, note="x", topics=("A",)),
        session_id=session_id,
        version=1,
    )
    run(company, commands.undo_session, "maya", session_id)
    row = seen(company, "maya").row(0, named=True)
    assert (row["status"], row["held_on"], row["note"], row["planned_on"]) == ("planned", None, None, TODAY)
    assert topics(company, "maya", session_id) == ["A"]
    assert rows(company, tables.fact_rep_period) == 0


def test_a_move_is_taken_back_unless_somebody_has_worked_on_the_new_day(company: sa.Engine) -> None:
    first = plan(company)
    run(company, commands.move_session, "maya", first, NEXT_WEEK + dt.timedelta(days=1), version=1)
    run(company, commands.undo_session, "maya", first)
    assert seen(company, "maya").select("session_id", "status").rows() == [(first, "planned")]
    second = run(company, commands.move_session, "maya", first, NEXT_WEEK + dt.timedelta(days=1), version=3)
    run(company, commands.add_topic, "ravi", second, "Prices")
    with pytest.raises(CommandRefused, match="Move it once more"):
        run(company, commands.undo_session, "maya", first)


@pytest.mark.parametrize(
    ("who", "hours", "before", "says"),
    [
        ("maya", 25, None, "more than 24 hours ago"),
        ("dana", 1, None, "by whoever took it"),
        ("maya", 1, "correct", "cannot be taken back"),
        ("maya", 1, "keep", "kept already"),
    ],
)
def test_taking_back_has_limits(company: sa.Engine, who: str, hours: int, before: str | None, says: str) -> None:
    session_id = run(
        company, commands.record_session, "maya", held(company, commitments=(CommitmentDraft("rep", "Call"),))
    )
    if before == "correct":
        run(company, commands.record_session, "maya", held(company, minutes=5), session_id=session_id, version=1)
    if before == "keep":
        [commitment_id] = promised(company, "ravi")["commitment_id"]
        run(company, commands.keep_commitment, "ravi", commitment_id, TODAY)
    with pytest.raises(CommandRefused, match=says):
        run(company, commands.undo_session, who, session_id, now=NOW + dt.timedelta(hours=hours))
    assert rows(company, tables.session) == 1


def test_a_plan_to_which_ravi_has_added_is_not_taken_back(company: sa.Engine) -> None:
    session_id = plan(company)
    run(company, commands.add_topic, "ravi", session_id, "Prices")
    with pytest.raises(CommandRefused, match="by whoever took it"):
        run(company, commands.undo_session, "maya", session_id)


# ---- Promises ----------------------------------------------------------------------------------------------------


def test_both_sides_tick_off_promises_and_open_them_again(company: sa.Engine) -> None:
    both = (CommitmentDraft("coach", "Ask marketing"), CommitmentDraft("rep", "Call"))
    run(company, commands.record_session, "maya", held(company, commitments=both))
    of_maya, of_ravi = promised(company, "maya")["commitment_id"]
    run(company, commands.keep_commitment, "ravi", of_maya, TODAY)
    run(company, commands.keep_commitment, "ravi", of_ravi, TODAY)
    run(company, commands.keep_commitment, "maya", of_ravi, TODAY)
    assert promised(company, "maya")["done_on"].to_list() == [TODAY, TODAY]
    run(company, commands.reopen_commitment, "maya", of_maya)
    assert promised(company, "ravi").filter(pl.col("side") == "coach")["done_on"].to_list() == [None]


def test_a_promise_is_kept_between_its_day_and_today(company: sa.Engine) -> None:
    run(company, commands.record_session, "maya", held(company, commitments=(CommitmentDraft("rep", "Call"),)))
    [commitment_id] = promised(company, "ravi")["commitment_id"]
    for day in (TODAY + dt.timedelta(days=1), TODAY - dt.timedelta(days=1)):
        with pytest.raises(CommandRefused, match="Correct the day"):
            run(company, commands.keep_commitment, "ravi", commitment_id, day)


@pytest.mark.parametrize("who", ["omar", "dana", "rosa", "wim", "eve", "ada"])
def test_nobody_else_ticks_a_promise(company: sa.Engine, who: str) -> None:
    run(company, commands.record_session, "maya", held(company, commitments=(CommitmentDraft("rep", "Call"),)))
    [commitment_id] = promised(company, "ravi")["commitment_id"]
    with pytest.raises(NotPermitted):
        run(company, commands.keep_commitment, who, commitment_id, TODAY)
    with pytest.raises(NotPermitted):
        run(company, commands.reopen_commitment, who, commitment_id)


# ---- Who may write -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["omar", "wim", "eve", "ada", "ravi", "rosa"])
def test_only_who_coaches_ravi_writes_a_session_with_him(company: sa.Engine, who: str) -> None:
    for kind in ("own_manager", "other_coach", "group"):
        with pytest.raises((NotPermitted, CommandRefused)):
            run(company, commands.record_session, who, held(company, kind=kind))
    with pytest.raises((NotPermitted, CommandRefused)):
        run(
            company,
            commands.plan_session,
            who,
            SessionDraft(id_of(company, "ravi"), status="planned", planned_on=TODAY),
        )
    assert rows(company, tables.session) == 0


@pytest.mark.parametrize("viewer", [operator(), stand_in(Role.EXECUTIVE), stand_in(Role.ADMIN)])
def test_nobody_without_a_name_writes(company: sa.Engine, viewer: Viewer) -> None:
    session_id = plan(company)
    with writing(company) as connection:
        for attempt in (
            lambda: commands.record_session(viewer, connection, held(company), NOW),
            lambda: commands.add_topic(viewer, connection, session_id, "x", NOW),
            lambda: commands.settle_session(viewer, connection, session_id, "excused", NOW, version=1),
            lambda: commands.undo_session(viewer, connection, session_id, NOW),
        ):
            with pytest.raises(NotPermitted):
                attempt()


@pytest.mark.parametrize("who", ["omar", "wim", "rosa", "eve", "ada"])
def test_a_session_out_of_view_is_out_of_reach_for_every_command(company: sa.Engine, who: str) -> None:
    session_id = plan(company, topics=("Pipeline",))
    attempts: tuple[tuple[Any, tuple[Any, ...], dict[str, Any]], ...] = (
        (commands.record_session, (held(company),), {"session_id": session_id, "version": 1}),
        (commands.settle_session, (session_id, "excused"), {"version": 1}),
        (commands.move_session, (session_id, NEXT_WEEK + dt.timedelta(days=1)), {"version": 1}),
        (commands.undo_session, (session_id,), {}),
        (commands.add_topic, (session_id, "x"), {}),
        (commands.remove_topic, (session_id, "Pipeline"), {}),
    )
    for command, args, more in attempts:
        with pytest.raises(NotPermitted, match="no such"):
            run(company, command, who, *args, **more)


def test_dana_settles_a_planned_session_of_mayas_and_does_not_write_it_up(company: sa.Engine) -> None:
    session_id = plan(company, day=TODAY)
    with pytest.raises(NotPermitted, match="by the coach who held it"):
        run(company, commands.record_session, "dana", held(company), session_id=session_id, version=1)
    with pytest.raises(CommandRefused, match="as missed or as excused"):
        run(company, commands.settle_session, "dana", session_id, "held", version=1)
    run(company, commands.settle_session, "dana", session_id, "missed", version=1, missed_by="coach")
    assert seen(company, "ravi").select("status", "missed_by").rows() == [("missed", "coach")]


def test_nobody_writes_a_session_down_for_another_coach_or_hangs_one_on_another_rep(company: sa.Engine) -> None:
    with pytest.raises(NotPermitted, match="the coach is whoever records it"):
        run(company, commands.record_session, "dana", held(company, coach_id=id_of(company, "maya")))
    session_id = plan(company, day=TODAY)
    with pytest.raises(NotPermitted):
        run(company, commands.record_session, "maya", held(company, "rosa"), session_id=session_id, version=1)


def test_a_group_holds_only_people_in_view_and_each_of_them_sees_it(company: sa.Engine) -> None:
    with pytest.raises(NotPermitted):
        run(
            company,
            commands.record_session,
            "maya",
            held(company, kind="group", participant_ids=(id_of(company, "wim"),)),
        )
    rosa = id_of(company, "rosa")
    run(
        company, commands.record_session, "maya", held(company, kind="group", participant_ids=(rosa,), note="All of us")
    )
    assert seen(company, "rosa", "rosa").select("note", "participant_count").rows() == [("All of us", 1)]
    assert seen(company, "wim", "wim").height == 0


def test_reps_of_one_team_write_down_that_they_met_and_both_see_it(company: sa.Engine) -> None:
    run(company, commands.record_session, "ravi", held(company, "rosa", kind="peer", note="Compared openings"))
    assert seen(company, "ravi", "ravi")["note"].to_list() == ["Compared openings"]
    assert seen(company, "rosa", "rosa")["note"].to_list() == ["Compared openings"]
    assert seen(company, "maya", "rosa")["kind"].to_list() == ["peer"]
    for who, partner in (("ravi", "wim"), ("ravi", "maya"), ("ravi", "ravi"), ("maya", "omar")):
        with pytest.raises(NotPermitted):
            run(company, commands.record_session, who, held(company, partner, kind="peer"))


def test_a_rep_names_as_colleagues_only_the_own_team(company: sa.Engine) -> None:
    with reading(company) as connection:
        assert queries.colleagues(someone(company, "ravi"), connection, TODAY)["name"].to_list() == ["Rosa Marin"]
        assert queries.colleagues(someone(company, "maya"), connection, TODAY).height == 0


def test_topics_are_added_before_a_session_by_those_in_it_and_taken_off_by_their_author(company: sa.Engine) -> None:
    session_id = plan(company, topics=("Pipeline",))
    run(company, commands.add_topic, "ravi", session_id, "Prices")
    for topic, says in (("Prices", "already"), (" ", "no words"), ("x" * 301, "or fewer")):
        with pytest.raises(CommandRefused, match=says):
            run(company, commands.add_topic, "ravi", session_id, topic)
    with pytest.raises(CommandRefused, match="Only whoever"):
        run(company, commands.remove_topic, "ravi", session_id, "Pipeline")
    run(company, commands.remove_topic, "ravi", session_id, "Prices")
    assert topics(company, "ravi", session_id) == ["Pipeline"]
    run(company, commands.settle_session, "maya", session_id, "excused", version=1)
    with pytest.raises(CommandRefused, match="before a session"):
        run(company, commands.add_topic, "ravi", session_id, "Late")


# ---- Who reads what ----------------------------------------------------------------------------------------------


def test_a_private_note_is_its_authors_alone_and_a_shared_one_the_persons_and_the_lines(company: sa.Engine) -> None:
    run(company, commands.record_session, "maya", held(company, note="Only mine", visibility="private"))
    later = held(company, held_at=NOW - dt.timedelta(minutes=20), note="For both")
    run(company, commands.record_session, "maya", later)
    notes = {
        who: set(seen(company, who)["note"].drop_nulls()) for who in ("maya", "ravi", "dana", "omar", "eve", "ada")
    }
    assert notes == {
        "maya": {"Only mine", "For both"},
        "ravi": {"For both"},
        "dana": {"For both"},
        "omar": set(),
        "eve": set(),
        "ada": set(),
    }
    assert seen(company, "ravi").filter(pl.col("note").is_null())["visibility"].to_list() == [None]


def test_the_operator_gets_figures_and_no_words_executive_and_admin_nothing(company: sa.Engine) -> None:
    everything = held(
        company, note="x", trigger="praise", tone="warm", angle="y", topics=("z",), questions=3,
        commitments=(CommitmentDraft("rep", "Call"),),
    )  # fmt: skip
    session_id = run(company, commands.record_session, "maya", everything)
    row = seen(company, operator(), None).row(0, named=True)
    assert row["questions"] == 3
    assert {row[name] for name in ("note", "trigger", "tone", "angle", "plan_action", "visibility")} == {None}
    with reading(company) as connection:
        assert queries.session_topics(operator(), connection, session_ids=[session_id], today=TODAY).height == 0
    assert promised(company, operator(), None).height == 0
    for viewer in (stand_in(Role.EXECUTIVE), stand_in(Role.ADMIN), someone(company, "eve"), someone(company, "ada")):
        assert seen(company, viewer, None).height == 0
        assert promised(company, viewer).height == 0
        with reading(company) as connection:
            assert queries.session_record(viewer, connection, session_id, TODAY) is None


def test_out_of_view_reads_like_one_that_does_not_exist(company: sa.Engine) -> None:
    session_id = run(company, commands.record_session, "maya", held(company))
    with reading(company) as connection:
        omar = someone(company, "omar")
        assert queries.session_record(omar, connection, session_id, TODAY) is None
        assert queries.session_record(omar, connection, 4711, TODAY) is None
    assert promised(company, "omar").height == 0
    assert seen(company, "rosa", "ravi").height == 0


def test_after_ravi_has_moved_to_west_omar_reads_what_is_shared_and_maya_nothing(company: sa.Engine) -> None:
    draft = held(company, note="For both", commitments=(CommitmentDraft("coach", "Ask marketing"),))
    run(company, commands.record_session, "maya", draft)
    moved = [{**row, "manager": "omar", "team": "West"} if row["id"] == "ravi" else row for row in PEOPLE]
    load(company, "people", moved, TODAY)
    assert seen(company, "omar", "ravi")["note"].to_list() == ["For both"]
    assert seen(company, "maya", None).height == 0
    assert promised(company, "maya", None).height == 0
    assert promised(company, "ravi").height == 1


def test_a_group_with_somebody_of_another_team_shows_that_teams_manager_no_names_and_no_words(
    company: sa.Engine,
) -> None:
    group = held(company, kind="group", participant_ids=(id_of(company, "rosa"),), note="All of us", topics=("A",))
    run(company, commands.record_session, "maya", group)
    moved = [{**row, "manager": "omar", "team": "West"} if row["id"] == "rosa" else row for row in PEOPLE]
    load(company, "people", moved, TODAY)
    row = seen(company, "omar", "rosa").row(0, named=True)
    assert (row["rep_name"], row["note"], row["kind"]) == (None, None, "group")
    assert seen(company, "rosa", "rosa")["note"].to_list() == ["All of us"]


def test_as_of_a_day_before_it_was_written_down_a_session_is_not_known(company: sa.Engine) -> None:
    long_ago = held(company, held_at=NOW - dt.timedelta(days=10), commitments=(CommitmentDraft("rep", "Call"),))
    run(company, commands.record_session, "maya", long_ago)
    assert seen(company, "maya", as_of=TODAY - dt.timedelta(days=1)).height == 0
    assert seen(company, "maya").height == 1
    [commitment_id] = promised(company, "maya")["commitment_id"]
    run(company, commands.keep_commitment, "maya", commitment_id, TODAY)
    before = promised(company, "maya", as_of=TODAY - dt.timedelta(days=1))
    assert before["done_on"].to_list() == [None]
    assert promised(company, "maya", as_of=TODAY - dt.timedelta(days=11)).height == 0
