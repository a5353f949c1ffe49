"""Objectives: how far from baseline to target, whether the due date will see it reached, and all of that in words.

Values come as frames.METRIC_SERIES, an objective as a row of frames.OBJECTIVES. No database, no clock.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from typing import Any

import polars as pl
from polars._typing import SchemaDict

from coaching import forecast, numbers
from coaching.metrics import Direction, Metric, Unit, metric
from coaching.periods import Calendar, Period, add_months
from coaching.plans import target_value, target_words

ON_PATH_FROM = 0.75
OFF_PATH_TO = 0.25
TIME_BEFORE_A_VERDICT = 1 / 3
FLOW_MONTHS = 3
"""A flow or a rate is taken over three whole months: as long as the quarter of its baseline."""
SNAPSHOTS_OF_A_BASELINE = 3
MONTHS_LOOKED_BACK = 12
POINTS_OF_A_MEDIAN = 4
BESIDE = {"open_pipeline": "win_rate_count", "pipeline_generated": "win_rate_count"}
"""A pipeline grows by itself where doubtful deals are let in, so another metric stands beside it."""

VERDICT_NAMES = {
    "met": "Met",
    "on_path": "On path",
    "could_go_either_way": "Could go either way",
    "off_path": "Off path",
    "too_early": "Too early to say",
}
STATUS_NAMES = {
    "proposed": "Waiting for the rep's answer",
    "accepted": "Agreed by both",
    "countered": "The rep proposes another target",
    "objected": "The rep objects",
    "closed": "Closed",
}
OWN_STATUS_NAMES = {
    **STATUS_NAMES,
    "proposed": "Waiting for your answer",
    "countered": "You propose another target",
    "objected": "You object",
}
"""The same, said to the rep themselves."""


# ---- What is measured when ---------------------------------------------------------------------------------------


def month_ends(first: dt.date, last: dt.date) -> list[dt.date]:
    """The last days of the months that ended from ``first`` to ``last``, both included."""
    ends, start = [], first.replace(day=1)
    while (end := add_months(start, 1) - dt.timedelta(days=1)) <= last:
        if end >= first:
            ends.append(end)
        start = add_months(start, 1)
    return ends


def flow_period(end: dt.date) -> Period:
    """The three whole months up to a month's last day."""
    return Period(add_months(end.replace(day=1), 1 - FLOW_MONTHS), end)


def baseline_period(agreed_on: dt.date, calendar: Calendar) -> Period:
    """The fiscal quarter before the one in which something is agreed: the last whole one."""
    start = calendar.quarter_start(agreed_on)
    return Period(add_months(start, -FLOW_MONTHS), start - dt.timedelta(days=1))


# ---- One objective -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Assessment:
    """Where an objective stands. ``progress`` 0 = baseline, 1 = target; None where one of the values is missing."""

    verdict: str
    """A key of VERDICT_NAMES."""
    reason: str
    now: float | None
    now_on: dt.date | None
    now_n: float | None
    reach: float | None
    """The metric's value to reach."""
    progress: float | None
    chance: float | None
    chance_range: tuple[float, float] | None
    """The chance when any single value is left out."""
    trend: forecast.Trend | None
    points: pl.DataFrame
    """frames.METRIC_SERIES that the trend was drawn through."""
    note: str
    """What to mind: a baseline taken in a weak spell recovers by itself. Empty where there is nothing."""


def assess(goal: dict[str, Any], series: pl.DataFrame, as_of: dt.date, currency: str = "") -> Assessment:
    """The verdict on ``goal`` as of a day, from its metric's ``series`` up to then.

    met: the target is reached (a flow: over three whole months since the agreement, or at the due date); on path where
    the forecast reaches it with a chance of .75 or more, off path at .25 or less, else it could go either way; too
    early before 6 values or a third of the time. After the due date it is met or off path. Source of the forecast:
    coaching.forecast; progress = (now − baseline) ÷ (target − baseline).
    """
    entry = metric(goal["metric_key"])
    reach = target_value(goal["baseline_value"], goal["target_value"], goal["target_kind"])
    at = min(as_of, goal["due_on"])
    known = series.filter(pl.col("value").is_not_null() & (pl.col("at") <= at)).sort("at")
    last = known.row(-1, named=True) if known.height else None
    now = last["value"] if last else None
    points = _points(entry, goal["since_on"], known)
    verdict, reason, chance, bounds, line = "too_early", "", None, None, None
    if now is None or reach is None or last is None:
        reason = f"There is no value to judge by: {_lower(entry.no_data)}."
    elif _is_met(goal, entry, last, reach, at):
        verdict, reason = "met", _met_words(entry, now, reach, last["at"], currency)
    elif as_of >= goal["due_on"]:
        verdict = "off_path"
        reason = (
            f"The due date has passed at {_value(now, entry, currency)}, short of {_value(reach, entry, currency)}."
        )
    else:
        days, values = points["at"].to_list(), points["value"].to_list()
        reason = _early_words(goal, entry, points.height, at)
        line = forecast.trend(days, values) if points.height >= forecast.FEWEST_POINTS else None
        if not reason and line is not None:
            upwards = goes_up(goal)
            chance = line.chance(goal["due_on"], reach, upwards)
            bounds = forecast.chance_range(days, values, goal["due_on"], reach, upwards)
            verdict = "on_path" if chance >= ON_PATH_FROM else "off_path" if chance <= OFF_PATH_TO else ""
            verdict = verdict or "could_go_either_way"
            reason = _forecast_words(goal, entry, line, currency)
            if _reaches(goal, last["value"], reach):
                reason = f"The last three months reach it already, but began before the agreement. {reason}"
    return Assessment(
        verdict=verdict,
        reason=reason,
        now=now,
        now_on=last["at"] if last else None,
        now_n=last["n"] if last else None,
        reach=reach,
        progress=progress(goal["baseline_value"], now, reach),
        chance=chance,
        chance_range=bounds,
        trend=line,
        points=points,
        note=recovery_note(goal, series, currency),
    )


def progress(baseline: float | None, now: float | None, reach: float | None) -> float | None:
    """(now − baseline) ÷ (target − baseline): 0 at the baseline, 1 at the target, negative where it went the other way.

    None where a value is missing or the target equals the baseline.
    """
    if baseline is None or now is None or reach is None or math.isclose(reach, baseline, rel_tol=1e-12):
        return None
    return (now - baseline) / (reach - baseline)


def goes_up(goal: dict[str, Any]) -> bool:
    """Whether the target lies above the baseline; without a baseline, whether more of the metric is good."""
    reach = target_value(goal["baseline_value"], goal["target_value"], goal["target_kind"])
    if goal["baseline_value"] is None or reach is None:
        return metric(goal["metric_key"]).direction is not Direction.DOWN
    return bool(reach > goal["baseline_value"])


def _points(entry: Metric, since_on: dt.date, known: pl.DataFrame) -> pl.DataFrame:
    """What the trend is drawn through: a stock's values since the agreement, of the last 12 months at most; a flow's
    of the last 12 months, or since the agreement where that is longer ago (its own months would be too few)."""
    if known.is_empty():
        return known
    year = add_months(known["at"][-1], -MONTHS_LOOKED_BACK)
    first = max(since_on, year) if entry.is_stock else min(since_on, year)
    return known.filter(pl.col("at") > first) if not entry.is_stock else known.filter(pl.col("at") >= first)


def _is_met(goal: dict[str, Any], entry: Metric, last: dict[str, Any], reach: float, at: dt.date) -> bool:
    if not _reaches(goal, last["value"], reach) or last["at"] < goal["since_on"]:
        return False
    if entry.is_stock or at >= goal["due_on"]:
        return True
    # Months from before the agreement would count as its success.
    return flow_period(last["at"]).start >= goal["since_on"].replace(day=1)


def _reaches(goal: dict[str, Any], value: float, reach: float) -> bool:
    return bool(value >= reach if goes_up(goal) else value <= reach)


def _early_words(goal: dict[str, Any], entry: Metric, count: int, at: dt.date) -> str:
    """Why it is too early for a verdict; empty where it is not."""
    if count < forecast.FEWEST_POINTS:
        steps = "weekly values since the agreement" if entry.is_stock else "monthly values"
        return f"A forecast needs {forecast.FEWEST_POINTS} {steps}; there are {numbers.count(count)} so far."
    third = goal["since_on"] + (goal["due_on"] - goal["since_on"]) * TIME_BEFORE_A_VERDICT
    if at < third:
        return f"A third of the time has to pass first, on {numbers.day(third)}."
    return ""


def recovery_note(goal: dict[str, Any], series: pl.DataFrame, currency: str = "") -> str:
    """A sentence where the baseline was taken in a weak spell: worse than the rep's own median of the year before."""
    if goal["baseline_value"] is None:
        return ""
    entry, since = metric(goal["metric_key"]), goal["since_on"]
    before = series.filter(
        pl.col("value").is_not_null() & pl.col("at").is_between(add_months(since, -MONTHS_LOOKED_BACK), since)
    )
    if before.height < POINTS_OF_A_MEDIAN:
        return ""
    median = float(before["value"].median())  # type: ignore[arg-type]
    is_weak = goal["baseline_value"] < median if goes_up(goal) else goal["baseline_value"] > median
    if not is_weak:
        return ""
    return (
        f"The baseline of {_value(goal['baseline_value'], entry, currency)} was taken in a weak spell: the median of"
        f" the 12 months before is {_value(median, entry, currency)}. Part of a recovery would come by itself."
    )


FAN: SchemaDict = {"at": pl.Date, "value": pl.Float64, "low": pl.Float64, "high": pl.Float64}
STEPS_OF_A_FAN = 24


def fan(goal: dict[str, Any], found: Assessment) -> pl.DataFrame:
    """The robust line with its 80 % interval for the figure: at, value, low, high from the first point to the due date.

    The interval is null up to the last value: what has been measured is not forecast. Empty without a forecast.
    """
    if found.trend is None or found.chance is None or found.now_on is None:
        return pl.DataFrame(schema=FAN)
    first, last, due = found.points["at"][0], found.now_on, goal["due_on"]
    ahead = (due - last).days
    days = sorted(
        {last + dt.timedelta(days=round(ahead * step / STEPS_OF_A_FAN)) for step in range(STEPS_OF_A_FAN + 1)}
    )
    rows: list[tuple[Any, ...]] = [(first, found.trend.value(first), None, None)]
    rows += [(day, found.trend.value(day), *found.trend.interval(day)) for day in days]
    return pl.DataFrame(rows, schema=FAN, orient="row")


# ---- Words -------------------------------------------------------------------------------------------------------


def _value(value: float | None, entry: Metric, currency: str) -> str:
    return numbers.value(value, entry.unit, currency)


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]


def _met_words(entry: Metric, now: float, reach: float, on: dt.date, currency: str) -> str:
    when = numbers.day(on) if entry.is_stock else f"the three months up to {numbers.day(on)}"
    joint = "on" if entry.is_stock else "over"
    return f"{_value(now, entry, currency)} {joint} {when} reaches {_value(reach, entry, currency)}."


def _forecast_words(goal: dict[str, Any], entry: Metric, line: forecast.Trend, currency: str) -> str:
    low, high = line.interval(goal["due_on"])
    bounds = sorted(
        (max(low, 0.0) if _never_negative(entry) else low, max(high, 0.0) if _never_negative(entry) else high)
    )
    steps = "weekly" if entry.is_stock else "monthly"
    return (
        f"If the last {line.n} {steps} values go on as they went, {numbers.day(goal['due_on'])} sees"
        f" {_value(bounds[0], entry, currency)} to {_value(bounds[1], entry, currency)} in 4 of 5 cases."
    )


def _never_negative(entry: Metric) -> bool:
    return entry.key not in {"margin", "discount", "gap_to_quota"}


def standing_words(goal: dict[str, Any], found: Assessment, currency: str = "") -> str:
    """Where the metric stands beside its baseline: Open pipeline is 1.4× the baseline; Win rate is 31 %, +4 points."""
    entry, baseline, now = metric(goal["metric_key"]), goal["baseline_value"], found.now
    if now is None:
        return f"{entry.label}: no data yet"
    if baseline is None:
        return f"{entry.label} is {_value(now, entry, currency)}"
    if entry.unit in {Unit.MONEY, Unit.COUNT} and baseline > 0 and now >= 0:
        return f"{entry.label} is {numbers.times(now / baseline)} the baseline"
    return f"{entry.label} is {_value(now, entry, currency)}, {numbers.change(now - baseline, entry.unit, currency)}"


def goal_words(goal: dict[str, Any], currency: str = "") -> str:
    """What was agreed: double, +20 %, +7 points, to $120 k."""
    return target_words(goal["target_value"], goal["target_kind"], metric(goal["metric_key"]), currency)


def chance_words(found: Assessment) -> str:
    """The chance in the words of a title: 32–61 %; empty where there is no forecast."""
    if found.chance is None:
        return ""
    low, high = found.chance_range or (found.chance, found.chance)
    if round(low * 100) == round(high * 100):
        return numbers.share(found.chance)
    return numbers.interval(low, high)


def headline(goal: dict[str, Any], found: Assessment, currency: str = "") -> str:
    """The figure's title: where it stands, and in words what becomes of it by the due date."""
    start, what = standing_words(goal, found, currency), goal_words(goal, currency)
    by = f"{what} by {numbers.day(goal['due_on'])}"
    chance = chance_words(found)
    match found.verdict:
        case "met":
            return f"{start}: {what} is met"
        case "on_path":
            return f"{start}; {by} is on path ({chance})"
        case "off_path":
            return f"{start}; {by} is off path ({chance})" if chance else f"{start}; {by} was not reached"
        case "could_go_either_way":
            return f"{start}; {by} could go either way ({chance})"
        case _:
            return f"{start}; whether it gets {what if what.startswith('to ') else f'to {what}'} is too early to say"


def baseline_words(goal: dict[str, Any], currency: str = "") -> str:
    """The frozen baseline with n, date and basis."""
    entry = metric(goal["metric_key"])
    if goal["baseline_value"] is None:
        return "No baseline: there were no data when it was agreed."
    parts = [_value(goal["baseline_value"], entry, currency)]
    if goal["baseline_count"] is not None:
        parts.append(f"n = {numbers.count(goal['baseline_count'])}")
    if goal["baseline_as_of"] is not None:
        parts.append(f"as of {numbers.day(goal['baseline_as_of'])}")
    basis = f" {goal['baseline_basis'].rstrip('.')}." if goal["baseline_basis"] else ""
    return f"{', '.join(parts)}.{basis}"


def now_words(goal: dict[str, Any], found: Assessment, currency: str = "") -> str:
    """Today's value with n and the day or months it stands for."""
    entry = metric(goal["metric_key"])
    if found.now is None or found.now_on is None:
        return "No data yet"
    when = numbers.day(found.now_on)
    span = when if entry.is_stock else f"three months up to {when}"
    n = f", n = {numbers.count(found.now_n)}" if found.now_n is not None else ""
    return f"{_value(found.now, entry, currency)} ({span}{n})"


def is_agreed(goal: dict[str, Any]) -> bool:
    """Whether both have agreed to an objective; proposed, countered or objected to is not agreed."""
    return goal["status"] in {"accepted", "closed"}


def since_words(goal: dict[str, Any]) -> str:
    """Since when it stands: agreed 17 Nov 2026, or proposed 17 Nov 2026 and not agreed."""
    if is_agreed(goal):
        return f"agreed {numbers.day(goal['since_on'])}"
    # What is proposed may follow an agreement of an earlier day.
    return f"proposed {numbers.day(goal['agreed_on'])}, not agreed"


def summary_words(goals: list[dict[str, Any]], found: list[Assessment]) -> str:
    """How many objectives stand where: 3 objectives: 1 met, 1 off path, 1 not agreed yet. Empty without an objective.

    ``found``: the verdict on each of ``goals``; one that is not agreed is counted as that, whatever its values do.
    """
    if not goals:
        return ""
    verdicts = [each.verdict if is_agreed(goal) else "" for goal, each in zip(goals, found, strict=True)]
    parts = []
    for verdict, name in (*VERDICT_NAMES.items(), ("", "Not agreed yet")):
        times = verdicts.count(verdict)
        if times:
            parts.append(f"{numbers.count(times)} {_lower(name)}" if len(goals) > 1 else _lower(name))
    return f"{numbers.plural(len(goals), 'objective')}: {', '.join(parts)}"


def agreed_words(goals: list[dict[str, Any]]) -> str:
    """How many objectives a plan has, and whether both have agreed to them."""
    if not goals:
        return "no objective yet"
    open_count = sum(1 for goal in goals if not is_agreed(goal))
    agreed = "agreed by both" if not open_count else f"{numbers.count(open_count)} of them not agreed by both yet"
    if len(goals) == 1:
        agreed = "agreed by both" if not open_count else "not agreed by both yet"
    return f"{numbers.plural(len(goals), 'objective')}, {agreed}"


def beside_words(key: str, series: pl.DataFrame, since_on: dt.date) -> str:
    """What another metric did meanwhile: Win rate beside it: 31 % (n = 26), 28 % at the agreement."""
    entry = metric(key)
    known = series.filter(pl.col("value").is_not_null()).sort("at")
    if known.is_empty():
        return f"{entry.label} beside it: no data."
    last = known.row(-1, named=True)
    n = f" (n = {numbers.count(last['n'])})" if last["n"] is not None else ""
    words = f"{entry.label} beside it: {numbers.value(last['value'], entry.unit)}{n}"
    before = known.filter(pl.col("at") <= since_on)
    if before.height and last["at"] > since_on:
        words += f", {numbers.value(before['value'][-1], entry.unit)} at the agreement"
    return f"{words}."


def table_rows(goal: dict[str, Any], found: Assessment, series: pl.DataFrame, currency: str = "") -> pl.DataFrame:
    """The figure as text: day, value, n; then the forecast at the due date."""
    entry = metric(goal["metric_key"])
    rows = [
        (row["at"], numbers.value(row["value"], entry.unit, currency), None if row["n"] is None else round(row["n"]))
        for row in series.filter(pl.col("value").is_not_null()).sort("at", descending=True).iter_rows(named=True)
    ]
    if found.trend is not None and found.chance is not None:
        low, high = found.trend.interval(goal["due_on"])
        ahead = f"{numbers.value(low, entry.unit, currency)} to {numbers.value(high, entry.unit, currency)} (forecast)"
        rows.insert(0, (goal["due_on"], ahead, None))
    return pl.DataFrame(rows, schema={"day": pl.Date, "value": pl.String, "n": pl.Int64}, orient="row")


def action_state(action: dict[str, Any], as_of: dt.date) -> str:
    """Where an action stands, in words: done on 3 Nov 2026, 6 times planned, worked on in 2 sessions."""
    parts = []
    if action["done_on"] is not None:
        parts.append(f"done on {numbers.day(action['done_on'])}")
    elif action["due_on"] is not None and action["due_on"] < as_of:
        parts.append(f"was due on {numbers.day(action['due_on'])}")
    elif action["due_on"] is not None:
        parts.append(f"due on {numbers.day(action['due_on'])}")
    held, wanted = action["held_count"], action["repetitions"]
    if wanted is not None:
        parts.append(f"{numbers.count(wanted)} times planned, worked on in {numbers.plural(held, 'session')}")
    elif held:
        parts.append(f"worked on in {numbers.plural(held, 'session')}")
    return ", ".join(parts) or "no due date"
