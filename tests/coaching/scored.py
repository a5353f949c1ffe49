"""Scores for tests about skills: a few by hand, or a made-up company whose truth is known."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import polars as pl

from coaching import frames

START = dt.date(2025, 1, 1)


def scores(*rows: dict[str, Any]) -> pl.DataFrame:
    """frames.SCORES from parts of rows: day (from START), scaled, and what differs from one coach, rep and skill."""
    made = []
    for number, row in enumerate(rows, start=1):
        on = START + dt.timedelta(days=row.get("day", 0))
        made.append(
            {
                "observation_id": number,
                "person_id": 1,
                "observer_id": 100,
                "kind": "coach",
                "paired_observation_id": None,
                "skill_id": 1,
                "version_id": 1,
                "level": round(row["scaled"] / 25) + 1,
                "step": 25.0,
                "observed_on": on,
                "observed_at": dt.datetime.combine(on, dt.time(10, number % 60), dt.UTC),
                **{name: value for name, value in row.items() if name != "day"},
            }
        )
    return pl.DataFrame(made, schema=frames.SCORES, orient="row")


def company(
    seed: int,
    *,
    people: int = 40,
    raters: int = 6,
    skill_count: int = 3,
    months: int = 24,
    calls_a_month: float = 0.5,
    growth: tuple[float, float] = (0.8, 1.2),
    leniency: float = 8.0,
    noise: float = 12.0,
    own_share: float = 0.8,
    rounded: bool = True,
) -> tuple[pl.DataFrame, dict[int, float], dict[tuple[int, int], float]]:
    """Scores, each rater's true leniency and each person's true slope per skill. Mostly one rater per person."""
    random = np.random.default_rng(seed)
    lean = random.normal(0, leniency, raters)
    slopes = random.normal(*growth, (people, skill_count))
    start = random.normal(35, 12, (people, skill_count))
    own = random.integers(0, raters, people)
    made: list[tuple[Any, ...]] = []
    number = 0
    for person in range(people):
        for day in np.sort(random.integers(0, months * 30, random.poisson(calls_a_month * months))):
            number += 1
            rater = own[person] if random.random() < own_share else random.integers(0, raters)
            on = START + dt.timedelta(days=int(day))
            for skill in random.choice(skill_count, min(3, skill_count), replace=False):
                value = start[person, skill] + slopes[person, skill] * day * 12 / 365.25 + lean[rater]
                value += random.normal(0, noise)
                if rounded:
                    value = float(np.clip(np.round(value / 25), 0, 4)) * 25
                at = dt.datetime.combine(on, dt.time(10), dt.UTC)
                level = int(np.clip(round(value / 25) + 1, 1, 5))
                step = 25.0 if rounded else 0.0
                made.append(
                    (
                        number,
                        person + 1,
                        1000 + int(rater),
                        "coach",
                        None,
                        at,
                        on,
                        int(skill) + 1,
                        1,
                        level,
                        value,
                        step,
                    )
                )
    frame = pl.DataFrame(made, schema=frames.SCORES, orient="row")
    truth = {(p + 1, s + 1): float(slopes[p, s]) for p in range(people) for s in range(skill_count)}
    return frame, {1000 + place: float(value) for place, value in enumerate(lean)}, truth
