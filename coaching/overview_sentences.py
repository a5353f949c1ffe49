"""What a team's figures say in a sentence: the titles of the overview's figures and the verdict on totals. Pure."""

from __future__ import annotations

from typing import Any

import polars as pl

from coaching import numbers
from coaching.attention.selling import on_pace
from coaching.cadence import Cadence


def quadrant_sentence(reps: pl.DataFrame, *, runs: bool, cadence: Cadence) -> str:
    """The title of the performance by coaching figure.

    ``reps``: quota_attainment, gap_to_date, days_since_last_session (null in every row = sessions are not recorded).
    """
    with_quota = reps.filter(pl.col("quota_attainment").is_not_null()).to_dicts()
    if not with_quota:
        return "Attainment and coaching, rep by rep"
    quota = "the quota to date" if runs else "the quota"
    if reps["days_since_last_session"].drop_nulls().len():
        both = sum(not on_pace(rep) and _is_due(rep["days_since_last_session"], cadence) for rep in with_quota)
        if both:
            limit = numbers.days(cadence.due_after_days)
            return f"{_of(both, len(with_quota))} below {quota} and without a session for {limit}"
    return f"{_of(sum(on_pace(rep) for rep in with_quota), len(with_quota))} at or ahead of {quota}"


def _is_due(days: float | None, cadence: Cadence) -> bool:
    return days is None or days > cadence.due_after_days


def _of(part: int, whole: int) -> str:
    return f"{numbers.count(part)} of {numbers.plural(whole, 'rep')} {'is' if part == 1 else 'are'}"


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
    return f"{name[:1].upper()}{name[1:]} was the best of the last {numbers.plural(whole.height, every)}: {amount} won"


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
