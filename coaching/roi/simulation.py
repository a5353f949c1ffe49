"""Made-up companies with a known effect of coaching, to show what the estimates of this package are worth.

Outcome = level of the rep + yearly wave and quarter-end spike + common drift + the rep's luck, which lasts a while, +
lumpy deals. Reps are coached, and leave, more often after bad months (roi.md 3). Many companies are made at once.
"""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass

import numpy as np

from coaching.roi.panel import Bools, Floats, Panel

TRAILING = 3
"""Months that managers look back on."""


@dataclass(frozen=True)
class Scenario:
    """How a company behaves. Amounts in the unit of the outcome, chances per month."""

    mean: float = 100.0
    rep_sd: float = 20.0
    wave: float = 8.0
    quarter_end: float = 25.0
    drift_sd: float = 5.0
    drift_carry: float = 0.5
    luck_sd: float = 15.0
    luck_carry: float = 0.5
    lumps_sd: float = 35.0
    lumps_shape: float = 2.0
    effect: float = 8.0
    build_up: int = 3
    """Months until the whole effect is there."""
    first_start: int = 6
    start_chance: float = 0.03
    start_chance_after_dip: float = 0.12
    start_dip: float = 10.0
    """Shortfall of the last three months against quota that makes a start more likely."""
    leave_chance: float = 0.01
    leave_chance_after_dip: float = 0.05
    leave_dip: float = 25.0
    quota_share: float = 0.6
    """How far a quota follows the level of its rep: below 1, weak reps stay below quota."""
    team_size: int = 8
    by_team: bool = False
    """Whole teams start together, by lot."""
    team_sd: float = 0.0
    """Shocks that a team shares."""
    team_carry: float = 0.8


DIP = Scenario()
"""B: reps are coached after bad months; true effect about 7.2 on average."""
NOTHING = dataclasses.replace(DIP, effect=0.0)
"""C: the same, and coaching does nothing."""
LOTTERY = dataclasses.replace(DIP, start_chance=0.05, start_chance_after_dip=0.05)
"""A: the start order is drawn."""
TEAMS = dataclasses.replace(LOTTERY, by_team=True, team_sd=12.0)
"""D: whole teams start together, and share shocks."""


@dataclass(frozen=True)
class Company:
    """A made-up panel and what coaching truly added in each rep-month."""

    panel: Panel
    added: Floats

    @property
    def truth(self) -> float:
        """The true mean effect over the observed coached rep-months; nan without one."""
        coached = self.panel.observed & (self.panel.since >= 0)
        return float(self.added[coached].mean()) if coached.any() else math.nan


def companies(scenario: Scenario, count: int, reps: int = 200, months: int = 24, seed: int = 1) -> list[Company]:
    """``count`` companies of ``reps`` reps over ``months`` months. The same arguments give the same companies."""
    random = np.random.default_rng(seed)
    without = _without_coaching(scenario, (count, reps, months), random)
    level = without.pop("level")
    outcome = without.pop("outcome")
    start, left, added = _lived(scenario, level, outcome, random)
    seen = np.arange(months)[None, None, :] < left[..., None]
    shown = np.where(seen, outcome + added, np.nan)
    team = np.arange(reps) // scenario.team_size
    return [Company(Panel(shown[place], start[place], team), added[place]) for place in range(count)]


def _without_coaching(
    scenario: Scenario, shape: tuple[int, int, int], random: np.random.Generator
) -> dict[str, Floats]:
    """Each rep's level (companies × reps) and outcome if nobody were coached (companies × reps × months)."""
    count, reps, months = shape
    level = random.normal(0, scenario.rep_sd, (count, reps))
    month = np.arange(months)
    season = scenario.wave * np.sin(2 * math.pi * month / 12) + scenario.quarter_end * ((month % 3 == 2) - 1 / 3)
    drift = _lasting((count, 1, months), scenario.drift_sd, scenario.drift_carry, random)
    luck = _lasting(shape, scenario.luck_sd, scenario.luck_carry, random)
    scale = scenario.lumps_sd / math.sqrt(scenario.lumps_shape)
    lumps = scale * (random.standard_gamma(scenario.lumps_shape, shape) - scenario.lumps_shape)
    outcome = scenario.mean + level[..., None] + season + drift + luck + lumps
    if scenario.team_sd:
        teams = -(-reps // scenario.team_size)
        shocks = _lasting((count, teams, months), scenario.team_sd, scenario.team_carry, random)
        outcome += shocks[:, np.arange(reps) // scenario.team_size]
    return {"level": level, "outcome": outcome}


def _lasting(shape: tuple[int, ...], spread: float, carry: float, random: np.random.Generator) -> Floats:
    """Values with standard deviation ``spread`` of which ``carry`` goes on into the next month."""
    values = random.normal(0, spread, shape)
    fresh = math.sqrt(1 - carry**2)
    for month in range(1, shape[-1]):
        values[..., month] = carry * values[..., month - 1] + fresh * values[..., month]
    return values


def _lived(
    scenario: Scenario, level: Floats, outcome: Floats, random: np.random.Generator
) -> tuple[Floats, Floats, Floats]:
    """Month by month: who starts, who leaves. Starts and first months away (inf = never), and what coaching added."""
    count, reps, months = outcome.shape
    start, left = np.full((count, reps), np.inf), np.full((count, reps), np.inf)
    added = np.zeros(outcome.shape)
    quota = scenario.mean + scenario.quota_share * level
    for month in range(months):
        if month >= TRAILING:
            looked = slice(month - TRAILING, month)
            short = quota - (outcome[..., looked] + added[..., looked]).mean(axis=-1)
            leaves = _happens(
                short > scenario.leave_dip, scenario.leave_chance, scenario.leave_chance_after_dip, random
            )
            left = np.where(leaves & np.isinf(left), month, left)
            if month >= scenario.first_start:
                starts = _starts(scenario, short, random)
                start = np.where(starts & np.isinf(start) & np.isinf(left), month, start)
        since = month - start
        added[..., month] = np.where(since >= 0, scenario.effect * np.clip((since + 1) / scenario.build_up, 0, 1), 0)
    return start, left, added


def _starts(scenario: Scenario, short: Floats, random: np.random.Generator) -> Bools:
    if not scenario.by_team:
        return _happens(short > scenario.start_dip, scenario.start_chance, scenario.start_chance_after_dip, random)
    reps = short.shape[1]
    teams = random.random((short.shape[0], -(-reps // scenario.team_size))) < scenario.start_chance
    return np.asarray(teams[:, np.arange(reps) // scenario.team_size], dtype=np.bool_)


def _happens(after_dip: Bools, chance: float, chance_after_dip: float, random: np.random.Generator) -> Bools:
    return np.asarray(random.random(after_dip.shape) < np.where(after_dip, chance_after_dip, chance), dtype=np.bool_)
