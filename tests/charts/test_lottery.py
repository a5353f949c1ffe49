"""The waves of a drawn order: a bar each, parts by what became of the reps, nothing drawn where there is nothing."""

from __future__ import annotations

import datetime as dt

import polars as pl

from charts import lottery as charts
from tests.charts.drawings import as_dict, texts, title


def test_each_wave_is_a_bar_of_its_reps_the_first_on_top_and_empty_parts_are_left_out() -> None:
    rows = [
        (1, dt.date(2026, 10, 1), 4, 3, 1, 0, 0),
        (2, dt.date(2027, 1, 4), 3, 0, 0, 3, 0),
    ]
    names = ["wave", "starts_on", "reps", "begun", "waiting", "to_come", "left"]
    figure = charts.waves(pl.DataFrame(rows, schema=names, orient="row"), sentence="1 of 2 waves", scope="as of today")
    drawn = as_dict(figure)
    assert [trace["name"] for trace in drawn["data"]] == [
        "have begun",
        "day has come, no session yet",
        "still to start",
    ]
    assert [trace["x"] for trace in drawn["data"]] == [[3, 0], [1, 0], [0, 3]]
    assert drawn["layout"]["yaxis"]["categoryarray"][-1].replace("\u00a0", " ") == "Wave 1, 1 Oct 2026"
    assert title(figure).startswith("1 of 2 waves")
    written = [text.replace("\u00a0", " ") for text in texts(figure)]
    assert "<b>Wave 2, 4 Jan 2027</b><br>3 reps: still to start" in written
