"""How Maya and Omar coach: who reads it, and what their figures are made of."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import pytest
import sqlalchemy as sa

from coaching import coaches as rules
from coaching.observations import ObservationDraft, ScoreDraft
from coaching.people import Role, Viewer
from coaching.sessions import CommitmentDraft, SessionDraft
from data_access.commands.observations import record_observation
from data_access.commands.sessions import keep_commitment, record_session
from data_access.default_scorecard import ensure_default_scorecard
from data_access.engine import reading, writing
from data_access.queries import coaches as queries
from data_access.scope import operator, stand_in
from data_access.tables import commitment, session
from tests.companies import NOW, PEOPLE, TODAY, load, someone
from tests.copies import copies_of

NOVEMBER = (dt.date(2026, 11, 1), dt.date(2026, 11, 30))
DAY = dt.timedelta(days=1)


def founded(engine: sa.Engine) -> None:
    load(engine, "people", PEOPLE)
    with writing(engine) as connection:
        ensure_default_scorecard(connection)


company = copies_of(founded)


def person_id(engine: sa.Engine, name: str) -> int:
    found = someone(engine, name).person_id
    assert found is not None
    return found


def hold(engine: sa.Engine, coach: str, rep: str, day: int, now: dt.datetime = NOW, **more: Any) -> int:
    """A session on a day of November, written down by its coach."""
    given = {"held_at": dt.datetime(2026, 11, day, 9, 30, tzinfo=dt.UTC), "minutes": 30, **more}
    with writing(engine) as connection:
        draft = SessionDraft(person_id(engine, rep), **given)
        return record_session(someone(engine, coach), connection, draft, now)


def sit_in(engine: sa.Engine, coach: str, level: int, day: int = 19) -> None:
    """Dana scores a session of a coach's."""
    scores = (ScoreDraft("asks_first", level, "Waited"), ScoreDraft("listens", level, "Summed up"))
    draft = ObservationDraft(
        person_id(engine, coach),
        None,
        dt.datetime(2026, 11, day, 10, 0, tzinfo=dt.UTC),
        kind="coach_the_coach",
        channel="field",
        scorecard="coaching",
        scores=scores,
    )
    with writing(engine) as connection:
        record_observation(someone(engine, "dana"), connection, draft, NOW)


def rows(
    engine: sa.Engine, who: str | Viewer, as_of: dt.date = TODAY, team_id: int | None = None
) -> dict[str, dict[str, Any]]:
    """What somebody reads about coaches in November, by first name."""
    viewer = someone(engine, who) if isinstance(who, str) else who
    start, end = NOVEMBER
    with reading(engine) as connection:
        found = queries.coaches(viewer, connection, start=start, end=end, as_of=as_of, today=TODAY, team_id=team_id)
    shown = rules.shown(found)
    assert shown["name"].is_sorted()
    return {row["name"].split()[0]: row for row in shown.to_dicts()}


def test_dana_reads_maya_and_omar_and_maya_reads_herself_alone_with_the_same_figures(company: sa.Engine) -> None:
    hold(company, "maya", "ravi", 3, questions=6, instructions=2)
    hold(company, "omar", "wim", 4)
    of_dana, of_maya = rows(company, "dana"), rows(company, "maya")
    assert list(of_dana) == ["Maya", "Omar"]
    assert list(of_maya) == ["Maya"]
    assert of_maya["Maya"] == of_dana["Maya"]


@pytest.mark.parametrize("who", ["eve", "ada", "ravi", operator(), stand_in(Role.EXECUTIVE), stand_in(Role.ADMIN)])
def test_nobody_else_gets_a_row_about_a_coach(company: sa.Engine, who: str | Viewer) -> None:
    hold(company, "maya", "ravi", 3)
    sit_in(company, "maya", 4)
    assert rows(company, who) == {}
    viewer = someone(company, who) if isinstance(who, str) else who
    start, end = NOVEMBER
    with reading(company) as connection:
        assert queries.levels_by_skill(viewer, connection, as_of=TODAY, today=TODAY).is_empty()
        typical = queries.typical_volume(viewer, connection, start=start, end=end, as_of=TODAY, today=TODAY)
        assert typical.is_empty()


def test_volume_is_one_on_ones_with_own_reps_over_the_months_those_reps_were_there(company: sa.Engine) -> None:
    for day in (2, 9, 16):
        hold(company, "maya", "ravi", day)
    hold(company, "maya", "rosa", 5)
    hold(company, "maya", "ravi", 18, kind="group", participant_ids=(person_id(company, "rosa"),))
    maya = rows(company, "dana")["Maya"]
    assert (maya["one_on_one_count"], maya["session_count"], maya["rep_count"]) == (4, 5, 2)
    # Two reps over the 20 days up to the as-of date.
    assert maya["rep_months"] == pytest.approx(2 * 20 / (365.25 / 12))
    assert maya["per_rep_month"] == pytest.approx(4 / (40 / (365.25 / 12)))
    assert maya["minutes"] == 150


def test_omar_who_held_nothing_has_a_volume_of_none_held_and_no_level_is_no_zero(company: sa.Engine) -> None:
    hold(company, "maya", "ravi", 3)
    omar = rows(company, "dana")["Omar"]
    assert omar["per_rep_month"] == 0
    assert omar["level"] is None
    assert omar["ask_share"] is None
    assert omar["kept_share"] is None


def test_a_rep_who_moved_counts_for_each_coach_while_they_were_there(company: sa.Engine) -> None:
    hold(company, "maya", "ravi", 5)
    moved = [row | {"manager": "omar", "team": "West"} if row["id"] == "ravi" else row for row in PEOPLE]
    load(company, "people", moved, TODAY + DAY, now=NOW + DAY)
    later = NOW + 5 * DAY
    day = (later + DAY).date()
    with writing(company) as connection:
        moment = dt.datetime(2026, 11, 24, 8, 0, tzinfo=dt.UTC)
        draft = SessionDraft(person_id(company, "ravi"), held_at=moment)
        record_session(someone(company, "omar", day), connection, draft, later)
    start, end = NOVEMBER
    with reading(company) as connection:
        found = queries.coaches(someone(company, "dana", day), connection, start=start, end=end, as_of=day, today=day)
    by_name = {row["name"].split()[0]: row for row in found.to_dicts()}
    assert {name: row["one_on_one_count"] for name, row in by_name.items()} == {"Maya": 1, "Omar": 1}
    whole = sum(row["rep_months"] for row in by_name.values())
    assert whole == pytest.approx(4 * 26 / (365.25 / 12))
    assert by_name["Maya"]["rep_months"] == pytest.approx((26 + 20) / (365.25 / 12))


def test_asking_and_promises_are_counted_with_their_n(company: sa.Engine) -> None:
    promises = (
        CommitmentDraft("coach", "Sit in on the next call", dt.date(2026, 11, 10)),
        CommitmentDraft("coach", "Send the example", dt.date(2026, 11, 12)),
        CommitmentDraft("rep", "Write the summary", dt.date(2026, 11, 10)),
    )
    hold(company, "maya", "ravi", 3, questions=9, instructions=3, commitments=promises)
    hold(company, "maya", "rosa", 4, questions=1, instructions=None)
    with writing(company) as connection:
        first = connection.scalar(sa.select(commitment.c.id).where(commitment.c.promise.startswith("Sit in")))
        assert first is not None
        keep_commitment(someone(company, "maya"), connection, first, dt.date(2026, 11, 9), NOW)
    maya = rows(company, "dana")["Maya"]
    assert (maya["questions"], maya["instructions"], maya["counted_count"]) == (9, 3, 1)
    assert maya["ask_share"] == pytest.approx(0.75)
    assert (maya["promises_kept"], maya["promises_due"]) == (1, 2)
    assert maya["kept_share_low"] < 0.5 < maya["kept_share_high"]


def test_what_was_written_down_later_is_not_known_on_an_earlier_day(company: sa.Engine) -> None:
    hold(company, "maya", "ravi", 3)
    assert rows(company, "dana", as_of=TODAY - DAY)["Maya"]["one_on_one_count"] == 0
    assert rows(company, "dana", as_of=TODAY)["Maya"]["one_on_one_count"] == 1


def test_a_meeting_among_colleagues_is_nobodys_coaching(company: sa.Engine) -> None:
    hold(company, "maya", "ravi", 3)
    with writing(company) as connection:
        connection.execute(sa.update(session).values(kind="peer"))
    assert rows(company, "dana")["Maya"]["session_count"] == 0


def test_the_level_is_the_mean_of_what_dana_scored_and_stands_skill_by_skill_as_well(company: sa.Engine) -> None:
    sit_in(company, "maya", 4, day=18)
    sit_in(company, "maya", 2, day=19)
    maya = rows(company, "maya")["Maya"]
    # Levels 1 to 5 become 0 to 100: 75 and 25.
    assert (maya["level"], maya["level_n"]) == (50.0, 2)
    assert maya["level_on"] == dt.date(2026, 11, 19)
    with reading(company) as connection:
        found = queries.levels_by_skill(someone(company, "maya"), connection, as_of=TODAY, today=TODAY)
        assert queries.levels_by_skill(someone(company, "omar"), connection, as_of=TODAY, today=TODAY).is_empty()
    assert found.select("skill", "level", "level_n").rows() == [("Asks before telling", 50.0, 2), ("Listens", 50.0, 2)]


def test_a_team_filter_keeps_its_own_coach(company: sa.Engine) -> None:
    hold(company, "maya", "ravi", 3)
    with reading(company) as connection:
        east = connection.scalar(sa.text("SELECT id FROM team WHERE name = 'East'"))
    assert list(rows(company, "dana", team_id=east)) == ["Maya"]
    # Of a team out of view there is nobody to read about.
    assert rows(company, "omar", team_id=east) == {}


def test_eve_gets_a_mean_of_coaches_only_from_five_on(sqlite_engine: sa.Engine) -> None:
    people = [row for row in PEOPLE if row["role"] in {"Executive", "Sales leader"}]
    for number in range(5):
        people.append(
            {"id": f"m{number}", "name": f"Coach {number}", "role": "Manager", "manager": "dana", "team": f"T{number}"}
        )
        people.append(
            {"id": f"r{number}", "name": f"Rep {number}", "role": "Rep", "manager": f"m{number}", "team": f"T{number}"}
        )
    load(sqlite_engine, "people", people)
    with writing(sqlite_engine) as connection:
        ensure_default_scorecard(connection)

    def mean() -> pl.DataFrame:
        with reading(sqlite_engine) as connection:
            return queries.company_level(someone(sqlite_engine, "eve"), connection, as_of=TODAY, today=TODAY)

    for number in range(4):
        sit_in(sqlite_engine, f"m{number}", 3)
    assert mean().is_empty()
    sit_in(sqlite_engine, "m4", 5)
    found = mean()
    assert (found["level"][0], found["level_n"][0]) == (60.0, 5)
    with reading(sqlite_engine) as connection:
        assert queries.company_level(someone(sqlite_engine, "dana"), connection, as_of=TODAY, today=TODAY).is_empty()


def test_often_is_the_same_line_for_everybody_and_needs_five_coaches(company: sa.Engine) -> None:
    hold(company, "maya", "ravi", 3)
    start, end = NOVEMBER
    with reading(company) as connection:
        dana = someone(company, "dana")
        assert queries.typical_volume(dana, connection, start=start, end=end, as_of=TODAY, today=TODAY).is_empty()
