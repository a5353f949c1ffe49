"""Frozen results of every colour without a company behind them: the engine's own findings on made-up panels."""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
import json
from typing import Any

import numpy as np
import polars as pl
import sqlalchemy as sa

from coaching.periods import add_months
from coaching.roi.findings import DATA, HOURS, Given, findings
from coaching.roi.guardrails import Guardrails
from coaching.roi.ladder import Step
from coaching.roi.loaded_cost import LoadedCost, loaded_cost
from coaching.roi.lottery import permutation
from coaching.roi.panel import Panel, fingerprint, winsorised
from coaching.roi.programme_cost import LINES, RATES, TIMES
from coaching.roi.rep_months import UNITS, RepMonths
from coaching.roi.simulation import LOTTERY, companies
from coaching.roi.verdict import lottery_words
from data_access import kept_evidence
from data_access.engine import writing

FIRST, LAST = dt.date(2024, 11, 1), dt.date(2026, 10, 31)
MONTHS = [add_months(FIRST, place) for place in range(24)]
STEPS = (
    Step(0, "Coached reps", "118", n=118),
    Step(0, "Sessions held", "1,904", n=1_904),
    Step(1, "Sessions with a promise", "79 %", "77–81 %", 1_904),
    Step(2, "Change of the level since before", "+8.3 points", "+7.9 points to +8.8 points", 101),
    Step(3, "Agreed actions and promises done", "72 %", "70–74 %", 1_604),
)
HASH, VERSION = "0123456789abcdef" * 4, "1-fedcba987654"


@functools.cache
def company(effect: float = 14.0, reps: int = 200, seed: int = 5) -> RepMonths:
    """Reps in ten teams over two years, in dollars; ``effect`` in thousands a month. Nobody leaves."""
    stays = dataclasses.replace(LOTTERY, effect=effect, leave_chance=0.0, leave_chance_after_dip=0.0)
    made = companies(stays, 1, reps, 24, seed=seed)[0].panel
    team = np.arange(reps) % 10
    panel = Panel(1_000 * made.outcome, made.start, team)
    smooth = winsorised(panel)
    units = pl.DataFrame(
        [(rep, rep + 1, int(team[rep]) + 1, "", FIRST, MONTHS[-1], None) for rep in range(reps)],
        schema=UNITS,
        orient="row",
    )
    return RepMonths(MONTHS, units, "bookings", smooth, panel, smooth, float(np.nanmax(smooth.outcome)), 1.0)


def cost(total: float = 4_000_000.0) -> LoadedCost:
    """Tools and evaluation over the whole time, in dollars."""
    lines = [("tools", FIRST, LAST, 70 * total), ("evaluation", FIRST, LAST, 30 * total)]
    entered = pl.DataFrame(lines, schema=LINES, orient="row")
    return loaded_cost(pl.DataFrame(schema=TIMES), pl.DataFrame(schema=RATES), entered, FIRST, LAST)


def result(panel: RepMonths | None = None, *, as_of: dt.date = dt.date(2026, 11, 5), **more: Any) -> dict[str, Any]:
    """A result as it is frozen: green with money unless ``more`` (fields of Given) takes something away."""
    panel = panel or company()
    usual: dict[str, Any] = {
        "cost": cost(),
        "currency": "USD",
        "scale": 100,
        "guardrails": Guardrails(),
        "hours": hours(panel),
        "deals": pl.DataFrame(schema=DATA),
        "margin": 0.6,
        "team_names": {number: f"Team {number}" for number in range(1, 11)},
        "lower_levels": STEPS,
        "learning_coverage": 1.0,
        "application_coverage": 1.0,
    }
    given = Given(panel, **{**usual, **more})
    definitions = {
        "outcome": panel.outcome,
        "smoothed_at_share": 0.99,
        "months_of_tenure_left_out": 6,
        "margin": None,
        "realisation": 1.0,
        "assumed_minutes": 30,
        **dataclasses.asdict(given.guardrails),
    }
    found = {
        **findings(given),
        "as_of": as_of.isoformat(),
        "known_until": as_of.isoformat(),
        "drawn": given.drawn,
        "lotteries": [_drawn(panel)] if given.drawn else [],
        "definitions": definitions,
        "definition_version": VERSION,
        "data_hash": fingerprint(panel.panel),
        "code_version": "abcdef012345",
    }
    again: dict[str, Any] = json.loads(json.dumps(found, allow_nan=False))
    return again


def hours(panel: RepMonths) -> pl.DataFrame:
    """An hour a month for everybody coached, two for every third of them."""
    row, column = np.nonzero((panel.panel.since >= 0) & panel.panel.there)
    frame = {
        "person_id": row + 1,
        "month": [panel.months[place] for place in column.tolist()],
        "hours": np.where(row % 3, 1.0, 2.0),
        "sessions": np.full(len(row), 2),
    }
    return pl.DataFrame(frame, schema=HOURS)


def _drawn(panel: RepMonths) -> dict[str, Any]:
    among = panel.panel
    found = permutation(among, group=panel.person, skip=0, fewest=2)
    return {
        "lottery_id": 1,
        "seed": "spring tide",
        "hypothesis": "Coached reps win <b>more</b> margin",
        "terms": {},
        "locked_at": "2025-03-03T09:00:00+00:00",
        "reps": among.reps,
        "estimate": None,
        "p": found.p,
        "draws": found.draws,
        "badge": "Tested by lottery",
        "words": lottery_words(found.p),
        "why_not": "",
    }


def grey(**more: Any) -> dict[str, Any]:
    """Far too few reps for the thresholds."""
    return result(guardrails=Guardrails(fewest_coached=10_000), **more)


def amber(**more: Any) -> dict[str, Any]:
    """A definition has changed."""
    return result(definition_changed=True, **more)


def blue(**more: Any) -> dict[str, Any]:
    """Everybody's start was drawn."""
    return result(drawn=True, **more)


def keep(
    engine: sa.Engine, found: dict[str, Any], *, by: int | None = None, reason: str | None = None, day: int = 0
) -> int:
    """Write ``found`` as a frozen result, frozen ``day`` days after the day it speaks for; its id."""
    as_of = dt.date.fromisoformat(found["as_of"])
    at = dt.datetime.combine(as_of + dt.timedelta(days=day), dt.time(9), dt.UTC)
    with writing(engine) as connection:
        return kept_evidence.keep(connection, found, as_of=as_of, reason=reason, frozen_by=by, frozen_at=at)
