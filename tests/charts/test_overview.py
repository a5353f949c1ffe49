"""Figures of the team overview, looked at without a browser."""

from __future__ import annotations

import datetime as dt
from typing import Any

import plotly.graph_objects as go
import polars as pl
import pytest

from charts import overview, palette
from coaching.numbers import SPACE
from tests.charts.drawings import as_dict, colours, notes, texts, title

TODAY = dt.date(2026, 11, 22)
RAVI: dict[str, Any] = {
    "row_id": 11,
    "name": "Ravi Nair",
    "quota_attainment": 0.4,
    "days_since_last_session": 41.0,
    "open_pipeline": 200_000.0,
    "win_rate_count_n": 12.0,
}
SCHEMA = dict.fromkeys(RAVI, pl.Float64) | {"row_id": pl.Int64, "name": pl.String}


def quadrant(*rows: dict[str, Any], pace: float | None = 0.56) -> go.Figure:
    return overview.performance_by_coaching(
        pl.DataFrame([RAVI | row for row in rows], schema=SCHEMA),
        sentence="1 of 2 reps is below the quota to date",
        scope="East, this quarter",
        currency="USD",
        pace_share=pace,
        overdue_days=30,
    )


def points(figure: go.Figure) -> dict[int, dict[str, Any]]:
    """Each rep's point by row id."""
    trace = as_dict(figure)["data"][0]
    marker = trace["marker"]
    return {
        row_id: {
            "x": trace["x"][index],
            "y": trace["y"][index],
            "label": trace["text"][index],
            "hover": trace["hovertext"][index].replace(SPACE, " "),
            "size": marker["size"][index],
            "colour": marker["color"][index],
            "symbol": marker["symbol"][index],
            "opacity": marker["opacity"][index],
        }
        for index, row_id in enumerate(trace["customdata"])
    }


def test_ravi_stands_where_his_session_and_his_attainment_put_him_and_a_click_gives_his_id() -> None:
    ravi = points(quadrant({}))[11]
    assert (ravi["x"], ravi["y"]) == (41.0, 0.4)
    assert ravi["hover"].split("<br>") == [
        "<b>Ravi Nair</b>",
        "40 % of quota won",
        "last session 41 days ago",
        "$200 k in open pipeline",
        "12 closed deals in the period",
    ]


def test_shape_says_the_same_as_colour_so_that_nobody_has_to_tell_colours_apart() -> None:
    found = points(
        quadrant(
            {"row_id": 1},
            {"row_id": 2, "days_since_last_session": 3.0},
            {"row_id": 3, "days_since_last_session": 3.0, "quota_attainment": 0.9},
        )
    )
    assert [(found[i]["symbol"], found[i]["colour"]) for i in (1, 2, 3)] == [
        ("diamond", palette.ALERT),
        ("square", palette.WATCH),
        ("circle", palette.OWN),
    ]


def test_somebody_never_coached_stands_at_never_and_a_very_long_time_at_the_end() -> None:
    found = points(
        quadrant({"row_id": 1, "days_since_last_session": None}, {"row_id": 2, "days_since_last_session": 300.0})
    )
    assert (found[1]["x"], found[2]["x"]) == (overview.NEVER, overview.LONGEST_DAYS)
    assert "no session recorded" in found[1]["hover"]
    assert "last session 300 days ago" in found[2]["hover"]


def test_few_closed_deals_make_a_point_pale_and_more_pipeline_makes_it_larger() -> None:
    found = points(
        quadrant(
            {"row_id": 1, "win_rate_count_n": 2.0},
            {"row_id": 2, "open_pipeline": 50_000.0},
            {"row_id": 3, "open_pipeline": None},
        )
    )
    assert found[1]["opacity"] < found[2]["opacity"]
    assert found[1]["size"] > found[2]["size"] > found[3]["size"]
    assert "open pipeline: no data" in found[3]["hover"]


def test_a_rep_without_a_quota_is_not_drawn_at_zero() -> None:
    assert set(points(quadrant({"row_id": 1}, {"row_id": 2, "quota_attainment": None}))) == {1}


def test_without_any_quota_the_place_stays_empty_and_says_why() -> None:
    figure = quadrant({"quota_attainment": None})
    assert not figure.data
    assert "No rep has a quota" in " ".join(notes(figure)).replace("<br>", " ")


def test_the_quarters_are_named_by_the_situation_and_never_label_a_person() -> None:
    named = {note.replace("<br>", " ").replace(SPACE, " ") for note in notes(quadrant({}))}
    assert named == {
        "on pace, session lately",
        "on pace, no session for 30 days",
        "behind pace, session lately",
        "behind pace, no session for 30 days",
        "pace 56 %",
    }


def test_once_the_period_is_over_the_line_is_the_quota_itself() -> None:
    figure = quadrant({}, pace=None)
    assert "quota" in notes(figure)
    assert figure.layout.shapes[0].y0 == 1.0


def test_names_never_cover_each_other() -> None:
    crowd = [{"row_id": index, "name": f"Rep {index}"} for index in range(30)]
    labelled = [point for point in points(quadrant(*crowd)).values() if point["label"]]
    # Thirty reps on one spot leave room for the four sides of it at most.
    assert 1 <= len(labelled) <= 4


def test_a_name_with_markup_is_shown_and_not_obeyed() -> None:
    figure = quadrant({"name": "<a href='http://127.0.0.1:9'>Ravi</a> & <b>co</b>"})
    written = " ".join(texts(figure))
    assert "<a" not in written
    assert "&lt;a href=" in written


def months(*rows: tuple[float | None, float | None, float | None]) -> pl.DataFrame:
    starts = [dt.date(2026, 12 - len(rows) + index, 1) for index in range(len(rows))]
    ends = [(start.replace(day=28) + dt.timedelta(days=4)).replace(day=1) - dt.timedelta(days=1) for start in starts]
    return pl.DataFrame(
        {
            "period_start": starts,
            "period_end": ends,
            "won_amount": [row[0] for row in rows],
            "quota": [row[1] for row in rows],
            "quota_attainment": [row[0] / row[1] if row[0] is not None and row[1] else None for row in rows],
            "won_count": [row[2] for row in rows],
        },
        schema_overrides=dict.fromkeys(("won_amount", "quota", "quota_attainment", "won_count"), pl.Float64),
    )


def won(periods: pl.DataFrame) -> go.Figure:
    return overview.won_by_period(
        periods, sentence="Sep was the best", scope="East", currency="USD", every="month", as_of=TODAY
    )


def test_bars_start_at_zero_the_running_month_is_pale_and_the_quota_is_named_on_its_line() -> None:
    figure = won(months((30_000.0, 40_000.0, 3.0), (50_000.0, 40_000.0, 5.0), (10_000.0, 40_000.0, 1.0)))
    bars, quota = as_dict(figure)["data"]
    assert list(bars["y"]) == [30_000.0, 50_000.0, 10_000.0]
    assert bars["marker"]["opacity"][2] < bars["marker"]["opacity"][1]
    assert list(quota["y"]) == [40_000.0] * 3
    assert "quota" in notes(figure)
    assert figure.layout.yaxis.range[0] == 0
    hover = bars["hovertext"][1].replace(SPACE, " ")
    assert hover.split("<br>") == ["<b>Oct</b>", "$50 k won, 125 % of $40 k", "5 deals won"]


def test_a_month_without_data_keeps_its_place_and_does_not_become_zero() -> None:
    figure = won(months((None, None, None), (50_000.0, None, 5.0)))
    assert list(as_dict(figure)["data"][0]["y"]) == [None, 50_000.0]
    assert figure.layout.xaxis.categoryarray == ("0", "1")
    assert len(figure.data) == 1


@pytest.mark.parametrize("amount", [None, 0.0])
def test_a_span_without_any_win_is_an_empty_labelled_space(amount: float | None) -> None:
    figure = won(months((amount, 40_000.0, 0.0)))
    assert not figure.data
    assert notes(figure) == ["No amount was won in this span."]


def test_two_novembers_in_one_figure_stay_two_bars() -> None:
    starts = [dt.date(2025 + (10 + index) // 12, (10 + index) % 12 + 1, 1) for index in range(13)]
    frame = pl.DataFrame(
        {"period_start": starts, "period_end": starts, "won_amount": [1.0] * 13, "won_count": [1.0] * 13}
    ).with_columns(pl.lit(None, pl.Float64).alias("quota"), pl.lit(None, pl.Float64).alias("quota_attainment"))
    figure = won(frame)
    assert len(set(as_dict(figure)["data"][0]["x"])) == 13
    # The year stands where it changes; at the start it would touch the next one.
    assert [name for name in figure.layout.xaxis.ticktext if "<br>" in name] == ["Jan<br>2026"]


def compared(*rows: dict[str, Any], key: str = "quota_attainment", **more: Any) -> go.Figure:
    east = {"row_id": 1, "name": "East", "people_count": 6.0, "value": 0.4, "before": 0.5}
    return overview.teams_compared(
        pl.DataFrame([east | row for row in rows], infer_schema_length=None),
        sentence="Attainment by team",
        scope="Company",
        key=key,
        currency="USD",
        before_words="the period before",
        **more,
    )


def test_teams_stand_in_the_order_given_with_the_period_before_as_a_tick() -> None:
    figure = compared({}, {"row_id": 2, "name": "West", "value": 0.6})
    bars, before = as_dict(figure)["data"]
    # Plotly draws the first category at the bottom.
    assert list(figure.layout.yaxis.ticktext) == ["West", "East"]
    assert list(bars["x"]) == [0.6, 0.4]
    assert list(before["x"]) == [0.5, 0.5]
    assert bars["hovertext"][1].replace(SPACE, " ").split("<br>") == [
        "<b>East</b> (6 people)",
        "Quota attainment: 40 %",
        "the period before: 50 %",
    ]


def test_two_teams_of_one_name_stay_two_bars() -> None:
    figure = compared({}, {"row_id": 2, "value": 0.6})
    assert len(set(as_dict(figure)["data"][0]["y"])) == 2


def test_a_counted_share_draws_its_interval() -> None:
    figure = compared({"low": 0.3, "high": 0.55}, key="win_rate_count")
    error = as_dict(figure)["data"][0]["error_x"]
    assert list(error["array"]) == pytest.approx([0.15])
    assert list(error["arrayminus"]) == pytest.approx([0.1])


def test_a_team_without_data_is_left_out_and_none_at_all_leaves_a_labelled_space() -> None:
    figure = compared({}, {"row_id": 2, "name": "West", "value": None})
    assert list(figure.layout.yaxis.ticktext) == ["East"]
    assert not compared({"value": None}).data


def test_every_figure_takes_its_colours_from_the_palette() -> None:
    known = {*palette.CATEGORIES, *palette.SEQUENTIAL, palette.TEXT, palette.MUTED, palette.PAPER, palette.GRID}
    for figure in (quadrant({}), won(months((1.0, 1.0, 1.0))), compared({})):
        assert colours(figure) <= known


def test_a_long_title_is_broken_into_lines_that_fit_a_phone_and_the_plot_makes_room() -> None:
    long = "27 of 36 reps are below the quota to date and without a session for 30 days in the whole of the region"
    figure = overview.won_by_period(
        months((1.0, 1.0, 1.0)), sentence=long, scope="East", currency="USD", every="month", as_of=TODAY
    )
    lines = figure.layout.title.text.split("<br>")
    assert max(len(line) for line in lines) <= 48
    assert title(figure) == long
    assert figure.layout.margin.t >= 20 * len(lines)
    assert 0 < figure.layout.title.y <= 1
