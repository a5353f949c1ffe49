"""The figures of the programme's page, looked at without a browser."""

from __future__ import annotations

import json
import math
from typing import Any

import plotly.graph_objects as go
import pytest

from charts import canvas, palette, programme
from coaching import programme_view as view
from coaching.programme_view import Picture
from tests.charts.drawings import as_dict, colours, notes, texts, title
from tests.coaching.roi.results import COLOURS, of_nobody, result
from tests.coaching.roi.test_programme_view import PICTURES

SCOPE = "Company, Nov 2024 – Oct 2026"
KNOWN_COLOURS = {*palette.CATEGORIES, palette.TEXT, palette.GRID, palette.MUTED, palette.PAPER}
PHONE_PLOT = 300
"""Pixels that a plot with names above its marks has on a phone of 390."""
LETTER = 6.0
"""Pixels of a letter of a small text, at most on average."""
HOSTILE = "<b>Ravi</b> & <script>"


def drawn(name: str, found: dict[str, Any], **more: Any) -> go.Figure:
    picture = PICTURES[name](found, **more)
    return of(name, picture)


def of(name: str, picture: Picture) -> go.Figure:
    chart = getattr(programme, name)
    figure: go.Figure = chart(picture.frame, sentence=picture.sentence, scope=SCOPE, **picture.words)
    return figure


def traces(figure: go.Figure) -> dict[str, dict[str, Any]]:
    return {trace["name"]: trace for trace in as_dict(figure)["data"]}


def shapes(figure: go.Figure, kind: str) -> list[dict[str, Any]]:
    return [shape for shape in as_dict(figure)["layout"].get("shapes", []) if shape["type"] == kind]


# ---- All of them ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("colour", COLOURS)
def test_every_figure_says_its_sentence_and_uses_colours_of_the_theme_alone(colour: str) -> None:
    found = result(colour)
    shown = {name: picture for name, draw in PICTURES.items() if not (picture := draw(found)).why_not}
    assert {"visible", "start_map", "coverage", "cost"} <= set(shown)
    for name, picture in shown.items():
        figure = of(name, picture)
        assert title(figure) == canvas.text(picture.sentence, 200)
        assert colours(figure) <= KNOWN_COLOURS, name
        assert len(figure.layout.title.text.split("<br>")) <= 3, name
        assert json.loads(figure.to_json())["layout"]["xaxis"], name


@pytest.mark.parametrize("name", PICTURES)
def test_without_data_each_is_an_empty_labelled_space(name: str) -> None:
    figure = of(name, PICTURES[name](of_nobody()))
    assert not figure.data
    assert programme.NOTHING in " ".join(notes(figure))


def test_bars_begin_at_nought() -> None:
    for name in ("coverage", "cost", "returns"):
        figure = as_dict(drawn(name, result("green")))
        scale = figure["layout"]["xaxis" if name == "coverage" else "yaxis"]
        assert scale["range"][0] == 0
        assert not [trace for trace in figure["data"] if "base" in trace]


SCALES = {
    "visible": "share of the average bookings per rep and month",
    "start_map": "reps, by start",
    "actual_and_expected": "bookings per coached rep and month",
    "event_curve": "bookings above or below expected",
    "checks": "bookings per rep and month",
    "bridge": "all coached reps together",
    "returns": "return on cost",
    "tornado": "return on cost",
    "coverage": "hours per coached rep and month",
    "tiers": "effect per rep and month",
    "dose": "actual minus expected, per rep and month",
    "cost": "cost in the month",
}


@pytest.mark.parametrize("name", PICTURES)
def test_a_scale_says_what_it_counts(name: str) -> None:
    figure = drawn(name, result("green"))
    assert SCALES[name] in [figure.layout.xaxis.title.text, figure.layout.yaxis.title.text, *notes(figure)]


def test_names_above_their_marks_fit_on_a_phone() -> None:
    found = result("green")
    for check in found["checks"]:
        if "estimate" in check:
            check["estimate"] = {"estimate": -12_345.6, "se": 640.0, "low": -1.0, "high": 1.0, "clusters": 9, "n": 9}
    for name in ("checks", "bridge", "tornado", "coverage", "tiers"):
        figure = as_dict(drawn(name, found))
        rows: dict[float, float] = {}
        for one in figure["layout"]["annotations"]:
            if one.get("bgcolor") == palette.PAPER:
                rows[one["y"]] = rows.get(one["y"], 0) + LETTER * len(
                    one["text"].replace("<b>", "").replace("</b>", "")
                )
        assert rows, name
        assert max(rows.values()) <= PHONE_PLOT, name


def test_ticks_do_not_touch_on_a_phone() -> None:
    for name in ("start_map", "event_curve", "dose", "cost", "returns"):
        axis = as_dict(drawn(name, result("green")))["layout"]["xaxis"]
        widest = max(len(line) for text in axis["ticktext"] for line in text.split("<br>"))
        span = max(axis["tickvals"]) - min(axis["tickvals"])
        whole = axis["range"][1] - axis["range"][0] if "range" in axis else span
        gaps = [later - earlier for earlier, later in zip(axis["tickvals"], axis["tickvals"][1:], strict=False)]
        assert min(gaps) / whole * PHONE_PLOT >= 5 * widest, name


def test_text_is_shown_and_not_obeyed() -> None:
    found = result("green")
    found["checks"][1]["label"] = HOSTILE
    found["tiers"]["tiers"][0]["tier"] = HOSTILE
    found["cost"]["monthly"][0]["kind"] = found["cost"]["kinds"][0]["kind"] = HOSTILE
    for name in ("checks", "coverage", "tiers", "cost"):
        said = texts(drawn(name, found)) + notes(drawn(name, found))
        assert not [text for text in said if "<script" in text or "<b>Ravi" in text], name


# ---- What could be seen, who was coached ---------------------------------------------------------------------------


def test_grey_draws_the_band_and_no_effect() -> None:
    grey, green = drawn("visible", result("grey")), drawn("visible", result("green"))
    assert not grey.data
    (band,) = shapes(grey, "rect")
    assert band["x0"] == -band["x1"] == pytest.approx(-result("grey")["visible_share"])
    measured = traces(green)["measured"]
    assert measured["orientation"] == "h"
    low, high = measured["error_x"]["arrayminus"][0], measured["error_x"]["array"][0]
    assert low > 0
    assert high > 0
    reach = as_dict(green)["layout"]["xaxis"]["range"]
    assert reach[0] == -reach[1]


def test_the_map_is_one_small_picture_with_stripes_and_a_sentence_per_month() -> None:
    found = result("green")
    found["start_map"] = found["start_map"] * 5
    figure = drawn("start_map", found)
    found_traces = traces(figure)
    assert figure.data[0].z.shape == (1_000, 24)
    assert figure.data[0].z.itemsize == 1
    assert len(figure.to_json()) < 60_000
    striped = found_traces["left out of every comparison"]
    assert striped["marker"]["pattern"]["shape"] == "/"
    assert len(striped["y"]) < 100
    assert len(found_traces["months"]["hovertext"]) == 24
    assert "coached" in found_traces["months"]["hovertext"][-1]
    assert figure.layout.height <= canvas.title_height(figure.layout.title.text) + programme.HIGHEST_MAP + 80


def test_the_year_is_named_where_it_changes_even_if_its_january_is_not() -> None:
    axis = as_dict(drawn("start_map", result("green")))["layout"]["xaxis"]
    years = [text.split("<br>")[1] for text in axis["ticktext"] if "<br>" in text]
    assert years == ["2024", "2025", "2026"]


# ---- The effect ----------------------------------------------------------------------------------------------------


def test_the_difference_between_two_lines_is_filled() -> None:
    figure = drawn("actual_and_expected", result("green"))
    assert {"actual", "expected without coaching"} == set(traces(figure))
    (area,) = shapes(figure, "path")
    assert area["name"] == "difference"
    assert area["path"].count("L") == 2 * len(traces(figure)["actual"]["x"]) - 1


def test_the_months_left_out_are_shaded_and_the_whole_curve_has_its_band() -> None:
    figure = drawn("event_curve", result("green"))
    (dip,) = shapes(figure, "rect")
    assert (dip["x0"], dip["x1"]) == (-3.5, -0.5)
    (band,) = shapes(figure, "path")
    assert "approximate" in band["name"]
    assert [line["y0"] for line in shapes(figure, "line")] == [0.0]
    ticks = as_dict(figure)["layout"]["xaxis"]["ticktext"]
    assert "0" in [tick.split("<br>")[0] for tick in ticks]
    assert all("<br>n " in tick for tick in ticks)
    assert not shapes(drawn("event_curve", result("blue")), "rect")


def test_points_of_few_rep_months_are_pale_and_do_not_stretch_the_scale() -> None:
    found = result("green")
    last = found["curve"]["points"][-1]
    last |= {"n": 2, "se": 1e6, "low": -2e6, "high": 2e6}
    figure = drawn("event_curve", found)
    assert traces(figure)["few rep-months"]["opacity"] == programme.PALE
    assert traces(figure)["each point by itself"]["opacity"] == programme.FULL
    assert as_dict(figure)["layout"]["yaxis"]["range"][1] < 1_000


def test_the_figure_stands_out_of_the_checks_and_the_simple_one_is_struck_through() -> None:
    figure = drawn("checks", result("green"))
    marks = traces(figure)
    assert marks["headline"]["marker"]["size"] > marks["check"]["marker"]["size"]
    assert len({mark["marker"]["symbol"] for mark in marks.values()}) == 3
    assert len(marks["headline"]["x"]) == len(marks["placebo"]["x"]) == 1
    said = notes(figure)
    assert any(text.startswith("<s>Simple before/after: $") and "</s><br>We do not use it" in text for text in said)
    assert "not known" in said
    assert [line["x0"] for line in shapes(figure, "line")] == [0.0]
    rows = [row["label"] for row in view.checks(result("green")).frame.iter_rows(named=True)]
    assert {canvas.text(row) for row in rows[1:]} <= set(said)


# ---- Money ---------------------------------------------------------------------------------------------------------


def test_the_bridge_ends_in_what_is_left_with_its_interval() -> None:
    found = result("green")
    marks = traces(drawn("bridge", found))
    assert marks["steps"]["measure"][-1] == "total"
    assert marks["steps"]["measure"].count("total") == 2
    interval = marks["interval of what is left"]
    net = found["money"]["net"]
    assert interval["x"][0] - interval["error_x"]["arrayminus"][0] == pytest.approx(net["low"])
    assert interval["x"][0] + interval["error_x"]["array"][0] == pytest.approx(net["high"])


def test_returns_are_told_apart_at_nought_and_have_a_line_for_the_hurdle() -> None:
    found = result("green")
    marks = traces(drawn("returns", found, hurdle_percent=20.0))
    assert max(marks["lost money"]["x"]) < 0 < min(marks["paid for itself"]["x"])
    assert sum([*marks["lost money"]["y"], *marks["paid for itself"]["y"]]) == pytest.approx(1)
    figure = drawn("returns", found, hurdle_percent=20.0)
    assert [line["x0"] for line in shapes(figure, "line")] == [0.0, 20.0]
    assert "hurdle rate" in notes(figure)
    assert "hurdle rate" not in notes(drawn("returns", found))
    assert list(marks["interval"]["x"]) == sorted(marks["interval"]["x"])


def test_a_return_far_beyond_the_picture_ends_at_its_edge() -> None:
    found = result("green")
    found["money"]["roi_percent"] |= {"low": -900.0, "high": 9_000.0}
    marks = traces(drawn("returns", found))
    assert (marks["interval"]["x"][0], marks["interval"]["x"][-1]) == (-100, 400)
    assert marks["interval"]["hovertext"][-1] == "+9,000\u00a0%"


def test_the_widest_input_stands_first_and_each_bar_spans_its_two_ends() -> None:
    found = result("green")
    bars = traces(drawn("tornado", found))["inputs"]
    assert bars["orientation"] == "h"
    assert list(bars["x"]) == sorted(bars["x"], reverse=True)
    ends = [(base, base + width) for base, width in zip(bars["base"], bars["x"], strict=True)]
    wanted = [(bar["low"] / 100, bar["high"] / 100) for bar in found["money"]["tornado"]]
    for end, (low, high) in zip(ends, wanted, strict=True):
        assert end == pytest.approx((min(low, high), max(low, high)))


# ---- For whom, how much, at what cost ------------------------------------------------------------------------------


def test_who_got_it_and_who_gained_stand_side_by_side_at_the_same_height() -> None:
    got, gained = drawn("coverage", result("green")), drawn("tiers", result("green"))
    assert list(traces(got)["hours"]["y"]) == list(traces(gained)["effect"]["y"])
    assert got.layout.height == gained.layout.height
    assert len(traces(gained)["effect"]["error_x"]["array"]) == 3


def test_hours_and_results_are_watermarked_as_an_association() -> None:
    figure = drawn("dose", result("green"))
    (mark,) = [one for one in as_dict(figure)["layout"]["annotations"] if one["text"] == "association"]
    assert mark["font"]["size"] > 30
    assert math.isclose(
        sum(traces(figure)["each point by itself"]["x"]), sum(view.dose(result("green")).frame["hours"])
    )


def test_costs_are_stacked_and_a_month_that_is_not_known_has_a_cross() -> None:
    found = result("green")
    known = drawn("cost", found)
    assert list(traces(known)) == ["Coaches' time", "Tools", "Running and evaluating it"]
    assert known.layout.barmode == "relative"
    row = next(one for one in found["cost"]["monthly"] if one["kind"] == "coach hours")
    row["amount"] = None
    figure = drawn("cost", found)
    cross = traces(figure)["not known in full"]
    assert list(cross["x"]) == [0]
    assert len(traces(figure)["Coaches' time"]["x"]) == len(traces(known)["Coaches' time"]["x"]) - 1


def test_frames_are_drawn_as_they_come_without_a_sum() -> None:
    picture = view.tiers(result("green"))
    upside_down = picture.frame.reverse()
    figure = programme.tiers(upside_down, sentence="Tiers", scope=SCOPE, currency="USD")
    assert list(traces(figure)["effect"]["x"]) == upside_down["estimate"].to_list()
