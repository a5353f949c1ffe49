"""When a result is to be frozen, and what changed from one frozen result to the next, in words. Knows no clock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from coaching import guardrail_words, numbers, typed_words
from coaching.periods import Calendar
from coaching.roi.gate import OF_THE_STARTED, RULES

LONGEST_REASON = 500


def closed_quarter_end(today: dt.date, calendar: Calendar) -> dt.date:
    """Last day of the last fiscal quarter that is over."""
    return calendar.quarter_start(today) - dt.timedelta(days=1)


def is_due(spoken_for: Sequence[dt.date], today: dt.date, calendar: Calendar) -> bool:
    """Whether no frozen result speaks for the end of the last quarter or a later day. ``spoken_for``: their dates."""
    end = closed_quarter_end(today, calendar)
    return not any(day >= end for day in spoken_for)


def reason_kept(reason: str | None) -> str:
    """A reason as it is kept: without control and invisible characters; empty where nothing would be seen."""
    return typed_words.paragraphs(reason)


def freeze_problems(
    as_of: dt.date, reason: str | None, spoken_for: Sequence[dt.date], today: dt.date, calendar: Calendar
) -> list[str]:
    """Sentences that say how to mend it: one result a quarter needs no reason, every other one does."""
    if as_of > today:
        return ["A result cannot speak for a day that has not come yet: choose today or an earlier day."]
    found = []
    words = reason_kept(reason)
    on_schedule = is_due(spoken_for, today, calendar) and as_of >= closed_quarter_end(today, calendar)
    if not words and not on_schedule:
        found.append(
            "This quarter's result has been frozen already, or the day lies before it: write down why there is to be"
            " another one."
        )
    if len(words) > LONGEST_REASON:
        found.append(f"The reason is longer than {LONGEST_REASON} characters: shorten it.")
    return found


def changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """What is different in ``new`` (both results as frozen), a sentence each; one that says so where nothing is."""
    found = []
    if old["definition_version"] != new["definition_version"]:
        found.append("The definitions are others, so the two results cannot be compared figure by figure.")
        found += _definition_changes(old.get("definitions", {}), new.get("definitions", {}))
    if old["said"]["badge"] != new["said"]["badge"]:
        found.append(f"The verdict was “{old['said']['badge']}” and is now “{new['said']['badge']}”.")
    if old["months"]["last"] != new["months"]["last"] and new["months"]["last"]:
        last = numbers.month(dt.date.fromisoformat(new["months"]["last"]))
        more = new["months"]["count"] - old["months"]["count"]
        months = "month" if abs(more) == 1 else "months"
        found.append(f"The data now reach to {last} ({_signed(more)} {months} in the comparison).")
    for key, what in (("coached", "coached reps"), ("comparison", "reps to compare with")):
        before, after = old["sizes"][key], new["sizes"][key]
        if before != after:
            found.append(f"There are {after} {what}; there were {before}.")
    found += _headline_changes(old, new)
    found += _cost_changes(old, new)
    gone = [one for one in old["reasons"] if one not in new["reasons"] and _is_met(one, new)]
    come = [
        sentence
        for key, sentence in zip(new["reasons"], new["said"]["reason_sentences"], strict=True)
        if sentence and key not in old["reasons"]
    ]
    found += [f"New: {sentence}" for sentence in come]
    if gone:
        found.append(f"{numbers.plural(len(gone), 'check')} that did not hold before {_hold(len(gone))} now.")
    if not found and old["data_hash"] != new["data_hash"]:
        found.append("Some results in the data were corrected; no figure that is shown moved.")
    return found or ["Nothing has changed."]


OF_AN_ESTIMATE = {"visible_grey", "visible_amber"}
NEEDED = {
    "placebo": ("placebo_clean",),
    "methods_disagree": ("symmetric", "history"),
    "leavers": ("worst_case",),
    "few_deals": ("largest_deals",),
    "spill_over": ("unexposed",),
}
"""Checks (``findings.CHECKS``), one of which a rule looks at."""


def _is_met(key: str, new: Mapping[str, Any]) -> bool:
    """Whether a rule that is not among the reasons of ``new`` was looked at there and holds."""
    reasons = new["reasons"]
    # Too blurred for any figure is no longer too blurred for money, and better in nothing.
    if key == "visible_amber" and "visible_grey" in reasons:
        return False
    if key in {*OF_AN_ESTIMATE, *NEEDED} and "no_estimate" in reasons:
        return False
    # Without anybody who has started there is nothing that could hold.
    if key in OF_THE_STARTED and not new["sizes"]["coached"]:
        return False
    if new.get("drawn") and not next((rule.when_drawn for rule in RULES if rule.key == key), True):
        return False
    known = {check["key"] for check in new.get("checks", ()) if check.get("estimate")}
    return key not in NEEDED or any(one in known for one in NEEDED[key])


def _hold(count: int) -> str:
    return "holds" if count == 1 else "hold"


def _definition_changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    keys = [key for key in sorted({*old, *new}) if old.get(key) != new.get(key)]
    return [f"{_named(key)} was {_said(key, old.get(key))} and is {_said(key, new.get(key))}." for key in keys]


DEFINED = {
    "outcome": "The outcome",
    "smoothed_at_share": "The share of months above which very large ones are cut",
    "months_of_tenure_left_out": "The number of a rep's first months that are left out",
    "margin": "The margin",
    "realisation": "The share of what is sold that is invoiced",
    "assumed_minutes": "The minutes of a session whose length nobody wrote down",
}
OF_COLOUR = {guardrail_words.GREY: " (grey)", guardrail_words.AMBER: " (amber)"}


def _named(key: str) -> str:
    words = guardrail_words.WORDS.get(key)
    if words is None:
        return DEFINED.get(key, f"“{key.replace('_', ' ')}”")
    return f"“{words.title}”{OF_COLOUR.get(words.group, '')}"


def _said(key: str, value: Any) -> str:
    if value is None:
        return "not set"
    if key in guardrail_words.WORDS:
        return guardrail_words.said(key, value)
    if key in {"smoothed_at_share", "margin", "realisation"}:
        return f"{value * 100:g}{numbers.SPACE}%"
    return str(value)


def _headline_changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """Only where both results may show their estimate."""
    if not (old["said"]["shows_estimate"] and new["said"]["shows_estimate"]):
        return []
    before, after = old["words"]["effect"], new["words"]["effect"]
    return [] if before == after else [f"The effect was {before} and is {after} per rep and month."]


def _cost_changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    before, after = old["cost"]["total"], new["cost"]["total"]
    if before == after:
        return []
    if before is None or after is None:
        return ["The cost is known now." if before is None else "The cost is not known any more."]
    currency = new["currency"]
    return [f"The cost was {numbers.money(before, currency)} and is {numbers.money(after, currency)}."]


def _signed(number: int) -> str:
    return f"+{number}" if number > 0 else f"{numbers.MINUS}{abs(number)}" if number < 0 else "0"
