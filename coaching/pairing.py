"""Who could help whom with a skill: who is strong in it, who would gain, who meets whom, and what followed.

Pure: frames in, frames out; ranks nobody. What pages say about it stands in ``pair_words``.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray
from polars._typing import SchemaDict

from coaching import frames, numbers, skills
from coaching.pooling import Z95
from coaching.typed_words import paragraphs

PAIRS_AT_MOST, REST_WEEKS = 2, 12
"""In how many pairs somebody is at a time, and how long the same two rest, where the company has not said otherwise."""
DIVIDED = 0.8
"""What help is worth for each pair that the helper is in already: attention is divided, so help is spread."""
MOST_PAIRS_EACH = 10
LONGEST_REST_WEEKS = 104
LONGEST_WORDS = 2_000
FEWEST_COMPARED = 2
"""One person alone has no middle to stand out from."""
WEEKS_AFTER = 12
"""What follows a pair is looked at until so many weeks after its end."""
STRONG, GAINS, BETWEEN, UNKNOWN = "strong", "gains", "between", "unknown"
SIDES = ("strong", "learner")

PEOPLE: SchemaDict = {
    "person_id": pl.Int64,
    "name": pl.String,
    "team_id": pl.Int64,
    "team_name": pl.String,
    "load_count": pl.Int64,
    "pairs_at_most": pl.Int64,
    "is_own_limit": pl.Boolean,
}
"""Who can be in a pair: in how many they are (proposed or under way), and in how many they can be at a time."""

PAIRS: SchemaDict = {
    "pair_id": pl.Int64,
    "skill_id": pl.Int64,
    "skill_name": pl.String,
    "strong_id": pl.Int64,
    "strong_name": pl.String,
    "learner_id": pl.Int64,
    "learner_name": pl.String,
    "starts_on": pl.Date,
    "ends_on": pl.Date,
    "status": pl.String,
    "proposed_by_name": pl.String,
    "closed_at": pl.Datetime("us", "UTC"),
    "version": pl.Int64,
    "is_mine": pl.Boolean,
    "is_led": pl.Boolean,
    "meeting_count": pl.Int64,
    "last_met_on": pl.Date,
}
"""Pairs as they stood on a day. is_mine: the viewer is one of the two; is_led: the viewer coaches both."""

MEETINGS: SchemaDict = {
    "meeting_id": pl.Int64,
    "pair_id": pl.Int64,
    "met_on": pl.Date,
    "strong_tried": pl.String,
    "tried": pl.String,
    "worked": pl.String,
    "next_step": pl.String,
    "written_by_name": pl.String,
    "version": pl.Int64,
}

COMPARED: SchemaDict = {
    "person_id": pl.Int64,
    "name": pl.String,
    "team_id": pl.Int64,
    "team_name": pl.String,
    "load_count": pl.Int64,
    "pairs_at_most": pl.Int64,
    "level": pl.Float64,
    "score_count": pl.Int64,
    "last_on": pl.Date,
    "likely": pl.Float64,
    "likely_low": pl.Float64,
    "likely_high": pl.Float64,
    "trust": pl.Float64,
    "middle": pl.Float64,
    "part": pl.String,
}
"""Everybody beside the others in one skill. likely and its 95 % range are null below three scores."""

RESULTS: SchemaDict = {
    "pair_id": pl.Int64,
    "side": pl.String,
    "person_id": pl.Int64,
    **{
        f"{phase}{part}": pl.Int64 if part == "_n" else pl.Float64
        for phase in ("before", "after")
        for part in ("", "_low", "_high", "_n")
    },
    "needed": pl.Float64,
}
"""Levels of both people of each pair, from the last three scores before its start and the last three since; needed =
how far apart they must lie to be more than chance. Null = no score."""


# ---- Who is strong, who would gain -----------------------------------------------------------------------------


def trust_in(score_count: int, reliability: float) -> float:
    """Reliability of the mean of the last scores (three at most): n r / (1 + (n - 1) r), Spearman and Brown 1910."""
    n = min(score_count, skills.SCORES_IN_A_LEVEL)
    return n * reliability / (1 + (n - 1) * reliability) if n > 0 else 0.0


def compared(
    people: pl.DataFrame,
    standings: pl.DataFrame,
    deviation: float | None,
    reliability: float,
    *,
    adjusted: bool = False,
) -> pl.DataFrame:
    """COMPARED of ``people`` (PEOPLE) in one skill, by name.

    ``standings``: frames.SKILL_STANDINGS of that skill; ``deviation`` and ``reliability``: of single scores, over the
    company (None = nothing scored); ``adjusted``: levels less their raters' leniency. A likely level is the level
    pulled towards the middle (median) of those compared as far as its scores cannot be trusted (Kelley 1927); its
    range is 1.96 s sqrt(r (1 - R)), R = trust. The t interval of three scores by themselves would be empty where all
    three are the same. strong: competent or better, and the whole range lies above the middle. gains: below competent,
    or the whole range lies below the middle. Both need three scores; with fewer somebody is unknown.
    """
    level = pl.col("adjusted").fill_null(pl.col("level")) if adjusted else pl.col("level")
    known = standings.select("person_id", level.alias("level"), "score_count", "last_on")
    rows = people.join(known, on="person_id", how="left", maintain_order="left").sort("name", "person_id")
    enough = pl.col("score_count").fill_null(0) >= skills.SCORES_IN_A_LEVEL
    levels = rows.filter(enough)["level"].to_numpy()
    if len(levels) < FEWEST_COMPARED or deviation is None:
        nothing = {name: pl.lit(None, pl.Float64) for name in ("likely", "likely_low", "likely_high", "middle")}
        return _as_compared(rows.with_columns(**nothing, trust=pl.lit(0.0), part=pl.lit(UNKNOWN)))
    middle, trust = float(np.median(levels)), trust_in(skills.SCORES_IN_A_LEVEL, reliability)
    half = Z95 * deviation * math.sqrt(reliability * (1 - trust))
    placed = rows.with_columns(
        likely=pl.when(enough).then(middle + trust * (pl.col("level") - middle)),
        trust=pl.when(enough).then(trust).otherwise(0.0),
        middle=pl.lit(middle),
    ).with_columns(
        likely_low=(pl.col("likely") - half).clip(0, 100),
        likely_high=(pl.col("likely") + half).clip(0, 100),
    )
    is_strong = (pl.col("level") >= skills.COMPETENT) & (pl.col("likely_low") > middle)
    gains = (pl.col("level") < skills.COMPETENT) | (pl.col("likely_high") < middle)
    part = pl.when(~enough).then(pl.lit(UNKNOWN)).when(is_strong).then(pl.lit(STRONG))
    return _as_compared(placed.with_columns(part=part.when(gains).then(pl.lit(GAINS)).otherwise(pl.lit(BETWEEN))))


def _as_compared(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.select(pl.col(name).cast(dtype) for name, dtype in COMPARED.items())


def most_promising(tables: dict[int, pl.DataFrame]) -> int | None:
    """Of skills with their COMPARED the one in which most people can be helped, then in which most would gain.

    The first of several alike, in the order given; None without a skill.
    """
    found = {skill_id: _promise(rows) for skill_id, rows in tables.items()}
    return max(found, key=lambda skill_id: found[skill_id], default=None)


def _promise(rows: pl.DataFrame) -> tuple[int, int]:
    places = sum(_free(row) for row in rows.filter(pl.col("part") == STRONG).iter_rows(named=True))
    would_gain = rows.filter(pl.col("part") == GAINS).height
    return min(places, would_gain), would_gain


# ---- Who meets whom --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Suggestion:
    """Two people who could meet about a skill."""

    strong_id: int
    learner_id: int
    gain: float
    """Points of the likely difference that can be relied on, less for a helper who is in other pairs as well."""


@dataclass(frozen=True)
class Assignment:
    """The pairs that together promise most, and why others have none."""

    pairs: tuple[Suggestion, ...]
    """By the learner's id."""
    unmatched: dict[int, str]
    """Who would gain and has no pair: a sentence without its subject ("nobody here is ...")."""

    @property
    def gain(self) -> float:
        """Of all pairs together."""
        return sum(pair.gain for pair in self.pairs)


def key_of(one: int, other: int) -> tuple[int, int]:
    """Two people, whoever of them helps."""
    return (one, other) if one < other else (other, one)


def resting(pairs: pl.DataFrame, today: dt.date, rest_weeks: int) -> set[tuple[int, int]]:
    """Who must not be put together (again): those in a pair, and those whose last one ended within ``rest_weeks``.

    ``pairs``: strong_id, learner_id, status, ends_on. Whatever the skill was, and whoever helped.
    """
    since = today - dt.timedelta(weeks=rest_weeks)
    recent = (pl.col("status") != "closed") | (pl.col("ends_on") > since)
    return {key_of(*row) for row in pairs.filter(recent).select("strong_id", "learner_id").iter_rows()}


def assigned(
    rows: pl.DataFrame,
    *,
    skill: str,
    never: Collection[tuple[int, int]] = (),
    at_work: Collection[int] = (),
    across: bool = True,
    rest_weeks: int = REST_WEEKS,
) -> Assignment:
    """The pairs whose gain adds up to most: one strong person for each who would gain, nobody in more than they can.

    ``rows``: COMPARED; ``skill``: its name; ``never``: pairs (``key_of``) that are excluded; ``at_work``: who works on
    the skill in a pair already; ``across``: people of different teams may be put together. The gain of a pair is the
    difference of the two likely levels times the geometric mean of their trust, and DIVIDED for each pair that the
    helper is in already; to a hundredth of a point. Solved exactly (rectangular assignment, scipy): a strong person
    stands there once per pair that they can still take. What is excluded is worth nothing and is taken out again, so
    it is never chosen. The same whatever the order of ``rows``.
    """
    strong = rows.filter(pl.col("part") == STRONG).sort("person_id").to_dicts()
    learners = rows.filter(pl.col("part") == GAINS).sort("person_id").to_dicts()
    able = [row for row in learners if row["person_id"] not in at_work and _free(row) > 0]
    chosen = _solved(_gains(strong, able, set(never), across), strong)
    pairs = tuple(
        Suggestion(strong[place]["person_id"], able[column]["person_id"], gain)
        for column, (place, gain) in sorted(chosen.items())
    )
    matched = {pair.learner_id for pair in pairs}
    asked = _Asked(strong, set(never), set(at_work), across, rest_weeks, skill)
    unmatched = {row["person_id"]: asked.why_not(row) for row in learners if row["person_id"] not in matched}
    return Assignment(pairs, unmatched)


def _free(row: dict[str, Any]) -> int:
    return max(int(row["pairs_at_most"]) - int(row["load_count"]), 0)


def gain_of(strong: dict[str, Any], learner: dict[str, Any]) -> float:
    """Points of the likely difference that can be relied on; 0 or less = nothing to gain. Two rows of COMPARED."""
    difference = float(strong["likely"]) - float(learner["likely"])
    return round(difference * math.sqrt(strong["trust"] * learner["trust"]), 2)


def helpers(
    rows: pl.DataFrame, learner_id: int, *, never: Collection[tuple[int, int]] = (), across: bool = True
) -> list[dict[str, Any]]:
    """Who could help one person instead: rows of COMPARED, strong, with a place left, by name."""
    learner = next((row for row in rows.iter_rows(named=True) if row["person_id"] == learner_id), None)
    if learner is None or learner["likely"] is None:
        return []
    return [
        row
        for row in rows.filter(pl.col("part") == STRONG).iter_rows(named=True)
        if _free(row) > 0 and _may_meet(row, learner, set(never), across) and gain_of(row, learner) > 0
    ]


def _gains(
    strong: list[dict[str, Any]], learners: list[dict[str, Any]], never: set[tuple[int, int]], across: bool
) -> NDArray[np.float64]:
    """Strong x learner: the gain of each pair that is allowed, 0 for all others."""
    found = np.zeros((len(strong), len(learners)))
    for place, one in enumerate(strong):
        for column, other in enumerate(learners):
            if _may_meet(one, other, never, across):
                found[place, column] = max(gain_of(one, other), 0.0)
    return found


def _may_meet(one: dict[str, Any], other: dict[str, Any], never: set[tuple[int, int]], across: bool) -> bool:
    if one["person_id"] == other["person_id"]:
        return False
    same_team = one["team_id"] is not None and one["team_id"] == other["team_id"]
    return (across or same_team) and key_of(one["person_id"], other["person_id"]) not in never


def _solved(gains: NDArray[np.float64], strong: list[dict[str, Any]]) -> dict[int, tuple[int, float]]:
    """Per learner (column of ``gains``) the strong person (row) and what that is worth; who gets nothing is missing."""
    count = gains.shape[1]
    slots = [(place, turn) for place, row in enumerate(strong) for turn in range(min(_free(row), count))]
    if not slots or not gains.any():
        return {}
    # Here, because it takes half a second to load and most pages never ask for it.
    from scipy.optimize import linear_sum_assignment

    values = np.array([gains[place] * DIVIDED ** (strong[place]["load_count"] + turn) for place, turn in slots])
    values = values.round(2)
    slot, column = linear_sum_assignment(values, maximize=True)
    return {int(c): (slots[s][0], float(values[s, c])) for s, c in zip(slot, column, strict=True) if values[s, c] > 0}


@dataclass(frozen=True)
class _Asked:
    """What decides why somebody has no pair."""

    strong: list[dict[str, Any]]
    never: set[tuple[int, int]]
    at_work: set[int]
    across: bool
    rest_weeks: int
    skill: str

    def why_not(self, learner: dict[str, Any]) -> str:
        """The first reason that holds, as a sentence without its subject."""
        name = numbers.plain_name(self.skill, 60)
        if learner["person_id"] in self.at_work:
            return f"works on {name} in a pair already"
        if _free(learner) == 0:
            return _full_words(learner["load_count"], learner["pairs_at_most"])
        helping = [row for row in self.strong if gain_of(row, learner) > 0]
        if not helping:
            return f"nobody here is clearly strong in {name} yet"
        near = [row for row in helping if _may_meet(row, learner, set(), self.across)]
        if not near:
            return f"nobody strong in {name} is in the same team"
        fresh = [row for row in near if _may_meet(row, learner, self.never, self.across)]
        if not fresh:
            weeks = numbers.plural(self.rest_weeks, "week")
            return f"has met everybody strong in {name} within the last {weeks}, or meets them now"
        if not any(_free(row) for row in fresh):
            limits = {row["pairs_at_most"] for row in fresh}
            if len(limits) == 1:
                limit = limits.pop()
                return f"everybody strong in {name} {_full_words(limit, limit)}"
            return f"everybody strong in {name} is in as many pairs as they take"
        return f"those strong in {name} are suggested to others, who would gain more"


def _full_words(load: int, limit: int) -> str:
    return "takes no pairs at the moment" if limit == 0 else f"is already in {numbers.plural(load, 'pair')}"


# ---- What people write -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PairDraft:
    """Two people who are to meet about a skill."""

    skill_id: int
    strong_id: int
    learner_id: int

    def problems(self) -> list[str]:
        """Sentences that say how to mend it; empty = fine."""
        return ["Choose two different people."] if self.strong_id == self.learner_id else []


@dataclass(frozen=True)
class MeetingDraft:
    """What came of a meeting of a pair, in four answers; the two write it together or in turns."""

    met_on: dt.date | None
    strong_tried: str = ""
    tried: str = ""
    worked: str = ""
    next_step: str = ""

    def tidy(self) -> MeetingDraft:
        """The same in clean lines."""
        words = (paragraphs(getattr(self, name)) for name in WORDS)
        return MeetingDraft(self.met_on, *words)

    def problems(self, starts_on: dt.date, ends_on: dt.date | None, today: dt.date) -> list[str]:
        """Sentences that say how to mend it; ``starts_on`` and ``ends_on``: of the pair."""
        found = []
        last = today if ends_on is None else min(ends_on, today)
        if self.met_on is None:
            found.append("Say on which day you met.")
        elif not starts_on <= self.met_on <= last:
            when = numbers.day(starts_on)
            found.append(f"The day lies outside of the pair's time: choose one from {when} to {numbers.day(last)}.")
        if not any(paragraphs(getattr(self, name)) for name in WORDS):
            found.append("Answer at least one of the four questions.")
        for name, label in WORDS.items():
            if len(getattr(self, name)) > LONGEST_WORDS:
                found.append(f"{label} takes up to {numbers.count(LONGEST_WORDS)} characters; shorten it.")
        return found


WORDS = {
    "strong_tried": "What the one who helps tried",
    "tried": "What the one who works on it tried",
    "worked": "What worked",
    "next_step": "What comes next",
}
"""The answers of a worksheet, and what each is called in a sentence."""


def meeting_changes(before: dict[str, Any], now: dict[str, Any]) -> list[str]:
    """What differs between two states of a worksheet, a sentence each."""
    found = []
    if before.get("met_on") != now["met_on"]:
        found.append(f"The day is {numbers.day(now['met_on'])} now.")
    for name, label in WORDS.items():
        if (before.get(name) or "") != (now[name] or ""):
            found.append(f"{label}: {numbers.plain_name(now[name], 300) or 'nothing any more'}")
    return found or ["It was saved again without a change in words."]


def standing_words(row: dict[str, Any]) -> list[str]:
    """What stands on the worksheet of a day that somebody writes anew: a sentence, then each answer that there is."""
    who = f", by {numbers.plain_name(row['written_by_name'])}" if row["written_by_name"] else ""
    answers = [f"{label}: {numbers.plain_name(row[name], 300)}" for name, label in WORDS.items() if row[name]]
    return [f"The meeting of {numbers.day(row['met_on'])} is written down already{who}.", *answers]


def together(standing: dict[str, Any], mine: dict[str, Any]) -> dict[str, str]:
    """Each answer of a worksheet as it stands, and below it what somebody else wrote about the same meeting."""
    found = {}
    for name in WORDS:
        there, here = paragraphs(standing[name] or ""), paragraphs(mine[name] or "")
        found[name] = there if here in there else "\n".join(filter(None, (there, here)))
    return found


def limit_problems(pairs_at_most: int | None) -> list[str]:
    """Why somebody's own limit cannot stand; None = as the company's."""
    if pairs_at_most is None or 0 <= pairs_at_most <= MOST_PAIRS_EACH:
        return []
    return [f"Choose a number of pairs from 0 to {MOST_PAIRS_EACH}."]


# ---- What followed ---------------------------------------------------------------------------------------------


def results(
    pairs: pl.DataFrame, scores: pl.DataFrame, deviations: pl.DataFrame, reliability: float, as_of: dt.date
) -> pl.DataFrame:
    """RESULTS of pairs under way or closed, two rows each: the one who would gain, and the one who helps.

    ``pairs``: PAIRS; ``scores``: frames.SCORES of the people whose levels may be shown (others get nulls);
    ``deviations``: skill_id, score_deviation of single scores. Before: the last three scores by others from before the
    pair's first day. After: the last three from its first day on, until twelve weeks after its end or ``as_of``.
    """
    schema = {"pair_id": pl.Int64, "side": pl.String, "person_id": pl.Int64, "skill_id": pl.Int64}
    begun = pairs.filter(pl.col("status") != "proposed")
    until = pl.min_horizontal(
        pl.col("ends_on").dt.offset_by(f"{WEEKS_AFTER}w").fill_null(dt.date.max), pl.lit(as_of, pl.Date)
    )
    sides = pl.concat(
        [pl.DataFrame(schema={**schema, "starts_on": pl.Date, "until": pl.Date})]
        + [
            begun.select(
                "pair_id",
                pl.lit(side).alias("side"),
                pl.col(f"{side}_id").alias("person_id"),
                "skill_id",
                "starts_on",
                until.alias("until"),
            )
            for side in SIDES
        ]
    ).with_row_index("row")
    found = sides
    for phase in ("before", "after"):
        found = found.join(_phase_levels(sides, scores, phase), on="row", how="left", maintain_order="left")
    spread = dict(deviations.select("skill_id", "score_deviation").iter_rows())
    needed = [_needed(row, spread.get(row["skill_id"]), reliability) for row in found.iter_rows(named=True)]
    table = found.with_columns(pl.Series("needed", needed, dtype=pl.Float64))
    return table.select(pl.col(name).cast(dtype) for name, dtype in RESULTS.items()).sort("pair_id", "side")


def _phase_levels(sides: pl.DataFrame, scores: pl.DataFrame, phase: str) -> pl.DataFrame:
    """Per row of ``sides`` the level made of the scores of one phase alone, by the rules for every level."""
    joined = sides.join(scores, on=["person_id", "skill_id"], how="inner")
    inside = pl.col("observed_on") < pl.col("starts_on")
    if phase == "after":
        inside = (pl.col("observed_on") >= pl.col("starts_on")) & (pl.col("observed_on") <= pl.col("until"))
    # Each row of ``sides`` takes the place of a person, so that one reckoning serves all of them.
    mine = joined.filter(inside).with_columns(pl.col("row").cast(pl.Int64).alias("person_id"))
    running = skills.running_levels(mine.select(list(frames.SCORES)))
    return (
        running.group_by("person_id", maintain_order=True)
        .last()
        .select(
            pl.col("person_id").cast(pl.UInt32).alias("row"),
            pl.col("level").alias(phase),
            *(pl.col(f"level_{part}").alias(f"{phase}_{part}") for part in ("low", "high", "n")),
        )
    )


def _needed(row: dict[str, Any], deviation: float | None, reliability: float) -> float | None:
    if deviation is None or row["before"] is None or row["after"] is None:
        return None
    return skills.reliable_difference(deviation, reliability, row["before_n"], row["after_n"])


def change_of(row: dict[str, Any]) -> str | None:
    """Of a row of RESULTS: up or down (by more than chance), within chance; None without both levels."""
    if row["needed"] is None:
        return None
    difference = row["after"] - row["before"]
    if abs(difference) <= row["needed"]:
        return "within chance"
    return "up" if difference > 0 else "down"
