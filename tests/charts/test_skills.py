"""The figures of skills, looked at without a browser."""

from __future__ import annotations

import datetime as dt
from typing import Any

import plotly.graph_objects as go
import polars as pl

from charts import palette, skills
from coaching import frames, skill_words
from tests.charts.drawings import as_dict, colours, notes, texts

AS_OF = dt.date(2026, 11, 20)
SKILLS = pl.DataFrame(
    {
        "skill_id": [7, 8, 9],
        "slug": ["discovery", "next_steps", "opening"],
        "name": ["Finding out <b>what</b> matters", "Agreeing the next step", "Opening"],
        "position": [0, 1, 2],
    },
    schema=frames.SKILLS,
)
GROWN = {"growth": 1.5, "growth_low": 0.4, "growth_high": 2.6, "growth_n": 8}


def cell(row_id: int, name: str, skill_id: int, level: float | None, **more: Any) -> dict[str, Any]:
    empty = dict.fromkeys(skill_words.CELLS)
    known = {"n": 3, "last_on": dt.date(2026, 11, 1), "version_count": 1} if level is not None else {}
    return {**empty, "row_id": row_id, "name": name, "skill_id": skill_id, "level": level, **known, **more}


def drawn(*rows: dict[str, Any], **more: Any) -> go.Figure:
    cells = pl.DataFrame(list(rows), schema=skill_words.CELLS, orient="row")
    words: dict[str, Any] = {"sentence": "Some are competent", "scope": "East", "as_of": AS_OF}
    return skills.heatmap(cells, SKILLS, **words | more)


def traces(figure: go.Figure) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = as_dict(figure)["data"]
    return found


def test_firm_levels_pale_ones_and_missing_ones_are_told_apart_and_none_is_a_zero() -> None:
    figure = drawn(
        cell(1, "Ravi", 7, 62.0, **GROWN),
        cell(1, "Ravi", 8, 40.0, n=1),
        cell(1, "Ravi", 9, None),
        cell(2, "Rosa", 7, 55.0, last_on=dt.date(2026, 8, 1)),
        cell(2, "Rosa", 8, 0.0),
        cell(2, "Rosa", 9, 20.0, last_on=dt.date(2026, 8, 22)),
    )
    firm, pale, written, bracketed, missing = traces(figure)
    assert firm["z"] == [[62.0, None, None], [None, 0.0, 20.0]]
    assert pale["z"] == [[None, 40.0, None], [55.0, None, None]]
    assert pale["opacity"] < firm["opacity"] == 1.0
    assert [text.replace("\u00a0", " ") for text in written["text"]] == ["62 ↑", "0", "20"]
    assert bracketed["text"] == ["(40)", "(55)"]
    assert (missing["x"], missing["y"]) == ([2], [0])
    assert "no score" in missing["hovertext"][0]
    assert firm["zmin"] == 0
    assert firm["zmax"] == 100


def test_the_hover_says_level_n_age_and_growth_in_a_sentence() -> None:
    hover = traces(drawn(cell(1, "Ravi", 7, 62.0, low=41.0, high=83.0, **GROWN)))[0]["hovertext"][0][0]
    lines = hover.replace("\u00a0", " ").split("<br>")
    assert lines == [
        "<b>Ravi</b>, Finding out &lt;b&gt;what&lt;/b&gt; matters",
        "level 62 of 100 (95 % interval 41–83)",
        "n = 3 scores",
        "last score 1 Nov 2026, 19 days ago",
        "growth +1.5 a month, 0.4 to 2.6 (growing), n = 8",
    ]


def test_teams_are_pale_by_their_reps_and_hold_no_age() -> None:
    figure = drawn(
        cell(1, "East", 7, 62.0, n=5, last_on=None), cell(1, "East", 8, 62.0, n=4, last_on=None), of_teams=True
    )
    firm, pale = traces(figure)[:2]
    assert firm["z"][0][0] == 62.0
    assert pale["z"][0][1] == 62.0
    assert "n = 5 reps" in firm["hovertext"][0][0].replace("\u00a0", " ")
    assert "last score" not in " ".join(texts(figure))


def test_two_people_of_one_name_keep_a_row_each_and_rows_stand_in_the_order_given() -> None:
    figure = drawn(cell(5, "Kim", 7, 10.0), cell(4, "Kim", 7, 90.0))
    assert [row[0] for row in traces(figure)[0]["z"]] == [10.0, 90.0]
    assert [name.strip() for name in figure.layout.yaxis.ticktext] == ["Kim", "Kim"]


def test_without_any_score_the_place_is_empty_and_says_so() -> None:
    for figure in (
        drawn(cell(1, "Ravi", 7, None)),
        drawn(),
        skills.strengths(
            skill_words.spreads(pl.DataFrame(schema=skill_words.CELLS), SKILLS), sentence="x", scope="", low_words=""
        ),
        skills.growth(skill_words.total_cells({}, SKILLS), sentence="x", scope=""),
        skills.leniency(pl.DataFrame(schema={**frames.RATERS, "name": pl.String}), sentence="x", scope=""),
    ):
        assert not figure.data
        assert notes(figure)


def totals(**more: float) -> pl.DataFrame:
    return skill_words.total_cells(more, SKILLS)


def test_skills_keep_colour_and_mark_by_their_place_on_the_scorecard() -> None:
    looks = [skills.look(position) for position in range(15)]
    assert len({(look.colour, look.dash, look.symbol) for look in looks}) == 15
    assert skills.look(0).colour == skills.look(5).colour
    assert skills.look(0).symbol != skills.look(5).symbol
    assert {look.colour for look in looks} == set(palette.SKILLS)
    values = {
        f"skill_growth:{slug}{end}": value
        for slug in SKILLS["slug"]
        for end, value in {"": 1.0, "_low": 0.5, "_high": 1.5, "_n": 6.0}.items()
    }
    growth = skills.growth(skill_words.total_cells(values, SKILLS), sentence="Grows", scope="East")
    dots = [trace for trace in traces(growth) if trace["mode"] == "markers"]
    assert [dot["marker"]["color"] for dot in dots] == [skills.look(n).colour for n in range(3)]


def test_growth_that_is_not_clear_is_pale_and_zero_is_always_in_the_picture() -> None:
    found = totals(
        **{
            "skill_growth:discovery": 1.5,
            "skill_growth:discovery_low": 1.2,
            "skill_growth:discovery_high": 1.8,
            "skill_growth:discovery_n": 6.0,
            "skill_growth:opening": 0.9,
            "skill_growth:opening_low": -1.3,
            "skill_growth:opening_high": 3.1,
            "skill_growth:opening_n": 6.0,
        }
    )
    figure = skills.growth(found, sentence="Grows", scope="East")
    dots = [trace for trace in traces(figure) if trace["mode"] == "markers"]
    assert [dot["marker"]["opacity"] for dot in dots] == [1.0, 0.45]
    low, high = figure.layout.xaxis.range
    assert low < 0 < high
    assert low <= -1.3
    assert high >= 3.1


def test_raters_stand_by_name_with_their_interval_and_one_without_comparison_has_no_dot() -> None:
    raters = pl.DataFrame(
        {
            "observer_id": [2, 1, 3],
            "leniency": [6.0, -4.0, None],
            "leniency_low": [1.0, -9.0, None],
            "leniency_high": [11.0, 1.0, None],
            "score_count": [40, 30, 5],
            "shared_count": [20, 15, 0],
            "name": ["Omar", "Maya", "Zoë"],
        },
        schema={**frames.RATERS, "name": pl.String},
    )
    figure = skills.leniency(raters, sentence="1 of 2 raters", scope="")
    dots = traces(figure)[0]
    assert list(figure.layout.yaxis.ticktext) == ["Maya", "Omar", "Zoë"]
    assert (dots["x"], dots["y"]) == ([-4.0, 6.0], [0, 1])
    assert dots["error_x"]["array"] == [5.0, 5.0]
    assert "4 points less than others do" in dots["hovertext"][0].replace("\u00a0", " ")
    assert "nobody to compare with yet" in notes(figure)


def path(*points: tuple[int, float, float, bool], **more: Any) -> go.Figure:
    frame = pl.DataFrame(
        [
            {
                "observation_id": number,
                "observed_on": dt.date(2026, 1, 1) + dt.timedelta(days=day),
                "scaled": value,
                "level_after": level,
                "level_n": min(number, 3),
                "observer_name": "Maya <i>",
                "channel": "role_play",
                "after_own_coaching": own,
            }
            for number, (day, value, level, own) in enumerate(points, start=1)
        ]
    )
    words: dict[str, Any] = {
        "sentence": "Opening: novice, 42",
        "position": 6,
        "first": dt.date(2026, 1, 1),
        "last": AS_OF,
    }
    return skills.path(frame, **words | more)


def test_a_path_is_a_dot_per_score_with_date_and_coach_and_hollow_after_the_coachs_own_session() -> None:
    line, dots = traces(path((0, 0.0, 0.0, False), (40, 50.0, 25.0, True)))
    assert list(line["y"]) == [0.0, 25.0]
    assert line["line"]["dash"] == skills.look(6).dash
    assert list(dots["y"]) == [0.0, 50.0]
    assert dots["marker"]["symbol"] == ["diamond", "diamond-open"]
    hover = dots["hovertext"][1].replace("\u00a0", " ")
    assert "10 Feb 2026" in hover
    assert "Maya &lt;i&gt;" in hover
    assert "role play" in hover
    assert "level then 25 (n = 2)" in hover


def test_the_start_of_a_plan_and_a_new_scorecard_are_marked_where_they_lie_in_the_span() -> None:
    figure = path(
        (0, 0.0, 0.0, False),
        plans=[dt.date(2025, 6, 1), dt.date(2026, 3, 1)],
        versions=[dt.date(2026, 5, 1)],
    )
    assert notes(figure) == ["plan", "new scorecard"]
    lines = [shape for shape in figure.layout.shapes if shape.x0 == shape.x1]
    assert [line.x0 for line in lines] == ["2026-03-01", "2026-05-01"]
    levels = [shape.y0 for shape in figure.layout.shapes if shape.y0 == shape.y1]
    assert levels == [50.0, 87.5]


def test_every_figure_takes_its_colours_from_the_palette() -> None:
    known = {*palette.CATEGORIES, *palette.SEQUENTIAL, palette.TEXT, palette.MUTED, palette.PAPER, palette.GRID}
    for figure in (drawn(cell(1, "Ravi", 7, 62.0, **GROWN)), path((0, 0.0, 0.0, False))):
        assert colours(figure) <= known
        assert "nan" not in " ".join(texts(figure)).casefold()
