"""Figures of skills: the heatmap of levels, strengths and gaps, growth, raters' leniency, one rep's path in a skill.

Frames in, figures out; nothing is summed here. Skills keep their colour on every page (``look``), reps never have one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go
import polars as pl

from charts import canvas, palette
from coaching import numbers, skills
from coaching import skill_words as words

ROW_HEIGHT = 27
STATE_LINES = {skills.COMPETENT: "competent", skills.MASTERY: "mastery"}
SCALE = palette.SEQUENTIAL[:5]
"""Only shades on which the theme's text can be read; the number in the cell says the rest."""
PATH_HEIGHT = 226
FEWEST_SCORES, FEWEST_REPS = 2, 5
"""Cells with fewer behind them are pale."""


@dataclass(frozen=True)
class Look:
    """How a skill is drawn everywhere."""

    colour: str
    dash: str
    symbol: str


def look(position: int) -> Look:
    """The look of the skill at this place of the scorecard: five colours, then the same ones dashed and as diamonds."""
    turn, place = divmod(position, len(palette.SKILLS))
    turn = turn % 3
    return Look(palette.SKILLS[place], ("solid", "dash", "dot")[turn], ("circle", "diamond", "square")[turn])


# ---- Heatmap -------------------------------------------------------------------------------------------------------


def heatmap(
    cells: pl.DataFrame, skill_list: pl.DataFrame, *, sentence: str, scope: str, as_of: dt.date, of_teams: bool = False
) -> go.Figure:
    """Levels of every row (rep or team) and skill. ``cells``: skill_words.CELLS; null level = a ring, never a zero.

    Pale and in brackets: one score only (a team: fewer than five reps), or the last one is older than 90 days.
    """
    names = cells.select("row_id", "name").unique("row_id", keep="first", maintain_order=True)
    if names.is_empty() or cells["level"].drop_nulls().is_empty():
        return go.Figure(data=[], layout=canvas.empty(sentence, scope, "No score by somebody else has been released."))
    row_of = {row_id: place for place, row_id in enumerate(names["row_id"])}
    column_of = dict(skill_list.select("skill_id", "position").iter_rows())
    name_of = dict(skill_list.select("skill_id", "name").iter_rows())
    shape = (len(row_of), len(column_of))
    firm, pale = _Layer(shape), _Layer(shape)
    missing: list[tuple[int, int, str]] = []
    for row in cells.iter_rows(named=True):
        y, x = row_of[row["row_id"]], column_of[row["skill_id"]]
        hover = _cell_in_words(row, name_of[row["skill_id"]], as_of, of_teams)
        if row["level"] is None:
            missing.append((x, y, hover))
            continue
        thin = _is_thin(row, as_of, of_teams)
        (pale if thin else firm).put(x, y, row["level"], _cell_text(row, thin), hover)
    data = [
        firm.trace(1.0),
        pale.trace(0.35),
        firm.written() | {"textfont": {"size": canvas.SMALL, "color": palette.TEXT}},
        pale.written() | {"textfont": {"size": canvas.SMALL, "color": palette.TEXT, "style": "italic"}},
        {
            "type": "scatter",
            "mode": "markers",
            "x": [x for x, _, _ in missing],
            "y": [y for _, y, _ in missing],
            "marker": {"symbol": "circle-open", "size": 6, "color": palette.MUTED, "line": {"width": 1}},
            "hovertext": [hover for _, _, hover in missing],
            "hoverinfo": "text",
        },
    ]
    # Room for the skills' names also where they have to stand upright.
    top = canvas.title_height(sentence) + 40
    return go.Figure(
        data=data,
        layout=canvas.layout(
            sentence,
            scope,
            height=top + 16 + ROW_HEIGHT * max(shape[0], 2),
            margin={"l": 8, "r": 12, "t": top, "b": 8},
            xaxis=canvas.axis(
                side="top",
                range=[-0.5, shape[1] - 0.5],
                tickvals=list(range(shape[1])),
                ticktext=[canvas.text(words.short_name(slug), 18) for slug in skill_list["slug"]],
                # Upright where the columns are too narrow, never aslant over the title.
                autotickangles=[0, -90],
            ),
            yaxis=canvas.axis(
                range=[shape[0] - 0.5, -0.5],
                tickvals=list(range(shape[0])),
                ticktext=[canvas.text(name, 22) + numbers.SPACE for name in names["name"]],
            ),
        ),
    )


class _Layer:
    """Cells of one strength: the others stay empty."""

    def __init__(self, shape: tuple[int, int]) -> None:
        rows, columns = shape
        self.z: list[list[float | None]] = [[None] * columns for _ in range(rows)]
        self.text = [[""] * columns for _ in range(rows)]
        self.hover = [[""] * columns for _ in range(rows)]

    def put(self, x: int, y: int, level: float, text: str, hover: str) -> None:
        self.z[y][x], self.text[y][x], self.hover[y][x] = level, text, hover

    def written(self) -> dict[str, Any]:
        """The numbers: a trace of their own, so that paleness never makes them hard to read."""
        places = [(x, y) for y, row in enumerate(self.z) for x, level in enumerate(row) if level is not None]
        return {
            "type": "scatter",
            "mode": "text",
            "x": [x for x, _ in places],
            "y": [y for _, y in places],
            "text": [self.text[y][x] for x, y in places],
            "hoverinfo": "skip",
        }

    def trace(self, opacity: float) -> dict[str, Any]:
        """The shades."""
        rows, columns = len(self.z), len(self.z[0])
        return {
            "type": "heatmap",
            "x": list(range(columns)),
            "y": list(range(rows)),
            "z": self.z,
            "zmin": 0,
            "zmax": 100,
            "colorscale": [[place / (len(SCALE) - 1), shade] for place, shade in enumerate(SCALE)],
            "showscale": False,
            "xgap": 2,
            "ygap": 2,
            "opacity": opacity,
            "hovertext": self.hover,
            "hoverinfo": "text",
            "hoverongaps": False,
        }


def _is_thin(row: dict[str, Any], as_of: dt.date, of_teams: bool) -> bool:
    if of_teams:
        return bool(row["n"] < FEWEST_REPS)
    return bool(row["n"] < FEWEST_SCORES or (as_of - row["last_on"]).days > skills.OLD_DAYS)


def _cell_text(row: dict[str, Any], thin: bool) -> str:
    value = words.level(row["level"])
    arrow = words.ARROWS.get(skills.direction(row["growth_low"], row["growth_high"]), "")
    return (f"({value})" if thin else value) + (f"{numbers.SPACE}{arrow}" if arrow else "")


def _cell_in_words(row: dict[str, Any], skill: str, as_of: dt.date, of_teams: bool) -> str:
    head = f"<b>{canvas.text(row['name'], 40)}</b>, {canvas.text(skill, 40)}"
    if row["level"] is None:
        none = "no level that speaks of five reps" if of_teams else "no score by somebody else yet"
        return canvas.hover([head, none])
    interval = words.spread(row["low"], row["high"])
    behind = numbers.plural(row["n"], "rep" if of_teams else "score")
    grown = words.growth(row["growth"], row["growth_low"], row["growth_high"])
    course = words.GROWTH_WORDS[skills.direction(row["growth_low"], row["growth_high"])]
    age = ""
    if row["last_on"] is not None:
        age = f"last score {numbers.day(row['last_on'])}, {numbers.ago(row['last_on'], as_of)}"
    return canvas.hover(
        [
            head,
            f"level {words.level(row['level'])} of 100" + (f" (95 % interval {interval})" if interval else ""),
            f"n = {behind}",
            age,
            f"growth {grown} ({course}), n = {numbers.count(row['growth_n'])}" if grown else f"growth {course}",
            "given on two versions of the scorecard" if (row["version_count"] or 1) > 1 else "",
        ]
    )


# ---- Strengths, growth, raters ---------------------------------------------------------------------------------------


def strengths(rows: pl.DataFrame, *, sentence: str, scope: str, low_words: str) -> go.Figure:
    """A line per skill in the order of the scorecard: middle, and low to high as a bar. ``rows``: skill_words.spreads.

    ``low_words`` says what the bar is, such as "half of the reps".
    """
    drawn = rows.filter(pl.col("middle").is_not_null()).sort("position")
    if drawn.is_empty():
        return go.Figure(data=[], layout=canvas.empty(sentence, scope, "No score by somebody else has been released."))
    data = []
    for row in drawn.iter_rows(named=True):
        hover = canvas.hover(
            [
                f"<b>{canvas.text(row['name'], 40)}</b>",
                f"{words.level(row['middle'])} of 100"
                + (f", {low_words} {row['low']:.0f}{numbers.DASH}{row['high']:.0f}" if row["low"] is not None else ""),
                f"n = {numbers.plural(row['n'], 'rep')}",
            ]
        )
        data += _whisker(row, row["middle"], row["low"], row["high"], hover, thin=row["n"] < FEWEST_REPS, width=6)
    lines = [_vertical(level) for level in STATE_LINES]
    names = [
        canvas.note(name, x=level, y=1, yref="paper", yanchor="bottom", xanchor="center", yshift=1)
        for level, name in STATE_LINES.items()
    ]
    ticks = {"tickvals": [0, 25, 50, 75, 100], "ticktext": ["0", "25", "50", "75", "100"], "range": [-2, 103]}
    return _by_skill(data, drawn, sentence, scope, "level", ticks, lines, names)


def growth(rows: pl.DataFrame, *, sentence: str, scope: str) -> go.Figure:
    """Points a month per skill with the 95 % interval. ``rows``: skill_words.total_cells; unclear ones are pale."""
    drawn = rows.filter(pl.col("growth").is_not_null()).sort("position")
    if drawn.is_empty():
        nothing = "Growth needs four released scores over 60 days."
        return go.Figure(data=[], layout=canvas.empty(sentence, scope, nothing))
    data = []
    for row in drawn.iter_rows(named=True):
        course = skills.direction(row["growth_low"], row["growth_high"])
        hover = canvas.hover(
            [
                f"<b>{canvas.text(row['name'], 40)}</b>",
                f"{words.growth(row['growth'], row['growth_low'], row['growth_high'])} ({words.GROWTH_WORDS[course]})",
                f"n = {numbers.plural(round(row['growth_n']), 'rep')}",
            ]
        )
        data += _whisker(row, row["growth"], row["growth_low"], row["growth_high"], hover, thin=course == "unclear")
    reach = max(1.0, *(abs(value) for name in ("growth_low", "growth_high") for value in drawn[name]))
    step = 0.5 if reach <= 2 else 1.0 if reach <= 5 else 5.0
    values = [index * step for index in range(-int(reach // step) - 1, int(reach // step) + 2)]
    low, high = min(0.0, *drawn["growth_low"]) - step / 4, max(0.0, *drawn["growth_high"]) + step / 4
    ticks = {
        "tickvals": values,
        "ticktext": [f"{value:+g}".replace("-", numbers.MINUS) if value else "0" for value in values],
        "range": [low, high],
    }
    return _by_skill(data, drawn, sentence, scope, "points a month", ticks, [_vertical(0.0)], [])


def _by_skill(
    data: list[dict[str, Any]],
    rows: pl.DataFrame,
    sentence: str,
    scope: str,
    axis_name: str,
    ticks: dict[str, Any],
    lines: list[dict[str, Any]],
    names: list[dict[str, Any]],
) -> go.Figure:
    places = rows["position"].to_list()
    return go.Figure(
        data=data,
        layout=canvas.layout(
            sentence,
            scope,
            height=canvas.title_height(sentence) + 80 + 30 * len(places),
            margin={"l": 8, "r": 12, "t": canvas.title_height(sentence) + 14, "b": 8},
            xaxis=canvas.axis(axis_name, **ticks, showgrid=True, gridcolor=palette.GRID),
            yaxis=canvas.axis(
                range=[max(places) + 0.6, min(places) - 0.6],
                tickvals=places,
                ticktext=[canvas.text(words.short_name(slug), 18) for slug in rows["slug"]],
            ),
            shapes=lines,
            annotations=names,
        ),
    )


def _whisker(
    row: dict[str, Any],
    value: float,
    low: float | None,
    high: float | None,
    hover: str,
    *,
    thin: bool,
    width: float = 2,
) -> list[dict[str, Any]]:
    own, y = look(row["position"]), row["position"]
    traces: list[dict[str, Any]] = []
    if low is not None and high is not None:
        traces.append(
            {
                "type": "scatter",
                "mode": "lines",
                "x": [low, high],
                "y": [y, y],
                "line": {"color": own.colour, "width": width},
                "opacity": 0.35 if width > 2 else 0.8,
                "hoverinfo": "skip",
            }
        )
    traces.append(
        {
            "type": "scatter",
            "mode": "markers",
            "x": [value],
            "y": [y],
            "marker": {
                "symbol": own.symbol,
                "size": 12,
                "color": own.colour,
                "opacity": 0.45 if thin else 1.0,
                "line": {"width": 1, "color": palette.PAPER},
            },
            "hovertext": [hover],
            "hoverinfo": "text",
            "cliponaxis": False,
        }
    )
    return traces


def _vertical(value: float) -> dict[str, Any]:
    return {
        "type": "line",
        "x0": value,
        "x1": value,
        "yref": "paper",
        "y0": 0,
        "y1": 1,
        "line": {"color": palette.TEXT, "width": 1, "dash": "dot"},
        "layer": "below",
    }


def leniency(raters: pl.DataFrame, *, sentence: str, scope: str) -> go.Figure:
    """How much more (+) or less each rater gives the same reps, with the 95 % interval; by name. ``raters``: RATERS.

    A rater with whom nobody can be compared is named without a dot.
    """
    if raters.is_empty() or raters["leniency"].drop_nulls().is_empty():
        nothing = "Nobody else has scored the same reps and skills yet."
        return go.Figure(data=[], layout=canvas.empty(sentence, scope, nothing, height=240))
    rows = raters.sort("name", "observer_id").to_dicts()
    known = [(place, row) for place, row in enumerate(rows) if row["leniency"] is not None]
    reach = max(10.0, *(max(abs(row["leniency_low"]), abs(row["leniency_high"])) for _, row in known)) * 1.08
    trace = {
        "type": "scatter",
        "mode": "markers",
        "x": [row["leniency"] for _, row in known],
        "y": [place for place, _ in known],
        "marker": {"size": 10, "color": palette.OWN},
        "error_x": canvas.whiskers([row for _, row in known], "leniency", "leniency_low", "leniency_high"),
        "hovertext": [_rater_in_words(row) for _, row in known],
        "hoverinfo": "text",
    }
    alone = [
        canvas.note("nobody to compare with yet", x=0, y=place, xanchor="left", yanchor="middle", xshift=6)
        for place, row in enumerate(rows)
        if row["leniency"] is None
    ]
    step = 5 if reach <= 20 else 10 if reach <= 50 else 25
    values = [step * index for index in range(-int(reach // step), int(reach // step) + 1)]
    ends = [
        canvas.note(name, xref="paper", x=x, xanchor=anchor, yref="paper", y=1, yanchor="bottom", yshift=1)
        for name, x, anchor in (("gives less", 0, "left"), ("gives more", 1, "right"))
    ]
    return go.Figure(
        data=[trace],
        layout=canvas.layout(
            sentence,
            scope,
            height=canvas.title_height(sentence) + 84 + ROW_HEIGHT * max(len(rows), 2),
            margin={"l": 8, "r": 12, "t": canvas.title_height(sentence) + 14, "b": 8},
            xaxis=canvas.axis(
                "points of 100, against others on the same reps",
                range=[-reach, reach],
                tickvals=values,
                ticktext=[f"{value:+d}".replace("-", numbers.MINUS) if value else "0" for value in values],
                showgrid=True,
                gridcolor=palette.GRID,
            ),
            yaxis=canvas.axis(
                range=[len(rows) - 0.4, -0.6],
                tickvals=list(range(len(rows))),
                ticktext=[canvas.text(row["name"], 24) for row in rows],
            ),
            shapes=[_vertical(0.0)],
            annotations=[*ends, *alone],
        ),
    )


def _rater_in_words(row: dict[str, Any]) -> str:
    size = f"{abs(row['leniency']):.0f}"
    side = "as much as" if size == "0" else f"{size} points {'more' if row['leniency'] > 0 else 'less'} than"
    low, high = (f"{row[name]:+.0f}".replace("-", numbers.MINUS) for name in ("leniency_low", "leniency_high"))
    return canvas.hover(
        [
            f"<b>{canvas.text(row['name'], 40)}</b>",
            f"gives {side} others do on the same reps (95 % interval {low} to {high})",
            f"n = {numbers.plural(row['score_count'], 'score')}, {numbers.count(row['shared_count'])} of them on skills"
            " somebody else scored too",
        ]
    )


# ---- One rep in one skill ------------------------------------------------------------------------------------------


def path(
    points: pl.DataFrame,
    *,
    sentence: str,
    position: int,
    first: dt.date,
    last: dt.date,
    plans: Sequence[dt.date] = (),
    versions: Sequence[dt.date] = (),
) -> go.Figure:
    """A dot per score and the level as a line, between the lines of competent and mastery.

    ``points``: observed_on, scaled, observer_name, channel, after_own_coaching, level_after, level_n. The same span of
    time in every skill's figure: ``first`` to ``last``. Plans' starts and new versions of the scorecard are marked.
    """
    own, rows = look(position), points.sort("observed_on", "observation_id").to_dicts()
    days = [row["observed_on"].isoformat() for row in rows]
    data = [
        {
            "type": "scatter",
            "mode": "lines",
            "x": days,
            "y": [row["level_after"] for row in rows],
            "line": {"color": own.colour, "width": 2.5, "shape": "hv", "dash": own.dash},
            "hoverinfo": "skip",
        },
        {
            "type": "scatter",
            "mode": "markers",
            "x": days,
            "y": [row["scaled"] for row in rows],
            "marker": {
                "size": 8,
                "color": own.colour,
                "symbol": [own.symbol + ("-open" if row["after_own_coaching"] else "") for row in rows],
                "line": {"width": 1.5, "color": own.colour},
            },
            "hovertext": [_score_in_words(row) for row in rows],
            "hoverinfo": "text",
            "cliponaxis": False,
        },
    ]
    room = dt.timedelta(days=max((last - first).days // 40, 2))
    marks = [(on, "plan") for on in plans if first <= on <= last]
    marks += [(on, "new scorecard") for on in versions if first <= on <= last]
    return go.Figure(
        data=data,
        layout=canvas.layout(
            sentence,
            height=PATH_HEIGHT,
            title=canvas.title(sentence, "", PATH_HEIGHT) | {"font": {"size": 13}},
            margin={"l": 4, "r": 8, "t": 46 if len(sentence) <= canvas.TITLE_WIDTH else 64, "b": 4},
            xaxis=canvas.axis(
                type="date",
                range=[(first - room).isoformat(), (last + room).isoformat()],
                tickformat="%b\n%Y",
                tickangle=0,
                nticks=4,
            ),
            yaxis=canvas.axis(range=[-6, 106], tickvals=[0, *STATE_LINES], ticktext=["0", "50", "87.5"]),
            shapes=[
                *(_horizontal(level) for level in STATE_LINES),
                *(
                    canvas.vertical_line(on, layer="below", line={"color": palette.MUTED, "width": 1, "dash": dash})
                    for on, name in marks
                    for dash in [("dash" if name == "plan" else "dot")]
                ),
            ],
            annotations=[
                canvas.note(
                    name,
                    x=on.isoformat(),
                    yref="paper",
                    y=1,
                    yanchor="bottom",
                    xanchor="center",
                    font={"size": 11, "color": palette.MUTED},
                )
                for on, name in marks
            ],
        ),
    )


def _horizontal(value: float) -> dict[str, Any]:
    return {
        "type": "line",
        "xref": "paper",
        "x0": 0,
        "x1": 1,
        "y0": value,
        "y1": value,
        "line": {"color": palette.GRID, "width": 1},
        "layer": "below",
    }


def _score_in_words(row: dict[str, Any]) -> str:
    channel = (row["channel"] or "").replace("_", " ")
    return canvas.hover(
        [
            f"<b>{numbers.day(row['observed_on'])}</b>, {canvas.text(row['observer_name'], 40)}",
            f"score {words.level(row['scaled'])} of 100" + (f", {canvas.text(channel, 20)}" if channel else ""),
            f"level then {words.level(row['level_after'])} (n = {row['level_n']})",
            "after this coach's own session on the skill" if row["after_own_coaching"] else "",
        ]
    )
