"""Figures of the coaches page: who is drawn, who is not, and what they say."""

from __future__ import annotations

from typing import Any

import polars as pl

from charts import coaches as charts
from charts import palette
from coaching import coaches
from tests.charts.drawings import as_dict, notes, texts, title

ROWS = {
    "person_id": pl.Int64,
    "name": pl.String,
    "level": pl.Float64,
    "level_low": pl.Float64,
    "level_high": pl.Float64,
    "level_n": pl.Int64,
    "per_rep_month": pl.Float64,
    "one_on_one_count": pl.Int64,
    "rep_count": pl.Int64,
    "rep_months": pl.Float64,
}


def drawn(*rows: tuple[Any, ...]) -> Any:
    return charts.skill_by_volume(
        pl.DataFrame(list(rows), schema=ROWS, orient="row"),
        sentence="1 of 2 coach both well and often",
        scope="East, this quarter",
        often=1.5,
        often_words="median of 9 coaches",
    )


MAYA = (1, "Maya Lindgren", 70.0, 50.0, 110.0, 3, 2.0, 12, 4, 6.0)
OMAR = (2, "Omar Haddad", 30.0, None, None, 1, 1.8, 10, 4, 6.0)
UNSEEN = (3, "Sam Unseen", None, None, None, None, 1.0, 6, 4, 6.0)
NO_REPS = (4, "Dana Whitfield", 60.0, None, None, 2, None, 0, 0, 0.0)


def points(figure: Any) -> dict[str, Any]:
    return as_dict(figure)["data"][1]


def test_a_point_is_a_coach_with_a_level_and_a_volume_and_nobody_else_is_drawn() -> None:
    found = points(drawn(OMAR, UNSEEN, NO_REPS, MAYA))
    assert found["x"] == [2.0, 1.8]
    assert found["y"] == [70.0, 30.0]
    written = " ".join(texts(drawn(OMAR, UNSEEN, NO_REPS, MAYA)))
    assert "Sam Unseen" not in written
    assert "Dana Whitfield" not in written


def test_often_and_still_learning_is_told_by_shape_and_colour_and_few_cases_are_pale() -> None:
    found = points(drawn(MAYA, OMAR))["marker"]
    assert found["symbol"] == ["circle", "diamond"]
    assert found["color"] == [palette.OWN, palette.WATCH]
    assert found["opacity"][0] > found["opacity"][1]


def test_the_interval_is_drawn_as_far_as_the_scale_goes_and_only_where_there_is_one() -> None:
    whiskers = as_dict(drawn(MAYA, OMAR))["data"][0]
    assert whiskers["y"] == [50.0, 100.0, None]
    assert whiskers["x"] == [2.0, 2.0, None]


def test_the_lines_say_where_they_come_from_and_the_quarters_what_they_mean() -> None:
    figure = drawn(MAYA)
    assert title(figure) == "1 of 2 coach both well and often"
    said = " ".join(notes(figure))
    assert "median of 9 coaches: 1.5" in said
    assert "competent" in said
    assert "help first" in said


def test_without_a_point_the_figure_says_what_it_needs() -> None:
    figure = drawn(UNSEEN)
    assert not as_dict(figure)["data"]
    assert any("observation" in note for note in notes(figure))


def test_a_name_cannot_bring_markup_into_a_figure() -> None:
    hostile = (1, "<b>Maya</b>", 70.0, None, None, 2, 2.0, 12, 4, 6.0)
    assert not any("<b>Maya</b>" in text for text in texts(drawn(hostile)))
    assert any("&lt;b&gt;Maya" in text for text in texts(drawn(hostile)))


def test_shares_stand_in_the_order_given_and_a_row_without_a_value_says_why() -> None:
    rows = pl.DataFrame(
        [("Maya", 0.5, 0.2, 0.8, 4, "2 of 4"), ("Omar", None, None, None, 0, "none due")],
        schema=coaches.SHARES,
        orient="row",
    )
    figure = charts.shares(rows, sentence="50 % kept", scope="", axis_name="kept")
    drawing = as_dict(figure)
    assert drawing["data"][0]["y"] == [0]
    assert drawing["data"][0]["marker"]["opacity"] == [0.45]
    assert drawing["layout"]["yaxis"]["ticktext"] == ["Maya", "Omar"]
    assert notes(figure) == ["2 of 4", "none due"]
    nothing = charts.shares(rows.filter(pl.col("value").is_null()), sentence="None", scope="", axis_name="kept")
    assert not as_dict(nothing)["data"]


def test_the_pulse_draws_three_marks_per_team_and_none_where_it_is_withheld() -> None:
    rows = pl.DataFrame(
        [("East", 8, 4.0, 3.5, 3.5), ("West", None, None, None, None)], schema=coaches.PULSE_ROWS, orient="row"
    )
    figure = charts.pulse(rows, sentence="The pulse", scope="")
    data = as_dict(figure)["data"]
    assert [trace["x"] for trace in data] == [[4.0], [3.5], [3.5]]
    # Equal means stand beside each other, not on top of each other.
    assert len({trace["y"][0] for trace in data}) == 3
    assert notes(figure) == ["n = 8", "not shown"]
    withheld = charts.pulse(rows.filter(pl.col("n").is_null()), sentence="The pulse", scope="")
    assert not as_dict(withheld)["data"]


# ---- What coaches' reps gained -------------------------------------------------------------------------------------

GAINED = (
    (1, "Maya <b>Lindgren", 1_800.0, -400.0, 4_000.0, 2_612.0, 1_900.0, 6, 51, 0.4),
    (2, "Omar Haddad", 900.0, -900.0, 2_700.0, -300.0, 2_500.0, 3, 20, 0.2),
)


def test_coaches_stand_by_name_with_their_interval_zero_and_how_many_reps() -> None:
    rows = pl.DataFrame(GAINED, schema=coaches.EFFECTS, orient="row")
    sentence = "No coach's reps stand apart from the others' by more than chance"
    drawn_figure = charts.effects(rows, sentence=sentence, scope="East", currency="USD")
    figure = as_dict(drawn_figure)
    (trace,) = figure["data"]
    assert trace["x"] == [1_800.0, 900.0]
    assert trace["error_x"]["array"] == [2_200.0, 1_800.0]
    assert trace["error_x"]["arrayminus"] == [2_200.0, 1_800.0]
    assert figure["layout"]["yaxis"]["ticktext"] == ["Maya &lt;b&gt;Lindgren", "Omar Haddad"]
    assert figure["layout"]["shapes"][0]["x0"] == 0
    assert {"6 reps", "3 reps"} <= {note.replace("\xa0", " ") for note in notes(drawn_figure)}
    low, high = figure["layout"]["xaxis"]["range"]
    assert low <= -900
    assert high >= 4_000
    assert "90 % interval" in trace["hovertext"][0].replace("\xa0", " ")
    assert "own figure +$2,600 from" in trace["hovertext"][0].replace("\xa0", " ").replace("<br>", " ")
    assert "<b>Lindgren" not in trace["hovertext"][0]


def test_without_three_coaches_the_figure_says_what_it_takes() -> None:
    empty = pl.DataFrame(schema=coaches.EFFECTS)
    figure = charts.effects(empty, sentence="x", scope="East", currency="USD")
    assert not figure.data
    assert "three coaches" in " ".join(notes(figure)).replace("<br>", " ")
