"""Levels of skills, how they grow, and where a person stands: rules over frames of released scores.

Pure. Levels lie between 0 (lowest level of the scorecard) and 100 (highest). No score is no level, never 0.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from coaching import frames
from coaching.pooling import Numbers, Places, Pooled, pooled, positions, t95

SCORES_IN_A_LEVEL = 3
COMPETENT, MASTERY = 50.0, 87.5
STATES = ("novice", "competent", "mastery")
BY_OTHERS = ("coach", "second_rater")
"""Kinds of observation whose scores make a level."""
DAYS_IN_A_MONTH = 365.25 / 12
FEWEST_SCORES, FEWEST_DAYS = 4, 60
"""A slope on fewer scores or over fewer days is noise."""
FLAT = 1.0
"""Growth whose whole interval lies within this many points a month is no growth."""
OLD_DAYS = 90
"""A level whose last score is older is shown pale."""
LIKELY = 0.8
DEFAULT_RELIABILITY = 0.7
"""Of one score by one rater, until enough calls have been scored twice."""

PERSON_SKILL = ["person_id", "skill_id"]
RUNNING = {
    **{name: frames.SCORES[name] for name in ("person_id", "skill_id", "observed_on", "observation_id")},
    "level": pl.Float64,
    "level_low": pl.Float64,
    "level_high": pl.Float64,
    "level_n": pl.Int64,
    "adjusted": pl.Float64,
    "version_count": pl.Int64,
    "state": pl.String,
}
GROWTH = {"growth": pl.Float64, "growth_low": pl.Float64, "growth_high": pl.Float64, "growth_n": pl.Int64}


def state_of(level: float | None) -> str | None:
    """novice, competent (from 50) or mastery (from 87.5); None without a level."""
    if level is None:
        return None
    return STATES[int(level >= COMPETENT) + int(level >= MASTERY)]


def by_others(scores: pl.DataFrame) -> pl.DataFrame:
    """Of frames.SCORES those that a coach or second rater gave, in the order in which they were given."""
    return scores.filter(pl.col("kind").is_in(BY_OTHERS)).sort(
        "person_id", "skill_id", "observed_on", "observed_at", "observation_id"
    )


def running_levels(scores: pl.DataFrame) -> pl.DataFrame:
    """The level after every score, as RUNNING: mean of the last 3 scores by others, t interval from 2 on, n.

    ``scores``: frames.SCORES; with a column ``adjusted`` (score less the rater's leniency) also the level of those,
    else null. In the order of person, skill and time. ``version_count`` = versions of the scorecard behind a level.
    """
    rows = by_others(scores)
    if "adjusted" not in rows.columns:
        rows = rows.with_columns(pl.lit(None, pl.Float64).alias("adjusted"))
    last = {
        name: [pl.col(name).shift(back).over(PERSON_SKILL).alias(f"{name}_{back}") for back in range(SCORES_IN_A_LEVEL)]
        for name in ("scaled", "adjusted", "version_id")
    }
    rows = rows.with_columns(*last["scaled"], *last["adjusted"], *last["version_id"])
    scaled, adjusted, versions = (
        [f"{name}_{back}" for back in range(SCORES_IN_A_LEVEL)] for name in ("scaled", "adjusted", "version_id")
    )
    rows = rows.with_columns(
        pl.mean_horizontal(scaled).alias("mean"),
        pl.mean_horizontal(adjusted).clip(0, 100).alias("level_adjusted"),
        pl.sum_horizontal(pl.col(scaled).is_not_null().cast(pl.Int64)).alias("level_n"),
        pl.concat_list(versions).list.drop_nulls().list.n_unique().cast(pl.Int64).alias("version_count"),
    )
    squares = pl.sum_horizontal((pl.col(scaled) - pl.col("mean")) ** 2)
    rows = rows.with_columns((squares / (pl.col("level_n") - 1)).sqrt().alias("spread"))
    low, high = _mean_bounds("mean", "spread", "level_n")
    level = pl.col("mean")
    return rows.select(
        "person_id",
        "skill_id",
        "observed_on",
        "observation_id",
        level.alias("level"),
        low.alias("level_low"),
        high.alias("level_high"),
        "level_n",
        pl.col("level_adjusted").alias("adjusted"),
        "version_count",
        pl.when(level >= MASTERY)
        .then(pl.lit("mastery"))
        .when(level >= COMPETENT)
        .then(pl.lit("competent"))
        .otherwise(pl.lit("novice"))
        .alias("state"),
    )


def _mean_bounds(mean: str, spread: str, n: str) -> tuple[pl.Expr, pl.Expr]:
    """The t interval of a mean of ``n`` values with standard deviation ``spread``, cut to 0..100; null for one."""
    quantile = pl.col(n).map_batches(
        lambda counts: pl.Series(t95(counts.to_numpy().astype(np.float64) - 1.0)), return_dtype=pl.Float64
    )
    half = quantile * pl.col(spread) / pl.col(n).sqrt()
    several = pl.col(n) >= 2
    return (
        pl.when(several).then((pl.col(mean) - half).clip(0, 100)),
        pl.when(several).then((pl.col(mean) + half).clip(0, 100)),
    )


def levels_at(running: pl.DataFrame, moments: Sequence[dt.date]) -> pl.DataFrame:
    """``running`` as it stood at the end of each moment: its columns and ``at``; who had no score yet is missing."""
    if running.is_empty():
        return running.with_columns(pl.lit(None, pl.Date).alias("at"))
    at = pl.DataFrame({"at": sorted(set(moments))}, schema={"at": pl.Date})
    asked = running.select(PERSON_SKILL).unique().join(at, how="cross").sort("at")
    # The last of several scores of one day stands last, and that is the one a backward join finds.
    states = running.with_row_index("order").sort("observed_on", "order").drop("order")
    found = asked.join_asof(
        states,
        left_on="at",
        right_on="observed_on",
        by=PERSON_SKILL,
        strategy="backward",
        check_sortedness=False,
        coalesce=False,
    )
    return found.filter(pl.col("level").is_not_null()).sort(*PERSON_SKILL, "at")


def grouped_levels(levels: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
    """The mean of people's levels per group: ``by``, level, level_low, level_high (t interval), level_n = people."""
    rows = levels.group_by(by).agg(
        pl.col("level").mean(), pl.col("level").std().alias("spread"), pl.len().cast(pl.Int64).alias("level_n")
    )
    low, high = _mean_bounds("level", "spread", "level_n")
    return rows.select(*by, "level", low.alias("level_low"), high.alias("level_high"), "level_n")


# ---- Growth --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Growth:
    """The slopes of everybody in one skill, pooled over the company."""

    people: Places
    counts: Places
    """Scores behind each slope."""
    pool: Pooled
    quantile: float
    """How many standard deviations an interval of 95 % reaches."""

    def of_each(self) -> pl.DataFrame:
        """person_id and GROWTH, by person."""
        mean, deviation = self.pool.of_each()
        return self._frame("person_id", self.people, mean, deviation, self.counts)

    def of_groups(self, members: pl.DataFrame) -> pl.DataFrame:
        """row_id and GROWTH (n = people) of groups; ``members``: row_id, person_id."""
        known = members.filter(pl.col("person_id").is_in(self.people.tolist()))
        rows, group = positions(known["row_id"].to_list())
        thing = np.searchsorted(self.people, known["person_id"].to_numpy())
        mean, deviation = self.pool.of_groups(group, thing, len(rows))
        return self._frame("row_id", rows, mean, deviation, np.bincount(group, minlength=len(rows)))

    def _frame(self, key: str, ids: Places, mean: Numbers, deviation: Numbers, n: Places) -> pl.DataFrame:
        half = self.quantile * deviation
        return pl.DataFrame(
            {key: ids, "growth": mean, "growth_low": mean - half, "growth_high": mean + half, "growth_n": n},
            schema={key: pl.Int64, **GROWTH},
        )


def growth(scores: pl.DataFrame) -> dict[int, Growth]:
    """Per skill the slope of each person's scores per month (points of 0..100), partly pooled over all people.

    ``scores``: frames.SCORES of the whole company, with a column ``adjusted`` (score less the rater's leniency) where
    there is one. Least squares per person with at least 4 scores by others over at least 60 days; the error about the
    lines is one for the skill, at least what rounding to levels brings; then normal-normal (see pooling). People with
    less are missing. A team's value is the mean of its people's, with what is shared between them counted once.
    """
    rows = by_others(scores)
    found = {}
    for (skill_id,), part in rows.partition_by("skill_id", as_dict=True, maintain_order=True).items():
        slopes = _slopes(part)
        if slopes is not None:
            found[int(skill_id)] = slopes
    return found


def _slopes(rows: pl.DataFrame) -> Growth | None:
    people, who = positions(rows["person_id"].to_list())
    count = len(people)
    time = months_of(rows["observed_on"])
    value = rows["adjusted" if "adjusted" in rows.columns else "scaled"].to_numpy()
    n = np.bincount(who, minlength=count)
    first, last = np.full(count, np.inf), np.full(count, -np.inf)
    np.minimum.at(first, who, time)
    np.maximum.at(last, who, time)
    enough = (n >= FEWEST_SCORES) & ((last - first) * DAYS_IN_A_MONTH >= FEWEST_DAYS - 1e-6)
    if not enough.any():
        return None
    from_mean = time - (np.bincount(who, time, count) / n)[who]
    above = value - (np.bincount(who, value, count) / n)[who]
    width = np.bincount(who, from_mean**2, count)
    slope = np.divide(np.bincount(who, from_mean * above, count), width, out=np.zeros(count), where=width > 0)
    missed = np.bincount(who, (above - slope[who] * from_mean) ** 2, count)
    freedom = int((n[enough] - 2).sum())
    error = max(float(missed[enough].sum()) / freedom, rounding_error(rows))
    pool = pooled(slope[enough], error / width[enough])
    return Growth(people[enough], n[enough], pool, float(t95(freedom)))


def months_of(days: pl.Series) -> Numbers:
    """Dates as months since 1970, of 30.4 days each."""
    return days.cast(pl.Int32).to_numpy().astype(np.float64) / DAYS_IN_A_MONTH


def rounding_error(scores: pl.DataFrame) -> float:
    """The squared error that whole levels bring along by themselves: a twelfth of the square of a step."""
    steps = scores["step"].to_numpy()
    return float(np.mean(steps**2)) / 12 if len(steps) else 0.0


def direction(low: float | None, high: float | None) -> str:
    """up, down, flat, or unclear: what an interval of growth allows to say."""
    if low is None or high is None:
        return "unclear"
    if low > 0:
        return "up"
    if high < 0:
        return "down"
    return "flat" if low >= -FLAT and high <= FLAT else "unclear"


# ---- Where people stand --------------------------------------------------------------------------------------------


def standings(running: pl.DataFrame, slopes: dict[int, Growth]) -> pl.DataFrame:
    """frames.SKILL_STANDINGS of everybody with a score, by person and skill.

    ``repetition_count`` = scores since (and with) the one that brought the present state.
    """
    if running.is_empty():
        return frames.empty(frames.SKILL_STANDINGS)
    changed = (pl.col("state") != pl.col("state").shift(1).over(PERSON_SKILL)).fill_null(True)
    marked = running.with_columns(changed.cum_sum().over(PERSON_SKILL).alias("stretch"))
    is_last = pl.col("stretch") == pl.col("stretch").last()
    rows = marked.group_by(PERSON_SKILL, maintain_order=True).agg(
        *(pl.col(name).last() for name in ("level", "level_low", "level_high", "level_n", "adjusted")),
        pl.col("observed_on").last().alias("last_on"),
        pl.col("version_count").last(),
        pl.len().cast(pl.Int64).alias("score_count"),
        pl.col("state").last(),
        pl.col("observed_on").filter(is_last).first().alias("state_since_on"),
        is_last.sum().cast(pl.Int64).alias("repetition_count"),
    )
    grown = [
        found.of_each().with_columns(pl.lit(skill_id, pl.Int64).alias("skill_id")) for skill_id, found in slopes.items()
    ]
    growth_rows = pl.concat([pl.DataFrame(schema={"person_id": pl.Int64, **GROWTH, "skill_id": pl.Int64}), *grown])
    joined = rows.join(growth_rows, on=PERSON_SKILL, how="left", maintain_order="left")
    return joined.select(list(frames.SKILL_STANDINGS)).sort(PERSON_SKILL)


def reliable_difference(deviation: float, reliability: float, before_n: int = 1, after_n: int = 1) -> float:
    """How far two levels have to lie apart to be more than chance.

    For single scores 1.96 s sqrt(2 (1 - r)) (Jacobson and Truax 1991); a mean of n scores errs by a factor of
    sqrt(n) less. ``deviation`` and ``reliability``: s and r of single scores.
    """
    return 1.96 * deviation * math.sqrt((1 - reliability) * (1 / before_n + 1 / after_n))


def months_to_mastery(standing: dict[str, Any], draws: int = 4_000) -> tuple[float, float, float] | None:
    """Median and 80 % interval (low, high) of the months until 87.5 is reached at the present growth.

    None means too early to say: no growth (it needs 4 scores over 60 days), growth that is not likely (P >= .8) above
    0, no level, or mastery reached already. ``standing``: a row of frames.SKILL_STANDINGS. High is infinite where a
    tenth of what is possible never gets there.
    """
    level, slope = standing["level"], standing["growth"]
    if level is None or slope is None or level >= MASTERY:
        return None
    error = (standing["growth_high"] - slope) / 1.96
    if chance_above_zero(slope, error) < LIKELY:
        return None
    # The same draws every time: a page must not change by being looked at.
    random = np.random.default_rng(20_260_101)
    slopes = slope + error * random.standard_normal(draws)
    months = np.where(slopes > 0, (MASTERY - level) / np.maximum(slopes, 1e-9), np.inf)
    low, middle, high = np.quantile(months, [0.1, 0.5, 0.9], method="inverted_cdf")
    return float(middle), float(low), float(high)


def chance_above_zero(mean: float, error: float) -> float:
    """P(> 0) of a normal with this mean and standard deviation."""
    if error <= 0:
        return 1.0 if mean > 0 else 0.0
    return 0.5 * math.erfc(-mean / error / math.sqrt(2))


def perception_gaps(scores: pl.DataFrame) -> pl.DataFrame:
    """person_id, skill_id, self_level, observer_level, gap (self less observer), n = calls seen by both, last_on.

    Of the last 3 calls that the person and somebody else scored, both released. A gap of more than 0: sees more in
    the own call than the observer did.
    """
    pairs = both_views(scores)
    return (
        pairs.sort("observed_on", "observation_id")
        .group_by(PERSON_SKILL, maintain_order=True)
        .tail(SCORES_IN_A_LEVEL)
        .group_by(PERSON_SKILL)
        .agg(
            pl.col("own").mean().alias("self_level"),
            pl.col("seen").mean().alias("observer_level"),
            (pl.col("own") - pl.col("seen")).mean().alias("gap"),
            pl.len().cast(pl.Int64).alias("n"),
            pl.col("observed_on").max().alias("last_on"),
        )
        .sort(PERSON_SKILL)
    )


def both_views(scores: pl.DataFrame) -> pl.DataFrame:
    """Calls scored by the person and by somebody else: observation_id (the other's), own, seen and the score's keys.

    The pairing may stand on either of the two observations.
    """
    own = scores.filter(pl.col("kind") == "self").select(
        *PERSON_SKILL,
        pl.col("observation_id").alias("own_id"),
        pl.col("paired_observation_id").alias("points_to"),
        pl.col("scaled").alias("own"),
    )
    seen = scores.filter(pl.col("kind") == "coach").select(
        *PERSON_SKILL,
        "observation_id",
        "observed_on",
        pl.col("paired_observation_id").alias("points_back"),
        pl.col("scaled").alias("seen"),
    )
    forth = own.join(
        seen, left_on=[*PERSON_SKILL, "points_to"], right_on=[*PERSON_SKILL, "observation_id"], how="inner"
    )
    back = own.join(seen, left_on=[*PERSON_SKILL, "own_id"], right_on=[*PERSON_SKILL, "points_back"], how="inner")
    columns = [*PERSON_SKILL, "observation_id", "observed_on", "own", "seen"]
    found = pl.concat(
        [forth.with_columns(pl.col("points_to").alias("observation_id")).select(columns), back.select(columns)]
    )
    return found.unique([*PERSON_SKILL, "observation_id"], keep="first", maintain_order=True)


def with_coaching_before(scores: pl.DataFrame, worked: pl.DataFrame) -> pl.DataFrame:
    """``scores`` with after_own_coaching: the rater had held a session with the person on that skill by then.

    Coaches rate their own success; such scores count, and are marked. ``worked``: person_id, coach_id, skill_id,
    held_on.
    """
    first = worked.group_by("person_id", "coach_id", "skill_id").agg(pl.col("held_on").min().alias("first_held_on"))
    joined = scores.join(
        first,
        left_on=["person_id", "observer_id", "skill_id"],
        right_on=["person_id", "coach_id", "skill_id"],
        how="left",
        maintain_order="left",
    )
    before = (pl.col("first_held_on") <= pl.col("observed_on")).fill_null(False)
    return joined.with_columns(before.alias("after_own_coaching")).drop("first_held_on")


def withheld(sizes: dict[int, int], parents: dict[int, int | None], whole: int, smallest: int) -> set[int]:
    """Groups whose value would speak of fewer than ``smallest`` people: by itself, or as what is left of its parent.

    ``sizes``: people behind each group's value; ``parents``: the group above each (None = the whole, of ``whole``
    people). Where what the shown groups leave of their parent is a handful, the smallest shown one goes as well.
    """
    hidden = {group for group, size in sizes.items() if size < smallest}
    below: dict[int | None, list[int]] = {}
    for group in sizes:
        above = parents.get(group)
        below.setdefault(above if above in sizes else None, []).append(group)
    changed = True
    while changed:
        changed = False
        for above, groups in below.items():
            shown = [group for group in groups if group not in hidden]
            rest = (whole if above is None else sizes[above]) - sum(sizes[group] for group in shown)
            if shown and 0 < rest < smallest:
                hidden.add(min(shown, key=lambda group: (sizes[group], group)))
                changed = True
    return hidden
