"""The development plans of the demo company: revisions, actions, objectives with frozen baselines, how they ended."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl
import sqlalchemy as sa

from data_access import demo_words as words
from data_access.demo_market import LEVERS
from data_access.demo_roster import Cards, Roster, RowNumbers
from data_access.demo_timeline import NEVER, Days, date_column, instant_column, on_weekday, reference_column
from data_access.tables import (
    METHODS,
    objective,
    objective_response,
    plan,
    plan_action,
    plan_revision,
    plan_signature,
    resistance_step,
)

PLAN_DAYS = 182
NINE = 9 * 60
METRIC_OF_LEVER = {
    "win_rate": "win_rate_count",
    "deal_size": "average_deal_size",
    "pipeline": "pipeline_generated",
    "discounting": "discount",
}
METRICS = (
    "open_pipeline", "win_rate_count", "average_deal_size", "pipeline_generated", "margin", "discount", "won_count",
)  # fmt: skip
TARGETS = {
    "open_pipeline": ("relative", (0.20, 0.50, 1.00)),
    "win_rate_count": ("points", (0.02, 0.04, 0.08)),
    "average_deal_size": ("relative", (0.05, 0.10, 0.20)),
    "pipeline_generated": ("relative", (0.10, 0.30, 1.00)),
    "margin": ("points", (0.01, 0.02, 0.07)),
    "discount": ("points", (-0.01, -0.02)),
    "won_count": ("relative", (0.10, 0.25)),
}
"""How each metric's target is meant and what is asked for: shares, so that 0.2 is 20 % or 20 points."""
PIPELINE_SHARE = 0.3
"""Share of the reps whose first objective is their open pipeline: what most managers think of first."""
NEW_SHARE = 0.35
"""Share of the current plans in which the coach has just proposed one more objective."""
MODEST_SHARE = 0.6
"""Share of current objectives that are asked for with a sense of what is possible."""
NEW_ANSWERS = {"proposed": None, "countered": "counter", "objected": "object"}
RESISTANCE = ("listen_again", "other_angle", "difficult_conversation")

Table = dict[str, list[Any]]
SCHEMAS: dict[str, tuple[sa.Table, tuple[str, ...]]] = {
    "plan": (plan, ("id", "rep_id", "coach_id", "starts_on", "ends_on", "status")),
    "plan_revision": (
        plan_revision, ("id", "plan_id", "number", "reason", "summary", "recorded_by", "recorded_at"),
    ),
    "plan_action": (
        plan_action,
        ("id", "plan_revision_id", "skill_id", "method", "action", "repetitions", "due_on", "done_on"),
    ),
    "plan_signature": (plan_signature, ("plan_id", "person_id", "verdict", "signed_at")),
    "objective": (
        objective,
        (
            "id", "plan_id", "metric_key", "baseline_value", "baseline_count", "baseline_as_of", "baseline_basis",
            "target_value", "target_kind", "agreed_on", "due_on", "why_business", "why_rep", "status",
        ),
    ),
    "objective_response": (
        objective_response, ("objective_id", "person_id", "response", "counter_value", "reason", "answered_at"),
    ),
    "resistance_step": (resistance_step, ("objective_id", "step", "recorded_by", "taken_on", "note")),
}  # fmt: skip


@dataclass
class Plans:
    """The plans of a block and, for the sessions, which actions were current when."""

    tables: dict[str, Table] = field(
        default_factory=lambda: {name: {column: [] for column in columns} for name, (_, columns) in SCHEMAS.items()}
    )
    revision_rep: list[int] = field(default_factory=list)
    revision_day: list[int] = field(default_factory=list)
    first_action: list[int] = field(default_factory=list)
    actions: list[int] = field(default_factory=list)

    def add(self, table: str, **values: Any) -> None:
        """Append a row."""
        for column, cells in self.tables[table].items():
            cells.append(values[column])

    def action_on(self, rep: Days, day: Days, random: np.random.Generator) -> Days:
        """Row number of one of the actions that were current for each rep on each day; 0 = no plan then."""
        if not self.revision_rep:
            return np.zeros(len(rep), dtype=np.int64)
        keys = np.array(self.revision_rep) * NEVER + np.array(self.revision_day)
        order = np.argsort(keys, kind="stable")
        found = np.searchsorted(keys[order], rep * NEVER + day, side="right") - 1
        place = order[np.maximum(found, 0)]
        fits = (found >= 0) & (np.array(self.revision_rep)[place] == rep)
        fits &= day - np.array(self.revision_day)[place] < PLAN_DAYS
        step = random.integers(0, np.array(self.actions)[place])
        return np.where(fits, np.array(self.first_action)[place] + step, 0)


class Planning:
    """Writes the plans of a block, rep by rep: there are few of them."""

    def __init__(self, roster: Roster, cards: Cards, numbers: RowNumbers) -> None:
        """Take the roster."""
        self.roster, self.cards, self.numbers = roster, cards, numbers
        # A stream of its own: what plans draw moves nothing else of the company.
        self.random, self.line = np.random.default_rng(int(roster.random.integers(2**62))), roster.line
        self.plans = Plans()

    def written(self) -> Plans:
        """All plans of the enrolled, from the day of enrolment to today."""
        for rep in np.flatnonzero(self.roster.coached_on < self.roster.until):
            start = int(self.roster.coached_on[rep]) + int(self.random.integers(0, 10))
            while start < self.roster.until[rep]:
                self._plan(int(rep), start)
                start += PLAN_DAYS
        return self.plans

    def _number(self, table: str) -> int:
        return int(self.numbers.take(table, 1)[0])

    def _plan(self, rep: int, start: int) -> None:
        roster, end = self.roster, start + PLAN_DAYS - 1
        is_over = end < roster.until[rep] or roster.reps.left[rep] < NEVER
        day = np.array([start])
        manager = int(roster.manager_of(np.array([rep]), day)[0])
        number = self._number("plan")
        person = int(roster.person_ids[rep])
        self.plans.add(
            "plan", id=number, rep_id=person, coach_id=manager, starts_on=start, ends_on=end,
            status="closed" if is_over else "active",
        )  # fmt: skip
        skills = self._skills(rep)
        days = self._revision_days(start, min(end, int(roster.until[rep]) - 1))
        for position, revised in enumerate(days, start=1):
            self._revision(number, rep, manager, position, revised, end, skills)
        metrics = self._metrics(rep)
        for metric in metrics:
            self._objective(number, rep, manager, metric, start, end, is_over)
        if not is_over and self.random.random() < NEW_SHARE and start < self.line.today - 30:
            self._just_proposed(number, rep, manager, metrics, end)
        signed = min(end, int(roster.until[rep]) - 1)
        if is_over and roster.reps.left[rep] == NEVER:
            verdict = str(self.random.choice(["met", "met", "not met", "adjusted"]))
            for signer, later in ((person, 0), (manager, 1)):
                self.plans.add(
                    "plan_signature", plan_id=number, person_id=signer, verdict=verdict,
                    signed_at=(min(signed + later, self.line.today - 1), NINE),
                )  # fmt: skip

    def _skills(self, rep: int) -> list[int]:
        """The focus skill and two others."""
        others = [skill for skill in range(len(self.cards.rep_skills)) if skill != self.roster.focus[rep]]
        first, second = self.random.choice(others, 2, replace=False)
        return [int(self.roster.focus[rep]), int(first), int(second)]

    def _revision_days(self, start: int, last: int) -> list[int]:
        """The plan's own day and those on which it was changed; some plans are never changed again."""
        days = [start]
        if self.random.random() < 0.8:
            step = start + int(self.random.integers(35, 75))
            while step <= last and len(days) < 4:
                days.append(int(on_weekday(np.array([step]))[0]))
                step += int(self.random.integers(40, 90))
        return days

    def _revision(
        self, plan_id: int, rep: int, manager: int, number: int, day: int, end: int, skills: list[int]
    ) -> None:
        roster, random = self.roster, self.random
        revision = self._number("plan_revision")
        reason = "First version of the plan" if number == 1 else str(random.choice(words.REVISION_REASONS))
        self.plans.add(
            "plan_revision", id=revision, plan_id=plan_id, number=number, reason=reason,
            summary=words.PLAN_SUMMARIES[skills[0]], recorded_by=manager, recorded_at=(day, NINE + 30),
        )  # fmt: skip
        team = int(roster.team_of(np.array([rep]), np.array([day]))[0])
        copies = bool(roster.teams.copies[team])
        first = self.numbers.peek("plan_action")
        for position, skill in enumerate(skills):
            choice = 0 if copies else int(random.integers(0, 2))
            who = words.CUSTOMER_ROLES[0 if copies else int(random.integers(0, len(words.CUSTOMER_ROLES)))]
            repetitions = 3 if copies else int(random.integers(2, 9))
            due = min(day + 21 + 14 * position + int(random.integers(0, 10)), end)
            done = due + int(random.integers(-8, 6))
            is_done = random.random() < 0.55 + 0.3 * roster.teams.skill[team] and day < done < roster.until[rep]
            self.plans.add(
                "plan_action", id=self._number("plan_action"), plan_revision_id=revision,
                skill_id=int(self.cards.rep_skills[skill]), method=METHODS[(position * 2 + number) % len(METHODS)],
                action=words.PLAN_ACTIONS[skill][choice].format(count=repetitions, who=who),
                repetitions=repetitions, due_on=due, done_on=done if is_done else NEVER,
            )  # fmt: skip
        self.plans.revision_rep.append(rep)
        self.plans.revision_day.append(day)
        self.plans.first_action.append(first)
        self.plans.actions.append(len(skills))

    def _metrics(self, rep: int) -> list[str]:
        """One or two metrics; where a problem is planted, most managers see it."""
        lever = LEVERS[self.roster.reps.planted[rep]] if self.roster.reps.planted[rep] >= 0 else ""
        chosen = [METRIC_OF_LEVER[lever]] if lever in METRIC_OF_LEVER and self.random.random() < 0.7 else []
        if not chosen and self.random.random() < PIPELINE_SHARE:
            chosen = ["open_pipeline"]
        others = [metric for metric in METRICS if metric not in chosen]
        wanted = 1 + int(self.random.random() < 0.5)
        return (chosen + [str(metric) for metric in self.random.permutation(others)])[:wanted]

    def _objective(
        self, plan_id: int, rep: int, manager: int, metric: str, start: int, end: int, is_over: bool
    ) -> None:
        random = self.random
        value, events = self._baseline(rep, metric, start)
        if value is None:
            return
        kind, targets = TARGETS[metric]
        target = float(random.choice(targets))
        if not is_over and random.random() < MODEST_SHARE:
            target = self._modest(rep, metric, value, target)
        number = self._number("objective")
        answer = str(random.choice(["accept", "counter", "object"], p=[0.8, 0.12, 0.08]))
        is_open = not is_over and start > self.line.today - 10
        settled = "accepted" if answer == "accept" or start < self.line.today - 40 else f"{answer}ed"
        status = "closed" if is_over else "proposed" if is_open else settled
        self._goal(number, plan_id, metric, (value, events), (kind, target), start, end, status)
        if not is_open:
            self._answer(number, rep, manager, answer, target, start, settled)

    def _modest(self, rep: int, metric: str, baseline: float, target: float) -> float:
        """A target within reach: a part of what has been gained by now, in whole steps; as it was without a gain."""
        now, _ = self._baseline(rep, metric, self.line.today)
        kind, step = TARGETS[metric][0], 0.05 if TARGETS[metric][0] == "relative" else 0.01
        if now is None:
            return target
        gained = (now / baseline - 1 if kind == "relative" else now - baseline) * (1 if target > 0 else -1)
        size = np.floor(gained * float(self.random.uniform(0.4, 1.0)) / step) * step
        return target if size < step else round(float(size) * (1 if target > 0 else -1), 2)

    def _just_proposed(self, plan_id: int, rep: int, manager: int, taken: list[str], end: int) -> None:
        """One more objective of the last days, which the rep has not agreed to yet."""
        random, start = self.random, self.line.today - int(self.random.integers(3, 9))
        metric = str(random.choice([name for name in METRICS if name not in taken]))
        value, events = self._baseline(rep, metric, start)
        if value is None:
            return
        kind, targets = TARGETS[metric]
        target, status = float(random.choice(targets)), str(random.choice(list(NEW_ANSWERS)))
        number, due = self._number("objective"), max(end, self.line.today + 90)
        self._goal(number, plan_id, metric, (value, events), (kind, target), start, due, status)
        answer = NEW_ANSWERS[status]
        if answer is not None:
            self._answer(number, rep, manager, answer, target, start, status)

    def _goal(
        self, number: int, plan_id: int, metric: str, baseline: tuple[float, int], target: tuple[str, float],
        start: int, due: int, status: str,
    ) -> None:  # fmt: skip
        is_stock = metric == "open_pipeline"
        basis = "Mean of the last 3 month ends" if is_stock else "Value of the three whole months before"
        self.plans.add(
            "objective", id=number, plan_id=plan_id, metric_key=metric, baseline_value=baseline[0],
            baseline_count=baseline[1], baseline_as_of=start, baseline_basis=basis, target_value=target[1],
            target_kind=target[0], agreed_on=start, due_on=due,
            why_business=str(self.random.choice(words.WHY_BUSINESS)), why_rep=str(self.random.choice(words.WHY_REP)),
            status=status,
        )  # fmt: skip

    def _answer(
        self, number: int, rep: int, manager: int, answer: str, target: float, start: int, settled: str
    ) -> None:
        random, person = self.random, int(self.roster.person_ids[rep])
        last = int(self.roster.until[rep]) - 1
        day = min(start + int(random.integers(0, 4)), last)
        reason = None if answer == "accept" else str(random.choice(words.OBJECTIONS))
        counter = round(target * 0.6, 3) if answer == "counter" else None
        self.plans.add(
            "objective_response", objective_id=number, person_id=person, response=answer, counter_value=counter,
            reason=reason, answered_at=(day, NINE + 60),
        )  # fmt: skip
        if answer == "accept":
            return
        for position in range(1 + int(random.integers(0, 2))):
            self.plans.add(
                "resistance_step", objective_id=number, step=RESISTANCE[position], recorded_by=manager,
                taken_on=min(day + 5 * (position + 1), last), note=words.RESISTANCE_NOTES[position],
            )  # fmt: skip
        if settled == "accepted":
            self.plans.add(
                "objective_response", objective_id=number, person_id=person, response="accept", counter_value=None,
                reason=None, answered_at=(min(day + 20, last), NINE + 60),
            )  # fmt: skip

    def _baseline(self, rep: int, metric: str, start: int) -> tuple[float | None, int]:
        """The metric's value over the three whole months before, in its own unit, and the events behind it."""
        month = int(self.line.month_of(np.array([start]))[0])
        if metric == "open_pipeline":
            ends = self.roster.facts.sums["open_amount"][rep, month - 3 : month] / 100
            return (round(float(ends.mean()), 2), 3) if (ends > 0).all() else (None, 0)
        sums = {name: float(table[rep, month - 3 : month].sum()) for name, table in self.roster.facts.sums.items()}
        won, amount, listed = sums["won"], sums["won_amount"], sums["won_list_amount"]
        decided = won + sums["lost"]
        values = {
            "win_rate_count": (won, decided, decided),
            "average_deal_size": (amount / 100, won, won),
            "pipeline_generated": (sums["opened_amount"] / 100, 1, sums["opened"]),
            "margin": (amount - sums["won_cost"], amount, won),
            "discount": (listed - amount, listed, won),
            "won_count": (won, 1, won),
        }
        above, below, events = values[metric]
        if events == 0:
            return None, 0
        return round(above / below, 6), int(events)


def plan_frames(plans: Plans, import_id: int) -> list[tuple[sa.Table, pl.DataFrame]]:
    """The rows of the plan tables, in the order in which they refer to each other."""
    frames = []
    for name, (table, _) in SCHEMAS.items():
        columns: dict[str, Any] = {}
        for column, cells in plans.tables[name].items():
            if column.endswith("_at"):
                moments = np.array(cells, dtype=np.int64).reshape(-1, 2)
                columns[column] = instant_column(moments[:, 0], moments[:, 1])
            elif column.endswith("_on") or column == "baseline_as_of":
                columns[column] = date_column(np.array(cells, dtype=np.int64))
            elif column == "id" or column.endswith("_id") or column == "recorded_by":
                columns[column] = reference_column(np.array(cells, dtype=np.int64))
            elif column in ("baseline_value", "target_value", "counter_value"):
                columns[column] = pl.Series(cells, dtype=pl.Float64)
            elif column in ("number", "repetitions", "baseline_count"):
                columns[column] = pl.Series(cells, dtype=pl.Int64)
            else:
                columns[column] = pl.Series(cells, dtype=pl.String)
        frame = pl.DataFrame(columns)
        frames.append((table, frame.with_columns(import_id=pl.lit(import_id)) if "import_id" in table.c else frame))
    return frames
