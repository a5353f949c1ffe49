"""Coaches side by side: counts that add up, sentences without a first and a last, nothing where nothing is known."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coaching import coaches, frames
from coaching.cadence import Cadence
from coaching.roi.coach_effects import IN_SEGMENTS

FIRST = dt.date(2026, 1, 1)
MAYA, OMAR = 1, 2
LED = {"coach_id": pl.Int64, "team_id": pl.Int64, "team_name": pl.String, "starts_on": pl.Date, "ends_on": pl.Date}
SESSIONS = {
    "session_id": pl.Int64,
    "coach_id": pl.Int64,
    "person_id": pl.Int64,
    "held_on": pl.Date,
    "is_one_on_one": pl.Boolean,
    "minutes": pl.Int64,
    "questions": pl.Int64,
    "instructions": pl.Int64,
}
PROMISES = {"coach_id": pl.Int64, "due_on": pl.Date, "done_on": pl.Date}
LINE = coaches.Often(1.5, "median of 5 coaches")


def on(day: int) -> dt.date:
    return FIRST + dt.timedelta(days=day)


def coach(name: str, **more: Any) -> dict[str, Any]:
    """A row of frames.COACHES."""
    row: dict[str, Any] = dict.fromkeys(frames.COACHES)
    counts = {key: 0 for key in row if key.endswith(("_count", "_due", "_kept"))}
    return row | counts | {"person_id": hash(name) % 1000, "name": name, "team_names": [], "rep_months": 6.0} | more


def shown(*rows: dict[str, Any]) -> pl.DataFrame:
    return coaches.shown(pl.DataFrame(list(rows), schema=frames.COACHES))


def scored(name: str, level: float | None, one_on_ones: int = 12, **more: Any) -> dict[str, Any]:
    n = None if level is None else 3
    return coach(name, level=level, level_n=n, one_on_one_count=one_on_ones, rep_count=2, **more)


# ---- Counting ------------------------------------------------------------------------------------------------------


spans = st.tuples(st.integers(0, 300), st.none() | st.integers(1, 300)).map(
    lambda span: (on(span[0]), None if span[1] is None else on(span[0] + span[1]))
)


@given(led=spans, home=spans, left=st.none() | st.integers(0, 400), cut=st.integers(1, 200))
def test_months_and_sessions_of_a_span_are_those_of_its_two_parts(
    led: tuple[dt.date, dt.date | None], home: tuple[dt.date, dt.date | None], left: int | None, cut: int
) -> None:
    leads = pl.DataFrame([(MAYA, 7, "East", *led)], schema=LED, orient="row")
    homes = pl.DataFrame([(10, 7, *home)], schema=frames.MEMBERSHIPS, orient="row")
    seller = (10, "Ravi", "rep", None, None, None if left is None else on(left))
    sellers = pl.DataFrame([seller], schema=frames.CADENCE_PEOPLE, orient="row")
    held = [(number, MAYA, 10, on(number * 7), True, 30, 4, 2) for number in range(60)]
    people = pl.DataFrame([(MAYA, "Maya")], schema={"person_id": pl.Int64, "name": pl.String}, orient="row")

    def counted(start: dt.date, until: dt.date) -> dict[str, Any]:
        inside = pl.DataFrame([row for row in held if start <= row[3] <= until], schema=SESSIONS, orient="row")
        owed = pl.DataFrame(schema=PROMISES)
        return coaches.tallied(people, leads, homes, sellers, inside, owed, start, until).row(0, named=True)

    whole, one, two = counted(on(0), on(250)), counted(on(0), on(cut)), counted(on(cut + 1), on(250))
    assert whole["rep_months"] == pytest.approx(one["rep_months"] + two["rep_months"])
    for name in ("one_on_one_count", "session_count"):
        assert whole[name] == one[name] + two[name]
    assert whole["one_on_one_count"] <= whole["session_count"]


def test_nobody_is_counted_among_their_own_reps() -> None:
    leads = pl.DataFrame([(MAYA, 7, "East", on(0), None)], schema=LED, orient="row")
    homes = pl.DataFrame([(MAYA, 7, on(0), None)], schema=frames.MEMBERSHIPS, orient="row")
    sellers = pl.DataFrame([(MAYA, "Maya", "manager", None, None, None)], schema=frames.CADENCE_PEOPLE, orient="row")
    people = pl.DataFrame([(MAYA, "Maya")], schema={"person_id": pl.Int64, "name": pl.String}, orient="row")
    found = coaches.tallied(
        people, leads, homes, sellers, pl.DataFrame(schema=SESSIONS), pl.DataFrame(schema=PROMISES), on(0), on(30)
    )
    assert found["rep_months"][0] == 0
    assert coaches.shown(found.with_columns(level=pl.lit(None, pl.Float64)))["per_rep_month"][0] is None


def test_without_any_session_recorded_a_volume_is_no_data() -> None:
    rows = pl.DataFrame([coach("Maya", rep_months=6.0)], schema=frames.COACHES)
    assert coaches.shown(rows)["per_rep_month"][0] == 0
    assert coaches.shown(rows, sessions_known=False)["per_rep_month"][0] is None


# ---- What is said --------------------------------------------------------------------------------------------------


def test_the_verdict_names_what_goes_well_first_then_who_is_helped_before_more_hours() -> None:
    rows = shown(scored("Maya", 70.0), scored("Omar", 30.0), scored("Sam", None))
    assert coaches.verdict(rows, LINE, None) == [
        "1 of 2 observed coaches is competent or better.",
        "One coaches often and is still learning: help comes before more hours.",
        "One has not been observed yet.",
    ]
    assert coaches.needs_help_first(rows, LINE) == 1
    assert coaches.needs_help_first(shown(scored("Omar", 30.0, one_on_ones=3)), LINE) == 0


def test_a_manager_is_spoken_to_about_herself() -> None:
    rows = shown(scored("Maya", 62.0, promises_due=4, promises_kept=3))
    own = coaches.verdict(rows, LINE, rows["person_id"][0])
    assert own[0] == "Your coaching stands at 62 of 100 (competent or better), from 3\u00a0observations."
    assert own[1] == "You kept 3 of 4\u00a0promises in time."
    unseen = shown(scored("Maya", None))
    assert "ask your leader to sit in" in coaches.verdict(unseen, LINE, unseen["person_id"][0])[0]


def test_who_was_not_observed_is_listed_beside_and_stands_nowhere_on_the_scale() -> None:
    rows = shown(scored("Maya", 70.0), scored("Sam", None), scored("Dana", 55.0, rep_months=0.0))
    assert coaches.placed(rows)["name"].to_list() == ["Maya"]
    assert coaches.beside_words(rows) == (
        "Not observed yet: Sam. Without reps of their own, so without a volume: Dana."
    )


def test_often_is_the_median_where_there_is_one_and_else_the_policy() -> None:
    typical = pl.DataFrame({"per_rep_month": [1.3], "coach_count": [9]})
    assert coaches.often(typical, Cadence()) == coaches.Often(1.3, "median of 9\u00a0coaches")
    assert coaches.often(coaches.no_typical(), Cadence(14)).per_rep_month == pytest.approx(365.25 / 12 / 14)


def test_the_table_stands_by_name_and_holds_no_number_to_sort_people_by() -> None:
    rows = shown(scored("Zoë", 90.0), scored("Adam", 10.0))
    full = coaches.with_plans(coaches.with_adherence(rows, TEAMS.clear(), {}), frames.empty(frames.PLAN_QUALITY))
    table = coaches.table(full)
    assert table["name"].to_list() == ["Adam", "Zoë"]
    assert set(table.dtypes) == {pl.String}
    assert table["kept"].to_list() == [None, None]


def test_equal_scores_make_no_interval_of_nothing() -> None:
    assert coaches.level_interval(65.0, 65.0) == "equal scores"
    assert coaches.level_interval(-4.0, 120.0) == "0–100"


TEAMS = pl.DataFrame(
    [
        (5, "top", None, 30.0, 20.0),
        (6, "east", "top", 20.0, 15.0),
        (7, "west", "top", 10.0, 5.0),
    ],
    schema={
        "row_id": pl.Int64,
        "id": pl.String,
        "parent_id": pl.String,
        "expected_slots": pl.Float64,
        "met_slots": pl.Float64,
    },
    orient="row",
)


def test_cadence_is_that_of_the_teams_led_and_a_team_below_another_is_not_counted_twice() -> None:
    rows = shown(coach("Maya", person_id=MAYA), coach("Omar", person_id=OMAR))
    apart = coaches.with_adherence(rows, TEAMS, {6: MAYA, 7: OMAR, 5: None})
    assert apart.select("slots_met", "slots").rows() == [(15, 20), (5, 10)]
    nested = coaches.with_adherence(rows, TEAMS, {5: MAYA, 6: MAYA, 7: OMAR})
    assert nested.select("slots_met", "slots").rows() == [(20, 30), (5, 10)]
    assert nested["adherence"][1] == 0.5


def plan(rep: str, copied: int = 0, stale: bool = False, touched: dt.date | None = FIRST) -> dict[str, Any]:
    return dict.fromkeys(frames.PLAN_QUALITY) | {
        "rep_id": hash(rep) % 1000,
        "rep_name": rep,
        "coach_id": MAYA,
        "coach_name": "Maya",
        "touched_on": touched,
        "is_stale": stale,
        "action_count": 3,
        "copied_count": copied,
        "copied_from": ["Rosa"] if copied else [],
    }


def test_copied_and_stale_plans_are_named_with_the_reason_and_good_ones_are_not() -> None:
    plans = pl.DataFrame([plan("Wim", stale=True), plan("Ravi", copied=2), plan("Ann")], schema=frames.PLAN_QUALITY)
    found = coaches.plan_rows(plans)
    assert found["name"].to_list() == ["Ravi", "Wim"]
    assert found["why"].to_list() == [
        "2 of 3\u00a0actions shared with Rosa",
        "Nobody has worked on it since 1\u00a0Jan\u00a02026",
    ]
    assert coaches.plans_sentence(plans) == (
        "1 of 3\u00a0current plans in their own words and alive; 1 shares actions with another; 1 stale"
    )
    with_plans = coaches.with_plans(shown(coach("Maya", person_id=MAYA)), plans)
    assert with_plans["own_share"][0] == pytest.approx(7 / 9)
    assert with_plans["stale_count"][0] == 1


# ---- The pulse -----------------------------------------------------------------------------------------------------


def pulses(*rows: tuple[int | None, str | None, int | None, float | None]) -> pl.DataFrame:
    found = [
        {
            "team_id": team,
            "team_name": name,
            "answer_count": n,
            "useful_mean": mean,
            "heard_mean": mean,
            "clear_mean": mean,
        }
        for team, name, n, mean in rows
    ]
    return pl.DataFrame(found, schema=frames.PULSES)


def test_rounds_are_weighted_by_their_answers_and_what_is_withheld_stays_withheld() -> None:
    found = coaches.pulse_rows(
        pulses((6, "East", 6, 4.0), (6, "East", 9, 3.0), (6, "East", None, None), (7, "West", None, None)), 5, [6, 7]
    )
    assert found.select("name", "n").rows() == [("East", 15), ("West", None)]
    assert found["useful"].to_list() == [pytest.approx((6 * 4 + 9 * 3) / 15), None]
    assert coaches.pulse_words(found) == "Not shown, to keep answers anonymous: West."
    assert "3.4 of 5 from 15" in coaches.pulse_sentence(found)


def test_the_team_itself_stands_first_and_teams_elsewhere_are_left_out() -> None:
    found = coaches.pulse_rows(pulses((None, None, 20, 3.5), (6, "East", 6, 4.0), (9, "Far", 8, 2.0)), None, [6])
    assert found["name"].to_list() == ["Company", "East"]
    assert coaches.pulse_rows(pulses((None, None, 20, 3.5), (6, "East", 6, 4.0)), 6, []).height == 1


def test_an_executive_gets_no_share_of_fewer_than_five() -> None:
    names = ("cadence_adherence", "coaching_coverage", "coach_commitments_kept")
    row: dict[str, Any] = {"row_id": 6, "name": "East", "ask_share": 0.5, "coaching_minutes": 1234.0, "met_slots": 3.0}
    for key, n in zip(names, (4.0, 6.0, None), strict=True):
        share = 0.5 if n else None
        row |= {key: share, f"{key}_low": 0.2 if n else None, f"{key}_high": 0.8 if n else None, f"{key}_n": n}
    teams = pl.DataFrame([row])
    cells = coaches.team_rows(teams).row(0, named=True)
    assert cells["adherence"] == "fewer than five"
    assert cells["coverage"] == "50\u00a0% (20–80\u00a0%, n 6)"
    assert cells["kept"] is None
    assert coaches.adherence_rows(teams).select("value", "words").rows() == [(None, "fewer than five")]


# ---- What coaches' reps gained -------------------------------------------------------------------------------------

EFFECT_ROWS = [
    ("Large", 1, "Maya", 6, 51, 2_600.0, 1_900.0, 1_800.0, -400.0, 4_000.0, 0.44, False),
    ("Large", 2, "Omar", 3, 20, -300.0, 2_500.0, 900.0, -900.0, 2_700.0, 0.001, False),
    ("Large", 3, "Lena", 4, 30, 100.0, 2_500.0, 1_000.0, -800.0, 2_800.0, 0.3, False),
    ("Large", 4, "Sam", 2, 9, None, None, None, None, None, None, False),
    ("Small", 1, "Maya", 2, 4, None, None, None, None, None, None, True),
]


def effects() -> pl.DataFrame:
    return pl.DataFrame(EFFECT_ROWS, schema=IN_SEGMENTS, orient="row")


def listed(*ids: int) -> pl.DataFrame:
    return pl.DataFrame({"person_id": list(ids)})


def test_only_coaches_of_the_page_with_an_interval_are_shown_and_by_name() -> None:
    rows = listed(2, 1, 4)
    assert coaches.effect_segments(effects(), rows) == ["Large"]
    assert coaches.effects_in(effects(), rows, "Large")["name"].to_list() == ["Maya", "Omar"]
    assert coaches.effect_segments(effects(), listed(4)) == []
    words = coaches.effect_words(effects(), rows, "Large").replace("\xa0", " ")
    assert coaches.CANNOT_SEPARATE in words
    assert "Not shown: 1 coach of fewer than three coached reps." in words
    assert coaches.NOT_A_CAUSE in words
    assert coaches.IN_PART in coaches.effect_words(effects(), rows, "Small")


def test_the_title_names_nobody_first_and_says_when_chance_explains_it_all() -> None:
    rows = coaches.effects_in(effects(), listed(1, 2, 3), "Large")
    same = coaches.effect_sentence(rows, False, "Large", "USD")
    assert same == "No coach's reps in Large stand apart from the others' by more than chance"
    other = coaches.effect_sentence(rows, True, "", "USD").replace("\xa0", " ")
    assert other == "Reps did not gain the same with every coach: between +$900 and +$1,800 a month beyond expected"
    assert not {"Maya", "Omar", "Lena"} & set(other.split())
    alone = coaches.effect_sentence(rows.head(1), True, "Large", "USD").replace("\xa0", " ")
    assert alone == "Lena's reps in Large: −$800 to +$2,800 a month beyond what was expected"


def test_no_figure_of_a_coach_has_more_digits_than_its_error_allows() -> None:
    row = ("Large", 1, "Maya", 6, 51, 3_741.2, 2_913.0, 5_218.4, -583.3, 11_020.1, 0.44, False)
    few = pl.DataFrame([row], schema=IN_SEGMENTS, orient="row")
    found = coaches.effects_in(few, listed(1), "Large")
    cells = coaches.effect_table(found, "USD", False).row(0, named=True)
    # Errors of 3,500 and 2,900: hundreds are the last that mean anything.
    assert (cells["expected"], cells["interval"], cells["own"]) == ("+$5,200", "−$600 to +$11,000", "+$3,700")
    assert "−$600 to +$11,000" in coaches.effect_sentence(found, False, "", "USD")
    tiny = found.with_columns(expected=pl.lit(12.3))
    assert coaches.effect_table(tiny, "USD", False)["expected"].to_list() == ["$0"]


def test_a_lone_coach_reads_that_others_out_of_view_pull_at_the_figure() -> None:
    words = coaches.effect_words(effects(), listed(1), "Large")
    assert "pulled towards all coaches of the segment, also those out of view" in words
    assert "also those out of view" in coaches.EXPECTED_MADE


def test_the_chance_of_the_best_third_stands_there_only_where_it_was_asked_for() -> None:
    rows = coaches.effects_in(effects(), listed(1, 2, 3), "Large")
    plain, asked = (coaches.effect_table(rows, "USD", wanted) for wanted in (False, True))
    assert plain.columns == list(coaches.EFFECT_COLUMNS)
    assert asked.columns == [*coaches.EFFECT_COLUMNS, coaches.BEST_THIRD]
    assert asked["name"].to_list() == ["Lena", "Maya", "Omar"]
    assert asked[coaches.BEST_THIRD].to_list() == ["30 in 100", "44 in 100", "1 in 100"]
    assert plain["reps"][0].replace("\xa0", " ") == "4 reps, 30 months"
