"""Cached reads for the start-order lottery: who could start, what could be seen, drawn orders and their progress."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl

from coaching.roi.guardrails import Guardrails
from data_access.queries import programme as queries
from data_access.queries import roi as evidence
from ui.loaders import Sight, read


def eligible(sight: Sight) -> pl.DataFrame:
    """programme.ELIGIBLE: whom the viewer could enrol or draw; without names for an admin."""
    today = sight.company.today
    return read("eligible", sight, {}, lambda c: queries.eligible(sight.viewer, c, today=today))


def not_enrolled_count(sight: Sight) -> int:
    """How many in the whole company could still be enrolled."""
    today = sight.company.today
    return read("not_enrolled_count", sight, {}, lambda c: queries.not_enrolled_count(sight.viewer, c, today=today))


def programmes(sight: Sight) -> pl.DataFrame:
    """programme.PROGRAMMES by first day."""
    return read("programmes", sight, {}, lambda c: queries.programmes(sight.viewer, c))


def visible_share(sight: Sight, starts: tuple[int, ...], months: int) -> float | None:
    """The smallest effect that reps who start as planned (months from the first wave's) could show within ``months``
    months, as a share of average results; None = not known."""
    today = sight.company.today
    found = read(
        "visible_share",
        sight,
        {"starts": starts, "months": months},
        # In a tuple: None is a result like any other.
        lambda c: (evidence.visible_by_plan(sight.viewer, c, starts=starts, months=months, today=today),),
    )
    return found[0]


def limits(sight: Sight) -> Guardrails:
    """The thresholds of the verdict as set."""
    return read("guardrails", sight, {}, lambda c: queries.guardrails(sight.viewer, c))


def lotteries(sight: Sight) -> list[dict[str, Any]]:
    """Drawn orders, oldest first; see data_access.queries.programme.lotteries."""
    today = sight.company.today
    return read("lotteries", sight, {}, lambda c: queries.lotteries(sight.viewer, c, today=today))


def drawn_people(sight: Sight) -> dict[int, pl.DataFrame]:
    """Lottery -> programme.DRAWN of the people in view."""
    today = sight.company.today
    return read("drawn_people", sight, {}, lambda c: queries.drawn_people(sight.viewer, c, as_of=today, today=today))


def waves(sight: Sight, lottery_id: int) -> pl.DataFrame:
    """programme.WAVES of one drawn order, as counts."""
    today = sight.company.today
    found = read("waves", sight, {}, lambda c: queries.wave_progress(sight.viewer, c, as_of=today))
    return found.filter(pl.col("lottery_id") == lottery_id)


def frozen_results(sight: Sight) -> tuple[dict[int, dict[str, Any]], dt.date | None]:
    """Lottery -> what the latest frozen result says about it, and the day it speaks for. Nothing is computed here."""

    def fetch(connection: Any) -> tuple[dict[int, dict[str, Any]], dt.date | None]:
        last = evidence.last_frozen(sight.viewer, connection)
        if last is None:
            return {}, None
        return {int(one["lottery_id"]): one for one in last["lotteries"]}, dt.date.fromisoformat(last["as_of"])

    return read("frozen_lotteries", sight, {}, fetch)
