"""Whether it paid: the steps to what is left, the return as drawn, what moves it. Amber and grey show none of it."""

from __future__ import annotations

import itertools
from typing import Any

import polars as pl
from polars._typing import SchemaDict

from coaching import costs, numbers, programme_words
from coaching.programme_view.picture import Picture, framed, lower_first, not_drawn
from coaching.roi import money
from coaching.roi.outcomes import BOOKINGS
from coaching.roi.rounding import rounded

BRIDGE: SchemaDict = {
    "what": pl.String,
    "amount": pl.Float64,
    "is_total": pl.Boolean,
    "until": pl.Float64,
    "own": pl.String,
    "low": pl.Float64,
    "high": pl.Float64,
}
"""Steps in order; until = where the running sum stands after it; low and high of the last one, the net."""
RETURNS: SchemaDict = {"low": pl.Float64, "high": pl.Float64, "share": pl.Float64, "says": pl.String}
"""Bars of equal width in per cent of the cost; share = of all draws."""
TORNADO: SchemaDict = {
    "what": pl.String,
    "low": pl.Float64,
    "high": pl.Float64,
    "own_low": pl.String,
    "own_high": pl.String,
}
"""Widest first; ROI in per cent at the low and at the high end of one input."""
FIRST_BEYOND, LAST_BEYOND = -100.0, 400.0
"""Where the findings' histogram of the return ends: further draws count in its first and last bar."""


def bridge(found: dict[str, Any]) -> Picture:
    """From the extra results, less what they and coaching cost, to what is left."""
    worth, currency = found["money"], found["currency"]
    if not worth["shown"]:
        return not_drawn("From extra results to what is left", BRIDGE, worth["why"])
    net, error = worth["net"], (worth["net"]["high"] - worth["net"]["low"]) / 4
    rows = _steps(worth["bridge"], found["outcome"])
    rows.append(
        {"what": "Left over", "amount": net["value"], "is_total": True, "is_cost": False, "until": net["value"]}
    )
    rows[-1] |= {"low": net["low"], "high": net["high"]}
    for row in rows:
        # What was spent is known; what it brought is not.
        row["own"] = _rounded_money(row["amount"], 0.0 if row["is_cost"] else error, currency)
    low, high = (_rounded_money(net[end], error, currency) for end in ("low", "high"))
    gain, cost = _rounded_money(worth["benefit"]["value"], error, currency), worth["inputs"]["cost"]
    left = f"{rows[-1]['own']} left, between {low} and {high}"
    sentence = f"{gain} extra margin, less {numbers.money(cost, currency)} for coaching: {left}"
    return Picture(
        sentence=sentence,
        frame=framed(rows, BRIDGE),
        alt=f"{sentence}. " + " ".join(f"{row['what']}: {row['own']}." for row in rows),
        table=pl.DataFrame(
            [(row["what"], row["own"], f"{low} to {high}" if row is rows[-1] else "") for row in rows],
            schema=["Step", "Amount", "Interval"],
            orient="row",
        ),
        words={"currency": currency},
        note="Benefits of the first twelve months of each rep, and the costs that go with them."
        f" {programme_words.first_year(found)}"
        + (" That all of it is invoiced is assumed." if worth["inputs"]["realisation_is_assumed"] else ""),
    )


def _steps(given: list[dict[str, Any]], outcome: str) -> list[dict[str, Any]]:
    """The findings' steps with the running sum; a subtotal where benefits end and costs of coaching begin."""
    steps: list[dict[str, Any]] = []
    total, began = 0.0, False
    for step in given:
        is_cost = step["what"] in costs.KINDS
        if is_cost and not began and len(steps) > 1:
            kept = "Extra margin" if outcome == BOOKINGS else "Extra margin kept"
            steps.append({"what": kept, "amount": total, "is_total": True, "is_cost": False, "until": total})
        began = began or is_cost
        total += step["amount"]
        what = costs.KINDS.get(step["what"], step["what"])
        steps.append({"what": what, "amount": step["amount"], "is_total": False, "is_cost": is_cost, "until": total})
    return steps


def _rounded_money(amount: float, error: float, currency: str) -> str:
    return numbers.money(rounded(amount, error) if error > 0 else amount, currency)


def returns(found: dict[str, Any], hurdle_percent: float | None = None) -> Picture:
    """The return on cost as it may have been: the share of draws by return, with 0 and the hurdle, if one is set.

    ``hurdle_percent``: as it is set now; a result is not frozen with it.
    """
    worth = found["money"]
    drawn = worth.get("roi_draws") if worth["shown"] else None
    if drawn is None:
        why = worth["why"] or "There is no cost to take a return of."
        return not_drawn("Return on cost, and how sure it is", RETURNS, why)
    total = sum(drawn["counts"])
    rows = [
        {
            "low": low,
            "high": high,
            "share": count / total,
            "says": f"{_span_words(low, high)}: {_in_100(count / total)}",
        }
        for (low, high), count in zip(itertools.pairwise(drawn["edges"]), drawn["counts"], strict=True)
    ]
    chance = money.chance_words(worth["chance"])
    sentence = f"Return on cost {worth['roi_words']}; {chance} that coaching more than paid for itself"
    even, se = worth["break_even_effect"], worth["inputs"]["se"]
    least = "" if even is None else programme_words.amounts(found).say(even, se)
    pays = f"It pays if it adds at least {least} per rep and month." if least else ""
    sceptic = money.chance_words(worth["sceptical"]["chance"])
    return Picture(
        sentence=sentence,
        frame=framed(rows, RETURNS),
        alt=f"{sentence}. {pays} {sceptic} if you start out sceptical.",
        table=pl.DataFrame(
            [(_span_words(row["low"], row["high"]), _in_100(row["share"])) for row in rows if row["share"]],
            schema=["Return on cost", "Chance"],
            orient="row",
        ),
        words={
            "value": worth["roi_percent"]["value"],
            "low": worth["roi_percent"]["low"],
            "high": worth["roi_percent"]["high"],
            "hurdle": hurdle_percent,
        },
        note=f"{pays} {_hurdle_words(hurdle_percent)}".strip(),
    )


def _hurdle_words(percent: float | None) -> str:
    """Which return was asked for, and that the line is no part of the result; empty where none is set."""
    return "" if percent is None else f"The hurdle, {money.percent_words(percent)}, is the one set today."


def _span_words(low: float, high: float) -> str:
    if low <= FIRST_BEYOND:
        return f"below {money.percent_words(high)}"
    if high >= LAST_BEYOND:
        return f"{money.percent_words(low)} and more"
    return f"{money.percent_words(low)} to {money.percent_words(high)}"


def _in_100(share: float) -> str:
    return f"{100 * share:.1f} in 100" if share >= 0.0005 else "fewer than 0.1 in 100"


def tornado(found: dict[str, Any]) -> Picture:
    """How far each input alone moves the return on cost."""
    title, worth = "What drives the answer", found["money"]
    if not worth["shown"] or not worth["tornado"] or worth["roi_percent"] is None:
        why = "There is no cost to take a return of." if worth["shown"] else worth["why"]
        return not_drawn(title, TORNADO, why)
    rows = [
        {**bar, "own_low": money.percent_words(bar["low"]), "own_high": money.percent_words(bar["high"])}
        for bar in sorted(worth["tornado"], key=lambda bar: -abs(bar["high"] - bar["low"]))
    ]
    first = rows[0]
    sentence = (
        f"The {lower_first(first['what'])} drives the answer: alone it moves the return from"
        f" {first['own_low']} to {first['own_high']}"
    )
    return Picture(
        sentence=sentence,
        frame=framed(rows, TORNADO),
        alt=f"{sentence}. " + " ".join(f"{row['what']}: {row['own_low']} to {row['own_high']}." for row in rows[1:]),
        table=pl.DataFrame(
            [(row["what"], row["own_low"], row["own_high"]) for row in rows],
            schema=["Input", "Return at its low end", "Return at its high end"],
            orient="row",
        ),
        words={"base": worth["roi_percent"]["value"], "own": money.percent_words(worth["roi_percent"]["value"])},
        note="Each input at the ends of its interval, all others as they are.",
    )
