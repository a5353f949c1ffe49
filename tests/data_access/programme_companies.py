"""A company with enough reps and months for a comparison: Maya's and Omar's reps, half of them enrolled by Dana."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import sqlalchemy as sa

from coaching.periods import add_months
from coaching.programme import EnrolmentDraft
from coaching.roi.panel import Floats
from data_access.commands import programme
from data_access.engine import writing
from data_access.queries.people import person_named
from data_access.scope import operator
from tests.companies import NOW, PEOPLE, TODAY, deal, load, someone

REPS, MONTHS, FIRST = 48, 20, dt.date(2025, 3, 1)
STARTS = (8, 9, 10, 11, 12)
"""Months in which the first half begins, in turn."""


def code(rep: int) -> str:
    """Id of a rep in the files."""
    return f"p{rep:02d}"


def amounts(effect: float = 0.0) -> Floats:
    """Reps × months of bookings in whole dollars, the effect of coaching included."""
    random = np.random.default_rng(11)
    level = 10_000 + random.normal(0, 1_500, (REPS, 1))
    season = 800 * np.sin(np.arange(MONTHS) / 2)
    found = level + season + random.normal(0, 1_200, (REPS, MONTHS))
    return np.round(found + effect * (np.arange(MONTHS)[None, :] >= starts()[:, None]))


def starts() -> Floats:
    """Column of each rep's first month; inf = never."""
    return np.array([STARTS[rep % len(STARTS)] if rep < REPS // 2 else np.inf for rep in range(REPS)])


def reps() -> list[dict[str, Any]]:
    """Their rows in the people file: even ones under Maya in East, odd ones under Omar in West."""
    return [
        {
            "id": code(rep),
            "name": f"Rep {code(rep)}",
            "role": "Rep",
            "manager": ("maya", "omar")[rep % 2],
            "team": ("East", "West")[rep % 2],
            "started_on": "2020-01-01",
        }
        for rep in range(REPS)
    ]


def load_company(engine: sa.Engine, effect: float = 0.0, *, with_costs: bool = True) -> None:
    """People and deals from files, dated TODAY: costs of deals are 40 % of amounts."""
    staff = [row for row in PEOPLE if row["role"] != "Rep"]
    load(engine, "people", [*staff, *reps()])
    rows = []
    for rep, months in enumerate(amounts(effect).tolist()):
        for place, amount in enumerate(months):
            on = add_months(FIRST, place)
            cost = {"cost": amount * 0.4} if with_costs else {}
            closed = on.replace(day=12).isoformat()
            rows.append(
                deal(
                    f"{code(rep)}-{place}", code(rep), status="won", opened=closed, closed=closed, amount=amount, **cost
                )
            )
    load(engine, "deals", rows)


def enrol_half(engine: sa.Engine, now: dt.datetime = NOW) -> None:
    """Dana enrols the first half of the reps, in five waves that lie in the past."""
    dana = someone(engine, "dana")
    with writing(engine) as connection:
        for rep, start in enumerate(starts().tolist()):
            if np.isfinite(start):
                number = person_named(operator(), connection, code(rep), TODAY)
                assert number is not None
                day = add_months(FIRST, int(start)).replace(day=3)
                programme.enrol_rep(dana, connection, EnrolmentDraft(number, day, "chosen"), now)
