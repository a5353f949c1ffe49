"""A million deals: how long they take and how much memory (`make bench`)."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from tests.availability import PROJECT

ROWS = 1_000_000
MEASURE = """
import json, pathlib, resource, sys, time
from data_access.importers.records import read_records
start = time.perf_counter()
records = read_records("deals", pathlib.Path(sys.argv[1]), default_currency="USD")
seconds = time.perf_counter() - start
megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"seconds": seconds, "megabytes": megabytes, "accepted": records.accepted}))
"""


def million_deals(file: Path) -> None:
    number = pl.int_range(ROWS, eager=True).alias("n")
    pl.DataFrame(number).select(
        id=pl.format("D{}", pl.col("n") + 10_000_000),
        name=pl.format("Deal number {} of a million", "n"),
        owner=pl.format("Rep {}", pl.col("n") % 2_000),
        account=pl.format("Account {}", pl.col("n") % 50_000),
        product=pl.when(pl.col("n") % 3 == 0).then(pl.lit("GTX Pro")).otherwise(pl.lit("MG Special")),
        stage=pl.when(pl.col("n") % 2 == 0).then(pl.lit("Closed Won")).otherwise(pl.lit("Closed Lost")),
        opened_on=pl.date(2020, 1, 1).dt.offset_by(pl.format("{}d", pl.col("n") % 1_500)),
        closed_on=pl.date(2020, 3, 1).dt.offset_by(pl.format("{}d", pl.col("n") % 1_500)),
        amount=pl.col("n") % 90_000 / 100 + 100,
        currency=pl.lit("USD"),
        cost=pl.col("n") % 70_000 / 100,
        list_amount=pl.col("n") % 95_000 / 100 + 120,
        next_step=pl.when(pl.col("n") % 4 == 0).then(pl.lit("Send offer, then wait")),
        lost_reason=pl.when(pl.col("n") % 2 == 1).then(pl.lit("Price")),
        competitor=pl.when(pl.col("n") % 6 == 1).then(pl.lit("Globex")),
    ).write_csv(file)


@pytest.mark.bench
def test_a_million_deals_take_less_than_twenty_seconds_and_a_gigabyte_and_a_fifth(tmp_path: Path) -> None:
    file = tmp_path / "deals.csv"
    million_deals(file)
    command = [sys.executable, "-c", MEASURE, str(file)]
    done = subprocess.run(command, cwd=PROJECT, check=True, capture_output=True, text=True)
    measured = json.loads(done.stdout)
    print(measured)
    assert measured["accepted"] == ROWS
    assert measured["seconds"] < 20
    assert measured["megabytes"] < 1_200
