"""The figures of the cadence page, looked at without a browser."""

from __future__ import annotations

import datetime as dt
from typing import Any

import plotly.graph_objects as go
import polars as pl

from charts import cadence, palette
from coaching import cadence_view
from tests.charts.drawings import as_dict, colours, notes, texts, title

MONDAY = dt.date(2026, 10, 5)
WEEKS = [MONDAY + dt.timedelta(weeks=number) for number in range(4)]
HOSTILE = "<b>Ravi</b> & <script>"


def people(*names: str) -> pl.DataFrame:
    rows = [(number + 1, name, None) for number, name in enumerate(names)]
    return pl.DataFrame(rows, schema={"person_id": pl.Int64, "name": pl.String, "left_on": pl.Date}, orient="row")


def cells(*rows: tuple[int, int, str]) -> pl.DataFrame:
    named = [(row, week, row + 1, state, f"one session due: {state}") for row, week, state in rows]
    return pl.DataFrame(named, schema=cadence_view.CELLS, orient="row")


def marks(*rows: tuple[int, int, float, str]) -> pl.DataFrame:
    named = [(row, week, place, row + 1, mark, f"this one {mark}") for row, week, place, mark in rows]
    return pl.DataFrame(named, schema=cadence_view.MARKED, orient="row")


def notes_of(*rows: tuple[int, int, str]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema={"row": pl.Int64, "week": pl.Int64, "words": pl.String}, orient="row")


def picture(who: pl.DataFrame, shades: pl.DataFrame, symbols: pl.DataFrame, **more: Any) -> go.Figure:
    words: dict[str, Any] = {"sentence": "3 of 4 expected sessions held", "scope": "East", "weeks": WEEKS}
    named = more.pop("notes", notes_of())
    return cadence.reps_by_weeks(who, shades, symbols, named, at=MONDAY + dt.timedelta(days=16), **(words | more))


def by_name(figure: go.Figure) -> dict[str, dict[str, Any]]:
    return {trace["name"]: trace for trace in as_dict(figure)["data"] if "name" in trace}


def test_each_state_has_its_own_shade_and_a_week_without_a_slot_stays_empty() -> None:
    figure = picture(people("Ravi"), cells((0, 0, "met"), (0, 1, "not_met"), (0, 2, "excused")), marks())
    found = by_name(figure)
    assert found["met"]["z"] == [[1, None, None, None]]
    assert found["not_met"]["z"] == [[None, 1, None, None]]
    assert found["excused"]["z"] == [[None, None, 1, None]]
    assert found["open"]["z"] == [[None] * 4]
    shades = {(found[state]["colorscale"][0][1], found[state]["opacity"]) for state in cadence_view.STATES}
    assert len(shades) == 4


def test_each_mark_has_a_shape_of_its_own_so_that_no_colour_is_needed_to_tell_it() -> None:
    assert len({symbol for symbol, _ in cadence.SYMBOLS.values()}) == len(cadence.SYMBOLS) == len(cadence_view.MARKS)
    drawn = picture(
        people("Ravi"), cells(), marks(*((0, 0, 0.1 * n, mark) for n, mark in enumerate(cadence_view.MARKS)))
    )
    found = by_name(drawn)
    assert {found[mark]["marker"]["symbol"] for mark in cadence_view.MARKS} == {s for s, _ in cadence.SYMBOLS.values()}


def test_a_click_tells_whose_row_it_was_and_the_pointer_the_whole_week() -> None:
    figure = picture(people("Ada", HOSTILE), cells((1, 2, "met")), marks((1, 2, 2.0, "held"), (1, 2, 2.2, "not_held")))
    touch = next(trace for trace in as_dict(figure)["data"] if trace.get("marker", {}).get("opacity") == 0)
    assert touch["customdata"] == [2]
    assert by_name(figure)["held"]["customdata"] == [2]
    [words] = touch["hovertext"]
    assert "one session due: met<br>this one held" in words
    assert "this one not_held" not in words
    assert not any("<script>" in text for text in texts(figure))


def test_rows_stand_in_the_order_given_and_empty_ones_say_why() -> None:
    figure = picture(people("Astrid", "Zoë"), cells(), marks(), notes=notes_of((1, 0, "no start date")))
    axis = as_dict(figure)["layout"]["yaxis"]
    assert axis["ticktext"] == ["Astrid", "Zoë"]
    assert axis["range"] == [1.5, -0.5]
    assert notes(figure) == ["no start date"]


def test_the_as_of_date_is_a_line_inside_its_week_and_is_not_drawn_outside() -> None:
    [line] = as_dict(picture(people("Ravi"), cells(), marks()))["layout"]["shapes"]
    assert 1.5 < line["x0"] < 2.5
    later = cadence.reps_by_weeks(
        people("Ravi"), cells(), marks(), notes_of(), sentence="s", scope="", weeks=WEEKS, at=dt.date(2027, 1, 1)
    )
    assert list(later.layout.shapes) == []


def test_more_rows_make_a_taller_picture_and_nobody_an_empty_one_with_words() -> None:
    small, large = (picture(people(*names), cells(), marks()).layout.height for names in ("ab", "abcdefgh"))
    assert large - small == 6 * cadence.ROW_HEIGHT
    assert len(notes(picture(people(), cells(), marks()))) == 1


def teams() -> pl.DataFrame:
    return pl.DataFrame(
        {
            "label": ["Maya · East", "Omar · West", "Sam · South"],
            "cadence_adherence": [0.5, 1.0, None],
            "cadence_adherence_low": [0.3, 0.3, None],
            "cadence_adherence_high": [0.7, 1.0, None],
            "cadence_adherence_n": [20.0, 3.0, None],
            "expected_slots": [20.0, 3.0, 0.0],
            "met_slots": [10.0, 3.0, 0.0],
            "longest_gap_days": [41.0, 12.0, None],
        }
    )


def test_managers_stand_by_name_with_their_interval_pale_on_few_slots_and_empty_without_any() -> None:
    figure = cadence.adherence_by_manager(teams(), sentence="All about alike", scope="Company")
    trace = as_dict(figure)["data"][0]
    assert trace["x"] == [0.5, 1.0]
    assert trace["y"] == [0, 1]
    assert [round(value, 6) for value in trace["error_x"]["array"]] == [0.2, 0.0]
    assert [round(value, 6) for value in trace["error_x"]["arrayminus"]] == [0.2, 0.7]
    assert trace["marker"]["opacity"] == [1.0, 0.45]
    assert notes(figure) == ["10 of 20", "3 of 3", "no slot ended"]
    assert as_dict(figure)["layout"]["yaxis"]["ticktext"][0] == "Maya<br>East"
    assert "longest gap 41" in trace["hovertext"][0]
    assert title(figure) == "All about alike"


def test_a_band_of_too_few_people_says_so_and_shows_no_number() -> None:
    rows = [
        ("tier", "top third (over 100 %)", 0, 8, 4, 32, 20, 0.5, 0.2, 0.8, 0.6),
        ("tenure", "under 6 months", 0, None, None, None, None, None, None, None, None),
        ("tenure", "over 24 months", 2, 0, 0, 0, 0, None, None, None, None),
    ]
    found = pl.DataFrame(rows, schema=cadence_view.BAND_COLUMNS, orient="row")
    figure = cadence.coverage_by_band(found, sentence="Coached", scope="Company")
    assert as_dict(figure)["data"][0]["x"] == [0.5]
    assert notes(figure) == ["4 of 8", "fewer than five", "nobody"]


def test_a_mix_names_its_counts_and_an_empty_one_says_so() -> None:
    rows = pl.DataFrame({"label": ["in the field", "not written down"], "count": [3, 1], "share": [0.75, 0.25]})
    trace = as_dict(cadence.mix(rows, sentence="4 observations", scope=""))["data"][0]
    assert trace["x"] == [3, 1]
    assert trace["marker"]["color"] == [palette.OWN, palette.PEERS]
    assert notes(cadence.mix(rows.clear(), sentence="None", scope="")) == ["Nothing was recorded in this period."]


def test_only_colours_of_the_theme_are_used() -> None:
    known = {*palette.CATEGORIES, palette.TEXT, palette.GRID, palette.PAPER, palette.MUTED}
    shades = cells(*((0, week, state) for week, state in enumerate(cadence_view.STATES)))
    symbols = marks(*((0, 0, 0.0, mark) for mark in cadence_view.MARKS))
    drawn = [picture(people("Ravi"), shades, symbols), cadence.adherence_by_manager(teams(), sentence="s", scope="")]
    for figure in drawn:
        assert colours(figure) <= known
