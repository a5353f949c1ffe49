"""The figure of one objective, looked at without a browser."""

from __future__ import annotations

import datetime as dt
from typing import Any

import plotly.graph_objects as go
import polars as pl

from charts import objectives, palette
from coaching import frames
from coaching.numbers import SPACE
from coaching.objectives import FAN
from tests.charts.drawings import as_dict, colours, notes, texts

SINCE, AS_OF, DUE = dt.date(2026, 8, 1), dt.date(2026, 11, 20), dt.date(2027, 1, 31)
NO_FAN = pl.DataFrame(schema=FAN)


def series(*values: float | None, first: dt.date = dt.date(2026, 7, 4)) -> pl.DataFrame:
    rows = [(first + dt.timedelta(days=28 * index), value, 12.0) for index, value in enumerate(values)]
    return pl.DataFrame(rows, schema=frames.METRIC_SERIES, orient="row")


def fan() -> pl.DataFrame:
    rows: list[tuple[Any, ...]] = [
        (SINCE, 100.0, None, None),
        (AS_OF, 140.0, 130.0, 150.0),
        (DUE, 170.0, 120.0, 220.0),
    ]
    return pl.DataFrame(rows, schema=FAN, orient="row")


def drawn(values: pl.DataFrame, ahead: pl.DataFrame = NO_FAN, **more: Any) -> go.Figure:
    words: dict[str, Any] = {
        "sentence": "Open pipeline is 1.4× the baseline",
        "scope": "Ravi Nair",
        "key": "open_pipeline",
        "currency": "USD",
        "since_on": SINCE,
        "due_on": DUE,
        "as_of": AS_OF,
        "baseline": 100.0,
        "reach": 200.0,
    }
    return objectives.path(values, ahead, **(words | more))


def traces(figure: go.Figure) -> dict[str, dict[str, Any]]:
    return {trace["name"]: trace for trace in as_dict(figure)["data"]}


def test_values_from_before_the_agreement_are_pale() -> None:
    values = traces(drawn(series(90, 100, 120)))["values"]
    assert list(values["y"]) == [90, 100, 120]
    assert list(values["marker"]["opacity"]) == [0.4, 1.0, 1.0]


def test_the_expected_path_leads_from_the_baseline_to_the_target_on_the_due_date() -> None:
    path = traces(drawn(series(90, 100)))["expected path"]
    assert (list(path["x"]), list(path["y"])) == (["2026-08-01", "2027-01-31"], [100.0, 200.0])
    assert path["line"]["dash"] == "dash"


def test_the_path_of_a_proposal_begins_on_the_day_it_was_proposed_and_is_not_called_agreed() -> None:
    hovers = [
        traces(drawn(series(90, 100), is_agreed=known))["expected path"]["hovertext"][0] for known in (True, False)
    ]
    assert ["agreed, baseline" in hovers[0], "agreed" in hovers[1], "proposed, baseline" in hovers[1]] == [
        True,
        False,
        True,
    ]


def test_without_a_baseline_there_is_a_target_line_and_no_path() -> None:
    figure = drawn(series(90, 100), baseline=None)
    assert "expected path" not in traces(figure)
    assert [shape.y0 for shape in figure.layout.shapes if shape.xref == "paper"] == [200.0]
    assert "target $200" in notes(figure)


def test_the_fan_covers_only_what_has_not_been_measured_and_the_line_everything() -> None:
    found = traces(drawn(series(90, 100, 120, 130), fan()))
    assert list(found["low"]["x"]) == list(found["high"]["x"]) == ["2026-11-20", "2027-01-31"]
    assert list(found["high"]["y"]) == [150.0, 220.0]
    assert found["high"]["fill"] == "tonexty"
    assert found["trend"]["x"][0] == "2026-08-01"
    assert "4 of 5 cases" in found["high"]["hovertext"][0]


def test_without_a_forecast_nothing_is_drawn_ahead() -> None:
    assert set(traces(drawn(series(90, 100)))) == {"expected path", "values"}


def test_today_and_the_target_are_named_on_their_lines() -> None:
    assert {f"20{SPACE}Nov", "target $200"} <= set(notes(drawn(series(90, 100))))


def test_values_after_the_as_of_date_are_not_drawn() -> None:
    values = traces(drawn(series(90, 100, 120, 130, 140, 150)))["values"]
    assert max(values["x"]) <= AS_OF.isoformat()


def test_a_narrow_change_far_from_zero_is_not_flattened_and_a_wide_one_starts_at_zero() -> None:
    narrow = drawn(series(0.71, 0.72, 0.72), key="margin", baseline=0.72, reach=0.79)
    assert narrow.layout.yaxis.range[0] > 0.5
    assert narrow.layout.yaxis.range[1] >= 0.79
    wide = drawn(series(90, 100, 120))
    assert wide.layout.yaxis.range[0] == 0


def test_a_very_wide_fan_does_not_flatten_the_values() -> None:
    rows = [(AS_OF, 140.0, -5e6, 5e6), (DUE, 170.0, -9e6, 9e6)]
    figure = drawn(series(90, 100, 120), pl.DataFrame(rows, schema=FAN, orient="row"))
    assert figure.layout.yaxis.range[1] < 1000


def test_the_hover_names_value_day_and_n() -> None:
    hover = traces(drawn(series(90, 100)))["values"]["hovertext"][0].replace(SPACE, " ")
    assert hover.split("<br>") == ["<b>Open pipeline</b>, 4 Jul 2026", "$90", "n = 12"]
    flow = traces(drawn(series(0.2, 0.3), key="win_rate_count", baseline=0.2, reach=0.4))["values"]["hovertext"][0]
    assert "three months up to 4" in flow


def test_without_any_value_the_place_stays_empty_and_says_why() -> None:
    figure = drawn(series(None, None))
    assert not figure.data
    assert notes(figure) == ["The open deals carry no amount."]


def test_hostile_words_stay_words_and_colours_come_from_the_palette() -> None:
    known = {*palette.CATEGORIES, palette.TEXT, palette.MUTED, palette.PAPER, palette.GRID}
    figure = drawn(series(90, 100), fan(), scope="<b>Ravi</b>")
    assert colours(figure) <= known
    assert "&lt;b&gt;Ravi" in figure.layout.title.subtitle.text
    assert "nan" not in " ".join(texts(figure)).casefold()
