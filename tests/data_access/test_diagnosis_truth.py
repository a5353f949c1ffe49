"""Whether the diagnosis finds what the demo company's generator hid, and leaves everybody else alone.

The generator gives a fifth of the reps one problem at the bad tenth percentile of peers' ordinary quarters and writes
down whom; nothing below ``data_access.queries.diagnosis`` reads that table. docs/diagnosis.md holds what this prints.
"""

from __future__ import annotations

import collections
import datetime as dt
import shutil
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import sqlalchemy as sa

from coaching.diagnosis import Diagnosis
from data_access.demo import fill_demo
from data_access.engine import open_engine, reading
from data_access.queries.diagnosis import diagnoses
from data_access.scope import operator
from data_access.tables import demo_truth
from tests.databases import sqlite_url

TODAY = dt.date(2026, 11, 20)
SEEDS = range(1, 21)
MONTHS, REPS = 24, 60
NAMED_AT_LEAST, INVENTED_AT_MOST = 0.80, 0.10


@dataclass
class Tally:
    """What became of the reps of several companies."""

    planted: collections.Counter[str] = field(default_factory=collections.Counter)
    named: collections.Counter[str] = field(default_factory=collections.Counter)
    otherwise: collections.Counter[tuple[str, str]] = field(default_factory=collections.Counter)
    clean: int = 0
    compared: int = 0
    """Of the clean ones those who have five peers: the others cannot be told anything, right or wrong."""
    invented: collections.Counter[str] = field(default_factory=collections.Counter)

    def count(self, found: Diagnosis, lever: str | None) -> None:
        """One rep who was given ``lever`` as a problem, or none. Only the lever itself counts as naming it."""
        if lever is None:
            self.clean += 1
            self.compared += found.focus is not None or any(one.peers_median is not None for one in found.levers)
            self.invented.update([found.focus] if found.focus else [])
            return
        self.planted[lever] += 1
        if found.focus == lever and found.focus_kind == "lever":
            self.named[lever] += 1
        elif found.focus is not None:
            self.otherwise[lever, found.focus] += 1

    def __str__(self) -> str:
        """The lines of docs/diagnosis.md."""
        named, planted, invented = self.named.total(), self.planted.total(), self.invented.total()
        lines = [f"{lever}: {self.named[lever]} of {self.planted[lever]}" for lever in sorted(self.planted)]
        return "\n".join(
            [
                f"named {named} of {planted} ({named / planted:.1%}), {self.otherwise.total()} otherwise",
                *lines,
                f"invented {invented} of {self.compared} with peers ({invented / self.compared:.1%}), of {self.clean} "
                f"in all ({invented / self.clean:.1%}): {dict(sorted(self.invented.items()))}",
            ]
        )


def tally(template: Path, folder: Path, seeds: range, *, months: int = MONTHS, reps: int = REPS) -> Tally:
    """Companies of these seeds, each filled by the demo's own generator and diagnosed as an operator reads it."""
    whole = Tally()
    for seed in seeds:
        file = folder / f"company{seed}.sqlite3"
        shutil.copyfile(template, file)
        engine = open_engine(sqlite_url(file))
        fill_demo(engine, reps=reps, months=months, seed=seed, today=TODAY)
        with reading(engine) as connection:
            told = sa.select(demo_truth.c.person_id, demo_truth.c.detail).where(demo_truth.c.key == "planted_problem")
            truth = dict(connection.execute(told).all())
            for found in diagnoses(operator(), connection, as_of=TODAY, today=TODAY):
                whole.count(found, truth.get(found.rep_id))
        engine.dispose()
        file.unlink()
    return whole


@pytest.mark.slow
def test_the_planted_lever_is_named_for_four_in_five_and_invented_for_one_in_ten_at_most(
    sqlite_template: Path, tmp_path: Path
) -> None:
    found = tally(sqlite_template, tmp_path, SEEDS)
    print(found)
    assert found.planted.total() > 150
    assert found.compared > 700
    assert found.named.total() / found.planted.total() >= NAMED_AT_LEAST, found
    assert found.invented.total() / found.compared <= INVENTED_AT_MOST, found
