"""Simulates who sells what in a block of the demo company, month by month. Knows no table and no text.

The order of a month is the reason for this module: deals are opened, deals are decided, and only then managers look
back at the last three months and start coaching those who fell behind. Reps are therefore coached *because* of bad
months, and most of them would have recovered anyway, which is what the product has to see through.

The true effect works on the chance to win deals that are decided in a coached month: expected bookings of that month
are the uncoached ones times (1 + effect), nothing else changes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from data_access.demo_people import ACCOUNTS_PER_REP, MARKET, Company
from data_access.demo_timeline import NEVER, Days, Flags, Floats, Timeline, on_weekday

# --- the market -----------------------------------------------------------------------------------------------------
OPENED_PER_MONTH = (16.0, 20.0)
"""Deals a fully ramped rep opens, per segment."""
MEDIAN_SIZE = (900_000, 650_000)
"""Cents."""
SIZE_SPREAD = 0.5
MEDIAN_CYCLE_DAYS = (60.0, 46.0)
CYCLE_SPREAD = 0.30
WIN_RATE = 0.36
HIGHEST_WIN_RATE = 0.92
LUCK_SPREAD, LUCK_MEMORY = 0.15, 0.5
"""A rep's own good and bad spells: monthly, serially correlated, on the chance to win."""
OPENING_SEASON = {1: 1.08, 7: 0.95, 8: 0.78, 9: 1.08, 12: 0.72}
QUARTER_END_BONUS, OTHER_MONTHS = 1.08, 0.96
PULLED_IN_SHARE = 0.4
"""Deals due in the first weeks of a quarter that are brought into the quarter before."""
STALLED_SHARE, STALLED_LONGER, STALLED_WIN = 0.06, 2.2, 0.55
DEFECTING_SEATS = 0.35
RAMP = np.array([0.15, 0.45, 0.65, 0.8, 0.92])
"""Share of a full month's new deals by month since joining; the full share from the sixth month on."""
QUOTA_RAMP = np.array([0.0, 0.1, 0.3, 0.5, 0.7, 0.85])

# --- the reps -------------------------------------------------------------------------------------------------------
ABILITY_SPREAD, TERRITORY_SPREAD, OWN_SPREAD = 0.10, 0.06, 0.02
TERRITORY_IN_QUOTA = 0.6
"""Quotas follow the territory only in part, so that reps in weak ones stay below theirs."""
QUOTA_LEVEL = 1.06
NO_NEXT_STEP, LOST_TO_COMPETITOR, DISCOUNT, DISCOUNT_SPREAD = 0.12, 0.24, 0.08, 0.05
GROWTH_HIRES = 0.10
LEAVING, LEAVING_BEHIND = 0.004, 0.018
"""Chance to leave within a month; behind = the last three months more than 25 points below quota."""
TRANSFERS = 0.05

# --- planted problems -----------------------------------------------------------------------------------------------
LEVERS = ("win_rate", "deal_size", "pipeline", "cycle", "no_next_step", "competitor_losses", "discounting")
PLANTED_SHARE = 0.2
TENTH_PERCENTILE = 1.2816

# --- coaching -------------------------------------------------------------------------------------------------------
EFFECT = 0.085
"""Gain in expected bookings of a fully coached month with a manager of middling skill."""
EFFECT_RAMP = np.array([1 / 3, 2 / 3, 1.0])
COACHED, COACHED_BEHIND, BEHIND = 0.03, 0.12, 0.9
"""Chance to be enrolled in a month; behind = the last three months below this share of quota."""
LEAST_TENURE_MONTHS = 6

OPEN, WON, LOST = range(3)
COMPETITOR_REASON = 6
"""Position of the reason "lost to competitor" in demo_words.LOST_REASONS."""


def lever_noise() -> dict[str, float]:
    """How much a quarter's figure of one typical rep varies by chance and between reps, relative to its value."""
    opened = 3 * OPENED_PER_MONTH[0]
    won, lost = opened * WIN_RATE, opened * (1 - WIN_RATE)
    size_cv = float(np.sqrt(np.exp(SIZE_SPREAD**2) - 1))
    three_months_of_luck = LUCK_SPREAD * np.sqrt((3 + 4 * LUCK_MEMORY + 2 * LUCK_MEMORY**2) / 9)
    ability, territory = ABILITY_SPREAD / 3, TERRITORY_SPREAD / 2
    variances = {
        "win_rate": (1 - WIN_RATE) / (WIN_RATE * opened) + three_months_of_luck**2 + ability**2 + OWN_SPREAD**2,
        "deal_size": size_cv**2 / won + ability**2 + territory**2 + OWN_SPREAD**2,
        "pipeline": 1 / opened + ability**2 + territory**2 + OWN_SPREAD**2,
        # The median of n values is pi / 2 times as variable as their mean.
        "cycle": np.pi / 2 * CYCLE_SPREAD**2 / won + OWN_SPREAD**2,
        # Deals open at one time are those of about two months.
        "no_next_step": (1 - NO_NEXT_STEP) / (NO_NEXT_STEP * opened * 2 / 3) + OWN_SPREAD**2,
        "competitor_losses": (1 - LOST_TO_COMPETITOR) / (LOST_TO_COMPETITOR * lost) + OWN_SPREAD**2,
        "discounting": (DISCOUNT_SPREAD / DISCOUNT) ** 2 / won + OWN_SPREAD**2,
    }
    return {lever: float(np.sqrt(variance)) for lever, variance in variances.items()}


def planted_factor(lever: str) -> float:
    """What a planted problem multiplies its lever by: the bad tenth percentile of peers' ordinary quarters."""
    shift = TENTH_PERCENTILE * lever_noise()[lever]
    return 1 - shift if lever in ("win_rate", "deal_size", "pipeline") else 1 + shift


@dataclass
class Reps:
    """The reps of a block, one entry per person and seat; successors follow behind those they replaced."""

    seat: Days
    team: Days
    started: Days
    left: Days
    transferred: Days
    later_team: Days
    levers: dict[str, Floats]
    ability: Floats
    territory: Floats
    planted: Days
    """Position in LEVERS; -1 = none."""
    coached_from: Days
    """Month index of the enrolment; NEVER = not enrolled."""
    quota: Floats
    """A full month's quota in cents."""
    cover: Days
    """Who took over the open deals of somebody who left; -1 = nobody."""

    def __len__(self) -> int:
        """Number of people."""
        return len(self.seat)

    def team_on(self, day: int) -> Days:
        """Everybody's team on a day."""
        return np.where(day < self.transferred, self.team, self.later_team)

    def tenure_months(self, day: int) -> Days:
        """Whole months of 30.4 days since joining; negative before."""
        return np.floor((day - self.started) / 30.4).astype(np.int64)


DEAL_COLUMNS: dict[str, type] = {
    "seat": np.int64,
    "opener": np.int64,
    "owner": np.int64,
    "handed_on": np.int64,
    "opened": np.int64,
    "close": np.int64,
    "amount": np.int64,
    "typical_cycle": np.float64,
    "account": np.int64,
    "chance": np.float64,
    "is_stalled": np.bool_,
    "status": np.int64,
    "defected": np.bool_,
    "uncoached_rate": np.float64,
    "coached_rate": np.float64,
}


@dataclass
class Block:
    """What happened in a block: its reps, its deals and what the months came to."""

    reps: Reps
    deals: dict[str, Any]
    bookings: Floats
    """Rep x month, cents."""
    quotas: Floats
    """Rep x month, cents, of the part of the month in which the rep was there."""
    effect: Floats
    """Rep x month, the true gain as a share."""


@dataclass
class Simulation:
    """One run over the months of one block."""

    company: Company
    seats: tuple[int, int]
    random: np.random.Generator = field(init=False)
    reps: Reps = field(init=False)
    deals: dict[str, Any] = field(init=False)
    count: int = 0

    def __post_init__(self) -> None:
        """Seat the first reps."""
        self.random = self.company.request.stream(MARKET, self.seats[0])
        self.timeline: Timeline = self.company.timeline
        seats = np.arange(*self.seats)
        self.territory = self.random.normal(0, TERRITORY_SPREAD, len(seats))
        self.defecting = self._defections(len(seats))
        self.reps = self._hired(seats, self._first_starts(seats))
        self._plant()
        self._plan_transfers()
        self.luck = self.random.normal(0, LUCK_SPREAD, len(self.reps))
        months = self.timeline.current + 1
        self.bookings = np.zeros((len(self.reps), months))
        self.quotas = np.zeros((len(self.reps), months))
        self.effect = np.zeros((len(self.reps), months))
        self.deals = {name: np.empty(4096, dtype=kind) for name, kind in DEAL_COLUMNS.items()}
        self.due: list[list[Days]] = [[] for _ in self.timeline.starts]

    def run(self) -> Block:
        """Simulate all months up to today."""
        for month in range(self.timeline.current + 1):
            self._drift()
            self._open(month)
            self._decide(month)
            if self.timeline.shown <= month < self.timeline.current:
                self._start_coaching(month)
                self._part(month)
        deals = {name: values[: self.count] for name, values in self.deals.items()}
        shown = (deals["status"] == OPEN) | (deals["close"] >= self.timeline.first_day)
        order = np.flatnonzero(shown)
        order = order[np.argsort(deals["opened"][order], kind="stable")]
        kept = {name: values[order] for name, values in deals.items()}
        return Block(self.reps, kept, self.bookings, self.quotas, self.effect)

    # ---- reps ----

    def _first_starts(self, seats: Days) -> Days:
        line = self.timeline
        started = line.first_day - 200 - np.floor(self.random.exponential(800, len(seats))).astype(np.int64)
        hired = self.random.random(len(seats)) < GROWTH_HIRES
        last = max(line.today - 10, line.first_day + 1)
        within = self.random.integers(min(line.first_day + 30, last - 1), last, len(seats))
        return np.where(hired & (seats > 0), within, started)

    def _hired(self, seats: Days, started: Days) -> Reps:
        """New people for the seats, with abilities of their own and the seat's territory."""
        random, count = self.random, len(seats)
        teams = self.company.seat_team[seats]
        segment = self.company.teams.segment[teams]
        ability = random.normal(0, ABILITY_SPREAD, count)
        territory = self.territory[seats - self.seats[0]]
        own = random.normal(0, OWN_SPREAD, (len(LEVERS), count))
        levers = {
            "win_rate": np.exp(ability / 3 + own[0]),
            "deal_size": np.exp(ability / 3 + territory / 2 + own[1]),
            "pipeline": np.exp(ability / 3 + territory / 2 + own[2]),
        } | {lever: np.exp(own[index]) for index, lever in enumerate(LEVERS) if index >= 3}
        typical = np.array(OPENED_PER_MONTH) * WIN_RATE * np.array(MEDIAN_SIZE) * np.exp(SIZE_SPREAD**2 / 2)
        quota = QUOTA_LEVEL * typical[segment] * np.exp(TERRITORY_IN_QUOTA * territory)
        return Reps(
            seat=seats,
            team=teams,
            started=on_weekday(started),
            left=np.full(count, NEVER),
            transferred=np.full(count, NEVER),
            later_team=teams.copy(),
            levers=levers,
            ability=ability,
            territory=territory,
            planted=np.full(count, -1),
            coached_from=np.full(count, NEVER),
            quota=np.round(quota, -5),
            cover=np.full(count, -1),
        )

    def _plant(self) -> None:
        """Give a fifth of those who were there from the start one lever problem each."""
        reps = self.reps
        eligible = np.flatnonzero(reps.started < self.timeline.first_day)
        chosen = self.random.permutation(eligible)[: round(PLANTED_SHARE * len(eligible))]
        first = int(self.random.integers(len(LEVERS)))
        for position, rep in enumerate(chosen):
            code = (first + position) % len(LEVERS)
            reps.planted[rep] = code
            reps.levers[LEVERS[code]][rep] = planted_factor(LEVERS[code])

    def _plan_transfers(self) -> None:
        """A few reps move to a team of the same segment, on the day of a monthly export."""
        reps, teams, exports = self.reps, self.company.teams, self.timeline.snapshots
        draw = self.random.random(len(reps))
        when = self.random.integers(1, max(len(exports) - 1, 2), len(reps))
        for rep in np.flatnonzero((draw < TRANSFERS) & (reps.seat > 0) & (reps.started < self.timeline.first_day)):
            others = np.flatnonzero((teams.segment == teams.segment[reps.team[rep]]) & (teams.skill >= 0))
            others = others[others != reps.team[rep]]
            if len(others) and len(exports) > 1:
                reps.transferred[rep] = exports[min(when[rep], len(exports) - 1)]
                reps.later_team[rep] = others[int(reps.seat[rep]) % len(others)]

    def _defections(self, seats: int) -> Days:
        """Per seat and account the day from which the account buys from a competitor."""
        line = self.timeline
        days = np.full((seats, ACCOUNTS_PER_REP), NEVER)
        accounts = self.random.integers(0, 5, seats)
        begins = line.today - self.random.integers(20, max(21, min(240, line.today - line.first_day)), seats)
        hit = self.random.random(seats) < DEFECTING_SEATS
        days[np.arange(seats)[hit], accounts[hit]] = begins[hit]
        return days

    def _hire(self, seat: int, started: int) -> None:
        """A successor for a seat."""
        new = self._hired(np.array([seat]), np.array([started]))
        for name, value in vars(new).items():
            if name == "levers":
                for lever, factors in value.items():
                    self.reps.levers[lever] = np.append(self.reps.levers[lever], factors)
            else:
                setattr(self.reps, name, np.append(getattr(self.reps, name), value))
        self.luck = np.append(self.luck, self.random.normal(0, LUCK_SPREAD))
        for name in ("bookings", "quotas", "effect"):
            table = getattr(self, name)
            setattr(self, name, np.vstack([table, np.zeros((1, table.shape[1]))]))

    # ---- one month ----

    def _drift(self) -> None:
        fresh = self.random.normal(0, LUCK_SPREAD * np.sqrt(1 - LUCK_MEMORY**2), len(self.reps))
        self.luck = LUCK_MEMORY * self.luck + fresh

    def _open(self, month: int) -> None:
        """New deals of everybody who is there, and the quota of the month."""
        line, reps, random = self.timeline, self.reps, self.random
        first, end = int(line.starts[month]), int(line.starts[month + 1])
        segment = self.company.teams.segment[reps.team]
        tenure = np.clip(reps.tenure_months((first + end) // 2), 0, None)
        rate = np.array(OPENED_PER_MONTH)[segment] * reps.levers["pipeline"] * _ramped(RAMP, tenure)
        rate *= OPENING_SEASON.get(line.calendar_month(month), 1.0) * self.company.macro[month]
        there = np.clip(np.minimum(end, reps.left + 1) - np.maximum(first, reps.started), 0, None) / (end - first)
        self.quotas[:, month] = reps.quota * _ramped(QUOTA_RAMP, tenure) * there
        owner = np.repeat(np.arange(len(reps)), random.poisson(np.where(there > 0, rate, 0)))
        opened = on_weekday(first + random.integers(0, end - first, len(owner)))
        kept = (opened >= reps.started[owner]) & (opened <= reps.left[owner]) & (opened < line.today)
        self._add(owner[kept], opened[kept])

    def _add(self, owner: Days, opened: Days) -> None:
        reps, random, count = self.reps, self.random, len(owner)
        segment = self.company.teams.segment[reps.team[owner]]
        chance = random.random(count)
        is_stalled = random.random(count) < STALLED_SHARE
        amount = np.array(MEDIAN_SIZE)[segment] * np.exp(random.normal(0, SIZE_SPREAD, count))
        amount = np.round(amount * reps.levers["deal_size"][owner], -3)
        typical = np.array(MEDIAN_CYCLE_DAYS)[segment] * reps.levers["cycle"][owner]
        # Deals that are likely to be won take longer than those that are dropped on the way.
        cycle = typical * np.exp(random.normal(0, CYCLE_SPREAD, count)) * np.where(chance < WIN_RATE, 1.08, 0.94)
        days = np.clip(cycle * np.where(is_stalled, STALLED_LONGER, 1.0), 10, 240).astype(np.int64)
        close = self._pulled_in(opened, np.maximum(on_weekday(opened + days), opened + 3))
        account, defected = self._accounts(reps.seat[owner], opened, close)
        leaving = (close > reps.left[owner]) & (reps.cover[owner] >= 0)
        self._append(
            {
                "seat": reps.seat[owner],
                "opener": owner,
                "owner": np.where(leaving, reps.cover[owner], owner),
                "handed_on": np.where(leaving, reps.left[owner] + 1, NEVER),
                "opened": opened,
                "close": close,
                "amount": amount,
                "typical_cycle": typical,
                "account": account,
                "chance": chance,
                "is_stalled": is_stalled,
                "status": np.full(count, OPEN),
                "defected": defected,
                "uncoached_rate": np.zeros(count),
                "coached_rate": np.zeros(count),
            }
        )

    def _pulled_in(self, opened: Days, close: Days) -> Days:
        """Part of the deals due early in a quarter close in the last days of the one before."""
        line = self.timeline
        month = np.clip(line.month_of(close), 0, len(line.starts) - 1)
        into = close - line.starts[month]
        starts_quarter = np.array([line.calendar_month(index) % 3 == 1 for index in range(len(line.starts))])
        early = starts_quarter[month] & (into < 18) & (self.random.random(len(close)) < PULLED_IN_SHARE)
        earlier = on_weekday(line.starts[month] - 1 - into // 2)
        return np.where(early & (earlier > opened + 7), earlier, close)

    def _accounts(self, seat: Days, opened: Days, close: Days) -> tuple[Days, Flags]:
        """The account of each deal and whether it will have gone to a competitor by the close date."""
        weights = 1 / np.sqrt(np.arange(1, ACCOUNTS_PER_REP + 1))
        local = np.searchsorted(np.cumsum(weights) / weights.sum(), self.random.random(len(seat)))
        row = seat - self.seats[0]
        # Nobody opens a deal with a customer who has been gone for a while.
        gone = opened > self.defecting[row, local] + 15
        local = np.where(gone, (local + 5) % ACCOUNTS_PER_REP, local)
        return seat * ACCOUNTS_PER_REP + local, close >= self.defecting[row, local]

    def _append(self, columns: dict[str, Any]) -> None:
        count = len(columns["owner"])
        end = self.count + count
        if end > len(self.deals["owner"]):
            for name, values in self.deals.items():
                self.deals[name] = np.concatenate([values, np.empty(max(len(values), count), dtype=values.dtype)])
        for name, values in columns.items():
            self.deals[name][self.count : end] = values
        month = self.timeline.month_of(columns["close"])
        for due in np.unique(month):
            if due < len(self.due):
                self.due[due].append(self.count + np.flatnonzero(month == due))
        self.count = end

    def _decide(self, month: int) -> None:
        """Decide the deals that are due, and add up the bookings."""
        if not self.due[month]:
            return
        deals, reps, line = self.deals, self.reps, self.timeline
        due = np.concatenate(self.due[month])
        due = due[deals["close"][due] < line.today]
        self.effect[:, month] = self._effect(month)
        owner = deals["owner"][due]
        bonus = QUARTER_END_BONUS if line.calendar_month(month) % 3 == 0 else OTHER_MONTHS
        rate = WIN_RATE * reps.levers["win_rate"][owner] * np.clip(1 + self.luck[owner], 0.4, 1.6) * bonus
        rate = rate * np.where(deals["is_stalled"][due], STALLED_WIN, 1.0) * ~deals["defected"][due]
        deals["uncoached_rate"][due] = np.minimum(rate, HIGHEST_WIN_RATE)
        deals["coached_rate"][due] = np.minimum(rate * (1 + self.effect[owner, month]), HIGHEST_WIN_RATE)
        won = deals["chance"][due] < deals["coached_rate"][due]
        deals["status"][due] = np.where(won, WON, LOST)
        self.bookings[:, month] = np.bincount(owner, weights=deals["amount"][due] * won, minlength=len(reps))

    def _effect(self, month: int) -> Floats:
        """The true gain of everybody in a month."""
        reps = self.reps
        since = month - reps.coached_from
        skill = self.company.teams.skill[reps.team_on(int(self.timeline.starts[month]))]
        ramp = EFFECT_RAMP[np.clip(since, 0, len(EFFECT_RAMP) - 1)]
        return np.where(since >= 0, EFFECT * ramp * (0.5 + skill), 0.0)

    def _attained(self, month: int) -> Floats:
        """Bookings over quota of the last three months; NaN without quota."""
        months = slice(month - 2, month + 1)
        quota = self.quotas[:, months].sum(axis=1)
        return np.where(quota > 0, self.bookings[:, months].sum(axis=1) / np.where(quota > 0, quota, 1), np.nan)

    def _start_coaching(self, month: int) -> None:
        """Enrol from next month on, most often those who fell behind in the last three months."""
        line, reps = self.timeline, self.reps
        draw = self.random.random(len(reps))
        shown_months = line.current - line.shown
        if month + 1 < line.shown + min(6, shown_months // 3):
            return
        start = int(line.starts[month + 1])
        eligible = (reps.coached_from == NEVER) & (reps.left == NEVER)
        eligible &= reps.tenure_months(start) >= LEAST_TENURE_MONTHS
        attained = self._attained(month)
        hazard = np.where(attained < BEHIND, COACHED_BEHIND, COACHED)
        reps.coached_from[eligible & ~np.isnan(attained) & (draw < hazard)] = month + 1

    def _part(self, month: int) -> None:
        """Let some leave in the next month, hand their open deals on and hire successors."""
        line, reps, random = self.timeline, self.reps, self.random
        first, end = int(line.starts[month + 1]), int(line.starts[month + 2])
        draw, when = random.random(len(reps)), random.integers(first, end, len(reps))
        vacancy = random.integers(20, 60, len(reps))
        attained = self._attained(month)
        hazard = np.where(attained < 0.75, LEAVING_BEHIND, LEAVING)
        # A transfer that is still to come would be announced for somebody who has gone.
        stays = (reps.left < NEVER) | (reps.tenure_months(first) < 4) | (reps.seat == 0)
        stays |= (reps.transferred < NEVER) & (reps.transferred >= first)
        for rep in np.flatnonzero(~stays & (draw < hazard) & (when < line.today)):
            reps.left[rep] = when[rep]
            self._hand_over(int(rep), int(when[rep]))
            successor = int(when[rep] + vacancy[rep])
            if successor < line.today:
                self._hire(int(reps.seat[rep]), successor)

    def _hand_over(self, rep: int, left: int) -> None:
        """Open deals go to somebody of the same team who stays."""
        reps, deals = self.reps, self.deals
        team = reps.team_on(left)
        near = (team == team[rep]) & (reps.left == NEVER) & (reps.started <= left)
        near[rep] = False
        candidates = np.flatnonzero(near)
        if not len(candidates):
            return
        cover = int(candidates[rep % len(candidates)])
        reps.cover[rep] = cover
        mine = (deals["owner"][: self.count] == rep) & (deals["status"][: self.count] == OPEN)
        mine &= deals["close"][: self.count] > left
        rows = np.flatnonzero(mine)
        deals["owner"][rows] = cover
        deals["handed_on"][rows] = left + 1


def _ramped(shares: Floats, tenure: Days) -> Floats:
    """The share for each tenure; 1 after the last month of the ramp."""
    return np.append(shares, 1.0)[np.minimum(tenure, len(shares))]


# ---- What the generator knows --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Effect:
    """Sums over coached rep-months from which the true effect is a quotient; they add up over blocks."""

    months: int = 0
    uncoached_amount: float = 0.0
    gained_amount: float = 0.0

    def __add__(self, other: Effect) -> Effect:
        """Two blocks together."""
        return Effect(
            self.months + other.months,
            self.uncoached_amount + other.uncoached_amount,
            self.gained_amount + other.gained_amount,
        )


def true_effect(block: Block, timeline: Timeline) -> Effect:
    """Expected bookings with and without coaching of the coached, whole rep-months of a block."""
    deals, reps = block.deals, block.reps
    month = timeline.month_of(deals["close"])
    decided = (deals["status"] != OPEN) & (month < timeline.current) & (month >= timeline.shown)
    coached = decided & (reps.coached_from[deals["owner"]] <= month)
    amount = deals["amount"][coached]
    months = np.arange(timeline.shown, timeline.current)
    present = (reps.coached_from[:, None] <= months) & (reps.left[:, None] >= timeline.starts[months])
    uncoached, with_it = deals["uncoached_rate"][coached], deals["coached_rate"][coached]
    return Effect(
        months=int(present.sum()),
        uncoached_amount=float((amount * uncoached).sum()),
        gained_amount=float((amount * (with_it - uncoached)).sum()),
    )
