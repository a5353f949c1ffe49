"""How fast, in CPU seconds and ratios within one run: a shared machine's wall clock says little. `make bench` prints.

Nothing here fails because a machine is slow. The figures of docs/operations.md come from here.
"""

from __future__ import annotations

import datetime as dt
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
import sqlalchemy as sa

from data_access import rollups
from data_access.demo import fill_demo
from data_access.engine import migrate, open_engine, reading, writing
from data_access.queries.measures import metric_values
from data_access.scope import operator
from tests.availability import PROJECT
from tests.databases import sqlite_url

TODAY = dt.date(2026, 11, 20)
QUARTER: dict[str, Any] = {"start": dt.date(2026, 10, 1), "end": dt.date(2026, 12, 31), "as_of": TODAY, "today": TODAY}
YEAR: dict[str, Any] = {"start": dt.date(2025, 12, 1), "end": dt.date(2026, 11, 15), "as_of": TODAY, "today": TODAY}
TILES = [
    "quota_attainment",
    "at_quota_share",
    "pipeline_coverage",
    "needed_coverage",
    "win_rate_count",
    "average_deal_size",
    "pipeline_generated",
]


def measured(work: Callable[[], Any], repeats: int = 5) -> tuple[float, float]:
    """Median CPU and wall seconds of ``work`` once it is warm."""
    work()
    took = []
    for _ in range(repeats):
        cpu, wall = time.process_time(), time.perf_counter()
        work()
        took.append((time.process_time() - cpu, time.perf_counter() - wall))
    took.sort()
    return took[len(took) // 2]


def say(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    with capsys.disabled():
        print(f"\n  {text}", end="", flush=True)


@pytest.fixture(scope="module", params=[35, 1000], ids=["35 reps", "1000 reps"])
def company(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[sa.Engine]:
    url = sqlite_url(tmp_path_factory.mktemp("company") / "company.sqlite3")
    migrate(url)
    engine = open_engine(url)
    fill_demo(engine, reps=request.param, months=18, seed=7, today=TODAY)
    yield engine
    engine.dispose()


def ask(engine: sa.Engine, by: str, keys: list[str], every: str | None = None, **span: Any) -> pl.DataFrame:
    with reading(engine) as connection:
        return metric_values(operator(), connection, by=by, keys=keys, every=every, **span)


@pytest.mark.parametrize("by", ["company", "team", "rep"])
def test_the_tiles_of_a_quarter(company: sa.Engine, by: str, capsys: pytest.CaptureFixture[str]) -> None:
    cpu, wall = measured(lambda: ask(company, by, TILES, **QUARTER))
    say(f"tiles by {by}: {cpu * 1000:.0f} ms CPU, {wall * 1000:.0f} ms", capsys)


def test_a_year_of_weeks_from_facts_and_from_rows(company: sa.Engine, capsys: pytest.CaptureFixture[str]) -> None:
    keys = ["won_count", "won_amount", "win_rate_count"]
    facts, _ = measured(lambda: ask(company, "rep", keys, "week", **YEAR))
    rows, _ = measured(lambda: ask(company, "rep", [*keys, "median_deal_size"], "week", **YEAR))
    say(
        f"52 weeks by rep: facts {facts * 1000:.0f} ms CPU, rows {rows * 1000:.0f} ms, {rows / facts:.1f} times", capsys
    )


def test_rebuilding_the_facts(company: sa.Engine, capsys: pytest.CaptureFixture[str]) -> None:
    def rebuild() -> None:
        with writing(company) as connection:
            rollups.rebuild(connection)

    cpu, wall = measured(rebuild, repeats=3)
    say(f"facts rebuilt: {cpu:.2f} s CPU, {wall:.2f} s", capsys)


MILLION = int(os.environ.get("BENCH_ROWS", "1000000"))


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A CRM export as a customer of 1,000 reps would have it."""
    random = np.random.default_rng(1)
    opened = np.datetime64("2022-01-01") + random.integers(0, 1500, MILLION).astype("timedelta64[D]")
    frame = pl.DataFrame(
        {
            "Opportunity ID": np.char.add("006", np.arange(MILLION).astype(str)),
            "Opportunity Owner": np.char.add("Rep ", random.integers(0, 1000, MILLION).astype(str)),
            "Account Name": np.char.add("Account ", random.integers(0, 80_000, MILLION).astype(str)),
            "Stage": random.choice(["Closed Won", "Closed Lost", "Discovery", "Negotiation"], MILLION),
            "Created Date": opened,
            "Close Date": opened + random.integers(5, 150, MILLION).astype("timedelta64[D]"),
            "Amount": np.round(random.lognormal(9, 1, MILLION), 2),
            "Next Step": random.choice(["Call", "Send proposal", ""], MILLION),
            "Loss Reason": random.choice(["Price", "Timing", ""], MILLION),
        }
    ).with_columns(pl.col("Created Date", "Close Date").dt.to_string("%m/%d/%Y"))
    path = tmp_path_factory.mktemp("export") / "opportunities.csv"
    frame.write_csv(path)
    return path


def test_a_million_deals_are_imported(export: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    environment = {**os.environ, "COACHING_DATABASE_URL": sqlite_url(tmp_path / "large.sqlite3")}

    def run(*words: str) -> tuple[float, float]:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        started = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "data_access", *words], cwd=PROJECT, env=environment, check=True, capture_output=True
        )
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return time.perf_counter() - started, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    run("migrate")
    wall, cpu = run("import", "deals", str(export), "--as-of", "2026-11-01")
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    say(f"{MILLION:,} deals: {wall:.0f} s, {cpu:.0f} s CPU, at most {peak:.0f} MB", capsys)
    wall, cpu = run("import", "deals", str(export), "--as-of", "2026-11-08")
    say(f"the same again: {wall:.0f} s, {cpu:.0f} s CPU", capsys)
