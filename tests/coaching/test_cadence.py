"""Which one-on-ones were to be expected, and which were held: checked against an oracle that counts day by day."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import pairwise

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coaching import cadence_view, frames
from coaching.cadence import (
    DEFAULT_CADENCE,
    AbsenceDraft,
    Cadence,
    HolidayDraft,
    PolicyDraft,
    cadence_on,
    expectation,
    is_expected,
    met_on,
    next_due,
)
from coaching.calendar_file import Appointment, calendar_file, escaped, next_times
from coaching.periods import Calendar, Period

D = dt.date
ONE_DAY = dt.timedelta(days=1)
MONDAY = D(2026, 1, 5)
NO_POLICIES = frames.empty(frames.CADENCE_POLICIES)
NO_HOLIDAYS = frames.empty(frames.HOLIDAYS)
NO_ABSENCES = frames.empty(frames.ABSENCES)


def people(*rows: tuple[int, str, str | None, D | None, D | None]) -> pl.DataFrame:
    """person_id, role, region, started_on, left_on."""
    named = [(number, f"P {number}", *rest) for number, *rest in rows]
    return pl.DataFrame(named, schema=frames.CADENCE_PEOPLE, orient="row")


def sessions(*days: D, person: int = 1) -> pl.DataFrame:
    rows = [(person, day) for day in days]
    return pl.DataFrame(rows, schema={"person_id": pl.Int64, "held_on": pl.Date}, orient="row")


def ravi(
    started: D | None = MONDAY, left: D | None = None, role: str = "rep", region: str | None = None
) -> pl.DataFrame:
    return people((1, role, region, started, left))


def expected(
    who: pl.DataFrame,
    as_of: D,
    held: pl.DataFrame | None = None,
    policies: pl.DataFrame = NO_POLICIES,
    holidays: pl.DataFrame = NO_HOLIDAYS,
    absences: pl.DataFrame = NO_ABSENCES,
) -> pl.DataFrame:
    return expectation(who, policies, holidays, absences, sessions() if held is None else held, as_of)


def policy(*rows: tuple[str, int, int, D | None]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=frames.CADENCE_POLICIES, orient="row")


# ---- By hand -------------------------------------------------------------------------------------------------------


def test_a_rep_has_a_slot_every_two_weeks_from_the_first_day_on() -> None:
    slots = expected(ravi(), D(2026, 2, 20)).filter(is_expected())
    assert slots["starts_on"].to_list() == [D(2026, 1, 5), D(2026, 1, 19), D(2026, 2, 2)]
    assert slots["ends_on"].to_list() == [D(2026, 1, 18), D(2026, 2, 1), D(2026, 2, 15)]


def test_a_slot_whose_last_day_is_the_as_of_date_has_ended() -> None:
    assert expected(ravi(), D(2026, 1, 17)).filter(is_expected()).height == 0
    assert expected(ravi(), D(2026, 1, 18)).filter(is_expected()).height == 1


def test_nobody_without_a_first_day_and_no_manager_without_a_policy_has_slots() -> None:
    assert expected(ravi(started=None), D(2026, 6, 1)).is_empty()
    assert expected(ravi(role="manager"), D(2026, 6, 1)).is_empty()


def test_a_manager_has_slots_from_the_first_day_of_a_policy_for_managers() -> None:
    told = policy(("manager", 30, 5, D(2026, 3, 1)))
    slots = expected(ravi(role="manager"), D(2026, 6, 1), policies=told)
    assert slots["starts_on"].min() == D(2026, 3, 1)
    assert set(slots["tolerance_days"]) == {5}


def test_a_slot_keeps_the_policy_of_its_first_day_and_the_next_follows_the_new_one() -> None:
    told = policy(("rep", 7, 1, D(2026, 1, 7)))
    slots = expected(ravi(), D(2026, 2, 1), policies=told).filter(is_expected())
    assert slots["starts_on"].to_list() == [D(2026, 1, 5), D(2026, 1, 19), D(2026, 1, 26)]
    assert slots["tolerance_days"].to_list() == [3, 1, 1]


def test_a_slot_that_had_not_ended_when_the_rep_left_is_not_expected() -> None:
    assert expected(ravi(left=D(2026, 1, 31)), D(2026, 6, 1)).height == 1
    assert expected(ravi(left=D(2026, 2, 1)), D(2026, 6, 1)).height == 2


@pytest.mark.parametrize(("day", "met"), [(D(2026, 1, 5), True), (D(2026, 1, 21), True), (D(2026, 1, 22), False)])
def test_a_one_on_one_counts_from_the_first_day_to_three_days_after_the_last(day: D, met: bool) -> None:
    first = expected(ravi(), D(2026, 3, 1), sessions(day)).row(0, named=True)
    assert (first["met_on"] == day) is met


def test_two_one_on_ones_in_one_slot_meet_one_slot() -> None:
    slots = expected(ravi(), D(2026, 3, 1), sessions(D(2026, 1, 6), D(2026, 1, 7)))
    assert slots["met_on"].drop_nulls().to_list() == [D(2026, 1, 6)]


def test_a_one_on_one_after_the_as_of_date_does_not_count() -> None:
    held = sessions(D(2026, 1, 20))
    assert expected(ravi(), D(2026, 1, 19), held)["met_on"][0] is None
    assert expected(ravi(), D(2026, 1, 20), held)["met_on"][0] == D(2026, 1, 20)


def test_half_of_the_working_days_away_excuses_and_one_fewer_does_not() -> None:
    # The slot of 5 to 18 January has ten working days.
    def away(last: D) -> pl.DataFrame:
        return pl.DataFrame([(1, D(2026, 1, 5), last)], schema=frames.ABSENCES, orient="row")

    assert expected(ravi(), D(2026, 1, 18), absences=away(D(2026, 1, 9)))["is_excused"][0] is True
    assert expected(ravi(), D(2026, 1, 18), absences=away(D(2026, 1, 8)))["is_excused"][0] is False


def test_a_regional_holiday_counts_in_its_region_only_and_an_absent_holiday_once() -> None:
    week = policy(("rep", 7, 0, None))
    days = [(D(2026, 1, 5), "North"), (D(2026, 1, 6), "North"), (D(2026, 1, 6), None)]
    holidays = pl.DataFrame(days, schema=frames.HOLIDAYS, orient="row")
    sick = pl.DataFrame([(1, D(2026, 1, 6), D(2026, 1, 7))], schema=frames.ABSENCES, orient="row")
    for region, excused in (("North", True), ("South", False), (None, False)):
        slots = expected(ravi(region=region), D(2026, 1, 11), policies=week, holidays=holidays, absences=sick)
        assert slots["is_excused"][0] is excused


def test_a_slot_without_a_working_day_is_excused() -> None:
    weekend = policy(("rep", 2, 0, None))
    slots = expected(ravi(started=D(2026, 1, 10)), D(2026, 1, 11), policies=weekend)
    assert slots.row(0, named=True)["is_excused"] is True


def test_the_next_one_is_due_at_the_end_of_the_first_slot_that_is_open_and_not_met() -> None:
    as_of = D(2026, 1, 20)
    open_ = expected(ravi(), as_of, sessions(D(2026, 1, 6)))
    assert next_due(open_, as_of)["next_due_on"].to_list() == [D(2026, 2, 1)]
    met = expected(ravi(), as_of, sessions(D(2026, 1, 6), D(2026, 1, 19)))
    assert next_due(met, as_of)["next_due_on"].to_list() == [D(2026, 2, 15)]
    # Looked at the day before the second one it was still open.
    assert next_due(met, D(2026, 1, 18))["next_due_on"].to_list() == [D(2026, 2, 1)]


def test_nothing_is_due_while_somebody_is_away_but_after_they_are_back() -> None:
    leave = pl.DataFrame([(1, D(2026, 1, 19), D(2026, 9, 4))], schema=frames.ABSENCES, orient="row")
    slots = expected(ravi(), D(2026, 1, 20), absences=leave)
    [due] = next_due(slots, D(2026, 1, 20))["next_due_on"]
    assert due > D(2026, 9, 4)


def test_the_session_goes_to_the_slot_that_closes_first_so_that_no_other_loses_it() -> None:
    # A generous first slot is still open when the short second one is: the first session has to serve the second.
    told = policy(("rep", 14, 40, None), ("rep", 7, 0, D(2026, 1, 19)))
    held = sessions(D(2026, 1, 20), D(2026, 2, 10))
    slots = expected(ravi(), D(2026, 3, 1), held, policies=told)
    assert slots.filter(pl.col("met_on").is_not_null()).height == 2


# ---- Against a day-by-day oracle -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Case:
    """One rep's calendar."""

    started: D
    left: D | None
    region: str | None
    policies: list[tuple[D | None, int, int]]
    holidays: list[tuple[D, str | None]]
    absences: list[tuple[D, D]]
    held: list[D]
    as_of: D


days = st.dates(D(2026, 1, 1), D(2026, 5, 31))
cases = st.builds(
    Case,
    started=days,
    left=st.none() | days,
    region=st.sampled_from([None, "North", "South"]),
    policies=st.lists(
        st.tuples(st.none() | days, st.integers(1, 40), st.integers(0, 20)), max_size=4, unique_by=lambda row: row[0]
    ),
    holidays=st.lists(st.tuples(days, st.sampled_from([None, "North", "South"])), max_size=8),
    absences=st.lists(
        st.tuples(days, st.integers(0, 30)).map(lambda row: (row[0], row[0] + row[1] * ONE_DAY)), max_size=3
    ),
    held=st.lists(days, max_size=10),
    as_of=days,
)


def slots_day_by_day(case: Case) -> list[tuple[D, D, int, bool]]:
    """First day, last day, tolerance, excused; walks through the days with plain loops."""
    found = []
    day = case.started
    while day <= case.as_of + 30 * ONE_DAY:
        every, tolerance = 14, 3
        newest: D | None = None
        for starts_on, told_every, told_tolerance in case.policies:
            if (starts_on is None and newest is None) or (
                starts_on is not None and starts_on <= day and (newest is None or starts_on >= newest)
            ):
                every, tolerance, newest = told_every, told_tolerance, starts_on
        span = [day + number * ONE_DAY for number in range(every)]
        working = [each for each in span if each.isoweekday() < 6]
        away = [each for each in working if is_away(case, each)]
        if case.left is not None and span[-1] > case.left:
            break
        found.append((day, span[-1], tolerance, 2 * len(away) >= len(working)))
        day = span[-1] + ONE_DAY
    return found


def is_away(case: Case, day: D) -> bool:
    absent = any(first <= day <= last for first, last in case.absences)
    return absent or any(on == day and region in (None, case.region) for on, region in case.holidays)


def most_met(slots: list[tuple[D, D, int, bool]], held: list[D]) -> int:
    """The largest number of slots that sessions can meet, by trying whom each slot could take (augmenting paths)."""
    taken: dict[int, int] = {}

    def place(slot: int, seen: set[int]) -> bool:
        first, last, tolerance, _ = slots[slot]
        for number, day in enumerate(held):
            if number in seen or not first <= day <= last + tolerance * ONE_DAY:
                continue
            seen.add(number)
            if number not in taken or place(taken[number], seen):
                taken[number] = slot
                return True
        return False

    return sum(place(slot, set()) for slot, row in enumerate(slots) if not row[3])


@settings(max_examples=300, deadline=None)
@given(cases)
def test_slots_equal_a_count_day_by_day_and_as_many_as_possible_are_met(case: Case) -> None:
    slots = expectation(
        people((1, "rep", case.region, case.started, case.left)),
        policy(*[("rep", every, tolerance, starts_on) for starts_on, every, tolerance in case.policies]),
        pl.DataFrame(case.holidays, schema=frames.HOLIDAYS, orient="row"),
        pl.DataFrame([(1, *span) for span in case.absences], schema=frames.ABSENCES, orient="row"),
        sessions(*case.held),
        case.as_of,
    )
    oracle = [row for row in slots_day_by_day(case) if row[0] <= case.as_of + 30 * ONE_DAY]
    near = slots.filter(pl.col("starts_on") <= case.as_of + 30 * ONE_DAY)
    assert near.select("starts_on", "ends_on", "tolerance_days", "is_excused").rows() == oracle
    over = [row for row in oracle if row[1] <= case.as_of and not row[3]]
    assert slots.filter(is_expected()).height == len(over)
    # A slot that has not ended takes part in the matching as well: the number met is that of all of them.
    held = [day for day in case.held if day <= case.as_of]
    assert slots["met_on"].drop_nulls().len() == most_met(oracle, held)
    for first, last, tolerance, met in slots.select("starts_on", "ends_on", "tolerance_days", "met_on").iter_rows():
        assert met is None or first <= met <= last + tolerance * ONE_DAY
    assert sorted(slots["met_on"].drop_nulls()) == sorted(used(held, slots))


def used(held: list[D], slots: pl.DataFrame) -> list[D]:
    """The days that slots took, each as often at most as sessions were held on it."""
    left = list(held)
    for day in slots["met_on"].drop_nulls():
        left.remove(day)
    rest = list(held)
    for day in left:
        rest.remove(day)
    return rest


@settings(max_examples=100, deadline=None)
@given(cases, st.integers(1, 60))
def test_what_is_known_later_changes_no_slot_that_was_over_and_met(case: Case, later: int) -> None:
    def at(as_of: D) -> pl.DataFrame:
        return expected(ravi(started=case.started, left=case.left), as_of, sessions(*case.held))

    before = at(case.as_of).filter(pl.col("met_on").is_not_null())
    after = at(case.as_of + later * ONE_DAY).filter(pl.col("met_on") <= case.as_of)
    assert after.select("starts_on", "met_on").rows() == before.select("starts_on", "met_on").rows()


@given(
    st.lists(st.tuples(st.integers(0, 20), st.integers(0, 8)), min_size=1, max_size=5),
    st.lists(st.integers(0, 30), max_size=5),
)
@settings(max_examples=200, deadline=None)
def test_no_choice_of_sessions_meets_more_slots_whatever_their_tolerances(
    spans: list[tuple[int, int]], held: list[int]
) -> None:
    starts = sorted({MONDAY + start * ONE_DAY for start, _ in spans})
    rows = [(1, start, start, tolerance, False) for start, (_, tolerance) in zip(starts, spans, strict=False)]
    schema = {"person_id": pl.Int64, "starts_on": pl.Date, "ends_on": pl.Date, "tolerance_days": pl.Int64}
    slots = pl.DataFrame(rows, schema={**schema, "is_excused": pl.Boolean}, orient="row")
    days_held = [MONDAY + number * ONE_DAY for number in held]
    met = met_on(slots, sessions(*days_held)).drop_nulls().len()
    assert met == most_met([(first, last, tolerance, False) for _, first, last, tolerance, _ in rows], days_held)


@given(cases)
@settings(max_examples=60, deadline=None)
def test_slots_tile_the_time_without_a_gap(case: Case) -> None:
    slots = expected(ravi(started=case.started, left=case.left), case.as_of)
    spans = slots.select("starts_on", "ends_on").rows()
    assert all(before[1] + ONE_DAY == after[0] for before, after in pairwise(spans))


# ---- Drafts --------------------------------------------------------------------------------------------------------


def test_drafts_without_problems_have_none() -> None:
    assert PolicyDraft("rep", 14, 3).problems() == []
    assert HolidayDraft(D(2026, 12, 25), None, "Christmas Day").problems() == []
    assert AbsenceDraft(1, D(2026, 8, 3), D(2026, 8, 14), "vacation").problems() == []


@pytest.mark.parametrize(
    ("draft", "word"),
    [
        (PolicyDraft("seller", 14, 3), "roles"),
        (PolicyDraft("rep", 0, 3), "how many days"),
        (PolicyDraft("rep", None, 3), "how many days"),
        (PolicyDraft("rep", 14, -1), "days late"),
        (PolicyDraft("rep", 14, 3, D(26, 1, 1)), "year"),
        (HolidayDraft(None), "day"),
        (HolidayDraft(D(2026, 1, 1), "x" * 300), "region"),
        (AbsenceDraft(None, D(2026, 1, 1), D(2026, 1, 2)), "who"),
        (AbsenceDraft(1, D(2026, 1, 2), D(2026, 1, 1)), "swap"),
        (AbsenceDraft(1, None, D(2026, 1, 1)), "first and the last"),
        (AbsenceDraft(1, D(2020, 1, 1), D(2026, 1, 1)), "three years"),
    ],
)
def test_a_draft_says_in_a_sentence_what_to_mend(draft: PolicyDraft | HolidayDraft | AbsenceDraft, word: str) -> None:
    [problem] = draft.problems()
    assert word in problem
    assert problem.endswith(".")


# ---- How somebody stands -------------------------------------------------------------------------------------------


def stands(at: D, *held: D, left: D | None = None, planned: D | None = None) -> dict[str, object]:
    who = ravi(left=left)
    slots = expected(who, at, sessions(*held))
    schema = {"person_id": pl.Int64, "kind": pl.String, "status": pl.String, "on": pl.Date}
    coming = pl.DataFrame([(1, "own_manager", "planned", planned)] if planned else [], schema=schema, orient="row")
    return cadence_view.standing(who, slots, coming, at).row(0, named=True)


def test_within_the_tolerance_a_session_is_due_and_after_it_past() -> None:
    assert stands(D(2026, 1, 21))["standing"] == cadence_view.DUE
    assert stands(D(2026, 1, 22))["standing"] == cadence_view.PAST
    assert stands(D(2026, 1, 17))["standing"] == cadence_view.RUNNING
    assert stands(D(2026, 1, 22), D(2026, 1, 20))["standing"] == cadence_view.RUNNING
    assert stands(D(2026, 1, 22), D(2026, 1, 22))["standing"] == cadence_view.MET
    assert stands(D(2026, 6, 1), left=D(2026, 5, 1))["standing"] == cadence_view.GONE


def test_a_second_slot_within_its_tolerance_does_not_hide_the_first_that_is_past() -> None:
    row = stands(D(2026, 2, 2))
    assert (row["standing"], row["due_on"]) == (cadence_view.PAST, D(2026, 1, 18))


def test_only_sessions_that_nobody_has_planned_are_to_be_booked() -> None:
    who, at = ravi(), D(2026, 1, 22)
    slots = expected(who, at)
    schema = {"person_id": pl.Int64, "kind": pl.String, "status": pl.String, "on": pl.Date}
    nothing = pl.DataFrame(schema=schema)
    planned = pl.DataFrame([(1, "own_manager", "planned", at)], schema=schema, orient="row")
    assert cadence_view.to_book(who, cadence_view.standing(who, slots, nothing, at))["person_id"].to_list() == [1]
    assert cadence_view.to_book(who, cadence_view.standing(who, slots, planned, at)).is_empty()


def test_the_verdict_counts_and_has_good_news_too() -> None:
    def said(*standing: str) -> str:
        return cadence_view.verdict(pl.DataFrame({"standing": list(standing)}), 41, True).replace("\u00a0", " ")

    assert (
        said("past", "past", "past", *["met"] * 7) == "3 of 10 reps are past their next session; longest gap 41 days."
    )
    assert said("past", "gone") == "1 of 1 rep is past their next session; longest gap 41 days."
    assert said("met", "due") == "Nobody is past their next session; 1 session due these days; longest gap 41 days."
    assert "start date" in said("unknown")
    assert "recorded" in cadence_view.verdict(pl.DataFrame({"standing": ["met"]}), None, False)


def test_a_week_shows_the_slot_that_ends_in_it_and_marks_stand_side_by_side() -> None:
    who, at = ravi(), D(2026, 2, 6)
    slots = expected(who, at, sessions(D(2026, 1, 20)))
    weeks = cadence_view.weeks_of(Period(D(2026, 1, 5), D(2026, 2, 15)), Calendar())
    cells = cadence_view.cells(who, slots, weeks, Calendar(), at)
    assert cells.sort("week")["state"].to_list() == ["met", "met", "not_met", "not_met", "open", "open"]
    rows = [(7, 1, "group", "held", None, D(2026, 1, 27), None, 60, None, None, None, D(2026, 1, 27))]
    held = pl.DataFrame(rows, schema={**frames.CADENCE_SESSIONS, "on": pl.Date}, orient="row")
    marks = cadence_view.marks(who, slots, held, weeks, Calendar(), at)
    assert marks["mark"].to_list() == ["group", "not_held"]
    assert marks["week"].to_list() == [3, 3]
    assert marks["place"][0] < 3 < marks["place"][1]


def test_people_are_counted_by_thirds_of_attainment_and_by_tenure() -> None:
    at = D(2026, 7, 1)
    ids = list(range(1, 7))
    values = pl.DataFrame(
        {
            "row_id": ids,
            "coaching_coverage": [1.0, 0.0, 1.0, 1.0, 0.0, 0.0],
            "expected_slots": [6.0] * 6,
            "met_slots": [6.0, 0.0, 3.0, 3.0, 0.0, 0.0],
        }
    )
    quota = pl.DataFrame({"row_id": ids, "quota_attainment": [1.5, 1.4, 1.0, 0.9, 0.2, 0.1]})
    starts = [D(2026, 3, 1), D(2025, 1, 1), D(2025, 1, 1), D(2020, 1, 1), D(2020, 1, 1), None]
    started = pl.DataFrame({"person_id": ids, "started_on": starts})
    found = cadence_view.bands(values, quota, started, at)
    tiers = found.filter(pl.col("what") == "tier")
    assert tiers.select("people", "covered").rows() == [(2, 1), (2, 2), (2, 0)]
    assert found.filter(pl.col("what") == "tenure")["people"].to_list() == [1, 2, 2]
    assert tiers["adherence"].to_list() == [0.5, 0.5, 0.0]
    hidden = cadence_view.without_small_bands(found)
    assert hidden["people"].null_count() == hidden.height
    assert cadence_view.bands(values, quota.head(5), started, at).filter(pl.col("what") == "tier").is_empty()


@pytest.mark.parametrize(
    ("sizes", "shown"),
    [([5, 6, 7], [5, 6, 7]), ([3, 6, 7], [None, None, 7]), ([0, 4, 20], [0, None, None]), ([2, 3, 9], [None, None, 9])],
)
def test_neither_a_handful_nor_what_is_left_of_the_total_is_shown(sizes: list[int], shown: list[int | None]) -> None:
    rows = [("tier", f"band {order}", order, size, 0, 0, 0, None, None, None, None) for order, size in enumerate(sizes)]
    found = pl.DataFrame(rows, schema=cadence_view.BAND_COLUMNS, orient="row")
    assert cadence_view.without_small_bands(found)["people"].to_list() == shown


# ---- Calendar file -------------------------------------------------------------------------------------------------


def parsed(body: bytes) -> list[dict[str, str]]:
    """The events of a calendar file, unfolded and unescaped by the letter of RFC 5545."""
    assert body.endswith(b"\r\n")
    raw = body[:-2].split(b"\r\n")
    assert all(len(line) <= 75 and b"\n" not in line and b"\r" not in line for line in raw)
    lines: list[bytes] = []
    for line in raw:
        if line.startswith(b" "):
            lines[-1] += line[1:]
        else:
            lines.append(line)
    assert (lines[0], lines[-1]) == (b"BEGIN:VCALENDAR", b"END:VCALENDAR")
    assert b"VERSION:2.0" in lines
    assert any(line.startswith(b"PRODID:") for line in lines)
    events: list[dict[str, str]] = []
    for line in lines:
        name, _, value = line.decode().partition(":")
        if line == b"BEGIN:VEVENT":
            events.append({})
        elif events and name != "END":
            events[-1][name] = unescaped(value)
    return events


def unescaped(value: str) -> str:
    text, letters = "", iter(value)
    for letter in letters:
        text += next(letters) if letter == "\\" else letter
    return text


@given(st.text(max_size=120))
@settings(max_examples=150, deadline=None)
def test_any_name_survives_folding_and_escaping_and_breaks_no_line(name: str) -> None:
    stamp = dt.datetime(2026, 11, 20, 9, tzinfo=dt.UTC)
    title = f"One-on-one with {name}"
    [event] = parsed(calendar_file([Appointment("a@b", title, stamp)], stamp))
    assert escaped(event["SUMMARY"]) == escaped(title)
    assert {"UID", "DTSTAMP", "DTSTART", "DTEND"} <= set(event)


def test_times_leave_in_utc_and_last_half_an_hour() -> None:
    stamp = dt.datetime(2026, 11, 20, 9, tzinfo=dt.UTC)
    berlin = dt.datetime(2026, 11, 23, 9, tzinfo=dt.timezone(dt.timedelta(hours=1)))
    [event] = parsed(calendar_file([Appointment("x", "One-on-one with Ravi; Nair, R\\", berlin)], stamp))
    assert (event["DTSTART"], event["DTEND"]) == ("20261123T080000Z", "20261123T083000Z")
    assert event["DTSTAMP"] == "20261120T090000Z"
    assert event["SUMMARY"] == "One-on-one with Ravi; Nair, R\\"


def test_starts_are_staggered_from_the_next_working_day_and_nobody_away_is_booked() -> None:
    friday = D(2026, 11, 20)
    away = {D(2026, 11, 23)}
    starts = next_times([set(), away, set()], friday, dt.UTC)
    assert [start.isoformat()[:16] for start in starts] == ["2026-11-23T09:00", "2026-11-24T09:00", "2026-11-23T09:45"]
    many = next_times([set()] * 9, friday, dt.UTC)
    assert len(set(many)) == 9
    assert many[-1].date() == D(2026, 11, 24)


# ---- The policy in force -------------------------------------------------------------------------------------------

policy_days = st.dates(D(2000, 1, 1), D(2050, 12, 31))


@given(st.lists(policy_days, max_size=6, unique=True), policy_days)
def test_the_policy_that_began_last_holds_from_its_first_day_on(starts: list[D], on: D) -> None:
    # Each policy has as many days as its place in time, so that the one found tells which it was.
    rows = [("rep", place, 0, start) for place, start in enumerate(sorted(starts), 1)]
    policies = pl.DataFrame([*reversed(rows), ("manager", 90, 0, None)], schema=frames.CADENCE_POLICIES, orient="row")
    begun = sum(start <= on for start in starts)
    assert cadence_on(policies, "rep", on) == (Cadence(begun, 0) if begun else DEFAULT_CADENCE)
    assert cadence_on(policies, "manager", on) == Cadence(90, 0)


def test_a_policy_without_a_first_day_holds_since_ever_until_a_dated_one_begins() -> None:
    begins = D(2026, 7, 1)
    policies = pl.DataFrame([("rep", 7, 1, begins), ("rep", 30, 5, None)], schema=frames.CADENCE_POLICIES, orient="row")
    assert cadence_on(policies, "rep", begins - ONE_DAY) == Cadence(30, 5)
    assert cadence_on(policies, "rep", begins) == Cadence(7, 1)


@pytest.mark.parametrize(("every", "tolerance"), [(0, 3), (14, -1)])
def test_a_slot_without_days_or_a_negative_tolerance_is_no_cadence(every: int, tolerance: int) -> None:
    with pytest.raises(ValueError, match="no cadence"):
        Cadence(every, tolerance)
