"""Results of a made-up programme in each colour, as plain data: what the pictures of the page are drawn from."""

from __future__ import annotations

import functools
import json
from typing import Any

import polars as pl

from coaching import frames
from coaching.roi.findings import HOURS
from coaching.roi.guardrails import Guardrails
from coaching.roi.rep_months import PLACED, SELLERS, WON, rep_months
from tests.coaching.roi.test_findings import FIRST, LAST, MONTHS, company, cost, told

REPS = 200
SPENT = cost(
    ("coach hours", FIRST, LAST, 300_000.0), ("tools", FIRST, LAST, 500_000.0), ("evaluation", FIRST, LAST, 100_000.0)
)
COLOURS = ("green", "blue", "amber", "grey")


@functools.cache
def _result(colour: str) -> str:
    more: dict[str, dict[str, Any]] = {
        "green": {},
        "blue": {"drawn": True},
        "amber": {"definition_changed": True},
        "grey": {"guardrails": Guardrails(fewest_coached=10_000)},
    }
    hours = pl.DataFrame(
        [(rep, month, 0.3 * (rep % 8), 1) for rep in range(1, REPS + 1) for month in MONTHS],
        schema=HOURS,
        orient="row",
    )
    return json.dumps(told(company(), hours=hours, cost=SPENT, **more[colour]), allow_nan=False)


def result(colour: str) -> dict[str, Any]:
    """A frozen result of this colour: 200 reps, a clear effect, costs and margin known. A copy of its own each time."""
    found: dict[str, Any] = json.loads(_result(colour))
    return found


def of_nobody() -> dict[str, Any]:
    """What is found where there is no rep and no deal."""
    panel = rep_months(
        pl.DataFrame(schema=WON),
        pl.DataFrame(schema=SELLERS),
        homes=pl.DataFrame(schema=frames.MEMBERSHIPS),
        leads=pl.DataFrame(schema=frames.MEMBERSHIPS),
        placed=pl.DataFrame(schema=PLACED),
        until=LAST,
        scale=100,
        outcome=None,
        most_missing=0.1,
    )
    return told(panel, cost=cost())
