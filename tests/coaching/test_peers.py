"""Like-for-like peers: the same role, segment and tenure, and never fewer than five."""

from __future__ import annotations

import datetime as dt

import polars as pl

from coaching.peers import band, peers_of

AT = dt.date(2026, 6, 30)
OLD, NEW = dt.date(2020, 1, 1), dt.date(2026, 2, 1)


def people(*rows: tuple[int, str, str | None, dt.date | None, dt.date | None]) -> pl.DataFrame:
    schema = {
        "person_id": pl.Int64,
        "role": pl.String,
        "segment": pl.String,
        "started_on": pl.Date,
        "left_on": pl.Date,
    }
    return pl.DataFrame(rows, schema=schema, orient="row")


def test_peers_share_role_segment_and_tenure_and_are_still_there() -> None:
    everybody = people(
        (1, "rep", "SMB", OLD, None),
        (2, "rep", "SMB", OLD, None),
        (3, "rep", "SMB", NEW, None),
        (4, "rep", "Enterprise", OLD, None),
        (5, "manager", "SMB", OLD, None),
        (6, "rep", "SMB", OLD, dt.date(2026, 1, 1)),
        (7, "rep", "SMB", None, None),
    )
    # Without a start date somebody counts as here for long.
    assert peers_of(everybody, 1, AT) == [2, 7]
    assert peers_of(everybody, 99, AT) == []


def values(*numbers: float | None) -> pl.DataFrame:
    return pl.DataFrame({"period_start": [AT] * len(numbers), "x": list(numbers)}, schema_overrides={"x": pl.Float64})


def test_four_peers_are_too_few_to_speak_of() -> None:
    found = band(values(1, 2, 3, 4, None), "x", direction_up=True)
    assert found.row(0) == (AT, None, None, 4)


def test_the_top_quartile_is_the_good_side_whichever_way_is_up() -> None:
    assert band(values(1, 2, 3, 4, 5), "x", direction_up=True).row(0) == (AT, 3, 4, 5)
    assert band(values(1, 2, 3, 4, 5), "x", direction_up=False).row(0) == (AT, 3, 2, 5)
