"""Turns a simulated block into the rows that its CRM exports would have brought: deals as versions, stages, quotas,
activities and calls. Draws what does not change the course of events (texts, dates of stages, discounts)."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from coaching.periods import add_months
from data_access import demo_words as words
from data_access.demo_imports import Imports
from data_access.demo_market import (
    COMPETITOR_REASON,
    DISCOUNT,
    DISCOUNT_SPREAD,
    LOST,
    LOST_TO_COMPETITOR,
    MEDIAN_SIZE,
    NO_NEXT_STEP,
    OPEN,
    QUOTA_RAMP,
    SIZE_SPREAD,
    WIN_RATE,
    WON,
    Block,
)
from data_access.demo_people import PAPERWORK, SEGMENTS, Company, PeopleRows, made_up_name
from data_access.demo_timeline import (
    NEVER,
    Days,
    Flags,
    Floats,
    Timeline,
    date_column,
    day_number,
    day_of,
    instant_column,
    on_weekday,
    reference_column,
)

CURRENCY = "USD"
STAGES = ("Prospecting", "Discovery", "Presentation", "Negotiation")
CLOSED_STAGES = {WON: "Closed Won", LOST: "Closed Lost"}
STATUS_NAMES = ("open", "won", "lost")
LOST_AFTER = np.array([0.25, 0.30, 0.25, 0.20])
"""Share of the lost deals that end in each stage."""
PUSHES = 3
NO_AMOUNT, NO_REASON, PUSHED, REVISED = 0.03, 0.08, 0.88, 0.5
OTHER_REASONS = np.array([0.30, 0.24, 0.16, 0.12, 0.11, 0.07])
"""Shares of the reasons other than the competitor, in the order of demo_words.LOST_REASONS."""
COST_SHARE = np.array([0.30, 0.28, 0.27, 0.26, 0.24, 0.22])
"""Cost over list price per product."""
KINDS = ("call", "mail", "meeting", "task")
KIND_SHARES = np.array([0.45, 0.30, 0.20, 0.05])
RECORDED_CALLS, SUPERVISED = 0.35, 0.05
MODES = ("listen", "whisper", "barge", "unknown")
MODE_SHARES = np.array([0.6, 0.2, 0.1, 0.1])


def picked(texts: Sequence[str], positions: Days) -> pl.Series:
    """The text at each position; null for -1."""
    known = positions >= 0
    found = pl.Series(list(texts), dtype=pl.String).gather(np.where(known, positions, 0))
    return found if known.all() else found.set(pl.Series(~known), None)


def drawn(random: np.random.Generator, shares: Floats, count: int) -> Days:
    """Positions drawn by their shares."""
    return np.searchsorted(np.cumsum(shares)[:-1] / shares.sum(), random.random(count), side="right")


@dataclass(frozen=True)
class FirstIds:
    """The ids that the block's first rep, deal, activity and call get."""

    person: int
    deal: int
    activity: int
    call: int
    supervision: int


@dataclass(frozen=True)
class Details:
    """What the simulation left open about each deal; every array has one entry (or row) per deal."""

    closed: Days
    stages: Days
    """Deal x stage, the day it was entered; NEVER where it was not."""
    pushes: Days
    """Deal x push, the day on which the expected close date was moved; NEVER where it was not."""
    expected: Days
    """Deal x (0..PUSHES), the expected close date after so many pushes."""
    has_amount: Flags
    first_amount: Days
    revised_on: Days
    list_amount: Days
    cost: Days
    product: Days
    reason: Days
    competitor: Days
    competitor_seen: Days
    next_step: Days
    """Deal x stage, position of the text; -1 = none."""


class Paperwork:
    """The rows of one block."""

    def __init__(self, company: Company, seats: tuple[int, int], block: Block, first: FirstIds) -> None:
        """Draw the details."""
        self.company, self.timeline, self.block, self.first = company, company.timeline, block, first
        self.random = company.request.stream(PAPERWORK, seats[0])
        self.deals, self.reps = block.deals, block.reps
        self.count = len(self.deals["owner"])
        self.deal_ids = first.deal + np.arange(self.count)
        self.person_ids = first.person + np.arange(len(self.reps))
        self.details = self._details()
        self.activities = self._activities()
        self.calls = self._calls()

    # ---- details ----

    def _details(self) -> Details:
        deals, status = self.deals, self.deals["status"]
        closed = np.where(status != OPEN, deals["close"], NEVER)
        stages = self._stages()
        pushes, expected = self._pushes()
        product = self._products()
        list_amount = self._list_amounts()
        reason, competitor, seen = self._reasons(stages, closed)
        return Details(
            closed=closed,
            stages=stages,
            pushes=pushes,
            expected=expected,
            has_amount=(status == WON) | (self.random.random(self.count) >= NO_AMOUNT),
            first_amount=self._first_amounts(),
            revised_on=np.where(self.random.random(self.count) < REVISED, stages[:, 2], deals["opened"]),
            list_amount=list_amount,
            cost=_rounded(list_amount * COST_SHARE[product] * self.random.normal(1, 0.04, self.count)),
            product=product,
            reason=reason,
            competitor=competitor,
            competitor_seen=seen,
            next_step=self._next_steps(),
        )

    def _stages(self) -> Days:
        """Days on which the stages were entered; a stage that lies ahead is entered on its planned day."""
        deals, count = self.deals, self.count
        reach = drawn(self.random, LOST_AFTER, count) + 1
        likely = (deals["status"] == OPEN) & (deals["chance"] < 1.2 * WIN_RATE)
        reach = np.where((deals["status"] == WON) | likely, 4, reach)
        shares = np.sort(self.random.uniform(0.08, 0.92, (count, 3)), axis=1)
        # A deal that is dropped early spends its whole life in the stages it saw.
        whole = np.where(reach < 4, np.take_along_axis(shares, np.minimum(reach, 3)[:, None] - 1, axis=1)[:, 0], 1.0)
        life = (deals["close"] - deals["opened"])[:, None]
        later = on_weekday(deals["opened"][:, None] + np.floor(shares / whole[:, None] * life).astype(np.int64))
        later = np.maximum(later, deals["opened"][:, None])
        entered = np.concatenate([deals["opened"][:, None], later], axis=1)
        seen = np.arange(4) < reach[:, None]
        return np.where(seen, entered, NEVER)

    def _pushes(self) -> tuple[Days, Days]:
        deals, random, count = self.deals, self.random, self.count
        guess = np.maximum(deals["typical_cycle"] * np.exp(random.normal(-0.02, 0.22, count)), 14).astype(np.int64)
        expected = np.empty((count, PUSHES + 1), dtype=np.int64)
        pushes = np.full((count, PUSHES), NEVER)
        expected[:, 0] = on_weekday(deals["opened"] + guess)
        alive = np.ones(count, dtype=bool)
        for push in range(PUSHES):
            day = expected[:, push] - random.integers(0, 5, count)
            alive &= (day < deals["close"]) & (random.random(count) < PUSHED)
            pushes[alive, push] = day[alive]
            later = on_weekday(expected[:, push] + random.integers(12, 46, count))
            expected[:, push + 1] = np.where(alive, later, expected[:, push])
        return pushes, expected

    def _products(self) -> Days:
        segment = self.company.teams.segment[self.reps.team[self.deals["opener"]]]
        standing = np.log(self.deals["amount"] / np.array(MEDIAN_SIZE)[segment]) / SIZE_SPREAD
        rank = 1 / (1 + np.exp(-1.7 * standing + self.random.normal(0, 1, self.count)))
        starts = np.array([product[3] for product in words.PRODUCTS])
        return np.searchsorted(starts, rank, side="right") - 1

    def _list_amounts(self) -> Days:
        lever = self.reps.levers["discounting"][self.deals["owner"]]
        given = np.clip(self.random.normal(DISCOUNT * lever, DISCOUNT_SPREAD), 0, 0.4)
        return _rounded(self.deals["amount"] / (1 - given))

    def _first_amounts(self) -> Days:
        return _rounded(self.deals["amount"] * np.exp(self.random.normal(0.04, 0.22, self.count)))

    def _reasons(self, stages: Days, closed: Days) -> tuple[Days, Days, Days]:
        """Position of the lost reason and of the competitor (-1 = none), and since when the competitor is known."""
        deals, random, count = self.deals, self.random, self.count
        share = LOST_TO_COMPETITOR * self.reps.levers["competitor_losses"][deals["owner"]]
        to_competitor = (random.random(count) < share) | deals["defected"]
        lost = deals["status"] == LOST
        reason = np.where(to_competitor, COMPETITOR_REASON, drawn(random, OTHER_REASONS, count))
        unsaid = (random.random(count) < NO_REASON) & ~deals["defected"]
        reason = np.where(lost & ~unsaid, reason, -1)
        usual = (deals["account"] * 7 + deals["seat"]) % len(words.COMPETITORS)
        other = random.integers(0, len(words.COMPETITORS), count)
        name = np.where((random.random(count) < 0.6) | deals["defected"], usual, other)
        met = (random.random(count) < 0.1) & ~lost
        against = met | (reason == COMPETITOR_REASON)
        return reason, np.where(against, name, -1), np.where(met, stages[:, 2], closed)

    def _next_steps(self) -> Days:
        missing = NO_NEXT_STEP * self.reps.levers["no_next_step"][self.deals["owner"]]
        missing = missing * np.where(self.deals["is_stalled"], 2.5, 1.0)
        choices = len(NEXT_STEP_TEXTS) // len(STAGES)
        text = self.random.integers(0, choices, (self.count, 4)) + choices * np.arange(4)
        return np.where(self.random.random((self.count, 4)) < missing[:, None], -1, text)

    # ---- deals ----

    def deal_frame(self, imports: Imports) -> pl.DataFrame:
        """The ``deal`` rows: identities only."""
        export = self.timeline.first_export_after(self.deals["opened"])
        keys = pl.select(pl.format("D{}", pl.Series(self.deal_ids).cast(pl.String).str.zfill(7))).to_series()
        return pl.DataFrame(
            {
                "id": self.deal_ids,
                "source_key": keys,
                "external_id": keys,
                "import_id": imports.ids["deals"][export],
            }
        )

    def version_frame(self, imports: Imports) -> pl.DataFrame:
        """The ``deal_version`` rows: one per deal and export in which something about it was new."""
        rows, exports = self._versions()
        deals, details, line = self.deals, self.details, self.timeline
        on = line.snapshots[exports]
        first = np.r_[True, rows[1:] != rows[:-1]]
        last = np.r_[first[1:], True]
        until = np.where(last, -1, np.r_[exports[1:], 0])
        first_export = line.first_export_after(deals["opened"])[rows]
        imports.count("deals", exports[first], exports[~first])
        closed = details.closed[rows] < on
        stage = (details.stages[rows] < on[:, None]).sum(axis=1) - 1
        status = np.where(closed, deals["status"][rows], OPEN)
        pushed = (details.pushes[rows] < on[:, None]).sum(axis=1)
        handed = deals["handed_on"][rows]
        first_seen = line.snapshots[first_export]
        owner = np.where(handed < on, deals["owner"][rows], deals["opener"][rows])
        opening_owner = np.where(handed < first_seen, deals["owner"][rows], deals["opener"][rows])
        amount = np.where(details.revised_on[rows] < on, deals["amount"][rows], details.first_amount[rows])
        list_amount = _rounded(amount * (details.list_amount[rows] / deals["amount"][rows]))
        has_amount = details.has_amount[rows]
        won = status == WON
        money = {
            "amount": _nullable(amount, has_amount),
            "cost": _nullable(details.cost[rows], won),
            "list_amount": _nullable(list_amount, has_amount),
        }
        competitor = np.where(details.competitor_seen[rows] < on, details.competitor[rows], -1)
        return pl.DataFrame(
            {
                "deal_id": self.deal_ids[rows],
                "known_from": date_column(on),
                "known_to": date_column(np.where(until >= 0, line.snapshots[until], -1)),
                "ended_by": reference_column(np.where(until >= 0, imports.ids["deals"][until], 0)),
                "import_id": imports.ids["deals"][exports],
                "first_known_on": date_column(first_seen),
                "owner_id": self.person_ids[owner],
                "opening_owner_id": self.person_ids[opening_owner],
                "account_id": deals["account"][rows] + 1,
                "product_id": details.product[rows] + 1,
                "name": self._names(rows),
                "stage": self._stage_names(stage, status),
                "status": picked(STATUS_NAMES, status),
                "opened_on": date_column(deals["opened"][rows]),
                "expected_close_on": date_column(np.take_along_axis(details.expected[rows], pushed[:, None], 1)[:, 0]),
                "closed_on": date_column(np.where(closed, details.closed[rows], NEVER)),
                "currency": CURRENCY,
                **money,
                **{f"reporting_{name}": column for name, column in money.items()},
                "next_step": picked(NEXT_STEP_TEXTS, self._next_step_now(rows, stage, closed)),
                "lost_reason": picked(words.LOST_REASONS, np.where(closed, details.reason[rows], -1)),
                "competitor": picked(words.COMPETITORS, competitor),
            }
        ).with_columns(pl.format("demo deal {} export {}", "deal_id", pl.Series(exports)).alias("row_hash"))

    def _versions(self) -> tuple[Days, Days]:
        """Deal and export of every version, in this order: an export sees what happened before its day."""
        deals, details = self.deals, self.details
        moments = np.column_stack(
            [deals["opened"], details.stages, details.pushes, details.revised_on, deals["handed_on"], details.closed]
        )
        # What is planned for after the end of a deal, or for after today, never happened.
        happened = (moments <= details.closed[:, None]) & (moments < self.timeline.today)
        exports = np.where(happened, self.timeline.first_export_after(moments), -1)
        exports.sort(axis=1)
        fresh = np.column_stack([exports[:, 0] >= 0, (exports[:, 1:] >= 0) & (exports[:, 1:] != exports[:, :-1])])
        rows, columns = np.nonzero(fresh)
        return rows, exports[rows, columns]

    def _next_step_now(self, rows: Days, stage: Days, closed: Flags) -> Days:
        return np.where(closed, -1, self.details.next_step[rows, stage])

    def _names(self, rows: Days) -> pl.Series:
        kind = self.deal_ids[rows] % len(words.DEAL_KINDS)
        product = self.details.product[rows]
        return picked(DEAL_NAMES, product * len(words.DEAL_KINDS) + kind)

    def _stage_names(self, stage: Days, status: Days) -> pl.Series:
        names = [*STAGES, CLOSED_STAGES[WON], CLOSED_STAGES[LOST]]
        return picked(names, np.where(status == WON, 4, np.where(status == LOST, 5, stage)))

    def stage_frame(self, imports: Imports) -> pl.DataFrame:
        """The ``stage_entry`` rows: every stage a deal has entered, the closing one included."""
        deals, details, line = self.deals, self.details, self.timeline
        days = np.column_stack([details.stages, details.closed])
        rows, stage = np.nonzero((days < line.today) & (days <= details.closed[:, None]))
        day = days[rows, stage]
        status = np.where(stage == 4, deals["status"][rows], OPEN)
        export = line.first_export_after(day)
        imports.count("stage-history", export)
        amount = np.where(details.revised_on[rows] <= day, deals["amount"][rows], details.first_amount[rows])
        owner = np.where(deals["handed_on"][rows] <= day, deals["owner"][rows], deals["opener"][rows])
        # The stages of one day follow each other two hours apart.
        minutes = 8 * 60 + stage * 120 + self.deal_ids[rows] % 100
        return pl.DataFrame(
            {
                "deal_id": self.deal_ids[rows],
                "stage": self._stage_names(np.minimum(stage, 3), status),
                "status": picked(STATUS_NAMES, status),
                "entered_at": instant_column(day, minutes),
                "entered_on": date_column(day),
                "reporting_amount": _nullable(amount, details.has_amount[rows]),
                "owner_id": self.person_ids[owner],
                "known_from": date_column(line.snapshots[export]),
                "import_id": imports.ids["stage-history"][export],
            }
        )

    # ---- activities and calls ----

    def _activities(self) -> dict[str, Days]:
        """Day, minute, kind, deal and person of what was done and planned, in order of time."""
        deals, random, line = self.deals, self.random, self.timeline
        rows = np.repeat(np.arange(self.count), 1 + random.poisson(2.0, self.count))
        life = (deals["close"] - deals["opened"])[rows] * np.where(deals["is_stalled"][rows], 0.5, 1.0)
        day = on_weekday(deals["opened"][rows] + np.floor(random.random(len(rows)) * life).astype(np.int64))
        day = np.maximum(day, deals["opened"][rows])
        done = day < line.today
        is_open = np.flatnonzero(deals["status"] == OPEN)
        planned = np.where(deals["is_stalled"][is_open], 0.1, 0.65)
        ahead = is_open[random.random(len(is_open)) < planned]
        rows = np.concatenate([rows[done], ahead])
        coming = on_weekday(line.today + random.integers(3, 15, len(ahead)))
        day = np.concatenate([day[done], np.maximum(coming, line.today + 1)])
        order = np.argsort(day, kind="stable")
        rows, day = rows[order], day[order]
        return {
            "deal": rows,
            "day": day,
            "minute": random.integers(8 * 60, 17 * 60, len(rows)),
            "kind": drawn(random, KIND_SHARES, len(rows)),
            "person": np.where(deals["handed_on"][rows] <= day, deals["owner"][rows], deals["opener"][rows]),
        }

    def activity_frame(self, imports: Imports) -> pl.DataFrame:
        """The ``activity`` rows, planned ones included."""
        line, found = self.timeline, self.activities
        is_planned = found["day"] >= line.today
        export = np.where(is_planned, len(line.snapshots) - 1, line.first_export_after(found["day"]))
        export = np.minimum(export, len(line.snapshots) - 1)
        imports.count("activities", export)
        ids = self.first.activity + np.arange(len(export))
        return pl.DataFrame(
            {
                "id": ids,
                "deal_id": self.deal_ids[found["deal"]],
                "person_id": self.person_ids[found["person"]],
                "happens_at": instant_column(found["day"], found["minute"]),
                "happens_on": date_column(found["day"]),
                "kind": picked(KINDS, found["kind"]),
                "is_planned": is_planned,
                "known_from": date_column(line.snapshots[export]),
                "import_id": imports.ids["activities"][export],
            }
        ).with_columns(
            pl.format("T{}", "id").alias("source_key"), pl.format("demo activity {}", "id").alias("row_hash")
        )

    def _calls(self) -> dict[str, Days]:
        """The calls that the telephone system recorded, and who sat in."""
        found, random = self.activities, self.random
        is_call = (found["kind"] == 0) & (found["day"] < self.timeline.today)
        rows = np.flatnonzero(is_call & (random.random(len(is_call)) < RECORDED_CALLS))
        person, day = found["person"][rows], found["day"][rows]
        teams = np.where(day < self.reps.transferred[person], self.reps.team[person], self.reps.later_team[person])
        coached = self.reps.coached_from[person] <= self.timeline.month_of(day)
        share = SUPERVISED * (0.5 + self.company.teams.diligence[teams]) * np.where(coached, 2, 1)
        sits_in = random.random(len(rows)) < share
        return {
            "activity": rows,
            "person": person,
            "day": day,
            "seconds": np.clip(np.exp(random.normal(6.0, 0.8, len(rows))), 20, 5400).astype(np.int64),
            "is_inbound": random.random(len(rows)) < 0.2,
            "supervisor": np.where(sits_in, self.company.teams.manager_ids[teams], 0),
            "mode": drawn(random, MODE_SHARES, len(rows)),
        }

    def call_frame(self, imports: Imports) -> pl.DataFrame:
        """The ``call`` rows."""
        calls, line = self.calls, self.timeline
        deal = self.activities["deal"][calls["activity"]]
        export = line.first_export_after(calls["day"])
        imports.count("calls", export)
        return pl.DataFrame(
            {
                "id": self.call_ids(),
                "person_id": self.person_ids[calls["person"]],
                "account_id": self.deals["account"][deal] + 1,
                "deal_id": self.deal_ids[deal],
                "started_at": instant_column(calls["day"], self.activities["minute"][calls["activity"]]),
                "started_on": date_column(calls["day"]),
                "seconds": calls["seconds"],
                "direction": picked(("outbound", "inbound"), calls["is_inbound"].astype(np.int64)),
                "known_from": date_column(line.snapshots[export]),
                "import_id": imports.ids["calls"][export],
            }
        ).with_columns(pl.format("C{}", "id").alias("source_key"), pl.format("demo call {}", "id").alias("row_hash"))

    def call_ids(self) -> Days:
        """The calls' row numbers."""
        return self.first.call + np.arange(len(self.calls["day"]))

    def supervision_frame(self, imports: Imports) -> pl.DataFrame:
        """The ``call_supervision`` rows."""
        calls = self.calls
        rows = np.flatnonzero(calls["supervisor"] > 0)
        ids = self.call_ids()[rows]
        day = calls["day"][rows]
        return pl.DataFrame(
            {
                "id": self.first.supervision + np.arange(len(rows)),
                "call_id": ids,
                "supervisor_id": calls["supervisor"][rows],
                "rep_id": self.person_ids[calls["person"][rows]],
                "mode": picked(MODES, calls["mode"][rows]),
                "started_at": instant_column(day, self.activities["minute"][calls["activity"][rows]]),
                "seconds": np.maximum(calls["seconds"][rows] * 4 // 5, 10),
                "import_id": imports.ids["calls"][self.timeline.first_export_after(day)],
            }
        ).with_columns(pl.format("C{} {}", "call_id", "supervisor_id").alias("source_key"))

    # ---- people and quotas ----

    def people_rows(self) -> PeopleRows:
        """The block's reps for ``demo_people``'s frames."""
        teams, reps, company = self.company.teams, self.reps, self.company
        names = [
            words.REP if reps.seat[rep] == 0 and rep == 0 else made_up_name(company.request.seed, int(number))
            for rep, number in enumerate(self.person_ids)
        ]
        return PeopleRows(
            ids=self.person_ids,
            names=names,
            roles=["rep"] * len(names),
            manager_ids=teams.manager_ids[reps.team],
            labels=[teams.names[team] for team in reps.team],
            regions=[teams.regions[team] for team in reps.team],
            segments=[SEGMENTS[teams.segment[team]] for team in reps.team],
            started=reps.started,
            left=reps.left,
            transferred=reps.transferred,
            later_manager_ids=teams.manager_ids[reps.later_team],
            later_labels=[teams.names[team] for team in reps.later_team],
        )

    def quota_frame(self, imports: Imports) -> pl.DataFrame:
        """The ``quota`` rows: one per rep and quarter, from the day of joining, ramped for new hires."""
        parts = [self._quarter(quarter, imports) for quarter in self.timeline.quarter_starts()]
        return pl.concat(parts).sort("person_id", "starts_on")

    def _quarter(self, quarter: int, imports: Imports) -> pl.DataFrame:
        reps, line = self.reps, self.timeline
        months = [day_number(add_months(day_of(quarter), later)) for later in range(4)]
        ends = months[3] - 1
        rep = np.flatnonzero((reps.started <= min(ends, line.today)) & (reps.left >= quarter))
        amount = np.zeros(len(rep))
        for first, end in itertools.pairwise(months):
            tenure = np.clip(reps.tenure_months((first + end) // 2)[rep], 0, None)
            there = np.clip(end - np.maximum(first, reps.started[rep]), 0, None) / (end - first)
            amount += reps.quota[rep] * np.append(QUOTA_RAMP, 1.0)[np.minimum(tenure, len(QUOTA_RAMP))] * there
        starts = np.maximum(quarter, reps.started[rep])
        # Set before the quarter begins: the last export up to its first day already holds it.
        export = np.clip(line.first_export_after(np.full(len(rep), quarter)) - 1, 0, None)
        export = np.maximum(export, np.minimum(line.first_export_from(reps.started[rep]), len(line.snapshots) - 1))
        imports.count("quotas", export)
        rounded = _rounded(amount)
        return pl.DataFrame(
            {
                "person_id": self.person_ids[rep],
                "starts_on": date_column(starts),
                "ends_on": date_column(np.full(len(rep), ends)),
                "amount": rounded,
                "currency": CURRENCY,
                "reporting_amount": rounded,
                "known_from": date_column(line.snapshots[export]),
                "import_id": imports.ids["quotas"][export],
            }
        )


def _rounded(amount: Floats | Days) -> Days:
    """Whole tens of the currency."""
    return (np.round(np.asarray(amount) / 1000) * 1000).astype(np.int64)


def _nullable(amount: Days, known: Flags) -> pl.Series:
    return pl.Series(np.asarray(amount, dtype=np.int64)).set(pl.Series(~known), None)


def _deal_names() -> Iterator[str]:
    for product in words.PRODUCTS:
        for kind in words.DEAL_KINDS:
            yield f"{product[0]}, {kind}"


def _next_step_texts() -> Iterator[str]:
    for texts in words.NEXT_STEPS:
        for text in texts:
            for role in words.CUSTOMER_ROLES:
                yield text.format(who=role)


DEAL_NAMES = list(_deal_names())
NEXT_STEP_TEXTS = list(_next_step_texts())
"""Equally many per stage, stage after stage."""


def product_frame(import_id: int) -> pl.DataFrame:
    """The ``product`` rows."""
    return pl.DataFrame(
        {
            "id": list(range(1, len(words.PRODUCTS) + 1)),
            "external_id": [f"PR{number}" for number in range(1, len(words.PRODUCTS) + 1)],
            "name": [product[0] for product in words.PRODUCTS],
            "name_key": [product[0].lower().replace(" ", "") for product in words.PRODUCTS],
            "series": [product[1] for product in words.PRODUCTS],
            "list_amount": [product[2] for product in words.PRODUCTS],
            "currency": CURRENCY,
            "is_reference": True,
            "import_id": import_id,
        }
    )


# ---- What coaching needs to know of the deals ----------------------------------------------------------------------


@dataclass(frozen=True)
class Sample:
    """Some deals of a block, so that observations, lessons and questions are about real ones. Sorted by rep, opened."""

    person: Days
    opened: Days
    end: Days
    status: Days
    deal_id: Days
    account_id: Days


def sampled_deals(paperwork: Paperwork, share: float = 0.2) -> Sample:
    """A share of the block's deals; keeping all of them would make memory grow with the company."""
    deals = paperwork.deals
    rows = np.flatnonzero(paperwork.random.random(paperwork.count) < share)
    # The owner can speak about a deal from the day it became theirs.
    since = np.where(deals["handed_on"] < NEVER, deals["handed_on"], deals["opened"])
    rows = rows[np.lexsort((since[rows], deals["owner"][rows]))]
    return Sample(
        person=deals["owner"][rows],
        opened=since[rows],
        end=paperwork.details.closed[rows],
        status=deals["status"][rows],
        deal_id=paperwork.deal_ids[rows],
        account_id=deals["account"][rows] + 1,
    )


MONTHLY = ("won", "lost", "opened", "won_amount", "opened_amount", "won_list_amount", "won_cost", "open_amount")


def monthly_sums(paperwork: Paperwork, timeline: Timeline) -> dict[str, Floats]:
    """Rep x month sums from which the baselines of objectives are taken."""
    deals, details = paperwork.deals, paperwork.details
    reps, months = len(paperwork.reps), timeline.current + 1
    opened, closed = timeline.month_of(deals["opened"]), timeline.month_of(np.minimum(deals["close"], timeline.today))
    has_amount = details.has_amount

    def summed(person: Days, month: Days, only: Flags, values: Days | None = None) -> Floats:
        cell = person[only] * months + month[only]
        weights = None if values is None else values[only]
        return np.bincount(cell, weights=weights, minlength=reps * months).reshape(reps, months).astype(np.float64)

    won = deals["status"] == WON
    decided = has_amount & (won | (deals["status"] == LOST))
    begun = summed(deals["owner"], opened, has_amount, deals["amount"])
    ended = summed(deals["owner"], closed, decided, deals["amount"])
    return {
        # What was open at each month's end.
        "open_amount": (begun - ended).cumsum(axis=1),
        "won": summed(deals["owner"], closed, won),
        "lost": summed(deals["owner"], closed, deals["status"] == LOST),
        "opened": summed(deals["opener"], opened, np.ones(paperwork.count, dtype=bool)),
        "won_amount": summed(deals["owner"], closed, won, deals["amount"]),
        "opened_amount": summed(deals["opener"], opened, has_amount, deals["amount"]),
        "won_list_amount": summed(deals["owner"], closed, won, details.list_amount),
        "won_cost": summed(deals["owner"], closed, won, details.cost),
    }
