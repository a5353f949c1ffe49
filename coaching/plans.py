"""Development plans: what may be agreed, in drafts that say what is wrong with them, and whether a plan is its own.

The same rules serve the form and the row of an imported file. No database, no clock.
"""

from __future__ import annotations

import datetime as dt
import math
import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import polars as pl
from polars._typing import SchemaDict

from coaching import numbers
from coaching.metrics import METRICS, Direction, Metric, Unit, metric
from coaching.observations import clean
from coaching.sessions import METHODS

TARGET_KINDS = {
    "relative": "a change in per cent of the baseline",
    "points": "a change in points",
    "absolute": "a value to reach",
}
"""How a target is meant. Relative and points are shares: 0.2 = +20 %, 0.07 = 7 points."""
RESISTANCE_STEPS = {
    "listen_again": "Listen again",
    "other_angle": "Another angle",
    "difficult_conversation": "A difficult conversation",
    "escalate": "Escalate",
}
STEPS_BEFORE_ESCALATION = 2
"""How many other steps come before pulling rank, which is the last resort."""
VERDICTS = {"met": "Met", "not met": "Not met", "adjusted": "Adjusted"}
"""What two people can sign at a plan's end."""
FIRST_REASON = "First version of the plan"
STALE_AFTER_DAYS = 60
"""A current plan without a revision and without a session on it for so long is stale."""
MOST_ACTIONS = 12
LONGEST_ACTION = 300
LONGEST_WORDS = 2_000
LONGEST_YEARS = 5
MOST_RELATIVE = 9.0
"""Ten times the baseline. More was hardly meant: somebody wrote 20 for 20 %."""
MOST_SHARE = 5.0
NOT_ABOUT_A_REPS_OUTCOME = frozenset(
    {
        # Of a team, of the coach's own doing, or once in a lifetime.
        *("at_quota_share", "days_since_last_session", "days_since_last_observation", "session_count"),
        *("observation_count", "ramp_months"),
        # Their span is part of their meaning, so that values at single moments cannot be compared.
        *("pipeline_coverage", "sales_velocity", "gap_to_date", "accounts_lost"),
    }
)
"""Numbers of the CRM that no objective follows."""


def usable_metrics() -> list[Metric]:
    """The registry's entries that an objective of a rep can follow: outcomes in the CRM with a good direction."""
    return [
        entry
        for entry in METRICS
        if entry.source == "crm" and entry.direction is not Direction.NONE and entry.key not in NOT_ABOUT_A_REPS_OUTCOME
    ]


def usable_metric(key: str) -> Metric | None:
    """The registry's entry where an objective can follow it, else None."""
    return next((entry for entry in usable_metrics() if entry.key == key), None)


# ---- Targets -----------------------------------------------------------------------------------------------------

_WORDS = {"double": 1.0, "triple": 2.0, "quadruple": 3.0, "halve": -0.5, "half": -0.5}
_NUMBER = r"(?P<number>[+\-−]?\s*\d+(?:[.,]\d+)?)"
_PERCENT = re.compile(rf"^{_NUMBER}\s*(%|percent|per cent)$")
_POINTS = re.compile(rf"^{_NUMBER}\s*(points?|pts?|pp|percentage points?)$")
_PLAIN = re.compile(rf"^{_NUMBER}$")


def read_target(text: str) -> tuple[float, str | None] | None:
    """A target as people write it: "double" is (1.0, "relative"), "+20 %" (0.2, "relative"), "7 points" (0.07,
    "points"); a plain number has no kind of its own (None). None for anything else.
    """
    said = " ".join(text.casefold().replace(numbers.SPACE, " ").split())
    if said in _WORDS:
        return _WORDS[said], "relative"
    for pattern, kind, scale in ((_PERCENT, "relative", 100), (_POINTS, "points", 100), (_PLAIN, None, 1)):
        found = pattern.match(said)
        if found:
            number = found["number"].replace(" ", "").replace(",", ".").replace("−", "-")
            return float(number) / scale, kind
    return None


def target_value(baseline: float | None, target: float, target_kind: str) -> float | None:
    """The metric's value to reach; None where it hangs on a baseline that there is not.

    absolute: the target; relative: baseline × (1 + target); points: baseline + target.
    """
    if target_kind == "absolute":
        return target
    if baseline is None:
        return None
    return baseline * (1 + target) if target_kind == "relative" else baseline + target


def target_words(target: float, target_kind: str, entry: Metric, currency: str = "") -> str:
    """A target as people say it: double, +20 %, −2 points, to $120 k."""
    if target_kind == "relative":
        if target in (1.0, 2.0):
            return "double" if target == 1.0 else "triple"
        return ("+" if target > 0 else "") + numbers.share(target)
    if target_kind == "points":
        unit = Unit.SHARE if entry.unit is Unit.SHARE else entry.unit
        return numbers.change(target, unit, currency)
    return f"to {numbers.value(target, entry.unit, currency)}"


# ---- Drafts ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ObjectiveDraft:
    """An outcome to agree on: a metric, from where (``baseline``, None = no data), to where, until when and why."""

    rep_id: int
    coach_id: int
    metric_key: str
    baseline: float | None
    target: float | None
    target_kind: str
    agreed_on: dt.date
    due_on: dt.date | None
    why_business: str = ""
    why_rep: str = ""

    @property
    def value_to_reach(self) -> float | None:
        """See ``target_value``."""
        return None if self.target is None else target_value(self.baseline, self.target, self.target_kind)

    def tidy(self) -> ObjectiveDraft:
        """The same with clean words."""
        return replace(self, why_business=clean(self.why_business), why_rep=clean(self.why_rep))

    def problems(self) -> list[str]:
        """What has to be mended before this can be agreed, a sentence each."""
        found = []
        entry = usable_metric(self.metric_key)
        if entry is None:
            known = ", ".join(usable.key for usable in usable_metrics())
            found.append(f"No objective can follow '{_cut(self.metric_key)}'. Choose one of: {known}.")
        if self.rep_id == self.coach_id:
            found.append("Rep and coach are the same person. Name the coach who agrees this with the rep.")
        found += self._date_problems()
        found += self._target_problems(entry)
        for name, words in (("to the business", self.why_business), ("to the rep", self.why_rep)):
            if len(words) > LONGEST_WORDS:
                found.append(f"Why it matters {name} is longer than {LONGEST_WORDS} letters. Shorten it.")
        return found

    def _date_problems(self) -> list[str]:
        if self.due_on is None:
            return ["Say until when it is to be reached."]
        if self.due_on <= self.agreed_on:
            return [f"The due date has to lie after {numbers.day(self.agreed_on)}, the day it is agreed."]
        if (self.due_on - self.agreed_on).days > LONGEST_YEARS * 366:
            return [f"The due date lies more than {LONGEST_YEARS} years away. Is its year right?"]
        return []

    def _target_problems(self, entry: Metric | None) -> list[str]:
        if self.target_kind not in TARGET_KINDS:
            return [f"'{_cut(self.target_kind)}' is no kind of target. Use absolute, relative or points."]
        if self.target is None or not math.isfinite(self.target):
            return ["Say what is to be reached, as a number."]
        if self.target_kind != "absolute" and self.baseline is None:
            return ["There is no baseline to change from. Give an absolute target, or agree it once there are data."]
        if self.target_kind == "relative" and abs(self.target) > MOST_RELATIVE:
            return ["A relative target is a share: 0.2 is +20 % and 1 is double."]
        if self.target_kind == "relative" and self.baseline == 0:
            return ["The baseline is 0, and any per cent of it is 0. Give an absolute target."]
        if self.target_kind == "points" and entry and entry.unit is Unit.SHARE and abs(self.target) >= 1:
            return ["Points are written as a share: 7 points are 0.07."]
        if entry and entry.unit is Unit.SHARE and self.target_kind == "absolute" and abs(self.target) > MOST_SHARE:
            return [f"{entry.label} is a share: 35 % is written 0.35."]
        reach = self.value_to_reach
        if reach is not None and entry and entry.counted_share and not 0 <= reach <= 1:
            return [f"{entry.label} cannot leave 0 to 100 %; from this baseline the target would."]
        if reach is not None and self.baseline is not None and math.isclose(reach, self.baseline, rel_tol=1e-9):
            return ["The target equals the baseline, so there is nothing to reach. Change the target."]
        return []

    def warnings(self) -> list[str]:
        """What deserves a second look and stops nobody."""
        found, entry, reach = [], usable_metric(self.metric_key), self.value_to_reach
        if entry and reach is not None and self.baseline is not None and reach != self.baseline:
            is_up = reach > self.baseline
            if is_up != (entry.direction is Direction.UP):
                good = "up" if entry.direction is Direction.UP else "down"
                found.append(f"{entry.label} is better when it goes {good}; this target goes the other way.")
        if not self.why_business.strip() or not self.why_rep.strip():
            found.append("Say why it matters, to the business and to the rep: an objective without a why is an order.")
        return found


@dataclass(frozen=True)
class ActionDraft:
    """Something the rep does to get better: for which skill (its short name), how, how often, until when."""

    skill: str | None
    method: str | None
    action: str
    repetitions: int | None = None
    due_on: dt.date | None = None

    def tidy(self) -> ActionDraft:
        """The same with clean words."""
        return replace(self, action=clean(self.action))

    def problems(self, skills: Collection[str] | None = None, starts_on: dt.date | None = None) -> list[str]:
        """What has to be mended, a sentence each. ``skills``: the short names that exist; None = not looked at."""
        found, what = [], f"Action '{_cut(self.action)}'"
        if not self.action.strip():
            found.append("An action needs words: what will the rep do?")
        if len(self.action) > LONGEST_ACTION:
            found.append(f"{what} is longer than {LONGEST_ACTION} letters. Shorten it or make it two.")
        if self.skill and skills is not None and self.skill not in skills:
            found.append(f"{what} is for a skill '{_cut(self.skill)}' that does not exist. Choose one from the list.")
        if self.method and self.method not in METHODS:
            found.append(f"{what} has the method '{_cut(self.method)}'. Use one of: {', '.join(METHODS)}.")
        if self.repetitions is not None and not 1 <= self.repetitions <= 1000:
            found.append(f"{what} has to be done at least once and at most 1,000 times.")
        if self.due_on and starts_on and self.due_on < starts_on:
            found.append(f"{what} is due before the plan starts. Give it a later day.")
        return found


@dataclass(frozen=True)
class PlanDraft:
    """A development plan of one rep with one coach: what is to be reached and what is done for it."""

    rep_id: int
    coach_id: int
    starts_on: dt.date
    ends_on: dt.date | None = None
    summary: str = ""
    actions: tuple[ActionDraft, ...] = ()
    objectives: tuple[ObjectiveDraft, ...] = ()
    reason: str = FIRST_REASON

    def tidy(self) -> PlanDraft:
        """The same with clean words."""
        return replace(
            self,
            summary=clean(self.summary),
            reason=clean(self.reason),
            actions=tuple(action.tidy() for action in self.actions),
            objectives=tuple(objective.tidy() for objective in self.objectives),
        )

    def problems(self, skills: Collection[str] | None = None) -> list[str]:
        """What has to be mended in the plan, its actions and objectives, a sentence each."""
        found = []
        if self.rep_id == self.coach_id:
            found.append("Rep and coach are the same person. Name the coach of this plan.")
        if self.ends_on is not None and self.ends_on <= self.starts_on:
            found.append("The plan has to end after it starts.")
        if not self.actions and not self.objectives:
            found.append("A plan needs at least one objective or one action.")
        if len(self.summary) > LONGEST_WORDS:
            found.append(f"The plan's sentence is longer than {LONGEST_WORDS} letters. Shorten it.")
        found += revision_problems(self.reason, self.actions, skills, self.starts_on, may_be_empty=True)
        keys = Counter(objective.metric_key for objective in self.objectives)
        found += [f"{_label(key)} stands in two objectives. Make it one." for key, times in keys.items() if times > 1]
        for objective in self.objectives:
            found += objective.problems()
        return list(dict.fromkeys(found))


def revision_problems(
    reason: str,
    actions: Sequence[ActionDraft],
    skills: Collection[str] | None,
    starts_on: dt.date | None,
    *,
    may_be_empty: bool = False,
) -> list[str]:
    """What is wrong with a new version of a plan: its reason and the whole new list of actions."""
    found = []
    if not reason.strip():
        found.append("Say why the plan changes: a revision without a reason teaches nobody.")
    if len(reason) > LONGEST_WORDS:
        found.append(f"The reason is longer than {LONGEST_WORDS} letters. Shorten it.")
    if not actions and not may_be_empty:
        found.append("A plan without any action is no plan. Keep one, or sign the verdict and close it.")
    if len(actions) > MOST_ACTIONS:
        found.append(f"More than {MOST_ACTIONS} actions are a list, not a plan. Keep those that matter most.")
    for action in actions:
        found += action.problems(skills, starts_on)
    twice = Counter(normalised(action.action) for action in actions if action.action.strip())
    found += [f"The action '{_cut(text)}' stands there twice. Take one out." for text, n in twice.items() if n > 1]
    return found


def _label(key: str) -> str:
    try:
        return metric(key).label
    except KeyError:
        return f"'{_cut(key)}'"


def _cut(text: str) -> str:
    return numbers.plain_name(text, 60)


# ---- Is a plan its own, and is it alive? -------------------------------------------------------------------------

_NOT_A_WORD = re.compile(r"[^\w]+", re.UNICODE)


def normalised(text: str) -> str:
    """An action's words without case, accents' composition, punctuation and spaces: what makes two of them one."""
    return _NOT_A_WORD.sub(" ", unicodedata.normalize("NFKC", text).casefold()).strip()


def personalisation(actions: pl.DataFrame) -> pl.DataFrame:
    """How much of each plan is its own, from the actions of all *current* plans: plan_id, coach_id, rep_id, action.

    plan_id, action_count, copied_count, personal_share (null without an action) and copied_from: the rep_ids of other
    plans of the same coach that hold one of its actions in the same normalised words.
    """
    schema: SchemaDict = {
        "plan_id": pl.Int64,
        "action_count": pl.Int64,
        "copied_count": pl.Int64,
        "personal_share": pl.Float64,
        "copied_from": pl.List(pl.Int64),
    }
    holders: dict[tuple[int, str], set[tuple[int, int]]] = {}
    rows = actions.to_dicts()
    for row in rows:
        holders.setdefault((row["coach_id"], normalised(row["action"])), set()).add((row["plan_id"], row["rep_id"]))
    plans: dict[int, dict[str, Any]] = {}
    for row in rows:
        plan = plans.setdefault(row["plan_id"], {"plan_id": row["plan_id"], "count": 0, "copied": 0, "from": set()})
        others = {
            rep for plan_id, rep in holders[row["coach_id"], normalised(row["action"])] if plan_id != row["plan_id"]
        }
        plan["count"] += 1
        plan["copied"] += bool(others)
        plan["from"] |= others
    found = [
        (plan["plan_id"], plan["count"], plan["copied"], 1 - plan["copied"] / plan["count"], sorted(plan["from"]))
        for plan in plans.values()
    ]
    return pl.DataFrame(found, schema=schema, orient="row").sort("plan_id")


def last_touched_on(*days: dt.date | None) -> dt.date | None:
    """The latest of the days on which a plan was revised or worked on in a session."""
    known = [day for day in days if day is not None]
    return max(known) if known else None


def is_stale(touched_on: dt.date | None, as_of: dt.date) -> bool:
    """Whether nobody has revised a current plan or worked on it in a session for ``STALE_AFTER_DAYS``."""
    return touched_on is None or (as_of - touched_on).days >= STALE_AFTER_DAYS


def quality_words(row: dict[str, Any], as_of: dt.date) -> list[str]:
    """What to look at in a current plan (a row of frames.PLAN_QUALITY), a sentence each; empty where it is fine."""
    found = []
    if row["is_stale"]:
        since = "yet" if row["touched_on"] is None else f"for {numbers.days((as_of - row['touched_on']).days)}"
        found.append(f"Nobody has revised this plan or worked on it in a session {since}: is it still the right one?")
    if row["copied_count"]:
        others = ", ".join(numbers.plain_name(name, 40) for name in row["copied_from"])
        found.append(
            f"{numbers.count(row['copied_count'])} of {numbers.plural(row['action_count'], 'action')} also"
            f" {'stands' if row['copied_count'] == 1 else 'stand'} in the plan of {others}. What is this person's own?"
        )
    return found


def action_changes(before: Iterable[str], after: Iterable[str]) -> list[str]:
    """What changed between two lists of actions, a sentence each; empty where they say the same."""
    old, new = ({normalised(text): text for text in texts} for texts in (before, after))
    added = [f"Added: {_line(text)}" for key, text in new.items() if key not in old]
    gone = [f"Taken out: {_line(text)}" for key, text in old.items() if key not in new]
    return added + gone


def _line(text: str) -> str:
    return numbers.plain_name(text, LONGEST_ACTION)
