"""The figure of one rep over time, looked at without a browser."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

import plotly.graph_objects as go
import polars as pl

from charts import palette, progress, trends
from coaching import frames
from coaching.numbers import SPACE
from tests.charts.drawings import as_dict, colours, notes, texts

AS_OF = dt.date(2026, 11, 22)
NO_PEERS = pl.DataFrame(
    schema={"period_start": pl.Date, "median": pl.Float64, "top_quartile": pl.Float64, "n": pl.Int64}
)
NO_EVENTS = frames.empty(frames.COACHING_EVENTS)


def line(*values: float | None, n: float = 20.0, shares: bool = True) -> pl.DataFrame:
    starts = [dt.date(2026, 12 - len(values) + index, 1) for index in range(len(values))]
    ends = [(start.replace(day=28) + dt.timedelta(days=4)).replace(day=1) - dt.timedelta(days=1) for start in starts]
    frame = pl.DataFrame(
        {"period_start": starts, "period_end": ends, "value": list(values)}, schema_overrides={"value": pl.Float64}
    )
    if not shares:
        return frame
    known = pl.col("value").is_not_null()
    return frame.with_columns(
        pl.when(known).then(pl.col("value") - 0.1).alias("low"),
        pl.when(known).then(pl.col("value") + 0.1).alias("high"),
        pl.lit(n).alias("n"),
    )


def drawn(
    own: pl.DataFrame, peers: pl.DataFrame = NO_PEERS, events: pl.DataFrame = NO_EVENTS, **more: Any
) -> go.Figure:
    words: dict[str, Any] = {
        "sentence": "Win rate was 30 %",
        "scope": "Ravi Nair",
        "key": "win_rate_count",
        "currency": "USD",
        "every": "month",
        "as_of": AS_OF,
    }
    return progress.over_time(own, peers, events, **(words | more))


def traces(figure: go.Figure) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = as_dict(figure)["data"]
    return found


def test_each_value_stands_at_the_end_of_its_month_and_the_running_one_at_the_as_of_date() -> None:
    own = traces(drawn(line(0.2, 0.3)))[0]
    assert list(own["x"]) == ["2026-10-31", "2026-11-22"]
    assert list(own["y"]) == [0.2, 0.3]


def test_a_month_without_data_is_a_gap_and_never_a_zero() -> None:
    own = traces(drawn(line(0.2, None, 0.3)))[0]
    assert list(own["y"]) == [0.2, None, 0.3]
    assert own["connectgaps"] is False


def test_the_interval_is_drawn_and_few_cases_are_pale() -> None:
    enough, few = traces(drawn(line(0.2, 0.3)))[0], traces(drawn(line(0.2, 0.3, n=3.0)))[0]
    assert [round(value, 6) for value in enough["error_y"]["array"]] == [0.1, 0.1]
    assert few["marker"]["opacity"][0] < enough["marker"]["opacity"][0]
    assert "too few to say much" in few["hovertext"][0]


def test_the_hover_is_a_sentence_with_n_and_interval() -> None:
    hover = traces(drawn(line(0.2, 0.3)))[0]["hovertext"][0].replace(SPACE, " ")
    assert hover.split("<br>") == ["<b>Win rate</b>, month from 1 Oct 2026", "20 % (95 % interval 10–30 %)", "n = 20"]


def test_peers_are_a_band_without_names_and_only_where_there_are_enough_of_them() -> None:
    peers = pl.DataFrame(
        {
            "period_start": [dt.date(2026, 10, 1), dt.date(2026, 11, 1)],
            "median": [0.25, None],
            "top_quartile": [0.4, None],
            "n": [7, 4],
        }
    )
    median, top, own, *_ = traces(drawn(line(0.2, 0.3), peers))
    assert (list(median["y"]), list(top["y"])) == ([0.25], [0.4])
    assert top["fill"] == "tonexty"
    assert list(own["y"]) == [0.2, 0.3]
    assert "7 people" in median["hovertext"][0].replace(SPACE, " ")
    assert {"this rep", "peers' median", "top quartile"} <= set(notes(drawn(line(0.2, 0.3), peers)))


def test_without_peers_no_band_is_drawn_and_none_is_named() -> None:
    figure = drawn(line(0.2, 0.3))
    assert not any("peers" in note for note in notes(figure))
    assert not any(trace.get("fill") for trace in traces(figure))


def test_names_of_lines_that_end_close_together_are_pushed_apart() -> None:
    peers = pl.DataFrame({"period_start": [dt.date(2026, 11, 1)], "median": [0.300], "top_quartile": [0.301], "n": [9]})
    figure = drawn(line(0.2, 0.3), peers)
    heights = sorted(
        note.y for note in figure.layout.annotations if note.text in {"this rep", "peers' median", "top quartile"}
    )
    span = figure.layout.yaxis.range[1] - figure.layout.yaxis.range[0]
    assert min(upper - lower for lower, upper in itertools.pairwise(heights)) >= span * 0.059


def test_sessions_and_observations_are_marked_below_the_lines_on_the_same_dates() -> None:
    events = pl.DataFrame(
        {
            "person_id": [1, 1, 1],
            "happened_on": [dt.date(2026, 10, 5), dt.date(2026, 10, 9), dt.date(2026, 11, 2)],
            "kind": ["session", "observation", "session"],
            "label": ["role_play", "<b>phone</b>", None],
        }
    )
    figure = drawn(line(0.2, 0.3), events=events)
    sessions, observations = traces(figure)[-2:]
    assert list(sessions["x"]) == ["2026-10-05", "2026-11-02"]
    assert list(observations["x"]) == ["2026-10-09"]
    assert sessions["yaxis"] == observations["yaxis"] == "y2"
    assert sessions["marker"]["symbol"] != observations["marker"]["symbol"]
    assert "&lt;b&gt;phone" in observations["hovertext"][0]
    # Below: the marks' axis ends before the lines' axis starts.
    assert figure.layout.yaxis2.domain[1] < figure.layout.yaxis.domain[0]


def test_the_as_of_date_and_the_quota_are_named_on_their_lines() -> None:
    figure = drawn(line(0.8, 1.2, shares=False), key="quota_attainment", reference=1.0, reference_words="quota")
    assert {f"22{SPACE}Nov", "quota"} <= set(notes(figure))
    assert [shape.y0 for shape in figure.layout.shapes if shape.xref == "paper"] == [1.0]


def test_without_any_value_the_place_stays_empty_and_says_why() -> None:
    figure = drawn(line(None, None))
    assert not figure.data
    assert notes(figure) == ["No deal was won or lost."]


def test_periods_after_the_as_of_date_are_not_drawn() -> None:
    own = traces(drawn(line(0.2, 0.3, 0.4), as_of=dt.date(2026, 10, 15)))[0]
    assert list(own["x"]) == ["2026-09-30", "2026-10-15"]


def trend(own: pl.DataFrame) -> go.Figure:
    return trends.trend(
        own,
        sentence="Win rate is steady",
        scope="East",
        key="win_rate_count",
        currency="USD",
        every="month",
        as_of=AS_OF,
    )


def test_a_trend_draws_its_interval_as_a_band_behind_the_line() -> None:
    low, high, own = traces(trend(line(0.2, None, 0.3)))
    assert [round(value, 6) for value in high["y"]] == [0.3, 0.4]
    assert [round(value, 6) for value in low["y"]] == [0.1, 0.2]
    assert list(own["x"]) == ["0", "1", "2"]
    assert list(own["y"]) == [0.2, None, 0.3]


def test_a_trend_of_amounts_has_no_band_and_one_without_data_is_a_labelled_space() -> None:
    assert len(trend(line(0.2, 0.3, shares=False)).data) == 1
    assert not trend(line(None, shares=False)).data


def test_every_figure_takes_its_colours_from_the_palette_and_says_nan_nowhere() -> None:
    known = {*palette.CATEGORIES, *palette.SEQUENTIAL, palette.TEXT, palette.MUTED, palette.PAPER, palette.GRID}
    for figure in (drawn(line(0.2, None, 0.3)), trend(line(0.2, None))):
        assert colours(figure) <= known
        assert "nan" not in " ".join(texts(figure)).casefold()
