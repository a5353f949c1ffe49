"""Who needs their manager now, and why, in sentences; and what a team's figures say in one verdict.

Words are about the situation, never about the person, and good news counts as news. Pure: rows in, words out; no rank:
the order is by number of reasons, then by the longest time without a session, then by name.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import polars as pl

from coaching import numbers
from coaching.metrics import Unit


@dataclass(frozen=True)
class Cadence:
    """How often a role is to be coached, and from when on that is late. Raises ValueError for what is no cadence."""

    every_days: int = 14
    """Days from one slot to the next."""
    tolerance_days: int = 3
    """Days after a slot's end that still count."""

    def __post_init__(self) -> None:
        """Refuse slots without a day and a tolerance below none."""
        if self.every_days < 1 or self.tolerance_days < 0:
            raise ValueError(f"{self.every_days} days with {self.tolerance_days} days' tolerance are no cadence")

    @property
    def due_after_days(self) -> int:
        """With more days than these since the last session, the next one is due."""
        return self.every_days + self.tolerance_days

    @property
    def long_overdue_after_days(self) -> int:
        """With more days than these a second slot has gone by as well."""
        return 2 * self.due_after_days


DEFAULT_CADENCE = Cadence()
"""Where no policy has been set: a slot every two weeks, three days late at most."""
BEHIND_PACE_SHARE = 0.15
"""How far below the quota to date counts as behind: less is noise of single deals."""
STALLED_AT_LEAST = 3
STALLED_SHARE = 1 / 3

REP_KEYS = [
    "won_amount",
    "won_count",
    "quota",
    "quota_attainment",
    "gap_to_date",
    "win_rate_count",
    "average_deal_size",
    "open_pipeline",
    "open_count",
    "stalled_count",
    "pipeline_coverage",
    "needed_coverage",
    "days_since_last_session",
    "days_since_last_observation",
]
"""The metrics of a rep that the rules below read."""


@dataclass(frozen=True)
class Surroundings:
    """What a rep's figures are held against."""

    currency: str
    runs: bool = True
    """Whether the as-of date lies inside the period: only then is there a pace, and a pipeline that can still come."""
    quotas_known: bool = True
    needed_coverage: float | None = None
    """Of the team, for a rep whose own win rate by value is not known."""
    sessions_known: bool = True
    observations_known: bool = True
    cadence: Cadence = DEFAULT_CADENCE
    """Of the people shown: decides from when on a session or an observation is due."""


@dataclass(frozen=True)
class Rule:
    """One kind of reason: when it holds, in two words for a table, in a sentence for a list."""

    key: str
    flag: str
    holds: Callable[[dict[str, Any], Surroundings], bool]
    words: Callable[[dict[str, Any], Surroundings], str]


def behind_pace(rep: dict[str, Any]) -> bool:
    """More than 15 % below the quota prorated to the as-of date."""
    gap, won = rep.get("gap_to_date"), rep.get("won_amount")
    return gap is not None and gap > 0 and gap > BEHIND_PACE_SHARE * (gap + (won or 0.0))


def on_pace(rep: dict[str, Any]) -> bool:
    """At or above the quota prorated to the as-of date."""
    gap = rep.get("gap_to_date")
    return gap is not None and gap <= 0


def no_session_lately(rep: dict[str, Any], around: Surroundings) -> bool:
    """No coaching session for longer than the cadence allows, or none ever, where sessions are recorded at all."""
    days = rep.get("days_since_last_session")
    return around.sessions_known and (days is None or days > around.cadence.due_after_days)


def _no_observation_lately(rep: dict[str, Any], around: Surroundings) -> bool:
    # A policy speaks of sessions only: an observation may be left out of one slot, not of two in a row.
    days = rep.get("days_since_last_observation")
    return around.observations_known and (days is None or days > around.cadence.long_overdue_after_days)


def _many_stalled(rep: dict[str, Any], _around: Surroundings) -> bool:
    stalled, standing = rep.get("stalled_count"), rep.get("open_count")
    return bool(stalled and standing and stalled >= STALLED_AT_LEAST and stalled >= STALLED_SHARE * standing)


def _thin_coverage(rep: dict[str, Any], around: Surroundings) -> bool:
    coverage = rep.get("pipeline_coverage")
    needed = _needed_coverage(rep, around)
    return around.runs and coverage is not None and needed is not None and coverage < needed


def _needed_coverage(rep: dict[str, Any], around: Surroundings) -> float | None:
    own = rep.get("needed_coverage")
    return around.needed_coverage if own is None else own


def _pace_words(rep: dict[str, Any], around: Surroundings) -> str:
    gap = numbers.money(rep["gap_to_date"], around.currency)
    return f"{numbers.share(rep['quota_attainment'])} of quota won, {gap} {'behind pace' if around.runs else 'short'}"


def _session_words(rep: dict[str, Any], _around: Surroundings) -> str:
    days = rep.get("days_since_last_session")
    return "no session recorded yet" if days is None else f"no session for {numbers.days(days)}"


def _observation_words(rep: dict[str, Any], _around: Surroundings) -> str:
    days = rep.get("days_since_last_observation")
    return "not observed yet" if days is None else f"not observed for {numbers.days(days)}"


def _stalled_words(rep: dict[str, Any], _around: Surroundings) -> str:
    return f"{numbers.count(rep['stalled_count'])} of {numbers.count(rep['open_count'])} open deals stalled"


def _coverage_words(rep: dict[str, Any], around: Surroundings) -> str:
    needed = numbers.times(_needed_coverage(rep, around))
    return f"coverage {numbers.times(rep['pipeline_coverage'])}, needs {needed}"


RULES: tuple[Rule, ...] = (
    Rule("below_quota", "below quota", lambda rep, _: behind_pace(rep), _pace_words),
    Rule("no_session", "session due", no_session_lately, _session_words),
    Rule("stalled", "stalled", _many_stalled, _stalled_words),
    Rule("thin_coverage", "thin pipeline", _thin_coverage, _coverage_words),
    Rule("no_observation", "observe", _no_observation_lately, _observation_words),
)
"""One entry per reason; a new one needs nothing else."""


def cadence_on(policies: pl.DataFrame, role: str, on: dt.date) -> Cadence:
    """The cadence that holds for a role on a day: the latest that had begun by then; the default where none had.

    ``policies``: role, every_days, tolerance_days, starts_on (null = since ever), in any order.
    """
    begun = policies.filter(
        (pl.col("role") == role) & (pl.col("starts_on").is_null() | (pl.col("starts_on") <= on))
    ).sort("starts_on", nulls_last=False)
    if begun.is_empty():
        return DEFAULT_CADENCE
    latest = begun.row(-1, named=True)
    return Cadence(latest["every_days"], latest["tolerance_days"])


def surroundings(
    reps: pl.DataFrame,
    currency: str,
    needed_coverage: float | None = None,
    runs: bool = True,
    cadence: Cadence = DEFAULT_CADENCE,
) -> Surroundings:
    """What all reps of a frame share; a column of nulls means that nobody records that here."""
    return Surroundings(
        currency,
        runs,
        quotas_known=_any_value(reps, "quota"),
        needed_coverage=needed_coverage,
        sessions_known=_any_value(reps, "days_since_last_session"),
        observations_known=_any_value(reps, "days_since_last_observation"),
        cadence=cadence,
    )


def _any_value(reps: pl.DataFrame, column: str) -> bool:
    return column in reps.columns and not reps[column].drop_nulls().is_empty()


def with_reasons(reps: pl.DataFrame, around: Surroundings) -> pl.DataFrame:
    """``reps`` with reason_count, reasons (a sentence each, joined) and flags (words for a table); by name."""
    held = [[rule for rule in RULES if rule.holds(rep, around)] for rep in reps.iter_rows(named=True)]
    words = [
        "; ".join(rule.words(rep, around) for rule in rules)
        for rep, rules in zip(reps.iter_rows(named=True), held, strict=True)
    ]
    return reps.with_columns(
        pl.Series("reason_count", [len(rules) for rules in held], dtype=pl.Int64),
        pl.Series("reasons", [_capitalised(text) for text in words], dtype=pl.String),
        pl.Series("flags", [", ".join(rule.flag for rule in rules) for rules in held], dtype=pl.String),
        pl.Series("is_on_pace", [on_pace(rep) for rep in reps.iter_rows(named=True)], dtype=pl.Boolean),
    )


def needing_attention(reps: pl.DataFrame) -> pl.DataFrame:
    """Of ``with_reasons``: whoever has two reasons or more, or is behind pace; the most reasons first."""
    due = reps.filter((pl.col("reason_count") >= 2) | pl.col("flags").str.contains("below quota", literal=True))
    waiting = pl.col("days_since_last_session").fill_null(100_000)
    return due.sort(
        [pl.col("reason_count"), waiting, pl.col("name")], descending=[True, True, False], maintain_order=True
    )


def verdict(reps: pl.DataFrame, around: Surroundings) -> list[str]:
    """What the reps' figures say, the need first and good news after it. ``reps``: with_reasons. May be empty."""
    sentences = []
    total = reps.height
    with_quota = reps.filter(pl.col("gap_to_date").is_not_null())
    behind = sum(behind_pace(rep) for rep in with_quota.iter_rows(named=True))
    due = sum(no_session_lately(rep, around) for rep in reps.iter_rows(named=True))
    quota = "the quota to date" if around.runs else "the quota of the period"
    limit = numbers.days(around.cadence.due_after_days)
    if with_quota.height:
        if behind:
            sentences.append(f"{_of(behind, with_quota.height)} clearly below {quota}.")
        else:
            sentences.append(f"Nobody is clearly below {quota}.")
    if around.sessions_known and total:
        if due:
            sentences.append(f"{_of(due, total, 'has', 'have')} had no session for {limit}.")
        else:
            sentences.append(f"Everybody has had a session within {limit}.")
    met = with_quota.filter(pl.col("quota_attainment") >= 1)
    ahead = with_quota.filter(pl.col("is_on_pace"))
    if met.height:
        met_words = "already met the quota" if around.runs else "met the quota"
        sentences.append(f"Good news: {numbers.plural(met.height, 'rep has', 'reps have')} {met_words}.")
    elif ahead.height:
        sentences.append(f"Good news: {numbers.plural(ahead.height, 'rep is', 'reps are')} on or ahead of pace.")
    return sentences


def _of(part: int, whole: int, one: str = "is", many: str = "are") -> str:
    return f"{numbers.count(part)} of {numbers.plural(whole, 'rep')} {one if part == 1 else many}"


def quadrant_sentence(reps: pl.DataFrame, around: Surroundings) -> str:
    """The title of the performance by coaching figure."""
    with_quota = reps.filter(pl.col("quota_attainment").is_not_null())
    if with_quota.is_empty():
        return "Attainment and coaching, rep by rep"
    quota = "the quota to date" if around.runs else "the quota"
    if around.sessions_known:
        both = sum(not rep["is_on_pace"] and no_session_lately(rep, around) for rep in with_quota.iter_rows(named=True))
        if both:
            who = _of(both, with_quota.height)
            limit = numbers.days(around.cadence.due_after_days)
            return f"{who} below {quota} and without a session for {limit}"
    ahead = with_quota.filter(pl.col("is_on_pace")).height
    return f"{_of(ahead, with_quota.height)} at or ahead of {quota}"


def won_sentence(periods: pl.DataFrame, currency: str, every: str) -> str:
    """The title of the amount won by period: the best whole period, by name."""
    whole = periods.filter(pl.col("won_amount").is_not_null() & ~pl.col("is_running")).sort(
        "won_amount", "period_start", descending=[True, False]
    )
    if whole.is_empty():
        return f"Amount won by {every}"
    best = whole.row(0, named=True)
    if not best["won_amount"] > 0:
        return f"Nothing was won in the last {numbers.plural(whole.height, every)}"
    amount = numbers.money(best["won_amount"], currency)
    name = (
        numbers.month(best["period_start"])
        if every == "month"
        else f"the {every} from {numbers.day(best['period_start'])}"
    )
    return f"{_capitalised(name)} was the best of the last {numbers.plural(whole.height, every)}: {amount} won"


def compared_sentence(teams: pl.DataFrame, label: str) -> str:
    """The title of a comparison of teams with the period before: how many rose. ``teams``: value, before."""
    both = teams.filter(pl.col("value").is_not_null() & pl.col("before").is_not_null())
    if both.is_empty():
        return f"{label} by team"
    risen = both.filter(pl.col("value") > pl.col("before")).height
    return f"{label} is above the period before in {numbers.count(risen)} of {numbers.plural(both.height, 'team')}"


def team_verdict(name: str, totals: dict[str, Any], teams: pl.DataFrame | None = None) -> list[str]:
    """What a team's totals say, where single reps are not seen or say nothing. ``teams``: value, before."""
    sentences = []
    attained, pace = totals.get("quota_attainment"), pace_share(totals)
    if attained is not None and pace is not None:
        where = "on or ahead of pace" if attained >= pace else "behind pace"
        pace_today = numbers.share(pace)
        sentences.append(
            f"{name} has won {numbers.share(attained)} of its quota, {where} ({pace_today} would be pace today)."
        )
    elif totals.get("win_rate_count") is not None:
        spread = numbers.interval(totals["win_rate_count_low"], totals["win_rate_count_high"])
        rate = numbers.share(totals["win_rate_count"], totals["win_rate_count_n"])
        sentences.append(f"{name} wins {rate} of the deals it closes ({spread}).")
    if not sentences:
        sentences.append(f"{name}: no deal was won or lost in this period.")
    if teams is None:
        return sentences
    both = teams.filter(pl.col("value").is_not_null() & pl.col("before").is_not_null())
    if both.height:
        risen = both.filter(pl.col("value") > pl.col("before")).height
        verb = "stands" if risen == 1 else "stand"
        of_teams = f"{numbers.count(risen)} of {numbers.plural(both.height, 'team')}"
        sentences.append(f"{of_teams} {verb} above the period before.")
    return sentences


def pace_share(totals: dict[str, Any]) -> float | None:
    """The attainment that is on pace on the as-of date: quota to date over the quota. None without a quota."""
    quota, gap, won = totals.get("quota"), totals.get("gap_to_date"), totals.get("won_amount")
    if not quota or gap is None or won is None:
        return None
    return float((gap + won) / quota)


def change_sentence(label: str, first: float | None, last: float | None, unit: Unit, currency: str, since: str) -> str:
    """The title of a line over time: where it stands and how that compares with its start."""
    if last is None:
        return f"{label}: no data yet"
    now = numbers.value(last, unit, currency)
    if first is None:
        return f"{label} stands at {now}"
    difference = last - first
    words = numbers.change(difference, unit, currency)
    if words == "unchanged":
        return f"{label} stands at {now}, unchanged since {since}"
    size = words.lstrip("+" + numbers.MINUS)
    return f"{label} stands at {now}, {size} {'more' if difference > 0 else 'less'} than in {since}"


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]


def listed(words: Iterable[str]) -> str:
    """a, b and c"""
    parts = list(words)
    return parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + f" and {parts[-1]}" if parts else ""
