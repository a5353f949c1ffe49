"""What the programme's page says around its pictures: three numbers, what is missing, how each figure is made. Pure.

``found`` is a result as coaching.roi.findings gives it and the database froze it.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from coaching import guardrail_words, numbers
from coaching.guardrail_words import WORDS
from coaching.roi.guardrails import DEFAULTS, Guardrails
from coaching.roi.money import chance_words, percent_words
from coaching.roi.rounding import Amounts

Found = Mapping[str, Any]

ICONS = {
    "grey": ":material/visibility_off:",
    "amber": ":material/help:",
    "green": ":material/balance:",
    "blue": ":material/casino:",
}
"""Beside the badge, so that its colour does not speak alone."""
BADGE_COLOURS = {"grey": "gray", "amber": "orange", "green": "green", "blue": "blue"}
NOT_SHOWN = "Not shown"
RETURN = "Return on cost (ROI)"
VISIBLE = "Smallest visible effect"
EFFECT = "Effect per rep and month"
HISTORY = (
    "A before and after is no evidence, and it was coaching that taught it: in 1983 DerSimonian and Laird went through"
    " the studies of coaching for college admission tests, and those that held gains against national averages reported"
    " effects four to five times as large as those with a matched or drawn comparison group."
)


HOURS = (
    "Three figures of hours: here those of coaches and of reps that are paid for, each with what it costs, in the"
    " months that are charged; in the levels the hours of all sessions, each session once; by tier the hours of"
    " sessions per coached rep and month."
)
REDEFINED = "Set differently since this result was frozen, and counted from the next one on:"
NO_STARTS = "Nobody is enrolled yet, so there is nobody to compare."
DEFINED = {
    "margin": "margin",
    "realisation": "share invoiced of what is booked",
    "assumed_minutes": "minutes of a session without a length",
}
"""Definitions that are no threshold of the verdict and may be set."""


@dataclass(frozen=True)
class Cell:
    """One of the three numbers of the verdict: what it is, the number, and its interval or why there is none."""

    label: str
    value: str
    detail: str
    made: str
    """How it is made, for whoever asks."""


@dataclass(frozen=True)
class Made:
    """How a picture's figures are made."""

    what: str
    dates: str
    spread: str
    """Which interval is drawn; empty where there is none to draw."""


BY_CLOSE = "Results by the day a deal was won; coached from the month of enrolment, whether or not sessions were held."
BY_MONTH_OF_COST = "Costs by the days they were for, results by the day a deal was won, up to the last whole month."
INTERVAL = "95 % interval; errors by rep, or by team where whole teams started together."
MADE = {
    "visible": Made(
        "The grey band reaches to the effect that would be found in 80 of 100 companies with these reps and months:"
        " 2.8 times the standard error, as a share of the average of a rep and month. Smaller effects may be real and"
        " stay unseen.",
        BY_CLOSE,
        INTERVAL,
    ),
    "start_map": Made(
        "A row per rep and team, by first month, nobody named. The months right before a start are left out of every"
        " comparison, because reps are often picked after bad ones. Whoever changes team begins a new row.",
        BY_CLOSE,
        "",
    ),
    "actual_and_expected": Made(
        "Expected is what the same reps would have made without coaching: their own level before the start plus what"
        " the month did to reps who had not been coached yet. The space between the lines is the effect.",
        BY_CLOSE,
        "The lines are averages; how sure the space between them is stands in the verdict.",
    ),
    "event_curve": Made(
        "Actual minus expected by months since the start. On both sides nothing is compared with months that took part"
        " in setting the level, so a line that hugs zero on the left is news. The months in the shade were left out.",
        BY_CLOSE,
        "95 % interval of each point, and a wider band that holds the whole line at once; the band is approximate.",
    ),
    "checks": Made(
        "The same question asked in other ways: other months left out, other base months, another method, without the"
        " largest deals. Where they agree the figure does not hang on how it was made. Around a start"
        " that is made up, in months when nobody was coached, the interval has to"
        " hold zero.",
        BY_CLOSE,
        INTERVAL,
    ),
    "bridge": Made(
        "Extra results of coached reps in their first twelve months, times the margin, less what was cancelled, less"
        " every cost: hours of coaches and reps, tools, training, evaluation.",
        BY_MONTH_OF_COST,
        "95 % interval of what is left, from the error of the effect.",
    ),
    "returns": Made(
        "What is left of the benefit after the cost, as a share of the cost, in 20,000 draws from the error of every"
        " input. A cost that comes back three times is a return of 200 %.",
        BY_MONTH_OF_COST,
        "The mark and its ends are the return and its 95 % interval; the bars are draws in which cost and margin vary"
        " as well.",
    ),
    "tornado": Made(
        "The return with one input at a time at the low and the high end of its 95 % interval, all others as they are.",
        BY_MONTH_OF_COST,
        "Each bar runs from one end to the other.",
    ),
    "coverage": Made(
        "Hours of sessions per coached rep and month, by tier. A tier is set by a rep's own average in the months"
        " before the dip, never by what came after.",
        "Sessions by the day they were held.",
        "",
    ),
    "tiers": Made(
        "The effect within each tier. Tiers are set on other months than the effect is measured with, so that luck does"
        " not look like coaching.",
        BY_CLOSE,
        f"{INTERVAL} Where they overlap, no tier may be said to gain more.",
    ),
    "dose": Made(
        "Actual minus expected by hours of coaching in the month. Nobody drew who gets how many hours, so this shows"
        " what goes together and not what hours do.",
        "Sessions by the day they were held, results by the day a deal was won.",
        INTERVAL,
    ),
    "cost": Made(
        "Everything the programme needs: hours times what an hour of a coach or a rep costs, with preparation, tools,"
        " training and evaluation.",
        BY_MONTH_OF_COST,
        "",
    ),
}


def made_of(found: Found, name: str) -> Made:
    """How a picture's figures are made, with the rule of this result for what is charged."""
    made, rule = MADE[name], found["cost"].get("rule", "")
    return dataclasses.replace(made, what=f"{made.what} {rule}") if name in {"bridge", "cost"} and rule else made


def scope(found: Found) -> str:
    """Whose numbers and of when, for the foot of a picture: 64 reps, Nov 2024 – Oct 2026, margin per rep and month."""
    months = found["months"]
    people = numbers.plural(found["sizes"]["people"], "rep")
    if not months["count"]:
        return f"{people}, no month to compare"
    return f"{people}, {span(found)}, {outcome(found)} per rep and month"


def span(found: Found) -> str:
    """Nov 2024 – Oct 2026; empty without a month."""
    months = found["months"]
    if not months["count"]:
        return ""
    first, last = (numbers.month(dt.date.fromisoformat(months[key])) for key in ("first", "last"))
    return f"{first} {numbers.DASH} {last}"


def outcome(found: Found) -> str:
    """What is counted: margin, or bookings where no margin is known."""
    return {"margin": "margin", "bookings": "bookings"}.get(found["outcome"], str(found["outcome"]))


def counted(found: Found) -> str:
    """The n behind every figure, in a sentence."""
    sizes, left = found["sizes"], found["reps_left_out"]
    words = (
        f"{numbers.plural(sizes['people'], 'rep')}, {numbers.count(sizes['people_coached'])} of them coached;"
        f" {numbers.plural(sizes['rep_months'], 'rep-month')}, {numbers.count(sizes['coached_rep_months'])} of them"
        f" coached (a rep-month is one rep in one month); {numbers.plural(found['months']['count'], 'month')}."
    )
    out = left["too_few_clean_months"] + left["unconnected"]
    if not out:
        return words
    return f"{words} Left out for too few months before the start: {numbers.count(out)}."


def amounts(found: Found) -> Amounts:
    """How amounts of the result are written."""
    return Amounts(before=numbers.money(1.0, found["currency"]).removesuffix("1"))


# ---- The verdict ---------------------------------------------------------------------------------------------------


def three_numbers(found: Found) -> tuple[Cell, Cell, Cell]:
    """Effect, return and chance; where they may not be shown, what may be seen at all stands in their place."""
    said, worth = found["said"], found["money"]
    if said["shows_estimate"] and worth["shown"] and worth["roi_percent"] is not None:
        return _effect(found), _return(found), _chance(worth)
    return _visible(found), _effect(found), _no_return(found)


def _effect(found: Found) -> Cell:
    made = (
        "Actual less expected margin or bookings of coached reps, averaged over their months since the start. Expected:"
        " the rep's own level before, and the month. With its 95 % interval."
    )
    said, whole = found["said"], _headline(found)
    if not said["shows_estimate"] or whole is None:
        return Cell(EFFECT, NOT_SHOWN, "There is too little to go by.", made)
    write, se = amounts(found), whole["se"]
    low, high = write.say(whole["low"], se), write.say(whole["high"], se)
    if said["colour"] == "amber":
        # The middle of an interval whose cause is unknown would be quoted as if it were the effect.
        return Cell(EFFECT, f"{low} to {high}", "95 % interval; the cause is not known.", made)
    return Cell(EFFECT, write.say(whole["estimate"], se), f"Between {low} and {high}", made)


def _headline(found: Found) -> dict[str, float] | None:
    """estimate, se, low, high of the verdict: its errors are by team where starts were. None where one is not known."""
    one = next((check["estimate"] for check in found["checks"] if check["key"] == "headline"), None)
    if one is None or any(one[key] is None for key in ("estimate", "se", "low", "high")):
        return None
    return dict(one)


def first_year(found: Found) -> str:
    """The effect that the money rests on, in a sentence; the verdict's is of all months since the start."""
    inputs, benefit = found["money"]["inputs"], found["money"]["benefit"]
    months = inputs["rep_months"] * inputs["margin"] * inputs["realisation"]
    if not months or not inputs["se"]:
        return ""
    write = amounts(found)
    value, low, high = (write.say(benefit[key] / months, inputs["se"]) for key in ("value", "low", "high"))
    return (
        f"Money rests on the first twelve months of each rep, in which the effect is {value} per rep and month"
        f" ({low} to {high}); the verdict tells that of all months since the start."
    )


def _return(found: Found) -> Cell:
    worth = found["money"]
    percent = worth["roi_percent"]
    made = (
        "Benefit less cost, as a share of the cost. Benefit: the effect in the first twelve months times the margin and"
        " the coached months. With the 95 % interval of the effect's error."
        f" {first_year(found)}"
    ).strip()
    low, high = percent_words(percent["low"]), percent_words(percent["high"])
    return Cell(RETURN, percent_words(percent["value"]), f"Between {low} and {high}", made)


def _chance(worth: Found) -> Cell:
    made = (
        "How likely the return lies above zero if the comparison is fair; and the same for somebody who expects effects"
        " of up to a twentieth of the average before seeing any data."
    )
    fair, sceptic = worth["chance"], worth["sceptical"]["chance"]
    value = numbers.NO_DATA if fair is None else chance_words(fair)
    detail = "" if sceptic is None else f"{chance_words(sceptic)} for somebody sceptical beforehand"
    return Cell("Chance it more than paid for itself", value, detail, made)


def _visible(found: Found) -> Cell:
    share, sizes = found["visible_share"], found["sizes"]
    value = "None yet" if share is None else f"{numbers.share(share)} of the average"
    there = f"{numbers.plural(sizes['people'], 'rep')}, {numbers.plural(found['months']['count'], 'month')}"
    if not sizes["people_coached"]:
        return Cell(VISIBLE, value, NO_STARTS, MADE["visible"].what)
    return Cell(VISIBLE, value, f"With {there}; smaller ones stay unseen.", MADE["visible"].what)


def _no_return(found: Found) -> Cell:
    worth = found["money"]
    why = worth["why"] or "There is no cost to compare with."
    return Cell(RETURN, NOT_SHOWN, why, "A return needs an effect whose cause is known, every cost and the margin.")


def missing(found: Found) -> list[str]:
    """What stands between the reader and an answer, a sentence each; none where the verdict is green or blue."""
    return [sentence for sentence in found["said"]["reason_sentences"] if sentence]


def lottery_lines(found: Found) -> list[str]:
    """What drawing the order again says, where the start was drawn: the sentence that belongs to the blue badge."""
    if found["said"]["colour"] != "blue":
        return []
    return [one["words"] for one in found["lotteries"] if one["words"]]


def needed(limits: Guardrails = DEFAULTS) -> list[str]:
    """What a comparison takes, before there is any."""
    return [
        f"{limits.fewest_coached} reps who have been coached for {limits.months_after} months or longer,"
        f" and {limits.fewest_comparison} who have not been coached yet when those start",
        f"{limits.months_before} months of results before the start, for {numbers.share(limits.share_with_history)} of"
        " them",
        "starts that lie apart: where everybody starts at once, nobody is left to compare with",
        "what coaching costs, before a return can be told",
    ]


def frozen_words(row: Mapping[str, Any], frozen_on: dt.date, today: dt.date) -> str:
    """Since when a result has stood as it is, and of what it knows."""
    by = f" by {numbers.plain_name(row['frozen_by'])}" if row["frozen_by"] else ""
    when = f"Frozen{by} on {numbers.day(frozen_on)} ({numbers.ago(frozen_on, today)})"
    known = "" if row["as_of"] == frozen_on else f" from what was known on {numbers.day(row['as_of'])}"
    return f"{when}{known}; newer data come in with the next result."


def redefined(frozen: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """What is set differently ``now`` from when a result was frozen, a sentence each, in the words of the settings."""
    found = []
    for name in sorted(now):
        if name not in frozen or frozen[name] == now[name]:
            continue
        title = WORDS[name].title if name in WORDS else DEFINED.get(name, name.replace("_", " "))
        found.append(f"“{title}” was {_set_to(name, frozen[name])} and is {_set_to(name, now[name])}.")
    return found


def _set_to(name: str, value: Any) -> str:
    if value is None:
        return "not set"
    if name in WORDS:
        return guardrail_words.said(name, value)
    return str(value) if name == "assumed_minutes" else numbers.share(value)


# ---- Tables --------------------------------------------------------------------------------------------------------

TEAM_ROWS = {"team": pl.String, "reps": pl.Int64, "coached": pl.Int64, "months": pl.Int64, "hours": pl.Float64}
DEFINITION_ROWS = {"name": pl.String, "value": pl.String}
INTANGIBLE_ROWS = {"what": pl.String, "words": pl.String, "said": pl.String}


def team_rows(found: Found) -> pl.DataFrame:
    """TEAM_ROWS by name; hours per coached rep and month. Teams of a handful are one row, or none."""
    rows = [
        (one["team"], one["reps"], one["coached"], one["coached_rep_months"], one["hours_per_rep_month"])
        for one in found["teams"]
    ]
    return pl.DataFrame(rows, schema=TEAM_ROWS, orient="row")


def definition_rows(found: Found) -> pl.DataFrame:
    """DEFINITION_ROWS: every definition and threshold that the result was computed with, in the order they are kept."""
    rows = [(key.replace("_", " "), _written(value)) for key, value in found["definitions"].items()]
    return pl.DataFrame(rows, schema=DEFINITION_ROWS, orient="row")


def _written(value: Any) -> str:
    return "not set" if value is None else str(value)


def intangible_rows(found: Found) -> pl.DataFrame:
    """INTANGIBLE_ROWS: what changed beside results, without a price."""
    rows = [
        (
            one["what"],
            one["words"],
            "More than chance explains" if one["is_more_than_chance"] else "Within what chance explains",
        )
        for one in found["intangibles"]
    ]
    return pl.DataFrame(rows, schema=INTANGIBLE_ROWS, orient="row")
