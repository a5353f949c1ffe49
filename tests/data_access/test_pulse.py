"""The pulse as stories: who answers, what nobody can learn, and when a round is closed for good."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import polars as pl
import pytest
import sqlalchemy as sa

from coaching.people import Role, Viewer
from coaching.pulse import PulseAnswer
from coaching.sessions import SessionDraft
from data_access import audit
from data_access.commands import pulse as commands
from data_access.commands.sessions import record_session
from data_access.engine import reading, writing
from data_access.pulse_rounds import hashed
from data_access.queries import pulse as queries
from data_access.scope import NotPermitted, operator, stand_in
from data_access.tables import audit_entry, membership, pulse, pulse_wave
from data_access.writes import CommandRefused
from tests.companies import NOW, PEOPLE, TODAY, load, someone
from tests.copies import copies_of

REPS_OF_EAST = ["ravi", "rosa", "rene", "rita", "ruth", "rolf"]
REPS_OF_WEST = ["wim", "wanda", "will"]
EXTRA = [
    *({"id": rep, "name": f"{rep} east", "role": "Rep", "manager": "maya", "team": "East"} for rep in REPS_OF_EAST[2:]),
    {"id": "will", "name": "will west", "role": "Rep", "manager": "omar", "team": "West"},
]
DECEMBER = dt.datetime(2026, 12, 1, 9, 0, tzinfo=dt.UTC)
FIRST_OF_DECEMBER = DECEMBER.date()


def founded(engine: sa.Engine) -> None:
    load(engine, "people", [*PEOPLE, *EXTRA])


company = copies_of(founded)


def coach(engine: sa.Engine, rep: str, now: dt.datetime = NOW) -> None:
    """The rep's manager holds a session with them."""
    by = someone(engine, "maya" if rep in REPS_OF_EAST else "omar")
    person_id = someone(engine, rep).person_id
    assert person_id is not None
    with writing(engine) as connection:
        record_session(by, connection, SessionDraft(person_id, held_at=now - dt.timedelta(hours=1)), now)


def answer(engine: sa.Engine, rep: str, taps: tuple[int, int, int] = (4, 4, 4), now: dt.datetime = NOW) -> None:
    with writing(engine) as connection:
        commands.answer_pulse(someone(engine, rep), connection, PulseAnswer(*taps), now)


def answered(engine: sa.Engine, reps: Sequence[str], taps: tuple[int, int, int] = (4, 4, 4)) -> None:
    for rep in reps:
        coach(engine, rep)
        answer(engine, rep, taps)


def shown(engine: sa.Engine, who: str | Viewer, today: dt.date = FIRST_OF_DECEMBER) -> dict[str | None, int | None]:
    viewer = someone(engine, who) if isinstance(who, str) else who
    with reading(engine) as connection:
        found = queries.pulse_by_team(
            viewer, connection, start=dt.date(2026, 1, 1), end=dt.date(2026, 12, 31), today=today
        )
    return dict(found.select("team_name", "answer_count").iter_rows())


def rows(engine: sa.Engine, table: sa.Table) -> list[dict[str, Any]]:
    with reading(engine) as connection:
        return [dict(row) for row in connection.execute(sa.select(table)).mappings()]


def team_of(engine: sa.Engine, rep: str) -> int:
    with reading(engine) as connection:
        return int(
            connection.scalar(
                sa.select(membership.c.team_id).where(
                    membership.c.person_id == someone(engine, rep).person_id, membership.c.kind == "member"
                )
            )
            or 0
        )


# ---- Answering ---------------------------------------------------------------------------------------------------


def test_ravi_answers_after_a_session_once_and_a_later_answer_takes_its_place(company: sa.Engine) -> None:
    with pytest.raises(CommandRefused, match="none was written down"):
        answer(company, "ravi")
    coach(company, "ravi")
    with reading(company) as connection:
        ravi = someone(company, "ravi")
        assert queries.latest_session(ravi, connection, TODAY) == TODAY
        assert not queries.has_answered(ravi, connection, TODAY)
    answer(company, "ravi", (1, 2, 3))
    answer(company, "ravi", (5, 4, 3))
    [row] = rows(company, pulse)
    assert (row["useful"], row["heard"], row["clear"], row["wave"]) == (5, 4, 3, "2026-11")
    assert row["team_id"] == team_of(company, "ravi")
    with reading(company) as connection:
        assert queries.has_answered(someone(company, "ravi"), connection, TODAY)
        assert not queries.has_answered(someone(company, "rosa"), connection, TODAY)


@pytest.mark.parametrize(("days", "counts"), [(13, True), (14, False)])
def test_a_session_counts_for_fourteen_days(company: sa.Engine, days: int, counts: bool) -> None:
    coach(company, "ravi", NOW - dt.timedelta(days=days))
    with reading(company) as connection:
        assert (queries.latest_session(someone(company, "ravi"), connection, TODAY) is not None) is counts


@pytest.mark.parametrize("viewer", [operator(), stand_in(Role.EXECUTIVE), stand_in(Role.ADMIN)])
def test_nobody_answers_for_others(company: sa.Engine, viewer: Viewer) -> None:
    with writing(company) as connection, pytest.raises(NotPermitted):
        commands.answer_pulse(viewer, connection, PulseAnswer(3, 3, 3), NOW)


def test_taps_that_no_form_offers_are_refused(company: sa.Engine) -> None:
    coach(company, "ravi")
    with pytest.raises(CommandRefused, match="from 1 to 5"):
        answer(company, "ravi", (0, 6, 3))
    assert rows(company, pulse) == []


# ---- What nobody can learn ---------------------------------------------------------------------------------------


def test_a_row_holds_no_person_no_time_and_no_session() -> None:
    assert set(pulse.c.keys()) == {"id", "wave", "respondent_hash", "team_id", "useful", "heard", "clear"}


def test_the_audit_trail_names_neither_who_answered_nor_which_row_nor_when(company: sa.Engine) -> None:
    coach(company, "ravi")
    answer(company, "ravi")
    [row] = rows(company, pulse)
    [entry] = [entry for entry in rows(company, audit_entry) if entry["action"] == "answer_pulse"]
    assert (entry["actor_id"], entry["subject"], entry["detail"]) == (None, "pulse 2026-11", None)
    assert entry["happened_at"] == dt.datetime(2026, 11, 20, tzinfo=dt.UTC)
    assert str(row["id"]) not in str(entry)
    with reading(company) as connection:
        assert audit.first_broken_entry(connection) is None


def test_neither_row_numbers_nor_the_order_on_disk_tell_who_answered_last(company: sa.Engine) -> None:
    """Each answer rewrites the team's rows under new random numbers, so no number survives from one answer to the next
    and the newest answer is anywhere among them."""
    positions = set()
    before: set[int] = set()
    for taps, rep in enumerate(REPS_OF_EAST, start=0):
        coach(company, rep)
        answer(company, rep, (1 + taps % 5, 1, 1))
        now = {row["id"] for row in rows(company, pulse)}
        assert not now & before
        before = now
    for repeat in range(12):
        answer(company, "ravi", (1 + repeat % 2, 5, 5))
        with reading(company) as connection:
            order = "ctid" if connection.dialect.name == "postgresql" else "rowid"
            heard = connection.scalars(sa.text(f"SELECT heard FROM pulse ORDER BY {order}")).all()
        positions.add(list(heard).index(5))
    assert len(positions) > 1


def test_once_the_month_is_over_no_hash_leads_to_a_person(company: sa.Engine) -> None:
    answered(company, REPS_OF_EAST[:2])
    [wave] = rows(company, pulse_wave)
    ravi = someone(company, "ravi").person_id
    assert ravi is not None
    assert hashed(wave["secret"], ravi) in {row["respondent_hash"] for row in rows(company, pulse)}
    with reading(company) as connection:
        assert not queries.has_round_to_close(operator(), connection, dt.date(2026, 11, 30))
        assert queries.has_round_to_close(operator(), connection, dt.date(2026, 12, 1))
    with writing(company) as connection:
        assert (
            commands.close_waves(someone(company, "omar"), connection, dt.datetime(2026, 11, 30, 23, tzinfo=dt.UTC))
            == 0
        )
        assert commands.close_waves(someone(company, "omar"), connection, DECEMBER) == 1
        assert commands.close_waves(someone(company, "omar"), connection, DECEMBER) == 0
    assert [(wave["wave"], wave["secret"]) for wave in rows(company, pulse_wave)] == [("2026-11", None)]
    assert len(rows(company, pulse)) == 2


def test_the_first_answer_of_a_month_closes_the_month_before(company: sa.Engine) -> None:
    answered(company, ["ravi"])
    coach(company, "ravi", DECEMBER)
    answer(company, "ravi", now=DECEMBER)
    secrets = {wave["wave"]: wave["secret"] for wave in rows(company, pulse_wave)}
    assert secrets["2026-11"] is None
    assert secrets["2026-12"]
    assert len({row["respondent_hash"] for row in rows(company, pulse)}) == 2


def test_a_closed_round_takes_no_answer(company: sa.Engine) -> None:
    answered(company, ["ravi"])
    with writing(company) as connection:
        connection.execute(sa.update(pulse_wave).values(secret=None))
    with pytest.raises(CommandRefused, match="closed"):
        answer(company, "ravi")


# ---- What is shown -----------------------------------------------------------------------------------------------


def test_maya_sees_her_team_from_five_answers_on_and_only_once_the_month_is_over(company: sa.Engine) -> None:
    answered(company, REPS_OF_EAST[:4])
    assert shown(company, "maya") == {"East": None}
    answered(company, REPS_OF_EAST[4:5], (5, 1, 2))
    assert shown(company, "maya", today=dt.date(2026, 11, 30)) == {}
    assert shown(company, "maya") == {"East": 5}
    with reading(company) as connection:
        found = queries.pulse_by_team(
            someone(company, "maya"), connection, start=TODAY, end=dt.date(2026, 11, 30), today=DECEMBER.date()
        )
        [row] = found.rows(named=True)
        assert (row["useful_mean"], row["heard_mean"], row["clear_mean"]) == (21 / 5, 17 / 5, 18 / 5)
        too_early = queries.pulse_by_team(
            someone(company, "maya"), connection, start=TODAY, end=dt.date(2026, 11, 29), today=DECEMBER.date()
        )
        assert too_early.height == 0


def test_dana_cannot_take_east_away_from_the_whole_to_read_west(company: sa.Engine) -> None:
    answered(company, REPS_OF_EAST)
    answered(company, REPS_OF_WEST, (1, 1, 1))
    found = shown(company, "dana")
    assert found["East"] == 6
    assert {name: count for name, count in found.items() if name != "East"} == dict.fromkeys(set(found) - {"East"})
    assert shown(company, operator())[None] is None


def test_each_sees_the_teams_in_view_and_reps_and_admins_none(company: sa.Engine) -> None:
    answered(company, REPS_OF_EAST)
    assert shown(company, "omar") == {}
    assert shown(company, "ravi") == {}
    assert shown(company, "ada") == {}
    assert shown(company, "eve")["East"] == 6
    assert shown(company, "eve")[None] == 6


def test_what_is_shown_does_not_change_when_somebody_changes_teams_later(company: sa.Engine) -> None:
    answered(company, REPS_OF_EAST)
    before = shown(company, "dana")
    moved = [{**row, "manager": "omar", "team": "West"} if row["id"] == "ravi" else row for row in [*PEOPLE, *EXTRA]]
    load(company, "people", moved, dt.date(2026, 12, 5), now=dt.datetime(2026, 12, 5, 9, tzinfo=dt.UTC))
    assert shown(company, "dana", today=dt.date(2026, 12, 6)) == before


def test_rounds_with_odd_names_are_left_out(company: sa.Engine) -> None:
    team_id = team_of(company, "ravi")
    with writing(company) as connection:
        rows_ = [
            {"wave": "2025-Q4", "respondent_hash": str(n), "team_id": team_id, "useful": 3, "heard": 3, "clear": 3}
            for n in range(6)
        ]
        connection.execute(sa.insert(pulse), rows_)
    assert shown(company, operator()) == {}


def test_the_frame_has_its_types_when_there_is_nothing(sqlite_engine: sa.Engine) -> None:
    with reading(sqlite_engine) as connection:
        found = queries.pulse_by_team(operator(), connection, start=TODAY, end=TODAY, today=TODAY)
    assert found.height == 0
    assert found.schema["useful_mean"] == pl.Float64
