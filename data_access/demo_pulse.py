"""The pulse of the demo company: a round each month that is over, better where the coaching is, nobody's name in it."""

from __future__ import annotations

import datetime as dt

import numpy as np
import polars as pl
import sqlalchemy as sa

from coaching.periods import add_months
from coaching.pulse import last_day, wave_of
from data_access.tables import membership, pulse, pulse_wave, team

ANSWER_SHARE = 0.85
"""Of a team's people who answer in a month: now and then a team stays below five, and the page says so."""
LOWEST_MEAN, SKILL_GAIN, SPREAD = 2.5, 1.9, 0.75
QUESTION_SHIFTS = (0.1, 0.0, -0.15)
"""Useful is said a little more easily than clear."""
LARGEST_ROW_NUMBER = 2**53


def pulse_frames(
    connection: sa.Connection,
    random: np.random.Generator,
    first_day: dt.date,
    today: dt.date,
    coach_skills: dict[int, float],
) -> list[tuple[sa.Table, pl.DataFrame]]:
    """The closed rounds from ``first_day`` to the month before ``today``, and their answers under random numbers.

    ``coach_skills``: 0 to 1 by the team leader's id; other teams do not answer.
    """
    months = []
    month = first_day.replace(day=1)
    while month < today.replace(day=1):
        months.append(month)
        month = add_months(month, 1)
    answers = [
        _answers(random, team_id, wave_of(month), int(random.binomial(members, ANSWER_SHARE)), coach_skills[leader])
        for month in months
        for team_id, leader, members in _team_sizes(connection, add_months(month, 1) - dt.timedelta(days=1))
        if leader in coach_skills
    ]
    found = pl.concat([*answers, _answers(random, 0, "", 0, 0.0)])
    numbers = random.choice(LARGEST_ROW_NUMBER, size=found.height, replace=False)
    found = found.with_columns(pl.Series("id", numbers, dtype=pl.Int64) + 1)
    waves = [wave_of(month) for month in months]
    rounds = pl.DataFrame(
        {"wave": waves, "closes_on": [last_day(wave) for wave in waves]},
        schema={"wave": pl.String, "closes_on": pl.Date},
    )
    return [(pulse_wave, rounds), (pulse, found)]


def _team_sizes(connection: sa.Connection, on: dt.date) -> list[tuple[int, int, int]]:
    """Team, leader and members on a day, by team."""
    starts, ends = membership.c.starts_on, membership.c.ends_on
    holds = sa.and_(sa.or_(starts.is_(None), starts <= on), sa.or_(ends.is_(None), ends > on))
    rows = connection.execute(
        sa.select(team.c.id, team.c.leader_id, sa.func.count())
        .join(membership, membership.c.team_id == team.c.id)
        .where(membership.c.kind == "member", holds, team.c.leader_id.is_not(None))
        .group_by(team.c.id, team.c.leader_id)
        .order_by(team.c.id)
    )
    return [(int(row[0]), int(row[1]), int(row[2])) for row in rows]


def _answers(random: np.random.Generator, team_id: int, wave: str, count: int, coach_skill: float) -> pl.DataFrame:
    """The answers of a team in a round. The hashes lead to nobody: there was never a key."""
    mood = random.normal(0, 0.15)
    means = LOWEST_MEAN + SKILL_GAIN * coach_skill + mood + np.array(QUESTION_SHIFTS)
    taps = np.clip(np.round(random.normal(means, SPREAD, (count, 3))), 1, 5).astype(np.int64)
    return pl.DataFrame(
        {
            "wave": pl.Series([wave] * count, dtype=pl.String),
            "respondent_hash": pl.Series([random.bytes(32).hex() for _ in range(count)], dtype=pl.String),
            "team_id": pl.Series([team_id] * count, dtype=pl.Int64),
            "useful": taps[:, 0],
            "heard": taps[:, 1],
            "clear": taps[:, 2],
        }
    )
