"""Coached reps beside what was expected of them. Coaching is named as the cause only where the verdict does so."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
from polars._typing import SchemaDict

from coaching import numbers, programme_words
from coaching.programme_view.picture import Picture, framed, not_drawn
from coaching.programme_view.reading import (
    PLACEBO,
    THIN_POINT,
    estimate_of,
    headline,
    holds_zero,
    interval_words,
    months_of,
    why_not_estimated,
    why_withheld,
    written,
)
from coaching.roi.rounding import Amounts

LINES: SchemaDict = {"month": pl.Date, "actual": pl.Float64, "expected": pl.Float64, "n": pl.Int64, "says": pl.String}
CURVE: SchemaDict = {
    "first": pl.Int64,
    "last": pl.Int64,
    "at": pl.Float64,
    "estimate": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "band_low": pl.Float64,
    "band_high": pl.Float64,
    "n": pl.Int64,
    "is_thin": pl.Boolean,
    "says": pl.String,
}


def actual_and_expected(found: dict[str, Any]) -> Picture:
    """What coached reps brought in by month, beside what was to be expected of them without coaching."""
    title, whole, why = "Actual and expected results of coached reps", headline(found), why_withheld(found)
    rows = [row for row in found["actual_and_expected"] if row["actual"] is not None]
    if why or whole is None or not rows:
        return not_drawn(title, LINES, why or why_not_estimated(found, "headline"))
    coached = _coached_by_month(found)
    lines = [_line(row, coached.get(row["month"], 0), found["currency"]) for row in rows]
    sentence = _apart(found, whole)
    return Picture(
        sentence=sentence,
        frame=framed(lines, LINES),
        alt=f"{sentence}. {lines[0]['says']}. {lines[-1]['says']}.",
        table=pl.DataFrame(
            [(numbers.month(line["month"]), *line["own"], line["n"]) for line in lines],
            schema=["Month", "Actual", "Expected without coaching", "Coached reps"],
            orient="row",
        ),
        words={"currency": found["currency"], "outcome": found["outcome"]},
        note="Expected: the level of each coached rep in the months before the start, without those right before it,"
        " moved along with the reps who were not coached yet.",
    )


def _apart(found: dict[str, Any], whole: dict[str, Any]) -> str:
    """How far actual and expected lie apart; coaching is named as the cause only where the verdict does so."""
    amounts, effect = programme_words.amounts(found), found["effect"]
    if effect == "none":
        interval = interval_words(amounts, whole)
        return f"Coached reps' results are not clearly apart from what was expected: {interval} per month"
    near, far = sorted((whole["low"], whole["high"]), key=abs)
    low, high, size = (amounts.say(abs(end), whole["se"]) for end in (near, far, whole["estimate"]))
    if found["verdict"] == "amber":
        side = "above" if effect == "raised" else "below"
        return f"Coached reps' results lay {low} to {high} a month {side} what was expected; the cause is not known"
    did = "added" if effect == "raised" else "took away"
    return f"Coaching {did} about {size} per rep and month, between {low} and {high}"


def _line(row: dict[str, Any], n: int, currency: str) -> dict[str, Any]:
    month = dt.date.fromisoformat(row["month"])
    own = tuple(numbers.money(row[key], currency) for key in ("actual", "expected"))
    says = f"{numbers.month(month)}: {own[0]} per coached rep, {own[1]} expected; {numbers.plural(n, 'coached rep')}"
    return {**row, "month": month, "n": n, "own": own, "says": says}


def _coached_by_month(found: dict[str, Any]) -> dict[str, int]:
    return {
        month.isoformat(): sum(row[place] == "c" for row in found["start_map"])
        for place, month in enumerate(months_of(found))
    }


def event_curve(found: dict[str, Any]) -> Picture:
    """The distance to what was expected by months since the start, with intervals of a point and of the whole curve."""
    title, curve, why = "Before and after the start", found["curve"], why_withheld(found)
    if why or curve is None or not curve["points"]:
        return not_drawn(title, CURVE, why or why_not_estimated(found, "event_curve"))
    amounts = programme_words.amounts(found)
    rows = [_point(one, curve["band"], amounts) for one in curve["points"]]
    sentence = _curve_in_words(found)
    notes = [found["words"][key] for key in ("dip", "placebo", "breakdown")]
    if any(row["is_thin"] for row in rows):
        notes.append(f"Pale: fewer than {THIN_POINT} rep-months.")
    return Picture(
        sentence=sentence,
        frame=framed(rows, CURVE),
        alt=f"{sentence}. " + " ".join(f"{row['says']}." for row in (rows[0], rows[-1])),
        table=pl.DataFrame(
            [(row["when"], *row["own"], row["n"]) for row in rows],
            schema=["Months since the start", "Distance to expected", "From", "To", "Rep-months"],
            orient="row",
        ),
        words={"currency": found["currency"], "dip_from": curve["dip_from"], "outcome": found["outcome"]},
        note=" ".join(note for note in notes if note),
    )


def _point(one: dict[str, Any], band: float | None, amounts: Amounts) -> dict[str, Any]:
    first, last, size = one["first"], one["last"], one["n"]
    reach = None if band is None or one["se"] is None else band * one["se"]
    when = numbers.count(first) if first == last else f"{numbers.count(first)} to {numbers.count(last)}"
    own = tuple(written(amounts, one, key) for key in ("estimate", "low", "high"))
    start = f"{_since(first)} to {_since(last)}" if first != last else _since(first)
    return {
        **one,
        "at": (first + last) / 2,
        "band_low": None if reach is None else one["estimate"] - reach,
        "band_high": None if reach is None else one["estimate"] + reach,
        "is_thin": size < THIN_POINT,
        "when": when,
        "own": own,
        "says": f"{start}: {own[0]} ({own[1]} to {own[2]}), {numbers.plural(size, 'rep-month')}",
    }


def _since(months: int) -> str:
    if months == 0:
        return "Month of the start"
    return f"{numbers.plural(abs(months), 'month')} {'before' if months < 0 else 'after'} the start"


def _curve_in_words(found: dict[str, Any]) -> str:
    """Whether the months before the dip are as they should be, and where the line lies after the start."""
    placebo = estimate_of(found, PLACEBO)
    lies = {"raised": "the line lies above zero", "lowered": "the line lies below zero", "none": "no clear change"}
    after = f"{lies[found['effect']]} after the start"
    if placebo is None:
        return f"Too few months before the start to check; {after}"
    if holds_zero(placebo):
        return f"Before the start the line stays near zero, as it should; {after}"
    return f"Before the start the line is off zero already, so nothing is proven; {after}"
