"""The pictures of the programme's page as frames and words: what is seen, its table, or why nothing is shown.

From the findings (``coaching.roi.findings``) as plain data, frozen or fresh. Pure: words, order and places.
Grey hides every estimate, amber shows intervals and no money; what the company spent is no estimate.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl
from polars._typing import SchemaDict

from coaching import costs, numbers
from coaching.periods import add_months
from coaching.roi import money
from coaching.roi.outcomes import BOOKINGS
from coaching.roi.rounding import Amounts, rounded, spoken

WITHHELD = "Not shown: there is not enough evidence yet to say what coaching changed."
NOT_KNOWN = "not known"
HOURS = f"{numbers.SPACE}hours"
NO_MONTH = "There is no month to compare yet: it takes reps, closed deals and somebody who is coached."
THIN_POINT = 20
"""Points of fewer rep-months are pale."""
EVEN = 1.25
"""Hours per rep and month of the tier with most, as a multiple of the one with least, below which they are even."""

NOT_THERE, NOT_COACHED, LEFT_OUT, COACHED = 0, 1, 2, 3
STATES = {" ": NOT_THERE, ".": NOT_COACHED, "d": LEFT_OUT, "c": COACHED}
"""What became of a rep's month, by its letter in the findings."""

VISIBLE: SchemaDict = {"value": pl.Float64, "low": pl.Float64, "high": pl.Float64, "n": pl.Int64, "label": pl.String}
"""Shares of the average result; no row where the estimate is withheld."""
START_MAP: SchemaDict = {"row": pl.Int64, "cells": pl.List(pl.UInt8)}
"""A row per rep in one team, without a name; cells by month as in STATES."""
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
CHECKS: SchemaDict = {
    "key": pl.String,
    "label": pl.String,
    "estimate": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "n": pl.Int64,
    "own": pl.String,
    "interval": pl.String,
    "mark": pl.String,
    "why_not": pl.String,
}
"""own and interval = the figure as text; mark: headline, check or placebo; an estimate that is not known is null."""
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
COST: SchemaDict = {"month": pl.Date, "group": pl.String, "amount": pl.Float64, "says": pl.String}
"""amount is null where a part of it is not known."""
COST_GROUPS = {
    "Coaches' time": ("coach hours", "preparation"),
    "Reps' time": ("rep hours",),
    "Tools, training and travel": ("tools", "training", "travel"),
    "Running and evaluating it": ("management", "evaluation", "other"),
}
PLACEBO = "placebo_clean"
CHECK_LABELS = {"headline": "The figure we report", PLACEBO: "A made-up earlier start: should be near 0"}
FIRST_BEYOND, LAST_BEYOND = -100.0, 400.0
"""Where the findings' histogram of the return ends: further draws count in its first and last bar."""


@dataclass(frozen=True)
class Picture:
    """One chart: ``frame``, ``sentence`` and ``words`` go to the function of the same name in charts.programme."""

    sentence: str
    frame: pl.DataFrame
    alt: str
    """The same in plain words, with the figures."""
    table: pl.DataFrame
    """The same values, to be read."""
    words: dict[str, Any]
    note: str = ""
    why_not: str = ""
    """Not empty = nothing may be drawn, and why."""


def visible(found: dict[str, Any]) -> Picture:
    """What this many reps and months can show at all, and what was measured; in grey the former alone."""
    share, mean, whole = found["visible_share"], found["sizes"]["mean"], _headline(found)
    said = found["said"]["visible"]
    if share is None:
        return _not_drawn("What could be seen with this many reps and months", VISIBLE, said)
    rows = []
    if found["said"]["shows_estimate"] and whole and mean and whole["se"] is not None:
        parts = {key: whole[key] / abs(mean) for key in ("estimate", "se", "low", "high")}
        rows = [(parts["estimate"], parts["low"], parts["high"], whole["n"], _share_words(parts))]
    table = [("Smallest effect that can be seen", numbers.share(share))]
    table += [("Measured effect, with its interval", row[4]) for row in rows]
    is_open = not rows or rows[0][1] <= 0 <= rows[0][2]
    return Picture(
        sentence=_title(said),
        frame=pl.DataFrame(rows, schema=VISIBLE, orient="row"),
        alt=said + "".join(f" Measured: {row[4]} of the average." for row in rows),
        table=pl.DataFrame(table, schema=["What", "Share of the average result"], orient="row"),
        words={"share": share, "outcome": found["outcome"]},
        note="A smaller effect would often go unseen: yours may be real and still invisible." if is_open else "",
    )


# ---- Who was coached since when ------------------------------------------------------------------------------------


def start_map(found: dict[str, Any]) -> Picture:
    """Who was coached since when: a line per rep and team, without a name."""
    rows, months, sizes = sorted(found["start_map"], key=_place), _months(found), found["sizes"]
    if not rows or not months:
        return _not_drawn("Who was coached, since when", START_MAP, NO_MONTH)
    counted = [{state: sum(row[at] == state for row in rows) for state in STATES} for at in range(len(months))]
    coached, last = sizes["people_coached"], numbers.month(months[-1])
    who = f"{numbers.count(coached) if coached else 'None'} of {numbers.plural(sizes['people'], 'rep')}"
    sentence = f"{who} {'was' if coached < 2 else 'were'} coached by {last}"
    stripes = _stripes(rows)
    says = [f"{numbers.month(month)}: {_counts_in_words(one)}" for month, one in zip(months, counted, strict=True)]
    return Picture(
        sentence=f"{sentence}; striped months are left out" if stripes else sentence,
        frame=pl.DataFrame(
            {"row": range(len(rows)), "cells": [[STATES[state] for state in row] for row in rows]},
            schema=START_MAP,
        ),
        alt=f"{sentence}. {says[0]}. {says[-1]}.",
        table=pl.DataFrame(
            [
                (numbers.month(month), *(one[state] for state in "cd. "))
                for month, one in zip(months, counted, strict=True)
            ],
            schema=["Month", "Coached", "Left out before the start", "Not coached yet", "Not there"],
            orient="row",
        ),
        words={"months": [month.isoformat() for month in months], "stripes": stripes, "says": says},
        note="A line is a rep in one team, by start; whoever changes team begins a new line."
        + (" Striped months count neither as before nor as after." if stripes else ""),
    )


def _place(row: str) -> tuple[int, int, str]:
    """Lines by start; those without one last. Equal ones lie together, so that stripes are one block."""
    first = min((at for at in (row.find("d"), row.find("c")) if at >= 0), default=len(row))
    coached = row.find("c")
    return (coached if coached >= 0 else len(row), first, row)


def _stripes(rows: Sequence[str]) -> list[dict[str, int]]:
    """Blocks of neighbouring lines whose left-out months are the same: first_row, last_row, first, last (places)."""
    blocks = []
    for (first, count), lines in itertools.groupby(enumerate(rows), key=lambda line: _left_out(line[1])):
        places = [at for at, _ in lines]
        if count:
            last = first + count - 1
            blocks.append({"first_row": places[0], "last_row": places[-1], "first": first, "last": last})
    return blocks


def _left_out(row: str) -> tuple[int, int]:
    return row.find("d"), row.count("d")


def _counts_in_words(counted: dict[str, int]) -> str:
    parts = [(counted["c"], "coached"), (counted["d"], "in months left out"), (counted["."], "not coached yet")]
    said = [f"{numbers.count(number)} {words}" for number, words in parts if number or words == "coached"]
    return ", ".join(said)


# ---- The effect ----------------------------------------------------------------------------------------------------


def actual_and_expected(found: dict[str, Any]) -> Picture:
    """What coached reps brought in by month, beside what was to be expected of them without coaching."""
    title, whole, why = "Actual and expected results of coached reps", _headline(found), _why_withheld(found)
    rows = [row for row in found["actual_and_expected"] if row["actual"] is not None]
    if why or whole is None or not rows:
        return _not_drawn(title, LINES, why or _reason(found, "headline"))
    coached = _coached_by_month(found)
    lines = [_line(row, coached.get(row["month"], 0), found["currency"]) for row in rows]
    sentence = _apart(found, whole)
    return Picture(
        sentence=sentence,
        frame=_frame(lines, LINES),
        alt=f"{sentence}. {lines[0]['says']}. {lines[-1]['says']}.",
        table=pl.DataFrame(
            [(numbers.month(line["month"]), *line["own"], line["n"]) for line in lines],
            schema=["Month", "Actual", "Expected without coaching", "Coached reps"],
            orient="row",
        ),
        words={"currency": found["currency"], "outcome": found["outcome"]},
        note="Expected: the level of each coached rep in the clean months before the start, moved along with the reps"
        " who were not coached yet.",
    )


def _apart(found: dict[str, Any], whole: dict[str, Any]) -> str:
    """How far actual and expected lie apart; coaching is named as the cause only where the verdict does so."""
    amounts, effect = _amounts(found), found["effect"]
    if effect == "none":
        interval = _interval(amounts, whole)
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
        for place, month in enumerate(_months(found))
    }


def event_curve(found: dict[str, Any]) -> Picture:
    """The distance to what was expected by months since the start, with intervals of a point and of the whole curve."""
    title, curve, why = "Before and after the start", found["curve"], _why_withheld(found)
    if why or curve is None or not curve["points"]:
        return _not_drawn(title, CURVE, why or _reason(found, "event_curve"))
    amounts = _amounts(found)
    rows = [_point(one, curve["band"], amounts) for one in curve["points"]]
    sentence = _curve_in_words(found)
    notes = [found["words"][key] for key in ("dip", "placebo", "breakdown")]
    if any(row["is_thin"] for row in rows):
        notes.append(f"Pale: fewer than {THIN_POINT} rep-months.")
    return Picture(
        sentence=sentence,
        frame=_frame(rows, CURVE),
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
    when = _signed(first) if first == last else f"{_signed(first)} to {_signed(last)}"
    own = tuple(_figure(amounts, one, key) for key in ("estimate", "low", "high"))
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


def _signed(months: int) -> str:
    return f"{numbers.MINUS if months < 0 else ''}{abs(months)}"


def _since(months: int) -> str:
    if months == 0:
        return "Month of the start"
    return f"{numbers.plural(abs(months), 'month')} {'before' if months < 0 else 'after'} the start"


def _curve_in_words(found: dict[str, Any]) -> str:
    """Whether the months before the dip are as they should be, and where the line lies after the start."""
    placebo = _check(found, PLACEBO)
    lies = {"raised": "the line lies above zero", "lowered": "the line lies below zero", "none": "no clear change"}
    after = f"{lies[found['effect']]} after the start"
    if placebo is None:
        return f"Too few months before the start to check; {after}"
    if _holds_zero(placebo):
        return f"Before the start the line stays near zero, as it should; {after}"
    return f"Before the start the line is off zero already, so nothing is proven; {after}"


def checks(found: dict[str, Any]) -> Picture:
    """The figure beside other ways of counting it, a start that was made up, and the simple figure struck through."""
    title, whole, why = "The same effect, counted in other ways", _headline(found), _why_withheld(found)
    if why or whole is None:
        return _not_drawn(title, CHECKS, why or _reason(found, "headline"))
    amounts = _amounts(found)
    wanted = sorted(
        (check for check in found["checks"] if "estimate" in check),
        key=lambda check: (check["estimate"] is None, check["key"] == PLACEBO),
    )
    rows = [_check_row(check, amounts) for check in wanted]
    sentence = _agreement([row for row in rows if row["mark"] == "check"], whole, found["effect"])
    struck, _, reason = found["words"]["before_after"].partition(". ")
    share = next((one["share"] for one in found["checks"] if one["key"] == "largest_deals_share"), None)
    return Picture(
        sentence=sentence,
        frame=_frame(rows, CHECKS),
        alt=f"{sentence}. "
        + " ".join(f"{row['label']}: {row['own']} ({row['interval']})." for row in rows if row["own"])
        + f" {found['words']['before_after']}",
        table=pl.DataFrame(
            [(row["label"], row["own"], row["interval"], row["n"], row["why_not"]) for row in rows],
            schema=["Check", "Per rep and month", "Interval", "Rep-months or reps", "Why it is not known"],
            orient="row",
        ),
        words={
            "currency": found["currency"],
            "outcome": found["outcome"],
            "struck": struck,
            "reason": reason,
        },
        note="" if share is None else f"{numbers.share(max(share, 0.0))} of the effect hangs on the largest deals.",
    )


def _check_row(check: dict[str, Any], amounts: Amounts) -> dict[str, Any]:
    one: dict[str, Any] = check["estimate"] or {}
    mark = {"headline": "headline", PLACEBO: "placebo"}.get(check["key"], "check")
    return {
        **dict.fromkeys(("estimate", "low", "high", "n")),
        **one,
        "key": check["key"],
        "label": CHECK_LABELS.get(check["key"], check["label"]),
        "own": _figure(amounts, one) if one else "",
        "interval": _interval(amounts, one) if one else "",
        "mark": mark,
        "why_not": check["why_not"],
    }


def _agreement(others: list[dict[str, Any]], whole: dict[str, Any], effect: str) -> str:
    """How many of the other ways point where the headline points; without a clear effect, how many find one."""
    known = [row for row in others if row["estimate"] is not None]
    ways = numbers.plural(len(known), "other way", "other ways")
    if not known:
        return "No other way of counting is possible yet"
    if effect == "none":
        clear = sum(not _holds_zero(row) for row in known)
        finds = "finds" if clear < 2 else "find"
        return f"{numbers.count(clear) if clear else 'None'} of {ways} of counting {finds} a clear effect"
    same = sum((row["estimate"] > 0) == (whole["estimate"] > 0) for row in known)
    if len(known) == 1:
        return f"The only other way of counting {'points' if same else 'does not point'} the same way"
    if same == len(known):
        return f"All {ways} of counting point the same way"
    how_many = numbers.count(same) if same else "None"
    return f"{how_many} of {ways} of counting {'points' if same < 2 else 'point'} the same way"


# ---- Money ---------------------------------------------------------------------------------------------------------


def bridge(found: dict[str, Any]) -> Picture:
    """From the extra results, less what they and coaching cost, to what is left."""
    worth, currency = found["money"], found["currency"]
    if not worth["shown"]:
        return _not_drawn("From extra results to what is left", BRIDGE, worth["why"])
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
        frame=_frame(rows, BRIDGE),
        alt=f"{sentence}. " + " ".join(f"{row['what']}: {row['own']}." for row in rows),
        table=pl.DataFrame(
            [(row["what"], row["own"], f"{low} to {high}" if row is rows[-1] else "") for row in rows],
            schema=["Step", "Amount", "Interval"],
            orient="row",
        ),
        words={"currency": currency},
        note="Benefits of the first twelve months of each rep; costs since the programme began."
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


def returns(found: dict[str, Any], hurdle_percent: float | None = None) -> Picture:
    """The return on cost as it may have been: the share of draws by return, with 0 and the hurdle, if one is set."""
    worth = found["money"]
    drawn = worth.get("roi_draws") if worth["shown"] else None
    if drawn is None:
        why = worth["why"] or "There is no cost to take a return of."
        return _not_drawn("Return on cost, and how sure it is", RETURNS, why)
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
    pays = "" if even is None else f"It pays if it adds at least {_amounts(found).say(even, se)} per rep and month."
    sceptic = money.chance_words(worth["sceptical"]["chance"])
    return Picture(
        sentence=sentence,
        frame=_frame(rows, RETURNS),
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
        note=pays,
    )


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
        return _not_drawn(title, TORNADO, why)
    rows = [
        {**bar, "own_low": money.percent_words(bar["low"]), "own_high": money.percent_words(bar["high"])}
        for bar in sorted(worth["tornado"], key=lambda bar: -abs(bar["high"] - bar["low"]))
    ]
    first = rows[0]
    sentence = (
        f"The {_lower(first['what'])} drives the answer: alone it moves the return from"
        f" {first['own_low']} to {first['own_high']}"
    )
    return Picture(
        sentence=sentence,
        frame=_frame(rows, TORNADO),
        alt=f"{sentence}. " + " ".join(f"{row['what']}: {row['own_low']} to {row['own_high']}." for row in rows[1:]),
        table=pl.DataFrame(
            [(row["what"], row["own_low"], row["own_high"]) for row in rows],
            schema=["Input", "Return at its low end", "Return at its high end"],
            orient="row",
        ),
        words={"base": worth["roi_percent"]["value"], "own": money.percent_words(worth["roi_percent"]["value"])},
        note="Each input at the ends of its interval, all others as they are.",
    )


# ---- For whom, how much, at what cost ------------------------------------------------------------------------------


def coverage(found: dict[str, Any]) -> Picture:
    """Who got the hours: coaching hours per coached rep and month by how well reps did before. No estimate."""
    rows = [row for row in found["tiers"]["tiers"] if row["hours_per_rep_month"] is not None]
    if not rows:
        why = found["tiers"]["why_not"] or "No coached rep has months before the start to be placed by."
        return _not_drawn("Who got the hours", COVERAGE, why)
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
        frame=_frame(shown, COVERAGE),
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
    return (
        f"The {_lower(most['tier'])} got most: {most['own']} per rep and month, {numbers.share(most['share'])} of all"
    )


def tiers(found: dict[str, Any]) -> Picture:
    """Who gained: the effect by how well reps did before."""
    title, why, told = "Who gained", _why_withheld(found), found["tiers"]
    rows = [row for row in told["tiers"] if row["effect"] is not None]
    if why or not rows:
        return _not_drawn(title, TIERS, why or told["why_not"] or "No tier has coached reps to compare.")
    amounts = _amounts(found)
    shown = [
        {
            **row["effect"],
            "tier": row["tier"],
            "reps": row["reps"],
            "own": _figure(amounts, row["effect"]),
            "interval": _interval(amounts, row["effect"]),
        }
        for row in rows
    ]
    sentence = _title(told["sentence"])
    parts = [f"{row['tier']}: {row['own']} ({row['interval']}), {numbers.plural(row['reps'], 'rep')}." for row in shown]
    return Picture(
        sentence=sentence,
        frame=_frame(shown, TIERS),
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
    title, why, told = "How much coaching", _why_withheld(found), found["dose"]
    if why or not told["bins"]:
        return _not_drawn(title, DOSE, why or told["why_not"])
    amounts = _amounts(found)
    rows = []
    for one in told["bins"]:
        label = _hours_span(one["hours_from"], one["hours_to"])
        own, interval = _figure(amounts, one), _interval(amounts, one)
        says = f"{label} hours a month: {own} ({interval}), {numbers.plural(one['n'], 'rep-month')}"
        more = {"label": label, "is_thin": one["n"] < THIN_POINT, "own": own, "interval": interval, "says": says}
        rows.append({**one, **more})
    slope = told["slope"]
    sentence = _slope_words(slope)
    return Picture(
        sentence=sentence,
        frame=_frame(rows, DOSE),
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
    if slope is None or _holds_zero(slope):
        return "Months with more hours were neither clearly better nor clearly worse"
    side = "above" if slope["low"] > 0 else "below"
    return f"Months with more hours lay further {side} what was expected, which says nothing about the cause"


def cost(found: dict[str, Any]) -> Picture:
    """What coaching cost by month, in four parts; months in which a part is not known are marked."""
    told, currency = found["cost"], found["currency"]
    if not told["monthly"]:
        return _not_drawn("What coaching cost", COST, told["note"])
    rows = _monthly_cost(told["monthly"], currency)
    whole, first = told["total"], numbers.month(dt.date.fromisoformat(told["first"]))
    sentence = _title(told["note"].partition(":")[0])
    if whole is not None:
        spent = f"Coaching cost {numbers.money(whole, currency)} since {first}"
        parts = {name: sum(row["amount"] or 0.0 for row in rows if row["group"] == name) for name in COST_GROUPS}
        largest = max(parts, key=lambda name: parts[name])
        share = numbers.share(parts[largest] / whole) if whole > 0 else ""
        sentence = f"{spent}; the largest part is {_lower(largest)} ({share})" if share else spent
    kinds = cost_kinds(found)
    return Picture(
        sentence=sentence,
        frame=_frame(rows, COST),
        alt=f"{sentence}. " + " ".join(f"{what}: {amount}." for what, _, amount, _ in kinds.iter_rows()),
        table=pl.DataFrame(
            [
                (
                    numbers.month(dt.date.fromisoformat(row["month"])),
                    _kind(row["kind"]),
                    _cost_words(row, currency),
                    row["source"],
                )
                for row in told["monthly"]
            ],
            schema=["Month", "Kind", "Cost", "Known from"],
            orient="row",
        ),
        words={"currency": currency, "groups": list(COST_GROUPS)},
        note=told["note"],
    )


def cost_kinds(found: dict[str, Any]) -> pl.DataFrame:
    """Kind, Hours, Cost and Share of the whole, as text; largest first and what is not known last."""
    told, currency = found["cost"], found["currency"]
    rows = sorted(told["kinds"], key=lambda row: (row["amount"] is None, -(row["amount"] or 0.0)))
    return pl.DataFrame(
        [
            (
                _kind(row["kind"]),
                "" if row["hours"] is None else numbers.count(row["hours"]),
                _cost_words(row, currency),
                numbers.share(row["amount"] / told["total"]) if told["total"] and row["amount"] is not None else "",
            )
            for row in rows
        ],
        schema={"Kind": pl.String, "Hours": pl.String, "Cost": pl.String, "Share": pl.String},
        orient="row",
    )


def _monthly_cost(monthly: list[dict[str, Any]], currency: str) -> list[dict[str, Any]]:
    """A row per month and group that has any; null where a part of it is not known."""
    rows = []
    for month in sorted({row["month"] for row in monthly}):
        for group, kinds in COST_GROUPS.items():
            mine = [row for row in monthly if row["month"] == month and row["kind"] in kinds]
            if not mine:
                continue
            known = [row["amount"] for row in mine if row["amount"] is not None]
            day = dt.date.fromisoformat(month)
            parts = ", ".join(f"{_kind(row['kind']).lower()} {_cost_words(row, currency)}" for row in mine)
            amount = sum(known) if len(known) == len(mine) else None
            says = f"{numbers.month(day)}: {parts}"
            rows.append({"month": day, "group": group, "amount": amount, "says": says})
    return rows


def _kind(kind: str) -> str:
    return costs.KINDS.get(kind, kind)


def _cost_words(row: dict[str, Any], currency: str) -> str:
    return NOT_KNOWN if row["amount"] is None else numbers.money(row["amount"], currency)


# ---- What all of them share ----------------------------------------------------------------------------------------


def _frame(rows: list[dict[str, Any]], schema: SchemaDict) -> pl.DataFrame:
    return pl.DataFrame([{name: row.get(name) for name in schema} for row in rows], schema=schema)


def _not_drawn(title: str, schema: SchemaDict, why: str) -> Picture:
    return Picture(
        sentence=title,
        frame=pl.DataFrame(schema=schema),
        alt=f"{title}. {why}",
        table=pl.DataFrame(),
        words={},
        why_not=why or "There is nothing to compare yet.",
    )


def _why_withheld(found: dict[str, Any]) -> str:
    return "" if found["said"]["shows_estimate"] else WITHHELD


def _reason(found: dict[str, Any], key: str) -> str:
    return str(found["not_estimated"].get(key, "")) or "There is nothing to compare yet."


def _lower(words: str) -> str:
    """For the middle of a sentence."""
    return words[:1].lower() + words[1:]


def _title(sentence: str) -> str:
    return sentence.removesuffix(".")


def _check(found: dict[str, Any], key: str) -> dict[str, Any] | None:
    """The estimate of a check as the verdict uses it, None where it is not known."""
    return next((check["estimate"] for check in found["checks"] if check["key"] == key), None)


def _headline(found: dict[str, Any]) -> dict[str, Any] | None:
    return _check(found, "headline")


def _amounts(found: dict[str, Any]) -> Amounts:
    return Amounts(before=numbers.money(1.0, found["currency"]).removesuffix("1"))


def _figure(amounts: Amounts, one: dict[str, Any], key: str = "estimate") -> str:
    """A figure of an estimate with the digits that its error allows; "no data" where it has no error."""
    return numbers.NO_DATA if one[key] is None or one["se"] is None else amounts.say(one[key], one["se"])


def _interval(amounts: Amounts, one: dict[str, Any]) -> str:
    if one["low"] is None or one["high"] is None or one["se"] is None:
        return "no interval"
    return f"{_figure(amounts, one, 'low')} to {_figure(amounts, one, 'high')}"


def _holds_zero(one: dict[str, Any]) -> bool:
    """Also where there is no interval: nothing is clear then."""
    return one["low"] is None or one["high"] is None or bool(one["low"] <= 0 <= one["high"])


def _share_words(parts: dict[str, float]) -> str:
    """−4.9 % (−19.0 % to 9.1 %), with the digits that the error allows."""
    value, low, high = (spoken(100 * parts[key], 100 * parts["se"]) for key in ("estimate", "low", "high"))
    return f"{value}{numbers.SPACE}% ({low} to {high}{numbers.SPACE}%)"


def _rounded_money(amount: float, error: float, currency: str) -> str:
    return numbers.money(rounded(amount, error) if error > 0 else amount, currency)


def _months(found: dict[str, Any]) -> list[dt.date]:
    """First days of the months of the panel."""
    given = found["months"]
    if not given["count"]:
        return []
    return [add_months(dt.date.fromisoformat(given["first"]), later) for later in range(given["count"])]
