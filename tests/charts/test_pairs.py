"""The figure of the peer pairs."""

from __future__ import annotations

import polars as pl

from charts import pairs
from coaching.pairing import COMPARED, GAINS, STRONG, UNKNOWN


def rows(*given: tuple[str, str, float | None]) -> pl.DataFrame:
    made = [
        {
            "person_id": number,
            "name": name,
            "part": part,
            "level": likely,
            "score_count": 3 if likely is not None else 1,
            "likely": likely,
            "likely_low": None if likely is None else likely - 10,
            "likely_high": None if likely is None else likely + 10,
            "middle": 50.0,
        }
        for number, (name, part, likely) in enumerate(given, start=1)
    ]
    return pl.DataFrame(made, schema=COMPARED)


def test_everybody_with_three_scores_stands_there_by_name_with_the_range() -> None:
    found = rows(("Zoe", STRONG, 80.0), ("Ann", GAINS, 20.0), ("Mia <b>x</b>", GAINS, 30.0), ("Bo", UNKNOWN, None))
    figure = pairs.compared(found, sentence="Who could help", scope="East").to_dict()
    names = [name.strip() for name in figure["layout"]["yaxis"]["ticktext"]]
    assert names == ["Ann", "Mia &lt;b&gt;x&lt;/b&gt;", "Zoe"]
    ranges, strong, gains, between = figure["data"]
    assert ranges["x"] == [10.0, 30.0, None, 20.0, 40.0, None, 70.0, 90.0, None]
    assert (strong["x"], strong["y"]) == ([80.0], [2])
    assert gains["x"] == [20.0, 30.0]
    assert between["x"] == []
    # Symbols tell the parts apart, not only colours.
    assert len({layer["marker"]["symbol"] for layer in (strong, gains, between)}) == 3
    assert figure["layout"]["shapes"][0]["x0"] == 50.0
    assert "n\u00a03" in strong["hovertext"][0]


def test_without_anybody_to_compare_the_space_says_why() -> None:
    figure = pairs.compared(rows(("Bo", UNKNOWN, None)), sentence="Too few scores", scope="East").to_dict()
    assert not figure["data"]
    assert "three released scores" in figure["layout"]["annotations"][0]["text"].replace("<br>", " ")
