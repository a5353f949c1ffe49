"""Who got the hours, who gained, and results by hours: groups of reps, never one of them."""

from __future__ import annotations

from typing import Any

import polars as pl
from polars._typing import SchemaDict

from coaching import numbers, programme_words
from coaching.programme_view.picture import Picture, as_title, framed, lower_first, not_drawn
from coaching.programme_view.reading import THIN_POINT, holds_zero, interval_words, why_withheld, written

HOURS = f"{numbers.SPACE}hours"
EVEN = 1.25
"""Hours per rep and month of the tier with most, as a multiple of the one with least, below which they are even."""
COVERAGE: SchemaDict = {"tier": pl.String, "hours": pl.Float64, "share": pl.Float64, "reps": pl.Int64, "own": pl.String}
TIERS: SchemaDict = {
    "tier": pl.String,
    "estimate": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "reps": pl.Int64,
    "n": pl.Int64,
    "own": pl.String,
}
DOSE: SchemaDict = {
    "label": pl.String,
    "hours": pl.Float64,
    "estimate": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "n": pl.Int64,
    "is_thin": pl.Boolean,
    "says": pl.String,
}


def coverage(found: dict[str, Any]) -> Picture:
    """Who got the hours: coaching hours per coached rep and month by how well reps did before. No estimate."""
    rows = [row for row in found["tiers"]["tiers"] if row["hours_per_rep_month"] is not None]
    if not rows:
        why = found["tiers"]["why_not"] or "No coached rep has months before the start to be placed by."
        return not_drawn("Who got the hours", COVERAGE, why)
    shown = [
        {
            "tier": row["tier"],
            "hours": row["hours_per_rep_month"],
            "share": row["hours_share"],
            "reps": row["reps"],
            "own": f"{row['hours_per_rep_month']:.1f}{HOURS}",
        }
        for row in rows
    ]
    sentence = _hours_in_words(shown)
    return Picture(
        sentence=sentence,
        frame=framed(shown, COVERAGE),
        alt=f"{sentence}. "
        + " ".join(f"{row['tier']}: {row['own']}, {numbers.plural(row['reps'], 'rep')}." for row in shown),
        table=pl.DataFrame(
            [(row["tier"], row["reps"], row["own"], numbers.share(row["share"])) for row in shown],
            schema=["Results before", "Reps", "Hours per coached rep and month", "Share of all hours"],
            orient="row",
        ),
        words={},
    )


def _hours_in_words(rows: list[dict[str, Any]]) -> str:
    most, least = (pick(rows, key=lambda row: row["hours"]) for pick in (max, min))
    if len(rows) < 2 or most["hours"] < EVEN * least["hours"]:
        low, high = (row["own"].removesuffix(HOURS) for row in (least, most))
        about = f"about {high}" if low == high else f"{low} to {high}"
        return f"Hours were spread evenly: {about}{HOURS} per coached rep and month"
    tier, share = lower_first(most["tier"]), numbers.share(most["share"])
    return f"The {tier} got most: {most['own']} per rep and month, {share} of all"


def tiers(found: dict[str, Any]) -> Picture:
    """Who gained: the effect by how well reps did before."""
    title, why, told = "Who gained", why_withheld(found), found["tiers"]
    rows = [row for row in told["tiers"] if row["effect"] is not None]
    if why or not rows:
        return not_drawn(title, TIERS, why or told["why_not"] or "No tier has coached reps to compare.")
    amounts = programme_words.amounts(found)
    shown = [
        {
            **row["effect"],
            "tier": row["tier"],
            "reps": row["reps"],
            "own": written(amounts, row["effect"]),
            "interval": interval_words(amounts, row["effect"]),
        }
        for row in rows
    ]
    sentence = as_title(told["sentence"])
    parts = [f"{row['tier']}: {row['own']} ({row['interval']}), {numbers.plural(row['reps'], 'rep')}." for row in shown]
    return Picture(
        sentence=sentence,
        frame=framed(shown, TIERS),
        alt=" ".join([f"{sentence}.", *parts]),
        table=pl.DataFrame(
            [(row["tier"], row["reps"], row["own"], row["interval"]) for row in shown],
            schema=["Results before", "Reps", "Effect per rep and month", "Interval"],
            orient="row",
        ),
        words={"currency": found["currency"]},
        note="Reps stand in a tier by other months than those their level is taken from.",
    )


def dose(found: dict[str, Any]) -> Picture:
    """Hours of coaching beside actual minus expected: an association, never more."""
    title, why, told = "How much coaching", why_withheld(found), found["dose"]
    if why or not told["bins"]:
        return not_drawn(title, DOSE, why or told["why_not"])
    amounts = programme_words.amounts(found)
    rows = []
    for one in told["bins"]:
        label = _hours_span(one["hours_from"], one["hours_to"])
        own, interval = written(amounts, one), interval_words(amounts, one)
        says = f"{label} hours a month: {own} ({interval}), {numbers.plural(one['n'], 'rep-month')}"
        more = {"label": label, "is_thin": one["n"] < THIN_POINT, "own": own, "interval": interval, "says": says}
        rows.append({**one, **more})
    slope = told["slope"]
    sentence = _slope_words(slope)
    return Picture(
        sentence=sentence,
        frame=framed(rows, DOSE),
        alt=f"{sentence}. " + " ".join(f"{row['says']}." for row in rows) + f" {told['warning']}",
        table=pl.DataFrame(
            [(row["label"], row["own"], row["interval"], row["n"]) for row in rows],
            schema=["Hours in the month", "Actual minus expected", "Interval", "Rep-months"],
            orient="row",
        ),
        words={"currency": found["currency"], "watermark": told["watermark"]},
        note=told["warning"],
    )


def _hours_span(low: float, high: float | None) -> str:
    return f"{low:g} and more" if high is None else f"{low:g} to {high:g}"


def _slope_words(slope: dict[str, Any] | None) -> str:
    if slope is None or holds_zero(slope):
        return "Months with more hours were neither clearly better nor clearly worse"
    side = "above" if slope["low"] > 0 else "below"
    return f"Months with more hours lay further {side} what was expected, which says nothing about the cause"
