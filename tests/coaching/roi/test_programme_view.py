"""What the pictures of the programme's page say in each colour of the verdict, and what they keep back."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coaching import costs
from coaching import programme_view as view
from coaching.programme_view import Picture
from tests.coaching.roi.results import COLOURS, of_nobody, result

PICTURES: dict[str, Callable[[dict[str, Any]], Picture]] = {
    name: getattr(view, name)
    for name in (
        "visible",
        "start_map",
        "actual_and_expected",
        "event_curve",
        "checks",
        "bridge",
        "returns",
        "tornado",
        "coverage",
        "tiers",
        "dose",
        "cost",
    )
}
MONEY = ("bridge", "returns", "tornado")
ESTIMATES = ("actual_and_expected", "event_curve", "checks", *MONEY, "tiers", "dose")


def everything(picture: Picture) -> str:
    """All that a reader could meet in it."""
    parts = [picture.sentence, picture.alt, picture.note, picture.why_not, json.dumps(picture.words)]
    return "\n".join([*parts, picture.frame.write_json(), picture.table.write_json()])


# ---- What each colour shows ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("colour", COLOURS)
def test_grey_hides_every_estimate_and_amber_all_money(colour: str) -> None:
    found = result(colour)
    assert found["verdict"] == colour
    hidden = {name for name, picture in PICTURES.items() if picture(found).why_not}
    assert hidden == {"green": set(), "blue": set(), "amber": set(MONEY), "grey": set(ESTIMATES)}[colour]


def test_what_is_kept_back_leaves_no_figure_behind() -> None:
    for colour in ("grey", "amber"):
        found = result(colour)
        for name, picture in PICTURES.items():
            drawn = picture(found)
            if drawn.why_not:
                assert drawn.frame.is_empty(), name
                assert drawn.table.is_empty(), name
                assert drawn.words == {}, name
                assert not re.search(r"\d", drawn.sentence + drawn.alt + drawn.note), name


def test_grey_names_no_amount_but_what_was_spent() -> None:
    found = result("grey")
    for name, picture in PICTURES.items():
        if name != "cost":
            assert "$" not in everything(picture(found)), name
    assert "$9.0\u00a0k" in view.cost(found).sentence


def test_grey_shows_the_band_of_what_can_be_seen_and_nothing_in_it() -> None:
    grey, green = view.visible(result("grey")), view.visible(result("green"))
    assert grey.frame.is_empty()
    assert green.frame.height == 1
    assert grey.words["share"] == pytest.approx(green.words["share"])
    assert grey.sentence.startswith("With 200\u00a0reps and 24\u00a0months only effects above")
    assert "invisible" in grey.note
    assert green.note == ""


@pytest.mark.parametrize(
    ("colour", "effect", "words"),
    [
        ("green", "raised", r"Coaching added about \$22\.0 per rep and month, between \$16\.0 and \$28\.0"),
        ("blue", "raised", r"Coaching added about \$22\.5 per rep and month, between \$17\.4 and \$27\.5"),
        ("amber", "raised", r"results lay \$16\.0 to \$28\.0 a month above what was expected; the cause is not known"),
        ("green", "none", r"results are not clearly apart from what was expected: \$16\.0 to \$28\.0 per month"),
        ("green", "lowered", r"Coaching took away about \$22\.0 per rep and month"),
        ("amber", "lowered", r"a month below what was expected; the cause is not known"),
    ],
)
def test_coaching_is_named_as_the_cause_only_where_the_verdict_does_so(colour: str, effect: str, words: str) -> None:
    picture = view.actual_and_expected({**result(colour), "effect": effect})
    assert re.search(words, picture.sentence)


def test_no_sentence_holds_stars_or_p_values() -> None:
    for colour in COLOURS:
        for picture in (draw(result(colour)) for draw in PICTURES.values()):
            told = " ".join([picture.sentence, picture.note, picture.alt])
            assert not re.search(r"\*|\bp\s*[=<>]|signific", told)
            assert "p_holm" not in everything(picture)


def test_a_figure_has_no_more_digits_than_its_error_allows() -> None:
    found = result("green")
    whole = next(check for check in found["checks"] if check["key"] == "headline")["estimate"]
    whole["estimate"], whole["se"], whole["low"], whole["high"] = 6_212.345, 2_961.2, 403.4, 12_021.3
    assert "about $6,200 per rep and month, between $400 and $12,000" in view.actual_and_expected(found).sentence
    row = view.checks(found).table.row(0)
    assert row[1:3] == ("$6,200", "$400 to $12,000")


@pytest.mark.parametrize("colour", COLOURS)
def test_each_picture_tells_the_same_in_a_sentence_in_words_and_in_a_table(colour: str) -> None:
    found = result(colour)
    for name, draw in PICTURES.items():
        picture = draw(found)
        assert picture.alt.startswith(picture.sentence[:30]), name
        assert not picture.sentence.endswith("."), name
        assert len(picture.sentence) <= 144, name
        if not picture.why_not:
            assert picture.table.height >= 1, name
            assert not [title for title in picture.table.columns if "_" in title], name
            assert json.loads(json.dumps(picture.words)) == picture.words, name


def test_without_anybody_there_is_no_picture_and_no_error() -> None:
    found = of_nobody()
    for name, draw in PICTURES.items():
        picture = draw(found)
        assert picture.why_not, name
        assert picture.frame.is_empty(), name


def test_an_estimate_without_an_interval_says_so() -> None:
    found = result("green")
    for where in (found["curve"]["points"][-1], found["tiers"]["tiers"][0]["effect"], found["dose"]["bins"][0]):
        where |= {"se": None, "low": None, "high": None}
    next(check for check in found["checks"] if check["key"] == "raw")["estimate"] |= {
        "se": None,
        "low": None,
        "high": None,
    }
    for name in ("event_curve", "checks", "tiers", "dose"):
        assert "no data" in everything(PICTURES[name](found)), name


# ---- Who was coached since when ------------------------------------------------------------------------------------


def test_the_map_counts_people_and_holds_a_line_per_rep_without_a_name() -> None:
    found = result("green")
    picture = view.start_map(found)
    assert picture.sentence == "123 of 200\u00a0reps were coached by Aug\u00a02026; striped months are left out"
    assert picture.frame.columns == ["row", "cells"]
    assert picture.frame.height == 200
    counted = picture.table.select(pl.sum_horizontal(pl.exclude("Month"))).to_series()
    assert counted.to_list() == [200] * 24
    drawn = view.start_map(result("blue"))
    assert "striped" not in drawn.sentence + drawn.note
    assert drawn.words["stripes"] == []


LINES = st.builds(
    lambda gone, plain, dip, on, after: (" " * gone + "." * plain + "d" * dip + "c" * on + " " * after)[:9].ljust(9),
    *(st.integers(0, top) for top in (3, 5, 3, 6, 3)),
)


@given(st.lists(LINES, min_size=1, max_size=12))
@settings(max_examples=60)
def test_stripes_lie_on_every_month_left_out_and_on_no_other(lines: list[str]) -> None:
    found = {
        **result("grey"),
        "start_map": lines,
        "months": {"first": "2026-01-01", "last": "2026-09-01", "count": 9},
    }
    picture = view.start_map(found)
    left_out = {
        (row, place)
        for row, cells in picture.frame.iter_rows()
        for place, cell in enumerate(cells)
        if cell == view.LEFT_OUT
    }
    striped = [
        (row, place)
        for block in picture.words["stripes"]
        for row in range(block["first_row"], block["last_row"] + 1)
        for place in range(block["first"], block["last"] + 1)
    ]
    assert len(striped) == len(set(striped))
    assert set(striped) == left_out
    letters = {number: letter for letter, number in view.STATES.items()}
    assert sorted("".join(letters[cell] for cell in cells) for _, cells in picture.frame.iter_rows()) == sorted(lines)


# ---- The effect ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("placebo", "effect", "words"),
    [
        ((-3.0, 5.0), "raised", "stays near zero, as it should; the line lies above zero after the start"),
        ((-3.0, 5.0), "none", "stays near zero, as it should; no clear change after the start"),
        ((1.0, 5.0), "raised", "is off zero already, so nothing is proven; the line lies above zero"),
        (None, "lowered", "Too few months before the start to check; the line lies below zero"),
    ],
)
def test_the_curve_is_read_from_the_months_before_the_dip(
    placebo: tuple[float, float] | None, effect: str, words: str
) -> None:
    found = {**result("green"), "effect": effect}
    check = next(check for check in found["checks"] if check["key"] == view.PLACEBO)
    check["estimate"] = None if placebo is None else {**check["estimate"], "low": placebo[0], "high": placebo[1]}
    assert words in view.event_curve(found).sentence


def test_the_band_of_the_whole_curve_is_wider_than_each_whisker_and_thin_points_are_marked() -> None:
    frame = view.event_curve(result("green")).frame
    assert frame.filter((pl.col("band_low") > pl.col("low")) | (pl.col("band_high") < pl.col("high"))).is_empty()
    assert frame.filter(pl.col("is_thin") != (pl.col("n") < view.THIN_POINT)).is_empty()


@pytest.mark.parametrize(
    ("estimates", "effect", "words"),
    [
        ([(3, 1, 5), (2, -1, 5)], "raised", "All 2\u00a0other ways of counting point the same way"),
        ([(3, 1, 5), (-2, -5, 1)], "raised", "1 of 2\u00a0other ways of counting points the same way"),
        ([(3, 1, 5), (4, 1, 5)], "lowered", "All 2\u00a0other ways of counting point the same way"),
        ([(-3, -5, -1)], "lowered", "The only other way of counting does not point the same way"),
        ([(-3, -5, -1), (-3, -5, -1)], "raised", "None of 2\u00a0other ways of counting points the same way"),
        ([(3, 1, 5), (2, -1, 5)], "none", "1 of 2\u00a0other ways of counting finds a clear effect"),
        ([(2, -1, 5), (1, None, None)], "none", "None of 2\u00a0other ways of counting finds a clear effect"),
        ([], "raised", "No other way of counting is possible yet"),
    ],
)
def test_the_checks_count_who_agrees(estimates: list[tuple[float, float, float]], effect: str, words: str) -> None:
    found = {**result("green"), "effect": effect}
    others = [check for check in found["checks"] if check["key"] not in {"headline", view.PLACEBO}]
    for check in others:
        if "estimate" in check:
            check["estimate"] = None
    for check, (value, low, high) in zip(others, estimates, strict=False):
        check["estimate"] = {"estimate": value, "se": 1.0, "low": low, "high": high, "clusters": 9, "n": 9}
    assert view.checks(found).sentence == words


def test_the_simple_figure_is_struck_through_and_is_no_row_of_the_checks() -> None:
    found = result("green")
    picture = view.checks(found)
    assert picture.words["struck"].startswith("Simple before/after: $")
    assert picture.words["reason"].startswith("We do not use it")
    assert not picture.frame.filter(pl.col("label").str.contains("before/after")).height
    assert picture.frame["mark"].to_list().count("headline") == 1
    known = picture.frame.filter(pl.col("estimate").is_not_null())
    assert known["mark"][0] == "headline"
    assert known["mark"][-1] == "placebo"
    missing = picture.frame.filter(pl.col("estimate").is_null())
    assert missing.filter(pl.col("why_not") == "").is_empty()


# ---- Money ---------------------------------------------------------------------------------------------------------


def test_the_bridge_adds_up_to_what_is_left_and_shows_the_margin_on_its_way() -> None:
    found = result("green")
    frame = view.bridge(found).frame
    steps = frame.filter(~pl.col("is_total"))
    assert steps["amount"].sum() == pytest.approx(found["money"]["net"]["value"])
    assert steps["until"].to_list() == pytest.approx(steps["amount"].cum_sum().to_list())
    assert frame["what"].to_list()[:3] == ["Extra bookings", "Cost of what was sold", "Extra margin"]
    assert frame["amount"][2] == pytest.approx(found["money"]["benefit"]["value"])
    last = frame.row(-1, named=True)
    assert last["is_total"]
    assert last["low"] < last["amount"] < last["high"]
    assert set(steps["what"][2:]) <= set(costs.KINDS.values())


def test_the_drawn_returns_are_shares_of_all_draws_and_the_hurdle_goes_along() -> None:
    picture = view.returns(result("green"), hurdle_percent=15.0)
    assert picture.frame["share"].sum() == pytest.approx(1)
    assert picture.words["hurdle"] == 15.0
    assert picture.sentence.startswith("Return on cost +58\u00a0% (between +17\u00a0% and +99\u00a0%); 99 in 100")
    assert picture.note == (
        "It pays if it adds at least $13.4 per rep and month. The hurdle, +15\u00a0%, is the one set today."
    )
    assert view.returns(result("green")).note == "It pays if it adds at least $13.4 per rep and month."
    assert picture.frame["says"][0].startswith("below ")
    assert " and more: " in picture.frame["says"][-1]


def test_inputs_stand_by_how_far_they_move_the_answer() -> None:
    found = result("green")
    found["money"]["tornado"].reverse()
    picture = view.tornado(found)
    widths = (picture.frame["high"] - picture.frame["low"]).abs()
    assert widths.to_list() == sorted(widths.to_list(), reverse=True)
    assert picture.sentence.startswith("The effect drives the answer: alone it moves the return from +17\u00a0%")


# ---- For whom, how much, at what cost ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        ((1.0, 1.1, 1.2), "Hours were spread evenly: 1.0 to 1.2\u00a0hours per coached rep and month"),
        ((1.0, 1.0, 1.0), "Hours were spread evenly: about 1.0\u00a0hours per coached rep and month"),
        ((2.5, 1.0, 0.5), "The lowest fifth got most: 2.5\u00a0hours per rep and month, 55\u00a0% of all"),
    ],
)
def test_who_got_the_hours_is_said_where_they_were_uneven(hours: tuple[float, ...], words: str) -> None:
    found = result("amber")
    for tier, one in zip(found["tiers"]["tiers"], hours, strict=True):
        tier |= {"hours_per_rep_month": one, "hours_share": 0.55 if one == 2.5 else 0.2}
    assert view.coverage(found).sentence == words


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [(-1.0, 2.0, "neither clearly better"), (1.0, 2.0, "further above"), (-2.0, -1.0, "further below")],
)
def test_hours_are_an_association_whatever_they_go_with(low: float, high: float, words: str) -> None:
    found = result("green")
    found["dose"]["slope"] |= {"low": low, "high": high}
    picture = view.dose(found)
    assert words in picture.sentence
    assert picture.words["watermark"] == "association"
    assert "may even reverse" in picture.note


def test_every_kind_of_cost_has_its_place_and_months_add_up_to_the_whole() -> None:
    placed = [kind for kinds in view.COST_GROUPS.values() for kind in kinds]
    assert sorted(placed) == sorted(costs.KINDS)
    found = result("grey")
    picture = view.cost(found)
    assert picture.frame["amount"].sum() == pytest.approx(found["cost"]["total"])
    assert picture.sentence == ("Coaching cost $9.0\u00a0k since Sep\u00a02024; the largest part is tools (56\u00a0%)")
    assert view.cost_kinds(found)["Kind"].to_list() == ["Tools and licences", "Hours of coaches", "Evaluation"]


def test_what_was_bought_is_called_by_the_kinds_there_are() -> None:
    found = result("grey")
    row = next(one for one in found["cost"]["monthly"] if one["kind"] == "tools")
    found["cost"]["monthly"] += [{**row, "kind": "training"}, {**row, "kind": "travel"}]
    assert "Tools, training and travel" in view.cost(found).words["groups"]
    found["cost"]["monthly"].pop()
    assert "Tools and training" in view.cost(found).words["groups"]


def test_a_month_whose_cost_is_not_known_is_null_and_never_nought() -> None:
    found = result("amber")
    found["cost"]["total"], found["cost"]["note"] = None, "The cost of coach hours is not known in some months: enter."
    row = next(one for one in found["cost"]["monthly"] if one["kind"] == "coach hours")
    row["amount"] = None
    picture = view.cost(found)
    assert picture.sentence == "The cost of coach hours is not known in some months"
    unknown = picture.frame.filter(pl.col("amount").is_null())
    assert unknown["group"].to_list() == ["Coaches' time"]
    assert "not known" in unknown["says"][0]
