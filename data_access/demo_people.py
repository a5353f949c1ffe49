"""Who works in the demo company above the reps, who sits in which team, and the frames that describe people.

The reps themselves come and go in ``demo_market``; this module knows names, teams, managers and accounts.
"""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from data_access import demo_words as words
from data_access.demo_timeline import NEVER, Days, Floats, Timeline, date_column, reference_column
from data_access.importers.names import normalised_expr

REPS_PER_TEAM = 7
TEAMS_PER_LEADER = 5
LEADERS_PER_DIRECTOR = 6
ONE_LEVEL_UP_TO = 150
"""With more reps than this, leaders report to directors before the executive."""
REPS_PER_BLOCK = 64
"""Reps are simulated and written in blocks of whole teams, so that memory does not grow with the company."""
ACCOUNTS_PER_REP = 16
SEGMENTS = ("Mid-market", "Small business")

# Purposes of random streams: each block and purpose has its own, so that none depends on how much another one drew.
COMPANY, ACCOUNTS, MARKET, PAPERWORK, COACHING = range(5)


@dataclass(frozen=True)
class Request:
    """What a demo company is made of; equal requests give equal rows."""

    reps: int
    months: int
    seed: int
    today: dt.date

    def stream(self, purpose: int, block: int = 0) -> np.random.Generator:
        """The random numbers of one purpose in one block."""
        path = np.random.SeedSequence([self.seed, self.reps, self.months, purpose, block])
        return np.random.Generator(np.random.PCG64(path))


@dataclass(frozen=True)
class Staff:
    """Everybody above the reps, one entry per person, in the order of their ids (from 1)."""

    names: list[str]
    roles: list[str]
    manager_ids: list[int]
    labels: list[str | None]
    regions: list[str]
    segments: list[str | None]
    started: Days


@dataclass(frozen=True)
class Teams:
    """The first-line teams, one entry per team; a manager's true qualities are what coaching pages try to find."""

    names: list[str]
    manager_ids: Days
    leader_ids: Days
    regions: list[str]
    segment: Days
    skill: Floats
    """How good the manager's coaching is, 0..1."""
    diligence: Floats
    """How reliably the manager's one-on-ones take place, 0..1."""
    leniency: Floats
    """Levels that the manager scores above (or below) what was there."""
    copies: npt.NDArray[np.bool_]
    """Whether the manager writes the same plan for everybody."""


@dataclass(frozen=True)
class Company:
    """The company before a single deal."""

    request: Request
    timeline: Timeline
    staff: Staff
    teams: Teams
    seat_team: Days
    blocks: list[tuple[int, int]]
    """First and one past last seat of each block."""
    macro: Floats
    """Demand per month, common to everybody, around 1."""


def planned_company(request: Request) -> Company:
    """The org chart, the managers' qualities and the market's common course."""
    random = request.stream(COMPANY)
    timeline = Timeline.ending(request.today, request.months)
    sizes = _team_sizes(request.reps, random)
    count = len(sizes)
    leader_of, director_of = _levels(request.reps, count)
    staff, teams = _staffed(request, timeline, leader_of, director_of, random)
    seat_team = np.repeat(np.arange(count), sizes)
    return Company(request, timeline, staff, teams, seat_team, _blocks(sizes), _macro(timeline, random))


def _team_sizes(reps: int, random: np.random.Generator) -> list[int]:
    count = max(2, round(reps / REPS_PER_TEAM))
    sizes = np.full(count, reps // count)
    sizes[: reps % count] += 1
    for left in range(0, count - 1, 2):
        shift = int(random.integers(-1, 2))
        if 5 <= sizes[left] + shift <= 9 and 5 <= sizes[left + 1] - shift <= 9:
            sizes[left] += shift
            sizes[left + 1] -= shift
    return [int(size) for size in sizes]


def _levels(reps: int, teams: int) -> tuple[list[int], list[int]]:
    """Per team its leader, per leader the director (-1 = none), as running numbers."""
    leaders = max(1, -(-teams // TEAMS_PER_LEADER))
    leader_of = [team * leaders // teams for team in range(teams)]
    if reps <= ONE_LEVEL_UP_TO:
        return leader_of, [-1] * leaders
    directors = max(2, -(-leaders // LEADERS_PER_DIRECTOR))
    return leader_of, [leader * directors // leaders for leader in range(leaders)]


def _staffed(
    request: Request, timeline: Timeline, leader_of: list[int], director_of: list[int], random: np.random.Generator
) -> tuple[Staff, Teams]:
    """Executive 1, admin 2, then directors, leaders and managers."""
    directors = max(director_of) + 1
    leaders, teams = len(director_of), len(leader_of)
    first_leader, first_manager = 3 + directors, 3 + directors + leaders
    count = 2 + directors + leaders + teams
    names = [words.EXECUTIVE, words.ADMIN]
    names += [made_up_name(request.seed, number) for number in range(len(names), count)]
    names[first_leader - 1] = words.LEADER
    names[first_manager - 1 : first_manager + 1] = words.MANAGERS
    region_names = _numbered(words.REGIONS, directors if directors else leaders)
    group_of = director_of if directors else list(range(leaders))
    below = [f"{region_names[group_of[leader]]} {leader + 1}" for leader in range(leaders)]
    leader_labels = below if directors else region_names
    regions = [words.REGIONS[group % len(words.REGIONS)] for group in group_of]
    staff = Staff(
        names=names,
        roles=["executive", "admin"] + ["leader"] * (directors + leaders) + ["manager"] * teams,
        manager_ids=[0, 0]
        + [1] * directors
        + [3 + director if director >= 0 else 1 for director in director_of]
        + [first_leader + leader for leader in leader_of],
        labels=[None, None]
        + ["Sales"] * directors
        + [region_names[director] if director >= 0 else "Sales" for director in director_of]
        + [leader_labels[leader] for leader in leader_of],
        regions=[words.REGIONS[0]] * 2
        + [words.REGIONS[director % len(words.REGIONS)] for director in range(directors)]
        + regions
        + [regions[leader] for leader in leader_of],
        segments=[None] * (count - teams) + [SEGMENTS[_segment(team)] for team in range(teams)],
        started=timeline.first_day - random.integers(400, 3000, count),
    )
    return staff, Teams(
        names=_numbered(words.TEAMS, teams),
        manager_ids=np.arange(first_manager, first_manager + teams),
        leader_ids=first_leader + np.array(leader_of),
        regions=[regions[leader] for leader in leader_of],
        segment=np.array([_segment(team) for team in range(teams)]),
        skill=random.beta(4, 4, teams),
        diligence=random.beta(4, 2.5, teams),
        leniency=random.normal(0, 0.35, teams),
        copies=(random.random(teams) < 0.1) | (np.arange(teams) == min(4, teams - 1)),
    )


def _segment(team: int) -> int:
    """Every third team sells to small businesses; East and West, the first two, do not."""
    return int(team % 3 == 2)


def _numbered(names: Sequence[str], count: int) -> list[str]:
    """``count`` different names: the given ones, then with 2, 3, ... behind them."""
    return [
        names[index] if index < len(names) else f"{names[index % len(names)]} {index // len(names) + 1}"
        for index in range(count)
    ]


def _blocks(sizes: list[int]) -> list[tuple[int, int]]:
    """Whole teams, at least REPS_PER_BLOCK reps in each block but the last."""
    blocks, first, end = [], 0, 0
    for size in sizes:
        end += size
        if end - first >= REPS_PER_BLOCK:
            blocks.append((first, end))
            first = end
    if first < end:
        blocks.append((first, end))
    return blocks


def _macro(timeline: Timeline, random: np.random.Generator) -> Floats:
    noise = random.normal(0, 0.03, len(timeline.starts))
    course = np.zeros_like(noise)
    for month in range(1, len(noise)):
        course[month] = 0.7 * course[month - 1] + noise[month]
    return np.exp(course)


def made_up_name(seed: int, number: int) -> str:
    """A name nobody else has; ``number`` is the person's running number."""
    first, last = words.FIRST_NAMES, words.LAST_NAMES
    combinations = len(first) * len(last)
    # 4007 shares no factor with the number of combinations, so that every pair comes once before one comes again.
    index = (number * 4007 + seed * 131) % combinations
    again = number // combinations
    middle = f" {chr(ord('A') + (again - 1) % 26)}." if again else ""
    more = f" {again // 26 + 1}" if again > 26 else ""
    return f"{first[index // len(last)]}{middle} {last[index % len(last)]}{more}"


def address(name: str) -> str:
    """The e-mail address for a name."""
    plain = unicodedata.normalize("NFKD", name.replace("ø", "o")).encode("ascii", "ignore").decode().lower()
    return f"{'.'.join(plain.replace('.', '').split())}@{words.DOMAIN}"


# ---- Frames --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PeopleRows:
    """People with all that changes over time, as columns of the same length, and the imports that tell of it."""

    ids: Days
    names: list[str]
    roles: list[str]
    manager_ids: Days
    labels: list[str | None]
    regions: list[str]
    segments: list[str | None]
    started: Days
    left: Days
    transferred: Days
    """Day of the export that names another manager; NEVER = none does."""
    later_manager_ids: Days
    later_labels: list[str | None]


def staff_rows(company: Company) -> PeopleRows:
    """The people above the reps: they stay where they are."""
    staff = company.staff
    count = len(staff.names)
    return PeopleRows(
        ids=np.arange(1, count + 1),
        names=staff.names,
        roles=staff.roles,
        manager_ids=np.array(staff.manager_ids),
        labels=staff.labels,
        regions=staff.regions,
        segments=staff.segments,
        started=staff.started,
        left=np.full(count, NEVER),
        transferred=np.full(count, NEVER),
        later_manager_ids=np.array(staff.manager_ids),
        later_labels=staff.labels,
    )


def person_frame(rows: PeopleRows, timeline: Timeline, imports: Days) -> pl.DataFrame:
    """The ``person`` rows; ``imports`` are the ids of the people imports, one per export."""
    known = timeline.first_export_from(rows.started)
    return pl.DataFrame(
        {
            "id": rows.ids,
            "external_id": [f"P{number:04d}" for number in rows.ids],
            "name": rows.names,
            "email": [address(name) for name in rows.names],
            "role": rows.roles,
            "started_on": date_column(rows.started),
            "left_on": date_column(rows.left),
            "region": rows.regions,
            "segment": pl.Series(rows.segments, dtype=pl.String),
            "is_reference": True,
            "import_id": imports[known],
        }
    ).with_columns(normalised_expr("name").alias("name_key"))


def person_record_frame(rows: PeopleRows, timeline: Timeline, imports: Days) -> pl.DataFrame:
    """What each people export said anew: joined, moved to another manager, left."""
    hired = timeline.first_export_from(rows.started)
    ends = len(timeline.snapshots)
    moved = np.where(rows.transferred < NEVER, timeline.first_export_from(rows.transferred), ends)
    gone = np.where(rows.left < timeline.today, timeline.first_export_after(rows.left), ends)
    moved = np.where((moved > hired) & (moved < gone), moved, ends)
    gone = np.maximum(gone, hired)
    versions = [(hired, False, False), (moved, True, False), (gone, False, True)]
    parts = []
    for export, is_move, is_end in versions:
        # Somebody who was gone before the first export that could name them appears once, as gone.
        only = np.flatnonzero((export < ends) & (is_end | (hired < gone)))
        parts.append(_record_part(rows, only, export[only], is_move, is_end, moved[only] < ends))
    frame = pl.concat(parts).sort("person_id", "export")
    export = frame["export"].to_numpy()
    ended = frame["export"].shift(-1).to_numpy()
    same = (frame["person_id"].shift(-1) == frame["person_id"]).fill_null(False).to_numpy()
    until = np.where(same, np.nan_to_num(ended, nan=0).astype(np.int64), -1)
    return frame.with_columns(
        date_column(timeline.snapshots[export]).alias("known_from"),
        date_column(np.where(until >= 0, timeline.snapshots[until], -1)).alias("known_to"),
        reference_column(np.where(until >= 0, imports[until], 0)).alias("ended_by"),
        pl.Series("import_id", imports[export]),
        pl.format("demo person {} export {}", "person_id", "export").alias("row_hash"),
    ).drop("export")


def _record_part(
    rows: PeopleRows, only: Days, export: Days, is_move: bool, is_end: bool, has_moved: npt.NDArray[np.bool_]
) -> pl.DataFrame:
    moved = np.full(len(only), is_move) | (has_moved if is_end else np.zeros(len(only), dtype=bool))
    labels = [rows.later_labels[i] if late else rows.labels[i] for i, late in zip(only, moved, strict=True)]
    names = [rows.names[i] for i in only]
    return pl.DataFrame(
        {
            "person_id": rows.ids[only],
            "name": pl.Series(names, dtype=pl.String),
            "email": pl.Series([address(name) for name in names], dtype=pl.String),
            "role": pl.Series([rows.roles[i] for i in only], dtype=pl.String),
            "manager_id": reference_column(np.where(moved, rows.later_manager_ids[only], rows.manager_ids[only])),
            "team": pl.Series(labels, dtype=pl.String),
            "region": pl.Series([rows.regions[i] for i in only], dtype=pl.String),
            "segment": pl.Series([rows.segments[i] for i in only], dtype=pl.String),
            "started_on": date_column(rows.started[only]),
            "left_on": date_column(rows.left[only] if is_end else np.full(len(only), NEVER)),
            "active": pl.Series(np.full(len(only), not is_end)),
            "export": pl.Series(export, dtype=pl.Int64),
        }
    )


def account_frame(company: Company, block: tuple[int, int], import_id: int) -> pl.DataFrame:
    """The accounts of a block's seats: ACCOUNTS_PER_REP each, numbered through the company."""
    random = company.request.stream(ACCOUNTS, block[0])
    numbers = np.arange(block[0] * ACCOUNTS_PER_REP, block[1] * ACCOUNTS_PER_REP)
    teams = company.seat_team[numbers // ACCOUNTS_PER_REP]
    smaller = company.teams.segment[teams] == 1
    employees = np.where(smaller, 60, 450) * np.exp(random.normal(0, 0.8, len(numbers)))
    return pl.DataFrame(
        {
            "id": numbers + 1,
            "external_id": [f"A{number + 1:06d}" for number in numbers],
            "name": [_account_name(company.request.seed, int(number)) for number in numbers],
            "sector": pl.Series(words.SECTORS).gather(random.integers(0, len(words.SECTORS), len(numbers))),
            "region": [company.teams.regions[team] for team in teams],
            "employees": np.maximum(employees, 5).astype(np.int64),
            "is_reference": True,
            "import_id": import_id,
        }
    ).with_columns(normalised_expr("name").alias("name_key"))


def _account_name(seed: int, number: int) -> str:
    first, middle, last = words.ACCOUNT_FIRST, words.ACCOUNT_MIDDLE, words.ACCOUNT_LAST
    combinations = len(first) * len(middle) * len(last)
    # 60013 is prime and no factor of the number of combinations: every name comes once before one comes again.
    index = (number + seed * 977) * 60013 % combinations
    again = number // combinations
    stem, tail = divmod(index, len(last))
    start, end = divmod(stem, len(middle))
    more = f" {again + 1}" if again else ""
    return f"{first[start]}{middle[end]} {last[tail]}{more}"
