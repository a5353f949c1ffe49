"""Made-up evidence for diagnoses: people who sell alike but for luck, and whoever is told to sell otherwise."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import polars as pl

from coaching import frames
from coaching.diagnosis import evidence as shapes
from coaching.diagnosis.evidence import Evidence, compared, window_until
from coaching.periods import Period

AS_OF = dt.date(2026, 9, 30)
STEPS_SINCE = dt.date(2025, 10, 1)


@dataclass(frozen=True)
class Habits:
    """How one person sells."""

    deals: float = 14.0
    """A month."""
    wins: float = 0.4
    size: float = 1_000_000.0
    """Median, minor units."""
    days: float = 50.0
    missing: float = 0.15
    rival: float = 0.25
    discount: float = 0.10
    early: float = 0.30
    """Lost deals that end in their first stage."""
    started_on: dt.date = dt.date(2020, 1, 1)
    left_on: dt.date | None = None
    segment: str = "Mid-market"


def company(habits: dict[int, Habits], *, seed: int = 1, as_of: dt.date = AS_OF, **more: Any) -> Evidence:
    """The evidence of people (by id) with these habits, over the whole window up to ``as_of``."""
    window = window_until(as_of)
    people = [(person, "rep", one.segment, one.started_on, one.left_on) for person, one in habits.items()]
    told = pl.DataFrame(people, schema=shapes.DIAGNOSED, orient="row")
    parts = [_deals(person, one, window, np.random.default_rng([seed, person])) for person, one in habits.items()]
    evidence = Evidence(
        as_of=as_of,
        window=window,
        people=compared(told, as_of, window),
        closed=pl.concat(part[0] for part in parts),
        opened=pl.concat(part[1] for part in parts),
        steps=pl.concat(part[2] for part in parts),
        stages=pl.concat(part[3] for part in parts),
        currency="USD",
    )
    return replace(evidence, **more)


def _deals(person: int, one: Habits, window: Period, random: np.random.Generator) -> tuple[pl.DataFrame, ...]:
    months = 30
    count = random.poisson(one.deals * months)
    ends = np.datetime64(window.end, "D").astype(np.int64)
    opened = np.sort(ends - random.integers(0, months * 30, count))
    days = np.maximum(one.days * np.exp(random.normal(0, 0.3, count)), 2).astype(np.int64)
    closed = opened + days
    first = np.datetime64(one.started_on, "D").astype(np.int64)
    last = np.datetime64(one.left_on or window.end, "D").astype(np.int64)
    here = (opened >= first) & (opened <= last)
    opened, closed, days = opened[here], closed[here], days[here]
    count = len(opened)
    ids = person * 100_000 + np.arange(count)
    won = random.random(count) < one.wins
    amount = np.round(one.size * np.exp(random.normal(0, 0.4, count))).astype(np.int64)
    given = np.clip(random.normal(one.discount, 0.04, count), 0, 0.5)
    lost_to = (~won) & (random.random(count) < one.rival)
    early = (~won) & (random.random(count) < one.early)
    done = (closed <= min(ends, last)) & (closed >= np.datetime64(window.start, "D").astype(np.int64))
    day = np.array(opened, dtype="datetime64[D]")
    end = np.array(closed, dtype="datetime64[D]")
    whole = pl.DataFrame(
        {
            "deal_id": ids,
            "person_id": np.full(count, person),
            "status": np.where(won, "won", "lost"),
            "opened_on": day,
            "closed_on": end,
            "amount": amount,
            "list_amount": np.round(amount / (1 - given)).astype(np.int64),
            "has_reason": ~won,
            "to_competitor": lost_to,
        }
    ).cast(shapes.CLOSED)  # type: ignore[arg-type]
    inside = whole.filter(pl.Series(done))
    seen = np.maximum(opened, np.datetime64(STEPS_SINCE, "D").astype(np.int64))
    looked = seen <= np.minimum(closed, ends)
    steps = pl.DataFrame(
        {
            "deal_id": ids,
            "person_id": np.full(count, person),
            "stage": ["Discovery"] * count,
            "seen_on": np.array(seen, dtype="datetime64[D]"),
            "last_on": np.array(seen, dtype="datetime64[D]"),
            "missing_share": (random.random(count) < one.missing).astype(np.float64),
        }
    ).cast(shapes.STEPS)  # type: ignore[arg-type]
    stages = pl.DataFrame({"deal_id": ids, "is_qualified": won | ~early}, schema=shapes.STAGES)
    started = whole.filter(pl.col("opened_on").is_between(window.start, window.end))
    return inside, started.select(list(shapes.OPENED)), steps.filter(pl.Series(looked)), stages


def alike(count: int, **others: Habits) -> dict[int, Habits]:
    """People 1 to ``count`` with the usual habits; ``others`` by number as p3=Habits(...)."""
    people = {number: Habits() for number in range(1, count + 1)}
    return people | {int(name.removeprefix("p")): one for name, one in others.items()}


def quotas(amounts: dict[int, int], period: Period) -> pl.DataFrame:
    """One quota per person over a period."""
    rows = [(person, period.start, period.end, amount, None, None) for person, amount in amounts.items()]
    return pl.DataFrame(rows, schema=frames.QUOTAS, orient="row")


def levels(of_each: dict[int, float], slug: str = "discovery", n: int = 3) -> pl.DataFrame:
    """The level of one skill per person, with the error that three scores have."""
    rows = [
        (person, slug, slug.capitalize(), level, level, n, 60.0, AS_OF - dt.timedelta(days=20))
        for person, level in of_each.items()
    ]
    return pl.DataFrame(rows, schema=shapes.LEVELS, orient="row")
