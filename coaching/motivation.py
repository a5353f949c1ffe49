"""What a person says moves them, what was tried and what followed: outcomes and words. Labels nobody.

The estimates are those of ``trigger_response.py``.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import polars as pl
from polars._typing import SchemaDict

from coaching import numbers
from coaching.trigger_response import SMALLEST_N

LIKELY_BEST, MAYBE_BEST = 0.60, 0.35
NEVER_SUGGESTED = "challenge_negative"

# --- What followed a try ------------------------------------------------------------------------------------------

DAYS_TO_FOLLOW = 14
"""An agreed action counts when it was done within so many days of the session."""

USES: SchemaDict = {
    "use_id": pl.Int64,
    "session_id": pl.Int64,
    "rep_id": pl.Int64,
    "coach_id": pl.Int64,
    "skill_id": pl.Int64,
    "trigger": pl.String,
    "tone": pl.String,
    "used_on": pl.Date,
    "followed": pl.Boolean,
}
"""Triggers used; ``followed`` as stored: null where the outcome is still to be read from what happened since."""

AGREED: SchemaDict = {"use_id": pl.Int64, "done_on": pl.Date}
"""What was agreed in the session of a use: the rep's promises and the action of the plan; null = not done yet."""

SCORES: SchemaDict = {"rep_id": pl.Int64, "skill_id": pl.Int64, "observed_on": pl.Date, "level": pl.Float64}
"""Released scores by others, scaled 0 to 100."""


def with_outcomes(uses: pl.DataFrame, agreed: pl.DataFrame, scores: pl.DataFrame, as_of: dt.date) -> pl.DataFrame:
    """``uses`` (USES) with ``followed`` filled in, as known on ``as_of`` (source: roi.md 6.1).

    True: an agreed action was done within 14 days, or the session's skill was scored higher at the next observation
    on a later day than at the last one before. False: an agreed action was not done in 14 days, or nothing was agreed
    and the next observation is not higher. Null: too early, or there is nothing to tell it from. A stored outcome wins.
    """
    actions = _of_agreed(uses, agreed, as_of)
    levels = _of_scores(uses, scores, as_of)
    told = uses.join(actions, on="use_id", how="left", maintain_order="left").join(
        levels, on="use_id", how="left", maintain_order="left"
    )
    too_early = pl.col("used_on") + pl.duration(days=DAYS_TO_FOLLOW) >= as_of
    from_actions = pl.when(pl.col("is_done")).then(True).when(~too_early & pl.col("is_done").is_not_null()).then(False)
    outcome = (
        pl.when(from_actions | pl.col("is_higher"))
        .then(True)
        .when(pl.col("is_done").is_not_null())
        .then(from_actions)
        .otherwise(pl.col("is_higher"))
    )
    return told.with_columns(pl.coalesce("followed", outcome).alias("followed")).select(list(USES))


def _of_agreed(uses: pl.DataFrame, agreed: pl.DataFrame, as_of: dt.date) -> pl.DataFrame:
    """use_id, is_done: whether anything agreed was done in time; a use without an agreement has no row."""
    last = pl.col("used_on") + pl.duration(days=DAYS_TO_FOLLOW)
    in_time = pl.col("done_on").is_between("used_on", pl.min_horizontal(last, pl.lit(as_of))).fill_null(value=False)
    return (
        agreed.join(uses.select("use_id", "used_on"), on="use_id", how="inner")
        .group_by("use_id")
        .agg(in_time.any().alias("is_done"))
    )


def _of_scores(uses: pl.DataFrame, scores: pl.DataFrame, as_of: dt.date) -> pl.DataFrame:
    """use_id, is_higher: next level against the last one; no row where one of the two is missing."""
    known = scores.filter(pl.col("observed_on") <= as_of)
    pairs = uses.select("use_id", "rep_id", "skill_id", "used_on").join(known, on=["rep_id", "skill_id"], how="inner")
    before = (
        pairs.filter(pl.col("observed_on") <= pl.col("used_on"))
        .sort("observed_on", maintain_order=True)
        .group_by("use_id")
        .agg(pl.col("level").last().alias("before"))
    )
    after = (
        pairs.filter(pl.col("observed_on") > pl.col("used_on"))
        .sort("observed_on", maintain_order=True)
        .group_by("use_id")
        .agg(pl.col("level").first().alias("after"))
    )
    return before.join(after, on="use_id", how="inner").select(
        "use_id", (pl.col("after") > pl.col("before")).alias("is_higher")
    )


# --- Words --------------------------------------------------------------------------------------------------------

TRIGGER_NAMES = {
    "praise": "Praise",
    "recognition": "Recognition",
    "relationships": "Relationships",
    "money": "Money",
    "competition": "Competition",
    "challenge_positive": "Encouraging challenge",
    "challenge_negative": "Doubting challenge",
}
WEIGHT_NAMES = ("not at all", "a little", "somewhat", "a lot", "very much")
LONGEST_WORDS = 500


@dataclass(frozen=True)
class PreferenceDraft:
    """What a person says about one trigger."""

    trigger: str
    weight: int
    words: str = ""

    def problems(self) -> list[str]:
        """Sentences that say how to mend it; empty = fine."""
        found = []
        if self.trigger not in TRIGGER_NAMES:
            found.append(f"'{self.trigger}' is none of the triggers: {', '.join(TRIGGER_NAMES)}.")
        if not 0 <= self.weight < len(WEIGHT_NAMES):
            found.append(f"Choose how much it moves you: 0 ({WEIGHT_NAMES[0]}) to 4 ({WEIGHT_NAMES[-1]}).")
        if len(self.words) > LONGEST_WORDS:
            found.append(f"Your own words take up to {LONGEST_WORDS} characters; shorten them.")
        return found


def advice(responses: pl.DataFrame, preferred: tuple[str, ...]) -> str:
    """What the tries with one rep suggest, in a sentence (rules of roi.md 6.1); never the doubting challenge.

    ``responses``: the rep's rows of TRIGGER_RESPONSE. ``preferred``: what the rep says moves them, first first.
    """
    offered = responses.filter(pl.col("trigger") != NEVER_SUGGESTED).sort(
        "best_share", "trigger", descending=[True, False]
    )
    first = offered.row(0, named=True) if offered.height else None
    if first and first["best_share"] >= LIKELY_BEST and first["try_count"] >= SMALLEST_N:
        return (
            f"{TRIGGER_NAMES[first['trigger']]}: something followed {first['worked_count']} of "
            f"{first['try_count']} times, more often than after the others."
        )
    if first and first["best_share"] >= MAYBE_BEST and first["try_count"]:
        return f"{TRIGGER_NAMES[first['trigger']]} is worth another try: {_tried_words(first)}."
    return f"Not known yet what helps most. Next, try {TRIGGER_NAMES[_next_try(offered, preferred)].lower()}."


def _tried_words(row: dict[str, Any]) -> str:
    return f"something followed {row['worked_count']} of {row['try_count']} times so far"


def _next_try(offered: pl.DataFrame, preferred: tuple[str, ...]) -> str:
    """The least-tried trigger among those the rep names; without any named, among all but the doubting challenge."""
    tried = dict(offered.select("trigger", "try_count").iter_rows())
    plausible = [name for name in preferred if name != NEVER_SUGGESTED]
    plausible = plausible or [name for name in TRIGGER_NAMES if name != NEVER_SUGGESTED]
    return min(plausible, key=lambda name: tried.get(name, 0))


def hints(uses: pl.DataFrame, preferred: tuple[str, ...]) -> list[str]:
    """What the research and the rep's own tries say about how triggers are used lately; about the task, nobody's self.

    ``uses``: motivation.USES of one rep, the latest first.
    """
    recent = uses.head(6)["trigger"].to_list()
    found = []
    if "money" in recent and "recognition" in recent:
        found.append(
            "Money and recognition were both used lately. In field experiments each worked about as well alone as both "
            "together: one of them is enough."
        )
    if recent.count(NEVER_SUGGESTED) >= 2:
        found.append(
            "The doubting challenge was used more than once lately. Feedback that turns to the person often lowers "
            "results: put it to the task, or try another side."
        )
    unused = [name for name in preferred if name not in recent and name != NEVER_SUGGESTED]
    if unused and recent:
        found.append(f"Named by the rep and not tried lately: {TRIGGER_NAMES[unused[0]].lower()}.")
    return found


def response_words(row: dict[str, Any]) -> str:
    """One trigger's line: tried 3 times, worked 2; to be expected 58 % (38–76 %)."""
    tries, worked = row["try_count"], row["worked_count"]
    if tries == 0:
        return "not tried yet"
    if tries < SMALLEST_N:
        return f"not enough yet ({tries} of {SMALLEST_N} tries); something followed {worked}"
    expected = numbers.share(row["expected_share"])
    spread = numbers.interval(row["expected_low"], row["expected_high"])
    return f"tried {tries} times, something followed {worked}; to be expected {expected} ({spread})"


METHOD = (
    "Something followed = an agreed action was done within 14 days, or the session's skill was scored higher at the"
    " next observation. Dots: what to expect next time, with an 80 % interval, estimated together with everybody else's"
    " tries. Coaches choose triggers to suit the day, so this shows what went together, not what caused what."
)


def said_sentence(said: pl.DataFrame) -> str:
    """Heading of what the person says."""
    strong = [TRIGGER_NAMES[name].lower() for name in said.filter(pl.col("weight") >= 3)["trigger"]]
    if not strong:
        return "What they say moves them"
    listed = strong[0] if len(strong) == 1 else f"{', '.join(strong[:-1])} and {strong[-1]}"
    return f"Says: {listed}"


def said_rows(said: pl.DataFrame) -> pl.DataFrame:
    """What the person says for a table: trigger, weight, words, stated_on; the strongest first."""
    return said.select(
        pl.col("trigger").replace_strict(TRIGGER_NAMES, default="", return_dtype=pl.String),
        pl.col("weight").replace_strict(dict(enumerate(WEIGHT_NAMES)), default="", return_dtype=pl.String),
        pl.col("words").map_elements(lambda text: numbers.plain_name(text, 300), return_dtype=pl.String),
        pl.col("stated_at").dt.date().alias("stated_on"),
    )


def followed_sentence(responses: pl.DataFrame) -> str:
    """The figure's title: how much was tried and after how much of it something followed."""
    tries, worked = (int(responses[name].sum()) for name in ("try_count", "worked_count"))
    if not tries:
        return "What followed which trigger: nothing known yet"
    return f"Something followed {numbers.count(worked)} of {numbers.plural(tries, 'try', 'tries')} with a trigger"


def response_rows(responses: pl.DataFrame) -> pl.DataFrame:
    """What followed for a table: trigger, words, everybody; in the order of the triggers."""
    by_name = {row["trigger"]: row for row in responses.iter_rows(named=True)}
    return pl.DataFrame(
        [
            {
                "trigger": TRIGGER_NAMES[name],
                "words": response_words(by_name[name]),
                "everybody": numbers.share(by_name[name]["everybody_share"]),
            }
            for name in TRIGGER_NAMES
            if name in by_name
        ],
        schema=dict.fromkeys(("trigger", "words", "everybody"), pl.String),
    )


def use_rows(uses: pl.DataFrame) -> pl.DataFrame:
    """Every try for a table: used_on, trigger, tone, followed."""
    outcome = (
        pl.when(pl.col("followed").is_null())
        .then(pl.lit("not known yet"))
        .when("followed")
        .then(pl.lit("yes"))
        .otherwise(pl.lit("not within the time agreed"))
    )
    return uses.select(
        "used_on",
        pl.col("trigger").replace_strict(TRIGGER_NAMES, default="", return_dtype=pl.String),
        pl.col("tone").map_elements(lambda text: numbers.plain_name(text, 40), return_dtype=pl.String),
        outcome.alias("followed"),
    )
