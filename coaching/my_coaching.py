"""The words of a rep's own page: what goes well, what waits, what is next, who looked. Pure; no new numbers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from coaching import numbers
from coaching.metrics import metric
from coaching.motivation import TRIGGER_NAMES
from coaching.objectives import Assessment

DAYS_OF_LOOKS = 90
DAYS_OF_OBSERVATIONS = 90
MOST_NAMED = 3
PAGE_NAMES = {
    "rep-progress": "Progress",
    "rep-one_on_one": "One-on-one",
    "rep-motivation": "Motivation",
    "rep-onboarding": "Onboarding",
    "record-plan": "Plan",
    "record-session": "Session",
    "record-observation": "Observation",
    "observation": "Observation",
}
"""What the pages are called under which a look is noted."""
GOOD = (("met", "has reached its target", "have reached their targets"), ("on_path", "is on path", "are on path"))
"""Verdicts that are good news, and how they are told."""
LOOKS_KEPT = "A note is kept once a day and page for everybody but yourself, and only you can read it."


def top_sentences(
    judged: Sequence[tuple[Mapping[str, Any], Assessment]],
    growing: Sequence[str],
    waiting_count: int,
    next_on: dt.date | None,
    today: dt.date,
) -> list[str]:
    """The page's first sentences, good news first. ``judged``: accepted objectives with their verdicts.

    ``growing``: names of skills whose growth is more than chance. ``next_on``: the next planned session.
    """
    said = []
    good = _good_news(judged, growing)
    if good:
        said.append(good)
    elif judged:
        said.append(f"{numbers.plural(len(judged), 'objective')} agreed; nothing has reached its target yet.")
    if waiting_count:
        things = numbers.plural(waiting_count, "thing")
        said.append(f"{things} {'waits' if waiting_count == 1 else 'wait'} for your word.")
    if next_on is not None:
        said.append(f"Your next session is {numbers.ago(next_on, today)}, on {numbers.day(next_on)}.")
    return said or ["Nothing is agreed at the moment: bring an outcome of your own to your next one-on-one."]


def _good_news(judged: Sequence[tuple[Mapping[str, Any], Assessment]], growing: Sequence[str]) -> str:
    parts = []
    for verdict, of_one, of_several in GOOD:
        names = [metric(goal["metric_key"]).label for goal, found in judged if found.verdict == verdict]
        if names:
            parts.append(f"{_listed(names)} {of_one if len(names) == 1 else of_several}")
    if growing:
        parts.append(f"{_listed(growing)} {'is' if len(growing) == 1 else 'are'} growing")
    return _sentence("; ".join(parts)) if parts else ""


def _listed(names: Sequence[str]) -> str:
    shown = [numbers.plain_name(name, 40) for name in names[:MOST_NAMED]]
    if len(names) > MOST_NAMED:
        shown.append(f"{numbers.count(len(names) - MOST_NAMED)} more")
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}."


def growing(standings: pl.DataFrame) -> list[str]:
    """Names of skills whose growth lies above nothing with its whole 95 % interval, in the scorecard's order."""
    return standings.filter(pl.col("growth_low") > 0)["name"].to_list()


def plan_sentence(
    plan: Mapping[str, Any], goals: Sequence[Mapping[str, Any]], actions: Sequence[Mapping[str, Any]]
) -> str:
    """The plan in a sentence, names left raw: with whom, since when, what for, and how much of it is done."""
    labels = [metric(goal["metric_key"]).label for goal in goals]
    about = f" for {_listed(labels).lower()}" if labels else ""
    done = sum(1 for action in actions if action["done_on"] is not None)
    worked = f"; {numbers.count(done)} of {numbers.plural(len(actions), 'action')} done" if actions else ""
    return f"Your plan with {plan['coach_name']} since {numbers.day(plan['starts_on'])}{about}{worked}."


def moved_sentence(said: pl.DataFrame) -> str:
    """What one said moves oneself. ``said``: trigger, weight (0..4)."""
    strong = [TRIGGER_NAMES[name].lower() for name in said.filter(pl.col("weight") >= 3)["trigger"]]
    if not strong:
        return "You have not said yet what moves you. Nobody guesses it here: it is yours to say."
    return f"You say that {_listed(strong)} {'moves' if len(strong) == 1 else 'move'} you."


def look_words(look: Mapping[str, Any], today: dt.date) -> str:
    """One row of frames.LOOKS, names left raw: "Maya Lindgren opened Progress on 12 Nov"."""
    name = look["viewer_name"] or "Somebody whose name is not kept"
    day = look["looked_on"]
    when = numbers.day_and_month(day) if day.year == today.year else numbers.day(day)
    return f"{name} opened {page_name(look['page'])} on {when}"


def page_name(page: str) -> str:
    """A page's title from the name it is noted under; a name that is no longer in use reads as plain words."""
    return PAGE_NAMES.get(page) or numbers.plain_name(page.replace("-", " ").replace("_", " "), 40).capitalize()


def looks_sentence(looks: pl.DataFrame) -> str:
    """The heading: how many people looked in the last 90 days."""
    if looks.is_empty():
        return f"Nobody else opened your record in the last {DAYS_OF_LOOKS} days"
    people = looks["viewer_name"].n_unique()
    return f"{numbers.plural(people, 'person', 'people')} opened your record in the last {DAYS_OF_LOOKS} days"


def seen_sentence(views: pl.DataFrame) -> str:
    """The heading of observations by others. ``views``: frames.OBSERVATIONS."""
    if views.is_empty():
        return f"Nothing was observed in the last {DAYS_OF_OBSERVATIONS} days"
    return f"{numbers.plural(views.height, 'observation')} in the last {DAYS_OF_OBSERVATIONS} days"


def by_others(views: pl.DataFrame) -> pl.DataFrame:
    """Of frames.OBSERVATIONS those by others that have been released, the latest first."""
    others = views.filter(pl.col("kind").is_in(["coach", "coach_the_coach"]) & pl.col("released_at").is_not_null())
    return others.sort("observed_at", "observation_id", descending=True)
