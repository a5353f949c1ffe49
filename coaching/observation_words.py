"""Sentences about observations, so that a page, a list and an export say the same. Plain text, nothing is escaped."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from typing import Any

import polars as pl

from coaching import numbers
from coaching.observations import CHANNELS, DAYS_TO_OWN_VIEW

LIVE_WORDS = {"listen": "listened in", "whisper": "whispered", "barge": "joined in"}


def call_words(call: dict[str, Any], time_zone: str) -> str:
    """When, how and about whom: "19 Nov 2026, 14:30 · phone, listened in · Harbour cranes (Quay Ltd)".

    ``call``: a row of frames.OBSERVATIONS or frames.CALLS_TO_SCORE. Another zone than the company's is named.
    """
    parts = [moment_words(call["observed_at"], call["time_zone"], time_zone)]
    if call["channel"]:
        how = CHANNELS.get(call["channel"], call["channel"]).lower()
        live = LIVE_WORDS.get(call["live_mode"] or "")
        parts.append(f"{how}, {live}" if live else how)
    about = about_words(call)
    return " · ".join([*parts, about] if about else parts)


def about_words(call: dict[str, Any]) -> str:
    """The deal with its account, or what is known of the two; empty where neither is."""
    deal, account = numbers.plain_name(call["deal_name"], 60), numbers.plain_name(call["account_name"], 60)
    return f"{deal} ({account})" if deal and account and account not in deal else deal or account


def moment_words(moment: dt.datetime, given_in: str | None, time_zone: str) -> str:
    """19 Nov 2026, 14:30; with the zone's name where the time was given in another one than the company's."""
    zone = given_in or time_zone
    there = moment.astimezone(zoneinfo.ZoneInfo(zone))
    text = f"{numbers.day(there.date())}, {there:%H:%M}"
    return text if zone == time_zone else f"{text} ({zone.replace('_', ' ')})"


def gap_sentence(pairs: pl.DataFrame, own: str = "own view") -> str:
    """What two views of one call have in common, in a sentence about skills, never about a person.

    ``pairs``: rows of frames.PAIRED_SCORES of one call and one other view. Empty where nothing was scored by both.
    """
    if pairs.is_empty():
        return "Nothing was scored in both views, so there is nothing to compare."
    same = pairs.filter(pl.col("gap") == 0).height
    if same == pairs.height:
        return f"Both views give the same level on {'it' if same == 1 else f'all {same} skills'}."
    widest = pairs.sort(pl.col("gap").abs(), "skill_name", descending=[True, False]).row(0, named=True)
    levels = numbers.plural(abs(widest["gap"]), "level")
    direction = "higher" if widest["gap"] > 0 else "lower"
    skill = numbers.plain_name(widest["skill_name"])
    begin = f"Both views agree on {same} of {pairs.height} skills" if pairs.height > 1 else "The views differ"
    return f"{begin}; on \u201c{skill}\u201d the {own} is {levels} {direction}: a good place to start talking."


def saved_sentence(view: dict[str, Any], scored: int, time_zone: str, today: dt.date) -> str:
    """What changed with saving: who was scored on how much, and who can read it from when on."""
    name = numbers.plain_name(view["person_name"])
    start = f"Saved: {numbers.plural(scored, 'skill')} scored"
    if view["kind"] == "self":
        return f"{start}. Your levels open to your coach once they have scored the same call, and theirs to you."
    start += f" for {name}."
    private = " Your words are yours alone; the levels count." if view["visibility"] == "private" else ""
    if view["released_at"] is not None:
        who = f"{name} and the line above can read it now."
        return f"{start} {who if not private else 'The levels are open now.'}{private}"
    recorded_on = view["recorded_at"].astimezone(zoneinfo.ZoneInfo(time_zone)).date()
    opens_on = recorded_on + dt.timedelta(days=DAYS_TO_OWN_VIEW)
    when = f"{numbers.day(opens_on)} ({numbers.ago(opens_on, today)})"
    return f"{start} {name} is asked for their own view first; it opens afterwards, at the latest on {when}.{private}"


def count_sentence(views: pl.DataFrame, words: str) -> str:
    """How much was observed in a span: "4 calls observed in this quarter, 2 of them with an own view"."""
    calls = views.filter(pl.col("kind") != "self")["root_id"].n_unique()
    if not calls:
        alone = views.height
        return f"{numbers.plural(alone, 'own view')}, no observation by a coach yet in {words}" if alone else ""
    both = views.filter((pl.col("kind") == "self") & (pl.col("root_id") != pl.col("observation_id"))).height
    own = f", {numbers.count(both)} of them with an own view" if both else ""
    return f"{numbers.plural(calls, 'conversation')} observed in {words}{own}"
