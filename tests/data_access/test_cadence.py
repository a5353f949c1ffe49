"""The cadence as stories in a database: Maya manages East, Omar West, Dana both; Eve sees totals, Ravi himself."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from typing import Any

import polars as pl
import pytest
import sqlalchemy as sa

from coaching.cadence import AbsenceDraft, HolidayDraft, PolicyDraft
from coaching.metrics import output_columns
from data_access.__main__ import whole_counts
from data_access.audit import first_broken_entry
from data_access.commands import calendar
from data_access.engine import reading, writing
from data_access.queries.cadence import (
    absence_entries,
    coaching_mix,
    dated_sellers,
    held_sessions,
    holiday_entries,
    policies,
    policy_entries,
    slots_in_view,
    team_leaders,
)
from data_access.queries.cadence_bands import coverage_by_band
from data_access.scope import NotPermitted, operator
from data_access.tables import (
    absence,
    audit_entry,
    commitment,
    observation,
    person,
    scorecard,
    scorecard_version,
    session,
)
from data_access.writes import CommandRefused
from tests.companies import NOW, PEOPLE, TODAY, load, measure, someone, value
from tests.copies import copies_of

STARTED = "2026-01-05"
D = dt.date
SLOTS = "expected_slots met_slots cadence_adherence"
QUARTER: dict[str, Any] = {"start": D(2026, 1, 1), "end": D(2026, 3, 31)}


def staff(**changed: dict[str, Any]) -> list[dict[str, Any]]:
    """Everybody, each since 5 January 2026; changed by id."""
    return [{**row, "started_on": STARTED, **changed.get(row["id"], {})} for row in PEOPLE]


def founded(engine: sa.Engine) -> None:
    load(engine, "people", staff())


company = copies_of(founded)


def ids(engine: sa.Engine) -> dict[str, int]:
    with reading(engine) as connection:
        return dict(connection.execute(sa.select(person.c.external_id, person.c.id)).all())


def hold(
    engine: sa.Engine,
    rep: str,
    *days: str,
    coach: str = "maya",
    kind: str = "own_manager",
    status: str = "held",
    recorded: dt.datetime | None = None,
    **more: Any,
) -> list[int]:
    """Write sessions down, each on its own evening; the ids of the rows."""
    who, found = ids(engine), []
    with writing(engine) as connection:
        for day in days:
            on = dt.datetime.combine(D.fromisoformat(day), dt.time(16), dt.UTC)
            row = {"rep_id": who[rep], "coach_id": who[coach], "kind": kind, "status": status, "planned_on": on.date()}
            held = {"held_at": on, "held_on": on.date()} if status == "held" else {}
            row |= {"visibility": "shared", "recorded_at": recorded or on, "version": 1} | held | more
            found.append(connection.execute(sa.insert(session).values(**row).returning(session.c.id)).scalar_one())
    return found


# ---- Slots ---------------------------------------------------------------------------------------------------------


def test_two_of_five_slots_of_ravi_were_met(company: sa.Engine) -> None:
    hold(company, "ravi", "2026-01-09", "2026-02-03")
    found = measure(company, SLOTS, "rep", as_of="2026-03-15", **QUARTER)
    # 5-18 Jan met; 19 Jan-1 Feb met on 3 Feb within the tolerance; 2-15, 16 Feb-1 Mar, 2-15 Mar not.
    assert value(found, "expected_slots", "ravi") == 5
    assert value(found, "met_slots", "ravi") == 2
    assert value(found, "cadence_adherence", "ravi") == 0.4
    assert value(found, "cadence_adherence_n", "ravi") == 5
    assert (value(found, "expected_slots", "rosa"), value(found, "met_slots", "rosa")) == (5, 0)


def test_a_slot_counts_in_the_period_of_its_last_day(company: sa.Engine) -> None:
    hold(company, "ravi", "2026-01-30")
    found = measure(company, SLOTS, "rep", every="month", as_of="2026-03-01", rep_ids=[ids(company)["ravi"]], **QUARTER)
    by_month = found.sort("period_start")
    assert by_month["expected_slots"].to_list() == [1, 2, 1]
    assert by_month["met_slots"].to_list() == [0, 1, 0]


def test_without_any_session_in_the_company_there_is_no_data_and_not_zero(company: sa.Engine) -> None:
    keys = "expected_slots met_slots cadence_adherence coaching_coverage longest_gap_days next_due_on coaching_minutes"
    found = measure(company, keys, "rep", as_of="2026-03-15", **QUARTER)
    assert all(found[name].null_count() == found.height for name in output_columns(keys.split()))


def test_a_rep_without_a_start_date_has_no_slots(engine: sa.Engine) -> None:
    load(engine, "people", staff(ravi={"started_on": ""}))
    hold(engine, "ravi", "2026-01-09")
    found = measure(engine, f"{SLOTS} next_due_on coaching_coverage", "rep", as_of="2026-03-15", **QUARTER)
    assert value(found, "expected_slots", "ravi") is None
    assert value(found, "next_due_on", "ravi") is None
    assert value(found, "coaching_coverage", "ravi") == 1


def test_group_and_peer_sessions_meet_no_slot(company: sa.Engine) -> None:
    hold(company, "ravi", "2026-01-09", kind="group")
    hold(company, "ravi", "2026-01-10", kind="peer", coach="rosa")
    found = measure(company, f"{SLOTS} coaching_coverage", "rep", as_of="2026-03-15", **QUARTER)
    assert value(found, "met_slots", "ravi") == 0
    assert value(found, "coaching_coverage", "ravi") == 0


def test_a_session_written_down_later_was_not_known_then(company: sa.Engine) -> None:
    hold(company, "rosa", "2026-01-09")
    hold(company, "ravi", "2026-01-09", recorded=dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC))
    early = measure(company, SLOTS, "rep", as_of="2026-02-28", **QUARTER)
    later = measure(company, SLOTS, "rep", as_of="2026-03-01", **QUARTER)
    assert (value(early, "met_slots", "ravi"), value(later, "met_slots", "ravi")) == (0, 1)


def test_a_file_that_is_dated_later_tells_older_pages_nothing_of_a_leaver(company: sa.Engine) -> None:
    hold(company, "rosa", "2026-01-09")
    before = measure(company, SLOTS, "rep", as_of=TODAY, start="2026-01-01", end="2026-12-31")
    later = TODAY + dt.timedelta(days=40)
    load(company, "people", staff(ravi={"left_on": "2026-03-01"}), later)
    after = measure(company, SLOTS, "rep", as_of=TODAY, start="2026-01-01", end="2026-12-31")
    assert after.equals(before)
    told = measure(company, SLOTS, "rep", as_of=later, start="2026-01-01", end="2026-12-31", today=later)
    assert value(told, "expected_slots", "ravi") == 4


def test_a_team_counts_the_slots_that_ended_while_the_rep_was_in_it(engine: sa.Engine) -> None:
    load(engine, "people", staff(), D(2026, 1, 5))
    load(engine, "people", staff(ravi={"manager": "omar", "team": "West"}), D(2026, 2, 10))
    hold(engine, "ravi", "2026-01-09", "2026-02-12")
    teams = measure(engine, SLOTS, "team", as_of="2026-03-15", **QUARTER)
    # Ravi's slots of 18 January and 1 February ended in East, the three others in West.
    assert (value(teams, "expected_slots", "East"), value(teams, "met_slots", "East")) == (5 + 2, 1)
    assert (value(teams, "expected_slots", "West"), value(teams, "met_slots", "West")) == (10 + 3, 1)
    whole = measure(engine, SLOTS, as_of="2026-03-15", **QUARTER)
    reps = measure(engine, SLOTS, "rep", as_of="2026-03-15", **QUARTER)
    assert value(whole, "expected_slots") == reps["expected_slots"].sum() == 20
    assert value(whole, "met_slots") == reps["met_slots"].sum() == 2


# ---- The other figures ---------------------------------------------------------------------------------------------


def test_coverage_counts_reps_who_were_there_and_tells_the_own_manager_apart(engine: sa.Engine) -> None:
    load(engine, "people", staff(wanda={"started_on": "2026-09-01"}, wim={"left_on": "2026-01-20"}))
    hold(engine, "ravi", "2026-01-09")
    hold(engine, "rosa", "2026-01-12", coach="dana", kind="other_coach")
    found = measure(engine, "coaching_coverage own_manager_coverage", as_of="2026-03-15", **QUARTER)
    assert (value(found, "coaching_coverage"), value(found, "coaching_coverage_n")) == (pytest.approx(2 / 3), 3)
    assert value(found, "own_manager_coverage") == pytest.approx(1 / 3)
    low, high = value(found, "coaching_coverage_low"), value(found, "coaching_coverage_high")
    assert (round(low, 3), round(high, 3)) == (0.208, 0.939)


def test_the_longest_gap_includes_the_stretches_at_both_ends(company: sa.Engine) -> None:
    hold(company, "ravi", "2026-01-09", "2026-02-03")
    hold(company, "rosa", "2026-01-05", "2026-03-15")
    found = measure(company, "longest_gap_days", "rep", as_of="2026-03-15", **QUARTER)
    # 5 Jan to 9 Jan, to 3 Feb (25), to 15 Mar (40).
    assert value(found, "longest_gap_days", "ravi") == 40
    assert value(found, "longest_gap_days", "rosa") == 69
    assert value(found, "longest_gap_days", "wim") == 69
    team = measure(company, "longest_gap_days", "team", as_of="2026-02-03", **QUARTER)
    assert value(team, "longest_gap_days", "East") == 29


def test_the_next_one_is_due_at_the_end_of_the_open_slot_and_a_team_takes_the_earliest(engine: sa.Engine) -> None:
    load(engine, "people", staff(rosa={"started_on": "2026-01-08"}))
    hold(engine, "ravi", "2026-01-09", "2026-01-21")
    found = measure(engine, "next_due_on", "rep", as_of="2026-01-22", **QUARTER)
    assert value(found, "next_due_on", "ravi") == D(2026, 2, 15)
    assert value(found, "next_due_on", "rosa") == D(2026, 2, 4)
    team = measure(engine, "next_due_on", "team", as_of="2026-01-22", **QUARTER)
    assert value(team, "next_due_on", "East") == D(2026, 2, 4)


def test_minutes_and_questions_add_up_over_the_sessions_held(company: sa.Engine) -> None:
    hold(company, "ravi", "2026-01-09", minutes=30, questions=6, instructions=2)
    hold(company, "ravi", "2026-01-23", minutes=45, questions=4)
    hold(company, "ravi", "2026-02-06", status="missed", minutes=60)
    found = measure(company, "coaching_minutes ask_share", "rep", as_of="2026-03-15", **QUARTER)
    assert value(found, "coaching_minutes", "ravi") == 75
    assert value(found, "ask_share", "ravi") == 0.75
    assert (value(found, "coaching_minutes", "rosa"), value(found, "ask_share", "rosa")) == (0, None)


def test_promises_are_kept_by_their_due_date_or_not(company: sa.Engine) -> None:
    [made] = hold(company, "ravi", "2026-01-09")
    who = ids(company)
    ravi, maya = who["ravi"], who["maya"]
    rows = [
        (ravi, maya, D(2026, 1, 20), D(2026, 1, 20)),
        (ravi, maya, D(2026, 1, 21), D(2026, 1, 22)),
        (ravi, maya, D(2026, 1, 22), None),
        (ravi, maya, D(2026, 9, 1), None),
        (maya, ravi, D(2026, 1, 20), D(2026, 1, 10)),
    ]
    with writing(company) as connection:
        for by_id, to_id, due_on, done_on in rows:
            told = {"by_id": by_id, "to_id": to_id, "due_on": due_on, "done_on": done_on, "version": 1}
            connection.execute(
                sa.insert(commitment).values(session_id=made, promise="a word", made_on=D(2026, 1, 9), **told)
            )
    found = measure(company, "commitments_kept coach_commitments_kept", "rep", as_of="2026-03-15", **QUARTER)
    assert (value(found, "commitments_kept", "ravi"), value(found, "commitments_kept_n", "ravi")) == (
        pytest.approx(1 / 3),
        3,
    )
    assert (value(found, "coach_commitments_kept", "ravi"), value(found, "coach_commitments_kept_n", "ravi")) == (1, 1)
    whole = measure(company, "commitments_kept coach_commitments_kept", as_of="2026-03-15", **QUARTER)
    assert (value(whole, "commitments_kept_n"), value(whole, "coach_commitments_kept_n")) == (3, 1)


def test_counts_print_whole_and_dates_as_iso(company: sa.Engine) -> None:
    hold(company, "ravi", "2026-01-09", minutes=30)
    keys = "expected_slots met_slots longest_gap_days next_due_on coaching_minutes"
    found = whole_counts(measure(company, keys, "rep", as_of="2026-02-03", **QUARTER))
    rows = {row["id"]: row for row in csv.DictReader(io.StringIO(found.write_csv()))}
    assert [rows["ravi"][key] for key in keys.split()] == ["2", "1", "25", "2026-02-15", "30"]
    written = {row["id"]: row for row in json.loads(found.write_json())}
    assert (written["ravi"]["next_due_on"], written["ravi"]["met_slots"]) == ("2026-02-15", 1)


# ---- Who sees whom -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("maya", {"Ravi Nair", "Rosa Marin"}),
        ("omar", {"Wim de Boer", "Wanda Król"}),
        ("dana", {"Ravi Nair", "Rosa Marin", "Wim de Boer", "Wanda Król"}),
        ("ravi", {"Ravi Nair"}),
        ("eve", set()),
        ("ada", set()),
    ],
)
def test_each_opens_only_the_slots_of_their_own_people(company: sa.Engine, name: str, seen: set[str]) -> None:
    for rep in ("ravi", "rosa", "wim", "wanda"):
        hold(company, rep, "2026-01-09")
    viewer = someone(company, name)
    who = {rep_id for external, rep_id in ids(company).items() if external in {"ravi", "rosa", "wim", "wanda"}}
    with reading(company) as connection:
        found = slots_in_view(viewer, connection, as_of=TODAY, today=TODAY, **QUARTER)
        held = held_sessions(viewer, connection, as_of=TODAY, today=TODAY, **QUARTER)
        sellers = dated_sellers(viewer, connection, as_of=TODAY, today=TODAY)
        away = absence_entries(viewer, connection, since=D(2026, 1, 1), today=TODAY)
    assert set(found["people"]["name"]) == set(sellers["name"]) == seen
    assert len(set(found["slots"]["person_id"]) & who) == len(set(found["sessions"]["person_id"])) == len(seen)
    assert held.height == len(seen)
    assert away.is_empty()


def test_a_team_of_another_manager_reads_like_an_empty_one(company: sa.Engine) -> None:
    hold(company, "wim", "2026-01-09")
    maya = someone(company, "maya")
    with reading(company) as connection:
        teams = team_leaders(operator(), connection, today=TODAY)
        west = teams.filter(pl.col("leader_name") == "Omar Haddad")["team_id"][0]
        found = slots_in_view(maya, connection, as_of=TODAY, today=TODAY, team_id=west, **QUARTER)
        mix = coaching_mix(maya, connection, as_of=TODAY, today=TODAY, team_id=west, **QUARTER)
        bands = coverage_by_band(maya, connection, as_of=TODAY, today=TODAY, team_id=west, **QUARTER)
        own = team_leaders(maya, connection, today=TODAY)
    assert all(frame.is_empty() for frame in (*found.values(), mix, bands))
    assert own["leader_name"].to_list() == ["Maya Lindgren"]


def test_who_has_left_stays_in_the_past_of_the_manager_they_had_and_of_nobody_else(engine: sa.Engine) -> None:
    load(engine, "people", staff(ravi={"left_on": "2026-02-20"}))
    hold(engine, "ravi", "2026-01-09")
    for name, seen in (("maya", True), ("dana", True), ("omar", False), ("rosa", False), ("eve", False)):
        with reading(engine) as connection:
            found = slots_in_view(someone(engine, name), connection, as_of=TODAY, today=TODAY, **QUARTER)
        assert ("Ravi Nair" in set(found["people"]["name"])) is seen
    with reading(engine) as connection:
        later: dict[str, Any] = {"start": D(2026, 4, 1), "end": D(2026, 6, 30), "as_of": TODAY, "today": TODAY}
        found = slots_in_view(someone(engine, "maya"), connection, **later)
    assert "Ravi Nair" not in set(found["people"]["name"])


def test_an_executive_gets_counts_of_five_and_more_and_nothing_below(engine: sa.Engine) -> None:
    east = [{"id": f"e{n}", "name": f"E {n}", "role": "Rep", "manager": "maya", "team": "East"} for n in range(6)]
    west = [{"id": f"w{n}", "name": f"W {n}", "role": "Rep", "manager": "omar", "team": "West"} for n in range(5)]
    heads = [row for row in PEOPLE if row["id"] in {"eve", "dana", "maya", "omar"}]
    rows = [{**row, "started_on": STARTED} for row in [*heads, *east, *west]]
    for row in rows[-2:]:
        row["started_on"] = "2020-01-01"
    load(engine, "people", rows)
    hold(engine, "e0", "2026-01-09")
    eve = someone(engine, "eve")
    with reading(engine) as connection:
        bands = coverage_by_band(eve, connection, as_of=TODAY, today=TODAY, start=D(2026, 1, 1), end=D(2026, 12, 31))
        mix = coaching_mix(eve, connection, as_of=TODAY, today=TODAY, **QUARTER)
        leaders = team_leaders(eve, connection, today=TODAY)
    tenure = dict(bands.filter(pl.col("what") == "tenure").select("band", "people").iter_rows())
    # Two have been there for long: with the nine others shown they could be told from the total.
    assert tenure == {"under 6 months": 0, "6 to 24 months": None, "over 24 months": None}
    assert mix.filter(pl.col("what") == "kind")["count"].to_list() == [1]
    assert leaders.height >= 2
    teams = measure(engine, SLOTS, "team", viewer=eve, as_of=TODAY, **QUARTER)
    assert teams.filter(pl.col("id") == "East")["expected_slots"][0] == 6 * 6
    assert measure(engine, SLOTS, "rep", viewer=eve, as_of=TODAY, **QUARTER).is_empty()


@pytest.mark.parametrize("name", ["ravi", "ada"])
def test_reps_and_admins_get_no_mixes_and_no_bands(company: sa.Engine, name: str) -> None:
    hold(company, "ravi", "2026-01-09")
    viewer = someone(company, name)
    with reading(company) as connection:
        assert coaching_mix(viewer, connection, as_of=TODAY, today=TODAY, **QUARTER).is_empty()
        assert coverage_by_band(viewer, connection, as_of=TODAY, today=TODAY, **QUARTER).is_empty()
        assert team_leaders(viewer, connection, today=TODAY).is_empty()


def test_a_mix_counts_channels_of_observations_and_methods_and_kinds_of_sessions(company: sa.Engine) -> None:
    hold(company, "ravi", "2026-01-09", method="questioning")
    hold(company, "ravi", "2026-01-23", method="questioning", kind="group")
    hold(company, "wim", "2026-01-09", coach="omar", method="test")
    who = ids(company)
    with writing(company) as connection:
        card = connection.scalar(sa.select(scorecard.c.id).where(scorecard.c.kind == "rep"))
        version = connection.scalar(sa.select(scorecard_version.c.id).where(scorecard_version.c.scorecard_id == card))
        if version is None:
            added = sa.insert(scorecard).values(slug="calls", name="Calls", kind="rep").returning(scorecard.c.id)
            card = connection.execute(added).scalar_one()
            adding = sa.insert(scorecard_version).values(scorecard_id=card, number=1)
            version = connection.execute(adding.returning(scorecard_version.c.id)).scalar_one()
        at = dt.datetime(2026, 1, 12, 9, tzinfo=dt.UTC)
        seen = {"person_id": who["ravi"], "observer_id": who["maya"], "kind": "coach", "observed_at": at}
        seen |= {"observed_on": at.date(), "channel": "field", "scorecard_version_id": version, "recorded_at": at}
        common = {"visibility": "shared", "is_example": False, "version": 1}
        connection.execute(sa.insert(observation).values(**seen, **common, released_at=at))
        connection.execute(sa.insert(observation).values(**seen, **common, released_at=None))
    with reading(company) as connection:
        mix = coaching_mix(someone(company, "maya"), connection, as_of=TODAY, today=TODAY, **QUARTER)
    assert set(mix.iter_rows()) == {
        ("channel", "field", 1),
        ("method", "questioning", 2),
        ("kind", "own_manager", 1),
        ("kind", "group", 1),
    }


# ---- Keeping the calendar ------------------------------------------------------------------------------------------


def test_maya_excuses_ravi_and_takes_it_back(company: sa.Engine) -> None:
    hold(company, "rosa", "2026-01-09")
    maya, ravi = someone(company, "maya"), ids(company)["ravi"]

    def slots() -> Any:
        return value(measure(company, SLOTS, "rep", as_of="2026-03-15", **QUARTER), "expected_slots", "ravi")

    assert slots() == 5
    with writing(company) as connection:
        draft = AbsenceDraft(ravi, D(2026, 1, 19), D(2026, 1, 23), "  leave ")
        entry = calendar.add_absence(maya, connection, draft, NOW)
    assert slots() == 4
    with reading(company) as connection:
        [row] = absence_entries(maya, connection, since=D(2026, 1, 1), today=TODAY).to_dicts()
        said = connection.execute(sa.select(audit_entry).order_by(audit_entry.c.id.desc())).mappings().first()
        assert first_broken_entry(connection) is None
    assert (row["entry_id"], row["name"], row["reason"]) == (entry, "Ravi Nair", "leave")
    assert said is not None
    assert (said["action"], said["subject"]) == ("add absence", f"absence {entry}")
    assert "leave" not in str(dict(said))
    with writing(company) as connection:
        calendar.remove_absence(maya, connection, entry, NOW)
    assert slots() == 5


def test_nobody_keeps_the_calendar_of_somebody_out_of_their_scope(company: sa.Engine) -> None:
    who = ids(company)
    draft = AbsenceDraft(who["wim"], D(2026, 1, 19), D(2026, 1, 23))
    with writing(company) as connection:
        entry = calendar.add_absence(someone(company, "omar"), connection, draft, NOW)
    for name in ("maya", "ravi", "wim", "eve"):
        viewer = someone(company, name)
        with pytest.raises(NotPermitted), writing(company) as connection:
            calendar.add_absence(viewer, connection, draft, NOW)
        with pytest.raises(NotPermitted), writing(company) as connection:
            calendar.remove_absence(viewer, connection, entry, NOW)
    for name in ("dana", "ada"):
        with writing(company) as connection:
            other = calendar.add_absence(
                someone(company, name), connection, AbsenceDraft(who["wim"], D(2026, 2, 1), D(2026, 2, 2)), NOW
            )
        with writing(company) as connection:
            calendar.remove_absence(someone(company, name), connection, other, NOW)
    with reading(company) as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(absence)) == 1


def test_the_same_absence_twice_and_one_that_ends_before_it_starts_are_refused(company: sa.Engine) -> None:
    maya, ravi = someone(company, "maya"), ids(company)["ravi"]
    draft = AbsenceDraft(ravi, D(2026, 1, 19), D(2026, 1, 23))
    with writing(company) as connection:
        calendar.add_absence(maya, connection, draft, NOW)
    for refused in (draft, AbsenceDraft(ravi, D(2026, 1, 23), D(2026, 1, 19))):
        with pytest.raises(CommandRefused), writing(company) as connection:
            calendar.add_absence(maya, connection, refused, NOW)


def test_ada_sets_the_policy_from_a_date_and_the_slots_follow(company: sa.Engine) -> None:
    hold(company, "rosa", "2026-01-09")
    ada = someone(company, "ada")
    with writing(company) as connection:
        first = calendar.set_policy(ada, connection, PolicyDraft("rep", 7, 1, D(2026, 1, 19)), NOW)
    found = measure(company, SLOTS, "rep", as_of="2026-03-15", **QUARTER)
    # 5-18 January by the default, then eight weeks.
    assert value(found, "expected_slots", "ravi") == 9
    with writing(company) as connection:
        again = calendar.set_policy(ada, connection, PolicyDraft("rep", 28, 1, D(2026, 1, 19)), NOW)
    assert again == first
    with reading(company) as connection:
        assert policies(operator(), connection, "rep").rows() == [("rep", 28, 1, D(2026, 1, 19))]
        assert policies(operator(), connection, "manager").is_empty()
        assert policy_entries(ada, connection)["entry_id"].to_list() == [first]
        assert policy_entries(someone(company, "maya"), connection).is_empty()
    with writing(company) as connection:
        calendar.remove_policy(ada, connection, first, NOW)
    with pytest.raises(CommandRefused), writing(company) as connection:
        calendar.remove_policy(ada, connection, first, NOW)
    assert value(measure(company, SLOTS, "rep", as_of="2026-03-15", **QUARTER), "expected_slots", "ravi") == 5


def test_a_holiday_in_a_region_excuses_its_people_only(engine: sa.Engine) -> None:
    load(engine, "people", staff(ravi={"region": "North"}))
    hold(engine, "rosa", "2026-01-09")
    ada = someone(engine, "ada")
    with writing(engine) as connection:
        entries = [
            calendar.add_holiday(ada, connection, HolidayDraft(D(2026, 1, day), "North", "Winter"), NOW)
            for day in range(19, 24)
        ]
    found = measure(engine, SLOTS, "rep", as_of="2026-03-15", **QUARTER)
    assert (value(found, "expected_slots", "ravi"), value(found, "expected_slots", "rosa")) == (4, 5)
    with pytest.raises(CommandRefused), writing(engine) as connection:
        calendar.add_holiday(ada, connection, HolidayDraft(D(2026, 1, 19), "North"), NOW)
    with reading(engine) as connection:
        assert holiday_entries(ada, connection, since=D(2026, 1, 1))["entry_id"].to_list() == entries
        assert holiday_entries(someone(engine, "dana"), connection, since=D(2026, 1, 1)).is_empty()
    with writing(engine) as connection:
        calendar.remove_holiday(ada, connection, entries[0], NOW)
    after = measure(engine, SLOTS, "rep", as_of="2026-03-15", **QUARTER)
    assert value(after, "expected_slots", "ravi") == 5


@pytest.mark.parametrize("name", ["maya", "dana", "eve", "ravi"])
def test_only_an_admin_sets_policies_and_holidays(company: sa.Engine, name: str) -> None:
    viewer = someone(company, name)
    commands: list[tuple[Any, Any]] = [
        (calendar.set_policy, PolicyDraft("rep", 7, 1)),
        (calendar.add_holiday, HolidayDraft(D(2026, 1, 19))),
        (calendar.remove_policy, 1),
        (calendar.remove_holiday, 1),
    ]
    for command, draft in commands:
        with pytest.raises(NotPermitted), writing(company) as connection:
            command(viewer, connection, draft, NOW)
